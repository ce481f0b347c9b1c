//! What each kind of task does: one file a kind, and one line here.
//!
//! A leaf says once, when a worker takes it, what it will log and how it will end ([`Work`]). A group says, on every pass,
//! how many of its next tasks may start.

mod log;
mod opaque;
pub(super) mod parallel;
mod return_;
pub(super) mod sequential;
mod shell;
mod sleep;

use super::state::State;
use super::trace::Outputs;
use super::trace::{RunIdx, execution_id, taskrun_id};
use crate::expr;
use crate::flow::{Flow, Kind, Level, Task};
use crate::time::SimTime;
use crate::value::Value;

/// What one attempt of a leaf will do, from the moment it begins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Work {
    /// What it logs, each with the time since it began, in order.
    pub logs: Vec<(SimTime, Level, Box<str>)>,
    /// How long it takes.
    pub duration: SimTime,
    /// Whether it fails.
    pub failed: bool,
    /// Whether it ends with a warning, if it does not fail.
    pub warned: bool,
    /// Its outputs.
    pub outputs: Outputs,
}

/// What a leaf knows of where it runs.
#[derive(Debug)]
pub struct Context<'a> {
    /// Its flow.
    pub flow: &'a Flow,
    /// Itself.
    pub task: &'a Task,
    /// When its taskrun was created, in milliseconds since 1970-01-01T00:00:00Z.
    pub created_epoch_ms: i64,
    /// When its execution was created, likewise.
    pub started_epoch_ms: i64,
    /// How many attempts came before.
    pub n_attempts: u32,
    /// Its taskrun.
    pub run: RunIdx,
    /// Its execution.
    pub execution: u32,
    /// What ids come from.
    pub seed: u64,
}

/// What a leaf will do. A group does nothing by itself.
#[must_use]
pub fn work(context: &Context<'_>) -> Work {
    let done = match &context.task.kind {
        Kind::Shell { commands } => shell::work(commands, context),
        Kind::Return { format } => return_::work(format.as_deref(), context),
        Kind::Log { messages, level } => log::work(messages, *level, context),
        Kind::Sleep { duration } => sleep::work(*duration),
        Kind::Opaque => opaque::work(),
        Kind::Sequential | Kind::Parallel { .. } => Ok(Work::default()),
    };
    done.unwrap_or_else(|error| Work { logs: vec![(SimTime::ZERO, Level::Error, error.into())], failed: true, ..Work::default() })
}

impl Work {
    /// The state it ends in before `allowFailure` and `allowWarning` are looked at.
    #[must_use]
    pub fn state(&self) -> State {
        match self {
            Self { failed: true, .. } => State::Failed,
            Self { warned: true, .. } => State::Warning,
            Self { .. } => State::Success,
        }
    }
}

impl Context<'_> {
    /// Renders a property. What exists on a server and is not simulated so far prints as `⟨name⟩`.
    fn render(&self, text: &str) -> Result<String, String> {
        expr::render(text, self).map(|value| value.print().to_string())
    }
}

impl expr::Scope for Context<'_> {
    fn variable(&self, name: &str) -> Option<Value> {
        Some(match name {
            "task" => Value::map([("id", Value::text(&self.task.id)), ("type", Value::text(&self.task.type_name))]),
            "taskrun" => Value::map([
                ("id", Value::text(&taskrun_id(self.seed, self.run))),
                ("startDate", Value::Date(self.created_epoch_ms)),
                ("attemptsCount", Value::Int(i64::from(self.n_attempts))),
            ]),
            "flow" => Value::map([("id", Value::text(&self.flow.id)), ("namespace", Value::text(&self.flow.namespace))]),
            "execution" => Value::map([
                ("id", Value::text(&execution_id(self.seed, self.execution))),
                ("startDate", Value::Date(self.started_epoch_ms)),
            ]),
            "inputs" | "vars" | "outputs" | "tasks" | "labels" | "parents" | "parent" | "trigger" | "envs" | "globals" | "error" => {
                Value::unknown(name)
            }
            _ => return None,
        })
    }

    fn assumed(&self, _: &str) -> Option<Value> {
        None
    }

    fn now_epoch_ms(&self) -> i64 {
        self.created_epoch_ms
    }

    fn draw(&self) -> u64 {
        self.seed
    }

    fn error_logs(&self) -> Value {
        Value::unknown("errorLogs()")
    }
}
