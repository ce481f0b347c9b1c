//! Children that start only once those have ended that they depend on, in whatever state. Rule: Kestra, "Dag". Whether
//! anything waits for a dependency that is disabled differs between versions.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Pick;
use crate::sim::trace::RunIdx;
use crate::time::SimTime;

/// What the children still wait for, by place in the group.
#[derive(Debug, Default)]
pub struct Dependencies {
    tasks: Vec<Dependent>,
    /// Places that may start, in source order; one that has to wait again after all is passed over.
    ready: BinaryHeap<Reverse<u32>>,
}

#[derive(Debug, Default, Clone)]
struct Dependent {
    /// How many of those it depends on have not ended.
    n_open: u32,
    /// Those that depend on it.
    dependents: Vec<u32>,
    is_picked: bool,
    ready_at: SimTime,
    released_by: Option<RunIdx>,
}

impl Dependencies {
    /// `depends_on` holds for each place those it depends on. A place that is not enabled does not start; it keeps those back
    /// that depend on it only if it `blocks`.
    pub fn new(depends_on: &[Vec<u32>], is_enabled: impl Fn(u32) -> bool, now: SimTime, blocks: bool) -> Self {
        let mut tasks = vec![Dependent { ready_at: now, ..Dependent::default() }; depends_on.len()];
        for (place, wanted) in (0u32..).zip(depends_on).filter(|(place, _)| is_enabled(*place)) {
            for wanted in wanted.iter().copied().filter(|wanted| blocks || is_enabled(*wanted)) {
                tasks[place as usize].n_open += 1;
                tasks[wanted as usize].dependents.push(place);
            }
        }
        let is_ready = |(place, task): &(u32, &Dependent)| task.n_open == 0 && is_enabled(*place);
        let ready = (0u32..).zip(&tasks).filter(is_ready).map(|(place, _)| Reverse(place)).collect();
        Self { tasks, ready }
    }

    /// Takes the first `n` that may start.
    pub fn pick(&mut self, n: usize, picks: &mut Vec<Pick>) {
        while picks.len() < n {
            let Some(Reverse(place)) = self.ready.pop() else { return };
            let task = &mut self.tasks[place as usize];
            if task.n_open == 0 && !std::mem::replace(&mut task.is_picked, true) {
                picks.push(Pick { place: place as usize, ready_at: task.ready_at, released_by: task.released_by });
            }
        }
    }

    /// Whether one may start as soon as there is a slot.
    pub fn any_ready(&self) -> bool {
        self.ready.iter().any(|Reverse(place)| self.tasks[*place as usize].n_open == 0 && !self.tasks[*place as usize].is_picked)
    }

    /// The task at a place has ended.
    pub fn ended(&mut self, place: u32, run: RunIdx, now: SimTime) {
        for at in 0..self.tasks[place as usize].dependents.len() {
            let dependent = self.tasks[place as usize].dependents[at];
            let task = &mut self.tasks[dependent as usize];
            task.n_open = task.n_open.saturating_sub(1);
            (task.ready_at, task.released_by) = (now, Some(run));
            if task.n_open == 0 {
                self.ready.push(Reverse(dependent));
            }
        }
    }

    /// The task at a place, which had ended, is open again.
    pub fn reopened(&mut self, place: u32) {
        for at in 0..self.tasks[place as usize].dependents.len() {
            let dependent = self.tasks[place as usize].dependents[at];
            self.tasks[dependent as usize].n_open += 1;
        }
    }
}
