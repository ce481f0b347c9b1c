//! The taskruns that fix the makespan: each began when the one before it ended.

use std::cmp::Reverse;

use super::claims::Path;
use super::floats::floats;
use super::makespan::{makespan, running_time};
use crate::flow::Flow;
use crate::sim::trace::{ExecutionIdx, RunIdx, Trace};
use crate::time::SimTime;

/// The critical path of the first execution: leaves, in order of time. Among runs that end together the first in source
/// order is named.
#[must_use]
pub fn critical_path(trace: &Trace) -> Vec<RunIdx> {
    let children = trace.children();
    // What outlives its group, or the execution, does not fix when that ends.
    let last_of = |runs: &[RunIdx], end: SimTime| {
        let ended = runs.iter().copied().filter(|run| !trace.run(*run).dropped && trace.ended(*run) <= end);
        ended.max_by_key(|run| (trace.ended(*run), trace.created(*run), Reverse(trace.run(*run).task)))
    };
    let mut path = Vec::new();
    let mut next = last_of(children.at_top(ExecutionIdx::FIRST), makespan(trace));
    // Each step goes back to a run that ended no later, or inwards to a child.
    while let Some(run) = next.filter(|run| path.len() <= trace.runs.len() && !trace.run(*run).dropped) {
        if let Some(child) = last_of(children.of(run), trace.ended(run)) {
            next = Some(child);
            continue;
        }
        path.push(run);
        let waited_for = |run: RunIdx| trace.run(run).released_by;
        next = std::iter::successors(Some(run), |run| trace.run(*run).parent).find_map(waited_for);
    }
    path.reverse();
    path
}

/// The critical path, and what else is on paths as long: leaves that could not end later either, if all kept its order.
#[must_use]
pub fn path(flows: &[Flow], trace: &Trace) -> Path {
    let Some(flow) = flows.first().filter(|_| !trace.executions.is_empty()) else { return Path { runs: Vec::new(), equals: Vec::new() } };
    let (runs, floats) = (critical_path(trace), floats(flows, trace));
    let is_leaf = |run: RunIdx| trace.run(run).execution == ExecutionIdx::FIRST && !flow.task(trace.run(run).task).is_group();
    let takes_time = |run: RunIdx| running_time(trace, run) > SimTime::ZERO && trace.ended(run) <= makespan(trace);
    let is_equal = |run: &RunIdx| is_leaf(*run) && floats[run.at()] == SimTime::ZERO && takes_time(*run) && !runs.contains(run);
    let equals = trace.iter().filter(|(_, about)| !about.dropped).map(|(run, _)| run).filter(is_equal).collect();
    Path { runs, equals }
}
