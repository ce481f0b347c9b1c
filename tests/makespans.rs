//! How long the flows of the tutorial take with 1 to 6 slots and without a limit, to the millisecond.

mod support;

use parallelogram::analysis::makespan::numbers;
use parallelogram::sim::trace::RunIdx;
use support::{makespan_ms, run_with};

/// 0 is no limit.
const SLOTS: [u32; 7] = [1, 2, 3, 4, 5, 6, 0];

const SLEEP: &str = "type: io.kestra.plugin.scripts.shell.Commands, commands: ['echo hi', 'sleep";

/// A `Parallel` called `parent` of sleeps of these seconds, then `last`.
fn sleeps(seconds: &[u32]) -> String {
    let tasks: String =
        seconds.iter().enumerate().map(|(n, seconds)| format!("      - {{id: t{}, {SLEEP} {seconds}']}}\n", n + 1)).collect();
    flow(&tasks)
}

/// A `Parallel` called `parent` of two groups of these types, of three sleeps of a second each, then `last`.
fn two_groups(types: [&str; 2]) -> String {
    let group = |(n, class): (usize, &str)| {
        let tasks: String = (1..=3).map(|k| format!("          - {{id: t{}, {SLEEP} 1']}}\n", n * 3 + k)).collect();
        format!("      - id: group{}\n        type: io.kestra.plugin.core.flow.{class}\n        tasks:\n{tasks}", n + 1)
    };
    flow(&types.into_iter().enumerate().map(group).collect::<String>())
}

fn flow(tasks: &str) -> String {
    format!(
        "id: f\nnamespace: n\ntasks:\n  - id: parent\n    type: io.kestra.plugin.core.flow.Parallel\n    tasks:\n{tasks}  \
         - {{id: last, type: io.kestra.plugin.core.debug.Return, format: '{{{{task.id}}}} > {{{{taskrun.startDate}}}}'}}\n"
    )
}

fn table(text: &str) -> [u64; 7] {
    SLOTS.map(|slots| makespan_ms(text, "parent", slots))
}

#[test]
fn six_tasks_in_parallel() {
    assert_eq!(table(&sleeps(&[1; 6])), [6000, 3000, 2000, 2000, 2000, 1000, 1000]);
}

#[test]
fn two_chains_in_parallel() {
    assert_eq!(table(&two_groups(["Sequential", "Sequential"])), [6000, 3000, 3000, 3000, 3000, 3000, 3000]);
    assert_eq!(makespan_ms(&two_groups(["Parallel", "Sequential"]), "parent", 0), 3000);
    assert_eq!(makespan_ms(&two_groups(["Parallel", "Parallel"]), "parent", 0), 1000);
}

#[test]
fn a_fourth_slot_brings_nothing() {
    for (slots, efficiency_percent) in [(3, 100), (4, 75)] {
        let (flows, trace) = run_with(&sleeps(&[1; 6]), "parent", slots);
        let numbers = numbers(&flows[0], &trace);
        assert_eq!((numbers.work.0, numbers.speedup_hundredths()), (6000, 300), "{slots} slots");
        assert_eq!(numbers.efficiency_percent(), efficiency_percent, "{slots} slots");
    }
}

#[test]
fn the_longest_task_should_come_first() {
    assert_eq!(makespan_ms(&sleeps(&[1, 1, 1, 1, 1, 3]), "parent", 3), 4000);
    assert_eq!(makespan_ms(&sleeps(&[3, 1, 1, 1, 1, 1]), "parent", 3), 3000);
}

/// The worked example of Kestra, "Parallel": a nested group is one slot for its whole life.
#[test]
fn groups_and_tasks_share_slots() {
    let text = mixed("");
    let lines = [0, 3, 2, 1].map(|slots| format!("{slots}: {}", times(&text, slots, &["A", "B", "C", "D", "E", "p"])));
    insta::assert_snapshot!(lines.join("\n"), @"
    0: A 0-5, B 0-2, C 0-4, D 0-4, E 0-1, p 0-5
    3: A 0-5, B 0-2, C 0-4, D 2-6, E 4-5, p 0-6
    2: A 0-5, B 0-2, C 2-6, D 5-9, E 6-7, p 0-9
    1: A 0-5, B 5-7, C 7-11, D 11-15, E 15-16, p 0-16
    ");
}

/// The same example with `b1` failing after a second.
#[test]
fn a_failure_ends_the_group_while_tasks_go_on() {
    let failing = |errors: &str| mixed(errors).replace("'sleep 1'", "'sleep 1; sleep soon'");
    let runs = ["A", "a1", "a2", "B", "C", "D", "E", "e", "p"];
    insta::assert_snapshot!(times(&failing(""), 3, &runs), @"A 0-1 KILLED, a1 0-2, a2 never, B 0-1 FAILED, C 0-4, D never, E never, e never, p 0-1 FAILED");
    let errors = "    errors:\n      - {id: e, type: io.kestra.plugin.core.flow.Sleep, duration: PT5S}\n";
    insta::assert_snapshot!(times(&failing(errors), 3, &runs), @"A 0-5, a1 0-2, a2 2-5, B 0-1 FAILED, C 0-4, D never, E never, e 1-6, p 0-6 FAILED");
}

fn mixed(errors: &str) -> String {
    let sleep = |id: &str, seconds: u32| format!("{{id: {id}, type: io.kestra.plugin.core.flow.Sleep, duration: PT{seconds}S}}");
    let chain = |id: &str, first: String, second: String| {
        format!("      - {{id: {id}, type: io.kestra.plugin.core.flow.Sequential, tasks: [{first}, {second}]}}\n")
    };
    let b1 = format!("{{id: b1, {SLEEP} 1']}}").replace("'echo hi', ", "");
    let tasks = [
        chain("A", sleep("a1", 2), sleep("a2", 3)),
        chain("B", b1, sleep("b2", 1)),
        format!("      - {}\n", sleep("C", 4)),
        chain("D", sleep("d1", 2), sleep("d2", 2)),
        format!("      - {}\n", sleep("E", 1)),
    ];
    let tasks = tasks.concat();
    format!("id: f\nnamespace: n\ntasks:\n  - id: p\n    type: io.kestra.plugin.core.flow.Parallel\n    tasks:\n{tasks}{errors}")
}

/// From when to when each of these ran, in seconds, and how it ended when that was not SUCCESS.
fn times(text: &str, slots: u32, ids: &[&str]) -> String {
    let (flows, trace) = run_with(text, "p", slots);
    let run_of = |id: &str| -> Option<RunIdx> {
        let task = flows[0].find(id)?;
        trace.iter().find(|(_, run)| run.task == task).map(|(run, _)| run)
    };
    let time = |id: &&str| {
        let Some(run) = run_of(id) else { return format!("{id} never") };
        let (from, to, state) = (trace.created(run).0 / 1000, trace.ended(run).0 / 1000, trace.state(run).as_str());
        format!("{id} {from}-{to} {}", if state == "SUCCESS" { "" } else { state }).trim_end().to_owned()
    };
    ids.iter().map(time).collect::<Vec<_>>().join(", ")
}

/// The two flows of Kestra's tutorial on tasks in parallel and in sequence.
#[test]
fn the_tutorial_takes_two_and_three_seconds() {
    let flows = [include_str!("../examples/parallel.yaml"), include_str!("../examples/sequential.yaml")];
    assert_eq!([makespan_ms(flows[0], "parent", 3), makespan_ms(flows[1], "parent", 0)], [2000, 3000]);
}
