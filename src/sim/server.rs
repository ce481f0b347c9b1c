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

/// In about how many recordings hand-overs were measured.
pub const RECORDINGS: u32 = 1000;

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

    /// The one with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|model| model.as_str() == name)
    }

    /// The one of these settings, whatever their delay: the server whose timers they have.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        if scenario.timer > SimTime::ZERO { Self::Measured } else { Self::Ideal }
    }

    /// The delay of each task where none is set.
    #[must_use]
    pub fn hand_over(self) -> SimTime {
        match self {
            Self::Ideal => SimTime::ZERO,
            Self::Measured => HAND_OVER,
        }
    }

    /// The settings with such a server: its timers, and its delay unless another one is set than that of the server before it.
    #[must_use]
    pub fn applied(self, scenario: Scenario) -> Scenario {
        let usual = Self::of(&scenario).hand_over();
        let dispatch_delay = if scenario.dispatch_delay == usual { self.hand_over() } else { scenario.dispatch_delay };
        let timer = match self {
            Self::Ideal => SimTime::ZERO,
            Self::Measured => TIMER,
        };
        Scenario { dispatch_delay, timer, ..scenario }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_brings_its_delay_unless_another_is_set() {
        let delays = |scenario: &Scenario| (scenario.dispatch_delay.0, scenario.timer.0);
        let measured = ServerModel::Measured.applied(Scenario::default());
        assert_eq!(delays(&measured), (41, 1000));
        assert_eq!(ServerModel::Measured.applied(measured.clone()), measured);
        assert_eq!(ServerModel::Ideal.applied(measured.clone()), Scenario::default());
        for set in [0, 500] {
            let set = Scenario { dispatch_delay: SimTime(set), ..measured.clone() };
            assert_eq!(ServerModel::Measured.applied(set.clone()), set);
        }
        let slow = Scenario { dispatch_delay: SimTime(500), ..Scenario::default() };
        assert_eq!(delays(&ServerModel::Measured.applied(slow.clone())), (500, 1000));
        assert_eq!(ServerModel::Ideal.applied(ServerModel::Measured.applied(slow.clone())), slow);
    }
}
