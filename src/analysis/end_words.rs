//! The sentences of ends: `t1 failed at 1.0 s because ...`.

use super::claims::{End, How, Named, Reason, Subject};
use super::sentence::{Names, Pieces, capitalized, clauses, code, say, text, time};
use crate::flow::state::State;
use crate::sim::names::short;
use crate::sim::trace::{ExecutionIdx, Iteration, RunIdx, Trace};
use crate::tr;

impl End {
    pub(super) fn sentence(&self, names: Names<'_>) -> Pieces {
        let happened = self.happened(names);
        let holes = |more: Vec<(&'static str, Pieces)>| [vec![("happened", happened)], more].concat();
        let (message, more) = self.because(names);
        say(&message, &holes(more))
    }

    /// What it is about: the name of a run, an execution, or a task.
    fn subject(&self, names: Names<'_>) -> Pieces {
        let (flows, trace) = (names.flows, names.trace);
        match self.subject {
            Subject::Run(run) => names.run(run),
            Subject::Execution(execution) => text(&capitalized(&execution_name(trace, execution))),
            Subject::Task(execution, task) => {
                let title = code(trace.flow_of(flows, execution).task(task).title());
                if execution == ExecutionIdx::FIRST && trace.n_roots() <= 1 {
                    return title;
                }
                let execution = text(&execution_name(trace, execution));
                say(&tr!("{task} of {execution}"), &[("task", title), ("execution", execution)])
            }
        }
    }

    /// The clause that says what became of it, and when.
    fn happened(&self, names: Names<'_>) -> Pieces {
        let warned = matches!(self.subject, Subject::Run(run) if names.trace.state(run) == State::Warning);
        let mut length = Pieces::new();
        let message = match (self.how, &self.reason) {
            (How::NotRun, _) => tr!("{it} did not run"),
            (How::Ended, Reason::Timer | Reason::Person) => tr!("{it} was paused until {at}"),
            (_, Reason::Execution(since, _)) => {
                length = time(self.at - *since);
                tr!("{it} waited {length} because its flow runs only so many executions at once")
            }
            (How::Ended, _) if warned => tr!("{it} ended with a warning at {at}"),
            (How::Ended, _) => tr!("{it} ended at {at}"),
            (How::Failed, _) => tr!("{it} failed at {at}"),
            (How::Skipped, _) => tr!("{it} was skipped at {at}"),
            (How::Interrupted, _) => tr!("{it} was stopped at {at}"),
        };
        say(&message, &[("it", self.subject(names)), ("at", time(self.at)), ("length", length)])
    }

    /// The sentence in which that clause stands, and what else is in its holes.
    fn because(&self, names: Names<'_>) -> (String, Vec<(&'static str, Pieces)>) {
        let runs: Vec<RunIdx> = self.by.iter().map(|by| by.run).collect();
        let n = runs.len();
        let causes = || vec![("causes", self.causes(names))];
        match &self.reason {
            Reason::LastChild => {
                let message = tr!("{happened}, when {runs} ended." | "{happened}, when {runs} ended." % n);
                (message, vec![("runs", names.all(&runs))])
            }
            Reason::Child | Reason::Failure | Reason::Sibling => (tr!("{happened} because {causes}."), causes()),
            Reason::Group if self.how == How::NotRun => (tr!("{happened}: its turn had not come when {causes}."), causes()),
            Reason::Group => (tr!("{happened} because its group {causes}."), causes()),
            Reason::Log(message) => (tr!("{happened}: {message}."), vec![("message", text(message.trim_end_matches('.')))]),
            Reason::Nothing => (tr!("{happened}."), Vec::new()),
            Reason::Execution(_, Some(other)) => {
                let other = text(&execution_name(names.trace, *other));
                (tr!("{happened}. It began when {execution} ended at {at}."), vec![("execution", other), ("at", time(self.at))])
            }
            Reason::Execution(_, None) => (tr!("{happened}. It began at {at}."), vec![("at", time(self.at))]),
            Reason::Empty => (tr!("{happened}: it had nothing to run."), Vec::new()),
            Reason::RunIf => (tr!("{happened} because its `runIf` was not met."), Vec::new()),
            Reason::Disabled => (tr!("{happened} because it is disabled."), Vec::new()),
            Reason::NothingFailed => (tr!("{happened}: it runs once a task has failed, and none did."), Vec::new()),
            Reason::OtherBranch => (tr!("{happened}: another branch was chosen."), Vec::new()),
            Reason::DisabledDependency(on) => {
                let of = |execution| code(&names.trace.flow_of(names.flows, execution).task(*on).id);
                let task = if let Subject::Task(execution, _) = self.subject { of(execution) } else { Pieces::new() };
                (tr!("{happened} because it depends on {task}, which is disabled."), vec![("task", task)])
            }
            Reason::NoTurn => (tr!("{happened}: its turn never came."), Vec::new()),
            Reason::Truncated => (tr!("{happened}: the simulation was stopped before its turn came."), Vec::new()),
            Reason::Killed(killed) => {
                let message = if matches!(self.subject, Subject::Execution(_)) {
                    tr!("{happened} because it was killed at {time}.")
                } else {
                    tr!("{happened} because the execution was killed at {time}.")
                };
                (message, vec![("time", time(*killed))])
            }
            Reason::TriedAgain(next) if *next == self.at => (tr!("{happened} and was tried again at once."), Vec::new()),
            Reason::Over(over) => (tr!("{happened} because the execution ended at {time}."), vec![("time", time(*over))]),
            Reason::Exit if runs.is_empty() => (tr!("{happened}: it ends its execution."), Vec::new()),
            Reason::Exit => {
                let message = tr!("{happened} because {runs} ended the execution." | "{happened} because {runs} ended the execution." % n);
                (message, vec![("runs", names.all(&runs))])
            }
            Reason::Allowed => (tr!("{happened} after it had failed: `allowFailure` lets it."), Vec::new()),
            Reason::Attempts(n) => {
                (tr!("{happened} after {n} attempts, which its `retry` makes a warning."), vec![("n", text(&n.to_string()))])
            }
            Reason::TriedAgain(next) => {
                let holes = vec![("length", time(*next - self.at)), ("next", time(*next))];
                (tr!("{happened} and was tried again {length} later, at {next}."), holes)
            }
            Reason::NewExecution => (tr!("{happened}, and its `retry` started a new execution."), Vec::new()),
            Reason::Timer => (tr!("{happened}, when its timer was up."), Vec::new()),
            Reason::Person => (tr!("{happened}, when a person resumed it."), Vec::new()),
        }
    }

    /// What became of the runs that caused it, in clauses that stand after a conjunction.
    fn causes(&self, names: Names<'_>) -> Pieces {
        let of = |by: &Named| {
            let message = match (names.trace.state(by.run), by.until.is_some()) {
                (State::Failed, true) => tr!("because" => "{run} failed at {time}"),
                (State::Failed, false) => tr!("because" => "{run} failed"),
                (State::Killed | State::Cancelled, true) => tr!("because" => "{run} was stopped at {time}"),
                (State::Killed | State::Cancelled, false) => tr!("because" => "{run} was stopped"),
                (State::Warning, true) => tr!("because" => "{run} ended with a warning at {time}"),
                (State::Warning, false) => tr!("because" => "{run} ended with a warning"),
                (_, true) => tr!("because" => "{run} ended at {time}"),
                (_, false) => tr!("because" => "{run} ended"),
            };
            say(&message, &[("run", names.run(by.run)), ("time", by.until.map(time).unwrap_or_default())])
        };
        clauses(self.by.iter().map(of))
    }
}

/// What an execution is called: `execution 2`, `the iteration [spring]`.
pub(super) fn execution_name(trace: &Trace, idx: ExecutionIdx) -> String {
    match &trace.execution(idx).iteration {
        Some(Iteration { value, .. }) => tr!("the iteration [{value}]", value = short(value)),
        None if idx == ExecutionIdx::FIRST && trace.n_roots() == 1 => tr!("the execution"),
        None => tr!("execution {n}", n = idx.number()),
    }
}
