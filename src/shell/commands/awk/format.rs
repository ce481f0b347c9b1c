//! The formats of `printf` and `sprintf` in `awk`.

use super::value::Value;
use crate::shell::commands::float;

/// Wider fields are not believed.
const WIDEST: usize = 10_000;

/// A format with its values filled in; a value that is missing is empty.
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
