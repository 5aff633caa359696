//! What is written is what is read: round trips, lists, filters, pages and jobs.

use serde_json::Value;
use serde_json::json;

use crate::demo::tests::probe::Probe;

fn without<'a>(mut object: Value, server_written: impl IntoIterator<Item = &'a str>) -> Value {
    for name in server_written {
        object.as_object_mut().unwrap().remove(name);
    }
    object
}

/// Creates, reads, replaces (if there is a PUT), deletes; the server adds the named properties and nothing else.
async fn round_trip(collection: &str, first: Value, second: Option<Value>, added: &[&str]) {
    let probe = Probe::start("none").await;
    let created = probe.call("POST", collection, first.clone()).await;
    assert_eq!(created.status, 201, "{created:?}");
    let path = created.header("location").trim_start_matches("/nucleus/api").to_owned();
    assert!(path.starts_with(collection), "{path}");
    let read = probe.get(&path).await;
    assert_eq!((read.status, read.json()), (200, created.json()));
    assert_eq!(without(read.json(), added.iter().copied()), first);
    assert!(
        probe.get(&format!("{collection}?limit=200")).await.json().as_array().unwrap().contains(&read.json())
    );
    if let Some(second) = second {
        let replaced = probe.call("PUT", &path, second.clone()).await;
        assert_eq!(without(replaced.json(), added.iter().copied()), second);
        assert_eq!(probe.call("PUT", &path, second).await.json(), replaced.json());
        assert_eq!(probe.get(&path).await.json(), replaced.json());
    }
    assert_eq!(probe.call("DELETE", &path, Value::Null).await.status, 204);
    assert_eq!(probe.get(&path).await.status, 404);
    assert_eq!(probe.call("DELETE", &path, Value::Null).await.status, 404);
}

#[tokio::test]
async fn assets_round_trip() {
    let team = json!({"team_id": 77_777, "team_name": "Nobody"});
    let first = json!({"asset_name": "a", "asset_type": "Host", "asset_notes": null, "support_team": team});
    round_trip(
        "/projects/3/assets",
        first,
        Some(json!({"asset_name": "b", "asset_type": "Database"})),
        &["asset_id"],
    )
    .await;
}

#[tokio::test]
async fn teams_tags_rules_and_comments_round_trip() {
    let team = json!({"team_name": "t", "members": [5]});
    round_trip("/projects/1/teams", team, Some(json!({"team_name": "u"})), &["team_id"]).await;
    let tag = json!({"tag_name": "t", "weight": 1.5});
    round_trip("/projects/1/tags", tag, Some(json!({"tag_name": "u"})), &["tag_id"]).await;
    let rule = json!({"rule_name": "r", "action": "ignore", "priority": 1, "enabled": false});
    let next = json!({"rule_name": "r", "action": "assign_team", "priority": 100});
    round_trip("/projects/1/processing-rules", rule, Some(next), &["rule_id"]).await;
    let comments = "/projects/1/findings/details/F-1003/comments";
    let comment = json!({"text": "t", "internal": true});
    round_trip(comments, comment, Some(json!({"text": "u"})), &["comment_id", "created"]).await;
}

#[tokio::test]
async fn issues_exports_and_service_accounts_round_trip() {
    let issue = json!({"issue_summary": "s", "issue_type": "Bug"});
    round_trip("/projects/1/issues", issue, None, &["issue_key", "issue_status", "issue_updated"]).await;
    round_trip("/projects/1/exports", json!({"name": "e"}), None, &["export_id", "expires", "rows"]).await;
    let account = json!({"username": "nightly", "projects": []});
    round_trip("/service-accounts", account, None, &["account_id", "has_key"]).await;
}

#[tokio::test]
async fn a_replaced_seed_asset_keeps_only_what_the_server_wrote() {
    let probe = Probe::start("none").await;
    let body = json!({"asset_name": "n", "asset_type": "Host"});
    let replaced = probe.call("PUT", "/projects/1/assets/1", body).await.json();
    let names: Vec<_> = replaced.as_object().unwrap().keys().collect();
    assert_eq!(names, ["asset_id", "asset_last_scanned", "asset_name", "asset_type"]);
}

#[tokio::test]
async fn objects_of_another_project_are_not_found() {
    let probe = Probe::start("none").await;
    assert_eq!(probe.get("/projects/2/assets/13").await.status, 200);
    assert_eq!(probe.get("/projects/1/assets/13").await.status, 404);
    assert_eq!(probe.get("/projects/2/findings/details/F-1001").await.status, 404);
    assert_eq!(probe.get("/projects/1/findings/details/F-01001").await.status, 404);
}

#[tokio::test]
async fn pages_cover_a_list_once() {
    let probe = Probe::start("none").await;
    let mut seen = Vec::new();
    for start in [0, 5, 10, 15] {
        let page = probe.get(&format!("/projects/1/assets?start={start}&limit=5")).await;
        assert_eq!(page.header("x-total-count"), "12");
        seen.extend(page.json().as_array().unwrap().iter().map(|asset| asset["asset_id"].as_u64().unwrap()));
    }
    assert_eq!(seen, (1..=12).collect::<Vec<_>>());
}

/// The number of items for a filter, of 12 assets and 20 findings.
#[tokio::test]
async fn filters_filter() {
    let probe = Probe::start("none").await;
    for (path, expected) in [
        ("assets", 12),
        ("assets?asset_type=Container%20Image", 2),
        ("assets?asset_name=host", 3),
        ("assets?ip_address=10.0.1.12", 1),
        ("assets?asset_name_ip=10.0.1.2", 3),
        ("assets?asset_groups=staging", 3),
        ("assets?asset_groups=staging,internet+facing", 6),
        ("assets?inactive_assets=true", 2),
        ("assets?inactive_assets=false", 12),
        ("assets?unscanned_assets=true", 3),
        ("findings", 20),
        ("findings?severity=Critical", 4),
        ("findings?severity=Critical&severity=Low", 8),
        ("findings?finding_status=Mitigated", 4),
        ("findings?finding_name=nothing", 0),
        ("findings/mitigated", 4),
        ("findings/mitigated?start_date=2026-01-14", 1),
        ("scans?scan_type=Container", 1),
        ("issues?issue_status=Closed", 1),
    ] {
        let answer = probe.get(&format!("/projects/1/{path}")).await;
        assert_eq!(answer.header("x-total-count"), expected.to_string(), "{path}");
        assert_eq!(answer.json().as_array().unwrap().len(), expected, "{path}");
    }
    let with_findings = probe.get("/projects/1/assets?assets_with_findings=true").await.json();
    assert!((1..12).contains(&with_findings.as_array().unwrap().len()));
}

#[tokio::test]
async fn findings_are_searched_counted_and_changed_together() {
    let probe = Probe::start("none").await;
    let search = json!({"finding_filters": [{"property": "finding_severity", "value": "crit"}]});
    assert_eq!(probe.call("POST", "/projects/1/findings/search", search).await.json(), json!([]));
    let search = json!({"finding_filters": [
        {"property": "finding_severity", "value": "Crit"}, {"property": "scan_type", "value": "Network", "exact_match": true}]});
    let found = probe.call("POST", "/projects/1/findings/search", search).await.json();
    assert_eq!(found.as_array().unwrap().len(), 2);

    let before = probe.get("/projects/1/findings/overview").await.json();
    let change = json!({"finding_numbers": ["F-1001", "F-9999"], "finding_status": "Mitigated", "comment": "done", "due_date": null});
    for _ in 0..2 {
        let result = probe.call("PUT", "/projects/1/findings/bulk", change.clone()).await.json();
        assert_eq!(result, json!({"updated": 1, "unknown": ["F-9999"]}));
    }
    let after = probe.get("/projects/1/findings/overview").await.json();
    assert_eq!(before["total"].as_u64().unwrap(), after["total"].as_u64().unwrap() + 1);
    let finding = probe.get("/projects/1/findings/details/F-1001").await;
    assert_eq!(finding.json()["finding_comment"], "done");
    probe.conforms("GET", "/projects/{project_id}/findings/details/{finding_number}", &finding);

    let trend = async |query: &str| probe.get(&format!("/projects/1/findings/trend?{query}")).await.json();
    assert_eq!(
        trend("start_date=2026-01-05&end_date=2026-01-05").await,
        json!([{"date": "2026-01-05", "opened": 7, "mitigated": 0}])
    );
    assert_eq!(trend("start_date=2026-01-31&end_date=2026-01-01").await, json!([]));
}

#[tokio::test]
async fn a_finding_entered_by_hand_can_be_read_under_its_number() {
    let probe = Probe::start("none").await;
    let body = json!({"finding_name": "By hand", "finding_severity": "Low", "asset_id": "2"});
    let created = probe.call("POST", "/projects/1/findings", body).await;
    let path = created.header("location").trim_start_matches("/nucleus/api").to_owned();
    let read = probe.get(&path).await.json();
    assert_eq!(read, created.json());
    assert_eq!((&read["finding_status"], &read["ip_address"]), (&json!("Active"), &json!("10.0.1.12")));
}

#[tokio::test]
async fn groups_are_deleted_by_name_and_count_their_assets() {
    let probe = Probe::start("none").await;
    let created = probe.call("POST", "/projects/1/assets/groups", json!({"asset_group": "new"})).await;
    let path = created.header("location").trim_start_matches("/nucleus/api").to_owned();
    assert_eq!(probe.get(&path).await.json(), created.json());
    assert_eq!(
        probe.call("DELETE", "/projects/1/assets/groups?asset_group=new", Value::Null).await.status,
        204
    );
    assert_eq!(
        probe.call("DELETE", "/projects/1/assets/groups?asset_group=new", Value::Null).await.status,
        404
    );
    assert_eq!(probe.get(&path).await.status, 404);
    let metrics =
        probe.get("/projects/1/assets/groups/metrics?asset_groups=staging&metrics=assets").await.json();
    assert_eq!(metrics, json!([{"asset_group": "staging", "metric": "assets", "value": 3}]));
}

#[tokio::test]
async fn an_uploaded_scan_appears_when_its_job_is_done() {
    let probe = Probe::start("none").await;
    let form =
        "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"my.xml\"\r\n\r\nx\r\n--b--\r\n";
    let request = probe.request(Some(&probe.demo.keys().user), "POST", "/projects/1/scans");
    let accepted =
        probe.send(request.header("content-type", "multipart/form-data; boundary=b").body(form)).await;
    assert_eq!((accepted.status, &accepted.json()["job_status"]), (202, &json!("queued")));
    let path = accepted.header("location").trim_start_matches("/nucleus/api").to_owned();
    assert_eq!(probe.get(&path).await.json()["job_status"], "running");
    assert_eq!(probe.get("/projects/1/scans").await.header("x-total-count"), "3");
    let done = probe.get(&path).await.json();
    assert_eq!(done["job_status"], "done");
    assert_eq!(probe.get(&path).await.json(), done);
    let scan = probe.get(&format!("/projects/1/scans/{}", done["scan_id"])).await;
    assert_eq!(scan.json()["scan_file_name"], "my.xml");
    probe.conforms("GET", "/projects/{project_id}/scans/{scan_id}", &scan);
}

#[test]
fn created_objects_make_room_for_newer_ones_but_seeds_stay() {
    let mut state = crate::demo::seed::seed(&crate::demo::DemoKeys::default());
    let mut last = 0;
    for _ in 0..20_050 {
        last = state.add("1", &crate::demo::state::TAGS, serde_json::Map::new()).0;
    }
    let tags = state.all("1", &crate::demo::state::TAGS);
    assert_eq!(tags.iter().count(), 20_000);
    assert!(tags.get(1).is_some() && tags.get(last).is_some());
    assert!(tags.get(10).is_none());
}
