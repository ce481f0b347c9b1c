//! `schedule.date` in texts, which 2.0 only has as `trigger.date`. Rule: Kestra, "Versions".

use std::ops::Range;

use super::super::Change;
use super::super::pen::{Done, Left, Pen};
use super::super::phase::{Phase, Rewriting};
use super::super::walk::{children_mut, short_type};
use crate::expr::paths;
use crate::flow::kestra::schema::is_prose;
use crate::source::Span;
use crate::syntax::{Node, Value};
use crate::tr;

/// What a Schedule says of its dates.
const DATES: [&str; 3] = ["schedule.date", "schedule.next", "schedule.previous"];

/// Writes `trigger` in place of `schedule` in the texts of a flow, but in those of its triggers.
pub fn rewrite_all<'a>(phase: &Phase<'a>, rewriting: &mut Rewriting<'a>, nth: usize) {
    let root = &phase.document.roots[nth];
    let mut found = Vec::new();
    for entry in root.entries().iter().filter(|entry| entry.key != "triggers" && !is_prose(root, &entry.key)) {
        texts(&entry.value, &mut found);
    }
    let triggers = root.get("triggers").map(Node::items).unwrap_or_default();
    // Others have dates of their own, under the same names.
    let are_known = triggers.iter().all(|trigger| matches!(short_type(trigger), "Schedule" | "Webhook" | "Flow"));
    for text in found {
        let change = Change {
            code: "schedule",
            span: text.span,
            message: tr!("`{name}` is not known to Kestra {version}", name = "schedule", version = phase.versions.to.as_str()),
            why: tr!("the dates of a Schedule are those of `trigger`"),
            choices: Vec::new(),
            rewrite: None,
        };
        rewriting.change(change, nth, |root, pen| {
            let Value::Text(read) = &text.value else { return Err(Left::unusual()) };
            let parts = parts(read).filter(|_| are_known).ok_or_else(left)?;
            at_text(root, text.span, &parts, pen).ok_or_else(Left::unusual)?
        });
    }
}

fn left() -> Left {
    let why = tr!("another trigger of the flow may have dates too, or all of `schedule` is read");
    Left::because(why, [tr!("read `trigger.date`, `trigger.next` and `trigger.previous`, where a Schedule started the flow")])
}

fn is_schedule(path: &str) -> bool {
    path == "schedule" || path.starts_with("schedule.")
}

fn texts<'a>(node: &'a Node, found: &mut Vec<&'a Node>) {
    match &node.value {
        Value::Text(text) if text.contains("schedule") && paths(text).iter().any(|(path, _)| is_schedule(path)) => found.push(node),
        _ => {
            let read = node.entries().iter().filter(|entry| !is_prose(node, &entry.key)).map(|entry| &entry.value);
            node.items().iter().chain(read).for_each(|child| texts(child, found));
        }
    }
}

/// The names to replace; `None` when something else of `schedule` is read.
fn parts(text: &str) -> Option<Vec<(Range<usize>, String)>> {
    let read: Vec<(String, Range<usize>)> = paths(text).into_iter().filter(|(path, _)| is_schedule(path)).collect();
    let is_date = |path: &str| DATES.iter().any(|date| path == *date || path.strip_prefix(date).is_some_and(|rest| rest.starts_with('.')));
    read.iter()
        .all(|(path, _)| is_date(path))
        .then(|| read.into_iter().map(|(_, range)| (range.start..range.start + "schedule".len(), "trigger".to_owned())).collect())
}

fn at_text(node: &mut Node, span: Span, parts: &[(Range<usize>, String)], pen: &mut Pen<'_>) -> Option<Done> {
    if node.span == span && matches!(node.value, Value::Text(_)) {
        return Some(pen.change_text(node, parts.to_vec()));
    }
    children_mut(node).find_map(|child| at_text(child, span, parts, pen))
}
