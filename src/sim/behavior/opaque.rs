//! A task that is not simulated: one second, then success, with outputs that are unknown. The page marks it "not simulated".

use super::{Context, Work};
use crate::time::SimTime;
use crate::value::Value;

/// Takes one second.
pub fn work(context: &Context<'_, '_>) -> Result<Work, String> {
    let path = format!("outputs.{}", context.task_id());
    let outputs = context.known_or(&path, Value::unknown(&path));
    Ok(Work { duration: SimTime(1000), outputs: Some(outputs), ..Work::default() })
}
