//! One line for each segment, for spreadsheets. RFC 4180, with `\n` line ends.

use std::fmt::Write;

use crate::analysis::segments::{earlier_attempt, held_up_by, outcome, segments};
use crate::analysis::slots;
use crate::flow::Flow;
use crate::sim::names::run_key;
use crate::sim::trace::Trace;

/// A header, then a line for each segment, with the runs in order of creation. `by` is a list of run keys separated by spaces.
#[must_use]
pub fn csv(flows: &[Flow], trace: &Trace) -> String {
    let holders = slots::holders(trace);
    let mut out = "execution,task,run,kind,from_ms,to_ms,outcome,by\n".to_owned();
    for (run, taskrun) in trace.iter() {
        let flow = trace.flow_of(flows, taskrun.execution);
        let task = &flow.task(taskrun.task).id;
        let outcome = outcome(trace, run);
        for segment in segments(trace, run) {
            let by: Vec<_> =
                held_up_by(trace, run, segment.kind, &holders[run.at()]).into_iter().map(|by| run_key(flows, trace, by)).collect();
            let ended_in = earlier_attempt(trace, run, &segment).or(outcome);
            let outcome = ended_in.map_or("", |state| flow.dialect.state_name(state));
            let (execution, nth, kind) = (taskrun.execution.number(), taskrun.nth, segment.kind.name_in(flow.dialect));
            writeln!(out, "{execution},{task},{nth},{kind},{},{},{outcome},{}", segment.from.0, segment.to.0, by.join(" "))
                .expect("a string takes all that is written to it");
        }
    }
    out
}
