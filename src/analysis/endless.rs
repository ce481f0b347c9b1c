//! The script that has no end, and so stopped a run.

use crate::diag::Diagnostic;
use crate::flow::Flow;
use crate::sim::trace::{Trace, Truncated};
use crate::source::{Source, Span};
use crate::time::human;

/// A warning at the first loop of the script that has no end; `None` for a run that was not stopped by one, or that is of
/// another text than `source`, the file with the index `file`.
#[must_use]
pub fn endless(flows: &[Flow], trace: &Trace, source: &Source, file: usize) -> Option<Diagnostic> {
    let Some(Truncated::Endless(run)) = trace.truncated else { return None };
    let task = trace.task_of(flows, run);
    if trace.flow_of(flows, trace.run(run).execution).file != file {
        return None;
    }
    let text = source.text.get(task.span.range())?;
    let is_loop = |line: &&str| ["while ", "until ", "for "].iter().any(|word| line.contains(word));
    let line = text.lines().find(is_loop).unwrap_or(text.lines().next()?);
    // A slice of the text knows its place in it.
    let from = task.span.start + (line.as_ptr() as usize - text.as_ptr() as usize) as u32;
    let indent = (line.len() - line.trim_start().len()) as u32;
    let span = Span::new((from + indent) as usize, from as usize + line.trim_end().len());
    let found = Diagnostic::warning("endless", span, format!("the script of `{}` never ends", task.title()));
    Some(found.label(format!("the run was stopped here, at {}", human(trace.end))).help("let the loop end, or give the task a `timeout`"))
}
