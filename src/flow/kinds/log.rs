//! `Log`, and the older `Echo`: writes its messages, rendered, at its level. Rule: Kestra, "Runnable tasks".

use std::rc::Rc;

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::{Level, Task};
use crate::flow::behavior::{Leaf, View, Work};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{LEVELS, Property, Shape, TaskType, property, required, worker};
use crate::syntax::Value as Yaml;
use crate::time::SimTime;
use crate::tr;
use crate::value::Value;

/// Its properties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Log {
    /// The messages, one entry each.
    pub messages: Vec<Rc<str>>,
    /// The Java class of a message that is neither text nor a list, with which it fails.
    pub wrong_class: Option<&'static str>,
    /// At which level, rendered when it runs.
    pub level: Option<Rc<str>>,
}

const LEVEL: Property = property("level", Shape::OneOf(LEVELS)).says(tr!(const "how important it is"));

const ECHO: TaskType = worker(
    "io.kestra.plugin.core.debug.Echo",
    tr!(const "writes to the log (old)"),
    &[property("format", Shape::Any).says(tr!(const "the text to render")), LEVEL],
)
.old();

impl TaskKind for Log {
    const TYPES: &'static [&'static TaskType] = &[
        &worker(
            "io.kestra.plugin.core.log.Log",
            tr!(const "writes to the log"),
            &[required("message", Shape::TextOrTexts).says(tr!(const "what to write")), LEVEL],
        ),
        &ECHO,
    ];

    fn read(known: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        let messages = if known.name == ECHO.name { vec![properties.required("format")] } else { properties.texts("message") };
        let wrong_class = properties.node.get("message").and_then(|message| match message.value {
            Yaml::Int(_) => Some("java.lang.Integer"),
            Yaml::Float(_) => Some("java.lang.Double"),
            Yaml::Bool(_) => Some("java.lang.Boolean"),
            Yaml::Map(_) => Some("java.util.LinkedHashMap"),
            Yaml::Null | Yaml::Text(_) | Yaml::List(_) => None,
        });
        Self { messages, wrong_class, level: properties.text("level") }
    }
}

impl Leaf for Log {
    /// It takes no time.
    fn work<'f>(&'f self, _: &'f Task, view: &dyn View<'f>) -> Result<Work, String> {
        if let Some(class) = self.wrong_class {
            return Err(format!("Invalid message type 'class {class}'"));
        }
        let level = match self.level.as_deref().map(|level| view.render(level)).transpose()? {
            None | Some(Value::Null | Value::Unknown(_)) => Level::default(),
            Some(name) => Level::from_name(&name.print()).ok_or_else(|| format!("`{}` is not a level of the log", name.print()))?,
        };
        let logged = self.messages.iter().map(|message| Ok((SimTime::ZERO, level, (*view.print(message)?).into())));
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
