//! `If`: one of two lists, by a condition that is evaluated once. Rule: Kestra, "If / Switch".

use super::{Context, Opening};
use crate::flow::Lists;
use crate::sim::group::Children;
use crate::value::Value;

/// The chosen list; without one there is nothing to do.
pub fn open<'f>(condition: &str, lists: &'f Lists, context: &Context<'_, 'f>) -> Result<Opening<'f>, String> {
    let result = context.truth(condition, "condition", true, "a condition that hangs on what only a real server knows takes `then`")?;
    let tasks = lists.branch(if result { "then" } else { "else" });
    let outputs = Value::map([("evaluationResult", Value::Bool(result))]);
    Ok(Opening { children: Children { tasks, values: None }, outputs: Some(outputs), ..Opening::default() })
}
