//! How sure a finding is: each candidate is sent again, to state of its own.

use crate::engine::tests::scene::{Scene, Things, bare, document};
use crate::exchange::Request;
use std::collections::BTreeSet;
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
