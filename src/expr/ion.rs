//! Values to Ion text and back, for the filter `toIon` and the function `fromIon`.

use std::rc::Rc;

use crate::syntax::Float;
use crate::value::{Map, Value, print_float};

const DEEPEST: u32 = 90;

/// Reads the first value of an Ion text; dates, and what else has no counterpart here, become texts.
///
/// # Errors
/// It is no Ion text.
pub(super) fn read(text: &str) -> Result<Value, String> {
    let mut rest = text.trim_start();
    value(&mut rest, 0).ok_or_else(|| "Invalid ion: it cannot be read".to_owned())
}

fn value(rest: &mut &str, depth: u32) -> Option<Value> {
    if depth > DEEPEST {
        return None;
    }
    match rest.chars().next()? {
        '{' => {
            let mut map = Map::new();
            items(rest, '}', &mut |rest| {
                let key = value(rest, depth + 1)?.print();
                *rest = rest.strip_prefix(':')?.trim_start();
                map.insert(key, value(rest, depth + 1)?);
                Some(())
            })?;
            Some(Value::Map(Rc::new(map)))
        }
        '[' => {
            let mut found = Vec::new();
            items(rest, ']', &mut |rest| value(rest, depth + 1).map(|item| found.push(item)))?;
            Some(Value::list(found))
        }
        quote @ ('"' | '\'') => {
            let mut is_escaped = false;
            let ends = |c: char| {
                let ends = c == quote && !is_escaped;
                is_escaped = c == '\\' && !is_escaped;
                ends
            };
            let inner = &rest[1..];
            let (inner, behind) = inner.split_at(inner.find(ends)?);
            *rest = behind[1..].trim_start();
            let json = if quote == '"' { inner.to_owned() } else { inner.replace("\\'", "'").replace('"', "\\\"") };
            Value::from_json(&format!("\"{json}\""))
        }
        _ => {
            let is_over = |c: char| ",:]}[{\"".contains(c) || c.is_whitespace();
            let end = rest.find(is_over).unwrap_or(rest.len());
            // The colons of a date and a time are part of it.
            let is_date = end == 13 && rest[..end].contains('T');
            let end = if is_date { rest.find([',', ']', '}', ' ']).unwrap_or(rest.len()) } else { end };
            let (word, behind) = rest.split_at(end);
            *rest = behind.trim_start();
            Some(match word {
                "" => return None,
                "null" => Value::Null,
                "true" | "false" => Value::Bool(word == "true"),
                _ if !word.starts_with(|c: char| c.is_ascii_digit() || c == '-') => Value::text(word),
                _ => match (word.parse(), word.replace('d', "e").parse()) {
                    (Ok(number), _) => Value::Int(number),
                    (_, Ok(number)) => Value::Float(Float(number)),
                    _ => Value::text(word),
                },
            })
        }
    }
}

/// Items with commas between them, up to a bracket.
fn items(rest: &mut &str, end: char, item: &mut dyn FnMut(&mut &str) -> Option<()>) -> Option<()> {
    *rest = rest[1..].trim_start();
    let mut is_first = true;
    while !rest.starts_with(end) {
        if !std::mem::take(&mut is_first) {
            *rest = rest.strip_prefix(',')?.trim_start();
        }
        item(rest)?;
    }
    *rest = rest[1..].trim_start();
    Some(())
}

/// A value as Ion text: `{a:1,b:"x"}`.
pub(super) fn write(value: &Value, out: &mut String) {
    let is_symbol = |key: &str| {
        !key.starts_with(|c: char| c.is_ascii_digit())
            && !key.is_empty()
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let comma = |idx: usize| if idx > 0 { "," } else { "" };
    match value {
        Value::Map(map) => {
            out.push('{');
            for (idx, (key, value)) in Map::iter(map).enumerate() {
                *out += comma(idx);
                match is_symbol(key) {
                    true => *out += key,
                    false => out.extend(["'", &*key.replace('\'', "\\'"), "'"]),
                }
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
        Value::List(items) => {
            out.push('[');
            for (idx, item) in items.iter().enumerate() {
                *out += comma(idx);
                write(item, out);
            }
            out.push(']');
        }
        Value::Float(number) => {
            let text = print_float(number.0).replace('E', "e");
            let exponent = if text.contains('e') { "" } else { "e0" };
            out.extend([&*text, exponent]);
        }
        other => *out += &other.to_json(),
    }
}
