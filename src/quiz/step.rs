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

/// A question about a run, to which wrong answers are added, the likeliest first.
pub struct Asked<'a> {
    ran: &'a Ran,
    question: Question,
}

impl<'a> Asked<'a> {
    /// With the right answer.
    pub fn new(ran: &'a Ran, answer: Expectation) -> Self {
        Self { ran, question: Question { ask: Words::new(), answer, wrong: Vec::new() } }
    }

    /// How long the flow takes.
    pub fn makespan(ran: &'a Ran) -> Self {
        Self::new(ran, Expectation::Makespan(ran.makespan()))
    }

    /// Adds what someone may expect. `why` says what was taken for granted, and what is so instead. `from` is the run in which it would be
    /// right.
    pub fn wrong(&mut self, guess: Expectation, from: Option<&Ran>, why: &str) {
        let Question { answer, wrong, .. } = &mut self.question;
        let is_new = !looks_like(answer, &guess) && !wrong.iter().any(|known| looks_like(&known.guess, &guess));
        let is_shown = from.is_none_or(|from| from.holds(&guess));
        if is_new && is_shown && wrong.len() < MOST_WRONG && guess.is_like(answer) && !self.ran.holds(&guess) {
            let scene = from.filter(|from| from.is_real).map(|from| from.scene.clone());
            wrong.push(Wrong { guess, why: words(why), scene, span: Span::default() });
        }
    }

    /// Adds how long someone may expect the flow to take.
    pub fn takes(&mut self, at: SimTime, why: &str) {
        self.wrong(Expectation::Makespan(at), None, why);
    }

    /// Adds that it takes as long as in another run.
    pub fn as_in(&mut self, from: Option<&Ran>, why: &str) {
        if let Some(from) = from {
            self.wrong(Expectation::Makespan(from.makespan()), Some(from), why);
        }
    }

    /// The step that asks; `None` with too few wrong answers.
    pub fn step(mut self, say: &str, ask: &str) -> Option<Step> {
        self.question.ask = words(ask);
        let least = if self.question.is_written() { 1 } else { LEAST_TO_CHOOSE };
        if self.question.wrong.len() < least || !self.ran.holds(&self.question.answer) {
            return None;
        }
        let scene = self.ran.scene.clone();
        Some(Step { say: words(say), scene, holds: Vec::new(), task: Some(Task::Guess(self.question)), span: Span::default() })
    }
}

/// Words in the one language of a quiz, the one that is spoken when it is made.
pub fn words(text: &str) -> Words {
    vec![(Rc::from("en"), Rc::from(text))]
}

/// Whether two claims read the same: times are rounded for people.
fn looks_like(one: &Expectation, other: &Expectation) -> bool {
    match (one.moment(), other.moment()) {
        (Some(one), Some(other)) => human(one) == human(other),
        _ => one == other,
    }
}
