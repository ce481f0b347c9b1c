//! A lesson: steps around a flow, with something to read, to do or to guess. A file of `lessons/` is one lesson; [`prove`] shows that
//! what it says of its flows is so.
//!
//! ```yaml
//! lesson: window
//! title: {en: The limit is a window, de: Die Grenze ist ein Fenster}
//! idea: {en: A slot that is free is taken at once., de: Ein freier Platz wird sofort besetzt.}
//! flow: |
//!   id: window
//!   …
//! steps:
//!   - say: {en: …, de: …}          # a text in each language of the title, with `names` in backticks
//!     with: c=parent:3             # settings, as in a link; `flow:` would bring another text, for this step and those after it
//!     holds: makespan=2s           # what is claimed of the run, as authors of docs do
//!   - say: …
//!     do: {en: Give `parent` a fourth slot., de: …}
//!     done: c=parent:4             # how the page knows, as in a link; `holds` is then said of the run after it
//!   - say: …
//!     ask: {en: When does `t4` start?, de: …}
//!     answer: at=t4:1s
//!     wrong:
//!       - guess: at=t4:3s
//!         why: {en: …, de: …}
//!         with: c=parent:1         # where the guess would be right: the mistake behind it
//! ```

mod proof;
mod read;

use std::rc::Rc;

use crate::analysis::expectation::Expectation;
use crate::share::Link;
use crate::source::Span;
use crate::time::SimTime;

pub use proof::prove;
pub use read::{is_lesson, read, read_list};

/// A lesson.
#[derive(Debug, Clone, PartialEq)]
pub struct Lesson {
    /// Its name in links.
    pub id: Rc<str>,
    /// What it is called.
    pub title: Words,
    /// What is learned, in a sentence.
    pub idea: Words,
    /// Its steps, at least one.
    pub steps: Vec<Step>,
}

/// A text in each language of a lesson: the tag of the language, and the text. English comes first.
pub type Words = Vec<(Rc<str>, Rc<str>)>;

/// A lesson in the list of all.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its name in links.
    pub id: Rc<str>,
    /// Its file.
    pub file: Rc<str>,
    /// What it is called.
    pub title: Words,
    /// What is learned, in a sentence.
    pub idea: Words,
}

/// A step of a lesson.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What there is to read.
    pub say: Words,
    /// The flow that it is about.
    pub scene: Scene,
    /// What is claimed of the run, once the task is done.
    pub holds: Vec<Expectation>,
    /// What there is to do.
    pub task: Option<Task>,
    /// Where it stands in the file.
    pub span: Span,
}

/// A text of a flow and the settings of its run.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// The text.
    pub flow: Rc<str>,
    /// The settings, as in a link.
    pub settings: Link,
}

/// What there is to do in a step.
#[derive(Debug, Clone, PartialEq)]
pub enum Task {
    /// Something on the page: the words, and what is then so of the page, as in a link.
    Do(Words, Link),
    /// A guess.
    Guess(Question),
}

/// A question that the run answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Its words.
    pub ask: Words,
    /// What is so.
    pub answer: Expectation,
    /// What some expect instead.
    pub wrong: Vec<Wrong>,
}

/// A guess that is wrong for a reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Wrong {
    /// What is expected.
    pub guess: Expectation,
    /// What was taken for granted, and what is so instead.
    pub why: Words,
    /// Where the guess would be right; in a lesson always, in a quiz where settings or a text can show it.
    pub scene: Option<Scene>,
    /// Where it stands in the file.
    pub span: Span,
}

impl Question {
    /// Whether the answer is written: a time that people can write in seconds. Others are chosen.
    #[must_use]
    pub fn is_written(&self) -> bool {
        const LONGEST: SimTime = SimTime(600_000);
        self.answer.moment().is_some_and(|at| at <= LONGEST && at.0.is_multiple_of(100))
    }
}

/// The words in a language, else in English; empty for words without any.
#[must_use]
pub fn in_language<'a>(words: &'a Words, language: &str) -> &'a str {
    let of = words.iter().find(|(tag, _)| **tag == *language).or(words.first());
    of.map_or("", |(_, text)| text)
}

#[cfg(test)]
mod tests;
