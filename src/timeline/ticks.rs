//! The ticks of the axis: three to ten, in steps of 1, 2 or 5, all with different labels.

use super::scale::Scale;

/// A tick of the axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Pixels from the left edge of the track.
    pub x: f64,
    /// Its label; that of the last tick has the unit.
    pub label: String,
}

/// The width of a label, with the gap to the next.
const ROOM_PX: f64 = 56.0;
/// Units of time with their length in milliseconds, and up to which total they are used.
const UNITS: [(&str, f64, f64); 5] = [
    ("ms", 1.0, 500.0),
    ("s", 1000.0, 120_000.0),
    ("min", 60_000.0, 7_200_000.0),
    ("h", 3_600_000.0, 172_800_000.0),
    ("d", 86_400_000.0, f64::INFINITY),
];

/// The ticks of a scale.
#[must_use]
pub fn ticks(scale: &Scale) -> Vec<Tick> {
    let (unit, unit_ms) = UNITS.iter().find(|(.., below)| scale.to_ms < *below).map_or(("d", 86_400_000.0), |(name, ms, _)| (*name, *ms));
    let (from, to) = (scale.from_ms / unit_ms, scale.to_ms / unit_ms);
    let most = ((scale.right_px - scale.left_px) / ROOM_PX).clamp(3.0, 9.0);
    let (step, decimals) = step((to - from) / most);
    let first = (from / step - 1e-9).ceil() as i64;
    let last = (to / step + 1e-9).floor() as i64;
    let x = |n: i64| scale.left_px + (n as f64 * step - from) / (to - from) * (scale.right_px - scale.left_px);
    let label = |n: i64| {
        let number = if n == 0 { "0".to_owned() } else { fixed(n as f64 * step, decimals) };
        if n == last { format!("{number} {unit}") } else { number }
    };
    (first..=last).map(|n| Tick { x: x(n), label: label(n) }).collect()
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
    if decimals == 0 { scaled.to_string() } else { format!("{}.{:0decimals$}", scaled / power, scaled % power) }
}
