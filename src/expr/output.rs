//! What one text prints and what it may cost; how unknown values spread.

use std::cell::Cell;
use std::rc::Rc;

use crate::budget::Budget;
use crate::text::Text;
use crate::value::{Unknown, Value};

/// How many steps one text may take, with everything that is rendered within it.
pub(super) const MOST_STEPS: u32 = 1_000_000;
/// How deep a list that an expression makes may nest.
const DEEPEST_VALUE: u32 = 100;
/// The longest text, in bytes.
pub(super) const LONGEST_TEXT: usize = 16 << 20;

/// How much of its limits one text has used.
#[derive(Debug)]
pub(super) struct Limits<'b> {
    steps: Cell<u32>,
    /// What the whole run may still use.
    pub budget: &'b Budget,
    /// How deep evaluations nest now.
    pub depth: Cell<u32>,
}

impl<'b> Limits<'b> {
    /// Nothing is used yet.
    pub fn new(budget: &'b Budget) -> Self {
        Self { steps: Cell::new(0), budget, depth: Cell::new(0) }
    }

    /// Counts so many steps.
    pub fn step(&self, n: usize) -> Result<(), String> {
        let steps = self.steps.get().saturating_add(u32::try_from(n).unwrap_or(u32::MAX));
        self.steps.set(steps);
        if steps > MOST_STEPS || !self.budget.work(n) { Err(format!("more than {MOST_STEPS} steps")) } else { Ok(()) }
    }
}

/// What has been printed so far.
#[derive(Debug, Default)]
pub(super) struct Output {
    text: Text,
    unknown: Option<Rc<Unknown>>,
}

impl Output {
    /// Adds a value as it prints.
    pub fn print(&mut self, value: &Value) -> Result<(), String> {
        if let Value::Text(text) = value {
            return self.write(text);
        }
        if self.unknown.is_none() {
            self.unknown = value.first_unknown().cloned();
        }
        let text = value.to_text();
        self.fits(text.len())?;
        self.text.push(&text);
        Ok(())
    }

    /// Adds a text.
    pub fn write(&mut self, text: &str) -> Result<(), String> {
        self.fits(text.len())?;
        self.text.push_str(text);
        Ok(())
    }

    fn fits(&self, n_bytes: usize) -> Result<(), String> {
        if self.text.len().saturating_add(n_bytes) > LONGEST_TEXT {
            return Err(format!("the text is longer than {} MB", LONGEST_TEXT >> 20));
        }
        Ok(())
    }

    /// The text, as an unknown value when a part of it is unknown.
    pub fn value(self) -> Value {
        match self.unknown {
            Some(unknown) if unknown.text == self.text => Value::Unknown(unknown),
            unknown => tainted(self.text, unknown.map(|unknown| unknown.path.clone())),
        }
    }
}

/// A text; an unknown value when it is made of something unknown, which has this path. When it is not known which part of
/// the text that is, all of it is unknown.
pub(super) fn tainted(text: Text, unknown: Option<Rc<str>>) -> Value {
    let Some(path) = unknown else { return Value::text(&text) };
    let mut whole = Text::new();
    whole.push_unknown(&text);
    let text = if text.has_unknown() { text } else { whole };
    Value::Unknown(Rc::new(Unknown { path, text, derived: true }))
}

/// The path of the first unknown value in a value.
pub(super) fn unknown_in(value: &Value) -> Option<Rc<str>> {
    value.first_unknown().map(|unknown| unknown.path.clone())
}

/// The result of any operation on an unknown value.
pub(super) fn passed(unknown: &Unknown) -> Value {
    follows(&unknown.path)
}

/// An unknown value that depends on the one with this path.
pub(super) fn follows(path: &str) -> Value {
    tainted(Text::unknown(path), Some(path.into()))
}

/// How many values a value consists of; `None` when an expression may not make so many.
pub(super) fn weight(value: &Value, depth: u32, so_far: usize) -> Option<usize> {
    if depth > DEEPEST_VALUE || so_far > MOST_STEPS as usize {
        return None;
    }
    let (depth, so_far) = (depth.saturating_add(1), so_far.saturating_add(1));
    match value {
        Value::List(items) => items.iter().try_fold(so_far, |sum, item| weight(item, depth, sum)),
        Value::Map(map) => map.iter().try_fold(so_far, |sum, (_, value)| weight(value, depth, sum)),
        Value::Text(text) => Some(so_far.saturating_add(text.len() / 256)),
        _ => Some(so_far),
    }
}

/// How many steps it is to go through a value once, without what its items hold.
pub(super) fn breadth(value: &Value) -> usize {
    let further = match value {
        Value::List(items) => items.len() / 16,
        Value::Map(map) => map.len() / 16,
        Value::Text(text) => text.len() / 512,
        _ => 0,
    };
    further.saturating_add(1)
}

/// Whether it prints as its path in brackets and nothing else.
pub(super) fn is_bare(unknown: &Unknown) -> bool {
    unknown.text.is_unknown()
}

/// The first unknown value among an input and its arguments.
pub(super) fn first_unknown<'v>(input: &'v Value, args: &'v [Option<Value>]) -> Option<&'v Unknown> {
    std::iter::once(input).chain(args.iter().flatten()).find_map(|value| match value {
        Value::Unknown(unknown) => Some(&**unknown),
        _ => None,
    })
}
