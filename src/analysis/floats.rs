//! How much later each run could end before something that waits for it would.

use super::makespan::makespan;
use crate::flow::behavior::Order;
use crate::flow::{Flow, TaskIdx};
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
    let mut depths = vec![0; trace.runs.len()];
    let mut runs: Vec<RunIdx> = trace.iter().map(|(run, _)| run).collect();
    runs.iter().for_each(|run| depths[run.at()] = above(run).map_or(0, |above| depths[above.at()] + 1));
    runs.sort_by_key(|run| (std::cmp::Reverse(trace.ended(*run)), depths[run.at()], std::cmp::Reverse(*run)));
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
    }
    for (group, _) in trace.iter() {
        let task = trace.task_of(flows, group);
        let Order::Dag { depends_on, .. } = task.order() else { continue };
        let mut runs: Vec<(TaskIdx, RunIdx)> = children.of(group).iter().map(|run| (trace.run(*run).task, *run)).collect();
        runs.sort_unstable();
        let of_place = |place: usize| {
            let of = task.lists.tasks.get(place).copied();
            let first = runs.partition_point(|(task, _)| Some(*task) < of);
            runs[first..].iter().take_while(move |(task, _)| Some(*task) == of).map(|(_, run)| *run)
        };
        for (place, on) in depends_on.iter().enumerate() {
            let wanted = on.iter().flat_map(|on| of_place(*on as usize));
            wanted.for_each(|on| waiting[on.at()].extend(of_place(place)));
        }
    }
    waiting
}
