//! Texts that commands print: escapes, `printf`, and dates.

use crate::time::iso_instant;

/// Text with its backslash escapes resolved, and whether `\c` ended it.
pub fn unescape(text: &str) -> (String, bool) {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let digits = |chars: &mut std::iter::Peekable<std::str::Chars<'_>>, radix: u32, most: usize| {
            let mut value = None;
            for _ in 0..most {
                let Some(digit) = chars.peek().and_then(|c| c.to_digit(radix)) else { break };
                chars.next();
                value = Some(value.unwrap_or(0) * radix + digit);
            }
            value.and_then(char::from_u32)
        };
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('a') => out.push('\u{7}'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('v') => out.push('\u{b}'),
            Some('e' | 'E') => out.push('\u{1b}'),
            Some('c') => return (out, true),
            Some('x') => out.extend(digits(&mut chars, 16, 2)),
            Some('u') => out.extend(digits(&mut chars, 16, 4)),
            Some('U') => out.extend(digits(&mut chars, 16, 8)),
            Some('0') => out.push(digits(&mut chars, 8, 3).unwrap_or('\0')),
            Some(c @ ('\\' | '\'' | '"')) => out.push(c),
            Some(c) => out.extend(['\\', c]),
            None => out.push('\\'),
        }
    }
    (out, false)
}

/// `printf`: the format is used again as long as there are arguments. Widths beyond 10,000 are not believed.
pub fn printf(format: &str, arguments: &[String]) -> String {
    let mut out = String::new();
    let mut left = arguments.iter();
    loop {
        let before = left.len();
        let (format, _) = unescape(format);
        let mut chars = format.chars().peekable();
        while let Some(c) = chars.next() {
            if c != '%' {
                out.push(c);
                continue;
            }
            let mut flags = String::new();
            while let Some(flag) = chars.next_if(|c| "-+ 0#".contains(*c)) {
                flags.push(flag);
            }
            let number = |chars: &mut std::iter::Peekable<std::str::Chars<'_>>, left: &mut std::slice::Iter<'_, String>| {
                if chars.next_if_eq(&'*').is_some() {
                    return left.next().and_then(|text| text.parse::<usize>().ok());
                }
                let mut digits = String::new();
                while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                    digits.push(digit);
                }
                digits.parse::<usize>().ok()
            };
            let width = number(&mut chars, &mut left).unwrap_or(0).min(10_000);
            let precision =
                if chars.next_if_eq(&'.').is_some() { Some(number(&mut chars, &mut left).unwrap_or(0).min(10_000)) } else { None };
            while chars.next_if(|c| "lhqjzt".contains(*c)).is_some() {}
            let mut argument = || left.next().map_or("", String::as_str);
            let text = match chars.next() {
                Some('%') => "%".to_owned(),
                Some('s') => argument().chars().take(precision.unwrap_or(usize::MAX)).collect(),
                Some('b') => unescape(argument()).0,
                Some('q') => quoted(argument()),
                Some('c') => argument().chars().take(1).collect(),
                Some('d' | 'i' | 'u') => {
                    let value = whole(argument());
                    let sign = if value >= 0 && flags.contains('+') { "+" } else { "" };
                    format!("{sign}{value}")
                }
                Some('x') => format!("{:x}", whole(argument())),
                Some('X') => format!("{:X}", whole(argument())),
                Some('o') => format!("{:o}", whole(argument())),
                Some('f' | 'F' | 'g' | 'e') => decimal(argument(), precision.unwrap_or(6)),
                Some(other) => format!("%{other}"),
                None => "%".to_owned(),
            };
            let missing = width.saturating_sub(text.chars().count());
            if flags.contains('-') {
                out += &text;
                out.extend(std::iter::repeat_n(' ', missing));
            } else if flags.contains('0') {
                let (sign, digits) = if text.starts_with(['-', '+']) { text.split_at(1) } else { ("", text.as_str()) };
                out += sign;
                out.extend(std::iter::repeat_n('0', missing));
                out += digits;
            } else {
                out.extend(std::iter::repeat_n(' ', missing));
                out += &text;
            }
        }
        if left.len() == 0 || left.len() == before || out.len() > super::run::MOST_BYTES {
            return out;
        }
    }
}

fn whole(text: &str) -> i64 {
    match text.strip_prefix(['\'', '"']) {
        Some(letter) => letter.chars().next().map_or(0, |c| c as i64),
        None => super::arithmetic::number(text.trim()).unwrap_or(0),
    }
}

/// A decimal number with so many digits behind the point, rounded half up; by its digits alone, so that it is exact.
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

fn quoted(text: &str) -> String {
    let plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c));
    if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const DAYS: [&str; 7] = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];

/// A virtual date by a format of `date`, in UTC.
pub fn date(epoch_ms: i64, format: &str) -> String {
    let iso = iso_instant(epoch_ms);
    let field = |from: usize, to: usize| iso.get(from..to).unwrap_or("");
    let number = |from: usize, to: usize| field(from, to).parse::<usize>().unwrap_or(0);
    let day = epoch_ms.div_euclid(86_400_000);
    let weekday = DAYS[day.rem_euclid(7) as usize];
    let month = MONTHS[(number(5, 7).max(1) - 1).min(11)];
    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let sign = chars.next();
        let sign = if matches!(sign, Some('-' | '_' | '^' | ':')) { chars.next() } else { sign };
        match sign {
            Some('Y') => out += field(0, 4),
            Some('y') => out += field(2, 4),
            Some('m') => out += field(5, 7),
            Some('d') => out += field(8, 10),
            Some('e') => out += &format!("{:>2}", number(8, 10)),
            Some('H') => out += field(11, 13),
            Some('I') => out += &format!("{:02}", (number(11, 13) + 11) % 12 + 1),
            Some('p') => out += if number(11, 13) < 12 { "AM" } else { "PM" },
            Some('M') => out += field(14, 16),
            Some('S') => out += field(17, 19),
            Some('N') => out += &format!("{}000000", field(20, 23)),
            Some('s') => out += &epoch_ms.div_euclid(1000).to_string(),
            Some('F') => out += field(0, 10),
            Some('T') => out += field(11, 19),
            Some('R') => out += field(11, 16),
            Some('D') => out += &format!("{}/{}/{}", field(5, 7), field(8, 10), field(2, 4)),
            Some('a') => out += &weekday[..3],
            Some('A') => out += weekday,
            Some('b' | 'h') => out += &month[..3],
            Some('B') => out += month,
            Some('u') => out += &((day + 3).rem_euclid(7) + 1).to_string(),
            Some('w') => out += &((day + 4).rem_euclid(7)).to_string(),
            Some('z') => out += "+0000",
            Some('Z') => out += "UTC",
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('c') => out += &date(epoch_ms, "%a %b %e %H:%M:%S %Y"),
            Some('x') => out += &date(epoch_ms, "%D"),
            Some('X') => out += &date(epoch_ms, "%T"),
            Some('%') => out.push('%'),
            Some(other) => out.extend(['%', other]),
            None => out.push('%'),
        }
    }
    out
}
