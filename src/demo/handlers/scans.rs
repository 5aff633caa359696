//! Scans and the background jobs that take them in. Polling is what moves a job along; there is no clock.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::demo::access::Caller;
use crate::demo::call::Call;
use crate::demo::contract::BASE_PATH;
use crate::demo::handlers::assets::text;
use crate::demo::handlers::crud;
use crate::demo::reply::Reply;
use crate::demo::state::JOBS;
use crate::demo::state::SCANS;
use crate::demo::state::State;

/// Lists scans.
pub(crate) fn list(state: &mut State, _: &Caller, call: &Call) -> Reply {
    crud::list(state, call, &SCANS, |scan| {
        call.text("scan_type").is_none_or(|wanted| text(scan, "scan_type") == wanted)
    })
}

/// Takes a file and makes a job of it.
pub(crate) fn upload(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let mut job = Map::new();
    job.insert("job_type".to_owned(), json!("scan_import"));
    job.insert("job_status".to_owned(), json!("queued"));
    job.insert("scan_id".to_owned(), Value::Null);
    let project = call.name("project_id");
    let (number, answer) = state.add(&project, &JOBS, job.clone());
    let mut scan = call.form.clone();
    scan.entry("scan_type").or_insert_with(|| json!("Generic"));
    scan.insert("scan_file_name".to_owned(), json!(call.file_name));
    scan.insert("scan_date".to_owned(), json!(state.moment()));
    scan.insert("asset_count".to_owned(), json!(0));
    // The scan waits in the job until that is done; it is not shown.
    let mut stored = answer.clone();
    stored.insert("pending".to_owned(), Value::Object(scan));
    state.all(&project, &JOBS).put(number, stored);
    let mut reply = crud::created(answer, &crud::path_in_project(call, "jobs"), &JOBS);
    reply.status = 202;
    debug_assert!(reply.headers.iter().any(|(_, value)| value.starts_with(BASE_PATH)));
    reply
}

/// Shows a job and moves it along: queued, running, done.
pub(crate) fn poll(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let project = call.name("project_id");
    let number = call.number("job_id");
    let Some(mut job) = state.all(&project, &JOBS).get(number).cloned() else {
        return Reply::not_found(JOBS.singular);
    };
    match text(&job, "job_status") {
        "queued" => {
            job.insert("job_status".to_owned(), json!("running"));
        }
        "running" => {
            job.insert("job_status".to_owned(), json!("done"));
            if let Some(Value::Object(scan)) = job.remove("pending") {
                let (scan, _) = state.add(&project, &SCANS, scan);
                job.insert("scan_id".to_owned(), json!(scan));
            }
        }
        _ => {}
    }
    state.all(&project, &JOBS).put(number, job.clone());
    job.remove("pending");
    Reply::json(200, Value::Object(job))
}
