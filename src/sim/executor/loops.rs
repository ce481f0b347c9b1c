//! A Loop: its tasks once for each value, each time in an execution of its own. Rule: Kestra, "Loop".

use std::collections::VecDeque;
use std::rc::Rc;

use super::execution::Start;
use super::moment::ticks;
use super::view::Context;
use super::{Due, Executor, allowed};
use crate::flow::Level;
use crate::flow::behavior::{Item, Iterations};
use crate::flow::state::State;
use crate::sim::names::execution_id;
use crate::sim::trace::{ExecutionIdx, Iteration, RunIdx};
use crate::value::{Map, Value};

/// A Loop under way.
#[derive(Debug)]
pub(super) struct LoopRun {
    items: VecDeque<Item>,
    n_items: usize,
    n_started: usize,
    n_running: usize,
    /// How many iterations ended in each state.
    ended: Map,
    n_ended: usize,
    /// What iterations gave as outputs, in the order in which they ended.
    outputs: Rc<Vec<Value>>,
    pub executions: Vec<ExecutionIdx>,
}

impl<'f> Executor<'f> {
    pub(super) fn is_loop(&self, run: RunIdx) -> bool {
        self.live(run).is_group && self.task_of(run).kind.as_group().is_some_and(|group| group.runs_iterations())
    }

    /// A Loop begins: its values are known from here on, and its first iterations start.
    pub(super) fn begin_loop(&mut self, run: RunIdx) {
        if self.state(run) != State::Created {
            return;
        }
        let execution = self.execution_of(run);
        let task = self.task_of(run);
        let Some(kind) = task.kind.as_group() else { return };
        let Iterations { items, limit } = match kind.iterations(&Context::new(self, execution, Some(run))) {
            Ok(iterations) => iterations,
            Err(message) => {
                let message = self.not_processed(run, &message);
                self.log(run, Level::Error, message);
                return self.change(run, State::Failed);
            }
        };
        self.budget_of(Some(run)).keep(items.iter().map(|item| size_of::<Item>() + item.value.len()).sum());
        let n_items = items.len();
        let n_first = if limit == 0 { n_items } else { n_items.min(limit as usize) };
        self.taskrun_mut(run).concurrent = limit;
        let state = LoopRun {
            items: items.into(),
            n_items,
            n_started: 0,
            n_running: 0,
            ended: Map::new(),
            n_ended: 0,
            outputs: Rc::default(),
            executions: Vec::new(),
        };
        self.loops.insert(run, state);
        self.give_loop_outputs(run);
        if n_items == 0 {
            return self.change(run, State::Success);
        }
        self.change(run, State::Running);
        self.begin_attempt(run);
        for _ in 0..n_first {
            if self.budget.spent().is_some() {
                break;
            }
            self.start_iteration(run);
        }
        self.give_loop_outputs(run);
    }

    /// The next iteration of a Loop starts.
    fn start_iteration(&mut self, run: RunIdx) {
        let Some(state) = self.loops.get_mut(&run) else { return };
        let Some(Item { value, key }) = state.items.pop_front() else { return };
        let index = state.n_started as u32;
        state.n_started += 1;
        state.n_running += 1;
        let holder = self.execution_of(run);
        let of_holder = self.trace.execution(holder);
        let start = Start {
            flow: of_holder.flow,
            started_by: Some(run),
            iteration: Some(Iteration { index, value, key }),
            labels: of_holder.labels.clone(),
            trigger: of_holder.trigger.clone(),
            ..Start::default()
        };
        let labels = start.labels.clone();
        let execution = self.make_execution(start);
        self.trace.execution_mut(execution).labels = labels;
        if let Some(state) = self.loops.get_mut(&run) {
            state.executions.push(execution);
        }
        self.soon(ticks::EXECUTION, Due::Pass(execution));
    }

    /// An iteration is over: the next one starts, or its Loop ends.
    pub(super) fn iteration_is_over(&mut self, execution: ExecutionIdx) {
        let Some(run) = self.trace.execution(execution).started_by else { return };
        let mut state = self.execution(execution).state;
        let outputs = self.iteration_outputs(run, execution);
        let Some(looped) = self.loops.get_mut(&run) else { return };
        looped.n_running = looped.n_running.saturating_sub(1);
        looped.n_ended += 1;
        match outputs {
            Ok(Some(outputs)) if state != State::Killed => {
                // Those so far are copied only when an expression has asked for them.
                self.trace.runs[run.at()].outputs = None;
                let all = Rc::make_mut(&mut looped.outputs);
                all.push(outputs.clone());
                self.keep(run, &[outputs]);
            }
            Ok(_) => {}
            Err(message) => {
                self.log_execution(execution, Level::Error, format!("Failed to render output values: {message}"));
                self.change_execution(execution, State::Failed);
                state = State::Failed;
            }
        }
        let Some(looped) = self.loops.get_mut(&run) else { return };
        let name = state.as_str();
        let n = if let Some(Value::Int(n)) = looped.ended.get(name) { *n } else { 0 };
        looped.ended.insert(name, Value::Int(n + 1));
        let (n_ended, n_items, has_more) = (looped.n_ended, looped.n_items, !looped.items.is_empty());
        let holder = self.execution_of(run);
        let is_bad = matches!(state, State::Failed | State::Killed | State::Cancelled);
        let transmits = self.task_of(run).kind.as_group().is_some_and(|group| group.transmits_failure());
        let has_ended = self.state(run).is_terminal();
        if matches!(self.execution(holder).state, State::Killing | State::Killed) {
            self.give_loop_outputs(run);
            if self.loops.get(&run).is_some_and(|looped| looped.n_running == 0) && !has_ended {
                self.change_with_attempt(run, State::Killed);
                self.kill_around(run);
            }
        } else if is_bad && transmits {
            self.log_bad_iteration(run, execution, state);
            let state = if state == State::Failed { allowed(State::Failed, self.task_of(run)) } else { State::Success };
            self.give_loop_outputs(run);
            if !has_ended {
                self.change_with_attempt(run, state);
            }
        } else if has_more && !has_ended && self.execution(holder).state != State::Retried {
            self.start_iteration(run);
            self.give_loop_outputs(run);
        } else {
            self.give_loop_outputs(run);
            if n_ended == n_items && !has_ended {
                self.change_with_attempt(run, State::Success);
            }
        }
        self.has_changed(holder);
    }

    fn log_bad_iteration(&mut self, run: RunIdx, execution: ExecutionIdx, state: State) {
        let flow = self.flow_of(execution);
        let id = execution_id(self.trace.seed, execution);
        let index = self.trace.execution(execution).iteration.as_ref().map_or(0, |iteration| iteration.index);
        let link = format!("[[link execution=\"{id}\" flowId=\"{}\" namespace=\"{}\"]]", flow.id, flow.namespace);
        let message =
            format!("Loop iteration {index} ended in {} in sub-execution {link}, check that execution's logs for details", state.as_str());
        self.log(run, Level::Error, message.into());
    }

    /// What an iteration gives as outputs: `None` when its Loop declares none.
    fn iteration_outputs(&self, run: RunIdx, execution: ExecutionIdx) -> Result<Option<Value>, String> {
        let Some(kind) = self.task_of(run).kind.as_group() else { return Ok(None) };
        let Some(outputs) = kind.iteration_outputs(&Context::new(self, execution, None))? else { return Ok(None) };
        let Some(iteration) = &self.trace.execution(execution).iteration else { return Ok(None) };
        let mut item = Map::new();
        item.insert("value", Value::Text(Rc::clone(&iteration.value)));
        item.insert("iteration", Value::Int(i64::from(iteration.index)));
        if let Some(key) = &iteration.key {
            item.insert("key", Value::Text(Rc::clone(key)));
        }
        Ok(Some(Value::map([("item", Value::Map(Rc::new(item))), ("outputs", outputs)])))
    }

    fn give_loop_outputs(&mut self, run: RunIdx) {
        let Some(looped) = self.loops.get(&run) else { return };
        let count = |n: usize| Value::Int(i64::try_from(n).unwrap_or(i64::MAX));
        let mut outputs = Map::new();
        outputs.insert("iterationCount", count(looped.n_items));
        outputs.insert("runningIterations", count(looped.n_running));
        outputs.insert("terminatedIterations", Value::Map(Rc::new(looped.ended.clone())));
        if !looped.outputs.is_empty() {
            outputs.insert("outputs", Value::List(Rc::clone(&looped.outputs)));
        }
        self.set_outputs(run, Value::Map(Rc::new(outputs)));
    }
}
