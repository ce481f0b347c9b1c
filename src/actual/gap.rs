//! How far a real taskrun is from its simulated one, and what the server added: the hand-over before it, and the polling of timers.

use std::collections::BTreeMap;

use super::pairs::{Pairs, Place};
use super::{Execution, History, began, ended};
use crate::flow::state::State;
use crate::sim::trace::{Children, RunIdx, TaskRun, Trace};
use crate::time::SimTime;

/// A part of a run: from and to.
pub type Stretch = (SimTime, SimTime);

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
    /// What the server took to hand it over, beyond what is simulated: from the end of the last leaf before it to its begin, then from the
    /// moment in which a retry was due to its attempt.
    pub hand_overs: Vec<Stretch>,
    /// How long the server let it wait after a timer had run out, beyond what is simulated.
    pub timers: Vec<Stretch>,
}

/// The gap of each pair of taskruns, in the order of the pairs.
#[must_use]
pub fn gaps(trace: &Trace, real: &[Execution], pairs: &Pairs) -> Vec<Gap> {
    let places = pairs.runs.iter().map(|(place, run)| (*run, *place)).collect();
    let both = Both { trace, real, places, children: trace.children() };
    pairs.runs.iter().map(|(place, run)| both.gap(*place, *run)).collect()
}

/// The real run and the simulated one.
struct Both<'a> {
    trace: &'a Trace,
    real: &'a [Execution],
    places: BTreeMap<RunIdx, Place>,
    children: Children,
}

impl Both<'_> {
    fn gap(&self, place: Place, run: RunIdx) -> Gap {
        let (real, simulated) = (&self.real[place.0].runs[place.1].history, self.trace.history(run));
        let begins = (began(real), began(simulated));
        let (start_ms, end_ms) = (difference(begins.0, begins.1), difference(ended(real), ended(simulated)));
        let first = self.released(run).zip(begins.0.zip(begins.1));
        let first = first.map(|((from, simulated_from), (to, simulated_to))| (from + (simulated_to - simulated_from), to));
        let hand_overs = first.filter(|(from, to)| from < to).into_iter().chain(beyond(real, simulated, again));
        Gap {
            real: place,
            run,
            start_ms,
            end_ms,
            length_ms: start_ms.zip(end_ms).map(|(start, end)| end - start),
            hand_overs: hand_overs.collect(),
            timers: if self.trace.run(run).waits_for_person { Vec::new() } else { beyond(real, simulated, timed) },
        }
    }

    /// When what let a taskrun begin ended, for real and simulated: the last leaf before it, however many groups end and begin between the
    /// two, else the begin of its execution.
    fn released(&self, run: RunIdx) -> Option<(SimTime, SimTime)> {
        let mut inner = run;
        loop {
            let taskrun = self.trace.run(inner);
            if let Some(releaser) = taskrun.released_by {
                let last = self.last_below(releaser);
                return Some((ended(self.history(last)?)?, ended(self.trace.history(releaser))?));
            }
            let Some(group) = taskrun.parent else { break };
            inner = group;
        }
        let TaskRun { execution, .. } = *self.trace.run(inner);
        let simulated = self.trace.own_history(execution).find(|(_, state)| state.is_running());
        // An iteration of a Loop has taken over its first states: there the taskruns say when it began.
        let real = match self.trace.execution(execution).iteration {
            Some(_) => self.history(inner)?.first().map(|(at, _)| *at),
            None => began(&self.real[self.places.get(&inner)?.0].history),
        };
        real.zip(simulated.map(|(at, _)| at))
    }

    /// The leaf in a group that ended last for real; a leaf is that itself.
    fn last_below(&self, run: RunIdx) -> RunIdx {
        let end = |child: &RunIdx| self.history(*child).and_then(|history| ended(history));
        let last = |run: &RunIdx| self.children.of(*run).iter().copied().filter(|child| end(child).is_some()).max_by_key(end);
        std::iter::successors(Some(run), last).last().unwrap_or(run)
    }

    /// The real states of a simulated taskrun.
    fn history(&self, run: RunIdx) -> Option<&History> {
        let (execution, run) = *self.places.get(&run)?;
        Some(&self.real[execution].runs[run].history)
    }
}

/// The part of each real stay that goes beyond the simulated one.
fn beyond(real: &[(SimTime, State)], simulated: &[(SimTime, State)], stays: fn(&[(SimTime, State)]) -> Vec<Stretch>) -> Vec<Stretch> {
    let pairs = stays(real).into_iter().zip(stays(simulated));
    let late = pairs.map(|((from, to), (simulated_from, simulated_to))| (from + (simulated_to - simulated_from), to));
    late.filter(|(due, to)| due < to).collect()
}

/// The stays in a state that a timer ends: from and to.
fn timed(history: &[(SimTime, State)]) -> Vec<Stretch> {
    let is_timed = |state: State| matches!(state, State::Retrying | State::Paused);
    history.windows(2).filter(|pair| is_timed(pair[0].1)).map(|pair| (pair[0].0, pair[1].0)).collect()
}

/// The waits for a worker of all attempts but the first: from and to.
fn again(history: &[(SimTime, State)]) -> Vec<Stretch> {
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
