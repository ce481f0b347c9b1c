//! The first and the last part of a `ForEachItem`: the split before the executions, and the merge after them. They take no
//! time, and the files they write are unknown. Rule: Kestra, "ForEachItem".

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::Task;
use crate::flow::behavior::{Leaf, Runner, View, Work};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::TaskType;
use crate::value::Value;

/// Only the reader of a ForEachItem makes it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ForEachItemPart;

impl TaskKind for ForEachItemPart {
    const TYPES: &'static [&'static TaskType] = &[];

    fn read(_: &TaskType, _: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self
    }
}

impl Leaf for ForEachItemPart {
    fn runner(&self) -> Runner {
        Runner::Executor
    }

    fn work<'f>(&'f self, _: &'f Task, view: &dyn View<'f>) -> Result<Work, String> {
        let name = if view.task_id().ends_with("_merge") { "subflowOutputs" } else { "splits" };
        let file = Value::unknown(&format!("outputs.{}.{name}", view.task_id()));
        Ok(Work { outputs: Some(Value::map([(name, file)])), ..Work::default() })
    }
}
