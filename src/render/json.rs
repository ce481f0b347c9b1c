//! A trace as the JSON of a Kestra execution, with additions that only a simulation has.
//!
//! The shape is Kestra's ("Execution JSON"); `simulation`, `logs`, `segments` and `span` are additions. The structs here are used
//! for nothing else, so that renaming something in the program does not change a file.

use std::io;

use serde::{Serialize, Serializer};

use super::actual::ActualJson;
use super::spread::SpreadJson;
use crate::actual::Overlay;
use crate::analysis::bounds::lower_bounds;
use crate::analysis::critical_path::critical_path;
use crate::analysis::faults::{Fault, faults};
use crate::analysis::late::{Late, late};
use crate::analysis::makespan::{numbers, running_time};
use crate::analysis::segments::{SegmentKind, held_up_by, segments};
use crate::analysis::slots;
use crate::analysis::spread::Spread;
use crate::budget::Resource;
use crate::flow::state::State;
use crate::flow::{Dialect, Flow};
use crate::sim::names::{execution_id, taskrun_id};
use crate::sim::trace::{Assumption, Attempt, ExecutionIdx, LogEntry, RunIdx, TaskRun, Trace, Truncated};
use crate::source::Source;
use crate::time::{SimTime, iso_duration, iso_instant};
use crate::value::{Map, Value};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExecutionJson<'a> {
    id: String,
    namespace: &'a str,
    flow_id: &'a str,
    flow_revision: u32,
    task_run_list: TaskRunsJson<'a>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    inputs: &'a Map,
    #[serde(skip_serializing_if = "Option::is_none")]
    outputs: Option<&'a Map>,
    labels: Vec<LabelJson<'a>>,
    state: StateJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_id: Option<String>,
    original_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    trigger: Option<TriggerJson<'a>>,
    deleted: bool,
    metadata: MetadataJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    simulation: Option<SimulationJson<'a>>,
    logs: Vec<LogJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actual: Option<ActualJson<'a>>,
}

/// The task runs of an execution. Each is made when it is written: all of them take many times the memory of the trace.
struct TaskRunsJson<'a> {
    writer: &'a Writer<'a>,
    execution: ExecutionIdx,
}

impl Serialize for TaskRunsJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { writer, execution } = *self;
        let id = execution_id(writer.trace.seed, execution);
        let runs = &writer.by_execution[execution.at()].0;
        serializer.collect_seq(runs.iter().map(|run| writer.taskrun(writer.flow(execution), &id, *run)))
    }
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
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_task_run_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attempts: Vec<AttemptJson>,
    outputs: OutputsJson<'a>,
    state: StateJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    iteration: Option<u32>,
    segments: Vec<SegmentJson>,
    span: SpanJson,
}

#[derive(Serialize)]
struct AttemptJson {
    state: StateJson,
}

/// Outputs are always a map. It is empty when there are none, and when they are wholly unknown.
#[derive(Serialize)]
#[serde(untagged)]
enum OutputsJson<'a> {
    None {},
    Some(&'a Map),
}

#[derive(Serialize)]
struct TriggerJson<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    type_name: &'static str,
    variables: &'a Value,
}

#[derive(Serialize)]
struct AssumptionJson<'a> {
    path: &'a str,
    value: &'a Value,
    why: &'static str,
    line: usize,
}

/// What the recorded version of Kestra does at a place instead of what it documents.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FaultJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    task_run_id: Option<String>,
    text: String,
    line: usize,
}

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
struct LabelJson<'a> {
    key: &'a str,
    value: &'a str,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
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
    /// The version of Kestra whose rules held.
    #[serde(skip_serializing_if = "Option::is_none")]
    kestra: Option<&'static str>,
    seed: u64,
    makespan_ms: u64,
    last_end_ms: u64,
    work_ms: u64,
    events: usize,
    truncated: Option<&'static str>,
    critical_path: Vec<String>,
    lower_bounds: LowerBoundsJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    spread: Option<SpreadJson>,
    assumptions: Vec<AssumptionJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<FaultJson>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    late: Vec<LateJson<'a>>,
    executions: Vec<ExecutionJson<'a>>,
}

/// An item that ended after it was due; without `task_run_id` it is the execution.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LateJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    task_run_id: Option<String>,
    title: &'a str,
    due_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_date: Option<String>,
    late_ms: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LowerBoundsJson {
    chain_ms: u64,
    area_ms: Option<u64>,
    best_ms: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    task_run_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_id: Option<&'a str>,
    at_ms: u64,
    level: &'static str,
    message: &'a str,
}

/// The JSON of a trace with a line break at its end: the first execution at the top, all others in `simulation`.
#[must_use]
pub fn json(flows: &[Flow], trace: &Trace, sources: &[Source]) -> String {
    json_with(flows, trace, sources, None, None)
}

/// The same with how long many runs take, in `simulation.spread`, and with a real run, in `actual`.
#[must_use]
pub fn json_with(flows: &[Flow], trace: &Trace, sources: &[Source], spread: Option<&Spread>, overlay: Option<&Overlay>) -> String {
    let writer = Writer::new(flows, trace, sources);
    serde_json::to_string_pretty(&writer.whole(spread, overlay)).expect("strings and numbers can always be written") + "\n"
}

/// Writes what [`json_with`] gives, which is never in memory as a whole.
///
/// # Errors
/// Those of writing.
pub fn write_json(
    out: &mut dyn io::Write,
    flows: &[Flow],
    trace: &Trace,
    sources: &[Source],
    spread: Option<&Spread>,
    overlay: Option<&Overlay>,
) -> io::Result<()> {
    let writer = Writer::new(flows, trace, sources);
    serde_json::to_writer_pretty(&mut *out, &writer.whole(spread, overlay))?;
    out.write_all(b"\n")
}

struct Writer<'a> {
    flows: &'a [Flow],
    trace: &'a Trace,
    /// The texts of the flows; `Flow::file` is an index of them.
    sources: &'a [Source],
    holders: Vec<Vec<RunIdx>>,
    /// The runs and the log of each execution.
    by_execution: Vec<(Vec<RunIdx>, Vec<&'a LogEntry>)>,
}

impl<'a> Writer<'a> {
    fn new(flows: &'a [Flow], trace: &'a Trace, sources: &'a [Source]) -> Self {
        let mut by_execution = vec![(Vec::new(), Vec::new()); trace.executions.len()];
        trace.iter().filter(|(_, taskrun)| !taskrun.dropped).for_each(|(run, taskrun)| by_execution[taskrun.execution.at()].0.push(run));
        trace.logs.iter().for_each(|entry| by_execution[entry.execution.at()].1.push(entry));
        Self { flows, trace, sources, holders: slots::holders(trace), by_execution }
    }

    /// The first execution, with everything else in it; `None` when none was made.
    fn whole(&'a self, spread: Option<&Spread>, overlay: Option<&'a Overlay>) -> Option<ExecutionJson<'a>> {
        let trace = self.trace;
        if trace.executions.is_empty() {
            return None;
        }
        let flow = self.flow(ExecutionIdx::FIRST);
        let numbers = numbers(flow, trace);
        let bounds = lower_bounds(flow, trace);
        let simulation = SimulationJson {
            engine: flow.dialect.as_str(),
            kestra: (flow.dialect == Dialect::Kestra).then_some(flow.version.as_str()),
            seed: trace.seed,
            makespan_ms: numbers.makespan.0,
            last_end_ms: numbers.last_end.0,
            work_ms: numbers.work.0,
            events: trace.events.len(),
            truncated: trace.truncated.map(|why| match why {
                Truncated::Horizon => "horizon",
                Truncated::Events | Truncated::Endless(..) => "events",
                Truncated::Spent(Resource::Work, _) => "work",
                Truncated::Spent(Resource::Bytes, _) => "bytes",
            }),
            critical_path: critical_path(trace).into_iter().map(|run| self.run_id(run)).collect(),
            spread: spread.map(SpreadJson::of),
            lower_bounds: LowerBoundsJson { chain_ms: bounds.chain.0, area_ms: bounds.area.map(|area| area.0), best_ms: bounds.best().0 },
            assumptions: trace.assumptions.iter().map(|assumption| self.assumption(assumption)).collect(),
            faults: faults(self.flows, trace).into_iter().map(|fault| self.fault(fault)).collect(),
            late: late(flow, trace).iter().map(|late| self.late(flow, late)).collect(),
            executions: self.others().map(|execution| self.execution(execution, None)).collect(),
        };
        let actual = overlay.map(|overlay| ActualJson::of(trace, overlay));
        Some(ExecutionJson { actual, ..self.execution(ExecutionIdx::FIRST, Some(simulation)) })
    }

    /// All executions but the first, in the order in which they began; those that never did come last.
    fn others(&self) -> impl Iterator<Item = ExecutionIdx> {
        let mut others: Vec<ExecutionIdx> = self.trace.execution_indices().skip(1).collect();
        let began = |execution: &ExecutionIdx| self.trace.execution(*execution).began;
        others.sort_by_key(|execution| (began(execution).is_none(), began(execution)));
        others.into_iter()
    }

    fn flow(&self, execution: ExecutionIdx) -> &'a Flow {
        self.trace.flow_of(self.flows, execution)
    }

    /// The line of a byte in the text of a flow, from 1.
    fn line(&self, flow: &Flow, at: u32) -> usize {
        self.sources.get(flow.file).map_or(1, |source| source.position(at).line)
    }

    fn run_id(&self, run: RunIdx) -> String {
        taskrun_id(self.trace.seed, run)
    }

    fn date(&self, at: SimTime) -> String {
        iso_instant(at.epoch_ms(self.trace.start_epoch_ms))
    }

    fn execution(&'a self, execution: ExecutionIdx, simulation: Option<SimulationJson<'a>>) -> ExecutionJson<'a> {
        let flow = self.flow(execution);
        let history = self.trace.execution_history(execution);
        let about = &self.trace.execution(execution);
        let (_, logs) = &self.by_execution[execution.at()];
        let original = self.trace.execution_history(about.original);
        let caller = about.started_by.map(|run| self.trace.run(run));
        ExecutionJson {
            namespace: &flow.namespace,
            flow_id: &flow.id,
            flow_revision: 1,
            task_run_list: TaskRunsJson { writer: self, execution },
            inputs: &about.inputs,
            outputs: about.outputs.as_deref(),
            labels: about.labels.iter().map(|(key, value)| LabelJson { key, value }).collect(),
            state: self.state(flow, history),
            parent_id: caller.map(|caller| execution_id(self.trace.seed, caller.execution)),
            original_id: execution_id(self.trace.seed, about.original),
            trigger: caller.zip(about.trigger.as_ref()).map(|(caller, variables)| TriggerJson {
                id: &self.flow(caller.execution).task(caller.task).id,
                type_name: "io.kestra.plugin.core.flow.Subflow",
                variables,
            }),
            deleted: false,
            metadata: MetadataJson {
                attempt_number: about.attempt,
                original_created_date: self.date(original.first().map_or(SimTime::ZERO, |(at, _)| *at)),
            },
            simulation,
            logs: logs
                .iter()
                .map(|entry| LogJson {
                    task_run_id: entry.run.map(|run| self.run_id(run)),
                    task_id: entry.run.map(|run| &*flow.task(self.trace.run(run).task).id),
                    at_ms: entry.at.0,
                    level: entry.level.as_str(),
                    message: &entry.message,
                })
                .collect(),
            actual: None,
            id: execution_id(self.trace.seed, execution),
        }
    }

    fn late(&self, flow: &'a Flow, late: &Late) -> LateJson<'a> {
        LateJson {
            task_run_id: late.item.map(|(_, run)| self.run_id(run)),
            title: late.item.map_or(flow.title(), |(task, _)| flow.task(task).title()),
            due_date: iso_instant(late.due_epoch_ms),
            end_date: late.has_ended.then(|| self.date(late.at)),
            late_ms: late.by.0,
        }
    }

    fn fault(&self, fault: Fault) -> FaultJson {
        let line = self.sources.get(fault.file).map_or(1, |source| source.position(fault.span.start).line);
        FaultJson { task_run_id: fault.run.map(|run| self.run_id(run)), text: fault.text, line }
    }

    fn assumption(&self, assumption: &'a Assumption) -> AssumptionJson<'a> {
        let Assumption { path, value, why, flow, span } = assumption;
        let flow = flow.of(self.flows);
        AssumptionJson { path, value, why, line: self.line(flow, span.start) }
    }

    fn taskrun(&self, flow: &'a Flow, execution_id: &str, run: RunIdx) -> TaskRunJson<'a> {
        let taskrun = self.trace.run(run);
        let task = flow.task(taskrun.task);
        let history = self.trace.history(run);
        let segments = segments(self.trace, run).into_iter().map(|segment| SegmentJson {
            kind: segment.kind.name_in(flow.dialect),
            from_ms: segment.from.0,
            to_ms: segment.to.0,
            by: held_up_by(self.trace, run, segment.kind, &self.holders[run.at()]).into_iter().map(|by| self.run_id(by)).collect(),
            reason: (segment.kind == SegmentKind::State(State::Paused)).then_some(if taskrun.waits_for_person {
                "person"
            } else {
                "timer"
            }),
        });
        TaskRunJson {
            id: self.run_id(run),
            execution_id: execution_id.to_owned(),
            namespace: &flow.namespace,
            flow_id: &flow.id,
            task_id: &task.id,
            title: task.plan.as_ref().map(|plan| &*plan.title),
            parent_task_run_id: taskrun.parent.map(|parent| self.run_id(parent)),
            value: taskrun.value.as_ref(),
            attempts: self.attempts(flow, taskrun),
            outputs: taskrun.outputs.as_ref().and_then(Value::as_map).map_or(OutputsJson::None {}, OutputsJson::Some),
            state: self.taskrun_state(flow, run, history),
            iteration: taskrun.iteration,
            segments: segments.collect(),
            span: SpanJson { start_line: self.line(flow, task.span.start), end_line: self.line(flow, task.span.end) },
        }
    }

    /// The history of each attempt; it ends with its own result, before `allowFailure` applies.
    fn attempts(&self, flow: &Flow, taskrun: &TaskRun) -> Vec<AttemptJson> {
        let history = |attempt: &Attempt| {
            let mut history = vec![(attempt.began, State::Created), (attempt.began, State::Running)];
            history.extend(attempt.ended.map(|ended| (ended, attempt.state)));
            history
        };
        taskrun.attempts.iter().map(|attempt| AttemptJson { state: self.state(flow, &history(attempt)) }).collect()
    }

    /// The duration of a planned task is the time for which it ran, without the time for which it was held.
    fn taskrun_state(&self, flow: &Flow, run: RunIdx, history: &[(SimTime, State)]) -> StateJson {
        let state = self.state(flow, history);
        let task = flow.task(self.trace.run(run).task);
        let is_planned = task.plan.is_some() && !task.is_group();
        StateJson { duration: if is_planned { iso_duration(running_time(self.trace, run)) } else { state.duration }, ..state }
    }

    fn state(&self, flow: &Flow, history: &[(SimTime, State)]) -> StateJson {
        let (first, _) = history.first().copied().unwrap_or((SimTime::ZERO, State::Created));
        let (last, current) = history.last().copied().unwrap_or((SimTime::ZERO, State::Created));
        StateJson {
            current: flow.dialect.state_name(current),
            duration: iso_duration(if history.len() < 2 { self.trace.end - first } else { last - first }),
            start_date: self.date(first),
            end_date: (current.is_terminal() || current == State::Paused).then(|| self.date(last)),
            histories: history
                .iter()
                .map(|(at, state)| HistoryJson { state: flow.dialect.state_name(*state), date: self.date(*at) })
                .collect(),
        }
    }
}
