//! Shared by several tests: from a text to its run.

use parallelogram::analysis::makespan::makespan;
use parallelogram::diag;
use parallelogram::flow::{Flow, Version, read_text_for};
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::simulate;
use parallelogram::sim::trace::Trace;
use parallelogram::source::Source;

/// The flows of a text that has no errors, by the rules of the base.
pub fn flows(text: &str) -> Vec<Flow> {
    flows_for(text, Version::V0_21)
}

/// The flows of a text that has no errors, by the rules of a version.
pub fn flows_for(text: &str, version: Version) -> Vec<Flow> {
    let source = Source::new("flow.yaml", text);
    let (_, flows, diagnostics) = read_text_for(&source, Some(version));
    let errors: Vec<String> = diagnostics.iter().filter(|found| found.is_error()).map(|found| diag::render(found, &source)).collect();
    assert!(errors.is_empty(), "{}\nin\n{text}", errors.join("\n"));
    flows
}

/// The run of a text with other slots for one group; 0 is no limit.
#[allow(dead_code)] // Not every test that shares this file changes slots.
pub fn run_with(text: &str, group: &str, slots: u32) -> (Vec<Flow>, Trace) {
    let flows = flows(text);
    assert!(flows[0].find(group).is_some(), "there is no `{group}` in\n{text}");
    let trace = simulate(&flows, &Scenario { concurrent: [(group.to_owned(), slots)].into(), ..Scenario::default() });
    (flows, trace)
}

/// The makespan in milliseconds with other slots for one group; 0 is no limit.
#[allow(dead_code)] // Likewise.
pub fn makespan_ms(text: &str, group: &str, slots: u32) -> u64 {
    makespan(&run_with(text, group, slots).1).0
}
