//! What must hold at each event of a run, whatever the flow, given the states of all taskruns at that moment.
//!
//! Rules: Kestra, "Flowable tasks", as the version of the flow has them. Only the list of events is read, none of the simulator's own
//! bookkeeping.

use std::collections::{BTreeMap, BTreeSet};

use parallelogram::flow::behavior::Order;
use parallelogram::flow::kestra::versions::Rules;
use parallelogram::flow::state::State;
use parallelogram::flow::{Flow, Kind, Task, TaskIdx};
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::trace::{Execution, ExecutionIdx, RunIdx, TaskRun, Trace, What};
use parallelogram::time::SimTime;

/// Which list of its group a task is in.
#[derive(Debug, Clone, Copy, PartialEq)]
enum List {
    Tasks,
    Errors,
    Finally,
}

struct Replay<'a> {
    flows: &'a [Flow],
    trace: &'a Trace,
    scenario: &'a Scenario,
    now: SimTime,
    /// The state of each execution.
    executions: Vec<State>,
    /// The state of each run that exists, and since when.
    states: Vec<Option<(State, SimTime)>>,
    /// Of runs whose latest state another view of them will replace: the state before it.
    replaced: BTreeMap<RunIdx, State>,
    /// The runs that were RETRYING at some time.
    retried: BTreeSet<RunIdx>,
    /// The runs that the executor has forgotten: what came before the latest round or try.
    gone: BTreeSet<RunIdx>,
    /// The runs of each group so far, in order; the top levels of executions come last.
    children: Vec<Vec<RunIdx>>,
}

/// The first event that breaks a rule.
pub fn check(flows: &[Flow], trace: &Trace, scenario: &Scenario) -> Result<(), String> {
    let (n, n_executions) = (trace.runs.len(), trace.executions.len());
    let mut replay = Replay {
        flows,
        trace,
        scenario,
        now: SimTime::ZERO,
        executions: trace.execution_indices().map(|n| first_state(trace, n)).collect(),
        states: vec![None; n],
        replaced: BTreeMap::new(),
        retried: BTreeSet::new(),
        gone: BTreeSet::new(),
        children: vec![Vec::new(); n + n_executions],
    };
    for event in &trace.events {
        if event.at < replay.now {
            return Err(format!("time goes back to {}", event.at.0));
        }
        replay.now = event.at;
        let placed = |why: String| format!("at {}: {why}", event.at.0);
        match event.what {
            What::Execution(n, state) => {
                replay.execution_becomes(n, state).map_err(|why| placed(format!("execution {}: {why}", n.0)))?;
                replay.executions[n.at()] = state;
            }
            What::Run(run, state) => {
                let name = std::rc::Rc::clone(&replay.task(run).id);
                replay.run_becomes(run, state).map_err(|why| placed(format!("{name} becomes {}: {why}", state.as_str())))?;
            }
            What::Replaced(run, state) => replay.is_replaced(run, state),
            What::Log(_) => {}
        }
    }
    let open = |run: &RunIdx| !replay.state(*run).is_some_and(State::is_terminal);
    // Since 1.3 an execution may be over while what is deep in it is still open.
    let may_stay_open = |execution: ExecutionIdx| replay.rules().closes_groups && replay.executions[execution.at()].is_terminal();
    let is_left = |run: &RunIdx| open(run) && !may_stay_open(trace.run(*run).execution);
    // A round that a LoopUntil has left behind is no longer waited for.
    match trace.iter().filter(|(_, taskrun)| !taskrun.dropped).map(|(run, _)| run).find(is_left).filter(|_| trace.truncated.is_none()) {
        Some(run) => Err(format!("{} is left {:?}", replay.task(run).id, replay.state(run))),
        None => {
            let is_closed = |execution: ExecutionIdx| replay.executions[execution.at()].is_terminal();
            must(trace.truncated.is_some() || trace.execution_indices().all(is_closed), "an execution is left open")
        }
    }
}

/// The state an execution has at first. The history of an iteration begins with that of the execution that holds its Loop.
fn first_state(trace: &Trace, n: ExecutionIdx) -> State {
    trace.execution(n).inherited.last().map_or(State::Created, |(_, state)| *state)
}

fn must(holds: bool, why: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why.to_owned()) }
}

impl Replay<'_> {
    fn rules(&self) -> &'static Rules {
        self.flows[0].rules()
    }

    /// Whether a run came into its state at this very moment: the pass in which it did so goes on to its end.
    fn has_just_changed(&self, run: RunIdx) -> bool {
        self.states[run.0 as usize].is_some_and(|(_, since)| since == self.now)
    }

    /// Whether a run has failed by now, also when it is tried again.
    fn has_failed_once(&self, run: RunIdx) -> bool {
        self.state(run) == Some(State::Failed)
            || self
                .trace
                .run(run)
                .attempts
                .iter()
                .any(|attempt| attempt.state == State::Failed && attempt.ended.is_some_and(|at| at <= self.now))
    }

    /// The groups around a run within its execution.
    fn around(&self, run: RunIdx) -> impl Iterator<Item = RunIdx> + '_ {
        std::iter::successors(self.trace.run(run).parent, |group| self.trace.run(*group).parent)
    }

    /// Whether a group ends in a state because the group around it closes it, or one further out interrupts it.
    fn is_ended_from_outside(&self, run: RunIdx, state: State) -> bool {
        let rules = self.rules();
        let parent = self.trace.run(run).parent;
        let is_closed = rules.closes_groups && parent.is_some_and(|parent| self.state(parent) == Some(state));
        let interrupts = |group: &RunIdx| {
            let can = matches!(self.kind(*group), Kind::Parallel(_) | Kind::Dag(_));
            can && self.children(group.0 as usize, List::Tasks).iter().any(|child| self.has_failed_once(*child))
        };
        is_closed
            || rules.interrupts_children
                && matches!(state, State::Failed | State::Cancelled)
                && self.around(run).any(|group| interrupts(&group))
    }

    fn state(&self, run: RunIdx) -> Option<State> {
        self.states[run.0 as usize].map(|(state, _)| state)
    }

    /// The state of the execution of a run.
    fn execution(&self, run: RunIdx) -> State {
        self.executions[self.trace.run(run).execution.at()]
    }

    /// Whether its execution was PAUSED before this moment: the pass in which it becomes PAUSED goes on to its end.
    fn is_paused(&self, run: RunIdx) -> bool {
        let history = self.trace.execution_history(self.trace.run(run).execution);
        self.execution(run) == State::Paused && !history.contains(&(self.now, State::Paused))
    }

    fn flow(&self, run: RunIdx) -> &Flow {
        self.trace.flow_of(self.flows, self.trace.run(run).execution)
    }

    fn task(&self, run: RunIdx) -> &Task {
        self.flow(run).task(self.trace.run(run).task)
    }

    fn order(&self, run: RunIdx) -> Order<'_> {
        self.task(run).order()
    }

    fn kind(&self, run: RunIdx) -> &Kind {
        &self.task(run).kind
    }

    fn list(&self, run: RunIdx) -> List {
        let task = self.trace.run(run).task;
        let lists = self.flow(run).lists(self.task(run).parent);
        match () {
            () if lists.errors.contains(&task) => List::Errors,
            () if lists.finally.contains(&task) => List::Finally,
            () => List::Tasks,
        }
    }

    /// The index of a run's group in `children`.
    fn place(&self, run: RunIdx) -> usize {
        let TaskRun { parent, execution, .. } = self.trace.run(run);
        parent.map_or(self.trace.runs.len() + execution.at(), |parent| parent.0 as usize)
    }

    /// The children of a group from one of its lists, without those that the executor has forgotten.
    fn children(&self, place: usize, list: List) -> Vec<RunIdx> {
        self.children[place].iter().copied().filter(|run| self.list(*run) == list && !self.gone.contains(run)).collect()
    }

    /// The executor forgets the children of a round when the next one begins, and since 1.3 the handlers of a group when a normal
    /// child of it is tried again.
    fn forget(&mut self, run: RunIdx, before: Option<State>, state: State) {
        let is_round = matches!(self.kind(run), Kind::LoopUntil(_)) && before == Some(State::Paused) && state == State::Running;
        let is_tried = before.is_some() && state == State::Created && self.rules().in_passes && self.list(run) == List::Tasks;
        let mut forgotten = match self.trace.run(run).parent {
            _ if is_round => self.children[run.0 as usize].clone(),
            Some(group) if is_tried => {
                [List::Errors, List::Finally].iter().flat_map(|list| self.children(group.0 as usize, *list)).collect()
            }
            _ => Vec::new(),
        };
        while let Some(run) = forgotten.pop() {
            forgotten.extend(&self.children[run.0 as usize]);
            self.gone.insert(run);
        }
    }

    /// KILLED before FAILED before CANCELLED, where that counts, before WARNING, else SUCCESS.
    fn outcome(&self, place: usize) -> State {
        let children = self.children(place, List::Tasks);
        let has = |state| children.iter().any(|child| self.state(*child) == Some(state));
        let counts = |state: State| state != State::Cancelled || self.rules().cancelled_counts;
        let states = [State::Killed, State::Failed, State::Cancelled, State::Warning];
        states.into_iter().find(|state| counts(*state) && has(*state)).unwrap_or(State::Success)
    }

    fn execution_becomes(&self, n: ExecutionIdx, state: State) -> Result<(), String> {
        let from = self.executions[n.at()];
        let may_become = state == State::Created || from.may_become(state) || self.rules().in_passes && self.goes_on(n, from, state);
        must(may_become, &format!("it goes from {from:?} to {state:?}"))?;
        let flow = self.trace.execution(n).flow;
        let is_iteration = self.trace.execution(n).iteration.is_some();
        if state == State::Running && matches!(from, State::Created | State::Queued) && !is_iteration {
            let runs = |(other, execution): (usize, &Execution)| {
                other != n.at()
                    && execution.flow == flow
                    && execution.iteration.is_none()
                    && matches!(self.executions[other], State::Running | State::Paused)
            };
            let n_running = self.trace.executions.iter().enumerate().filter(|other| runs(*other)).count();
            // A RETRYING execution does not count, and comes back beside those that were admitted meanwhile.
            let retries = |other: ExecutionIdx| self.trace.execution_history(other).iter().any(|(_, state)| *state == State::Retrying);
            let any_retries = self.trace.execution_indices().any(retries);
            let fits = flow.of(self.flows).concurrency.is_none_or(|most| n_running < most.limit as usize);
            must(fits || any_retries, "too many executions run")?;
        }
        // An execution over the limit fails before it begins.
        let is_result = matches!(state, State::Success | State::Warning | State::Failed | State::Killed) && from != State::Created;
        let outcome = self.outcome(self.trace.runs.len() + n.at());
        must(!is_result || state == outcome, &format!("it ends {state:?} with {outcome:?}"))
    }

    /// Whether, since 1.3, something that was under way takes an execution into a state that else does not follow.
    fn goes_on(&self, n: ExecutionIdx, from: State, state: State) -> bool {
        let any = |holds: &dyn Fn(RunIdx) -> bool| {
            self.trace.iter().any(|(run, taskrun)| taskrun.execution == n && self.has_just_changed(run) && holds(run))
        };
        match (from, state) {
            // An execution whose tasks have ended ends first, and is then tried again.
            (_, State::Retrying | State::Retried) => from.is_terminal(),
            // The pass in which it ends goes on to its end, and may begin a pause (`kinds-same-pass-*`).
            (_, State::Paused) if from.is_terminal() => self.trace.execution_history(n).contains(&(self.now, from)),
            // A retry is due, whatever the execution has come to (`kinds-retry-due-after-end`).
            (_, State::Running) if from.is_terminal() => any(&|run| self.state(run) == Some(State::Created) && self.retried.contains(&run)),
            // A retry was due while it was PAUSED: the end of the pause comes later (`retry-due-in-pause`).
            (State::Running, State::Restarted) => any(&|run| matches!(self.kind(run), Kind::Pause(_))),
            _ => false,
        }
    }

    /// An iteration of a Loop begins: was there room for it?
    fn may_iterate(&self, n: ExecutionIdx) -> Result<(), String> {
        let Some(run) = self.trace.execution(n).started_by.filter(|_| self.trace.execution(n).iteration.is_some()) else { return Ok(()) };
        let of_loop = |other: &ExecutionIdx| *other < n && self.trace.execution(*other).started_by == Some(run);
        // An iteration that a retry makes anew takes no slot.
        let is_anew = |other: ExecutionIdx| self.trace.execution(other).attempt > 1;
        if self.trace.execution_indices().any(|other| self.trace.execution(other).started_by == Some(run) && is_anew(other)) {
            return Ok(());
        }
        let others: Vec<State> = self.trace.execution_indices().filter(of_loop).map(|other| self.executions[other.at()]).collect();
        let limit = self.limit(Some(run)) as usize;
        must(limit == 0 || others.iter().filter(|state| !state.is_terminal()).count() < limit, "too many iterations run")?;
        must(others.iter().all(|state| !matches!(state, State::Failed | State::Killed | State::Cancelled)), "one of them ended badly")
    }

    /// A run comes into a state that another view of it will replace: it counts until then, and is no part of its history.
    fn is_replaced(&mut self, run: RunIdx, state: State) {
        let before = self.state(run);
        if let Some(before) = before {
            self.replaced.entry(run).or_insert(before);
        }
        self.comes_into(run, before, state);
    }

    fn comes_into(&mut self, run: RunIdx, before: Option<State>, state: State) {
        self.states[run.0 as usize] = Some((state, self.now));
        if state == State::Retrying {
            self.retried.insert(run);
        }
        self.forget(run, before, state);
    }

    fn run_becomes(&mut self, run: RunIdx, state: State) -> Result<(), String> {
        let before = self.replaced.remove(&run).or(self.state(run));
        match before {
            None => {
                must(state == State::Created, "a run begins with another state")?;
                let place = self.place(run);
                if self.children[place].is_empty() && self.trace.run(run).parent.is_none() {
                    self.may_iterate(self.trace.run(run).execution)?;
                }
                self.children[place].push(run);
                self.states[run.0 as usize] = Some((state, self.now));
                self.may_exist(run)?;
            }
            Some(from) => {
                // A call that was closed, or shows the state of the execution it waited for, comes into its own state after that.
                let is_call = matches!(self.kind(run), Kind::Subflow(_)) && self.rules().call_shows_state;
                // What its worker has reported comes back in place of a closing.
                // A retry that is due counts although its group has closed the taskrun meanwhile.
                let is_tried = state == State::Created && self.retried.contains(&run);
                // A leaf that was closed before its execution was RETRIED may still begin.
                let begins_late = state == State::Running && self.execution(run) == State::Retried;
                let is_again = self.rules().in_passes && (from == state || is_tried || begins_late);
                must(from.may_become(state) || is_again || is_call && from.is_terminal(), &format!("it was {from:?}"))?;
            }
        }
        // A run whose `runIf` can't be rendered ends before it begins.
        let is_begun = before != Some(State::Created);
        let is_group = self.task(run).is_group() && is_begun;
        let has_own_end = matches!(self.kind(run), Kind::Pause(_) | Kind::Loop(_));
        if is_group && state.is_terminal() && !matches!(state, State::Skipped | State::Retried) && !has_own_end {
            self.may_end(run, state)?;
        }
        self.comes_into(run, before, state);
        // Since 1.3 the executor may take a taskrun for RUNNING that its worker has left or has not taken yet.
        if self.rules().in_passes { Ok(()) } else { self.workers_suffice() }
    }

    /// A run was created: was it its turn?
    fn may_exist(&self, run: RunIdx) -> Result<(), String> {
        let (task, parent) = (self.trace.run(run).task, self.trace.run(run).parent);
        must(!self.task(run).disabled, "it is disabled")?;
        let history = self.trace.execution_history(self.trace.run(run).execution);
        let just_ended = self.rules().in_passes && history.contains(&(self.now, self.execution(run)));
        let all = &self.children[self.place(run)];
        let is_one_of_many = all.iter().any(|other| *other != run && self.in_one_go(*other, run));
        // The worker of a WorkingDirectory goes on with its tasks.
        let by_worker = parent.is_some_and(|parent| matches!(self.kind(parent), Kind::WorkingDirectory(_)));
        must(!self.execution(run).is_terminal() || just_ended || by_worker, "the execution is over")?;
        must(!self.is_paused(run) || is_one_of_many || by_worker, "the execution is paused")?;
        let may_have_children =
            |parent: RunIdx| self.state(parent) == Some(State::Running) || self.rules().in_passes && self.has_just_changed(parent);
        must(by_worker || parent.is_none_or(may_have_children), "its group is not RUNNING")?;
        let of = |list| self.children(self.place(run), list);
        // The next one is created in the pass that sees a failure, which then is tried again.
        let is_being_tried = |run: RunIdx| self.rules().in_passes && self.state(run) == Some(State::Retrying) && self.has_just_changed(run);
        let is_over = |run: &RunIdx| self.state(*run).is_some_and(State::is_terminal) || is_being_tried(*run);
        let has_failed = |run: &RunIdx| match self.rules().in_passes {
            true => self.has_failed_once(*run),
            false => self.state(*run) == Some(State::Failed),
        };
        let failed = of(List::Tasks).iter().any(has_failed);
        let list = self.list(run);
        let others: Vec<RunIdx> = of(list).into_iter().filter(|other| *other != run).collect();
        match list {
            List::Tasks => {
                // In 1.3 the next children are looked for before the states of groups, and enter the list after them.
                let is_late = |other: RunIdx| self.rules().enters_late && self.has_just_changed(other);
                let is_early =
                    |other: &RunIdx| self.state(*other) == Some(State::Failed) && !self.in_one_go(*other, run) && !is_late(*other);
                must(!others.iter().any(is_early), "its group is in error mode")?;
                must(of(List::Errors).is_empty() && of(List::Finally).is_empty(), "its group handles an error or is nearly done")?;
            }
            List::Errors => must(failed && of(List::Finally).is_empty(), "nothing has failed")?,
            List::Finally => {
                must(failed || of(List::Tasks).iter().all(is_over), "tasks before it have not ended")?;
                must(of(List::Errors).iter().all(is_over), "errors have not ended")?;
            }
        }
        let behind = |other: &RunIdx| {
            // The iteration of a LoopUntil is its round, whatever its value.
            let (one, two) = (self.trace.run(*other), self.trace.run(run));
            if [*other, run].into_iter().any(|run| matches!(self.kind(run), Kind::LoopUntil(_))) {
                return one.value != two.value || one.task < two.task;
            }
            let lane = |run: &TaskRun| run.iteration.filter(|_| run.value.is_some());
            let place = |run: RunIdx| (lane(self.trace.run(run)), self.trace.run(run).task);
            place(*other) < place(run)
        };
        let in_window = |limit: u32| {
            let holds = self.rules().slots_held_until_ended;
            let busy = |other: &&RunIdx| {
                self.state(**other).is_some_and(|state| state.is_running() || state.is_created() || holds && !state.is_terminal())
            };
            must(limit == 0 || others.iter().filter(busy).count() < limit as usize, "no slot is free")?;
            // Runs that were created at this very moment may still be CREATED.
            let is_dawdling =
                |other: &RunIdx| self.states[other.0 as usize].is_some_and(|(state, since)| state.is_created() && since < self.now);
            must(!others.iter().any(is_dawdling), "a sibling was created and has not begun")
        };
        match parent.filter(|_| list == List::Tasks).map(|parent| self.order(parent)) {
            Some(Order::Window(_)) => {
                must(others.iter().all(behind), "another comes first")?;
                in_window(self.limit(parent))
            }
            Some(Order::Dag { depends_on, .. }) => {
                let tasks = &self.flow(run).lists(self.task(run).parent).tasks;
                let place = tasks.iter().position(|known| *known == task).ok_or("it is not in its group")?;
                let has_ended = |needed: &u32| {
                    let needed = tasks[*needed as usize];
                    self.flow(run).task(needed).disabled
                        || others.iter().any(|other| self.trace.run(*other).task == needed && is_over(other))
                };
                must(depends_on[place].iter().all(has_ended), "it depends on one that has not ended")?;
                in_window(self.limit(parent))
            }
            Some(Order::Lanes(_)) if self.limit(parent) != 1 => {
                let limit = self.limit(parent);
                must(limit == 0 || others.iter().filter(|other| !is_over(other)).count() < limit as usize, "no slot is free")?;
                let in_lane = |other: &&RunIdx| self.trace.run(**other).value == self.trace.run(run).value;
                must(others.iter().filter(in_lane).all(|other| behind(other) && is_over(other)), "its lane is not that far")
            }
            _ => must(others.iter().all(|other| behind(other) && is_over(other)), "one before it has not ended"),
        }
    }

    /// Whether a group can have created both in one pass: then the state of the first does not prevent the second.
    fn in_one_go(&self, first: RunIdx, second: RunIdx) -> bool {
        let parent = self.trace.run(second).parent;
        let starts_many = parent.is_some_and(|parent| !matches!(self.order(parent), Order::Sequential) && self.limit(Some(parent)) != 1);
        starts_many && self.trace.created(first) == self.trace.created(second)
    }

    /// The limit of a group: the one in the text, or the one in the settings.
    fn limit(&self, group: Option<RunIdx>) -> u32 {
        let Some(group) = group else { return 1 };
        let task = self.task(group);
        self.scenario.concurrent.get(&*task.id).copied().unwrap_or_else(|| task.limit())
    }

    /// A group ends: are its children done, and is this its state?
    fn may_end(&self, run: RunIdx, state: State) -> Result<(), String> {
        if self.is_ended_from_outside(run, state) {
            return Ok(());
        }
        if self.execution(run).is_terminal() {
            // The pass in which it ended goes on to its end.
            let is_of_this_pass = self.trace.execution_history(self.trace.run(run).execution).contains(&(self.now, self.execution(run)));
            return must(state == State::Killed || is_of_this_pass, "the execution is over, so it is closed");
        }
        must(!self.is_paused(run), "the execution is paused")?;
        let of = |list| self.children(run.0 as usize, list);
        let (tasks, errors, finally) = (of(List::Tasks), of(List::Errors), of(List::Finally));
        let is_over = |run: &RunIdx| self.state(*run).is_some_and(State::is_terminal);
        let failed = self.outcome(run.0 as usize) == State::Failed;
        must(failed || tasks.iter().all(is_over), "a child has not ended")?;
        // Where all tasks are disabled the group ends at once, and `finally` runs beside what follows (`par-finally-all-disabled`).
        let is_disabled = |idx: &TaskIdx| self.flow(run).task(*idx).disabled;
        if self.rules().in_passes && self.task(run).lists.tasks.iter().all(is_disabled) {
            return Ok(());
        }
        must(errors.iter().chain(&finally).all(is_over), "a handler has not ended")?;
        let task = self.task(run);
        let has_none = task.is_group() && tasks.is_empty() && self.rules().empty_group_ends_at_once;
        if has_none && state != State::Failed {
            return Ok(());
        }
        let is_met =
            |list: &[TaskIdx], runs: &[RunIdx]| list.iter().filter(|task| !self.flow(run).task(**task).disabled).count() == runs.len();
        // A Switch without a matching case fails before any child exists.
        let has_begun = !(tasks.is_empty() && matches!(task.kind, Kind::Switch { .. }));
        must(!has_begun || is_met(&task.lists.finally, &finally), "its `finally` has not run")?;
        must(!failed || is_met(&task.lists.errors, &errors), "its `errors` have not run")?;
        let mut expected = self.outcome(run.0 as usize);
        if !has_begun && state != State::Success {
            expected = State::Failed;
        }
        if expected == State::Failed && (task.allow_failure || matches!(task.kind, Kind::AllowFailure(_))) {
            expected = State::Warning;
        }
        // Since 1.3 what an AllowFailure makes of a failure stays a warning, unless its own `allowFailure` has made it one before.
        let is_fixed = self.rules().in_passes && failed && matches!(task.kind, Kind::AllowFailure(_)) && !task.allow_failure;
        if expected == State::Warning && task.allow_warning && !is_fixed {
            expected = State::Success;
        }
        must(state == expected, &format!("its children make it {expected:?}"))
    }

    /// A worker does one thing at a time; the tasks of a WorkingDirectory run in the worker that holds it.
    fn workers_suffice(&self) -> Result<(), String> {
        let Some(workers) = self.scenario.workers else { return Ok(()) };
        let is_busy = |(run, taskrun): &(RunIdx, &TaskRun)| {
            let in_directory = taskrun.parent.is_some_and(|parent| matches!(self.kind(parent), Kind::WorkingDirectory(_)));
            let needs_one = self.task(*run).needs_worker() && !(in_directory && self.list(*run) == List::Tasks);
            // The worker is free again when the `tasks` of a WorkingDirectory have ended.
            let has_handlers = || [List::Errors, List::Finally].iter().any(|list| !self.children(run.0 as usize, *list).is_empty());
            // Of what is forgotten only the attempt ends.
            let is_at_work =
                |taskrun: &TaskRun| taskrun.attempts.last().is_some_and(|attempt| attempt.ended.is_none_or(|at| at > self.now));
            let is_gone = self.gone.contains(run) && !is_at_work(taskrun);
            needs_one && self.state(*run) == Some(State::Running) && !is_gone && !has_handlers()
        };
        must(self.trace.iter().filter(is_busy).count() <= workers.max(1) as usize, "there are not so many workers")
    }
}

/// Without delays and failures, no slot is free while a child waits that could take it.
pub fn no_slot_idles(flow: &Flow, trace: &Trace) -> Result<(), String> {
    for (run, taskrun) in trace.iter() {
        let Some(parent) = taskrun.parent.filter(|parent| flow.task(trace.run(*parent).task).lists.tasks.contains(&taskrun.task)) else {
            continue;
        };
        let group = flow.task(trace.run(parent).task);
        let any_disabled = group.lists.tasks.iter().any(|task| flow.task(*task).disabled);
        if flow.rules().lanes_need_all_enabled && any_disabled && matches!(group.order(), Order::Lanes(_)) {
            continue;
        }
        let siblings: Vec<RunIdx> = trace
            .iter()
            .filter(|(other, sibling)| *other != run && sibling.parent == Some(parent) && group.lists.tasks.contains(&sibling.task))
            .map(|(other, _)| other)
            .collect();
        let before = |other: &RunIdx| {
            let other = trace.run(*other);
            match group.order() {
                Order::Dag { depends_on, .. } => {
                    let place = |task| group.lists.tasks.iter().position(|known| *known == task).unwrap_or(0);
                    depends_on[place(taskrun.task)].contains(&(place(other.task) as u32))
                }
                Order::Lanes(limit) if limit != 1 => other.iteration == taskrun.iteration && other.task < taskrun.task,
                Order::Window(_) => false,
                Order::Sequential | Order::Lanes(_) => (other.iteration, other.task) < (taskrun.iteration, taskrun.task),
            }
        };
        let began = trace.began(parent).unwrap_or(SimTime::ZERO);
        let ready = siblings.iter().filter(|other| before(other)).map(|other| trace.ended(*other)).max().unwrap_or(began).max(began);
        let created = trace.created(run);
        let changes = siblings.iter().map(|other| trace.ended(*other)).chain([ready]);
        for at in changes.filter(|at| (ready..created).contains(at)) {
            let busy = siblings.iter().filter(|other| trace.created(**other) <= at && at < trace.ended(**other)).count();
            let limit = group.limit() as usize;
            if limit == 0 || busy < limit {
                return Err(format!("{} waits at {} with {busy} of {limit} slots taken", flow.task(taskrun.task).id, at.0));
            }
        }
    }
    Ok(())
}
