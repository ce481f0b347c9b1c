//! What keeps the run as it was: a Parallel whose other children go on when one has failed. Rule: Kestra, "onChildFailure".

use super::pen::{Done, Pen, new_node};
use super::walk::{is_task, short_type, type_name};
use crate::syntax::{Node, Value};
use crate::tr;

/// Whether a failed child of this task interrupts others in 2.0, and did not before.
pub fn interrupts(node: &Node) -> bool {
    let is_parallel = type_name(node).is_some_and(|name| name.starts_with("io.kestra.plugin.core.flow.")) && short_type(node) == "Parallel";
    is_task(node) && is_parallel && node.get("onChildFailure").is_none() && node.get("tasks").is_some_and(|tasks| tasks.items().len() > 1)
}

/// What it does.
pub fn message(node: &Node) -> String {
    let id = node.get("id").and_then(Node::as_str).unwrap_or("");
    tr!("a failed child of `{id}` interrupts its other children in Kestra 2.0", id)
}

/// How it does as before.
pub fn reason() -> String {
    tr!("with `onChildFailure: CONTINUE` they go on to their own end, as before")
}

/// Lets the others go on.
pub fn keep_on(task: &mut Node, pen: &mut Pen<'_>) -> Done {
    pen.add(task, "onChildFailure", &new_node(Value::Text("CONTINUE".to_owned())))
}
