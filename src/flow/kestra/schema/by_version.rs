//! What each version of Kestra knows: its core task types and their properties.
//!
//! In: `core_types.txt`, a line for each type, which `scripts/core-types.mjs` writes from the schema of Kestra 1.3.31 and 2.0.0.
//! A line has the name of the type without `io.kestra.plugin.core.`, then its properties: `<` before a name is only 1.3, `>` only
//! 2.0, `*` after it required, `~` deprecated; after `:` the shape, `?` for a value that is rendered, `=` and the default.

use std::sync::LazyLock;

use super::{Need, Property, Shape, TaskType};
use crate::collections::Named;
use crate::flow::kestra::versions::Versions;
use crate::flow::kinds;

/// The package of the core types.
const CORE: &str = "io.kestra.plugin.core.";

/// A core task type.
#[derive(Debug)]
pub struct CoreType {
    /// Its name.
    pub name: &'static str,
    /// The versions that know it.
    pub versions: Versions,
    /// Its own properties in all versions. Those of a simulated type have the words and the shapes of its kind.
    pub properties: &'static [Property],
}

/// All core task types of 1.3 and 2.0, by name.
static CORE_TYPES: LazyLock<Vec<CoreType>> = LazyLock::new(|| {
    let mut types: Vec<CoreType> = include_str!("core_types.txt").lines().map(parse_type).collect();
    types.sort_unstable_by_key(|known| known.name);
    types
});

/// The same, to be found.
static BY_NAME: LazyLock<Named<&'static CoreType>> = LazyLock::new(|| CORE_TYPES.iter().map(|core| (core.name, core)).collect());

/// The core task type with this current name.
#[must_use]
pub fn core_type(name: &str) -> Option<&'static CoreType> {
    BY_NAME.get(name).copied()
}

/// All core task types of 1.3 and 2.0.
pub fn core_types() -> impl Iterator<Item = &'static CoreType> {
    CORE_TYPES.iter()
}

/// The own properties of a simulated type, in all versions.
#[must_use]
pub fn properties_of(known: &'static TaskType) -> &'static [Property] {
    core_type(known.name).map_or(known.properties, |core| core.properties)
}

/// The versions that know a type of Kestra's own packages, by the name as written and its current name.
#[must_use]
pub fn versions_of(written: &str, current: &str) -> Versions {
    let by_name = if written == current || written.starts_with("io.kestra.plugin.fs.http.") || written.ends_with(".WaitFor") {
        Versions::ALL
    } else if written.starts_with("io.kestra.core.") {
        Versions::BEFORE_2_0
    } else {
        Versions::ONLY_0_21
    };
    let of_type = match core_type(current) {
        Some(core) => core.versions,
        // These two are former names of types in 1.3.
        None if current.ends_with(".storage.Purge") || current.ends_with(".storage.PurgeExecution") => Versions::BEFORE_2_0,
        None => Versions::ONLY_0_21,
    };
    by_name.and(of_type)
}

fn parse_type(line: &'static str) -> CoreType {
    let (name, properties) = line.split_once(' ').unwrap_or((line, ""));
    let (versions, name) = marked(name);
    let name: &'static str = String::leak([CORE, name].concat());
    let listed = properties.split_whitespace().map(property);
    let own = kinds::types().find(|known| known.name == name).map_or(&[][..], |known| known.properties);
    CoreType { name, versions, properties: Vec::leak(merged(own, listed.collect())) }
}

/// The properties of a kind, each with what the list knows of it, and those that only the list has.
fn merged(own: &'static [Property], mut listed: Vec<Property>) -> Vec<Property> {
    let mut all = Vec::with_capacity(own.len().saturating_add(listed.len()));
    for property in own {
        let known = listed.iter().position(|known| known.name == property.name).map(|at| listed.remove(at));
        all.push(match known {
            Some(known) => {
                let versions = known.versions.or(Versions::ONLY_0_21);
                Property { shape: property.shape, need: property.need, words: property.words, versions, ..known }
            }
            None => Property { versions: Versions::ONLY_0_21, ..*property },
        });
    }
    listed.iter_mut().filter(|_| !own.is_empty()).for_each(|only| only.versions = only.versions.and(Versions::SINCE_1_3));
    all.append(&mut listed);
    all
}

/// The versions that a mark before a name stands for, and the name. The list knows nothing of 0.21.
fn marked(name: &'static str) -> (Versions, &'static str) {
    match (name.strip_prefix('<'), name.strip_prefix('>')) {
        (Some(name), _) => (Versions::BEFORE_2_0, name),
        (_, Some(name)) => (Versions::ONLY_2_0, name),
        _ => (Versions::ALL, name),
    }
}

fn property(written: &'static str) -> Property {
    let (name, value) = written.split_once(':').unwrap_or((written, ""));
    let (value, default) = value.split_once('=').unwrap_or((value, ""));
    let (shape, is_rendered) = value.strip_suffix('?').map_or((value, false), |shape| (shape, true));
    let (versions, name) = marked(name);
    let (name, is_old) = name.strip_suffix('~').map_or((name, false), |name| (name, true));
    let (name, need) = name.strip_suffix('*').map_or((name, Need::Optional), |name| (name, Need::Present));
    let shape = match shape {
        "s" => Shape::Text,
        "b" => Shape::Bool,
        "n" => Shape::Number,
        "i" => Shape::Count,
        "d" => Shape::Duration,
        "m" => Shape::Map,
        "L" => Shape::Labels,
        words if words.contains('|') => Shape::OneOf(Vec::leak(words.split('|').collect())),
        _ => Shape::Any,
    };
    Property { name, shape, need, words: "", versions, is_rendered, is_old, default }
}

#[cfg(test)]
mod tests;
