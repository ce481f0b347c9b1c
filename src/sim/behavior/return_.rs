//! `io.kestra.plugin.core.debug.Return`: its rendered `format` is its output `value`, logged at DEBUG.

use super::{Context, Work};
use crate::flow::Level;
use crate::sim::trace::Outputs;
use crate::time::SimTime;

/// Takes no time.
pub fn work(format: Option<&str>, context: &Context<'_>) -> Result<Work, String> {
    let Some(format) = format else { return Ok(Work::default()) };
    let text: Box<str> = context.render(format)?.into();
    Ok(Work { logs: vec![(SimTime::ZERO, Level::Debug, text.clone())], outputs: Outputs::Value(text), ..Work::default() })
}
