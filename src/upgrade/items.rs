//! `ForEachItem`: the file is split by a task of its own, and a Loop calls the flow for each part. Rules: Kestra, "ForEachItem" and
//! "Loop".

use super::loops::is_each;
use super::pen::{Done, Left, Pen, in_flow};
use super::tasks::list_of;
use super::walk::{all, each_text, is_task, short_type, type_name};
use super::wrap::{dash_of, deeper, map, text};
use crate::expr;
use crate::flow::kestra::schema::current_name;
use crate::source::Span;
use crate::syntax::{Node, Value};
use crate::tr;

const SPLIT: &str = "io.kestra.plugin.core.storage.Split";
const LOOP: &str = "io.kestra.plugin.core.flow.Loop";
const SUBFLOW: &str = "io.kestra.plugin.core.flow.Subflow";

/// What a ForEachItem may have for the rewrite: what a Subflow has, too.
const KNOWN: [&str; 14] = [
    "id",
    "type",
    "description",
    "items",
    "batch",
    "namespace",
    "flowId",
    "revision",
    "inputs",
    "labels",
    "inheritLabels",
    "wait",
    "transmitFailed",
    "restartBehavior",
];

/// Whether a task starts a flow for each batch of a file.
pub fn is_for_each_item(node: &Node) -> bool {
    is_task(node) && type_name(node).is_some_and(|name| current_name(name) == "io.kestra.plugin.core.flow.ForEachItem")
}

fn left() -> Left {
    let choices = [
        tr!("split the file with `io.kestra.plugin.core.storage.Split`, and call the flow with a Subflow in a Loop over `uris`"),
        tr!("give the file itself to a Loop: it runs once for each line, read as ION"),
        tr!("call one flow with the whole file, and loop there"),
    ];
    Left::because(tr!("it takes several tasks to do the same, and they can't simply stand here"), choices)
}

/// Writes the task at a place as a Split and a Loop with a Subflow.
pub fn rewrite(root: &mut Node, place: Span, pen: &mut Pen<'_>) -> Done {
    let mut around = Vec::new();
    all(root, &|node| node.span.contains(place) && (is_each(node) || short_type(node) == "Loop"), &mut around);
    if !around.is_empty() {
        return Err(left());
    }
    let whole = root.clone();
    let list = list_of(root, place).ok_or_else(left)?;
    let at = list.iter().position(|task| task.span == place).ok_or_else(left)?;
    let task = &mut list[at];
    let id = task.get("id").and_then(Node::as_str).ok_or_else(left)?.to_owned();
    if task.aliased || !task.entries().iter().all(|entry| KNOWN.contains(&&*entry.key)) {
        return Err(left());
    }
    let [split_id, items_id] = ["_split", "_items"].map(|end| [&*id, end].concat());
    // Its parts were tasks with outputs.
    let mut is_read = false;
    let parts = [&*split_id, &*items_id, &[&*id, "_merge"].concat(), &*id].map(|id| format!("outputs.{id}"));
    each_text(&whole, &|node| node.span == place, &mut |text| {
        let of_part =
            |path: &str| parts.iter().any(|part| path.strip_prefix(&**part).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')));
        is_read |= expr::paths(text).iter().any(|(path, _)| of_part(path));
    });
    let (start, indent) = dash_of(task, pen.source).map_err(|_| left())?;
    if is_read {
        let why = tr!("what `{id}` gives out is read, and the tasks in its place give that out otherwise", id);
        let choices = [
            tr!("count the parts of the file with `outputs.{id}_split.uris | length`", id),
            tr!("declare what is read under `outputs:` of the Loop that calls the flow, and read `outputs.LOOP.outputs`"),
        ];
        return Err(Left::because(why, choices));
    }
    if pen.source.slice(task.span).starts_with('{') {
        return Err(left());
    }
    let batch = task.get("batch").cloned();
    let end = pen.last_byte(task);
    let items = task.get("items").cloned().ok_or_else(left)?;
    names(task, pen)?;
    for key in ["items", "batch"] {
        if task.get(key).is_some() {
            pen.remove(task, key, &[])?;
        }
    }
    let Value::Map(entries) = &mut task.value else { return Err(left()) };
    for entry in entries.iter_mut() {
        match &*entry.key {
            "id" => pen.set_word(&mut entry.value, &items_id)?,
            "type" => pen.set_word(&mut entry.value, SUBFLOW)?,
            _ => {}
        }
    }
    let values = format!("{{{{ outputs.{split_id}.uris }}}}");
    let one = crate::syntax::Node { value: Value::Int(1), ..text("") };
    let none = crate::syntax::Node { value: Value::Int(0), ..text("") };
    let mut split = map([("id", text(&split_id)), ("type", text(SPLIT)), ("from", items)]);
    let rows = map([("rows", one)]);
    if let Value::Map(entries) = &mut split.value {
        entries.extend(batch.as_ref().unwrap_or(&rows).entries().iter().cloned());
    }
    let head = |task: &Node| {
        let line = |(nth, entry): (usize, &crate::syntax::Entry)| {
            format!("{indent}{} {}: {}\n", if nth == 0 { "-" } else { " " }, entry.key, in_flow(&entry.value, pen.source))
        };
        task.entries().iter().enumerate().map(line).collect::<String>()
    };
    let mut loop_ = map([("id", text(&id)), ("type", text(LOOP)), ("values", text(&values)), ("concurrencyLimit", none)]);
    let lines = [head(&split), head(&loop_), format!("{indent}  tasks:\n")].concat();
    deeper(start, end, &lines, None, pen);
    let tasks = map([("tasks", crate::syntax::Node { value: Value::List(vec![task.clone()]), ..text("") })]);
    if let (Value::Map(entries), Value::Map(tasks)) = (&mut loop_.value, tasks.value) {
        entries.extend(tasks);
    }
    list.splice(at..=at, [split, loop_]);
    Ok(())
}

/// The part of the file and its number, as a Loop calls them.
fn names(node: &mut Node, pen: &mut Pen<'_>) -> Done {
    match &mut node.value {
        Value::List(items) => items.iter_mut().try_for_each(|item| names(item, pen)),
        Value::Map(entries) => entries.iter_mut().try_for_each(|entry| names(&mut entry.value, pen)),
        Value::Text(text) if text.contains('{') => {
            let new_name = |path: &str| match path {
                "taskrun.items" => Some("item.value"),
                "taskrun.iteration" => Some("item.index"),
                _ => None,
            };
            let parts = expr::paths(text).into_iter().filter_map(|(path, range)| Some((range, new_name(&path)?.to_owned())));
            let parts: Vec<_> = parts.collect();
            if parts.is_empty() { Ok(()) } else { pen.change_text(node, parts) }
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => Ok(()),
    }
}
