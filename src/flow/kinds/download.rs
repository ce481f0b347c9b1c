//! `Download`: loads a file from a web server. Nothing is sent: the file is there after a second, and unknown. Rule: Kestra,
//! "Runnable tasks".

use std::rc::Rc;

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::Task;
use crate::flow::behavior::{Leaf, View, Work};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{Shape, TaskType, property, request, worker};
use super::request::{ANSWER_TIME, answer};
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
        "loads a file from a web server",
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
        Ok(Work { duration: ANSWER_TIME, outputs: Some(Value::Map(Rc::new(outputs))), ..Work::default() })
    }
}
