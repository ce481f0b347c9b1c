//! Scripts in Python, Node and other languages, which are not run. Rule: Kestra, "Scripts".
//!
//! A script takes the time of the plain waits in its text, such as `time.sleep(2)`, each counted once, or a second when it has
//! none. Its expressions are rendered, so that a missing name fails it as on a server.

use std::rc::Rc;

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::{ASSUMED, Task};
use crate::flow::behavior::{Leaf, View, Work};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{Shape, TaskType, required, script, worker};
use crate::time::SimTime;
use crate::tr;
use crate::value::Value;

/// The properties of a script task, in any language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Script {
    /// The commands that run first.
    pub before: Vec<Rc<str>>,
    /// The lines of the script, or the commands.
    pub commands: Vec<Rc<str>>,
    /// Its environment variables.
    pub env: Value,
    /// Whether the first failing command ends it.
    pub fail_fast: bool,
    /// Whether it ends with a warning, rather than a success, when it has written to standard error.
    pub warning_on_std_err: bool,
    /// The files it is given, by name, as written.
    pub input_files: Value,
    /// Whether it may find further files: those of its namespace.
    pub finds_files: bool,
    /// Whether it gives files as outputs.
    pub gives_files: bool,
}

/// The same commands in other languages.
const COMMANDS: &[&str] = &[
    "io.kestra.plugin.scripts.node.Commands",
    "io.kestra.plugin.scripts.r.Commands",
    "io.kestra.plugin.scripts.ruby.Commands",
    "io.kestra.plugin.scripts.julia.Commands",
    "io.kestra.plugin.scripts.powershell.Commands",
    "io.kestra.plugin.scripts.go.Commands",
    "io.kestra.plugin.scripts.php.Commands",
    "io.kestra.plugin.scripts.perl.Commands",
    "io.kestra.plugin.scripts.lua.Commands",
    "io.kestra.plugin.scripts.bun.Commands",
    "io.kestra.plugin.scripts.deno.Commands",
    "io.kestra.plugin.scripts.dotnet.Commands",
    "io.kestra.plugin.scripts.csharp.Commands",
    "io.kestra.plugin.scripts.fsharp.Commands",
];

/// The same scripts in other languages.
const SCRIPTS: &[&str] = &[
    "io.kestra.plugin.scripts.node.Script",
    "io.kestra.plugin.scripts.r.Script",
    "io.kestra.plugin.scripts.ruby.Script",
    "io.kestra.plugin.scripts.julia.Script",
    "io.kestra.plugin.scripts.powershell.Script",
    "io.kestra.plugin.scripts.go.Script",
    "io.kestra.plugin.scripts.php.Script",
    "io.kestra.plugin.scripts.perl.Script",
    "io.kestra.plugin.scripts.lua.Script",
    "io.kestra.plugin.scripts.bun.Script",
    "io.kestra.plugin.scripts.deno.Script",
    "io.kestra.plugin.scripts.dotnet.Script",
    "io.kestra.plugin.scripts.csharp.Script",
    "io.kestra.plugin.scripts.fsharp.Script",
];

impl TaskKind for Script {
    const TYPES: &'static [&'static TaskType] = &[
        &worker(
            "io.kestra.plugin.scripts.python.Commands",
            tr!(const "runs commands; `sleep` in them takes simulated time"),
            script![required("commands", Shape::TextOrTexts).says(tr!(const "the commands, one after another"))],
        )
        .also(COMMANDS),
        &worker(
            "io.kestra.plugin.scripts.python.Script",
            tr!(const "runs a script; `sleep` in it takes simulated time"),
            script![required("script", Shape::Text).says(tr!(const "the script"))],
        )
        .also(SCRIPTS),
    ];

    fn read(_: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self::of(properties)
    }
}

impl Script {
    /// The script of a task, whatever its type.
    pub(super) fn of(properties: Properties<'_>) -> Self {
        let gives_files = ["outputFiles", "outputDirectory", "outputs", "outputsFiles"];
        Self {
            before: properties.texts("beforeCommands"),
            commands: properties.texts(if properties.has("script") { "script" } else { "commands" }),
            env: properties.value("env"),
            fail_fast: properties.flag("failFast", true),
            warning_on_std_err: properties.flag("warningOnStdErr", true),
            input_files: properties.value("inputFiles"),
            finds_files: properties.has("namespaceFiles"),
            gives_files: gives_files.iter().any(|key| properties.has(key)),
        }
    }

    /// Whether there are plain waits in its text, which say how long it takes.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.before.iter().chain(&self.commands).flat_map(|text| text.lines()).any(|line| wait(line).is_some())
    }
}

/// How waits are written in several languages, with the unit of their argument in milliseconds.
const WAITS: &[(&str, f64)] = &[
    ("time.sleep(", 1000.0),
    ("asyncio.sleep(", 1000.0),
    ("Sys.sleep(", 1000.0),
    ("Start-Sleep -Seconds ", 1000.0),
    ("Start-Sleep -s ", 1000.0),
    ("Start-Sleep -Milliseconds ", 1.0),
    ("Thread.sleep(", 1.0),
    ("setTimeout(resolve, ", 1.0),
    ("setTimeout(r, ", 1.0),
    ("sleep(", 1000.0),
    ("sleep ", 1000.0),
];

impl Leaf for Script {
    /// Succeeds, with unknown variables among its outputs.
    fn work<'f>(&'f self, _: &'f Task, view: &dyn View<'f>) -> Result<Work, String> {
        let mut waits = Vec::new();
        for text in self.before.iter().chain(&self.commands) {
            let rendered = view.print(text)?;
            rendered.lines().for_each(|line| waits.extend(wait(line)));
        }
        view.render_value(&self.env)?;
        view.render_value(&self.input_files)?;
        let duration = if waits.is_empty() { ASSUMED } else { waits.into_iter().fold(SimTime::ZERO, |sum, wait| sum + wait) };
        let outputs =
            Value::map([("exitCode", Value::Int(0)), ("vars", view.unknown_output("vars")), ("outputFiles", view.unknown_output("outputFiles"))]);
        Ok(Work { duration, outputs: Some(outputs), ..Work::default() })
    }

    fn variable(&self, name: &str) -> Option<Value> {
        variable(name)
    }
}

/// The directories of a script; a server has other paths.
pub(super) fn variable(name: &str) -> Option<Value> {
    match name {
        "workingDir" => Some(Value::text("/tmp/kestra-wd")),
        "outputDir" => Some(Value::text("/tmp/kestra-wd/output")),
        _ => None,
    }
}

/// The wait that a line asks for with a plain number.
fn wait(line: &str) -> Option<SimTime> {
    let code = line.trim_start();
    if code.starts_with('#') || code.starts_with("//") {
        return None;
    }
    let (rest, unit_ms) = WAITS.iter().find_map(|(call, unit_ms)| line.split_once(call).map(|(_, rest)| (rest, *unit_ms)))?;
    let number: f64 = rest.split(|c: char| !(c.is_ascii_digit() || c == '.')).next()?.parse().ok()?;
    Some(SimTime::from_seconds(number * unit_ms / 1000.0))
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn it_takes_the_time_of_the_plain_waits_in_its_text() {
        insta::assert_snapshot!(events(r#"
  - id: python
    type: io.kestra.plugin.scripts.python.Script
    script: |
      import time
      time.sleep(2)
      print("not run")
"#), @"
        0 - CREATED
        0 python CREATED
        0 - RUNNING
        0 python SUBMITTED
        0 python RUNNING
        2000 python SUCCESS
        2000 - SUCCESS
        ");
    }

    #[test]
    fn a_name_that_is_missing_in_the_text_of_a_file_fails_it() {
        insta::assert_snapshot!(events(r#"
  - id: python
    type: io.kestra.plugin.scripts.python.Commands
    inputFiles: {"main.py": "print('{{ inputs.nobody }}')"}
    commands: [python main.py]
"#), @"
        0 - CREATED
        0 python CREATED
        0 - RUNNING
        0 python SUBMITTED
        0 python RUNNING
        0 python log ERROR Unable to find `inputs` used in the expression `print('{{ inputs.nobody }}')` at line 1
        0 python FAILED
        0 - FAILED
        ");
    }
}
