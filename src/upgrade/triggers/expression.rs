//! Conditions of triggers as one expression. Rule: Kestra, "Versions".

use super::super::walk::{only, short_type, type_name};
use super::times;
use crate::expr::{decision, paths};
use crate::syntax::{Node, Value};

/// What 2.0 evaluates an expression for.
#[derive(Debug, Clone, Copy)]
pub enum Of<'a> {
    /// A trigger of another type than Flow, with its `timezone`.
    Trigger(Option<&'a Node>),
    /// The execution that a Flow trigger looks at. In 2.0 `flow` is its flow.
    Execution,
}

/// All conditions of a list.
pub fn all_of(conditions: &[Node], of: Of<'_>) -> Option<String> {
    joined(conditions.iter().map(|condition| expression(condition, of)), " and ")
}

/// Expressions with a word between them.
pub fn joined(parts: impl Iterator<Item = Option<String>>, word: &str) -> Option<String> {
    let parts: Vec<String> = parts.collect::<Option<_>>()?;
    match &parts[..] {
        [] => None,
        [one] => Some(one.clone()),
        _ => Some(parts.iter().map(|part| format!("({part})")).collect::<Vec<_>>().join(word)),
    }
}

/// The name of a condition's type, without the ending that it once had.
pub fn kind(condition: &Node) -> &str {
    let name = short_type(condition);
    name.strip_suffix("Condition")
        .filter(|name| !name.is_empty() && !matches!(*name, "Flow" | "FlowNamespace" | "Multiple"))
        .unwrap_or(name)
}

/// A condition as an expression.
pub fn expression(condition: &Node, of: Of<'_>) -> Option<String> {
    type_name(condition)?;
    match (kind(condition), of) {
        ("Expression", of) => of_expression(condition, of),
        // None of them holds.
        ("Not", of) => {
            let parts = condition.get("conditions")?.items().iter().map(|condition| expression(condition, of));
            Some(format!("not ({})", joined(parts, " or ")?))
        }
        ("Or", of) => joined(condition.get("conditions")?.items().iter().map(|condition| expression(condition, of)), " or "),
        (name, Of::Trigger(zone)) => of_date(condition, name, zone),
        (name, Of::Execution) => of_execution(condition, name),
    }
}

fn of_expression(condition: &Node, of: Of<'_>) -> Option<String> {
    only(condition, &["expression"])?;
    let text = word(condition, "expression")?;
    if text.trim() == "true" {
        return Some("true".to_owned());
    }
    match of {
        Of::Trigger(_) => decided(text).map(str::to_owned),
        Of::Execution => of_upstream(text).map(str::to_owned),
    }
}

/// What stands between the braces, when it gives true or false in both versions.
pub fn decided(text: &str) -> Option<&str> {
    decision(text).filter(|decision| !decision.orders_texts)?;
    inner(text)
}

/// The same for an expression about the execution that a Flow trigger looks at. In 1.3 `flow`, `vars` and the defaults of `inputs` are
/// those of the flow that waits, and functions read its namespace.
pub fn of_upstream(text: &str) -> Option<&str> {
    decision(text).filter(|decision| !decision.calls)?;
    paths(text).iter().all(|(path, _)| path.starts_with("labels.") || path.starts_with("execution.")).then(|| decided(text))?
}

fn of_date(condition: &Node, name: &str, zone: Option<&Node>) -> Option<String> {
    let date = match condition.get("date") {
        Some(date) => inner(date.as_str()?)?,
        None => "trigger.date",
    };
    match name {
        "Weekend" => Some(format!("isWeekend({date})")),
        "DayWeek" => Some(format!("dayOfWeek({date}) == '{}'", word(condition, "dayOfWeek")?)),
        "DayWeekInMonth" => {
            let (day, nth) = (word(condition, "dayOfWeek")?, word(condition, "dayInMonth")?);
            Some(format!("isDayWeekInMonth({date}, '{day}', '{nth}')"))
        }
        "PublicHoliday" => {
            let region = condition.get("subDivision").map(|_| word(condition, "subDivision"));
            let region = region.map_or(Some(String::new()), |region| Some(format!(", '{}'", region?)))?;
            Some(format!("isPublicHoliday({date}, '{}'{region})", word(condition, "country")?))
        }
        "DateTimeBetween" if date == "trigger.date" => times::between_dates(condition),
        "TimeBetween" if date == "trigger.date" => times::between_times(condition, zone?),
        _ => None,
    }
}

fn of_execution(condition: &Node, name: &str) -> Option<String> {
    match name {
        "ExecutionFlow" => {
            only(condition, &["namespace", "flowId"])?;
            let (namespace, flow) = (word(condition, "namespace")?, word(condition, "flowId")?);
            Some(format!("flow.namespace == '{namespace}' and flow.id == '{flow}'"))
        }
        "ExecutionNamespace" => {
            let (comparison, namespace) = namespace(condition)?;
            Some(compared("flow.namespace", comparison, namespace))
        }
        "ExecutionStatus" => {
            let [among, without] = written_states(condition)?;
            let is_one_of = |states: &[String]| one_of("execution.state", states.iter().map(String::as_str));
            let among = (!among.is_empty()).then(|| is_one_of(&among));
            let without = (!without.is_empty()).then(|| format!("not ({})", is_one_of(&without)));
            joined([among, without].into_iter().flatten().map(Some), " and ")
        }
        "ExecutionLabels" => {
            only(condition, &["labels"])?;
            let labels = labels(condition.get("labels")?)?;
            let is_name =
                |key: &str| key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !key.starts_with(|c: char| c.is_ascii_digit());
            let one = |(key, value): &(String, Node)| {
                let value = value.as_str().filter(|value| is_plain(value) && is_name(key))?;
                Some(format!("labels.{key} == '{value}'"))
            };
            joined(labels.iter().map(one), " and ")
        }
        "ExecutionOutputs" => outputs(condition),
        _ => None,
    }
}

/// The flow's outputs, which 1.3 calls `trigger.outputs`. Without outputs the condition does not hold; in 2.0 an expression that names
/// outputs which are not there does not hold either, unless it allows for that.
fn outputs(condition: &Node) -> Option<String> {
    only(condition, &["expression"])?;
    let text = condition.get("expression")?.as_str()?;
    let found = decision(text).filter(|found| !found.calls && !found.orders_texts);
    let is_strict = !text.contains("??") && ![" is ", "default", "|", " or ", " not "].iter().any(|word| text.contains(word));
    let paths = paths(text);
    if found.is_none() || !is_strict || paths.is_empty() || !paths.iter().all(|(path, _)| path.starts_with("trigger.outputs.")) {
        return None;
    }
    let mut changed = text.to_owned();
    for (_, range) in paths.iter().rev() {
        let start = range.start..range.start + "trigger".len();
        (changed.get(start.clone()) == Some("trigger")).then(|| changed.replace_range(start, "execution"))?;
    }
    inner(&changed).map(str::to_owned)
}

/// How a namespace is compared, and with what.
pub fn namespace(condition: &Node) -> Option<(&str, &str)> {
    only(condition, &["namespace", "comparison", "prefix"])?;
    let is_prefix = match condition.get("prefix").map(|prefix| &prefix.value) {
        None | Some(Value::Bool(false)) => false,
        Some(Value::Bool(true)) => true,
        Some(_) => return None,
    };
    let comparison = match condition.get("comparison") {
        Some(comparison) => comparison.as_str()?,
        None if is_prefix => "PREFIX",
        None => "EQUALS",
    };
    matches!(comparison, "EQUALS" | "PREFIX" | "SUFFIX").then_some((comparison, word(condition, "namespace")?))
}

/// A name that is compared with a text.
pub fn compared(name: &str, comparison: &str, with: &str) -> String {
    match comparison {
        "PREFIX" => format!("{name} | startsWith('{with}')"),
        "SUFFIX" => format!("{name} | endsWith('{with}')"),
        _ => format!("{name} == '{with}'"),
    }
}

/// A name that is one of these.
pub fn one_of<'a>(name: &str, words: impl Iterator<Item = &'a str>) -> String {
    words.map(|word| format!("{name} == '{word}'")).collect::<Vec<_>>().join(" or ")
}

/// The states that a condition lets through, of those that the trigger looks at; `None` when they are not all written out, or when there are none.
pub fn states(condition: &Node, of_trigger: Option<&Node>) -> Option<Vec<String>> {
    let [among, without] = written_states(condition)?;
    let all = match of_trigger {
        Some(states) => words(states)?,
        None => ALL.map(str::to_owned).into(),
    };
    let among = if among.is_empty() { all } else { among };
    let left: Vec<String> = among.into_iter().filter(|state| !without.contains(state)).collect();
    (!left.is_empty()).then_some(left)
}

/// The states of `in` and of `notIn`. An empty list is none.
fn written_states(condition: &Node) -> Option<[Vec<String>; 2]> {
    only(condition, &["in", "notIn"])?;
    let some = |key: &str| condition.get(key).map_or(Some(Vec::new()), words);
    Some([some("in")?, some("notIn")?])
}

/// The states that a Flow trigger looks at when it names none, in both versions.
const ALL: [&str; 9] = ["SUCCESS", "WARNING", "FAILED", "KILLED", "CANCELLED", "RETRIED", "SKIPPED", "RESUBMITTED", "PAUSED"];

fn words(list: &Node) -> Option<Vec<String>> {
    let Value::List(items) = &list.value else { return None };
    items.iter().map(|item| item.as_str().filter(|word| is_plain(word)).map(str::to_owned)).collect()
}

/// Labels, each a key and a scalar; `None` when a key has two values or a value is none.
pub fn labels(labels: &Node) -> Option<Vec<(String, Node)>> {
    let pairs: Vec<(String, Node)> = match &labels.value {
        Value::Map(entries) => entries.iter().map(|entry| (entry.key.clone(), entry.value.clone())).collect(),
        Value::List(items) => {
            let pair = |item: &Node| Some((item.get("key")?.as_str()?.to_owned(), item.get("value")?.clone()));
            items.iter().map(pair).collect::<Option<_>>()?
        }
        _ => return None,
    };
    let is_scalar = |value: &Node| match &value.value {
        Value::Text(text) => !text.contains("{{") && !text.contains("{%"),
        Value::Int(_) | Value::Bool(_) => true,
        _ => false,
    };
    let is_once = |key: &str| pairs.iter().filter(|(other, _)| other == key).count() == 1;
    (!pairs.is_empty() && pairs.iter().all(|(key, value)| is_once(key) && is_scalar(value))).then_some(pairs)
}

/// The text of a key, when it needs no quotes in an expression; that of `expression` as it is.
pub fn word<'a>(condition: &'a Node, key: &str) -> Option<&'a str> {
    condition.get(key)?.as_str().filter(|word| key == "expression" || is_plain(word))
}

/// Whether a text stands in an expression as it is.
pub fn is_plain(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "_-/. ".contains(c))
}

/// What stands between the braces of a text that is one expression.
pub fn inner(text: &str) -> Option<&str> {
    let inner = text.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    let inner = inner.strip_prefix('-').unwrap_or(inner);
    let inner = inner.strip_suffix('-').unwrap_or(inner).trim();
    (!inner.contains("{{") && !inner.contains("}}") && !inner.contains("{%")).then_some(inner)
}
