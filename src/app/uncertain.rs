//! How long the flow on show takes over many runs, when something in it is drawn: a range of lengths, a chance to fail, a random wait.

use std::rc::Rc;

use super::run::Run;
use super::subject::{MOST_TASKRUNS, Steps, Subject, begin};
use crate::analysis::spread::{RUNS, Spread, nth_run};
use crate::sim::scenario::Scenario;
use crate::time::SimTime;
use crate::tr;

/// With fewer runs than this nothing is said of a flow.
const FEWEST_RUNS: u32 = 100;

/// The makespans of many runs of the flow on show.
#[derive(Debug, Clone, PartialEq)]
pub struct Uncertain {
    subject: Subject,
    n_runs: u32,
    made: Vec<SimTime>,
    /// What is known once all runs are made; until then that of the run before.
    shown: Option<Rc<Spread>>,
}

/// How many runs a spread of this subject has: 1,000, fewer of a very long flow, `None` when nothing is drawn.
pub(super) fn n_runs(subject: &Subject) -> Option<u32> {
    let affordable = RUNS.min((MOST_TASKRUNS / subject.n_taskruns()) as u32);
    (subject.trace.has_drawn && affordable >= FEWEST_RUNS).then_some(affordable)
}

impl Uncertain {
    /// That of a run; `None` when nothing in it is drawn. `last` is kept while it still holds.
    #[must_use]
    pub fn of(run: &Run, scenario: &Rc<Scenario>, last: Option<&Rc<Self>>) -> Option<Rc<Self>> {
        let subject = Subject::of(run, scenario);
        if let Some(last) = last.filter(|last| last.subject == subject) {
            return Some(Rc::clone(last));
        }
        let n_runs = n_runs(&subject)?;
        let shown = last.and_then(|last| last.shown.clone());
        let mut new = Self { subject, n_runs, made: Vec::new(), shown };
        begin(&mut new);
        Some(Rc::new(new))
    }

    /// The spread, once all runs are made.
    #[must_use]
    pub fn known(&self) -> Option<&Spread> {
        self.shown.as_deref().filter(|_| self.next().is_none())
    }

    /// The spread, when not all runs take equally long.
    #[must_use]
    pub fn spread(&self) -> Option<&Rc<Spread>> {
        self.shown.as_ref().filter(|spread| !spread.is_certain())
    }
}

impl Steps for Uncertain {
    fn subject(&self) -> &Subject {
        &self.subject
    }

    fn next(&self) -> Option<Scenario> {
        let nth = self.made.len() as u32;
        (nth < self.n_runs).then(|| nth_run(&self.subject.scenario, nth))
    }

    fn take(&mut self, makespan: SimTime) {
        self.made.push(makespan);
        if self.made.len() as u32 == self.n_runs {
            self.shown = Spread::of(self.made.clone()).map(Rc::new);
        }
    }
}

/// How long 9 of 10 runs take, and the whole of it: a fact with its value, and a text that explains it.
#[must_use]
pub fn fact(spread: &Spread, seed: u64) -> (String, String, String) {
    let (shortest, longest) = spread.range();
    let n_runs = spread.n_runs();
    let explained = tr!(
        "{n} runs with the seeds {seed} to {last}: 8 of 10 take {band} (P10 to P90), half of them at most {median}. All take {shortest} to {longest}.",
        n = n_runs,
        seed,
        last = seed.wrapping_add(n_runs as u64 - 1),
        band = spread.band(),
        median = spread.median(),
        shortest,
        longest
    );
    (tr!("9 of 10 runs"), spread.nine_of_ten(), explained)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::study::all_studied;
    use crate::app::{App, Msg};

    const TEXT: &str = "id: f\nnamespace: n\ntasks:\n  - id: p\n    type: io.kestra.plugin.core.flow.Parallel\n    concurrent: 2\n    tasks:\n      \
        - {id: a, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S} # sim: 41s..58s\n      \
        - {id: b, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S} # sim: 1s\n      \
        - {id: c, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S} # sim: 20s..30s..60s\n";

    #[test]
    fn a_flow_with_ranges_has_a_spread_and_others_have_none() {
        assert!(App::open().uncertain.is_none());
        let app = all_studied(App::with_text(TEXT, None));
        let known = app.uncertain.as_ref().expect("lengths are drawn");
        let spread = known.spread().expect("all runs are made");
        let run = app.run.as_ref().expect("it runs");
        assert_eq!(Some(&**spread), crate::analysis::spread::spread(&run.flows, &app.scenario, 1000).as_ref());
        let (name, value, whole) = fact(spread, app.scenario.seed);
        insta::assert_snapshot!(format!("{name} {value}\n{whole}"), @"
        9 of 10 runs under 56.8 s
        1000 runs with the seeds 0 to 999: 8 of 10 take 43.0 s to 56.8 s (P10 to P90), half of them at most 50.3 s. All take 41.0 s to 1 m 1 s.
        ");
    }

    #[test]
    fn an_older_study_is_dropped() {
        let app = App::with_text(TEXT, None);
        let study = app.study().expect("there is much to simulate");
        let other = app.update(Msg::SetConcurrent("p".into(), Some(1)));
        let before = other.uncertain.clone();
        assert_eq!(other.update(Msg::Studied(study)).uncertain, before);
    }
}
