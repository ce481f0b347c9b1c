//! What is at the end of a path in a value, and values with something else there.

use std::rc::Rc;

use super::{Found, Map, Stop, Value, fault, from_start, index};

/// The longest list that setting a place may make.
const LONGEST_LIST: usize = 100_000;

/// What is at the end of a path; null where nothing is.
pub(super) fn get(value: &Value, path: &[Value]) -> Found {
    path.iter().try_fold(value.clone(), |value, key| index(&value, key))
}

/// The value with something else at the end of a path.
pub(super) fn set(value: &Value, path: &[Value], new: Value) -> Found {
    let Some((key, rest)) = path.split_first() else { return Ok(new) };
    let new = set(&index(value, key)?, rest, new)?;
    match (value, key) {
        (Value::Map(_) | Value::Null, Value::Text(key)) => {
            let mut map = value.as_map().cloned().unwrap_or_else(Map::new);
            map.insert(Rc::clone(key), new);
            Ok(Value::Map(Rc::new(map)))
        }
        (Value::List(_) | Value::Null, Value::Int(at)) => {
            let mut items = value.as_list().map(<[Value]>::to_vec).unwrap_or_default();
            let at = from_start(*at, items.len());
            let Ok(at) = usize::try_from(at) else { return fault() };
            if at >= LONGEST_LIST {
                return Err(Stop::TooMuch);
            }
            if items.len() <= at {
                items.resize(at.saturating_add(1), Value::Null);
            }
            if let Some(item) = items.get_mut(at) {
                *item = new;
            }
            Ok(Value::list(items))
        }
        _ => fault(),
    }
}

/// The value without what is at the end of a path.
pub(super) fn deleted(value: &Value, path: &[Value]) -> Found {
    let Some((key, rest)) = path.split_first() else { return Ok(Value::Null) };
    if !rest.is_empty() {
        let inner = index(value, key)?;
        return if inner == Value::Null { Ok(value.clone()) } else { set(value, std::slice::from_ref(key), deleted(&inner, rest)?) };
    }
    match (value, key) {
        (Value::Null, _) => Ok(Value::Null),
        (Value::Map(map), Value::Text(key)) => {
            let mut map = Map::clone(map);
            map.remove(key);
            Ok(Value::Map(Rc::new(map)))
        }
        (Value::List(items), Value::Int(at)) => {
            let at = from_start(*at, items.len());
            let kept = items.iter().enumerate().filter(|(nth, _)| *nth as i64 != at);
            Ok(Value::list(kept.map(|(_, item)| item.clone())))
        }
        _ => fault(),
    }
}
