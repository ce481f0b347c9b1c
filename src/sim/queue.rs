//! What is due when.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::time::SimTime;

/// Events by time. Equal times come out in the order they went in, so the same flow and scenario always give the
/// same trace.
#[derive(Debug)]
pub struct EventQueue<E> {
    due: BinaryHeap<Reverse<Due<E>>>,
    n_pushed: u64,
}

#[derive(Debug)]
struct Due<E> {
    at: SimTime,
    nth: u64,
    event: E,
}

impl<E> EventQueue<E> {
    /// An empty queue.
    #[must_use]
    pub fn new() -> Self {
        Self { due: BinaryHeap::new(), n_pushed: 0 }
    }

    /// Adds an event that is due at `at`.
    pub fn push(&mut self, at: SimTime, event: E) {
        self.due.push(Reverse(Due { at, nth: self.n_pushed, event }));
        self.n_pushed += 1;
    }

    /// Takes the next event if it is due at exactly this time.
    pub fn pop_at(&mut self, at: SimTime) -> Option<E> {
        let is_due = self.due.peek().is_some_and(|Reverse(due)| due.at == at);
        is_due.then(|| self.pop()).flatten().map(|(_, event)| event)
    }

    /// Takes the next event and its time.
    pub fn pop(&mut self) -> Option<(SimTime, E)> {
        self.due.pop().map(|Reverse(due)| (due.at, due.event))
    }
}

impl<E> Default for EventQueue<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E> Due<E> {
    fn key(&self) -> (SimTime, u64) {
        (self.at, self.nth)
    }
}

impl<E> PartialEq for Due<E> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl<E> Eq for Due<E> {}

impl<E> PartialOrd for Due<E> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> Ord for Due<E> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
