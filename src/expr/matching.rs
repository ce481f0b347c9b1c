//! Texts and regular expressions of Java: for filters, methods and `jq`. A pattern that is not supported makes the result
//! unknown; one that Java refuses is a fault.

use crate::budget::Budget;
use crate::regex::{Fault, Regex, write_java_replacement};
use crate::value::Value;

type Done = Result<Value, String>;

/// A compiled pattern for a text of so many bytes; `None` when it is not supported, or would take too long.
fn compiled(pattern: &str, is_whole: bool, n_bytes: usize, budget: &Budget) -> Result<Option<Regex>, String> {
    match if is_whole { Regex::java_whole(pattern) } else { Regex::java(pattern) } {
        Ok(regex) => Ok(Some(regex).filter(|regex| regex.affords(n_bytes, budget))),
        Err(Fault::Unsupported) => Ok(None),
        Err(Fault::Invalid) => Err(format!("`{pattern}` is not a regular expression")),
    }
}

fn unknown() -> Value {
    Value::unknown("a regular expression")
}

/// Whether a pattern matches: the whole text, or a part of it.
pub(super) fn matches(text: &str, pattern: &str, is_whole: bool, budget: &Budget) -> Done {
    Ok(compiled(pattern, is_whole, text.len(), budget)?.map_or_else(unknown, |regex| Value::Bool(regex.find(text).is_some())))
}

/// The text with matches replaced, all or the first: `$1` in the replacement is a group.
pub(super) fn replace(text: &str, pattern: &str, replacement: &str, replaces_all: bool, budget: &Budget) -> Done {
    let Some(regex) = compiled(pattern, false, text.len(), budget)? else { return Ok(unknown()) };
    let most = if replaces_all { usize::MAX } else { 1 };
    let (mut fault, mut n, mut n_bytes) = (None, 0_usize, 0_usize);
    let replaced = regex.replace(text, &mut |groups, out| {
        n = n.saturating_add(1);
        n_bytes = n_bytes.saturating_add(replacement.len());
        if replacement.contains('$') {
            n_bytes = n_bytes.saturating_add(text.len());
        }
        if n > most {
            *out += groups.get(0).map_or("", |whole| whole.as_str());
        } else if n_bytes > super::output::LONGEST_TEXT && out.len() > super::output::LONGEST_TEXT {
            fault = fault.take().or(Some("a value is too large".to_owned()));
        } else if let Err(message) = write_java_replacement(replacement, groups, out) {
            fault = fault.take().or(Some(message));
        }
    });
    fault.map_or(Ok(Value::text(&replaced)), Err)
}

/// A group of the first match within a text, 0 for all of it; nothing when there is none.
pub(super) fn extract(text: &str, pattern: &str, group: usize, budget: &Budget) -> Done {
    let Some(regex) = compiled(pattern, false, text.len(), budget)? else { return Ok(unknown()) };
    Ok(regex.find(text).map_or(Value::Null, |groups| groups.get(group).map_or(Value::Null, |found| Value::text(found.as_str()))))
}

/// The parts of a text between matches, as `String.split` gives them: at most `limit` of them when it is positive, without
/// empty ones at the end when it is 0.
pub(super) fn split(text: &str, pattern: &str, limit: i64, budget: &Budget) -> Done {
    let most = usize::try_from(limit).ok().filter(|limit| *limit > 0).unwrap_or(usize::MAX);
    let Some(regex) = compiled(pattern, false, text.len(), budget)? else { return Ok(unknown()) };
    let mut parts = Vec::new();
    let mut end = 0;
    // An empty match at the start makes no part.
    for found in regex.find_all(text).filter_map(|groups| groups.get(0)).filter(|found| found.end() > 0) {
        if parts.len().saturating_add(1) >= most {
            break;
        }
        parts.push(text.get(end..found.start()).unwrap_or_default());
        end = found.end();
    }
    parts.push(text.get(end..).unwrap_or_default());
    let is_split = parts.len() > 1;
    while limit == 0 && is_split && parts.last().is_some_and(|part| part.is_empty()) {
        parts.pop();
    }
    Ok(Value::list(parts.into_iter().map(Value::text)))
}
