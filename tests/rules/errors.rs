//! Rules: Kestra, "Flowable tasks", shared rules: `errors` and `finally`.

use insta::assert_snapshot;

use super::check;

#[test]
fn a_failure_rises_through_the_error_handlers_of_all_levels() {
    let inner = "{id: i, type: .Sequential, tasks: [F(a,1)], errors: [S(ei,1)]}";
    let text = format!("- {{id: o, type: .Sequential, tasks: [{inner}, S(b,1)], errors: [S(eo,1)]}}\nerrors:\n- S(ef,1)");
    assert_snapshot!(check(&text), @"
    execution 0-4000 FAILED
    o 0-3000 FAILED
    i 0-2000 FAILED
    a 0-1000 FAILED
    ei 1000-2000 SUCCESS
    eo 2000-3000 SUCCESS
    ef 3000-4000 SUCCESS
    ");
}

#[test]
fn finally_comes_after_errors_and_errors_only_after_a_failure() {
    let text = "- TASK\nerrors:\n- S(e,1)\nfinally:\n- S(z,1)";
    assert_snapshot!(check(&text.replace("TASK", "F(a,1)")), @"
    execution 0-3000 FAILED
    a 0-1000 FAILED
    e 1000-2000 SUCCESS
    z 2000-3000 SUCCESS
    ");
    assert_snapshot!(check(&text.replace("TASK", "S(a,1)")), @"
    execution 0-2000 SUCCESS
    a 0-1000 SUCCESS
    z 1000-2000 SUCCESS
    ");
}

#[test]
fn handlers_that_fail_do_not_change_the_final_state() {
    assert_snapshot!(check("- S(a,1)\nfinally:\n- F(z,1)"), @"
    execution 0-2000 SUCCESS
    a 0-1000 SUCCESS
    z 1000-2000 FAILED
    ");
    assert_snapshot!(check("- F(a,1, allowFailure: true)\n- F(b,1)\nerrors:\n- S(e,1)\n- F(e2,1)"), @"
    execution 0-4000 FAILED
    a 0-1000 WARNING
    b 1000-2000 FAILED
    e 2000-3000 SUCCESS
    e2 3000-4000 FAILED
    ");
}

#[test]
fn finally_of_a_parallel_runs_in_sequence_beside_siblings_that_go_on() {
    assert_snapshot!(check("- {id: p, type: .Parallel, tasks: [F(b,1), S(x,5)], finally: [S(z1,1), S(z2,1)]}"), @"
    execution 0-3000 FAILED
    p 0-3000 FAILED
    b 0-1000 FAILED
    x 0-5000 SUCCESS
    z1 1000-2000 SUCCESS
    z2 2000-3000 SUCCESS
    ");
    assert_snapshot!(check("- {id: p, type: .Parallel, tasks: [S(a,1), S(x,2)], finally: [S(z1,1), S(z2,1)]}"), @"
    execution 0-4000 SUCCESS
    p 0-4000 SUCCESS
    a 0-1000 SUCCESS
    x 0-2000 SUCCESS
    z1 2000-3000 SUCCESS
    z2 3000-4000 SUCCESS
    ");
}

#[test]
fn errors_of_a_parallel_run_in_sequence() {
    assert_snapshot!(check("- {id: p, type: .Parallel, concurrent: 2, tasks: [F(b,1)], errors: [S(e1,1), S(e2,1)]}"), @"
    execution 0-3000 FAILED
    p 0-3000 FAILED
    b 0-1000 FAILED
    e1 1000-2000 SUCCESS
    e2 2000-3000 SUCCESS
    ");
}

#[test]
fn what_runs_after_the_execution_does_not_lengthen_it() {
    assert_snapshot!(check("- S(a,1)\nafterExecution:\n- S(z,1)"), @"
    execution 0-1000 SUCCESS
    a 0-1000 SUCCESS
    z 1000-2000 SUCCESS
    ");
}
