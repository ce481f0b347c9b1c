//! Values side by side, each with its tasks one after another. Rule: Kestra, "ForEach". An earlier lane goes first, and
//! between two of its tasks a lane holds no slot.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Pick;
use crate::sim::trace::RunIdx;
use crate::time::SimTime;

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
    /// Whether it stands among those that are ready.
    is_ready: bool,
    /// Whether a task of it that had ended is open again.
    reopened: bool,
    ready_at: SimTime,
    released_by: Option<RunIdx>,
}

impl Lanes {
    /// Lanes that may all begin.
    pub fn new(enabled: Vec<bool>, n_values: usize, now: SimTime) -> Self {
        let lanes = vec![Lane { next: 0, is_ready: false, reopened: false, ready_at: now, released_by: None }; n_values];
        let mut lanes = Self { enabled, lanes, ready: BinaryHeap::new() };
        (0..n_values as u32).for_each(|lane| lanes.make_ready(lane));
        lanes
    }

    /// Steps over disabled tasks; a lane without further tasks has ended.
    fn make_ready(&mut self, lane: u32) {
        let Lane { next, is_ready, .. } = &mut self.lanes[lane as usize];
        while self.enabled.get(*next as usize) == Some(&false) {
            *next += 1;
        }
        if (*next as usize) < self.enabled.len() && !*is_ready {
            *is_ready = true;
            self.ready.push(Reverse(lane));
        }
    }

    /// Takes the next tasks of the first `n` lanes that may go on.
    pub fn pick(&mut self, n: usize, picks: &mut Vec<Pick>) {
        while picks.len() < n {
            let Some(Reverse(at)) = self.ready.pop() else { return };
            let n_tasks = self.enabled.len();
            let lane = &mut self.lanes[at as usize];
            lane.is_ready = false;
            if lane.reopened {
                continue;
            }
            let place = at as usize * n_tasks + lane.next as usize;
            picks.push(Pick { place, ready_at: lane.ready_at, released_by: lane.released_by });
            lane.next += 1;
        }
    }

    /// The task at a place has ended.
    pub fn ended(&mut self, place: u32, run: RunIdx, now: SimTime) {
        let at = place / self.enabled.len() as u32;
        let lane = &mut self.lanes[at as usize];
        lane.reopened = false;
        (lane.ready_at, lane.released_by) = (now, Some(run));
        self.make_ready(at);
    }

    /// The task at a place, which had ended, is open again.
    pub fn reopened(&mut self, place: u32) {
        let at = place / self.enabled.len() as u32;
        self.lanes[at as usize].reopened = true;
    }
}
