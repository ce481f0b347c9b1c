//! Ways through a flow as it is written.

use crate::flow::kestra::schema::is_prose;
use crate::source::Span;
use crate::syntax::{Entry, Node, Value};

/// The type of a task, a trigger or another plugin as it is written: a name with dots.
pub fn type_name(node: &Node) -> Option<&str> {
    node.get("type").and_then(Node::as_str).filter(|name| name.contains('.'))
}

/// The last part of the type: `Parallel`.
pub fn short_type(node: &Node) -> &str {
    type_name(node).and_then(|name| name.rsplit('.').next()).unwrap_or("")
}

/// Whether this is a task: it has an id and a type.
pub fn is_task(node: &Node) -> bool {
    type_name(node).is_some() && node.get("id").is_some()
}

/// Whether a map has no other keys than these, `type` and `description`.
pub fn only(node: &Node, keys: &[&str]) -> Option<()> {
    node.entries().iter().all(|entry| keys.contains(&&*entry.key) || matches!(&*entry.key, "type" | "description")).then_some(())
}

/// Each text in a value that an expression may stand in, but in what is left out.
pub fn each_text<'a>(node: &'a Node, is_left_out: &dyn Fn(&Node) -> bool, found: &mut dyn FnMut(&'a str)) {
    if is_left_out(node) {
        return;
    }
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| each_text(item, is_left_out, found)),
        Value::Map(entries) => {
            let read = entries.iter().filter(|entry| !is_prose(node, &entry.key));
            read.for_each(|entry| each_text(&entry.value, is_left_out, found));
        }
        Value::Text(text) => found(text),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => {}
    }
}

/// The values of a list or a map.
pub fn children_mut(node: &mut Node) -> Box<dyn Iterator<Item = &mut Node> + '_> {
    match &mut node.value {
        Value::List(items) => Box::new(items.iter_mut()),
        Value::Map(entries) => Box::new(entries.iter_mut().map(|entry| &mut entry.value)),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => Box::new(std::iter::empty()),
    }
}

/// The entries of a map, to be changed.
pub fn entries_mut(node: &mut Node) -> &mut [Entry] {
    if let Value::Map(entries) = &mut node.value { entries } else { &mut [] }
}

/// The outermost values that are wanted, in the order of the text.
pub fn outermost<'a>(node: &'a Node, is_wanted: &dyn Fn(&Node) -> bool, found: &mut Vec<&'a Node>) {
    if is_wanted(node) {
        return found.push(node);
    }
    node.items().iter().chain(node.entries().iter().map(|entry| &entry.value)).for_each(|child| outermost(child, is_wanted, found));
}

/// All values that are wanted, in the order of the text.
pub fn all<'a>(node: &'a Node, is_wanted: &dyn Fn(&Node) -> bool, found: &mut Vec<&'a Node>) {
    if is_wanted(node) {
        found.push(node);
    }
    node.items().iter().chain(node.entries().iter().map(|entry| &entry.value)).for_each(|child| all(child, is_wanted, found));
}

/// The map with a type that spans exactly these bytes.
pub fn at_mut(node: &mut Node, span: Span) -> Option<&mut Node> {
    if node.span == span && node.get("type").is_some() {
        return Some(node);
    }
    children_mut(node).find_map(|child| at_mut(child, span))
}
