//! Backslash escapes: of `echo -e`, `printf`, `$'...'`.

use std::iter::Peekable;
use std::str::Chars;

use crate::text::Text;

/// A text with its backslash escapes resolved, and whether `\c` ended it.
pub fn unescape(text: &Text) -> (Text, bool) {
    let mut ended = false;
    let resolved = text.map_known(&mut |known| {
        let mut out = String::with_capacity(known.len());
        ended = ended || resolve(known, &mut out);
        out
    });
    (resolved, ended)
}

/// A text in single quotes, as bash reads it.
pub fn quoted(text: &Text) -> Text {
    Text::join(&["'".into(), text.map_known(&mut |known| known.replace('\'', "'\\''")), "'".into()], "")
}

/// Writes known text with its escapes resolved; whether `\c` ended it.
fn resolve(text: &str, out: &mut String) -> bool {
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some(c) if control(c).is_some() => out.extend(control(c)),
            Some('e' | 'E') => out.push('\u{1b}'),
            Some('c') => return true,
            Some('x') => out.extend(code(&mut chars, 16, 2)),
            Some('u') => out.extend(code(&mut chars, 16, 4)),
            Some('U') => out.extend(code(&mut chars, 16, 8)),
            Some('0') => out.push(code(&mut chars, 8, 3).unwrap_or('\0')),
            Some(digit @ '1'..='7') => {
                let rest: String = std::iter::from_fn(|| chars.next_if(|c| c.is_digit(8))).take(2).collect();
                out.extend(u32::from_str_radix(&[&*digit.to_string(), &rest].concat(), 8).ok().and_then(char::from_u32));
            }
            Some(c @ ('\\' | '\'' | '"')) => out.push(c),
            Some(c) => out.extend(['\\', c]),
            None => out.push('\\'),
        }
    }
    false
}

/// The control character that C writes as a backslash and this letter.
pub fn control(letter: char) -> Option<char> {
    Some(match letter {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        _ => return None,
    })
}

/// The character with a code of so many digits at most.
fn code(chars: &mut Peekable<Chars<'_>>, radix: u32, most: usize) -> Option<char> {
    let digits: String = std::iter::from_fn(|| chars.next_if(|c| c.is_digit(radix))).take(most).collect();
    u32::from_str_radix(&digits, radix).ok().and_then(char::from_u32)
}
