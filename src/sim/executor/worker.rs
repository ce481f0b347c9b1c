//! Workers: they take taskruns, make attempts of them, and report to the executor. Rules: Kestra, "Late reports",
//! "onChildFailure" and "Runnable tasks".

use std::collections::{BTreeSet, VecDeque};

use super::moment::{Moment, ticks};
use super::view::Context;
use super::{Due, Executor, allowed};
use crate::flow::Level;
use crate::flow::behavior::{self, Effect, Work};
use crate::flow::kestra::versions::EmptyOutputs;
use crate::flow::state::State;
use crate::sim::trace::{ExecutionIdx, RunIdx};
use crate::time::SimTime;
use crate::value::Map;

/// How many tasks the workers of the server run.
#[derive(Debug, Default)]
pub(super) struct Workers {
    busy: BTreeSet<RunIdx>,
    /// Taskruns that wait for a worker, in order.
    waiting: VecDeque<RunIdx>,
}

impl Workers {
    pub fn give_back(&mut self, run: RunIdx) {
        self.busy.remove(&run);
    }
}

/// What is logged of an attempt that takes too long.
pub(super) fn timeout_message(timeout: SimTime) -> String {
    format!("Timeout after {}", crate::time::clock(timeout))
}

/// What a worker reports at the end of an attempt.
#[derive(Debug)]
pub(super) struct Report {
    pub run: RunIdx,
    /// The attempt it is about, from 1.
    attempt: u32,
    /// How the attempt ended, and the state of the taskrun that follows from it.
    raw: State,
    state: State,
    effect: Effect,
}

impl<'f> Executor<'f> {
    /// A worker takes a taskrun, or the taskrun waits for one.
    pub(super) fn take(&mut self, run: RunIdx) {
        let is_directory = self.live(run).is_group && self.task_of(run).holds_worker();
        if self.live(run).is_removed
            || self.state(run) == State::Killed
            || is_directory && !matches!(self.state(run), State::Created | State::Running)
        {
            return self.offer_workers();
        }
        let execution = self.execution_of(run);
        if self.execution(execution).is_killed && !self.live(run).is_forced {
            self.change(run, State::Killed);
            self.kill_around(run);
            return self.has_changed(execution);
        }
        let needs_worker = !self.is_in_directory(run);
        if needs_worker && self.scenario.workers.is_some_and(|workers| self.workers.busy.len() >= workers.max(1) as usize) {
            // One that was closed and is tried again may wait already.
            if !std::mem::replace(&mut self.live_mut(run).awaits_worker, true) {
                self.workers.waiting.push_back(run);
            }
            return;
        }
        if needs_worker && self.scenario.workers.is_some() {
            self.workers.busy.insert(run);
        }
        if is_directory && self.state(run) == State::Created {
            self.change(run, State::Running);
            self.open(run);
            self.has_changed(execution);
        }
        if is_directory { self.begin_next_in_directory(run) } else { self.begin_job(run) }
    }

    /// Workers are free: those that wait for one may take it.
    pub(super) fn offer_workers(&mut self) {
        let Some(workers) = self.scenario.workers else { return };
        if self.workers.busy.len() < workers.max(1) as usize
            && let Some(next) = self.workers.waiting.pop_front()
        {
            self.live_mut(next).awaits_worker = false;
            self.queue.push(self.now, Due::Take(next));
        }
    }

    /// An attempt begins: what it will do is known from here on.
    pub(super) fn begin_job(&mut self, run: RunIdx) {
        self.begin_attempt(run);
        let attempt = self.trace.run(run).attempts.len() as u32;
        self.soon(ticks::REPORT, Due::Begun(run, attempt));
        if let Some(state) = self.live_mut(run).interrupted.take() {
            return self.report(run, self.now.after(ticks::WORK), state, Effect::None);
        }
        let work = self.attempt(run);
        let state = work.state();
        let Work { logs, duration, outputs, effect, .. } = work;
        self.enter_core(run);
        let job = self.begin_log(run, logs);
        if let Some(outputs) = outputs {
            self.hold_outputs(run, outputs);
        }
        let is_endless = matches!(effect, Effect::Endless(_));
        let live = self.live_mut(run);
        live.work_ends_in = state;
        live.effect = Some(Box::new(effect)).filter(|effect| !matches!(**effect, Effect::None));
        if is_endless {
            self.after_work(duration, 0, Due::Endless(run, job));
        } else {
            self.after_work(duration, ticks::WORK, Due::Done(run, job));
        }
        self.watch_timeout(run, job);
        self.plan_cores();
    }

    /// A leaf that no worker runs and that takes its time.
    pub(super) fn begin_timed(&mut self, run: RunIdx, duration: SimTime, state: State, effect: Effect) {
        self.begin_attempt(run);
        let job = self.begin_log(run, Vec::new());
        let live = self.live_mut(run);
        (live.work_ends_in, live.effect) = (state, Some(Box::new(effect)));
        self.queue.push(self.later(duration), Due::Done(run, job));
    }

    /// A job of a worker, and what it will log.
    fn begin_log(&mut self, run: RunIdx, logs: Vec<(SimTime, Level, Box<str>)>) -> u32 {
        let live = self.live_mut(run);
        live.n_jobs += 1;
        let job = live.n_jobs;
        live.job = Some(job);
        for (after, level, message) in logs {
            self.keep_log(Some(run), &message);
            // An entry is there no earlier than the report of the begin.
            self.after_work(after, ticks::REPORT, Due::Log(Box::new((run, job, level, message))));
        }
        job
    }

    /// What an attempt will do, cut at its time-out.
    pub(super) fn attempt(&mut self, run: RunIdx) -> Work {
        let execution = self.execution_of(run);
        let task = self.task_of(run);
        let context = Context::new(self, execution, Some(run));
        let mut work = behavior::work(task, &context);
        work.delay(context.waited());
        match self.timeout_of(run) {
            Ok(Some(timeout)) if work.duration > timeout && (self.cores.is_none() || timeout == SimTime::ZERO) => {
                work.cut_at(timeout, timeout_message(timeout))
            }
            Ok(_) => {}
            Err(message) => work.cut_at(SimTime::ZERO, message),
        }
        work
    }

    /// How long an attempt may take; `None` is no limit.
    ///
    /// # Errors
    /// Why its expression can't be read.
    pub(super) fn timeout_of(&self, run: RunIdx) -> Result<Option<SimTime>, String> {
        let task = self.task_of(run);
        let Some(text) = &task.timeout else { return Ok(None) };
        let timeout = Context::new(self, self.execution_of(run), Some(run)).view().length(text, "timeout")?;
        Ok(Some(timeout).filter(|_| task.needs_worker()))
    }

    /// The executor learns that a worker has begun with an attempt.
    pub(super) fn begun(&mut self, run: RunIdx, attempt: u32) {
        let live = self.live(run);
        if live.is_removed || attempt <= live.n_tried || self.trace.run(run).attempts.len() as u32 != attempt {
            return;
        }
        // The first report of an attempt always counts, whatever the executor has made of the taskrun since.
        let state = self.state(run);
        self.set_state(run, State::Running, state.is_terminal());
        let execution = self.execution_of(run);
        if matches!(state, State::Created | State::Submitted) && self.is_no_news(run) {
            return self.poke(execution);
        }
        self.note_change(execution);
        self.has_changed(execution);
    }

    /// The work of a job is done.
    pub(super) fn done(&mut self, run: RunIdx, job: u32) {
        if self.live(run).job != Some(job) {
            return;
        }
        let live = self.live_mut(run);
        live.job = None;
        let (state, effect) = (live.work_ends_in, live.effect.take().map_or(Effect::None, |effect| *effect));
        self.report(run, self.now, state, effect);
    }

    /// A worker reports how an attempt ended.
    pub(super) fn report(&mut self, run: RunIdx, ended: Moment, raw: State, effect: Effect) {
        self.live_mut(run).job = None;
        self.leave_core(run);
        let attempt = self.trace.run(run).attempts.len() as u32;
        // The executor has forgotten the taskrun: only its worker and its core are free again.
        if !self.live(run).is_removed {
            self.end_attempt(run, raw);
        }
        self.live_mut(run).last_ended = ended;
        let state = self.state_after_attempt(run, raw);
        self.queue.push(ended.after(ticks::REPORT), Due::Report(Box::new(Report { run, attempt, raw, state, effect })));
    }

    /// The state of a taskrun after an attempt that ended so.
    fn state_after_attempt(&self, run: RunIdx, raw: State) -> State {
        let task = self.task_of(run);
        let n_attempts = self.trace.run(run).attempts.len();
        let warns = self.warns_on_retry(run, n_attempts);
        let state = if raw == State::Success && warns { State::Warning } else { raw };
        if state == State::Failed && (self.is_tried_by_its_own_retry(run) || !self.rules.allow_failure_first && self.is_tried_again(run)) {
            return state;
        }
        allowed(state, task)
    }

    /// The executor takes a report of a worker, unless it knows better.
    pub(super) fn receive(&mut self, report: Report) {
        let Report { run, attempt, raw, state, effect } = report;
        if self.live(run).is_removed {
            let holder = if self.is_in_directory(run) { self.trace.run(run).parent } else { None };
            self.workers.give_back(holder.unwrap_or(run));
            return self.offer_workers();
        }
        let live = self.live(run);
        if self.trace.run(run).attempts.len() as u32 != attempt {
            return;
        }
        // CREATED, SUBMITTED, RUNNING and the end of each attempt.
        let current = live.state;
        if current == state && current.is_terminal() {
            return;
        }
        if current.is_terminal() && self.is_final(run) {
            return;
        }
        if let Effect::Await(tasks) = &effect
            && self.awaits(run, tasks)
        {
            return;
        }
        self.note_outputs(run);
        self.note_empty_outputs(run, EmptyOutputs::OfWhatHasRun);
        if raw == State::Failed && state == State::Failed && self.recovers(run) {
            return;
        }
        let idx = self.execution_of(run);
        self.set_state(run, state, current.is_terminal());
        self.note_change(idx);
        if state == State::Killed {
            self.kill_around(run);
        }
        self.apply(run, effect);
        if state == State::Failed && self.flow_of(idx).abort_on_failure {
            self.abort(idx);
        }
        self.has_changed(idx);
        self.directory_learns(run);
    }

    /// Whether the state of a taskrun stands against the report of its worker: the executor has seen it pass more states than
    /// the worker knows.
    fn is_final(&self, run: RunIdx) -> bool {
        self.state(run) == State::Killed || self.live(run).n_since_running > 1
    }

    /// What a leaf does to its execution.
    pub(super) fn apply(&mut self, run: RunIdx, effect: Effect) {
        let idx = self.execution_of(run);
        match effect {
            Effect::None | Effect::Await(_) | Effect::Endless(_) | Effect::Exit(_) => {}
            Effect::Call { calls, .. } => self.start_created(run, calls),
            Effect::Labels(labels) => self.set_labels(idx, labels),
            Effect::SetVariables(variables) => {
                let known = std::rc::Rc::make_mut(&mut self.execution_mut(idx).variables);
                variables.iter().for_each(|(key, value)| known.insert(std::rc::Rc::clone(key), value.clone()));
            }
            Effect::UnsetVariables(names) => {
                let known: &mut Map = std::rc::Rc::make_mut(&mut self.execution_mut(idx).variables);
                names.iter().for_each(|name| _ = known.remove(name));
            }
        }
    }

    /// A Parallel or a Dag has FAILED: its children that have not ended are interrupted, at any depth, if it says so. Groups
    /// end at once, leaves when their worker learns it. The tasks of a WorkingDirectory are no jobs of their own: they go on.
    pub(super) fn interrupt_children(&mut self, run: RunIdx) {
        let Some(state) = self.interrupts_in(run) else { return };
        let mut leaves = Vec::new();
        let mut open = std::collections::VecDeque::from([run]);
        while let Some(parent) = open.pop_front() {
            let Some(group) = self.live(parent).opened else { continue };
            let children = self.group(group).children.clone();
            open.extend(children.iter().copied());
            for child in children {
                if self.state(child).is_terminal() {
                    continue;
                }
                if self.live(child).is_group {
                    self.change_with_attempt(child, state);
                } else if !self.is_in_directory(child) {
                    leaves.push(child);
                }
            }
        }
        if !leaves.is_empty() {
            self.soon(ticks::INTERRUPT, Due::Interrupt(Box::new((leaves, state))));
        }
    }

    /// The state in which a failed group interrupts its children; `None` when it lets them go on.
    fn interrupts_in(&self, run: RunIdx) -> Option<State> {
        let execution = self.execution_of(run);
        self.task_of(run).kind.as_group()?.interrupts_in(&Context::new(self, execution, Some(run)))
    }

    /// Leaves are interrupted: at once where a worker runs them, else as soon as one takes them.
    pub(super) fn interrupted(&mut self, leaves: &[RunIdx], state: State) {
        for run in leaves {
            if self.live(*run).job.is_some() { self.stop(*run, state) } else { self.live_mut(*run).interrupted = Some(state) }
        }
    }

    /// A worker stops with a job.
    pub(super) fn stop(&mut self, run: RunIdx, state: State) {
        let live = self.live_mut(run);
        live.stopped_job = live.job.take();
        self.report(run, self.now.after(ticks::WORK), state, Effect::None);
    }

    /// Whether a success after this many attempts is a warning.
    fn warns_on_retry(&self, run: RunIdx, n_attempts: usize) -> bool {
        let retry = if self.rules.warns_by_inherited_retry { self.retry_of(run) } else { self.task_of(run).retry.as_deref() };
        retry.is_some_and(|retry| retry.warning_on_retry) && n_attempts > self.rules.attempts_without_warning
    }

    pub(super) fn runs_in_execution(&self, idx: ExecutionIdx) -> Vec<RunIdx> {
        self.execution(idx).runs.iter().copied().filter(|run| !self.live(*run).is_removed).collect()
    }
}
