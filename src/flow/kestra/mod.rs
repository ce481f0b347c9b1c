//! Kestra flow YAML to a [`Flow`]. Rules and words: Kestra, "Flow properties" and "Validation".

mod defaults;
pub mod inputs;
mod kinds;
mod parts;
pub mod schema;
pub mod validate;

pub use parts::label_pairs;

use std::rc::Rc;

use super::{Flow, Kind, Level, Lists, Task, TaskIdx};
use crate::diag::Diagnostic;
use crate::source::{Source, Span};
use crate::syntax::{self, Comment, Node};
use crate::time::{SimTime, parse_iso_duration};
use crate::value::Value;
use schema::Known;

/// Reads one YAML document as a flow. What is wrong goes to `diagnostics`; one wrong task does not hide the others.
/// `None` when it is no flow at all.
pub fn read(root: &Node, comments: &[Comment], source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Option<Flow> {
    if !matches!(root.value, syntax::Value::Map(_)) {
        let found = Diagnostic::error("not-a-flow", head(root, source), format!("a flow is a map, this is {}", root.kind_name()));
        diagnostics.push(found.label("expected `id:`, `namespace:` and `tasks:`").help("start with `id:`, `namespace:` and `tasks:`"));
        return None;
    }
    validate::check_flow(root, source, diagnostics);
    let reader = Reader { source, diagnostics, root, tasks: Vec::new() };
    let mut flow = reader.flow();
    let own = |comment: &&Comment| root.span.start <= comment.span.start;
    let comments: Vec<Comment> = comments.iter().filter(own).cloned().collect();
    super::sim_note::attach(&mut flow.tasks, &comments, source, diagnostics);
    Some(flow)
}

struct Reader<'a> {
    source: &'a Source,
    diagnostics: &'a mut Vec<Diagnostic>,
    root: &'a Node,
    tasks: Vec<Task>,
}

impl Reader<'_> {
    /// The lists of a group. In source order, so that indices are.
    fn lists(&mut self, holder: &Node, parent: Option<TaskIdx>) -> Lists {
        let mut lists = Lists::default();
        for entry in holder.entries() {
            let branch = |tasks| (Rc::from(entry.key.as_str()), tasks);
            match entry.key.as_str() {
                "tasks" => lists.tasks = self.list(&entry.value, parent),
                "errors" => lists.errors = self.list(&entry.value, parent),
                "finally" => lists.finally = self.list(&entry.value, parent),
                "then" | "else" | "defaults" if parent.is_some() => lists.branches.push(branch(self.list(&entry.value, parent))),
                "onPause" => lists.branches.push(branch(self.task(&entry.value, parent).into_iter().collect())),
                "cases" if parent.is_some() => {
                    for case in entry.value.entries() {
                        lists.branches.push((Rc::from(format!("case {}", case.key)), self.list(&case.value, parent)));
                    }
                }
                _ => {}
            }
        }
        lists
    }

    /// The tasks of a list; those of a Dag stand below `task:`.
    fn list(&mut self, list: &Node, parent: Option<TaskIdx>) -> Vec<TaskIdx> {
        let is_dag = parent.is_some_and(|parent| matches!(self.tasks[parent.0 as usize].kind, Kind::Dag { .. }));
        let task = |item| if is_dag { Node::get(item, "task").unwrap_or(item) } else { item };
        list.items().iter().filter_map(|item| self.task(task(item), parent)).collect()
    }

    fn task(&mut self, written: &Node, parent: Option<TaskIdx>) -> Option<TaskIdx> {
        if !matches!(written.value, syntax::Value::Map(_)) {
            return None;
        }
        let node = &*defaults::filled_in(written, self.root, self.source);
        let known = self.known_type(node);
        let id = self.text(node, "id").unwrap_or_default();
        let idx = TaskIdx(self.tasks.len() as u32);
        let level = self.text(node, "logLevel").and_then(|name| Level::from_name(&name));
        self.tasks.push(Task {
            id,
            type_name: self.text(node, "type").unwrap_or_default(),
            kind: Kind::Opaque,
            plan: None,
            lists: Lists::default(),
            parent,
            disabled: self.flag(node, "disabled", false),
            run_if: self.text(node, "runIf"),
            timeout: self.text(node, "timeout"),
            retry: node.get("retry").and_then(|retry| self.retry(retry)),
            allow_failure: self.flag(node, "allowFailure", false),
            allow_warning: self.flag(node, "allowWarning", false),
            log_level: level.unwrap_or(Level::Trace),
            sim_note: None,
            span: node.span,
        });
        let Some(name) = known else { return Some(idx) };
        // The lists of a Dag are read knowing that it is one.
        let kind = self.kind(&name, node);
        if kind == Kind::Opaque {
            let span = node.get("type").map_or(node.span, |written| written.span);
            let found = Diagnostic::note("not-simulated", span, format!("`{}` is not simulated", self.tasks[idx.0 as usize].type_name));
            self.diagnostics.push(found.label("runs as a task of 1 s that succeeds"));
        }
        let is_group = {
            let task = &mut self.tasks[idx.0 as usize];
            task.kind = kind;
            task.is_group()
        };
        if is_group {
            let mut lists = self.lists(node, Some(idx));
            if let Kind::ForEachItem = self.tasks[idx.0 as usize].kind {
                lists.tasks = self.for_each_item_parts(node, idx);
            }
            self.tasks[idx.0 as usize].lists = lists;
        }
        Some(idx)
    }

    /// The type of a task by its name of today; `None` when it has no usable type, which the validation has told.
    fn known_type(&self, node: &Node) -> Option<Rc<str>> {
        let name = self.text(node, "type")?;
        match schema::lookup(&name) {
            Known::Simulated(known) => Some(Rc::from(known.name)),
            Known::Opaque | Known::Plugin => Some(Rc::from(schema::name_of_today(&name))),
            Known::NoSuchType | Known::NotAName => None,
        }
    }

    fn flag(&self, node: &Node, key: &str, otherwise: bool) -> bool {
        match node.get(key).and_then(|node| node.scalar_text(self.source)) {
            Some("true") => true,
            Some("false") => false,
            _ => otherwise,
        }
    }

    /// The text of a single value.
    fn text(&self, node: &Node, key: &str) -> Option<Rc<str>> {
        node.get(key).and_then(|node| node.scalar_text(self.source)).map(Rc::from)
    }

    /// A text, or the texts of a list.
    fn texts(&self, node: &Node, key: &str) -> Vec<Rc<str>> {
        let Some(written) = node.get(key) else { return Vec::new() };
        let single = |node: &Node| node.scalar_text(self.source).map(Rc::from);
        single(written).map_or_else(|| written.items().iter().filter_map(single).collect(), |one| vec![one])
    }

    /// A value as it is written.
    fn value(&self, node: &Node, key: &str) -> Value {
        node.get(key).map_or(Value::Null, Value::from_node)
    }

    /// A length that must be written out: `None` when it is missing, or an expression.
    fn length(&self, node: &Node, key: &str) -> Option<SimTime> {
        self.text(node, key).and_then(|text| parse_iso_duration(&text))
    }
}

fn count(node: &Node, key: &str) -> u32 {
    let written = node.get(key).map(|node| &node.value);
    if let Some(syntax::Value::Int(n)) = written { u32::try_from(*n).unwrap_or(0) } else { 0 }
}

/// The first line of a node: marks for a whole task would hide the text.
fn head(node: &Node, source: &Source) -> Span {
    let text = source.slice(node.span);
    let length = text.find(['\n', '\r']).unwrap_or(text.len());
    Span::new(node.span.start as usize, node.span.start as usize + length)
}
