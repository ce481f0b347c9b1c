//! Expressions in texts: `{{ inputs.name | upper }}`. In: a text and its [`Scope`]. Out: what it prints. Rules:
//! Kestra, "Expressions": Pebble with strict variables, and Kestra's own operators, filters and functions.
//!
//! What no simulation can know prints as `⟨path⟩` and makes everything it is part of unknown. The scope may assume a value for
//! it. Nothing here knows tasks.

#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::string_slice))]

mod calendar;
mod dates;
mod decision;
mod dialect;
mod evaluate;
mod evaluator;
mod filters;
mod functions;
mod ion;
mod jq;
mod letters;
mod lexer;
mod matching;
mod operators;
mod output;
mod parser;
mod run;
mod template;
mod tree;
mod yaml;
mod zones;

use std::ops::Range;
use std::rc::Rc;

pub use decision::Decision;
pub use dialect::{Dialect, HidesFaults, Wording};
pub use filters::digest;
pub use jq::results as jq_results;
pub use operators::{in_order_of_hashes, java_text};

use crate::budget::Budget;
use crate::value::{Map, Value};

/// What expressions may ask of the place at which they are evaluated.
pub trait Scope {
    /// The value of a name without dots; `None` when it is not defined.
    fn variable(&self, name: &str) -> Option<Value>;

    /// What the user assumes for an unknown value of this path: `outputs.query.rows`, `secret('X')`.
    fn assumed(&self, path: &str) -> Option<Value>;

    /// What is taken for an unknown value that decides what is evaluated: what the user assumes for this path or
    /// expression, or else the default. The scope may record it, with the reason.
    fn choose(&self, path: &str, default: Value, _why: &'static str) -> Value {
        self.assumed(path).unwrap_or(default)
    }

    /// The virtual date, in milliseconds since 1970-01-01T00:00:00Z.
    fn now_epoch_ms(&self) -> i64;

    /// The next number from the seed, for `uuid()`, `id()`, `randomInt()`.
    fn draw(&self) -> u64;

    /// What `errorLogs()` gives: a list of maps.
    ///
    /// # Errors
    /// Where it can't be called.
    fn error_logs(&self) -> Result<Value, String>;

    /// The rules of the server.
    fn dialect(&self) -> &'static Dialect;

    /// What evaluating may use.
    fn budget(&self) -> &Budget;
}

/// A text with its expressions filled in: a text, or an unknown value whose `text` is all of it when a part is unknown.
///
/// # Errors
/// In Kestra's words: ``Unable to find `NAME` used in the expression `TEXT` at line N``, where N counts from 1.
pub fn render(text: &str, scope: &dyn Scope) -> Result<Value, String> {
    // Most texts hold no expression, and looking for one character is many times as fast as for two.
    if !text.contains('{') {
        return Ok(Value::text(text));
    }
    run::render(text, scope)
}

/// Renders all texts in a value, keys of maps too. Of keys that become equal the first one is kept.
///
/// # Errors
/// As [`render`].
pub fn render_value(value: &Value, scope: &dyn Scope) -> Result<Value, String> {
    Ok(match value {
        Value::Text(text) if text.contains('{') => render(text, scope)?,
        Value::List(items) => {
            let items = items.iter().map(|item| render_value(item, scope)).collect::<Result<Vec<Value>, String>>()?;
            Value::List(Rc::new(items))
        }
        Value::Map(map) => {
            let mut rendered = Map::new();
            for (key, value) in map.iter() {
                let key = if key.contains('{') { render(key, scope)?.print() } else { Rc::clone(key) };
                let value = render_value(value, scope)?;
                if rendered.get(&key).is_none() {
                    rendered.insert(key, value);
                }
            }
            Value::Map(Rc::new(rendered))
        }
        other => other.clone(),
    })
}

/// As [`render`], but the value of a text that is one `{{ … }}` alone keeps its type: a list stays a list.
///
/// # Errors
/// As [`render`].
pub fn evaluate(text: &str, scope: &dyn Scope) -> Result<Value, String> {
    if !text.trim_start().starts_with("{{") {
        return render(text, scope);
    }
    run::only_value(text, scope).unwrap_or_else(|| render(text, scope))
}

/// Whether a rendered condition holds: "", "0", "-0", "false" and null do not, everything else does. `None` for an unknown
/// value.
#[must_use]
pub fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Unknown(_) => None,
        Value::Bool(truth) => Some(*truth),
        Value::Text(text) => Some(!matches!(&**text, "" | "0" | "-0" | "false")),
        other => Some(!matches!(&*other.print(), "" | "0" | "-0" | "false")),
    }
}

/// The fault that a text has before it is evaluated, and its bytes; `None` when it has no fault.
#[must_use]
pub fn check(text: &str) -> Option<(String, Range<usize>)> {
    template::has_opening(text).then_some(())?;
    // What is a fault is the same in all dialects, but for the operators that only the oldest one has.
    let fault = template::parse(text, &Dialect::OLDEST).err()?;
    match fault.kind {
        tree::FaultKind::Missing(message) | tree::FaultKind::Message(message) | tree::FaultKind::Whole(message) => {
            Some((message, fault.span))
        }
    }
}

/// All dotted paths that a text names, with their bytes in it: `outputs.a.value`, `inputs.x`. Keys in brackets count when they are
/// written out: `outputs['my-task'].value` is `outputs.my-task.value`. Names that the text defines itself do not count.
#[must_use]
pub fn paths(text: &str) -> Vec<(String, Range<usize>)> {
    template::paths(text)
}

/// What a text is that is one expression which gives true or false, whatever its values are; `None` for all other texts.
#[must_use]
pub fn decision(text: &str) -> Option<Decision> {
    decision::decision(text)
}

#[cfg(test)]
mod tests;
