//! Children that start only once those have ended that they depend on, in whatever state. Rule: Kestra, "Dag". A dependency
//! that is disabled never runs, and nothing waits for it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Pick;
use crate::sim::trace::RunIdx;
use crate::time::SimTime;

/// What the children still wait for, by place in the group.
#[derive(Debug, Default)]
pub struct Dependencies {
    tasks: Vec<Dependent>,
    /// Places that may start, in source order.
    ready: BinaryHeap<Reverse<u32>>,
}

#[derive(Debug, Default, Clone)]
struct Dependent {
    /// How many of those it depends on have not ended.
    n_open: u32,
    /// Those that depend on it.
    waiting: Vec<u32>,
    ready_at: SimTime,
    released_by: Option<RunIdx>,
}

impl Dependencies {
    /// `depends_on` holds for each place those it depends on; a place that is not enabled neither starts nor holds up others.
    pub fn new(depends_on: &[Vec<u32>], is_enabled: impl Fn(u32) -> bool, now: SimTime) -> Self {
        let mut tasks = vec![Dependent { ready_at: now, ..Dependent::default() }; depends_on.len()];
        for (place, wanted) in (0u32..).zip(depends_on).filter(|(place, _)| is_enabled(*place)) {
            for wanted in wanted.iter().copied().filter(|wanted| is_enabled(*wanted)) {
                tasks[place as usize].n_open += 1;
                tasks[wanted as usize].waiting.push(place);
            }
        }
        let ready =
            (0u32..).zip(&tasks).filter(|(place, task)| task.n_open == 0 && is_enabled(*place)).map(|(place, _)| Reverse(place)).collect();
        Self { tasks, ready }
    }

    /// Takes the first `n` that may start.
    pub fn pick(&mut self, n: usize, picks: &mut Vec<Pick>) {
        while picks.len() < n {
            let Some(Reverse(place)) = self.ready.pop() else { return };
            let task = &self.tasks[place as usize];
            picks.push(Pick { place: place as usize, ready_at: task.ready_at, released_by: task.released_by });
        }
    }

    /// Whether one may start as soon as there is a slot.
    pub fn any_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// The task at a place has ended.
    pub fn ended(&mut self, place: u32, run: RunIdx, now: SimTime) {
        for waiting in std::mem::take(&mut self.tasks[place as usize].waiting) {
            let task = &mut self.tasks[waiting as usize];
            task.n_open -= 1;
            (task.ready_at, task.released_by) = (now, Some(run));
            if task.n_open == 0 {
                self.ready.push(Reverse(waiting));
            }
        }
    }
}
