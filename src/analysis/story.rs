//! What happens at a moment, in one sentence.

use super::end_words::execution_name;
use super::segments::{SegmentKind, segments};
use super::sentence::{Names, Piece, Pieces, capitalized, say, text};
use crate::flow::Flow;
use crate::flow::state::State;
use crate::sim::trace::{Event, ExecutionIdx, RunIdx, Trace, What};
use crate::time::SimTime;
use crate::tr;

/// The sentence for a moment at which something happened. The time it takes grows with the taskruns, and with the events of
/// the moment.
#[must_use]
pub fn story(flows: &[Flow], trace: &Trace, at: SimTime) -> Pieces {
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

    /// The clause for so many runs.
    fn clause(self, n: usize) -> String {
        match self {
            Ended => tr!("{runs} ends" | "{runs} end together" % n),
            Failed => tr!("{runs} fails" | "{runs} fail" % n),
            WillRetry => tr!("{runs} will be tried again" | "{runs} will be tried again" % n),
            Paused => tr!("{runs} pauses" | "{runs} pause" % n),
            Resumed => tr!("{runs} goes on" | "{runs} go on" % n),
            Closed => tr!("{runs} closes" | "{runs} close" % n),
            Skipped => tr!("{runs} is skipped" | "{runs} are skipped" % n),
            Opened => tr!("{runs} opens" | "{runs} open" % n),
            TookSlot => tr!("{runs} takes a free slot" | "{runs} take their slots" % n),
            Started => tr!("{runs} starts" | "{runs} start" % n),
            Passed => tr!("{runs} runs" | "{runs} run" % n),
            Created => tr!("{runs} is created" | "{runs} are created" % n),
        }
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

    fn sentence(&self, flows: &[Flow], trace: &Trace, at: SimTime) -> Pieces {
        let names = Names { flows, trace };
        let clause = |message: String, runs: &[RunIdx]| say(&message, &[("runs", names.few(runs))]);
        let happened = Happening::ALL.into_iter().map(|happening| (happening, self.runs(happening)));
        let happened = happened.filter(|(_, runs)| !runs.is_empty());
        let mut clauses: Vec<Pieces> = happened.map(|(happening, runs)| clause(happening.clause(runs.len()), &runs)).collect();
        let waiting = if at == SimTime::ZERO { waiting(trace, at) } else { Vec::new() };
        if !waiting.is_empty() {
            clauses.push(clause(tr!("{runs} waits for a slot" | "{runs} wait for a slot" % waiting.len()), &waiting));
        }
        for (execution, state) in &self.executions {
            if *state != State::Success || clauses.is_empty() {
                clauses.push(of_execution(flows, trace, *execution, *state));
            }
        }
        let and = |first, then| say(&tr!("{first}; {then}"), &[("first", first), ("then", then)]);
        let clauses = clauses.into_iter().reduce(and).unwrap_or_else(|| text(&tr!("the log is written")));
        let mut pieces = say(&tr!("{clauses}."), &[("clauses", clauses)]);
        if let Some(Piece::Text(first)) = pieces.first_mut() {
            *first = capitalized(first);
        }
        pieces
    }
}

/// What became of an execution.
#[inline(never)]
fn of_execution(flows: &[Flow], trace: &Trace, execution: ExecutionIdx, state: State) -> Pieces {
    let name = execution_name(trace, execution);
    text(&match state {
        State::Success => tr!("{execution} ends", execution = name),
        State::Queued => tr!("{execution} waits in the queue", execution = name),
        _ => tr!("{execution} ends {state}", execution = name, state = trace.flow_of(flows, execution).dialect.state_name(state)),
    })
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
