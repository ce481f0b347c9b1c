//! Rules: Kestra, "Task properties", "Flowable tasks" (active list, final state), "If / Switch", "AllowFailure",
//! "WorkingDirectory".

use insta::assert_snapshot;

use super::check;

#[test]
fn a_sequence_stops_at_its_first_failure_and_the_rest_never_exists() {
    assert_snapshot!(check("- {id: s, type: .Sequential, tasks: [S(a,1), F(b,1), S(c,1)]}\n- S(d,1)"), @"
    execution 0-2000 FAILED
    s 0-2000 FAILED
    a 0-1000 SUCCESS
    b 1000-2000 FAILED
    ");
}

#[test]
fn a_disabled_task_has_no_run_and_a_group_of_disabled_tasks_succeeds() {
    assert_snapshot!(check("- {id: s, type: .Sequential, tasks: [S(a,1, disabled: true)]}\n- S(b,1)"), @"
    execution 0-1000 SUCCESS
    s 0-0 SUCCESS
    b 0-1000 SUCCESS
    ");
}

#[test]
fn run_if_skips_a_group_with_its_children_and_its_error_fails_the_task() {
    assert_snapshot!(check("- {id: s, type: .Sequential, runIf: '0', tasks: [S(a,1)]}\n- S(b,1, runIf: 'no')\n- S(c,1, runIf: '{{ nope }}')"), @"
    execution 0-1000 FAILED
    s 0-0 SKIPPED
    b 0-1000 SUCCESS
    c 1000-1000 FAILED
    ");
}

#[test]
fn flags_change_the_state_of_a_task() {
    let flow = "- F(a,1, allowFailure: true)\n- F(b,1, allowFailure: true, allowWarning: true)\n- S(c,5, timeout: PT1S)";
    assert_snapshot!(check(flow), @"
    execution 0-3000 FAILED
    a 0-1000 WARNING
    b 1000-2000 SUCCESS
    c 2000-3000 FAILED
    ");
}

#[test]
fn flags_of_a_group_come_after_its_error_handler() {
    let group = "{id: g, type: .Sequential, allowFailure: true, tasks: [F(a,1)], errors: [S(e,1)]}";
    assert_snapshot!(check(&format!("- {group}\n- S(n,1)")), @"
    execution 0-3000 WARNING
    g 0-2000 WARNING
    a 0-1000 FAILED
    e 1000-2000 SUCCESS
    n 2000-3000 SUCCESS
    ");
    assert_snapshot!(check(&group.replacen("allow", "allowWarning: true, allow", 1).replacen('{', "- {", 1)), @"
    execution 0-2000 SUCCESS
    g 0-2000 SUCCESS
    a 0-1000 FAILED
    e 1000-2000 SUCCESS
    ");
}

#[test]
fn a_failure_weighs_more_than_a_warning() {
    assert_snapshot!(check("- {id: p, type: .Parallel, tasks: [F(w,1, allowFailure: true), F(f,2)]}"), @"
    execution 0-2000 FAILED
    p 0-2000 FAILED
    w 0-1000 WARNING
    f 0-2000 FAILED
    ");
}

#[test]
fn one_branch_of_an_if_runs_in_sequence() {
    let flow = "- {id: i, type: .If, condition: '{{ COND }}', then: [S(a,1), S(b,1)], else: [S(c,1)]}";
    assert_snapshot!(check(&flow.replace("COND", "1 == 1")), @"
    execution 0-2000 SUCCESS
    i 0-2000 SUCCESS
    a 0-1000 SUCCESS
    b 1000-2000 SUCCESS
    ");
    assert_snapshot!(check(&flow.replace("COND", "0")), @"
    execution 0-1000 SUCCESS
    i 0-1000 SUCCESS
    c 0-1000 SUCCESS
    ");
    assert_snapshot!(check(&flow.replace("COND", "1 == 2").replace(", else: [S(c,1)]", "")), @"
    execution 0-0 SUCCESS
    i 0-0 SUCCESS
    ");
    assert_snapshot!(check(&flow.replace("COND", "nope")), @"
    execution 0-0 FAILED
    i 0-0 FAILED
    ");
}

#[test]
fn a_switch_takes_the_case_its_defaults_or_fails() {
    let flow = "- {id: s, type: .Switch, value: VALUE, cases: {x: [S(a,1)], y: [S(b,1)]}, defaults: [S(c,2)]}";
    assert_snapshot!(check(&flow.replace("VALUE", "\"{{ 'y' }}\"")), @"
    execution 0-1000 SUCCESS
    s 0-1000 SUCCESS
    b 0-1000 SUCCESS
    ");
    assert_snapshot!(check(&flow.replace("VALUE", "z")), @"
    execution 0-2000 SUCCESS
    s 0-2000 SUCCESS
    c 0-2000 SUCCESS
    ");
    assert_snapshot!(check(&flow.replace("VALUE", "z").replace(", defaults: [S(c,2)]", "")), @"
    execution 0-0 FAILED
    s 0-0 FAILED
    ");
}

#[test]
fn allow_failure_handles_the_error_warns_and_goes_on() {
    assert_snapshot!(check("- {id: g, type: .AllowFailure, tasks: [F(a,1), S(b,1)], errors: [S(e,1)]}\n- S(n,1)"), @"
    execution 0-3000 WARNING
    g 0-2000 WARNING
    a 0-1000 FAILED
    e 1000-2000 SUCCESS
    n 2000-3000 SUCCESS
    ");
}

#[test]
fn a_working_directory_runs_one_by_one_up_to_a_failure() {
    let flow = "- {id: w, type: .WorkingDirectory, tasks: [S(a,1), F(b,1), S(c,1)]}";
    assert_snapshot!(check(flow), @"
    execution 0-2000 FAILED
    w 0-2000 FAILED
    a 0-1000 SUCCESS
    b 1000-2000 FAILED
    ");
    assert_snapshot!(check(&flow.replace("F(b,1)", "F(b,1, allowFailure: true)")), @"
    execution 0-3000 WARNING
    w 0-3000 WARNING
    a 0-1000 SUCCESS
    b 1000-2000 WARNING
    c 2000-3000 SUCCESS
    ");
}

#[test]
fn allow_flags_apply_to_an_error_in_run_if() {
    let flow = "- S(a,1, runIf: '{{ nope }}', allowFailure: true)\n- S(b,1, runIf: '{{ nope }}', allowFailure: true, allowWarning: true)";
    assert_snapshot!(check(flow), @"
    execution 0-0 WARNING
    a 0-0 WARNING
    b 0-0 SUCCESS
    ");
}
