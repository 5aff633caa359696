//! From an answer to lessons.

use crate::exchange::Response;
use crate::plan::Wish;
use crate::plan::refusal::complaints::{Complaint, complaints};
use crate::plan::refusal::message::wish;

/// What a refusal says that the server wants: names as it writes them, each with a wish. Empty unless the answer is a
/// 400 or 422 that tells more than that.
pub fn taught(response: &Response) -> Vec<(String, Wish)> {
    if !matches!(response.status, 400 | 422) {
        return Vec::new();
    }
    let Some(body) = response.json() else { return Vec::new() };
    let lesson = |complaint: Complaint| {
        let mut said = wish(&complaint.text);
        said.also(complaint.hint);
        (!said.is_empty()).then_some((complaint.name, said))
    };
    complaints(&body).into_iter().filter_map(lesson).collect()
}
