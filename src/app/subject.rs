//! What is simulated many times, and how such a study comes further.

use std::rc::Rc;

use super::run::Run;
use crate::flow::Flow;
use crate::sim::Simulation;
use crate::sim::scenario::Scenario;
use crate::sim::trace::Trace;
use crate::time::SimTime;

/// A study of at most so many taskruns is made at once, so that what it shows never flickers.
const AT_ONCE_RUNS: usize = 1_000;

/// A study has at most about so many taskruns.
pub(super) const MOST_TASKRUNS: usize = 2_000_000;

/// What is simulated many times. Two subjects are equal when they are one and the same run.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The flow that is run, and those it may call.
    pub flows: Rc<Vec<Flow>>,
    /// The settings of the run on show.
    pub scenario: Rc<Scenario>,
    /// The run on show.
    pub trace: Rc<Trace>,
}

impl PartialEq for Subject {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.trace, &other.trace)
    }
}

impl Subject {
    /// That of a run with these settings.
    #[must_use]
    pub fn of(run: &Run, scenario: &Rc<Scenario>) -> Self {
        Self { flows: Rc::clone(&run.flows), scenario: Rc::clone(scenario), trace: Rc::clone(&run.trace) }
    }

    /// How many taskruns a simulation has, about.
    #[must_use]
    pub fn n_taskruns(&self) -> usize {
        self.trace.runs.len().max(1)
    }

    /// The settings with these limits.
    #[must_use]
    pub fn with_limits(&self, limits: &[(&Rc<str>, u32)]) -> Scenario {
        let mut scenario = (*self.scenario).clone();
        limits.iter().for_each(|(group, limit)| _ = scenario.concurrent.insert(group.to_string(), *limit));
        scenario
    }
}

/// How a study comes further.
pub(super) trait Steps {
    /// The run that it is about.
    fn subject(&self) -> &Subject;
    /// The settings that are to be simulated next; `None` when all is known.
    fn next(&self) -> Option<Scenario>;
    /// Takes the makespan with the settings that were next.
    fn take(&mut self, makespan: SimTime);
}

/// Takes a new study as far as can be simulated at once.
pub(super) fn begin(study: &mut dyn Steps) {
    let subject = study.subject().clone();
    for _ in 0..AT_ONCE_RUNS / subject.n_taskruns() {
        let Some(scenario) = study.next() else { break };
        study.take(Simulation::new(&subject.flows, &scenario).makespan());
    }
}
