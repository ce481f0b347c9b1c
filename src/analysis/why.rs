//! Why a taskrun waited, and what that waited for, back to the start of the flow. `ends.rs` says why it ended as it did.
//!
//! A claim is made only of what the trace shows: the runs it names were in the state it gives at the time it gives.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::claims::{Cause, Claim, Named, Shared, Wait};
use super::makespan::{running_time, work_of};
use super::segments::{Segment, SegmentKind, segments};
use super::sentence::Piece;
use super::slots::{Held, Slots};
use crate::flow::behavior::{Order, Runner};
use crate::flow::state::State;
use crate::flow::{Flow, Lists, TaskIdx};
use crate::pace::{give_way, sort};
use crate::sim::trace::{Children, ExecutionIdx, RunIdx, TaskRun, Trace, What};
use crate::time::SimTime;

/// The waits of a run as sentences, or one that says when it started; then how it ended, where there is something to explain.
#[must_use]
pub fn why(flows: &[Flow], trace: &Trace, run: RunIdx) -> Vec<Vec<Piece>> {
    Why::new(flows, trace).of(run).iter().map(|claim| claim.sentence(flows, trace)).collect()
}

/// A run, indexed for questions about many of its taskruns.
pub struct Why<'a> {
    pub(super) flows: &'a [Flow],
    pub(super) trace: &'a Trace,
    pub(super) children: Children,
    /// By run: the index of the event that ended it.
    pub(super) ended_by: Vec<Option<usize>>,
    /// By run: its waits, once they were asked for.
    known: RefCell<Vec<Option<Rc<[Wait]>>>>,
    /// By run: the executions that it started.
    pub(super) called: Vec<Vec<ExecutionIdx>>,
    /// The slots of lists, for the tasks of their groups or for those of other lists beside them.
    slots: RefCell<BTreeMap<(List, bool), Rc<Slots>>>,
    workers: OnceCell<Slots>,
    /// The runs by their lists and their ends.
    by_end: OnceCell<Vec<(List, SimTime, RunIdx)>>,
    /// Who was PAUSED or RETRYING, in order of creation.
    held_up: Vec<HeldUp>,
    /// The first of what a run holds that came to a state, once it was asked for.
    pub(super) first_below: RefCell<BTreeMap<(RunIdx, State), Option<RunIdx>>>,
    /// At how many more runs may be looked to find out what others waited for.
    left: Cell<usize>,
}

/// To find out what runs waited for, so many others are looked at in all. What waited for a slot or for its turn after that is said to
/// have waited for the one whose end let it begin alone: a list of many runs that all wait has too many pairs.
const MOST_LOOKED_AT: usize = 4_000_000;

/// A chain of blockers is followed for so many steps.
const MOST_STEPS: usize = 64;
/// Of more runs that were waited for only so many are named.
const MOST_NAMED: usize = 12;

/// The list that a run is of: what a group run holds, or the top level of an execution.
type List = (Option<RunIdx>, ExecutionIdx);

fn list_of(run: &TaskRun) -> List {
    (run.parent, run.execution)
}

/// A stretch in which a run was PAUSED or RETRYING.
struct HeldUp {
    run: RunIdx,
    state: State,
    from: SimTime,
    to: SimTime,
}

fn held_up(trace: &Trace) -> Vec<HeldUp> {
    let of_run = |(run, _)| trace.stretches(run).map(move |(state, from, to)| HeldUp { run, state, from, to });
    trace.iter().inspect(|_| give_way()).flat_map(of_run).filter(|held| matches!(held.state, State::Paused | State::Retrying)).collect()
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
        let mut called = vec![Vec::new(); trace.runs.len()];
        for execution in trace.execution_indices() {
            if let Some(by) = trace.execution(execution).started_by {
                called[by.at()].push(execution);
            }
        }
        Self {
            flows,
            trace,
            children: trace.children(),
            ended_by,
            known: RefCell::new(vec![None; trace.runs.len()]),
            called,
            slots: RefCell::default(),
            workers: OnceCell::new(),
            by_end: OnceCell::new(),
            held_up: held_up(trace),
            first_below: RefCell::default(),
            left: Cell::new(MOST_LOOKED_AT),
        }
    }

    /// The same, but looks at only so many runs to find out what others waited for.
    #[cfg(test)]
    pub(super) fn looking_at(self, most: usize) -> Self {
        Self { left: Cell::new(most), ..self }
    }

    /// Whether so many more runs may be looked at.
    fn may_look_at(&self, n_runs: usize) -> bool {
        let left = self.left.get().checked_sub(n_runs);
        self.left.set(left.unwrap_or(0));
        left.is_some()
    }

    /// All claims about a run: its waits in order of time, or that it started without one; then how it ended.
    #[must_use]
    pub fn of(&self, run: RunIdx) -> Vec<Claim> {
        let mut claims = self.starts(run);
        claims.extend(self.shared(run).map(Claim::Shared));
        claims.extend(self.own_states(run));
        claims.extend(self.end(run).map(Claim::Ended));
        claims
    }

    /// The waits of a run, or that it started without one.
    fn starts(&self, run: RunIdx) -> Vec<Claim> {
        let waits = self.waits(run);
        let at_once = self.trace.began(run).filter(|began| waits.first().is_none_or(|first| *began <= first.from));
        let started = at_once.map(|began| Claim::Started(run, began));
        started.into_iter().chain(waits.iter().cloned().map(Claim::Waited)).collect()
    }

    /// That it shared its core with others, if they slowed it down.
    fn shared(&self, run: RunIdx) -> Option<Shared> {
        let (took, alone) = (running_time(self.trace, run), work_of(self.trace, run));
        self.trace.cores.filter(|_| alone < took).map(|cores| Shared { run, took, alone, cores })
    }

    /// The waits of a run, in order of time.
    #[must_use]
    pub fn waits(&self, run: RunIdx) -> Rc<[Wait]> {
        if let Some(known) = &self.known.borrow()[run.at()] {
            return Rc::clone(known);
        }
        let waits = segments(self.trace, run).into_iter().filter(|segment| segment.kind.is_wait());
        let found: Rc<[Wait]> = waits.map(|segment| self.wait(run, segment)).collect();
        self.known.borrow_mut()[run.at()] = Some(Rc::clone(&found));
        found
    }

    /// What a run waited for in a segment that is a wait.
    fn wait(&self, run: RunIdx, segment: Segment) -> Wait {
        let Segment { kind, from, to } = segment;
        let none = Wait {
            run,
            cause: Cause::Previous,
            from,
            to,
            by: Vec::new(),
            group: self.trace.run(run).parent,
            limit: None,
            others: 0,
            all_taken: false,
        };
        // Those that held slots or workers, were held up, or ended at one time are known from the first look.
        let (list, at_once) = (self.list(self.trace.run(run)).len(), |n: usize| (n + self.held_up.len()).div_ceil(8));
        let n_looked_at = match kind {
            SegmentKind::WaitPrevious if self.looks_back(run) => list,
            SegmentKind::WaitSlot => at_once(list),
            SegmentKind::WaitWorker => at_once(self.trace.runs.len()),
            SegmentKind::WaitPrevious | SegmentKind::WaitFrozen => at_once(0),
            SegmentKind::WaitExecution | SegmentKind::State(_) => 0,
        };
        if !self.may_look_at(n_looked_at) {
            return self.at_a_glance(kind, none);
        }
        let mut wait = match kind {
            SegmentKind::WaitSlot => self.slot(none),
            SegmentKind::WaitPrevious => self.previous(none),
            SegmentKind::WaitFrozen => self.frozen(none),
            SegmentKind::WaitWorker => self.worker(none),
            SegmentKind::WaitExecution | SegmentKind::State(_) => Wait { cause: Cause::Concurrency, ..none },
        };
        // Of very many the first and the last are named, among them the one that ended the wait.
        let (n, last, half) = (wait.by.len(), wait.last(), MOST_NAMED / 2);
        if n > MOST_NAMED {
            let is_kept = |(at, by): &(usize, Named)| *at < half || *at > n - half || Some(by.run) == last;
            wait.by = std::mem::take(&mut wait.by).into_iter().enumerate().filter(is_kept).map(|(_, by)| by).collect();
            wait.by.shrink_to_fit();
            wait.others += n - wait.by.len();
        }
        wait
    }

    /// What is known of a wait without a look at other runs: the one whose end let it begin.
    fn at_a_glance(&self, kind: SegmentKind, wait: Wait) -> Wait {
        let about = self.trace.run(wait.run);
        let is_beside = |by: &RunIdx| self.are_siblings(wait.run, *by);
        let by = about.released_by.filter(is_beside).map(|by| self.named(by)).filter(|by| by.until == Some(wait.to));
        let limit = wait.group.map(|group| self.trace.run(group).concurrent).filter(|limit| *limit > 0);
        match kind {
            SegmentKind::WaitSlot => Wait { cause: Cause::Slot, by: by.into_iter().collect(), limit, ..wait },
            SegmentKind::WaitPrevious => Wait { by: by.into_iter().collect(), ..wait },
            // A wait that says no more than that its turn had not come.
            _ => wait,
        }
    }

    /// A run, the one it waited for last, the one that this waited for, and so on, back to the start of the flow.
    #[must_use]
    pub fn chain(&self, run: RunIdx) -> Vec<RunIdx> {
        let mut chain = vec![run];
        while let Some(at) = chain.last().copied().filter(|_| chain.len() < MOST_STEPS) {
            match self.before(at).filter(|next| !chain.contains(next)) {
                Some(next) => chain.push(next),
                None => break,
            }
        }
        chain
    }

    /// The run that another waited for last, else the one above it; `None` for what began with the flow.
    #[must_use]
    pub fn before(&self, run: RunIdx) -> Option<RunIdx> {
        let by = self.waits(run).last().and_then(Wait::last);
        let above = || {
            let about = self.trace.run(run);
            about.parent.or(self.trace.execution(about.execution).started_by)
        };
        by.map(|by| self.last_below(by)).or_else(above)
    }

    /// Why the run that another waited for started when it did, and so on, back to the start of the flow.
    #[must_use]
    pub fn and_why_that(&self, run: RunIdx) -> Vec<Claim> {
        let chain = self.chain(run);
        // What comes after the last wait began at once: the first of it ends the chain.
        let last = chain.iter().rposition(|run| !self.waits(*run).is_empty()).map_or(1, |last| last + 1);
        let of = |(n, run): (usize, &RunIdx)| if n == last || !self.waits(*run).is_empty() { self.starts(*run) } else { Vec::new() };
        chain.iter().enumerate().take(last + 1).skip(1).flat_map(of).collect()
    }

    /// The run below a group or a call that ended last, or the run itself.
    fn last_below(&self, run: RunIdx) -> RunIdx {
        std::iter::successors(Some(run), |at| self.last_child(*at)).last().unwrap_or(run)
    }

    pub(super) fn named(&self, run: RunIdx) -> Named {
        Named { run, until: Some(self.trace.ended(run)).filter(|_| self.ended_by[run.at()].is_some()) }
    }

    pub(super) fn flow(&self, run: &TaskRun) -> &'a Flow {
        self.trace.flow_of(self.flows, run.execution)
    }

    /// The other runs of the list of a run, in order of creation.
    fn siblings(&self, run: RunIdx) -> impl Iterator<Item = (RunIdx, &'a TaskRun)> + '_ {
        self.list(self.trace.run(run))
            .iter()
            .map(|other| (*other, self.trace.run(*other)))
            .filter(move |(other, about)| *other != run && !about.dropped)
    }

    /// The runs of the list of a run that were created before it and ended at a time, in order of creation.
    pub(super) fn before_that_ended(&self, run: RunIdx, at: SimTime) -> impl DoubleEndedIterator<Item = RunIdx> + '_ {
        let list = |run: RunIdx| list_of(self.trace.run(run));
        let by_end = self.by_end.get_or_init(|| {
            let runs = self.trace.iter().filter(|(_, about)| !about.dropped);
            let mut by_end: Vec<_> = runs.map(|(run, _)| (list(run), self.trace.ended(run), run)).collect();
            sort(&mut by_end);
            by_end
        });
        let until = by_end.partition_point(|known| *known < (list(run), at, run));
        let from = by_end[..until].partition_point(|(of, ended, _)| (*of, *ended) < (list(run), at));
        by_end[from..until].iter().map(|(.., run)| *run)
    }

    /// The order in which the group of a run starts what it holds.
    fn order_around(&self, run: &TaskRun) -> Order<'a> {
        let flow = self.flow(run);
        flow.task(run.task).parent.map_or(Order::Sequential, |group| flow.task(group).order())
    }

    /// Whether a run waits for more of its list than the one before it: for those it depends on, or for a failure.
    fn looks_back(&self, run: RunIdx) -> bool {
        let about = self.trace.run(run);
        let is_in_dag = matches!(self.order_around(about), Order::Dag { .. });
        is_in_dag || self.lists(about).errors.first() == Some(&about.task)
    }

    /// Whether another run is of the same list.
    fn are_siblings(&self, run: RunIdx, other: RunIdx) -> bool {
        let about = self.trace.run(other);
        run != other && !about.dropped && list_of(self.trace.run(run)) == list_of(about)
    }

    /// The runs of the list of a run, with itself, in order of creation.
    fn list(&self, run: &TaskRun) -> &[RunIdx] {
        run.parent.map_or_else(|| self.children.at_top(run.execution), |parent| self.children.of(parent))
    }

    fn lists(&self, run: &TaskRun) -> &'a Lists {
        let flow = self.flow(run);
        flow.lists(flow.task(run.task).parent)
    }

    /// The stretches in which a run held its slot. Rule: Kestra, "Flowable tasks", and "Parallel" for what each version counts.
    fn holds(&self, run: RunIdx) -> impl Iterator<Item = (SimTime, SimTime)> {
        let until_ended = self.flow(self.trace.run(run)).rules().slots_held_until_ended;
        // What has FAILED and is not RETRYING yet holds none.
        let holding = move |state: State| match until_ended {
            true => !state.is_terminal(),
            false => state.is_running() || state.is_created() || matches!(state, State::Submitted | State::Queued),
        };
        self.trace.stretches(run).filter(move |(state, from, to)| holding(*state) && from < to).map(|(_, from, to)| (from, to))
    }

    /// The slots that a run waits for: those of its list, for the tasks of its kind.
    fn slots(&self, run: RunIdx) -> Rc<Slots> {
        let (taskrun, lists) = (self.trace.run(run), self.lists(self.trace.run(run)));
        let is_main = |task: TaskIdx| lists.tasks.binary_search(&task).is_ok() || lists.tasks.contains(&task);
        let mine = is_main(taskrun.task);
        let key = (list_of(taskrun), mine);
        if let Some(known) = self.slots.borrow().get(&key) {
            return Rc::clone(known);
        }
        let limit = taskrun.parent.map_or(0, |group| self.trace.run(group).concurrent);
        let of_kind = |other: &&RunIdx| !self.trace.run(**other).dropped && is_main(self.trace.run(**other).task) == mine;
        let held = self.list(taskrun).iter().filter(of_kind).flat_map(|other| {
            let began = self.trace.began(*other);
            self.holds(*other).map(move |(from, to)| Held { run: *other, began, from, to })
        });
        let slots = Rc::new(Slots::new(limit, held.collect()));
        self.slots.borrow_mut().insert(key, Rc::clone(&slots));
        slots
    }

    /// Those that held a slot at some time of the wait.
    fn slot(&self, wait: Wait) -> Wait {
        let (run, from, to) = (wait.run, wait.from, wait.to);
        let slots = self.slots(run);
        let all_taken = slots.are_taken(from, to);
        if !all_taken {
            let retried = self.retried(|other| self.are_siblings(run, other), wait.clone());
            if retried.cause == Cause::Retry {
                return retried;
            }
        }
        let held: Vec<&Held> = slots.held_in(from, to).collect();
        let has_begun = |held: &&&Held| held.began.is_some_and(|began| began < to);
        // What waits for a worker in its slot is counted, not named.
        let others = if all_taken { held.iter().filter(|held| !has_begun(held)).count() } else { 0 };
        let by = held.iter().filter(has_begun).map(|held| self.named(held.run)).collect();
        Wait { cause: Cause::Slot, by, limit: Some(slots.n).filter(|n| *n > 0), all_taken, others, ..wait }
    }

    /// The runs whose end let it begin: those it depends on, the failure it handles, or the one before it.
    fn previous(&self, wait: Wait) -> Wait {
        let (run, taskrun) = (wait.run, self.trace.run(wait.run));
        let lists = self.lists(taskrun);
        let ended_in_wait = |other: RunIdx| {
            let ended = self.named(other).until;
            ended.is_some_and(|ended| ended > wait.from && ended <= wait.to)
        };
        if let Order::Dag { depends_on, .. } = self.order_around(taskrun)
            && let Some(place) = lists.tasks.iter().position(|task| *task == taskrun.task)
        {
            let mut wanted: Vec<TaskIdx> =
                depends_on.get(place).into_iter().flatten().filter_map(|at| lists.tasks.get(*at as usize)).copied().collect();
            wanted.sort_unstable();
            let mut by: Vec<Named> = self
                .siblings(run)
                .filter(|(other, about)| wanted.binary_search(&about.task).is_ok() && ended_in_wait(*other))
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
        let mut before = self.before_that_ended(run, wait.to).filter(|other| self.named(*other).until.is_some());
        let last = taskrun.released_by.filter(|by| self.are_siblings(run, *by) && *by < run && self.named(*by).until == Some(wait.to));
        let last = last.or_else(|| before.next_back());
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
        if last.is_empty() { self.retried(|other| self.are_siblings(run, other), wait) } else { Wait { by: last, ..wait } }
    }

    /// A child of a group that is held by a pause until the child's turn comes.
    fn paused_group(&self, wait: &Wait) -> Option<Wait> {
        let group = wait.group?;
        let history = self.trace.history(group);
        let held = history.windows(2).any(|two| two[0].1 == State::Paused && two[1].0 == wait.to);
        let cause = if self.trace.run(group).waits_for_person { Cause::Person } else { Cause::Timer };
        held.then(|| Wait { cause, by: Vec::new(), ..wait.clone() })
    }

    /// A run that may not go on: its execution is PAUSED, or another of its runs is tried again first.
    fn frozen(&self, wait: Wait) -> Wait {
        let about = self.trace.run(wait.run);
        let (run, trace) = (wait.run, self.trace);
        let of_execution = |other: RunIdx| other != run && trace.run(other).execution == about.execution;
        let by = self.in_state(of_execution, State::Paused, &wait);
        let is_paused = self.trace.own_history(about.execution).any(|(at, state)| state == State::Paused && at < wait.to);
        if is_paused && !by.is_empty() {
            return Wait { cause: Cause::Pause, by, ..wait };
        }
        let (from, to) = (wait.from, wait.to);
        let is_next_attempt = |two: &[(SimTime, State)]| two[0] == (from, State::Failed) && two[1].0 == to && two[1].1.is_created();
        let wait = self.retried(of_execution, wait);
        let cause = if self.trace.history(wait.run).windows(2).any(is_next_attempt) { Cause::Retry } else { wait.cause };
        Wait { cause, ..wait }
    }

    /// A wait for those of some runs that had failed and were to be tried again, if there are any.
    fn retried(&self, is_meant: impl Fn(RunIdx) -> bool, wait: Wait) -> Wait {
        let by = self.in_state(is_meant, State::Retrying, &wait);
        if by.is_empty() { wait } else { Wait { cause: Cause::Retry, by, ..wait } }
    }

    /// Those of some runs that were PAUSED or RETRYING at some time of a wait, each once.
    fn in_state(&self, is_meant: impl Fn(RunIdx) -> bool, state: State, wait: &Wait) -> Vec<Named> {
        let was = |held: &&HeldUp| held.state == state && held.from < wait.to && held.to > wait.from && is_meant(held.run);
        let mut runs: Vec<RunIdx> = self.held_up.iter().filter(was).map(|held| held.run).collect();
        runs.dedup();
        runs.into_iter().map(|run| self.named(run)).collect()
    }

    /// The workers, with all that ran on one.
    fn workers(&self) -> Slots {
        let on_worker = |run: RunIdx, about: &TaskRun| {
            let task = self.flow(about).task(about.task);
            let is_run = task.kind.as_leaf().is_some_and(|leaf| leaf.runner() == Runner::Worker);
            let mut around = std::iter::successors(self.trace.run(run).parent, |group| self.trace.run(*group).parent);
            task.holds_worker() || is_run && !around.any(|group| self.trace.task_of(self.flows, group).holds_worker())
        };
        let all = self.trace.iter().filter(|(run, about)| !about.dropped && on_worker(*run, about)).map(|(run, _)| run);
        let ran = |run: RunIdx| self.trace.stretches(run).filter(|(state, from, to)| state.is_running() && from < to);
        let held = all.flat_map(|run| ran(run).map(move |(_, from, to)| Held { run, began: Some(from), from, to })).collect();
        Slots::new(self.trace.workers.map_or(0, |workers| workers.max(1)), held)
    }

    /// The runs that a worker ran at some time of the wait, when that made all workers busy.
    fn worker(&self, wait: Wait) -> Wait {
        let workers = self.workers.get_or_init(|| self.workers());
        if !workers.are_taken(wait.from, wait.to) {
            return self.frozen(wait);
        }
        let by = workers.held_in(wait.from, wait.to).map(|held| self.named(held.run)).collect();
        Wait { cause: Cause::Worker, by, group: None, ..wait }
    }
}
