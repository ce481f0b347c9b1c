//! The bookkeeping of a group, or of a whole execution: its lists, what its children are doing, and which may start next.
//!
//! Counting changes instead of looking at all children on every pass keeps a group of a million tasks as cheap, child for
//! child, as one of ten.

use crate::flow::behavior::{Children, Order};
use crate::flow::state::State;
use crate::flow::{Level, Lists, TaskIdx};
use crate::sim::picker::{Pick, Picker};
use crate::sim::trace::{ExecutionIdx, RunIdx};
use crate::time::SimTime;
use crate::value::Value;

/// A group of the executor, as an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GroupIdx(pub u32);

impl GroupIdx {
    pub fn at(self) -> usize {
        self.0 as usize
    }
}

/// One of the lists of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListName {
    Normal,
    Errors,
    Finally,
    /// What runs once an execution has ended: its listeners and `afterExecution`.
    After,
    /// What runs while its group is held: `onPause`. It counts for nothing.
    Aside,
}

/// A group that has begun, or a whole execution.
#[derive(Debug)]
pub(super) struct Group<'f> {
    /// The group's own run; `None` for an execution.
    pub owner: Option<RunIdx>,
    pub execution: ExecutionIdx,
    /// What the group is for; `None` when it has no such list at all.
    pub normal: Option<List<'f>>,
    pub errors: List<'f>,
    pub finally: List<'f>,
    pub after: List<'f>,
    /// Its children, but for those that were removed.
    pub children: Vec<RunIdx>,
    /// What they are doing, whatever list they came from.
    pub count: Count,
    /// Why its state can't be computed.
    pub fault: Option<(Level, Box<str>)>,
    /// When it began, or its latest round did.
    pub opened_at: SimTime,
    /// The children that ended last, all at the same time, and how many of them have given their slot to another.
    ended: Vec<RunIdx>,
    n_gave_way: usize,
    last_ended_at: SimTime,
    /// The first child that FAILED.
    pub failed: Option<RunIdx>,
    /// The round of a loop, from 0.
    pub round: Option<u32>,
    /// Whether a failed child stops only what depends on it.
    pub isolates_failures: bool,
}

/// A list of a group with what its children are doing.
#[derive(Debug)]
pub(super) struct List<'f> {
    pub children: Children<'f>,
    /// How many of them are not disabled.
    pub n_enabled: usize,
    pub count: Count,
    /// How many of them are FAILED and not tried again by their own retry.
    pub n_failed_for_good: u32,
    /// Whether a failure that is tried again counts as not ended.
    pub waits_for_retry: bool,
    pub picker: Picker,
    /// The next place that has not been picked, where places are picked in order.
    next: usize,
    /// How many children have not been picked.
    left: usize,
}

/// How many children are in each state. The sums are kept, as each pass asks for them many times.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Count {
    of: [u32; State::ALL.len()],
    all: u32,
    ended: u32,
    running: u32,
}

impl Count {
    pub fn of(&self, state: State) -> u32 {
        self.of[state as usize]
    }

    pub fn change(&mut self, from: Option<State>, to: Option<State>) {
        if let Some(from) = from {
            self.of[from as usize] -= 1;
            self.all -= 1;
            self.ended -= u32::from(from.is_terminal());
            self.running -= u32::from(from.is_running());
        }
        if let Some(to) = to {
            self.of[to as usize] += 1;
            self.all += 1;
            self.ended += u32::from(to.is_terminal());
            self.running += u32::from(to.is_running());
        }
    }

    pub fn all(&self) -> u32 {
        self.all
    }

    pub fn ended(&self) -> u32 {
        self.ended
    }

    pub fn open(&self) -> u32 {
        self.all - self.ended
    }

    pub fn created(&self) -> u32 {
        self.of(State::Created) + self.of(State::Restarted)
    }

    pub fn running(&self) -> u32 {
        self.running
    }
}

impl<'f> List<'f> {
    fn new(children: Children<'f>, picker: Picker, is_enabled: &dyn Fn(TaskIdx) -> bool) -> Self {
        let n_values = children.values.as_ref().map_or(1, Vec::len);
        let n_enabled = n_values * children.tasks.iter().filter(|task| is_enabled(**task)).count();
        Self {
            children,
            n_enabled,
            count: Count::default(),
            n_failed_for_good: 0,
            waits_for_retry: false,
            picker,
            next: 0,
            left: n_enabled,
        }
    }

    pub fn in_sequence(tasks: &'f [TaskIdx], is_enabled: &dyn Fn(TaskIdx) -> bool) -> Self {
        Self::new(Children { tasks, values: None }, Picker::Sequential, is_enabled)
    }

    /// Whether it holds anything to run.
    pub fn is_there(&self) -> bool {
        self.n_enabled > 0
    }

    pub fn has_begun(&self) -> bool {
        self.count.all() > 0
    }

    /// Whether all its tasks have run and ended.
    pub fn all_ended(&self) -> bool {
        let n_tried_again = if self.waits_for_retry { self.count.of(State::Failed) - self.n_failed_for_good } else { 0 };
        (self.count.ended() - n_tried_again) as usize == self.n_enabled
    }

    /// The task at a place, with the value it runs for and that value's index.
    pub fn child(&self, place: usize) -> (TaskIdx, Option<(Value, u32)>) {
        let (task, nth) = self.children.at(place);
        (task, self.children.values.as_ref().map(|values| (values[nth].clone(), nth as u32)))
    }

    /// Whether some of its children will never start, as what they depend on has failed.
    pub fn is_stuck(&self) -> bool {
        self.left > 0 && self.count.open() == 0 && self.count.of(State::Failed) > 0 && !self.picker.can_go_on()
    }

    /// How many more children the slots have room for.
    fn n_startable(&self, limit: u32, slots: Slots) -> usize {
        let busy = if slots.held_until_ended { self.count.open() } else { self.count.running() };
        match limit {
            _ if self.count.created() > 0 => 0,
            0 => usize::MAX,
            limit => limit.saturating_sub(busy) as usize,
        }
    }

    /// Whether a further child may start now: one is left, and there is a slot for it. True of lanes also when each has to wait.
    pub fn may_go_on(&self, slots: Slots) -> bool {
        self.left > 0
            && match &self.picker {
                Picker::Sequential => self.count.open() == 0,
                Picker::Window(limit) => self.n_startable(*limit, slots) > 0,
                Picker::Dag(limit, dependencies) => self.n_startable(*limit, slots) > 0 && dependencies.any_ready(),
                Picker::Lanes(limit, _) => *limit == 0 || *limit > self.count.open(),
            }
    }

    /// Forgets all its children: they may run again.
    pub fn reset(&mut self) {
        (self.count, self.n_failed_for_good, self.next, self.left) = (Count::default(), 0, 0, self.n_enabled);
    }

    /// The places of the next `n` enabled children in order.
    fn pick_in_order(&mut self, n: usize, pick: Pick, picks: &mut Vec<Pick>, is_enabled: &dyn Fn(TaskIdx) -> bool) {
        while picks.len() < n && picks.len() < self.left {
            let place = self.next;
            self.next += 1;
            if is_enabled(self.children.at(place).0) {
                picks.push(Pick { place, ..pick });
            }
        }
    }
}

/// How busy children are counted when slots are handed out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slots {
    /// Whether every child that has not ended holds a slot; otherwise those that are RUNNING or KILLING.
    pub held_until_ended: bool,
}

impl<'f> Group<'f> {
    /// A group that has just begun. `children` is `None` when it has no tasks to choose from at all.
    pub fn open(
        (owner, execution): (Option<RunIdx>, ExecutionIdx),
        children: Option<(Children<'f>, Order<'f>)>,
        lists: &'f Lists,
        now: SimTime,
        is_enabled: &dyn Fn(TaskIdx) -> bool,
        blocks: bool,
    ) -> Self {
        let normal = children.map(|(children, order)| {
            let picker = Picker::new(order, &children, is_enabled, now, blocks);
            List::new(children, picker, is_enabled)
        });
        Self {
            owner,
            execution,
            normal,
            errors: List::in_sequence(&lists.errors, is_enabled),
            finally: List::in_sequence(&lists.finally, is_enabled),
            after: List::in_sequence(&[], is_enabled),
            children: Vec::new(),
            count: Count::default(),
            fault: None,
            opened_at: now,
            ended: Vec::new(),
            n_gave_way: 0,
            last_ended_at: now,
            failed: None,
            round: None,
            isolates_failures: false,
        }
    }

    /// Lets a failure that is tried again count as not ended: in `errors` and `finally`, and perhaps among the normal children.
    pub fn wait_for_retries(&mut self, among_normal: bool) {
        for list in self.normal.iter_mut().filter(|_| among_normal).chain([&mut self.errors, &mut self.finally]) {
            list.waits_for_retry = true;
        }
    }

    pub fn list(&self, name: ListName) -> Option<&List<'f>> {
        match name {
            ListName::Normal => self.normal.as_ref(),
            ListName::Errors => Some(&self.errors),
            ListName::Finally => Some(&self.finally),
            ListName::After => Some(&self.after),
            ListName::Aside => None,
        }
    }

    pub fn list_mut(&mut self, name: ListName) -> Option<&mut List<'f>> {
        match name {
            ListName::Normal => self.normal.as_mut(),
            ListName::Errors => Some(&mut self.errors),
            ListName::Finally => Some(&mut self.finally),
            ListName::After => Some(&mut self.after),
            ListName::Aside => None,
        }
    }

    /// Which children of a list may start now.
    pub fn pick(&mut self, name: ListName, slots: Slots, is_enabled: &dyn Fn(TaskIdx) -> bool) -> Vec<Pick> {
        let in_turn = Pick { place: 0, ready_at: self.last_ended_at, released_by: self.ended.last().copied() };
        let (opened_at, isolates_failures) = (self.opened_at, self.isolates_failures);
        let mut picks = Vec::new();
        let Some(list) = self.list_mut(name) else { return picks };
        let (count, left) = (list.count, list.left);
        if left == 0 {
            return picks;
        }
        let mut is_sequential = false;
        let n_startable = match list.picker {
            Picker::Dag(limit, _) | Picker::Window(limit) => list.n_startable(limit, slots),
            Picker::Lanes(..) | Picker::Sequential => 0,
        };
        match &mut list.picker {
            Picker::Dag(_, dependencies) => dependencies.pick(n_startable, &mut picks),
            Picker::Lanes(limit, lanes) => {
                let n = if *limit == 0 { usize::MAX } else { limit.saturating_sub(count.open()) as usize };
                lanes.pick(n, &mut picks);
            }
            Picker::Window(_) => list.pick_in_order(n_startable, Pick { ready_at: opened_at, ..in_turn }, &mut picks, is_enabled),
            Picker::Sequential => {
                is_sequential = true;
                let is_tried_again = list.waits_for_retry && count.of(State::Failed) > list.n_failed_for_good;
                let may_start = !(isolates_failures && count.of(State::Failed) > 0 || is_tried_again);
                list.pick_in_order(usize::from(count.open() == 0 && may_start), in_turn, &mut picks, is_enabled);
            }
        }
        list.left -= picks.len();
        // What was ready before had only to wait for a slot: the child that ended first gave way first.
        for pick in picks.iter_mut().filter(|pick| !is_sequential && pick.ready_at < self.last_ended_at) {
            pick.released_by = self.ended.get(self.n_gave_way).or(self.ended.last()).copied();
            self.n_gave_way += 1;
        }
        picks
    }

    /// A child went from one state to another; from `None` it was made, to `None` it is removed.
    pub fn child_changed(
        &mut self,
        child: RunIdx,
        (name, place): (ListName, u32),
        (from, to): (Option<State>, Option<State>),
        was_for_good: bool,
        is_for_good: bool,
        now: SimTime,
    ) {
        if name == ListName::Aside {
            return;
        }
        self.count.change(from, to);
        let isolates_failures = self.isolates_failures;
        let Some(list) = self.list_mut(name) else { return };
        list.count.change(from, to);
        list.n_failed_for_good = list.n_failed_for_good - u32::from(was_for_good) + u32::from(is_for_good);
        let Some(to) = to else { return };
        let had_ended = from.is_some_and(State::is_terminal);
        if had_ended && !to.is_terminal() {
            return list.picker.reopened(place);
        }
        if !to.is_terminal() || had_ended {
            return;
        }
        // With isolated failures what depends on a failed child never starts.
        if !(isolates_failures && to == State::Failed && matches!(list.picker, Picker::Dag(..))) {
            list.picker.ended(place, child, now);
        }
        if now > self.last_ended_at {
            self.ended.clear();
            (self.last_ended_at, self.n_gave_way) = (now, 0);
        }
        self.ended.push(child);
        if to == State::Failed && name == ListName::Normal {
            self.failed = self.failed.or(Some(child));
        }
    }

    /// Begins a further round of a loop: as if none of the children had been.
    pub fn begin_round(&mut self, now: SimTime) {
        for list in self.normal.iter_mut().chain([&mut self.errors, &mut self.finally]) {
            list.reset();
        }
        self.children.clear();
        self.ended.clear();
        self.count = Count::default();
        self.failed = None;
        (self.opened_at, self.last_ended_at) = (now, now);
        self.round = self.round.map(|round| round + 1);
    }
}
