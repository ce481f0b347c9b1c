//! What the legend lists: only what is in view.

use super::progress::RowProgress;
use super::shapes::drawn_state;
use super::{Bar, Form};
use crate::analysis::segments::{Segment, SegmentKind};
use crate::flow::Dialect;
use crate::flow::state::State;
use crate::time::SimTime;
use crate::tr;

/// An entry of the legend. States stand before waits, and those before the mark for what takes no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LegendItem {
    /// A state.
    State(State),
    /// A wait.
    Wait(SegmentKind),
    /// Something that takes no time.
    NoTime,
}

/// The entries for the bars in view, in the colors they have at the playhead.
#[must_use]
pub fn legend_items(rows: &[Vec<Bar>], progress: &[RowProgress]) -> Vec<LegendItem> {
    let item = |(at, bar): (usize, &Bar), progress: &RowProgress| match (bar.form, bar.segment.kind) {
        (Form::Diamond, _) => LegendItem::NoTime,
        (_, SegmentKind::State(state)) => LegendItem::State(drawn_state(state, bar.outcome, progress.of(at, bar))),
        (_, wait) => LegendItem::Wait(wait),
    };
    let mut items = Vec::new();
    for (bars, progress) in rows.iter().zip(progress) {
        for found in bars.iter().enumerate().map(|bar| item(bar, progress)) {
            if let Err(at) = items.binary_search(&found) {
                items.insert(at, found);
            }
        }
    }
    items
}

impl LegendItem {
    /// What it stands for, in the words of a dialect.
    #[must_use]
    pub fn label(self, dialect: Dialect) -> String {
        match self {
            Self::State(state) => SegmentKind::State(state).label(dialect),
            Self::Wait(wait) => wait.label(dialect),
            Self::NoTime => tr!("no time at all"),
        }
    }

    /// A bar as a sample of it, and the width of the picture in pixels.
    #[must_use]
    pub fn sample(self) -> (Bar, u32) {
        let bar = |kind, to, x, width, form| Bar {
            segment: Segment { kind, from: SimTime::ZERO, to: SimTime(to) },
            x,
            width,
            form,
            outcome: None,
            is_earlier_attempt: false,
            is_stopped: false,
        };
        match self {
            Self::Wait(kind @ SegmentKind::WaitPrevious) => (bar(kind, 1, 0.0, 24.0, Form::Line), 25),
            Self::State(state) => (bar(SegmentKind::State(state), 1, 0.0, 24.0, Form::Box), 25),
            Self::Wait(kind) => (bar(kind, 1, 0.0, 24.0, Form::Box), 25),
            Self::NoTime => (bar(SegmentKind::State(State::Success), 0, 7.0, 0.0, Form::Diamond), 16),
        }
    }
}
