//! The bookkeeping of one open group: which of its lists is active, what its children are doing, which may start next, and when
//! it is done.
//!
//! Rules: Kestra, "Flowable tasks", shared rules. Counting changes instead of looking at all children on every pass keeps
//! a group of a million tasks as cheap, child for child, as one of ten.

use super::picker::{Count, Pick, Picker, n_startable};
use super::trace::{ExecutionIdx, RunIdx};
use crate::flow::behavior::{Children, Order};
use crate::flow::state::State;
use crate::flow::{Lists, TaskIdx};
use crate::time::SimTime;
use crate::value::Value;

/// A group that is RUNNING, or a whole execution.
#[derive(Debug)]
pub(super) struct Group<'f> {
    /// The group's own run; `None` for an execution.
    pub owner: Option<RunIdx>,
    /// Its execution.
    pub execution: ExecutionIdx,
    /// Where its `errors` and `finally` are.
    pub lists: &'f Lists,
    /// What it is for.
    pub children: Children<'f>,
    /// How they are picked.
    pub picker: Picker,
    /// The list that is being worked on.
    pub active: Active,
    /// The next place of the active list that has not been picked, where places are picked in order.
    pub next: usize,
    /// How many children of the active list have no run yet.
    pub left: usize,
    /// What the children of the active list are doing.
    pub count: Count,
    /// How the tasks of the group ended so far; those of `errors` and `finally` do not count.
    pub outcome: Outcome,
    /// When it began, or its latest round did.
    pub opened_at: SimTime,
    /// The children that ended last, all at the same moment.
    pub ended: Vec<RunIdx>,
    /// How many of them have given their slot to another.
    n_gave_way: usize,
    /// When they did; the begin of the group when none has.
    pub last_ended_at: SimTime,
    /// The first child that FAILED.
    pub failed: Option<RunIdx>,
    /// Whether it waits for a timer or a person: then nothing is decided.
    pub held: bool,
    /// The round of a loop, from 0.
    pub round: Option<u32>,
    /// Whether a failed child stops only what waits for it, and the group ends when all others have.
    pub isolates_failures: bool,
    /// Whether its tasks run after the execution, which they can't change any more.
    pub is_after_execution: bool,
}

/// Which list of a group is active. `Aside` is none of them: a task that runs while its group is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Active {
    Tasks,
    Errors,
    Finally,
    Done,
    Aside,
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
    pub fn open(
        owner: Option<RunIdx>,
        execution: ExecutionIdx,
        lists: &'f Lists,
        (children, order): (Children<'f>, Order<'f>),
        now: SimTime,
        is_enabled: &dyn Fn(TaskIdx) -> bool,
    ) -> Self {
        let picker = Picker::new(order, &children, is_enabled, now);
        let mut group = Self {
            owner,
            execution,
            lists,
            children,
            picker,
            active: Active::Tasks,
            next: 0,
            left: 0,
            count: Count::default(),
            outcome: Outcome::default(),
            opened_at: now,
            ended: Vec::new(),
            n_gave_way: 0,
            last_ended_at: now,
            failed: None,
            held: false,
            round: None,
            isolates_failures: false,
            is_after_execution: false,
        };
        group.begin_list(is_enabled);
        group
    }

    /// How many children the active list has.
    fn len(&self) -> usize {
        match self.active {
            Active::Tasks => self.children.len(),
            Active::Errors | Active::Finally | Active::Done | Active::Aside => self.handlers().len(),
        }
    }

    /// The tasks of the active list, when it is not the one the group is for.
    fn handlers(&self) -> &'f [TaskIdx] {
        match self.active {
            Active::Errors => &self.lists.errors,
            Active::Finally => &self.lists.finally,
            Active::Tasks | Active::Done | Active::Aside => &[],
        }
    }

    /// The task at a place of the active list, with the value it runs for and that value's place.
    pub fn child(&self, place: usize) -> (TaskIdx, Option<(Value, u32)>) {
        if self.active != Active::Tasks {
            return (self.handlers()[place], None);
        }
        let (task, nth) = self.children.at(place);
        let value = self.children.values.as_ref().map(|values| (values[nth].clone(), nth as u32));
        (task, value)
    }

    /// Begins with the active list: counts what there is to do. Disabled tasks are dropped before any decision.
    pub fn begin_list(&mut self, is_enabled: &dyn Fn(TaskIdx) -> bool) {
        self.next = 0;
        self.count = Count::default();
        self.left = (0..self.len()).filter(|place| is_enabled(self.child_task(*place))).count();
    }

    fn child_task(&self, place: usize) -> TaskIdx {
        if self.active == Active::Tasks { self.children.at(place).0 } else { self.handlers()[place] }
    }

    /// Which children may start now. `errors` and `finally` always run one after another.
    pub fn pick(&mut self, picks: &mut Vec<Pick>, is_enabled: &dyn Fn(TaskIdx) -> bool) {
        let in_turn = Pick { place: 0, ready_at: self.last_ended_at, released_by: self.ended.last().copied() };
        let is_sequential = self.active != Active::Tasks || matches!(self.picker, Picker::Sequential);
        if is_sequential && self.is_stuck() {
            return;
        }
        match &mut self.picker {
            Picker::Dag(limit, dependencies) if self.active == Active::Tasks => {
                dependencies.pick(n_startable(self.count, *limit), picks);
            }
            Picker::Lanes(limit, lanes) if self.active == Active::Tasks => {
                let n = if *limit == 0 { usize::MAX } else { limit.saturating_sub(self.count.open) as usize };
                lanes.pick(n, picks);
            }
            Picker::Window(limit) if self.active == Active::Tasks => {
                let n = n_startable(self.count, *limit);
                self.pick_in_order(n, Pick { ready_at: self.opened_at, ..in_turn }, picks, is_enabled);
            }
            Picker::Sequential | Picker::Dag(..) | Picker::Lanes(..) | Picker::Window(_) => {
                self.pick_in_order(usize::from(self.count.open == 0), in_turn, picks, is_enabled)
            }
        }
        self.left -= picks.len();
        // One that was ready before had only to wait for a slot: who ended first gave way first.
        for pick in picks.iter_mut().filter(|pick| !is_sequential && pick.ready_at < self.last_ended_at) {
            pick.released_by = self.ended.get(self.n_gave_way).or(self.ended.last()).copied();
            self.n_gave_way += 1;
        }
    }

    /// Whether none of the children that are left will ever start, as what they wait for has failed.
    fn is_stuck(&self) -> bool {
        self.isolates_failures && self.outcome.failed && !self.picker.can_go_on()
    }

    fn pick_in_order(&mut self, n: usize, pick: Pick, picks: &mut Vec<Pick>, is_enabled: &dyn Fn(TaskIdx) -> bool) {
        while picks.len() < n && picks.len() < self.left {
            let place = self.next;
            self.next += 1;
            if is_enabled(self.child_task(place)) {
                picks.push(Pick { place, ..pick });
            }
        }
    }

    /// A child of the list `of`, at `place` there, went from one state to another; `None` is a child that was just made.
    pub fn child_changed(&mut self, child: RunIdx, (of, place): (Active, u32), from: Option<State>, to: State, now: SimTime) {
        if of == self.active {
            let Count { created, running, open, failing } = &mut self.count;
            if let Some(from) = from {
                *created -= u32::from(from.is_created());
                *running -= u32::from(from.is_running());
                *open -= u32::from(!from.is_terminal());
                *failing -= u32::from(from == State::Failing);
            }
            *created += u32::from(to.is_created());
            *running += u32::from(to.is_running());
            *open += u32::from(!to.is_terminal());
            *failing += u32::from(to == State::Failing);
        }
        if to.is_terminal() && of != Active::Aside {
            if now > self.last_ended_at {
                self.ended.clear();
                (self.last_ended_at, self.n_gave_way) = (now, 0);
            }
            self.ended.push(child);
            if of == Active::Tasks {
                self.outcome.killed |= to == State::Killed;
                self.outcome.failed |= to == State::Failed;
                self.outcome.warning |= to == State::Warning;
                // With isolated failures what depends on a failed child never starts.
                if !(self.isolates_failures && to == State::Failed && matches!(self.picker, Picker::Dag(..))) {
                    self.picker.ended(place, child, now);
                }
                if to == State::Failed {
                    self.failed = self.failed.or(Some(child));
                }
            }
        }
    }

    /// Moves on to the next list when the active one is through, or when a task failed: error mode starts `errors`, then
    /// `finally`, beside siblings that still run, and without either the group is done at once.
    pub fn advance(&mut self, is_enabled: &dyn Fn(TaskIdx) -> bool) {
        loop {
            let has_ended = self.count.open == 0 && (self.left == 0 || self.is_stuck());
            self.active = match self.active {
                Active::Tasks if self.outcome.failed && !self.isolates_failures => Active::Errors,
                Active::Tasks if has_ended => Active::Finally,
                Active::Errors if has_ended => Active::Finally,
                Active::Finally if has_ended => Active::Done,
                Active::Tasks | Active::Errors | Active::Finally | Active::Done | Active::Aside => return,
            };
            self.begin_list(is_enabled);
        }
    }

    /// Begins a further round of a loop: as if none of the children had been.
    pub fn begin_round(&mut self, now: SimTime, is_enabled: &dyn Fn(TaskIdx) -> bool) {
        self.active = Active::Tasks;
        self.outcome = Outcome::default();
        (self.opened_at, self.last_ended_at) = (now, now);
        self.ended.clear();
        self.round = self.round.map(|round| round + 1);
        self.begin_list(is_enabled);
    }
}
