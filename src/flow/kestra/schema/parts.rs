//! The parts of a flow beside its tasks: its own properties, inputs, outputs, retries, limits. Source: Kestra, "Flow properties".

use super::{Property, Shape, own, property, required};

/// The properties of a flow. Lists of tasks are in the order in which Kestra checks them.
pub const FLOW: &[Property] = &[
    own("id").says("names the flow within its namespace"),
    own("namespace").says("groups flows, as folders do"),
    super::filled("tasks", Shape::Tasks).says("what the flow does, one task after another"),
    property("errors", Shape::Tasks).says("tasks that run when a task has failed"),
    property("finally", Shape::Tasks).says("tasks that run at the end, however it went"),
    property("afterExecution", Shape::Tasks).says("tasks that run once the execution has ended"),
    property("listeners", Shape::Objects(LISTENER)),
    property("revision", Shape::Count).says("which version of the flow"),
    property("description", Shape::Text).says("what the flow is for"),
    property("labels", Shape::Labels).says("labels to find executions by"),
    property("inputs", Shape::Inputs).says("values that whoever starts the flow may give"),
    property("variables", Shape::Map).says("values that expressions read as `vars`"),
    property("outputs", Shape::Objects(OUTPUT)).says("values handed out"),
    property("triggers", Shape::Triggers).says("what starts the flow by itself"),
    property("concurrency", Shape::Object(CONCURRENCY)).says("how many executions of this flow may run at once"),
    property("retry", Shape::Retry).says("tries again after a failure"),
    property("sla", Shape::Objects(SLA)),
    property("disabled", Shape::Bool).says("`true` keeps the flow from being started"),
    property("draft", Shape::Bool),
    property("pluginDefaults", Shape::Objects(PLUGIN_DEFAULT)).says("properties for all tasks of a type"),
    property("taskDefaults", Shape::Objects(PLUGIN_DEFAULT)),
    property("deleted", Shape::Bool),
    property("tenantId", Shape::Text),
    property("workerGroup", Shape::Any),
    property("workerSelector", Shape::Any),
    property("checks", Shape::Any),
    property("quotas", Shape::Any),
    property("assets", Shape::Any),
    property("source", Shape::Any),
    property("updated", Shape::Any),
    // Metadata of blueprints.
    property("extend", Shape::Any),
];

/// The properties of an item of `listeners`.
pub const LISTENER: &[Property] = &[
    super::filled("tasks", Shape::Tasks).says("the tasks it runs"),
    property("conditions", Shape::Any).says("expressions that must all hold"),
    property("description", Shape::Text).says("a description for people"),
];

/// The properties of an item of `outputs`.
pub const OUTPUT: &[Property] = &[
    own("id").says("names it; unique within the flow"),
    required("value", Shape::Any).says("what chooses, or the value itself"),
    required("type", Shape::OneOf(INPUT_TYPES)).says("which kind it is"),
    property("description", Shape::Text).says("a description for people"),
    property("displayName", Shape::Text),
    property("required", Shape::Bool).says("whether it must be given"),
    property("itemType", Shape::Text),
];

/// `concurrency` of a flow.
pub const CONCURRENCY: &[Property] = &[
    required("limit", Shape::Count).says("the most executions at once"),
    property("behavior", Shape::OneOf(&["QUEUE", "CANCEL", "FAIL"]))
        .says("what happens to a further execution: it waits, is cancelled, or fails"),
    property("key", Shape::Any),
    property("scope", Shape::Any),
];

/// The properties of an item of `sla`.
pub const SLA: &[Property] = &[
    super::filled("id", Shape::Text).says("names it; unique within the flow"),
    required("type", Shape::OneOf(&["MAX_DURATION", "EXECUTION_ASSERTION", "EXECUTION_CONDITION", "TIME"])).says("which kind it is"),
    required("behavior", Shape::OneOf(&["FAIL", "CANCEL", "NONE"])),
    property("labels", Shape::Labels).says("labels to find executions by"),
    property("duration", Shape::Duration).says("how long"),
    property("assert", Shape::Text),
    property("condition", Shape::Text).says("an expression; empty, 0 and false do not hold"),
    property("description", Shape::Text).says("a description for people"),
];

/// The properties of an item of `pluginDefaults`. The messages for missing ones are in the validation.
pub const PLUGIN_DEFAULT: &[Property] = &[
    property("type", Shape::Text).says("which kind it is"),
    property("values", Shape::Map).says("what to run for: a list, or an expression that gives one"),
    property("forced", Shape::Bool),
    property("ref", Shape::Text),
    property("id", Shape::Text).says("names it; unique within the flow"),
];

/// The properties of all types of retries.
pub const RETRY: &[Property] = &[
    property("type", Shape::Text).says("how the wait grows: constant, exponential or random"),
    property("interval", Shape::Duration).says("how long to wait in between"),
    property("maxInterval", Shape::Duration),
    property("minInterval", Shape::Duration),
    property("delayFactor", Shape::Number),
    property("maxAttempt", Shape::Count).says("the most tries, counting the first (old name)"),
    property("maxAttempts", Shape::Count).says("the most tries, counting the first"),
    property("maxDuration", Shape::Duration).says("gives up after this time"),
    property("warningOnRetry", Shape::Bool).says("ends with a warning when it had to try again"),
    property("behavior", Shape::OneOf(&["RETRY_FAILED_TASK", "CREATE_NEW_EXECUTION", "RETRY_FAILED", "NEW_EXECUTION"]))
        .says("tries the task again, or starts a new execution"),
];

/// The types of a retry, with their own properties; those with `true` are required.
pub const RETRY_KINDS: &[(&str, &[(&str, bool)])] = &[
    ("constant", &[("interval", true)]),
    ("exponential", &[("interval", true), ("maxInterval", true), ("delayFactor", false)]),
    ("random", &[("minInterval", true), ("maxInterval", true)]),
];

/// Types of inputs and outputs.
pub const INPUT_TYPES: &[&str] = &[
    "STRING",
    "ENUM",
    "SELECT",
    "MULTISELECT",
    "INT",
    "FLOAT",
    "BOOLEAN",
    "BOOL",
    "DATETIME",
    "DATE",
    "TIME",
    "DURATION",
    "FILE",
    "JSON",
    "YAML",
    "URI",
    "EMAIL",
    "SECRET",
    "ARRAY",
    "ION",
    "OBJECT",
    "TABLE",
    "FORM",
    "REUSABLE_INPUTS",
];

/// The properties of every input.
pub const EVERY_INPUT: &[Property] = &[
    property("id", Shape::Text).says("names it; unique within the flow"),
    property("name", Shape::Text),
    property("type", Shape::Text).says("what kind of value"),
    property("description", Shape::Text).says("a description for people"),
    property("displayName", Shape::Text),
    property("required", Shape::Bool).says("whether it must be given"),
    property("defaults", Shape::Any).says("the value when none is given"),
    property("prefill", Shape::Any),
    property(
        "dependsOn",
        Shape::Object(&[
            property("inputs", Shape::Texts).says("values handed in"),
            property("condition", Shape::Any).says("an expression; empty, 0 and false do not hold"),
        ]),
    )
    .says("ids of the tasks that must be done before"),
];

const VALIDATED: &[Property] = &[property("validator", Shape::Text)];
const RANGE: &[Property] = &[property("min", Shape::Any).says("the least"), property("max", Shape::Any).says("the most")];
const DATES: &[Property] = &[property("after", Shape::Any), property("before", Shape::Any)];
const CHOICE: &[Property] = &[
    property("values", Shape::Any).says("what to choose from"),
    property("options", Shape::Any),
    property("expression", Shape::Text),
    property("allowCustomValue", Shape::Bool),
    property("allowInput", Shape::Bool),
    property("isRadio", Shape::Bool),
    property("autoSelectFirst", Shape::Bool),
    property("itemType", Shape::Text),
];
const FILE: &[Property] =
    &[property("extension", Shape::Text), property("allowedFileExtensions", Shape::Any), property("maxFileSize", Shape::Any)];
const ITEMS: &[Property] = &[property("itemType", Shape::Text)];

/// The own properties of an input of a type; `None` when any properties are accepted.
#[must_use]
pub fn input_properties(type_name: &str) -> Option<&'static [Property]> {
    Some(match type_name {
        "STRING" | "SECRET" | "EMAIL" | "URI" => VALIDATED,
        "INT" | "FLOAT" | "DURATION" => RANGE,
        "DATETIME" | "DATE" | "TIME" => DATES,
        "ENUM" | "SELECT" | "MULTISELECT" => CHOICE,
        "FILE" => FILE,
        "ARRAY" => ITEMS,
        "BOOLEAN" | "BOOL" => &[],
        _ => return None,
    })
}
