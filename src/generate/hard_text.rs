//! A few texts that every operation gets: those at which programs fail most often where nobody thought of them.
//!
//! A null character ends in databases and C libraries, a line end in headers and logs, a character beyond the basic plane
//! in narrow columns. They are valid by the document, may be refused, and must be borne. Whole families of odd texts are
//! the user's to switch on.

use crate::case::Case;
use crate::generate::generator::{is_fixed, is_ours};
use crate::generate::media::{self, Kind};
use crate::generate::odd_text::{OddText, TextFamily};
use crate::generate::variant::Path;
use crate::generate::{GenerateOptions, Generator};
use crate::plan::Known;
use crate::spec::{Location, Operation};

/// The most of them that one operation gets.
const MOST: usize = 6;

const CONTROL: &[OddText] = &[
    ("sam\u{0}ple", "a text with a null character"),
    ("sam\r\n\u{1}\u{b}\u{1d}ple", "a text with a line end and control characters"),
];
const UNICODE: &[OddText] = &[("sample \u{1f642}", "a text with a character beyond the basic plane")];

/// How the words for an odd name of an entry begin.
pub(super) const NAME: &str = "the name of an entry is";

/// Which odd texts are wanted in a place.
pub(super) struct Wanted {
    /// Texts, under the name of their family.
    pub(super) texts: Vec<(&'static str, &'static [OddText])>,
    /// Whether something beside the match of a pattern is.
    pub(super) beside_a_match: bool,
    /// Whether a place of no type at all takes texts.
    pub(super) untyped: bool,
    /// Whether entries get odd names where names are free.
    pub(super) names: bool,
}

impl Wanted {
    /// The families that the user switched on.
    pub(super) fn families(options: &GenerateOptions) -> Self {
        let texts = options.families.iter().map(|family| (family.name(), family.texts())).collect();
        Self { texts, beside_a_match: true, untyped: false, names: false }
    }

    fn hard(options: &GenerateOptions, untyped: bool) -> Self {
        let all = [(TextFamily::Control, CONTROL), (TextFamily::Unicode, UNICODE)];
        let texts = all.into_iter().filter(|(family, _)| !options.families.contains(family));
        let texts = texts.map(|(family, texts)| (family.name(), texts)).collect();
        Self { texts, beside_a_match: false, untyped, names: true }
    }
}

impl Generator {
    /// Some hard texts in the places of an operation that take any text, each place another one first.
    pub(super) fn hard_texts(
        &self,
        operation: &Operation,
        known: &Known,
        base: &Case,
        cases: &mut Vec<Case>,
    ) {
        let mut hard = Vec::new();
        let bench = self.workbench(known);
        for parameter in operation.parameters.iter().filter(|p| is_ours(p) && !is_fixed(p, known)) {
            let reaches = parameter.location != Location::Path || operation.method.is_safe();
            let Some(shape) = self.shape(parameter.schema.as_ref()).filter(|_| reaches) else { continue };
            // What has no type travels as a text.
            let wanted = Wanted::hard(&self.options, parameter.content_type.is_none());
            for variant in bench.odd_texts(&shape, &Path::root(&shape.key), &wanted) {
                self.push_parameter(operation, parameter, base, variant, &mut hard);
            }
        }
        let content = operation.body.as_ref().and_then(|body| media::best(&body.contents));
        let json = content.filter(|content| media::kind(&content.media_type) == Kind::Json);
        if let Some(content) = json
            && let Some(shape) = self.shape(content.schema.as_ref())
        {
            let wanted = Wanted::hard(&self.options, false);
            for variant in bench.odd_texts(&shape, &Path::root(&shape.key), &wanted) {
                self.push_body(content, known, base, variant, &mut hard);
            }
        }
        cases.extend(in_rounds(hard, MOST));
    }
}

/// At most so many: one of each place in turn, the next text in the next place.
fn in_rounds(cases: Vec<Case>, most: usize) -> Vec<Case> {
    let mut places: Vec<(String, Vec<Case>)> = Vec::new();
    for case in cases {
        // Odd names of entries are all of one place.
        let is_name = case.reason.how.starts_with(NAME);
        let part = if is_name { NAME.to_owned() } else { case.reason.part.clone() };
        match places.iter_mut().find(|(known, _)| *known == part) {
            Some((_, here)) => here.push(case),
            None => places.push((part, vec![case])),
        }
    }
    let longest = places.iter().map(|(_, here)| here.len()).max().unwrap_or(0);
    let mut chosen = Vec::new();
    for round in 0..longest {
        for (at, (_, here)) in places.iter().enumerate().filter(|(_, (_, here))| round < here.len()) {
            chosen.push(here[(round + at) % here.len()].clone());
        }
    }
    chosen.truncate(most);
    chosen
}
