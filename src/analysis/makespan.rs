//! How long a run took, how much work it did, and what it gained by doing things at the same time.

use super::slots;
use crate::flow::state::State;
use crate::flow::{Flow, TaskIdx};
use crate::sim::trace::{ExecutionIdx, RunIdx, TaskRun, Trace};
use crate::time::SimTime;

/// The numbers of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbers {
    /// From the start to the moment the execution reached its final state.
    pub makespan: SimTime,
    /// The last end of all, runs that outlived the execution among them.
    pub last_end: SimTime,
    /// The last moment at which a leaf ran.
    pub work_end: SimTime,
    /// The time that leaves ran, added up; where they shared cores, the time they would have run without.
    pub work: SimTime,
    /// What efficiency is measured against: the `concurrent` of the one group that has one, else the most leaves at once.
    pub slots: u32,
    /// Whether just one group of the flow has a limit, which holds for all leaves.
    pub limited: bool,
    /// The state the execution ended in; `None` when it was stopped.
    pub state: Option<State>,
}

/// The end of the execution: the moment it reached its final state for the last time (a retry can revive it), or was stopped. Of
/// several that run side by side the end of all.
#[must_use]
pub fn makespan(trace: &Trace) -> SimTime {
    if trace.n_roots() > 1 {
        return trace.end;
    }
    let last = trace.execution_history(ExecutionIdx::FIRST).last();
    last.filter(|(_, state)| state.is_terminal()).map_or(trace.end, |(at, _)| *at)
}

/// The numbers of a trace: of its one execution, or of all that run side by side.
#[must_use]
pub fn numbers(flow: &Flow, trace: &Trace) -> Numbers {
    let limit = only_limited_group(flow, trace).map(|(_, limit)| limit);
    let is_one = trace.n_roots() == 1;
    // Leaves beside the group are not held by its limit.
    let peak = slots::peak(flow, trace);
    let limit = limit.filter(|limit| is_one && peak <= *limit);
    Numbers {
        makespan: makespan(trace),
        last_end: trace.end,
        work_end: leaves(flow, trace).flat_map(|run| running_spans(trace, run)).map(|(_, to)| to).max().unwrap_or_default(),
        work: leaves(flow, trace).map(|run| work_of(trace, run)).fold(SimTime::ZERO, |sum, time| sum + time),
        slots: limit.unwrap_or(peak),
        limited: limit.is_some(),
        state: trace.execution_history(ExecutionIdx::FIRST).last().map(|(_, state)| *state).filter(|state| state.is_terminal()),
    }
}

impl Numbers {
    /// Work per time until the end of the execution and of the last leaf, in hundredths: 300 is three times as fast as one after another. 0 when it took no
    /// time.
    #[must_use]
    pub fn speedup_hundredths(&self) -> u64 {
        hundredths(self.work, u128::from(self.makespan.max(self.work_end).0))
    }

    /// The speed-up as people read it, to the nearest tenth: `1.5`.
    #[must_use]
    pub fn speedup_text(&self) -> String {
        let tenths = self.speedup_hundredths().saturating_add(5) / 10;
        format!("{}.{}", tenths / 10, tenths % 10)
    }

    /// The share of the slots' time that was worked, in per cent. 0 when it took no time.
    #[must_use]
    pub fn efficiency_percent(&self) -> u64 {
        hundredths(self.work, u128::from(self.makespan.max(self.work_end).0) * u128::from(self.slots))
    }
}

/// A part of a whole in hundredths, to the nearest; 0 of nothing.
fn hundredths(part: SimTime, whole_ms: u128) -> u64 {
    let hundredths = (u128::from(part.0) * 100 + whole_ms / 2).checked_div(whole_ms).unwrap_or(0);
    u64::try_from(hundredths).unwrap_or(u64::MAX)
}

/// How long a taskrun was RUNNING, over all its attempts.
#[must_use]
pub fn running_time(trace: &Trace, run: RunIdx) -> SimTime {
    running_spans(trace, run).map(|(from, to)| to - from).fold(SimTime::ZERO, |sum, length| sum + length)
}

/// How long it would have been RUNNING with a core for itself: its part of the work of the flow.
#[must_use]
pub fn work_of(trace: &Trace, run: RunIdx) -> SimTime {
    let slowed = trace.run(run).attempts.iter().fold(SimTime::ZERO, |sum, attempt| sum + attempt.slowed);
    running_time(trace, run) - slowed
}

/// When a taskrun was RUNNING, from and to.
fn running_spans(trace: &Trace, run: RunIdx) -> impl Iterator<Item = (SimTime, SimTime)> + use<'_> {
    let history = trace.history(run);
    let ends = history.iter().skip(1).map(|(at, _)| *at).chain([trace.end]);
    history.iter().zip(ends).filter(|((_, state), _)| *state == State::Running).map(|((from, _), to)| (*from, to))
}

/// The runs of leaves of the first execution.
pub(super) fn leaves<'a>(flow: &'a Flow, trace: &'a Trace) -> impl Iterator<Item = RunIdx> + 'a {
    trace.iter().filter(|(_, run)| trace.is_of_flow(run.execution) && !flow.task(run.task).is_group()).map(|(idx, _)| idx)
}

/// The one group of the first execution that has a limit, with it; `None` when there is none or more than one.
pub(super) fn only_limited_group(flow: &Flow, trace: &Trace) -> Option<(TaskIdx, u32)> {
    let is_limited = |run: &&TaskRun| run.execution == ExecutionIdx::FIRST && run.concurrent > 0 && flow.task(run.task).is_group();
    let mut limited = trace.runs.iter().filter(is_limited).map(|run| (run.task, run.concurrent));
    limited.next().filter(|_| limited.next().is_none())
}
