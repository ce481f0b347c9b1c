//! Intents to edits: which bytes to replace so that a flow changes in one respect and in no other.
//!
//! YAML is never printed again as a whole, so comments, order and quotes stay. **Invariant:** an edit is only given when
//! reading the edited text proves that exactly the intended value changed.

mod chains;
mod dag;
mod links;
mod order;
mod proof;
mod slots;
mod tasks;
mod text;
mod xl_release;

use std::ops::Range;

use crate::source::in_common;

pub use links::{has_links, link, linkable, pairs, refused, unlink};
pub use order::reorder;
pub use proof::{Edited, Proof};
pub use slots::{set_concurrent, set_queue};
pub use tasks::{Intent, can_edit, edit, note_text, set_notes, set_times, step_ms, takes_text, written_length};
pub use text::last_byte;
// The other modules know no dialect by its name: a template is what has its own links and lengths.
use xl_release as template;

/// Bytes of a text to be replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes to replace.
    pub range: Range<usize>,
    /// The text that replaces them.
    pub text: String,
}

impl Edit {
    /// The text with the edit made.
    #[must_use]
    pub fn apply(&self, text: &str) -> String {
        [&text[..self.range.start], &self.text, &text[self.range.end..]].concat()
    }

    /// The edit that turns `old` into `new`: it replaces all between their common start and their common end.
    #[must_use]
    pub fn between(old: &str, new: &str) -> Self {
        let (range, text) = difference(old, new);
        Self { range, text: text.to_owned() }
    }
}

/// What stands between the common start and the common end of two texts: its place in `old`, and what is there in `new`.
#[must_use]
pub fn difference<'t>(old: &str, new: &'t str) -> (Range<usize>, &'t str) {
    let (start, tail) = in_common(old, new);
    (start..old.len() - tail, &new[start..new.len() - tail])
}

/// The lines that an edit removes, after `− `, and those it adds, after `+ `, at most eight of each. Lines that only move are left
/// out.
#[must_use]
pub fn changed_lines(text: &str, edit: &Edit) -> Vec<String> {
    const MOST: usize = 8;
    let start = text[..edit.range.start].rfind('\n').map_or(0, |line| line + 1);
    let end = text[edit.range.end..].find('\n').map_or(text.len(), |line| edit.range.end + line);
    let old = &text[start..end];
    let new = [&text[start..edit.range.start], &edit.text, &text[edit.range.end..end]].concat();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let least = old.lines().chain(new.lines()).filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    let only_in = |one: &str, other: &str, mark: &str| {
        let known: Vec<&str> = other.lines().map(str::trim).collect();
        let mut lines: Vec<String> = one
            .lines()
            .filter(|line| !known.contains(&line.trim()))
            .map(|line| [mark, line.get(least..).unwrap_or(line)].concat())
            .take(MOST + 1)
            .collect();
        if lines.len() > MOST {
            lines[MOST] = [mark, "…"].concat();
        }
        lines
    };
    [only_in(old, &new, "− "), only_in(&new, old, "+ ")].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_finds_the_smallest_change() {
        let edit = Edit::between("id: ä\nx", "id: ö\nx");
        assert_eq!((edit.range.clone(), edit.text.as_str()), (4..6, "ö"));
        assert_eq!(edit.apply("id: ä\nx"), "id: ö\nx");
        assert_eq!(Edit::between("aa", "aaa").apply("aa"), "aaa");
    }
}
