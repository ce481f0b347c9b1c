//! The real run as a part of the JSON of a simulation.

use serde::Serialize;

use crate::actual::pairs::Place;
use crate::actual::{Execution, History, Overlay, began, ended};
use crate::flow::state::State;
use crate::sim::names::{execution_id, taskrun_id};
use crate::sim::trace::Trace;
use crate::time::SimTime;

/// Times are milliseconds since the first date of the real run. `id` is that of the real one, `taskRunId` and `executionId` are simulated.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ActualJson<'a> {
    makespan_ms: Option<u64>,
    executions: Vec<ExecutionJson<'a>>,
    task_runs: Vec<TaskRunJson<'a>>,
    only_real: Vec<UnpairedJson<'a>>,
    only_simulated: Vec<String>,
    only_real_executions: Vec<&'a str>,
    only_simulated_executions: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExecutionJson<'a> {
    execution_id: String,
    id: &'a str,
    state: &'static str,
    start_ms: Option<u64>,
    end_ms: Option<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TaskRunJson<'a> {
    task_run_id: String,
    id: &'a str,
    task_id: &'a str,
    state: &'static str,
    start_ms: Option<u64>,
    end_ms: Option<u64>,
    gap: GapJson,
    added: Vec<AddedJson>,
}

/// How much later, or longer, the real one was.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GapJson {
    start_ms: Option<i64>,
    end_ms: Option<i64>,
    length_ms: Option<i64>,
}

/// What the server added.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AddedJson {
    kind: &'static str,
    from_ms: u64,
    to_ms: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UnpairedJson<'a> {
    id: &'a str,
    task_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
    state: &'static str,
}

impl<'a> ActualJson<'a> {
    /// The part of an overlay.
    #[must_use]
    pub fn of(trace: &Trace, overlay: &'a Overlay) -> Self {
        let pairs = &overlay.pairs;
        let ms = |time: Option<SimTime>| time.map(|time| time.0);
        let state = |history: &History| history.last().map_or(State::Created, |(_, state)| *state).as_str();
        let execution = |one: &'a Execution, simulated| ExecutionJson {
            execution_id: execution_id(trace.seed, simulated),
            id: &one.id,
            state: state(&one.history),
            start_ms: ms(began(&one.history)),
            end_ms: ms(ended(&one.history)),
        };
        let unpaired = |place: &Place| {
            let run = overlay.run(*place);
            UnpairedJson { id: &run.id, task_id: &run.task, value: run.value.as_deref(), state: state(&run.history) }
        };
        let added = |kind, (from, to): (SimTime, SimTime)| AddedJson { kind, from_ms: from.0, to_ms: to.0 };
        let task_runs = overlay.gaps.iter().map(|gap| {
            let run = overlay.run(gap.real);
            let hand_overs = gap.hand_overs.iter().map(|stretch| added("hand-over", *stretch));
            TaskRunJson {
                task_run_id: taskrun_id(trace.seed, gap.run),
                id: &run.id,
                task_id: &run.task,
                state: state(&run.history),
                start_ms: ms(began(&run.history)),
                end_ms: ms(ended(&run.history)),
                gap: GapJson { start_ms: gap.start_ms, end_ms: gap.end_ms, length_ms: gap.length_ms },
                added: hand_overs.chain(gap.timers.iter().map(|stretch| added("timer", *stretch))).collect(),
            }
        });
        Self {
            makespan_ms: ms(overlay.makespan()),
            executions: pairs.executions.iter().map(|(real, simulated)| execution(&overlay.real[*real], *simulated)).collect(),
            task_runs: task_runs.collect(),
            only_real: pairs.only_real.iter().map(unpaired).collect(),
            only_simulated: pairs.only_simulated.iter().map(|run| taskrun_id(trace.seed, *run)).collect(),
            only_real_executions: pairs.only_real_executions.iter().map(|one| overlay.real[*one].id.as_str()).collect(),
            only_simulated_executions: pairs.only_simulated_executions.iter().map(|one| execution_id(trace.seed, *one)).collect(),
        }
    }
}
