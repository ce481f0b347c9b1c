//! Executions that taskruns start and wait for: Subflow, and the middle part of a ForEachItem. Rule: Kestra, "Subflow".

use std::rc::Rc;

use super::execution::Start;
use super::view::Context;
use super::{Due, Engine};
use crate::collections::Sorted;
use crate::flow::Level;
use crate::flow::behavior::{Call, Called};
use crate::flow::state::State;
use crate::sim::trace::{ExecutionIdx, RunIdx, Truncated, execution_id};
use crate::value::Value;

/// How deep executions may start each other: flows that call each other in a cycle have no end.
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
    pub(super) fn call(&mut self, run: RunIdx, calls: Vec<Call>, wait: bool) {
        let parent = self.trace.run(run).execution;
        let depth = std::iter::successors(self.trace.execution(parent).started_by, |run| {
            self.trace.execution(self.trace.run(*run).execution).started_by
        });
        if depth.take(DEEPEST).count() == DEEPEST {
            return self.truncate(self.now, Truncated::Events);
        }
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
                    _ = self.gather(run, &executions);
                    return self.queue.push(self.now, Due::End(run, State::Failed, None));
                }
            }
        }
        let is_open = |execution: &&ExecutionIdx| !self.execution(**execution).state.is_terminal();
        let n_open = executions.iter().filter(is_open).count();
        self.calls.0.insert(run, Waiting { n_open, executions });
        if n_open == 0 || !wait {
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
        let state = self.gather(run, &waiting.executions).unwrap_or_else(|message| {
            self.log(run, Level::Error, message.into());
            State::Failed
        });
        self.queue.push(self.now, Due::End(run, state, None));
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
        self.trace.runs[run.0 as usize].outputs = Some(outputs);
        Ok(state)
    }
}
