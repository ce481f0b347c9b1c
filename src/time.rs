//! Virtual time: whole milliseconds since the start of the run, and how people and files write it.

use std::ops::{Add, Sub};

use jiff::{SpanRelativeTo, Timestamp};

/// A moment, or a length of time, in whole milliseconds of virtual time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SimTime(pub u64);

impl SimTime {
    /// The start of the run.
    pub const ZERO: Self = Self(0);

    /// This many seconds, to the nearest millisecond; less than nothing is nothing.
    #[must_use]
    pub fn from_seconds(seconds: f64) -> Self {
        // `as` saturates: a length beyond u64 is the longest there is.
        Self((seconds * 1000.0).round() as u64)
    }
}

impl Add for SimTime {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for SimTime {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A length as the page says it: `0 s`, `40 ms`, `0.5 s`, `2.0 s`, `1 m 30 s`, `2 h 5 m`, `3 d 4 h`.
/// Below a minute it is exact; above, all units but the largest two that are not zero are left out.
#[must_use]
pub fn human(time: SimTime) -> String {
    match time.0 {
        0 => "0 s".to_owned(),
        ms if ms < 100 || (ms < SECOND && ms % 10 != 0) => format!("{ms} ms"),
        ms if ms < MINUTE => format!("{} s", seconds(time, 1)),
        ms => {
            let units = [(DAY, "d"), (HOUR, "h"), (MINUTE, "m"), (SECOND, "s")];
            let largest = units.iter().position(|(unit, _)| ms >= *unit).unwrap_or(units.len() - 1);
            let mut rest = ms;
            let mut parts = Vec::new();
            for (unit, name) in &units[largest..(largest + 2).min(units.len())] {
                if rest / unit > 0 {
                    parts.push(format!("{} {name}", rest / unit));
                }
                rest %= unit;
            }
            parts.join(" ")
        }
    }
}

/// Exact seconds with at least `decimals` digits after the point and no more than are needed: `1.0`, `1.125`.
#[must_use]
pub fn seconds(time: SimTime, decimals: usize) -> String {
    let fraction = format!("{:03}", time.0 % SECOND);
    let needed = fraction.trim_end_matches('0').len().max(decimals.min(3));
    let whole = time.0 / SECOND;
    if needed == 0 { whole.to_string() } else { format!("{whole}.{}", &fraction[..needed]) }
}

/// An ISO-8601 duration as Kestra prints it: `PT1.5S`, `PT1H2M`, `PT0S`.
#[must_use]
pub fn iso_duration(time: SimTime) -> String {
    let (hours, minutes, rest) = (time.0 / HOUR, time.0 % HOUR / MINUTE, SimTime(time.0 % MINUTE));
    let part = |n: u64, unit: &str| if n > 0 { format!("{n}{unit}") } else { String::new() };
    let tail = if rest.0 > 0 || time.0 == 0 { format!("{}S", seconds(rest, 0)) } else { String::new() };
    format!("PT{}{}{tail}", part(hours, "H"), part(minutes, "M"))
}

/// Reads an ISO-8601 duration such as `PT1.5S` or `P1D`; a day is 24 hours. `None` when it is none, or less than nothing.
#[must_use]
pub fn parse_iso_duration(text: &str) -> Option<SimTime> {
    if !text.starts_with(['P', 'p', '-', '+']) {
        return None;
    }
    let span: jiff::Span = text.parse().ok()?;
    let length = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    u64::try_from(length.as_millis()).ok().map(SimTime)
}

/// The length in a person's own words: `2`, `0.5`, `500ms`, `3s`, `1.5m`, `2h`, `1d`, or ISO-8601. A bare number is seconds.
#[must_use]
pub fn parse_duration(text: &str) -> Option<SimTime> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit_ms = match unit.trim() {
        "ms" => 1,
        "" | "s" => SECOND,
        "m" => MINUTE,
        "h" => HOUR,
        "d" => DAY,
        _ => return parse_iso_duration(text),
    };
    let number: f64 = number.parse().ok()?;
    Some(SimTime((number * unit_ms as f64).round() as u64))
}

/// A virtual date: milliseconds since 1970-01-01T00:00:00Z, as an ISO-8601 instant with milliseconds.
#[must_use]
pub fn iso_instant(epoch_ms: i64) -> String {
    Timestamp::from_millisecond(epoch_ms).map_or_else(|_| epoch_ms.to_string(), |instant| format!("{instant:.3}"))
}

/// Reads an ISO-8601 instant into milliseconds since 1970-01-01T00:00:00Z.
#[must_use]
pub fn parse_iso_instant(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(|instant| instant.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_well_at_every_scale() {
        let said = [0, 1, 40, 250, 500, 355, 1000, 1250, 59_999, 60_000, 90_000, 3_900_000, 273_600_000].map(|ms| human(SimTime(ms)));
        assert_eq!(
            said,
            ["0 s", "1 ms", "40 ms", "0.25 s", "0.5 s", "355 ms", "1.0 s", "1.25 s", "59.999 s", "1 m", "1 m 30 s", "1 h 5 m", "3 d 4 h"]
        );
    }

    #[test]
    fn iso_durations_come_back_as_they_went() {
        for (text, ms) in [("PT0S", 0), ("PT1.5S", 1500), ("PT1M", 60_000), ("PT1H2M3S", 3_723_000), ("P1D", 86_400_000)] {
            assert_eq!(parse_iso_duration(text), Some(SimTime(ms)), "{text}");
        }
        assert_eq!(iso_duration(SimTime(3_723_000)), "PT1H2M3S");
        assert_eq!(iso_duration(SimTime(86_400_000)), "PT24H");
        assert_eq!(parse_iso_duration("1 s"), None);
        assert_eq!(parse_iso_duration("PT-1S"), None);
    }

    #[test]
    fn plain_durations_take_units() {
        for (text, ms) in [("2", 2000), ("0.5", 500), ("500ms", 500), ("1.5m", 90_000), ("2h", 7_200_000), ("PT3S", 3000)] {
            assert_eq!(parse_duration(text), Some(SimTime(ms)), "{text}");
        }
        assert_eq!(parse_duration("soon"), None);
    }

    #[test]
    fn instants_carry_milliseconds() {
        let start = parse_iso_instant("2024-01-01T00:00:00.000Z").expect("it is an instant");
        assert_eq!(iso_instant(start + 1005), "2024-01-01T00:00:01.005Z");
    }
}
