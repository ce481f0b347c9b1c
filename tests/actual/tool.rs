//! The tool over real executions: `simulate --actual` and `calibrate`. `nightly.json` is a recording of 2.0.0 on a busy machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

const FLOW: &str = "tests/actual/nightly.yaml";
const RECORD: &str = "tests/actual/nightly.json";

fn tool(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parallelogram"));
    command.args(arguments).env_remove("CLICOLOR_FORCE").output().expect("the tool runs")
}

fn printed(arguments: &[&str]) -> String {
    let output = tool(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it is UTF-8")
}

/// What standard error says when the tool takes no such arguments.
fn refused(arguments: &[&str]) -> String {
    let output = tool(arguments);
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr).expect("it is UTF-8")
}

/// A file with this text.
fn file(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).expect("it can be written");
    path
}

/// A file with the first of the recorded executions.
fn first(name: &str) -> PathBuf {
    let record: Value = serde_json::from_str(&fs::read_to_string(RECORD).expect("it can be read")).expect("it is JSON");
    file(name, &json!({"engine": record["engine"], "executions": [record["executions"][0]]}).to_string())
}

#[test]
fn a_real_run_is_printed_below_the_simulated_one() {
    let real = first("below.json");
    let text = printed(&["simulate", FLOW, "--actual", &real.display().to_string()]);
    let (_, table) = text.split_once("\n\n4 of").or(text.split_once("\n\n7 of")).expect("there is a table");
    insta::assert_snapshot!(table, @"");
}

#[test]
fn a_real_run_is_a_part_of_json_and_of_the_picture() {
    let real = first("part.json");
    let with = |format: &str| printed(&["simulate", FLOW, "--actual", &real.display().to_string(), "--format", format]);
    let json: Value = serde_json::from_str(&with("json")).expect("it is JSON");
    let runs = json["actual"]["taskRuns"].as_array().expect("there are taskruns");
    assert_eq!(runs.len(), json["taskRunList"].as_array().map_or(0, Vec::len));
    let ids: Vec<&Value> = json["taskRunList"].as_array().into_iter().flatten().map(|run| &run["id"]).collect();
    assert!(runs.iter().all(|run| ids.contains(&&run["taskRunId"])));
    let svg = with("svg");
    assert!(svg.matches("pg-real\"").count() >= runs.len() && svg.contains("pg-real--added"));
}

#[test]
fn what_is_no_execution_of_the_flow_is_refused() {
    insta::assert_snapshot!(refused(&["simulate", FLOW, "--actual", FLOW]), @"");
    insta::assert_snapshot!(refused(&["simulate", "examples/parallel.yaml", "--actual", RECORD]), @"");
    insta::assert_snapshot!(refused(&["calibrate", "examples/parallel.yaml", RECORD]), @"");
    insta::assert_snapshot!(refused(&["simulate", FLOW, "--actual", RECORD, "--format", "csv"]), @"");
}

#[test]
fn calibrate_writes_what_it_has_learned() {
    let flow = file("nightly.yaml", &fs::read_to_string(FLOW).expect("it can be read"));
    let flow = flow.display().to_string();
    insta::assert_snapshot!(printed(&["calibrate", &flow, RECORD, "--write"]), @"");
    let written = fs::read_to_string(&flow).expect("it can be read");
    assert_eq!(written.matches("# sim: ").count(), 6);
    printed(&["calibrate", &flow, RECORD, "--write"]);
    assert_eq!(fs::read_to_string(&flow).expect("it can be read"), written);
}

#[test]
fn a_measured_server_is_later() {
    let makespan = |model: &str| -> u64 {
        let json = printed(&["simulate", FLOW, "--server-model", model, "--format", "json"]);
        serde_json::from_str::<Value>(&json).expect("it is JSON")["simulation"]["makespanMs"].as_u64().expect("it is a number")
    };
    // Four tasks one after another: a leaf, two after each other in one slot, a leaf.
    assert_eq!(makespan("measured") - makespan("ideal"), 4 * 41);
}
