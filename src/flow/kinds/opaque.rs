//! A task that is not simulated. It succeeds, and its outputs are unknown: one of Kestra's own at once, one of a plugin after a second.
//! The page marks it "not simulated".

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::{ASSUMED, Task};
use crate::flow::behavior::{Leaf, View, Work};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::TaskType;
use crate::time::SimTime;
use crate::value::Value;

/// It has no properties that are simulated.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Opaque {
    /// Whether it is one of Kestra's own tasks, which work in the server itself.
    pub is_own: bool,
}

impl TaskKind for Opaque {
    const TYPES: &'static [&'static TaskType] = &[];

    fn read(_: &TaskType, _: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self::default()
    }
}

impl Leaf for Opaque {
    fn work<'f>(&'f self, _: &'f Task, view: &dyn View<'f>) -> Result<Work, String> {
        let path = format!("outputs.{}", view.task_id());
        let outputs = view.assumed_or(&path, Value::unknown(&path));
        let duration = if self.is_own { SimTime::ZERO } else { ASSUMED };
        Ok(Work { duration, outputs: Some(outputs), ..Work::default() })
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn a_task_of_kestra_takes_no_time() {
        insta::assert_snapshot!(events(r#"
  - {id: put, type: io.kestra.plugin.core.kv.Set, key: k, value: v}
"#), @"
        0 - CREATED
        0 put CREATED
        0 - RUNNING
        0 put SUBMITTED
        0 put RUNNING
        0 put SUCCESS
        0 - SUCCESS
        ");
    }

    #[test]
    fn it_takes_a_second_and_its_outputs_are_unknown() {
        insta::assert_snapshot!(events(r#"
  - {id: load, type: org.acme.warehouse.Load}
  - {id: show, type: io.kestra.plugin.core.log.Log, message: "{{ outputs.load.rows }}"}
"#), @"
        0 - CREATED
        0 load CREATED
        0 - RUNNING
        0 load SUBMITTED
        0 load RUNNING
        1000 load SUCCESS
        1000 show CREATED
        1000 show SUBMITTED
        1000 show RUNNING
        1000 show log INFO ⟨outputs.load.rows⟩
        1000 show SUCCESS
        1000 - SUCCESS
        ");
    }
}
