//! How much later each run could end before something that waits for it would.

use super::makespan::makespan;
use crate::flow::Flow;
use crate::flow::behavior::Order;
use crate::sim::trace::{RunIdx, Trace};
use crate::time::SimTime;

/// For each run how much later it could end if all else kept its order: what is left until something waits for it.
#[must_use]
pub fn floats(flows: &[Flow], trace: &Trace) -> Vec<SimTime> {
    let end = makespan(trace);
    let mut floats: Vec<SimTime> = trace.iter().map(|(run, _)| end.max(trace.ended(run)) - trace.ended(run)).collect();
    let waiting = waiting(flows, trace);
    // What waits for a run ends no earlier, so its float is known first; so is that of what holds it.
    let above = |run: &RunIdx| trace.run(*run).parent.or(trace.execution(trace.run(*run).execution).started_by);
    let depth = |run: RunIdx| std::iter::successors(Some(run), above).count();
    let mut runs: Vec<RunIdx> = trace.iter().map(|(run, _)| run).collect();
    runs.sort_by_key(|run| (std::cmp::Reverse(trace.ended(*run)), depth(*run), std::cmp::Reverse(*run)));
    for run in runs {
        let ended = trace.ended(run);
        if let Some(parent) = above(&run).filter(|parent| trace.ended(*parent) >= ended) {
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
