//! `ForEach` and the older `EachSequential` and `EachParallel`: the tasks of a group for each of several values. Rules:
//! Kestra, "ForEach". Values side by side are lanes: an earlier lane goes first, and between two of its tasks a lane holds
//! no slot.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::rc::Rc;

use super::{Context, Opening};
use crate::collections::Index;
use crate::flow::{EachOrder, TaskIdx};
use crate::sim::group::{Children, Order, Pick};
use crate::sim::trace::RunIdx;
use crate::time::SimTime;
use crate::value::Value;

/// The children, and how they are picked.
pub fn open<'f>(
    values: &Value,
    limit: u32,
    order: EachOrder,
    tasks: &'f [TaskIdx],
    context: &Context<'_, 'f>,
) -> Result<Opening<'f>, String> {
    let values = items(values, context)?;
    let order = match (order, limit) {
        (EachOrder::Pairs, limit) => Order::Window(limit),
        (EachOrder::Sequential, _) | (EachOrder::Lanes, 1) => Order::Sequential,
        (EachOrder::Lanes, limit) => {
            let enabled: Vec<bool> = tasks.iter().map(|task| !context.flow().task(*task).disabled).collect();
            Order::Lanes(limit, Lanes::new(enabled, values.len(), context.now()))
        }
    };
    Ok(Opening { children: Children { tasks, values: Some(values) }, order, ..Opening::default() })
}

/// The values: a text is rendered and read as a JSON list, each item of a list is rendered. What is no text becomes its
/// JSON; of equal ones the first is kept.
fn items(written: &Value, context: &Context<'_, '_>) -> Result<Vec<Rc<str>>, String> {
    let rendered = match written {
        Value::Text(text) => match context.render(text)? {
            Value::Text(json) => Value::from_json(&json).ok_or_else(|| format!("Unable to parse `{json}` as a list of values"))?,
            other => other,
        },
        Value::List(items) => Value::List(Rc::new(items.iter().map(|item| context.render_value(item)).collect::<Result<_, _>>()?)),
        other => other.clone(),
    };
    let rendered = match &rendered {
        Value::Unknown(_) => {
            context.assume(&rendered, "values", &|path| samples(path), "three samples stand for values that only a real server knows")
        }
        _ => rendered,
    };
    let items: Vec<Value> = match &rendered {
        Value::List(items) => items.to_vec(),
        Value::Map(map) => {
            map.iter().map(|(key, value)| Value::map([("key", Value::Text(Rc::clone(key))), ("value", value.clone())])).collect()
        }
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    let n_null = items.iter().filter(|item| **item == Value::Null).count();
    if n_null > 0 {
        return Err(format!("Found '{n_null}' null values on Each, with values={}", java_text(&rendered)));
    }
    let mut seen = Index::default();
    let text = |item: &Value| match item {
        Value::Text(text) => Rc::clone(text),
        other => other.print(),
    };
    Ok(items.iter().map(text).filter(|text| seen.insert(text)).collect())
}

/// Three items that stand for values that only a real server knows.
fn samples(path: &str) -> Value {
    Value::list((0..3).map(|n| Value::unknown(&format!("{path}[{n}]"))))
}

/// A value as Java prints it in messages: `[1, null, {key=my-key}]`.
fn java_text(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::List(items) => format!("[{}]", items.iter().map(java_text).collect::<Vec<_>>().join(", ")),
        Value::Map(map) => {
            format!("{{{}}}", map.iter().map(|(key, value)| format!("{key}={}", java_text(value))).collect::<Vec<_>>().join(", "))
        }
        other => other.print().to_string(),
    }
}

/// The values of a group side by side, each with its tasks one after another.
#[derive(Debug)]
pub struct Lanes {
    /// Which of the tasks of each lane there are at all.
    enabled: Vec<bool>,
    lanes: Vec<Lane>,
    /// Lanes whose next task may start, in order of their values.
    ready: BinaryHeap<Reverse<u32>>,
}

#[derive(Debug, Clone, Copy)]
struct Lane {
    /// The next of its tasks.
    next: u32,
    ready_at: SimTime,
    released_by: Option<RunIdx>,
}

impl Lanes {
    fn new(enabled: Vec<bool>, n_values: usize, now: SimTime) -> Self {
        let lanes = vec![Lane { next: 0, ready_at: now, released_by: None }; n_values];
        let mut lanes = Self { enabled, lanes, ready: BinaryHeap::new() };
        (0..n_values as u32).for_each(|lane| lanes.make_ready(lane));
        lanes
    }

    /// Steps over disabled tasks; a lane without further tasks is through.
    fn make_ready(&mut self, lane: u32) {
        let next = &mut self.lanes[lane as usize].next;
        while self.enabled.get(*next as usize) == Some(&false) {
            *next += 1;
        }
        if (*next as usize) < self.enabled.len() {
            self.ready.push(Reverse(lane));
        }
    }

    /// Takes the next tasks of the first `n` lanes that may go on.
    pub fn pick(&mut self, n: usize, picks: &mut Vec<Pick>) {
        while picks.len() < n {
            let Some(Reverse(at)) = self.ready.pop() else { return };
            let n_tasks = self.enabled.len();
            let lane = &mut self.lanes[at as usize];
            let place = at as usize * n_tasks + lane.next as usize;
            picks.push(Pick { place, ready_at: lane.ready_at, released_by: lane.released_by });
            lane.next += 1;
        }
    }

    /// The task at a place has ended.
    pub fn ended(&mut self, place: u32, run: RunIdx, now: SimTime) {
        let at = place / self.enabled.len() as u32;
        let lane = &mut self.lanes[at as usize];
        (lane.ready_at, lane.released_by) = (now, Some(run));
        self.make_ready(at);
    }
}
