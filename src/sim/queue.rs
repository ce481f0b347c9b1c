//! What is due when.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Events by time. Equal times come out in the order they went in, so the same flow and scenario always give the
/// same trace.
#[derive(Debug)]
pub struct EventQueue<At, E> {
    due: BinaryHeap<Reverse<Due<At, E>>>,
    n_pushed: u64,
}

#[derive(Debug)]
struct Due<At, E> {
    at: At,
    nth: u64,
    event: E,
}

impl<At: Ord + Copy, E> EventQueue<At, E> {
    /// An empty queue.
    #[must_use]
    pub fn new() -> Self {
        Self { due: BinaryHeap::new(), n_pushed: 0 }
    }

    /// Adds an event that is due at `at`.
    pub fn push(&mut self, at: At, event: E) {
        let nth = self.reserve();
        self.push_reserved(at, nth, event);
    }

    /// Reserves the place of an event among those of equal time, for [`Self::push_reserved`].
    pub fn reserve(&mut self) -> u64 {
        self.n_pushed += 1;
        self.n_pushed - 1
    }

    /// Adds an event that is due at `at`, at the place that was reserved for it.
    pub fn push_reserved(&mut self, at: At, nth: u64, event: E) {
        self.due.push(Reverse(Due { at, nth, event }));
    }

    /// Takes the next event and its time.
    pub fn pop(&mut self) -> Option<(At, E)> {
        self.due.pop().map(|Reverse(due)| (due.at, due.event))
    }
}

impl<At: Ord + Copy, E> Default for EventQueue<At, E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<At: Ord + Copy, E> Due<At, E> {
    fn key(&self) -> (At, u64) {
        (self.at, self.nth)
    }
}

impl<At: Ord + Copy, E> PartialEq for Due<At, E> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl<At: Ord + Copy, E> Eq for Due<At, E> {}

impl<At: Ord + Copy, E> PartialOrd for Due<At, E> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<At: Ord + Copy, E> Ord for Due<At, E> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SimTime;

    #[test]
    fn ties_come_out_in_the_order_they_went_in() {
        let mut queue = EventQueue::new();
        for (at, event) in [(2, 'c'), (1, 'a'), (2, 'd'), (1, 'b'), (0, 'z')] {
            queue.push(SimTime(at), event);
        }
        let order: String = std::iter::from_fn(|| queue.pop()).map(|(_, event)| event).collect();
        assert_eq!(order, "zabcd");
    }
}
