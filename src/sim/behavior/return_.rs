//! `io.kestra.plugin.core.debug.Return`: its rendered `format` is its output `value`, logged at DEBUG.

use super::{Context, Work};
use crate::flow::Level;
use crate::time::SimTime;
use crate::value::Value;

/// Takes no time.
pub fn work(format: Option<&str>, context: &Context<'_, '_>) -> Result<Work, String> {
    let Some(format) = format else { return Ok(Work::default()) };
    let value = context.render(format)?;
    let logs = vec![(SimTime::ZERO, Level::Debug, (*value.print()).into())];
    Ok(Work { logs, outputs: Some(Value::map([("value", value)])), ..Work::default() })
}
