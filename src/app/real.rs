//! Real executions that are laid over the run on show.

use std::rc::Rc;

use super::run::Run;
use super::{App, Panel, Tab};
use crate::actual::gap::Gap;
use crate::actual::learn::{apart, learn};
use crate::actual::{Execution, Overlay, read, stays};
use crate::edit::{Edit, set_notes};
use crate::render::actual::{added, signed, summary, unpaired};
use crate::sim::names::run_name;
use crate::sim::scenario::Scenario;
use crate::time::{SimTime, human};
use crate::timeline::rows::{About, Row};
use crate::timeline::scale::Scale;
use crate::timeline::shapes::tone;
use crate::tr;

/// A larger file is not read, as the text of a flow is not.
pub const MOST_BYTES: usize = 50_000_000;

/// The executions of a file.
#[derive(Debug, PartialEq)]
pub struct Real {
    /// The name of the file.
    pub name: Rc<str>,
    /// The executions in it.
    pub executions: Vec<Execution>,
}

/// The executions of a file over a run.
#[derive(Debug, PartialEq)]
pub struct Overlaid {
    real: Rc<Real>,
    run: Rc<Run>,
    /// What fits; a sentence when it is another flow.
    pub overlay: Result<Overlay, String>,
}

/// What a person does with real executions.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// Lay those of a file with this name and text over the run.
    Open(Rc<str>, Rc<str>),
    /// Take them away.
    Remove,
    /// Write the times of their tasks into the text.
    Learn,
}

/// A part of a real bar: left edge and width in pixels, and the name of its tone; `added` is what the server added.
pub type Part = (f64, f64, &'static str);

/// A taskrun of both: its name and the key of its row, then how much later it began and ended and how much longer it was for real, and what
/// of that the server added.
pub struct GapLine {
    /// The key of its row; `None` when it has none on show.
    pub key: Option<Rc<str>>,
    /// Its name.
    pub name: String,
    /// Begins, ends, length, added by the server.
    pub cells: [String; 4],
}

impl Overlaid {
    /// The executions over a run. `before` is used again when it is of both.
    pub(super) fn of(real: &Rc<Real>, run: &Rc<Run>, before: Option<&Rc<Self>>) -> Rc<Self> {
        let is_same = |before: &&Rc<Self>| Rc::ptr_eq(&before.real, real) && Rc::ptr_eq(&before.run, run);
        before.filter(is_same).cloned().unwrap_or_else(|| {
            let overlay = Overlay::new(&run.flows, &run.trace, real.executions.clone()).map_err(|found| found.message);
            Rc::new(Self { real: Rc::clone(real), run: Rc::clone(run), overlay })
        })
    }

    /// The name of the file.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.real.name
    }

    /// When the last of the real executions ended; 0 where none fits.
    #[must_use]
    pub fn end(&self) -> SimTime {
        self.overlay.as_ref().ok().and_then(Overlay::makespan).unwrap_or_default()
    }

    /// What a row did for real.
    #[must_use]
    pub fn parts(&self, row: &Row, scale: &Scale) -> Vec<Part> {
        let (Ok(overlay), About::Run(_, _, run)) = (&self.overlay, &row.about) else { return Vec::new() };
        let Some(gap) = overlay.gaps.iter().find(|gap| gap.run == *run) else { return Vec::new() };
        let part = |from: SimTime, to: SimTime, class| (scale.x(from), (scale.x(to) - scale.x(from)).max(1.0), class);
        let worked = stays(&overlay.run(gap.real).history).map(|(state, from, to)| part(from, to, tone(state).name));
        let added = gap.hand_overs.iter().chain(&gap.timers).map(|(from, to)| part(*from, *to, "added"));
        added.chain(worked).collect()
    }

    /// How much of both is the same, and how long both took, then what is only in one of both: a line each.
    #[must_use]
    pub fn summary(&self, overlay: &Overlay) -> (String, Vec<String>) {
        let (flows, trace) = (&self.run.flows, &self.run.trace);
        (summary(trace, overlay), unpaired(flows, trace, overlay))
    }

    /// The gap of each taskrun that is in both.
    #[must_use]
    pub fn lines(&self, overlay: &Overlay) -> Vec<GapLine> {
        let shown = |ms: Option<i64>| ms.map_or_else(|| "–".to_owned(), signed);
        let line = |gap: &Gap| {
            let row = self.run.rows.iter().find(|row| row.run() == Some(gap.run));
            GapLine {
                key: row.map(|row| Rc::clone(&row.key)),
                name: run_name(&self.run.flows, &self.run.trace, gap.run).to_string(),
                cells: [shown(gap.start_ms), shown(gap.end_ms), shown(gap.length_ms), added(gap).join(", ")],
            }
        };
        overlay.gaps.iter().map(line).collect()
    }
}

impl App {
    /// The page after something was done with real executions. A refusal becomes a notice.
    pub(super) fn with_real(self, act: Act) -> Self {
        match act {
            Act::Open(name, text) => match opened(&name, &text) {
                Ok(executions) => {
                    let real = Some(Rc::new(Real { name, executions }));
                    Self { real, ghost: None, panel: Panel::Compare, is_panel_open: true, tab: Tab::Time, ..self }
                }
                Err(why) => Self { notices: Rc::new(vec![why]), ..self },
            },
            Act::Remove => Self { real: None, ..self },
            Act::Learn => match self.calibration() {
                Some((Ok(edit), scenario)) => {
                    let text = edit.map_or_else(|| self.text().to_owned(), |edit| edit.apply(self.text()));
                    let notices = Rc::new(settings_taken(&self.scenario, &scenario));
                    Self { notices, ..self.edited_with(&text, scenario) }
                }
                Some((Err(why), _)) => Self { notices: Rc::new(vec![why]), ..self },
                None => self,
            },
        }
    }

    /// The edit that gives each task the times it took for real, and the settings with the delay and the workers of that server; `None`
    /// where no execution fits.
    fn calibration(&self) -> Option<(Result<Option<Edit>, String>, Scenario)> {
        let (real, flow) = (self.real.as_ref()?, self.reading.flows.first()?);
        let mut runs = apart(real.executions.clone());
        runs.retain(|run| run.first().is_some_and(|one| *one.flow == *flow.id));
        if runs.is_empty() {
            return None;
        }
        let learned = learn(&self.reading.flows, &self.scenario, &runs);
        let edit = set_notes(&self.reading.source, &self.reading.document, flow, &learned.notes());
        Some((edit, learned.settings(&self.scenario)))
    }
}

/// What was taken over into the settings, a sentence each.
fn settings_taken(before: &Scenario, after: &Scenario) -> Vec<String> {
    let delay = (before.dispatch_delay != after.dispatch_delay)
        .then(|| tr!("The dispatch delay in the settings is {delay} now.", delay = human(after.dispatch_delay)));
    let workers = after.workers.filter(|_| before.workers != after.workers);
    let workers = workers.map(|n| tr!("The settings have one worker now." | "The settings have {n} workers now." % n));
    delay.into_iter().chain(workers).collect()
}

fn opened(name: &str, text: &str) -> Result<Vec<Execution>, String> {
    if text.len() > MOST_BYTES {
        return Err(tr!("{name} is larger than 50 MB: give one execution, or a page of them", name));
    }
    read(text).map_err(|found| match found.help {
        Some(help) => tr!("{name}: {message} ({help})", name, message = found.message, help),
        None => tr!("{name}: {message}", name, message = found.message),
    })
}

#[cfg(test)]
mod tests {
    use super::super::Msg;
    use super::*;

    const FLOW: &str = include_str!("../../tests/actual/nightly.yaml");
    const REAL: &str = include_str!("../../tests/actual/nightly.json");

    fn open(app: App, text: &str) -> App {
        app.update(Msg::Real(Act::Open("run.json".into(), text.into())))
    }

    #[test]
    fn a_real_run_stands_over_the_rows_and_stretches_the_axis() {
        let app = App::with_text(FLOW, None);
        let before = app.span();
        let app = open(app, REAL);
        let overlaid = app.overlaid.clone().expect("it is laid over");
        let overlay = overlaid.overlay.as_ref().expect("it is the same flow");
        assert_eq!(overlaid.lines(overlay).len(), app.run.as_ref().expect("it runs").rows.len());
        assert!(app.span() == overlaid.end() && app.span() > before);
        let chart = app.chart().expect("it runs");
        let (scale, parts) = (Scale::whole(app.span(), 0.0, 100.0), chart.real_parts(&Scale::whole(app.span(), 0.0, 100.0), &(0..2)));
        let first = overlay.run(overlay.gaps[0].real);
        let (_, from, to) = stays(&first.history).next().expect("it ran");
        assert_eq!(parts[0].last(), Some(&(scale.x(from), scale.x(to) - scale.x(from), "success")));
        // The same run is not looked at again, and it stays when the text changes.
        let moved = app.clone().update(Msg::Select(Some("extract".into())));
        assert!(Rc::ptr_eq(&overlaid, moved.overlaid.as_ref().expect("it stays")));
        assert!(app.update(Msg::Real(Act::Remove)).overlaid.is_none());
    }

    #[test]
    fn times_are_taken_over_in_one_step() {
        let app = open(App::with_text(FLOW, None), REAL);
        let learned = app.clone().update(Msg::Real(Act::Learn));
        assert!(learned.text().contains("# sim: ") && learned.overlaid.is_some());
        insta::assert_snapshot!(learned.notices.join("\n"), @"The dispatch delay in the settings is 0.479 s now.");
        let undone = learned.clone().update(Msg::Undo);
        assert_eq!((undone.text(), &undone.scenario), (app.text(), &app.scenario));
        assert_ne!(learned.scenario, app.scenario);
    }

    #[test]
    fn what_is_no_execution_of_the_flow_is_said() {
        let check = |text: &str| {
            let app = open(App::with_text(FLOW, None), text);
            assert_eq!((app.real.is_none(), app.text()), (true, FLOW));
            app.notices.join("\n")
        };
        insta::assert_snapshot!([check("{"), check("[1]"), check(r#"{"a": 1}"#)].join("\n"), @"
        run.json: this JSON ends too early: the file may be incomplete (expected is the JSON of an execution, as Kestra 1.3 and 2.0 answer it: `GET /api/v1/main/executions/ID`)
        run.json: this JSON is a single value, not an execution (expected is the JSON of an execution, as Kestra 1.3 and 2.0 answer it: `GET /api/v1/main/executions/ID`)
        run.json: this JSON is no execution: it has no `flowId` or no `state` (expected is the JSON of an execution, as Kestra 1.3 and 2.0 answer it: `GET /api/v1/main/executions/ID`)
        ");
        let other = open(App::with_text(&FLOW.replacen("id: nightly", "id: daily", 1), None), REAL);
        let overlay = &other.overlaid.as_ref().expect("it is kept").overlay;
        assert!(overlay.as_ref().is_err_and(|why| why.contains("daily")) && other.chart().is_some());
    }
}
