//! The filter `jq(expression)`: a list of what a program gives. Rules: jq 1.6, which Kestra uses; what is not known here (variables,
//! `reduce`, texts with programs in them, regular expressions) makes the result unknown, as `jq('…')`.

mod parse;

use std::cell::Cell;
use std::cmp::Ordering;
use std::rc::Rc;

use super::evaluate::{LONGEST_TEXT, weight};
use super::operators::{self as ops, java_text, java_type, number};
use crate::syntax::Float;
use crate::value::{Map, Value};
use parse::Jq;

/// Why a program gives nothing.
enum Stop {
    /// It asks for something that is not known here.
    Unknown,
    /// A value does not fit.
    Error,
}

type Results = Result<Vec<Value>, Stop>;

/// The filter itself.
///
/// # Errors
/// The input is no JSON, or the program does not fit it.
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

/// What `if`, `and`, `or`, `not` and `//` take for true: all but `null` and `false`.
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
            let keys = |map: &Map| {
                let mut keys: Vec<Rc<str>> = map.iter().map(|(key, _)| key.clone()).collect();
                keys.sort();
                keys
            };
            let all = keys(a);
            all.cmp(&keys(b)).then_with(|| {
                let pairs = all.iter().filter_map(|key| a.get(key).zip(b.get(key)));
                pairs.map(|(a, b)| order(a, b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
            })
        }
        _ => rank(a).cmp(&rank(b)).then_with(|| if rank(a) == 3 || rank(a) == 4 { ops::order(a, b) } else { Ordering::Equal }),
    }
}

/// Whether `a` has all of `b` in it.
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
    fn charge(&self, n: usize) -> Result<(), Stop> {
        self.steps.set(self.steps.get().saturating_add(n));
        if self.steps.get() > 1_000_000 { Err(Stop::Error) } else { Ok(()) }
    }

    /// A value that was made counts by its size.
    fn made(&self, value: Value) -> Results {
        let size = match &value {
            Value::Text(text) => Some(text.len() / 256).filter(|_| text.len() <= LONGEST_TEXT),
            other => weight(other, 0, 0),
        };
        self.charge(size.ok_or(Stop::Error)?)?;
        Ok(vec![value])
    }

    /// All that each of these values becomes.
    fn each(&self, values: Vec<Value>, mut change: impl FnMut(Value) -> Results) -> Results {
        let mut results = Vec::new();
        for value in values {
            results.extend(change(value)?);
        }
        self.charge(results.len())?;
        Ok(results)
    }

    fn run(&self, program: &Jq, input: &Value) -> Results {
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
                    // What is within a value stands behind it, before its next neighbour.
                    if let Ok(inner) = self.items(&value) {
                        found.splice(at..at, inner);
                    }
                }
                Ok(found)
            }
            Jq::Index(parts) => {
                self.each(self.run(&parts[0], input)?, |value| self.each(self.run(&parts[1], input)?, |key| Ok(vec![index(&value, &key)?])))
            }
            Jq::Slice(parts) => self.each(self.run(&parts[0], input)?, |value| {
                let (from, to) = (self.one(&parts[1], input)?, self.one(&parts[2], input)?);
                Ok(vec![slice(&value, &from, &to)?])
            }),
            Jq::Iterate(of) => self.each(self.run(of, input)?, |value| self.items(&value)),
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
                self.each(maps.into_iter().map(|map| Value::Map(Rc::new(map))).collect(), |map| self.made(map))
            }
            Jq::Pipe(parts) => self.each(self.run(&parts[0], input)?, |value| self.run(&parts[1], &value)),
            Jq::Comma(parts) => {
                let mut results = self.run(&parts[0], input)?;
                results.extend(self.run(&parts[1], input)?);
                Ok(results)
            }
            Jq::Negative(of) => self.each(self.run(of, input)?, |value| self.binary("-", &Value::Int(0), &value)),
            Jq::If(parts) => {
                self.each(self.run(&parts[0], input)?, |condition| self.run(&parts[if holds(&condition) { 1 } else { 2 }], input))
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
            Jq::Binary(operator @ ("and" | "or"), parts) => self.each(self.run(&parts[0], input)?, |left| {
                if holds(&left) == (*operator == "or") {
                    return Ok(vec![Value::Bool(holds(&left))]);
                }
                Ok(self.run(&parts[1], input)?.iter().map(|right| Value::Bool(holds(right))).collect())
            }),
            Jq::Binary(operator, parts) => self.each(self.run(&parts[1], input)?, |right| {
                self.each(self.run(&parts[0], input)?, |left| self.binary(operator, &left, &right))
            }),
            Jq::Call(name, args) => self.call(name, args, input),
        }
    }

    /// The first result; nothing when there is none.
    fn one(&self, program: &Jq, input: &Value) -> Result<Value, Stop> {
        Ok(self.run(program, input)?.into_iter().next().unwrap_or_default())
    }

    fn items(&self, value: &Value) -> Results {
        let items: Vec<Value> = match value {
            Value::List(items) => items.to_vec(),
            Value::Map(map) => map.iter().map(|(_, value)| value.clone()).collect(),
            _ => return Err(Stop::Error),
        };
        self.charge(items.len())?;
        Ok(items)
    }

    fn binary(&self, operator: &str, left: &Value, right: &Value) -> Results {
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

    fn call(&self, name: &str, args: &[Jq], input: &Value) -> Results {
        let text = |change: fn(&str) -> String| input.as_str().map(change).map(|text| Value::text(&text)).ok_or(Stop::Error);
        let list = || input.as_list().ok_or(Stop::Error);
        let truth = |truth: bool| Ok(vec![Value::Bool(truth)]);
        let value = match (name, args) {
            ("empty", []) => return Ok(Vec::new()),
            ("error", _) => return Err(Stop::Error),
            ("not", []) => Value::Bool(!holds(input)),
            ("length", []) => match input {
                Value::Null => Value::Int(0),
                Value::Int(number) => Value::Int(number.wrapping_abs()),
                Value::Float(Float(number)) => numeral(number.abs()),
                Value::Text(text) => Value::Int(text.chars().count() as i64),
                other => Value::Int(self.items(other)?.len() as i64),
            },
            ("keys", []) | ("keys_unsorted", []) => match input {
                Value::Map(map) if name == "keys" => {
                    let mut keys: Vec<Value> = map.iter().map(|(key, _)| Value::Text(key.clone())).collect();
                    keys.sort_by(order);
                    Value::list(keys)
                }
                Value::Map(map) => ops::keys(map),
                other => Value::list((0..self.items(other)?.len()).map(|idx| Value::Int(idx as i64))),
            },
            ("values", []) => return Ok(if *input == Value::Null { Vec::new() } else { vec![input.clone()] }),
            ("type", []) => Value::text(match input {
                Value::Null => "null",
                Value::Bool(_) => "boolean",
                Value::Int(_) | Value::Float(_) => "number",
                Value::List(_) => "array",
                Value::Map(_) => "object",
                _ => "string",
            }),
            ("add", []) => {
                let mut sum = Value::Null;
                for item in self.items(input)? {
                    sum = self.binary("+", &sum, &item)?.into_iter().next().unwrap_or_default();
                }
                sum
            }
            ("tostring", []) => {
                if input.as_str().is_some() {
                    input.clone()
                } else {
                    Value::text(&input.to_json())
                }
            }
            ("tojson", []) => Value::text(&input.to_json()),
            ("fromjson", []) => input.as_str().and_then(Value::from_json).ok_or(Stop::Error)?,
            ("tonumber", []) => match input {
                Value::Text(text) => Value::from_json(text).filter(|value| number(value).is_some()).ok_or(Stop::Error)?,
                other => number(other).map(|_| other.clone()).ok_or(Stop::Error)?,
            },
            ("floor", []) => numeral(number(input).ok_or(Stop::Error)?.floor()),
            ("ceil", []) => numeral(number(input).ok_or(Stop::Error)?.ceil()),
            ("round", []) => numeral(number(input).ok_or(Stop::Error)?.round()),
            ("ascii_downcase", []) => text(str::to_ascii_lowercase)?,
            ("ascii_upcase", []) => text(str::to_ascii_uppercase)?,
            ("first", []) => index(input, &Value::Int(0))?,
            ("last", []) => index(input, &Value::Int(-1))?,
            ("reverse", []) => Value::list(if *input == Value::Null { &[] } else { list()? }.iter().rev().cloned()),
            ("flatten", []) => Value::list(self.flat(list()?, i64::MAX)?),
            ("flatten", [depth]) => match self.one(depth, input)? {
                Value::Int(depth) => Value::list(self.flat(list()?, depth)?),
                _ => return Err(Stop::Error),
            },
            ("to_entries", []) => input.as_map().map(ops::entries).ok_or(Stop::Error)?,
            ("from_entries", []) => {
                let mut map = Map::new();
                for entry in list()? {
                    let key = ["key", "k", "name"].iter().find_map(|name| entry.get(name)).ok_or(Stop::Error)?;
                    map.insert(java_text(key), ["value", "v"].iter().find_map(|name| entry.get(name)).cloned().unwrap_or_default());
                }
                Value::Map(Rc::new(map))
            }
            ("with_entries", [change]) => {
                let entries = self.call("to_entries", &[], input)?;
                let changed = self.each(entries, |entries| self.each(self.items(&entries)?, |entry| self.run(change, &entry)))?;
                return self.call("from_entries", &[], &Value::list(changed));
            }
            ("map", [change]) => Value::list(self.each(self.items(input)?, |item| self.run(change, &item))?),
            ("map_values", [change]) => match input {
                Value::Map(map) => {
                    let mut changed = Map::new();
                    for (key, value) in map.iter() {
                        if let Some(value) = self.run(change, value)?.into_iter().next() {
                            changed.insert(key.clone(), value);
                        }
                    }
                    Value::Map(Rc::new(changed))
                }
                _ => Value::list(self.each(self.items(input)?, |item| Ok(self.run(change, &item)?.into_iter().take(1).collect()))?),
            },
            ("select", [condition]) => {
                let kept = self.run(condition, input)?.into_iter().filter(holds);
                return Ok(kept.map(|_| input.clone()).collect());
            }
            ("recurse", []) => return self.run(&Jq::Recurse, input),
            ("any" | "all", _) if args.len() < 2 => {
                let items = self.each(self.items(input)?, |item| args.first().map_or(Ok(vec![item.clone()]), |f| self.run(f, &item)))?;
                return truth(if name == "any" { items.iter().any(holds) } else { items.iter().all(holds) });
            }
            ("range", [to]) => return self.range(&Value::Int(0), &self.one(to, input)?),
            ("range", [from, to]) => return self.range(&self.one(from, input)?, &self.one(to, input)?),
            ("first", [of]) => return Ok(self.run(of, input)?.into_iter().take(1).collect()),
            ("limit", [n, of]) => {
                let n = self.one(n, input)?;
                let n = number(&n).ok_or(Stop::Error)?.max(0.0) as usize;
                return Ok(self.run(of, input)?.into_iter().take(n).collect());
            }
            ("min" | "max" | "sort" | "unique" | "min_by" | "max_by" | "sort_by" | "unique_by" | "group_by", _)
                if args.len() == usize::from(name.ends_with("_by")) =>
            {
                return self.sorted(name, args.first(), list()?);
            }
            ("has", [key]) => match (input, self.one(key, input)?) {
                (Value::Map(map), Value::Text(key)) => Value::Bool(map.get(&key).is_some()),
                (Value::List(items), Value::Int(at)) => Value::Bool((0..items.len() as i64).contains(&at)),
                _ => return Err(Stop::Error),
            },
            ("contains", [other]) => Value::Bool(contains(input, &self.one(other, input)?)),
            ("inside", [other]) => Value::Bool(contains(&self.one(other, input)?, input)),
            ("join", [by]) => {
                let by = self.one(by, input)?;
                let print = |item: &Value| if *item == Value::Null { "".into() } else { item.print() };
                Value::text(&list()?.iter().map(print).collect::<Vec<_>>().join(by.as_str().ok_or(Stop::Error)?))
            }
            ("split" | "startswith" | "endswith" | "ltrimstr" | "rtrimstr" | "test" | "index", [other]) => {
                let (Some(text), other) = (input.as_str(), self.one(other, input)?) else { return Err(Stop::Error) };
                let other = other.as_str().ok_or(Stop::Error)?;
                match name {
                    "split" => Value::list(text.split(other).map(Value::text)),
                    "startswith" => Value::Bool(text.starts_with(other)),
                    "endswith" => Value::Bool(text.ends_with(other)),
                    "ltrimstr" => Value::text(text.strip_prefix(other).unwrap_or(text)),
                    "rtrimstr" => Value::text(text.strip_suffix(other).unwrap_or(text)),
                    "index" => text.find(other).map_or(Value::Null, |at| Value::Int(at as i64)),
                    _ if other.contains(|c: char| ".*+?()[]{}|^$\\".contains(c)) => return Err(Stop::Unknown),
                    _ => Value::Bool(text.contains(other)),
                }
            }
            ("trim", []) => text(|text| text.trim().to_owned())?,
            _ => return Err(Stop::Unknown),
        };
        self.made(value)
    }

    fn range(&self, from: &Value, to: &Value) -> Results {
        let (Some(from), Some(to)) = (number(from), number(to)) else {
            return Err(Stop::Error);
        };
        let n = (to - from).ceil().max(0.0) as usize;
        self.charge(n)?;
        Ok((0..n).map(|idx| numeral(from + idx as f64)).collect())
    }

    fn flat(&self, items: &[Value], depth: i64) -> Results {
        let mut flat = Vec::new();
        for item in items {
            match item {
                Value::List(inner) if depth > 0 => flat.extend(self.flat(inner, depth - 1)?),
                other => flat.push(other.clone()),
            }
        }
        self.charge(flat.len())?;
        Ok(flat)
    }

    /// `sort`, `min`, `max`, `unique` and these and `group_by` by what `by` gives.
    fn sorted(&self, name: &str, by: Option<&Jq>, items: &[Value]) -> Results {
        let mut keyed = Vec::new();
        for item in items {
            let key = by.map_or(Ok(vec![item.clone()]), |by| self.run(by, item))?;
            keyed.push((Value::list(key), item.clone()));
        }
        keyed.sort_by(|(a, _), (b, _)| order(a, b));
        let found = match name.split('_').next() {
            Some("min") => keyed.into_iter().next().map(|(_, item)| item).unwrap_or_default(),
            Some("max") => keyed.into_iter().next_back().map(|(_, item)| item).unwrap_or_default(),
            Some("unique") => {
                keyed.dedup_by(|(a, _), (b, _)| order(a, b).is_eq());
                Value::list(keyed.into_iter().map(|(_, item)| item))
            }
            Some("group") => {
                let groups = keyed.chunk_by(|(a, _), (b, _)| order(a, b).is_eq());
                Value::list(groups.map(|group| Value::list(group.iter().map(|(_, item)| item.clone()))))
            }
            _ => Value::list(keyed.into_iter().map(|(_, item)| item)),
        };
        self.made(found)
    }
}
