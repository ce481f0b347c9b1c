//! The filter `jq(expression)`: a list of what a program gives. Rules: jq 1.6 as jackson-jq reads it, which Kestra uses. Functions that are
//! written in jq itself are in `prelude.jq`. Where a pattern or a number is not supported, the result is unknown, as `jq('…')`.

mod builtins;
mod parse;
mod paths;
mod run;

use std::cmp::Ordering;
use std::rc::Rc;

use super::operators::{self as ops, java_text, java_type, number};
use super::output::{LONGEST_TEXT, weight};
use crate::budget::Budget;
use crate::syntax::Float;
use crate::value::{Map, Value};
use run::Runner;

/// Why a program gives nothing.
#[derive(Debug)]
enum Stop {
    /// It uses something that is not supported, or nests too deeply.
    Unknown,
    /// It takes too long, or its results are too large.
    TooMuch,
    /// `error`, or a value of the wrong type; `catch` sees the value.
    Error(Value),
    /// `break` leaves the label with this number.
    Break(u32),
}

type Done = Result<(), Stop>;
type Found = Result<Value, Stop>;

/// What `catch` sees of an error whose words are Java's.
fn fault<T>() -> Result<T, Stop> {
    Err(Stop::Error(Value::text("an error")))
}

/// The filter itself.
///
/// # Errors
/// The input is not JSON, or the program is none for it.
pub(super) fn filter(input: &Value, given: &[Option<Value>], budget: &Budget) -> Result<Value, String> {
    if *input == Value::Null {
        return Ok(Value::Null);
    }
    let Some(Some(program)) = given.first() else {
        return Err("The 'jq' filter expects an argument 'expression'.".to_owned());
    };
    let program = java_text(program);
    let failed = || format!("Unable to parse jq value '{}' with type '{}'", java_text(input), java_type(input));
    let value = match input {
        Value::Text(text) => Value::from_json(text).ok_or_else(failed)?,
        other => other.without_nulls(),
    };
    let parsed = parse::parse(&program).ok_or_else(failed)?;
    match Runner::new(budget).all(&parsed, value) {
        Ok(results) => Ok(Value::list(results)),
        Err(Stop::Unknown) => Ok(Value::unknown(&format!("jq('{program}')"))),
        Err(_) => Err(failed()),
    }
}

/// What a program gives for an input, and whether it came to its end without an error. `None` when it is no program, or one that is
/// not supported.
#[must_use]
pub fn results(program: &str, input: Value, budget: &Budget) -> Option<(Vec<Value>, bool)> {
    let parsed = parse::parse(program)?;
    match Runner::new(budget).all(&parsed, input) {
        Ok(results) => Some((results, true)),
        Err(Stop::Unknown) => None,
        Err(_) => Some((Vec::new(), false)),
    }
}

/// What `if`, `and`, `or`, `not` and `//` take as true: everything but `null` and `false`.
fn holds(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}

/// The order of all values: null, false, true, numbers, texts, lists, maps.
fn order(a: &Value, b: &Value) -> Ordering {
    let rank = |value: &Value| match value {
        Value::Null => 0,
        Value::Bool(false) => 1,
        Value::Bool(true) => 2,
        Value::Int(_) | Value::Float(_) => 3,
        Value::Text(_) | Value::Date(_) | Value::Unknown(_) => 4,
        Value::List(_) => 5,
        Value::Map(_) => 6,
    };
    match (a, b) {
        (Value::List(a), Value::List(b)) => {
            let first = a.iter().zip(b.iter()).map(|(a, b)| order(a, b)).find(|order| order.is_ne());
            first.unwrap_or_else(|| a.len().cmp(&b.len()))
        }
        (Value::Map(a), Value::Map(b)) => {
            let (keys, others) = (sorted_keys(a), sorted_keys(b));
            order(&Value::list(keys.iter().cloned()), &Value::list(others)).then_with(|| {
                let value = |map: &Map, key: &Value| map.get(key.as_str()?).cloned();
                let pairs = keys.iter().filter_map(|key| value(a, key).zip(value(b, key)));
                pairs.map(|(a, b)| order(&a, &b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
            })
        }
        _ => rank(a).cmp(&rank(b)).then_with(|| if rank(a) == 3 || rank(a) == 4 { ops::order(a, b) } else { Ordering::Equal }),
    }
}

/// The keys of a map, sorted.
fn sorted_keys(map: &Map) -> Vec<Value> {
    let keys = map.iter().map(|(key, _)| (Value::Text(key.clone()), Value::Null)).collect();
    ops::sorted(keys, ops::order).into_iter().map(|(key, _)| key).collect()
}

/// Whether `a` contains `b`.
fn contains(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => a.contains(&**b),
        (Value::List(a), Value::List(b)) => b.iter().all(|b| a.iter().any(|a| contains(a, b))),
        (Value::Map(a), Value::Map(b)) => b.iter().all(|(key, b)| a.get(key).is_some_and(|a| contains(a, b))),
        _ => order(a, b).is_eq(),
    }
}

/// A place in a list or a text, counted from its start; a negative one is counted from its end.
fn from_start(at: i64, length: usize) -> i64 {
    if at < 0 { at.saturating_add(length as i64) } else { at }
}

/// What a value holds under a key or at a place.
fn index(value: &Value, key: &Value) -> Found {
    match (value, key) {
        (Value::Null, Value::Text(_) | Value::Int(_) | Value::Null) => Ok(Value::Null),
        (Value::Map(map), Value::Text(key)) => Ok(map.get(key).cloned().unwrap_or_default()),
        (Value::List(items), Value::Int(at)) => {
            let at = from_start(*at, items.len());
            Ok(usize::try_from(at).ok().and_then(|at| items.get(at)).cloned().unwrap_or_default())
        }
        _ => fault(),
    }
}

/// A part of a list or a text.
fn slice(value: &Value, from: &Value, to: &Value) -> Found {
    let length = match value {
        Value::Null => return Ok(Value::Null),
        Value::List(items) => items.len(),
        Value::Text(text) if text.is_ascii() => text.len(),
        Value::Text(text) => text.encode_utf16().count(),
        _ => return fault(),
    };
    let place = |at: &Value, otherwise: i64| match at {
        Value::Null => Ok(otherwise),
        Value::Int(at) => Ok(from_start(*at, length).clamp(0, length as i64)),
        _ => fault(),
    };
    let (from, to) = (place(from, 0)?, place(to, length as i64)?);
    Ok(match value {
        Value::List(items) => Value::list(items.get(from as usize..to as usize).unwrap_or_default().iter().cloned()),
        other => {
            let text = java_text(other);
            let byte = |at: i64| if text.is_ascii() { usize::try_from(at).ok() } else { ops::byte_at(&text, at) };
            let ends = byte(from).zip(byte(to));
            Value::text(ends.and_then(|(from, to)| text.get(from..to)).unwrap_or_default())
        }
    })
}

/// A number, whole when it can be.
fn numeral(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 9e15 { Value::Int(value as i64) } else { Value::Float(Float(value)) }
}

/// What an operator makes of two values.
fn binary(operator: &str, left: &Value, right: &Value) -> Found {
    let order = || order(left, right);
    let value = match (operator, left, right) {
        ("==", ..) => Value::Bool(order().is_eq()),
        ("!=", ..) => Value::Bool(order().is_ne()),
        ("<", ..) => Value::Bool(order().is_lt()),
        ("<=", ..) => Value::Bool(order().is_le()),
        (">", ..) => Value::Bool(order().is_gt()),
        (">=", ..) => Value::Bool(order().is_ge()),
        ("+", Value::Null, other) | ("+", other, Value::Null) => other.clone(),
        ("+", Value::Text(a), Value::Text(b)) => Value::text(&format!("{a}{b}")),
        ("+", Value::List(a), Value::List(b)) => Value::list(a.iter().chain(b.iter()).cloned()),
        ("+", Value::Map(a), Value::Map(b)) => {
            let merged: Map = a.iter().chain(b.iter()).map(|(key, value)| (key.clone(), value.clone())).collect();
            Value::Map(Rc::new(merged))
        }
        ("-", Value::List(a), Value::List(b)) => Value::list(a.iter().filter(|a| !b.contains(a)).cloned()),
        ("*", Value::Text(text), Value::Int(n)) | ("*", Value::Int(n), Value::Text(text)) => repeated(text, *n)?,
        ("*", Value::Map(a), Value::Map(b)) => merged(a, b),
        ("/", Value::Text(text), Value::Text(by)) => split(text, by)?,
        (_, a, b) => {
            let (Some(x), Some(y)) = (number(a), number(b)) else { return fault() };
            match (operator, a, b) {
                ("+", Value::Int(a), Value::Int(b)) => a.checked_add(*b).map_or(numeral(x + y), Value::Int),
                ("-", Value::Int(a), Value::Int(b)) => a.checked_sub(*b).map_or(numeral(x - y), Value::Int),
                ("*", Value::Int(a), Value::Int(b)) => a.checked_mul(*b).map_or(numeral(x * y), Value::Int),
                ("/" | "%", ..) if y == 0.0 => return fault(),
                ("%", ..) => Value::Int((x as i64).checked_rem((y as i64).saturating_abs().max(1)).unwrap_or(0)),
                ("+", ..) => numeral(x + y),
                ("-", ..) => numeral(x - y),
                ("*", ..) => numeral(x * y),
                _ => numeral(x / y),
            }
        }
    };
    Ok(value)
}

/// The parts of a text between separators, of which there may not be too many.
fn split(text: &str, by: &str) -> Found {
    let is_too_much = text.matches(by).nth(run::MOST_STEPS).is_some();
    if is_too_much { Err(Stop::TooMuch) } else { Ok(Value::list(text.split(by).map(Value::text))) }
}

/// A text so many times after itself; null for none.
fn repeated(text: &str, n: i64) -> Found {
    match usize::try_from(n) {
        Ok(0) | Err(_) => Ok(Value::Null),
        Ok(n) if text.len().saturating_mul(n) <= LONGEST_TEXT => Ok(Value::text(&text.repeat(n))),
        Ok(_) => Err(Stop::TooMuch),
    }
}

/// Two maps in one; maps that both have under a key are merged, too.
fn merged(a: &Map, b: &Map) -> Value {
    let mut both = a.clone();
    for (key, value) in b.iter() {
        let value = match (a.get(key), value) {
            (Some(Value::Map(a)), Value::Map(b)) => merged(a, b),
            _ => value.clone(),
        };
        both.insert(Rc::clone(key), value);
    }
    Value::Map(Rc::new(both))
}
