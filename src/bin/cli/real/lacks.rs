//! What a flow needs that the engine on this machine does not have.

use parallelogram::diag::Diagnostic;
use parallelogram::source::Source;
use parallelogram::syntax::{Entry, Node, Value, parse};

/// Where the types are that the engine itself has.
const SERVED: [&str; 3] = ["io.kestra.plugin.core.", "io.kestra.core.tasks.", "io.kestra.core.models."];
/// What of them reaches a network.
const NETWORK: [&str; 2] = ["io.kestra.plugin.core.http.", "io.kestra.plugin.core.trigger.Webhook"];

/// Parts of a flow that hold no plugins that run: what `type` says there is another matter.
const WITHOUT_PLUGINS: [&str; 5] = ["inputs", "outputs", "variables", "labels", "pluginDefaults"];

/// What is not here, by place: errors are what the engine refuses, warnings what fails or reaches out when it runs.
pub fn lacks(source: &Source) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let is_looked_at = |entry: &&Entry| !WITHOUT_PLUGINS.contains(&entry.key.as_str());
    for root in &parse(source).0.roots {
        root.entries().iter().filter(is_looked_at).for_each(|entry| look(&entry.value, &mut found));
    }
    found.sort_by_key(|one| one.span.start);
    found
}

fn look(node: &Node, found: &mut Vec<Diagnostic>) {
    match &node.value {
        Value::Text(text) if has_call(text, "secret") => {
            let what = Diagnostic::warning("no-secret", node.span, "the engine here has no secrets, so this expression fails");
            found.push(what.help("give the value as an input, or read an environment variable: `{{ envs.name }}` is ENV_NAME"));
        }
        Value::List(items) => items.iter().for_each(|item| look(item, found)),
        Value::Map(entries) => {
            found.extend(of_type(node));
            entries.iter().for_each(|entry| look(&entry.value, found));
        }
        _ => {}
    }
}

/// What the type of a task, or of anything else that a plugin provides, asks for.
fn of_type(node: &Node) -> Option<Diagnostic> {
    let place = node.get("type")?;
    let name = place.as_str().filter(|name| name.contains('.'))?;
    let who = node.get("id").and_then(Node::as_str).map_or(String::new(), |id| format!("`{id}`: "));
    if NETWORK.iter().any(|network| name.starts_with(network)) {
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

/// Whether a function is called in an expression of this text.
fn has_call(text: &str, name: &str) -> bool {
    let calls = |inside: &str| {
        inside.match_indices(name).any(|(at, _)| {
            let before = inside[..at].chars().next_back();
            !before.is_some_and(|character| character.is_alphanumeric() || character == '_' || character == '.')
                && inside[at + name.len()..].trim_start().starts_with('(')
        })
    };
    text.split("{{").skip(1).any(|inside| calls(inside.split("}}").next().unwrap_or_default()))
}
