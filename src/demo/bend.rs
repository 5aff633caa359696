//! Faults of validation: the server's copy of a parameter is made laxer or stricter than the published one.
//!
//! The published document must stay as it is; only what the server enforces is bent.

use serde_json::Value;
use serde_json::json;

use crate::demo::fault::FaultSet;
use crate::demo::walls::open_body;

/// Changes the parameters of one operation as the faults demand.
pub(crate) fn bend(key: &str, parameters: &mut [Value], faults: &FaultSet) {
    for parameter in parameters {
        open_body(key, parameter, faults);
        let name = parameter["name"].as_str().unwrap_or_default().to_owned();
        let fields = "/schema/properties";
        match (key, name.as_str()) {
            ("POST /projects/{project_id}/tags", "body") if faults.contains("ignored-max-length") => {
                drop_member(parameter, &format!("{fields}/tag_name"), "maxLength");
            }
            ("POST /projects/{project_id}/processing-rules", "body") if faults.contains("ignored-enum") => {
                drop_member(parameter, &format!("{fields}/action"), "enum");
            }
            ("POST /projects/{project_id}/issues", "body") if faults.contains("ignored-required") => {
                parameter["schema"]["required"] = json!(["issue_type"]);
            }
            ("POST /projects/{project_id}/findings", "body") if faults.contains("ignored-pattern") => {
                drop_member(parameter, &format!("{fields}/finding_cve"), "pattern");
            }
            ("POST /projects/{project_id}/assets/groups", "body")
                if faults.contains("valid-enum-value-rejected") =>
            {
                parameter["schema"]["properties"]["criticality"]["enum"] = json!(["High", "Moderate", "Low"]);
            }
            ("GET /projects/{project_id}/scans", "start") if faults.contains("ignored-minimum") => {
                drop_member(parameter, "", "minimum");
            }
            ("GET /projects/{project_id}/findings/trend", "start_date")
                if faults.contains("ignored-format") =>
            {
                drop_member(parameter, "", "format");
            }
            ("GET /projects/{project_id}/tags", "limit") if faults.contains("ignored-query-type") => {
                // Everything is a string and taken as it comes; the handler falls back to its default.
                *parameter = json!({"name": "limit", "in": "query", "type": "string"});
            }
            ("GET /projects/{project_id}/exports", "limit") if faults.contains("maximum-off-by-one") => {
                parameter["exclusiveMaximum"] = json!(true);
            }
            _ => {}
        }
    }
}

fn drop_member(parameter: &mut Value, pointer: &str, member: &str) {
    if let Some(members) = parameter.pointer_mut(pointer).and_then(Value::as_object_mut) {
        members.remove(member);
    }
}
