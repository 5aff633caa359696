//! What a person sees while a run goes on: a bar on a terminal, a line per stage elsewhere.

use crate::event::{Event, EventKind, Observer};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::time::Duration;

/// How much to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Show {
    /// Nothing.
    Nothing,
    /// A line per stage.
    Lines,
    /// A moving bar.
    Bar,
}

impl Show {
    /// Bars only on a terminal, lines elsewhere only if asked for.
    pub(super) fn choose(quiet: bool, verbose: bool) -> Self {
        match (quiet, verbose, std::io::stderr().is_terminal()) {
            (true, ..) => Self::Nothing,
            (false, _, true) => Self::Bar,
            (false, true, false) => Self::Lines,
            (false, false, false) => Self::Nothing,
        }
    }
}

/// Shows a run's progress on stderr.
pub(super) struct Progress<W> {
    show: Show,
    bar: ProgressBar,
    lines: W,
    stage: Option<Stage>,
    findings: u64,
}

/// The stage under way.
struct Stage {
    name: String,
    began_ms: u64,
    cases: u64,
}

impl<W: Write> Progress<W> {
    pub(super) fn new(show: Show, lines: W) -> Self {
        let target =
            if show == Show::Bar { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self { show, bar: ProgressBar::with_draw_target(Some(0), target), lines, stage: None, findings: 0 }
    }

    /// Takes the bar away, however the run ended.
    pub(super) fn close(&mut self) {
        self.bar.finish_and_clear();
    }

    /// One more step. Some stages send several cases per step; the bar then grows rather than overflows.
    fn step(&self) {
        self.bar.inc(1);
        if self.bar.length().is_some_and(|length| length > 0 && length < self.bar.position()) {
            self.bar.set_length(self.bar.position());
        }
    }

    fn begin(&mut self, name: &str, steps: u64, at_ms: u64) {
        self.end(at_ms);
        self.stage = Some(Stage { name: name.to_owned(), began_ms: at_ms, cases: 0 });
        if self.show == Show::Bar {
            // The template's parts are literals, so a mistake in them shows in the first test.
            let template = if steps > 0 {
                "{spinner} {prefix:9} {bar:30} {pos}/{len}  {per_sec:>10}  {eta:>4} left  {msg}"
            } else {
                "{spinner} {prefix:9} {pos}  {per_sec:>10}  {msg}"
            };
            let style =
                ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
            self.bar.set_style(style);
            self.bar.set_prefix(name.to_owned());
            self.bar.reset();
            self.bar.set_length(steps);
            self.bar.enable_steady_tick(Duration::from_millis(120));
            self.tell_findings();
        }
    }

    fn end(&mut self, at_ms: u64) {
        let Some(stage) = self.stage.take() else { return };
        if self.show == Show::Lines {
            let took = Duration::from_millis(at_ms.saturating_sub(stage.began_ms));
            // Talk on stderr is best effort: a closed stderr must not end a run.
            let _ = writeln!(
                self.lines,
                "{}: {} cases in {:.1} s, {} findings so far",
                stage.name,
                stage.cases,
                took.as_secs_f64(),
                self.findings
            );
        }
    }

    fn tell_findings(&self) {
        self.bar.set_message(match self.findings {
            0 => "no findings".to_owned(),
            1 => "1 finding".to_owned(),
            n => format!("{n} findings"),
        });
    }
}

impl<W: Write> Observer for Progress<W> {
    fn observe(&mut self, event: &Event) {
        match &event.kind {
            EventKind::StageStarted { stage, steps } => self.begin(stage, *steps, event.at_ms),
            EventKind::CaseFinished { .. } => {
                if let Some(stage) = &mut self.stage {
                    stage.cases += 1;
                }
                self.step();
            }
            EventKind::LatencyMeasured { .. } | EventKind::SnapshotTaken { .. } => self.step(),
            EventKind::FindingReported { .. } => {
                self.findings += 1;
                self.tell_findings();
            }
            EventKind::RunFinished { .. } => {
                self.end(event.at_ms);
                self.bar.finish_and_clear();
            }
            EventKind::RunStarted { .. }
            | EventKind::IssueFound { .. }
            | EventKind::IncidentHappened { .. }
            | EventKind::OperationFinished { .. } => {}
        }
    }
}
