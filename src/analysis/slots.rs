//! Which run took which slot, and how many slots were busy when.

use crate::flow::Flow;
use crate::flow::state::State;
use crate::pace::{give_way, sort};
use crate::sim::trace::{Children, RunIdx, TaskRun, Trace, What};
use crate::time::SimTime;

/// One that held a slot for a while.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    /// The run.
    pub run: RunIdx,
    /// When it first was RUNNING; `None` when it never was.
    pub began: Option<SimTime>,
    /// From when on it held the slot.
    pub from: SimTime,
    /// Until when; later than its start.
    pub to: SimTime,
}

/// Some slots, and who held them.
#[derive(Debug)]
pub struct Slots {
    /// How many there are; 0 is no limit.
    pub n: u32,
    /// In order of creation.
    held: Vec<Held>,
    /// The stretches in which none was free, in order.
    taken: Vec<(SimTime, SimTime)>,
}

impl Slots {
    /// `held` is in order of creation; what one run held stands together.
    #[must_use]
    pub fn new(n: u32, held: Vec<Held>) -> Self {
        let mut changes: Vec<(SimTime, i64)> = held.iter().flat_map(|held| [(held.from, 1), (held.to, -1)]).collect();
        sort(&mut changes);
        let (mut n_held, mut taken, mut since) = (0, Vec::new(), None);
        for at_once in changes.chunk_by(|a, b| a.0 == b.0) {
            n_held += at_once.iter().map(|(_, change)| change).sum::<i64>();
            let (at, are_taken) = (at_once[0].0, n_held >= i64::from(n));
            match since {
                Some(from) if !are_taken => {
                    taken.push((from, at));
                    since = None;
                }
                None if are_taken => since = Some(at),
                _ => {}
            }
        }
        Self { n, held, taken }
    }

    /// Whether none was free from one time to another, a later one.
    #[must_use]
    pub fn are_taken(&self, from: SimTime, to: SimTime) -> bool {
        let next = self.taken.partition_point(|(began, _)| *began <= from);
        self.n > 0 && next.checked_sub(1).is_some_and(|last| self.taken[last].1 >= to)
    }

    /// Those that held one at some time from one time to another, each once.
    pub fn held_in(&self, from: SimTime, to: SimTime) -> impl Iterator<Item = &Held> {
        let mut last = None;
        let held = self.held.iter().inspect(|_| give_way()).filter(move |held| held.from < to && held.to > from);
        held.filter(move |held| last.replace(held.run) != Some(held.run))
    }
}

/// For each taskrun that waited for a slot: the siblings that held the slots until the wait ended, in order of creation. Empty
/// for all others.
#[must_use]
pub fn holders(trace: &Trace) -> Vec<Vec<RunIdx>> {
    let mut found = vec![Vec::new(); trace.runs.len()];
    // By group run: the children that may still hold a slot.
    let mut holding: Vec<Vec<RunIdx>> = vec![Vec::new(); trace.runs.len()];
    for (run, taskrun) in trace.iter() {
        let Some(parent) = taskrun.parent else { continue };
        let created = trace.created(run);
        let holders = &mut holding[parent.at()];
        holders.retain(|holder| trace.ended(*holder) >= created);
        if created > taskrun.ready_at {
            found[run.at()] = holders.iter().copied().filter(|holder| trace.created(*holder) < created).collect();
        }
        holders.push(run);
    }
    found
}

/// The same for one taskrun alone.
#[must_use]
pub fn holders_of(trace: &Trace, run: RunIdx) -> Vec<RunIdx> {
    let created = trace.created(run);
    let held = |(idx, sibling): &(RunIdx, &TaskRun)| {
        sibling.parent == trace.run(run).parent && *idx < run && trace.created(*idx) < created && trace.ended(*idx) >= created
    };
    let waited = created > trace.run(run).ready_at && trace.run(run).parent.is_some();
    if waited { trace.iter().filter(held).map(|(idx, _)| idx).collect() } else { Vec::new() }
}

/// How many leaves were running from each moment on. Also moments at which as many ended as began are listed.
#[must_use]
pub fn busy(flow: &Flow, trace: &Trace) -> Vec<(SimTime, u32)> {
    running(trace, &|run| trace.is_of_flow(run.execution) && !flow.task(run.task).is_group(), |_| true)
}

/// The same for the leaves below one group run, at any depth and in called flows.
#[must_use]
pub fn busy_below(flows: &[Flow], trace: &Trace, group: RunIdx) -> Vec<(SimTime, u32)> {
    // A run comes after its parent, so one pass finds all that is below.
    let mut below = vec![false; trace.runs.len()];
    for (run, taskrun) in trace.iter() {
        let above = taskrun.parent.or(trace.execution(taskrun.execution).started_by);
        below[run.at()] = above.is_some_and(|above| above == group || below[above.at()]);
    }
    let is_leaf = |run: &TaskRun| !trace.flow_of(flows, run.execution).task(run.task).is_group();
    running(trace, &is_leaf, |run| below[run.at()])
}

/// How many of the runs that count were RUNNING from each moment on.
fn running(trace: &Trace, is_leaf: &dyn Fn(&TaskRun) -> bool, counts: impl Fn(RunIdx) -> bool) -> Vec<(SimTime, u32)> {
    let mut steps: Vec<(SimTime, u32)> = vec![(SimTime::ZERO, 0)];
    let mut n_running = 0u32;
    let mut running = vec![false; trace.runs.len()];
    for event in &trace.events {
        give_way();
        let What::Run(run, state) = event.what else { continue };
        if !counts(run) || !is_leaf(trace.run(run)) {
            continue;
        }
        let was = std::mem::replace(&mut running[run.at()], state == State::Running);
        n_running = n_running + u32::from(state == State::Running) - u32::from(was);
        match steps.last_mut() {
            Some((at, n)) if *at == event.at => *n = n_running,
            _ => steps.push((event.at, n_running)),
        }
    }
    steps
}

/// The highest number of leaves that ran at once for any length of time.
#[must_use]
pub fn peak(flow: &Flow, trace: &Trace) -> u32 {
    busy(flow, trace).iter().map(|(_, n)| *n).max().unwrap_or(0)
}

/// When each iteration of a Loop, or what runs for each value of a ForEach, began and ended, in order; empty for other groups.
#[must_use]
pub fn iterations(trace: &Trace, children: &Children, group: RunIdx) -> Vec<(SimTime, SimTime)> {
    let of_group = trace.execution_indices().filter(|execution| {
        let about = trace.execution(*execution);
        about.started_by == Some(group) && about.iteration.is_some()
    });
    let lasted = |execution| {
        let last = trace.execution_history(execution).last().filter(|(_, state)| state.is_terminal());
        (trace.execution(execution).made_at, last.map_or(trace.end, |(at, _)| *at))
    };
    let mut of_values: Vec<RunIdx> = children.of(group).iter().copied().filter(|run| trace.run(*run).value.is_some()).collect();
    of_values.sort_by_key(|run| (trace.run(*run).iteration, *run));
    let of_value = |runs: &[RunIdx]| {
        let began = runs.iter().map(|run| trace.created(*run)).min()?;
        Some((began, runs.iter().map(|run| trace.ended(*run)).max()?))
    };
    let of_values = of_values.chunk_by(|a, b| trace.run(*a).iteration == trace.run(*b).iteration).filter_map(of_value);
    let mut stays: Vec<(SimTime, SimTime)> = of_group.map(lasted).chain(of_values).collect();
    stays.sort_by_key(|(began, _)| *began);
    stays
}

/// The slot that each of these took, from 0, when each takes the first that is free. They are in order of their begin.
#[must_use]
pub fn first_free(stays: &[(SimTime, SimTime)]) -> Vec<usize> {
    let mut free_from: Vec<SimTime> = Vec::new();
    let take = |(from, to): &(SimTime, SimTime)| {
        let slot = free_from.iter().position(|free| free <= from).unwrap_or(free_from.len());
        free_from.resize(free_from.len().max(slot + 1), SimTime::ZERO);
        free_from[slot] = *to;
        slot
    };
    stays.iter().map(take).collect()
}

/// The slot that each of these siblings took, from 0: the slot of the one that let it start, if that is free, else the first
/// free slot. The siblings are in order of creation.
#[must_use]
pub fn slots_taken(trace: &Trace, siblings: &[RunIdx]) -> Vec<usize> {
    let mut free_from: Vec<SimTime> = Vec::new();
    let mut slots: Vec<usize> = Vec::with_capacity(siblings.len());
    for run in siblings {
        let created = trace.created(*run);
        let handed_over = trace.run(*run).released_by.and_then(|by| siblings[..slots.len()].iter().rposition(|sibling| *sibling == by));
        let is_free = |slot: &usize| free_from[*slot] <= created;
        let slot =
            handed_over.map(|at| slots[at]).filter(is_free).or_else(|| (0..free_from.len()).find(is_free)).unwrap_or(free_from.len());
        free_from.resize(free_from.len().max(slot + 1), SimTime::ZERO);
        free_from[slot] = trace.ended(*run);
        slots.push(slot);
    }
    slots
}
