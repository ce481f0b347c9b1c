//! Which list of a group or an execution is worked on, and the state that its children leave it in. Rules: Kestra, "The
//! active list" and "The state of a group".

use super::Executor;
use super::allowed;
use super::group::{Group, GroupIdx, List, ListName};
use crate::flow::Task;
use crate::flow::state::State;

/// The list that is worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Active {
    List(ListName),
    /// None: what failed is tried again, or nothing is left to do.
    Nothing,
    /// The group has no tasks to choose from at all.
    Absent,
}

impl<'f> Group<'f> {
    /// The list that is worked on. `terminal` is the state in which a pause ended that has such lists.
    pub fn active(&self, terminal: Option<State>) -> Active {
        let (errors, finally) = (&self.errors, &self.finally);
        let either = || match (errors.is_there(), finally.is_there()) {
            (true, _) => Active::List(ListName::Errors),
            (false, true) => Active::List(ListName::Finally),
            (false, false) => Active::Nothing,
        };
        let has_failed = terminal == Some(State::Failed);
        if finally.has_begun() {
            return Active::List(ListName::Finally);
        }
        if !errors.has_begun() && has_failed {
            return either();
        }
        let count = |wanted: fn(&List<'f>) -> u32| self.normal.as_ref().map_or(0, wanted);
        let n_for_good = count(|list| list.n_failed_for_good);
        if self.isolates_failures {
            let is_done = self.normal.as_ref().is_none_or(|list| list.all_ended() || list.is_stuck());
            return if is_done { Active::Nothing } else { Active::List(ListName::Normal) };
        }
        if errors.has_begun() || count(|list| list.count.of(State::Failed)) > 0 {
            if n_for_good == 0 && !has_failed {
                return Active::Nothing;
            }
            if finally.is_there() && errors.is_there() && !errors.all_ended() {
                return Active::List(ListName::Errors);
            }
            if !finally.is_there() {
                return either();
            }
        }
        let all_ended = self.normal.as_ref().is_none_or(List::all_ended);
        if finally.is_there() && (all_ended || n_for_good > 0) {
            return Active::List(ListName::Finally);
        }
        if self.normal.is_some() { Active::List(ListName::Normal) } else { Active::Absent }
    }

    /// The state that the children leave it in, before `allowFailure` and `allowWarning`: the first that occurs among them,
    /// else `terminal`.
    fn outcome(&self, terminal: State, cancelled_counts: bool) -> State {
        let order = [State::Killed, State::Failed, State::Cancelled, State::Warning, State::Paused];
        let occurs = |state: &State| self.normal.as_ref().is_some_and(|list| list.count.of(*state) > 0);
        let found = order.into_iter().filter(|state| cancelled_counts || *state != State::Cancelled).find(occurs);
        match found {
            Some(State::Warning) if matches!(terminal, State::Failed | State::Cancelled | State::Killed) => terminal,
            Some(state) => state,
            None => terminal,
        }
    }
}

impl<'f> Executor<'f> {
    /// The state that the children of a group leave it in; `None` while it goes on.
    pub(super) fn resolve(&self, idx: GroupIdx, task: Option<&Task>, terminal: Option<State>) -> Option<State> {
        let group = self.group(idx);
        let outcome = || {
            let state = group.outcome(terminal.unwrap_or(State::Success), self.rules.cancelled_counts);
            task.map_or(state, |task| allowed(state, task))
        };
        let is_empty = |name: ListName| group.list(name).is_none_or(|list| list.n_enabled == 0);
        match group.active(terminal) {
            Active::Absent => Some(task.map_or(State::Failed, |task| allowed(State::Failed, task))),
            Active::List(name) if !is_empty(name) => {
                let list = group.list(name)?;
                (list.all_ended() || group.isolates_failures && list.is_stuck()).then(outcome)
            }
            Active::Nothing | Active::List(_) => {
                let n_for_good = group.normal.as_ref().map_or(0, |list| list.n_failed_for_good);
                let is_done = group.isolates_failures && group.count.open() == 0;
                (n_for_good > 0 || terminal == Some(State::Failed) || is_done).then(outcome)
            }
        }
    }

    /// The state in which an execution ends by its tasks; `None` while it goes on.
    pub(super) fn end_of_flow(&self, idx: GroupIdx) -> Option<State> {
        let group = self.group(idx);
        let is_over = match group.active(None) {
            Active::Absent => false,
            // While what failed is tried again, newer versions take the execution for done all the same.
            Active::Nothing => {
                let n_for_good = group.normal.as_ref().map_or(0, |list| list.n_failed_for_good);
                self.rules.in_passes || n_for_good > 0 || group.isolates_failures
            }
            Active::List(name) => group.list(name).is_none_or(|list| list.all_ended() || group.isolates_failures && list.is_stuck()),
        };
        is_over.then(|| group.outcome(State::Success, self.rules.cancelled_counts))
    }
}
