//! Rule: Kestra, "LoopUntil".

use insta::assert_snapshot;

use super::{check, history};

#[test]
fn a_condition_that_holds_ends_the_loop_after_its_round() {
    assert_snapshot!(check("- {id: l, type: .LoopUntil, condition: 'yes', tasks: [S(t,1), S(u,1)]}\n- S(n,1)"), @"
    execution 0-3000 SUCCESS
    l 0-2000 SUCCESS
    t 0-1000 SUCCESS
    u 1000-2000 SUCCESS
    n 2000-3000 SUCCESS
    ");
}

#[test]
fn between_rounds_the_execution_is_paused_and_every_branch_frozen() {
    let text = "
- id: p
  type: .Parallel
  tasks:
  - id: l
    type: .LoopUntil
    condition: \"{{ tasks.x.state == 'SUCCESS' }}\"
    checkFrequency: {interval: PT2S}
    tasks: [S(t,1)]
  - {id: s, type: .Sequential, tasks: [S(x,1.5), S(y,0.5)]}
";
    // The first round ends at 1 s and finds x running: PAUSED to 3 s, so y waits though x ended at 1.5 s.
    assert_snapshot!(check(text), @"
    execution 0-4000 SUCCESS
    p 0-4000 SUCCESS
    l 0-4000 SUCCESS
    t 0-1000 SUCCESS
    t~2 3000-4000 SUCCESS
    s 0-3500 SUCCESS
    x 0-1500 SUCCESS
    y 3000-3500 SUCCESS
    ");
    assert_snapshot!(history(text, "x"), @"
    execution: 0 CREATED, 0 RUNNING, 1000 PAUSED, 3000 RUNNING, 4000 SUCCESS
    x: 0 CREATED, 0 RUNNING, 1500 SUCCESS
    ");
}

#[test]
fn a_failed_child_ends_the_loop() {
    assert_snapshot!(check("- {id: l, type: .WaitFor, condition: 'false', tasks: [S(t,1), F(u,1)], errors: [S(e,1)]}"), @"
    execution 0-3000 FAILED
    l 0-3000 FAILED
    t 0-1000 SUCCESS
    u 1000-2000 FAILED
    e 2000-3000 SUCCESS
    ");
}

#[test]
fn too_many_rounds_succeed_or_fail() {
    let last = |fails: &str| {
        let text = format!(
            "- {{id: l, type: .LoopUntil, condition: 'false', checkFrequency: {{maxIterations: 3, interval: PT1S}}, failOnMaxReached: {fails}, tasks: [S(t,1)]}}"
        );
        check(&text).lines().next().and_then(|line| line.rsplit(' ').next()).unwrap_or("").to_owned()
    };
    assert_eq!([last("false"), last("true")], ["SUCCESS", "FAILED"]);
}
