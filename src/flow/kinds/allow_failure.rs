//! `AllowFailure`: as Sequential, but a failure of its tasks is a warning. Rule: Kestra, "AllowFailure".

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::behavior::{Closing, Group, View};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{ERRORS, FINALLY, TASKS, TaskType, executor};
use crate::flow::state::State;
use crate::tr;

/// It has no properties of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AllowFailure;

impl TaskKind for AllowFailure {
    const TYPES: &'static [&'static TaskType] = &[&executor(
        "io.kestra.plugin.core.flow.AllowFailure",
        tr!(const "goes on with a warning when one of its tasks fails"),
        &[TASKS, ERRORS, FINALLY],
    )];

    fn read(_: &TaskType, _: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self
    }
}

impl Group for AllowFailure {
    fn waits_for_finally(&self) -> bool {
        true
    }

    fn close(&self, state: State, _: &dyn View<'_>) -> Result<Closing, String> {
        Ok(Closing::End(if state == State::Failed { State::Warning } else { state }))
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn its_own_failure_becomes_a_warning() {
        insta::assert_snapshot!(events("
  - id: group
    type: io.kestra.plugin.core.flow.AllowFailure
    tasks: [{id: bad, type: io.kestra.plugin.core.execution.Fail}]
  - {id: next, type: io.kestra.plugin.core.debug.Return}
"), @"
        0 - CREATED
        0 group CREATED
        0 - RUNNING
        0 group RUNNING
        0 bad CREATED
        0 bad SUBMITTED
        0 bad RUNNING
        0 bad log ERROR Task failure
        0 bad FAILED
        0 group WARNING
        0 next CREATED
        0 next SUBMITTED
        0 next RUNNING
        0 next SUCCESS
        0 - WARNING
        ");
    }
}
