//! In: a case. Out: all that the library computes for it, as values that facts are checked against.

use std::collections::BTreeMap;

use parallelogram::flow::kestra::inputs::{Input, InputError, resolve};
use parallelogram::flow::kestra::validate::messages;
use parallelogram::flow::{Flow, Kind, Version, read_text_for};
use parallelogram::render::json::json;
use parallelogram::sim::outputs::task_outputs as task_outputs_of;
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::{input_errors, simulate};
use parallelogram::time::SimTime;
use parallelogram::value;
use serde_json::{Map, Value};

use super::case::{Case, unknown};

/// The outcome of a case.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// What is wrong with its steps.
    pub complaints: Vec<String>,
    /// Kestra's line of each error in the text of the fixture.
    pub violations: Vec<String>,
    /// What is wrong with the text of each further flow.
    pub extra_violations: Vec<String>,
    /// What is wrong with the inputs, `id: message`.
    pub input_errors: Vec<String>,
    /// What is wrong with the inputs of its resumes, `id: message`.
    pub refusals: Vec<String>,
    /// The execution in JSON with all others in `simulation.executions`; null when nothing ran.
    pub execution: Value,
    /// The same without the resumes of the case: the run up to the moment a person would resume it.
    pub unresumed: Value,
    /// `outputs` in expressions at the end of the first execution.
    pub task_outputs: Value,
    /// The inputs of the first execution, typed.
    pub typed_inputs: Value,
}

/// Reads the flows of a case for a version and runs the first as the case says.
pub fn of(case: &Case, version: Version) -> Outcome {
    let mut outcome = Outcome::default();
    let mut flows = Vec::new();
    for (file, source) in case.sources().iter().enumerate() {
        let (_, mut found, diagnostics) = read_text_for(source, Some(version));
        found.iter_mut().for_each(|flow| flow.file = file);
        flows.append(&mut found);
        let lines = messages(&diagnostics);
        if file == 0 { &mut outcome.violations } else { &mut outcome.extra_violations }.extend(lines);
    }
    if !outcome.violations.is_empty() || flows.is_empty() || case.kind() == "invalid" {
        return outcome;
    }
    let mut scenario = scenario(case);
    outcome.complaints.extend(apply_starts(case, &mut scenario));
    if scenario.typed_inputs {
        let errors = input_errors(&flows, &scenario);
        if scenario.inputs.is_empty() && !errors.is_empty() && errors.iter().all(InputError::is_missing) {
            // Kestra's own test runner checks no inputs when a test gives none at all: only defaults are set.
            let (defaults, _) =
                resolve(&flows[0].inputs, &[], &|text| Ok(value::Value::text(text)), None, &parallelogram::budget::Budget::default());
            scenario.inputs = defaults.iter().map(|(id, default)| (id.to_string(), default.clone())).collect();
            scenario.typed_inputs = false;
        } else {
            outcome.input_errors = errors.iter().map(|error| format!("{}: {}", error.id, error.message)).collect();
        }
    }
    outcome.unresumed = run(case, &flows, &scenario, &mut outcome.task_outputs, &mut outcome.typed_inputs);
    outcome.complaints.extend(apply_resumes(case, &flows, &mut scenario, &mut outcome.refusals));
    outcome.execution = run(case, &flows, &scenario, &mut outcome.task_outputs, &mut outcome.typed_inputs);
    outcome
}

fn run(case: &Case, flows: &[Flow], scenario: &Scenario, task_outputs: &mut Value, typed_inputs: &mut Value) -> Value {
    let trace = simulate(flows, scenario);
    if let Some(first) = trace.executions.first() {
        *task_outputs =
            serde_json::to_value(task_outputs_of(flows, &trace, parallelogram::sim::trace::ExecutionIdx::FIRST)).unwrap_or_default();
        *typed_inputs = serde_json::to_value(&*first.inputs).unwrap_or_default();
    }
    serde_json::from_str(&json(flows, &trace, &case.sources())).unwrap_or_default()
}

/// The settings of the run, without its steps.
fn scenario(case: &Case) -> Scenario {
    Scenario {
        inputs: case.inputs().iter().map(|(key, value)| (key.clone(), given(value))).collect(),
        typed_inputs: case.get("inputsTypeChecked") != Some(&Value::Bool(false)),
        labels: case.map("executionLabels").iter().map(|(key, value)| (key.clone(), super::values::text(value))).collect(),
        context: to_library(&Value::Object(case.map("context"))).as_map().cloned().unwrap_or_default(),
        unseen_flows: false,
        ..Scenario::default()
    }
}

/// A value that is given for an input. `(any file)` stands for the address of a file that was uploaded.
fn given(value: &Value) -> value::Value {
    match value.as_str() {
        Some(text) if super::values::is_marker(text) => value::Value::text("kestra:///any/file.txt"),
        _ => to_library(value),
    }
}

fn to_library(value: &Value) -> value::Value {
    value::Value::from_json(&value.to_string()).unwrap_or_default()
}

/// Sets how many executions are started. The second starts right after the first, which is RUNNING by then; one that waits for
/// PAUSED starts a millisecond later.
fn apply_starts(case: &Case, scenario: &mut Scenario) -> Vec<String> {
    let mut complaints = Vec::new();
    let starts = case.steps().iter().filter(|step| step["action"] == "start");
    let mut n_starts = 0;
    for step in starts {
        n_starts += 1;
        complaints.extend(step.as_object().into_iter().flat_map(|step| unknown(step, &["action", "n", "when"], "a `start` step")));
        if step["n"] != n_starts {
            complaints.push(format!("`start` steps in order of `n`, came {}", step["n"]));
        }
        let when = step["when"].as_str().unwrap_or("");
        match when.strip_prefix("n=").and_then(|rest| rest.split_once(" is ")).map(|(_, state)| state) {
            None if when.is_empty() => {}
            Some("RUNNING") => {}
            Some("PAUSED") => scenario.every = SimTime(1),
            _ => complaints.push(format!("a `when` that the harness knows, came `{when}`")),
        }
    }
    scenario.executions = n_starts.max(1);
    complaints
}

/// Applies the resumes: the n-th one of a case comes n seconds after its task is PAUSED, so that no two coincide. Refused ones
/// change nothing.
fn apply_resumes(case: &Case, flows: &[Flow], scenario: &mut Scenario, refusals: &mut Vec<String>) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut times: BTreeMap<String, u32> = BTreeMap::new();
    let mut n_resumes = 0;
    for step in case.steps() {
        let Some(action) = step["action"].as_str().filter(|action| ["resume", "start"].contains(action)) else {
            complaints.push(format!("a step that the harness knows, came {step}"));
            continue;
        };
        if action == "start" {
            continue;
        }
        complaints.extend(step.as_object().into_iter().flat_map(|step| unknown(step, &["action", "taskId", "inputs"], "a `resume` step")));
        let Some(task) = step["taskId"].as_str() else {
            complaints.push("a `taskId` in a `resume` step, came none".to_owned());
            continue;
        };
        let Some(asked) = flows.iter().find_map(|flow| asked(flow, task)) else {
            complaints.push(format!("a Pause `{task}` to be resumed, came flows without it"));
            continue;
        };
        let answers = step["inputs"].as_object().cloned().unwrap_or_default();
        let (typed, refused) = resume_inputs(asked, &answers);
        if !refused.is_empty() {
            refusals.extend(refused);
            continue;
        }
        n_resumes += 1;
        let nth = times.entry(task.to_owned()).or_default();
        *nth += 1;
        let row = if *nth == 1 { task.to_owned() } else { format!("{task}~{nth}") };
        scenario.assumptions.insert(format!("tasks.{row}.resume"), value::Value::text(&format!("PT{n_resumes}S")));
        for id in answers.keys() {
            let value = id.split('.').try_fold(&typed, |map, key| map.get(key)).cloned();
            scenario.assumptions.insert(format!("outputs.{task}.onResume.{id}"), value.unwrap_or_else(|| given(&answers[id])));
        }
    }
    let asks = case.map("expect").contains_key("resumeErrorContains");
    if asks && refusals.is_empty() {
        let pauses =
            flows[0].tasks.iter().filter_map(|task| if let Kind::Pause(pause) = &task.kind { Some(&pause.on_resume[..]) } else { None });
        refusals.extend(pauses.flat_map(|asked| resume_inputs(asked, &Map::new()).1));
    }
    complaints
}

/// What a Pause asks for; `None` when there is no such Pause.
fn asked<'a>(flow: &'a Flow, task: &str) -> Option<&'a [Input]> {
    match &flow.task(flow.find(task)?).kind {
        Kind::Pause(pause) => Some(&pause.on_resume),
        _ => None,
    }
}

/// The typed answers to what a Pause asks for, and why Kestra would refuse them, `id: message`.
fn resume_inputs(asked: &[Input], answers: &Map<String, Value>) -> (value::Value, Vec<String>) {
    let answers: Vec<(String, value::Value)> = answers.iter().map(|(id, value)| (id.clone(), given(value))).collect();
    let (typed, errors) = resolve(asked, &answers, &|text| Ok(value::Value::text(text)), None, &parallelogram::budget::Budget::default());
    let refusals = errors.iter().map(|error| format!("{}: {}", error.id, error.message)).collect();
    (value::Value::Map(typed.into()), refusals)
}
