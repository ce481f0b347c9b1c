//! Runs of the real Kestra, against ours: the records in `tests/kestra/real`, by version and topic.
//!
//! A case that is listed in `known-differences.txt` must differ, all others must agree; the list shrinks with each rule that
//! is met. `known-differences-strict.txt` is the same for what `--strict` of the comparison reads besides (the states passed
//! through, the attempts and the outputs), for the flows by topic. `KESTRA_REAL=NAME cargo test --test kestra_real -- --nocapture`
//! prints all that differs in the cases whose names begin with NAME (`all` for every case).

#[path = "kestra/real/mod.rs"]
mod real;

use real::Strictness;

#[test]
fn runs_are_as_recorded_on_1_3() {
    real::check("1.3", Strictness::Runs);
}

#[test]
fn runs_are_as_recorded_on_2_0() {
    real::check("2.0", Strictness::Runs);
}

#[test]
fn the_examples_of_the_page_run_on_the_version_they_name() {
    real::check_examples();
}

#[test]
fn states_attempts_and_outputs_are_as_recorded_on_1_3() {
    real::check("1.3", Strictness::Details);
}

#[test]
fn states_attempts_and_outputs_are_as_recorded_on_2_0() {
    real::check("2.0", Strictness::Details);
}
