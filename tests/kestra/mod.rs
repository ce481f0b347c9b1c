//! Conformance cases: a flow, how it is started, and facts that Kestra's own tests assert about the result.

pub mod case;
pub mod facts;
pub mod outcome;
pub mod self_test;
pub mod taskruns;
pub mod tutorial;
pub mod values;

use case::Case;
use parallelogram::flow::Version;

/// What is wrong with a case, one line each; empty when every fact holds in every version of the case.
pub fn run(case: &Case) -> Vec<String> {
    let in_version = |version: &Version| {
        let wrong = facts::check(case, &outcome::of(case, *version)).into_iter();
        wrong.map(|line| format!("in {}: {line}", version.as_str())).collect::<Vec<String>>()
    };
    case.versions.iter().flat_map(in_version).collect()
}
