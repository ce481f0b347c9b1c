//! Failed attempts that are tried again. Rule: Kestra, "Retry".

use super::group::ListName;
use super::moment::Moment;
use super::pass::Planned;
use super::view::Context;
use super::{Due, Executor};
use crate::flow::behavior::Recovery;
use crate::flow::state::State;
use crate::flow::{Retry, RetryDelay};
use crate::random::{draw, within};
use crate::sim::trace::{ExecutionIdx, RunIdx, TaskRun};
use crate::time::SimTime;

/// Where the retry of a taskrun comes from.
enum Source {
    Own,
    Group(RunIdx),
    Outside,
}

impl<'f> Executor<'f> {
    /// The retry of a taskrun: its own, else that of the nearest group around it that has one, else the flow's.
    pub(super) fn retry_of(&self, run: RunIdx) -> Option<&'f Retry> {
        self.retry_and_source(run).map(|(retry, _)| retry)
    }

    fn retry_and_source(&self, run: RunIdx) -> Option<(&'f Retry, Source)> {
        let task = self.task_of(run);
        if !task.may_retry() {
            return None;
        }
        if let Some(retry) = task.retry.as_deref() {
            return Some((retry, Source::Own));
        }
        if let Some(group) = self.around(run).find(|group| self.task_of(*group).retry.is_some()) {
            return self.task_of(group).retry.as_deref().map(|retry| (retry, Source::Group(group)));
        }
        let flow = self.flow_of(self.execution_of(run));
        let around = std::iter::successors(task.parent, |parent| flow.task(*parent).parent);
        let outer = around.filter_map(|group| flow.task(group).retry.as_deref()).next();
        outer.or(flow.retry.as_deref()).map(|retry| (retry, Source::Outside))
    }

    /// When a taskrun that has FAILED is tried again by a retry; `None` when it is not.
    fn next_date(&self, run: RunIdx, retry: &Retry) -> Option<Moment> {
        let n_attempts = self.trace.run(run).attempts.len() as u32;
        if n_attempts == 0 || retry.max_attempts.is_some_and(|most| n_attempts >= most) {
            return None;
        }
        let live = self.live(run);
        let date = live.last_ended.plus(self.delay(run, retry, n_attempts));
        let fits = |longest: SimTime| {
            let last = live.first_began.plus(longest);
            let took_time = self.trace.run(run).attempts.last().is_some_and(|attempt| attempt.ended != Some(attempt.began));
            if self.rules.in_passes { date <= last } else { date.at < last.at || date.at == last.at && took_time }
        };
        retry.max_duration.is_none_or(fits).then_some(date)
    }

    /// Whether its own retry tries a taskrun again that has FAILED. This alone decides whether a failure is for good.
    pub(super) fn is_tried_by_its_own_retry(&self, run: RunIdx) -> bool {
        let retry = self.task_of(run).retry.as_deref();
        retry.is_some_and(|retry| self.is_tried_by(run, retry))
    }

    /// Whether any retry tries a taskrun again that has FAILED.
    pub(super) fn is_tried_again(&self, run: RunIdx) -> bool {
        self.retry_of(run).is_some_and(|retry| self.is_tried_by(run, retry))
    }

    fn is_tried_by(&self, run: RunIdx, retry: &Retry) -> bool {
        if retry.new_execution { self.rerun_delay(run, retry).is_some() } else { self.next_date(run, retry).is_some() }
    }

    fn delay(&self, run: RunIdx, retry: &Retry, n_attempts: u32) -> SimTime {
        match retry.delay {
            RetryDelay::Constant { interval } => interval,
            RetryDelay::Exponential { interval, max_interval, factor_thousandths } => {
                let grown = if self.rules.exponential {
                    (interval.0 as f64 * (factor_thousandths as f64 / 1000.0).powi(n_attempts.saturating_sub(1).min(1000) as i32))
                        .round()
                        .min(1e18) as u64
                } else {
                    interval.0.saturating_mul(factor_thousandths / 1000).saturating_mul(u64::from(n_attempts.saturating_sub(1)))
                };
                SimTime(grown).min(max_interval)
            }
            RetryDelay::Random { min, max } => {
                self.has_drawn.set(true);
                let number = draw(self.scenario.seed, &self.task_of(run).id, u64::from(self.trace.run(run).nth), u64::from(n_attempts));
                SimTime(within(number, min.0, max.0.saturating_sub(1).max(min.0)))
            }
        }
    }

    /// A failed leaf may be tried again. Only one taskrun of an execution is RETRYING at a time.
    pub(super) fn consider_retry(&mut self, run: RunIdx, planned: &[Planned]) {
        let idx = self.execution_of(run);
        let state = self.execution(idx).state;
        // In 0.21 nothing is tried again once the execution has ended, even while `afterExecution` runs.
        let has_ended = self.execution(idx).is_stopped || state.is_terminal() && !self.rules.in_passes;
        let is_taken =
            has_ended || matches!(state, State::Retried | State::Paused) || state == State::Retrying && self.rules.one_retry_at_a_time;
        if self.state(run) != State::Failed || is_taken {
            return;
        }
        let Some((retry, source)) = self.retry_and_source(run) else {
            self.execution_mut(idx).failed.remove(run);
            return;
        };
        if let Source::Group(group) = source
            && self.rules.retry_waits_for_handlers
            && self.trace.run(run).parent == Some(group)
            && self.is_handling(group, planned)
        {
            return;
        }
        if retry.new_execution {
            if let Some(delay) = self.rerun_delay(run, retry) {
                self.retire(run, idx);
                self.queue.push(self.seen(self.later(delay)), Due::Rerun(idx));
            }
            return;
        }
        let Some(date) = self.next_date(run, retry) else {
            self.execution_mut(idx).failed.remove(run);
            return;
        };
        self.change(run, State::Retrying);
        self.change_execution(idx, State::Retrying);
        let n_attempts = self.trace.run(run).attempts.len() as u32;
        let mut date = if self.rules.in_passes { date.max(self.now) } else { self.later(self.delay(run, retry, n_attempts)) };
        if self.live(run).n_tried == n_attempts && date <= self.now {
            // Its group has closed it before it came to a worker: else it would be tried again and again in no time.
            date = self.later(SimTime(1));
        }
        self.queue.push(self.seen(date), Due::Retry(run));
    }

    /// Whether a group's `errors` or `finally` are running for a failure.
    fn is_handling(&self, run: RunIdx, planned: &[Planned]) -> bool {
        let Some(idx) = self.live(run).opened else { return false };
        let is_handler = |list: ListName| matches!(list, ListName::Errors | ListName::Finally);
        let group = self.group(idx);
        group.errors.count.open() + group.finally.count.open() > 0 || planned.iter().any(|one| one.group == idx && is_handler(one.list))
    }

    /// When the flow is run anew for a failure; `None` when it is not, as within an iteration of a Loop.
    fn rerun_delay(&self, run: RunIdx, retry: &Retry) -> Option<SimTime> {
        let idx = self.execution_of(run);
        let has_no_attempt = self.rules.in_passes && self.trace.run(run).attempts.is_empty();
        if has_no_attempt || self.execution(idx).iteration.is_some() {
            return None;
        }
        let attempt = self.trace.execution(idx).attempt;
        let delay = self.delay(run, retry, attempt);
        let first = self.execution(idx).first_started_at;
        let fits = retry.max_attempts.is_none_or(|most| attempt < most)
            && retry.max_duration.is_none_or(|longest| self.later(delay) <= first.plus(longest));
        fits.then_some(delay)
    }

    /// A failed taskrun and all groups around it are RETRIED, and so is their execution: a new one will follow.
    fn retire(&mut self, run: RunIdx, idx: ExecutionIdx) {
        self.change(run, State::Retried);
        let around: Vec<RunIdx> = self.around(run).collect();
        for group in around {
            match self.state(group).is_terminal() {
                true => {}
                false if self.rules.in_passes => self.change(group, State::Retried),
                false => self.change_with_attempt(group, State::Retried),
            }
        }
        self.change_execution(idx, State::Retried);
    }

    /// The delay before a further attempt is over.
    pub(super) fn try_again(&mut self, run: RunIdx) {
        let idx = self.execution_of(run);
        let execution = self.execution(idx);
        let is_over = execution.is_killed || matches!(execution.state, State::Killing | State::Killed | State::Retried);
        if is_over || self.live(run).is_removed {
            return;
        }
        // Newer versions try it again whatever has happened to it since.
        if self.state(run) != State::Retrying && !self.rules.one_retry_at_a_time {
            return;
        }
        if self.rules.in_passes {
            self.forget_handlers(run);
        }
        self.live_mut(run).n_tried = self.trace.run(run).attempts.len() as u32;
        self.change(run, State::Created);
        self.execution_mut(idx).created.push(run);
        self.change_execution(idx, State::Running);
        self.poke(idx);
    }

    /// What `errors` and `finally` of the group around a taskrun did is forgotten: they may run again.
    fn forget_handlers(&mut self, run: RunIdx) {
        let Some(group) = self.trace.run(run).parent.and_then(|parent| self.live(parent).opened) else { return };
        let is_handler = |child: &RunIdx| matches!(self.live(*child).place.0, ListName::Errors | ListName::Finally);
        let handlers: Vec<RunIdx> = self.group(group).children.iter().copied().filter(is_handler).collect();
        if handlers.contains(&run) {
            return;
        }
        for child in handlers {
            self.remove(child);
        }
        self.group_mut(group).errors.reset();
        self.group_mut(group).finally.reset();
    }

    /// A taskrun is forgotten, with all below it.
    pub(super) fn remove(&mut self, run: RunIdx) {
        let mut is_at_work = self.live(run).job.is_some();
        if let Some(group) = self.live(run).opened {
            let below = self.group(group).children.clone();
            is_at_work |= self.task_of(run).holds_worker() && below.iter().any(|child| self.live(*child).job.is_some());
            below.into_iter().for_each(|child| self.remove(child));
        }
        // A worker that is at work does not learn it.
        if !is_at_work {
            self.workers.give_back(run);
            self.offer_workers();
        }
        let state = self.state(run);
        self.child_changed(run, Some(state), None);
        let (group, execution) = (self.live(run).group, self.execution_of(run));
        self.group_mut(group).children.retain(|child| *child != run);
        self.live_mut(run).is_removed = true;
        self.taskrun_mut(run).dropped = true;
        self.forget_outputs(run);
        let execution = self.execution_mut(execution);
        execution.groups_to_look_at.remove(run);
        execution.groups_to_close.remove(run);
        execution.created.retain(|created| *created != run);
    }

    /// The outermost group around a failed taskrun begins anew; what still runs in it is aborted. False when it has begun anew too often.
    fn starts_over(&mut self, run: RunIdx) -> bool {
        /// So often a task may make it begin anew: a simulation has to end.
        const MOST_RESTARTS: usize = 3;
        let execution = self.execution_of(run);
        let is_before = |before: &TaskRun| before.dropped && before.task == self.trace.run(run).task && before.execution == execution;
        let n_restarts = self.trace.runs.iter().filter(|before| is_before(before)).count();
        self.change(run, State::Retrying);
        let group = self.around(run).last().and_then(|top| self.live(top).opened).filter(|_| n_restarts < MOST_RESTARTS);
        let Some(group) = group else { return false };
        self.change(run, State::Failed);
        let mut below = self.group(group).children.clone();
        while let Some(child) = below.pop() {
            below.extend(self.live(child).opened.into_iter().flat_map(|group| self.group(group).children.clone()));
            if !self.state(child).is_terminal() {
                let live = self.live_mut(child);
                live.stopped_job = live.job.take();
                self.change_with_attempt(child, State::Killed);
            }
        }
        let children = self.group(group).children.clone();
        children.into_iter().for_each(|child| self.remove(child));
        let now = self.now.at;
        self.group_mut(group).begin_round(now);
        self.has_changed(execution);
        true
    }

    /// Lets the dialect decide what follows a failure. True when the taskrun goes on, or counts as skipped.
    pub(super) fn recovers(&mut self, run: RunIdx) -> bool {
        let execution = self.execution_of(run);
        let n_attempts = self.trace.run(run).attempts.len() as u32;
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
                self.execution_mut(execution).created.push(run);
            }
            Some(Recovery::StartOver) => return self.starts_over(run),
            Some(Recovery::Fail) => {
                self.change(run, State::Retrying);
                return false;
            }
            None => return false,
        }
        self.has_changed(execution);
        true
    }
}
