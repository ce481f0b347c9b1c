//! Executions that are killed, exited from within, or aborted. Rules: Kestra, "Kill" and "Exit".

use super::moment::ticks;
use super::{Due, Executor};
use crate::flow::state::State;
use crate::sim::trace::{ExecutionIdx, RunIdx};

impl<'f> Executor<'f> {
    /// An execution is killed.
    pub(super) fn kill(&mut self, idx: ExecutionIdx) {
        self.kill_workers(idx);
        let state = self.execution(idx).state;
        if state == State::Killing || state.is_terminal() {
            return;
        }
        if state == State::Paused
            && let Some(run) = self.first_paused(idx)
        {
            self.resume(run, State::Killing);
        }
        self.change_execution(idx, State::Killing);
        let groups: Vec<RunIdx> = self.runs_in_execution(idx).into_iter().filter(|run| self.live(*run).is_group).collect();
        for run in groups {
            self.execution_mut(idx).groups_to_look_at.insert(run);
            // What waits for a retry is not tried again.
            let Some(group) = self.live(run).opened else { continue };
            self.kill_retrying(&self.group(group).children.clone());
        }
        let root = self.execution(idx).root;
        self.kill_retrying(&self.group(root).children.clone());
        self.has_changed(idx);
    }

    fn kill_retrying(&mut self, runs: &[RunIdx]) {
        if self.rules.leaves_retrying {
            return;
        }
        for run in runs {
            if self.state(*run) == State::Retrying {
                self.change(*run, State::Killed);
            }
        }
    }

    /// The workers stop with what they run of an execution, and so do those of the executions it called.
    pub(super) fn kill_workers(&mut self, idx: ExecutionIdx) {
        self.execution_mut(idx).is_killed = true;
        let runs = self.runs_in_execution(idx);
        for run in &runs {
            if self.live(*run).job.is_some() && !self.live(*run).is_forced {
                self.stop(*run, State::Killed);
            }
        }
        for run in runs {
            let of_loop = self.loops.get(&run).map_or(&[][..], |looped| &looped.executions);
            let called = self.called_by(run).iter().chain(of_loop).copied();
            let open: Vec<ExecutionIdx> = called.filter(|called| !self.execution(*called).state.is_terminal()).collect();
            open.into_iter().for_each(|execution| self.soon(ticks::INTERRUPT, Due::Kill(execution)));
        }
    }

    /// The groups around a KILLED taskrun are KILLED, too; in newer versions also those that have ended.
    pub(super) fn kill_around(&mut self, run: RunIdx) {
        let around: Vec<RunIdx> = self.around(run).collect();
        for group in around {
            if self.state(group) != State::Killed && (self.rules.in_passes || !self.state(group).is_terminal()) {
                self.change_with_attempt(group, State::Killed);
            }
        }
    }

    /// Ends an execution from within: the run that does so and the groups around it end in this state, too.
    pub(super) fn exit(&mut self, run: RunIdx, state: State) {
        let idx = self.execution_of(run);
        let around: Vec<RunIdx> = self.around(run).collect();
        for group in around {
            if !self.state(group).is_terminal() {
                self.change_with_attempt(group, state);
            }
        }
        self.change_with_attempt(run, state);
        self.stop_execution(idx, state);
        if state == State::Killed {
            // The kill takes a hand-over more than one that is asked for: a leaf that goes out in this pass begins before.
            self.soon(ticks::INTERRUPT + ticks::TAKE, Due::KillWorkers(idx));
        }
    }

    /// A taskrun has FAILED in a flow that a failure aborts.
    pub(super) fn fails_release(&mut self, run: RunIdx, state: State) {
        let idx = self.execution_of(run);
        if state == State::Failed && self.flow_of(idx).abort_on_failure {
            self.abort(idx);
        }
    }

    /// An execution is aborted: whatever has not ended ends there.
    pub(super) fn abort(&mut self, idx: ExecutionIdx) {
        let open: Vec<RunIdx> = self.runs_in_execution(idx).into_iter().filter(|run| !self.state(*run).is_terminal()).collect();
        // Children come after their parents.
        for run in open.into_iter().rev() {
            let live = self.live_mut(run);
            live.stopped_job = live.job.take();
            self.leave_core(run);
            self.change_with_attempt(run, State::Killed);
        }
        self.change_execution(idx, State::Killed);
    }
}
