//! Filters of texts. Rules: Kestra, string filters; Pebble.

use super::{Done, Given, int_arg, text_arg, unless_null};
use crate::budget::Budget;
use crate::expr::letters::upper_letter;
use crate::expr::matching;
use crate::expr::operators::{self as ops, java_text};
use crate::expr::output::LONGEST_TEXT;
use crate::value::{Map, Value};
use std::rc::Rc;

/// Changes the input as text.
pub(super) fn letters(input: &Value, change: impl Fn(&str) -> String) -> Done {
    unless_null(input, || Ok(Value::text(&change(&java_text(input)))))
}

pub(super) fn capitalize(input: &Value, _: Given<'_>) -> Done {
    letters(input, |text| {
        let mut rest = text.trim_start().chars();
        let first = rest.next().map(upper_letter);
        text.chars().take_while(|letter| letter.is_whitespace()).chain(first).chain(rest).collect()
    })
}

/// Every word with its first letter in upper case.
pub(super) fn title(text: &str) -> String {
    let mut at_start = true;
    let change = |letter: char| {
        let changed = if at_start && !letter.is_whitespace() { upper_letter(letter) } else { letter };
        at_start = letter.is_whitespace();
        changed
    };
    text.chars().map(change).collect()
}

/// Letters, digits and dashes only, in lower case and without accents.
pub(super) fn slug(text: &str) -> String {
    const LATIN: &str = "aaaaaa ceeeeiiii nooooo  uuuuy  aaaaaa ceeeeiiii nooooo  uuuuy y";
    let mut slug = String::new();
    for letter in text.chars() {
        let plain = match letter {
            letter if letter.is_ascii_alphanumeric() => letter.to_ascii_lowercase(),
            '-' | '_' | ' ' | '\t'..='\r' => '-',
            'À'..='ÿ' => LATIN.chars().nth((u32::from(letter) as usize).saturating_sub(0xc0)).unwrap_or(' '),
            _ => ' ',
        };
        if plain != ' ' && (plain != '-' || !slug.is_empty() && !slug.ends_with('-')) {
            slug.push(plain);
        }
    }
    slug.strip_suffix('-').map(str::to_owned).unwrap_or(slug)
}

pub(super) fn abbreviate(input: &Value, given: Given<'_>) -> Done {
    unless_null(input, || {
        let text = java_text(input);
        let length = text.encode_utf16().count() as i64;
        let Some(most) = int_arg(given, 0).filter(|most| *most >= 0) else {
            return Err("Invalid argument to abbreviate filter; must be greater than zero".to_owned());
        };
        let start = |n: i64| ops::byte_at(&text, n).and_then(|end| text.get(..end)).unwrap_or(&text);
        Ok(match () {
            () if length < most || length <= 3 => Value::text(&text),
            () if most <= 3 => Value::text(start(most)),
            () => Value::text(&format!("{}...", start(most.saturating_sub(3)))),
        })
    })
}

pub(super) fn starts_with(input: &Value, given: Given<'_>) -> Done {
    Ok(Value::Bool(java_text(input).starts_with(&text_arg(given, 0).ok_or("The 'startsWith' filter expects an argument 'value'.")?)))
}

pub(super) fn ends_with(input: &Value, given: Given<'_>) -> Done {
    Ok(Value::Bool(java_text(input).ends_with(&text_arg(given, 0).ok_or("The 'endsWith' filter expects an argument 'value'.")?)))
}

/// The part before or after the first or last separator; without one, everything is before it.
pub(super) fn part(input: &Value, given: Given<'_>, at_last: bool, is_after: bool) -> Done {
    unless_null(input, || {
        let by = text_arg(given, 0).ok_or("The filter expects an argument 'separator'.")?;
        let text = java_text(input);
        let parts = if at_last { text.rsplit_once(&by).filter(|_| !by.is_empty()) } else { text.split_once(&by) };
        let otherwise = if is_after { "" } else { text.as_str() };
        Ok(Value::text(parts.map_or(otherwise, |(before, after)| if is_after { after } else { before })))
    })
}

pub(super) fn split(input: &Value, given: Given<'_>) -> Done {
    unless_null(input, || {
        let by = text_arg(given, 0).ok_or("missing delimiter parameter in split filter")?;
        matching::split(&java_text(input), &by, int_arg(given, 1).unwrap_or(0), given.budget)
    })
}

/// A value with all its texts changed; numbers and the like become texts first.
fn each_text(value: &Value, change: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::Map(map) => {
            let changed: Map = map.iter().map(|(key, value)| (key.clone(), each_text(value, change))).collect();
            Value::Map(Rc::new(changed))
        }
        Value::List(items) => Value::list(items.iter().map(|item| each_text(item, change))),
        Value::Unknown(_) => value.clone(),
        other => Value::text(&change(&java_text(other))),
    }
}

pub(super) fn replace(input: &Value, given: Given<'_>) -> Done {
    unless_null(input, || {
        let Some(Some(Value::Map(pairs))) = given.first() else {
            return Err("The argument 'replace_pairs' is required.".to_owned());
        };
        let pairs: Vec<(String, String)> = pairs.iter().map(|(from, to)| (from.to_string(), java_text(to))).collect();
        if given.get(1) == Some(&Some(Value::Bool(true))) {
            return replace_matches(input, &pairs, given.budget);
        }
        let too_long = std::cell::Cell::new(false);
        let changed = each_text(input, &|text| {
            let mut text = text.to_owned();
            for (from, to) in &pairs {
                if !given.budget.work(text.len() / 64) {
                    return text;
                }
                // A short text that becomes longer at every character must not fill the memory.
                if text.matches(from.as_str()).count().saturating_mul(to.len()) > LONGEST_TEXT {
                    too_long.set(true);
                    return text;
                }
                text = text.replace(from.as_str(), to);
            }
            text
        });
        if too_long.get() { Err("a value is too large".to_owned()) } else { Ok(changed) }
    })
}

/// Each text with the matches of each pattern replaced, one pattern after another.
fn replace_matches(value: &Value, pairs: &[(String, String)], budget: &Budget) -> Done {
    Ok(match value {
        Value::Map(map) => {
            let replaced = map.iter().map(|(key, value)| Ok((Rc::clone(key), replace_matches(value, pairs, budget)?)));
            Value::Map(Rc::new(replaced.collect::<Result<Map, String>>()?))
        }
        Value::List(items) => {
            Value::List(Rc::new(items.iter().map(|item| replace_matches(item, pairs, budget)).collect::<Result<_, String>>()?))
        }
        Value::Unknown(_) => value.clone(),
        other => {
            let mut replaced = Value::text(&java_text(other));
            for (pattern, with) in pairs {
                let Value::Text(text) = &replaced else { break };
                replaced = matching::replace(text, pattern, with, true, budget)?;
            }
            replaced
        }
    })
}

/// The hash of a text, which takes longer than what else is done with a text.
pub(super) fn hashed(input: &Value, given: Given<'_>, hash: fn(&[u8]) -> String) -> Done {
    letters(input, |text| if given.budget.work(text.len() / 16) { hash(text.as_bytes()) } else { String::new() })
}

pub(super) fn regex_match(input: &Value, given: Given<'_>) -> Done {
    unless_null(input, || {
        let pattern = text_arg(given, 0).ok_or("The 'regexMatch' filter expects an argument 'regex'.")?;
        matching::matches(&java_text(input), &pattern, false, given.budget)
    })
}

pub(super) fn regex_replace(input: &Value, given: Given<'_>) -> Done {
    unless_null(input, || {
        let pattern = text_arg(given, 0).ok_or("The 'regexReplace' filter expects an argument 'regex'.")?;
        let with = text_arg(given, 1).ok_or("The 'regexReplace' filter expects an argument 'replacement'.")?;
        matching::replace(&java_text(input), &pattern, &with, true, given.budget)
    })
}

pub(super) fn regex_extract(input: &Value, given: Given<'_>) -> Done {
    unless_null(input, || {
        let pattern = text_arg(given, 0).ok_or("The 'regexExtract' filter expects an argument 'regex'.")?;
        let group = int_arg(given, 1).and_then(|group| usize::try_from(group).ok()).unwrap_or(0);
        matching::extract(&java_text(input), &pattern, group, given.budget)
    })
}

pub(super) fn escape_char(input: &Value, given: Given<'_>) -> Done {
    unless_null(input, || {
        let Some(kind) = text_arg(given, 0) else {
            return Err("The 'escapeChar' filter expects an argument 'type'.".to_owned());
        };
        let (sign, with) = match kind.to_ascii_lowercase().as_str() {
            "single" => ("'", "\\'"),
            "double" => ("\"", "\\\""),
            "shell" => ("'", "'\\''"),
            _ => return Err("The 'escapeChar' filter expects the value of 'type' to be either 'single', 'double', or 'shell'.".to_owned()),
        };
        Ok(each_text(input, &|text| text.replace(sign, with)))
    })
}

pub(super) fn escape_html(input: &Value, _: Given<'_>) -> Done {
    letters(input, |text| {
        let mut out = String::with_capacity(text.len());
        for letter in text.chars() {
            match letter {
                '&' => out += "&amp;",
                '<' => out += "&lt;",
                '>' => out += "&gt;",
                '"' => out += "&#34;",
                '\'' => out += "&#39;",
                letter => out.push(letter),
            }
        }
        out
    })
}

/// `indent`: indents every line but the first; `nindent`: begins a new line and indents all of them.
pub(super) fn indent(input: &Value, given: Given<'_>, name: &str) -> Done {
    unless_null(input, || {
        let text = java_text(input);
        if text.is_empty() {
            return Ok(Value::text(""));
        }
        let Some(amount) = int_arg(given, 0) else {
            return Err(format!("The '{name}' filter expects an integer as argument 'amount'."));
        };
        let Ok(amount) = usize::try_from(amount) else {
            return Err(format!("The '{name}' filter expects a positive integer >=0 as argument 'amount'."));
        };
        let prefix = text_arg(given, 1).unwrap_or_else(|| " ".to_owned());
        let line = ["\r\n", "\n\r", "\n", "\r"].into_iter().find(|line| text.contains(line)).unwrap_or("\n");
        let n_lines = text.split(line).count();
        if prefix.len().saturating_mul(amount).saturating_mul(n_lines) > LONGEST_TEXT {
            return Err("a value is too large".to_owned());
        }
        let text = if name == "nindent" { format!("{line}{text}") } else { text };
        Ok(Value::text(&text.replace(line, &format!("{line}{}", prefix.repeat(amount)))))
    })
}

/// A text with `%s` and `%d` in it, as `String.format` fills them in. Other conversions are not supported.
pub(super) fn format(input: &Value, given: Given<'_>) -> Done {
    super::unless_null(input, || {
        let text = java_text(input);
        let mut values = given.iter().flatten();
        let mut parts = text.split('%');
        let mut out = parts.next().unwrap_or_default().to_owned();
        while let Some(part) = parts.next() {
            let mut letters = part.chars();
            match letters.next() {
                Some(kind @ ('s' | 'd')) => match values.next() {
                    Some(value) if kind == 's' || matches!(value, Value::Int(_)) => out.extend([&*java_text(value), letters.as_str()]),
                    Some(_) => return Ok(Value::unknown("format")),
                    None => return Err(format!("java.util.MissingFormatArgumentException: Format specifier '%{kind}'")),
                },
                // `%%`
                None => out.extend(["%", parts.next().unwrap_or_default()]),
                Some(_) => return Ok(Value::unknown("format")),
            }
        }
        Ok(Value::text(&out))
    })
}
