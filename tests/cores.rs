//! Tasks that share cores: the setting `cores` of a run.

#[allow(dead_code)] // Other tests use the rest.
mod any_group;
mod claim_checker;
mod support;

use parallelogram::analysis::explanation::{of_flow, rows};
use parallelogram::analysis::makespan::{makespan, numbers};
use parallelogram::analysis::sentence::plain;
use parallelogram::flow::{Flow, Version, read_text_for};
use parallelogram::render::explain::json;
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::simulate;
use parallelogram::sim::trace::{RunIdx, TaskRun, Trace};
use parallelogram::source::Source;
use proptest::prelude::*;
use support::flows;

use claim_checker::Checker;

fn with_cores(cores: u32) -> Scenario {
    Scenario { cores: Some(cores), ..Scenario::default() }
}

/// A Parallel of sleeping tasks `t0`, `t1`, … of these lengths in milliseconds.
fn side_by_side(slots: u32, lengths: &[u64]) -> String {
    let task = |(n, ms): (usize, &u64)| {
        // Kestra 2.0 fails a Sleep that takes no time.
        let work = if *ms == 0 { "debug.Return".to_owned() } else { format!("flow.Sleep, duration: PT{}.{:03}S", ms / 1000, ms % 1000) };
        format!("      - {{id: t{n}, type: io.kestra.plugin.core.{work}}}\n")
    };
    let tasks: String = lengths.iter().enumerate().map(task).collect();
    format!(
        "id: f\nnamespace: n\ntasks:\n  - id: p\n    type: io.kestra.plugin.core.flow.Parallel\n    concurrent: {slots}\n    tasks:\n{tasks}"
    )
}

/// When the task of this id ended.
fn end(flows: &[Flow], trace: &Trace, id: &str) -> u64 {
    let (run, _) = trace.iter().find(|(run, _)| *trace.task_of(flows, *run).id == *id).expect("it ran");
    trace.ended(run).0
}

#[test]
fn three_tasks_on_two_cores_take_half_as_long_again() {
    let flows = flows(&side_by_side(3, &[1000, 1000, 1000]));
    let makespans = [1, 2, 3, 4].map(|cores| makespan(&simulate(&flows, &with_cores(cores))).0);
    assert_eq!(makespans, [3000, 1500, 1000, 1000]);
}

#[test]
fn a_task_goes_on_faster_once_another_has_ended() {
    let flows = flows(&side_by_side(2, &[1000, 3000]));
    let trace = simulate(&flows, &with_cores(1));
    // Both at half speed until t0 has done its 1 s at 2 s; t1 has then 2 s left.
    assert_eq!([end(&flows, &trace, "t0"), end(&flows, &trace, "t1")], [2000, 4000]);
    let numbers = numbers(&flows[0], &trace);
    assert_eq!((numbers.work.0, numbers.speedup_hundredths()), (4000, 100));
}

#[test]
fn a_timeout_counts_the_time_on_the_clock() {
    let text = side_by_side(2, &[1000, 1000]).replace("PT1.000S}\n", "PT1.000S, timeout: PT1.2S}\n");
    let flows = flows(&text);
    let trace = simulate(&flows, &with_cores(1));
    assert_eq!([end(&flows, &trace, "t0"), end(&flows, &trace, "t1")], [1200, 1200]);
    let messages: Vec<&str> = trace.logs.iter().map(|entry| &*entry.message).collect();
    assert_eq!(messages, ["Timeout after 00:00:01.200"; 2]);
    assert_eq!(makespan(&simulate(&flows, &with_cores(2))).0, 1000);
}

#[test]
fn lines_of_a_script_are_logged_later_when_it_is_slowed() {
    let flows = flows(
        "
id: f
namespace: n
tasks:
  - id: p
    type: io.kestra.plugin.core.flow.Parallel
    tasks:
      - {id: a, type: io.kestra.plugin.scripts.shell.Commands, commands: ['sleep 1; echo one; sleep 1; echo two']}
      - {id: b, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
",
    );
    let trace = simulate(&flows, &with_cores(1));
    let logs: Vec<(u64, &str)> = trace.logs.iter().map(|entry| (entry.at.0, &*entry.message)).collect();
    assert_eq!(logs, [(2000, "one"), (3000, "two")]);
}

/// The ends of tasks side by side, computed millisecond by millisecond: of `n` that run, each does `cores / n` of one.
fn ends_by_hand(slots: usize, cores: u64, lengths: &[u64]) -> Vec<u64> {
    const PARTS: u64 = 840;
    let mut left: Vec<u64> = lengths.iter().map(|ms| ms * PARTS).collect();
    let mut ends = vec![0; lengths.len()];
    let mut running: Vec<usize> = Vec::new();
    let (mut next, mut now) = (0, 0);
    loop {
        running.retain(|task| left[*task] > 0);
        while running.len() < slots && next < lengths.len() {
            running.push(next);
            (ends[next], next) = (now, next + 1);
            running.retain(|task| left[*task] > 0);
        }
        if running.is_empty() {
            return ends;
        }
        now += 1;
        let share = PARTS.min(PARTS * cores / running.len() as u64);
        for task in &running {
            left[*task] = left[*task].saturating_sub(share);
            ends[*task] = now;
        }
    }
}

/// What became of each taskrun, and when each execution came into its states.
fn histories(trace: &Trace) -> (Vec<String>, Vec<String>) {
    let of_run = |(run, about): (RunIdx, &TaskRun)| format!("{:?} {:?} {:?}", trace.history(run), about.attempts, about.outputs);
    let executions = trace.execution_indices().map(|execution| format!("{:?}", trace.execution_history(execution)));
    (trace.iter().map(of_run).collect(), executions.collect())
}

fn read(text: &str, version: Version) -> Vec<Flow> {
    read_text_for(&Source::new("flow.yaml", text.to_owned()), Some(version)).1
}

/// With cores for all the run is the same as without the setting.
fn cores_for_all_change_nothing(flows: &[Flow], seed: u64) -> Result<(), TestCaseError> {
    let scenario = Scenario { seed, max_events: 20_000, ..Scenario::default() };
    let plain = simulate(flows, &scenario);
    let shared = simulate(flows, &Scenario { cores: Some(10_000), ..scenario });
    prop_assert_eq!(histories(&shared), histories(&plain));
    Ok(())
}

fn all_claims_are_true(flows: &[Flow], cores: u32) -> Result<(), TestCaseError> {
    let scenario = Scenario { max_events: 20_000, ..with_cores(cores) };
    let trace = simulate(flows, &scenario);
    let runs: Vec<RunIdx> = trace.iter().filter(|(_, run)| !run.dropped).map(|(run, _)| run).collect();
    let text = json(flows, &trace, &rows(flows, &scenario, &trace, &runs), &of_flow(flows, &scenario, &trace));
    let (_, wrong) = Checker::new(flows, &scenario, &trace).all(&text);
    prop_assert!(wrong.is_empty(), "{cores} cores\n{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn what_was_false_of_shared_cores_once_is_true() {
    for (version, cores, text) in any_group::found::CORES {
        let flows = read(text, *version);
        for found in [cores_for_all_change_nothing(&flows, 0), all_claims_are_true(&flows, *cores)] {
            found.unwrap_or_else(|why| panic!("{why} in {}\n{text}", version.as_str()));
        }
    }
}

#[test]
fn the_slack_of_a_task_that_shares_its_core_is_work() {
    let flows = read(any_group::found::CORES[1].2, Version::V0_21);
    let trace = simulate(&flows, &with_cores(2));
    let runs: Vec<RunIdx> = trace.iter().map(|(run, _)| run).collect();
    let rows = rows(&flows, &with_cores(2), &trace, &runs);
    let said = rows[1].help.last().map(|claim| plain(&claim.sentence(&flows, &trace)));
    assert_eq!(said.as_deref(), Some("t1 could do 1 ms more work and nothing would end later. This is its slack."));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn tasks_end_when_a_count_by_the_millisecond_says(lengths in prop::collection::vec(0u64..40, 1..12), slots in 1usize..9, cores in 1u64..5) {
        let flows = flows(&side_by_side(slots as u32, &lengths));
        let trace = simulate(&flows, &with_cores(cores as u32));
        let ends: Vec<u64> = (0..lengths.len()).map(|n| end(&flows, &trace, &format!("t{n}"))).collect();
        prop_assert_eq!(ends, ends_by_hand(slots, cores, &lengths));
    }

    #[test]
    fn cores_enough_change_nothing(flows in any_group::flows(Version::V0_21), version in prop::sample::select(&Version::ALL[..]), seed in any::<u64>()) {
        cores_for_all_change_nothing(&read(&any_group::write::both(&flows), version), seed)?;
    }

    #[test]
    fn every_claim_about_shared_cores_is_true(block in any_group::flow(Version::V0_21, false), version in prop::sample::select(&Version::ALL[..]), cores in 1u32..4) {
        let flows = read(&any_group::write::text(&block), version);
        if !flows.is_empty() {
            all_claims_are_true(&flows, cores)?;
        }
    }
}
