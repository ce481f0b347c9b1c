//! `Subflow`, and the middle part of a ForEachItem: starts executions of another flow. Rule: Kestra, "Subflow".

use std::rc::Rc;

use super::{Call, Context, Effect, Work, for_each_item};
use crate::flow::Subflow;
use crate::sim::subflows::batches;
use crate::time::SimTime;
use crate::value::{Map, Value};

/// Run by the executor. How it ends is known when the executions it started have ended.
pub fn work(call: &Subflow, context: &Context<'_, '_>) -> Result<Work, String> {
    let (namespace, id) = (context.print(&call.namespace)?, context.print(&call.flow_id)?);
    let Some((flow, called)) = context.find_flow(&namespace, &id) else {
        if context.is_unseen(&format!("flows.{namespace}.{id}")) {
            return Ok(unseen(call, context));
        }
        return Err(format!("Unable to find flow '{namespace}'.'{id}' with revision '0'"));
    };
    if called.disabled {
        return Err("Cannot execute a flow which is disabled".to_owned());
    }
    let n = if call.each_batch { context.n_batches(for_each_item::BATCHES) } else { 1 };
    let mut labels: Vec<(Rc<str>, Rc<str>)> = Vec::new();
    if call.inherit_labels {
        labels.extend(context.own_labels().iter().filter(|(key, _)| !key.starts_with("system.")).cloned());
    }
    for (key, value) in &call.labels {
        labels.push((Rc::clone(key), context.render_value(value)?.print()));
    }
    let mut calls = Vec::new();
    for nth in 0..n {
        let inputs =
            match if call.each_batch { context.in_batch(nth).render_value(&call.inputs)? } else { context.render_value(&call.inputs)? } {
                Value::Map(inputs) => inputs.iter().map(|(key, value)| (key.to_string(), value.clone())).collect(),
                _ => Vec::new(),
            };
        calls.push(Call { flow, inputs, labels: labels.clone() });
    }
    Ok(Work { effect: Effect::Call(calls), ..Work::default() })
}

/// A flow that only the server has: it succeeds after one second, and what it gives out is unknown.
fn unseen(call: &Subflow, context: &Context<'_, '_>) -> Work {
    let unknown = |name: &str| {
        let path = format!("outputs.{}.{name}", context.task_id());
        context.known_or(&path, Value::unknown(&path))
    };
    let outputs = if call.each_batch {
        let n = i64::from(context.n_batches(for_each_item::BATCHES));
        let mut by_state = Map::new();
        by_state.insert("SUCCESS", Value::Int(n));
        Value::Map(Rc::new(batches(n, by_state)))
    } else {
        Value::map([("executionId", unknown("executionId")), ("state", Value::text("SUCCESS")), ("outputs", unknown("outputs"))])
    };
    Work { duration: SimTime(if call.wait { 1000 } else { 0 }), outputs: Some(outputs), ..Work::default() }
}
