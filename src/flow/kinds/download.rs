//! `Download`: loads a file from a web server. Nothing is sent: an unknown file arrives after a second. Rule: Kestra,
//! "Runnable tasks".

use std::rc::Rc;

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::{ASSUMED, Task};
use crate::flow::behavior::{Leaf, View, Work};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{Shape, TaskType, property, request, worker};
use super::request::answer;
use crate::tr;
use crate::value::Value;

/// Its properties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Download {
    /// The address.
    pub uri: Rc<str>,
}

impl TaskKind for Download {
    const TYPES: &'static [&'static TaskType] = &[&worker(
        "io.kestra.plugin.core.http.Download",
        tr!(const "loads a file from a web server"),
        request![
            property("failOnEmptyResponse", Shape::Bool),
            property("saveAs", Shape::Text),
            property("saveTo", Shape::Text),
            property("maxFileSize", Shape::Any),
        ],
    )];

    fn read(_: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self { uri: properties.required("uri") }
    }
}

impl Leaf for Download {
    fn work<'f>(&'f self, _: &'f Task, view: &dyn View<'f>) -> Result<Work, String> {
        view.render(&self.uri)?;
        let outputs = answer(view, &["length", "headers", "uri"]);
        Ok(Work { duration: ASSUMED, outputs: Some(Value::Map(Rc::new(outputs))), ..Work::default() })
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn the_file_comes_after_a_second_and_is_unknown() {
        insta::assert_snapshot!(events(r#"
  - {id: get, type: io.kestra.plugin.core.http.Download, uri: "https://example.org/a.csv"}
  - {id: show, type: io.kestra.plugin.core.log.Log, message: "{{ outputs.get.code }} {{ outputs.get.uri }}"}
"#), @"
        0 - CREATED
        0 get CREATED
        0 - RUNNING
        0 get SUBMITTED
        0 get RUNNING
        1000 get SUCCESS
        1000 show CREATED
        1000 show SUBMITTED
        1000 show RUNNING
        1000 show log INFO 200 ⟨outputs.get.uri⟩
        1000 show SUCCESS
        1000 - SUCCESS
        ");
    }
}
