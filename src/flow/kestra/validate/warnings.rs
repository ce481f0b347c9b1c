//! What Kestra warns about when it saves a flow, and functions and filters that its version does not have. Rules: Kestra,
//! "Versions".

use super::{Checker, Owner};
use crate::cursor::Cursor;
use crate::diag::{Diagnostic, report};
use crate::flow::kestra::schema::{self, Property, Runner, TaskType};
use crate::flow::kestra::versions::{Version, Versions};
use crate::pace::give_way;
use crate::syntax::{Entry, Node, Value};
use crate::tr;

/// What to write instead of a name that a version does not have: the name, whether it is a filter, and the new one.
const INSTEAD: &[(&str, bool, &str)] = &[
    ("fileEmpty", false, "isFileEmpty"),
    ("ionDecode", false, "fromIon"),
    ("json", false, "fromJson"),
    ("json", true, "toJson"),
    ("jsonDecode", false, "fromJson"),
    ("jsonEncode", true, "toJson"),
    ("numberformat", true, "numberFormat"),
    ("uniq", true, "distinct"),
];

impl<'a> Checker<'a, '_> {
    fn warns(&mut self, found: Diagnostic, label: String, help: &str) {
        let found = found.label(label);
        report(self.found, if help.is_empty() { found } else { found.help(help) });
    }

    /// Aliases, of which Kestra reads the name: it unfolds none; and in expressions the functions and filters that this version
    /// does not have.
    pub(super) fn unusual_values(&mut self, node: &Node) {
        give_way();
        if node.aliased {
            let name = self.source.slice(node.span).trim_start_matches('*');
            let message = tr!("Kestra does not unfold aliases: it reads the text `{name}` here", name);
            let found = Diagnostic::warning("alias", node.span, message);
            return self.warns(found, tr!("taken here as the value of its anchor"), &tr!("write the value out"));
        }
        match &node.value {
            Value::List(items) => items.iter().for_each(|item| self.unusual_values(item)),
            Value::Map(entries) => {
                entries.iter().filter(|entry| !schema::is_prose(node, &entry.key)).for_each(|entry| self.unusual_values(&entry.value));
            }
            Value::Text(text) if schema::has_expression(text) => self.names_in(node),
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => {}
        }
    }

    /// A property that 1.3 calls deprecated.
    pub(super) fn deprecated_property(&mut self, entry: &Entry, property: &Property, owner: Owner<'_>, tables: [&'static [Property]; 2]) {
        if property.is_old && self.version == Version::V1_3 {
            let line = self.line(None, &entry.key, "");
            let message = tr!("`{key}` of {owner} is deprecated: Kestra 2.0 does not know it", key = entry.key, owner = owner.noun);
            self.warns(Diagnostic::warning("deprecated", entry.key_span, message), deprecated(&line), "");
            let (new_name, ..) = self.instead_of(&entry.key, owner.class, tables);
            self.meant(new_name.filter(|_| !entry.key_span.range().is_empty()));
        }
    }

    /// A type that 1.3 calls deprecated, or one by a former name.
    pub(super) fn old_type(&mut self, written: &'a Node, current: &str, is_old: bool) {
        let name = written.scalar_text(self.source).unwrap_or("");
        if is_old && self.version == Version::V1_3 {
            // The server names the place in its own list.
            let line = self.line(None, "", "");
            let line = line.rsplit('.').next().unwrap_or(&line);
            let message = tr!("{name} is deprecated: Kestra 2.0 does not know it", name = format!("`{name}`"));
            self.warns(Diagnostic::warning("deprecated", written.span, message), deprecated(line), "");
        }
        if name != current && self.version != Version::V0_21 {
            let found = Diagnostic::note("former-name", written.span, tr!("`{name}` is now `{current}`", name, current));
            let found = if written.aliased { found } else { found.fix(written.span, current) };
            self.warns(found, format!("info: {name} is replaced by {current}"), "");
        }
    }

    /// Properties that only a task that a worker runs can use.
    pub(super) fn useless_properties(&mut self, task: &'a Node, known: &TaskType) {
        if known.runner == Runner::Worker || self.version == Version::V0_21 {
            return;
        }
        let id = self.text(task, "id").unwrap_or("");
        let is_pause = known.name.ends_with(".Pause");
        for key in ["timeout", "taskCache", "workerGroup", "workerSelector"] {
            let Some(entry) = task.entry(key).filter(|entry| entry.value.value != Value::Null) else { continue };
            if is_pause && key == "timeout" || self.version == Version::V1_3 && key == "workerSelector" {
                continue;
            }
            let label = format!("The task '{id}' cannot use the '{key}' property as it's only relevant for runnable tasks.");
            let short = known.name.rsplit('.').next().unwrap_or_default();
            let message = tr!("`{key}` has no effect: no worker runs a `{type_name}`", key, type_name = short);
            let help = if key == "timeout" { tr!("give each of its tasks a `timeout`") } else { String::new() };
            self.warns(Diagnostic::warning("no-effect", entry.key_span, message), label, &help);
        }
    }

    /// A trigger that fires after every execution there is.
    pub(super) fn catch_all(&mut self, trigger: &'a Node) {
        let is_flow = self.text(trigger, "type").is_some_and(|name| name == "io.kestra.plugin.core.trigger.Flow");
        let of_flows = if self.version == Version::V1_3 { "preconditions" } else { "dependsOn" };
        let is_free = ["conditions", "preconditions", "dependsOn", "when"].iter().all(|key| trigger.get(key).is_none());
        if is_flow && is_free && self.version != Version::V0_21 {
            let message = tr!("this trigger fires after every execution of every flow");
            let span = trigger.get("type").map_or(trigger.span, |written| written.span);
            let id = self.text(trigger, "id").unwrap_or("");
            let label = format!("Flow trigger '{id}' waits for nothing");
            self.warns(Diagnostic::warning("catch-all", span, message), label, &tr!("name the flows under `{key}:`", key = of_flows));
        }
    }

    fn names_in(&mut self, node: &Node) {
        let is_of_name = |c: char| c.is_alphanumeric() || c == '_';
        let dialect = &self.version.rules().expressions;
        let mut found = Vec::new();
        let mut cursor = Cursor::new(self.source.slice(node.span));
        let mut is_open = false;
        let mut with_end = vec!["raw", "verbatim"];
        while let Some(c) = cursor.peek() {
            if is_of_name(c) {
                let (at, before) = (cursor.at(), cursor.before());
                let word = cursor.take_while(is_of_name);
                let is_filter = before.trim_end().ends_with('|');
                let is_called = cursor.rest().trim_start().starts_with('(');
                let without = if is_filter { dialect.without_filters } else { dialect.without_functions };
                if is_open && (is_filter || is_called) && without.contains(&word) && !before.ends_with(['.', '"', '\'']) {
                    let instead = INSTEAD.iter().find(|row| (row.0, row.1) == (word, is_filter)).map_or("", |row| row.2);
                    found.push((at, word, is_filter, instead));
                }
            } else if cursor.eat("{{") {
                is_open = true;
            } else if cursor.eat("{%") {
                // What is kept as it is has no names.
                let tag = cursor.rest().trim_start_matches('-').trim_start();
                let kept = with_end.iter().position(|kept| tag.starts_with(kept));
                let has_end =
                    kept.and_then(|kept| with_end.get(kept)).is_some_and(|kept| cursor.take_until(&format!("end{kept}")).is_some());
                if let Some(kept) = kept.filter(|_| !has_end) {
                    // None of those behind it has an end either.
                    with_end.remove(kept);
                }
                is_open = !has_end;
            } else if cursor.eat("}}") || cursor.eat("%}") {
                is_open = false;
            } else {
                cursor.bump();
            }
        }
        for (at, name, is_filter, instead) in found {
            let span = node.span.part(at, name.len());
            for other in [Version::V1_3, Version::V2_0] {
                let dialect = &other.rules().expressions;
                let without = if is_filter { dialect.without_filters } else { dialect.without_functions };
                if !without.contains(&name) {
                    self.known_to = self.known_to.or(Versions::only(other));
                }
            }
            let version = self.version.as_str();
            let message = match is_filter {
                true => tr!("the filter `{name}` is not known to Kestra {version}", name, version),
                false => tr!("the function `{name}` is not known to Kestra {version}", name, version),
            };
            let label =
                if is_filter { format!("Filter [{name}] does not exist.") } else { format!("Function or Macro [{name}] does not exist.") };
            let diagnostic = Diagnostic::warning("unknown-name", span, message);
            let help = if instead.is_empty() { String::new() } else { tr!("write `{name}`", name = instead) };
            let diagnostic = if instead.is_empty() { diagnostic } else { diagnostic.fix(span, instead) };
            self.warns(diagnostic, label, &help);
        }
    }
}

/// Kestra's own words for something deprecated, by the path of [`Checker::line`] without its message.
fn deprecated(line: &str) -> String {
    format!("deprecated: {}", line.trim_end_matches(": "))
}
