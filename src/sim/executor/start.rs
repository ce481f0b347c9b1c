//! A taskrun that is CREATED begins: as a group, at a worker, or by the executor itself. Rule: Kestra, "Flowable tasks".

use super::group::{GroupIdx, ListName};
use super::moment::ticks;
use super::view::Context;
use super::{Due, Executor, allowed};
use crate::flow::behavior::{Children, Opening, Order, Runner, Turn};
use crate::flow::kestra::versions::EmptyOutputs;
use crate::flow::state::State;
use crate::flow::{Level, TaskIdx};
use crate::sim::names::taskrun_id;
use crate::sim::trace::{RunIdx, TaskRun};

impl<'f> Executor<'f> {
    /// Who runs a taskrun when its turn comes; `None` for a group.
    pub(super) fn runner_of(&self, run: RunIdx) -> Option<Runner> {
        (!self.live(run).is_group).then(|| if self.task_of(run).needs_worker() { Runner::Worker } else { Runner::Executor })
    }

    /// The turn of a taskrun has come: it is skipped, begun, sent to a worker, or waits.
    pub(super) fn turn_has_come(&mut self, run: RunIdx) {
        let is_closed = self.state(run).is_terminal() && !self.rules.in_passes;
        if self.live(run).is_removed || is_closed {
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
                if task.is_group() {
                    self.note_empty_outputs(run, EmptyOutputs::OfWhatHasRun);
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
                let message = match self.rules.run_if_error_is_final {
                    true => format!("Failed to evaluate the runIf condition for task {}. Cause: {message}", task.id),
                    false => message,
                };
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
            if task.holds_worker()
                && let Some(Err(message)) = task.kind.as_group().map(|kind| kind.open(task, &Context::new(self, execution, Some(run))))
            {
                // It fails before it is RUNNING, and without an attempt.
                self.log(run, Level::Error, message.into());
                self.change_from(run, from, allowed(State::Failed, task));
                self.note_change(execution);
                return;
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
            let is_plain = self.state(run) == from && from == State::Created;
            if self.rules.submits {
                self.set_state_from(run, from, State::Submitted);
            }
            self.queue.push(self.later(self.scenario.dispatch_delay).after(ticks::TAKE), Due::Take(run));
            if is_plain && self.is_no_news(run) {
                self.execution_mut(execution).has_changed = true;
                return;
            }
        }
        self.note_change(execution);
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
            Ok(Opening { dead_end: Some(message), outputs, .. }) => (None, Some((Level::Warn, message)), outputs, None, false),
            Ok(Opening { children, order, outputs, hold, has_rounds, dead_end: None }) => {
                if let Some(limit) = order.limit() {
                    self.taskrun_mut(run).concurrent = limit;
                }
                (Some((children, order)), None, outputs, hold, has_rounds)
            }
            Err(message) => (None, Some((Level::Error, self.unresolved(run, &message))), None, None, false),
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
        self.keep(run, children.iter().find_map(|(children, _)| children.values.as_deref()).unwrap_or_default());
        let blocks = self.rules.disabled_dependency_blocks;
        let mut group = super::Group::open((Some(run), execution), children, &task.lists, self.now.at, &is_enabled, blocks);
        group.fault = fault;
        group.round = has_rounds.then_some(0);
        group.isolates_failures = flow.dialect.rules().isolates_failures();
        self.budget_of(Some(run)).keep(size_of::<super::Group<'f>>());
        let idx = self.add_group(group);
        self.live_mut(run).opened = Some(idx);
        match outputs {
            Some(outputs) => self.set_outputs(run, outputs),
            None => self.note_empty_outputs(run, EmptyOutputs::OfWhatHasRun),
        }
        if let Some(hold) = hold {
            self.execution_mut(execution).holds.insert(run, hold);
        }
    }

    /// What the executor logs of a group that can't begin.
    fn unresolved(&self, run: RunIdx, message: &str) -> Box<str> {
        if !self.rules.in_passes {
            return message.into();
        }
        if message.starts_with("concurrent: ") {
            return self.not_processed(run, message);
        }
        format!("Unable to resolve state from the Flowable task: {message}").into()
    }

    /// What the executor logs of a group that it can't work with.
    pub(super) fn not_processed(&self, run: RunIdx, message: &str) -> Box<str> {
        format!("Failed to process flowable task {}: {message}", taskrun_id(self.trace.seed, run)).into()
    }

    pub(super) fn add_group(&mut self, mut group: super::Group<'f>) -> GroupIdx {
        group.wait_for_retries(!self.rules.in_passes);
        let idx = GroupIdx(self.groups.len() as u32);
        self.groups.push(group);
        idx
    }
}
