//! What the executor runs itself: tasks that change their execution, and calls of other executions. Rules: Kestra, "Exit" and
//! "Subflow".

use std::rc::Rc;

use super::execution::Start;
use super::moment::ticks;
use super::view::Context;
use super::{Due, Executor, allowed};
use crate::flow::behavior::{Call, Called, Effect, Leaf, Runner, Work};
use crate::flow::state::State;
use crate::flow::{FlowIdx, Level};
use crate::sim::names::execution_id;
use crate::sim::trace::{ExecutionIdx, RunIdx, Truncated};
use crate::time::SimTime;
use crate::value::Value;

/// How deep executions may start each other: flows that call each other in a cycle have no end.
const DEEPEST: usize = 200;

/// The executions that a taskrun called.
#[derive(Debug)]
pub(super) struct Waiting {
    n_open: usize,
    wait: bool,
    /// In order of their start.
    executions: Vec<ExecutionIdx>,
}

impl<'f> Executor<'f> {
    /// A leaf that no worker runs.
    pub(super) fn run_by_executor(&mut self, run: RunIdx, from: State) {
        let work = self.attempt(run);
        let state = work.state();
        let Work { logs, duration, outputs, effect, .. } = work;
        let is_call = |leaf: &dyn Leaf| leaf.runner() == Runner::Executor && leaf.may_retry();
        if state == State::Failed && self.task_of(run).kind.as_leaf().is_some_and(is_call) {
            let message = logs.last().map_or_else(String::new, |(_, _, message)| message.to_string());
            for (_, level, message) in logs {
                self.log(run, level, message);
            }
            return self.call_fails(run, from, message);
        }
        if let Effect::Call { calls, wait } = effect {
            return self.call(run, from, calls, wait);
        }
        if state == State::Failed && self.rules.in_passes && self.task_of(run).plan.is_none() {
            let message = logs.last().map_or_else(String::new, |(_, _, message)| message.to_string());
            return self.update_fails(run, from, message);
        }
        self.change_from(run, from, State::Running);
        for (_, level, message) in logs {
            self.log(run, level, message);
        }
        if let Some(outputs) = outputs {
            self.hold_outputs(run, outputs);
        }
        if let Effect::Exit(state) = effect {
            self.exit(run, state);
        } else if duration == SimTime::ZERO && self.task_of(run).plan.is_none() {
            self.apply(run, effect);
            self.note_outputs(run);
            self.change_with_attempt(run, allowed(state, self.task_of(run)));
            self.end_attempt(run, state);
            self.fails_release(run, state);
        } else {
            self.begin_timed(run, duration, state, effect);
        }
    }

    /// A call that can't start: nothing of it runs.
    fn call_fails(&mut self, run: RunIdx, from: State, message: String) {
        if self.rules.allowed_call_failure {
            self.change_from(run, from, State::Running);
            self.end_attempt(run, State::Failed);
            let state = if self.is_tried_again(run) { State::Failed } else { allowed(State::Failed, self.task_of(run)) };
            return self.change(run, state);
        }
        self.begin_attempt(run);
        self.end_attempt(run, State::Failed);
        self.change_from(run, from, State::Failed);
        self.executor_fails(self.execution_of(run), message);
    }

    /// A task that changes its execution and can't: it never runs.
    fn update_fails(&mut self, run: RunIdx, from: State, message: String) {
        let state = if self.rules.executor_errors_fail { State::Failed } else { allowed(State::Failed, self.task_of(run)) };
        if !self.rules.executor_errors_fail {
            self.log(run, Level::Error, format!("Failed to process task: {message}").into());
        }
        self.end_attempt(run, state);
        self.change_from(run, from, state);
        if state == State::Failed {
            self.executor_fails(self.execution_of(run), message);
        }
    }

    /// An error of the executor itself is logged at the last taskrun that has not ended, else at the execution. In 1.3 it also
    /// fails that group, or the execution; of a leaf the worker's own report counts.
    fn executor_fails(&mut self, idx: ExecutionIdx, message: String) {
        let is_open = |run: &RunIdx| !self.state(*run).is_terminal() && self.state(*run) != State::Paused;
        let Some(last) = self.runs_in_execution(idx).into_iter().rfind(is_open) else {
            self.log_execution(idx, Level::Error, message);
            if self.rules.executor_errors_fail {
                self.change_execution(idx, State::Failed);
            }
            return;
        };
        self.log(last, Level::Error, message.into());
        if self.rules.executor_errors_fail && self.live(last).is_group {
            self.change_with_attempt(last, State::Failed);
        }
    }

    /// A taskrun starts executions.
    fn call(&mut self, run: RunIdx, from: State, calls: Vec<Call>, wait: bool) {
        let executions = match self.start_called(run, calls, wait) {
            Ok(executions) => executions,
            Err(message) => {
                // Since 1.3 only the execution logs what is wrong with the inputs.
                if !self.rules.logs_calls {
                    self.log(run, Level::Error, message.as_str().into());
                }
                return self.call_fails(run, from, message);
            }
        };
        self.change_from(run, from, State::Running);
        self.begin_attempt(run);
        if executions == 0 || !wait {
            self.end_call(run, ticks::PASS);
        }
    }

    /// Starts executions. Returns how many.
    ///
    /// # Errors
    /// The message of the first that can't start.
    pub(super) fn start_called(&mut self, run: RunIdx, calls: Vec<Call>, wait: bool) -> Result<usize, String> {
        let parent = self.execution_of(run);
        let caller = |idx: &ExecutionIdx| self.trace.execution(*idx).started_by.map(|run| self.execution_of(run));
        if std::iter::successors(Some(parent), caller).take(DEEPEST + 1).count() > DEEPEST {
            self.truncate(self.now.at, Truncated::Events);
            return Ok(0);
        }
        let flow = self.flow_of(parent);
        let trigger = Value::map([
            ("executionId", Value::text(&execution_id(self.trace.seed, parent))),
            ("namespace", Value::Text(Rc::clone(&flow.namespace))),
            ("flowId", Value::Text(Rc::clone(&flow.id))),
            ("flowRevision", Value::Int(1)),
        ]);
        let mut executions = Vec::new();
        for Call { flow, inputs, labels } in calls {
            if self.budget.spent().is_some() {
                break;
            }
            let trigger = Some(trigger.clone());
            let execution = self.start_execution(Start { flow, started_by: Some(run), inputs, labels, trigger, ..Start::default() })?;
            self.log_call(run, flow, execution);
            executions.push(execution);
            self.soon(ticks::EXECUTION, Due::Pass(execution));
        }
        let n_open = executions.len();
        self.calls.insert(run, Waiting { n_open, wait, executions });
        Ok(n_open)
    }

    fn log_call(&mut self, run: RunIdx, flow: FlowIdx, execution: ExecutionIdx) {
        if self.rules.logs_calls {
            let link = self.link(flow, execution);
            self.log(run, Level::Info, format!("Created new execution {link}").into());
        }
    }

    /// An execution that a taskrun called is over.
    pub(super) fn called_is_over(&mut self, execution: ExecutionIdx) {
        if self.execution(execution).state == State::Retried {
            return;
        }
        let Some(run) = self.trace.execution(execution).started_by else { return };
        let Some(waiting) = self.calls.get_mut(&run) else { return };
        waiting.n_open = waiting.n_open.saturating_sub(1);
        if waiting.n_open == 0 && waiting.wait {
            let state = self.execution(execution).state;
            if self.rules.call_shows_state && self.state(run) == State::Running {
                self.change(run, state);
            }
            self.end_call(run, 0);
        }
        self.awaited_has_ended();
    }

    /// A run that was retried in a further execution waits for that one.
    pub(super) fn called_again(&mut self, run: RunIdx, execution: ExecutionIdx) {
        if let Some(waiting) = self.calls.get_mut(&run) {
            waiting.executions.push(execution);
        }
    }

    /// The executions that a taskrun called.
    pub(super) fn called_by(&self, run: RunIdx) -> &[ExecutionIdx] {
        self.calls.get(&run).map_or(&[], |waiting| &waiting.executions)
    }

    fn end_call(&mut self, run: RunIdx, ticks: u32) {
        let Some(waiting) = self.calls.get(&run) else { return };
        let executions = waiting.executions.clone();
        let state = self.gather(run, &executions).unwrap_or_else(|message| {
            self.log(run, Level::Error, message.into());
            State::Failed
        });
        if ticks == 0 { self.call_ends(run, state) } else { self.soon(ticks, Due::CallEnds(run, state)) }
    }

    /// The log of a call says so when the execution it waited for makes it fail or warn.
    fn log_called(&mut self, run: RunIdx, state: State) {
        if !self.rules.logs_calls || !matches!(state, State::Failed | State::Warning) {
            return;
        }
        let level = if state == State::Failed { Level::Error } else { Level::Warn };
        let Some(execution) = self.called_by(run).last().copied() else { return };
        let link = self.link(self.trace.execution(execution).flow, execution);
        self.log(run, level, format!("Subflow execution {link} ends in {} state", state.as_str()).into());
    }

    fn link(&self, flow: FlowIdx, execution: ExecutionIdx) -> String {
        let called = flow.of(self.flows);
        let id = execution_id(self.trace.seed, execution);
        format!("[[link execution=\"{id}\" flowId=\"{}\" namespace=\"{}\"]]", called.id, called.namespace)
    }

    /// The call of executions ends in a state.
    pub(super) fn call_ends(&mut self, run: RunIdx, state: State) {
        if self.live(run).is_removed {
            return;
        }
        self.note_outputs(run);
        let shown = allowed(state, self.task_of(run));
        self.end_attempt(run, if self.rules.call_shows_state { shown } else { state });
        self.log_called(run, shown);
        let state = if state == State::Failed && self.is_tried_again(run) && !self.rules.call_shows_state {
            state
        } else {
            allowed(state, self.task_of(run))
        };
        let current = self.state(run);
        if current != state {
            self.set_state(run, state, false);
        }
        if state == State::Killed {
            self.kill_around(run);
        }
        let idx = self.execution_of(run);
        self.note_change(idx);
        self.has_changed(idx);
    }

    /// The state of a taskrun and its outputs, from the executions it called.
    fn gather(&mut self, run: RunIdx, executions: &[ExecutionIdx]) -> Result<State, String> {
        let views: Vec<Context<'_, 'f>> = executions.iter().map(|execution| Context::new(self, *execution, None)).collect();
        let called = executions.iter().zip(&views).map(|(execution, view)| Called {
            id: execution_id(self.trace.seed, *execution),
            state: self.execution(*execution).state,
            outputs: self.trace.execution(*execution).outputs.clone(),
            view,
        });
        let Some(leaf) = self.task_of(run).kind.as_leaf() else { return Ok(State::Success) };
        let (state, outputs) = leaf.gather(&called.collect::<Vec<_>>())?;
        drop(views);
        self.hold_outputs(run, outputs);
        Ok(state)
    }
}
