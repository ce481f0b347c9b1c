//! Expected and actual values: whether they are equal, and how they read in one line.

use parallelogram::time::parse_iso_instant;
use serde_json::Value;

/// As an expression would print it: a text as it is, nothing for null, everything else as compact JSON.
pub fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Whether a text stands for any value of a kind: `(any file)`.
pub fn is_marker(text: &str) -> bool {
    text.starts_with("(any ") && text.ends_with(')')
}

/// Whether two values are equal: numbers by their value, dates by the moment they name.
pub fn same(expected: &Value, came: &Value) -> bool {
    match (expected, came) {
        (Value::Number(expected), Value::Number(came)) => {
            // A FLOAT has 32 bits.
            let worth = |number: &serde_json::Number| number.as_f64().map(|number| number as f32);
            expected == came || (expected.is_f64() || came.is_f64()) && worth(expected) == worth(came)
        }
        (Value::String(expected), Value::String(came)) => {
            let moment = parse_iso_instant(expected);
            expected == came || is_marker(expected) || moment.is_some() && moment == parse_iso_instant(came)
        }
        (Value::Array(expected), Value::Array(came)) => {
            expected.len() == came.len() && expected.iter().zip(came).all(|(expected, came)| same(expected, came))
        }
        (Value::Object(expected), Value::Object(came)) => {
            expected.len() == came.len() && expected.iter().all(|(key, value)| came.get(key).is_some_and(|came| same(value, came)))
        }
        (Value::String(expected), came) => is_marker(expected) && !came.is_null(),
        _ => expected == came,
    }
}

/// Whether everything expected is there; a map may have more keys.
pub fn has(came: &Value, expected: &Value) -> bool {
    match (expected, came) {
        (Value::Object(expected), Value::Object(_)) => {
            expected.iter().all(|(key, value)| came.get(key).map_or(value.is_null(), |came| has(came, value)))
        }
        _ => same(expected, came),
    }
}

/// The value at a dotted path. A key that itself has dots is found as well.
pub fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    if let Some(found) = value.get(path) {
        return Some(found);
    }
    if let Some(found) = value.as_array().and_then(|items| items.get(path.parse::<usize>().ok()?)) {
        return Some(found);
    }
    path.match_indices('.').find_map(|(dot, _)| at(step(value, &path[..dot])?, &path[dot + 1..]))
}

fn step<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    value.get(key).or_else(|| value.as_array()?.get(key.parse::<usize>().ok()?))
}

/// Whether a text is an ISO-8601 date with its time and zone.
pub fn is_iso_date(text: &str) -> bool {
    parse_iso_instant(text).is_some()
}

/// A value in one line, cut off when it is long.
pub fn brief(value: &Value) -> String {
    const MOST_CHARS: usize = 300;
    let text = value.to_string();
    if text.chars().count() <= MOST_CHARS { text } else { text.chars().take(MOST_CHARS).collect::<String>() + "…" }
}
