//! The task types we know and their properties: one table for validation, completion and hover.
//!
//! In: nothing. Out: rows of constants, and [`lookup`] from a type name to its row. Each property has the versions that know it.
//! 0.21 stands for any server from 0.13 on: there a flow is not refused for its version. What 1.3 and 2.0 know is in
//! `by_version.rs`. Source: Kestra, "Flow properties", "Task properties" and the page of each plugin, and "Versions".

mod by_version;
mod common;
mod names;
mod parts;
mod shape;

pub use by_version::{CoreType, core_type, core_types, properties_of, versions_of};
pub use common::*;
pub use names::{
    Known, OWN_PREFIXES, all_names, current_name, is_own, is_trigger_type, lookup, not_simulated, simulated, trigger_names,
    trigger_versions, type_words,
};
pub use parts::*;
pub use shape::{Reading, Shape, has_expression, is_prose};

use super::validate::Check;
use super::versions::Versions;
pub use crate::flow::behavior::Runner;

/// A task type. It is defined in the file of its kind, in [`crate::flow::kinds`].
#[derive(Debug)]
pub struct TaskType {
    /// The current full name.
    pub name: &'static str,
    /// Its former names. Packages that were renamed as a whole are in [`current_name`].
    pub former: &'static [&'static str],
    /// Other types that differ only in name.
    pub same: &'static [&'static str],
    /// A short description, for completion.
    pub words: &'static str,
    /// Its own properties, beside those of every task. Those that hold tasks are in Kestra's order.
    pub properties: &'static [Property],
    /// Who runs it.
    pub runner: Runner,
    /// Its own validation rules.
    pub check: Option<Check>,
    /// Whether another type has replaced it: completion offers it last.
    pub is_old: bool,
}

impl TaskType {
    /// The same with these former names.
    #[must_use]
    pub const fn formerly(self, former: &'static [&'static str]) -> Self {
        Self { former, ..self }
    }

    /// The same for further types.
    #[must_use]
    pub const fn also(self, same: &'static [&'static str]) -> Self {
        Self { same, ..self }
    }

    /// The same, marked as replaced by another type.
    #[must_use]
    pub const fn old(self) -> Self {
        Self { is_old: true, ..self }
    }

    /// The same with its own validation rules.
    #[must_use]
    pub const fn checked(self, check: Check) -> Self {
        Self { check: Some(check), ..self }
    }

    /// Whether this is the current name of one of its types.
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
    /// The shape of its value.
    pub shape: Shape,
    /// Whether it is required.
    pub need: Need,
    /// A short description, for completion; empty when the name is clear enough.
    pub words: &'static str,
    /// The versions that know it.
    pub versions: Versions,
    /// Whether its value is rendered before it is used, in 1.3 and 2.0.
    pub is_rendered: bool,
    /// Whether 1.3 calls it deprecated.
    pub is_old: bool,
    /// The value it has when none is written; empty when there is none, or it can't be written in a few letters.
    pub default: &'static str,
}

/// Whether a property is required, and with which of Kestra's messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It is optional.
    Optional,
    /// It is required: `must not be null`.
    Present,
    /// It is required and must not be empty: `must not be empty`.
    Filled,
    /// As the two above, with both messages.
    PresentAndFilled,
    /// It must hold tasks: `The 'tasks' property cannot be empty`.
    Tasks,
    /// It is required and has its own rules: ids and types.
    Own,
}

impl Property {
    /// The same, known to these versions only.
    #[must_use]
    pub const fn only(self, versions: Versions) -> Self {
        Self { versions, ..self }
    }

    /// The same, with a value that is rendered.
    #[must_use]
    pub const fn rendered(self) -> Self {
        Self { is_rendered: true, ..self }
    }

    /// The same, deprecated in 1.3.
    #[must_use]
    pub const fn deprecated(self) -> Self {
        Self { is_old: true, ..self }
    }

    /// The same with this default.
    #[must_use]
    pub const fn or(self, default: &'static str) -> Self {
        Self { default, ..self }
    }

    /// Whether it is required.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.need != Need::Optional
    }

    /// The same with a description.
    #[must_use]
    pub const fn says(self, words: &'static str) -> Self {
        Self { words, ..self }
    }
}

/// An optional property.
#[must_use]
pub const fn property(name: &'static str, shape: Shape) -> Property {
    Property { name, shape, need: Need::Optional, words: "", versions: Versions::ALL, is_rendered: false, is_old: false, default: "" }
}

/// A required property.
#[must_use]
pub const fn required(name: &'static str, shape: Shape) -> Property {
    Property { need: Need::Present, ..property(name, shape) }
}

/// A required property that must not be empty.
#[must_use]
pub const fn filled(name: &'static str, shape: Shape) -> Property {
    Property { need: Need::Filled, ..property(name, shape) }
}

/// A required property with its own rules.
const fn own(name: &'static str) -> Property {
    Property { need: Need::Own, ..property(name, Shape::Text) }
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
