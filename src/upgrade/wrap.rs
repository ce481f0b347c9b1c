//! A group around tasks that are there, which move a step to the right.

use super::pen::{Done, Left, Pen, entry, new_node};
use crate::edit::Edit;
use crate::source::{Source, Span};
use crate::syntax::{Entry, Node, Value};
use crate::tr;

/// How much deeper a wrapped line stands, in columns.
const STEP: &str = "    ";

/// What belongs to the Sequential around a loop.
const OUTER: [&str; 6] = ["errors", "finally", "allowFailure", "allowWarning", "runIf", "disabled"];

/// Puts the tasks of a loop into a Parallel.
pub fn tasks_in_parallel(task: &mut Node, pen: &mut Pen<'_>) -> Done {
    const PARALLEL: &str = "io.kestra.plugin.core.flow.Parallel";
    let id = [task.get("id").and_then(Node::as_str).ok_or_else(Left::unusual)?, "_parallel"].concat();
    let Value::Map(entries) = &mut task.value else { return Err(Left::unusual()) };
    let entry = entries.iter_mut().find(|entry| entry.key == "tasks").ok_or_else(Left::unusual)?;
    let list = entry.value.clone();
    if pen.source.slice(list.span).starts_with('[') {
        pen.replace(Span::sized(list.span.range().start, 0), format!("[{{id: {id}, type: {PARALLEL}, tasks: "));
        pen.replace(Span::sized(list.span.range().end, 0), "}]");
    } else {
        let (start, indent) = dash_of(list.items().first().ok_or_else(Left::unusual)?, pen.source)?;
        let head = format!("{indent}- id: {id}\n{indent}  type: {PARALLEL}\n{indent}  tasks:\n");
        deeper(start, pen.last_byte(&list), &head, None, pen);
    }
    let parallel = map([("id", text(&id)), ("type", text(PARALLEL)), ("tasks", list)]);
    entry.value = new_node(Value::List(vec![parallel]));
    Ok(())
}

/// Puts a loop into a Sequential with its id, which keeps what runs once for the whole loop: `errors` and `finally`.
pub fn in_sequential(task: &mut Node, pen: &mut Pen<'_>) -> Done {
    const SEQUENTIAL: &str = "io.kestra.plugin.core.flow.Sequential";
    let source = pen.source;
    let left = || {
        let why = tr!("`errors` and `finally` of a Loop run for each value, not once for the whole loop");
        Left::because(
            why,
            [tr!("put the Loop into a Sequential that has them"), tr!("keep them in the Loop, if they may run for each value")],
        )
    };
    let is_handler = |entry: &Entry| OUTER.contains(&&*entry.key);
    let (place, span, is_braced) = (dash_of(task, source), task.span, source.slice(task.span).starts_with('{'));
    let Value::Map(entries) = &mut task.value else { return Err(left()) };
    let known = ["id", "type", "values", "concurrencyLimit", "tasks", "description"];
    if !entries.iter().all(|entry| known.contains(&&*entry.key) || is_handler(entry)) {
        return Err(left());
    }
    let last_inner = entries.iter().rposition(|entry| !is_handler(entry)).ok_or_else(left)?;
    let is_early = entries[..last_inner].iter().any(is_handler);
    if is_early && is_braced {
        return Err(left());
    }
    let moved = if is_early { Some(handlers_last(entries, last_inner, pen)?) } else { None };
    let first_handler = entries.iter().position(is_handler).ok_or_else(left)?;
    let (inner, handlers) = entries.split_at_mut(first_handler);
    let end = inner.iter().map(|entry| pen.last_byte(&entry.value)).max().unwrap_or(0);
    let id_entry = inner.iter_mut().find(|entry| entry.key == "id").ok_or_else(left)?;
    let id = id_entry.value.as_str().ok_or_else(left)?.to_owned();
    let id_of_loop = [&*id, "_loop"].concat();
    let is_first = id_entry.key_span.start == span.start;
    if is_braced {
        // In braces: the handlers stay behind the new brackets.
        let brace = span.range().start;
        pen.replace(Span::sized(brace, 0), format!("{{id: {id}, type: {SEQUENTIAL}, tasks: ["));
        let comma = handlers[0].key_span.range().start;
        let before = source.text[..comma].trim_end().strip_suffix(',').map(str::len).ok_or_else(left)?;
        pen.replace(Span::sized(before, 0), "}]");
    } else {
        if !is_first {
            return Err(left());
        }
        let at = span.range().start;
        match place {
            Ok((start, indent)) if source.position(span.start).column == indent.len() + 3 => {
                let head = format!("{indent}- id: {id}\n{indent}  type: {SEQUENTIAL}\n{indent}  tasks:\n");
                deeper(start, end, &head, None, pen);
            }
            // As the `task:` of a Dag: on lines of its own.
            _ => {
                let start = source.text[..at].rfind('\n').map_or(0, |end| end + 1);
                let indent = &source.text[start..at];
                if !indent.chars().all(|c| c == ' ') {
                    return Err(left());
                }
                let head = format!("{indent}id: {id}\n{indent}type: {SEQUENTIAL}\n{indent}tasks:\n");
                deeper(start, end, &head, Some(at), pen);
            }
        }
    }
    pen.edits.extend(moved);
    pen.set_word(&mut id_entry.value, &id_of_loop)?;
    let inner = Node { value: Value::Map(inner.to_vec()), ..new_node(Value::Null) };
    let handlers = handlers.to_vec();
    let list = new_node(Value::List(vec![inner]));
    let mut sequential = map([("id", text(&id)), ("type", text(SEQUENTIAL)), ("tasks", list)]);
    if let Value::Map(entries) = &mut sequential.value {
        entries.extend(handlers);
    }
    task.value = sequential.value;
    Ok(())
}

/// Takes the handlers of a loop out, in block style, and gives the edit that writes them behind all else. They do not move to the right.
fn handlers_last(entries: &mut Vec<Entry>, last_inner: usize, pen: &mut Pen<'_>) -> Result<Edit, Left> {
    let source = pen.source;
    let line = |at: usize| source.text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = entries.iter().map(|entry| pen.last_byte(&entry.value)).max().unwrap_or(0);
    let end = end + source.text[end..].find('\n').unwrap_or(source.text.len() - end);
    let ending = if source.text[..end].ends_with('\r') { "\r\n" } else { "\n" };
    let (mut moved, mut stay) = (Vec::new(), Vec::new());
    let mut text = String::new();
    for (nth, entry) in entries.iter().enumerate() {
        if nth > last_inner || !OUTER.contains(&&*entry.key) {
            stay.push(entry.clone());
            continue;
        }
        // Up to the line of the next entry, with the comments above it.
        let key = entry.key_span.range().start;
        let next = entries.get(nth + 1).map(|next| line(next.key_span.range().start)).ok_or_else(Left::unusual)?;
        if !source.text[line(key)..key].trim().is_empty()
            || pen.edits.iter().any(|edit| line(key) <= edit.range.start && edit.range.end < next)
        {
            return Err(Left::unusual());
        }
        text += ending;
        text += source.text[line(key)..next].trim_end();
        pen.replace(Span::new(line(key), next), "");
        moved.push(entry.clone());
    }
    let end = if ending == "\r\n" { end - 1 } else { end };
    stay.extend(moved);
    *entries = stay;
    Ok(Edit { range: end..end, text })
}

/// The byte where the line of an item's dash begins, and the indent of the dash.
pub fn dash_of<'a>(item: &Node, source: &'a Source) -> Result<(usize, &'a str), Left> {
    let before = source.text[..item.span.range().start].trim_end_matches(' ');
    let line = before.strip_suffix('-').ok_or_else(Left::unusual)?;
    let start = line.rfind('\n').map_or(0, |end| end + 1);
    let indent = &line[start..];
    if indent.chars().all(|c| c == ' ') && !item.aliased { Ok((start, indent)) } else { Err(Left::unusual()) }
}

/// Moves the lines from one byte to another to the right, behind these lines. `dash` stands before the first one.
pub fn deeper(start: usize, end: usize, head: &str, dash: Option<usize>, pen: &mut Pen<'_>) {
    let text = &pen.source.text;
    let ending = if text[start..end].contains("\r\n") { "\r\n" } else { "\n" };
    // What was written before between these lines moves with them.
    for edit in pen.edits.iter_mut().filter(|edit| start <= edit.range.start && edit.range.start <= end) {
        let ends = edit.text.ends_with('\n');
        let moved = edit.text.trim_end_matches('\n').replace('\n', &["\n", STEP].concat());
        match (ends, edit.text.contains('\n')) {
            (true, _) => edit.text = [STEP, &moved, "\n"].concat(),
            (false, true) => edit.text = moved,
            (false, false) => {}
        }
    }
    let removed: Vec<_> = pen.edits.iter().map(|edit| edit.range.clone()).filter(|range| text[range.clone()].contains('\n')).collect();
    let is_removed = |at: usize| removed.iter().any(|range| range.start <= at && at < range.end);
    pen.edits.insert(0, Edit { range: start..start, text: head.replace('\n', ending) });
    let mut at = start;
    for line in text[start..end].split_inclusive('\n') {
        match dash.filter(|_| at == start) {
            Some(dash) => pen.edits.push(Edit { range: dash..dash, text: "  - ".to_owned() }),
            None if line.trim().is_empty() || is_removed(at) => {}
            None => pen.edits.push(Edit { range: at..at, text: STEP.to_owned() }),
        }
        at += line.len();
    }
}

/// Moves the lines from one byte to another to the left by so many columns, with what was written in them.
pub fn shallower(start: usize, end: usize, by: usize, pen: &mut Pen<'_>) {
    let pad = " ".repeat(by);
    for edit in pen.edits.iter_mut().filter(|edit| start < edit.range.start && edit.range.start <= end) {
        edit.text = edit.text.replace(&["\n", &pad].concat(), "\n");
    }
    let mut at = start;
    for line in pen.source.text[start..end].split_inclusive('\n') {
        if line.starts_with(&pad) {
            pen.edits.push(Edit { range: at..at + by, text: String::new() });
        }
        at += line.len();
    }
}

/// A text that is not in the flow yet.
pub fn text(text: &str) -> Node {
    new_node(Value::Text(text.to_owned()))
}

/// A map that is not in the flow yet.
pub fn map<const N: usize>(entries: [(&str, Node); N]) -> Node {
    new_node(Value::Map(entries.map(|(key, value)| entry(key, value)).into()))
}
