//! A pass: the steps in which the executor looks at an execution after each message for it. What a group comes to is seen by
//! the group around it in the next pass only. Rule: Kestra, "Passes".

use std::ops::Bound;

use super::group::{GroupIdx, ListName, Slots};
use super::moment::ticks;
use super::view::Context;
use super::{Due, Executor, allowed};
use crate::flow::behavior::{Children, Opening, Order, Runner, Turn};
use crate::flow::state::State;
use crate::flow::{Level, Task, TaskIdx};
use crate::sim::picker::Pick;
use crate::sim::trace::{ExecutionIdx, RunIdx, TaskRun};

/// A child that a group or an execution is to have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Planned {
    pub group: GroupIdx,
    pub list: ListName,
    pub pick: Pick,
}

/// What a pass has found out and not yet written.
#[derive(Debug, Default)]
struct Found {
    /// The states that groups come to.
    results: Vec<(RunIdx, State)>,
    /// The children that groups are to have.
    children: Vec<Planned>,
}

impl<'f> Executor<'f> {
    /// A pass over an execution; there are no more once it is over, and none while it is PAUSED or QUEUED.
    pub(super) fn pass(&mut self, idx: ExecutionIdx) {
        if matches!(self.execution(idx).state, State::Paused | State::Queued) || self.is_over(idx) {
            return;
        }
        if !self.admit(idx) {
            return;
        }
        self.execution_mut(idx).has_changed = false;
        let had_ended = self.execution(idx).state.is_terminal();
        self.check_assertions(idx);
        if self.execution(idx).state.is_terminal() != had_ended {
            return;
        }
        let n_runs = self.trace.runs.len();
        if self.execution(idx).state == State::Restarted {
            self.change_execution(idx, State::Running);
        }
        self.end_if_done(idx);
        self.end_if_killed(idx);
        let mut entering = self.next_of_flow(idx);
        if self.rules.enters_late {
            entering.extend(self.children_of_groups(idx));
        }
        entering.extend(self.next_after(idx));
        if !self.rules.enters_late {
            self.enter(&std::mem::take(&mut entering));
        }
        let created = std::mem::take(&mut self.execution_mut(idx).created);
        let jobs = if self.execution(idx).state == State::Killing { Vec::new() } else { created };
        let (loops, jobs): (Vec<RunIdx>, Vec<RunIdx>) = jobs.into_iter().partition(|run| self.is_loop(*run));
        loops.into_iter().for_each(|run| self.turn_has_come(run));
        let mut found = self.look_at_groups(idx);
        if !self.rules.enters_late {
            self.enter(&std::mem::take(&mut found.children));
        }
        for (run, _) in found.results.iter().filter(|(_, state)| *state == State::Paused) {
            self.begin_pause(*run);
        }
        for (run, state) in found.results {
            self.write_result(run, state);
        }
        let by_executor = |run: &RunIdx| self.runner_of(*run) == Some(Runner::Executor);
        let (own, others): (Vec<RunIdx>, Vec<RunIdx>) = jobs.into_iter().partition(by_executor);
        own.into_iter().for_each(|run| self.turn_has_come(run));
        self.enter(&entering);
        if self.trace.runs.len() > n_runs && self.execution(idx).state == State::Created {
            self.change_execution(idx, State::Running);
        }
        others.into_iter().for_each(|run| self.turn_has_come(run));
        if self.execution(idx).has_changed {
            self.has_changed(idx);
        }
    }

    /// An execution has changed: a pass follows, or, when it is over, those that wait for it learn it.
    pub(super) fn has_changed(&mut self, idx: ExecutionIdx) {
        if self.is_over(idx) { self.execution_is_over(idx) } else { self.poke(idx) }
    }

    fn end_if_done(&mut self, idx: ExecutionIdx) {
        let state = self.execution(idx).state;
        if state.is_terminal() || matches!(state, State::Paused | State::Retrying) {
            return;
        }
        let root = self.execution(idx).root;
        if let Some(state) = self.end_of_flow(root) {
            self.end_execution(idx, state);
        } else if self.group(root).isolates_failures
            && state == State::Running
            && self.group(root).count.of(State::Failed) + self.group(root).count.of(State::Failing) > 0
        {
            self.change_execution(idx, State::Failing);
        }
    }

    fn end_if_killed(&mut self, idx: ExecutionIdx) {
        if self.execution(idx).state != State::Killing {
            return;
        }
        let created = std::mem::take(&mut self.execution_mut(idx).created);
        for run in created {
            if self.state(run).is_created() {
                self.change(run, State::Killed);
            }
        }
        if !self.rules.killing_lasts || self.execution(idx).n_open == 0 {
            self.change_execution(idx, State::Killed);
        }
    }

    /// The next task of the flow itself.
    fn next_of_flow(&mut self, idx: ExecutionIdx) -> Vec<Planned> {
        if matches!(self.execution(idx).state, State::Killing | State::Killed | State::Queued) {
            return Vec::new();
        }
        self.next_of(self.execution(idx).root, None)
    }

    /// The next of what runs once an execution has ended.
    fn next_after(&mut self, idx: ExecutionIdx) -> Vec<Planned> {
        if !self.execution(idx).state.is_terminal() || self.execution(idx).iteration.is_some() {
            return Vec::new();
        }
        self.next_list_after(idx);
        self.pick(self.execution(idx).root, ListName::After)
    }

    /// The children of all groups that are RUNNING.
    fn children_of_groups(&mut self, idx: ExecutionIdx) -> Vec<Planned> {
        let execution = self.execution(idx);
        if matches!(execution.state, State::Killing | State::Queued) {
            return Vec::new();
        }
        let groups: Vec<RunIdx> =
            execution.groups_to_look_at.iter().copied().filter(|run| matches!(self.state(*run), State::Running | State::Failing)).collect();
        groups.into_iter().flat_map(|run| self.next_of_group(run)).collect()
    }

    fn next_of_group(&mut self, run: RunIdx) -> Vec<Planned> {
        let Some(group) = self.live(run).opened else { return Vec::new() };
        let live = self.live(run);
        if self.group(group).fault.is_some() || self.is_pause(run) && !live.was_paused {
            return Vec::new();
        }
        let terminal = live.resumed_to;
        let is_normal = self.group(group).active(terminal) == super::active::Active::List(ListName::Normal);
        if self.task_of(run).holds_worker() && is_normal {
            // A worker makes the tasks of its directory itself.
            return Vec::new();
        }
        self.next_of(group, terminal)
    }

    fn next_of(&mut self, group: GroupIdx, terminal: Option<State>) -> Vec<Planned> {
        match self.group(group).active(terminal) {
            super::active::Active::List(name) => self.pick(group, name),
            super::active::Active::Nothing | super::active::Active::Absent => Vec::new(),
        }
    }

    fn pick(&mut self, group: GroupIdx, list: ListName) -> Vec<Planned> {
        let execution = self.group(group).execution;
        if self.execution(execution).state == State::Killing {
            return Vec::new();
        }
        let flow = self.flow_of(execution);
        let slots = Slots { held_until_ended: self.rules.slots_held_until_ended };
        let picks = self.group_mut(group).pick(list, slots, &|task| !flow.task(task).disabled);
        picks.into_iter().map(|pick| Planned { group, list, pick }).collect()
    }

    /// Looks at each group that may have come to something, and at each failed leaf, in the order of their taskruns.
    fn look_at_groups(&mut self, idx: ExecutionIdx) -> Found {
        self.n_passes += 1;
        let mut found = Found::default();
        let mut last = None;
        while let Some(run) = self.next_to_look_at(idx, last) {
            last = Some(run);
            self.execution_mut(idx).groups_to_look_at.remove(&run);
            if self.live(run).is_removed {
                continue;
            }
            // As it stood when the step began.
            let state = self.state_before(run);
            let is_group = self.task_of(run).is_group();
            if is_group && state.is_running() {
                self.look_at_group(run, state, &mut found);
            }
            if !is_group && state == State::Failed {
                self.consider_retry(run, &found.children);
            }
            if is_group && state.is_terminal() {
                self.close_children(run, state);
            }
        }
        // A group with a child that is tried again is not done; it is looked at in each pass.
        let is_tried_again =
            |run: &RunIdx| self.opened_by(*run).is_some_and(|group| group.count.of(State::Retrying) + group.count.of(State::Retried) > 0);
        let dropped: Vec<RunIdx> = found.results.iter().map(|(run, _)| *run).filter(is_tried_again).collect();
        found.results.retain(|(run, _)| !dropped.contains(run));
        self.execution_mut(idx).groups_to_look_at.extend(dropped);
        found
    }

    /// The next group or failed leaf that is to be looked at.
    fn next_to_look_at(&self, idx: ExecutionIdx, after: Option<RunIdx>) -> Option<RunIdx> {
        let execution = self.execution(idx);
        let sets = [&execution.groups_to_look_at, &execution.failed, &execution.groups_to_close];
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        sets.into_iter().filter_map(|set| set.range((from, Bound::Unbounded)).next().copied()).min()
    }

    /// The state of a taskrun when the step that is under way began.
    fn state_before(&self, run: RunIdx) -> State {
        let live = self.live(run);
        if live.changed_in_pass == self.n_passes { live.state_before } else { live.state }
    }

    fn look_at_group(&mut self, run: RunIdx, state: State, found: &mut Found) {
        let Some(group) = self.live(run).opened else { return };
        let count = &self.group(group).count;
        let is_ready = !self.rules.waits_for_an_ended_child || count.all() == 0 || count.ended() > 0;
        if !is_ready {
            return;
        }
        if !self.rules.enters_late && state != State::Killing {
            let children = self.next_of_group(run);
            let goes_on = !children.is_empty() && self.group(group).isolates_failures;
            found.children.extend(children);
            if goes_on {
                return self.show_failing(run, group);
            }
        }
        let result = self.result(run);
        if self.state(run) == State::Paused && !self.rules.in_passes {
            // Nothing begins while its loop waits for the next round.
            found.children.retain(|planned| planned.group != group);
        }
        if let Some(result) = result {
            found.results.push((run, result));
            if result == State::Failed && self.rules.interrupts_children {
                self.interrupt_children(run);
            }
        } else {
            self.show_failing(run, group);
        }
    }

    /// The state that a group comes to; `None` while it goes on.
    fn result(&mut self, run: RunIdx) -> Option<State> {
        let group = self.live(run).opened?;
        if let Some(state) = self.state_of_group(run, group) {
            return Some(state);
        }
        if self.execution(self.execution_of(run)).state != State::Killing {
            return None;
        }
        if self.state(run) != State::Killing {
            return Some(State::Killing);
        }
        (self.group(group).count.open() == 0).then_some(State::Killed)
    }

    fn state_of_group(&mut self, run: RunIdx, idx: GroupIdx) -> Option<State> {
        let task = self.task_of(run);
        if let Some(fault) = self.group_mut(idx).fault.take() {
            self.log(run, Level::Error, fault);
            return Some(allowed(State::Failed, task));
        }
        if self.is_pause(run) && !self.live(run).was_paused {
            return Some(State::Paused);
        }
        if self.is_loop(run) {
            return None;
        }
        if self.group(idx).round.is_some()
            && let Some(result) = self.end_of_round(run, idx)
        {
            return result;
        }
        if task.holds_worker() && self.group(idx).count.open() > 0 {
            return None;
        }
        let of = self.group(idx);
        let has_finally = of.finally.n_enabled > 0 && !self.rules.empty_group_ends_at_once;
        let is_empty = of.fault.is_none() && !has_finally && of.normal.as_ref().is_none_or(|list| list.n_enabled == 0);
        if is_empty && (!self.is_pause(run) || self.live(run).resumed_to == Some(State::Success)) {
            return Some(self.state_without_children(task));
        }
        let state = self.resolve(idx, Some(task), self.live(run).resumed_to)?;
        self.closing_state(run, state)
    }

    fn state_without_children(&self, task: &Task) -> State {
        allowed(State::Success, task)
    }

    /// Children take their places in the list of taskruns.
    pub(super) fn enter(&mut self, planned: &[Planned]) {
        for Planned { group, list, pick } in planned.iter().copied() {
            let of = self.group(group);
            let is_over = self.execution(of.execution).state.is_terminal()
                && list != ListName::After
                && of.owner.is_none_or(|owner| !self.live(owner).is_forced);
            if is_over && !self.rules.in_passes {
                continue;
            }
            let Some((task, value)) = of.list(list).map(|of| of.child(pick.place)) else { continue };
            let (value, nth_value) = value.unzip();
            let iteration = nth_value.or(of.round);
            let released_by = pick.released_by.filter(|_| self.now.at > of.opened_at);
            let made = TaskRun { value, iteration, released_by, ready_at: pick.ready_at, ..TaskRun::new(task, of.execution, self.now.at) };
            self.make_run(group, (list, pick.place as u32), made);
        }
    }

    /// A taskrun that is CREATED.
    pub(super) fn make_run(&mut self, group_idx: GroupIdx, place: (ListName, u32), made: TaskRun) -> RunIdx {
        let (now, run) = (self.now.at, RunIdx(self.trace.runs.len() as u32));
        let group = self.group(group_idx);
        let (execution, owner) = (group.execution, group.owner);
        let parent = owner.filter(|_| place.0 != ListName::Aside);
        let is_forced = place.0 == ListName::After || owner.is_some_and(|owner| self.live(owner).is_forced);
        let n_runs = &mut self.execution_mut(execution).n_runs[made.task.at()];
        *n_runs += 1;
        let nth = *n_runs;
        self.trace.runs.push(TaskRun { parent, nth, ..made });
        self.live.push(super::Live {
            state: State::Created,
            n_states: 1,
            group: group_idx,
            place,
            opened: None,
            created_at: now,
            first_began: self.now,
            last_ended: self.now,
            is_forced,
            is_removed: false,
            is_failed_for_good: false,
            job: None,
            n_jobs: 0,
            stopped_job: None,
            work_ends_in: State::Success,
            effect: None,
            interrupted: None,
            was_paused: false,
            resumed_to: None,
            last_event: self.trace.events.len() as u32,
            changed_in_pass: 0,
            state_before: State::Created,
        });
        self.record(crate::sim::trace::What::Run(run, State::Created));
        if let Some(owner) = owner.filter(|_| matches!(place.0, ListName::Errors | ListName::Finally)) {
            // The worker of a WorkingDirectory is done with it.
            self.workers.give_back(owner);
            self.offer_workers();
        }
        self.group_mut(group_idx).children.push(run);
        self.child_changed(run, None, Some(State::Created));
        let execution = self.execution_mut(execution);
        execution.created.push(run);
        execution.has_changed = true;
        run
    }

    /// The bookkeeping of a change of a taskrun's state: from `None` it was made, to `None` it is removed.
    pub(super) fn child_changed(&mut self, run: RunIdx, from: Option<State>, to: Option<State>) {
        let was_for_good = self.live(run).is_failed_for_good;
        let is_tried =
            |executor: &Self| if executor.rules.in_passes { executor.is_tried_by_its_own_retry(run) } else { executor.is_tried_again(run) };
        let is_for_good = to == Some(State::Failed) && !is_tried(self);
        let live = self.live_mut(run);
        live.is_failed_for_good = is_for_good;
        let (group, place) = (live.group, live.place);
        let now = self.now.at;
        self.group_mut(group).child_changed(run, place, (from, to), was_for_good, is_for_good, now);
        let is_group = self.task_of(run).is_group();
        let owner = self.group(group).owner;
        let idx = self.execution_of(run);
        let owner_has_ended = owner.is_some_and(|owner| self.state(owner).is_terminal());
        let execution = self.execution_mut(idx);
        execution.n_open += u32::from(to.is_some_and(|to| !to.is_terminal()));
        execution.n_open -= u32::from(from.is_some_and(|from| !from.is_terminal()));
        if let Some(owner) = owner {
            if owner_has_ended {
                execution.groups_to_close.insert(owner)
            } else {
                execution.groups_to_look_at.insert(owner)
            };
        }
        match to {
            Some(State::Failed) if !is_group => _ = execution.failed.insert(run),
            _ if !is_group => _ = execution.failed.remove(&run),
            Some(state) if state.is_terminal() => {
                execution.groups_to_close.insert(run);
            }
            Some(State::Running | State::Killing | State::Failing) => _ = execution.groups_to_look_at.insert(run),
            _ => {}
        }
        if to.is_none_or(State::is_terminal) {
            self.workers.give_back(run);
            self.offer_workers();
        }
    }

    /// What the executor writes of a group at the end of a pass.
    fn write_result(&mut self, run: RunIdx, state: State) {
        let from = if state == State::Killing { State::Running } else { self.running_state(run) };
        self.change_from(run, from, state);
        if state.is_terminal() {
            self.end_attempt(run, state);
        }
        if state == State::Killed {
            self.kill_around(run);
        }
    }

    /// The state of a group as the pass found it: RUNNING or KILLING.
    fn running_state(&self, run: RunIdx) -> State {
        let state = self.state(run);
        if state.is_running() { state } else { State::Running }
    }

    /// A group with a failed child whose other children go on is FAILING, and so are those around it.
    fn show_failing(&mut self, run: RunIdx, idx: GroupIdx) {
        let group = self.group(idx);
        let has_failed = group.count.of(State::Failed) + group.count.of(State::Failing) > 0;
        if group.isolates_failures && has_failed && self.state(run) == State::Running {
            self.change(run, State::Failing);
        }
    }

    /// A group has ended: those of its direct children that have not are closed in its state. One level a pass.
    fn close_children(&mut self, run: RunIdx, state: State) {
        let execution = self.execution_of(run);
        self.execution_mut(execution).groups_to_close.remove(&run);
        let Some(group) = self.live(run).opened.filter(|group| self.group(*group).count.open() > 0) else { return };
        if !self.rules.closes_groups {
            return;
        }
        let is_closed = |child: &RunIdx| !self.state(*child).is_terminal() && (self.rules.closes_leaves || self.task_of(*child).is_group());
        let open: Vec<RunIdx> = self.group(group).children.iter().copied().filter(is_closed).collect();
        for child in open {
            self.change(child, state);
        }
    }

    /// Who runs a taskrun when its turn comes; `None` for a group.
    fn runner_of(&self, run: RunIdx) -> Option<Runner> {
        let task = self.task_of(run);
        (!task.is_group()).then(|| if task.needs_worker() { Runner::Worker } else { Runner::Executor })
    }

    /// The turn of a taskrun has come: it is skipped, begun, sent to a worker, or waits.
    pub(super) fn turn_has_come(&mut self, run: RunIdx) {
        if self.live(run).is_removed {
            return;
        }
        let from = if self.state(run) == State::Queued { State::Queued } else { State::Created };
        let task = self.task_of(run);
        let execution = self.execution_of(run);
        let rules = self.flow_of(execution).dialect.rules();
        match rules.turn(task, &Context::new(self, execution, Some(run))) {
            Ok(Turn::Start) => self.dispatch(run, from),
            Ok(Turn::Skip) => {
                self.change_from(run, from, State::Skipped);
                if self.rules.skipped_has_attempt {
                    self.end_attempt(run, State::Skipped);
                }
            }
            Ok(Turn::SkipAll) => {
                self.change_from(run, from, State::Skipped);
                self.skip_children(run);
            }
            Ok(Turn::Wait(wait)) => {
                self.change(run, State::Queued);
                self.queue.push(self.later(wait), Due::Turn(run));
            }
            Err(message) => {
                self.log(run, Level::Error, message.into());
                let state = if self.rules.run_if_error_is_final { State::Failed } else { allowed(State::Failed, task) };
                self.change_from(run, from, state);
            }
        }
    }

    /// All that a skipped group holds is skipped with it.
    fn skip_children(&mut self, run: RunIdx) {
        let (task, execution) = (self.task_of(run), self.execution_of(run));
        if !task.is_group() {
            return;
        }
        self.open(run);
        let Some(group) = self.live(run).opened else { return };
        for (place, child) in task.lists.tasks.iter().enumerate() {
            let child = self.make_run(group, (ListName::Normal, place as u32), TaskRun::new(*child, execution, self.now.at));
            self.execution_mut(execution).created.retain(|created| *created != child);
            self.change(child, State::Skipped);
            self.skip_children(child);
        }
    }

    /// A taskrun begins, or goes to a worker.
    pub(super) fn dispatch(&mut self, run: RunIdx, from: State) {
        let task = self.task_of(run);
        let execution = self.execution_of(run);
        if task.is_group() {
            if self.is_loop(run) {
                return self.begin_loop(run);
            }
            if task.holds_worker() && !self.rules.in_passes {
                // It is RUNNING only once a worker has taken it.
                return self.queue.push(self.later(self.scenario.dispatch_delay).after(ticks::TAKE), Due::Take(run));
            }
            self.change_from(run, from, State::Running);
            if self.rules.groups_have_attempts {
                self.begin_attempt(run);
            }
            self.open(run);
            if task.holds_worker() {
                self.queue.push(self.later(self.scenario.dispatch_delay).after(ticks::TAKE), Due::Take(run));
            }
        } else if self.runner_of(run) == Some(Runner::Executor) {
            self.run_by_executor(run, from);
        } else {
            if self.rules.submits {
                self.change_from(run, from, State::Submitted);
            }
            self.queue.push(self.later(self.scenario.dispatch_delay).after(ticks::TAKE), Due::Take(run));
        }
        self.execution_mut(execution).has_changed = true;
    }

    /// A group begins: its children are known from here on.
    pub(super) fn open(&mut self, run: RunIdx) {
        let execution = self.execution_of(run);
        self.execution_mut(execution).groups_to_look_at.insert(run);
        if self.live(run).opened.is_some() {
            // A further round of a loop.
            return;
        }
        let flow = self.flow_of(execution);
        let task = self.task_of(run);
        let Some(kind) = task.kind.as_group() else { return };
        let opening = kind.open(task, &Context::new(self, execution, Some(run)));
        let (children, fault, outputs, hold, has_rounds) = match opening {
            Ok(Opening { children, order, outputs, hold, has_rounds }) => {
                if let Some(limit) = order.limit() {
                    self.taskrun_mut(run).concurrent = limit;
                }
                (Some((children, order)), None, outputs, hold, has_rounds)
            }
            Err(message) => (None, Some(message.into()), None, None, false),
        };
        let is_enabled = |task: TaskIdx| !flow.task(task).disabled;
        let lanes_in_sequence = |(children, order): (Children<'f>, Order<'f>)| {
            let any_disabled = children.tasks.iter().any(|task| !is_enabled(*task));
            let order = if self.rules.lanes_need_all_enabled && any_disabled && matches!(order, Order::Lanes(_)) {
                Order::Sequential
            } else {
                order
            };
            (children, order)
        };
        let children = children.map(lanes_in_sequence);
        let blocks = self.rules.disabled_dependency_blocks;
        let mut group = super::Group::open((Some(run), execution), children, &task.lists, self.now.at, &is_enabled, blocks);
        group.fault = fault;
        group.round = has_rounds.then_some(0);
        group.isolates_failures = flow.dialect.rules().isolates_failures();
        let idx = self.add_group(group);
        self.live_mut(run).opened = Some(idx);
        if let Some(outputs) = outputs {
            self.set_outputs(run, outputs);
        }
        if let Some(hold) = hold {
            self.execution_mut(execution).holds.insert(run, hold);
        }
    }

    pub(super) fn add_group(&mut self, mut group: super::Group<'f>) -> GroupIdx {
        if !self.rules.in_passes {
            group.wait_for_retries();
        }
        let idx = GroupIdx(self.groups.len() as u32);
        self.groups.push(group);
        idx
    }
}
