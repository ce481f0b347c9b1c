//! `io.kestra.plugin.core.execution.Labels`: adds labels to its execution, or sets them anew.

use std::rc::Rc;

use super::{Context, Effect, Work};
use crate::flow::kestra::label_pairs;
use crate::value::Value;

/// Run by the executor: it takes no time. Labels are JSON text, a map, or a list of `key` and `value`.
pub fn work(labels: &Value, context: &Context<'_, '_>) -> Result<Work, String> {
    let rendered = context.render_value(labels)?;
    let rendered = match &rendered {
        Value::Text(json) => Value::from_json(json).ok_or_else(|| format!("`{json}` is not the JSON of labels"))?,
        _ => rendered,
    };
    let pairs: Vec<(Rc<str>, Rc<str>)> = label_pairs(&rendered).into_iter().map(|(key, value)| (key, value.print())).collect();
    if let Some((key, value)) = pairs.iter().find(|(key, _)| key.starts_with("system.")) {
        return Err(format!("System labels can only be set by Kestra itself, offending label: {key}={value}"));
    }
    Ok(Work { effect: Effect::Labels(pairs), ..Work::default() })
}
