//! The task types we know and their properties: one table for validation and, later, for completion and hover.
//!
//! Source: Kestra, "Flow properties", "Task properties" and the page of each plugin.

use std::borrow::Cow;

/// A task type.
#[derive(Debug)]
pub struct TaskType {
    /// The full name of today.
    pub name: &'static str,
    /// Older names that are still accepted.
    pub aliases: &'static [&'static str],
    /// Its own properties, beside those of every task.
    pub properties: &'static [Property],
}

/// A property of a task type.
#[derive(Debug)]
pub struct Property {
    /// Its key.
    pub name: &'static str,
    /// What its value must be.
    pub shape: Shape,
    /// Whether it must be there.
    pub required: bool,
}

/// What a value must be. Where text is wanted any single value will do, as it does for Kestra.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Anything.
    Any,
    /// Text, or a number or the like that is taken for text.
    Text,
    /// `true` or `false`, as such or as text; or an expression.
    Bool,
    /// A whole number from 0.
    Count,
    /// An ISO-8601 duration or an expression.
    Duration,
    /// A list of texts.
    Texts,
    /// A text or a list of texts.
    TextOrTexts,
    /// A map.
    Map,
    /// A list of tasks.
    Tasks,
    /// One of these words.
    OneOf(&'static [&'static str]),
}

const fn property(name: &'static str, shape: Shape) -> Property {
    Property { name, shape, required: false }
}

const fn required(name: &'static str, shape: Shape) -> Property {
    Property { name, shape, required: true }
}

/// The log levels as they are written.
pub const LEVELS: &[&str] = &["TRACE", "DEBUG", "INFO", "WARN", "ERROR"];

/// What every task may have.
pub const EVERY_TASK: &[Property] = &[
    required("id", Shape::Text),
    required("type", Shape::Text),
    property("description", Shape::Text),
    property("disabled", Shape::Bool),
    property("runIf", Shape::Text),
    property("timeout", Shape::Duration),
    property("retry", Shape::Map),
    property("allowFailure", Shape::Bool),
    property("allowWarning", Shape::Bool),
    property("logLevel", Shape::OneOf(LEVELS)),
    property("logToFile", Shape::Bool),
    property("workerGroup", Shape::Map),
    property("assets", Shape::Any),
    property("version", Shape::Text),
];

/// What a flow may have.
pub const FLOW: &[Property] = &[
    required("id", Shape::Text),
    required("namespace", Shape::Text),
    property("revision", Shape::Count),
    property("description", Shape::Text),
    property("labels", Shape::Any),
    property("inputs", Shape::Any),
    property("variables", Shape::Map),
    required("tasks", Shape::Tasks),
    property("errors", Shape::Tasks),
    property("finally", Shape::Tasks),
    property("afterExecution", Shape::Any),
    property("outputs", Shape::Any),
    property("triggers", Shape::Any),
    property("concurrency", Shape::Map),
    property("retry", Shape::Map),
    property("sla", Shape::Any),
    property("disabled", Shape::Bool),
    property("pluginDefaults", Shape::Any),
    property("taskDefaults", Shape::Any),
    property("listeners", Shape::Any),
    property("deleted", Shape::Bool),
    property("tenantId", Shape::Text),
    property("workerGroup", Shape::Map),
    property("checks", Shape::Any),
];

/// The type of a group that runs its tasks one after another.
pub const SEQUENTIAL: TaskType = TaskType {
    name: "io.kestra.plugin.core.flow.Sequential",
    aliases: &["io.kestra.core.tasks.flows.Sequential"],
    properties: &[required("tasks", Shape::Tasks), property("errors", Shape::Tasks), property("finally", Shape::Tasks)],
};

/// The type of a group that runs its tasks at the same time.
pub const PARALLEL: TaskType = TaskType {
    name: "io.kestra.plugin.core.flow.Parallel",
    aliases: &["io.kestra.core.tasks.flows.Parallel"],
    properties: &[
        required("tasks", Shape::Tasks),
        property("concurrent", Shape::Count),
        property("errors", Shape::Tasks),
        property("finally", Shape::Tasks),
    ],
};

/// The type of a task that runs shell commands.
pub const SHELL: TaskType = TaskType {
    name: "io.kestra.plugin.scripts.shell.Commands",
    aliases: &[],
    properties: &[
        required("commands", Shape::Texts),
        property("beforeCommands", Shape::Texts),
        property("env", Shape::Any),
        property("interpreter", Shape::TextOrTexts),
        property("failFast", Shape::Bool),
        property("warningOnStdErr", Shape::Bool),
        property("taskRunner", Shape::Map),
        property("containerImage", Shape::Text),
        property("inputFiles", Shape::Any),
        property("outputFiles", Shape::Any),
        property("namespaceFiles", Shape::Any),
        property("outputDirectory", Shape::Bool),
        property("targetOS", Shape::Text),
        property("runner", Shape::Text),
        property("docker", Shape::Map),
    ],
};

/// The type of a task that renders a text.
pub const RETURN: TaskType = TaskType {
    name: "io.kestra.plugin.core.debug.Return",
    aliases: &["io.kestra.core.tasks.debugs.Return"],
    properties: &[property("format", Shape::Text)],
};

/// The type of a task that writes to the log.
pub const LOG: TaskType = TaskType {
    name: "io.kestra.plugin.core.log.Log",
    aliases: &["io.kestra.core.tasks.log.Log"],
    properties: &[required("message", Shape::TextOrTexts), property("level", Shape::OneOf(LEVELS))],
};

/// The type of a task that waits.
pub const SLEEP: TaskType =
    TaskType { name: "io.kestra.plugin.core.flow.Sleep", aliases: &[], properties: &[required("duration", Shape::Duration)] };

/// All types that are simulated.
pub const SIMULATED: &[&TaskType] = &[&SEQUENTIAL, &PARALLEL, &SHELL, &RETURN, &LOG, &SLEEP];

/// Kestra's own types that run as opaque tasks so far.
pub const NOT_SIMULATED: &[&str] = &[
    "io.kestra.plugin.core.debug.Echo",
    "io.kestra.plugin.core.execution.Assert",
    "io.kestra.plugin.core.execution.Count",
    "io.kestra.plugin.core.execution.Delete",
    "io.kestra.plugin.core.execution.Exit",
    "io.kestra.plugin.core.execution.Fail",
    "io.kestra.plugin.core.execution.Labels",
    "io.kestra.plugin.core.execution.PurgeExecutions",
    "io.kestra.plugin.core.execution.Query",
    "io.kestra.plugin.core.execution.Resume",
    "io.kestra.plugin.core.execution.SetVariables",
    "io.kestra.plugin.core.execution.UnsetVariables",
    "io.kestra.plugin.core.flow.AllowFailure",
    "io.kestra.plugin.core.flow.Dag",
    "io.kestra.plugin.core.flow.EachParallel",
    "io.kestra.plugin.core.flow.EachSequential",
    "io.kestra.plugin.core.flow.ForEach",
    "io.kestra.plugin.core.flow.ForEachItem",
    "io.kestra.plugin.core.flow.If",
    "io.kestra.plugin.core.flow.Loop",
    "io.kestra.plugin.core.flow.LoopUntil",
    "io.kestra.plugin.core.flow.Pause",
    "io.kestra.plugin.core.flow.Subflow",
    "io.kestra.plugin.core.flow.Switch",
    "io.kestra.plugin.core.flow.Template",
    "io.kestra.plugin.core.flow.WaitFor",
    "io.kestra.plugin.core.flow.WorkingDirectory",
    "io.kestra.plugin.core.http.Download",
    "io.kestra.plugin.core.http.Request",
    "io.kestra.plugin.core.kv.Delete",
    "io.kestra.plugin.core.kv.Get",
    "io.kestra.plugin.core.kv.GetKeys",
    "io.kestra.plugin.core.kv.PurgeKV",
    "io.kestra.plugin.core.kv.Set",
    "io.kestra.plugin.core.kv.Version",
    "io.kestra.plugin.core.log.Fetch",
    "io.kestra.plugin.core.log.PurgeLogs",
    "io.kestra.plugin.core.metric.Publish",
    "io.kestra.plugin.core.namespace.DeleteFiles",
    "io.kestra.plugin.core.namespace.DownloadFiles",
    "io.kestra.plugin.core.namespace.UploadFiles",
    "io.kestra.plugin.core.output.OutputValues",
    "io.kestra.plugin.core.state.Delete",
    "io.kestra.plugin.core.state.Get",
    "io.kestra.plugin.core.state.Set",
    "io.kestra.plugin.core.storage.Concat",
    "io.kestra.plugin.core.storage.DeduplicateItems",
    "io.kestra.plugin.core.storage.Delete",
    "io.kestra.plugin.core.storage.FilterItems",
    "io.kestra.plugin.core.storage.LocalFiles",
    "io.kestra.plugin.core.storage.PurgeCurrentExecutionFiles",
    "io.kestra.plugin.core.storage.Reverse",
    "io.kestra.plugin.core.storage.Size",
    "io.kestra.plugin.core.storage.Split",
    "io.kestra.plugin.core.storage.Write",
    "io.kestra.plugin.core.templating.TemplatedTask",
    "io.kestra.plugin.core.trigger.Toggle",
];

/// Prefixes below which Kestra's own types stand: an unknown name there is a mistake.
pub const OWN_PREFIXES: &[&str] = &["io.kestra.plugin.core.", "io.kestra.core."];

/// The old packages of Kestra's own tasks, and where they are now: the class name stays.
const MOVED: &[(&str, &str)] = &[
    ("io.kestra.core.tasks.flows.", "io.kestra.plugin.core.flow."),
    ("io.kestra.core.tasks.log.", "io.kestra.plugin.core.log."),
    ("io.kestra.core.tasks.debugs.", "io.kestra.plugin.core.debug."),
    ("io.kestra.core.tasks.executions.", "io.kestra.plugin.core.execution."),
    ("io.kestra.core.tasks.storages.", "io.kestra.plugin.core.storage."),
    ("io.kestra.core.tasks.states.", "io.kestra.plugin.core.state."),
    ("io.kestra.core.tasks.trigger.", "io.kestra.plugin.core.trigger."),
];

/// What is known of a type name.
#[derive(Debug)]
pub enum Known {
    /// It is simulated.
    Simulated(&'static TaskType),
    /// It is Kestra's own, and runs as an opaque task.
    Opaque,
    /// It is a plugin's, and runs as an opaque task.
    Plugin,
    /// It claims to be Kestra's own, but there is no such type.
    NoSuchType,
    /// It is no type name at all: it has no dots.
    NotAName,
}

/// The name of today of a type that was once called otherwise.
#[must_use]
pub fn name_of_today(name: &str) -> Cow<'_, str> {
    match name {
        "io.kestra.core.tasks.flows.Flow" => Cow::Borrowed("io.kestra.plugin.core.flow.Subflow"),
        "io.kestra.core.tasks.flows.Worker" => Cow::Borrowed("io.kestra.plugin.core.flow.WorkingDirectory"),
        "io.kestra.core.tasks.executions.Counts" => Cow::Borrowed("io.kestra.plugin.core.execution.Count"),
        "io.kestra.plugin.core.flow.WaitFor" => Cow::Borrowed("io.kestra.plugin.core.flow.LoopUntil"),
        "io.kestra.plugin.fs.http.Request" => Cow::Borrowed("io.kestra.plugin.core.http.Request"),
        "io.kestra.plugin.fs.http.Download" => Cow::Borrowed("io.kestra.plugin.core.http.Download"),
        _ => {
            let moved = MOVED.iter().find_map(|(old, new)| name.strip_prefix(old).map(|class| format!("{new}{class}")));
            moved.map_or(Cow::Borrowed(name), Cow::Owned)
        }
    }
}

/// Looks a type name up.
#[must_use]
pub fn lookup(name: &str) -> Known {
    if !name.contains('.') {
        return Known::NotAName;
    }
    let today = name_of_today(name);
    if let Some(found) = SIMULATED.iter().find(|known| known.name == today) {
        return Known::Simulated(found);
    }
    // The old script tasks were tasks of their own.
    if NOT_SIMULATED.contains(&&*today) || name.starts_with("io.kestra.core.tasks.scripts.") {
        Known::Opaque
    } else if OWN_PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
        Known::NoSuchType
    } else {
        Known::Plugin
    }
}

/// All type names that may be written, for suggestions.
pub fn all_names() -> impl Iterator<Item = &'static str> {
    let simulated = SIMULATED.iter().flat_map(|known| std::iter::once(known.name).chain(known.aliases.iter().copied()));
    simulated.chain(NOT_SIMULATED.iter().copied())
}
