//! All that happened in a run, in order: the one event log that every picture, table and number reads.

use std::rc::Rc;

use super::scenario::Scenario;
use crate::budget::Resource;
use crate::flow::state::State;
use crate::flow::{Flow, FlowIdx, Level, Task, TaskIdx};
use crate::pace::give_way;
use crate::source::Span;
use crate::time::SimTime;
use crate::tr;
use crate::value::{Map, Value};

/// What a run did. Executions and taskruns are listed in order of creation, events in order of time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trace {
    /// The executions; the first is the one that was asked for.
    pub executions: Vec<Execution>,
    /// The taskruns of all executions.
    pub runs: Vec<TaskRun>,
    /// What happened. **Invariant:** times never go back.
    pub events: Vec<Event>,
    /// What was logged, in order.
    pub logs: Vec<LogEntry>,
    /// What had to be assumed, each once, in the order in which it was met; behind it what the user assumes and nothing
    /// asked for.
    pub assumptions: Vec<Assumption>,
    /// How long each taskrun of a leaf was CREATED before a worker would take it.
    pub dispatch_delay: SimTime,
    /// How many leaves could run at once on the whole server; `None` is no limit.
    pub workers: Option<u32>,
    /// How many cores the running leaves shared; `None` when none slowed another down.
    pub cores: Option<u32>,
    /// Why the run was stopped before its end, if it was.
    pub truncated: Option<Truncated>,
    /// The virtual date of the start, in milliseconds since 1970-01-01T00:00:00Z.
    pub start_epoch_ms: i64,
    /// The seed of the run.
    pub seed: u64,
    /// Whether anything was drawn from the seed. Otherwise every seed gives the same run, but for ids.
    pub has_drawn: bool,
    /// When the run was over: its last event, or the moment at which it was stopped.
    pub end: SimTime,
    histories: Histories,
    execution_histories: Histories,
}

/// A taskrun, as an index of [`Trace::runs`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunIdx(pub u32);

impl RunIdx {
    /// Its place in a list with an item for each taskrun.
    #[must_use]
    pub fn at(self) -> usize {
        self.0 as usize
    }
}

/// An execution, as an index of [`Trace::executions`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExecutionIdx(pub u32);

impl ExecutionIdx {
    /// The execution that was asked for: it is always there, unless the trace is empty.
    pub const FIRST: Self = Self(0);

    /// What people count it as: from 1.
    #[must_use]
    pub fn number(self) -> u32 {
        self.0 + 1
    }

    /// Its place in a list with an item for each execution.
    #[must_use]
    pub fn at(self) -> usize {
        self.0 as usize
    }
}

/// One run of a flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execution {
    /// Which of the flows.
    pub flow: FlowIdx,
    /// The taskrun that started it, when it is a subflow.
    pub started_by: Option<RunIdx>,
    /// The execution that `system.correlationId` names: itself, or the one at the root of subflows.
    pub root: ExecutionIdx,
    /// The first of the executions that retry each other; itself when there was none before.
    pub original: ExecutionIdx,
    /// Its number among them, from 1.
    pub attempt: u32,
    /// What it is for, when it is an iteration of the Loop that started it.
    pub iteration: Option<Iteration>,
    /// When it was made.
    pub made_at: SimTime,
    /// The states that an iteration took over from the execution that holds its Loop.
    pub inherited: Vec<(SimTime, State)>,
    /// When it began to run, with the order among those that began at the same time; `None` when it never did.
    pub began: Option<(SimTime, u32)>,
    /// Its inputs, typed.
    pub inputs: Rc<Map>,
    /// Its own outputs; `None` when its flow has none, or it did not come to its end.
    pub outputs: Option<Rc<Map>>,
    /// Its labels, in order.
    pub labels: Vec<(Rc<str>, Rc<str>)>,
    /// What `trigger` holds in a subflow.
    pub trigger: Option<Value>,
}

/// One run of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRun {
    /// Of which execution.
    pub execution: ExecutionIdx,
    /// Of which task of its flow.
    pub task: TaskIdx,
    /// The group run that it belongs to; `None` at the top level.
    pub parent: Option<RunIdx>,
    /// Its number among the runs of its task in its execution, from 1.
    pub nth: u32,
    /// The value it runs for, in a group that runs its tasks for each of several values.
    pub value: Option<Value>,
    /// The place of that value, or the round of a loop, from 0.
    pub iteration: Option<u32>,
    /// Whether a further round of a loop took its place: Kestra then forgets it.
    pub dropped: bool,
    /// From when on only a slot was missing. Before, an earlier task had not ended.
    pub ready_at: SimTime,
    /// The run whose end let this one begin, if it had to wait for one.
    pub released_by: Option<RunIdx>,
    /// The `concurrent` in force for the children of a group; 0 is no limit.
    pub concurrent: u32,
    /// What it gave as outputs. Rule: Kestra, "Outputs".
    pub outputs: Option<Value>,
    /// Whether a person ends its pause, and no timer.
    pub waits_for_person: bool,
    /// The attempts, in order.
    pub attempts: Vec<Attempt>,
}

impl TaskRun {
    /// A run of a task that has done nothing yet.
    pub(super) fn new(task: TaskIdx, execution: ExecutionIdx, now: SimTime) -> Self {
        Self {
            execution,
            task,
            parent: None,
            nth: 1,
            value: None,
            iteration: None,
            dropped: false,
            ready_at: now,
            released_by: None,
            concurrent: 0,
            outputs: None,
            waits_for_person: false,
            attempts: Vec::new(),
        }
    }
}

/// One attempt of a taskrun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// When it began.
    pub began: SimTime,
    /// When it ended; `None` when it never did.
    pub ended: Option<SimTime>,
    /// Its state, before `allowFailure` and `allowWarning` apply.
    pub state: State,
    /// How much of its time is due to others that ran on the same cores.
    pub slowed: SimTime,
}

/// What an execution is for that runs the tasks of a Loop once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Iteration {
    /// The index of its item, from 0.
    pub index: u32,
    /// The value of the item.
    pub value: Rc<str>,
    /// The key of the item, when it comes from a map.
    pub key: Option<Rc<str>>,
}

/// A choice that only a real server could make, and what was taken instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumption {
    /// What it is about: `outputs.query.rows`, `tasks.decide.condition`, `inputs.name`.
    pub path: Rc<str>,
    /// What was taken.
    pub value: Value,
    /// Why, in a sentence.
    pub why: &'static str,
    /// The flow it was met in.
    pub flow: FlowIdx,
    /// The task or input it is about, in the text of that flow; the whole flow for one that is [`NOT_USED`].
    pub span: Span,
}

/// Why an assumption stands in the list that the user gave and nothing asked for.
pub const NOT_USED: &str = tr!(const "not used by this flow");

/// Something that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: SimTime,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// An execution came into a state.
    Execution(ExecutionIdx, State),
    /// A taskrun came into a state.
    Run(RunIdx, State),
    /// A taskrun was in this state until the executor took its worker's word instead: it is not part of its history.
    Replaced(RunIdx, State),
    /// Something was logged: an index of [`Trace::logs`].
    Log(u32),
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// The execution it is about.
    pub execution: ExecutionIdx,
    /// The taskrun that logs it; `None` for what the executor logs of the execution as a whole.
    pub run: Option<RunIdx>,
    /// When.
    pub at: SimTime,
    /// At which level.
    pub level: Level,
    /// The message.
    pub message: Box<str>,
}

/// Why a run was stopped before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truncated {
    /// The horizon was reached.
    Horizon,
    /// There were too many events.
    Events,
    /// The script of this taskrun has no end. With the line of the script, from 0, that the loop begins on.
    Endless(RunIdx, Option<u32>),
    /// It used up what a run may use. With the first taskrun of the task that used most of it; `None` is the execution itself.
    Spent(Resource, Option<RunIdx>),
}

/// The changes of state of each of many, gathered from the events: the n-th has `changes[starts[n]..starts[n + 1]]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Histories {
    starts: Vec<u32>,
    changes: Vec<(SimTime, State)>,
}

impl Histories {
    fn gather(events: &[Event], n: usize, change: impl Fn(What) -> Option<(u32, State)>) -> Self {
        // One place further to the right, so that what is counted up while they are put in order ends as the next start.
        let mut starts = vec![0u32; n + 2];
        let changes =
            || events.iter().inspect(|_| give_way()).filter_map(|event| change(event.what).map(|(n, state)| (n as usize, event.at, state)));
        changes().for_each(|(n, ..)| starts[n + 2] += 1);
        for n in 1..starts.len() {
            starts[n] += starts[n - 1];
        }
        let mut ordered = vec![(SimTime::ZERO, State::Created); starts.last().copied().unwrap_or(0) as usize];
        for (n, at, state) in changes() {
            let place = &mut starts[n + 1];
            ordered[*place as usize] = (at, state);
            *place += 1;
        }
        Self { starts, changes: ordered }
    }

    /// The same, with what each of them took over in front of its own.
    fn behind<'a>(self, inherited: impl Iterator<Item = &'a [(SimTime, State)]>) -> Self {
        let (mut starts, mut changes) = (vec![0], Vec::with_capacity(self.changes.len()));
        for (n, inherited) in (0..).zip(inherited) {
            changes.extend_from_slice(inherited);
            changes.extend_from_slice(self.of(n));
            starts.push(changes.len() as u32);
        }
        Self { starts, changes }
    }

    fn of(&self, n: u32) -> &[(SimTime, State)] {
        &self.changes[self.starts[n as usize] as usize..self.starts[n as usize + 1] as usize]
    }
}

/// The taskruns of a trace by what they belong to, each list in order of creation.
pub struct Children {
    at_top: Vec<Vec<RunIdx>>,
    of_run: Vec<Vec<RunIdx>>,
}

impl Children {
    /// The runs that belong to this group run.
    #[must_use]
    pub fn of(&self, group: RunIdx) -> &[RunIdx] {
        &self.of_run[group.0 as usize]
    }

    /// The runs at the top level of an execution.
    #[must_use]
    pub fn at_top(&self, execution: ExecutionIdx) -> &[RunIdx] {
        self.at_top.get(execution.at()).map_or(&[], Vec::as_slice)
    }
}

impl Trace {
    /// A trace in which nothing has happened yet.
    pub(super) fn begin(start_epoch_ms: i64, scenario: &Scenario) -> Self {
        let Scenario { seed, dispatch_delay, workers, cores, .. } = *scenario;
        Self { start_epoch_ms, seed, dispatch_delay, workers, cores, ..Self::default() }
    }

    /// Gathers the histories; called once, when the last event is in.
    pub(super) fn seal(&mut self, end: SimTime) {
        self.end = end;
        let of_run = |what| if let What::Run(run, state) = what { Some((run.0, state)) } else { None };
        let of_execution = |what| if let What::Execution(n, state) = what { Some((n.0, state)) } else { None };
        self.histories = Histories::gather(&self.events, self.runs.len(), of_run);
        let inherited = self.executions.iter().map(|execution| &execution.inherited[..]);
        self.execution_histories = Histories::gather(&self.events, self.executions.len(), of_execution).behind(inherited);
    }

    /// The taskrun at an index of this trace.
    #[must_use]
    pub fn run(&self, idx: RunIdx) -> &TaskRun {
        &self.runs[idx.0 as usize]
    }

    /// The execution at an index of this trace.
    #[must_use]
    pub fn execution(&self, idx: ExecutionIdx) -> &Execution {
        &self.executions[idx.at()]
    }

    pub(super) fn execution_mut(&mut self, idx: ExecutionIdx) -> &mut Execution {
        &mut self.executions[idx.at()]
    }

    /// Whether no task started this execution.
    #[must_use]
    pub fn is_root(&self, execution: ExecutionIdx) -> bool {
        self.execution(execution).started_by.is_none()
    }

    /// Whether an execution is one of the flow that is run, or an iteration of one of its Loops.
    #[must_use]
    pub fn is_of_flow(&self, execution: ExecutionIdx) -> bool {
        let Execution { flow, started_by, iteration, .. } = self.execution(execution);
        *flow == FlowIdx::FIRST && (started_by.is_none() || iteration.is_some())
    }

    /// The executions that no task started.
    pub fn roots(&self) -> impl Iterator<Item = ExecutionIdx> + '_ {
        self.execution_indices().filter(|execution| self.is_root(*execution))
    }

    /// How many executions no task started.
    #[must_use]
    pub fn n_roots(&self) -> usize {
        self.roots().count()
    }

    /// The indices of all executions, in order of creation.
    pub fn execution_indices(&self) -> impl DoubleEndedIterator<Item = ExecutionIdx> + use<> {
        (0..self.executions.len() as u32).map(ExecutionIdx)
    }

    /// The flow that an execution runs.
    #[must_use]
    pub fn flow_of<'f>(&self, flows: &'f [Flow], idx: ExecutionIdx) -> &'f Flow {
        self.execution(idx).flow.of(flows)
    }

    /// The task that a taskrun runs.
    #[must_use]
    pub fn task_of<'f>(&self, flows: &'f [Flow], run: RunIdx) -> &'f Task {
        let TaskRun { execution, task, .. } = *self.run(run);
        self.flow_of(flows, execution).task(task)
    }

    /// All taskruns with their indices, in order of creation.
    pub fn iter(&self) -> impl Iterator<Item = (RunIdx, &TaskRun)> {
        (0u32..).map(RunIdx).zip(&self.runs).inspect(|_| give_way())
    }

    /// The states of a taskrun in order, each with the time it came.
    #[must_use]
    pub fn history(&self, run: RunIdx) -> &[(SimTime, State)] {
        self.histories.of(run.0)
    }

    /// The same, each state with the times between which it lasted; the last goes on to the end of the trace.
    pub fn stretches(&self, run: RunIdx) -> impl Iterator<Item = (State, SimTime, SimTime)> + use<'_> {
        let history = self.history(run);
        let ends = history.iter().skip(1).map(|(at, _)| *at).chain([self.end]);
        history.iter().zip(ends).map(|((from, state), to)| (*state, *from, to))
    }

    /// The state a taskrun is left in.
    #[must_use]
    pub fn state(&self, run: RunIdx) -> State {
        self.history(run).last().map_or(State::Created, |(_, state)| *state)
    }

    /// When a taskrun was created.
    #[must_use]
    pub fn created(&self, run: RunIdx) -> SimTime {
        self.history(run).first().map_or(SimTime::ZERO, |(at, _)| *at)
    }

    /// When a taskrun came to its final state; the end of the trace for one that never did.
    #[must_use]
    pub fn ended(&self, run: RunIdx) -> SimTime {
        self.history(run).last().filter(|(_, state)| state.is_terminal()).map_or(self.end, |(at, _)| *at)
    }

    /// The states of an execution in order, each with the time it came.
    #[must_use]
    pub fn execution_history(&self, execution: ExecutionIdx) -> &[(SimTime, State)] {
        self.execution_histories.of(execution.0)
    }

    /// Whether the first execution failed or was killed.
    #[must_use]
    pub fn ended_badly(&self) -> bool {
        let last = self.execution_history(ExecutionIdx::FIRST).last();
        last.is_some_and(|(_, state)| matches!(state, State::Failed | State::Killed | State::Cancelled))
    }

    /// The states of an execution from when it began: an iteration of a Loop takes over states from the execution that holds it, and goes on
    /// with the last of them.
    pub fn own_history(&self, execution: ExecutionIdx) -> impl DoubleEndedIterator<Item = (SimTime, State)> + Clone + use<'_> {
        let about = self.execution(execution);
        let from = if about.inherited.is_empty() { SimTime::ZERO } else { about.made_at };
        let own = &self.execution_history(execution)[about.inherited.len().saturating_sub(1)..];
        own.iter().map(move |(at, state)| ((*at).max(from), *state))
    }

    /// The runs of an execution, in order of creation, without those of earlier rounds of loops.
    pub fn runs_of(&self, execution: ExecutionIdx) -> impl Iterator<Item = (RunIdx, &TaskRun)> {
        self.iter().filter(move |(_, run)| run.execution == execution && !run.dropped)
    }

    /// The runs below each group run and at the top of each execution.
    #[must_use]
    pub fn children(&self) -> Children {
        let mut children = Children { at_top: vec![Vec::new(); self.executions.len()], of_run: vec![Vec::new(); self.runs.len()] };
        for (idx, run) in self.iter() {
            let above = run.parent.map_or(&mut children.at_top[run.execution.at()], |parent| &mut children.of_run[parent.0 as usize]);
            above.push(idx);
        }
        children
    }

    /// When a group began with its children, or a leaf was taken by a worker; `None` when it never was.
    #[must_use]
    pub fn began(&self, run: RunIdx) -> Option<SimTime> {
        self.history(run).iter().find(|(_, state)| state.is_running()).map(|(at, _)| *at)
    }

    /// Which of the first flow's tasks began in some taskrun, by their index.
    #[must_use]
    pub fn began_tasks(&self, flow: &Flow) -> Vec<bool> {
        let mut began = vec![false; flow.tasks.len()];
        for (idx, run) in self.iter().filter(|(_, run)| self.is_of_flow(run.execution)) {
            began[run.task.at()] |= self.began(idx).is_some();
        }
        began
    }

    /// When the group of a taskrun began: from then on each moment of the taskrun is accounted for.
    #[must_use]
    pub fn group_began(&self, run: RunIdx) -> SimTime {
        let TaskRun { parent, execution, .. } = *self.run(run);
        match parent {
            Some(parent) => self.began(parent).unwrap_or(SimTime::ZERO),
            None => {
                let began = self.own_history(execution).find(|(_, state)| state.is_running());
                began.map_or(SimTime::ZERO, |(at, _)| at)
            }
        }
    }

    /// The moments at which anything happened, in order, each once.
    #[must_use]
    pub fn moments(&self) -> Vec<SimTime> {
        let mut moments: Vec<SimTime> = self.events.iter().inspect(|_| give_way()).map(|event| event.at).collect();
        moments.dedup();
        moments
    }
}
