//! Conditions of triggers as one expression, or as the executions that a trigger depends on. Rule: Kestra, "Versions".

mod expression;
mod preconditions;
mod schedule;
mod times;
mod upstream;

use super::Change;
use super::pen::{Done, Left, Pen};
use super::phase::{Phase, Rewriting};
use super::walk::{self, at_mut, short_type};
use super::wrap::text;
use crate::expr::paths;
use crate::source::Span;
use crate::syntax::{Node, Value};
use crate::tr;
use expression::{Of, all_of};
use preconditions::{Unlike, Waits, is_multiple, of_multiple, of_preconditions};
use upstream::{braced, list, of_conditions};

/// What a trigger may have that 2.0 does not know.
const KEYS: [&str; 5] = ["conditions", "scheduleConditions", "preconditions", "multipleConditions", "backfill"];

/// Writes the triggers of a flow anew, and what its texts read of them.
pub fn rewrite_all<'a>(phase: &Phase<'a>, rewriting: &mut Rewriting<'a>, nth: usize) {
    let root = &phase.document.roots[nth];
    let comments: Vec<Span> = phase.document.comments.iter().map(|comment| comment.span).collect();
    let version = phase.versions.to.as_str();
    for trigger in root.get("triggers").map(Node::items).unwrap_or_default() {
        for entry in trigger.entries().iter().filter(|entry| KEYS.contains(&&*entry.key)) {
            let is_backfill = entry.key == "backfill";
            if is_backfill && short_type(trigger) != "Schedule" {
                continue;
            }
            let message = tr!("`{name}` is not known to Kestra {version}", name = entry.key, version);
            let why = match &*entry.key {
                "backfill" => tr!("it has had no effect since backfills are started on the page of the triggers"),
                _ if short_type(trigger) == "Flow" => {
                    tr!(
                        "2.0 takes a list of what is waited for; 2.0.0 can miss the first execution after the end of its time, which is a day by default"
                    )
                }
                _ => tr!("2.0 takes one expression for all conditions"),
            };
            let change = Change { code: "conditions", span: entry.key_span, message, why, choices: Vec::new(), rewrite: None };
            rewriting.change(change, nth, |changed, pen| {
                let trigger = at_mut(changed, trigger.span).ok_or_else(Left::unusual)?;
                rewrite(trigger, &entry.key, root, &comments, pen)
            });
        }
    }
    schedule::rewrite_all(phase, rewriting, nth);
}

fn rewrite(trigger: &mut Node, key: &str, flow: &Node, comments: &[Span], pen: &mut Pen<'_>) -> Done {
    let value = trigger.get(key).ok_or_else(Left::unusual)?;
    let is_empty = matches!(&value.value, Value::List(items) if items.is_empty()) || value.value == Value::Null;
    if key == "backfill" || is_empty {
        return pen.remove(trigger, key, comments);
    }
    let new = if short_type(trigger) == "Flow" { of_flow(trigger, key, flow)? } else { of_other(trigger, key)? };
    if new.is_empty() {
        return pen.remove(trigger, key, comments);
    }
    pen.put_all(trigger, key, new, comments)
}

/// What a trigger of another type than Flow has instead.
fn of_other(trigger: &Node, key: &str) -> Result<Vec<(&'static str, Node)>, Left> {
    let is_alone = ["conditions", "scheduleConditions"].iter().filter(|key| trigger.get(key).is_some()).count() == 1;
    let conditions = trigger.get(key).map(Node::items).unwrap_or_default();
    let zone = trigger.get("timezone");
    let when = all_of(conditions, Of::Trigger(zone)).filter(|_| is_alone && key != "preconditions" && trigger.get("when").is_none());
    Ok(vec![("when", text(&braced(&when.ok_or_else(|| by_hand(conditions))?)))])
}

/// What a Flow trigger has instead.
fn of_flow(trigger: &Node, key: &str, flow: &Node) -> Result<Vec<(&'static str, Node)>, Left> {
    let value = trigger.get(key).ok_or_else(Left::unusual)?;
    let states = trigger.get("states");
    let conditions = value.items();
    let is_beside = KEYS
        .iter()
        .any(|other| *other != key && trigger.get(other).is_some_and(|other| !other.items().is_empty() || !other.entries().is_empty()));
    let waits = match key {
        "preconditions" => of_preconditions(value),
        "conditions" if conditions.iter().any(is_multiple) && !is_beside => {
            let (multiple, others): (Vec<&Node>, Vec<&Node>) = conditions.iter().partition(|condition| is_multiple(condition));
            let [multiple] = multiple[..] else { return Err(of_unlike(Unlike::Other)) };
            of_multiple(multiple, &others, states)
        }
        "multipleConditions" if !is_beside && conditions.len() == 1 => of_multiple(&conditions[0], &[], states),
        "conditions" if is_beside => {
            let when = all_of(conditions, Of::Execution).filter(|_| trigger.get("multipleConditions").is_none());
            return Ok(vec![("when", text(&braced(&when.ok_or_else(|| of_unlike(Unlike::Other))?)))]);
        }
        "conditions" => {
            let upstream = of_conditions(conditions, states).ok_or_else(|| of_execution(conditions))?;
            match upstream.node() {
                // Any execution will do, in the states that the trigger has.
                None => return Ok(Vec::new()),
                Some(entry) => list(vec![entry]).map(|depends_on| Waits { depends_on, window: None }).ok_or(Unlike::Other),
            }
        }
        _ => Err(Unlike::Other),
    };
    let Waits { depends_on, window } = waits.map_err(of_unlike)?;
    let is_many = depends_on.items().len() > 1;
    if reads_outputs(flow, is_many) {
        return Err(of_outputs(is_many));
    }
    Ok([("dependsOn", Some(depends_on)), ("window", window)].into_iter().filter_map(|(key, value)| Some((key, value?))).collect())
}

/// Whether the flow reads the outputs of what it waits for: all of them at once, or `any` of them.
fn reads_outputs(flow: &Node, any: bool) -> bool {
    let mut reads = false;
    let is_condition = |node: &Node| walk::type_name(node).is_some_and(|name| name.contains(".condition."));
    walk::each_text(flow, &is_condition, &mut |text| {
        reads |= text.contains("trigger")
            && paths(text)
                .iter()
                .any(|(path, _)| matches!(&**path, "trigger" | "trigger.outputs") || any && path.starts_with("trigger.outputs."));
    });
    reads
}

fn of_outputs(many: bool) -> Left {
    let why = if many {
        tr!(
            "the flow reads `trigger.outputs`: of several flows, 2.0.0 has those of the last one, and of the first one under its namespace and id"
        )
    } else {
        tr!("the flow reads all of `trigger.outputs`, which in 2.0 also has them under the namespace and the id of the flow")
    };
    Left::because(why, [tr!("read each output by its name, as `trigger.outputs.NAME`, of one flow"), by_dependencies()])
}

fn of_unlike(unlike: Unlike) -> Left {
    let why = match unlike {
        Unlike::NoReset => tr!("2.0.0 forgets what has been met when the trigger fires: there is no `resetOnSuccess: false`"),
        Unlike::Sliding => {
            tr!("this time began with the first execution that was waited for; in 2.0.0 it begins with any execution on the server")
        }
        Unlike::Other => tr!("these conditions have no `dependsOn` that means the same for sure"),
    };
    let time = match unlike {
        Unlike::Sliding => tr!("write `window:` with `lookback:`, as `{example}`", example = "window: {lookback: PT1H}"),
        _ => tr!("write a time under `window:`, as `{example}`", example = "window: {deadline: \"09:00:00\"}"),
    };
    Left::because(why, [by_dependencies(), time])
}

/// A Flow trigger whose conditions can't be written.
fn of_execution(conditions: &[Node]) -> Left {
    let has = |name: &str| conditions.iter().any(|condition| expression::kind(condition) == name);
    if has("HasRetryAttempt") {
        let why = tr!("an expression of a trigger can't tell in 2.0.0 how often a task was tried");
        return Left::because(why, [by_dependencies(), tr!("start the flow always, and end it with a check when it should not run")]);
    }
    let why = tr!("these conditions are not one expression that means the same for sure");
    Left::because(
        why,
        [
            by_dependencies(),
            tr!(
                "in an expression, `flow`, `execution` and `labels` are those of the execution that was waited for, as `{example}`",
                example = "{{ flow.namespace | startsWith('company.') }}"
            ),
        ],
    )
}

fn by_dependencies() -> String {
    tr!("list what is waited for under `dependsOn:`, each with what it needs of `namespace:`, `flowId:`, `states:`, `labels:` and `when:`")
}

/// A trigger of another type whose conditions can't be written.
fn by_hand(conditions: &[Node]) -> Left {
    let mut found = Vec::new();
    conditions.iter().for_each(|condition| walk::all(condition, &|node| walk::type_name(node).is_some(), &mut found));
    let has = |name: &str| found.iter().any(|condition| expression::kind(condition) == name);
    let (why, example) = if has("TimeBetween") {
        (
            tr!("1.3 compares the times of day with their offsets, and no `timezone:` gives the dates the same one"),
            "{{ hourOfDay(trigger.date) >= 8 and hourOfDay(trigger.date) < 17 }}",
        )
    } else if has("DateTimeBetween") {
        (tr!("these conditions are not one expression that means the same for sure"), "{{ (trigger.date | timestamp) > 1767225600 }}")
    } else if has("Expression") {
        (
            tr!("only an expression that gives true or false means the same: the text `0` holds in 1.3, and not in 2.0"),
            "{{ trigger.body.ready == true }}",
        )
    } else {
        (tr!("these conditions are not one expression that means the same for sure"), "{{ isWeekend(trigger.date) }}")
    };
    Left::because(
        why,
        [
            tr!("write one expression under `when:`, as `{example}`", example),
            tr!("start the flow always, and end it with a check when it should not run"),
        ],
    )
}
