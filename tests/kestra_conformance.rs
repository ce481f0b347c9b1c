//! Conformance with Kestra: the project's own cases in `tests/kestra`, and those of Kestra's tests in a folder outside the
//! repository. Prints a line for each case, `k001 ok` or `k001 FAIL: ...`, and exits with 1 when one fails that has no row in
//! `docs/fidelity.md`.
//!
//! `KESTRA_CASES=DIR cargo test --release --test kestra_conformance [-- FILTER]`. What needs files that are not there is counted
//! as ignored; `make conformance` fails instead. The harness tests itself first.

mod kestra;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::{env, fs};

use kestra::{case, run, self_test, tutorial};
use libtest_mimic::{Arguments, Completion, Failed, Trial};

/// The lines of the cases that have run, in the order of the cases.
type Lines = Arc<Mutex<BTreeMap<usize, String>>>;

fn main() -> ExitCode {
    let mut args = Arguments::from_args();
    args.quiet |= args.format.is_none();
    // The message of a panic is part of the result of its test.
    std::panic::set_hook(Box::new(|_| {}));
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let kestras = env::var_os("KESTRA_CASES").map_or_else(|| project.join("../shared/conformance/kestra"), PathBuf::from);
    let known = known_failures(project);
    let lines = Lines::default();

    let mut trials: Vec<Trial> = self_test::all().into_iter().map(|(name, test)| Trial::test(name, move || verdict(&test()))).collect();
    trials.push(outside("tutorial", &tutorial::path(project), |path| Trial::test("tutorial", move || verdict(&tutorial::check(&path)))));
    if !kestras.join("cases.jsonl").is_file() {
        trials.push(outside("cases of Kestra", &kestras.join("cases.jsonl"), |_| unreachable!("the file is not there")));
    }
    let cases = [kestras, project.join("tests/kestra")].into_iter().flat_map(|folder| case::read_all(&folder));
    trials.extend(cases.enumerate().map(|(nth, case)| {
        let id = case.as_ref().map_or_else(|(id, _)| id.clone(), |case| case.id.clone());
        let (lines, is_known) = (Arc::clone(&lines), known.contains(&id));
        Trial::ignorable_test(id.clone(), move || {
            let note = |line: String| lines.lock().expect("no other test panics with it").insert(nth, line);
            note(format!("{id} FAIL: an end of the run, came a panic"));
            let wrong = case.map_or_else(|(_, why)| vec![why], |case| run(&case));
            note(line(&id, &wrong));
            if is_known && wrong.is_empty() {
                note(format!("{id} ok\n{id} has a row in docs/fidelity.md and is met"));
            }
            match is_known && !wrong.is_empty() {
                true => Ok(Completion::ignored_with("not met, as docs/fidelity.md says")),
                false => verdict(&wrong).map(|()| Completion::Completed),
            }
        })
    }));

    let conclusion = libtest_mimic::run(&args, trials);
    lines.lock().expect("no test runs any more").values().for_each(|line| println!("{line}"));
    conclusion.exit_code()
}

/// The line of a case. It is one line, whatever the texts in it hold.
fn line(id: &str, wrong: &[String]) -> String {
    match wrong.is_empty() {
        true => format!("{id} ok"),
        false => format!("{id} FAIL: {}", wrong.join(" | ").replace(['\n', '\r'], "\\n")),
    }
}

fn verdict(wrong: &[String]) -> Result<(), Failed> {
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// A test that needs a file outside the repository; without the file it is ignored.
fn outside(name: &str, file: &Path, test: impl FnOnce(PathBuf) -> Trial) -> Trial {
    if file.is_file() {
        return test(file.to_owned());
    }
    let why = format!("there is no {}", file.display());
    println!("{name}: ignored, {why}");
    Trial::ignorable_test(name, move || Ok(Completion::ignored_with(why)))
}

/// The cases that are known not to be met: the rows of the last table in `docs/fidelity.md`, by their first cell.
fn known_failures(project: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(project.join("docs/fidelity.md")).expect("docs/fidelity.md can be read");
    let (_, table) = text.split_once("## Conformance").expect("docs/fidelity.md has a section for conformance");
    table.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" |")).map(|(id, _)| id.trim().to_owned()).collect()
}
