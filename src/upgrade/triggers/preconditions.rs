//! What a Flow trigger waits for within a time: `preconditions`, or a MultipleCondition. Rule: Kestra, "Versions".

use super::super::walk::only;
use super::super::wrap::text;
use super::expression::{compared, is_plain, joined, kind, of_upstream, one_of};
use super::upstream::{Upstream, braced, list, map_of, of_conditions};
use crate::syntax::{Node, Value};

/// Several executions that a trigger waits for, and for how long.
#[derive(Debug)]
pub struct Waits {
    /// `dependsOn`, a list of entries.
    pub depends_on: Node,
    /// `window`, if it has one.
    pub window: Option<Node>,
}

/// Why they can't be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unlike {
    /// `resetOnSuccess: false`
    NoReset,
    /// A SLIDING_WINDOW.
    Sliding,
    /// Anything else.
    Other,
}

/// What `preconditions` wait for.
pub fn of_preconditions(preconditions: &Node) -> Result<Waits, Unlike> {
    resets(preconditions)?;
    only(preconditions, &["id", "flows", "where", "timeWindow", "resetOnSuccess"]).ok_or(Unlike::Other)?;
    let items = |key: &str| preconditions.get(key).map(Node::items).unwrap_or_default();
    let flows = items("flows").iter().map(of_flow);
    let entries: Vec<Node> = flows.chain(items("where").iter().map(of_filters)).collect::<Option<_>>().ok_or(Unlike::Other)?;
    let window = preconditions.get("timeWindow").map_or(Ok(None), of_window)?;
    list(entries).map(|depends_on| Waits { depends_on, window }).ok_or(Unlike::Other)
}

/// What a MultipleCondition waits for, with conditions that each of its executions has to meet too.
pub fn of_multiple(multiple: &Node, others: &[&Node], of_trigger: Option<&Node>) -> Result<Waits, Unlike> {
    resets(multiple)?;
    only(multiple, &["id", "conditions", "window", "windowAdvance", "timeWindow", "resetOnSuccess"]).ok_or(Unlike::Other)?;
    let shared: Vec<Node> = others.iter().map(|condition| (*condition).clone()).collect();
    let entries = multiple.get("conditions").map(Node::entries).unwrap_or_default().iter().map(|entry| {
        let all: Vec<Node> = shared.iter().cloned().chain([entry.value.clone()]).collect();
        of_conditions(&all, of_trigger)?.node()
    });
    let entries: Vec<Node> = entries.collect::<Option<_>>().ok_or(Unlike::Other)?;
    let window = match (multiple.get("timeWindow"), multiple.get("window").or_else(|| multiple.get("windowAdvance"))) {
        (Some(window), None) => of_window(window)?,
        (None, _) => every(multiple)?,
        (Some(_), Some(_)) => return Err(Unlike::Other),
    };
    list(entries).map(|depends_on| Waits { depends_on, window }).ok_or(Unlike::Other)
}

/// Whether a condition is a MultipleCondition.
pub fn is_multiple(condition: &Node) -> bool {
    matches!(kind(condition), "MultipleCondition" | "Multiple")
}

/// 2.0.0 forgets what has been met as soon as the trigger fires, as 1.3 does by default.
fn resets(node: &Node) -> Result<(), Unlike> {
    match node.get("resetOnSuccess").map(|reset| &reset.value) {
        None | Some(Value::Bool(true)) => Ok(()),
        Some(_) => Err(Unlike::NoReset),
    }
}

fn of_flow(flow: &Node) -> Option<Node> {
    only(flow, &["namespace", "flowId", "states", "labels"]).filter(|()| !flow.entries().is_empty() && flow.get("type").is_none())?;
    Some(map_of(flow.entries().iter().map(|entry| (&*entry.key, entry.value.clone()))))
}

/// Filters of one execution, of which all must hold, or any.
fn of_filters(filters: &Node) -> Option<Node> {
    only(filters, &["id", "operand", "filters"])?;
    let is_any = match filters.get("operand").map(Node::as_str) {
        None | Some(Some("AND")) => false,
        Some(Some("OR")) => true,
        Some(_) => return None,
    };
    let filters = filters.get("filters")?.items();
    if is_any {
        let when = joined(filters.iter().map(filter), " or ")?;
        return Some(map_of([("when", text(&braced(&when)))]));
    }
    let mut upstream = Upstream::default();
    for one in filters {
        let is_equal = one.get("type").and_then(Node::as_str) == Some("EQUAL_TO");
        let value = one.get("value").filter(|value| is_equal && value.as_str().is_some_and(is_plain));
        let field = match (one.get("field").and_then(Node::as_str), value) {
            (Some("NAMESPACE"), Some(_)) => Some(&mut upstream.namespace),
            (Some("FLOW_ID"), Some(_)) => Some(&mut upstream.flow),
            _ => None,
        };
        match (field, value) {
            (Some(field @ None), Some(value)) => *field = Some(value.clone()),
            _ => upstream.whens.push(filter(one)?),
        }
    }
    upstream.node()
}

fn filter(one: &Node) -> Option<String> {
    only(one, &["field", "value", "values"])?;
    let word = |key: &str| one.get(key).and_then(Node::as_str);
    let kind = word("type")?;
    let name = match word("field")? {
        "FLOW_ID" => "flow.id",
        "NAMESPACE" => "flow.namespace",
        "STATE" => "execution.state",
        "EXPRESSION" => {
            let expression = of_upstream(word("value")?)?;
            return match kind {
                "IS_TRUE" => Some(expression.to_owned()),
                "IS_FALSE" => Some(format!("not ({expression})")),
                _ => None,
            };
        }
        _ => return None,
    };
    let is_text = name != "execution.state";
    let value = || word("value").filter(|value| is_plain(value));
    let values = || -> Option<Vec<&str>> {
        let words: Vec<&str> = one.get("values")?.items().iter().map(Node::as_str).collect::<Option<_>>()?;
        (!words.is_empty() && words.iter().all(|word| is_plain(word))).then_some(words)
    };
    match kind {
        "EQUAL_TO" => Some(format!("{name} == '{}'", value()?)),
        "NOT_EQUAL_TO" => Some(format!("{name} != '{}'", value()?)),
        "IN" => Some(one_of(name, values()?.into_iter())),
        "NOT_IN" => Some(format!("not ({})", one_of(name, values()?.into_iter()))),
        "STARTS_WITH" if is_text => Some(compared(name, "PREFIX", value()?)),
        "ENDS_WITH" if is_text => Some(compared(name, "SUFFIX", value()?)),
        "CONTAINS" if is_text => Some(format!("{name} contains '{}'", value()?)),
        _ => None,
    }
}

/// `timeWindow` as `window`.
fn of_window(window: &Node) -> Result<Option<Node>, Unlike> {
    let has = |keys: &[&str]| window.entries().iter().all(|entry| entry.key == "type" || keys.contains(&&*entry.key));
    let field = |key: &str| window.get(key).filter(|value| value.as_str().is_some_and(|text| !text.contains("{{"))).cloned();
    let kind = window.get("type").map_or(Some("DURATION_WINDOW"), Node::as_str);
    match kind {
        Some("DAILY_TIME_DEADLINE") if has(&["deadline"]) => Ok(Some(map_of([("deadline", field("deadline").ok_or(Unlike::Other)?)]))),
        Some("DAILY_TIME_WINDOW") if has(&["startTime", "endTime"]) => {
            let (from, to) = (field("startTime").ok_or(Unlike::Other)?, field("endTime").ok_or(Unlike::Other)?);
            Ok(Some(map_of([("from", from), ("to", to)])))
        }
        Some("DURATION_WINDOW") if has(&["window", "windowAdvance"]) => every(window),
        Some("SLIDING_WINDOW") => Err(Unlike::Sliding),
        _ => Err(Unlike::Other),
    }
}

/// `window` and `windowAdvance` as `every` and `offset`. A day is the default of both versions.
fn every(window: &Node) -> Result<Option<Node>, Unlike> {
    let field = |key: &str| match window.get(key) {
        None => Ok(None),
        Some(value) => {
            let is_duration = |text: &&str| text.starts_with('P') && !text.contains('-');
            let text = value.as_str().filter(is_duration).ok_or(Unlike::Other)?;
            let is_nothing = key == "windowAdvance" && text.chars().all(|c| c.is_ascii_alphabetic() || c == '0');
            Ok((!is_nothing).then(|| value.clone()))
        }
    };
    let entries: Vec<(&str, Node)> = [("every", field("window")?), ("offset", field("windowAdvance")?)]
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .collect();
    Ok((!entries.is_empty()).then(|| map_of(entries)))
}
