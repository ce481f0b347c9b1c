//! `Loop`: its tasks once for each value, each time in an execution of its own. Rule: Kestra, "Loop".

use std::rc::Rc;

use super::TaskKind;
use super::for_each::known;
use crate::diag::Diagnostic;
use crate::flow::FlowOutput;
use crate::flow::behavior::{Group, Item, Iterations, Order, View};
use crate::flow::kestra::inputs::typed_output;
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{ERRORS, FINALLY, Shape, TASKS, TaskType, executor, property, required};
use crate::syntax::Node;
use crate::tr;
use crate::value::{Map, Value};

/// Its properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loop {
    /// What it runs for: a list, a map, or a text that renders to JSON.
    pub values: Value,
    /// How many iterations run at once; 0 is no limit.
    pub limit: u32,
    /// Whether the bad end of an iteration is that of the Loop.
    pub transmit_failed: bool,
    /// What each iteration gives as outputs.
    pub outputs: Vec<FlowOutput>,
}

impl TaskKind for Loop {
    const TYPES: &'static [&'static TaskType] = &[&executor(
        "io.kestra.plugin.core.flow.Loop",
        tr!(const "runs its tasks once for each value, each time in an execution of its own"),
        &[
            TASKS,
            ERRORS,
            FINALLY,
            required("values", Shape::Values).says(tr!(const "what to run for: a list, a map, or an expression that gives one")),
            property("concurrencyLimit", Shape::Count)
                .says(tr!(const "how many iterations run at the same time; 1 unless written, 0 is no limit")),
            property("transmitFailed", Shape::Bool).says(tr!(const "whether the bad end of an iteration is that of the Loop")),
            property("outputs", Shape::Any).says(tr!(const "what each iteration gives as outputs")),
            property("fetchType", Shape::Text),
        ],
    )];

    fn read(_: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        let output = |node: &Node| {
            let output = properties.of(node);
            FlowOutput { id: output.required("id"), type_name: output.required("type"), value: output.value("value") }
        };
        let outputs = properties.node.get("outputs").map(Node::items).unwrap_or_default();
        Self {
            values: properties.value("values"),
            limit: properties.count("concurrencyLimit").unwrap_or(1),
            transmit_failed: properties.flag("transmitFailed", true),
            outputs: outputs.iter().map(output).collect(),
        }
    }
}

impl Group for Loop {
    fn set_limit(&mut self, limit: u32) {
        self.limit = limit;
    }

    fn order(&self) -> Order<'_> {
        Order::Lanes(self.limit)
    }

    fn runs_iterations(&self) -> bool {
        true
    }

    fn transmits_failure(&self) -> bool {
        self.transmit_failed
    }

    fn iterations(&self, view: &dyn View<'_>) -> Result<Iterations, String> {
        Ok(Iterations { items: items(&self.values, view)?, limit: view.limit(self.limit) })
    }

    fn iteration_outputs(&self, view: &dyn View<'_>) -> Result<Option<Value>, String> {
        if self.outputs.is_empty() {
            return Ok(None);
        }
        let mut outputs = Map::new();
        for output in &self.outputs {
            let value = view.render_value(&output.value)?;
            let typed = typed_output(&output.id, &output.type_name, value, view.dialect())?;
            outputs.insert(Rc::clone(&output.id), typed);
        }
        Ok(Some(Value::Map(Rc::new(outputs))))
    }
}

/// The items. A list is made distinct, a map keeps its order.
fn items(written: &Value, view: &dyn View<'_>) -> Result<Vec<Item>, String> {
    match written {
        Value::Text(text) => of_text(text, view),
        Value::List(items) => {
            let mut texts = Vec::new();
            for item in items.iter() {
                texts.push(match item {
                    Value::Null => return Err(null_in(written)),
                    Value::List(_) => return Err("Unknown value element type: class java.util.ArrayList".to_owned()),
                    Value::Bool(_) => return Err("Unknown value element type: class java.lang.Boolean".to_owned()),
                    Value::Int(_) | Value::Float(_) | Value::Text(_) | Value::Date(_) | Value::Map(_) | Value::Unknown(_) => view.render_value(item)?.print(),
                });
            }
            Ok(distinct(texts))
        }
        Value::Map(map) => map.iter().map(|(key, value)| entry(key, &view.render_value(value)?)).collect(),
        Value::Int(_) => Err("Unknown value type: class java.lang.Integer".to_owned()),
        Value::Bool(_) => Err("Unknown value type: class java.lang.Boolean".to_owned()),
        Value::Null => Ok(Vec::new()),
        Value::Float(_) | Value::Date(_) | Value::Unknown(_) => Err(not_a_list(&written.print())),
    }
}

fn of_text(text: &str, view: &dyn View<'_>) -> Result<Vec<Item>, String> {
    let rendered = known(&view.render(text)?, view);
    let parsed = if let Value::Text(json) = &rendered { Value::from_json(json).ok_or_else(|| not_a_list(json))? } else { rendered };
    if let Value::Map(map) = &parsed {
        return map.iter().map(|(key, value)| entry(key, value)).collect();
    }
    let Value::List(items) = &parsed else { return Err(not_a_list(&parsed.print())) };
    if items.contains(&Value::Null) {
        return Err(null_in(&Value::text(text)));
    }
    Ok(distinct(items.iter().map(Value::print).collect()))
}

fn entry(key: &Rc<str>, value: &Value) -> Result<Item, String> {
    Ok(Item { value: value.print(), key: Some(Rc::clone(key)) })
}

fn distinct(texts: Vec<Rc<str>>) -> Vec<Item> {
    let mut seen = crate::collections::Index::default();
    texts.into_iter().filter(|text| seen.insert(text)).map(|value| Item { value, key: None }).collect()
}

fn null_in(values: &Value) -> String {
    format!("Found a null value inside the iteration values={}", values.to_json())
}

fn not_a_list(rendered: &str) -> String {
    format!("The `values` must be a list, a map, or an expression that renders to one, but got: '{rendered}'.")
}
