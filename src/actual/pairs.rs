//! Which real taskrun is which simulated one: by task, value, iteration, the run around it, and their order.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Execution, began, callers};
use crate::diag::Diagnostic;
use crate::flow::Flow;
use crate::sim::trace::{Children, ExecutionIdx, RunIdx, TaskRun, Trace};
use crate::source::Span;
use crate::tr;

/// A real taskrun: indices of its execution, and of itself there.
pub type Place = (usize, usize);

/// Real executions and taskruns with the simulated ones that they are, and what is left of both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pairs {
    /// The executions that are the same.
    pub executions: Vec<(usize, ExecutionIdx)>,
    /// The taskruns that are the same, in order of the simulated ones.
    pub runs: Vec<(Place, RunIdx)>,
    /// Real executions that were not simulated.
    pub only_real_executions: Vec<usize>,
    /// Simulated executions that are not among the real ones.
    pub only_simulated_executions: Vec<ExecutionIdx>,
    /// Real taskruns that were not simulated, without those of executions that were not.
    pub only_real: Vec<Place>,
    /// Simulated taskruns that are not among the real ones, without those of executions that are not.
    pub only_simulated: Vec<RunIdx>,
}

/// Pairs real executions with those of a trace.
///
/// # Errors
/// None of them is an execution of the first flow.
pub fn pairs(flows: &[Flow], trace: &Trace, real: &[Execution]) -> Result<Pairs, Diagnostic> {
    let flow = flows.first().map_or("", |flow| &flow.id);
    if real.iter().all(|one| one.flow != *flow) {
        let other = real.first().map_or("", |one| &one.flow);
        let message = tr!("this is an execution of `{other}`, not of `{flow}`", other, flow);
        return Err(Diagnostic::error("other-flow", Span::default(), message).help(tr!("give an execution of `{flow}`", flow)));
    }
    let mut search = Search::new(flows, trace, real);
    let roots: Vec<usize> = (0..real.len()).filter(|one| search.callers[*one].is_none()).collect();
    search.pair_executions(&roots, &trace.roots().collect::<Vec<_>>(), true);
    // Then those whose caller is not in the file, or does not say which of its taskruns it was.
    let real_left: Vec<usize> = (0..real.len()).filter(|one| !search.has_real[*one]).collect();
    let left: Vec<ExecutionIdx> = trace.execution_indices().filter(|one| !search.has_simulated[one.at()]).collect();
    search.pair_executions(&real_left, &left, false);
    Ok(search.found())
}

struct Search<'a> {
    flows: &'a [Flow],
    trace: &'a Trace,
    real: &'a [Execution],
    callers: Vec<Option<(usize, Option<usize>)>>,
    /// The executions that taskruns started.
    real_called: BTreeMap<Place, Vec<usize>>,
    called: BTreeMap<RunIdx, Vec<ExecutionIdx>>,
    children: Children,
    has_real: Vec<bool>,
    has_simulated: Vec<bool>,
    executions: Vec<(usize, ExecutionIdx)>,
    runs: Vec<(Place, RunIdx)>,
}

impl<'a> Search<'a> {
    fn new(flows: &'a [Flow], trace: &'a Trace, real: &'a [Execution]) -> Self {
        let callers = callers(real);
        let mut real_called: BTreeMap<Place, Vec<usize>> = BTreeMap::new();
        for (at, caller) in callers.iter().enumerate() {
            if let Some((execution, Some(run))) = caller {
                real_called.entry((*execution, *run)).or_default().push(at);
            }
        }
        let mut called: BTreeMap<RunIdx, Vec<ExecutionIdx>> = BTreeMap::new();
        for execution in trace.execution_indices() {
            if let Some(caller) = trace.execution(execution).started_by {
                called.entry(caller).or_default().push(execution);
            }
        }
        Self {
            flows,
            trace,
            real,
            callers,
            real_called,
            called,
            children: trace.children(),
            has_real: vec![false; real.len()],
            has_simulated: vec![false; trace.executions.len()],
            executions: Vec::new(),
            runs: Vec::new(),
        }
    }

    /// Pairs executions of the same flow, and of the same iteration if that is to be so, with all that they hold and start. They are taken
    /// in the order in which they began: which of several begins first is a race.
    fn pair_executions(&mut self, real: &[usize], simulated: &[ExecutionIdx], by_iteration: bool) {
        let mut to_do = vec![(real.to_vec(), simulated.to_vec())];
        while let Some((mut real, mut simulated)) = to_do.pop() {
            let (trace, all) = (self.trace, self.real);
            let started = |history| (began(history).is_none(), began(history));
            real.sort_by_key(|one| started(&all[*one].history));
            simulated.sort_by_key(|one| started(trace.execution_history(*one)));
            let iteration = |one: Option<u32>| one.filter(|_| by_iteration);
            let real_key = |one: &usize| (all[*one].flow.as_str(), iteration(all[*one].iteration));
            let key = |one: &ExecutionIdx| {
                let of = trace.execution(*one).iteration.as_ref().map(|of| of.index);
                (&*trace.flow_of(self.flows, *one).id, iteration(of))
            };
            for (one, other) in paired(&real, real_key, &simulated, key) {
                if self.has_real[one] || self.has_simulated[other.at()] {
                    continue;
                }
                (self.has_real[one], self.has_simulated[other.at()]) = (true, true);
                self.executions.push((one, other));
                let first = self.runs.len();
                self.pair_runs(one, other);
                for (place, run) in &self.runs[first..] {
                    if let (Some(real), Some(simulated)) = (self.real_called.get(place), self.called.get(run)) {
                        to_do.push((real.clone(), simulated.clone()));
                    }
                }
            }
        }
    }

    /// Pairs the taskruns of two executions, from the top down.
    fn pair_runs(&mut self, real: usize, simulated: ExecutionIdx) {
        let all = &self.real[real].runs;
        let mut below: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
        all.iter().enumerate().for_each(|(at, run)| below.entry(run.parent).or_default().push(at));
        let nothing = Vec::new();
        let mut to_do = vec![(None, self.children.at_top(simulated))];
        while let Some((parent, runs)) = to_do.pop() {
            let runs: Vec<RunIdx> = runs.iter().copied().filter(|run| !self.trace.run(*run).dropped).collect();
            let real_key = |at: &usize| real_key(&all[*at]);
            for (at, run) in paired(below.get(&parent).unwrap_or(&nothing), real_key, &runs, |run| self.key(*run)) {
                self.runs.push(((real, at), run));
                to_do.push((Some(at), self.children.of(run)));
            }
        }
    }

    fn key(&self, run: RunIdx) -> Key {
        let taskrun = self.trace.run(run);
        let value = taskrun.value.as_ref().map(|value| value.as_str().map_or_else(|| value.to_json(), str::to_owned));
        (self.trace.task_of(self.flows, run).id.to_string(), value, taskrun.iteration)
    }

    fn found(mut self) -> Pairs {
        self.runs.sort_by_key(|(_, run)| *run);
        let paired: BTreeSet<Place> = self.runs.iter().map(|(place, _)| *place).collect();
        let simulated: BTreeSet<RunIdx> = self.runs.iter().map(|(_, run)| *run).collect();
        let places = (0..self.real.len()).filter(|one| self.has_real[*one]).flat_map(|one| {
            let n_runs = self.real[one].runs.len();
            (0..n_runs).map(move |run| (one, run))
        });
        let is_left = |(run, taskrun): &(RunIdx, &TaskRun)| {
            self.has_simulated[taskrun.execution.at()] && !taskrun.dropped && !simulated.contains(run)
        };
        Pairs {
            only_real: places.filter(|place| !paired.contains(place)).collect(),
            only_simulated: self.trace.iter().filter(is_left).map(|(run, _)| run).collect(),
            only_real_executions: (0..self.real.len()).filter(|one| !self.has_real[*one]).collect(),
            only_simulated_executions: self.trace.execution_indices().filter(|one| !self.has_simulated[one.at()]).collect(),
            executions: self.executions,
            runs: self.runs,
        }
    }
}

/// A task, the value it runs for, and the place of that value or the round.
type Key = (String, Option<String>, Option<u32>);

fn real_key(run: &super::TaskRun) -> Key {
    (run.task.clone(), run.value.clone(), run.iteration)
}

/// The items of two lists that have the same key, each with the next of the other list.
fn paired<A: Copy, B: Copy, K: Ord>(real: &[A], real_key: impl Fn(&A) -> K, simulated: &[B], key: impl Fn(&B) -> K) -> Vec<(A, B)> {
    let mut by_key: BTreeMap<K, VecDeque<B>> = BTreeMap::new();
    simulated.iter().for_each(|one| by_key.entry(key(one)).or_default().push_back(*one));
    real.iter().filter_map(|one| Some((*one, by_key.get_mut(&real_key(one))?.pop_front()?))).collect()
}
