//! Saved views: wrapped in `data`, listed part by part, each part naming the next.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::demo::access::Caller;
use crate::demo::call::Call;
use crate::demo::handlers::assets::text;
use crate::demo::handlers::crud;
use crate::demo::reply::Reply;
use crate::demo::state::State;
use crate::demo::state::VIEWS;

/// Lists views from where the cursor points.
pub(crate) fn list(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let kept = |view: &&Map<String, Value>| {
        call.text("view_kind").is_none_or(|wanted| text(view, "view_kind") == wanted)
    };
    let mut views: Vec<_> =
        state.all(&call.name("project_id"), &VIEWS).iter().filter(kept).cloned().collect();
    if let Some(order) = call.text("sort") {
        // Those without a rank come last, whichever way round.
        let rank = |view: &Map<String, Value>| view.get("view_rank").and_then(Value::as_i64);
        let key = |view: &Map<String, Value>| {
            rank(view).map_or(i64::MAX, |rank| if order.starts_with('-') { -rank } else { rank })
        };
        views.sort_by_key(key);
    }
    let begin = call.text("cursor").and_then(|cursor| cursor.strip_prefix('p')?.parse().ok()).unwrap_or(0);
    let limit = call.count("limit").unwrap_or(100);
    let end = usize::saturating_add(begin, limit);
    let part: Vec<Value> = views.iter().skip(begin).take(limit).cloned().map(Value::Object).collect();
    let mut page = json!({"items": part});
    if end < views.len() {
        page["next"] = json!(format!("p{end}"));
    }
    Reply::json(200, page)
}

/// Creates a view.
pub(crate) fn create(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let mut view = fields(call);
    view.insert("view_changed".to_owned(), json!(state.moment()));
    let (_, view) = state.add(&call.name("project_id"), &VIEWS, view);
    let mut reply = crud::created(view, &crud::path_in_project(call, "views"), &VIEWS);
    wrap(&mut reply);
    reply
}

/// Reads one view.
pub(crate) fn get(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let mut reply = crud::get(state, call, &VIEWS);
    wrap(&mut reply);
    reply
}

/// Changes what the members of the body say.
pub(crate) fn change(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let moment = state.moment();
    let place = call.name("project_id");
    let found = crud::number(call, &VIEWS).and_then(|number| state.all(&place, &VIEWS).get_mut(number));
    let Some(stored) = found else {
        return Reply::not_found(VIEWS.singular);
    };
    stored.extend(fields(call));
    stored.insert("view_changed".to_owned(), json!(moment));
    Reply::json(200, json!({"data": stored}))
}

fn fields(call: &Call) -> Map<String, Value> {
    call.body.get("data").and_then(Value::as_object).cloned().unwrap_or_default()
}

fn wrap(reply: &mut Reply) {
    if (200..300).contains(&reply.status)
        && let Some(body) = reply.json_mut()
    {
        *body = json!({"data": body.take()});
    }
}
