//! The types of inputs and outputs, and the checks of typed values. Rules and messages: Kestra, "Inputs".

use std::rc::Rc;

use super::Input;
use crate::budget::Budget;
use crate::collections::Index;
use crate::expr::{Dialect, Wording};
use crate::regex::java_matches;
use crate::source::Source;
use crate::syntax::{self, Float};
use crate::time::{SimTime, iso_duration, iso_instant, parse_iso_duration, parse_iso_instant};
use crate::value::{Value, print_float};

/// The types of inputs and outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum InputType {
    String,
    /// ENUM and SELECT.
    Select,
    Multiselect,
    Int,
    Float,
    Bool,
    DateTime,
    Date,
    Time,
    Duration,
    File,
    Json,
    Yaml,
    Uri,
    Email,
    Secret,
    Array,
    /// Types that take any value, and unknown type names.
    Any,
}

/// The names of types; of two names for a type, the first is the current one.
const NAMES: &[(&str, InputType)] = &[
    ("STRING", InputType::String),
    ("SELECT", InputType::Select),
    ("ENUM", InputType::Select),
    ("MULTISELECT", InputType::Multiselect),
    ("INT", InputType::Int),
    ("FLOAT", InputType::Float),
    ("BOOL", InputType::Bool),
    ("BOOLEAN", InputType::Bool),
    ("DATETIME", InputType::DateTime),
    ("DATE", InputType::Date),
    ("TIME", InputType::Time),
    ("DURATION", InputType::Duration),
    ("FILE", InputType::File),
    ("JSON", InputType::Json),
    ("YAML", InputType::Yaml),
    ("URI", InputType::Uri),
    ("EMAIL", InputType::Email),
    ("SECRET", InputType::Secret),
    ("ARRAY", InputType::Array),
];

impl InputType {
    /// The type with this name; an unknown type takes any value.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or(Self::Any, |(_, kind)| *kind)
    }

    /// Its name in capitals.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        NAMES.iter().find(|(_, kind)| *kind == self).map_or("ANY", |(name, _)| name)
    }
}

/// An output of a flow by the name of its type: `v` as it is rendered.
///
/// # Errors
/// Kestra's message, when the value can't be read as one of this type.
pub fn typed_output(id: &str, type_name: &str, value: Value, dialect: &Dialect) -> Result<Value, String> {
    if matches!(value, Value::Null | Value::Unknown(_)) {
        return Ok(value);
    }
    let kind = InputType::from_name(type_name);
    typed(kind, None, &value).map_err(|reason| match dialect.wording {
        Wording::Plain => reason,
        Wording::Classes | Wording::AllClasses => {
            format!("Invalid value for output `{id}`. Cause: {}", in_words_of(dialect, kind, &value.print(), reason))
        }
    })
}

/// Why a text is no value of a type, as a server of that dialect says it.
pub(super) fn in_words_of(dialect: &Dialect, kind: InputType, text: &str, reason: String) -> String {
    if dialect.wording == Wording::Plain {
        return reason;
    }
    let newest = |class: &str| format!("Cannot convert value '{text}' to {class}");
    let is_newest = dialect.wording == Wording::AllClasses;
    let index = || format!("Text '{text}' could not be parsed at index 0");
    match kind {
        InputType::Int if is_newest => newest("Integer"),
        InputType::Float if is_newest => newest("Float"),
        InputType::Date => {
            if is_newest {
                newest("LocalDate")
            } else {
                index()
            }
        }
        InputType::DateTime => {
            if is_newest {
                newest("Instant")
            } else {
                index()
            }
        }
        InputType::Time => {
            if is_newest {
                newest("LocalTime")
            } else {
                index()
            }
        }
        InputType::Duration => {
            if is_newest {
                newest("Duration")
            } else {
                "Text cannot be parsed to a Duration".to_owned()
            }
        }
        InputType::Uri => "Invalid URI format.".to_owned(),
        InputType::Int
        | InputType::Float
        | InputType::String
        | InputType::Select
        | InputType::Multiselect
        | InputType::Bool
        | InputType::File
        | InputType::Json
        | InputType::Yaml
        | InputType::Email
        | InputType::Secret
        | InputType::Array
        | InputType::Any => reason,
    }
}

/// Whether a text is read as a value of this type.
#[must_use]
pub fn is_of(kind: InputType, text: &str) -> bool {
    typed(kind, None, &Value::text(text)).is_ok()
}

/// A value as one of this type, or the reason why it is not.
pub(super) fn typed(kind: InputType, item_kind: Option<InputType>, value: &Value) -> Result<Value, String> {
    if let Value::Unknown(_) = value {
        return Ok(value.clone());
    }
    let printed = value.print();
    let text = &*printed;
    let wrong = || Err(format!("Expected `{}` but received `{text}`", kind.as_str()));
    // Java's own message for what is not a number.
    let no_number = || Err(format!("For input string: \"{text}\""));
    Ok(match (kind, value) {
        (InputType::Any, _) => value.clone(),
        (InputType::String | InputType::Select | InputType::Secret | InputType::File | InputType::Email, _) => Value::Text(printed),
        (InputType::Uri, _) => {
            if !is_uri(text) {
                return Err(format!("Expected `URI` but received `{text}`"));
            }
            Value::Text(printed)
        }
        (InputType::Int, _) => match whole(text).filter(|number| i32::try_from(*number).is_ok()) {
            Some(number) => Value::Int(number),
            None => return no_number(),
        },
        (InputType::Float, _) => match text.trim().parse::<f64>() {
            Ok(number) => Value::Float(Float(number)),
            Err(_) => return no_number(),
        },
        (InputType::Bool, Value::Bool(truth)) => Value::Bool(*truth),
        (InputType::Bool, _) => Value::Bool(text.eq_ignore_ascii_case("true")),
        (InputType::DateTime, Value::Date(at)) => Value::Date(*at),
        (InputType::DateTime, _) => match parse_iso_instant(text) {
            Some(at) => Value::Date(at),
            None => return wrong(),
        },
        (InputType::Date | InputType::Time | InputType::Duration, _) => match normalized(kind, text) {
            Some(text) => Value::text(&text),
            None => return wrong(),
        },
        (InputType::Json, Value::Text(_)) => match Value::from_json(text) {
            Some(value) => value,
            None => return wrong(),
        },
        (InputType::Yaml, Value::Text(_)) => {
            let source = Source::new("input", text);
            let (document, diagnostics) = syntax::parse(&source);
            match document.roots.first() {
                Some(root) if diagnostics.is_empty() => Value::from_node(root),
                _ => return wrong(),
            }
        }
        (InputType::Json | InputType::Yaml, _) => value.clone(),
        (InputType::Array | InputType::Multiselect, _) => {
            let parsed = if let Value::List(_) = value { Some(value.clone()) } else { Value::from_json(text) };
            let Some(Value::List(items)) = parsed else { return wrong() };
            let of = match (kind, item_kind) {
                (_, Some(of)) => of,
                (InputType::Multiselect, None) => InputType::String,
                _ => InputType::Any,
            };
            // The validation refuses lists of lists, so items need no recursion.
            let of = if matches!(of, InputType::Array | InputType::Multiselect) { InputType::Any } else { of };
            let item = |item: &Value| {
                typed(of, None, item).map_err(|_| format!("Unable to parse array element as `{}` on `{}`", of.as_str(), item.print()))
            };
            Value::List(Rc::new(items.iter().map(item).collect::<Result<_, _>>()?))
        }
    })
}

/// Checks a typed value against the declaration of its input. `choices` is `None` when they are unknown.
pub(super) fn check(input: &Input, choices: Option<&[Rc<str>]>, value: &Value, budget: &Budget) -> Result<(), String> {
    let chosen = |text: &str| match choices {
        Some(choices) if !input.allow_custom && choices.iter().all(|choice| **choice != *text) => {
            Err(format!("it must match the values `[{}]`", choices.join(", ")))
        }
        _ => Ok(()),
    };
    match (input.kind, value) {
        (InputType::Select, Value::Text(text)) => chosen(text),
        (InputType::Multiselect, Value::List(items)) => {
            let mut known = Index::default();
            choices.unwrap_or_default().iter().for_each(|choice| _ = known.insert(choice));
            let is_other = |item: &&Value| known.get(&item.print()).is_none();
            items.iter().find(is_other).map_or(Ok(()), |other| chosen(&other.print()))
        }
        (InputType::String, Value::Text(text)) => match &input.validator {
            Some(validator) if java_matches(validator, text, budget) == Some(false) => {
                Err(format!("it must match the pattern `{validator}`"))
            }
            _ => Ok(()),
        },
        (InputType::Email, Value::Text(text)) if !is_email(text) => Err("The input must be a valid email".to_owned()),
        (InputType::Int | InputType::Float | InputType::DateTime | InputType::Date | InputType::Time | InputType::Duration, _) => {
            in_range(input, value)
        }
        _ => Ok(()),
    }
}

fn in_range(input: &Input, value: &Value) -> Result<(), String> {
    let Some(size) = size(input.kind, value) else { return Ok(()) };
    let (more, less) = if matches!(input.kind, InputType::Int | InputType::Float) {
        ("it must be more than", "it must be less than")
    } else if input.kind == InputType::Duration {
        ("It must be more than", "It must be less than")
    } else {
        ("it must be after", "it must be before")
    };
    for (limit, words, is_least) in [(&input.least, more, true), (&input.most, less, false)] {
        let limit = limit.as_ref().and_then(|limit| typed(input.kind, None, &Value::Text(Rc::clone(limit))).ok());
        let Some(limit_size) = limit.as_ref().and_then(|limit| self::size(input.kind, limit)) else { continue };
        if if is_least { size < limit_size } else { size > limit_size } {
            return Err(format!("{words} `{}`", limit.as_ref().map(|limit| java_text(input.kind, limit)).unwrap_or_default()));
        }
    }
    Ok(())
}

/// How a typed value compares with others of its type.
pub(super) fn size(kind: InputType, value: &Value) -> Option<f64> {
    match (kind, value) {
        (_, Value::Int(number)) => Some(*number as f64),
        (_, Value::Float(number)) => Some(number.0),
        (_, Value::Date(at)) => Some(*at as f64),
        (InputType::Date | InputType::Time | InputType::Duration, Value::Text(text)) => ms(kind, text).map(|ms| ms as f64),
        _ => None,
    }
}

/// The milliseconds of a date since 1970, of a time since midnight, of a duration.
#[allow(clippy::wildcard_enum_match_arm, reason = "values of the other types are not times")]
pub(super) fn ms(kind: InputType, text: &str) -> Option<i64> {
    match kind {
        InputType::Date if text.len() == 10 => parse_iso_instant(&format!("{text}T00:00:00Z")),
        InputType::Time if text.len() >= 5 && !text.contains(['Z', 'z', '+', '-']) => parse_iso_instant(&format!("1970-01-01T{text}Z")),
        InputType::Duration => {
            let (sign, size) = text.strip_prefix('-').map_or((1, text), |size| (-1, size));
            parse_iso_duration(size).and_then(|length| i64::try_from(length.0).ok()).map(|ms| ms.saturating_mul(sign))
        }
        _ => None,
    }
}

/// A date, a time or a duration in the form in which Kestra keeps it: `2024-01-31`, `18:27:00`, `PT5M6S`.
pub(super) fn normalized(kind: InputType, text: &str) -> Option<String> {
    let ms = ms(kind, text)?;
    let instant = iso_instant(ms);
    if kind == InputType::Time {
        let clock = instant.get(11..23)?;
        return Some(clock.strip_suffix(".000").unwrap_or(clock).to_owned());
    }
    if kind == InputType::Duration {
        return Some(u64::try_from(ms).map_or_else(|_| text.to_owned(), |ms| iso_duration(SimTime(ms))));
    }
    instant.get(..10).map(str::to_owned)
}

/// A limit as Java prints it.
fn java_text(kind: InputType, value: &Value) -> String {
    match (kind, value) {
        (_, Value::Date(at)) => {
            let text = iso_instant(*at);
            text.strip_suffix(".000Z").map_or(text.clone(), |seconds| format!("{seconds}Z"))
        }
        (InputType::Time, Value::Text(text)) => text.strip_suffix(":00").filter(|short| short.len() == 5).unwrap_or(text).to_owned(),
        (_, Value::Float(number)) => print_float(number.0),
        _ => value.print().as_ref().to_owned(),
    }
}

/// A whole number, also written as `3.0`.
fn whole(text: &str) -> Option<i64> {
    let text = text.trim();
    text.strip_suffix(".0").unwrap_or(text).parse().ok()
}

/// Whether Kestra accepts it as a URI: `scheme://`, a name with a dot and up to six letters or digits after it, and only the
/// usual punctuation.
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let rest = rest.as_bytes();
    let is_word = |c: &u8| c.is_ascii_alphanumeric() || *c == b'_';
    let is_name = |c: &u8| c.is_ascii_alphanumeric() || b"-@:%._+~#=\\".contains(c);
    let is_last_part = |c: &u8| c.is_ascii_alphanumeric() || b"()".contains(c);
    let ends = |after_dot: &[u8]| {
        let part = after_dot.iter().take(6).take_while(|c| is_last_part(c)).count();
        let next = after_dot.iter().skip(1).map(is_word).chain([false]);
        after_dot.iter().map(is_word).zip(next).take(part).any(|(this, next)| this != next)
    };
    let name = rest.iter().take(260).take_while(|c| is_name(c)).count();
    !scheme.is_empty()
        && scheme.bytes().all(|c| c.is_ascii_lowercase())
        && rest.iter().all(|c| is_name(c) || b"()?&/".contains(c))
        && (1..name).filter_map(|dot| rest.get(dot..)?.strip_prefix(b".")).any(ends)
}

fn is_email(text: &str) -> bool {
    let local = |c: char| c.is_ascii_alphanumeric() || "_!#$%&’*+/=?`{|}~^.-".contains(c);
    let host = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
    text.is_empty()
        || text
            .split_once('@')
            .is_some_and(|(name, at)| !name.is_empty() && !at.is_empty() && name.chars().all(local) && at.chars().all(host))
}
