//! What the tasks of an execution gave out, as expressions see it. Rule: Kestra, "Outputs".

use std::rc::Rc;

use super::trace::{ExecutionIdx, RunIdx, Trace, What};
use crate::flow::Flow;
use crate::value::{Map, Value};

/// The outputs of all tasks of an execution of a finished run, by task id, and below that by the values of the groups round it.
#[must_use]
pub fn task_outputs(flows: &[Flow], trace: &Trace, execution: ExecutionIdx) -> Map {
    let mut merged = Map::new();
    for event in &trace.events {
        if let What::Run(run, _) = event.what
            && trace.run(run).execution == execution
        {
            add(&mut merged, flows, trace, run);
        }
    }
    merged
}

/// Adds what one taskrun gave out. What a task gives out for a value takes the place of what it gave out for it before.
pub(super) fn add(merged: &mut Map, flows: &[Flow], trace: &Trace, run: RunIdx) {
    let taskrun = trace.run(run);
    let Some(given) = &taskrun.outputs else { return };
    let around = std::iter::successors(Some(run), |run| trace.run(*run).parent);
    let mut path: Vec<Rc<str>> = around.filter_map(|run| trace.run(run).value.as_ref().map(Value::print)).collect();
    let flow = trace.flow_of(flows, taskrun.execution);
    path.push(Rc::clone(&flow.task(taskrun.task).id));
    path.reverse();
    merge(merged, &path, given);
}

fn merge(map: &mut Map, path: &[Rc<str>], outputs: &Value) {
    let Some((key, deeper)) = path.split_first() else { return };
    if deeper.is_empty() {
        return map.insert(Rc::clone(key), outputs.clone());
    }
    if !matches!(map.get(key), Some(Value::Map(_))) {
        map.insert(Rc::clone(key), Value::Map(Rc::default()));
    }
    if let Some(Value::Map(inner)) = map.get_mut(key) {
        merge(Rc::make_mut(inner), deeper, outputs);
    }
}
