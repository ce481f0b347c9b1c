//! Records of the real Kestra as cases, and what differs when we run the same flows.

mod case;
mod compare;
#[allow(dead_code, reason = "only `kestra_fresh.rs` uses it")]
pub mod fresh;
mod simulate;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::PathBuf;

use parallelogram::examples::EXAMPLES;
use parallelogram::flow::kestra::versions::Version;
use serde_json::Value;

use case::Case;

/// What of a run has to be as recorded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// Which executions and task runs there are, how they end, and when they begin and end.
    Runs,
    /// Also the states that task runs pass through, their attempts and their outputs.
    Details,
}

/// Compares all cases of a version, and panics unless exactly those differ that are listed.
pub fn check(version: &str, strictness: Strictness) {
    let rules = Version::from_name(version).expect("there is such a version");
    let shown = env::var("KESTRA_REAL").unwrap_or_default();
    let cases: Vec<Case> =
        case::all(&folder(), version).into_iter().filter(|case| strictness == Strictness::Runs || !case.is_random()).collect();
    let known = known_differences(version, strictness);
    let mut complaints = Vec::new();
    let mut n_right = 0;
    for case in &cases {
        let found = differences(rules, case, strictness);
        if shown == "all" || !shown.is_empty() && case.name.starts_with(&shown) {
            println!("{version} {}: {}", case.name, if found.is_empty() { "as recorded".to_owned() } else { found.join("\n    ") });
        }
        n_right += usize::from(found.is_empty());
        match (known.get(&case.name), found.first()) {
            (None, Some(first)) => complaints.push(format!("{} differs: {first}", case.name)),
            (Some(()), None) => {
                complaints.push(format!("{} is as recorded now: take `{version} {}` out of the list", case.name, case.name))
            }
            _ => {}
        }
    }
    let names: Vec<&String> = cases.iter().map(|case| &case.name).collect();
    complaints.extend(known.keys().filter(|name| !names.contains(name)).map(|name| format!("{name} is listed, but there is no such case")));
    println!("{version}: {n_right} of {} as recorded", cases.len());
    assert!(complaints.is_empty(), "{} of {version}\n{}", list_name(strictness), complaints.join("\n"));
}

/// Panics unless each Kestra example of the page was recorded as it is, on the version that its first line names, and accepted.
pub fn check_examples() {
    for example in EXAMPLES.iter().filter(|example| example.text.starts_with("id: ")) {
        let first = example.text.lines().next().unwrap_or_default();
        let version = first.rsplit(' ').next().unwrap_or_default();
        let name = format!("example-{}", example.id);
        let case = case::all(&folder(), version).into_iter().find(|case| case.name == name);
        let case = case.unwrap_or_else(|| panic!("{name} is not recorded on {version}"));
        assert!(case.refusal.is_none(), "{version} refuses {name}");
        assert_eq!(case.flow, example.text, "{name} was recorded with another text");
        let n_executions = case.run.get("executions").and_then(Value::as_u64).unwrap_or(1);
        assert_eq!(n_executions, u64::from(example.executions), "{name}");
    }
}

/// Sentences about what differs, the weightiest first.
fn differences(version: Version, case: &Case, strictness: Strictness) -> Vec<String> {
    match (&case.refusal, simulate::run(version, case)) {
        (Some(_), Err(_)) => Vec::new(),
        (Some(refusal), Ok(_)) => vec![format!("real: refused: {refusal}; simulated: runs")],
        (None, Err(refusal)) => vec![format!("real: runs; simulated: refused: {refusal}")],
        (None, Ok(simulated)) => compare::differences(&case.executions, &simulated, strictness, case.is_timed()),
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/kestra/real")
}

fn list_name(strictness: Strictness) -> &'static str {
    match strictness {
        Strictness::Runs => "known-differences.txt",
        Strictness::Details => "known-differences-strict.txt",
    }
}

/// The cases that are known to differ: `2.0 NAME` a line; `#` begins a comment.
fn known_differences(version: &str, strictness: Strictness) -> BTreeMap<String, ()> {
    let text = fs::read_to_string(folder().join(list_name(strictness))).unwrap_or_default();
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    lines.filter_map(|line| line.strip_prefix(version)?.strip_prefix(' ')).map(|name| (name.trim().to_owned(), ())).collect()
}
