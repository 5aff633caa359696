//! What a person sees while a run goes on: a bar on a terminal, a line per stage elsewhere.

use crate::event::{Event, EventKind, IncidentKind, Observer};
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
    measure: Measure,
}

/// What moves a stage's bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    /// Each case, each latency, each snapshot.
    Cases,
    /// Each candidate that is settled: reported, or dropped.
    Candidates,
    /// Nothing that is told: the bar only shows that work goes on.
    Nothing,
}

impl Measure {
    fn of(stage: &str) -> Self {
        match stage {
            "confirm" => Self::Candidates,
            "keys" | "clean-up" | "diff" => Self::Nothing,
            _ => Self::Cases,
        }
    }
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

    /// One more step, if this is what moves the bar now. Some stages send several cases per step; the bar then
    /// grows rather than overflows.
    fn step(&self, measure: Measure) {
        if self.stage.as_ref().is_none_or(|stage| stage.measure != measure) {
            return;
        }
        self.bar.inc(1);
        if self.bar.length().is_some_and(|length| length > 0 && length < self.bar.position()) {
            self.bar.set_length(self.bar.position());
        }
    }

    fn begin(&mut self, name: &str, steps: u64, at_ms: u64) {
        self.end(at_ms);
        let measure = Measure::of(name);
        self.stage = Some(Stage { name: name.to_owned(), began_ms: at_ms, cases: 0, measure });
        if self.show == Show::Bar {
            let style = ProgressStyle::with_template(template(measure, steps));
            self.bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            self.bar.set_prefix(name.to_owned());
            self.bar.reset();
            self.bar.set_length(steps);
            self.bar.enable_steady_tick(Duration::from_millis(120));
            self.tell_findings();
        } else {
            self.bar.reset();
            self.bar.set_length(steps);
        }
    }

    fn end(&mut self, at_ms: u64) {
        let Some(stage) = self.stage.take() else { return };
        if self.show == Show::Lines {
            let took = Duration::from_millis(at_ms.saturating_sub(stage.began_ms));
            // Talk on stderr is best effort: a closed stderr must not end a run.
            let cases = match stage.cases {
                0 => String::new(),
                1 => "1 case in ".to_owned(),
                n => format!("{n} cases in "),
            };
            let (name, took, findings) = (stage.name, took.as_secs_f64(), self.findings());
            let _ = writeln!(self.lines, "{name}: {cases}{took:.1} s, {findings} so far");
        }
    }

    fn tell_findings(&self) {
        self.bar.set_message(self.findings());
    }

    fn findings(&self) -> String {
        match self.findings {
            0 => "no findings".to_owned(),
            1 => "1 finding".to_owned(),
            n => format!("{n} findings"),
        }
    }
}

/// How the bar looks. A bar that nothing moves would look like a hang, so such a stage has the spinner alone.
fn template(measure: Measure, steps: u64) -> &'static str {
    match measure {
        Measure::Nothing => "{spinner} {prefix:9} {elapsed}  {msg}",
        Measure::Cases | Measure::Candidates if steps == 0 => "{spinner} {prefix:9} {pos}  {msg}",
        Measure::Cases => "{spinner} {prefix:9} {bar:30} {pos}/{len}  {per_sec:>10}  {eta:>4} left  {msg}",
        Measure::Candidates => "{spinner} {prefix:9} {bar:30} {pos}/{len}  {eta:>4} left  {msg}",
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
                self.step(Measure::Cases);
            }
            EventKind::LatencyMeasured { .. } | EventKind::SnapshotTaken { .. } => self.step(Measure::Cases),
            EventKind::FindingReported { .. } => {
                self.findings += 1;
                self.tell_findings();
                self.step(Measure::Candidates);
            }
            EventKind::IncidentHappened { incident } if incident.kind == IncidentKind::NotConfirmed => {
                self.step(Measure::Candidates);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::RULES;
    use crate::event::Incident;
    use crate::finding::{Finding, Site};

    fn tell(progress: &mut Progress<Vec<u8>>, kind: EventKind) {
        progress.observe(&Event { seq: 0, at_ms: 0, kind });
    }

    fn stage(name: &str, steps: u64) -> EventKind {
        EventKind::StageStarted { stage: name.to_owned(), steps }
    }

    #[test]
    fn confirming_moves_with_every_candidate_that_is_settled() {
        let mut progress = Progress::new(Show::Nothing, Vec::new());
        let finding =
            || EventKind::FindingReported { finding: Finding::new(RULES[0], None, &Site::new(&[]), "t") };
        let incident = |kind| EventKind::IncidentHappened {
            incident: Incident { kind, operation: None, message: String::new() },
        };
        tell(&mut progress, stage("confirm", 3));
        tell(&mut progress, finding());
        tell(&mut progress, incident(IncidentKind::NotConfirmed));
        tell(&mut progress, incident(IncidentKind::Budget));
        assert_eq!((progress.bar.position(), progress.bar.length()), (2, Some(3)));
        tell(&mut progress, stage("clean-up", 2));
        tell(&mut progress, finding());
        assert_eq!((progress.bar.position(), progress.findings), (0, 2));
    }

    #[test]
    fn every_stage_has_a_template_that_can_be_read() {
        for measure in [Measure::Cases, Measure::Candidates, Measure::Nothing] {
            for steps in [0, 9] {
                let read = ProgressStyle::with_template(template(measure, steps));
                assert!(read.is_ok(), "{measure:?}: {:?}", read.err());
            }
        }
    }
}
