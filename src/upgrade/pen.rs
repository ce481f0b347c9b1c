//! Changes of a text: each of these functions changes the values that were read and says which bytes to replace, so that both can be
//! compared afterwards.

use std::ops::Range;

use crate::edit::Edit;
use crate::source::{Source, Span};
use crate::syntax::{Entry, Node, Value, scalar};
use crate::tr;

/// Why a change is left for a person, and what that person can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The reason, in a clause.
    pub why: String,
    /// What can be done, in a clause each.
    pub choices: Vec<String>,
}

impl Left {
    /// A change whose place is written in a way that only a person can change safely.
    pub fn unusual() -> Self {
        Self { why: tr!("the text around this value is too unusual to change it safely"), choices: Vec::new() }
    }

    /// One of too many changes of a long text.
    pub fn too_long() -> Self {
        Self { why: tr!("this flow is too long for so many changes at once"), choices: vec![tr!("upgrade a part of it first")] }
    }

    /// A reason with what can be done.
    pub fn because(why: String, choices: impl IntoIterator<Item = String>) -> Self {
        Self { why, choices: choices.into_iter().collect() }
    }
}

/// What a change makes of a text.
pub type Done = Result<(), Left>;

/// Writes into a text.
pub struct Pen<'a> {
    /// The text.
    pub source: &'a Source,
    /// The bytes to replace so far.
    pub edits: Vec<Edit>,
    /// The bytes that other changes replace.
    pub taken: Vec<Range<usize>>,
}

impl<'a> Pen<'a> {
    /// A pen that has written nothing.
    pub fn new(source: &'a Source) -> Self {
        Self { source, edits: Vec::new(), taken: Vec::new() }
    }

    /// Replaces bytes.
    pub fn replace(&mut self, span: Span, text: impl Into<String>) {
        self.edits.push(Edit { range: span.range(), text: text.into() });
    }

    /// Writes before all that is written at this byte so far.
    pub fn insert(&mut self, at: usize, text: String) {
        let first = self.edits.iter().position(|edit| edit.range == (at..at)).unwrap_or(self.edits.len());
        self.edits.insert(first, Edit { range: at..at, text });
    }

    /// Gives an entry another key.
    pub fn rename(&mut self, entry: &mut Entry, key: &str) {
        self.replace(entry.key_span, key);
        key.clone_into(&mut entry.key);
    }

    /// Writes another word in place of a text, within its quotes if it has some.
    pub fn set_word(&mut self, node: &mut Node, word: &str) -> Done {
        let written = self.source.slice(node.span);
        let quote = written.starts_with(['"', '\'']) && written.len() > 1;
        if node.aliased || node.tag.is_some() || written.starts_with(['|', '>']) || written.is_empty() {
            return Err(Left::unusual());
        }
        let edge = usize::from(quote);
        self.replace(node.span.part(edge, written.len() - 2 * edge), word);
        node.value = Value::Text(word.to_owned());
        Ok(())
    }

    /// Replaces parts of a text, given as bytes of the text that was read. Each part must be written as it reads.
    pub fn change_text(&mut self, node: &mut Node, mut parts: Vec<(Range<usize>, String)>) -> Done {
        let Value::Text(text) = &node.value else { return Err(Left::unusual()) };
        if node.aliased {
            return Err(Left::unusual());
        }
        parts.sort_by_key(|(range, _)| range.start);
        let mut changed = text.clone();
        for (range, new) in parts.iter().rev() {
            let at = self.written_at(text, node.span, range.clone()).ok_or_else(Left::unusual)?;
            self.replace(node.span.part(at, range.len()), new);
            changed.replace_range(range.clone(), new);
        }
        node.value = Value::Text(changed);
        Ok(())
    }

    /// Where a part of a text stands in how it is written, in bytes.
    fn written_at(&self, text: &str, whole: Span, part: Range<usize>) -> Option<usize> {
        let needle = text.get(part.clone())?;
        let read: Vec<usize> = text.match_indices(needle).map(|(at, _)| at).collect();
        let nth = read.iter().position(|at| *at == part.start)?;
        let written: Vec<usize> = self.places(whole, needle).collect();
        written.get(nth).copied().filter(|_| read.len() == written.len())
    }

    /// The part of a text that is written at some bytes of it; `None` when it can't be found.
    pub fn read_at(&self, text: &str, whole: Span, part: Span) -> Option<Range<usize>> {
        let needle = self.source.slice(part);
        let nth = self.places(whole, needle).position(|at| whole.part(at, needle.len()) == part)?;
        let (at, _) = text.match_indices(needle).nth(nth)?;
        Some(at..at + needle.len())
    }

    /// Where some words are written that no other change replaces, in bytes from the beginning of a text.
    fn places<'b>(&'b self, whole: Span, needle: &'b str) -> impl Iterator<Item = usize> + 'b {
        let is_free = move |at: &usize| {
            let range = whole.part(*at, needle.len()).range();
            !self.taken.iter().any(|taken| taken.start < range.end && range.start < taken.end)
        };
        self.source.slice(whole).match_indices(needle).map(|(at, _)| at).filter(is_free)
    }

    /// Adds an entry after `type:`, or after the first one: on lines of its own, or after a comma. A value that stands elsewhere in the
    /// text is written as it is there.
    pub fn add(&mut self, node: &mut Node, key: &str, value: &Node) -> Done {
        let is_braced = self.source.slice(node.span).starts_with('{');
        let at = node.entries().iter().position(|entry| entry.key == "type").unwrap_or(0);
        let anchor = node.entries().get(at).filter(|entry| !entry.value.aliased && !node.aliased).ok_or_else(Left::unusual)?;
        if is_braced {
            let end = anchor.value.span.range().end;
            self.insert(end, format!(", {key}: {}", in_flow(value, self.source)));
        } else {
            let indent = self.source.position(anchor.key_span.start).column - 1;
            let (end, ending) = self.line_end(self.last_byte(&anchor.value));
            let lines = self.in_block(key, value, indent);
            self.insert(end, [ending, &lines.replace('\n', ending)].concat());
        }
        if let Value::Map(entries) = &mut node.value {
            entries.insert(at + 1, entry(key, without_anchors(value)));
        }
        Ok(())
    }

    /// Writes another entry, on one line, in place of one that holds no comments.
    pub fn put(&mut self, node: &mut Node, key: &str, new_key: &str, value: Node) -> Done {
        let Value::Map(entries) = &mut node.value else { return Err(Left::unusual()) };
        let entry = entries.iter_mut().find(|entry| entry.key == key).ok_or_else(Left::unusual)?;
        let span = Span::new(entry.key_span.range().start, self.last_byte(&entry.value));
        if node.aliased || entry.value.aliased || self.source.slice(span).contains(" #") {
            return Err(Left::unusual());
        }
        self.replace(span, format!("{new_key}: {}", in_flow(&value, self.source)));
        *entry = Entry { key: new_key.to_owned(), key_span: entry.key_span, value };
        Ok(())
    }

    /// Writes other entries in place of one. Its comments stay, above them.
    pub fn put_all(&mut self, node: &mut Node, key: &str, new: Vec<(&str, Node)>, comments: &[Span]) -> Done {
        let is_braced = self.source.slice(node.span).starts_with('{');
        let Value::Map(entries) = &mut node.value else { return Err(Left::unusual()) };
        let at = entries.iter().position(|entry| entry.key == key).ok_or_else(Left::unusual)?;
        let entry = &entries[at];
        let span = Span::new(entry.key_span.range().start, self.last_byte(&entry.value));
        let own: Vec<&str> =
            comments.iter().filter(|comment| span.contains(**comment)).map(|comment| self.source.slice(*comment).trim_end()).collect();
        if node.aliased || entry.value.aliased || (is_braced && !own.is_empty()) {
            return Err(Left::unusual());
        }
        let (_, ending) = self.line_end(span.range().start);
        let indent = self.source.position(entry.key_span.start).column - 1;
        let pad = [ending, &" ".repeat(indent)].concat();
        let lines = own.into_iter().map(str::to_owned).chain(new.iter().map(|(key, value)| match &value.value {
            Value::List(items) if items.len() > 1 && !is_braced => {
                let items = items.iter().map(|item| format!("{pad}  - {}", in_flow(item, self.source)));
                format!("{key}:{}", items.collect::<String>())
            }
            _ => format!("{key}: {}", in_flow(value, self.source)),
        }));
        let text = lines.collect::<Vec<_>>().join(if is_braced { ", " } else { &pad });
        let key_span = entry.key_span;
        self.replace(span, text);
        entries.splice(at..=at, new.into_iter().map(|(key, value)| Entry { key: key.to_owned(), key_span, value }));
        Ok(())
    }

    /// Removes an entry. Its comments stay.
    pub fn remove(&mut self, node: &mut Node, key: &str, comments: &[Span]) -> Done {
        let at = node.entries().iter().position(|entry| entry.key == key).ok_or_else(Left::unusual)?;
        let entry = &node.entries()[at];
        let text = &self.source.text;
        let start = entry.key_span.range().start;
        if node.aliased {
            return Err(Left::unusual());
        }
        if self.source.slice(node.span).starts_with('{') {
            let range = match (node.entries().get(at + 1), at.checked_sub(1)) {
                (Some(next), _) => start..next.key_span.range().start,
                (None, Some(before)) => node.entries()[before].value.span.range().end..entry.value.span.range().end,
                (None, None) => start..entry.value.span.range().end,
            };
            self.edits.push(Edit { range, text: String::new() });
        } else {
            let line = text[..start].rfind('\n').map_or(0, |end| end + 1);
            let (end, ending) = self.line_end(self.last_byte(&entry.value).max(entry.key_span.range().end));
            let mut from = line;
            let mut to = (end + ending.len()).min(text.len());
            if !text[line..start].trim().is_empty() {
                // The first entry of an item: what follows takes its place behind the dash.
                let next = node.entries().get(at + 1).ok_or_else(Left::unusual)?;
                (from, to) = (start, next.key_span.range().start);
            }
            let own = comments.iter().filter(|comment| from <= comment.range().start && comment.range().end <= to);
            let indent = " ".repeat(self.source.position(entry.key_span.start).column - 1);
            let kept: String = own.map(|comment| [&indent, self.source.slice(*comment).trim_end(), ending].concat()).collect();
            let kept = if from == line { kept } else { kept.trim_start().to_owned() + if kept.is_empty() { "" } else { &indent } };
            self.edits.push(Edit { range: from..to, text: kept });
        }
        if let Value::Map(entries) = &mut node.value {
            entries.remove(at);
        }
        Ok(())
    }

    /// Where the line of a byte ends, and what ends it.
    fn line_end(&self, at: usize) -> (usize, &'static str) {
        let text = &self.source.text;
        let end = at + text[at..].find('\n').unwrap_or(text.len() - at);
        if text[..end].ends_with('\r') { (end - 1, "\r\n") } else { (end, "\n") }
    }

    /// The end of the last text in a node.
    pub fn last_byte(&self, node: &Node) -> usize {
        crate::edit::last_byte(self.source, node)
    }

    /// `key: value` as lines of a block with this indent, in columns.
    fn in_block(&self, key: &str, value: &Node, indent: usize) -> String {
        let pad = " ".repeat(indent);
        if value.span == Span::default() {
            return format!("{pad}{key}: {}", in_flow(value, self.source));
        }
        let written = self.source.slice(value.span).trim_end();
        if let Some(block) = block_scalar(written, indent + 2).filter(|_| !value.aliased) {
            return format!("{pad}{key}: {block}");
        }
        let is_scalar = value.items().is_empty() && value.entries().is_empty();
        if is_scalar || written.starts_with(['{', '[']) || value.aliased {
            let words = if written.contains('\n') || written.is_empty() { in_flow(value, self.source) } else { written.to_owned() };
            return format!("{pad}{key}: {words}");
        }
        let first = self.source.position(value.span.start).column - 1;
        let mut lines = format!("{pad}{key}:");
        for line in written.split('\n').map(|line| line.trim_end_matches('\r')) {
            let old = line.len() - line.trim_start_matches(' ').len();
            let is_first = lines.len() == pad.len() + key.len() + 1;
            let deeper = if is_first { 0 } else { old.saturating_sub(first) };
            lines.push('\n');
            if !line.trim().is_empty() {
                lines += &" ".repeat(indent + 2 + deeper);
                lines += line.trim_start_matches(' ');
            }
        }
        lines
    }
}

/// A text of several lines behind `|` or `>`, with another indent; `None` for any other text, and for one that says its indent or keeps
/// the empty lines at its end.
fn block_scalar(written: &str, indent: usize) -> Option<String> {
    let (head, lines) = written.split_once('\n')?;
    let lines: Vec<&str> = lines.split('\n').map(|line| line.trim_end_matches('\r')).collect();
    let depth = |line: &&str| line.len() - line.trim_start_matches(' ').len();
    let least = lines.iter().filter(|line| !line.trim().is_empty()).map(depth).min()?;
    matches!(head.trim_end(), "|" | ">" | "|-" | ">-").then(|| {
        let moved = |line: &&str| line.get(least..).map_or(String::new(), |rest| [&" ".repeat(indent), rest].concat());
        [head.trim_end(), "\n", &lines.iter().map(moved).collect::<Vec<_>>().join("\n")].concat()
    })
}

/// A value on one line: `{a: 1, b: [x]}`.
pub fn in_flow(node: &Node, source: &Source) -> String {
    match &node.value {
        Value::Text(text) => scalar(text),
        Value::Null => "null".to_owned(),
        Value::Bool(_) | Value::Int(_) | Value::Float(_) if node.span == Span::default() => plain(&node.value),
        Value::Bool(_) | Value::Int(_) | Value::Float(_) => source.slice(node.span).trim().to_owned(),
        Value::List(items) => format!("[{}]", items.iter().map(|item| in_flow(item, source)).collect::<Vec<_>>().join(", ")),
        Value::Map(entries) => {
            let entry = |entry: &Entry| format!("{}: {}", scalar(&entry.key), in_flow(&entry.value, source));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => format!("{value:?}"),
        Value::Null | Value::Text(_) | Value::List(_) | Value::Map(_) => String::new(),
    }
}

/// An entry that is not in the text yet.
pub fn entry(key: &str, value: Node) -> Entry {
    Entry { key: key.to_owned(), key_span: value.span, value }
}

/// A value that is not in the text yet.
pub fn new_node(value: Value) -> Node {
    Node { span: Span::default(), value, tag: None, aliased: false }
}

fn without_anchors(node: &Node) -> Node {
    Node { aliased: false, ..node.clone() }
}
