//! A quiz: a lesson of questions about a flow that someone wrote. Each answer comes from a run, each question is about another run, so
//! that none is answered by the one before.

mod limits;
mod ran;
mod runs;
mod step;
mod tasks;

use crate::analysis::makespan::{Numbers, numbers};
use crate::flow::Flow;
use crate::lesson::{Lesson, Scene};
use crate::share::Link;
use crate::sim::trace::{ExecutionIdx, Trace};
use crate::time::SimTime;
use crate::tr;
use ran::Ran;
use step::words;

/// The name of the lesson.
pub const ID: &str = "quiz";

/// A run of more events is asked nothing: each question takes several runs.
const MOST_EVENTS: usize = 60_000;
/// Over all runs of a question that tries several tasks there are about so many events.
const EVENTS: usize = 20_000;
/// So many tasks are tried at most.
const MOST_TRIES: usize = 8;

/// Questions about the flow of a text under the settings of a run, as in a link: at most one about each change. `None` when there is
/// nothing to ask. The same text and settings give the same questions.
#[must_use]
pub fn quiz(text: &str, settings: &Link) -> Option<Lesson> {
    let base = Ran::of(Scene { flow: text.into(), settings: settings.clone() })
        .filter(|ran| may_ask(ran.flow(), &ran.trace, &numbers(ran.flow(), &ran.trace)))?;
    let n_tries = (EVENTS / base.trace.events.len().max(1)).clamp(1, MOST_TRIES);
    let groups = base.groups();
    let gains = limits::gains(&base, &groups, n_tries);
    let (first, second) = (gains.first(), gains.get(1));
    let steps = [
        limits::start(&base, &groups).or_else(|| runs::about(&base, "")).or_else(|| runs::makespan(&base)),
        first.and_then(|gain| limits::more(&base, gain)),
        tasks::failure(&base, n_tries),
        groups.first().and_then(|group| limits::fewer(&base, group)),
        tasks::longer(&base, n_tries),
        second.and_then(|gain| limits::more(&base, gain)),
    ];
    let title = words(&tr!("Quiz: {flow}", flow = base.flow().title()));
    let steps: Vec<_> = steps.into_iter().flatten().collect();
    (!steps.is_empty()).then(|| Lesson { id: ID.into(), title, idea: words(""), steps })
}

/// Whether there may be something to ask about the run of a flow: it has two tasks, takes time, and comes to an end.
#[must_use]
pub fn may_ask(flow: &Flow, trace: &Trace, numbers: &Numbers) -> bool {
    let is_over = trace.execution_history(ExecutionIdx::FIRST).last().is_some_and(|(_, state)| state.is_terminal());
    let n_leaves = trace.runs.iter().filter(|run| trace.is_of_flow(run.execution) && !flow.task(run.task).is_group()).take(2).count();
    is_over && trace.truncated.is_none() && n_leaves > 1 && trace.events.len() <= MOST_EVENTS && numbers.work > SimTime::ZERO
}

#[cfg(test)]
mod tests;
