//! `OutputValues`: its rendered values are its outputs. Rule: Kestra, "Runnable tasks".

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::Task;
use crate::flow::behavior::{Leaf, View, Work};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{Shape, TaskType, property, worker};
use crate::tr;
use crate::value::Value;

/// Its properties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OutputValues {
    /// The values, by name.
    pub values: Value,
}

impl TaskKind for OutputValues {
    const TYPES: &'static [&'static TaskType] = &[&worker(
        "io.kestra.plugin.core.output.OutputValues",
        tr!(const "gives values as its outputs"),
        &[property("values", Shape::Map).says(tr!(const "the values, by name"))],
    )];

    fn read(_: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self { values: properties.value("values") }
    }
}

impl Leaf for OutputValues {
    /// It takes no time. Texts are rendered to texts, other values keep their type.
    fn work<'f>(&'f self, _: &'f Task, view: &dyn View<'f>) -> Result<Work, String> {
        let outputs = Value::map([("values", view.render_value(&self.values)?)]);
        Ok(Work { outputs: Some(outputs), ..Work::default() })
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn its_values_are_rendered() {
        insta::assert_snapshot!(events(r#"
  - {id: give, type: io.kestra.plugin.core.output.OutputValues, values: {name: "{{ flow.id }}", n: 3}}
  - {id: show, type: io.kestra.plugin.core.log.Log, message: "{{ outputs.give.values }}"}
"#), @r#"
        0 - CREATED
        0 give CREATED
        0 - RUNNING
        0 give SUBMITTED
        0 give RUNNING
        0 give SUCCESS
        0 show CREATED
        0 show SUBMITTED
        0 show RUNNING
        0 show log INFO {"name":"f","n":3}
        0 show SUCCESS
        0 - SUCCESS
        "#);
    }
}
