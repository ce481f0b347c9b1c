//! Values to YAML and back, for the filter and the function `yaml`. Layout: Kestra, filter `yaml`.

use crate::source::Source;
use crate::syntax::{self, Node};
use crate::value::Value;

/// Reads the first YAML document of a text.
///
/// # Errors
/// What is wrong with it.
pub(super) fn read(text: &str) -> Result<Value, String> {
    let source = Source::new("yaml", text);
    let (document, diagnostics) = syntax::parse(&source);
    let wrong = diagnostics.into_iter().find(|diagnostic| diagnostic.is_error() && !text.trim().is_empty());
    match (document.roots.first(), wrong) {
        (_, Some(wrong)) => Err(wrong.message),
        (Some(root), None) if is_deep(root, 0) => Err("it is nested too deeply".to_owned()),
        (Some(root), None) => Ok(Value::from_node(root)),
        (None, None) => Ok(Value::Null),
    }
}

fn is_deep(node: &Node, depth: u32) -> bool {
    let children = node.items().iter().chain(node.entries().iter().map(|entry| &entry.value));
    depth > 90 || { children }.any(|child| is_deep(child, depth + 1))
}

/// Writes a value, with a new line at its end.
pub(super) fn write(value: &Value) -> String {
    let mut out = String::new();
    write_in(value, 0, &mut out);
    out
}

/// Writes what stands behind `key:` or `-`, or at the beginning; `depth` is how far its own keys are indented.
fn write_in(value: &Value, depth: usize, out: &mut String) {
    let margin = |out: &mut String, at_start: bool| {
        if !at_start {
            out.extend(std::iter::repeat_n("  ", depth));
        }
    };
    match value {
        Value::Map(map) if !map.is_empty() => {
            for (idx, (key, value)) in map.iter().enumerate() {
                margin(out, idx == 0 && (out.is_empty() || out.ends_with("- ")));
                *out += &plain(key);
                out.push(':');
                below(value, depth + 1, out);
            }
        }
        Value::List(items) if !items.is_empty() => {
            for item in items.iter() {
                margin(out, out.is_empty());
                *out += "- ";
                match item {
                    Value::List(inner) if !inner.is_empty() => {
                        out.truncate(out.len() - 1);
                        below(item, depth + 1, out);
                    }
                    item => write_in(item, depth + 1, out),
                }
            }
        }
        Value::Map(_) => *out += "{}\n",
        Value::List(_) => *out += "[]\n",
        Value::Null => *out += "null\n",
        Value::Text(text) if text.contains('\n') => {
            *out += if text.ends_with('\n') { "|\n" } else { "|-\n" };
            for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
                out.extend(std::iter::repeat_n("  ", if line.is_empty() { 0 } else { depth.max(1) }));
                out.extend([line, "\n"]);
            }
        }
        Value::Text(text) => out.extend([&*plain(text), "\n"]),
        other => out.extend([&*other.print(), "\n"]),
    }
}

/// Writes what stands behind `key:`: a single value on its line, else below it.
fn below(value: &Value, depth: usize, out: &mut String) {
    let is_long = matches!(value, Value::Map(map) if !map.is_empty()) || matches!(value, Value::List(items) if !items.is_empty());
    out.push(if is_long { '\n' } else { ' ' });
    write_in(value, depth, out);
}

/// A text on one line, in quotes where it would otherwise mean something else.
fn plain(text: &str) -> String {
    let is_sign = |c: char| "-?:,[]{}#&*!|>'\"%@` ".contains(c);
    let means_other = matches!(text, "" | "~" | "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n")
        || text.parse::<f64>().is_ok()
        || text.starts_with(is_sign)
        || text.ends_with([' ', ':'])
        || text.contains(": ")
        || text.contains(" #")
        || text.contains(char::is_control);
    if means_other { Value::text(text).to_json() } else { text.to_owned() }
}
