//! Filters and tests by name. Rules and messages: Kestra, "Filters"; Pebble for its own.
//!
//! Callers pass known inputs and arguments only. A new filter is one line here and one function.

mod encode;
mod hash;
mod list;
mod number;
mod text;

use super::dialect::Dialect;
use super::letters::{lower, upper};
use super::operators::{self as ops, java_text, java_type};
use super::output::{tainted, unknown_in};
use super::{dates, ion, jq, yaml};
use crate::budget::Budget;
use crate::encoding::hex;
use crate::value::Value;

/// The arguments of a filter, in the order of their names, and what it may use.
#[derive(Clone, Copy)]
pub(super) struct Given<'v> {
    pub args: &'v [Option<Value>],
    pub budget: &'v Budget,
}

impl std::ops::Deref for Given<'_> {
    type Target = [Option<Value>];

    fn deref(&self) -> &[Option<Value>] {
        self.args
    }
}

type Done = Result<Value, String>;
/// What a filter does.
pub(super) type Filter = fn(&Value, Given<'_>) -> Done;

/// The names of a filter's arguments, and what it does. Most filters leave null as it is.
pub(super) fn find(name: &str, dialect: &Dialect) -> Option<(&'static str, Filter)> {
    if dialect.without_filters.contains(&name) {
        return None;
    }
    Some(match name {
        "abbreviate" => ("length", text::abbreviate),
        "abs" => ("", number::abs),
        "base64decode" => ("", encode::base64_decode),
        "base64encode" => ("", encode::base64_encode),
        "capitalize" => ("", text::capitalize),
        "chunk" => ("size", list::chunk),
        "className" => ("", |input, _| unless_null(input, || Ok(Value::text(java_type(input))))),
        "date" => ("format timeZone existingFormat locale", |input, given| unless_null(input, || dates::format(input, &given, 0))),
        "dateAdd" => ("amount unit format timeZone existingFormat locale", |input, given| unless_null(input, || dates::add(input, &given))),
        "default" => ("default", default),
        "distinct" | "uniq" => ("", list::distinct),
        "endsWith" => ("value", text::ends_with),
        "escape" | "e" => ("strategy", text::escape_html),
        "escapeChar" => ("type", text::escape_char),
        "first" => ("", list::first),
        "format" => ("*", text::format),
        "flatten" => ("", list::flatten),
        "indent" => ("amount prefix", |input, given| text::indent(input, given, "indent")),
        "join" => ("separator", list::join),
        "jq" => ("expression", |input, given| jq::filter(input, &given, given.budget)),
        "json" | "toJson" | "jsonEncode" => ("", |input, _| {
            let known = || if input.holds_null() { Value::text(&input.without_nulls().to_json()) } else { Value::text(&input.to_json()) };
            Ok(unknown_in(input).map_or_else(known, |path| tainted(input.to_text(), Some(path))))
        }),
        "keys" => ("", list::keys),
        "last" => ("", list::last),
        "length" => ("", list::length),
        "lower" => ("", |input, _| text::letters(input, lower)),
        "md5" => ("", |input, given| text::hashed(input, given, |bytes| hex(&hash::md5(bytes)))),
        "merge" => ("items", list::merge),
        "nindent" => ("amount prefix", |input, given| text::indent(input, given, "nindent")),
        "nl2br" => ("", |input, _| text::letters(input, |text| text.replace('\n', "<br />"))),
        "number" => ("type", number::number),
        "numberFormat" | "numberformat" => ("format", number::format),
        "raw" => ("", |input, _| Ok(input.clone())),
        "regexExtract" => ("regex group", text::regex_extract),
        "regexMatch" => ("regex", text::regex_match),
        "regexReplace" => ("regex replacement", text::regex_replace),
        "replace" => ("replace_pairs regexp", text::replace),
        "reverse" => ("", list::reverse),
        "rsort" => ("", |input, _| list::sort(input, true)),
        "sha1" => ("", |input, given| text::hashed(input, given, |bytes| hex(&hash::sha1(bytes)))),
        "sha256" => ("", |input, given| text::hashed(input, given, |bytes| hex(&hash::sha256(bytes)))),
        "sha512" => ("", |input, given| text::hashed(input, given, |bytes| hex(&hash::sha512(bytes)))),
        "slice" => ("fromIndex toIndex", list::slice),
        "slugify" => ("", |input, _| text::letters(input, text::slug)),
        "sort" => ("", |input, _| list::sort(input, false)),
        "split" => ("delimiter limit", text::split),
        "startsWith" => ("value", text::starts_with),
        "string" if dialect.writes_any_value => ("", |input, _| unless_null(input, || Ok(Value::text(&java_text(input))))),
        "string" => ("", number::string),
        "substringAfter" => ("separator", |input, given| text::part(input, given, false, true)),
        "substringAfterLast" => ("separator", |input, given| text::part(input, given, true, true)),
        "substringBefore" => ("separator", |input, given| text::part(input, given, false, false)),
        "substringBeforeLast" => ("separator", |input, given| text::part(input, given, true, false)),
        "timestamp" => ("timeZone existingFormat", |input, given| unless_null(input, || dates::timestamp(input, &given, 1))),
        "timestampMilli" => ("timeZone existingFormat", |input, given| unless_null(input, || dates::timestamp(input, &given, 1000))),
        "timestampMicro" => ("timeZone existingFormat", |input, given| unless_null(input, || dates::timestamp(input, &given, 1_000_000))),
        "timestampNano" => {
            ("timeZone existingFormat", |input, given| unless_null(input, || dates::timestamp(input, &given, 1_000_000_000)))
        }
        "title" => ("", |input, _| text::letters(input, text::title)),
        "toIon" => ("", |input, _| {
            let mut out = String::new();
            ion::write(input, &mut out);
            Ok(Value::text(&out))
        }),
        "trim" => ("", |input, _| text::letters(input, |text| text.trim().to_owned())),
        "upper" => ("", |input, _| text::letters(input, upper)),
        "urldecode" => ("", |input, _| text::letters(input, encode::url_decode)),
        "urlencode" => ("", |input, _| text::letters(input, encode::url_encode)),
        "values" => ("", list::values),
        "yaml" => ("", |input, _| Ok(Value::text(if *input == Value::Null { "null".to_owned() } else { yaml::write(input) }.as_str()))),
        _ => return None,
    })
}

/// Why a filter refuses a value of the wrong class, on servers where it does.
pub(super) fn refusal(name: &str, input: &Value, dialect: &Dialect) -> Option<String> {
    if !dialect.takes_texts_only || matches!(input, Value::Text(_) | Value::Unknown(_)) {
        return None;
    }
    match name {
        "abs" if *input == Value::Null => Some("Can not pass null value to \"abs\" filter.".to_owned()),
        _ if *input == Value::Null => None,
        "first" | "last" if matches!(input, Value::Map(_)) => Some(list::not_cast(input, "java.util.Collection")),
        "abbreviate" | "capitalize" | "split" | "title" | "trim" | "urldecode" | "urlencode" => {
            Some(list::not_cast(input, "java.lang.String"))
        }
        "md5" | "sha1" | "sha256" | "sha512" => Some("Need a string to hash\n".to_owned()),
        "base64decode" => Some("This filter applies to String\n".to_owned()),
        _ => None,
    }
}

/// Whether a value passes a test. `defined` is not among them.
///
/// # Errors
/// A test that does not exist, or that does not take such a value.
pub(super) fn test(name: &str, input: &Value, given: &[Option<Value>], dialect: &Dialect) -> Result<bool, String> {
    let rest = || match input {
        Value::Null => Err(format!("null value passed to {name}() and strict variables is set to true.")),
        Value::Int(number) => Ok(number.rem_euclid(2)),
        other => Err(format!("{} is no whole number", java_type(other))),
    };
    Ok(match name {
        "null" => *input == Value::Null,
        "empty" => is_empty(input),
        "even" => rest()? == 0,
        "odd" => rest()? == 1,
        "iterable" => matches!(input, Value::List(_)),
        "map" => matches!(input, Value::Map(_)),
        "equalTo" if !dialect.falls_back => given.first().cloned().flatten().is_some_and(|other| ops::equal(input, &other)),
        "json" => match input {
            Value::Map(_) | Value::List(_) | Value::Int(_) | Value::Float(_) | Value::Bool(_) if dialect.falls_back => {
                let (class, text) = (java_type(input), "java.lang.String");
                let place = format!("({class} and {text} are in module java.base of loader 'bootstrap')");
                return Err(format!("java.lang.ClassCastException: class {class} cannot be cast to class {text} {place}"));
            }
            Value::Map(_) | Value::List(_) => true,
            Value::Text(text) => Value::from_json(text).is_some(),
            _ => false,
        },
        _ => return Err(format!("Test [{name}] does not exist.")),
    })
}

/// The class of a number that the filter `number` has read as this type, or as the smallest that fits.
pub(super) fn class_of_number(number: &Value, kind: &str) -> Value {
    Value::text(match (kind, number) {
        ("INT", _) => "java.lang.Integer",
        ("FLOAT", _) => "java.lang.Float",
        ("BIGDECIMAL", _) => "java.math.BigDecimal",
        ("BIGINTEGER", _) => "java.math.BigInteger",
        ("", Value::Int(number)) if i32::try_from(*number).is_ok() => "java.lang.Integer",
        ("", Value::Float(_)) => "java.lang.Float",
        (_, other) => java_type(other),
    })
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Text(text) => text.trim().is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(map) => map.is_empty(),
        _ => false,
    }
}

fn default(input: &Value, given: Given<'_>) -> Done {
    Ok(if is_empty(input) { given.first().cloned().flatten().unwrap_or_default() } else { input.clone() })
}

/// Null for null, else what `otherwise` gives.
fn unless_null(input: &Value, otherwise: impl FnOnce() -> Done) -> Done {
    if *input == Value::Null { Ok(Value::Null) } else { otherwise() }
}

/// An argument as text.
fn text_arg(given: Given<'_>, idx: usize) -> Option<String> {
    given.get(idx).cloned().flatten().filter(|value| *value != Value::Null).map(|value| java_text(&value))
}

/// An argument that is a number.
fn int_arg(given: Given<'_>, idx: usize) -> Option<i64> {
    match given.get(idx) {
        Some(Some(Value::Int(number))) => Some(*number),
        Some(Some(Value::Float(number))) => Some(number.0 as i64),
        _ => None,
    }
}

/// The digest of bytes by its name: `md5`, `sha1`, `sha256` or `sha512`.
#[must_use]
pub fn digest(name: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    Some(match name {
        "md5" => hash::md5(bytes),
        "sha1" => hash::sha1(bytes),
        "sha256" => hash::sha256(bytes),
        "sha512" => hash::sha512(bytes),
        _ => return None,
    })
}
