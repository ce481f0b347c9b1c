//! From one dialect to the other: pairs that mean the same, and flows that are unchanged after a round trip.

mod support;

use std::fmt::Write;
use std::fs;

use parallelogram::analysis::makespan::makespan;
use parallelogram::convert::{Converted, convert};
use parallelogram::diag::{self, Severity};
use parallelogram::flow::Dialect;
use parallelogram::flow::{Flow, read_text};
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::simulate;
use parallelogram::source::Source;
use proptest::prelude::*;

/// A text in the other dialect, which must be free of errors.
fn converted(text: &str) -> Converted {
    let source = Source::new("flow.yaml", text);
    let (document, flows, _) = read_text(&source);
    assert!(!flows.is_empty(), "{text}");
    let to = if flows[0].dialect == Dialect::Kestra { Dialect::XlRelease } else { Dialect::Kestra };
    let converted = convert(&source, &document, &flows, to);
    let target = Source::new("converted.yaml", &*converted.text);
    let (_, flows, diagnostics) = read_text(&target);
    let errors: Vec<String> =
        diagnostics.iter().filter(|found| found.severity != Severity::Note).map(|found| diag::render(found, &target)).collect();
    assert!(errors.is_empty() && flows[0].dialect == to, "{}\nin\n{}\nfrom\n{text}", errors.join("\n"), converted.text);
    converted
}

/// When each task began and ended, by id, and when all was over.
fn times(text: &str) -> Vec<(String, Option<u64>, u64)> {
    let flows: Vec<Flow> = support::flows(text);
    let trace = simulate(&flows, &Scenario::default());
    let line = |run| {
        let id = flows[0].task(trace.run(run).task).id.to_string();
        (id, trace.began(run).map(|at| at.0), trace.ended(run).0)
    };
    let mut times: Vec<_> = trace.iter().map(|(run, _)| line(run)).collect();
    times.push(("-".to_owned(), None, makespan(&trace).0));
    times
}

/// Tasks that both have take the same time; how many there are.
fn assert_same_times(one: &str, other: &str) -> usize {
    let (of_one, of_other) = (times(one), times(other));
    let both = of_one.iter().filter_map(|line| Some((line, of_other.iter().find(|known| known.0 == line.0)?)));
    let both: Vec<_> = both.collect();
    for (line, known) in &both {
        assert_eq!(line, known, "{one}\n---\n{other}");
    }
    both.len() - 1
}

#[test]
fn pairs_take_the_same_times() {
    let mut paths: Vec<_> =
        fs::read_dir("tests/pairs").expect("there are pairs").map(|entry| entry.expect("it can be read").path()).collect();
    paths.sort();
    assert!(paths.len() >= 20);
    for path in paths {
        let text = fs::read_to_string(&path).expect("a pair can be read");
        let (kestra, release) = text.split_once("---\n").expect("a pair has two texts");
        assert!(assert_same_times(kestra, release) > 0, "{}", path.display());
        for text in [kestra, release] {
            let there = converted(text).text;
            assert!(assert_same_times(text, &there) > 0, "{}", path.display());
            assert_same_times(text, &converted(&there).text);
        }
    }
}

#[test]
fn comments_stay_at_their_tasks() {
    let text = "# What it is for.
id: Nightly_Build
namespace: company.team
tasks:
  # Both at once.
  - id: Both
    type: io.kestra.plugin.core.flow.Dag
    tasks:
      # First of all.
      - task: {id: first, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S} # quick
      - task:
          id: second
          type: io.kestra.plugin.core.log.Log # sim: 2s
          message: hello
        dependsOn: [first]
  - id: \"true\" # last
    type: io.kestra.plugin.core.flow.Sleep
    duration: PT3S
";
    let there = converted(text).text;
    insta::assert_snapshot!(there, @r#"
    apiVersion: xl-release/v1
    kind: Templates
    metadata:
      home: company/team
    spec:
    # What it is for.
    - template: Nightly_Build
      phases:
      - phase: Tasks
        tasks:
        # Both at once.
        - name: Both
          type: xlrelease.ParallelGroup
          tasks:
          # First of all.
          - name: first # quick
            type: xlrelease.ScriptTask
            plannedDuration: 1
          - name: second # sim: 2s
            type: xlrelease.ScriptTask
            plannedDuration: 2
          links:
          - {source: first, target: second}
        - name: "true" # last
          type: xlrelease.ScriptTask
          plannedDuration: 3
    "#);
    insta::assert_snapshot!(converted(&there).text, @r#"
    # What it is for.
    id: nightly-build
    namespace: company.team
    description: Nightly_Build
    tasks:
      - id: tasks
        description: Tasks
        type: io.kestra.plugin.core.flow.Sequential
        tasks:
          # Both at once.
          - id: both
            description: Both
            type: io.kestra.plugin.core.flow.Dag
            tasks:
              - task:
                  # First of all.
                  id: first # quick
                  type: io.kestra.plugin.core.flow.Sleep
                  duration: PT1S
              - task:
                  id: second # sim: 2s
                  type: io.kestra.plugin.core.flow.Sleep
                  duration: PT2S
                dependsOn: [first]
          - id: "true" # last
            type: io.kestra.plugin.core.flow.Sleep
            duration: PT3S
    "#);
}

/// What is lost, a line each.
fn lost(text: &str) -> String {
    let source = Source::new("", text);
    let line = |lost: &diag::Diagnostic| format!("{}: {} ({})\n", source.position(lost.span.start).line, lost.message, lost.label);
    converted(text).lost.iter().map(line).collect()
}

#[test]
fn what_a_template_cannot_say_is_reported() {
    insta::assert_snapshot!(lost("id: f
namespace: n
inputs: [{id: x, type: STRING, defaults: a}]
tasks:
  - id: p
    type: io.kestra.plugin.core.flow.Parallel
    concurrent: 2
    tasks:
      - {id: a, type: io.kestra.plugin.core.flow.Sleep, duration: PT1.5S, runIf: \"{{ true }}\", allowFailure: true, timeout: PT5S}
      - {id: b, type: io.kestra.plugin.core.flow.Pause, delay: PT1S}
      - {id: c, type: io.kestra.plugin.core.log.Log, message: hi, disabled: true}
  - id: e
    type: io.kestra.plugin.core.flow.ForEach
    values: [1, 2]
    tasks: [{id: d, type: io.kestra.plugin.core.debug.Return}]
errors:
  - {id: bad, type: io.kestra.plugin.core.debug.Return}
"), @"
    3: `inputs` has no counterpart (left out)
    5: a parallel group has no limit of how many run at once (all run at once)
    9: `runIf` has no counterpart that both can evaluate (taken as it was in the simulation)
    9: a failure that is allowed is skipped over (SKIPPED there, WARNING here)
    9: a task of type `Sleep` becomes a script task (that takes as long as it did in the simulation)
    9: planned durations are whole seconds (rounded to the nearest)
    9: `timeout` has no counterpart (left out)
    10: a pause inside a parallel group freezes the whole execution, a gate does not (becomes a gate)
    11: `c` is disabled (left out)
    12: a group of type `ForEach` becomes one task (that takes as long as it did in the simulation)
    14: `values` has no counterpart (left out)
    16: `errors` has no counterpart (left out)
    ");
}

#[test]
fn what_a_flow_cannot_say_is_reported() {
    insta::assert_snapshot!(lost("apiVersion: xl-release/v1
kind: Templates
spec:
- template: T
  abortOnFailure: true
  riskProfile: none
  phases:
  - phase: P
    tasks:
    - name: G
      type: xlrelease.ParallelGroup
      tasks:
      - {name: Go, type: xlrelease.GateTask, conditions: [{name: ok}]}
      - {name: A, type: xlrelease.Task, owner: me, precondition: x == 1}
      - {name: B, type: acme.Job, taskFailureHandlerEnabled: true, taskRecoverOp: RUN_SCRIPT} # sim: fail=1%
      links: [{source: Go, target: A}]
    - {name: C, type: acme.Job, scheduledStartDate: 2026-01-12T08:00:00Z, taskFailureHandlerEnabled: true, taskRecoverOp: SKIP_TASK}
    - {name: Sign, type: xlrelease.GateTask}
"), @"
    4: titles become ids (the title is kept as `description`)
    4: nothing else ends at once when a task fails (`abortOnFailure` has no counterpart)
    4: after a failure a release halts and waits for a person, an execution ends (what runs after a failure may differ)
    6: `riskProfile` has no counterpart (left out)
    10: the links of `G` are chains: a `Parallel` of `Sequential` groups says the same (becomes a `Dag`)
    13: a gate inside a parallel group has no counterpart: a pause would freeze all (becomes a sleep of its planned time)
    14: a precondition in Jython has no counterpart (it is taken to be met)
    14: how long a person takes is a guess (becomes a sleep of its planned time)
    14: `owner` has no counterpart (left out)
    15: a failure handler in Jython has no counterpart (left out)
    15: a task of type `acme.Job` becomes a sleep (of its planned time)
    17: a flow knows no dates: what is held until one waits as long as it did here (a wait of this length stands before it)
    17: a failure that is skipped over is a warning (`allowFailure` goes on likewise)
    18: a gate becomes a pause: its conditions and dependencies are lost (resumed after its planned time)
    ");
}

#[test]
fn all_flows_of_a_text_are_converted() {
    let text = "id: one\nnamespace: n\ntasks: [{id: a, type: io.kestra.plugin.core.debug.Return}]\n---\nid: two\nnamespace: n\n# twice\ntasks: [{id: a, type: io.kestra.plugin.core.debug.Return}]\n";
    let there = converted(text).text;
    assert_eq!(support::flows(&there).iter().map(|flow| flow.id.to_string()).collect::<Vec<_>>(), ["one", "two"]);
    let back = support::flows(&converted(&there).text);
    assert_eq!(back.iter().map(|flow| flow.id.to_string()).collect::<Vec<_>>(), ["one", "two"]);
}

/// What both dialects can express.
#[derive(Debug, Clone)]
enum Tree {
    Leaf(u64),
    Sequential(Vec<Tree>),
    Parallel(Vec<Tree>),
    /// Children, and for each a mask of the earlier children that it has a link from.
    Dag(Vec<(Tree, u8)>),
}

fn tree() -> impl Strategy<Value = Tree> {
    // Few lengths, so that many tasks end at the same moment.
    let leaf = prop_oneof![Just(0), 1u64..5, 60u64..100_000].prop_map(Tree::Leaf);
    leaf.prop_recursive(4, 40, 5, |inner| {
        let children = || prop::collection::vec(inner.clone(), 1..6);
        prop_oneof![
            children().prop_map(Tree::Sequential),
            children().prop_map(Tree::Parallel),
            prop::collection::vec((inner.clone(), any::<u8>()), 1..6).prop_map(Tree::Dag),
        ]
    })
}

/// The sources of the n-th child of a Dag.
fn sources(nth: usize, links: u8) -> Vec<usize> {
    (0..nth).filter(|source| links >> source & 1 == 1).collect()
}

/// A task in Kestra's YAML: its first line starts at column `pad`, after `before`.
fn write_kestra(tree: &Tree, pad: usize, before: &str, n_tasks: &mut u32, out: &mut String) {
    let (id, at, below) = (*n_tasks, " ".repeat(pad), " ".repeat(pad + before.len()));
    *n_tasks += 1;
    let type_name = match tree {
        Tree::Leaf(0) => "debug.Return",
        Tree::Leaf(_) => "flow.Sleep",
        Tree::Sequential(_) => "flow.Sequential",
        Tree::Parallel(_) => "flow.Parallel",
        Tree::Dag(_) => "flow.Dag",
    };
    _ = write!(out, "{at}{before}id: t{id}\n{below}type: io.kestra.plugin.core.{type_name}\n");
    match tree {
        Tree::Leaf(0) => {}
        Tree::Leaf(seconds) => _ = writeln!(out, "{below}duration: PT{seconds}S"),
        Tree::Sequential(children) | Tree::Parallel(children) => {
            _ = writeln!(out, "{below}tasks:");
            children.iter().for_each(|child| write_kestra(child, pad + before.len() + 2, "- ", n_tasks, out));
        }
        Tree::Dag(children) => {
            _ = writeln!(out, "{below}tasks:");
            let mut ids = Vec::new();
            for (nth, (child, links)) in children.iter().enumerate() {
                _ = writeln!(out, "{below}  - task:");
                ids.push(format!("t{n_tasks}"));
                write_kestra(child, pad + before.len() + 6, "", n_tasks, out);
                let wanted: Vec<&str> = sources(nth, *links).into_iter().map(|source| &*ids[source]).collect();
                if !wanted.is_empty() {
                    _ = writeln!(out, "{below}    dependsOn: [{}]", wanted.join(", "));
                }
            }
        }
    }
}

fn write_release(tree: &Tree, pad: usize, n_tasks: &mut u32, out: &mut String) {
    let (id, at) = (*n_tasks, " ".repeat(pad));
    *n_tasks += 1;
    let mut line = |text: String| _ = writeln!(out, "{at}{text}");
    line(format!("- name: T{id}"));
    match tree {
        Tree::Leaf(seconds) => line(format!("  type: acme.Job\n{at}  plannedDuration: {seconds}")),
        Tree::Sequential(children) | Tree::Parallel(children) => {
            let is_parallel = matches!(tree, Tree::Parallel(_));
            line(format!("  type: xlrelease.{}Group\n{at}  tasks:", if is_parallel { "Parallel" } else { "Sequential" }));
            children.iter().for_each(|child| write_release(child, pad + 2, n_tasks, out));
        }
        Tree::Dag(children) => {
            line(format!("  type: xlrelease.ParallelGroup\n{at}  tasks:"));
            let mut links = Vec::new();
            let mut ids = Vec::new();
            for (nth, (child, from)) in children.iter().enumerate() {
                ids.push(*n_tasks);
                links.extend(sources(nth, *from).into_iter().map(|source| (ids[source], *n_tasks)));
                write_release(child, pad + 2, n_tasks, out);
            }
            if !links.is_empty() {
                _ = writeln!(out, "{at}  links:");
            }
            links.iter().for_each(|(source, target)| _ = writeln!(out, "{at}  - {{source: T{source}, target: T{target}}}"));
        }
    }
}

proptest! {
    #[test]
    fn there_and_back_takes_the_same_times(trees in prop::collection::vec(tree(), 1..4)) {
        let mut kestra = "id: f\nnamespace: n\ntasks:\n".to_owned();
        let mut release = "apiVersion: xl-release/v1\nkind: Templates\nspec:\n- template: f\n  phases:\n  - phase: P\n    tasks:\n".to_owned();
        let (mut n_tasks, mut n_items) = (0, 0);
        trees.iter().for_each(|tree| write_kestra(tree, 2, "- ", &mut n_tasks, &mut kestra));
        trees.iter().for_each(|tree| write_release(tree, 4, &mut n_items, &mut release));
        prop_assert_eq!(assert_same_times(&kestra, &release), n_tasks as usize);
        for text in [kestra, release] {
            let there = converted(&text).text;
            prop_assert!(assert_same_times(&text, &there) >= n_tasks as usize);
            let back = converted(&there).text;
            prop_assert!(assert_same_times(&text, &back) >= n_tasks as usize);
        }
    }
}

#[cfg(feature = "cli")]
#[test]
fn the_tool_converts_and_says_what_is_lost() {
    let tool = |file: &str, to: &str| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_parallelogram"))
            .args(["convert", file, "--to", to])
            .env_remove("CLICOLOR_FORCE")
            .output()
            .expect("the tool starts");
        let [printed, reported] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("it writes UTF-8"));
        (output.status.code(), printed, reported)
    };
    let (code, printed, reported) = tool("examples/dag.yaml", "xl-release");
    assert_eq!(code, Some(0));
    assert!(printed.starts_with("apiVersion: xl-release/v1\n") && reported.starts_with("note[lost-type]: "), "{reported}");
    let (code, printed, reported) = tool("examples/dag.yaml", "kestra");
    assert_eq!((code, printed.as_str(), reported.as_str()), (Some(0), include_str!("../examples/dag.yaml"), ""));
    assert_eq!(tool("tests/none.yaml", "kestra").0, Some(2));
}
