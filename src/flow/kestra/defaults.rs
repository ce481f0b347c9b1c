//! `pluginDefaults`: values for every task of a type, or of all types with a prefix. A property of the task itself wins,
//! unless the default is `forced`. Rule: Kestra, "Flow properties".

use std::borrow::Cow;

use crate::budget::Budget;
use crate::collections::Index;
use crate::source::Source;
use crate::syntax::{Entry, Node, Value};

/// What filling in may take, in steps of the budget of a run.
const MOST_WORK: u64 = 10_000_000;
/// The bytes that may be filled in, about: a flow with more is not meant to be read.
const MOST_BYTES: u64 = 64 << 20;

/// The defaults of a flow.
pub struct Defaults<'f> {
    source: &'f Source,
    all: Vec<Default<'f>>,
    /// Which list of `of_type` a type or prefix has.
    types: Index,
    /// The indices of the defaults for each type or prefix, in order.
    of_type: Vec<Vec<usize>>,
    budget: Budget,
}

/// Values for a type, or for the types with a prefix.
struct Default<'f> {
    wanted: &'f str,
    /// The name by which a task asks for them.
    name: Option<&'f str>,
    values: &'f Node,
    forced: bool,
}

impl<'f> Defaults<'f> {
    /// The defaults of a flow, by its root.
    pub fn of(flow: &'f Node, source: &'f Source) -> Self {
        let text = |node: &'f Node, key: &str| node.get(key).and_then(|written| written.scalar_text(source));
        let written = ["pluginDefaults", "taskDefaults"].iter().filter_map(|name| flow.get(name)).flat_map(Node::items);
        let default = |node: &'f Node| {
            let wanted = text(node, "type").filter(|wanted| !wanted.is_empty())?;
            Some(Default { wanted, name: text(node, "ref"), values: node.get("values")?, forced: text(node, "forced") == Some("true") })
        };
        let all: Vec<Default<'f>> = written.filter_map(default).collect();
        let (mut types, mut of_type) = (Index::default(), Vec::new());
        for (at, default) in all.iter().enumerate() {
            let list = types.get_or_insert(default.wanted.strip_suffix('.').unwrap_or(default.wanted), of_type.len());
            if list == of_type.len() {
                of_type.push(Vec::new());
            }
            of_type.get_mut(list).into_iter().for_each(|list: &mut Vec<usize>| list.push(at));
        }
        Self { source, all, types, of_type, budget: Budget::new(MOST_WORK, MOST_BYTES) }
    }

    /// A task with the defaults of its type filled in.
    pub fn filled_in<'a>(&self, task: &'a Node) -> Cow<'a, Node> {
        let mut filled = Cow::Borrowed(task);
        for (values, forced) in self.fitting(task) {
            if !self.budget.keep(size_of(values)) {
                return Cow::Borrowed(task);
            }
            merge(filled.to_mut(), values, forced, &self.budget);
        }
        filled
    }

    /// Whether there was more to fill in than is read.
    pub fn are_too_many(&self) -> bool {
        self.budget.spent().is_some()
    }

    /// The values for a task or another plugin, in order, and whether they replace its own.
    pub fn fitting(&self, task: &Node) -> Vec<(&'f Node, bool)> {
        let text = |key: &str| task.get(key).and_then(|written| written.scalar_text(self.source));
        let Some(type_name) = text("type").filter(|_| !self.all.is_empty()) else { return Vec::new() };
        let prefixes = type_name.match_indices('.').filter_map(|(dot, _)| type_name.get(..dot)).chain([type_name]);
        let lists = prefixes.filter_map(|prefix| self.of_type.get(self.types.get(prefix)?));
        let mut fitting: Vec<usize> = lists.flatten().copied().collect();
        fitting.sort_unstable();
        fitting.retain(|_| self.budget.work(1));
        let asked_for = text("pluginDefaultsRef");
        let fits = |default: &&Default<'f>| {
            let rest = type_name.strip_prefix(default.wanted);
            // Values with a name are for the tasks that ask for them.
            (default.name.is_none() || default.name == asked_for)
                && rest.is_some_and(|rest| rest.is_empty() || default.wanted.ends_with('.') || rest.starts_with('.'))
        };
        fitting.into_iter().filter_map(|at| self.all.get(at)).filter(fits).map(|default| (default.values, default.forced)).collect()
    }
}

/// The bytes of a value in memory, about.
fn size_of(node: &Node) -> usize {
    let within = match &node.value {
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => 0,
        Value::Text(text) => text.len(),
        Value::List(items) => items.iter().map(size_of).fold(0, usize::saturating_add),
        Value::Map(entries) => {
            entries.iter().map(|entry| size_of(&entry.value).saturating_add(entry.key.len())).fold(0, usize::saturating_add)
        }
    };
    within.saturating_add(std::mem::size_of::<Entry>())
}

/// Adds what is missing, in maps within maps too; `forced` replaces what is there.
fn merge(into: &mut Node, defaults: &Node, forced: bool, budget: &Budget) {
    let Value::Map(entries) = &mut into.value else { return };
    for default in defaults.entries() {
        if !budget.work(entries.len() / 8) {
            return;
        }
        match entries.iter_mut().find(|entry| entry.key == default.key) {
            None => entries.push(Entry::clone(default)),
            Some(Entry { value, .. }) => match (&mut value.value, &default.value.value) {
                (Value::Map(_), Value::Map(_)) => merge(value, &default.value, forced, budget),
                _ if forced => *value = default.value.clone(),
                _ => {}
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::parse;

    /// The formats with which the tasks of a flow are filled in, and whether that is more than is read.
    fn formats(defaults: &str, types: &[&str]) -> (Vec<String>, bool) {
        let tasks: String = types.iter().map(|task| format!("  - {{type: {task}}}\n")).collect();
        let source = Source::new("flow.yaml", format!("pluginDefaults:\n{defaults}tasks:\n{tasks}"));
        let (document, _) = parse(&source);
        let root = &document.roots[0];
        let defaults = Defaults::of(root, &source);
        let format = |task: &Node| defaults.filled_in(task).get("format").and_then(Node::as_str).unwrap_or_default().to_owned();
        (root.get("tasks").expect("it has tasks").items().iter().map(format).collect(), defaults.are_too_many())
    }

    #[test]
    fn the_first_default_of_a_type_or_of_a_package_counts() {
        let defaults =
            "  - {type: a., values: {format: of a}}\n  - {type: a.b, values: {format: of b}}\n  - {type: c, values: {format: c}}\n";
        assert_eq!(formats(defaults, &["a.b", "a.c", "a", "c", "c.d", "cd"]).0, ["of a", "of a", "", "c", "c", ""]);
        let forced = format!("{defaults}  - {{type: a.b, forced: true, values: {{format: forced}}}}\n");
        assert_eq!(formats(&forced, &["a.b", "a.b.c", "a.bc"]).0, ["forced", "forced", "of a"]);
    }

    #[test]
    fn a_default_that_is_filled_in_too_often_is_refused() {
        let long = format!("  - {{type: a, values: {{format: {}}}}}\n", "x".repeat(1 << 20));
        assert!(!formats(&long, &["a"; 60]).1);
        assert!(formats(&long, &["a"; 70]).1);
    }
}
