//! Real runs: executions as a server reports them, laid over simulated ones, and what can be learned from them.
//!
//! JSON comes in, as Kestra's API answers it ([`read()`]). What comes out: which real taskrun is which simulated one ([`mod@pairs`]),
//! how far they are apart ([`gap`]), and how long the tasks of a flow take ([`learn`]).

pub mod fit;
pub mod gap;
pub mod learn;
pub mod pairs;
mod read;

use std::collections::BTreeMap;

use crate::diag::Diagnostic;
use crate::flow::Flow;
use crate::flow::state::State;
use crate::sim::trace::Trace;
use crate::time::SimTime;
use gap::{Gap, gaps};
use pairs::{Pairs, Place, pairs};
pub use read::read;

/// The states that were passed through, each with the time it came: milliseconds since the first of all dates in the file.
pub type History = Vec<(SimTime, State)>;

/// A real execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execution {
    /// Its id.
    pub id: String,
    /// The id of its flow.
    pub flow: String,
    /// What time 0 is: milliseconds since 1970-01-01T00:00:00Z; `None` when the file does not say it.
    pub zero_epoch_ms: Option<i64>,
    /// The ids of the execution that started it, and of the taskrun there, if one did and the file says which.
    pub started_by: Option<(String, Option<String>)>,
    /// The index of its item, from 0, when it is an iteration of a Loop.
    pub iteration: Option<u32>,
    /// Its states, at least one.
    pub history: History,
    /// Its taskruns, in the order of the file.
    pub runs: Vec<TaskRun>,
}

/// A real taskrun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRun {
    /// Its id.
    pub id: String,
    /// The id of its task.
    pub task: String,
    /// The value it ran for, as a text; what is no text is JSON.
    pub value: Option<String>,
    /// The place of that value, or the round of a loop, from 0.
    pub iteration: Option<u32>,
    /// The group run that it belongs to, as an index of [`Execution::runs`].
    pub parent: Option<usize>,
    /// Its states, at least one.
    pub history: History,
    /// Its attempts, in order.
    pub attempts: Vec<Attempt>,
}

/// One attempt of a real taskrun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// When it began.
    pub began: SimTime,
    /// When it ended; `None` when it had not.
    pub ended: Option<SimTime>,
    /// The state it was left in.
    pub state: State,
}

impl TaskRun {
    /// What it is called among people: its task, and the value it ran for.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.value {
            Some(value) => format!("{} [{}]", self.task, crate::sim::names::short(value)),
            None => self.task.clone(),
        }
    }
}

/// Real executions laid over a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlay {
    /// The real executions.
    pub real: Vec<Execution>,
    /// Which of their taskruns is which simulated one.
    pub pairs: Pairs,
    /// How far these are apart, in the order of the pairs.
    pub gaps: Vec<Gap>,
}

impl Overlay {
    /// Lays executions over a trace.
    ///
    /// # Errors
    /// None of them is an execution of the first flow.
    pub fn new(flows: &[Flow], trace: &Trace, real: Vec<Execution>) -> Result<Self, Diagnostic> {
        let pairs = pairs(flows, trace, &real)?;
        let gaps = gaps(trace, &real, &pairs);
        Ok(Self { real, pairs, gaps })
    }

    /// A real taskrun by its place.
    #[must_use]
    pub fn run(&self, (execution, run): Place) -> &TaskRun {
        &self.real[execution].runs[run]
    }

    /// When the last of the real executions that are paired ended; `None` when none has.
    #[must_use]
    pub fn makespan(&self) -> Option<SimTime> {
        self.pairs.executions.iter().filter_map(|(one, _)| ended(&self.real[*one].history)).max()
    }
}

/// When the states before the work were left; `None` when they never were.
#[must_use]
pub fn began(history: &[(SimTime, State)]) -> Option<SimTime> {
    let is_before = |state: State| matches!(state, State::Created | State::Submitted | State::Queued);
    history.iter().find(|(_, state)| !is_before(*state)).map(|(at, _)| *at)
}

/// When the final state came; `None` when none has.
#[must_use]
pub fn ended(history: &[(SimTime, State)]) -> Option<SimTime> {
    history.last().filter(|(_, state)| state.is_terminal()).map(|(at, _)| *at)
}

/// The stays in states that are neither before the work nor after it: state, from, to. One that RUNNING led to is in the final state.
pub fn stays(history: &[(SimTime, State)]) -> impl Iterator<Item = (State, SimTime, SimTime)> {
    let last = history.last().map(|(_, state)| *state).filter(|state| state.is_terminal());
    let is_shown = |state: State| !state.is_terminal() && !state.is_created() && state != State::Submitted;
    let pairs = history.iter().zip(history.iter().skip(1)).filter(move |((_, state), _)| is_shown(*state));
    pairs.map(move |((from, state), (to, _))| (if state.is_running() { last.unwrap_or(*state) } else { *state }, *from, *to))
}

/// When the last thing of all happened.
#[must_use]
pub fn end(executions: &[Execution]) -> SimTime {
    let last = |history: &History| history.last().map_or(SimTime::ZERO, |(at, _)| *at);
    executions.iter().flat_map(|one| one.runs.iter().map(|run| &run.history).chain([&one.history])).map(last).max().unwrap_or_default()
}

/// The executions of several files on one clock, which begins with the first of them. Files without dates keep their own.
#[must_use]
pub fn together(files: Vec<Vec<Execution>>) -> Vec<Execution> {
    let first = files.iter().flatten().filter_map(|one| one.zero_epoch_ms).min();
    let mut all: Vec<Execution> = files.into_iter().flatten().collect();
    for one in &mut all {
        let late = one.zero_epoch_ms.zip(first).map_or(0, |(zero, first)| zero.saturating_sub(first).unsigned_abs());
        one.zero_epoch_ms = one.zero_epoch_ms.and(first);
        one.times_mut().for_each(|at| *at = *at + SimTime(late));
    }
    all
}

/// The execution that started each, and the taskrun there, as indices; `None` where none did or it is not among them.
#[must_use]
pub fn callers(executions: &[Execution]) -> Vec<Option<(usize, Option<usize>)>> {
    let places: BTreeMap<&str, usize> = executions.iter().enumerate().rev().map(|(at, one)| (one.id.as_str(), at)).collect();
    let runs =
        executions.iter().enumerate().flat_map(|(at, one)| one.runs.iter().enumerate().map(move |(nth, run)| ((at, run.id.as_str()), nth)));
    let runs: BTreeMap<(usize, &str), usize> = runs.collect();
    let caller = |(at, one): (usize, &Execution)| {
        let (execution, run) = one.started_by.as_ref()?;
        let place = places.get(execution.as_str()).copied().filter(|place| *place != at)?;
        Some((place, run.as_ref().and_then(|id| runs.get(&(place, id.as_str())).copied())))
    };
    executions.iter().enumerate().map(caller).collect()
}

impl Execution {
    /// What it is called among people: its flow and its id.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.flow, self.id)
    }

    fn times_mut(&mut self) -> impl Iterator<Item = &mut SimTime> {
        let runs = self.runs.iter_mut().flat_map(|run| {
            let attempts = run.attempts.iter_mut().flat_map(|attempt| std::iter::once(&mut attempt.began).chain(attempt.ended.as_mut()));
            run.history.iter_mut().map(|(at, _)| at).chain(attempts)
        });
        self.history.iter_mut().map(|(at, _)| at).chain(runs)
    }
}

#[cfg(test)]
mod tests;
