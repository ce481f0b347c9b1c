//! A WorkingDirectory: one worker makes its tasks, one after another, and stops at the first that fails. Rule: Kestra,
//! "WorkingDirectory".

use super::group::ListName;
use super::view::Context;
use super::{Due, Executor};
use crate::flow::behavior::Turn;
use crate::flow::state::State;
use crate::flow::{Level, TaskIdx};
use crate::sim::trace::{RunIdx, TaskRun};

impl<'f> Executor<'f> {
    /// The worker of a WorkingDirectory begins its next task.
    pub(super) fn begin_next_in_directory(&mut self, run: RunIdx) {
        let execution = self.execution_of(run);
        let is_killed = self.execution(execution).is_killed && !self.live(run).is_forced;
        // Its worker does not learn that its group has been closed, and goes through all its tasks when it is killed.
        let may_begin = if self.rules.closes_groups {
            is_killed || self.state(run) != State::Killed
        } else {
            !is_killed && self.state(run) == State::Running
        };
        let Some(group) = self.live(run).opened.filter(|_| !self.live(run).is_removed && may_begin) else { return };
        let flow = self.flow_of(execution);
        let is_enabled = |task: TaskIdx| !flow.task(task).disabled;
        let tasks = &self.task_of(run).lists.tasks;
        let n_made = self.group(group).children.iter().filter(|child| self.live(**child).place.0 == ListName::Normal).count();
        let Some((place, task)) = tasks.iter().enumerate().filter(|(_, task)| is_enabled(**task)).nth(n_made) else {
            return self.leave_directory(run);
        };
        let list = self.group(group).normal.as_ref();
        if list.is_some_and(|list| list.count.open() > 0) {
            // What failed is tried again, and its end is reported, too.
            return;
        }
        if list.is_some_and(|list| list.count.of(State::Failed) > 0) {
            return self.leave_directory(run);
        }
        let value = self.trace.run(run).value.clone();
        let made = TaskRun { value: value.filter(|_| self.rules.directory_hands_value_on), ..TaskRun::new(*task, execution, self.now.at) };
        let child = self.make_run(group, (ListName::Normal, place as u32), made);
        self.execution_mut(execution).created.retain(|created| *created != child);
        if is_killed {
            self.change(child, State::Killed);
            self.queue.push(self.now, Due::Directory(run));
            return;
        }
        let rules = flow.dialect.rules();
        match rules.turn(self.task_of(child), &Context::new(self, execution, Some(child))) {
            Ok(Turn::Start) => self.begin_job(child),
            Ok(Turn::Skip | Turn::SkipAll | Turn::Wait(_)) => {
                self.change(child, State::Skipped);
                self.end_attempt(child, State::Skipped);
                self.queue.push(self.now, Due::Directory(run));
            }
            Err(message) => {
                self.log(child, Level::Error, format!("Failed evaluating runIf: {message}").into());
                self.change(child, State::Failed);
                self.leave_directory(run);
            }
        }
    }

    /// Whether a taskrun is one of the tasks of a WorkingDirectory, which its worker runs, too.
    pub(super) fn is_in_directory(&self, run: RunIdx) -> bool {
        let parent = self.trace.run(run).parent.filter(|_| self.live(run).place.0 == ListName::Normal);
        parent.is_some_and(|parent| self.task_of(parent).holds_worker())
    }

    /// The worker of a WorkingDirectory is done with its tasks.
    fn leave_directory(&mut self, run: RunIdx) {
        let execution = self.execution_of(run);
        if self.is_over(execution) {
            // No pass follows that would end it.
            self.workers.give_back(run);
            self.offer_workers();
        }
        self.has_changed(execution);
    }

    /// The worker of a WorkingDirectory learns that one of its tasks has ended.
    pub(super) fn directory_learns(&mut self, run: RunIdx) {
        let parent = self.trace.run(run).parent.filter(|_| self.live(run).place.0 == ListName::Normal);
        if let Some(parent) = parent.filter(|parent| self.task_of(*parent).holds_worker())
            && self.state(run).is_terminal()
        {
            self.queue.push(self.now, Due::Directory(parent));
        }
    }
}
