//! `SetVariables`: sets `vars` of its execution. Rule: Kestra, "Runnable tasks".

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::Task;
use crate::flow::behavior::{Effect, Leaf, Runner, View, Work};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{Shape, TaskType, executor, property, required};
use crate::tr;
use crate::value::{Map, Value};

/// Its properties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SetVariables {
    /// The variables, by name.
    pub variables: Value,
    /// Whether it may change variables that exist.
    pub overwrite: bool,
}

impl TaskKind for SetVariables {
    const TYPES: &'static [&'static TaskType] = &[&executor(
        "io.kestra.plugin.core.execution.SetVariables",
        tr!(const "sets variables of the execution"),
        &[required("variables", Shape::Map).says(tr!(const "values that expressions read as `vars`")), property("overwrite", Shape::Bool)],
    )];

    fn read(_: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self { variables: properties.value("variables"), overwrite: properties.flag("overwrite", true) }
    }
}

impl Leaf for SetVariables {
    fn runner(&self) -> Runner {
        Runner::Executor
    }

    /// It takes no time.
    fn work<'f>(&'f self, _: &'f Task, view: &dyn View<'f>) -> Result<Work, String> {
        let rendered = view.render_value(&self.variables)?;
        let map = rendered.as_map().cloned().unwrap_or_default();
        let known = view.variables();
        if let Some((key, _)) = map.iter().find(|(key, _)| !self.overwrite && known.get(key).is_some()) {
            return Err(format!("Variable `{key}` already exists and `overwrite` is set to `false`"));
        }
        Ok(Work { effect: Effect::SetVariables(Map::clone(&map)), ..Work::default() })
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn later_tasks_see_the_new_value() {
        insta::assert_snapshot!(events(r#"
  - {id: set, type: io.kestra.plugin.core.execution.SetVariables, variables: {n: 2}}
  - {id: show, type: io.kestra.plugin.core.log.Log, message: "{{ vars.n }}"}
variables: {n: 1}
"#), @"
        0 - CREATED
        0 set CREATED
        0 set RUNNING
        0 set SUCCESS
        0 - RUNNING
        0 show CREATED
        0 show SUBMITTED
        0 show RUNNING
        0 show log INFO 2
        0 show SUCCESS
        0 - SUCCESS
        ");
    }
}
