//! Conformance cases: a flow, how it is started, and facts that Kestra's own tests assert about what comes of it.

pub mod args;
pub mod case;
pub mod facts;
pub mod outcome;
pub mod pattern;
pub mod self_test;
pub mod taskruns;
pub mod values;

use case::Case;

/// What is wrong with a case, each in one line: nothing when it is met.
pub fn run(case: &Case) -> Vec<String> {
    let found = std::panic::catch_unwind(|| facts::check(case, &outcome::of(case)));
    found.unwrap_or_else(|_| vec!["an end of the run, came a panic".to_owned()])
}
