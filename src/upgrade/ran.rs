//! A text, run under the rules of a version, and what its runs are known by: the same run before and after a rewrite has the same key.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::flow::state::State;
use crate::flow::{Flow, Version, choose, read_text_for};
use crate::sim::scenario::Scenario;
use crate::sim::simulate;
use crate::sim::trace::{RunIdx, Trace};
use crate::source::Source;
use crate::time::SimTime;

/// The flow of each run, the values around it, and its task.
pub type Key = (Rc<str>, Vec<Rc<str>>, Rc<str>);

/// When a run was made and ended, and in which state.
pub type Fact = (SimTime, SimTime, State);

/// A text, run under the rules of a version.
#[derive(Debug)]
pub struct Ran {
    /// The flows; the first one runs.
    pub flows: Rc<Vec<Flow>>,
    /// What happened.
    pub trace: Trace,
    /// The text of the flows.
    pub text: String,
}

impl Ran {
    /// Runs a text under the rules of a version, its first flow or the one with this id. `None` when it has errors.
    #[must_use]
    pub fn of(source: &Source, version: Version, chosen: Option<&str>, scenario: &Scenario) -> Option<Self> {
        let (_, mut flows, _) = read_text_for(source, Some(version));
        if let Some(chosen) = chosen {
            choose(&mut flows, chosen);
        }
        let trace = (!flows.is_empty()).then(|| simulate(&flows, scenario))?;
        Some(Self { flows: Rc::new(flows), trace, text: source.text.to_string() })
    }
}

/// The runs of each key, in order.
pub(super) fn by_key(flows: &[Flow], trace: &Trace) -> BTreeMap<Key, Vec<RunIdx>> {
    let mut runs: BTreeMap<Key, Vec<RunIdx>> = BTreeMap::new();
    for (run, _) in trace.iter().filter(|(_, taskrun)| !taskrun.dropped) {
        runs.entry(key_of(flows, trace, run)).or_default().push(run);
    }
    runs
}

/// The key of a run.
#[must_use]
pub fn key_of(flows: &[Flow], trace: &Trace, run: RunIdx) -> Key {
    let taskrun = trace.run(run);
    let flow = trace.flow_of(flows, taskrun.execution);
    (Rc::clone(&flow.id), values(trace, run), Rc::clone(&flow.task(taskrun.task).id))
}

/// The values that a run is for, the outermost first.
#[must_use]
pub fn values(trace: &Trace, run: RunIdx) -> Vec<Rc<str>> {
    let mut values = Vec::new();
    let mut at = Some(run);
    while let Some(run) = at {
        let taskrun = trace.run(run);
        values.extend(taskrun.value.as_ref().map(crate::value::Value::print));
        at = taskrun.parent;
        if at.is_none() {
            let execution = trace.execution(taskrun.execution);
            values.extend(execution.iteration.as_ref().map(|iteration| Rc::clone(&iteration.value)));
            at = execution.started_by;
        }
    }
    values.reverse();
    values
}

/// What a run did.
pub fn fact(trace: &Trace, run: RunIdx) -> Fact {
    (trace.created(run), trace.ended(run), trace.state(run))
}
