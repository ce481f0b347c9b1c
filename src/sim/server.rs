//! How a server is taken: as one that loses no time, or as servers were measured.

use super::scenario::Scenario;
use crate::time::SimTime;

/// What a server adds to the work itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ServerModel {
    /// Nothing: each task begins in the moment in which it may.
    #[default]
    Ideal,
    /// What the recordings of the real engine show for hand-overs, and what a real server does about timers.
    Measured,
}

/// How long a leaf waits from the end of the last leaf before it to its begin, over the recordings in `tests/kestra/real`: the mean
/// without one in twenty at each end, as a run is late by the sum of its hand-overs.
pub const HAND_OVER: SimTime = SimTime(41);

/// Between which times half of the hand-overs lie.
pub const HAND_OVER_HALF: [SimTime; 2] = [SimTime(20), SimTime(54)];

/// How often a server looks whether a retry or a pause is over. The recorder looks every 20 ms, a server once a second.
pub const TIMER: SimTime = SimTime(1000);

impl ServerModel {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Ideal, Self::Measured];

    /// Its name in settings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ideal => "ideal",
            Self::Measured => "measured",
        }
    }

    /// The settings with such a server. A delay that is set stays.
    #[must_use]
    pub fn applied(self, scenario: Scenario) -> Scenario {
        match self {
            Self::Ideal => scenario,
            Self::Measured if scenario.dispatch_delay > SimTime::ZERO => Scenario { timer: TIMER, ..scenario },
            Self::Measured => Scenario { dispatch_delay: HAND_OVER, timer: TIMER, ..scenario },
        }
    }
}
