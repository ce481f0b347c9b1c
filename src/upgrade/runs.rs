//! What changes in the run: the same flows under the rules of two versions, compared by task and by value.
//!
//! A run of a ForEach for a value and the iteration of a Loop for it are the same run here: what counts are the flow, the values
//! around the run, its task, and which run of these it is.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::cause::{Cause, cause};
use super::proof::Proofs;
use super::ran::{Key, Ran, by_key, fact};
use crate::analysis::makespan::{makespan, numbers};
use crate::flow::state::State;
use crate::flow::{Flow, Kind, Task, Version};
use crate::sim::scenario::Scenario;
use crate::sim::trace::{RunIdx, Trace};
use crate::source::Source;
use crate::time::SimTime;

/// Two runs of a flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runs {
    /// The id of the flow that runs.
    pub flow: Rc<str>,
    /// Until the end of the execution, before and after.
    pub makespans: [SimTime; 2],
    /// How the execution ended; `None` when it was stopped.
    pub states: [Option<State>; 2],
    /// What differs, in order of time.
    pub rows: Vec<Row>,
}

/// A task whose runs differ, or those for one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The id of the task, with the values that it ran for: `load [eu]`.
    pub name: String,
    /// What its runs have in common.
    pub key: Key,
    /// Before and after; `None` where it did not run.
    pub seen: [Option<Seen>; 2],
    /// What makes the difference.
    pub cause: Cause,
}

/// The runs of a task for one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// How many.
    pub n_runs: usize,
    /// When the first one was made.
    pub start: SimTime,
    /// When the last one ended.
    pub end: SimTime,
    /// The state of the last one.
    pub state: State,
}

/// The runs of each key.
type ByKey = BTreeMap<Key, Vec<RunIdx>>;

/// The runs of a key, before and after.
type Sides<'a> = [Option<&'a Vec<RunIdx>>; 2];

/// Runs a text under the rules of its version, and the rewritten text under those of the newer one. `None` when one of them has errors.
#[must_use]
pub fn compare(before: &Source, from: Version, after: &Source, to: Version, scenario: &Scenario) -> Option<Runs> {
    Some(differences(&Ran::of(before, from, None, scenario)?, &Ran::of(after, to, None, scenario)?, scenario))
}

/// What differs between two runs, each difference with the rule that makes it.
#[must_use]
pub fn differences(before: &Ran, after: &Ran, scenario: &Scenario) -> Runs {
    Runs {
        flow: Rc::clone(&before.flows[0].id),
        makespans: [makespan(&before.trace), makespan(&after.trace)],
        states: [before, after].map(|ran| numbers(&ran.flows[0], &ran.trace).state),
        rows: rows(before, after, scenario),
    }
}

fn rows(before: &Ran, after: &Ran, scenario: &Scenario) -> Vec<Row> {
    let [mut old, mut new] = [before, after].map(|ran| by_key(&ran.flows, &ran.trace));
    let by_item = ids(before, calls_by_item);
    let calls: Vec<Key> = old.keys().filter(|key| by_item.contains(&(&key.0, &key.2))).cloned().collect();
    calls.iter().for_each(|key| drop_same_calls(key, [before, after], &mut old, &mut new));
    let mut keys: Vec<(&Key, Sides<'_>)> = old.iter().map(|(key, runs)| (key, [Some(runs), new.get(key)])).collect();
    keys.extend(new.iter().filter(|(key, _)| !old.contains_key(key)).map(|(key, runs)| (key, [None, Some(runs)])));
    // A task that only one of the texts has was added by the rewrite.
    let known = [before, after].map(|ran| ids(ran, |_, _| true));
    keys.retain(|(key, _)| known.iter().all(|known| known.contains(&(&key.0, &key.2))));
    let mut differing = Vec::new();
    for (key, runs) in keys {
        if let Some(at) = differs_from(before, after, runs) {
            let first = runs.iter().flatten().filter_map(|runs| runs.first()).min().copied().unwrap_or(RunIdx(0));
            differing.push((at, first, key, runs));
        }
    }
    if differing.is_empty() {
        return Vec::new();
    }
    differing.sort_by(|one, other| (one.0, one.1, one.2).cmp(&(other.0, other.1, other.2)));
    let proofs = Proofs::new(before, after, scenario);
    let (mut rows, mut explained) = (Vec::new(), Vec::new());
    for (_, _, key, runs) in differing {
        let name = name(before, key);
        let last = runs.map(|runs| runs.and_then(|runs| runs.last()).copied());
        let (cause, basis) = cause(&proofs, key, last, &explained);
        explained.push((name.clone(), basis, cause.section));
        let [old, new] = runs;
        let seen = [old.map(|runs| seen(&before.trace, runs)), new.map(|runs| seen(&after.trace, runs))];
        rows.push(Row { name, key: key.clone(), seen, cause });
    }
    rows
}

/// The ids of such tasks, each with that of its flow.
fn ids(ran: &Ran, is: impl Fn(&Flow, &Task) -> bool) -> BTreeSet<(&Rc<str>, &Rc<str>)> {
    let of = |flow| Flow::iter(flow).filter(|(_, task)| is(flow, task)).map(|(_, task)| (&flow.id, &task.id));
    ran.flows.iter().flat_map(of).collect()
}

/// Whether a task is the part of a ForEachItem that calls a flow for each part of the file.
fn calls_by_item(flow: &Flow, task: &Task) -> bool {
    task.parent.is_some_and(|group| matches!(flow.task(group).kind, Kind::ForEachItem(_)))
}

/// Leaves the run of a ForEachItem and those of the Loop in its place out, when they begin, end and come out alike: it is one run for all
/// parts before, and one for each part after.
fn drop_same_calls(key: &Key, [before, after]: [&Ran; 2], old: &mut ByKey, new: &mut ByKey) {
    let is_part = |other: &&Key| other.0 == key.0 && other.2 == key.2 && other.1.len() == key.1.len() + 1 && other.1.starts_with(&key.1);
    let parts: Vec<Key> = new.keys().filter(is_part).cloned().collect();
    let all: Vec<RunIdx> = parts.iter().filter_map(|part| new.get(part)).flatten().copied().collect();
    let Some(one) = old.get(key).filter(|_| !all.is_empty()) else { return };
    let [one, all] = [seen(&before.trace, one), seen(&after.trace, &all)];
    if (one.start, one.end, one.state) == (all.start, all.end, all.state) {
        old.remove(key);
        parts.iter().for_each(|part| _ = new.remove(part));
    }
}

/// When the first of the runs differ; `None` when all are the same.
fn differs_from(before: &Ran, after: &Ran, [old, new]: Sides<'_>) -> Option<SimTime> {
    let of = |ran: &Ran, runs: Option<&Vec<RunIdx>>| runs.into_iter().flatten().map(|run| fact(&ran.trace, *run)).collect::<Vec<_>>();
    let (old, new) = (of(before, old), of(after, new));
    let first = old.iter().zip(&new).find(|(old, new)| old != new);
    if let Some((old, new)) = first {
        return Some(if old.0 == new.0 { old.1.min(new.1) } else { old.0.min(new.0) });
    }
    let further = old.get(new.len()).or_else(|| new.get(old.len()));
    further.map(|further| further.0)
}

fn seen(trace: &Trace, runs: &[RunIdx]) -> Seen {
    let last = runs.last().copied().unwrap_or(RunIdx(0));
    Seen {
        n_runs: runs.len(),
        start: runs.iter().map(|run| trace.created(*run)).min().unwrap_or_default(),
        end: runs.iter().map(|run| trace.ended(*run)).max().unwrap_or_default(),
        state: trace.state(last),
    }
}

fn name(before: &Ran, (flow, values, task): &Key) -> String {
    let of_flow = if before.flows[0].id == *flow { String::new() } else { format!("{flow}.") };
    let values: String = values.iter().map(|value| format!(" [{}]", crate::sim::names::short(value))).collect();
    format!("{of_flow}{task}{values}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::human;
    use crate::upgrade::{Move, upgrade};

    /// What differs between a flow for 1.3 and its upgrade, a line a row.
    fn check(tasks: &str, keep: bool) -> String {
        let before = Source::new("flow.yaml", format!("id: f\nnamespace: n\ntasks:\n{}", tasks.trim_start_matches('\n')));
        let versions = Move { from: Version::V1_3, to: Version::V2_0, keep };
        let after = Source::new("flow.yaml", upgrade(&before, versions).text);
        let runs = compare(&before, versions.from, &after, versions.to, &Scenario::default()).expect("both can be run");
        let side = |seen: Option<Seen>| match seen {
            None => "-".to_owned(),
            Some(seen) => format!("{}x {}..{} {}", seen.n_runs, human(seen.start), human(seen.end), seen.state.as_str()),
        };
        let row = |row: &Row| {
            format!("{}: {} | {} | {} ({})\n", row.name, side(row.seen[0]), side(row.seen[1]), row.cause.sentence, row.cause.section)
        };
        let [old, new] = runs.makespans.map(human);
        format!("{old} to {new}\n{}", runs.rows.iter().map(row).collect::<String>())
    }

    const PARALLEL: &str = "
  - id: both
    type: io.kestra.plugin.core.flow.Parallel
    tasks:
      - {id: bad, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S} # sim: 1s fail
      - id: branch
        type: io.kestra.plugin.core.flow.Sequential
        tasks:
          - {id: long, type: io.kestra.plugin.core.flow.Sleep, duration: PT3S}
";

    #[test]
    fn an_interruption_has_its_rule_and_can_be_kept_out() {
        insta::assert_snapshot!(check(PARALLEL, false), @"
        1.0 s to 1.0 s
        long: 1x 0 s..3.0 s SUCCESS | 1x 0 s..1.0 s FAILED | a failed child of `both` interrupts its other children (onChildFailure)
        ");
        insta::assert_snapshot!(check(PARALLEL, true), @"1.0 s to 1.0 s");
    }

    #[test]
    fn between_other_versions_no_rule_is_claimed() {
        let source = Source::new("flow.yaml", format!("id: f\nnamespace: n\ntasks:\n{}", PARALLEL.trim_start_matches('\n')));
        let runs = compare(&source, Version::V0_21, &source, Version::V2_0, &Scenario::default()).expect("both can be run");
        let sentences: Vec<&str> = runs.rows.iter().map(|row| &*row.cause.sentence).collect();
        assert_eq!(sentences, ["which rule makes the difference is shown only from 1.3 to 2.0"; 2]);
    }

    #[test]
    fn of_two_rules_the_one_that_explains_the_state_is_named() {
        let until = r#"
  - id: poll
    type: io.kestra.plugin.core.flow.LoopUntil
    condition: "{{ outputs.poll.iterationCount >= 3 }}"
    checkFrequency: {interval: PT1S}
    tasks:
      - {id: ask, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
"#;
        insta::assert_snapshot!(check(&[until, PARALLEL.trim_start_matches('\n')].concat(), false), @"
        4.0 s to 6.0 s
        ask: 1x 2.0 s..3.0 s SUCCESS | 1x 4.0 s..5.0 s SUCCESS | the condition of `poll` sees the rounds that have been, not the one to come (LoopUntil)
        poll: 1x 0 s..3.0 s SUCCESS | 1x 0 s..5.0 s SUCCESS | the condition of `poll` sees the rounds that have been, not the one to come (LoopUntil)
        both: 1x 3.0 s..4.0 s FAILED | 1x 5.0 s..6.0 s FAILED | it follows from an earlier difference: `ask` (LoopUntil)
        bad: 1x 3.0 s..4.0 s FAILED | 1x 5.0 s..6.0 s FAILED | it follows from an earlier difference: `ask` (LoopUntil)
        branch: 1x 3.0 s..4.0 s FAILED | 1x 5.0 s..6.0 s FAILED | it follows from an earlier difference: `ask` (LoopUntil)
        long: 1x 3.0 s..6.0 s SUCCESS | 1x 5.0 s..6.0 s FAILED | a failed child of `both` interrupts its other children; its times differ by another rule (onChildFailure)
        ");
    }

    #[test]
    fn values_of_a_for_each_are_those_of_the_loop() {
        let each = r#"
  - id: outer
    type: io.kestra.plugin.core.flow.ForEach
    values: [a, b]
    tasks:
      - id: inner
        type: io.kestra.plugin.core.flow.ForEach
        values: [x, y]
        concurrencyLimit: 0
        tasks:
          - {id: nap, type: io.kestra.plugin.core.flow.Sleep, duration: "PT{{ taskrun.value == 'x' ? 1 : 2 }}S"}
"#;
        insta::assert_snapshot!(check(each, false), @"4.0 s to 4.0 s");
    }

    #[test]
    fn what_fails_in_a_loop_does_not_hold_others_back() {
        let each = r#"
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: [a, b]
    concurrencyLimit: 0
    tasks:
      - {id: bad, type: io.kestra.plugin.core.execution.Fail, condition: "{{ taskrun.value == 'a' }}"}
      - {id: nap, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
      - {id: end, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
"#;
        insta::assert_snapshot!(check(each, false), @"
        0 s to 0 s
        nap [b]: - | 1x 0 s..1.0 s SUCCESS | when a value of the Loop `each` fails, no other one begins, and those under way go on to their end (Loop)
        end [b]: - | 1x 1.0 s..2.0 s SUCCESS | when a value of the Loop `each` fails, no other one begins, and those under way go on to their end (Loop)
        ");
    }
}
