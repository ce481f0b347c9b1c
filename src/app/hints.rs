//! The hints at the ends of lines: at the first line of each task how long it took and when it began.

use super::run::{Reading, Run};
use crate::flow::state::State;
use crate::flow::{Kind, TaskIdx};
use crate::sim::trace::ExecutionIdx;
use crate::source::Source;
use crate::time::{SimTime, human};
use crate::tr;

/// A longer flow has no hints: nobody reads so many, and writing them would be felt while typing.
const MOST_TASKS: usize = 2000;

/// The hints of the run of a text as JSON: a list of `[line, text]`; empty while the text can't be run.
#[must_use]
pub fn hints_json(reading: &Reading, run: Option<&Run>) -> String {
    let hints = run.filter(|_| !reading.has_errors()).map_or(Vec::new(), |run| hints(&reading.source, run));
    serde_json::to_string(&hints).expect("strings and numbers can always be written")
}

/// The hints: lines, from 1 and each once, with their texts. `source` is the text that was run.
#[must_use]
pub fn hints(source: &Source, run: &Run) -> Vec<(usize, String)> {
    let (flow, trace) = (run.flow(), &run.trace);
    if flow.tasks.len() > MOST_TASKS {
        return Vec::new();
    }
    let mut first = vec![None; flow.tasks.len()];
    let mut n_runs = vec![0u32; flow.tasks.len()];
    // The iterations of a Loop run its tasks.
    let is_shown = |execution| trace.execution(execution).root == ExecutionIdx::FIRST && trace.is_of_flow(execution);
    for (idx, taskrun) in trace.iter().filter(|(_, run)| !run.dropped && is_shown(run.execution)) {
        let at = taskrun.task.at();
        first[at].get_or_insert(idx);
        n_runs[at] += 1;
    }
    let hint = |idx: TaskIdx| {
        let at = idx.at();
        let task = flow.task(idx);
        let Some(taskrun) = first[at] else { return tr!("→ does not run") };
        if n_runs[at] == 1 && trace.state(taskrun) == State::Skipped {
            return tr!("→ skipped");
        }
        let begins = trace.began(taskrun).unwrap_or_else(|| trace.created(taskrun));
        let never_ends = trace.truncated.is_some() && !trace.state(taskrun).is_terminal();
        let length = if never_ends { tr!("never ends") } else { human(trace.ended(taskrun) - begins) };
        let starts = if begins == SimTime::ZERO { "0 s".to_owned() } else { human(begins) };
        if n_runs[at] > 1 {
            return tr!("→ {n} run, the first starts at {starts}" | "→ {n} runs, the first starts at {starts}" % n_runs[at], starts);
        }
        let (n_slots, n_tasks) = (trace.run(taskrun).concurrent, task.lists.tasks.len());
        if n_slots > 0 && matches!(task.kind, Kind::Parallel { .. } | Kind::Dag { .. }) {
            let (tasks, slots) = (tr!("{n} task" | "{n} tasks" % n_tasks), tr!("on" => "{n} slot" | "{n} slots" % n_slots));
            return tr!("→ {length}, {tasks} on {slots}", length, tasks, slots);
        }
        match trace.n_roots() {
            ..=1 => tr!("→ {length}, starts at {starts}", length, starts),
            _ => tr!("→ {length}, starts at {starts} in execution 1", length, starts),
        }
    };
    let mut hints: Vec<(usize, String)> = Vec::new();
    for (idx, task) in flow.iter() {
        let line = source.position(task.span.start).line;
        // Of several tasks on a line the outermost has the hint.
        if hints.last().is_none_or(|(last, _)| *last < line) {
            hints.push((line, hint(idx)));
        }
    }
    hints
}
