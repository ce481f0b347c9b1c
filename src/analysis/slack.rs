//! Slack: how much longer, and how much shorter, a task may be without a change of the makespan.

use super::claims::{Change, Counterfactual, Slack};
use super::help::{Help, last_attempt};
use super::makespan::work_of;
use crate::flow::Flow;
use crate::sim::trace::{ExecutionIdx, RunIdx, Trace};
use crate::time::SimTime;

/// The slack of a leaf of the first execution whose task runs once, in one attempt; `None` when it has none, or its float is 0.
///
/// What the claim says is simulated: with the task that much longer the makespan stays, and with one millisecond more it does not.
/// Where the makespan stays even with a task that takes longer than the whole flow, the claim says "at least". The task is simulated
/// that much shorter as well, for with limits a task that ends earlier may make the flow take another time.
#[must_use]
pub fn slack(flows: &[Flow], trace: &Trace, help: &Help<'_>, floats: &[SimTime], run: RunIdx) -> Option<Counterfactual> {
    let taskrun = trace.run(run);
    if taskrun.execution != ExecutionIdx::FIRST || floats[run.at()] == SimTime::ZERO {
        return None;
    }
    let task = flows.first()?.task(taskrun.task);
    let n_runs = trace.runs.iter().filter(|other| trace.is_of_flow(other.execution) && other.task == taskrun.task).count();
    let length = last_attempt(trace, run);
    // A worker may still be at work when the executor has ended the taskrun.
    let is_at_work = taskrun.attempts.last().is_none_or(|attempt| attempt.ended != Some(trace.ended(run)));
    if task.is_group() || n_runs != 1 || length != work_of(trace, run) || is_at_work {
        return None;
    }
    let longer = |by: u64| Change::Duration(task.id.to_string(), length.0.saturating_add(by));
    let keeps = |by: u64| help.changed(longer(by), Some(run)).is_some_and(|new| new.makespan == new.now_makespan);
    let (by, is_most) = most(floats[run.at()].0, help.now().0, keeps);
    let changed = help.changed(longer(by), Some(run)).filter(|_| by > 0)?;
    let shorter_by = by.min(length.0);
    let shorter_makespan = help.makespan(&Change::Duration(task.id.to_string(), length.0 - shorter_by))?;
    // What was stopped at once did not take what it takes by itself.
    if shorter_by == 0 && shorter_makespan != changed.now_makespan {
        return None;
    }
    let slack = Slack {
        by: SimTime(by),
        is_most,
        is_free: help.is_free(&changed.change, run),
        is_work: trace.cores.is_some(),
        shorter_by: SimTime(shorter_by),
        shorter_makespan,
    };
    Some(Counterfactual { start: None, slack: Some(slack), ..changed })
}

/// A number that `keeps`, and whether it is known that the next one does not. 0 keeps.
///
/// The search begins at a guess, gallops up from there to `end` at most, and bisects what is left. When the guess is right it asks
/// for two numbers.
fn most(guess: u64, end: u64, keeps: impl Fn(u64) -> bool) -> (u64, bool) {
    let (mut low, mut high, mut step) = (0, guess, 1);
    while keeps(high) {
        if high >= end {
            return (high, false);
        }
        (low, high, step) = (high, high.saturating_add(step).min(end), step.saturating_mul(16));
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if keeps(middle) { low = middle } else { high = middle }
    }
    (low, true)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    #[test]
    fn the_most_is_found_from_any_guess() {
        for (guess, true_most) in [(1, 1), (1000, 1000), (1000, 1), (1000, 0), (1, 299_999), (4000, 4001), (4000, 3999)] {
            let n_asked = Cell::new(0);
            let keeps = |by| {
                n_asked.set(n_asked.get() + 1);
                by <= true_most
            };
            assert_eq!(super::most(guess, 300_000, keeps), (true_most, true));
            assert!(n_asked.get() <= if guess == true_most { 2 } else { 30 }, "{} for {true_most}", n_asked.get());
        }
        assert_eq!(super::most(10, 300_000, |_| true), (300_000, false));
    }
}
