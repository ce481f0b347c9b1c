//! The taskruns that fix the makespan: each began when the one before it ended.

use std::cmp::Reverse;

use crate::flow::Flow;
use crate::sim::trace::{ExecutionIdx, RunIdx, Trace};

/// The critical path of the first execution: leaves, in order of time. Among runs that end together the first in source
/// order is named.
#[must_use]
pub fn critical_path(flow: &Flow, trace: &Trace) -> Vec<RunIdx> {
    let children = trace.children();
    let last_of =
        |runs: &[RunIdx]| runs.iter().copied().max_by_key(|run| (trace.ended(*run), trace.created(*run), Reverse(trace.run(*run).task)));
    let mut path = Vec::new();
    let mut next = last_of(children.at_top(ExecutionIdx::FIRST));
    // Each step goes back to a run that ended no later, or inwards to a child.
    while let Some(run) = next.filter(|_| path.len() <= trace.runs.len()) {
        if flow.task(trace.run(run).task).is_group() && !children.of(run).is_empty() {
            next = last_of(children.of(run));
            continue;
        }
        path.push(run);
        let waited_for = |run: RunIdx| trace.run(run).released_by;
        next = std::iter::successors(Some(run), |run| trace.run(*run).parent).find_map(waited_for);
    }
    path.reverse();
    path
}
