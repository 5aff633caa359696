//! Requests that are wrong before their content is looked at, and odd ones that are fine.

use serde_json::Value;
use serde_json::json;

use crate::demo::tests::probe::Answer;
use crate::demo::tests::probe::Probe;

const TAGS: &str = "/projects/{project_id}/tags";
const SCANS: &str = "/projects/{project_id}/scans";

async fn post(probe: &Probe, path: &str, content_type: Option<&str>, body: impl Into<Vec<u8>>) -> Answer {
    let mut request = probe.request(Some(&probe.demo.keys().user), "POST", path);
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    probe.send(request.body(body.into())).await
}

#[tokio::test]
async fn bodies_are_refused_for_the_right_reason() {
    let probe = Probe::start("none").await;
    let json = Some("application/json");
    let good = r#"{"tag_name": "t"}"#;
    for (content_type, body, status) in [
        (json, r#"{"tag_name": "#, 400),
        (json, "nonsense", 400),
        (json, r#"{"tag_name": "t"} x"#, 400),
        (json, "{\"tag_name\": \"\u{1}\"}", 400),
        (json, "", 422),
        (None, "", 422),
        (json, "null", 422),
        (json, r#"{"tag_name": null}"#, 422),
        (None, good, 415),
        (Some("text/plain"), good, 415),
        (Some("application/xml"), "", 415),
        (Some("application/json; charset=latin1"), good, 415),
        (Some("multipart/form-data; boundary=b"), good, 415),
        (json, good, 201),
        (Some("application/json; charset=utf-8"), good, 201),
        (Some("Application/JSON;charset=\"UTF-8\""), good, 201),
        (json, r#"{"tag_name": "a", "tag_name": "b"}"#, 201),
        (json, r#"{"tag_name": "\u0000"}"#, 201),
    ] {
        let answer = post(&probe, "/projects/1/tags", content_type, body).await;
        assert_eq!(answer.status, status, "{content_type:?} {body:?}: {answer:?}");
        probe.conforms("POST", TAGS, &answer);
    }
    let invalid_utf8 = post(&probe, "/projects/1/tags", json, b"{\"tag_name\": \"\xff\"}".to_vec()).await;
    assert_eq!(invalid_utf8.status, 400);
}

/// Lengths count code points, and numbers may be written as numbers may.
#[tokio::test]
async fn limits_are_exact() {
    let probe = Probe::start("none").await;
    for (tag, status) in [
        (json!({"tag_name": "😀".repeat(40)}), 201),
        (json!({"tag_name": "😀".repeat(41)}), 422),
        (json!({"tag_name": "t", "weight": 0}), 201),
        (json!({"tag_name": "t", "weight": 99.999}), 201),
        (json!({"tag_name": "t", "weight": 100}), 422),
        (json!({"tag_name": "t", "weight": -0.1}), 422),
        (json!({"tag_name": "t", "color": "#12345G"}), 422),
        (json!({"tag_name": "t", "color": "#123456\n"}), 422),
    ] {
        let answer = probe.call("POST", "/projects/1/tags", tag.clone()).await;
        assert_eq!(answer.status, status, "{tag}");
    }
    for (query, status) in [
        ("limit=1", 200),
        ("limit=1000", 200),
        ("limit=0", 422),
        ("limit=1001", 422),
        ("limit=007", 200),
        ("limit=%31", 200),
        ("start=1000000", 200),
        ("start=1000001", 422),
        ("unheard=of", 200),
        ("&&limit=1&", 200),
    ] {
        assert_eq!(probe.get(&format!("/projects/1/tags?{query}")).await.status, status, "{query}");
    }
}

#[tokio::test]
async fn a_body_over_ten_megabytes_is_refused() {
    let probe = Probe::start("none").await;
    let body = format!(r#"{{"tag_name": "{}"}}"#, "t".repeat(10 * 1024 * 1024));
    let answer = post(&probe, "/projects/1/tags", Some("application/json"), body).await;
    assert_eq!(answer.status, 413);
    probe.conforms("POST", TAGS, &answer);
}

#[tokio::test]
async fn undeclared_methods_are_answered_405_with_the_declared_ones() {
    let probe = Probe::start("none").await;
    for (method, path, allow) in [
        ("PATCH", "/projects/1/tags", "GET, POST"),
        ("POST", "/projects/1/tags/1", "GET, PUT, PATCH, DELETE"),
        ("DELETE", "/projects", "GET"),
        ("OPTIONS", "/projects", "GET"),
        ("TRACE", "/projects", "GET"),
        ("HEAD", "/projects", "GET"),
        ("BREW", "/projects", "GET"),
        ("PUT", "/projects/1/assets/groups", "GET, POST, DELETE"),
    ] {
        let answer = probe.call(method, path, Value::Null).await;
        assert_eq!((answer.status, answer.header("allow")), (405, allow), "{method} {path}");
    }
    for path in ["/nothing", "", "/", "/projects/1/tags/", "/projects//tags", "/projects/1/tags/1/2"] {
        assert_eq!(probe.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_body_sent_with_get_is_ignored() {
    let probe = Probe::start("none").await;
    assert_eq!(probe.call("GET", "/projects", json!({"not": "wanted"})).await.status, 200);
}

fn part(disposition: &str, content: &str) -> String {
    format!("--b\r\ncontent-disposition: form-data; {disposition}\r\n\r\n{content}\r\n")
}

#[tokio::test]
async fn forms_are_held_to_the_document() {
    let probe = Probe::start("none").await;
    let file = part("name=\"file\"; filename=\"scan.xml\"", "<scan/>");
    let field = |name: &str, content: &str| part(&format!("name=\"{name}\""), content);
    let form = Some("multipart/form-data; boundary=b");
    for (content_type, parts, status) in [
        (form, file.clone(), 202),
        (form, file.clone() + &field("scan_type", "Network") + &field("scan_description", ""), 202),
        (form, file.clone() + &field("scan_description", &"é".repeat(200)), 202),
        (form, file.clone() + &field("scan_description", &"é".repeat(201)), 422),
        (form, file.clone() + &field("scan_type", "Radio"), 422),
        (form, file.clone() + &field("scan_type", "Network") + &field("scan_type", "Network"), 422),
        (form, file.clone() + &file, 422),
        (form, field("scan_type", "Network"), 422),
        (form, file.clone() + &field("other", "x"), 422),
        (Some("multipart/form-data"), file.clone(), 400),
        (Some("application/json"), file.clone(), 415),
        (None, file.clone(), 415),
    ] {
        let answer = post(&probe, "/projects/1/scans", content_type, parts.clone() + "--b--\r\n").await;
        assert_eq!(answer.status, status, "{content_type:?} {parts}: {answer:?}");
        probe.conforms("POST", SCANS, &answer);
    }
    let unfinished = post(&probe, "/projects/1/scans", form, file).await;
    assert_eq!(unfinished.status, 400);
    let large = part("name=\"file\"; filename=\"big\"", &"x".repeat(5 * 1024 * 1024)) + "--b--\r\n";
    assert_eq!(post(&probe, "/projects/1/scans", form, large).await.status, 202);
}
