//! The processes of a script, and what each of them does that others notice.

use std::ops::Range;
use std::rc::Rc;

use super::disk::Change;
use crate::time::SimTime;

/// The process of the script itself.
pub const MAIN: usize = 0;

/// What `$$` is; jobs have the numbers after it.
pub const FIRST_PID: usize = 4242;

/// A process: the script, or a job in the background.
#[derive(Debug, Default)]
pub struct Process {
    /// When it ends; `None` when it never does.
    pub ends: Option<SimTime>,
    pub status: i32,
    /// The process that has launched it.
    pub launcher: usize,
    /// Which lines it has printed, or will have.
    pub lines: Range<usize>,
    /// The line of its loop, when it was given up in one.
    pub endless_line: Option<u32>,
    /// How many events it has made.
    pub n_events: usize,
    /// The signals that it has met: who sent them, and which of the sender's events they are.
    pub met: Vec<(usize, usize)>,
}

/// A job that a shell has launched, or those around it.
#[derive(Debug, Clone)]
pub struct Job {
    pub process: usize,
    /// Whether `wait` has said how it ended.
    pub is_reported: bool,
}

/// What a process does that others notice: when, which process, and how many events it made before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub at: SimTime,
    pub by: usize,
    pub nth: usize,
    pub deed: Deed,
}

/// What others notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    Change(Change),
    /// To this process.
    Signal(usize, i32),
}

impl Event {
    /// Its place among all: the time, and then the process.
    pub fn key(&self) -> (SimTime, usize, usize) {
        (self.at, self.by, self.nth)
    }
}

/// An event of another process, and whether it is known from the pass before.
#[derive(Debug, Clone)]
pub struct News {
    pub event: Rc<Event>,
    pub is_known: bool,
}

/// The number that a process is known by.
pub fn pid(process: usize) -> String {
    process.saturating_add(FIRST_PID).to_string()
}
