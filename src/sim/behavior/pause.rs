//! `Pause`: PAUSED, and the whole execution with it, until its time is up or a person resumes it. Rule: Kestra, "Pause".

use super::{Context, Hold, Opening};
use crate::flow::state::State;
use crate::flow::{Lists, Pause};
use crate::sim::group::Children;
use crate::time::{SimTime, parse_duration};
use crate::value::{Map, Value};
use std::rc::Rc;

/// Held from the start. A person who resumes it is an assumption: `tasks.<row>.resume` is the time they take, the row
/// being `p`, `p~2` for its second run, `x2.p` in the second execution.
pub fn open<'f>(pause: &Pause, lists: &'f Lists, context: &Context<'_, 'f>) -> Result<Opening<'f>, String> {
    let length = |text: &Option<Rc<str>>, name: &str| text.as_ref().map(|text| context.length(text, name)).transpose();
    let delay = length(&pause.delay, "delay")?;
    let timeout = length(&pause.timeout, "timeout")?;
    let path = format!("tasks.{}.resume", context.row_id());
    let resumed = context.known(&path).and_then(|value| match value {
        Value::Int(seconds) => u64::try_from(seconds).ok().map(|seconds| SimTime(seconds.saturating_mul(1000))),
        other => parse_duration(&other.print()),
    });
    let behavior = match pause.behavior.as_deref().map(|behavior| context.print(behavior)).transpose()?.as_deref() {
        Some("WARN") => Some(State::Warning),
        Some("FAIL") => Some(State::Failed),
        Some("CANCEL") => Some(State::Cancelled),
        _ => None,
    };
    // What comes first; a person comes before a timer, and a delay before the timeout.
    let choices = [
        resumed.map(|after| (after, None, true)),
        delay.map(|after| (after, behavior, false)),
        timeout.map(|after| (after, Some(State::Failed), false)),
    ];
    let hold = match choices.into_iter().flatten().min_by_key(|(after, ..)| *after) {
        Some((after, ends_in, by_person)) => Hold { until: Some(context.now() + after), ends_in, by_person },
        None => Hold { until: None, ends_in: None, by_person: true },
    };
    let children = Children { tasks: &lists.tasks, values: None };
    Ok(Opening { children, hold: Some(hold), outputs: on_resume(pause, context), ..Opening::default() })
}

/// What the person says when resuming: unknown, but for what is assumed.
fn on_resume(pause: &Pause, context: &Context<'_, '_>) -> Option<Value> {
    let mut answers = Map::new();
    for input in &pause.on_resume {
        let path = format!("outputs.{}.onResume.{}", context.task_id(), input.id);
        let default = input.defaults.clone().unwrap_or_else(|| Value::unknown(&path));
        answers.insert(Rc::clone(&input.id), context.known_or(&path, default));
    }
    (!answers.is_empty()).then(|| Value::map([("onResume", Value::Map(Rc::new(answers)))]))
}
