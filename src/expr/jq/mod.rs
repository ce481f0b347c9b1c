//! The filter `jq(expression)`: a list of what a program gives. Rules: jq 1.6, which Kestra uses; what is not supported (variables,
//! `reduce`, texts with programs in them, most functions for regular expressions) makes the result unknown, as `jq('…')`.

mod builtins;
mod parse;

use std::cell::Cell;
use std::cmp::Ordering;
use std::rc::Rc;

use super::operators::{self as ops, java_text, java_type, number};
use super::output::{LONGEST_TEXT, weight};
use crate::syntax::Float;
use crate::value::{Map, Value};
use parse::Jq;

/// Why a program gives nothing.
enum Stop {
    /// It uses something that is not supported.
    Unknown,
    /// A value has the wrong type.
    Error,
}

type Results = Result<Vec<Value>, Stop>;

/// The filter itself.
///
/// # Errors
/// The input is not JSON, or has the wrong types for the program.
pub(super) fn filter(input: &Value, given: &[Option<Value>]) -> Result<Value, String> {
    if *input == Value::Null {
        return Ok(Value::Null);
    }
    let Some(Some(program)) = given.first() else {
        return Err("The 'jq' filter expects an argument 'expression'.".to_owned());
    };
    let program = java_text(program);
    let unknown = || Value::unknown(&format!("jq('{program}')"));
    let failed = || format!("Unable to parse jq value '{}' with type '{}'", java_text(input), java_type(input));
    let value = match input {
        Value::Text(text) => Value::from_json(text).ok_or_else(failed)?,
        other => other.clone(),
    };
    let Some(parsed) = parse::parse(&program) else {
        return Ok(unknown());
    };
    match (Runner { steps: Cell::new(0) }).run(&parsed, &value) {
        Ok(results) => Ok(Value::list(results)),
        Err(Stop::Unknown) => Ok(unknown()),
        Err(Stop::Error) => Err(failed()),
    }
}

struct Runner {
    steps: Cell<usize>,
}

/// What `if`, `and`, `or`, `not` and `//` take as true: everything but `null` and `false`.
fn holds(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}

/// The order of all values: null, false, true, numbers, texts, lists, maps.
fn order(a: &Value, b: &Value) -> Ordering {
    let rank = |value: &Value| match value {
        Value::Null => 0,
        Value::Bool(false) => 1,
        Value::Bool(true) => 2,
        Value::Int(_) | Value::Float(_) => 3,
        Value::Text(_) | Value::Date(_) | Value::Unknown(_) => 4,
        Value::List(_) => 5,
        Value::Map(_) => 6,
    };
    match (a, b) {
        (Value::List(a), Value::List(b)) => {
            let first = a.iter().zip(b.iter()).map(|(a, b)| order(a, b)).find(|order| order.is_ne());
            first.unwrap_or_else(|| a.len().cmp(&b.len()))
        }
        (Value::Map(a), Value::Map(b)) => {
            let (keys, others) = (sorted_keys(a), sorted_keys(b));
            order(&Value::list(keys.iter().cloned()), &Value::list(others)).then_with(|| {
                let value = |map: &Map, key: &Value| map.get(key.as_str()?).cloned();
                let pairs = keys.iter().filter_map(|key| value(a, key).zip(value(b, key)));
                pairs.map(|(a, b)| order(&a, &b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
            })
        }
        _ => rank(a).cmp(&rank(b)).then_with(|| if rank(a) == 3 || rank(a) == 4 { ops::order(a, b) } else { Ordering::Equal }),
    }
}

/// The keys of a map, sorted.
fn sorted_keys(map: &Map) -> Vec<Value> {
    let keys = map.iter().map(|(key, _)| (Value::Text(key.clone()), Value::Null)).collect();
    ops::sorted(keys, ops::order).into_iter().map(|(key, _)| key).collect()
}

/// Whether `a` contains `b`.
fn contains(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => a.contains(&**b),
        (Value::List(a), Value::List(b)) => b.iter().all(|b| a.iter().any(|a| contains(a, b))),
        (Value::Map(a), Value::Map(b)) => b.iter().all(|(key, b)| a.get(key).is_some_and(|a| contains(a, b))),
        _ => order(a, b).is_eq(),
    }
}

fn index(value: &Value, key: &Value) -> Result<Value, Stop> {
    match (value, key) {
        (Value::Null, Value::Text(_) | Value::Int(_) | Value::Null) => Ok(Value::Null),
        (Value::Map(map), Value::Text(key)) => Ok(map.get(key).cloned().unwrap_or_default()),
        (Value::List(items), Value::Int(at)) => {
            let at = if *at < 0 { at + items.len() as i64 } else { *at };
            Ok(usize::try_from(at).ok().and_then(|at| items.get(at)).cloned().unwrap_or_default())
        }
        _ => Err(Stop::Error),
    }
}

fn slice(value: &Value, from: &Value, to: &Value) -> Result<Value, Stop> {
    let length = match value {
        Value::Null => return Ok(Value::Null),
        Value::List(items) => items.len(),
        Value::Text(text) => text.encode_utf16().count(),
        _ => return Err(Stop::Error),
    } as i64;
    let place = |at: &Value, otherwise: i64| match at {
        Value::Null => Ok(otherwise),
        Value::Int(at) => Ok(if *at < 0 { at + length } else { *at }.clamp(0, length)),
        _ => Err(Stop::Error),
    };
    let (from, to) = (place(from, 0)?, place(to, length)?);
    Ok(match value {
        Value::List(items) => Value::list(items.get(from as usize..to as usize).unwrap_or_default().iter().cloned()),
        other => {
            let text = java_text(other);
            let ends = ops::byte_at(&text, from).zip(ops::byte_at(&text, to));
            Value::text(ends.and_then(|(from, to)| text.get(from..to)).unwrap_or_default())
        }
    })
}

/// A number, whole when it can be.
fn numeral(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 9e15 { Value::Int(value as i64) } else { Value::Float(Float(value)) }
}

impl Runner {
    pub fn charge(&self, n: usize) -> Result<(), Stop> {
        self.steps.set(self.steps.get().saturating_add(n));
        if self.steps.get() > 1_000_000 { Err(Stop::Error) } else { Ok(()) }
    }

    /// Charges a new value by its size.
    pub fn made(&self, value: Value) -> Results {
        let size = match &value {
            Value::Text(text) => Some(text.len() / 256).filter(|_| text.len() <= LONGEST_TEXT),
            other => weight(other, 0, 0),
        };
        self.charge(size.ok_or(Stop::Error)?)?;
        Ok(vec![value])
    }

    /// The results for all of these values.
    pub fn each(&self, values: Vec<Value>, change: &mut dyn FnMut(Value) -> Results) -> Results {
        let mut results = Vec::new();
        for value in values {
            results.extend(change(value)?);
        }
        self.charge(results.len())?;
        Ok(results)
    }

    pub fn run(&self, program: &Jq, input: &Value) -> Results {
        self.charge(1)?;
        match program {
            Jq::Identity => Ok(vec![input.clone()]),
            Jq::Literal(value) => Ok(vec![value.clone()]),
            Jq::Recurse => {
                let mut found = vec![input.clone()];
                let mut at = 0;
                while let Some(value) = found.get(at).cloned() {
                    self.charge(1)?;
                    at += 1;
                    // The values within a value come after it and before its next neighbor.
                    if let Ok(inner) = self.items(&value) {
                        found.splice(at..at, inner);
                    }
                }
                Ok(found)
            }
            Jq::Index(parts) => self.each(self.run(&parts[0], input)?, &mut |value| {
                self.each(self.run(&parts[1], input)?, &mut |key| Ok(vec![index(&value, &key)?]))
            }),
            Jq::Slice(parts) => self.each(self.run(&parts[0], input)?, &mut |value| {
                let (from, to) = (self.one(&parts[1], input)?, self.one(&parts[2], input)?);
                Ok(vec![slice(&value, &from, &to)?])
            }),
            Jq::Iterate(of) => self.each(self.run(of, input)?, &mut |value| self.items(&value)),
            Jq::Array(of) => self.made(Value::list(self.run(of, input)?)),
            Jq::Object(entries) => {
                let mut maps = vec![Map::new()];
                for (key, value) in entries {
                    let (keys, values) = (self.run(key, input)?, self.run(value, input)?);
                    self.charge(maps.len().saturating_mul(keys.len()).saturating_mul(values.len()))?;
                    let mut longer = Vec::new();
                    for map in &maps {
                        for (key, value) in keys.iter().flat_map(|key| values.iter().map(move |value| (key, value))) {
                            let mut map = map.clone();
                            map.insert(key.as_str().ok_or(Stop::Error)?, value.clone());
                            longer.push(map);
                        }
                    }
                    maps = longer;
                }
                self.each(maps.into_iter().map(|map| Value::Map(Rc::new(map))).collect(), &mut |map| self.made(map))
            }
            Jq::Pipe(parts) => self.each(self.run(&parts[0], input)?, &mut |value| self.run(&parts[1], &value)),
            Jq::Comma(parts) => {
                let mut results = self.run(&parts[0], input)?;
                results.extend(self.run(&parts[1], input)?);
                Ok(results)
            }
            Jq::Negative(of) => self.each(self.run(of, input)?, &mut |value| self.binary("-", &Value::Int(0), &value)),
            Jq::If(parts) => {
                self.each(self.run(&parts[0], input)?, &mut |condition| self.run(&parts[if holds(&condition) { 1 } else { 2 }], input))
            }
            Jq::Try(of) => match self.run(of, input) {
                Err(Stop::Error) => Ok(Vec::new()),
                results => results,
            },
            Jq::Binary("//", parts) => {
                let left = self.run(&parts[0], input).map(|left| left.into_iter().filter(holds).collect::<Vec<Value>>());
                match left {
                    Err(Stop::Unknown) => Err(Stop::Unknown),
                    Ok(left) if !left.is_empty() => Ok(left),
                    _ => self.run(&parts[1], input),
                }
            }
            Jq::Binary(operator @ ("and" | "or"), parts) => self.each(self.run(&parts[0], input)?, &mut |left| {
                if holds(&left) == (*operator == "or") {
                    return Ok(vec![Value::Bool(holds(&left))]);
                }
                Ok(self.run(&parts[1], input)?.iter().map(|right| Value::Bool(holds(right))).collect())
            }),
            Jq::Binary(operator, parts) => self.each(self.run(&parts[1], input)?, &mut |right| {
                self.each(self.run(&parts[0], input)?, &mut |left| self.binary(operator, &left, &right))
            }),
            Jq::Call(name, args) => self.call(name, args, input),
        }
    }

    /// The first result; nothing when there is none.
    pub fn one(&self, program: &Jq, input: &Value) -> Result<Value, Stop> {
        Ok(self.run(program, input)?.into_iter().next().unwrap_or_default())
    }

    pub fn items(&self, value: &Value) -> Results {
        let items: Vec<Value> = match value {
            Value::List(items) => items.to_vec(),
            Value::Map(map) => map.iter().map(|(_, value)| value.clone()).collect(),
            _ => return Err(Stop::Error),
        };
        self.charge(items.len())?;
        Ok(items)
    }

    pub fn binary(&self, operator: &str, left: &Value, right: &Value) -> Results {
        let order = || order(left, right);
        let value = match (operator, left, right) {
            ("==", ..) => Value::Bool(order().is_eq()),
            ("!=", ..) => Value::Bool(order().is_ne()),
            ("<", ..) => Value::Bool(order().is_lt()),
            ("<=", ..) => Value::Bool(order().is_le()),
            (">", ..) => Value::Bool(order().is_gt()),
            (">=", ..) => Value::Bool(order().is_ge()),
            ("+", Value::Null, other) | ("+", other, Value::Null) => other.clone(),
            ("+", Value::Text(a), Value::Text(b)) => Value::text(&format!("{a}{b}")),
            ("+", Value::List(a), Value::List(b)) => Value::list(a.iter().chain(b.iter()).cloned()),
            ("+", Value::Map(a), Value::Map(b)) => {
                let merged: Map = a.iter().chain(b.iter()).map(|(key, value)| (key.clone(), value.clone())).collect();
                Value::Map(Rc::new(merged))
            }
            ("-", Value::List(a), Value::List(b)) => Value::list(a.iter().filter(|a| !b.contains(a)).cloned()),
            ("/", Value::Text(text), Value::Text(by)) => Value::list(text.split(&**by).map(Value::text)),
            (_, a, b) => {
                let (Some(x), Some(y)) = (number(a), number(b)) else {
                    return Err(if matches!((a, b), (Value::Text(_) | Value::Map(_), _)) && operator == "*" {
                        Stop::Unknown
                    } else {
                        Stop::Error
                    });
                };
                match (operator, a, b) {
                    ("+", Value::Int(a), Value::Int(b)) => a.checked_add(*b).map_or(numeral(x + y), Value::Int),
                    ("-", Value::Int(a), Value::Int(b)) => a.checked_sub(*b).map_or(numeral(x - y), Value::Int),
                    ("*", Value::Int(a), Value::Int(b)) => a.checked_mul(*b).map_or(numeral(x * y), Value::Int),
                    ("/" | "%", ..) if y == 0.0 => return Err(Stop::Error),
                    ("%", ..) => Value::Int((x as i64).wrapping_rem((y as i64).abs().max(1))),
                    ("+", ..) => numeral(x + y),
                    ("-", ..) => numeral(x - y),
                    ("*", ..) => numeral(x * y),
                    _ => numeral(x / y),
                }
            }
        };
        self.made(value)
    }
}
