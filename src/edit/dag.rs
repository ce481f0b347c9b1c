//! The `dependsOn` of the tasks of a Dag.

use super::Edit;
use super::text::{add_item, column, last_byte, line_end, too_unusual, without_item};
use crate::source::Source;
use crate::syntax::{Node, scalar};

/// Adds the id of a task to what the child at `position` depends on.
pub fn add_dependency(source: &Source, group: &Node, position: usize, id: &str) -> Result<Edit, String> {
    let (item, id) = (child(group, position)?, scalar(id));
    if let Some(entry) = item.entry("dependsOn") {
        return add_item(source, entry.value.span, entry.value.items(), &[id]);
    }
    let task = item.entry("task").ok_or_else(too_unusual)?;
    if source.slice(item.span).starts_with('{') {
        let at = item.span.range().end - 1;
        return Ok(Edit { range: at..at, text: format!(", dependsOn: [{id}]") });
    }
    let indent = " ".repeat(column(source, task.key_span.start)?);
    let at = line_end(source, last_byte(source, &task.value));
    Ok(Edit { range: at..at, text: format!("\n{indent}dependsOn: [{id}]") })
}

/// Removes the id of a task from what the child at `position` depends on.
pub fn remove_dependency(source: &Source, group: &Node, position: usize, id: &str) -> Result<Edit, String> {
    let entry = child(group, position)?.entry("dependsOn").ok_or_else(too_unusual)?;
    let items = entry.value.items();
    let at = items.iter().position(|wanted| wanted.scalar_text(source) == Some(id)).ok_or_else(too_unusual)?;
    without_item(source, entry.key_span, items, at)
}

fn child(group: &Node, position: usize) -> Result<&Node, String> {
    group.get("tasks").and_then(|tasks| tasks.items().get(position)).ok_or_else(too_unusual)
}
