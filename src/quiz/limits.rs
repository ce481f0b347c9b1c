//! Questions about the slots of groups.

use std::slice::from_ref;

use super::ran::{Group, Leaf, Ran, sorted};
use super::runs;
use super::step::Asked;
use crate::analysis::expectation::Expectation;
use crate::analysis::segments::{SegmentKind, segments};
use crate::analysis::slots::holders_of;
use crate::lesson::{Step, Task};
use crate::time::{SimTime, human};
use crate::tr;

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
    let (id, slots, group) = (base.id(leaf), group.slots, &group.id);
    let whys = [
        tr!("You took the limit for a batch. But `{task}` starts as soon as one slot is free.", task = id),
        tr!(
            "You gave each task a slot of its own. But `{task}` has to wait for one: `{group}` has only {n} slot."
                | "You gave each task a slot of its own. But `{task}` has to wait for one: `{group}` has only {n} slots." % slots,
            task = id,
            group
        ),
        tr!(
            "You had `{task}` wait for each task before it. But `{group}` has {n} slot."
                | "You had `{task}` wait for each task before it. But `{group}` has {n} slots." % slots,
            task = id,
            group
        ),
    ];
    let at = |at: SimTime| Expectation::At(id.to_owned(), at);
    let mut asked = Asked::new(base, at(leaf.began));
    for (model, why) in models.into_iter().zip(&whys) {
        if let Some(then) = model.and_then(|model| model.find(leaf)) {
            asked.wrong(at(then.began), model, why);
        }
    }
    // Of the tasks that held the slots, the one that ended first let it start.
    let held = holders_of(&base.trace, leaf.run);
    let holders = base.leaves().into_iter().filter(|leaf| held.contains(&leaf.run)).collect();
    if let [first, .., last] = sorted(holders, &|leaf| (leaf.ended.0, 0))[..]
        && first.ended <= leaf.began
    {
        let (last_id, first_id) = (base.id(last), base.id(first));
        let why = tr!(
            "You had `{task}` wait for `{last}`. But `{first}` ends before that, and its slot is free.",
            task = id,
            last = last_id,
            first = first_id
        );
        asked.wrong(at(last.ended), None, &why);
    }
    let say =
        tr!("The group `{group}` has {n} slot, and more to do." | "The group `{group}` has {n} slots, and more to do." % slots, group);
    asked.step(&say, &tr!("When does `{task}` start?", task = id))
}

/// How long the flow takes when a group has one slot more.
pub fn more(base: &Ran, Gain { group, more, .. }: &Gain<'_>) -> Option<Step> {
    let (n, before, group_id) = (group.slots + 1, group.slots, &group.id);
    let mut asked = Asked::makespan(more);
    let earlier = base.leaves().into_iter().find_map(|leaf| more.find(leaf).filter(|then| then.began < leaf.began).zip(Some(leaf)));
    match earlier {
        Some((then, leaf)) => {
            let why = tr!(
                "You took the slot to change nothing. But `{task}` starts at {now} in place of {before}.",
                task = base.id(leaf),
                now = human(then.began),
                before = human(leaf.began)
            );
            asked.as_in(Some(base), &why);
        }
        None => asked.as_in(Some(base), &tr!("You took the slot to change nothing.")),
    }
    let batches = more.in_batches();
    asked.as_in(batches.as_ref(), &tr!("You took the limit for a batch. But a task starts as soon as one slot is free."));
    let no_limit = base.with_slots(from_ref(group), 0);
    let why = tr!(
        "You took {n} slot to be enough for all of `{group}` at once. But it is not."
            | "You took {n} slots to be enough for all of `{group}` at once. But they are not." % n,
        group = group_id
    );
    asked.as_in(no_limit.as_ref(), &why);
    if let Some(at) = shared(base, group) {
        let why = tr!(
            "You shared the work of `{group}` among {n} slot. But a task keeps one slot to its end."
                | "You shared the work of `{group}` among {n} slots. But a task keeps one slot to its end." % n,
            group = group_id
        );
        asked.takes(at, &why);
    }
    let say = tr!("Suppose `{group}` gets one slot more: {n} in place of {before}.", group = group_id, n, before);
    asked.step(&say, &tr!("How long does the flow take then?"))
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
    let say = tr!(
        "Suppose `{group}` has only {n} slot in place of {before}." | "Suppose `{group}` has only {n} slots in place of {before}." % n,
        group = group.id,
        before = group.slots
    );
    runs::about(&fewer, &say)
}
