//! `Assert`: fails when one of its conditions is false. Rule: Kestra, "Runnable tasks".

use std::rc::Rc;

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::{Level, Task};
use crate::flow::behavior::{Leaf, View, Work};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{Shape, TaskType, property, required, worker};
use crate::time::SimTime;
use crate::tr;

/// Its properties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Assert {
    /// What must be true.
    pub conditions: Vec<Rc<str>>,
    /// What it logs when one is not.
    pub message: Option<Rc<str>>,
}

impl TaskKind for Assert {
    const TYPES: &'static [&'static TaskType] = &[&worker(
        "io.kestra.plugin.core.execution.Assert",
        tr!(const "fails unless all its conditions hold"),
        &[
            required("conditions", Shape::TextOrTexts).says(tr!(const "expressions that must all hold")),
            property("errorMessage", Shape::Text),
        ],
    )];

    fn read(_: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self { conditions: properties.texts("conditions"), message: properties.text("errorMessage") }
    }
}

impl Leaf for Assert {
    /// It takes no time.
    fn work<'f>(&'f self, _: &'f Task, view: &dyn View<'f>) -> Result<Work, String> {
        let mut logs = Vec::new();
        let why = tr!(const "a condition that depends on what only a real server knows counts as true");
        for condition in &self.conditions {
            match view.truth(condition, "conditions", true, why) {
                Ok(true) => {}
                Ok(false) => logs.push((SimTime::ZERO, Level::Error, format!("Assertion `{condition}` failed!").into())),
                Err(error) => {
                    let message = format!("Assertion `{condition}` failed, failed to render `{error}`");
                    logs.push((SimTime::ZERO, Level::Error, message.into()));
                }
            }
        }
        let n = logs.len();
        let failed = n > 0;
        if failed {
            let message = self.message.as_ref().map(|message| view.print(message)).transpose()?;
            let message = message.map(|message| format!("\n{message}")).unwrap_or_default();
            let message = format!("{n} assertion{} failed!{message}", if n == 1 { "" } else { "s" });
            logs.push((SimTime::ZERO, Level::Error, message.into()));
        }
        Ok(Work { logs, failed, ..Work::default() })
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn it_fails_with_its_message_when_a_condition_is_false() {
        insta::assert_snapshot!(events(r#"
  - {id: good, type: io.kestra.plugin.core.execution.Assert, conditions: ["{{ 1 < 2 }}"]}
  - {id: bad, type: io.kestra.plugin.core.execution.Assert, conditions: ["{{ 1 > 2 }}"], errorMessage: one is less}
"#), @r"
        0 - CREATED
        0 good CREATED
        0 - RUNNING
        0 good SUBMITTED
        0 good RUNNING
        0 good SUCCESS
        0 bad CREATED
        0 bad SUBMITTED
        0 bad RUNNING
        0 bad log ERROR Assertion `{{ 1 > 2 }}` failed!
        0 bad log ERROR 1 assertion failed!\none is less
        0 bad FAILED
        0 - FAILED
        ");
    }
}
