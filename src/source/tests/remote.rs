//! References into the web, served from this machine: which are followed, what goes along, what is refused.

use crate::secret::Secret;
use crate::source::tests::tree::Tree;
use crate::source::tests::web::Server;
use crate::source::{Loaded, ReadOptions, RemoteRefs, read};
use std::time::Duration;

/// A document with one operation per path item that is a reference.
fn document(references: &[&str]) -> String {
    let paths: Vec<String> =
        references.iter().enumerate().map(|(i, to)| format!("\"/p{i}\": {{\"$ref\": \"{to}\"}}")).collect();
    format!("{{\"openapi\": \"3.0.3\", \"info\": {{\"title\": \"T\"}}, \"paths\": {{{}}}}}", paths.join(", "))
}

const ITEM: &str = "get: {responses: {200: {description: ok}}}";

fn options(remote_refs: Option<RemoteRefs>) -> ReadOptions {
    let key = Secret::new("s3cr3t-key".to_owned());
    ReadOptions { headers: vec![("x-apikey".into(), key)], remote_refs, ..ReadOptions::default() }
}

fn told(loaded: &Loaded) -> String {
    let line = |issue: &crate::spec::Issue| {
        format!("{} hint: {}\n", issue.message, issue.hint.clone().unwrap_or_default())
    };
    let told: String = loaded.issues.iter().map(line).collect();
    assert!(!told.contains("s3cr3t") && !told.contains("hush"), "{told}");
    told
}

#[tokio::test]
async fn the_own_origin_is_asked_with_the_key_and_others_are_not_asked() {
    let other = Server::start(&[("/x.yaml", 200, "", ITEM)]).await;
    let foreign = other.url("/x.yaml");
    let deep = format!("{ITEM}\nparameters: [{{$ref: '../shared.json#/Limit?'}}]");
    let deep = deep.replace("Limit?", "Limit");
    let limit = "{\"Limit\": {\"name\": \"limit\", \"in\": \"query\", \"schema\": {\"type\": \"integer\"}}}";
    let root = document(&["items/a.yaml?token=hush", &foreign]);
    let server = Server::start(&[
        ("/v1/api.json", 200, "", &root),
        ("/v1/items/a.yaml?token=hush", 302, "location: /v1/items/b.yaml\r\n", ""),
        ("/v1/items/b.yaml", 200, "", &deep),
        ("/v1/shared.json", 200, "", limit),
    ])
    .await;
    let loaded = read(&server.url("/v1/api.json"), &options(None)).await.expect("loads");
    assert_eq!(loaded.api.operations.len(), 1, "{}", told(&loaded));
    assert_eq!(loaded.api.operations[0].parameters[0].name, "limit");
    let names: Vec<&str> = loaded.files.iter().map(|file| file.location.as_str()).collect();
    assert_eq!(names, [server.url("/v1/items/a.yaml?token=…"), server.url("/v1/shared.json")]);
    assert!(told(&loaded).contains("are not fetched") && told(&loaded).contains("--remote-refs any"));
    let asked = server.asked();
    assert_eq!(asked.len(), 4);
    assert!(asked.iter().all(|request| request.contains("x-apikey: s3cr3t-key")), "{asked:?}");
    assert!(other.asked().is_empty());
}

#[tokio::test]
async fn other_origins_are_asked_without_the_key() {
    let other = Server::start(&[
        ("/x.yaml", 200, "", ITEM),
        ("/away.yaml", 302, "location: http://169.254.169.254/latest\r\n", ""),
    ])
    .await;
    let root = document(&[&other.url("/x.yaml"), &other.url("/away.yaml"), "/back.yaml"]);
    let back = format!("location: {}\r\n", other.url("/x.yaml"));
    let server = Server::start(&[("/api.json", 200, "", &root), ("/back.yaml", 302, &back, "")]).await;
    let loaded = read(&server.url("/api.json"), &options(Some(RemoteRefs::Any))).await.expect("loads");
    assert_eq!(loaded.api.operations.len(), 1, "{}", told(&loaded));
    assert_eq!(loaded.api.operations[0].path.to_string(), "/p0");
    let told = told(&loaded);
    assert!(told.contains("it leads to 169.254.169.254, which is not a public address"), "{told}");
    assert!(told.contains("redirected to") && told.contains("which is not followed"), "{told}");
    assert!(other.asked().iter().all(|request| !request.contains("s3cr3t")));
    assert_eq!(other.asked().len(), 2);
}

#[tokio::test]
async fn nothing_is_fetched_when_it_is_off() {
    let root = document(&["items/a.yaml"]);
    let server = Server::start(&[("/api.json", 200, "", &root), ("/items/a.yaml", 200, "", ITEM)]).await;
    let loaded = read(&server.url("/api.json"), &options(Some(RemoteRefs::Off))).await.expect("loads");
    assert!(told(&loaded).contains("allow them with `--remote-refs same-origin`"), "{}", told(&loaded));
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn a_file_leads_to_no_private_address() {
    let server = Server::start(&[("/x.yaml", 200, "", ITEM)]).await;
    let port = server.url("").rsplit(':').next().expect("a port").to_owned();
    let near = [
        server.url("/x.yaml"),
        format!("http://localhost:{port}/x.yaml"),
        format!("http://0:{port}/x.yaml"),
        format!("http://2130706433:{port}/x.yaml"),
        format!("http://[::ffff:127.0.0.1]:{port}/x.yaml"),
        "http://10.0.0.1/x.yaml".to_owned(),
        "http://[fe80::1]/x.yaml".to_owned(),
    ];
    for reference in &near {
        let tree = Tree::new(&[("api.json", document(&[reference]))]);
        let loaded = tree.read("api.json", &options(Some(RemoteRefs::Any))).await;
        assert!(told(&loaded).contains("which is not a public address"), "{reference}: {}", told(&loaded));
    }
    assert!(server.asked().is_empty());
    // Off, nothing is even looked up.
    let tree = Tree::new(&[("api.json", document(&[&near[1]]))]);
    assert!(told(&tree.read("api.json", &options(None)).await).contains("are not fetched"));
}

#[tokio::test]
async fn a_file_from_the_web_leads_to_no_file() {
    let root = document(&["file:///etc/passwd", "../../../etc/passwd"]);
    let server = Server::start(&[("/api.json", 200, "", &root)]).await;
    let loaded = read(&server.url("/api.json"), &options(Some(RemoteRefs::Any))).await.expect("loads");
    assert!(told(&loaded).contains("`file:` references are not followed"), "{}", told(&loaded));
    assert!(server.asked().iter().any(|request| request.starts_with("GET /etc/passwd ")));
    assert!(loaded.files.is_empty());
}

#[tokio::test]
async fn slow_and_endless_bodies_end() {
    let root = document(&["slow.yaml", "slow.yaml#/x", "big.yaml"]);
    let server = Server::start(&[
        ("/api.json", 200, "", &root),
        ("/slow.yaml", 200, "x-stall: 1\r\n", ITEM),
        ("/big.yaml", 200, "", &"x".repeat(4000)),
    ])
    .await;
    let patience = Duration::from_millis(300);
    let options = ReadOptions { timeout: patience, max_bytes: 3000, ..options(None) };
    let loaded = read(&server.url("/api.json"), &options).await.expect("loads");
    let told = told(&loaded);
    assert!(told.contains("timed out") && told.contains("1 more reference fails alike"), "{told}");
    assert!(told.contains("larger than 3000 bytes"), "{told}");
    assert_eq!(server.asked().iter().filter(|request| request.contains("slow")).count(), 1);
}
