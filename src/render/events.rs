//! The event log as lines: `ms<TAB>taskId[~k]<TAB>what<TAB>detail`, in order.

use std::fmt::Write;

use crate::flow::Flow;
use crate::sim::names::run_key;
use crate::sim::trace::ExecutionIdx;
use crate::sim::trace::{Trace, What};

/// One line for each event. The first execution is called `-`, the nth `x{n}.-`. Line breaks in messages are written `\n`.
#[must_use]
pub fn events(flows: &[Flow], trace: &Trace) -> String {
    let execution_key = |n: ExecutionIdx| if n == ExecutionIdx::FIRST { "-".to_owned() } else { format!("x{}.-", n.number()) };
    let mut out = String::new();
    let name = |execution: ExecutionIdx, state| trace.flow_of(flows, execution).dialect.state_name(state);
    for event in &trace.events {
        let written = match event.what {
            What::Execution(n, state) => {
                let key = execution_key(n);
                writeln!(out, "{}\t{key}\texecution\t{}", event.at.0, name(n, state))
            }
            What::Run(run, state) => {
                let key = run_key(flows, trace, run);
                writeln!(out, "{}\t{key}\tstate\t{}", event.at.0, name(trace.run(run).execution, state))
            }
            What::Replaced(run, state) => {
                let key = run_key(flows, trace, run);
                writeln!(out, "{}\t{key}\treplaced\t{}", event.at.0, name(trace.run(run).execution, state))
            }
            What::Log(entry) => {
                let entry = &trace.logs[entry as usize];
                let key = entry.run.map_or_else(|| execution_key(entry.execution).into(), |run| run_key(flows, trace, run));
                let message = entry.message.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t");
                writeln!(out, "{}\t{key}\tlog\t{} {message}", event.at.0, entry.level.as_str())
            }
        };
        written.expect("a string takes all that is written to it");
    }
    out
}
