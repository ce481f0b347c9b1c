//! All that can be said about a run of a flow: a row for each taskrun, and what is said about the flow as a whole.

use super::claims::Claim;
use super::help::Help;
use super::optimize::optimize;
use super::slack::{floats, slack};
use super::why::Why;
use crate::flow::Flow;
use crate::sim::scenario::Scenario;
use crate::sim::trace::{RunIdx, Trace};

/// What is said about one taskrun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The run.
    pub run: RunIdx,
    /// Why it waited, and why it ended as it did.
    pub sentences: Vec<Claim>,
    /// What would have helped.
    pub help: Vec<Claim>,
}

/// In flows with more runs than this, slack is left out: it takes two simulations of each.
const MOST_RUNS_WITH_SLACK: usize = 100;

/// A row for each of these runs.
#[must_use]
pub fn rows(flows: &[Flow], scenario: &Scenario, trace: &Trace, runs: &[RunIdx]) -> Vec<Row> {
    let (why, help) = (Why::new(flows, trace), Help::new(flows, scenario, trace));
    let floats = if trace.runs.len() <= MOST_RUNS_WITH_SLACK { floats(flows, trace) } else { Vec::new() };
    let row = |run: &RunIdx| {
        let mut row = Row { run: *run, sentences: why.of(*run), help: help.of(&why, *run) };
        if !floats.is_empty() {
            row.help.extend(slack(flows, trace, &help, &floats, *run).map(|slack| Claim::Changed(slack.longer)));
        }
        row
    };
    runs.iter().map(row).collect()
}

/// Why the executions ended when they did, which tasks did not run, and the best next change.
#[must_use]
pub fn of_flow(flows: &[Flow], scenario: &Scenario, trace: &Trace) -> Vec<Claim> {
    let help = Help::new(flows, scenario, trace);
    let ends = Why::new(flows, trace).of_executions().into_iter().map(Claim::Ended);
    let next = if flows.is_empty() { None } else { optimize(flows, trace, &help, None).next };
    ends.chain(next.map(Claim::Changed)).collect()
}
