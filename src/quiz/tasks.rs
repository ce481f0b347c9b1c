//! Questions about a change of one task: it fails, or takes longer.

use super::ran::{Leaf, Ran, sorted};
use super::runs::only_longest;
use super::step::Asked;
use crate::analysis::expectation::Expectation;
use crate::edit::Intent;
use crate::flow::Takes;
use crate::flow::state::State;
use crate::lesson::Step;
use crate::time::{SimTime, human};
use crate::tr;

/// Of the first tasks that take time and end well, the one whose change is of most interest: as it was, as it is, and the run with the
/// change. `interest` is `None` for what is not to be asked.
fn changed(
    base: &Ran,
    n_tries: usize,
    intent: &dyn Fn(Leaf) -> Intent,
    interest: &dyn Fn(Leaf, Leaf, &Ran) -> Option<usize>,
) -> Option<(Leaf, Leaf, Ran)> {
    let mut best = None;
    let mut most = None;
    let is_fit = |leaf: &Leaf| leaf.took > SimTime::ZERO && base.trace.state(leaf.run) == State::Success;
    for before in base.leaves().into_iter().filter(is_fit).take(n_tries) {
        let Some(ran) = base.with(before.task, intent(before)) else { continue };
        let Some(now) = ran.find(before) else { continue };
        let rank = interest(before, now, &ran);
        if rank > most {
            (best, most) = (Some((before, now, ran)), rank);
        }
    }
    best
}

/// What comes of the failure of a task: of one that stops others, and better still lets something run after it.
pub fn failure(base: &Ran, n_tries: usize) -> Option<Step> {
    let interest = |_, failed: Leaf, ran: &Ran| {
        let has_failed = matches!(ran.trace.state(failed.run), State::Failed | State::Warning);
        let n_never = base.leaves().into_iter().filter(|leaf| is_stopped(base, ran, *leaf)).count().min(3);
        let goes_on = ran.leaves().iter().any(|leaf| leaf.began >= failed.ended && leaf.run != failed.run);
        has_failed.then_some(usize::from(n_never > 0) * 8 + usize::from(goes_on) * 4 + n_never)
    };
    let (_, failed, ran) = changed(base, n_tries, &|_| Intent::Fails(100), &interest)?;
    let say = tr!("Suppose `{task}` fails.", task = ran.id(failed));
    never(base, failed, &ran, &say).or_else(|| end(base, failed, &ran, &say)).or_else(|| state(&ran, &say))
}

/// Whether a task that ran does not even start in another run.
fn is_stopped(base: &Ran, ran: &Ran, leaf: Leaf) -> bool {
    ran.holds(&Expectation::Never(base.id(leaf).to_owned()))
}

/// Which of some tasks never starts.
fn never(base: &Ran, failed: Leaf, ran: &Ran, say: &str) -> Option<Step> {
    let stopped = base.leaves().into_iter().find(|leaf| is_stopped(base, ran, *leaf))?;
    let claim = |leaf: Leaf| Expectation::Never(base.id(leaf).to_owned());
    let mut asked = Asked::new(ran, claim(stopped));
    let at = failed.ended;
    let others = ran.leaves().into_iter().filter(|leaf| leaf.run != failed.run).collect();
    // First those that start in spite of the failure.
    for leaf in sorted(others, &|leaf| (u64::from(leaf.began < at), u64::MAX - leaf.began.min(at).0)) {
        let (task, time, failed, end) = (ran.id(leaf), human(leaf.began), ran.id(failed), human(at));
        let why = if leaf.began < at {
            tr!("`{task}` starts at {time}, and `{failed}` fails only at {end}.", task, time, failed, end)
        } else {
            tr!(
                "You had the failure stop everything. But `{task}` starts at {time}, though `{failed}` fails at {end}.",
                task,
                time,
                failed,
                end
            )
        };
        asked.wrong(claim(leaf), None, &why);
    }
    asked.step(say, &tr!("Which of these tasks never starts then?"))
}

/// How long the flow takes with the failure, when that is another time.
fn end(base: &Ran, failed: Leaf, ran: &Ran, say: &str) -> Option<Step> {
    let mut asked = Asked::makespan(ran);
    asked.as_in(Some(base), &tr!("You took the failure to make no difference."));
    if failed.ended < ran.makespan() {
        asked.takes(failed.ended, &tr!("You had the flow end with the failure. But something still runs after it."));
    }
    Some(asked).filter(|_| base.makespan() != ran.makespan())?.step(say, &tr!("How long does the flow take then?"))
}

/// In which state the flow ends with the failure.
fn state(ran: &Ran, say: &str) -> Option<Step> {
    let all = [
        (State::Success, tr!("You took the failure to make no difference.")),
        (State::Failed, tr!("You had the failure count in full. But it is allowed here.")),
        (State::Warning, tr!("You took the failure to be allowed. But nothing in the flow allows it.")),
    ];
    let claim = |state: State| Expectation::State(state.as_str().to_owned());
    let is_known = all.iter().any(|(state, _)| *state == ran.state());
    let is_usual = all.iter().all(|(state, _)| ran.flow().dialect.state_name(*state) == state.as_str());
    let mut asked = Asked::new(ran, claim(ran.state()));
    for (state, why) in &all {
        asked.wrong(claim(*state), None, why);
    }
    Some(asked).filter(|_| is_known && is_usual)?.step(say, &tr!("In which state does the flow end then?"))
}

/// How long the flow takes when a task takes twice as long: of one that the flow waits for in part, else of one that it waits for, else
/// of one that has time to spare.
pub fn longer(base: &Ran, n_tries: usize) -> Option<Step> {
    let was = base.makespan();
    let twice = |leaf: Leaf| leaf.took + leaf.took;
    let interest = |before: Leaf, now: Leaf, ran: &Ran| {
        let whole = ran.makespan();
        let rank = match whole {
            _ if whole < was || whole > was + before.took => 0,
            _ if whole == was => 1,
            _ if whole == was + before.took => 2,
            _ => 3,
        };
        (now.took == twice(before)).then_some(rank)
    };
    let (before, now, ran) = changed(base, n_tries, &|leaf| Intent::Takes(Some(Takes::always(twice(leaf)))), &interest)?;
    let (id, whole) = (base.id(before), ran.makespan());
    let mut asked = Asked::makespan(&ran);
    if whole > was {
        asked.as_in(Some(base), &tr!("You took `{task}` to have time to spare. But the flow waits for it.", task = id));
    }
    if whole < was + before.took {
        let why = tr!("You added all of it to the flow. But `{task}` has time to spare: other tasks run meanwhile.", task = id);
        asked.takes(was + before.took, &why);
    }
    if now.ended < whole {
        asked.takes(now.ended, &tr!("You had the flow end with `{task}`. But other tasks end later.", task = id));
    }
    only_longest(&ran, &mut asked);
    let (now, before) = (human(now.took), human(before.took));
    let say = tr!("Suppose `{task}` takes {now} in place of {before}.", task = id, now, before);
    asked.step(&say, &tr!("How long does the flow take then?"))
}
