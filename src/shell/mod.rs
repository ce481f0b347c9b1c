//! The simulated shell: what a script prints and how long it takes, on the virtual clock. It knows no task.
//!
//! In: the text of a script and its [`Setup`]. Out: its lines with their times, its end and its exit code. The language is
//! POSIX's "Shell Command Language" with what bash adds and people use; `sleep` is GNU's. A command that is not simulated
//! takes the time it is given, prints nothing, succeeds, and says so in a note; where its output is read it is unknown:
//! `⟨curl⟩`. An unknown value is taken to be what it is compared with. Which parts of a text are unknown is kept beside it
//! ([`Text`]), so that brackets a user writes are plain text.

#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::string_slice))]

mod arithmetic;
mod commands;
mod compound;
mod disk;
mod escape;
mod expand;
mod glob;
mod io;
mod jobs;
mod parameters;
mod parser;
mod places;
mod processes;
mod readers;
mod run;
mod simple;
mod state;
mod trace;
mod tree;
mod variables;
mod words;

use crate::budget::Budget;
use crate::text::Text;
use crate::time::SimTime;

/// Where and when a script runs.
pub struct Setup<'a> {
    /// Exported variables at the start.
    pub env: &'a [(String, Text)],
    /// The virtual date at which the script starts, in milliseconds since 1970-01-01T00:00:00Z.
    pub start_epoch_ms: i64,
    /// The time from its start beyond which nothing is run.
    pub deadline: SimTime,
    /// How many commands it may run before it is stopped.
    pub max_steps: usize,
    /// What it may use of the work of the run.
    pub budget: &'a Budget,
    /// The time of a command that is not simulated, by name, and whether it fails.
    pub command: &'a dyn Fn(&str) -> (SimTime, bool),
    /// Whether the first failing command ends it, as after `set -e`.
    pub errexit: bool,
    /// What `$RANDOM` comes from.
    pub seed: u64,
    /// The files that are there at the start, by name.
    pub files: &'a [(String, Text)],
    /// Whether there may be others, with contents that are unknown.
    pub other_files: bool,
}

/// What a script did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// What it printed, in order of time.
    pub lines: Vec<Line>,
    /// When it ended, from its own start.
    pub ends: SimTime,
    /// Its exit code.
    pub exit_code: i32,
    /// Why it was stopped before its own end, if it was.
    pub stopped: Option<Stopped>,
    /// The line of the script, from 0, that the loop without end begins on. `None` unless it was stopped in one.
    pub endless_line: Option<u32>,
    /// Whether it ran anything that is not simulated: what that printed, and what files it made, is unknown.
    pub is_foreign: bool,
    /// Whether what it did depended on something unknown.
    pub is_guessed: bool,
}

/// Why a script was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// Its time ran out.
    Deadline,
    /// It ran too many commands, or printed too much.
    Steps,
}

/// One line of a script's output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When it was printed, from the start of the script.
    pub at: SimTime,
    /// Where to.
    pub stream: Stream,
    /// The line, without its ending.
    pub text: String,
}

/// Where a line goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
    /// Not output of the script: what the simulation says about it.
    Note,
}

/// Runs a script.
#[must_use]
pub fn run(script: &Text, setup: &Setup<'_>) -> Outcome {
    /// A longer script is not read: its tree would take too much room.
    const LONGEST_SCRIPT: usize = 2 << 20;
    if script.len() > LONGEST_SCRIPT {
        return Outcome { stopped: Some(Stopped::Steps), ..Outcome::default() };
    }
    run::run(script, setup)
}

/// The length of a `sleep`: `1`, `0.5`, `.5`, `2s`, `1.5m`, `1h`, `1d`.
#[must_use]
pub fn sleep_length(text: &str) -> Option<SimTime> {
    let units = [('s', 1.0), ('m', 60.0), ('h', 3600.0), ('d', 86_400.0)];
    let with_unit = units.into_iter().find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, seconds)));
    let (number, unit_seconds) = with_unit.unwrap_or((text, 1.0));
    let plain = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || c == '.');
    number.parse::<f64>().ok().filter(|_| plain).map(|number| SimTime::from_seconds(number * unit_seconds))
}

#[cfg(test)]
mod bash_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tool_tests;
