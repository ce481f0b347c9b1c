//! Why a taskrun, a group or an execution ended as it did, and why a task did not run.
//!
//! A claim is made only of what the trace shows: the runs it names were in the state it gives at the time it gives.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::claims::{Claim, End, How, Named, Reason, Subject};
use super::segments::{Segment, SegmentKind, execution_segments, let_in_by};
use super::why::Why;
use crate::flow::behavior::Order;
use crate::flow::state::State;
use crate::flow::{Flow, Kind, Level, Task, TaskIdx};
use crate::sim::names::local_name;
use crate::sim::trace::{ExecutionIdx, LogEntry, RunIdx, Trace};
use crate::time::SimTime;

/// The tasks that did not end by themselves: the failure of another one stopped them. For each run the name of the one that failed.
/// Rule: Kestra, "Parallel".
#[must_use]
pub fn stopped(flows: &[Flow], trace: &Trace) -> BTreeMap<RunIdx, Rc<str>> {
    let may_be = |run: &RunIdx| matches!(trace.state(*run), State::Failed | State::Killed | State::Cancelled);
    let runs: Vec<RunIdx> = trace.iter().map(|(run, _)| run).filter(may_be).collect();
    // What has failed alone stopped no other.
    if runs.len() > 1 { stopped_among(flows, trace, runs) } else { BTreeMap::new() }
}

#[inline(never)] // So that it can be fetched later.
fn stopped_among(flows: &[Flow], trace: &Trace, runs: Vec<RunIdx>) -> BTreeMap<RunIdx, Rc<str>> {
    let why = Why::new(flows, trace);
    let of = |run: RunIdx| {
        let end = why.end(run).filter(|end| end.reason == Reason::Sibling && !trace.task_of(flows, run).is_group())?;
        Some((run, local_name(flows, trace, end.by.first()?.run)))
    };
    runs.into_iter().filter_map(of).collect()
}

impl Why<'_> {
    /// The pauses and the further attempts of a run.
    pub(super) fn own_states(&self, run: RunIdx) -> Vec<Claim> {
        let history = self.trace.history(run);
        let person = self.trace.run(run).waits_for_person;
        let next = |n: usize| history.get(n + 1).map(|(_, state)| *state);
        let of = |(n, (state, from, to)): (usize, (State, SimTime, SimTime))| {
            let is_again = matches!(next(n), Some(next) if next.is_created() || next == State::Running);
            let (how, at, reason) = match state {
                State::Retrying if is_again => (How::Failed, from, Reason::TriedAgain(to)),
                State::Failed if from < to && is_again => (How::Failed, from, Reason::TriedAgain(to)),
                State::Paused if from < to && !matches!(next(n), None | Some(State::Killed | State::Killing)) => {
                    (How::Ended, to, if person { Reason::Person } else { Reason::Timer })
                }
                _ => return None,
            };
            Some(Claim::Ended(End { subject: Subject::Run(run), how, at, by: Vec::new(), reason }))
        };
        let mut claims: Vec<Claim> = self.trace.stretches(run).enumerate().filter_map(of).collect();
        claims.dedup();
        claims
    }

    /// Why a run ended as it did; `None` for a leaf that came to its own good end, and for a run that has not ended.
    pub(super) fn end(&self, run: RunIdx) -> Option<End> {
        let trace = self.trace;
        let ended = self.ended_by[run.at()]?;
        let task = trace.task_of(self.flows, run);
        let (at, state) = (trace.ended(run), trace.state(run));
        let below = || self.below_in(run, state, ended).map(|child| (vec![child], Reason::Child));
        let message = || self.message(run, at).map(|message| (Vec::new(), Reason::Log(message)));
        let attempts = &trace.run(run).attempts;
        let was_let = attempts.last().is_some_and(|last| last.state == State::Failed) && !task.is_group();
        let (how, (by, reason)) = match state {
            State::Skipped => (How::Skipped, (Vec::new(), if task.run_if.is_some() { Reason::RunIf } else { Reason::Nothing })),
            State::Retried => (How::Failed, (Vec::new(), Reason::NewExecution)),
            State::Failed => match below().or_else(message) {
                Some(found) => (How::Failed, found),
                None if self.paused_until(run, at) => (How::Failed, (Vec::new(), Reason::Timer)),
                None => match self.outside(run, ended) {
                    (_, Reason::Nothing) => (How::Failed, (Vec::new(), Reason::Nothing)),
                    found => (How::Interrupted, found),
                },
            },
            State::Killed | State::Cancelled => {
                let own = || self.paused_until(run, at).then_some((Vec::new(), Reason::Timer));
                (How::Interrupted, below().or_else(own).unwrap_or_else(|| self.outside(run, ended)))
            }
            State::Warning | State::Success if was_let => (How::Ended, (Vec::new(), Reason::Allowed)),
            State::Warning if task.is_group() => {
                let failed = || self.below_in(run, State::Failed, ended).map(|child| (vec![child], Reason::Child));
                (How::Ended, below().or_else(failed).or_else(|| self.last_below_before(run, ended))?)
            }
            State::Warning if attempts.len() > 1 => (How::Ended, (Vec::new(), Reason::Attempts(attempts.len()))),
            _ => (How::Ended, self.last_below_before(run, ended)?),
        };
        Some(End { subject: Subject::Run(run), how, at, by, reason })
    }

    /// What made a run end that did not end by itself: a failure beside it, the end of its group or its execution, a kill.
    fn outside(&self, run: RunIdx, ended: usize) -> (Vec<Named>, Reason) {
        let trace = self.trace;
        let (execution, at) = (trace.run(run).execution, trace.ended(run));
        if let Some(failed) = self.interrupter(run, ended) {
            return (vec![failed], Reason::Sibling);
        }
        if let Some(killed) = self.killed(execution).filter(|killed| *killed <= at) {
            return (Vec::new(), Reason::Killed(killed));
        }
        let exits = |(other, about): &(RunIdx, &crate::sim::trace::TaskRun)| {
            matches!(self.flow(about).task(about.task).kind, Kind::Exit(_))
                && trace.ended(*other) <= at
                && self.ended_by[other.at()].is_some()
        };
        if let Some((exit, _)) = trace.runs_of(execution).filter(exits).last() {
            return (Vec::from_iter((exit != run).then(|| self.named(exit))), Reason::Exit);
        }
        let around = trace.run(run).parent.filter(|group| self.ended_by[group.at()].is_some_and(|group| group < ended));
        if let Some(group) = around {
            return (vec![self.named(group)], Reason::Group);
        }
        match self.over(execution).filter(|(over, _)| *over <= at) {
            Some((over, _)) => (Vec::new(), Reason::Over(over)),
            None => (Vec::new(), Reason::Nothing),
        }
    }

    /// When an execution was killed, if it was.
    fn killed(&self, execution: ExecutionIdx) -> Option<SimTime> {
        let history = self.trace.execution_history(execution);
        history.iter().find(|(_, state)| *state == State::Killing).map(|(at, _)| *at)
    }

    /// When an execution ended, and how, if it did.
    fn over(&self, execution: ExecutionIdx) -> Option<(SimTime, State)> {
        self.trace.execution_history(execution).last().copied().filter(|(_, state)| state.is_terminal())
    }

    /// Whether the pause of a run lasted until this time.
    fn paused_until(&self, run: RunIdx, at: SimTime) -> bool {
        self.trace.stretches(run).any(|(state, _, to)| state == State::Paused && to == at)
    }

    /// What runs at the top level of an execution.
    pub(super) fn at_top(&self, execution: ExecutionIdx) -> Vec<RunIdx> {
        self.children.at_top(execution).to_vec()
    }

    /// What a group holds, or the executions hold that a run called.
    pub(super) fn held(&self, run: RunIdx) -> Vec<RunIdx> {
        let called = self.called[run.at()].iter().flat_map(|called| self.children.at_top(*called));
        self.children.of(run).iter().chain(called).copied().filter(|run| !self.trace.run(*run).dropped).collect()
    }

    /// What a group holds, or a run called, that ended when this did.
    #[must_use]
    pub fn last_child(&self, run: RunIdx) -> Option<RunIdx> {
        self.last_of(&self.held(run), self.trace.ended(run), usize::MAX).last().map(|last| last.run)
    }

    fn last_below_before(&self, run: RunIdx, before: usize) -> Option<(Vec<Named>, Reason)> {
        let held = self.held(run);
        let last = self.last_of(&held, self.trace.ended(run), before);
        if !last.is_empty() {
            return Some((last, Reason::LastChild));
        }
        let is_empty = held.is_empty() && self.trace.task_of(self.flows, run).is_group() && !self.paused_until(run, self.trace.ended(run));
        is_empty.then(|| (Vec::new(), Reason::Empty))
    }

    /// Of these runs all that ended last, at this time and before this event, in the order of their ends.
    fn last_of(&self, runs: &[RunIdx], at: SimTime, before: usize) -> Vec<Named> {
        let here = runs.iter().copied().filter(|run| !self.trace.run(*run).dropped && self.trace.ended(*run) == at);
        let mut ended: Vec<(usize, RunIdx)> =
            here.filter_map(|run| self.ended_by[run.at()].filter(|event| *event < before).map(|event| (event, run))).collect();
        ended.sort_unstable();
        ended.into_iter().map(|(_, run)| self.named(run)).collect()
    }

    /// The first of what a group holds, or a run called, that came to a state before this event.
    fn below_in(&self, run: RunIdx, state: State, before: usize) -> Option<Named> {
        let known = self.first_below.borrow().get(&(run, state)).copied();
        let first = known.unwrap_or_else(|| {
            let first = self.first_in(&self.held(run), state, usize::MAX).map(|first| first.run);
            self.first_below.borrow_mut().insert((run, state), first);
            first
        });
        first.filter(|first| self.ended_by[first.at()].is_some_and(|event| event < before)).map(|first| self.named(first))
    }

    fn first_in(&self, runs: &[RunIdx], state: State, before: usize) -> Option<Named> {
        let is_so = |run: RunIdx| self.trace.state(run) == state && !self.trace.run(run).dropped;
        let ended = |run: &RunIdx| self.ended_by[run.at()].filter(|event| is_so(*run) && *event < before);
        runs.iter().copied().filter(|run| ended(run).is_some()).min_by_key(ended).map(|run| self.named(run))
    }

    /// The failed run around which this one was stopped: the first failure in a group around it that FAILED before it ended, or
    /// that interrupts its children though what failed may be tried again.
    fn interrupter(&self, run: RunIdx, before: usize) -> Option<Named> {
        let mut around = std::iter::successors(self.trace.run(run).parent, |group| self.trace.run(*group).parent);
        around.find_map(|group| {
            let ended = self.ended_by[group.at()].filter(|ended| *ended < before && self.trace.state(group) == State::Failed);
            let task = self.trace.task_of(self.flows, group);
            let interrupts = matches!(task.order(), Order::Window(_) | Order::Dag { .. })
                && self.flow(self.trace.run(group)).rules().interrupts_children;
            let at = self.trace.ended(run);
            let failed = self.below_in(group, State::Failed, ended.or(interrupts.then_some(before))?)?;
            (failed.run != run && (ended.is_some() || failed.until == Some(at))).then_some(failed)
        })
    }

    /// The first line of the last error that a run logged up to this time.
    fn message(&self, run: RunIdx, at: SimTime) -> Option<Box<str>> {
        self.last_error(|entry| entry.run == Some(run) && entry.at <= at)
    }

    fn last_error(&self, is_wanted: impl Fn(&LogEntry) -> bool) -> Option<Box<str>> {
        let entry = self.trace.logs.iter().rev().find(|entry| entry.level == Level::Error && is_wanted(entry))?;
        let line: String = entry.message.lines().next()?.chars().take(120).collect();
        (!line.trim().is_empty()).then(|| line.into())
    }

    /// Why the executions began when they did and ended as they did, and why tasks did not run.
    #[must_use]
    pub fn of_executions(&self) -> Vec<End> {
        let all = self.trace.execution_indices();
        all.flat_map(|execution| [self.of_execution(execution), self.not_run(execution)].concat()).collect()
    }

    /// Why an execution began when it did, and ended as it did.
    #[must_use]
    pub fn of_execution(&self, execution: ExecutionIdx) -> Vec<End> {
        self.admission(execution).into_iter().chain(self.end_of(execution)).collect()
    }

    /// Why a task did not run in an execution; `None` when it did, or its group did not run either.
    #[must_use]
    pub fn of_task(&self, execution: ExecutionIdx, task: TaskIdx) -> Option<End> {
        self.not_run(execution).into_iter().find(|end| end.subject == Subject::Task(execution, task))
    }

    /// The wait of an execution for others of its flow.
    fn admission(&self, execution: ExecutionIdx) -> Option<End> {
        let segments = execution_segments(self.trace, execution);
        let Segment { from, to, .. } = segments.into_iter().find(|segment| segment.kind == SegmentKind::WaitExecution)?;
        let other = let_in_by(self.trace, execution).and_then(|(other, _)| other);
        let reason = Reason::Execution(from, other);
        Some(End { subject: Subject::Execution(execution), how: How::Ended, at: to, by: Vec::new(), reason })
    }

    /// Why an execution ended as it did; `None` for one that has not ended.
    fn end_of(&self, execution: ExecutionIdx) -> Option<End> {
        let (at, state) = self.over(execution)?;
        let top = self.children.at_top(execution);
        let by_then: Vec<RunIdx> = top.iter().copied().filter(|run| self.trace.ended(*run) <= at).collect();
        let same = self.first_in(&by_then, state, usize::MAX);
        let error = || self.last_error(|entry| entry.run.is_none() && entry.execution == execution && entry.at <= at);
        let or_error = |by: Option<Named>| match by {
            Some(by) => (vec![by], Reason::Child),
            None => (Vec::new(), error().map_or(Reason::Nothing, Reason::Log)),
        };
        let (how, (by, reason)) = match (state, self.killed(execution)) {
            (State::Killed, Some(killed)) => (How::Interrupted, (Vec::new(), Reason::Killed(killed))),
            (State::Killed | State::Cancelled, _) => (How::Interrupted, or_error(same)),
            (State::Failed | State::Retried, _) => (How::Failed, or_error(self.first_in(&by_then, State::Failed, usize::MAX).or(same))),
            _ => {
                let last = self.last_of(top, at, usize::MAX);
                let reason = if last.is_empty() { Reason::Nothing } else { Reason::LastChild };
                (How::Ended, (last, reason))
            }
        };
        Some(End { subject: Subject::Execution(execution), how, at, by, reason })
    }

    /// The tasks of an execution without a taskrun, but for those in a group that did not run either.
    fn not_run(&self, execution: ExecutionIdx) -> Vec<End> {
        let about = self.trace.execution(execution);
        let flow = about.flow.of(self.flows);
        // An iteration runs what is below its Loop; elsewhere that is left to the iterations.
        let root = about.started_by.filter(|_| about.iteration.is_some()).map(|run| self.trace.run(run).task);
        let mut runs: Vec<Option<RunIdx>> = vec![None; flow.tasks.len()];
        self.trace.runs_of(execution).for_each(|(run, about)| runs[about.task.at()] = Some(run));
        let is_known = |idx: TaskIdx| self.trace.runs.iter().any(|about| about.execution == execution && about.task == idx);
        let is_expected = |(idx, task): &(TaskIdx, &Task)| match task.parent {
            _ if runs[idx.at()].is_some() => false,
            parent if parent == root => true,
            Some(parent) => runs[parent.at()].is_some_and(|group| !self.has_iterations(group)),
            None => false,
        };
        flow.iter()
            .filter(is_expected)
            .filter(|(idx, _)| !is_known(*idx))
            .map(|(idx, task)| self.of_not_run(execution, flow, idx, task, &runs))
            .collect()
    }

    fn has_iterations(&self, group: RunIdx) -> bool {
        !self.called[group.at()].is_empty()
    }

    fn of_not_run(&self, execution: ExecutionIdx, flow: &Flow, idx: TaskIdx, task: &Task, runs: &[Option<RunIdx>]) -> End {
        let over = self.over(execution).map_or(self.trace.end, |(at, _)| at);
        let group = task.parent.and_then(|parent| runs[parent.at()]);
        let at = group.map_or(over, |group| self.trace.ended(group).min(over));
        let lists = flow.lists(task.parent);
        let beside: Vec<RunIdx> = group.map_or_else(|| self.children.at_top(execution), |group| self.children.of(group)).to_vec();
        let mut bad = [State::Failed, State::Killed, State::Cancelled].into_iter();
        let bad = bad.find_map(|state| self.first_in(&beside, state, usize::MAX).filter(|by| by.until <= Some(at)));
        let disabled = || match task.parent.map(|parent| (flow.task(parent).order(), &flow.task(parent).lists.tasks)) {
            Some((Order::Dag { depends_on, .. }, tasks)) => {
                let place = tasks.iter().position(|known| *known == idx)?;
                let on = depends_on.get(place)?.iter().filter_map(|on| tasks.get(*on as usize));
                on.copied().find(|on| flow.task(*on).disabled)
            }
            _ => None,
        };
        let (by, reason) = if task.disabled {
            (Vec::new(), Reason::Disabled)
        } else if lists.errors.contains(&idx) && bad.is_none() {
            (Vec::new(), Reason::NothingFailed)
        } else if lists.branches.iter().any(|(_, branch)| branch.contains(&idx)) {
            (Vec::new(), Reason::OtherBranch)
        } else if let Some(by) = bad {
            (vec![by], Reason::Failure)
        } else if let Some(on) = disabled() {
            (Vec::new(), Reason::DisabledDependency(on))
        } else if let Some(killed) = self.killed(execution) {
            (Vec::new(), Reason::Killed(killed))
        } else if let Some(group) = group.filter(|group| self.ended_by[group.at()].is_some()) {
            (vec![self.named(group)], Reason::Group)
        } else if let Some((over, _)) = self.over(execution) {
            (Vec::new(), Reason::Over(over))
        } else {
            (Vec::new(), if self.trace.truncated.is_some() { Reason::Truncated } else { Reason::NoTurn })
        };
        End { subject: Subject::Task(execution, idx), how: How::NotRun, at, by, reason }
    }
}
