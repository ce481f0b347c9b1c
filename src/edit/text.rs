//! Where the parts of a task stand in the text, and the edits of single entries and items.

use super::Edit;
use crate::flow::{Flow, TaskIdx};
use crate::source::{Source, Span};
use crate::syntax::{Document, Entry, Node, Value};
use crate::tr;

/// Why no edit is given where its proof fails.
pub fn too_unusual() -> String {
    tr!("the text around this value is too unusual to change it safely: change it in the text")
}

/// The node of a task.
///
/// # Errors
/// When the task is written with an alias.
pub fn node_of<'a>(document: &'a Document, flow: &Flow, idx: TaskIdx) -> Result<&'a Node, String> {
    document.roots.iter().find_map(|root| root.map_at(flow.task(idx).span)).ok_or_else(too_unusual)
}

/// The column, from 0, of a key or dash that is the first on its line, but for the dash of its item.
pub fn column(source: &Source, at: u32) -> Result<usize, String> {
    let before = &source.text[line_start(source, at as usize)..at as usize];
    if before.trim().is_empty() || before.trim() == "-" { Ok(before.len()) } else { Err(too_unusual()) }
}

/// Where the line of a byte begins.
pub fn line_start(source: &Source, at: usize) -> usize {
    source.text[..at].rfind('\n').map_or(0, |line| line + 1)
}

/// Where the line of a byte ends, before its line break.
pub fn line_end(source: &Source, at: usize) -> usize {
    at + source.text[at..].find(['\n', '\r']).unwrap_or(source.text.len() - at)
}

/// The end of the last text in a node, without the blank lines after a block.
pub fn last_byte(source: &Source, node: &Node) -> usize {
    let text = source.slice(node.span).trim_end();
    let children = node.items().iter().chain(node.entries().iter().map(|entry| &entry.value));
    let inner = children.map(|child| last_byte(source, child)).max().filter(|_| !text.starts_with(['{', '[']));
    inner.unwrap_or(node.span.range().start + text.len())
}

/// The byte of the dash before an item of a list in block style.
pub fn dash(source: &Source, item: Span) -> Result<usize, String> {
    Ok(source.text[..item.range().start].trim_end_matches(' ').strip_suffix('-').ok_or_else(too_unusual)?.len())
}

/// Writes another value for a key that is there.
pub fn replace_value(source: &Source, entry: &Entry, text: &str) -> Result<Edit, String> {
    if entry.value.aliased {
        return Err(tr!("the value is an alias: change it in the text"));
    }
    let span = entry.value.span.range();
    if !span.is_empty() {
        return Ok(Edit { range: span, text: text.to_owned() });
    }
    // `concurrent:` without a value.
    let colon = source.text[entry.key_span.range().end..].find(':').ok_or_else(|| tr!("the value is nowhere to be seen"))?;
    let at = entry.key_span.range().end + colon + 1;
    Ok(Edit { range: at..at, text: format!(" {text}") })
}

/// Writes a new entry after `type:`, on its own line with the same indent, or after a comma in flow style.
pub fn insert_after_type(source: &Source, node: &Node, text: &str) -> Result<Edit, String> {
    let entry = node.entry("type").filter(|entry| !entry.value.aliased).ok_or_else(|| tr!("the group's type is written with an alias"))?;
    let end = entry.value.span.range().end;
    if source.text[node.span.range().start..].starts_with('{') {
        return Ok(Edit { range: end..end, text: format!(", {text}") });
    }
    let rest = &source.text[end..];
    let line_end = end + rest.find('\n').unwrap_or(rest.len());
    let ending = if source.text[..line_end].ends_with('\r') { "\r\n" } else { "\n" };
    let at = line_end - (ending.len() - 1);
    let column = source.position(entry.key_span.start).column - 1;
    Ok(Edit { range: at..at, text: format!("{ending}{}{text}", " ".repeat(column)) })
}

/// Sets a number in the node of a task; a new key stands after the type, as [`insert_after_type`] writes it.
pub fn set_number(node: &mut Node, key: &str, n: u32) {
    let span = node.span;
    let value = Value::Int(i64::from(n));
    let Value::Map(entries) = &mut node.value else { return };
    match entries.iter_mut().find(|entry| entry.key == key) {
        Some(entry) => entry.value.value = value,
        None => {
            let node = Node { span, value, tag: None, aliased: false };
            insert_entry(entries, Entry { key: key.to_owned(), key_span: span, value: node });
        }
    }
}

/// Puts an entry after the type.
pub fn insert_entry(entries: &mut Vec<Entry>, entry: Entry) {
    let after = entries.iter().position(|entry| entry.key == "type").map_or(entries.len(), |at| at + 1);
    entries.insert(after, entry);
}

/// Adds an item after the others, in their style. Several lines are the entries of a map.
pub fn add_item(source: &Source, list: Span, items: &[Node], lines: &[String]) -> Result<Edit, String> {
    if source.slice(list).starts_with('[') {
        let at = list.range().end - 1;
        let comma = if items.is_empty() { "" } else { ", " };
        let text = if lines.len() > 1 { format!("{{{}}}", lines.join(", ")) } else { lines.concat() };
        return Ok(Edit { range: at..at, text: [comma, &text].concat() });
    }
    let last = items.last().ok_or_else(too_unusual)?;
    let indent = " ".repeat(column(source, dash(source, last.span)? as u32)?);
    let at = line_end(source, last_byte(source, last));
    Ok(Edit { range: at..at, text: format!("\n{indent}- {}", lines.join(&format!("\n{indent}  "))) })
}

/// Removes an item; the key of the list is removed with its only item.
pub fn without_item(source: &Source, key: Span, items: &[Node], at: usize) -> Result<Edit, String> {
    let item = &items[at];
    if items.len() == 1 {
        // From the line before the key to the end of the item: the whole entry.
        let start = line_start(source, key.range().start);
        if !source.text[start..key.range().start].trim().is_empty() {
            return Err(too_unusual());
        }
        let end = line_end(source, last_byte(source, item));
        return Ok(Edit { range: start.saturating_sub(1)..end, text: String::new() });
    }
    if dash(source, item.span).is_err() {
        // In brackets.
        let range = if at == 0 { item.span.start..items[1].span.start } else { items[at - 1].span.end..item.span.end };
        return Ok(Edit { range: range.start as usize..range.end as usize, text: String::new() });
    }
    let start = line_start(source, item.span.range().start);
    Ok(Edit { range: start.saturating_sub(1)..line_end(source, last_byte(source, item)), text: String::new() })
}
