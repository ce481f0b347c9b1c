use super::*;
use crate::diag::{Diagnostic, render};
use crate::flow::read_text_for;
use crate::source::Source;

fn found(text: &str, version: Version) -> Vec<Diagnostic> {
    let (_, _, found) = read_text_for(&Source::new("flow.yaml", text), Some(version));
    found
}

/// What a version says of a flow, without the label: a line for each diagnostic, with what a fix writes.
fn says(text: &str, version: Version) -> String {
    let line = |found: &Diagnostic| {
        let severity = found.severity.as_str();
        let help = found.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        let fix = found.fix.as_ref().map(|fix| format!(" => {}", fix.text)).unwrap_or_default();
        format!("{severity}: {}{help}{fix}", found.message)
    };
    found(text, version).iter().map(line).collect::<Vec<_>>().join("\n")
}

const HEAD: &str = "id: f\nnamespace: n\n";
const TASKS: &str = "tasks: [{id: a, type: io.kestra.plugin.core.log.Log, message: hi}]\n";

/// What both versions say of a flow with this text.
fn both(rest: &str) -> String {
    let tasks = if rest.contains("tasks:") { "" } else { TASKS };
    let text = format!("{HEAD}{rest}\n{tasks}");
    format!("1.3: {}\n2.0: {}", says(&text, Version::V1_3), says(&text, Version::V2_0))
}

/// Of a flow with this one task.
fn task(task: &str) -> String {
    both(&format!("tasks:\n  - {task}"))
}

const LOG: &str = "{id: a, type: io.kestra.plugin.core.log.Log, message: hi}";

#[test]
fn types_that_a_version_does_not_know_name_the_one_that_does() {
    insta::assert_snapshot!([
        task(&format!("{{id: each, type: io.kestra.plugin.core.flow.ForEach, values: [1], tasks: [{LOG}]}}")),
        task(&format!("{{id: loop, type: io.kestra.plugin.core.flow.Loop, values: [1], tasks: [{LOG}]}}")),
        task("{id: old, type: io.kestra.core.tasks.log.Log, message: hi}"),
        task("{id: echo, type: io.kestra.plugin.core.debug.Echo}"),
        task("{id: gate, type: io.kestra.plugin.core.flow.Approval}"),
        task("{id: purge, type: io.kestra.plugin.core.flow.PurgeFlows}"),
        task(&format!("{{id: until, type: io.kestra.plugin.core.flow.WaitFor, condition: 'true', tasks: [{LOG}]}}")),
        both("inputs: [{id: i, type: ENUM, values: [a]}, {id: b, type: BOOLEAN}]"),
        both("inputs: [{id: i, type: ION}]"),
        both("triggers: [{id: t, type: io.kestra.core.models.triggers.types.Schedule, cron: '0 0 * * *'}]"),
    ]
    .join("\n"), @"
    1.3: 
    2.0: error: `io.kestra.plugin.core.flow.ForEach` is not known to Kestra 2.0 (Kestra 1.3 knows it; use `io.kestra.plugin.core.flow.Loop`: its tasks read the value as `item.value`)
    1.3: error: `io.kestra.plugin.core.flow.Loop` is not known to Kestra 1.3 (Kestra 2.0 knows it; use `io.kestra.plugin.core.flow.ForEach`: its tasks read the value as `taskrun.value`)
    2.0: 
    1.3: note: `io.kestra.core.tasks.log.Log` is now `io.kestra.plugin.core.log.Log` => io.kestra.plugin.core.log.Log
    2.0: error: `io.kestra.core.tasks.log.Log` is not known to Kestra 2.0 (Kestra 1.3 knows it; write `io.kestra.plugin.core.log.Log`) => io.kestra.plugin.core.log.Log
    1.3: warning: `io.kestra.plugin.core.debug.Echo` is deprecated: Kestra 2.0 does not know it
    2.0: error: `io.kestra.plugin.core.debug.Echo` is not known to Kestra 2.0 (Kestra 1.3 knows it; use `io.kestra.plugin.core.log.Log`)
    1.3: error: `io.kestra.plugin.core.flow.Approval` is not known to Kestra 1.3 (use `io.kestra.plugin.core.flow.Pause`)
    2.0: error: `io.kestra.plugin.core.flow.Approval` is not known to Kestra 2.0 (use `io.kestra.plugin.core.flow.Pause`)
    1.3: error: `io.kestra.plugin.core.flow.PurgeFlows` is not known to Kestra 1.3 (Kestra 2.0 knows it)
    2.0: note: `io.kestra.plugin.core.flow.PurgeFlows` is not simulated
    1.3: note: `io.kestra.plugin.core.flow.WaitFor` is now `io.kestra.plugin.core.flow.LoopUntil` => io.kestra.plugin.core.flow.LoopUntil
    2.0: note: `io.kestra.plugin.core.flow.WaitFor` is now `io.kestra.plugin.core.flow.LoopUntil` => io.kestra.plugin.core.flow.LoopUntil
    1.3: warning: ENUM is deprecated: Kestra 2.0 does not know it => SELECT
    warning: BOOLEAN is deprecated: Kestra 2.0 does not know it => BOOL
    2.0: error: the input type `ENUM` is not known to Kestra 2.0 (Kestra 1.3 knows it; write `SELECT`) => SELECT
    error: the input type `BOOLEAN` is not known to Kestra 2.0 (Kestra 1.3 knows it; write `BOOL`) => BOOL
    1.3: error: the input type `ION` is not known to Kestra 1.3 (Kestra 2.0 knows it)
    2.0: 
    1.3: 
    2.0: error: `io.kestra.core.models.triggers.types.Schedule` is not known to Kestra 2.0 (Kestra 1.3 knows it; write `io.kestra.plugin.core.trigger.Schedule`) => io.kestra.plugin.core.trigger.Schedule
    ");
}

#[test]
fn properties_that_a_version_does_not_know_name_what_to_write() {
    insta::assert_snapshot!([
        task(&format!("{{id: p, type: io.kestra.plugin.core.flow.Parallel, onChildFailure: CANCEL, tasks: [{LOG}]}}")),
        task("{id: p, type: io.kestra.plugin.core.flow.Pause, delay: PT1S}"),
        task(&format!("{{id: p, type: io.kestra.plugin.core.flow.Pause, pauseDuration: PT1S, tasks: [{LOG}]}}")),
        task("{id: a, type: io.kestra.plugin.core.log.Log, message: hi, when: 'true'}"),
        task("{id: a, type: io.kestra.plugin.core.log.Log, message: hi, retry: {type: constant, interval: PT1S, maxAttempt: 3}}"),
        task("{id: a, type: io.kestra.plugin.core.log.Log, message: hi, pluginDefaultsRef: x}"),
        task("{id: a, type: io.kestra.plugin.core.kv.Get, key: k, keys: x}"),
        task("{id: a, type: io.kestra.plugin.core.kv.Get}"),
        both("pluginDefaults: [{type: io.kestra.plugin.core.log.Log, values: {level: INFO}}]"),
        both(&format!("listeners: [{{tasks: [{LOG}]}}]")),
        both("draft: true"),
        both("inputs: [{name: i, type: STRING}]"),
        both("triggers: [{id: t, type: io.kestra.plugin.core.trigger.Flow, conditions: [{type: a.b}]}]"),
        both("triggers: [{id: t, type: io.kestra.plugin.core.trigger.Flow, when: 'true'}]"),
        both("triggers: [{id: t, type: io.kestra.plugin.core.trigger.Schedule, cron: '0 0 * * *', crom: x}]"),
        both("triggers: [{id: t, type: org.acme.Trigger, anything: x}]"),
        both("checks: [{when: 'true', message: m}]"),
    ]
    .join("\n"), @"
    1.3: error: `onChildFailure` is not known to Kestra 1.3 (Kestra 2.0 knows it; take it out: here the other children always go on)
    2.0: 
    1.3: warning: `delay` of `Pause` is deprecated: Kestra 2.0 does not know it => pauseDuration
    2.0: error: `delay` is not known to Kestra 2.0 (Kestra 1.3 knows it; write `pauseDuration:`) => pauseDuration
    1.3: warning: `tasks` of `Pause` is deprecated: Kestra 2.0 does not know it
    2.0: error: `tasks` is not known to Kestra 2.0 (Kestra 1.3 knows it; write these tasks after the Pause)
    1.3: error: `when` is not known to Kestra 1.3 (write `runIf:`) => runIf
    2.0: error: `when` is not known to Kestra 2.0 (write `runIf:`) => runIf
    1.3: 
    2.0: error: `maxAttempt` is not known to Kestra 2.0 (Kestra 1.3 knows it; write `maxAttempts:`) => maxAttempts
    1.3: error: no `pluginDefaults` have the `ref` `x` (write the values under `pluginDefaults:`, with this `ref:`)
    2.0: error: `pluginDefaultsRef` is not known to Kestra 2.0 (Kestra 1.3 knows it; write the values in the task)
    1.3: note: `io.kestra.plugin.core.kv.Get` is not simulated
    error: `keys` is not a property of `Get` (did you mean `key`?) => key
    2.0: note: `io.kestra.plugin.core.kv.Get` is not simulated
    error: `keys` is not a property of `Get` (did you mean `key`?) => key
    1.3: error: `Get` has no `key` (add `key:`)
    note: `io.kestra.plugin.core.kv.Get` is not simulated
    2.0: error: `Get` has no `key` (add `key:`)
    note: `io.kestra.plugin.core.kv.Get` is not simulated
    1.3: 
    2.0: error: `pluginDefaults` is not known to Kestra 2.0 (Kestra 1.3 knows it; write the values in each task)
    1.3: error: the flow has no `tasks` (add `tasks:`)
    warning: `listeners` of the flow is deprecated: Kestra 2.0 does not know it
    2.0: error: the flow has no `tasks` (add `tasks:`)
    error: `listeners` is not known to Kestra 2.0 (Kestra 1.3 knows it; run the tasks in `afterExecution:`, each with a `runIf:`)
    1.3: error: `draft` is not known to Kestra 1.3 (Kestra 2.0 knows it; take it out)
    2.0: 
    1.3: warning: `name` of an input of type STRING is deprecated: Kestra 2.0 does not know it => id
    2.0: error: `name` is not known to Kestra 2.0 (Kestra 1.3 knows it; write `id:`) => id
    1.3: 
    2.0: error: `conditions` is not known to Kestra 2.0 (Kestra 1.3 knows it; write one expression under `when:`)
    1.3: error: `when` is not known to Kestra 1.3 (Kestra 2.0 knows it; take it out)
    2.0: 
    1.3: error: `crom` is not a property of the trigger `Schedule` (did you mean `cron`?) => cron
    2.0: error: `crom` is not a property of the trigger `Schedule` (did you mean `cron`?) => cron
    1.3: 
    2.0: 
    1.3: error: `when` is not known to Kestra 1.3 (Kestra 2.0 knows it; write `condition:`) => condition
    2.0:
    ");
}

#[test]
fn values_that_the_server_reads_at_once_are_strict_and_others_wait_for_the_run() {
    insta::assert_snapshot!([
        both("concurrency: {limit: '{{ 2 }}'}"),
        both("concurrency: {limit: two}"),
        both("concurrency: {limit: 0}"),
        both("concurrency: {limit: 1, behavior: cancel}"),
        both("concurrency: {limit: ' 2 '}"),
        task("{id: a, type: io.kestra.plugin.core.log.Log, message: hi, disabled: 'yes'}"),
        task("{id: a, type: io.kestra.plugin.core.log.Log, message: hi, disabled: yes, allowFailure: 1, logToFile: 'True'}"),
        task("{id: a, type: io.kestra.plugin.core.log.Log, message: hi, level: NOPE}"),
        task(&format!("{{id: p, type: io.kestra.plugin.core.flow.Parallel, concurrent: -1, tasks: [{LOG}]}}")),
        task(&format!("{{id: p, type: io.kestra.plugin.core.flow.Parallel, concurrent: '{{{{ inputs.n }}}}', tasks: [{LOG}]}}")),
        task("{id: a, type: io.kestra.plugin.core.log.Log, message: hi, retry: {type: constant, interval: PT1S, maxAttempts: '2.7'}}"),
        task("{id: a, type: io.kestra.plugin.core.log.Log, message: hi, retry: {type: constant, interval: PT1S, maxAttempts: 2.7}}"),
        task("{id: a, type: io.kestra.plugin.core.log.Log, message: hi, retry: {type: constant, interval: PT1S, maxDuration: P5000D}}"),
        task("{id: a, type: io.kestra.plugin.core.log.Log, message: hi, retry: {type: constant, interval: PT0S}}"),
        both("sla: [{id: s, type: MAX_DURATION, duration: PT9000000000000H, behavior: FAIL}]"),
    ]
    .join("\n"), @"
    1.3: error: `limit` must be a whole number, 0 or more
    2.0: error: `limit` must be a whole number, 0 or more
    1.3: error: `limit` must be a whole number, 0 or more
    2.0: error: `limit` must be a whole number, 0 or more
    1.3: error: `limit` must be greater than or equal to 1
    2.0: error: `limit` must be greater than or equal to 1
    1.3: error: `behavior` must be one of QUEUE, CANCEL, FAIL; did you mean `CANCEL`? => CANCEL
    2.0: error: `behavior` must be one of QUEUE, CANCEL, FAIL; did you mean `CANCEL`? => CANCEL
    1.3: 
    2.0: 
    1.3: error: `disabled` must be true or false
    2.0: error: `disabled` must be true or false
    1.3: 
    2.0: 
    1.3: warning: `level` must be one of TRACE, DEBUG, INFO, WARN, ERROR (Kestra reads this value only when the flow runs)
    2.0: warning: `level` must be one of TRACE, DEBUG, INFO, WARN, ERROR (Kestra reads this value only when the flow runs)
    1.3: warning: `concurrent` must be a whole number, 0 or more (Kestra reads this value only when the flow runs)
    2.0: warning: `concurrent` must be a whole number, 0 or more (Kestra reads this value only when the flow runs)
    1.3: 
    2.0: 
    1.3: error: `maxAttempts` must be a whole number, 0 or more
    2.0: error: `maxAttempts` must be a whole number, 0 or more
    1.3: 
    2.0: 
    1.3: 
    2.0: error: `maxDuration` is longer than ten years (Kestra 1.3 takes it)
    1.3: 
    2.0: error: `interval` must be longer than nothing
    1.3: 
    2.0: error: `duration` is longer than ten years (Kestra 1.3 takes it)
    ");
}

#[test]
fn inputs_and_references_have_rules_of_their_version() {
    insta::assert_snapshot!([
        both("inputs: [{id: x, type: STRING, defaults: a, required: false}]"),
        both("inputs: [{id: x, type: STRING, defaults: null, required: false}]"),
        both("inputs: [{id: x, type: STRING, defaults: a, prefill: b}]"),
        both("inputs: [{id: x, type: INT, defaults: abc}, {id: y, type: INT, defaults: '{{ 3 }}'}, {id: z, type: INT, defaults: 9, max: 5}]"),
        both("inputs: [{id: x, type: SELECT, values: [a, b], defaults: c}]"),
        both("inputs: [{id: x, type: BOOL, defaults: maybe}]"),
        both("inputs: [{id: x, type: REUSABLE_INPUTS, ref: r}]"),
        both("inputs: [{id: x, type: STRING}]\ntriggers: [{id: t, type: io.kestra.plugin.core.trigger.Schedule, cron: '0 0 * * *'}]"),
        both("inputs: [{id: a-b, type: STRING, defaults: x}]\ntasks:\n  - id: a\n    type: io.kestra.plugin.core.log.Log\n    message: \"{{ inputs.a-b }}\""),
        both("tasks:\n  - {id: a-b, type: io.kestra.plugin.core.debug.Return}\n  - {id: c, type: io.kestra.plugin.core.log.Log, message: '{{ outputs.a-b.value }}'}"),
        both("inputs: [{id: n, type: INT, defaults: 3}]\ntasks:\n  - {id: a, type: io.kestra.plugin.core.log.Log, message: '{{ inputs.n -1 }} {{ inputs.n-1 }}'}"),
        task("{id: a, type: io.kestra.plugin.core.log.Log, message: hi, assets: {inputs: []}}"),
        says(&format!("id: pause\nnamespace: n\n{TASKS}"), Version::V1_3),
        says(&format!("id: pause\nnamespace: n\n{TASKS}"), Version::V2_0),
    ]
    .join("\n"), @r#"
    1.3: error: an input with a default must be required, since it always has a value (take `required` out)
    2.0: error: an input with a default must be required, since it always has a value (take `required` out)
    1.3: 
    2.0: 
    1.3: error: an input has either `defaults` or `prefill` (take one of them out)
    2.0: error: an input has either `defaults` or `prefill` (take one of them out)
    1.3: 
    2.0: error: the default of `x` does not fit: `abc` is not a valid INT value (Kestra 1.3 finds out only when the flow runs; also, on line 3: the default of `z` does not fit: it must be less than `5`)
    1.3: 
    2.0: error: the default of `x` does not fit: it must match the values `[a, b]` (Kestra 1.3 finds out only when the flow runs)
    1.3: 
    2.0: 
    1.3: error: the input type `REUSABLE_INPUTS` is not known to Kestra 1.3 (Kestra 2.0 knows it)
    2.0: error: reusable inputs need Kestra's Enterprise Edition (declare the inputs in this flow)
    1.3: 
    2.0: error: `t` starts the flow without a value for `x` (write the values under `inputs:` of the trigger, or give the inputs `defaults:`)
    1.3: error: `inputs.a-b` subtracts: an id with a dash needs brackets (write `inputs['a-b']`) => inputs['a-b']
    2.0: error: `inputs.a-b` subtracts: an id with a dash needs brackets (write `inputs['a-b']`) => inputs['a-b']
    1.3: error: `outputs.a-b` subtracts: an id with a dash needs brackets (write `outputs['a-b']`) => outputs["a-b"]
    2.0: error: `outputs.a-b` subtracts: an id with a dash needs brackets (write `outputs['a-b']`) => outputs["a-b"]
    1.3: 
    2.0: 
    1.3: error: assets need Kestra's Enterprise Edition (take `assets` out)
    2.0: error: assets need Kestra's Enterprise Edition (take `assets` out)
    error: Kestra keeps the id `pause` for itself (use another id; Kestra 2.0 takes it)
    "#);
}

#[test]
fn what_the_server_warns_about_is_a_warning() {
    insta::assert_snapshot!([
        task(&format!("{{id: s, type: io.kestra.plugin.core.flow.Sequential, timeout: PT1S, taskCache: {{enabled: true}}, tasks: [{LOG}]}}")),
        task("{id: s, type: io.kestra.plugin.core.flow.Pause, timeout: PT1S}"),
        task("{id: a, type: io.kestra.plugin.core.log.Log, message: \"{{ json('{}') }} {{ '{}' | json }} json( {{ 'json(' }}\"}"),
        task("{id: a, type: io.kestra.plugin.core.log.Log, message: \"{{ isWeekend(now()) }} {{ 'a' | regexMatch('a') }}\"}"),
        both("triggers: [{id: t, type: io.kestra.plugin.core.trigger.Flow}]"),
    ]
    .join("\n"), @"
    1.3: warning: `timeout` has no effect: no worker runs a `Sequential` (give each of its tasks a `timeout`)
    warning: `taskCache` has no effect: no worker runs a `Sequential`
    2.0: warning: `timeout` has no effect: no worker runs a `Sequential` (give each of its tasks a `timeout`)
    warning: `taskCache` has no effect: no worker runs a `Sequential`
    1.3: 
    2.0: 
    1.3: 
    2.0: warning: the function `json` is not known to Kestra 2.0 (write `fromJson`) => fromJson
    warning: the filter `json` is not known to Kestra 2.0 (write `toJson`) => toJson
    1.3: warning: the function `isWeekend` is not known to Kestra 1.3
    warning: the filter `regexMatch` is not known to Kestra 1.3
    2.0: 
    1.3: warning: this trigger fires after every execution of every flow (name the flows under `preconditions:`)
    2.0: warning: this trigger fires after every execution of every flow (name the flows under `dependsOn:`)
    ");
}

#[test]
fn the_labels_are_the_servers_own_words() {
    let label = |text: &str, version| found(&format!("{HEAD}{text}"), version).first().map(|found| found.label.clone()).unwrap_or_default();
    let nested = "tasks: [{id: s, type: io.kestra.plugin.core.flow.Sequential, tasks: [{id: a, type: io.kestra.plugin.core.log.Log}]}]";
    assert_eq!(label(nested, Version::V1_3), "a.a.message: must not be null");
    assert_eq!(label(nested, Version::V2_0), "tasks[a].tasks[a].message: must not be null");
    let pause = "tasks: [{id: p, type: io.kestra.plugin.core.flow.Pause, delay: PT1S}]";
    assert_eq!(label(pause, Version::V1_3), "deprecated: tasks[0].delay");
    assert_eq!(
        label(pause, Version::V2_0),
        "Unrecognized field \"delay\" (class io.kestra.plugin.core.flow.Pause), not marked as ignorable"
    );
    let input = format!("inputs: [{{id: x, type: STRING, defaults: a, required: false}}]\n{TASKS}");
    assert_eq!(
        label(&input, Version::V2_0),
        "inputs[x]: Inputs with a default value must be required, since the default is always applied."
    );
}

#[test]
fn the_mark_is_on_the_word_that_a_fix_replaces() {
    let text = format!("{HEAD}tasks:\n  - id: p\n    type: io.kestra.plugin.core.flow.Pause\n    delay: PT1S\n");
    let source = Source::new("flow.yaml", text.as_str());
    insta::assert_snapshot!(render(&found(&text, Version::V2_0)[0], &source), @r#"
error[unknown-property]: `delay` is not known to Kestra 2.0
  --> flow.yaml:6:5
6 |     delay: PT1S
  |     ^^^^^ Unrecognized field "delay" (class io.kestra.plugin.core.flow.Pause), not marked as ignorable
  = help: Kestra 1.3 knows it; write `pauseDuration:`
"#);
}

#[test]
fn a_fix_leads_to_what_the_version_takes() {
    let texts = [
        "tasks: [{id: p, type: io.kestra.plugin.core.flow.Pause, delay: PT1S}]",
        "tasks: [{id: a, type: io.kestra.core.tasks.log.Log, message: hi, when: 'true', retry: {type: constant, interval: PT1S, maxAttempt: 2}}]",
        "inputs: [{id: i, type: ENUM, values: [a]}, {name: b, type: BOOLEAN}]\ntasks: [{id: a, type: io.kestra.plugin.core.debug.Return}]",
        "outputs: [{id: o, type: BOOLEAN, value: true}]\ntasks: [{id: a, type: io.kestra.plugin.core.debug.Return}]",
        "tasks: [{id: a-b, type: io.kestra.plugin.core.debug.Return, format: \"{{ json('1') }} {{ 1 | json }} {{ outputs.a-b.value }}\"}]",
        "inputs: [{id: a-b, type: STRING, defaults: x}]\ntasks: [{id: c, type: io.kestra.plugin.core.debug.Return, format: '{{ inputs.a-b }}'}]",
        "tasks: [{id: t, type: io.kestra.plugin.core.debug.Return}]\ntriggers: [{id: t, type: io.kestra.core.models.triggers.types.Webhook, key: k}]",
    ];
    for text in texts {
        let mut text = format!("{HEAD}{text}\n");
        let mut n_fixed = 0;
        while let Some(fix) = found(&text, Version::V2_0).into_iter().find_map(|found| found.fix) {
            text.replace_range(fix.span.range(), &fix.text);
            n_fixed += 1;
            assert!(n_fixed < 10, "{text}");
        }
        assert!(n_fixed > 0, "{text}");
        assert_eq!(says(&text, Version::V2_0), "", "{text}");
    }
}

/// Kestra's own messages for a flow, of 1.3 and of 2.0.
fn servers(rest: &str) -> String {
    let tasks = if rest.contains("tasks:") { "" } else { TASKS };
    let text = format!("{HEAD}{rest}\n{tasks}");
    let of = |version| crate::flow::kestra::validate::messages(&found(&text, version)).join("\n     ");
    format!("1.3: {}\n2.0: {}", of(Version::V1_3), of(Version::V2_0))
}

#[test]
fn no_input_is_part_of_another() {
    insta::assert_snapshot!([
        servers("inputs: [{id: a.b, type: STRING}, {id: a, type: STRING}, {id: ab, type: STRING}]"),
        servers("inputs: [{id: a.b.c, type: STRING}, {id: a.b, type: STRING}, {id: a, type: STRING}]"),
        servers("inputs: [{id: f, type: FORM, inputs: [{id: x, type: STRING}]}]"),
        both("inputs: [{id: a, type: STRING}, {id: a.b, type: STRING}]"),
    ]
    .join("\n"), @"
    1.3: : Invalid Flow: Input path 'a' conflicts with 'a.b'; one cannot be nested under the other.
    2.0: : Invalid Flow: Input path 'a' conflicts with 'a.b'; one cannot be nested under the other.
    1.3: : Invalid Flow: Input path 'a.b' conflicts with 'a.b.c'; one cannot be nested under the other., Input path 'a' conflicts with 'a.b.c'; one cannot be nested under the other., Input path 'a' conflicts with 'a.b'; one cannot be nested under the other.
    2.0: : Invalid Flow: Input path 'a.b' conflicts with 'a.b.c'; one cannot be nested under the other., Input path 'a' conflicts with 'a.b.c'; one cannot be nested under the other., Input path 'a' conflicts with 'a.b'; one cannot be nested under the other.
    1.3: 
    2.0: 
    1.3: error: the input `a` can't hold `a.b`: it has a value of its own (rename one of them)
    2.0: error: the input `a` can't hold `a.b`: it has a value of its own (rename one of them)
    ");
}

#[test]
fn a_name_of_defaults_must_be_there() {
    let log = "type: io.kestra.plugin.core.log.Log, message: hi";
    let group = format!("[{{id: g, type: io.kestra.plugin.core.flow.Sequential, tasks: [{{id: t, {log}, pluginDefaultsRef: b}}]}}]");
    let trigger = "{id: s, type: io.kestra.plugin.core.trigger.Schedule, cron: '0 0 * * *', pluginDefaultsRef: c}";
    let defaults = "pluginDefaults: [{type: io.kestra.plugin.core.log.Log, ref: a, values: {level: WARN}}]";
    insta::assert_snapshot!([
        servers(&format!("{defaults}\ntasks: [{{id: t, {log}, pluginDefaultsRef: a}}]")),
        servers(&format!("{defaults}\ntasks: {group}\ntriggers: [{trigger}]")),
        both(&format!("tasks: [{{id: t, {log}, pluginDefaultsRef: a}}]")),
    ]
    .join("\n"), @r#"
    1.3: 
    2.0: Unrecognized field "pluginDefaults" (class io.kestra.core.models.flows.FlowWithSource), not marked as ignorable
    1.3: pluginDefaultsRef: No plugin-defaults exists for pluginDefaultsRef: 'b', 'c'
    2.0: Unrecognized field "pluginDefaults" (class io.kestra.core.models.flows.FlowWithSource), not marked as ignorable
    1.3: error: no `pluginDefaults` have the `ref` `a` (write the values under `pluginDefaults:`, with this `ref:`)
    2.0: error: `pluginDefaultsRef` is not known to Kestra 2.0 (Kestra 1.3 knows it; write the values in the task)
    "#);
}

#[test]
fn values_that_one_version_can_not_read() {
    let schedule = "id: s, type: io.kestra.plugin.core.trigger.Schedule, cron: '0 0 * * *'";
    insta::assert_snapshot!([
        both(&format!("triggers: [{{{schedule}, scheduleConditions: [{{type: io.kestra.plugin.core.condition.Weekend}}]}}]")),
        both(&format!("triggers: [{{{schedule}, scheduleConditions: []}}]")),
        both("inputs: [{id: a, type: ARRAY, itemType: BOOLEAN}]"),
        both("inputs: [{id: a, type: ARRAY, itemType: ION}]"),
        both("triggers: [{id: s, type: io.kestra.plugin.core.trigger.Flow, dependsOn: {flows: []}}]"),
        both("extend: {title: a}"),
        both("triggers: [{id: s, type: io.kestra.plugin.core.trigger.McpToolTrigger}]"),
    ]
    .join("\n"), @"
    1.3: warning: `scheduleConditions` of the trigger `Schedule` is deprecated: Kestra 2.0 does not know it
    error: Kestra 1.3 can't read `scheduleConditions` (write them under `conditions:`) => conditions
    2.0: error: `scheduleConditions` is not known to Kestra 2.0 (Kestra 1.3 knows it; write one expression under `when:`)
    1.3: warning: `scheduleConditions` of the trigger `Schedule` is deprecated: Kestra 2.0 does not know it
    2.0: error: `scheduleConditions` is not known to Kestra 2.0 (Kestra 1.3 knows it; write one expression under `when:`)
    1.3: 
    2.0: error: there is no type `BOOLEAN` (did you mean `BOOL`?) => BOOL
    1.3: error: there is no type `ION`
    2.0: 
    1.3: error: `dependsOn` is not known to Kestra 1.3 (Kestra 2.0 knows it; write the flows under `preconditions:`)
    2.0: 
    1.3: error: `extend` is not known to Kestra 1.3 (take it out: it describes a published blueprint)
    2.0: error: `extend` is not known to Kestra 2.0 (take it out: it describes a published blueprint)
    1.3: error: `io.kestra.plugin.core.trigger.McpToolTrigger` is not known to Kestra 1.3 (Kestra 2.0 knows it)
    2.0:
    ");
}

#[test]
fn servers_name_the_class_of_each_part() {
    insta::assert_snapshot!([
        servers("extend: {title: a}"),
        servers("inputs: [{id: a, type: STRING, foo: 1}]"),
        servers("inputs: [{id: a, type: DATETIME, foo: 1}]"),
        servers("inputs: [{id: a, type: INT, dependsOn: {foo: 1}}]"),
        servers("outputs: [{id: a, type: INT, value: 1, foo: 1}]"),
        servers("concurrency: {limit: 1, foo: 1}"),
        servers("checks: [{condition: a, message: b, foo: 1}]"),
        servers("sla: [{id: a, type: MAX_DURATION, behavior: FAIL, duration: PT1S, foo: 1}]"),
    ]
    .join("\n"), @r#"
    1.3: Unrecognized field "extend" (class io.kestra.core.models.flows.FlowWithSource), not marked as ignorable
    2.0: Unrecognized field "extend" (class io.kestra.core.models.flows.FlowWithSource), not marked as ignorable
    1.3: Unrecognized field "foo" (class io.kestra.core.models.flows.input.StringInput), not marked as ignorable
    2.0: Unrecognized field "foo" (class io.kestra.core.models.flows.input.StringInput), not marked as ignorable
    1.3: Unrecognized field "foo" (class io.kestra.core.models.flows.input.DateTimeInput), not marked as ignorable
    2.0: Unrecognized field "foo" (class io.kestra.core.models.flows.input.DateTimeInput), not marked as ignorable
    1.3: Unrecognized field "foo" (class io.kestra.core.models.flows.DependsOn), not marked as ignorable
    2.0: Unrecognized field "foo" (class io.kestra.core.models.flows.DependsOn), not marked as ignorable
    1.3: Unrecognized field "foo" (class io.kestra.core.models.flows.Output), not marked as ignorable
    2.0: Unrecognized field "foo" (class io.kestra.core.models.flows.Output), not marked as ignorable
    1.3: Unrecognized field "foo" (class io.kestra.core.models.flows.Concurrency), not marked as ignorable
    2.0: Unrecognized field "foo" (class io.kestra.core.models.flows.Concurrency), not marked as ignorable
    1.3: Unrecognized field "foo" (class io.kestra.core.models.flows.check.Check), not marked as ignorable
    2.0: Unrecognized field "foo" (class io.kestra.core.models.flows.check.Check), not marked as ignorable
    1.3: Unrecognized field "foo" (class io.kestra.core.models.flows.sla.types.MaxDurationSLA), not marked as ignorable
    2.0: Unrecognized field "foo" (class io.kestra.core.models.flows.sla.types.MaxDurationSLA), not marked as ignorable
    "#);
}
