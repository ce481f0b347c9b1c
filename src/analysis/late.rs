//! Which planned items ended after they were due.

use crate::flow::state::State;
use crate::flow::{Flow, Task, TaskIdx};
use crate::sim::trace::{ExecutionIdx, RunIdx, Trace};
use crate::time::SimTime;

/// An item that ended, or is still open, after its due date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Late {
    /// The task and its run; `None` for the execution as a whole.
    pub item: Option<(TaskIdx, RunIdx)>,
    /// When it was due, in milliseconds since 1970-01-01T00:00:00Z.
    pub due_epoch_ms: i64,
    /// When it ended, or when the simulation did while it was open.
    pub at: SimTime,
    /// How long after the due date that is.
    pub by: SimTime,
    /// Whether it has ended.
    pub has_ended: bool,
}

/// What is late in the first execution: the execution itself first, then its taskruns in order of creation.
#[must_use]
pub fn late(flow: &Flow, trace: &Trace) -> Vec<Late> {
    if trace.executions.is_empty() {
        return Vec::new();
    }
    let due = flow.plan.as_ref().and_then(|plan| plan.due_at);
    let whole = due.and_then(|due| late_by(trace, None, due, trace.execution_history(ExecutionIdx::FIRST)));
    let runs = trace.iter().filter(|(_, taskrun)| taskrun.execution == ExecutionIdx::FIRST && !taskrun.dropped);
    let items = runs.filter_map(|(run, taskrun)| late_run(trace, flow.task(taskrun.task), run));
    whole.into_iter().chain(items).collect()
}

/// How late a run of a task is; `None` when it is not.
#[must_use]
pub fn late_run(trace: &Trace, task: &Task, run: RunIdx) -> Option<Late> {
    late_by(trace, Some((trace.run(run).task, run)), task.plan.as_ref()?.due_at?, trace.history(run))
}

fn late_by(trace: &Trace, item: Option<(TaskIdx, RunIdx)>, due_epoch_ms: i64, history: &[(SimTime, State)]) -> Option<Late> {
    let (at, state) = *history.last()?;
    let has_ended = state.is_terminal();
    let at = if has_ended { at } else { trace.end };
    let by = u64::try_from(at.epoch_ms(trace.start_epoch_ms).checked_sub(due_epoch_ms)?).ok().map(SimTime)?;
    let is_late = by > SimTime::ZERO && !matches!(state, State::Skipped | State::Created);
    is_late.then_some(Late { item, due_epoch_ms, at, by, has_ended })
}
