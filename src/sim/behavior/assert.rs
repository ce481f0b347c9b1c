//! `io.kestra.plugin.core.execution.Assert`: fails when one of its conditions is false.

use std::rc::Rc;

use super::{Context, Work};
use crate::flow::Level;
use crate::time::SimTime;

/// Takes no time.
pub fn work(conditions: &[Rc<str>], message: Option<&str>, context: &Context<'_, '_>) -> Result<Work, String> {
    let mut logs = Vec::new();
    for condition in conditions {
        if !context.truth(condition, "conditions", true, "a condition that hangs on what only a real server knows is taken as true")? {
            logs.push((SimTime::ZERO, Level::Error, format!("Assertion `{condition}` failed").into()));
        }
    }
    let failed = !logs.is_empty();
    if let Some(message) = message.filter(|_| failed) {
        logs.push((SimTime::ZERO, Level::Error, (*context.print(message)?).into()));
    }
    Ok(Work { logs, failed, ..Work::default() })
}
