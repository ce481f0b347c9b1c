//! What a taskrun did from the start of its group to its own end: each moment belongs to exactly one segment.

use crate::flow::Dialect;
use crate::flow::state::State;
use crate::sim::trace::{ExecutionIdx, RunIdx, Trace};
use crate::time::SimTime;
use crate::tr;

/// A stretch of time in which a taskrun did one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// What it did.
    pub kind: SegmentKind,
    /// Its start.
    pub from: SimTime,
    /// Its end; equal to the start for a run that takes no time.
    pub to: SimTime,
}

/// A wait, before the taskrun exists or while it may not go on; or a state of its history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SegmentKind {
    /// An earlier task of the same list, or one it depends on, has not ended.
    WaitPrevious,
    /// It could start, but the slots of the group are taken, or a sibling was created and has not begun.
    WaitSlot,
    /// The whole execution is PAUSED by another branch.
    WaitFrozen,
    /// Created, but every worker is busy.
    WaitWorker,
    /// Flow `concurrency` holds the execution back.
    WaitExecution,
    /// A state of the taskrun.
    State(State),
}

impl SegmentKind {
    /// Its name in files and attributes: `wait-slot`, `RUNNING`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WaitPrevious => "wait-previous",
            Self::WaitSlot => "wait-slot",
            Self::WaitFrozen => "wait-frozen",
            Self::WaitWorker => "wait-worker",
            Self::WaitExecution => "wait-execution",
            Self::State(state) => state.as_str(),
        }
    }

    /// The same, with states in the words of a dialect.
    #[must_use]
    pub fn name_in(self, dialect: Dialect) -> &'static str {
        if let Self::State(state) = self { dialect.state_name(state) } else { self.as_str() }
    }

    /// Whether it is a wait.
    #[must_use]
    pub fn is_wait(self) -> bool {
        !matches!(self, Self::State(_))
    }

    /// What people call it in a dialect: `waiting for a slot`, `running`, `in progress`.
    #[must_use]
    pub fn label(self, dialect: Dialect) -> String {
        match self {
            Self::WaitPrevious => tr!("waiting for an earlier task"),
            Self::WaitSlot => tr!("waiting for a slot"),
            Self::WaitFrozen => tr!("frozen by a pause"),
            Self::WaitWorker => tr!("waiting for a worker"),
            Self::WaitExecution => tr!("waiting for another execution"),
            Self::State(state) => state_label(dialect.state_name(state)),
        }
    }
}

/// What people call a state, by its name in a dialect.
fn state_label(name: &str) -> String {
    match name {
        "ABORTED" => tr!("state" => "aborted"),
        "BREAKPOINT" => tr!("state" => "at a breakpoint"),
        "CANCELLED" => tr!("state" => "cancelled"),
        "COMPLETED" => tr!("state" => "completed"),
        "CREATED" => tr!("state" => "created"),
        "FAILED" => tr!("state" => "failed"),
        "FAILING" => tr!("state" => "failing"),
        "FAILURE_HANDLER_IN_PROGRESS" => tr!("state" => "failure handler in progress"),
        "IN_PROGRESS" => tr!("state" => "in progress"),
        "KILLED" => tr!("state" => "killed"),
        "KILLING" => tr!("state" => "killing"),
        "PAUSED" => tr!("state" => "paused"),
        "PENDING" => tr!("state" => "pending"),
        "PLANNED" => tr!("state" => "planned"),
        "QUEUED" => tr!("state" => "queued"),
        "RESTARTED" => tr!("state" => "restarted"),
        "RETRIED" => tr!("state" => "retried"),
        "RETRYING" => tr!("state" => "retrying"),
        "RUNNING" => tr!("state" => "running"),
        "SKIPPED" => tr!("state" => "skipped"),
        "SUBMITTED" => tr!("state" => "submitted"),
        "SUCCESS" => tr!("state" => "success"),
        "WARNING" => tr!("state" => "warning"),
        other => other.to_owned(),
    }
}

/// The segments of a taskrun, in order and without gaps. Those of no length are left out, except attempts that failed and were
/// tried again, and the one that shows what the run was last: RUNNING, or SKIPPED for a run that never ran.
#[must_use]
pub fn segments(trace: &Trace, run: RunIdx) -> Vec<Segment> {
    let history = trace.history(run);
    let (group_began, ready_at, created) = (trace.group_began(run), trace.run(run).ready_at, trace.created(run));
    let mut found = Vec::with_capacity(3);
    push(&mut found, SegmentKind::WaitPrevious, group_began, ready_at);
    push_wait(trace, run, ready_at.max(group_began), created, &mut found);
    let ends = history.iter().skip(1).map(|(at, _)| *at).chain([trace.end]);
    for (nth, ((from, state), to)) in history.iter().zip(ends).enumerate() {
        if state.is_terminal() && nth + 1 < history.len() {
            // Its retry is decided only when the execution goes on.
            push(&mut found, SegmentKind::WaitFrozen, *from, to);
        } else if matches!(state, State::Created | State::Submitted) {
            // Beyond the delay of the server it waits for a worker.
            let handed_out = (*from + trace.dispatch_delay).min(to);
            push(&mut found, SegmentKind::State(*state), *from, handed_out);
            push(&mut found, SegmentKind::WaitWorker, handed_out, to);
        } else if !state.is_terminal() {
            push(&mut found, SegmentKind::State(*state), *from, to);
            let is_tried_again = nth + 2 < history.len() && history[nth + 1].1 == State::Failed;
            if *state == State::Running && *from == to && is_tried_again {
                found.push(Segment { kind: SegmentKind::State(*state), from: to, to });
            }
        }
    }
    if found.last().is_none_or(|last| last.kind.is_wait()) {
        let shown = history.iter().rev().find(|(_, state)| !state.is_terminal() && !state.is_created()).or(history.last());
        // One that still waits when the run is stopped is shown where its wait ends.
        let waited = found.last().map_or(SimTime::ZERO, |last| last.to);
        found.extend(shown.map(|(at, state)| (waited.max(*at), *state)).map(|(at, state)| Segment {
            kind: SegmentKind::State(state),
            from: at,
            to: at,
        }));
    }
    found
}

fn push(found: &mut Vec<Segment>, kind: SegmentKind, from: SimTime, to: SimTime) {
    if from < to {
        found.push(Segment { kind, from, to });
    }
}

/// The wait of a run that could start: frozen while its execution is PAUSED, else for a slot.
fn push_wait(trace: &Trace, run: RunIdx, from: SimTime, to: SimTime, found: &mut Vec<Segment>) {
    if from >= to {
        return;
    }
    let mut at = from;
    let history = trace.own_history(trace.run(run).execution);
    let ends = history.clone().skip(1).map(|(at, _)| at).chain([trace.end]);
    for ((began, state), ended) in history.zip(ends) {
        let (began, ended) = (began.max(at), ended.min(to));
        if state == State::Paused && began < ended {
            push(found, SegmentKind::WaitSlot, at, began);
            push(found, SegmentKind::WaitFrozen, began, ended);
            at = ended;
        }
    }
    push(found, SegmentKind::WaitSlot, at, to);
}

/// The segments of an execution as a whole: waiting for others of its flow, then its states.
#[must_use]
pub fn execution_segments(trace: &Trace, execution: ExecutionIdx) -> Vec<Segment> {
    let history = trace.own_history(execution);
    let ends = history.clone().skip(1).map(|(at, _)| at).chain([trace.end]);
    let mut found = Vec::new();
    for ((from, state), to) in history.clone().zip(ends) {
        if state == State::Queued {
            push(&mut found, SegmentKind::WaitExecution, from, to);
        } else if !state.is_terminal() {
            push(&mut found, SegmentKind::State(state), from, to);
        }
    }
    if found.is_empty() {
        found.extend(history.last().map(|(at, state)| Segment { kind: SegmentKind::State(state), from: at, to: at }));
    }
    found
}

/// When an execution that waited for others of its flow was let in, and the one that ended then; `None` for one that did not wait.
#[must_use]
pub fn let_in_by(trace: &Trace, execution: ExecutionIdx) -> Option<(Option<ExecutionIdx>, SimTime)> {
    let queued = execution_segments(trace, execution).into_iter().find(|segment| segment.kind == SegmentKind::WaitExecution)?;
    let ended_then = |other: &ExecutionIdx| {
        let last = trace.execution_history(*other).last();
        let is_alike = *other != execution && trace.execution(*other).flow == trace.execution(execution).flow;
        is_alike && last.is_some_and(|(at, state)| state.is_terminal() && *at == queued.to)
    };
    Some((trace.execution_indices().find(ended_then), queued.to))
}

/// The final state of a taskrun; `None` if it has none.
#[must_use]
pub fn outcome(trace: &Trace, run: RunIdx) -> Option<State> {
    Some(trace.state(run)).filter(|state| state.is_terminal())
}

/// The state in which an attempt ended that was followed by another one; `None` for any other segment.
#[must_use]
pub fn earlier_attempt(trace: &Trace, run: RunIdx, segment: &Segment) -> Option<State> {
    let (_, earlier) = trace.run(run).attempts.split_last()?;
    let runs = segment.kind == SegmentKind::State(State::Running);
    earlier.iter().find(|attempt| runs && attempt.ended == Some(segment.to)).map(|attempt| attempt.state)
}

/// The runs that a wait was for: those that held the slots until it ended, or the one it waited for. `holders` are those that
/// [`super::slots::holders`] gives for the run.
#[must_use]
pub fn held_up_by(trace: &Trace, run: RunIdx, kind: SegmentKind, holders: &[RunIdx]) -> Vec<RunIdx> {
    match kind {
        SegmentKind::WaitSlot => holders.to_vec(),
        SegmentKind::WaitPrevious => trace.run(run).released_by.into_iter().collect(),
        SegmentKind::WaitFrozen | SegmentKind::WaitWorker | SegmentKind::WaitExecution | SegmentKind::State(_) => Vec::new(),
    }
}
