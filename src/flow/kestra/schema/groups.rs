//! The groups: tasks that hold tasks, and tasks that start other flows. Source: Kestra, "Flowable tasks".

use super::{Need, Property, Shape, TaskType, executor, filled, property, required};

const ERRORS: Property = property("errors", Shape::Tasks);
const FINALLY: Property = property("finally", Shape::Tasks);
/// What a failed child means for its siblings, in some versions.
const FAIL_FAST: Property = property("failFast", Shape::Bool);
const ON_CHILD_FAILURE: Property = property("onChildFailure", Shape::OneOf(&["CONTINUE", "CANCEL", "FAIL", "KILL", "STOP"]));
const CHILD_FAILURE_POLICY: Property = property("childFailurePolicy", Shape::OneOf(&["STOP", "CONTINUE", "FAIL_FAST"]));
const CONCURRENT: Property = property("concurrent", Shape::Count);
const TASKS: Property = Property { name: "tasks", shape: Shape::Tasks, need: Need::Tasks };

/// The type of a group that runs its tasks one after another.
pub const SEQUENTIAL: TaskType = executor("io.kestra.plugin.core.flow.Sequential", &[TASKS, ERRORS, FINALLY]);

/// The type of a group that runs its tasks at the same time.
pub const PARALLEL: TaskType = executor(
    "io.kestra.plugin.core.flow.Parallel",
    &[
        Property { name: "tasks", shape: Shape::Tasks, need: Need::PresentAndFilled },
        ERRORS,
        FINALLY,
        CONCURRENT,
        FAIL_FAST,
        ON_CHILD_FAILURE,
        CHILD_FAILURE_POLICY,
    ],
);

/// The type of a group whose tasks wait for each other.
pub const DAG: TaskType = executor(
    "io.kestra.plugin.core.flow.Dag",
    &[filled("tasks", Shape::DagTasks), ERRORS, FINALLY, CONCURRENT, FAIL_FAST, ON_CHILD_FAILURE, CHILD_FAILURE_POLICY],
);

/// What stands in the list of a Dag.
pub const DAG_TASK: &[Property] = &[required("task", Shape::Task), property("dependsOn", Shape::Texts)];

/// The type of a group that runs its tasks for each of some values.
pub const FOR_EACH: TaskType = executor(
    "io.kestra.plugin.core.flow.ForEach",
    &[
        TASKS,
        ERRORS,
        FINALLY,
        required("values", Shape::Values),
        property("concurrencyLimit", Shape::Count),
        FAIL_FAST,
        ON_CHILD_FAILURE,
        CHILD_FAILURE_POLICY,
    ],
);

/// The old type for one value after another.
pub const EACH_SEQUENTIAL: TaskType =
    executor("io.kestra.plugin.core.flow.EachSequential", &[TASKS, ERRORS, FINALLY, required("value", Shape::Values)]);

/// The old type for all values at the same time.
pub const EACH_PARALLEL: TaskType = executor(
    "io.kestra.plugin.core.flow.EachParallel",
    &[
        Property { name: "tasks", shape: Shape::Tasks, need: Need::PresentAndFilled },
        ERRORS,
        FINALLY,
        required("value", Shape::Values),
        CONCURRENT,
    ],
);

/// The type of a choice between two lists.
pub const IF: TaskType = executor(
    "io.kestra.plugin.core.flow.If",
    &[filled("then", Shape::Tasks), property("else", Shape::Tasks), ERRORS, FINALLY, required("condition", Shape::Text)],
);

/// The type of a choice between many lists.
pub const SWITCH: TaskType = executor(
    "io.kestra.plugin.core.flow.Switch",
    &[property("cases", Shape::Cases), property("defaults", Shape::Tasks), ERRORS, FINALLY, required("value", Shape::Text)],
);

/// The type of a group that may fail.
pub const ALLOW_FAILURE: TaskType = executor("io.kestra.plugin.core.flow.AllowFailure", &[TASKS, ERRORS, FINALLY]);

/// The type of a task that stops the execution until it is resumed.
pub const PAUSE: TaskType = executor(
    "io.kestra.plugin.core.flow.Pause",
    &[
        property("tasks", Shape::Tasks),
        ERRORS,
        FINALLY,
        property("onPause", Shape::Task),
        property("delay", Shape::Duration),
        property("pauseDuration", Shape::Duration),
        property("behavior", Shape::OneOf(&["RESUME", "WARN", "FAIL", "CANCEL"])),
        property("onResume", Shape::Inputs),
    ],
);

/// The type of a group that runs until a condition is met.
pub const LOOP_UNTIL: TaskType = executor(
    "io.kestra.plugin.core.flow.LoopUntil",
    &[
        required("tasks", Shape::Tasks),
        ERRORS,
        FINALLY,
        required("condition", Shape::Text),
        property("failOnMaxReached", Shape::Bool),
        property("checkFrequency", Shape::Object(CHECK_FREQUENCY)),
        // In the first version they stood in the task itself.
        property("maxIterations", Shape::Count),
        property("maxDuration", Shape::Duration),
        property("interval", Shape::Duration),
    ],
);

/// How often a LoopUntil looks.
pub const CHECK_FREQUENCY: &[Property] =
    &[property("maxIterations", Shape::Count), property("maxDuration", Shape::Duration), property("interval", Shape::Duration)];

/// The type of a group whose tasks share a directory.
pub const WORKING_DIRECTORY: TaskType = executor(
    "io.kestra.plugin.core.flow.WorkingDirectory",
    &[
        TASKS,
        ERRORS,
        FINALLY,
        property("cache", Shape::Object(&[property("patterns", Shape::Texts), property("ttl", Shape::Duration)])),
        property("inputFiles", Shape::Any),
        property("outputFiles", Shape::Any),
        property("namespaceFiles", Shape::Any),
        // Of the first version, `localFiles`.
        property("inputs", Shape::Any),
        property("outputs", Shape::Any),
    ],
);

/// What a task says of the flow it starts.
macro_rules! called {
    ($($own:expr),* $(,)?) => {
        &[
            filled("namespace", Shape::Text),
            property("revision", Shape::Count),
            property("inputs", Shape::Map),
            property("labels", Shape::Labels),
            property("wait", Shape::Bool),
            property("transmitFailed", Shape::Bool),
            property("inheritLabels", Shape::Bool),
            property("scheduleDate", Shape::Text),
            property("restartBehavior", Shape::OneOf(&["RETRY_FAILED", "NEW_EXECUTION"])),
            property("outputs", Shape::Any),
            $($own),*
        ]
    };
}

/// The type of a task that starts another flow.
pub const SUBFLOW: TaskType = executor("io.kestra.plugin.core.flow.Subflow", called![required("flowId", Shape::Text)]);

/// The type of a task that starts another flow for each batch of a file.
pub const FOR_EACH_ITEM: TaskType = executor(
    "io.kestra.plugin.core.flow.ForEachItem",
    called![
        filled("flowId", Shape::Text),
        filled("items", Shape::Text),
        property("batch", Shape::Object(BATCH)),
        ERRORS,
        FINALLY,
        property("maxConcurrency", Shape::Count)
    ],
);

/// How a file is split.
pub const BATCH: &[Property] = &[
    property("rows", Shape::Count),
    property("partitions", Shape::Count),
    property("bytes", Shape::Text),
    property("separator", Shape::Text),
    property("regexPattern", Shape::Text),
    property("buckets", Shape::Any),
];

/// The type of a task that stands for a stored list of tasks.
pub const TEMPLATE: TaskType = executor(
    "io.kestra.plugin.core.flow.Template",
    &[
        required("namespace", Shape::Text),
        required("templateId", Shape::Text),
        property("args", Shape::Map),
        property("tenantId", Shape::Text),
    ],
);
