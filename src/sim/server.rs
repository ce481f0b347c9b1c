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
pub const RECORDINGS: u32 = 870;

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

    /// Gives the settings such a server: its timers, and its delay unless another one is set than that of the server before it.
    pub fn apply(self, scenario: &mut Scenario) {
        if scenario.dispatch_delay == Self::of(scenario).hand_over() {
            scenario.dispatch_delay = self.hand_over();
        }
        scenario.timer = match self {
            Self::Ideal => SimTime::ZERO,
            Self::Measured => TIMER,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_brings_its_delay_unless_another_is_set() {
        let with = |model: ServerModel, scenario: &Scenario| {
            let mut scenario = scenario.clone();
            model.apply(&mut scenario);
            scenario
        };
        let delays = |scenario: &Scenario| (scenario.dispatch_delay.0, scenario.timer.0);
        let measured = with(ServerModel::Measured, &Scenario::default());
        assert_eq!(delays(&measured), (41, 1000));
        assert_eq!(with(ServerModel::Measured, &measured), measured);
        assert_eq!(with(ServerModel::Ideal, &measured), Scenario::default());
        for set in [0, 500] {
            let set = Scenario { dispatch_delay: SimTime(set), ..measured.clone() };
            assert_eq!(with(ServerModel::Measured, &set), set);
        }
        let slow = Scenario { dispatch_delay: SimTime(500), ..Scenario::default() };
        assert_eq!(delays(&with(ServerModel::Measured, &slow)), (500, 1000));
        assert_eq!(with(ServerModel::Ideal, &with(ServerModel::Measured, &slow)), slow);
    }
}
