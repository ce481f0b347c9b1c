//! Recordings that were just made of random flows, against our runs: what differs, and what became of it.

use std::fs;
use std::path::Path;

use parallelogram::flow::kestra::versions::Version;
use parallelogram::time::SimTime;
use serde_json::{Value, json};

use super::case::{self, Case};
use super::{Strictness, compare, differences, simulate};

const VERSIONS: [&str; 2] = ["1.3", "2.0"];
/// How long a busy machine may take to hand a task over.
const HAND_OVERS_MS: [u64; 8] = [0, 20, 50, 100, 200, 300, 500, 800];
/// A machine with nothing else to do takes some 40 ms for that.
const BUSY_MS: i64 = 200;
/// Draws of retries after a random time.
const SEEDS: [u64; 3] = [0, 1, 2];

/// What a difference comes from.
enum Why {
    /// The engine has a fault that we know, and the run comes to it.
    Fault(String),
    /// Two recordings do not agree in what ran and how it ended.
    Race(String),
    /// It was only in the times, and of a busy machine: a second recording has others.
    Load,
    /// It comes from the engine's own delays: with so many milliseconds for each hand-over our run is the same.
    Delay(u64),
    /// It was only in the times, and the engine took so many milliseconds in the middle to hand a task over.
    Busy(i64),
    /// The engine left these task runs as they were when their execution ended.
    Open(String),
    /// The engine did not end it, or broke down.
    Hung(String),
    /// Nothing explains it.
    Unknown,
}

/// Compares the records in `records/VERSION` of a folder with our runs of `flows/VERSION`, and prints a line for each difference and
/// each version. The flows whose difference nothing explains
/// are copied to `again/VERSION`; a second call looks at their second records, in
/// `records-again/VERSION`. Whether there is no difference that nothing explains.
pub fn check_fresh(folder: &Path) -> bool {
    let mut is_right = true;
    for version in VERSIONS {
        let records = folder.join("records").join(version);
        let Ok(entries) = fs::read_dir(&records) else { continue };
        let mut names: Vec<String> =
            entries.flatten().filter_map(|entry| Some(entry.path().file_stem()?.to_string_lossy().into_owned())).collect();
        names.sort();
        let [mut n_right, mut n_explained, mut n_unknown] = [0; 3];
        for name in &names {
            let first = read(folder, "records", version, name);
            let rules = Version::from_name(version).expect("there is such a version");
            let found = found(rules, &first);
            let Some(sentence) = found.first() else {
                n_right += 1;
                continue;
            };
            let again = folder.join("records-again").join(version).join(format!("{name}.json")).is_file();
            let again = again.then(|| read(folder, "records-again", version, name));
            let why = match why(rules, &first, again.as_ref()) {
                Why::Fault(fault) => format!("a fault of the engine: {fault}"),
                Why::Race(between) => {
                    format!("a race of the engine: two recordings differ: {}", between.replace(", simulated ", ", then "))
                }
                Why::Load => "a busy machine: another recording has other times".to_owned(),
                Why::Delay(ms) => format!("the engine's delays: with {ms} ms for each hand-over ours is the same"),
                Why::Busy(ms) => format!("a busy machine: only times differ, and handing a task over took {ms} ms in the middle"),
                Why::Open(runs) => format!("a fault of the engine: it leaves {runs} in an execution that has ended"),
                Why::Hung(how) => format!("the engine: {how}"),
                Why::Unknown => String::new(),
            };
            if why.is_empty() {
                n_unknown += 1;
                copy(folder, version, name);
                println!("{version} {name} DIFFERS: {}", found.join("; "));
            } else {
                n_explained += 1;
                println!("{version} {name} differs: {sentence} ({why})");
            }
        }
        println!("{version}: {n_right} of {} as the engine ran them, {n_explained} explained, {n_unknown} unexplained", names.len());
        is_right &= n_unknown == 0;
    }
    is_right
}

/// A case, how the engine failed to end it, and whether it lost a task run of its own.
struct Fresh {
    case: Case,
    hung: Option<String>,
    has_lost: bool,
}

/// What the engine says when it has dropped a task run that a worker was still busy with.
const LOST: &str = "Can't find taskrun with taskrunId";

fn read(folder: &Path, records: &str, version: &str, name: &str) -> Fresh {
    let text = |path: &Path| fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let json = |text: String| -> Value { serde_json::from_str(&text).expect("it is JSON") };
    let flows = folder.join("flows").join(version);
    let run = fs::read_to_string(flows.join(format!("{name}.run.json"))).map_or(Value::Null, json);
    let real = json(text(&folder.join(records).join(version).join(format!("{name}.json"))));
    let hung = match (&real["engineDied"], &real["stillRunning"]) {
        (Value::Bool(true), _) => Some("it broke down".to_owned()),
        (_, Value::String(how)) if how.starts_with("after ") => Some(format!("it did not end this {how}")),
        _ => None,
    };
    let flow = text(&flows.join(format!("{name}.yaml")));
    let has_lost = real.to_string().contains(LOST);
    Fresh { has_lost, case: case::case(&json!({"name": name, "flow": flow, "run": run, "real": real})), hung }
}

/// What differs between a recording and our run.
fn found(version: Version, fresh: &Fresh) -> Vec<String> {
    if let Some(how) = &fresh.hung {
        return vec![how.clone()];
    }
    let mut found = differences(version, &fresh.case, Strictness::Runs);
    if found.is_empty() && fresh.case.refusal.is_none() {
        found = compare::orders(&fresh.case.executions, &run(version, &fresh.case));
    }
    found
}

fn why(version: Version, first: &Fresh, again: Option<&Fresh>) -> Why {
    if let Some(fault) = simulate::known_faults(version, &first.case).into_iter().next() {
        return Why::Fault(fault);
    }
    if first.has_lost {
        return Why::Fault(format!("`{LOST} ...`"));
    }
    if first.case.refusal.is_some() || first.case.executions.is_empty() {
        return first.hung.clone().map_or(Why::Unknown, Why::Hung);
    }
    if let Some(ms) = hand_over_that_explains(version, &first.case) {
        return Why::Delay(ms);
    }
    let is_only_late = compare::differences(&first.case.executions, &run(version, &first.case), Strictness::Runs, false).is_empty();
    let hand_over = compare::hand_over(&first.case.executions);
    if is_only_late && hand_over >= BUSY_MS {
        return Why::Busy(hand_over);
    }
    if let Some(again) = again {
        let [theirs, others] = [first, again].map(|fresh| &fresh.case.executions);
        let differ = |timed| compare::differences(theirs, others, Strictness::Runs, timed).into_iter();
        if let Some(sentence) = differ(false).chain(compare::orders(theirs, others)).next() {
            return Why::Race(sentence);
        }
        if is_only_late && (found(version, again).is_empty() || differ(true).next().is_some()) {
            return Why::Load;
        }
        if let Some(ms) = hand_over_that_explains(version, &again.case) {
            return Why::Delay(ms);
        }
    }
    let open = compare::left_open(&first.case.executions);
    if open.is_empty() { Why::Unknown } else { Why::Open(open.join(", ")) }
}

fn run(version: Version, case: &Case) -> Vec<case::Execution> {
    simulate::run(version, case).unwrap_or_default()
}

/// The shortest time that a server may take to hand each task over, in milliseconds, with which our run is as recorded.
fn hand_over_that_explains(version: Version, case: &Case) -> Option<u64> {
    let is_same = |ms: u64, seed: u64| {
        let simulated = simulate::run_late(version, case, SimTime(ms), seed).unwrap_or_default();
        compare::differences(&case.executions, &simulated, Strictness::Runs, case.is_timed()).is_empty()
    };
    HAND_OVERS_MS.into_iter().find(|ms| SEEDS.into_iter().any(|seed| is_same(*ms, seed)))
}

fn copy(folder: &Path, version: &str, name: &str) {
    let to = folder.join("again").join(version);
    fs::create_dir_all(&to).expect("the folder can be made");
    for file in [format!("{name}.yaml"), format!("{name}.run.json")] {
        let from = folder.join("flows").join(version).join(&file);
        if from.is_file() {
            fs::copy(&from, to.join(file)).expect("it can be copied");
        }
    }
}
