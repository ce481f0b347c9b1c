//! The functions of `jq` that are not written in it, and its formats. Rules: jq 1.6, jackson-jq.

use std::rc::Rc;

use super::parse::Node;
use super::paths::set;
use super::run::{At, Emit, MOST_STEPS, Runner, Scope};
use super::{Budget, Found, LONGEST_TEXT, Map, Stop, Value, contains, fault, holds, number, numeral, order, sorted_keys, split};
use crate::encoding::{Base64, push_percent_encoded};
use crate::expr::operators as ops;
use crate::regex::{Fault, Regex};
use crate::syntax::Float;
use crate::time::{iso_instant, parse_iso_instant};

impl Runner<'_> {
    /// Hands on the results of a function; false when there is no such function.
    pub fn native(&self, name: &str, arguments: &[Node], scope: &Scope, at: &At, emit: Emit<'_>) -> Result<bool, Stop> {
        let input = &at.value;
        let argument = |program: &Node| self.argument(program, scope, at);
        let value = match (name, arguments) {
            ("empty", []) => return Ok(true),
            ("error", []) => return Err(Stop::Error(input.clone())),
            ("error", [thrown]) => return Err(Stop::Error(argument(thrown)?)),
            ("not", []) => Value::Bool(!holds(input)),
            ("path", [program]) => {
                for path in self.paths(program, scope, input)? {
                    self.give(Value::list(path), emit)?;
                }
                return Ok(true);
            }
            ("getpath", [path]) => {
                let path = argument(path)?;
                let keys = path.as_list().ok_or(Stop::Error(Value::Null))?;
                let found = keys.iter().try_fold(at.clone(), |at, key| at.below(key))?;
                return emit(found).map(|()| true);
            }
            ("setpath", [path, new]) => set(input.clone(), argument(path)?.as_list().ok_or(Stop::Error(Value::Null))?, argument(new)?)?,
            ("delpaths", [paths]) => {
                let paths = argument(paths)?;
                let mut paths = paths.as_list().ok_or(Stop::Error(Value::Null))?.to_vec();
                // The last places go first, so that the others stay where they are.
                paths.sort_by(|a, b| order(b, a));
                paths.iter().try_fold(input.clone(), |value, path| self.without(value, path.as_list().ok_or(Stop::Error(Value::Null))?))?
            }
            ("range", [from, to, by]) => {
                let (from, to, by) = (numeric(&argument(from)?)?, numeric(&argument(to)?)?, numeric(&argument(by)?)?);
                let mut next = from;
                while if by > 0.0 { next < to } else { by < 0.0 && next > to } {
                    self.charge(1)?;
                    emit(At::value(numeral(next)))?;
                    next += by;
                }
                return Ok(true);
            }
            ("until", [condition, next]) => {
                let mut value = at.clone();
                while !holds(&self.argument(condition, scope, &value)?) {
                    self.charge(1)?;
                    let next = self.argument(next, scope, &value)?;
                    value = At::value(next);
                }
                return emit(value).map(|()| true);
            }
            ("min_by" | "max_by" | "sort_by" | "group_by", [by]) => self.sorted(name, by, scope, input)?,
            (_, []) => match plain(name, input)? {
                Some(value) => value,
                None => return Ok(false),
            },
            (
                "has" | "contains" | "flatten" | "join" | "split" | "startswith" | "endswith" | "ltrimstr" | "rtrimstr" | "index"
                | "rindex" | "indices",
                [other],
            ) => {
                let other = argument(other)?;
                self.charge_pairs(input, &other)?;
                of_other(name, input, &other)?
            }
            ("pow", [base, exponent]) => match (argument(base)?, argument(exponent)?) {
                (base, Value::Int(exponent)) => numeral(numeric(&base)?.powi(exponent as i32)),
                _ => return Err(Stop::Unknown),
            },
            ("_match", [pattern, flags]) => {
                found(input.as_str(), argument(pattern)?.as_str(), argument(flags)?.as_str().unwrap_or_default(), self.budget)?
            }
            _ => return Ok(false),
        };
        self.give(value, emit).map(|()| true)
    }

    /// `sort_by`, `min_by`, `max_by` and `group_by`.
    fn sorted(&self, name: &str, by: &Node, scope: &Scope, input: &Value) -> Found {
        let mut keyed = Vec::new();
        for item in input.as_list().ok_or(Stop::Error(Value::Null))? {
            keyed.push((Value::list(self.collect(by, scope, &At::value(item.clone()))?), item.clone()));
        }
        let keyed = ops::sorted(keyed, order);
        Ok(match name {
            "min_by" => keyed.into_iter().next().map(|(_, item)| item).unwrap_or_default(),
            "max_by" => keyed.into_iter().next_back().map(|(_, item)| item).unwrap_or_default(),
            "group_by" => {
                let groups = keyed.chunk_by(|(a, _), (b, _)| order(a, b).is_eq());
                Value::list(groups.map(|group| Value::list(group.iter().map(|(_, item)| item.clone()))))
            }
            _ => Value::list(keyed.into_iter().map(|(_, item)| item)),
        })
    }

    /// A value in a format: `text`, `json`, `csv`, `tsv`, `html`, `uri`, `sh`, `base64`, `base64d`.
    pub fn formatted(&self, format: &str, value: &Value) -> Result<String, Stop> {
        let text = as_text(value);
        self.charge(text.len() / 256)?;
        let row = |by: &str, item: &dyn Fn(&Value) -> Result<String, Stop>| {
            let items = value.as_list().ok_or(Stop::Error(Value::Null))?;
            Ok(items.iter().map(item).collect::<Result<Vec<String>, Stop>>()?.join(by))
        };
        let single = |item: &Value| match item {
            Value::List(_) | Value::Map(_) => fault(),
            Value::Null => Ok(String::new()),
            other => Ok(as_text(other)),
        };
        let replaced = |text: &str, pairs: &[(&str, &str)]| pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
        match format {
            "text" => Ok(text),
            "json" => Ok(value.to_json()),
            "csv" => row(",", &|item| match item {
                Value::Text(text) => Ok(format!("\"{}\"", text.replace('"', "\"\""))),
                other => single(other),
            }),
            "tsv" => row("\t", &|item| Ok(replaced(&single(item)?, &[("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")]))),
            "html" => Ok(replaced(&text, &[("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#39;"), ("\"", "&quot;")])),
            "uri" => {
                let mut out = String::new();
                push_percent_encoded(&text, b"-_.~", &mut out);
                Ok(out)
            }
            "sh" => {
                let quoted = |item: &Value| match item {
                    Value::Text(text) => Ok(format!("'{}'", text.replace('\'', "'\\''"))),
                    Value::List(_) | Value::Map(_) => fault(),
                    other => Ok(as_text(other)),
                };
                if value.as_list().is_some() { row(" ", &quoted) } else { quoted(value) }
            }
            "base64" => Ok(Base64::Standard.encode(text.as_bytes())),
            "base64d" => {
                let bytes = Base64::Standard.decode(&text).map_err(|_| Stop::Error(Value::Null))?;
                Ok(String::from_utf8_lossy(&bytes).into_owned())
            }
            _ => fault(),
        }
    }
}

/// A text as it is, anything else as JSON.
fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_json(), str::to_owned)
}

fn numeric(value: &Value) -> Result<f64, Stop> {
    number(value).ok_or(Stop::Error(Value::Null))
}

/// A function without arguments; `None` when there is no such function.
fn plain(name: &str, input: &Value) -> Result<Option<Value>, Stop> {
    let text = || input.as_str().ok_or(Stop::Error(Value::Null));
    let float = |value: f64| Value::Float(Float(value));
    Ok(Some(match name {
        "length" => match input {
            Value::Null => Value::Int(0),
            Value::Int(number) => Value::Int(number.wrapping_abs()),
            Value::Float(Float(number)) => numeral(number.abs()),
            Value::Text(text) => Value::Int(text.chars().count() as i64),
            Value::List(items) => Value::Int(items.len() as i64),
            Value::Map(map) => Value::Int(map.len() as i64),
            _ => return fault(),
        },
        "utf8bytelength" => Value::Int(text()?.len() as i64),
        "keys" | "keys_unsorted" => match input {
            Value::Map(map) if name == "keys" => Value::list(sorted_keys(map)),
            Value::Map(map) => ops::keys(map),
            Value::List(items) => Value::list((0..items.len()).map(|idx| Value::Int(idx as i64))),
            _ => return fault(),
        },
        "type" => Value::text(match input {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Int(_) | Value::Float(_) => "number",
            Value::List(_) => "array",
            Value::Map(_) => "object",
            _ => "string",
        }),
        "tostring" => Value::text(&as_text(input)),
        "tojson" => Value::text(&input.to_json()),
        "fromjson" => Value::from_json(text()?).ok_or(Stop::Error(Value::Null))?,
        "tonumber" => match input {
            Value::Text(text) => Value::from_json(text).filter(|value| number(value).is_some()).ok_or(Stop::Error(Value::Null))?,
            other => number(other).map(|_| other.clone()).ok_or(Stop::Error(Value::Null))?,
        },
        "floor" => float(numeric(input)?.floor()),
        "ceil" => float(numeric(input)?.ceil()),
        "round" => float(numeric(input)?.round()),
        "sqrt" => float(numeric(input)?.sqrt()),
        "sin" | "cos" | "tan" | "asin" | "acos" | "atan" | "exp" | "exp2" | "exp10" | "log" | "log2" | "log10" | "cbrt" | "now" => {
            if name != "now" {
                numeric(input)?;
            }
            return Err(Stop::Unknown);
        }
        "infinite" => float(f64::INFINITY),
        "nan" => float(f64::NAN),
        "isinfinite" => Value::Bool(numeric(input)?.is_infinite()),
        "isnan" => Value::Bool(numeric(input)?.is_nan()),
        "ascii_downcase" => Value::text(&text()?.to_ascii_lowercase()),
        "ascii_upcase" => Value::text(&text()?.to_ascii_uppercase()),
        "explode" => Value::list(text()?.chars().map(|c| Value::Int(i64::from(u32::from(c))))),
        "implode" => {
            let items = input.as_list().ok_or(Stop::Error(Value::Null))?;
            let one = |item: &Value| if let Value::Int(code) = item { u32::try_from(*code).ok().and_then(char::from_u32) } else { None };
            Value::text(&items.iter().map(one).collect::<Option<String>>().ok_or(Stop::Error(Value::Null))?)
        }
        "reverse" if *input == Value::Null => Value::list([]),
        "reverse" => Value::list(input.as_list().ok_or(Stop::Error(Value::Null))?.iter().rev().cloned()),
        "to_entries" => match input {
            Value::Map(map) => {
                Value::list(map.iter().map(|(key, value)| Value::map([("key", Value::Text(Rc::clone(key))), ("value", value.clone())])))
            }
            Value::List(items) => Value::list(
                items.iter().enumerate().map(|(nth, item)| Value::map([("key", Value::Int(nth as i64)), ("value", item.clone())])),
            ),
            _ => return fault(),
        },
        "from_entries" => {
            let mut map = Map::new();
            for entry in input.as_list().ok_or(Stop::Error(Value::Null))? {
                let named = |names: [&str; 4]| names.into_iter().find_map(|name| entry.get(name).filter(|value| **value != Value::Null));
                let key = match named(["key", "Key", "name", "Name"]) {
                    Some(key @ (Value::Text(_) | Value::Int(_) | Value::Float(_) | Value::Bool(_))) => as_text(key),
                    _ => return fault(),
                };
                map.insert(key, entry.get("value").or(entry.get("Value")).cloned().unwrap_or_default());
            }
            Value::Map(Rc::new(map))
        }
        "fromdateiso8601" => Value::Int(parse_iso_instant(text()?).ok_or(Stop::Error(Value::Null))?.div_euclid(1000)),
        "todateiso8601" => {
            let date = iso_instant((numeric(input)? * 1000.0) as i64);
            Value::text(&date.replace(".000Z", "Z"))
        }
        _ => return Ok(None),
    }))
}

/// A function with one argument that is a value.
fn of_other(name: &str, input: &Value, other: &Value) -> Found {
    Ok(match (name, input, other) {
        ("has", Value::Map(map), Value::Text(key)) => Value::Bool(map.get(key).is_some()),
        ("has", Value::List(items), Value::Int(at)) => Value::Bool((0..items.len() as i64).contains(at)),
        ("contains", ..) => Value::Bool(contains(input, other)),
        ("flatten", Value::List(items), Value::Int(depth)) if *depth >= 0 => {
            let mut flat = Vec::new();
            flatten(items, *depth, &mut flat);
            Value::list(flat)
        }
        ("join", Value::List(items), Value::Text(by)) => {
            let print = |item: &Value| if *item == Value::Null { String::new() } else { as_text(item) };
            let joined = items.iter().map(print).collect::<Vec<_>>().join(by);
            if joined.len() > LONGEST_TEXT {
                return Err(Stop::TooMuch);
            }
            Value::text(&joined)
        }
        ("split", Value::Text(text), Value::Text(by)) if by.is_empty() => {
            if text.chars().nth(MOST_STEPS).is_some() {
                return Err(Stop::TooMuch);
            }
            Value::list(text.chars().map(|c| Value::text(c.encode_utf8(&mut [0; 4]))))
        }
        ("split", Value::Text(text), Value::Text(by)) => split(text, by)?,
        ("startswith", Value::Text(text), Value::Text(other)) => Value::Bool(text.starts_with(&**other)),
        ("endswith", Value::Text(text), Value::Text(other)) => Value::Bool(text.ends_with(&**other)),
        ("ltrimstr", Value::Text(text), Value::Text(other)) => Value::text(text.strip_prefix(&**other).unwrap_or(text)),
        ("rtrimstr", Value::Text(text), Value::Text(other)) => Value::text(text.strip_suffix(&**other).unwrap_or(text)),
        ("ltrimstr" | "rtrimstr", ..) => input.clone(),
        ("index" | "rindex" | "indices", Value::Null, _) => Value::Null,
        ("index" | "rindex" | "indices", ..) => {
            let places = places(input, other)?;
            match name {
                "index" => places.into_iter().next().unwrap_or_default(),
                "rindex" => places.into_iter().next_back().unwrap_or_default(),
                _ => Value::list(places),
            }
        }
        _ => return fault(),
    })
}

fn flatten(items: &[Value], depth: i64, flat: &mut Vec<Value>) {
    for item in items {
        match item {
            Value::List(inner) if depth > 0 => flatten(inner, depth.saturating_sub(1), flat),
            other => flat.push(other.clone()),
        }
    }
}

/// Where a value is in another: a text in a text, a list or an item in a list.
fn places(input: &Value, other: &Value) -> Result<Vec<Value>, Stop> {
    let place = |at: usize| Value::Int(at as i64);
    match (input, other) {
        (Value::Text(_), Value::Text(part)) if part.is_empty() => Ok(Vec::new()),
        (Value::Text(text), Value::Text(part)) => {
            let begins = |at: &usize| text.get(*at..).is_some_and(|rest| rest.starts_with(&**part));
            Ok(text.char_indices().enumerate().filter(|(_, (at, _))| begins(at)).map(|(nth, _)| place(nth)).collect())
        }
        (Value::List(items), Value::List(part)) if !part.is_empty() => {
            Ok(items.windows(part.len()).enumerate().filter(|(_, window)| *window == &part[..]).map(|(nth, _)| place(nth)).collect())
        }
        (Value::List(items), item) => {
            Ok(items.iter().enumerate().filter(|(_, known)| order(known, item).is_eq()).map(|(nth, _)| place(nth)).collect())
        }
        _ => fault(),
    }
}

/// The matches of a pattern in a text: a list of `{offset, length, string, captures}`.
fn found(text: Option<&str>, pattern: Option<&str>, flags: &str, budget: &Budget) -> Found {
    let (Some(text), Some(pattern)) = (text, pattern) else { return fault() };
    if flags.contains(|flag: char| !"gixn".contains(flag)) {
        return Err(Stop::Unknown);
    }
    let modes: String = flags.chars().filter(|flag| "ix".contains(*flag)).collect();
    let pattern = if modes.is_empty() { pattern.to_owned() } else { format!("(?{modes}){pattern}") };
    let regex = match Regex::java(&pattern) {
        Ok(regex) if regex.affords(text.len(), budget) => regex,
        Err(Fault::Invalid) => return fault(),
        _ => return Err(Stop::Unknown),
    };
    let n_chars = |part: &str| Value::Int(part.chars().count() as i64);
    let part = |found: regex_lite::Match<'_>| {
        let before = text.get(..found.start()).unwrap_or_default();
        [("offset", n_chars(before)), ("length", n_chars(found.as_str())), ("string", Value::text(found.as_str()))]
    };
    let most = if flags.contains('g') { usize::MAX } else { 1 };
    let names: Vec<Option<&str>> = regex.group_names().collect();
    let one = |groups: regex_lite::Captures<'_>| {
        let captures = names.iter().enumerate().skip(1).map(|(nth, name)| {
            let name = ("name", name.map_or(Value::Null, Value::text));
            match groups.get(nth) {
                Some(group) => Value::map(part(group).into_iter().chain([name])),
                None => Value::map([("offset", Value::Int(-1)), ("length", Value::Int(0)), ("string", Value::Null), name]),
            }
        });
        let captures = Value::list(captures);
        Value::map(groups.get(0).map(part).into_iter().flatten().chain([("captures", captures)]))
    };
    Ok(Value::list(regex.find_all(text).take(most).map(one)))
}
