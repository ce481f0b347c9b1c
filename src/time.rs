//! Virtual time: whole milliseconds since the start of the run, and how people and files write it.

#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::string_slice))]

use std::ops::{Add, Sub};

use crate::language::decimal_mark;
use crate::tr;

pub(crate) use calendar::{civil, days_from_civil, days_in_month};

/// A moment, or a length of time, in whole milliseconds of virtual time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SimTime(pub u64);

impl SimTime {
    /// The start of the run.
    pub const ZERO: Self = Self(0);

    /// This many seconds, to the nearest millisecond; a negative number is 0.
    #[must_use]
    pub fn from_seconds(seconds: f64) -> Self {
        // `as` saturates at both ends of u64.
        Self((seconds * 1000.0).round() as u64)
    }

    /// This moment of a run that began at `start_epoch_ms`. Both dates are milliseconds since 1970-01-01T00:00:00Z; the result
    /// saturates.
    #[must_use]
    pub fn epoch_ms(self, start_epoch_ms: i64) -> i64 {
        start_epoch_ms.saturating_add(i64::try_from(self.0).unwrap_or(i64::MAX))
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

pub(crate) const SECOND: u64 = 1000;
pub(crate) const MINUTE: u64 = 60 * SECOND;
pub(crate) const HOUR: u64 = 60 * MINUTE;
pub(crate) const DAY: u64 = 24 * HOUR;

/// A length as the page shows it: `0 s`, `40 ms`, `0.355 s`, `2.0 s`, `1 m 30 s`, `2 h 5 m`, `3 d 4 h`.
/// Below a minute it is exact; from a tenth of a second on it is in seconds. From a minute on it is rounded to the smaller of two units,
/// and a unit that is zero is left out.
#[must_use]
pub fn human(time: SimTime) -> String {
    match time.0 {
        0 => "0 s".to_owned(),
        ms if ms < 100 => format!("{ms} ms"),
        ms if ms < MINUTE => format!("{} s", seconds(time, 1).replace('.', &decimal_mark())),
        ms => {
            let seconds = ms.saturating_add(SECOND / 2) / SECOND;
            let minutes = ms.saturating_add(MINUTE / 2) / MINUTE;
            let hours = ms.saturating_add(HOUR / 2) / HOUR;
            // What would be rounded up to a whole unit is written in that.
            let (n_large, name, n_small, other) = if minutes >= 24 * 60 {
                (hours / 24, "d", hours % 24, "h")
            } else if seconds >= 60 * 60 {
                (minutes / 60, "h", minutes % 60, "m")
            } else {
                (seconds / 60, "m", seconds % 60, "s")
            };
            if n_small == 0 { format!("{n_large} {name}") } else { format!("{n_large} {name} {n_small} {other}") }
        }
    }
}

/// A length as it is read out: `0 seconds`, `1 second`, `1.5 seconds`, `1 hour 20 minutes`.
#[must_use]
pub fn spoken(time: SimTime) -> String {
    let count = |count: &str, unit: &str| {
        // A fraction has the form of a large number.
        let n: u64 = count.parse().unwrap_or(u64::MAX);
        match unit {
            "d" => tr!("{count} day" | "{count} days" % n, count),
            "h" => tr!("{count} hour" | "{count} hours" % n, count),
            "m" => tr!("{count} minute" | "{count} minutes" % n, count),
            _ => tr!("{count} second" | "{count} seconds" % n, count),
        }
    };
    if time.0 < MINUTE {
        return count(&seconds(time, 0).replace('.', &decimal_mark()), "s");
    }
    let shown = human(time);
    let mut parts = shown.split(' ');
    std::iter::from_fn(|| Some(count(parts.next()?, parts.next()?))).collect::<Vec<_>>().join(" ")
}

/// Exact seconds with at least `decimals` digits after the point and no more than are needed: `1.0`, `1.125`.
#[must_use]
pub fn seconds(time: SimTime, decimals: usize) -> String {
    let mut fraction = format!("{:03}", time.0 % SECOND);
    fraction.truncate(fraction.trim_end_matches('0').len().max(decimals));
    let whole = time.0 / SECOND;
    if fraction.is_empty() { whole.to_string() } else { format!("{whole}.{fraction}") }
}

/// An ISO-8601 duration as Kestra prints it: `PT1.5S`, `PT1H2M`, `PT0S`.
#[must_use]
pub fn iso_duration(time: SimTime) -> String {
    let (hours, minutes, rest) = (time.0 / HOUR, time.0 % HOUR / MINUTE, SimTime(time.0 % MINUTE));
    let part = |n: u64, unit: &str| if n > 0 { format!("{n}{unit}") } else { String::new() };
    let tail = if rest.0 > 0 || time.0 == 0 { format!("{}S", seconds(rest, 0)) } else { String::new() };
    format!("PT{}{}{tail}", part(hours, "H"), part(minutes, "M"))
}

/// A length as Kestra writes it in logs: `00:01:02.003`.
#[must_use]
pub fn clock(time: SimTime) -> String {
    format!("{:02}:{:02}:{:02}.{:03}", time.0 / HOUR, time.0 % HOUR / MINUTE, time.0 % MINUTE / SECOND, time.0 % SECOND)
}

/// A plain number as a duration: seconds, with fractions.
#[must_use]
pub fn parse_seconds(text: &str) -> Option<SimTime> {
    let seconds: f64 = text.trim().parse().ok()?;
    (0.0..1e15).contains(&seconds).then(|| SimTime((seconds * 1000.0).round() as u64))
}

/// Reads an ISO-8601 duration such as `PT1.5S`, `P1DT2H` or `P2W`; a day is 24 hours, and a length beyond what [`SimTime`] holds
/// is the longest. `None` for anything else, for a negative
/// duration, and for months and years, which have no fixed length.
#[must_use]
pub fn parse_iso_duration(text: &str) -> Option<SimTime> {
    let (b'P' | b'p', body) = text.as_bytes().split_first()? else { return None };
    let mut halves = body.splitn(2, |byte| matches!(byte, b'T' | b't'));
    let (date, time) = (halves.next().unwrap_or_default(), halves.next());
    if time.is_some_and(<[u8]>::is_empty) {
        return None;
    }
    let days = sum_of_units(date, &[(b'W', 7 * DAY), (b'D', DAY)])?;
    let rest = sum_of_units(time.unwrap_or_default(), &[(b'H', HOUR), (b'M', MINUTE), (b'S', SECOND)])?;
    (!body.is_empty()).then_some(SimTime(days.saturating_add(rest)))
}

/// The milliseconds of `2H30M`, units in this order and each at most once; only the last number may have a fraction.
fn sum_of_units(mut rest: &[u8], units: &[(u8, u64)]) -> Option<u64> {
    let mut units = units.iter();
    let mut sum = 0u64;
    while !rest.is_empty() {
        let (whole, behind) = leading_digits(rest);
        let (fraction, behind) = match behind {
            [b'.' | b',', behind @ ..] => {
                let (digits, behind) = leading_digits(behind);
                (Some(digits), behind)
            }
            _ => (None, behind),
        };
        let (sign, behind) = behind.split_first()?;
        let (_, unit_ms) = units.find(|(unit, _)| *unit == sign.to_ascii_uppercase())?;
        if whole.is_empty() || fraction.is_some_and(|digits| digits.is_empty() || !behind.is_empty()) {
            return None;
        }
        let with_digit = |number: u64, digit: &u8| number.checked_mul(10)?.checked_add(char::from(*digit).to_digit(10)?.into());
        let fraction = fraction.unwrap_or_default().iter().chain(std::iter::repeat(&b'0')).take(9);
        // Nine digits of a week are below u64::MAX.
        let of_fraction = fraction.copied().try_fold(0, |nanos, digit| with_digit(nanos, &digit))?.checked_mul(*unit_ms)? / 1_000_000_000;
        let whole = whole.iter().try_fold(0, with_digit)?;
        sum = sum.saturating_add(whole.saturating_mul(*unit_ms)).saturating_add(of_fraction);
        rest = behind;
    }
    Some(sum)
}

fn leading_digits(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(text.iter().take_while(|byte| byte.is_ascii_digit()).count())
}

/// Reads a length as people write it: `2`, `0.5`, `500ms`, `3 s`, `1.5m`, `2h`, `1d`, every form of [`human`], such as `1 m 30 s`, also
/// without its spaces, or ISO-8601. A bare number is seconds.
#[must_use]
pub fn parse_duration(text: &str) -> Option<SimTime> {
    let mut rest = text.trim();
    let (mut sum, mut last_ms) = (SimTime::ZERO, u64::MAX);
    loop {
        let (number, behind) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len()));
        let behind = behind.trim_start();
        let (unit, behind) = behind.split_at(behind.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(behind.len()));
        let unit_ms = match unit {
            "ms" => 1,
            "" if last_ms == u64::MAX && behind.is_empty() => SECOND,
            "s" => SECOND,
            "m" | "min" => MINUTE,
            "h" => HOUR,
            "d" => DAY,
            _ => return parse_iso_duration(text.trim()),
        };
        let number: f64 = number.parse().ok().filter(|_| unit_ms < last_ms)?;
        sum = sum + SimTime((number * unit_ms as f64).round() as u64);
        (rest, last_ms) = (behind.trim_start(), unit_ms);
        if rest.is_empty() {
            return Some(sum);
        }
    }
}

/// A virtual date: milliseconds since 1970-01-01T00:00:00Z, as an ISO-8601 instant with milliseconds.
#[must_use]
pub fn iso_instant(epoch_ms: i64) -> String {
    let (days, ms) = (epoch_ms.div_euclid(DAY as i64), epoch_ms.rem_euclid(DAY as i64) as u64);
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (ms / HOUR, ms % HOUR / MINUTE, ms % MINUTE / SECOND);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", ms % SECOND)
}

/// A virtual date as people read it, to the minute: `2026-03-02 09:30`.
#[must_use]
pub fn minute(epoch_ms: i64) -> String {
    let instant = iso_instant(epoch_ms);
    instant.rsplit_once(':').map_or(String::new(), |(minute, _)| minute.replace('T', " "))
}

/// Reads an ISO-8601 instant such as `2024-01-01T00:00:00.000Z` or `2024-01-01T02:00+02:00` into milliseconds since
/// 1970-01-01T00:00:00Z.
#[must_use]
pub fn parse_iso_instant(text: &str) -> Option<i64> {
    let (date, rest) = text.trim().split_once(['T', 't', ' '])?;
    let [year, month, day] = numbers(date, '-')?;
    let zone = rest.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = rest.split_at(zone);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let [hour, minute, second] = numbers(clock, ':').or_else(|| numbers(clock, ':').map(|[hour, minute]| [hour, minute, 0]))?;
    let ms: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let days = days_from_civil(year, month, day);
    let within = (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..60).contains(&second)
        && fraction.bytes().all(|digit| digit.is_ascii_digit());
    if !within || civil(days) != (year, month, day) {
        return None;
    }
    let offset = match zone.split_at(1) {
        ("Z" | "z", "") => 0,
        (sign, offset) => {
            let [hours, minutes] = numbers(offset, ':')?;
            let sign = if sign == "-" { -1 } else { 1 };
            sum_of(&[(hours, HOUR as i64), (minutes, MINUTE as i64)])?.checked_mul(sign)?
        }
    };
    sum_of(&[(days, DAY as i64), (hour, HOUR as i64), (minute, MINUTE as i64), (second, SECOND as i64), (ms, 1), (offset, -1)])
}

/// The sum of numbers, each times a unit; `None` when it is out of range.
pub(crate) fn sum_of(parts: &[(i64, i64)]) -> Option<i64> {
    parts.iter().try_fold(0_i64, |sum, (n, unit)| sum.checked_add(n.checked_mul(*unit)?))
}

/// Exactly `N` numbers without a sign, separated by `by`.
pub(crate) fn numbers<const N: usize>(text: &str, by: char) -> Option<[i64; N]> {
    let digits = |part: &str| {
        (!part.is_empty() && part.len() <= 4 && part.bytes().all(|digit| digit.is_ascii_digit())).then(|| part.parse().ok()).flatten()
    };
    let found: Vec<i64> = text.split(by).map(digits).collect::<Option<_>>()?;
    found.try_into().ok()
}

/// Days and dates. No sum or product here is out of range: days are those of 64 bits of milliseconds, so below 2^37, and years are those
/// of such days or below 10^7.
#[expect(clippy::arithmetic_side_effects)]
mod calendar {
    /// The year, month and day of a day counted from 1970-01-01. It counts in years that begin in March: their leap day is the last
    /// day, so each month begins at a fixed day of the year. The calendar repeats every 400 years (146,097 days).
    pub(crate) fn civil(days: i64) -> (i64, i64, i64) {
        let days = days + 719_468; // from 0000-03-01
        let (cycle, day_of_cycle) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year_of_cycle = (day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
        let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = cycle * 400 + year_of_cycle + i64::from(month <= 2);
        (year, month, day_of_year - (153 * month_from_march + 2) / 5 + 1)
    }

    /// How many days a month has.
    pub(crate) fn days_in_month(year: i64, month: i64) -> i64 {
        days_from_civil(year + month / 12, month % 12 + 1, 1) - days_from_civil(year, month, 1)
    }

    /// The day of a date, counted from 1970-01-01: the inverse of [`civil`].
    pub(crate) fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
        let year = year - i64::from(month <= 2);
        let (cycle, year_of_cycle) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        cycle * 146_097 + year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year - 719_468
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_well_at_every_scale() {
        let shown = [0, 1, 40, 250, 500, 355, 1000, 1250, 59_999, 60_000, 90_000, 3_900_000, 273_600_000].map(|ms| human(SimTime(ms)));
        assert_eq!(
            shown,
            ["0 s", "1 ms", "40 ms", "0.25 s", "0.5 s", "0.355 s", "1.0 s", "1.25 s", "59.999 s", "1 m", "1 m 30 s", "1 h 5 m", "3 d 4 h"]
        );
    }

    #[test]
    fn long_lengths_are_rounded_to_the_smaller_unit() {
        let shown = [329_999, 3_570_500, 3_599_499, 3_599_500, 86_369_999, 86_370_000, u64::MAX].map(|ms| human(SimTime(ms)));
        assert_eq!(shown[..6], ["5 m 30 s", "59 m 31 s", "59 m 59 s", "1 h", "23 h 59 m", "1 d"]);
        assert!(shown[6].ends_with(" h"), "{}", shown[6]);
    }

    #[test]
    fn lengths_are_read_out_in_words() {
        let read = [0, 1000, 1500, 60_000, 4_800_000, 90_000_000].map(|ms| spoken(SimTime(ms)));
        assert_eq!(read, ["0 seconds", "1 second", "1.5 seconds", "1 minute", "1 hour 20 minutes", "1 day 1 hour"]);
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
        for text in ["soon", "", "1s2m", "1m 1m", "1 2", "m", "1m 2", "1.2.3s", "3x"] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn every_length_that_is_shown_is_read() {
        for ms in [0, 1, 40, 250, 500, 1000, 2500, 59_999, 60_000, 90_000, 400_000, 3_600_000, 4_800_000, 273_600_000] {
            let shown = human(SimTime(ms));
            assert_eq!(parse_duration(&shown), Some(SimTime(ms)), "{shown}");
            assert_eq!(parse_duration(&shown.replace(' ', "")), Some(SimTime(ms)), "{shown}");
        }
    }

    #[test]
    fn instants_carry_milliseconds() {
        let start = parse_iso_instant("2024-01-01T00:00:00.000Z").expect("it is an instant");
        assert_eq!(start, 1_704_067_200_000);
        assert_eq!(iso_instant(start + 1005), "2024-01-01T00:00:01.005Z");
        assert_eq!(parse_iso_instant("2024-01-01T02:00+02:00"), Some(start));
        assert_eq!(parse_iso_instant("2024-02-30T00:00:00Z"), None);
        assert_eq!(parse_iso_instant("2024-01-01"), None);
    }

    /// The library is too large for the page, but not for its tests.
    #[test]
    fn dates_and_durations_agree_with_a_calendar_library() {
        for day in (-800_000..800_000).step_by(97) {
            let ms = day * 86_400_000 + 12_345;
            let theirs = jiff::Timestamp::from_millisecond(ms).expect("it is within the years of the library");
            if iso_instant(ms).starts_with(|c: char| c.is_ascii_digit()) {
                assert_eq!(iso_instant(ms), format!("{theirs:.3}"));
                assert_eq!(parse_iso_instant(&iso_instant(ms)), Some(ms));
            }
        }
        for text in [
            "PT1.5S",
            "PT0.001S",
            "P1D",
            "P1DT2H3M4.567S",
            "PT1H30M",
            "P2W",
            "PT",
            "P",
            "1S",
            "PT1",
            "PT1.S",
            "PT1S1M",
            "PT1.5H",
            "pt2s",
            "PT.5S",
            "PT1S ",
            "PT1,5S",
        ] {
            let theirs = text.parse::<jiff::Span>().ok().filter(|_| text.to_ascii_uppercase().starts_with('P'));
            let theirs = theirs
                .and_then(|span| span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).ok())
                .map(|length| SimTime(length.as_millis() as u64));
            assert_eq!(parse_iso_duration(text), theirs, "{text}");
        }
    }
}
