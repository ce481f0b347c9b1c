//! `Subflow`: starts an execution of another flow. Also the middle part of a ForEachItem, which starts one for each batch.
//! Rule: Kestra, "Subflow".

use std::rc::Rc;

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::{ASSUMED, Task};
use crate::flow::behavior::{Call, Called, Effect, Leaf, Runner, View, Work};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{Shape, TaskType, called, executor, required};
use crate::flow::kestra::validate::{Checker, PathLeaf};
use crate::flow::state::State;
use crate::source::Span;
use crate::syntax::Node;
use crate::time::SimTime;
use crate::tr;
use crate::value::{Map, Value};

/// Its properties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subflow {
    /// The namespace of the flow that is called.
    pub namespace: Rc<str>,
    /// Its id.
    pub flow_id: Rc<str>,
    /// The inputs it is given.
    pub inputs: Value,
    /// The labels of its execution, beside its own.
    pub labels: Vec<(Rc<str>, Value)>,
    /// Whether the task waits for the end of the execution it started.
    pub wait: bool,
    /// Whether the task ends FAILED, KILLED or with a WARNING when that execution does.
    pub transmit_failed: bool,
    /// Whether labels of the calling execution are passed on.
    pub inherit_labels: bool,
    /// Outputs of the task beside those of the flow it called. Deprecated by Kestra.
    pub outputs: Value,
    /// Whether it is the middle part of a ForEachItem, which starts an execution for each batch.
    pub each_batch: bool,
}

/// How many batches a file has when no setting says.
const BATCHES: u32 = 3;

impl TaskKind for Subflow {
    const TYPES: &'static [&'static TaskType] = &[&executor(
        "io.kestra.plugin.core.flow.Subflow",
        tr!(const "starts another flow"),
        called![required("flowId", Shape::Text).says(tr!(const "which flow to start"))],
    )
    .formerly(&["io.kestra.plugin.core.flow.Flow"])
    .checked(check)];

    fn read(_: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self::called(properties)
    }
}

/// A flow must not call itself. Kestra reports this for the whole flow.
pub(super) fn check<'a>(checker: &mut Checker<'a, '_>, node: &'a Node, _: Option<PathLeaf<'_>>, span: Span) {
    let of = |key| checker.text(node, key).unwrap_or("");
    if !checker.flow.0.is_empty() && (of("flowId"), of("namespace")) == checker.flow {
        checker.calls_itself.push(node.get("flowId").map_or(span, |written| written.span));
    }
}

impl Subflow {
    /// Reads the properties of a task that calls a flow.
    pub(super) fn called(properties: Properties<'_>) -> Self {
        Self {
            namespace: properties.required("namespace"),
            flow_id: properties.required("flowId"),
            inputs: properties.value("inputs"),
            labels: properties.labels(),
            wait: properties.flag("wait", true),
            transmit_failed: properties.flag("transmitFailed", true),
            inherit_labels: properties.flag("inheritLabels", false),
            outputs: properties.value("outputs"),
            each_batch: false,
        }
    }

    /// How many executions it starts.
    fn n_calls(&self, view: &dyn View<'_>) -> u32 {
        if !self.each_batch {
            return 1;
        }
        let group = view.task_id().strip_suffix("_items").unwrap_or(view.task_id());
        let given = view.batches(group).map(|n| Value::Int(i64::from(n)));
        let why = tr!(const "three batches stand for a file that only a real server has");
        let n = given.unwrap_or_else(|| view.choose(&format!("tasks.{group}.batches"), Value::Int(i64::from(BATCHES)), why));
        if let Value::Int(n) = n { u32::try_from(n).unwrap_or(0) } else { BATCHES }
    }

    /// The inputs of the n-th execution, from 0. In those of a batch `taskrun.items` is its file.
    fn inputs_of(&self, nth: u32, view: &dyn View<'_>) -> Result<Vec<(String, Value)>, String> {
        let rendered = if self.each_batch {
            let taskrun = view.variable("taskrun").unwrap_or_default();
            let mut taskrun = taskrun.as_map().cloned().unwrap_or_default();
            taskrun.insert("items", Value::unknown(&format!("taskrun.items[{nth}]")));
            taskrun.insert("iteration", Value::Int(i64::from(nth)));
            view.render_with(vec![("taskrun", Value::Map(Rc::new(taskrun)))], &self.inputs)?
        } else {
            view.render_value(&self.inputs)?
        };
        Ok(rendered.as_map().into_iter().flat_map(Map::iter).map(|(key, value)| (key.to_string(), value.clone())).collect())
    }

    /// A flow that only the server has succeeds after one second with unknown outputs.
    fn on_server(&self, view: &dyn View<'_>) -> Work {
        let outputs = if self.each_batch {
            let n = i64::from(self.n_calls(view));
            let mut by_state = Map::new();
            by_state.insert("SUCCESS", Value::Int(n));
            batches(n, by_state)
        } else {
            let state = ("state", Value::text("SUCCESS"));
            Value::map([("executionId", view.unknown_output("executionId")), state, ("outputs", view.unknown_output("outputs"))])
        };
        Work { duration: if self.wait { ASSUMED } else { SimTime::ZERO }, outputs: Some(outputs), ..Work::default() }
    }
}

impl Leaf for Subflow {
    fn runner(&self) -> Runner {
        Runner::Executor
    }

    fn may_retry(&self) -> bool {
        true
    }

    fn work<'f>(&'f self, _: &'f Task, view: &dyn View<'f>) -> Result<Work, String> {
        let (namespace, id) = (view.print(&self.namespace)?, view.print(&self.flow_id)?);
        let Some((flow, called)) = view.find_flow(&namespace, &id) else {
            if view.is_on_server(&format!("flows.{namespace}.{id}")) {
                return Ok(self.on_server(view));
            }
            return Err(format!("Unable to find flow '{namespace}'.'{id}' with revision '0'"));
        };
        if called.disabled {
            return Err("Cannot execute a flow which is disabled".to_owned());
        }
        let mut labels: Vec<(Rc<str>, Rc<str>)> = Vec::new();
        if self.inherit_labels {
            labels.extend(view.labels().into_iter().filter(|(key, _)| !key.starts_with("system.")));
        }
        for (key, value) in &self.labels {
            labels.push((Rc::clone(key), view.render_value(value)?.print()));
        }
        let call = |nth| Ok(Call { flow, inputs: self.inputs_of(nth, view)?, labels: labels.clone() });
        let calls = (0..self.n_calls(view)).map(call).collect::<Result<_, String>>()?;
        Ok(Work { effect: Effect::Call { calls, wait: self.wait }, ..Work::default() })
    }

    fn gather(&self, called: &[Called<'_, '_>]) -> Result<(State, Value), String> {
        let worst = [State::Killed, State::Failed, State::Warning].into_iter().find(|state| called.iter().any(|one| one.state == *state));
        let state = worst.filter(|_| self.transmit_failed && self.wait).unwrap_or(State::Success);
        if self.each_batch {
            let mut by_state = Map::new();
            for one in called {
                let name = one.state.as_str();
                let n = if let Some(Value::Int(n)) = by_state.get(name) { *n } else { 0 };
                by_state.insert(name, Value::Int(n.saturating_add(1)));
            }
            return Ok((state, batches(called.len() as i64, by_state)));
        }
        let mut outputs = Map::new();
        if let Some(last) = called.last() {
            outputs.insert("executionId", Value::text(&last.id));
            outputs.insert("state", Value::text(last.state.as_str()));
            let mut given = last.outputs.as_deref().cloned().unwrap_or_default();
            if let Value::Map(_) = &self.outputs {
                let rendered = last.view.render_value(&self.outputs)?;
                rendered.as_map().into_iter().flat_map(Map::iter).for_each(|(key, value)| given.insert(Rc::clone(key), value.clone()));
            }
            if !given.is_empty() {
                outputs.insert("outputs", Value::Map(Rc::new(given)));
            }
        }
        Ok((state, Value::Map(Rc::new(outputs))))
    }
}

/// The outputs for batches: how many there were, and how many executions ended in each state.
fn batches(n: i64, by_state: Map) -> Value {
    Value::map([("numberOfBatches", Value::Int(n)), ("iterations", Value::Map(Rc::new(by_state)))])
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn it_waits_for_the_execution_and_has_its_outputs() {
        insta::assert_snapshot!(events(r#"
  - {id: call, type: io.kestra.plugin.core.flow.Subflow, namespace: n, flowId: called}
  - {id: show, type: io.kestra.plugin.core.log.Log, message: "{{ outputs.call.outputs.answer }}"}
---
id: called
namespace: n
tasks: [{id: work, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}]
outputs: [{id: answer, type: STRING, value: done}]
"#), @r#"
        0 - CREATED
        0 call CREATED
        0 x2.- CREATED
        0 call log INFO Created new execution [[link execution="7YzwtTEHjqRbdryaqbLkmt" flowId="called" namespace="n"]]
        0 call RUNNING
        0 - RUNNING
        0 x2.work CREATED
        0 x2.- RUNNING
        0 x2.work SUBMITTED
        0 x2.work RUNNING
        1000 x2.work SUCCESS
        1000 x2.- SUCCESS
        1000 call SUCCESS
        1000 show CREATED
        1000 show SUBMITTED
        1000 show RUNNING
        1000 show log INFO done
        1000 show SUCCESS
        1000 - SUCCESS
        "#);
    }
}
