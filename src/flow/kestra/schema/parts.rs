//! The parts of a flow beside its tasks: its own properties, inputs, outputs, retries, limits. Source: Kestra, "Flow properties".

use super::super::versions::{Version, Versions};
use super::common::NOT_1_3;
use super::{Property, Shape, own, property, required};
use crate::tr;

/// The properties of a flow. Lists of tasks are in the order in which Kestra checks them.
pub const FLOW: &[Property] = &[
    own("id").says(tr!(const "names the flow within its namespace")),
    own("namespace").says(tr!(const "groups flows, as folders do")),
    super::filled("tasks", Shape::Tasks).says(tr!(const "what the flow does, one task after another")),
    property("errors", Shape::Tasks).says(tr!(const "tasks that run when a task has failed")),
    property("finally", Shape::Tasks).says(tr!(const "tasks that run at the end, however it went")),
    property("afterExecution", Shape::Tasks).says(tr!(const "tasks that run once the execution has ended")),
    property("listeners", Shape::Objects(LISTENER)).only(Versions::BEFORE_2_0).deprecated(),
    property("revision", Shape::Count).says(tr!(const "which version of the flow")),
    property("description", Shape::Text).says(tr!(const "what the flow is for")),
    property("labels", Shape::Labels).says(tr!(const "labels to find executions by")),
    property("inputs", Shape::Inputs).says(tr!(const "values that whoever starts the flow may give")),
    property("variables", Shape::Map).says(tr!(const "values that expressions read as `vars`")),
    property("outputs", Shape::Objects(OUTPUT)).says(tr!(const "values handed out")),
    property("triggers", Shape::Triggers).says(tr!(const "what starts the flow by itself")),
    property("concurrency", Shape::Object(CONCURRENCY)).says(tr!(const "how many executions of this flow may run at once")),
    property("retry", Shape::Retry).says(tr!(const "tries again after a failure")),
    property("sla", Shape::Objects(SLA)),
    property("disabled", Shape::Bool).says(tr!(const "`true` keeps the flow from being started")),
    property("draft", Shape::Bool).only(NOT_1_3),
    property("pluginDefaults", Shape::Objects(PLUGIN_DEFAULT))
        .only(Versions::BEFORE_2_0)
        .says(tr!(const "properties for all tasks of a type")),
    property("taskDefaults", Shape::Objects(PLUGIN_DEFAULT)).only(Versions::BEFORE_2_0).deprecated(),
    property("deleted", Shape::Bool),
    property("tenantId", Shape::Text),
    property("workerGroup", Shape::Any).only(Versions::BEFORE_2_0),
    property("workerSelector", Shape::Any).only(NOT_1_3),
    property("policyRefs", Shape::Any).only(Versions::ONLY_2_0),
    property("checks", Shape::Objects(CHECK)).says(tr!(const "conditions under which an execution may start")),
    property("quotas", Shape::Any).only(NOT_1_3),
    property("assets", Shape::Any).only(Versions::ONLY_0_21),
    property("source", Shape::Any),
    property("updated", Shape::Any),
    // Metadata of published blueprints, which no server takes.
    property("extend", Shape::Any).only(Versions::ONLY_0_21),
];

/// The properties of an item of `listeners`.
pub const LISTENER: &[Property] = &[
    super::filled("tasks", Shape::Tasks).says(tr!(const "the tasks it runs")),
    property("conditions", Shape::Any).says(tr!(const "expressions that must all hold")),
    property("description", Shape::Text).says(tr!(const "a description for people")),
];

/// The properties of an item of `outputs`.
pub const OUTPUT: &[Property] = &[
    own("id").says(tr!(const "names it; unique within the flow")),
    required("value", Shape::Any).says(tr!(const "what chooses, or the value itself")),
    required("type", Shape::OneOf(INPUT_TYPES)).says(tr!(const "which kind it is")),
    property("description", Shape::Text).says(tr!(const "a description for people")),
    property("displayName", Shape::Text),
    property("required", Shape::Bool).says(tr!(const "whether it must be given")),
    property("itemType", Shape::Text).only(Versions::ONLY_0_21),
];

/// `concurrency` of a flow.
pub const CONCURRENCY: &[Property] = &[
    required("limit", Shape::Count).says(tr!(const "the most executions at once")),
    property("behavior", Shape::OneOf(&["QUEUE", "CANCEL", "FAIL"]))
        .or("QUEUE")
        .says(tr!(const "what happens to a further execution: it waits, is cancelled, or fails")),
    property("key", Shape::Any).only(Versions::ONLY_0_21),
    property("scope", Shape::Any).only(Versions::ONLY_0_21),
];

/// The properties of an item of `sla`.
pub const SLA: &[Property] = &[
    super::filled("id", Shape::Text).says(tr!(const "names it; unique within the flow")),
    required("type", Shape::OneOf(&["MAX_DURATION", "EXECUTION_ASSERTION"])).says(tr!(const "which kind it is")),
    required("behavior", Shape::OneOf(&["FAIL", "CANCEL", "NONE"])),
    property("labels", Shape::Labels).says(tr!(const "labels to find executions by")),
    property("duration", Shape::Duration).says(tr!(const "how long")),
    property("assert", Shape::Text),
    property("condition", Shape::Text).says(tr!(const "an expression; empty, 0 and false do not hold")),
    property("description", Shape::Text).says(tr!(const "a description for people")),
];

/// The properties of an item of `pluginDefaults`. The messages for missing ones are in the validation.
pub const PLUGIN_DEFAULT: &[Property] = &[
    property("type", Shape::Text).says(tr!(const "which kind it is")),
    property("values", Shape::Map).says(tr!(const "what to run for: a list, or an expression that gives one")),
    property("forced", Shape::Bool),
    property("ref", Shape::Text),
    property("id", Shape::Text).says(tr!(const "names it; unique within the flow")),
];

/// The properties of all types of retries.
pub const RETRY: &[Property] = &[
    property("type", Shape::Text).says(tr!(const "how the wait grows: constant, exponential or random")),
    property("interval", Shape::Duration).says(tr!(const "how long to wait in between")),
    property("maxInterval", Shape::Duration),
    property("minInterval", Shape::Duration),
    property("delayFactor", Shape::Number),
    property("maxAttempt", Shape::Count).only(Versions::BEFORE_2_0).says(tr!(const "the most tries, counting the first (old name)")),
    property("maxAttempts", Shape::Count).says(tr!(const "the most tries, counting the first")),
    property("maxDuration", Shape::Duration).says(tr!(const "gives up after this time")),
    property("warningOnRetry", Shape::Bool).says(tr!(const "ends with a warning when it had to try again")),
    property("behavior", Shape::OneOf(&["RETRY_FAILED_TASK", "CREATE_NEW_EXECUTION"]))
        .or("RETRY_FAILED_TASK")
        .says(tr!(const "tries the task again, or starts a new execution")),
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
    property("id", Shape::Text).says(tr!(const "names it; unique within the flow")),
    property("name", Shape::Text).only(Versions::BEFORE_2_0).deprecated(),
    property("type", Shape::Text).says(tr!(const "what kind of value")),
    property("description", Shape::Text).says(tr!(const "a description for people")),
    property("displayName", Shape::Text),
    property("required", Shape::Bool).says(tr!(const "whether it must be given")),
    property("defaults", Shape::Any).says(tr!(const "the value when none is given")),
    property("prefill", Shape::Any),
    property(
        "dependsOn",
        Shape::Object(&[
            property("inputs", Shape::Texts).says(tr!(const "values handed in")),
            property("condition", Shape::Any).says(tr!(const "an expression; empty, 0 and false do not hold")),
        ]),
    )
    .says(tr!(const "the inputs whose values it reads, and when it is asked for")),
];

const VALIDATED: &[Property] = &[property("validator", Shape::Text)];
const ONCE_VALIDATED: &[Property] = &[property("validator", Shape::Text).only(Versions::ONLY_0_21)];
const RANGE: &[Property] =
    &[property("min", Shape::Any).says(tr!(const "the least")), property("max", Shape::Any).says(tr!(const "the most"))];
const DATES: &[Property] = &[property("after", Shape::Any), property("before", Shape::Any)];
const CHOICE: &[Property] = &[
    property("values", Shape::Any).says(tr!(const "what to choose from")),
    property("expression", Shape::Text),
    property("allowCustomValue", Shape::Bool),
    property("autoSelectFirst", Shape::Bool),
    property("isRadio", Shape::Bool),
    property("options", Shape::Any).only(Versions::ONLY_0_21),
    property("allowInput", Shape::Bool).only(Versions::ONLY_0_21),
    property("itemType", Shape::Text).only(Versions::ONLY_0_21),
];
const CHOICES: &[Property] = &[
    property("values", Shape::Any).says(tr!(const "what to choose from")),
    property("expression", Shape::Text),
    property("allowCustomValue", Shape::Bool),
    property("autoSelectFirst", Shape::Bool),
    property("itemType", Shape::Text).or("STRING"),
    property("options", Shape::Any).only(Versions::BEFORE_2_0).deprecated(),
    property("isRadio", Shape::Bool).only(Versions::ONLY_0_21),
    property("allowInput", Shape::Bool).only(Versions::ONLY_0_21),
];
const ENUM: &[Property] = &[
    property("values", Shape::Any).says(tr!(const "what to choose from")),
    property("expression", Shape::Text).only(Versions::ONLY_0_21),
    property("options", Shape::Any).only(Versions::ONLY_0_21),
    property("allowCustomValue", Shape::Bool).only(Versions::ONLY_0_21),
    property("allowInput", Shape::Bool).only(Versions::ONLY_0_21),
    property("isRadio", Shape::Bool).only(Versions::ONLY_0_21),
    property("autoSelectFirst", Shape::Bool).only(Versions::ONLY_0_21),
    property("itemType", Shape::Text).only(Versions::ONLY_0_21),
];
const FILE: &[Property] = &[
    property("extension", Shape::Text).only(Versions::BEFORE_2_0).deprecated(),
    property("allowedFileExtensions", Shape::Any),
    property("maxFileSize", Shape::Any).only(Versions::ONLY_0_21),
];
const ITEMS: &[Property] = &[property("itemType", Shape::Text)];
const JSON: &[Property] = &[property("jsonSchema", Shape::Text).only(Versions::ONLY_2_0)];
const FORM: &[Property] = &[property("inputs", Shape::Any).says(tr!(const "the inputs of the form"))];
const REUSED: &[Property] = &[property("ref", Shape::Text), property("namespace", Shape::Text), property("revision", Shape::Count)];

/// The own properties of an input of a type; `None` when any properties are accepted.
#[must_use]
pub fn input_properties(type_name: &str, version: Version) -> Option<&'static [Property]> {
    let is_open = version == Version::V0_21;
    Some(match type_name {
        "STRING" | "SECRET" => VALIDATED,
        "EMAIL" | "URI" => ONCE_VALIDATED,
        "INT" | "FLOAT" | "DURATION" => RANGE,
        "DATETIME" | "DATE" | "TIME" => DATES,
        "ENUM" => ENUM,
        "SELECT" => CHOICE,
        "MULTISELECT" => CHOICES,
        "FILE" => FILE,
        "ARRAY" => ITEMS,
        "BOOLEAN" | "BOOL" => &[],
        _ if is_open => return None,
        "JSON" => JSON,
        "FORM" => FORM,
        "REUSABLE_INPUTS" => REUSED,
        _ => &[],
    })
}

/// The versions that know a type of inputs.
#[must_use]
pub fn input_type_versions(type_name: &str) -> Versions {
    match type_name {
        "ENUM" | "BOOLEAN" => Versions::BEFORE_2_0,
        "ION" | "REUSABLE_INPUTS" => NOT_1_3,
        "OBJECT" | "TABLE" => Versions::ONLY_0_21,
        _ => Versions::ALL,
    }
}

/// The class of an input, in messages: `StringInput`.
#[must_use]
pub fn class_of_input(type_name: &str, version: Version) -> String {
    const FLOWS: &str = "io.kestra.core.models.flows.";
    let short = match type_name {
        _ if version == Version::V0_21 => return format!("{FLOWS}Input"),
        "DATETIME" => "DateTime",
        "URI" => "URI",
        "REUSABLE_INPUTS" => "ReusableInputs",
        name => &name.split_at_checked(1).map_or(name.to_owned(), |(first, rest)| first.to_owned() + &rest.to_ascii_lowercase()),
    };
    format!("{FLOWS}input.{short}Input")
}

/// The types of inputs that a version knows.
pub fn input_types(version: Version) -> impl Iterator<Item = &'static str> + Clone {
    INPUT_TYPES.iter().copied().filter(move |name| input_type_versions(name).has(version))
}

/// The properties of an item of `checks`.
pub const CHECK: &[Property] = &[
    property("condition", Shape::Text).rendered().says(tr!(const "must be true")),
    property("when", Shape::Text).rendered().only(NOT_1_3).says(tr!(const "must be true")),
    super::filled("message", Shape::Text).says(tr!(const "what to say when it is not")),
    property("behavior", Shape::OneOf(&["BLOCK_EXECUTION", "FAIL_EXECUTION", "CREATE_EXECUTION"]))
        .or("BLOCK_EXECUTION")
        .says(tr!(const "what happens when it is not: no execution, one that fails, or a usual one")),
    property("style", Shape::OneOf(&["ERROR", "SUCCESS", "WARNING", "INFO"])).or("INFO"),
];

/// The properties of every trigger.
pub const EVERY_TRIGGER: &[Property] = &[
    own("id").says(tr!(const "names it; unique within the flow")),
    own("type").says(tr!(const "which kind it is")),
    property("description", Shape::Text).says(tr!(const "words for people")),
    property("disabled", Shape::Bool).says(tr!(const "`true` leaves it out")),
    property("when", Shape::Text).only(Versions::ONLY_2_0).says(tr!(const "fires only if this renders to true")),
    property("conditions", Shape::Any).only(Versions::BEFORE_2_0).says(tr!(const "fires only if these hold")),
    property("inputs", Shape::Any).says(tr!(const "values handed in")),
    property("labels", Shape::Any).says(tr!(const "words to find executions by")),
    property("stopAfter", Shape::Any),
    property("allowConcurrent", Shape::Any),
    property("failOnTriggerError", Shape::Any),
    property("logLevel", Shape::Any),
    property("minLogLevel", Shape::Any).only(Versions::BEFORE_2_0).deprecated(),
    property("logToFile", Shape::Any),
    property("assets", Shape::Any),
    property("version", Shape::Text),
    property("workerGroup", Shape::Any).only(Versions::BEFORE_2_0),
    property("workerSelector", Shape::Any).only(Versions::ONLY_2_0),
    property("policyRefs", Shape::Any).only(Versions::ONLY_2_0),
    property("pluginDefaultsRef", Shape::Text).only(Versions::BEFORE_2_0),
];

const SCHEDULE: &[Property] = &[
    required("cron", Shape::Text).says(tr!(const "when it fires, in the five parts of cron")),
    property("timezone", Shape::Text),
    property("withSeconds", Shape::Any),
    property("interval", Shape::Any),
    property("lateMaximumDelay", Shape::Any),
    property("recoverMissedSchedules", Shape::Text),
    property("backfill", Shape::Any).only(Versions::BEFORE_2_0),
    property("scheduleConditions", Shape::Any).only(Versions::BEFORE_2_0).deprecated(),
];
const DATES_OF_SCHEDULE: &[Property] = &[
    property("dates", Shape::Any),
    property("timezone", Shape::Text),
    property("interval", Shape::Any),
    property("recoverMissedSchedules", Shape::Text),
];
const WEBHOOK: &[Property] = &[
    property("key", Shape::Text),
    property("wait", Shape::Any),
    property("returnOutputs", Shape::Any),
    property("responseContentType", Shape::Any),
    property("responseCode", Shape::Any),
    property("fetchType", Shape::Any).only(Versions::ONLY_2_0),
];
const OTHER_FLOW: &[Property] = &[
    property("states", Shape::Any).says(tr!(const "the states of the other execution")),
    property("dependsOn", Shape::Any).only(Versions::ONLY_2_0).says(tr!(const "the flows it waits for")),
    property("mode", Shape::Any).only(Versions::ONLY_2_0),
    property("minSatisfied", Shape::Any).only(Versions::ONLY_2_0),
    property("window", Shape::Any).only(Versions::ONLY_2_0),
    property("preconditions", Shape::Any).only(Versions::BEFORE_2_0).says(tr!(const "the flows it waits for")),
];

const HTTP: &[Property] = &[
    property("uri", Shape::Any),
    property("method", Shape::Any),
    property("body", Shape::Any),
    property("formData", Shape::Any),
    property("params", Shape::Any),
    property("contentType", Shape::Any),
    property("headers", Shape::Any),
    property("options", Shape::Any),
    property("encryptBody", Shape::Any),
    property("interval", Shape::Any),
    property("responseCondition", Shape::Any),
    property("sslOptions", Shape::Any).only(Versions::BEFORE_2_0).deprecated(),
];
const MCP_TOOL: &[Property] = &[
    property("mcpServer", Shape::Any),
    property("toolName", Shape::Any),
    property("title", Shape::Any),
    property("toolDescription", Shape::Any),
    property("annotations", Shape::Any),
];

/// The own properties of a trigger; `None` when any properties are accepted.
#[must_use]
pub fn trigger_properties(type_name: &str, version: Version) -> Option<&'static [Property]> {
    let name = type_name.strip_prefix("io.kestra.plugin.core.").filter(|_| version != Version::V0_21)?;
    Some(match name {
        "trigger.Schedule" => SCHEDULE,
        "trigger.ScheduleOnDates" => DATES_OF_SCHEDULE,
        "trigger.Webhook" => WEBHOOK,
        "trigger.Flow" => OTHER_FLOW,
        "trigger.McpToolTrigger" => MCP_TOOL,
        "http.Trigger" => HTTP,
        _ => return None,
    })
}
