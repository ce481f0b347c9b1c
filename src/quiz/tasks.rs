//! Questions about a change of one task: it fails, or takes longer.

use std::cmp::Reverse;

use super::ran::{Leaf, Ran};
use super::step::{Guess, as_in, name, step, takes};
use crate::analysis::expectation::Expectation;
use crate::edit::Intent;
use crate::flow::Takes;
use crate::flow::state::State;
use crate::lesson::Step;
use crate::time::{SimTime, human};

/// What comes of the failure of a task: of the first ones the task that stops most and lets something run after it.
pub fn failure(base: &Ran, n_tries: usize) -> Option<Step> {
    let failing = |leaf: Leaf| {
        let ran = base.with(leaf.task, Intent::Fails(100))?;
        let failed = ran.find(&leaf.id).filter(|failed| matches!(ran.trace.state(failed.run), State::Failed | State::Warning))?;
        Some((failed, ran))
    };
    let interest = |(failed, ran): &(Leaf, Ran)| {
        let n_never = stopped(base, ran).len();
        let n_after = ran.leaves().iter().filter(|leaf| leaf.began >= failed.ended && leaf.run != failed.run).count();
        Reverse((n_never > 0, n_after > 0, n_never.min(3)))
    };
    let (failed, ran) = candidates(base).take(n_tries).filter_map(failing).min_by_key(interest)?;
    never(base, &failed, &ran).or_else(|| end(base, &failed, &ran)).or_else(|| state(base, &failed, &ran))
}

/// The tasks that may be changed: those that take time and end well.
fn candidates(base: &Ran) -> impl Iterator<Item = Leaf> {
    base.leaves().into_iter().filter(|leaf| leaf.took > SimTime::ZERO && base.trace.state(leaf.run) == State::Success)
}

/// The tasks that no longer start.
fn stopped(base: &Ran, ran: &Ran) -> Vec<Leaf> {
    base.leaves().into_iter().filter(|leaf| ran.holds(&Expectation::Never(leaf.id.to_string()))).collect()
}

fn suppose(failed: &Leaf) -> String {
    format!("Suppose {} fails.", name(&failed.id))
}

/// Which of some tasks never starts.
fn never(base: &Ran, failed: &Leaf, ran: &Ran) -> Option<Step> {
    let answer = Expectation::Never(stopped(base, ran).first()?.id.to_string());
    let at = failed.ended;
    let mut started: Vec<Leaf> = ran.leaves().into_iter().filter(|leaf| leaf.run != failed.run).collect();
    // First those that start in spite of the failure.
    started.sort_by_key(|leaf| (leaf.began < at, Reverse(leaf.began.min(at))));
    let guess = |leaf: Leaf| {
        let (id, began, at) = (name(&leaf.id), human(leaf.began), human(at));
        let why = match leaf.began.cmp(&failed.ended) {
            std::cmp::Ordering::Less => format!("{id} starts at {began}, and {} fails only at {at}.", name(&failed.id)),
            _ => format!("You had the failure stop everything. But {id} starts at {began}, though {} fails at {at}.", name(&failed.id)),
        };
        Guess { claim: Expectation::Never(leaf.id.to_string()), why, from: None }
    };
    step(ran, &suppose(failed), "Which of these tasks never starts then?", answer, started.into_iter().map(guess).collect())
}

/// How long the flow takes with the failure.
fn end(base: &Ran, failed: &Leaf, ran: &Ran) -> Option<Step> {
    let guesses = [
        as_in(Some(base), "You took the failure to make no difference."),
        (failed.ended < ran.makespan())
            .then(|| takes(failed.ended, None, "You had the flow end with the failure. But something still runs after it.")),
    ];
    let is_another = ran.makespan() != base.makespan();
    let asked = is_another.then_some(guesses)?.into_iter().flatten().collect();
    step(ran, &suppose(failed), "How long does the flow take then?", Expectation::Makespan(ran.makespan()), asked)
}

/// In which state the flow ends with the failure.
fn state(base: &Ran, failed: &Leaf, ran: &Ran) -> Option<Step> {
    let claim = |state: State| Expectation::State(state.as_str().to_owned());
    let guess = |state, why: &str| Guess { claim: claim(state), why: why.to_owned(), from: None };
    let guesses = [
        guess(State::Success, "You took the failure to make no difference."),
        guess(State::Failed, "You had the failure count in full. But it is allowed here."),
        guess(State::Warning, "You took the failure to be allowed. But nothing in the flow allows it."),
    ];
    let all = [State::Success, State::Failed, State::Warning];
    let is_usual = all.iter().all(|state| base.flow().dialect.state_name(*state) == state.as_str()) && all.contains(&ran.state());
    let asked = is_usual.then_some(guesses)?;
    step(ran, &suppose(failed), "In which state does the flow end then?", claim(ran.state()), asked.into())
}

/// How long the flow takes when a task takes twice as long: first one of which the flow waits for a part alone, then one that has
/// time to spare.
pub fn longer(base: &Ran, n_tries: usize) -> Option<Step> {
    let slower = |before: Leaf| {
        let twice = before.took + before.took;
        let ran = base.with(before.task, Intent::Takes(Some(Takes::always(twice))))?;
        let now = ran.find(&before.id).filter(|now| now.took == twice)?;
        Some((before, now, ran))
    };
    let interest = |(before, _, ran): &(Leaf, Leaf, Ran)| {
        let (was, now) = (base.makespan(), ran.makespan());
        match now {
            _ if now < was || now > was + before.took => 3,
            _ if now == was => 1,
            _ if now == was + before.took => 2,
            _ => 0,
        }
    };
    let (before, now, ran) = candidates(base).take(n_tries).filter_map(slower).min_by_key(interest)?;
    let (id, was, whole) = (name(&before.id), base.makespan(), ran.makespan());
    let guesses = [
        (whole > was).then(|| takes(was, Some(base), format!("You took {id} to have time to spare. But the flow waits for it."))),
        (whole < was + before.took).then(|| {
            takes(
                was + before.took,
                None,
                format!("You added all of it to the flow. But {id} has time to spare: other tasks run meanwhile."),
            )
        }),
        (now.ended < whole).then(|| takes(now.ended, None, format!("You had the flow end with {id}. But other tasks end later."))),
        longest(&ran)
            .map(|leaf| takes(leaf.took, None, format!("You took only the longest task, {}. It is not all there is.", name(&leaf.id)))),
    ];
    let say = format!("Suppose {id} takes {} in place of {}.", human(now.took), human(before.took));
    step(&ran, &say, "How long does the flow take then?", Expectation::Makespan(whole), guesses.into_iter().flatten().collect())
}

fn longest(ran: &Ran) -> Option<Leaf> {
    ran.leaves().into_iter().max_by_key(|leaf| leaf.took).filter(|leaf| leaf.took < ran.makespan())
}
