//! A small set of taskruns, in order.

use std::collections::{VecDeque, vec_deque};

use crate::sim::trace::RunIdx;

/// Taskruns, each once, in order. A sorted list: most of these sets are empty or hold a few runs, and a pass asks each of them
/// many times. A pass takes the first out again and again, which moves nothing.
#[derive(Debug, Default)]
pub(super) struct RunSet(VecDeque<RunIdx>);

impl RunSet {
    pub fn insert(&mut self, run: RunIdx) {
        // Most runs are younger than those that are in it.
        if self.0.back().is_none_or(|last| *last < run) {
            self.0.push_back(run);
        } else if let Err(at) = self.0.binary_search(&run) {
            self.0.insert(at, run);
        }
    }

    pub fn remove(&mut self, run: RunIdx) {
        if let Ok(at) = self.0.binary_search(&run) {
            self.0.remove(at);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> vec_deque::Iter<'_, RunIdx> {
        self.0.iter()
    }

    /// The first run after another one; the first of all without one.
    pub fn after(&self, run: Option<RunIdx>) -> Option<RunIdx> {
        let first = run.map_or(0, |run| self.0.partition_point(|known| *known <= run));
        self.0.get(first).copied()
    }
}
