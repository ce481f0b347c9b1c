//! The rows of the picture: tasks in source order, children below their group, a row for each run of a task; below a
//! Subflow what it called, and a block for each execution when there are several.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::analysis::ends::stopped;
use crate::analysis::late::{Late, late_run};
use crate::analysis::segments::{Segment, SegmentKind, execution_segments, outcome, segments};
use crate::flow::state::State;
use crate::flow::{Flow, FlowIdx, Kind, Lists, Task, TaskIdx};
use crate::pace::give_way;
use crate::sim::names::{execution_name, full_name, local_name, run_key, short};
use crate::sim::trace::{Children, ExecutionIdx, RunIdx, Trace};
use crate::time::SimTime;
use crate::value::Value;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The task id; `id~k` for the k-th run of the same task, k from 2; `x{n}.id` in the n-th execution, n from 2, and `x{n}`
    /// for an execution itself.
    pub key: Rc<str>,
    /// Its name for people: the title of its task, with the value it was run for; `Execution 2`.
    pub name: Rc<str>,
    /// What it is about.
    pub about: About,
    /// How many groups it is in.
    pub depth: usize,
    /// Whether it holds other rows.
    pub is_group: bool,
    /// Whether the rows it holds are left out.
    pub is_folded: bool,
    /// From its creation to its end; `None` when it never ran.
    pub length: Option<SimTime>,
    /// The name of the task whose failure stopped it, if one did.
    pub stopped_by: Option<Rc<str>>,
}

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A task that was never started, of the n-th flow.
    Task(FlowIdx, TaskIdx),
    /// A run of a task of the n-th flow.
    Run(FlowIdx, TaskIdx, RunIdx),
    /// A whole execution.
    Execution(ExecutionIdx),
    /// All runs for one of many values of a group.
    Value {
        /// The first of them.
        first: RunIdx,
        /// The end of the last.
        to: SimTime,
        /// The worst state that one of them ended in; `None` while one has not ended.
        outcome: Option<State>,
    },
}

impl Row {
    /// Its task; `None` for an execution.
    #[must_use]
    pub fn task<'a>(&self, flows: &'a [Flow]) -> Option<&'a Task> {
        match self.about {
            About::Task(flow, task) | About::Run(flow, task, _) => Some(flow.of(flows).task(task)),
            About::Execution(_) | About::Value { .. } => None,
        }
    }

    /// The index of its task, when it is one of the flow that is run.
    #[must_use]
    pub fn task_idx(&self) -> Option<TaskIdx> {
        match self.about {
            About::Task(FlowIdx::FIRST, task) | About::Run(FlowIdx::FIRST, task, _) => Some(task),
            _ => None,
        }
    }

    /// Its run, if it has one.
    #[must_use]
    pub fn run(&self) -> Option<RunIdx> {
        if let About::Run(_, _, run) = self.about { Some(run) } else { None }
    }

    /// What it did, without gaps.
    #[must_use]
    pub fn segments(&self, trace: &Trace) -> Vec<Segment> {
        match self.about {
            About::Task(..) => Vec::new(),
            About::Run(_, _, run) => segments(trace, run),
            About::Execution(execution) => {
                iteration_wait(trace, execution).into_iter().chain(execution_segments(trace, execution)).collect()
            }
            About::Value { first, to, .. } => {
                let waits = segments(trace, first).into_iter().take_while(|segment| segment.kind.is_wait());
                let kind = SegmentKind::State(State::Running);
                waits.chain([Segment { kind, from: trace.created(first), to }]).collect()
            }
        }
    }

    /// Its name with a long value in full.
    #[must_use]
    pub fn full_name(&self, flows: &[Flow], trace: &Trace) -> Rc<str> {
        match self.about {
            About::Task(..) => Rc::clone(&self.name),
            About::Run(_, _, run) => full_name(flows, trace, run),
            About::Execution(execution) => {
                let iteration = trace.execution(execution).iteration.as_ref();
                iteration.map_or_else(|| Rc::clone(&self.name), |iteration| Rc::clone(&iteration.value))
            }
            About::Value { first, .. } => trace.run(first).value.as_ref().map(Value::print).unwrap_or_default(),
        }
    }

    /// Whether it is paused until a person resumes it.
    #[must_use]
    pub fn waits_for_person(&self, trace: &Trace) -> bool {
        self.run().is_some_and(|run| trace.run(run).waits_for_person && trace.state(run) == State::Paused)
    }

    /// Whether its task is not simulated and nothing says how it is to be taken.
    #[must_use]
    pub fn is_opaque(&self, flows: &[Flow]) -> bool {
        self.task(flows).is_some_and(|task| task.sim_note.is_none() && matches!(task.kind, Kind::Opaque(_) | Kind::Script(_)))
    }

    /// When its item is due: milliseconds of the run, negative before its start.
    #[must_use]
    pub fn due_ms(&self, flows: &[Flow], trace: &Trace) -> Option<i64> {
        let due = self.task(flows)?.plan.as_ref()?.due_at?;
        Some(due.saturating_sub(trace.start_epoch_ms))
    }

    /// How late its item is; `None` when it is not.
    #[must_use]
    pub fn late(&self, flows: &[Flow], trace: &Trace) -> Option<Late> {
        late_run(trace, self.task(flows)?, self.run()?)
    }

    /// Whether it is a planned item whose length is calculated, as none is written.
    #[must_use]
    pub fn is_length_calculated(&self, flows: &[Flow]) -> bool {
        let plan = self.task(flows).filter(|_| !self.is_group).and_then(|task| task.plan.as_ref());
        plan.is_some_and(|plan| plan.length.is_none())
    }

    /// The state it ended in; `None` when it did not.
    #[must_use]
    pub fn outcome(&self, trace: &Trace) -> Option<State> {
        match self.about {
            About::Task(..) => None,
            About::Run(_, _, run) => outcome(trace, run),
            About::Execution(execution) => {
                trace.execution_history(execution).last().map(|(_, state)| *state).filter(|state| state.is_terminal())
            }
            About::Value { outcome, .. } => outcome,
        }
    }
}

/// The wait of an iteration of a Loop for a slot: from the start of the Loop to its own.
fn iteration_wait(trace: &Trace, execution: ExecutionIdx) -> Option<Segment> {
    let about = trace.execution(execution);
    let holder = about.started_by.filter(|_| about.iteration.is_some())?;
    let (from, (to, _)) = (trace.began(holder)?, trace.own_history(execution).next()?);
    (from < to).then_some(Segment { kind: SegmentKind::WaitSlot, from, to })
}

/// All rows but those that are folded away. At first only what a Subflow called is folded, and groups with many values;
/// `is_toggled` says for which keys that is inverted.
#[must_use]
pub fn rows(flows: &[Flow], trace: &Trace, is_toggled: &dyn Fn(&str) -> bool) -> Vec<Row> {
    let children = trace.children();
    let mut called: Vec<Vec<ExecutionIdx>> = vec![Vec::new(); trace.runs.len()];
    let mut roots = Vec::new();
    for execution in trace.execution_indices() {
        let caller = trace.execution(execution).started_by;
        caller.map_or(&mut roots, |run| &mut called[run.at()]).push(execution);
    }
    let to_do = match roots[..] {
        [only] => vec![(0, ToDo::Execution(only))],
        _ => roots.into_iter().rev().map(|execution| (0, ToDo::Block(execution, false))).collect(),
    };
    let mut walk = Walk { flows, trace, is_toggled, children: &children, called, stopped: stopped(flows, trace), rows: Vec::new(), to_do };
    while let Some((depth, to_do)) = walk.to_do.pop() {
        give_way();
        walk.step(depth, to_do);
    }
    walk.rows
}

/// A group that runs for more values than this is folded at first.
const MOST_VALUES: usize = 20;

/// For how many values these runs were made.
fn n_values(trace: &Trace, runs: &[RunIdx]) -> usize {
    runs.iter().filter_map(|run| trace.run(*run).iteration).max().map_or(0, |last| last as usize + 1)
}

/// What is still to be walked through. It is kept in a list, as flows may call each other hundreds of levels deep.
enum ToDo {
    /// An execution with a row of its own, and whether that is folded at first.
    Block(ExecutionIdx, bool),
    /// The tasks of an execution.
    Execution(ExecutionIdx),
    /// A taskrun.
    Run(FlowIdx, RunIdx),
    /// What is in a group that has run.
    Group(FlowIdx, RunIdx),
    /// The runs for one value.
    Value(FlowIdx, Vec<RunIdx>),
    /// A task that was never started.
    Never(FlowIdx, ExecutionIdx, TaskIdx),
}

struct Walk<'a> {
    flows: &'a [Flow],
    trace: &'a Trace,
    is_toggled: &'a dyn Fn(&str) -> bool,
    children: &'a Children,
    called: Vec<Vec<ExecutionIdx>>,
    stopped: BTreeMap<RunIdx, Rc<str>>,
    rows: Vec<Row>,
    /// With the depth of each; the next one is the last.
    to_do: Vec<(usize, ToDo)>,
}

impl Walk<'_> {
    fn step(&mut self, depth: usize, to_do: ToDo) {
        match to_do {
            ToDo::Block(execution, is_folded) => self.block(execution, depth, is_folded),
            ToDo::Execution(execution) => self.execution(execution, depth),
            ToDo::Run(flow, run) => self.run(flow, run, depth),
            ToDo::Group(flow, run) => self.group(flow, run, depth),
            ToDo::Value(flow, runs) => self.value(flow, runs, depth),
            ToDo::Never(flow, execution, task) => self.never(flow, execution, task, depth),
        }
    }

    /// These are next, in this order.
    fn next(&mut self, depth: usize, mut to_do: Vec<ToDo>) {
        to_do.reverse();
        self.to_do.extend(to_do.into_iter().map(|to_do| (depth, to_do)));
    }

    /// An execution with a row of its own.
    fn block(&mut self, execution: ExecutionIdx, depth: usize, is_folded: bool) {
        let history = self.trace.own_history(execution);
        let ended = |(at, state): (SimTime, State)| if state.is_terminal() { at } else { self.trace.end };
        let length = history.clone().next().zip(history.last()).map(|((from, _), last)| ended(last) - from);
        let key = Rc::from(format!("x{}", execution.number()));
        let name = execution_name(self.flows, self.trace, execution);
        if !self.push(Row { key, name, about: About::Execution(execution), depth, is_group: true, is_folded, length, stopped_by: None }) {
            self.next(depth + 1, vec![ToDo::Execution(execution)]);
        }
    }

    /// The tasks of an execution; of an iteration, those of its Loop.
    fn execution(&mut self, execution: ExecutionIdx, depth: usize) {
        let about = self.trace.execution(execution);
        let flow_idx = about.flow;
        let flow = flow_idx.of(self.flows);
        if let Some(holder) = about.started_by.filter(|_| about.iteration.is_some()) {
            let tasks = flow.task(self.trace.run(holder).task).lists.in_source_order();
            return self.list(flow_idx, execution, &tasks, self.children.at_top(execution), depth);
        }
        let after = flow.after_execution.iter().chain(flow.listeners.iter().flat_map(|listener| &listener.tasks));
        let mut tasks = flow.lists.in_source_order();
        tasks.extend(after);
        tasks.sort_unstable();
        self.list(flow_idx, execution, &tasks, self.children.at_top(execution), depth);
    }

    /// Adds a row. Returns whether the rows it holds are folded away.
    fn push(&mut self, row: Row) -> bool {
        let is_folded = row.is_group && row.is_folded != (self.is_toggled)(&row.key);
        self.rows.push(Row { is_folded, ..row });
        is_folded
    }

    fn list(&mut self, flow: FlowIdx, execution: ExecutionIdx, tasks: &[TaskIdx], runs: &[RunIdx], depth: usize) {
        let mut of_task: Vec<Vec<RunIdx>> = vec![Vec::new(); tasks.len()];
        for run in runs {
            give_way();
            if let Ok(at) = tasks.binary_search(&self.trace.run(*run).task) {
                of_task[at].push(*run);
            }
        }
        // The runs for one value stand together.
        if n_values(self.trace, runs) > 1 && tasks.len() > 1 {
            let mut runs: Vec<RunIdx> = of_task.into_iter().flatten().collect();
            runs.sort_by_key(|run| self.trace.run(*run).iteration);
            if n_values(self.trace, &runs) > MOST_VALUES {
                let of_value = |a: &RunIdx, b: &RunIdx| self.trace.run(*a).iteration == self.trace.run(*b).iteration;
                let values = runs.chunk_by(of_value).map(|runs| ToDo::Value(flow, runs.to_vec())).collect();
                return self.next(depth, values);
            }
            return self.next(depth, runs.into_iter().map(|run| ToDo::Run(flow, run)).collect());
        }
        let to_do = |(task, runs): (&TaskIdx, Vec<RunIdx>)| {
            give_way();
            match runs[..] {
                [] => vec![ToDo::Never(flow, execution, *task)],
                _ => runs.into_iter().map(|run| ToDo::Run(flow, run)).collect(),
            }
        };
        self.next(depth, tasks.iter().zip(of_task).flat_map(to_do).collect());
    }

    /// The runs for one value, below a row that holds them and is folded at first.
    fn value(&mut self, flow: FlowIdx, runs: Vec<RunIdx>, depth: usize) {
        let Some(first) = runs.first().copied() else { return };
        let trace = self.trace;
        let taskrun = trace.run(first);
        let group = taskrun.parent.map(|group| run_key(self.flows, trace, group)).unwrap_or_default();
        let worst = |state: State| [State::Failed, State::Killed, State::Warning].iter().position(|bad| *bad == state).unwrap_or(3);
        let states = runs.iter().map(|run| trace.state(*run));
        let outcome = states.clone().all(State::is_terminal).then(|| states.min_by_key(|state| worst(*state))).flatten();
        let to = runs.iter().map(|run| trace.ended(*run)).max().unwrap_or_default();
        let row = Row {
            key: Rc::from(format!("{group}~v{}", taskrun.iteration.unwrap_or(0) + 1)),
            name: taskrun.value.as_ref().map(|value| Rc::from(short(&value.print()))).unwrap_or_default(),
            about: About::Value { first, to, outcome },
            depth,
            is_group: true,
            is_folded: true,
            length: Some(to - trace.created(first)),
            stopped_by: None,
        };
        if !self.push(row) {
            self.next(depth + 1, runs.into_iter().map(|run| ToDo::Run(flow, run)).collect());
        }
    }

    /// A task that was never started, and all it holds.
    fn never(&mut self, flow: FlowIdx, execution: ExecutionIdx, idx: TaskIdx, depth: usize) {
        let task = flow.of(self.flows).task(idx);
        let key =
            if execution == ExecutionIdx::FIRST { Rc::clone(&task.id) } else { Rc::from(format!("x{}.{}", execution.number(), task.id)) };
        let is_group = task.is_group();
        let name = Rc::clone(task.title());
        let about = About::Task(flow, idx);
        if !self.push(Row { key, name, about, depth, is_group, is_folded: false, length: None, stopped_by: None }) && is_group {
            let children = task.lists.in_source_order();
            self.next(depth + 1, children.into_iter().map(|child| ToDo::Never(flow, execution, child)).collect());
        }
    }

    fn run(&mut self, flow: FlowIdx, run: RunIdx, depth: usize) {
        let idx = self.trace.run(run).task;
        let task = flow.of(self.flows).task(idx);
        let called = std::mem::take(&mut self.called[run.at()]);
        let is_loop = called.iter().any(|execution| self.trace.execution(*execution).iteration.is_some());
        let creates = task.plan.is_some();
        let row = Row {
            key: run_key(self.flows, self.trace, run),
            name: local_name(self.flows, self.trace, run),
            about: About::Run(flow, idx, run),
            depth,
            is_group: task.is_group() || !called.is_empty(),
            is_folded: (!called.is_empty() && !is_loop && !creates)
                || called.len() > MOST_VALUES
                || n_values(self.trace, self.children.of(run)) > MOST_VALUES,
            length: Some(self.trace.ended(run) - self.trace.created(run)),
            stopped_by: self.stopped.get(&run).cloned(),
        };
        if self.push(row) {
            return;
        }
        let are_many = called.len() > MOST_VALUES;
        let mut to_do: Vec<ToDo> = match called[..] {
            [only] if !is_loop && !creates => vec![ToDo::Execution(only)],
            _ => called.into_iter().map(|execution| ToDo::Block(execution, are_many)).collect(),
        };
        to_do.extend((task.is_group() && !is_loop).then_some(ToDo::Group(flow, run)));
        self.next(depth + 1, to_do);
    }

    fn group(&mut self, flow: FlowIdx, run: RunIdx, depth: usize) {
        let taskrun = self.trace.run(run);
        let runs = self.children.of(run);
        let tasks = shown(flow.of(self.flows).task(taskrun.task), runs, self.trace);
        self.list(flow, taskrun.execution, &tasks, runs, depth);
    }
}

/// The tasks of a group that has run. Branches that were not chosen are left out.
fn shown(task: &Task, runs: &[RunIdx], trace: &Trace) -> Vec<TaskIdx> {
    let Lists { branches, .. } = &task.lists;
    let has_run = |tasks: &[TaskIdx]| runs.iter().any(|run| tasks.contains(&trace.run(*run).task));
    let not_chosen: Vec<TaskIdx> = branches.iter().filter(|(_, tasks)| !has_run(tasks)).flat_map(|(_, tasks)| tasks).copied().collect();
    let mut tasks = task.lists.in_source_order();
    tasks.retain(|task| !not_chosen.contains(task));
    tasks
}
