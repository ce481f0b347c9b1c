//! XL Release templates to [`Flow`]s: a phase is a group whose tasks take turns, a group with links a Dag.
//!
//! Accepts unknown types, properties and tags: a task of an unknown type is done by a machine. Rules: XL Release, "As-code
//! YAML". No other folder knows XL Release's vocabulary.

mod created;
mod links;
mod other_forms;
pub mod plan;
mod rules;
mod script;
mod words;

use std::rc::Rc;

use super::Dialect;
use super::kestra::versions::Version;
use super::kinds::dag::Dag;
use super::plan::{Doer, Plan};
use super::sim_note;
use super::{Flow, Kind, Level, Lists, Task, TaskIdx};
use crate::diag::{Diagnostic, report};
use crate::source::{Source, Span};
use crate::syntax::{Document, Node, Value as Yaml};
use crate::tr;
use crate::value::Map;
use created::Written;
pub use other_forms::other_form;
pub use rules::{ReleaseRules, release_state};
use words::{Names, Variables};
pub use words::{slug, title};

/// Whether a YAML document holds templates of XL Release.
#[must_use]
pub fn is_release(root: &Node, source: &Source) -> bool {
    let text = |key: &str| root.get(key).and_then(|node| node.scalar_text(source)).unwrap_or("");
    text("apiVersion").starts_with("xl-")
        || matches!(text("kind"), "Templates" | "Template")
        || root.get("tasks").is_none() && ["templates", "phases"].iter().any(|key| root.get(key).is_some())
        || root.get("spec").unwrap_or(root).items().iter().any(|item| is_folder(item, source) || is_template(item, source))
}

/// Whether a line shows that a text should hold templates, even though the text can't be read.
#[must_use]
pub fn is_sign(line: &str) -> bool {
    line.starts_with("apiVersion: xl-release/")
}

fn has_type(node: &Node, name: &str, source: &Source) -> bool {
    node.get("type").and_then(|written| written.scalar_text(source)) == Some(name)
}

fn is_folder(node: &Node, source: &Source) -> bool {
    node.get("directory").is_some() || has_type(node, "xlrelease.Folder", source)
}

fn is_template(node: &Node, source: &Source) -> bool {
    ["template", "phases"].iter().any(|key| node.get(key).is_some()) || has_type(node, "xlrelease.Release", source)
}

/// Reads all templates of a text, including those in folders. A note reports anything that is not a template.
pub fn read(document: &Document, source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Vec<Flow> {
    let mut found = Found { source, diagnostics, templates: Vec::new() };
    for root in &document.roots {
        found.document(root);
    }
    let Found { templates, .. } = found;
    if templates.is_empty() {
        let span = document.roots.first().map_or(Span::default(), |root| source.first_line(root.span));
        let error = Diagnostic::error("no-template", span, tr!("there is not a release template in this text"));
        report(diagnostics, error.help(tr!("write `- template: NAME` with `phases:` below `spec:`")));
    }
    let starts: Vec<u32> = templates.iter().skip(1).map(|(node, _)| node.span.start).chain([u32::MAX]).collect();
    let mut flows = Vec::new();
    let mut names = Names::default();
    let mut created = Vec::new();
    for ((node, folder), next) in templates.into_iter().zip(starts) {
        let place = |start| document.comments.partition_point(|comment| comment.span.start < start);
        let mut reader = Reader::new(node, source, diagnostics);
        let mut flow = reader.flow(&folder);
        created.extend(reader.created.into_iter().map(|written| (flows.len(), written)));
        flow.id = names.unique(&flow.id);
        let own = document.comments.get(place(node.span.start)..place(next)).unwrap_or_default();
        sim_note::attach(&mut flow.tasks, own, source, diagnostics);
        flows.push(flow);
    }
    created::resolve(&mut flows, created, document, source, diagnostics);
    flows
}

/// The templates of a text, each with the path of the folder it is in.
struct Found<'a, 'd> {
    source: &'a Source,
    diagnostics: &'d mut Vec<Diagnostic>,
    templates: Vec<(&'a Node, String)>,
}

impl<'a> Found<'a, '_> {
    fn document(&mut self, root: &'a Node) {
        let text = |key: &str| root.get(key).and_then(|node| node.scalar_text(self.source));
        let kind = text("kind").unwrap_or("Templates");
        let foreign = text("apiVersion").is_some_and(|version| !version.starts_with("xl-release/"));
        if foreign || !matches!(kind, "Templates" | "Template") || !is_release(root, self.source) {
            let name = if text("kind").is_some() { format!("`{kind}`") } else { tr!("this document") };
            return self.passed_over(root.get("kind").unwrap_or(root), &name);
        }
        let home = root.get("metadata").and_then(|metadata| metadata.get("home")).and_then(|home| home.scalar_text(self.source));
        let home = home.unwrap_or("").to_owned();
        let list = root.get("spec").or(root.get("templates")).unwrap_or(root);
        if let Yaml::List(items) = &list.value {
            items.iter().for_each(|item| self.item(item, &home));
        } else {
            self.item(list, &home);
        }
    }

    fn item(&mut self, node: &'a Node, folder: &str) {
        if is_folder(node, self.source) {
            let name = words::title(node, "directory", self.source).unwrap_or_default();
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            node.get("children").map(Node::items).unwrap_or_default().iter().for_each(|child| self.item(child, &path));
        } else if is_template(node, self.source) {
            self.templates.push((node, folder.to_owned()));
        } else {
            let name = node.get("type").and_then(|written| written.scalar_text(self.source));
            let name = name.map_or_else(|| tr!("this item"), |name| format!("`{name}`"));
            self.passed_over(node.get("type").unwrap_or(node), &name);
        }
    }

    fn passed_over(&mut self, at: &Node, name: &str) {
        let found = Diagnostic::note("not-a-template", self.source.first_line(at.span), tr!("{name} is not a release template", name));
        report(self.diagnostics, found.label(tr!("ignored")));
    }
}

/// Reads one template.
struct Reader<'a, 'd> {
    source: &'a Source,
    diagnostics: &'d mut Vec<Diagnostic>,
    root: &'a Node,
    variables: Variables,
    names: Names,
    tasks: Vec<Task>,
    /// The tasks that create releases.
    created: Vec<Written<'a>>,
    /// The gates.
    gates: Vec<(&'a Node, TaskIdx)>,
}

impl<'a, 'd> Reader<'a, 'd> {
    fn new(root: &'a Node, source: &'a Source, diagnostics: &'d mut Vec<Diagnostic>) -> Self {
        let variables = Variables::read(root, source);
        Self { source, diagnostics, root, variables, names: Names::default(), tasks: Vec::new(), created: Vec::new(), gates: Vec::new() }
    }

    fn flow(&mut self, folder: &str) -> Flow {
        let root = self.root;
        let title: Rc<str> = self.variables.fill_in(&words::title(root, "template", self.source).unwrap_or_default()).into();
        let plan = Plan { is_held: false, ..self.plan(root, Rc::clone(&title), Doer::Children) };
        let mut phases = Vec::new();
        for phase in root.get("phases").map(Node::items).unwrap_or_default() {
            phases.extend(self.phase(phase));
        }
        self.no_links(root);
        self.gates();
        if self.variables.are_too_long() {
            let span = root.entry("variables").map_or(root.span, |entry| entry.key_span);
            let found = Diagnostic::error("variables", span, tr!("the values of these variables make longer texts than are read"));
            report(self.diagnostics, found.help(tr!("use fewer variables in each other, or shorter values")));
        }
        // Without a date of the template, the earliest date of a task is the start.
        let starts_at = plan.starts_at.or(self.tasks.iter().filter_map(|task| task.plan.as_ref()?.starts_at).min());
        let namespace: Vec<String> = folder.split('/').map(|part| slug(part, "")).filter(|part| !part.is_empty()).collect();
        Flow {
            dialect: Dialect::XlRelease,
            version: Version::V0_21,
            id: slug(&title, "template").into(),
            namespace: if namespace.is_empty() { Rc::from("release") } else { namespace.join(".").into() },
            lists: Lists { tasks: phases, ..Lists::default() },
            after_execution: Vec::new(),
            listeners: Vec::new(),
            inputs: Vec::new(),
            outputs: Vec::new(),
            variables: Map::new(),
            labels: Vec::new(),
            retry: None,
            concurrency: None,
            checks: Vec::new(),
            sla: Vec::new(),
            starts_at,
            plan: Some(Box::new(plan)),
            abort_on_failure: self.flag(root, "abortOnFailure", false),
            disabled: false,
            has_triggers: false,
            tasks: std::mem::take(&mut self.tasks),
            span: root.span,
            file: 0,
        }
    }

    fn phase(&mut self, node: &'a Node) -> Option<TaskIdx> {
        self.no_links(node);
        let title = self.title(node, "phase")?;
        let plan = Plan {
            // The default is true for tasks; a phase is held only when it is written.
            is_held: self.flag(node, "waitForScheduledStartDate", false),
            ..self.plan(node, title, Doer::Children)
        };
        let idx = self.push(node, "xlrelease.Phase".into(), plan, None);
        idx.of_mut(&mut self.tasks).kind = Kind::Sequential(Box::default());
        let tasks = self.children(node, idx).into_iter().map(|(_, task)| task).collect();
        idx.of_mut(&mut self.tasks).lists.tasks = tasks;
        Some(idx)
    }

    /// The tasks below `tasks:` of an item.
    fn children(&mut self, node: &'a Node, parent: TaskIdx) -> Vec<(&'a Node, TaskIdx)> {
        let items = node.get("tasks").map(Node::items).unwrap_or_default();
        items.iter().filter_map(|item| self.task(item, parent).map(|idx| (item, idx))).collect()
    }

    fn task(&mut self, node: &'a Node, parent: TaskIdx) -> Option<TaskIdx> {
        let title = self.title(node, "name")?;
        let type_name = self.type_name(node);
        let doer = match &*type_name {
            "xlrelease.Task" | "xlrelease.UserInputTask" => Doer::Person,
            "xlrelease.GateTask" => Doer::Gate,
            "xlrelease.ParallelGroup" | "xlrelease.SequentialGroup" => Doer::Children,
            _ => Doer::Machine,
        };
        let plan = self.plan(node, title, doer);
        let is_parallel = &*type_name == "xlrelease.ParallelGroup";
        let is_creation = &*type_name == "xlrelease.CreateReleaseTask";
        let idx = self.push(node, type_name, plan, Some(parent));
        if is_creation {
            self.creates(node, idx);
        }
        if doer == Doer::Gate && node.get("dependencies").is_some_and(|dependencies| !dependencies.items().is_empty()) {
            self.gates.push((node, idx));
        }
        if !is_parallel {
            self.no_links(node);
        }
        if doer == Doer::Children {
            let children = self.children(node, idx);
            let depends_on = if is_parallel { self.links(node, &children) } else { None };
            let task = idx.of_mut(&mut self.tasks);
            task.lists.tasks = children.into_iter().map(|(_, task)| task).collect();
            task.kind = match depends_on {
                Some(depends_on) => Kind::Dag(Box::new(Dag { depends_on, ..Dag::default() })),
                None if is_parallel => Kind::Parallel(Box::default()),
                None => Kind::Sequential(Box::default()),
            };
        }
        Some(idx)
    }

    fn push(&mut self, node: &Node, type_name: Rc<str>, plan: Plan, parent: Option<TaskIdx>) -> TaskIdx {
        let idx = TaskIdx(self.tasks.len() as u32);
        self.tasks.push(Task {
            id: self.names.unique(&slug(&plan.title, "task")),
            type_name,
            kind: Kind::Planned(Box::default()),
            plan: Some(Box::new(plan)),
            lists: Lists::default(),
            parent,
            disabled: false,
            run_if: None,
            timeout: None,
            retry: None,
            allow_failure: false,
            allow_warning: false,
            log_level: Level::Trace,
            sim_note: None,
            span: node.span,
        });
        idx
    }

    /// The type of a task; for a plugin's task that is written as a script, the plugin's type.
    fn type_name(&mut self, node: &Node) -> Rc<str> {
        let of = |node: &Node| node.get("type").and_then(|written| written.scalar_text(self.source)).map(Rc::<str>::from);
        if let Some(plugin) = node.get("pythonScript").and_then(of) {
            return plugin;
        }
        of(node).unwrap_or_else(|| {
            let found = Diagnostic::warning("no-type", self.source.first_line(node.span), tr!("this task has no `type`"));
            self.diagnostics
                .push(found.label(tr!("treated as a task that a person does")).help(tr!("add `{key}`", key = "type: xlrelease.Task")));
            Rc::from("xlrelease.Task")
        })
    }

    /// The title of an item. `None` when it is not a map, which is reported.
    fn title(&mut self, node: &Node, short: &str) -> Option<Rc<str>> {
        if !matches!(node.value, Yaml::Map(_)) {
            let message = match short {
                "phase" => tr!("this is {value}, not a phase", value = node.kind_name()),
                _ => tr!("this is {value}, not a task", value = node.kind_name()),
            };
            let found = Diagnostic::warning("not-an-item", node.span, message);
            report(self.diagnostics, found.label(tr!("ignored")));
            return None;
        }
        Some(self.variables.fill_in(&words::title(node, short, self.source).unwrap_or_default()).into())
    }
}

#[cfg(test)]
mod tests;
