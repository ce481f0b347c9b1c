//! The loop: take what is due, let the task's behavior say what follows, and settle every group it touches.
//!
//! What is due at the same moment is all taken in before anything is decided: two children that end together let two
//! others start together. Executions as a whole are in `execution.rs`, failed attempts in `retry.rs`.

mod execution;
mod retry;
mod subflows;
mod view;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use super::group::{Active, Group};
use super::picker::Pick;
use super::queue::EventQueue;
use super::scenario::Scenario;
use super::trace::{Assumption, Event, ExecutionIdx, LogEntry, RunIdx, TaskRun, Trace, Truncated, What};
use crate::flow::behavior::{self, Closing, Effect, Hold, Opening, Turn};
use crate::flow::state::State;
use crate::flow::{Flow, Level, Task, TaskIdx};
use crate::time::SimTime;
use crate::value::Map;
use execution::LiveExecution;
use subflows::Calls;
use view::Context;

/// A run under way.
pub(super) struct Engine<'f> {
    flows: &'f [Flow],
    scenario: &'f Scenario,
    trace: Trace,
    now: SimTime,
    executions: Vec<LiveExecution>,
    assumptions: RefCell<Vec<Assumption>>,
    queue: EventQueue<Due>,
    /// What is known of each taskrun beside its trace, by [`RunIdx`].
    live: Vec<Live>,
    groups: Vec<Group<'f>>,
    /// Groups to look at before time goes on.
    unsettled: VecDeque<GroupIdx>,
    /// The executions that taskruns wait for.
    calls: Calls,
    /// Leaves that wait for a worker, in order.
    waiting: VecDeque<RunIdx>,
    n_busy: u32,
    picks: Vec<Pick>,
}

/// A group of the engine, as an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct GroupIdx(u32);

/// Something that is due.
#[derive(Debug)]
enum Due {
    /// An execution is started by the settings of the run.
    Start,
    /// A taskrun is taken by a worker, as soon as one is free.
    Dispatch(RunIdx),
    /// A leaf says something. Boxed, so that what is in the queue stays small.
    Log(Box<(RunIdx, Level, Box<str>)>),
    /// An attempt of a leaf ends, in this state and with this effect.
    End(RunIdx, State, Option<Box<Effect>>),
    /// A group that is held goes on.
    Release(RunIdx, Option<State>),
    /// The turn of a taskrun that had to wait for its date has come.
    Turn(RunIdx),
    /// A failed attempt is tried again.
    Retry(RunIdx),
    /// An execution is run anew.
    Rerun(ExecutionIdx),
    /// An execution has taken as long as this rule of its flow lets it.
    Sla(ExecutionIdx, usize),
    /// Steps without end: the run is stopped here.
    Endless,
}

/// A taskrun while the run is under way.
#[derive(Debug)]
struct Live {
    state: State,
    /// The group it is a child of.
    group: GroupIdx,
    /// The list of that group it came from, and its place there.
    place: (Active, u32),
    /// The group it opened.
    opened: Option<GroupIdx>,
    created_at: SimTime,
    /// When its first attempt began.
    first_began: SimTime,
    /// How many attempts have ended.
    n_attempts: u32,
    /// Whether it holds a worker.
    has_worker: bool,
}

impl<'f> Engine<'f> {
    pub(super) fn new(flows: &'f [Flow], scenario: &'f Scenario) -> Self {
        Self {
            flows,
            scenario,
            trace: Trace::begin(scenario.start_of(flows), scenario.seed, scenario.dispatch_delay),
            now: SimTime::ZERO,
            executions: Vec::new(),
            assumptions: RefCell::default(),
            queue: EventQueue::new(),
            live: Vec::new(),
            groups: Vec::new(),
            unsettled: VecDeque::new(),
            calls: Calls::default(),
            waiting: VecDeque::new(),
            n_busy: 0,
            picks: Vec::new(),
        }
    }

    /// The executions that the settings ask for are due.
    pub(super) fn schedule(&mut self) {
        if self.flows.is_empty() {
            return;
        }
        let mut at = SimTime::ZERO;
        for _ in 0..self.scenario.executions {
            self.queue.push(at, Due::Start);
            at = at + self.scenario.every;
        }
    }

    /// Takes the run further, moment by moment, until it has about `n_events` more. True when it is over.
    pub(super) fn advance(&mut self, n_events: usize) -> bool {
        let enough = self.trace.events.len().saturating_add(n_events);
        while !self.is_stopped() && self.trace.events.len() < enough {
            let Some((at, due)) = self.queue.pop() else { return true };
            if at > self.scenario.horizon {
                self.truncate(self.scenario.horizon, Truncated::Horizon);
                break;
            }
            self.now = at;
            self.handle(due);
            while let Some(due) = self.queue.pop_at(at) {
                self.handle(due);
            }
            self.settle();
        }
        self.trace.truncated.is_some()
    }

    /// Stops the run when it has had too many events; true once it is stopped.
    fn is_stopped(&mut self) -> bool {
        if self.trace.truncated.is_none() && self.trace.events.len() > self.scenario.max_events {
            self.truncate(self.now, Truncated::Events);
        }
        self.trace.truncated.is_some()
    }

    fn truncate(&mut self, at: SimTime, why: Truncated) {
        self.now = at;
        self.trace.truncated = Some(why);
    }

    fn handle(&mut self, due: Due) {
        match due {
            Due::Start => self.start_by_settings(),
            Due::Dispatch(run) => self.take_worker(run),
            Due::Log(said) => {
                let (run, level, message) = *said;
                if self.live(run).state == State::Running {
                    self.log(run, level, message);
                }
            }
            Due::End(run, state, effect) => self.end(run, state, effect),
            Due::Release(run, state) => self.release(run, state),
            Due::Turn(run) => self.turn(run),
            Due::Retry(run) => self.try_again(run),
            Due::Rerun(execution) => self.rerun(execution),
            Due::Sla(execution, nth) => self.sla_is_over(execution, nth),
            Due::Endless => self.truncate(self.now, Truncated::Events),
        }
    }

    fn record(&mut self, what: What) {
        self.trace.events.push(Event { at: self.now, what });
    }

    fn live(&self, run: RunIdx) -> &Live {
        &self.live[run.0 as usize]
    }

    fn live_mut(&mut self, run: RunIdx) -> &mut Live {
        &mut self.live[run.0 as usize]
    }

    fn flow_of(&self, execution: ExecutionIdx) -> &'f Flow {
        self.trace.flow_of(self.flows, execution)
    }

    fn task_of(&self, run: RunIdx) -> &'f Task {
        self.trace.task_of(self.flows, run)
    }

    fn execution(&self, idx: ExecutionIdx) -> &LiveExecution {
        &self.executions[idx.at()]
    }

    fn execution_mut(&mut self, idx: ExecutionIdx) -> &mut LiveExecution {
        &mut self.executions[idx.at()]
    }

    fn group(&self, idx: GroupIdx) -> &Group<'f> {
        &self.groups[idx.0 as usize]
    }

    fn group_mut(&mut self, idx: GroupIdx) -> &mut Group<'f> {
        &mut self.groups[idx.0 as usize]
    }

    /// The index of a group that is added.
    fn add_group(&mut self, group: Group<'f>) -> GroupIdx {
        let idx = GroupIdx(self.groups.len() as u32);
        self.groups.push(group);
        idx
    }

    /// The group a taskrun is a child of.
    fn group_of(&self, run: RunIdx) -> &Group<'f> {
        self.group(self.live(run).group)
    }

    /// The group a taskrun opened.
    fn opened_by(&self, run: RunIdx) -> Option<&Group<'f>> {
        self.live(run).opened.map(|group| self.group(group))
    }

    /// Whether a run is another one, or stands somewhere below it.
    fn is_within(&self, run: RunIdx, group: RunIdx) -> bool {
        std::iter::successors(Some(run), |run| self.trace.run(*run).parent).any(|run| run == group)
    }

    /// A taskrun comes into a state, and its group is told.
    fn change(&mut self, run: RunIdx, state: State) {
        self.set_state(run, state, true);
    }

    /// A taskrun comes into a state. A group that is not told goes on as if nothing had happened: the retry of the run will
    /// tell it.
    fn set_state(&mut self, run: RunIdx, state: State, tell_group: bool) {
        let now = self.now;
        let Live { state: from, group, place, .. } = *self.live(run);
        debug_assert!(from.may_become(state), "{from:?} must not become {state:?}");
        self.live_mut(run).state = state;
        self.record(What::Run(run, state));
        if tell_group {
            self.group_mut(group).child_changed(run, place, Some(from), state, now);
            self.unsettled.push_back(group);
        }
        if state.is_terminal() {
            self.give_worker_back(run);
            self.check_assertions(self.trace.run(run).execution);
        }
    }

    fn log(&mut self, run: RunIdx, level: Level, message: Box<str>) {
        if level < self.task_of(run).log_level {
            return;
        }
        let entry = self.trace.logs.len() as u32;
        self.trace.logs.push(LogEntry { run, at: self.now, level, message });
        self.record(What::Log(entry));
    }

    /// Looks at groups until nothing follows from what has happened.
    fn settle(&mut self) {
        while let Some(group) = self.unsettled.pop_front() {
            let Group { execution, owner, held, is_after_execution, .. } = *self.group(group);
            let state = self.execution(execution).state;
            let owner_open = owner.is_none_or(|run| !self.live(run).state.is_terminal());
            if !owner_open || held || (state.is_terminal() && !is_after_execution) {
                continue;
            }
            if self.is_stopped() {
                return;
            }
            if state == State::Paused {
                self.execution_mut(execution).frozen_groups.push(group);
            } else {
                self.settle_group(group);
                self.show_failing(group);
            }
        }
    }

    /// A group with a failed child whose other children go on is FAILING, and so are those around it.
    fn show_failing(&mut self, idx: GroupIdx) {
        let group = self.group(idx);
        if !group.isolates_failures || !(group.outcome.failed || group.count.failing > 0) {
            return;
        }
        let execution = group.execution;
        match group.owner {
            Some(run) if self.live(run).state == State::Running => self.change(run, State::Failing),
            None if self.execution(execution).state == State::Running => self.change_execution(execution, State::Failing),
            _ => {}
        }
    }

    fn settle_group(&mut self, idx: GroupIdx) {
        let flow = self.flow_of(self.group(idx).execution);
        let is_enabled = |task: TaskIdx| !flow.task(task).disabled;
        let group = self.group_mut(idx);
        group.advance(&is_enabled);
        if group.active == Active::Done {
            return self.close(idx);
        }
        // The worker of a WorkingDirectory is through with it when its tasks are.
        if let (Active::Errors | Active::Finally, Some(owner)) = (group.active, group.owner) {
            self.give_worker_back(owner);
        }
        let mut picks = std::mem::take(&mut self.picks);
        self.group_mut(idx).pick(&mut picks, &is_enabled);
        for pick in picks.drain(..) {
            self.create(idx, pick);
        }
        self.picks = picks;
    }

    /// The children of a group are through.
    fn close(&mut self, idx: GroupIdx) {
        let Group { owner, execution, is_after_execution, .. } = *self.group(idx);
        let state = self.group(idx).outcome.state();
        let Some(run) = owner else {
            if !is_after_execution {
                self.end_execution(execution, state);
            }
            return;
        };
        let task = self.task_of(run);
        let Some(group) = task.kind.as_group() else { return };
        match group.close(state, &Context::new(self, execution, Some(run))) {
            Ok(Closing::End(state)) => self.change(run, allowed(state, task)),
            Ok(Closing::Again(after, outputs)) => {
                self.set_outputs(run, outputs);
                self.hold(run, Hold { until: Some(self.now + after), ends_in: None, by_person: false });
            }
            Err(message) => {
                self.log(run, Level::Error, message.into());
                self.change(run, allowed(State::Failed, task));
            }
        }
    }

    /// Makes a taskrun. What the executor does itself begins at once, the rest when a worker takes it.
    fn create(&mut self, group_idx: GroupIdx, pick: Pick) {
        let group = self.group(group_idx);
        let (task_idx, value) = group.child(pick.place);
        let place = (group.active, pick.place as u32);
        let released_by = pick.released_by.filter(|_| self.now > group.opened_at);
        let (value, nth_value) = value.unzip();
        let iteration = nth_value.or(group.round);
        let run =
            self.make_run(group_idx, place, TaskRun { value, iteration, released_by, ready_at: pick.ready_at, ..self.blank_run(task_idx) });
        self.turn(run);
    }

    fn blank_run(&self, task: TaskIdx) -> TaskRun {
        TaskRun {
            execution: ExecutionIdx::FIRST,
            task,
            parent: None,
            nth: 1,
            value: None,
            iteration: None,
            dropped: false,
            ready_at: self.now,
            released_by: None,
            concurrent: 0,
            outputs: None,
            waits_for_person: false,
            attempts: 0,
            attempt_state: None,
        }
    }

    fn make_run(&mut self, group_idx: GroupIdx, place: (Active, u32), made: TaskRun) -> RunIdx {
        let (now, run) = (self.now, RunIdx(self.trace.runs.len() as u32));
        let group = self.group_mut(group_idx);
        let execution = group.execution;
        group.child_changed(run, place, None, State::Created, now);
        let parent = group.owner;
        let n_runs = &mut self.execution_mut(execution).n_runs[made.task.0 as usize];
        *n_runs += 1;
        let nth = *n_runs;
        self.trace.runs.push(TaskRun { execution, parent, nth, ..made });
        self.live.push(Live {
            state: State::Created,
            group: group_idx,
            place,
            opened: None,
            created_at: now,
            first_began: now,
            n_attempts: 0,
            has_worker: false,
        });
        self.record(What::Run(run, State::Created));
        if self.execution(execution).state == State::Created {
            self.change_execution(execution, State::Running);
        }
        run
    }

    /// The turn of a taskrun has come: it is skipped, opened as a group, begun by the executor, sent to a worker, or waits.
    fn turn(&mut self, run: RunIdx) {
        if self.live(run).state.is_terminal() {
            return;
        }
        let task = self.task_of(run);
        let execution = self.trace.run(run).execution;
        let rules = self.flow_of(execution).dialect.rules();
        match rules.turn(task, &Context::new(self, execution, Some(run))) {
            Ok(Turn::Start) => self.dispatch(run),
            Ok(Turn::Skip) => self.change(run, State::Skipped),
            Ok(Turn::Wait(wait)) => {
                self.change(run, State::Queued);
                self.queue.push(self.now + wait, Due::Turn(run));
            }
            Err(message) => {
                self.log(run, Level::Error, message.into());
                self.change(run, allowed(State::Failed, task));
            }
        }
    }

    fn dispatch(&mut self, run: RunIdx) {
        let task = self.task_of(run);
        if task.needs_worker() && !self.is_in_directory(run) {
            if task.is_group() {
                let execution = self.trace.run(run).execution;
                self.execution_mut(execution).closed_at_end.push(run);
            }
            if self.scenario.dispatch_delay == SimTime::ZERO {
                self.take_worker(run);
            } else {
                self.queue.push(self.now + self.scenario.dispatch_delay, Due::Dispatch(run));
            }
        } else {
            self.begin(run);
        }
    }

    /// The tasks of a WorkingDirectory share the worker it has.
    fn is_in_directory(&self, run: RunIdx) -> bool {
        let parent = self.trace.run(run).parent;
        parent.is_some_and(|parent| self.task_of(parent).holds_worker()) && self.live(run).place.0 == Active::Tasks
    }

    fn take_worker(&mut self, run: RunIdx) {
        if self.live(run).state.is_terminal() {
            // It may have been offered the worker that another gave back.
            return self.offer_worker();
        }
        if self.scenario.workers.is_some_and(|workers| self.n_busy >= workers.max(1)) {
            self.waiting.push_back(run);
            return;
        }
        self.n_busy += 1;
        self.live_mut(run).has_worker = true;
        self.begin(run);
    }

    fn give_worker_back(&mut self, run: RunIdx) {
        if !std::mem::take(&mut self.live_mut(run).has_worker) {
            return;
        }
        self.n_busy -= 1;
        self.offer_worker();
    }

    /// A worker is free: the first that waits for one may take it.
    fn offer_worker(&mut self) {
        if self.scenario.workers.is_none_or(|workers| self.n_busy >= workers.max(1)) {
            return;
        }
        while let Some(next) = self.waiting.pop_front() {
            if !self.live(next).state.is_terminal() {
                return self.queue.push(self.now, Due::Dispatch(next));
            }
        }
    }

    fn begin(&mut self, run: RunIdx) {
        self.change(run, State::Running);
        if self.task_of(run).is_group() { self.open(run) } else { self.attempt(run) }
    }

    /// A group begins.
    fn open(&mut self, run: RunIdx) {
        let TaskRun { execution, .. } = *self.trace.run(run);
        let flow = self.flow_of(execution);
        let task = self.task_of(run);
        let Some(group) = task.kind.as_group() else { return };
        let opening = group.open(task, &Context::new(self, execution, Some(run)));
        let Opening { children, order, outputs, hold, has_rounds } = match opening {
            Ok(opening) => opening,
            Err(message) => {
                self.log(run, Level::Error, message.into());
                let live = self.execution_mut(execution);
                if live.state == State::Paused {
                    live.closed_at_end.push(run);
                    return live.frozen_failures.push(run);
                }
                return self.change(run, allowed(State::Failed, task));
            }
        };
        if let Some(limit) = order.limit() {
            self.trace.runs[run.0 as usize].concurrent = limit;
        }
        let is_enabled = |task| !flow.task(task).disabled;
        let mut group = Group::open(Some(run), execution, &task.lists, (children, order), self.now, &is_enabled);
        group.round = has_rounds.then_some(0);
        group.isolates_failures = flow.dialect.rules().isolates_failures();
        self.make_room(group.left);
        let idx = self.add_group(group);
        self.execution_mut(execution).groups.push(idx);
        self.live_mut(run).opened = Some(idx);
        if let Some(outputs) = outputs {
            self.set_outputs(run, outputs);
        }
        match hold {
            Some(hold) => {
                self.hold(run, hold);
                self.start_aside(idx);
            }
            None => self.unsettled.push_back(idx),
        }
    }

    /// Room for many runs at once, each with its three states: growing bit by bit would copy them again and again.
    fn make_room(&mut self, n_runs: usize) {
        self.trace.runs.reserve(n_runs);
        self.live.reserve(n_runs);
        self.trace.events.reserve(3 * n_runs);
    }

    /// A group waits, and its whole execution with it.
    fn hold(&mut self, run: RunIdx, hold: Hold) {
        let execution = self.trace.run(run).execution;
        if let Some(group) = self.live(run).opened {
            self.group_mut(group).held = true;
        }
        self.trace.runs[run.0 as usize].waits_for_person = hold.by_person;
        self.change(run, State::Paused);
        self.change_execution(execution, State::Paused);
        if let Some(until) = hold.until {
            self.queue.push(until, Due::Release(run, hold.ends_in));
        }
    }

    /// What runs while its group is held: `onPause`.
    fn start_aside(&mut self, idx: GroupIdx) {
        let flow = self.flow_of(self.group(idx).execution);
        for task in self.group(idx).lists.branch("onPause").iter().copied().filter(|task| !flow.task(*task).disabled) {
            let run = self.make_run(idx, (Active::Aside, 0), self.blank_run(task));
            self.turn(run);
        }
    }

    /// The time of a group that was held is up, or a person has resumed it.
    fn release(&mut self, run: RunIdx, ends_in: Option<State>) {
        let execution = self.trace.run(run).execution;
        if self.live(run).state != State::Paused || self.execution(execution).state.is_terminal() {
            return;
        }
        let Some(idx) = self.live(run).opened else { return };
        match ends_in {
            Some(State::Cancelled) => {
                self.change(run, State::Cancelled);
                return self.change_execution(execution, State::Cancelled);
            }
            Some(state) => self.change(run, allowed(state, self.task_of(run))),
            None => {
                self.change(run, State::Running);
                self.group_mut(idx).held = false;
                if self.group(idx).active == Active::Done {
                    self.begin_round(idx);
                }
                self.unsettled.push_back(idx);
            }
        }
        self.thaw(execution);
    }

    /// A further round of a loop: its children are forgotten.
    fn begin_round(&mut self, idx: GroupIdx) {
        let flow = self.flow_of(self.group(idx).execution);
        let owner = self.group(idx).owner;
        // Children stand behind their parent, and those of earlier rounds are dropped already: look from the end.
        let first = owner.map_or(0, |run| run.0 as usize);
        for at in (first..self.trace.runs.len()).rev() {
            let within = owner.is_some_and(|owner| at != first && self.is_within(RunIdx(at as u32), owner));
            if within && std::mem::replace(&mut self.trace.runs[at].dropped, true) {
                break;
            }
        }
        let now = self.now;
        self.group_mut(idx).begin_round(now, &|task| !flow.task(task).disabled);
    }

    /// An attempt of a leaf: what it will do is known from here on.
    fn attempt(&mut self, run: RunIdx) {
        let execution = self.trace.run(run).execution;
        let task = self.task_of(run);
        if self.trace.run(run).attempts == 0 {
            self.live_mut(run).first_began = self.now;
        }
        self.trace.runs[run.0 as usize].attempts += 1;
        let context = Context::new(self, execution, Some(run));
        let mut work = behavior::work(task, &context);
        let timeout = task.timeout.as_ref().map(|text| context.view().length(text, "timeout")).transpose();
        match timeout {
            Ok(Some(timeout)) if work.duration > timeout && task.needs_worker() => {
                work.cut_at(timeout, format!("Timeout after {}", crate::time::clock(timeout)));
            }
            Ok(_) => {}
            Err(message) => work.cut_at(SimTime::ZERO, message),
        }
        let state = work.state();
        if state == State::Failed && work.duration == SimTime::ZERO && self.may_retry(run, SimTime(1)) {
            work.duration = SimTime(1);
        }
        for (after, level, message) in work.logs {
            if after == SimTime::ZERO {
                self.log(run, level, message);
            } else {
                self.queue.push(self.now + after, Due::Log(Box::new((run, level, message))));
            }
        }
        if let Some(outputs) = work.outputs {
            self.trace.runs[run.0 as usize].outputs = Some(outputs);
        }
        match work.effect {
            Effect::Call { calls, wait } if state != State::Failed => self.call(run, calls, wait),
            Effect::Endless => self.queue.push(self.now + work.duration, Due::Endless),
            Effect::None => self.queue.push(self.now + work.duration, Due::End(run, state, None)),
            effect @ (Effect::Labels(_) | Effect::Exit(_) | Effect::SetVariables(_) | Effect::UnsetVariables(_) | Effect::Call { .. }) => {
                self.queue.push(self.now + work.duration, Due::End(run, state, Some(Box::new(effect))));
            }
        }
    }

    /// An attempt of a leaf has ended.
    fn end(&mut self, run: RunIdx, state: State, effect: Option<Box<Effect>>) {
        if self.live(run).state.is_terminal() {
            return;
        }
        let task = self.task_of(run);
        self.trace.runs[run.0 as usize].attempt_state = Some(state);
        self.live_mut(run).n_attempts += 1;
        self.note_outputs(run);
        if state == State::Failed && self.may_retry(run, SimTime::ZERO) {
            return self.fail_for_now(run);
        }
        if state == State::Failed && self.recovers(run) {
            return;
        }
        let warned =
            state == State::Success && self.trace.run(run).attempts > 2 && self.retry_of(run).is_some_and(|retry| retry.warning_on_retry);
        if let Some(effect) = effect {
            self.apply(run, *effect);
        }
        if !self.live(run).state.is_terminal() {
            self.change(run, allowed(if warned { State::Warning } else { state }, task));
        }
        let execution = self.trace.run(run).execution;
        if state == State::Failed && self.flow_of(execution).abort_on_failure {
            self.abort(execution);
        }
    }

    fn apply(&mut self, run: RunIdx, effect: Effect) {
        let execution = self.trace.run(run).execution;
        let live = self.execution_mut(execution);
        match effect {
            Effect::None | Effect::Call { .. } | Effect::Endless => {}
            Effect::Labels(labels) => self.set_labels(execution, labels),
            Effect::Exit(state) => self.exit(run, state),
            Effect::SetVariables(variables) => {
                let known = Rc::make_mut(&mut live.variables);
                variables.iter().for_each(|(key, value)| known.insert(Rc::clone(key), value.clone()));
            }
            Effect::UnsetVariables(names) => {
                let known: &mut Map = Rc::make_mut(&mut live.variables);
                names.iter().for_each(|name| _ = known.remove(name));
            }
        }
    }
}

/// `allowFailure` makes WARNING of FAILED, then `allowWarning` SUCCESS of WARNING.
fn allowed(state: State, task: &Task) -> State {
    let state = if state == State::Failed && task.allow_failure { State::Warning } else { state };
    if state == State::Warning && task.allow_warning { State::Success } else { state }
}
