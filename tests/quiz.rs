//! Quizzes about all example flows and about random ones: each question has exactly one right answer, which is what a fresh
//! simulation of its scene gives.

#[allow(dead_code)] // The flows alone are needed, no laws.
mod any_group;

use std::collections::BTreeSet;

use any_group::write;
use parallelogram::analysis::expectation::Expectation;
use parallelogram::analysis::makespan::makespan;
use parallelogram::app::course::choice;
use parallelogram::flow::{Flow, Version, choose, read_text_for};
use parallelogram::lesson::{Question, Scene, Step, Task, prove};
use parallelogram::quiz::quiz;
use parallelogram::share::{Link, read_settings};
use parallelogram::sim::names::run_key;
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::simulate;
use parallelogram::sim::trace::{ExecutionIdx, RunIdx, Trace};
use parallelogram::source::Source;
use parallelogram::time::SimTime;
use proptest::prelude::*;

/// The run of a scene, from its text and settings alone.
fn simulated(scene: &Scene) -> (Vec<Flow>, Trace) {
    let version = scene.settings.get("kestra").and_then(Version::from_name);
    let (_, mut flows, _) = read_text_for(&Source::new("", &*scene.flow), version);
    scene.settings.get("template").map(|name| choose(&mut flows, name));
    let mut scenario = Scenario::default();
    assert_eq!(read_settings(&scene.settings, &mut scenario), Vec::<&str>::new());
    let trace = simulate(&flows, &scenario);
    (flows, trace)
}

/// Whether a claim holds, by the trace.
fn is_so(claim: &Expectation, flows: &[Flow], trace: &Trace) -> bool {
    let run = |id: &str| trace.iter().map(|(run, _)| run).find(|run| *run_key(flows, trace, *run) == *id);
    let began = |id: &str| run(id).and_then(|run| trace.began(run));
    let is_leaf = |run: &RunIdx| !trace.task_of(flows, *run).is_group();
    match claim {
        Expectation::Makespan(at) => makespan(trace) == *at,
        Expectation::State(state) => trace.execution_history(ExecutionIdx::FIRST).last().is_some_and(|(_, last)| last.as_str() == state),
        Expectation::At(id, at) => began(id) == Some(*at),
        Expectation::Never(id) => began(id).is_none(),
        Expectation::Last(id) => {
            let end = trace.ended(run(id).expect("it ran"));
            trace.iter().map(|(run, _)| run).filter(is_leaf).all(|other| Some(other) == run(id) || trace.ended(other) < end)
        }
        Expectation::Order(ids) => {
            let starts: Vec<SimTime> = ids.iter().map(|id| began(id).expect("it started")).collect();
            starts.is_sorted_by(|one, next| one < next)
        }
        Expectation::End(..) | Expectation::Overlap(_) => panic!("no quiz asks for {claim}"),
    }
}

/// What is wrong with a question; empty when nothing is.
fn faults(step: &Step) -> String {
    let Some(Task::Guess(question)) = &step.task else { return "it asks nothing".to_owned() };
    let (flows, trace) = simulated(&step.scene);
    let Question { answer, wrong, .. } = question;
    let all: Vec<&Expectation> = wrong.iter().map(|wrong| &wrong.guess).chain([answer]).collect();
    let right: Vec<&&Expectation> = all.iter().filter(|claim| is_so(claim, &flows, &trace)).collect();
    let read: BTreeSet<String> = all.iter().map(|claim| choice(claim)).collect();
    if right != [&answer] {
        return format!("right are {right:?}, the answer is {answer}");
    }
    if read.len() != all.len() {
        return format!("two answers read the same: {read:?}");
    }
    if let Some(wrong) = wrong.iter().find(|wrong| {
        wrong.scene.as_ref().is_some_and(|scene| {
            let (flows, trace) = simulated(scene);
            !is_so(&wrong.guess, &flows, &trace)
        })
    }) {
        return format!("{} is not right where it should be", wrong.guess);
    }
    let least = if question.is_written() { 1 } else { 2 };
    if (least..=3).contains(&wrong.len()) { String::new() } else { format!("{} wrong answers", wrong.len()) }
}

/// Asks about a text, and checks each question; the number of questions.
fn check(text: &str, settings: &Link) -> usize {
    let Some(lesson) = quiz(text, settings) else { return 0 };
    for step in &lesson.steps {
        let found = faults(step);
        assert!(found.is_empty(), "{found}\n{step:#?}\n{text}");
    }
    // No question is answered by the run of another.
    let scenes: Vec<_> = lesson.steps.iter().map(|step| (&step.scene.flow, step.scene.settings.fragment())).collect();
    let different: BTreeSet<_> = scenes.iter().collect();
    assert!(different.len() == lesson.steps.len() && lesson.steps.len() <= 6, "{scenes:?}");
    lesson.steps.len()
}

#[test]
fn every_example_is_asked_about() {
    for folder in ["examples", "tests/flows"] {
        let files = std::fs::read_dir(folder).expect("it is a folder").map(|entry| entry.expect("it is a file").path());
        let mut files: Vec<_> = files.filter(|file| file.extension().is_some_and(|end| end == "yaml")).collect();
        files.sort();
        for file in files {
            let text = std::fs::read_to_string(&file).expect("it is a text");
            let n = check(&text, &Link::default());
            let [lesson, again] = [(); 2].map(|()| quiz(&text, &Link::default()));
            assert_eq!(lesson, again, "{}", file.display());
            assert_eq!(lesson.map_or(Vec::new(), |lesson| prove(&lesson)), [], "{}", file.display());
            assert!(n > 0 || folder != "examples", "{}", file.display());
        }
    }
}

#[test]
fn the_settings_of_a_run_are_kept() {
    let text = std::fs::read_to_string("examples/parallel.yaml").expect("it is a text");
    for settings in ["c=parent:2", "workers=2", "delay=0.2s&kestra=1.3", "executions=2@0.5s", "cores=2&seed=7"] {
        let settings = Link::parse(settings).0;
        assert!(check(&text, &settings) > 2);
        for step in quiz(&text, &settings).expect("there is something to ask").steps {
            assert!(settings.values().all(|(name, value)| name == "c" || step.scene.settings.get(name) == Some(value)));
        }
    }
}

#[test]
fn nothing_is_asked_about_what_has_no_end_or_no_choice() {
    let one = "id: f\nnamespace: n\ntasks:\n  - {id: t, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}\n";
    let open = "id: f\nnamespace: n\ntasks:\n  - {id: a, type: io.kestra.plugin.core.flow.Pause}\n  - {id: t, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}\n";
    for text in ["", "id: f", "[", one, open, &one.replace("PT1S", "later")] {
        assert_eq!(check(text, &Link::default()), 0, "{text}");
    }
}

/// Random flows are asked about, each case a flow for one version of Kestra.
fn version() -> impl Strategy<Value = (Version, bool)> {
    (prop::sample::select(&[Version::V0_21, Version::V1_3, Version::V2_0][..]), any::<bool>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn each_question_about_a_random_flow_has_one_right_answer(
        (version, block) in version().prop_flat_map(|(version, calm)| (Just(version), any_group::flow(version, calm))),
    ) {
        let mut settings = Link::default();
        settings.set("kestra", version.as_str());
        check(&write::text(&block), &settings);
    }
}
