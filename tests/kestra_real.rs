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
fn the_documentation_names_each_fault() {
    let faults = std::fs::read_to_string("tests/kestra/real/faults.json").expect("it can be read");
    let faults: serde_json::Value = serde_json::from_str(&faults).expect("it is JSON");
    let page = std::fs::read_to_string("docs/fidelity.md").expect("it can be read");
    let cases = faults.as_object().into_iter().flatten().filter_map(|(_, cases)| cases.as_object());
    let missing: Vec<&String> = cases.flat_map(|cases| cases.keys()).filter(|case| !page.contains(&format!("`{case}`"))).collect();
    assert!(missing.is_empty(), "docs/fidelity.md does not name {missing:?}");
}

#[test]
fn states_attempts_and_outputs_are_as_recorded_on_1_3() {
    real::check("1.3", Strictness::Details);
}

#[test]
fn states_attempts_and_outputs_are_as_recorded_on_2_0() {
    real::check("2.0", Strictness::Details);
}
