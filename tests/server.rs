//! `run`: a flow on a server, which is one of ours that speaks Kestra's API over recordings of the engine.

#![cfg(feature = "cli")]

#[path = "server/faults.rs"]
mod faults;
#[path = "server/kestra.rs"]
mod kestra;
#[path = "server/loopback.rs"]
mod loopback;
#[path = "actual/records.rs"]
#[allow(dead_code)] // Those tests read more of it.
mod records;
#[path = "support/tool.rs"]
#[allow(dead_code)] // Likewise.
mod tool;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use kestra::{ENCODED, Kestra, PASSWORD, USER, ok, refused};
use loopback::{Loopback, Request};
use records::Case;
use serde_json::{Value, json};

/// What the tool printed.
struct Printed {
    code: Option<i32>,
    out: String,
    /// Standard error, with `http://SERVER` for the address.
    err: String,
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut tool = Command::new(env!("CARGO_BIN_EXE_parallelogram"));
    for name in ["CLICOLOR_FORCE", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "https_proxy", "HTTPS_PROXY", "KESTRA_TOKEN"] {
        tool.env_remove(name);
    }
    tool.current_dir(folder).env("KESTRA_PASSWORD", PASSWORD).stdin(Stdio::null()).arg("run").args(arguments);
    tool
}

/// Runs the flow of the folder on a server. Nothing that is printed has the password in it.
fn run_with(folder: &Path, server: &str, further: &[&str]) -> Printed {
    let arguments = [&["flow.yaml", "--server", server, "--timeout", "1s"], further].concat();
    let output = command(folder, &arguments).env("RUST_LOG", "trace").output().expect("the tool runs");
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("it is text"));
    for secret in [PASSWORD, ENCODED] {
        assert!(!out.contains(secret) && !err.contains(secret), "the password is printed: {out}{err}");
    }
    Printed { code: output.status.code(), out, err: err.replace(server, "http://SERVER") }
}

fn run(folder: &Path, server: &Loopback, further: &[&str]) -> Printed {
    run_with(folder, &server.url, &[&["--user", USER], further].concat())
}

fn recorded(version: &str, name: &str) -> &'static Case {
    static ALL: OnceLock<Vec<Case>> = OnceLock::new();
    let found = ALL.get_or_init(records::own).iter().find(|case| case.version == version && case.name == name);
    found.unwrap_or_else(|| panic!("there is no case {version} {name}"))
}

/// A folder with the flow of a recording, and the recording.
fn prepared(test: &str, case: &Case) -> PathBuf {
    tool::folder(&format!("server-{test}"), &[("flow.yaml", &case.flow)])
}

const NO_FAULT: kestra::Fault = |_, _, _| None;
const FOLLOW: &str = "GET /api/v1/main/executions/execution0/follow";

/// A parallel group with two slots, as 2.0 ran it.
fn two_slots() -> &'static Case {
    recorded("2.0", "02-parallel-concurrent-2")
}

#[test]
fn a_flow_is_stored_run_followed_and_laid_over_its_simulation() {
    let case = two_slots();
    let folder = prepared("all", case);
    let server = Kestra::new(case).start(NO_FAULT);
    let printed = run(&folder, &server, &["-o", "run.json"]);
    insta::assert_snapshot!(printed.err, @"
    http://SERVER: Kestra 2.0.3, tenant main
    stored real.par2, revision 1
    started http://SERVER/ui/main/executions/real/par2/execution0
    ");
    insta::assert_snapshot!(server.lines().join("\n"), @"
    GET /api/v1/configs
    POST /api/v1/main/flows/validate
    GET /api/v1/main/flows/real/par2
    POST /api/v1/main/flows
    POST /api/v1/main/executions/real/par2
    GET /api/v1/main/executions/execution0/follow
    GET /api/v1/main/executions/execution0
    GET /api/v1/main/executions/search
    ");
    assert_eq!(printed.code, Some(0));
    let real = fs::read_to_string(folder.join("run.json")).expect("it was written");
    assert_eq!(serde_json::from_str::<Value>(&real).expect("it is JSON"), case.as_api()[0]);
    let laid_over = tool::printed(&folder, "simulate", &["flow.yaml", "--kestra", "2.0", "--actual", "run.json"]);
    let (states, result) = parts(&printed);
    insta::assert_snapshot!(states, @"
    0.000 s  CREATED    execution of par2
    0.002 s  CREATED    p
    0.003 s  RUNNING    execution of par2
    0.007 s  RUNNING    p
    0.023 s  CREATED    a
    0.023 s  CREATED    b
    0.030 s  SUBMITTED  a
    0.035 s  SUBMITTED  b
    0.061 s  RUNNING    a
    0.063 s  RUNNING    b
    1.066 s  SUCCESS    a
    1.069 s  SUCCESS    b
    1.108 s  CREATED    c
    1.108 s  CREATED    d
    1.115 s  SUBMITTED  c
    1.116 s  SUBMITTED  d
    1.140 s  RUNNING    c
    1.148 s  RUNNING    d
    2.141 s  SUCCESS    c
    2.152 s  SUCCESS    d
    2.176 s  CREATED    e
    2.437 s  SUBMITTED  e
    2.493 s  RUNNING    e
    3.508 s  SUCCESS    e
    3.543 s  SUCCESS    p
    3.573 s  SUCCESS    execution of par2
    ");
    assert_eq!(format!("{result}exit 0"), laid_over);
    assert!(laid_over.contains("6 of 6 real task runs found in the simulation"), "{laid_over}");
}

#[test]
fn the_server_says_whose_rules_the_simulation_follows() {
    let case = recorded("1.3", "par-c2");
    let folder = prepared("1.3", case);
    let server = Kestra::new(case).start(NO_FAULT);
    let printed = run(&folder, &server, &[]);
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    assert!(printed.err.starts_with("http://SERVER: Kestra 1.3.31, tenant main\n"), "{}", printed.err);
    fs::write(folder.join("run.json"), case.as_api()[0].to_string()).expect("it can be written");
    let laid_over = tool::printed(&folder, "simulate", &["flow.yaml", "--kestra", "1.3", "--actual", "run.json"]);
    assert_eq!(format!("{}exit 0", parts(&printed).1), laid_over);
}

#[test]
fn a_server_without_a_version_needs_one() {
    let case = two_slots();
    let folder = prepared("no-version", case);
    let server = Kestra::new(case).start(|_, request, _| (request.line == "GET /api/v1/configs").then(|| ok(&json!({"edition": "OSS"}))));
    let printed = run(&folder, &server, &[]);
    insta::assert_snapshot!(said(&printed), @"
    exit 1
    error: http://SERVER does not say which version of Kestra it is: name it, as in `--kestra 2.0`
    ");
    assert_eq!(run(&folder, &server, &["--kestra", "2.0"]).code, Some(0));
}

fn is(request: &Request, line: &str) -> bool {
    request.line.starts_with(line)
}

/// The exit code and what was printed.
fn said(printed: &Printed) -> String {
    format!("exit {}\n{}{}", printed.code.unwrap_or(-1), printed.out, printed.err)
}

#[test]
fn a_flow_that_is_there_is_updated() {
    let case = two_slots();
    let folder = prepared("update", case);
    let kestra = || Kestra::new(case);
    let other = kestra().with_flow("real/par2", "id: par2\nnamespace: real\ntasks: []\n").start(NO_FAULT);
    let printed = run(&folder, &other, &[]);
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    assert!(printed.err.contains("updated real.par2, revision 2"), "{}", printed.err);
    assert_eq!((other.count("POST /api/v1/main/flows"), other.count("PUT /api/v1/main/flows/real/par2")), (0, 1));

    let same = kestra().with_flow("real/par2", &case.flow).start(NO_FAULT);
    let printed = run(&folder, &same, &[]);
    assert!(printed.err.contains("real.par2 is unchanged, revision 1"), "{}", printed.err);
    assert_eq!((same.count("POST /api/v1/main/flows"), same.count("PUT /api/v1/main/flows/real/par2")), (0, 0));

    // It is stored by another in the moment after it was looked for.
    let raced = kestra()
        .with_flow("real/par2", "tasks: []")
        .start(|_, request, nth| (request.line == "GET /api/v1/main/flows/real/par2" && nth == 0).then(|| refused(404, "Not Found")));
    let printed = run(&folder, &raced, &[]);
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    assert!(printed.err.contains("updated real.par2, revision 2"), "{}", printed.err);
}

#[test]
fn inputs_are_parts_of_a_form() {
    let case = two_slots();
    let inputs = "inputs:\n  - {id: n, type: INT}\n  - {id: data, type: FILE}\n  - {id: list, type: JSON}\n";
    let files = [("flow.yaml", case.flow.clone() + inputs), ("orders.csv", "id,amount\n1,2\n".to_owned())];
    let folder = tool::folder("server-inputs", &files);
    let server = Kestra::new(case).start(|kestra, request, _| {
        // The form that came is logged in place of what the flow logs.
        let form = format!("{:?}", kestra.forms());
        request.line.starts_with("GET /api/v1/main/logs").then(|| ok(&json!([{"level": "INFO", "message": form}])))
    });
    let printed = run(&folder, &server, &["--logs", "--input", "n=3", "--input", "data=orders.csv", "--input", "list=[1, \"ü\"]"]);
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    let form = printed.out.lines().find(|line| line.contains("form-data")).expect("it was logged");
    insta::assert_snapshot!(form.replace("\\r\\n", "\n"), @r#"
        0.000 s  INFO       execution: ["------parallelogram-0
    Content-Disposition: form-data; name=\"n\"

    3
    ------parallelogram-0
    Content-Disposition: form-data; name=\"data\"; filename=\"orders.csv\"
    Content-Type: application/octet-stream

    id,amount\n1,2\n
    ------parallelogram-0
    Content-Disposition: form-data; name=\"list\"

    [1, \"ü\"]
    ------parallelogram-0--
    "]
    "#);
    let printed = run(&folder, &server, &["--input", "n=3", "--input", "data=none.csv", "--input", "list=[]"]);
    insta::assert_snapshot!(said(&printed), @"
    exit 2
    http://SERVER: Kestra 2.0.3, tenant main
    error: none.csv, the file for the input data, can't be read: No such file or directory (os error 2)
    ");
}

#[test]
fn subflows_and_iterations_are_fetched_too() {
    for (version, name, n) in [("2.0", "08-subflow-wait", 2), ("2.0", "05d-loop-in-parallel-slot", 3), ("1.3", "subflow-exit-warning", 2)] {
        let case = recorded(version, name);
        let folder = prepared(name, case);
        let server = Kestra::new(case).start(NO_FAULT);
        let printed = run(&folder, &server, &["-o", "run.json"]);
        assert_eq!(printed.code, Some(0), "{}", printed.err);
        let real: Value = serde_json::from_str(&fs::read_to_string(folder.join("run.json")).expect("it was written")).expect("it is JSON");
        assert_eq!(real.as_array().map(Vec::len), Some(n), "{name}");
        assert!(printed.out.contains("real task runs found in the simulation"), "{}", printed.out);
        assert!(!printed.out.contains("only in"), "{name}: {}", printed.out);
    }
}

#[test]
fn a_search_that_is_refused_leaves_the_execution() {
    let case = recorded("2.0", "08-subflow-wait");
    let server = Kestra::new(case).start(|_, request, _| {
        is(request, "GET /api/v1/main/executions/search").then(|| refused(422, "Field KIND is not supported for resource EXECUTION"))
    });
    let printed = run(&prepared("search", case), &server, &[]);
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    insta::assert_snapshot!(printed.err.lines().last().unwrap_or_default(), @"warning: the executions of subflows and loops are left out: http://SERVER refused a request (422: Field KIND is not supported for resource EXECUTION)");
    assert!(printed.out.contains("executions only in the simulation"), "{}", printed.out);
}

#[test]
fn logs_are_printed_once_and_cannot_change_the_terminal() {
    let case = two_slots();
    let printed = run(&prepared("logs", case), &Kestra::new(case).start(NO_FAULT), &["--logs"]);
    let lines: Vec<&str> = printed.out.lines().filter(|line| line.contains("taken")).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    0.500 s  INFO       extract: taken [2J over
    0.500 s  INFO       extract: taken [2J over
    ");
}

/// The states that were printed, and what comes behind them.
fn parts(printed: &Printed) -> (&str, &str) {
    printed.out.split_once("\n\n").unwrap_or_else(|| panic!("there is a result in {}{}", printed.out, printed.err))
}
