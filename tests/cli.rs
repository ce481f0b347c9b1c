//! The command line tool from outside: exit codes, what it writes where, and what it reports about bad input.
#![cfg(feature = "cli")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

const HEAD: &str = "id: f\nnamespace: n\ntasks:\n";

/// Two tasks, one slot.
const FLOW: &str = "\
id: f
namespace: n
tasks:
  - id: p
    type: io.kestra.plugin.core.flow.Parallel
    concurrent: 1
    tasks:
      - {id: a, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
      - {id: b, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
";

fn tool() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parallelogram"));
    command.arg("simulate").env_remove("CLICOLOR_FORCE").env_remove("NO_COLOR");
    command
}

/// Runs the tool with a text on standard input.
fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = tool()
        .arg("-")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the tool starts");
    // It may end before it has read everything.
    let _ = child.stdin.take().expect("it has a standard input").write_all(input);
    child.wait_with_output().expect("the tool ends")
}

/// The exit code and the first lines of standard error and standard output.
fn check(arguments: &[&str], input: impl AsRef<[u8]>) -> String {
    shown(&run(arguments, input.as_ref()))
}

fn shown(output: &Output) -> String {
    let first_lines = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().take(12).map(|line| format!("{line}\n")).collect::<String>();
    let (reported, printed) = (first_lines(&output.stderr), first_lines(&output.stdout));
    let code = output.status.code().map_or("none".to_owned(), |code| code.to_string());
    format!("exit {code}\n{reported}{}{printed}", if printed.is_empty() { "" } else { "---\n" })
}

/// An empty folder for this test alone.
fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).expect("the folder can be made");
    path
}

fn names(folder: &PathBuf) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder can be listed");
    entries.map(|entry| entry.expect("the folder can be listed").file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn a_flow_is_drawn_and_notes_are_reported() {
    let flow = FLOW.replace("core.flow.Sleep, duration: PT1S}\n      - {id: b", "x.Y}\n      - {id: b");
    insta::assert_snapshot!(check(&[], flow), @"
    exit 0
    note[not-simulated]: `io.kestra.plugin.x.Y` is not simulated
      --> stdin:8:23
    8 |       - {id: a, type: io.kestra.plugin.x.Y}
      |                       ^^^^^^^^^^^^^^^^^^^^ runs as a task of 1 s that succeeds
    ---
    n.f

                               0            0.5          1.0          1.5      2.0 s
    p                    2.0 s ===================================================S
      a                  1.0 s #########################S
      b                  1.0 s ::::::::::::::::::::::::::#########################S

    total 2.0 s   work 2.0 s   speed-up 1.0x   efficiency 100 % of 1 slot
    no known time, taken as 1.0 s: a
    ");
}

#[test]
fn every_format_begins_as_it_should() {
    let start = |format: &str| check(&["--format", format], FLOW).replace('\t', " | ");
    insta::assert_snapshot!(["json", "events", "csv"].map(start).join("\n\n"), @r#"
    exit 0
    ---
    {
      "id": "3MSHIAeJge7krGnHuNtBHE",
      "namespace": "n",
      "flowId": "f",
      "flowRevision": 1,
      "taskRunList": [
        {
          "id": "6shBnJN7RNkCKIkwwF7j4R",
          "executionId": "3MSHIAeJge7krGnHuNtBHE",
          "namespace": "n",
          "flowId": "f",
          "taskId": "p",


    exit 0
    ---
    0 | - | execution | CREATED
    0 | p | state | CREATED
    0 | - | execution | RUNNING
    0 | p | state | RUNNING
    0 | a | state | CREATED
    0 | a | state | SUBMITTED
    0 | a | state | RUNNING
    1000 | a | state | SUCCESS
    1000 | b | state | CREATED
    1000 | b | state | SUBMITTED
    1000 | b | state | RUNNING
    2000 | b | state | SUCCESS


    exit 0
    ---
    execution,task,run,kind,from_ms,to_ms,outcome,by
    1,p,1,RUNNING,0,2000,SUCCESS,
    1,a,1,RUNNING,0,1000,SUCCESS,
    1,b,1,wait-slot,0,1000,SUCCESS,a
    1,b,1,RUNNING,1000,2000,SUCCESS,
    "#);
    assert!(run(&["--format", "markdown"], FLOW.as_bytes()).stdout.starts_with(b"**f**: 2.0 s, SUCCESS\n\n| task |"));
    assert!(String::from_utf8_lossy(&run(&["--format", "svg", "--play"], FLOW.as_bytes()).stdout).contains("@keyframes pg-play"));
    let unplayed = run(&["--play"], FLOW.as_bytes());
    assert_eq!((unplayed.status.code(), &*unplayed.stderr), (Some(2), &b"error: only a picture can play: add `--format svg`\n"[..]));
    let svg = run(&["--format", "svg"], FLOW.as_bytes());
    assert!(svg.stdout.starts_with(b"<svg xmlns=\"http://www.w3.org/2000/svg\"") && svg.stdout.ends_with(b"</svg>\n"));
}

#[test]
fn options_change_the_run() {
    let ends = |arguments: &[&str]| {
        let output = run(&[&["--format", "csv"], arguments].concat(), FLOW.as_bytes());
        String::from_utf8_lossy(&output.stdout).lines().skip(1).map(|line| format!("{line}\n")).collect::<String>()
    };
    insta::assert_snapshot!(ends(&["--set", "p=2", "--dispatch-delay", "250ms"]), @"
    1,p,1,RUNNING,0,1250,SUCCESS,
    1,a,1,SUBMITTED,0,250,SUCCESS,
    1,a,1,RUNNING,250,1250,SUCCESS,
    1,b,1,SUBMITTED,0,250,SUCCESS,
    1,b,1,RUNNING,250,1250,SUCCESS,
    ");
    insta::assert_snapshot!(ends(&["--horizon", "1.5s"]), @"
    1,p,1,RUNNING,0,1500,,
    1,a,1,RUNNING,0,1000,SUCCESS,
    1,b,1,wait-slot,0,1000,,a
    1,b,1,RUNNING,1000,1500,,
    ");
    let last_line = |arguments: &[&str]| {
        let output = run(arguments, FLOW.as_bytes());
        String::from_utf8_lossy(&output.stdout).lines().rfind(|line| line.starts_with("stopped")).map(str::to_owned)
    };
    assert_eq!(last_line(&["--max-events", "5"]).as_deref(), Some("stopped after 6 events, at 0 s"));
    let dates = |arguments: &[&str]| {
        let output = run(&[&["--format", "json"], arguments].concat(), FLOW.as_bytes());
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
        (json["id"].as_str().map(str::to_owned), json["state"]["startDate"].as_str().map(str::to_owned))
    };
    let (id, date) = dates(&[]);
    assert_eq!(date.as_deref(), Some("2024-01-01T00:00:00.000Z"));
    assert_eq!(dates(&["--start", "2025-02-03"]), (id.clone(), Some("2025-02-03T00:00:00.000Z".to_owned())));
    assert_ne!(dates(&["--seed", "1"]).0, id);
}

#[test]
fn no_duration_and_no_number_is_too_large() {
    let text = FLOW.replace("PT1S", "P99999999999D").replace("concurrent: 1", "concurrent: 4294967295");
    for last in [
        "io.kestra.plugin.scripts.shell.Commands, commands: [sleep 9e9, sleep 99999999999999999999d]",
        "io.kestra.plugin.core.flow.Sleep, duration: PT9223371000000000S",
    ] {
        let text = format!(
            "{text}  - {{id: c, type: {last}}}\n  - {{id: d, type: io.kestra.plugin.core.debug.Return, format: '{{{{taskrun.startDate}}}}'}}\n"
        );
        for format in ["text", "json", "events", "csv", "svg"] {
            let output = run(&["--format", format, "--horizon", "99999999999999999999d", "--start", "9999-12-31"], text.as_bytes());
            assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0), "{}", shown(&output));
        }
    }
}

#[test]
fn a_wrong_option_is_reported_with_the_valid_ones() {
    let wrong = [["--set", "q=2"], ["--set", "p=two"], ["--set", "p"], ["--set", "p=-1"]].map(|arguments| check(&arguments, FLOW));
    insta::assert_snapshot!(wrong.join("\n"), @"
    exit 2
    error: --set q=2: there is no group `q`; groups with slots: p

    exit 2
    error: --set p=two: `two` is not a whole number from 0 to 4294967295

    exit 2
    error: --set p: write GROUP=N

    exit 2
    error: --set p=-1: `-1` is not a whole number from 0 to 4294967295
    ");
    let flow = format!("{HEAD}  - {{id: a, type: io.kestra.plugin.core.debug.Return}}\n");
    insta::assert_snapshot!(check(&["--set", "a=2"], flow), @"
    exit 2
    error: --set a=2: `a` is of type `Return`, which has no slots; groups with slots: none
    ");
    let template = include_str!("../examples/release-flat.yaml");
    let group = "concurrent-server-deployments";
    insta::assert_snapshot!(check(&["--set", &format!("{group}=2")], template), @"
    exit 2
    error: --set concurrent-server-deployments=2: a group of XL Release has no limit of how many of its tasks run at once
    ");
    insta::assert_snapshot!(check(&["--start", "tomorrow"], FLOW), @"
    exit 2
    error: invalid value 'tomorrow' for '--start <ISO-DATE>': write a date such as 2024-01-01 or 2024-01-01T00:00:00Z

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(check(&["--horizon", "soon"], FLOW), @"
    exit 2
    error: invalid value 'soon' for '--horizon <D>': write a length of time such as 500ms, 2s, 1.5m or PT2S

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(check(&["--format", "pdf"], FLOW), @"
    exit 2
    error: invalid value 'pdf' for '--format <FORMAT>'
      [possible values: text, json, events, csv, svg, trace, mermaid, markdown]

    For more information, try '--help'.
    ");
}

#[test]
fn text_that_is_not_a_flow_is_refused() {
    let texts = ["", "# only\n# comments\n", "- a\n- b\n", "id: f\n\tnamespace: n\n", "just words\n"];
    insta::assert_snapshot!(texts.map(|text| check(&[], text)).join("\n"), @"
    exit 2
    error[empty]: there is no flow in this text
      --> stdin:1:1
    1 | 
      | ^
      = help: start with `id:`, `namespace:` and `tasks:`

    exit 2
    error[empty]: there is no flow in this text
      --> stdin:1:1
    1 | # only
      | ^
      = help: start with `id:`, `namespace:` and `tasks:`

    exit 2
    error[not-a-flow]: a flow is a map, this is a list
      --> stdin:1:1
    1 | - a
      | ^^^ expected `id:`, `namespace:` and `tasks:`
      = help: start with `id:`, `namespace:` and `tasks:`

    exit 2
    error[tabs]: line 2 is indented with a tab, YAML wants spaces
      --> stdin:2:1
    2 |  namespace: n
      | ^ a tab
      = help: put two spaces in place of each tab

    exit 2
    error[not-a-flow]: a flow is a map, this is text
      --> stdin:1:1
    1 | just words
      | ^^^^^^^^^^ expected `id:`, `namespace:` and `tasks:`
      = help: start with `id:`, `namespace:` and `tasks:`
    ");
}

#[test]
fn each_error_is_reported() {
    let text = format!("{HEAD}  - {{id: a, type: io.kestra.plugin.core.log.Lug}}\n  - {{id: a, type: io.kestra.plugin.core.log.Log}}\n");
    insta::assert_snapshot!(check(&[], text), @"
    exit 2
    error[unknown-type]: there is no task type `io.kestra.plugin.core.log.Lug`
      --> stdin:4:19
    4 |   - {id: a, type: io.kestra.plugin.core.log.Lug}
      |                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Invalid type: io.kestra.plugin.core.log.Lug
      = help: did you mean `io.kestra.plugin.core.log.Log`?
    error[missing-property]: `Log` has no `message`
      --> stdin:5:5
    5 |   - {id: a, type: io.kestra.plugin.core.log.Log}
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ tasks[a].message: must not be null
      = help: add `message:`
    error[duplicate-id]: the id `a` is taken by the task on line 4
      --> stdin:5:10
    ");
}

#[test]
fn deep_nesting_is_refused() {
    insta::assert_snapshot!(check(&[], "[".repeat(10_000)), @"
    exit 2
    error[nesting]: this is nested deeper than the 128 levels that are read
      --> stdin:1:129
    1 | [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
      |                                                                                                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = help: use fewer levels of lists and maps
    ");
    insta::assert_snapshot!(check(&[], "[".repeat(10_000) + &"]".repeat(10_000)), @"
    exit 2
    error[nesting]: this is nested deeper than the 128 levels that are read
      --> stdin:1:129
    1 | [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
      |                                                                                                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = help: use fewer levels of lists and maps
    ");
    insta::assert_snapshot!(check(&[], (0..10_000).map(|n| " ".repeat(n) + "a:\n").take(300).collect::<String>()), @"
    exit 2
    error[nesting]: this is nested deeper than the 128 levels that are read
        --> stdin:129:129
    129 |                                                                                                                                 a:
        |                                                                                                                                 ^^
        = help: use fewer levels of lists and maps
    ");
}

#[test]
fn aliases_that_expand_to_gigabytes_are_refused() {
    let line = |n: usize| format!("  a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", "));
    let bomb = format!("{FLOW}variables:\n  a0: &a0 [lol]\n{}", (1..30).map(line).collect::<String>());
    insta::assert_snapshot!(check(&[], bomb), @"
    exit 2
    error[aliases]: the aliases of this text unfold to far more than is written
       --> stdin:16:32
    16 |   a5: &a5 [*a4, *a4, *a4, *a4, *a4, *a4, *a4, *a4, *a4]
       |                                ^^^
       = help: write the values out instead of repeating aliases of aliases
    ");
}

#[test]
fn bytes_that_are_not_text_are_reported_with_their_place() {
    insta::assert_snapshot!(check(&[], b"id: f\nnamespace: \xc3\xa4\xff\n"), @"
    exit 2
    error[not-utf-8]: this byte is not UTF-8 text
      --> stdin:2:13
    2 | namespace: ä�
      |             ^
      = help: save the file as UTF-8
    ");
    insta::assert_snapshot!(check(&[], b"\xff\xfei\0d\0:\0"), @"
    exit 2
    error[not-utf-8]: this byte is not UTF-8 text
      --> stdin:1:1
    1 | ��i�d�:�
      | ^
      = help: save the file as UTF-8
    ");
}

#[test]
fn a_text_beyond_the_limit_is_refused() {
    let mut text = format!("{FLOW}# ");
    text += &"c".repeat((32 << 20) - text.len());
    insta::assert_snapshot!(check(&["--format", "csv"], &text), @"
    exit 0
    ---
    execution,task,run,kind,from_ms,to_ms,outcome,by
    1,p,1,RUNNING,0,2000,SUCCESS,
    1,a,1,RUNNING,0,1000,SUCCESS,
    1,b,1,wait-slot,0,1000,SUCCESS,a
    1,b,1,RUNNING,1000,2000,SUCCESS,
    ");
    insta::assert_snapshot!(check(&[], text + "c"), @"
    exit 2
    error[text-too-long]: the text is longer than the 32 MB that are read
      --> stdin:1:1
    1 | 
      | ^
      = help: split it into several files
    ");
}

#[test]
fn five_megabytes_run() {
    let task =
        |n: usize| format!("  - {{id: t{n}, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S, description: {}}}\n", "x".repeat(150));
    let text = HEAD.to_owned() + &(0..23_000).map(task).collect::<String>();
    assert!(text.len() > 5 << 20);
    let output = run(&["--format", "events"], text.as_bytes());
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
    assert!(output.stdout.ends_with(b"23000000\t-\texecution\tSUCCESS\n"));
}

#[test]
fn a_file_has_its_own_name() {
    let folder = folder("file");
    fs::write(folder.join("bad.yaml"), "id: f\n").expect("the file can be written");
    let in_folder = |file: &str| shown(&tool().current_dir(&folder).arg(file).output().expect("the tool runs"));
    insta::assert_snapshot!(in_folder("bad.yaml"), @"
    exit 2
    error[missing-property]: the flow has no `namespace`
      --> bad.yaml:1:1
    1 | id: f
      | ^^^^^ namespace: must not be null
      = help: add `namespace:`
    error[missing-property]: the flow has no `tasks`
      --> bad.yaml:1:1
    1 | id: f
      | ^^^^^ tasks: must not be empty
      = help: add `tasks:`
    ");
    insta::assert_snapshot!(in_folder("none.yaml"), @"
    exit 2
    error: none.yaml can't be read: No such file or directory (os error 2)
    ");
    insta::assert_snapshot!(in_folder("."), @"
    exit 2
    error: . can't be read: Is a directory (os error 21)
    ");
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let folder = folder("output");
    let path = folder.join("run.csv");
    fs::write(&path, "before").expect("the file can be written");
    let arguments = ["--format", "csv", "-o", path.to_str().expect("the path is text")];

    assert_eq!(run(&arguments, b"- no flow").status.code(), Some(2));
    assert_eq!(fs::read_to_string(&path).expect("the file is there"), "before");

    let output = run(&arguments, FLOW.as_bytes());
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0));
    let printed = run(&["--format", "csv"], FLOW.as_bytes()).stdout;
    assert_eq!(fs::read(&path).expect("the file is there"), printed);
    assert_eq!(names(&folder), ["run.csv"], "nothing is left beside it");
}

#[test]
fn a_file_that_cannot_be_written_is_reported() {
    let folder = folder("no-output");
    let output = tool().current_dir(&folder).args(["-", "-o", "none/run.txt"]).stdin(Stdio::null()).output().expect("the tool runs");
    assert_eq!(output.status.code(), Some(2));
    fs::write(folder.join("flow.yaml"), FLOW).expect("the file can be written");
    let to = |file: &str| shown(&tool().current_dir(&folder).args(["flow.yaml", "-o", file]).output().expect("the tool runs"));
    insta::assert_snapshot!(to("none/run.txt"), @"
    exit 2
    error: none/run.txt can't be written: No such file or directory (os error 2)
    ");
    insta::assert_snapshot!(to("."), @"
    exit 2
    error: . can't be written: Is a directory (os error 21)
    ");
    assert_eq!(names(&folder), ["flow.yaml"]);
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_devices_stay() {
    let folder = folder("links");
    let link = folder.join("link");
    fs::write(folder.join("run.csv"), "before").expect("the file can be written");
    std::os::unix::fs::symlink("run.csv", &link).expect("the link can be made");
    assert_eq!(run(&["--format", "csv", "-o", link.to_str().expect("the path is text")], FLOW.as_bytes()).status.code(), Some(0));
    assert!(link.is_symlink() && fs::read(&link).expect("the file is there").starts_with(b"execution,task"));
    assert_eq!(run(&["-o", "/dev/null"], FLOW.as_bytes()).status.code(), Some(0));
    assert!(!PathBuf::from("/dev/null").is_file());
}

/// More is printed than a pipe holds, so that the tool finds it closed.
#[test]
fn a_closed_pipe_is_not_an_error() {
    let tasks: String = (0..5000).map(|n| format!("  - {{id: t{n}, type: io.kestra.plugin.core.debug.Return}}\n")).collect();
    let folder = folder("pipe");
    fs::write(folder.join("flow.yaml"), HEAD.to_owned() + &tasks).expect("the file can be written");
    let mut child = tool()
        .current_dir(&folder)
        .args(["flow.yaml", "--format", "events"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the tool starts");
    let mut line = String::new();
    BufReader::with_capacity(16, child.stdout.take().expect("it has a standard output")).read_line(&mut line).expect("a line comes");
    assert_eq!(line, "0\t-\texecution\tCREATED\n");
    let output = child.wait_with_output().expect("the tool ends");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

/// The same for standard error: more is written than a pipe holds.
#[test]
fn a_closed_standard_error_is_not_an_error() {
    let tasks: String = (0..5000).map(|n| format!("  - {{id: t{n}, type: Log}}\n")).collect();
    let folder = folder("deaf");
    fs::write(folder.join("flow.yaml"), HEAD.to_owned() + &tasks).expect("the file can be written");
    let mut child = tool().current_dir(&folder).arg("flow.yaml").stderr(Stdio::piped()).spawn().expect("the tool starts");
    drop(child.stderr.take());
    assert_eq!(child.wait().expect("the tool ends").code(), Some(2));
}

#[test]
fn colors_only_where_they_are_wanted() {
    let coloured = |name: &str| {
        let output = tool().env(name, "1").args(["-", "--set", "q=1"]).stdin(Stdio::null()).output().expect("the tool runs");
        String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default().to_owned()
    };
    assert!(coloured("CLICOLOR_FORCE").starts_with("\u{1b}[1;31merror\u{1b}[0m[empty]: "));
    assert!(coloured("NO_COLOR").starts_with("error[empty]: "));
}

#[test]
fn sweep_prints_the_time_for_each_number_of_slots() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/parallel.yaml");
    let sweep = |rest: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_parallelogram"));
        command.args(["sweep", example, "--group"]).args(rest).output().expect("the tool ends")
    };
    let output: serde_json::Value = serde_json::from_slice(&sweep(&["parent", "--format", "json"]).stdout).expect("it is JSON");
    let makespans: Vec<u64> = output["points"].as_array().into_iter().flatten().filter_map(|point| point["makespanMs"].as_u64()).collect();
    assert_eq!(makespans, [6000, 3000, 2000, 2000, 2000, 1000]);
    assert_eq!(output["knees"], serde_json::json!([1, 2, 3, 6]));
    assert_eq!(output["points"][2]["efficiency"], 1.0);
    assert_eq!(sweep(&["t1"]).status.code(), Some(2));
}

/// What the tool prints about an example.
fn about(example: &str, arguments: &[&str]) -> String {
    let file = format!("{}/examples/{example}.yaml", env!("CARGO_MANIFEST_DIR"));
    let (command, rest) = arguments.split_first().expect("there is a command");
    let output = Command::new(env!("CARGO_BIN_EXE_parallelogram")).args([command, &*file]).args(rest).output().expect("the tool ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints text")
}

#[test]
fn explain_says_why_a_task_waited_and_what_would_have_helped() {
    insta::assert_snapshot!(about("parallel", &["explain", "--task", "t4"]), @"
    t4
      t4 waited 1.0 s because all 3 slots of `parent` were taken by t1, t2 and t3. It started when they ended at 1.0 s.
      With `concurrent: 4` it would start at 0 s, but the flow would still take 2.0 s.
      If `t3` took 0.5 s, t4 would start at 0.5 s, but the flow would still take 2.0 s.
    ");
    let one: serde_json::Value =
        serde_json::from_str(&about("parallel", &["explain", "--task", "t4", "--format", "json"])).expect("it is JSON");
    assert_eq!((&one["taskId"], &one["waits"][0]["kind"], &one["waits"][0]["toMs"]), (&"t4".into(), &"wait-slot".into(), &1000.into()));
    assert_eq!(one["counterfactuals"][0]["change"], serde_json::json!({ "set": "parent=4" }));
    let all: serde_json::Value = serde_json::from_str(&about("graham", &["explain", "--all", "--format", "json"])).expect("it is JSON");
    assert_eq!(all["rows"].as_array().map(Vec::len), Some(10));
    assert!(
        about("error-branch", &["explain", "--all", "--format", "markdown"])
            .contains("- `never` did not run because breaks failed at 1.0 s.")
    );
}

#[test]
fn optimize_finds_the_best_next_change_and_the_fewest_slots() {
    insta::assert_snapshot!(about("parallel", &["optimize"]), @"
    The flow takes 2.0 s. With any limits it takes at least 1.0 s.
    Best next change: With `concurrent: 6` the flow would take 1.0 s instead of 2.0 s.
    The fewest slots for the best time: parent=6. The flow would take 1.0 s, which is within 1 % of that.

    group                       now  then  if it stayed
    parent                        3     6         2.0 s
    ");
    let capped: serde_json::Value =
        serde_json::from_str(&about("parallel", &["optimize", "--max-slots", "5", "--format", "json"])).expect("it is JSON");
    assert_eq!((&capped["set"], &capped["makespanMs"], &capped["withinOnePercent"]), (&"parent=3".into(), &2000.into(), &false.into()));
    assert!(about("nested-limits", &["optimize", "--format", "markdown"]).contains("| outer | 2 | 3 | 2.0 s |"));
}

#[test]
fn sweep_of_two_groups_prints_a_table() {
    let table = about("nested-limits", &["sweep", "--group", "outer", "--group", "inner", "--to", "3"]);
    assert_eq!(table.lines().count(), 6, "{table}");
    assert!(about("graham", &["sweep", "--group", "graph"]).contains("4 is slower than 3"));
}

#[test]
fn more_runs_than_are_simulated_are_refused_with_what_helps() {
    let task = |n| format!("      - {{id: t{n}, type: io.kestra.plugin.core.flow.Sleep, duration: PT{}S}}\n", n % 3 + 1);
    let head = "id: f\nnamespace: n\ntasks:\n  - id: p\n    type: io.kestra.plugin.core.flow.Parallel\n    concurrent: 2\n    tasks:\n";
    let path = folder("more_runs").join("flow.yaml");
    let said = |n_tasks, command: &str, rest: &[&str]| {
        fs::write(&path, head.to_owned() + &(0..n_tasks).map(task).collect::<String>()).expect("it can be written");
        let mut tool = Command::new(env!("CARGO_BIN_EXE_parallelogram"));
        let output = tool.arg(command).arg(&path).args(rest).output().expect("the tool ends");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert_eq!(said(20, "sweep", &["--group", "p"]).0, Some(0));
    let (code, sweep) = said(100, "sweep", &["--group", "p", "--to", "100000"]);
    assert!(code == Some(2) && sweep.contains("100000 runs of") && sweep.contains("`--to`"), "{sweep}");
    assert_eq!(said(20, "optimize", &[]).0, Some(0));
}

/// Two tasks at once, each with a length that is drawn.
const UNCERTAIN: &str = "\
id: f
namespace: n
tasks:
  - id: p
    type: io.kestra.plugin.core.flow.Parallel
    concurrent: 2
    tasks:
      - {id: a, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S} # sim: 41s..58s
      - {id: b, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S} # sim: 20s..30s..60s
";

#[test]
fn many_runs_say_how_long_most_of_them_take() {
    let once = run(&["--runs", "100"], UNCERTAIN.as_bytes());
    assert_eq!(once.stdout, run(&["--runs", "100"], UNCERTAIN.as_bytes()).stdout);
    let printed = String::from_utf8_lossy(&once.stdout);
    insta::assert_snapshot!(printed.lines().last().unwrap_or_default(), @"in 9 of 10 of 100 runs under 56.8 s, in 8 of 10 43.3 s to 56.8 s, in half at most 49.3 s");
    let json = |arguments: &[&str]| -> serde_json::Value {
        let output = run(&[arguments, &["--format", "json"]].concat(), UNCERTAIN.as_bytes());
        serde_json::from_slice(&output.stdout).unwrap_or_else(|why| panic!("{why}: {}", shown(&output)))
    };
    // The same from single runs: the 10th, 50th and 90th of 100 makespans in order.
    let mut each: Vec<u64> = (0..100)
        .map(|seed: u32| json(&["--seed", &seed.to_string()])["simulation"]["makespanMs"].as_u64().expect("it is a number"))
        .collect();
    each.sort_unstable();
    let expected =
        serde_json::json!({"runs": 100, "minMs": each[0], "p10Ms": each[9], "p50Ms": each[49], "p90Ms": each[89], "maxMs": each[99]});
    let spread = &json(&["--runs", "100"])["simulation"]["spread"];
    assert_eq!(*spread, expected);
    assert_eq!(json(&[])["simulation"].get("spread"), None);

    let path = folder("runs").join("f.yaml");
    fs::write(&path, UNCERTAIN).expect("the folder can be written to");
    let sweep = |format: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_parallelogram"));
        let sweep = command.arg("sweep").arg(&path).args(["--group", "p", "--runs", "100", "--format", format]);
        String::from_utf8(sweep.output().expect("the tool ends").stdout).expect("it is UTF-8")
    };
    let points: serde_json::Value = serde_json::from_str(&sweep("json")).expect("it is JSON");
    assert_eq!(points["points"][1]["p90Ms"], expected["p90Ms"]);
    insta::assert_snapshot!(sweep("text"), @"
    p: total time of this run (seed 0) for each number of slots

        1   1 m 40 s  ################################################  <
        2   57.936 s  ###########################  <

    < is the smallest number for that time
        1  in 9 of 10 of 100 runs under 1 m 38 s, in 8 of 10 1 m 12 s to 1 m 38 s, in half at most 1 m 26 s
        2  in 9 of 10 of 100 runs under 56.8 s, in 8 of 10 43.3 s to 56.8 s, in half at most 49.3 s
    ");
    insta::assert_snapshot!(sweep("csv"), @"
    concurrent,makespan_ms,speedup,efficiency,runs,min_ms,p10_ms,p50_ms,p90_ms,max_ms
    1,99802,1,1,100,65975,72473,85005,97273,105014
    2,57936,1.723,0.861,100,41696,43328,49214,56770,57936
    ");
}

#[test]
fn a_published_flow_runs_although_much_of_it_is_elsewhere() {
    let text = "id: published\nnamespace: team\ninputs:\n  - {id: payload, type: JSON}\ntasks:\n  - {id: say, type: io.kestra.plugin.core.debug.Return, format: \"{{ inputs.payload.some.thing }}\"}\n  - {id: call, type: io.kestra.plugin.core.flow.Subflow, namespace: team, flowId: other}\n  - {id: use, type: io.kestra.plugin.core.debug.Return, format: \"{{ outputs.call.outputs.x }}\"}\n  - {id: old, type: io.kestra.core.tasks.flows.Template, namespace: team, templateId: t}\n  - {id: write, type: io.kestra.plugin.scripts.shell.Commands, commands: [\"echo a > {{ workingDir }}/a\"]}\n";
    let state = |arguments: &[&str]| {
        let output = run(&[&["--sample-inputs", "--format", "json"], arguments].concat(), text.as_bytes());
        let output: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|why| panic!("{why}: {}", shown(&output)));
        output["state"]["current"].clone()
    };
    assert_eq!(state(&[]), "SUCCESS");
    assert_eq!(state(&["--assume", "flows.team.other=false"]), "FAILED");
}

#[test]
fn a_failed_flow_names_its_failed_task_and_why() {
    let flow =
        "id: f\nnamespace: n\ntasks:\n  - id: stop\n    type: io.kestra.plugin.core.execution.Fail\n    errorMessage: no data today\n";
    insta::assert_snapshot!(check(&[], flow), @"
    exit 0
    ---
    n.f

                               0         0.2        0.4       0.6        0.8   1.0 s
    stop                   0 s *

    total 0 s   work 0 s   speed-up 0.0x
    the execution ended FAILED
    stop failed at 0 s: no data today
    ");
}

#[test]
fn notes_on_the_same_type_are_one() {
    let flow = FLOW.replace("core.flow.Sleep, duration: PT1S}", "x.Y}");
    insta::assert_snapshot!(check(&[], flow), @"
    exit 0
    note[not-simulated]: `io.kestra.plugin.x.Y` is not simulated (2 times)
      --> stdin:8:23
    8 |       - {id: a, type: io.kestra.plugin.x.Y}
      |                       ^^^^^^^^^^^^^^^^^^^^ runs as a task of 1 s that succeeds
    ---
    n.f

                               0            0.5          1.0          1.5      2.0 s
    p                    2.0 s ===================================================S
      a                  1.0 s #########################S
      b                  1.0 s ::::::::::::::::::::::::::#########################S

    total 2.0 s   work 2.0 s   speed-up 1.0x   efficiency 100 % of 1 slot
    no known time, taken as 1.0 s each: a, b
    ");
}

#[test]
fn one_of_several_templates_is_run() {
    let text = include_str!("releases/users/multi-template.yaml");
    insta::assert_snapshot!(check(&[], text), @"
    exit 0
    note[several-templates]: this text holds 2 templates: `First` is run
       --> stdin:11:5
    11 |   - template: Second
       |     ^^^^^^^^^^^^^^^^ not run
       = help: `--template NAME` runs another: Second
    ---
    First

                               0        10      20       30       40      50    60 s
    P                      1 m ===================================================S
      a                    1 m ###################################################S

    total 1 m   work 1 m   speed-up 1.0x
    ");
    insta::assert_snapshot!(check(&["--template", "Second"], text), @"
    exit 0
    ---
    Second

                               0            30 s         1 m          1 m 30 s   2 m
    P                      2 m ===================================================S
      b                    2 m ###################################################S

    total 2 m   work 2 m   speed-up 1.0x
    ");
    insta::assert_snapshot!(check(&["--template", "Third"], text), @"
    exit 2
    error: --template Third: there is none; templates: First, Second
    ");
}

#[test]
fn blackout_periods_are_settings() {
    let text = include_str!("releases/users/blackout.yaml");
    insta::assert_snapshot!(check(&["--blackout", "2023-12-31T00:00:00Z/2024-01-01T00:10:00Z"], text), @r#"
    exit 0
    ---
    Blackout

                               0                       5 m                    10 m
    P                     11 m ===================================================S
      t                    1 m -----------------------------------------------####S

    total 11 m   work 1 m   speed-up 0.1x
    assumed: blackouts = ["2023-12-31T00:00:00Z/2024-01-01T00:10:00Z"] (blackout periods are a setting of the run: there are none unless you give them)
    "#);
    insta::assert_snapshot!(check(&["--blackout", "today"], text), @"
    exit 2
    error: invalid value 'today' for '--blackout <FROM/TO>': write two dates such as 2026-01-12T08:00:00Z/2026-01-12T12:00:00Z

    For more information, try '--help'.
    ");
}
