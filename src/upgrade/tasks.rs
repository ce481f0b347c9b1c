//! Tasks that are written otherwise in 2.0: a Pause with tasks, `Echo`, and listeners. Rule: Kestra, "Versions".

use super::pen::{Done, Left, Pen};
use super::walk::{entries_mut, is_task, short_type, type_name};
use super::wrap::{dash_of, shallower, text};
use crate::source::Span;
use crate::syntax::{Entry, Node, Value};
use crate::tr;

/// Whether a list runs its tasks one after another: the list of a flow or of such a group.
fn is_sequence(holder: &Node, key: &str) -> bool {
    let is_flow = type_name(holder).is_none() && holder.get("namespace").is_some();
    let in_order = ["Sequential", "AllowFailure", "If", "Loop", "LoopUntil", "Switch"].contains(&short_type(holder));
    (is_flow || in_order || matches!(key, "errors" | "finally")) && key != "afterExecution"
}

/// Puts the tasks of the Pause at a place behind it, where it is one of a sequence.
pub fn pause(root: &mut Node, place: Span, pen: &mut Pen<'_>) -> Done {
    let left = || {
        let why = tr!("what runs after the Pause can't simply stand behind it here");
        Left::because(
            why,
            [
                tr!("write the tasks after the Pause"),
                tr!("put the Pause and the tasks into a Sequential, if they are one branch of a group"),
            ],
        )
    };
    let list = list_of(root, place).ok_or_else(left)?;
    let at = list.iter().position(|task| task.span == place).ok_or_else(left)?;
    let pause = &mut list[at];
    let known = ["id", "type", "tasks", "pauseDuration", "delay", "description", "onResume", "onPause"];
    let last = pause.entries().last().filter(|entry| entry.key == "tasks").ok_or_else(left)?;
    if !pause.entries().iter().all(|entry| known.contains(&&*entry.key)) || pause.aliased {
        return Err(left());
    }
    let (line, indent) = dash_of(pause, pen.source).map_err(|_| left())?;
    let tasks = last.value.items().to_vec();
    let (first, inner) = dash_of(tasks.first().ok_or_else(left)?, pen.source).map_err(|_| left())?;
    let key = last.key_span.range().start;
    let key_line = pen.source.text[..key].rfind('\n').map_or(0, |end| end + 1);
    if key_line <= line || !pen.source.text[key_line..key].trim().is_empty() {
        return Err(left());
    }
    // The line of the key goes; what stands between it and the first task moves with the tasks.
    let after_key = key_line + pen.source.text[key_line..].find('\n').ok_or_else(left)? + 1;
    if after_key > first || pen.source.text[key + "tasks".len()..after_key].trim() != ":" {
        return Err(left());
    }
    pen.replace(Span::new(key_line, after_key), "");
    shallower(after_key, pen.last_byte(&last.value), inner.len().saturating_sub(indent.len()), pen);
    if let Value::Map(entries) = &mut pause.value {
        entries.pop();
    }
    list.splice(at + 1..at + 1, tasks);
    Ok(())
}

/// The list that holds the task at a place and runs it as one of a sequence.
pub fn list_of(node: &mut Node, place: Span) -> Option<&mut Vec<Node>> {
    let keys: Vec<bool> = node.entries().iter().map(|entry| is_sequence(node, &entry.key)).collect();
    match &mut node.value {
        Value::List(items) => items.iter_mut().find_map(|item| list_of(item, place)),
        Value::Map(entries) => {
            for (entry, is_sequence) in entries.iter_mut().zip(keys) {
                if entry.value.items().iter().any(|item| item.span == place) {
                    let Value::List(items) = &mut entry.value.value else { return None };
                    return is_sequence.then_some(items);
                }
                if let Some(found) = list_of(&mut entry.value, place) {
                    return Some(found);
                }
            }
            None
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => None,
    }
}

/// `Echo` is a `Log`.
pub fn echo(task: &mut Node, pen: &mut Pen<'_>) -> Done {
    if task.get("message").is_some() {
        return Err(Left::unusual());
    }
    if task.get("format").is_none() {
        return Err(Left::because(tr!("a Log needs a message"), [tr!("write a `message:`"), tr!("take the task out")]));
    }
    for entry in entries_mut(task) {
        match &*entry.key {
            "type" => pen.set_word(&mut entry.value, "io.kestra.plugin.core.log.Log")?,
            "format" => pen.rename(entry, "message"),
            _ => {}
        }
    }
    Ok(())
}

/// Runs the tasks of the listeners after the execution.
pub fn listeners(root: &mut Node, pen: &mut Pen<'_>) -> Done {
    let left = || {
        let why = tr!("only listeners without conditions, or for some states, mean the same after the execution");
        let choices = [
            tr!("run the tasks in `afterExecution:`, each with a `runIf:` on `execution.state`"),
            tr!("start a flow of its own by a Flow trigger, with `dependsOn:` this flow"),
        ];
        Left::because(why, choices)
    };
    let has_list = root.get("afterExecution").is_some();
    let entry = root.entries().iter().position(|entry| entry.key == "listeners").filter(|_| !has_list).ok_or_else(left)?;
    let Value::Map(entries) = &mut root.value else { return Err(left()) };
    let entry = &mut entries[entry];
    let [listener] = entry.value.items() else { return Err(left()) };
    let condition = run_if(listener).ok_or_else(left)?;
    let is_known = |entry: &Entry| matches!(&*entry.key, "conditions" | "tasks" | "description");
    let list = listener.get("tasks").cloned().ok_or_else(left)?;
    let first = list.items().first().filter(|_| listener.entries().iter().all(is_known)).ok_or_else(left)?;
    let (start, indent) = dash_of(first, pen.source).map_err(|_| left())?;
    let key = entry.key_span.range();
    let between = &pen.source.text[key.end..start];
    if between.contains('#') || indent.is_empty() {
        return Err(left());
    }
    // The tasks must be the last of the listener.
    let end = pen.last_byte(&list);
    if pen.last_byte(listener) != end || !list.items().iter().all(is_task) {
        return Err(left());
    }
    let mut tasks = list.items().to_vec();
    if let Some(condition) = condition {
        for task in &mut tasks {
            if task.get("runIf").is_some() {
                return Err(left());
            }
            pen.add(task, "runIf", &text(&condition))?;
        }
    }
    let ending = if between.contains("\r\n") { "\r\n" } else { "\n" };
    pen.replace(Span::new(key.start, start), ["afterExecution:", ending].concat());
    shallower(start, end, indent.len().saturating_sub(2), pen);
    "afterExecution".clone_into(&mut entry.key);
    entry.value = Node { value: Value::List(tasks), ..list };
    Ok(())
}

/// The condition of a task of a listener; `Some(None)` when there is none.
fn run_if(listener: &Node) -> Option<Option<String>> {
    let conditions = listener.get("conditions").map(Node::items).unwrap_or_default();
    let [condition] = conditions else { return conditions.is_empty().then_some(None) };
    let is_status = short_type(condition).trim_end_matches("Condition") == "ExecutionStatus";
    let list = |key: &str| condition.get(key).map(Node::items).unwrap_or_default().iter().map(Node::as_str).collect::<Option<Vec<_>>>();
    let (wanted, unwanted) = (list("in")?, list("notIn")?);
    let test = |states: Vec<&str>, sign: &str, word: &str| {
        states.iter().map(|state| format!("execution.state {sign} '{state}'")).collect::<Vec<_>>().join(word)
    };
    match (is_status, wanted.is_empty(), unwanted.is_empty()) {
        (true, false, true) => Some(Some(format!("{{{{ {} }}}}", test(wanted, "==", " or ")))),
        (true, true, false) => Some(Some(format!("{{{{ {} }}}}", test(unwanted, "!=", " and ")))),
        _ => None,
    }
}
