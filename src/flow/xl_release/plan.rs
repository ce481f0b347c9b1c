//! The plan of an item, in a dialect that has plans: its title, dates and duration, and what follows a failure.
//!
//! Dates are milliseconds since 1970-01-01T00:00:00Z, lengths virtual time. Rules: XL Release, "Timing and control fields".

use std::rc::Rc;

pub use super::script::Handling;
use crate::flow::TaskIdx;
use crate::flow::behavior::View;
use crate::time::{SimTime, parse_iso_instant};
use crate::tr;
use crate::value::Value;

/// The plan of an item: a phase, a group or a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its title with the values of known variables. Its id is made from it.
    pub title: Rc<str>,
    /// Who does it.
    pub doer: Doer,
    /// `plannedDuration`: how long it is planned to take; `None` when it is not written.
    pub length: Option<SimTime>,
    /// `scheduledStartDate`: when it is planned to start.
    pub starts_at: Option<i64>,
    /// Whether it waits until `starts_at`, when its turn comes earlier.
    pub is_held: bool,
    /// `dueDate`: when it is planned to end. It is not stopped then.
    pub due_at: Option<i64>,
    /// Whether it is skipped.
    pub precondition: Precondition,
    /// What follows when it fails.
    pub recovery: Recovery,
    /// `delayDuringBlackout`: whether it waits for the end of a blackout period.
    pub avoids_blackouts: bool,
    /// Namespace and id of the template, in the same text, that it starts when it ends.
    pub creates: Option<(Rc<str>, Rc<str>)>,
    /// The title of that release, when it is written.
    pub creates_title: Option<Rc<str>>,
    /// The tasks whose created releases it waits for.
    pub awaits: Vec<TaskIdx>,
}

/// Who does an item. This decides how long it takes when no duration is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doer {
    /// A person: an hour.
    Person,
    /// A person who approves a gate: an hour. It may be approved earlier.
    Gate,
    /// Nobody: a gate without conditions takes as long as the releases it waits for.
    Dependencies,
    /// A machine: a minute.
    Machine,
    /// Its children: as long as they take.
    Children,
}

/// Whether an item runs when its turn comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precondition {
    /// There is no precondition, or it is always true.
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
    /// The phase begins anew.
    RestartPhase,
    /// A script with a known outcome runs.
    Handler(Handling),
    /// A script that is not run: the assumption `tasks.<id>.failureHandler` stands for it.
    Script,
}

impl Plan {
    /// How long it takes when no duration is planned; `None` for an item with children.
    #[must_use]
    pub fn usual_length(&self) -> Option<SimTime> {
        match self.doer {
            Doer::Person | Doer::Gate => Some(SimTime(3_600_000)),
            Doer::Machine => Some(SimTime(60_000)),
            Doer::Dependencies => Some(SimTime::ZERO),
            Doer::Children => None,
        }
    }
}

/// The time until a date, which is in milliseconds since 1970-01-01T00:00:00Z. `None` when the date is past, or when the flow
/// has no start date.
#[must_use]
pub fn until(date: i64, view: &dyn View<'_>) -> Option<SimTime> {
    view.flow().starts_at?;
    u64::try_from(date.checked_sub(view.now_epoch_ms())?).ok().filter(|ms| *ms > 0).map(SimTime)
}

/// The assumption that holds the blackout periods: a list of texts, each as [`read_period`] reads it.
pub const BLACKOUTS: &str = "blackouts";

/// Blackout periods as people write them, each as [`read_period`] reads it, with commas between them; `None` when one can't be
/// read.
#[must_use]
pub fn periods(text: &str) -> Option<Value> {
    let periods = text.split(',').map(str::trim).filter(|period| !period.is_empty());
    let known = |period| read_period(period).map(|_| Value::text(period));
    periods.map(known).collect::<Option<Vec<_>>>().map(Value::list)
}

/// The inverse of [`periods`].
#[must_use]
pub fn blackouts(periods: &Value) -> String {
    periods.as_list().unwrap_or_default().iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")
}

/// A period `FROM/TO` of two dates, in milliseconds since 1970-01-01T00:00:00Z. A date without an offset is UTC.
#[must_use]
pub fn read_period(text: &str) -> Option<(i64, i64)> {
    let (from, to) = text.split_once('/')?;
    Some((instant(from)?, instant(to)?)).filter(|(from, to)| from < to)
}

/// How long it is until the end of the blackout period that it is now. Rule: XL Release, "Blackout periods".
#[must_use]
pub fn until_blackout_ends(view: &dyn View<'_>) -> Option<SimTime> {
    let why = tr!(const "blackout periods are a setting of the run: there are none unless you give them");
    let periods = view.choose(BLACKOUTS, Value::list([]), why);
    let now = view.now_epoch_ms();
    let periods = periods.as_list()?.iter().filter_map(|period| read_period(period.as_str()?));
    let end = periods.filter(|(from, to)| (*from..*to).contains(&now)).map(|(_, to)| to).max()?;
    u64::try_from(end.saturating_sub(now)).ok().map(SimTime)
}

/// A date with or without an offset, as the exporters of several years write it. Without one it is UTC.
#[must_use]
pub fn instant(text: &str) -> Option<i64> {
    let text = text.trim();
    // `+0200` is `+02:00`.
    let with_colon = || {
        let (clock, zone) = text.split_at_checked(text.len().checked_sub(2)?)?;
        Some(format!("{clock}:{zone}"))
    };
    parse_iso_instant(text)
        .or_else(|| parse_iso_instant(&format!("{text}Z")))
        .or_else(|| parse_iso_instant(&with_colon()?))
        .or_else(|| parse_iso_instant(&format!("{text}T00:00:00Z")))
}
