//! `UnsetVariables`: removes `vars` of its execution. Rule: Kestra, "Runnable tasks".

use std::rc::Rc;

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::Task;
use crate::flow::behavior::{Effect, Leaf, Runner, View, Work};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{Shape, TaskType, executor, property, required};
use crate::tr;

/// Its properties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UnsetVariables {
    /// Their names.
    pub variables: Vec<Rc<str>>,
    /// Whether it succeeds when a variable does not exist.
    pub ignore_missing: bool,
}

impl TaskKind for UnsetVariables {
    const TYPES: &'static [&'static TaskType] = &[&executor(
        "io.kestra.plugin.core.execution.UnsetVariables",
        tr!(const "removes variables of the execution"),
        &[
            required("variables", Shape::Texts).says(tr!(const "values that expressions read as `vars`")),
            property("ignoreMissing", Shape::Bool),
        ],
    )];

    fn read(_: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self { variables: properties.texts("variables"), ignore_missing: properties.flag("ignoreMissing", false) }
    }
}

impl Leaf for UnsetVariables {
    fn runner(&self) -> Runner {
        Runner::Executor
    }

    /// It takes no time.
    fn work<'f>(&'f self, _: &'f Task, view: &dyn View<'f>) -> Result<Work, String> {
        let names = self.variables.iter().map(|name| view.print(name)).collect::<Result<Vec<_>, _>>()?;
        let known = view.variables();
        if let Some(name) = names.iter().find(|name| !self.ignore_missing && known.get(name).is_none()) {
            return Err(format!("Variable `{name}` does not exist"));
        }
        Ok(Work { effect: Effect::UnsetVariables(names), ..Work::default() })
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn later_tasks_miss_the_variable() {
        insta::assert_snapshot!(events(r#"
  - {id: drop, type: io.kestra.plugin.core.execution.UnsetVariables, variables: [n]}
  - {id: show, type: io.kestra.plugin.core.log.Log, message: "{{ vars.n ?? 'gone' }}"}
variables: {n: 1}
"#), @"
        0 - CREATED
        0 drop CREATED
        0 drop RUNNING
        0 drop SUCCESS
        0 - RUNNING
        0 show CREATED
        0 show SUBMITTED
        0 show RUNNING
        0 show log INFO gone
        0 show SUCCESS
        0 - SUCCESS
        ");
    }
}
