//! Tasks: their types, the rules of each type, and their retries.

use super::{ALSO, Checker, Leaf, Owner, Step, is_filled, is_there};
use crate::collections::Index;
use crate::diag::nearest;
use crate::flow::kestra::schema::{self, Known, Property, RETRY_KINDS, Runner, Shape, TaskType};
use crate::graph::Graph;
use crate::source::Span;
use crate::syntax::{Node, Value};
use crate::time::{SimTime, iso_duration, parse_iso_duration};

impl<'a> Checker<'a, '_> {
    /// The tasks in the properties of a flow or a task, in the order of the table.
    pub(super) fn tasks_of(&mut self, node: &'a Node, table: &'static [Property]) {
        for property in table.iter().filter(|property| property.shape.holds_tasks()) {
            let Some(entry) = node.entry(property.name) else { continue };
            let value = &entry.value;
            self.within(Step::Key(&entry.key), |checker| match property.shape {
                Shape::Task if is_there(Some(value)) => checker.task(value),
                Shape::Cases => {
                    for case in value.entries() {
                        checker.within(Step::Key(&case.key), |checker| checker.list(&case.value));
                    }
                }
                Shape::DagTasks => checker.dag_tasks(value),
                _ => checker.list(value),
            });
        }
    }

    fn list(&mut self, list: &'a Node) {
        for (at, task) in list.items().iter().enumerate() {
            self.within(Step::At(at), |checker| checker.task(task));
        }
    }

    fn dag_tasks(&mut self, list: &'a Node) {
        let owner = Owner { said: "a task of a Dag", class: "io.kestra.plugin.core.flow.Dag$DagTask", leaf: None, is_open: false };
        for (at, item) in list.items().iter().enumerate() {
            self.within(Step::At(at), |checker| match (&item.value, item.get("task")) {
                (Value::Map(_), task) => {
                    checker.properties(item, owner, [schema::DAG_TASK, &[]]);
                    if let Some(task) = task.filter(|task| is_there(Some(task))) {
                        checker.within(Step::Key("task"), |checker| checker.task(task));
                    }
                }
                _ => checker.not_a_task(item),
            });
        }
    }

    fn not_a_task(&mut self, node: &Node) {
        let message = format!("a task is a map, this is {}", node.kind_name());
        self.error("not-a-task", self.head(node), message, String::new(), "a task has an `id:` and a `type:`");
    }

    fn task(&mut self, written: &'a Node) {
        if !matches!(written.value, Value::Map(_)) {
            self.not_a_task(written);
            return;
        }
        let id = self.text(written, "id").unwrap_or("");
        if let Some(entry) = written.entry("id").filter(|_| !id.is_empty()) {
            self.ids.push((id, entry.value.span));
        }
        let known = self.task_type(written);
        let class = schema::name_of_today(known.map_or("", |(name, _)| name));
        let short = class.rsplit('.').next().unwrap_or_default();
        let said = if short.is_empty() { "a task".to_owned() } else { format!("`{short}`") };
        let leaf = Some(Leaf { list: "tasks", id });
        self.id(written, "id", &said, leaf, &super::properties::TASK_ID);
        let table = known.and_then(|(_, known)| known).map(|known| known.properties);
        let owner = Owner { said: &said, class: &class, leaf, is_open: table.is_none() };
        let tables = [schema::EVERY_TASK, table.unwrap_or(&[])];
        let filled = self.filled_in(written);
        self.properties_with(written, filled.as_ref().unwrap_or(written), owner, tables);
        if let Some(group) = written.entry("workerGroup").filter(|entry| is_there(Some(&entry.value))) {
            let line = self.line(None, "workerGroup", "Worker Group is an Enterprise Edition functionality");
            self.error("worker-group", group.key_span, "worker groups need Kestra's Enterprise Edition", line, "take `workerGroup` out");
        }
        let Some((_, Some(known))) = known else { return };
        self.own_rules(written, known, leaf);
        self.tasks_of(written, known.properties);
    }

    /// The name of a task's type and, when its properties are known, its table; `None` when it has no usable type.
    fn task_type(&mut self, node: &'a Node) -> Option<(&'a str, Option<&'static TaskType>)> {
        let Some(written) = node.get("type").filter(|written| is_there(Some(written))) else {
            self.missing_type(node, "task", "tasks", "for instance `type: io.kestra.plugin.core.log.Log`");
            return None;
        };
        let name = written.scalar_text(self.source).unwrap_or("");
        match schema::lookup(name) {
            Known::Simulated(known) => return Some((name, Some(known))),
            Known::Opaque | Known::Plugin => return Some((name, None)),
            Known::NoSuchType => {
                let class = |full: &str| full.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
                let wanted = class(name);
                let meant = schema::all_names().find(|full| class(full) == wanted).or_else(|| nearest(name, schema::all_names()));
                let help = meant.map_or("the page of each plugin names its types".to_owned(), |meant| format!("did you mean `{meant}`?"));
                self.unknown_type(written.span, name, format!("there is no task type `{name}`"), help);
                self.meant(meant);
            }
            Known::NotAName => {
                let is_meant = |full: &&str| full.rsplit('.').next().is_some_and(|class| class.eq_ignore_ascii_case(name));
                let meant = schema::all_names().find(is_meant);
                let help = meant.map_or("type names have dots, such as `io.kestra.plugin.core.log.Log`".to_owned(), |full| {
                    format!("did you mean `{full}`?")
                });
                self.unknown_type(written.span, name, format!("`{name}` is not the name of a task type"), help);
                self.meant(meant);
            }
        }
        None
    }

    pub(super) fn missing_type(&mut self, node: &Node, said: &str, list: &str, help: &str) {
        let line = format!("Invalid type: null{ALSO}missing type id property 'type' (for POJO property '{list}')");
        let span = node.entry("type").map_or_else(|| self.head(node), |entry| entry.key_span);
        self.error("missing-type", span, format!("this {said} has no `type`"), line, help);
    }

    pub(super) fn unknown_type(&mut self, span: Span, name: &str, message: String, help: String) {
        self.error("unknown-type", span, message, format!("Invalid type: {name}"), help);
    }

    /// What is asked of one type alone.
    fn own_rules(&mut self, node: &'a Node, known: &TaskType, leaf: Option<Leaf<'_>>) {
        let span = node.get("type").map_or_else(|| self.head(node), |written| written.span);
        if known.name == schema::DAG.name {
            self.dag(node, leaf, span);
        } else if known.name == schema::SWITCH.name {
            if !is_filled(node.get("cases")) && !is_filled(node.get("defaults")) {
                let line = self.line(leaf, "", "No task defined, neither cases or default have any tasks");
                self.error(
                    "switch",
                    span,
                    "this Switch has neither `cases` nor `defaults`",
                    line,
                    "add `cases:` with a list of tasks for each value",
                );
            }
        } else if known.name == schema::WORKING_DIRECTORY.name {
            self.working_directory(node, leaf, span);
        } else if known.name == schema::SUBFLOW.name || known.name == schema::FOR_EACH_ITEM.name {
            let of = |key| self.text(node, key).unwrap_or("");
            if !self.flow.0.is_empty() && (of("flowId"), of("namespace")) == self.flow {
                self.calls_itself.push(node.get("flowId").map_or(span, |written| written.span));
            }
        }
    }

    fn dag(&mut self, node: &'a Node, leaf: Option<Leaf<'_>>, span: Span) {
        let items = node.get("tasks").map(Node::items).unwrap_or_default();
        if !is_filled(node.get("tasks")) {
            self.also(leaf, "No task defined");
            return;
        }
        let source = self.source;
        let id = |item: &'a Node| item.get("task").and_then(|task| task.get("id")?.scalar_text(source)).unwrap_or("");
        let ids: Vec<&str> = items.iter().map(id).collect();
        let mut places = Index::default();
        for (at, id) in ids.iter().enumerate() {
            places.place_or(id, at);
        }
        let wanted = |item: &'a Node| item.get("dependsOn").map(Node::items).unwrap_or_default();
        let missing: Vec<(&Node, &str)> = items
            .iter()
            .flat_map(wanted)
            .filter_map(|wanted| wanted.scalar_text(source).map(|text| (wanted, text)))
            .filter(|(_, text)| places.get(text).is_none())
            .collect();
        if let Some((first, name)) = missing.first() {
            let names: Vec<&str> = missing.iter().map(|(_, name)| *name).collect();
            let line = self.line(leaf, "", &format!("Not existing task id in dependency: {}", names.join(", ")));
            let meant = nearest(name, ids.iter().copied());
            let help = match meant {
                Some(meant) => format!("a task of this Dag has a similar id: `{meant}`"),
                None => "name tasks of this very Dag".to_owned(),
            };
            self.error("dag", first.span, format!("there is no task `{name}` in this Dag"), line, help);
            self.meant(meant);
            return;
        }
        let place = |id: &Node| places.get(id.scalar_text(source)?);
        let before: Vec<Vec<usize>> = items.iter().map(|item| wanted(item).iter().filter_map(place).collect()).collect();
        let in_cycle = Graph { n_nodes: items.len(), edge: &|item, nth| before[item].get(nth).copied() }.on_cycles();
        if let Some(first) = in_cycle.first() {
            let names: Vec<&str> = in_cycle.iter().filter_map(|task| ids.get(*task).copied()).collect();
            let line = self.line(leaf, "", &format!("Cyclic dependency detected: {}", names.join(", ")));
            let span = items.get(*first).and_then(|item| item.get("dependsOn")).map_or(span, |written| self.head(written));
            let said: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            self.error("dag", span, format!("{} wait for each other", said.join(" and ")), line, "take one of these dependencies out");
        }
    }

    fn working_directory(&mut self, node: &'a Node, leaf: Option<Leaf<'_>>, span: Span) {
        let items = node.get("tasks").map(Node::items).unwrap_or_default();
        if !is_filled(node.get("tasks")) {
            self.also(leaf, "The 'tasks' property cannot be empty");
            return;
        }
        let by_executor = |task: &&Node| {
            let name = task.get("type").and_then(|written| written.scalar_text(self.source)).unwrap_or("");
            matches!(schema::lookup(name), Known::Simulated(known) if known.runner == Runner::Executor)
        };
        if let Some(task) = items.iter().find(by_executor) {
            let line = self.line(leaf, "", "Only runnable tasks are allowed as children of a WorkingDirectory task");
            let span = task.get("type").map_or(span, |written| written.span);
            self.error("working-directory", span, "a WorkingDirectory runs no groups and subflows", line, "use tasks that a worker runs");
        } else if let Some(group) = items.iter().filter_map(|task| task.entry("workerGroup")).find(|entry| is_there(Some(&entry.value))) {
            let words = "Cannot set a Worker Group in any WorkingDirectory sub-tasks, it is only supported at the WorkingDirectory level";
            let line = self.line(leaf, "", words);
            let message = "a task of a WorkingDirectory has no worker group of its own";
            self.error("working-directory", group.key_span, message, line, "set it for the WorkingDirectory");
        }
    }

    /// A retry: its kind, what that kind needs, and lengths that fit together.
    pub(super) fn retry(&mut self, node: &'a Node) {
        let Some(kind) = self.text(node, "type") else {
            self.missing_type(node, "retry", "retry", "`constant`, `exponential` or `random`");
            return;
        };
        let Some((_, own)) = RETRY_KINDS.iter().find(|(name, _)| *name == kind) else {
            let meant = nearest(kind, RETRY_KINDS.iter().map(|(name, _)| *name));
            let help = meant.map_or("`constant`, `exponential` or `random`".to_owned(), |meant| format!("did you mean `{meant}`?"));
            let span = node.get("type").map_or(node.span, |written| written.span);
            self.unknown_type(span, kind, format!("there is no retry of the kind `{kind}`"), help);
            self.meant(meant);
            return;
        };
        let class = format!("io.kestra.core.models.tasks.retrys.{}{}", kind[..1].to_ascii_uppercase(), &kind[1..]);
        let said = format!("a {kind} retry");
        let owner = Owner { said: &said, class: &class, leaf: None, is_open: false };
        self.properties(node, owner, [schema::RETRY, &[]]);
        for entry in node.entries() {
            let is_of = |kind: &(&str, &[(&str, bool)])| kind.1.iter().any(|(name, _)| *name == entry.key);
            if RETRY_KINDS.iter().any(is_of) && own.iter().all(|(name, _)| *name != entry.key) {
                let line = format!("Unrecognized field \"{}\" (class {class}), not marked as ignorable", entry.key);
                let names: Vec<String> = own.iter().map(|(name, _)| format!("`{name}`")).collect();
                let message = format!("`{}` is not a property of {said}", entry.key);
                self.error("unknown-property", entry.key_span, message, line, format!("it has {}", names.join(", ")));
            }
        }
        for (name, _) in own.iter().filter(|(name, needed)| *needed && !is_there(node.get(name))) {
            let line = self.line(None, name, "must not be null");
            self.error("missing-property", self.head(node), format!("{said} has no `{name}`"), line, format!("add `{name}:`"));
        }
        let shorter: &[(&str, &str)] = match kind {
            "constant" => &[("interval", "maxDuration")],
            "exponential" => &[("interval", "maxDuration"), ("interval", "maxInterval")],
            _ => &[("minInterval", "maxDuration"), ("maxInterval", "maxDuration"), ("minInterval", "maxInterval")],
        };
        let length = |name: &str| self.text(node, name).and_then(parse_iso_duration);
        let wrong = shorter.iter().find_map(|(less, more)| {
            let (is, limit): (SimTime, SimTime) = (length(less)?, length(more)?);
            (is >= limit).then_some((*less, *more, is))
        });
        if let Some((less, more, is)) = wrong {
            let words = format!("'{less}' must be less than '{more}' but is {}", iso_duration(is));
            let line = self.line(None, "", &words);
            let span = node.get(less).map_or(node.span, |written| written.span);
            self.error("retry", span, format!("`{less}` must be less than `{more}`"), line, "");
        }
    }
}
