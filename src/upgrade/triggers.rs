//! Conditions of triggers as one expression, or as the flows that a trigger depends on. Rule: Kestra, "Versions".

use super::pen::{Done, Left, Pen, new_node};
use super::walk::{short_type, type_name};
use super::wrap::{map, text};
use crate::syntax::{Entry, Node, Value};
use crate::tr;

/// What a trigger may have that 2.0 does not know.
pub const KEYS: [&str; 3] = ["conditions", "scheduleConditions", "preconditions"];

/// Why they are gone.
pub fn reason() -> String {
    tr!("2.0 takes one expression for all conditions")
}

/// Writes the conditions of a trigger anew.
pub fn rewrite(trigger: &mut Node, key: &str, pen: &mut Pen<'_>) -> Done {
    let is_flow = short_type(trigger) == "Flow";
    let conditions = trigger.get(key).ok_or_else(Left::unusual)?;
    let is_alone = !KEYS.iter().any(|other| *other != key && trigger.get(other).is_some());
    if !is_alone || trigger.get("when").is_some() || trigger.get("dependsOn").is_some() {
        return Err(by_hand(is_flow));
    }
    let (key_now, value) = match (is_flow, key) {
        (false, "conditions" | "scheduleConditions") => {
            ("when", text(&format!("{{{{ {} }}}}", all_of(conditions.items()).ok_or_else(|| by_hand(false))?)))
        }
        (true, "conditions") => ("dependsOn", flow_of(conditions.items()).ok_or_else(|| by_hand(true))?),
        (true, "preconditions") => ("dependsOn", flow_before(conditions).ok_or_else(|| by_hand(true))?),
        _ => return Err(by_hand(is_flow)),
    };
    pen.put(trigger, key, key_now, value)
}

fn by_hand(is_flow: bool) -> Left {
    let why = tr!("these conditions are not one expression that means the same for sure");
    let choice = if is_flow {
        tr!("write the flows under `dependsOn:`, each with `namespace:`, `flowId:` and `states:`, and a time under `window:`")
    } else {
        tr!("write one expression under `when:`, as `{example}`", example = "{{ isWeekend(trigger.date) }}")
    };
    Left::because(why, [choice, tr!("start the flow always, and end it with a check when it should not run")])
}

fn all_of(conditions: &[Node]) -> Option<String> {
    joined(conditions, " and ")
}

fn joined(conditions: &[Node], word: &str) -> Option<String> {
    let parts: Vec<String> = conditions.iter().map(expression).collect::<Option<_>>()?;
    match &parts[..] {
        [] => None,
        [one] => Some(one.clone()),
        _ => Some(parts.iter().map(|part| format!("({part})")).collect::<Vec<_>>().join(word)),
    }
}

/// A condition as an expression.
fn expression(condition: &Node) -> Option<String> {
    let name = type_name(condition).map(|_| short_type(condition))?;
    let word = |key: &str| condition.get(key).map_or(Some(None), |value| value.as_str().map(Some));
    let is_plain = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "_-/ ".contains(c));
    let plain = |key: &str| word(key).flatten().filter(|word| is_plain(word));
    let date = word("date")?.map_or(Some("trigger.date"), inner)?;
    match name.strip_suffix("Condition").unwrap_or(name) {
        "Weekend" => Some(format!("isWeekend({date})")),
        "DayWeek" => Some(format!("dayOfWeek({date}) == '{}'", plain("dayOfWeek")?)),
        "DayWeekInMonth" => Some(format!("isDayWeekInMonth({date}, '{}', '{}')", plain("dayOfWeek")?, plain("dayInMonth")?)),
        "PublicHoliday" => {
            let region = plain("subDivision").map_or(String::new(), |region| format!(", '{region}'"));
            Some(format!("isPublicHoliday({date}, '{}'{region})", plain("country")?))
        }
        "Expression" => word("expression")?.and_then(inner).map(str::to_owned),
        "Not" => Some(format!("not ({})", all_of(condition.get("conditions")?.items())?)),
        "Or" => joined(condition.get("conditions")?.items(), " or "),
        _ => None,
    }
}

/// What stands between the braces of a text that is one expression.
fn inner(text: &str) -> Option<&str> {
    let inner = text.trim().strip_prefix("{{")?.strip_suffix("}}")?.trim();
    (!inner.contains("{{") && !inner.contains("}}") && !inner.contains("{%")).then_some(inner)
}

/// The one flow that conditions name, with the states that they take.
fn flow_of(conditions: &[Node]) -> Option<Node> {
    let of = |name: &str| conditions.iter().find(|condition| short_type(condition).trim_end_matches("Condition") == name);
    let (flow, status) = (of("ExecutionFlow")?, of("ExecutionStatus")?);
    let is_known = flow.entries().iter().all(|entry| matches!(&*entry.key, "type" | "namespace" | "flowId"));
    let states = status.get("in").filter(|_| status.get("notIn").is_none())?;
    let upstream =
        map([("namespace", flow.get("namespace")?.clone()), ("flowId", flow.get("flowId")?.clone()), ("states", states.clone())]);
    (is_known && conditions.len() == 2).then(|| new_node(Value::List(vec![upstream])))
}

/// The one flow that preconditions name, without a time.
fn flow_before(preconditions: &Node) -> Option<Node> {
    let [flow] = preconditions.get("flows")?.items() else { return None };
    let is_known = preconditions.entries().iter().all(|entry| matches!(&*entry.key, "id" | "flows"));
    let is_told = flow.entries().iter().all(|entry| matches!(&*entry.key, "namespace" | "flowId" | "states" | "labels"));
    flow.get("states")?;
    let upstream = new_node(Value::Map(flow.entries().iter().map(Entry::clone).collect()));
    (is_known && is_told).then(|| new_node(Value::List(vec![upstream])))
}
