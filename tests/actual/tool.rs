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
    let table: Vec<&str> = text.lines().skip_while(|line| !line.contains("found in the simulation")).collect();
    insta::assert_snapshot!(table.join("\n"), @"
    7 of 7 real task runs found in the simulation; the real run took 9.401 s, the simulated one 3.3 s (+6.101 s)

    real, against the simulation    begins      ends    length  added by the server
    extract                       +0.198 s  +1.503 s  +1.305 s  hand-over 0.104 s
    loads                         +2.254 s  +5.112 s  +2.858 s  hand-over 0.751 s
    orders                         +2.54 s  +2.607 s    +67 ms  hand-over 1.037 s
    customers                     +2.585 s  +2.889 s  +0.304 s  hand-over 1.082 s
    prices                        +3.583 s  +3.114 s  −0.469 s  hand-over 0.976 s
    stock                         +4.086 s  +4.247 s  +0.161 s  hand-over 1.197 s
    publish                        +5.54 s  +5.703 s  +0.163 s  hand-over 1.293 s
    ");
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
    let all = [
        refused(&["simulate", FLOW, "--actual", FLOW]),
        refused(&["simulate", "examples/parallel.yaml", "--actual", RECORD]),
        refused(&["calibrate", "examples/parallel.yaml", RECORD]),
        refused(&["simulate", FLOW, "--actual", RECORD, "--format", "csv"]),
    ];
    insta::assert_snapshot!(all.concat(), @"
    error[not-json]: this is not JSON: expected value
      --> tests/actual/nightly.yaml:1:1
    1 | id: nightly
      | ^
      = help: expected is the JSON of an execution, as Kestra 1.3 and 2.0 answer it: `GET /api/v1/main/executions/ID`
    error[other-flow]: this is an execution of `nightly`, not of `parallel`
      --> tests/actual/nightly.json:1:1
    1 | 
      | ^
      = help: give an execution of `parallel`
    error: none of these executions is one of `parallel`
    error: a real run is shown as text, json or svg
    ");
}

#[test]
fn calibrate_writes_what_it_has_learned() {
    let flow = file("nightly.yaml", &fs::read_to_string(FLOW).expect("it can be read"));
    let flow = flow.display().to_string();
    insta::assert_snapshot!(printed(&["calibrate", &flow, RECORD, "--write"]), @"
    learned from 24 executions of nightly

    task       attempts   median          from .. to  failed  note
    extract          24   1.59 s  1.204 s .. 2.289 s          # sim: 1.26s..1.42s..2.27s
    orders           24  0.886 s  0.533 s .. 1.712 s          # sim: 644ms..644ms..1.64s
    customers        24  1.468 s  1.237 s .. 2.152 s          # sim: 1.25s..1.34s..1.83s
    prices           24  0.659 s  0.437 s .. 1.367 s          # sim: 491ms..491ms..1.33s
    stock            24  0.766 s  0.553 s .. 1.174 s          # sim: 576ms..702ms..1.14s
    publish          24  0.407 s  0.326 s .. 1.008 s          # sim: 330ms..338ms..679ms

    hand-over to a worker: 0.381 s, half of them 0.168 s to 0.669 s; --dispatch-delay 479ms
    no task waited for a worker; at most 8 ran at once
    check by halves: 12 executions that were held back took 6.243 s in the middle, predicted 6.506 s (+0.263 s, 4.2 %); 8 of 12 within what was predicted
    ");
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
