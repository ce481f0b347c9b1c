//! Flows and a scenario to a [`Trace`]: the simulation of Kestra's executor on a virtual clock.
//!
//! Never fails: an endless flow ends at the scenario's horizon or event limit, and the trace says so. Rules: Kestra,
//! "The model in ten rules" and "Flowable tasks".

#![cfg_attr(not(test), deny(clippy::wildcard_enum_match_arm))]

mod executor;
pub mod names;
pub mod outputs;
mod picker;
pub mod queue;
pub mod scenario;
pub mod server;
pub mod trace;
pub mod written;

use crate::flow::Flow;
use crate::flow::kestra::inputs::InputError;
use crate::flow::kestra::versions::Rules;
use crate::time::SimTime;
use scenario::Scenario;
use std::rc::Rc;
use trace::Trace;

/// Runs the first of `flows`; the others may be called by it. Without a flow the trace is empty.
#[must_use]
pub fn simulate(flows: &[Flow], scenario: &Scenario) -> Trace {
    Simulation::new(flows, scenario).finish()
}

/// The same under other rules than those of the version that the first flow is for: to see what a rule does.
#[must_use]
pub fn simulate_under(rules: &'static Rules, flows: &[Flow], scenario: &Scenario) -> Trace {
    let mut executor = executor::Executor::under(rules, flows, scenario);
    executor.schedule();
    Simulation(executor).finish()
}

/// A run that is taken further bit by bit, so that a page can answer in between. However it is cut, its trace is the same.
pub struct Simulation<'f>(executor::Executor<'f>);

impl<'f> Simulation<'f> {
    /// The first of `flows` before its first event; the others may be called by it.
    #[must_use]
    pub fn new(flows: &'f [Flow], scenario: &'f Scenario) -> Self {
        let mut executor = executor::Executor::new(flows, scenario);
        executor.schedule();
        Self(executor)
    }

    /// Takes the run further by about `n_events`. True when it is over.
    pub fn advance(&mut self, n_events: usize) -> bool {
        self.0.advance(n_events)
    }

    /// The makespan, with all that is left of the run: that of [`numbers`](crate::analysis::makespan::numbers) without the trace.
    #[must_use]
    pub fn makespan(mut self) -> SimTime {
        self.advance(usize::MAX);
        self.0.makespan()
    }

    /// The trace, with all that is left of the run.
    #[must_use]
    pub fn finish(mut self) -> Trace {
        self.advance(usize::MAX);
        self.0.finish()
    }
}

/// What is wrong with the inputs that a scenario gives the first of `flows`, in Kestra's words: the page shows it at the
/// field, the command line tool refuses the run. [`simulate`] takes samples in their place.
#[must_use]
pub fn input_errors(flows: &[Flow], scenario: &Scenario) -> Vec<InputError> {
    executor::Executor::new(flows, scenario).input_errors()
}

/// What a form for the inputs of a scenario has to say: what is wrong once samples stand for those that are missing, and
/// which are not to be asked for, as their `dependsOn` is not met.
#[must_use]
pub fn input_form(flows: &[Flow], scenario: &Scenario) -> (Vec<InputError>, Vec<Rc<str>>) {
    executor::Executor::new(flows, scenario).input_form()
}

#[cfg(test)]
mod tests;
