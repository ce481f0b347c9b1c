//! The dates that `date -d` reads: `2024-02-29 10:30`, `@0`, `tomorrow`, `2 days ago`, `next monday`, one after another as GNU
//! does, in UTC. Other zones are not read.

use crate::time::{civil, days_from_civil, numbers, sum_of};

const DAY: i64 = 86_400_000;

/// The days of the week, from that of 1970-01-01 on.
pub(super) const DAYS: [&str; 7] = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];

pub(super) const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// What is said of a date.
#[derive(Default)]
struct Said {
    /// Days since 1970, and milliseconds within the day.
    date: Option<i64>,
    time: Option<i64>,
    /// Months, days and milliseconds to be added.
    months: i64,
    days: i64,
    ms: i64,
    /// A day of the week from Thursday on, and which: 0 is this or the next one, 1 the next, -1 the last. It counts without a date.
    weekday: Option<(i64, i64)>,
}

/// The moment of a date, in milliseconds since 1970; nothing if it is not read.
pub fn read(text: &str, now_ms: i64) -> Option<i64> {
    if let Some(seconds) = text.trim().strip_prefix('@') {
        return seconds.parse::<i64>().ok()?.checked_mul(1000);
    }
    let mut said = Said::default();
    let spaced = text.to_lowercase().replace(',', " ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut words = said.take_month(words, now_ms).into_iter().peekable();
    // The sign of the next number, when it stands alone.
    let mut sign = 1;
    // Which the next unit or weekday is.
    let mut ordinal = None;
    let mut last: Option<(Unit, i64)> = None;
    while let Some(word) = words.next() {
        let (date, time) = word.split_once('t').filter(|(date, _)| date.contains('-')).unwrap_or((word, ""));
        if let Some(days) = date_of(date) {
            said.date = Some(days);
        }
        let time = if word.contains(':') && time.is_empty() { word } else { time };
        if !time.is_empty() {
            // A number with a sign behind a time is a zone.
            let zone = words.next_if(|next| next.len() > 1 && next.starts_with(['+', '-']));
            // So is one whose sign stands alone.
            let sign = if zone.is_none() { words.next_if(|next| matches!(*next, "+" | "-")) } else { None };
            let number =
                if sign.is_some() { words.next_if(|next| next.len() <= 4 && next.bytes().all(|byte| byte.is_ascii_digit())) } else { None };
            said.time = Some(time_of(&[time, zone.or(sign).unwrap_or(""), number.unwrap_or("")].concat())?);
        }
        if !time.is_empty() || date_of(date).is_some() {
            continue;
        }
        if matches!(word, "+" | "-") {
            sign = if word == "-" { -1 } else { 1 };
            continue;
        }
        let number = word.trim_end_matches(char::is_alphabetic);
        if !number.is_empty() {
            ordinal = Some(number.parse::<i64>().ok()?.checked_mul(std::mem::replace(&mut sign, 1))?);
        }
        match word.strip_prefix(number)? {
            // Its unit is the next word.
            "" if words.peek().is_some() => {}
            "" => return None,
            "now" | "utc" | "z" | "gmt" => {}
            half @ ("am" | "pm") => {
                const HALF_DAY: i64 = DAY / 2;
                let hour = ordinal.take().and_then(|hour: i64| hour.checked_mul(3_600_000));
                let time = hour.or(said.time)?.rem_euclid(HALF_DAY);
                said.time = time.checked_add(if half == "pm" { HALF_DAY } else { 0 });
            }
            "noon" => said.time = Some(DAY / 2),
            "midnight" => said.time = Some(0),
            "today" => last = None,
            "tomorrow" => said.add(Unit::Days(1), 1)?,
            "yesterday" => said.add(Unit::Days(1), -1)?,
            "next" => ordinal = Some(1),
            "last" => ordinal = Some(-1),
            "this" => ordinal = Some(0),
            "ago" => {
                let (unit, n) = last.take()?;
                said.add(unit, n.checked_mul(-2)?)?;
            }
            unit => {
                let unit = unit.strip_suffix('s').unwrap_or(unit);
                if let Some(weekday) = weekday(unit) {
                    said.weekday = Some((weekday, ordinal.take().unwrap_or(0)));
                    continue;
                }
                let n: i64 = ordinal.take().unwrap_or(1);
                said.add(unit_of(unit)?, n)?;
                last = Some((unit_of(unit)?, n));
            }
        }
    }
    (ordinal.is_none()).then_some(())?;
    said.moment(now_ms)
}

/// What a number counts.
#[derive(Clone, Copy)]
enum Unit {
    Months(i64),
    Days(i64),
    Ms(i64),
}

fn unit_of(name: &str) -> Option<Unit> {
    Some(match name {
        "year" => Unit::Months(12),
        "month" => Unit::Months(1),
        "fortnight" => Unit::Days(14),
        "week" => Unit::Days(7),
        "day" => Unit::Days(1),
        "hour" => Unit::Ms(3_600_000),
        "minute" | "min" => Unit::Ms(60_000),
        "second" | "sec" => Unit::Ms(1000),
        _ => return None,
    })
}

fn weekday(name: &str) -> Option<i64> {
    let is = |day: &&str| name.len() >= 3 && day.to_lowercase().starts_with(name);
    DAYS.iter().position(is).map(|at| at as i64)
}

impl Said {
    /// Takes a date with the name of a month out of the words: `Jan 5 2024`, `5 January`; gives back the others.
    fn take_month<'w>(&mut self, mut words: Vec<&'w str>, now_ms: i64) -> Vec<&'w str> {
        let month =
            |word: &&str| MONTHS.iter().position(|name| word.len() >= 3 && name.to_lowercase().starts_with(word.trim_end_matches('.')));
        let Some((at, month)) = words.iter().enumerate().find_map(|(at, word)| Some((at, month(word)?))) else { return words };
        let number = |word: Option<&&str>, most: i64| word.and_then(|word| word.parse::<i64>().ok()).filter(|n| (1..=most).contains(n));
        let before = at.checked_sub(1).filter(|at| number(words.get(*at), 31).is_some());
        let day_at = before.unwrap_or(at.saturating_add(1));
        let Some(day) = number(words.get(day_at), 31) else { return words };
        let year_at = at.max(day_at).saturating_add(1);
        // A time may stand before the year.
        let year_at = if words.get(year_at).is_some_and(|word| word.contains(':')) { year_at.saturating_add(1) } else { year_at };
        let given = number(words.get(year_at), 9999).filter(|year| *year > 999);
        let year = given.unwrap_or_else(|| civil(now_ms.div_euclid(DAY)).0);
        self.date = Some(days_from_civil(year, (month as i64).saturating_add(1), day));
        let mut nth = 0usize;
        words.retain(|_| {
            let is_taken = nth == at || nth == day_at || given.is_some() && nth == year_at;
            nth = nth.saturating_add(1);
            !is_taken
        });
        words
    }

    fn add(&mut self, unit: Unit, n: i64) -> Option<()> {
        let (sum, more) = match unit {
            Unit::Months(months) => (&mut self.months, months),
            Unit::Days(days) => (&mut self.days, days),
            Unit::Ms(ms) => (&mut self.ms, ms),
        };
        *sum = sum.checked_add(more.checked_mul(n)?)?;
        Some(())
    }

    fn moment(&self, now_ms: i64) -> Option<i64> {
        let has_day = self.date.is_some() || self.weekday.is_some();
        let mut days = self.date.unwrap_or(now_ms.div_euclid(DAY));
        let time = self.time.unwrap_or(if has_day { 0 } else { now_ms.rem_euclid(DAY) });
        let (year, month, day) = civil(days);
        let months = year
            .checked_mul(12)?
            .checked_add(month)?
            .checked_sub(1)?
            .checked_add(self.months)
            .filter(|months| (0..120_000).contains(months))?;
        // A day that the month does not have is one of the next.
        days = days_from_civil(months.div_euclid(12), months.rem_euclid(12).checked_add(1)?, day);
        if let Some((weekday, nth)) = self.weekday.filter(|_| self.date.is_none()) {
            let ahead = weekday.checked_sub(days)?.rem_euclid(7);
            let weeks = nth.checked_sub(i64::from(nth > 0 && ahead > 0))?;
            days = days.checked_add(ahead)?.checked_add(weeks.checked_mul(7)?)?;
        }
        let at = days.checked_add(self.days)?.checked_mul(DAY)?.checked_add(time)?.checked_add(self.ms)?;
        // Years have four digits.
        (-30_610_224_000_000..253_402_300_800_000).contains(&at).then_some(at)
    }
}

/// `2024-02-29` or `20240229` in days since 1970.
fn date_of(word: &str) -> Option<i64> {
    let dashed = match word.len() {
        8 if word.bytes().all(|digit| digit.is_ascii_digit()) => [word.get(..4)?, word.get(4..6)?, word.get(6..)?].join("-"),
        // `2/29/2024`
        _ => match word.split('/').collect::<Vec<_>>().as_slice() {
            [month, day, year] if year.len() == 4 => [*year, month, day].join("-"),
            _ => word.replace('/', "-"),
        },
    };
    let [year, month, day] = numbers(&dashed, '-')?;
    let days = days_from_civil(year, month, day);
    (civil(days) == (year, month, day)).then_some(days)
}

/// `10:30`, `10:30:15` or `10:30:15.250z` in milliseconds.
fn time_of(word: &str) -> Option<i64> {
    let (clock, zone) = word.split_at(word.find(['z', '+', '-']).unwrap_or(word.len()));
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let [hour, minute, second] = numbers(clock, ':').or_else(|| numbers(&[clock, ":0"].concat(), ':'))?;
    let ms: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let is_there = hour < 24 && minute < 60 && second < 60;
    let parts = [(hour, 3_600_000), (minute, 60_000), (second, 1000), (ms, 1), (zone_of(zone)?, -1)];
    sum_of(&parts).filter(|_| is_there)
}

/// `z`, `+2`, `+0200` or `+02:00` in milliseconds.
fn zone_of(zone: &str) -> Option<i64> {
    let digits = zone.trim_start_matches(['+', '-', 'z']).replace(':', "");
    let number: i64 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    let (hours, minutes) = if digits.len() <= 2 { (number, 0) } else { (number / 100, number % 100) };
    let minutes = hours.checked_mul(60)?.checked_add(minutes).filter(|minutes| *minutes <= 24 * 60)?;
    minutes.checked_mul(if zone.starts_with('-') { -60_000 } else { 60_000 })
}
