//! The browser's side: landing page, API docs, document, start and stop.

use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use crate::demo::Demo;
use crate::demo::DemoError;
use crate::demo::DemoOptions;
use crate::demo::FaultSet;
use crate::demo::contract::SWAGGER;
use crate::demo::tests::probe::Answer;
use crate::demo::tests::probe::Probe;

/// Reads a page; paths climb out of the API's base path.
async fn page(probe: &Probe, path: &str) -> Answer {
    probe.send(probe.request(None, "GET", &format!("/../..{path}"))).await
}

#[tokio::test]
async fn the_landing_page_leads_to_the_docs() {
    let probe = Probe::start("none").await;
    let landing = page(&probe, "/").await;
    let text = String::from_utf8(landing.body.to_vec()).unwrap();
    assert_eq!(landing.header("content-type"), "text/html; charset=utf-8");
    assert!(text.contains("View API Docs") && text.contains("href=\"/docs/\""));
    assert!(text.contains(&probe.demo.keys().user));
    assert_eq!(probe.demo.docs_url(), probe.demo.base_url().replace("/nucleus/api", "/docs/"));
}

#[tokio::test]
async fn the_docs_load_everything_from_the_instance() {
    let probe = Probe::start("none").await;
    let docs = String::from_utf8(page(&probe, "/docs/").await.body.to_vec()).unwrap();
    assert!(!docs.contains("http://") && !docs.contains("https://"));
    assert!(docs.contains("tryItOutEnabled: true"));
    for (file, content_type) in [("swagger-ui-bundle.js", "text/javascript"), ("swagger-ui.css", "text/css")]
    {
        assert!(docs.contains(file));
        let answer = page(&probe, &format!("/docs/files/{file}")).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, content_type));
        assert!(answer.body.len() > 10_000);
    }
    assert_eq!(page(&probe, "/docs").await.status, 200);
}

#[tokio::test]
async fn the_document_names_the_host_it_was_asked_under() {
    let probe = Probe::start("none").await;
    let port = probe.demo.base_url().split([':', '/']).nth(4).unwrap().to_owned();
    let published: Value = serde_json::from_str(SWAGGER).unwrap();
    for (host, expected) in [
        (format!("127.0.0.1:{port}"), format!("127.0.0.1:{port}")),
        (format!("localhost:{port}"), format!("localhost:{port}")),
        ("elsewhere.example.com".to_owned(), format!("127.0.0.1:{port}")),
    ] {
        let answer = probe.send(probe.request(None, "GET", "/swagger.json").header("host", host)).await;
        let document = answer.json();
        assert_eq!(document["host"], expected);
        assert_eq!(document["paths"], published["paths"]);
        assert_eq!(answer.header("content-type"), "application/json");
    }
    assert_eq!(probe.demo.spec_url(), format!("http://127.0.0.1:{port}/nucleus/api/swagger.json"));
}

#[tokio::test]
async fn a_stopped_instance_no_longer_listens() {
    let demo = Demo::start(DemoOptions::default()).await.unwrap();
    let address = demo.base_url().trim_start_matches("http://").split('/').next().unwrap().to_owned();
    assert!(TcpStream::connect(&address).is_ok());
    demo.stop().await;
    assert!(TcpStream::connect(&address).is_err());
}

/// A client that keeps its connection open does not hold up the end.
#[tokio::test]
async fn an_idle_connection_does_not_delay_the_stop() {
    let probe = Probe::start("none").await;
    assert_eq!(probe.get("/projects").await.status, 200);
    tokio::time::timeout(Duration::from_secs(3), probe.demo.stop()).await.expect("the stop is prompt");
}

#[tokio::test]
async fn a_taken_port_is_reported() {
    let first = Demo::start(DemoOptions::default()).await.unwrap();
    let port = first.base_url().split([':', '/']).nth(4).unwrap().parse().unwrap();
    let second = Demo::start(DemoOptions { port, faults: FaultSet::none() }).await;
    assert!(matches!(second, Err(DemoError::Bind { port: reported, .. }) if reported == port));
}

/// The wait lasts as long as the instance, and giving up the wait gives up the instance.
#[tokio::test]
async fn an_instance_that_is_waited_for_runs_until_the_wait_is_dropped() {
    let demo = Demo::start(DemoOptions::default()).await.unwrap();
    let address = demo.base_url().trim_start_matches("http://").split('/').next().unwrap().to_owned();
    let waiting = tokio::spawn(demo.wait());
    assert!(tokio::net::TcpStream::connect(&address).await.is_ok());
    assert!(!waiting.is_finished());
    waiting.abort();
    let closed = async { while tokio::net::TcpStream::connect(&address).await.is_ok() {} };
    tokio::time::timeout(Duration::from_secs(10), closed).await.expect("the port is free again");
}

/// Both forms of the document describe the same operations.
#[test]
fn the_newer_form_has_the_same_operations() {
    let newer = include_str!("../../../specs/demo/openapi.yaml");
    let document: Value = serde_json::from_str(SWAGGER).unwrap();
    let items =
        document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
    let mut ids: Vec<_> = items.filter_map(|operation| operation["operationId"].as_str()).collect();
    let mut newer_ids: Vec<_> =
        newer.lines().filter_map(|line| line.trim().strip_prefix("operationId: ")).collect();
    ids.sort_unstable();
    newer_ids.sort_unstable();
    assert_eq!(ids, newer_ids);
}

/// The next revision lacks one operation and has no other.
#[test]
fn the_next_revision_drops_one_operation() {
    let next: Value = serde_json::from_str(include_str!("../../../specs/demo/swagger-next.json")).unwrap();
    let now: Value = serde_json::from_str(SWAGGER).unwrap();
    let keys = |document: &Value| -> Vec<String> {
        let paths = document["paths"].as_object().unwrap().iter();
        paths
            .flat_map(|(path, item)| {
                item.as_object().unwrap().keys().map(move |method| format!("{method} {path}"))
            })
            .collect()
    };
    let (now, next) = (keys(&now), keys(&next));
    let gone: Vec<_> = now.iter().filter(|key| !next.contains(key)).collect();
    assert_eq!(gone, ["delete /projects/{project_id}/assets/groups"]);
    assert_eq!(next.len() + 1, now.len());
}
