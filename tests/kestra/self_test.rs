//! The harness tested on made-up runs: it accepts what holds, and reports what does not and every field that it does not know.

use serde_json::{Map, Value, json};

use super::case::{self, Case};
use super::facts;
use super::outcome::Outcome;
use super::values;

/// What is wrong with the harness; empty when nothing is.
pub type Test = fn() -> Vec<String>;

/// The tests by name.
pub fn all() -> [(&'static str, Test); 4] {
    [
        ("harness accepts facts that hold and reports the others", facts_are_checked),
        ("harness reports fields that it does not know", unknown_fields_are_reported),
        ("harness reports what is not a case", broken_cases_are_reported),
        ("harness finds dotted paths", dotted_paths_are_found),
    ]
}

fn state(states: &[(&str, u64)]) -> Value {
    let date = |at: u64| format!("2024-01-01T00:00:{at:02}.000Z");
    let histories: Vec<Value> = states.iter().map(|(state, at)| json!({"state": state, "date": date(*at)})).collect();
    let (current, last) = states.last().copied().unwrap_or(("CREATED", 0));
    json!({"current": current, "startDate": date(states[0].1), "endDate": date(last), "histories": histories})
}

/// A run that pauses at 1 s and has two tasks in a ForEach, a further execution, and one that it called.
fn outcome() -> Outcome {
    let run = |id: &str, task: &str, rest: Value, states: &[(&str, u64)]| {
        let mut run = json!({"id": id, "taskId": task, "outputs": {}, "state": state(states)});
        rest.as_object().into_iter().flatten().for_each(|(key, value)| run[key] = value.clone());
        run
    };
    let attempts = |n: usize| Value::Array(vec![json!({"state": state(&[("CREATED", 0)])}); n]);
    let runs = [
        run("r0", "each", json!({}), &[("CREATED", 0), ("RUNNING", 0), ("PAUSED", 1), ("RUNNING", 2), ("WARNING", 4)]),
        run(
            "r1",
            "a",
            json!({"parentTaskRunId": "r0", "value": "x", "outputs": {"value": "ax", "at": "2024-01-01T00:00:00.000Z", "n": {"m": 7}}, "attempts": attempts(3)}),
            &[("CREATED", 0), ("RUNNING", 0), ("SUCCESS", 1)],
        ),
        run(
            "r2",
            "b",
            json!({"parentTaskRunId": "r1", "value": "y", "outputs": {"value": "b of ax"}, "attempts": attempts(1)}),
            &[("CREATED", 2), ("RUNNING", 2), ("FAILED", 4)],
        ),
    ];
    let other = |flow: &str, trigger: Value, states: &[(&str, u64)]| json!({"id": "e1", "flowId": flow, "trigger": trigger, "taskRunList": [], "labels": [{"key": "root", "value": "e0"}], "logs": [], "state": state(states)});
    let execution = json!({
        "id": "e0", "flowId": "main", "taskRunList": runs, "outputs": {"sum": 3},
        "labels": [{"key": "own", "value": "e0"}, {"key": "run", "value": "r1"}],
        "logs": [{"taskRunId": "r1", "taskId": "a", "atMs": 0, "level": "INFO", "message": "said a"}, {"taskRunId": "r2", "taskId": "b", "atMs": 3000, "level": "ERROR", "message": "said b"}],
        "state": state(&[("CREATED", 0), ("RUNNING", 0), ("PAUSED", 1), ("RUNNING", 2), ("WARNING", 4)]),
        "simulation": {"executions": [
            other("main", Value::Null, &[("CREATED", 0), ("CANCELLED", 0)]),
            other("sub", json!({"type": "t.Subflow"}), &[("CREATED", 0), ("RUNNING", 0), ("SUCCESS", 1)]),
        ]},
    });
    Outcome {
        violations: vec!["dag: one".to_owned(), "dag: two".to_owned()],
        input_errors: vec!["n: too big".to_owned()],
        refusals: vec!["reason: missing".to_owned()],
        unresumed: execution.clone(),
        execution,
        task_outputs: json!({"a": {"x": {"value": "ax"}}}),
        typed_inputs: json!({"n": 42, "f": 0.42_f32, "d": "2019-10-06T18:27:49.000Z", "none": null, "doc": "kestra:///f", "m": {"k": 1}}),
        ..Outcome::default()
    }
}

/// The complaints about a case with this `expect`. Its inputs and resumes are refused and its flow has violations: facts
/// about those are expected beside the others, and hold.
fn complaints(expect: &Value) -> Vec<String> {
    let mut expect = expect.as_object().cloned().unwrap_or_default();
    expect.entry("resumeErrorContains").or_insert("missing".into());
    expect.entry("inputErrorContains").or_insert("big".into());
    let fields = [("id", json!("own")), ("kind", json!("run")), ("expect", Value::Object(expect))];
    let fields: Map<String, Value> = fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    facts::check(&Case { id: "own".to_owned(), fields, files: Vec::new(), versions: Vec::new() }, &outcome())
}

/// For each kind of fact one that holds, and one that does not, with a part of the complaint about it.
fn facts_are_checked() -> Vec<String> {
    let of_run = |selector: Value, fact: Value| {
        let mut both = selector;
        fact.as_object().into_iter().flatten().for_each(|(key, value)| both[key] = value.clone());
        json!({"taskRuns": [both]})
    };
    let a = |fact: Value| of_run(json!({"taskId": "a"}), fact);
    let child = |fact: Value| json!({"childExecutions": [of_run(json!({"flowId": "sub"}), fact)["taskRuns"][0]]});
    let paused = |fact: Value| json!({"untilPaused": fact});
    let table = [
        (json!({"state": "WARNING"}), json!({"state": "SUCCESS"}), "state \"SUCCESS\", came WARNING"),
        (json!({"taskRunCount": 3}), json!({"taskRunCount": 4}), "taskRunCount 4, came 3 [each, a, b]"),
        (json!({"minFailedTaskRuns": 1}), json!({"minFailedTaskRuns": 2}), "minFailedTaskRuns 2, came 1"),
        (json!({"absentTaskIds": ["c"]}), json!({"absentTaskIds": ["c", "b"]}), "absentTaskIds [\"c\",\"b\"], came [each, a, b]"),
        (json!({"outputs": {"sum": 3}}), json!({"outputs": {"sum": 4}}), "outputs {\"sum\":4}, came {\"sum\":3}"),
        (json!({"outputs": {"sum": 3}}), json!({"outputs": null}), "outputs null, came {\"sum\":3}"),
        (json!({"executionOutputs": {"a": {"x": {"value": "ax"}}}}), json!({"executionOutputs": {"a": {"z": {}}}}), "executionOutputs"),
        (json!({"labels": {"own": "{{execution.id}}"}}), json!({"labels": {"own": "{{taskrun id of a}}"}}), "labels {\"own\""),
        (json!({"labels": {"run": "{{taskrun id of a}}"}}), json!({"labels": {"run": "{{taskrun id of c}}"}}), "labels {\"run\""),
        (
            json!({"labels": {"own": "e0", "run": "r1"}, "labelsExact": true}),
            json!({"labels": {"own": "e0"}, "labelsExact": true}),
            "labels {\"own\":\"e0\"}, came",
        ),
        (json!({"historyPrefix": ["CREATED", "RUNNING"]}), json!({"historyPrefix": ["RUNNING"]}), "came CREATED RUNNING PAUSED"),
        (json!({"logContains": "id b"}), json!({"logContains": "nothing"}), "came [INFO said a; ERROR said b]"),
        (
            json!({"logs": [{"taskRunIndex": 2, "level": "ERROR", "message": "said b"}]}),
            json!({"logs": [{"taskRunIndex": 2, "level": "WARN", "message": "said b"}]}),
            "came [ERROR said b]",
        ),
        (json!({"logs": [{"taskRunIndex": 0, "none": true}]}), json!({"logs": [{"taskRunIndex": 1, "none": true}]}), "came [INFO said a]"),
        (json!({"logs": [{"taskId": "a", "message": "said"}]}), json!({"logs": [{"taskRunIndex": 9, "none": true}]}), "a taskrun at 9"),
        (json!({"order": [{"before": "a", "after": "b"}]}), json!({"order": [{"before": "b", "after": "a"}]}), "in order, came 2024"),
        (json!({"order": []}), json!({"order": [{"before": "a", "after": {"taskId": "c"}}]}), "a taskrun of `c`"),
        (a(json!({"state": "SUCCESS"})), a(json!({"state": "FAILED"})), "`a` FAILED, came SUCCESS"),
        (a(json!({"attempts": 3})), a(json!({"attempts": 2})), "`a` with 2 attempts, came 3"),
        (a(json!({"attemptsMin": 3})), a(json!({"attemptsMin": 4})), "`a` with 4 attempts or more, came 3"),
        (
            a(json!({"historyCounts": {"PAUSED": 0, "RUNNING": 1}})),
            a(json!({"historyCounts": {"RUNNING": 2}})),
            "came CREATED RUNNING SUCCESS",
        ),
        (a(json!({"output": {"value": "ax"}})), a(json!({"output": {"value": "x"}})), "`a` with the output"),
        (a(json!({"output": {"n": {"m": 7.0}}})), a(json!({"output": {"n": {"o": 7}}})), "`a` with the output"),
        (a(json!({"outputContains": {"n.m": "7"}})), a(json!({"outputContains": {"n.m": "8"}})), "contains \"8\" in `n.m`"),
        (a(json!({"outputMatches": {"value": "^a.$"}})), a(json!({"outputMatches": {"value": "^a$"}})), "matches \"^a$\" in `value`"),
        (a(json!({"outputsPresent": true})), a(json!({"outputsPresent": false})), "outputsPresent false"),
        (a(json!({"outputIsIsoDate": ["at"]})), a(json!({"outputIsIsoDate": ["value"]})), "an ISO date in [\"value\"]"),
        (
            of_run(
                json!({"taskId": "b"}),
                json!({"outputContainsOutputOf": {"value": {"taskId": "a", "values": ["x"], "output": "value"}}}),
            ),
            of_run(json!({"taskId": "b"}), json!({"outputContainsOutputOf": {"value": {"taskId": "a", "output": "at"}}})),
            "contains the one of",
        ),
        (
            of_run(json!({"taskId": "b", "values": ["x", "y"]}), json!({})),
            of_run(json!({"taskId": "b", "values": ["y"]}), json!({})),
            "`b` for [y]",
        ),
        (of_run(json!({"index": -1, "taskId": "b"}), json!({})), of_run(json!({"index": -1, "taskId": "a"}), json!({})), "a taskrun {"),
        (of_run(json!({"index": 2}), json!({})), of_run(json!({"index": 3}), json!({})), "a taskrun at 3, came taskruns of [each, a, b]"),
        (a(json!({})), of_run(json!({"taskId": "c"}), json!({})), "a taskrun of `c`"),
        (a(json!({})), of_run(json!({}), json!({"state": "FAILED"})), "`taskId`, `values` or `index`"),
        (paused(json!({"state": "PAUSED", "taskRunCount": 2})), paused(json!({"state": "RUNNING"})), "at the first PAUSED state"),
        (paused(json!({"absentTaskIds": ["b"]})), paused(json!({"taskRuns": [{"taskId": "each", "state": "WARNING"}]})), "came PAUSED"),
        (paused(json!({"logContains": "said a"})), paused(json!({"logContains": "said b"})), "at the first PAUSED logContains"),
        (
            child(json!({"state": "SUCCESS", "labels": {"root": "{{root execution.id}}"}})),
            child(json!({"labels": {"root": "{{execution.id}}"}})),
            "execution of `sub`: labels",
        ),
        (
            child(json!({"triggerType": "t.Subflow", "labelCount": 1})),
            child(json!({"labelCount": 2})),
            "execution of `sub`: labelCount 2, came 1",
        ),
        (child(json!({})), json!({"childExecutions": [{"flowId": "sub"}, {"flowId": "sub"}]}), "an execution called as"),
        (
            json!({"executions": [{"n": 2, "state": "CANCELLED"}]}),
            json!({"executions": [{"n": 1, "state": "CANCELLED"}]}),
            "execution 1: state",
        ),
        (json!({"executions": []}), json!({"executions": [{"n": 3}]}), "an execution 3 of the flow, came 2"),
        (
            json!({"executionStatesAnyOrder": ["CANCELLED", "WARNING"]}),
            json!({"executionStatesAnyOrder": ["WARNING"]}),
            "came CANCELLED WARNING",
        ),
        (json!({"inputErrorContains": "too"}), json!({"inputErrorContains": "few"}), "inputErrorContains \"few\", came [n: too big]"),
        (json!({"resumeErrorContains": "missing"}), json!({"resumeErrorContains": "few"}), "resumeErrorContains \"few\", came"),
        (
            json!({"typedInputs": {"n": 42, "f": 0.42, "d": "2019-10-06T18:27:49Z", "none": null, "doc": "(any file)", "m": {}}}),
            json!({"typedInputs": {"n": "42"}}),
            "typedInputs {\"n\":\"42\"}",
        ),
        (json!({"typedInputs": {"m": {"k": 1}}}), json!({"typedInputs": {"m": null}}), "typedInputs {\"m\":null}"),
        (json!({"valid": false}), json!({"valid": true}), "valid true, came [dag: one; dag: two]"),
        (json!({"messageContains": "dag: two"}), json!({"messageContains": "three"}), "messageContains \"three\", came"),
        (json!({"violationCount": 2}), json!({"violationCount": 1}), "violationCount 1, came"),
        (
            json!({"messageContains": "dag", "messageOccurrences": 2}),
            json!({"messageContains": "dag", "messageOccurrences": 1}),
            "came 2 in",
        ),
    ];
    let mut wrong = Vec::new();
    for (holds, does_not, part) in table {
        let found = complaints(&holds);
        if !found.is_empty() {
            wrong.push(format!("{holds} to hold, came {}", found.join("; ")));
        }
        let found = complaints(&does_not);
        if !found.iter().any(|line| line.contains(part)) {
            wrong.push(format!("{does_not} to be reported with `{part}`, came [{}]", found.join("; ")));
        }
    }
    wrong
}

/// A field that is not known is reported wherever it is; a comment is not.
fn unknown_fields_are_reported() -> Vec<String> {
    let table = [
        json!({"strange": 1}),
        json!({"taskRuns": [{"taskId": "a", "strange": 1}]}),
        json!({"untilPaused": {"strange": 1}}),
        json!({"untilPaused": {"taskRuns": [{"index": 0, "strange": 1}]}}),
        json!({"childExecutions": [{"flowId": "sub", "strange": 1}]}),
        json!({"executions": [{"n": 1, "strange": 1}]}),
        json!({"logs": [{"strange": 1}]}),
        json!({"order": [{"before": "a", "after": "b", "strange": 1}]}),
    ];
    let mut wrong = Vec::new();
    for expect in table {
        let found = complaints(&expect);
        if !found.iter().any(|line| line.contains("came `strange` in")) {
            wrong.push(format!("the field in {expect} to be reported, came [{}]", found.join("; ")));
        }
        let comment = serde_json::from_str(&expect.to_string().replace("strange", "stateNote")).unwrap_or_default();
        let found = complaints(&comment);
        if found.iter().any(|line| line.contains("stateNote")) {
            wrong.push(format!("a comment to be ignored, came [{}]", found.join("; ")));
        }
    }
    wrong
}

/// What is wrong with the fields of a case itself, or with its steps.
fn broken_cases_are_reported() -> Vec<String> {
    let own = |rest: &str| format!(r#"{{"id": "k1", "kind": "run", "fixture": "two-slots.yaml", "expect": {{}}{rest}}}"#);
    let table = [
        (own(r#", "inputsNote": "a comment""#), ""),
        (own(r#", "strange": 1"#), "came `strange` in the case"),
        (own(r#", "context": {"strange": {}}"#), "came `strange` in `context`"),
        (own(r#", "steps": [{"action": "stop"}]"#), "a step that the harness knows"),
        (own(r#", "steps": [{"action": "resume", "taskId": "none"}]"#), "a Pause `none`"),
        (own(r#", "steps": [{"action": "start", "n": 1, "when": "at noon"}]"#), "a `when` that the harness knows"),
        (own(r#", "steps": [{"action": "start", "n": 2}]"#), "`start` steps in order"),
        (own(r#", "steps": [{"action": "start", "n": 1, "strange": 2}]"#), "came `strange` in a `start` step"),
        (own(r#", "extraFlows": ["none.yaml"]"#), "the file"),
        (own("").replace("\"run\"", "\"walk\""), "a kind that the harness knows, came `walk`"),
        ("{".to_owned(), "a case in JSON"),
        ("{}".to_owned(), "an `id`"),
    ];
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kestra");
    let mut wrong = Vec::new();
    for (line, part) in table {
        let found = match case::read(&line, &folder) {
            Ok(case) => super::run(&case).join("; "),
            Err((_, why)) => why,
        };
        if part.is_empty() != found.is_empty() || !found.contains(part) {
            wrong.push(format!("{line} to be reported with `{part}`, came [{found}]"));
        }
    }
    wrong
}

fn dotted_paths_are_found() -> Vec<String> {
    let value = json!({"a": {"b.c": [1, {"d": 2}]}});
    match values::at(&value, "a.b.c.1.d") {
        Some(found) if *found == json!(2) => Vec::new(),
        found => vec![format!("2 at `a.b.c.1.d`, came {found:?}")],
    }
}
