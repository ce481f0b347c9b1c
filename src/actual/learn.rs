//! What real executions of a flow teach: how long each of its tasks takes and how often it fails, how long the server takes to hand a task
//! over, and how many it runs at once.

use std::collections::BTreeMap;

use super::fit::{mean_without_outliers, quantile, takes};
use super::gap::Gap;
use super::{Execution, Overlay, TaskRun, began, callers};
use crate::analysis::spread::Spread;
use crate::flow::state::State;
use crate::flow::{Flow, SimNote, Takes, Task, TaskIdx};
use crate::sim::scenario::Scenario;
use crate::sim::simulate;
use crate::sim::trace::Trace;
use crate::time::SimTime;

/// A length that differs by less from the simulated one needs no note: milliseconds, and a share of the length.
const SAME: (u64, u64) = (50, 25);
/// A task that waits for longer than this and for longer than so many hand-overs waits for a worker, if it is not the only one.
const LONG_WAIT: (SimTime, u64) = (SimTime(500), 10);
/// So many waits show a limit.
const LEAST_WAITS: usize = 2;

/// What was learned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learned {
    /// How many runs of the flow it comes from, each with all that it started.
    pub n_runs: usize,
    /// The tasks that ran, in the order of the flow.
    pub tasks: Vec<Timing>,
    /// How long each task waited for its begin after what released it had ended, in order.
    pub hand_overs: Vec<SimTime>,
    /// How many leaves ran at once, at most.
    pub most_at_once: u32,
    /// How many waited for long while so many ran. From two on it is a limit.
    pub n_waits: usize,
}

/// What was learned of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timing {
    /// The task.
    pub task: TaskIdx,
    /// The lengths of its attempts, in order: those that succeeded, or all if none did.
    pub lengths: Vec<SimTime>,
    /// How many attempts it had, and how many of them failed.
    pub n_attempts: usize,
    /// The failed ones.
    pub n_failed: usize,
    /// The note that it needs; `None` where the simulation says so already.
    pub note: Option<SimNote>,
}

impl Learned {
    /// What a hand-over takes on average, without one in twenty at each end: a run is late by the sum of its hand-overs.
    #[must_use]
    pub fn dispatch_delay(&self) -> SimTime {
        mean_without_outliers(&self.hand_overs)
    }

    /// How many workers there seem to be; `None` where nothing had to wait for one.
    #[must_use]
    pub fn workers(&self) -> Option<u32> {
        Some(self.most_at_once).filter(|_| self.n_waits >= LEAST_WAITS)
    }

    /// The notes of the tasks that need one.
    #[must_use]
    pub fn notes(&self) -> BTreeMap<TaskIdx, SimNote> {
        self.tasks.iter().filter_map(|timing| Some((timing.task, timing.note?))).collect()
    }

    /// These settings with what was learned of the server.
    #[must_use]
    pub fn settings(&self, scenario: &Scenario) -> Scenario {
        Scenario { dispatch_delay: self.dispatch_delay(), workers: self.workers().or(scenario.workers), ..scenario.clone() }
    }

    /// The flows with the notes, and the settings with what was learned of the server.
    #[must_use]
    pub fn applied(&self, flows: &[Flow], scenario: &Scenario) -> (Vec<Flow>, Scenario) {
        (with_notes(flows, &self.notes()), self.settings(scenario))
    }
}

/// Executions in groups: each with all that it started.
#[must_use]
pub fn apart(executions: Vec<Execution>) -> Vec<Vec<Execution>> {
    let mut roots: Vec<usize> =
        callers(&executions).into_iter().enumerate().map(|(at, caller)| caller.map_or(at, |(one, _)| one)).collect();
    // Each step goes twice as far up, so that it ends even where executions start each other.
    for _ in 0..=executions.len().checked_ilog2().unwrap_or(0) {
        roots = roots.iter().map(|above| roots[*above]).collect();
    }
    let mut groups: BTreeMap<usize, Vec<Execution>> = BTreeMap::new();
    executions.into_iter().zip(roots).for_each(|(one, root)| groups.entry(root).or_default().push(one));
    groups.into_values().collect()
}

/// The same on a clock that begins with it.
fn from_zero(mut group: Vec<Execution>) -> Vec<Execution> {
    let first = group.iter_mut().flat_map(|one| one.times_mut().map(|at| *at).min()).min().unwrap_or_default();
    group.iter_mut().for_each(|one| one.times_mut().for_each(|at| *at = *at - first));
    group
}

/// Learns from runs of the first flow, as [`apart`] gives them. `scenario` is how they are simulated to see what is known already.
#[must_use]
pub fn learn(flows: &[Flow], scenario: &Scenario, runs: &[Vec<Execution>]) -> Learned {
    let Some(flow) = flows.first() else {
        return Learned { n_runs: 0, tasks: Vec::new(), hand_overs: Vec::new(), most_at_once: 0, n_waits: 0 };
    };
    let simulated = simulate(flows, scenario);
    let of_task = |(idx, task): (TaskIdx, &Task)| timing(flows, &simulated, runs, idx, task);
    let tasks: Vec<Timing> = flow.iter().filter_map(of_task).collect();
    // What released a task is known where the simulation goes as the real run did.
    let middle =
        |timing: &Timing| Some((timing.task, SimNote { takes: Some(Takes::always(quantile(&timing.lengths, 500)?)), ..timing.note? }));
    let flows = with_notes(flows, &tasks.iter().filter_map(middle).collect());
    let like_real = simulate(&flows, scenario);
    let mut hand_overs: Vec<SimTime> = runs.iter().flat_map(|run| waits(&flows, &like_real, run)).collect();
    hand_overs.sort_unstable();
    // The shorter ones are hand-overs for certain: the longer ones may be waits for a worker.
    let usual = quantile(&hand_overs, 250).unwrap_or_default();
    let long = LONG_WAIT.0.max(SimTime(usual.0.saturating_mul(LONG_WAIT.1)));
    let (most_at_once, n_waits) = at_once(flow, runs, long);
    if n_waits >= LEAST_WAITS {
        hand_overs.retain(|wait| *wait <= long);
    }
    Learned { n_runs: runs.len(), tasks, hand_overs, most_at_once, n_waits }
}

fn with_notes(flows: &[Flow], notes: &BTreeMap<TaskIdx, SimNote>) -> Vec<Flow> {
    let mut flows = flows.to_vec();
    if let Some(flow) = flows.first_mut() {
        notes.iter().for_each(|(idx, note)| idx.of_mut(&mut flow.tasks).sim_note = Some(*note));
    }
    flows
}

/// What the runs teach of a task; `None` of a group, and of one that never ran.
fn timing(flows: &[Flow], simulated: &Trace, runs: &[Vec<Execution>], idx: TaskIdx, task: &Task) -> Option<Timing> {
    if task.is_group() || !(task.needs_worker() || task.usual_length(flows).is_some()) {
        return None;
    }
    let own = |one: &&Execution| *one.flow == *flows[0].id;
    let real = runs.iter().flatten().filter(own).flat_map(|one| &one.runs).filter(|run| *run.task == *task.id);
    let attempts: Vec<(SimTime, State)> = real.flat_map(attempts).collect();
    let ended = |failed: bool| attempts.iter().filter(move |(_, state)| (*state == State::Failed) == failed).map(|(length, _)| *length);
    let mut lengths: Vec<SimTime> = if ended(false).next().is_some() { ended(false).collect() } else { ended(true).collect() };
    lengths.sort_unstable();
    let (n_attempts, n_failed) = (attempts.len(), ended(true).count());
    let takes = takes(&lengths)?;
    let of_task =
        |run: &crate::sim::trace::TaskRun| run.task == idx && simulated.execution(run.execution).flow == crate::flow::FlowIdx::FIRST;
    let known: Vec<_> = simulated.runs.iter().filter(|run| of_task(run)).flat_map(|run| &run.attempts).collect();
    // A task that fails in the simulation does so because of what it is.
    let fails = if known.iter().any(|attempt| attempt.state == State::Failed) { 0 } else { percent(n_failed, n_attempts) };
    let is_known = |length: SimTime| takes.only().is_some_and(|real| real.0.abs_diff(length.0) <= SAME.0 + real.0 / SAME.1);
    let is_said = task.sim_note.is_none()
        && task.usual_length(flows).is_none()
        && known.iter().all(|attempt| attempt.ended.is_some_and(|ended| is_known(ended - attempt.began)));
    let note = SimNote { takes: Some(takes), fails_percent: fails };
    Some(Timing { task: idx, lengths, n_attempts, n_failed, note: Some(note).filter(|_| !is_said || fails > 0) })
}

/// The lengths of the attempts that ended by themselves, and how they ended.
fn attempts(run: &TaskRun) -> Vec<(SimTime, State)> {
    let by_itself = |state: State| matches!(state, State::Success | State::Warning | State::Failed);
    if !run.attempts.is_empty() {
        let ended = run.attempts.iter().filter_map(|attempt| Some((attempt.ended? - attempt.began, attempt.state)));
        return ended.filter(|(_, state)| by_itself(*state)).collect();
    }
    let pairs = run.history.windows(2).filter(|pair| pair[0].1.is_running() && by_itself(pair[1].1));
    pairs.map(|pair| (pair[1].0 - pair[0].0, pair[1].1)).collect()
}

/// So many of all in percent, but 0 and 100 only where it was none or all.
fn percent(n: usize, of: usize) -> u32 {
    match n {
        0 => 0,
        n if n == of => 100,
        n => u32::try_from((n * 100 + of / 2) / of).unwrap_or(99).clamp(1, 99),
    }
}

/// How long each leaf of a run waited for its begin, beyond what is simulated.
fn waits(flows: &[Flow], trace: &Trace, run: &[Execution]) -> Vec<SimTime> {
    let Ok(overlay) = Overlay::new(flows, trace, from_zero(run.to_vec())) else { return Vec::new() };
    let at_worker = overlay.gaps.iter().filter(|gap| gap.start_ms.is_some() && trace.task_of(flows, gap.run).needs_worker());
    let first = |gap: &Gap| {
        let began = began(&overlay.run(gap.real).history);
        gap.hand_overs.first().filter(|(_, to)| Some(*to) == began).map_or(SimTime::ZERO, |(from, to)| *to - *from)
    };
    at_worker.map(first).collect()
}

/// How many leaves of all runs went on at once at most, and how many waited for longer than `long` while so many did.
fn at_once(flow: &Flow, runs: &[Vec<Execution>], long: SimTime) -> (u32, usize) {
    let is_leaf = |run: &&TaskRun| flow.tasks.iter().any(|task| *task.id == *run.task && task.needs_worker());
    let leaves: Vec<&TaskRun> =
        runs.iter().flatten().filter(|one| *one.flow == *flow.id).flat_map(|one| &one.runs).filter(is_leaf).collect();
    let mut changes: Vec<(SimTime, i32)> = Vec::new();
    for pair in leaves.iter().flat_map(|run| run.history.windows(2)).filter(|pair| pair[0].1.is_running()) {
        changes.extend([(pair[0].0, 1), (pair[1].0, -1)]);
    }
    changes.sort_unstable();
    let mut busy: BTreeMap<SimTime, i32> = BTreeMap::new();
    changes.iter().fold(0, |n, (at, change)| {
        busy.insert(*at, n + change);
        n + change
    });
    let most = busy.values().copied().max().unwrap_or(0);
    let waited = leaves.iter().flat_map(|run| run.history.windows(2)).filter(|pair| {
        let is_wait = matches!(pair[0].1, State::Created | State::Submitted) && pair[1].1.is_running() && pair[1].0 - pair[0].0 > long;
        // From the last change before it was long on.
        let from = busy.range(..=pair[0].0 + long).next_back().map_or(SimTime::ZERO, |(at, _)| *at);
        is_wait && busy.range(from..pair[1].0.max(from)).all(|(_, n)| *n == most) && most > 0
    });
    (u32::try_from(most).unwrap_or(0), waited.count())
}

/// How well half of the runs predict the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Halves {
    /// How long the held-back runs took.
    pub real: Spread,
    /// How long the simulated ones take, by what the first half teaches.
    pub simulated: Spread,
    /// How many of the held-back runs lie between the shortest and the longest simulated one, give or take a twentieth.
    pub n_within: usize,
}

impl Halves {
    /// By how much of the real middle the simulated one is off, in thousandths.
    #[must_use]
    pub fn error_thousandths(&self) -> u64 {
        let (real, simulated) = (self.real.percentile(50).0, self.simulated.percentile(50).0);
        real.abs_diff(simulated) * 1000 / real.max(1)
    }
}

/// Learns from every second run and predicts the others by `n_seeds` simulations; `None` of fewer than four runs.
#[must_use]
pub fn halves(flows: &[Flow], scenario: &Scenario, runs: &[Vec<Execution>], n_seeds: u32) -> Option<Halves> {
    if runs.len() < 4 {
        return None;
    }
    let half = |n: usize| runs.iter().skip(n).step_by(2).cloned().collect::<Vec<_>>();
    let learned = learn(flows, scenario, &half(0));
    let (flows, scenario) = learned.applied(flows, scenario);
    let length = |run: &Vec<Execution>| {
        let root = &run.first()?.history;
        Some(super::ended(root)? - began(root)?)
    };
    let real = Spread::of(half(1).iter().filter_map(length).collect())?;
    let simulated = crate::analysis::spread::spread(&flows, &scenario, n_seeds)?;
    let (shortest, longest) = simulated.ends();
    let (from, to) = (SimTime(shortest.0 - shortest.0 / 20), SimTime(longest.0 + longest.0 / 20));
    let n_within = half(1).iter().filter_map(length).filter(|real| (from..=to).contains(real)).count();
    Some(Halves { real, simulated, n_within })
}
