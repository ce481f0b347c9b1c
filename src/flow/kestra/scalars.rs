//! Flags and numbers as Kestra's server reads them. Rule: Kestra, "Versions".

use crate::source::Source;
use crate::syntax::{Node, Value};

/// A flag as Jackson converts it: a number but 0 is true, and so are the words of YAML 1.1 without quotes.
pub fn as_bool(node: &Node, source: &Source) -> Option<bool> {
    let is = |word: &str| ["true", "True", "TRUE"].contains(&word);
    match &node.value {
        Value::Bool(flag) => Some(*flag),
        Value::Int(number) => Some(*number != 0),
        Value::Text(text) => match text.trim() {
            word if is(word) => Some(true),
            "false" | "False" | "FALSE" => Some(false),
            word if source.slice(node.span).starts_with(['"', '\'']) || !is_bool(word) => None,
            word => Some(word.eq_ignore_ascii_case("yes") || word.eq_ignore_ascii_case("on")),
        },
        Value::Null | Value::Float(_) | Value::List(_) | Value::Map(_) => None,
    }
}

/// A whole number from 0 as Jackson converts it: without the fraction of a number, and from a text of digits.
pub fn as_count(node: &Node, source: &Source) -> Option<u32> {
    match &node.value {
        Value::Int(number) => u32::try_from(*number).ok(),
        Value::Float(number) => Some(number.0 as i64).and_then(|whole| u32::try_from(whole).ok()),
        Value::Text(_) => node.scalar_text(source).and_then(|text| text.trim().parse().ok()),
        Value::Null | Value::Bool(_) | Value::List(_) | Value::Map(_) => None,
    }
}

/// Including the words of YAML 1.1, which older servers read.
pub fn is_bool(text: &str) -> bool {
    ["true", "false", "yes", "no", "on", "off"].iter().any(|word| word.eq_ignore_ascii_case(text))
}
