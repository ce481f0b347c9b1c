//! Recordings of the real engine with the flows that were run, and the same as Kestra's API answers it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use parallelogram::flow::{Flow, Version, read_text_for};
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::trace::Trace;
use parallelogram::sim::{input_errors, simulate};
use parallelogram::source::Source;
use parallelogram::time::{SimTime, iso_instant};
use parallelogram::value;
use serde_json::{Value, json};

/// A flow that was run on the real engine.
pub struct Case {
    pub name: String,
    pub version: &'static str,
    pub flow: String,
    /// The settings of the run.
    run: Value,
    /// The recording, as the engine's recorder writes it.
    pub record: Value,
}

const VERSIONS: [&str; 2] = ["1.3", "2.0"];

/// Where the recordings of this project are.
const OWN: &str = "tests/kestra/real";

/// What differs in a shared recording that is not among those of this project: 1.3.31 runs `afterExecution` at the first failure where the
/// flow has a task with `retry` directly in it, as `retry-after-top` shows.
const LEFT_OUT: [&str; 1] = ["1.3 random-104"];

/// The cases of this project that the engine ran and ended, without its known faults and what is known to differ.
pub fn own() -> Vec<Case> {
    let folder = Path::new(OWN);
    let known = known();
    let mut cases = Vec::new();
    for version in VERSIONS {
        for file in files(&folder.join(version), "jsonl") {
            for line in read(&file).lines() {
                let line: Value = serde_json::from_str(line).expect("a line is a case");
                let name = text(&line["name"]);
                if !known.contains(&format!("{version} {name}")) && line["real"]["hung"].is_null() {
                    let record = in_full(&line["real"]);
                    cases.push(Case { name, version, flow: text(&line["flow"]), run: line["run"].clone(), record });
                }
            }
        }
    }
    cases
}

/// The recordings in the folder that `KESTRA_RECORDS` names, or beside the project; empty where there are none.
pub fn shared() -> Vec<Case> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/kestra-real");
    let folder = std::env::var_os("KESTRA_RECORDS").map_or(beside, PathBuf::from);
    let mut known = known();
    known.extend(faults(&folder));
    known.extend(LEFT_OUT.map(str::to_owned));
    let mut cases = Vec::new();
    for version in VERSIONS {
        for file in files(&folder.join("records").join(version), "json") {
            let name = file.file_stem().expect("it has a name").to_string_lossy().into_owned();
            let flows = folder.join("flows").join(version);
            let record: Value = serde_json::from_str(&read(&file)).expect("it is JSON");
            let Ok(flow) = fs::read_to_string(flows.join(format!("{name}.yaml"))) else { continue };
            let is_hung = ["stillRunning", "timedOut", "engineDied"].iter().any(|key| !record[key].is_null());
            if !known.contains(&format!("{version} {name}")) && !is_hung {
                let run = fs::read_to_string(flows.join(format!("{name}.run.json"))).ok();
                let run = run.map_or(Value::Null, |run| serde_json::from_str(&run).expect("it is JSON"));
                cases.push(Case { name, version, flow, run, record });
            }
        }
    }
    cases
}

/// The cases in which the engine has a fault, was in a race, or is known to differ: `2.0 NAME`.
fn known() -> BTreeSet<String> {
    let differences = read(&Path::new(OWN).join("known-differences.txt"));
    faults(Path::new(OWN)).into_iter().chain(differences.lines().map(|line| line.trim().to_owned())).collect()
}

fn faults(folder: &Path) -> Vec<String> {
    let Ok(text) = fs::read_to_string(folder.join("faults.json")) else { return Vec::new() };
    let faults: Value = serde_json::from_str(&text).expect("it is JSON");
    let versions = faults.as_object().into_iter().flatten();
    versions
        .flat_map(|(version, cases)| cases.as_object().into_iter().flatten().map(move |(name, _)| format!("{version} {name}")))
        .collect()
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("it can be read").path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|found| found == ending)).collect();
    files.sort();
    files
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// A recording with its histories as lists and its attempts with times, which the files of this project leave out.
fn in_full(real: &Value) -> Value {
    let mut real = real.clone();
    for one in real["executions"].as_array_mut().into_iter().flatten() {
        one["histories"] = listed(&one["histories"]);
        for run in one["taskRuns"].as_array_mut().into_iter().flatten() {
            run["histories"] = listed(&run["histories"]);
            run["attempts"] = json!([]);
        }
    }
    real
}

/// `CREATED 0 RUNNING 7` as `[["CREATED", 0], ["RUNNING", 7]]`.
fn listed(history: &Value) -> Value {
    let history = text(history);
    let words: Vec<&str> = history.split(' ').collect();
    words.chunks_exact(2).map(|entry| json!([entry[0], entry[1].parse::<i64>().expect("milliseconds")])).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Case {
    /// Whether the server took the flow and its inputs.
    pub fn was_run(&self) -> bool {
        ["refused", "inputErrors"].iter().all(|key| self.record[key].as_array().is_none_or(Vec::is_empty)) && !self.executions().is_empty()
    }

    /// Whether times mean something. A flow of many tasks that take no time is late by the sum of what each costs a server.
    pub fn is_timed(&self) -> bool {
        !["expr-", "29-exprs", "kinds-", "lines-"].iter().any(|topic| self.name.starts_with(topic))
    }

    pub fn executions(&self) -> &[Value] {
        self.record["executions"].as_array().map_or(&[], Vec::as_slice)
    }

    /// The flow, read for the version; `None` when it is refused here.
    pub fn flows(&self) -> Option<Vec<Flow>> {
        let source = Source::new("flow.yaml", self.flow.as_str());
        let (_, flows, _) = read_text_for(&source, Version::from_name(self.version));
        (!flows.is_empty() && input_errors(&flows, &self.scenario()).is_empty()).then_some(flows)
    }

    pub fn simulated(&self, scenario: &Scenario) -> Option<(Vec<Flow>, Trace)> {
        let flows = self.flows()?;
        let trace = simulate(&flows, scenario);
        Some((flows, trace))
    }

    /// The settings of the run.
    pub fn scenario(&self) -> Scenario {
        let number = |key: &str| self.run[key].as_u64();
        let entries = |key: &str| self.run[key].as_object().into_iter().flatten();
        let shown = |given: &Value| given.as_str().map_or_else(|| given.to_string(), str::to_owned);
        let assumed = |given: &Value| value::Value::from_json(&given.to_string()).expect("it is JSON");
        Scenario {
            inputs: entries("inputs").map(|(id, given)| (id.clone(), value::Value::text(&shown(given)))).collect(),
            executions: number("executions").map_or(1, |n| n as u32),
            kill_after: number("killAfterMs").map(SimTime),
            resume_after: number("resumeAfterMs").map(SimTime),
            assumptions: entries("assume").map(|(path, given)| (path.as_str().into(), assumed(given))).collect(),
            unseen_flows: false,
            horizon: SimTime(600_000),
            ..Scenario::default()
        }
    }

    /// The executions as the API of the version answers them, one after another.
    pub fn as_api(&self) -> Vec<Value> {
        (0..self.executions().len()).map(|at| self.api_execution(at)).collect()
    }

    fn api_execution(&self, at: usize) -> Value {
        let one = &self.executions()[at];
        let id = format!("execution{at}");
        let run_id = |execution: usize, run: u64| format!("run{execution}x{run}");
        let runs = one["taskRuns"].as_array().map_or(&[][..], Vec::as_slice);
        let task_run = |(nth, run): (usize, &Value)| {
            let attempt = |attempt: &Value| {
                let began = json!(["RUNNING", attempt["startMs"]]);
                let histories = json!([["CREATED", attempt["startMs"]], began, [attempt["state"], attempt["endMs"]]]);
                json!({"state": state(&histories), "workerId": "w"})
            };
            let mut found = json!({
                "id": run_id(at, nth as u64), "taskId": run["task"], "state": state(&run["histories"]),
                "attempts": run["attempts"].as_array().into_iter().flatten().map(attempt).collect::<Vec<_>>(),
            });
            let parent = run["parent"].as_u64().map(|parent| json!(run_id(at, parent)));
            let further = [("parentTaskRunId", parent), ("value", run.get("value").cloned()), ("iteration", run.get("iteration").cloned())];
            further.into_iter().filter_map(|(key, value)| Some((key, value?))).for_each(|(key, value)| found[key] = value);
            if self.version == "1.3" {
                found["executionId"] = json!(id);
                found["outputs"] = json!({});
            }
            found
        };
        let flow = text(&one["flow"]);
        let (namespace, flow) = flow.rsplit_once('.').unwrap_or(("", &flow));
        let mut found = json!({
            "id": id, "originalId": id, "namespace": namespace, "flowId": flow, "flowRevision": 1,
            "taskRunList": runs.iter().enumerate().map(task_run).collect::<Vec<_>>(), "state": state(&one["histories"]),
        });
        let caller =
            one["startedBy"].as_object().map(|caller| (caller["execution"].as_u64(), caller.get("taskRun").and_then(Value::as_u64)));
        if let Some((Some(execution), run)) = caller {
            let (execution_id, run) = (format!("execution{execution}"), run.map(|run| run_id(execution as usize, run)));
            if one["kind"] == "LOOP" {
                found["kind"] = json!("LOOP");
                found["parentId"] = json!(execution_id);
                found["loopRun"] = json!({"taskRunId": run, "index": one["loop"]["index"], "value": one["loop"]["value"]});
            } else {
                let variables = json!({"executionId": execution_id, "taskRunId": run});
                found["trigger"] = json!({"id": "call", "type": "io.kestra.plugin.core.flow.Subflow", "variables": variables});
            }
        }
        found
    }
}

/// A state of the API, with nanoseconds as Java prints them.
fn state(histories: &Value) -> Value {
    const ZERO_MS: i64 = 1_772_352_000_000;
    let entry = |entry: &Value| {
        let date = iso_instant(ZERO_MS + entry[1].as_i64().unwrap_or_default()).replace('Z', "123456Z");
        json!({"state": entry[0], "date": date})
    };
    let all: Vec<Value> = histories.as_array().into_iter().flatten().map(entry).collect();
    json!({"current": all.last().map(|last| last["state"].clone()), "histories": all, "startDate": all.first().map(|first| first["date"].clone())})
}
