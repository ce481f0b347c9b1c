//! `ForEach` and the older `EachSequential` and `EachParallel`: the tasks of a group for each of several values. Rule:
//! Kestra, "ForEach".

use std::rc::Rc;

use super::TaskKind;
use crate::collections::Index;
use crate::diag::Diagnostic;
use crate::expr::java_text;
use crate::flow::Task;
use crate::flow::behavior::{Children, Group, Opening, Order, View};
use crate::flow::kestra::properties::{Limit, Properties};
use crate::flow::kestra::schema::{
    CHILD_FAILURE_POLICY, CONCURRENT, ERRORS, FAIL_FAST, FINALLY, Need, ON_CHILD_FAILURE, Property, Shape, TASKS, TaskType, executor,
    property, required,
};
use crate::tr;
use crate::value::Value;

/// Its properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForEach {
    /// The values it runs for: a list, a map, or a text that renders to JSON.
    pub values: Value,
    /// How many values or pairs run at once; 0 is no limit.
    pub limit: Limit,
    /// How the pairs of value and task follow each other.
    pub order: EachOrder,
}

/// How the pairs of value and task follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EachOrder {
    /// ForEach: several values at once, the tasks of each value one after another.
    Lanes,
    /// EachSequential: all pairs one after another.
    Sequential,
    /// EachParallel: all pairs at once.
    Pairs,
}

const FOR_EACH: TaskType = executor(
    "io.kestra.plugin.core.flow.ForEach",
    tr!(const "runs its tasks once for each value"),
    &[
        TASKS,
        ERRORS,
        FINALLY,
        required("values", Shape::Values).says(tr!(const "what to run for: a list, or an expression that gives one")),
        property("concurrencyLimit", Shape::Count).says(tr!(const "for how many values at the same time; 0 is all at once")),
        FAIL_FAST,
        ON_CHILD_FAILURE,
        CHILD_FAILURE_POLICY,
    ],
);

const VALUE: Property = required("value", Shape::Values).says(tr!(const "what to run for: a list, or an expression that gives one"));

const EACH_SEQUENTIAL: TaskType = executor(
    "io.kestra.plugin.core.flow.EachSequential",
    tr!(const "runs its tasks for one value after another (old)"),
    &[TASKS, ERRORS, FINALLY, VALUE],
)
.old();

const EACH_PARALLEL: TaskType = executor(
    "io.kestra.plugin.core.flow.EachParallel",
    tr!(const "runs its tasks for all values at the same time (old)"),
    &[Property { need: Need::PresentAndFilled, ..TASKS }, ERRORS, FINALLY, VALUE, CONCURRENT],
)
.old();

impl TaskKind for ForEach {
    const TYPES: &'static [&'static TaskType] = &[&FOR_EACH, &EACH_SEQUENTIAL, &EACH_PARALLEL];

    fn read(known: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        let either = |key: &str| {
            let written = properties.value(key);
            if written == Value::Null { properties.value("value") } else { written }
        };
        if known.name == FOR_EACH.name {
            let limit = Limit::Number(properties.count("concurrencyLimit").unwrap_or(1));
            Self { values: either("values"), limit, order: EachOrder::Lanes }
        } else if known.name == EACH_SEQUENTIAL.name {
            Self { values: properties.value("value"), limit: Limit::Number(1), order: EachOrder::Sequential }
        } else {
            Self { values: properties.value("value"), limit: properties.limit("concurrent"), order: EachOrder::Pairs }
        }
    }
}

impl Group for ForEach {
    fn set_limit(&mut self, limit: u32) {
        self.limit = Limit::Number(limit);
    }

    fn order(&self) -> Order<'_> {
        match self.order {
            EachOrder::Lanes => Order::Lanes(self.limit.written()),
            EachOrder::Sequential => Order::Sequential,
            EachOrder::Pairs => Order::Window(self.limit.written()),
        }
    }

    fn rendered_limit(&self, view: &dyn View<'_>) -> Result<u32, String> {
        self.limit.rendered("concurrent", view)
    }

    fn open<'f>(&'f self, task: &'f Task, view: &dyn View<'f>) -> Result<Opening<'f>, String> {
        let values = items(&self.values, view)?;
        let order = self.order().limited(view.limit(self.rendered_limit(view)?));
        let order = if matches!(order, Order::Lanes(1)) { Order::Sequential } else { order };
        let children = Children { tasks: &task.lists.tasks, values: Some(values) };
        Ok(Opening { children, ..Opening::of(&[], order) })
    }
}

/// Refuses what a newer server can't take as values, by the Java class it has there.
fn check_class(written: &Value) -> Result<(), String> {
    let class = |value: &Value| match value {
        Value::Bool(_) => Some("java.lang.Boolean"),
        Value::Float(_) => Some("java.lang.Double"),
        Value::List(_) => Some("java.util.ArrayList"),
        Value::Text(_) | Value::Int(_) | Value::Map(_) | Value::Null | Value::Date(_) | Value::Unknown(_) => None,
    };
    if let Value::List(items) = written {
        return items.iter().find_map(class).map_or(Ok(()), |class| Err(format!("Unknown value element type: class {class}")));
    }
    let class = if let Value::Map(_) = written { Some("java.util.LinkedHashMap") } else { class(written) };
    class.map_or(Ok(()), |class| Err(format!("Unknown value type: class {class}")))
}

/// The values: a text is rendered and read as a JSON list; each item of a list is rendered. An item that is not text becomes
/// its JSON. Of equal items only the first is kept. A newer server takes lists only, written ones of texts, integers and maps.
#[allow(clippy::wildcard_enum_match_arm, reason = "only texts, lists and maps hold several values")]
fn items(written: &Value, view: &dyn View<'_>) -> Result<Vec<Value>, String> {
    if view.rules().checks_each_values {
        check_class(written)?;
    }
    let rendered = match written {
        Value::Text(text) => match view.render(text)? {
            Value::Text(json) => Value::from_json(&json).ok_or_else(|| format!("Unable to parse `{json}` as a list of values"))?,
            other => other,
        },
        Value::List(items) => Value::List(Rc::new(items.iter().map(|item| view.render_value(item)).collect::<Result<_, _>>()?)),
        other => other.clone(),
    };
    let rendered = known(&rendered, view);
    if view.rules().checks_each_values && !matches!(rendered, Value::List(_)) {
        return Err(format!("Unable to parse `{}` as a list of values", rendered.print()));
    }
    let items: Vec<Value> = match &rendered {
        Value::List(items) => items.to_vec(),
        Value::Map(map) => {
            map.iter().map(|(key, value)| Value::map([("key", Value::Text(Rc::clone(key))), ("value", value.clone())])).collect()
        }
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    let n_null = items.iter().filter(|item| **item == Value::Null).count();
    if n_null > 0 {
        return Err(format!("Found '{n_null}' null values on Each, with values={}", java_text(&rendered)));
    }
    let mut seen = Index::default();
    let single = |item: &Value| if let Value::Unknown(_) = item { item.clone() } else { Value::Text(item.print()) };
    Ok(items.iter().map(single).filter(|value| seen.insert(&value.print())).collect())
}

/// The values to run for; three samples stand for those that only a real server knows.
pub(super) fn known(values: &Value, view: &dyn View<'_>) -> Value {
    let samples = |path: &str| Value::list((0..3).map(|n| Value::unknown(&format!("{path}[{n}]"))));
    view.assume(values, "values", &samples, tr!(const "three samples stand for values that only a real server knows"))
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn each_value_is_a_lane_and_the_limit_counts_lanes() {
        insta::assert_snapshot!(events(r#"
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: [x, y, z]
    concurrencyLimit: 2
    tasks:
      - {id: a, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
      - {id: b, type: io.kestra.plugin.core.log.Log, message: "{{ taskrun.value }}"}
"#), @"
        0 - CREATED
        0 each CREATED
        0 - RUNNING
        0 each RUNNING
        0 a CREATED
        0 a~2 CREATED
        0 a SUBMITTED
        0 a~2 SUBMITTED
        0 a RUNNING
        0 a~2 RUNNING
        1000 a SUCCESS
        1000 a~2 SUCCESS
        1000 b CREATED
        1000 b~2 CREATED
        1000 b SUBMITTED
        1000 b~2 SUBMITTED
        1000 b RUNNING
        1000 b log INFO x
        1000 b~2 RUNNING
        1000 b~2 log INFO y
        1000 b SUCCESS
        1000 b~2 SUCCESS
        1000 a~3 CREATED
        1000 a~3 SUBMITTED
        1000 a~3 RUNNING
        2000 a~3 SUCCESS
        2000 b~3 CREATED
        2000 b~3 SUBMITTED
        2000 b~3 RUNNING
        2000 b~3 log INFO z
        2000 b~3 SUCCESS
        2000 each SUCCESS
        2000 - SUCCESS
        ");
    }
}
