//! Rule: Kestra, "Retry".

use insta::assert_snapshot;

use super::{check, history};

/// A task that fails after a second, each time, with this retry.
fn failing(retry: &str) -> String {
    history(&format!("- F(a,1, retry: {{{retry}}})"), "a").split_once('\n').map_or_else(String::new, |(_, of_task)| of_task.to_owned())
}

#[test]
fn constant_counts_all_attempts_and_holds_the_execution_in_retrying() {
    assert_snapshot!(history("- F(a,1, retry: {type: constant, interval: PT2S, maxAttempt: 2})", "a"), @"
    execution: 0 CREATED, 0 RUNNING, 1000 RETRYING, 3000 RUNNING, 4000 FAILED
    a: 0 CREATED, 0 RUNNING, 1000 FAILED, 1000 RETRYING, 3000 CREATED, 3000 RUNNING, 4000 FAILED
    ");
    assert_eq!(failing("type: constant, interval: PT2S, maxAttempts: 2"), failing("type: constant, interval: PT2S, maxAttempt: 2"));
}

#[test]
fn exponential_is_linear_with_a_first_delay_of_zero() {
    // 2 s x 3 x (attempts - 1): 0, 6 and 12 s; then with 8 s at most.
    let tries = failing("type: exponential, interval: PT2S, delayFactor: 3, maxInterval: PT30S, maxAttempt: 4");
    assert_snapshot!(tries.replace("00 ", "00."), @"a: 0 CREATED, 0 RUNNING, 1000.FAILED, 1000.RETRYING, 1000.CREATED, 1000.RUNNING, 2000.FAILED, 2000.RETRYING, 8000.CREATED, 8000.RUNNING, 9000.FAILED, 9000.RETRYING, 21000.CREATED, 21000.RUNNING, 22000.FAILED");
    let tries = failing("type: exponential, interval: PT2S, delayFactor: 3, maxInterval: PT8S, maxAttempt: 4");
    assert_snapshot!(tries.replace("00 ", "00."), @"a: 0 CREATED, 0 RUNNING, 1000.FAILED, 1000.RETRYING, 1000.CREATED, 1000.RUNNING, 2000.FAILED, 2000.RETRYING, 8000.CREATED, 8000.RUNNING, 9000.FAILED, 9000.RETRYING, 17000.CREATED, 17000.RUNNING, 18000.FAILED");
}

#[test]
fn the_factor_is_cut_to_a_whole_number_and_is_two_when_it_is_not_given() {
    let whole = failing("type: exponential, interval: PT1S, delayFactor: 2.9, maxInterval: PT1H, maxAttempt: 4");
    assert_eq!(whole, failing("type: exponential, interval: PT1S, maxInterval: PT1H, maxAttempt: 4"));
    // Attempts begin at 0, 1, 2 + 2 and 5 + 4 s.
    assert_snapshot!(check("- F(a,1, retry: {type: exponential, interval: PT1S, maxInterval: PT1H, maxAttempt: 4})"), @"
    execution 0-10000 FAILED
    a 0-10000 FAILED
    ");
}

#[test]
fn no_try_begins_after_the_longest_duration() {
    // Tries at 0, 3 and 6 s; the next would begin at 9 s.
    assert_snapshot!(check("- F(a,1, retry: {type: constant, interval: PT2S, maxDuration: PT6S})"), @"
    execution 0-7000 FAILED
    a 0-7000 FAILED
    ");
}

#[test]
fn an_attempt_of_zero_length_is_retried_after_the_interval() {
    assert_snapshot!(history("- F(a,0, retry: {type: constant, interval: PT2S, maxDuration: PT6S})", "a"), @"
    execution: 0 CREATED, 0 RUNNING, 0 RETRYING, 2000 RUNNING, 2000 RETRYING, 4000 RUNNING, 4000 FAILED
    a: 0 CREATED, 0 RUNNING, 0 FAILED, 0 RETRYING, 2000 CREATED, 2000 RUNNING, 2000 FAILED, 2000 RETRYING, 4000 CREATED, 4000 RUNNING, 4000 FAILED
    ");
}

#[test]
fn a_retry_comes_from_the_task_else_its_group_else_the_flow() {
    const OF_FLOW: &str = "\nretry: {type: constant, interval: PT9S, maxAttempt: 2}";
    let group = |retry: &str| {
        format!("- {{id: s, type: .Sequential, retry: {{type: constant, interval: PT1S, maxAttempt: 2}}, tasks: [F(a,1{retry})]}}{OF_FLOW}")
    };
    assert_snapshot!(check(&group("")), @"
    execution 0-3000 FAILED
    s 0-3000 FAILED
    a 0-3000 FAILED
    ");
    assert_snapshot!(check(&group(", retry: {type: constant, interval: PT4S, maxAttempt: 2}")), @"
    execution 0-6000 FAILED
    s 0-6000 FAILED
    a 0-6000 FAILED
    ");
    assert_snapshot!(check(&format!("- F(a,1){OF_FLOW}")), @"
    execution 0-11000 FAILED
    a 0-11000 FAILED
    ");
}

#[test]
fn a_success_after_two_failed_attempts_can_warn() {
    let text = "
- id: a
  type: io.kestra.plugin.core.execution.Fail
  condition: '{{ taskrun.attemptsCount < TIMES }}'
  retry: {type: constant, interval: PT1S, maxAttempt: 5, warningOnRetry: true}
";
    assert_snapshot!(check(&text.replace("TIMES", "1")), @"
    execution 0-1000 SUCCESS
    a 0-1000 SUCCESS
    ");
    assert_snapshot!(check(&text.replace("TIMES", "2")), @"
    execution 0-2000 WARNING
    a 0-2000 WARNING
    ");
}

#[test]
fn allow_failure_applies_when_no_try_is_left() {
    assert_snapshot!(history("- F(a,1, allowFailure: true, retry: {type: constant, interval: PT1S, maxAttempt: 2})", "a"), @"
    execution: 0 CREATED, 0 RUNNING, 1000 RETRYING, 2000 RUNNING, 3000 WARNING
    a: 0 CREATED, 0 RUNNING, 1000 FAILED, 1000 RETRYING, 2000 CREATED, 2000 RUNNING, 3000 WARNING
    ");
}

#[test]
fn the_error_handler_waits_for_the_last_try() {
    let text =
        "- {id: p, type: .Parallel, tasks: [F(a,1, retry: {type: constant, interval: PT2S, maxAttempt: 2}), S(b,6)], errors: [S(e,1)]}";
    assert_snapshot!(check(text), @"
    execution 0-5000 FAILED
    p 0-5000 FAILED
    a 0-4000 FAILED
    b 0-6000 SUCCESS
    e 4000-5000 SUCCESS
    ");
}

/// What still runs when its execution has ended is not tried again, although `afterExecution` goes on.
#[test]
fn nothing_is_tried_again_once_the_execution_has_ended() {
    let text = "- {id: p, type: .Parallel, allowFailure: true, retry: {type: constant, interval: PT1S, maxAttempt: 2}, tasks: [F(a,1), {id: s, type: .Switch, value: c, cases: {x: [S(x,1)]}}]}\nafterExecution: [S(after,3)]";
    assert_snapshot!(check(text), @"
    execution 0-0 WARNING
    p 0-0 WARNING
    a 0-1000 FAILED
    s 0-0 FAILED
    after 0-3000 SUCCESS
    ");
}

#[test]
fn a_new_execution_is_created_and_what_failed_is_retried() {
    let text = "- {id: s, type: .Sequential, tasks: [S(a,1), F(b,1, retry: {type: constant, interval: PT2S, maxAttempt: 2, behavior: CREATE_NEW_EXECUTION})]}";
    assert_snapshot!(check(text), @"
    execution 0-2000 RETRIED
    s 0-2000 RETRIED
    a 0-1000 SUCCESS
    b 1000-2000 RETRIED
    execution 4000-6000 FAILED
    s 4000-6000 FAILED
    a 4000-5000 SUCCESS
    b 5000-6000 FAILED
    ");
}
