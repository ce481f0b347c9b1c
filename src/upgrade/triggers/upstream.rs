//! What a Flow trigger waits for: an entry of `dependsOn`. Rule: Kestra, "Versions".

use super::super::pen::{entry, new_node};
use super::super::walk::only;
use super::super::wrap::text;
use super::expression::{Of, expression, joined, kind, labels, namespace, states, word};
use crate::syntax::{Node, Value};

/// An entry in the making.
#[derive(Debug, Default, Clone)]
pub struct Upstream {
    pub namespace: Option<Node>,
    pub flow: Option<Node>,
    pub states: Option<Node>,
    pub labels: Option<Node>,
    /// Expressions that all have to hold.
    pub whens: Vec<String>,
}

impl Upstream {
    /// The entry; `None` when it asks for nothing.
    pub fn node(self) -> Option<Node> {
        let when =
            (!self.whens.is_empty()).then(|| joined(self.whens.into_iter().map(Some), " and ").map(|when| text(&braced(&when)))).flatten();
        let fields =
            [("namespace", self.namespace), ("flowId", self.flow), ("states", self.states), ("labels", self.labels), ("when", when)];
        let entries: Vec<(&str, Node)> = fields.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
        (!entries.is_empty()).then(|| map_of(entries))
    }

    /// Takes a value for a field; an expression when the field has another value already.
    fn take(field: &mut Option<Node>, value: Node) -> Option<()> {
        if field.as_ref().is_some_and(|old| !old.same_value(&value)) {
            return None;
        }
        *field = Some(value);
        Some(())
    }
}

/// What the conditions of a Flow trigger ask of an execution, all at once. The trigger's own `states` stay where they are.
pub fn of_conditions(conditions: &[Node], of_trigger: Option<&Node>) -> Option<Upstream> {
    let mut upstream = Upstream::default();
    for condition in conditions {
        add(&mut upstream, condition, of_trigger)?;
    }
    Some(upstream)
}

fn add(upstream: &mut Upstream, condition: &Node, of_trigger: Option<&Node>) -> Option<()> {
    match kind(condition) {
        "ExecutionFlow" => {
            only(condition, &["namespace", "flowId"])?;
            word(condition, "namespace").and_then(|_| word(condition, "flowId"))?;
            Upstream::take(&mut upstream.namespace, condition.get("namespace")?.clone())?;
            Upstream::take(&mut upstream.flow, condition.get("flowId")?.clone())
        }
        "ExecutionNamespace" if namespace(condition)?.0 == "EQUALS" => {
            Upstream::take(&mut upstream.namespace, condition.get("namespace")?.clone())
        }
        "ExecutionStatus" if upstream.states.is_none() => {
            let among = condition.get("in").filter(|among| !among.items().is_empty() && condition.get("notIn").is_none());
            let states = states(condition, of_trigger)?;
            let list = || new_node(Value::List(states.iter().map(|state| text(state)).collect()));
            upstream.states = Some(among.cloned().unwrap_or_else(list));
            Some(())
        }
        "ExecutionLabels" if upstream.labels.is_none() => {
            only(condition, &["labels"])?;
            let written = condition.get("labels")?;
            let pairs = labels(written)?;
            let pairs = || map_of(pairs.iter().map(|(key, value)| (&**key, value.clone())));
            upstream.labels = Some(if written.items().is_empty() { written.clone() } else { pairs() });
            Some(())
        }
        _ => {
            let when = expression(condition, Of::Execution)?;
            if when != "true" {
                upstream.whens.push(when);
            }
            Some(())
        }
    }
}

/// A list of entries; `None` when two are the same, which 2.0 can't tell apart.
pub fn list(entries: Vec<Node>) -> Option<Node> {
    let is_twice = |(nth, entry): (usize, &Node)| entries.iter().skip(nth + 1).any(|other| other.same_value(entry));
    let is_clear = !entries.is_empty() && !entries.iter().enumerate().any(is_twice);
    is_clear.then(|| new_node(Value::List(entries)))
}

/// An expression as a text.
pub fn braced(expression: &str) -> String {
    format!("{{{{ {expression} }}}}")
}

/// A map of the entries that are given.
pub fn map_of<'a>(entries: impl IntoIterator<Item = (&'a str, Node)>) -> Node {
    new_node(Value::Map(entries.into_iter().map(|(key, value)| entry(key, value)).collect()))
}
