//! `Publish`: records metrics. Nothing in a flow can read them. Rule: Kestra, "Runnable tasks".

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
pub struct Publish {
    /// The metrics: maps with `type`, `name` and `value`, or an expression that gives a list of them.
    pub metrics: Value,
}

impl TaskKind for Publish {
    const TYPES: &'static [&'static TaskType] = &[&worker(
        "io.kestra.plugin.core.metric.Publish",
        tr!(const "records metrics of the execution"),
        &[property("metrics", Shape::Any).says(tr!(const "counters, gauges and timers, each with `type`, `name` and `value`"))],
    )];

    fn read(_: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self { metrics: properties.value("metrics") }
    }
}

impl Leaf for Publish {
    /// It takes no time, and fails only when an expression does.
    fn work<'f>(&'f self, _: &'f Task, view: &dyn View<'f>) -> Result<Work, String> {
        view.render_value(&self.metrics)?;
        Ok(Work::default())
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn it_fails_when_a_metric_cannot_be_rendered() {
        insta::assert_snapshot!(events(r#"
  - id: good
    type: io.kestra.plugin.core.metric.Publish
    metrics: [{type: counter, name: sold, value: "{{ 1 + 1 }}"}]
  - id: bad
    type: io.kestra.plugin.core.metric.Publish
    metrics: [{type: counter, name: sold, value: "{{ nope }}"}]
"#), @"
        0 - CREATED
        0 good CREATED
        0 - RUNNING
        0 good SUBMITTED
        0 good RUNNING
        0 good SUCCESS
        0 bad CREATED
        0 bad SUBMITTED
        0 bad RUNNING
        0 bad log ERROR Unable to find `nope` used in the expression `{{ nope }}` at line 1
        0 bad FAILED
        0 - FAILED
        ");
    }
}
