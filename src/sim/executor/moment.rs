//! Moments of a run, finer than a millisecond.

use crate::time::SimTime;

/// A moment: a time, and within it the order in which a server does things after each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Moment {
    /// The time that is shown.
    pub at: SimTime,
    /// What is carried along of the hand-overs so far.
    pub tick: u32,
}

/// What the hand-overs between the parts of a server cost. Only the order that follows from them matters. Rule: Kestra,
/// "Order within a millisecond".
pub mod ticks {
    /// From a change of an execution to the next pass over it.
    pub const PASS: u32 = 4;
    /// From a job to the worker that takes it.
    pub const TAKE: u32 = 12;
    /// From the end of its work to the worker's report.
    pub const WORK: u32 = 1;
    /// From a worker's report to the executor.
    pub const REPORT: u32 = 6;
    /// From an interruption to the worker.
    pub const INTERRUPT: u32 = 8;
    /// From one execution to another.
    pub const EXECUTION: u32 = 12;
}

impl Moment {
    /// The first moment of a time.
    pub fn at(at: SimTime) -> Self {
        Self { at, tick: 0 }
    }

    /// Some ticks later.
    pub fn after(self, ticks: u32) -> Self {
        Self { tick: self.tick.saturating_add(ticks), ..self }
    }

    /// A length of time later, with the ticks so far.
    pub fn plus(self, length: SimTime) -> Self {
        Self { at: self.at + length, ..self }
    }

    /// A length of time later. Without `carries` the ticks of another millisecond count from 0 again.
    pub fn later(self, length: SimTime, carries: bool) -> Self {
        let tick = if carries || length == SimTime::ZERO { self.tick } else { 0 };
        Self { at: self.at + length, tick }
    }
}
