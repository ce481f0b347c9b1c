//! `If`: runs one of two lists. Its condition is evaluated once. Rule: Kestra, "If / Switch".

use std::rc::Rc;

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::Task;
use crate::flow::behavior::{Group, Opening, Order, View};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{ERRORS, FINALLY, Shape, TaskType, executor, filled, property, required};
use crate::tr;
use crate::value::Value;

/// Its properties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct If {
    /// The condition.
    pub condition: Rc<str>,
}

impl TaskKind for If {
    const TYPES: &'static [&'static TaskType] = &[&executor(
        "io.kestra.plugin.core.flow.If",
        tr!(const "runs `then` or `else`, by a condition"),
        &[
            filled("then", Shape::Tasks).says(tr!(const "tasks for when the condition holds")),
            property("else", Shape::Tasks).says(tr!(const "tasks for when it does not")),
            ERRORS,
            FINALLY,
            required("condition", Shape::Text).says(tr!(const "an expression; empty, 0 and false do not hold")),
        ],
    )];

    fn read(_: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self { condition: properties.required("condition") }
    }
}

impl Group for If {
    fn open<'f>(&'f self, task: &'f Task, view: &dyn View<'f>) -> Result<Opening<'f>, String> {
        let why = tr!(const "a condition that depends on what only a real server knows takes `then`");
        let result = view.truth(&self.condition, "condition", true, why)?;
        let chosen = task.lists.branch(if result { "then" } else { "else" });
        let outputs = Value::map([("evaluationResult", Value::Bool(result))]);
        Ok(Opening { outputs: Some(outputs), ..Opening::of(chosen, Order::Sequential) })
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn the_condition_chooses_one_of_two_lists() {
        insta::assert_snapshot!(events(r#"
  - id: choice
    type: io.kestra.plugin.core.flow.If
    condition: "{{ vars.on }}"
    then: [{id: yes, type: io.kestra.plugin.core.debug.Return}]
    else: [{id: no, type: io.kestra.plugin.core.debug.Return}]
variables: {on: false}
"#), @"
        0 - CREATED
        0 choice CREATED
        0 - RUNNING
        0 choice RUNNING
        0 no CREATED
        0 no SUBMITTED
        0 no RUNNING
        0 no SUCCESS
        0 choice SUCCESS
        0 - SUCCESS
        ");
    }
}
