//! Properties that several task types share. Source: Kestra, "Task properties".

use super::super::versions::Versions;
use super::{Need, Property, Shape, own, property, required};
use crate::tr;

/// 2.0, and 0.21, which takes what newer versions know.
pub(super) const NOT_1_3: Versions = Versions::ONLY_0_21.or(Versions::ONLY_2_0);

/// Levels of log entries.
pub const LEVELS: &[&str] = &["TRACE", "DEBUG", "INFO", "WARN", "ERROR"];

/// The properties of every task.
pub const EVERY_TASK: &[Property] = &[
    own("id").says(tr!(const "names it; unique within the flow")),
    own("type").says(tr!(const "which kind it is")),
    property("description", Shape::Text).says(tr!(const "a description for people")),
    property("disabled", Shape::Bool).says(tr!(const "`true` leaves it out")),
    property("runIf", Shape::Text).rendered().or("true").says(tr!(const "runs only if this renders to true; else it is skipped")),
    property("timeout", Shape::Duration).rendered().says(tr!(const "fails when it takes longer than this")),
    property("retry", Shape::Retry).says(tr!(const "tries again after a failure")),
    property("allowFailure", Shape::Bool).says(tr!(const "a failure is only a warning")),
    property("allowWarning", Shape::Bool).says(tr!(const "a warning counts as success")),
    property("logLevel", Shape::OneOf(LEVELS)).says(tr!(const "the least level that is kept")),
    property("logToFile", Shape::Bool),
    property("workerGroup", Shape::Object(WORKER_GROUP)).only(Versions::BEFORE_2_0),
    property("workerSelector", Shape::Object(WORKER_SELECTOR)).only(NOT_1_3),
    property("policyRefs", Shape::Any).only(Versions::ONLY_2_0),
    property("taskCache", Shape::Object(TASK_CACHE)).says(tr!(const "keeps the outputs for the next run")),
    property("assets", Shape::Any),
    property("version", Shape::Text),
    property("pluginDefaultsRef", Shape::Text).only(Versions::BEFORE_2_0),
];

const WORKER_GROUP: &[Property] = &[property("key", Shape::Text), property("fallback", Shape::Text)];
const WORKER_SELECTOR: &[Property] = &[property("tags", Shape::Any), property("fallback", Shape::Any), property("match", Shape::Any)];
const TASK_CACHE: &[Property] = &[property("enabled", Shape::Any), property("ttl", Shape::Any)];

/// The tasks of a group.
pub const TASKS: Property = Property { need: Need::Tasks, ..property("tasks", Shape::Tasks).says(tr!(const "the tasks it runs")) };
/// What runs when one of them has failed.
pub const ERRORS: Property = property("errors", Shape::Tasks).says(tr!(const "tasks that run when one of its tasks has failed"));
/// What runs at the end.
pub const FINALLY: Property = property("finally", Shape::Tasks).says(tr!(const "tasks that run at its end, however it went"));
/// How many slots a group has.
pub const CONCURRENT: Property =
    property("concurrent", Shape::Count).says(tr!(const "the slots: how many run at the same time; 0 is no limit"));
/// What a failed child means for its siblings, in some versions of Kestra.
pub const FAIL_FAST: Property = property("failFast", Shape::Bool).says(tr!(const "stops at the first failure"));
/// The same, in others.
pub const ON_CHILD_FAILURE: Property = property("onChildFailure", Shape::OneOf(&["CONTINUE", "CANCEL", "FAIL", "KILL", "STOP"]));
/// The same, in others again.
pub const CHILD_FAILURE_POLICY: Property = property("childFailurePolicy", Shape::OneOf(&["STOP", "CONTINUE", "FAIL_FAST"]));

/// The properties of an item in the list of a Dag.
pub const DAG_TASK: &[Property] = &[
    required("task", Shape::Task).says(tr!(const "the task itself")),
    property("dependsOn", Shape::Texts).says(tr!(const "ids of the tasks that must be done before")),
];

/// The properties of a task that starts a flow, with its own.
macro_rules! called {
    ($($own:expr),* $(,)?) => {
        &[
            $crate::flow::kestra::schema::filled("namespace", $crate::flow::kestra::schema::Shape::Text)
                .says($crate::tr!(const "groups flows, as folders do")),
            $crate::flow::kestra::schema::property("revision", $crate::flow::kestra::schema::Shape::Count)
                .says($crate::tr!(const "which version of the flow")),
            $crate::flow::kestra::schema::property("inputs", $crate::flow::kestra::schema::Shape::Map)
                .says($crate::tr!(const "values handed in")),
            $crate::flow::kestra::schema::property("labels", $crate::flow::kestra::schema::Shape::Labels)
                .says($crate::tr!(const "labels to find executions by")),
            $crate::flow::kestra::schema::property("wait", $crate::flow::kestra::schema::Shape::Bool)
                .says($crate::tr!(const "`false` goes on without waiting for it")),
            $crate::flow::kestra::schema::property("transmitFailed", $crate::flow::kestra::schema::Shape::Bool)
                .says($crate::tr!(const "ends as the flow it started ended")),
            $crate::flow::kestra::schema::property("inheritLabels", $crate::flow::kestra::schema::Shape::Bool),
            $crate::flow::kestra::schema::property("scheduleDate", $crate::flow::kestra::schema::Shape::Text),
            $crate::flow::kestra::schema::property("restartBehavior", $crate::flow::kestra::schema::Shape::OneOf(&["RETRY_FAILED", "NEW_EXECUTION"])),
            $crate::flow::kestra::schema::property("outputs", $crate::flow::kestra::schema::Shape::Any)
                .says($crate::tr!(const "values handed out")),
            $($own),*
        ]
    };
}
pub(in crate::flow) use called;

/// The properties of a task that sends a request, with its own.
macro_rules! request {
    ($($own:expr),* $(,)?) => {
        &[
            $crate::flow::kestra::schema::required("uri", $crate::flow::kestra::schema::Shape::Text).says($crate::tr!(const "the address")),
            $crate::flow::kestra::schema::property("method", $crate::flow::kestra::schema::Shape::Text),
            $crate::flow::kestra::schema::property("body", $crate::flow::kestra::schema::Shape::Any),
            $crate::flow::kestra::schema::property("formData", $crate::flow::kestra::schema::Shape::Any),
            $crate::flow::kestra::schema::property("params", $crate::flow::kestra::schema::Shape::Any),
            $crate::flow::kestra::schema::property("contentType", $crate::flow::kestra::schema::Shape::Text),
            $crate::flow::kestra::schema::property("headers", $crate::flow::kestra::schema::Shape::Any)
                .says($crate::tr!(const "the headers that are sent")),
            $crate::flow::kestra::schema::property("options", $crate::flow::kestra::schema::Shape::Any),
            $crate::flow::kestra::schema::property("sslOptions", $crate::flow::kestra::schema::Shape::Any),
            $crate::flow::kestra::schema::property("allowFailed", $crate::flow::kestra::schema::Shape::Bool),
            $crate::flow::kestra::schema::property("auth", $crate::flow::kestra::schema::Shape::Any),
            $($own),*
        ]
    };
}
pub(in crate::flow) use request;

/// The properties of a script task.
macro_rules! script {
    [$main:expr] => {
        &[
            $main,
            $crate::flow::kestra::schema::property("beforeCommands", $crate::flow::kestra::schema::Shape::Texts),
            $crate::flow::kestra::schema::property("env", $crate::flow::kestra::schema::Shape::Any)
                .says($crate::tr!(const "environment variables")),
            $crate::flow::kestra::schema::property("interpreter", $crate::flow::kestra::schema::Shape::TextOrTexts),
            $crate::flow::kestra::schema::property("failFast", $crate::flow::kestra::schema::Shape::Bool)
                .says($crate::tr!(const "stops at the first failure")),
            $crate::flow::kestra::schema::property("warningOnStdErr", $crate::flow::kestra::schema::Shape::Bool),
            $crate::flow::kestra::schema::property("taskRunner", $crate::flow::kestra::schema::Shape::Any)
                .says($crate::tr!(const "where it runs: in a process or a container")),
            $crate::flow::kestra::schema::property("containerImage", $crate::flow::kestra::schema::Shape::Text),
            $crate::flow::kestra::schema::property("inputFiles", $crate::flow::kestra::schema::Shape::Any),
            $crate::flow::kestra::schema::property("outputFiles", $crate::flow::kestra::schema::Shape::Any),
            $crate::flow::kestra::schema::property("namespaceFiles", $crate::flow::kestra::schema::Shape::Any),
            $crate::flow::kestra::schema::property("outputDirectory", $crate::flow::kestra::schema::Shape::Bool),
            $crate::flow::kestra::schema::property("targetOS", $crate::flow::kestra::schema::Shape::Text),
            $crate::flow::kestra::schema::property("runner", $crate::flow::kestra::schema::Shape::Text),
            $crate::flow::kestra::schema::property("docker", $crate::flow::kestra::schema::Shape::Any),
            $crate::flow::kestra::schema::property("dependencies", $crate::flow::kestra::schema::Shape::Any),
            $crate::flow::kestra::schema::property("dependencyCacheEnabled", $crate::flow::kestra::schema::Shape::Bool),
            $crate::flow::kestra::schema::property("packageManager", $crate::flow::kestra::schema::Shape::Text),
            $crate::flow::kestra::schema::property("pythonVersion", $crate::flow::kestra::schema::Shape::Text),
            $crate::flow::kestra::schema::property("requirements", $crate::flow::kestra::schema::Shape::Any),
            $crate::flow::kestra::schema::property("args", $crate::flow::kestra::schema::Shape::Any),
            $crate::flow::kestra::schema::property("outputs", $crate::flow::kestra::schema::Shape::Any)
                .says($crate::tr!(const "values handed out")),
        ]
    };
}
pub(in crate::flow) use script;
