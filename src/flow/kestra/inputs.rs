//! The inputs that a flow declares, and the values it is given.
//!
//! In: the declarations of a flow (or of a Pause) and given values. Out: typed values, or Kestra's messages for what is wrong.
//! Rules: Kestra, "Inputs". Dates are normalized as Java prints them; numbers that are not whole have 64 bits here.

mod sample;
mod types;

pub use sample::{print, sample};
pub use types::{InputType, is_of, typed_output};

use std::rc::Rc;

use crate::budget::Budget;
use crate::collections::Index;
use crate::diag::{Diagnostic, report};
use crate::expr::{self, Dialect, Scope};
use crate::flow::kestra::schema::has_expression;
use crate::regex::{Fault, Regex};
use crate::source::{Source, Span};
use crate::syntax::{self, Node};
use crate::tr;
use crate::value::{Map, Value};

/// One input of a flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its id; each dot leads into a nested map.
    pub id: Rc<str>,
    /// The type of its values.
    pub kind: InputType,
    /// The type of the items, for a list.
    pub item_kind: Option<InputType>,
    /// What a person is shown instead of the id.
    pub display_name: Option<Rc<str>>,
    /// What it is for.
    pub description: Option<Rc<str>>,
    /// Whether there must be a value.
    pub required: bool,
    /// The value that is taken when none is given, as it is written.
    pub defaults: Option<Value>,
    /// What may be chosen.
    pub values: Vec<Rc<str>>,
    /// An expression that gives what may be chosen.
    pub expression: Option<Rc<str>>,
    /// Whether values other than `values` are accepted.
    pub allow_custom: bool,
    /// A pattern for the whole text.
    pub validator: Option<Rc<str>>,
    /// The least value: `min`, or `after`.
    pub least: Option<Rc<str>>,
    /// The greatest value: `max`, or `before`.
    pub most: Option<Rc<str>>,
    /// This input is absent when one of these is.
    pub depends_on: Vec<Rc<str>>,
    /// The input is absent when this is false.
    pub condition: Option<Rc<str>>,
    /// Whether the rules since 1.3 hold: its default and its condition see only the inputs it depends on (of the others those with a
    /// default are null, and the rest is not there), and a default is read as JSON.
    pub since_1_3: bool,
    /// How its expressions are read.
    pub dialect: &'static Dialect,
    /// The whole declaration.
    pub span: Span,
}

/// What is wrong with the value of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputError {
    /// The id of the input.
    pub id: Rc<str>,
    /// Kestra's message: ``Invalid value for input `n`. Cause: it must be more than `1` ``.
    pub message: String,
    is_missing: bool,
}

impl InputError {
    /// A wrong value, or whatever else keeps an execution from being made.
    #[must_use]
    pub fn new(id: &str, message: String) -> Self {
        Self { id: Rc::from(id), message, is_missing: false }
    }

    /// Whether there is only no value.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.is_missing
    }
}

/// Reads a list of inputs; the ids of those in a form start with the id of the form. Only what is not simulated is reported:
/// the validation reports what is wrong.
pub fn read_inputs(node: &Node, source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Vec<Input> {
    let mut inputs = Vec::new();
    for item in node.items() {
        let input = read_input(item, source, diagnostics);
        match item.get("inputs").filter(|_| input.kind == InputType::Any) {
            None => inputs.push(input),
            // Forms don't nest.
            Some(children) => inputs.extend(children.items().iter().map(|child| {
                let child = read_input(child, source, diagnostics);
                Input { id: format!("{}.{}", input.id, child.id).into(), ..child }
            })),
        }
    }
    inputs
}

/// Reads one input; what is not simulated is reported.
pub fn read_input(node: &Node, source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Input {
    // As written; for an alias, the value it refers to.
    let single = |value: &Node| match value.scalar_text(source) {
        Some(_) if value.aliased => Some(Value::from_node(value).print()),
        written => written.map(Rc::<str>::from),
    };
    let text = |key: &str| node.get(key).and_then(single);
    let texts = |list: &Node| list.items().iter().filter_map(single).collect::<Vec<Rc<str>>>();
    let is = |key: &str| text(key).map(|word| word.eq_ignore_ascii_case("true"));
    let depends_on = node.get("dependsOn");
    let validator = text("validator");
    if let (Some(pattern), Some(written)) = (&validator, node.get("validator"))
        && Regex::java_whole(pattern).is_err_and(|fault| fault == Fault::Unsupported)
    {
        let found = Diagnostic::note("not-simulated", written.span, tr!("this pattern is not checked"));
        report(diagnostics, found.label(tr!("any text is taken")));
    }
    Input {
        id: text("id").or_else(|| text("name")).unwrap_or_default(),
        kind: InputType::from_name(&text("type").unwrap_or_default()),
        item_kind: text("itemType").map(|name| InputType::from_name(&name)),
        display_name: text("displayName"),
        description: text("description"),
        required: is("required").unwrap_or(true),
        defaults: node.get("defaults").filter(|value| value.value != syntax::Value::Null).map(|value| default(value, source)),
        values: node.get("values").or_else(|| node.get("options")).map(texts).unwrap_or_default(),
        expression: text("expression"),
        allow_custom: is("allowCustomValue").or_else(|| is("allowInput")).unwrap_or(false),
        validator,
        least: text("min").or_else(|| text("after")),
        most: text("max").or_else(|| text("before")),
        depends_on: depends_on.and_then(|depends_on| depends_on.get("inputs")).map(texts).unwrap_or_default(),
        condition: depends_on.and_then(|depends_on| depends_on.get("condition")?.scalar_text(source)).map(Rc::from),
        since_1_3: false,
        dialect: &Dialect::OLDEST,
        span: node.span,
    }
}

/// The default of an input. Other than elsewhere, a flag or a whole number in a form of its own is the text that is written: `yes`, `010`.
fn default(node: &Node, source: &Source) -> Value {
    let value = Value::from_node(node);
    let is_plain = !node.aliased && matches!(value, Value::Bool(_) | Value::Int(_));
    let written = source.slice(node.span);
    if is_plain && !written.eq_ignore_ascii_case(&value.print()) { Value::text(written) } else { value }
}

/// Why the default of an input is no value of it, as 2.0 finds it when the flow is saved; `None` for a default that fits, that
/// has an expression, or that 2.0 does not look at.
#[must_use]
pub fn default_fault(input: &Input, budget: &Budget) -> Option<String> {
    use InputType::{Date, DateTime, Duration, Email, Float, Int, Select, String, Time};
    let value = input.defaults.as_ref()?;
    let is_checked = matches!(input.kind, String | Int | Float | Date | DateTime | Time | Duration | Email | Select);
    let text = value.print();
    if !is_checked || text.contains("{{") || matches!(value, Value::List(_) | Value::Map(_)) {
        return None;
    }
    match types::typed(input.kind, None, value) {
        Err(_) => Some(format!("`{text}` is not a valid {} value", input.kind.as_str())),
        Ok(typed) => types::check(input, input.expression.is_none().then_some(&*input.values), &typed, budget).err(),
    }
}

/// Types the values that are given, and uses the defaults of the other inputs. Ids with dots become nested maps. An input
/// that is not required and has no value is null; an input whose `dependsOn` is not met is absent. `render` renders a text
/// without knowing the inputs.
///
/// # Errors
/// All faults are returned beside the values, in the order of the inputs. A faulty input has the value that `instead` gives,
/// and inputs that depend on it see that value; without `instead` it is absent.
pub fn resolve(
    inputs: &[Input],
    given: &[(String, Value)],
    render: &dyn Fn(&str) -> Result<Value, String>,
    instead: Option<&dyn Fn(&Input) -> Value>,
    budget: &Budget,
) -> (Map, Vec<InputError>) {
    let mut places = Index::default();
    inputs.iter().enumerate().for_each(|(at, input)| _ = places.get_or_insert(&input.id, at));
    let before: Vec<Vec<usize>> = inputs.iter().map(|input| input.depends_on.iter().filter_map(|id| places.get(id)).collect()).collect();
    let mut results: Vec<Option<Outcome>> = inputs.iter().map(|_| None).collect();
    let mut values: Vec<Option<Value>> = vec![None; inputs.len()];
    let mut known = Rc::new(Map::new());
    // Inputs come after those they depend on. Those that depend on each other in a cycle come last.
    let mut is_last_round = false;
    loop {
        let mut is_changed = false;
        for (at, (input, before)) in inputs.iter().zip(&before).enumerate() {
            let result = |of: &usize| results.get(*of).and_then(Option::as_ref);
            let waits = || before.iter().any(|before| *before != at && result(before).is_none());
            if result(&at).is_some() || !is_last_round && waits() {
                continue;
            }
            let is_enabled = before.iter().all(|before| !matches!(result(before), Some(Outcome::Absent)));
            let lacks_value = before.iter().any(|before| matches!(result(before), Some(Outcome::Wrong(error)) if error.is_missing));
            let seen = || if input.since_1_3 { Rc::new(seen_by(input, inputs, &values, budget)) } else { Rc::clone(&known) };
            let own = Known { inputs: &seen, dialect: input.dialect, budget };
            let outcome = if is_enabled { outcome(input, given, &own, lacks_value, render) } else { Outcome::Absent };
            let value = match &outcome {
                Outcome::Value(value) => Some(value.clone()),
                Outcome::Wrong(_) => instead.map(|instead| instead(input)),
                Outcome::Absent => None,
            };
            if let Some(value) = value {
                nest(Rc::make_mut(&mut known), &input.id, value.clone());
                if let Some(place) = values.get_mut(at) {
                    *place = Some(value);
                }
            }
            if let Some(place) = results.get_mut(at) {
                *place = Some(outcome);
            }
            is_changed = true;
        }
        if is_last_round || results.iter().all(Option::is_some) {
            break;
        }
        is_last_round = !is_changed || !budget.work(inputs.len() / 16);
    }
    let mut typed = Map::new();
    for (input, value) in inputs.iter().zip(values) {
        if let Some(value) = value {
            nest(&mut typed, &input.id, value);
        }
    }
    let wrong = |result| if let Some(Outcome::Wrong(error)) = result { Some(error) } else { None };
    (typed, results.into_iter().filter_map(wrong).collect())
}

/// What an input sees of the others since 1.3; nothing once the budget is used up.
fn seen_by(input: &Input, inputs: &[Input], values: &[Option<Value>], budget: &Budget) -> Map {
    let mut seen = Map::new();
    let n_steps = (input.depends_on.len() / 16).saturating_add(4);
    if !budget.work(inputs.len().saturating_mul(n_steps)) {
        return seen;
    }
    for (other, value) in inputs.iter().zip(values) {
        let is_shown = input.depends_on.contains(&other.id) && value.is_some();
        if is_shown || other.defaults.is_some() && other.id != input.id {
            nest(&mut seen, &other.id, value.clone().filter(|_| is_shown).unwrap_or_default());
        }
    }
    seen
}

/// What is wrong with an input that has no value.
const MISSING: &str = "missing required input";

/// The result for one input.
enum Outcome {
    Value(Value),
    Wrong(InputError),
    Absent,
}

/// `lacks_value`: an input it depends on has no value.
fn outcome(
    input: &Input,
    given: &[(String, Value)],
    own: &Known<'_>,
    lacks_value: bool,
    render: &dyn Fn(&str) -> Result<Value, String>,
) -> Outcome {
    let wrong = |reason: &str, received: &Value, is_missing: bool| {
        let received = if *received == Value::Null { Rc::from("null") } else { received.print() };
        let id = &input.id;
        let message = match is_missing {
            _ if !input.since_1_3 => format!("{id}: Invalid input for `{id}`, {reason}, but received `{received}`"),
            true if *reason == *MISSING => format!("Missing required input:{id}"),
            _ => format!("Invalid value for input `{id}`. Cause: {reason}"),
        };
        Outcome::Wrong(InputError { id: Rc::clone(id), message, is_missing })
    };
    let rendered = |text: &str| {
        let of_inputs = text.contains("inputs").then(|| expr::evaluate(text, own));
        // A text with `inputs` may use other variables, too. When both ways fail, the error of the inputs is the better one.
        match of_inputs {
            Some(Ok(value)) => Ok(value),
            Some(Err(wrong)) => render(text).map_err(|_| wrong),
            None => render(text),
        }
    };
    if let Some(condition) = &input.condition {
        match rendered(condition) {
            // A condition that is unknown counts as true.
            Ok(value) if expr::truth(&value) == Some(false) => return Outcome::Absent,
            Ok(_) => {}
            Err(reason) => return wrong(&reason, &Value::Null, lacks_value),
        }
    }
    let is_flag = |text: &str| ["true", "false"].contains(&text);
    let current = match given_value(given, &input.id) {
        Some(value) => value.clone(),
        None => match render_all(input.defaults.as_ref().unwrap_or(&Value::Null), &rendered) {
            Ok(Value::Text(text)) if input.since_1_3 && input.kind == InputType::Bool && !is_flag(&text) => {
                return wrong(&format!("Unrecognized token '{text}'"), &Value::Text(text), false);
            }
            Ok(value) => value,
            Err(reason) => return wrong(&reason, &Value::Null, false),
        },
    };
    if current == Value::Null && input.required {
        return wrong(MISSING, &current, true);
    }
    if matches!(current, Value::Null | Value::Unknown(_)) {
        return Outcome::Value(current);
    }
    let choices = match &input.expression {
        None => Some(input.values.clone()),
        Some(expression) => match rendered(expression) {
            Ok(value) => value.as_list().map(|items| items.iter().map(Value::print).collect()),
            Err(reason) => return wrong(&reason, &current, false),
        },
    };
    let in_words = |reason| types::in_words_of(input.dialect, input.kind, &current.print(), reason);
    match types::typed(input.kind, input.item_kind, &current)
        .map_err(in_words)
        .and_then(|value| types::check(input, choices.as_deref(), &value, own.budget).map(|()| value))
    {
        Ok(value) => Outcome::Value(value),
        Err(reason) => wrong(&reason, &current, false),
    }
}

/// The value that is given for an id: under the whole id, or in nested maps.
fn given_value<'a>(given: &'a [(String, Value)], id: &str) -> Option<&'a Value> {
    let whole = given.iter().find(|(key, _)| key == id).map(|(_, value)| value);
    let nested = || {
        let mut names = id.split('.');
        let first = names.next()?;
        let (_, start) = given.iter().find(|(key, _)| key == first)?;
        names.try_fold(start, |value, name| value.get(name))
    };
    whole.or_else(nested).filter(|value| **value != Value::Null)
}

/// The value of an input among typed ones; each dot of the id leads into a nested map.
#[must_use]
pub fn value_of<'a>(typed: &'a Map, id: &str) -> Option<&'a Value> {
    let mut names = id.splitn(DEEPEST + 1, '.');
    let first = typed.get(names.next()?)?;
    names.try_fold(first, |value, name| value.get(name))
}

/// Renders the texts in a default that have expressions.
#[allow(clippy::wildcard_enum_match_arm, reason = "only texts have expressions, and only lists and maps hold texts")]
fn render_all(value: &Value, rendered: &dyn Fn(&str) -> Result<Value, String>) -> Result<Value, String> {
    Ok(match value {
        Value::Text(text) if has_expression(text) => rendered(text)?,
        Value::List(items) => Value::List(Rc::new(items.iter().map(|item| render_all(item, rendered)).collect::<Result<_, _>>()?)),
        Value::Map(map) => {
            let entries = map.iter().map(|(key, value)| Ok((Rc::clone(key), render_all(value, rendered)?)));
            Value::Map(Rc::new(entries.collect::<Result<Map, String>>()?))
        }
        other => other.clone(),
    })
}

/// How many nested maps an id with dots may create.
const DEEPEST: usize = 32;

/// Sets the value for an id with dots. After [`DEEPEST`] dots the rest of the id is one key.
fn nest(map: &mut Map, id: &str, value: Value) {
    fn at(map: &mut Map, id: &str, value: Value, n_dots: usize) {
        let (Some((first, rest)), Some(n_dots)) = (id.split_once('.'), n_dots.checked_sub(1)) else {
            map.insert(id, value);
            return;
        };
        let mut inner = map.get(first).and_then(Value::as_map).cloned().unwrap_or_default();
        at(&mut inner, rest, value, n_dots);
        map.insert(first, Value::Map(Rc::new(inner)));
    }
    at(map, id, value, DEEPEST);
}

/// The scope of conditions and defaults: the inputs before them.
struct Known<'a> {
    /// What `inputs` is. Most conditions and defaults do not ask for it.
    inputs: &'a dyn Fn() -> Rc<Map>,
    dialect: &'static Dialect,
    budget: &'a Budget,
}

impl Scope for Known<'_> {
    fn variable(&self, name: &str) -> Option<Value> {
        (name == "inputs").then(|| Value::Map((self.inputs)()))
    }

    fn assumed(&self, _path: &str) -> Option<Value> {
        None
    }

    fn now_epoch_ms(&self) -> i64 {
        0
    }

    fn draw(&self) -> u64 {
        0
    }

    fn error_logs(&self) -> Result<Value, String> {
        Ok(Value::Null)
    }

    fn dialect(&self) -> &'static Dialect {
        self.dialect
    }

    fn budget(&self) -> &Budget {
        self.budget
    }
}

#[cfg(test)]
mod tests;
