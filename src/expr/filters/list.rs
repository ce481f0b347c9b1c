//! Filters of lists and maps. Rules: Kestra, collection filters; Pebble.

use super::{Done, Given, int_arg, text_arg, unless_null};
use crate::expr::operators::{self as ops, java_text, java_type};
use crate::expr::output::{LONGEST_TEXT, tainted, unknown_in};
use crate::text::Text;
use crate::value::{Map, Value};
use std::rc::Rc;

pub(super) fn first(input: &Value, _: Given<'_>) -> Done {
    end(input, false)
}

pub(super) fn last(input: &Value, _: Given<'_>) -> Done {
    end(input, true)
}

fn end(input: &Value, is_last: bool) -> Done {
    Ok(match input {
        Value::Null => Value::Null,
        Value::List(items) => if is_last { items.last() } else { items.first() }.cloned().unwrap_or_default(),
        Value::Text(text) => {
            let letter = if is_last { text.chars().next_back() } else { text.chars().next() };
            let letter = letter.ok_or("java.lang.StringIndexOutOfBoundsException: Index 0 out of bounds for length 0")?;
            Value::text(letter.encode_utf8(&mut [0; 4]))
        }
        Value::Map(map) => match map.as_entries() {
            Value::List(entries) => return end(&Value::List(entries), is_last),
            other => other,
        },
        other => return Err(wrong_type(if is_last { "last" } else { "first" }, "List, Map, String", other)),
    })
}

fn wrong_type(name: &str, fits: &str, input: &Value) -> String {
    format!("'{name}' filter can only be applied to {fits}. Actual type was: {}", java_type(input))
}

/// What Java says of a value that is not of the class that is needed.
pub(super) fn not_cast(value: &Value, class: &str) -> String {
    let own = java_type(value);
    format!(
        "java.lang.ClassCastException: class {own} cannot be cast to class {class} ({own} and {class} are in module java.base of loader 'bootstrap')"
    )
}

pub(super) fn length(input: &Value, _: Given<'_>) -> Done {
    Ok(Value::Int(match input {
        Value::Text(text) => text.encode_utf16().count(),
        Value::List(items) => items.len(),
        Value::Map(map) => map.len(),
        _ => 0,
    } as i64))
}

pub(super) fn keys(input: &Value, _: Given<'_>) -> Done {
    match input {
        Value::Null => Ok(Value::Null),
        Value::Map(map) if !map.is_entry => Ok(ops::keys(map)),
        Value::List(items) => Ok(Value::list((0..items.len()).map(|idx| Value::Int(idx as i64)))),
        other => Err(wrong_type("keys", "List, Map, Array", other)),
    }
}

pub(super) fn values(input: &Value, _: Given<'_>) -> Done {
    match input {
        Value::Null => Ok(Value::Null),
        Value::Map(map) if !map.is_entry => Ok(ops::values(map)),
        other => Err(wrong_type("values", "Map", other)),
    }
}

pub(super) fn chunk(input: &Value, given: Given<'_>) -> Done {
    unless_null(input, || {
        let Some(size) = given.first().cloned().flatten() else {
            return Err("'chunk' filter expects an argument 'size'.".to_owned());
        };
        let Value::List(items) = input else {
            return Err(wrong_type("chunk", "List", input));
        };
        match int_arg(given, 0).map(usize::try_from) {
            Some(Ok(size)) if size > 0 => Ok(Value::list(items.chunks(size).map(|chunk| Value::list(chunk.iter().cloned())))),
            _ => Err(format!("'chunk' filter argument 'size' must be a number. Actual type was: {}", java_type(&size))),
        }
    })
}

/// The list with inner lists replaced by their items, one level deep.
pub(super) fn flatten(input: &Value, _: Given<'_>) -> Done {
    unless_null(input, || {
        let Value::List(items) = input else {
            return Err("The 'flatten' filter can only be applied to lists.".to_owned());
        };
        let mut flat = Vec::new();
        for item in items.iter() {
            match item {
                Value::List(inner) => flat.extend(inner.iter().cloned()),
                other => flat.push(other.clone()),
            }
        }
        Ok(Value::list(flat))
    })
}

pub(super) fn join(input: &Value, given: Given<'_>) -> Done {
    unless_null(input, || {
        let Value::List(items) = input else {
            return Err("The 'join' filter expects that the input is either a collection or an array.".to_owned());
        };
        let by = text_arg(given, 0).unwrap_or_default();
        let mut joined = Text::new();
        for (nth, item) in items.iter().enumerate() {
            joined.push_str(if nth > 0 { &by } else { "" });
            ops::write_java(item, &mut joined);
            if joined.len() > LONGEST_TEXT {
                break;
            }
        }
        Ok(tainted(joined, unknown_in(input)))
    })
}

pub(super) fn sort(input: &Value, is_reversed: bool) -> Done {
    unless_null(input, || {
        let Value::List(items) = input else {
            return Err(if is_reversed { not_cast(input, "java.util.List") } else { "Unsupported input type for sort filter".to_owned() });
        };
        let items = items.iter().map(|item| (item.clone(), Value::Null)).collect();
        let mut items: Vec<Value> = ops::sorted(items, ops::order).into_iter().map(|(item, _)| item).collect();
        if is_reversed {
            items.reverse();
        }
        Ok(Value::List(Rc::new(items)))
    })
}

pub(super) fn reverse(input: &Value, _: Given<'_>) -> Done {
    match input {
        Value::Null => Ok(Value::Null),
        Value::List(items) => Ok(Value::list(items.iter().rev().cloned())),
        other => Err(not_cast(other, "java.util.List")),
    }
}

pub(super) fn distinct(input: &Value, _: Given<'_>) -> Done {
    match input {
        Value::Null => Ok(Value::text("null")),
        Value::List(items) => {
            let mut kept = Map::new();
            for item in items.iter() {
                let written = item.to_json();
                if kept.get(&written).is_none() {
                    kept.insert(written, item.clone());
                }
            }
            Ok(ops::values(&kept))
        }
        other => Err(format!("Input must be a list, but received : {}", java_type(other))),
    }
}

pub(super) fn slice(input: &Value, given: Given<'_>) -> Done {
    unless_null(input, || {
        for (idx, name) in ["fromIndex", "toIndex"].into_iter().enumerate() {
            if let Some(Some(other)) = given.get(idx).filter(|_| int_arg(given, idx).is_none())
                && *other != Value::Null
            {
                return Err(format!("Argument {name} must be a number. Actual type: {}", java_type(other)));
            }
        }
        let length = match input {
            Value::List(items) => items.len(),
            Value::Text(text) => text.encode_utf16().count(),
            other => {
                return Err(format!(
                    "Slice filter can only be applied to String, List and array inputs. Actual type was: {}",
                    java_type(other)
                ));
            }
        };
        let from = usize::try_from(int_arg(given, 0).unwrap_or(0)).map_err(|_| "fromIndex must be greater than 0")?;
        let to = int_arg(given, 1).map_or(length, |to| usize::try_from(to).unwrap_or(0));
        if to > length {
            return Err(format!("toIndex must be smaller than input size: {length}"));
        }
        if from > to || (from == to && int_arg(given, 1).is_some()) {
            return Err("toIndex must be greater than fromIndex".to_owned());
        }
        Ok(match input {
            Value::List(items) => Value::list(items.get(from..to).unwrap_or_default().iter().cloned()),
            other => {
                let text = java_text(other);
                let ends = ops::byte_at(&text, from as i64).zip(ops::byte_at(&text, to as i64));
                Value::text(ends.and_then(|(from, to)| text.get(from..to)).unwrap_or_default())
            }
        })
    })
}

pub(super) fn merge(input: &Value, given: Given<'_>) -> Done {
    let items = given.first().cloned().flatten().unwrap_or_default();
    match (input, &items) {
        (Value::Null, Value::Null) => Err("The two arguments to be merged are null".to_owned()),
        (Value::Null, _) => Ok(items),
        (_, Value::Null) => Ok(input.clone()),
        (Value::Map(map), Value::Map(more)) => {
            let merged: Map = map.iter().chain(more.iter()).map(|(key, value)| (key.clone(), value.clone())).collect();
            Ok(Value::Map(Rc::new(merged)))
        }
        (Value::Map(map), Value::List(more)) => {
            let own = map.iter().map(|(key, value)| (key.clone(), value.clone()));
            let merged: Map = own.chain(more.iter().map(|item| (java_text(item).into(), item.clone()))).collect();
            Ok(Value::Map(Rc::new(merged)))
        }
        (Value::List(list), Value::List(more)) => Ok(Value::list(list.iter().chain(more.iter()).cloned())),
        (Value::List(list), Value::Map(more)) => match more.as_entries() {
            Value::List(entries) => Ok(Value::list(list.iter().chain(entries.iter()).cloned())),
            other => Ok(other),
        },
        (Value::Map(_) | Value::List(_), other) => {
            Err(format!("Currently, only Maps and Lists can be merged with a List. Arg2: {}", java_type(other)))
        }
        _ => Err("The object being filtered is not a Map/List/Array".to_owned()),
    }
}
