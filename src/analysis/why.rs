//! Why a taskrun waited, ended, failed, was skipped or stopped; and why a task did not run.
//!
//! A claim is made only of what the trace shows: the runs it names were in the state it gives at the time it gives.

use super::claims::{Cause, Claim, End, How, Named, Reason, Subject, Wait};
use super::segments::{Segment, SegmentKind, execution_segments, segments};
use super::sentence::Piece;
use crate::flow::behavior::{Order, Runner};
use crate::flow::state::State;
use crate::flow::{Flow, Level, Lists, TaskIdx};
use crate::sim::trace::{Children, ExecutionIdx, RunIdx, TaskRun, Trace, What};
use crate::time::SimTime;

/// The waits of a run as sentences, or one that says when it started; then how it ended, where there is something to explain.
#[must_use]
pub fn why(flows: &[Flow], trace: &Trace, run: RunIdx) -> Vec<Vec<Piece>> {
    Why::new(flows, trace).of(run).iter().map(|claim| claim.sentence(flows, trace)).collect()
}

/// A run, indexed for questions about many of its taskruns.
pub struct Why<'a> {
    flows: &'a [Flow],
    trace: &'a Trace,
    children: Children,
    /// By run: the index of the event that ended it.
    ended_by: Vec<Option<usize>>,
}

impl<'a> Why<'a> {
    /// Indexes a trace once.
    #[must_use]
    pub fn new(flows: &'a [Flow], trace: &'a Trace) -> Self {
        let mut ended_by = vec![None; trace.runs.len()];
        for (n, event) in trace.events.iter().enumerate() {
            if let What::Run(run, state) = event.what {
                ended_by[run.at()] = Some(n).filter(|_| state.is_terminal());
            }
        }
        Self { flows, trace, children: trace.children(), ended_by }
    }

    /// All claims about a run: its waits in order of time, or that it started without one; then how it ended.
    #[must_use]
    pub fn of(&self, run: RunIdx) -> Vec<Claim> {
        let mut claims = self.waits(run);
        if claims.is_empty()
            && let Some(began) = self.trace.began(run)
        {
            claims.push(Claim::Started(run, began));
        }
        claims.extend(self.own_states(run));
        claims.extend(self.end(run).map(Claim::Ended));
        claims
    }

    /// The waits of a run, in order of time.
    #[must_use]
    pub fn waits(&self, run: RunIdx) -> Vec<Claim> {
        let waits = segments(self.trace, run).into_iter().filter(|segment| segment.kind.is_wait());
        waits.map(|segment| Claim::Waited(self.wait(run, segment))).collect()
    }

    /// What a run waited for in a segment that is a wait.
    #[must_use]
    pub fn wait(&self, run: RunIdx, segment: Segment) -> Wait {
        let Segment { kind, from, to } = segment;
        let none = Wait {
            run,
            cause: Cause::Previous,
            from,
            to,
            by: Vec::new(),
            group: self.trace.run(run).parent,
            limit: None,
            all_taken: false,
        };
        match kind {
            SegmentKind::WaitSlot => self.slot(none),
            SegmentKind::WaitPrevious => self.previous(none),
            SegmentKind::WaitFrozen => Wait { cause: Cause::Pause, by: self.paused(run, from, to), ..none },
            SegmentKind::WaitWorker => Wait { cause: Cause::Worker, by: self.on_workers(run, from, to), group: None, ..none },
            SegmentKind::WaitExecution | SegmentKind::State(_) => Wait { cause: Cause::Concurrency, ..none },
        }
    }

    fn named(&self, run: RunIdx) -> Named {
        Named { run, until: Some(self.trace.ended(run)).filter(|_| self.ended_by[run.at()].is_some()) }
    }

    fn flow(&self, run: &TaskRun) -> &'a Flow {
        self.trace.flow_of(self.flows, run.execution)
    }

    /// The other runs of the list of a run, in order of creation.
    fn siblings(&self, run: RunIdx) -> impl Iterator<Item = (RunIdx, &'a TaskRun)> + '_ {
        let taskrun = self.trace.run(run);
        let all = taskrun.parent.map_or_else(|| self.children.at_top(taskrun.execution), |parent| self.children.of(parent));
        all.iter().map(|other| (*other, self.trace.run(*other))).filter(move |(other, about)| *other != run && !about.dropped)
    }

    fn lists(&self, run: &TaskRun) -> &'a Lists {
        let flow = self.flow(run);
        flow.lists(flow.task(run.task).parent)
    }

    /// The stretches in which a run held its slot. Rule: Kestra, "Flowable tasks", and "Parallel" for what each version counts.
    fn holds(&self, run: RunIdx) -> Vec<(SimTime, SimTime)> {
        let flow = self.flow(self.trace.run(run));
        if flow.rules().slots_held_until_ended {
            return vec![(self.trace.created(run), self.trace.ended(run))];
        }
        let history = self.trace.history(run);
        let ends = history.iter().skip(1).map(|(at, _)| *at).chain([self.trace.end]);
        let holding = |state: State| state.is_running() || state.is_created() || matches!(state, State::Submitted | State::Queued);
        history.iter().zip(ends).filter(|((_, state), _)| holding(*state)).map(|((from, _), to)| (*from, to)).collect()
    }

    /// Those that held a slot at some time of the wait.
    fn slot(&self, wait: Wait) -> Wait {
        let (run, from, to) = (wait.run, wait.from, wait.to);
        let (taskrun, lists) = (self.trace.run(run), self.lists(self.trace.run(run)));
        let is_main = |task: TaskIdx| lists.tasks.binary_search(&task).is_ok() || lists.tasks.contains(&task);
        let mine = is_main(taskrun.task);
        let limit = wait.group.map_or(0, |group| self.trace.run(group).concurrent);
        let mut changes: Vec<(SimTime, i64)> = Vec::new();
        let mut by = Vec::new();
        for (other, about) in self.siblings(run).filter(|(_, about)| is_main(about.task) == mine) {
            if self.trace.created(other) >= to || self.trace.ended(other) <= from {
                continue;
            }
            let held = self.holds(other).into_iter().map(|(began, ended)| (began.max(from), ended.min(to)));
            let held: Vec<_> = held.filter(|(began, ended)| began < ended).collect();
            if !held.is_empty() && self.trace.began(other).is_some_and(|began| began < to) {
                by.push(self.named(other));
            }
            debug_assert!(about.parent == taskrun.parent);
            changes.extend(held.into_iter().flat_map(|(began, ended)| [(began, 1), (ended, -1)]));
        }
        let all_taken = limit > 0 && always_at_least(i64::from(limit), changes, from, to);
        Wait { cause: Cause::Slot, by, limit: Some(limit).filter(|limit| *limit > 0), all_taken, ..wait }
    }

    /// The runs whose end let it begin: those it depends on, the failure it handles, or the one before it.
    fn previous(&self, wait: Wait) -> Wait {
        let (run, taskrun) = (wait.run, self.trace.run(wait.run));
        let (flow, lists) = (self.flow(taskrun), self.lists(taskrun));
        let ended_in_wait = |other: RunIdx| {
            let ended = self.named(other).until;
            ended.is_some_and(|ended| ended > wait.from && ended <= wait.to)
        };
        let order = flow.task(taskrun.task).parent.map_or(Order::Sequential, |group| flow.task(group).order());
        let place = lists.tasks.iter().position(|task| *task == taskrun.task);
        if let (Order::Dag { depends_on, .. }, Some(place)) = (order, place) {
            let wanted: Vec<TaskIdx> =
                depends_on.get(place).into_iter().flatten().filter_map(|at| lists.tasks.get(*at as usize)).copied().collect();
            let mut by: Vec<Named> = self
                .siblings(run)
                .filter(|(other, about)| wanted.contains(&about.task) && ended_in_wait(*other))
                .map(|(other, _)| self.named(other))
                .collect();
            by.sort_by_key(|by| by.until);
            if by.last().is_some_and(|last| last.until == Some(wait.to)) {
                return Wait { cause: Cause::DependsOn, by, ..wait };
            }
        }
        if let Some(pause) = self.paused_group(&wait) {
            return pause;
        }
        let before = |(other, _): &(RunIdx, &TaskRun)| *other < run && self.named(*other).until == Some(wait.to);
        let last = taskrun.released_by.filter(|by| self.siblings(run).any(|sibling| sibling.0 == *by && before(&sibling)));
        let last = last.or_else(|| self.siblings(run).filter(before).last().map(|(other, _)| other));
        let last: Vec<Named> = last.into_iter().map(|last| self.named(last)).collect();
        if lists.errors.first() == Some(&taskrun.task) {
            let failed = self.siblings(run).find(|(other, about)| {
                self.trace.state(*other) == State::Failed && ended_in_wait(*other) && lists.tasks.contains(&about.task)
            });
            let failed: Vec<Named> = failed.into_iter().map(|(failed, _)| self.named(failed)).collect();
            if !failed.is_empty() {
                let also: Vec<Named> = last.into_iter().filter(|last| !failed.contains(last)).collect();
                return Wait { cause: Cause::Errors, by: [failed, also].concat(), ..wait };
            }
        }
        if last.is_empty() && taskrun.parent.is_none() && self.trace.created(run) == wait.to && self.siblings(run).next().is_none() {
            return Wait { cause: Cause::Concurrency, ..wait };
        }
        Wait { by: last, ..wait }
    }

    /// A child of a group that is held by a pause until the child's turn comes.
    fn paused_group(&self, wait: &Wait) -> Option<Wait> {
        let group = wait.group?;
        let history = self.trace.history(group);
        let held = history.windows(2).any(|two| two[0].1 == State::Paused && two[1].0 == wait.to);
        let cause = if self.trace.run(group).waits_for_person { Cause::Person } else { Cause::Timer };
        held.then(|| Wait { cause, by: Vec::new(), ..wait.clone() })
    }

    /// The runs of its execution that were PAUSED at some time of a wait.
    fn paused(&self, run: RunIdx, from: SimTime, to: SimTime) -> Vec<Named> {
        let execution = self.trace.run(run).execution;
        let is_paused = |other: &RunIdx| {
            let history = self.trace.history(*other);
            let ends = history.iter().skip(1).map(|(at, _)| *at).chain([self.trace.end]);
            history.iter().zip(ends).any(|((began, state), ended)| *state == State::Paused && *began < to && ended > from)
        };
        let others = self.trace.iter().filter(|(other, about)| about.execution == execution && *other != run && !about.dropped);
        others.map(|(other, _)| other).filter(is_paused).map(|other| self.named(other)).collect()
    }

    /// The runs that a worker ran at some time of a wait.
    fn on_workers(&self, run: RunIdx, from: SimTime, to: SimTime) -> Vec<Named> {
        let on_worker = |about: &TaskRun| {
            let leaf = self.flow(about).task(about.task).kind.as_leaf();
            leaf.is_some_and(|leaf| leaf.runner() == Runner::Worker)
        };
        let ran = |other: RunIdx| {
            let history = self.trace.history(other);
            let ends = history.iter().skip(1).map(|(at, _)| *at).chain([self.trace.end]);
            history.iter().zip(ends).any(|((began, state), ended)| state.is_running() && *began < to && ended > from)
        };
        let others = self.trace.iter().filter(|(other, about)| *other != run && !about.dropped && on_worker(about) && ran(*other));
        others.map(|(other, _)| self.named(other)).collect()
    }

    /// The pauses and the further attempts of a run.
    fn own_states(&self, run: RunIdx) -> Vec<Claim> {
        let history = self.trace.history(run);
        let end = |how, at, reason| Claim::Ended(End { subject: Subject::Run(run), how, at, by: Vec::new(), reason });
        let mut claims = Vec::new();
        for (n, two) in history.windows(2).enumerate() {
            let ((from, state), (to, _)) = (two[0], two[1]);
            match state {
                State::Retrying => claims.push(end(How::Failed, from, Reason::TriedAgain(to))),
                State::Failed if from < to && history.get(n + 1).is_some_and(|(_, next)| next.is_created()) => {
                    claims.push(end(How::Failed, from, Reason::TriedAgain(to)));
                }
                State::Paused if from < to => {
                    let reason = if self.trace.run(run).waits_for_person { Reason::Person } else { Reason::Timer };
                    let reason = if two[1].1 == State::Killed { Reason::Nothing } else { reason };
                    claims.push(end(How::Ended, to, reason));
                }
                _ => {}
            }
        }
        claims.retain(|claim| !matches!(claim, Claim::Ended(End { how: How::Ended, reason: Reason::Nothing, .. })));
        claims
    }

    /// Why a run ended as it did; `None` for a leaf that came to its own good end.
    fn end(&self, run: RunIdx) -> Option<End> {
        let trace = self.trace;
        let ended = self.ended_by[run.at()]?;
        let task = trace.task_of(self.flows, run);
        let (at, state) = (trace.ended(run), trace.state(run));
        let end = |how, by, reason| Some(End { subject: Subject::Run(run), how, at, by, reason });
        match state {
            State::Skipped => end(How::Skipped, Vec::new(), if task.run_if.is_some() { Reason::RunIf } else { Reason::Nothing }),
            State::Killed | State::Cancelled => match self.interrupter(run, ended) {
                Some(failed) => end(How::Interrupted, vec![failed], Reason::Sibling),
                None => end(How::Interrupted, Vec::new(), Reason::Nothing),
            },
            State::Failed => {
                if let Some(child) = self.failed_below(run, ended) {
                    return end(How::Failed, vec![child], Reason::Child);
                }
                if let Some(message) = self.message(run, at) {
                    return end(How::Failed, Vec::new(), Reason::Log(message));
                }
                match self.interrupter(run, ended) {
                    Some(failed) => end(How::Interrupted, vec![failed], Reason::Sibling),
                    None => end(How::Failed, Vec::new(), Reason::Nothing),
                }
            }
            _ if task.is_group() => {
                let last = self.last_of(self.children.of(run), at, ended)?;
                end(How::Ended, vec![last], Reason::LastChild)
            }
            _ => None,
        }
    }

    /// The child of a group that ended when the group did.
    #[must_use]
    pub fn last_child(&self, group: RunIdx) -> Option<RunIdx> {
        self.last_of(self.children.of(group), self.trace.ended(group), usize::MAX).map(|last| last.run)
    }

    /// Of these runs the one that ended last, at this time and before this event.
    fn last_of(&self, runs: &[RunIdx], at: SimTime, before: usize) -> Option<Named> {
        let ended = |run: &RunIdx| self.ended_by[run.at()].filter(|event| *event < before);
        let here = runs.iter().copied().filter(|run| !self.trace.run(*run).dropped && self.trace.ended(*run) == at);
        here.filter(|run| ended(run).is_some()).max_by_key(ended).map(|run| self.named(run))
    }

    /// The first child of a group that FAILED before this event.
    fn failed_below(&self, group: RunIdx, before: usize) -> Option<Named> {
        let failed = |run: &RunIdx| {
            let is_there = !self.trace.run(*run).dropped && self.trace.state(*run) == State::Failed;
            self.ended_by[run.at()].filter(|event| is_there && *event < before)
        };
        let children = self.children.of(group).iter().copied().filter(|run| failed(run).is_some());
        children.min_by_key(failed).map(|run| self.named(run))
    }

    /// The failed run around which this one was stopped: the first failure in a group around it that FAILED before it ended.
    fn interrupter(&self, run: RunIdx, before: usize) -> Option<Named> {
        let mut around = std::iter::successors(self.trace.run(run).parent, |group| self.trace.run(*group).parent);
        around.find_map(|group| {
            let ended = self.ended_by[group.at()].filter(|ended| *ended < before && self.trace.state(group) == State::Failed)?;
            self.failed_below(group, ended).filter(|failed| failed.run != run)
        })
    }

    /// The first line of the last error that a run logged up to this time.
    fn message(&self, run: RunIdx, at: SimTime) -> Option<Box<str>> {
        let is_its = |entry: &&crate::sim::trace::LogEntry| entry.run == Some(run) && entry.level == Level::Error && entry.at <= at;
        let entry = self.trace.logs.iter().rev().find(is_its)?;
        let line: String = entry.message.lines().next()?.chars().take(120).collect();
        (!line.trim().is_empty()).then(|| line.into())
    }

    /// Why the executions began when they did and ended as they did, and why tasks did not run.
    #[must_use]
    pub fn of_executions(&self) -> Vec<End> {
        let mut ends = Vec::new();
        for execution in self.trace.execution_indices() {
            let waited = execution_segments(self.trace, execution).into_iter().find(|segment| segment.kind == SegmentKind::WaitExecution);
            let subject = Subject::Execution(execution);
            if let Some(Segment { from, to, .. }) = waited {
                ends.push(End { subject, how: How::Ended, at: to, by: Vec::new(), reason: Reason::Execution(from) });
            }
            let Some((at, state)) = self.trace.execution_history(execution).last().copied().filter(|(_, state)| state.is_terminal()) else {
                continue;
            };
            let top = self.children.at_top(execution);
            let has_failed = |run: &RunIdx| self.trace.state(*run) == State::Failed && self.trace.ended(*run) <= at;
            let failed = top.iter().copied().filter(has_failed).min_by_key(|run| self.ended_by[run.at()]);
            let end = |how, by, reason| End { subject, how, at, by, reason };
            ends.push(match state {
                State::Failed if failed.is_some() => {
                    end(How::Failed, failed.into_iter().map(|run| self.named(run)).collect(), Reason::Child)
                }
                State::Failed => end(How::Failed, Vec::new(), Reason::Nothing),
                State::Killed | State::Cancelled => end(How::Interrupted, Vec::new(), Reason::Nothing),
                _ => match self.last_of(top, at, usize::MAX) {
                    Some(last) => end(How::Ended, vec![last], Reason::LastChild),
                    None => end(How::Ended, Vec::new(), Reason::Nothing),
                },
            });
        }
        ends.extend(self.not_run());
        ends
    }

    /// The tasks of the first flow without a taskrun, but for those in a group that did not run either.
    fn not_run(&self) -> Vec<End> {
        let Some(first) = self.trace.executions.first() else { return Vec::new() };
        let flow = first.flow.of(self.flows);
        let mut ran = vec![false; flow.tasks.len()];
        let of_flow = |run: &&TaskRun| self.trace.execution(run.execution).flow == first.flow;
        self.trace.runs.iter().filter(of_flow).for_each(|run| ran[run.task.at()] = true);
        let at = self.trace.execution_history(ExecutionIdx::FIRST).last().map_or(self.trace.end, |(at, _)| *at);
        let has_not_run = |(idx, task): &(TaskIdx, &crate::flow::Task)| !ran[idx.at()] && task.parent.is_none_or(|parent| ran[parent.at()]);
        let of_task = |(idx, task): (TaskIdx, &crate::flow::Task)| {
            let lists = flow.lists(task.parent);
            let beside = |run: &TaskRun| run.execution == ExecutionIdx::FIRST && flow.task(run.task).parent == task.parent && !run.dropped;
            let has_failed = |run: RunIdx| self.trace.state(run) == State::Failed && self.trace.ended(run) <= at;
            let failed = self.trace.iter().filter(|(run, about)| beside(about) && has_failed(*run));
            let failed = failed.min_by_key(|(run, _)| self.ended_by[run.at()]);
            let (by, reason) = match failed {
                _ if task.disabled => (Vec::new(), Reason::Disabled),
                None if lists.errors.contains(&idx) => (Vec::new(), Reason::NothingFailed),
                _ if lists.branches.iter().any(|(_, branch)| branch.contains(&idx)) => (Vec::new(), Reason::OtherBranch),
                Some((failed, _)) if lists.tasks.contains(&idx) => (vec![self.named(failed)], Reason::Failure),
                _ => (Vec::new(), Reason::Group),
            };
            End { subject: Subject::Task(ExecutionIdx::FIRST, idx), how: How::NotRun, at, by, reason }
        };
        flow.iter().filter(has_not_run).map(of_task).collect()
    }
}

/// Whether the sum of these changes is never below `least` from one time to another.
fn always_at_least(least: i64, mut changes: Vec<(SimTime, i64)>, from: SimTime, to: SimTime) -> bool {
    changes.sort_unstable();
    let (mut sum, mut at) = (0, from);
    for (when, change) in changes {
        if when > at && sum < least {
            return false;
        }
        (sum, at) = (sum + change, when.max(at));
    }
    at >= to || sum >= least
}
