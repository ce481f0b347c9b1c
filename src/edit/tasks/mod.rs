//! What can be changed on a bar: how long its task takes, whether it fails, whether it is tried again, and whether a group
//! is Parallel or Sequential.

mod length;
mod note;

#[cfg(test)]
mod tests;

use super::Edit;
use super::proof::proved;
use super::text::{insert_after_type, insert_entry, line_start, too_unusual};
use crate::flow::{Flow, Kind, SimNote, Takes, TaskIdx};
use crate::source::Source;
use crate::syntax::{Document, Node, Value};
use crate::time::SimTime;
use crate::tr;
pub use note::{note_text, set_notes, takes_text};

/// What is to become of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// It takes so many milliseconds more, or less; of a range each end moves.
    Longer(i64),
    /// It takes this long: in place of the length that is written, else by a `# sim:` note. `None` removes the note's length.
    Takes(Option<Takes>),
    /// It fails in so many of 100 runs, by a `# sim:` note.
    Fails(u32),
    /// A failure is tried again, three times in all.
    Retry,
    /// A Parallel becomes a Sequential, a Sequential a Parallel.
    Switch,
}

/// The edit that does what is intended; `None` when nothing has to change.
///
/// # Errors
/// One sentence that says why the text can't be changed safely from the chart.
pub fn edit(source: &Source, document: &Document, flow: &Flow, idx: TaskIdx, intent: Intent) -> Result<Option<Edit>, String> {
    planned(source, document, flow, idx, intent, true)
}

/// The edit that lets all these tasks take this long by `# sim:` notes, and keeps how they end; `None` when nothing has to change.
///
/// # Errors
/// As [`edit`].
pub fn set_times(
    source: &Source,
    document: &Document,
    flow: &Flow,
    tasks: &[TaskIdx],
    takes: Option<Takes>,
) -> Result<Option<Edit>, String> {
    let with = |idx: TaskIdx| SimNote { takes, ..flow.task(idx).sim_note.unwrap_or_default() };
    set_notes(source, document, flow, &tasks.iter().map(|idx| (*idx, with(*idx))).collect())
}

/// Whether [`edit`] has a way to do it. The proof, which reads the whole text again, is left to the edit itself.
///
/// # Errors
/// One sentence that says why not.
pub fn can_edit(source: &Source, document: &Document, flow: &Flow, idx: TaskIdx, intent: Intent) -> Result<(), String> {
    planned(source, document, flow, idx, intent, false).map(|_| ())
}

/// The step by which the written length changes: one unit of its last digit, in milliseconds.
///
/// # Errors
/// As [`edit`].
pub fn step_ms(source: &Source, document: &Document, flow: &Flow, idx: TaskIdx) -> Result<u64, String> {
    let task = flow.task(idx);
    let node = document.roots.iter().find_map(|root| root.map_at(task.span)).ok_or_else(|| tr!("this task is written with an alias"))?;
    Ok(Target { source, document, flow, idx, node, prove: false }.written()?.map_or(1000, |written| written.step_ms))
}

/// The length of a task as it is written, in a unit that people write: `1s`; `None` when nothing in the text says it.
#[must_use]
pub fn written_length(source: &Source, document: &Document, flow: &Flow, idx: TaskIdx) -> Option<String> {
    let node = document.roots.iter().find_map(|root| root.map_at(flow.task(idx).span))?;
    let ms = Target { source, document, flow, idx, node, prove: false }.written_ms()?;
    Some(takes_text(Takes::always(SimTime(ms))))
}

fn planned(source: &Source, document: &Document, flow: &Flow, idx: TaskIdx, intent: Intent, prove: bool) -> Result<Option<Edit>, String> {
    let task = flow.task(idx);
    let node = document
        .roots
        .iter()
        .find_map(|root| root.map_at(task.span))
        .ok_or_else(|| tr!("this task is written with an alias: change it in the text"))?;
    let target = Target { source, document, flow, idx, node, prove };
    match intent {
        Intent::Longer(by) => target.longer(by),
        Intent::Takes(takes) => target.takes(takes),
        Intent::Fails(fails_percent) => target.note(SimNote { fails_percent, ..task.sim_note.unwrap_or_default() }),
        Intent::Retry if node.get("retry").is_some() => Err(tr!("this task has a retry already")),
        Intent::Retry if task.is_group() => Err(tr!("a group is not tried again: give its tasks a retry")),
        Intent::Retry => target.retry().map(Some),
        Intent::Switch => target.switch().map(Some),
    }
}

/// The task that is to be changed.
struct Target<'a> {
    source: &'a Source,
    document: &'a Document,
    flow: &'a Flow,
    idx: TaskIdx,
    node: &'a Node,
    /// Whether the edit is proved.
    prove: bool,
}

impl Target<'_> {
    /// The edit, when it changes the task as `change` does.
    fn proved(&self, change: &dyn Fn(&mut Node), edit: Edit) -> Result<Edit, String> {
        if self.prove {
            proved(self.source, self.document, edit, |edited| edited.differs_by(self.document, self.node, change))
        } else {
            Ok(edit)
        }
    }

    fn retry(&self) -> Result<Edit, String> {
        const RETRY: &str = "retry: {type: constant, interval: PT1S, maxAttempts: 3}";
        let edit = insert_after_type(self.source, self.node, RETRY)?;
        let value = crate::syntax::parse(&Source::new("", RETRY)).0;
        let entry = value.roots.first().and_then(|root| root.entry("retry")).cloned().ok_or_else(too_unusual)?;
        let change = |node: &mut Node| {
            if let Value::Map(entries) = &mut node.value {
                insert_entry(entries, entry.clone());
            }
        };
        self.proved(&change, edit)
    }

    fn switch(&self) -> Result<Edit, String> {
        let (from, to) = match self.flow.task(self.idx).kind {
            Kind::Parallel { .. } => ("Parallel", "Sequential"),
            Kind::Sequential(_) => ("Sequential", "Parallel"),
            _ => return Err(tr!("only a Parallel and a Sequential can be switched")),
        };
        if self.node.get("onChildFailure").is_some() {
            return Err(tr!("a Sequential has no `onChildFailure`: take it out first"));
        }
        let kind = self.node.entry("type").filter(|entry| !entry.value.aliased).ok_or_else(too_unusual)?;
        let name = self.source.slice(kind.value.span);
        let start = kind.value.span.range().start + name.rfind(from).ok_or_else(too_unusual)?;
        let limit = self
            .node
            .entry("concurrent")
            .map(|entry| self.without(entry.key_span.range().start, entry.value.span.range().end))
            .transpose()?;
        // Both changes as one edit: from the first byte that changes to the last.
        let text = match limit {
            Some(removed) if removed.start >= start + from.len() => {
                let kept = &self.source.text[start + from.len()..removed.start];
                Edit { range: start..removed.end, text: [to, kept].concat() }
            }
            Some(removed) => Edit { range: removed.start..start + from.len(), text: [&self.source.text[removed.end..start], to].concat() },
            None => Edit { range: start..start + from.len(), text: to.to_owned() },
        };
        let new_name = name.replace(from, to);
        let change = |node: &mut Node| {
            let Value::Map(entries) = &mut node.value else { return };
            entries.retain(|entry| entry.key != "concurrent");
            for entry in entries.iter_mut().filter(|entry| entry.key == "type") {
                entry.value.value = Value::Text(new_name.trim_matches(['"', '\'']).into());
            }
        };
        self.proved(&change, text)
    }

    /// The bytes of a whole entry: its line, or in flow style the entry with the comma before it.
    fn without(&self, start: usize, end: usize) -> Result<std::ops::Range<usize>, String> {
        let text = &self.source.text;
        if text[self.node.span.range().start..].starts_with('{') {
            let comma = text[..start].trim_end().strip_suffix(',').ok_or_else(too_unusual)?;
            return Ok(comma.len()..end);
        }
        let line = line_start(self.source, start);
        let next = end + text[end..].find('\n').map_or(text.len() - end, |at| at + 1);
        if text[line..start].trim().is_empty() { Ok(line..next) } else { Err(too_unusual()) }
    }
}
