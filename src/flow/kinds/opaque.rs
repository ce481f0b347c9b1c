//! A task that is not simulated: one second, then success, with outputs that are unknown. The page marks it "not simulated".

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::Task;
use crate::flow::behavior::{Leaf, View, Work};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{TaskType};
use crate::time::SimTime;
use crate::value::Value;

/// Its properties mean nothing here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Opaque;

impl TaskKind for Opaque {
    const TYPES: &'static [&'static TaskType] = &[];

    fn read(_: &TaskType, _: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self
    }
}

impl Leaf for Opaque {
    fn work<'f>(&'f self, _: &'f Task, view: &dyn View<'f>) -> Result<Work, String> {
        let path = format!("outputs.{}", view.task_id());
        let outputs = view.assumed_or(&path, Value::unknown(&path));
        Ok(Work { duration: SimTime(1000), outputs: Some(outputs), ..Work::default() })
    }
}
