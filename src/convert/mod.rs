//! A text in one dialect to a text in the other, and a list of what is lost on the way.
//!
//! What both dialects can express is kept. Lengths, and what only a server knows, are taken from a simulation. Comments stay at
//! their tasks. Rule: XL Release, "Mapping to Kestra".

mod comments;
mod xl_release;

use crate::analysis::makespan::running_time;
use crate::collections::Index;
use crate::diag::Diagnostic;
use crate::flow::Dialect;
use crate::flow::state::State;
use crate::flow::{Flow, Kind, Lists, TaskIdx};
use crate::sim::scenario::Scenario;
use crate::sim::simulate;
use crate::sim::trace::{ExecutionIdx, RunIdx, Trace};
use crate::source::{Source, Span};
use crate::syntax::{Document, Node};
use crate::time::SimTime;
use crate::tr;
use comments::Comments;

/// A text in another dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    /// The text.
    pub text: String,
    /// What the other dialect can't express, each once, as notes on the text that was converted.
    pub lost: Vec<Diagnostic>,
}

/// Writes flows, which were read from this text without errors, in a dialect. Flows of that dialect stay as they are.
#[must_use]
pub fn convert(source: &Source, document: &Document, flows: &[Flow], to: Dialect) -> Converted {
    let mut converted = Converted { text: String::new(), lost: Vec::new() };
    if flows.iter().all(|flow| flow.dialect == to) {
        return Converted { text: source.text.to_string(), ..converted };
    }
    if to == Dialect::XlRelease {
        xl_release::from_kestra::head(flows, &mut converted.text);
    }
    let mut reported = Index::default();
    for (nth, flow) in flows.iter().enumerate() {
        // The first flow is the one that is run.
        let mut all = vec![flow.clone()];
        all.extend(flows.iter().enumerate().filter(|(other, _)| *other != nth).map(|(_, flow)| flow.clone()));
        let trace = simulate(&all, &Scenario::default());
        let next = flows.get(nth + 1).map_or(u32::MAX, |next| next.span.start);
        let first = if nth == 0 { 0 } else { flow.span.start };
        let comments = Comments::gather(flow, &document.comments, first..next, source);
        let mut writer = Writer { source, document, flow, trace: &trace, runs: first_runs(flow, &trace), comments, reported, converted };
        match to {
            Dialect::Kestra => {
                if nth > 0 {
                    writer.converted.text += "---\n";
                }
                writer.kestra_flow();
            }
            Dialect::XlRelease => writer.template(),
        }
        Writer { reported, converted, .. } = writer;
    }
    converted.lost.sort_by_key(|lost| lost.span.start);
    converted
}

/// The first run of each task in the first execution.
fn first_runs(flow: &Flow, trace: &Trace) -> Vec<Option<RunIdx>> {
    let mut runs = vec![None; flow.tasks.len()];
    for (run, taskrun) in trace.iter().filter(|(_, taskrun)| taskrun.execution == ExecutionIdx::FIRST) {
        runs[taskrun.task.at()].get_or_insert(run);
    }
    runs
}

/// Writes one flow.
struct Writer<'a> {
    source: &'a Source,
    document: &'a Document,
    flow: &'a Flow,
    trace: &'a Trace,
    runs: Vec<Option<RunIdx>>,
    comments: Comments,
    /// The messages that are among the losses.
    reported: Index,
    converted: Converted,
}

impl<'a> Writer<'a> {
    fn line(&mut self, pad: usize, text: &str) {
        let out = &mut self.converted.text;
        out.extend(std::iter::repeat_n(' ', pad));
        out.push_str(text);
        out.push('\n');
    }

    /// The line that names a task, with the comments above and beside it; `before` is `- ` or empty.
    fn head(&mut self, idx: TaskIdx, pad: usize, before: &str, text: &str) {
        let (above, beside) = self.comments.of(idx);
        for comment in above {
            self.line(pad, &comment);
        }
        let beside = beside.or_else(|| self.fails(idx).then(|| "# sim: fail".to_owned()));
        let beside = beside.map_or(String::new(), |comment| format!(" {comment}"));
        self.line(pad, &format!("{before}{text}{beside}"));
    }

    /// Whether a leaf failed without a `# sim:` note that makes it fail.
    fn fails(&self, idx: TaskIdx) -> bool {
        let task = self.flow.task(idx);
        let failed = |run: RunIdx| self.trace.run(run).attempts.last().is_some_and(|attempt| attempt.state == State::Failed);
        task.sim_note.is_none() && !task.is_group() && self.runs[idx.at()].is_some_and(failed)
    }

    /// Reports once that something has no counterpart, and what is done instead.
    fn lose(&mut self, code: &'static str, span: Span, message: String, instead: String) {
        if self.reported.insert(&message) {
            self.converted.lost.push(Diagnostic::note(code, span, message).label(instead));
        }
    }

    /// Reports each key of a map that is not among `known` as lost.
    fn lose_keys(&mut self, span: Span, known: &[&str]) {
        let Some(node) = self.node(span) else { return };
        for entry in node.entries().iter().filter(|entry| !known.contains(&&*entry.key)) {
            self.lose("lost", entry.key_span, tr!("`{key}` has no counterpart", key = entry.key), tr!("left out"));
        }
    }

    fn node(&self, span: Span) -> Option<&'a Node> {
        self.document.roots.iter().find_map(|root| root.map_at(span))
    }

    /// How long a task took in the simulation; `None` when it was never reached or was skipped.
    fn length(&self, idx: TaskIdx) -> Option<SimTime> {
        let run = self.runs[idx.at()].filter(|run| self.trace.state(*run).is_terminal())?;
        let is_skipped = self.trace.began(run).is_none();
        let whole = || self.trace.ended(run) - self.trace.created(run);
        (!is_skipped).then(|| if self.flow.task(idx).is_group() { whole() } else { running_time(self.trace, run) })
    }

    /// How long a task takes that was never reached: as long as it does in a run of its own. `None` when that fails.
    fn length_alone(&self, idx: TaskIdx) -> Option<SimTime> {
        let mut alone = self.flow.clone();
        alone.lists = Lists { tasks: vec![idx], ..Lists::default() };
        alone.tasks[idx.at()].parent = None;
        alone.tasks[idx.at()].run_if = None;
        alone.after_execution.clear();
        alone.listeners.clear();
        let trace = simulate(std::slice::from_ref(&alone), &Scenario::default());
        let run = first_runs(&alone, &trace)[idx.at()].filter(|run| trace.state(*run).is_terminal())?;
        let length = if alone.task(idx).is_group() { trace.ended(run) - trace.created(run) } else { running_time(&trace, run) };
        (length > SimTime::ZERO || trace.state(run) == State::Success).then_some(length)
    }

    /// The text of `description:` of an item, as it is written.
    fn description(&self, span: Span) -> Option<&'a str> {
        self.node(span)?.get("description")?.scalar_text(self.source).filter(|text| !text.trim().is_empty())
    }

    /// How long a task was held before its date came.
    fn held(&self, idx: TaskIdx) -> SimTime {
        let Some(run) = self.runs[idx.at()] else { return SimTime::ZERO };
        let history = self.trace.history(run);
        let queued = history.iter().zip(history.iter().skip(1)).find(|((_, state), _)| *state == State::Queued);
        queued.map_or(SimTime::ZERO, |((from, _), (to, _))| *to - *from)
    }

    /// Whether a task is in a group whose tasks run side by side, at any depth.
    fn is_beside_others(&self, idx: TaskIdx) -> bool {
        let mut groups = std::iter::successors(self.flow.task(idx).parent, |parent| self.flow.task(*parent).parent);
        groups.any(|group| matches!(self.flow.task(group).kind, Kind::Parallel { .. } | Kind::Dag { .. }))
    }
}
