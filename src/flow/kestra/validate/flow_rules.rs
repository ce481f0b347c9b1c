//! Rules for the flow as a whole: duplicate ids, inputs that depend on each other, labels, limits and defaults.

use super::properties::{FLOW_ID, NAMESPACE, OUTPUT_ID};
use super::versions::successor;
use super::{ALSO, Checker, Finding, Owner, Step, is_there};
use crate::collections::Index;
use crate::diag::{Diagnostic, report};
use crate::flow::kestra::schema;
use crate::flow::kestra::versions::{Version, Versions};
use crate::graph::Graph;
use crate::pace::give_way;
use crate::source::{Source, Span};
use crate::syntax::{Node, Value};
use crate::tr;

impl<'a> Checker<'a, '_> {
    pub(super) fn flow(&mut self) {
        let root = self.root;
        let class = if self.version == Version::V0_21 { "Flow" } else { "FlowWithSource" };
        let class = format!("io.kestra.core.models.flows.{class}");
        let owner = Owner { noun: &tr!("the flow"), class: &class, leaf: None, is_open: false };
        self.malformed_numbers();
        self.id(root, "id", &tr!("the flow"), None, &FLOW_ID);
        self.id(root, "namespace", &tr!("the flow"), None, &NAMESPACE);
        self.properties(root, owner, [schema::FLOW, &[]]);
        self.tasks_of(root, schema::FLOW);
        if let Some(listeners) = root.entry("listeners") {
            self.within(Step::Key(&listeners.key), |checker| {
                for (at, listener) in listeners.value.items().iter().enumerate() {
                    checker.within(Step::At(at), |checker| checker.tasks_of(listener, schema::LISTENER));
                }
            });
        }
        self.unknown_references();
        if let Some(written) =
            ["pluginDefaults", "taskDefaults"].iter().find_map(|key| root.entry(key)).filter(|_| self.defaults.are_too_many())
        {
            let message = tr!("the defaults of this flow add more to its tasks than is read");
            let found = Diagnostic::error("defaults-too-large", written.key_span, message);
            report(self.found, found.help(tr!("use fewer defaults, or shorter ones")));
        }
        self.whole_flow();
        if self.version != Version::V0_21 {
            self.unusual_values(self.root);
        }
    }

    /// Infinity and "not a number" of YAML, which Kestra cannot read anywhere in a flow.
    fn malformed_numbers(&mut self) {
        fn is_malformed(node: &Node, source: &Source) -> bool {
            let is_long = |text: &str| text.len() > "+.inf".len();
            let Some(text) = node.scalar_text(source).filter(|text| !is_long(text)) else { return false };
            let number = text.strip_prefix(['+', '-']).unwrap_or(text);
            [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains(&number) && source.slice(node.span) == text
        }
        let source = self.source;
        let Some(node) = self.root.find(&|node| is_malformed(node, source)) else { return };
        let text = source.slice(node.span);
        let message = tr!("Kestra does not read `{text}` as a number", text);
        let line = format!("YAML parsing error: Malformed numeric value '{text}'");
        self.error("value", node.span, message, line, tr!("write it in quotes if it is a text"));
        self.meant(Some(&format!("\"{text}\"")));
    }

    /// Kestra joins these faults in one message. The diagnostic is at the first of them, and its help names the others.
    fn whole_flow(&mut self) {
        let mut findings = Vec::new();
        let ids = std::mem::take(&mut self.ids);
        self.task_ids = ids.iter().map(|(id, _)| *id).collect();
        findings.extend(self.duplicates(&ids, &tr!("noun" => "task"), "task id"));
        let listed = |key: &str| self.root.get(key).map(Node::items).unwrap_or_default();
        let ids_of = |key: &str| -> Vec<(&'a str, Span)> {
            let id = |item: &'a Node| {
                let written = item.get("id").or_else(|| item.get("name").filter(|_| key == "inputs"))?;
                Some((written.scalar_text(self.source)?, written.span))
            };
            listed(key).iter().filter_map(id).collect()
        };
        findings.extend(self.duplicates(&ids_of("triggers"), &tr!("noun" => "trigger"), "trigger id"));
        findings.extend(self.calls_itself.iter().map(|span| Finding {
            code: "recursion",
            span: *span,
            message: tr!("a flow can't call itself"),
            words: format!("Recursive call to flow [{}.{}]", self.flow.1, self.flow.0),
            help: tr!("call another flow, or use LoopUntil"),
            fix: None,
        }));
        let inputs = ids_of("inputs");
        findings.extend(self.duplicates(&inputs, &tr!("noun" => "input"), "input"));
        if !inputs.is_empty() {
            self.rules_of_inputs(&inputs, &mut findings);
        }
        findings.extend(self.duplicates(&ids_of("outputs"), &tr!("noun" => "output"), "output"));
        findings.extend(self.findings_of_version());
        findings.extend(std::mem::take(&mut self.enterprise));
        let Some((first, others)) = findings.split_first() else { return };
        let words: Vec<&str> = findings.iter().map(|finding| &*finding.words).collect();
        let label = format!(": Invalid Flow: {}", words.join(", "));
        let mut help = first.help.clone();
        for other in others {
            help = tr!("{help}; also, on line {line}: {message}", help, line = self.line_of(other.span), message = other.message);
        }
        let (code, span, message) = (first.code, first.span, first.message.clone());
        let fix = first.fix.clone();
        self.error(code, span, message, label, help);
        self.meant(fix.as_deref());
    }

    /// The fault of ids that are used more than once: of a `noun` in our message, of a `kestra_noun` in Kestra's.
    fn duplicates(&self, ids: &[(&str, Span)], noun: &str, kestra_noun: &str) -> Option<Finding> {
        let mut first_of = Index::default();
        // All further places of each duplicate id, in the order of the first places.
        let mut again: Vec<(usize, Vec<Span>)> = Vec::new();
        for (at, (id, span)) in ids.iter().enumerate() {
            give_way();
            let first = first_of.get_or_insert(id, at);
            if first != at {
                match again.iter_mut().find(|(known, _)| *known == first) {
                    Some((_, spans)) => spans.push(*span),
                    None => again.push((first, vec![*span])),
                }
            }
        }
        again.sort_by_key(|(first, _)| *first);
        let name = |first: &usize| ids.get(*first).map_or("", |(id, _)| *id);
        let names: Vec<&str> = again.iter().map(|(first, _)| name(first)).collect();
        let ((first, places), others) = again.split_first()?;
        let line = |first: &usize| ids.get(*first).map_or(0, |(_, span)| self.line_of(*span));
        let lines = |spans: &[Span]| spans.iter().map(|span| self.line_of(*span).to_string()).collect::<Vec<_>>().join(", ");
        let mut help = tr!("give each {noun} of a flow an id of its own", noun);
        if let [_, more @ ..] = &**places
            && !more.is_empty()
        {
            help = tr!("{help}; `{id}` is also on line {lines}", help, id = name(first), lines = lines(more));
        }
        for (first, places) in others {
            help = tr!("{help}; `{id}` is on line {line} and {lines}", help, id = name(first), line = line(first), lines = lines(places));
        }
        Some(Finding {
            code: "duplicate-id",
            span: places.first().copied().unwrap_or_default(),
            message: tr!("the id `{id}` is taken by the {noun} on line {line}", id = name(first), noun, line = line(first)),
            words: format!("Duplicate {kestra_noun} with name [{}]", names.join(", ")),
            help,
            fix: None,
        })
    }

    /// Not inlined, so that the first timeline of the page does without it.
    #[inline(never)]
    fn rules_of_inputs(&self, inputs: &[(&str, Span)], findings: &mut Vec<Finding>) {
        findings.extend(self.dependencies(inputs));
        findings.extend(self.nested_inputs(inputs));
    }

    /// Inputs that depend on a missing input, or on each other in a cycle.
    fn dependencies(&self, inputs: &[(&str, Span)]) -> Vec<Finding> {
        let mut places = Index::default();
        inputs.iter().enumerate().for_each(|(at, (id, _))| _ = places.get_or_insert(id, at));
        let place = |id: &str| places.get(id);
        let mut before = vec![Vec::new(); inputs.len()];
        let mut findings = Vec::new();
        for item in self.root.get("inputs").map(Node::items).unwrap_or_default() {
            let id = self.text(item, "id").or_else(|| self.text(item, "name")).unwrap_or("");
            let Some(before) = place(id).and_then(|at| before.get_mut(at)) else { continue };
            for wanted in item.get("dependsOn").and_then(|depends_on| depends_on.get("inputs")).map(Node::items).unwrap_or_default() {
                let name = wanted.scalar_text(self.source).unwrap_or("");
                match place(name) {
                    Some(at) => before.push(at),
                    // Inputs of a form have ids with dots, and are not in this list.
                    None if name.contains('.') => {}
                    None => findings.push(Finding {
                        code: "depends-on",
                        span: wanted.span,
                        message: tr!("there is no input `{name}`", name),
                        words: format!("Input with id '{id}' depends on a non-existent input '{name}'."),
                        help: tr!("name another input of this flow"),
                        fix: None,
                    }),
                }
            }
        }
        // Kestra reports each input that leads to a cycle; a few are enough.
        const MOST: usize = 20;
        let graph = Graph { n_nodes: inputs.len(), edge: &|input, nth| before.get(input)?.get(nth).copied() };
        for (at, cycle) in graph.cycles().take(MOST.saturating_sub(findings.len())) {
            let Some((id, span)) = inputs.get(at) else { continue };
            let names: Vec<&str> = cycle.iter().filter_map(|at| inputs.get(*at)).map(|(id, _)| *id).collect();
            findings.push(Finding {
                code: "depends-on",
                span: *span,
                message: tr!("the input `{id}` depends on itself", id),
                words: format!("Cycle dependency detected for input with id '{id}': [{}]", names.join(", ")),
                help: tr!("take one of these dependencies out"),
                fix: None,
            });
        }
        findings
    }

    /// Inputs whose ids make one a part of the other: `a` and `a.b`. Rule of 1.3 and 2.0.
    fn nested_inputs(&self, inputs: &[(&str, Span)]) -> Vec<Finding> {
        if self.version == Version::V0_21 {
            return Vec::new();
        }
        let mut places = Index::default();
        for (place, (id, _)) in inputs.iter().enumerate() {
            places.get_or_insert(id, place);
        }
        // Each pair by the places of both, in the server's order.
        let around = |id: &str| id.match_indices('.').filter_map(|(end, _)| places.get(id.get(..end)?)).collect::<Vec<_>>();
        let inner = inputs.iter().enumerate().flat_map(|(place, (id, _))| around(id).into_iter().map(move |outer| (outer, place)));
        let mut pairs: Vec<(usize, usize)> = inner.collect();
        pairs.sort_unstable();
        let pairs = pairs.into_iter().filter_map(|(outer, place)| Some((inputs.get(outer)?.0, inputs.get(place)?)));
        let finding = |(outer, (id, span)): (&str, &(&str, Span))| Finding {
            code: "input",
            span: *span,
            message: tr!("the input `{outer}` can't hold `{id}`: it has a value of its own", outer, id),
            words: format!("Input path '{outer}' conflicts with '{id}'; one cannot be nested under the other."),
            help: tr!("rename one of them"),
            fix: None,
        };
        pairs.map(finding).collect()
    }

    /// `pluginDefaultsRef` in tasks and triggers without a default of that name. Rule of 1.3.
    fn unknown_references(&mut self) {
        if self.version != Version::V1_3 {
            return;
        }
        let defaults = ["pluginDefaults", "taskDefaults"].into_iter().filter_map(|key| self.root.get(key)).flat_map(Node::items);
        let known: Vec<&str> = defaults.filter_map(|default| self.text(default, "ref")).collect();
        let mut unknown: Vec<(&str, Span)> = Vec::new();
        let mut open = vec![self.root];
        while let Some(node) = open.pop() {
            open.extend(node.items().iter().chain(node.entries().iter().map(|entry| &entry.value)).rev());
            let asked = node.get("pluginDefaultsRef").filter(|_| node.get("type").is_some());
            let Some((name, span)) = asked.and_then(|asked| Some((asked.scalar_text(self.source)?, asked.span))) else { continue };
            if !known.contains(&name) && unknown.iter().all(|(other, _)| *other != name) {
                unknown.push((name, span));
            }
        }
        let Some((name, span)) = unknown.first() else { return };
        let names: Vec<String> = unknown.iter().map(|(name, _)| format!("'{name}'")).collect();
        let line = format!("pluginDefaultsRef: No plugin-defaults exists for pluginDefaultsRef: {}", names.join(", "));
        let message = tr!("no `pluginDefaults` have the `ref` `{name}`", name);
        self.error("plugin-default", *span, message, line, tr!("write the values under `pluginDefaults:`, with this `ref:`"));
    }

    /// Labels that only Kestra may set.
    pub(super) fn labels(&mut self, node: &'a Node) {
        let source = self.source;
        let pair = |item: &'a Node| {
            let key = item.get("key")?;
            Some((key.scalar_text(source)?, key.span, item.get("value")))
        };
        let pairs: Vec<(&str, Span, Option<&Node>)> = if let Value::List(items) = &node.value {
            items.iter().filter_map(pair).collect()
        } else {
            node.entries().iter().map(|entry| (&*entry.key, entry.key_span, Some(&entry.value))).collect()
        };
        for (at, (key, span, value)) in pairs.into_iter().enumerate() {
            if key.starts_with("system.") && key != "system.readOnly" {
                let value = value.and_then(|value| value.scalar_text(source)).unwrap_or("");
                let words = format!("System labels can only be set by Kestra itself, offending label: {key}={value}");
                self.within(Step::At(at), |checker| {
                    let line = checker.line(None, "", &words);
                    checker.error("system-label", span, tr!("only Kestra itself may set `{key}`", key), line, tr!("use another name"));
                });
            }
        }
    }

    /// Rules for parts of a flow beside their properties.
    pub(super) fn object(&mut self, node: &'a Node, name: &str) {
        match name {
            "outputs" if matches!(node.value, Value::Map(_)) => {
                self.id(node, "id", &tr!("an output"), None, &OUTPUT_ID);
                if let Some(written) = node.get("type").filter(|_| self.version == Version::V2_0)
                    && let Some(new_name @ ("SELECT" | "BOOL")) = written.scalar_text(self.source).and_then(successor)
                {
                    let message = tr!("Kestra 2.0 does not know this type; Kestra 1.3 does");
                    self.known_to = self.known_to.or(Versions::BEFORE_2_0);
                    self.error("value", written.span, message, tr!("this is text"), tr!("write `{name}`", name = new_name));
                    self.meant(Some(new_name));
                }
            }
            "checks" if !["condition", "when"].iter().any(|key| is_there(node.get(key))) => {
                let key = if self.version == Version::V1_3 { "condition" } else { "when" };
                let lines = ["must not be null", "must not be empty"].map(|words| self.line(None, key, words));
                self.error(
                    "missing-property",
                    self.head(node),
                    tr!("this check has no `{key}`", key),
                    lines.join(ALSO),
                    tr!("add `{key}:`", key),
                );
            }
            "sla" => node.entries().iter().for_each(|entry| self.duration_rules(entry)),
            "pluginDefaults" | "taskDefaults" => self.plugin_default(node),
            _ => {}
        }
    }

    fn plugin_default(&mut self, node: &'a Node) {
        let mut words = Vec::new();
        match node.get("values").filter(|values| is_there(Some(values))) {
            None => words.push("No 'values' provided".to_owned()),
            Some(values) => {
                if !is_there(node.get("type")) {
                    words.push("No 'type' provided".to_owned());
                }
                let empty = values.entries().iter().filter(|entry| entry.value.value == Value::Null);
                words.extend(empty.map(|entry| format!("No value provided for key '{}'", entry.key)));
                words.extend(self.unknown_defaults(node, values));
            }
        }
        if let Some(first) = words.first() {
            let message = match &**first {
                "No 'values' provided" => tr!("this default has no `values`"),
                "No 'type' provided" => tr!("this default has no `type`"),
                first if first.starts_with("No property") => tr!("this default sets a property that its type does not have"),
                _ => tr!("this default has a key without a value"),
            };
            let line = self.line(None, "", &format!("Invalid Plugin Default: {}", words.join(", ")));
            self.error("plugin-default", self.head(node), message, line, tr!("a default has a `type:` and `values:`"));
        }
    }

    /// Values of a default that its type does not know; a type is the whole name of one of Kestra's own. Rule of 1.3.
    fn unknown_defaults(&self, default: &'a Node, values: &'a Node) -> Vec<String> {
        let name = self.text(default, "type").unwrap_or("");
        let table = match schema::lookup(name, self.version) {
            _ if self.version != Version::V1_3 => None,
            schema::Known::Simulated(known) => Some(schema::properties_of(known)),
            schema::Known::Opaque(known) => known.map(|core| core.properties),
            schema::Known::Plugin | schema::Known::OtherVersion(_) | schema::Known::NoSuchType | schema::Known::NotAName => None,
        };
        let Some(table) = table.filter(|_| schema::is_own(&schema::current_name(name))) else { return Vec::new() };
        let is_known =
            |key: &str| schema::EVERY_TASK.iter().chain(table).any(|property| property.name == key && property.versions.has(self.version));
        let unknown = values.entries().iter().filter(|entry| entry.value.value != Value::Null && !is_known(&entry.key));
        unknown.map(|entry| format!("No property '{}' exists in plugin '{name}'", entry.key)).collect()
    }
}
