//! Who sat in which slot, and how many were busy when.

use crate::flow::Flow;
use crate::flow::state::State;
use crate::sim::trace::{ExecutionIdx, RunIdx, TaskRun, Trace, What};
use crate::time::SimTime;

/// For each taskrun that waited for a slot: the siblings that sat in the slots when the wait ended, in order of creation.
/// Empty for all others.
#[must_use]
pub fn holders(trace: &Trace) -> Vec<Vec<RunIdx>> {
    let mut found = vec![Vec::new(); trace.runs.len()];
    // By group run: the children that may still sit in a slot.
    let mut seated: Vec<Vec<RunIdx>> = vec![Vec::new(); trace.runs.len()];
    for (run, taskrun) in trace.iter() {
        let Some(parent) = taskrun.parent else { continue };
        let created = trace.created(run);
        let seats = &mut seated[parent.0 as usize];
        seats.retain(|seat| trace.ended(*seat) >= created);
        if created > taskrun.ready_at {
            found[run.0 as usize] = seats.iter().copied().filter(|seat| trace.created(*seat) < created).collect();
        }
        seats.push(run);
    }
    found
}

/// The same for one taskrun alone.
#[must_use]
pub fn holders_of(trace: &Trace, run: RunIdx) -> Vec<RunIdx> {
    let created = trace.created(run);
    let sat = |(idx, sibling): &(RunIdx, &TaskRun)| {
        sibling.parent == trace.run(run).parent && *idx < run && trace.created(*idx) < created && trace.ended(*idx) >= created
    };
    let waited = created > trace.run(run).ready_at && trace.run(run).parent.is_some();
    if waited { trace.iter().filter(sat).map(|(idx, _)| idx).collect() } else { Vec::new() }
}

/// How many leaves were running from which moment on, each count where it is set anew.
#[must_use]
pub fn busy(flow: &Flow, trace: &Trace) -> Vec<(SimTime, u32)> {
    running(trace, &|run| run.execution == ExecutionIdx::FIRST && !flow.task(run.task).is_group(), |_| true)
}

/// The same for the leaves below one group run, whatever they belong to.
#[must_use]
pub fn busy_below(flows: &[Flow], trace: &Trace, group: RunIdx) -> Vec<(SimTime, u32)> {
    // A run stands behind its parent, so one pass finds all that is below.
    let mut below = vec![false; trace.runs.len()];
    for (run, taskrun) in trace.iter() {
        let above = taskrun.parent.or(trace.execution(taskrun.execution).started_by);
        below[run.0 as usize] = above.is_some_and(|above| above == group || below[above.0 as usize]);
    }
    let is_leaf = |run: &TaskRun| !trace.flow_of(flows, run.execution).task(run.task).is_group();
    running(trace, &is_leaf, |run| below[run.0 as usize])
}

/// How many of the runs that count were RUNNING from which moment on.
fn running(trace: &Trace, is_leaf: &dyn Fn(&TaskRun) -> bool, counts: impl Fn(RunIdx) -> bool) -> Vec<(SimTime, u32)> {
    let mut steps: Vec<(SimTime, u32)> = vec![(SimTime::ZERO, 0)];
    let mut n_running = 0u32;
    let mut running = vec![false; trace.runs.len()];
    for event in &trace.events {
        let What::Run(run, state) = event.what else { continue };
        if !counts(run) || !is_leaf(trace.run(run)) {
            continue;
        }
        let was = std::mem::replace(&mut running[run.0 as usize], state == State::Running);
        n_running = n_running + u32::from(state == State::Running) - u32::from(was);
        match steps.last_mut() {
            Some((at, n)) if *at == event.at => *n = n_running,
            _ => steps.push((event.at, n_running)),
        }
    }
    // A count is "set anew" also when as many begin as end, unless nothing happened but an end and a start of no time.
    steps
}

/// The highest number of leaves that ran at once for any length of time.
#[must_use]
pub fn peak(flow: &Flow, trace: &Trace) -> u32 {
    busy(flow, trace).iter().map(|(_, n)| *n).max().unwrap_or(0)
}

/// The slot that each of these siblings sat in, from 0: that of the one that let it start, where it is free, else the first
/// free one. They are in order of creation.
#[must_use]
pub fn seats(trace: &Trace, siblings: &[RunIdx]) -> Vec<usize> {
    let mut free_from: Vec<SimTime> = Vec::new();
    let mut seats: Vec<usize> = Vec::with_capacity(siblings.len());
    for run in siblings {
        let created = trace.created(*run);
        let given = trace.run(*run).released_by.and_then(|by| siblings[..seats.len()].iter().rposition(|sibling| *sibling == by));
        let is_free = |seat: &usize| free_from[*seat] <= created;
        let seat = given.map(|at| seats[at]).filter(is_free).or_else(|| (0..free_from.len()).find(is_free)).unwrap_or(free_from.len());
        free_from.resize(free_from.len().max(seat + 1), SimTime::ZERO);
        free_from[seat] = trace.ended(*run);
        seats.push(seat);
    }
    seats
}
