//! The best next change, and the smallest limits that bring a flow close to what no schedule can beat.

use std::cell::Cell;
use std::cmp::Reverse;

use super::bounds::lower_bounds;
use super::change_words::of_runs;
use super::claims::{Change, Counterfactual, Runs};
use super::curve::{MOST_SAMPLES, Point, insert, steps_by};
use super::help::Help;
use super::makespan::makespan;
use super::sentence::whole_as_object;
use crate::flow::behavior::Order;
use crate::flow::{Flow, Task, TaskIdx};
use crate::sim::trace::Trace;
use crate::time::SimTime;
use crate::tr;

/// Up to so many combinations of limits are all simulated; of more, one group after another is brought down.
const MOST_COMBINATIONS: usize = 400;

/// The limits that are good enough, and what each of them buys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The makespan now.
    pub now: SimTime,
    /// What no schedule can beat, whatever the limits are.
    pub bound: SimTime,
    /// The one change that brings the makespan down the most, if any does.
    pub next: Option<Counterfactual>,
    /// What that change must shorten: `the flow`, `this run (seed 0)`, `this run and at least 15 of 20 runs (seeds 0 to 19)`.
    pub tried_on: String,
    /// The smallest limits; empty for a flow without slots.
    pub limits: Vec<Limit>,
    /// The makespan with them.
    pub makespan: SimTime,
    /// Whether it is within 1 % of the bound. Otherwise no limits that were tried are better.
    pub is_close: bool,
    /// What these limits do over several runs, where lengths are drawn.
    pub runs: Option<Runs>,
}

/// The limit of a group in a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// The id of the group.
    pub group: String,
    /// Its limit now; 0 is no limit.
    pub now: u32,
    /// Its limit in the plan.
    pub limit: u32,
    /// The makespan when this group stays as it is now and the others follow the plan.
    pub without: SimTime,
}

/// A group whose slots can be set, with the most that are of use.
struct Group {
    id: String,
    now: u32,
    most: u32,
}

/// The plan for the first flow. No group gets more than `max_slots`.
#[must_use]
pub fn optimize(flows: &[Flow], trace: &Trace, help: &Help<'_>, max_slots: Option<u32>) -> Plan {
    let flow = &flows[0];
    let groups = groups(flow, help, max_slots);
    let (now, bound) = (makespan(trace), lower_bounds(flow, trace).with_any_limits());
    let smallest = smallest(help, &groups, bound);
    let set = |limits: &[u32]| Change::Set(groups.iter().zip(limits).map(|(group, limit)| (group.id.clone(), *limit)).collect());
    let limits = groups.iter().enumerate().map(|(n, group)| {
        let mut others = smallest.clone();
        others[n] = group.now;
        let without = help.makespan(&set(&others)).unwrap_or(now);
        Limit { group: group.id.clone(), now: group.now, limit: smallest[n], without }
    });
    let limits = limits.collect();
    let makespan = if groups.is_empty() { now } else { help.makespan(&set(&smallest)).unwrap_or(now) };
    let (next, tried_on) = (best(flows, trace, help, max_slots), tried_on(flows, trace, help, max_slots));
    let over_runs = |n| Some(runs(&savings(help, &set(&smallest), n)?, &[]));
    let is_other = groups.iter().zip(&smallest).any(|(group, limit)| group.now != *limit);
    let runs = Some(n_runs(trace, 1)).filter(|n| *n > 1 && is_other).and_then(over_runs);
    Plan { now, bound, next, tried_on, limits, makespan, is_close: is_close(makespan, bound), runs }
}

/// The groups whose slots can be set. In a flow that takes long to simulate a group has only a few numbers tried.
fn groups(flow: &Flow, help: &Help<'_>, max_slots: Option<u32>) -> Vec<Group> {
    let group = |(idx, task): (TaskIdx, &Task)| {
        let most = if task.has_slots() { help.n_children(idx).min(max_slots.unwrap_or(u32::MAX)) } else { 0 };
        (most > 0).then(|| Group { id: task.id.to_string(), now: help.limit(idx), most })
    };
    flow.iter().filter(|_| flow.dialect.has_limits()).filter_map(group).collect()
}

/// The numbers of slots that are tried for a group of a long run have about so many events.
const MOST_EVENTS_OF_POINTS: usize = 4_000_000;

/// The makespans for the slots of a group: for all numbers, or of many for those that are needed to know every step. Of a long run
/// fewer are tried, among them the fewest slots for the best makespan.
fn points(help: &Help<'_>, group: &Group) -> Vec<Point> {
    let at = |concurrent: u32| {
        let makespan = help.makespan(&Change::Set(vec![(group.id.clone(), concurrent)]));
        Point { concurrent, makespan: makespan.unwrap_or(SimTime(u64::MAX)), work: SimTime::ZERO }
    };
    let left = Cell::new((MOST_EVENTS_OF_POINTS / help.n_events().max(1)).max(MOST_SAMPLES as usize));
    // No more are asked for once the simulations are used up.
    let next = |n: u32| {
        left.set(left.get().checked_sub(1)?);
        (!help.is_short()).then(|| at(n))
    };
    let mut points = steps_by(group.most, &next);
    let best = points.iter().map(|point| point.makespan).min();
    let first = points.iter().position(|point| Some(point.makespan) == best).unwrap_or(0);
    if let [low, high] = points.get(first.saturating_sub(1)..=first).unwrap_or_default() {
        fewest(low.concurrent, high.concurrent, &mut |n| {
            let point = at(n);
            let is_best = Some(point.makespan) == best;
            insert(&mut points, point);
            is_best
        });
    }
    points
}

/// The fewest slots that are enough, when `high` are and `low` are not.
fn fewest(mut low: u32, mut high: u32, is_enough: &mut dyn FnMut(u32) -> bool) -> u32 {
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if is_enough(middle) { high = middle } else { low = middle }
    }
    high
}

/// Within 1 % of a bound.
fn is_close(makespan: SimTime, bound: SimTime) -> bool {
    u128::from(makespan.0) * 100 <= u128::from(bound.0) * 101
}

/// For each group whose order matters: its longest tasks first.
pub fn orders(flow: &Flow) -> impl Iterator<Item = Change> {
    let has_order = |task: &&Task| matches!(task.order(), Order::Window(_) | Order::Dag { .. }) && task.lists.tasks.len() > 1;
    flow.tasks.iter().filter(has_order).map(|task| Change::LongestFirst(task.id.to_string()))
}

/// Flows with more events than this are too long to be simulated hundreds of times.
const MOST_EVENTS: usize = 50_000;

/// Where lengths are drawn, the changes are compared over so many runs with different seeds.
const RUNS: u32 = 20;
/// When fewer than this can be afforded, they are compared in the present run alone.
const FEWEST_RUNS: usize = 5;
/// All runs with all changes have about so many events.
const MOST_EVENTS_OVER_RUNS: usize = 2_000_000;

/// Over how many runs so many changes are compared.
fn n_runs(trace: &Trace, n_changes: usize) -> u32 {
    let affordable = MOST_EVENTS_OVER_RUNS / (trace.events.len().max(1) * (n_changes + 1));
    if trace.has_drawn && affordable >= FEWEST_RUNS { RUNS.min(affordable as u32) } else { 1 }
}

/// The changes of one limit or one order, and over how many runs they are compared; `None` for very long runs.
fn changes(flows: &[Flow], trace: &Trace, help: &Help<'_>, max_slots: Option<u32>) -> Option<(Vec<Change>, u32)> {
    let flow = flows.first().filter(|_| trace.events.len() <= MOST_EVENTS)?;
    let groups = groups(flow, help, max_slots);
    let set = |group: &Group, n: u32| Change::Set(vec![(group.id.clone(), n)]);
    let limits = groups.iter().flat_map(|group| points(help, group).into_iter().map(|point| set(group, point.concurrent)));
    let changes: Vec<Change> = limits.chain(orders(flow)).collect();
    let n_runs = n_runs(trace, changes.len());
    Some((changes, n_runs))
}

/// The change of one limit or one order that shortens the makespan the most; of equals the one with the fewest slots. Where lengths
/// are drawn it is the one with the largest median saving over several runs, of those that shorten the present run and too many of
/// the others for chance. `None` when no change does, and for very long runs.
#[must_use]
pub fn best(flows: &[Flow], trace: &Trace, help: &Help<'_>, max_slots: Option<u32>) -> Option<Counterfactual> {
    let (changes, n_runs) = changes(flows, trace, help, max_slots)?;
    let all = changes.into_iter().filter_map(|change| savings(help, &change, n_runs).map(|savings| (change, savings)));
    let all: Vec<(Change, Vec<i64>)> = all.collect();
    let helps = |(_, savings): &&(Change, Vec<i64>)| savings[0] > 0 && n_shorter(savings) >= n_needed(n_runs);
    let rank = |(_, savings): &&(Change, Vec<i64>)| Reverse((median(savings), savings.iter().sum::<i64>()));
    let (change, savings) = all.iter().filter(helps).min_by_key(rank)?;
    Some(Counterfactual { runs: (n_runs > 1).then(|| runs(savings, &all)), ..help.changed(change.clone(), None)? })
}

/// How many of so many runs a change must shorten: three of four. A change that shortens one run of two shortens 15 of 20 in one
/// case of 50.
fn n_needed(n_runs: u32) -> u32 {
    (n_runs * 3).div_ceil(4)
}

/// By how much a change shortens each of so many runs; `None` when there is nothing to change.
fn savings(help: &Help<'_>, change: &Change, n_runs: u32) -> Option<Vec<i64>> {
    let (now, then) = (help.over_runs(&Change::Set(Vec::new()), n_runs)?, help.over_runs(change, n_runs)?);
    Some(now.iter().zip(then).map(|(now, then)| now.0 as i64 - then.0 as i64).collect())
}

/// What a change with these savings does over all runs, compared with all changes.
fn runs(savings: &[i64], all: &[(Change, Vec<i64>)]) -> Runs {
    let is_best = |run: &usize| savings[*run] > 0 && all.iter().all(|(_, other)| other[*run] <= savings[*run]);
    let n_best = (0..savings.len()).filter(is_best).count() as u32;
    let median_saving = SimTime(median(savings).max(0).unsigned_abs());
    Runs { n: savings.len() as u32, n_shorter: n_shorter(savings), n_best, median_saving }
}

fn n_shorter(savings: &[i64]) -> u32 {
    savings.iter().filter(|saving| **saving > 0).count() as u32
}

/// The middle one of the numbers; of an even count the mean of the two in the middle, rounded down. 0 of none.
fn median(numbers: &[i64]) -> i64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable();
    let Some(upper) = sorted.get(sorted.len() / 2) else { return 0 };
    (sorted[(sorted.len() - 1) / 2] + upper).div_euclid(2)
}

/// What no change makes shorter, when none does: `the flow`, `this run (seed 0)`, `this run and at least 15 of 20 runs (seeds 0 to 19)`.
fn tried_on(flows: &[Flow], trace: &Trace, help: &Help<'_>, max_slots: Option<u32>) -> String {
    match changes(flows, trace, help, max_slots) {
        Some((_, n)) if n > 1 => tr!("this run and at least {n} of {runs}", n = n_needed(n), runs = of_runs(trace, n)),
        _ => whole_as_object(trace),
    }
}

/// The limits with the smallest sum whose makespan is close to the bound, or the shortest of all when none is.
fn smallest(help: &Help<'_>, groups: &[Group], bound: SimTime) -> Vec<u32> {
    let makespan = |limits: &[u32]| {
        let set = groups.iter().zip(limits).map(|(group, limit)| (group.id.clone(), *limit)).collect();
        help.makespan(&Change::Set(set)).unwrap_or(SimTime(u64::MAX))
    };
    let n_combinations = groups.iter().try_fold(1usize, |product, group| product.checked_mul(group.most as usize));
    if n_combinations.is_some_and(|n| n <= MOST_COMBINATIONS) {
        let mut all: Vec<Vec<u32>> = groups.iter().fold(vec![Vec::new()], |shorter, group| {
            shorter.iter().flat_map(|limits| (1..=group.most).map(|n| [&limits[..], &[n]].concat())).collect()
        });
        all.sort_by_key(|limits| (limits.iter().sum::<u32>(), limits.clone()));
        let close = all.iter().find(|limits| is_close(makespan(limits), bound));
        return close.or_else(|| all.iter().min_by_key(|limits| makespan(limits))).cloned().unwrap_or_default();
    }
    let mut limits: Vec<u32> = groups.iter().map(|group| group.most).collect();
    let best = makespan(&limits);
    let is_enough = |limits: &[u32]| {
        let makespan = makespan(limits);
        makespan <= best || is_close(makespan, bound)
    };
    for n in 0..limits.len() {
        let tried = |limit: &u32| {
            let mut fewer = limits.clone();
            fewer[n] = *limit;
            is_enough(&fewer)
        };
        let numbers: Vec<u32> = points(help, &groups[n]).iter().map(|point| point.concurrent).collect();
        if let Some(first) = numbers.iter().position(tried) {
            let none = first.checked_sub(1).map_or(0, |before| numbers[before]);
            limits[n] = fewest(none, numbers[first], &mut |n| tried(&n));
        }
    }
    limits
}
