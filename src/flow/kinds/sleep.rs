//! `Sleep`: waits in a worker, for exactly its duration. Rule: Kestra, "Runnable tasks".

use std::rc::Rc;

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::Task;
use crate::flow::behavior::{Leaf, View, Work};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{Shape, TaskType, required, worker};
use crate::tr;

/// Its properties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sleep {
    /// Its duration, as written.
    pub duration: Rc<str>,
}

impl TaskKind for Sleep {
    const TYPES: &'static [&'static TaskType] = &[&worker(
        "io.kestra.plugin.core.flow.Sleep",
        tr!(const "waits"),
        &[required("duration", Shape::Duration).says(tr!(const "how long"))],
    )];

    fn read(_: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self { duration: properties.required("duration") }
    }
}

impl Leaf for Sleep {
    fn work<'f>(&'f self, _: &'f Task, view: &dyn View<'f>) -> Result<Work, String> {
        Ok(Work { duration: view.wait(&self.duration, "duration")?, ..Work::default() })
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn it_takes_its_duration() {
        insta::assert_snapshot!(events("
  - {id: wait, type: io.kestra.plugin.core.flow.Sleep, duration: PT1.5S}
"), @"
        0 - CREATED
        0 wait CREATED
        0 - RUNNING
        0 wait SUBMITTED
        0 wait RUNNING
        1500 wait SUCCESS
        1500 - SUCCESS
        ");
    }

    /// Recorded as `zero-sleep`.
    #[test]
    fn it_has_to_last() {
        insta::assert_snapshot!(events("
  - {id: wait, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S}
"), @"
        0 - CREATED
        0 wait CREATED
        0 - RUNNING
        0 wait SUBMITTED
        0 wait RUNNING
        0 wait log ERROR duration: must be a positive duration
        0 wait FAILED
        0 - FAILED
        ");
    }
}
