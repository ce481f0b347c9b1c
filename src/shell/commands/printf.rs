//! `printf`.

use super::float;
use crate::shell::arithmetic;
use crate::shell::escape::unescape;
use crate::shell::state::{Io, MOST_BYTES, Shell};
use crate::text::Text;

/// Wider fields are not believed.
const WIDEST: usize = 10_000;

impl Shell<'_> {
    pub(super) fn printf(&mut self, arguments: &[Text], io: &Io) {
        let (variable, rest) = match arguments {
            [flag, name, rest @ ..] if *flag == "-v" => (Some(name), rest),
            [flag, rest @ ..] if *flag == "--" => (None, rest),
            rest => (None, rest),
        };
        let Some((format, values)) = rest.split_first() else { return };
        let text = formatted(format, values);
        match variable {
            Some(name) => self.set(name, text),
            None => self.print(&io.out, &text),
        }
    }
}

/// The format is used again as long as there are arguments.
fn formatted(format: &Text, arguments: &[Text]) -> Text {
    let (format, _) = unescape(format);
    let mut out = Text::new();
    let mut left = arguments.iter();
    loop {
        let before = left.len();
        for (part, is_unknown) in format.parts() {
            if is_unknown { out.push_unknown(part) } else { write(part, &mut left, &mut out) }
        }
        if left.len() == 0 || left.len() == before || out.len() > MOST_BYTES {
            return out;
        }
    }
}

/// The characters at the start of a text that fit; the text is what follows them.
fn taken<'a>(text: &mut &'a str, fits: impl Fn(char) -> bool) -> &'a str {
    let (taken, behind) = text.split_at(text.find(|c| !fits(c)).unwrap_or(text.len()));
    *text = behind;
    taken
}

fn write(format: &str, left: &mut std::slice::Iter<'_, Text>, out: &mut Text) {
    let mut rest = format;
    while let Some((plain, behind)) = rest.split_once('%').filter(|_| out.len() <= MOST_BYTES) {
        out.push_str(plain);
        rest = behind;
        let flags = taken(&mut rest, |c| "-+ 0#".contains(c));
        let mut number = |rest: &mut &str| {
            let given = match rest.strip_prefix('*') {
                Some(behind) => {
                    *rest = behind;
                    left.next().and_then(|text| text.parse().ok())
                }
                None => taken(rest, |c| c.is_ascii_digit()).parse().ok(),
            };
            given.unwrap_or(0).min(WIDEST)
        };
        let width = number(&mut rest);
        let precision = rest.strip_prefix('.').map(|behind| {
            rest = behind;
            number(&mut rest)
        });
        taken(&mut rest, |c| "lhjzt".contains(c));
        let kind = rest.chars().next();
        rest = &rest[kind.map_or(0, char::len_utf8)..];
        let text = match kind {
            Some('%') => "%".into(),
            Some(kind) if "sbqcdiuxXofFgGeE".contains(kind) => {
                let argument = left.next().cloned().unwrap_or_default();
                // What is unknown is printed as it is.
                if kind == 'b' {
                    unescape(&argument).0
                } else if argument.has_unknown() {
                    argument
                } else {
                    converted(kind, &argument, flags, precision).into()
                }
            }
            Some(other) => format!("%{other}").into(),
            None => "%".into(),
        };
        let missing = width.saturating_sub(text.chars().count());
        if flags.contains('-') {
            out.push(&text);
            out.push_str(&" ".repeat(missing));
        } else if flags.contains('0') {
            let n_sign = usize::from(text.starts_with(['-', '+']));
            out.push(&text.slice(0..n_sign));
            out.push_str(&"0".repeat(missing));
            out.push(&text.slice_from(n_sign));
        } else {
            out.push_str(&" ".repeat(missing));
            out.push(&text);
        }
    }
    out.push_str(rest);
}

/// A known argument as its kind of field asks for.
fn converted(kind: char, argument: &str, flags: &str, precision: Option<usize>) -> String {
    match kind {
        's' => argument.chars().take(precision.unwrap_or(usize::MAX)).collect(),
        'q' => quoted(argument),
        'c' => argument.chars().take(1).collect(),
        'x' => format!("{:x}", whole(argument)),
        'X' => format!("{:X}", whole(argument)),
        'o' => format!("{:o}", whole(argument)),
        'f' | 'F' => decimal(argument, precision.unwrap_or(6)),
        'g' | 'G' | 'e' | 'E' => float::converted(kind, argument.trim().parse().unwrap_or(0.0), flags, precision),
        _ => {
            let value = whole(argument);
            let sign = if value >= 0 && flags.contains('+') { "+" } else { "" };
            format!("{sign}{value}")
        }
    }
}

fn whole(text: &str) -> i64 {
    match text.strip_prefix(['\'', '"']) {
        Some(character) => character.chars().next().map_or(0, |c| c as i64),
        None => arithmetic::number(text.trim()).unwrap_or(0),
    }
}

/// A decimal number with so many digits after the point, rounded half up; by its digits alone, so that it is exact.
fn decimal(text: &str, precision: usize) -> String {
    let (sign, digits) = text.trim().strip_prefix('-').map_or(("", text.trim()), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let digit = |text: &str| text.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0').collect::<Vec<u8>>();
    let (mut all, n_whole) = (digit(whole), digit(whole).len());
    let mut behind = digit(fraction);
    behind.resize(precision + 1, 0);
    all.append(&mut behind);
    let mut carry = u8::from(all.pop().is_some_and(|last| last >= 5));
    for place in all.iter_mut().rev() {
        *place += carry;
        carry = u8::from(*place > 9);
        *place %= 10;
    }
    let mut out = sign.to_owned();
    if carry == 1 {
        out.push('1');
    } else if n_whole == 0 {
        out.push('0');
    }
    for (n, place) in all.iter().enumerate() {
        if n == n_whole {
            out.push('.');
        }
        out.push(char::from(b'0' + place));
    }
    out
}

/// Each character that means something behind a backslash, as bash prints it.
fn quoted(text: &str) -> String {
    if text.is_empty() {
        return "''".to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        if !(c.is_alphanumeric() || "_-./:=@%+,".contains(c)) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
