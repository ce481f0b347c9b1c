//! A pass: the steps in which the executor looks at an execution after each message for it. What a group comes to is seen by
//! the group around it in the next pass only. Rule: Kestra, "Passes".

use super::execution::LiveExecution;
use super::group::{GroupIdx, List, ListName, Slots};
use super::{Executor, allowed};
use crate::flow::behavior::{Group, Runner};
use crate::flow::state::State;
use crate::flow::{Level, Task};
use crate::sim::picker::Pick;
use crate::sim::trace::{ExecutionIdx, RunIdx};

/// A child that a group or an execution is to have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Planned {
    pub group: GroupIdx,
    pub list: ListName,
    pub pick: Pick,
}

/// What a pass has found out and not yet written.
#[derive(Debug, Default)]
struct Found {
    /// The states that groups come to.
    results: Vec<(RunIdx, State)>,
    /// The children that groups are to have.
    children: Vec<Planned>,
}

impl<'f> Executor<'f> {
    /// A pass over an execution; there are no more once it is over, and none while it is PAUSED or QUEUED.
    pub(super) fn pass(&mut self, idx: ExecutionIdx) {
        if matches!(self.execution(idx).state, State::Paused | State::Queued) || self.is_over(idx) {
            return;
        }
        if !self.admit(idx) {
            return;
        }
        let execution = self.execution_mut(idx);
        execution.has_changed = false;
        // A failed leaf is looked at in each pass.
        if !std::mem::take(&mut execution.has_news) && execution.failed.is_empty() {
            return;
        }
        let had_ended = self.execution(idx).state.is_terminal();
        self.check_assertions(idx);
        if self.execution(idx).state.is_terminal() != had_ended {
            return;
        }
        let n_runs = self.trace.runs.len();
        if self.execution(idx).state == State::Restarted {
            self.change_execution(idx, State::Running);
        }
        self.end_if_done(idx);
        self.end_if_killed(idx);
        let mut entering = Vec::new();
        self.next_of_flow(idx, &mut entering);
        if self.rules.enters_late {
            self.children_of_groups(idx, &mut entering);
        }
        self.next_after(idx, &mut entering);
        if !self.rules.enters_late {
            self.enter(&std::mem::take(&mut entering));
        }
        let created = std::mem::take(&mut self.execution_mut(idx).created);
        let jobs = if self.execution(idx).state == State::Killing { Vec::new() } else { created };
        self.begin_those(&jobs, Self::is_loop);
        let mut found = self.look_at_groups(idx);
        if !self.rules.enters_late {
            self.enter(&std::mem::take(&mut found.children));
        }
        if self.rules.kills_leftovers {
            // What was open when the execution ended in this pass stays as it was left.
            found.results.retain(|(run, _)| self.state(*run) != State::Killed);
        }
        for (run, _) in found.results.iter().filter(|(_, state)| *state == State::Paused) {
            self.begin_pause(*run);
        }
        for (run, state) in found.results {
            self.write_result(run, state);
        }
        self.begin_those(&jobs, Self::is_run_by_executor);
        self.enter(&entering);
        if self.trace.runs.len() > n_runs && self.execution(idx).state == State::Created {
            self.change_execution(idx, State::Running);
        }
        self.begin_those(&jobs, |executor, run| !executor.is_loop(run) && !executor.is_run_by_executor(run));
        match *self.execution(idx) {
            LiveExecution { has_changed: true, has_news: true, .. } => self.has_changed(idx),
            LiveExecution { has_changed: true, .. } => self.poke(idx),
            LiveExecution { .. } => {}
        }
    }

    /// The turn of some taskruns has come.
    fn begin_those(&mut self, jobs: &[RunIdx], which: fn(&Self, RunIdx) -> bool) {
        for run in jobs {
            if which(self, *run) {
                self.turn_has_come(*run);
            }
        }
    }

    fn is_run_by_executor(&self, run: RunIdx) -> bool {
        self.runner_of(run) == Some(Runner::Executor)
    }

    /// An execution has changed: a pass follows, or, when it is over, those that wait for it learn it.
    pub(super) fn has_changed(&mut self, idx: ExecutionIdx) {
        if self.is_over(idx) {
            return self.execution_is_over(idx);
        }
        self.execution_mut(idx).has_news = true;
        self.poke(idx);
    }

    fn end_if_done(&mut self, idx: ExecutionIdx) {
        let state = self.execution(idx).state;
        if state.is_terminal() || matches!(state, State::Paused | State::Retrying) {
            return;
        }
        let root = self.execution(idx).root;
        if let Some(state) = self.end_of_flow(root) {
            self.end_execution(idx, state);
        } else if self.group(root).isolates_failures
            && state == State::Running
            && self.group(root).count.of(State::Failed) + self.group(root).count.of(State::Failing) > 0
        {
            self.change_execution(idx, State::Failing);
        }
    }

    fn end_if_killed(&mut self, idx: ExecutionIdx) {
        if self.execution(idx).state != State::Killing {
            return;
        }
        let created = std::mem::take(&mut self.execution_mut(idx).created);
        for run in created {
            if self.state(run).is_created() {
                self.change(run, State::Killed);
            }
        }
        if !self.rules.killing_lasts || self.execution(idx).n_open == 0 {
            self.change_execution(idx, State::Killed);
        }
    }

    /// The next task of the flow itself.
    fn next_of_flow(&mut self, idx: ExecutionIdx, planned: &mut Vec<Planned>) {
        let execution = self.execution(idx);
        if !execution.is_stopped && !matches!(execution.state, State::Killing | State::Killed | State::Queued) {
            self.next_of(execution.root, None, planned);
        }
    }

    /// The next of what runs once an execution has ended.
    fn next_after(&mut self, idx: ExecutionIdx, planned: &mut Vec<Planned>) {
        if self.execution(idx).state.is_terminal() && self.execution(idx).iteration.is_none() && !self.is_to_be_retried(idx) {
            self.next_list_after(idx);
            self.pick(self.execution(idx).root, ListName::After, planned);
        }
    }

    /// The children of all groups that are RUNNING.
    fn children_of_groups(&mut self, idx: ExecutionIdx, planned: &mut Vec<Planned>) {
        let execution = self.execution(idx);
        if matches!(execution.state, State::Killing | State::Queued) {
            return;
        }
        let groups: Vec<RunIdx> =
            execution.groups_to_look_at.iter().copied().filter(|run| matches!(self.state(*run), State::Running | State::Failing)).collect();
        groups.into_iter().for_each(|run| self.next_of_group(run, planned));
    }

    fn next_of_group(&mut self, run: RunIdx, planned: &mut Vec<Planned>) {
        let Some(group) = self.live(run).opened else { return };
        let live = self.live(run);
        if self.group(group).fault.is_some() || self.is_pause(run) && !live.was_paused {
            return;
        }
        if self.rules.empty_group_ends_at_once && self.chose_nothing(run, group) {
            return;
        }
        if self.execution(self.group(group).execution).is_stopped && !self.runs_after(run) {
            return;
        }
        let terminal = live.resumed_to;
        let is_normal = self.group(group).active(terminal) == super::active::Active::List(ListName::Normal);
        let is_empty = self.rules.empty_group_ends_at_once && self.group(group).normal.as_ref().is_some_and(|list| !list.is_there());
        if self.task_of(run).holds_worker() && (is_normal || is_empty) {
            // A worker makes the tasks of its directory itself.
            return;
        }
        self.next_of(group, terminal, planned);
    }

    /// Whether a group has chosen a list that is not there: it ends without its `finally`.
    fn chose_nothing(&self, run: RunIdx, group: GroupIdx) -> bool {
        let children = self.group(group).normal.as_ref().map(|list| &list.children);
        !self.is_pause(run) && children.is_some_and(|children| children.values.is_none() && children.is_empty())
    }

    /// Whether a taskrun belongs to what runs once its execution has ended.
    fn runs_after(&self, run: RunIdx) -> bool {
        let outermost = self.around(run).last().unwrap_or(run);
        self.live(outermost).place.0 == ListName::After
    }

    fn next_of(&mut self, group: GroupIdx, terminal: Option<State>, planned: &mut Vec<Planned>) {
        if let super::active::Active::List(name) = self.group(group).active(terminal) {
            self.pick(group, name, planned);
        }
    }

    fn pick(&mut self, group: GroupIdx, list: ListName, planned: &mut Vec<Planned>) {
        let execution = self.group(group).execution;
        let slots = self.slots();
        let may_go_on = self.group(group).list(list).is_some_and(|list| list.may_go_on(slots));
        if !may_go_on || self.execution(execution).state == State::Killing {
            return;
        }
        let flow = self.flow_of(execution);
        let picks = self.group_mut(group).pick(list, slots, &|task| !flow.task(task).disabled);
        planned.extend(picks.into_iter().map(|pick| Planned { group, list, pick }));
    }

    /// How busy children are counted.
    fn slots(&self) -> Slots {
        Slots { held_until_ended: self.rules.slots_held_until_ended }
    }

    /// Whether it is no news for a pass that a leaf has gone to a worker or has begun there: its list may have no further child.
    pub(super) fn is_no_news(&self, run: RunIdx) -> bool {
        let (live, execution) = (self.live(run), self.execution_of(run));
        let list = self.group(live.group).list(live.place.0);
        // What a flow asserts may speak of the states of its tasks.
        let is_asserted = !self.flow_of(execution).sla.is_empty();
        !is_asserted && !self.execution(execution).state.is_terminal() && list.is_some_and(|list| !list.may_go_on(self.slots()))
    }

    /// Looks at each group that may have come to something, and at each failed leaf, in the order of their taskruns.
    fn look_at_groups(&mut self, idx: ExecutionIdx) -> Found {
        self.n_passes += 1;
        let mut found = Found::default();
        let (mut last, mut n_looked_at) = (None, 0_usize);
        while let Some(run) = self.next_to_look_at(idx, last) {
            last = Some(run);
            n_looked_at += 1;
            self.execution_mut(idx).groups_to_look_at.remove(run);
            if self.live(run).is_removed {
                continue;
            }
            // As it stood when the step began.
            let state = self.state_before(run);
            let is_group = self.live(run).is_group;
            if is_group && state.is_running() {
                self.look_at_group(run, state, &mut found);
            }
            if !is_group && state == State::Failed {
                self.consider_retry(run, &found.children);
            }
            if is_group && state.is_terminal() {
                self.close_children(run, state);
            }
        }
        self.budget_of(None).work(n_looked_at / 2);
        if found.results.is_empty() {
            return found;
        }
        // A group with a child that is tried again is not done; it is looked at in each pass.
        let is_tried_again =
            |run: &RunIdx| self.opened_by(*run).is_some_and(|group| group.count.of(State::Retrying) + group.count.of(State::Retried) > 0);
        let dropped: Vec<RunIdx> = found.results.iter().map(|(run, _)| *run).filter(is_tried_again).collect();
        found.results.retain(|(run, _)| !dropped.contains(run));
        for run in dropped {
            let execution = self.execution_mut(idx);
            execution.groups_to_look_at.insert(run);
            execution.has_news = true;
        }
        found
    }

    /// The next group or failed leaf that is to be looked at.
    fn next_to_look_at(&self, idx: ExecutionIdx, after: Option<RunIdx>) -> Option<RunIdx> {
        let execution = self.execution(idx);
        let sets = [&execution.groups_to_look_at, &execution.failed, &execution.groups_to_close];
        sets.into_iter().filter_map(|set| set.after(after)).min()
    }

    /// The state of a taskrun when the step that is under way began.
    fn state_before(&self, run: RunIdx) -> State {
        let live = self.live(run);
        if live.changed_in_pass == self.n_passes { live.state_before } else { live.state }
    }

    fn look_at_group(&mut self, run: RunIdx, state: State, found: &mut Found) {
        let Some(group) = self.live(run).opened else { return };
        let count = &self.group(group).count;
        let is_ready = !self.rules.waits_for_an_ended_child || count.all() == 0 || count.ended() > 0;
        if !is_ready {
            return;
        }
        if !self.rules.enters_late && state != State::Killing {
            let n_before = found.children.len();
            self.next_of_group(run, &mut found.children);
            if found.children.len() > n_before && self.group(group).isolates_failures {
                return self.show_failing(run, group);
            }
        }
        let result = self.result(run);
        if self.state(run) == State::Paused && !self.rules.in_passes {
            // Nothing begins while its loop waits for the next round.
            found.children.retain(|planned| planned.group != group);
        }
        if let Some(result) = result {
            found.results.push((run, result));
            if result == State::Failed && self.rules.interrupts_children {
                self.interrupt_children(run);
            }
        } else {
            self.show_failing(run, group);
        }
    }

    /// The state that a group comes to; `None` while it goes on.
    fn result(&mut self, run: RunIdx) -> Option<State> {
        let group = self.live(run).opened?;
        if let Some(state) = self.state_of_group(run, group) {
            return Some(state);
        }
        if self.execution(self.execution_of(run)).state != State::Killing {
            return None;
        }
        if self.state(run) != State::Killing {
            return Some(State::Killing);
        }
        (self.group(group).count.open() == 0).then_some(State::Killed)
    }

    fn state_of_group(&mut self, run: RunIdx, idx: GroupIdx) -> Option<State> {
        let task = self.task_of(run);
        if let Some((level, fault)) = self.group_mut(idx).fault.take() {
            self.log(run, level, fault);
            // What a group can't render it fails for, whatever is allowed.
            let is_final = level == Level::Error && self.rules.in_passes;
            return Some(if is_final { State::Failed } else { allowed(State::Failed, task) });
        }
        if self.is_pause(run) && !self.live(run).was_paused {
            return Some(State::Paused);
        }
        if self.is_loop(run) {
            return None;
        }
        let has_tasks = self.group(idx).normal.as_ref().is_some_and(List::is_there);
        if self.group(idx).round.is_some()
            && has_tasks
            && let Some(result) = self.end_of_round(run, idx)
        {
            return result;
        }
        if task.holds_worker() && self.group(idx).count.open() > 0 {
            return None;
        }
        let of = self.group(idx);
        let waits = !self.rules.empty_group_ends_at_once || task.kind.as_group().is_some_and(Group::waits_for_finally);
        let has_finally = of.finally.n_enabled > 0 && waits;
        let is_empty = of.fault.is_none() && !has_finally && of.normal.as_ref().is_none_or(|list| list.n_enabled == 0);
        let ends_plainly = self.live(run).resumed_to == Some(State::Success) && of.finally.n_enabled == 0;
        if is_empty && (!self.is_pause(run) || ends_plainly) {
            return Some(self.state_without_children(task));
        }
        let state = self.resolve(idx, Some(task), self.live(run).resumed_to)?;
        self.closing_state(run, state)
    }

    fn state_without_children(&self, task: &Task) -> State {
        allowed(State::Success, task)
    }

    /// What the executor writes of a group at the end of a pass.
    fn write_result(&mut self, run: RunIdx, state: State) {
        let from = if state == State::Killing { State::Running } else { self.running_state(run) };
        // Whether its retry still fits depends on when its attempt ended.
        if state.is_terminal() {
            self.end_attempt(run, state);
        }
        self.change_from(run, from, state);
        if state == State::Killed {
            self.kill_around(run);
        }
    }

    /// The state of a group as the pass found it: RUNNING or KILLING.
    fn running_state(&self, run: RunIdx) -> State {
        let state = self.state(run);
        if state.is_running() { state } else { State::Running }
    }

    /// A group with a failed child whose other children go on is FAILING, and so are those around it.
    fn show_failing(&mut self, run: RunIdx, idx: GroupIdx) {
        let group = self.group(idx);
        let has_failed = group.count.of(State::Failed) + group.count.of(State::Failing) > 0;
        if group.isolates_failures && has_failed && self.state(run) == State::Running {
            self.change(run, State::Failing);
        }
    }

    /// A group has ended: those of its direct children that have not are closed in its state. One level a pass.
    fn close_children(&mut self, run: RunIdx, state: State) {
        let execution = self.execution_of(run);
        self.execution_mut(execution).groups_to_close.remove(run);
        let Some(group) = self.live(run).opened.filter(|group| self.group(*group).count.open() > 0) else { return };
        if !self.rules.closes_groups {
            return;
        }
        let is_closed = |child: &RunIdx| !self.state(*child).is_terminal() && (self.rules.closes_leaves || self.live(*child).is_group);
        let open: Vec<RunIdx> = self.group(group).children.iter().copied().filter(is_closed).collect();
        for child in open {
            self.change(child, state);
        }
    }
}
