//! How the next children of a group are picked: one way a variant, those with bookkeeping of their own in a file each.
//!
//! Rules: Kestra, "Parallel", "Dag" and "ForEach".

mod dag;
mod lanes;

use dag::Dependencies;
use lanes::Lanes;

use super::trace::RunIdx;
use crate::flow::TaskIdx;
use crate::flow::behavior::{Children, Order};
use crate::time::SimTime;

/// How the next children of a group are picked, with what has been picked so far.
#[derive(Debug)]
pub(super) enum Picker {
    /// One after another.
    Sequential,
    /// In source order, so many at once; 0 is no limit.
    Window(u32),
    /// As `Window`, but a child starts only once those it depends on have ended.
    Dag(u32, Dependencies),
    /// Values side by side, the tasks of each one after another.
    Lanes(u32, Lanes),
}

/// A child that may start.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pick {
    /// Its place in the active list.
    pub place: usize,
    /// From when on only a slot was missing.
    pub ready_at: SimTime,
    /// The run whose end let it start.
    pub released_by: Option<RunIdx>,
}

impl Picker {
    /// The picker of a group that begins now. With `blocks` a disabled task keeps those back that depend on it.
    pub fn new(order: Order<'_>, children: &Children<'_>, is_enabled: &dyn Fn(TaskIdx) -> bool, now: SimTime, blocks: bool) -> Self {
        match order {
            Order::Sequential => Self::Sequential,
            Order::Window(limit) => Self::Window(limit),
            Order::Dag { limit, depends_on } => {
                Self::Dag(limit, Dependencies::new(depends_on, |place| is_enabled(children.tasks[place as usize]), now, blocks))
            }
            Order::Lanes(limit) => {
                let enabled = children.tasks.iter().map(|task| is_enabled(*task)).collect();
                Self::Lanes(limit, Lanes::new(enabled, children.values.as_ref().map_or(1, Vec::len), now))
            }
        }
    }

    /// Whether a child may start as soon as there is a slot, although a sibling has failed and what depends on that one
    /// never starts.
    pub fn can_go_on(&self) -> bool {
        match self {
            Self::Sequential => false,
            Self::Dag(_, dependencies) => dependencies.any_ready(),
            Self::Window(_) | Self::Lanes(..) => true,
        }
    }

    /// The child at a place, which had ended, is open again.
    pub fn reopened(&mut self, place: u32) {
        match self {
            Self::Dag(_, dependencies) => dependencies.reopened(place),
            Self::Lanes(_, lanes) => lanes.reopened(place),
            Self::Sequential | Self::Window(_) => {}
        }
    }

    /// The child at a place has ended.
    pub fn ended(&mut self, place: u32, run: RunIdx, now: SimTime) {
        match self {
            Self::Dag(_, dependencies) => dependencies.ended(place, run, now),
            Self::Lanes(_, lanes) => lanes.ended(place, run, now),
            Self::Sequential | Self::Window(_) => {}
        }
    }
}
