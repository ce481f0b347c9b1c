//! `printf`.

use super::{date, float};
use crate::cursor::Cursor;
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
        let wrong = values.iter().find(|value| is_no_number(format, value));
        let text = formatted(format, values, &|format, seconds| {
            let now = self.state.clock.epoch_ms(self.setup.start_epoch_ms);
            date::formatted(if seconds < 0 { now } else { seconds.saturating_mul(1000) }, format)
        });
        if let Some(wrong) = wrong {
            self.fail(io, 1, &format!("bash: printf: {wrong}: invalid number"));
        }
        match variable {
            Some(name) => self.set(name, text),
            None => self.print(&io.out, &text),
        }
    }
}

/// Whether a format of whole numbers alone gets something else.
fn is_no_number(format: &str, value: &Text) -> bool {
    let is_whole = format.contains("%d") && !format.split('%').skip(1).any(|behind| !behind.starts_with('d'));
    is_whole
        && !value.has_unknown()
        && !value.is_empty()
        && !value.starts_with(['\'', '"'])
        && arithmetic::number(value.trim_start_matches('+')).is_none()
}

/// The format is used again as long as there are arguments.
pub(super) fn formatted(format: &Text, arguments: &[Text], date: &dyn Fn(&str, i64) -> String) -> Text {
    let (format, _) = unescape(format);
    let mut out = Text::new();
    let mut left = arguments.iter();
    loop {
        let before = left.len();
        for (part, is_unknown) in format.parts() {
            if is_unknown { out.push_unknown(part) } else { write(part, &mut left, &mut out, date) }
        }
        if left.len() == 0 || left.len() == before || out.len() > MOST_BYTES {
            return out;
        }
    }
}

/// The width or precision of a field: its digits, or `*` for the next argument.
fn number(cursor: &mut Cursor<'_>, left: &mut std::slice::Iter<'_, Text>) -> usize {
    let given = if cursor.eat("*") {
        left.next().and_then(|text| text.parse().ok())
    } else {
        cursor.take_while(|c| c.is_ascii_digit()).parse().ok()
    };
    given.unwrap_or(0).min(WIDEST)
}

fn write(format: &str, left: &mut std::slice::Iter<'_, Text>, out: &mut Text, date: &dyn Fn(&str, i64) -> String) {
    let mut cursor = Cursor::new(format);
    while out.len() <= MOST_BYTES
        && let Some(plain) = cursor.take_until("%")
    {
        out.push_str(plain);
        cursor.eat("%");
        let flags = cursor.take_while(|c| "-+ 0#'".contains(c));
        let width = number(&mut cursor, left);
        let precision = cursor.eat(".").then(|| number(&mut cursor, left));
        cursor.take_while(|c| "lhjzt".contains(c));
        if cursor.eat("(")
            && let Some(format) = cursor.take_until(")T")
        {
            cursor.eat(")T");
            out.push_str(&date(format, left.next().map_or(-1, |seconds| whole(seconds))));
            continue;
        }
        let kind = cursor.bump();
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
    out.push_str(cursor.rest());
}

/// A known argument as its kind of field asks for.
fn converted(kind: char, argument: &str, flags: &str, precision: Option<usize>) -> String {
    match kind {
        's' => argument.chars().take(precision.unwrap_or(usize::MAX)).collect(),
        'q' => quoted(argument),
        'c' => argument.chars().take(1).collect(),
        'x' if flags.contains('#') => format!("{:#x}", whole(argument)),
        'x' => format!("{:x}", whole(argument)),
        'X' => format!("{:X}", whole(argument)),
        'o' => format!("{}{:o}", if flags.contains('#') { "0" } else { "" }, whole(argument)),
        'f' | 'F' => decimal(argument, precision.unwrap_or(6)),
        'g' | 'G' | 'e' | 'E' => float::converted(kind, argument.trim().parse().unwrap_or(0.0), flags, precision),
        _ => {
            let value = whole(argument);
            let sign = match () {
                () if value < 0 => "-",
                () if flags.contains('+') => "+",
                () if flags.contains(' ') => " ",
                () => "",
            };
            format!("{sign}{:0width$}", value.unsigned_abs(), width = precision.unwrap_or(0))
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
    let mut whole: Vec<u32> = whole.chars().filter_map(|c| c.to_digit(10)).collect();
    let behind = fraction.chars().filter_map(|c| c.to_digit(10)).chain(std::iter::repeat(0));
    let mut fraction: Vec<u32> = behind.take(precision.saturating_add(1)).collect();
    let mut carry = fraction.pop().is_some_and(|last| last >= 5);
    for place in whole.iter_mut().chain(&mut fraction).rev() {
        (*place, carry) = match (*place, carry) {
            (9, true) => (0, true),
            (digit, carry) => (digit.saturating_add(u32::from(carry)), false),
        };
    }
    let mut out = sign.to_owned();
    if carry {
        out.push('1');
    } else if whole.is_empty() {
        out.push('0');
    }
    let shown = |digits: Vec<u32>| digits.into_iter().filter_map(|digit| char::from_digit(digit, 10));
    out.extend(shown(whole));
    if !fraction.is_empty() {
        out.push('.');
        out.extend(shown(fraction));
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
