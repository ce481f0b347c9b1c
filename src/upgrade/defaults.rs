//! `pluginDefaults` and `taskDefaults`, written into each task. Rule: Kestra, "Flow properties".

use super::pen::{Done, Left, Pen, in_flow};
use super::walk::{children_mut, type_name};
use crate::flow::Version;
use crate::flow::kestra::defaults::Defaults;
use crate::flow::kestra::schema::{self, Known};
use crate::source::{Source, Span};
use crate::syntax::{Entry, Node, Value};
use crate::tr;

/// The keys that are gone.
const KEYS: [&str; 2] = ["pluginDefaults", "taskDefaults"];

/// Where a flow has defaults.
pub fn places(root: &Node) -> impl Iterator<Item = &Entry> {
    root.entries().iter().filter(|entry| KEYS.contains(&&*entry.key))
}

/// Why they are gone.
pub fn reason() -> String {
    tr!("2.0 knows no defaults within a flow")
}

/// Writes the values of all defaults into the tasks, and takes the defaults out.
pub fn write_out(root: &mut Node, comments: &[Span], pen: &mut Pen<'_>) -> Done {
    let flow = root.clone();
    let defaults = Defaults::of(&flow, pen.source);
    if let Value::Map(entries) = &mut root.value {
        entries
            .iter_mut()
            .filter(|entry| !KEYS.contains(&&*entry.key))
            .try_for_each(|entry| fill(&mut entry.value, &defaults, comments, pen))?;
    }
    // The comments within a value have moved with it.
    let has_moved = |comment: &Span| pen.edits.iter().any(|edit| edit.text.contains(pen.source.slice(*comment).trim_end()));
    let staying: Vec<Span> = comments.iter().filter(|comment| !has_moved(comment)).copied().collect();
    KEYS.iter().filter(|key| flow.get(key).is_some()).try_for_each(|key| pen.remove(root, key, &staying))
}

fn fill(node: &mut Node, defaults: &Defaults<'_>, comments: &[Span], pen: &mut Pen<'_>) -> Done {
    children_mut(node).try_for_each(|child| fill(child, defaults, comments, pen))?;
    if type_name(node).is_none() {
        return Ok(());
    }
    // First put together, then written: a later default sees what an earlier one has given.
    let mut values: Vec<(Entry, bool)> = Vec::new();
    for (given, forced) in defaults.fitting(node) {
        for default in given.entries().iter().filter(|default| knows(node, &default.key)) {
            match values.iter_mut().find(|(known, _)| known.key == default.key) {
                None => values.push((default.clone(), forced)),
                Some(known) if forced => *known = (default.clone(), true),
                Some((known, _)) if known.value.same_value(&default.value) => {}
                // Two defaults that both have a part of one map.
                Some((known, _)) if !known.value.entries().is_empty() => return Err(by_hand()),
                Some(_) => {}
            }
        }
    }
    // The last one that is written stands first.
    for (default, forced) in values.iter().rev() {
        add(node, default, *forced, pen)?;
    }
    if node.get("pluginDefaultsRef").is_some() {
        pen.remove(node, "pluginDefaultsRef", comments)?;
    }
    Ok(())
}

/// Whether a task of 1.3 has a property. Of plugins nothing is known.
fn knows(node: &Node, key: &str) -> bool {
    let own = match schema::lookup(type_name(node).unwrap_or(""), Version::V1_3) {
        Known::Simulated(known) => schema::properties_of(known),
        Known::Opaque(Some(core)) => core.properties,
        Known::Opaque(None) | Known::Plugin | Known::OtherVersion(_) | Known::NoSuchType | Known::NotAName => return true,
    };
    own.iter().chain(schema::EVERY_TASK).any(|property| property.name == key)
}

/// Gives a map a value that it lacks, or that is forced.
fn add(node: &mut Node, default: &Entry, forced: bool, pen: &mut Pen<'_>) -> Done {
    let Value::Map(entries) = &mut node.value else { return Err(Left::unusual()) };
    let Some(entry) = entries.iter_mut().find(|entry| entry.key == default.key) else {
        return pen.add(node, &default.key, &default.value);
    };
    match (&entry.value.value, &default.value.value) {
        (Value::Map(own), Value::Map(_)) if !own.is_empty() => {
            default.value.entries().iter().rev().try_for_each(|inner| add(&mut entry.value, inner, forced, pen))
        }
        _ if forced => replace(entry, &default.value, pen),
        _ => Ok(()),
    }
}

fn replace(entry: &mut Entry, value: &Node, pen: &mut Pen<'_>) -> Done {
    let is_one_line = |source: &Source| !source.slice(entry.value.span).contains('\n') && !entry.value.span.range().is_empty();
    if entry.value.aliased || !is_one_line(pen.source) {
        return Err(by_hand());
    }
    pen.replace(entry.value.span, in_flow(value, pen.source));
    entry.value = value.clone();
    Ok(())
}

fn by_hand() -> Left {
    let why = tr!("the defaults replace or complete values in a way that only a person can write out safely");
    Left::because(why, [tr!("write the values in each task"), tr!("set a policy on the server, in the Enterprise Edition")])
}
