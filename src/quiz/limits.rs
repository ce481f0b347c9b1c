//! Questions about the slots of groups.

use std::slice::from_ref;

use super::ran::{Group, Leaf, Ran, sorted};
use super::runs;
use super::step::{Asked, said};
use crate::analysis::expectation::Expectation;
use crate::analysis::segments::{SegmentKind, segments};
use crate::analysis::slots::holders_of;
use crate::lesson::{Step, Task};
use crate::time::{SimTime, human};

/// So many groups and tasks that wait are looked at.
const MOST_GROUPS: usize = 2;
const MOST_WAITING: usize = 40;
/// Times that are made up are as round as those that people write, in milliseconds.
const ROUND_MS: u64 = 100;

/// A group, and the run in which it has a slot more.
pub struct Gain<'a> {
    group: &'a Group,
    more: Ran,
    changes: bool,
}

/// What one slot more does: for the first group that lets the flow take another time, then for the first that does not.
pub fn gains<'a>(base: &Ran, groups: &'a [Group], n_tries: usize) -> Vec<Gain<'a>> {
    let mut gains: Vec<Gain<'a>> = Vec::new();
    for group in groups.iter().take(n_tries) {
        let Some(more) = base.with_slots(from_ref(group), group.slots + 1) else { continue };
        let changes = more.makespan() != base.makespan();
        if gains.iter().all(|known| known.changes != changes) {
            gains.push(Gain { group, more, changes });
        }
    }
    if gains.last().is_some_and(|last| last.changes) {
        gains.reverse();
    }
    gains
}

/// When a task starts that waited for a slot: the one about which most mistakes can be made.
pub fn start(base: &Ran, groups: &[Group]) -> Option<Step> {
    let batches = base.in_batches();
    let mut best = None;
    for group in groups.iter().take(MOST_GROUPS) {
        let (no_limit, one) = (base.with_slots(from_ref(group), 0), base.with_slots(from_ref(group), 1));
        for leaf in base.leaves().into_iter().filter(|leaf| waited_in(base, group, *leaf)).take(MOST_WAITING) {
            let step = start_of(base, group, leaf, [batches.as_ref(), no_limit.as_ref(), one.as_ref()]);
            if n_wrong(&step) > n_wrong(&best) {
                best = step;
            }
        }
    }
    best
}

fn n_wrong(step: &Option<Step>) -> usize {
    if let Some(Step { task: Some(Task::Guess(question)), .. }) = step { question.wrong.len() } else { 0 }
}

/// Whether a task of a group began right after it had waited for a slot.
fn waited_in(base: &Ran, group: &Group, leaf: Leaf) -> bool {
    let trace = &base.trace;
    let is_inside = trace.run(leaf.run).parent.is_some_and(|parent| trace.run(parent).task == group.task);
    let waits = || segments(trace, leaf.run).into_iter().take_while(|segment| segment.kind.is_wait()).last();
    is_inside && waits().is_some_and(|wait| wait.kind == SegmentKind::WaitSlot)
}

fn start_of(base: &Ran, group: &Group, leaf: Leaf, models: [Option<&Ran>; 3]) -> Option<Step> {
    const WHYS: [&str; 3] = [
        "You took the limit for a batch. But `%` starts as soon as one slot is free.",
        "You gave each task a slot of its own. But `%` has to wait for one: `%` has only %.",
        "You had `%` wait for each task before it. But `%` has %.",
    ];
    let (id, slots) = (base.id(leaf), slots(group.slots));
    let at = |at: SimTime| Expectation::At(id.to_owned(), at);
    let mut asked = Asked::new(base, at(leaf.began));
    for (model, why) in models.into_iter().zip(WHYS) {
        if let Some(then) = model.and_then(|model| model.find(leaf)) {
            asked.wrong(at(then.began), model, why, &[id, &group.id, &slots]);
        }
    }
    // Of the tasks that held the slots, the one that ended first let it start.
    let held = holders_of(&base.trace, leaf.run);
    let holders = base.leaves().into_iter().filter(|leaf| held.contains(&leaf.run)).collect();
    if let [first, .., last] = sorted(holders, &|leaf| (leaf.ended.0, 0))[..]
        && first.ended <= leaf.began
    {
        let why = "You had `%` wait for `%`. But `%` ends before that, and its slot is free.";
        asked.wrong(at(last.ended), None, why, &[id, base.id(last), base.id(first)]);
    }
    asked.step(&said("The group `%` has %, and more to do.", &[&group.id, &slots]), &said("When does `%` start?", &[id]))
}

/// How long the flow takes when a group has one slot more.
pub fn more(base: &Ran, Gain { group, more, .. }: &Gain<'_>) -> Option<Step> {
    let n = (group.slots + 1).to_string();
    let mut asked = Asked::makespan(more);
    let earlier = base.leaves().into_iter().find_map(|leaf| more.find(leaf).filter(|then| then.began < leaf.began).zip(Some(leaf)));
    match earlier {
        Some((then, leaf)) => {
            let why = "You took the slot to change nothing. But `%` starts at % in place of %.";
            asked.as_in(Some(base), why, &[base.id(leaf), &human(then.began), &human(leaf.began)]);
        }
        None => asked.as_in(Some(base), "You took the slot to change nothing.", &[]),
    }
    let batches = more.in_batches();
    asked.as_in(batches.as_ref(), "You took the limit for a batch. But a task starts as soon as one slot is free.", &[]);
    let no_limit = base.with_slots(from_ref(group), 0);
    asked.as_in(no_limit.as_ref(), "You took % slots to be enough for all of `%` at once. But they are not.", &[&n, &group.id]);
    if let Some(at) = shared(base, group) {
        let why = "You shared the work of `%` among % slots. But a task keeps one slot to its end.";
        asked.takes(at, why, &[&group.id, &n]);
    }
    let say = said("Suppose `%` gets one slot more: % in place of %.", &[&group.id, &n, &group.slots.to_string()]);
    asked.step(&say, "How long does the flow take then?")
}

/// How long the flow would take if its work in a group could be cut among one slot more.
fn shared(base: &Ran, group: &Group) -> Option<SimTime> {
    let (run, _) = base.trace.iter().find(|(_, run)| run.task == group.task)?;
    let lasted = base.trace.ended(run) - base.trace.began(run)?;
    Some(base.makespan() - SimTime(lasted.0 / (u64::from(group.slots) + 1) / ROUND_MS * ROUND_MS))
}

/// What comes last, or in which order tasks start, when a group has one slot fewer.
pub fn fewer(base: &Ran, group: &Group) -> Option<Step> {
    let n = group.slots.checked_sub(1).filter(|n| *n > 0)?;
    let fewer = base.with_slots(from_ref(group), n)?;
    runs::about(&fewer, &said("Suppose `%` has only % in place of %.", &[&group.id, &slots(n), &group.slots.to_string()]))
}

/// `1 slot`, `3 slots`.
fn slots(n: u32) -> String {
    [&*n.to_string(), if n == 1 { " slot" } else { " slots" }].concat()
}
