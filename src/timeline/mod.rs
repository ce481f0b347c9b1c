//! From a trace to a picture in numbers: rows in source order, bars true to scale, ticks with labels. The only step with floats.
//! The page and the SVG file draw the same shapes.

pub mod arrows;
pub mod labels;
pub mod legend;
pub mod metrics;
pub mod progress;
pub mod rows;
pub mod scale;
pub mod slot_rows;
pub mod shapes;
pub mod steps;
pub mod ticks;

use std::ops::Range;

use crate::analysis::segments::{Segment, SegmentKind, earlier_attempt};
use crate::flow::Flow;
use crate::flow::state::State;
use crate::sim::trace::Trace;
use crate::time::SimTime;
use rows::Row;
use scale::Scale;
use shapes::Shape;
use ticks::Tick;

/// The height of a row, in pixels.
pub const ROW_PX: f64 = 28.0;
/// Bars narrower than this are drawn as a tick beside the scale: a bar is never widened.
pub const NARROWEST_BAR_PX: f64 = 3.0;

/// How high an embed has to be to show all rows, in pixels: its bar, a line for each control, what is claimed, the axis, the rows, the
/// story and the foot. `claims_px` is the height of what is claimed.
#[must_use]
pub fn embed_height_px(n_controls: usize, n_rows: usize, claims_px: usize) -> usize {
    (156 + claims_px + 40 * n_controls + ROW_PX as usize * n_rows).clamp(200, 1600)
}

/// The part of the picture that is in view.
#[derive(Debug, Clone, PartialEq)]
pub struct Viewport {
    /// The scale from time to pixels.
    pub scale: Scale,
    /// The rows in view.
    pub rows: Range<usize>,
    /// The date of the start, when the axis has dates: that of [`axis_start`].
    pub start: Option<i64>,
}

/// A picture in numbers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Layout {
    /// The ticks of the axis.
    pub ticks: Vec<Tick>,
    /// The bars of each row in view, in the order of the rows.
    pub rows: Vec<Vec<Bar>>,
}

/// A segment with its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    /// What it shows.
    pub segment: Segment,
    /// Left edge, in pixels from the left edge of the track.
    pub x: f64,
    /// Width in pixels; exactly its time.
    pub width: f64,
    /// How it is drawn.
    pub form: Form,
    /// The final state of its run, or of its attempt when another one followed; `None` while it has none.
    pub outcome: Option<State>,
    /// Whether it is an attempt that another one followed.
    pub is_earlier_attempt: bool,
    /// Whether the failure of another task stopped it: then its end is torn.
    pub is_stopped: bool,
}

/// How a segment is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A box.
    Box,
    /// The outline of a group.
    Group,
    /// A thin line with caps.
    Line,
    /// A mark for what takes no time.
    Diamond,
    /// A mark for what is too short for a bar.
    Tick,
}

/// Places the rows in view and the ticks of the axis.
#[must_use]
pub fn layout(trace: &Trace, rows: &[Row], viewport: &Viewport) -> Layout {
    let in_view = rows.get(viewport.rows.start.min(rows.len())..viewport.rows.end.min(rows.len())).unwrap_or(&[]);
    Layout {
        ticks: ticks::ticks(&viewport.scale, viewport.start),
        rows: in_view.iter().map(|row| bars(trace, row, &viewport.scale)).collect(),
    }
}

/// The date of the start, in milliseconds since 1970-01-01T00:00:00Z, of a run of a plan with dates; `None` for any other.
#[must_use]
pub fn axis_start(flow: &Flow, trace: &Trace) -> Option<i64> {
    let plans = || flow.plan.iter().chain(flow.tasks.iter().filter_map(|task| task.plan.as_ref()));
    let has_dates = plans().any(|plan| plan.starts_at.or(plan.due_at).is_some());
    has_dates.then_some(trace.start_epoch_ms)
}

/// The mark of a row's due date, and how long the row went on after it.
#[must_use]
pub fn due_mark(flows: &[Flow], trace: &Trace, row: &Row, scale: &Scale, track_px: f64) -> Vec<Shape> {
    let Some(due) = row.due_ms(flows, trace).filter(|_| row.run().is_some()) else { return Vec::new() };
    let due_px = scale.x_of_ms(due as f64).max(0.0);
    let late = row.late(flows, trace).map(|late| scale.x(late.at).min(track_px)).filter(|end_px| *end_px > due_px);
    if due_px > track_px {
        return Vec::new();
    }
    shapes::due_mark(due_px, late)
}

/// The bars of one row.
#[must_use]
pub fn bars(trace: &Trace, row: &Row, scale: &Scale) -> Vec<Bar> {
    let outcome = row.outcome(trace);
    let segment_bar = |segment| {
        let earlier = row.run().and_then(|run| earlier_attempt(trace, run, &segment));
        let is_stopped = row.stopped_by.is_some() && earlier.is_none() && segment.kind == SegmentKind::State(State::Running);
        Bar { is_earlier_attempt: earlier.is_some(), is_stopped, ..bar(segment, row.is_group, earlier.or(outcome), scale) }
    };
    row.segments(trace).into_iter().map(segment_bar).collect()
}

/// The bar of a segment.
#[must_use]
pub fn bar(segment: Segment, is_group: bool, outcome: Option<State>, scale: &Scale) -> Bar {
    let x = scale.x(segment.from);
    let width = scale.x(segment.to) - x;
    let form = if segment.kind == SegmentKind::WaitPrevious {
        Form::Line
    } else if segment.from == segment.to {
        Form::Diamond
    } else if width < NARROWEST_BAR_PX {
        Form::Tick
    } else if is_group && !segment.kind.is_wait() {
        Form::Group
    } else {
        Form::Box
    };
    Bar { segment, x, width, form, outcome, is_earlier_attempt: false, is_stopped: false }
}

/// The time that the whole picture spans: up to the last end, or up to `also`, an older result to compare with. A run that takes
/// no time gets a second.
#[must_use]
pub fn span(trace: &Trace, also: SimTime) -> SimTime {
    match trace.end.max(also) {
        SimTime::ZERO => SimTime(1000),
        end => end,
    }
}

#[cfg(test)]
mod tests;
