//! Values to YAML and back, for the filter and the function `yaml`. Layout: Kestra, filter `yaml`.

use crate::source::Source;
use crate::syntax::{self, Node};
use crate::value::{Map, Value};

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
    depth > 90 || { children }.any(|child| is_deep(child, depth.saturating_add(1)))
}

/// Writes a value, with a new line at its end.
pub(super) fn write(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Map(map) if !map.is_empty() => write_map(map, 0, &mut out),
        Value::List(items) if !items.is_empty() => write_list(items, 0, &mut out),
        single => write_single(single, 0, &mut out),
    }
    out
}

fn write_map(map: &Map, indent: usize, out: &mut String) {
    for (key, value) in map.iter() {
        out.extend(std::iter::repeat_n(' ', indent));
        out.extend([&*plain(key), ":"]);
        // The items of a list stand one column behind their key.
        below(value, indent.saturating_add(2), indent, out);
    }
}

fn write_list(items: &[Value], indent: usize, out: &mut String) {
    for item in items {
        out.extend(std::iter::repeat_n(' ', indent.saturating_add(1)));
        out.push('-');
        let inner = indent.saturating_add(2);
        below(item, inner, inner, out);
    }
}

/// Writes what stands behind `key:` or `-`: a single value on its line, else a map or a list below it.
fn below(value: &Value, of_map: usize, of_list: usize, out: &mut String) {
    match value {
        Value::Map(map) if !map.is_empty() => {
            out.push('\n');
            write_map(map, of_map, out);
        }
        Value::List(items) if !items.is_empty() => {
            out.push('\n');
            write_list(items, of_list, out);
        }
        single => {
            out.push(' ');
            write_single(single, of_map, out);
        }
    }
}

fn write_single(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Map(_) => *out += "{}\n",
        Value::List(_) => *out += "[]\n",
        Value::Null => *out += "null\n",
        Value::Text(text) if text.contains('\n') => {
            *out += if text.ends_with('\n') { "|\n" } else { "|-\n" };
            for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
                out.extend(std::iter::repeat_n(' ', if line.is_empty() { 0 } else { indent.max(2) }));
                out.extend([line, "\n"]);
            }
        }
        Value::Text(text) => out.extend([&*plain(text), "\n"]),
        other => out.extend([&*other.print(), "\n"]),
    }
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
