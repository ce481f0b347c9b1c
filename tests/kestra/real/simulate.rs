//! A case to simulated executions. All that these tests use of the library is here.

use std::collections::BTreeSet;

use parallelogram::analysis::faults::faults;
use parallelogram::flow::kestra::versions::Version;
use parallelogram::flow::{Flow, read_text_for};
use parallelogram::render::json::json;
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::trace::Trace;
use parallelogram::sim::{input_errors, simulate};
use parallelogram::source::Source;
use parallelogram::time::{SimTime, parse_iso_instant};
use parallelogram::value;
use serde_json::Value;

use super::case::{Case, Execution, History, Key, TaskRun, shown};

/// No recorded flow takes longer.
const LONGEST: SimTime = SimTime(600_000);

/// Runs the flow of a case by the rules of a version; `Err` is why the flow or its inputs are refused.
pub fn run(version: Version, case: &Case) -> Result<Vec<Execution>, String> {
    run_with(version, case, scenario(case))
}

/// As [`run`], on a server that takes some time to hand each task over, and with other draws.
pub fn run_late(version: Version, case: &Case, hand_over: SimTime, seed: u64) -> Result<Vec<Execution>, String> {
    run_with(version, case, Scenario { dispatch_delay: hand_over, seed, ..scenario(case) })
}

fn run_with(version: Version, case: &Case, scenario: Scenario) -> Result<Vec<Execution>, String> {
    let source = Source::new("flow.yaml", case.flow.as_str());
    let (flows, trace) = simulated(version, &source, &scenario)?;
    let whole = serde_json::from_str(&json(&flows, &trace, &[source])).expect("it is JSON");
    Ok(executions(&whole))
}

/// The faults of the engine that a case comes to, a sentence each.
pub fn known_faults(version: Version, case: &Case) -> BTreeSet<String> {
    let source = Source::new("flow.yaml", case.flow.as_str());
    let found = simulated(version, &source, &scenario(case)).map(|(flows, trace)| faults(&flows, &trace)).unwrap_or_default();
    found.into_iter().map(|fault| fault.text).collect()
}

fn simulated(version: Version, source: &Source, scenario: &Scenario) -> Result<(Vec<Flow>, Trace), String> {
    let (_, flows, diagnostics) = read_text_for(source, Some(version));
    if flows.is_empty() {
        return Err(diagnostics.iter().find(|found| found.is_error()).map_or_else(String::new, |found| found.message.clone()));
    }
    if let Some(error) = input_errors(&flows, scenario).first() {
        return Err(error.message.clone());
    }
    let trace = simulate(&flows, scenario);
    Ok((flows, trace))
}

/// The settings of the run.
fn scenario(case: &Case) -> Scenario {
    let inputs = case.run.get("inputs").and_then(Value::as_object);
    let number = |key| case.run.get(key).and_then(Value::as_u64);
    Scenario {
        inputs: inputs.into_iter().flatten().map(|(id, given)| (id.clone(), value::Value::text(&shown(given)))).collect(),
        executions: number("executions").map_or(1, |n| n as u32),
        kill_after: number("killAfterMs").map(SimTime),
        resume_after: number("resumeAfterMs").map(SimTime),
        // What a server does not have: `secret('X')` is null.
        assumptions: case
            .run
            .get("assume")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(path, given)| (path.as_str().into(), assumed(given)))
            .collect(),
        unseen_flows: false,
        horizon: LONGEST,
        ..Scenario::default()
    }
}

fn assumed(given: &Value) -> value::Value {
    value::Value::from_json(&given.to_string()).expect("it is JSON")
}

/// The executions in the JSON of a run.
fn executions(whole: &Value) -> Vec<Execution> {
    let zero = instant(&whole["state"]["histories"][0]["date"]);
    let others = whole["simulation"]["executions"].as_array().into_iter().flatten();
    std::iter::once(whole).chain(others).map(|one| execution(one, zero)).collect()
}

fn execution(one: &Value, zero: i64) -> Execution {
    let runs = one["taskRunList"].as_array().map_or(&[][..], Vec::as_slice);
    Execution {
        flow: shown(&one["flowId"]),
        state: shown(&one["state"]["current"]),
        history: history(&one["state"], zero),
        runs: runs.iter().map(|run| task_run(run, runs, zero)).collect(),
    }
}

fn task_run(run: &Value, runs: &[Value], zero: i64) -> TaskRun {
    TaskRun {
        key: key(run, runs),
        state: shown(&run["state"]["current"]),
        history: history(&run["state"], zero),
        attempts: run["attempts"].as_array().into_iter().flatten().map(|attempt| shown(&attempt["state"]["current"])).collect(),
        outputs: run["outputs"].as_object().cloned().unwrap_or_default(),
    }
}

fn key(run: &Value, runs: &[Value]) -> Key {
    let parent = runs.iter().find(|other| !run["parentTaskRunId"].is_null() && other["id"] == run["parentTaskRunId"]);
    let mut key = parent.map(|parent| key(parent, runs)).unwrap_or_default();
    key.push((shown(&run["taskId"]), run.get("value").map(shown), run["iteration"].as_i64()));
    key
}

fn history(state: &Value, zero: i64) -> History {
    let entries = state["histories"].as_array().into_iter().flatten();
    entries.map(|entry| (shown(&entry["state"]), instant(&entry["date"]) - zero)).collect()
}

fn instant(date: &Value) -> i64 {
    date.as_str().and_then(parse_iso_instant).unwrap_or_default()
}
