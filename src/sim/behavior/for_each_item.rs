//! `ForEachItem`: splits a file into batches and starts an execution for each. Rule: Kestra, "ForEachItem". There is no
//! file here: how many batches it has is a setting, three when nothing is said. The executions are started by the middle
//! one of its three parts, as a Subflow does.

use super::{Context, Work};
use crate::value::Value;

/// How many batches there are when nothing is said.
pub const BATCHES: u32 = 3;

/// The split before the executions, and the merge after them: they take no time, and what they write is unknown.
pub fn part(context: &Context<'_, '_>) -> Result<Work, String> {
    let name = if context.task_id().ends_with("_merge") { "subflowOutputs" } else { "splits" };
    let file = Value::unknown(&format!("outputs.{}.{name}", context.task_id()));
    Ok(Work { outputs: Some(Value::map([(name, file)])), ..Work::default() })
}
