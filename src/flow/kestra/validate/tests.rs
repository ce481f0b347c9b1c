use super::*;
use crate::diag;
use crate::flow::read_text_for;

/// The diagnostics, rendered.
fn check(text: &str) -> String {
    let source = Source::new("flow.yaml", text);
    let (_, _, diagnostics) = read_text_for(&source, Some(Version::V0_21));
    diagnostics.iter().map(|found| diag::render(found, &source)).collect::<Vec<_>>().join("\n")
}

/// Kestra's messages for a text.
fn messages_of(text: &str) -> String {
    let (_, _, diagnostics) = read_text_for(&Source::new("flow.yaml", text), Some(Version::V0_21));
    messages(&diagnostics).join("\n")
}

const HEAD: &str = "id: f\nnamespace: n\n";
const TASKS: &str = "tasks:\n  - {id: t, type: io.kestra.plugin.core.debug.Return}\n";

/// Kestra's messages for a flow with this task.
fn messages_of_task(task: &str) -> String {
    messages_of(&format!("{HEAD}tasks:\n  - {task}\n"))
}

/// Kestra's messages for a flow with these further properties.
fn messages_of_flow(rest: &str) -> String {
    messages_of(&format!("{HEAD}{TASKS}{rest}\n"))
}

#[test]
fn what_is_asked_of_each_property_is_said_line_by_line() {
    let text = "id: \"\"
namespace: \"\"
tasks:
  - {id: none, type: io.kestra.plugin.core.flow.Parallel}
  - {id: empty, type: io.kestra.plugin.core.flow.Parallel, tasks: []}
  - {id: nothing, type: io.kestra.plugin.core.flow.Parallel, tasks: null}
  - {id: s, type: io.kestra.plugin.core.flow.Sequential}
  - {id: if, type: io.kestra.plugin.core.flow.If, then: []}
  - {id: call, type: io.kestra.plugin.core.flow.Subflow, namespace: ''}
  - {id: py, type: io.kestra.plugin.scripts.node.Commands}
";
    insta::assert_snapshot!(messages_of(text), @r#"
    id: must not be blank
    id: must match "^[a-zA-Z0-9][a-zA-Z0-9._-]*"
    id: size must be between 1 and 100
    namespace: must match "^[a-z0-9][a-z0-9._-]*"
    namespace: size must be between 1 and 150
    none.tasks: must not be null
    none.tasks: must not be empty
    empty.tasks: must not be empty
    nothing.tasks: must not be null
    nothing.tasks: must not be empty
    s.tasks: The 'tasks' property cannot be empty
    if.condition: must not be null
    if.then: must not be empty
    call.flowId: must not be null
    call.namespace: must not be empty
    py.commands: must not be null
    "#);
    assert_eq!(messages_of("id: f\nnamespace: n\n"), "tasks: must not be empty");
}

#[test]
fn ids_keep_to_their_letters_and_sizes() {
    let long = "a".repeat(101);
    insta::assert_snapshot!([
        messages_of(&format!("id: -f\nnamespace: N\n{TASKS}")),
        messages_of(&format!("id: {long}\nnamespace: n\n{TASKS}")),
        messages_of_task("{id: a.b, type: io.kestra.plugin.core.debug.Return}"),
        messages_of_task("{type: io.kestra.plugin.core.debug.Return}"),
        messages_of_flow("inputs: [{id: a b, type: STRING}, {type: INT}, {id: a.b, type: INT}]"),
        messages_of_flow("triggers: [{id: a.b, type: io.kestra.plugin.core.trigger.Webhook, key: k}]"),
        messages_of_flow("outputs: [{type: STRING, value: a}, {id: b, type: STRING}]"),
    ].join("\n---\n"), @r#"
    id: must match "^[a-zA-Z0-9][a-zA-Z0-9._-]*"
    namespace: must match "^[a-z0-9][a-z0-9._-]*"
    ---
    id: size must be between 1 and 100
    ---
    a.b.id: must match "^[a-zA-Z0-9][a-zA-Z0-9_-]*"
    ---
    tasks[0].id: must not be null
    tasks[0].id: must not be blank
    ---
    a b.id: must match "^[a-zA-Z0-9][.a-zA-Z0-9_-]*"
    inputs[1].id: must not be null
    inputs[1].id: must not be blank
    ---
    triggers[0].id: must match "^[a-zA-Z0-9][a-zA-Z0-9_-]*"
    ---
    outputs[0].id: must not be null
    outputs[0].id: must not be blank
    outputs[1].value: must not be null
    "#);
}

#[test]
fn an_unknown_type_or_property_is_all_that_kestra_says() {
    insta::assert_snapshot!([
        messages_of_task("{id: 'a b', type: io.kestra.plugin.core.debug.MissingTwo}\n  - {id: c, type: io.kestra.plugin.core.debug.MissingThree}"),
        messages_of_task("{id: 'a b', type: io.kestra.plugin.core.debug.Return, invalid: 1}"),
        messages_of_task("{id: a}"),
        messages_of_flow("inputs: [{id: a b}]"),
        messages_of_flow("inputs: [{id: a b, type: FOO}]"),
        messages_of_flow("triggers: [{id: a, type: io.kestra.plugin.core.trigger.Shedule}]"),
        messages_of_flow("labels: {a: b, a: c}"),
        messages_of_flow("lables: {a: b}"),
    ].join("\n---\n"), @r#"
    Invalid type: io.kestra.plugin.core.debug.MissingTwo
    Could not resolve type id 'io.kestra.plugin.core.debug.MissingTwo'
    ---
    Unrecognized field "invalid" (class io.kestra.plugin.core.debug.Return), not marked as ignorable
    ---
    Invalid type: null
    missing type id property 'type' (for POJO property 'tasks')
    ---
    Invalid type: null
    missing type id property 'type' (for POJO property 'inputs')
    ---
    Invalid type: FOO
    Could not resolve type id 'FOO'
    ---
    Invalid type: io.kestra.plugin.core.trigger.Shedule
    Could not resolve type id 'io.kestra.plugin.core.trigger.Shedule'
    ---
    Duplicate field 'a'
    ---
    Unrecognized field "lables" (class io.kestra.core.models.flows.Flow), not marked as ignorable
    "#);
}

#[test]
fn one_line_tells_all_that_is_there_twice() {
    let text = format!(
        "{HEAD}listeners:
  - tasks: [{{id: listen, type: io.kestra.plugin.core.debug.Return}}]
tasks:
  - {{id: date, type: io.kestra.plugin.core.debug.Return}}
  - {{id: listen, type: io.kestra.plugin.core.debug.Return}}
  - id: switch
    type: io.kestra.plugin.core.flow.Switch
    value: a
    cases:
      a: [{{id: date, type: io.kestra.plugin.core.debug.Return}}]
    errors: [{{id: date, type: io.kestra.plugin.core.debug.Return}}]
triggers:
  - {{id: trigger, type: io.kestra.plugin.core.trigger.Schedule, cron: '* * * * *'}}
  - {{id: trigger, type: io.kestra.plugin.core.trigger.Webhook, key: t}}
inputs: [{{id: i, type: INT}}, {{name: i, type: INT}}]
outputs: [{{id: o, type: INT, value: 1}}, {{id: o, type: INT, value: 1}}]
"
    );
    insta::assert_snapshot!(check(&text), @"
    error[duplicate-id]: the id `date` is taken by the task on line 6
       --> flow.yaml:12:16
    12 |       a: [{id: date, type: io.kestra.plugin.core.debug.Return}]
       |                ^^^^ : Invalid Flow: Duplicate task id with name [date, listen], Duplicate trigger id with name [trigger], Duplicate input with name [i], Duplicate output with name [o]
       = help: give each task of a flow an id of its own; `date` is also on line 13; `listen` is on line 7 and 4; also, on line 16: the id `trigger` is taken by the trigger on line 15; also, on line 17: the id `i` is taken by the input on line 17; also, on line 18: the id `o` is taken by the output on line 18
    ");
}

#[test]
fn a_flow_does_not_call_itself() {
    insta::assert_snapshot!(check(&format!("{HEAD}tasks:\n  - {{id: a, type: io.kestra.core.tasks.flows.Flow, flowId: f, namespace: n}}\n")), @"
    error[recursion]: a flow can't call itself
      --> flow.yaml:4:60
    4 |   - {id: a, type: io.kestra.core.tasks.flows.Flow, flowId: f, namespace: n}
      |                                                            ^ : Invalid Flow: Recursive call to flow [n.f]
      = help: call another flow, or use LoopUntil
    ");
    assert_eq!(messages_of_task("{id: a, type: io.kestra.plugin.core.flow.Subflow, flowId: f, namespace: m}"), "");
}

#[test]
fn inputs_depend_on_inputs_that_are_there_and_not_on_themselves() {
    insta::assert_snapshot!([
        messages_of_flow("inputs: [{id: a, type: INT, dependsOn: {inputs: [b]}}]"),
        messages_of_flow("inputs:
  - {id: a, type: INT, dependsOn: {inputs: [b]}}
  - {id: b, type: INT, dependsOn: {inputs: [a]}}
  - {id: c, type: INT, dependsOn: {inputs: [a]}}
  - {id: d, type: INT, dependsOn: {inputs: [d]}}"),
    ].join("\n---\n"), @"
    : Invalid Flow: Input with id 'a' depends on a non-existent input 'b'.
    ---
    : Invalid Flow: Cycle dependency detected for input with id 'a': [a, b], Cycle dependency detected for input with id 'b': [b, a], Cycle dependency detected for input with id 'c': [a, b], Cycle dependency detected for input with id 'd': [d]
    ");
    assert_eq!(messages_of_flow("inputs: [{id: a, type: INT, dependsOn: {inputs: [b]}}, {id: b, type: INT}]"), "");
}

#[test]
fn inputs_have_rules_of_their_types() {
    insta::assert_snapshot!([
        messages_of_flow("inputs: [{id: file, type: FILE, defaults: x}, {id: array, type: ARRAY, itemType: ARRAY}]"),
        messages_of_flow("inputs: [{id: array, type: ARRAY}, {id: enum, type: ENUM}]"),
        messages_of_flow(r"inputs: [{id: bad, type: STRING, validator: \}]"),
        messages_of_flow("inputs: [{id: i, type: INT, validator: a}]"),
        messages_of_flow("inputs: [{id: i, type: INT, min: 1, required: '{{ x }}', displayName: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}]"),
    ].join("\n---\n"), @r#"
    file: no `defaults` can be set for inputs of type 'FILE'
    array: `itemType` cannot be `ARRAY`
    ---
    array.itemType: must not be null
    enum.values: must not be null
    ---
    bad.validator: invalid pattern [\]
    ---
    Unrecognized field "validator" (class io.kestra.core.models.flows.Input), not marked as ignorable
    ---
    i.displayName: size must be between 0 and 64
    "#);
    assert_eq!(messages_of_flow("inputs: [{id: f, type: FILE, defaults: 'nsfile:///a.txt'}, {id: x, type: ION, any: 1}]"), "");
}

#[test]
fn a_dag_names_its_own_tasks_and_has_no_cycle() {
    let dag = |tasks: &str| messages_of_task(&format!("id: dag\n    type: io.kestra.plugin.core.flow.Dag\n    tasks: {tasks}"));
    let task = |id: &str, on: &str| format!("{{task: {{id: {id}, type: io.kestra.plugin.core.debug.Return}}, dependsOn: [{on}]}}");
    insta::assert_snapshot!([
        dag("[]"),
        dag(&format!("[{}, {}]", task("a", "b"), task("c", "d, a"))),
        dag(&format!("[{}, {}, {}]", task("a", "b"), task("b", "a"), task("c", "b"))),
        dag(&format!("[{}]", task("a", "a"))),
        dag("[{dependsOn: [a]}]"),
        dag("[{id: a, type: io.kestra.plugin.core.debug.Return}]"),
    ].join("\n---\n"), @r#"
    dag.tasks: must not be empty
    dag: No task defined
    ---
    dag: Not existing task id in dependency: b, d
    ---
    dag: Cyclic dependency detected: a, b
    ---
    dag: Cyclic dependency detected: a
    ---
    tasks[0].tasks[0].task: must not be null
    dag: Not existing task id in dependency: a
    ---
    Unrecognized field "id" (class io.kestra.plugin.core.flow.Dag$DagTask), not marked as ignorable
    "#);
    assert_eq!(dag(&format!("[{}, {}, {}]", task("a", ""), task("b", "a"), task("c", "b, a"))), "");
}

#[test]
fn a_switch_and_a_working_directory_need_tasks_they_can_run() {
    let switch = |rest: &str| messages_of_task(&format!("{{id: sw, type: io.kestra.plugin.core.flow.Switch, value: a{rest}}}"));
    let directory =
        |tasks: &str| messages_of_task(&format!("{{id: wd, type: io.kestra.plugin.core.flow.WorkingDirectory, tasks: {tasks}}}"));
    insta::assert_snapshot!([
        switch(""),
        directory("[]"),
        directory("[{id: p, type: io.kestra.plugin.core.flow.Pause}]"),
        directory("[{id: l, type: io.kestra.plugin.core.log.Log, message: a, workerGroup: {key: k}}]"),
    ].join("\n---\n"), @"
    sw: No task defined, neither cases or default have any tasks
    ---
    wd.tasks: The 'tasks' property cannot be empty
    wd: The 'tasks' property cannot be empty
    ---
    wd: Only runnable tasks are allowed as children of a WorkingDirectory task
    ---
    wd: Cannot set a Worker Group in any WorkingDirectory sub-tasks, it is only supported at the WorkingDirectory level
    tasks[0].tasks[0].workerGroup: Worker Group is an Enterprise Edition functionality
    ");
    assert_eq!(switch(", defaults: [{id: t, type: io.kestra.plugin.core.debug.Return}]"), "");
    assert_eq!(directory("[{id: t, type: io.kestra.plugin.scripts.shell.Commands, commands: [a]}]"), "");
}

#[test]
fn retries_have_lengths_that_fit_together() {
    let retry = |rest: &str| messages_of_task(&format!("{{id: t, type: io.kestra.plugin.core.debug.Return, retry: {{{rest}}}}}"));
    insta::assert_snapshot!([
        retry("type: constant, interval: PT10S, maxDuration: PT5S"),
        retry("type: exponential, interval: PT10S, maxInterval: PT10S"),
        retry("type: random, minInterval: PT2M, maxInterval: PT1M"),
        retry("type: random, minInterval: PT1S, maxInterval: PT1M, maxDuration: PT1M"),
        retry("type: constant, maxAttempt: 0"),
        retry("type: constant, interval: PT1S, maxInterval: PT2S"),
        retry("type: linear, interval: PT1S"),
        retry("interval: PT1S"),
    ].join("\n---\n"), @r#"
    tasks[0].retry: 'interval' must be less than 'maxDuration' but is PT10S
    ---
    tasks[0].retry: 'interval' must be less than 'maxInterval' but is PT10S
    ---
    tasks[0].retry: 'minInterval' must be less than 'maxInterval' but is PT2M
    ---
    tasks[0].retry: 'maxInterval' must be less than 'maxDuration' but is PT1M
    ---
    tasks[0].retry.interval: must not be null
    tasks[0].retry.maxAttempt: must be greater than or equal to 1
    ---
    Unrecognized field "maxInterval" (class io.kestra.core.models.tasks.retrys.Constant), not marked as ignorable
    ---
    Invalid type: linear
    Could not resolve type id 'linear'
    ---
    Invalid type: null
    missing type id property 'type' (for POJO property 'retry')
    "#);
    assert_eq!(
        retry("type: exponential, interval: PT1S, maxInterval: PT10S, delayFactor: 1.5, maxAttempts: 3, behavior: create_new_execution"),
        ""
    );
}

#[test]
fn what_the_whole_flow_may_not_have() {
    insta::assert_snapshot!([
        messages_of_flow("labels: {system.label: system_key, system.id: id, system.readOnly: true, another: label}"),
        messages_of_flow("labels: [{key: system.x, value: y}]"),
        messages_of_flow("concurrency: {limit: 0}"),
        messages_of_flow("concurrency: {limit: -1}"),
        messages_of_flow("revision: 0"),
        messages_of_flow("concurrency: {behavior: QUEUE}"),
        messages_of_flow("pluginDefaults: [{type: a.b}, {values: {a: 1}}, {type: a.b, values: {k: null, l: null}}]"),
        messages_of_flow("sla: [{id: s, type: MAX_DURATION, duration: PT1S}]"),
        messages_of_flow("listeners: [{tasks: []}]"),
        messages_of_task("{id: w, type: io.kestra.plugin.core.debug.Return, workerGroup: {key: toto}}"),
    ].join("\n---\n"), @"
    labels[0]: System labels can only be set by Kestra itself, offending label: system.label=system_key
    labels[1]: System labels can only be set by Kestra itself, offending label: system.id=id
    ---
    labels[0]: System labels can only be set by Kestra itself, offending label: system.x=y
    ---
    concurrency.limit: must be greater than 0
    ---
    concurrency.limit: must be greater than 0
    ---
    revision: must be greater than or equal to 1
    ---
    concurrency.limit: must not be null
    ---
    pluginDefaults[0]: Invalid Plugin Default: No 'values' provided
    pluginDefaults[1]: Invalid Plugin Default: No 'type' provided
    pluginDefaults[2]: Invalid Plugin Default: No value provided for key 'k', No value provided for key 'l'
    ---
    sla[0].behavior: must not be null
    ---
    listeners[0].tasks: must not be empty
    ---
    tasks[0].workerGroup: Worker Group is an Enterprise Edition functionality
    ");
}

#[test]
fn what_a_default_brings_needs_not_be_written() {
    let defaults = "pluginDefaults:\n  - {type: io.kestra.plugin.core.log, values: {message: hi}}\n";
    assert_eq!(messages_of(&format!("{HEAD}tasks:\n  - {{id: l, type: io.kestra.plugin.core.log.Log}}\n{defaults}")), "");
    assert_eq!(messages_of(&format!("{HEAD}tasks:\n  - {{id: l, type: io.kestra.plugin.core.log.Log}}\n")), "l.message: must not be null");
}

#[test]
fn faults_within_faults_are_reported_at_their_places() {
    insta::assert_snapshot!(check(&format!(
        "{HEAD}tasks:
  - id: loop
    type: io.kestra.plugin.core.flow.WaitFor
    condition: '{{{{ true }}}}'
    checkFrequency: {{maxIteration: 3, interval: soon}}
    tasks: text
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: [1, 2]
    tasks:
      - null
      - {{id: p, type: io.kestra.plugin.core.flow.Pause, onResume: [{{id: a, type: string}}]}}
concurrency: [1]
"
    )), @r#"
    error[unknown-property]: `maxIteration` is not a property of `checkFrequency`
      --> flow.yaml:7:22
    7 |     checkFrequency: {maxIteration: 3, interval: soon}
      |                      ^^^^^^^^^^^^ Unrecognized field "maxIteration" (class checkFrequency), not marked as ignorable
      = help: did you mean `maxIterations`?
    error[value]: `interval` must be an ISO-8601 duration such as `PT1.5S`
      --> flow.yaml:7:49
    7 |     checkFrequency: {maxIteration: 3, interval: soon}
      |                                                 ^^^^ this is text
    error[value]: `tasks` must be a list of tasks
      --> flow.yaml:8:12
    8 |     tasks: text
      |            ^^^^ this is text
    error[not-a-task]: a task is a map, this is nothing
       --> flow.yaml:13:9
    13 |       - null
       |         ^^^^
       = help: a task has an `id:` and a `type:`
    error[unknown-type]: there is no input type `string`
       --> flow.yaml:14:82
    14 |       - {id: p, type: io.kestra.plugin.core.flow.Pause, onResume: [{id: a, type: string}]}
       |                                                                                  ^^^^^^ Invalid type: string
       = help: did you mean `STRING`?
    error[value]: `concurrency` must be a map
       --> flow.yaml:15:14
    15 | concurrency: [1]
       |              ^^^ this is a list
    "#);
}

#[test]
fn long_chains_are_checked_in_no_time() {
    let n = 20_000;
    let mut text = format!("{HEAD}tasks:\n  - id: dag\n    type: io.kestra.plugin.core.flow.Dag\n    tasks:\n");
    for task in 0..n {
        text += &format!(
            "      - {{task: {{id: t{task}, type: io.kestra.plugin.core.debug.Return}}, dependsOn: [t{}]}}\n",
            (task + 1).min(n - 1)
        );
    }
    text += "inputs:\n";
    for input in 0..2000 {
        text += &format!("  - {{id: i{input}, type: INT, dependsOn: {{inputs: [i{}]}}}}\n", (input + 1) % 2000);
    }
    let said = messages_of(&text);
    assert!(said.starts_with("dag: Cyclic dependency detected: t19999\n: Invalid Flow: Cycle dependency detected for input with id 'i0'"));
}

#[test]
fn an_alias_is_said_to_be_read_as_its_name() {
    let text = format!("{HEAD}variables: {{a: &word hello, b: *word}}\n{TASKS}");
    let source = Source::new("flow.yaml", text);
    let (_, _, diagnostics) = read_text_for(&source, Some(Version::V2_0));
    insta::assert_snapshot!(diagnostics.iter().map(|found| diag::render(found, &source)).collect::<String>(), @"
    warning[alias]: Kestra does not unfold aliases: it reads the text `word` here
      --> flow.yaml:3:32
    3 | variables: {a: &word hello, b: *word}
      |                                ^^^^^ taken here as the value of its anchor
      = help: write the value out
    ");
}
