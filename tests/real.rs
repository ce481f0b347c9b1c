//! `parallelogram real` from outside, with programs that stand for a JDK and Maven. `make test-kestra` runs the real ones.
#![cfg(all(feature = "cli", unix))]

#[path = "support/tool.rs"]
mod tool;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

const FLOW: &str = "id: pair
namespace: company.team
inputs:
  - {id: who, type: STRING, defaults: me}
tasks:
  - id: both
    type: io.kestra.plugin.core.flow.Parallel
    tasks:
      - {id: a, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
      - {id: b, type: io.kestra.plugin.core.flow.Sleep, duration: PT2S}
";
const NEW_JAVAC: &str = "case $1 in -version) echo javac 25.0.1 ;; esac";
const MAVEN: &str = ": > fetched";
/// Says that it is up, keeps what it is asked, answers, and ends when its input does.
const JAVA: &str = r#"printf '{"engine": "kestra", "upMs": 1}\n'
read -r request
printf '%s\n' "$request" > request.json
while read -r line; do printf '%s\n' "$line"; done < answer.jsonl
while read -r more; do :; done
if [ -f last.jsonl ]; then while read -r line; do printf '%s\n' "$line"; done < last.jsonl; fi
: > ended"#;

/// A folder with the flow, the answer of the engine, and these programs in `bin`.
fn machine(name: &str, programs: &[(&str, &str)], answer: &[Value]) -> PathBuf {
    let answer: String = answer.iter().map(|line| format!("{line}\n")).collect();
    let scripts: Vec<(String, String)> =
        programs.iter().map(|(name, script)| (format!("bin/{name}"), format!("#!/bin/sh\n{script}\n"))).collect();
    let mut files = vec![("flow.yaml", FLOW), ("answer.jsonl", &answer)];
    files.extend(scripts.iter().map(|(path, script)| (path.as_str(), script.as_str())));
    let folder = tool::folder(&format!("real-{name}"), &files);
    for (path, _) in &scripts {
        fs::set_permissions(folder.join(path), fs::Permissions::from_mode(0o755)).expect("it can be made a program");
    }
    folder
}

/// The tool on such a machine, which has nothing else.
fn real(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parallelogram"));
    command.arg("real").args(arguments).current_dir(folder).env_clear();
    command.env("PATH", folder.join("bin")).env("KESTRA_REAL_CACHE", folder.join("cache")).env("KESTRA_REAL_JDKS", folder.join("jdks"));
    command
}

/// What it prints, standard error last, and its exit code; without the path of the folder.
fn printed(folder: &Path, arguments: &[&str]) -> String {
    let output = real(folder, arguments).output().expect("the tool runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let all = format!("{}{}exit {}", text(&output.stdout), text(&output.stderr), output.status.code().expect("it ends by itself"));
    all.replace(&folder.display().to_string(), "FOLDER")
}

const WHOLE: [(&str, &str); 3] = [("java", JAVA), ("javac", NEW_JAVAC), ("mvn", MAVEN)];

fn state(ms: u64, task: Option<&str>, state: &str) -> Value {
    let mut line = json!({"ms": ms, "execution": 0, "flow": "pair", "state": state});
    if let Some(task) = task {
        line["task"] = json!(task);
    }
    line
}

/// The recording of the flow, with a hand-over of 100 ms each.
fn record() -> Value {
    let run = |task: &str, parent: Value, begin: u64, end: u64| {
        let histories = json!([["CREATED", 0], ["RUNNING", begin], ["SUCCESS", end]]);
        json!({"task": task, "parent": parent, "state": "SUCCESS", "histories": histories, "attempts": [], "outputs": {}})
    };
    let runs = [run("both", json!(null), 10, 2150), run("a", json!(0), 100, 1100), run("b", json!(0), 100, 2100)];
    let histories = json!([["CREATED", 0], ["RUNNING", 5], ["SUCCESS", 2200]]);
    let execution = json!({"flow": "company.team.pair", "startedBy": null, "state": "SUCCESS", "histories": histories, "taskRuns": runs});
    json!({"case": "flow.yaml", "engine": "kestra 2.0.0", "executions": [execution]})
}

#[test]
fn what_is_missing_is_named_in_a_sentence() {
    let said = |name: &str, programs: &[(&str, &str)]| printed(&machine(name, programs, &[]), &["flow.yaml"]);
    let all = [
        said("nothing", &[]),
        said("old", &[("javac", "echo javac 17.0.9"), WHOLE[0], WHOLE[2]]),
        said("ancient", &[("javac", "echo javac 1.8.0_402 >&2")]),
        said("no-maven", &WHOLE[..2]),
        said("no-network", &[WHOLE[0], WHOLE[1], ("mvn", "echo '[INFO] so far'; echo '[ERROR] Unknown host'; exit 1")]),
        said(
            "no-compiler",
            &[WHOLE[0], WHOLE[2], ("javac", "case $1 in -version) echo javac 25 ;; *) echo 'Main.java:1: error: no'; exit 1 ;; esac")],
        ),
        said("breaks-down", &[WHOLE[1], WHOLE[2], ("java", "echo 'Out of memory' >&2; echo '  at Main' >&2")]),
    ];
    let all = regex_lite::Regex::new(r"engine-\d+").expect("it is a pattern").replace_all(&all.join("\n"), "engine-PID").into_owned();
    insta::assert_snapshot!(all, @"
    error: Kestra's engine needs a JDK of version 22 or newer, and there is none: install one, such as Temurin 25, and set JAVA_HOME to its folder
    exit 2
    error: Kestra's engine needs a JDK of version 22 or newer, and the newest one here is 17, in FOLDER/bin: install one, such as Temurin 25, and set JAVA_HOME to its folder
    exit 2
    error: Kestra's engine needs a JDK of version 22 or newer, and the newest one here is 8, in FOLDER/bin: install one, such as Temurin 25, and set JAVA_HOME to its folder
    exit 2
    error: Kestra's engine is fetched by Maven, and there is no `mvn`: install Maven 3.8 or newer
    exit 2
    fetching Kestra 2.0.0, about 100 MB, the first time only
    error: Maven failed: [ERROR] Unknown host
    exit 2
    fetching Kestra 2.0.0, about 100 MB, the first time only
    error: the Java compiler failed: Main.java:1: error: no
    exit 2
    fetching Kestra 2.0.0, about 100 MB, the first time only
    starting Kestra 2.0.0
    error: Kestra 2.0.0 ended by itself: Out of memory (see FOLDER/cache/2.0.0/engine-PID.log)
    exit 2
    ");
}

#[test]
fn a_jdk_is_also_found_where_systems_keep_them() {
    let folder = machine("kept", &[("javac", "echo javac 17.0.9"), WHOLE[0], WHOLE[2]], &[json!({"record": record()})]);
    let home = folder.join("jdks/jdk-25/bin");
    fs::create_dir_all(&home).expect("it can be made");
    fs::rename(folder.join("bin/java"), home.join("java")).expect("it can be moved");
    fs::write(home.join("javac"), format!("#!/bin/sh\n{NEW_JAVAC}\n")).expect("it can be written");
    fs::set_permissions(home.join("javac"), fs::Permissions::from_mode(0o755)).expect("it can be made a program");
    assert!(printed(&folder, &["flow.yaml"]).ends_with("exit 0"));
    // The second time nothing is fetched.
    fs::remove_file(folder.join("bin/mvn")).expect("it can be removed");
    assert!(printed(&folder, &["flow.yaml"]).ends_with("exit 0"));
}

#[test]
fn what_cannot_run_is_listed_before_anything_starts() {
    let folder = machine("lacks", &WHOLE, &[]);
    let flow = "id: far
namespace: company.team
pluginDefaults:
  - {type: io.kestra.plugin.scripts.shell.Commands, values: {timeout: PT1M}}
inputs:
  - {id: url, type: STRING, defaults: \"secret('x')\"}
tasks:
  - {id: get, type: io.kestra.plugin.core.http.Request, uri: \"{{ inputs.url }}\"}
  - id: shell
    type: io.kestra.plugin.scripts.shell.Commands
    containerImage: ubuntu
    commands: [ls]
  - id: each
    type: io.kestra.plugin.core.flow.Sequential
    tasks:
      - {id: image, type: io.kestra.plugin.docker.Run, containerImage: ubuntu}
      - {id: show, type: io.kestra.plugin.core.log.Log, message: \"{{ secret('TOKEN') }} and {{ my_secret('x') }}\"}
";
    fs::write(folder.join("far.yaml"), flow).expect("it can be written");
    let said = printed(&folder, &["far.yaml"]);
    insta::assert_snapshot!(said, @r#"
    note[not-simulated]: `io.kestra.plugin.docker.Run` is not simulated
       --> far.yaml:16:27
    16 |       - {id: image, type: io.kestra.plugin.docker.Run, containerImage: ubuntu}
       |                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^ runs as a task of 1 s that succeeds
    warning[network]: `get`: `io.kestra.plugin.core.http.Request` reaches the network from this machine
      --> far.yaml:8:21
    8 |   - {id: get, type: io.kestra.plugin.core.http.Request, uri: "{{ inputs.url }}"}
      |                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    error[no-plugin]: `shell`: the engine here runs no scripts, so it refuses `io.kestra.plugin.scripts.shell.Commands`
       --> far.yaml:10:11
    10 |     type: io.kestra.plugin.scripts.shell.Commands
       |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       = help: put an `io.kestra.plugin.core.flow.Sleep` in its place that takes as long
    error[no-plugin]: `image`: the engine here has no Docker, so it refuses `io.kestra.plugin.docker.Run`
       --> far.yaml:16:27
    16 |       - {id: image, type: io.kestra.plugin.docker.Run, containerImage: ubuntu}
       |                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^
       = help: put an `io.kestra.plugin.core.flow.Sleep` in its place that takes as long
    warning[no-secret]: a secret is an environment variable here, and SECRET_TOKEN is not set, so this expression fails
       --> far.yaml:17:66
    17 |       - {id: show, type: io.kestra.plugin.core.log.Log, message: "{{ secret('TOKEN') }} and {{ my_secret('x') }}"}
       |                                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       = help: set it to the value in Base64
    exit 1
    "#);
    assert!(!folder.join("request.json").exists() && !folder.join("cache").exists());
}

#[test]
fn states_are_shown_and_the_run_is_laid_over_the_simulated_one() {
    let answer = [
        state(0, None, "CREATED"),
        state(100, Some("a"), "RUNNING"),
        json!({"ms": 1100, "execution": 1, "flow": "child", "task": "x", "value": "two words", "state": "SUCCESS"}),
        json!({"ms": 61_100, "execution": 2, "flow": "pair", "task": "x", "item": 7, "state": "SUCCESS"}),
        json!({"record": record()}),
    ];
    let folder = machine("whole", &WHOLE, &answer);
    insta::assert_snapshot!(printed(&folder, &["flow.yaml", "--input", "who=you=me", "--resume-after", "2s", "-o", "run.json"]), @"
        0.000 s  CREATED    execution of pair
        0.100 s  RUNNING    a
        1.100 s  SUCCESS    x [two words] of child
       61.100 s  SUCCESS    x [7]

    company.team.pair

                               0            0.5          1.0          1.5      2.0 s
    both                 2.0 s ===================================================S
      a                  1.0 s #########################S
      b                  2.0 s ###################################################S

    total 2.0 s   work 3.0 s   speed-up 1.5x

    3 of 3 real task runs found in the simulation; the real run took 2.2 s, the simulated one 2.0 s (+0.2 s)

    real, against the simulation  begins     ends   length  added by the server
    both                          +10 ms  +0.15 s  +0.14 s  hand-over 5 ms
    a                             +0.1 s   +0.1 s      0 s  hand-over 95 ms
    b                             +0.1 s   +0.1 s      0 s  hand-over 95 ms
    fetching Kestra 2.0.0, about 100 MB, the first time only
    starting Kestra 2.0.0
    exit 0
    ");
    let read =
        |name: &str| -> Value { serde_json::from_str(&fs::read_to_string(folder.join(name)).expect("it is there")).expect("it is JSON") };
    let request = read("request.json");
    assert_eq!(request["flow"], FLOW);
    assert_eq!((&request["settings"]["inputs"], &request["settings"]["resumeAfterMs"]), (&json!({"who": "you=me"}), &json!(2000)));
    assert_eq!(read("run.json"), record());
    assert!(folder.join("ended").exists(), "the engine has ended before the tool does");
    let laid_over = tool::printed(&folder, "simulate", &["flow.yaml", "--actual", "run.json"]);
    assert!(laid_over.contains("3 of 3 real task runs found in the simulation"), "{laid_over}");
}

#[test]
fn a_flow_that_the_engine_refuses_is_reported_in_its_words() {
    let answer = |record: Value| [json!({"case": "flow.yaml"}), json!({"record": record})];
    let refused = machine("refused", &WHOLE, &answer(json!({"refused": ["tasks: must not be empty"], "executions": []})));
    let inputs = machine("inputs", &WHOLE, &answer(json!({"inputErrors": ["Missing required input:i"], "executions": []})));
    insta::assert_snapshot!([printed(&refused, &["flow.yaml"]), printed(&inputs, &["flow.yaml", "--kestra", "1.3"])].join("\n"), @"
    fetching Kestra 2.0.0, about 100 MB, the first time only
    starting Kestra 2.0.0
    error: Kestra refuses this flow: tasks: must not be empty
    exit 1
    fetching Kestra 1.3.31, about 100 MB, the first time only
    starting Kestra 1.3.31
    error: Kestra refuses this flow: Missing required input:i
    exit 1
    ");
    // What the simulation refuses is the engine's to decide: here it runs.
    let folder = machine("ours-refuses", &WHOLE, &answer(record()));
    fs::write(folder.join("flow.yaml"), FLOW.replace("duration: PT2S", "length: PT2S")).expect("it can be written");
    let said = printed(&folder, &["flow.yaml"]);
    assert!(said.contains("`length`") && said.ends_with("exit 0"), "{said}");
}

#[test]
fn an_interrupt_ends_the_engine() {
    let folder = machine("interrupted", &WHOLE, &[state(100, Some("a"), "RUNNING")]);
    let mut killed = record();
    killed["stopped"] = json!(true);
    let last = format!("{}\n{}\n", state(900, Some("a"), "KILLED"), json!({"record": killed}));
    fs::write(folder.join("last.jsonl"), last).expect("it can be written");
    let mut child =
        real(&folder, &["flow.yaml", "-o", "run.json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut out = BufReader::new(child.stdout.take().expect("it has an output"));
    let mut text = String::new();
    out.read_line(&mut text).expect("it shows a state");
    let is_sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("there is kill");
    assert!(is_sent.success());
    out.read_to_string(&mut text).expect("it is UTF-8");
    child.stderr.take().expect("it has an output").read_to_string(&mut text).expect("it is UTF-8");
    text.push_str(&format!("exit {}", child.wait().expect("it ends").code().expect("it ends by itself")));
    insta::assert_snapshot!(text, @"
        0.100 s  RUNNING    a
        0.900 s  KILLED     a
    fetching Kestra 2.0.0, about 100 MB, the first time only
    starting Kestra 2.0.0
    interrupted: the engine ends
    the execution was killed
    exit 130
    ");
    assert!(folder.join("ended").exists() && folder.join("run.json").exists());
}
