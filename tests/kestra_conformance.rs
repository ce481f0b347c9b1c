//! Conformance with Kestra: runs cases of `$KESTRA_CASES/cases.jsonl`, or of the folder beside the project, then the project's
//! own in `tests/kestra`; prints a line a case and exits 1 when one is not met that `docs/fidelity.md` has no row for.
//!
//! `KESTRA_CASES=DIR cargo test --release --test kestra_conformance [-- FILTER]`. First of all the harness is tested itself.

mod kestra;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs, process};

use kestra::{args, case, run, self_test};

fn main() {
    let args = args::read(env::args().skip(1));
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    // What a panic says stands in its case's line.
    std::panic::set_hook(Box::new(|_| {}));
    let tests = self_test::all().into_iter().map(|(name, wrong)| (format!("harness {name}"), wrong));
    let mut results: Vec<(String, Vec<String>)> = tests.filter(|(name, _)| args.asks_for(name)).collect();
    if args.list {
        results.iter().for_each(|(name, _)| println!("{name}: test"));
    }
    for folder in folders(project) {
        for case in case::read_all(&folder) {
            let id = case.as_ref().map_or_else(|(id, _)| id.clone(), |case| case.id.clone());
            if !args.asks_for(&id) {
                continue;
            }
            if args.list {
                println!("{id}: test");
                continue;
            }
            results.push((id, case.map_or_else(|(_, why)| vec![why], |case| run(&case))));
        }
    }
    if !args.list {
        process::exit(i32::from(!told(&results, &known(project))));
    }
}

/// Prints each result and the numbers of all; whether nothing failed that is not known.
fn told(results: &[(String, Vec<String>)], known: &BTreeSet<String>) -> bool {
    for (name, wrong) in results {
        match wrong.is_empty() {
            true => println!("{name} ok"),
            // A line is a line, whatever the texts hold.
            false => println!("{name} FAIL: {}", wrong.join(" | ").replace(['\n', '\r'], "\\n")),
        }
    }
    let is_known = |name: &str| known.contains(name);
    let n_passed = results.iter().filter(|(_, wrong)| wrong.is_empty()).count();
    let n_known = results.iter().filter(|(name, wrong)| !wrong.is_empty() && is_known(name)).count();
    let n_failed = results.len() - n_passed - n_known;
    for (name, _) in results.iter().filter(|(name, wrong)| wrong.is_empty() && is_known(name)) {
        println!("{name} has a row in docs/fidelity.md and is met");
    }
    let verdict = if n_failed == 0 { "ok" } else { "FAILED" };
    println!("test result: {verdict}. {n_passed} passed; {n_failed} failed; {n_known} not met as docs/fidelity.md says");
    n_failed == 0
}

/// Where cases stand: the ones of Kestra, if they are there, and the project's own.
fn folders(project: &Path) -> Vec<PathBuf> {
    let of_kestra = env::var_os("KESTRA_CASES").map_or_else(|| project.join("../shared/conformance/kestra"), PathBuf::from);
    let is_there = of_kestra.join("cases.jsonl").is_file() && of_kestra.join("flows").is_dir();
    if !is_there {
        println!("no cases in {}: only the project's own are run", of_kestra.display());
    }
    is_there.then_some(of_kestra).into_iter().chain([project.join("tests/kestra")]).collect()
}

/// The cases that are known not to be met: table lines of `docs/fidelity.md` that begin with the id.
fn known(project: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(project.join("docs/fidelity.md")).unwrap_or_default();
    let ids = text.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" |")).map(|(id, _)| id.trim().to_owned());
    ids.collect()
}
