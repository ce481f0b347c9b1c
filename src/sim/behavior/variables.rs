//! `io.kestra.plugin.core.execution.SetVariables` and `UnsetVariables`: change `vars` of their execution.

use std::rc::Rc;

use super::{Context, Effect, Work};
use crate::value::{Map, Value};

/// Run by the executor: it takes no time.
pub fn set(variables: &Value, overwrite: bool, context: &Context<'_, '_>) -> Result<Work, String> {
    let rendered = context.render_value(variables)?;
    let map = rendered.as_map().cloned().unwrap_or_default();
    let known = context.variables();
    if let Some((key, _)) = map.iter().find(|(key, _)| !overwrite && known.get(key).is_some()) {
        return Err(format!("Variable `{key}` already exists and `overwrite` is set to `false`"));
    }
    Ok(Work { effect: Effect::SetVariables(Map::clone(&map)), ..Work::default() })
}

/// Run by the executor: it takes no time.
pub fn unset(variables: &[Rc<str>], ignore_missing: bool, context: &Context<'_, '_>) -> Result<Work, String> {
    let names = variables.iter().map(|name| context.print(name)).collect::<Result<Vec<_>, _>>()?;
    let known = context.variables();
    if let Some(name) = names.iter().find(|name| !ignore_missing && known.get(name).is_none()) {
        return Err(format!("Variable `{name}` does not exist"));
    }
    Ok(Work { effect: Effect::UnsetVariables(names), ..Work::default() })
}
