//! Patterns of dates, as Java's `DateTimeFormatter` reads them. Rules: Kestra, filter `date`.

use super::languages::{ENGLISH, Language};
use super::{DAY, MINUTE};
use crate::expr::zones::{Zone, offset, zone};
use crate::time::{civil, days_from_civil};

/// Characters that stand in our own patterns for what ISO formats need: the shortest fraction; a fraction of 0 or 3 digits;
/// the zone in brackets; year and week of ISO 8601; the offset as in mails.
const SHORT_FRACTION: char = '\u{1}';
const INSTANT_FRACTION: char = '\u{2}';
const BRACKETS: char = '\u{3}';
const WEEK: char = '\u{4}';
const MAIL_OFFSET: char = '\u{5}';

/// The pattern behind a name that Kestra knows; any other name is a pattern itself.
pub(super) fn pattern(name: &str) -> &str {
    match name {
        "iso" => "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX",
        "iso_sec" => "yyyy-MM-dd'T'HH:mm:ssXXX",
        "sql" => "yyyy-MM-dd HH:mm:ss.SSSSSS",
        "sql_seq" => "yyyy-MM-dd HH:mm:ss",
        "iso_date_time" | "iso_zoned_date_time" => "yyyy-MM-dd'T'HH:mm:ss\u{1}XXX\u{3}",
        "iso_offset_date_time" => "yyyy-MM-dd'T'HH:mm:ss\u{1}XXX",
        "iso_date" => "yyyy-MM-ddXXX",
        "iso_time" | "iso_offset_time" => "HH:mm:ss\u{1}XXX",
        "iso_local_date" => "yyyy-MM-dd",
        "iso_instant" => "yyyy-MM-dd'T'HH:mm:ss\u{2}'Z'",
        "iso_local_date_time" => "yyyy-MM-dd'T'HH:mm:ss\u{1}",
        "iso_local_time" => "HH:mm:ss\u{1}",
        "iso_ordinal_date" => "yyyy-DDDXXX",
        "iso_week_date" => "\u{4}XXX",
        "rfc_1123_date_time" => "EEE, d MMM yyyy HH:mm:ss \u{5}",
        "full" => "EEEE, MMMM d, yyyy, h:mm:ss\u{202f}a zzzz",
        "long" => "MMMM d, yyyy, h:mm:ss\u{202f}a z",
        "medium" => "MMM d, yyyy, h:mm:ss\u{202f}a",
        "short" => "M/d/yy, h:mm\u{202f}a",
        other => other,
    }
}

/// A moment written by a pattern; `None` when the pattern uses something that is not supported.
///
/// # Errors
/// Letters that have no meaning in a pattern.
pub(super) fn printed(at: i64, zone: Zone<'_>, pattern: &str, language: &Language) -> Result<Option<String>, String> {
    let offset_min = zone.offset_min(at);
    let local = at.saturating_add(offset_min.saturating_mul(MINUTE));
    let (day, ms) = (local.div_euclid(DAY), local.rem_euclid(DAY));
    let (year, month, day_of_month) = civil(day);
    let (hour, minute, second, ms_of_second) = (ms / (60 * MINUTE), ms / MINUTE % 60, ms / 1000 % 60, ms % 1000);
    let day_of_year = day.saturating_sub(days_from_civil(year, 1, 1)).saturating_add(1);
    let weekday = day.rem_euclid(7);
    let (from_sunday, from_monday) = (weekday.saturating_add(4) % 7, weekday.saturating_add(3) % 7);
    let (week_year, _, _) = civil(day.saturating_add(6).saturating_sub(from_sunday));
    // The days of a year or month that begins in the middle of a week, counted from the start of that week.
    let week_of = |nth: i64| nth.saturating_add(from_sunday.saturating_add(1).saturating_sub(nth).rem_euclid(7)).saturating_add(6) / 7;
    let quarter = month.saturating_add(2) / 3;
    let mut out = String::new();
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        let mut n = 1_usize;
        while letter.is_ascii_alphabetic() && letters.next_if_eq(&letter).is_some() {
            n = n.saturating_add(1);
        }
        let mut number = |number: i64| pad(&mut out, number, n);
        match letter {
            'y' | 'u' if n == 2 => number(year.rem_euclid(100)),
            'y' | 'u' => number(year),
            'M' | 'L' if n < 3 => number(month),
            'D' => number(day_of_year),
            // Weeks begin on Sunday; the first one has the first day of the year or month.
            'Y' if n == 2 => number(week_year.rem_euclid(100)),
            'Y' => number(week_year),
            'w' if week_year > year => number(1),
            'w' => number(week_of(day_of_year)),
            'W' => number(week_of(day_of_month)),
            'e' | 'c' if n < 3 => number(from_sunday.saturating_add(1)),
            'F' => number(day_of_month.saturating_add(6) / 7),
            'd' => number(day_of_month),
            'H' => number(hour),
            'k' => number(if hour == 0 { 24 } else { hour }),
            'K' => number(hour % 12),
            'h' => number(if hour % 12 == 0 { 12 } else { hour % 12 }),
            'm' => number(minute),
            's' => number(second),
            'n' => number(ms_of_second.saturating_mul(1_000_000)),
            'N' => number(ms.saturating_mul(1_000_000)),
            'A' => number(ms),
            'Q' | 'q' | 'G' | 'z' if n > 2 && !language.is_american() => return Ok(None),
            'Q' | 'q' if n < 3 => number(quarter),
            'Q' | 'q' if n == 4 => {
                out += match quarter {
                    1 => "1st quarter",
                    2 => "2nd quarter",
                    3 => "3rd quarter",
                    _ => "4th quarter",
                };
            }
            'Q' | 'q' => {
                out.push('Q');
                pad(&mut out, quarter, 1);
            }
            'M' | 'L' => out += language.month(month.saturating_sub(1), n),
            'E' => out += language.day(weekday, n),
            'a' => out += language.noon(hour >= 12),
            'G' if n == 4 => out += if year > 0 { "Anno Domini" } else { "Before Christ" },
            'G' => out += if year > 0 { "AD" } else { "BC" },
            'S' => {
                let mut digits = String::new();
                pad(&mut digits, ms_of_second, 3);
                out.extend((0..n).map(|idx| digits.as_bytes().get(idx).map_or('0', |digit| *digit as char)));
            }
            'X' if offset_min == 0 => out.push('Z'),
            'X' | 'x' => write_offset(&mut out, offset_min, n == 3 || n == 5, n == 1),
            'Z' if n < 4 => write_offset(&mut out, offset_min, false, false),
            'Z' if n == 5 && offset_min == 0 => out.push('Z'),
            'Z' if n == 5 => write_offset(&mut out, offset_min, true, false),
            'Z' | 'O' => {
                out += "GMT";
                if offset_min != 0 {
                    write_offset(&mut out, offset_min, true, false);
                }
            }
            'V' => out += zone.id,
            'z' if n == 4 && zone.short(at) == "UTC" => out += "Coordinated Universal Time",
            'z' if n == 4 => return Ok(None),
            'z' => out += zone.short(at),
            'e' | 'c' | 'g' | 'v' | 'B' | 'p' => return Ok(None),
            SHORT_FRACTION | INSTANT_FRACTION => {
                if ms_of_second != 0 {
                    out.push('.');
                    pad(&mut out, ms_of_second, 3);
                    while letter == SHORT_FRACTION && out.ends_with('0') {
                        out.pop();
                    }
                }
            }
            BRACKETS => {
                if zone.is_region {
                    out.extend(["[", zone.id, "]"]);
                }
            }
            WEEK => {
                let thursday = day.saturating_add(3).saturating_sub(from_monday);
                let (week_year, _, _) = civil(thursday);
                let week = thursday.saturating_sub(days_from_civil(week_year, 1, 1)).saturating_add(7) / 7;
                pad(&mut out, week_year, 4);
                out += "-W";
                pad(&mut out, week, 2);
                out.push('-');
                pad(&mut out, from_monday.saturating_add(1), 1);
            }
            MAIL_OFFSET if offset_min == 0 => out += "GMT",
            MAIL_OFFSET => write_offset(&mut out, offset_min, false, false),
            '\'' => {
                if letters.next_if_eq(&'\'').is_some() {
                    out.push('\'');
                    continue;
                }
                loop {
                    match letters.next() {
                        Some('\'') if letters.next_if_eq(&'\'').is_some() => out.push('\''),
                        Some('\'') => break,
                        Some(letter) => out.push(letter),
                        None => return Err(format!("Pattern ends with an incomplete string literal: {pattern}")),
                    }
                }
            }
            letter if letter.is_ascii_alphabetic() => return Err(format!("Unknown pattern letter: {letter}")),
            '[' | ']' => {}
            letter => out.push(letter),
        }
    }
    Ok(Some(out))
}

/// A number with at least so many digits.
fn pad(out: &mut String, number: i64, n_digits: usize) {
    let digits = number.unsigned_abs().to_string();
    *out += if number < 0 { "-" } else { "" };
    out.extend(std::iter::repeat_n('0', n_digits.saturating_sub(digits.len())));
    *out += &digits;
}

fn write_offset(out: &mut String, offset_min: i64, has_colon: bool, is_short: bool) {
    out.push(if offset_min < 0 { '-' } else { '+' });
    let minutes = offset_min.abs();
    pad(out, minutes / 60, 2);
    if !is_short || minutes % 60 != 0 {
        *out += if has_colon { ":" } else { "" };
        pad(out, minutes % 60, 2);
    }
}

/// The moment that a text gives by a pattern; a date alone is its first moment in the zone. `None` when the text does not match.
pub(super) fn parsed(text: &str, zone_of_text: Zone<'_>, pattern: &str) -> Option<i64> {
    let (mut year, mut month, mut day, mut hour, mut minute, mut second, mut ms) = (1970, 1, 1, 0, 0, 0, 0);
    let mut noon = None;
    let mut offset_min = None;
    let mut rest = text;
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        let mut n = 1_usize;
        while letter.is_ascii_alphabetic() && letters.next_if_eq(&letter).is_some() {
            n = n.saturating_add(1);
        }
        let mut digits = |least: usize, most: usize| {
            let found = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
            let (number, behind) = rest.split_at_checked(found).filter(|_| found >= least)?;
            rest = behind;
            number.parse::<i64>().ok()
        };
        match letter {
            'y' | 'u' if n == 2 => year = digits(2, 2)?.saturating_add(2000),
            'y' | 'u' => year = digits(n.min(4), 4)?,
            'M' | 'L' if n < 3 => month = digits(n, 2)?,
            'M' | 'L' => {
                let (found, length) = ENGLISH.month_at(rest, n)?;
                rest = rest.get(length..)?;
                month = found.saturating_add(1);
            }
            'E' => rest = rest.get(ENGLISH.day_at(rest, n)?..)?,
            'd' => day = digits(n, 2)?,
            'H' => hour = digits(n, 2)?,
            'h' => hour = digits(n, 2)? % 12,
            'm' => minute = digits(n, 2)?,
            's' => second = digits(n, 2)?,
            'S' => {
                let (fraction, behind) =
                    rest.split_at_checked(n).filter(|(digits, _)| digits.bytes().all(|digit| digit.is_ascii_digit()))?;
                ms = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
                rest = behind;
            }
            'a' => {
                noon = Some(rest.starts_with("PM"));
                rest = rest.strip_prefix("AM").or_else(|| rest.strip_prefix("PM"))?;
            }
            'X' | 'x' | 'Z' | 'z' | 'V' => {
                let end = rest.find([' ', ']']).unwrap_or(rest.len());
                let (name, behind) = rest.split_at_checked(end)?;
                offset_min = Some(offset(name).map_or_else(|| zone(name).map(|zone| zone.offset_min(0)), Some)?);
                rest = behind;
            }
            SHORT_FRACTION | INSTANT_FRACTION => {
                if let Some(fraction) = rest.strip_prefix('.') {
                    let end = fraction.bytes().take_while(u8::is_ascii_digit).count();
                    ms = format!("{:0<3}", fraction.get(..end)?).get(..3)?.parse().ok()?;
                    rest = fraction.get(end..)?;
                }
            }
            '\'' => loop {
                match letters.next()? {
                    '\'' => break,
                    letter => rest = rest.strip_prefix(letter)?,
                }
            },
            letter if letter.is_ascii_alphabetic() || letter.is_control() => return None,
            letter => rest = rest.strip_prefix(letter)?,
        }
    }
    if noon == Some(true) {
        hour = hour.saturating_add(12);
    }
    let days = days_from_civil(year, month, day);
    if !rest.is_empty() || civil(days) != (year, month, day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let parts = [(days, DAY), (hour, 60 * MINUTE), (minute, MINUTE), (second, 1000), (ms, 1)];
    let local = parts.into_iter().fold(0, |sum: i64, (n, unit_ms)| sum.saturating_add(n.saturating_mul(unit_ms)));
    Some(match offset_min {
        Some(offset_min) => local.saturating_sub(offset_min.saturating_mul(MINUTE)),
        None => zone_of_text.moment(local),
    })
}
