//! Options of requests: what 2.0 knows by another name or in another place. Rule: Kestra, "Versions".

use super::pen::{Done, Left, Pen, new_node};
use super::walk::type_name;
use super::wrap::text;
use crate::syntax::{Entry, Node, Value};
use crate::tr;

/// Options of 1.3 that are parts of another one in 2.0: the new one, and what each is called there. The first part may be fixed.
const PARTS: [(&str, &[(&str, &str)]); 3] = [
    ("timeout", &[("connectTimeout", "connectTimeout"), ("readIdleTimeout", "readIdleTimeout")]),
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

/// Options of 1.3 that have no counterpart.
const GONE: [&str; 4] = ["logLevel", "readTimeout", "connectionPoolIdleTimeout", "maxContentLength"];

/// Whether a task makes requests.
pub fn is_request(node: &Node) -> bool {
    type_name(node).is_some_and(|name| name.contains(".http."))
}

/// The first option that 2.0 does not know.
pub fn unknown_option(task: &Node) -> Option<&Entry> {
    let is_part = |key: &str| PARTS.iter().any(|(_, parts)| parts.iter().any(|(old, _)| *old == key));
    task.get("options")?.entries().iter().find(|entry| is_part(&entry.key) || GONE.contains(&&*entry.key))
}

/// Moves a property of a request to its `options`.
pub fn move_to_options(task: &mut Node, key: &str, pen: &mut Pen<'_>) -> Done {
    let name = if key == "sslOptions" { "ssl" } else { key };
    let entry = task.entry(key).cloned().ok_or_else(Left::unusual)?;
    if task.entry("options").is_some() || task.aliased {
        return Err(Left::because(String::new(), [tr!("write `{name}:` under `options:`", name)]));
    }
    pen.put(task, key, "options", one(name, entry.value))
}

/// Writes the options of a request as 2.0 knows them.
pub fn rewrite(task: &mut Node, pen: &mut Pen<'_>) -> Done {
    let Value::Map(entries) = &mut task.value else { return Err(Left::unusual()) };
    let options = entries.iter_mut().find(|entry| entry.key == "options").map(|entry| &mut entry.value).ok_or_else(Left::unusual)?;
    if let Some(key) = GONE.iter().find(|key| options.get(key).is_some()) {
        let why = tr!("nothing takes the place of `{key}`", key);
        return Err(Left::because(why, [tr!("take `{key}` out", key)]));
    }
    for (name, parts) in PARTS {
        let is_there = |(old, _): &&(&str, &str)| options.get(old).is_some();
        let there: Vec<(&str, &str)> = parts.iter().filter(is_there).copied().collect();
        let Some(((first, _), rest)) = there.split_first() else { continue };
        if options.get(name).is_some() {
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

fn one(key: &str, value: Node) -> Node {
    new_node(Value::Map(vec![entry(key, value)]))
}

fn entry(key: &str, value: Node) -> Entry {
    Entry { key: key.to_owned(), key_span: value.span, value }
}
