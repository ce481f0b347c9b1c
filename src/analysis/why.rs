//! Why a taskrun waited: for what, for how long, and what ended the wait.

use super::segments::{Segment, SegmentKind, held_up_by, segments};
use super::sentence::{Piece, Sentence};
use super::slots::holders_of;
use crate::flow::Flow;
use crate::flow::behavior::Order;
use crate::sim::trace::{RunIdx, Trace};
use crate::time::human;

/// A sentence or two for each wait of a run, or one that says that it never waited.
#[must_use]
pub fn why(flows: &[Flow], trace: &Trace, run: RunIdx) -> Vec<Vec<Piece>> {
    let holders = holders_of(trace, run);
    let waits = segments(trace, run).into_iter().filter(|segment| segment.kind.is_wait());
    let reasons: Vec<Vec<Piece>> = waits.map(|wait| one(flows, trace, run, wait, &holders)).collect();
    if reasons.is_empty() { vec![at_once(flows, trace, run)] } else { reasons }
}

fn one(flows: &[Flow], trace: &Trace, run: RunIdx, wait: Segment, holders: &[RunIdx]) -> Vec<Piece> {
    let mut sentence = Sentence::new(flows, trace);
    let by = held_up_by(trace, run, wait.kind, holders);
    let taskrun = trace.run(run);
    sentence.name(run);
    sentence.text(&format!(" waited {} because ", human(wait.to - wait.from)));
    let group = taskrun.parent;
    let flow = trace.flow_of(flows, taskrun.execution);
    match wait.kind {
        SegmentKind::WaitSlot => {
            let n = group.map_or(0, |group| trace.run(group).concurrent);
            sentence.text(&if n == 1 { "the one slot of ".to_owned() } else { format!("all {n} slots of ") });
            group.into_iter().for_each(|group| code_of(&mut sentence, flows, trace, group));
            sentence.text(if n == 1 { " was taken by " } else { " were taken by " });
            sentence.names(&by);
            let ended: Vec<RunIdx> = by.iter().copied().filter(|run| trace.ended(*run) == wait.to).collect();
            sentence.text(". It started when ");
            match ended[..] {
                [] => sentence.text("one of them ended"),
                _ if ended == by && by.len() > 1 => sentence.text("they ended"),
                _ => {
                    sentence.names(&ended);
                    sentence.text(" ended");
                }
            }
            sentence.text(&format!(" at {}.", human(wait.to)));
        }
        SegmentKind::WaitPrevious => {
            let in_dag = group.is_some_and(|group| matches!(flow.task(trace.run(group).task).order(), Order::Dag { .. }));
            sentence.text(if in_dag { "it depends on " } else { "it comes after " });
            sentence.names(&by);
            if let Some(group) = group {
                sentence.text(" in ");
                code_of(&mut sentence, flows, trace, group);
            }
            sentence.text(". It started when ");
            sentence.names(&by);
            sentence.text(&format!(" ended at {}; more slots would not help.", human(wait.to)));
        }
        SegmentKind::WaitWorker => sentence.text(&format!("every worker of the server was busy. It was taken at {}.", human(wait.to))),
        SegmentKind::WaitFrozen => {
            sentence.text(&format!("the whole execution was paused by another branch. It went on at {}.", human(wait.to)))
        }
        SegmentKind::WaitExecution => {
            sentence.text(&format!("its flow lets only so many executions run at once. It started at {}.", human(wait.to)))
        }
        SegmentKind::State(_) => {}
    }
    sentence.pieces
}

fn at_once(flows: &[Flow], trace: &Trace, run: RunIdx) -> Vec<Piece> {
    let mut sentence = Sentence::new(flows, trace);
    sentence.name(run);
    sentence.text(&format!(" started at {}", human(trace.began(run).unwrap_or(trace.created(run)))));
    match trace.run(run).parent {
        Some(group) => {
            sentence.text(", as soon as ");
            code_of(&mut sentence, flows, trace, group);
            sentence.text(" did: nothing held it up.");
        }
        None => sentence.text(": nothing held it up."),
    }
    sentence.pieces
}

fn code_of(sentence: &mut Sentence<'_>, flows: &[Flow], trace: &Trace, run: RunIdx) {
    let taskrun = trace.run(run);
    sentence.code(&trace.flow_of(flows, taskrun.execution).task(taskrun.task).id);
}
