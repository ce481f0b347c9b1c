//! Filters of numbers. Rules: Kestra, `number`, `string`; Pebble, `abs`, `numberformat` with the patterns of Java's
//! `DecimalFormat`, in English.

use super::{Done, Given, text_arg, unless_null};
use crate::expr::operators::{self as ops, java_text, java_type};
use crate::syntax::Float;
use crate::value::{Value, print_float};

pub(super) fn abs(input: &Value, _: Given<'_>) -> Done {
    match input {
        Value::Null => Ok(Value::Null),
        Value::Int(number) => Ok(Value::Int(number.wrapping_abs())),
        Value::Float(Float(number)) => Ok(Value::Float(Float(number.abs()))),
        other => Err(format!("'abs' filter can only be applied to Number. Actual type was: {}", java_type(other))),
    }
}

/// A text as a number: of the given type, or else a whole number if possible.
pub(super) fn number(input: &Value, given: Given<'_>) -> Done {
    unless_null(input, || {
        let Value::Text(text) = input else {
            return Err(format!("'number' filter can only be applied to String. Actual type was: {}", java_type(input)));
        };
        let kind = text_arg(given, 0).unwrap_or_default();
        let digits = text.strip_suffix(['l', 'L']).filter(|_| kind.is_empty()).unwrap_or(text);
        let whole = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
            Some(digits) => i64::from_str_radix(digits, 16).ok(),
            None => digits.parse::<i64>().ok(),
        };
        let is_decimal = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
            && text.ends_with(|c: char| c.is_ascii_digit() || "dDfF.".contains(c));
        let decimal = || {
            text.trim_end_matches(['d', 'D', 'f', 'F']).parse::<f64>().ok().filter(|_| is_decimal).map(|number| Value::Float(Float(number)))
        };
        let found = match kind.as_str() {
            "INT" => whole.filter(|number| i32::try_from(*number).is_ok()).map(Value::Int),
            "LONG" | "BIGINTEGER" => whole.map(Value::Int),
            "FLOAT" | "DOUBLE" => decimal(),
            "BIGDECIMAL" => whole.map(Value::Int).or_else(decimal),
            _ => whole.map(Value::Int).or_else(decimal),
        };
        found.ok_or_else(|| {
            if kind.is_empty() {
                format!("java.lang.NumberFormatException: {text} is not a valid number.")
            } else {
                format!("java.lang.NumberFormatException: For input string: \"{text}\"")
            }
        })
    })
}

/// A number, or a text that holds one, as text.
pub(super) fn string(input: &Value, _: Given<'_>) -> Done {
    match input {
        Value::Null => Ok(Value::Null),
        Value::Int(_) | Value::Float(_) => Ok(Value::text(&java_text(input))),
        Value::Text(text) if text.parse::<f64>().is_ok_and(f64::is_finite) => Ok(input.clone()),
        Value::Text(text) => Err(format!("'string' filter expects a valid number. Received an invalid numeric string: {text}")),
        other => {
            Err(format!("'string' filter expects a Number (INT, FLOAT, DOUBLE, etc.) or numeric String. Received: {}", java_type(other)))
        }
    }
}

/// `#,##0.00` and the like; without a pattern `#,##0.###`.
pub(super) fn format(input: &Value, given: Given<'_>) -> Done {
    unless_null(input, || {
        let Some(number) = ops::number(input) else {
            return Err("The input for the 'NumberFormat' filter has to be a number.".to_owned());
        };
        let pattern = text_arg(given, 0).unwrap_or_else(|| "#,##0.###".to_owned());
        let pattern = pattern.split_once(';').map_or(pattern.as_str(), |(positive, _)| positive);
        let is_digit = |c: char| "#0,.".contains(c);
        let start = pattern.find(is_digit).unwrap_or(pattern.len());
        let (prefix, rest) = pattern.split_at(start);
        let (digits, suffix) = rest.split_at(rest.find(|c| !is_digit(c)).unwrap_or(rest.len()));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let group = whole.rsplit_once(',').map(|(_, last)| last.len()).filter(|size| *size > 0);
        // A pattern without any 0 gets one before its point.
        let least = whole.matches('0').count().max(usize::from(!digits.contains('0') && !whole.is_empty()));
        let (least_fraction, most_fraction) = (fraction.matches('0').count(), fraction.len());
        let scale = if pattern.contains('%') { 100.0 } else { 1.0 };
        let (mut left, mut right) = match input {
            Value::Int(number) if scale == 1.0 => (number.unsigned_abs().to_string(), String::new()),
            _ => decimal((number * scale).abs(), most_fraction),
        };
        while right.len() > least_fraction && right.ends_with('0') {
            right.pop();
        }
        right.extend(std::iter::repeat_n('0', least_fraction.saturating_sub(right.len())));
        if least == 0 && left == "0" && !right.is_empty() {
            left.clear();
        }
        left.insert_str(0, &"0".repeat(least.saturating_sub(left.len())));
        let mut out = if number < 0.0 { "-".to_owned() } else { String::new() };
        out += prefix;
        for (idx, digit) in left.chars().enumerate() {
            if idx > 0 && group.is_some_and(|size| left.len().saturating_sub(idx).is_multiple_of(size)) {
                out.push(',');
            }
            out.push(digit);
        }
        if !right.is_empty() {
            out.extend([".", &right]);
        }
        Ok(Value::text(&(out + suffix)))
    })
}

/// The digits before and after the point of a number of at least 0, rounded to so many. Beyond 15 digits they are the
/// digits of the number as it prints.
fn decimal(number: f64, n_digits: usize) -> (String, String) {
    let mut n = n_digits.min(15);
    let mut unit = 1.0;
    for _ in 0..n {
        unit *= 10.0;
    }
    while n > 0 && number * unit >= 9e15 {
        n = n.saturating_sub(1);
        unit /= 10.0;
    }
    if !(0.0..9e15).contains(&number) {
        return (print_float(number), String::new());
    }
    let digits = ((number * unit).round_ties_even() as u64).to_string();
    let digits = "0".repeat(n.saturating_add(1).saturating_sub(digits.len())) + &digits;
    let (left, right) = digits.split_at_checked(digits.len().saturating_sub(n)).unwrap_or((&digits, ""));
    (left.to_owned(), right.to_owned())
}
