//! `parallelogram upgrade` from outside: what it prints, what it writes, and its exit codes.
#![cfg(feature = "cli")]

#[path = "support/tool.rs"]
mod tool;

use std::fs;
use std::path::{Path, PathBuf};

use tool::{folder, printed};

const FAILS: &str = "id: together
namespace: docs
tasks:
  - id: both
    type: io.kestra.plugin.core.flow.Parallel
    tasks:
      - {id: bad, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S} # sim: 1s fail
      - {id: long, type: io.kestra.plugin.core.flow.Sleep, duration: PT3S}
";
const EACH: &str = "id: each
namespace: docs
tasks:
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: [a, b]
    tasks:
      - {id: show, type: io.kestra.plugin.core.log.Log, message: \"{{ taskrun.value }}\"}
";
const LEFT: &str = "id: left
namespace: docs
tasks:
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: [a, b]
    tasks:
      - {id: make, type: io.kestra.plugin.core.debug.Return, format: \"{{ taskrun.value }}\"}
  - {id: show, type: io.kestra.plugin.core.log.Log, message: \"{{ outputs.make }}\"}
";

/// The exit code and all that is printed, by the tool in that folder.
fn upgrade(folder: &Path, arguments: &[&str]) -> String {
    printed(folder, "upgrade", arguments)
}

fn read(path: PathBuf) -> String {
    fs::read_to_string(path).expect("the file can be read")
}

#[test]
fn a_report_says_what_changes_in_the_text_and_in_the_run() {
    let folder =
        folder("upgrade-reports", &[("each.yaml", EACH), ("fails.yaml", FAILS), ("left.yaml", LEFT), ("other.yaml", "services: {}\n")]);
    insta::assert_snapshot!(upgrade(&folder, &["."]), @r#"
    ./each.yaml:5:11: `io.kestra.plugin.core.flow.ForEach` is not known to Kestra 2.0
      − type: io.kestra.plugin.core.flow.ForEach
      −   - {id: show, type: io.kestra.plugin.core.log.Log, message: "{{ taskrun.value }}"}
      + type: io.kestra.plugin.core.flow.Loop
      + concurrencyLimit: 1
      +   - {id: show, type: io.kestra.plugin.core.log.Log, message: "{{ item.value }}"}
    ./fails.yaml: the run of `together`: 1.0 s FAILED → 1.0 s FAILED
      long  0 s–3.0 s SUCCESS  0 s–1.0 s FAILED  a failed child of `both` interrupts its other children (onChildFailure)
      --keep: a failed child of `both` interrupts its other children in Kestra 2.0, with `onChildFailure: CONTINUE` they go on to their own end, as before
    ./left.yaml:5:11: `io.kestra.plugin.core.flow.ForEach` is not known to Kestra 2.0
      left for you: `outputs.make` is read outside of the loop, where a Loop does not show what its tasks gave out
        - declare it under `outputs:` of the Loop, and read the list `loopOutputs(outputs.LOOP.outputs, 'ID')`
        - move the task that reads it into the loop
    3 flows in 4 files: 1 rewrite to be written with --write, 1 left for you, 1 flow runs otherwise
    exit 1
    "#);
    assert_eq!(read(folder.join("each.yaml")), EACH);
}

#[test]
fn the_report_is_also_for_github() {
    let folder = folder("upgrade-formats", &[("fails.yaml", FAILS), ("left.yaml", LEFT)]);
    insta::assert_snapshot!(upgrade(&folder, &[".", "--format", "markdown"]), @"
    # From Kestra 1.3 to 2.0

    ## ./fails.yaml

    The run of `together`: 1.0 s FAILED → 1.0 s FAILED

    | task | before | after | why |
    | --- | --- | --- | --- |
    | `long` | 0 s–3.0 s SUCCESS | 0 s–1.0 s FAILED | a failed child of `both` interrupts its other children (onChildFailure) |

    `--keep`: a failed child of `both` interrupts its other children in Kestra 2.0, with `onChildFailure: CONTINUE` they go on to their own end, as before

    ## ./left.yaml

    - Line 5, **left for you**: `io.kestra.plugin.core.flow.ForEach` is not known to Kestra 2.0: `outputs.make` is read outside of the loop, where a Loop does not show what its tasks gave out
      - declare it under `outputs:` of the Loop, and read the list `loopOutputs(outputs.LOOP.outputs, 'ID')`
      - move the task that reads it into the loop
    2 flows in 2 files: 0 rewrites to be written with --write, 1 left for you, 1 flow runs otherwise
    exit 1
    ");
    insta::assert_snapshot!(upgrade(&folder, &[".", "--format", "github"]), @"
    ::error file=./left.yaml,line=5::`io.kestra.plugin.core.flow.ForEach` is not known to Kestra 2.0: `outputs.make` is read outside of the loop, where a Loop does not show what its tasks gave out
    2 flows in 2 files: 0 rewrites to be written with --write, 1 left for you, 1 flow runs otherwise
    exit 1
    ");
}

#[test]
fn json_has_the_bytes_to_replace() {
    let folder = folder("upgrade-json", &[("each.yaml", EACH)]);
    let printed = upgrade(&folder, &["each.yaml", "--format", "json"]);
    let report: serde_json::Value =
        serde_json::from_str(printed.rsplit_once("}\n").map_or("", |(json, _)| &printed[..json.len() + 1])).expect("it is JSON");
    let change = &report["flows"][0]["changes"][0];
    assert_eq!((&change["code"], &change["line"], &change["column"]), (&"loop".into(), &5.into(), &11.into()));
    let edits = change["rewrite"].as_array().expect("it is rewritten");
    let ranges: Vec<&str> = edits
        .iter()
        .map(|edit| &EACH[edit["start"].as_u64().expect("a byte") as usize..edit["end"].as_u64().expect("a byte") as usize])
        .collect();
    assert_eq!(ranges, ["", "taskrun.value", "io.kestra.plugin.core.flow.ForEach"]);
    assert_eq!(report["flows"][0]["runs"]["makespan_ms"], serde_json::json!([0, 0]));
}

#[test]
fn files_and_fences_are_written_and_all_else_in_them_stays() {
    let fence = |text: &str, version: &str| {
        let lines: String = text.lines().map(|line| format!("   {line}\n")).collect();
        format!(
            "# Page\n\n1. In a list:\n\n   ```yaml flow kestra=\"{version}\" expect=\"makespan=0s\"\n{lines}   ```\n\n> ```yaml flow kestra=\"0.21\"\n> id: old\n> ```\n"
        )
    };
    let folder = folder("upgrade-writes", &[("flows/each.yaml", EACH), ("page.md", &fence(EACH, "1.3"))]);
    let new = EACH.replace("ForEach\n", "Loop\n    concurrencyLimit: 1\n").replace("taskrun.value", "item.value");
    assert!(
        upgrade(&folder, &[".", "--write"])
            .ends_with("2 flows in 2 files: 2 rewrites written, 0 left for you, 0 flows run otherwise\nexit 0")
    );
    assert_eq!(read(folder.join("flows/each.yaml")), new);
    assert_eq!(read(folder.join("page.md")), fence(&new, "2.0"));
    assert_eq!(upgrade(&folder, &[".", "--write"]), "1 flow in 2 files: 0 rewrites written, 0 left for you, 0 flows run otherwise\nexit 0");
    assert_eq!(fs::read_dir(folder.join("flows")).expect("it is there").count(), 1);
}

#[test]
fn what_keeps_the_run_is_written_with_keep() {
    let folder = folder("upgrade-keeps", &[("fails.yaml", FAILS)]);
    assert_eq!(
        upgrade(&folder, &["fails.yaml", "--keep", "--write"]),
        "1 flow in 1 file: 0 rewrites written, 0 left for you, 0 flows run otherwise\nexit 0"
    );
    assert!(read(folder.join("fails.yaml")).contains("Parallel\n    onChildFailure: CONTINUE\n"));
}

#[test]
fn wrong_usage_and_texts_that_are_no_yaml_are_told_apart() {
    let folder = folder("upgrade-wrong", &[("broken.yaml", "id: a\ntasks: [\n"), ("each.yaml", EACH)]);
    assert!(upgrade(&folder, &["each.yaml", "--from", "2.0"]).ends_with("exit 2"));
    assert!(upgrade(&folder, &["missing.yaml"]).ends_with("exit 2"));
    assert!(upgrade(&folder, &["broken.yaml"]).ends_with("exit 1"));
}
