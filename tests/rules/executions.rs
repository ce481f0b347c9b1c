//! Rules: Kestra, "Flow-level concurrency", "Subflow".

use insta::assert_snapshot;
use parallelogram::sim::scenario::Scenario;

use super::{check, check_with, spans};

fn three() -> Scenario {
    Scenario { executions: 3, ..Scenario::default() }
}

#[test]
fn executions_over_the_limit_wait_are_cancelled_or_fail() {
    let started = |behavior: &str| check_with(&format!("- S(w,2)\nconcurrency: {{limit: 1{behavior}}}"), &three());
    assert_snapshot!(started(""), @"
    execution 0-2000 SUCCESS
    w 0-2000 SUCCESS
    execution 0-4000 SUCCESS
    w 2000-4000 SUCCESS
    execution 0-6000 SUCCESS
    w 4000-6000 SUCCESS
    ");
    assert_eq!(started(", behavior: QUEUE"), started(""));
    assert_snapshot!(started(", behavior: CANCEL"), @"
    execution 0-2000 SUCCESS
    w 0-2000 SUCCESS
    execution 0-0 CANCELLED
    execution 0-0 CANCELLED
    ");
    assert_snapshot!(started(", behavior: FAIL"), @"
    execution 0-2000 SUCCESS
    w 0-2000 SUCCESS
    execution 0-0 FAILED
    execution 0-0 FAILED
    ");
}

#[test]
fn a_limit_of_two_lets_the_third_in_when_one_ends() {
    assert_snapshot!(check_with("- S(w,2)\nconcurrency: {limit: 2}", &three()), @"
    execution 0-2000 SUCCESS
    w 0-2000 SUCCESS
    execution 0-2000 SUCCESS
    w 0-2000 SUCCESS
    execution 0-4000 SUCCESS
    w 2000-4000 SUCCESS
    ");
}

#[test]
fn a_paused_execution_counts() {
    assert_snapshot!(check_with("- {id: w, type: .Pause, delay: PT2S}\nconcurrency: {limit: 1, behavior: CANCEL}", &three()), @"
    execution 0-2000 SUCCESS
    w 0-2000 SUCCESS
    execution 0-0 CANCELLED
    execution 0-0 CANCELLED
    ");
}

/// A flow that calls another, with these properties of the call and these tasks of the called flow.
fn call(properties: &str, tasks: &str) -> String {
    let called = format!("id: c\nnamespace: n\ntasks:\n{tasks}");
    check(&format!("- {{id: s, type: .Subflow, namespace: n, flowId: c{properties}}}\n- S(n,1)\n---\n{called}"))
}

#[test]
fn a_call_runs_while_the_called_flow_does_and_takes_its_state() {
    assert_snapshot!(call("", "- S(k,2)"), @"
    execution 0-3000 SUCCESS
    s 0-2000 SUCCESS
    n 2000-3000 SUCCESS
    execution of c 0-2000 SUCCESS
    k 0-2000 SUCCESS
    ");
    assert_snapshot!(call("", "- F(k,2)"), @"
    execution 0-2000 FAILED
    s 0-2000 FAILED
    execution of c 0-2000 FAILED
    k 0-2000 FAILED
    ");
    assert_snapshot!(call("", "- F(k,2, allowFailure: true)"), @"
    execution 0-3000 WARNING
    s 0-2000 WARNING
    n 2000-3000 SUCCESS
    execution of c 0-2000 WARNING
    k 0-2000 WARNING
    ");
    assert_snapshot!(call(", allowFailure: true", "- F(k,2)"), @"
    execution 0-3000 WARNING
    s 0-2000 WARNING
    n 2000-3000 SUCCESS
    execution of c 0-2000 FAILED
    k 0-2000 FAILED
    ");
}

#[test]
fn a_call_can_ignore_the_result_or_not_wait() {
    assert_snapshot!(call(", transmitFailed: false", "- F(k,2)"), @"
    execution 0-3000 SUCCESS
    s 0-2000 SUCCESS
    n 2000-3000 SUCCESS
    execution of c 0-2000 FAILED
    k 0-2000 FAILED
    ");
    assert_snapshot!(call(", wait: false", "- F(k,2)"), @"
    execution 0-1000 SUCCESS
    s 0-0 SUCCESS
    n 0-1000 SUCCESS
    execution of c 0-2000 FAILED
    k 0-2000 FAILED
    ");
}

#[test]
fn a_cancelled_call_succeeds() {
    assert_snapshot!(call("", "- {id: k, type: .Pause, delay: PT1S, behavior: CANCEL}"), @"
    execution 0-2000 SUCCESS
    s 0-1000 SUCCESS
    n 1000-2000 SUCCESS
    execution of c 0-1000 CANCELLED
    k 0-1000 CANCELLED
    ");
}

#[test]
fn a_failed_call_is_retried_in_a_further_execution() {
    assert_snapshot!(call(", retry: {type: constant, interval: PT1S, maxAttempt: 2}", "- F(k,2)"), @"
    execution 0-5000 FAILED
    s 0-5000 FAILED
    execution of c 0-2000 FAILED
    k 0-2000 FAILED
    execution of c 3000-5000 FAILED
    k 3000-5000 FAILED
    ");
}

/// Calls a flow, a flow for each batch of a file, and a template, none of which is given.
const CALLS: &str = "
- {id: one, type: .Subflow, namespace: n, flowId: away}
- {id: each, type: .ForEachItem, items: kestra:///x, namespace: n, flowId: away}
- {id: old, type: .Template, namespace: n, templateId: t}
- R(last,'{{ outputs.one.outputs.rows }} {{ outputs.each_merge.subflowOutputs }}')";

#[test]
fn a_called_flow_that_is_not_given_is_assumed_to_be_on_the_server() {
    let ids = "execution one each_items old last";
    assert_snapshot!(spans(CALLS, &Scenario::default(), ids).replace(", ", "\n"), @"
    execution 0-3000 SUCCESS
    one 0-1000 SUCCESS
    each_items 1000-2000 SUCCESS
    old 2000-3000 SUCCESS
    last 3000-3000 SUCCESS
    ");
    let missing = Scenario { unseen_flows: false, ..Scenario::default() };
    assert_eq!(spans(CALLS, &missing, ids), "execution 0-0 FAILED, one 0-0 FAILED");
}

#[test]
fn a_worker_offered_to_a_group_that_is_closed_goes_to_the_next() {
    let text = "
- id: e
  type: .ForEach
  values: [a, b, c]
  concurrencyLimit: 3
  tasks:
  - {id: w, type: .WorkingDirectory, tasks: [S(s,2)]}
  - S(x,1, runIf: '{{ nope }}')
";
    let scenario = Scenario { workers: Some(1), executions: 2, ..Scenario::default() };
    assert_snapshot!(check_with(text, &scenario), @"
    execution 0-2000 FAILED
    e 0-2000 FAILED
    w[a] 0-2000 SUCCESS
    w~2[b] 0-2000 KILLED
    w~3[c] 0-2000 KILLED
    s 0-2000 SUCCESS
    s~2 2000-4000 SUCCESS
    x[a] 2000-2000 FAILED
    execution 0-4000 FAILED
    e 0-4000 FAILED
    w[a] 0-4000 SUCCESS
    w~2[b] 0-4000 KILLED
    w~3[c] 0-4000 KILLED
    s 2000-4000 SUCCESS
    s~2 4000-6000 SUCCESS
    x[a] 4000-4000 FAILED
    ");
}
