//! What held a task up, from when to when, and who let it go.

use super::segments::{Segment, SegmentKind, held_up_by, segments};
use super::sentence::{Piece, Sentence};
use super::slots::holders_of;
use crate::flow::Flow;
use crate::flow::behavior::Order;
use crate::sim::trace::{RunIdx, Trace};
use crate::time::human;

/// A sentence or two for each wait of a run; for one that never waited, one that says so.
#[must_use]
pub fn why(flows: &[Flow], trace: &Trace, run: RunIdx) -> Vec<Vec<Piece>> {
    let holders = holders_of(trace, run);
    let waits = segments(trace, run).into_iter().filter(|segment| segment.kind.is_wait());
    let told: Vec<Vec<Piece>> = waits.map(|wait| one(flows, trace, run, wait, &holders)).collect();
    if told.is_empty() { vec![at_once(flows, trace, run)] } else { told }
}

fn one(flows: &[Flow], trace: &Trace, run: RunIdx, wait: Segment, holders: &[RunIdx]) -> Vec<Piece> {
    let mut told = Sentence::new(flows, trace);
    let by = held_up_by(trace, run, wait.kind, holders);
    let taskrun = trace.run(run);
    told.name(run);
    told.say(&format!(" waited {} because ", human(wait.to - wait.from)));
    let group = taskrun.parent;
    let flow = trace.flow_of(flows, taskrun.execution);
    match wait.kind {
        SegmentKind::WaitSlot => {
            let n = group.map_or(0, |group| trace.run(group).concurrent);
            told.say(&if n == 1 { "the one slot of ".to_owned() } else { format!("all {n} slots of ") });
            group.into_iter().for_each(|group| code_of(&mut told, flows, trace, group));
            told.say(if n == 1 { " was taken by " } else { " were taken by " });
            told.names(&by);
            let ended: Vec<RunIdx> = by.iter().copied().filter(|run| trace.ended(*run) == wait.to).collect();
            told.say(". It started when ");
            match ended[..] {
                [] => told.say("one of them ended"),
                _ if ended == by && by.len() > 1 => told.say("they ended"),
                _ => {
                    told.names(&ended);
                    told.say(" ended");
                }
            }
            told.say(&format!(" at {}.", human(wait.to)));
        }
        SegmentKind::WaitPrevious => {
            let in_dag = group.is_some_and(|group| matches!(flow.task(trace.run(group).task).order(), Order::Dag { .. }));
            told.say(if in_dag { "it depends on " } else { "it comes after " });
            told.names(&by);
            if let Some(group) = group {
                told.say(" in ");
                code_of(&mut told, flows, trace, group);
            }
            told.say(". It started when ");
            told.names(&by);
            told.say(&format!(" ended at {}; more slots would not help.", human(wait.to)));
        }
        SegmentKind::WaitWorker => told.say(&format!("every worker of the server was busy. It was taken at {}.", human(wait.to))),
        SegmentKind::WaitFrozen => {
            told.say(&format!("the whole execution was paused by another branch. It went on at {}.", human(wait.to)))
        }
        SegmentKind::WaitExecution => {
            told.say(&format!("its flow lets only so many executions run at once. It started at {}.", human(wait.to)))
        }
        SegmentKind::State(_) => {}
    }
    told.pieces
}

fn at_once(flows: &[Flow], trace: &Trace, run: RunIdx) -> Vec<Piece> {
    let mut told = Sentence::new(flows, trace);
    told.name(run);
    told.say(&format!(" started at {}", human(trace.began(run).unwrap_or(trace.created(run)))));
    match trace.run(run).parent {
        Some(group) => {
            told.say(", as soon as ");
            code_of(&mut told, flows, trace, group);
            told.say(" did: nothing held it up.");
        }
        None => told.say(": nothing held it up."),
    }
    told.pieces
}

fn code_of(told: &mut Sentence<'_>, flows: &[Flow], trace: &Trace, run: RunIdx) {
    let taskrun = trace.run(run);
    told.code(&trace.flow_of(flows, taskrun.execution).task(taskrun.task).id);
}
