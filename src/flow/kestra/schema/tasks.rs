//! Kestra's own tasks that a worker runs, or that change the execution. Source: Kestra, "Runnable tasks".
//!
//! Newer versions render nearly every property, and take a list or a map where text is wanted, as JSON.

use super::{Property, Shape, TaskType, executor, own, property, required, worker};

/// Levels of log entries.
pub const LEVELS: &[&str] = &["TRACE", "DEBUG", "INFO", "WARN", "ERROR"];

/// The type of a task that renders a text.
pub const RETURN: TaskType = worker("io.kestra.plugin.core.debug.Return", &[property("format", Shape::Any)]);

/// The old type of a task that writes to the log.
pub const ECHO: TaskType =
    worker("io.kestra.plugin.core.debug.Echo", &[property("format", Shape::Any), property("level", Shape::OneOf(LEVELS))]);

/// The type of a task that writes to the log.
pub const LOG: TaskType =
    worker("io.kestra.plugin.core.log.Log", &[required("message", Shape::TextOrTexts), property("level", Shape::OneOf(LEVELS))]);

/// The type of a task that waits.
pub const SLEEP: TaskType = worker("io.kestra.plugin.core.flow.Sleep", &[required("duration", Shape::Duration)]);

/// The type of a task that fails.
pub const FAIL: TaskType =
    worker("io.kestra.plugin.core.execution.Fail", &[property("condition", Shape::Text), property("errorMessage", Shape::Text)]);

/// The type of a task that sets labels.
pub const LABELS: TaskType = executor("io.kestra.plugin.core.execution.Labels", &[required("labels", Shape::Values)]);

/// The type of a task that ends the execution.
pub const EXIT: TaskType = executor(
    "io.kestra.plugin.core.execution.Exit",
    &[property("state", Shape::OneOf(&["SUCCESS", "WARNING", "KILLED", "FAILED", "CANCELED", "CANCELLED"]))],
);

/// The type of a task that fails unless conditions are met.
pub const ASSERT: TaskType =
    worker("io.kestra.plugin.core.execution.Assert", &[required("conditions", Shape::TextOrTexts), property("errorMessage", Shape::Text)]);

/// The type of a task that sets variables.
pub const SET_VARIABLES: TaskType =
    executor("io.kestra.plugin.core.execution.SetVariables", &[required("variables", Shape::Map), property("overwrite", Shape::Bool)]);

/// The type of a task that takes variables away.
pub const UNSET_VARIABLES: TaskType = executor(
    "io.kestra.plugin.core.execution.UnsetVariables",
    &[required("variables", Shape::Texts), property("ignoreMissing", Shape::Bool)],
);

/// The type of a task that gives values out.
pub const OUTPUT_VALUES: TaskType = worker("io.kestra.plugin.core.output.OutputValues", &[property("values", Shape::Map)]);

/// What all requests have in common.
macro_rules! request {
    ($($own:expr),* $(,)?) => {
        &[
            required("uri", Shape::Text),
            property("method", Shape::Text),
            property("body", Shape::Any),
            property("formData", Shape::Any),
            property("params", Shape::Any),
            property("contentType", Shape::Text),
            property("headers", Shape::Any),
            property("options", Shape::Any),
            property("sslOptions", Shape::Any),
            property("allowFailed", Shape::Bool),
            property("auth", Shape::Any),
            $($own),*
        ]
    };
}

/// The type of a task that asks a web server.
pub const REQUEST: TaskType = worker("io.kestra.plugin.core.http.Request", request![property("encryptBody", Shape::Bool)]);

/// The type of a task that loads a file from a web server.
pub const DOWNLOAD: TaskType = worker(
    "io.kestra.plugin.core.http.Download",
    request![
        property("failOnEmptyResponse", Shape::Bool),
        property("saveAs", Shape::Text),
        property("saveTo", Shape::Text),
        property("maxFileSize", Shape::Any),
    ],
);

/// What every task may have.
pub const EVERY_TASK: &[Property] = &[
    own("id"),
    own("type"),
    property("description", Shape::Text),
    property("disabled", Shape::Bool),
    property("runIf", Shape::Text),
    property("timeout", Shape::Duration),
    property("retry", Shape::Retry),
    property("allowFailure", Shape::Bool),
    property("allowWarning", Shape::Bool),
    property("logLevel", Shape::OneOf(LEVELS)),
    property("logToFile", Shape::Bool),
    property("workerGroup", Shape::Map),
    property("workerSelector", Shape::Any),
    property("taskCache", Shape::Any),
    property("assets", Shape::Any),
    property("version", Shape::Text),
    property("pluginDefaultsRef", Shape::Text),
];
