//! A trace as the JSON of a Kestra execution, with what only a simulation knows beside it.
//!
//! The shape is Kestra's ("Execution JSON"); `simulation`, `logs`, `segments` and `span` are ours. These structs are the
//! file's own: renaming something inside the program changes no file.

use serde::Serialize;

use crate::analysis::critical_path::critical_path;
use crate::analysis::makespan::{lower_bounds, numbers};
use crate::analysis::segments::{held_up_by, segments};
use crate::analysis::slots;
use crate::flow::Flow;
use crate::sim::state::State;
use crate::sim::trace::{Outputs, RunIdx, Trace, Truncated, execution_id, taskrun_id};
use crate::source::Source;
use crate::time::{SimTime, iso_duration, iso_instant};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExecutionJson<'a> {
    id: String,
    namespace: &'a str,
    flow_id: &'a str,
    flow_revision: u32,
    task_run_list: Vec<TaskRunJson<'a>>,
    labels: Vec<LabelJson>,
    state: StateJson,
    original_id: String,
    deleted: bool,
    metadata: MetadataJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    simulation: Option<SimulationJson<'a>>,
    logs: Vec<LogJson<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TaskRunJson<'a> {
    id: String,
    execution_id: String,
    namespace: &'a str,
    flow_id: &'a str,
    task_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_task_run_id: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attempts: Vec<AttemptJson>,
    outputs: OutputsJson<'a>,
    state: StateJson,
    segments: Vec<SegmentJson>,
    span: SpanJson,
}

#[derive(Serialize)]
struct AttemptJson {
    state: StateJson,
}

#[derive(Serialize)]
#[serde(untagged)]
enum OutputsJson<'a> {
    None {},
    Value {
        value: &'a str,
    },
    Script {
        #[serde(rename = "exitCode")]
        exit_code: i32,
        vars: NoVars,
    },
}

#[derive(Serialize)]
struct NoVars {}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StateJson {
    current: &'static str,
    duration: String,
    start_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_date: Option<String>,
    histories: Vec<HistoryJson>,
}

#[derive(Serialize)]
struct HistoryJson {
    state: &'static str,
    date: String,
}

#[derive(Serialize)]
struct LabelJson {
    key: &'static str,
    value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MetadataJson {
    attempt_number: u32,
    original_created_date: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SegmentJson {
    kind: &'static str,
    from_ms: u64,
    to_ms: u64,
    by: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SpanJson {
    start_line: usize,
    end_line: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SimulationJson<'a> {
    engine: &'static str,
    seed: u64,
    makespan_ms: u64,
    last_end_ms: u64,
    work_ms: u64,
    events: usize,
    truncated: Option<&'static str>,
    critical_path: Vec<String>,
    lower_bounds: LowerBoundsJson,
    assumptions: [(); 0],
    executions: Vec<ExecutionJson<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LowerBoundsJson {
    chain_ms: u64,
    area_ms: Option<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogJson<'a> {
    task_run_id: String,
    task_id: &'a str,
    at_ms: u64,
    level: &'static str,
    message: &'a str,
}

/// The JSON of a trace with a line break at its end: the first execution at the top, all others in `simulation`.
#[must_use]
pub fn json(flows: &[Flow], trace: &Trace, source: &Source) -> String {
    let writer = Writer { flows, trace, source, holders: slots::holders(trace) };
    let whole = (!trace.executions.is_empty()).then(|| writer.whole());
    serde_json::to_string_pretty(&whole).expect("strings and numbers can always be written") + "\n"
}

struct Writer<'a> {
    flows: &'a [Flow],
    trace: &'a Trace,
    source: &'a Source,
    holders: Vec<Vec<RunIdx>>,
}

impl<'a> Writer<'a> {
    fn whole(&self) -> ExecutionJson<'a> {
        let trace = self.trace;
        let flow = self.flow(0);
        let numbers = numbers(flow, trace);
        let bounds = lower_bounds(flow, trace);
        let simulation = SimulationJson {
            engine: "kestra",
            seed: trace.seed,
            makespan_ms: numbers.makespan.0,
            last_end_ms: numbers.last_end.0,
            work_ms: numbers.work.0,
            events: trace.events.len(),
            truncated: trace.truncated.map(|why| match why {
                Truncated::Horizon => "horizon",
                Truncated::Events => "events",
            }),
            critical_path: critical_path(flow, trace).into_iter().map(|run| self.run_id(run)).collect(),
            lower_bounds: LowerBoundsJson { chain_ms: bounds.chain.0, area_ms: bounds.area.map(|area| area.0) },
            assumptions: [],
            executions: (1..trace.executions.len() as u32).map(|execution| self.execution(execution, None)).collect(),
        };
        self.execution(0, Some(simulation))
    }

    fn flow(&self, execution: u32) -> &'a Flow {
        &self.flows[self.trace.executions[execution as usize].flow]
    }

    fn run_id(&self, run: RunIdx) -> String {
        taskrun_id(self.trace.seed, run)
    }

    fn date(&self, at: SimTime) -> String {
        iso_instant(at.epoch_ms(self.trace.start_epoch_ms))
    }

    fn execution(&self, execution: u32, simulation: Option<SimulationJson<'a>>) -> ExecutionJson<'a> {
        let flow = self.flow(execution);
        let id = execution_id(self.trace.seed, execution);
        let history = self.trace.execution_history(execution);
        let of_it = |run: RunIdx| self.trace.run(run).execution == execution;
        ExecutionJson {
            namespace: &flow.namespace,
            flow_id: &flow.id,
            flow_revision: 1,
            task_run_list: self
                .trace
                .iter()
                .map(|(run, _)| run)
                .filter(|run| of_it(*run))
                .map(|run| self.taskrun(flow, &id, run))
                .collect(),
            labels: vec![LabelJson { key: "system.correlationId", value: id.clone() }],
            state: self.state(&history),
            original_id: id.clone(),
            deleted: false,
            metadata: MetadataJson {
                attempt_number: 1,
                original_created_date: self.date(history.first().map_or(SimTime::ZERO, |(at, _)| *at)),
            },
            simulation,
            logs: self
                .trace
                .logs
                .iter()
                .filter(|entry| of_it(entry.run))
                .map(|entry| LogJson {
                    task_run_id: self.run_id(entry.run),
                    task_id: &flow.task(self.trace.run(entry.run).task).id,
                    at_ms: entry.at.0,
                    level: entry.level.as_str(),
                    message: &entry.message,
                })
                .collect(),
            id,
        }
    }

    fn taskrun(&self, flow: &'a Flow, execution_id: &str, run: RunIdx) -> TaskRunJson<'a> {
        let taskrun = self.trace.run(run);
        let task = flow.task(taskrun.task);
        let history = self.trace.history(run);
        let segments = segments(self.trace, run).into_iter().map(|segment| SegmentJson {
            kind: segment.kind.as_str(),
            from_ms: segment.from.0,
            to_ms: segment.to.0,
            by: held_up_by(self.trace, run, segment.kind, &self.holders).into_iter().map(|by| self.run_id(by)).collect(),
        });
        TaskRunJson {
            id: self.run_id(run),
            execution_id: execution_id.to_owned(),
            namespace: &flow.namespace,
            flow_id: &flow.id,
            task_id: &task.id,
            parent_task_run_id: taskrun.parent.map(|parent| self.run_id(parent)),
            attempts: taskrun.attempt_state.map(|state| self.attempt(history, state)).into_iter().collect(),
            outputs: outputs(&taskrun.outputs),
            state: self.state(history),
            segments: segments.collect(),
            span: SpanJson { start_line: self.source.position(task.span.start).line, end_line: self.source.position(task.span.end).line },
        }
    }

    /// The attempt's own history: the raw result, whatever `allowFailure` made of it.
    fn attempt(&self, history: &[(SimTime, State)], result: State) -> AttemptJson {
        let raw: Vec<(SimTime, State)> =
            history.iter().map(|(at, state)| (*at, if state.is_terminal() { result } else { *state })).collect();
        AttemptJson { state: self.state(&raw) }
    }

    fn state(&self, history: &[(SimTime, State)]) -> StateJson {
        let (first, _) = history.first().copied().unwrap_or((SimTime::ZERO, State::Created));
        let (last, current) = history.last().copied().unwrap_or((SimTime::ZERO, State::Created));
        StateJson {
            current: current.as_str(),
            duration: iso_duration(if history.len() < 2 { self.trace.end - first } else { last - first }),
            start_date: self.date(first),
            end_date: (current.is_terminal() || current == State::Paused).then(|| self.date(last)),
            histories: history.iter().map(|(at, state)| HistoryJson { state: state.as_str(), date: self.date(*at) }).collect(),
        }
    }
}

fn outputs(outputs: &Outputs) -> OutputsJson<'_> {
    match outputs {
        Outputs::None => OutputsJson::None {},
        Outputs::Value(value) => OutputsJson::Value { value },
        Outputs::Script { exit_code } => OutputsJson::Script { exit_code: *exit_code, vars: NoVars {} },
    }
}
