//! `pluginDefaults`: values for every task of a type, or of all types with a prefix. A property of the task itself wins,
//! unless the default is `forced`. Rule: Kestra, "Flow properties".

use std::borrow::Cow;

use crate::source::Source;
use crate::syntax::{Entry, Node, Value};

/// A task with the defaults of its type filled in.
pub fn filled_in<'a>(task: &'a Node, flow: &Node, source: &Source) -> Cow<'a, Node> {
    let mut filled = Cow::Borrowed(task);
    for (values, forced) in fitting(task, flow, source) {
        merge(filled.to_mut(), values, forced);
    }
    filled
}

/// The values that a flow has for a task or another plugin, in order, and whether they replace its own.
pub fn fitting<'f>(task: &Node, flow: &'f Node, source: &Source) -> Vec<(&'f Node, bool)> {
    let Some(type_name) = task.get("type").and_then(|written| written.scalar_text(source)) else { return Vec::new() };
    let name = |node: &Node, key: &str| node.get(key).and_then(|written| written.scalar_text(source)).map(str::to_owned);
    let defaults = ["pluginDefaults", "taskDefaults"].iter().filter_map(|name| flow.get(name)).flat_map(Node::items);
    let values = defaults.filter_map(|default| {
        let wanted = default.get("type").and_then(|written| written.scalar_text(source)).unwrap_or("");
        // Values with a name are for the tasks that ask for them.
        let is_asked_for = name(default, "ref").is_none_or(|wanted| name(task, "pluginDefaultsRef") == Some(wanted));
        let fits = is_asked_for
            && (type_name == wanted || type_name.strip_prefix(wanted).is_some_and(|rest| wanted.ends_with('.') || rest.starts_with('.')));
        let forced = default.get("forced").and_then(|written| written.scalar_text(source)) == Some("true");
        default.get("values").filter(|_| fits && !wanted.is_empty()).map(|values| (values, forced))
    });
    values.collect()
}

/// Adds what is missing, in maps within maps too; `forced` replaces what is there.
fn merge(into: &mut Node, defaults: &Node, forced: bool) {
    let Value::Map(entries) = &mut into.value else { return };
    for default in defaults.entries() {
        match entries.iter_mut().find(|entry| entry.key == default.key) {
            None => entries.push(Entry::clone(default)),
            Some(Entry { value, .. }) => match (&mut value.value, &default.value.value) {
                (Value::Map(_), Value::Map(_)) => merge(value, &default.value, forced),
                _ if forced => *value = default.value.clone(),
                _ => {}
            },
        }
    }
}
