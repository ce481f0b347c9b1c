//! What a flow has beside its tasks: labels, outputs, retry, concurrency, SLA and listeners.

use std::rc::Rc;

use super::Reader;
use crate::diag::Diagnostic;
use crate::flow::kestra::inputs::read_inputs;
use crate::flow::plan::Dialect;
use crate::flow::{Concurrency, ConcurrencyBehavior, Flow, FlowOutput, Listener, Lists, Retry, RetryDelay, Sla, SlaEnd, SlaRule, TaskIdx};
use crate::syntax::{self, Node};
use crate::time::SimTime;
use crate::value::{Map, Value};

impl Reader<'_> {
    /// The whole flow. Its lists of tasks are read in the order they are written, so that indices are in source order.
    pub(super) fn flow(mut self) -> Flow {
        let root = self.root;
        let mut lists = Lists::default();
        let (mut after_execution, mut listeners) = (Vec::new(), Vec::new());
        for entry in root.entries() {
            match entry.key.as_str() {
                "tasks" => lists.tasks = self.list(&entry.value, None),
                "errors" => lists.errors = self.list(&entry.value, None),
                "finally" => lists.finally = self.list(&entry.value, None),
                "afterExecution" => after_execution = self.list(&entry.value, None),
                "listeners" => listeners = entry.value.items().iter().map(|listener| self.listener(listener)).collect(),
                _ => {}
            }
        }
        let variables = match self.value(root, "variables") {
            Value::Map(variables) => Map::clone(&variables),
            _ => Map::new(),
        };
        let disabled = self.flag(root, "disabled", false);
        if let Some(written) = root.get("disabled").filter(|_| disabled) {
            let found = Diagnostic::note("disabled", written.span, "a server would not execute this flow: it is disabled");
            self.diagnostics.push(found.label("as the first flow it runs here all the same"));
        }
        Flow {
            dialect: Dialect::Kestra,
            id: self.text(root, "id").unwrap_or_default(),
            namespace: self.text(root, "namespace").unwrap_or_default(),
            lists,
            after_execution,
            listeners,
            inputs: root.get("inputs").map(|inputs| read_inputs(inputs, self.source, self.diagnostics)).unwrap_or_default(),
            outputs: root.get("outputs").map(|outputs| self.outputs(outputs)).unwrap_or_default(),
            variables,
            labels: self.labels(root),
            retry: root.get("retry").and_then(|retry| self.retry(retry)),
            concurrency: root.get("concurrency").and_then(|concurrency| self.concurrency(concurrency)),
            sla: root.get("sla").map(Node::items).unwrap_or_default().iter().filter_map(|sla| self.sla(sla)).collect(),
            starts_at: None,
            abort_on_failure: false,
            disabled,
            tasks: self.tasks,
            span: root.span,
            file: 0,
        }
    }

    fn listener(&mut self, node: &Node) -> Listener {
        let conditions = self.value(node, "conditions");
        let tasks: Vec<TaskIdx> = node.get("tasks").map(|tasks| self.list(tasks, None)).unwrap_or_default();
        Listener { conditions: conditions.as_list().unwrap_or_default().to_vec(), tasks }
    }

    fn outputs(&self, node: &Node) -> Vec<FlowOutput> {
        let output = |item: &Node| FlowOutput {
            id: self.text(item, "id").unwrap_or_default(),
            type_name: self.text(item, "type").unwrap_or_default(),
            value: self.value(item, "value"),
        };
        node.items().iter().map(output).collect()
    }

    /// Labels are a map, or a list of `key` and `value`.
    pub(super) fn labels(&self, holder: &Node) -> Vec<(Rc<str>, Value)> {
        let Some(labels) = holder.get("labels") else { return Vec::new() };
        label_pairs(&Value::from_node(labels))
    }

    pub(super) fn retry(&self, node: &Node) -> Option<Rc<Retry>> {
        let length = |key| self.length(node, key);
        let interval = length("interval").unwrap_or_default();
        let delay = match &*self.text(node, "type").unwrap_or_default() {
            "exponential" => RetryDelay::Exponential {
                interval,
                max_interval: length("maxInterval").unwrap_or(SimTime(u64::MAX)),
                factor: self
                    .text(node, "delayFactor")
                    .and_then(|factor| factor.split('.').next().and_then(|whole| whole.parse().ok()))
                    .unwrap_or(2),
            },
            "random" => {
                RetryDelay::Random { min: length("minInterval").unwrap_or_default(), max: length("maxInterval").unwrap_or_default() }
            }
            "constant" => RetryDelay::Constant { interval },
            _ => return None,
        };
        let attempts = ["maxAttempts", "maxAttempt"].iter().find_map(|key| match node.get(key)?.value {
            syntax::Value::Int(n) => u32::try_from(n).ok(),
            _ => None,
        });
        Some(Rc::new(Retry {
            delay,
            max_attempts: attempts,
            max_duration: length("maxDuration"),
            warning_on_retry: self.flag(node, "warningOnRetry", false),
            new_execution: self.text(node, "behavior").as_deref() == Some("CREATE_NEW_EXECUTION"),
        }))
    }

    fn concurrency(&self, node: &Node) -> Option<Concurrency> {
        let behavior = match self.text(node, "behavior").as_deref() {
            Some("CANCEL") => ConcurrencyBehavior::Cancel,
            Some("FAIL") => ConcurrencyBehavior::Fail,
            _ => ConcurrencyBehavior::Queue,
        };
        Some(super::count(node, "limit")).filter(|limit| *limit > 0).map(|limit| Concurrency { limit, behavior })
    }

    fn sla(&self, node: &Node) -> Option<Sla> {
        let rule = match &*self.text(node, "type")? {
            "MAX_DURATION" => SlaRule::MaxDuration(self.length(node, "duration")?),
            "EXECUTION_ASSERTION" => SlaRule::Assertion(self.text(node, "assert")?),
            _ => return None,
        };
        let end = match self.text(node, "behavior").as_deref() {
            Some("FAIL") => Some(SlaEnd::Fail),
            Some("CANCEL") => Some(SlaEnd::Cancel),
            _ => None,
        };
        Some(Sla { id: self.text(node, "id").unwrap_or_default(), rule, end, labels: self.labels(node) })
    }
}

/// The pairs of labels that are written as a map, or as a list of maps with `key` and `value`.
#[must_use]
pub fn label_pairs(labels: &Value) -> Vec<(Rc<str>, Value)> {
    match labels {
        Value::Map(map) => map.iter().map(|(key, value)| (Rc::clone(key), value.clone())).collect(),
        Value::List(items) => {
            let pair = |item: &Value| Some((item.get("key")?.print(), item.get("value").cloned().unwrap_or_default()));
            items.iter().filter_map(pair).collect()
        }
        _ => Vec::new(),
    }
}
