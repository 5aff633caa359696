//! Budgets: each operation has its turn, what had none is told, and cleaning up is not counted.

use crate::engine::tests::scene::{Scene, Things, Told, document};
use crate::event::{IncidentKind, Stop};
use std::time::Duration;

async fn walk(scene: &Scene) -> Told {
    let mut things = Things::default();
    scene.walk(document(), move |request, _| things.answer(request)).await
}

fn left(told: &Told) -> u64 {
    told.outcome.counts.created - told.outcome.counts.removed
}

#[tokio::test]
async fn without_a_limit_everything_is_tested() {
    let told = walk(&Scene::default()).await;
    assert_eq!(told.verdicts(), Vec::<String>::new());
    assert_eq!(told.incidents(IncidentKind::Budget), Vec::<&str>::new());
    assert_eq!((told.outcome.stopped, left(&told)), (None, 0));
    assert!(told.outcome.counts.created > 4);
    assert_eq!(told.tested().len(), 7, "{:?}", told.tested());
}

#[tokio::test]
async fn each_operation_has_its_share_of_a_short_time() {
    let whole = walk(&Scene::default()).await;
    let mut scene = Scene::default();
    scene.options.max_time = Some(Duration::from_secs(1));
    let told = walk(&scene).await;
    let tested = told.tested();
    assert_eq!(tested.len(), 7, "{tested:?}");
    let questions: Vec<u64> = ["GET /alpha", "GET /beta", "GET /gamma"].map(|key| tested[key]).to_vec();
    let (least, most) = (questions.iter().min().copied(), questions.iter().max().copied());
    assert!(most.zip(least).is_some_and(|(most, least)| most - least <= 1), "{questions:?}");
    assert!(questions[0] < whole.tested()["GET /alpha"], "{questions:?}");
    let said = told.incidents(IncidentKind::Budget);
    assert!(
        said.iter().any(|m| m.contains("cases were not sent") && m.contains("tested in part")),
        "{said:#?}"
    );
    // Each had its turn, and what was created is gone.
    assert_eq!((told.outcome.stopped, left(&told)), (None, 0));
    assert_eq!(told.verdicts(), Vec::<String>::new());
}

#[tokio::test]
async fn a_budget_of_requests_is_shared_alike() {
    let mut scene = Scene::default();
    scene.options.max_requests = 110;
    let told = walk(&scene).await;
    let tested = told.tested();
    assert_eq!(tested.len(), 7, "{tested:?}");
    assert!(tested["GET /alpha"].abs_diff(tested["GET /gamma"]) <= 1, "{tested:?}");
    assert_eq!(left(&told), 0);
}

#[tokio::test]
async fn what_had_no_turn_is_said_and_what_was_created_is_removed_after_the_deadline() {
    let mut scene = Scene::default();
    // Enough to create something, not enough to test anything.
    scene.options.max_time = Some(Duration::from_secs(10));
    scene.clock = |requests| Duration::from_secs(if requests > 14 { 10 } else { 0 });
    let told = walk(&scene).await;
    assert_eq!(told.outcome.stopped, Some(Stop::Budget));
    assert!(told.tested().len() < 7, "{:?}", told.tested());
    let silent: Vec<&str> = told
        .accounts()
        .iter()
        .filter(|account| {
            account.not_exercised.is_none() && !told.tested().contains_key(account.operation.as_str())
        })
        .map(|account| account.operation.as_str())
        .collect();
    assert_eq!(silent, Vec::<&str>::new());
    assert!(told.outcome.counts.created > 0);
    assert_eq!(left(&told), 0);
}

#[tokio::test]
async fn cleaning_up_ends_when_its_reserve_is_spent() {
    let mut things = Things::default();
    // Each request takes longer than the reserve by the script's clock.
    let scene = Scene { clock: |requests| Duration::from_secs(requests * 121), ..Scene::default() };
    let told = scene
        .walk(document(), move |request, _| match request.method.as_str() {
            "DELETE" => crate::engine::tests::scene::bare(409),
            _ => things.answer(request),
        })
        .await;
    let said = told.incidents(IncidentKind::Leftover);
    assert!(said.len() == 1 && said[0].ends_with("the time for it was up"), "{said:#?}");
}

/// Making findings small costs many requests: all of them are sent again before any is made small.
#[tokio::test]
async fn a_short_time_is_enough_to_send_all_findings_again() {
    let mut document = document();
    let many = |number: u32| format!("/question{number}");
    let question = document["paths"]["/alpha"].clone();
    for number in 0..12 {
        document["paths"][many(number)] = question.clone();
    }
    let mut scene = Scene::default();
    scene.options.shrink_requests = 1_000;
    scene.options.max_time = Some(Duration::from_millis(2500));
    let mut things = Things::default();
    let told = scene
        .walk(document, move |request, _| {
            // The greatest number allowed, or any body, with whatever else is sent.
            let crash = request.url.contains("limit=50") || request.body.is_some();
            if crash { crate::engine::tests::scene::bare(500) } else { things.answer(request) }
        })
        .await;
    let verdicts = told.verdicts();
    assert!(verdicts.len() >= 15, "{verdicts:#?}");
    assert!(verdicts.iter().all(|verdict| verdict.ends_with("persistent")), "{verdicts:#?}");
}

/// What no time was left for says so.
#[tokio::test]
async fn what_could_not_be_sent_again_says_so() {
    let mut scene = Scene::default();
    scene.options.max_time = Some(Duration::from_secs(10));
    // The clock jumps to the end as soon as the crash was seen a few times.
    scene.clock = |requests| Duration::from_secs(if requests > 60 { 10 } else { 0 });
    let mut things = Things::default();
    let told = scene
        .walk(document(), move |request, _| {
            let crash = request.url.contains("/alpha");
            if crash { crate::engine::tests::scene::bare(500) } else { things.answer(request) }
        })
        .await;
    assert_eq!(told.verdicts(), ["server-error GET /alpha: unconfirmed"]);
    assert!(told.findings()[0].detail.contains("not confirmed: no time"), "{}", told.findings()[0].detail);
    let said = told.incidents(IncidentKind::Budget);
    assert!(said.iter().any(|m| m.starts_with("1 findings are told as they were seen once")), "{said:#?}");
}

/// A target that answers 503 in bursts when it is asked for much at once is cleaned in the end; one that never does it is
/// not asked for long.
#[tokio::test]
async fn a_busy_target_is_cleaned_with_patience() {
    for gives_in in [true, false] {
        let mut things = Things::default();
        let (mut deletions, mut quiet) = (0_u32, 0);
        let told = Scene::default()
            .walk(document(), move |request, _| {
                if request.method.as_str() != "DELETE" || request.url.ends_with("/no-such-thing") {
                    return things.answer(request);
                }
                deletions += 1;
                // Two of seven deletions are done.
                quiet = (quiet + 1) % 7;
                if gives_in && quiet < 2 || deletions < 8 {
                    return things.answer(request);
                }
                crate::engine::tests::scene::bare(503)
            })
            .await;
        let said = told.incidents(IncidentKind::Leftover);
        assert_eq!((left(&told) == 0, said.is_empty()), (gives_in, gives_in), "{said:#?}");
        let asked = told.sent.iter().filter(|line| line.starts_with("DELETE")).count();
        assert!(asked < 200, "{asked}");
    }
}
