//! Functions: a name and its arguments to a value. Rules and messages: Kestra, "Functions"; Pebble for `range`, `max`,
//! `min`. What only a real server has is an unknown value, called by the text of the call: `secret('X')`.

use std::num::NonZero;
use std::rc::Rc;

use super::dialect::Wording;
use super::evaluator::Evaluator;
use super::operators::{compare, java_text};
use super::tree::Op;
use super::{calendar, dates, ion, yaml};
use crate::value::Value;

type Given<'v> = &'v [Option<Value>];
type Done = Result<Value, String>;

/// A function. Its arguments come in the order of [`Function::names`].
pub(super) struct Function {
    /// The names of its arguments; `*` for any number without names.
    pub names: &'static str,
    /// Whether it accepts unknown arguments; if not, an unknown argument makes its result unknown.
    pub takes_unknown: bool,
    pub run: fn(&mut Evaluator<'_>, &str, Given<'_>) -> Done,
}

/// The function of a name. `render`, `renderOnce`, `block` and macros are not among them.
pub(super) fn find(name: &str) -> Option<Function> {
    let known = |names, run| Some(Function { names, takes_unknown: false, run });
    match name {
        "now" => known("format timeZone existingFormat locale", |this, _, given| dates::format(&now(this), given, 0)),
        "json" | "fromJson" | "jsonDecode" => known("json", |_, _, given| from_json(given)),
        "yaml" => known("yaml", |_, _, given| from_yaml(given)),
        "currentEachOutput" => known("outputs", |this, _, given| current_each_output(this, given)),
        "errorLogs" => known("", |this, _, _| this.scope.error_logs()),
        "tasksWithState" => known("state", |this, _, given| tasks_with_state(this, given)),
        "uuid" => known("*", |this, _, _| Ok(Value::text(&uuid(this.scope.draw(), this.scope.draw())))),
        "nanoId" => known("length alphabet", |this, _, given| nano_id(this, given)),
        "id" => known("", |this, _, _| Ok(Value::text(&id(this.scope.draw(), this.scope.draw())))),
        "ksuid" => known("", |this, _, _| {
            let drawn = [id(this.scope.draw(), this.scope.draw()), id(this.scope.draw(), this.scope.draw())].concat();
            Ok(Value::text(drawn.get(..27).unwrap_or(&drawn)))
        }),
        "fromIon" => known("ion allRows", |_, _, given| match given.first() {
            Some(Some(Value::Text(text))) => ion::read(text),
            Some(Some(Value::Null)) => Ok(Value::Null),
            Some(Some(_)) => Err("The 'fromIon' function expects an argument 'ion' with type string.".to_owned()),
            _ => Err("The 'fromIon' function expects an argument 'ion'.".to_owned()),
        }),
        "printContext" | "fetchContext" => known("", |this, _, _| Ok(context(this))),
        "randomInt" => known("lower upper", |this, _, given| random_int(this.scope.draw(), given)),
        "randomPort" => known("", |this, _, _| Ok(Value::Int(((this.scope.draw() % 28_232) as i64).saturating_add(32_768)))),
        "isWeekend" | "dayOfWeek" | "dayOfMonth" | "hourOfDay" | "monthOfYear" => {
            known("date", |_, name, given| calendar::call(name, given))
        }
        "isDayWeekInMonth" => known("date dayOfWeek position", |_, name, given| calendar::call(name, given)),
        "isLastWorkingDay" => known("date workingDays", |_, name, given| calendar::call(name, given)),
        "loopOutputs" => known("outputs name", |_, _, given| loop_outputs(given)),
        "max" => known("*", |this, _, given| extreme(this, Op::Greater, given)),
        "min" => known("*", |this, _, given| extreme(this, Op::Less, given)),
        "range" => known("start end increment", |_, _, given| {
            let arg = |idx| given.get(idx).cloned().flatten();
            range(&arg(0).unwrap_or_default(), &arg(1).unwrap_or_default(), &arg(2).unwrap_or(Value::Int(1)))
        }),
        "secret" | "kv" | "read" | "fileURI" | "fileSize" | "fileExists" | "fileEmpty" | "isFileEmpty" | "http" | "encrypt" | "decrypt"
        | "env" | "subflow" | "iterationOutput" | "parentOutput" | "isPublicHoliday" | "appLink" | "isDateBefore" | "isDateAfter"
        | "isDateBetween" | "iterationOutputs" | "ionDecode" => {
            Some(Function { names: "*", takes_unknown: true, run: |this, name, given| of_server(this, name, given) })
        }
        _ => None,
    }
}

fn now(this: &Evaluator<'_>) -> Value {
    Value::Date(this.scope.now_epoch_ms())
}

/// What must be given to a function of the server.
fn needed(name: &str) -> &'static [&'static str] {
    match name {
        "kv" | "secret" => &["key'"],
        "env" => &["name'"],
        "http" => &["uri'"],
        "isPublicHoliday" => &["date", "countryCode"],
        "read" => &["path' that is a path to a namespace file or an internal storage URI"],
        "fileSize" | "fileExists" | "isFileEmpty" => &["path' that is a path to the internal storage URI"],
        _ => &[],
    }
}

/// A value that no simulation can know, called by the text of the call; what the user assumes for it comes first.
fn of_server(this: &mut Evaluator<'_>, name: &str, given: Given<'_>) -> Done {
    if let Some(missing) = needed(name).get(given.len()) {
        return Err(match name {
            "isPublicHoliday" => format!("The '{name}()' function expects a '{missing}' argument."),
            _ => format!("The '{name}' function expects an argument '{missing}."),
        });
    }
    let mut path = format!("{name}(");
    for (idx, value) in given.iter().flatten().enumerate() {
        path += if idx > 0 { ", " } else { "" };
        match value {
            Value::Text(text) => path.extend(["'", text, "'"]),
            Value::Unknown(unknown) => path.push_str(&unknown.path),
            other => path += &java_text(other),
        }
    }
    path.push(')');
    match (this.assumed(&path), given.first()) {
        // Null says that the server does not have it.
        (Value::Null, Some(Some(key))) if name == "secret" && this.scope.dialect().falls_back => {
            Err(format!("Cannot find secret for key '{}'.", java_text(key)))
        }
        (Value::Null, _) if path.ends_with(", false)") => Ok(Value::Null),
        (Value::Null, Some(Some(key))) if this.scope.dialect().falls_back && matches!(name, "kv" | "read" | "fileSize" | "isFileEmpty") => {
            let namespace = this.variable("flow").and_then(|flow| flow.get("namespace").map(java_text)).unwrap_or_default();
            let key = java_text(key);
            Err(match name {
                "kv" => format!("The key '{key}' does not exist in the namespace '{namespace}'."),
                _ => format!("File '/{key}' was not found in namespace '{namespace}'."),
            })
        }
        (Value::Null, _) if name == "env" => Ok(given.get(1).cloned().flatten().unwrap_or_default()),
        (value, _) => Ok(value),
    }
}

/// All that an expression sees, as a map.
fn context(this: &mut Evaluator<'_>) -> Value {
    const NAMES: [&str; 18] = [
        "envs",
        "globals",
        "execution",
        "flow",
        "inputs",
        "item",
        "kestra",
        "labels",
        "namespace",
        "outputs",
        "parent",
        "parents",
        "task",
        "taskrun",
        "tasks",
        "trigger",
        "vars",
        "error",
    ];
    // A list without items is no name of the context.
    let is_there = |value: &Value| value.as_list().is_none_or(|items| !items.is_empty());
    let seen: Vec<(&str, Value)> = NAMES.into_iter().filter_map(|name| Some((name, this.variable(name).filter(is_there)?))).collect();
    Value::map(seen)
}

fn from_json(given: Given<'_>) -> Done {
    match given.first() {
        Some(Some(Value::Text(text))) => Value::from_json(text).ok_or_else(|| "Invalid json: it cannot be read".to_owned()),
        Some(Some(Value::Null)) => Ok(Value::Null),
        Some(Some(_)) => Err("The 'fromJson' function expects an argument 'json' with type string.".to_owned()),
        _ => Err("The 'fromJson' function expects an argument 'json'.".to_owned()),
    }
}

fn from_yaml(given: Given<'_>) -> Done {
    match given.first() {
        Some(Some(Value::Text(text))) => yaml::read(text).map_err(|message| format!("Invalid yaml: {message}")),
        Some(Some(_)) => Err("The 'yaml' function expects an argument 'yaml' with type string.".to_owned()),
        _ => Err("The 'yaml' function expects an argument 'yaml'.".to_owned()),
    }
}

/// The outputs of the current iteration: one level for each ancestor that has a value, outermost first, then its own.
fn current_each_output(this: &mut Evaluator<'_>, given: Given<'_>) -> Done {
    let mut outputs = match given.first() {
        Some(Some(map @ Value::Map(_))) => map.clone(),
        Some(Some(_)) => return Err("The 'currentEachOutput' function expects an argument 'outputs' with type map.".to_owned()),
        _ => return Err("The 'currentEachOutput' function expects an argument 'outputs'.".to_owned()),
    };
    let value_of = |run: Option<&Value>| run.and_then(|run| run.get("value")).cloned().unwrap_or_default();
    let mut values = Vec::new();
    if let Some(Value::List(parents)) = this.variable("parents") {
        values.extend(parents.iter().rev().filter_map(|parent| parent.get("taskrun")).map(|run| value_of(Some(run))));
    }
    for value in values {
        let below = match &value {
            Value::Unknown(_) => Some(&value),
            value => outputs.get(&java_text(value)),
        };
        match below {
            Some(Value::Unknown(unknown)) => return Ok(Value::unknown(&unknown.path)),
            Some(below) if *below != Value::Null => outputs = below.clone(),
            _ => return Err("No execution outputs for the current task runs path".to_owned()),
        }
    }
    match value_of(this.variable("taskrun").as_ref()) {
        Value::Unknown(unknown) => Ok(Value::unknown(&unknown.path)),
        value => Ok(outputs.get(&java_text(&value)).cloned().unwrap_or_default()),
    }
}

/// What each iteration of a Loop gave out under a name: null where it gave nothing.
fn loop_outputs(given: Given<'_>) -> Done {
    let arg = |idx: usize, name: &str| match given.get(idx) {
        Some(Some(value)) if *value != Value::Null => Ok(value.clone()),
        _ => Err(format!("The 'loopOutputs' function expects a non-null argument '{name}'.")),
    };
    let Value::List(iterations) = arg(0, "outputs")? else {
        return Err("The 'loopOutputs' function expects 'outputs' to be a list.".to_owned());
    };
    let Value::Text(name) = arg(1, "name")? else {
        return Err("The 'loopOutputs' function expects 'name' to be a string.".to_owned());
    };
    Ok(Value::list(
        iterations.iter().map(|iteration| iteration.get("outputs").and_then(|outputs| outputs.get(&name)).cloned().unwrap_or_default()),
    ))
}

/// The tasks that are in a state: a list of `{taskId, state}`, with `value` for runs that have one.
fn tasks_with_state(this: &mut Evaluator<'_>, given: Given<'_>) -> Done {
    let Some(Some(wanted)) = given.first() else {
        return Err("The 'tasksWithState' function expects an argument 'state'.".to_owned());
    };
    let wanted = java_text(wanted).to_ascii_uppercase();
    let mut found = Vec::new();
    if let Some(Value::Map(tasks)) = this.variable("tasks") {
        for (task, runs) in tasks.iter() {
            let mut add = |state: &Value, value: Option<&Rc<str>>| {
                if state.as_str().is_some_and(|state| state.eq_ignore_ascii_case(&wanted)) {
                    let value = value.map(|value| ("value", Value::Text(value.clone())));
                    let about = [("taskId", Value::Text(task.clone())), ("state", Value::text(&wanted))];
                    found.push(Value::map(about.into_iter().chain(value)));
                }
            };
            for (key, run) in runs.as_map().into_iter().flat_map(|runs| runs.iter()) {
                match run {
                    Value::Map(run) => add(run.get("state").unwrap_or(&Value::Null), Some(key)),
                    state if &**key == "state" => add(state, None),
                    _ => {}
                }
            }
        }
    }
    Ok(Value::list(found))
}

/// 36 characters, version 4.
fn uuid(high: u64, low: u64) -> String {
    let (high, low) = ((high & !0xf000) | 0x4000, (low & !(3 << 62)) | (2 << 62));
    let (a, b, c) = (high >> 32, high >> 16 & 0xffff, high & 0xffff);
    format!("{a:08x}-{b:04x}-{c:04x}-{:04x}-{:012x}", low >> 48, low & 0xffff_ffff_ffff)
}

/// 22 characters of base 62, as Kestra's own ids.
fn id(high: u64, low: u64) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut letters = [b'0'; 22];
    for (half, mut number) in letters.chunks_mut(11).zip([high, low]) {
        for letter in half.iter_mut().rev() {
            *letter = DIGITS.get((number % 62) as usize).copied().unwrap_or(b'0');
            number /= 62;
        }
    }
    letters.iter().map(|letter| *letter as char).collect()
}

/// So many characters of an alphabet.
fn nano_id(this: &Evaluator<'_>, given: Given<'_>) -> Done {
    let alphabet = given
        .get(1)
        .cloned()
        .flatten()
        .map_or_else(|| "_-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".to_owned(), |alphabet| java_text(&alphabet));
    let alphabet: Vec<char> = alphabet.chars().collect();
    let n = match given.first() {
        Some(Some(Value::Int(n))) => usize::try_from(*n).ok().filter(|n| (1..=1024).contains(n)),
        _ => Some(21),
    };
    let n_letters = NonZero::new(alphabet.len() as u64);
    let (n, n_letters) = n.zip(n_letters).ok_or("The 'nanoId()' function expects a length from 1 to 1024, and an alphabet.")?;
    let drawn: String = (0..n).filter_map(|_| alphabet.get((this.scope.draw() % n_letters) as usize)).collect();
    Ok(Value::text(&drawn))
}

fn random_int(drawn: u64, given: Given<'_>) -> Done {
    let arg = |idx: usize, name: &str| match given.get(idx) {
        Some(Some(Value::Int(number))) => Ok(*number),
        Some(Some(_)) => Err(format!("The 'randomIn()' function expects an argument {name} of type Long.")),
        _ => Err(format!("The 'randomIn()' function expects an argument {name}")),
    };
    let (lower, upper) = (arg(0, "lower")?, arg(1, "upper")?);
    match upper.checked_sub(lower) {
        Some(width) if width >= 0 => Ok(Value::Int(lower.saturating_add(drawn.checked_rem(width as u64).unwrap_or(0) as i64))),
        _ => Err("In 'randomIn()' upper is less than lower".to_owned()),
    }
}

fn extreme(this: &Evaluator<'_>, op: Op, given: Given<'_>) -> Done {
    let mut found = Value::Null;
    for value in given.iter().flatten() {
        let is_better = || {
            let op_name = if op == Op::Greater { "GREATER_THAN" } else { "LESS_THAN" };
            let is_number = |value: &Value| matches!(value, Value::Int(_) | Value::Float(_));
            let dialect = this.scope.dialect();
            if dialect.wording != Wording::Plain && !(is_number(value) && is_number(&found)) {
                return Err(format!("java.lang.RuntimeException: invalid operands for mathematical comparison [{op_name}]"));
            }
            compare(op, value, &found, dialect)
        };
        if found == Value::Null || is_better()? {
            found = value.clone();
        }
    }
    Ok(found)
}

/// `range(start, end, increment)`, both ends included: of numbers, or of single characters.
///
/// # Errors
/// Other values, no increment, and more than a million items.
pub(super) fn range(start: &Value, end: &Value, increment: &Value) -> Done {
    let number = |value: &Value| match value {
        Value::Int(number) => Some(*number),
        Value::Float(number) => Some(number.0 as i64),
        _ => None,
    };
    let letter = |value: &Value| {
        let mut letters = value.as_str()?.chars();
        letters.next().filter(|_| letters.next().is_none()).map(|letter| i64::from(u32::from(letter)))
    };
    let Some(increment) = number(increment) else {
        return Err(format!("The increment of the range function must be a number {}", java_text(increment)));
    };
    let of_letters = letter(start).zip(letter(end));
    let Some((start, end)) = number(start).zip(number(end)).or(of_letters) else {
        return Err("Arguments of range function must be of type Number or String with a length of 1".to_owned());
    };
    if increment == 0 {
        return Err("The increment of the range function must be different than 0".to_owned());
    }
    let Some(n) = end.checked_sub(start).and_then(|width| width.checked_div(increment)).filter(|n| *n < 1_000_000) else {
        return Err("the range has more than 1000000 items".to_owned());
    };
    let n = if end != start && (end < start) != (increment < 0) { 0 } else { n.saturating_add(1) };
    let item = |idx: i64| {
        let item = start.saturating_add(idx.saturating_mul(increment));
        let letter = of_letters.and_then(|_| char::from_u32(u32::try_from(item).ok()?));
        letter.map_or(Value::Int(item), |letter| Value::text(letter.encode_utf8(&mut [0; 4])))
    };
    Ok(Value::list((0..n).map(item)))
}
