//! Lists of assets, with their filters, and the findings of one asset.

use std::collections::BTreeSet;

use serde_json::Map;
use serde_json::Value;

use crate::demo::access::Caller;
use crate::demo::call::Call;
use crate::demo::handlers::crud;
use crate::demo::handlers::findings::is_open;
use crate::demo::reply::Reply;
use crate::demo::state::ASSETS;
use crate::demo::state::FINDINGS;
use crate::demo::state::State;

/// Lists assets; every filter that is given must hold.
pub(crate) fn list(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let project = call.name("project_id");
    let open = state.all(&project, &FINDINGS).iter().filter(|finding| is_open(finding));
    let troubled: BTreeSet<String> =
        open.filter_map(|finding| finding.get("asset_id")?.as_str().map(str::to_owned)).collect();
    crud::list(state, call, &ASSETS, |asset| fits(asset, call, &troubled))
}

/// Lists the findings of one asset.
pub(crate) fn list_findings(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let asset = call.number("asset_id");
    if state.all(&call.name("project_id"), &ASSETS).get(asset).is_none() {
        return Reply::not_found(ASSETS.singular);
    }
    let written = asset.to_string();
    crud::list(state, call, &FINDINGS, |finding| text(finding, "asset_id") == written)
}

fn fits(asset: &Map<String, Value>, call: &Call, troubled: &BTreeSet<String>) -> bool {
    let name = text(asset, "asset_name");
    let address = text(asset, "ip_address");
    let named = asset["asset_id"].to_string();
    let groups = asset.get("asset_groups").and_then(Value::as_array);
    call.text("ip_address").is_none_or(|wanted| address == wanted)
        && call.text("asset_name").is_none_or(|wanted| name.contains(wanted))
        && call.text("asset_name_ip").is_none_or(|wanted| name.contains(wanted) || address.contains(wanted))
        && call.text("asset_type").is_none_or(|wanted| text(asset, "asset_type") == wanted)
        && call.list("asset_groups").is_none_or(|wanted| {
            groups
                .into_iter()
                .flatten()
                .any(|group| group.as_str().is_some_and(|group| wanted.contains(&group)))
        })
        && only(call.flag("inactive_assets"), asset.get("active") == Some(&Value::Bool(false)))
        && only(call.flag("unscanned_assets"), !asset.contains_key("asset_last_scanned"))
        && only(call.flag("assets_with_findings"), troubled.contains(&named))
}

/// A filter of the kind "only those": false is as good as absent.
fn only(asked: Option<bool>, holds: bool) -> bool {
    holds || asked != Some(true)
}

/// A property that is a string, or nothing.
pub(crate) fn text<'a>(item: &'a Map<String, Value>, name: &str) -> &'a str {
    item.get(name).and_then(Value::as_str).unwrap_or_default()
}
