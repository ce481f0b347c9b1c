//! Tasks: their types, the rules of each type, and their retries.

use super::{ALSO, Checker, Finding, Owner, PathLeaf, Step, is_there};
use crate::diag::did_you_mean;
use crate::flow::kestra::schema::{self, Known, Property, RETRY_KINDS, Shape, TaskType};
use crate::flow::kestra::versions::Version;
use crate::pace::give_way;
use crate::source::Span;
use crate::syntax::{Node, Value};
use crate::time::{SimTime, iso_duration, parse_iso_duration};
use crate::tr;

/// A usable type of a task.
#[derive(Clone, Copy)]
struct TypeOf<'a> {
    /// Its name, as written.
    name: &'a str,
    /// What it does, when it is simulated.
    simulated: Option<&'static TaskType>,
    /// Its properties; `None` when any are accepted.
    table: Option<&'static [Property]>,
}

impl<'a> Checker<'a, '_> {
    /// Checks the tasks in the properties of a flow or a task, in the order of the table.
    #[allow(clippy::wildcard_enum_match_arm, reason = "the filter lets only shapes through that hold tasks")]
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
        let owner = Owner { noun: &tr!("a task of a Dag"), class: "io.kestra.plugin.core.flow.Dag$DagTask", leaf: None, is_open: false };
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
        let message = tr!("a task is a map, this is {value}", value = node.kind_name());
        self.error("not-a-task", self.head(node), message, String::new(), tr!("a task has an `id:` and a `type:`"));
    }

    fn task(&mut self, written: &'a Node) {
        give_way();
        if !matches!(written.value, Value::Map(_)) {
            self.not_a_task(written);
            return;
        }
        let id = self.text(written, "id").unwrap_or("");
        if let Some(entry) = written.entry("id").filter(|_| !id.is_empty()) {
            self.ids.push((id, entry.value.span));
        }
        let known = self.task_type(written);
        let class = schema::current_name(known.map_or("", |known| known.name));
        let short = class.rsplit('.').next().unwrap_or_default();
        let noun = if short.is_empty() { tr!("a task") } else { format!("`{short}`") };
        let leaf = Some(PathLeaf { list: "tasks", id });
        self.id(written, "id", &noun, leaf, &super::properties::TASK_ID);
        let table = known.and_then(|known| known.table);
        let owner = Owner { noun: &noun, class: &class, leaf, is_open: table.is_none() || !schema::is_own(&class) };
        let tables = [schema::EVERY_TASK, table.unwrap_or(&[])];
        let filled = self.filled_in(written);
        self.properties_with(written, filled.as_ref().unwrap_or(written), owner, tables);
        if let Some(group) = written.entry("workerGroup").filter(|entry| self.version == Version::V0_21 && is_there(Some(&entry.value))) {
            let line = self.line(None, "workerGroup", "Worker Group is an Enterprise Edition functionality");
            self.error(
                "worker-group",
                group.key_span,
                tr!("worker groups need Kestra's Enterprise Edition"),
                line,
                tr!("take `{key}` out", key = "workerGroup"),
            );
        }
        if let Some(assets) = written.entry("assets").filter(|entry| self.version != Version::V0_21 && is_there(Some(&entry.value))) {
            self.enterprise.push(Finding {
                code: "enterprise",
                span: assets.key_span,
                message: tr!("assets need Kestra's Enterprise Edition"),
                words: format!("Task '{id}' can't have any `assets` because assets are only available in Enterprise Edition."),
                help: tr!("take `{key}` out", key = "assets"),
                fix: None,
            });
        }
        let Some(known) = known.and_then(|known| known.simulated) else { return };
        if table.is_some() {
            self.useless_properties(written, known);
        }
        if let Some(check) = known.check.filter(|_| table.is_some()) {
            let span = written.get("type").map_or_else(|| self.head(written), |written| written.span);
            check(self, written, leaf, span);
        }
        self.tasks_of(written, known.properties);
    }

    /// What is known of a task's type; `None` when it has no usable type.
    fn task_type(&mut self, node: &'a Node) -> Option<TypeOf<'a>> {
        let Some(written) = node.get("type").filter(|written| is_there(Some(written))) else {
            let help = tr!("for instance `{text}`", text = "type: io.kestra.plugin.core.log.Log");
            self.missing_type(node, &tr!("noun" => "task"), "tasks", help);
            return None;
        };
        let name = written.scalar_text(self.source).unwrap_or("");
        let version = self.version;
        let all = || schema::all_names(version);
        let known = schema::lookup(name, version);
        if let Known::Simulated(_) | Known::Opaque(_) = known {
            let is_old = if let Known::Simulated(known) = known { known.is_old } else { false };
            self.old_type(written, &schema::current_name(name), is_old);
        }
        match known {
            Known::Simulated(known) => {
                return Some(TypeOf { name, simulated: Some(known), table: Some(schema::properties_of(known)) });
            }
            Known::Opaque(core) => return Some(TypeOf { name, simulated: None, table: core.map(|core| core.properties) }),
            Known::Plugin => return Some(TypeOf { name, simulated: None, table: None }),
            Known::OtherVersion(versions) => {
                self.type_of_other_version(written.span, name, versions);
                return Some(TypeOf { name, simulated: schema::simulated(name), table: None });
            }
            Known::NoSuchType => {
                let class = |full: &str| full.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
                let wanted = class(name);
                let meant = all().find(|full| class(full) == wanted).or_else(|| self.nearest(name, all()));
                let help = meant.map_or_else(|| tr!("the page of each plugin names its types"), did_you_mean);
                self.unknown_type(written.span, name, tr!("there is no task type `{name}`", name), help);
                self.meant(meant);
            }
            Known::NotAName => {
                let is_meant = |full: &&str| full.rsplit('.').next().is_some_and(|class| class.eq_ignore_ascii_case(name));
                let meant = all().find(is_meant);
                let help = meant
                    .map_or_else(|| tr!("type names have dots, such as `{name}`", name = "io.kestra.plugin.core.log.Log"), did_you_mean);
                self.unknown_type(written.span, name, tr!("`{name}` is not the name of a task type", name), help);
                self.meant(meant);
            }
        }
        None
    }

    pub(super) fn missing_type(&mut self, node: &Node, noun: &str, list: &str, help: String) {
        let null = if self.version == Version::V0_21 { "null" } else { "<null>" };
        let line = format!("Invalid type: {null}{ALSO}missing type id property 'type' (for POJO property '{list}')");
        let span = node.entry("type").map_or_else(|| self.head(node), |entry| entry.key_span);
        self.error("missing-type", span, tr!("this {noun} has no `type`", noun), line, help);
    }

    pub(super) fn unknown_type(&mut self, span: Span, name: &str, message: String, help: String) {
        self.error("unknown-type", span, message, format!("Invalid type: {name}"), help);
    }

    /// Checks a retry: its type, the properties of that type, and its durations.
    pub(super) fn retry(&mut self, node: &'a Node) {
        let Some(kind) = self.text(node, "type") else {
            self.missing_type(node, &tr!("noun" => "retry"), "retry", tr!("`constant`, `exponential` or `random`"));
            return;
        };
        let Some((_, own)) = RETRY_KINDS.iter().find(|(name, _)| *name == kind) else {
            let meant = self.nearest(kind, RETRY_KINDS.iter().map(|(name, _)| *name));
            let help = meant.map_or_else(|| tr!("`constant`, `exponential` or `random`"), did_you_mean);
            let span = node.get("type").map_or(node.span, |written| written.span);
            self.unknown_type(span, kind, tr!("there is no retry of the kind `{kind}`", kind), help);
            self.meant(meant);
            return;
        };
        let (initial, others) = kind.split_at_checked(1).unwrap_or((kind, ""));
        let class = format!("io.kestra.core.models.tasks.retrys.{}{others}", initial.to_ascii_uppercase());
        let noun = tr!("a {kind} retry", kind);
        let owner = Owner { noun: &noun, class: &class, leaf: None, is_open: false };
        self.properties(node, owner, [schema::RETRY, &[]]);
        node.entries().iter().for_each(|entry| self.duration_rules(entry));
        for entry in node.entries() {
            let is_of = |kind: &(&str, &[(&str, bool)])| kind.1.iter().any(|(name, _)| *name == entry.key);
            if RETRY_KINDS.iter().any(is_of) && own.iter().all(|(name, _)| *name != entry.key) {
                let line = format!("Unrecognized field \"{}\" (class {class}), not marked as ignorable", entry.key);
                let names: Vec<String> = own.iter().map(|(name, _)| format!("`{name}`")).collect();
                let message = tr!("`{key}` is not a property of {owner}", key = entry.key, owner = noun);
                self.error("unknown-property", entry.key_span, message, line, tr!("it has {names}", names = names.join(", ")));
            }
        }
        for (name, _) in own.iter().filter(|(name, needed)| *needed && !is_there(node.get(name))) {
            let line = self.line(None, name, "must not be null");
            self.error(
                "missing-property",
                self.head(node),
                tr!("{noun} has no `{key}`", noun, key = name),
                line,
                tr!("add `{key}:`", key = name),
            );
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
            self.error("retry", span, tr!("`{less}` must be less than `{more}`", less, more), line, "");
        }
    }
}
