//! What is XL Release's own in a run: items that are held until their date, preconditions, failure handlers, groups that
//! are FAILING while others of them go on, and aborting. Rules: XL Release, "Execution".

use std::rc::Rc;

use super::behavior::{Context, planned};
use super::engine::{Due, Engine, GroupIdx};
use super::trace::{ExecutionIdx, RunIdx};
use crate::flow::plan::{Dialect, Plan, Precondition, Recovery};
use crate::flow::state::State;
use crate::value::Value;

impl Dialect {
    /// The name of a state in this dialect. Rule: XL Release, "State names".
    #[must_use]
    pub fn state_name(self, state: State) -> &'static str {
        match self {
            Self::Kestra => state.as_str(),
            Self::XlRelease => release_state(state),
        }
    }
}

fn release_state(state: State) -> &'static str {
    match state {
        State::Created | State::Submitted | State::Restarted => "PLANNED",
        State::Queued => "PENDING",
        State::Running | State::Breakpoint => "IN_PROGRESS",
        State::Paused => "PAUSED",
        State::Retrying => "FAILURE_HANDLER_IN_PROGRESS",
        State::Failing => "FAILING",
        State::Success | State::Warning => "COMPLETED",
        State::Failed | State::Retried => "FAILED",
        State::Skipped => "SKIPPED",
        State::Killing | State::Killed | State::Cancelled => "ABORTED",
    }
}

impl<'f> Engine<'f> {
    /// An item is reached: it is PENDING until its date when that is to come, else its turn has come.
    pub(super) fn reach(&mut self, run: RunIdx, plan: &Plan) {
        let execution = self.trace.run(run).execution;
        let context = Context::new(self, execution, Some(run));
        let date = plan.starts_at.filter(|_| plan.is_held);
        match date.and_then(|date| planned::until(date, context.flow(), &context)) {
            Some(wait) => {
                self.change(run, State::Queued);
                self.queue.push(self.now + wait, Due::Reached(run));
            }
            None => self.reached(run),
        }
    }

    /// The turn of an item has come: it is skipped, or starts.
    pub(super) fn reached(&mut self, run: RunIdx) {
        if self.live(run).state.is_terminal() {
            return;
        }
        let Some(plan) = &self.task_of(run).plan else { return };
        let is_met = match plan.precondition {
            Precondition::Met => true,
            Precondition::NotMet => false,
            Precondition::Script => {
                let said = self.asked(
                    run,
                    "precondition",
                    Value::Bool(true),
                    "a precondition is a script that is not run: it is met unless you say otherwise",
                );
                said != Value::Bool(false)
            }
        };
        if is_met { self.dispatch(run) } else { self.change(run, State::Skipped) }
    }

    /// What is assumed for `tasks.<id>.<property>` of a run.
    fn asked(&self, run: RunIdx, property: &str, default: Value, why: &'static str) -> Value {
        let context = Context::new(self, self.trace.run(run).execution, Some(run));
        let path: Rc<str> = format!("tasks.{}.{property}", context.task_id()).into();
        context.chosen(&path, why, || default)
    }

    /// What the failure handler of an item makes of its failure; false when it has none, or when that changes nothing.
    pub(super) fn recovers(&mut self, run: RunIdx) -> bool {
        let handler = match self.task_of(run).plan.as_ref().map(|plan| plan.recovery) {
            Some(Recovery::Skip) => Value::text("skip"),
            Some(Recovery::Script) => self.asked(
                run,
                "failureHandler",
                Value::text("fail"),
                "a failure handler is a script that is not run: it changes nothing unless you say otherwise",
            ),
            Some(Recovery::Halt) | None => return false,
        };
        let is_first = self.trace.run(run).attempts == 1;
        let handler = handler.as_str().filter(|handler| *handler == "skip" || *handler == "retry" && is_first);
        if let Some(handler) = handler {
            self.change(run, State::Retrying);
            if handler == "skip" {
                self.change(run, State::Skipped);
            } else {
                self.change(run, State::Created);
                self.dispatch(run);
            }
        }
        handler.is_some()
    }

    /// A group with a failed child whose other children go on is FAILING, and so are those round it.
    pub(super) fn show_failing(&mut self, group: GroupIdx) {
        let group = self.group(group);
        if !group.goes_on || !(group.outcome.failed || group.count.failing > 0) {
            return;
        }
        match group.owner {
            Some(run) if self.live(run).state == State::Running => self.change(run, State::Failing),
            None if self.execution(group.execution).state == State::Running => {
                self.change_execution(group.execution, State::Failing);
            }
            _ => {}
        }
    }

    /// A release is aborted: all that has not ended ends there.
    pub(super) fn abort(&mut self, execution: ExecutionIdx) {
        let runs = self.trace.iter().filter(|(run, taskrun)| taskrun.execution == execution && !self.live(*run).state.is_terminal());
        let open: Vec<RunIdx> = runs.map(|(run, _)| run).collect();
        // Children stand behind their parents.
        for run in open.into_iter().rev() {
            self.change(run, State::Killed);
        }
        self.change_execution(execution, State::Killed);
    }
}
