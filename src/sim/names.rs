//! What taskruns and executions are called, in files and among people, and their ids.

use std::rc::Rc;

use super::trace::{ExecutionIdx, Iteration, RunIdx, Trace};
use crate::flow::Flow;
use crate::random::mix;
use crate::tr;

/// What a run is called in rows, tests and files: `t4`, of a further run of the same task `t4~2`, and of the n-th
/// execution, n from 2, `x2.t4`.
#[must_use]
pub fn run_key(flows: &[Flow], trace: &Trace, run: RunIdx) -> Rc<str> {
    let taskrun = trace.run(run);
    let id = &trace.task_of(flows, run).id;
    match (taskrun.execution.0, taskrun.nth) {
        (0, 1) => Rc::clone(id),
        (0, nth) => Rc::from(format!("{id}~{nth}")),
        (execution, 1) => Rc::from(format!("x{}.{id}", execution + 1)),
        (execution, nth) => Rc::from(format!("x{}.{id}~{nth}", execution + 1)),
    }
}

/// What a run is called among people: the title of its task with the value it was run for, `load [spring]`; of the n-th
/// execution, n from 2, `load in execution 2`.
#[must_use]
pub fn run_name(flows: &[Flow], trace: &Trace, run: RunIdx) -> Rc<str> {
    let name = local_name(flows, trace, run);
    let execution = trace.run(run).execution;
    match (&trace.execution(execution).iteration, execution.0) {
        (Some(Iteration { value, .. }), _) => Rc::from(format!("{name} [{}]", short(value))),
        (None, 0) if trace.n_roots() == 1 => name,
        (None, n) => match created_title(flows, trace, execution) {
            Some(title) => Rc::from(tr!("{name} in {title}", name, title)),
            None => Rc::from(tr!("{name} in execution {n}", name, n = n + 1)),
        },
    }
}

/// What an execution is called among people: the value it runs for, the title of the release that a task created, or
/// `Execution 2`.
#[must_use]
pub fn execution_name(flows: &[Flow], trace: &Trace, idx: ExecutionIdx) -> Rc<str> {
    match (&trace.execution(idx).iteration, created_title(flows, trace, idx)) {
        (Some(iteration), _) => short(&iteration.value).into(),
        (None, Some(title)) => title,
        (None, None) => tr!("Execution {n}", n = idx.number()).into(),
    }
}

/// The title of a release that a task created.
fn created_title(flows: &[Flow], trace: &Trace, idx: ExecutionIdx) -> Option<Rc<str>> {
    let creator = trace.execution(idx).started_by?;
    let plan = trace.task_of(flows, creator).plan.as_ref()?;
    Some(plan.creates_title.clone().unwrap_or_else(|| Rc::clone(trace.flow_of(flows, idx).title())))
}

/// The beginning of a value that is long.
#[must_use]
pub fn short(value: &str) -> String {
    const LONGEST: usize = 40;
    let cut = if value.chars().count() > LONGEST { "…" } else { "" };
    value.chars().take(LONGEST).collect::<String>() + cut
}

/// The same in its own execution. Further runs for no value are counted: `t4~2`.
#[must_use]
pub fn local_name(flows: &[Flow], trace: &Trace, run: RunIdx) -> Rc<str> {
    name_in_execution(flows, trace, run, short)
}

/// The same with a long value in full.
#[must_use]
pub fn full_name(flows: &[Flow], trace: &Trace, run: RunIdx) -> Rc<str> {
    name_in_execution(flows, trace, run, str::to_owned)
}

fn name_in_execution(flows: &[Flow], trace: &Trace, run: RunIdx, shown: fn(&str) -> String) -> Rc<str> {
    let title = trace.task_of(flows, run).title();
    let around = std::iter::successors(Some(run), |run| trace.run(*run).parent);
    let value = around.map(|run| trace.run(run)).find_map(|run| run.value.as_ref());
    match (value, trace.run(run).nth) {
        (Some(value), _) => Rc::from(format!("{title} [{}]", shown(&value.print()))),
        (None, 1) => Rc::clone(title),
        (None, nth) => Rc::from(format!("{title}~{nth}")),
    }
}

/// The id of a taskrun: 22 letters and digits, the same for the same seed.
#[must_use]
pub fn taskrun_id(seed: u64, run: RunIdx) -> String {
    id(seed, u64::from(run.0) << 1)
}

/// The id of an execution: 22 letters and digits, the same for the same seed.
#[must_use]
pub fn execution_id(seed: u64, execution: ExecutionIdx) -> String {
    id(seed, u64::from(execution.0) << 1 | 1)
}

/// Kestra's ids look like this; ours are drawn from the seed and the number, mixed so that neighbours differ.
fn id(seed: u64, number: u64) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const LENGTH: usize = 22;
    let high = mix(seed.wrapping_add((number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)));
    let mut rest = u128::from(high) << 64 | u128::from(mix(high ^ number));
    let mut digits = [0; LENGTH];
    // Ten digits at a time: dividing 128 bits is slow, 64 bits is not.
    for digits in digits.rchunks_mut(10) {
        let mut ten = (rest % 62u128.pow(10)) as u64;
        rest /= 62u128.pow(10);
        for digit in digits.iter_mut().rev() {
            *digit = DIGITS[(ten % 62) as usize];
            ten /= 62;
        }
    }
    digits.iter().map(|digit| char::from(*digit)).collect()
}
