//! The properties of a node, as they are written.

use std::rc::Rc;

use crate::flow::Level;
use crate::source::Source;
use crate::syntax::{self, Node};
use crate::time::{SimTime, parse_iso_duration};
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
        match self.node.get(key).and_then(|node| node.scalar_text(self.source)) {
            Some("true") => true,
            Some("false") => false,
            _ => otherwise,
        }
    }

    /// A whole number; 0 when it is missing.
    #[must_use]
    pub fn count(self, key: &str) -> u32 {
        let written = self.node.get(key).map(|node| &node.value);
        if let Some(syntax::Value::Int(n)) = written { u32::try_from(*n).unwrap_or(0) } else { 0 }
    }

    /// A duration; `None` when it is missing, or an expression.
    #[must_use]
    pub fn length(self, key: &str) -> Option<SimTime> {
        self.text(key).and_then(|text| parse_iso_duration(&text))
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

/// The pairs of labels that are written as a map, or as a list of maps with `key` and `value`.
#[must_use]
pub fn label_pairs(labels: &Value) -> Vec<(Rc<str>, Value)> {
    if let Value::Map(map) = labels {
        return map.iter().map(|(key, value)| (Rc::clone(key), value.clone())).collect();
    }
    let pair = |item: &Value| Some((item.get("key")?.print(), item.get("value").cloned().unwrap_or_default()));
    labels.as_list().unwrap_or_default().iter().filter_map(pair).collect()
}
