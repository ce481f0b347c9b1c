use super::bounds::lower_bounds;
use super::critical_path::critical_path;
use super::curve::{curve, knees};
use super::makespan::numbers;
use super::segments::{SegmentKind, held_up_by, segments};
use super::sentence::plain;
use super::slots;
use super::story::story;
use super::why::{Why, why};
use crate::flow::Dialect;
use crate::flow::{Flow, read_text};
use crate::sim::scenario::Scenario;
use crate::sim::simulate;
use crate::sim::trace::Trace;
use crate::source::Source;

/// `Parallel` of sleeps of these seconds, then a Return.
fn list(concurrent: u32, lengths: &[f64]) -> (Flow, Trace) {
    let task = |(n, length): (usize, &f64)| {
        format!("      - {{id: t{}, type: io.kestra.plugin.scripts.shell.Commands, commands: [sleep {length}]}}\n", n + 1)
    };
    let tasks: String = lengths.iter().enumerate().map(task).collect();
    let head = "id: f\nnamespace: n\ntasks:\n  - id: p\n    type: io.kestra.plugin.core.flow.Parallel\n";
    let text =
        format!("{head}    concurrent: {concurrent}\n    tasks:\n{tasks}  - {{id: last, type: io.kestra.plugin.core.debug.Return}}\n");
    let (_, mut flows, diagnostics) = read_text(&Source::new("flow.yaml", text));
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
    let trace = simulate(&flows, &Scenario::default());
    (flows.swap_remove(0), trace)
}

#[test]
fn segments_add_up_from_the_start_of_the_group_to_the_end_of_the_run() {
    let (flow, trace) = list(2, &[1.0, 2.5, 0.0, 1.0]);
    let holders = slots::holders(&trace);
    let name = |run| &*flow.task(trace.run(run).task).id;
    let mut lines = Vec::new();
    for (run, _) in trace.iter() {
        let mut at = trace.group_began(run);
        for segment in segments(&trace, run) {
            assert_eq!(segment.from, at, "{} has a gap", name(run));
            at = segment.to;
            let by: Vec<&str> = held_up_by(&trace, run, segment.kind, &holders[run.at()]).into_iter().map(name).collect();
            lines.push(
                format!("{} {} {}-{} {}", name(run), segment.kind.as_str(), segment.from.0, segment.to.0, by.join(" "))
                    .trim_end()
                    .to_owned(),
            );
        }
        assert_eq!(at, trace.ended(run));
    }
    insta::assert_snapshot!(lines.join("\n"), @"
    p RUNNING 0-2500
    t1 RUNNING 0-1000
    t2 RUNNING 0-2500
    t3 wait-slot 0-1000 t1 t2
    t3 RUNNING 1000-1000
    t4 wait-slot 0-1000 t1 t2
    t4 RUNNING 1000-2000
    last wait-previous 0-2500 p
    last RUNNING 2500-2500
    ");
}

#[test]
fn numbers_of_six_tasks_on_three_and_four_slots() {
    for (slots, makespan, speedup, efficiency) in [(3, 2000, 300, 100), (4, 2000, 300, 75), (6, 1000, 600, 100), (0, 1000, 600, 100)] {
        let (flow, trace) = list(slots, &[1.0; 6]);
        let found = numbers(&flow, &trace);
        assert_eq!((found.makespan.0, found.work.0), (makespan, 6000), "{slots} slots");
        assert_eq!((found.speedup_hundredths(), found.efficiency_percent()), (speedup, efficiency), "{slots} slots");
    }
}

#[test]
fn the_critical_path_names_the_first_of_equals() {
    let (flow, trace) = list(3, &[1.0; 6]);
    let path: Vec<&str> = critical_path(&trace).into_iter().map(|run| &*flow.task(trace.run(run).task).id).collect();
    assert_eq!(path, ["t1", "t4", "last"]);
    let bounds = lower_bounds(&flow, &trace);
    assert_eq!((bounds.chain.0, bounds.area.map(|area| area.0)), (1000, Some(2000)));
}

#[test]
fn busy_slots_are_counted_at_each_start_and_end() {
    let (flow, trace) = list(3, &[1.0; 6]);
    let steps: Vec<(u64, u32)> = slots::busy(&flow, &trace).into_iter().map(|(at, n)| (at.0, n)).collect();
    assert_eq!(steps, [(0, 3), (1000, 3), (2000, 0)]);
    assert_eq!(slots::peak(&flow, &trace), 3);
}

#[test]
fn waits_say_what_they_wait_for() {
    assert!(SegmentKind::WaitSlot.is_wait());
    assert_eq!(SegmentKind::WaitSlot.label(Dialect::Kestra), "waiting for a slot");
}

/// The sentences for each moment of a run, and for the waits of these tasks.
fn sentences(text: &str, tasks: &[&str]) -> String {
    let (_, flows, diagnostics) = read_text(&Source::new("flow.yaml", text));
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
    let trace = simulate(&flows, &Scenario::default());
    let mut lines = Vec::new();
    for moment in trace.moments() {
        lines.push(format!("{} {}", moment.0, plain(&story(&flows, &trace, moment))));
    }
    for task in tasks {
        let run = trace.iter().find(|(_, run)| &*flows[0].task(run.task).id == *task).expect("it ran").0;
        lines.extend(why(&flows, &trace, run).iter().map(|pieces| plain(pieces)));
    }
    lines.join("\n")
}

#[test]
fn the_story_and_the_reasons_of_the_two_first_examples() {
    let parallel = crate::examples::find("parallel").expect("it is there").text;
    insta::assert_snapshot!(sentences(parallel, &["t1", "t4", "last"]), @"
    0 parent opens; t1, t2 and t3 start; t4, t5 and t6 wait for a slot.
    1000 t1, t2 and t3 end together; t4, t5 and t6 take their slots.
    2000 t4, t5 and t6 end together; parent closes; last runs.
    t1 started at 0 s, as soon as `parent` did: nothing held it up.
    t4 waited 1.0 s because all 3 slots of `parent` were taken by t1, t2 and t3. It started when they ended at 1.0 s.
    last waited 2.0 s because it comes after parent. It started when parent ended at 2.0 s.
    ");
    let sequential = crate::examples::find("sequential").expect("it is there").text;
    insta::assert_snapshot!(sentences(sequential, &["t2"]), @"
    0 parent, seq1 and seq2 open; t1 and t4 start.
    1000 t1 and t4 end together; t2 and t5 start.
    2000 t2 and t5 end together; t3 and t6 start.
    3000 t3 and t6 end together; seq1, seq2 and parent close; last runs.
    t2 waited 1.0 s because it comes after t1 in `seq1`. It started when t1 ended at 1.0 s.
    ");
}

#[test]
fn the_curve_of_six_tasks() {
    let parallel = crate::examples::find("parallel").expect("it is there").text;
    let (_, flows, _) = read_text(&Source::new("flow.yaml", parallel));
    let points = curve(&flows, &Scenario::default(), "parent", (1..=6).chain([0]));
    let makespans: Vec<u64> = points.iter().map(|point| point.makespan.0).collect();
    assert_eq!(makespans, [6000, 3000, 2000, 2000, 2000, 1000, 1000]);
    assert_eq!(knees(&points), [1, 2, 3, 6]);
}

#[test]
fn a_wait_names_the_run_that_ended_it_when_no_others_may_be_looked_at() {
    let lengths: Vec<f64> = (0..40).map(|n| f64::from(n * 7 % 5 + 1)).collect();
    let (flow, trace) = list(3, &lengths);
    let flows = [flow];
    let (all, few) = (Why::new(&flows, &trace), Why::new(&flows, &trace).looking_at(0));
    for (run, _) in trace.iter() {
        let (all, few) = (all.waits(run), few.waits(run));
        assert_eq!(all.len(), few.len());
        for (one, other) in all.iter().zip(few.iter()) {
            assert_eq!((one.cause, one.from, one.to, one.limit), (other.cause, other.from, other.to, other.limit));
            assert!(other.by.iter().all(|by| one.by.contains(by) && by.until == Some(one.to)), "{other:?}");
            assert_eq!((other.by.len(), other.others), (1, 0), "{other:?}");
        }
    }
    let last = trace.iter().filter(|(_, run)| run.parent.is_some()).map(|(run, _)| run).last().expect("there are tasks");
    let said = |why: &Why<'_>| why.of(last).iter().map(|claim| plain(&claim.sentence(&flows, &trace))).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(said(&few), @"t40 waited 37.0 s for its turn in `p`, where t37 had begun before it. It started when t37 ended at 37.0 s.");
}
