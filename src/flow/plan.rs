//! What an XL Release item is planned to be: its title, dates and length, and what a failure of it leads to.
//!
//! Dates are milliseconds since 1970-01-01T00:00:00Z, lengths virtual time. Rules: XL Release, "Timing and control fields".

use std::rc::Rc;

use crate::time::SimTime;

/// Whose words a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// Kestra flows.
    #[default]
    Kestra,
    /// XL Release templates.
    XlRelease,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Kestra, Self::XlRelease];

    /// Its name in files: `kestra`, `xl-release`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kestra => "kestra",
            Self::XlRelease => "xl-release",
        }
    }

    /// Its name for people.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Kestra => "Kestra",
            Self::XlRelease => "XL Release",
        }
    }

    /// What a text in this dialect is called by people.
    #[must_use]
    pub fn text_label(self) -> &'static str {
        match self {
            Self::Kestra => "Kestra flow",
            Self::XlRelease => "XL Release template",
        }
    }

    /// The dialect that a text in this one can be converted to.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Kestra => Self::XlRelease,
            Self::XlRelease => Self::Kestra,
        }
    }

    /// Whether the links in a parallel group are entries of their own. Otherwise they follow from `dependsOn` in a Dag and from
    /// the Sequentials in a Parallel.
    #[must_use]
    pub fn has_link_entries(self) -> bool {
        self == Self::XlRelease
    }
}

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
