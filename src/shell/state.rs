//! A running script: its variables, its files, its clock, and where its output goes.

use std::ops::Range;
use std::rc::Rc;

use super::disk::{Change, Disk};
use super::processes::{Event, Job, MAIN, News, Process};
use super::tree::Node;
use super::{Line, Setup, Stopped};
use crate::collections::Sorted;
use crate::cursor::Cursor;
use crate::text::Text;
use crate::time::SimTime;

/// More than this is not printed, in bytes.
pub const MOST_BYTES: usize = 4 << 20;

/// How a command ends, for the commands around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    Next,
    Break(usize),
    Continue(usize),
    Return,
    Exit,
    Stop,
}

/// What a fault within an expansion ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The commands of the line: arithmetic that is wrong, a parameter that bash does not know.
    Line,
    /// The script: a variable that is not set.
    Script,
}

/// Where output goes.
#[derive(Debug, Clone)]
pub enum Sink {
    Out,
    Err,
    /// Standard output, 1, or error, 2, where `exec` last put it.
    Current(u8),
    Nowhere,
    Both(Rc<[Sink; 2]>),
    /// Commands that read it, and where their output goes.
    Process(Rc<(Rc<Node>, Io)>),
    /// The n-th text that is being gathered.
    Gather(usize),
    /// What the n-th of [`Shell::readers`] reads.
    Reader(usize),
    File(Rc<str>),
}

/// Commands that read what was written to them, once the command around them has ended.
pub struct Reader {
    pub node: Rc<Node>,
    pub io: Io,
    /// When they began to read.
    pub began: SimTime,
    /// The name of what they read.
    pub name: Rc<str>,
    /// What was written to it, in pieces, each with its time.
    pub pieces: Vec<(SimTime, Text)>,
}

/// The outputs of a command.
#[derive(Debug, Clone)]
pub struct Io {
    pub out: Sink,
    pub err: Sink,
    /// Those of other numbers.
    pub more: Vec<(u32, Sink)>,
}

impl Io {
    /// The outputs of a script.
    pub fn of_script() -> Self {
        Self { out: Sink::Current(1), err: Sink::Current(2), more: Vec::new() }
    }
}

/// A variable.
#[derive(Debug, Clone)]
pub struct Var {
    pub name: Rc<str>,
    pub value: Held,
    pub exported: bool,
    pub readonly: bool,
    /// What `declare` says of it: `i` for a number, `l` and `u` for small and capital letters, `n` for the name of another variable,
    /// `?` for one without a value.
    pub how: char,
}

impl Var {
    pub fn new(name: Rc<str>, value: Held) -> Self {
        Self { name, value, exported: false, readonly: false, how: ' ' }
    }
}

/// The value of a variable.
#[derive(Debug, Clone)]
pub enum Held {
    Text(Text),
    /// By index, in order; there may be gaps.
    List(Vec<(i64, Text)>),
    /// By key: `declare -A`.
    Map(Vec<(Text, Text)>),
}

impl Held {
    /// How many bytes it takes, about.
    pub fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::List(items) => items.iter().map(|(_, item)| item.len().saturating_add(8)).sum(),
            Self::Map(entries) => entries.iter().map(|(key, value)| key.len().saturating_add(value.len()).saturating_add(8)).sum(),
        }
    }
}

/// A text that is read line by line.
#[derive(Debug, Clone, Default)]
pub struct Input {
    text: Rc<Text>,
    /// The byte from which on it is left to read.
    at: usize,
    is_file: bool,
    /// Up to which byte it is there when, in order; the last one says when it ends.
    arrives: Rc<[(usize, SimTime)]>,
}

impl Input {
    /// A text that is all there.
    pub fn new(text: Text) -> Self {
        Self { text: Rc::new(text), ..Self::default() }
    }

    /// The text of a file.
    pub fn of_file(text: Text) -> Self {
        Self { is_file: true, ..Self::new(text) }
    }

    /// What another process prints, and when it ends.
    pub fn of_pipe(pieces: &[(SimTime, Text)], ends: SimTime) -> Self {
        let mut text = Text::new();
        let mut arrives = Vec::new();
        for (at, piece) in pieces {
            text.push(piece);
            arrives.push((text.len(), *at));
        }
        arrives.push((usize::MAX, ends));
        Self { arrives: arrives.into(), ..Self::new(text) }
    }

    pub fn is_file(&self) -> bool {
        self.is_file
    }

    /// What is left to read.
    pub fn rest(&self) -> Rc<Text> {
        if self.at == 0 { Rc::clone(&self.text) } else { Rc::new(self.text.slice_from(self.at)) }
    }

    /// What is left to read, in the pieces in which it comes, and when each does.
    pub fn pieces(&self) -> Vec<(SimTime, Text)> {
        if self.arrives.is_empty() {
            return vec![(SimTime::ZERO, Text::clone(&self.rest()))];
        }
        let mut from = self.at;
        let mut pieces = Vec::new();
        for (end, at) in self.arrives.iter().filter(|(end, _)| *end > self.at) {
            let end = (*end).min(self.text.len());
            pieces.push((*at, self.text.slice(from..end)));
            from = end;
        }
        pieces
    }

    /// When what has been read was there.
    pub fn read_at(&self) -> SimTime {
        let nth = self.arrives.partition_point(|(end, _)| *end < self.at);
        self.arrives.get(nth).map_or(SimTime::ZERO, |(_, at)| *at)
    }

    /// When it ends.
    pub fn ends(&self) -> SimTime {
        self.arrives.last().map_or(SimTime::ZERO, |(_, at)| *at)
    }

    /// Reads up to a character, which is taken, or so many characters. False when the input ends before.
    pub fn read_to(&mut self, end: char, most: Option<usize>, text: &mut Text) -> bool {
        let mut cursor = Cursor::at_byte(&self.text, self.at);
        let mut left = most.unwrap_or(usize::MAX);
        cursor.take_while(|c| {
            let goes_on = c != end && left > 0;
            left = left.saturating_sub(usize::from(goes_on));
            goes_on
        });
        *text = self.text.slice(self.at..cursor.at());
        let is_whole = cursor.peek().is_some() || left == 0;
        cursor.eat_if(|c| c == end && left > 0);
        self.at = cursor.at();
        is_whole
    }
}

/// What a subshell has of its own.
#[derive(Debug, Clone)]
pub struct State {
    /// The global variables, then those of the functions that run.
    pub vars: Vec<Var>,
    /// How many global variables were made since the start.
    pub n_made: usize,
    pub functions: Sorted<String, Rc<Node>>,
    /// How many calls of functions it is within.
    pub n_calls: usize,
    /// `$0`, and what follows it.
    pub name: Text,
    pub arguments: Vec<Text>,
    pub clock: SimTime,
    pub status: i32,
    pub errexit: bool,
    pub nounset: bool,
    pub pipefail: bool,
    pub allexport: bool,
    /// Whether each command is printed before it runs.
    pub xtrace: bool,
    /// Whether `>` fails when the file is there already.
    pub noclobber: bool,
    /// Whether patterns stand for themselves.
    pub noglob: bool,
    /// What `shopt` has set.
    pub shopts: Vec<Text>,
    /// Whether functions have the trap `ERR` as well.
    pub errtrace: bool,
    /// From when `$SECONDS` counts, in seconds.
    pub counted_from: i64,
    /// When `timeout` ends what runs.
    pub limit: SimTime,
    /// The line of the command that runs, from 0, and what is added to it: where a failure ends the script, `set -e` is its first.
    pub line: u32,
    pub first_line: u32,
    /// Standard input.
    pub input: Input,
    /// Where standard output and error go, and streams of other numbers, since the last `exec`.
    pub sinks: [Sink; 2],
    pub more_sinks: Vec<(u32, Sink)>,
    /// What other streams read from.
    pub inputs: Vec<(u32, Input)>,
    pub trap: Option<Text>,
    /// What runs after a command that fails, and how many calls of functions deep it was set.
    pub trap_err: Option<Text>,
    /// What runs when a signal of this number comes.
    pub signals: Vec<(i32, Text)>,
    /// Where `getopts` goes on: the place of the argument, and of the letter in it.
    pub option: (usize, usize),
    /// Whether a word could not be expanded: what that ends.
    pub fault: Option<Fault>,
    /// The process that it is part of.
    pub process: usize,
    /// Whether it is that of `bash -c`, which has a number of its own.
    pub is_other_shell: bool,
    /// The jobs that it knows, and how many of them others have launched.
    pub jobs: Rc<Vec<Job>>,
    pub n_inherited_jobs: usize,
    /// The working directory, from the first one on.
    pub directory: Rc<str>,
    /// Those that `pushd` keeps.
    pub kept_directories: Vec<Text>,
    /// Names that are exported once they are set.
    pub to_export: Vec<Text>,
}

impl State {
    /// How many bytes it takes, about.
    pub fn size(&self) -> usize {
        let of_vars = self.vars.iter().map(|var| var.value.size()).fold(0, usize::saturating_add);
        self.arguments.iter().map(|argument| argument.len().saturating_add(size_of::<Text>())).fold(of_vars, usize::saturating_add)
    }
}

/// A running script.
pub struct Shell<'a> {
    pub setup: &'a Setup<'a>,
    pub state: State,
    pub disk: Disk,
    /// All processes, the script itself first, and those that are under way, each within the one before.
    pub processes: Vec<Process>,
    pub running: Vec<usize>,
    /// Which process has launched each in the pass before.
    pub launchers: Vec<usize>,
    /// What other processes do, in order, and how much of it has happened by now.
    pub events: Vec<News>,
    pub n_seen: usize,
    /// How many changes of others the processes have met.
    pub n_met: usize,
    /// What all processes have done.
    pub record: Vec<Rc<Event>>,
    /// What undoes the changes of the job that runs.
    pub undo: Vec<Change>,
    /// The exit code of the process that a signal has just ended.
    pub dying: Option<i32>,
    pub stopped: Option<Stopped>,
    /// The line of the loop that has no end, once the script was stopped for that.
    pub endless_line: Option<u32>,
    /// The loops under way, outermost first: the line of each, and how many rounds it has begun.
    pub loops: Vec<(u32, usize)>,
    pub lines: Vec<Line>,
    /// Lines of jobs that were killed: those after that moment are not printed.
    pub killed: Vec<(Range<usize>, SimTime)>,
    /// A line of each stream that is not ended yet.
    pub open: [String; 2],
    /// What is printed for others to read, in pieces, each with its time.
    pub gathered: Vec<Vec<(SimTime, Text)>>,
    /// Commands that read what the commands around them write, outermost first.
    pub readers: Vec<Reader>,
    pub n_bytes: usize,
    pub n_steps: usize,
    /// The number of steps beyond which it is stopped: fewer within a job.
    pub most_steps: usize,
    pub n_draws: u64,
    pub depth: usize,
    /// What the commands within each other hold now, in bytes, about.
    pub n_held: usize,
    /// Whether arithmetic has met a variable that is not set but must be.
    pub unset_in_arithmetic: bool,
    /// How many of the loops are around the function that runs.
    pub n_loops_outside: usize,
    /// Whether the script asks how the stages of its pipes ended.
    pub notes_pipes: bool,
    /// Whether a failing command does not end the script: it is part of a condition.
    pub is_tested: bool,
    /// How many texts of commands it is within: `$(...)`, `eval`, files.
    pub n_texts: usize,
    /// Whether the commands of a trap run.
    pub is_in_trap: bool,
    /// Whether the script asks for the command that runs, and that command.
    pub notes_command: bool,
    pub latest_command: Text,
    /// Whether the script asks which functions run.
    pub notes_calls: bool,
    /// How the last `$( ... )` of a command ended, or an assignment that failed.
    pub substituted: Option<i32>,
    /// Whether anything ran that is not simulated.
    pub is_foreign: bool,
    /// Whether the last command that ran is not simulated.
    pub is_foreign_status: bool,
    /// How often what the script does depended on something unknown.
    pub n_guesses: usize,
}

impl<'a> Shell<'a> {
    /// A script before its first command.
    pub fn new(setup: &'a Setup<'a>) -> Self {
        let vars =
            setup.env.iter().map(|(name, value)| Var { exported: true, ..Var::new(Rc::from(name.as_str()), Held::Text(value.clone())) });
        let state = State {
            vars: vars.collect(),
            n_made: 0,
            functions: Sorted::default(),
            n_calls: 0,
            name: "bash".into(),
            arguments: Vec::new(),
            clock: SimTime::ZERO,
            status: 0,
            errexit: setup.errexit,
            nounset: false,
            pipefail: false,
            allexport: false,
            xtrace: false,
            noclobber: false,
            noglob: false,
            shopts: Vec::new(),
            errtrace: false,
            counted_from: 0,
            limit: SimTime(u64::MAX),
            line: 0,
            first_line: 1_u32.saturating_add(u32::from(setup.errexit)),
            input: Input::default(),
            inputs: Vec::new(),
            sinks: [Sink::Out, Sink::Err],
            more_sinks: Vec::new(),
            trap: None,
            trap_err: None,
            signals: Vec::new(),
            option: (1, 1),
            fault: None,
            process: MAIN,
            is_other_shell: false,
            jobs: Rc::default(),
            n_inherited_jobs: 0,
            directory: Rc::from(""),
            kept_directories: Vec::new(),
            to_export: Vec::new(),
        };
        let files = setup.files.iter().map(|(name, text)| (Rc::from(name.as_str()), text.clone()));
        Self {
            setup,
            state,
            disk: Disk { files: files.collect(), ..Disk::default() },
            processes: vec![Process::default()],
            running: vec![MAIN],
            launchers: Vec::new(),
            events: Vec::new(),
            n_seen: 0,
            n_met: 0,
            record: Vec::new(),
            undo: Vec::new(),
            dying: None,
            stopped: None,
            endless_line: None,
            notes_pipes: false,
            loops: Vec::new(),
            lines: Vec::new(),
            killed: Vec::new(),
            open: [String::new(), String::new()],
            gathered: Vec::new(),
            readers: Vec::new(),
            n_bytes: 0,
            n_steps: 0,
            most_steps: setup.max_steps,
            n_draws: 0,
            depth: 0,
            n_held: 0,
            unset_in_arithmetic: false,
            n_loops_outside: 0,
            is_tested: false,
            n_texts: 0,
            is_in_trap: false,
            notes_calls: false,
            notes_command: false,
            latest_command: Text::new(),
            substituted: None,
            is_foreign: false,
            is_foreign_status: false,
            n_guesses: 0,
        }
    }

    /// Whether `shopt` has set this.
    pub fn has_shopt(&self, name: &str) -> bool {
        self.state.shopts.iter().any(|known| *known == name)
    }

    /// Stops the script for good.
    pub fn stop(&mut self, why: Stopped) -> Flow {
        if self.stopped.is_none() && why == Stopped::Steps {
            self.endless_line = self.loops.iter().max_by_key(|(_, n_rounds)| *n_rounds).map(|(line, _)| *line);
        }
        self.stopped = self.stopped.or(Some(why));
        Flow::Stop
    }

    /// Counts the bytes that the script goes through: some of them are as much work as a command. False once it is stopped.
    pub fn work(&mut self, n_bytes: usize) -> bool {
        /// How many bytes count as a command.
        const BYTES: usize = 64;
        self.steps(n_bytes / BYTES)
    }

    /// Runs something that holds so many bytes meanwhile; a script that holds too much is stopped.
    pub fn holding(&mut self, n_bytes: usize, run: impl FnOnce(&mut Self) -> Flow) -> Flow {
        const MOST_HELD: usize = 192 << 20;
        let held = self.n_held.saturating_add(n_bytes);
        if held > MOST_HELD {
            return self.stop(Stopped::Steps);
        }
        let before = std::mem::replace(&mut self.n_held, held);
        let flow = run(self);
        self.n_held = before;
        flow
    }

    /// Counts so many steps. False once the script is stopped.
    pub fn steps(&mut self, n: usize) -> bool {
        self.n_steps = self.n_steps.saturating_add(n);
        if self.n_steps > self.most_steps || !self.setup.budget.work(n) {
            self.stop(Stopped::Steps);
        }
        self.stopped.is_none()
    }

    /// Time passes. A background job that goes beyond the deadline never ends.
    pub fn wait(&mut self, time: SimTime) -> Flow {
        self.wait_until(self.state.clock + time)
    }

    pub fn wait_until(&mut self, at: SimTime) -> Flow {
        if self.has_news() && self.is_ended_by_signal(at.min(self.state.limit)) {
            return Flow::Exit;
        }
        if at > self.state.limit && self.state.limit < self.setup.deadline {
            self.state.clock = self.state.limit;
            return Flow::Exit;
        }
        if at > self.setup.deadline {
            self.state.clock = self.setup.deadline;
            return if self.state.process == MAIN { self.stop(Stopped::Deadline) } else { Flow::Stop };
        }
        self.state.clock = self.state.clock.max(at);
        Flow::Next
    }

    /// Whether a text has something unknown in it; that is a guess.
    pub fn is_unknown(&mut self, text: &Text) -> bool {
        self.guess_if(text.has_unknown())
    }

    /// Counts a guess if it is one.
    pub fn guess_if(&mut self, is_guess: bool) -> bool {
        self.n_guesses = self.n_guesses.saturating_add(usize::from(is_guess));
        is_guess
    }

    /// A fault within an expansion.
    pub fn end_by_fault(&mut self, fault: Fault) {
        self.state.fault = self.state.fault.or(Some(fault));
    }
}
