//! The claims of `explain --all --format json` about examples and random flows, checked against their runs; the plan and the
//! bounds, checked against all limits.

#[allow(dead_code)] // Other tests use the rest.
mod any_group;
mod claim_checker;
#[allow(dead_code)] // Likewise.
mod support;

use std::fs;

use parallelogram::analysis::bounds::lower_bounds;
use parallelogram::analysis::claims::{Change, Claim};
use parallelogram::analysis::critical_path::path;
use parallelogram::analysis::curve::{curve, knees, slower, steps};
use parallelogram::analysis::explanation::{of_flow, rows};
use parallelogram::analysis::help::Help;
use parallelogram::analysis::makespan::{makespan, running_time};
use parallelogram::analysis::optimize::{best, optimize, orders};
use parallelogram::analysis::segments::{SegmentKind, segments};
use parallelogram::analysis::sentence::plain;
use parallelogram::flow::{Flow, Version, read_text, read_text_for};
use parallelogram::render::explain::{json, plan_text};
use parallelogram::sim::names::taskrun_id;
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::simulate;
use parallelogram::sim::trace::{RunIdx, Trace};
use parallelogram::source::Source;
use parallelogram::time::SimTime;
use proptest::prelude::*;

use claim_checker::Checker;
use support::flows_for;

/// Checks all claims about a run: how many there are, and those that are false.
fn check(flows: &[Flow], scenario: &Scenario) -> (usize, Vec<String>) {
    let trace = simulate(flows, scenario);
    let runs: Vec<RunIdx> = trace.iter().filter(|(_, run)| !run.dropped).map(|(run, _)| run).collect();
    let text = json(flows, &trace, &rows(flows, scenario, &trace, &runs), &of_flow(flows, scenario, &trace));
    Checker::new(flows, scenario, &trace).all(&text)
}

/// The flows of each example in each version that has them.
fn examples() -> Vec<(String, Vec<Flow>)> {
    let mut paths: Vec<_> = fs::read_dir("examples").expect("there are examples").map(|file| file.expect("it is there").path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let source = Source::new(path.display().to_string(), fs::read_to_string(&path).expect("an example is text"));
        for version in Version::ALL {
            let (_, flows, _) = read_text_for(&source, Some(version));
            if !flows.is_empty() {
                found.push((format!("{} for {}", path.display(), version.as_str()), flows));
            }
        }
    }
    found
}

#[test]
fn every_claim_about_every_example_is_true_in_every_version() {
    let mut n_claims = 0;
    let servers =
        [Scenario::default(), Scenario { workers: Some(2), ..Scenario::default() }, Scenario { executions: 3, ..Scenario::default() }];
    for (name, flows) in examples() {
        for scenario in &servers {
            let (n, wrong) = check(&flows, scenario);
            assert!(wrong.is_empty(), "{name}, {:?} workers:\n{}", scenario.workers, wrong.join("\n"));
            n_claims += n;
        }
    }
    assert!(n_claims > 1_000, "only {n_claims} claims were checked");
}

#[test]
fn who_held_the_slots_when_more_are_slower_is_true_in_every_example() {
    let mut n_checked = 0;
    for (name, flows) in examples() {
        for n in 1..6 {
            let groups = flows[0].tasks.iter().filter(|task| task.has_slots()).map(|task| (task.id.to_string(), n));
            let scenario = Scenario { concurrent: groups.collect(), ..Scenario::default() };
            n_checked += who_held_the_slots_is_true(&flows, &scenario).unwrap_or_else(|why| panic!("{why} in {name}"));
        }
    }
    assert!(n_checked > 0);
}

/// What the page said before its sentences came from claims: t9 waits for t1, and t5 ends at 6 s.
#[test]
fn a_false_claim_is_found() {
    let text = parallelogram::examples::find("graham").expect("it is there").text;
    let (_, flows, _) = read_text(&Source::new("flow.yaml", text));
    let scenario = Scenario::default();
    let trace = simulate(&flows, &scenario);
    let run_of = |id: &str| trace.iter().find(|(_, run)| &*flows[0].task(run.task).id == id).expect("it ran").0;
    let claim = serde_json::json!({
        "text": "t9 waited 3.0 s because it depends on t5 in `graph`. It started when t5 ended at 3.0 s; more slots would not help.",
        "claim": { "kind": "waited", "for": "dependsOn", "fromMs": 0, "toMs": 3000, "by": [{ "taskRunId": taskrun_id(0, run_of("t5")), "untilMs": 3000 }] },
    });
    let mut checker = Checker::new(&flows, &scenario, &trace);
    checker.check(Some(run_of("t9")), &claim);
    assert_eq!(checker.wrong.len(), 1, "{:?}", checker.wrong);
    let unproved = serde_json::json!({ "text": "More slots would not help." });
    checker.check(Some(run_of("t9")), &unproved);
    assert_eq!(checker.wrong.len(), 2, "{:?}", checker.wrong);
}

/// On two slots c begins when a ends. A longer b makes nothing later until it outlasts c; a shorter one hands its slot to c.
#[test]
fn a_task_that_may_grow_but_not_shrink_has_no_slack() {
    let text = "id: f\nnamespace: n\ntasks:\n  - id: p\n    type: io.kestra.plugin.core.flow.Parallel\n    concurrent: 2\n    tasks:\n      \
        - {id: a, type: io.kestra.plugin.core.flow.Sleep, duration: PT1M}\n      \
        - {id: b, type: io.kestra.plugin.core.flow.Sleep, duration: PT1M1S}\n      \
        - {id: c, type: io.kestra.plugin.core.flow.Sleep, duration: PT6M}\n";
    let flows = flows_for(text, Version::V2_0);
    let scenario = Scenario::default();
    let trace = simulate(&flows, &scenario);
    let runs: Vec<RunIdx> = trace.iter().map(|(run, _)| run).collect();
    let rows = rows(&flows, &scenario, &trace, &runs);
    let slack = rows[2].help.iter().map(|claim| plain(&claim.sentence(&flows, &trace))).find(|said| said.contains("longer"));
    assert_eq!(
        slack.as_deref(),
        Some(
            "b could take 5 m 59 s longer and nothing would end later. Yet its length matters: if it took 1 m 1 s less, the flow would take 6 m instead of 7 m."
        )
    );
}

#[test]
fn knees_equal_brute_force() {
    for (name, flows) in examples() {
        let trace = simulate(&flows, &Scenario::default());
        for task in flows[0].tasks.iter().filter(|task| task.has_slots()) {
            let most = task.lists.tasks.len().max(2) as u32 * 2;
            let all = curve(&flows, &Scenario::default(), &task.id, 1..=most);
            let smallest_of = |point: &u32| all[*point as usize - 1].makespan;
            let found = knees(&steps(&flows, &Scenario::default(), &task.id, most));
            let first = |n: &u32| (1..*n).all(|before| smallest_of(&before) != smallest_of(n));
            assert_eq!(found, (1..=most).filter(first).collect::<Vec<_>>(), "{name}, {}", task.id);
            for (more, fewer) in slower(&all) {
                assert!(smallest_of(&more) > smallest_of(&fewer), "{name}: {more} is not slower than {fewer}");
            }
            assert!(trace.runs.len() < 10_000);
        }
    }
}

#[test]
fn the_plan_is_the_best_of_all_limits() {
    for (name, flows) in examples() {
        let scenario = Scenario::default();
        let trace = simulate(&flows, &scenario);
        let plan = optimize(&flows, &trace, &Help::new(&flows, &scenario, &trace), Some(4));
        let groups: Vec<&str> = plan.limits.iter().map(|limit| &*limit.group).collect();
        let mut combinations: Vec<Vec<u32>> = vec![Vec::new()];
        for _ in &groups {
            combinations = combinations.iter().flat_map(|limits| (1..=4).map(|n| [&limits[..], &[n]].concat())).collect();
        }
        let of = |limits: &[u32]| {
            let concurrent = groups.iter().zip(limits).map(|(group, limit)| ((*group).to_owned(), *limit)).collect();
            makespan(&simulate(&flows, &Scenario { concurrent, ..scenario.clone() }))
        };
        let is_good = |found: SimTime| if plan.is_close { found.0 * 100 <= plan.bound.0 * 101 } else { found <= plan.makespan };
        let sum = plan.limits.iter().map(|limit| limit.limit).sum::<u32>();
        for limits in &combinations {
            let found = of(limits);
            assert!(plan.is_close || found >= plan.makespan, "{name}: {limits:?} takes {found:?}, the plan {:?}", plan.makespan);
            assert!(!is_good(found) || limits.iter().sum::<u32>() >= sum, "{name}: {limits:?} has fewer slots than {plan:?}");
        }
        if let Some(next) = &plan.next {
            assert!(next.makespan < next.now_makespan);
        }
    }
}

/// Tasks whose lengths are drawn, from and to in seconds, in one group or in two, one after the other.
fn drawn(slots: &[u32], lengths: &[(u64, u64)]) -> Vec<Flow> {
    let mut text = "id: f\nnamespace: n\ntasks:\n".to_owned();
    for (n, slots) in slots.iter().enumerate() {
        text += &format!("  - id: p{n}\n    type: io.kestra.plugin.core.flow.Parallel\n    concurrent: {slots}\n    tasks:\n");
        for (nth, (from, more)) in lengths.iter().enumerate() {
            text += &format!("      - {{id: t{n}x{nth}, type: io.kestra.plugin.core.debug.Return}} # sim: {from}s..{}s\n", from + more);
        }
    }
    flows_for(&text, Version::V2_0)
}

/// The claim of the best next change of a flow whose lengths are drawn, recomputed from runs of every change with each seed.
fn the_best_change_holds_over_runs(flows: &[Flow]) -> Result<(), TestCaseError> {
    let scenario = Scenario::default();
    let trace = simulate(flows, &scenario);
    let help = Help::new(flows, &scenario, &trace);
    let set = |id: &str, n: u32| Change::Set(vec![(id.to_owned(), n)]);
    let limits = flows[0].iter().filter(|(_, task)| task.has_slots());
    let limits = limits.flat_map(|(idx, task)| (1..=help.n_children(idx)).map(move |n| set(&task.id, n)));
    let changes: Vec<Change> = limits.chain(orders(&flows[0])).collect();
    let savings = |change: &Change| -> Vec<i64> {
        let (flows_then, scenario_then) = change.apply(flows, &scenario, &trace).expect("it can be made");
        let of = |flows: &[Flow], scenario: &Scenario, seed| makespan(&simulate(flows, &Scenario { seed, ..scenario.clone() })).0 as i64;
        (0..20).map(|seed| of(flows, &scenario, seed) - of(&flows_then, &scenario_then, seed)).collect()
    };
    let all: Vec<(Change, Vec<i64>)> = changes.into_iter().map(|change| (change.clone(), savings(&change))).collect();
    // It must shorten the run on show and 15 of all 20.
    let n_shorter = |savings: &[i64]| savings.iter().filter(|saving| **saving > 0).count();
    let most = all.iter().filter(|(_, savings)| savings[0] > 0 && n_shorter(savings) >= 15);
    let most = most.filter_map(|(_, savings)| middle_saving(savings)).max();
    let best = best(flows, &trace, &help, None);
    prop_assert_eq!(
        best.as_ref().map(|best| best.runs.map(|runs| (runs.n, runs.median_saving.0 as i64))),
        most.map(|most| Some((20, most)))
    );
    if let Some((best, runs)) = best.as_ref().and_then(|best| Some((best, best.runs?))) {
        let own = &all.iter().find(|(change, _)| *change == best.change).expect("it is one of them").1;
        let is_best = |seed: &usize| own[*seed] > 0 && all.iter().all(|(_, other)| other[*seed] <= own[*seed]);
        prop_assert_eq!((runs.n_best as usize, runs.n_shorter as usize), ((0..20).filter(is_best).count(), n_shorter(own)));
        let said = plain(&Claim::Changed(best.clone()).sentence(flows, &trace));
        prop_assert!(said.contains(&format!("This shortens {} of 20 runs (seeds 0 to 19); ", runs.n_shorter)), "{}", said);
        prop_assert!(said.contains(&format!("In {} of them no other limit or order saves more", runs.n_best)), "{}", said);
        prop_assert!(said.contains("this run (seed 0) would"), "{}", said);
    }
    Ok(())
}

/// The mean, rounded down, of the largest saving that ten of twenty runs reach and of the largest that eleven reach.
fn middle_saving(savings: &[i64]) -> Option<i64> {
    let reached_by = |n: usize| savings.iter().copied().filter(|least| savings.iter().filter(|saving| *saving >= least).count() >= n).max();
    Some((reached_by(10)? + reached_by(11)?).div_euclid(2))
}

#[test]
fn the_best_change_of_drawn_lengths_is_that_of_many_runs() {
    let flows = drawn(&[1, 1], &[(1, 2), (1, 8), (2, 9)]);
    let (scenario, trace) = (Scenario::default(), simulate(&flows, &Scenario::default()));
    let best = best(&flows, &trace, &Help::new(&flows, &scenario, &trace), None).expect("more slots help");
    insta::assert_snapshot!(plain(&Claim::Changed(best).sentence(&flows, &trace)), @"With `concurrent: 3` of `p1` this run (seed 0) would take 18.119 s instead of 21.906 s. This shortens 20 of 20 runs (seeds 0 to 19); the median saving is 5.507 s. In 10 of them no other limit or order saves more.");
}

/// The plan of a flow whose lengths are drawn says which run its limits are for, and what they do to others. On one core no limit helps.
#[test]
fn the_plan_of_drawn_lengths_names_its_runs() {
    let flows = drawn(&[1, 1], &[(1, 8), (1, 8), (1, 8)]);
    let said = |cores: Option<u32>| {
        let scenario = Scenario { cores, ..Scenario::default() };
        let trace = simulate(&flows, &scenario);
        plan_text(&flows, &trace, &optimize(&flows, &trace, &Help::new(&flows, &scenario, &trace), None))
    };
    insta::assert_snapshot!(said(None), @"
    This run (seed 0) takes 24.03 s. With any limits it takes at least 11.964 s.
    Best next change: With `concurrent: 3` of `p1` this run (seed 0) would take 16.828 s instead of 24.03 s. This shortens 20 of 20 runs (seeds 0 to 19); the median saving is 7.712 s. In 11 of them no other limit or order saves more.
    The fewest slots for the best time of this run (seed 0): p0=3,p1=3. This run (seed 0) would take 11.964 s, which is within 1 % of that.
    This shortens 20 of 20 runs (seeds 0 to 19); the median saving is 15.56 s.

    group                       now  then  if it stayed
    p0                            1     3      16.828 s
    p1                            1     3      19.166 s
    ");
    insta::assert_snapshot!(said(Some(1)), @"
    This run (seed 0) takes 24.03 s. With any limits it takes at least 24.03 s.
    No single change helps: no limit and no order of a group that was tried makes this run and at least 15 of 20 runs (seeds 0 to 19) shorter.
    The fewest slots for the best time of this run (seed 0): p0=1,p1=1. This run (seed 0) would take 24.03 s, which is within 1 % of that.

    group                       now  then  if it stayed
    p0                            1     1       24.03 s
    p1                            1     1       24.03 s
    ");
}

/// All orders of a list.
fn orders_of<T: Clone>(list: &[T]) -> Vec<Vec<T>> {
    if list.is_empty() {
        return vec![Vec::new()];
    }
    let first = |n: usize| {
        let rest = [&list[..n], &list[n + 1..]].concat();
        orders_of(&rest).into_iter().map(move |order| [&list[n..=n], &order[..]].concat())
    };
    (0..list.len()).flat_map(first).collect()
}

/// A task of so many seconds, and a group `outer` whose children are such tasks and a group `inner`.
fn nested(first: u64, slots: [u32; 2], outer: &[u64], inner: &[u64]) -> Vec<Flow> {
    let sleep =
        |indent: &str, id: String, s: &u64| format!("{indent}- {{id: {id}, type: io.kestra.plugin.core.flow.Sleep, duration: PT{s}S}}\n");
    let group = |indent: &str, id: &str, slots: u32| {
        format!(
            "{indent}- id: {id}\n{indent}  type: io.kestra.plugin.core.flow.Parallel\n{indent}  concurrent: {slots}\n{indent}  tasks:\n"
        )
    };
    let mut text = format!("id: f\nnamespace: n\ntasks:\n{}{}", sleep("  ", "first".into(), &first), group("  ", "outer", slots[0]));
    for (n, s) in outer.iter().enumerate() {
        // A length of 0 stands for the inner group.
        if *s > 0 {
            text += &sleep("      ", format!("o{n}"), s);
        } else {
            text += &group("      ", "inner", slots[1]);
            inner.iter().enumerate().for_each(|(n, s)| text += &sleep("          ", format!("i{n}"), s));
        }
    }
    flows_for(&text, Version::V2_0)
}

/// What is claimed that no schedule beats is beaten by no order of the tasks, and the least of all limits by no limits.
fn no_schedule_beats_the_bounds(first: u64, slots: [u32; 2], outer: &[u64], inner: &[u64]) -> Result<(), TestCaseError> {
    let plain = Scenario::default();
    let flows = nested(first, slots, outer, inner);
    let bounds = lower_bounds(&flows[0], &simulate(&flows, &plain));
    let mut shortest = u64::MAX;
    for outer in orders_of(outer) {
        for inner in orders_of(inner) {
            let flows = nested(first, slots, &outer, &inner);
            shortest = shortest.min(makespan(&simulate(&flows, &plain)).0);
        }
    }
    prop_assert!(bounds.best().0 <= shortest, "{:?} of {}", bounds, shortest);
    let limits = (0..=4).flat_map(|outer| (0..=4).map(move |inner| [outer, inner]));
    for [n_outer, n_inner] in limits {
        let found = with(&flows, &[("outer", n_outer), ("inner", n_inner)]);
        prop_assert!(bounds.with_any_limits() <= found, "{:?} of {:?} with {} and {}", bounds, found, n_outer, n_inner);
    }
    // The same, by hand.
    let by = |sum: u64, slots: u32| if slots == 0 { 0 } else { (sum * 1000).div_ceil(u64::from(slots)) };
    let of_inner = by(inner.iter().sum(), slots[1]).max(inner.iter().max().map_or(0, |most| most * 1000));
    let lengths: Vec<u64> = outer.iter().map(|s| if *s > 0 { s * 1000 } else { of_inner }).collect();
    let area = if slots[0] == 0 { 0 } else { lengths.iter().sum::<u64>().div_ceil(u64::from(slots[0])) };
    prop_assert_eq!(bounds.best().0, first * 1000 + area.max(lengths.iter().copied().max().unwrap_or(0)));
    Ok(())
}

#[test]
fn the_work_of_a_group_bounds_its_time() {
    let flows = nested(1, [3, 0], &[5, 5, 3, 3], &[]);
    let (scenario, trace) = (Scenario::default(), simulate(&flows, &Scenario::default()));
    let said: Vec<String> = of_flow(&flows, &scenario, &trace)
        .iter()
        .filter(|claim| matches!(claim, Claim::Bound(_)))
        .map(|claim| plain(&claim.sentence(&flows, &trace)))
        .collect();
    insta::assert_snapshot!(said.join("\n"), @"
    No schedule takes less than 6.334 s with these limits: tasks and groups that run one after another last so long even with every slot always in use.
    With any limits the flow takes at least 6.0 s: so long is the longest chain of tasks that run one after another.
    16.0 s of work on 3 slots take at least 5.334 s.
    ");
}

#[test]
fn both_bounds_hold_and_no_leaf_is_longer_than_the_run() {
    for (name, flows) in examples() {
        let trace = simulate(&flows, &Scenario::default());
        let bounds = lower_bounds(&flows[0], &trace);
        assert!(bounds.chain <= makespan(&trace) && bounds.area.is_none_or(|area| area <= makespan(&trace)), "{name}");
        assert!(bounds.best() <= makespan(&trace) && bounds.chain <= bounds.limited, "{name}");
        assert!(trace.iter().all(|(run, _)| running_time(&trace, run) <= trace.end));
    }
}

/// Where a slot more makes a flow slower and the answer says who held the slots, they did, and with one slot fewer the same task
/// waited less for one.
fn who_held_the_slots_is_true(flows: &[Flow], scenario: &Scenario) -> Result<usize, TestCaseError> {
    let (flow, trace) = (&flows[0], simulate(flows, scenario));
    let help = Help::new(flows, scenario, &trace);
    let mut n_checked = 0;
    for alike in flow.iter().filter(|(_, task)| task.has_slots()).filter_map(|(group, _)| help.alike(group)) {
        let Some((wait, fewer_wait)) = alike.wait.clone() else { continue };
        n_checked += 1;
        let said = plain(&Claim::Alike(alike.clone()).sentence(flows, &trace));
        let mut scenario = scenario.clone();
        scenario.concurrent.insert(alike.group.clone(), alike.slots - 1);
        let fewer = simulate(flows, &scenario);
        let slot_waits = |trace: &Trace, run: RunIdx| -> Vec<(u64, u64)> {
            let waits = segments(trace, run).into_iter().filter(|segment| segment.kind == SegmentKind::WaitSlot);
            waits.map(|wait| (wait.from.0, wait.to.0)).collect()
        };
        prop_assert!(slot_waits(&trace, wait.run).contains(&(wait.from.0, wait.to.0)), "{}", said);
        prop_assert_eq!(trace.run(wait.run).parent.map(|group| trace.run(group).concurrent as usize), Some(wait.by.len()), "{}", said);
        for by in &wait.by {
            let is_sibling = trace.run(by.run).parent == trace.run(wait.run).parent;
            prop_assert!(is_sibling && trace.created(by.run) <= wait.from && trace.ended(by.run) > wait.from, "{}", said);
            prop_assert!(said.contains(&**trace.task_of(flows, by.run).title()), "{}", said);
        }
        let about = |trace: &Trace, run: RunIdx| (trace.run(run).task, trace.run(run).value.clone(), trace.run(run).iteration);
        let same = fewer.iter().map(|(run, _)| run).filter(|run| about(&fewer, *run) == about(&trace, wait.run));
        let waited: Vec<u64> = same.map(|run| slot_waits(&fewer, run).iter().map(|(from, to)| to - from).sum()).collect();
        prop_assert!(waited.contains(&fewer_wait.0) && fewer_wait < wait.to - wait.from, "{}", said);
        prop_assert_eq!(fewer_wait == SimTime::ZERO, said.ends_with(" it waits for none."), "{}", said);
    }
    Ok(n_checked)
}

fn read(block: &any_group::Block) -> Vec<Flow> {
    flows_for(&any_group::write::text(block), block.version)
}

/// A case takes hundreds of simulations, so there are fewer than usual, unless the environment sets how many.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { usual.cases } else { 48 };
    // What is found is kept as a text: see `any_group::found`.
    ProptestConfig { cases, max_shrink_iters: 400, failure_persistence: None, ..usual }
}

/// The makespan with other limits.
fn with(flows: &[Flow], limits: &[(&str, u32)]) -> SimTime {
    let concurrent = limits.iter().map(|(group, limit)| ((*group).to_owned(), *limit)).collect();
    makespan(&simulate(flows, &Scenario { concurrent, ..Scenario::default() }))
}

/// The best change and the knees of all curves equal those that trying every limit finds.
fn equal_brute_force(flows: &[Flow]) -> Result<(), TestCaseError> {
    let (flow, scenario) = (&flows[0], Scenario::default());
    // Where a retry makes a new execution, a curve shows when the last of them ends.
    if flow.tasks.iter().any(|task| task.retry.as_ref().is_some_and(|retry| retry.new_execution)) {
        return Ok(());
    }
    let trace = simulate(flows, &scenario);
    let help = Help::new(flows, &scenario, &trace);
    let mut shortest = makespan(&trace);
    for (idx, task) in flow.iter().filter(|(_, task)| task.has_slots()) {
        let most = help.n_children(idx);
        let all: Vec<SimTime> = (1..=most).map(|n| with(flows, &[(&task.id, n)])).collect();
        shortest = all.iter().copied().min().map_or(shortest, |least| least.min(shortest));
        let first = |n: &u32| (1..*n).all(|before| all[before as usize - 1] != all[*n as usize - 1]);
        prop_assert_eq!(knees(&steps(flows, &scenario, &task.id, most)), (1..=most).filter(first).collect::<Vec<_>>());
    }
    let best = best(flows, &trace, &help, None);
    let orders = orders(flow).filter_map(|change| help.makespan(&change)).min();
    shortest = orders.map_or(shortest, |least| least.min(shortest));
    prop_assert_eq!(best.map_or(makespan(&trace), |best| best.makespan), shortest);
    Ok(())
}

/// Where there is one critical path, a shorter task of it changes the makespan.
fn the_critical_path_decides(flows: &[Flow]) -> Result<(), TestCaseError> {
    let (flow, scenario) = (&flows[0], Scenario::default());
    let trace = simulate(flows, &scenario);
    let (found, help) = (path(flows, &trace), Help::new(flows, &scenario, &trace));
    for run in found.runs.iter().filter(|_| found.equals.is_empty()) {
        let task = flow.task(trace.run(*run).task);
        let n_runs = trace.runs.iter().filter(|other| other.task == trace.run(*run).task).count();
        let length = running_time(&trace, *run).0;
        if n_runs == 1 && length > 1 && !task.is_group() {
            let shorter = help.makespan(&Change::Duration(task.id.to_string(), length - 1));
            prop_assert_ne!(shorter, Some(makespan(&trace)), "{}", task.id);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_order_and_no_limits_beat_the_bounds(first in 0u64..3, slots in [0u32..4, 0u32..4], outer in prop::collection::vec(0u64..6, 1..5), inner in prop::collection::vec(1u64..6, 1..4)) {
        // There is one inner group at most.
        let mut seen = 0;
        let outer: Vec<u64> = outer.into_iter().map(|s| if s == 0 && std::mem::replace(&mut seen, 1) == 1 { 1 } else { s }).collect();
        no_schedule_beats_the_bounds(first + 1, slots, &outer, &inner)?;
    }

    #[test]
    fn the_best_change_of_drawn_lengths_equals_brute_force(slots in prop::collection::vec(0u32..4, 1..3), lengths in prop::collection::vec((1u64..9, 1u64..9), 2..6)) {
        let flows = drawn(&slots, &lengths);
        the_best_change_holds_over_runs(&flows)?;
        all_claims_are_true(&flows, None)?;
    }
}

fn all_claims_are_true(flows: &[Flow], workers: Option<u32>) -> Result<(), TestCaseError> {
    let (_, wrong) = check(flows, &Scenario { workers, ..Scenario::default() });
    prop_assert!(wrong.is_empty(), "with workers {:?}\n{}", workers, wrong.join("\n"));
    Ok(())
}

#[test]
fn what_was_false_of_a_random_flow_once_is_true() {
    for (version, text) in any_group::found::CLAIMED {
        let flows = flows_for(text, *version);
        let held = who_held_the_slots_is_true(&flows, &Scenario::default()).map(|_| ());
        for found in [equal_brute_force(&flows), the_critical_path_decides(&flows), all_claims_are_true(&flows, None), held] {
            found.unwrap_or_else(|why| panic!("{why} in {}\n{text}", version.as_str()));
        }
    }
}

/// The same for the random flows of each version.
macro_rules! in_version {
    ($($name:ident: $version:expr,)*) => {
        $(mod $name {
            use super::*;

            proptest! {
                #![proptest_config(config())]

                #[test]
                fn the_best_change_and_the_knees_equal_brute_force(block in any_group::flow($version, false)) {
                    equal_brute_force(&read(&block))?;
                }

                #[test]
                fn who_held_the_slots_of_a_slower_flow_is_true(block in any_group::flow($version, false)) {
                    who_held_the_slots_is_true(&read(&block), &Scenario::default())?;
                }

                #[test]
                fn a_shorter_task_on_the_only_critical_path_changes_the_makespan(block in any_group::flow($version, true)) {
                    the_critical_path_decides(&read(&block))?;
                }

                #[test]
                fn every_claim_is_true(block in any_group::flow($version, false), workers in prop::option::weighted(0.3, 1u32..4)) {
                    all_claims_are_true(&read(&block), workers)?;
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
