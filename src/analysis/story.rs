//! What happens at a moment, in one sentence.

use super::sentence::{Piece, Sentence, s};
use crate::flow::Flow;
use crate::flow::state::State;
use crate::sim::trace::{Event, ExecutionIdx, RunIdx, Trace, What};
use crate::time::SimTime;

/// The sentence for the last moment up to `now` at which anything happened, with that moment; `None` for an empty run.
#[must_use]
pub fn story(flows: &[Flow], trace: &Trace, now: SimTime) -> Option<(SimTime, Vec<Piece>)> {
    let until = trace.events.partition_point(|event| event.at <= now);
    let at = trace.events[..until].last()?.at;
    let from = trace.events.partition_point(|event| event.at < at);
    Some((at, Told::of(flows, trace, &trace.events[from..until]).sentence(flows, trace, at)))
}

/// The runs that something happened to at one moment, by what it was.
#[derive(Default)]
struct Told {
    ended: Vec<RunIdx>,
    failed: Vec<RunIdx>,
    retrying: Vec<RunIdx>,
    paused: Vec<RunIdx>,
    resumed: Vec<RunIdx>,
    skipped: Vec<RunIdx>,
    closed: Vec<RunIdx>,
    opened: Vec<RunIdx>,
    instant: Vec<RunIdx>,
    started: Vec<RunIdx>,
    took_slots: Vec<RunIdx>,
    created: Vec<RunIdx>,
    execution: Option<State>,
}

impl Told {
    fn of(flows: &[Flow], trace: &Trace, events: &[Event]) -> Self {
        let mut told = Self::default();
        for event in events {
            match event.what {
                What::Execution(ExecutionIdx::FIRST, state) if state.is_terminal() => told.execution = Some(state),
                What::Run(run, state) => told.run(flows, trace, run, state, event.at),
                _ => {}
            }
        }
        let began_and_ended = |run: &RunIdx| told.ended.contains(run);
        told.instant = told.started.iter().chain(&told.took_slots).copied().filter(began_and_ended).collect();
        let instant = &told.instant;
        for list in [&mut told.started, &mut told.took_slots, &mut told.ended] {
            list.retain(|run| !instant.contains(run));
        }
        // A group that opens and closes at once says no more than what it holds.
        let passed: Vec<RunIdx> = told.opened.iter().copied().filter(|run| told.closed.contains(run)).collect();
        told.opened.retain(|run| !passed.contains(run));
        told
    }

    fn run(&mut self, flows: &[Flow], trace: &Trace, run: RunIdx, state: State, at: SimTime) {
        let taskrun = trace.run(run);
        let flow = trace.flow_of(flows, taskrun.execution);
        let is_group = flow.task(taskrun.task).is_group();
        let began = trace.began(run) == Some(at);
        let list = match state {
            State::Running if !began => &mut self.resumed,
            State::Running if is_group => &mut self.opened,
            State::Running if taskrun.released_by.is_some() && taskrun.ready_at < at => &mut self.took_slots,
            State::Running => &mut self.started,
            State::Paused => &mut self.paused,
            State::Retrying | State::Retried => &mut self.retrying,
            State::Skipped => &mut self.skipped,
            State::Failed | State::Killed if !is_group => &mut self.failed,
            state if state.is_terminal() && is_group => &mut self.closed,
            state if state.is_terminal() => &mut self.ended,
            State::Created if trace.began(run).is_none_or(|began| began > at) => &mut self.created,
            _ => return,
        };
        if !list.contains(&run) {
            list.push(run);
        }
    }

    fn sentence(&self, flows: &[Flow], trace: &Trace, at: SimTime) -> Vec<Piece> {
        let mut told = Sentence::new(flows, trace);
        let together = if self.ended.len() > 1 { " together" } else { "" };
        let verb = |base: &str, runs: &[RunIdx]| format!(" {base}{}", s(runs));
        let parts: [(&[RunIdx], String); 12] = [
            (&self.ended, verb("end", &self.ended) + together),
            (&self.failed, verb("fail", &self.failed)),
            (&self.retrying, " will be tried again".to_owned()),
            (&self.paused, verb("pause", &self.paused)),
            (&self.resumed, if self.resumed.len() == 1 { " goes on" } else { " go on" }.to_owned()),
            (&self.closed, verb("close", &self.closed)),
            (&self.skipped, if self.skipped.len() == 1 { " is skipped" } else { " are skipped" }.to_owned()),
            (&self.opened, verb("open", &self.opened)),
            (&self.took_slots, if self.took_slots.len() == 1 { " takes the free slot" } else { " take their slots" }.to_owned()),
            (&self.started, verb("start", &self.started)),
            (&self.instant, verb("run", &self.instant)),
            (&self.created, if self.created.len() == 1 { " is created" } else { " are created" }.to_owned()),
        ];
        for (runs, words) in parts.iter().filter(|(runs, _)| !runs.is_empty()) {
            told.part();
            told.names(runs);
            told.say(words);
        }
        let waiting = waiting(trace, at);
        if !waiting.is_empty() && at == SimTime::ZERO {
            told.part();
            told.names(&waiting);
            told.say(&format!(" wait{} for a slot", s(&waiting)));
        }
        if let Some(state) = self.execution.filter(|state| *state != State::Success) {
            told.part();
            told.say("the execution ends ");
            told.say(trace.flow_of(flows, ExecutionIdx::FIRST).dialect.state_name(state));
        }
        if told.pieces.is_empty() {
            told.say(if self.execution.is_some() { "The execution ends" } else { "The log is written" });
        }
        told.say(".");
        told.pieces
    }
}

/// The runs whose wait for a slot begins at this moment.
fn waiting(trace: &Trace, at: SimTime) -> Vec<RunIdx> {
    trace
        .iter()
        .filter(|(idx, run)| run.ready_at == at && run.released_by.is_some() && trace.created(*idx) > at)
        .map(|(idx, _)| idx)
        .collect()
}
