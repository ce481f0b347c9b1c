//! Names of types, current and former, and what is known of each.

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

/// The prefixes of Kestra's own types.
pub const OWN_PREFIXES: &[&str] = &["io.kestra.plugin.core.", "io.kestra.core."];

/// The former packages of Kestra's own types, each with the current one. Class names are unchanged.
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

/// The class names of Kestra's own triggers.
const TRIGGERS: &[&str] = &["Schedule", "Webhook", "Flow", "ScheduleOnDates", "BatchWebhook", "McpToolTrigger", "SchedulableExecution"];

/// What is known of a type name.
#[derive(Debug)]
pub enum Known {
    /// Its properties are known.
    Simulated(&'static TaskType),
    /// It is one of Kestra's own types, and any properties are accepted.
    Opaque,
    /// It is the type of a plugin, and any properties are accepted.
    Plugin,
    /// It is in one of Kestra's own packages, but Kestra has no type of this name.
    NoSuchType,
    /// It is not a type name: it has no dots.
    NotAName,
}

/// The current name of a type, for a current or a former name.
#[must_use]
pub fn current_name(name: &str) -> Cow<'_, str> {
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

/// Looks up the name of a task type.
#[must_use]
pub fn lookup(name: &str) -> Known {
    if !is_type_name(name) {
        return Known::NotAName;
    }
    let current = current_name(name);
    if let Some(found) = kinds::types().find(|known| known.is_named(&current)) {
        return Known::Simulated(found);
    }
    // The former script tasks have no current name.
    if NOT_SIMULATED.contains(&&*current) || name.starts_with(kinds::shell::OLD_PACKAGE) {
        Known::Opaque
    } else if OWN_PREFIXES.iter().any(|prefix| name.starts_with(prefix)) && is_mistake(&current) {
        Known::NoSuchType
    } else {
        Known::Plugin
    }
}

/// Whether an unknown name in Kestra's own packages is a mistake: its package is known, or it is similar to a known name.
/// Otherwise it may be from a package of a newer server.
fn is_mistake(name: &str) -> bool {
    const CORE: &str = "io.kestra.plugin.core.";
    let Some(name) = name.strip_prefix(CORE) else { return true };
    let known = || all_names().filter_map(|known| known.strip_prefix(CORE));
    let package = name.split('.').next();
    known().any(|known| known.split('.').next() == package) || nearest(name, known()).is_some()
}

/// Whether this may be the type of a trigger: one of Kestra's own, or of a plugin.
#[must_use]
pub fn is_trigger_type(name: &str) -> bool {
    let current = current_name(name);
    is_type_name(name) && current.strip_prefix("io.kestra.plugin.core.trigger.").is_none_or(|class| TRIGGERS.contains(&class))
}

/// Whether a name is dotted, as the names of Java classes are.
fn is_type_name(name: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || "_$-".contains(c));
    name.contains('.') && name.split('.').all(is_part)
}

/// The short description of a type; `None` for a type that is not simulated.
#[must_use]
pub fn type_words(name: &str) -> Option<&'static str> {
    let current = current_name(name);
    kinds::types().find(|known| known.is_named(&current)).map(|known| known.words)
}

/// All current names of task types, for suggestions: the most used first, those that others have replaced last.
pub fn all_names() -> impl Iterator<Item = &'static str> {
    let named = |is_old: bool| kinds::types().filter(move |known| known.is_old == is_old).map(|known| known.name);
    named(false).chain(NOT_SIMULATED.iter().copied()).chain(named(true))
}
