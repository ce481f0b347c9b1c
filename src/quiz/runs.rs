//! Questions about a run as a whole: what starts first, what ends last, how long it takes.

use std::cmp::Reverse;

use super::ran::{Leaf, Ran};
use super::step::{Guess, as_in, name, step, takes};
use crate::analysis::expectation::Expectation;
use crate::analysis::makespan::numbers;
use crate::lesson::Step;
use crate::sim::names::run_key;
use crate::sim::trace::RunIdx;
use crate::time::{SimTime, human};

/// So many tasks may be put in order.
const MOST_ORDERED: usize = 12;

/// In which order three tasks start, unless that is the order of the text; else which task ends last.
pub fn about(ran: &Ran, say: &str) -> Option<Step> {
    order(ran, say).or_else(|| last(ran, say))
}

/// In which order three tasks start, when that is not the order of the text.
fn order(ran: &Ran, say: &str) -> Option<Step> {
    let leaves: Vec<Leaf> = ran.leaves().into_iter().filter(|leaf| leaf.took > SimTime::ZERO).take(MOST_ORDERED).collect();
    let tasks = leaves.iter().enumerate().find_map(|(nth, first)| {
        let rest = leaves.get(nth + 1..).unwrap_or_default();
        let pairs = rest.iter().enumerate().flat_map(|(at, second)| rest.iter().skip(at + 1).map(move |third| [first, second, third]));
        pairs.into_iter().find(is_to_ask)
    })?;
    let claim = |by: &dyn Fn(&&&Leaf) -> (SimTime, Reverse<SimTime>)| {
        let mut sorted: Vec<&&Leaf> = tasks.iter().collect();
        sorted.sort_by_key(by);
        Expectation::Order(sorted.into_iter().map(|leaf| leaf.id.to_string()).collect())
    };
    let same = Reverse(SimTime::ZERO);
    let answer = claim(&|leaf| (leaf.began, same));
    let starts = |leaf: &&Leaf| format!("{} starts at {}", name(&leaf.id), human(leaf.began));
    let times = {
        let mut by_start = tasks;
        by_start.sort_by_key(|leaf| leaf.began);
        by_start.iter().map(starts).collect::<Vec<_>>().join(", ")
    };
    let guess = |claim: Expectation, by: &str| Guess { claim, why: format!("You went by {by}. But {times}."), from: None };
    let guesses = [
        guess(claim(&|_| (SimTime::ZERO, same)), "the order of the text"),
        guess(claim(&|leaf| (leaf.took, same)), "length, the shortest first"),
        guess(claim(&|leaf| (SimTime::ZERO, Reverse(leaf.took))), "length, the longest first"),
        guess(claim(&|leaf| (leaf.ended, same)), "the order in which they end"),
        guess(claim(&|leaf| (SimTime::ZERO, Reverse(leaf.began))), "the run from its end to its start"),
    ];
    step(ran, say, "In which order do these tasks start?", answer, guesses.into())
}

/// Whether three tasks start at three times, and not in the order of the text.
fn is_to_ask(tasks: &[&Leaf; 3]) -> bool {
    let [one, two, three] = tasks.map(|leaf| leaf.began);
    one != two && two != three && one != three && !(one < two && two < three)
}

/// Which task ends last.
fn last(ran: &Ran, say: &str) -> Option<Step> {
    let trace = &ran.trace;
    let is_leaf = |run: &RunIdx| !trace.task_of(&ran.flows, *run).is_group();
    let run = trace.iter().map(|(run, _)| run).filter(is_leaf).max_by_key(|run| trace.ended(*run))?;
    let answer = Expectation::Last(run_key(&ran.flows, trace, run).to_string());
    let leaves: Vec<Leaf> = ran.leaves().into_iter().filter(|leaf| leaf.run != run).collect();
    let guess = |leaf: &Leaf, why: String| Guess { claim: Expectation::Last(leaf.id.to_string()), why, from: None };
    let ends = |leaf: &Leaf| format!("{} ends at {}", name(&leaf.id), human(leaf.ended));
    let longest = leaves.iter().max_by_key(|leaf| leaf.took);
    let latest = leaves.iter().max_by_key(|leaf| leaf.began);
    let by_end = {
        let mut by_end: Vec<&Leaf> = leaves.iter().collect();
        by_end.sort_by_key(|leaf| Reverse(leaf.ended));
        by_end
    };
    let guesses = [
        longest.map(|leaf| {
            let why =
                format!("You went by length. But {} starts at {} and ends at {}.", name(&leaf.id), human(leaf.began), human(leaf.ended));
            guess(leaf, why)
        }),
        leaves.last().map(|leaf| guess(leaf, format!("You went by the order of the text. But {}.", ends(leaf)))),
        latest.map(|leaf| guess(leaf, format!("You went by the start. But {} takes only {}.", name(&leaf.id), human(leaf.took)))),
    ];
    let near = by_end.into_iter().map(|leaf| guess(leaf, format!("{}, and others end later.", ends(leaf))));
    step(ran, say, "Which task ends last?", answer, guesses.into_iter().flatten().chain(near).collect())
}

/// How long the flow takes as it is.
pub fn makespan(base: &Ran) -> Option<Step> {
    let (whole, leaves, groups) = (base.makespan(), base.leaves(), base.groups());
    let work = numbers(base.flow(), &base.trace).work;
    let all = |slots: u32| if groups.is_empty() { None } else { base.with_slots(groups.iter().map(|group| (&*group.id, slots))) };
    let (one, no_limit) = (all(1), all(0));
    let longest = leaves.iter().max_by_key(|leaf| leaf.took);
    let last = leaves.iter().find(|leaf| leaf.ended == whole && leaf.began > SimTime::ZERO);
    let guesses = [
        as_in(one.as_ref(), "You let the tasks of each group run one after another. But they have slots to run at once."),
        as_in(no_limit.as_ref(), "You gave each task a slot of its own. But there are fewer slots."),
        (work > whole).then(|| takes(work, None, "You added up all tasks. But some of them run at the same time.")),
        longest.filter(|leaf| leaf.took < whole).map(|leaf| {
            takes(leaf.took, None, format!("You took only the longest task, {}. But the flow is not over with it alone.", name(&leaf.id)))
        }),
        last.map(|leaf| {
            let why = format!("You counted to the start of {}. But it takes {} more.", name(&leaf.id), human(leaf.ended - leaf.began));
            takes(leaf.began, None, why)
        }),
    ];
    step(base, "", "How long does the flow take?", Expectation::Makespan(whole), guesses.into_iter().flatten().collect())
}
