//! The best next change, and the smallest limits that bring a flow close to what no schedule can beat.

use super::claims::{Change, Counterfactual};
use super::help::Help;
use super::makespan::{lower_bounds, makespan};
use crate::flow::behavior::Order;
use crate::flow::{Flow, TaskIdx};
use crate::sim::trace::Trace;
use crate::time::SimTime;

/// A group has at most so many values tried.
const MOST_VALUES: u32 = 64;
/// Up to so many combinations of limits are all simulated; of more, one group after another is brought down.
const MOST_COMBINATIONS: usize = 400;

/// The limits that are good enough, and what each of them buys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The makespan now.
    pub now: SimTime,
    /// The longest chain of tasks that must run one after another.
    pub bound: SimTime,
    /// The one change that brings the makespan down the most, if any does.
    pub next: Option<Counterfactual>,
    /// The smallest limits; empty for a flow without slots.
    pub limits: Vec<Limit>,
    /// The makespan with them.
    pub makespan: SimTime,
    /// Whether it is within 1 % of the bound. Otherwise no limits that were tried are better.
    pub is_close: bool,
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
    let cap = max_slots.unwrap_or(MOST_VALUES).clamp(1, MOST_VALUES);
    let groups: Vec<Group> = flow.iter().filter(|(_, task)| task.has_slots()).filter_map(|(idx, _)| group(flow, help, idx, cap)).collect();
    let (now, bound) = (makespan(trace), lower_bounds(flow, trace).chain);
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
    Plan { now, bound, next: next(flow, help, &groups), limits, makespan, is_close: is_close(makespan, bound) }
}

fn group(flow: &Flow, help: &Help<'_>, idx: TaskIdx, cap: u32) -> Option<Group> {
    let most = help.n_children(idx).min(cap);
    (most > 0).then(|| Group { id: flow.task(idx).id.to_string(), now: help.limit(idx), most })
}

/// Within 1 % of a bound.
fn is_close(makespan: SimTime, bound: SimTime) -> bool {
    u128::from(makespan.0) * 100 <= u128::from(bound.0) * 101
}

/// The change of one limit or one order with the shortest makespan; of equals the one with the fewest slots.
fn next(flow: &Flow, help: &Help<'_>, groups: &[Group]) -> Option<Counterfactual> {
    let limits = groups.iter().flat_map(|group| (1..=group.most).map(|n| Change::Set(vec![(group.id.clone(), n)])));
    let orders = flow.tasks.iter().filter(|task| matches!(task.order(), Order::Window(limit) if limit > 1) && task.lists.tasks.len() > 1);
    let orders = orders.map(|task| Change::LongestFirst(task.id.to_string()));
    let changed = limits.chain(orders).filter_map(|change| help.changed(change, None));
    changed.min_by_key(|changed| changed.makespan).filter(|best| best.makespan < best.now_makespan)
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
        if let Some(fewest) = (1..=groups[n].most).find(tried) {
            limits[n] = fewest;
        }
    }
    limits
}
