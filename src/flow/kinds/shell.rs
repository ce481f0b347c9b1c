//! `shell.Commands` and `shell.Script`: run by the simulated shell. Rule: Kestra, "Scripts".

use std::rc::Rc;

use super::{Kind, TaskKind};
use super::script::{self, Script};
use crate::diag::Diagnostic;
use crate::flow::behavior::{Effect, Leaf, View, Work};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{Shape, TaskType, required, script, worker};
use crate::flow::{Level, Task};
use crate::shell::{self, Setup, Stopped, Stream};
use crate::text::Text;
use crate::time::SimTime;
use crate::tr;
use crate::value::{Map, Value};

/// A script that the shell runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shell(pub Script);

impl TaskKind for Shell {
    const TYPES: &'static [&'static TaskType] = &[
        &worker(
            "io.kestra.plugin.scripts.shell.Commands",
            tr!(const "runs commands; `sleep` in them takes simulated time"),
            script![required("commands", Shape::TextOrTexts).says(tr!(const "the commands, one after another"))],
        ),
        &worker(
            "io.kestra.plugin.scripts.shell.Script",
            tr!(const "runs a script; `sleep` in it takes simulated time"),
            script![required("script", Shape::Text).says(tr!(const "the script"))],
        ),
    ];

    fn read(known: &TaskType, properties: Properties<'_>, diagnostics: &mut Vec<Diagnostic>) -> Self {
        Self(Script::read(known, properties, diagnostics))
    }
}

/// The former package of script tasks. Any properties are accepted.
pub const OLD_PACKAGE: &str = "io.kestra.core.tasks.scripts.";

/// Reads a task of the former package.
#[must_use]
pub fn read_old(type_name: &str, properties: Properties<'_>) -> Kind {
    let script = Script::of(properties);
    if type_name.ends_with(".Bash") { Kind::Shell(Box::new(Shell(script))) } else { Kind::Script(Box::new(script)) }
}

impl Leaf for Shell {
    /// Standard output is logged at INFO, standard error at ERROR; a failing command fails the task.
    fn work<'f>(&'f self, task: &'f Task, view: &dyn View<'f>) -> Result<Work, String> {
        let script = &self.0;
        let mut text = Text::new();
        for command in script.before.iter().chain(&script.commands) {
            if !text.is_empty() {
                text.push_str("\n");
            }
            text.push(&view.render(command)?.to_text());
        }
        let env = view.render_value(&script.env)?;
        let env = env.as_map().into_iter().flat_map(Map::iter);
        let env: Vec<(String, Text)> = env.map(|(key, value)| (key.to_string(), value.to_text())).collect();
        let files = files(&view.render_value(&script.input_files)?);
        let group = task.parent.and_then(|parent| view.flow().task(parent).kind.as_group());
        let shares_directory = group.is_some_and(|group| group.holds_worker());
        let outcome = shell::run(
            &text,
            &Setup {
                env: &env,
                start_epoch_ms: view.now_epoch_ms(),
                deadline: view.time_left() + SimTime(1),
                max_steps: 1_000_000,
                budget: view.budget(),
                command: &|name| view.command(name),
                errexit: script.fail_fast,
                files: &files,
                other_files: script.finds_files || script.input_files != Value::Null || shares_directory,
                seed: if text.contains("RANDOM") { view.draw() } else { 0 },
            },
        );
        let mut vars: Option<Map> = None;
        let mut warned = false;
        let mut logs = Vec::with_capacity(outcome.lines.len().saturating_add(1));
        for line in outcome.lines {
            match line.stream {
                Stream::Out => match message(&line.text) {
                    Some(message) => take(&message, line.at, &mut vars, &mut logs),
                    None => logs.push((line.at, Level::Info, line.text.into())),
                },
                Stream::Err => {
                    warned = script.warning_on_std_err && view.rules().warns_by_std_err;
                    logs.push((line.at, Level::Error, line.text.into()));
                }
                Stream::Note => logs.push((line.at, Level::Debug, line.text.into())),
            }
        }
        let mut exit_code = outcome.exit_code;
        if exit_code != 0 && outcome.is_guessed && outcome.stopped.is_none() {
            let path = format!("tasks.{}.exitCode", view.task_id());
            let why = tr!(const "a script whose failure depends on what only a real machine knows succeeds");
            exit_code = if let Value::Int(code) = view.choose(&path, Value::Int(0), why) { code as i32 & 0xff } else { 0 };
        }
        let failed = exit_code != 0;
        if failed {
            logs.push((outcome.ends, Level::Error, format!("Command failed with exit code {exit_code}").into()));
        }
        let is_open = outcome.is_foreign || outcome.is_guessed;
        let outputs = if vars.is_none() && !failed && !is_open && !script.gives_files {
            plain_success()
        } else {
            let path = |name: &str| format!("outputs.{}.{name}", view.task_id());
            let mut vars = vars.unwrap_or_default();
            vars.rest = is_open.then(|| path("vars").into());
            let files = if script.gives_files { view.unknown_output("outputFiles") } else { Value::map([]) };
            outputs(exit_code, vars, files)
        };
        let effect = match outcome.stopped {
            Some(Stopped::Steps) => Effect::Endless(outcome.endless_line),
            Some(Stopped::Deadline) | None => Effect::None,
        };
        Ok(Work { logs, duration: outcome.ends, failed, warned, outputs: Some(outputs), effect })
    }

    fn variable(&self, name: &str) -> Option<Value> {
        script::variable(name)
    }
}

thread_local! {
    /// The outputs of a script that succeeded and printed none: one value that all such scripts share.
    static PLAIN_SUCCESS: Value = outputs(0, Map::new(), Value::map([]));
}

fn plain_success() -> Value {
    PLAIN_SUCCESS.with(Value::clone)
}

/// The outputs of a script.
fn outputs(exit_code: i32, vars: Map, files: Value) -> Value {
    Value::map([("exitCode", Value::Int(i64::from(exit_code))), ("vars", Value::Map(Rc::new(vars))), ("outputFiles", files)])
}

/// The files whose content the flow holds. A file that is only an address, or holds something unknown, is unknown.
fn files(input_files: &Value) -> Vec<(String, Text)> {
    let is_text = |text: &Text| !text.contains("://") && !text.has_unknown();
    let files = input_files.as_map().into_iter().flat_map(Map::iter);
    files.map(|(name, value)| (name.to_string(), value.to_text())).filter(|(_, text)| is_text(text)).collect()
}

/// The message in a line such as `::{"outputs": {"n": 1}}::`, which is for Kestra rather than for the log.
fn message(line: &str) -> Option<Value> {
    let json = line.strip_prefix("::")?.strip_suffix("::")?;
    Value::from_json(json).filter(|value| value.as_map().is_some())
}

fn take(message: &Value, at: SimTime, vars: &mut Option<Map>, logs: &mut Vec<(SimTime, Level, Box<str>)>) {
    for outputs in ["outputs", "encryptedOutputs"].iter().filter_map(|key| message.get(key).and_then(Value::as_map)) {
        let vars = vars.get_or_insert_default();
        outputs.iter().for_each(|(key, value)| vars.insert(Rc::clone(key), value.clone()));
    }
    for entry in message.get("logs").and_then(Value::as_list).unwrap_or_default() {
        let level = entry.get("level").and_then(Value::as_str).and_then(Level::from_name).unwrap_or_default();
        logs.push((at, level, (*entry.get("message").cloned().unwrap_or_default().print()).into()));
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn its_output_is_logged_when_it_is_written() {
        insta::assert_snapshot!(events("
  - id: shell
    type: io.kestra.plugin.scripts.shell.Commands
    commands: [echo before, sleep 2, echo after]
"), @"
        0 - CREATED
        0 shell CREATED
        0 - RUNNING
        0 shell SUBMITTED
        0 shell RUNNING
        0 shell log INFO before
        2000 shell log INFO after
        2000 shell SUCCESS
        2000 - SUCCESS
        ");
    }
}
