//! How long a flow takes over many runs that differ only in what they draw: the seeds follow each other from that of the settings.

use crate::flow::Flow;
use crate::sim::Simulation;
use crate::sim::scenario::Scenario;
use crate::time::{SimTime, human};
use crate::tr;

/// How many runs a spread has, unless a flow is so long that fewer have to do.
pub const RUNS: u32 = 1000;

/// The makespans of runs with different seeds, shortest first. There is one at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread(Vec<SimTime>);

/// The settings of the `nth` run, from 0. The first has the seed of the settings.
#[must_use]
pub fn nth_run(scenario: &Scenario, nth: u32) -> Scenario {
    Scenario { seed: scenario.seed.wrapping_add(u64::from(nth)), ..scenario.clone() }
}

/// The spread of so many runs; `None` of none.
#[must_use]
pub fn spread(flows: &[Flow], scenario: &Scenario, n_runs: u32) -> Option<Spread> {
    Spread::of((0..n_runs).map(|nth| Simulation::new(flows, &nth_run(scenario, nth)).makespan()).collect())
}

impl Spread {
    /// That of these makespans; `None` of none.
    #[must_use]
    pub fn of(mut makespans: Vec<SimTime>) -> Option<Self> {
        makespans.sort_unstable();
        (!makespans.is_empty()).then_some(Self(makespans))
    }

    /// How many runs it has.
    #[must_use]
    pub fn n_runs(&self) -> usize {
        self.0.len()
    }

    /// The makespan that so many of 100 runs do not exceed, and that one of the runs had.
    #[must_use]
    pub fn percentile(&self, percent: usize) -> SimTime {
        let rank = (self.0.len() * percent).div_ceil(100);
        self.0[rank.clamp(1, self.0.len()) - 1]
    }

    /// The shortest and the longest makespan.
    #[must_use]
    pub fn ends(&self) -> (SimTime, SimTime) {
        (self.0[0], self.0[self.0.len() - 1])
    }

    /// Whether all runs took equally long.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        let (shortest, longest) = self.ends();
        shortest == longest
    }

    /// How long 9 of 10 runs take: `under 2 m 10 s`, and `at most 2.0 s` where that very time is among them.
    #[must_use]
    pub fn nine_of_ten(&self) -> String {
        let longest = self.percentile(90);
        let shown = rounded_up(longest);
        if shown == longest { tr!("at most {time}", time = human(shown)) } else { tr!("under {time}", time = human(shown)) }
    }

    /// How long 8 of 10 runs take, without the shortest and the longest ones: `1 m 41 s to 2 m 10 s`.
    #[must_use]
    pub fn band(&self) -> String {
        let (from, to) = (rounded(self.percentile(10), u64::wrapping_div), rounded_up(self.percentile(90)));
        tr!("{from} to {to}", from = human(from), to = human(to))
    }

    /// No run is shorter than the first, none longer than the second.
    #[must_use]
    pub fn range(&self) -> (String, String) {
        let (shortest, longest) = self.ends();
        (human(rounded(shortest, u64::wrapping_div)), human(rounded_up(longest)))
    }

    /// How long half of the runs take at most.
    #[must_use]
    pub fn median(&self) -> String {
        human(rounded_up(self.percentile(50)))
    }
}

/// The next time that is written without loss in the form in which people read it: whole seconds from a minute on, whole minutes
/// from an hour on, whole hours from a day on, else tenths of a second.
fn rounded_up(time: SimTime) -> SimTime {
    rounded(time, u64::div_ceil)
}

/// The time in whole units of that form, with `share` for the number of units.
fn rounded(time: SimTime, share: fn(u64, u64) -> u64) -> SimTime {
    let unit = match time.0 {
        ms if ms < 100 => 1,
        ms if ms < 1000 => 10,
        ms if ms < 60_000 => 100,
        ms if ms < 3_600_000 => 1000,
        ms if ms < 86_400_000 => 60_000,
        _ => 3_600_000,
    };
    SimTime(share(time.0, unit).saturating_mul(unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::read_text;
    use crate::source::Source;

    fn flows(note: &str) -> Vec<Flow> {
        let text = format!(
            "id: f\nnamespace: n\ntasks:\n  - id: p\n    type: io.kestra.plugin.core.flow.Parallel\n    concurrent: 2\n    tasks:\n      \
             - {{id: a, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}} # sim: {note}\n      \
             - {{id: b, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}} # sim: {note}\n"
        );
        read_text(&Source::new("flow.yaml", text)).1
    }

    #[test]
    fn percentiles_are_times_that_runs_took() {
        let of = |ms: &[u64]| Spread::of(ms.iter().map(|ms| SimTime(*ms)).collect()).expect("there are some");
        let ten = of(&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
        assert_eq!((ten.percentile(10).0, ten.percentile(50).0, ten.percentile(90).0, ten.percentile(100).0), (1, 5, 9, 10));
        assert_eq!((of(&[7]).percentile(10).0, of(&[7]).is_certain(), ten.ends()), (7, true, (SimTime(1), SimTime(10))));
        assert_eq!(Spread::of(Vec::new()), None);
    }

    #[test]
    fn what_is_said_holds_for_nine_of_ten_runs() {
        let said = |ms: u64| Spread(vec![SimTime(ms); 10]).nine_of_ten();
        assert_eq!(said(129_001), "under 2 m 10 s");
        assert_eq!(said(130_000), "at most 2 m 10 s");
        assert_eq!((said(2000), said(58_231), said(7)), ("at most 2.0 s".into(), "under 58.3 s".into(), "at most 7 ms".into()));
        assert_eq!((said(59_999), said(3_599_999)), ("under 1 m".into(), "under 1 h".into()));
        assert_eq!(said(90_000_001), "under 1 d 2 h");
        assert_eq!(Spread(vec![SimTime(58_231); 10]).band(), "58.2 s to 58.3 s");
    }

    #[test]
    fn the_runs_differ_only_in_their_seeds() {
        let (flows, scenario) = (flows("1s..5s"), Scenario { seed: 7, ..Scenario::default() });
        let all = spread(&flows, &scenario, 100).expect("there are some");
        assert_eq!(all, spread(&flows, &scenario, 100).expect("there are some"));
        let one = |seed| crate::analysis::makespan::makespan(&crate::sim::simulate(&flows, &Scenario { seed, ..Scenario::default() }));
        let mut each: Vec<SimTime> = (7..107).map(one).collect();
        each.sort_unstable();
        assert_eq!(all, Spread(each));
        assert!(!all.is_certain() && all.percentile(10) >= SimTime(1000) && all.percentile(90) <= SimTime(5000));
    }

    #[test]
    fn a_run_that_draws_nothing_is_the_same_for_every_seed() {
        let draws = |note| crate::sim::simulate(&flows(note), &Scenario::default()).has_drawn;
        assert!(draws("1s..5s") && draws("fail=20%") && draws("1s..2s..5s"));
        assert!(!draws("3s") && !draws("fail") && !draws("3s fail=0%"));
        assert!(spread(&flows("3s"), &Scenario::default(), 10).is_some_and(|spread| spread.is_certain()));
    }
}
