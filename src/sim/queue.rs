//! What is due when.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Events by time. Equal times come out in the order they went in, so the same flow and scenario always give the
/// same trace.
///
/// Most of what goes in comes out again before all the rest, so the next few are kept in a short list.
#[derive(Debug)]
pub struct EventQueue<At, E> {
    /// The next ones, the very next one last.
    next: Vec<Due<At, E>>,
    /// Those that come after all of these.
    later: BinaryHeap<Reverse<Due<At, E>>>,
    n_pushed: u64,
}

/// How many events the short list has at most.
const N_NEXT: usize = 16;

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
        Self { next: Vec::with_capacity(N_NEXT + 1), later: BinaryHeap::new(), n_pushed: 0 }
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
        let due = Due { at, nth, event };
        let n_after = self.next.iter().take_while(|other| due < **other).count();
        if n_after == 0 && self.later.peek().is_some_and(|Reverse(first)| *first < due) {
            return self.later.push(Reverse(due));
        }
        self.next.insert(n_after, due);
        if self.next.len() > N_NEXT {
            self.later.push(Reverse(self.next.remove(0)));
        }
    }

    /// Takes the next event and its time.
    pub fn pop(&mut self) -> Option<(At, E)> {
        let due = self.next.pop().or_else(|| self.later.pop().map(|Reverse(due)| due))?;
        Some((due.at, due.event))
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

    #[test]
    fn many_come_out_in_order_whatever_goes_in_between() {
        let mut queue = EventQueue::new();
        let (mut now, mut n_out, mut last) = (0, 0, (SimTime(0), 0));
        for nth in 0..5_000_u64 {
            let length = crate::random::mix(nth) % if nth % 3 == 0 { 1000 } else { 4 };
            queue.push(SimTime(now + length), nth);
            // Fewer come out than go in, and in the end the rest.
            while n_out < nth * 2 / 3 || nth == 4_999 {
                let Some((at, event)) = queue.pop() else { break };
                assert!((at, event) > last || n_out == 0, "{event} at {at:?} came after {last:?}");
                (now, n_out, last) = (at.0, n_out + 1, (at, event));
            }
        }
        assert_eq!(n_out, 5_000);
    }
}
