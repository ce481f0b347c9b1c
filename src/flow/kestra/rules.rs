//! What Kestra decides about a taskrun before its task does anything: `runIf`. Rule: Kestra, "Task properties".

use crate::flow::Task;
use crate::flow::behavior::{Recovery, RunRules, Turn, View};
use crate::tr;

/// Kestra's rules.
#[derive(Debug, Clone, Copy)]
pub struct KestraRules;

impl RunRules for KestraRules {
    fn turn(&self, task: &Task, view: &dyn View<'_>) -> Result<Turn, String> {
        let Some(condition) = &task.run_if else { return Ok(Turn::Start) };
        let runs = view.truth(condition, "runIf", true, tr!(const "a task whose `runIf` only a real server can know runs"))?;
        Ok(if runs { Turn::Start } else { Turn::Skip })
    }

    fn recovery(&self, _: &Task, _: u32, _: &dyn View<'_>) -> Option<Recovery> {
        None
    }

    fn isolates_failures(&self) -> bool {
        false
    }
}
