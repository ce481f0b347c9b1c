//! Options of requests: what 2.0 knows by another name or in another place. Rule: Kestra, "Versions".

use super::pen::{Done, Left, Pen, entry, new_node};
use super::walk::{entries_mut, type_name};
use super::wrap::{map, text};
use crate::flow::kestra::schema::has_expression;
use crate::source::Span;
use crate::syntax::{Entry, Node, Value};
use crate::tr;

/// Options of 1.3 that are parts of another one in 2.0: the new one, and what each is called there. The first part may be fixed.
const PARTS: [(&str, &[(&str, &str)]); 3] = [
    ("timeout", &[("connectTimeout", "connectTimeout"), ("readTimeout", "readIdleTimeout"), ("readIdleTimeout", "readIdleTimeout")]),
    (
        "proxy",
        &[
            ("proxyType", "type"),
            ("proxyAddress", "address"),
            ("proxyPort", "port"),
            ("proxyUsername", "username"),
            ("proxyPassword", "password"),
        ],
    ),
    ("auth", &[("basicAuthUser", "username"), ("basicAuthPassword", "password")]),
];

/// Options that 1.3 takes and never looks at.
const UNREAD: [&str; 2] = ["connectionPoolIdleTimeout", "maxContentLength"];

/// The option for what is logged in 1.3, and what each of its levels stands for in the `logs` of 2.0; other levels log nothing.
const LOG_LEVEL: &str = "logLevel";
const LOGS: [(&str, &[&str]); 3] = [
    ("TRACE", &["REQUEST_HEADERS", "REQUEST_BODY", "RESPONSE_HEADERS", "RESPONSE_BODY"]),
    ("DEBUG", &["REQUEST_HEADERS", "RESPONSE_HEADERS"]),
    ("INFO", &["RESPONSE_HEADERS"]),
];

/// Whether a task makes requests.
pub fn is_request(node: &Node) -> bool {
    type_name(node).is_some_and(|name| name.contains(".http."))
}

/// The first option that 2.0 does not know.
pub fn unknown_option(task: &Node) -> Option<&Entry> {
    let is_part = |key: &str| PARTS.iter().any(|(_, parts)| parts.iter().any(|(old, _)| *old == key));
    let is_gone = |key: &str| key == LOG_LEVEL || UNREAD.contains(&key);
    task.get("options")?.entries().iter().find(|entry| is_part(&entry.key) || is_gone(&entry.key))
}

/// Moves a property of a request to its `options`.
pub fn move_to_options(task: &mut Node, key: &str, pen: &mut Pen<'_>) -> Done {
    let name = if key == "sslOptions" { "ssl" } else { key };
    let moved = task.entry(key).cloned().ok_or_else(Left::unusual)?;
    let by_hand = || Left::because(String::new(), [tr!("write `{name}:` under `options:`", name)]);
    if task.aliased {
        return Err(by_hand());
    }
    let Some(options) = task.get("options") else {
        return pen.put(task, key, "options", map([(name, moved.value)]));
    };
    if options.span == Span::default() || options.entries().is_empty() || options.get(name).is_some() {
        return Err(by_hand());
    }
    pen.remove(task, key, &[])?;
    entries_mut(task)
        .iter_mut()
        .find(|entry| entry.key == "options")
        .map_or(Err(by_hand()), |options| pen.add(&mut options.value, name, &moved.value))
}

/// Writes the options of a request as 2.0 knows them.
pub fn rewrite(task: &mut Node, pen: &mut Pen<'_>) -> Done {
    let logs = match task.get("options").and_then(|options| options.get(LOG_LEVEL)) {
        Some(level) => {
            Some(logs(level).ok_or_else(|| Left::because(String::new(), [tr!("write `{name}:` under `options:`", name = "logs")]))?)
        }
        None => None,
    };
    let is_unread = |entry: &Entry| UNREAD.contains(&&*entry.key) || entry.key == LOG_LEVEL && logs.is_some_and(<[_]>::is_empty);
    if task.get("options").is_some_and(|options| options.entries().iter().all(is_unread)) {
        return pen.remove(task, "options", &[]);
    }
    let Value::Map(entries) = &mut task.value else { return Err(Left::unusual()) };
    let options = entries.iter_mut().find(|entry| entry.key == "options").map(|entry| &mut entry.value).ok_or_else(Left::unusual)?;
    let unread: Vec<String> = options.entries().iter().filter(|entry| is_unread(entry)).map(|entry| entry.key.clone()).collect();
    unread.iter().try_for_each(|key| pen.remove(options, key, &[]))?;
    if let Some(logs) = logs.filter(|logs| !logs.is_empty()) {
        let logs = logs.iter().map(|part| text(part)).collect();
        pen.put(options, LOG_LEVEL, "logs", new_node(Value::List(logs)))?;
    }
    for (name, parts) in PARTS {
        let is_there = |(old, _): &&(&str, &str)| options.get(old).is_some();
        let there: Vec<(&str, &str)> = parts.iter().filter(is_there).copied().collect();
        let Some(((first, _), rest)) = there.split_first() else { continue };
        if options.get(name).is_some() || is_twice(&there) {
            return Err(Left::because(String::new(), [tr!("write `{name}:` under `options:`", name)]));
        }
        let values = there.iter().filter_map(|(old, new)| Some(entry(new, options.get(old)?.clone())));
        let kind = (name == "auth").then(|| entry("type", text("BASIC")));
        let value = new_node(Value::Map(kind.into_iter().chain(values).collect()));
        rest.iter().try_for_each(|(old, _)| pen.remove(options, old, &[]))?;
        pen.put(options, first, name, value)?;
    }
    Ok(())
}

/// What a level logs; `None` when it is not known before the run.
fn logs(level: &Node) -> Option<&'static [&'static str]> {
    let level = level.as_str().filter(|level| !has_expression(level))?;
    Some(LOGS.iter().find(|(name, _)| *name == level).map_or(&[][..], |(_, logs)| logs))
}

/// Whether two options become the same one.
fn is_twice(parts: &[(&str, &str)]) -> bool {
    parts.iter().enumerate().any(|(nth, part)| parts[..nth].iter().any(|before| before.1 == part.1))
}
