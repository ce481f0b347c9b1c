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
    if let Some(given) = &trace.run(run).outputs {
        merge(merged, &path(flows, trace, run), given);
    }
}

/// Adds a taskrun without outputs: its task has an entry from here on.
pub(super) fn add_empty(merged: &mut Map, flows: &[Flow], trace: &Trace, run: RunIdx) {
    let id = &trace.flow_of(flows, trace.run(run).execution).task(trace.run(run).task).id;
    if merged.get(id).is_none() {
        merged.insert(Rc::clone(id), Value::Map(Rc::default()));
    }
}

/// Removes what one taskrun gave out.
pub(super) fn remove(merged: &mut Map, flows: &[Flow], trace: &Trace, run: RunIdx) {
    let path = path(flows, trace, run);
    let Some((last, above)) = path.split_last() else { return };
    let mut map = merged;
    for key in above {
        let Some(Value::Map(inner)) = map.get_mut(key) else { return };
        map = Rc::make_mut(inner);
    }
    map.remove(last);
}

/// Where a taskrun has its outputs: below the id of its task the values of the groups around it, and its own value.
fn path(flows: &[Flow], trace: &Trace, run: RunIdx) -> Vec<Rc<str>> {
    let around = std::iter::successors(Some(run), |run| trace.run(*run).parent);
    let mut path: Vec<Rc<str>> = around.filter_map(|run| trace.run(run).value.as_ref().map(Value::print)).collect();
    let taskrun = trace.run(run);
    path.push(Rc::clone(&trace.flow_of(flows, taskrun.execution).task(taskrun.task).id));
    path.reverse();
    path
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
