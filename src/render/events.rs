//! The event log as lines: `ms<TAB>taskId[~k]<TAB>what<TAB>detail`, in order.

use std::fmt::Write;

use super::run_key;
use crate::flow::Flow;
use crate::sim::trace::{Trace, What};

/// One line an event. Executions are called `-`; line breaks in messages are written `\n`.
#[must_use]
pub fn events(flows: &[Flow], trace: &Trace) -> String {
    let flow_of = |execution: u32| &flows[trace.executions[execution as usize].flow];
    let mut out = String::new();
    for event in &trace.events {
        let written = match event.what {
            What::Execution(_, state) => writeln!(out, "{}\t-\texecution\t{}", event.at.0, state.as_str()),
            What::Run(run, state) => {
                let key = run_key(flow_of(trace.run(run).execution), trace, run);
                writeln!(out, "{}\t{key}\tstate\t{}", event.at.0, state.as_str())
            }
            What::Log(entry) => {
                let entry = &trace.logs[entry as usize];
                let key = run_key(flow_of(trace.run(entry.run).execution), trace, entry.run);
                let message = entry.message.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t");
                writeln!(out, "{}\t{key}\tlog\t{} {message}", event.at.0, entry.level.as_str())
            }
        };
        written.expect("a string takes all that is written to it");
    }
    out
}
