//! How far a real taskrun is from its simulated one, and what the server added: the hand-over before it, and the polling of timers.

use std::collections::BTreeMap;

use super::pairs::{Pairs, Place};
use super::{Execution, History, TaskRun, began, ended};
use crate::flow::state::State;
use crate::sim::trace::{RunIdx, Trace};
use crate::time::SimTime;

/// A real taskrun beside its simulated one. Differences are milliseconds, positive where the real one is later or longer; `None` where
/// one of both never began or ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The real one.
    pub real: Place,
    /// The simulated one.
    pub run: RunIdx,
    /// Of the begin.
    pub start_ms: Option<i64>,
    /// Of the end.
    pub end_ms: Option<i64>,
    /// Of the length.
    pub length_ms: Option<i64>,
    /// What the server took from the end of what it waited for to its begin, beyond what is simulated: from and to.
    pub hand_over: Option<(SimTime, SimTime)>,
    /// How long the server let it wait after a timer had run out, beyond what is simulated: from and to.
    pub timers: Vec<(SimTime, SimTime)>,
}

impl Gap {
    /// How much of the real time the server added.
    #[must_use]
    pub fn added(&self) -> SimTime {
        self.hand_over.iter().chain(&self.timers).fold(SimTime::ZERO, |sum, (from, to)| sum + (*to - *from))
    }
}

/// The gap of each pair of taskruns, in the order of the pairs.
#[must_use]
pub fn gaps(trace: &Trace, real: &[Execution], pairs: &Pairs) -> Vec<Gap> {
    let places: BTreeMap<RunIdx, Place> = pairs.runs.iter().map(|(place, run)| (*run, *place)).collect();
    let run_at = |(execution, run): Place| &real[execution].runs[run];
    let gap = |(place, run): &(Place, RunIdx)| {
        let (one, history) = (run_at(*place), trace.history(*run));
        let (began_at, ended_at) = (began(&one.history), ended(&one.history));
        let (start_ms, end_ms) = (difference(began_at, began(history)), difference(ended_at, ended(history)));
        // What it waited for, on both sides: the run that released it, else the group around it.
        let released = |releaser: &RunIdx| Some((ended(&run_at(*places.get(releaser)?).history)?, ended(trace.history(*releaser))?));
        let group = |group: RunIdx| Some((began(&run_at(*places.get(&group)?).history)?, began(trace.history(group))?));
        let taskrun = trace.run(*run);
        let top = || {
            let own = trace.own_history(taskrun.execution).find(|(_, state)| state.is_running());
            Some((began(&real[place.0].history)?, own?.0))
        };
        let from = taskrun.released_by.as_ref().and_then(released).or_else(|| taskrun.parent.map_or_else(top, group));
        let hand_over = from.zip(began_at.zip(began(history))).map(|((from, simulated_from), (to, simulated_to))| {
            let waited = from + (simulated_to - simulated_from);
            (waited.min(to), to)
        });
        Gap {
            real: *place,
            run: *run,
            start_ms,
            end_ms,
            length_ms: start_ms.zip(end_ms).map(|(start, end)| end - start),
            hand_over: hand_over.filter(|(from, to)| from < to),
            timers: if taskrun.waits_for_person { Vec::new() } else { timers(one, history) },
        }
    };
    pairs.runs.iter().map(gap).collect()
}

/// The part of each stay in a state that a timer ends which is longer than the simulated one.
fn timers(real: &TaskRun, simulated: &[(SimTime, State)]) -> Vec<(SimTime, SimTime)> {
    let late = |((from, to), (simulated_from, simulated_to)): ((SimTime, SimTime), (SimTime, SimTime))| {
        let due = from + (simulated_to - simulated_from);
        (due < to).then_some((due, to))
    };
    waits(&real.history).into_iter().zip(waits(simulated)).filter_map(late).collect()
}

/// The stays in a state that a timer ends: from and to.
fn waits(history: &[(SimTime, State)]) -> Vec<(SimTime, SimTime)> {
    let is_timed = |state: State| matches!(state, State::Retrying | State::Paused);
    history.iter().zip(history.iter().skip(1)).filter(|((_, state), _)| is_timed(*state)).map(|((from, _), (to, _))| (*from, *to)).collect()
}

/// The first time without the second, in milliseconds.
#[must_use]
pub fn difference(real: Option<SimTime>, simulated: Option<SimTime>) -> Option<i64> {
    let ms = |time: SimTime| i64::try_from(time.0).unwrap_or(i64::MAX);
    real.zip(simulated).map(|(real, simulated)| ms(real).saturating_sub(ms(simulated)))
}

/// The gap of the last of all ends: the executions that are paired, in milliseconds.
#[must_use]
pub fn of_executions(trace: &Trace, real: &[Execution], pairs: &Pairs) -> Option<i64> {
    let of = |history: &History| ended(history);
    let theirs = pairs.executions.iter().filter_map(|(one, _)| of(&real[*one].history)).max();
    let ours = pairs.executions.iter().filter_map(|(_, one)| ended(trace.execution_history(*one))).max();
    difference(theirs, ours)
}
