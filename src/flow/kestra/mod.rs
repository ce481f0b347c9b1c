//! Kestra flow YAML to a [`Flow`]. Rules and messages: Kestra, "Flow properties" and "Validation".

pub mod checks;
pub mod defaults;
pub mod inputs;
mod parts;
pub mod properties;
mod rules;
mod scalars;
pub mod schema;
pub mod validate;
pub mod versions;

use defaults::Defaults;
use properties::Properties;
pub use rules::KestraRules;

use std::rc::Rc;

use super::{Flow, Kind, Level, Lists, Task, TaskIdx, kinds};
use crate::diag::{Diagnostic, report};
use crate::pace::give_way;
use crate::source::Source;
use crate::syntax::{self, Comment, Node};
use crate::tr;
use schema::{Known, Shape, TaskType};
use versions::Version;

/// Reads one YAML document, in which these comments are, as a flow, after its [`Version::check`]. What else is wrong goes to `diagnostics`; one wrong task does
/// not hide the others. `None` when the document is not a map.
pub fn read(root: &Node, comments: &[Comment], source: &Source, version: Version, diagnostics: &mut Vec<Diagnostic>) -> Option<Flow> {
    if !matches!(root.value, syntax::Value::Map(_)) {
        let found = Diagnostic::error(
            "not-a-flow",
            source.first_line(root.span),
            tr!("a flow is a map, this is {value}", value = root.kind_name()),
        );
        let found = found.label(tr!("expected `id:`, `namespace:` and `tasks:`"));
        report(diagnostics, found.help(tr!("start with `id:`, `namespace:` and `tasks:`")));
        return None;
    }
    let reader = Reader { source, version, diagnostics, root, defaults: Defaults::of(root, source), tasks: Vec::new() };
    let mut flow = reader.flow();
    super::sim_note::attach(&mut flow.tasks, comments, source, diagnostics);
    Some(flow)
}

struct Reader<'a> {
    source: &'a Source,
    version: Version,
    diagnostics: &'a mut Vec<Diagnostic>,
    root: &'a Node,
    defaults: Defaults<'a>,
    tasks: Vec<Task>,
}

impl<'a> Reader<'a> {
    fn properties<'n>(&self, node: &'n Node) -> Properties<'n>
    where
        'a: 'n,
    {
        Properties { node, source: self.source }
    }

    /// The lists of a group, read in source order, so that its tasks have their indices in source order.
    fn lists(&mut self, holder: &Node, known: &TaskType, group: TaskIdx) -> Lists {
        let mut lists = Lists::default();
        for entry in holder.entries() {
            let key = entry.key.as_str();
            let Some(property) = known.properties.iter().find(|property| property.name == key) else { continue };
            let branch = |name: &str, tasks| (Rc::from(name), tasks);
            match (property.shape, key) {
                (Shape::Tasks, "errors") => lists.errors = self.list(&entry.value, Some(group)),
                (Shape::Tasks, "finally") => lists.finally = self.list(&entry.value, Some(group)),
                (Shape::Tasks, "tasks") => lists.tasks = self.list(&entry.value, Some(group)),
                (Shape::Tasks, _) => lists.branches.push(branch(key, self.list(&entry.value, Some(group)))),
                (Shape::DagTasks, _) => {
                    let items = entry.value.items().iter().map(|item| item.get("task").unwrap_or(item));
                    lists.tasks = items.filter_map(|item| self.task(item, Some(group))).collect();
                }
                (Shape::Task, _) => lists.branches.push(branch(key, self.task(&entry.value, Some(group)).into_iter().collect())),
                (Shape::Cases, _) => {
                    for case in entry.value.entries() {
                        lists.branches.push(branch(&format!("case {}", case.key), self.list(&case.value, Some(group))));
                    }
                }
                _ => {}
            }
        }
        lists
    }

    fn list(&mut self, list: &Node, parent: Option<TaskIdx>) -> Vec<TaskIdx> {
        list.items().iter().filter_map(|item| self.task(item, parent)).collect()
    }

    fn task(&mut self, written: &Node, parent: Option<TaskIdx>) -> Option<TaskIdx> {
        give_way();
        if !matches!(written.value, syntax::Value::Map(_)) {
            return None;
        }
        let node = &*self.defaults.filled_in(written);
        let properties = Properties { node, source: self.source };
        let idx = TaskIdx(self.tasks.len() as u32);
        let type_name = properties.required("type");
        let known = schema::lookup(&type_name, self.version);
        let kind = match &known {
            Known::Simulated(known) => Kind::read(known, properties, self.diagnostics),
            Known::Opaque(_) if type_name.starts_with(kinds::shell::OLD_PACKAGE) => kinds::shell::read_old(&type_name, properties),
            Known::Opaque(_) | Known::Plugin => {
                let span = node.get("type").map_or(node.span, |written| written.span);
                let found = Diagnostic::note("not-simulated", span, tr!("`{type_name}` is not simulated", type_name));
                let is_own = matches!(known, Known::Opaque(_));
                let label = if is_own { tr!("runs as a task that takes no time") } else { tr!("runs as a task of 1 s that succeeds") };
                report(self.diagnostics, found.label(label));
                Kind::Opaque(Box::new(kinds::opaque::Opaque { is_own }))
            }
            // The validation has reported it.
            Known::OtherVersion(_) | Known::NoSuchType | Known::NotAName => Kind::Opaque(Box::default()),
        };
        let parts = kind.parts(properties);
        let is_group = kind.as_group().is_some();
        self.tasks.push(Task {
            id: properties.required("id"),
            type_name,
            kind,
            plan: None,
            lists: Lists::default(),
            parent,
            disabled: properties.flag("disabled", false),
            run_if: properties.text("runIf"),
            timeout: properties.text("timeout"),
            retry: properties.node.get("retry").and_then(|retry| parts::retry(properties.of(retry))),
            allow_failure: properties.flag("allowFailure", false),
            allow_warning: properties.flag("allowWarning", false),
            log_level: properties.level("logLevel").unwrap_or(Level::Trace),
            sim_note: None,
            span: node.span,
        });
        if let (true, Known::Simulated(known)) = (is_group, known) {
            let mut lists = self.lists(node, known, idx);
            if !parts.is_empty() {
                lists.tasks = parts.into_iter().map(|(name, kind)| self.part(idx, name, kind)).collect();
            }
            idx.of_mut(&mut self.tasks).lists = lists;
        }
        Some(idx)
    }

    /// A task that exists only in the run of its group.
    fn part(&mut self, group: TaskIdx, name: &str, kind: Kind) -> TaskIdx {
        let idx = TaskIdx(self.tasks.len() as u32);
        let of = group.of(&self.tasks);
        let part = Task {
            id: format!("{}_{name}", of.id).into(),
            type_name: Rc::clone(&of.type_name),
            kind,
            parent: Some(group),
            disabled: false,
            run_if: None,
            timeout: None,
            lists: Lists::default(),
            sim_note: None,
            ..of.clone()
        };
        self.tasks.push(part);
        idx
    }
}
