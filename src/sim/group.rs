//! The books of one open group: which of its lists is active, what its children are doing, and when it is done.
//!
//! Rules: Kestra, "Flowable tasks", shared rules. Counting changes instead of looking at all children on every pass keeps
//! a group of a million tasks as cheap, child for child, as one of ten.

use super::state::State;
use super::trace::RunIdx;
use crate::flow::{Lists, TaskIdx};
use crate::time::SimTime;

/// A group that is RUNNING, or a whole execution.
#[derive(Debug)]
pub(super) struct Group<'f> {
    /// The group's own run; `None` for an execution.
    pub owner: Option<RunIdx>,
    /// Its execution.
    pub execution: u32,
    /// What it holds.
    pub lists: &'f Lists,
    /// The list that is being worked on.
    pub active: Active,
    /// How many direct children may run at once; 0 is no limit, `None` is one after another.
    pub concurrent: Option<u32>,
    /// The next task of the active list that has no run.
    pub next: usize,
    /// What the children of the active list are doing.
    pub count: Count,
    /// How the tasks of the group ended so far; those of `errors` and `finally` do not count.
    pub outcome: Outcome,
    /// When it began.
    pub opened_at: SimTime,
    /// The child that ended last.
    pub last_ended: Option<RunIdx>,
}

/// Which list of a group is active.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Active {
    Tasks,
    Errors,
    Finally,
    Done,
}

/// Children of one list by what they are doing.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Count {
    /// Made, but not begun.
    pub created: u32,
    /// RUNNING or KILLING.
    pub running: u32,
    /// Made, and not in a terminal state.
    pub open: u32,
}

/// Which final states there were among the tasks of a group.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Outcome {
    pub killed: bool,
    pub failed: bool,
    pub warning: bool,
}

impl Outcome {
    /// The state of the whole: the first that occurs among KILLED, FAILED, WARNING, else SUCCESS.
    pub fn state(self) -> State {
        match self {
            Self { killed: true, .. } => State::Killed,
            Self { failed: true, .. } => State::Failed,
            Self { warning: true, .. } => State::Warning,
            Self { .. } => State::Success,
        }
    }
}

impl<'f> Group<'f> {
    /// A group that has just begun.
    pub fn open(owner: Option<RunIdx>, execution: u32, lists: &'f Lists, concurrent: Option<u32>, opened_at: SimTime) -> Self {
        Self {
            owner,
            execution,
            lists,
            active: Active::Tasks,
            concurrent,
            next: 0,
            count: Count::default(),
            outcome: Outcome::default(),
            opened_at,
            last_ended: None,
        }
    }

    /// The tasks of the active list.
    pub fn list(&self) -> &'f [TaskIdx] {
        match self.active {
            Active::Tasks => &self.lists.tasks,
            Active::Errors => &self.lists.errors,
            Active::Finally => &self.lists.finally,
            Active::Done => &[],
        }
    }

    /// How many tasks of the active list may run at once; `errors` and `finally` always run one after another.
    pub fn limit(&self) -> Option<u32> {
        self.concurrent.filter(|_| self.active == Active::Tasks)
    }

    /// A child of the list `of` went from one state to another; `None` is a child that was just made.
    pub fn child_changed(&mut self, child: RunIdx, of: Active, from: Option<State>, to: State) {
        if of == self.active {
            let Count { created, running, open } = &mut self.count;
            if let Some(from) = from {
                *created -= u32::from(from.is_created());
                *running -= u32::from(from.is_running());
                *open -= u32::from(!from.is_terminal());
            }
            *created += u32::from(to.is_created());
            *running += u32::from(to.is_running());
            *open += u32::from(!to.is_terminal());
        }
        if to.is_terminal() {
            self.last_ended = Some(child);
            if of == Active::Tasks {
                self.outcome.killed |= to == State::Killed;
                self.outcome.failed |= to == State::Failed;
                self.outcome.warning |= to == State::Warning;
            }
        }
    }

    /// Moves on to the next list when the active one is through, or when a task failed: error mode starts `errors`, then
    /// `finally`, beside siblings that still run, and without either the group is done at once.
    pub fn advance(&mut self, is_enabled: impl Fn(TaskIdx) -> bool) {
        loop {
            let through = self.count.open == 0 && !self.list()[self.next..].iter().any(|task| is_enabled(*task));
            self.active = match self.active {
                Active::Tasks if self.outcome.failed => Active::Errors,
                Active::Tasks if through => Active::Finally,
                Active::Errors if through => Active::Finally,
                Active::Finally if through => Active::Done,
                _ => return,
            };
            self.next = 0;
            self.count = Count::default();
        }
    }
}
