//! What happens at a moment, in one sentence.

use super::claim_words::execution_name;
use super::segments::{SegmentKind, segments};
use super::sentence::{Piece, Sentence, capitalized, s};
use crate::flow::Flow;
use crate::flow::state::State;
use crate::sim::trace::{Event, ExecutionIdx, RunIdx, Trace, What};
use crate::time::SimTime;

/// The sentence for a moment at which something happened. The time it takes grows with the taskruns, and with the events of
/// the moment.
#[must_use]
pub fn story(flows: &[Flow], trace: &Trace, at: SimTime) -> Vec<Piece> {
    let from = trace.events.partition_point(|event| event.at < at);
    let until = trace.events.partition_point(|event| event.at <= at);
    Moment::of(flows, trace, &trace.events[from..until]).sentence(flows, trace, at)
}

/// What can happen to a run, in the order of the sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Happening {
    Ended,
    Failed,
    WillRetry,
    Paused,
    Resumed,
    Closed,
    Skipped,
    Opened,
    TookSlot,
    Started,
    /// Started and ended.
    Passed,
    Created,
}

use Happening::{Closed, Created, Ended, Failed, Opened, Passed, Paused, Resumed, Skipped, Started, TookSlot, WillRetry};

impl Happening {
    const ALL: [Self; 12] = [Ended, Failed, WillRetry, Paused, Resumed, Closed, Skipped, Opened, TookSlot, Started, Passed, Created];

    /// A bit of its own.
    fn bit(self) -> u16 {
        1 << self as u16
    }

    /// The words for one run, and for several.
    fn words(self, n: usize) -> &'static str {
        let (one, several) = match self {
            Ended => (" ends", " end together"),
            Failed => (" fails", " fail"),
            WillRetry => (" will be tried again", " will be tried again"),
            Paused => (" pauses", " pause"),
            Resumed => (" goes on", " go on"),
            Closed => (" closes", " close"),
            Skipped => (" is skipped", " are skipped"),
            Opened => (" opens", " open"),
            TookSlot => (" takes a free slot", " take their slots"),
            Started => (" starts", " start"),
            Passed => (" runs", " run"),
            Created => (" is created", " are created"),
        };
        if n == 1 { one } else { several }
    }
}

/// The runs to which something happened at one moment.
struct Moment {
    /// By run, the bits of what happened to it.
    happened: Vec<u16>,
    /// The same in order of the events, each once.
    in_order: Vec<(Happening, RunIdx)>,
    /// The executions that came to an end, or into the queue, with their states.
    executions: Vec<(ExecutionIdx, State)>,
}

impl Moment {
    fn of(flows: &[Flow], trace: &Trace, events: &[Event]) -> Self {
        let mut moment = Self { happened: vec![0; trace.runs.len()], in_order: Vec::new(), executions: Vec::new() };
        for event in events {
            match event.what {
                What::Execution(execution, state) if trace.is_root(execution) && (state.is_terminal() || state == State::Queued) => {
                    moment.executions.push((execution, state));
                }
                What::Run(run, state) => {
                    if let Some(happening) = happening(flows, trace, run, state, event.at) {
                        moment.add(run, happening);
                    }
                }
                _ => {}
            }
        }
        for (_, run) in &moment.in_order {
            let bits = &mut moment.happened[run.at()];
            let began = Started.bit() | TookSlot.bit();
            if *bits & began != 0 && *bits & Ended.bit() != 0 {
                *bits = *bits & !began & !Ended.bit() | Passed.bit();
            }
            // A group that opens and closes at once says no more than what it holds, and a Pause that opens no more than that it pauses.
            if *bits & (Closed.bit() | Paused.bit()) != 0 {
                *bits &= !Opened.bit();
            }
        }
        moment
    }

    fn add(&mut self, run: RunIdx, happening: Happening) {
        let bits = &mut self.happened[run.at()];
        if *bits & happening.bit() == 0 {
            *bits |= happening.bit();
            self.in_order.push((happening, run));
        }
    }

    /// The runs to which this happened, in order of the events.
    fn runs(&self, happening: Happening) -> Vec<RunIdx> {
        let runs_of = |event: Happening| {
            let is_so = move |(of, run): &&(Happening, RunIdx)| *of == event && self.happened[run.at()] & happening.bit() != 0;
            self.in_order.iter().filter(is_so).map(|(_, run)| *run)
        };
        match happening {
            // No event stands for it: it follows from a start and an end.
            Passed => runs_of(Started).chain(runs_of(TookSlot)).collect(),
            _ => runs_of(happening).collect(),
        }
    }

    fn sentence(&self, flows: &[Flow], trace: &Trace, at: SimTime) -> Vec<Piece> {
        let mut sentence = Sentence::new(flows, trace);
        for happening in Happening::ALL {
            let runs = self.runs(happening);
            if !runs.is_empty() {
                sentence.clause();
                sentence.names(&runs);
                sentence.text(happening.words(runs.len()));
            }
        }
        let waiting = if at == SimTime::ZERO { waiting(trace, at) } else { Vec::new() };
        if !waiting.is_empty() {
            sentence.clause();
            sentence.names(&waiting);
            sentence.text(&format!(" wait{} for a slot", s(&waiting)));
        }
        for (execution, state) in &self.executions {
            if *state != State::Success || sentence.pieces.is_empty() {
                of_execution(&mut sentence, flows, trace, *execution, *state);
            }
        }
        if sentence.pieces.is_empty() {
            sentence.text("the log is written");
        }
        if let Some(Piece::Text(first)) = sentence.pieces.first_mut() {
            *first = capitalized(first);
        }
        sentence.text(".");
        sentence.pieces
    }
}

/// What became of an execution.
#[inline(never)]
fn of_execution(sentence: &mut Sentence<'_>, flows: &[Flow], trace: &Trace, execution: ExecutionIdx, state: State) {
    let name = execution_name(trace, execution);
    sentence.clause();
    sentence.text(&match state {
        State::Success => format!("{name} ends"),
        State::Queued => format!("{name} waits in the queue"),
        _ => format!("{name} ends {}", trace.flow_of(flows, execution).dialect.state_name(state)),
    });
}

/// Whether the last wait of a run before this moment was one for a slot: what is frozen by a pause may wait for none.
fn waited_for_slot(trace: &Trace, run: RunIdx, at: SimTime) -> bool {
    let mut waits = segments(trace, run).into_iter().filter(|segment| segment.kind.is_wait() && segment.to <= at);
    waits.next_back().is_some_and(|wait| wait.kind == SegmentKind::WaitSlot)
}

/// What a new state means for a run; `None` for what is not mentioned.
fn happening(flows: &[Flow], trace: &Trace, run: RunIdx, state: State, at: SimTime) -> Option<Happening> {
    let taskrun = trace.run(run);
    let is_group = trace.task_of(flows, run).is_group();
    let began = trace.began(run);
    Some(match state {
        State::Running if began != Some(at) => Resumed,
        State::Running if is_group => Opened,
        State::Running if taskrun.released_by.is_some() && taskrun.ready_at < at && waited_for_slot(trace, run, at) => TookSlot,
        State::Running => Started,
        State::Paused => Paused,
        State::Retrying | State::Retried => WillRetry,
        State::Skipped => Skipped,
        State::Failed | State::Killed if !is_group => Failed,
        State::Success | State::Warning | State::Failed | State::Killed | State::Cancelled => {
            if is_group {
                Closed
            } else {
                Ended
            }
        }
        State::Created if began.is_none_or(|began| began > at) => Created,
        State::Created | State::Submitted | State::Restarted | State::Queued => return None,
        State::Breakpoint | State::Failing | State::Killing => return None,
    })
}

/// The runs whose wait for a slot begins at this moment.
fn waiting(trace: &Trace, at: SimTime) -> Vec<RunIdx> {
    let waits = trace.iter().filter(|(idx, run)| run.ready_at == at && run.released_by.is_some() && trace.created(*idx) > at);
    waits.map(|(idx, _)| idx).collect()
}
