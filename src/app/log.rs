//! The log up to the playhead.

use super::playback::Playback;
use super::run::Run;
use crate::time::SimTime;

/// Of more lines than this only the last are shown.
const MOST_LINES: usize = 500;

/// How much of the log is shown. It changes only when the playhead passes an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogRange {
    /// The first entry that is shown.
    pub from: usize,
    /// The first entry after the playhead.
    pub to: usize,
    /// The moment whose entries stand out: that of the last one; `None` at rest.
    pub highlighted: Option<SimTime>,
}

/// How much of the log of a run is shown.
#[must_use]
pub fn log_range(run: &Run, playback: &Playback) -> LogRange {
    let entries = &run.trace.logs;
    let to = entries.partition_point(|entry| entry.at <= playback.now());
    let highlighted = entries[..to].last().map(|entry| entry.at).filter(|_| !playback.is_at_rest());
    LogRange { from: to.saturating_sub(MOST_LINES), to, highlighted }
}
