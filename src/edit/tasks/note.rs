//! The `# sim:` notes of tasks.

use std::collections::BTreeMap;

use super::super::Edit;
use super::super::proof::{Edited, proved};
use super::super::text::{line_end, line_start, too_unusual};
use super::Target;
use crate::flow::{Flow, SimNote, Takes, TaskIdx, task_of_comment};
use crate::source::Source;
use crate::syntax::{Comment, Document};
use crate::time::{DAY, HOUR, MINUTE, SECOND, SimTime, seconds};
use crate::tr;

impl Target<'_> {
    /// Writes a `# sim:` note: in place of the note that the task has, else at the end of the first line of the task.
    pub fn note(&self, note: SimNote) -> Result<Option<Edit>, String> {
        let Self { source, document, flow, idx, .. } = *self;
        if self.prove {
            return set_notes(source, document, flow, &BTreeMap::from([(idx, note)]));
        }
        if flow.task(idx).is_group() { Err(not_for_groups()) } else { Ok(None) }
    }
}

fn not_for_groups() -> String {
    tr!("a note is for a task, not for a group")
}

/// The edit that gives each of these tasks its note; `None` when all have theirs.
///
/// # Errors
/// One sentence that says why the text can't be changed safely.
pub fn set_notes(source: &Source, document: &Document, flow: &Flow, notes: &BTreeMap<TaskIdx, SimNote>) -> Result<Option<Edit>, String> {
    if notes.keys().any(|idx| flow.task(*idx).is_group()) {
        return Err(not_for_groups());
    }
    // The comments that are notes now, by the task each is for.
    let own: BTreeMap<usize, &Comment> = document
        .comments
        .iter()
        .filter(|comment| comment.text.starts_with("sim:"))
        .filter_map(|comment| Some((task_of_comment(&flow.tasks, comment, source)?, comment)))
        .collect();
    let missing = notes.iter().filter(|(idx, note)| flow.task(**idx).sim_note.unwrap_or_default() != **note);
    let mut edits: Vec<Edit> = missing
        .map(|(idx, note)| note_edit(source, document, flow.task(*idx).span.range().start, own.get(&idx.at()).copied(), *note))
        .collect();
    // From the last one up, so that those before keep their places.
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.range.start));
    if edits.windows(2).any(|pair| pair[1].range.end > pair[0].range.start || pair[0].range == pair[1].range) {
        return Err(too_unusual());
    }
    let text = edits.iter().fold(source.text.to_string(), |text, edit| edit.apply(&text));
    if edits.is_empty() {
        return Ok(None);
    }
    proved(source, document, Edit::between(&source.text, &text), |edited| have_notes(edited, document, flow, notes)).map(Some)
}

/// The edit of the note of the task that begins at this byte; `old` is the note that it has.
fn note_edit(source: &Source, document: &Document, start: usize, old: Option<&Comment>, note: SimNote) -> Edit {
    let text = note_text(note);
    match old {
        Some(comment) if text.is_empty() => {
            let before = source.text[..comment.span.range().start].trim_end_matches(' ').len();
            let start = if comment.own_line { comment.span.range().start } else { before };
            Edit { range: start..comment.span.range().end, text }
        }
        Some(comment) => Edit { range: comment.span.range(), text },
        None => {
            let end = line_end(source, start);
            if document.comments.iter().any(|comment| (start..end).contains(&comment.span.range().start)) {
                // The line has a comment already: the note gets a line above it.
                let line = line_start(source, start);
                let indent: String = source.text[line..].chars().take_while(|c| *c == ' ').collect();
                Edit { range: line..line, text: format!("{indent}{text}\n") }
            } else {
                Edit { range: end..end, text: format!(" {text}") }
            }
        }
    }
}

/// Whether these tasks have these notes in the edited text, and nothing else has changed.
fn have_notes(edited: &Edited, document: &Document, flow: &Flow, notes: &BTreeMap<TaskIdx, SimNote>) -> bool {
    let Some(after) = edited.flow(flow) else { return false };
    let expected = |idx: TaskIdx, before: Option<SimNote>| match notes.get(&idx) {
        Some(note) => Some(*note).filter(|note| *note != SimNote::default()),
        None => before,
    };
    after.tasks.len() == flow.tasks.len()
        && flow.iter().zip(&after.tasks).all(|((idx, before), after)| after.sim_note == expected(idx, before.sim_note))
        && edited.is_same(document)
}

/// `# sim: 3s fail`; empty for a note that says nothing.
#[must_use]
pub fn note_text(note: SimNote) -> String {
    let mut words: Vec<String> = note.takes.map(takes_text).into_iter().collect();
    match note.fails_percent {
        0 => {}
        100 => words.push("fail".to_owned()),
        n => words.push(format!("fail={n}%")),
    }
    if words.is_empty() { String::new() } else { format!("# sim: {}", words.join(" ")) }
}

/// A length as a note has it: `3s`, `2s..5s`, `2s..3s..9s`.
#[must_use]
pub fn takes_text(takes: Takes) -> String {
    let lengths = match takes.only() {
        Some(only) => vec![only],
        None => std::iter::once(takes.shortest).chain(takes.likeliest).chain([takes.longest]).collect(),
    };
    lengths.into_iter().map(length_text).collect::<Vec<_>>().join("..")
}

/// A length as people write it, without loss: `250ms`, `2.5s`, `8m50s`, `1h20m`, `1d`.
fn length_text(length: SimTime) -> String {
    if !length.0.is_multiple_of(SECOND) && length.0 < SECOND {
        return format!("{}ms", length.0);
    }
    let mut text = String::new();
    let mut rest = length.0;
    for (unit_ms, unit) in [(DAY, 'd'), (HOUR, 'h'), (MINUTE, 'm')] {
        if rest >= unit_ms {
            text += &format!("{}{unit}", rest / unit_ms);
        }
        rest %= unit_ms;
    }
    if rest > 0 || text.is_empty() { text + &seconds(SimTime(rest), 0) + "s" } else { text }
}
