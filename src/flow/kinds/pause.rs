//! `Pause`: PAUSED, and the whole execution with it, until its time is up or a person resumes it. Rule: Kestra, "Pause".

use std::rc::Rc;

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::Task;
use crate::flow::behavior::{Group, Hold, Opening, Order, View};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::inputs::{Input, read_inputs};
use crate::flow::kestra::schema::{ERRORS, FINALLY, Shape, TaskType, executor, property};
use crate::flow::state::State;
use crate::time::{SimTime, parse_duration};
use crate::value::{Map, Value};

/// Its properties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pause {
    /// How long it pauses; without it a person resumes.
    pub delay: Option<Rc<str>>,
    /// After this long without a resume it fails.
    pub timeout: Option<Rc<str>>,
    /// What happens after its delay: RESUME, WARN, FAIL or CANCEL.
    pub behavior: Option<Rc<str>>,
    /// The inputs that a person is asked for.
    pub on_resume: Vec<Input>,
}

impl TaskKind for Pause {
    const TYPES: &'static [&'static TaskType] = &[&executor(
        "io.kestra.plugin.core.flow.Pause",
        "stops the execution until it is resumed or its delay is over",
        &[
            property("tasks", Shape::Tasks).says("the tasks it runs"),
            ERRORS,
            FINALLY,
            property("onPause", Shape::Task).says("a task that runs when the pause begins"),
            property("delay", Shape::Duration).says("resumes by itself after this time (old name)"),
            property("pauseDuration", Shape::Duration).says("resumes by itself after this time"),
            property("behavior", Shape::OneOf(&["RESUME", "WARN", "FAIL", "CANCEL"]))
                .says("what the end of the delay means: it resumes, warns, fails or cancels"),
            property("onResume", Shape::Inputs).says("what to ask of the person who resumes it"),
        ],
    )];

    fn read(_: &TaskType, properties: Properties<'_>, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let on_resume = properties.node.get("onResume");
        Self {
            delay: properties.text("pauseDuration").or_else(|| properties.text("delay")),
            timeout: properties.text("timeout"),
            behavior: properties.text("behavior"),
            on_resume: on_resume.map(|inputs| read_inputs(inputs, properties.source, diagnostics)).unwrap_or_default(),
        }
    }
}

impl Group for Pause {
    /// Held from the start. A person who resumes it is an assumption: `tasks.ROW.resume` is the time they take, ROW being the
    /// key of the row.
    fn open<'f>(&'f self, task: &'f Task, view: &dyn View<'f>) -> Result<Opening<'f>, String> {
        let length = |text: &Option<Rc<str>>, name: &str| text.as_ref().map(|text| view.length(text, name)).transpose();
        let delay = length(&self.delay, "delay")?;
        let timeout = length(&self.timeout, "timeout")?;
        let path = format!("tasks.{}.resume", view.row_key());
        let resumed = view.assumed(&path).and_then(|value| {
            let Value::Int(seconds) = value else { return parse_duration(&value.print()) };
            u64::try_from(seconds).ok().map(|seconds| SimTime(seconds.saturating_mul(1000)))
        });
        let behavior = match self.behavior.as_deref().map(|behavior| view.print(behavior)).transpose()?.as_deref() {
            Some("WARN") => Some(State::Warning),
            Some("FAIL") => Some(State::Failed),
            Some("CANCEL") => Some(State::Cancelled),
            _ => None,
        };
        // The first of these. At the same moment a person comes before a timer, and the delay before the timeout.
        let choices = [
            resumed.map(|after| (after, None, true)),
            delay.map(|after| (after, behavior, false)),
            // `allowFailure` counts for a time-out, and not for a behavior.
            timeout.map(|after| (after, Some(if task.allow_failure { State::Warning } else { State::Failed }), false)),
        ];
        let hold = match choices.into_iter().flatten().min_by_key(|(after, ..)| *after) {
            Some((after, ends_in, by_person)) => Hold { until: Some(view.now() + after), ends_in, by_person },
            None => Hold { until: None, ends_in: None, by_person: true },
        };
        Ok(Opening { hold: Some(hold), outputs: self.answers(view), ..Opening::of(&task.lists.tasks, Order::Sequential) })
    }
}

impl Pause {
    /// The answers of the person who resumes it: unknown, unless the user assumes them.
    fn answers(&self, view: &dyn View<'_>) -> Option<Value> {
        let mut answers = Map::new();
        for input in &self.on_resume {
            let path = format!("outputs.{}.onResume.{}", view.task_id(), input.id);
            let default = input.defaults.clone().unwrap_or_else(|| Value::unknown(&path));
            answers.insert(Rc::clone(&input.id), view.assumed_or(&path, default));
        }
        (!answers.is_empty()).then(|| Value::map([("onResume", Value::Map(Rc::new(answers)))]))
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn the_execution_is_paused_until_the_delay_is_over() {
        insta::assert_snapshot!(events("
  - {id: stop, type: io.kestra.plugin.core.flow.Pause, pauseDuration: PT5S}
  - {id: next, type: io.kestra.plugin.core.debug.Return}
"), @"
        0 - CREATED
        0 stop CREATED
        0 - RUNNING
        0 stop RUNNING
        0 - PAUSED
        0 stop PAUSED
        5000 stop SUCCESS
        5000 - RESTARTED
        5000 - RUNNING
        5000 next CREATED
        5000 next SUBMITTED
        5000 next RUNNING
        5000 next SUCCESS
        5000 - SUCCESS
        ");
    }
}
