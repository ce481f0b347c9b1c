//! The task types we know and their properties: one table for validation and, later, for completion and hover.
//!
//! In: nothing. Out: rows of constants, and [`lookup`] from a type name to its row. A table holds what any version of Kestra
//! from 0.13 on accepts: a flow for an older or a newer server is not refused for its version.
//! Source: Kestra, "Flow properties", "Task properties" and the page of each plugin.

mod groups;
mod names;
mod parts;
mod scripts;
mod shape;
mod tasks;
mod words;

pub use groups::*;
pub use names::{Known, NOT_SIMULATED, OWN_PREFIXES, all_names, is_trigger_type, lookup, name_of_today};
pub use parts::*;
pub use scripts::*;
pub use shape::Shape;
pub use tasks::*;
#[cfg(test)]
pub use words::all_words;
pub use words::words;

/// A task type.
#[derive(Debug)]
pub struct TaskType {
    /// The full name of today. Older names that are still accepted: [`name_of_today`].
    pub name: &'static str,
    /// Its own properties, beside those of every task. Those that hold tasks stand in the order in which Kestra lists them.
    pub properties: &'static [Property],
    /// Who runs it.
    pub runner: Runner,
}

/// Who runs a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runner {
    /// A worker: Kestra's "runnable" tasks.
    Worker,
    /// The executor: a group, or a task that changes the execution or starts another.
    Executor,
}

/// A property of a task type, or of another part of a flow.
#[derive(Debug)]
pub struct Property {
    /// Its key.
    pub name: &'static str,
    /// What its value must be.
    pub shape: Shape,
    /// Whether it must be there.
    pub need: Need,
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
}

const fn property(name: &'static str, shape: Shape) -> Property {
    Property { name, shape, need: Need::Optional }
}

const fn required(name: &'static str, shape: Shape) -> Property {
    Property { name, shape, need: Need::Present }
}

const fn own(name: &'static str) -> Property {
    Property { name, shape: Shape::Text, need: Need::Own }
}

const fn filled(name: &'static str, shape: Shape) -> Property {
    Property { name, shape, need: Need::Filled }
}

const fn worker(name: &'static str, properties: &'static [Property]) -> TaskType {
    TaskType { name, properties, runner: Runner::Worker }
}

const fn executor(name: &'static str, properties: &'static [Property]) -> TaskType {
    TaskType { name, properties, runner: Runner::Executor }
}

/// All types whose properties are known.
pub const SIMULATED: &[&TaskType] = &[
    &SEQUENTIAL,
    &PARALLEL,
    &LOG,
    &RETURN,
    &SHELL,
    &SHELL_SCRIPT,
    &COMMANDS,
    &SCRIPT,
    &SLEEP,
    &FOR_EACH,
    &IF,
    &SWITCH,
    &SUBFLOW,
    &DAG,
    &PAUSE,
    &WORKING_DIRECTORY,
    &LOOP_UNTIL,
    &FOR_EACH_ITEM,
    &EACH_SEQUENTIAL,
    &EACH_PARALLEL,
    &ALLOW_FAILURE,
    &TEMPLATE,
    &ECHO,
    &FAIL,
    &LABELS,
    &EXIT,
    &ASSERT,
    &SET_VARIABLES,
    &UNSET_VARIABLES,
    &OUTPUT_VALUES,
    &REQUEST,
    &DOWNLOAD,
];

#[cfg(test)]
mod tests;
