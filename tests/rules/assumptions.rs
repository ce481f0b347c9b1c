//! Choices that depend on what only a real server knows: each is listed, and changes when something else is assumed.

use insta::assert_snapshot;
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::trace::{NOT_USED, Trace};
use parallelogram::value::{Map, Value};

use super::run;

/// What a Log task logs about an opaque task, and what was assumed, given these assumptions.
fn says(message: &str, given: &[(&str, &str)]) -> String {
    let query = "- {id: q, type: io.kestra.plugin.jdbc.postgresql.Query, sql: x}";
    logged(&format!("{query}\n- id: l\n  type: io.kestra.plugin.core.log.Log\n  message: \"{message}\""), given)
}

fn logged(tasks: &str, given: &[(&str, &str)]) -> String {
    let given = given.iter().map(|(path, json)| ((*path).into(), Value::from_json(json).unwrap_or_default()));
    let (_, trace): (_, Trace) = run(tasks, &Scenario { assumptions: given.collect::<Map>(), ..Scenario::default() });
    let messages =
        trace.logs.iter().filter(|entry| entry.run.is_some_and(|run| trace.run(run).task.0 > 0)).map(|entry| entry.message.to_string());
    let assumed = trace.assumptions.iter().map(|known| format!("{} = {}", known.path, known.value.to_json()));
    messages.chain(assumed).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_choice_in_an_expression_is_listed_under_what_is_unknown() {
    assert_snapshot!(says("{{ outputs.q.ok ? 'yes' : 'no' }}", &[]), @"
    yes
    outputs.q.ok = true
    ");
    assert_snapshot!(says("{{ outputs.q.ok ? 'yes' : 'no' }}", &[("outputs.q.ok", "false")]), @"
    no
    outputs.q.ok = false
    ");
    let tag = "{% if outputs.q.n > 3 %}many{% elseif outputs.q.n > 1 %}some{% else %}few{% endif %}";
    assert_snapshot!(says(tag, &[]), @"
    many
    outputs.q.n > 3 = true
    ");
    assert_snapshot!(says(tag, &[("outputs.q.n > 3", "false")]), @"
    some
    outputs.q.n > 3 = false
    outputs.q.n > 1 = true
    ");
    assert_snapshot!(says(tag, &[("outputs.q.n", "1")]), @"
    few
    outputs.q.n = 1
    ");
    let both = "{{ ( outputs.q.a and not outputs.q.b ) ? 1 : 2 }}";
    assert_snapshot!(says(both, &[]), @"
    1
    ( outputs.q.a and not outputs.q.b ) = true
    ");
    assert_snapshot!(says(both, &[("( outputs.q.a and not outputs.q.b )", "false")]), @"
    2
    ( outputs.q.a and not outputs.q.b ) = false
    ");
    assert_snapshot!(says("{% for row in outputs.q.rows %}{{ row.id }} {% endfor %}", &[]), @r#"
    ⟨outputs.q.rows[0].id⟩ ⟨outputs.q.rows[1].id⟩ ⟨outputs.q.rows[2].id⟩ 
    outputs.q.rows = ["⟨outputs.q.rows[0]⟩","⟨outputs.q.rows[1]⟩","⟨outputs.q.rows[2]⟩"]
    "#);
    assert_snapshot!(says("{% for row in outputs.q.rows | slice(1) %}{{ row }} {% endfor %}", &[("outputs.q.rows | slice(1)", "[7,8]")]), @"
    7 8 
    outputs.q.rows | slice(1) = [7,8]
    ");
}

#[test]
fn a_default_or_a_printed_value_is_not_a_choice() {
    assert_snapshot!(says("{{ outputs.q.a ?? 'x' }} {{ outputs.q.a and outputs.q.b }}", &[]), @"⟨outputs.q.a⟩ ⟨outputs.q.a⟩");
}

#[test]
fn a_condition_that_only_follows_from_an_unknown_value_is_its_own_assumption() {
    let tasks = |condition: &str| {
        let log = |id: &str| format!("{{id: {id}, type: io.kestra.plugin.core.log.Log, message: {id}}}");
        format!(
            "- {{id: q, type: io.kestra.plugin.jdbc.postgresql.Query, sql: x}}\n- {{id: i, type: .If, condition: \"{condition}\", then: [{}], else: [{}]}}",
            log("many"),
            log("few")
        )
    };
    assert_snapshot!(logged(&tasks("{{ outputs.q.n > 3 }}"), &[]), @"
    many
    tasks.i.condition = true
    ");
    assert_snapshot!(logged(&tasks("{{ outputs.q.n > 3 }}"), &[("tasks.i.condition", "false")]), @"
    few
    tasks.i.condition = false
    ");
    assert_snapshot!(logged(&tasks("{{ outputs.q.n > 3 }}"), &[("outputs.q.n", "2")]), @"
    few
    outputs.q.n = 2
    ");
    assert_snapshot!(logged(&tasks("{{ outputs.q.ok }}"), &[]), @"
    many
    outputs.q.ok = true
    ");
}

#[test]
fn an_assumption_that_is_never_used_stays_in_the_list() {
    let (flows, trace) =
        run("- S(a,1)", &Scenario { assumptions: [("outputs.q.n".into(), Value::Int(3))].into_iter().collect(), ..Scenario::default() });
    let listed: Vec<_> = trace.assumptions.iter().map(|known| (&*known.path, known.why, known.span == flows[0].span)).collect();
    assert_eq!(listed, [("outputs.q.n", NOT_USED, true)]);
}

#[test]
fn an_assumption_for_a_missing_input_replaces_its_sample() {
    let tasks = "- {id: q, type: .Sleep, duration: PT1S}\n- {id: l, type: io.kestra.plugin.core.log.Log, message: '{{ inputs.n }}'}\ninputs: [{id: n, type: INT, min: 5}]";
    assert_snapshot!(logged(tasks, &[("inputs.n", "7")]), @"
    7
    inputs.n = 7
    ");
    assert_snapshot!(logged(tasks, &[("inputs.n", "1")]), @"
    5
    inputs.n = 5
    ");
}

#[test]
fn brackets_that_a_user_writes_are_known_text() {
    assert_snapshot!(says("⟨outputs.q.n⟩ {{ '⟨x⟩' == '⟨x⟩' ? 'same' : 'other' }} {{ '⟨x⟩' | upper }}", &[]), @"⟨outputs.q.n⟩ same ⟨X⟩");
    // As a value of a loop, too: the assumption is not used.
    let each = r#"
- {id: q, type: io.kestra.plugin.jdbc.postgresql.Query, sql: x}
- id: each
  type: io.kestra.plugin.core.flow.ForEach
  values: ["⟨outputs.q.n⟩", "{{ outputs.q.m }}"]
  tasks:
    - {id: l, type: io.kestra.plugin.core.log.Log, message: "{{ taskrun.value ~ (taskrun.value == '1' ? ' is one' : '') }}"}"#;
    assert_snapshot!(logged(each, &[("outputs.q.n", "\"1\"")]), @r#"
    ⟨outputs.q.n⟩
    ⟨outputs.q.m⟩ is one
    taskrun.value == '1' = true
    outputs.q.n = "1"
    "#);
    let chosen = r#"
- {id: q, type: io.kestra.plugin.jdbc.postgresql.Query, sql: x}
- id: "if"
  type: io.kestra.plugin.core.flow.If
  condition: "{{ '⟨outputs.q.n⟩' == 'x' }}"
  then: [{id: a, type: io.kestra.plugin.core.log.Log, message: then}]
  else: [{id: b, type: io.kestra.plugin.core.log.Log, message: else}]"#;
    assert_snapshot!(logged(chosen, &[]), @"else");
}

#[test]
fn a_script_knows_which_part_of_its_text_is_unknown() {
    let script = r#"
- {id: q, type: io.kestra.plugin.jdbc.postgresql.Query, sql: x}
- id: s
  type: io.kestra.plugin.scripts.shell.Commands
  env: {KNOWN: "⟨outputs.q.n⟩", OPEN: "a {{ outputs.q.n }}"}
  commands:
    - for x in '⟨x⟩' $KNOWN $OPEN {{ [outputs.q.n, 'c'] | join(' ') }}; do [ $x = 1 ] && echo $x may be 1 || echo $x; done"#;
    assert_snapshot!(logged(script, &[]), @"
    ⟨x⟩
    ⟨outputs.q.n⟩
    a
    `⟨outputs.q.n⟩ = 1` depends on an unknown value, it is taken as true
    ⟨outputs.q.n⟩ may be 1
    `⟨outputs.q.n⟩ = 1` depends on an unknown value, it is taken as true
    ⟨outputs.q.n⟩ may be 1
    c
    ");
}

#[test]
fn a_command_that_is_not_simulated_is_listed_once_with_its_time_and_its_end() {
    let tasks = "- {id: a, type: io.kestra.plugin.core.debug.Return}\n- id: s\n  type: io.kestra.plugin.scripts.shell.Script\n  script: |\n    \
                 wget -qO- x | gunzip > y\n    /usr/bin/wget z || echo failed\n    git clone x\n";
    assert_snapshot!(logged(tasks, &[]), @r#"
    `wget -qO- x` is not simulated, it takes 0 s
    `gunzip` is not simulated, it takes 0 s
    `/usr/bin/wget z` is not simulated, it takes 0 s
    `git clone x` is not simulated, it takes 0 s
    commands.wget = "0s"
    commands.gunzip = "0s"
    commands.git = "0s"
    "#);
    assert_snapshot!(logged(tasks, &[("commands.wget", "\"2s fail\""), ("commands.git", "3"), ("commands.gunzip", "\"soon\"")]), @r#"
    `wget -qO- x` is not simulated, it takes 2.0 s and fails
    `gunzip` is not simulated, it takes 0 s
    `/usr/bin/wget z` is not simulated, it takes 2.0 s and fails
    failed
    `git clone x` is not simulated, it takes 3.0 s
    commands.wget = "2s fail"
    commands.gunzip = "soon"
    commands.git = 3
    "#);
}

#[test]
fn a_program_that_is_only_looked_for_is_listed_too() {
    let tasks = "- {id: a, type: io.kestra.plugin.core.debug.Return}\n- id: s\n  type: io.kestra.plugin.scripts.shell.Script\n  script: |\n    \
                 command -v terraform || echo installs it\n    which jq\n";
    assert_snapshot!(logged(tasks, &[]), @r#"
    /usr/bin/terraform
    /usr/bin/jq
    commands.terraform = "0s"
    "#);
    assert_snapshot!(logged(tasks, &[("commands.terraform", "\"fail\"")]), @r#"
    installs it
    /usr/bin/jq
    commands.terraform = "fail"
    "#);
}
