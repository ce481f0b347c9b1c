//! The task types we know and their properties: one table for validation and, later, for completion and hover.
//!
//! In: nothing. Out: rows of constants, and [`lookup`] from a type name to its row. A table holds what any version of Kestra
//! from 0.13 on accepts: a flow for an older or a newer server is not refused for its version.
//! Source: Kestra, "Flow properties", "Task properties" and the page of each plugin.

mod common;
mod names;
mod parts;
mod shape;

pub use common::*;
pub use names::{Known, NOT_SIMULATED, OWN_PREFIXES, all_names, is_trigger_type, lookup, name_of_today, type_words};
pub use parts::*;
pub use shape::Shape;

use super::validate::Check;
pub use crate::flow::behavior::Runner;

/// A task type. Each stands in the file of its kind, in [`crate::flow::kinds`].
#[derive(Debug)]
pub struct TaskType {
    /// The full name of today.
    pub name: &'static str,
    /// Names it once had; the packages that were renamed as a whole are in [`name_of_today`].
    pub former: &'static [&'static str],
    /// Other types that are the same but for their name.
    pub same: &'static [&'static str],
    /// What it is for, in few words, for completion.
    pub words: &'static str,
    /// Its own properties, beside those of every task. Those that hold tasks stand in the order in which Kestra lists them.
    pub properties: &'static [Property],
    /// Who runs it.
    pub runner: Runner,
    /// The rules of its own in the validation.
    pub check: Option<Check>,
    /// Whether another type has taken its place: completion offers it last.
    pub is_old: bool,
}

impl TaskType {
    /// The same with the names it once had.
    #[must_use]
    pub const fn once(self, former: &'static [&'static str]) -> Self {
        Self { former, ..self }
    }

    /// The same for other types, too.
    #[must_use]
    pub const fn also(self, same: &'static [&'static str]) -> Self {
        Self { same, ..self }
    }

    /// The same as a type that another has replaced.
    #[must_use]
    pub const fn old(self) -> Self {
        Self { is_old: true, ..self }
    }

    /// The same with rules of its own.
    #[must_use]
    pub const fn checked(self, check: Check) -> Self {
        Self { check: Some(check), ..self }
    }

    /// Whether it goes by this name of today.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.name == name || self.same.contains(&name)
    }
}

/// A property of a task type, or of another part of a flow.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// Its key.
    pub name: &'static str,
    /// What its value must be.
    pub shape: Shape,
    /// Whether it must be there.
    pub need: Need,
    /// What it is for, in few words, for completion; empty when its name says it.
    pub words: &'static str,
}

/// Whether a property must be there, in the steps in which Kestra asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It may be left out.
    Optional,
    /// It must be there: `must not be null`.
    Present,
    /// It must be there and hold something: `must not be empty`.
    Filled,
    /// Both are asked for, one by one.
    PresentAndFilled,
    /// It must hold tasks: `The 'tasks' property cannot be empty`.
    Tasks,
    /// It must be there, and has rules of its own: ids and types.
    Own,
}

impl Property {
    /// Whether it must be there.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.need != Need::Optional
    }

    /// The same with words for completion.
    #[must_use]
    pub const fn says(self, words: &'static str) -> Self {
        Self { words, ..self }
    }
}

/// A property that may be left out.
#[must_use]
pub const fn property(name: &'static str, shape: Shape) -> Property {
    Property { name, shape, need: Need::Optional, words: "" }
}

/// A property that must be there.
#[must_use]
pub const fn required(name: &'static str, shape: Shape) -> Property {
    Property { name, shape, need: Need::Present, words: "" }
}

/// A property that must be there and hold something.
#[must_use]
pub const fn filled(name: &'static str, shape: Shape) -> Property {
    Property { name, shape, need: Need::Filled, words: "" }
}

/// A property that must be there and has rules of its own.
const fn own(name: &'static str) -> Property {
    Property { name, shape: Shape::Text, need: Need::Own, words: "" }
}

/// A type that a worker runs.
#[must_use]
pub const fn worker(name: &'static str, words: &'static str, properties: &'static [Property]) -> TaskType {
    TaskType { name, former: &[], same: &[], words, properties, runner: Runner::Worker, check: None, is_old: false }
}

/// A type that the executor runs.
#[must_use]
pub const fn executor(name: &'static str, words: &'static str, properties: &'static [Property]) -> TaskType {
    TaskType { runner: Runner::Executor, ..worker(name, words, properties) }
}

#[cfg(test)]
mod tests;
