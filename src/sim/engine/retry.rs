//! Failed attempts that are tried again. Rules: Kestra, "Retry".

use super::view::Context;
use super::{Due, Engine};
use crate::flow::behavior::Recovery;
use crate::flow::state::State;
use crate::flow::{Retry, RetryDelay};
use crate::random::{draw, within};
use crate::sim::trace::RunIdx;
use crate::time::SimTime;

impl<'f> Engine<'f> {
    /// The retry of a taskrun: its own, else that of the nearest group round it that has one, else the flow's.
    pub(super) fn retry_of(&self, run: RunIdx) -> Option<&'f Retry> {
        let mut runs = std::iter::successors(Some(run), |run| self.trace.run(*run).parent);
        let flow = self.flow_of(self.trace.run(run).execution);
        runs.find_map(|run| self.task_of(run).retry.as_deref()).or(flow.retry.as_deref()).filter(|_| self.task_of(run).may_retry())
    }

    /// Whether a failed attempt is tried again, when it ends so long from now.
    pub(super) fn may_retry(&self, run: RunIdx, from_now: SimTime) -> bool {
        let Some(retry) = self.retry_of(run) else { return false };
        let execution = self.trace.run(run).execution;
        let (n_attempts, began) = if retry.new_execution {
            (self.trace.execution(execution).attempt, self.execution(execution).first_started_at)
        } else {
            (self.trace.run(run).attempts, self.live(run).first_began)
        };
        let next = self.now + from_now + self.delay(run, retry, n_attempts);
        !self.execution(execution).state.is_terminal()
            && retry.max_attempts.is_none_or(|most| n_attempts < most)
            && retry.max_duration.is_none_or(|longest| next <= began + longest)
    }

    fn delay(&self, run: RunIdx, retry: &Retry, n_attempts: u32) -> SimTime {
        match retry.delay {
            RetryDelay::Constant { interval } => interval,
            RetryDelay::Exponential { interval, max_interval, factor } => {
                let grown = interval.0.saturating_mul(u64::from(factor)).saturating_mul(u64::from(n_attempts.saturating_sub(1)));
                SimTime(grown).min(max_interval)
            }
            RetryDelay::Random { min, max } => {
                let number = draw(self.scenario.seed, &self.task_of(run).id, u64::from(self.trace.run(run).nth), u64::from(n_attempts));
                SimTime(within(number, min.0, max.0.saturating_sub(1).max(min.0)))
            }
        }
    }

    /// An attempt has failed and will be tried again. While its execution is PAUSED nothing is decided.
    pub(super) fn fail_for_now(&mut self, run: RunIdx) {
        let execution = self.trace.run(run).execution;
        self.give_worker_back(run);
        self.set_state(run, State::Failed, false);
        if self.execution(execution).state == State::Paused {
            self.execution_mut(execution).frozen_failures.push(run);
        } else {
            self.wait_for_retry(run);
        }
    }

    /// The retry of a failed attempt is put on its way.
    pub(super) fn wait_for_retry(&mut self, run: RunIdx) {
        let execution = self.trace.run(run).execution;
        let Some(retry) = self.retry_of(run) else { return };
        if retry.new_execution {
            let delay = self.delay(run, retry, self.trace.execution(execution).attempt);
            self.retire(run);
            self.queue.push(self.now + delay, Due::Rerun(execution));
            return;
        }
        let delay = self.delay(run, retry, self.trace.run(run).attempts);
        let (group, place, now) = (self.live(run).group, self.live(run).place, self.now);
        self.set_state(run, State::Retrying, false);
        self.execution_mut(execution).closed_at_end.push(run);
        self.group_mut(group).child_changed(run, place, Some(State::Running), State::Retrying, now);
        self.unsettled.push_back(group);
        if self.execution(execution).state == State::Running {
            self.change_execution(execution, State::Retrying);
        }
        self.queue.push(self.now + delay, Due::Retry(run));
    }

    /// The run of a failed task and all groups round it are RETRIED, and so is their execution: a new one will follow.
    fn retire(&mut self, run: RunIdx) {
        let execution = self.trace.run(run).execution;
        self.set_state(run, State::Retried, false);
        let parents: Vec<RunIdx> = std::iter::successors(self.trace.run(run).parent, |run| self.trace.run(*run).parent).collect();
        for parent in parents {
            if !self.live(parent).state.is_terminal() {
                self.set_state(parent, State::Retried, false);
            }
        }
        self.change_execution(execution, State::Retried);
    }

    /// The delay before a further attempt is over.
    pub(super) fn try_again(&mut self, run: RunIdx) {
        let execution = self.trace.run(run).execution;
        let live = self.execution_mut(execution);
        if live.state == State::Paused {
            live.frozen_retries.push(run);
            return;
        }
        if live.state.is_terminal() || self.live(run).state != State::Retrying {
            return;
        }
        self.change(run, State::Created);
        if self.execution(execution).state == State::Retrying {
            self.change_execution(execution, State::Running);
        }
        self.dispatch(run);
    }

    /// Lets the dialect decide what follows a failure. True when the taskrun goes on, or counts as skipped.
    pub(super) fn recovers(&mut self, run: RunIdx) -> bool {
        let execution = self.trace.run(run).execution;
        let n_attempts = self.trace.run(run).attempts;
        let rules = self.flow_of(execution).dialect.rules();
        let recovery = rules.recovery(self.task_of(run), n_attempts, &Context::new(self, execution, Some(run)));
        match recovery {
            Some(Recovery::Skip) => {
                self.change(run, State::Retrying);
                self.change(run, State::Skipped);
            }
            Some(Recovery::Retry) => {
                self.change(run, State::Retrying);
                self.change(run, State::Created);
                self.dispatch(run);
            }
            Some(Recovery::Fail) => {
                self.change(run, State::Retrying);
                return false;
            }
            None => {}
        }
        recovery.is_some()
    }
}
