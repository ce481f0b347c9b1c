//! Rule: Kestra, "Dag". Numbers: Graham, "Bounds on multiprocessing timing anomalies".

use insta::assert_snapshot;
use parallelogram::sim::scenario::Scenario;

use super::{check, slots, spans};

#[test]
fn a_task_begins_when_all_its_dependencies_have_ended_in_any_state() {
    let text = "
- id: p
  type: .Dag
  tasks:
  - {task: S(last,1), dependsOn: [warns, skipped]}
  - {task: F(warns,2, allowFailure: true)}
  - {task: S(skipped,1, runIf: 'false')}
  - {task: S(off,9, disabled: true)}
  - {task: S(b,1), dependsOn: [off]}
";
    assert_snapshot!(check(text), @"
    execution 0-3000 WARNING
    p 0-3000 WARNING
    last 2000-3000 SUCCESS
    warns 0-2000 WARNING
    skipped 0-0 SKIPPED
    b 0-1000 SUCCESS
    ");
}

#[test]
fn free_slots_go_to_tasks_whose_dependencies_have_ended() {
    let text = "- {id: p, type: .Dag, concurrent: 1, tasks: [{task: S(x,1), dependsOn: [z]}, {task: S(y,1)}, {task: S(z,1)}]}";
    assert_snapshot!(check(text), @"
    execution 0-3000 SUCCESS
    p 0-3000 SUCCESS
    x 2000-3000 SUCCESS
    y 0-1000 SUCCESS
    z 1000-2000 SUCCESS
    ");
}

#[test]
fn a_failure_starts_no_dependent_and_runs_the_error_handler() {
    let text = "- {id: p, type: .Dag, tasks: [{task: F(x,1)}, {task: S(y,1), dependsOn: [x]}, {task: S(z,5)}], errors: [S(e,1)]}";
    assert_snapshot!(check(text), @"
    execution 0-2000 FAILED
    p 0-2000 FAILED
    x 0-1000 FAILED
    z 0-5000 SUCCESS
    e 1000-2000 SUCCESS
    ");
}

/// Nine tasks: the ninth after the first, the fifth to the eighth after the fourth.
fn graham(lengths: [u32; 9], is_bound: impl Fn(usize) -> bool) -> String {
    let after = |n: usize| match n {
        9 => ", dependsOn: [t1]",
        5..=8 if is_bound(n) => ", dependsOn: [t4]",
        _ => "",
    };
    let tasks = (1..).zip(lengths).map(|(n, length)| format!("  - {{task: S(t{n},{length}){}}}\n", after(n)));
    format!("- id: p\n  type: .Dag\n  tasks:\n{}", tasks.collect::<String>())
}

#[test]
fn more_slots_shorter_tasks_and_fewer_dependencies_can_take_longer() {
    const LENGTHS: [u32; 9] = [3, 2, 2, 2, 4, 4, 4, 4, 9];
    let makespan = |text: String, scenario: Scenario| spans(&text, &scenario, "execution");
    let shorter = LENGTHS.map(|length| length - 1);
    let all = [
        makespan(graham(LENGTHS, |_| true), slots(3)),
        makespan(graham(LENGTHS, |_| true), slots(4)),
        makespan(graham(shorter, |_| true), slots(3)),
        makespan(graham(LENGTHS, |n| n > 6), slots(3)),
    ];
    assert_snapshot!(all.join("\n"), @"
    execution 0-12000 SUCCESS
    execution 0-15000 SUCCESS
    execution 0-13000 SUCCESS
    execution 0-16000 SUCCESS
    ");
}
