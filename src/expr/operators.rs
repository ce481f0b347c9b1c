//! The results of operators. Rules and messages: Pebble's operators, with Kestra's comparison of texts.
//!
//! Callers pass known values only.

use std::cmp::Ordering;
use std::rc::Rc;

use super::dialect::{Dialect, Wording};
use super::letters::{lower, upper};
use super::matching;
use super::tree::Op;
use crate::budget::Budget;
use crate::syntax::Float;
use crate::text::Text;
use crate::value::{Map, Value};

/// The result of `+ - * / %`.
///
/// # Errors
/// Operands that are not numbers, and whole numbers divided by zero.
pub(super) fn arithmetic(op: Op, left: &Value, right: &Value, dialect: &Dialect) -> Result<Value, String> {
    match (op, left, right) {
        (Op::Add, Value::Text(_), _) | (Op::Add, _, Value::Text(_)) => Ok(Value::text(&(java_text(left) + &java_text(right)))),
        (Op::Add, Value::List(items), other) => {
            let mut items = items.to_vec();
            match other {
                Value::List(more) => items.extend(more.iter().cloned()),
                one => items.push(one.clone()),
            }
            Ok(Value::list(items))
        }
        (Op::Subtract, Value::List(items), other) => {
            let gone = |item: &Value| match other {
                Value::List(gone) => gone.contains(item),
                one => one == item,
            };
            Ok(Value::list(items.iter().filter(|item| !gone(item)).cloned()))
        }
        (_, Value::Int(a), Value::Int(b)) => match op {
            Op::Add => Ok(a.wrapping_add(*b)),
            Op::Subtract => Ok(a.wrapping_sub(*b)),
            Op::Multiply => Ok(a.wrapping_mul(*b)),
            Op::Divide if *b == -1 => Ok(a.wrapping_neg()),
            Op::Divide => a.checked_div(*b).ok_or_else(|| not_performed(op, dialect)),
            _ if *b == -1 => Ok(0),
            _ => a.checked_rem(*b).ok_or_else(|| not_performed(op, dialect)),
        }
        .map(Value::Int),
        _ => {
            if let (Some(a), Some(b)) = (number_in(left), number_in(right))
                && (left.as_str().is_some() || right.as_str().is_some())
            {
                return arithmetic(op, &a, &b, dialect);
            }
            let (Some(a), Some(b)) = (number(left), number(right)) else {
                return Err(not_performed(op, dialect));
            };
            Ok(Value::Float(Float(match op {
                Op::Add => a + b,
                Op::Subtract => a - b,
                Op::Multiply => a * b,
                Op::Divide => a / b,
                _ => a % b,
            })))
        }
    }
}

/// A number, or the number that a text holds.
fn number_in(value: &Value) -> Option<Value> {
    match value {
        Value::Int(_) | Value::Float(_) => Some(value.clone()),
        Value::Text(text) => match text.parse() {
            Ok(whole) => Some(Value::Int(whole)),
            Err(_) => text.parse().ok().filter(|number: &f64| number.is_finite()).map(|number| Value::Float(Float(number))),
        },
        _ => None,
    }
}

/// As a number, when it is one.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Float(Float(number)) => Some(*number),
        _ => None,
    }
}

/// Whether two values are equal: numbers by their value, other values only within one type (`1 == '1'` is false).
pub(super) fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => a == b,
        _ => match (number(left), number(right)) {
            (Some(a), Some(b)) => a == b,
            _ => left == right,
        },
    }
}

/// `< <= > >=`: of two texts by their characters, else of numbers; null is neither less nor greater.
///
/// # Errors
/// Other kinds of values.
pub(super) fn compare(op: Op, left: &Value, right: &Value, dialect: &Dialect) -> Result<bool, String> {
    let is_text = |value: &Value| matches!(value, Value::Text(_) | Value::Date(_));
    let order = match (left, right) {
        (Value::Null, _) | (_, Value::Null) => return Ok(false),
        _ if is_text(left) && is_text(right) && !dialect.compares_texts => return Err(not_performed(op, dialect)),
        (Value::Text(a), Value::Text(b)) => Some(a.encode_utf16().cmp(b.encode_utf16())),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        _ if is_text(left) && is_text(right) => Some(java_text(left).cmp(&java_text(right))),
        _ => match (number(left), number(right)) {
            (Some(a), Some(b)) => a.partial_cmp(&b),
            _ => return Err(not_performed(op, dialect)),
        },
    };
    Ok(match op {
        Op::Greater => order == Some(Ordering::Greater),
        Op::GreaterEqual => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        Op::Less => order == Some(Ordering::Less),
        _ => matches!(order, Some(Ordering::Less | Ordering::Equal)),
    })
}

/// What an operator says that does not take its operands.
pub(super) fn not_performed(op: Op, dialect: &Dialect) -> String {
    let words = match (op, dialect.wording) {
        (Op::Equal, _) => "equals comparison",
        (Op::Unequal, _) => "not equals comparison",
        (Op::Greater, _) => "greater than comparison",
        (Op::GreaterEqual, Wording::Plain) => "greater than or equal to comparison",
        (Op::GreaterEqual, _) => "greater than or equals comparison",
        (Op::Less, Wording::Plain) => "less than comparison",
        // As they are in the servers.
        (Op::Less, Wording::Classes) => "greater modulus",
        (Op::Less, Wording::AllClasses) => "less than comparisonPebb",
        (Op::LessEqual, Wording::Plain) => "less than or equal to comparison",
        (Op::LessEqual, _) => "less than or equals comparison",
        (Op::Add, _) => "addition",
        (Op::Subtract, _) => "subtraction",
        (Op::Multiply, _) => "multiplication",
        (Op::Divide, _) => "division",
        (_, Wording::Plain) => "modulus",
        _ => "greater modulus",
    };
    format!("Could not perform {words}")
}

/// `a contains b`.
///
/// # Errors
/// `a` is neither list nor map nor text.
pub(super) fn contains(left: &Value, right: &Value) -> Result<bool, String> {
    match (left, right) {
        (Value::Null, _) => Ok(false),
        (Value::List(items), Value::List(wanted)) => Ok(wanted.iter().all(|wanted| items.contains(wanted))),
        (Value::List(items), wanted) => Ok(items.contains(wanted)),
        (Value::Map(map), wanted) => Ok(wanted.as_str().is_some_and(|key| map.get(key).is_some())),
        (Value::Text(text), wanted) => Ok(text.contains(&java_text(wanted))),
        (other, _) => {
            Err(format!("Contains operator can only be used on Collections, Maps and arrays. Actual type was: {}", java_type(other)))
        }
    }
}

/// `a isIn b`: whether an item of a list, or a key or value of a map, prints as `a` does.
pub(super) fn is_in(left: &Value, right: &Value) -> bool {
    let wanted = java_text(left);
    match (left, right) {
        (Value::Null, _) => false,
        (_, Value::List(items)) => items.iter().any(|item| java_text(item) == wanted),
        (_, Value::Map(map)) => map.iter().any(|(key, value)| **key == *wanted || java_text(value) == wanted),
        _ => false,
    }
}

/// Whether `and`, `or`, `not`, `if` and `? :` take a value as true: a number other than 0, a text that is not empty.
/// `None` for null, lists, maps and dates.
pub(super) fn holds(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::Int(number) => Some(*number != 0),
        Value::Float(Float(number)) => Some(*number != 0.0 && !number.is_nan()),
        Value::Text(text) => Some(!text.is_empty()),
        _ => None,
    }
}

/// A value as Java writes it in messages, and when it is joined with a text: `[1, null, {key=my-key}]`.
#[must_use]
pub fn java_text(value: &Value) -> String {
    let mut out = Text::new();
    write_java(value, &mut out);
    out.into()
}

/// Writes a value as [`java_text`], with what is unknown in it.
pub(super) fn write_java(value: &Value, out: &mut Text) {
    match value {
        Value::Null => out.push_str("null"),
        Value::List(items) => {
            out.push_str("[");
            for (idx, item) in items.iter().enumerate() {
                out.push_str(if idx > 0 { ", " } else { "" });
                write_java(item, out);
            }
            out.push_str("]");
        }
        Value::Map(map) => {
            if let Some((key, value)) = map.as_entry() {
                out.push_str(key);
                out.push_str("=");
                return write_java(value, out);
            }
            out.push_str("{");
            for (idx, (key, value)) in map.iter().enumerate() {
                out.push_str(if idx > 0 { ", " } else { "" });
                out.push_str(key);
                out.push_str("=");
                write_java(value, out);
            }
            out.push_str("}");
        }
        Value::Unknown(unknown) => out.push(&unknown.text),
        other => out.push_str(&other.print()),
    }
}

/// The Java class that messages name.
pub(super) fn java_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "java.lang.Boolean",
        Value::Int(_) => "java.lang.Long",
        Value::Float(_) => "java.lang.Double",
        Value::Text(_) | Value::Unknown(_) => "java.lang.String",
        Value::Date(_) => "java.time.Instant",
        Value::List(_) => "java.util.ArrayList",
        Value::Map(map) if map.is_entry => "java.util.HashMap$Node",
        Value::Map(_) => "java.util.LinkedHashMap",
    }
}

/// A map as Java's `HashMap` lists it, with at least 16 places.
#[must_use]
pub fn in_order_of_hashes(map: Map) -> Map {
    by_hash(map, 16)
}

/// A map in the order of the hashes of its keys, with a third more places than entries, and at least so many. The numbers of
/// places are powers of 2.
pub(super) fn by_hash(map: Map, least_places: usize) -> Map {
    let mut n_places = least_places;
    while map.len().saturating_mul(4) > n_places.saturating_mul(3) {
        n_places = n_places.saturating_mul(2);
    }
    let hash = |key: &str| key.encode_utf16().fold(0u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)));
    let place = |key: &str| (hash(key) ^ hash(key) >> 16) as usize & n_places.saturating_sub(1);
    let mut entries: Vec<(Rc<str>, Value)> = map.iter().map(|(key, value)| (Rc::clone(key), value.clone())).collect();
    entries.sort_by_key(|(key, _)| place(key));
    let mut sorted: Map = entries.into_iter().collect();
    sorted.rest = map.rest;
    sorted
}

/// The order of `sort`: numbers, then texts and other values by how they print.
pub(super) fn order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        _ => match (number(a), number(b)) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => java_text(a).cmp(&java_text(b)),
        },
    }
}

/// Calls a method of a Java object, or reads its attribute of that name; `None` when it has neither.
///
/// # Errors
/// Arguments that the method does not take.
pub(super) fn method(of: &Value, name: &str, args: &[Value], budget: &Budget) -> Result<Option<Value>, String> {
    let int = |n: usize| Some(Value::Int(n as i64));
    let text_arg = |idx: usize| args.get(idx).map(java_text);
    let place = |text: &str, idx: usize| match args.get(idx) {
        Some(Value::Int(at)) => byte_at(text, *at).ok_or_else(|| format!("Could not call {name}")),
        _ => Err(format!("Could not call {name}")),
    };
    Ok(match (of, name, args) {
        (Value::Text(text), "length", []) => int(text.encode_utf16().count()),
        (Value::Text(text), "isEmpty" | "empty", []) => Some(Value::Bool(text.is_empty())),
        (Value::Text(text), "isBlank" | "blank", []) => Some(Value::Bool(text.trim().is_empty())),
        (Value::Text(text), "toUpperCase", []) => Some(Value::text(&upper(text))),
        (Value::Text(text), "toLowerCase", []) => Some(Value::text(&lower(text))),
        (Value::Text(text), "trim" | "strip", []) => Some(Value::text(text.trim())),
        (Value::Text(_), "toString", []) => Some(of.clone()),
        (_, "toString", []) => Some(Value::text(&java_text(of))),
        (Value::Text(text), "startsWith", [_]) => text_arg(0).map(|start| Value::Bool(text.starts_with(&start))),
        (Value::Text(text), "endsWith", [_]) => text_arg(0).map(|end| Value::Bool(text.ends_with(&end))),
        (Value::Text(text), "indexOf", [_]) => text_arg(0).map(|part| {
            Value::Int(text.find(&part).and_then(|at| text.get(..at)).map_or(-1, |before| before.encode_utf16().count() as i64))
        }),
        (Value::Text(text), "replace", [_, _]) => text_arg(0).zip(text_arg(1)).map(|(from, to)| Value::text(&text.replace(&from, &to))),
        (Value::Text(text), "split", [_]) => text_arg(0).map(|by| matching::split(text, &by, 0, budget)).transpose()?,
        (Value::Text(text), "matches", [_]) => text_arg(0).map(|pattern| matching::matches(text, &pattern, true, budget)).transpose()?,
        (Value::Text(text), "replaceAll" | "replaceFirst", [_, _]) => {
            let given = text_arg(0).zip(text_arg(1));
            given.map(|(pattern, with)| matching::replace(text, &pattern, &with, name == "replaceAll", budget)).transpose()?
        }
        (Value::Text(text), "substring", [_]) => text.get(place(text, 0)?..).map(Value::text),
        (Value::Text(text), "substring", [_, _]) => text.get(place(text, 0)?..place(text, 1)?).map(Value::text),
        (Value::List(items), "size", []) => int(items.len()),
        (Value::List(items), "isEmpty" | "empty", []) => Some(Value::Bool(items.is_empty())),
        (Value::List(items), "get", [Value::Int(at)]) => usize::try_from(*at).ok().and_then(|at| items.get(at)).cloned(),
        (Value::List(items), "indexOf", [item]) => {
            Some(Value::Int(items.iter().position(|other| other == item).map_or(-1, |at| at as i64)))
        }
        (Value::Map(map), "size", []) => int(map.len()),
        (Value::Map(map), "isEmpty", []) => Some(Value::Bool(map.is_empty())),
        (Value::Map(map), "get", [key]) => Some(map.get(&java_text(key)).cloned().unwrap_or_default()),
        (Value::Map(map), "containsKey", [key]) => Some(Value::Bool(map.get(&java_text(key)).is_some())),
        (Value::Map(map), "getOrDefault", [key, other]) => Some(map.get(&java_text(key)).unwrap_or(other).clone()),
        (Value::Map(map), "keySet", []) => Some(keys(map)),
        (Value::Map(map), "values", []) => Some(values(map)),
        (Value::Map(map), "entrySet", []) => Some(map.as_entries()),
        _ => None,
    })
}

/// The keys of a map.
pub(super) fn keys(map: &Map) -> Value {
    Value::list(map.iter().map(|(key, _)| Value::Text(key.clone())))
}

/// The values of a map.
pub(super) fn values(map: &Map) -> Value {
    Value::list(map.iter().map(|(_, value)| value.clone()))
}

/// The byte at which the `at`th UTF-16 unit of a text begins, which is how Java counts; `None` when the text is shorter.
pub(super) fn byte_at(text: &str, at: i64) -> Option<usize> {
    let mut left = usize::try_from(at).ok()?;
    for (byte, letter) in text.char_indices() {
        if left == 0 {
            return Some(byte);
        }
        left = left.saturating_sub(letter.len_utf16());
    }
    (left == 0).then_some(text.len())
}

/// Sorts values, each given with its sort key; equal keys keep their order. (The sort of the standard library is ten times as
/// large.)
pub(super) fn sorted(mut items: Vec<(Value, Value)>, order: fn(&Value, &Value) -> Ordering) -> Vec<(Value, Value)> {
    let mut width = 1;
    while width < items.len() {
        let mut merged = Vec::with_capacity(items.len());
        let mut rest = items.into_iter();
        loop {
            let left: Vec<(Value, Value)> = rest.by_ref().take(width).collect();
            let right: Vec<(Value, Value)> = rest.by_ref().take(width).collect();
            if left.is_empty() {
                break;
            }
            let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
            loop {
                let next = match (left.peek(), right.peek()) {
                    (Some(a), Some(b)) if order(&b.0, &a.0).is_lt() => right.next(),
                    (Some(_), _) => left.next(),
                    (None, _) => right.next(),
                };
                match next {
                    Some(item) => merged.push(item),
                    None => break,
                }
            }
        }
        items = merged;
        width = width.saturating_mul(2);
    }
    items
}
