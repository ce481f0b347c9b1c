//! `LoopUntil` (once `WaitFor`): its tasks again and again until a condition is true. Rule: Kestra, "LoopUntil". Between two
//! rounds the whole execution is PAUSED.

use std::rc::Rc;

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::expr;
use crate::flow::Task;
use crate::flow::behavior::{Closing, Group, Opening, Order, View};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{ERRORS, FINALLY, Property, Shape, TaskType, executor, property, required};
use crate::flow::state::State;
use crate::time::SimTime;
use crate::tr;
use crate::value::Value;

/// Its properties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LoopUntil {
    /// It ends once this is true.
    pub condition: Rc<str>,
    /// How many rounds there may be.
    pub max_iterations: Option<Rc<str>>,
    /// How long it may take.
    pub max_duration: Option<Rc<str>>,
    /// How long it waits before the next round.
    pub interval: Option<Rc<str>>,
    /// Whether it fails when one of these is reached.
    pub fail_on_max_reached: bool,
}

const MAX_ITERATIONS: Property = property("maxIterations", Shape::Count).rendered().says(tr!(const "gives up after so many rounds"));
const MAX_DURATION: Property = property("maxDuration", Shape::Duration).rendered().says(tr!(const "gives up after this time"));
const INTERVAL: Property = property("interval", Shape::Duration).rendered().says(tr!(const "how long to wait in between"));

impl TaskKind for LoopUntil {
    const TYPES: &'static [&'static TaskType] = &[&executor(
        "io.kestra.plugin.core.flow.LoopUntil",
        tr!(const "runs its tasks again until a condition holds"),
        &[
            required("tasks", Shape::Tasks).says(tr!(const "the tasks it runs")),
            ERRORS,
            FINALLY,
            required("condition", Shape::Text).says(tr!(const "ends the loop as soon as it holds")),
            property("failOnMaxReached", Shape::Bool).says(tr!(const "fails when it gave up")),
            property("checkFrequency", Shape::Object(&[MAX_ITERATIONS, MAX_DURATION, INTERVAL]))
                .says(tr!(const "how often to look, and when to give up")),
            // In the first version these were properties of the task itself.
            MAX_ITERATIONS,
            MAX_DURATION,
            INTERVAL,
        ],
    )
    .formerly(&["io.kestra.plugin.core.flow.WaitFor"])];

    fn read(_: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        let frequency = properties.node.get("checkFrequency").map_or(properties, |node| properties.of(node));
        Self {
            condition: properties.required("condition"),
            max_iterations: frequency.text("maxIterations"),
            max_duration: frequency.text("maxDuration"),
            interval: frequency.text("interval"),
            fail_on_max_reached: properties.flag("failOnMaxReached", false),
        }
    }
}

/// How many rounds a loop has when its condition is unknown.
const ASSUMED_ROUNDS: i64 = 2;

impl Group for LoopUntil {
    fn waits_for_finally(&self) -> bool {
        true
    }

    fn open<'f>(&'f self, task: &'f Task, _: &dyn View<'f>) -> Result<Opening<'f>, String> {
        Ok(Opening { outputs: Some(outputs(1)), has_rounds: true, ..Opening::of(&task.lists.tasks, Order::Sequential) })
    }

    /// When a round has ended, either the loop ends, or another round follows after the interval.
    fn close(&self, state: State, view: &dyn View<'_>) -> Result<Closing, String> {
        if matches!(state, State::Failed | State::Killed) {
            return Ok(Closing::End(state));
        }
        let n = view.round().saturating_add(1);
        let is_met = match expr::truth(&view.render(&self.condition)?) {
            Some(truth) => truth,
            None => {
                let why = tr!(const "a loop whose condition only a real server can know ends after its second round");
                let rounds = view.choose_for_task("rounds", Value::Int(ASSUMED_ROUNDS), why);
                if let Value::Int(rounds) = rounds {
                    n >= rounds
                } else {
                    n >= ASSUMED_ROUNDS || expr::truth(&rounds) == Some(true)
                }
            }
        };
        if is_met {
            return Ok(Closing::End(state));
        }
        let defaults = &view.rules().until;
        let most = match &self.max_iterations {
            Some(text) => view.print(text)?.trim().parse().ok().or(defaults.max_iterations.map(i64::from)),
            None => defaults.max_iterations.map(i64::from),
        };
        let longest = match &self.max_duration {
            Some(text) => Some(view.length(text, "checkFrequency")?),
            None => defaults.max_duration_ms.map(SimTime),
        };
        let is_late = longest.is_some_and(|longest| view.now() > view.created_at() + longest);
        if is_late || most.is_some_and(|most| n >= most) {
            let state = if self.fail_on_max_reached { State::Failed } else { state };
            return Ok(Closing::GiveUp(state, if is_late { "Max duration reached" } else { "Max iterations reached" }));
        }
        let interval = match &self.interval {
            Some(text) => view
                .wait(text, "checkFrequency.interval")
                .map_err(|message| format!("Unable to resolve state from the Flowable task: {message}"))?,
            None => SimTime(defaults.interval_ms),
        };
        Ok(Closing::Again(interval, outputs(n.saturating_add(1))))
    }
}

/// Its outputs in the nth round, from 1.
fn outputs(n: i64) -> Value {
    Value::map([("iterationCount", Value::Int(n))])
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn its_tasks_run_again_after_the_interval() {
        insta::assert_snapshot!(events(r#"
  - id: loop
    type: io.kestra.plugin.core.flow.LoopUntil
    condition: "{{ outputs.loop.iterationCount == 2 }}"
    checkFrequency: {interval: PT5S}
    tasks: [{id: look, type: io.kestra.plugin.core.debug.Return}]
"#), @"
        0 - CREATED
        0 loop CREATED
        0 - RUNNING
        0 loop RUNNING
        0 look CREATED
        0 look SUBMITTED
        0 look RUNNING
        0 look SUCCESS
        0 loop PAUSED
        0 - PAUSED
        5000 - RUNNING
        5000 loop RUNNING
        5000 look~2 CREATED
        5000 look~2 SUBMITTED
        5000 look~2 RUNNING
        5000 look~2 SUCCESS
        5000 loop SUCCESS
        5000 - SUCCESS
        ");
    }
}
