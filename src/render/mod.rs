//! Traces to files: JSON, event lines, CSV, SVG and text. The same input gives the same bytes, everywhere.

pub mod csv;
pub mod events;
pub mod json;
pub mod svg;
pub mod text;

use std::rc::Rc;

use crate::flow::Flow;
use crate::sim::trace::{RunIdx, Trace};

/// What a run is called in rows, tests and files: `t4`, of a further run of the same task `t4~2`, and of the n-th
/// execution, n from 2, `x2.t4`.
#[must_use]
pub fn run_key(flow: &Flow, trace: &Trace, run: RunIdx) -> Rc<str> {
    let taskrun = trace.run(run);
    let id = &flow.task(taskrun.task).id;
    match (taskrun.execution, taskrun.nth) {
        (0, 1) => Rc::clone(id),
        (0, nth) => Rc::from(format!("{id}~{nth}")),
        (execution, 1) => Rc::from(format!("x{}.{id}", execution + 1)),
        (execution, nth) => Rc::from(format!("x{}.{id}~{nth}", execution + 1)),
    }
}

#[cfg(test)]
mod tests;
