//! `Switch`: the list of the case that is the rendered value, else `defaults`. Rule: Kestra, "If / Switch".

use super::{Context, Opening};
use crate::flow::Lists;
use crate::sim::group::Children;
use crate::value::Value;

/// Without a case and without `defaults` it fails.
pub fn open<'f>(value: &str, lists: &'f Lists, context: &Context<'_, 'f>) -> Result<Opening<'f>, String> {
    let cases = || lists.branches.iter().filter_map(|(name, _)| name.strip_prefix("case "));
    let first = |_: &str| cases().next().map_or(Value::Null, Value::text);
    let rendered = context.render(value)?;
    let value = context.assume(&rendered, "value", &first, "a value that only a real server knows takes the first case").print();
    let is_known = cases().any(|case| case == &*value);
    let tasks = lists.branch(&if is_known { format!("case {value}") } else { "defaults".to_owned() });
    if !is_known && tasks.is_empty() {
        return Err(format!("No task found for the value `{value}`: it is none of the cases, and there are no defaults"));
    }
    let outputs = Value::map([("value", Value::Text(value)), ("defaults", Value::Bool(!is_known))]);
    Ok(Opening { children: Children { tasks, values: None }, outputs: Some(outputs), ..Opening::default() })
}
