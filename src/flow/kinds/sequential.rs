//! `Sequential`: its tasks one after another. Rule: Kestra, "Sequential".

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::behavior::Group;
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{ERRORS, FINALLY, TASKS, TaskType, executor};
use crate::tr;

/// It has no properties of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sequential;

impl TaskKind for Sequential {
    const TYPES: &'static [&'static TaskType] =
        &[&executor("io.kestra.plugin.core.flow.Sequential", tr!(const "runs its tasks one after another"), &[TASKS, ERRORS, FINALLY])];

    fn read(_: &TaskType, _: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self
    }
}

impl Group for Sequential {}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn one_task_runs_after_another() {
        insta::assert_snapshot!(events("
  - id: steps
    type: io.kestra.plugin.core.flow.Sequential
    tasks:
      - {id: a, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
      - {id: b, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
"), @"
        0 - CREATED
        0 steps CREATED
        0 - RUNNING
        0 steps RUNNING
        0 a CREATED
        0 a SUBMITTED
        0 a RUNNING
        1000 a SUCCESS
        1000 b CREATED
        1000 b SUBMITTED
        1000 b RUNNING
        2000 b SUCCESS
        2000 steps SUCCESS
        2000 - SUCCESS
        ");
    }
}
