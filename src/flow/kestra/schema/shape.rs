//! The shape of a value, and the message for a value of another shape.
//!
//! Where any version of Kestra renders a value, an expression is accepted: only the run shows what it renders to.

use super::Property;
use crate::diag::nearest;
use crate::flow::kestra::scalars::{as_bool, as_count, is_bool};
use crate::language::plain;
use crate::source::Source;
use crate::syntax::{Node, Value};
use crate::time::parse_iso_duration;
use crate::tr;

/// The shape of a value. As in Kestra, a text may be any single value.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// Anything.
    Any,
    /// Text, or another single value that is read as text.
    Text,
    /// `true` or `false`, also as text; or an expression.
    Bool,
    /// A whole number from 0, or an expression.
    Count,
    /// Any number, or an expression.
    Number,
    /// An ISO-8601 duration, a number of seconds, or an expression.
    Duration,
    /// A list of texts, or an expression.
    Texts,
    /// One text, or a list of texts.
    TextOrTexts,
    /// A map, or an expression.
    Map,
    /// One of these words in upper or lower case, or an expression.
    OneOf(&'static [&'static str]),
    /// What a loop runs over: a list, a map, or a text that is or gives JSON.
    Values,
    /// Labels: a map, or a list of maps with `key` and `value`.
    Labels,
    /// A list of tasks.
    Tasks,
    /// One task.
    Task,
    /// A list of maps with a `task` and what it depends on.
    DagTasks,
    /// A map of names to lists of tasks.
    Cases,
    /// A list of inputs.
    Inputs,
    /// A list of triggers.
    Triggers,
    /// A retry.
    Retry,
    /// A map with these properties.
    Object(&'static [Property]),
    /// A list of maps with these properties.
    Objects(&'static [Property]),
}

/// How a server reads a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// As any server does: an expression is taken everywhere, and words in any case.
    Any,
    /// As it is when the flow is saved: 1.3 and 2.0 take no expression, and words as they are spelled.
    AtOnce,
}

impl Shape {
    /// What was expected, when a value does not have the shape. Of the content of a value only lists of texts are checked.
    #[must_use]
    pub fn misfit(self, node: &Node, source: &Source, reading: Reading) -> Option<String> {
        let single = node.scalar_text(source);
        let may_render = reading == Reading::Any;
        let is = |fits: fn(&str) -> bool| single.is_some_and(|text| may_render && has_expression(text) || fits(text.trim()));
        let is_number = matches!(node.value, Value::Int(_) | Value::Float(_));
        let is_list = matches!(node.value, Value::List(_));
        let is_map = matches!(node.value, Value::Map(_));
        let fits = match self {
            Self::Any => true,
            Self::Text => single.is_some(),
            // The value before the text: the text of an alias is the alias itself.
            Self::Bool if may_render => matches!(node.value, Value::Bool(_)) || is(is_bool),
            Self::Bool => as_bool(node, source).is_some() || single == Some(""),
            Self::Count if !may_render => as_count(node, source).is_some() || single == Some(""),
            Self::Count => {
                if let Value::Int(number) = node.value {
                    u32::try_from(number).is_ok()
                } else {
                    is(is_count)
                }
            }
            Self::Number => is_number || is(|text| text.parse::<f64>().is_ok()),
            Self::Duration => is_number || is(is_duration),
            Self::Texts => is(|_| false) || is_list && all_single(node, source),
            Self::TextOrTexts => single.is_some() || is_list && all_single(node, source),
            Self::Map => is_map || is(|_| false),
            Self::Values => single.is_some() || is_list || is_map,
            Self::Labels => is_map || is_list || is(|_| false),
            Self::Tasks | Self::DagTasks | Self::Inputs | Self::Triggers | Self::Objects(_) => is_list,
            Self::Task | Self::Cases | Self::Retry | Self::Object(_) => is_map,
            Self::OneOf(words) => {
                let is_word = |text: &str| match reading {
                    Reading::Any => has_expression(text) || words.iter().any(|word| word.eq_ignore_ascii_case(text.trim())),
                    Reading::AtOnce => words.contains(&text),
                };
                if single.is_some_and(is_word) {
                    return None;
                }
                let names = words.join(", ");
                return Some(match self.meant(node, source) {
                    Some(word) => tr!("one of {names}; did you mean `{word}`?", names, word),
                    None => tr!("one of {names}", names),
                });
            }
        };
        (!fits).then(|| plain(self.wanted()))
    }

    /// The word that is most similar to the value, when the shape is a choice of words and one is similar enough.
    #[must_use]
    pub fn meant(self, node: &Node, source: &Source) -> Option<&'static str> {
        let Self::OneOf(words) = self else { return None };
        nearest(node.scalar_text(source)?, words.iter().copied())
    }

    /// The expected value, as a constant message; empty for any value and for a choice of words.
    #[must_use]
    pub fn wanted(self) -> &'static str {
        match self {
            Self::Any | Self::OneOf(_) => "",
            Self::Text => tr!(const "text"),
            Self::Bool => tr!(const "true or false"),
            Self::Count => tr!(const "a whole number, 0 or more"),
            Self::Number => tr!(const "a number"),
            Self::Duration => tr!(const "an ISO-8601 duration such as `PT1.5S`"),
            Self::Texts => tr!(const "a list of texts"),
            Self::TextOrTexts => tr!(const "text or a list of texts"),
            Self::Map | Self::Retry | Self::Object(_) => tr!(const "a map"),
            Self::Values => tr!(const "a list of values"),
            Self::Labels => tr!(const "a map of labels"),
            Self::Tasks => tr!(const "a list of tasks"),
            Self::Task => tr!(const "a task"),
            Self::DagTasks => tr!(const "a list of tasks, each under `task:`"),
            Self::Cases => tr!(const "a map of values to lists of tasks"),
            Self::Inputs => tr!(const "a list of inputs"),
            Self::Triggers => tr!(const "a list of triggers"),
            Self::Objects(_) => tr!(const "a list of maps"),
        }
    }

    /// Whether values of this shape hold tasks.
    #[must_use]
    pub fn holds_tasks(self) -> bool {
        matches!(self, Self::Tasks | Self::Task | Self::DagTasks | Self::Cases)
    }
}

/// Whether a text is rendered before it is used.
#[must_use]
pub fn has_expression(text: &str) -> bool {
    // Most texts have no brace at all.
    text.contains('{') && (text.contains("{{") || text.contains("{%"))
}

/// Whether a property of a flow, a task, a trigger or an input is read by people only.
#[must_use]
pub fn is_prose(owner: &Node, key: &str) -> bool {
    key == "description" && owner.get("id").is_some()
}

fn all_single(list: &Node, source: &Source) -> bool {
    list.items().iter().all(|item| item.value == Value::Null || item.scalar_text(source).is_some())
}

fn is_count(text: &str) -> bool {
    text.parse::<u32>().is_ok() || text.strip_suffix(".0").is_some_and(|whole| whole.parse::<u32>().is_ok())
}

/// Java also reads negative durations, and a plain number as seconds.
fn is_duration(text: &str) -> bool {
    let size: String = text.chars().filter(|c| !"+-".contains(*c)).collect();
    parse_iso_duration(&size).is_some() || text.parse::<f64>().is_ok()
}
