//! `io.kestra.plugin.core.log.Log`: writes its messages, rendered, at its level.

use std::rc::Rc;

use super::{Context, Work};
use crate::flow::Level;
use crate::time::SimTime;

/// Takes no time.
pub fn work(messages: &[Rc<str>], level: Level, context: &Context<'_>) -> Result<Work, String> {
    let logs = messages.iter().map(|message| Ok((SimTime::ZERO, level, context.render(message)?.into()))).collect::<Result<_, String>>()?;
    Ok(Work { logs, ..Work::default() })
}
