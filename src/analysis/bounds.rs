//! What no schedule of a flow can beat, with the lengths that its tasks had in a run.

use std::cmp::Reverse;

use super::claims::{Bound, Claim, Limit};
use super::makespan::{leaves, makespan, only_limited_group, work_of};
use crate::flow::behavior::Order;
use crate::flow::state::State;
use crate::flow::{Dialect, Flow, Task, Version};
use crate::sim::trace::{Children, ExecutionIdx, RunIdx, TaskRun, Trace};
use crate::time::SimTime;

/// Sentences speak of at most so many groups.
const MOST_GROUPS: usize = 3;

/// The lower bounds of the first execution of a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LowerBounds {
    /// The longest chain of tasks that must run one after another, whatever the limits of the groups are.
    pub chain: SimTime,
    /// The same with the limits of the run: a group lasts as long as its children, or those of a group in it, fill its slots. It is
    /// the chain when the run did not succeed, for then a group may end before its children do.
    pub limited: SimTime,
    /// What the children of a group fill its slots with, where there are more children than slots; the longest first.
    pub groups: Vec<Filled>,
    /// The work of all tasks, and the workers or cores that share it.
    pub server: Option<(SimTime, Limit)>,
    /// For a flow whose one limited group holds only leaves: their work shared evenly by the slots.
    pub area: Option<SimTime>,
}

/// How long the children of a group fill its slots at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filled {
    /// The group.
    pub run: RunIdx,
    /// The lengths of its children, added up.
    pub time: SimTime,
    /// Its slots.
    pub slots: u32,
    /// Whether all its children are leaves that did nothing but work.
    pub is_work: bool,
}

/// How long a run waited to be tried again.
fn retry_time(trace: &Trace, run: RunIdx) -> SimTime {
    let waits = trace.stretches(run).filter(|(state, ..)| *state == State::Retrying);
    waits.fold(SimTime::ZERO, |sum, (_, from, to)| sum + (to - from))
}

/// A time shared evenly by so many.
fn shared(time: SimTime, by: u32) -> SimTime {
    SimTime(time.0.div_ceil(u64::from(by.max(1))))
}

impl LowerBounds {
    /// The largest of all.
    #[must_use]
    pub fn best(&self) -> SimTime {
        self.limited.max(self.with_any_limits())
    }

    /// The largest of those that hold whatever the limits of the groups are.
    #[must_use]
    pub fn with_any_limits(&self) -> SimTime {
        self.chain.max(self.server.map_or(SimTime::ZERO, |(work, limit)| shared(work, limit.n())))
    }

    /// As claims, the largest first. Of several executions nothing is claimed.
    #[must_use]
    pub fn claims(&self, trace: &Trace) -> Vec<Claim> {
        if trace.n_roots() > 1 {
            return Vec::new();
        }
        let bound = |at, time, limit| Bound { at, time, limit, is_best: false };
        let of_group = |group: &Filled| {
            let limit = if group.is_work { Limit::Slots(group.run, group.slots) } else { Limit::Held(group.run, group.slots) };
            bound(shared(group.time, group.slots), group.time, limit)
        };
        let groups = self.groups.iter().take(MOST_GROUPS).map(of_group);
        let server = self.server.map(|(work, limit)| bound(shared(work, limit.n()), work, limit));
        let mut bounds: Vec<Bound> = groups.chain(server).chain([bound(self.chain, self.chain, Limit::Chain)]).collect();
        // The sum of several groups is a bound of its own.
        if bounds.iter().all(|bound| bound.at < self.limited) {
            bounds.push(bound(self.limited, self.limited, Limit::Groups));
        }
        bounds.retain(|bound| bound.at > SimTime::ZERO);
        bounds.sort_by_key(|bound| Reverse(bound.at));
        let claim = |(n, bound)| Claim::Bound(Bound { is_best: n == 0, ..bound });
        bounds.into_iter().enumerate().map(claim).collect()
    }
}

/// The lower bounds of the first execution of a trace.
#[must_use]
pub fn lower_bounds(flow: &Flow, trace: &Trace) -> LowerBounds {
    let state = trace.execution_history(ExecutionIdx::FIRST).last().map(|(_, state)| *state);
    let mut is_calm = matches!(state, Some(State::Success | State::Warning)) && trace.end == makespan(trace);
    let lengths = Lengths::new(flow, trace);
    let mut chains = vec![SimTime::ZERO; trace.runs.len()];
    let mut limited = chains.clone();
    // In 0.21 a task that waits to be tried again holds no slot.
    let holds_slot = flow.dialect == Dialect::Kestra && flow.version != Version::V0_21;
    for run in leaves(flow, trace) {
        let (work, waited) = (work_of(trace, run), retry_time(trace, run));
        chains[run.at()] = work + waited;
        limited[run.at()] = if holds_slot { work + waited } else { work };
    }
    let mut groups = Vec::new();
    // Groups come before their children, so going backwards finds all children done.
    for (run, taskrun) in trace.iter().collect::<Vec<_>>().into_iter().rev().filter(|(_, run)| trace.is_of_flow(run.execution)) {
        let task = flow.task(taskrun.task);
        if !task.is_group() {
            continue;
        }
        // A group that failed did not wait for all its children.
        let lasted = trace.ended(run) - trace.created(run);
        chains[run.at()] = lengths.chain(task, run, &chains).min(lasted);
        let filled = lengths.filled(task, run, &limited);
        let least = lengths.chain(task, run, &limited).max(filled.map_or(SimTime::ZERO, |filled| shared(filled.time, filled.slots)));
        is_calm &= least <= lasted;
        limited[run.at()] = least.min(lasted);
        groups.extend(filled);
    }
    let top = lengths.children.at_top(ExecutionIdx::FIRST);
    let whole = |lengths: &[SimTime]| top.iter().fold(SimTime::ZERO, |sum, run| sum + lengths[run.at()]);
    let (chain, limited) = (whole(&chains).min(makespan(trace)), whole(&limited));
    is_calm &= limited <= makespan(trace);
    groups.sort_by_key(|group| (Reverse(shared(group.time, group.slots)), group.run));
    let mut tasks = Vec::new();
    groups.retain(|group| {
        let task = trace.run(group.run).task;
        let is_new = is_calm && !tasks.contains(&task);
        tasks.push(task);
        is_new
    });
    let work = || leaves(flow, trace).filter(|run| flow.task(trace.run(*run).task).needs_worker());
    let work = || work().fold(SimTime::ZERO, |sum, run| sum + work_of(trace, run));
    let limit = trace.cores.map(Limit::Cores).into_iter().chain(trace.workers.map(Limit::Workers)).min_by_key(Limit::n);
    LowerBounds {
        chain,
        limited: if is_calm { limited.max(chain) } else { chain },
        groups,
        server: limit.filter(|_| is_calm).map(|limit| (work(), limit)).filter(|(work, limit)| shared(*work, limit.n()) <= makespan(trace)),
        area: lengths.area(),
    }
}

/// What tells how long a group lasts at least.
struct Lengths<'a> {
    flow: &'a Flow,
    trace: &'a Trace,
    children: Children,
    /// The place of each task in the main list of its group; `None` for one in another list.
    places: Vec<Option<u32>>,
    /// By run of a Loop: its iterations.
    iterations: Vec<Vec<ExecutionIdx>>,
}

impl<'a> Lengths<'a> {
    fn new(flow: &'a Flow, trace: &'a Trace) -> Self {
        let mut places = vec![None; flow.tasks.len()];
        let lists = std::iter::once(&flow.lists).chain(flow.tasks.iter().map(|task| &task.lists));
        lists.for_each(|lists| (0..).zip(&lists.tasks).for_each(|(place, task)| places[task.at()] = Some(place)));
        let mut iterations = vec![Vec::new(); trace.runs.len()];
        for execution in trace.execution_indices() {
            let about = trace.execution(execution);
            if let (Some(by), Some(_)) = (about.started_by, &about.iteration) {
                iterations[by.at()].push(execution);
            }
        }
        Self { flow, trace, children: trace.children(), places, iterations }
    }

    /// The lengths of the lanes of a group that runs its tasks for each of several values, each lane one task after another.
    fn lanes(&self, run: RunIdx, lengths: &[SimTime]) -> Vec<SimTime> {
        let of_iteration = |execution: &ExecutionIdx| {
            let tops = self.children.at_top(*execution).iter().filter(|run| self.place(**run).is_some());
            tops.fold(SimTime::ZERO, |sum, run| sum + lengths[run.at()])
        };
        let mut lanes: Vec<SimTime> = self.iterations[run.at()].iter().map(of_iteration).collect();
        for child in self.children.of(run).iter().filter(|child| self.place(**child).is_some()) {
            let at = self.trace.run(*child).iteration.unwrap_or(0) as usize;
            lanes.resize(lanes.len().max(at + 1), SimTime::ZERO);
            lanes[at] = lanes[at] + lengths[child.at()];
        }
        lanes
    }

    fn place(&self, run: RunIdx) -> Option<usize> {
        self.places[self.trace.run(run).task.at()].map(|place| place as usize)
    }

    /// The longest chain of the children of one group, by the lengths of their runs. They are in order of creation, so each
    /// comes after those it waited for. `finally` and `errors` of a group that runs several at once are left out: they may run
    /// beside others.
    fn chain(&self, task: &Task, run: RunIdx, lengths: &[SimTime]) -> SimTime {
        let children = self.children.of(run);
        let length = |run: &RunIdx| lengths[run.at()];
        let of_list = || children.iter().filter(|run| self.place(**run).is_some());
        match task.order() {
            Order::Window(_) => of_list().map(length).max().unwrap_or_default(),
            Order::Dag { depends_on, .. } => {
                let mut ends = vec![SimTime::ZERO; depends_on.len()];
                for run in of_list() {
                    let Some(at) = self.place(*run).filter(|at| *at < ends.len()) else { continue };
                    let waited = depends_on[at].iter().filter_map(|wanted| ends.get(*wanted as usize)).max();
                    ends[at] = waited.copied().unwrap_or_default() + length(run);
                }
                ends.into_iter().max().unwrap_or_default()
            }
            Order::Lanes(_) if task.has_slots() || self.trace.run(run).concurrent != 1 => {
                self.lanes(run, lengths).into_iter().max().unwrap_or_default()
            }
            // A branch of an If or Switch is not in `tasks`: it runs in sequence as well.
            Order::Sequential | Order::Lanes(_) => children.iter().fold(SimTime::ZERO, |sum, run| sum + length(run)),
        }
    }

    /// What fills the slots of a group with a limit; `None` for one without, or with a slot for each.
    fn filled(&self, task: &Task, run: RunIdx, lengths: &[SimTime]) -> Option<Filled> {
        let about: &TaskRun = self.trace.run(run);
        let slots = about.concurrent;
        if slots == 0 {
            return None;
        }
        let of_list = || self.children.of(run).iter().filter(|run| self.place(**run).is_some());
        let stays: Vec<SimTime> = match task.order() {
            Order::Window(_) | Order::Dag { .. } => of_list().map(|run| lengths[run.at()]).collect(),
            Order::Lanes(_) => self.lanes(run, lengths),
            Order::Sequential => return None,
        };
        if stays.len() <= slots as usize {
            return None;
        }
        let is_leaf = |run: &RunIdx| !self.flow.task(self.trace.run(*run).task).is_group();
        let works = |run: &RunIdx| is_leaf(run) && lengths[run.at()] == work_of(self.trace, *run);
        let is_work = self.iterations[run.at()].is_empty() && of_list().all(works);
        Some(Filled { run, time: stays.into_iter().fold(SimTime::ZERO, |sum, stay| sum + stay), slots, is_work })
    }

    /// The work of the one limited group of a flow, shared by its slots, when it holds leaves only.
    fn area(&self) -> Option<SimTime> {
        let (flow, trace) = (self.flow, self.trace);
        let (group, limit) = only_limited_group(flow, trace)?;
        if flow.task(group).lists.tasks.iter().any(|child| flow.task(*child).is_group()) {
            return None;
        }
        let is_of_group = |run: &TaskRun| run.execution == ExecutionIdx::FIRST && flow.task(run.task).parent == Some(group);
        let of_group = trace.iter().filter(|(idx, run)| is_of_group(run) && self.place(*idx).is_some());
        let work = of_group.fold(SimTime::ZERO, |sum, (run, _)| sum + work_of(trace, run));
        // A run that outlives its execution does work that the makespan does not hold.
        Some(shared(work, limit).min(makespan(trace)))
    }
}
