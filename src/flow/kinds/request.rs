//! `Request`: asks a web server. Nothing is sent: an answer with code 200 and an unknown body arrives after a second.
//! Rule: Kestra, "Runnable tasks".

use std::rc::Rc;

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::{ASSUMED, Task};
use crate::flow::behavior::{Leaf, View, Work};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{Shape, TaskType, property, request, worker};
use crate::tr;
use crate::value::{Map, Value};

/// Its properties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// The address.
    pub uri: Rc<str>,
}

impl TaskKind for Request {
    const TYPES: &'static [&'static TaskType] =
        &[&worker("io.kestra.plugin.core.http.Request", tr!(const "asks a web server"), request![property("encryptBody", Shape::Bool)])];

    fn read(_: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self { uri: properties.required("uri") }
    }
}

impl Leaf for Request {
    fn work<'f>(&'f self, _: &'f Task, view: &dyn View<'f>) -> Result<Work, String> {
        let uri = view.render(&self.uri)?;
        let mut outputs = answer(view, &["body", "headers"]);
        outputs.insert("uri", uri);
        Ok(Work { duration: ASSUMED, outputs: Some(Value::Map(Rc::new(outputs))), ..Work::default() })
    }
}

/// The outputs of an answer: its code, and these unknown values.
pub(super) fn answer(view: &dyn View<'_>, unknown: &[&'static str]) -> Map {
    let mut outputs = Map::new();
    outputs.insert("code", view.assumed_or(&format!("outputs.{}.code", view.task_id()), Value::Int(200)));
    for name in unknown {
        outputs.insert(*name, view.unknown_output(name));
    }
    outputs
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn the_answer_comes_after_a_second_with_an_unknown_body() {
        insta::assert_snapshot!(events(r#"
  - {id: ask, type: io.kestra.plugin.core.http.Request, uri: "https://example.org"}
  - {id: show, type: io.kestra.plugin.core.log.Log, message: "{{ outputs.ask.code }} {{ outputs.ask.body }}"}
"#), @"
        0 - CREATED
        0 ask CREATED
        0 - RUNNING
        0 ask SUBMITTED
        0 ask RUNNING
        1000 ask SUCCESS
        1000 show CREATED
        1000 show SUBMITTED
        1000 show RUNNING
        1000 show log INFO 200 ⟨outputs.ask.body⟩
        1000 show SUCCESS
        1000 - SUCCESS
        ");
    }
}
