//! `Pause`, `HumanTask` and `Approval`: PAUSED, and the whole execution with it, until its time is up or a person resumes it.
//! Rule: Kestra, "Pause".

use std::rc::Rc;

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::Task;
use crate::flow::behavior::{Group, Hold, Opening, Order, View};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::inputs::{Input, read_inputs};
use crate::flow::kestra::schema::{ERRORS, FINALLY, Property, Shape, TaskType, executor, property};
use crate::flow::state::State;
use crate::time::{SimTime, parse_duration};
use crate::tr;
use crate::value::{Map, Value};

/// The properties of a Pause.
const PAUSE: &[Property] = &[
    property("tasks", Shape::Tasks).says(tr!(const "the tasks it runs")),
    ERRORS,
    FINALLY,
    property("onPause", Shape::Task).says(tr!(const "a task that runs when the pause begins")),
    property("delay", Shape::Duration).says(tr!(const "resumes by itself after this time (old name)")),
    property("pauseDuration", Shape::Duration).says(tr!(const "resumes by itself after this time")),
    property("behavior", Shape::OneOf(&["RESUME", "WARN", "FAIL", "CANCEL"]))
        .says(tr!(const "what the end of the delay means: it resumes, warns, fails or cancels")),
    property("onResume", Shape::Inputs).says(tr!(const "what to ask of the person who resumes it")),
];

const BEHAVIORS: Shape = Shape::OneOf(&["CONTINUE", "WARN", "FAIL", "SUCCEED", "CANCEL", "KILL"]);

const HUMAN_TASK: &str = "io.kestra.plugin.ee.flow.HumanTask";
const APPROVAL: &str = "io.kestra.plugin.core.flow.Approval";

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
    /// Whether it is an `Approval`: its `behavior` is that of its timeout, and it then runs `onApprove`.
    pub is_approval: bool,
    /// Whether it goes on at once.
    pub is_over_at_once: bool,
}

impl TaskKind for Pause {
    const TYPES: &'static [&'static TaskType] = &[
        &executor("io.kestra.plugin.core.flow.Pause", tr!(const "stops the execution until it is resumed or its delay is over"), PAUSE),
        &executor(HUMAN_TASK, tr!(const "stops the execution until one of some people resumes it (Enterprise Edition)"), PAUSE),
        &executor(
            APPROVAL,
            tr!(const "stops the execution until a person approves"),
            &[
                ERRORS,
                FINALLY,
                property("inputs", Shape::Inputs).says(tr!(const "what to ask of the person who decides")),
                property("autoApprove", Shape::Bool).says(tr!(const "does not stop the execution")),
                property("expireBehavior", BEHAVIORS).says(tr!(const "what it means when nobody decides before the `timeout`")),
                property("approveBehavior", BEHAVIORS),
                property("denyBehavior", BEHAVIORS),
                property("decisions", Shape::Any),
                property("commentRequired", Shape::Text),
                property("onWait", Shape::Tasks),
                property("onApprove", Shape::Tasks).says(tr!(const "tasks that run when it is approved")),
                property("onDeny", Shape::Tasks),
            ],
        ),
    ];

    fn read(known: &TaskType, properties: Properties<'_>, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let is_approval = known.name == APPROVAL;
        let asked = properties.node.get(if is_approval { "inputs" } else { "onResume" });
        let behavior = match properties.text("expireBehavior") {
            None if is_approval => Some("CANCEL".into()),
            expired => expired.or_else(|| properties.text("behavior")),
        };
        Self {
            delay: properties.text("pauseDuration").or_else(|| properties.text("delay")),
            timeout: properties.text("timeout"),
            behavior,
            on_resume: asked.map(|inputs| read_inputs(inputs, properties.source, diagnostics)).unwrap_or_default(),
            is_approval,
            is_over_at_once: is_approval && properties.flag("autoApprove", false),
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
            Some("CANCEL" | "KILL") => Some(State::Cancelled),
            Some("CONTINUE" | "SUCCEED") => Some(State::Success),
            _ => None,
        };
        // `allowFailure` counts for a time-out, and not for a behavior.
        let timed_out = match behavior {
            Some(state) if self.is_approval => state,
            _ if task.allow_failure => State::Warning,
            _ => State::Failed,
        };
        // The first of these. At the same moment a person comes before a timer, and the delay before the timeout.
        let choices = [
            self.is_over_at_once.then_some((SimTime::ZERO, None, false)),
            resumed.map(|after| (after, None, true)),
            delay.map(|after| (after, behavior, false)),
            timeout.map(|after| (after, Some(timed_out), false)),
        ];
        let tasks = if self.is_approval { task.lists.branch("onApprove") } else { &task.lists.tasks };
        let hold = match choices.into_iter().flatten().min_by_key(|(after, ..)| *after) {
            Some((after, ends_in, by_person)) => Hold { until: Some(view.now() + after), ends_in, by_person },
            None => Hold { until: None, ends_in: None, by_person: true },
        };
        // Nobody answers when its time is up.
        let outputs = if hold.by_person { self.answers(view) } else { None };
        Ok(Opening { hold: Some(hold), outputs, ..Opening::of(tasks, Order::Sequential) })
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

    #[test]
    fn people_are_waited_for_as_in_a_pause() {
        let people = "{id: stop, type: io.kestra.plugin.ee.flow.HumanTask, pauseDuration: PT5S, assignment: {groups: [Admins]}}";
        let pause = "{id: stop, type: io.kestra.plugin.core.flow.Pause, pauseDuration: PT5S}";
        let flow = |task: &str| events(&format!("\n  - {task}\n  - {{id: next, type: io.kestra.plugin.core.debug.Return}}\n"));
        assert_eq!(flow(people), flow(pause));
        let approval = |rest: &str| {
            let head = "id: f\nnamespace: n\ntasks:\n  - id: ok\n    type: io.kestra.plugin.core.flow.Approval\n    timeout: PT5S\n";
            let list = "    onApprove:\n      - {id: yes, type: io.kestra.plugin.core.debug.Return}\n";
            let text = format!("{head}{rest}{list}  - {{id: next, type: io.kestra.plugin.core.debug.Return}}\n");
            let (_, flows, _) = crate::flow::read_text_for(&crate::source::Source::new("", text), Some(crate::flow::kestra::versions::Version::V0_21));
            let trace = crate::sim::simulate(&flows, &crate::sim::scenario::Scenario::default());
            crate::render::events::events(&flows, &trace).replace("\tstate\t", " ").replace("\texecution\t", " ").replace('\t', " ")
        };
        insta::assert_snapshot!(approval(""), @"
        0 - CREATED
        0 ok CREATED
        0 - RUNNING
        0 ok RUNNING
        0 - PAUSED
        0 ok PAUSED
        5000 ok CANCELLED
        5000 - CANCELLED
        ");
        insta::assert_snapshot!(approval("    autoApprove: true\n"), @"
        0 - CREATED
        0 ok CREATED
        0 - RUNNING
        0 ok RUNNING
        0 - PAUSED
        0 ok PAUSED
        0 ok RUNNING
        0 - RUNNING
        0 yes CREATED
        0 yes RUNNING
        0 yes SUCCESS
        0 ok SUCCESS
        0 next CREATED
        0 next RUNNING
        0 next SUCCESS
        0 - SUCCESS
        ");
    }
}
