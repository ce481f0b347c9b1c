//! Intents to edits: which bytes to replace so that a flow says something else, and nothing but that.
//!
//! No YAML is ever printed anew: comments, order and quotes stay. **Invariant:** an edit is only given when reading the
//! edited text proves that exactly the intended value changed.

mod chains;
mod links;
mod tasks;

use std::ops::Range;

pub use links::{has_links, link, linkable, pairs, refused, unlink};
pub use tasks::{Intent, can_edit, edit, step_ms};

use crate::flow::{Flow, TaskIdx};
use crate::source::Source;
use crate::syntax::{Document, Entry, Node, Value, parse};

/// Bytes of a text to be replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Which bytes.
    pub range: Range<usize>,
    /// What to put there.
    pub text: String,
}

impl Edit {
    /// The text with the edit made.
    #[must_use]
    pub fn apply(&self, text: &str) -> String {
        [&text[..self.range.start], &self.text, &text[self.range.end..]].concat()
    }

    /// The one edit that makes `new` of `old`: all between what they share at both ends.
    #[must_use]
    pub fn between(old: &str, new: &str) -> Self {
        let same = |pair: &(u8, u8)| pair.0 == pair.1;
        let mut start = old.bytes().zip(new.bytes()).take_while(same).count();
        while !old.is_char_boundary(start) || !new.is_char_boundary(start) {
            start -= 1;
        }
        let (left_old, left_new) = (&old[start..], &new[start..]);
        let mut tail = left_old.bytes().rev().zip(left_new.bytes().rev()).take_while(same).count();
        while !old.is_char_boundary(old.len() - tail) || !new.is_char_boundary(new.len() - tail) {
            tail -= 1;
        }
        Self { range: start..old.len() - tail, text: new[start..new.len() - tail].to_owned() }
    }
}

/// The lines that an edit takes out, after `− `, and those it puts in, after `+ `; a line that only moves is in neither. At most
/// eight of each.
#[must_use]
pub fn changed_lines(text: &str, edit: &Edit) -> Vec<String> {
    const MOST: usize = 8;
    let start = text[..edit.range.start].rfind('\n').map_or(0, |line| line + 1);
    let end = text[edit.range.end..].find('\n').map_or(text.len(), |line| edit.range.end + line);
    let old = &text[start..end];
    let new = [&text[start..edit.range.start], &edit.text, &text[edit.range.end..end]].concat();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let least = old.lines().chain(new.lines()).filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    let only_in = |one: &str, other: &str, mark: &str| {
        let known: Vec<&str> = other.lines().map(str::trim).collect();
        let mut lines: Vec<String> = one
            .lines()
            .filter(|line| !known.contains(&line.trim()))
            .map(|line| [mark, line.get(least..).unwrap_or(line)].concat())
            .take(MOST + 1)
            .collect();
        if lines.len() > MOST {
            lines[MOST] = [mark, "…"].concat();
        }
        lines
    };
    [only_in(old, &new, "− "), only_in(&new, old, "+ ")].concat()
}

/// Sets `concurrent` of a group, of a ForEach `concurrencyLimit`. `None` is "no limit": 0 where the key stands, else no edit is needed.
///
/// A value that stands there is replaced; where the key is absent its line comes after `type:` with the same indent, in
/// flow style behind a comma.
///
/// # Errors
/// One sentence that says why the text can't be changed safely by a control.
pub fn set_concurrent(
    source: &Source,
    document: &Document,
    flow: &Flow,
    group: TaskIdx,
    limit: Option<u32>,
) -> Result<Option<Edit>, String> {
    let task = flow.task(group);
    let node = document
        .roots
        .iter()
        .find_map(|root| root.map_at(task.span))
        .ok_or("this group is written with an alias: change it in the text")?;
    let property = task.limit_property();
    let edit = match (node.entry(property), limit) {
        (Some(entry), limit) => Some(replace_value(source, entry, &limit.unwrap_or(0).to_string())?),
        (None, None) if task.limit() == 0 => None,
        (None, limit) => Some(insert_after_type(source, node, &format!("{property}: {}", limit.unwrap_or(0)))?),
    };
    match edit {
        Some(edit) if edit.text == source.text[edit.range.clone()] => Ok(None),
        Some(edit) => proved(source, document, node, &|node| set_property(node, property, limit.unwrap_or(0)), edit).map(Some),
        None => Ok(None),
    }
}

/// Whether a control may change the `concurrent` of a group.
///
/// # Errors
/// One sentence that says why not.
pub fn can_set_concurrent(source: &Source, document: &Document, flow: &Flow, group: TaskIdx) -> Result<(), String> {
    let written = flow.task(group).limit();
    set_concurrent(source, document, flow, group, Some(written + 1)).map(|_| ())
}

fn replace_value(source: &Source, entry: &Entry, text: &str) -> Result<Edit, String> {
    if entry.value.aliased {
        return Err("the value is an alias: change it in the text".to_owned());
    }
    let span = entry.value.span.range();
    if !span.is_empty() {
        return Ok(Edit { range: span, text: text.to_owned() });
    }
    // `concurrent:` with nothing behind it.
    let colon = source.text[entry.key_span.end as usize..].find(':').ok_or("the value is nowhere to be seen")?;
    let at = entry.key_span.end as usize + colon + 1;
    Ok(Edit { range: at..at, text: format!(" {text}") })
}

fn insert_after_type(source: &Source, node: &Node, text: &str) -> Result<Edit, String> {
    let entry = node.entry("type").filter(|entry| !entry.value.aliased).ok_or("the group's type is written with an alias")?;
    let end = entry.value.span.end as usize;
    if source.text[node.span.start as usize..].starts_with('{') {
        return Ok(Edit { range: end..end, text: format!(", {text}") });
    }
    let rest = &source.text[end..];
    let line_end = end + rest.find('\n').unwrap_or(rest.len());
    let ending = if source.text[..line_end].ends_with('\r') { "\r\n" } else { "\n" };
    let at = line_end - (ending.len() - 1);
    let column = source.position(entry.key_span.start).column - 1;
    Ok(Edit { range: at..at, text: format!("{ending}{}{text}", " ".repeat(column)) })
}

/// Reads the edited text and compares: the one task must be as `change` makes it, all else what it was.
fn proved(source: &Source, document: &Document, task: &Node, change: &dyn Fn(&mut Node), edit: Edit) -> Result<Edit, String> {
    let edited = Source::new(source.name.clone(), edit.apply(&source.text));
    let (after, diagnostics) = parse(&edited);
    let mut expected = document.clone();
    let changed = expected.roots.iter_mut().any(|root| change_in(root, task, change));
    let same = changed && diagnostics.is_empty() && expected.roots.len() == after.roots.len();
    let same = same && expected.roots.iter().zip(&after.roots).all(|(a, b)| a.same_value(b));
    if same { Ok(edit) } else { Err(TOO_UNUSUAL.to_owned()) }
}

const TOO_UNUSUAL: &str = "the text around this value is too unusual to change it safely: change it in the text";

/// Changes the node that stands where `task` stands.
fn change_in(node: &mut Node, task: &Node, change: &dyn Fn(&mut Node)) -> bool {
    if node.span == task.span && matches!(node.value, Value::Map(_)) && !node.aliased && node.same_value(task) {
        change(node);
        return true;
    }
    match &mut node.value {
        Value::List(items) => items.iter_mut().any(|item| change_in(item, task, change)),
        Value::Map(entries) => entries.iter_mut().any(|entry| change_in(&mut entry.value, task, change)),
        _ => false,
    }
}

/// Sets a number in a task; a new one stands behind the type.
fn set_property(node: &mut Node, property: &str, n: u32) {
    let span = node.span;
    let Value::Map(entries) = &mut node.value else { return };
    let value = Value::Int(i64::from(n));
    match entries.iter_mut().find(|entry| entry.key == property) {
        Some(entry) => entry.value.value = value,
        None => {
            let after = entries.iter().position(|entry| entry.key == "type").map_or(entries.len(), |at| at + 1);
            let node = Node { span, value, tag: None, aliased: false };
            entries.insert(after, Entry { key: property.to_owned(), key_span: span, value: node });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::read_text;

    /// The text after setting `concurrent` of `p`, only the lines that differ, or the reason why not.
    fn check(text: &str, limit: Option<u32>) -> String {
        let source = Source::new("flow.yaml", text);
        let (document, flows, diagnostics) = read_text(&source);
        let flow = flows.first().unwrap_or_else(|| panic!("{diagnostics:#?}"));
        let group = flow.find("p").expect("there is a group `p`");
        match set_concurrent(&source, &document, flow, group, limit) {
            Ok(Some(edit)) => {
                let after = edit.apply(text);
                assert_eq!(Edit::between(text, &after).apply(text), after);
                let old: Vec<&str> = text.lines().collect();
                after.lines().filter(|line| !old.contains(line)).collect::<Vec<_>>().join("\n")
            }
            Ok(None) => "no edit".to_owned(),
            Err(why) => why,
        }
    }

    fn block(group: &str) -> String {
        format!("id: f\nnamespace: n\ntasks:\n{group}      - {{id: a, type: io.kestra.plugin.core.debug.Return}}\n")
    }

    #[test]
    fn a_value_is_replaced_and_all_else_stays() {
        let text = block("  - id: p # group\n    type: io.kestra.plugin.core.flow.Parallel\n    concurrent:   3   # slots\n    tasks:\n");
        assert_eq!(check(&text, Some(6)), "    concurrent:   6   # slots");
        assert_eq!(check(&text, None), "    concurrent:   0   # slots");
        assert_eq!(check(&text, Some(3)), "no edit");
    }

    #[test]
    fn an_absent_key_comes_after_the_type() {
        let text = block("  - id: p\n    type: io.kestra.plugin.core.flow.Parallel # a comment\n    tasks:\n");
        assert_eq!(check(&text, Some(2)), "    concurrent: 2");
        assert_eq!(check(&text, None), "no edit");
        let crlf = text.replace('\n', "\r\n");
        assert_eq!(check(&crlf, Some(2)), "    concurrent: 2");
    }

    #[test]
    fn flow_style_and_empty_values_are_edited_in_place() {
        let inline = "id: f\nnamespace: n\ntasks:\n  - {id: p, type: io.kestra.plugin.core.flow.Parallel, tasks: [{id: a, type: io.kestra.plugin.core.debug.Return}]}\n";
        let expected = "  - {id: p, type: io.kestra.plugin.core.flow.Parallel, concurrent: 2, tasks: [{id: a, type: io.kestra.plugin.core.debug.Return}]}";
        assert_eq!(check(inline, Some(2)), expected);
        let empty = block("  - id: p\n    type: io.kestra.plugin.core.flow.Parallel\n    concurrent:\n    tasks:\n");
        assert_eq!(check(&empty, Some(2)), "    concurrent: 2");
    }

    #[test]
    fn what_is_shared_by_aliases_is_left_alone() {
        let text = block("  - id: p\n    type: io.kestra.plugin.core.flow.Parallel\n    concurrent: &n 3\n    timeout: PT1S\n    tasks:\n");
        assert_eq!(check(&text, Some(2)), "    concurrent: &n 2");
        let alias = text.replace("concurrent: &n 3", "concurrent: *n").replace("namespace: n", "namespace: n\nrevision: &n 3");
        assert_eq!(check(&alias, Some(2)), "the value is an alias: change it in the text");
        let shared = text.replace("timeout: PT1S", "timeout: PT1S\n    assets: {key: *n}");
        assert_eq!(check(&shared, Some(2)), "the text around this value is too unusual to change it safely: change it in the text");
    }

    #[test]
    fn between_finds_the_smallest_change() {
        let edit = Edit::between("id: ä\nx", "id: ö\nx");
        assert_eq!((edit.range.clone(), edit.text.as_str()), (4..6, "ö"));
        assert_eq!(edit.apply("id: ä\nx"), "id: ö\nx");
        assert_eq!(Edit::between("aa", "aaa").apply("aa"), "aaa");
    }
}
