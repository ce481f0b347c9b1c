//! What evaluates one text: the names it can see and what it may cost.

use super::Scope;
use super::operators::java_text;
use super::output::Limits;
use super::tree::{Fault, Outcome, Template};
use crate::value::Value;

/// How deep evaluations may nest.
const DEEPEST: u32 = 150;

/// Names that a text defines itself.
#[derive(Debug, Default)]
pub(super) struct Frame<'t> {
    /// Whether it is the frame of a macro, which sees no names outside.
    pub is_local: bool,
    pub names: Vec<(&'t str, Value)>,
}

impl<'t> Frame<'t> {
    pub fn get(&mut self, name: &str) -> Option<&mut Value> {
        self.names.iter_mut().rev().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    pub fn set(&mut self, name: &'t str, value: Value) {
        match self.get(name) {
            Some(place) => *place = value,
            None => self.names.push((name, value)),
        }
    }
}

/// Evaluates one text.
pub(super) struct Evaluator<'t> {
    pub template: &'t Template<'t>,
    /// The place it is evaluated at.
    pub scope: &'t dyn Scope,
    /// What it has used of what it may cost.
    pub limits: &'t Limits<'t>,
    pub frames: Vec<Frame<'t>>,
}

impl<'t> Evaluator<'t> {
    /// Runs a step that may nest further steps.
    pub fn within<T>(&mut self, at: usize, inner: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        self.limits.step(1).map_err(|message| Fault::new(message, at..at))?;
        let depth = self.limits.depth.get();
        if depth >= DEEPEST {
            return Err(Fault::new(format!("more than {DEEPEST} expressions within each other"), at..at));
        }
        self.limits.depth.set(depth.saturating_add(1));
        let done = inner(self);
        self.limits.depth.set(depth);
        done
    }

    /// Sets a name where it is already known, or else here.
    pub fn set(&mut self, name: &'t str, value: Value) {
        let outer = self.scope.variable(name).is_some();
        let here = self.frames.len().saturating_sub(1);
        let mut frames = self.frames.iter_mut().enumerate().rev();
        let is_known = |at: usize, frame: &mut Frame| frame.is_local || frame.get(name).is_some() || (at == 0 && outer);
        let known = frames.find_map(|(at, frame)| is_known(at, frame).then_some(at));
        if let Some(frame) = self.frames.get_mut(known.unwrap_or(here)) {
            frame.set(name, value);
        }
    }

    /// The value of a name; `None` when it is not defined.
    pub fn variable(&mut self, name: &str) -> Option<Value> {
        for frame in self.frames.iter_mut().rev() {
            if let Some(value) = frame.get(name) {
                return Some(value.clone());
            }
            if frame.is_local {
                return None;
            }
        }
        self.scope.variable(name)
    }

    /// The value below an unknown one, by its key.
    pub fn below(&self, path: &str, key: &Value) -> Value {
        let path = match key {
            Value::Int(idx) => format!("{path}[{idx}]"),
            key => format!("{path}.{}", java_text(key)),
        };
        self.assumed(&path)
    }

    /// The value assumed for a path, or else an unknown one.
    pub fn assumed(&self, path: &str) -> Value {
        self.scope.assumed(path).unwrap_or_else(|| Value::unknown(path))
    }
}
