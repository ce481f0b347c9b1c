//! The functions of `jq`. Rules: jq 1.6.

use std::rc::Rc;

use super::parse::Jq;
use super::{Results, Runner, Stop, contains, holds, index, numeral, order, sorted_keys};
use crate::expr::matching;
use crate::expr::operators::{self as ops, java_text, number};
use crate::syntax::Float;
use crate::value::{Map, Value};

impl Runner {
    /// The result of a function.
    pub fn call(&self, name: &str, args: &[Jq], input: &Value) -> Results {
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
                Value::Map(map) if name == "keys" => Value::list(sorted_keys(map)),
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
                let changed = self.each(entries, &mut |entries| self.each(self.items(&entries)?, &mut |entry| self.run(change, &entry)))?;
                return self.call("from_entries", &[], &Value::list(changed));
            }
            ("map", [change]) => Value::list(self.each(self.items(input)?, &mut |item| self.run(change, &item))?),
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
                _ => Value::list(self.each(self.items(input)?, &mut |item| Ok(self.run(change, &item)?.into_iter().take(1).collect()))?),
            },
            ("select", [condition]) => {
                let kept = self.run(condition, input)?.into_iter().filter(holds);
                return Ok(kept.map(|_| input.clone()).collect());
            }
            ("recurse", []) => return self.run(&Jq::Recurse, input),
            ("any" | "all", _) if args.len() < 2 => {
                let items =
                    self.each(self.items(input)?, &mut |item| args.first().map_or(Ok(vec![item.clone()]), |f| self.run(f, &item)))?;
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
                    _ => match matching::matches(text, other, false) {
                        Ok(Value::Unknown(_)) | Err(_) => return Err(Stop::Unknown),
                        Ok(found) => found,
                    },
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

    /// `sort`, `min`, `max`, `unique`, their variants with `_by`, and `group_by`.
    fn sorted(&self, name: &str, by: Option<&Jq>, items: &[Value]) -> Results {
        let mut keyed = Vec::new();
        for item in items {
            let key = by.map_or(Ok(vec![item.clone()]), |by| self.run(by, item))?;
            keyed.push((Value::list(key), item.clone()));
        }
        let mut keyed = ops::sorted(keyed, order);
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
