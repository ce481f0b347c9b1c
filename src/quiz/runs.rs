//! Questions about a run as a whole: what starts first, what ends last, how long it takes.

use std::fmt::Display;

use super::ran::{Key, Leaf, Ran, sorted};
use super::step::Asked;
use crate::analysis::expectation::Expectation;
use crate::analysis::makespan::numbers;
use crate::language::filled;
use crate::lesson::Step;
use crate::sim::names::run_key;
use crate::time::{SimTime, human};
use crate::tr;

/// So many tasks may be put in order.
const MOST_ORDERED: usize = 12;

/// In which order three tasks start, unless that is the order of the text; else which task ends last.
pub fn about(ran: &Ran, say: &str) -> Option<Step> {
    order(ran, say).or_else(|| last(ran, say))
}

fn order(ran: &Ran, say: &str) -> Option<Step> {
    let tasks = to_order(ran)?;
    let claim = |key: Key<'_>| Expectation::Order(sorted(tasks.clone(), key).into_iter().map(|leaf| ran.id(leaf).to_owned()).collect());
    let began: Key<'_> = &|leaf| (leaf.began.0, 0);
    let start = |leaf: Leaf| tr!("`{task}` starts at {time}", task = ran.id(leaf), time = human(leaf.began));
    let times = sorted(tasks.clone(), began).into_iter().map(start).collect::<Vec<_>>().join(", ");
    let guesses: [(String, Key<'_>); 4] = [
        (tr!("You went by the order of the text. But {times}.", times), &|_| (0, 0)),
        (tr!("You went by length, the shortest first. But {times}.", times), &|leaf| (leaf.took.0, 0)),
        (tr!("You went by length, the longest first. But {times}.", times), &|leaf| (u64::MAX - leaf.took.0, 0)),
        (tr!("You went by the run from its end to its start. But {times}.", times), &|leaf| (u64::MAX - leaf.began.0, 0)),
    ];
    let mut asked = Asked::new(ran, claim(began));
    for (why, key) in guesses {
        asked.wrong(claim(key), None, &why);
    }
    asked.step(say, &tr!("In which order do these tasks start?"))
}

/// Three tasks in the order of the text that start at three times and in another order; `None` when there are none.
fn to_order(ran: &Ran) -> Option<Vec<Leaf>> {
    let mut leaves = ran.leaves();
    leaves.retain(|leaf| leaf.took > SimTime::ZERO);
    leaves.truncate(MOST_ORDERED);
    for (nth, one) in leaves.iter().enumerate() {
        for (at, two) in leaves.iter().enumerate().skip(nth + 1) {
            for three in leaves.iter().skip(at + 1) {
                let [first, second, third] = [one.began, two.began, three.began];
                let are_apart = first != second && second != third && first != third;
                if are_apart && !(first < second && second < third) {
                    return Some(vec![*one, *two, *three]);
                }
            }
        }
    }
    None
}

fn last(ran: &Ran, say: &str) -> Option<Step> {
    let trace = &ran.trace;
    let leaves = trace.iter().map(|(run, _)| run).filter(|run| !trace.task_of(&ran.flows, *run).is_group());
    let run = leaves.max_by_key(|run| trace.ended(*run))?;
    let mut asked = Asked::new(ran, Expectation::Last(run_key(&ran.flows, trace, run).to_string()));
    // By the end several, as there are often no others.
    let guesses: [(String, usize, Key<'_>); 4] = [
        (tr!("You went by length. But `{task}` starts at {begin} and ends at {end}, and others end later."), 1, &|leaf| (leaf.took.0, 0)),
        (tr!("You went by the order of the text. But `{task}` starts at {begin} and ends at {end}, and others end later."), 1, &|_| (0, 0)),
        (tr!("You went by the start. But `{task}` starts at {begin} and ends at {end}, and others end later."), 1, &|leaf| {
            (leaf.began.0, 0)
        }),
        (tr!("`{task}` starts at {begin} and ends at {end}, and others end later."), 3, &|leaf| (leaf.ended.0, 0)),
    ];
    let others: Vec<Leaf> = ran.leaves().into_iter().filter(|leaf| leaf.run != run).collect();
    for (why, n, key) in guesses {
        for leaf in sorted(others.clone(), key).into_iter().rev().take(n) {
            let id = ran.id(leaf);
            let holes: [(&str, &dyn Display); 3] = [("task", &id), ("begin", &human(leaf.began)), ("end", &human(leaf.ended))];
            asked.wrong(Expectation::Last(id.to_owned()), None, &filled(&why, &holes));
        }
    }
    asked.step(say, &tr!("Which task ends last?"))
}

/// How long the flow takes as it is.
pub fn makespan(base: &Ran) -> Option<Step> {
    let (whole, groups) = (base.makespan(), base.groups());
    let mut asked = Asked::makespan(base);
    let one = base.with_slots(&groups, 1);
    asked.as_in(one.as_ref(), &tr!("You let the tasks of each group run one after another. But there are slots to run at once."));
    let no_limit = base.with_slots(&groups, 0);
    asked.as_in(no_limit.as_ref(), &tr!("You gave each task a slot of its own. But there are fewer slots."));
    let work = numbers(base.flow(), &base.trace).work;
    if work > whole {
        asked.takes(work, &tr!("You added up all tasks. But some of them run at the same time."));
    }
    only_longest(base, &mut asked);
    if let Some(last) = base.leaves().into_iter().find(|leaf| leaf.ended == whole && leaf.began > SimTime::ZERO) {
        let (task, time) = (base.id(last), human(last.ended - last.began));
        asked.takes(last.began, &tr!("You counted to the start of `{task}`. But it takes {time} more.", task, time));
    }
    asked.step("", &tr!("How long does the flow take?"))
}

/// Adds that the flow takes as long as its longest task.
pub fn only_longest(ran: &Ran, asked: &mut Asked<'_>) {
    let longest = sorted(ran.leaves(), &|leaf| (leaf.took.0, 0)).pop().filter(|leaf| leaf.took < ran.makespan());
    if let Some(leaf) = longest {
        let why = tr!("You took only the longest task, `{task}`. But the flow is not over with it alone.", task = ran.id(leaf));
        asked.takes(leaf.took, &why);
    }
}
