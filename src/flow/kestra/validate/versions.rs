//! What one version of Kestra refuses and another takes, and what to write instead. Rules: Kestra, "Versions".

use super::{Checker, Finding, Owner};
use crate::cursor::Cursor;
use crate::flow::kestra::inputs;
use crate::flow::kestra::scalars::as_bool;
use crate::flow::kestra::schema::{self, Property};
use crate::flow::kestra::versions::{Version, Versions};
use crate::language::plain;
use crate::source::{Source, Span};
use crate::syntax::{Entry, Node, Value};
use crate::time::{SimTime, parse_iso_duration};
use crate::tr;

/// What to write instead of a property: the end of its owner's class, its name, the new name if it can simply be renamed, and
/// otherwise what to do.
const PROPERTIES: &[(&str, &str, Option<&str>, &str)] = &[
    (".Pause", "delay", Some("pauseDuration"), ""),
    (".Pause", "tasks", None, tr!(const "write these tasks after the Pause")),
    (".Subflow", "outputs", None, tr!(const "declare the outputs in the flow that it calls")),
    (".LoopUntil", "interval", None, tr!(const "write it under `checkFrequency:`")),
    (".LoopUntil", "maxIterations", None, tr!(const "write it under `checkFrequency:`")),
    (".LoopUntil", "maxDuration", None, tr!(const "write it under `checkFrequency:`")),
    (".Loop", "breakWhen", None, tr!(const "take it out: a Loop runs for all its values")),
    (".trigger.Flow", "dependsOn", None, tr!(const "write the flows under `preconditions:`")),
    (".Check", "when", Some("condition"), ""),
    ("Input", "name", Some("id"), ""),
    ("Input", "options", Some("values"), ""),
    ("Input", "extension", None, tr!(const "take it out: it only named the file that was uploaded")),
    ("", "maxAttempt", Some("maxAttempts"), ""),
    ("", "when", Some("runIf"), ""),
    ("", "pluginDefaults", None, tr!(const "write the values in each task")),
    ("", "taskDefaults", None, tr!(const "write the values in each task")),
    ("", "pluginDefaultsRef", None, tr!(const "write the values in the task")),
    ("", "listeners", None, tr!(const "run the tasks in `afterExecution:`, each with a `runIf:`")),
    ("", "conditions", None, tr!(const "write one expression under `when:`")),
    ("", "scheduleConditions", None, tr!(const "write one expression under `when:`")),
    ("", "preconditions", None, tr!(const "write the flows under `dependsOn:`")),
    ("", "workerGroup", None, tr!(const "use `workerSelector:`")),
    ("", "workerSelector", None, tr!(const "use `workerGroup:`")),
    ("", "onChildFailure", None, tr!(const "take it out: here the other children always go on")),
    (".FlowWithSource", "extend", None, tr!(const "take it out: it describes a published blueprint")),
    ("", "allowFailed", None, tr!(const "write it under `options:`")),
    ("", "sslOptions", None, tr!(const "write it as `ssl:` under `options:`")),
    ("", "minLogLevel", Some("logLevel"), ""),
];

/// What to use instead of a type: the end of its name, and what to do.
const TYPES: &[(&str, &str)] = &[
    (".flow.ForEach", tr!(const "use `io.kestra.plugin.core.flow.Loop`: its tasks read the value as `item.value`")),
    (".flow.ForEachItem", tr!(const "use `io.kestra.plugin.core.flow.Loop` with a Subflow in it")),
    (".flow.EachSequential", tr!(const "use `io.kestra.plugin.core.flow.Loop`: its tasks read the value as `item.value`")),
    (".flow.EachParallel", tr!(const "use `io.kestra.plugin.core.flow.Loop` with `concurrencyLimit: 0`")),
    (".flow.Loop", tr!(const "use `io.kestra.plugin.core.flow.ForEach`: its tasks read the value as `taskrun.value`")),
    (".flow.Template", tr!(const "use `io.kestra.plugin.core.flow.Subflow`")),
    (".flow.Approval", tr!(const "use `io.kestra.plugin.core.flow.Pause`")),
    (".debug.Echo", tr!(const "use `io.kestra.plugin.core.log.Log`")),
    (".execution.Count", tr!(const "use `io.kestra.plugin.kestra.executions.Count`, with access to the server")),
    (".execution.Resume", tr!(const "use `io.kestra.plugin.kestra.executions.Resume`, with access to the server")),
    (".log.Fetch", tr!(const "use `io.kestra.plugin.kestra.logs.Fetch`, with access to the server")),
    (".trigger.Toggle", tr!(const "use `io.kestra.plugin.kestra.triggers.Toggle`, with access to the server")),
    (".storage.LocalFiles", tr!(const "write the files under `inputFiles:` or `outputFiles:` of the task that uses them")),
    (".state.Get", tr!(const "use `io.kestra.plugin.core.kv.Get`")),
    (".state.Set", tr!(const "use `io.kestra.plugin.core.kv.Set`")),
    (".state.Delete", tr!(const "use `io.kestra.plugin.core.kv.Delete`")),
];

/// Former names that 1.3 still takes, with the current one.
const SUCCESSORS: &[(&str, &str)] = &[
    (".storage.Purge", "io.kestra.plugin.core.execution.PurgeExecutions"),
    (".storage.PurgeExecution", "io.kestra.plugin.core.storage.PurgeCurrentExecutionFiles"),
];

/// The ids that 1.3 keeps for itself.
const RESERVED: &[&str] = &["pause", "resume", "force-run", "change-status", "kill", "executions", "search", "source", "disable", "enable"];

/// The longest duration that 2.0 takes.
const LONGEST: (SimTime, &str) = (SimTime(3650 * 24 * 3_600_000), "P3650D");

impl<'a> Checker<'a, '_> {
    /// The help that names the version that knows it, with what to do instead.
    pub(super) fn known_to(&mut self, versions: Versions, instead: &str) -> String {
        self.known_to = self.known_to.or(versions);
        let knows = versions.newest().filter(|newest| *newest != Version::V0_21);
        match (knows, instead) {
            (Some(newest), "") => tr!("Kestra {version} knows it", version = newest.as_str()),
            (Some(newest), instead) => tr!("Kestra {version} knows it; {instead}", version = newest.as_str(), instead),
            (None, instead) => instead.to_owned(),
        }
    }

    /// What to write instead of a property, and the new name when renaming it is enough and this version knows that name.
    pub(super) fn instead_of(
        &self,
        key: &str,
        class: &str,
        tables: [&'static [Property]; 2],
    ) -> (Option<&'static str>, &'static str, bool) {
        let of_owner = |row: &&(&str, &str, Option<&str>, &str)| row.1 == key && class.ends_with(row.0);
        let is_known =
            |name: &&str| tables.into_iter().flatten().any(|property| property.name == *name && property.versions.has(self.version));
        PROPERTIES.iter().find(of_owner).map_or((None, "", false), |row| (row.2.filter(is_known), row.3, !row.0.is_empty()))
    }

    /// Reports a property that only other versions know; `false` when no version of today knows it.
    pub(super) fn property_of_other_version(&mut self, entry: &Entry, owner: Owner<'_>, tables: [&'static [Property]; 2]) -> bool {
        let key = &*entry.key;
        let other = tables.into_iter().flatten().find(|property| property.name == key);
        let (new_name, instead, is_of_class) = self.instead_of(key, owner.class, tables);
        let versions = other.map_or(Versions::ONLY_0_21, |property| property.versions);
        let is_advised = new_name.is_some() || is_of_class && !instead.is_empty();
        if versions == Versions::ONLY_0_21 && !is_advised {
            return false;
        }
        let what = match (new_name, instead) {
            (Some(name), _) => tr!("write `{name}:`", name),
            (None, "") => tr!("take it out"),
            (None, instead) => plain(instead),
        };
        let line = format!("Unrecognized field \"{key}\" (class {}), not marked as ignorable", owner.class);
        let message = tr!("`{name}` is not known to Kestra {version}", name = key, version = self.version.as_str());
        let help = self.known_to(versions, &what);
        self.error("unknown-property", entry.key_span, message, line, help);
        self.meant(new_name);
        true
    }

    /// Reports a type of task that only other versions know.
    pub(super) fn type_of_other_version(&mut self, span: Span, name: &str, versions: Versions) {
        let current = schema::current_name(name);
        let is_renamed =
            current != name && matches!(schema::lookup(&current, self.version), schema::Known::Simulated(_) | schema::Known::Opaque(_));
        let successor = SUCCESSORS.iter().find(|row| current.ends_with(row.0) && self.version == Version::V2_0).map(|row| row.1);
        let new_name = is_renamed.then_some(&*current).or(successor);
        let instead = match (new_name, TYPES.iter().find(|(end, _)| current.ends_with(end))) {
            (Some(name), _) => tr!("write `{name}`", name),
            (None, Some((_, instead))) => plain(instead),
            (None, None) => String::new(),
        };
        let message = tr!("`{name}` is not known to Kestra {version}", name, version = self.version.as_str());
        let help = self.known_to(versions, &instead);
        self.unknown_type(span, name, message, help);
        self.meant(new_name);
    }

    /// Reports a type of inputs that only other versions know.
    pub(super) fn input_type_of_other_version(&mut self, span: Span, name: &str) {
        let new_name = successor(name);
        let instead = new_name.map(|new_name| tr!("write `{name}`", name = new_name)).unwrap_or_default();
        let message = tr!("the input type `{name}` is not known to Kestra {version}", name, version = self.version.as_str());
        let help = self.known_to(schema::input_type_versions(name), &instead);
        self.unknown_type(span, name, message, help);
        self.meant(new_name);
    }

    /// The rules for a default of an input: it must be required, and have no other first value. Rule of 1.3 and 2.0.
    pub(super) fn default_rules(&mut self, node: &'a Node, leaf: Option<super::PathLeaf<'_>>) {
        let Some(defaults) = node.entry("defaults").filter(|entry| self.version != Version::V0_21 && entry.value.value != Value::Null)
        else {
            return;
        };
        if node.get("required").and_then(|required| as_bool(required, self.source)) == Some(false) {
            let words = "Inputs with a default value must be required, since the default is always applied.";
            let line = self.line(leaf, "", words);
            let message = tr!("an input with a default must be required, since it always has a value");
            self.error(
                "input",
                node.entry("required").map_or(defaults.key_span, |entry| entry.key_span),
                message,
                line,
                tr!("take `{key}` out", key = "required"),
            );
        }
        if let Some(prefill) = node.entry("prefill").filter(|entry| entry.value.value != Value::Null) {
            let line = self.line(leaf, "", "Inputs with a default value cannot also have a prefill.");
            self.error("input", prefill.key_span, tr!("an input has either `defaults` or `prefill`"), line, tr!("take one of them out"));
        }
    }

    /// The rules of 2.0 for a duration that is written out: it is positive, and no longer than ten years.
    pub(super) fn duration_rules(&mut self, entry: &'a Entry) {
        let is_limited = matches!(&*entry.key, "duration" | "interval" | "maxInterval" | "minInterval" | "maxDuration");
        let length = entry.value.scalar_text(self.source).and_then(parse_iso_duration);
        let Some(length) = length.filter(|_| is_limited && self.version == Version::V2_0) else { return };
        if length > LONGEST.0 {
            let written = entry.value.scalar_text(self.source).unwrap_or("");
            let words = format!("duration '{written}' must not exceed {}", LONGEST.1);
            let line = self.line(None, &entry.key, &words);
            let message = tr!("`{name}` is longer than ten years", name = entry.key);
            self.error("limit", entry.value.span, message, line, tr!("Kestra 1.3 takes it"));
        } else if length == SimTime::ZERO {
            let line = self.line(None, &entry.key, "must be a positive duration");
            self.error("limit", entry.value.span, tr!("`{name}` must be longer than nothing", name = entry.key), line, "");
        }
    }

    /// What is wrong with the flow as a whole in this version.
    pub(super) fn findings_of_version(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.version == Version::V0_21 {
            return findings;
        }
        if self.version == Version::V1_3 && RESERVED.contains(&self.flow.0) {
            findings.push(Finding {
                code: "id",
                span: self.root.get("id").map_or(self.root.span, |id| id.span),
                message: tr!("Kestra keeps the id `{id}` for itself", id = self.flow.0),
                words: format!("Flow id is a reserved keyword: {}. List of reserved keywords: {}", self.flow.0, RESERVED.join(", ")),
                help: tr!("use another id; Kestra 2.0 takes it"),
                fix: None,
            });
        }
        findings.extend(self.dashed_references());
        if self.version == Version::V2_0 {
            if let Some(quotas) = self.root.entry("quotas").filter(|entry| !entry.value.items().is_empty()) {
                findings.push(Finding {
                    code: "enterprise",
                    span: quotas.key_span,
                    message: tr!("quotas need Kestra's Enterprise Edition"),
                    words: "Quotas are only available in Enterprise Edition.".to_owned(),
                    help: tr!("take `{key}` out", key = "quotas"),
                    fix: None,
                });
            }
            findings.extend(self.wrong_defaults());
            findings.extend(self.inputs_of_triggers());
        }
        findings
    }

    /// Defaults that are no values of their input. Rule of 2.0.
    fn wrong_defaults(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (item, id) in self.all_inputs() {
            let input = inputs::read_input(item, self.source, &mut Vec::new());
            let (Some(words), Some(defaults)) = (inputs::default_fault(&input, &self.budget), item.get("defaults")) else { continue };
            findings.push(Finding {
                code: "input",
                span: defaults.span,
                message: tr!("the default of `{id}` does not fit: {words}", id, words),
                words: format!("Invalid default for input '{id}': {words}"),
                help: tr!("Kestra 1.3 finds out only when the flow runs"),
                fix: None,
            });
        }
        findings
    }

    /// All inputs of the flow with their ids, those of forms too.
    fn all_inputs(&self) -> impl Iterator<Item = (&'a Node, String)> + use<'a> {
        let source = self.source;
        let items = |node: Option<&'a Node>| node.map(Node::items).unwrap_or_default().iter();
        let id = move |node: &Node| node.get("id").and_then(|id| id.scalar_text(source)).unwrap_or("").to_owned();
        items(self.root.get("inputs")).flat_map(move |item| {
            let of_form = items(item.get("inputs")).map(move |child| (child, format!("{}.{}", id(item), id(child))));
            std::iter::once((item, id(item))).chain(of_form)
        })
    }

    /// Triggers that start the flow without a value for an input that needs one, or with a wrong one. Rule of 2.0.
    fn inputs_of_triggers(&self) -> Vec<Finding> {
        let is_needed = |input: &Node| {
            let is_there = |key: &str| input.get(key).is_some_and(|value| value.value != Value::Null);
            let is_required = input.get("required").and_then(|required| as_bool(required, self.source)) != Some(false);
            is_required && !is_there("defaults") && self.text(input, "type") != Some("FORM")
        };
        let mut findings = Vec::new();
        for trigger in self.root.get("triggers").map(Node::items).unwrap_or_default() {
            let class = self.text(trigger, "type").unwrap_or("").rsplit('.').next().unwrap_or("");
            if !["Schedule", "Webhook"].contains(&class) {
                continue;
            }
            let id = self.text(trigger, "id").unwrap_or("");
            let given = |id: &str| trigger.get("inputs").and_then(|given| given.get(id));
            let needed = self.all_inputs().filter(|(input, id)| is_needed(input) && given(id).is_none());
            let missing: Vec<String> = needed.map(|(_, id)| id).collect();
            if !missing.is_empty() {
                findings.push(Finding {
                    code: "input",
                    span: trigger.get("id").map_or(trigger.span, |id| id.span),
                    message: tr!("`{id}` starts the flow without a value for `{names}`", id, names = missing.join("`, `")),
                    words: format!("Missing inputs for {class} Trigger '{id}', missing inputs: '{}'", missing.join(" | ")),
                    help: tr!("write the values under `inputs:` of the trigger, or give the inputs `defaults:`"),
                    fix: None,
                });
            }
            for (input, name) in self.all_inputs() {
                let Some(written) = given(&name) else { continue };
                let declared = inputs::read_input(input, self.source, &mut Vec::new());
                let declared = inputs::Input { defaults: Some(crate::value::Value::from_node(written)), ..declared };
                if let Some(words) = inputs::default_fault(&declared, &self.budget) {
                    findings.push(Finding {
                        code: "input",
                        span: written.span,
                        message: tr!("the value for `{name}` does not fit: {words}", name, words),
                        words: format!("Invalid value for input '{name}' supplied by {class} Trigger '{id}': {words}"),
                        help: String::new(),
                        fix: None,
                    });
                }
            }
        }
        findings
    }

    /// Expressions that read an id with a dash behind a dot: the dash is a minus there. Rule of 1.3 and 2.0.
    fn dashed_references(&self) -> Vec<Finding> {
        let inputs = self.root.get("inputs").map(Node::items).unwrap_or_default().iter().filter_map(|input| self.text(input, "id"));
        let inputs = inputs.map(|id| ("inputs", id));
        let tasks = self.task_ids.iter().map(|id| ("outputs", *id));
        let dashed = inputs.chain(tasks).filter(|(_, id)| id.contains('-'));
        let mut dashed: Vec<String> = dashed.map(|(root, id)| format!("{root}.{id}")).collect();
        if dashed.is_empty() {
            return Vec::new();
        }
        dashed.sort_unstable();
        let mut places = Places { source: self.source, dashed, found: Vec::new() };
        for entry in self.root.entries() {
            if matches!(&*entry.key, "tasks" | "errors" | "finally" | "afterExecution") {
                places.search(&entry.value);
            }
        }
        for output in self.root.get("outputs").map(Node::items).unwrap_or_default() {
            places.output(output);
        }
        let finding = |(path, holder, place, quote): (&str, String, Span, char)| {
            let (root, id) = path.split_once('.').unwrap_or((path, ""));
            let noun = root.trim_end_matches('s');
            Finding {
                code: "dashed-reference",
                span: place,
                message: tr!("`{path}` subtracts: an id with a dash needs brackets", path),
                words: format!(
                    "Invalid {noun} reference: use {root}[key-name] instead of {root}.key-name — keys with dashes require bracket notation, offending {holder}"
                ),
                help: tr!("write `{name}`", name = format!("{root}['{id}']")),
                fix: Some(format!("{root}[{quote}{id}{quote}]")),
            }
        };
        places.found.into_iter().map(finding).collect()
    }
}

/// The type of inputs and outputs that has taken the place of another.
pub(super) fn successor(type_name: &str) -> Option<&'static str> {
    match type_name {
        "ENUM" => Some("SELECT"),
        "BOOLEAN" => Some("BOOL"),
        _ => None,
    }
}

/// Looks for references to ids with dashes.
struct Places<'a> {
    source: &'a Source,
    /// `inputs.ID` and `outputs.ID` of all ids with dashes, sorted.
    dashed: Vec<String>,
    /// The reference, who holds it, its place, and a quote that may be written there.
    found: Vec<(&'a str, String, Span, char)>,
}

impl<'a> Places<'a> {
    /// Searches all texts of the tasks below a node, but what every task has.
    fn search(&mut self, node: &'a Node) {
        let mut open = vec![(node, "")];
        while let Some((node, task)) = open.pop() {
            match &node.value {
                Value::List(items) => open.extend(items.iter().rev().map(|item| (item, task))),
                Value::Map(entries) => {
                    let is_task = node.get("type").is_some();
                    let own = node.get("id").filter(|_| is_task).and_then(|id| id.scalar_text(self.source)).unwrap_or(task);
                    let is_own = |key: &str| !is_task || !schema::EVERY_TASK.iter().any(|property| property.name == key);
                    open.extend(entries.iter().rev().filter(|entry| is_own(&entry.key)).map(|entry| (&entry.value, own)));
                }
                Value::Text(text) if !node.aliased && schema::has_expression(text) => {
                    self.references(node, &format!("tasks: [{task}]"), true)
                }
                Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => {}
            }
        }
    }

    /// Searches an output of the flow; here only outputs of tasks count.
    fn output(&mut self, output: &'a Node) {
        let id = output.get("id").and_then(|id| id.scalar_text(self.source)).unwrap_or("");
        if let Some(value) = output.get("value").filter(|value| !value.aliased) {
            self.references(value, &format!("outputs: [{id}]"), false);
        }
    }

    /// Expressions that are nothing but such a reference: `{{ inputs.a-b }}`, `{{ outputs.a-b.value }}`.
    fn references(&mut self, node: &Node, holder: &str, with_inputs: bool) {
        let written = self.source.slice(node.span);
        let mut cursor = Cursor::new(written);
        while cursor.take_until("{{").is_some() {
            cursor.skip(2);
            let mut inner = cursor;
            inner.skip_space();
            let Some((path, _)) = inner.rest().split_once("}}") else { continue };
            let path = if path.starts_with("inputs.") && with_inputs {
                path.trim_end()
            } else if let Some(rest) = path.strip_prefix("outputs.") {
                let value = rest.split_once('.').map(|(_, value)| value).filter(|value| !value.is_empty() && !rest.contains('}'));
                let Some(path) = value.and_then(|value| path.strip_suffix(value)?.strip_suffix('.')) else { continue };
                path
            } else {
                continue;
            };
            if self.dashed.binary_search_by(|known| known.as_str().cmp(path)).is_ok() {
                let quote = if written.starts_with('\'') { '"' } else { '\'' };
                self.found.push((path, holder.to_owned(), node.span.part(inner.at(), path.len()), quote));
            }
        }
    }
}

#[cfg(test)]
mod tests;
