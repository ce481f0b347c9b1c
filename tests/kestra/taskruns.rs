//! Facts about taskruns of an execution in JSON: which taskrun is meant, and what is wrong with it.

use regex_lite::Regex;
use serde_json::{Map, Value};

use super::case::unknown;
use super::values::{at, brief, has, is_iso_date, text};

/// What names a taskrun.
const SELECTORS: [&str; 3] = ["index", "taskId", "values"];
/// What may be asserted of one.
const FACTS: [&str; 10] = [
    "state",
    "attempts",
    "attemptsMin",
    "historyCounts",
    "output",
    "outputContains",
    "outputMatches",
    "outputContainsOutputOf",
    "outputsPresent",
    "outputIsIsoDate",
];

/// The taskruns of an execution, in order of creation.
pub fn list(execution: &Value) -> &[Value] {
    execution["taskRunList"].as_array().map_or(&[], Vec::as_slice)
}

/// The ids of the taskruns in order, for a complaint about a missing one.
fn ids(execution: &Value) -> String {
    let ids: Vec<String> = list(execution).iter().map(|run| text(&run["taskId"])).collect();
    format!("taskruns of [{}]", ids.join(", "))
}

/// The values of the ancestors that have one, outermost first, then the run's own.
fn values(execution: &Value, run: &Value) -> Vec<String> {
    let mut values = Vec::new();
    let mut here = Some(run);
    // As many steps as there are runs, so that a cycle of parents ends too.
    for _ in 0..=list(execution).len() {
        let Some(run) = here else { break };
        values.extend(run["value"].as_str().map(str::to_owned));
        here = run["parentTaskRunId"].as_str().and_then(|parent| list(execution).iter().find(|run| run["id"] == parent));
    }
    values.reverse();
    values
}

/// Whether a value is or holds a selector.
pub fn selects(selector: &Map<String, Value>) -> bool {
    SELECTORS.iter().any(|key| selector.contains_key(*key))
}

/// The taskrun that a selector names. A text is a task's id.
pub fn select<'a>(execution: &'a Value, selector: &Value) -> Result<&'a Value, String> {
    let runs = list(execution);
    let none = |what: String| format!("a taskrun {what}, came {}", ids(execution));
    if let Some(id) = selector.as_str() {
        return runs.iter().find(|run| run["taskId"] == id).ok_or_else(|| none(format!("of `{id}`")));
    }
    let task_id = selector.get("taskId").map(text);
    let wanted: Option<Vec<String>> = selector.get("values").and_then(Value::as_array).map(|values| values.iter().map(text).collect());
    let is_of = |run: &Value| task_id.as_ref().is_none_or(|id| run["taskId"] == **id);
    let has = |run: &Value| wanted.as_ref().is_none_or(|wanted| values(execution, run) == *wanted);
    if let Some(index) = selector.get("index") {
        let number = index.as_i64().ok_or_else(|| format!("a whole number as `index`, came {index}"))?;
        let place = if number < 0 { number + runs.len() as i64 } else { number };
        let run = usize::try_from(place).ok().and_then(|place| runs.get(place)).ok_or_else(|| none(format!("at {number}")))?;
        let is_meant = is_of(run) && has(run);
        return if is_meant { Ok(run) } else { Err(none(format!("{} at {number}", brief(selector)))) };
    }
    if task_id.is_none() && wanted.is_none() {
        return Err(format!("`taskId`, `values` or `index` for a taskrun, came {}", brief(selector)));
    }
    runs.iter().find(|run| is_of(run) && has(run)).ok_or_else(|| {
        let values = wanted.iter().map(|values| format!(" for [{}]", values.join(", "))).collect::<String>();
        none(format!("of `{}`{values}", task_id.clone().unwrap_or_default()))
    })
}

/// What is wrong with the taskrun that `expected` names.
pub fn check(execution: &Value, expected: &Value) -> Vec<String> {
    let Some(facts) = expected.as_object() else { return vec![format!("a map for a taskrun, came {expected}")] };
    let known: Vec<&str> = SELECTORS.into_iter().chain(FACTS).collect();
    let mut wrong = unknown(facts, &known, "`taskRuns`");
    let run = match select(execution, expected) {
        Ok(run) => run,
        Err(why) => {
            wrong.push(why);
            return wrong;
        }
    };
    let name = format!("`{}`", text(&run["taskId"]));
    let mut says = |holds: bool, expected: String, came: String| {
        if !holds {
            wrong.push(format!("{name} {expected}, came {came}"));
        }
    };
    for (fact, expected) in facts {
        let outputs = &run["outputs"];
        let n_attempts = run["attempts"].as_array().map_or(0, Vec::len) as u64;
        match fact.as_str() {
            "state" => says(run["state"]["current"] == *expected, text(expected), text(&run["state"]["current"])),
            "attempts" => says(expected.as_u64() == Some(n_attempts), format!("with {expected} attempts"), n_attempts.to_string()),
            "attemptsMin" => {
                let holds = expected.as_u64().is_some_and(|least| n_attempts >= least);
                says(holds, format!("with {expected} attempts or more"), n_attempts.to_string());
            }
            "historyCounts" => {
                let states: Vec<&str> = states(run);
                let counts = expected.as_object().into_iter().flatten();
                let differs = counts.map(|(state, n)| n.as_u64() != Some(states.iter().filter(|known| *known == state).count() as u64));
                let holds = expected.is_object() && differs.into_iter().all(|differs| !differs);
                says(holds, format!("with the history {expected}"), states.join(" "));
            }
            "outputsPresent" => {
                let present = outputs.as_object().is_some_and(|outputs| !outputs.is_empty());
                says(expected.as_bool() == Some(present), format!("with outputsPresent {expected}"), brief(outputs));
            }
            "output" => {
                says(expected.is_object() && has(outputs, expected), format!("with the output {}", brief(expected)), brief(outputs));
            }
            "outputContains" => each(expected, &mut says, "with an output that contains", outputs, &|path, part| {
                at(outputs, path).is_some_and(|came| text(came).contains(&text(part)))
            }),
            "outputMatches" => each(expected, &mut says, "with an output that matches", outputs, &|path, expression| {
                let Some(came) = at(outputs, path) else { return false };
                expression.as_str().and_then(|written| Regex::new(written).ok()).is_some_and(|regex| regex.is_match(&text(came)))
            }),
            "outputContainsOutputOf" => each(expected, &mut says, "with an output that contains the one of", outputs, &|path, other| {
                let part = select(execution, &without_output(other)).ok().and_then(|run| at(&run["outputs"], other["output"].as_str()?));
                let part = part.map(text).filter(|part| !part.is_empty());
                at(outputs, path).zip(part).is_some_and(|(came, part)| text(came).contains(&part))
            }),
            "outputIsIsoDate" => {
                let paths: Vec<String> = match expected {
                    Value::Array(paths) => paths.iter().map(text).collect(),
                    other => vec![text(other)],
                };
                let holds = paths.iter().all(|path| at(outputs, path).and_then(Value::as_str).is_some_and(is_iso_date));
                says(holds && !paths.is_empty(), format!("with an ISO date in {expected}"), brief(outputs));
            }
            // Selectors and comments; unknown fields are reported above.
            _ => {}
        }
    }
    wrong
}

/// A fact for each of several paths of the outputs.
fn each(expected: &Value, says: &mut dyn FnMut(bool, String, String), words: &str, outputs: &Value, holds: &dyn Fn(&str, &Value) -> bool) {
    let Some(paths) = expected.as_object() else { return says(false, format!("{words} a map"), brief(expected)) };
    for (path, value) in paths {
        says(holds(path, value), format!("{words} {} in `{path}`", brief(value)), brief(outputs));
    }
}

/// A selector without the name of the output beside it.
fn without_output(selector: &Value) -> Value {
    let mut selector = selector.clone();
    if let Some(fields) = selector.as_object_mut() {
        fields.remove("output");
    }
    selector
}

/// The states of a taskrun or execution, in order.
pub fn states(of: &Value) -> Vec<&str> {
    of["state"]["histories"].as_array().into_iter().flatten().filter_map(|entry| entry["state"].as_str()).collect()
}
