//! The sizes of the timeline, by the layout of the page.

use super::scale::Scale;

/// Up to so many rows all are drawn: nothing is gained by leaving some out.
pub const ALL_ROWS: usize = 60;

/// How the page is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageLayout {
    /// Names beside the bars.
    Wide,
    /// Names above the bars.
    Narrow,
    /// The small page in a frame: names beside the bars, in a column that follows the width.
    Embed,
}

/// Sizes that depend on the layout, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metrics {
    /// Width of the column of names; on a narrow page of the margin.
    pub label_px: f64,
    /// Width of the track.
    pub track_px: f64,
    /// Height of a row.
    pub row_px: f64,
    /// The top of the bar in its row.
    pub bar_top_px: f64,
    /// Whether names stand above the bars.
    pub is_narrow: bool,
    /// How much larger all of this is drawn.
    pub zoom: f64,
}

/// How much larger a chart of this height is drawn that is presented: its rows are up to 48 px high where there is room for all.
#[must_use]
pub fn presented_zoom(height_px: f64, head_px: f64, n_rows: usize) -> f64 {
    const LEAST: f64 = 1.2;
    const MOST: f64 = 48.0 / super::ROW_PX;
    let zoom = height_px / (head_px + n_rows as f64 * super::ROW_PX);
    (zoom.clamp(LEAST, MOST) * 50.0).floor() / 50.0
}

impl Metrics {
    /// For a chart of this width, with a column of names of `names_px` where there is room: at most two fifths of the chart.
    #[must_use]
    pub fn of(width_px: f64, layout: PageLayout, names_px: f64) -> Self {
        let label_px = match layout {
            PageLayout::Narrow => {
                let track_px = (width_px - 32.0).max(80.0);
                return Self { label_px: 16.0, track_px, row_px: 48.0, bar_top_px: 20.0, is_narrow: true, zoom: 1.0 };
            }
            PageLayout::Wide => names_px.min(width_px * 0.4).max(120.0),
            PageLayout::Embed if width_px < 480.0 => 96.0,
            PageLayout::Embed => names_px.min(width_px * 0.4).max(96.0),
        }
        .round();
        let track_px = (width_px - label_px).max(80.0);
        Self { label_px, track_px, row_px: super::ROW_PX, bar_top_px: 0.0, is_narrow: false, zoom: 1.0 }
    }

    /// The scale of the track when `end` is the end of all.
    #[must_use]
    pub fn whole(&self, end: crate::time::SimTime) -> Scale {
        let (left_px, right_px) = if self.is_narrow { (0.0, self.track_px - 14.0) } else { (8.0, self.track_px - 32.0) };
        Scale::whole(end, left_px, right_px)
    }

    /// The top of the bar of a row, below the first row that is drawn.
    #[must_use]
    pub fn bar_top(&self, n: usize) -> f64 {
        n as f64 * self.row_px + self.bar_top_px
    }

    /// The middle of the bar of a row, below the first row that is drawn.
    #[must_use]
    pub fn bar_middle(&self, n: usize) -> f64 {
        self.bar_top(n) + 14.0
    }

    /// The first row in view of a chart that is scrolled down so far. It changes in steps, so that small movements draw
    /// nothing again.
    #[must_use]
    pub fn first_row(&self, scrolled_px: f64) -> usize {
        const STEP: usize = 6;
        (scrolled_px / self.row_px) as usize / STEP * STEP
    }

    /// The rows that are drawn: those in view, and some beyond both edges so that scrolling shows no gap.
    #[must_use]
    pub fn rows_in_view(&self, n_rows: usize, first_row: usize, height_px: f64) -> std::ops::Range<usize> {
        const SPARE_ROWS: usize = 12;
        if n_rows <= ALL_ROWS {
            return 0..n_rows;
        }
        let n_visible = (height_px / self.row_px).ceil() as usize;
        let start = first_row.saturating_sub(SPARE_ROWS).min(n_rows);
        start..(first_row + n_visible + SPARE_ROWS).min(n_rows)
    }
}
