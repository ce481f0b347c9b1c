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
    guarded(|| facts::check(case, &outcome::of(case)))
}

/// What `check` says; a panic in it is one more thing that is wrong, and the next case is run.
fn guarded(check: impl FnOnce() -> Vec<String> + std::panic::UnwindSafe) -> Vec<String> {
    std::panic::catch_unwind(check).unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<String>().cloned();
        let text = text.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        vec![format!("an end of the run, came a panic: {}", text.unwrap_or_default())]
    })
}
