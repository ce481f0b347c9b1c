//! The settings of a run: everything that can change its result and is not in the text.

use std::collections::BTreeMap;

use crate::time::SimTime;

/// The settings of a run. The same flows and the same scenario give the same trace, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// What random draws and ids come from.
    pub seed: u64,
    /// The virtual date of the start, in milliseconds since 1970-01-01T00:00:00Z.
    pub start_epoch_ms: i64,
    /// How long a taskrun is CREATED before a worker takes it.
    pub dispatch_delay: SimTime,
    /// `concurrent` of groups, by task id, in place of what is written; 0 is no limit.
    pub concurrent: BTreeMap<String, u32>,
    /// Virtual time at which a run that has not ended is stopped.
    pub horizon: SimTime,
    /// How many events a run may have before it is stopped.
    pub max_events: usize,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            seed: 0,
            start_epoch_ms: 1_704_067_200_000, // 2024-01-01T00:00:00Z
            dispatch_delay: SimTime::ZERO,
            concurrent: BTreeMap::new(),
            horizon: SimTime(365 * 86_400_000),
            max_events: 2_000_000,
        }
    }
}
