//! A text after a change: only the lines that the change touches are read again.
//!
//! A change lies in some items of a list or entries of a map, the *children*. YAML is read from left to right: up to the first of these,
//! and from the next child on, the text says what it said before, there further along by as many bytes as the change added. The lines
//! between are read as a text of their own, which must say a list or a map too. Where that is not sure, the whole text must be read.

use std::ops::Range;

use super::lines::{Line, has_other_breaks, is_mark};
use super::values::{Block, block};
use super::{Comment, Document, Entry, Node, Value};
use crate::collections::Index;
use crate::pace::give_way;
use crate::source::{Source, Span, in_common};

/// What was changed: the bytes before `start` are the same, and those from `old_end` on are those from `new_end` on.
struct Change {
    start: usize,
    old_end: usize,
    new_end: usize,
}

/// The children of a list or a map that a change touches, and their lines before and after it.
struct Region<'a> {
    of: &'a Node,
    children: Range<usize>,
    start: usize,
    old_end: usize,
    new_end: usize,
    /// How many lists and maps are around `of`.
    depth: usize,
}

/// What a text says, if that follows from `document`, which is what the text `old` said before a change.
#[inline(never)] // So that it can be fetched later.
pub(super) fn changed(old: &str, document: &Document, source: &Source) -> Option<Document> {
    if !document.is_sure {
        return None;
    }
    let change = Change::between(old, &source.text);
    let n_before = document.roots.partition_point(|root| (root.span.start as usize) < change.start);
    let region = Region::within(document.roots.get(n_before.checked_sub(1)?)?, 0, old, &change)?;
    let lines = region.start..region.new_end;
    let (was, text) = (old.get(region.start..region.old_end)?, source.text.get(lines.clone())?);
    let is_cut = !text.ends_with('\n') && region.new_end < source.text.len();
    if is_cut || has_other_breaks(was) || has_other_breaks(text) || text.lines().any(is_mark) {
        return None;
    }
    let block = block(source, lines, region.depth)?;
    region.takes(&block.node).then(|| Splice { region, block }.document(document))
}

impl Change {
    fn between(old: &str, new: &str) -> Self {
        let (start, end) = in_common(old, new);
        Self { start, old_end: old.len().saturating_sub(end), new_end: new.len().saturating_sub(end) }
    }
}

impl<'a> Region<'a> {
    /// The innermost list or map in a node that has the change within some of its children.
    fn within(node: &'a Node, depth: usize, old: &str, change: &Change) -> Option<Self> {
        give_way();
        // What is in brackets or braces has no lines of its own.
        if old.get(node.span.range())?.starts_with(['[', '{']) {
            return None;
        }
        let n = n_begun(node, change.start).checked_sub(1)?;
        let child = node.items().get(n).or_else(|| node.entries().get(n).map(|entry| &entry.value))?;
        Self::within(child, depth.saturating_add(1), old, change).or_else(|| Self::of(node, depth, old, change))
    }

    /// The children of a list or a map in lines that a change touches, if the change is in none of the other lines.
    fn of(node: &'a Node, depth: usize, old: &str, change: &Change) -> Option<Self> {
        // It begins where the text says the same as before: with the mark of an item and a space, or with the first letter of a key.
        let begins = |n: usize| child_line(node, n, old).filter(|(_, certain)| *certain <= change.start).map(|(line, _)| (n, line));
        let (first, start) = (0..n_begun(node, change.start)).rev().take(2).find_map(begins)?;
        let mut next = first.saturating_add(1);
        let old_end = loop {
            if child(node, next).is_none() {
                // A value may go on in lines that seem to end the list or map.
                break Some(end_of(node, old, start)).filter(|end| node.span.end as usize <= *end)?;
            }
            match child_line(node, next, old)? {
                (line, _) if line >= change.old_end => break line,
                _ => next = next.saturating_add(1),
            }
        };
        let new_end = old_end.checked_sub(change.old_end)?.saturating_add(change.new_end);
        Some(Self { of: node, children: first..next, start, old_end, new_end, depth })
    }

    /// Whether what was read can stand in place of the children.
    fn takes(&self, read: &Node) -> bool {
        match (&self.of.value, &read.value) {
            _ if begins_empty(read) => false,
            (Value::List(_), Value::List(_)) => true,
            (Value::Map(entries), Value::Map(read)) => {
                let mut keys = Index::default();
                for entry in read {
                    keys.insert(&entry.key);
                }
                let (before, after) = (entries.get(..self.children.start), entries.get(self.children.end..));
                before.into_iter().chain(after).flatten().all(|other| keys.get(&other.key).is_none())
            }
            _ => false,
        }
    }
}

/// Whether the first thing in a node is an empty text: where that stands is known from what comes before it.
fn begins_empty(node: &Node) -> bool {
    match &node.value {
        Value::Null => true,
        Value::List(items) => items.first().is_some_and(begins_empty),
        Value::Map(entries) => entries.first().is_some_and(|entry| entry.key_span.range().is_empty()),
        _ => false,
    }
}

/// Where an item of a list is, or a key of a map.
fn child(node: &Node, n: usize) -> Option<Span> {
    node.items().get(n).map(|item| item.span).or_else(|| node.entries().get(n).map(|entry| entry.key_span))
}

/// How many items of a list, or keys of a map, begin by a byte.
fn n_begun(node: &Node, by: usize) -> usize {
    let (items, entries) = (node.items(), node.entries());
    let has_begun = |span: Span| span.range().start <= by;
    items.partition_point(|item| has_begun(item.span)).max(entries.partition_point(|entry| has_begun(entry.key_span)))
}

/// Where the line of a child begins, and the first byte after what makes it a child; `None` if something else stands before it.
fn child_line(node: &Node, n: usize, text: &str) -> Option<(usize, usize)> {
    let before = text.get(..child(node, n)?.range().start)?;
    let start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
    let lead = before.get(start..)?.trim_start_matches(' ');
    let indent = before.len().saturating_sub(start).saturating_sub(lead.len());
    match &node.value {
        Value::Map(_) => lead.is_empty().then(|| (start, before.len().saturating_add(1))),
        _ => {
            let after = lead.strip_prefix('-')?;
            (!after.is_empty() && after.trim_start_matches(' ').is_empty()).then(|| (start, start.saturating_add(indent).saturating_add(2)))
        }
    }
}

/// Where the lines of a list or map end of which a child begins at `start`.
fn end_of(node: &Node, text: &str, start: usize) -> usize {
    let mut lines = text.get(start..).unwrap_or_default().split_inclusive('\n');
    let Some(first) = lines.next() else { return start };
    let (indent, mut end) = (Line::of(first).map_or(0, |line| line.indent), start.saturating_add(first.len()));
    for line in lines {
        let goes_on = Line::of(line)
            .is_none_or(|line| line.indent > indent || line.indent == indent && (line.is_item || matches!(node.value, Value::Map(_))));
        if !goes_on || is_mark(line) {
            break;
        }
        end = end.saturating_add(line.len());
    }
    end
}

/// What was read, in place of a region.
struct Splice<'a> {
    region: Region<'a>,
    block: Block,
}

impl Splice<'_> {
    fn document(&self, before: &Document) -> Document {
        let Region { start, old_end, .. } = self.region;
        let n_before = |at: usize| before.comments.partition_point(|comment| comment.span.range().start < at);
        let moved = |comment: &Comment| Comment { span: self.moved(comment.span), ..comment.clone() };
        Document {
            roots: before.roots.iter().map(|root| self.node(root)).collect(),
            comments: spliced(&before.comments, n_before(start)..n_before(old_end), &self.block.comments, moved),
            is_sure: true,
        }
    }

    fn node(&self, node: &Node) -> Node {
        give_way();
        let (range, read) = (self.region.children.clone(), &self.block.node);
        let value = match &node.value {
            Value::List(items) if self.is_here(node) => Value::List(spliced(items, range, read.items(), |item| self.node(item))),
            Value::Map(entries) if self.is_here(node) => Value::Map(spliced(entries, range, read.entries(), |entry| self.entry(entry))),
            Value::List(items) => Value::List(items.iter().map(|item| self.node(item)).collect()),
            Value::Map(entries) => Value::Map(entries.iter().map(|entry| self.entry(entry)).collect()),
            scalar => scalar.clone(),
        };
        Node { span: self.moved(node.span), value, tag: node.tag.clone(), aliased: false }
    }

    fn is_here(&self, node: &Node) -> bool {
        std::ptr::eq(node, self.region.of)
    }

    fn entry(&self, entry: &Entry) -> Entry {
        Entry { key: entry.key.clone(), key_span: self.moved(entry.key_span), value: self.node(&entry.value) }
    }

    /// Where a value is. Around the region, it begins where it began, and ends with the last value in it or after it. An empty value stands
    /// where the last value before it ends.
    fn moved(&self, span: Span) -> Span {
        let Region { start, old_end, new_end, .. } = self.region;
        let later = |at: usize| at.saturating_sub(old_end).saturating_add(new_end);
        let end_at = |at: usize| match at {
            at if at <= start => at,
            at if at > old_end => later(at),
            _ => self.block.node.span.end as usize,
        };
        let Range { start: from, end: to } = span.range();
        let from = if from == to {
            end_at(from)
        } else if from < old_end {
            from
        } else {
            later(from)
        };
        Span::new(from, end_at(to))
    }
}

/// All, moved, but for a range in whose place others stand.
fn spliced<T: Clone>(all: &[T], range: Range<usize>, others: &[T], moved: impl Fn(&T) -> T) -> Vec<T> {
    let (before, after) = (all.get(..range.start).unwrap_or_default(), all.get(range.end..).unwrap_or_default());
    before.iter().map(&moved).chain(others.iter().cloned()).chain(after.iter().map(&moved)).collect()
}
