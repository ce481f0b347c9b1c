//! Scripts in Python, Node and other languages: they are not run. Rule: Kestra, "Runnable tasks", scripts.
//!
//! A script takes the time of the plain waits in its text, such as `time.sleep(2)`, each counted once; without one a
//! second. Expressions in it are rendered, so that a missing name fails it as it would on a server.

use super::{Context, Work};
use crate::flow::Script;
use crate::time::SimTime;
use crate::value::Value;

/// How waits are written in several languages, and what one unit of their argument is in milliseconds.
const WAITS: &[(&str, f64)] = &[
    ("time.sleep(", 1000.0),
    ("asyncio.sleep(", 1000.0),
    ("Sys.sleep(", 1000.0),
    ("Start-Sleep -Seconds ", 1000.0),
    ("Start-Sleep -s ", 1000.0),
    ("Start-Sleep -Milliseconds ", 1.0),
    ("Thread.sleep(", 1.0),
    ("setTimeout(resolve, ", 1.0),
    ("setTimeout(r, ", 1.0),
    ("sleep(", 1000.0),
    ("sleep ", 1000.0),
];

/// Succeeds, with unknown variables among its outputs.
pub fn work(script: &Script, context: &Context<'_, '_>) -> Result<Work, String> {
    let mut waits = Vec::new();
    for text in script.before.iter().chain(&script.commands) {
        let rendered = context.print(text)?;
        rendered.lines().for_each(|line| waits.extend(wait(line)));
    }
    context.render_value(&script.env)?;
    let duration = if waits.is_empty() { SimTime(1000) } else { waits.into_iter().fold(SimTime::ZERO, |sum, wait| sum + wait) };
    let unknown = |name: &'static str| {
        let path = format!("outputs.{}.{name}", context.task_id());
        (name, context.known_or(&path, Value::unknown(&path)))
    };
    let outputs = Value::map([("exitCode", Value::Int(0)), unknown("vars"), unknown("outputFiles")]);
    Ok(Work { duration, outputs: Some(outputs), ..Work::default() })
}

/// The wait that a line asks for with a plain number.
fn wait(line: &str) -> Option<SimTime> {
    let code = line.trim_start();
    if code.starts_with('#') || code.starts_with("//") {
        return None;
    }
    let (rest, unit_ms) = WAITS.iter().find_map(|(call, unit_ms)| line.split_once(call).map(|(_, rest)| (rest, *unit_ms)))?;
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
    let number: f64 = rest[..end].parse().ok()?;
    Some(SimTime::from_seconds(number * unit_ms / 1000.0))
}
