//! `Fail`: fails always, or when its condition is true. Rule: Kestra, "Runnable tasks".

use std::rc::Rc;

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::{Level, Task};
use crate::flow::behavior::{Leaf, View, Work};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{Shape, TaskType, property, worker};
use crate::time::SimTime;
use crate::tr;

/// Its properties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fail {
    /// It fails only if this is true; without a condition it always fails.
    pub condition: Option<Rc<str>>,
    /// What it logs.
    pub message: Rc<str>,
}

impl TaskKind for Fail {
    const TYPES: &'static [&'static TaskType] = &[&worker(
        "io.kestra.plugin.core.execution.Fail",
        tr!(const "fails the execution"),
        &[property("condition", Shape::Text).says(tr!(const "fails only if it holds")), property("errorMessage", Shape::Text)],
    )];

    fn read(_: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        let message = properties.text("errorMessage").unwrap_or_else(|| Rc::from("Task failure"));
        Self { condition: properties.text("condition"), message }
    }
}

impl Leaf for Fail {
    /// It takes no time.
    fn work<'f>(&'f self, _: &'f Task, view: &dyn View<'f>) -> Result<Work, String> {
        let Some(condition) = &self.condition else { return Err(view.print(&self.message)?.to_string()) };
        let why = tr!(const "a failure that depends on what only a real server knows does not happen");
        if !view.truth(condition, "condition", false, why)? {
            return Ok(Work::default());
        }
        let mut work = Work::fails(view.print(&self.message)?.to_string());
        work.logs.push((SimTime::ZERO, Level::Error, "Fail on a condition".into()));
        Ok(work)
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn it_fails_when_its_condition_is_true() {
        insta::assert_snapshot!(events(r#"
  - {id: not_yet, type: io.kestra.plugin.core.execution.Fail, condition: "{{ 1 > 2 }}"}
  - {id: now, type: io.kestra.plugin.core.execution.Fail, errorMessage: enough}
"#), @"
        0 - CREATED
        0 not_yet CREATED
        0 - RUNNING
        0 not_yet SUBMITTED
        0 not_yet RUNNING
        0 not_yet SUCCESS
        0 now CREATED
        0 now SUBMITTED
        0 now RUNNING
        0 now log ERROR enough
        0 now FAILED
        0 - FAILED
        ");
    }
}
