//! What holds a group and its whole execution: a Pause, and a LoopUntil between two rounds. Rules: Kestra, "Pause" and
//! "LoopUntil".

use super::group::{GroupIdx, ListName};
use super::view::Context;
use super::{Due, Executor};
use crate::flow::behavior::{Closing, Hold};
use crate::flow::state::State;
use crate::flow::{Kind, Level, TaskIdx};
use crate::sim::trace::{ExecutionIdx, RunIdx, TaskRun};
use crate::value::Value;

impl<'f> Executor<'f> {
    pub(super) fn is_pause(&self, run: RunIdx) -> bool {
        matches!(self.task_of(run).kind, Kind::Pause(_))
    }

    /// A Pause pauses its execution, and its time begins.
    pub(super) fn begin_pause(&mut self, run: RunIdx) {
        let idx = self.execution_of(run);
        self.change_execution(idx, State::Paused);
        let hold = self.execution_mut(idx).holds.remove(&run);
        if let Some(Hold { until, ends_in, by_person }) = hold {
            self.taskrun_mut(run).waits_for_person = by_person;
            if let Some(until) = until {
                let wait = until - self.now.at;
                self.queue.push(self.seen(self.later(wait)), Due::Resume(run, ends_in.unwrap_or(State::Running)));
            }
        }
        self.start_aside(run);
    }

    /// What runs while its group is held: `onPause`.
    fn start_aside(&mut self, run: RunIdx) {
        let Some(group) = self.live(run).opened else { return };
        let execution = self.execution_of(run);
        let flow = self.flow_of(execution);
        let tasks: Vec<TaskIdx> = self.task_of(run).lists.branch("onPause").to_vec();
        for task in tasks.into_iter().filter(|task| !flow.task(*task).disabled) {
            let made = self.make_run(group, (ListName::Aside, 0), TaskRun::new(task, execution, self.now.at));
            self.execution_mut(execution).created.retain(|run| *run != made);
            self.turn_has_come(made);
        }
    }

    /// The time of a pause is up, or a person has resumed it.
    pub(super) fn pause_is_over(&mut self, run: RunIdx, to: State) {
        let idx = self.execution_of(run);
        let state = self.execution(idx).state;
        if state.is_terminal() || state == State::Killing || self.state(run) != State::Paused || self.live(run).is_removed {
            return;
        }
        self.resume(run, to);
    }

    pub(super) fn resume_by_hand(&mut self, idx: ExecutionIdx) {
        if self.execution(idx).state != State::Paused {
            return;
        }
        if let Some(run) = self.first_paused(idx) {
            self.forget_answers(run);
            self.resume(run, State::Running);
        }
    }

    /// Nobody answered what the pause asks for.
    fn forget_answers(&mut self, run: RunIdx) {
        let asks = if let Kind::Pause(pause) = &self.task_of(run).kind { !pause.on_resume.is_empty() } else { false };
        if self.rules.gives_resumed && asks {
            let none = if self.rules.resume_gives_no_answers { Value::map([]) } else { Value::map([("onResume", Value::map([]))]) };
            self.set_outputs(run, none);
        }
    }

    pub(super) fn first_paused(&self, idx: ExecutionIdx) -> Option<RunIdx> {
        let is_paused = |run: &RunIdx| self.state(*run) == State::Paused && self.is_pause(*run);
        self.execution(idx).runs.iter().copied().find(|run| !self.live(*run).is_removed && is_paused(run))
    }

    /// A pause ends in a state; RUNNING is the plain case.
    pub(super) fn resume(&mut self, run: RunIdx, to: State) {
        let idx = self.execution_of(run);
        let Some(group) = self.live(run).opened else { return };
        let has_lists = {
            let group = self.group(group);
            let has_tasks = group.normal.as_ref().is_some_and(|list| list.n_enabled > 0);
            group.errors.is_there() || group.finally.is_there() || has_tasks
        };
        let said = if to == State::Running { State::Success } else { to };
        self.live_mut(run).resumed_to = Some(said);
        self.give_resumed(run, said);
        let state = match (has_lists, to) {
            (_, State::Killing) => State::Killed,
            // Older versions run the lists after a plain end only.
            (_, State::Running) if !self.rules.gives_resumed => State::Running,
            (_, to) if !self.rules.gives_resumed => super::allowed(to, self.task_of(run)),
            (true, _) => State::Running,
            (false, State::Running) => State::Success,
            (false, to) => to,
        };
        if state.is_terminal() {
            self.change_with_attempt(run, state)
        } else {
            self.change(run, state)
        }
        // As the executor does it, those around it are RUNNING again, whatever they were.
        let around: Vec<RunIdx> = self.around(run).filter(|group| !self.state(*group).is_terminal()).collect();
        around.into_iter().for_each(|group| self.change(group, State::Running));
        if self.rules.waits_for_all_pauses && self.first_paused(idx).is_some() {
            return;
        }
        if to == State::Cancelled {
            self.stop_execution(idx, State::Cancelled);
        } else {
            self.change_execution(idx, if self.rules.restarts_after_pause { State::Restarted } else { State::Running });
        }
        self.has_changed(idx);
    }

    /// The output `resumed` of a Pause.
    fn give_resumed(&mut self, run: RunIdx, to: State) {
        if !self.rules.gives_resumed {
            return;
        }
        let date = Value::Date(self.now.at.epoch_ms(self.trace.start_epoch_ms));
        let resumed = Value::map([("on", date), ("to", Value::text(to.as_str()))]);
        let mut outputs = self.trace.run(run).outputs.as_ref().and_then(Value::as_map).cloned().unwrap_or_default();
        outputs.insert("resumed", resumed);
        self.set_outputs(run, Value::Map(std::rc::Rc::new(outputs)));
    }

    /// The round of a loop may have ended: `None` while it goes on, or when the state follows from its children; else the
    /// state it comes to, or none, as another round follows.
    pub(super) fn end_of_round(&mut self, run: RunIdx, idx: GroupIdx) -> Option<Option<State>> {
        let task = self.task_of(run);
        let count = &self.group(idx).count;
        let n_done = [State::Success, State::Warning, State::Skipped, State::Retried].iter().map(|state| count.of(*state)).sum::<u32>();
        if n_done as usize != task.lists.tasks.len() || task.lists.tasks.is_empty() {
            return None;
        }
        let execution = self.execution_of(run);
        let outcome = self.resolve(idx, Some(task), None).unwrap_or(State::Success);
        let kind = task.kind.as_group()?;
        let mut closing = kind.close(outcome, &Context::new(self, execution, Some(run)));
        if self.rules.until_looks_ahead && !matches!(closing, Ok(Closing::End(_))) {
            let n = self.group(idx).round.map_or(1, |round| i64::from(round) + 2);
            self.set_outputs(run, Value::map([("iterationCount", Value::Int(n))]));
            if matches!(closing, Ok(Closing::Again(..)))
                && let Ok(Closing::End(state)) = kind.close(outcome, &Context::new(self, execution, Some(run)))
            {
                closing = Ok(Closing::End(state));
            }
        }
        match closing {
            Ok(Closing::GiveUp(state, why)) => {
                self.log(run, Level::Warn, why.into());
                let fails = state == State::Failed && outcome != State::Failed;
                // `allowFailure` does not count for it.
                fails.then_some(Some(if self.rules.in_passes { state } else { super::allowed(state, task) }))
            }
            Ok(Closing::End(_)) => None,
            Ok(Closing::Again(after, outputs)) => {
                self.set_outputs(run, outputs);
                // Whatever the group around it has made of it in this pass.
                self.change_from(run, State::Running, State::Paused);
                self.change_execution(execution, State::Paused);
                self.queue.push(self.seen(self.later(after)), Due::Round(run));
                Some(None)
            }
            Err(message) => {
                self.log(run, Level::Error, message.into());
                Some(Some(super::allowed(State::Failed, task)))
            }
        }
    }

    /// A further round begins: the children of the one before are forgotten.
    pub(super) fn begin_round(&mut self, run: RunIdx) {
        let idx = self.execution_of(run);
        if self.live(run).is_removed || self.state(run) != State::Paused || self.execution(idx).state.is_terminal() {
            return;
        }
        let Some(group) = self.live(run).opened else { return };
        let children = self.group(group).children.clone();
        children.into_iter().for_each(|child| self.remove(child));
        let now = self.now.at;
        self.group_mut(group).begin_round(now);
        if self.rules.in_passes {
            let taskrun = self.taskrun_mut(run);
            taskrun.iteration = Some(taskrun.iteration.map_or(1, |iteration| iteration + 1));
        }
        self.taskrun_mut(run).attempts.clear();
        // It is CREATED again without an entry in its history.
        self.child_changed(run, Some(State::Paused), Some(State::Created));
        self.live_mut(run).state = State::Created;
        let execution = self.execution_mut(idx);
        execution.created.push(run);
        self.change_execution(idx, State::Running);
        self.has_changed(idx);
    }

    /// What a group makes of the state its children leave it in.
    pub(super) fn closing_state(&mut self, run: RunIdx, state: State) -> Option<State> {
        let execution = self.execution_of(run);
        if self.live(run).opened.is_some_and(|group| self.group(group).round.is_some()) {
            return Some(state);
        }
        let kind = self.task_of(run).kind.as_group()?;
        match kind.close(state, &Context::new(self, execution, Some(run))) {
            Ok(Closing::End(end)) if end != state && !self.rules.in_passes => Some(super::allowed(end, self.task_of(run))),
            Ok(Closing::End(end) | Closing::GiveUp(end, _)) => Some(end),
            Ok(Closing::Again(..)) => None,
            Err(message) => {
                self.log(run, Level::Error, message.into());
                Some(State::Failed)
            }
        }
    }
}
