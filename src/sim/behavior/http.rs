//! `io.kestra.plugin.core.http.Request` and `Download`: nothing is sent. The answer comes after a second, with code 200 and
//! a body that is unknown.

use super::{Context, Work};
use crate::time::SimTime;
use crate::value::{Map, Value};
use std::rc::Rc;

/// How long an answer takes.
const TAKES: SimTime = SimTime(1000);

/// Asks for a page.
pub fn request(uri: &str, context: &Context<'_, '_>) -> Result<Work, String> {
    answer(uri, &["body", "headers"], context)
}

/// Asks for a file.
pub fn download(uri: &str, context: &Context<'_, '_>) -> Result<Work, String> {
    answer(uri, &["length", "headers"], context)
}

fn answer(uri: &str, unknown: &[&'static str], context: &Context<'_, '_>) -> Result<Work, String> {
    let uri = context.render(uri)?;
    let mut outputs = Map::new();
    let path = |name: &str| format!("outputs.{}.{name}", context.task_id());
    outputs.insert("code", context.known_or(&path("code"), Value::Int(200)));
    for name in unknown {
        outputs.insert(*name, context.known_or(&path(name), Value::unknown(&path(name))));
    }
    let is_file = unknown.contains(&"length");
    outputs.insert("uri", if is_file { context.known_or(&path("uri"), Value::unknown(&path("uri"))) } else { uri });
    Ok(Work { duration: TAKES, outputs: Some(Value::Map(Rc::new(outputs))), ..Work::default() })
}
