//! The parts of a flow beside its tasks: labels, outputs, retry, concurrency, SLA and listeners.

use std::rc::Rc;

use super::{Properties, Reader};
use crate::diag::{Diagnostic, report};
use crate::flow::Dialect;
use crate::flow::kestra::inputs::{Input, InputType, read_inputs};
use crate::flow::kestra::versions::Version;
use crate::flow::{
    Check, Concurrency, ConcurrencyBehavior, Flow, FlowOutput, Listener, Lists, Retry, RetryDelay, Sla, SlaEnd, SlaRule, TaskIdx,
};
use crate::syntax::Node;
use crate::time::SimTime;
use crate::tr;
use crate::value::Value;

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
        let written = self.properties(root);
        let variables = written.value("variables").as_map().cloned().unwrap_or_default();
        let disabled = written.flag("disabled", false);
        if let Some(written) = root.get("disabled").filter(|_| disabled) {
            let found = Diagnostic::note("disabled", written.span, tr!("a server would not execute this flow: it is disabled"));
            report(self.diagnostics, found.label(tr!("it runs here anyway, because it is the first flow")));
        }
        Flow {
            dialect: Dialect::Kestra,
            version: self.version,
            id: written.required("id"),
            namespace: written.required("namespace"),
            lists,
            after_execution,
            listeners,
            inputs: root.get("inputs").map(|inputs| self.inputs(inputs)).unwrap_or_default(),
            outputs: outputs(written),
            variables,
            labels: written.labels(),
            retry: root.get("retry").and_then(|node| retry(written.of(node))),
            concurrency: root.get("concurrency").and_then(|node| concurrency(written.of(node))),
            checks: root.get("checks").map(Node::items).unwrap_or_default().iter().map(|node| check(written.of(node))).collect(),
            sla: root.get("sla").map(Node::items).unwrap_or_default().iter().filter_map(|node| sla(written.of(node))).collect(),
            starts_at: None,
            plan: None,
            abort_on_failure: false,
            disabled,
            has_triggers: root.get("triggers").is_some_and(|triggers| !triggers.items().is_empty()),
            tasks: self.tasks,
            span: root.span,
            file: 0,
        }
    }

    fn inputs(&mut self, node: &Node) -> Vec<Input> {
        let mut inputs = read_inputs(node, self.source, self.diagnostics);
        for input in &mut inputs {
            input.since_1_3 = self.version != Version::V0_21;
            input.dialect = &self.version.rules().expressions;
            // 1.3 cuts off the fraction of a default that is written as a number.
            if let (Version::V1_3, InputType::Int, Some(Value::Float(number))) = (self.version, input.kind, &input.defaults) {
                input.defaults = Some(Value::Int(number.0 as i64));
            }
        }
        inputs
    }

    fn listener(&mut self, node: &Node) -> Listener {
        let conditions = self.properties(node).value("conditions");
        let tasks: Vec<TaskIdx> = node.get("tasks").map(|tasks| self.list(tasks, None)).unwrap_or_default();
        Listener { conditions: conditions.as_list().unwrap_or_default().to_vec(), tasks }
    }
}

fn outputs(flow: Properties<'_>) -> Vec<FlowOutput> {
    let output = |item: &Node| {
        let properties = flow.of(item);
        FlowOutput { id: properties.required("id"), type_name: properties.required("type"), value: properties.value("value") }
    };
    flow.node.get("outputs").map(Node::items).unwrap_or_default().iter().map(output).collect()
}

/// A retry; `None` when its type is unknown.
pub(super) fn retry(written: Properties<'_>) -> Option<Rc<Retry>> {
    let interval = written.length("interval").unwrap_or_default();
    let delay = match &*written.required("type") {
        "exponential" => RetryDelay::Exponential {
            interval,
            max_interval: written.length("maxInterval").unwrap_or(SimTime(u64::MAX)),
            factor_thousandths: written
                .text("delayFactor")
                .and_then(|factor| factor.parse::<f64>().ok())
                .map_or(2000, |factor| (factor * 1000.0).round() as u64),
        },
        "random" => RetryDelay::Random {
            min: written.length("minInterval").unwrap_or_default(),
            max: written.length("maxInterval").unwrap_or_default(),
        },
        "constant" => RetryDelay::Constant { interval },
        _ => return None,
    };
    let attempts = ["maxAttempts", "maxAttempt"].iter().find_map(|key| written.count(key));
    Some(Rc::new(Retry {
        delay,
        max_attempts: attempts,
        max_duration: written.length("maxDuration"),
        warning_on_retry: written.flag("warningOnRetry", false),
        new_execution: written.text("behavior").as_deref() == Some("CREATE_NEW_EXECUTION"),
    }))
}

fn concurrency(written: Properties<'_>) -> Option<Concurrency> {
    let behavior = match written.text("behavior").as_deref() {
        Some("CANCEL") => ConcurrencyBehavior::Cancel,
        Some("FAIL") => ConcurrencyBehavior::Fail,
        _ => ConcurrencyBehavior::Queue,
    };
    written.count("limit").filter(|limit| *limit > 0).map(|limit| Concurrency { limit, behavior })
}

fn check(written: Properties<'_>) -> Check {
    let behavior = written.text("behavior");
    Check {
        condition: written.text("when").or_else(|| written.text("condition")).unwrap_or_default(),
        message: written.required("message"),
        fails_execution: behavior.as_deref() == Some("FAIL_EXECUTION"),
        blocks_execution: behavior.as_deref().is_none_or(|behavior| behavior == "BLOCK_EXECUTION"),
    }
}

fn sla(written: Properties<'_>) -> Option<Sla> {
    let rule = match &*written.text("type")? {
        "MAX_DURATION" => SlaRule::MaxDuration(written.length("duration")?),
        "EXECUTION_ASSERTION" => SlaRule::Assertion(written.text("assert")?),
        _ => return None,
    };
    let end = match written.text("behavior").as_deref() {
        Some("FAIL") => Some(SlaEnd::Fail),
        Some("CANCEL") => Some(SlaEnd::Cancel),
        _ => None,
    };
    Some(Sla { id: written.required("id"), rule, end, labels: written.labels() })
}
