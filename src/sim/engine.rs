//! The loop: take what is due, let the task's behavior say what follows, and settle every group it touches.

use std::collections::VecDeque;

use super::behavior::{self, Context, parallel, sequential};
use super::group::{Active, Group};
use super::queue::EventQueue;
use super::scenario::Scenario;
use super::state::State;
use super::trace::{Event, Execution, LogEntry, Outputs, RunIdx, TaskRun, Trace, Truncated, What};
use crate::flow::{Flow, Kind, Level, TaskIdx};
use crate::time::SimTime;

/// A run under way.
pub(super) struct Engine<'f> {
    flows: &'f [Flow],
    scenario: &'f Scenario,
    trace: Trace,
    queue: EventQueue<Due>,
    now: SimTime,
    /// What is known of each taskrun beside its trace, by [`RunIdx`].
    live: Vec<Live>,
    groups: Vec<Group<'f>>,
    /// Groups to look at before time goes on.
    unsettled: VecDeque<GroupIdx>,
    /// The state of each execution.
    executions: Vec<State>,
    /// How many runs each task has had, by execution, then by task.
    n_runs: Vec<Vec<u32>>,
}

/// A group of the engine, as an index.
type GroupIdx = usize;

/// Something that is due.
#[derive(Debug)]
enum Due {
    /// A worker takes a taskrun.
    Begin(RunIdx),
    /// A leaf says something.
    Log(RunIdx, Level, Box<str>),
    /// A leaf ends.
    End(RunIdx, State),
}

/// A taskrun while the run is under way.
#[derive(Debug)]
struct Live {
    state: State,
    /// The group it is a child of.
    group: GroupIdx,
    /// The list of that group it came from.
    list: Active,
    created_at: SimTime,
}

impl<'f> Engine<'f> {
    pub(super) fn new(flows: &'f [Flow], scenario: &'f Scenario) -> Self {
        let trace = Trace::begin(scenario.start_epoch_ms, scenario.seed);
        Self {
            flows,
            scenario,
            trace,
            queue: EventQueue::new(),
            now: SimTime::ZERO,
            live: Vec::new(),
            groups: Vec::new(),
            unsettled: VecDeque::new(),
            executions: Vec::new(),
            n_runs: Vec::new(),
        }
    }

    pub(super) fn run(mut self) -> Trace {
        if !self.flows.is_empty() {
            self.start_execution(0);
        }
        self.settle();
        while let Some((at, due)) = self.queue.pop() {
            if at > self.scenario.horizon {
                self.truncate(self.scenario.horizon, Truncated::Horizon);
                break;
            }
            self.now = at;
            self.handle(due);
            self.settle();
            if self.trace.events.len() > self.scenario.max_events {
                self.truncate(self.now, Truncated::Events);
                break;
            }
        }
        self.trace.seal(self.now);
        self.trace
    }

    fn handle(&mut self, due: Due) {
        match due {
            Due::Begin(run) => self.begin(run),
            Due::Log(run, level, message) => self.log(run, level, message),
            Due::End(run, state) => self.change(run, state),
        }
    }

    fn truncate(&mut self, at: SimTime, why: Truncated) {
        self.now = at;
        self.trace.truncated = Some(why);
    }

    fn record(&mut self, what: What) {
        self.trace.events.push(Event { at: self.now, what });
    }

    fn start_execution(&mut self, flow: usize) {
        let execution = self.executions.len() as u32;
        let lists = &self.flows[flow].lists;
        self.trace.executions.push(Execution { flow, started_by: None });
        self.executions.push(State::Created);
        self.n_runs.push(vec![0; self.flows[flow].tasks.len()]);
        self.record(What::Execution(execution, State::Created));
        self.groups.push(Group::open(None, execution, lists, None, self.now));
        self.unsettled.push_back(self.groups.len() - 1);
    }

    /// An execution comes into a state.
    fn change_execution(&mut self, execution: u32, state: State) {
        self.executions[execution as usize] = state;
        self.record(What::Execution(execution, state));
        if state.is_terminal() {
            self.close_open_groups(execution);
        }
    }

    /// A terminal execution decides nothing any more: its groups that are still RUNNING would stay so for ever. They are
    /// closed as KILLED; leaves go on to their own end. Rule: Kestra, "Execution terminal".
    fn close_open_groups(&mut self, execution: u32) {
        for group in (0..self.groups.len()).rev() {
            let Group { owner, execution: of, .. } = self.groups[group];
            let open = owner.filter(|run| of == execution && !self.live[run.0 as usize].state.is_terminal());
            if let Some(run) = open {
                self.change(run, State::Killed);
            }
        }
    }

    /// A taskrun comes into a state; its group is to be looked at.
    fn change(&mut self, run: RunIdx, state: State) {
        let Live { state: from, group, list, .. } = self.live[run.0 as usize];
        debug_assert!(from.may_become(state), "{from:?} must not become {state:?}");
        self.live[run.0 as usize].state = state;
        self.record(What::Run(run, state));
        self.groups[group].child_changed(run, list, Some(from), state);
        self.unsettled.push_back(group);
    }

    fn log(&mut self, run: RunIdx, level: Level, message: Box<str>) {
        let entry = self.trace.logs.len() as u32;
        self.trace.logs.push(LogEntry { run, at: self.now, level, message });
        self.record(What::Log(entry));
    }

    /// Looks at groups until nothing follows from what has happened.
    fn settle(&mut self) {
        while let Some(group) = self.unsettled.pop_front() {
            let execution = self.groups[group].execution;
            let owner_open = self.groups[group].owner.is_none_or(|run| !self.live[run.0 as usize].state.is_terminal());
            if owner_open && !self.executions[execution as usize].is_terminal() {
                self.settle_group(group);
            }
        }
    }

    fn settle_group(&mut self, idx: GroupIdx) {
        let flow = self.flow_of(self.groups[idx].execution);
        let group = &mut self.groups[idx];
        group.advance(|task| !flow.task(task).disabled);
        if group.active == Active::Done {
            let state = group.outcome.state();
            match group.owner {
                None => self.change_execution(self.groups[idx].execution, state),
                Some(run) => {
                    let task = flow.task(self.trace.run(run).task);
                    self.change(run, allowed(state, task.allow_failure, task.allow_warning));
                }
            }
            return;
        }
        let mut n_startable = match group.limit() {
            None => sequential::n_startable(group.count),
            Some(limit) => parallel::n_startable(group.count, limit),
        };
        let list = group.list();
        while n_startable > 0 && self.groups[idx].next < list.len() {
            let task = list[self.groups[idx].next];
            self.groups[idx].next += 1;
            if !flow.task(task).disabled {
                n_startable -= 1;
                self.create(idx, task);
            }
        }
    }

    /// Makes a taskrun. A group begins at once; a leaf when a worker takes it.
    fn create(&mut self, group_idx: GroupIdx, task_idx: TaskIdx) {
        let run = RunIdx(self.trace.runs.len() as u32);
        let group = &mut self.groups[group_idx];
        let (execution, list) = (group.execution, group.active);
        let nth = &mut self.n_runs[execution as usize][task_idx.0 as usize];
        *nth += 1;
        self.trace.runs.push(TaskRun {
            execution,
            task: task_idx,
            parent: group.owner,
            nth: *nth,
            ready_at: if group.limit().is_some() { group.opened_at } else { self.now },
            released_by: group.last_ended.filter(|_| self.now > group.opened_at),
            concurrent: 0,
            outputs: Outputs::None,
            attempts: 0,
            attempt_state: None,
        });
        group.child_changed(run, list, None, State::Created);
        self.live.push(Live { state: State::Created, group: group_idx, list, created_at: self.now });
        self.record(What::Run(run, State::Created));
        if self.executions[execution as usize] == State::Created {
            self.change_execution(execution, State::Running);
        }
        let task = self.flow_of(execution).task(task_idx);
        if task.is_group() {
            self.open_group(run);
        } else if self.scenario.dispatch_delay == SimTime::ZERO {
            self.begin(run);
        } else {
            self.queue.push(self.now + self.scenario.dispatch_delay, Due::Begin(run));
        }
    }

    fn open_group(&mut self, run: RunIdx) {
        let TaskRun { execution, task, .. } = *self.trace.run(run);
        let task = self.flow_of(execution).task(task);
        let concurrent = match task.kind {
            Kind::Parallel { concurrent } => Some(self.scenario.concurrent.get(&*task.id).copied().unwrap_or(concurrent)),
            _ => None,
        };
        self.trace.runs[run.0 as usize].concurrent = concurrent.unwrap_or(0);
        self.groups.push(Group::open(Some(run), execution, &task.lists, concurrent, self.now));
        self.change(run, State::Running);
        self.unsettled.push_back(self.groups.len() - 1);
    }

    /// A worker takes a taskrun: what it will do is known from here on.
    fn begin(&mut self, run: RunIdx) {
        self.change(run, State::Running);
        let TaskRun { execution, task, attempts, .. } = *self.trace.run(run);
        self.trace.runs[run.0 as usize].attempts = attempts + 1;
        let flow = self.flow_of(execution);
        let task = flow.task(task);
        let created = self.live[run.0 as usize].created_at;
        let start = self.scenario.start_epoch_ms;
        let context = Context {
            flow,
            task,
            created_epoch_ms: created.epoch_ms(start),
            started_epoch_ms: start,
            n_attempts: attempts,
            run,
            execution,
            seed: self.scenario.seed,
        };
        let work = behavior::work(&context);
        let state = allowed(work.state(), task.allow_failure, task.allow_warning);
        self.trace.runs[run.0 as usize].attempt_state = Some(work.state());
        self.trace.runs[run.0 as usize].outputs = work.outputs;
        for (after, level, message) in work.logs {
            if after == SimTime::ZERO {
                self.log(run, level, message);
            } else {
                self.queue.push(self.now + after, Due::Log(run, level, message));
            }
        }
        self.queue.push(self.now + work.duration, Due::End(run, state));
    }

    fn flow_of(&self, execution: u32) -> &'f Flow {
        &self.flows[self.trace.executions[execution as usize].flow]
    }
}

/// `allowFailure` makes WARNING of FAILED, then `allowWarning` SUCCESS of WARNING.
fn allowed(state: State, allow_failure: bool, allow_warning: bool) -> State {
    let state = if state == State::Failed && allow_failure { State::Warning } else { state };
    if state == State::Warning && allow_warning { State::Success } else { state }
}
