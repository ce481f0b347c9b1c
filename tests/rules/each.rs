//! Rules: Kestra, "ForEach", "EachSequential / EachParallel".

use insta::assert_snapshot;

use super::{check, history};

#[test]
fn one_at_a_time_goes_value_by_value() {
    let flow = "- {id: e, type: .TYPE, VALUES: [x, y], tasks: [S(t,1), S(u,1)]}";
    let expected = check(&flow.replace("TYPE", "ForEach").replace("VALUES", "values"));
    assert_snapshot!(expected, @"
    execution 0-4000 SUCCESS
    e 0-4000 SUCCESS
    t[x] 0-1000 SUCCESS
    t~2[y] 2000-3000 SUCCESS
    u[x] 1000-2000 SUCCESS
    u~2[y] 3000-4000 SUCCESS
    ");
    assert_eq!(check(&flow.replace("TYPE", "EachSequential").replace("VALUES", "value")), expected);
}

#[test]
fn earlier_values_come_first_when_lanes_compete() {
    assert_snapshot!(check("- {id: e, type: .ForEach, values: [x, y, z], concurrencyLimit: 2, tasks: [S(t,1), S(u,1)]}"), @"
    execution 0-4000 SUCCESS
    e 0-4000 SUCCESS
    t[x] 0-1000 SUCCESS
    t~2[y] 0-1000 SUCCESS
    t~3[z] 2000-3000 SUCCESS
    u[x] 1000-2000 SUCCESS
    u~2[y] 1000-2000 SUCCESS
    u~3[z] 3000-4000 SUCCESS
    ");
}

#[test]
fn without_a_limit_all_values_run_side_by_side() {
    assert_snapshot!(check("- {id: e, type: .ForEach, values: '[1, 2, 1]', concurrencyLimit: 0, tasks: [S(t,1), S(u,1)]}"), @"
    execution 0-2000 SUCCESS
    e 0-2000 SUCCESS
    t[1] 0-1000 SUCCESS
    t~2[2] 0-1000 SUCCESS
    u[1] 1000-2000 SUCCESS
    u~2[2] 1000-2000 SUCCESS
    ");
}

#[test]
fn values_become_text_and_duplicates_are_dropped() {
    assert_snapshot!(check("- {id: e, type: .ForEach, values: [a, \"{{ 'a' }}\", 7, {k: v}], tasks: [S(t,1)]}"), @r#"
    execution 0-3000 SUCCESS
    e 0-3000 SUCCESS
    t[a] 0-1000 SUCCESS
    t~2[7] 1000-2000 SUCCESS
    t~3[{"k":"v"}] 2000-3000 SUCCESS
    "#);
}

#[test]
fn no_values_succeed_and_a_null_fails() {
    assert_snapshot!(check("- {id: e, type: .ForEach, values: '[]', tasks: [S(t,1)]}"), @"
    execution 0-0 SUCCESS
    e 0-0 SUCCESS
    ");
    assert_snapshot!(check("- {id: e, type: .ForEach, values: [1, null], tasks: [S(t,1)]}\n- S(n,1)"), @"
    execution 0-0 FAILED
    e 0-0 FAILED
    ");
    assert_snapshot!(check("- {id: e, type: .ForEach, values: '{{ nope }}', tasks: [S(t,1)]}"), @"
    execution 0-0 FAILED
    e 0-0 FAILED
    ");
}

#[test]
fn a_retrying_child_holds_its_slot() {
    let text = "
- id: e
  type: .ForEach
  values: [x, y, z, w, v]
  concurrencyLimit: 2
  tasks:
  - id: t
    type: .Sleep
    duration: \"{{ taskrun.value == 'x' ? 'PT9S' : 'PT1S' }}\"
    timeout: PT2S
    retry: {type: constant, interval: PT3S, maxAttempt: 2}
";
    // x tries at 0 and, from 2 s on RETRYING, again at 5 s: all others share the one slot that is left.
    assert_snapshot!(check(text), @"
    execution 0-7000 FAILED
    e 0-7000 FAILED
    t[x] 0-7000 FAILED
    t~2[y] 0-1000 SUCCESS
    t~3[z] 1000-2000 SUCCESS
    t~4[w] 2000-3000 SUCCESS
    t~5[v] 3000-4000 SUCCESS
    ");
}

#[test]
fn a_failure_in_one_lane_stops_all_lanes() {
    let text = "
- id: e
  type: .ForEach
  values: [x, y]
  concurrencyLimit: 2
  tasks:
  - {id: t, type: .Sleep, duration: \"{{ taskrun.value == 'x' ? 'PT9S' : 'PT0.5S' }}\", timeout: PT1S}
  - S(u,3)
  - S(never,1)
";
    assert_snapshot!(check(text), @"
    execution 0-1000 FAILED
    e 0-1000 FAILED
    t[x] 0-1000 FAILED
    t~2[y] 0-500 SUCCESS
    u[y] 500-3500 SUCCESS
    ");
}

#[test]
fn each_parallel_counts_pairs_of_value_and_task() {
    assert_snapshot!(check("- {id: e, type: .EachParallel, value: [x, y], concurrent: 3, tasks: [S(t,1), S(u,1)]}"), @"
    execution 0-2000 SUCCESS
    e 0-2000 SUCCESS
    t[x] 0-1000 SUCCESS
    t~2[y] 0-1000 SUCCESS
    u[x] 0-1000 SUCCESS
    u~2[y] 1000-2000 SUCCESS
    ");
}

#[test]
fn a_group_is_one_task_of_its_lane() {
    let text = "- {id: e, type: .ForEach, values: [x, y], tasks: [{id: p, type: .Parallel, tasks: [S(t,1), S(u,2)]}, S(v,1)]}";
    assert_snapshot!(check(text), @"
    execution 0-6000 SUCCESS
    e 0-6000 SUCCESS
    p[x] 0-2000 SUCCESS
    p~2[y] 3000-5000 SUCCESS
    t 0-1000 SUCCESS
    t~2 3000-4000 SUCCESS
    u 0-2000 SUCCESS
    u~2 3000-5000 SUCCESS
    v[x] 2000-3000 SUCCESS
    v~2[y] 5000-6000 SUCCESS
    ");
}

#[test]
fn a_group_goes_from_created_to_running_at_once() {
    assert_snapshot!(history("- {id: e, type: .ForEach, values: [x], tasks: [S(t,1)]}", "e"), @"
    execution: 0 CREATED, 0 RUNNING, 1000 SUCCESS
    e: 0 CREATED, 0 RUNNING, 1000 SUCCESS
    ");
}
