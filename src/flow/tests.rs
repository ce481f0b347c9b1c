use super::*;
use crate::diag;

/// The tasks of each flow, indented below their groups, or the diagnostics.
fn check(text: &str) -> String {
    let source = Source::new("flow.yaml", text);
    let (_, flows, diagnostics) = read_text(&source);
    let mut lines: Vec<String> = diagnostics.iter().map(|found| diag::render(found, &source)).collect();
    for flow in &flows {
        lines.push(format!("{}.{}", flow.namespace, flow.id));
        lines.extend(flow.iter().map(|(idx, task)| format!("{}{} {:?}", "  ".repeat(flow.depth(idx) + 1), task.id, task.kind)));
    }
    lines.join("\n")
}

const HEAD: &str = "id: f\nnamespace: n\ntasks:\n";

#[test]
fn groups_nest_to_any_depth() {
    let text = format!(
        "{HEAD}  - id: p
    type: io.kestra.plugin.core.flow.Parallel
    concurrent: 2
    tasks:
      - id: s
        type: io.kestra.core.tasks.flows.Sequential
        tasks:
          - {{id: a, type: io.kestra.plugin.scripts.shell.Commands, commands: ['sleep 1', 2]}}
          - {{id: b, type: io.kestra.plugin.core.flow.Sleep, duration: PT2S}}
  - {{id: r, type: io.kestra.plugin.core.debug.Return, format: done}}
"
    );
    insta::assert_snapshot!(check(&text), @r#"
    note[former-name]: `io.kestra.core.tasks.flows.Sequential` is now `io.kestra.plugin.core.flow.Sequential`
      --> flow.yaml:9:15
    9 |         type: io.kestra.core.tasks.flows.Sequential
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ info: io.kestra.core.tasks.flows.Sequential is replaced by io.kestra.plugin.core.flow.Sequential
    n.f
      p Parallel { concurrent: 2, on_child_failure: None }
        s Sequential
          a Shell(Script { before: [], commands: ["sleep 1", "2"], env: Null, fail_fast: true, warning_on_std_err: true, input_files: Null, finds_files: false, gives_files: false })
          b Sleep { duration: "PT2S" }
      r Return { format: Some("done") }
    "#);
}

#[test]
fn each_fault_is_reported_at_its_place() {
    let text = format!(
        "{HEAD}  - id: p
    type: io.kestra.plugin.core.flow.Parallel
    concurent: 3
    tasks:
      - id: a
        type: io.kestra.plugin.core.log.Lug
        message: hi
      - id: a
        type: io.kestra.plugin.core.log.Log
        mesage: hi
        level: INOF
      - id: c d
        type: Log
      - type: io.kestra.plugin.core.flow.Sleep
        duration: 3 seconds
      - text
"
    );
    insta::assert_snapshot!(check(&text), @r#"
    error[unknown-property]: `concurent` is not a property of `Parallel`
      --> flow.yaml:6:5
    6 |     concurent: 3
      |     ^^^^^^^^^ Unrecognized field "concurent" (class io.kestra.plugin.core.flow.Parallel), not marked as ignorable
      = help: did you mean `concurrent`?
    error[unknown-type]: there is no task type `io.kestra.plugin.core.log.Lug`
      --> flow.yaml:9:15
    9 |         type: io.kestra.plugin.core.log.Lug
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Invalid type: io.kestra.plugin.core.log.Lug
      = help: did you mean `io.kestra.plugin.core.log.Log`?
    error[missing-property]: `Log` has no `message`
       --> flow.yaml:11:9
    11 |       - id: a
       |         ^^^^^ tasks[a].tasks[a].message: must not be null
       = help: add `message:`
    error[duplicate-id]: the id `a` is taken by the task on line 8
       --> flow.yaml:11:13
    11 |       - id: a
       |             ^ : Invalid Flow: Duplicate task id with name [a]
       = help: give each task of a flow an id of its own
    error[unknown-property]: `mesage` is not a property of `Log`
       --> flow.yaml:13:9
    13 |         mesage: hi
       |         ^^^^^^ Unrecognized field "mesage" (class io.kestra.plugin.core.log.Log), not marked as ignorable
       = help: did you mean `message`?
    warning[value]: `level` must be one of TRACE, DEBUG, INFO, WARN, ERROR; did you mean `INFO`?
       --> flow.yaml:14:16
    14 |         level: INOF
       |                ^^^^ this is text
       = help: Kestra reads this value only when the flow runs
    error[id]: `c d` can't be a task id
       --> flow.yaml:15:13
    15 |       - id: c d
       |             ^^^ tasks[c d].tasks[c d].id: must match "^[a-zA-Z0-9][a-zA-Z0-9_-]*"
       = help: use letters, digits, `-` and `_`, and begin with a letter or digit
    error[unknown-type]: `Log` is not the name of a task type
       --> flow.yaml:16:15
    16 |         type: Log
       |               ^^^ Invalid type: Log
       = help: did you mean `io.kestra.plugin.core.log.Log`?
    error[missing-property]: `Sleep` has no `id`
       --> flow.yaml:17:9
    17 |       - type: io.kestra.plugin.core.flow.Sleep
       |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ tasks[0].tasks[3].id: must not be null; also: tasks[0].tasks[3].id: must not be blank
       = help: add `id:`
    warning[value]: `duration` must be an ISO-8601 duration such as `PT1.5S`
       --> flow.yaml:18:19
    18 |         duration: 3 seconds
       |                   ^^^^^^^^^ this is text
       = help: Kestra reads this value only when the flow runs
    error[not-a-task]: a task is a map, this is text
       --> flow.yaml:19:9
    19 |       - text
       |         ^^^^
       = help: a task has an `id:` and a `type:`
    "#);
}

#[test]
fn a_plugin_that_is_not_simulated_runs_and_says_so() {
    insta::assert_snapshot!(check(&format!("{HEAD}  - {{id: q, type: io.kestra.plugin.jdbc.postgresql.Query, sql: select 1}}\n")), @"
    note[not-simulated]: `io.kestra.plugin.jdbc.postgresql.Query` is not simulated
      --> flow.yaml:4:19
    4 |   - {id: q, type: io.kestra.plugin.jdbc.postgresql.Query, sql: select 1}
      |                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ runs as a task of 1 s that succeeds
    n.f
      q Opaque { is_own: false }
    ");
}

#[test]
fn a_note_on_the_simulation_takes_the_place_of_what_is_said_of_a_plugin() {
    insta::assert_snapshot!(check(&format!("{HEAD}  - {{id: q, type: io.kestra.plugin.jdbc.postgresql.Query, sql: select 1}} # sim: 3s\n")), @"
    n.f
      q Opaque { is_own: false }
    ");
}

#[test]
fn a_list_at_the_top_is_not_a_flow() {
    insta::assert_snapshot!(check("- id: a\n- id: b\n"), @"
    error[not-a-flow]: a flow is a map, this is a list
      --> flow.yaml:1:1
    1 | - id: a
      | ^^^^^^^ expected `id:`, `namespace:` and `tasks:`
      = help: start with `id:`, `namespace:` and `tasks:`
    ");
}

#[test]
fn what_a_flow_must_have() {
    insta::assert_snapshot!(check("id: f\ntasks: []\n"), @"
    error[missing-property]: the flow has no `namespace`
      --> flow.yaml:1:1
    1 | id: f
      | ^^^^^ namespace: must not be null
      = help: add `namespace:`
    error[missing-property]: `tasks` must hold at least one task
      --> flow.yaml:2:8
    2 | tasks: []
      |        ^^ tasks: must not be empty
    ");
}

#[test]
fn further_documents_are_flows_of_their_own() {
    let other = HEAD.replace("id: f", "id: g");
    let task = "  - {id: a, type: io.kestra.plugin.core.debug.Return}\n";
    insta::assert_snapshot!(check(&format!("{HEAD}{task}---\n{other}{task}")), @"
    n.f
      a Return { format: None }
    n.g
      a Return { format: None }
    ");
}

#[test]
fn a_fix_mends_what_it_is_offered_for() {
    const GOOD: &str = "id: f
namespace: n
inputs:
  - {id: i, type: STRING}
tasks:
  - id: p
    type: io.kestra.plugin.core.flow.Parallel
    concurrent: 2
    tasks:
      - {id: l, type: io.kestra.plugin.core.log.Log, message: hi, level: DEBUG}
  - id: d
    type: io.kestra.plugin.core.flow.Dag
    retry:
      type: constant
      interval: PT1S
    tasks:
      - task: {id: first, type: io.kestra.plugin.core.log.Log, message: hi}
      - task: {id: second, type: io.kestra.plugin.core.log.Log, message: hi}
        dependsOn: [first]
";
    assert!(!check(GOOD).contains("error"), "{}", check(GOOD));
    for (good, broken) in [
        ("concurrent", "concurent"),
        ("    concurrent", "   concurrent"),
        ("    concurrent", "     concurrent"),
        ("    concurrent", "\t\tconcurrent"),
        ("io.kestra.plugin.core.flow.Dag", "io.kestra.plugin.core.flows.Dag"),
        ("io.kestra.plugin.core.flow.Parallel", "Parallel"),
        ("constant", "konstant"),
        ("STRING", "STRIN"),
        ("DEBUG", "DEBUGG"),
        ("[first]", "[fist]"),
    ] {
        let source = Source::new("flow.yaml", GOOD.replacen(good, broken, 1));
        let (_, _, diagnostics) = read_text(&source);
        let fix = diagnostics.iter().find_map(|found| found.fix.as_deref()).unwrap_or_else(|| panic!("{broken} {diagnostics:?}"));
        let mut fixed = source.text.to_string();
        fixed.replace_range(fix.span.range(), &fix.text);
        assert!(!check(&fixed).contains("error"), "{broken}: {}", check(&fixed));
    }
}

#[test]
fn a_disabled_flow_runs_and_that_is_reported() {
    let text = format!("disabled: true\n{HEAD}  - {{id: r, type: io.kestra.plugin.core.debug.Return}}\n");
    insta::assert_snapshot!(check(&text), @"
    note[disabled]: a server would not execute this flow: it is disabled
      --> flow.yaml:1:11
    1 | disabled: true
      |           ^^^^ it runs here anyway, because it is the first flow
    n.f
      r Return { format: None }
    ");
}

/// What a flow is with a property written in this way, without the places in its text.
fn with_value(text: &str, value: &str, version: Version) -> String {
    let source = Source::new("flow.yaml", text.replacen('#', value, 1));
    let (document, _) = crate::syntax::parse(&source);
    let (flows, _) = read(&document, &source, Some(version));
    let flow = flows.first().expect("it is a map");
    let tasks: Vec<String> =
        flow.tasks.iter().map(|task| format!("{:?} {:?} {:?} {}", task.kind, task.retry, task.timeout, task.disabled)).collect();
    format!("{tasks:?} {:?} {:?} {:?} {}", flow.retry, flow.concurrency, flow.sla, flow.disabled)
}

#[test]
fn a_number_or_a_flag_may_be_written_as_text() {
    use crate::flow::kestra::schema::{CONCURRENCY, EVERY_TASK, Property, RETRY, Shape};
    let mut texts: Vec<(String, Shape)> = Vec::new();
    let mut add = |before: &str, properties: &[Property], after: &str| {
        for property in properties {
            if matches!(property.shape, Shape::Count | Shape::Number | Shape::Bool) {
                texts.push((format!("id: f\nnamespace: n\n{before}{}: #{after}\n", property.name), property.shape));
            }
        }
    };
    for known in kinds::types() {
        add(&format!("tasks:\n  - {{id: t, type: {}, ", known.name), known.properties, "}");
    }
    add("tasks:\n  - {id: t, type: io.kestra.plugin.core.log.Log, ", EVERY_TASK, "}");
    add("concurrency: {", CONCURRENCY, "}");
    for kind in ["constant", "exponential", "random"] {
        add(&format!("retry: {{type: {kind}, "), RETRY, "}");
    }
    let until = "tasks:\n  - {id: t, type: io.kestra.plugin.core.flow.LoopUntil, checkFrequency: {";
    add(until, &[crate::flow::kestra::schema::property("maxIterations", Shape::Count)], "}}");
    assert!(texts.len() > 50, "{}", texts.len());
    for version in Version::ALL {
        for (text, shape) in &texts {
            let plain = if matches!(shape, Shape::Bool) { "true" } else { "2" };
            assert_eq!(with_value(text, &format!("\"{plain}\""), version), with_value(text, plain, version), "{text}");
        }
    }
}

#[test]
fn a_note_on_the_simulation_belongs_to_the_flow_it_is_in() {
    let flow =
        |id: &str| format!("id: {id}\nnamespace: n\ntasks:\n  - id: t # sim: 3s\n    type: io.kestra.plugin.jdbc.postgresql.Query\n");
    let (_, flows, diagnostics) = read_text(&Source::new("flow.yaml", format!("{}---\n{}", flow("f"), flow("g"))));
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert!(flows.len() == 2 && flows.iter().all(|flow| flow.tasks[0].sim_note.is_some()));
}

#[test]
fn of_very_many_findings_the_first_are_kept() {
    let unknown: String = (0..30_000).map(|nth| format!("x{nth}: 1\n")).collect();
    let (_, flows, diagnostics) = read_text(&Source::new("flow.yaml", format!("{HEAD}  []\n{unknown}")));
    assert!(flows.is_empty() && diagnostics.len() <= crate::diag::MOST_FINDINGS + 2);
    assert_eq!(diagnostics.last().map(|found| found.code), Some("more"));
}
