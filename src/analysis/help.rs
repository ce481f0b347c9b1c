//! What would have helped: changes of a flow or its settings, each simulated before anything is said about it.

use std::cell::RefCell;
use std::rc::Rc;

use super::claims::{Cause, Change, Claim, Counterfactual, Wait};
use super::makespan::makespan;
use super::why::Why;
use crate::flow::behavior::Order;
use crate::flow::state::State;
use crate::flow::{Flow, Kind, SimNote, Takes, TaskIdx};
use crate::sim::scenario::Scenario;
use crate::sim::simulate;
use crate::sim::trace::{ExecutionIdx, RunIdx, Trace};
use crate::time::SimTime;
use crate::value::Value;

/// Up to so many values of a limit are all simulated.
const MOST_VALUES: u32 = 64;
/// A chain of blockers is followed for so many steps.
const MOST_STEPS: usize = 64;
/// A sentence speaks of at most so many of the tasks a task depends on.
const MOST_DEPENDENCIES: usize = 2;

impl Change {
    /// The flows and the settings with this change; `None` when the first flow has nothing to change.
    #[must_use]
    pub fn apply(&self, flows: &[Flow], scenario: &Scenario, trace: &Trace) -> Option<(Vec<Flow>, Scenario)> {
        let (mut flows, mut scenario) = (flows.to_vec(), scenario.clone());
        let flow = flows.first_mut()?;
        match self {
            Self::Set(limits) => scenario.concurrent.extend(limits.iter().cloned()),
            Self::Workers(n) => scenario.workers = Some(*n),
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
                let Order::Window(_) = flow.task(idx).order() else { return None };
                let lasted = |task: &TaskIdx| lasted(trace, *task);
                flow.tasks[idx.at()].lists.tasks.sort_by_key(|task| std::cmp::Reverse(lasted(task)));
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

/// How long the runs of a task of the first flow lasted, added up.
fn lasted(trace: &Trace, task: TaskIdx) -> SimTime {
    let of_task = trace.iter().filter(|(_, run)| run.execution == ExecutionIdx::FIRST && run.task == task);
    of_task.fold(SimTime::ZERO, |sum, (run, _)| sum + (trace.ended(run) - trace.created(run)))
}

/// What a run is recognized by in another run of the same flow.
type Key = (u32, TaskIdx, Option<Rc<str>>, Option<u32>);

/// What a run of a flow comes to.
#[derive(Debug)]
struct Outcome {
    makespan: SimTime,
    /// When each run started.
    starts: Vec<(Key, Option<SimTime>)>,
}

impl Outcome {
    fn of(trace: &Trace) -> Self {
        let kept = trace.iter().filter(|(_, run)| !run.dropped);
        Self { makespan: makespan(trace), starts: kept.map(|(run, _)| (key(trace, run), started(trace, run))).collect() }
    }

    /// When a run started, if no other has the same key.
    fn start(&self, key: &Key) -> Option<SimTime> {
        let mut alike = self.starts.iter().filter(|(known, _)| known == key);
        alike.next().filter(|_| alike.next().is_none()).and_then(|(_, start)| *start)
    }
}

fn key(trace: &Trace, run: RunIdx) -> Key {
    let taskrun = trace.run(run);
    (trace.execution(taskrun.execution).flow.0, taskrun.task, taskrun.value.as_ref().map(Value::print), taskrun.iteration)
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

/// How long the last attempt of a run was RUNNING.
pub(super) fn last_attempt(trace: &Trace, run: RunIdx) -> SimTime {
    let history = trace.history(run);
    let ends = history.iter().skip(1).map(|(at, _)| *at).chain([trace.end]);
    let running = history.iter().zip(ends).filter(|((_, state), _)| *state == State::Running);
    running.last().map_or(SimTime::ZERO, |((from, _), to)| to - *from)
}

/// Simulates changes of one run, each once.
pub struct Help<'a> {
    flows: &'a [Flow],
    scenario: &'a Scenario,
    trace: &'a Trace,
    now: Outcome,
    known: RefCell<Vec<(Change, Option<Rc<Outcome>>)>>,
    /// By run, its waits, once they were asked for.
    waits: RefCell<Vec<Option<Vec<Rc<Wait>>>>>,
}

impl<'a> Help<'a> {
    /// Nothing has been simulated yet but the run itself.
    #[must_use]
    pub fn new(flows: &'a [Flow], scenario: &'a Scenario, trace: &'a Trace) -> Self {
        Self {
            flows,
            scenario,
            trace,
            now: Outcome::of(trace),
            known: RefCell::default(),
            waits: RefCell::new(vec![None; trace.runs.len()]),
        }
    }

    /// The makespan with a change; `None` when there is nothing to change.
    #[must_use]
    pub fn makespan(&self, change: &Change) -> Option<SimTime> {
        self.outcome(change).map(|outcome| outcome.makespan)
    }

    fn outcome(&self, change: &Change) -> Option<Rc<Outcome>> {
        if let Some((_, known)) = self.known.borrow().iter().find(|(known, _)| known == change) {
            return known.clone();
        }
        let simulated = change.apply(self.flows, self.scenario, self.trace);
        let outcome = simulated.map(|(flows, scenario)| Rc::new(Outcome::of(&simulate(&flows, &scenario))));
        self.known.borrow_mut().push((change.clone(), outcome.clone()));
        outcome
    }

    /// What a change would do to a run and to the flow.
    #[must_use]
    pub fn changed(&self, change: Change, run: Option<RunIdx>) -> Option<Counterfactual> {
        let outcome = self.outcome(&change)?;
        let start = |of: &Outcome| run.and_then(|run| of.start(&key(self.trace, run)));
        let (start, now_start) = (start(&outcome), start(&self.now));
        let start = start.filter(|_| now_start.is_some());
        let (makespan, now_makespan) = (outcome.makespan, self.now.makespan);
        Some(Counterfactual { change, run, start, now_start, makespan, now_makespan, none_helps: false })
    }

    /// The changes that bear on the waits of a run, in the order in which its blockers lead to them.
    #[must_use]
    pub fn of(&self, why: &Why<'_>, run: RunIdx) -> Vec<Claim> {
        let own = |wait: &Wait| self.of_wait(wait).into_iter().filter_map(|change| self.changed(change, Some(run))).filter(differs);
        let others: Vec<Counterfactual> = self.waits(why, run).iter().flat_map(|wait| own(wait)).collect();
        claims(self.slots(why, run).into_iter().chain(others))
    }

    /// Those of them that are numbers of slots.
    #[must_use]
    pub fn of_slots(&self, why: &Why<'_>, run: RunIdx) -> Vec<Claim> {
        claims(self.slots(why, run).into_iter())
    }

    fn slots(&self, why: &Why<'_>, run: RunIdx) -> Vec<Counterfactual> {
        let chain = self.chain(why, run);
        if chain.is_empty() {
            return Vec::new();
        }
        let more = self.groups(&chain).into_iter().flat_map(|group| self.more_slots(group, run));
        let is_in_turn = self.waits(why, run).iter().any(|wait| wait.cause == Cause::Previous);
        more.chain(if is_in_turn { self.slots_beyond(run) } else { None }).collect()
    }

    /// The waits that lead to the start of a run, back to the start of the flow.
    fn chain(&self, why: &Why<'_>, run: RunIdx) -> Vec<Rc<Wait>> {
        let mut chain: Vec<Rc<Wait>> = Vec::new();
        let mut next = Some(run);
        for _ in 0..MOST_STEPS {
            let Some(at) = next else { break };
            let waits = self.waits(why, at);
            let last = waits.last().and_then(|wait| wait.by.iter().rev().find(|by| by.until == Some(wait.to)));
            next = last.map(|by| self.last_leaf(why, by.run)).or(self.trace.run(at).parent).filter(|next| *next != at);
            chain.extend(waits);
        }
        chain
    }

    /// The waits of a run, found once.
    fn waits(&self, why: &Why<'_>, run: RunIdx) -> Vec<Rc<Wait>> {
        let of_claim = |claim| if let Claim::Waited(wait) = claim { Some(Rc::new(wait)) } else { None };
        let found = || why.waits(run).into_iter().filter_map(of_claim).collect();
        self.waits.borrow_mut()[run.at()].get_or_insert_with(found).clone()
    }

    /// The run below a group that ended last, or the run itself.
    fn last_leaf(&self, why: &Why<'_>, run: RunIdx) -> RunIdx {
        let mut at = run;
        while let Some(last) = why.last_child(at) {
            at = last;
        }
        at
    }

    /// The groups of the first flow whose slots can be set: those that some of the waits were for, then those around the runs.
    fn groups(&self, chain: &[Rc<Wait>]) -> Vec<TaskIdx> {
        let of_wait = |wait: &Rc<Wait>| wait.group.filter(|_| wait.cause == Cause::Slot).map(|group| self.trace.run(group));
        let is_first = |run: &&crate::sim::trace::TaskRun| run.execution == ExecutionIdx::FIRST;
        let mut groups: Vec<TaskIdx> = Vec::new();
        let waited = chain.iter().filter_map(of_wait).filter(is_first).map(|run| run.task);
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
            let run = self.trace.iter().find(|(_, run)| run.execution == ExecutionIdx::FIRST && run.task == group);
            run.map_or(task.limit(), |(_, run)| run.concurrent)
        })
    }

    /// The most children a run of a group had.
    #[must_use]
    pub fn n_children(&self, group: TaskIdx) -> u32 {
        let is_group = |run: RunIdx| self.trace.run(run).execution == ExecutionIdx::FIRST && self.trace.run(run).task == group;
        let n_below = |group| self.trace.runs.iter().filter(|run| run.parent == Some(group)).count() as u32;
        self.trace.iter().map(|(run, _)| run).filter(|run| is_group(*run)).map(n_below).max().unwrap_or(0)
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
        let helps = |changed: &&Counterfactual| {
            changed.start < changed.now_start && changed.start.is_some() || changed.makespan < changed.now_makespan
        };
        let best = all.iter().find(helps).cloned();
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
        let around = std::iter::successors(self.trace.run(run).parent, |group| self.trace.run(*group).parent);
        let group = around.map(|group| self.trace.run(group).task).find(|group| self.flows[0].task(*group).has_slots())?;
        let (limit, most) = (self.limit(group), self.n_children(group));
        if self.trace.run(run).execution != ExecutionIdx::FIRST || (1..most).contains(&limit) {
            return None;
        }
        let changed = self.changed(Change::Set(vec![(self.flows[0].task(group).id.to_string(), most.max(limit + 1))]), Some(run))?;
        (!differs(&changed) && changed.start.is_some()).then_some(Counterfactual { none_helps: true, ..changed })
    }

    /// Changes of what a run waited for itself.
    fn of_wait(&self, wait: &Wait) -> Vec<Change> {
        let flow = &self.flows[0];
        let run = self.trace.run(wait.run);
        if run.execution != ExecutionIdx::FIRST {
            return Vec::new();
        }
        let mut changes = Vec::new();
        let group = wait.group.map(|group| self.trace.run(group).task);
        let last = wait.by.iter().rev().find(|by| by.until == Some(wait.to)).map(|by| self.trace.run(by.run));
        match wait.cause {
            Cause::Worker => changes.extend(self.scenario.workers.map(|n| Change::Workers(n + 1))),
            Cause::Slot => changes.extend(group.map(|group| Change::LongestFirst(flow.task(group).id.to_string()))),
            Cause::Previous => changes.extend(group.map(|group| Change::Parallel(flow.task(group).id.to_string()))),
            Cause::DependsOn => {
                let by = wait.by.iter().rev().take(MOST_DEPENDENCIES).map(|by| flow.task(self.trace.run(by.run).task));
                changes.extend(by.map(|on| Change::Without(flow.task(run.task).id.to_string(), on.id.to_string())));
            }
            Cause::Retry | Cause::Timer | Cause::Person | Cause::Pause | Cause::Errors | Cause::Concurrency => {}
        }
        if let Some(last) = last.filter(|last| last.execution == ExecutionIdx::FIRST && !flow.task(last.task).is_group()) {
            let length = wait.by.iter().rev().find(|by| by.until == Some(wait.to)).map(|by| last_attempt(self.trace, by.run));
            let half =
                length.filter(|length| length.0 > 1).map(|length| Change::Duration(flow.task(last.task).id.to_string(), length.0 / 2));
            changes.extend(half);
        }
        changes
    }
}
