//! Which part of the run is in view. Nothing here knows pixels: places are shares of the track, 0 at its left edge.

use crate::time::SimTime;
use crate::timeline::scale::Scale;

/// A part of the run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Milliseconds at the left edge.
    pub from_ms: f64,
    /// Milliseconds at the right edge.
    pub to_ms: f64,
}

impl Range {
    /// Whether a time is in it.
    #[must_use]
    pub fn has(&self, time: SimTime) -> bool {
        (self.from_ms..=self.to_ms).contains(&(time.0 as f64))
    }

    /// Where a time is: 0 at its left edge, 1 at its right one.
    #[must_use]
    pub fn share(&self, time: SimTime) -> f64 {
        (time.0 as f64 - self.from_ms) / (self.to_ms - self.from_ms).max(1.0)
    }
}

/// A change of the part in view.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Zoom {
    /// Half as much time, around the middle.
    In,
    /// Twice as much time.
    Out,
    /// The whole run.
    Whole,
    /// An earlier part.
    Earlier,
    /// A later part.
    Later,
    /// Later by this share of the part in view.
    By(f64),
    /// From here to there, in milliseconds.
    To(f64, f64),
    /// The same length of time, around this share of the whole.
    Center(f64),
    /// So many times closer. The time at this share of the track stays where it is.
    Around(f64, f64),
}

/// The part in view after a change; `None` is the whole. `end` is the end of the whole.
#[must_use]
pub fn zoomed(range: Option<Range>, zoom: Zoom, end: SimTime) -> Option<Range> {
    let whole = Scale::whole(end, 0.0, 1.0);
    let scale = range.map_or(whole, |range| Scale { from_ms: range.from_ms, to_ms: range.to_ms, ..whole });
    let next = match zoom {
        Zoom::In => scale.zoomed(2.0, 0.5, end),
        Zoom::Out => scale.zoomed(0.5, 0.5, end),
        Zoom::Whole => whole,
        Zoom::Earlier => scale.panned(-0.25, end),
        Zoom::Later => scale.panned(0.25, end),
        Zoom::By(share) => scale.panned(share, end),
        Zoom::To(from_ms, to_ms) => Scale { from_ms, to_ms: to_ms.min(end.0 as f64).max(from_ms + 1.0), ..whole },
        Zoom::Center(share) => {
            let (from, to) = (scale.from_ms, scale.to_ms);
            scale.panned((share * end.0 as f64 - f64::midpoint(from, to)) / (to - from).max(1.0), end)
        }
        Zoom::Around(factor, share) => scale.zoomed(factor, share, end),
    };
    (next != whole).then_some(Range { from_ms: next.from_ms, to_ms: next.to_ms })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooming_out_again_shows_the_whole() {
        let end = SimTime(2000);
        let closer = zoomed(None, Zoom::In, end);
        assert_eq!(closer, Some(Range { from_ms: 500.0, to_ms: 1500.0 }));
        assert_eq!(zoomed(closer, Zoom::Later, end), Some(Range { from_ms: 750.0, to_ms: 1750.0 }));
        assert_eq!(zoomed(closer, Zoom::By(-0.25), end), Some(Range { from_ms: 250.0, to_ms: 1250.0 }));
        assert_eq!(zoomed(closer, Zoom::Out, end), None);
        assert_eq!(zoomed(None, Zoom::Earlier, end), None);
        assert_eq!(zoomed(closer, Zoom::Whole, end), None);
    }
}
