//! Values as `serde_yaml` reads them, each given the place that the marked pass saw.

use std::collections::HashSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::explain;
use super::marks::{MarkKind, Marks};
use super::{Entry, Float, Node, Value};
use crate::diag::Diagnostic;
use crate::source::{Source, Span};

/// All documents that hold a value, and what is wrong with the others.
pub(super) fn read(source: &Source, marks: &Marks) -> (Vec<Node>, Vec<Diagnostic>) {
    let mut roots = Vec::new();
    let mut diagnostics = Vec::new();
    for (n, document) in serde_yaml::Deserializer::from_str(&source.text).enumerate() {
        let mut reader =
            Reader { source, marks, next: marks.documents.get(n).copied(), aliases: 0, near: Span::default(), found: Vec::new() };
        match NodeSeed(&mut reader).deserialize(document) {
            Ok(node) if node.value == Value::Null => {}
            Ok(node) => roots.push(node),
            Err(error) => {
                diagnostics.append(&mut reader.found);
                diagnostics.push(explain::fault(&error, source));
                break;
            }
        }
        diagnostics.append(&mut reader.found);
    }
    (roots, diagnostics)
}

/// Walks the marks in step with the values.
struct Reader<'a> {
    source: &'a Source,
    marks: &'a Marks,
    /// The mark of the next node; `None` once the two passes no longer agree.
    next: Option<usize>,
    /// How many aliases lead to where we are.
    aliases: usize,
    /// The last place known.
    near: Span,
    found: Vec<Diagnostic>,
}

/// Where a node begins, and where the walk goes on behind it.
struct Place {
    span: Span,
    aliased: bool,
    resume: Option<usize>,
}

impl Reader<'_> {
    fn enter(&mut self) -> Place {
        let mut place = Place { span: self.near, aliased: self.aliases > 0, resume: None };
        let Some(mark) = self.next.and_then(|next| self.marks.marks.get(next)) else {
            self.next = None;
            return place;
        };
        // Within an alias all places are that of the alias itself: the text stands elsewhere.
        if self.aliases == 0 {
            place.span = mark.span;
            self.near = mark.span;
        }
        if let MarkKind::Alias(target) = mark.kind {
            place.resume = self.next.map(|next| next + 1);
            place.aliased = true;
            self.aliases += 1;
            self.next = Some(target);
        }
        place
    }

    fn leave(&mut self, place: &Place) {
        if place.resume.is_some() {
            self.aliases -= 1;
            self.next = place.resume;
        }
    }

    /// Steps over one mark, when it is of the kind that the value calls for.
    fn step(&mut self, kind: MarkKind) {
        let agrees = self.next.is_some_and(|next| self.marks.marks.get(next).is_some_and(|mark| mark.kind == kind));
        self.next = self.next.filter(|_| agrees).map(|next| next + 1);
    }
}

struct NodeSeed<'r, 'm>(&'r mut Reader<'m>);

impl<'de> DeserializeSeed<'de> for NodeSeed<'_, '_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        let place = self.0.enter();
        let (value, tag) = deserializer.deserialize_any(ValueVisitor(&mut *self.0))?;
        self.0.leave(&place);
        Ok(Node { span: place.span, value, tag, aliased: place.aliased })
    }
}

type Tagged = (Value, Option<Box<str>>);

struct ValueVisitor<'r, 'm>(&'r mut Reader<'m>);

impl ValueVisitor<'_, '_> {
    fn scalar<E>(self, value: Value) -> Result<Tagged, E> {
        self.0.step(MarkKind::Scalar);
        Ok((value, None))
    }
}

impl<'de> Visitor<'de> for ValueVisitor<'_, '_> {
    type Value = Tagged;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tagged, E> {
        self.scalar(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tagged, E> {
        self.scalar(Value::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tagged, E> {
        self.scalar(i64::try_from(value).map_or(Value::Float(Float(value as f64)), Value::Int))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Tagged, E> {
        self.scalar(Value::Float(Float(value as f64)))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Tagged, E> {
        self.scalar(Value::Float(Float(value as f64)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tagged, E> {
        self.scalar(Value::Float(Float(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tagged, E> {
        self.scalar(Value::Text(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Tagged, E> {
        self.scalar(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Tagged, E> {
        Ok((Value::Null, None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Tagged, A::Error> {
        self.0.step(MarkKind::List);
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(NodeSeed(&mut *self.0))? {
            items.push(item);
        }
        self.0.step(MarkKind::End);
        Ok((Value::List(items), None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tagged, A::Error> {
        self.0.step(MarkKind::Map);
        let mut entries: Vec<Entry> = Vec::new();
        while let Some(key) = map.next_key_seed(NodeSeed(&mut *self.0))? {
            let key_span = key.span;
            let key = match key.value {
                Value::Text(text) => text,
                Value::Null => "null".to_owned(),
                Value::Bool(value) => value.to_string(),
                Value::Int(value) => value.to_string(),
                Value::Float(_) => self.0.source.slice(key_span).to_owned(),
                Value::List(_) | Value::Map(_) => {
                    self.0.found.push(Diagnostic::error("key", key_span, "a key must be a single word or number, not a list or a map"));
                    String::new()
                }
            };
            let value = map.next_value_seed(NodeSeed(&mut *self.0))?;
            entries.push(Entry { key, key_span, value });
        }
        self.0.step(MarkKind::End);
        report_duplicates(&entries, &mut self.0.found);
        Ok((Value::Map(entries), None))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Tagged, A::Error> {
        let (tag, content) = tagged.variant_seed(TagSeed)?;
        let value = content.newtype_variant_seed(ContentSeed(self.0))?;
        Ok((value, Some(tag.into())))
    }
}

/// Kestra refuses a repeated key (`Duplicate field`); the first one is kept to read on.
fn report_duplicates(entries: &[Entry], found: &mut Vec<Diagnostic>) {
    let mut seen = HashSet::new();
    for entry in entries {
        if !seen.insert(entry.key.as_str()) {
            let message = format!("Duplicate field '{}'", entry.key);
            found.push(
                Diagnostic::error("duplicate-field", entry.key_span, message)
                    .label("this key stands here already")
                    .help("keep one of them"),
            );
        }
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
