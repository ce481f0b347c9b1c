//! The `# sim:` note of a task.

use super::super::Edit;
use super::super::proof::{Edited, proved};
use super::super::text::{line_end, line_start};
use super::{NO_NOTE, Target};
use crate::flow::{SimNote, read_text};
use crate::source::Source;
use crate::syntax::Comment;
use crate::time::seconds;

impl Target<'_> {
    /// Writes a `# sim:` note: in place of the note that the task has, else at the end of the first line of the task.
    pub fn note(&self, note: SimNote) -> Result<Option<Edit>, String> {
        let task = self.flow.task(self.idx);
        if task.sim_note.unwrap_or(NO_NOTE) == note {
            return Ok(None);
        }
        if task.is_group() {
            return Err("a note is for a task, not for a group".to_owned());
        }
        let edit = self.note_edit(note_text(note));
        if !self.prove {
            return Ok(Some(edit));
        }
        proved(self.source, edit, |edited| self.has_note(edited, note)).map(Some)
    }

    fn note_edit(&self, text: String) -> Edit {
        let task = self.flow.task(self.idx);
        let start = task.span.range().start;
        // The note may stand on the line before the task.
        let near = line_start(self.source, start).checked_sub(1).map_or(0, |before| line_start(self.source, before).saturating_sub(1));
        let is_near = |comment: &Comment| comment.text.starts_with("sim:") && (near as u32..=task.span.end).contains(&comment.span.start);
        let is_own = |comment: &&Comment| task.sim_note.is_some() && is_near(comment) && self.note_is_at(comment.span.start);
        match self.document.comments.iter().find(is_own) {
            Some(comment) if text.is_empty() => {
                let before = self.source.text[..comment.span.range().start].trim_end_matches(' ').len();
                let start = if comment.own_line { comment.span.range().start } else { before };
                Edit { range: start..comment.span.range().end, text }
            }
            Some(comment) => Edit { range: comment.span.range(), text },
            None => {
                let end = line_end(self.source, start);
                if self.document.comments.iter().any(|comment| (start..end).contains(&comment.span.range().start)) {
                    // The line has a comment already: the note gets a line above it.
                    let line = line_start(self.source, start);
                    let indent: String = self.source.text[line..].chars().take_while(|c| *c == ' ').collect();
                    Edit { range: line..line, text: format!("{indent}{text}\n") }
                } else {
                    Edit { range: end..end, text: format!(" {text}") }
                }
            }
        }
    }

    /// Whether the task has this note in the edited text, and nothing else has changed.
    fn has_note(&self, edited: &Edited, note: SimNote) -> bool {
        let Some(after) = edited.flow(self.flow) else { return false };
        let expected = |idx, before| if idx == self.idx { (note != NO_NOTE).then_some(note) } else { before };
        after.tasks.len() == self.flow.tasks.len()
            && self.flow.iter().zip(&after.tasks).all(|((idx, before), after)| after.sim_note == expected(idx, before.sim_note))
            && edited.differs_by(self.document, self.node, &|_| {})
    }

    /// Whether a note at this byte is the note of this task: without it the task has none.
    fn note_is_at(&self, start: u32) -> bool {
        let at = start as usize;
        let without = [&self.source.text[..at], "#     ", self.source.text.get(at + 6..).unwrap_or("")].concat();
        let (_, flows, _) = read_text(&Source::new("", without));
        flows.first().and_then(|flow| flow.tasks.get(self.idx.at())).is_some_and(|task| task.sim_note.is_none())
    }
}

/// `# sim: 3s fail`; empty for a note that says nothing.
fn note_text(note: SimNote) -> String {
    let mut text = String::new();
    if let Some((shortest, longest)) = note.takes {
        text = format!("{}s", seconds(shortest, 0));
        if shortest != longest {
            text += &format!("..{}s", seconds(longest, 0));
        }
    }
    match note.fails_percent {
        0 => {}
        100 => text += " fail",
        n => text += &format!(" fail={n}%"),
    }
    if text.is_empty() { text } else { format!("# sim: {}", text.trim_start()) }
}
