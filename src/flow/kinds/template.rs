//! `Template`, deprecated: runs the tasks of a template that is stored on the server. Here the template is assumed to exist,
//! and takes a second; where the user assumes that it does not, the task fails. Rule: Kestra, "Template".

use std::rc::Rc;

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::{ASSUMED, Task};
use crate::flow::behavior::{Leaf, Runner, View, Work};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{Shape, TaskType, executor, property, required};
use crate::tr;

/// Its properties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template {
    /// The template, as `NAMESPACE.ID`.
    pub called: Rc<str>,
}

impl TaskKind for Template {
    const TYPES: &'static [&'static TaskType] = &[&executor(
        "io.kestra.plugin.core.flow.Template",
        tr!(const "runs the tasks of a stored template (old)"),
        &[
            required("namespace", Shape::Text).says(tr!(const "groups flows, as folders do")),
            required("templateId", Shape::Text),
            property("args", Shape::Map),
            property("tenantId", Shape::Text),
        ],
    )
    .old()];

    fn read(_: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self { called: format!("{}.{}", properties.required("namespace"), properties.required("templateId")).into() }
    }
}

impl Leaf for Template {
    fn runner(&self) -> Runner {
        Runner::Executor
    }

    fn work<'f>(&'f self, _: &'f Task, view: &dyn View<'f>) -> Result<Work, String> {
        if view.is_on_server(&format!("templates.{}", self.called)) {
            return Ok(Work { duration: ASSUMED, ..Work::default() });
        }
        Err(format!("Can't find flow template '{}'", self.called))
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn a_stored_template_takes_a_second() {
        insta::assert_snapshot!(events("
  - {id: old, type: io.kestra.plugin.core.flow.Template, namespace: n, templateId: stored}
"), @"
        0 - CREATED
        0 old CREATED
        0 - RUNNING
        0 old RUNNING
        1000 old SUCCESS
        1000 - SUCCESS
        ");
    }
}
