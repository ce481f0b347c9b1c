//! YAML text to a [`Document`]: every value with its place, every comment, and what is wrong with the text. YAML text is parsed
//! only here, and texts are written as YAML scalars only here.
//!
//! There is one pass: `serde_yaml` reads the values, and a cursor that moves along with them finds their places and the comments.
//! A value whose place the cursor can't find has the last known place.

#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::string_slice))]

mod change;
mod explain;
mod lines;
mod pieces;
mod places;
mod scalar;
mod values;
mod weight;

use crate::diag::Diagnostic;
use crate::pace::{at_allocations, give_way};
use crate::source::{Source, Span};
use crate::tr;
pub use scalar::scalar;

/// The longest text that is read, in bytes.
pub const LONGEST_TEXT_BYTES: usize = 32 << 20;

/// What a text says: its YAML documents in order, and its comments.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// The root of each YAML document that isn't empty.
    pub roots: Vec<Node>,
    /// All comments, in order of place.
    pub comments: Vec<Comment>,
    /// Whether each part of the text says the same by itself and all places are known: nothing is wrong, there is no alias, and no value
    /// lies very deep.
    is_sure: bool,
}

/// A value and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The bytes of the value; for an alias, those of the alias.
    pub span: Span,
    /// The value.
    pub value: Value,
    /// Its own YAML tag such as `value` for `!value`; `None` for a plain value.
    pub tag: Option<Box<str>>,
    /// Whether it was reached through an alias: such a place must not be edited.
    pub aliased: bool,
}

/// A YAML value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(Float),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order it was written.
    Map(Vec<Entry>),
}

/// A number that is not whole. Two are equal when their bits are, so that equality is total.
#[derive(Clone, Copy)]
pub struct Float(pub f64);

impl PartialEq for Float {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for Float {}

impl std::fmt::Debug for Float {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A key of a map with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key; numbers and the like as they are written.
    pub key: String,
    /// The place of the key.
    pub key_span: Span,
    /// Its value.
    pub value: Node,
}

/// A comment of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// From `#` to the end of the line.
    pub span: Span,
    /// What stands after `#`, trimmed.
    pub text: String,
    /// Whether nothing else is on its line.
    pub own_line: bool,
}

/// Reads a text. It never fails: the document has what could be read, and the diagnostics say what could not.
#[must_use]
pub fn parse(source: &Source) -> (Document, Vec<Diagnostic>) {
    if source.text.len() > LONGEST_TEXT_BYTES {
        return (Document::default(), vec![too_long()]);
    }
    let values::Reading { roots, comments, mut diagnostics, is_sure } = at_allocations(|| values::read(source));
    if roots.is_empty() && diagnostics.is_empty() {
        diagnostics.push(
            Diagnostic::error("empty", Span::default(), tr!("there is no flow in this text"))
                .help(tr!("start with `id:`, `namespace:` and `tasks:`")),
        );
    }
    (Document { roots, comments, is_sure }, diagnostics)
}

/// What [`parse`] reads in a text that `document` is what was read in before a change. It takes less time when the change is small.
#[must_use]
pub fn parse_changed(old: &Source, document: &Document, source: &Source) -> (Document, Vec<Diagnostic>) {
    let changed =
        if source.text.len() > LONGEST_TEXT_BYTES { None } else { at_allocations(|| change::changed(&old.text, document, source)) };
    match changed {
        Some(changed) => {
            let parsed = (changed, Vec::new());
            if pieces::IS_TRIED {
                assert_eq!(parsed, parse(source));
            }
            parsed
        }
        None => parse(source),
    }
}

/// The diagnostic for a text longer than [`LONGEST_TEXT_BYTES`], also for callers that stop reading there.
#[must_use]
pub fn too_long() -> Diagnostic {
    let limit_mb = LONGEST_TEXT_BYTES >> 20;
    Diagnostic::error("text-too-long", Span::default(), tr!("the text is longer than the {limit_mb} MB that are read", limit_mb))
        .help(tr!("split it into several files"))
}

impl Node {
    /// The value under `key`, when this is a map that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of `key`, when this is a map that has it.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The entries of a map; none for anything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        if let Value::Map(entries) = &self.value { entries } else { &[] }
    }

    /// The items of a list; none for anything else.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        if let Value::List(items) = &self.value { items } else { &[] }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    /// The text of any scalar, numbers as they are written. `None` for null, lists and maps.
    #[must_use]
    pub fn scalar_text<'a>(&'a self, source: &'a Source) -> Option<&'a str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Bool(_) | Value::Int(_) | Value::Float(_) => Some(source.slice(self.span)),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// What it is, for messages.
    #[must_use]
    pub fn kind_name(&self) -> String {
        match &self.value {
            Value::Null => tr!("nothing"),
            Value::Bool(_) => tr!("true or false"),
            Value::Int(_) | Value::Float(_) => tr!("a number"),
            Value::Text(_) => tr!("text"),
            Value::List(_) => tr!("a list"),
            Value::Map(_) => tr!("a map"),
        }
    }

    /// Whether both have the same value, wherever and however it is written.
    #[must_use]
    pub fn same_value(&self, other: &Node) -> bool {
        give_way();
        self.tag == other.tag
            && match (&self.value, &other.value) {
                (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same_value(b)),
                (Value::Map(a), Value::Map(b)) => {
                    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.key == b.key && a.value.same_value(&b.value))
                }
                (a, b) => a == b,
            }
    }

    /// The first of this value and all values in it, in the order of the text, that is wanted.
    #[must_use]
    pub fn find(&self, is_wanted: &impl Fn(&Node) -> bool) -> Option<&Node> {
        give_way();
        if is_wanted(self) {
            return Some(self);
        }
        match &self.value {
            Value::List(items) => items.iter().find_map(|item| item.find(is_wanted)),
            Value::Map(entries) => entries.iter().find_map(|entry| entry.value.find(is_wanted)),
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => None,
        }
    }

    /// The innermost map that spans exactly `span`.
    #[must_use]
    pub fn map_at(&self, span: Span) -> Option<&Node> {
        if !self.span.contains(span) || self.aliased {
            return None;
        }
        // Children begin one after the other, so the last that begins there or before it is the one; a few may be empty.
        const FEW: usize = 4;
        let (items, entries) = (self.items(), self.entries());
        let items = items.get(..items.partition_point(|item| item.span.start <= span.start)).unwrap_or_default();
        let entries = entries.get(..entries.partition_point(|entry| entry.value.span.start <= span.start)).unwrap_or_default();
        let children = items.iter().rev().take(FEW).chain(entries.iter().rev().take(FEW).map(|entry| &entry.value));
        let within = children.filter_map(|child| child.map_at(span)).next();
        within.or_else(|| (self.span == span && matches!(self.value, Value::Map(_))).then_some(self))
    }
}

#[cfg(test)]
mod tests;
