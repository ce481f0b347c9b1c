//! Every flow in `tests/flows` states in its first lines which rule it shows. The event log of its run is beside it, one line per
//! event.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use parallelogram::render::events::events;
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::simulate;

#[test]
fn each_flow_runs_as_its_log_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/flows");
    let texts = files(&folder, "yaml");
    assert!(!texts.is_empty(), "there are flows in {}", folder.display());
    assert_eq!(stems(&files(&folder, "snap")), stems(&texts), "each flow has a log, each log a flow");
    for path in &texts {
        let flows = support::flows(&fs::read_to_string(path).expect("the flow can be read"));
        let log = columns(&events(&flows, &simulate(&flows, &Scenario::default())));
        insta::with_settings!({snapshot_path => "flows", prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(stem(path), log);
        });
    }
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be listed");
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.expect("the folder can be listed").path()).collect();
    found.retain(|path| path.extension().is_some_and(|found| found == extension));
    found.sort();
    found
}

fn stem(path: &Path) -> String {
    path.file_stem().expect("a file has a name").to_string_lossy().into_owned()
}

fn stems(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| stem(path)).collect()
}

/// Times to the right, names to the left, and without the word `state`: easier to read than tabs.
fn columns(events: &str) -> String {
    let cells: Vec<Vec<&str>> = events.lines().map(|line| line.splitn(4, '\t').collect()).collect();
    let width = |n: usize| cells.iter().map(|line| line[n].chars().count()).max().unwrap_or(0);
    let (time, name) = (width(0), width(1));
    let line = |cells: &Vec<&str>| {
        let [at, who, what, detail] = cells[..] else { panic!("a line has four cells: {cells:?}") };
        let who = if what == "execution" { "-" } else { who };
        format!("{at:>time$}  {who:<name$}  {detail}")
    };
    cells.iter().map(line).collect::<Vec<_>>().join("\n")
}
