//! Rule: Kestra, "Parallel".

use insta::assert_snapshot;
use parallelogram::sim::scenario::Scenario;
use parallelogram::time::SimTime;

use super::{check, check_with, slots, spans};

/// The worked example of the rules; `B1` is b1.
const WORKED: &str = "
- id: p
  type: .Parallel
  concurrent: 3
  tasks:
  - {id: A, type: .Sequential, tasks: [S(a1,2), S(a2,3)]}
  - {id: B, type: .Sequential, tasks: [B1, S(b2,1)]}
  - S(C,4)
  - {id: D, type: .Sequential, tasks: [S(d1,2), S(d2,2)]}
  - S(E,1)
";

#[test]
fn groups_and_leaves_take_slots_as_in_the_worked_table() {
    let text = WORKED.replace("B1", "S(b1,1)");
    let row = |n| spans(&text, &slots(n), "A B C D E p").replace("000", "").replace(" SUCCESS", "");
    assert_snapshot!([0, 3, 2, 1].map(row).join("\n"), @"
    A 0-5, B 0-2, C 0-4, D 0-4, E 0-1, p 0-5
    A 0-5, B 0-2, C 0-4, D 2-6, E 4-5, p 0-6
    A 0-5, B 0-2, C 2-6, D 5-9, E 6-7, p 0-9
    A 0-5, B 5-7, C 7-11, D 11-15, E 15-16, p 0-16
    ");
}

#[test]
fn a_failure_ends_the_group_while_leaves_go_on_and_open_groups_are_closed() {
    assert_snapshot!(check(&WORKED.replace("B1", "F(b1,1)")), @"
    execution 0-1000 FAILED
    p 0-1000 FAILED
    A 0-1000 KILLED
    a1 0-2000 SUCCESS
    B 0-1000 FAILED
    b1 0-1000 FAILED
    C 0-4000 SUCCESS
    ");
}

#[test]
fn errors_of_the_group_run_beside_siblings_that_start_their_next_tasks() {
    let text = WORKED.replace("B1", "F(b1,1)") + "  errors: [S(e,5)]";
    assert_snapshot!(check(&text), @"
    execution 0-6000 FAILED
    p 0-6000 FAILED
    A 0-5000 SUCCESS
    a1 0-2000 SUCCESS
    a2 2000-5000 SUCCESS
    B 0-1000 FAILED
    b1 0-1000 FAILED
    C 0-4000 SUCCESS
    e 1000-6000 SUCCESS
    ");
}

#[test]
fn slots_are_a_sliding_window_in_source_order() {
    // At 2 s c3 and c4 end in one instant, so c5 and c6 begin together.
    let text = "- {id: p, type: .Parallel, concurrent: 3, tasks: [S(c1,3), S(c2,1), S(c3,2), S(c4,1), S(c5,1), S(c6,1)]}";
    assert_snapshot!(check(text), @"
    execution 0-3000 SUCCESS
    p 0-3000 SUCCESS
    c1 0-3000 SUCCESS
    c2 0-1000 SUCCESS
    c3 0-2000 SUCCESS
    c4 1000-2000 SUCCESS
    c5 2000-3000 SUCCESS
    c6 2000-3000 SUCCESS
    ");
}

#[test]
fn a_warning_and_a_skipped_child_free_their_slot_and_stop_nothing() {
    let text = "- {id: p, type: .Parallel, concurrent: 1, tasks: [F(w,1, allowFailure: true), S(s,1, runIf: 'false'), S(l,1)]}";
    assert_snapshot!(check(text), @"
    execution 0-2000 WARNING
    p 0-2000 WARNING
    w 0-1000 WARNING
    s 1000-1000 SKIPPED
    l 1000-2000 SUCCESS
    ");
}

#[test]
fn a_retrying_child_frees_its_slot_and_comes_back_over_the_limit() {
    let text = "
- id: p
  type: .Parallel
  concurrent: 1
  tasks: [F(r,1, retry: {type: constant, interval: PT2S, maxAttempt: 2}), S(x,4), S(y,1)]
";
    // r tries at 0 and at 3 s; x begins at 1 s. When r fails for good at 4 s, y has not begun and never does.
    assert_snapshot!(check(text), @"
    execution 0-4000 FAILED
    p 0-4000 FAILED
    r 0-4000 FAILED
    x 1000-5000 SUCCESS
    ");
}

#[test]
fn a_group_is_one_slot_also_between_its_children() {
    let text = "- {id: p, type: .Parallel, concurrent: 1, tasks: [{id: s, type: .Sequential, tasks: [S(a,1), S(b,1)]}, S(x,1)]}";
    assert_snapshot!(check(text), @"
    execution 0-3000 SUCCESS
    p 0-3000 SUCCESS
    s 0-2000 SUCCESS
    a 0-1000 SUCCESS
    b 1000-2000 SUCCESS
    x 2000-3000 SUCCESS
    ");
}

#[test]
fn a_limit_counts_direct_children_only() {
    let text = "
- id: p
  type: .Parallel
  concurrent: 2
  tasks:
  - {id: q, type: .Parallel, tasks: [S(q1,1), S(q2,1), S(q3,1)]}
  - {id: r, type: .Parallel, tasks: [S(r1,1), S(r2,1)]}
";
    assert_snapshot!(spans(text, &Scenario::default(), "q1 q2 q3 r1 r2 p"), @"q1 0-1000 SUCCESS, q2 0-1000 SUCCESS, q3 0-1000 SUCCESS, r1 0-1000 SUCCESS, r2 0-1000 SUCCESS, p 0-1000 SUCCESS");
}

#[test]
fn with_allow_failure_the_next_task_begins_beside_the_leftovers() {
    let group = "{id: p, type: .Parallel, allowFailure: true, tasks: [{id: A, type: .Sequential, tasks: [S(a1,2), S(a2,2)]}, F(b,1)]}";
    assert_snapshot!(check(&format!("- {group}\n- S(next,5)")), @"
    execution 0-6000 WARNING
    p 0-1000 WARNING
    A 0-4000 SUCCESS
    a1 0-2000 SUCCESS
    a2 2000-4000 SUCCESS
    b 0-1000 FAILED
    next 1000-6000 SUCCESS
    ");
    // Once the execution has ended, nothing begins any more.
    assert_snapshot!(check(&format!("- {group}\n- S(next,0.5)")), @"
    execution 0-1500 WARNING
    p 0-1000 WARNING
    A 0-1500 KILLED
    a1 0-2000 SUCCESS
    b 0-1000 FAILED
    next 1000-1500 SUCCESS
    ");
}

#[test]
fn nothing_starts_while_a_sibling_is_created_and_has_not_begun() {
    let scenario = Scenario { dispatch_delay: SimTime(500), ..Scenario::default() };
    let text = "- {id: p, type: .Parallel, concurrent: 2, tasks: [S(a,1), S(b,1.2), S(c,1), S(d,1)]}";
    // c is created at 1.5 s and begins at 2 s; d could have been created at 1.7 s, when b ended.
    assert_snapshot!(check_with(text, &scenario), @"
    execution 0-3500 SUCCESS
    p 0-3500 SUCCESS
    a 0-1500 SUCCESS
    b 0-1700 SUCCESS
    c 1500-3000 SUCCESS
    d 2000-3500 SUCCESS
    ");
}
