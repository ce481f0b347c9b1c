//! Writes what the library makes of random flows to `bytes.jsonl` in cargo's folder for files of tests: `tests/firefox/bytes.test.mjs`
//! compares it with what browsers make of them.

#[allow(dead_code)] // Other tests use the rest.
mod any_group;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use parallelogram::app::run::{Reading, Run};
use parallelogram::flow::Version;
use parallelogram::render::{events, json};
use parallelogram::sim::scenario::Scenario;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

const N_FLOWS: usize = 1000;
/// Longer runs are left out: many of them never end.
const MOST_EVENTS: usize = 2000;

/// A line with the text and its files; `None` when the run is too long or the flow has an error.
fn line(text: &str) -> Option<String> {
    let reading = Reading::of(text, None);
    let run = Run::within(&reading, &Scenario::default(), &BTreeSet::new(), "", MOST_EVENTS).ok()??;
    let (flows, trace) = (&run.flows, &run.trace);
    let files = (events::events(flows, trace), json::json(flows, trace, std::slice::from_ref(&reading.source)), run.svg());
    let (events, json, svg) = files;
    Some(serde_json::json!({"yaml": text, "events": events, "json": json, "svg": svg}).to_string())
}

#[test]
fn random_flows_are_written_for_the_browsers() {
    let mut runner = TestRunner::deterministic();
    let mut texts = Vec::new();
    for nth in 0.. {
        let version = Version::ALL[nth % Version::ALL.len()];
        let text = if nth % 2 == 0 {
            let flow = any_group::flow(version, false).new_tree(&mut runner).expect("a flow can be drawn");
            any_group::write::text(&flow.current())
        } else {
            let flows = any_group::flows(version).new_tree(&mut runner).expect("flows can be drawn");
            any_group::write::both(&flows.current())
        };
        texts.extend(line(&text));
        if texts.len() == N_FLOWS {
            break;
        }
        assert!(nth < 10 * N_FLOWS, "of {nth} flows only {} have a short run", texts.len());
    }
    fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("bytes.jsonl"), texts.join("\n")).expect("the file can be written");
}
