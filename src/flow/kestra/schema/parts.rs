//! What a flow holds beside tasks: its own properties, inputs, outputs, retries, limits. Source: Kestra, "Flow properties".

use super::{Property, Shape, own, property, required};

/// What a flow may have. Lists of tasks stand in the order in which Kestra goes through them.
pub const FLOW: &[Property] = &[
    own("id"),
    own("namespace"),
    super::filled("tasks", Shape::Tasks),
    property("errors", Shape::Tasks),
    property("finally", Shape::Tasks),
    property("afterExecution", Shape::Tasks),
    property("listeners", Shape::Objects(LISTENER)),
    property("revision", Shape::Count),
    property("description", Shape::Text),
    property("labels", Shape::Labels),
    property("inputs", Shape::Inputs),
    property("variables", Shape::Map),
    property("outputs", Shape::Objects(OUTPUT)),
    property("triggers", Shape::Triggers),
    property("concurrency", Shape::Object(CONCURRENCY)),
    property("retry", Shape::Retry),
    property("sla", Shape::Objects(SLA)),
    property("disabled", Shape::Bool),
    property("draft", Shape::Bool),
    property("pluginDefaults", Shape::Objects(PLUGIN_DEFAULT)),
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
    // What a blueprint says of itself to those who look for one.
    property("extend", Shape::Any),
];

/// What `listeners` hold.
pub const LISTENER: &[Property] =
    &[super::filled("tasks", Shape::Tasks), property("conditions", Shape::Any), property("description", Shape::Text)];

/// What `outputs` of a flow hold.
pub const OUTPUT: &[Property] = &[
    own("id"),
    required("value", Shape::Any),
    required("type", Shape::OneOf(INPUT_TYPES)),
    property("description", Shape::Text),
    property("displayName", Shape::Text),
    property("required", Shape::Bool),
    property("itemType", Shape::Text),
];

/// `concurrency` of a flow.
pub const CONCURRENCY: &[Property] = &[
    required("limit", Shape::Count),
    property("behavior", Shape::OneOf(&["QUEUE", "CANCEL", "FAIL"])),
    property("key", Shape::Any),
    property("scope", Shape::Any),
];

/// What `sla` holds.
pub const SLA: &[Property] = &[
    super::filled("id", Shape::Text),
    required("type", Shape::OneOf(&["MAX_DURATION", "EXECUTION_ASSERTION", "EXECUTION_CONDITION", "TIME"])),
    required("behavior", Shape::OneOf(&["FAIL", "CANCEL", "NONE"])),
    property("labels", Shape::Labels),
    property("duration", Shape::Duration),
    property("assert", Shape::Text),
    property("condition", Shape::Text),
    property("description", Shape::Text),
];

/// What `pluginDefaults` hold; what must be there is asked for in words of its own.
pub const PLUGIN_DEFAULT: &[Property] = &[
    property("type", Shape::Text),
    property("values", Shape::Map),
    property("forced", Shape::Bool),
    property("ref", Shape::Text),
    property("id", Shape::Text),
];

/// A retry of each kind.
pub const RETRY: &[Property] = &[
    property("type", Shape::Text),
    property("interval", Shape::Duration),
    property("maxInterval", Shape::Duration),
    property("minInterval", Shape::Duration),
    property("delayFactor", Shape::Number),
    property("maxAttempt", Shape::Count),
    property("maxAttempts", Shape::Count),
    property("maxDuration", Shape::Duration),
    property("warningOnRetry", Shape::Bool),
    property("behavior", Shape::OneOf(&["RETRY_FAILED_TASK", "CREATE_NEW_EXECUTION", "RETRY_FAILED", "NEW_EXECUTION"])),
];

/// The kinds of a retry, with what each has beside the common properties; those with `true` must be there.
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

/// What every input may have.
pub const EVERY_INPUT: &[Property] = &[
    property("id", Shape::Text),
    property("name", Shape::Text),
    property("type", Shape::Text),
    property("description", Shape::Text),
    property("displayName", Shape::Text),
    property("required", Shape::Bool),
    property("defaults", Shape::Any),
    property("prefill", Shape::Any),
    property("dependsOn", Shape::Object(&[property("inputs", Shape::Texts), property("condition", Shape::Any)])),
];

const VALIDATED: &[Property] = &[property("validator", Shape::Text)];
const RANGE: &[Property] = &[property("min", Shape::Any), property("max", Shape::Any)];
const DATES: &[Property] = &[property("after", Shape::Any), property("before", Shape::Any)];
const CHOICE: &[Property] = &[
    property("values", Shape::Any),
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

/// What an input of a type has beside the common properties; `None` when anything is taken.
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
