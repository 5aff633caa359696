//! The head of the page: which API, which run, as whom.

use crate::report::Night;
use crate::report::terminal::page::{Page, Tone};
use crate::report::text::count;

pub(super) fn head(page: &mut Page, night: &Night) {
    let Some(run) = &night.run else { return };
    let title = if run.title.is_empty() { "untitled API" } else { &run.title };
    page.line(&[
        (Tone::Strong, title),
        (Tone::Plain, " "),
        (Tone::Plain, &run.api_version),
        (Tone::Faint, "  at  "),
        (Tone::Name, &run.base_url),
    ]);
    let keys = match run.keys.as_slice() {
        [] => "no key".to_owned(),
        [only] => format!("key {only}"),
        several => format!("keys {}", several.join(", ")),
    };
    let parts = [
        format!("run {}", run.id),
        format!("seed {}", run.seed),
        run.safety.clone(),
        keys,
        count(run.operations, "operation", "operations"),
    ];
    page.prose(0, Tone::Faint, &parts.join(" · "));
    page.prose(0, Tone::Faint, &format!("document {} · began {}", run.document, run.started));
}
