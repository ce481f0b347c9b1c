//! Time to pixels and back.

use crate::analysis::segments::Segment;
use crate::time::SimTime;

/// A stretch of time on a stretch of pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// The time at `left_px`, in milliseconds; between milliseconds when zoomed.
    pub from_ms: f64,
    /// The time at `right_px`.
    pub to_ms: f64,
    /// Pixels from the left edge of the track.
    pub left_px: f64,
    /// Pixels from the left edge of the track; more than `left_px`.
    pub right_px: f64,
}

impl Scale {
    /// From the start to `end`, which must not be zero.
    #[must_use]
    pub fn whole(end: SimTime, left_px: f64, right_px: f64) -> Self {
        Self { from_ms: 0.0, to_ms: (end.0 as f64).max(1.0), left_px, right_px: right_px.max(left_px + 1.0) }
    }

    /// The place of a time.
    #[must_use]
    pub fn x(&self, time: SimTime) -> f64 {
        self.x_of_ms(time.0 as f64)
    }

    /// The place of a time between milliseconds.
    #[must_use]
    pub fn x_of_ms(&self, ms: f64) -> f64 {
        self.left_px + (ms - self.from_ms) * self.px_per_ms()
    }

    /// A place as a share of the pixels of the scale, from 0 to 1.
    #[must_use]
    pub fn share(&self, x_px: f64) -> f64 {
        ((x_px - self.left_px) / (self.right_px - self.left_px)).clamp(0.0, 1.0)
    }

    /// The time at a place, to the nearest millisecond, and not before the start.
    #[must_use]
    pub fn time(&self, x_px: f64) -> SimTime {
        SimTime((self.from_ms + (x_px - self.left_px) / self.px_per_ms()).round().max(0.0) as u64)
    }

    /// How wide a stretch of time is.
    #[must_use]
    pub fn length_px(&self, segment: Segment) -> f64 {
        (segment.to.0 - segment.from.0) as f64 * self.px_per_ms()
    }

    /// How long a stretch of pixels lasts, rounded up to milliseconds.
    #[must_use]
    pub fn length(&self, width_px: f64) -> SimTime {
        SimTime((width_px / self.px_per_ms()).ceil().max(0.0) as u64)
    }

    /// The same pixels over `factor` times less time; the time at `anchor_px` stays where it is. Bounded by `end`.
    #[must_use]
    pub fn zoomed(&self, factor: f64, anchor_px: f64, end: SimTime) -> Self {
        let whole = (end.0 as f64).max(1.0);
        let length = ((self.to_ms - self.from_ms) / factor).clamp(whole.min(1.0), whole);
        let share = (anchor_px - self.left_px) / (self.right_px - self.left_px);
        let anchor = self.from_ms + share * (self.to_ms - self.from_ms);
        self.with_range(anchor - share * length, length, whole)
    }

    /// The same length of time, later by so many pixels. Bounded by the start and `end`.
    #[must_use]
    pub fn panned(&self, by_px: f64, end: SimTime) -> Self {
        let length = self.to_ms - self.from_ms;
        self.with_range(self.from_ms + by_px / self.px_per_ms(), length, (end.0 as f64).max(1.0))
    }

    fn with_range(&self, from: f64, length: f64, whole: f64) -> Self {
        let from_ms = from.clamp(0.0, (whole - length).max(0.0));
        Self { from_ms, to_ms: from_ms + length, ..*self }
    }

    fn px_per_ms(&self) -> f64 {
        (self.right_px - self.left_px) / (self.to_ms - self.from_ms)
    }
}

/// A drag of so many pixels as milliseconds, on a scale on which `length_ms` are `width_px` wide. It counts in the smallest
/// steps of at least 4 px that people read: 10 ms, 100 ms, 1 s, 10 s, 1 min, ... 1 day.
#[must_use]
pub fn drag_ms(by_px: f64, length_ms: u64, width_px: f64) -> i64 {
    const STEP_PX: f64 = 4.0;
    const STEPS_MS: [f64; 7] = [10.0, 100.0, 1000.0, 10_000.0, 60_000.0, 600_000.0, 3_600_000.0];
    let ms_per_px = length_ms as f64 / width_px.max(1.0);
    let step_ms = STEPS_MS.into_iter().find(|step| *step >= ms_per_px * STEP_PX).unwrap_or(86_400_000.0);
    ((by_px * ms_per_px / step_ms).round() * step_ms) as i64
}
