use super::*;
use crate::source::Source;
use trace::What;

/// The event log of a flow, one line per event.
fn check(text: &str, scenario: &Scenario) -> String {
    let source = Source::new("flow.yaml", text);
    let (_, flows, diagnostics) = crate::flow::read_text_for(&source, Some(crate::flow::Version::V0_21));
    assert!(!flows.is_empty(), "{diagnostics:#?}");
    let trace = simulate(&flows, scenario);
    let name = |run: trace::RunIdx| &*flows[0].task(trace.run(run).task).id;
    let line = |event: &trace::Event| match event.what {
        What::Execution(_, state) => format!("{} execution {}", event.at.0, state.as_str()),
        What::Run(run, state) => format!("{} {} {}", event.at.0, name(run), state.as_str()),
        What::Replaced(run, state) => format!("{} {} no longer {}", event.at.0, name(run), state.as_str()),
        What::Log(entry) => {
            format!("{} {} says {}", event.at.0, trace.logs[entry as usize].run.map_or("-", name), trace.logs[entry as usize].message)
        }
    };
    trace.events.iter().map(line).collect::<Vec<_>>().join("\n")
}

const FAILING: &str = "
id: f
namespace: n
tasks:
  - id: p
    type: io.kestra.plugin.core.flow.Parallel
    concurrent: 2
    tasks:
      - {id: bad, type: io.kestra.plugin.core.log.Log, message: '{{ nope }}'}
      - {id: long, type: io.kestra.plugin.core.flow.Sleep, duration: PT2S}
      - {id: never, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
ERRORS
  - {id: after, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
";

#[test]
fn a_failure_ends_the_group_and_the_flow_while_a_sibling_goes_on() {
    insta::assert_snapshot!(check(&FAILING.replace("ERRORS\n", ""), &Scenario::default()), @"
    0 execution CREATED
    0 p CREATED
    0 execution RUNNING
    0 p RUNNING
    0 bad CREATED
    0 long CREATED
    0 bad RUNNING
    0 bad says Unable to find `nope` used in the expression `{{ nope }}` at line 1
    0 long RUNNING
    0 bad FAILED
    0 p FAILED
    0 execution FAILED
    2000 long SUCCESS
    ");
}

#[test]
fn errors_run_beside_the_siblings_that_are_left() {
    let errors = "    errors:\n      - {id: e, type: io.kestra.plugin.core.flow.Sleep, duration: PT5S}\n";
    insta::assert_snapshot!(check(&FAILING.replace("ERRORS\n", errors), &Scenario::default()), @"
    0 execution CREATED
    0 p CREATED
    0 execution RUNNING
    0 p RUNNING
    0 bad CREATED
    0 long CREATED
    0 bad RUNNING
    0 bad says Unable to find `nope` used in the expression `{{ nope }}` at line 1
    0 long RUNNING
    0 bad FAILED
    0 e CREATED
    0 e RUNNING
    2000 long SUCCESS
    5000 e SUCCESS
    5000 p FAILED
    5000 execution FAILED
    ");
}

#[test]
fn a_child_that_has_not_begun_keeps_its_siblings_from_being_made() {
    let text = "
id: f
namespace: n
tasks:
  - id: p
    type: io.kestra.plugin.core.flow.Parallel
    concurrent: 2
    tasks:
      - {id: a, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
      - {id: b, type: io.kestra.plugin.core.flow.Sleep, duration: PT1.2S}
      - {id: c, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
      - {id: d, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
";
    insta::assert_snapshot!(check(text, &Scenario { dispatch_delay: crate::time::SimTime(500), ..Scenario::default() }), @"
    0 execution CREATED
    0 p CREATED
    0 execution RUNNING
    0 p RUNNING
    0 a CREATED
    0 b CREATED
    500 a RUNNING
    500 b RUNNING
    1500 a SUCCESS
    1500 c CREATED
    1700 b SUCCESS
    2000 c RUNNING
    2000 d CREATED
    2500 d RUNNING
    3000 c SUCCESS
    3500 d SUCCESS
    3500 p SUCCESS
    3500 execution SUCCESS
    ");
}

#[test]
fn a_server_sees_once_a_second_that_a_retry_is_due() {
    let text = "
id: f
namespace: n
tasks:
  - id: t
    type: io.kestra.plugin.core.execution.Fail
    retry: {type: constant, interval: PT0.5S, maxAttempts: 3}
";
    let retries = |timer_ms, seed| {
        let scenario = Scenario { timer: crate::time::SimTime(timer_ms), seed, ..Scenario::default() };
        let events = check(text, &scenario);
        events.lines().filter_map(|line| line.strip_suffix(" t RUNNING")).collect::<Vec<_>>().join(" ")
    };
    insta::assert_snapshot!([retries(0, 0), retries(1000, 0), retries(1000, 1)].join("; "), @"0 500 1000; 0 1444 2444; 0 1346 2346");
}
