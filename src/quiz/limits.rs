//! Questions about the slots of groups.

use std::cmp::Reverse;

use super::ran::{Group, Leaf, Ran};
use super::runs;
use super::step::{Guess, as_in, name, step, takes};
use crate::analysis::expectation::Expectation;
use crate::analysis::segments::{SegmentKind, segments};
use crate::analysis::slots::holders_of;
use crate::lesson::{Step, Task};
use crate::sim::trace::RunIdx;
use crate::time::{SimTime, human};

/// So many tasks that wait are looked at.
const MOST_WAITING: usize = 40;
/// Times that are made up are as round as those that people write, in milliseconds.
const ROUND_MS: u64 = 100;

const BATCH: &str = "You took the limit for a batch.";

/// A group and the run in which it has a slot more.
pub struct Gain<'a> {
    group: &'a Group,
    more: Ran,
}

/// What one slot more does for the first groups: first one that makes the flow take another time, then one that does not.
pub fn gains<'a>(base: &Ran, groups: &'a [Group], n_tries: usize) -> Vec<Gain<'a>> {
    let gain = |group: &'a Group| Some(Gain { group, more: base.with_slots([(&*group.id, group.slots + 1)].into_iter())? });
    let mut gains: Vec<Gain<'a>> = groups.iter().take(n_tries).filter_map(gain).collect();
    gains.sort_by_key(|gain| gain.more.makespan() == base.makespan());
    let n_changing = gains.iter().filter(|gain| gain.more.makespan() != base.makespan()).count();
    if n_changing > 1 {
        gains.drain(1..n_changing);
    }
    gains
}

/// When a task starts that waited for a slot: the one about which most mistakes can be made.
pub fn start(base: &Ran, groups: &[Group]) -> Option<Step> {
    let batches = base.in_batches();
    let of_group = |group: &Group| {
        let with = |slots: u32| base.with_slots([(&*group.id, slots)].into_iter());
        let (no_limit, one) = (with(0), with(1));
        let waiting = base.leaves().into_iter().filter(|leaf| waited_in(base, group, leaf.run)).take(MOST_WAITING);
        let asked = waiting.filter_map(|leaf| start_of(base, group, &leaf, [batches.as_ref(), no_limit.as_ref(), one.as_ref()]));
        asked.min_by_key(|step| Reverse(n_wrong(step)))
    };
    groups.iter().take(2).filter_map(of_group).min_by_key(|step| Reverse(n_wrong(step)))
}

fn n_wrong(step: &Step) -> usize {
    if let Some(Task::Guess(question)) = &step.task { question.wrong.len() } else { 0 }
}

/// Whether a task of a group began right after it had waited for a slot.
fn waited_in(base: &Ran, group: &Group, run: RunIdx) -> bool {
    let trace = &base.trace;
    let is_inside = trace.run(run).parent.is_some_and(|parent| trace.run(parent).task == group.task);
    let waits = || segments(trace, run).into_iter().take_while(|segment| segment.kind.is_wait()).last();
    is_inside && waits().is_some_and(|wait| wait.kind == SegmentKind::WaitSlot && wait.from < wait.to)
}

fn start_of(base: &Ran, group: &Group, leaf: &Leaf, [batches, no_limit, one]: [Option<&Ran>; 3]) -> Option<Step> {
    let (id, of) = (name(&leaf.id), name(&group.id));
    let at = |at: SimTime| Expectation::At(leaf.id.to_string(), at);
    let n_slots = n(group.slots, "slot");
    let in_run = |ran: Option<&'_ Ran>| ran.and_then(|ran| ran.find(&leaf.id)).map(|leaf| at(leaf.began));
    let from = |ran, why: String| in_run(ran).map(|claim| Guess { claim, why, from: ran });
    let guesses = [
        from(batches, format!("{BATCH} But {id} starts as soon as one slot is free.")),
        from(no_limit, format!("You gave each task a slot of its own. But {of} has only {n_slots}, and {id} has to wait for one.")),
        from(one, format!("You let the tasks of {of} run one after another. But it has {n_slots}.")),
        last_holder(base, leaf).map(|(first, last)| Guess {
            claim: at(last.ended),
            why: format!("You had {id} wait for {}. But {} ends before that, and its slot is free.", name(&last.id), name(&first.id)),
            from: None,
        }),
    ];
    let say = format!("The group {of} has {n_slots}, and more to do.");
    step(base, &say, &format!("When does {id} start?"), at(leaf.began), guesses.into_iter().flatten().collect())
}

/// Of the tasks that held the slots for which a task waited, the one that ended first, and the one that ended last.
fn last_holder(base: &Ran, leaf: &Leaf) -> Option<(Leaf, Leaf)> {
    let leaves = base.leaves();
    let mut holders: Vec<&Leaf> =
        holders_of(&base.trace, leaf.run).into_iter().filter_map(|run| leaves.iter().find(|leaf| leaf.run == run)).collect();
    holders.sort_by_key(|holder| holder.ended);
    let (first, last) = (*holders.first()?, *holders.last()?);
    (first.ended < last.ended && first.ended <= leaf.began).then(|| (first.clone(), last.clone()))
}

/// How long the flow takes when a group has one slot more.
pub fn more(base: &Ran, Gain { group, more }: &Gain<'_>) -> Option<Step> {
    let (of, slots) = (name(&group.id), group.slots + 1);
    let no_limit = base.with_slots([(&*group.id, 0)].into_iter());
    let batches = more.in_batches();
    let guesses = [
        as_in(Some(base), format!("You took the slot to change nothing.{}", earlier(base, more))),
        as_in(batches.as_ref(), format!("{BATCH} But a task starts as soon as one slot is free.")),
        as_in(no_limit.as_ref(), format!("You took {} to be enough for all of {of} at once. But they are not.", n(slots, "slot"))),
        shared(base, group)
            .map(|at| takes(at, None, format!("You shared the work of {of} among {slots} slots. But a task keeps one slot to its end."))),
    ];
    let say = format!("Suppose {of} gets one slot more: {slots} in place of {}.", group.slots);
    step(more, &say, "How long does the flow take then?", Expectation::Makespan(more.makespan()), guesses.into_iter().flatten().collect())
}

/// That a task starts earlier with a slot more; empty when none does.
fn earlier(base: &Ran, more: &Ran) -> String {
    let of = |leaf: Leaf| {
        let then = more.find(&leaf.id).filter(|then| then.began < leaf.began)?;
        Some(format!(" But {} starts at {} in place of {}.", name(&leaf.id), human(then.began), human(leaf.began)))
    };
    base.leaves().into_iter().find_map(of).unwrap_or_default()
}

/// How long the flow would take if its work in a group could be cut among one slot more.
fn shared(base: &Ran, group: &Group) -> Option<SimTime> {
    let is_it = |run: &RunIdx| base.trace.run(*run).task == group.task;
    let run = base.trace.iter().map(|(run, _)| run).find(is_it)?;
    let lasted = base.trace.ended(run) - base.trace.began(run)?;
    let saved = SimTime(lasted.0 / (u64::from(group.slots) + 1) / ROUND_MS * ROUND_MS);
    (saved > SimTime::ZERO).then(|| base.makespan() - saved)
}

/// What comes last, or in which order tasks start, when a group has one slot fewer.
pub fn fewer(base: &Ran, group: &Group) -> Option<Step> {
    let slots = group.slots.checked_sub(1).filter(|slots| *slots > 0)?;
    let fewer = base.with_slots([(&*group.id, slots)].into_iter())?;
    runs::about(&fewer, &format!("Suppose {} has only {} in place of {}.", name(&group.id), n(slots, "slot"), group.slots))
}

/// `1 slot`, `3 slots`.
fn n(n: u32, of: &str) -> String {
    format!("{n} {of}{}", if n == 1 { "" } else { "s" })
}
