//! The head of the page: which API, which run, as whom.

use crate::report::Night;
use crate::report::terminal::page::{Page, Tone};
use crate::report::text::{count, width};

pub(super) fn head(page: &mut Page, night: &Night) {
    let Some(run) = &night.run else { return };
    let title = if run.title.is_empty() { "untitled API" } else { &run.title };
    let name = [(Tone::Strong, title), (Tone::Plain, " "), (Tone::Plain, run.api_version.as_str())];
    let place = [(Tone::Faint, "  at  "), (Tone::Name, run.base_url.as_str())];
    if width(title) + width(&run.api_version) + width(&run.base_url) + 7 <= page.width() {
        page.line(&[name.as_slice(), place.as_slice()].concat());
    } else {
        page.line(&name);
        page.line(&place[1..]);
    }
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
