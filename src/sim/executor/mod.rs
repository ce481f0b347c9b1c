//! Kestra's executor on a virtual clock: messages arrive one by one, and each is followed by a pass over its execution.
//!
//! Time is a [`Moment`]: milliseconds, and within one millisecond ticks, which order what a server does after each other
//! in no time at all: every hand-over costs a few of them. Ticks are never shown. Rules: Kestra, "Passes".

mod active;
mod calls;
mod cores;
mod created;
mod directory;
mod execution;
mod group;
mod kill;
mod loops;
mod moment;
mod outputs;
mod pass;
mod pause;
mod retry;
mod run_set;
mod sla;
mod start;
mod taskrun;
mod view;
mod worker;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use super::queue::EventQueue;
use super::scenario::Scenario;
use super::trace::{Assumption, Attempt, Event, ExecutionIdx, LogEntry, RunIdx, TaskRun, Trace, Truncated, What};
use crate::budget::{Budget, Resource};
use crate::collections::Index;
use crate::flow::behavior::Effect;
use crate::flow::kestra::versions::Rules;
use crate::flow::state::State;
use crate::flow::{Flow, Level, Task};
use crate::pace::give_way;
use crate::random::draw;
use crate::time::SimTime;
use calls::Waiting;
use execution::LiveExecution;
use group::{Group, GroupIdx, ListName};
use loops::LoopRun;
use moment::{Moment, ticks};
use worker::Workers;

/// A run under way.
pub(super) struct Executor<'f> {
    flows: &'f [Flow],
    scenario: &'f Scenario,
    /// The rules of the version that the first flow is for, unless others are asked for.
    rules: &'static Rules,
    trace: Trace,
    now: Moment,
    queue: EventQueue<Moment, Due>,
    executions: Vec<LiveExecution<'f>>,
    /// What is known of each taskrun beside its trace, by [`RunIdx`].
    live: Vec<Live<'f>>,
    groups: Vec<Group<'f>>,
    assumptions: RefCell<Assumptions>,
    workers: Workers,
    /// The cores that tasks share, where they do.
    cores: Option<cores::Cores>,
    /// The executions that taskruns called, and the Loops under way.
    calls: BTreeMap<RunIdx, Waiting>,
    /// For each flow, which of its executions may run.
    flow_slots: Vec<execution::FlowSlots>,
    /// Leaves that wait for executions which other taskruns started.
    awaiting: Vec<created::Awaiting>,
    loops: BTreeMap<RunIdx, LoopRun>,
    /// How many passes have looked at groups.
    n_passes: u32,
    /// Whether anything was drawn from the seed.
    has_drawn: Cell<bool>,
    /// What the run may still use.
    budget: Budget,
    /// Who draws from it now, and what was left before.
    drawer: Cell<(Option<RunIdx>, [u64; 2])>,
    /// What the executions themselves have drawn.
    drawn: Cell<[u64; 2]>,
}

/// What had to be assumed, each once per flow, in the order in which it was met.
#[derive(Debug, Default)]
struct Assumptions {
    all: Vec<Assumption>,
    /// The paths, and the paths with their flows.
    known: Index,
}

impl Assumptions {
    /// Whether something is assumed for a path in any flow.
    fn has(&self, path: &str) -> bool {
        self.known.get(path).is_some()
    }

    fn add(&mut self, assumption: Assumption) {
        if self.known.insert(&format!("{} {}", assumption.flow.0, assumption.path)) {
            self.known.insert(&assumption.path);
            self.all.push(assumption);
        }
    }
}

/// Something that is due.
#[derive(Debug)]
enum Due {
    /// An execution is started by the settings of the run.
    Start,
    /// A pass over an execution.
    Pass(ExecutionIdx),
    /// A worker takes a taskrun, as soon as one is free.
    Take(RunIdx),
    /// The executor learns that a worker has begun with an attempt of a taskrun.
    Begun(RunIdx, u32),
    /// A leaf logs something. Boxed, so that what is in the queue stays small.
    Log(Box<(RunIdx, u32, Level, Box<str>)>),
    /// The work of a job is done.
    Done(RunIdx, u32),
    /// The executor learns how an attempt ended.
    Report(Box<worker::Report>),
    /// Leaves are interrupted and end in this state.
    Interrupt(Box<(Vec<RunIdx>, State)>),
    /// A failed attempt is tried again.
    Retry(RunIdx),
    /// A further round of a loop begins.
    Round(RunIdx),
    /// A pause ends by itself: the state it then takes.
    Resume(RunIdx, State),
    /// A person resumes the pause of an execution.
    ResumeByHand(ExecutionIdx),
    /// The turn of a taskrun has come that had to wait for its date.
    Turn(RunIdx),
    /// A WorkingDirectory goes on with its next task.
    Directory(RunIdx),
    /// An execution is killed.
    Kill(ExecutionIdx),
    /// The workers learn that an execution is killed.
    KillWorkers(ExecutionIdx),
    /// The call of an execution ends in this state.
    CallEnds(RunIdx, State),
    /// An execution that was called is over.
    CalledIsOver(ExecutionIdx),
    /// An iteration of a Loop is over.
    IterationIsOver(ExecutionIdx),
    /// An execution is run anew.
    Rerun(ExecutionIdx),
    /// An execution has taken as long as this rule of its flow lets it.
    Sla(ExecutionIdx, usize),
    /// The next milestones of the tasks that share cores are reached, if this plan is in force.
    Cores(u32),
    /// A job that shares a core has taken as long as it may.
    TimeOut(RunIdx, u32, SimTime),
    /// A script without end: the run is stopped here, if this job still runs it.
    Endless(RunIdx, u32),
}

/// A taskrun while the run is under way.
#[derive(Debug)]
struct Live<'f> {
    task: &'f Task,
    is_group: bool,
    state: State,
    /// How many states it has passed since it was last RUNNING.
    n_since_running: u32,
    /// The group it is a child of.
    group: GroupIdx,
    /// The list of that group it came from, and its place there.
    place: (ListName, u32),
    /// The group it opened.
    opened: Option<GroupIdx>,
    created_at: SimTime,
    /// When its first attempt began and its last one ended.
    first_began: Moment,
    last_ended: Moment,
    /// Whether it is among those that wait for a worker.
    awaits_worker: bool,
    /// Whether it runs although its execution is killed.
    is_forced: bool,
    /// Whether the executor has forgotten it: an earlier round of a loop, or handlers of a group that is tried again.
    is_removed: bool,
    /// Whether it is FAILED and its own retry does not try it again.
    is_failed_for_good: bool,
    /// How many attempts it had made when it was last CREATED to be tried again.
    n_tried: u32,
    /// The job a worker does for it; a later job has a larger number.
    job: Option<u32>,
    n_jobs: u32,
    /// The job a worker stopped with.
    stopped_job: Option<u32>,
    /// How the work of that job ends, and what it then does to the execution.
    work_ends_in: State,
    effect: Option<Box<Effect>>,
    /// The state it is interrupted in as soon as a worker takes it.
    interrupted: Option<State>,
    /// Whether it has been PAUSED, and the state that ended the pause.
    was_paused: bool,
    resumed_to: Option<State>,
    /// The event that recorded its latest state.
    last_event: u32,
    /// The steps and bytes it has drawn.
    drawn: Cell<[u64; 2]>,
    /// The pass in which it last changed, and the state it had before.
    changed_in_pass: u32,
    state_before: State,
}

impl<'f> Executor<'f> {
    pub(super) fn new(flows: &'f [Flow], scenario: &'f Scenario) -> Self {
        let rules = flows.first().map_or(crate::flow::Version::V2_0.rules(), Flow::rules);
        Self::under(rules, flows, scenario)
    }

    /// The same under other rules than those of the version.
    pub(super) fn under(rules: &'static Rules, flows: &'f [Flow], scenario: &'f Scenario) -> Self {
        // Most tasks run once.
        let n_tasks = flows.first().map_or(0, |flow| flow.tasks.len());
        let mut trace = Trace::begin(scenario.start_of(flows), scenario);
        trace.runs.reserve(n_tasks);
        // CREATED, SUBMITTED, RUNNING and the end.
        trace.events.reserve(n_tasks * 4 + 4);
        Self {
            flows,
            scenario,
            rules,
            trace,
            now: Moment::default(),
            queue: EventQueue::new(),
            executions: Vec::new(),
            live: Vec::with_capacity(n_tasks),
            groups: Vec::new(),
            assumptions: RefCell::default(),
            workers: Workers::default(),
            cores: scenario.cores.map(cores::Cores::new),
            calls: BTreeMap::new(),
            flow_slots: flows.iter().map(|_| execution::FlowSlots::default()).collect(),
            awaiting: Vec::new(),
            loops: BTreeMap::new(),
            n_passes: 1,
            has_drawn: Cell::new(false),
            budget: Budget::new(scenario.max_work, scenario.max_bytes),
            drawer: Cell::new((None, [scenario.max_work, scenario.max_bytes])),
            drawn: Cell::default(),
        }
    }

    /// The executions that the settings ask for are due.
    pub(super) fn schedule(&mut self) {
        if self.flows.is_empty() {
            return;
        }
        let mut at = SimTime::ZERO;
        for _ in 0..self.scenario.executions {
            self.queue.push(Moment::at(at), Due::Start);
            at = at + self.scenario.every;
        }
    }

    /// Takes the run further, message by message, until it has about `n_events` more. True when it is over.
    pub(super) fn advance(&mut self, n_events: usize) -> bool {
        let enough = self.trace.events.len().saturating_add(n_events);
        while !self.is_stopped() && self.trace.events.len() < enough {
            let Some((at, due)) = self.queue.pop() else { return true };
            if self.is_void(&due) {
                continue;
            }
            if at.at > self.scenario.horizon {
                self.truncate(self.scenario.horizon, Truncated::Horizon);
                break;
            }
            self.now = at;
            self.handle(due);
        }
        self.trace.truncated.is_some()
    }

    /// Whether nothing comes of what is due: a job was stopped, a taskrun was aborted while it waited, or an execution has ended
    /// before its pause or its SLA did. No time passes for it.
    fn is_void(&self, due: &Due) -> bool {
        let is_limited = self.scenario.workers.is_some() || self.cores.is_some();
        // What works for a taskrun that is forgotten matters only to those that wait for its worker, or share its core.
        let is_of_nobody = |run: &RunIdx| self.live(*run).is_removed && !is_limited;
        matches!(due, Due::Done(run, job) | Due::Endless(run, job) | Due::TimeOut(run, job, _) if self.live(*run).job != Some(*job) || is_of_nobody(run))
            || matches!(due, Due::Cores(plan) if self.cores.as_ref().is_none_or(|cores| !cores.follows(*plan)))
            || matches!(due, Due::Turn(run) if self.state(*run).is_terminal())
            || matches!(due, Due::Resume(run, _) if self.live(*run).is_removed || self.execution(self.execution_of(*run)).state.is_terminal())
            || matches!(due, Due::Sla(execution, _) | Due::ResumeByHand(execution) if self.execution(*execution).state.is_terminal())
            || matches!(due, Due::Log(entry) if self.live(entry.0).stopped_job == Some(entry.1))
    }

    /// Stops the run when it has had too many events, or has used up its budget; true once it is stopped.
    fn is_stopped(&mut self) -> bool {
        if self.trace.truncated.is_none() && self.trace.events.len() > self.scenario.max_events {
            self.truncate(self.now.at, Truncated::Events);
        } else if self.trace.truncated.is_none()
            && let Some(resource) = self.budget.spent()
        {
            let most = self.drew_most(resource);
            self.truncate(self.now.at, Truncated::Spent(resource, most));
        }
        self.trace.truncated.is_some()
    }

    /// The budget, from which a taskrun draws from now on, or an execution as a whole.
    fn budget_of(&self, run: Option<RunIdx>) -> &Budget {
        let left = self.budget.left();
        let (before, since) = self.drawer.replace((run, left));
        let drawn = before.map_or(&self.drawn, |run| &self.live(run).drawn);
        let [work, bytes] = drawn.get();
        drawn.set([work + since[0] - left[0], bytes + since[1] - left[1]]);
        &self.budget
    }

    /// The first taskrun of the task that drew most; `None` is the executions themselves.
    #[cold]
    #[inline(never)]
    fn drew_most(&self, resource: Resource) -> Option<RunIdx> {
        self.budget_of(None);
        let place = |run: &TaskRun| (self.trace.execution(run.execution).flow.0 as usize, run.task.at());
        let mut drawn: Vec<Vec<u64>> = self.flows.iter().map(|flow| vec![0; flow.tasks.len()]).collect();
        for (idx, run) in self.trace.iter() {
            let (flow, task) = place(run);
            drawn[flow][task] += self.live(idx).drawn.get()[resource as usize];
        }
        let most = drawn.iter().flatten().copied().max().filter(|most| *most > self.drawn.get()[resource as usize])?;
        let is_most = |run: &TaskRun| drawn[place(run).0][place(run).1] == most;
        self.trace.iter().find(|(_, run)| is_most(run)).map(|(idx, _)| idx)
    }

    fn truncate(&mut self, at: SimTime, why: Truncated) {
        self.now = Moment::at(at);
        self.trace.truncated = Some(why);
    }

    fn handle(&mut self, due: Due) {
        match due {
            Due::Start => self.start_by_settings(),
            Due::Pass(execution) => self.pass(execution),
            Due::Take(run) => self.take(run),
            Due::Begun(run, attempt) => self.begun(run, attempt),
            Due::Log(entry) => {
                let (run, job, level, message) = *entry;
                if self.live(run).stopped_job != Some(job) {
                    self.log_kept(run, level, message);
                }
            }
            Due::Done(run, job) => self.done(run, job),
            Due::Report(report) => self.receive(*report),
            Due::Interrupt(leaves) => self.interrupted(&leaves.0, leaves.1),
            Due::Retry(run) => self.try_again(run),
            Due::Round(run) => self.begin_round(run),
            Due::Resume(run, state) => self.pause_is_over(run, state),
            Due::ResumeByHand(execution) => self.resume_by_hand(execution),
            Due::Turn(run) => self.turn_has_come(run),
            Due::Directory(run) => self.begin_next_in_directory(run),
            Due::Kill(execution) => self.kill(execution),
            Due::KillWorkers(execution) => self.kill_workers(execution),
            Due::CallEnds(run, state) => self.call_ends(run, state),
            Due::CalledIsOver(execution) => self.called_is_over(execution),
            Due::IterationIsOver(execution) => self.iteration_is_over(execution),
            Due::Rerun(execution) => self.rerun(execution),
            Due::Sla(execution, nth) => self.sla_is_over(execution, nth),
            Due::Cores(_) => self.cores_reach(),
            Due::TimeOut(run, job, timeout) => self.time_out(run, job, timeout),
            Due::Endless(run, _) => {
                let line = match self.live(run).effect.as_deref() {
                    Some(Effect::Endless(line)) => *line,
                    _ => None,
                };
                self.truncate(self.now.at, Truncated::Endless(run, line));
            }
        }
    }

    /// Something is due some ticks from now.
    fn soon(&mut self, ticks: u32, due: Due) {
        self.queue.push(self.now.after(ticks), due);
    }

    /// A length of time from now.
    fn later(&self, length: SimTime) -> Moment {
        self.now.later(length, self.rules.in_passes)
    }

    /// When the server sees that a timer has run out which does so at `due`: it looks at timers once in a while.
    fn seen(&self, due: Moment) -> Moment {
        let every = self.scenario.timer.0;
        if every == 0 || due <= self.now {
            return due;
        }
        self.has_drawn.set(true);
        let first = draw(self.scenario.seed, "timer", 0, 0) % every;
        let late = (first + every - due.at.0 % every) % every;
        due.later(SimTime(late), self.rules.in_passes)
    }

    /// A pass over an execution follows what has just changed in it.
    fn poke(&mut self, execution: ExecutionIdx) {
        self.soon(ticks::PASS, Due::Pass(execution));
    }

    fn note_change(&mut self, execution: ExecutionIdx) {
        self.execution_mut(execution).note_change();
    }

    fn record(&mut self, what: What) {
        give_way();
        self.trace.events.push(Event { at: self.now.at, what });
    }

    fn live(&self, run: RunIdx) -> &Live<'f> {
        &self.live[run.at()]
    }

    fn live_mut(&mut self, run: RunIdx) -> &mut Live<'f> {
        &mut self.live[run.at()]
    }

    fn taskrun_mut(&mut self, run: RunIdx) -> &mut TaskRun {
        &mut self.trace.runs[run.at()]
    }

    fn state(&self, run: RunIdx) -> State {
        self.live(run).state
    }

    fn execution(&self, idx: ExecutionIdx) -> &LiveExecution<'f> {
        &self.executions[idx.at()]
    }

    fn execution_mut(&mut self, idx: ExecutionIdx) -> &mut LiveExecution<'f> {
        &mut self.executions[idx.at()]
    }

    fn execution_of(&self, run: RunIdx) -> ExecutionIdx {
        self.trace.run(run).execution
    }

    fn group(&self, idx: GroupIdx) -> &Group<'f> {
        &self.groups[idx.at()]
    }

    fn group_mut(&mut self, idx: GroupIdx) -> &mut Group<'f> {
        &mut self.groups[idx.at()]
    }

    /// The group a taskrun opened.
    fn opened_by(&self, run: RunIdx) -> Option<&Group<'f>> {
        self.live(run).opened.map(|group| self.group(group))
    }

    fn flow_of(&self, execution: ExecutionIdx) -> &'f Flow {
        self.execution(execution).flow
    }

    fn task_of(&self, run: RunIdx) -> &'f Task {
        self.live(run).task
    }

    /// The group runs around a taskrun within its execution, nearest first.
    fn around(&self, run: RunIdx) -> impl Iterator<Item = RunIdx> + '_ {
        let execution = self.execution_of(run);
        let parent = move |run: RunIdx| self.trace.run(run).parent.filter(|parent| self.execution_of(*parent) == execution);
        std::iter::successors(parent(run), move |run| parent(*run))
    }

    /// A taskrun comes into a state. With `replaces` its latest state is forgotten: the executor took another view of the
    /// taskrun in place of its own.
    fn set_state(&mut self, run: RunIdx, state: State, replaces: bool) {
        let from = self.state(run);
        if from == state || self.live(run).is_removed {
            return;
        }
        if replaces {
            let event = self.live(run).last_event as usize;
            self.trace.events[event].what = What::Replaced(run, from);
        }
        let last_event = self.trace.events.len() as u32;
        let pass = self.n_passes;
        let live = self.live_mut(run);
        if live.changed_in_pass != pass {
            (live.changed_in_pass, live.state_before) = (pass, from);
        }
        live.state = state;
        live.n_since_running = if state == State::Running { 0 } else { live.n_since_running + u32::from(!replaces) };
        live.last_event = last_event;
        live.was_paused |= state == State::Paused;
        self.record(What::Run(run, state));
        self.child_changed(run, Some(from), Some(state));
    }

    /// A taskrun comes into a state, and its execution has changed.
    fn change(&mut self, run: RunIdx, state: State) {
        if self.state(run) != state {
            self.set_state(run, state, false);
        }
        let execution = self.execution_of(run);
        self.note_change(execution);
    }

    /// As [`Self::change`]; its attempt ends in that state, too.
    fn change_with_attempt(&mut self, run: RunIdx, state: State) {
        self.end_attempt(run, state);
        self.change(run, state);
    }

    /// A taskrun comes into the state that follows `from`, whatever has happened to it since.
    fn change_from(&mut self, run: RunIdx, from: State, state: State) {
        self.set_state_from(run, from, state);
        let execution = self.execution_of(run);
        self.note_change(execution);
    }

    /// As [`Self::change_from`], and no pass follows.
    fn set_state_from(&mut self, run: RunIdx, from: State, state: State) {
        let replaces = self.state(run) != from && self.state(run) != state;
        if replaces {
            self.replace_since(run, from);
        }
        self.set_state(run, state, replaces);
    }

    /// What a taskrun has become since it came into a state at this moment is forgotten, but for its latest state.
    fn replace_since(&mut self, run: RunIdx, from: State) {
        let (now, last) = (self.now.at, self.live(run).last_event as usize);
        let since = self.trace.events.iter().rposition(|event| event.at < now || event.what == What::Run(run, from)).map_or(0, |at| at + 1);
        for event in self.trace.events.iter_mut().take(last).skip(since) {
            match event.what {
                What::Run(of, state) if of == run => event.what = What::Replaced(run, state),
                What::Run(..) | What::Execution(..) | What::Replaced(..) | What::Log(_) => {}
            }
        }
    }

    fn begin_attempt(&mut self, run: RunIdx) {
        let now = self.now;
        if self.trace.run(run).attempts.is_empty() {
            self.live_mut(run).first_began = now;
            // Most taskruns have one.
            self.taskrun_mut(run).attempts.reserve_exact(1);
        }
        self.taskrun_mut(run).attempts.push(Attempt { began: now.at, ended: None, state: State::Running, slowed: SimTime::ZERO });
    }

    /// Its latest attempt ends; a taskrun without one gets one.
    fn end_attempt(&mut self, run: RunIdx, state: State) {
        if self.live(run).is_group && !self.rules.groups_have_attempts {
            return;
        }
        let now = self.now;
        if self.trace.run(run).attempts.is_empty() {
            self.begin_attempt(run);
        }
        self.live_mut(run).last_ended = now;
        if let Some(attempt) = self.taskrun_mut(run).attempts.last_mut() {
            (attempt.ended, attempt.state) = (Some(now.at), state);
        }
    }

    fn log(&mut self, run: RunIdx, level: Level, message: Box<str>) {
        self.keep_log(Some(run), &message);
        self.log_kept(run, level, message);
    }

    /// An entry of the log is kept from when it is known that it will be logged.
    fn keep_log(&self, run: Option<RunIdx>, message: &str) {
        /// What an entry takes on its way, about: in the queue, in the log and as an event.
        const ENTRY: usize = 200;
        self.budget_of(run).keep(ENTRY + message.len());
    }

    fn log_kept(&mut self, run: RunIdx, level: Level, message: Box<str>) {
        if level >= self.task_of(run).log_level {
            self.log_entry(LogEntry { execution: self.execution_of(run), run: Some(run), at: self.now.at, level, message });
        }
    }

    /// What the executor logs of an execution as a whole.
    fn log_execution(&mut self, execution: ExecutionIdx, level: Level, message: String) {
        self.keep_log(None, &message);
        self.log_entry(LogEntry { execution, run: None, at: self.now.at, level, message: message.into() });
    }

    fn log_entry(&mut self, entry: LogEntry) {
        let at = self.trace.logs.len() as u32;
        self.trace.logs.push(entry);
        self.record(What::Log(at));
    }
}

/// `allowFailure` makes FAILED a WARNING, then `allowWarning` WARNING a SUCCESS.
fn allowed(state: State, task: &Task) -> State {
    let state = if state == State::Failed && task.allow_failure { State::Warning } else { state };
    if state == State::Warning && task.allow_warning { State::Success } else { state }
}
