//! Kestra flow YAML to a [`Flow`]. Rules and words: Kestra, "Flow properties" and "Validation".

mod defaults;
mod kinds;
mod parts;
mod sim_note;

pub use parts::label_pairs;

use std::collections::HashMap;
use std::rc::Rc;

use super::schema::{self, Known, Need, Property, TaskType};
use super::{Flow, Kind, Level, Lists, Task, TaskIdx};
use crate::diag::{Diagnostic, nearest};
use crate::source::{Source, Span};
use crate::syntax::{self, Comment, Node};
use crate::time::{SimTime, parse_iso_duration};
use crate::value::Value;

/// Reads one YAML document as a flow. What is wrong goes to `diagnostics`; one wrong task does not hide the others.
/// `None` when it is no flow at all.
pub fn read(root: &Node, comments: &[Comment], source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Option<Flow> {
    if !matches!(root.value, syntax::Value::Map(_)) {
        let found = Diagnostic::error("not-a-flow", head(root, source), format!("a flow is a map, this is {}", root.kind_name()));
        diagnostics.push(found.label("expected `id:`, `namespace:` and `tasks:`").help("start with `id:`, `namespace:` and `tasks:`"));
        return None;
    }
    let mut reader = Reader { source, diagnostics, root, tasks: Vec::new(), ids: HashMap::new() };
    reader.check_properties(root, "the flow", "Flow", schema::FLOW, &[]);
    reader.check_id(root.get("id"), "flow id", |c| c.is_ascii_alphanumeric() || "._-".contains(c));
    reader.check_id(root.get("namespace"), "namespace", |c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c));
    let mut flow = reader.flow();
    let own = |comment: &&Comment| root.span.start <= comment.span.start;
    let comments: Vec<Comment> = comments.iter().filter(own).cloned().collect();
    sim_note::attach(&mut flow.tasks, &comments, source, diagnostics);
    Some(flow)
}

struct Reader<'a> {
    source: &'a Source,
    diagnostics: &'a mut Vec<Diagnostic>,
    root: &'a Node,
    tasks: Vec<Task>,
    ids: HashMap<Rc<str>, Span>,
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
            let found =
                Diagnostic::error("not-a-task", head(written, self.source), format!("a task is a map, this is {}", written.kind_name()));
            self.diagnostics.push(found.help("a task has an `id:` and a `type:`"));
            return None;
        }
        let node = &*defaults::filled_in(written, self.root, self.source);
        let known = self.known_type(node);
        let id = self.task_id(node);
        let idx = TaskIdx(self.tasks.len() as u32);
        let level = self.text(node, "logLevel").and_then(|name| Level::from_name(&name));
        self.tasks.push(Task {
            id,
            type_name: self.text(node, "type").unwrap_or_default(),
            kind: Kind::Opaque,
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
        let Some((name, known)) = known else { return Some(idx) };
        if let Some(known) = known {
            let class = known.name.rsplit('.').next().unwrap_or(known.name);
            self.check_properties(node, &format!("`{class}`"), class, schema::EVERY_TASK, known.properties);
        }
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

    /// The type of a task by its name of today, and its properties when they are known; `None` when it has no usable type.
    fn known_type(&mut self, node: &Node) -> Option<(Rc<str>, Option<&'static TaskType>)> {
        let Some(written) = node.get("type").filter(|written| written.value != syntax::Value::Null) else {
            let found = Diagnostic::error("missing-type", head(node, self.source), "this task has no `type`").label("Invalid type: null");
            self.diagnostics.push(found.help("for instance `type: io.kestra.plugin.core.log.Log`"));
            return None;
        };
        let name = written.scalar_text(self.source).unwrap_or("");
        match schema::lookup(name) {
            Known::Simulated(known) => return Some((Rc::from(known.name), Some(known))),
            Known::Opaque | Known::Plugin => return Some((Rc::from(schema::name_of_today(name)), None)),
            Known::NoSuchType => self.no_such_type(written.span, name),
            Known::NotAName => {
                let found = Diagnostic::error("unknown-type", written.span, format!("`{name}` is not the name of a task type"));
                let full = schema::all_names().find(|full| full.rsplit('.').next().is_some_and(|class| class.eq_ignore_ascii_case(name)));
                let help = full.map_or("type names have dots, such as `io.kestra.plugin.core.log.Log`".to_owned(), |full| {
                    format!("did you mean `{full}`?")
                });
                self.diagnostics.push(found.label(format!("Invalid type: {name}")).help(help));
            }
        }
        None
    }

    fn no_such_type(&mut self, span: Span, name: &str) {
        let found =
            Diagnostic::error("unknown-type", span, format!("there is no task type `{name}`")).label(format!("Invalid type: {name}"));
        let class = |full: &str| full.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        let wanted = class(name);
        let names = || schema::SIMULATED.iter().map(|known| known.name).chain(schema::NOT_SIMULATED.iter().copied());
        let meant = names().find(|full| class(full) == wanted).or_else(|| nearest(name, names()));
        let help = meant.map_or("the page of each plugin names its types".to_owned(), |meant| format!("did you mean `{meant}`?"));
        self.diagnostics.push(found.help(help));
    }

    fn task_id(&mut self, node: &Node) -> Rc<str> {
        let written = node.get("id");
        self.check_id(written, "task id", |c| c.is_ascii_alphanumeric() || "_-".contains(c));
        let Some(written) = written else {
            return Rc::from("");
        };
        let id: Rc<str> = Rc::from(written.scalar_text(self.source).unwrap_or(""));
        if let Some(first) = self.ids.insert(Rc::clone(&id), written.span) {
            let line = self.source.position(first.start).line;
            let found = Diagnostic::error("duplicate-id", written.span, format!("the id `{id}` is taken by the task on line {line}"));
            self.diagnostics.push(
                found.label(format!("Invalid Flow: Duplicate task id with name [{id}]")).help("give each task of a flow an id of its own"),
            );
        }
        id
    }

    /// Whether an id is there is the business of the property table; here only how it is written.
    fn check_id(&mut self, written: Option<&Node>, what: &str, allowed: fn(char) -> bool) {
        let Some(written) = written else { return };
        let Some(text) = written.scalar_text(self.source) else { return };
        let begins_well = text.chars().next().is_some_and(|first| allowed(first) && first.is_ascii_alphanumeric());
        if text.len() <= 150 && begins_well && text.chars().all(allowed) {
            return;
        }
        let letters = if what == "namespace" { "small letters" } else { "letters" };
        let dots = if what == "task id" { "" } else { ", `.`" };
        let found = Diagnostic::error("id", written.span, format!("`{text}` can't be a {what}"));
        self.diagnostics.push(found.help(format!("use {letters}, digits{dots}, `-` and `_`, and begin with a letter or digit")));
    }

    /// Every key must be known, what is required must be there, and each value must have the shape the table asks for.
    fn check_properties(&mut self, node: &Node, owner: &str, class: &str, shared: &'static [Property], own: &'static [Property]) {
        let all = || shared.iter().chain(own);
        for entry in node.entries() {
            let Some(property) = all().find(|property| property.name == entry.key) else {
                let key = &entry.key;
                let found = Diagnostic::error("unknown-property", entry.key_span, format!("`{key}` is not a property of {owner}"))
                    .label(format!("Unrecognized field \"{key}\" (class {class}), not marked as ignorable"));
                let meant = nearest(key, all().map(|property| property.name));
                let known = || own.iter().map(|property| format!("`{}`", property.name)).collect::<Vec<_>>().join(", ");
                let help = meant.map_or_else(
                    || if own.is_empty() { String::new() } else { format!("its own properties are {}", known()) },
                    |meant| format!("did you mean `{meant}`?"),
                );
                self.diagnostics.push(if help.is_empty() { found } else { found.help(help) });
                continue;
            };
            if entry.value.value == syntax::Value::Null && !property.is_required() {
                continue;
            }
            if let Some(wanted) = self.misshapen(&entry.value, property) {
                let span = if entry.value.span.range().is_empty() { entry.key_span } else { head(&entry.value, self.source) };
                let found = Diagnostic::error("value", span, format!("`{}` must be {wanted}", property.name));
                self.diagnostics.push(found.label(format!("this is {}", entry.value.kind_name())));
            }
        }
        for property in all().filter(|property| property.is_required() && node.get(property.name).is_none() && property.name != "type") {
            let found = Diagnostic::error("missing-property", head(node, self.source), format!("{owner} has no `{}`", property.name));
            self.diagnostics.push(found.label(format!("{}: must not be null", property.name)).help(format!("add `{}:`", property.name)));
        }
    }

    /// What was wanted instead, when the value does not have the shape, or holds nothing where it must hold something.
    fn misshapen(&self, node: &Node, property: &Property) -> Option<String> {
        if property.need != Need::Optional && property.shape.holds_tasks() && node.items().is_empty() && node.entries().is_empty() {
            return Some("a list of tasks: it must not be empty".to_owned());
        }
        property.shape.misfit(node, self.source)
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
        node.get(key).map_or(Value::Null, |node| Value::from_node(node, self.source))
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
