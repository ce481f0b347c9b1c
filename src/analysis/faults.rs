//! Faults of the engine: what a recorded version of Kestra does where a run comes to it, instead of what Kestra documents and
//! the simulation does. `docs/fidelity.md` lists them with the records that show them.

use crate::collections::Index;
use crate::diag::Diagnostic;
use crate::flow::kestra::versions::{Version, Versions};
use crate::flow::state::State;
use crate::flow::{Dialect, Flow, Kind, Level, SlaRule, Task, TaskIdx};
use crate::language::plain;
use crate::sim::trace::{ExecutionIdx, RunIdx, TaskRun, Trace};
use crate::source::Span;
use crate::time::SimTime;
use crate::tr;

/// Where a run comes to a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The taskrun; `None` for the execution as a whole.
    pub run: Option<RunIdx>,
    /// The index of the text it is in.
    pub file: usize,
    /// Its task in that text.
    pub span: Span,
    /// What the version does: a sentence.
    pub text: String,
}

impl Fault {
    /// The same as a diagnostic.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::note("engine-fault", self.span, self.text.clone()).label(tr!("here the run is as Kestra documents it"))
    }
}

/// The versions that have a fault, what they do, and whether a taskrun comes to it.
type OfRun = (Versions, &'static str, fn(&Place<'_>) -> bool);

/// Faults that a taskrun comes to.
const OF_RUNS: &[OfRun] = &[
    (
        Versions::ONLY_2_0,
        tr!(const "starts a task that is tried again a second time when it is not the first of its list, and tries both again \
                   (kestra#18909)"),
        |at| at.was(State::Retrying) && at.follows_another(),
    ),
    (
        Versions::ONLY_2_0,
        tr!(const "makes one more iteration of a Loop that has failed when an iteration that still ran has ended, and with no limit turns \
                   the Loop into a SUCCESS (kestra#19372)"),
        |at| at.is_loop() && matches!(at.state(), State::Failed | State::Cancelled | State::Warning) && at.outlived(),
    ),
    (Versions::ONLY_2_0, tr!(const "turns a killed Loop into a SUCCESS when its iterations have ended"), |at| {
        at.is_loop() && at.state() == State::Killed && at.iterations().next().is_some()
    }),
    (Versions::ONLY_2_0, tr!(const "runs the iterations of a skipped Loop all the same, and then calls it a SUCCESS"), |at| {
        at.is_loop() && at.state() == State::Skipped
    }),
    (
        Versions::ONLY_2_0,
        tr!(const "counts an iteration as an execution of the flow: at the limit of its `concurrency` it stays QUEUED (kestra#19705)"),
        |at| at.is_loop() && at.flow.concurrency.is_some() && at.iterations().next().is_some(),
    ),
    (Versions::ONLY_2_0, tr!(const "leaves an execution PAUSED for ever when a Pause pauses an iteration of its Loop"), |at| {
        at.pauses() && at.trace.execution(at.run().execution).iteration.is_some()
    }),
    (
        Versions::ONLY_2_0,
        tr!(const "never ends an iteration of a Loop that begins while the execution of the Loop is PAUSED or RETRYING, nor the Loop"),
        |at| {
            let is_held = |began: SimTime| {
                let history = at.trace.execution_history(at.run().execution);
                let state = history.iter().rfind(|(since, _)| *since <= began).map(|(_, state)| *state);
                matches!(state, Some(State::Paused | State::Retrying))
            };
            at.is_loop() && at.iterations().skip(1).any(|execution| is_held(at.trace.execution(execution).made_at))
        },
    ),
    (Versions::ONLY_2_0, tr!(const "runs one round more than `maxIterations` (kestra PR 19209)"), |at| at.reached_its_rounds()),
    (
        Versions::SINCE_1_3,
        tr!(const "counts the tasks of `errors` as tasks of the round of a LoopUntil, and may begin another one"),
        |at| matches!(at.task().kind, Kind::LoopUntil(_)) && at.state() == State::Failed && !at.task().lists.errors.is_empty(),
    ),
    (
        Versions::SINCE_1_3,
        tr!(const "runs neither `errors` nor `finally` when the last execution that a task's own `retry` has made fails, and never ends a \
                   group around it"),
        |at| {
            let makes_executions = at.task().retry.as_ref().is_some_and(|retry| retry.new_execution);
            let lists = &at.flow.lists;
            let has_more = at.task().parent.is_some() || !lists.errors.is_empty() || !lists.finally.is_empty();
            // In an iteration of a Loop no execution is made.
            let is_last = makes_executions && at.trace.execution(at.run().execution).iteration.is_none();
            !at.task().is_group() && is_last && at.state() == State::Failed && has_more
        },
    ),
    (Versions::ONLY_1_3, tr!(const "begins another round of a LoopUntil that is killed between two rounds, and kills that, too"), |at| {
        let states: Vec<State> =
            at.trace.history(at.idx).iter().map(|(_, state)| *state).filter(|state| *state != State::Killing).collect();
        matches!(at.task().kind, Kind::LoopUntil(_)) && states.ends_with(&[State::Paused, State::Killed])
    }),
    (
        Versions::SINCE_1_3,
        tr!(const "loses a task in `errors` or `finally` of a group when it is tried again, and all others there"),
        |at| at.was(State::Retrying) && at.is_handler(),
    ),
    (
        Versions::ONLY_1_3,
        tr!(const "never ends a LoopUntil whose condition holds in one round only, since it looks at the count of the next round"),
        |at| matches!(&at.task().kind, Kind::LoopUntil(until) if until.condition.contains("iterationCount ==")),
    ),
    (Versions::ONLY_1_3, tr!(const "also puts an error in the condition of a LoopUntil on taskruns of other branches"), |at| {
        let in_parallel = || at.around().any(|run| matches!(at.trace.task_of(at.flows, run).kind, Kind::Parallel(_)));
        matches!(at.task().kind, Kind::LoopUntil(_)) && at.state() == State::Failed && at.logged_an_error() && in_parallel()
    }),
    (Versions::ONLY_2_0, tr!(const "runs `onPause` two or three times when the Pause has other lists, too"), |at| at.repeats_on_pause()),
    (
        Versions::ONLY_1_3,
        tr!(const "runs `onPause` again when the Pause has other lists, too, and then fails the execution with `Can't find taskrun`"),
        |at| at.repeats_on_pause(),
    ),
    (Versions::SINCE_1_3, tr!(const "never ends a Pause that is resumed and has lists, but neither `tasks` nor `finally` to run"), |at| {
        let lists = &at.task().lists;
        let runs = |tasks: &[TaskIdx]| tasks.iter().any(|task| !at.flow.task(*task).disabled);
        let has_lists = !(lists.errors.is_empty() && lists.finally.is_empty() && lists.tasks.is_empty());
        at.pauses() && at.state() == State::Success && has_lists && !runs(&lists.tasks) && !runs(&lists.finally)
    }),
    (Versions::SINCE_1_3, tr!(const "sets a group that has failed RUNNING again when a Pause in it ends"), |at| {
        at.pauses() && at.around().any(|run| at.trace.state(run).is_terminal() && at.trace.ended(run) < at.trace.ended(at.idx))
    }),
    (
        Versions::ONLY_1_3,
        tr!(const "never ends a group with `errors` whose task is tried again by a retry that it did not write itself"),
        |at| {
            let has_errors = at.run().parent.is_some_and(|run| !at.trace.task_of(at.flows, run).lists.errors.is_empty());
            at.was(State::Retrying) && at.state() == State::Failed && at.task().retry.is_none() && has_errors
        },
    ),
    (Versions::SINCE_1_3, tr!(const "never ends a group whose `finally` holds disabled tasks alone"), |at| {
        let ends = at.is_loop() || matches!(at.task().kind, Kind::AllowFailure(_) | Kind::Pause(_));
        at.task().is_group() && !ends && at.has_child() && at.is_off(&at.task().lists.finally)
    }),
    (Versions::SINCE_1_3, tr!(const "never ends a group of this kind when all its tasks are disabled"), |at| {
        let never_ends = matches!(at.task().kind, Kind::AllowFailure(_) | Kind::Switch(_) | Kind::LoopUntil(_));
        never_ends && at.state() == State::Success && !at.has_child()
    }),
    (Versions::SINCE_1_3, tr!(const "never ends the groups around a group with its own `retry` that has failed"), |at| {
        let may_retry = at.task().retry.as_ref().is_some_and(|retry| retry.max_attempts.is_none_or(|most| most > 1));
        at.task().is_group() && may_retry && at.state() == State::Failed && at.run().parent.is_some()
    }),
    (
        Versions::SINCE_1_3,
        tr!(const "runs `afterExecution` when a task that is tried again fails for the first time, and not at the end"),
        |at| at.was(State::Retrying) && at.run().parent.is_none() && at.has_after() && !at.runs_after(),
    ),
    (Versions::SINCE_1_3, tr!(const "goes on with the flow's own tasks beside `afterExecution` when the execution has ended here"), |at| {
        let exits = matches!(at.task().kind, Kind::Exit(_)) && at.state() != State::Killed;
        let cancels = at.pauses() && at.trace.own_history(at.run().execution).any(|(_, state)| state == State::Cancelled);
        at.has_after() && at.state().is_terminal() && at.state() != State::Skipped && (exits || cancels)
    }),
    (Versions::SINCE_1_3, tr!(const "never ends a group whose `concurrent` is no number when it is rendered"), |at| {
        let is_window = at.task().has_slots() && !at.is_loop();
        is_window && at.state() == State::Failed && at.logged_an_error() && !at.has_child()
    }),
];

/// The faults that a run comes to, each once per task, in order of the taskruns.
#[must_use]
pub fn faults(flows: &[Flow], trace: &Trace) -> Vec<Fault> {
    let mut found: Vec<Fault> = Vec::new();
    let mut known = Index::default();
    let mut add = |flow: &Flow, run: Option<RunIdx>, span: Span, text: &str| {
        let version = if flow.version == Version::V1_3 { "1.3.31" } else { "2.0.0" };
        let fault = Fault { run, file: flow.file, span, text: tr!("Kestra {version} {does}", version, does = plain(text)) };
        if known.insert(&format!("{} {} {}", fault.file, fault.span.start, fault.text)) {
            found.push(fault);
        }
    };
    let is_open = |flow: &Flow| flow.dialect == Dialect::Kestra && flow.version != Version::V0_21;
    let mut iterations: Vec<Vec<ExecutionIdx>> = vec![Vec::new(); trace.runs.len()];
    for execution in trace.execution_indices() {
        let flow = trace.flow_of(flows, execution);
        if !is_open(flow) {
            continue;
        }
        let of = trace.execution(execution);
        if let Some(run) = of.started_by.filter(|_| of.iteration.is_some()) {
            iterations[run.at()].push(execution);
        }
        let was = |state| trace.own_history(execution).any(|(_, seen)| seen == state);
        let never_ran = !was(State::Running) && (was(State::Cancelled) || was(State::Failed));
        if never_ran && flow.concurrency.is_some() && !flow.after_execution.is_empty() {
            add(
                flow,
                None,
                flow.span,
                tr!(const "goes on with the flow's own tasks beside `afterExecution` when its `concurrency` ends the execution"),
            );
        }
        if flow.version == Version::V1_3
            && flow.sla.iter().any(|sla| matches!(sla.rule, SlaRule::MaxDuration(longest) if longest.0 == u64::MAX))
        {
            add(flow, None, flow.span, tr!(const "comes down when an execution with so long an SLA starts (kestra#18421)"));
        }
    }
    let mut last_rounds = vec![None; trace.runs.len()];
    for (_, run) in trace.iter() {
        if let Some(parent) = run.parent {
            let round = run.iteration.map_or(0, |round| round + 1);
            last_rounds[parent.at()] = last_rounds[parent.at()].max(Some(round));
        }
    }
    let mut logged = vec![false; trace.runs.len()];
    let errors = trace.logs.iter().filter(|entry| entry.level == Level::Error);
    errors.filter_map(|entry| entry.run).for_each(|run| logged[run.at()] = true);
    for (idx, run) in trace.iter() {
        let flow = trace.flow_of(flows, run.execution);
        if !is_open(flow) {
            continue;
        }
        let at = Place {
            flows,
            flow,
            trace,
            idx,
            iterations: &iterations[idx.at()],
            last_round: last_rounds[idx.at()],
            logged_an_error: logged[idx.at()],
        };
        for (versions, text, comes_to) in OF_RUNS {
            if versions.has(flow.version) && comes_to(&at) {
                add(flow, Some(idx), at.task().span, text);
            }
        }
    }
    found
}

/// A taskrun and all around it.
struct Place<'a> {
    flows: &'a [Flow],
    flow: &'a Flow,
    trace: &'a Trace,
    idx: RunIdx,
    /// The iterations of a Loop.
    iterations: &'a [ExecutionIdx],
    /// The number of the last round that its children ran in, from 1, or 0 when they know no rounds; `None` without children.
    last_round: Option<u32>,
    logged_an_error: bool,
}

impl<'a> Place<'a> {
    fn run(&self) -> &'a TaskRun {
        self.trace.run(self.idx)
    }

    fn task(&self) -> &'a Task {
        self.flow.task(self.run().task)
    }

    fn state(&self) -> State {
        self.trace.state(self.idx)
    }

    fn was(&self, state: State) -> bool {
        self.trace.history(self.idx).iter().any(|(_, seen)| *seen == state)
    }

    fn has_child(&self) -> bool {
        self.last_round.is_some()
    }

    /// Whether there are tasks in a list, all of them disabled.
    fn is_off(&self, tasks: &[TaskIdx]) -> bool {
        !tasks.is_empty() && tasks.iter().all(|task| self.flow.task(*task).disabled)
    }

    /// Whether it is in `errors` or `finally` of a group.
    fn is_handler(&self) -> bool {
        let group = self.task().parent.map(|group| &self.flow.task(group).lists);
        group.is_some_and(|lists| lists.errors.contains(&self.run().task) || lists.finally.contains(&self.run().task))
    }

    fn around(&self) -> impl Iterator<Item = RunIdx> {
        std::iter::successors(self.run().parent, |run| self.trace.run(*run).parent)
    }

    fn is_loop(&self) -> bool {
        matches!(self.task().kind, Kind::Loop(_))
    }

    fn iterations(&self) -> impl Iterator<Item = ExecutionIdx> {
        self.iterations.iter().copied()
    }

    /// Whether an iteration ended later than its Loop.
    fn outlived(&self) -> bool {
        let end = self.trace.ended(self.idx);
        self.iterations().any(|execution| self.trace.execution_history(execution).last().is_some_and(|(at, _)| *at > end))
    }

    fn pauses(&self) -> bool {
        matches!(self.task().kind, Kind::Pause(_)) && self.was(State::Paused)
    }

    fn repeats_on_pause(&self) -> bool {
        let lists = &self.task().lists;
        let has_others = !(lists.tasks.is_empty() && lists.errors.is_empty() && lists.finally.is_empty());
        self.pauses() && has_others && !lists.branch("onPause").is_empty()
    }

    fn reached_its_rounds(&self) -> bool {
        let Kind::LoopUntil(until) = &self.task().kind else { return false };
        let most = until.max_iterations.as_deref().and_then(|most| most.trim().parse::<u32>().ok());
        most.is_some_and(|most| self.last_round.unwrap_or(0) >= most)
    }

    fn logged_an_error(&self) -> bool {
        self.logged_an_error
    }

    fn has_after(&self) -> bool {
        !self.flow.after_execution.is_empty() && self.trace.execution(self.run().execution).iteration.is_none()
    }

    fn runs_after(&self) -> bool {
        self.flow.after_execution.contains(&self.run().task)
    }

    /// Whether a task that is not disabled stands before it in a list whose tasks take turns.
    fn follows_another(&self) -> bool {
        let idx = self.run().task;
        let parent = self.task().parent.map(|parent| self.flow.task(parent));
        let lists = parent.map_or(&self.flow.lists, |parent| &parent.lists);
        let side_by_side = parent.is_some_and(|parent| matches!(parent.kind, Kind::Parallel(_) | Kind::Dag(_)));
        let normal = Some(&lists.tasks).filter(|_| !side_by_side);
        let branches = lists.branches.iter().map(|(_, tasks)| tasks);
        let mut all = normal.into_iter().chain(branches).chain([&lists.errors, &lists.finally, &self.flow.after_execution]);
        let is_before = |tasks: &Vec<TaskIdx>| {
            let at = tasks.iter().position(|task| *task == idx).unwrap_or(0);
            tasks[..at].iter().any(|task| !self.flow.task(*task).disabled)
        };
        all.any(is_before)
    }
}

#[cfg(test)]
mod tests;
