//! How far a real taskrun is from its simulated one, and what the server added: the hand-over before it, and the polling of timers.

use std::collections::BTreeMap;

use super::pairs::{Pairs, Place};
use super::{Execution, began, ended};
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
    /// What the server took to hand it over, beyond what is simulated: from the end of what it waited for to its begin, then from the
    /// moment in which a retry was due to its attempt. From and to.
    pub hand_overs: Vec<(SimTime, SimTime)>,
    /// How long the server let it wait after a timer had run out, beyond what is simulated: from and to.
    pub timers: Vec<(SimTime, SimTime)>,
}

impl Gap {
    /// How much of the real time the server added.
    #[must_use]
    pub fn added(&self) -> SimTime {
        self.hand_overs.iter().chain(&self.timers).fold(SimTime::ZERO, |sum, (from, to)| sum + (*to - *from))
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
        let is_iteration = trace.execution(taskrun.execution).iteration.is_some();
        let top = || {
            // An iteration of a Loop has taken over its first states: there the taskruns say when it began.
            let own = trace.own_history(taskrun.execution).find(|(_, state)| state.is_running());
            let theirs = if is_iteration { one.history.first().map(|(at, _)| *at) } else { began(&real[place.0].history) };
            theirs.zip(own.map(|(at, _)| at))
        };
        let from = taskrun.released_by.as_ref().and_then(released).or_else(|| taskrun.parent.map_or_else(top, group));
        let first = from
            .zip(began_at.zip(began(history)))
            .map(|((from, simulated_from), (to, simulated_to))| (from + (simulated_to - simulated_from), to));
        let hand_overs = first.filter(|(from, to)| from < to).into_iter().chain(beyond(&one.history, history, again));
        Gap {
            real: *place,
            run: *run,
            start_ms,
            end_ms,
            length_ms: start_ms.zip(end_ms).map(|(start, end)| end - start),
            hand_overs: hand_overs.collect(),
            timers: if taskrun.waits_for_person { Vec::new() } else { beyond(&one.history, history, timed) },
        }
    };
    pairs.runs.iter().map(gap).collect()
}

/// The part of each real stay that goes beyond the simulated one.
fn beyond(
    real: &[(SimTime, State)],
    simulated: &[(SimTime, State)],
    stays: fn(&[(SimTime, State)]) -> Vec<(SimTime, SimTime)>,
) -> Vec<(SimTime, SimTime)> {
    let pairs = stays(real).into_iter().zip(stays(simulated));
    let late = pairs.map(|((from, to), (simulated_from, simulated_to))| (from + (simulated_to - simulated_from), to));
    late.filter(|(due, to)| due < to).collect()
}

/// The stays in a state that a timer ends: from and to.
fn timed(history: &[(SimTime, State)]) -> Vec<(SimTime, SimTime)> {
    let is_timed = |state: State| matches!(state, State::Retrying | State::Paused);
    history.windows(2).filter(|pair| is_timed(pair[0].1)).map(|pair| (pair[0].0, pair[1].0)).collect()
}

/// The waits for a worker of all attempts but the first: from and to.
fn again(history: &[(SimTime, State)]) -> Vec<(SimTime, SimTime)> {
    let created = (1..history.len()).filter(|at| history[*at].1 == State::Created);
    let began = |at: usize| history[at..].iter().find(|(_, state)| state.is_running()).map(|(to, _)| (history[at].0, *to));
    created.filter_map(began).collect()
}

/// The first time without the second, in milliseconds.
#[must_use]
pub fn difference(real: Option<SimTime>, simulated: Option<SimTime>) -> Option<i64> {
    let ms = |time: SimTime| i64::try_from(time.0).unwrap_or(i64::MAX);
    real.zip(simulated).map(|(real, simulated)| ms(real).saturating_sub(ms(simulated)))
}
