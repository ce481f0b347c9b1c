//! Script tasks: one table for all languages, which differ in little. Source: Kestra, "Scripts".

use super::{Property, Shape, TaskType, property, required, worker};

/// What all script tasks have in common.
macro_rules! script {
    ($main:expr) => {
        &[
            $main,
            property("beforeCommands", Shape::Texts),
            property("env", Shape::Any),
            property("interpreter", Shape::TextOrTexts),
            property("failFast", Shape::Bool),
            property("warningOnStdErr", Shape::Bool),
            property("taskRunner", Shape::Any),
            property("containerImage", Shape::Text),
            property("inputFiles", Shape::Any),
            property("outputFiles", Shape::Any),
            property("namespaceFiles", Shape::Any),
            property("outputDirectory", Shape::Bool),
            property("targetOS", Shape::Text),
            property("runner", Shape::Text),
            property("docker", Shape::Any),
            property("dependencies", Shape::Any),
            property("dependencyCacheEnabled", Shape::Bool),
            property("packageManager", Shape::Text),
            property("pythonVersion", Shape::Text),
            property("requirements", Shape::Any),
            property("args", Shape::Any),
            property("outputs", Shape::Any),
        ]
    };
}

const ALL_COMMANDS: &[Property] = script!(required("commands", Shape::TextOrTexts));
const ALL_SCRIPT: &[Property] = script!(required("script", Shape::Text));

/// The type of a task that runs shell commands.
pub const SHELL: TaskType = worker("io.kestra.plugin.scripts.shell.Commands", ALL_COMMANDS);

/// The type of a task that runs a shell script.
pub const SHELL_SCRIPT: TaskType = worker("io.kestra.plugin.scripts.shell.Script", ALL_SCRIPT);

/// The types of tasks that run commands of other languages; this is the name of the first.
pub const COMMANDS: TaskType = worker("io.kestra.plugin.scripts.python.Commands", ALL_COMMANDS);

/// The types of tasks that run a script in another language; this is the name of the first.
pub const SCRIPT: TaskType = worker("io.kestra.plugin.scripts.python.Script", ALL_SCRIPT);

/// The languages, as they stand in the names of types.
pub const LANGUAGES: &[&str] =
    &["python", "node", "r", "ruby", "julia", "powershell", "go", "php", "perl", "lua", "bun", "deno", "dotnet", "csharp", "fsharp"];

/// The table of a script task in any language but the shell.
pub(super) fn of_language(name: &str) -> Option<&'static TaskType> {
    let (language, class) = name.strip_prefix("io.kestra.plugin.scripts.")?.split_once('.')?;
    match class {
        "Commands" if LANGUAGES.contains(&language) => Some(&COMMANDS),
        "Script" if LANGUAGES.contains(&language) => Some(&SCRIPT),
        _ => None,
    }
}
