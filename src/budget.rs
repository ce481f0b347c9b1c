//! What a run may use: work and bytes. Both are counted, never measured, so a run is stopped at the same place everywhere.
//!
//! Expressions, scripts, patterns and `jq` draw work. The run itself draws bytes for what it keeps.

#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::string_slice))]

use std::cell::Cell;

/// The work of a run, in steps of a tenth of a microsecond, about.
pub const WORK: u64 = 15_000_000;
/// What a run may keep beside its events: outputs, logs, values, executions.
pub const BYTES: u64 = 240 << 20;

/// What a budget is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// Steps of expressions and scripts.
    Work,
    /// Bytes of what is kept.
    Bytes,
}

/// What a run may still use.
#[derive(Debug)]
pub struct Budget {
    work: Cell<u64>,
    bytes: Cell<u64>,
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(WORK, BYTES)
    }
}

impl Budget {
    /// So many steps and so many bytes.
    #[must_use]
    pub fn new(work: u64, bytes: u64) -> Self {
        Self { work: Cell::new(work), bytes: Cell::new(bytes) }
    }

    /// Draws so many steps. False once the budget is used up.
    pub fn work(&self, n_steps: usize) -> bool {
        draw(&self.work, n_steps)
    }

    /// Draws so many bytes. False once the budget is used up.
    pub fn keep(&self, n_bytes: usize) -> bool {
        draw(&self.bytes, n_bytes)
    }

    /// The steps and the bytes that are left.
    #[must_use]
    pub fn left(&self) -> [u64; 2] {
        [self.work.get(), self.bytes.get()]
    }

    /// What is used up; `None` while something of both is left.
    #[must_use]
    pub fn spent(&self) -> Option<Resource> {
        match self.left() {
            [0, _] => Some(Resource::Work),
            [_, 0] => Some(Resource::Bytes),
            _ => None,
        }
    }
}

fn draw(of: &Cell<u64>, n: usize) -> bool {
    let left = of.get().saturating_sub(n as u64);
    of.set(left);
    left > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_up_stays_so() {
        let budget = Budget::new(10, 5);
        assert!(budget.work(9) && budget.keep(4) && budget.work(0));
        assert_eq!((budget.left(), budget.spent()), ([1, 1], None));
        assert!(!budget.keep(usize::MAX) && !budget.keep(0));
        assert_eq!(budget.spent(), Some(Resource::Bytes));
        assert!(!budget.work(1));
        assert_eq!((budget.left(), budget.spent()), ([0, 0], Some(Resource::Work)));
    }
}
