//! What one attempt of a leaf will do.

use super::{Effect, View};
use crate::flow::state::State;
use crate::flow::{Level, SimNote, Takes, Task};
use crate::random::within;
use crate::time::SimTime;
use crate::value::Value;

/// What one attempt of a leaf will do, from the moment it begins.
#[derive(Debug, Default)]
pub struct Work {
    /// What it logs, each entry with the time since the attempt began, in order.
    pub logs: Vec<(SimTime, Level, Box<str>)>,
    /// How long it takes.
    pub duration: SimTime,
    /// Whether it fails.
    pub failed: bool,
    /// Whether it ends with a warning, if it does not fail.
    pub warned: bool,
    /// Its outputs.
    pub outputs: Option<Value>,
    /// What it does to its execution when it ends.
    pub effect: Effect,
}

/// What an attempt of a leaf will do, changed by its `# sim:` comment. Empty for a group.
#[must_use]
pub fn work<'f>(task: &'f Task, view: &dyn View<'f>) -> Work {
    let Some(leaf) = task.kind.as_leaf() else { return Work::default() };
    let work = leaf.work(task, view).unwrap_or_else(Work::fails);
    match task.sim_note {
        Some(note) => work.with_note(note, view),
        None => work,
    }
}

impl Work {
    /// It fails at once with this message.
    #[must_use]
    pub fn fails(message: String) -> Self {
        Self { logs: vec![(SimTime::ZERO, Level::Error, message.into())], failed: true, ..Self::default() }
    }

    /// The state it ends in, before `allowFailure` and `allowWarning` apply.
    #[must_use]
    pub fn state(&self) -> State {
        match self {
            Self { failed: true, .. } => State::Failed,
            Self { warned: true, .. } => State::Warning,
            Self { .. } => State::Success,
        }
    }

    /// Lets it fail after this long.
    pub fn cut_at(&mut self, length: SimTime, message: String) {
        self.logs.retain(|(at, ..)| *at <= length);
        self.logs.push((length, Level::Error, message.into()));
        (self.duration, self.failed, self.outputs, self.effect) = (length, true, None, Effect::None);
    }

    /// It begins this much later.
    pub fn delay(&mut self, length: SimTime) {
        self.duration = self.duration + length;
        self.logs.iter_mut().for_each(|(at, ..)| *at = *at + length);
    }

    /// Sets duration and end as a `# sim:` comment asks, and changes nothing else.
    fn with_note(mut self, note: SimNote, view: &dyn View<'_>) -> Self {
        if let Some(length) = note.length(view) {
            self.duration = length;
            self.logs.iter_mut().for_each(|(at, ..)| *at = (*at).min(self.duration));
            if matches!(self.effect, Effect::Endless(_)) {
                self.effect = Effect::None;
            }
        }
        if note.fails(view) {
            let after = self.duration;
            self.cut_at(after, "Failed by its `# sim:` comment".to_owned());
        }
        self
    }
}

impl SimNote {
    /// The length of one attempt; `None` when the note sets none.
    #[must_use]
    pub fn length(self, view: &dyn View<'_>) -> Option<SimTime> {
        let draw = |takes: Takes| takes.drawn(view.draw());
        self.takes.map(|takes| takes.only().filter(|_| self.is_certain_to_end()).unwrap_or_else(|| draw(takes)))
    }

    /// Whether one attempt fails.
    #[must_use]
    pub fn fails(self, view: &dyn View<'_>) -> bool {
        match self.fails_percent {
            0 => false,
            _ if self.is_certain_to_end() => true,
            percent => within(view.draw(), 1, 100) <= u64::from(percent),
        }
    }

    /// Whether every attempt ends the same way.
    fn is_certain_to_end(self) -> bool {
        matches!(self.fails_percent, 0 | 100)
    }
}
