//! Rules for properties: they must be known, present where required, and of the right shape. Rules for ids.

use super::{ALSO, Checker, Owner, PathLeaf, Step, is_filled, is_there};
use crate::diag::{Diagnostic, did_you_mean, report};
use crate::flow::kestra::schema::{Need, Property, Reading, Shape};
use crate::flow::kestra::versions::Version;
use crate::language::plain;
use crate::syntax::{Node, Value};
use crate::tr;

/// Kestra's message for a whole number that is too small for its property.
fn too_small(property: &str, number: i64, version: Version) -> Option<&'static str> {
    let (least, words) = match property {
        "limit" if version != Version::V0_21 => (1, "must be greater than or equal to 1"),
        "limit" => (1, "must be greater than 0"),
        "maxAttempt" | "maxAttempts" | "revision" => (1, "must be greater than or equal to 1"),
        _ => (0, "must be greater than or equal to 0"),
    };
    (number < least).then_some(words)
}

/// Whether a property is required. Two tasks ask for more in a newer version.
fn need(property: &Property, class: &str, version: Version) -> Need {
    match (property.name, version) {
        ("condition", Version::V1_3) if class.ends_with(".If") => Need::Optional,
        ("tasks", Version::V2_0) if class.ends_with(".LoopUntil") => Need::Tasks,
        _ => property.need,
    }
}

/// A whole number, which may be written as text.
fn whole(node: &Node) -> Option<i64> {
    match &node.value {
        Value::Int(number) => Some(*number),
        Value::Text(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Float(_) | Value::List(_) | Value::Map(_) => None,
    }
}

/// The classes of parts of a flow, by the property that holds them, in 1.3 and 2.0.
const CLASSES: &[(&str, &str)] = &[
    ("checkFrequency", "io.kestra.plugin.core.flow.LoopUntil$CheckFrequency"),
    ("checks", "io.kestra.core.models.flows.check.Check"),
    ("concurrency", "io.kestra.core.models.flows.Concurrency"),
    ("dependsOn", "io.kestra.core.models.flows.DependsOn"),
    ("outputs", "io.kestra.core.models.flows.Output"),
    ("pluginDefaults", "io.kestra.core.models.flows.PluginDefault"),
    ("taskCache", "io.kestra.core.models.tasks.Cache"),
    ("taskDefaults", "io.kestra.core.models.flows.PluginDefault"),
    ("workerGroup", "io.kestra.core.models.tasks.WorkerGroup"),
];

/// The rule for an id.
pub(super) struct IdRule {
    /// The name of the id in our messages.
    pub what: &'static str,
    /// The pattern in Kestra's message.
    pub regex: &'static str,
    /// The characters it may have beside letters and digits.
    pub marks: &'static str,
    /// Whether it may have capital letters.
    pub capitals: bool,
    /// Whether Kestra also reports `must not be blank`.
    pub asks_blank: bool,
    /// The most characters, if Kestra limits them.
    pub longest: Option<usize>,
}

pub(super) const FLOW_ID: IdRule = IdRule {
    what: tr!(const "flow id"),
    regex: "^[a-zA-Z0-9][a-zA-Z0-9._-]*",
    marks: "._-",
    capitals: true,
    asks_blank: true,
    longest: Some(100),
};
pub(super) const NAMESPACE: IdRule = IdRule {
    what: tr!(const "namespace"),
    regex: "^[a-z0-9][a-z0-9._-]*",
    marks: "._-",
    capitals: false,
    asks_blank: false,
    longest: Some(150),
};
pub(super) const TASK_ID: IdRule = IdRule {
    what: tr!(const "task id"),
    regex: "^[a-zA-Z0-9][a-zA-Z0-9_-]*",
    marks: "_-",
    capitals: true,
    asks_blank: true,
    longest: None,
};
pub(super) const TRIGGER_ID: IdRule = IdRule { what: tr!(const "trigger id"), ..TASK_ID };
pub(super) const INPUT_ID: IdRule = IdRule {
    what: tr!(const "input id"),
    regex: "^[a-zA-Z0-9][.a-zA-Z0-9_-]*",
    marks: "._-",
    capitals: true,
    asks_blank: true,
    longest: None,
};
pub(super) const OUTPUT_ID: IdRule = IdRule { what: tr!(const "output id"), ..INPUT_ID };

impl<'a> Checker<'a, '_> {
    /// Checks that every key is known, that each value has the shape of its property, and that required ones are there.
    /// Ids, types and tasks are checked elsewhere.
    pub(super) fn properties(&mut self, node: &'a Node, owner: Owner<'_>, tables: [&'static [Property]; 2]) {
        self.properties_with(node, node, owner, tables);
    }

    /// The same for a node with defaults: a property in `filled` need not be in `node`.
    pub(super) fn properties_with(&mut self, node: &'a Node, filled: &Node, owner: Owner<'_>, tables: [&'static [Property]; 2]) {
        let version = self.version;
        let all = || tables.into_iter().flatten().filter(|property| property.versions.has(version));
        for entry in node.entries() {
            let Some(property) = all().find(|property| property.name == entry.key) else {
                // A type whose own properties are not known has those of all, too.
                let is_refused = !owner.is_open || tables[0].iter().any(|property| property.name == entry.key);
                let is_reported = is_refused && self.property_of_other_version(entry, owner, tables);
                if !is_reported && (!owner.is_open || !tables[1].is_empty()) {
                    self.unknown_property(&entry.key, entry.key_span, owner, tables);
                }
                continue;
            };
            self.deprecated_property(entry, property, owner, tables);
            if entry.value.value == Value::Null {
                continue;
            }
            let is_late = property.is_rendered && version != Version::V0_21;
            let reading = if is_late || version == Version::V0_21 { Reading::Any } else { Reading::AtOnce };
            if let (Shape::Count, Some(number)) = (property.shape, whole(&entry.value))
                && let Some(words) = too_small(property.name, number, version).filter(|_| !is_late)
            {
                let line = self.line(owner.leaf, property.name, words);
                let message = match words {
                    "must be greater than 0" => tr!("`{name}` must be greater than 0", name = property.name),
                    "must be greater than or equal to 1" => tr!("`{name}` must be greater than or equal to 1", name = property.name),
                    _ => tr!("`{name}` must be greater than or equal to 0", name = property.name),
                };
                self.error("limit", entry.value.span, message, line, "");
            } else if let Some(wanted) = property.shape.misfit(&entry.value, self.source, reading) {
                let is_seen = !entry.value.span.range().is_empty();
                let span = if is_seen { self.head(&entry.value) } else { entry.key_span };
                let label = tr!("this is {value}", value = entry.value.kind_name());
                let message = tr!("`{name}` must be {wanted}", name = property.name, wanted);
                if is_late {
                    // Kestra finds out when it renders the value.
                    let found = Diagnostic::warning("value", span, message).label(label);
                    report(self.found, found.help(tr!("Kestra reads this value only when the flow runs")));
                } else {
                    self.error("value", span, message, label, "");
                }
                self.meant(property.shape.meant(&entry.value, self.source));
            } else {
                self.within(Step::Key(&entry.key), |checker| checker.part(&entry.value, property));
            }
        }
        for property in all() {
            self.needed(node, filled, owner, property);
        }
    }

    /// The class of a part of a flow, in Kestra's messages.
    fn class_of(&self, node: &'a Node, property: &'static str) -> &'static str {
        let classes = if self.version == Version::V0_21 { &[][..] } else { CLASSES };
        match self.text(node, "type") {
            Some("MAX_DURATION") if property == "sla" => "io.kestra.core.models.flows.sla.types.MaxDurationSLA",
            Some("EXECUTION_ASSERTION") if property == "sla" => "io.kestra.core.models.flows.sla.types.ExecutionAssertionSLA",
            _ => classes.iter().find(|(name, _)| *name == property).map_or(property, |(_, class)| class),
        }
    }

    /// Checks the content of a value that has the right shape.
    fn part(&mut self, node: &'a Node, property: &Property) {
        let noun = || format!("`{}`", property.name);
        let owner = |noun, class| Owner { noun, class, leaf: None, is_open: false };
        match property.shape {
            Shape::Retry => self.retry(node),
            Shape::Labels => self.labels(node),
            Shape::Inputs => self.inputs(node),
            Shape::Triggers => self.triggers(node),
            Shape::Object(table) => {
                self.properties(node, owner(&noun(), self.class_of(node, property.name)), [table, &[]]);
                self.object(node, property.name);
            }
            Shape::Objects(table) => {
                let noun = noun();
                for (at, item) in node.items().iter().enumerate() {
                    self.within(Step::At(at), |checker| {
                        checker.properties(item, owner(&noun, checker.class_of(item, property.name)), [table, &[]]);
                        checker.object(item, property.name);
                    });
                }
            }
            Shape::Any | Shape::Text | Shape::Bool | Shape::Count | Shape::Number | Shape::Duration | Shape::Texts => {}
            Shape::TextOrTexts | Shape::Map | Shape::OneOf(_) | Shape::Values => {}
            // These are checked after all properties of the task.
            Shape::Tasks | Shape::Task | Shape::DagTasks | Shape::Cases => {}
        }
    }

    fn unknown_property(&mut self, key: &str, span: crate::source::Span, owner: Owner<'_>, tables: [&'static [Property]; 2]) {
        let line = format!("Unrecognized field \"{key}\" (class {}), not marked as ignorable", owner.class);
        let is_known = |property: &&Property| property.versions.has(self.version);
        let meant = self.nearest(key, tables.into_iter().flatten().filter(is_known).map(|property| property.name));
        // A task's own properties are few, and more helpful than those of every task.
        let own = if tables[1].is_empty() { tables[0] } else { tables[1] };
        let help = match meant {
            Some(meant) => did_you_mean(meant),
            None if own.is_empty() || own.iter().filter(is_known).count() > 16 => String::new(),
            None => {
                let names: Vec<String> = own.iter().filter(is_known).map(|property| format!("`{}`", property.name)).collect();
                tr!("its own properties are {names}", names = names.join(", "))
            }
        };
        let message = tr!("`{key}` is not a property of {owner}", key, owner = owner.noun);
        if !owner.is_open {
            self.error("unknown-property", span, message, line, help);
        } else if meant.is_some() {
            report(self.found, Diagnostic::warning("unknown-property", span, message).help(help));
        } else {
            return;
        }
        self.meant(meant);
    }

    fn needed(&mut self, node: &Node, filled: &Node, owner: Owner<'_>, property: &Property) {
        let name = property.name;
        let need = need(property, owner.class, self.version);
        if matches!(need, Need::Optional | Need::Own) {
            return;
        }
        let value = filled.get(name);
        let (is_there, is_filled) = (is_there(value), is_filled(value));
        let words: &[&str] = match need {
            Need::Present if !is_there => &["must not be null"],
            Need::PresentAndFilled if !is_there => &["must not be null", "must not be empty"],
            Need::Filled | Need::PresentAndFilled if !is_filled => &["must not be empty"],
            Need::Tasks if !is_filled => &["The 'tasks' property cannot be empty"],
            Need::Optional | Need::Own | Need::Present | Need::Filled | Need::PresentAndFilled | Need::Tasks => return,
        };
        let lines: Vec<String> = words.iter().map(|words| self.line(owner.leaf, name, words)).collect();
        let (span, message, help) = match node.entry(name) {
            Some(entry) => {
                let is_seen = !entry.value.span.range().is_empty() && is_there;
                let span = if is_seen { self.head(&entry.value) } else { entry.key_span };
                let holds_tasks = property.shape.holds_tasks();
                let task = || tr!("`{name}` must hold at least one task", name);
                (span, if holds_tasks { task() } else { tr!("`{name}` must not be empty", name) }, String::new())
            }
            None => (self.head(node), tr!("{noun} has no `{key}`", noun = owner.noun, key = name), tr!("add `{key}:`", key = name)),
        };
        self.error("missing-property", span, message, lines.join(ALSO), help);
    }

    /// Checks that an id is there and well-formed.
    pub(super) fn id(&mut self, node: &'a Node, key: &'static str, noun: &str, leaf: Option<PathLeaf<'_>>, rule: &IdRule) {
        let entry = node.entry(key);
        let blank = if rule.asks_blank { Some("must not be blank") } else { None };
        let Some(entry) = entry.filter(|entry| entry.value.value != Value::Null) else {
            let lines: Vec<String> = ["must not be null"].into_iter().chain(blank).map(|words| self.line(leaf, key, words)).collect();
            let span = entry.map_or_else(|| self.head(node), |entry| entry.key_span);
            self.error("missing-property", span, tr!("{noun} has no `{key}`", noun, key), lines.join(ALSO), tr!("add `{key}:`", key));
            return;
        };
        let Some(text) = entry.value.scalar_text(self.source) else {
            let label = tr!("this is {value}", value = entry.value.kind_name());
            self.error("value", self.head(&entry.value), tr!("`{key}` must be text", key), label, "");
            return;
        };
        let allowed = |c: char| c.is_ascii_digit() || c.is_ascii_lowercase() || rule.capitals && c.is_ascii_uppercase();
        let is_well_written = text.starts_with(allowed) && text.chars().all(|c| allowed(c) || rule.marks.contains(c));
        let is_fit = rule.longest.is_none_or(|longest| (1..=longest).contains(&text.chars().count()));
        if is_well_written && is_fit {
            return;
        }
        let mut words = Vec::new();
        words.extend(blank.filter(|_| text.trim().is_empty()).map(str::to_owned));
        if !is_well_written {
            words.push(format!("must match \"{}\"", rule.regex));
        }
        if let Some(longest) = rule.longest.filter(|_| !is_fit) {
            words.push(format!("size must be between 1 and {longest}"));
        }
        let lines: Vec<String> = words.iter().map(|words| self.line(leaf, key, words)).collect();
        let help = if is_well_written {
            tr!("make it shorter")
        } else {
            match (rule.capitals, rule.marks.contains('.')) {
                (true, true) => tr!("use letters, digits, `.`, `-` and `_`, and begin with a letter or digit"),
                (true, false) => tr!("use letters, digits, `-` and `_`, and begin with a letter or digit"),
                (false, _) => tr!("use lowercase letters, digits, `.`, `-` and `_`, and begin with a letter or digit"),
            }
        };
        self.error("id", entry.value.span, tr!("`{text}` can't be a {what}", text, what = plain(rule.what)), lines.join(ALSO), help);
    }
}
