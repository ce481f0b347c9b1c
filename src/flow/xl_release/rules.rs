//! How the items of a template run: items that are held until their date, preconditions, failure handlers.
//! Rules: XL Release, "Execution".

use crate::flow::Task;
use crate::flow::behavior::{Recovery, RunRules, Turn, View};
use crate::flow::state::State;
use crate::flow::xl_release::plan::{Precondition, Recovery as Planned, until, until_blackout_ends};
use crate::tr;
use crate::value::Value;

/// XL Release's rules.
#[derive(Debug, Clone, Copy)]
pub struct ReleaseRules;

impl RunRules for ReleaseRules {
    /// An item is held until its date, if that is in the future, and until a blackout period ends. Then its precondition decides.
    fn turn(&self, task: &Task, view: &dyn View<'_>) -> Result<Turn, String> {
        let Some(plan) = &task.plan else { return Ok(Turn::Start) };
        if let Some(wait) = plan.starts_at.filter(|_| plan.is_held).and_then(|date| until(date, view)) {
            return Ok(Turn::Wait(wait));
        }
        if let Some(wait) = Some(plan).filter(|plan| plan.avoids_blackouts).and_then(|_| until_blackout_ends(view)) {
            return Ok(Turn::Wait(wait));
        }
        let is_met = match plan.precondition {
            Precondition::Met => true,
            Precondition::NotMet => false,
            Precondition::Script => {
                let why = tr!(const "a precondition is a script that is not run: it is met unless you say otherwise");
                view.choose_for_task("precondition", Value::Bool(true), why) != Value::Bool(false)
            }
        };
        Ok(if is_met { Turn::Start } else { Turn::SkipAll })
    }

    /// What the failure handler of an item does. A retry that is assumed happens once.
    fn recovery(&self, task: &Task, n_attempts: u32, view: &dyn View<'_>) -> Option<Recovery> {
        match task.plan.as_ref().map(|plan| plan.recovery)? {
            Planned::Halt => None,
            Planned::Skip => Some(Recovery::Skip),
            Planned::RestartPhase => Some(Recovery::StartOver),
            Planned::Handler(handling) if handling.retries.is_none_or(|retries| n_attempts <= retries) => Some(Recovery::Retry),
            Planned::Handler(handling) => Some(if handling.skips { Recovery::Skip } else { Recovery::Fail }),
            Planned::Script => {
                let why = tr!(const "a failure handler is a script that is not run: it changes nothing unless you say otherwise");
                match view.choose_for_task("failureHandler", Value::text("fail"), why).as_str() {
                    Some("skip") => Some(Recovery::Skip),
                    Some("retry") if n_attempts == 1 => Some(Recovery::Retry),
                    _ => Some(Recovery::Fail),
                }
            }
        }
    }

    fn isolates_failures(&self) -> bool {
        true
    }
}

/// XL Release's name of a state. Rule: XL Release, "State names".
#[must_use]
pub fn release_state(state: State) -> &'static str {
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
