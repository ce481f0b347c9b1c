//! A record as a case: a flow, how it was started, and what the engine made of it.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

/// A flow that was run on the real engine.
pub struct Case {
    pub name: String,
    /// The flow and those it may call, as one text.
    pub flow: String,
    /// The settings of the run: `inputs`, `executions`, `killAfterMs`, `resumeAfterMs`.
    pub run: Map<String, Value>,
    /// What the server said when it did not take the flow or its inputs.
    pub refusal: Option<String>,
    /// What came of it.
    pub executions: Vec<Execution>,
}

/// One execution, real or simulated.
pub struct Execution {
    pub flow: String,
    pub state: String,
    pub history: History,
    pub runs: Vec<TaskRun>,
}

/// One run of a task.
pub struct TaskRun {
    pub key: Key,
    pub state: String,
    pub history: History,
    /// The final state of each attempt.
    pub attempts: Vec<String>,
    pub outputs: Map<String, Value>,
}

/// The groups round a run and itself: task, value, iteration.
pub type Key = Vec<Part>;

/// A task, the value it ran for, and its iteration.
pub type Part = (String, Option<String>, Option<i64>);

/// States with the milliseconds since the first execution was created.
pub type History = Vec<(String, i64)>;

impl Case {
    /// Whether its flow was written at random.
    pub fn is_random(&self) -> bool {
        self.name.starts_with("random-")
    }

    /// Whether times are compared. A case with many tasks that take no time is late by the sum of what each costs a server.
    pub fn is_timed(&self) -> bool {
        !["expr-", "kinds-", "lines-"].iter().any(|topic| self.name.starts_with(topic))
    }
}

/// The cases of a version, without known faults of the engine and those that it never ended.
pub fn all(folder: &Path, version: &str) -> Vec<Case> {
    let faults: Value = serde_json::from_str(&read(&folder.join("faults.json"))).expect("faults.json is JSON");
    let mut files: Vec<_> =
        fs::read_dir(folder.join(version)).expect("there are records").map(|entry| entry.expect("it can be read").path()).collect();
    files.sort();
    let texts: Vec<String> = files.iter().map(|file| read(file)).collect();
    let lines = texts.iter().flat_map(|text| text.lines()).map(|line| serde_json::from_str(line).expect("a line is a case"));
    lines
        .filter(|line: &Value| faults[version].get(text(&line["name"])).is_none() && line["real"]["hung"].is_null())
        .map(|line| case(&line))
        .collect()
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// A case of a line: `name`, `flow`, `run` and `real`, which is a record in short, or as the engine's recorder writes it.
pub fn case(line: &Value) -> Case {
    let real = &line["real"];
    let refusal = ["refused", "inputErrors"].into_iter().find_map(|key| real[key].as_array()?.first());
    Case {
        name: text(&line["name"]).to_owned(),
        flow: text(&line["flow"]).to_owned(),
        run: line["run"].as_object().cloned().unwrap_or_default(),
        refusal: refusal.map(|message| text(message).to_owned()),
        executions: list(&real["executions"]).iter().map(execution).collect(),
    }
}

fn execution(recorded: &Value) -> Execution {
    let runs = list(&recorded["taskRuns"]);
    Execution {
        flow: text(&recorded["flow"]).rsplit('.').next().unwrap_or_default().to_owned(),
        state: text(&recorded["state"]).to_owned(),
        history: history(&recorded["histories"]),
        runs: (0..runs.len()).map(|at| task_run(runs, at)).collect(),
    }
}

fn task_run(runs: &[Value], at: usize) -> TaskRun {
    let recorded = &runs[at];
    TaskRun {
        key: key(runs, at),
        state: text(&recorded["state"]).to_owned(),
        history: history(&recorded["histories"]),
        attempts: list(&recorded["attempts"]).iter().map(|attempt| text(attempt.get("state").unwrap_or(attempt)).to_owned()).collect(),
        outputs: recorded["outputs"].as_object().cloned().unwrap_or_default(),
    }
}

fn key(runs: &[Value], at: usize) -> Key {
    let run = &runs[at];
    let mut key = run["parent"].as_u64().map(|parent| key(runs, parent as usize)).unwrap_or_default();
    let value = (!run["value"].is_null()).then(|| shown(&run["value"]));
    key.push((text(&run["task"]).to_owned(), value, run["iteration"].as_i64()));
    key
}

/// `CREATED 0 RUNNING 7`, or a list of such pairs.
fn history(recorded: &Value) -> History {
    if let Some(entries) = recorded.as_array() {
        return entries.iter().map(|entry| (text(&entry[0]).to_owned(), entry[1].as_i64().expect("milliseconds"))).collect();
    }
    let words: Vec<&str> = text(recorded).split(' ').collect();
    words.chunks_exact(2).map(|entry| (entry[0].to_owned(), entry[1].parse().expect("milliseconds"))).collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A text as it is, anything else as JSON.
pub fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
