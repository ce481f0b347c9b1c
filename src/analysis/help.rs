//! What would have helped: changes of a flow or its settings, each simulated before anything is said about it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::claims::{Alike, Cause, Change, Claim, Counterfactual, Wait};
use super::critical_path::critical_path;
use super::makespan::makespan;
use super::segments::{SegmentKind, segments};
use super::spread::nth_run;
use super::why::Why;
use crate::flow::behavior::Order;
use crate::flow::state::State;
use crate::flow::{Flow, Kind, SimNote, Takes, TaskIdx};
use crate::sim::scenario::Scenario;
use crate::sim::trace::{ExecutionIdx, RunIdx, TaskRun, Trace};
use crate::sim::{Simulation, simulate};
use crate::time::SimTime;
use crate::value::Value;

/// Up to so many values of a limit are all simulated.
const MOST_VALUES: u32 = 64;
/// Chains of a Dag are followed over so many tasks.
const MOST_ROUNDS: usize = 100;
/// A sentence speaks of at most so many of the tasks a task depends on.
const MOST_DEPENDENCIES: usize = 2;

/// Runs with other seeds of about so many events count as one simulation.
const EVENTS_AT_ONCE: usize = 4_000;

impl Change {
    /// The flows and the settings with this change; `None` when the first flow has nothing to change.
    #[must_use]
    pub fn apply(&self, flows: &[Flow], scenario: &Scenario, trace: &Trace) -> Option<(Vec<Flow>, Scenario)> {
        let (mut flows, mut scenario) = (flows.to_vec(), scenario.clone());
        let flow = flows.first_mut()?;
        match self {
            Self::Set(limits) => scenario.concurrent.extend(limits.iter().cloned()),
            Self::Workers(n) => scenario.workers = Some(*n),
            Self::Cores(n) => scenario.cores = Some(*n),
            Self::Duration(task, ms) => {
                let idx = flow.find(task)?;
                let fails_percent = flow.task(idx).sim_note.map_or(0, |note| note.fails_percent);
                flow.tasks[idx.at()].sim_note = Some(SimNote { takes: Some(Takes::always(SimTime(*ms))), fails_percent });
            }
            Self::Parallel(group) => {
                let idx = flow.find(group)?;
                let Kind::Sequential(_) = &flow.task(idx).kind else { return None };
                flow.tasks[idx.at()].kind = Kind::Parallel(Box::default());
            }
            Self::LongestFirst(group) => {
                let idx = flow.find(group)?;
                let order = longest_first(flow, trace, idx)?;
                let lists = &mut flow.tasks[idx.at()].lists.tasks;
                *lists = order.iter().map(|place| lists[*place]).collect();
                if let Kind::Dag(dag) = &mut flow.tasks[idx.at()].kind {
                    let mut places = vec![0; order.len()];
                    (0..).zip(&order).for_each(|(place, old)| places[*old] = place);
                    let moved = |on: &Vec<u32>| on.iter().filter_map(|old| places.get(*old as usize)).copied().collect();
                    dag.depends_on = order.iter().map(|old| moved(&dag.depends_on[*old])).collect();
                }
            }
            Self::Without(task, on) => {
                let (idx, on) = (flow.find(task)?, flow.find(on)?);
                let group = flow.task(idx).parent?;
                let tasks = flow.task(group).lists.tasks.clone();
                let Kind::Dag(dag) = &mut flow.tasks[group.at()].kind else { return None };
                let (place, on) = (tasks.iter().position(|task| *task == idx)?, tasks.iter().position(|task| *task == on)?);
                dag.depends_on.get_mut(place)?.retain(|wanted| *wanted as usize != on);
            }
        }
        Some((flows, scenario))
    }
}

/// The places of the tasks of a group, those that lasted longest first; in a Dag those with the longest chain of tasks that depend
/// on each other. `None` for a group whose order does not matter.
#[must_use]
pub fn longest_first(flow: &Flow, trace: &Trace, group: TaskIdx) -> Option<Vec<usize>> {
    let task = flow.task(group);
    let mut lasts: Vec<SimTime> = task.lists.tasks.iter().map(|task| lasted(trace, *task)).collect();
    match task.order() {
        Order::Window(_) => {}
        Order::Dag { depends_on, .. } => {
            let own = lasts.clone();
            // Each round makes chains known that are one task longer.
            for _ in 0..own.len().min(MOST_ROUNDS) {
                let before = lasts.clone();
                for (place, on) in depends_on.iter().enumerate() {
                    for on in on.iter().map(|on| *on as usize).filter(|on| *on < own.len()) {
                        lasts[on] = lasts[on].max(own[on] + lasts[place]);
                    }
                }
                if lasts == before {
                    break;
                }
            }
        }
        _ => return None,
    }
    let mut order: Vec<usize> = (0..lasts.len()).collect();
    order.sort_by_key(|place| std::cmp::Reverse(lasts[*place]));
    Some(order)
}

/// How long the runs of a task of the first flow lasted, added up.
fn lasted(trace: &Trace, task: TaskIdx) -> SimTime {
    let of_task = trace.iter().filter(|(_, run)| run.execution == ExecutionIdx::FIRST && run.task == task);
    of_task.fold(SimTime::ZERO, |sum, (run, _)| sum + (trace.ended(run) - trace.created(run)))
}

/// What a run is recognized by in another run of the same flow.
type Key = (usize, u32, TaskIdx, Option<Rc<str>>, Option<u32>);

/// The runs of a trace by their keys, in order of the keys.
fn by_key(trace: &Trace) -> Vec<(Key, RunIdx)> {
    let roots: Vec<ExecutionIdx> = trace.roots().collect();
    let key = |(run, taskrun): (RunIdx, &TaskRun)| {
        let execution = trace.execution(taskrun.execution);
        let nth = roots.binary_search(&execution.root).unwrap_or(0);
        ((nth, execution.flow.0, taskrun.task, taskrun.value.as_ref().map(Value::print), taskrun.iteration), run)
    };
    let mut keys: Vec<(Key, RunIdx)> = trace.iter().filter(|(_, run)| !run.dropped).map(key).collect();
    keys.sort();
    keys
}

/// What a run of a flow comes to.
#[derive(Debug)]
struct Outcome {
    makespan: SimTime,
    /// By run of the present trace: when the same run starts and ends here; `None` when none or several could be meant.
    times: Vec<Option<(Option<SimTime>, SimTime)>>,
}

impl Outcome {
    /// `keys` are those of a trace with `n_runs` runs.
    fn of(trace: &Trace, keys: &[(Key, RunIdx)], n_runs: usize) -> Self {
        let mut times = vec![None; n_runs];
        let own = by_key(trace);
        let mut known = keys.chunk_by(|a, b| a.0 == b.0).peekable();
        for alike in own.chunk_by(|a, b| a.0 == b.0) {
            while known.next_if(|first| first[0].0 < alike[0].0).is_some() {}
            if let ([(_, run)], Some([(key, now)])) = (alike, known.peek())
                && *key == alike[0].0
            {
                times[now.at()] = Some((started(trace, *run), trace.ended(*run)));
            }
        }
        Self { makespan: makespan(trace), times }
    }

    fn start(&self, run: RunIdx) -> Option<SimTime> {
        self.times[run.at()].and_then(|(start, _)| start)
    }
}

/// When a run began to do anything; `None` for one that was skipped or ended before.
fn started(trace: &Trace, run: RunIdx) -> Option<SimTime> {
    let is_before = |state: State| matches!(state, State::Created | State::Submitted | State::Queued);
    trace.history(run).iter().find(|(_, state)| !is_before(*state)).filter(|(_, state)| !state.is_terminal()).map(|(at, _)| *at)
}

/// Each change once.
fn claims(changes: impl Iterator<Item = Counterfactual>) -> Vec<Claim> {
    let mut found: Vec<Counterfactual> = Vec::new();
    for changed in changes {
        if found.iter().all(|known| known.change != changed.change) {
            found.push(changed);
        }
    }
    found.into_iter().map(Claim::Changed).collect()
}

/// Whether a change moves the start of the run or the makespan.
fn differs(changed: &Counterfactual) -> bool {
    changed.start != changed.now_start || changed.makespan != changed.now_makespan
}

/// How long the last attempt of a run was RUNNING, or would have been with a core for itself.
pub(super) fn last_attempt(trace: &Trace, run: RunIdx) -> SimTime {
    let running = trace.stretches(run).filter(|(state, ..)| *state == State::Running);
    let slowed = trace.run(run).attempts.last().map_or(SimTime::ZERO, |attempt| attempt.slowed);
    running.last().map_or(SimTime::ZERO, |(_, from, to)| to - from - slowed)
}

/// Simulates changes of one run, each once.
pub struct Help<'a> {
    flows: &'a [Flow],
    scenario: &'a Scenario,
    trace: &'a Trace,
    keys: Vec<(Key, RunIdx)>,
    now: Outcome,
    known: RefCell<Vec<(Change, Option<Rc<Outcome>>)>>,
    /// The makespans with a change over runs with other seeds, as far as they are known.
    over_runs: RefCell<Vec<(Change, Vec<SimTime>)>>,
    /// How long runs wait for a slot with a change, as far as it is known.
    slot_waits: RefCell<Vec<(Change, RunIdx, SimTime)>>,
    /// How many more changes may be simulated, and whether that was too few.
    left: Cell<usize>,
    is_short: Cell<bool>,
}

impl<'a> Help<'a> {
    /// Nothing has been simulated yet but the run itself.
    #[must_use]
    pub fn new(flows: &'a [Flow], scenario: &'a Scenario, trace: &'a Trace) -> Self {
        let keys = by_key(trace);
        let now = Outcome::of(trace, &keys, trace.runs.len());
        Self {
            flows,
            scenario,
            trace,
            keys,
            now,
            known: RefCell::default(),
            over_runs: RefCell::default(),
            slot_waits: RefCell::default(),
            left: Cell::new(usize::MAX),
            is_short: Cell::new(false),
        }
    }

    /// The makespan without a change.
    #[must_use]
    pub fn now(&self) -> SimTime {
        self.now.makespan
    }

    /// How many events the run has.
    #[must_use]
    pub fn n_events(&self) -> usize {
        self.trace.events.len()
    }

    /// The makespan with a change; `None` when there is nothing to change.
    #[must_use]
    pub fn makespan(&self, change: &Change) -> Option<SimTime> {
        self.outcome(change).map(|outcome| outcome.makespan)
    }

    /// What `find` gives when it simulates at most so many further changes; `None` when it needs more. What was simulated is
    /// kept, so that asking again gets further.
    pub fn within<T>(&self, n_changes: usize, find: impl FnOnce(&Self) -> T) -> Option<T> {
        self.left.set(n_changes);
        self.is_short.set(false);
        let found = find(self);
        self.left.set(usize::MAX);
        (!self.is_short.get()).then_some(found)
    }

    /// Whether more simulations were asked for than `within` allows.
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.is_short.get()
    }

    /// Spends a simulation; `None` when none is left.
    fn spend(&self) -> Option<()> {
        let left = self.left.get().checked_sub(1);
        self.is_short.set(self.is_short.get() || left.is_none());
        left.map(|left| self.left.set(left))
    }

    /// The makespans with a change over `n` runs with seeds that follow each other, the present one first; `None` when there is
    /// nothing to change.
    #[must_use]
    pub fn over_runs(&self, change: &Change, n: u32) -> Option<Vec<SimTime>> {
        let first = self.makespan(change)?;
        let mut all = self.over_runs.borrow_mut();
        let at = all.iter().position(|(known, _)| known == change).unwrap_or(all.len());
        if at == all.len() {
            all.push((change.clone(), vec![first]));
        }
        let known = &mut all[at].1;
        if (known.len() as u32) < n {
            let (flows, scenario) = change.apply(self.flows, self.scenario, self.trace)?;
            let at_once = (EVENTS_AT_ONCE / self.trace.events.len().max(1)).max(1);
            while (known.len() as u32) < n {
                self.spend()?;
                let runs = (known.len() as u32..n).take(at_once);
                known.extend(runs.map(|nth| Simulation::new(&flows, &nth_run(&scenario, nth)).makespan()));
            }
        }
        Some(known.clone())
    }

    fn outcome(&self, change: &Change) -> Option<Rc<Outcome>> {
        if let Some((_, known)) = self.known.borrow().iter().find(|(known, _)| known == change) {
            return known.clone();
        }
        self.spend()?;
        let simulated = change.apply(self.flows, self.scenario, self.trace);
        let of = |(flows, scenario): (Vec<Flow>, Scenario)| {
            Rc::new(Outcome::of(&simulate(&flows, &scenario), &self.keys, self.trace.runs.len()))
        };
        let outcome = simulated.map(of);
        self.known.borrow_mut().push((change.clone(), outcome.clone()));
        outcome
    }

    /// What a change would do to a run and to the flow.
    #[must_use]
    pub fn changed(&self, change: Change, run: Option<RunIdx>) -> Option<Counterfactual> {
        let outcome = self.outcome(&change)?;
        let now_start = run.and_then(|run| self.now.start(run));
        let start = run.and_then(|run| outcome.start(run)).filter(|_| now_start.is_some());
        let (makespan, now_makespan) = (outcome.makespan, self.now.makespan);
        Some(Counterfactual { change, run, start, now_start, makespan, now_makespan, slack: None, none_helps: false, runs: None })
    }

    /// What a change would do to the flow, when it makes no run end later but this one.
    #[must_use]
    pub fn is_free(&self, change: &Change, of: RunIdx) -> bool {
        let ends_no_later = |outcome: Rc<Outcome>| {
            let ends = |(run, taskrun): (RunIdx, &TaskRun)| {
                let end = |outcome: &Outcome| outcome.times[run.at()].map(|(_, end)| end);
                run == of || taskrun.dropped || end(&outcome).is_some_and(|end| end <= self.trace.ended(run))
            };
            self.trace.iter().all(ends)
        };
        self.outcome(change).is_some_and(ends_no_later)
    }

    /// That a group's last slot brought nothing, or harm; `None` when it brought something, or the group has no slot to spare, and for
    /// a run that failed.
    #[must_use]
    pub fn alike(&self, group: TaskIdx) -> Option<Alike> {
        if self.trace.ended_badly() {
            return None;
        }
        let (flow, slots) = (&self.flows[0], self.limit(group));
        let task = flow.task(group);
        let change = Change::Set(vec![(task.id.to_string(), slots.checked_sub(1).filter(|fewer| *fewer > 0)?)]);
        let fewer = self.makespan(&change).filter(|fewer| *fewer <= self.now.makespan)?;
        let path = critical_path(self.trace);
        let later = |run: &RunIdx| {
            let changed = self.changed(change.clone(), Some(*run))?;
            let (then, now) = (changed.start?, changed.now_start?);
            (then < now).then_some((*run, (then, now)))
        };
        let later = if fewer < self.now.makespan { path.iter().find_map(later) } else { None };
        let wait = later.and_then(|(run, _)| self.longer_wait(&change, run));
        let (path, starts) = later.map_or((path, None), |(run, starts)| (vec![run], Some(starts)));
        let (group, tasks) = (task.id.to_string(), self.of_one_length(group));
        Some(Alike { group, slots, fewer, now: self.now.makespan, tasks, path, starts, wait })
    }

    /// The wait for a slot of a run, with those that held all slots when it began, and the shorter time for which the same run waits
    /// for a slot with a change.
    fn longer_wait(&self, change: &Change, run: RunIdx) -> Option<(Wait, SimTime)> {
        let waits = Why::new(self.flows, self.trace).waits(run);
        let mut wait = waits.last().filter(|wait| wait.cause == Cause::Slot && wait.all_taken)?.clone();
        wait.by.retain(|by| self.trace.created(by.run) <= wait.from && by.until.is_none_or(|until| until > wait.from));
        let waited = self.slot_wait(change, run)?;
        (wait.limit == Some(wait.by.len() as u32) && waited < wait.to - wait.from).then_some((wait, waited))
    }

    /// How long a run waits for a slot with a change.
    fn slot_wait(&self, change: &Change, run: RunIdx) -> Option<SimTime> {
        if let Some((.., waited)) = self.slot_waits.borrow().iter().find(|(known, of, _)| known == change && *of == run) {
            return Some(*waited);
        }
        self.spend()?;
        let (flows, scenario) = change.apply(self.flows, self.scenario, self.trace)?;
        let changed = simulate(&flows, &scenario);
        let key = &self.keys.iter().find(|(_, known)| *known == run)?.0;
        let same = by_key(&changed).into_iter().find(|(known, _)| known == key)?.1;
        let for_slot = segments(&changed, same).into_iter().filter(|segment| segment.kind == SegmentKind::WaitSlot);
        let waited = for_slot.fold(SimTime::ZERO, |sum, segment| sum + (segment.to - segment.from));
        self.slot_waits.borrow_mut().push((change.clone(), run, waited));
        Some(waited)
    }

    /// How many leaves a group has that took equally long, and how long, when it ran once and has no others.
    fn of_one_length(&self, group: TaskIdx) -> Option<(u32, SimTime)> {
        let mut groups = self.trace.iter().filter(|(_, about)| self.is_of_flow(about) && about.task == group).map(|(run, _)| run);
        let run = groups.next().filter(|_| groups.next().is_none())?;
        let children: Vec<RunIdx> = self.trace.iter().filter(|(_, about)| about.parent == Some(run)).map(|(run, _)| run).collect();
        let length = |run: &RunIdx| self.trace.ended(*run) - self.trace.created(*run);
        let first = children.first().map(length)?;
        let is_plain = |run: &RunIdx| length(run) == first && !self.flows[0].task(self.trace.run(*run).task).is_group();
        children.iter().all(is_plain).then_some((children.len() as u32, first))
    }

    /// The changes that bear on the waits of a run, in the order in which its blockers lead to them.
    #[must_use]
    pub fn of(&self, why: &Why<'_>, run: RunIdx) -> Vec<Claim> {
        let waits = why.waits(run);
        let changes = waits.iter().flat_map(|wait| self.of_wait(wait)).chain(self.half(run)).chain(self.more_cores(run));
        let others: Vec<Counterfactual> = changes.filter_map(|change| self.changed(change, Some(run))).filter(differs).collect();
        claims(self.slots(why, run).into_iter().chain(others))
    }

    fn slots(&self, why: &Why<'_>, run: RunIdx) -> Vec<Counterfactual> {
        let chain: Vec<Wait> = why.chain(run).into_iter().flat_map(|run| why.waits(run).to_vec()).collect();
        if chain.is_empty() {
            return Vec::new();
        }
        let more = self.groups(&chain).into_iter().flat_map(|group| self.more_slots(group, run));
        let is_in_turn = why.waits(run).iter().any(|wait| wait.cause == Cause::Previous);
        more.chain(if is_in_turn { self.slots_beyond(run) } else { None }).collect()
    }

    /// Whether a run is one of the flow that can be changed.
    fn is_of_flow(&self, run: &TaskRun) -> bool {
        self.trace.is_of_flow(run.execution)
    }

    /// The groups of the first flow whose slots can be set: those that some of the waits were for, then those around the runs.
    fn groups(&self, chain: &[Wait]) -> Vec<TaskIdx> {
        let of_wait = |wait: &Wait| wait.group.filter(|_| wait.cause == Cause::Slot).map(|group| self.trace.run(group));
        let mut groups: Vec<TaskIdx> = Vec::new();
        let waited = chain.iter().filter_map(of_wait).filter(|run| self.is_of_flow(run)).map(|run| run.task);
        let all = self.flows[0].iter().filter(|(_, task)| task.limit() > 0).map(|(idx, _)| idx);
        for group in waited.chain(all) {
            if self.flows[0].task(group).has_slots() && !groups.contains(&group) {
                groups.push(group);
            }
        }
        groups.truncate(4);
        groups
    }

    /// The limit in force of a group that can be set.
    #[must_use]
    pub fn limit(&self, group: TaskIdx) -> u32 {
        let task = self.flows[0].task(group);
        self.scenario.concurrent.get(&*task.id).copied().unwrap_or_else(|| {
            let run = self.trace.iter().find(|(_, run)| self.is_of_flow(run) && run.task == group);
            run.map_or(task.limit(), |(_, run)| run.concurrent)
        })
    }

    /// The most children a run of a group had, or iterations.
    #[must_use]
    pub fn n_children(&self, group: TaskIdx) -> u32 {
        // By run: its children, and the executions that it started.
        let mut n_below = vec![[0u32; 2]; self.trace.runs.len()];
        self.trace.runs.iter().filter_map(|run| run.parent).for_each(|group| n_below[group.at()][0] += 1);
        self.trace.executions.iter().filter_map(|execution| execution.started_by).for_each(|run| n_below[run.at()][1] += 1);
        let groups = self.trace.iter().filter(|(_, about)| self.is_of_flow(about) && about.task == group);
        groups.flat_map(|(run, _)| n_below[run.at()]).max().unwrap_or(0)
    }

    /// One slot more; the smallest number that lets the run start earlier, or the flow end earlier, if that is another; and when
    /// there is none, that no number helps.
    fn more_slots(&self, group: TaskIdx, run: RunIdx) -> Vec<Counterfactual> {
        let (limit, most) = (self.limit(group), self.n_children(group));
        let id = &self.flows[0].task(group).id;
        let set = |n: u32| self.changed(Change::Set(vec![(id.to_string(), n)]), Some(run));
        if limit == 0 || limit >= most {
            return Vec::new();
        }
        let Some(one_more) = set(limit + 1) else { return Vec::new() };
        if most > MOST_VALUES {
            return vec![one_more];
        }
        let all: Vec<Counterfactual> = (limit + 1..=most).filter_map(set).collect();
        let best = all.iter().find(|changed| changed.helps()).cloned();
        match (best, all.last()) {
            (Some(best), _) if best.change != one_more.change => vec![one_more, best],
            (None, Some(last)) if !all.iter().any(differs) && last.start.is_some() => {
                vec![Counterfactual { none_helps: true, ..last.clone() }]
            }
            _ => vec![one_more],
        }
    }

    /// For a task that waits for its turn below a group that has slots enough: that more of them change nothing.
    fn slots_beyond(&self, run: RunIdx) -> Option<Counterfactual> {
        if !self.is_of_flow(self.trace.run(run)) || !self.flows[0].dialect.has_limits() {
            return None;
        }
        let around = std::iter::successors(self.trace.run(run).parent, |group| self.trace.run(*group).parent);
        let group = around.map(|group| self.trace.run(group).task).find(|group| self.flows[0].task(*group).has_slots())?;
        let (limit, most) = (self.limit(group), self.n_children(group));
        if (1..most).contains(&limit) {
            return None;
        }
        let changed = self.changed(Change::Set(vec![(self.flows[0].task(group).id.to_string(), most.max(limit + 1))]), Some(run))?;
        (!differs(&changed) && changed.start.is_some()).then_some(Counterfactual { none_helps: true, ..changed })
    }

    /// One core more, for a run that shared its core.
    fn more_cores(&self, run: RunIdx) -> Option<Change> {
        let slowed = self.trace.run(run).attempts.iter().any(|attempt| attempt.slowed > SimTime::ZERO);
        self.scenario.cores.filter(|_| slowed).map(|n| Change::Cores(n + 1))
    }

    /// Changes of what a run waited for itself.
    fn of_wait(&self, wait: &Wait) -> Vec<Change> {
        let flow = &self.flows[0];
        let run = self.trace.run(wait.run);
        if !self.is_of_flow(run) {
            return Vec::new();
        }
        let mut changes = Vec::new();
        let group = wait.group.map(|group| self.trace.run(group).task);
        match wait.cause {
            Cause::Worker => changes.extend(self.scenario.workers.map(|n| Change::Workers(n + 1))),
            Cause::Slot => changes.extend(group.map(|group| Change::LongestFirst(flow.task(group).id.to_string()))),
            Cause::Previous => {
                let group = group.filter(|_| flow.dialect.has_limits());
                changes.extend(group.map(|group| Change::Parallel(flow.task(group).id.to_string())));
            }
            Cause::DependsOn => {
                let by = wait.by.iter().rev().take(MOST_DEPENDENCIES).map(|by| flow.task(self.trace.run(by.run).task));
                changes.extend(by.map(|on| Change::Without(flow.task(run.task).id.to_string(), on.id.to_string())));
            }
            Cause::Retry | Cause::Timer | Cause::Person | Cause::Pause | Cause::Errors | Cause::Concurrency => {}
        }
        changes.extend(wait.last().and_then(|last| self.half(last)));
        changes
    }

    /// A leaf of the flow that takes half as long.
    fn half(&self, run: RunIdx) -> Option<Change> {
        let about = Some(self.trace.run(run)).filter(|about| self.is_of_flow(about))?;
        let (task, length) = (self.flows[0].task(about.task), last_attempt(self.trace, run));
        (!task.is_group() && length.0 > 1).then(|| Change::Duration(task.id.to_string(), length.0 / 2))
    }
}
