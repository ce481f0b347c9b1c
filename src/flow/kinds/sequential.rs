//! `Sequential`: its tasks one after another. Rule: Kestra, "Sequential".

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::behavior::Group;
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{ERRORS, FINALLY, TASKS, TaskType, executor};

/// It has no properties of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sequential;

impl TaskKind for Sequential {
    const TYPES: &'static [&'static TaskType] =
        &[&executor("io.kestra.plugin.core.flow.Sequential", "runs its tasks one after another", &[TASKS, ERRORS, FINALLY])];

    fn read(_: &TaskType, _: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self
    }
}

impl Group for Sequential {}
