//! Slack: how much longer a task may take, or how much shorter, without a change of the makespan.

use super::claims::{Change, Counterfactual, Slack};
use super::help::{Help, last_attempt};
use super::makespan::{makespan, running_time};
use crate::flow::Flow;
use crate::flow::behavior::Order;
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
    if task.is_group() || n_runs != 1 || length != running_time(trace, run) {
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

/// For each run how much later it could end if all else kept its order: what is left until something waits for it.
#[must_use]
pub fn floats(flows: &[Flow], trace: &Trace) -> Vec<SimTime> {
    let end = makespan(trace);
    let mut floats: Vec<SimTime> = trace.iter().map(|(run, _)| end.max(trace.ended(run)) - trace.ended(run)).collect();
    let waiting = waiting(flows, trace);
    // What waits for a run ends no earlier, so its float is known first.
    let mut runs: Vec<RunIdx> = trace.iter().map(|(run, _)| run).collect();
    runs.sort_by_key(|run| (std::cmp::Reverse(trace.ended(*run)), std::cmp::Reverse(*run)));
    for run in runs {
        let (taskrun, ended) = (trace.run(run), trace.ended(run));
        let parent = taskrun.parent.or(trace.execution(taskrun.execution).started_by);
        if let Some(parent) = parent.filter(|parent| trace.ended(*parent) >= ended) {
            floats[run.at()] = floats[run.at()].min(trace.ended(parent) - ended + floats[parent.at()]);
        }
        for other in waiting[run.at()].iter().filter(|other| trace.created(**other) >= ended) {
            floats[run.at()] = floats[run.at()].min(trace.created(*other) - ended + floats[other.at()]);
        }
    }
    floats
}

/// By run: those that its end let begin, and those that depend on it.
fn waiting(flows: &[Flow], trace: &Trace) -> Vec<Vec<RunIdx>> {
    let mut waiting = vec![Vec::new(); trace.runs.len()];
    let children = trace.children();
    for (run, taskrun) in trace.iter() {
        if let Some(by) = taskrun.released_by {
            waiting[by.at()].push(run);
        }
        let flow = trace.flow_of(flows, taskrun.execution);
        let Some(group) = flow.task(taskrun.task).parent.map(|group| flow.task(group)) else { continue };
        let Order::Dag { depends_on, .. } = group.order() else { continue };
        let place = group.lists.tasks.iter().position(|task| *task == taskrun.task);
        let wanted = place.and_then(|place| depends_on.get(place)).into_iter().flatten();
        let wanted: Vec<_> = wanted.filter_map(|on| group.lists.tasks.get(*on as usize)).collect();
        let siblings = taskrun.parent.map_or(&[][..], |parent| children.of(parent));
        siblings.iter().filter(|other| wanted.contains(&&trace.run(**other).task)).for_each(|on| waiting[on.at()].push(run));
    }
    waiting
}
