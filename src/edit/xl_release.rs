//! How the links and lengths of an XL Release template are written. Rules: XL Release, "Links between tasks of a parallel group"
//! and "Timing and control fields".

use super::Edit;
use super::text::{add_item, column, insert_after_type, last_byte, line_end, replace_value, too_unusual, without_item};
use crate::flow::plan::Plan;
use crate::flow::xl_release::title;
use crate::source::Source;
use crate::syntax::{Node, Value, scalar};
use crate::tr;

/// The key of a length, in whole seconds.
pub const LENGTH: &str = "plannedDuration";

/// Adds a link from one child of a group to another, by their positions.
pub fn add_link(source: &Source, group: &Node, from: usize, to: usize) -> Result<Edit, String> {
    let (from, to) = (scalar(&title_of(source, group, from)?), scalar(&title_of(source, group, to)?));
    match group.entry("links").filter(|entry| !entry.value.items().is_empty()) {
        Some(entry) => add_item(source, entry.value.span, entry.value.items(), &[format!("source: {from}"), format!("target: {to}")]),
        None => {
            let tasks = group.entry("tasks").ok_or_else(too_unusual)?;
            let indent = " ".repeat(column(source, tasks.key_span.start)?);
            let at = line_end(source, last_byte(source, &tasks.value));
            Ok(Edit { range: at..at, text: format!("\n{indent}links:\n{indent}- source: {from}\n{indent}  target: {to}") })
        }
    }
}

/// Removes the link from one child of a group to another.
pub fn remove_link(source: &Source, group: &Node, from: usize, to: usize) -> Result<Edit, String> {
    let (from, to) = (title_of(source, group, from)?, title_of(source, group, to)?);
    let is_end = |link: &Node, key: &str, title: &str| link.get(key).and_then(|end| end.scalar_text(source)) == Some(title);
    let entry = group.entry("links").ok_or_else(too_unusual)?;
    let links = entry.value.items();
    let at = links.iter().position(|link| is_end(link, "source", &from) && is_end(link, "target", &to)).ok_or_else(too_unusual)?;
    without_item(source, entry.key_span, links, at)
}

/// The title of a child as it is written. A link can't tell two children with the same title apart.
fn title_of(source: &Source, group: &Node, position: usize) -> Result<String, String> {
    let items = group.get("tasks").map(Node::items).unwrap_or_default();
    let title = |item| title(item, "name", source);
    let own = items.get(position).and_then(title).ok_or_else(too_unusual)?;
    let n_same = items.iter().filter(|item| title(item).as_deref() == Some(&own)).count();
    if n_same > 1 { Err(tr!("two tasks of this group are called `{name}`: give one of them another name", name = own)) } else { Ok(own) }
}

/// The planned length of an item in whole seconds: as it is written, else the usual one.
pub fn length_s(node: &Node, plan: &Plan) -> Result<u64, String> {
    match node.get(LENGTH).map(|written| &written.value) {
        Some(Value::Int(seconds)) => Ok(u64::try_from(*seconds).unwrap_or(0)),
        Some(_) => Err(tr!("its planned duration is no number: change it in the text")),
        None => Ok(plan.usual_length().map_or(0, |length| length.0 / 1000)),
    }
}

/// Writes the planned length of an item.
pub fn set_length(source: &Source, node: &Node, seconds: u32) -> Result<Edit, String> {
    match node.entry(LENGTH) {
        Some(entry) => replace_value(source, entry, &seconds.to_string()),
        None => insert_after_type(source, node, &format!("{LENGTH}: {seconds}")),
    }
}

#[cfg(test)]
pub mod tests {
    /// A template with a parallel group of three tasks.
    pub const GROUP: &str = "apiVersion: xl-release/v1\nkind: Templates\nspec:\n- template: T\n  phases:\n  - phase: P\n    tasks:\n    - name: G\n      type: xlrelease.ParallelGroup\n      tasks:\n      - name: A\n        type: xlrelease.Task\n      - name: B # b\n        type: xlrelease.Task\n      - name: C\n        type: xlrelease.Task\n";
}
