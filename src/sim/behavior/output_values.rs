//! `io.kestra.plugin.core.output.OutputValues`: its values, rendered, are its outputs.

use super::{Context, Work};
use crate::value::Value;

/// Takes no time. Texts are rendered to texts, other values keep their type.
pub fn work(values: &Value, context: &Context<'_, '_>) -> Result<Work, String> {
    let outputs = Value::map([("values", context.render_value(values)?)]);
    Ok(Work { outputs: Some(outputs), ..Work::default() })
}
