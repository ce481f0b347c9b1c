//! Executions out of JSON: that of Kestra's API (1.3 and 2.0), lists and search results of it, what `simulate --format json` writes, and
//! recordings of the engine.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Attempt, Execution, History, TaskRun};
use crate::diag::Diagnostic;
use crate::flow::state::State;
use crate::source::{Source, Span};
use crate::syntax::{LONGEST_TEXT_BYTES, too_long};
use crate::time::{SimTime, parse_iso_instant};
use crate::tr;

/// Reads all executions of a file. Times count from the first date in it.
///
/// # Errors
/// One sentence about what the file is instead, with what was expected.
pub fn read(text: &str) -> Result<Vec<Execution>, Diagnostic> {
    if text.len() > LONGEST_TEXT_BYTES {
        return Err(too_long());
    }
    let mut found = Vec::new();
    let values = serde_json::Deserializer::from_str(text.trim_start_matches('\u{feff}')).into_iter::<Value>();
    for value in values {
        let value = value.map_err(|error| not_json(text, &error))?;
        found.extend(document(&value).map_err(|what| Diagnostic::error("not-an-execution", Span::default(), what).help(expected()))?);
    }
    if found.is_empty() {
        return Err(Diagnostic::error("not-an-execution", Span::default(), tr!("there is no execution in this file")).help(expected()));
    }
    let mut known = BTreeSet::new();
    found.retain(|one| one.id.is_empty() || known.insert(one.id.clone()));
    Ok(from_first(found))
}

fn expected() -> String {
    tr!("expected is the JSON of an execution, as Kestra 1.3 and 2.0 answer it: `GET /api/v1/main/executions/ID`")
}

fn not_json(text: &str, error: &serde_json::Error) -> Diagnostic {
    if error.is_eof() {
        let message = tr!("this JSON ends too early: the file may be incomplete");
        return Diagnostic::error("not-json", Span::new(text.len(), text.len()), message).help(expected());
    }
    let reason = error.to_string();
    let reason = reason.split(" at line ").next().unwrap_or_default();
    let at = Source::new("", text).offset(error.line().max(1), error.column().max(1)) as usize;
    let message = tr!("this is not JSON: {reason}", reason);
    Diagnostic::error("not-json", Span::new(at, at), message).help(expected())
}

/// An execution, while its times are milliseconds since 1970-01-01T00:00:00Z, or since the first creation without `has_dates`.
#[derive(Clone)]
struct Dated {
    id: String,
    flow: String,
    has_dates: bool,
    started_by: Option<(String, Option<String>)>,
    iteration: Option<u32>,
    history: Vec<(i64, State)>,
    runs: Vec<DatedRun>,
}

#[derive(Clone)]
struct DatedRun {
    id: String,
    task: String,
    value: Option<String>,
    iteration: Option<u32>,
    parent: Option<usize>,
    history: Vec<(i64, State)>,
    attempts: Vec<(i64, Option<i64>, State)>,
}

/// The same executions with times since the first of all dates.
fn from_first(dated: Vec<Dated>) -> Vec<Execution> {
    let of_run = |run: &DatedRun| run.history.iter().map(|(at, _)| *at).chain(run.attempts.iter().map(|(at, ..)| *at)).min();
    let first = |one: &Dated| one.history.iter().map(|(at, _)| *at).chain(one.runs.iter().filter_map(of_run)).min();
    let zero = dated.iter().filter_map(first).min().unwrap_or_default();
    let since = |at: i64| SimTime(u64::try_from(at.saturating_sub(zero)).unwrap_or_default());
    let history = |dated: Vec<(i64, State)>| -> History { dated.into_iter().map(|(at, state)| (since(at), state)).collect() };
    let attempt = |(began, ended, state): (i64, Option<i64>, State)| Attempt { began: since(began), ended: ended.map(since), state };
    let run = |run: DatedRun| TaskRun {
        id: run.id,
        task: run.task,
        value: run.value,
        iteration: run.iteration,
        parent: run.parent,
        history: history(run.history),
        attempts: run.attempts.into_iter().map(attempt).collect(),
    };
    let execution = |one: Dated| Execution {
        id: one.id,
        flow: one.flow,
        zero_epoch_ms: one.has_dates.then_some(zero),
        started_by: one.started_by,
        iteration: one.iteration,
        history: history(one.history),
        runs: one.runs.into_iter().map(run).collect(),
    };
    dated.into_iter().map(execution).collect()
}

/// The executions of one JSON value; `Err` is what it is instead.
fn document(value: &Value) -> Result<Vec<Dated>, String> {
    if let Some(items) = value.as_array().or(value["results"].as_array()) {
        return flat(items.iter().map(document));
    }
    if !value.is_object() {
        return Err(tr!("this JSON is a single value, not an execution"));
    }
    if let Some(refused) = ["refused", "inputErrors"].iter().find_map(|key| list(&value[*key]).first()) {
        let why = printed(refused);
        return Err(tr!("the server refused this flow, so there is no execution of it: {why}", why));
    }
    if value["executions"].is_array() {
        return list(&value["executions"]).iter().enumerate().map(|(at, one)| recorded(one, at)).collect();
    }
    if !value["tasks"].is_null() {
        return Err(tr!("this is a flow, not an execution of it"));
    }
    if value["flowId"].is_null() || value["state"].is_null() {
        return Err(tr!("this JSON is no execution: it has no `flowId` or no `state`"));
    }
    // The execution around an iteration of a Loop, and what a simulation ran besides.
    let around = Some(&value["loopRun"]["parent"]).filter(|parent| parent.is_object());
    let others = around.into_iter().chain(list(&value["simulation"]["executions"]));
    Ok([vec![execution(value)?], flat(others.map(document))?].concat())
}

fn flat(parts: impl Iterator<Item = Result<Vec<Dated>, String>>) -> Result<Vec<Dated>, String> {
    parts.collect::<Result<Vec<_>, _>>().map(|parts| parts.concat())
}

/// An execution as the API has it.
fn execution(one: &Value) -> Result<Dated, String> {
    let id = printed(&one["id"]);
    let history = dated(&one["state"], &id)?;
    if one["taskRunList"].is_null() && history.iter().any(|(_, state)| state.is_running()) {
        return Err(tr!("the execution `{id}` is without its `taskRunList`, as search results of 2.0 are: fetch it by its id", id));
    }
    let runs = list(&one["taskRunList"]);
    let places: BTreeMap<&str, usize> = runs.iter().enumerate().filter_map(|(at, run)| Some((run["id"].as_str()?, at))).collect();
    let run = |run: &Value| -> Result<DatedRun, String> {
        let task = run["taskId"].as_str().ok_or_else(|| tr!("a task run of the execution `{id}` has no `taskId`", id))?;
        Ok(DatedRun {
            id: printed(&run["id"]),
            task: task.to_owned(),
            value: value_of(run),
            iteration: number(&run["iteration"]),
            parent: run["parentTaskRunId"].as_str().and_then(|parent| places.get(parent).copied()),
            history: dated(&run["state"], task)?,
            attempts: list(&run["attempts"]).iter().filter_map(|attempt| dated_attempt(&dated(&attempt["state"], task).ok()?)).collect(),
        })
    };
    Ok(Dated {
        flow: printed(&one["flowId"]),
        has_dates: true,
        started_by: caller(one),
        iteration: number(&one["loopRun"]["index"]),
        runs: runs.iter().map(run).collect::<Result<_, _>>()?,
        history,
        id,
    })
}

/// Who started an execution: the task that called it, or its Loop. What a trigger names is no caller.
fn caller(one: &Value) -> Option<(String, Option<String>)> {
    let trigger = &one["trigger"];
    let by_task = trigger["type"].as_str().is_some_and(|name| name.contains(".flow.") || name.contains(".flows."));
    let run = |id: &Value| id.as_str().map(str::to_owned);
    if let Some(execution) = trigger["variables"]["executionId"].as_str().filter(|_| by_task) {
        return Some((execution.to_owned(), run(&trigger["variables"]["taskRunId"])));
    }
    let parent = one["parentId"].as_str().filter(|_| one["parentId"] != one["originalId"])?;
    Some((parent.to_owned(), run(&one["loopRun"]["taskRunId"])))
}

fn dated_attempt(history: &[(i64, State)]) -> Option<(i64, Option<i64>, State)> {
    let (last, state) = *history.last()?;
    let (began, _) = history.iter().find(|(_, state)| state.is_running()).or(history.first())?;
    Some((*began, state.is_terminal().then_some(last), state))
}

/// The states of an execution, a taskrun or an attempt, by the dates of the API.
fn dated(state: &Value, name: &str) -> Result<Vec<(i64, State)>, String> {
    let entry = |entry: &Value| Some((parse_iso_instant(entry["date"].as_str()?)?, printed(&entry["state"])));
    let all: Option<Vec<(i64, String)>> = list(&state["histories"]).iter().map(entry).collect();
    known(all).ok_or_else(|| tr!("`{name}` has no `histories` of the states of Kestra 1.3 or 2.0, with ISO dates", name))
}

/// An execution of a recording: times are milliseconds, and executions and taskruns are named by their places.
fn recorded(one: &Value, at: usize) -> Result<Dated, String> {
    let id = format!("e{at}");
    let (runs, caller) = (list(&one["taskRuns"]), &one["startedBy"]);
    let run = |(nth, run): (usize, &Value)| -> Result<DatedRun, String> {
        let task = run["task"].as_str().ok_or_else(|| tr!("a task run of the execution `{id}` has no `task`", id))?;
        let attempt = |attempt: &Value| {
            let states = known(Some(vec![(attempt["startMs"].as_i64()?, printed(&attempt["state"]))]))?;
            let (began, state) = *states.first()?;
            Some((began, attempt["endMs"].as_i64(), state))
        };
        Ok(DatedRun {
            id: format!("{id}.t{nth}"),
            task: task.to_owned(),
            value: value_of(run),
            iteration: number(&run["iteration"]),
            parent: number(&run["parent"]).map(|parent| parent as usize).filter(|parent| *parent < runs.len()),
            history: counted(run, task)?,
            attempts: list(&run["attempts"]).iter().filter_map(attempt).collect(),
        })
    };
    let started_by = number(&caller["execution"]).map(|execution| {
        let run = number(&caller["taskRun"]).map(|run| format!("e{execution}.t{run}"));
        (format!("e{execution}"), run)
    });
    Ok(Dated {
        flow: printed(&one["flow"]).rsplit('.').next().unwrap_or_default().to_owned(),
        has_dates: false,
        started_by,
        iteration: number(&one["loop"]["index"]),
        history: counted(one, &id)?,
        runs: runs.iter().enumerate().map(run).collect::<Result<_, _>>()?,
        id,
    })
}

/// The states of an execution or a taskrun, by the milliseconds of a recording.
fn counted(of: &Value, name: &str) -> Result<Vec<(i64, State)>, String> {
    let entry = |entry: &Value| Some((entry[1].as_i64()?, printed(&entry[0])));
    let all: Option<Vec<(i64, String)>> = list(&of["histories"]).iter().map(entry).collect();
    known(all).ok_or_else(|| tr!("`{name}` has no `histories` of the states of Kestra 1.3 or 2.0, with milliseconds", name))
}

/// States by their names; `None` when there is none, or one is no state of Kestra.
fn known(all: Option<Vec<(i64, String)>>) -> Option<Vec<(i64, State)>> {
    let find = |name: &str| State::ALL.into_iter().find(|state| state.as_str() == name);
    all.filter(|all| !all.is_empty())?.into_iter().map(|(at, name)| Some((at, find(&name)?))).collect()
}

fn number(value: &Value) -> Option<u32> {
    u32::try_from(value.as_u64()?).ok()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The value that a taskrun ran for.
fn value_of(run: &Value) -> Option<String> {
    Some(&run["value"]).filter(|value| !value.is_null()).map(printed)
}

/// A text as it is, nothing for null, anything else as JSON.
fn printed(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
