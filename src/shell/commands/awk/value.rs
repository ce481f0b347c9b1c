//! What programs of `awk` compute with: texts and numbers, and how `printf` writes them.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::collections::Sorted;
use crate::regex::Regex;
use crate::shell::commands::float;
use crate::text::Text;

/// Wider fields are not believed.
const WIDEST: usize = 10_000;

#[derive(Debug, Clone, Default)]
pub enum Value {
    #[default]
    Unset,
    Number(f64),
    Text(Rc<str>),
    /// Text that was read: it is compared as a number if it looks like one.
    Read(Rc<str>),
}

pub type Array = Sorted<Rc<str>, Value>;

impl Value {
    pub fn number(&self) -> f64 {
        match self {
            Self::Unset => 0.0,
            Self::Number(number) => *number,
            Self::Text(text) | Self::Read(text) => leading_number(text).0,
        }
    }

    /// Its text; a number that is not whole has the format of `$CONVFMT` or `$OFMT`.
    pub fn text(&self, format: &str) -> Rc<str> {
        match self {
            Self::Unset => Rc::from(""),
            Self::Number(number) => shown(*number, format).into(),
            Self::Text(text) | Self::Read(text) => Rc::clone(text),
        }
    }

    /// Its number, if it is to be compared as one.
    fn as_number(&self) -> Option<f64> {
        match self {
            Self::Unset => Some(0.0),
            Self::Number(number) => Some(*number),
            Self::Text(_) => None,
            Self::Read(text) => looks_numeric(text),
        }
    }

    pub fn is_true(&self) -> bool {
        match self {
            Self::Text(text) => !text.is_empty(),
            Self::Read(text) => looks_numeric(text).map_or(!text.is_empty(), |number| number != 0.0),
            value => value.number() != 0.0,
        }
    }

    /// How two values compare: as numbers if both are, else as texts.
    pub fn compare(&self, other: &Self, format: &str) -> Option<Ordering> {
        match (self.as_number(), other.as_number()) {
            (Some(a), Some(b)) => a.partial_cmp(&b),
            _ => Some(self.text(format).cmp(&other.text(format))),
        }
    }
}

/// A text that is read record by record.
#[derive(Debug, Clone)]
pub struct Records {
    text: Rc<Text>,
    at: usize,
}

/// What separates fields.
pub enum Separator {
    /// Spaces, tabs and ends of lines, any number of them.
    Blanks,
    Char(char),
    /// Each character is a field.
    Nothing,
    Regex(Rc<Regex>),
}

impl Records {
    pub fn new(text: Rc<Text>) -> Self {
        Self { text, at: 0 }
    }

    pub fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// Goes on behind so many bytes, and gives those before them.
    pub fn take(&mut self, n_record: usize, n_all: usize) -> Rc<str> {
        let record = self.rest().get(..n_record).unwrap_or("").into();
        self.at = self.at.saturating_add(n_all);
        record
    }
}

/// The number a text begins with, 0 if there is none, and how many bytes it takes.
fn leading_number(text: &str) -> (f64, usize) {
    let blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
    let rest = text.trim_start_matches(blank);
    let skipped = text.len().saturating_sub(rest.len());
    let (mut n_bytes, mut n_digits, mut has_point, mut at) = (0usize, 0usize, false, 0usize);
    let mut chars = rest.chars().peekable();
    if chars.next_if(|c| matches!(c, '+' | '-')).is_some() {
        at = 1;
    }
    while let Some(c) = chars.next_if(|c| c.is_ascii_digit() || *c == '.' && !has_point) {
        at = at.saturating_add(1);
        has_point |= c == '.';
        n_digits = n_digits.saturating_add(usize::from(c != '.'));
        if n_digits > 0 {
            n_bytes = at;
        }
    }
    if n_digits > 0 && chars.next_if(|c| matches!(c, 'e' | 'E')).is_some() {
        at = at.saturating_add(1);
        at = at.saturating_add(usize::from(chars.next_if(|c| matches!(c, '+' | '-')).is_some()));
        while chars.next_if(char::is_ascii_digit).is_some() {
            at = at.saturating_add(1);
            n_bytes = at;
        }
    }
    let number = rest.get(..n_bytes).and_then(|digits| digits.parse().ok()).unwrap_or(0.0);
    (number, if n_bytes == 0 { 0 } else { skipped.saturating_add(n_bytes) })
}

fn looks_numeric(text: &str) -> Option<f64> {
    let (number, n_bytes) = leading_number(text);
    (n_bytes > 0 && text.get(n_bytes..)?.trim().is_empty()).then_some(number)
}

/// A number as text.
pub fn shown(number: f64, format: &str) -> String {
    if number.fract() == 0.0 && number.abs() < 1e16 {
        return (number as i64).to_string();
    }
    if format == "%.6g" { float::general(number, 6) } else { formatted(format, &[Value::Number(number)]) }
}

/// A format of `printf` with its values filled in; a value that is missing is empty.
pub fn formatted(format: &str, values: &[Value]) -> String {
    let mut out = String::new();
    let mut left = values.iter();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let flags: String = std::iter::from_fn(|| chars.next_if(|c| "-+ #0".contains(*c))).collect();
        let mut flags = flags;
        let mut size = |chars: &mut std::iter::Peekable<std::str::Chars<'_>>| {
            if chars.next_if_eq(&'*').is_some() {
                let given = left.next().map_or(0.0, Value::number);
                if given < 0.0 {
                    flags.push('-');
                }
                return Some(given.abs() as usize);
            }
            let digits: String = std::iter::from_fn(|| chars.next_if(char::is_ascii_digit)).collect();
            digits.parse::<usize>().ok()
        };
        let width = size(&mut chars).unwrap_or(0).min(WIDEST);
        let precision = chars.next_if_eq(&'.').map(|_| size(&mut chars).unwrap_or(0).min(WIDEST));
        while chars.next_if(|c| "hlLqjzt".contains(*c)).is_some() {}
        let Some(kind) = chars.next() else {
            out.push('%');
            break;
        };
        if kind == '%' {
            out.push('%');
            continue;
        }
        if !"sdiouxXcfFeEgG".contains(kind) {
            out.extend(['%', kind]);
            continue;
        }
        let value = left.next().cloned().unwrap_or_default();
        let text = match kind {
            's' => value.text("%.6g").chars().take(precision.unwrap_or(usize::MAX)).collect(),
            'c' => match &value {
                Value::Number(code) => char::from_u32(*code as u32).into_iter().collect(),
                value => value.text("%.6g").chars().take(1).collect(),
            },
            kind => float::converted(kind, value.number(), &flags, precision),
        };
        let is_number = !matches!(kind, 's' | 'c');
        let zeros = is_number && (precision.is_none() || "fFeEgG".contains(kind));
        float::push_padded(&text, &flags, width, zeros, &mut out);
    }
    out
}
