//! Keys, roles and projects: who may do what, and what ends a key.

use serde_json::Value;
use serde_json::json;

use crate::demo::tests::probe::Probe;

#[tokio::test]
async fn a_missing_unknown_or_revoked_key_is_refused() {
    let probe = Probe::start("none").await;
    let revoked = probe.demo.keys().revoked.clone();
    for key in [None, Some(""), Some("nonsense"), Some(revoked.as_str())] {
        let answer = probe.send(probe.request(key, "GET", "/projects")).await;
        assert_eq!(answer.status, 401, "{key:?}");
        assert!(answer.header("www-authenticate").starts_with("ApiKey"));
        probe.conforms("GET", "/projects", &answer);
    }
    let user = probe.demo.keys().user.clone();
    let twice = probe.request(Some(&user), "GET", "/projects").header("x-apikey", "another");
    assert_eq!(probe.send(twice).await.status, 401);
    let in_query = probe.request(None, "GET", &format!("/projects?x-apikey={user}"));
    assert_eq!(probe.send(in_query).await.status, 401);
}

/// What the viewer of project 1 gets, method by method.
#[tokio::test]
async fn a_viewer_reads_one_project_and_writes_nowhere() {
    let probe = Probe::start("none").await;
    let viewer = probe.demo.keys().viewer.clone();
    let tag = json!({"tag_name": "t"});
    for (method, path, body, status) in [
        ("GET", "/projects", Value::Null, 200),
        ("GET", "/users/me", Value::Null, 200),
        ("GET", "/scan-types", Value::Null, 200),
        ("GET", "/projects/1", Value::Null, 200),
        ("GET", "/projects/1/assets/1", Value::Null, 200),
        ("POST", "/projects/1/findings/search", json!({"finding_filters": []}), 200),
        ("GET", "/projects/1/assets/99", Value::Null, 404),
        ("GET", "/projects/2", Value::Null, 403),
        ("GET", "/projects/2/assets", Value::Null, 403),
        ("GET", "/projects/9", Value::Null, 403),
        ("POST", "/projects/1/tags", tag.clone(), 403),
        ("PUT", "/projects/1/tags/1", tag, 403),
        ("DELETE", "/projects/1/tags/1", Value::Null, 403),
        ("GET", "/users", Value::Null, 403),
        ("GET", "/service-accounts", Value::Null, 403),
        ("POST", "/service-accounts/1/key", Value::Null, 403),
        ("POST", "/users/1/apikey", Value::Null, 403),
    ] {
        let answer = probe.call_with(&viewer, method, path, body).await;
        assert_eq!(answer.status, status, "{method} {path}: {answer:?}");
    }
    let projects = probe.call_with(&viewer, "GET", "/projects", Value::Null).await.json();
    assert_eq!(
        projects.as_array().unwrap().iter().map(|project| &project["project_id"]).collect::<Vec<_>>(),
        [1]
    );
    let me = probe.call_with(&viewer, "GET", "/users/me", Value::Null).await.json();
    assert_eq!(me["kind"], "service_account");
    assert_eq!(me["projects"], json!([{"project_id": 1, "role": "viewer"}]));
}

#[tokio::test]
async fn a_service_account_lives_and_its_keys_with_it() {
    let probe = Probe::start("none").await;
    let roles = json!([{"project_id": 1, "role": "viewer"}, {"project_id": 2, "role": "editor"}]);
    let created =
        probe.call("POST", "/service-accounts", json!({"username": "nightly", "projects": roles})).await;
    assert_eq!((created.status, &created.json()["has_key"]), (201, &json!(false)));
    let path = created.header("location").trim_start_matches("/nucleus/api").to_owned();
    let key_path = format!("{path}/key");
    let reads = async |key: &str| probe.call_with(key, "GET", "/projects/1", Value::Null).await.status;

    let first =
        probe.call("POST", &key_path, Value::Null).await.json()["api_key"].as_str().unwrap().to_owned();
    assert!(first.len() >= 24);
    assert_eq!(reads(&first).await, 200);
    let tag = json!({"tag_name": "t"});
    assert_eq!(probe.call_with(&first, "POST", "/projects/1/tags", tag.clone()).await.status, 403);
    assert_eq!(probe.call_with(&first, "POST", "/projects/2/tags", tag).await.status, 201);
    assert_eq!(probe.get(&path).await.json()["has_key"], true);

    let second =
        probe.call("POST", &key_path, Value::Null).await.json()["api_key"].as_str().unwrap().to_owned();
    assert_eq!((reads(&first).await, reads(&second).await), (401, 200));

    assert_eq!(probe.call("DELETE", &key_path, Value::Null).await.status, 204);
    assert_eq!(reads(&second).await, 401);
    assert_eq!(probe.get(&path).await.json()["has_key"], false);

    let third =
        probe.call("POST", &key_path, Value::Null).await.json()["api_key"].as_str().unwrap().to_owned();
    assert_eq!(reads(&third).await, 200);
    assert_eq!(probe.call("DELETE", &path, Value::Null).await.status, 204);
    assert_eq!((reads(&third).await, probe.get(&path).await.status), (401, 404));
}

#[tokio::test]
async fn regenerating_the_key_in_use_ends_it_at_once() {
    let probe = Probe::start("none").await;
    let answer = probe.call("POST", "/users/1/apikey", Value::Null).await;
    assert_eq!(answer.status, 200);
    assert_eq!(probe.get("/projects").await.status, 401);
    let fresh = answer.json()["api_key"].as_str().unwrap().to_owned();
    assert_eq!(probe.call_with(&fresh, "GET", "/projects", Value::Null).await.status, 200);
}

#[tokio::test]
async fn every_ended_key_passes_where_the_fault_forgets_the_end() {
    let probe = Probe::start("revoked-key-accepted").await;
    let viewer = probe.demo.keys().viewer.clone();
    let reads = async |path: &str| probe.call_with(&viewer, "GET", path, Value::Null).await.status;
    assert_eq!(probe.call("DELETE", "/service-accounts/1/key", Value::Null).await.status, 204);
    assert_eq!((reads("/projects/1").await, reads("/projects").await), (200, 401));
}

/// A member without administrator rights may renew the own key, but nobody else's.
#[tokio::test]
async fn a_user_may_renew_the_own_key_only() {
    let probe = Probe::start("none").await;
    let analyst = probe.call("POST", "/users/2/apikey", Value::Null).await.json()["api_key"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(probe.call_with(&analyst, "POST", "/users/1/apikey", Value::Null).await.status, 403);
    assert_eq!(probe.call_with(&analyst, "POST", "/users/2/apikey", Value::Null).await.status, 200);
    assert_eq!(probe.call_with(&analyst, "GET", "/projects", Value::Null).await.status, 401);
}

#[tokio::test]
async fn the_known_keys_are_recognisable_and_fixed() {
    let (one, two) = (Probe::start("none").await, Probe::start("none").await);
    let keys = one.demo.keys();
    assert_eq!(keys, two.demo.keys());
    for key in [&keys.user, &keys.viewer, &keys.revoked] {
        assert!(key.len() >= 24 && key.starts_with("demo-"), "{key}");
    }
}
