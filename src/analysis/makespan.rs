//! How long a run took, how much work it did, and what it gained by doing things at the same time.

use super::claims::{Bound, Claim};
use super::slots;
use crate::flow::behavior::Order;
use crate::flow::state::State;
use crate::flow::{Flow, TaskIdx};
use crate::sim::trace::{ExecutionIdx, RunIdx, TaskRun, Trace};
use crate::time::SimTime;

/// The numbers of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbers {
    /// From the start to the moment the execution reached its final state.
    pub makespan: SimTime,
    /// The last end of all, runs that outlived the execution among them.
    pub last_end: SimTime,
    /// The last moment at which a leaf ran.
    pub work_end: SimTime,
    /// The time that leaves ran, added up; where they shared cores, the time they would have run without.
    pub work: SimTime,
    /// What efficiency is measured against: the `concurrent` of the one group that has one, else the most leaves at once.
    pub slots: u32,
    /// Whether just one group of the flow has a limit, which holds for all leaves.
    pub limited: bool,
    /// The state the execution ended in; `None` when it was stopped.
    pub state: Option<State>,
}

/// The end of the execution: the moment it reached its final state for the last time (a retry can revive it), or was stopped. Of
/// several that run side by side the end of all.
#[must_use]
pub fn makespan(trace: &Trace) -> SimTime {
    if trace.n_roots() > 1 {
        return trace.end;
    }
    let last = trace.execution_history(ExecutionIdx::FIRST).last();
    last.filter(|(_, state)| state.is_terminal()).map_or(trace.end, |(at, _)| *at)
}

/// The numbers of a trace: of its one execution, or of all that run side by side.
#[must_use]
pub fn numbers(flow: &Flow, trace: &Trace) -> Numbers {
    let limit = only_limited_group(flow, trace).map(|(_, limit)| limit);
    let is_one = trace.n_roots() == 1;
    // Leaves beside the group are not held by its limit.
    let peak = slots::peak(flow, trace);
    let limit = limit.filter(|limit| is_one && peak <= *limit);
    Numbers {
        makespan: makespan(trace),
        last_end: trace.end,
        work_end: leaves(flow, trace).flat_map(|run| running_spans(trace, run)).map(|(_, to)| to).max().unwrap_or_default(),
        work: leaves(flow, trace).map(|run| work_of(trace, run)).fold(SimTime::ZERO, |sum, time| sum + time),
        slots: limit.unwrap_or(peak),
        limited: limit.is_some(),
        state: trace.execution_history(ExecutionIdx::FIRST).last().map(|(_, state)| *state).filter(|state| state.is_terminal()),
    }
}

impl Numbers {
    /// Work per time until the end of the execution and of the last leaf, in hundredths: 300 is three times as fast as one after another. 0 when it took no
    /// time.
    #[must_use]
    pub fn speedup_hundredths(&self) -> u64 {
        hundredths(self.work, u128::from(self.makespan.max(self.work_end).0))
    }

    /// The speed-up as people read it, to the nearest tenth: `1.5`.
    #[must_use]
    pub fn speedup_text(&self) -> String {
        let tenths = self.speedup_hundredths().saturating_add(5) / 10;
        format!("{}.{}", tenths / 10, tenths % 10)
    }

    /// The share of the slots' time that was worked, in per cent. 0 when it took no time.
    #[must_use]
    pub fn efficiency_percent(&self) -> u64 {
        hundredths(self.work, u128::from(self.makespan.max(self.work_end).0) * u128::from(self.slots))
    }
}

/// A part of a whole in hundredths, to the nearest; 0 of nothing.
fn hundredths(part: SimTime, whole_ms: u128) -> u64 {
    let hundredths = (u128::from(part.0) * 100 + whole_ms / 2).checked_div(whole_ms).unwrap_or(0);
    u64::try_from(hundredths).unwrap_or(u64::MAX)
}

/// How long a taskrun was RUNNING, over all its attempts.
#[must_use]
pub fn running_time(trace: &Trace, run: RunIdx) -> SimTime {
    running_spans(trace, run).map(|(from, to)| to - from).fold(SimTime::ZERO, |sum, length| sum + length)
}

/// How long it would have been RUNNING with a core for itself: its part of the work of the flow.
#[must_use]
pub fn work_of(trace: &Trace, run: RunIdx) -> SimTime {
    let slowed = trace.run(run).attempts.iter().fold(SimTime::ZERO, |sum, attempt| sum + attempt.slowed);
    running_time(trace, run) - slowed
}

/// When a taskrun was RUNNING, from and to.
fn running_spans(trace: &Trace, run: RunIdx) -> impl Iterator<Item = (SimTime, SimTime)> + use<'_> {
    let history = trace.history(run);
    let ends = history.iter().skip(1).map(|(at, _)| *at).chain([trace.end]);
    history.iter().zip(ends).filter(|((_, state), _)| *state == State::Running).map(|((from, _), to)| (*from, to))
}

/// What no schedule of this flow can beat, from the lengths its leaves had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LowerBounds {
    /// The longest chain of tasks that must run one after another.
    pub chain: SimTime,
    /// For a flow whose one limited group holds only leaves: their work shared evenly by the slots.
    pub area: Option<SimTime>,
    /// That work, and the slots.
    pub shared: Option<(SimTime, u32)>,
}

impl LowerBounds {
    /// Both as claims. The area is left out where runs that outlive the execution make it mean less than it says; of several
    /// executions nothing is claimed.
    #[must_use]
    pub fn claims(&self, trace: &Trace) -> Vec<Claim> {
        if trace.n_roots() > 1 {
            return Vec::new();
        }
        let area = self.area.zip(self.shared).filter(|(area, (work, slots))| area.0 == work.0.div_ceil(u64::from(*slots)));
        let area = area.map(|(at, shared)| Claim::Bound(Bound { at, shared: Some(shared) }));
        std::iter::once(Claim::Bound(Bound { at: self.chain, shared: None })).chain(area).collect()
    }
}

/// The lower bounds of the first execution of a trace.
#[must_use]
pub fn lower_bounds(flow: &Flow, trace: &Trace) -> LowerBounds {
    let mut length = vec![SimTime::ZERO; trace.runs.len()];
    leaves(flow, trace).for_each(|run| length[run.at()] = work_of(trace, run));
    let children = trace.children();
    // The place of each task in the main list of its group; `None` for one in another list.
    let mut places: Vec<Option<u32>> = vec![None; flow.tasks.len()];
    let lists = std::iter::once(&flow.lists).chain(flow.tasks.iter().map(|task| &task.lists));
    lists.for_each(|lists| (0..).zip(&lists.tasks).for_each(|(place, task)| places[task.at()] = Some(place)));
    // Groups come before their children, so going backwards finds all children done.
    for (run, taskrun) in trace.iter().collect::<Vec<_>>().into_iter().rev().filter(|(_, run)| run.execution == ExecutionIdx::FIRST) {
        let task = flow.task(taskrun.task);
        if task.is_group() {
            // A group that failed did not wait for all its children.
            let lasted = trace.ended(run) - trace.created(run);
            length[run.at()] = chain(task.order(), &places, trace, children.of(run), &length).min(lasted);
        }
    }
    let chain = chain(Order::Sequential, &places, trace, children.at_top(ExecutionIdx::FIRST), &length).min(makespan(trace));
    let flat = only_limited_group(flow, trace)
        .filter(|(group, _)| flow.task(*group).lists.tasks.iter().all(|child| !flow.task(*child).is_group()));
    let area = flat.map(|(group, limit)| {
        let of_group = trace.iter().filter(|(_, run)| {
            run.execution == ExecutionIdx::FIRST && flow.task(run.task).parent == Some(group) && places[run.task.at()].is_some()
        });
        let work = of_group.map(|(run, _)| length[run.at()]).fold(SimTime::ZERO, |sum, child| sum + child);
        // A run that outlives its execution does work that the makespan does not hold.
        (SimTime(work.0.div_ceil(u64::from(limit))).min(makespan(trace)), (work, limit))
    });
    LowerBounds { chain, area: area.map(|(area, _)| area), shared: area.map(|(_, shared)| shared) }
}

/// The longest chain of the children of one group, by the lengths of their runs. They are in order of creation, so each
/// comes after those it waited for. `finally` and `errors` are left out: they may run beside others.
fn chain(order: Order<'_>, places: &[Option<u32>], trace: &Trace, children: &[RunIdx], length: &[SimTime]) -> SimTime {
    let mut ends = vec![SimTime::ZERO; if let Order::Dag { depends_on, .. } = order { depends_on.len() } else { 0 }];
    let mut lanes: Vec<SimTime> = Vec::new();
    let mut all = SimTime::ZERO;
    for &run in children {
        let (at, length) = (places[trace.run(run).task.at()].map(|place| place as usize), length[run.at()]);
        match (order, at) {
            (Order::Dag { depends_on, .. }, Some(at)) => {
                let waited = depends_on.get(at).into_iter().flatten().filter_map(|wanted| ends.get(*wanted as usize)).max();
                ends[at] = waited.copied().unwrap_or_default() + length;
                all = all.max(ends[at]);
            }
            (Order::Window(_), Some(_)) => all = all.max(length),
            (Order::Lanes(_), Some(_)) if trace.run(run).parent.is_some_and(|of| trace.run(of).concurrent != 1) => {
                let at = trace.run(run).iteration.unwrap_or(0) as usize;
                lanes.resize(lanes.len().max(at + 1), SimTime::ZERO);
                lanes[at] = lanes[at] + length;
                all = all.max(lanes[at]);
            }
            // A branch of an If or Switch is not in `tasks`: it runs in sequence as well.
            (Order::Window(_) | Order::Dag { .. } | Order::Lanes(_), None) => {}
            (Order::Sequential | Order::Lanes(_), _) => all = all + length,
        }
    }
    all
}

/// The runs of leaves of the first execution.
fn leaves<'a>(flow: &'a Flow, trace: &'a Trace) -> impl Iterator<Item = RunIdx> + 'a {
    trace.iter().filter(|(_, run)| trace.is_of_flow(run.execution) && !flow.task(run.task).is_group()).map(|(idx, _)| idx)
}

/// The one group of the first execution that has a limit, with it; `None` when there is none or more than one.
fn only_limited_group(flow: &Flow, trace: &Trace) -> Option<(TaskIdx, u32)> {
    let is_limited = |run: &&TaskRun| run.execution == ExecutionIdx::FIRST && run.concurrent > 0 && flow.task(run.task).is_group();
    let mut limited = trace.runs.iter().filter(is_limited).map(|run| (run.task, run.concurrent));
    limited.next().filter(|_| limited.next().is_none())
}
