//! A leaf that takes the time it is planned to take. Rule: XL Release, "Planned time of an item".

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::Task;
use crate::flow::behavior::{Call, Effect, Leaf, View, Work};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::TaskType;
use crate::flow::xl_release::plan::{Doer, until};
use crate::time::{SimTime, parse_duration};
use crate::value::Value;

/// It has no properties: its plan is in the task.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Planned;

impl TaskKind for Planned {
    const TYPES: &'static [&'static TaskType] = &[];

    fn read(_: &TaskType, _: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self
    }
}

impl Leaf for Planned {
    /// A task that creates a release starts it at the end. A gate with dependencies waits for them then.
    /// It takes its planned duration, or the time until it is due, or the usual duration. The assumption `tasks.ROW.approve`
    /// approves a gate after a duration, or at once with `true`.
    fn work<'f>(&'f self, task: &'f Task, view: &dyn View<'f>) -> Result<Work, String> {
        let Some(plan) = &task.plan else { return Ok(Work::default()) };
        let due = || until(plan.due_at?, view);
        let planned = plan.length.or_else(due).or(plan.usual_length()).unwrap_or_default();
        let approved = || {
            let after = view.assumed(&format!("tasks.{}.approve", view.row_key()))?;
            if let Value::Bool(at_once) = after { at_once.then_some(SimTime::ZERO) } else { parse_duration(&after.print()) }
        };
        let duration = match plan.doer {
            Doer::Gate => approved().unwrap_or(planned),
            Doer::Dependencies => SimTime::ZERO,
            Doer::Person | Doer::Machine | Doer::Children => planned,
        };
        let created = || view.find_flow(&plan.creates.as_ref()?.0, &plan.creates.as_ref()?.1);
        let effect = match created() {
            Some((flow, _)) => Effect::Call { calls: vec![Call { flow, inputs: Vec::new(), labels: Vec::new() }], wait: false },
            None if plan.awaits.is_empty() => Effect::None,
            None => Effect::Await(plan.awaits.clone()),
        };
        Ok(Work { duration, effect, ..Work::default() })
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events_of;

    #[test]
    fn a_machine_takes_a_minute_unless_a_length_is_planned() {
        insta::assert_snapshot!(events_of("
apiVersion: xl-release/v1
kind: Templates
spec:
  - template: Release
    phases:
      - phase: Only
        tasks:
          - {name: Planned, type: xlrelease.ScriptTask, plannedDuration: 5}
          - {name: Usual, type: xlrelease.ScriptTask}
"), @"
        0 - PLANNED
        0 only PLANNED
        0 - IN_PROGRESS
        0 only IN_PROGRESS
        0 planned PLANNED
        0 planned IN_PROGRESS
        5000 planned COMPLETED
        5000 usual PLANNED
        5000 usual IN_PROGRESS
        65000 usual COMPLETED
        65000 only COMPLETED
        65000 - COMPLETED
        ");
    }
}
