//! What must hold for every flow: random nested groups, written as YAML and read back, and text that is not a flow.
//!
//! `PROPTEST_CASES=10000 cargo test --release --test properties` tries 10,000 cases instead of 256.

mod any_group;
mod support;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt::Write;

use parallelogram::analysis::bounds::lower_bounds;
use parallelogram::analysis::makespan::{makespan, numbers};
use parallelogram::analysis::segments::{execution_segments, segments};
use parallelogram::diag::{self, has_errors};
use parallelogram::flow::state::State;
use parallelogram::flow::{Flow, Kind, Version, read_text_for};
use parallelogram::render;
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::trace::{ExecutionIdx, Trace, What};
use parallelogram::sim::{Simulation, simulate};
use parallelogram::source::Source;
use parallelogram::time::SimTime;
use proptest::prelude::*;
use support::flows_for;

/// A task of a flow that always succeeds.
#[derive(Debug, Clone)]
enum Tree {
    /// A leaf: its type and its length.
    Leaf(Leaf, u64),
    Sequential(Vec<Tree>),
    /// How many children may run at once (0 is no limit), and the children.
    Parallel(u32, Vec<Tree>),
}

#[derive(Debug, Clone, Copy)]
enum Leaf {
    Sleep,
    Shell,
    /// Takes no time, whatever its length.
    Return,
}

fn leaf() -> impl Strategy<Value = Tree> {
    // Small numbers, so that many tasks end at the same moment.
    let length_ms = prop_oneof![2 => Just(0), 8 => 1u64..8, 1 => 8u64..5000];
    let class = prop_oneof![4 => Just(Leaf::Sleep), 4 => Just(Leaf::Shell), 1 => Just(Leaf::Return)];
    (class, length_ms).prop_map(|(class, length_ms)| Tree::Leaf(class, if matches!(class, Leaf::Return) { 0 } else { length_ms }))
}

fn tree() -> impl Strategy<Value = Tree> {
    leaf().prop_recursive(4, 48, 6, |inner| {
        let children = || prop::collection::vec(inner.clone(), 1..7);
        prop_oneof![children().prop_map(Tree::Sequential), (0u32..5, children()).prop_map(|(limit, inner)| Tree::Parallel(limit, inner))]
    })
}

/// The top level of a flow.
fn trees() -> impl Strategy<Value = Vec<Tree>> {
    prop::collection::vec(tree(), 1..4)
}

/// Settings under which every rule must still hold: a dispatch delay, other slots, an early end.
fn scenario() -> impl Strategy<Value = Scenario> {
    let delay = prop_oneof![Just(0), 0u64..6];
    let horizon = prop_oneof![3 => Just(u64::MAX), 1 => 0u64..30];
    (any::<u64>(), delay, horizon, prop::option::of(0u32..5)).prop_map(|(seed, delay, horizon, slots)| Scenario {
        seed,
        dispatch_delay: SimTime(delay),
        horizon: SimTime(horizon),
        concurrent: slots.map(|slots| ("t0".to_owned(), slots)).into_iter().collect(),
        max_events: 50_000,
        ..Scenario::default()
    })
}

/// The same, with a number of workers.
fn server() -> impl Strategy<Value = Scenario> {
    (scenario(), prop::option::of(1u32..4)).prop_map(|(scenario, workers)| Scenario { workers, ..scenario })
}

/// The text of a flow; its n-th task is called `tN`, n from 0.
fn text(trees: &[Tree]) -> String {
    let mut out = "id: f\nnamespace: n\ntasks:\n".to_owned();
    let mut n_tasks = 0;
    trees.iter().for_each(|tree| write_task(tree, 1, &mut n_tasks, &mut out));
    out
}

fn write_task(tree: &Tree, depth: usize, n_tasks: &mut u32, out: &mut String) {
    let (id, pad) = (*n_tasks, "  ".repeat(depth));
    *n_tasks += 1;
    let seconds = |ms: &u64| format!("{}.{:03}", ms / 1000, ms % 1000);
    let mut line = |text: String| writeln!(out, "{pad}{text}").expect("a string takes all that is written to it");
    let children = match tree {
        Tree::Leaf(Leaf::Sleep, ms) => {
            line(format!("- {{id: t{id}, type: io.kestra.plugin.core.flow.Sleep, duration: PT{}S}}", seconds(ms)));
            return;
        }
        Tree::Leaf(Leaf::Shell, ms) => {
            line(format!("- id: t{id} # takes {ms} ms"));
            line(format!("  type: io.kestra.plugin.scripts.shell.Commands\n{pad}  commands:\n{pad}    - 'echo \"{{{{task.id}}}}\"'"));
            line(format!("    - sleep {}", seconds(ms)));
            return;
        }
        Tree::Leaf(Leaf::Return, _) => {
            line(format!(
                "- \"id\": 't{id}'\n{pad}  type: io.kestra.plugin.core.debug.Return\n{pad}  format: \"{{{{taskrun.startDate}}}}\""
            ));
            return;
        }
        Tree::Sequential(children) => {
            line(format!("- id: t{id}\n{pad}  type: io.kestra.plugin.core.flow.Sequential"));
            children
        }
        Tree::Parallel(limit, children) => {
            line(format!("- id: t{id}\n{pad}  type: io.kestra.plugin.core.flow.Parallel\n{pad}  concurrent: {limit}"));
            children
        }
    };
    line("  tasks:".to_owned());
    children.iter().for_each(|child| write_task(child, depth + 2, n_tasks, out));
}

/// How long a task takes, computed without the simulator. A group is one task to the groups around it, so each `Parallel` is a
/// list of lengths, each taken in order by the slot that is free first.
fn length_ms(tree: &Tree) -> u64 {
    match tree {
        Tree::Leaf(_, ms) => *ms,
        Tree::Sequential(children) => children.iter().map(length_ms).sum(),
        Tree::Parallel(limit, children) => {
            let n_slots = if *limit == 0 { children.len() } else { *limit as usize };
            let mut free_at: BinaryHeap<Reverse<u64>> = (0..n_slots).map(|_| Reverse(0)).collect();
            for child in children {
                let Reverse(start) = free_at.pop().expect("there is a slot");
                free_at.push(Reverse(start + length_ms(child)));
            }
            free_at.into_iter().map(|Reverse(end)| end).max().unwrap_or(0)
        }
    }
}

/// Shortens the leaf with index `nth`, modulo their number; a task that takes no time stays as it is.
fn shorten(trees: &mut [Tree], nth: usize, by_ms: u64) {
    fn leaves<'a>(trees: &'a mut [Tree], found: &mut Vec<&'a mut u64>) {
        for tree in trees {
            match tree {
                Tree::Leaf(_, ms) => found.push(ms),
                Tree::Sequential(children) | Tree::Parallel(_, children) => leaves(children, found),
            }
        }
    }
    let mut found = Vec::new();
    leaves(trees, &mut found);
    let n_leaves = found.len();
    let ms = &mut found[nth % n_leaves];
    **ms = ms.saturating_sub(by_ms);
}

fn run(trees: &[Tree], scenario: &Scenario) -> (Flow, Trace) {
    let mut flows = support::flows(&text(trees));
    let trace = simulate(&flows, scenario);
    (flows.swap_remove(0), trace)
}

/// Every output format of the run of a text.
fn files(text: &str, scenario: &Scenario, version: Version) -> Vec<String> {
    let source = Source::new("flow.yaml", text);
    let (_, flows, diagnostics) = read_text_for(&source, Some(version));
    let mut files: Vec<String> = diagnostics.iter().map(|found| diag::render(found, &source)).collect();
    if !flows.is_empty() {
        let trace = simulate(&flows, scenario);
        files.push(render::json::json(&flows, &trace, std::slice::from_ref(&source)));
        files.push(render::events::events(&flows, &trace));
        files.push(render::csv::csv(&flows, &trace));
        files.push(render::svg::svg(&flows, &trace));
        files.push(render::text::text(&flows, &trace));
    }
    files
}

/// Reads an arbitrary text and does everything with it that can be done.
fn read_anything(text: &str) -> Result<(), TestCaseError> {
    let source = Source::new("flow.yaml", text);
    let (_, flows, diagnostics) = read_text_for(&source, Some(Version::V0_21));
    prop_assert_eq!(flows.is_empty(), has_errors(&diagnostics));
    for found in &diagnostics {
        prop_assert!(text.get(found.span.range()).is_some(), "{:?} is not in the text", found);
    }
    prop_assert_eq!(files(text, &Scenario::default(), Version::V0_21).len(), diagnostics.len() + if flows.is_empty() { 0 } else { 5 });
    Ok(())
}

/// Each moment of a run, from the start of its group to its own end, is in exactly one segment; for an execution from its start.
fn segments_add_up(trace: &Trace, text: &str) -> Result<(), TestCaseError> {
    let of_runs = trace.iter().map(|(run, _)| (segments(trace, run), trace.group_began(run), trace.ended(run)));
    let of_executions = trace.execution_indices().map(|n| {
        let history = trace.execution_history(n);
        let last = history[history.len() - 1];
        let segments = execution_segments(trace, n);
        // The history of an iteration begins with that of the execution that holds its Loop.
        let made = segments.first().filter(|_| trace.execution(n).iteration.is_some()).map(|segment| segment.from);
        (segments, made.unwrap_or(history[0].0), if last.1.is_terminal() { last.0 } else { trace.end })
    });
    for (segments, from, to) in of_runs.chain(of_executions) {
        let mut at = from;
        for segment in segments {
            prop_assert!(segment.from == at && segment.from <= segment.to, "{:?} after {}\n{}", segment, at.0, text);
            at = segment.to;
        }
        prop_assert_eq!(at, to, "from {}\n{}", from.0, text);
    }
    Ok(())
}

/// A change of some bytes of a text: where, how many, and what replaces them.
type Edit = (prop::sample::Index, usize, String);

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let piece = prop_oneof![
        prop::sample::select(PIECES).prop_map(str::to_owned),
        "[ -~]{0,3}",
        any::<char>().prop_map(String::from),
        Just(String::new())
    ];
    prop::collection::vec((any::<prop::sample::Index>(), 0usize..12, piece), 1..6)
}

/// The text after the edits; invalid UTF-8 is replaced.
fn edited(text: &str, edits: &[Edit]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for (at, length, piece) in edits {
        let start = at.index(bytes.len() + 1);
        let end = (start + length).min(bytes.len());
        bytes.splice(start..end, piece.bytes());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Pieces of YAML and of flows, to get past the first checks of a reader.
const PIECES: &[&str] = &[
    "id: f\n",
    "namespace: n\n",
    "tasks:\n",
    "errors:\n",
    "  - id: a\n",
    "    type: io.kestra.plugin.core.flow.Parallel\n",
    "    type: io.kestra.plugin.core.flow.Sleep\n",
    "    duration: PT1S\n",
    "    concurrent: 99999999999\n",
    "    tasks:\n",
    "  ",
    "\t",
    "- ",
    ": ",
    "? ",
    "&x ",
    "*x",
    "<<: ",
    "!tag ",
    "!!binary ",
    "|\n",
    ">-\n",
    "'",
    "\"",
    "[",
    "]",
    "{",
    "}",
    ",",
    "# c\n",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "\r\n",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "ä",
    "😀",
    "\\",
    "\0",
    "1e999",
    ".nan",
    "~",
    "-0",
    "0x_",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_run_takes_as_long_as_a_list_of_lengths_says(trees in trees()) {
        let (_, trace) = run(&trees, &Scenario::default());
        prop_assert_eq!(makespan(&trace).0, trees.iter().map(length_ms).sum::<u64>(), "{}", text(&trees));
    }

    #[test]
    fn no_group_has_more_children_running_than_slots(trees in trees(), scenario in scenario()) {
        let (flow, trace) = run(&trees, &scenario);
        let mut n_running = vec![0u32; trace.runs.len()];
        let mut running = vec![false; trace.runs.len()];
        for event in &trace.events {
            let What::Run(run, state) = event.what else { continue };
            let Some(parent) = trace.run(run).parent else { continue };
            let was = std::mem::replace(&mut running[run.0 as usize], state.is_running());
            let n = &mut n_running[parent.0 as usize];
            *n = *n + u32::from(state.is_running()) - u32::from(was);
            let slots = match &flow.task(trace.run(parent).task).kind {
                Kind::Parallel(group) => scenario.concurrent.get(&*flow.task(trace.run(parent).task).id).copied().unwrap_or(group.concurrent.written()),
                _ => 1,
            };
            prop_assert!(slots == 0 || *n <= slots, "{} children of {} slots\n{}", n, slots, text(&trees));
        }
    }

    #[test]
    fn a_child_lives_within_its_group(trees in trees(), scenario in scenario()) {
        let (_, trace) = run(&trees, &scenario);
        for (child, taskrun) in trace.iter() {
            let Some(parent) = taskrun.parent else { continue };
            prop_assert!(trace.created(parent) <= trace.created(child) && trace.ended(child) <= trace.ended(parent), "{}", text(&trees));
        }
    }

    #[test]
    fn children_are_created_once_each_in_source_order(trees in trees(), scenario in scenario()) {
        let (flow, trace) = run(&trees, &scenario);
        let groups = std::iter::once(None).chain(trace.iter().map(|(run, _)| Some(run)));
        for group in groups {
            let children: Vec<_> = trace.runs.iter().filter(|run| run.parent == group).map(|run| run.task).collect();
            let list = &flow.lists(group.map(|group| trace.run(group).task)).tasks;
            prop_assert_eq!(&children[..], &list[..children.len()], "{}", text(&trees));
        }
        if trace.truncated.is_none() {
            prop_assert_eq!(trace.runs.len(), flow.tasks.len());
        }
    }

    #[test]
    fn the_same_text_gives_the_same_bytes(trees in trees(), scenario in scenario()) {
        let text = text(&trees);
        prop_assert_eq!(files(&text, &scenario, Version::V0_21), files(&text, &scenario, Version::V0_21));
    }

    #[test]
    fn segments_add_up_from_the_start_of_the_group_to_the_end(trees in trees(), scenario in scenario()) {
        let (_, trace) = run(&trees, &scenario);
        for (run, _) in trace.iter() {
            let mut at = trace.group_began(run);
            for segment in segments(&trace, run) {
                prop_assert!(segment.from == at && segment.from <= segment.to, "{:?} after {}\n{}", segment, at.0, text(&trees));
                at = segment.to;
            }
            prop_assert_eq!(at, trace.ended(run), "{}", text(&trees));
        }
    }

    #[test]
    fn states_follow_each_other_as_allowed(trees in trees(), scenario in scenario()) {
        let (_, trace) = run(&trees, &scenario);
        let mut histories: Vec<Vec<(SimTime, State)>> = trace.iter().map(|(run, _)| trace.history(run).to_vec()).collect();
        histories.push(trace.execution_history(ExecutionIdx::FIRST).to_vec());
        for history in histories {
            prop_assert_eq!(history.first().map(|(_, state)| *state), Some(State::Created));
            for step in history.windows(2) {
                prop_assert!(step[0].0 <= step[1].0 && step[0].1.may_become(step[1].1), "{:?}\n{}", history, text(&trees));
            }
            if trace.truncated.is_none() {
                prop_assert_eq!(history.last().map(|(_, state)| *state), Some(State::Success));
            }
        }
    }

    #[test]
    fn no_run_beats_its_longest_chain(trees in trees(), delay_ms in 0u64..6) {
        let (flow, trace) = run(&trees, &Scenario { dispatch_delay: SimTime(delay_ms), ..Scenario::default() });
        let bounds = lower_bounds(&flow, &trace);
        prop_assert!(makespan(&trace) >= bounds.chain, "{:?}\n{}", bounds, text(&trees));
        prop_assert!(bounds.area.is_none_or(|area| makespan(&trace) >= area) && makespan(&trace) >= bounds.best(), "{:?}\n{}", bounds, text(&trees));
    }

    #[test]
    fn one_slot_more_never_lengthens_a_run(trees in trees(), group in any::<prop::sample::Index>()) {
        let (flow, trace) = run(&trees, &Scenario::default());
        let slots_of = |kind: &Kind| if let Kind::Parallel(group) = kind { Some(group.concurrent.written()).filter(|slots| *slots > 0) } else { None };
        let limited: Vec<(String, u32)> = flow.tasks.iter().filter_map(|task| Some((task.id.to_string(), slots_of(&task.kind)?))).collect();
        if limited.is_empty() {
            return Ok(());
        }
        let (id, slots) = group.get(&limited);
        for more in [slots + 1, 0] {
            let (_, faster) = run(&trees, &Scenario { concurrent: [(id.clone(), more)].into(), ..Scenario::default() });
            prop_assert!(makespan(&faster) <= makespan(&trace), "{} slots for {}\n{}", more, id, text(&trees));
        }
    }

    #[test]
    fn a_shorter_task_never_lengthens_a_run(trees in trees(), leaf in 0usize..100, by_ms in 1u64..10) {
        let mut shorter = trees.clone();
        shorten(&mut shorter, leaf, by_ms);
        let (_, trace) = run(&trees, &Scenario::default());
        let (_, faster) = run(&shorter, &Scenario::default());
        prop_assert!(makespan(&faster) <= makespan(&trace), "{}\n{}", text(&trees), text(&shorter));
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        read_anything(&text)?;
    }

    #[test]
    fn pieces_of_yaml_are_read_or_refused(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        read_anything(&pieces.concat())?;
    }

    #[test]
    fn a_flow_with_typing_errors_is_read_or_refused(trees in trees(), edits in edits()) {
        read_anything(&edited(&text(&trees), &edits))?;
    }
}

#[test]
fn flows_that_broke_a_law_once_keep_it() {
    for (version, text) in any_group::found::FLOWS {
        let (flows, scenario) = (flows_for(text, *version), Scenario::default());
        let trace = simulate(&flows, &scenario);
        assert_eq!(any_group::laws::check(&flows, &trace, &scenario), Ok(()), "in {}\n{text}", version.as_str());
        segments_add_up(&trace, text).expect("its segments add up");
    }
}

/// What holds for groups of every kind that a version knows.
macro_rules! in_version {
    ($($name:ident: $version:expr,)*) => {
        $(mod $name {
            use super::*;

            proptest! {
                #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

                #[test]
                fn groups_of_all_kinds_keep_their_rules_at_every_event(flow in any_group::flow($version, false), scenario in server()) {
                    let flows = flows_for(&any_group::write::text(&flow), $version);
                    let trace = simulate(&flows, &scenario);
                    prop_assert_eq!(any_group::laws::check(&flows, &trace, &scenario), Ok(()));
                }

                #[test]
                fn concurrent_executions_keep_their_rules_at_every_event(flows in any_group::flows($version), scenario in server(), n in 1u32..4, every in 0u64..6) {
                    let text = any_group::write::both(&flows);
                    let flows = flows_for(&text, $version);
                    let scenario = Scenario { executions: n, every: SimTime(every), ..scenario };
                    let trace = simulate(&flows, &scenario);
                    prop_assert_eq!(any_group::laws::check(&flows, &trace, &scenario), Ok(()), "{}", text);
                    segments_add_up(&trace, &text)?;
                }

                #[test]
                fn groups_of_all_kinds_give_the_same_bytes_again(flows in any_group::flows($version), scenario in server()) {
                    let text = any_group::write::both(&flows);
                    let scenario = Scenario { max_events: 50_000, ..scenario };
                    prop_assert_eq!(files(&text, &scenario, $version), files(&text, &scenario, $version));
                }

                #[test]
                fn a_run_in_slices_gives_the_same_trace(flows in any_group::flows($version), scenario in server(), slice in 1usize..40) {
                    let flows = flows_for(&any_group::write::both(&flows), $version);
                    let scenario = Scenario { max_events: 50_000, ..scenario };
                    let mut simulation = Simulation::new(&flows, &scenario);
                    while !simulation.advance(slice) {}
                    prop_assert!(simulation.advance(slice), "a finished run stays finished");
                    let whole = simulate(&flows, &scenario);
                    prop_assert_eq!(simulation.finish(), whole.clone());
                    let alone = Simulation::new(&flows, &scenario).makespan();
                    prop_assert_eq!(alone, numbers(&flows[0], &whole).makespan, "the makespan without the trace is another one");
                }

                #[test]
                fn segments_of_all_kinds_add_up(flow in any_group::flow($version, false), scenario in server()) {
                    let text = any_group::write::text(&flow);
                    segments_add_up(&simulate(&flows_for(&text, $version), &scenario), &text)?;
                }

                #[test]
                fn calm_groups_take_as_long_as_computed_from_their_parts(flow in any_group::flow($version, true)) {
                    let text = any_group::write::text(&flow);
                    let flows = flows_for(&text, $version);
                    let trace = simulate(&flows, &Scenario::default());
                    prop_assert_eq!(makespan(&trace).0, any_group::length::in_sequence(&flow), "{}", text);
                    prop_assert_eq!(trace.execution_history(ExecutionIdx::FIRST).last().map(|(_, state)| *state), Some(State::Success), "{}", text);
                }

                #[test]
                fn no_slot_idles_while_a_task_could_take_it(flow in any_group::flow($version, true)) {
                    let text = any_group::write::text(&flow);
                    let flows = flows_for(&text, $version);
                    prop_assert_eq!(any_group::laws::no_slot_idles(&flows[0], &simulate(&flows, &Scenario::default())), Ok(()), "{}", text);
                }

                #[test]
                fn no_calm_run_beats_its_bounds(flow in any_group::flow($version, true)) {
                    let text = any_group::write::text(&flow);
                    let flows = flows_for(&text, $version);
                    let trace = simulate(&flows, &Scenario::default());
                    let bounds = lower_bounds(&flows[0], &trace);
                    prop_assert!(makespan(&trace) >= bounds.chain, "{:?} of {:?}\n{}", makespan(&trace), bounds, text);
                    prop_assert!(bounds.area.is_none_or(|area| makespan(&trace) >= area) && makespan(&trace) >= bounds.best(), "{:?} of {:?}\n{}", makespan(&trace), bounds, text);
                }
            }
        })*
    };
}

in_version! {
    v0_21: Version::V0_21,
    v1_3: Version::V1_3,
    v2_0: Version::V2_0,
}
