//! Conformance cases: a flow, how it is started, and facts that Kestra's own tests assert about the result.

pub mod case;
pub mod facts;
pub mod outcome;
pub mod self_test;
pub mod taskruns;
pub mod tutorial;
pub mod values;

use case::Case;

/// What is wrong with a case, one line each; empty when every fact holds.
pub fn run(case: &Case) -> Vec<String> {
    facts::check(case, &outcome::of(case))
}
