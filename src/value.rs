//! Values that flows compute with: results of expressions, inputs, outputs, JSON.
//!
//! Maps keep the order in which keys were inserted. Numbers are whole (64 bits) or floating. An unknown value stands for what
//! no simulation can know. Printing rules: Kestra, "Expressions", printing.

#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::string_slice))]

use std::fmt;
use std::rc::Rc;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::collections::Index;
use crate::syntax::{self, Float, Node};
use crate::text::Text;
use crate::time::iso_instant;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Value {
    /// Null.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(Float),
    /// Text.
    Text(Rc<str>),
    /// A virtual date, in milliseconds since 1970-01-01T00:00:00Z.
    Date(i64),
    /// A list.
    List(Rc<Vec<Value>>),
    /// A map.
    Map(Rc<Map>),
    /// What no simulation can know, or a text with such parts.
    Unknown(Rc<Unknown>),
}

/// Stands for a value that only a real server has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Its path: `outputs.query.rows`. An assumption for this path replaces it.
    pub path: Rc<str>,
    /// How it prints: `⟨outputs.query.rows⟩`, with the text around it once it is part of one.
    pub text: Text,
    /// Whether it only depends on the value of this path, as `outputs.query.rows | length` does.
    pub derived: bool,
}

/// A map in order of insertion.
#[derive(Debug, Clone, Default)]
pub struct Map {
    /// The path of keys that it lacks but a real server may have: they are unknown then, not missing.
    pub rest: Option<Rc<str>>,
    /// Whether it is one entry of a map, with its `key` and its `value`: its JSON is `{"a":1}` for the key `a`.
    pub is_entry: bool,
    entries: Vec<(Rc<str>, Value)>,
    /// The index of each key, once there are many.
    places: Index,
}

/// Up to so many keys are searched one by one, which is faster than hashing.
const FEW: usize = 12;

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}

impl Eq for Map {}

impl Map {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether it has no keys.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many keys it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.get(self.place(key)?).map(|(_, value)| value)
    }

    /// The value of a key, mutable.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        let at = self.place(key)?;
        self.entries.get_mut(at).map(|(_, value)| value)
    }

    /// Sets a key; one that is there already keeps its place.
    pub fn insert(&mut self, key: impl Into<Rc<str>>, value: Value) {
        let key = key.into();
        if let Some(known) = self.get_mut(&key) {
            *known = value;
            return;
        }
        let at = self.entries.len();
        self.entries.push((Rc::clone(&key), value));
        if at == FEW {
            self.entries.iter().enumerate().for_each(|(at, (key, _))| self.places.set(Rc::clone(key), at));
        } else if at > FEW {
            self.places.set(key, at);
        }
    }

    /// Removes a key; the others keep their order.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let at = self.place(key)?;
        let (_, value) = self.entries.remove(at);
        *self = Self { rest: self.rest.take(), is_entry: self.is_entry, ..std::mem::take(&mut self.entries).into_iter().collect() };
        Some(value)
    }

    /// The entries of a map, each as a value.
    #[must_use]
    pub fn as_entries(&self) -> Value {
        Value::list(self.iter().map(|(key, value)| {
            let parts = [("key", Value::Text(Rc::clone(key))), ("value", value.clone())];
            let parts = parts.into_iter().map(|(name, part)| (Rc::from(name), part));
            Value::Map(Rc::new(Self { is_entry: true, ..parts.collect() }))
        }))
    }

    /// The key and the value, when it is one entry of a map.
    #[must_use]
    pub fn as_entry(&self) -> Option<(&Rc<str>, &Value)> {
        match (self.get("key"), self.get("value")) {
            (Some(Value::Text(key)), Some(value)) if self.is_entry => Some((key, value)),
            _ => None,
        }
    }

    /// Keys and values, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Rc<str>, &Value)> + ExactSizeIterator {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    fn place(&self, key: &str) -> Option<usize> {
        if self.entries.len() > FEW { self.places.get(key) } else { self.entries.iter().position(|(known, _)| &**known == key) }
    }
}

impl FromIterator<(Rc<str>, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (Rc<str>, Value)>>(entries: I) -> Self {
        let mut map = Self::new();
        for (key, value) in entries {
            map.insert(key, value);
        }
        map
    }
}

impl Value {
    /// A text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(Rc::from(text))
    }

    /// A map.
    #[must_use]
    pub fn map<'a>(entries: impl IntoIterator<Item = (&'a str, Value)>) -> Self {
        Self::Map(Rc::new(entries.into_iter().map(|(key, value)| (Rc::from(key), value)).collect()))
    }

    /// A list.
    #[must_use]
    pub fn list(items: impl IntoIterator<Item = Value>) -> Self {
        Self::List(Rc::new(items.into_iter().collect()))
    }

    /// An unknown value that prints as its path in brackets.
    #[must_use]
    pub fn unknown(path: &str) -> Self {
        Self::Unknown(Rc::new(Unknown { path: Rc::from(path), text: Text::unknown(path), derived: false }))
    }

    /// A YAML value as it is written; expressions in it are not rendered.
    #[must_use]
    pub fn from_node(node: &Node) -> Self {
        match &node.value {
            syntax::Value::Null => Self::Null,
            syntax::Value::Bool(truth) => Self::Bool(*truth),
            syntax::Value::Int(number) => Self::Int(*number),
            syntax::Value::Float(number) => Self::Float(*number),
            syntax::Value::Text(text) => Self::text(text),
            syntax::Value::List(items) => Self::list(items.iter().map(Self::from_node)),
            syntax::Value::Map(entries) => {
                let entries = entries.iter().map(|entry| (Rc::from(entry.key.as_str()), Self::from_node(&entry.value)));
                Self::Map(Rc::new(entries.collect()))
            }
        }
    }

    /// Reads JSON. `None` when the text is not JSON or nested too deeply.
    #[must_use]
    pub fn from_json(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// Its text, when it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// Its entries, when it is a map.
    #[must_use]
    pub fn as_map(&self) -> Option<&Map> {
        if let Self::Map(map) = self { Some(map) } else { None }
    }

    /// Its items, when it is a list.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Value]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }

    /// The value of a key, when it is a map that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map()?.get(key)
    }

    /// As it prints in a text: lists and maps as compact JSON without entries that are null, null as an empty text.
    #[must_use]
    pub fn print(&self) -> Rc<str> {
        match self {
            Self::Text(text) => Rc::clone(text),
            Self::Unknown(unknown) => Rc::from(&*unknown.text),
            Self::Null => Rc::from(""),
            Self::Date(at) => Rc::from(iso_instant(*at)),
            Self::Float(number) => Rc::from(print_float(number.0)),
            other if other.holds_null() => Rc::from(other.without_nulls().to_json()),
            other => Rc::from(other.to_json()),
        }
    }

    /// Whether a map in it has an entry that is null.
    #[must_use]
    pub fn holds_null(&self) -> bool {
        match self {
            Self::List(items) => items.iter().any(Self::holds_null),
            Self::Map(map) => map.iter().any(|(_, value)| *value == Self::Null || value.holds_null()),
            _ => false,
        }
    }

    /// As [`Value::print`], with what is unknown in it.
    #[must_use]
    pub fn to_text(&self) -> Text {
        match self {
            Self::Unknown(unknown) => unknown.text.clone(),
            Self::List(_) | Self::Map(_) if self.first_unknown().is_some() => {
                let mut text = Text::new();
                self.without_nulls().write_json(&mut text);
                text
            }
            other => (*other.print()).into(),
        }
    }

    /// How many bytes it takes, about. What it shares with other values counts as its own.
    #[must_use]
    pub fn size(&self) -> usize {
        const EACH: usize = size_of::<Value>();
        // A map has room for a few entries from the start.
        const MAP: usize = size_of::<Map>() + 4 * (EACH + size_of::<Rc<str>>());
        let own = match self {
            Self::Text(text) => text.len(),
            Self::Unknown(unknown) => unknown.text.len(),
            Self::List(items) => items.iter().map(Self::size).sum(),
            Self::Map(map) => {
                let entries = map.iter().map(|(key, value)| EACH.saturating_add(key.len()).saturating_add(value.size()));
                entries.fold(MAP, usize::saturating_add)
            }
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Float(_) | Self::Date(_) => 0,
        };
        EACH.saturating_add(own)
    }

    /// The first unknown value in it.
    #[must_use]
    pub fn first_unknown(&self) -> Option<&Rc<Unknown>> {
        match self {
            Self::Unknown(unknown) => Some(unknown),
            Self::List(items) => items.iter().find_map(Self::first_unknown),
            Self::Map(map) => map.iter().find_map(|(_, value)| value.first_unknown()),
            _ => None,
        }
    }

    fn write_json(&self, out: &mut Text) {
        match self {
            Self::List(items) => {
                out.push_str("[");
                for (nth, item) in items.iter().enumerate() {
                    out.push_str(if nth > 0 { "," } else { "" });
                    item.write_json(out);
                }
                out.push_str("]");
            }
            Self::Map(map) => {
                out.push_str("{");
                for (nth, (key, value)) in map.iter().enumerate() {
                    out.push_str(if nth > 0 { "," } else { "" });
                    out.push_str(&Self::Text(Rc::clone(key)).to_json());
                    out.push_str(":");
                    value.write_json(out);
                }
                out.push_str("}");
            }
            Self::Unknown(unknown) => {
                out.push_str("\"");
                for (part, is_unknown) in unknown.text.parts() {
                    let quoted = Self::text(part).to_json();
                    let escaped = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default();
                    if is_unknown { out.push_unknown(escaped) } else { out.push_str(escaped) }
                }
                out.push_str("\"");
            }
            known => out.push_str(&known.to_json()),
        }
    }

    /// The same value without the entries of its maps that are null, as a server prints it.
    #[must_use]
    pub fn without_nulls(&self) -> Self {
        match self {
            Self::List(items) => Self::list(items.iter().map(Self::without_nulls)),
            Self::Map(map) => {
                if let Some((key, value)) = map.as_entry() {
                    return Self::map([(&**key, value.without_nulls())]);
                }
                let entries = map.iter().filter(|(_, value)| **value != Self::Null);
                let mut kept: Map = entries.map(|(key, value)| (Rc::clone(key), value.without_nulls())).collect();
                kept.rest.clone_from(&map.rest);
                Self::Map(Rc::new(kept))
            }
            other => other.clone(),
        }
    }

    /// As compact JSON; dates and unknown values as text.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("keys are text, and numbers can always be written")
    }
}

/// A floating number as Java prints it: `1.5`, `2.0`, `1.0E10`.
#[must_use]
pub fn print_float(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let size = number.abs();
    if size != 0.0 && !(1e-3..1e7).contains(&size) {
        let text = format!("{number:E}");
        let (digits, exponent) = text.split_once('E').unwrap_or((&text, "0"));
        let point = if digits.contains('.') { "" } else { ".0" };
        return format!("{digits}{point}E{exponent}");
    }
    let text = format!("{number}");
    if text.contains('.') { text } else { text + ".0" }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(truth) => serializer.serialize_bool(*truth),
            Self::Int(number) => serializer.serialize_i64(*number),
            Self::Float(number) => serializer.serialize_f64(number.0),
            Self::Text(_) | Self::Unknown(_) | Self::Date(_) => serializer.serialize_str(&self.print()),
            Self::List(items) => serializer.collect_seq(&**items),
            Self::Map(map) => map.serialize(serializer),
        }
    }
}

impl Serialize for Map {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.as_entry() {
            Some((key, value)) => serializer.collect_map([(&**key, value)]),
            None => serializer.collect_map(self.iter().map(|(key, value)| (&**key, value))),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(i64::try_from(number).map_or(Value::Float(Float(number as f64)), Value::Int))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Float(Float(number)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(Rc::new(list)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((key, value)) = entries.next_entry::<String, Value>()? {
            map.insert(key, value);
        }
        Ok(Value::Map(Rc::new(map)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_comes_back_as_it_went() {
        for text in [r#"{"a":[1,-2,{"b":null}],"c":true,"d":"x\n\"y\" \\ é"}"#, "[]", "{}", "0", "-1", "1.5", r#""""#, r#""\u0001""#] {
            assert_eq!(Value::from_json(text).map(|value| value.to_json()).as_deref(), Some(text));
        }
        let spaced = Value::from_json(" { \"a\" : [ 1 , 2 ] } \n").map(|value| value.to_json());
        assert_eq!(spaced.as_deref(), Some(r#"{"a":[1,2]}"#));
        assert_eq!(Value::from_json(r#""\ud83d\ude00\/""#), Some(Value::text("😀/")));
    }

    #[test]
    fn other_text_than_json_is_refused() {
        for text in ["", "[", "[1,]", "{a:1}", "1 2", "'a'", &"[".repeat(100_000)] {
            assert_eq!(Value::from_json(text), None);
        }
    }

    #[test]
    fn many_keys_are_found_as_few_are() {
        let mut map: Map = (0..100).map(|n| (Rc::from(n.to_string()), Value::Int(n))).collect();
        assert_eq!(map.get("77"), Some(&Value::Int(77)));
        assert_eq!(map.remove("5"), Some(Value::Int(5)));
        assert_eq!((map.get("5"), map.get("99"), map.len()), (None, Some(&Value::Int(99)), 99));
        map.insert("7", Value::Null);
        assert_eq!(map.iter().nth(6).map(|(key, _)| &**key), Some("7"));
    }

    #[test]
    fn numbers_print_as_java_prints_them() {
        let printed = [1.5, 2.0, 0.1, 100_000.0, 1e7, 1.25e-5, -0.5, 12_345_678.9].map(print_float);
        assert_eq!(printed, ["1.5", "2.0", "0.1", "100000.0", "1.0E7", "1.25E-5", "-0.5", "1.23456789E7"]);
    }
}
