//! Dates to texts and back. Rules: Kestra, filters `date`, `dateAdd`, `timestamp`. Dates are milliseconds since
//! 1970-01-01T00:00:00Z; without a zone it is UTC.

mod languages;
mod patterns;

use self::languages::{ENGLISH, language};
use self::patterns::{parsed, pattern, printed};
use super::operators::java_text;
use super::zones::{UTC, Zone, zone};
use crate::time::{civil, days_from_civil, days_in_month, parse_iso_instant};
use crate::value::Value;

const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;

/// A date as a text. Arguments from index `from` on: the format, the zone, the format of the input, the language.
///
/// # Errors
/// A value that is not a date, or a pattern that is not valid.
pub(super) fn format(input: &Value, given: &[Option<Value>], from: usize) -> Result<Value, String> {
    let arg = |idx: usize| {
        given.get(from.saturating_add(idx)).cloned().flatten().filter(|value| *value != Value::Null).map(|value| java_text(&value))
    };
    let (format, zone_id, code) = (arg(0), arg(1), arg(3));
    let Some(language) = code.as_deref().map_or(Some(&ENGLISH), language) else {
        return Ok(Value::unknown(&format!("date in {}", code.unwrap_or_default())));
    };
    let format = format.as_deref().unwrap_or("iso");
    let zone_id = zone_id.as_deref();
    let at = match in_zone(input, zone_id, arg(2).as_deref())? {
        Ok(at) => at,
        Err(unknown) => return Ok(unknown),
    };
    let zone = zone_id.and_then(zone).unwrap_or(UTC);
    let is_preset = matches!(format, "full" | "long" | "medium" | "short");
    let zone = if format == "iso_instant" { UTC } else { zone };
    Ok(match printed(at, zone, pattern(format), language)? {
        Some(text) if !is_preset || language.is_american() => Value::text(&text),
        _ => Value::unknown(&format!("date as {format}")),
    })
}

/// The moment of a value; the inner error is an unknown value, for a zone that is not supported.
///
/// # Errors
/// A value that is not a date.
fn in_zone(input: &Value, zone_id: Option<&str>, existing: Option<&str>) -> Result<Result<i64, Value>, String> {
    let Some(zone) = zone_id.map_or(Some(UTC), zone) else {
        return Ok(Err(Value::unknown(&format!("date in {}", zone_id.unwrap_or_default()))));
    };
    match input {
        Value::Date(at) => Ok(Ok(*at)),
        // Kestra takes whole numbers for seconds; numbers this large can only be milliseconds.
        Value::Int(number) if number.unsigned_abs() >= 100_000_000_000 => Ok(Ok(*number)),
        Value::Int(number) => Ok(Ok(number.saturating_mul(1000))),
        other => {
            let text = java_text(other);
            let at = match existing {
                Some(existing) => parsed(&text, zone, pattern(existing)),
                None => iso(&text, zone),
            };
            at.map(Ok).ok_or_else(|| format!("java.time.format.DateTimeParseException: Text '{text}' could not be parsed at index 0"))
        }
    }
}

/// The day of `2024-01-01`, counted from 1970-01-01.
pub(super) fn civil_day(text: &str) -> Option<i64> {
    parse_iso_instant(&format!("{text}T00:00Z")).map(|at| at.div_euclid(DAY))
}

/// Whether a text is a date with a time, with or without an offset.
pub(super) fn is_moment(text: &str) -> bool {
    text.contains('T') && iso(text, UTC).is_some()
}

/// The moment of `2024-01-01T00:00:00.000Z`, with another offset, without one, or of a date alone.
fn iso(text: &str, zone: Zone<'_>) -> Option<i64> {
    let main = text.split_once('[').map_or(text, |(main, _)| main);
    if !main.contains('T') {
        return parse_iso_instant(&format!("{main}T00:00Z")).map(|local| zone.moment(local));
    }
    parse_iso_instant(main).or_else(|| parse_iso_instant(&format!("{main}Z")).map(|local| zone.moment(local)))
}

/// `timestamp` and its variants: seconds since 1970, or smaller units of which `per_second` make a second.
///
/// # Errors
/// A value that is not a date.
pub(super) fn timestamp(input: &Value, given: &[Option<Value>], per_second: i64) -> Result<Value, String> {
    let arg = |idx: usize| given.get(idx).cloned().flatten().map(|value| java_text(&value));
    Ok(match in_zone(input, arg(0).as_deref(), arg(1).as_deref())? {
        Ok(at) => {
            let (seconds, ms) = (at.div_euclid(1000), at.rem_euclid(1000));
            Value::Int(seconds.saturating_mul(per_second).saturating_add(ms.saturating_mul(per_second) / 1000))
        }
        Err(unknown) => unknown,
    })
}

/// `dateAdd(amount, unit, format, timeZone, existingFormat, locale)`: days and longer by the calendar of the zone.
///
/// # Errors
/// A value that is not a date, a number or a unit, and dates beyond the calendar.
pub(super) fn add(input: &Value, given: &[Option<Value>]) -> Result<Value, String> {
    let arg = |idx: usize| given.get(idx).cloned().flatten().map(|value| java_text(&value));
    let Some(Some(Value::Int(amount))) = given.first() else {
        return Err("The 'dateAdd' filter expects an integer as argument 'amount'.".to_owned());
    };
    let unit = arg(1).unwrap_or_default();
    let at = match in_zone(input, arg(3).as_deref(), arg(4).as_deref())? {
        Ok(at) => at,
        Err(unknown) => return Ok(unknown),
    };
    let zone_id = arg(3);
    let zone = zone_id.as_deref().and_then(zone).unwrap_or(UTC);
    let added = match unit.as_str() {
        "NANOS" => at.checked_add(amount.div_euclid(1_000_000)),
        "MICROS" => at.checked_add(amount.div_euclid(1000)),
        "MILLIS" => at.checked_add(*amount),
        "SECONDS" => amount.checked_mul(1000).and_then(|ms| at.checked_add(ms)),
        "MINUTES" => amount.checked_mul(MINUTE).and_then(|ms| at.checked_add(ms)),
        "HOURS" => amount.checked_mul(60 * MINUTE).and_then(|ms| at.checked_add(ms)),
        "HALF_DAYS" => amount.checked_mul(DAY / 2).and_then(|ms| at.checked_add(ms)),
        _ => {
            let local = at.saturating_add(zone.offset_min(at).saturating_mul(MINUTE));
            let (day, ms) = (local.div_euclid(DAY), local.rem_euclid(DAY));
            let months = |n: i64| amount.checked_mul(n).and_then(|n| in_months(day, n));
            let day = match unit.as_str() {
                "DAYS" => day.checked_add(*amount),
                "WEEKS" => amount.checked_mul(7).and_then(|days| day.checked_add(days)),
                "MONTHS" => months(1),
                "YEARS" => months(12),
                "DECADES" => months(120),
                "CENTURIES" => months(1200),
                "MILLENNIA" => months(12_000),
                _ => return Err(format!("java.lang.IllegalArgumentException: No enum constant java.time.temporal.ChronoUnit.{unit}")),
            };
            day.and_then(|day| day.checked_mul(DAY)).and_then(|local| local.checked_add(ms)).map(|local| zone.moment(local))
        }
    };
    match added {
        Some(at) if at.unsigned_abs() < 1 << 56 => format(&Value::Date(at), given, 2),
        _ => Err("the date is beyond the calendar".to_owned()),
    }
}

/// The same day so many months later, or the last day of that month.
fn in_months(day: i64, n: i64) -> Option<i64> {
    let (year, month, day_of_month) = civil(day);
    let before = year.checked_mul(12)?.checked_add(month)?.checked_sub(1)?;
    let months = before.checked_add(n).filter(|months| months.unsigned_abs() < 12 * 2_000_000)?;
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12).saturating_add(1));
    Some(days_from_civil(year, month, day_of_month.min(days_in_month(year, month))))
}
