//! Suites as XML.

use crate::report::junit::suites::{State, Suite, suites};
use crate::report::{Night, Options};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use std::io;

type Xml = Writer<Vec<u8>>;

/// The whole report.
pub(in crate::report) fn render(night: &Night, options: &Options) -> io::Result<String> {
    let suites = suites(night, &options.gate);
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let total = |count: fn(&Suite) -> usize| suites.iter().map(count).sum::<usize>().to_string();
    let title = night.run.as_ref().map_or("specwarden", |run| run.title.as_str());
    let mut root = BytesStart::new("testsuites");
    attribute(&mut root, "name", title);
    attribute(&mut root, "tests", &total(|suite| suite.cases.len()));
    attribute(&mut root, "failures", &total(Suite::failures));
    attribute(&mut root, "errors", "0");
    attribute(&mut root, "skipped", &total(Suite::skipped));
    if let Some(outcome) = &night.outcome {
        attribute(&mut root, "time", &format!("{:.3}", outcome.elapsed_ms as f64 / 1000.0));
    }
    xml.write_event(Event::Start(root))?;
    for suite in &suites {
        self::suite(&mut xml, suite, night)?;
    }
    xml.write_event(Event::End(BytesEnd::new("testsuites")))?;
    let mut bytes = xml.into_inner();
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(io::Error::other)
}

fn suite(xml: &mut Xml, suite: &Suite, night: &Night) -> io::Result<()> {
    let mut start = BytesStart::new("testsuite");
    attribute(&mut start, "name", &suite.name);
    attribute(&mut start, "tests", &suite.cases.len().to_string());
    attribute(&mut start, "failures", &suite.failures().to_string());
    attribute(&mut start, "errors", "0");
    attribute(&mut start, "skipped", &suite.skipped().to_string());
    if let Some(run) = &night.run {
        // `xs:dateTime` as CI readers take it, without fraction or zone; the value is UTC.
        attribute(&mut start, "timestamp", run.started.split(['.', 'Z', '+']).next().unwrap_or_default());
    }
    xml.write_event(Event::Start(start))?;
    for case in &suite.cases {
        let mut start = BytesStart::new("testcase");
        attribute(&mut start, "name", &case.name);
        attribute(&mut start, "classname", &suite.name);
        if matches!(case.state, State::Passed) && case.aside.is_empty() {
            xml.write_event(Event::Empty(start))?;
            continue;
        }
        xml.write_event(Event::Start(start))?;
        match &case.state {
            State::Passed => {}
            State::Skipped { why } => {
                let mut skipped = BytesStart::new("skipped");
                attribute(&mut skipped, "message", why);
                xml.write_event(Event::Empty(skipped))?;
            }
            State::Failed { message, kind, text } => {
                let mut failure = BytesStart::new("failure");
                attribute(&mut failure, "message", message);
                attribute(&mut failure, "type", kind);
                element(xml, failure, text)?;
            }
        }
        if !case.aside.is_empty() {
            element(xml, BytesStart::new("system-out"), &case.aside)?;
        }
        xml.write_event(Event::End(BytesEnd::new("testcase")))?;
    }
    xml.write_event(Event::End(BytesEnd::new("testsuite")))
}

fn element(xml: &mut Xml, start: BytesStart<'_>, text: &str) -> io::Result<()> {
    let end = start.to_end().into_owned();
    xml.write_event(Event::Start(start.borrow()))?;
    xml.write_event(Event::Text(BytesText::new(&legal(text))))?;
    xml.write_event(Event::End(end))
}

fn attribute(start: &mut BytesStart<'_>, name: &str, value: &str) {
    // A line break in an attribute is read back as a space by every parser (XML 1.0 §3.3.3).
    let value = legal(value).replace(['\n', '\t'], " ");
    start.push_attribute((name, value.as_str()));
}

/// `text` with what XML 1.0 §2.2 forbids replaced by `�`.
fn legal(text: &str) -> String {
    text.chars()
        .filter(|c| *c != '\r')
        .map(|c| match c {
            '\t' | '\n' | ' '..='\u{7e}' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fdcf}' => c,
            '\u{fdf0}'..='\u{fffd}' => c,
            c if c >= '\u{10000}' && (u32::from(c) & 0xfffe) != 0xfffe => c,
            _ => '\u{fffd}',
        })
        .collect()
}
