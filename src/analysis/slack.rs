//! Slack: how much longer a task may take, or how much shorter, without a change of the makespan.

use super::claims::{Change, Counterfactual, Slack};
use super::help::{Help, last_attempt};
use super::makespan::work_of;
use crate::flow::Flow;
use crate::sim::trace::{ExecutionIdx, RunIdx, Trace};
use crate::time::SimTime;

/// A slack that the simulation does not confirm is halved at most so many times.
const MOST_HALVINGS: u32 = 4;

/// The slack of a leaf of the first execution whose task runs once, in one attempt; `None` when it has none. It is proved by two
/// simulations: one with the task longer by its slack, which is the claim, one with it shorter.
#[must_use]
pub fn slack(flows: &[Flow], trace: &Trace, help: &Help<'_>, floats: &[SimTime], run: RunIdx) -> Option<Counterfactual> {
    let taskrun = trace.run(run);
    if taskrun.execution != ExecutionIdx::FIRST || floats[run.at()] == SimTime::ZERO {
        return None;
    }
    let task = flows.first()?.task(taskrun.task);
    let n_runs = trace.runs.iter().filter(|other| trace.is_of_flow(other.execution) && other.task == taskrun.task).count();
    let length = last_attempt(trace, run);
    if task.is_group() || n_runs != 1 || length != work_of(trace, run) {
        return None;
    }
    let with = |ms: u64| Change::Duration(task.id.to_string(), ms);
    let keeps = |ms: u64| help.changed(with(ms), Some(run)).filter(|new| new.makespan == new.now_makespan);
    let of = |by: u64| {
        let longer = keeps(length.0 + by).filter(|_| keeps(length.0.saturating_sub(by)).is_some())?;
        let is_free = help.is_free(&with(length.0 + by), run);
        Some(Counterfactual { start: None, slack: Some(Slack { by: SimTime(by), is_free }), ..longer })
    };
    let float = floats[run.at()].0;
    (0..=MOST_HALVINGS).map(|n| float >> n).take_while(|by| *by > 0).find_map(of)
}
