//! Executions that taskruns start and wait for: Subflow, and the middle part of a ForEachItem. Rule: Kestra, "Subflow".

use std::rc::Rc;

use super::behavior::{Call, Context};
use super::engine::Engine;
use super::execution::Start;
use super::trace::{ExecutionIdx, RunIdx, Truncated, execution_id};
use crate::collections::Sorted;
use crate::flow::state::State;
use crate::flow::{Kind, Level, Subflow};
use crate::value::{Map, Value};

/// What the middle part of a ForEachItem gives out: how many batches there were, and how many ended in each state.
pub(super) fn batches(n: i64, by_state: Map) -> Map {
    let mut outputs = Map::new();
    outputs.insert("numberOfBatches", Value::Int(n));
    outputs.insert("iterations", Value::Map(Rc::new(by_state)));
    outputs
}

/// How deep executions may start each other: a circle of subflows has no end.
const DEEPEST: usize = 200;

/// What taskruns wait for, by run.
#[derive(Debug, Default)]
pub(super) struct Calls(Sorted<RunIdx, Waiting>);

#[derive(Debug)]
struct Waiting {
    n_open: usize,
    /// The executions in order of their start.
    executions: Vec<ExecutionIdx>,
}

impl<'f> Engine<'f> {
    /// A taskrun starts executions.
    pub(super) fn call(&mut self, run: RunIdx, calls: Vec<Call>) {
        let parent = self.trace.run(run).execution;
        let depth = std::iter::successors(self.trace.execution(parent).started_by, |run| {
            self.trace.execution(self.trace.run(*run).execution).started_by
        });
        if depth.take(DEEPEST).count() == DEEPEST {
            return self.truncate(self.now, Truncated::Events);
        }
        let Kind::Subflow(task) = &self.task_of(run).kind else { return };
        let id = execution_id(self.trace.seed, parent);
        let trigger = Value::map([
            ("executionId", Value::text(&id)),
            ("namespace", Value::Text(Rc::clone(&self.flow_of(parent).namespace))),
            ("flowId", Value::Text(Rc::clone(&self.flow_of(parent).id))),
            ("flowRevision", Value::Int(1)),
        ]);
        let mut executions = Vec::new();
        for Call { flow, inputs, labels } in calls {
            let start = Start { started_by: Some(run), inputs, labels, trigger: Some(trigger.clone()), ..Start::of(flow) };
            match self.start_execution(start) {
                Ok(execution) => executions.push(execution),
                Err(message) => {
                    self.log(run, Level::Error, message.into());
                    _ = self.give_outputs(run, task, &executions);
                    return self.queue.push(self.now, super::engine::Due::End(run, State::Failed, None));
                }
            }
        }
        let is_open = |execution: &&ExecutionIdx| !self.execution(**execution).state.is_terminal();
        let n_open = executions.iter().filter(is_open).count();
        self.calls.0.insert(run, Waiting { n_open, executions });
        if n_open == 0 || !task.wait {
            self.end_call(run);
        }
    }

    /// An execution that a taskrun started has ended.
    pub(super) fn called_has_ended(&mut self, run: RunIdx) {
        let Some(waiting) = self.calls.0.get_mut(&run) else { return };
        waiting.n_open = waiting.n_open.saturating_sub(1);
        if waiting.n_open == 0 {
            self.end_call(run);
        }
    }

    /// The executions that the run of an ended or killed task still waits for.
    pub(super) fn called_by(&self, run: RunIdx) -> Vec<ExecutionIdx> {
        self.calls.0.get(&run).map(|waiting| waiting.executions.clone()).unwrap_or_default()
    }

    /// A run that was retried in a further execution waits for that one.
    pub(super) fn called_again(&mut self, run: RunIdx, execution: ExecutionIdx) {
        if let Some(waiting) = self.calls.0.get_mut(&run) {
            waiting.executions.push(execution);
        }
    }

    fn end_call(&mut self, run: RunIdx) {
        let Some(waiting) = self.calls.0.remove(&run) else { return };
        let Kind::Subflow(task) = &self.task_of(run).kind else { return };
        let states: Vec<State> = waiting.executions.iter().map(|execution| self.execution(*execution).state).collect();
        let worst = [State::Killed, State::Failed, State::Warning, State::Paused].into_iter().find(|state| states.contains(state));
        let mut state = worst.filter(|state| task.transmit_failed && task.wait && *state != State::Paused).unwrap_or(State::Success);
        if let Err(message) = self.give_outputs(run, task, &waiting.executions) {
            self.log(run, Level::Error, message.into());
            state = State::Failed;
        }
        self.queue.push(self.now, super::engine::Due::End(run, state, None));
    }

    /// The outputs of the task, from the executions it started.
    fn give_outputs(&mut self, run: RunIdx, task: &Subflow, executions: &[ExecutionIdx]) -> Result<(), String> {
        let mut outputs = Map::new();
        if task.each_batch {
            let mut iterations = Map::new();
            for execution in executions {
                let state = self.execution(*execution).state.as_str();
                let n = iterations.get(state).and_then(|n| if let Value::Int(n) = n { Some(*n) } else { None }).unwrap_or(0);
                iterations.insert(state, Value::Int(n + 1));
            }
            outputs = batches(executions.len() as i64, iterations);
        } else if let Some(execution) = executions.last() {
            let called = &self.trace.execution(*execution);
            outputs.insert("executionId", Value::text(&execution_id(self.trace.seed, *execution)));
            outputs.insert("state", Value::text(self.execution(*execution).state.as_str()));
            let mut given = called.outputs.as_deref().cloned().unwrap_or_default();
            if let Value::Map(_) = &task.outputs {
                let rendered = Context::new(self, *execution, None).render_value(&task.outputs)?;
                rendered.as_map().into_iter().flat_map(Map::iter).for_each(|(key, value)| given.insert(Rc::clone(key), value.clone()));
            }
            outputs.insert("outputs", Value::Map(Rc::new(given)));
        }
        self.trace.runs[run.0 as usize].outputs = Some(Value::Map(Rc::new(outputs)));
        Ok(())
    }
}
