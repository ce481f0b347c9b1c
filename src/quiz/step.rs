//! A question from its parts: what is not wrong, looks like another answer, or can't be shown is left out.

use std::rc::Rc;

use super::ran::Ran;
use crate::analysis::expectation::Expectation;
use crate::lesson::{Question, Step, Task, Words, Wrong};
use crate::source::Span;
use crate::time::{SimTime, human};

/// So many wrong answers at most.
const MOST_WRONG: usize = 3;
/// To choose from, there are so many at least.
const LEAST_TO_CHOOSE: usize = 2;

/// What someone may expect.
pub struct Guess<'a> {
    /// The claim.
    pub claim: Expectation,
    /// What was taken for granted, and what is so instead.
    pub why: String,
    /// The run in which the claim would be right.
    pub from: Option<&'a Ran>,
}

/// The words in the one language of a quiz.
pub fn words(text: impl AsRef<str>) -> Words {
    vec![(Rc::from("en"), Rc::from(text.as_ref()))]
}

/// A name among words.
pub fn name(id: &str) -> String {
    ["`", id, "`"].concat()
}

/// A guess of a makespan.
pub fn takes<'a>(at: SimTime, from: Option<&'a Ran>, why: impl Into<String>) -> Guess<'a> {
    Guess { claim: Expectation::Makespan(at), why: why.into(), from }
}

/// A guess of how long the flow takes, as in another run.
pub fn as_in<'a>(ran: Option<&'a Ran>, why: impl Into<String>) -> Option<Guess<'a>> {
    ran.map(|ran| takes(ran.makespan(), Some(ran), why))
}

/// A question about a run; `None` when too few wrong answers are left.
pub fn step(ran: &Ran, say: &str, ask: &str, answer: Expectation, guesses: Vec<Guess<'_>>) -> Option<Step> {
    if !ran.holds(&answer) {
        return None;
    }
    let mut wrong: Vec<Wrong> = Vec::new();
    for Guess { claim, why, from } in guesses {
        let is_other = |known: &Expectation| !looks_like(known, &claim);
        let is_new = is_other(&answer) && wrong.iter().all(|known| is_other(&known.guess));
        let is_shown = from.is_none_or(|from| from.holds(&claim));
        if is_new && is_shown && claim.is_like(&answer) && !ran.holds(&claim) {
            let scene = from.filter(|from| from.is_real).map(|from| from.scene.clone());
            wrong.push(Wrong { guess: claim, why: words(why), scene, span: Span::default() });
        }
    }
    wrong.truncate(MOST_WRONG);
    let question = Question { ask: words(ask), answer, wrong };
    let least = if question.is_written() { 1 } else { LEAST_TO_CHOOSE };
    let is_enough = question.wrong.len() >= least;
    let task = Some(Task::Guess(question)).filter(|_| is_enough)?;
    Some(Step { say: words(say), scene: ran.scene.clone(), holds: Vec::new(), task: Some(task), span: Span::default() })
}

/// Whether two claims read the same: times are rounded for people.
fn looks_like(one: &Expectation, other: &Expectation) -> bool {
    match (one.moment(), other.moment()) {
        (Some(one), Some(other)) => human(one) == human(other),
        _ => one == other,
    }
}
