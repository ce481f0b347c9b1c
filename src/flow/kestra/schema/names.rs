//! Names of types: those of today, those of old, and what is known of each.

use std::borrow::Cow;

use super::TaskType;
use crate::diag::nearest;
use crate::flow::kinds;

/// Kestra's own types that run as opaque tasks so far, with any properties.
pub const NOT_SIMULATED: &[&str] = &[
    "io.kestra.plugin.core.debug.Wait",
    "io.kestra.plugin.core.execution.Count",
    "io.kestra.plugin.core.execution.Delete",
    "io.kestra.plugin.core.execution.Kill",
    "io.kestra.plugin.core.execution.PurgeExecutions",
    "io.kestra.plugin.core.execution.Query",
    "io.kestra.plugin.core.execution.Resume",
    "io.kestra.plugin.core.flow.Approval",
    "io.kestra.plugin.core.flow.Loop",
    "io.kestra.plugin.core.flow.PurgeFlows",
    "io.kestra.plugin.core.flow.Version",
    "io.kestra.plugin.core.flow.Wait",
    "io.kestra.plugin.core.http.SseRequest",
    "io.kestra.plugin.core.kv.Delete",
    "io.kestra.plugin.core.kv.Get",
    "io.kestra.plugin.core.kv.GetKeys",
    "io.kestra.plugin.core.kv.PurgeKV",
    "io.kestra.plugin.core.kv.Put",
    "io.kestra.plugin.core.kv.Set",
    "io.kestra.plugin.core.kv.Version",
    "io.kestra.plugin.core.log.Fetch",
    "io.kestra.plugin.core.log.PurgeLogs",
    "io.kestra.plugin.core.metric.Publish",
    "io.kestra.plugin.core.namespace.DeleteFiles",
    "io.kestra.plugin.core.namespace.DownloadFiles",
    "io.kestra.plugin.core.namespace.PurgeFiles",
    "io.kestra.plugin.core.namespace.UploadFiles",
    "io.kestra.plugin.core.namespace.Version",
    "io.kestra.plugin.core.state.Delete",
    "io.kestra.plugin.core.state.Get",
    "io.kestra.plugin.core.state.Set",
    "io.kestra.plugin.core.storage.Concat",
    "io.kestra.plugin.core.storage.DeduplicateItems",
    "io.kestra.plugin.core.storage.Delete",
    "io.kestra.plugin.core.storage.FilterItems",
    "io.kestra.plugin.core.storage.LocalFiles",
    "io.kestra.plugin.core.storage.Purge",
    "io.kestra.plugin.core.storage.PurgeCurrentExecutionFiles",
    "io.kestra.plugin.core.storage.PurgeExecution",
    "io.kestra.plugin.core.storage.PurgeInternalStorage",
    "io.kestra.plugin.core.storage.PurgeStorage",
    "io.kestra.plugin.core.storage.Reverse",
    "io.kestra.plugin.core.storage.Size",
    "io.kestra.plugin.core.storage.Split",
    "io.kestra.plugin.core.storage.Write",
    "io.kestra.plugin.core.templating.TemplatedTask",
    "io.kestra.plugin.core.trigger.Toggle",
];

/// Prefixes below which Kestra's own types stand.
pub const OWN_PREFIXES: &[&str] = &["io.kestra.plugin.core.", "io.kestra.core."];

/// The old packages of Kestra's own types, and where they are now: the class name stays.
const MOVED: &[(&str, &str)] = &[
    ("io.kestra.core.tasks.flows.", "io.kestra.plugin.core.flow."),
    ("io.kestra.core.tasks.log.", "io.kestra.plugin.core.log."),
    ("io.kestra.core.tasks.debugs.", "io.kestra.plugin.core.debug."),
    ("io.kestra.core.tasks.executions.", "io.kestra.plugin.core.execution."),
    ("io.kestra.core.tasks.storages.", "io.kestra.plugin.core.storage."),
    ("io.kestra.core.tasks.states.", "io.kestra.plugin.core.state."),
    ("io.kestra.core.tasks.trigger.", "io.kestra.plugin.core.trigger."),
    ("io.kestra.core.tasks.templating.", "io.kestra.plugin.core.templating."),
    ("io.kestra.plugin.fs.http.", "io.kestra.plugin.core.http."),
    ("io.kestra.core.models.triggers.types.", "io.kestra.plugin.core.trigger."),
    ("io.kestra.core.models.conditions.types.", "io.kestra.plugin.core.condition."),
];

/// Kestra's own triggers, below the package they share.
const TRIGGERS: &[&str] = &["Schedule", "Webhook", "Flow", "ScheduleOnDates", "BatchWebhook", "McpToolTrigger", "SchedulableExecution"];

/// What is known of a type name.
#[derive(Debug)]
pub enum Known {
    /// Its properties are known.
    Simulated(&'static TaskType),
    /// It is Kestra's own, and takes any properties here.
    Opaque,
    /// It is a plugin's, and takes any properties here.
    Plugin,
    /// It claims to be Kestra's own, but there is no such type.
    NoSuchType,
    /// It is no type name at all: it has no dots.
    NotAName,
}

/// The name of today of a type that was once called otherwise.
#[must_use]
pub fn name_of_today(name: &str) -> Cow<'_, str> {
    let moved = MOVED.iter().find_map(|(old, new)| name.strip_prefix(old).map(|class| format!("{new}{class}")));
    let moved = moved.map_or(Cow::Borrowed(name), Cow::Owned);
    if moved == "io.kestra.plugin.core.execution.Counts" {
        return Cow::Borrowed("io.kestra.plugin.core.execution.Count");
    }
    match kinds::types().find(|known| known.former.contains(&&*moved)) {
        Some(known) => Cow::Borrowed(known.name),
        None => moved,
    }
}

/// Looks the name of a task type up.
#[must_use]
pub fn lookup(name: &str) -> Known {
    if !is_type_name(name) {
        return Known::NotAName;
    }
    let today = name_of_today(name);
    if let Some(found) = kinds::types().find(|known| known.is_named(&today)) {
        return Known::Simulated(found);
    }
    // The old script tasks were tasks of their own.
    if NOT_SIMULATED.contains(&&*today) || name.starts_with(kinds::script::OLD_PACKAGE) {
        Known::Opaque
    } else if OWN_PREFIXES.iter().any(|prefix| name.starts_with(prefix)) && is_mistake(&today) {
        Known::NoSuchType
    } else {
        Known::Plugin
    }
}

/// Whether an unknown name among Kestra's own is a mistake: it stands in a package that is known, or is nearly a known name.
/// Newer servers have packages of their own.
fn is_mistake(name: &str) -> bool {
    const CORE: &str = "io.kestra.plugin.core.";
    let Some(name) = name.strip_prefix(CORE) else { return true };
    let known = || all_names().filter_map(|known| known.strip_prefix(CORE));
    let package = name.split('.').next();
    known().any(|known| known.split('.').next() == package) || nearest(name, known()).is_some()
}

/// Whether this may be the type of a trigger: a plugin's, or one of Kestra's own.
#[must_use]
pub fn is_trigger_type(name: &str) -> bool {
    let today = name_of_today(name);
    is_type_name(name) && today.strip_prefix("io.kestra.plugin.core.trigger.").is_none_or(|class| TRIGGERS.contains(&class))
}

/// Whether a name is dotted, as the names of Java classes are.
fn is_type_name(name: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || "_$-".contains(c));
    name.contains('.') && name.split('.').all(is_part)
}

/// What a type is for, in few words; `None` for a type that is not simulated.
#[must_use]
pub fn type_words(name: &str) -> Option<&'static str> {
    let today = name_of_today(name);
    kinds::types().find(|known| known.is_named(&today)).map(|known| known.words)
}

/// All names of task types of today, for suggestions: the most used first, those that others have replaced last.
pub fn all_names() -> impl Iterator<Item = &'static str> {
    let named = |is_old: bool| kinds::types().filter(move |known| known.is_old == is_old).map(|known| known.name);
    named(false).chain(NOT_SIMULATED.iter().copied()).chain(named(true))
}
