//! Counts over time as paths: how many tasks ran, in the head of the chart, in the minimap and in folded groups.

use super::Bar;
use super::rows::Row;
use super::scale::Scale;
use super::shapes::px;
use crate::sim::trace::Trace;
use crate::time::SimTime;
use crate::tr;

/// A count from each moment on.
type Steps = [(SimTime, u32)];

/// The height of the minimap.
pub const MINIMAP_PX: f64 = 14.0;
/// The height of a minimap that shows the rows.
pub const MINIMAP_ROWS_PX: f64 = 30.0;
/// Where the strip of running tasks ends, from its top.
pub const STRIP_BOTTOM_PX: f64 = 27.0;

fn highest(steps: &Steps) -> u32 {
    steps.iter().map(|(_, n)| *n).max().unwrap_or(0)
}

/// The steps in view as a path. Of those closer together than half a pixel only the last is drawn.
fn step_path(steps: &Steps, scale: &Scale, track_px: f64, y: impl Fn(u32) -> f64) -> String {
    const NEAR_PX: f64 = 0.5;
    let mut path = String::new();
    let mut steps = steps.iter().map(|(at, n)| (scale.x(*at), *n)).peekable();
    while let Some((x, n)) = steps.next() {
        let is_last = steps.peek().is_none_or(|(next, _)| *next - x >= NEAR_PX && *next > 0.0);
        if is_last && x <= track_px {
            path += &format!("H{}V{}", px(x), px(y(n)));
        }
    }
    path
}

/// The strip of running tasks.
#[derive(Debug, Clone, PartialEq)]
pub struct Strip {
    /// Its line as a path, from bottom to bottom.
    pub line: String,
    /// The counts that are named, with left edge and baseline: each peak, and what has room in its step. They are below the line, or above
    /// it where it is low or narrow.
    pub numbers: Vec<(u32, f64, f64)>,
}

/// The strip of running tasks of a run that ends at `end`. `limit` is the number of slots, where there is one.
#[must_use]
pub fn strip(busy: &Steps, limit: Option<u32>, end: SimTime, scale: &Scale, track_px: f64) -> Strip {
    const TOP_PX: f64 = 12.0;
    const DIGIT_PX: f64 = 7.0;
    /// A step between two higher ones is named from this width on.
    const TROUGH_PX: f64 = 64.0;
    let peak = highest(busy);
    let most = peak.max(limit.unwrap_or(0)).max(1);
    let y = |n: u32| STRIP_BOTTOM_PX - f64::from(n) / f64::from(most) * (STRIP_BOTTOM_PX - TOP_PX);
    let (start, end) = (px(scale.x(SimTime::ZERO)), px(scale.x(end)));
    let steps = step_path(busy, scale, track_px, y);
    let changes: Vec<(f64, u32)> = busy.chunk_by(|one, next| one.1 == next.1).map(|same| (scale.x(same[0].0), same[0].1)).collect();
    // Where each step begins and ends in the track.
    let span = |at: usize| (changes[at].0.max(0.0), changes.get(at + 1).map_or(track_px, |next| next.0.min(track_px)));
    let mut numbers: Vec<(u32, f64, f64)> = Vec::new();
    let width_px = |n: u32| DIGIT_PX * f64::from(n.max(1).ilog10() + 1);
    let beside = |other: Option<usize>| other.and_then(|other| changes.get(other)).map_or(0, |(_, n)| *n);
    // First the highest, then the other peaks, then what is wide.
    for (pass, at) in (0..3).flat_map(|pass| (0..changes.len()).map(move |at| (pass, at))) {
        let (n, (from, to)) = (changes[at].1, span(at));
        let (before, after) = (beside(at.checked_sub(1)), beside(Some(at + 1)));
        let is_peak = before < n && after < n;
        let is_now = [n == peak, is_peak, true][pass];
        if n == 0 || from >= to || !is_now {
            continue;
        }
        let has_room = to - from >= if before > n && after > n { TROUGH_PX } else { width_px(n) + 12.0 };
        let left = if has_room { from + 6.0 } else { ((from + to - width_px(n)) / 2.0).clamp(0.0, (track_px - width_px(n)).max(0.0)) };
        let is_free = |(other, x, _): &(u32, f64, f64)| left + width_px(n) + 4.0 <= *x || *x + width_px(*other) + 4.0 <= left;
        if (has_room || is_peak) && numbers.iter().all(is_free) {
            let is_inside = has_room && STRIP_BOTTOM_PX - y(n) >= 14.0;
            numbers.push((n, left, if is_inside { y(n) + 13.0 } else { y(n) - 2.0 }));
        }
    }
    Strip { line: format!("M{start} {STRIP_BOTTOM_PX}{steps}H{end}V{STRIP_BOTTOM_PX}"), numbers }
}

/// What the strip says of `now`: `3 of 3`, or `2` where there is no limit.
#[must_use]
pub fn busy_text(busy: &Steps, limit: Option<u32>, now: SimTime) -> String {
    let count = busy.iter().rev().find(|(at, _)| *at <= now).map_or(0, |(_, n)| *n);
    limit.map_or_else(|| count.to_string(), |limit| tr!("{count} of {limit}", count, limit))
}

/// The minimap: the strip of the whole run as a closed path.
#[must_use]
pub fn minimap(busy: &Steps, whole: &Scale, track_px: f64) -> String {
    let most = highest(busy).max(1);
    let steps = step_path(busy, whole, track_px, |n| MINIMAP_PX - f64::from(n) / f64::from(most) * (MINIMAP_PX - 2.0));
    format!("M{} {MINIMAP_PX}{steps}V{MINIMAP_PX}z", px(whole.left_px))
}

/// The rows of a run as lines in a minimap, without their waits. Of very many rows some are drawn.
#[must_use]
pub fn row_lines(trace: &Trace, rows: &[Row], whole: &Scale) -> String {
    const MOST_LINES: usize = 90;
    let step_px = (MINIMAP_ROWS_PX - 2.0) / rows.len().max(1) as f64;
    let mut path = String::new();
    for (at, row) in rows.iter().enumerate().step_by(rows.len().div_ceil(MOST_LINES).max(1)) {
        let y = px(1.0 + step_px * (at as f64 + 0.5));
        for segment in row.segments(trace).iter().filter(|segment| !segment.kind.is_wait() && !row.is_group) {
            let (from, to) = (whole.x(segment.from), whole.x(segment.to));
            path += &format!("M{} {y}H{}", px(from), px(to.max(from + 1.0)));
        }
    }
    path
}

/// How many leaves below a folded group were busy, as a closed path at the foot of its bar.
#[must_use]
pub fn density(busy: &Steps, bar: &Bar) -> String {
    const TOP_PX: f64 = 8.0;
    const FOOT_PX: f64 = 22.0;
    const MOST_STEPS: usize = 1000;
    let most = highest(busy).max(1);
    let px_per_ms = bar.width / (bar.segment.to - bar.segment.from).0.max(1) as f64;
    let x = |at: SimTime| bar.x + (at - bar.segment.from).0 as f64 * px_per_ms;
    let y = |n: u32| FOOT_PX - f64::from(n) / f64::from(most) * (FOOT_PX - TOP_PX);
    let steps = busy.iter().filter(|(at, _)| *at >= bar.segment.from).take(MOST_STEPS);
    let path: String = steps.map(|(at, n)| format!("H{}V{}", px(x(*at)), px(y(*n)))).collect();
    format!("M{} {FOOT_PX}{path}V{FOOT_PX}z", px(bar.x))
}
