//! How far bars have come at the playhead, and what moves with it.

use super::scale::Scale;
use super::shapes::{Progress, letter_room_px};
use super::{Bar, Form};
use crate::analysis::segments::SegmentKind;
use crate::flow::state::State;
use crate::time::SimTime;

/// How far the bars of a row have come. A row is only drawn again when this changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RowProgress {
    /// The bar in which the playhead stands.
    pub current: Option<usize>,
    /// Whether the run has ended: its bars have the color of the outcome.
    pub ended: bool,
}

impl RowProgress {
    /// How far these bars have come when the playhead is at `now`; at rest all have ended.
    #[must_use]
    pub fn at(bars: &[Bar], now: SimTime, at_rest: bool) -> Self {
        let ended = at_rest || bars.last().is_some_and(|bar| bar.outcome.is_some() && bar.segment.to <= now);
        let current = if ended { None } else { bars.iter().rposition(|bar| bar.segment.from <= now && now < bar.segment.to) };
        Self { current, ended }
    }

    /// How far the bar with this index has come. An attempt has ended when the next one is near, whatever becomes of its run.
    #[must_use]
    pub fn of(self, at: usize, bar: &Bar) -> Progress {
        match self {
            Self { ended: true, .. } => Progress::Ended,
            Self { current: Some(current), .. } if at < current && bar.is_earlier_attempt => Progress::Ended,
            Self { current: Some(current), .. } if current == at => Progress::Current,
            Self { .. } => Progress::Planned,
        }
    }

    /// For the bar of a leaf that runs at `now`: its edge moves with the playhead. `Some(true)` if its letter has room to move
    /// as well; `None` for any other bar.
    #[must_use]
    pub fn moving_letter(self, bars: &[Bar], now: SimTime, scale: &Scale) -> Option<bool> {
        let bar = bars.get(self.current?)?;
        let runs = bar.segment.kind == SegmentKind::State(State::Running) && bar.form == Form::Box;
        runs.then(|| now - bar.segment.from >= scale.length(letter_room_px(bar)))
    }
}

/// How far a bar of its own has come; `None` for `now` is at rest.
#[must_use]
pub fn progress(bar: &Bar, now: Option<SimTime>) -> Progress {
    match now {
        None => Progress::Ended,
        Some(now) if now >= bar.segment.to => Progress::Ended,
        Some(now) if now >= bar.segment.from => Progress::Current,
        Some(_) => Progress::Planned,
    }
}
