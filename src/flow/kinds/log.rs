//! `Log`, and the older `Echo`: writes its messages, rendered, at its level. Rule: Kestra, "Runnable tasks".

use std::rc::Rc;

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::{Level, Task};
use crate::flow::behavior::{Leaf, View, Work};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{LEVELS, Property, Shape, TaskType, property, required, worker};
use crate::time::SimTime;

/// Its properties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Log {
    /// The messages, one entry each.
    pub messages: Vec<Rc<str>>,
    /// At which level.
    pub level: Level,
}

const LEVEL: Property = property("level", Shape::OneOf(LEVELS)).says("how important it is");

const ECHO: TaskType = worker(
    "io.kestra.plugin.core.debug.Echo",
    "writes to the log (old)",
    &[property("format", Shape::Any).says("the text to render"), LEVEL],
)
.old();

impl TaskKind for Log {
    const TYPES: &'static [&'static TaskType] = &[
        &worker(
            "io.kestra.plugin.core.log.Log",
            "writes to the log",
            &[required("message", Shape::TextOrTexts).says("what to write"), LEVEL],
        ),
        &ECHO,
    ];

    fn read(known: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        let messages = if known.name == ECHO.name { vec![properties.required("format")] } else { properties.texts("message") };
        Self { messages, level: properties.level("level").unwrap_or_default() }
    }
}

impl Leaf for Log {
    /// It takes no time.
    fn work<'f>(&'f self, _: &'f Task, view: &dyn View<'f>) -> Result<Work, String> {
        let logged = self.messages.iter().map(|message| Ok((SimTime::ZERO, self.level, (*view.print(message)?).into())));
        Ok(Work { logs: logged.collect::<Result<_, String>>()?, ..Work::default() })
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn its_messages_are_rendered() {
        insta::assert_snapshot!(events(r#"
  - {id: one, type: io.kestra.plugin.core.log.Log, message: "this is {{ flow.id }}"}
  - {id: two, type: io.kestra.plugin.core.log.Log, level: WARN, message: [first, second]}
"#), @"
        0 - CREATED
        0 one CREATED
        0 - RUNNING
        0 one SUBMITTED
        0 one RUNNING
        0 one log INFO this is f
        0 one SUCCESS
        0 two CREATED
        0 two SUBMITTED
        0 two RUNNING
        0 two log WARN first
        0 two log WARN second
        0 two SUCCESS
        0 - SUCCESS
        ");
    }
}
