//! The proof that one rule makes a task run otherwise: a run in which only that rule is the one of the other version.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::ran::{Fact, Key, Ran, by_key, fact};
use crate::flow::Version;
use crate::flow::kestra::versions::{Rule, Rules};
use crate::sim::scenario::Scenario;
use crate::sim::simulate_under;
use crate::sim::trace::{RunIdx, Trace};

/// What a difference rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// A rule that is another one.
    Rule(Rule),
    /// The text that had to be rewritten, or is read otherwise, under the same rules.
    Text,
}

/// What the runs of each key did.
type Facts = BTreeMap<Key, Vec<Fact>>;

/// Two runs, and those that prove what makes them differ. Each is made when it is needed.
pub struct Proofs<'a> {
    pub before: &'a Ran,
    pub after: &'a Ran,
    scenario: &'a Scenario,
    facts: [Facts; 2],
    /// Of each basis the newer run with only that set back, and the older one with only that set forth.
    tried: Vec<[OnceCell<Facts>; 2]>,
}

/// What of the runs of a key is to be explained.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    /// How many there are, their times and their states.
    All,
    /// All but the times.
    States,
}

impl Of {
    fn is_same(self, one: Option<&Vec<Fact>>, other: Option<&Vec<Fact>>) -> bool {
        let states = |facts: &Vec<Fact>| facts.iter().map(|(_, _, state)| *state).collect::<Vec<_>>();
        match self {
            Self::All => one == other,
            Self::States => one.map(states) == other.map(states),
        }
    }
}

impl Basis {
    /// All of them: the text first, as a rule can be seen only in a text that both versions have.
    pub fn all() -> impl Iterator<Item = Self> {
        std::iter::once(Self::Text).chain(Rule::ALL.iter().map(|rule| Self::Rule(*rule)))
    }

    /// The rules of the newer text with this basis set back, and those of the older text with it set forth.
    fn rules(self) -> [&'static Rules; 2] {
        match self {
            Self::Rule(rule) => rule.switched(),
            Self::Text => [Version::V2_0, Version::V1_3].map(Version::rules),
        }
    }
}

impl<'a> Proofs<'a> {
    pub fn new(before: &'a Ran, after: &'a Ran, scenario: &'a Scenario) -> Self {
        let tried = Basis::all().map(|_| Default::default()).collect();
        Self { before, after, scenario, facts: [facts(before, &before.trace), facts(after, &after.trace)], tried }
    }

    /// Whether rules can be proven at all: those that are switched are of 1.3 and 2.0.
    pub fn are_possible(&self) -> bool {
        [self.before, self.after].map(|ran| ran.flows[0].version) == [Version::V1_3, Version::V2_0]
    }

    /// Whether a key runs as before once only this is set back, or as after once only this is set forth.
    pub fn proves(&self, basis: Basis, key: &Key, of: Of) -> bool {
        if !self.are_possible() {
            return false;
        }
        let Some(at) = Basis::all().position(|one| one == basis) else { return false };
        let sides = match basis {
            Basis::Rule(_) => [self.after, self.before],
            Basis::Text => [self.before, self.after],
        };
        let gives = |side: usize| {
            let found = self.tried[at][side].get_or_init(|| {
                let ran = sides[side];
                facts(ran, &simulate_under(basis.rules()[side], &ran.flows, self.scenario))
            });
            of.is_same(found.get(key), self.facts[side].get(key))
        };
        let differs = !of.is_same(self.facts[0].get(key), self.facts[1].get(key));
        differs && (gives(0) || gives(1))
    }
}

fn facts(ran: &Ran, trace: &Trace) -> Facts {
    let of = |runs: &[RunIdx]| runs.iter().map(|run| fact(trace, *run)).collect();
    by_key(&ran.flows, trace).into_iter().map(|(key, runs)| (key, of(&runs))).collect()
}
