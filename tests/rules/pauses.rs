//! Rule: Kestra, "Pause".

use insta::assert_snapshot;
use parallelogram::sim::scenario::Scenario;
use parallelogram::time::SimTime;
use parallelogram::value::Value;

use super::{check, check_with, history};

#[test]
fn a_pause_freezes_every_branch_but_running_leaves_go_on() {
    let text = "
- id: p
  type: .Parallel
  tasks:
  - {id: s, type: .Sequential, tasks: [S(a,1), S(b,1)]}
  - {id: q, type: .Sequential, tasks: [S(d,0.5), {id: w, type: .Pause, delay: PT5S}]}
";
    assert_snapshot!(check(text), @"
    execution 0-6500 SUCCESS
    p 0-6500 SUCCESS
    s 0-6500 SUCCESS
    a 0-1000 SUCCESS
    b 5500-6500 SUCCESS
    q 0-5500 SUCCESS
    d 0-500 SUCCESS
    w 500-5500 SUCCESS
    ");
    assert_snapshot!(history(text, "w"), @"
    execution: 0 CREATED, 0 RUNNING, 500 PAUSED, 5500 RUNNING, 6500 SUCCESS
    w: 500 CREATED, 500 RUNNING, 500 PAUSED, 5500 RUNNING, 5500 SUCCESS
    ");
}

#[test]
fn of_several_pauses_the_first_to_end_lets_all_branches_go_on() {
    let text = "
- id: p
  type: .Parallel
  concurrent: 3
  tasks: [S(a,1), {id: v, type: .Pause, delay: PT2S}, {id: w, type: .Pause, delay: PT6S}, S(b,1)]
";
    // The slot that a frees at 1 s is handed out at 2 s, when v ends.
    assert_snapshot!(check(text), @"
    execution 0-6000 SUCCESS
    p 0-6000 SUCCESS
    a 0-1000 SUCCESS
    v 0-2000 SUCCESS
    w 0-6000 SUCCESS
    b 2000-3000 SUCCESS
    ");
}

#[test]
fn a_paused_child_holds_no_slot_once_the_execution_runs_again() {
    let text = "
- id: p
  type: .Parallel
  concurrent: 2
  tasks: [{id: v, type: .Pause, delay: PT1S}, {id: w, type: .Pause, delay: PT5S}, S(x,1), S(y,1), S(z,1)]
";
    assert_snapshot!(check(text), @"
    execution 0-5000 SUCCESS
    p 0-5000 SUCCESS
    v 0-1000 SUCCESS
    w 0-5000 SUCCESS
    x 1000-2000 SUCCESS
    y 1000-2000 SUCCESS
    z 2000-3000 SUCCESS
    ");
}

#[test]
fn a_timeout_fails_and_a_behavior_says_how_a_delay_ends() {
    let paused = |properties: &str| check(&format!("- {{id: w, type: .Pause, {properties}}}\n- S(n,1)"));
    assert_snapshot!(paused("timeout: PT2S"), @"
    execution 0-2000 FAILED
    w 0-2000 FAILED
    ");
    assert_snapshot!(paused("pauseDuration: PT2S, behavior: WARN"), @"
    execution 0-3000 WARNING
    w 0-2000 WARNING
    n 2000-3000 SUCCESS
    ");
    assert_snapshot!(paused("pauseDuration: PT2S, behavior: FAIL"), @"
    execution 0-2000 FAILED
    w 0-2000 FAILED
    ");
    assert_snapshot!(paused("pauseDuration: PT2S, behavior: CANCEL"), @"
    execution 0-2000 CANCELLED
    w 0-2000 CANCELLED
    ");
}

#[test]
fn tasks_of_a_pause_run_after_it() {
    assert_snapshot!(check("- {id: w, type: .Pause, delay: PT1S, tasks: [S(t,1), S(u,1)]}"), @"
    execution 0-3000 SUCCESS
    w 0-3000 SUCCESS
    t 1000-2000 SUCCESS
    u 2000-3000 SUCCESS
    ");
}

#[test]
fn without_a_duration_only_a_person_ends_it() {
    let text = "- {id: w, type: .Pause, onResume: [{id: why, type: STRING}]}\n- R(r,'{{ outputs.w.onResume.why }}')\n- S(n,1)";
    let until = |horizon| Scenario { horizon: SimTime(horizon), ..Scenario::default() };
    assert_snapshot!(check_with(text, &until(10_000)), @"
    execution 0-… PAUSED
    w 0-… PAUSED
    ");
    let assumptions = Value::map([("tasks.w.resume", Value::text("PT3S")), ("outputs.w.onResume.why", Value::text("so"))]);
    assert_snapshot!(check_with(text, &Scenario { assumptions: assumptions.as_map().cloned().unwrap_or_default(), ..Scenario::default() }), @"
    execution 0-4000 SUCCESS
    w 0-3000 SUCCESS
    r 3000-3000 SUCCESS
    n 3000-4000 SUCCESS
    ");
}

#[test]
fn nothing_retries_while_the_execution_is_paused() {
    let text = "
- id: p
  type: .Parallel
  tasks:
  - F(a,1, retry: {type: constant, interval: PT1S, maxAttempt: 2})
  - {id: q, type: .Sequential, tasks: [S(d,0.5), {id: w, type: .Pause, delay: PT5S}]}
";
    // a fails at 1 s, in the pause; its second try comes after 5.5 s and takes a second.
    assert_snapshot!(check(text).lines().next().unwrap_or(""), @"execution 0-7500 FAILED");
}

#[test]
fn a_group_that_cannot_begin_beside_a_pause_fails_at_once() {
    let text = "
- id: p
  type: .Parallel
  tasks:
  - {id: w, type: .Pause, delay: PT2S, tasks: [S(t,1)]}
  - {id: s, type: .Switch, value: x, cases: {y: [S(u,1)]}}
  errors: [S(e,1)]
";
    assert_snapshot!(check(text), @"
    execution 0-3000 FAILED
    p 0-3000 FAILED
    w 0-3000 SUCCESS
    t 2000-3000 SUCCESS
    s 0-0 FAILED
    e 2000-3000 SUCCESS
    ");
    assert_snapshot!(history(text, "s"), @"
    execution: 0 CREATED, 0 RUNNING, 0 PAUSED, 2000 RUNNING, 3000 FAILED
    s: 0 CREATED, 0 RUNNING, 0 FAILED
    ");
    // When the pause ends the execution, the group is closed.
    assert_snapshot!(check(&text.replace("tasks: [S(t,1)]", "behavior: CANCEL")), @"
    execution 0-2000 CANCELLED
    p 0-2000 KILLED
    w 0-2000 CANCELLED
    s 0-0 FAILED
    ");
}

#[test]
fn each_run_of_a_pause_is_resumed_by_itself_in_each_execution() {
    let each = "- {id: e, type: .ForEach, values: [a, b], tasks: [{id: w, type: .Pause}]}";
    let resumed = |paths: &[&str]| {
        let assumptions = paths.iter().map(|path| ((*path).into(), Value::text("PT2S"))).collect();
        check_with(each, &Scenario { assumptions, executions: 2, horizon: SimTime(9000), ..Scenario::default() })
    };
    assert_snapshot!(resumed(&["tasks.w.resume", "tasks.w~2.resume", "tasks.x2.w.resume"]), @"
    execution 0-4000 SUCCESS
    e 0-4000 SUCCESS
    w[a] 0-2000 SUCCESS
    w~2[b] 2000-4000 SUCCESS
    execution 0-… PAUSED
    e 0-… RUNNING
    w[a] 0-2000 SUCCESS
    w~2[b] 2000-… PAUSED
    ");
    assert_snapshot!(resumed(&["tasks.x2.w.resume", "tasks.x2.w~2.resume"]), @"
    execution 0-… PAUSED
    e 0-… RUNNING
    w[a] 0-… PAUSED
    execution 0-4000 SUCCESS
    e 0-4000 SUCCESS
    w[a] 0-2000 SUCCESS
    w~2[b] 2000-4000 SUCCESS
    ");
}
