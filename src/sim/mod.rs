//! Flows and a scenario to a [`Trace`]: the simulation of Kestra's executor on a virtual clock.
//!
//! Never fails: an endless flow ends at the scenario's horizon or event limit, and the trace says so. Rules: Kestra,
//! "The model in ten rules" and "Flowable tasks".

pub mod behavior;
mod engine;
mod group;
pub mod queue;
pub mod scenario;
pub mod state;
pub mod trace;

use crate::flow::Flow;
use scenario::Scenario;
use trace::Trace;

/// Runs the first of `flows`; the others may be called by it. Without a flow the trace is empty.
#[must_use]
pub fn simulate(flows: &[Flow], scenario: &Scenario) -> Trace {
    engine::Engine::new(flows, scenario).run()
}

#[cfg(test)]
mod tests;
