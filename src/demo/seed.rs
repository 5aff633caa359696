//! What the instance holds when it starts: the same at each start, numbered from 1.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::demo::collection::Family;
use crate::demo::keys::DemoKeys;
use crate::demo::keys::Holder;
use crate::demo::state::ACCOUNTS;
use crate::demo::state::ASSETS;
use crate::demo::state::COMMENTS;
use crate::demo::state::EXPORTS;
use crate::demo::state::FINDINGS;
use crate::demo::state::GROUPS;
use crate::demo::state::ISSUES;
use crate::demo::state::JOBS;
use crate::demo::state::PROJECTS;
use crate::demo::state::RULES;
use crate::demo::state::SCANS;
use crate::demo::state::State;
use crate::demo::state::TAGS;
use crate::demo::state::TEAMS;
use crate::demo::state::USERS;
use crate::demo::state::VIEWS;

const TYPES: [&str; 5] = ["Host", "Application", "Database", "Container", "Container Image"];
const CRITICALITIES: [&str; 4] = ["Critical", "High", "Moderate", "Low"];
const SEVERITIES: [&str; 5] = ["Critical", "High", "Medium", "Low", "Informational"];
const STATUSES: [&str; 5] = ["Active", "Active", "In Progress", "Mitigated", "Risk Accepted"];
const SCAN_TYPES: [&str; 3] = ["Network", "Web Application", "Container"];
const WEAKNESSES: [&str; 6] = [
    "Outdated TLS library",
    "SQL injection in search form",
    "Default administrator password",
    "Directory listing enabled",
    "Missing security headers",
    "Kernel privilege escalation",
];

/// The state at the start.
pub(crate) fn seed(keys: &DemoKeys) -> State {
    let mut state = State::default();
    people(&mut state, keys);
    for (name, about, group) in [
        ("Storefront", "Public shop and its services", "production"),
        ("Back Office", "Internal tools and databases", "internal"),
        ("Sandbox", "Empty, for trying things out", "internal"),
    ] {
        let project = json!({"project_name": name, "project_description": about, "project_groups": [group],
            "project_org": "Example Org", "tracking_method": "asset_name"});
        add(&mut state, "", &PROJECTS, project);
    }
    for project in ["1", "2"] {
        fill(&mut state, project);
    }
    state.seal();
    state
}

fn people(state: &mut State, keys: &DemoKeys) {
    for (name, org_role, roles) in [
        ("org-admin", "admin", json!([])),
        (
            "analyst",
            "member",
            json!([{"project_id": 1, "role": "editor"}, {"project_id": 2, "role": "viewer"}]),
        ),
        ("auditor", "member", json!([{"project_id": 2, "role": "viewer"}])),
    ] {
        let user = json!({"username": name, "email": format!("{name}@example.com"), "org_role": org_role,
            "api_access": name != "auditor", "projects": roles});
        add(state, "", &USERS, user);
    }
    let dashboard = json!({"username": "dashboard", "description": "Reads the storefront project",
        "projects": [{"project_id": 1, "role": "viewer"}]});
    add(state, "", &ACCOUNTS, dashboard);
    let partner = json!({"username": "partner", "description": "Works in the back office project",
        "projects": [{"project_id": 2, "role": "editor"}]});
    add(state, "", &ACCOUNTS, partner);
    let editor = json!({"username": "editor", "description": "Works in the storefront project",
        "projects": [{"project_id": 1, "role": "editor"}]});
    add(state, "", &ACCOUNTS, editor);
    // The first key of the administrator was regenerated: the second assignment ends it.
    state.keyring.assign(Holder::User(1), keys.revoked.clone());
    state.keyring.assign(Holder::User(1), keys.user.clone());
    state.keyring.assign(Holder::Account(1), keys.viewer.clone());
    state.keyring.assign(Holder::Account(2), keys.partner.clone());
    state.keyring.assign(Holder::Account(3), keys.editor.clone());
}

fn fill(state: &mut State, project: &str) {
    for (group, criticality) in [("production", "High"), ("staging", "Low"), ("internet facing", "Critical")]
    {
        add(state, project, &GROUPS, json!({"asset_group": group, "criticality": criticality}));
    }
    let platform = json!({"team_name": "Platform", "team_email": "platform@example.com", "members": [1, 2]});
    for team in [
        platform,
        json!({"team_name": "Web", "team_description": "Pages and forms"}),
        json!({"team_name": "Data"}),
    ] {
        add(state, project, &TEAMS, team);
    }
    add(state, project, &TAGS, json!({"tag_name": "internet-facing", "color": "#cc3300", "weight": 2.5}));
    add(state, project, &TAGS, json!({"tag_name": "legacy", "color": "#888888"}));
    add(state, project, &TAGS, json!({"tag_name": "payments"}));
    let condition = json!([{"property": "finding_severity", "operator": "equals", "value": "Informational"}]);
    let noise = json!({"rule_name": "Ignore noise", "action": "ignore", "priority": 10, "enabled": true,
        "conditions": condition});
    add(state, project, &RULES, noise);
    add(
        state,
        project,
        &RULES,
        json!({"rule_name": "Assign to the web team", "action": "assign_team", "priority": 20}),
    );
    assets_and_findings(state, project);
    for (index, kind) in SCAN_TYPES.iter().enumerate() {
        let file = format!("{}-{:02}.xml", kind.to_lowercase().replace(' ', "-"), index + 1);
        let scan = json!({"scan_file_name": file, "scan_date": format!("2026-01-{:02} 08:00:00", 5 + 3 * index),
            "scan_type": kind, "scan_description": "Weekly scan", "finding_count_critical": 1 + index,
            "finding_count_high": 2, "finding_count_medium": 3, "finding_count_low": 1,
            "finding_count_informational": 0, "asset_count": 12, "scan_mitigated": index});
        let scan = add(state, project, &SCANS, scan);
        add(state, project, &JOBS, json!({"job_type": "scan_import", "job_status": "done", "scan_id": scan}));
    }
    for (summary, kind, status) in [
        ("Update TLS library", "Task", "Open"),
        ("Rewrite search form", "Bug", "In Progress"),
        ("Rotate passwords", "Task", "Closed"),
    ] {
        let issue = json!({"issue_summary": summary, "issue_type": kind, "issue_status": status,
            "issue_url": "https://tracker.example.com/browse/demo", "issue_updated": "2026-01-12 14:30:00"});
        add(state, project, &ISSUES, issue);
    }
    let export = json!({"name": "findings.csv", "description": "Weekly report", "format": "csv",
        "expires": "2026-01-22", "rows": 20});
    add(state, project, &EXPORTS, export);
    add(state, project, &VIEWS, json!({"view_name": "All findings", "view_changed": "2026-01-12 09:00:00"}));
    add(state, project, &EXPORTS, json!({"name": "assets.json", "expires": "2026-01-22", "rows": 12}));
}

fn assets_and_findings(state: &mut State, project: &str) {
    let mut numbers = Vec::new();
    for index in 0..12_usize {
        let kind = TYPES[index % TYPES.len()];
        let groups =
            [json!(["production"]), json!(["production", "internet facing"]), json!(["staging"]), json!([])];
        let mut asset = json!({"asset_name": format!("{}-{:02}", kind.to_lowercase().replace(' ', "-"), index + 1),
            "asset_type": kind, "ip_address": format!("10.0.{project}.{}", 11 + index),
            "asset_criticality": CRITICALITIES[index % CRITICALITIES.len()],
            "asset_groups": groups[index % groups.len()], "active": index % 6 != 5, "asset_public": index % 3 == 0,
            "asset_data_sensitivity_score": index % 11, "support_team": {"team_id": 1, "team_name": "Platform"}});
        if index % 4 != 3 {
            asset["asset_last_scanned"] = json!(format!("2026-01-{:02} 08:00:00", 5 + 3 * (index % 3)));
        }
        numbers.push(add(state, project, &ASSETS, asset));
    }
    for index in 0..20_usize {
        let asset = index * 7 % 10;
        let status = STATUSES[index / 2 % STATUSES.len()];
        let mut finding = json!({"finding_name": WEAKNESSES[index % WEAKNESSES.len()],
            "finding_severity": SEVERITIES[index % SEVERITIES.len()], "finding_status": status,
            "finding_description": "Seen by the weekly scan", "finding_recommendation": "Update to the newest version",
            "finding_exploitable": index % 2, "scan_type": SCAN_TYPES[index % SCAN_TYPES.len()],
            "finding_discovered": format!("2026-01-{:02} 08:00:00", 5 + 3 * (index % 3)),
            "asset_id": numbers[asset].to_string(), "asset_name": format!("{}-{:02}", TYPES[asset % TYPES.len()].to_lowercase().replace(' ', "-"), asset + 1),
            "ip_address": format!("10.0.{project}.{}", 11 + asset)});
        if index % 2 == 0 {
            finding["finding_cve"] = json!(format!("CVE-2025-{}", 10_001 + index));
            finding["finding_port"] = json!(443);
        }
        if status == "Mitigated" {
            finding["finding_mitigated"] = json!(format!("2026-01-{:02}", 12 + index % 3));
        }
        let number = add(state, project, &FINDINGS, finding);
        if let Some(stored) = state.all(project, &FINDINGS).get_mut(number) {
            stored.insert("finding_id".to_owned(), json!(number));
        }
        if index < 2 {
            let place = format!("{project}/{number}");
            let comment =
                json!({"text": "Patch is in review", "internal": true, "created": "2026-01-06 10:00:00"});
            add(state, &place, &COMMENTS, comment);
        }
    }
}

fn add(state: &mut State, place: &str, family: &Family, fields: Value) -> u64 {
    let members = if let Value::Object(members) = fields { members } else { Map::new() };
    state.add(place, family, members).0
}
