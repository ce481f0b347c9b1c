//! Inputs and triggers: their types, ids and properties.

use super::properties::{INPUT_ID, TRIGGER_ID};
use super::{Checker, Finding, Owner, PathLeaf, Step, is_there};
use crate::diag::{Diagnostic, did_you_mean, report};
use crate::flow::kestra::scalars::as_bool;
use crate::flow::kestra::schema::{self, INPUT_TYPES};
use crate::flow::kestra::versions::{Version, Versions};
use crate::regex::{Fault, Regex};
use crate::syntax::{Node, Value};
use crate::tr;

/// The longest `displayName`, in characters.
const LONGEST_NAME: usize = 64;

impl<'a> Checker<'a, '_> {
    pub(super) fn inputs(&mut self, list: &'a Node) {
        for (at, item) in list.items().iter().enumerate() {
            self.within(Step::At(at), |checker| checker.input(item));
        }
    }

    fn input(&mut self, node: &'a Node) {
        if !matches!(node.value, Value::Map(_)) {
            let message = tr!("an input is a map, this is {value}", value = node.kind_name());
            self.error("not-an-input", self.head(node), message, String::new(), tr!("an input has an `id:` and a `type:`"));
            return;
        }
        let key = if node.get("id").is_none() && is_there(node.get("name")) { "name" } else { "id" };
        let leaf = Some(PathLeaf { list: "inputs", id: self.text(node, key).unwrap_or("") });
        self.id(node, key, &tr!("an input"), leaf, &INPUT_ID);
        let Some(kind) = self.text(node, "type") else {
            self.missing_type(node, &tr!("noun" => "input"), "inputs", tr!("for instance `{text}`", text = "type: STRING"));
            return;
        };
        let span = node.get("type").map_or(node.span, |written| written.span);
        let versions = schema::input_type_versions(kind);
        if INPUT_TYPES.contains(&kind) && !versions.has(self.version) && versions != Versions::ONLY_0_21 {
            self.input_type_of_other_version(span, kind);
            return;
        }
        let types: Vec<&str> = schema::input_types(self.version).collect();
        if !types.contains(&kind) {
            let meant = self.nearest(kind, types.iter().copied());
            let help = meant.map_or_else(|| tr!("types are {names}", names = types.join(", ")), did_you_mean);
            self.unknown_type(span, kind, tr!("there is no input type `{kind}`", kind), help);
            self.meant(meant);
            return;
        }
        let table = schema::input_properties(kind, self.version);
        let noun = tr!("an input of type {kind}", kind);
        let class = schema::class_of_input(kind, self.version);
        let owner = Owner { noun: &noun, class: &class, leaf, is_open: table.is_none() };
        self.properties(node, owner, [schema::EVERY_INPUT, table.unwrap_or(&[])]);
        if let Some(children) = node.get("inputs").filter(|_| kind == "FORM") {
            self.within(Step::Key("inputs"), |checker| checker.inputs(children));
        }
        if matches!(kind, "ENUM" | "BOOLEAN") && self.version == Version::V1_3 {
            let label = format!("deprecated: {}", self.line(None, "", "").trim_end_matches(": "));
            let found = Diagnostic::warning("deprecated", span, tr!("{name} is deprecated: Kestra 2.0 does not know it", name = kind));
            report(self.found, found.label(label));
            self.meant(super::versions::successor(kind));
        }
        if kind == "REUSABLE_INPUTS" && self.version == Version::V2_0 {
            let id = self.text(node, "id").unwrap_or("");
            self.enterprise.push(Finding {
                code: "enterprise",
                span,
                message: tr!("reusable inputs need Kestra's Enterprise Edition"),
                words: format!("Input '{id}' of type REUSABLE_INPUTS is only available in Enterprise Edition."),
                help: tr!("declare the inputs in this flow"),
                fix: None,
            });
        }
        self.default_rules(node, leaf);
        self.input_rules(node, kind, leaf);
    }

    fn input_rules(&mut self, node: &'a Node, kind: &str, leaf: Option<PathLeaf<'_>>) {
        let source = self.source;
        let text = |key: &str| node.get(key).and_then(|value| value.scalar_text(source));
        if let Some(name) = node.get("displayName").filter(|_| text("displayName").is_some_and(|name| name.chars().count() > LONGEST_NAME))
        {
            let line = self.line(leaf, "displayName", "size must be between 0 and 64");
            self.error("input", name.span, tr!("`displayName` is too long"), line, tr!("make it 64 characters or fewer"));
        }
        // Newer servers accept files that exist already.
        let is_file = |text: &str| text.starts_with("nsfile:") || text.starts_with("file:") || text.contains("{{");
        if let Some(defaults) = node.entry("defaults").filter(|_| kind == "FILE" && !text("defaults").is_none_or(is_file)) {
            let words = match self.version {
                Version::V0_21 => "no `defaults` can be set for inputs of type 'FILE'",
                Version::V1_3 | Version::V2_0 => {
                    "inputs of type 'FILE' only support `defaults` as local files using a file URI or as namespace files using a nsfile URI"
                }
            };
            let line = self.line(leaf, "", words);
            self.error("input", defaults.key_span, tr!("a FILE has no `defaults`"), line, tr!("take `{key}` out", key = "defaults"));
        }
        if matches!(kind, "ARRAY" | "MULTISELECT") {
            self.item_type(node, kind, leaf);
        }
        if kind == "ENUM" && !is_there(node.get("values")) {
            let line = self.line(leaf, "values", "must not be null");
            self.error(
                "missing-property",
                self.head(node),
                tr!("{noun} has no `{key}`", noun = tr!("an ENUM"), key = "values"),
                line,
                tr!("add `{key}:`", key = "values"),
            );
        }
        let is_invalid = |pattern: &str| Regex::java_whole(pattern).is_err_and(|fault| fault == Fault::Invalid);
        if let Some((written, pattern)) = node.get("validator").zip(self.text(node, "validator")).filter(|(_, pattern)| is_invalid(pattern))
        {
            let line = self.line(leaf, "validator", &format!("invalid pattern [{pattern}]"));
            self.error("input", written.span, tr!("this is not a regular expression"), line, "");
        }
    }

    fn item_type(&mut self, node: &'a Node, kind: &str, leaf: Option<PathLeaf<'_>>) {
        match node.get("itemType").filter(|written| is_there(Some(written))) {
            None if kind == "ARRAY" => {
                let line = self.line(leaf, "itemType", "must not be null");
                let message = tr!("{noun} has no `{key}`", noun = tr!("an ARRAY"), key = "itemType");
                self.error("missing-property", self.head(node), message, line, tr!("add `itemType:`, for instance STRING"));
            }
            None => {}
            Some(written) => {
                let item = written.scalar_text(self.source).unwrap_or("");
                if matches!(item, "ARRAY" | "MULTISELECT") {
                    let line = self.line(leaf, "", &format!("`itemType` cannot be `{item}`"));
                    self.error(
                        "input",
                        written.span,
                        tr!("the items of a list can't be of type {item}", item),
                        line,
                        tr!("use JSON for lists of lists"),
                    );
                } else if !schema::input_types(self.version).any(|known| known == item) && !item.contains("{{") {
                    self.known_to = self.known_to.or(schema::input_type_versions(item));
                    let meant = super::versions::successor(item).or_else(|| self.nearest(item, schema::input_types(self.version)));
                    self.error(
                        "value",
                        written.span,
                        tr!("there is no type `{item}`", item),
                        tr!("this is text"),
                        meant.map(did_you_mean).unwrap_or_default(),
                    );
                    self.meant(meant);
                }
            }
        }
    }

    /// Triggers never fire here, but their ids and types are checked.
    pub(super) fn triggers(&mut self, list: &'a Node) {
        for (at, item) in list.items().iter().enumerate() {
            self.within(Step::At(at), |checker| checker.trigger(item));
        }
    }

    /// The parts of a cron expression; what they say is not checked.
    fn cron(&mut self, trigger: &'a Node) {
        let Some((written, cron)) = trigger.get("cron").zip(self.text(trigger, "cron")) else { return };
        let with_seconds = trigger.get("withSeconds").and_then(|flag| as_bool(flag, self.source)) == Some(true);
        let (n, wanted) = (cron.split_whitespace().count(), if with_seconds { 6 } else { 5 });
        if n != wanted && !cron.starts_with('@') && !cron.contains("{{") {
            let words = format!("invalid cron expression '{cron}': Cron expression contains {n} parts but we expect one of [{wanted}]");
            let line = self.line(None, "", &words);
            self.error("input", written.span, tr!("a cron expression has {wanted} parts, this has {n}", wanted, n), line, "");
        }
    }

    /// 1.3 can read no condition of a schedule, whatever it is.
    fn schedule_conditions(&mut self, trigger: &'a Node) {
        let conditions = trigger.entry("scheduleConditions").filter(|entry| !entry.value.items().is_empty());
        let Some(conditions) = conditions.filter(|_| self.version == Version::V1_3) else { return };
        let label = "Cannot construct instance of `io.kestra.core.models.conditions.ScheduleCondition` (no Creators, like default constructor, exist)";
        let message = tr!("Kestra 1.3 can't read `scheduleConditions`");
        self.error("value", conditions.key_span, message, label.to_owned(), tr!("write them under `{key}:`", key = "conditions"));
        self.meant(Some("conditions"));
    }

    fn trigger(&mut self, node: &'a Node) {
        if !matches!(node.value, Value::Map(_)) {
            let message = tr!("a trigger is a map, this is {value}", value = node.kind_name());
            self.error("not-a-trigger", self.head(node), message, String::new(), tr!("a trigger has an `id:` and a `type:`"));
            return;
        }
        self.id(node, "id", &tr!("a trigger"), None, &TRIGGER_ID);
        let Some(name) = self.text(node, "type") else {
            let help = tr!("for instance `{text}`", text = "type: io.kestra.plugin.core.trigger.Schedule");
            self.missing_type(node, &tr!("noun" => "trigger"), "triggers", help);
            return;
        };
        if !schema::is_trigger_type(name, self.version) {
            let span = node.get("type").map_or(node.span, |written| written.span);
            let help = tr!("for instance `{text}`", text = "io.kestra.plugin.core.trigger.Schedule");
            let current = schema::current_name(name);
            let is_former = current != name && schema::is_trigger_type(&current, self.version);
            let versions = if is_former { Versions::BEFORE_2_0 } else { schema::trigger_versions(&current) };
            if versions.and(Versions::SINCE_1_3) != Versions::NONE {
                let message = tr!("`{name}` is not known to Kestra {version}", name, version = self.version.as_str());
                let instead = if is_former { tr!("write `{name}`", name = current) } else { String::new() };
                let help = self.known_to(versions, &instead);
                self.unknown_type(span, name, message, help);
                self.meant(is_former.then_some(&*current));
                return;
            }
            self.unknown_type(span, name, tr!("there is no trigger type `{name}`", name), help);
            return;
        }
        if self.version != Version::V0_21 {
            let current = schema::current_name(name);
            let own = schema::trigger_properties(&current, self.version);
            let short = current.rsplit('.').next().unwrap_or_default();
            let noun = tr!("the trigger `{name}`", name = short);
            let owner = Owner { noun: &noun, class: &current, leaf: None, is_open: own.is_none() };
            self.properties(node, owner, [schema::EVERY_TRIGGER, own.unwrap_or(&[])]);
            self.schedule_conditions(node);
            self.catch_all(node);
            self.cron(node);
        }
    }
}
