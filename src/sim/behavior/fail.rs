//! `io.kestra.plugin.core.execution.Fail`: fails always, or when its condition is true.

use super::{Context, Work};
use crate::flow::Level;
use crate::time::SimTime;

/// Takes no time.
pub fn work(condition: Option<&str>, message: &str, context: &Context<'_, '_>) -> Result<Work, String> {
    let Some(condition) = condition else { return Err(context.print(message)?.to_string()) };
    if !context.truth(condition, "condition", false, "a failure that hangs on what only a real server knows is taken as not met")? {
        return Ok(Work::default());
    }
    let mut work = Work::fails(context.print(message)?.to_string());
    work.logs.push((SimTime::ZERO, Level::Error, "Fail on a condition".into()));
    Ok(work)
}
