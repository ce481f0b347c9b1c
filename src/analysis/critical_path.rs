//! The taskruns that fix the makespan: each began when the one before it ended.

use std::cmp::Reverse;

use super::claims::{Cause, Path};
use super::makespan::{makespan, running_time};
use super::segments::let_in_by;
use super::why::Why;
use crate::flow::Flow;
use crate::sim::trace::{RunIdx, Trace};
use crate::time::SimTime;

/// The critical path: leaves, in order of time. Of several executions it leads to the end of all. Among runs that end together the
/// first in source order is named, in the first execution.
#[must_use]
pub fn critical_path(trace: &Trace) -> Vec<RunIdx> {
    let children = trace.children();
    // What outlives its group, or the execution, does not fix when that ends.
    let last_of = |runs: &[RunIdx], end: SimTime| {
        let ended = runs.iter().copied().filter(|run| !trace.run(*run).dropped && trace.ended(*run) <= end);
        ended.max_by_key(|run| (trace.ended(*run), trace.created(*run), Reverse((trace.run(*run).execution, trace.run(*run).task))))
    };
    let mut path = Vec::new();
    let tops: Vec<RunIdx> = trace.roots().flat_map(|root| children.at_top(root)).copied().collect();
    let mut next = last_of(&tops, makespan(trace));
    // Each step goes back to a run that ended no later, or inwards to a child.
    while let Some(run) = next.filter(|run| path.len() <= trace.runs.len() && !trace.run(*run).dropped) {
        if let Some(child) = last_of(children.of(run), trace.ended(run)) {
            next = Some(child);
            continue;
        }
        path.push(run);
        let waited_for = |run: RunIdx| trace.run(run).released_by;
        let before = std::iter::successors(Some(run), |run| trace.run(*run).parent).find_map(waited_for);
        let by_execution = || {
            let (other, at) = let_in_by(trace, trace.run(run).execution)?;
            last_of(children.at_top(other?), at)
        };
        next = before.or_else(by_execution);
    }
    path.reverse();
    path
}

/// The critical path, and what else is on paths as long: all leaves that lead back from the end to the start through those that
/// ended just when the next one could begin.
#[must_use]
pub fn path(flows: &[Flow], trace: &Trace) -> Path {
    let (runs, why) = (critical_path(trace), Why::new(flows, trace));
    let mut is_on = vec![false; trace.runs.len()];
    let tops: Vec<RunIdx> = trace.roots().flat_map(|root| why.at_top(root)).collect();
    let mut open = last_of_all(trace, &tops, makespan(trace));
    while let Some(run) = open.pop() {
        if std::mem::replace(&mut is_on[run.at()], true) {
            continue;
        }
        let below = last_of_all(trace, &why.held(run), trace.ended(run));
        if !below.is_empty() {
            open.extend(below);
            continue;
        }
        let mut around = std::iter::successors(Some(run), |run| trace.run(*run).parent);
        let Some(wait) = around.find_map(|run| why.waits(run).last().cloned()) else {
            if let Some((Some(other), at)) = let_in_by(trace, trace.run(run).execution) {
                open.extend(last_of_all(trace, &why.at_top(other), at));
            }
            continue;
        };
        open.extend(wait.by.iter().filter(|by| by.until == Some(wait.to)).map(|by| by.run));
        // Of several that ended together, the wait for what comes next names one.
        if wait.cause == Cause::Previous {
            open.extend(why.before_that_ended(wait.run, wait.to).filter(|other| !is_on[other.at()]));
        }
    }
    let is_leaf = |run: RunIdx| !trace.task_of(flows, run).is_group() && running_time(trace, run) > SimTime::ZERO;
    runs.iter().for_each(|run| is_on[run.at()] = false);
    let is_equal = |run: &RunIdx| is_on[run.at()] && is_leaf(*run);
    let equals = trace.iter().map(|(run, _)| run).filter(is_equal).collect();
    Path { runs, equals }
}

/// Of these runs all that ended last, at this time or before.
fn last_of_all(trace: &Trace, runs: &[RunIdx], end: SimTime) -> Vec<RunIdx> {
    let by_then = || runs.iter().copied().filter(|run| !trace.run(*run).dropped && trace.ended(*run) <= end);
    let last = by_then().map(|run| trace.ended(run)).max();
    by_then().filter(|run| Some(trace.ended(*run)) == last).collect()
}
