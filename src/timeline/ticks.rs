//! The ticks of the axis: three to ten, all with different labels. In steps of 1, 2 or 5; from two minutes on in steps that
//! people read, such as 20 minutes or 6 hours. A plan with dates has them at round times of the day.

use super::scale::Scale;
use crate::language::decimal_mark;
use crate::time::{SimTime, iso_instant, seconds};

/// A tick of the axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Pixels from the left edge of the track.
    pub x: f64,
    /// Its label. Either all labels have units, or only that of the last tick.
    pub label: String,
}

/// The width of a number, with the gap to the next.
const ROOM_PX: f64 = 56.0;
/// The width of a time with its units, with the gap to the next.
const LONG_ROOM_PX: f64 = 84.0;
/// From this end on the labels are times with their units: `1 h 20 m`.
const LONG_MS: f64 = 120_000.0;

/// The unit of all labels; empty where they have units of their own. `start` is the date of the start on an axis with dates.
#[must_use]
pub fn unit(scale: &Scale, start: Option<i64>) -> &'static str {
    match scale.to_ms {
        _ if start.is_some() => "",
        to if to < 500.0 => "ms",
        to if to < LONG_MS => "s",
        _ => "",
    }
}

/// The day on which an axis with dates begins.
#[must_use]
pub fn caption(start: i64) -> String {
    [day(&iso_instant(start)), ", UTC"].concat()
}

/// A moment as the axis says it: the time of day, with the day in runs of a day or longer, with seconds in runs of some
/// minutes.
#[must_use]
pub fn clock(start: i64, now: SimTime, end: SimTime) -> String {
    let instant = iso_instant(now.epoch_ms(start));
    let time = time_of_day(&instant, end.0 < 600_000);
    if end.0 < DAY_MS as u64 { time.to_owned() } else { [day(&instant).get(5..).unwrap_or_default(), " ", time].concat() }
}

fn day(instant: &str) -> &str {
    instant.split('T').next().unwrap_or_default()
}

fn time_of_day(instant: &str, has_seconds: bool) -> &str {
    let time = instant.split('T').nth(1).unwrap_or_default();
    time.get(..if has_seconds { 8 } else { 5 }).unwrap_or_default()
}

const DAY_MS: i64 = 86_400_000;

/// Ticks at round times of the day; at midnight they have the date.
fn dated(scale: &Scale, start: i64) -> Vec<Tick> {
    let most = ((scale.right_px - scale.left_px) / LONG_ROOM_PX).clamp(3.0, 9.0);
    let step = long_step((scale.to_ms - scale.from_ms) / most).max(1000.0) as i64;
    let first = start.saturating_add(scale.from_ms.ceil() as i64);
    let last = start.saturating_add(scale.to_ms.floor() as i64);
    let label = |at: i64| {
        let instant = iso_instant(at);
        let is_midnight = at.rem_euclid(DAY_MS) == 0;
        if is_midnight { day(&instant).to_owned() } else { time_of_day(&instant, step % 60_000 != 0).to_owned() }
    };
    let ticks = (-first.saturating_neg().div_euclid(step)..).map(|n| n.saturating_mul(step)).take_while(|at| *at <= last);
    ticks.take(20).map(|at| Tick { x: scale.x_of_ms((at - start) as f64), label: label(at) }).collect()
}

/// The ticks of a scale. With the date of the `start`, in milliseconds since 1970-01-01T00:00:00Z, they have dates.
#[must_use]
pub fn ticks(scale: &Scale, start: Option<i64>) -> Vec<Tick> {
    if let Some(start) = start {
        return dated(scale, start);
    }
    let unit = unit(scale, None);
    let unit_ms = if unit == "s" { 1000.0 } else { 1.0 };
    let room_px = if unit.is_empty() { LONG_ROOM_PX } else { ROOM_PX };
    let (from, to) = (scale.from_ms / unit_ms, scale.to_ms / unit_ms);
    let most = ((scale.right_px - scale.left_px) / room_px).clamp(3.0, 9.0);
    let (step, decimals) = if unit.is_empty() { (long_step((to - from) / most), 0) } else { step((to - from) / most) };
    let first = (from / step - 1e-9).ceil() as i64;
    let last = (to / step + 1e-9).floor() as i64;
    let x = |n: i64| scale.left_px + (n as f64 * step - from) / (to - from) * (scale.right_px - scale.left_px);
    let label = |n: i64| match n {
        0 => "0".to_owned(),
        n if unit.is_empty() => units(n as f64 * step),
        n if n == last => format!("{} {unit}", fixed(n as f64 * step, decimals)),
        n => fixed(n as f64 * step, decimals),
    };
    (first..=last).map(|n| Tick { x: x(n), label: label(n) }).collect()
}

/// The smallest step that people read in days, hours, minutes and seconds, in milliseconds, and no less than `least`.
fn long_step(least: f64) -> f64 {
    const S: f64 = 1000.0;
    const M: f64 = 60.0 * S;
    const H: f64 = 60.0 * M;
    const D: f64 = 24.0 * H;
    const STEPS: [f64; 18] = [
        S,
        2.0 * S,
        5.0 * S,
        10.0 * S,
        20.0 * S,
        30.0 * S,
        M,
        2.0 * M,
        5.0 * M,
        10.0 * M,
        20.0 * M,
        30.0 * M,
        H,
        2.0 * H,
        3.0 * H,
        6.0 * H,
        12.0 * H,
        D,
    ];
    let least = least * (1.0 - 1e-9);
    match STEPS.into_iter().find(|step| *step >= least) {
        Some(_) if least < S => step(least).0,
        Some(step) => step,
        None => D * step(least / D).0,
    }
}

/// A time with all its units: `1 h 20 m`.
fn units(ms: f64) -> String {
    let mut rest = ms.round().max(0.0) as u64;
    let mut parts = Vec::new();
    for (unit, name) in [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m")] {
        if rest >= unit {
            parts.push(format!("{} {name}", rest / unit));
        }
        rest %= unit;
    }
    if rest > 0 {
        parts.push(format!("{} s", seconds(SimTime(rest), 0).replace('.', &decimal_mark())));
    }
    parts.join(" ")
}

/// The smallest step of 1, 2 or 5 times a power of ten that is no less than `least`, and the decimals it needs. Whole
/// steps get one decimal below ten, as durations have.
fn step(least: f64) -> (f64, usize) {
    let mut power = 10f64.powi(least.log10().floor() as i32);
    let digit = [1.0, 2.0, 5.0].into_iter().find(|digit| digit * power >= least * (1.0 - 1e-9)).unwrap_or_else(|| {
        power *= 10.0;
        1.0
    });
    let step = digit * power;
    let decimals = if step >= 2.0 { 0 } else { (-power.log10().round() as i32).max(1) as usize };
    (step, decimals)
}

/// A number with so many decimals.
fn fixed(value: f64, decimals: usize) -> String {
    let power = 10u64.pow(decimals as u32);
    let scaled = (value * power as f64).round() as u64;
    if decimals == 0 { scaled.to_string() } else { format!("{}{}{:0decimals$}", scaled / power, decimal_mark(), scaled % power) }
}
