//! `Labels`: adds labels to its execution, or changes them. Rule: Kestra, "Runnable tasks".

use std::rc::Rc;

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::Task;
use crate::flow::behavior::{Effect, Leaf, Runner, View, Work};
use crate::flow::kestra::properties::{Properties, label_pairs};
use crate::flow::kestra::schema::{Shape, TaskType, executor, required};
use crate::tr;
use crate::value::Value;

/// Its properties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Labels {
    /// JSON text, a map, or a list of `key` and `value`.
    pub labels: Value,
}

impl TaskKind for Labels {
    const TYPES: &'static [&'static TaskType] = &[&executor(
        "io.kestra.plugin.core.execution.Labels",
        tr!(const "sets labels of the execution"),
        &[required("labels", Shape::Values).says(tr!(const "labels to find executions by"))],
    )];

    fn read(_: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self { labels: properties.value("labels") }
    }
}

impl Leaf for Labels {
    fn runner(&self) -> Runner {
        Runner::Executor
    }

    /// It takes no time.
    fn work<'f>(&'f self, _: &'f Task, view: &dyn View<'f>) -> Result<Work, String> {
        let rendered = view.render_value(&self.labels)?;
        let rendered = if let Value::Text(json) = &rendered {
            Value::from_json(json).ok_or_else(|| format!("`{json}` is not the JSON of labels"))?
        } else {
            rendered
        };
        let pairs: Vec<(Rc<str>, Rc<str>)> = label_pairs(&rendered).into_iter().map(|(key, value)| (key, value.print())).collect();
        if let Some((key, value)) = pairs.iter().find(|(key, _)| key.starts_with("system.")) {
            return Err(format!("System labels can only be set by Kestra itself, offending label: {key}={value}"));
        }
        Ok(Work { effect: Effect::Labels(pairs), ..Work::default() })
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn later_tasks_see_the_new_labels() {
        insta::assert_snapshot!(events(r#"
  - {id: mark, type: io.kestra.plugin.core.execution.Labels, labels: {team: "{{ flow.id }}"}}
  - {id: show, type: io.kestra.plugin.core.log.Log, message: "{{ labels.team }}"}
"#), @"
        0 - CREATED
        0 mark CREATED
        0 mark RUNNING
        0 mark SUCCESS
        0 - RUNNING
        0 show CREATED
        0 show SUBMITTED
        0 show RUNNING
        0 show log INFO f
        0 show SUCCESS
        0 - SUCCESS
        ");
    }
}
