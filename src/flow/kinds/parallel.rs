//! `Parallel`: its tasks at the same time, in a sliding window of `concurrent` slots. Rule: Kestra, "Parallel".

use std::rc::Rc;

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::behavior::{Group, Order, View};
use crate::flow::kestra::properties::{Limit, Properties};
use super::on_child_failure::interrupts_in;
use crate::flow::state::State;
use crate::flow::kestra::schema::{CHILD_FAILURE_POLICY, CONCURRENT, ERRORS, FAIL_FAST, FINALLY, Need, ON_CHILD_FAILURE, Property, TASKS, TaskType, executor};
use crate::tr;

/// Its properties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parallel {
    /// How many tasks run at once; 0 is no limit.
    pub concurrent: Limit,
    /// What its failure means for its other children: CANCEL, FAIL or CONTINUE.
    pub on_child_failure: Option<Rc<str>>,
}

impl TaskKind for Parallel {
    const TYPES: &'static [&'static TaskType] = &[&executor(
        "io.kestra.plugin.core.flow.Parallel",
        tr!(const "runs its tasks at the same time, as many as it has slots"),
        &[
            Property { need: Need::PresentAndFilled, ..TASKS },
            ERRORS,
            FINALLY,
            CONCURRENT,
            FAIL_FAST,
            ON_CHILD_FAILURE,
            CHILD_FAILURE_POLICY,
        ],
    )];

    fn read(_: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self { concurrent: properties.limit("concurrent"), on_child_failure: properties.text("onChildFailure") }
    }
}

impl Group for Parallel {
    fn set_limit(&mut self, limit: u32) {
        self.concurrent = Limit::Number(limit);
    }

    fn interrupts_in(&self, view: &dyn View<'_>) -> Option<State> {
        interrupts_in(self.on_child_failure.as_deref(), "FAIL", view)
    }

    fn order(&self) -> Order<'_> {
        Order::Window(self.concurrent.written())
    }

    fn rendered_limit(&self, view: &dyn View<'_>) -> Result<u32, String> {
        self.concurrent.rendered("concurrent", view)
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn a_task_starts_when_a_slot_is_free() {
        insta::assert_snapshot!(events("
  - id: parallel
    type: io.kestra.plugin.core.flow.Parallel
    concurrent: 2
    tasks:
      - {id: a, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
      - {id: b, type: io.kestra.plugin.core.flow.Sleep, duration: PT2S}
      - {id: c, type: io.kestra.plugin.core.flow.Sleep, duration: PT3S}
"), @"
        0 - CREATED
        0 parallel CREATED
        0 - RUNNING
        0 parallel RUNNING
        0 a CREATED
        0 b CREATED
        0 a SUBMITTED
        0 b SUBMITTED
        0 a RUNNING
        0 b RUNNING
        1000 a SUCCESS
        1000 c CREATED
        1000 c SUBMITTED
        1000 c RUNNING
        2000 b SUCCESS
        4000 c SUCCESS
        4000 parallel SUCCESS
        4000 - SUCCESS
        ");
    }
}
