//! Real executions over simulated ones: every recording of the engine finds its taskruns, within what a server takes beside the work.

#[path = "actual/records.rs"]
mod records;
#[cfg(feature = "cli")]
#[path = "actual/tool.rs"]
mod tool;

use std::collections::BTreeSet;

use parallelogram::actual::fit::{mean_without_outliers, quantile};
use parallelogram::actual::gap::gaps;
use parallelogram::actual::learn::learn;
use parallelogram::actual::pairs::{Pairs, pairs};
use parallelogram::actual::{Execution, History, Overlay, began, callers, ended, read, together};
use parallelogram::flow::state::State;
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::server::{HAND_OVER, HAND_OVER_HALF, RECORDINGS};
use parallelogram::time::SimTime;
use records::Case;
use serde_json::{Value, json};

#[test]
fn each_recording_of_this_project_is_found_in_its_simulation() {
    check("this project", &records::own());
}

#[test]
fn each_shared_recording_is_found_in_its_simulation() {
    let cases = records::shared();
    if cases.is_empty() {
        return println!("there are no shared recordings: KESTRA_RECORDS names their folder");
    }
    check("the shared folder", &cases);
}

#[test]
fn the_answers_of_the_api_are_read_as_the_recording_is() {
    for case in records::own().iter().chain(&records::shared()).filter(|case| case.was_run()) {
        let recorded = read(&case.record.to_string()).expect("it is a recording");
        let one_by_one: Vec<_> = case.as_api().iter().map(|one| read(&one.to_string()).expect("it is an execution")).collect();
        let as_list = Value::Array(case.as_api());
        for real in [read(&as_list.to_string()).expect("it is a list of executions"), together(one_by_one)] {
            assert_eq!(callers(&real), callers(&recorded), "{}", case.name);
            assert_eq!(named_alike(real), named_alike(recorded.clone()), "{}", case.name);
        }
    }
}

/// The same executions without their ids.
fn named_alike(mut executions: Vec<Execution>) -> Vec<Execution> {
    for one in &mut executions {
        (one.id, one.zero_epoch_ms, one.started_by) = (String::new(), None, None);
        one.runs.iter_mut().for_each(|run| run.id.clear());
    }
    executions
}

/// What is made of a text that is no execution of the flow, or only a part of one.
fn refused(case: &Case, text: &str) -> Option<String> {
    let (flows, trace) = case.simulated(&case.scenario()).expect("it can be simulated");
    let found = read(text).and_then(|real| pairs(&flows, &trace, &real)).err()?;
    assert!(found.help.is_some_and(|help| help.contains("execution") || help.contains("files")), "{}", found.message);
    Some(found.message)
}

#[test]
fn damaged_recordings_get_a_sentence() {
    let cases = records::own();
    let find = |name: &str| cases.iter().find(|case| case.version == "2.0" && case.name == name).expect("there is such a case");
    let case = find("05-loop");
    let (record, api) = (case.record.to_string(), case.as_api()[0].clone());
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut api = api.clone();
        change(&mut api);
        api.to_string()
    };
    let rest = || record.chars().rev().collect::<String>();
    let damaged = [
        ("nothing", String::new()),
        ("cut in the middle", record[..record.len() / 2].to_owned()),
        ("without its last byte", record[..record.len() - 1].to_owned()),
        ("without its beginning", record[100..].to_owned()),
        ("backwards", rest()),
        ("YAML", case.flow.clone()),
        ("HTML of a login page", "<!doctype html><title>Login</title>".to_owned()),
        ("a number", "12".to_owned()),
        ("an empty list", "[]".to_owned()),
        ("foreign JSON", r#"{"name": "parallelogram", "version": "1.0.0"}"#.to_owned()),
        ("a list of foreign JSON", r#"[{"level": "INFO", "message": "started"}]"#.to_owned()),
        ("a flow of the API", r#"{"id": "loop", "namespace": "real", "tasks": []}"#.to_owned()),
        ("a refused flow", json!({"case": "x", "refused": ["Illegal flow"]}).to_string()),
        ("search results of 2.0", {
            let light = changed(&|api| drop(api.as_object_mut().map(|api| api.remove("taskRunList"))));
            format!(r#"{{"results": [{light}], "total": 1}}"#)
        }),
        ("an empty page of search results", r#"{"results": [], "total": 0}"#.to_owned()),
        ("an unknown state", changed(&|api| api["state"]["histories"][1]["state"] = json!("DREAMING"))),
        ("dates as numbers", changed(&|api| api["taskRunList"][0]["state"]["histories"][0]["date"] = json!(1_772_352_000.5))),
        ("no history", changed(&|api| api["state"]["histories"] = json!([]))),
        ("a task run without a task", changed(&|api| drop(api["taskRunList"][0].as_object_mut().map(|run| run.remove("taskId"))))),
        ("another flow", find("05e-loop-subflow").record.to_string()),
        ("deeper than a parser goes", "[".repeat(100_000)),
        ("50 MB", format!(r#"{{"flowId": "{}"}}"#, "x".repeat(50 << 20))),
    ];
    let said: Vec<String> = damaged
        .iter()
        .map(|(what, text)| format!("{what}: {}", refused(case, text).unwrap_or_else(|| panic!("{what} is taken for an execution"))))
        .collect();
    insta::assert_snapshot!(said.join("\n"), @"
    nothing: there is no execution in this file
    cut in the middle: this JSON ends too early: the file may be incomplete
    without its last byte: this JSON ends too early: the file may be incomplete
    without its beginning: this is not JSON: expected value
    backwards: this is not JSON: expected value
    YAML: this is not JSON: expected value
    HTML of a login page: this is not JSON: expected value
    a number: this JSON is a single value, not an execution
    an empty list: there is no execution in this file
    foreign JSON: this JSON is no execution: it has no `flowId` or no `state`
    a list of foreign JSON: this JSON is no execution: it has no `flowId` or no `state`
    a flow of the API: this is a flow, not an execution of it
    a refused flow: the server refused this flow, so there is no execution of it: Illegal flow
    search results of 2.0: the execution `execution0` is without its `taskRunList`, as search results of 2.0 are: fetch it by its id
    an empty page of search results: there is no execution in this file
    an unknown state: `execution0` has no `histories` of the states of Kestra 1.3 or 2.0, with ISO dates
    dates as numbers: `l` has no `histories` of the states of Kestra 1.3 or 2.0, with ISO dates
    no history: `execution0` has no `histories` of the states of Kestra 1.3 or 2.0, with ISO dates
    a task run without a task: a task run of the execution `execution0` has no `taskId`
    another flow: this is an execution of `loopsub`, not of `loop`
    deeper than a parser goes: this is not JSON: recursion limit exceeded
    50 MB: the text is longer than the 32 MB that are read
    ");
}

#[test]
fn odd_executions_are_read_as_far_as_they_go() {
    let cases = records::own();
    let case = cases.iter().find(|case| case.version == "2.0" && case.name == "05-loop").expect("there is such a case");
    let (flows, trace) = case.simulated(&case.scenario()).expect("it can be simulated");
    let mut api = case.as_api()[0].clone();
    let n_runs = api["taskRunList"].as_array().map_or(0, Vec::len);
    // Each task run is its own parent, and one names a task that the flow does not have.
    for run in api["taskRunList"].as_array_mut().into_iter().flatten() {
        run["parentTaskRunId"] = run["id"].clone();
    }
    let real = read(&api.to_string()).expect("it is an execution");
    assert_eq!(pairs(&flows, &trace, &real).expect("it is of this flow").only_real.len(), n_runs);
    // Dates that go backwards, and years far away.
    api["state"]["histories"][0]["date"] = json!("9999-12-31T23:59:59.999Z");
    let real = read(&api.to_string()).expect("it is an execution");
    let found = pairs(&flows, &trace, &real).expect("it is of this flow");
    assert_eq!(gaps(&trace, &real, &found).len(), found.runs.len());
}

/// How long an execution took, for real and with this delay of the server.
fn makespans(case: &Case, delay: SimTime) -> Option<(SimTime, SimTime)> {
    let real = read(&case.record.to_string()).ok()?;
    let (flows, trace) = case.simulated(&Scenario { dispatch_delay: delay, ..case.scenario() })?;
    let overlay = Overlay::new(&flows, &trace, real).ok()?;
    let simulated = trace.execution_indices().filter_map(|one| ended(trace.execution_history(one))).max()?;
    Some((overlay.makespan()?, simulated))
}

/// How far simulated makespans are from real ones, in milliseconds: the mean, and as a share of the real ones.
fn errors(cases: &[&Case], delay: SimTime) -> (u64, f64) {
    let all: Vec<_> = cases.iter().filter_map(|case| makespans(case, delay)).collect();
    let (off, real) = all.iter().fold((0, 0), |(off, sum), (real, simulated)| (off + real.0.abs_diff(simulated.0), sum + real.0));
    (off / all.len() as u64, 100.0 * off as f64 / real as f64)
}

#[test]
fn the_hand_overs_of_half_of_the_recordings_predict_the_others() {
    let cases = records::own();
    let timed: Vec<&Case> = cases.iter().filter(|case| case.was_run() && case.is_timed()).collect();
    assert!(timed.len().abs_diff(RECORDINGS as usize) < 20, "hand-overs are learned from {} recordings", timed.len());
    // Two of four: the test would take a minute with all.
    let [half, others] = [0, 2].map(|first| timed.iter().skip(first).step_by(4).copied().collect::<Vec<_>>());
    let learned = |case: &&Case| -> Option<Vec<SimTime>> {
        let real = read(&case.record.to_string()).ok()?;
        Some(learn(&case.flows()?, &case.scenario(), &[real]).hand_overs)
    };
    let mut hand_overs: Vec<SimTime> = half.iter().filter_map(learned).flatten().collect();
    hand_overs.sort_unstable();
    let [low, middle, high] = [250, 500, 750].map(|at| quantile(&hand_overs, at).expect("there are hand-overs"));
    let mean = mean_without_outliers(&hand_overs);
    println!(
        "{} hand-overs of {} recordings: quartiles {} {} {} ms, mean {} ms",
        hand_overs.len(),
        half.len(),
        low.0,
        middle.0,
        high.0,
        mean.0
    );
    let figure = |what: &str, delay| {
        let (ms, percent) = errors(&others, delay);
        println!("{what}: {ms} ms off in the mean, {percent:.1} % of the time of {} recordings", others.len());
        ms
    };
    let [ideal, measured] = [figure("no delay", SimTime::ZERO), figure("the mean hand-over of the others", mean)];
    assert!(measured < ideal);
    let known = [(low, HAND_OVER_HALF[0]), (high, HAND_OVER_HALF[1]), (mean, HAND_OVER)];
    assert!(
        known.iter().all(|(found, known)| found.0.abs_diff(known.0) <= 5),
        "the figures of the server model are {low:?}, {high:?}, {mean:?}"
    );
}

/// Panics where a taskrun of a recording or of its simulation has no other, or the two are further apart than a server explains.
fn check(what: &str, cases: &[Case]) {
    let (mut complaints, mut n_pairs, mut n_cases) = (Vec::new(), 0, 0);
    let (mut starts, mut hand_overs) = (Vec::new(), Vec::new());
    for case in cases.iter().filter(|case| case.was_run()) {
        let Some((flows, trace)) = case.simulated(&case.scenario()) else { continue };
        let real = read(&case.record.to_string()).unwrap_or_else(|found| panic!("{}: {}", case.name, found.message));
        let found = pairs(&flows, &trace, &real).unwrap_or_else(|found| panic!("{}: {}", case.name, found.message));
        n_cases += 1;
        n_pairs += found.runs.len();
        let unmatched = unmatched(&real, &found);
        if !unmatched.is_empty() {
            complaints.push(format!("{} {}: {unmatched}", case.version, case.name));
        }
        let slack = Slack::of(&real);
        for gap in gaps(&trace, &real, &found) {
            let run = &real[gap.real.0].runs[gap.real.1];
            if case.is_timed() {
                starts.extend(gap.start_ms);
                hand_overs.extend(gap.hand_overs.first().map(|(from, to)| (*to - *from).0));
            }
            let moments = [(began(&run.history), began(trace.history(gap.run))), (last(&run.history), last(trace.history(gap.run)))];
            if case.is_timed() && moments.iter().any(|(real, simulated)| !slack.covers(*real, *simulated)) {
                complaints.push(format!("{} {}: {} {moments:?}", case.version, case.name, run.name()));
            }
        }
    }
    println!(
        "{what}: {n_pairs} taskruns of {n_cases} recordings; begins late by {}; hand-overs {}",
        quartiles(&mut starts),
        quartiles(&mut hand_overs)
    );
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

fn unmatched(real: &[Execution], found: &Pairs) -> String {
    let runs: Vec<String> = found.only_real.iter().map(|(one, run)| real[*one].runs[*run].name()).collect();
    let parts = [
        (!runs.is_empty()).then(|| format!("real only: {}", runs.join(", "))),
        (!found.only_simulated.is_empty()).then(|| format!("simulated only: {} taskruns", found.only_simulated.len())),
        (!found.only_real_executions.is_empty()).then(|| format!("real only: executions {:?}", found.only_real_executions)),
        (!found.only_simulated_executions.is_empty()).then(|| format!("simulated only: executions {:?}", found.only_simulated_executions)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn last(history: &[(SimTime, State)]) -> Option<SimTime> {
    history.last().map(|(at, _)| *at)
}

/// The lowest, the quartiles and the highest, in milliseconds.
fn quartiles<T: Ord + Copy + std::fmt::Display>(all: &mut [T]) -> String {
    all.sort_unstable();
    let at = |part: usize| all.get((all.len().saturating_sub(1)) * part / 4).map_or_else(String::new, ToString::to_string);
    (0..=4).map(at).collect::<Vec<_>>().join(" ") + " ms (lowest, quartiles, highest)"
}

/// How late a server may be: some time at the start, a share of the time that has passed, and a little for each timer and queue before.
struct Slack {
    waits: BTreeSet<SimTime>,
}

impl Slack {
    fn of(real: &[Execution]) -> Self {
        let histories = real.iter().flat_map(|one| one.runs.iter().map(|run| &run.history).chain([&one.history]));
        let is_timed = |state: State| matches!(state, State::Retrying | State::Paused | State::Queued);
        let timed = |history: &History| history.iter().filter(|(_, state)| is_timed(*state)).map(|(at, _)| *at).collect::<Vec<_>>();
        Self { waits: histories.flat_map(timed).collect() }
    }

    fn covers(&self, real: Option<SimTime>, simulated: Option<SimTime>) -> bool {
        let (Some(real), Some(simulated)) = (real, simulated) else { return real.is_none() == simulated.is_none() };
        let n_waits = self.waits.range(..real).count() as f64;
        real.0.abs_diff(simulated.0) as f64 <= 650.0 + 0.04 * real.max(simulated).0 as f64 + 150.0 * n_waits
    }
}
