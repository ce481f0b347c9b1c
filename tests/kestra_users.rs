//! Situations of people who run Kestra, each in 1.3 and in 2.0: the flows in `tests/kestra/users`, whose first line names the public
//! report or page behind it. What a server does is recorded in `tests/kestra/real`, where the engine serves the tasks.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use insta::assert_snapshot;
use parallelogram::diag::Severity;
use parallelogram::flow::kestra::validate::messages;
use parallelogram::flow::{Flow, Level, Version, read_text_for};
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::trace::{ExecutionIdx, Trace};
use parallelogram::sim::{input_errors, simulate};
use parallelogram::source::Source;
use parallelogram::value::Value;

/// What becomes of a situation: what the server says when it does not take the flow; otherwise each execution and taskrun with its
/// state, from when to when in milliseconds, and what is logged.
fn of(name: &str, version: Version) -> String {
    of_settings(name, version, &Scenario::default())
}

/// The same with other settings.
fn of_settings(name: &str, version: Version, scenario: &Scenario) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kestra/users").join(format!("{name}.yaml"));
    let source = Source::new("flow.yaml", fs::read_to_string(path).expect("there is such a situation"));
    let (_, flows, diagnostics) = read_text_for(&source, Some(version));
    if flows.is_empty() {
        return format!("refused: {}", messages(&diagnostics).join("; "));
    }
    let mut out = String::new();
    for found in diagnostics.iter().filter(|found| found.severity == Severity::Warning && !found.label.is_empty()) {
        line(&mut out, &format!("warned: {}", found.label));
    }
    if let Some(error) = input_errors(&flows, scenario).first() {
        return out + "refused: " + &error.message;
    }
    let trace = simulate(&flows, scenario);
    for known in trace.assumptions.iter().filter(|known| known.path.starts_with("commands.")) {
        line(&mut out, &format!("assumed: {} {}", known.path, known.value.to_json()));
    }
    for execution in trace.execution_indices() {
        out_of(&mut out, &flows, &trace, execution);
    }
    out
}

/// What becomes of a situation that is the same in both versions.
fn of_both(name: &str) -> String {
    let found = of(name, Version::V1_3);
    assert_eq!(found, of(name, Version::V2_0), "{name} is not the same in 1.3 and 2.0");
    found
}

fn out_of(out: &mut String, flows: &[Flow], trace: &Trace, execution: ExecutionIdx) {
    let history = trace.execution_history(execution);
    let (end, state) = history.last().expect("it was created");
    line(out, &format!("{} {} {}-{}", trace.flow_of(flows, execution).id, state.as_str(), history[0].0.0, end.0));
    let runs = trace.iter().filter(|(_, taskrun)| taskrun.execution == execution);
    for (run, taskrun) in runs {
        let attempts: Vec<&str> = taskrun.attempts.iter().map(|attempt| attempt.state.as_str()).collect();
        let tries = if attempts.len() > 1 { format!(" after {}", attempts.join(", ")) } else { String::new() };
        let task = &trace.task_of(flows, run).id;
        line(out, &format!("  {task} {} {}-{}{tries}", trace.state(run).as_str(), trace.created(run).0, trace.ended(run).0));
    }
    let is_shown = |message: &str| !message.starts_with("Created new execution");
    for entry in trace.logs.iter().filter(|entry| entry.execution == execution && entry.level >= Level::Info && is_shown(&entry.message)) {
        line(out, &format!("  {:?}: {}", entry.level, entry.message));
    }
}

fn line(out: &mut String, text: &str) {
    writeln!(out, "{text}").expect("a string takes all that is written to it");
}

#[test]
fn parallel_sibling_fails() {
    assert_snapshot!(of("01-parallel-sibling-fails", Version::V1_3), @"
    sibling_fails FAILED 0-1000
      both FAILED 0-1000
      bad FAILED 0-1000
      branch FAILED 0-1000
      long_step SUCCESS 0-3000
      Error: Command failed with exit code 1
    ");
    assert_snapshot!(of("01-parallel-sibling-fails", Version::V2_0), @"
    sibling_fails FAILED 0-1000
      both FAILED 0-1000
      bad FAILED 0-1000
      branch FAILED 0-1000
      long_step FAILED 0-1000
      Error: Command failed with exit code 1
    ");
}

#[test]
fn on_child_failure() {
    assert_snapshot!(of("02-on-child-failure", Version::V1_3), @r#"refused: Unrecognized field "onChildFailure" (class io.kestra.plugin.core.flow.Parallel), not marked as ignorable"#);
    assert_snapshot!(of("02-on-child-failure", Version::V2_0), @"
    on_child_failure WARNING 0-3000
      both WARNING 0-1000
      bad FAILED 0-1000
      long_step SUCCESS 0-30000
      after SUCCESS 1000-3000
      Error: Command failed with exit code 1
    ");
}

#[test]
fn a_loop() {
    assert_snapshot!(of("04-loop", Version::V1_3), @"refused: Invalid type: io.kestra.plugin.core.flow.Loop; Could not resolve type id 'io.kestra.plugin.core.flow.Loop'");
    assert_snapshot!(of("04-loop", Version::V2_0), @"
    loop_regions SUCCESS 0-4000
      regions SUCCESS 0-4000
      show SUCCESS 4000-4000
      Info: 4 0 north
    loop_regions SUCCESS 0-2000
      work SUCCESS 0-2000
      name SUCCESS 2000-2000
    loop_regions SUCCESS 0-2000
      work SUCCESS 0-2000
      name SUCCESS 2000-2000
    loop_regions SUCCESS 0-4000
      work SUCCESS 2000-4000
      name SUCCESS 4000-4000
    loop_regions SUCCESS 0-4000
      work SUCCESS 2000-4000
      name SUCCESS 4000-4000
    ");
}

#[test]
fn loop_until_defaults() {
    assert_snapshot!(of("05-loop-until-defaults", Version::V1_3), @"
    poll_default SUCCESS 0-60000
      poll SUCCESS 0-60000
      look SUCCESS 0-0
      look SUCCESS 60000-60000
    ");
    assert_snapshot!(of("05-loop-until-defaults", Version::V2_0), @"
    poll_default SUCCESS 0-120000
      poll SUCCESS 0-120000
      look SUCCESS 0-0
      look SUCCESS 60000-60000
      look SUCCESS 120000-120000
    ");
}

#[test]
fn pause_fail_errors() {
    assert_snapshot!(of_both("15-pause-fail-errors"), @"
    pause_fail FAILED 0-5000
      seq FAILED 0-5000
      wait FAILED 0-5000
      on_fail SUCCESS 5000-5000
      at_last SUCCESS 5000-5000
      Info: nobody came
      Info: at last
    ");
}

#[test]
fn concurrency_fail() {
    assert_snapshot!(of("17-concurrency-fail", Version::V1_3), @"
    caller SUCCESS 0-0
      each SUCCESS 0-0
      call SUCCESS 0-0
      call SUCCESS 0-0
      call SUCCESS 0-0
      call SUCCESS 0-0
    called SUCCESS 0-10000
      nap SUCCESS 0-10000
    called SUCCESS 0-10000
      nap SUCCESS 0-10000
    called FAILED 0-0
      Error: Execution is FAILED due to concurrency limit exceeded
    called FAILED 0-0
      Error: Execution is FAILED due to concurrency limit exceeded
    ");
    assert_snapshot!(of("17-concurrency-fail", Version::V2_0), @"refused: Invalid type: io.kestra.plugin.core.flow.ForEach; Could not resolve type id 'io.kestra.plugin.core.flow.ForEach'");
}

#[test]
fn sla_huge() {
    assert_snapshot!(of("19-sla-huge", Version::V1_3), @"
    sla_huge SUCCESS 0-0
      hello SUCCESS 0-0
      Info: hi
    ");
    assert_snapshot!(of("19-sla-huge", Version::V2_0), @"refused: sla[0].duration: duration 'PT9000000000000H' must not exceed P3650D");
}

#[test]
fn sla_cancel() {
    assert_snapshot!(of_both("20-sla-cancel"), @"
    sla_cancel CANCELLED 0-5000
      p KILLED 0-5000
      nap KILLED 0-5000
      call KILLED 0-5000
      Warn: SLA 'too_long' violated: execution duration of PT5S exceed the maximum duration of PT5S.
    long_child KILLED 0-5000
      child_nap KILLED 0-5000
    ");
}

#[test]
fn stderr_no_warning() {
    assert_snapshot!(of_both("27-stderr-no-warning"), @"
    stderr_only SUCCESS 0-0
      noisy SUCCESS 0-0
      Error: downloading 10%
      Info: done
    ");
}

#[test]
fn timeout_on_group() {
    assert_snapshot!(of_both("30-timeout-on-group"), @"
    warned: The task 'group' cannot use the 'timeout' property as it's only relevant for runnable tasks.
    group_timeout SUCCESS 0-10000
      group SUCCESS 0-10000
      nap SUCCESS 0-10000
    ");
}

#[test]
fn skipped_output() {
    assert_snapshot!(of("31-skipped-output", Version::V1_3), @"
    warned: deprecated: inputs[0]
    skipped_output FAILED 0-0
      branch SUCCESS 0-0
      halt SUCCESS 0-0
      Info: stopping
      Error: Failed to render output values: Unable to find `go_on` used in the expression `{{ outputs.go_on.outputFiles }}` at line 1
    ");
    assert_snapshot!(of("31-skipped-output", Version::V2_0), @"refused: Invalid type: BOOLEAN; Could not resolve type id 'BOOLEAN'");
}

#[test]
fn checks() {
    assert_snapshot!(of_both("34-checks"), @"refused: blocked by checks: only in production");
}

#[test]
fn reserved_id() {
    assert_snapshot!(of("35-reserved-id", Version::V1_3), @"refused: : Invalid Flow: Flow id is a reserved keyword: pause. List of reserved keywords: pause, resume, force-run, change-status, kill, executions, search, source, disable, enable");
    assert_snapshot!(of("35-reserved-id", Version::V2_0), @"
    pause SUCCESS 0-0
      log SUCCESS 0-0
      Info: hi
    ");
}

#[test]
fn afterexecution() {
    assert_snapshot!(of_both("37-afterexecution"), @"
    after_exec FAILED 0-0
      fail FAILED 0-0
      on_success SKIPPED 0-0
      on_failure SUCCESS 0-0
      tail FAILED 0-5000
      t1 SUCCESS 0-5000
      t2 FAILED 5000-5000
      alert SUCCESS 5000-5000
      Error: Task failure
      Info: ended FAILED
      Error: Task failure
      Info: tail failed
    ");
}

#[test]
fn render_a_number() {
    assert_snapshot!(of_both("52-render-a-number"), @"
    render_number SUCCESS 0-0
      show SUCCESS 0-0
      Info: 202403-data.zip
    ");
}

#[test]
fn flow_tenant() {
    assert_snapshot!(of_both("53-flow-tenant"), @"
    tenant SUCCESS 0-0
      show SUCCESS 0-0
      Info: /api/v1/main/flows
    ");
}

#[test]
fn retry_shown() {
    assert_snapshot!(of_both("54-retry-shown"), @"
    retry_shown SUCCESS 0-12000
      shaky SUCCESS 0-12000 after FAILED, FAILED, SUCCESS
      Error: Command failed with exit code 1
      Error: Command failed with exit code 1
    ");
}

#[test]
fn docs_expressions() {
    assert_snapshot!(of("55-docs-expressions", Version::V1_3), @r#"
    warned: Filter [regexMatch] does not exist.
    warned: Filter [regexReplace] does not exist.
    warned: Filter [regexExtract] does not exist.
    warned: Function or Macro [isWeekend] does not exist.
    warned: Function or Macro [dayOfWeek] does not exist.
    warned: Function or Macro [hourOfDay] does not exist.
    warned: Function or Macro [isDayWeekInMonth] does not exist.
    docs_expressions WARNING 0-0
      show SUCCESS 0-0
      env SUCCESS 0-0
      ns SUCCESS 0-0
      cred WARNING 0-0
      rx WARNING 0-0
      dates WARNING 0-0
      ctx SUCCESS 0-0
      ids SUCCESS 0-0
      enc SUCCESS 0-0
      Info: 1 3 255
      Info: 2 167 2023
      Info: 3 java.math.BigDecimal 3.14
      Info: 4 this... hello-world a.b
      Info: 5 The+string+%C3%BC%40foo-bar test
      Info: 6 2018/July/3
      Info: 7 [[1,2],[3,4],[5]] ["a","b"] [3,2,1]
      Info: 8 example: test
        system:
          correlationId: 3MSHIAeJge7krGnHuNtBHE
        |"key1: value1"

      Info: 9 1704067200 1704067200000 2023-12-31T00:00:00.000000Z
      Info: 10 RUNNING 1 [0,2,4,6]
      Info: 11 true true true
      Info: ⟨kestra.environment⟩ ⟨kestra.url⟩
      Info: ⟨namespace.github.token⟩
      Error: io.pebbletemplates.pebble.error.PebbleException: Function or Macro [credential] does not exist. ({{ credential('x') }}:1)
      Error: io.pebbletemplates.pebble.error.PebbleException: Filter [regexMatch] does not exist. ({{ 'v1.2' | regexMatch('v[0-9.]+') }} {{ 'v1.2' | regexReplace('[0-9]', 'N') }} {{ 'v1.2' | regexExtract('[0-9]+') }}:1)
      Error: io.pebbletemplates.pebble.error.PebbleException: Function or Macro [isWeekend] does not exist. ({{ isWeekend('2024-01-06') }} {{ dayOfWeek('2024-01-01') }} {{ hourOfDay('2024-01-01T08:00:00Z') }} {{ isDayWeekInMonth('2024-01-01','MONDAY','FIRST') }}:1)
      Info: docs_expressions J
      Info: 21 27 10
      Info: "x" 1
    "#);
    assert_snapshot!(of("55-docs-expressions", Version::V2_0), @r#"
    docs_expressions WARNING 0-0
      show SUCCESS 0-0
      env SUCCESS 0-0
      ns SUCCESS 0-0
      cred WARNING 0-0
      rx SUCCESS 0-0
      dates SUCCESS 0-0
      ctx SUCCESS 0-0
      ids SUCCESS 0-0
      enc SUCCESS 0-0
      Info: 1 3 255
      Info: 2 167 2023
      Info: 3 java.math.BigDecimal 3.14
      Info: 4 this... hello-world a.b
      Info: 5 The+string+%C3%BC%40foo-bar test
      Info: 6 2018/July/3
      Info: 7 [[1,2],[3,4],[5]] ["a","b"] [3,2,1]
      Info: 8 example: test
        system:
          correlationId: 3MSHIAeJge7krGnHuNtBHE
        |"key1: value1"

      Info: 9 1704067200 1704067200000 2023-12-31T00:00:00.000000Z
      Info: 10 RUNNING 1 [0,2,4,6]
      Info: 11 true true true
      Info: ⟨kestra.environment⟩ ⟨kestra.url⟩
      Info: ⟨namespace.github.token⟩
      Error: io.pebbletemplates.pebble.error.PebbleException: Function or Macro [credential] does not exist. ({{ credential('x') }}:1)
      Info: true vN.N 1
      Info: true MONDAY 8 true
      Info: docs_expressions J
      Info: 21 27 10
      Info: "x" 1
    "#);
}

#[test]
fn concurrent_expression() {
    assert_snapshot!(of_both("60-concurrent-expression"), @"
    concurrent_expr SUCCESS 0-2000
      p SUCCESS 0-2000
      a SUCCESS 0-1000
      b SUCCESS 0-1000
      c SUCCESS 1000-2000
    ");
}

#[test]
fn quoted_number() {
    assert_snapshot!(of_both("63-quoted-number"), @"
    quoted SUCCESS 0-2000
      p SUCCESS 0-2000
      a SUCCESS 0-1000
      b SUCCESS 0-1000
      c SUCCESS 1000-2000
    ");
}

/// The open-source servers refuse the type; the edition that has it pauses (`docs/fidelity.md`).
#[test]
fn human_task() {
    assert_snapshot!(of_both("66-human-task"), @"
    human SUCCESS 0-10000
      ask SUCCESS 0-10000
      after SUCCESS 10000-10000
      Info: after
    ");
}

#[test]
fn defaults_not_required() {
    assert_snapshot!(of("68-defaults-not-required", Version::V1_3), @"refused: who: Inputs with a default value must be required, since the default is always applied.; both: Inputs with a default value cannot also have a prefill.");
    assert_snapshot!(of("68-defaults-not-required", Version::V2_0), @"refused: inputs[who]: Inputs with a default value must be required, since the default is always applied.; inputs[both]: Inputs with a default value cannot also have a prefill.");
}

#[test]
fn retry_holds_slot() {
    assert_snapshot!(of_both("69-retry-holds-slot"), @"
    retry_slot SUCCESS 0-17000
      p SUCCESS 0-17000
      shaky SUCCESS 0-7000 after FAILED, SUCCESS
      next SUCCESS 7000-17000
      Error: Command failed with exit code 1
    ");
}

/// How long a download takes is an assumption, which is listed, and makes the task the longest one.
#[test]
fn download_in_shell() {
    assert_snapshot!(of_both("70-download-in-shell"), @r#"
    assumed: commands.wget "0s"
    assumed: commands.gunzip "0s"
    download_in_shell SUCCESS 0-2000
      extract SUCCESS 0-0
      after SUCCESS 0-2000
    "#);
    let a_minute = Scenario { assumptions: [("commands.wget".into(), Value::text("60s"))].into_iter().collect(), ..Scenario::default() };
    let [old, new] = [Version::V1_3, Version::V2_0].map(|version| of_settings("70-download-in-shell", version, &a_minute));
    assert_eq!(old, new);
    assert_snapshot!(new, @r#"
    assumed: commands.wget "60s"
    assumed: commands.gunzip "0s"
    download_in_shell SUCCESS 0-62000
      extract SUCCESS 0-60000
      after SUCCESS 60000-62000
    "#);
}

#[test]
fn wait_false_outputs() {
    assert_snapshot!(of_both("71-wait-false-outputs"), @"
    no_wait FAILED 0-0
      call SUCCESS 0-0
      show FAILED 0-0
      Error: Unable to find `outputs` used in the expression `{{ outputs.call.outputs }}` at line 1
    later SUCCESS 0-5000
      nap SUCCESS 0-5000
    ");
}
