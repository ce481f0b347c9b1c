//! Single values that 2.0 takes in another form. Rule: Kestra, "Versions".

use super::pen::{Done, Left, Pen};
use super::walk::{entries_mut, short_type};
use super::wrap::{map, text};
use crate::source::Span;
use crate::syntax::Node;
use crate::tr;

/// The entry of a task, or of an input, that 2.0 takes in another form: the bytes and the name to show, and why it changes.
pub fn found(node: &Node, is_input: bool) -> Option<(Span, String, String)> {
    let entry = |key: &str| node.entry(key).map(|entry| (entry.key_span, entry.key.clone()));
    if let Some(state) = exit_state(node) {
        return Some((state.span, state.as_str().unwrap_or_default().to_owned(), tr!("the state is called `CANCELLED`")));
    }
    if short_type(node) == "PurgeKV" {
        return entry("expiredOnly").map(|(span, name)| (span, name, tr!("it is a part of `behavior:`")));
    }
    if is_input && node.get("type").and_then(Node::as_str) == Some("FILE") {
        return entry("extension").map(|(span, name)| (span, name, tr!("it only named the file that was uploaded")));
    }
    None
}

/// Writes it in that form.
pub fn rewrite(node: &mut Node, pen: &mut Pen<'_>) -> Done {
    if exit_state(node).is_some() {
        let state = entries_mut(node).iter_mut().find(|entry| entry.key == "state").ok_or_else(Left::unusual)?;
        return pen.set_word(&mut state.value, "CANCELLED");
    }
    if short_type(node) != "PurgeKV" {
        return pen.remove(node, "extension", &[]);
    }
    if node.get("behavior").is_some() {
        return Err(Left::because(String::new(), [tr!("write `{name}:` under `{key}:`", name = "expiredOnly", key = "behavior")]));
    }
    let is_expired = node.get("expiredOnly").cloned().ok_or_else(Left::unusual)?;
    pen.put(node, "expiredOnly", "behavior", map([("type", text("key")), ("expiredOnly", is_expired)]))
}

/// The state of an Exit, as only 1.3 writes it.
fn exit_state(node: &Node) -> Option<&Node> {
    node.get("state").filter(|state| short_type(node) == "Exit" && state.as_str() == Some("CANCELED"))
}
