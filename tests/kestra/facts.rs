//! In: a case and its outcome. Out: each fact that does not hold, as `EXPECTED, came ACTUAL`.

use parallelogram::time::parse_iso_instant;
use serde_json::{Map, Value};

use super::case::{Case, is_comment, unknown};
use super::outcome::Outcome;
use super::taskruns::{self, list, select, states};
use super::values::{brief, has, text};

/// Facts about one execution.
const OF_EXECUTION: [&str; 16] = [
    "state",
    "taskRunCount",
    "minFailedTaskRuns",
    "absentTaskIds",
    "outputs",
    "labels",
    "labelsExact",
    "labelCount",
    "taskRuns",
    "logContains",
    "logs",
    "order",
    "historyPrefix",
    "triggerType",
    "flowId",
    "n",
];
/// Facts about the outcome of a case as a whole.
const OF_CASE: [&str; 12] = [
    "executionOutputs",
    "untilPaused",
    "resumeErrorContains",
    "childExecutions",
    "executions",
    "executionStatesAnyOrder",
    "inputErrorContains",
    "typedInputs",
    "valid",
    "messageContains",
    "messageOccurrences",
    "violationCount",
];

/// All that is wrong, in the order of the case's fields.
pub fn check(case: &Case, outcome: &Outcome) -> Vec<String> {
    let mut wrong = case.complaints();
    wrong.extend(outcome.complaints.iter().cloned());
    let expect = case.map("expect");
    let (of_case, of_execution): (Map<_, _>, Map<_, _>) = expect.into_iter().partition(|(key, _)| OF_CASE.contains(&key.as_str()));
    let is_invalid = case.kind() == "invalid";
    if !is_invalid && outcome.execution.is_null() {
        wrong.push(format!("a flow that can run, came [{}]", outcome.violations.join("; ")));
    }
    wrong.extend(outcome.extra_violations.iter().map(|line| format!("further flows that can run, came [{line}]")));
    let asks_for_refusal = of_case.contains_key("inputErrorContains");
    if !asks_for_refusal {
        wrong.extend(outcome.input_errors.iter().map(|line| format!("inputs that are taken, came [{line}]")));
    }
    if !of_case.contains_key("resumeErrorContains") {
        wrong.extend(outcome.refusals.iter().map(|line| format!("a resume that is taken, came [{line}]")));
    }
    of_case.iter().for_each(|(fact, expected)| wrong.extend(of_all(fact, expected, &of_case, outcome)));
    let nothing_ran = is_invalid || outcome.execution.is_null();
    if !nothing_ran || !of_execution.keys().all(|key| is_comment(key)) {
        wrong.extend(of_one(&of_execution, &outcome.execution, &outcome.execution, "`expect`"));
    }
    wrong
}

/// What is wrong with a fact about the outcome as a whole.
fn of_all(fact: &str, expected: &Value, all: &Map<String, Value>, outcome: &Outcome) -> Vec<String> {
    let contains = |lines: &[String]| expected.as_str().is_some_and(|part| lines.join("\n").contains(part));
    let differs = |came: &dyn std::fmt::Display| vec![format!("{fact} {}, came {came}", brief(expected))];
    let listed = |lines: &[String]| if lines.is_empty() { "nothing".to_owned() } else { format!("[{}]", lines.join("; ")) };
    let others = outcome.execution["simulation"]["executions"].as_array().map_or(&[][..], Vec::as_slice);
    let of_flow = |execution: &&Value| {
        execution["flowId"] == outcome.execution["flowId"] && execution["trigger"].is_null() && execution["parentId"].is_null()
    };
    match fact {
        "inputErrorContains" if !contains(&outcome.input_errors) => differs(&listed(&outcome.input_errors)),
        "resumeErrorContains" if !contains(&outcome.refusals) => differs(&listed(&outcome.refusals)),
        "messageContains" if !contains(&outcome.violations) => differs(&listed(&outcome.violations)),
        "violationCount" if *expected != outcome.violations.len() => differs(&listed(&outcome.violations)),
        "valid" if *expected != outcome.violations.is_empty() => differs(&listed(&outcome.violations)),
        "messageOccurrences" => {
            let Some(part) = all.get("messageContains").and_then(Value::as_str) else { return differs(&"no messageContains") };
            let n = outcome.violations.join("\n").matches(part).count();
            if *expected == n { Vec::new() } else { differs(&format!("{n} in {}", listed(&outcome.violations))) }
        }
        "typedInputs" if !has(&outcome.typed_inputs, expected) => differs(&brief(&outcome.typed_inputs)),
        "executionOutputs" => {
            let holds = expected.as_object().is_some_and(|keys| has(&outcome.task_outputs, &Value::Object(keys.clone())));
            if holds { Vec::new() } else { differs(&brief(&outcome.task_outputs)) }
        }
        "untilPaused" => {
            let Some(facts) = expected.as_object() else { return differs(&"no map") };
            let Some(cut) = until_paused(&outcome.unresumed) else { return differs(&states(&outcome.unresumed).join(" ")) };
            of_one(facts, &cut, &outcome.execution, "`untilPaused`").into_iter().map(|line| format!("at the first PAUSED {line}")).collect()
        }
        "executionStatesAnyOrder" => {
            let mut came: Vec<String> = vec![text(&outcome.execution["state"]["current"])];
            came.extend(others.iter().filter(of_flow).map(|execution| text(&execution["state"]["current"])));
            let mut wanted: Vec<String> = expected.as_array().into_iter().flatten().map(text).collect();
            came.sort();
            wanted.sort();
            if came == wanted { Vec::new() } else { differs(&came.join(" ")) }
        }
        "executions" => {
            let all: Vec<&Value> = std::iter::once(&outcome.execution).chain(others.iter().filter(of_flow)).collect();
            expected.as_array().map_or_else(
                || differs(&"no list"),
                |expected| expected.iter().flat_map(|facts| nth_execution(facts, &all, &outcome.execution)).collect(),
            )
        }
        "childExecutions" => {
            let children: Vec<&Value> = others.iter().filter(|execution| !execution["trigger"].is_null()).collect();
            expected.as_array().map_or_else(|| differs(&"no list"), |expected| child_executions(expected, &children, &outcome.execution))
        }
        _ => Vec::new(),
    }
}

/// What is wrong with the n-th execution of the flow, from 1.
fn nth_execution(facts: &Value, all: &[&Value], root: &Value) -> Vec<String> {
    let Some(map) = facts.as_object() else { return vec![format!("a map in `executions`, came {facts}")] };
    let Some(n) = facts["n"].as_u64() else { return vec![format!("`n` in `executions`, came {facts}")] };
    let Some(execution) = usize::try_from(n).ok().and_then(|n| n.checked_sub(1)).and_then(|at| all.get(at)) else {
        return vec![format!("an execution {n} of the flow, came {}", all.len())];
    };
    of_one(map, execution, root, "`executions`").into_iter().map(|line| format!("execution {n}: {line}")).collect()
}

/// What is wrong with executions of called flows. Each expected one is matched with the first that meets its facts and is not
/// matched yet.
fn child_executions(expected: &[Value], children: &[&Value], root: &Value) -> Vec<String> {
    let mut left: Vec<&Value> = children.to_vec();
    let mut wrong = Vec::new();
    for facts in expected {
        let Some(map) = facts.as_object() else {
            wrong.push(format!("a map in `childExecutions`, came {facts}"));
            continue;
        };
        let of_flow = |child: &&Value| map.get("flowId").is_none_or(|id| child["flowId"] == *id);
        let complaints = |child: &Value| of_one(map, child, root, "`childExecutions`");
        let meets = left.iter().position(|child| of_flow(child) && complaints(child).is_empty());
        match meets.or_else(|| left.iter().position(of_flow)) {
            Some(at) => {
                let child = left.remove(at);
                wrong.extend(complaints(child).into_iter().map(|line| format!("execution of `{}`: {line}", text(&child["flowId"]))));
            }
            None => {
                let came: Vec<String> = children.iter().map(|child| text(&child["flowId"])).collect();
                wrong.push(format!("an execution called as {}, came [{}]", brief(facts), came.join(", ")));
            }
        }
    }
    wrong
}

/// What is wrong with one execution; `root` is the one that the case started.
pub fn of_one(facts: &Map<String, Value>, execution: &Value, root: &Value, place: &str) -> Vec<String> {
    let mut wrong = unknown(facts, &OF_EXECUTION, place);
    for (fact, expected) in facts {
        let mut says = |holds: bool, came: String| {
            if !holds {
                wrong.push(format!("{fact} {}, came {came}", brief(expected)));
            }
        };
        let runs = list(execution);
        let ids: Vec<String> = runs.iter().map(|run| text(&run["taskId"])).collect();
        let came_labels = execution["labels"].as_array().map_or(&[][..], Vec::as_slice);
        match fact.as_str() {
            "state" => says(execution["state"]["current"] == *expected, text(&execution["state"]["current"])),
            "flowId" => says(execution["flowId"] == *expected, text(&execution["flowId"])),
            "triggerType" => says(execution["trigger"]["type"] == *expected, text(&execution["trigger"]["type"])),
            "taskRunCount" => says(*expected == runs.len(), format!("{} [{}]", runs.len(), ids.join(", "))),
            "minFailedTaskRuns" => {
                let n = runs.iter().filter(|run| run["state"]["current"] == "FAILED").count();
                says(expected.as_u64().is_some_and(|least| n as u64 >= least), n.to_string());
            }
            "absentTaskIds" => {
                let absent = expected.as_array().is_some_and(|absent| absent.iter().all(|id| !ids.contains(&text(id))));
                says(absent, format!("[{}]", ids.join(", ")));
            }
            "outputs" => {
                let none = execution["outputs"].as_object().is_none_or(Map::is_empty);
                let holds = match expected.as_object() {
                    Some(keys) if !keys.is_empty() => has(&execution["outputs"], &Value::Object(keys.clone())),
                    _ => (expected.is_null() || expected.is_object()) && none,
                };
                says(holds, brief(&execution["outputs"]));
            }
            "labelCount" => says(*expected == came_labels.len(), format!("{} {}", came_labels.len(), brief(&execution["labels"]))),
            "labels" => {
                let exact = facts.get("labelsExact") == Some(&Value::Bool(true));
                says(labels_hold(expected, came_labels, exact, execution, root), brief(&execution["labels"]));
            }
            "labelsExact" => says(expected.is_boolean() && facts.contains_key("labels"), "no `labels` beside it".to_owned()),
            "historyPrefix" => {
                let came = states(execution);
                let wanted: Vec<String> = expected.as_array().into_iter().flatten().map(text).collect();
                let holds =
                    expected.is_array() && came.len() >= wanted.len() && wanted.iter().zip(&came).all(|(wanted, came)| wanted == came);
                says(holds, came.join(" "));
            }
            "logContains" => {
                let part = text(expected);
                let holds = logs(execution).iter().any(|entry| text(&entry["message"]).contains(&part));
                says(holds, messages(logs(execution).iter()));
            }
            "n" => {}
            "taskRuns" | "logs" | "order" => {
                let check: fn(&Value, &Value) -> Vec<String> = match fact.as_str() {
                    "taskRuns" => taskruns::check,
                    "logs" => log_entry,
                    _ => in_order,
                };
                match expected.as_array() {
                    Some(each) => wrong.extend(each.iter().flat_map(|facts| check(execution, facts))),
                    None => says(false, "no list".to_owned()),
                }
            }
            _ => {}
        }
    }
    wrong
}

fn labels_hold(expected: &Value, came: &[Value], exact: bool, execution: &Value, root: &Value) -> bool {
    let Some(expected) = expected.as_object() else { return false };
    let value_of = |key: &str| came.iter().find(|label| label["key"] == key).map(|label| text(&label["value"]));
    let all = expected
        .iter()
        .all(|(key, value)| if value.is_null() { value_of(key).is_none() } else { value_of(key) == meant(value, execution, root) });
    all && (!exact || came.len() == expected.values().filter(|value| !value.is_null()).count())
}

/// A label's value, with placeholders such as `{{execution.id}}` replaced; `None` when there is no such run.
fn meant(value: &Value, execution: &Value, root: &Value) -> Option<String> {
    let value = text(value);
    let Some(name) = value.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")).map(str::trim) else { return Some(value) };
    match name {
        "execution.id" => Some(text(&execution["id"])),
        "root execution.id" => Some(text(&root["id"])),
        _ => {
            let id = name.strip_prefix("taskrun id of ")?.trim();
            select(execution, &Value::String(id.to_owned())).ok().map(|run| text(&run["id"]))
        }
    }
}

fn logs(execution: &Value) -> &[Value] {
    execution["logs"].as_array().map_or(&[], Vec::as_slice)
}

fn messages<'a>(entries: impl Iterator<Item = &'a Value>) -> String {
    let lines: Vec<String> = entries.map(|entry| format!("{} {}", text(&entry["level"]), text(&entry["message"]))).collect();
    format!("[{}]", lines.join("; "))
}

/// What is wrong with one of the `logs`: an entry of a level with a text, or no entry, of one taskrun or of any.
fn log_entry(execution: &Value, expected: &Value) -> Vec<String> {
    let Some(facts) = expected.as_object() else { return vec![format!("a map in `logs`, came {expected}")] };
    let mut wrong = unknown(facts, &["taskRunIndex", "index", "taskId", "values", "level", "message", "none"], "`logs`");
    let mut selector = facts.clone();
    ["level", "message", "none"].iter().for_each(|key| drop(selector.remove(*key)));
    if let Some(index) = selector.remove("taskRunIndex") {
        selector.insert("index".to_owned(), index);
    }
    let run = if taskruns::selects(&selector) { select(execution, &Value::Object(selector)).map(Some) } else { Ok(None) };
    let run = match run {
        Ok(run) => run,
        Err(why) => return wrong.into_iter().chain([why]).collect(),
    };
    let of_run: Vec<&Value> = logs(execution).iter().filter(|entry| run.is_none_or(|run| entry["taskRunId"] == run["id"])).collect();
    let is_meant = |entry: &&&Value| {
        facts.get("level").is_none_or(|level| entry["level"] == *level)
            && facts.get("message").is_none_or(|message| text(&entry["message"]).contains(&text(message)))
    };
    let found = of_run.iter().any(|entry| is_meant(&entry));
    let none = facts.get("none") == Some(&Value::Bool(true));
    if found == none {
        wrong.push(format!("a log as {}, came {}", brief(expected), messages(of_run.iter().copied())));
    }
    wrong
}

/// What is wrong with one of the `order`: `before` ended at or before the creation of `after`.
fn in_order(execution: &Value, expected: &Value) -> Vec<String> {
    let Some(facts) = expected.as_object() else { return vec![format!("a map in `order`, came {expected}")] };
    let mut wrong = unknown(facts, &["before", "after"], "`order`");
    let runs = [&expected["before"], &expected["after"]].map(|selector| select(execution, selector));
    let [Ok(before), Ok(after)] = &runs else {
        wrong.extend(runs.into_iter().filter_map(Result::err));
        return wrong;
    };
    let ended = before["state"]["endDate"].as_str().and_then(parse_iso_instant);
    let created = after["state"]["startDate"].as_str().and_then(parse_iso_instant);
    if ended.zip(created).is_none_or(|(ended, created)| ended > created) {
        let date = |run: &Value, key: &str| text(&run["state"][key]);
        wrong.push(format!("{} in order, came {} then {}", brief(expected), date(before, "endDate"), date(after, "startDate")));
    }
    wrong
}

/// An execution as it was at its first PAUSED: the runs there were, in the states they had; `None` when it never paused.
pub fn until_paused(execution: &Value) -> Option<Value> {
    let histories = execution["state"]["histories"].as_array()?;
    let place = histories.iter().position(|entry| entry["state"] == "PAUSED")?;
    let moment = parse_iso_instant(histories[place]["date"].as_str()?)?;
    let start = parse_iso_instant(histories[0]["date"].as_str()?)?;
    let is_known = |date: &Value| date.as_str().and_then(parse_iso_instant).is_some_and(|at| at <= moment);
    let mut cut = execution.clone();
    cut["state"]["histories"] = Value::Array(histories[..=place].to_vec());
    cut["state"]["current"] = "PAUSED".into();
    let runs = cut["taskRunList"].as_array_mut()?;
    runs.retain(|run| is_known(&run["state"]["startDate"]));
    for run in runs {
        run["attempts"].as_array_mut().into_iter().for_each(|attempts| attempts.retain(|attempt| is_known(&attempt["state"]["startDate"])));
        let entries = run["state"]["histories"].as_array_mut()?;
        entries.retain(|entry| is_known(&entry["date"]));
        let current = entries.last().map(|entry| entry["state"].clone())?;
        run["state"]["current"] = current;
    }
    cut["logs"].as_array_mut()?.retain(|entry| entry["atMs"].as_i64().is_some_and(|at| at <= moment - start));
    Some(cut)
}
