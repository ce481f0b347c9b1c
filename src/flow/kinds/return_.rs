//! `Return`: its rendered `format` is its output `value`, logged at DEBUG. Rule: Kestra, "Runnable tasks".

use std::rc::Rc;

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::{Level, Task};
use crate::flow::behavior::{Leaf, View, Work};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{Shape, TaskType, property, worker};
use crate::time::SimTime;
use crate::tr;
use crate::value::Value;

/// Its properties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Return {
    /// The text that is rendered.
    pub format: Option<Rc<str>>,
}

impl TaskKind for Return {
    const TYPES: &'static [&'static TaskType] = &[&worker(
        "io.kestra.plugin.core.debug.Return",
        tr!(const "gives a rendered text as its output"),
        &[property("format", Shape::Any).says(tr!(const "the text to render"))],
    )];

    fn read(_: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self { format: properties.text("format") }
    }
}

impl Leaf for Return {
    /// It takes no time.
    fn work<'f>(&'f self, _: &'f Task, view: &dyn View<'f>) -> Result<Work, String> {
        let Some(format) = &self.format else { return Ok(Work::default()) };
        let value = view.render(format)?;
        let logs = vec![(SimTime::ZERO, Level::Debug, (*value.print()).into())];
        Ok(Work { logs, outputs: Some(Value::map([("value", value)])), ..Work::default() })
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn its_format_is_its_output() {
        insta::assert_snapshot!(events(r#"
  - {id: give, type: io.kestra.plugin.core.debug.Return, format: "this is {{ flow.id }}"}
  - {id: show, type: io.kestra.plugin.core.log.Log, message: "{{ outputs.give.value }}"}
"#), @"
        0 - CREATED
        0 give CREATED
        0 - RUNNING
        0 give SUBMITTED
        0 give RUNNING
        0 give log DEBUG this is f
        0 give SUCCESS
        0 show CREATED
        0 show SUBMITTED
        0 show RUNNING
        0 show log INFO this is f
        0 show SUCCESS
        0 - SUCCESS
        ");
    }
}
