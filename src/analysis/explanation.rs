//! All that can be said about a run of a flow: a row for each taskrun, and what is said about the flow as a whole.

use std::cmp::Reverse;

use super::bounds::lower_bounds;
use super::claims::Claim;
use super::critical_path::path;
use super::floats::floats;
use super::help::Help;
use super::optimize::best;
use super::slack::slack;
use super::why::Why;
use crate::flow::Flow;
use crate::sim::scenario::Scenario;
use crate::sim::trace::{RunIdx, Trace};
use crate::time::SimTime;

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

/// Of more rows than this only some have help: a row takes many simulations.
const MOST_ROWS_WITH_HELP: usize = 120;
/// So many have it then.
const ROWS_WITH_HELP: usize = 40;
/// A run of many events has help for fewer rows: when all have it and when some have it, those rows times the events are no more than
/// this.
const MOST_EVENTS_WITH_HELP: [usize; 2] = [200_000, 100_000];

/// How many of so many rows have help.
fn n_helped(trace: &Trace, n_rows: usize) -> usize {
    let [all, some] = MOST_EVENTS_WITH_HELP;
    let (most, n_events) = if n_rows <= MOST_ROWS_WITH_HELP { (n_rows, all) } else { (ROWS_WITH_HELP, some) };
    most.min(n_events / trace.events.len().max(1))
}

/// A row for each of these runs.
#[must_use]
pub fn rows(flows: &[Flow], scenario: &Scenario, trace: &Trace, runs: &[RunIdx]) -> Vec<Row> {
    let (why, help) = (Why::new(flows, trace), Help::new(flows, scenario, trace));
    let (floats, helped) = (floats(flows, trace), helped(trace, &why, runs));
    let row = |run: &RunIdx| {
        let mut row = Row { run: *run, sentences: why.of(*run), help: Vec::new() };
        if helped[run.at()] {
            row.help = help.of(&why, *run);
            row.help.extend(slack(flows, trace, &help, &floats, *run).map(Claim::Changed));
        }
        row
    };
    runs.iter().map(row).collect()
}

/// By run, whether its row has help: all have, or those that waited longest.
fn helped(trace: &Trace, why: &Why<'_>, runs: &[RunIdx]) -> Vec<bool> {
    let n_helped = n_helped(trace, runs.len());
    if n_helped == runs.len() {
        return vec![true; trace.runs.len()];
    }
    let waited = |run: &RunIdx| why.waits(*run).iter().fold(SimTime::ZERO, |sum, wait| sum + (wait.to - wait.from));
    let mut longest: Vec<(Reverse<SimTime>, RunIdx)> = runs.iter().map(|run| (Reverse(waited(run)), *run)).collect();
    longest.sort_unstable();
    let mut helped = vec![false; trace.runs.len()];
    longest.iter().take(n_helped).for_each(|(_, run)| helped[run.at()] = true);
    helped
}

/// Why the executions ended when they did, which tasks did not run, and the best next change.
#[must_use]
pub fn of_flow(flows: &[Flow], scenario: &Scenario, trace: &Trace) -> Vec<Claim> {
    let help = Help::new(flows, scenario, trace);
    let ends = Why::new(flows, trace).of_executions().into_iter().map(Claim::Ended);
    let next = if flows.is_empty() { None } else { best(flows, trace, &help, None) };
    let n_rows = trace.runs.iter().filter(|run| !run.dropped).count();
    let capped = Some(n_helped(trace, n_rows)).filter(|n| *n < n_rows).map(|n| Claim::Capped(n, n_rows));
    let path = path(flows, trace);
    let path = (!path.runs.is_empty()).then_some(Claim::Path(path));
    let bounds = flows.first().map(|flow| lower_bounds(flow, trace).claims(trace)).unwrap_or_default();
    ends.chain(path).chain(bounds).chain(next.map(Claim::Changed)).chain(capped).collect()
}
