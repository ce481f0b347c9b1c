//! What a value must be, and what is said when it is something else.
//!
//! Where Kestra renders a value, or does so in some version, an expression will do: whether it gives the right thing is
//! known only in the run.

use super::Property;
use crate::diag::nearest;
use crate::source::Source;
use crate::syntax::{Node, Value};
use crate::time::parse_iso_duration;

/// What a value must be. Where text is wanted any single value will do, as it does for Kestra.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// Anything.
    Any,
    /// Text, or a number or the like that is taken for text.
    Text,
    /// `true` or `false`, as such or as text; or an expression.
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
    /// One of these words, whatever the case of its letters; or an expression.
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

impl Shape {
    /// What was wanted instead, when a value does not have the shape. What the value holds within is not looked at, beyond
    /// lists of texts.
    #[must_use]
    pub fn misfit(self, node: &Node, source: &Source) -> Option<String> {
        let single = node.scalar_text(source);
        let is = |fits: fn(&str) -> bool| single.is_some_and(|text| has_expression(text) || fits(text.trim()));
        let is_number = matches!(node.value, Value::Int(_) | Value::Float(_));
        let is_list = matches!(node.value, Value::List(_));
        let is_map = matches!(node.value, Value::Map(_));
        let fits = match self {
            Self::Any => true,
            Self::Text => single.is_some(),
            // By value first: the text of a number that is an alias is the alias.
            Self::Bool => matches!(node.value, Value::Bool(_)) || is(is_bool),
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
                let is_word = |text: &str| words.iter().any(|word| word.eq_ignore_ascii_case(text.trim()));
                if single.is_some_and(|text| has_expression(text) || is_word(text)) {
                    return None;
                }
                let help = self.meant(node, source).map(|word| format!("; did you mean `{word}`?")).unwrap_or_default();
                return Some(format!("one of {}{help}", words.join(", ")));
            }
        };
        (!fits).then(|| self.wanted().to_owned())
    }

    /// The word that a value is most like, when it must be one of some words and is like enough.
    #[must_use]
    pub fn meant(self, node: &Node, source: &Source) -> Option<&'static str> {
        let Self::OneOf(words) = self else { return None };
        nearest(node.scalar_text(source)?, words.iter().copied())
    }

    /// What it must be, in words; empty for anything, and for a choice of words.
    #[must_use]
    pub fn wanted(self) -> &'static str {
        match self {
            Self::Any | Self::OneOf(_) => "",
            Self::Text => "text",
            Self::Bool => "true or false",
            Self::Count => "a whole number, 0 or more",
            Self::Number => "a number",
            Self::Duration => "an ISO-8601 duration such as `PT1.5S`",
            Self::Texts => "a list of texts",
            Self::TextOrTexts => "text or a list of texts",
            Self::Map | Self::Retry | Self::Object(_) => "a map",
            Self::Values => "a list of values",
            Self::Labels => "a map of labels",
            Self::Tasks => "a list of tasks",
            Self::Task => "a task",
            Self::DagTasks => "a list of tasks, each under `task:`",
            Self::Cases => "a map of values to lists of tasks",
            Self::Inputs => "a list of inputs",
            Self::Triggers => "a list of triggers",
            Self::Objects(_) => "a list of maps",
        }
    }

    /// Whether tasks stand in values of this shape.
    #[must_use]
    pub fn holds_tasks(self) -> bool {
        matches!(self, Self::Tasks | Self::Task | Self::DagTasks | Self::Cases)
    }
}

/// Whether a text is rendered before it is used.
pub(super) fn has_expression(text: &str) -> bool {
    text.contains("{{") || text.contains("{%")
}

fn all_single(list: &Node, source: &Source) -> bool {
    list.items().iter().all(|item| item.value == Value::Null || item.scalar_text(source).is_some())
}

/// Also the words of YAML 1.1, which older servers read.
fn is_bool(text: &str) -> bool {
    ["true", "false", "yes", "no", "on", "off"].iter().any(|word| word.eq_ignore_ascii_case(text))
}

fn is_count(text: &str) -> bool {
    text.parse::<u32>().is_ok() || text.strip_suffix(".0").is_some_and(|whole| whole.parse::<u32>().is_ok())
}

/// Java reads durations below zero, too, and a plain number as seconds.
fn is_duration(text: &str) -> bool {
    let size: String = text.chars().filter(|c| !"+-".contains(*c)).collect();
    parse_iso_duration(&size).is_some() || text.parse::<f64>().is_ok()
}
