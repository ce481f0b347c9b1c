//! The sizes of the timeline, wide and narrow.

use super::effects::{is_embed, is_narrow};
use crate::app::App;
use crate::timeline::scale::Scale;

/// Sizes that differ between a wide and a narrow page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metrics {
    /// Width of the column of names; on a narrow page names stand above the bars.
    pub label_px: f64,
    /// Width of the track.
    pub track_px: f64,
    /// Height of a row.
    pub row_px: f64,
    /// Where the bar stands in its row.
    pub bar_top_px: f64,
    /// Whether only a part of the run is in view.
    pub zoomed: bool,
    /// Whether the page is narrow.
    pub narrow: bool,
}

impl Metrics {
    /// For a chart of this width.
    #[must_use]
    pub fn of(width: f64, zoomed: bool) -> Self {
        if is_narrow() {
            Self { label_px: 16.0, track_px: (width - 32.0).max(80.0), row_px: 48.0, bar_top_px: 20.0, zoomed, narrow: true }
        } else {
            let label_px = if !is_embed() {
                176.0
            } else if width < 480.0 {
                96.0
            } else {
                128.0
            };
            Self { label_px, track_px: (width - label_px).max(80.0), row_px: 28.0, bar_top_px: 0.0, zoomed, narrow: false }
        }
    }

    /// Where time stands on the track.
    #[must_use]
    pub fn scale(&self, app: &App) -> Scale {
        let (left, right) = if self.narrow { (0.0, self.track_px - 14.0) } else { (8.0, self.track_px - 32.0) };
        let whole = Scale::whole(app.span(), left, right);
        app.zoom.map_or(whole, |range| Scale { from_ms: range.from_ms, to_ms: range.to_ms, ..whole })
    }
}
