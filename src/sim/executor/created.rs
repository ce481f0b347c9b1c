//! Executions that a leaf starts at the end of its work, and leaves that wait for them.

use super::Executor;
use crate::flow::behavior::Call;
use crate::flow::state::State;
use crate::flow::{Level, TaskIdx};
use crate::sim::trace::{ExecutionIdx, RunIdx};

/// A leaf whose work is done, and that goes on until executions have ended.
#[derive(Debug)]
pub(super) struct Awaiting {
    run: RunIdx,
    executions: Vec<ExecutionIdx>,
}

impl<'f> Executor<'f> {
    /// A leaf has done its work and starts executions. It does not wait for them.
    pub(super) fn start_created(&mut self, run: RunIdx, calls: Vec<Call>) {
        if let Err(message) = self.start_called(run, calls, false) {
            self.log(run, Level::Error, message.into());
        }
    }

    /// Whether a leaf goes on until the executions that other tasks of its execution started have ended.
    pub(super) fn awaits(&mut self, run: RunIdx, tasks: &[TaskIdx]) -> bool {
        let execution = self.execution_of(run);
        let starters = self.runs_in_execution(execution).into_iter().filter(|starter| tasks.contains(&self.trace.run(*starter).task));
        let executions: Vec<ExecutionIdx> = starters.flat_map(|starter| self.called_by(starter).to_vec()).collect();
        if executions.is_empty() {
            return false;
        }
        self.awaiting.push(Awaiting { run, executions });
        self.awaited_has_ended();
        true
    }

    /// Ends the leaves for which all executions that they wait for have ended.
    pub(super) fn awaited_has_ended(&mut self) {
        let awaiting = std::mem::take(&mut self.awaiting);
        let is_over = |leaf: &Awaiting| leaf.executions.iter().all(|execution| self.is_over(*execution));
        let (over, open): (Vec<Awaiting>, Vec<Awaiting>) = awaiting.into_iter().partition(is_over);
        self.awaiting = open;
        for Awaiting { run, executions } in over {
            if self.state(run) != State::Running {
                continue;
            }
            let states = executions.iter().map(|execution| self.execution(*execution).state);
            let Some(bad) = states.into_iter().find(|state| !matches!(state, State::Success | State::Warning)) else {
                self.call_ends(run, State::Success);
                continue;
            };
            let name = self.flow_of(self.execution_of(run)).dialect.state_name(bad);
            self.log(run, Level::Error, format!("A release that it waits for ended {name}").into());
            if !self.recovers(run) {
                self.call_ends(run, State::Failed);
                self.fails_release(run, State::Failed);
            }
        }
    }
}
