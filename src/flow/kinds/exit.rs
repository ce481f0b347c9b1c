//! `Exit`: ends its execution in a state. Rule: Kestra, "Exit".

use std::rc::Rc;

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::Task;
use crate::flow::behavior::{Effect, Leaf, Runner, View, Work};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{Shape, TaskType, executor, property};
use crate::flow::kestra::versions::Version;
use crate::flow::state::State;
use crate::tr;

/// Its properties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exit {
    /// The state.
    pub state: Rc<str>,
}

impl TaskKind for Exit {
    const TYPES: &'static [&'static TaskType] = &[&executor(
        "io.kestra.plugin.core.execution.Exit",
        tr!(const "ends the execution in a state of your choice"),
        &[property("state", Shape::OneOf(&["SUCCESS", "WARNING", "KILLED", "FAILED", "CANCELED", "CANCELLED"]))],
    )];

    fn read(_: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self { state: properties.text("state").unwrap_or_else(|| Rc::from("SUCCESS")) }
    }
}

impl Leaf for Exit {
    fn runner(&self) -> Runner {
        Runner::Executor
    }

    /// It takes no time.
    fn work<'f>(&'f self, _: &'f Task, view: &dyn View<'f>) -> Result<Work, String> {
        let written = view.print(&self.state)?;
        let state = match &*written.to_ascii_uppercase() {
            "SUCCESS" => State::Success,
            "WARNING" => State::Warning,
            "FAILED" => State::Failed,
            "KILLED" => State::Killed,
            "CANCELLED" => State::Cancelled,
            "CANCELED" if view.flow().version != Version::V2_0 => State::Cancelled,
            _ => return Err(format!("`{written}` is not a state to exit in: SUCCESS, WARNING, KILLED, FAILED or CANCELED")),
        };
        Ok(Work { effect: Effect::Exit(state), ..Work::default() })
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn the_execution_ends_in_its_state() {
        insta::assert_snapshot!(events("
  - {id: stop, type: io.kestra.plugin.core.execution.Exit, state: WARNING}
  - {id: never, type: io.kestra.plugin.core.debug.Return}
"), @"
        0 - CREATED
        0 stop CREATED
        0 stop RUNNING
        0 stop WARNING
        0 - WARNING
        ");
    }
}
