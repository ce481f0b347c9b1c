//! `Switch`: the list of the case that is the rendered value, else `defaults`. Rule: Kestra, "If / Switch".

use std::rc::Rc;

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::Task;
use crate::flow::behavior::{Group, Opening, Order, View};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{ERRORS, FINALLY, Shape, TaskType, executor, property, required};
use crate::flow::kestra::validate::{Checker, PathLeaf, is_filled};
use crate::source::Span;
use crate::syntax::Node;
use crate::tr;
use crate::value::Value;

/// Its properties. The cases are branches of the task, named `case VALUE`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Switch {
    /// The value that chooses a case.
    pub value: Rc<str>,
}

impl TaskKind for Switch {
    const TYPES: &'static [&'static TaskType] = &[&executor(
        "io.kestra.plugin.core.flow.Switch",
        tr!(const "runs the list of tasks that a value chooses"),
        &[
            property("cases", Shape::Cases).says(tr!(const "lists of tasks, by the value that chooses them")),
            property("defaults", Shape::Tasks).says(tr!(const "tasks for any other value")),
            ERRORS,
            FINALLY,
            required("value", Shape::Text).says(tr!(const "what chooses")),
        ],
    )
    .checked(check)];

    fn read(_: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self { value: properties.required("value") }
    }
}

impl Group for Switch {
    fn waits_for_finally(&self) -> bool {
        true
    }

    /// Without a matching case and without `defaults` it fails.
    fn open<'f>(&'f self, task: &'f Task, view: &dyn View<'f>) -> Result<Opening<'f>, String> {
        let cases = || task.lists.branches.iter().filter_map(|(name, _)| name.strip_prefix("case "));
        let first = |_: &str| cases().next().map_or(Value::Null, Value::text);
        let rendered = view.render(&self.value)?;
        let why = tr!(const "a value that only a real server knows takes the first case");
        let value = view.assume(&rendered, "value", &first, why).print();
        let is_known = cases().any(|case| case == &*value);
        let chosen = task.lists.branch(&if is_known { format!("case {value}") } else { "defaults".to_owned() });
        let outputs = Value::map([("value", Value::Text(Rc::clone(&value))), ("defaults", Value::Bool(!is_known))]);
        if !is_known && chosen.is_empty() {
            let execution = view.variable("execution").and_then(|execution| execution.get("id").map(Value::print)).unwrap_or_default();
            let flow = view.flow();
            let message = format!("No task found on flow '{}.{}', task '{}', execution '{execution}'", flow.namespace, flow.id, task.id);
            return Ok(Opening { outputs: Some(outputs), dead_end: Some(message.into()), ..Opening::of(&[], Order::Sequential) });
        }
        Ok(Opening { outputs: Some(outputs), ..Opening::of(chosen, Order::Sequential) })
    }
}

/// It must have cases or defaults.
fn check(checker: &mut Checker<'_, '_>, node: &Node, leaf: Option<PathLeaf<'_>>, span: Span) {
    if !is_filled(node.get("cases")) && !is_filled(node.get("defaults")) {
        let line = checker.line(leaf, "", "No task defined, neither cases or default have any tasks");
        let help = tr!("add `cases:` with a list of tasks for each value");
        checker.error("switch", span, tr!("this Switch has neither `cases` nor `defaults`"), line, help);
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn the_value_chooses_a_list() {
        insta::assert_snapshot!(events(r#"
  - id: choice
    type: io.kestra.plugin.core.flow.Switch
    value: "{{ vars.color }}"
    cases:
      red: [{id: stop, type: io.kestra.plugin.core.debug.Return}]
    defaults: [{id: go, type: io.kestra.plugin.core.debug.Return}]
variables: {color: green}
"#), @"
        0 - CREATED
        0 choice CREATED
        0 - RUNNING
        0 choice RUNNING
        0 go CREATED
        0 go SUBMITTED
        0 go RUNNING
        0 go SUCCESS
        0 choice SUCCESS
        0 - SUCCESS
        ");
    }
}
