//! The properties of a node, as they are written.

use std::rc::Rc;

use super::scalars::{as_bool, as_count};
use super::versions::Version;
use crate::flow::Level;
use crate::flow::behavior::View;
use crate::source::Source;
use crate::syntax::Node;
use crate::time::{SimTime, parse_iso_duration, parse_seconds};
use crate::tr;
use crate::value::Value;

/// A node of a text, with the text.
#[derive(Debug, Clone, Copy)]
pub struct Properties<'a> {
    /// The map that holds the properties.
    pub node: &'a Node,
    /// The text it is in.
    pub source: &'a Source,
}

impl<'a> Properties<'a> {
    /// The properties of another node of the same text.
    #[must_use]
    pub fn of(self, node: &'a Node) -> Self {
        Self { node, ..self }
    }

    /// Whether a property is written.
    #[must_use]
    pub fn has(self, key: &str) -> bool {
        self.node.get(key).is_some()
    }

    /// The text of a single value.
    #[must_use]
    pub fn text(self, key: &str) -> Option<Rc<str>> {
        self.node.get(key).and_then(|node| node.scalar_text(self.source)).map(Rc::from)
    }

    /// The text of a single value; empty when it is missing, which the validation has reported.
    #[must_use]
    pub fn required(self, key: &str) -> Rc<str> {
        self.text(key).unwrap_or_default()
    }

    /// A text, or the texts of a list.
    #[must_use]
    pub fn texts(self, key: &str) -> Vec<Rc<str>> {
        let Some(written) = self.node.get(key) else { return Vec::new() };
        let single = |node: &Node| node.scalar_text(self.source).map(Rc::from);
        single(written).map_or_else(|| written.items().iter().filter_map(single).collect(), |one| vec![one])
    }

    /// A value as it is written.
    #[must_use]
    pub fn value(self, key: &str) -> Value {
        self.node.get(key).map_or(Value::Null, Value::from_node)
    }

    /// A flag; `otherwise` when it is not written.
    #[must_use]
    pub fn flag(self, key: &str, otherwise: bool) -> bool {
        self.node.get(key).and_then(|node| as_bool(node, self.source)).unwrap_or(otherwise)
    }

    /// A whole number, also one that is written as text; `None` when it is missing, or no whole number from 0.
    #[must_use]
    pub fn count(self, key: &str) -> Option<u32> {
        self.node.get(key).and_then(|node| as_count(node, self.source))
    }

    /// A whole number that may be rendered; 0 when it is missing.
    #[must_use]
    pub fn limit(self, key: &str) -> Limit {
        self.count(key).map_or_else(|| self.text(key).map_or(Limit::Number(0), Limit::Text), Limit::Number)
    }

    /// A duration, or a number of seconds; `None` when it is missing, or an expression.
    #[must_use]
    pub fn length(self, key: &str) -> Option<SimTime> {
        self.text(key).and_then(|text| parse_iso_duration(&text).or_else(|| parse_seconds(&text)))
    }

    /// A level of log entries.
    #[must_use]
    pub fn level(self, key: &str) -> Option<Level> {
        self.text(key).and_then(|name| Level::from_name(&name))
    }

    /// Labels: a map, or a list of `key` and `value`.
    #[must_use]
    pub fn labels(self) -> Vec<(Rc<str>, Value)> {
        self.node.get("labels").map(|labels| label_pairs(&Value::from_node(labels))).unwrap_or_default()
    }
}

/// How many children of a group may run at once: 0 is no limit.
#[derive(Clone, PartialEq, Eq)]
pub enum Limit {
    /// As written.
    Number(u32),
    /// What a text renders to when the group begins.
    Text(Rc<str>),
}

impl std::fmt::Debug for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self::Number(0)
    }
}

impl Limit {
    /// The number that is written; 0 when it must be rendered.
    #[must_use]
    pub fn written(&self) -> u32 {
        if let Self::Number(number) = self { *number } else { 0 }
    }

    /// The number for a group that begins.
    ///
    /// # Errors
    /// When it can't be rendered, when it is no whole number, and when 2.0 finds a negative one; 1.3 takes that for no limit.
    pub fn rendered<'f>(&self, property: &str, view: &dyn View<'f>) -> Result<u32, String> {
        let text = match self {
            Self::Number(number) => return Ok(*number),
            Self::Text(text) => text,
        };
        let value = view.assume(
            &view.render(text)?,
            property,
            &|_| Value::Int(0),
            tr!(const "no limit stands for one that only a real server knows"),
        );
        let printed = value.print();
        let number: Option<f64> = if value == Value::Null { Some(0.0) } else { printed.trim().parse().ok() };
        let number = number.ok_or_else(|| format!("Cannot convert value '{printed}' to Integer"))? as i64;
        match u32::try_from(number) {
            Err(_) if number < 0 && view.flow().version == Version::V2_0 => Err(format!("{property}: must be greater than or equal to 0")),
            number => Ok(number.unwrap_or(0)),
        }
    }
}

/// The pairs of labels that are written as a map, or as a list of maps with `key` and `value`.
#[must_use]
pub fn label_pairs(labels: &Value) -> Vec<(Rc<str>, Value)> {
    if let Value::Map(map) = labels {
        return map.iter().map(|(key, value)| (Rc::clone(key), value.clone())).collect();
    }
    let pair = |item: &Value| Some((item.get("key")?.print(), item.get("value").cloned().unwrap_or_default()));
    labels.as_list().unwrap_or_default().iter().filter_map(pair).collect()
}
