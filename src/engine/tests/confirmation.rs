//! How sure a finding is: each candidate is sent again, to state of its own.

use crate::engine::EngineOptions;
use crate::engine::tests::scene::{Scene, Things, bare, document};
use crate::event::IncidentKind;
use crate::exchange::Request;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

#[tokio::test]
async fn a_crash_that_comes_and_goes_is_told_with_its_odds() {
    let (mut things, mut calls) = (Things::default(), 0);
    let told = Scene::default()
        .walk(document(), move |request: &Request, _| {
            let is_it = request.url.contains("/alpha");
            calls += u32::from(is_it);
            if is_it && calls % 4 == 0 { bare(500) } else { things.answer(request) }
        })
        .await;
    let verdicts = told.verdicts();
    assert_eq!(verdicts.len(), 1, "{verdicts:#?}");
    assert!(verdicts[0].starts_with("server-error GET /alpha: intermittent ("), "{verdicts:#?}");
}

#[tokio::test]
async fn a_crash_that_one_state_alone_brings_is_told_as_such() {
    let mut things = Things::default();
    let mut crashed = false;
    let told = Scene::default()
        .walk(document(), move |request: &Request, number| {
            let is_it = request.method.as_str() == "POST" && number > 40;
            if is_it && !std::mem::replace(&mut crashed, true) { bare(500) } else { things.answer(request) }
        })
        .await;
    assert_eq!(told.verdicts(), ["server-error POST /things: state-dependent"]);
}

/// What a case was first sent to is removed by a later case; the defect shows on a new thing as well.
#[tokio::test]
async fn what_was_removed_since_is_made_anew_to_confirm() {
    let mut things = Things::default();
    let mut gone: BTreeSet<String> = BTreeSet::new();
    let mut reads = 0;
    let told = Scene::default()
        .walk(document(), move |request: &Request, _| {
            let is_item = request.url.contains("/things/");
            if request.method.as_str() == "GET" && is_item && !gone.contains(&request.url) {
                reads += 1;
                // The third reading of the first thing crashes, and removes it.
                let answer = things.answer(request);
                if answer.as_ref().is_ok_and(|response| response.status == 200) && reads > 2 {
                    gone.insert(request.url.clone());
                    return bare(500);
                }
                return answer;
            }
            if gone.contains(&request.url) { bare(404) } else { things.answer(request) }
        })
        .await;
    let verdicts = told.verdicts();
    assert!(verdicts.contains(&"server-error GET /things/{id}: persistent".to_owned()), "{verdicts:#?}");
}

/// A repeat that a busy gateway answered says nothing about the crash.
#[tokio::test]
async fn a_crash_among_answers_of_a_busy_gateway_is_persistent() {
    let (mut things, mut calls, mut others) = (Things::default(), 0, 0);
    let told = Scene::default()
        .walk(document(), move |request: &Request, _| {
            let is_it = request.url.contains("/alpha") && request.url.contains("limit=50");
            calls += u32::from(is_it);
            // A gateway is busy for whoever asks.
            others += u32::from(request.url.contains("/beta"));
            if request.url.contains("/beta") && others % 5 == 3 {
                return bare(503);
            }
            match calls % 3 {
                _ if !is_it => things.answer(request),
                2 => bare(503),
                _ => bare(500),
            }
        })
        .await;
    let verdicts = told.verdicts();
    assert!(verdicts.contains(&"server-error GET /alpha: persistent".to_owned()), "{verdicts:#?}");
    assert!(!verdicts.iter().any(|verdict| verdict.contains("intermittent")), "{verdicts:#?}");
}

/// Where things may not share a name, a night still makes, reads and removes many of them.
#[tokio::test]
async fn things_whose_names_are_unique_are_made_under_many_names() {
    let (mut things, mut names) = (Things::default(), BTreeSet::new());
    let mut document = document();
    document["paths"]["/things"]["post"]["responses"]["409"] = json!({"description": ""});
    let mut served = BTreeMap::new();
    let told = Scene::default()
        .walk(document, move |request: &Request, _| {
            let posted = request.method.as_str() == "POST" && !request.url.contains("/things/");
            let body: Option<Value> =
                request.body.as_ref().and_then(|body| serde_json::from_slice(body.bytes()).ok());
            let name = body.as_ref().and_then(|body| body["name"].as_str()).map(str::to_owned);
            let answer = match name.clone().filter(|_| posted) {
                Some(name) if names.contains(&name) => bare(409),
                _ => things.answer(request),
            };
            if let (Ok(response), Some(name)) = (&answer, name)
                && posted
                && response.status == 201
            {
                names.insert(name.clone());
                served.insert(response.json().expect("a thing")["id"].to_string(), name);
            }
            if request.method.as_str() == "DELETE" {
                let id = request.url.rsplit('/').next().unwrap_or_default();
                names.retain(|name| served.get(id) != Some(name));
            }
            answer
        })
        .await;
    assert_eq!(told.verdicts(), Vec::<String>::new());
    let account = |operation: &str| {
        let accounts = told.accounts();
        let account = accounts.iter().find(|account| account.operation.to_string() == operation);
        account.expect("an account").statuses.clone()
    };
    let removed = account("DELETE /things/{id}");
    assert!(removed.get(&204).is_some_and(|count| *count >= 4), "{removed:?}");
    let made = account("POST /things");
    assert!(made.get(&201) > made.get(&409), "{made:?}");
    assert!(told.incidents(IncidentKind::Leftover).is_empty());
}

/// One answer of a hundred that waited for something says nothing of its operation; one that always does, does.
#[tokio::test]
async fn one_stall_is_no_slow_operation() {
    for always in [false, true] {
        let (mut things, mut calls) = (Things::default(), 0);
        let mut scene = Scene::default();
        scene.options.checks = scene.options.checks.with_max_response(Duration::from_millis(500));
        let told = scene
            .walk(document(), move |request: &Request, _| {
                let is_it = request.url.contains("/alpha");
                calls += u32::from(is_it);
                let mut answer = things.answer(request);
                if is_it
                    && (always || calls == 3)
                    && let Ok(answer) = &mut answer
                {
                    answer.headers.push(("x-took-ms".to_owned(), "900".to_owned()));
                }
                answer
            })
            .await;
        let expected: &[&str] = if always { &["slow-response GET /alpha: persistent"] } else { &[] };
        assert_eq!(told.verdicts(), expected);
    }
}

/// Where nothing may be sent again any more, a 503 is no verdict on the target; a 500 is told as it was seen.
#[tokio::test]
async fn what_may_be_the_surroundings_is_undecided_where_nothing_can_be_sent_again() {
    for (status, how, never) in [(503, "environment", "unconfirmed"), (500, "unconfirmed", "environment")] {
        let mut things = Things::default();
        let scene = Scene {
            options: EngineOptions { max_time: Some(Duration::from_secs(600)), ..Scene::default().options },
            // The crash is seen by then; the next look at the clock finds the time spent.
            clock: |requests| Duration::from_secs(if requests < 80 { 1 } else { 3_600 }),
            ..Scene::default()
        };
        let walk = scene.walk(document(), move |request: &Request, _| {
            let is_it = request.url.contains("/beta") && request.url.contains("limit=50");
            if is_it { bare(status) } else { things.answer(request) }
        });
        let seen = walk.await.verdicts();
        let verdict = |how: &str| format!("server-error GET /beta: {how}");
        assert!(seen.contains(&verdict(how)) && !seen.contains(&verdict(never)), "{status}: {seen:#?}");
    }
}
