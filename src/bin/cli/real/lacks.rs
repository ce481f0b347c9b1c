//! What a flow needs that the engine on this machine does not have.

use std::env;

use parallelogram::diag::Diagnostic;
use parallelogram::source::Source;
use parallelogram::syntax::{Node, Value, parse};

/// Where the types are that the engine itself has.
const SERVED: [&str; 3] = ["io.kestra.plugin.core.", "io.kestra.core.tasks.", "io.kestra.core.models."];
/// What of them reaches a network.
const NETWORK: &str = "io.kestra.plugin.core.http.";
/// Parts of a flow that hold no plugins that run: what `type` says there is another matter.
const WITHOUT_PLUGINS: [&str; 5] = ["inputs", "outputs", "variables", "labels", "pluginDefaults"];

/// What is not here, by place: errors are what the engine refuses, warnings what fails or reaches out when it runs.
pub fn lacks(source: &Source) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for entry in parse(source).0.roots.iter().flat_map(Node::entries) {
        look(&entry.value, !WITHOUT_PLUGINS.contains(&entry.key.as_str()), &mut found);
    }
    found.sort_by_key(|one| one.span.start);
    found
}

fn look(node: &Node, has_plugins: bool, found: &mut Vec<Diagnostic>) {
    match &node.value {
        Value::Text(text) => {
            let missing = secrets(text).map(|name| format!("SECRET_{}", name.to_uppercase())).find(|name| env::var_os(name).is_none());
            found.extend(missing.map(|name| {
                let message = format!("a secret is an environment variable here, and {name} is not set, so this expression fails");
                Diagnostic::warning("no-secret", node.span, message).help("set it to the value in Base64")
            }));
        }
        Value::List(items) => items.iter().for_each(|item| look(item, has_plugins, found)),
        Value::Map(entries) => {
            found.extend(of_type(node).filter(|_| has_plugins));
            entries.iter().for_each(|entry| look(&entry.value, has_plugins, found));
        }
        _ => {}
    }
}

/// What the type of a task, or of anything else that a plugin provides, asks for.
fn of_type(node: &Node) -> Option<Diagnostic> {
    let place = node.get("type")?;
    let name = place.as_str().filter(|name| name.contains('.'))?;
    let who = node.get("id").and_then(Node::as_str).map_or(String::new(), |id| format!("`{id}`: "));
    if name.starts_with(NETWORK) {
        return Some(Diagnostic::warning("network", place.span, format!("{who}`{name}` reaches the network from this machine")));
    }
    if SERVED.iter().any(|served| name.starts_with(served)) {
        return None;
    }
    let why = if name.contains(".scripts.") {
        "the engine here runs no scripts"
    } else if name.contains(".docker.") {
        "the engine here has no Docker"
    } else {
        "the engine here has no plugins but its own"
    };
    let help = "put an `io.kestra.plugin.core.flow.Sleep` in its place that takes as long";
    Some(Diagnostic::error("no-plugin", place.span, format!("{who}{why}, so it refuses `{name}`")).help(help))
}

/// The secrets that the expressions of a text read, where the name is written.
fn secrets(text: &str) -> impl Iterator<Item = &str> {
    let inside = text.split("{{").skip(1).map(|rest| rest.split("}}").next().unwrap_or_default());
    inside.flat_map(|inside| {
        inside.match_indices("secret").filter_map(move |(at, name)| {
            let (before, after) = (inside.get(..at)?, inside.get(at + name.len()..)?);
            let is_word = before.ends_with(|character: char| character.is_alphanumeric() || character == '_' || character == '.');
            let argument = after.trim_start().strip_prefix('(')?.trim_start();
            let quote = argument.chars().next().filter(|quote| !is_word && ['\'', '"'].contains(quote))?;
            argument.split(quote).nth(1)
        })
    })
}
