//! XL Release templates from outside: their times to the second, and what failures, gates and preconditions do.

mod support;

use parallelogram::analysis::makespan::{makespan, numbers};
use parallelogram::analysis::segments::segments;
use parallelogram::convert::convert;
use parallelogram::diag::{self, has_errors};
use parallelogram::flow::Dialect;
use parallelogram::flow::read_text;
use parallelogram::render;
use parallelogram::sim::names::run_key;
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::simulate;
use parallelogram::source::Source;
use parallelogram::value::{Map, Value};
use proptest::prelude::*;

const NESTED: &str = include_str!("../examples/release-nested.yaml");
const FLAT: &str = include_str!("../examples/release-flat.yaml");
const STOREFRONT: &str = include_str!("releases/storefront.yaml");
const HEAD: &str = "apiVersion: xl-release/v1\nkind: Templates\nspec:\n- template: T\n  phases:\n  - phase: P\n    tasks:\n";

/// When each item was created and ended, in seconds.
fn times(text: &str) -> String {
    let flows = support::flows(text);
    let trace = simulate(&flows, &Scenario::default());
    let line = |run| format!("{} {}-{}\n", run_key(&flows, &trace, run), trace.created(run).0 / 1000, trace.ended(run).0 / 1000);
    trace.iter().map(|(run, _)| line(run)).collect()
}

/// The seconds that a template takes.
fn seconds(text: &str) -> u64 {
    makespan(&simulate(&support::flows(text), &Scenario::default())).0 / 1000
}

/// A template without its links.
fn unlinked(text: &str) -> String {
    text.lines().filter(|line| !line.contains("links:") && !line.contains("- {source:")).map(|line| format!("{line}\n")).collect()
}

/// The log of events of a template below `HEAD`, with an assumption.
fn check_with(tasks: &str, given: Option<(&str, Value)>) -> String {
    let flows = support::flows(&format!("{HEAD}{tasks}"));
    let assumptions: Map = given.into_iter().map(|(path, value)| (path.into(), value)).collect();
    let trace = simulate(&flows, &Scenario { assumptions, ..Scenario::default() });
    let assumed: String =
        trace.assumptions.iter().map(|known| format!("{} = {}: {}\n", known.path, known.value.print(), known.why)).collect();
    let events = render::events::events(&flows, &trace);
    let short = events.lines().filter(|line| !line.ends_with("PLANNED") && !line.contains("\tlog\t"));
    short.map(|line| line.replace("000\t", " ").replace('\t', " ") + "\n").collect::<String>() + &assumed
}

fn check(tasks: &str) -> String {
    check_with(tasks, None)
}

#[test]
fn a_group_for_each_server() {
    insta::assert_snapshot!(times(NESTED), @"
    deploy 0-1500
    concurrent-server-deployments 0-1500
    server-1 0-1200
    server-2 0-1500
    deploy-code 0-900
    deploy-code-2 0-1200
    check-results 900-1200
    check-results-2 1200-1500
    ");
    insta::assert_snapshot!(times(&unlinked(NESTED)), @"
    deploy 0-1200
    concurrent-server-deployments 0-1200
    server-1 0-900
    server-2 0-1200
    deploy-code 0-900
    check-results 0-300
    deploy-code-2 0-1200
    check-results-2 0-300
    ");
}

#[test]
fn one_flat_group() {
    insta::assert_snapshot!(times(FLAT), @"
    deploy 0-1500
    concurrent-server-deployments 0-1500
    deploy-code-to-server-1 0-900
    deploy-code-to-server-2 0-1200
    check-results-of-server-1 900-1200
    check-results-of-server-2 1200-1500
    ");
    assert_eq!([seconds(FLAT), seconds(&unlinked(FLAT))], [1500, 1200]);
}

#[test]
fn phases_gate_fan_in_and_a_held_start() {
    insta::assert_snapshot!(times(STOREFRONT), @"
    build 0-960
    compile-and-package 0-900
    publish-artifacts 900-960
    acceptance 960-6960
    prepare-environment 960-1860
    reset-database 960-1260
    load-test-data 1260-1860
    verify 1860-5160
    smoke-tests 1860-2460
    regression-tests 1860-4260
    test-report 4260-5160
    sign-off 5160-6960
    production 6960-12060
    roll-out 6960-12000
    announce 12000-12060
    ");
    assert_eq!(seconds(STOREFRONT), 12_060);
    assert_eq!(seconds(&unlinked(STOREFRONT)), 12_060, "the held start absorbs what is gained");
    let unheld = STOREFRONT.replace("waitForScheduledStartDate: true", "waitForScheduledStartDate: false");
    assert_eq!([seconds(&unheld), seconds(&unlinked(&unheld))], [8220, 7320]);
}

#[test]
fn a_run_may_start_at_another_date() {
    let flows = support::flows(STOREFRONT);
    let trace = simulate(&flows, &Scenario { start_epoch_ms: 1_768_208_400_000, ..Scenario::default() });
    // An hour after the date of the template: the roll-out is due an hour earlier.
    assert_eq!(makespan(&trace).0, 8_460_000);
}

#[test]
fn a_failed_task_halts_the_release() {
    insta::assert_snapshot!(check("    - {name: A, type: xlrelease.Task, plannedDuration: 5} # sim: fail
    - {name: B, type: xlrelease.Task}
  - phase: Q
    tasks: [{name: C, type: xlrelease.Task}]
"), @"
    0 - execution IN_PROGRESS
    0 p state IN_PROGRESS
    0 a state IN_PROGRESS
    5 a state FAILED
    5 p state FAILED
    5 - execution FAILED
    ");
}

#[test]
fn a_group_is_failing_while_others_go_on() {
    let tasks = "    - name: G
      type: xlrelease.ParallelGroup
      tasks:
      - {name: A, type: acme.Job, plannedDuration: 5} # sim: fail
      - {name: After A, type: acme.Job, plannedDuration: 5}
      - {name: B, type: acme.Job, plannedDuration: 7}
      - {name: After B, type: acme.Job, plannedDuration: 5}
      links:
      - {source: A, target: After A}
      - {source: B, target: After B}
    - {name: Last, type: acme.Job}
";
    insta::assert_snapshot!(check(tasks), @"
    0 - execution IN_PROGRESS
    0 p state IN_PROGRESS
    0 g state IN_PROGRESS
    0 a state IN_PROGRESS
    0 b state IN_PROGRESS
    5 a state FAILED
    5 g state FAILING
    5 p state FAILING
    5 - execution FAILING
    7 b state COMPLETED
    7 after-b state IN_PROGRESS
    12 after-b state COMPLETED
    12 g state FAILED
    12 p state FAILED
    12 - execution FAILED
    ");
    let aborts = format!("{HEAD}{tasks}").replace("- template: T\n", "- template: T\n  abortOnFailure: true\n");
    let flows = support::flows(&aborts);
    let trace = simulate(&flows, &Scenario::default());
    insta::assert_snapshot!(render::events::events(&flows, &trace).lines().filter(|line| line.starts_with("5")).collect::<Vec<_>>().join("\n"), @"
    5000	a	log	ERROR Failed by its `# sim:` comment
    5000	a	state	FAILED
    5000	b	state	ABORTED
    5000	g	state	ABORTED
    5000	p	state	ABORTED
    5000	-	execution	ABORTED
    ");
}

#[test]
fn a_failure_handler_skips_or_retries() {
    let skipped =
        "    - {name: A, type: acme.Job, plannedDuration: 5, taskFailureHandlerEnabled: true, taskRecoverOp: SKIP_TASK} # sim: fail
    - {name: B, type: acme.Job, plannedDuration: 5}
";
    insta::assert_snapshot!(check(skipped), @"
    0 - execution IN_PROGRESS
    0 p state IN_PROGRESS
    0 a state IN_PROGRESS
    5 a state FAILURE_HANDLER_IN_PROGRESS
    5 a state SKIPPED
    5 b state IN_PROGRESS
    10 b state COMPLETED
    10 p state COMPLETED
    10 - execution COMPLETED
    ");
    let script = skipped.replace("SKIP_TASK", "RUN_SCRIPT");
    insta::assert_snapshot!(check(&script), @"
    0 - execution IN_PROGRESS
    0 p state IN_PROGRESS
    0 a state IN_PROGRESS
    5 a state FAILURE_HANDLER_IN_PROGRESS
    5 a state FAILED
    5 p state FAILED
    5 - execution FAILED
    tasks.a.failureHandler = fail: a failure handler is a script that is not run: it changes nothing unless you say otherwise
    ");
    insta::assert_snapshot!(check_with(&script, Some(("tasks.a.failureHandler", Value::text("retry")))), @"
    0 - execution IN_PROGRESS
    0 p state IN_PROGRESS
    0 a state IN_PROGRESS
    5 a state FAILURE_HANDLER_IN_PROGRESS
    5 a state IN_PROGRESS
    10 a state FAILURE_HANDLER_IN_PROGRESS
    10 a state FAILED
    10 p state FAILED
    10 - execution FAILED
    tasks.a.failureHandler = retry: a failure handler is a script that is not run: it changes nothing unless you say otherwise
    ");
}

#[test]
fn preconditions_are_assumptions() {
    let tasks = "    - {name: A, type: acme.Job, precondition: 'result = False'}
    - {name: B, type: acme.Job, precondition: True}
    - name: G
      type: xlrelease.SequentialGroup
      precondition: releaseVariables['x'] == 1
      tasks: [{name: C, type: acme.Job}]
";
    insta::assert_snapshot!(check(tasks), @"
    0 - execution IN_PROGRESS
    0 p state IN_PROGRESS
    0 a state SKIPPED
    0 b state IN_PROGRESS
    60 b state COMPLETED
    60 g state IN_PROGRESS
    60 c state IN_PROGRESS
    120 c state COMPLETED
    120 g state COMPLETED
    120 p state COMPLETED
    120 - execution COMPLETED
    tasks.g.precondition = true: a precondition is a script that is not run: it is met unless you say otherwise
    ");
    insta::assert_snapshot!(check_with(tasks, Some(("tasks.g.precondition", Value::Bool(false)))), @"
    0 - execution IN_PROGRESS
    0 p state IN_PROGRESS
    0 a state SKIPPED
    0 b state IN_PROGRESS
    60 b state COMPLETED
    60 g state SKIPPED
    60 c state SKIPPED
    60 p state COMPLETED
    60 - execution COMPLETED
    tasks.g.precondition = false: a precondition is a script that is not run: it is met unless you say otherwise
    ");
}

#[test]
fn a_gate_can_be_approved_early() {
    let gate = "    - {name: Gate, type: xlrelease.GateTask}\n";
    insta::assert_snapshot!(check(gate), @"
    0 - execution IN_PROGRESS
    0 p state IN_PROGRESS
    0 gate state IN_PROGRESS
    3600 gate state COMPLETED
    3600 p state COMPLETED
    3600 - execution COMPLETED
    ");
    insta::assert_snapshot!(check_with(gate, Some(("tasks.gate.approve", Value::Bool(true)))), @"
    0 - execution IN_PROGRESS
    0 p state IN_PROGRESS
    0 gate state IN_PROGRESS
    0 gate state COMPLETED
    0 p state COMPLETED
    0 - execution COMPLETED
    tasks.gate.approve = true: given in the settings of the run
    ");
    insta::assert_snapshot!(check_with(gate, Some(("tasks.gate.approve", Value::text("10m")))), @"
    0 - execution IN_PROGRESS
    0 p state IN_PROGRESS
    0 gate state IN_PROGRESS
    600 gate state COMPLETED
    600 p state COMPLETED
    600 - execution COMPLETED
    tasks.gate.approve = 10m: given in the settings of the run
    ");
}

#[test]
fn a_task_lasts_until_it_is_due() {
    let dated = "    - {name: A, type: xlrelease.Task, scheduledStartDate: 2026-01-12T08:00:00Z, dueDate: 2026-01-12T08:00:30Z}
    - {name: B, type: xlrelease.Task, dueDate: 2026-01-12T08:00:10Z}
    - {name: C, type: acme.Job}
";
    assert_eq!(seconds(&format!("{HEAD}{dated}")), 30 + 3600 + 60);
}

#[test]
fn output_formats_use_the_words_of_the_dialect() {
    let flows = support::flows(NESTED);
    let trace = simulate(&flows, &Scenario::default());
    let json = render::json::json(&flows, &trace, &[Source::new("release.yaml", NESTED)]);
    for part in [
        r#""engine": "xl-release""#,
        r#""current": "COMPLETED""#,
        r#""state": "PLANNED""#,
        r#""kind": "IN_PROGRESS""#,
        r#""title": "Server 1""#,
    ] {
        assert!(json.contains(part), "{part}");
    }
    assert!(!json.contains("SUCCESS"));
    assert!(render::csv::csv(&flows, &trace).contains("\n1,check-results-2,1,wait-previous,0,1200000,COMPLETED,deploy-code-2\n"));
    let svg = render::svg::svg(&flows, &trace);
    assert!(svg.contains("<svg"));
    assert_eq!(numbers(&flows[0], &trace).work.0, 2_700_000);
}

/// A template with lines removed, duplicated or moved, and characters inserted.
fn broken() -> impl Strategy<Value = String> {
    let text = prop_oneof![Just(STOREFRONT), Just(NESTED), Just(FLAT)];
    let change = (0usize..60, 0usize..60, 0u8..4, prop_oneof![Just('{'), Just(':'), Just('-'), Just('!'), Just('"'), Just('ä'), Just('9')]);
    (text, prop::collection::vec(change, 1..5)).prop_map(|(text, changes)| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for (from, to, how, sign) in changes {
            let (from, to) = (from % lines.len().max(1), to % lines.len().max(1));
            match how {
                _ if lines.is_empty() => {}
                0 => _ = lines.remove(from),
                1 => lines.insert(to, lines[from].clone()),
                2 => lines.swap(from, to),
                _ => {
                    let at = lines[from].char_indices().map(|(at, _)| at).nth(to).unwrap_or(0);
                    lines[from].insert(at, sign);
                }
            }
        }
        lines.join("\n") + "\n"
    })
}

proptest! {
    /// Whatever the text, there is an error or a run, and the segments of a run leave no gap.
    #[test]
    fn broken_templates_never_panic(text in broken()) {
        let source = Source::new("release.yaml", &*text);
        let (document, flows, diagnostics) = read_text(&source);
        prop_assert!(!flows.is_empty() || has_errors(&diagnostics));
        prop_assert!(diagnostics.iter().all(|found| !diag::render(found, &source).is_empty()));
        if !flows.is_empty() {
            let trace = simulate(&flows, &Scenario::default());
            for (run, _) in trace.iter() {
                let found = segments(&trace, run);
                prop_assert!(found.windows(2).all(|pair| pair[0].to == pair[1].from), "{found:?}");
            }
            for to in [Dialect::Kestra, Dialect::XlRelease] {
                let converted = Source::new("", convert(&source, &document, &flows, to).text);
                prop_assert!(!has_errors(&read_text(&converted).2), "{}", converted.text);
            }
        }
    }
}
