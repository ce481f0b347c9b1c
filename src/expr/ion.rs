//! Values to Ion text and back, for the filter `toIon` and the function `fromIon`.

use std::rc::Rc;

use crate::cursor::Cursor;
use crate::syntax::Float;
use crate::value::{Map, Value, print_float};

/// How many levels of lists and structs are read.
const N_LEVELS: u32 = 91;

/// Reads the first value of an Ion text; dates, and what else has no counterpart here, become texts.
///
/// # Errors
/// It is no Ion text.
pub(super) fn read(text: &str) -> Result<Value, String> {
    let mut cursor = Cursor::new(text);
    cursor.skip_space();
    value(&mut cursor, N_LEVELS).ok_or_else(|| "Invalid ion: it cannot be read".to_owned())
}

fn value(cursor: &mut Cursor<'_>, n_levels: u32) -> Option<Value> {
    let n_levels = n_levels.checked_sub(1)?;
    match cursor.peek()? {
        '{' => {
            let mut map = Map::new();
            items(cursor, '}', &mut |cursor| {
                let key = value(cursor, n_levels)?.print();
                cursor.eat(":").then(|| cursor.skip_space())?;
                map.insert(key, value(cursor, n_levels)?);
                Some(())
            })?;
            Some(Value::Map(Rc::new(map)))
        }
        '[' => {
            let mut found = Vec::new();
            items(cursor, ']', &mut |cursor| value(cursor, n_levels).map(|item| found.push(item)))?;
            Some(Value::list(found))
        }
        quote @ ('"' | '\'') => {
            let mut is_escaped = false;
            cursor.bump();
            let inner = cursor.take_while(|c| {
                let ends = c == quote && !is_escaped;
                is_escaped = c == '\\' && !is_escaped;
                !ends
            });
            cursor.bump()?;
            cursor.skip_space();
            let json = if quote == '"' { inner.to_owned() } else { inner.replace("\\'", "'").replace('"', "\\\"") };
            Value::from_json(&format!("\"{json}\""))
        }
        _ => {
            let is_inside = |c: char| !",:]}[{\"".contains(c) && !c.is_whitespace();
            let start = *cursor;
            let mut word = cursor.take_while(is_inside);
            if word.len() == 13 && word.contains('T') {
                // The colons of a date and a time are part of it.
                *cursor = start;
                word = cursor.take_while(|c| !matches!(c, ',' | ']' | '}' | ' '));
            }
            cursor.skip_space();
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
fn items(cursor: &mut Cursor<'_>, end: char, item: &mut dyn FnMut(&mut Cursor<'_>) -> Option<()>) -> Option<()> {
    cursor.bump();
    cursor.skip_space();
    let mut is_first = true;
    while cursor.peek() != Some(end) {
        if !std::mem::take(&mut is_first) {
            cursor.eat(",").then(|| cursor.skip_space())?;
        }
        item(cursor)?;
    }
    cursor.bump();
    cursor.skip_space();
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
