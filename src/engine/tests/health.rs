//! The canary: failing surroundings are waited for, then told as such, and never as defects.

use crate::client::{Outcome, Scripted};
use crate::engine::EngineError;
use crate::engine::tests::scene::{Scene, Things, Told, bare, document};
use crate::event::{IncidentKind, Stop};
use crate::exchange::{Request, TransportError, TransportErrorKind};
use serde_json::json;

/// A walk against things that are served by `or`, while it gives something.
async fn walk(mut or: impl FnMut(&Request, u64) -> Option<Outcome> + Send + 'static) -> Told {
    let mut things = Things::default();
    let answer =
        move |request: &Request, number| or(request, number).unwrap_or_else(|| things.answer(request));
    Scene::default().walk(document(), answer).await
}

fn reset() -> Outcome {
    Err(TransportError { kind: TransportErrorKind::Closed, message: "reset by peer".to_owned() })
}

#[tokio::test]
async fn a_target_that_goes_away_ends_the_night_early_and_is_not_blamed() {
    let answers: [fn() -> Outcome; 4] = [
        || bare(503),
        || Scripted::json(502, &json!({"message": "bad gateway"})),
        reset,
        || Scripted::json(500, &json!({"message": "no database"})),
    ];
    for then in answers {
        let told = walk(move |_, number| (number > 60).then(then)).await;
        assert_eq!(told.verdicts(), Vec::<String>::new());
        assert_eq!(told.outcome.stopped, Some(Stop::Environment));
        let said = told.incidents(IncidentKind::Environment);
        assert!(said[0].starts_with("the environment failed"), "{said:#?}");
        // The streak, what was under way and the canary; besides, what was made is cleaned up in two rounds.
        let calls = told.sent.iter().skip(60).filter(|call| !call.starts_with("DELETE")).count();
        assert!(calls < 6 + 4 + 6 + 1, "{:#?}", told.sent);
        assert!(!told.incidents(IncidentKind::Leftover).is_empty());
    }
}

#[tokio::test]
async fn a_restart_in_the_night_costs_nothing() {
    let calm = walk(|_, _| None).await;
    let answers: [fn() -> Outcome; 2] = [|| bare(503), reset];
    // In the middle of stage `test`: longer than doubt takes to arise, shorter than all tries.
    for then in answers {
        let mut began = None;
        let told = walk(move |request, number| {
            if request.url.contains("/beta?") {
                began.get_or_insert(number);
            }
            began.filter(|began| number < began + 9).map(|_| then())
        })
        .await;
        assert_eq!(told.verdicts(), Vec::<String>::new());
        assert_eq!(told.outcome.stopped, None, "{:#?}", told.sent);
        let said = told.incidents(IncidentKind::Environment);
        assert!(said[0].contains("down for a while"), "{said:#?}");
        // Every case that met the restart was sent again.
        let good = |told: &Told| -> u64 {
            let statuses = told.accounts().into_iter().flat_map(|account| account.statuses.clone());
            statuses.filter(|(status, _)| (200..500).contains(status)).map(|(_, count)| count).sum()
        };
        assert_eq!(good(&told), good(&calm));
    }
}

#[tokio::test]
async fn a_broken_operation_is_not_a_broken_environment() {
    for status in [500, 503] {
        let told = walk(move |request, _| request.url.contains("/beta").then(|| bare(status))).await;
        assert_eq!(told.outcome.stopped, None);
        assert!(told.accounts().iter().all(|account| account.cases.len() > 1), "all are tested");
        let environment = told.incidents(IncidentKind::Environment);
        assert_eq!(environment, Vec::<&str>::new());
        assert_eq!(told.verdicts(), ["server-error GET /beta: persistent"]);
    }
}

/// One backend is deployed anew: too short for the canary to be doubted, and over when it is asked again.
#[tokio::test]
async fn a_deploy_window_of_one_operation_is_not_its_fault() {
    for status in [502, 503, 504] {
        let mut left = 4;
        let told = walk(move |request, _| {
            if !request.url.contains("/beta?") || left == 0 {
                return None;
            }
            left -= 1;
            Some(bare(status))
        })
        .await;
        assert_eq!(told.verdicts(), Vec::<String>::new());
        assert_eq!(told.incidents(IncidentKind::Environment).len(), 1);
    }
}

/// It comes and goes while the canary is well: the operation's own.
#[tokio::test]
async fn a_503_that_comes_and_goes_is_told_with_its_odds() {
    let mut turn = 0;
    let told = walk(move |request, _| {
        let beta = request.url.contains("/beta?");
        turn += u32::from(beta);
        (beta && turn % 3 == 0).then(|| bare(503))
    })
    .await;
    let verdicts = told.verdicts();
    assert!(
        verdicts.len() == 1 && verdicts[0].starts_with("server-error GET /beta: intermittent"),
        "{verdicts:?}"
    );
}

#[tokio::test]
async fn what_was_proven_before_the_target_went_away_stands() {
    let told = walk(|request, number| match number {
        0..=150 if request.url.contains("limit=50") => Some(bare(500)),
        0..=150 => None,
        _ => Some(bare(503)),
    })
    .await;
    let verdicts = told.verdicts();
    assert!(!verdicts.is_empty());
    assert!(verdicts.iter().all(|verdict| verdict.starts_with("server-error")), "{verdicts:#?}");
    assert_eq!(told.outcome.stopped, Some(Stop::Environment));
}

#[tokio::test]
async fn a_key_that_is_lost_ends_the_night() {
    let told = walk(|_, number| (number > 60).then(|| bare(401))).await;
    assert_eq!(told.verdicts(), Vec::<String>::new());
    assert_eq!(told.outcome.stopped, Some(Stop::Key));
    let said = told.incidents(IncidentKind::Environment);
    assert!(said[0].starts_with("the main key stopped working"), "{said:#?}");
    assert!(told.sent.len() < 120, "{}", told.sent.len());
}

#[tokio::test]
async fn answers_of_429_are_accounted_and_no_findings() {
    let told = walk(|request, _| request.url.contains("/gamma?").then(|| bare(429))).await;
    assert_eq!(told.verdicts(), Vec::<String>::new());
    let said = told.incidents(IncidentKind::RateLimited);
    assert!(said.len() == 1 && said[0].contains("429"), "{said:#?}");
}

#[tokio::test]
async fn where_nothing_of_the_document_is_served_the_base_url_is_to_blame() {
    let told = Scene::default().try_walk(document(), |_, _| bare(404)).await;
    let error = told.err().expect("it gives up");
    assert!(matches!(error, EngineError::NotServed { asked: 4.., .. }), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("--base-url")));
    // One operation that is there is enough.
    let told = Scene::default()
        .walk(document(), |request, _| bare(if request.url.contains("/beta") { 400 } else { 404 }))
        .await;
    assert!(!told.findings().is_empty());
}

/// A database that is locked while several ask at once serves who asks again, alone.
#[tokio::test]
async fn what_a_busy_target_did_not_remove_is_removed_later() {
    let mut removals = 0;
    let told = walk(move |request, _| {
        let removal = request.method.as_str() == "DELETE";
        removals += u32::from(removal);
        (removal && removals % 2 != 0).then(|| bare(503))
    })
    .await;
    assert!(
        told.incidents(IncidentKind::Leftover).is_empty(),
        "{:?}",
        told.incidents(IncidentKind::Leftover)
    );
}

/// Six operations that are served, and then answer 503 for a while, whatever they are asked: their backend is busy,
/// though the canary is well.
#[tokio::test]
async fn a_backend_that_is_busy_now_and_then_is_no_defect_of_six_operations() {
    for others in [6, 2] {
        let mut document = document();
        let question = json!({"post": document["paths"]["/alpha"]["get"]});
        for number in 0..6 {
            document["paths"][format!("/question{number}")] = question.clone();
        }
        let (mut things, mut asked) = (Things::default(), 0);
        let told = Scene::default()
            .walk(document, move |request: &Request, _| {
                let number =
                    request.url.split("/question").nth(1).and_then(|rest| rest[..1].parse::<u32>().ok());
                let busy = number.is_some_and(|number| number < others);
                asked += u32::from(busy);
                if busy && asked > others * 5 { bare(503) } else { things.answer(request) }
            })
            .await;
        let verdicts = told.verdicts();
        assert_eq!(verdicts.is_empty(), others == 6, "{verdicts:#?}");
    }
}
