//! A trace for viewers of Chrome's trace events, such as Perfetto: a process for each execution, a track for each slot, an arrow for
//! each hand-over of a slot, and how many leaves run. Source: "Trace Event Format".

use serde_json::{Value, json};

use crate::analysis::segments::{SegmentKind, outcome, segments};
use crate::analysis::slots::{busy, slots_taken};
use crate::flow::Flow;
use crate::sim::names::{execution_name, local_name, taskrun_id};
use crate::sim::trace::{Children, ExecutionIdx, RunIdx, Trace};
use crate::time::SimTime;

/// `{ "displayTimeUnit": "ms", "traceEvents": [...] }`, an event a line. Times are in microseconds since the start.
#[must_use]
pub fn chrome_trace(flows: &[Flow], trace: &Trace) -> String {
    let mut tracks = Tracks { flows, trace, children: trace.children(), track_of: vec![(0, 0); trace.runs.len()], events: Vec::new() };
    trace.execution_indices().for_each(|execution| tracks.execution(execution));
    tracks.hand_overs();
    for (at, n) in busy(&flows[0], trace) {
        tracks.events.push(json!({"ph": "C", "pid": 1, "ts": us(at), "name": "tasks running", "args": {"running": n}}));
    }
    let events: Vec<String> = tracks.events.iter().map(Value::to_string).collect();
    format!("{{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n{}\n]}}\n", events.join(",\n"))
}

struct Tracks<'a> {
    flows: &'a [Flow],
    trace: &'a Trace,
    children: Children,
    /// The process and the thread that each run is on.
    track_of: Vec<(u32, u32)>,
    events: Vec<Value>,
}

impl Tracks<'_> {
    fn execution(&mut self, execution: ExecutionIdx) {
        let pid = execution.number();
        let flow = &self.trace.flow_of(self.flows, execution).id;
        let name = if pid == 1 { flow.to_string() } else { format!("{flow}: {}", execution_name(self.flows, self.trace, execution)) };
        self.events.push(json!({"ph": "M", "pid": pid, "name": "process_name", "args": {"name": name}}));
        let mut n_tracks = 0;
        let top = self.children.at_top(execution).to_vec();
        self.list(pid, &mut n_tracks, &name, &top);
    }

    /// The runs of a group, or of the top level: a track for each slot, then the groups among them.
    fn list(&mut self, pid: u32, n_tracks: &mut u32, owner: &str, runs: &[RunIdx]) {
        let slots = slots_taken(self.trace, runs);
        let n_slots = slots.iter().map(|slot| slot + 1).max().unwrap_or(0);
        for slot in 0..n_slots {
            *n_tracks += 1;
            let name = if n_slots == 1 { owner.to_owned() } else { format!("{owner}, slot {}", slot + 1) };
            self.events.push(json!({"ph": "M", "pid": pid, "tid": n_tracks, "name": "thread_name", "args": {"name": name}}));
            self.events
                .push(json!({"ph": "M", "pid": pid, "tid": n_tracks, "name": "thread_sort_index", "args": {"sort_index": n_tracks}}));
            for (run, _) in runs.iter().zip(&slots).filter(|(_, of)| **of == slot) {
                self.run(*run, (pid, *n_tracks));
            }
        }
        for run in runs {
            let below = self.children.of(*run).to_vec();
            if !below.is_empty() {
                self.list(pid, n_tracks, &local_name(self.flows, self.trace, *run), &below);
            }
        }
    }

    /// A run in its slot, and within it each state that it had, if there was more than one.
    fn run(&mut self, run: RunIdx, track: (u32, u32)) {
        self.track_of[run.at()] = track;
        let (pid, tid) = track;
        let (from, to) = (self.trace.created(run), self.trace.ended(run));
        let task = self.trace.task_of(self.flows, run);
        let dialect = self.trace.flow_of(self.flows, self.trace.run(run).execution).dialect;
        let state = outcome(self.trace, run).map(|state| dialect.state_name(state));
        let about = json!({"state": state, "taskRunId": taskrun_id(self.trace.seed, run), "type": &*task.type_name});
        let name = local_name(self.flows, self.trace, run);
        let kind = if task.is_group() { "group" } else { "task" };
        self.events.push(slice(pid, tid, &name, kind, (from, to), about));
        let within: Vec<_> = segments(self.trace, run).into_iter().filter(|part| part.from >= from && part.from < part.to).collect();
        if within.len() > 1 {
            for part in within {
                let name = match part.kind {
                    SegmentKind::State(state) => dialect.state_name(state),
                    _ => part.kind.name_in(dialect),
                };
                self.events.push(slice(pid, tid, name, "state", (part.from, part.to), json!({})));
            }
        }
    }

    /// An arrow from each run to the one that its end let begin.
    fn hand_overs(&mut self) {
        let length = |run: RunIdx| self.trace.ended(run) - self.trace.created(run);
        for (run, taskrun) in self.trace.iter() {
            let Some(before) = taskrun.released_by.filter(|before| length(*before) > SimTime::ZERO) else { continue };
            let ((from_pid, from_tid), (pid, tid)) = (self.track_of[before.at()], self.track_of[run.at()]);
            let (id, name, cat) = (run.0, "hand-over", "hand-over");
            // An arrow begins within a slice: just before its end.
            let ends = us(self.trace.ended(before)) - 1;
            self.events.push(json!({"ph": "s", "pid": from_pid, "tid": from_tid, "ts": ends, "id": id, "name": name, "cat": cat}));
            let begins = us(self.trace.created(run));
            self.events.push(json!({"ph": "f", "bp": "e", "pid": pid, "tid": tid, "ts": begins, "id": id, "name": name, "cat": cat}));
        }
    }
}

fn slice(pid: u32, tid: u32, name: &str, kind: &str, (from, to): (SimTime, SimTime), about: Value) -> Value {
    json!({"ph": "X", "pid": pid, "tid": tid, "ts": us(from), "dur": us(to) - us(from), "name": name, "cat": kind, "args": about})
}

fn us(time: SimTime) -> u64 {
    time.0.saturating_mul(1000)
}
