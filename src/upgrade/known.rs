//! What the newer version says of a text: names that it has replaced, and all else that it refuses.

use super::choices::choices;
use super::pen::{Left, Pen};
use super::walk::{children_mut, entries_mut};
use crate::diag::{Diagnostic, Fix};
use crate::source::Source;
use crate::syntax::{Node, Value};

/// Whether the newer version refuses the flow for it, or a task would fail that did not fail before.
pub fn counts(found: &Diagnostic) -> bool {
    found.is_error() || found.code == "unknown-name"
}

/// What it says about a change that nothing here can make.
pub fn left(found: &Diagnostic, source: &Source) -> Left {
    let choices = choices(source.slice(found.span));
    let why = if choices.is_empty() { found.help.clone().unwrap_or_default() } else { String::new() };
    Left { why, choices }
}

/// Writes the name that is meant, when the diagnostic has one.
pub fn rename(root: &mut Node, fix: &Fix, pen: &mut Pen<'_>) -> Result<bool, Left> {
    if !root.span.contains(fix.span) && !root.entries().iter().any(|entry| entry.key_span == fix.span) {
        return Ok(false);
    }
    for entry in entries_mut(root) {
        if entry.key_span == fix.span {
            pen.rename(entry, &fix.text);
            return Ok(true);
        }
    }
    if let Value::Text(text) = &root.value {
        if root.span == fix.span {
            return pen.set_word(root, &fix.text).map(|()| true);
        }
        let part = pen.read_at(text, root.span, fix.span).ok_or_else(Left::unusual)?;
        return pen.change_text(root, vec![(part, fix.text.clone())]).map(|()| true);
    }
    for child in children_mut(root) {
        if rename(child, fix, pen)? {
            return Ok(true);
        }
    }
    Ok(false)
}
