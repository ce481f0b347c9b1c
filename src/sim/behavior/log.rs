//! `io.kestra.plugin.core.log.Log`, and `Echo`: writes its messages, rendered, at its level.

use std::rc::Rc;

use super::{Context, Work};
use crate::flow::Level;
use crate::time::SimTime;

/// Takes no time.
pub fn work(messages: &[Rc<str>], level: Level, context: &Context<'_, '_>) -> Result<Work, String> {
    let logged = messages.iter().map(|message| Ok((SimTime::ZERO, level, (*context.print(message)?).into())));
    Ok(Work { logs: logged.collect::<Result<_, String>>()?, ..Work::default() })
}
