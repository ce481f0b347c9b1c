//! Values as `serde_yaml` reads them, each with its place, which [`Places`] finds along the way.

use std::fmt;
use std::iter::Peekable;
use std::ops::Range;
use std::vec;

use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::pieces::{IS_TRIED, LongList, Pieces, cut};
use super::places::Places;
use super::weight::is_too_heavy;
use super::{Comment, Entry, Float, LONGEST_TEXT_BYTES, Node, Value, explain};
use crate::collections::Index;
use crate::diag::{Diagnostic, report};
use crate::pace::give_way;
use crate::source::{Source, Span};
use crate::tr;

/// So many documents are read.
const MOST_DOCUMENTS: usize = 100_000;
/// So many tags may be declared: `serde_yaml` compares each with all before it.
const MOST_TAGS: usize = 1000;

/// What was read from a text.
#[derive(Debug, PartialEq)]
pub(super) struct Reading {
    /// All documents that have a value.
    pub roots: Vec<Node>,
    /// All comments.
    pub comments: Vec<Comment>,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// As in [`super::Document`].
    pub is_sure: bool,
}

/// Lines that are a list or a map.
pub(super) struct Block {
    pub node: Node,
    /// The comments in the lines.
    pub comments: Vec<Comment>,
}

/// Reads all documents of a text, up to the first that is not YAML.
pub(super) fn read(source: &Source) -> Reading {
    if let Some(bracket) = too_deep(&source.text) {
        return refused(explain::too_deep(Span::sized(bracket, 1)));
    }
    if source.text.contains("%TAG")
        && let Some((at, tag)) = source.text.match_indices("\n%TAG").nth(MOST_TAGS)
    {
        return refused(explain::too_many_tags(Span::sized(at, tag.len()).part(1, tag.len().saturating_sub(1))));
    }
    let pieces = cut(&source.text);
    if is_too_heavy(&source.text, pieces.as_ref()) {
        return refused(explain::too_heavy());
    }
    let Some(reading) = pieces.and_then(|pieces| in_pieces(source, pieces)) else {
        return if is_too_heavy(&source.text, None) { refused(explain::too_heavy()) } else { whole(source) };
    };
    if IS_TRIED {
        assert_eq!(reading, whole(source));
    }
    reading
}

/// A text that is not read.
fn refused(why: Diagnostic) -> Reading {
    Reading { roots: Vec::new(), comments: Vec::new(), diagnostics: vec![why], is_sure: false }
}

/// What [`whole`] reads, or `None` if that is not sure.
#[inline(never)] // So that it can be fetched later.
fn in_pieces(source: &Source, pieces: Pieces) -> Option<Reading> {
    let mut reader = Reader::new(source, pieces.lists);
    let roots = reader.documents(&pieces.frame);
    (reader.is_sure() && reader.long_lists.peek().is_none()).then(|| reader.into_reading(roots))
}

/// The list or map that some lines of a text are, read as a text of their own that is `depth` lists and maps deep; `None` if that is
/// not sure, or if something is wrong with them.
pub(super) fn block(source: &Source, lines: Range<usize>, depth: usize) -> Option<Block> {
    let mut reader = Reader { places: Places::from(&source.text, lines.start), depth, ..Reader::new(source, Vec::new()) };
    let text = source.text.get(lines.clone()).filter(|text| too_deep(text).is_none())?;
    let mut roots = reader.documents(text).into_iter();
    let node = roots.next().filter(|root| root.tag.is_none() && matches!(root.value, Value::List(_) | Value::Map(_)))?;
    let is_sure = reader.is_sure() && reader.found.is_empty() && roots.next().is_none();
    let mut comments = reader.places.comments;
    // Behind the last value the cursor goes on to the next.
    comments.retain(|comment| comment.span.range().start < lines.end);
    is_sure.then_some(Block { node, comments })
}

fn whole(source: &Source) -> Reading {
    let mut reader = Reader::new(source, Vec::new());
    let roots = reader.documents(&source.text);
    reader.into_reading(roots)
}

/// The bracket or brace with which more of them are open than any text needs. `serde_yaml` takes time that grows with the square
/// of their number before it refuses them.
fn too_deep(text: &str) -> Option<usize> {
    const DEEPEST: i32 = 20_000;
    let mut n_open = 0_i32;
    text.bytes().position(|byte| {
        if byte == b'\n' {
            give_way();
        }
        n_open = n_open.saturating_add(match byte {
            b'[' | b'{' => 1,
            b']' | b'}' => -1,
            _ => 0,
        });
        n_open > DEEPEST
    })
}

/// The state of reading the values one after another.
struct Reader<'a> {
    source: &'a Source,
    places: Places<'a>,
    /// The lists to come whose items are read in pieces.
    long_lists: Peekable<vec::IntoIter<LongList>>,
    /// How many lists and maps are open.
    depth: usize,
    /// Whether only the whole text is sure to be read right: it has an alias, an error of YAML, values nested deep, or a list of nothing.
    needs_whole: bool,
    /// How many aliases lead to the current value. The position in the text does not move within an alias.
    aliases: usize,
    /// The place of the outermost of these aliases.
    alias: Span,
    /// How many bytes were read through aliases, about.
    n_unfolded: usize,
    found: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn new(source: &'a Source, long_lists: Vec<LongList>) -> Self {
        Self {
            source,
            places: Places::new(&source.text),
            long_lists: long_lists.into_iter().peekable(),
            depth: 0,
            needs_whole: false,
            aliases: 0,
            alias: Span::default(),
            n_unfolded: 0,
            found: Vec::new(),
        }
    }

    /// The roots of all documents of the text, or of its frame.
    fn documents(&mut self, text: &str) -> Vec<Node> {
        let mut roots = Vec::new();
        // A byte order mark is not part of the first key.
        for (nth, document) in serde_yaml::Deserializer::from_str(text.trim_start_matches('\u{feff}')).enumerate() {
            if nth == MOST_DOCUMENTS {
                self.found.push(explain::too_many_documents(Span::sized(self.places.here(), 0)));
                self.needs_whole = true;
                break;
            }
            match NodeSeed(self).deserialize(document) {
                Ok(node) if node.value == Value::Null => {}
                Ok(node) => roots.push(node),
                Err(error) => {
                    let fault = explain::fault(&error, self.source);
                    // Within an alias the only known place is that of the alias.
                    self.found.push(if self.aliases > 0 { Diagnostic { span: self.alias, ..fault } } else { fault });
                    self.needs_whole = true;
                    break;
                }
            }
        }
        self.places.finish();
        roots
    }

    fn into_reading(self, roots: Vec<Node>) -> Reading {
        let is_sure = self.is_sure() && self.found.is_empty();
        Reading { roots, comments: self.places.comments, diagnostics: self.found, is_sure }
    }

    /// Whether each part of the text says the same by itself, and all places are known.
    fn is_sure(&self) -> bool {
        !self.needs_whole && !self.places.is_lost()
    }

    /// The position in the text, when it moves.
    fn places(&mut self) -> Option<&mut Places<'a>> {
        (self.aliases == 0).then_some(&mut self.places)
    }

    /// The list at the position, when its items are read in pieces.
    fn long_list(&mut self) -> Option<LongList> {
        let here = self.places()?.here();
        self.long_lists.next_if(|list| list.start == here)
    }

    /// Reads the items of a long list, piece by piece.
    #[inline(never)] // So that it can be fetched later.
    fn items_of(&mut self, list: LongList) -> Vec<Node> {
        let mut items = Vec::new();
        for piece in list.pieces {
            let mut roots = self.documents(self.source.text.get(piece).unwrap_or_default()).into_iter();
            match (roots.next(), roots.next()) {
                (Some(Node { value: Value::List(mut more), tag: None, .. }), None) => items.append(&mut more),
                _ => self.needs_whole = true,
            }
            if self.needs_whole {
                break;
            }
        }
        items
    }

    /// Begins a list or a map. In a piece `serde_yaml` counts the levels from there, so it could miss that they are too many.
    fn enter(&mut self) {
        const DEEP: usize = 100;
        self.depth = self.depth.saturating_add(1);
        self.needs_whole |= self.depth > DEEP;
    }

    fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
}

struct NodeSeed<'r, 'm>(&'r mut Reader<'m>);

impl<'de> DeserializeSeed<'de> for NodeSeed<'_, '_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        let reader = self.0;
        let start = reader.places().map_or(0, Places::node);
        if let Some(alias) = reader.places().and_then(Places::alias) {
            reader.alias = alias;
            reader.needs_whole = true;
            reader.aliases = reader.aliases.saturating_add(1);
            let (value, tag) = deserializer.deserialize_any(ValueVisitor(&mut *reader))?;
            reader.aliases = reader.aliases.saturating_sub(1);
            return Ok(Node { span: alias, value, tag, aliased: true });
        }
        let (value, tag) = deserializer.deserialize_any(ValueVisitor(&mut *reader))?;
        let span = match (reader.aliases, &value) {
            (0, Value::Null) => reader.places.passed(start),
            (0, Value::Text(text)) if text.is_empty() => reader.places.passed(start),
            (0, _) => {
                let end = reader.places.last_end();
                reader.needs_whole |= end < start;
                Span::new(start, end)
            }
            _ => reader.alias,
        };
        Ok(Node { span, value, tag, aliased: reader.aliases > 0 })
    }
}

type Tagged = (Value, Option<Box<str>>);

struct ValueVisitor<'r, 'm>(&'r mut Reader<'m>);

impl ValueVisitor<'_, '_> {
    fn scalar<E: de::Error>(self, value: Value) -> Result<Tagged, E> {
        let source = self.0.source;
        let is_root = self.0.depth == 0;
        let Some(places) = self.0.places() else {
            let n_bytes = if let Value::Text(text) = &value { text.len() } else { 0 };
            self.0.n_unfolded = self.0.n_unfolded.saturating_add(n_bytes).saturating_add(size_of::<Node>());
            // The words of `serde_yaml` where aliases make many values; here they make a long text.
            let is_too_much = self.0.n_unfolded > LONGEST_TEXT_BYTES;
            return if is_too_much { Err(E::custom("repetition limit exceeded")) } else { Ok((value, None)) };
        };
        let is_untyped = places.is_untyped();
        let value = match value {
            Value::Null => {
                places.null(is_root);
                value
            }
            Value::Text(text) => {
                places.scalar(Some(&text));
                if is_untyped { untyped(&text).unwrap_or(Value::Text(text)) } else { Value::Text(text) }
            }
            _ => {
                let start = places.here();
                places.scalar(None);
                let written = source.slice(Span::new(start, places.last_end()));
                // An octal number of YAML 1.2 is a text in YAML 1.1.
                if is_untyped && written.contains("0o") { Value::Text(written.to_owned()) } else { value }
            }
        };
        Ok((value, None))
    }
}

/// A flag or a number of YAML 1.1 that `serde_yaml`, which reads YAML 1.2, takes for a text: `yes`, `010`, `1_000`. See *Values* in
/// `docs/rules/kestra.md`.
fn untyped(text: &str) -> Option<Value> {
    match text {
        "yes" | "Yes" | "YES" | "on" | "On" | "ON" => return Some(Value::Bool(true)),
        "no" | "No" | "NO" | "off" | "Off" | "OFF" => return Some(Value::Bool(false)),
        _ => {}
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit()) || !unsigned.contains(['_', '0']) {
        return None;
    }
    let sign = if text.starts_with('-') { "-" } else { "" };
    let digits = unsigned.replace('_', "");
    let whole = |digits: &str, radix| i64::from_str_radix(&format!("{sign}{digits}"), radix).ok().map(Value::Int);
    if let Some(digits) = digits.strip_prefix("0x") {
        return whole(digits, 16);
    }
    if let Some(digits) = digits.strip_prefix("0b") {
        return whole(digits, 2);
    }
    match digits.as_bytes() {
        [b'0', b'0'..=b'9', ..] if digits.bytes().all(|byte| byte.is_ascii_digit()) => whole(&digits, 8),
        _ if digits.bytes().all(|byte| byte.is_ascii_digit()) => whole(&digits, 10),
        _ if digits.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte)) => {
            format!("{sign}{digits}").parse().ok().map(|number| Value::Float(Float(number)))
        }
        _ => None,
    }
}

impl<'de> Visitor<'de> for ValueVisitor<'_, '_> {
    type Value = Tagged;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Tagged, E> {
        self.scalar(Value::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Tagged, E> {
        self.scalar(Value::Int(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Tagged, E> {
        self.scalar(i64::try_from(value).map_or(Value::Float(Float(value as f64)), Value::Int))
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Tagged, E> {
        self.scalar(Value::Float(Float(value as f64)))
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Tagged, E> {
        self.scalar(Value::Float(Float(value as f64)))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Tagged, E> {
        self.scalar(Value::Float(Float(value)))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Tagged, E> {
        self.scalar(Value::Text(value.to_owned()))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Tagged, E> {
        self.scalar(Value::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Tagged, E> {
        self.scalar(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Tagged, A::Error> {
        self.0.enter();
        let flow = self.0.places().is_some_and(|places| places.open('['));
        let mut items = Vec::new();
        let mut long = self.0.long_list();
        if long.is_some() {
            // The frame has one empty text in its place, which stands nowhere in the text.
            self.0.aliases = 1;
        }
        while let Some(item) = list.next_element_seed(ItemSeed(&mut *self.0, flow))? {
            match long.take() {
                None => items.push(item),
                Some(long) => {
                    self.0.aliases = 0;
                    items = self.0.items_of(long);
                }
            }
        }
        self.0.places().map(|places| places.close(flow, ']'));
        self.0.leave();
        Ok((Value::List(items), None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tagged, A::Error> {
        self.0.enter();
        let flow = self.0.places().is_some_and(|places| places.open('{'));
        let mut entries: Vec<Entry> = Vec::new();
        while let Some(key) = map.next_key_seed(KeySeed(&mut *self.0, flow))? {
            let key_span = key.span;
            let key = match key.value {
                Value::Text(text) => text,
                Value::Null => "null".to_owned(),
                Value::Bool(_) | Value::Int(_) | Value::Float(_) => self.0.source.slice(key_span).to_owned(),
                Value::List(_) | Value::Map(_) => {
                    report(
                        &mut self.0.found,
                        Diagnostic::error("key", key_span, tr!("a key must be a single word or number, not a list or a map")),
                    );
                    String::new()
                }
            };
            let value = map.next_value_seed(NodeSeed(&mut *self.0))?;
            entries.push(Entry { key, key_span, value });
        }
        self.0.places().map(|places| places.close(flow, '}'));
        self.0.leave();
        report_duplicates(&entries, &mut self.0.found);
        entries.shrink_to_fit();
        Ok((Value::Map(entries), None))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Tagged, A::Error> {
        let (tag, content) = tagged.variant_seed(TagSeed)?;
        let value = content.newtype_variant_seed(ContentSeed(self.0))?;
        Ok((value, Some(tag.into())))
    }
}

/// Reports repeated keys, which Kestra refuses (`Duplicate field`). Reading goes on with the first one.
fn report_duplicates(entries: &[Entry], found: &mut Vec<Diagnostic>) {
    /// Up to this many keys it is faster to compare each key with all before it than to hash them.
    const FEW: usize = 16;
    let mut seen = Index::default();
    for (n, entry) in entries.iter().enumerate() {
        let is_new =
            if entries.len() <= FEW { entries.iter().take(n).all(|before| before.key != entry.key) } else { seen.insert(&entry.key) };
        if !is_new {
            let message = format!("Duplicate field '{}'", entry.key);
            report(
                found,
                Diagnostic::error("duplicate-field", entry.key_span, message)
                    .label(tr!("this key is here already"))
                    .help(tr!("keep one of them")),
            );
        }
    }
}

/// An item of a list; true for a list in brackets.
struct ItemSeed<'r, 'm>(&'r mut Reader<'m>, bool);

impl<'de> DeserializeSeed<'de> for ItemSeed<'_, '_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        let Self(reader, flow) = self;
        if let Some(places) = reader.places() {
            places.item(flow)
        }
        NodeSeed(reader).deserialize(deserializer)
    }
}

/// A key of a map and the colon after it; true for a map in braces.
struct KeySeed<'r, 'm>(&'r mut Reader<'m>, bool);

impl<'de> DeserializeSeed<'de> for KeySeed<'_, '_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        let Self(reader, flow) = self;
        if let Some(places) = reader.places() {
            places.key(flow)
        }
        let key = NodeSeed(&mut *reader).deserialize(deserializer)?;
        if let Some(places) = reader.places() {
            places.colon(flow)
        }
        Ok(key)
    }
}

struct TagSeed;

impl<'de> DeserializeSeed<'de> for TagSeed {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        String::deserialize(deserializer)
    }
}

struct ContentSeed<'r, 'm>(&'r mut Reader<'m>);

impl<'de> DeserializeSeed<'de> for ContentSeed<'_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(ValueVisitor(self.0)).map(|(value, _)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flow_is_read_in_pieces_and_what_pieces_cut_through_is_not() {
        let is_read_in_pieces = |text: &str| {
            let source = Source::new("flow.yaml", text);
            cut(&source.text).and_then(|pieces| in_pieces(&source, pieces)).is_some()
        };
        let tasks =
            "tasks:\n  - id: a # first\n    script: |\n      - no item\n  - {id: b, type: \"x: y\"}\n  - id: c\n    tasks:\n      - d\n";
        assert!(is_read_in_pieces(tasks) && is_read_in_pieces(&format!("{tasks}errors:\n- e\n---\n- f\n")));
        for text in [
            "a: &x 1\nb:\n- *x\n",
            "a: |\n  - b\n  - c\n",
            "a: 'b\n  - c'\n",
            "- 'a text that is longer than a piece gets\n- b'\n",
            "- [a\n- b\n",
        ] {
            assert!(!is_read_in_pieces(text), "{text}");
        }
    }
}
