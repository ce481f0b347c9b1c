//! `Parallel`: its tasks at the same time, in a sliding window of `concurrent` slots. Rule: Kestra, "Parallel".

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::behavior::{Group, Order, Slots};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{CHILD_FAILURE_POLICY, CONCURRENT, ERRORS, FAIL_FAST, FINALLY, Need, ON_CHILD_FAILURE, Property, TASKS, TaskType, executor};

/// Its properties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parallel {
    /// How many tasks run at once; 0 is no limit.
    pub concurrent: u32,
}

impl TaskKind for Parallel {
    const TYPES: &'static [&'static TaskType] = &[&executor(
        "io.kestra.plugin.core.flow.Parallel",
        "runs its tasks at the same time, as many as it has slots",
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
        Self { concurrent: properties.count("concurrent") }
    }
}

impl Group for Parallel {
    fn slots(&self) -> Option<Slots> {
        Some(Slots { limit: self.concurrent, property: "concurrent" })
    }

    fn set_limit(&mut self, limit: u32) {
        self.concurrent = limit;
    }

    fn order(&self) -> Order<'_> {
        Order::Window(self.concurrent)
    }
}
