//! What an item is planned to be, in a dialect that has plans: its title, dates and length, and what a failure leads to.
//!
//! Dates are milliseconds since 1970-01-01T00:00:00Z, lengths virtual time. Rules: XL Release, "Timing and control fields".

use std::rc::Rc;

use crate::flow::behavior::View;
use crate::time::SimTime;

/// The plan of an item: a phase, a group or a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its title, with the variables that are known; ids are made from it.
    pub title: Rc<str>,
    /// Who does it.
    pub doer: Doer,
    /// `plannedDuration`: how long it is planned to take; `None` when nothing is said.
    pub length: Option<SimTime>,
    /// `scheduledStartDate`: when it is planned to start.
    pub starts_at: Option<i64>,
    /// Whether it is held until then, when it is reached earlier.
    pub is_held: bool,
    /// `dueDate`: when it is planned to end. Nothing is stopped then.
    pub due_at: Option<i64>,
    /// Whether it is skipped.
    pub precondition: Precondition,
    /// What follows when it fails.
    pub recovery: Recovery,
}

/// Who does an item, which decides how long it takes when nothing is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doer {
    /// A person: an hour.
    Person,
    /// A person who lets the release through: an hour. It may be approved earlier.
    Gate,
    /// A machine: a minute.
    Machine,
    /// Those it holds: as long as they take.
    Children,
}

/// Whether an item runs when it is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precondition {
    /// There is none, or it is always true.
    Met,
    /// It is always false.
    NotMet,
    /// A script that is not run: the assumption `tasks.<id>.precondition` stands for it.
    Script,
}

/// What follows when an item fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// The release halts there.
    Halt,
    /// The item is skipped.
    Skip,
    /// A script that is not run: the assumption `tasks.<id>.failureHandler` stands for it.
    Script,
}

impl Plan {
    /// How long it takes when nothing is planned; `None` for what holds others.
    #[must_use]
    pub fn usual_length(&self) -> Option<SimTime> {
        match self.doer {
            Doer::Person | Doer::Gate => Some(SimTime(3_600_000)),
            Doer::Machine => Some(SimTime(60_000)),
            Doer::Children => None,
        }
    }
}

/// How long it is until a date, in milliseconds since 1970-01-01T00:00:00Z; `None` when the date is past, or when nothing
/// says when the flow starts.
#[must_use]
pub fn until(date: i64, view: &dyn View<'_>) -> Option<SimTime> {
    view.flow().starts_at?;
    u64::try_from(date.checked_sub(view.now_epoch_ms())?).ok().filter(|ms| *ms > 0).map(SimTime)
}
