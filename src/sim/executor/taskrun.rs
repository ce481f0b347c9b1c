//! A taskrun comes into being, and the group around it counts what it becomes. Rule: Kestra, "The active list".

use super::Executor;
use super::group::{GroupIdx, ListName};
use super::pass::Planned;
use crate::flow::kestra::versions::EmptyOutputs;
use crate::flow::state::State;
use crate::sim::trace::{RunIdx, TaskRun};

impl<'f> Executor<'f> {
    /// Children take their places in the list of taskruns.
    pub(super) fn enter(&mut self, planned: &[Planned]) {
        for Planned { group, list, pick } in planned.iter().copied() {
            let of = self.group(group);
            let is_over = self.execution(of.execution).state.is_terminal()
                && list != ListName::After
                && of.owner.is_none_or(|owner| !self.live(owner).is_forced);
            if is_over && !self.rules.in_passes {
                continue;
            }
            let Some((task, value)) = of.list(list).map(|of| of.child(pick.place)) else { continue };
            let (value, nth_value) = value.unzip();
            let iteration = nth_value.or(of.round);
            let released_by = pick.released_by.filter(|_| self.now.at > of.opened_at);
            let made = TaskRun { value, iteration, released_by, ready_at: pick.ready_at, ..TaskRun::new(task, of.execution, self.now.at) };
            self.make_run(group, (list, pick.place as u32), made);
        }
    }

    /// A taskrun that is CREATED.
    pub(super) fn make_run(&mut self, group_idx: GroupIdx, place: (ListName, u32), made: TaskRun) -> RunIdx {
        let (now, run) = (self.now.at, RunIdx(self.trace.runs.len() as u32));
        let group = self.group(group_idx);
        let (execution, owner) = (group.execution, group.owner);
        let parent = owner.filter(|_| place.0 != ListName::Aside);
        let is_forced = place.0 == ListName::After || owner.is_some_and(|owner| self.live(owner).is_forced);
        let task = self.flow_of(execution).task(made.task);
        let n_runs = &mut self.execution_mut(execution).n_runs[made.task.at()];
        *n_runs += 1;
        let nth = *n_runs;
        self.execution_mut(execution).runs.push(run);
        self.trace.runs.push(TaskRun { parent, nth, ..made });
        self.live.push(super::Live {
            task,
            is_group: task.is_group(),
            state: State::Created,
            n_since_running: 0,
            group: group_idx,
            place,
            opened: None,
            created_at: now,
            first_began: self.now,
            last_ended: self.now,
            awaits_worker: false,
            is_forced,
            is_removed: false,
            is_failed_for_good: false,
            n_tried: 0,
            job: None,
            n_jobs: 0,
            stopped_job: None,
            work_ends_in: State::Success,
            effect: None,
            interrupted: None,
            was_paused: false,
            resumed_to: None,
            last_event: self.trace.events.len() as u32,
            drawn: Default::default(),
            changed_in_pass: 0,
            state_before: State::Created,
        });
        self.record(crate::sim::trace::What::Run(run, State::Created));
        self.note_empty_outputs(run, EmptyOutputs::OfAll);
        if let Some(owner) = owner.filter(|_| matches!(place.0, ListName::Errors | ListName::Finally)) {
            // The worker of a WorkingDirectory is done with it.
            self.workers.give_back(owner);
            self.offer_workers();
        }
        self.group_mut(group_idx).children.push(run);
        self.child_changed(run, None, Some(State::Created));
        let execution = self.execution_mut(execution);
        execution.created.push(run);
        execution.note_change();
        run
    }

    /// The bookkeeping of a change of a taskrun's state: from `None` it was made, to `None` it is removed.
    pub(super) fn child_changed(&mut self, run: RunIdx, from: Option<State>, to: Option<State>) {
        let was_for_good = self.live(run).is_failed_for_good;
        let is_handler = matches!(self.live(run).place.0, ListName::Errors | ListName::Finally);
        let is_tried = |executor: &Self| match executor.rules.in_passes {
            // A group is not run again. At the top level it still counts as tried again.
            true if executor.live(run).is_group && executor.trace.run(run).parent.is_some() => false,
            true if !is_handler => executor.is_tried_by_its_own_retry(run),
            _ => executor.is_tried_again(run),
        };
        let is_for_good = to == Some(State::Failed) && !is_tried(self);
        let live = self.live_mut(run);
        live.is_failed_for_good = is_for_good;
        let (group, place) = (live.group, live.place);
        let now = self.now.at;
        self.group_mut(group).child_changed(run, place, (from, to), was_for_good, is_for_good, now);
        let is_group = self.live(run).is_group;
        let owner = self.group(group).owner;
        let idx = self.execution_of(run);
        let owner_has_ended = owner.is_some_and(|owner| self.state(owner).is_terminal());
        let execution = self.execution_mut(idx);
        execution.n_open += u32::from(to.is_some_and(|to| !to.is_terminal()));
        execution.n_open -= u32::from(from.is_some_and(|from| !from.is_terminal()));
        if let Some(owner) = owner {
            if owner_has_ended {
                execution.groups_to_close.insert(owner);
            } else {
                execution.groups_to_look_at.insert(owner);
            }
        }
        match to {
            Some(State::Failed) if !is_group => execution.failed.insert(run),
            _ if !is_group => execution.failed.remove(run),
            Some(state) if state.is_terminal() => execution.groups_to_close.insert(run),
            Some(State::Running | State::Killing | State::Failing) => execution.groups_to_look_at.insert(run),
            _ => {}
        }
        if to.is_some_and(State::is_terminal) {
            self.workers.give_back(run);
            self.offer_workers();
        }
    }
}
