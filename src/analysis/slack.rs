//! Slack: how much longer a task may take, or how much shorter, without a change of the makespan.

use super::claims::{Change, Counterfactual};
use super::help::{Help, last_attempt};
use super::makespan::{makespan, running_time};
use crate::flow::Flow;
use crate::flow::behavior::Order;
use crate::sim::trace::{ExecutionIdx, RunIdx, Trace};
use crate::time::SimTime;

/// The slack of a task, proved by two simulations: one with the task longer by its slack, one with it shorter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slack {
    /// The one run of the task.
    pub run: RunIdx,
    /// How much longer it may take.
    pub slack: SimTime,
    /// The flow with the task longer by that.
    pub longer: Counterfactual,
}

/// A slack that the simulation does not confirm is halved at most so many times.
const MOST_HALVINGS: u32 = 4;

/// The slack of a leaf of the first execution whose task runs once, in one attempt; `None` when it has none.
#[must_use]
pub fn slack(flows: &[Flow], trace: &Trace, help: &Help<'_>, floats: &[SimTime], run: RunIdx) -> Option<Slack> {
    let taskrun = trace.run(run);
    let task = flows.first()?.task(taskrun.task);
    let n_runs = trace.runs.iter().filter(|other| other.execution == ExecutionIdx::FIRST && other.task == taskrun.task).count();
    if taskrun.execution != ExecutionIdx::FIRST || task.is_group() || n_runs != 1 {
        return None;
    }
    let length = last_attempt(trace, run);
    if length != running_time(trace, run) {
        return None;
    }
    let keeps = |ms: u64| help.changed(Change::Duration(task.id.to_string(), ms), None).filter(|new| new.makespan == new.now_makespan);
    let mut slack = floats[run.at()].0;
    for _ in 0..=MOST_HALVINGS {
        if slack == 0 {
            return None;
        }
        if let Some(longer) = keeps(length.0 + slack)
            && keeps(length.0.saturating_sub(slack)).is_some()
        {
            return Some(Slack { run, slack: SimTime(slack), longer });
        }
        slack /= 2;
    }
    None
}

/// For each run how much later it could end if all else kept its order: what is left until something waits for it.
#[must_use]
pub fn floats(flows: &[Flow], trace: &Trace) -> Vec<SimTime> {
    let end = makespan(trace);
    let mut floats: Vec<SimTime> = trace.iter().map(|(run, _)| end - trace.ended(run)).collect();
    let children = trace.children();
    // What waits for a run ends no earlier, so its float is known first.
    let mut runs: Vec<RunIdx> = trace.iter().map(|(run, _)| run).collect();
    runs.sort_by_key(|run| (std::cmp::Reverse(trace.ended(*run)), std::cmp::Reverse(*run)));
    for run in &runs {
        let taskrun = trace.run(*run);
        let parent = taskrun.parent.or(trace.execution(taskrun.execution).started_by);
        if let Some(parent) = parent {
            floats[run.at()] = floats[run.at()].min(trace.ended(parent) - trace.ended(*run) + floats[parent.at()]);
        }
        let siblings = taskrun.parent.map_or_else(|| children.at_top(taskrun.execution), |parent| children.of(parent));
        let (own, flow) = (trace.ended(*run), trace.flow_of(flows, taskrun.execution));
        let group = flow.task(taskrun.task).parent.map(|group| flow.task(group));
        let depends = |other: RunIdx| match group.map(|group| (group.order(), &group.lists.tasks)) {
            Some((Order::Dag { depends_on, .. }, tasks)) => {
                let place = |task| tasks.iter().position(|known| *known == task);
                let (here, there) = (place(taskrun.task), place(trace.run(other).task));
                here.zip(there).is_some_and(|(here, there)| depends_on.get(there).is_some_and(|on| on.contains(&(here as u32))))
            }
            _ => false,
        };
        for other in siblings.iter().copied().filter(|other| trace.run(*other).released_by == Some(*run) || depends(*other)) {
            floats[run.at()] = floats[run.at()].min(trace.created(other) - own + floats[other.at()]);
        }
    }
    floats
}
