use serde_json::Value;

use super::learn::{Halves, Learned, apart, halves, learn};
use super::{Execution, Overlay, read, together};
use crate::edit::note_text;
use crate::flow::{Flow, read_text};
use crate::render::actual::text;
use crate::render::json::json;
use crate::sim::scenario::Scenario;
use crate::sim::simulate;
use crate::source::Source;
use crate::time::{SimTime, iso_instant, parse_iso_instant};

const FLOW: &str = "
id: nightly
namespace: docs
tasks:
  - id: extract # sim: 2s
    type: io.kestra.plugin.core.debug.Return
    format: x
  - id: loads
    type: io.kestra.plugin.core.flow.Parallel
    concurrent: 1
    tasks:
      - {id: orders, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
      - {id: prices, type: io.kestra.plugin.core.flow.Sleep, duration: PT3S}
";

fn flows(text: &str) -> (Vec<Source>, Vec<Flow>) {
    let source = Source::new("flow.yaml", text);
    let (_, flows, diagnostics) = read_text(&source);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    (vec![source], flows)
}

/// A simulated run as a server would report it.
fn reported(text: &str, scenario: &Scenario) -> Value {
    let (sources, flows) = flows(text);
    serde_json::from_str(&json(&flows, &simulate(&flows, scenario), &sources)).expect("it is JSON")
}

/// Each date of a JSON value, as milliseconds, after a change.
fn with_dates(value: &mut Value, change: &dyn Fn(i64) -> i64) {
    match value {
        Value::String(text) => {
            if let Some(at) = parse_iso_instant(text) {
                *text = iso_instant(change(at));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| with_dates(item, change)),
        Value::Object(entries) => entries.iter_mut().for_each(|(_, value)| with_dates(value, change)),
        _ => {}
    }
}

/// The table of the flow's run as a server reports it, after a change, over the run as it is simulated.
fn check(change: impl Fn(&mut Value)) -> String {
    let mut real = reported(FLOW, &Scenario::default());
    change(&mut real);
    let (_, flows) = flows(FLOW);
    let trace = simulate(&flows, &Scenario::default());
    let real = read(&real.to_string()).expect("it is an execution");
    text(&flows, &trace, &Overlay::new(&flows, &trace, real).expect("it is of this flow"))
}

#[test]
fn a_run_has_no_gap_to_itself() {
    insta::assert_snapshot!(check(|_| {}), @"
    4 of 4 real task runs found in the simulation; the real run took 6.0 s, the simulated one 6.0 s (0 s)

    real, against the simulation  begins  ends  length  added by the server
    extract                          0 s   0 s     0 s
    loads                            0 s   0 s     0 s
    orders                           0 s   0 s     0 s
    prices                           0 s   0 s     0 s
    ");
}

#[test]
fn a_slower_run_is_later_and_longer() {
    const START: i64 = crate::sim::scenario::USUAL_START_EPOCH_MS;
    insta::assert_snapshot!(check(|real| with_dates(real, &|at| START + (at - START) * 3 / 2)), @"
    4 of 4 real task runs found in the simulation; the real run took 9.0 s, the simulated one 6.0 s (+3.0 s)

    real, against the simulation  begins    ends  length  added by the server
    extract                          0 s  +1.0 s  +1.0 s
    loads                         +1.0 s  +3.0 s  +2.0 s
    orders                        +1.0 s  +1.5 s  +0.5 s
    prices                        +1.5 s  +3.0 s  +1.5 s
    ");
}

#[test]
fn a_late_begin_is_a_hand_over() {
    insta::assert_snapshot!(check(|real| {
        for run in real["taskRunList"].as_array_mut().into_iter().flatten().filter(|run| run["taskId"] == "prices") {
            with_dates(&mut run["state"], &|at| at + 40);
        }
    }), @"
    4 of 4 real task runs found in the simulation; the real run took 6.0 s, the simulated one 6.0 s (0 s)

    real, against the simulation  begins    ends  length  added by the server
    extract                          0 s     0 s     0 s
    loads                            0 s     0 s     0 s
    orders                           0 s     0 s     0 s
    prices                        +40 ms  +40 ms     0 s  hand-over 40 ms
    ");
}

#[test]
fn what_has_no_other_is_listed() {
    insta::assert_snapshot!(check(|real| real["taskRunList"][0]["taskId"] = "fetch".into()), @"
    3 of 4 real task runs found in the simulation; the real run took 6.0 s, the simulated one 6.0 s (0 s)

    real, against the simulation  begins  ends  length  added by the server
    loads                            0 s   0 s     0 s
    orders                           0 s   0 s     0 s
    prices                           0 s   0 s     0 s

    only in the real run: fetch
    only in the simulation: extract
    ");
}

#[test]
fn files_are_put_on_one_clock() {
    let [mut early, mut late] = [0, 1].map(|seed| reported(FLOW, &Scenario { seed, ..Scenario::default() }));
    with_dates(&mut late, &|at| at + 60_000);
    early["id"] = "early".into();
    let both = together(vec![read(&late.to_string()).expect("it is one"), read(&early.to_string()).expect("it is one")]);
    let begins: Vec<SimTime> = both.iter().map(|one| one.history[0].0).collect();
    assert_eq!(begins, [SimTime(60_000), SimTime::ZERO]);
    assert_eq!(apart(both).iter().map(Vec::len).collect::<Vec<_>>(), [1, 1]);
}

/// What so many runs of a flow teach of it, when its notes are taken out, and how well half of them predict the others.
fn learned(text: &str, n_runs: u64, scenario: &Scenario) -> (Learned, Option<Halves>, Vec<String>) {
    let run = |seed| read(&reported(text, &Scenario { seed, ..scenario.clone() }).to_string()).expect("it is an execution");
    let runs: Vec<Vec<Execution>> = (0..n_runs).map(run).collect();
    let without: String = text.lines().map(|line| line.split(" # sim:").next().unwrap_or_default().to_owned() + "\n").collect();
    let (_, flows) = flows(&without);
    let found = learn(&flows, &Scenario::default(), &runs);
    let notes = found.notes().iter().map(|(idx, note)| format!("{}: {}", flows[0].task(*idx).id, note_text(*note))).collect();
    let halves = halves(&flows, &Scenario::default(), &runs, 100);
    (found, halves, notes)
}

#[test]
fn times_and_failures_are_learned() {
    let flow = FLOW.replace("# sim: 2s", "# sim: 40s..60s fail=25%\n    allowFailure: true");
    let (found, halves, notes) = learned(&flow, 60, &Scenario { dispatch_delay: SimTime(120), ..Scenario::default() });
    let halves = halves.expect("there are four runs and more");
    insta::assert_snapshot!(
        format!("{}; delay {} ms; off by {} ‰, {} of {} within", notes.join(", "), found.dispatch_delay().0, halves.error_thousandths(), halves.n_within, halves.real.n_runs()),
        @"extract: # sim: 41s..59.2s fail=28%; delay 120 ms; off by 33 ‰, 30 of 30 within"
    );
}

#[test]
fn what_the_text_says_needs_no_note() {
    let (found, halves, notes) = learned(&FLOW.replace(" # sim: 2s", ""), 3, &Scenario::default());
    assert_eq!((notes.len(), found.tasks.len(), halves), (0, 3, None));
}

#[test]
fn a_limit_of_workers_is_learned_from_long_waits() {
    let flow = "
id: wide
namespace: docs
tasks:
  - id: all
    type: io.kestra.plugin.core.flow.Parallel
    tasks:
      - {id: a, type: io.kestra.plugin.core.flow.Sleep, duration: PT2S}
      - {id: b, type: io.kestra.plugin.core.flow.Sleep, duration: PT2S}
      - {id: c, type: io.kestra.plugin.core.flow.Sleep, duration: PT2S}
      - {id: d, type: io.kestra.plugin.core.flow.Sleep, duration: PT2S}
";
    let workers = |workers| learned(flow, 1, &Scenario { workers, ..Scenario::default() }).0.workers();
    assert_eq!((workers(Some(2)), workers(None)), (Some(2), None));
}
