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
pub(super) fn set(value: Value, path: &[Value], new: Value) -> Found {
    changed(value, path, &mut |_| Ok(new.clone()))
}

/// The value with what `change` makes of what is at the end of a path. Lists and maps that nobody else has are not copied.
fn changed(value: Value, path: &[Value], change: &mut dyn FnMut(Value) -> Found) -> Found {
    let Some((key, rest)) = path.split_first() else { return change(value) };
    match (value, key) {
        (value @ (Value::Map(_) | Value::Null), Value::Text(key)) => {
            let mut map = if let Value::Map(map) = value { map } else { Rc::new(Map::new()) };
            let known = Rc::make_mut(&mut map);
            let inner = known.get_mut(key).map(std::mem::take).unwrap_or_default();
            known.insert(Rc::clone(key), changed(inner, rest, change)?);
            Ok(Value::Map(map))
        }
        (value @ (Value::List(_) | Value::Null), Value::Int(at)) => {
            let mut items = if let Value::List(items) = value { items } else { Rc::default() };
            let at = from_start(*at, items.len());
            let Ok(at) = usize::try_from(at) else { return fault() };
            if at >= LONGEST_LIST.max(items.len()) {
                return Err(Stop::TooMuch);
            }
            let known = Rc::make_mut(&mut items);
            if known.len() <= at {
                known.resize(at.saturating_add(1), Value::Null);
            }
            if let Some(item) = known.get_mut(at) {
                *item = changed(std::mem::take(item), rest, change)?;
            }
            Ok(Value::List(items))
        }
        _ => fault(),
    }
}

/// The value without what is at the end of a path, and how many values had to be moved for that.
pub(super) fn deleted(value: Value, path: &[Value]) -> Result<(Value, usize), Stop> {
    let Some((last, before)) = path.split_last() else { return Ok((Value::Null, 0)) };
    if get(&value, before)? == Value::Null {
        return Ok((value, 0));
    }
    let mut n_moved = 0;
    let value = changed(value, before, &mut |within| match (within, last) {
        (Value::Map(mut map), Value::Text(key)) => {
            n_moved = map.len();
            Rc::make_mut(&mut map).remove(key);
            Ok(Value::Map(map))
        }
        (Value::List(mut items), Value::Int(at)) => {
            let at = usize::try_from(from_start(*at, items.len())).ok().filter(|at| *at < items.len());
            if let Some(at) = at {
                n_moved = items.len().saturating_sub(at);
                Rc::make_mut(&mut items).remove(at);
            }
            Ok(Value::List(items))
        }
        _ => fault(),
    })?;
    Ok((value, n_moved))
}
