//! Names of types, current and former, and what is known of each.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::{CoreType, TaskType, core_type, core_types, versions_of};
use crate::collections::Named;
use crate::diag::nearest;
use crate::flow::kestra::versions::{Version, Versions};
use crate::flow::kinds;

/// Types that 1.3 and 2.0 do not have, but 0.21 takes, as older or newer servers do; they run as opaque tasks, with any
/// properties.
const OF_OTHER_SERVERS: &[&str] = &[
    "io.kestra.plugin.core.debug.Wait",
    "io.kestra.plugin.core.execution.Delete",
    "io.kestra.plugin.core.execution.Kill",
    "io.kestra.plugin.core.execution.Query",
    "io.kestra.plugin.core.flow.Version",
    "io.kestra.plugin.core.flow.Wait",
    "io.kestra.plugin.core.kv.Version",
    "io.kestra.plugin.core.namespace.Version",
    "io.kestra.plugin.core.storage.Purge",
    "io.kestra.plugin.core.storage.PurgeExecution",
    "io.kestra.plugin.core.storage.PurgeInternalStorage",
];

/// Kestra's own types that run as opaque tasks so far.
pub fn not_simulated() -> impl Iterator<Item = &'static str> {
    let core = core_types().map(|core| core.name).filter(|name| !kinds::types().any(|known| known.is_named(name)));
    core.chain(OF_OTHER_SERVERS.iter().copied())
}

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

/// Kestra's own triggers, each with the versions that know it.
const TRIGGERS: &[(&str, Versions)] = &[
    ("io.kestra.plugin.core.trigger.Schedule", Versions::ALL),
    ("io.kestra.plugin.core.trigger.Webhook", Versions::ALL),
    ("io.kestra.plugin.core.trigger.Flow", Versions::ALL),
    ("io.kestra.plugin.core.trigger.ScheduleOnDates", Versions::ALL),
    ("io.kestra.plugin.core.trigger.BatchWebhook", Versions::ONLY_0_21),
    ("io.kestra.plugin.core.trigger.McpToolTrigger", Versions::ONLY_0_21.or(Versions::ONLY_2_0)),
    ("io.kestra.plugin.core.trigger.SchedulableExecution", Versions::ONLY_0_21),
];

/// What is known of a type name.
#[derive(Debug)]
pub enum Known {
    /// Its properties are known.
    Simulated(&'static TaskType),
    /// It is one of Kestra's own types. Its properties are known in 1.3 and 2.0, if they are given.
    Opaque(Option<&'static CoreType>),
    /// It is the type of a plugin, and any properties are accepted.
    Plugin,
    /// It is a type in other versions than the one that was asked for: these.
    OtherVersion(Versions),
    /// It is in one of Kestra's own packages, but Kestra has no type of this name.
    NoSuchType,
    /// It is not a type name: it has no dots.
    NotAName,
}

/// What is simulated, by current and by former names.
static SIMULATED: LazyLock<Named<&'static TaskType>> = LazyLock::new(|| {
    let names = |known: &'static TaskType| std::iter::once(known.name).chain([known.same, known.former].into_iter().flatten().copied());
    kinds::types().flat_map(|known| names(known).map(move |name| (name, known))).collect()
});

/// The simulated type with this current or former name.
fn named(name: &str) -> Option<&'static TaskType> {
    SIMULATED.get(name).copied()
}

/// The current name of a type, for a current or a former name.
#[must_use]
pub fn current_name(name: &str) -> Cow<'_, str> {
    if named(name).map_or_else(|| core_type(name).is_some(), |known| known.is_named(name)) {
        return Cow::Borrowed(name);
    }
    let moved = MOVED.iter().find_map(|(old, new)| name.strip_prefix(old).map(|class| format!("{new}{class}")));
    let moved = moved.map_or(Cow::Borrowed(name), Cow::Owned);
    if moved == "io.kestra.plugin.core.execution.Counts" {
        return Cow::Borrowed("io.kestra.plugin.core.execution.Count");
    }
    match named(&moved) {
        Some(known) if !known.is_named(&moved) => Cow::Borrowed(known.name),
        _ => moved,
    }
}

/// What is simulated of a task type in some version, by a current or a former name.
#[must_use]
pub fn simulated(name: &str) -> Option<&'static TaskType> {
    named(&current_name(name))
}

/// Looks up the name of a task type in a version.
#[must_use]
pub fn lookup(name: &str, version: Version) -> Known {
    // The former script tasks have no current name; the plugin of the scripts has them still.
    if name.starts_with(kinds::shell::OLD_PACKAGE) {
        return if is_type_name(name) { Known::Opaque(None) } else { Known::NotAName };
    }
    let current = current_name(name);
    let (simulated, core) = (named(&current), core_type(&current));
    let is_known = simulated.is_some() || core.is_some() || OF_OTHER_SERVERS.contains(&&*current);
    if is_known && is_own(&current) && version != Version::V0_21 {
        let versions = versions_of(name, &current);
        if !versions.has(version) {
            return Known::OtherVersion(versions);
        }
    }
    if let Some(found) = simulated {
        Known::Simulated(found)
    } else if is_known {
        Known::Opaque(core.filter(|_| version != Version::V0_21))
    } else if !is_type_name(name) {
        Known::NotAName
    } else if is_own(name) && is_mistake(&current) {
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
    let known = || all_names(Version::V0_21).filter_map(|known| known.strip_prefix(CORE));
    let package = name.split('.').next();
    known().any(|known| known.split('.').next() == package) || nearest(name, known()).is_some()
}

/// The names of Kestra's own triggers that a version knows.
pub fn trigger_names(version: Version) -> impl Iterator<Item = &'static str> {
    TRIGGERS.iter().filter(move |(_, versions)| versions.has(version)).map(|(name, _)| *name)
}

/// The versions that know one of Kestra's own triggers, by its current name.
#[must_use]
pub fn trigger_versions(name: &str) -> Versions {
    TRIGGERS.iter().find(|(known, _)| *known == name).map_or(Versions::NONE, |(_, versions)| *versions)
}

/// Whether this may be the type of a trigger in a version: one of Kestra's own, or of a plugin.
#[must_use]
pub fn is_trigger_type(name: &str, version: Version) -> bool {
    let current = current_name(name);
    let is_known = trigger_versions(&current).has(version);
    let is_former = name.starts_with("io.kestra.core.") && version == Version::V2_0;
    is_type_name(name) && !is_former && (is_known || !current.starts_with("io.kestra.plugin.core.trigger."))
}

/// Whether this is the current name of one of Kestra's own types. What the types of plugins know changes with each of their versions.
#[must_use]
pub fn is_own(name: &str) -> bool {
    OWN_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Whether a name is dotted, as the names of Java classes are.
fn is_type_name(name: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || "_$-".contains(c));
    name.contains('.') && name.split('.').all(is_part)
}

/// The short description of a type; `None` for a type that is not simulated.
#[must_use]
pub fn type_words(name: &str) -> Option<&'static str> {
    simulated(name).map(|known| known.words)
}

/// All current names of task types that a version knows, for suggestions: the most used first, those that others have replaced
/// last.
pub fn all_names(version: Version) -> impl Iterator<Item = &'static str> {
    let named = |is_old: bool| kinds::types().filter(move |known| known.is_old == is_old).map(|known| known.name);
    named(false).chain(not_simulated()).chain(named(true)).filter(move |name| {
        let is_own = OWN_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
        version == Version::V0_21 || !is_own || versions_of(name, name).has(version)
    })
}
