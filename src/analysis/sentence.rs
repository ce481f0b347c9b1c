//! A sentence in pieces, so that what it names can be a link on the page and plain text elsewhere.

use std::rc::Rc;

use crate::flow::Flow;
use crate::sim::names::{run_key, run_name};
use crate::sim::trace::{RunIdx, Trace};

/// The key of a row, and its name.
pub type Name = (Rc<str>, Rc<str>);

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Words.
    Text(String),
    /// The key of a row, and its name.
    Row(Rc<str>, Rc<str>),
    /// A name or value as it is written in the flow.
    Code(String),
    /// A word that the page explains.
    Term(&'static str),
    /// Runs that are counted, not named: the keys of the rows and the names of those that are known, and how many more there are.
    Others(Vec<Name>, usize),
}

/// Sentences as plain text; code in backticks.
#[must_use]
pub fn plain(pieces: &[Piece]) -> String {
    pieces.iter().fold(String::new(), |text, piece| match piece {
        Piece::Text(words) => text + words,
        Piece::Row(_, name) => text + name,
        Piece::Code(code) => text + "`" + code + "`",
        Piece::Term(word) => text + word,
        Piece::Others(known, n_more) => text + " and " + &count_of_others(known.len() + n_more),
    })
}

/// `1 other`, `9 others`.
#[must_use]
pub fn count_of_others(n: usize) -> String {
    format!("{n} other{}", if n == 1 { "" } else { "s" })
}

/// A sentence that is being written.
#[derive(Debug)]
pub struct Sentence<'a> {
    flows: &'a [Flow],
    trace: &'a Trace,
    /// The pieces so far.
    pub pieces: Vec<Piece>,
}

/// Of more names than this only the first two are written.
const MOST_NAMES: usize = 4;
/// A sentence that explains a wait names up to so many.
const MOST_NAMES_IN_FULL: usize = 12;

impl<'a> Sentence<'a> {
    /// An empty one, about this run.
    #[must_use]
    pub fn new(flows: &'a [Flow], trace: &'a Trace) -> Self {
        Self { flows, trace, pieces: Vec::new() }
    }

    /// Adds words.
    pub fn text(&mut self, words: &str) {
        self.pieces.push(Piece::Text(words.to_owned()));
    }

    /// Adds a word that the page explains.
    pub fn term(&mut self, word: &'static str) {
        self.pieces.push(Piece::Term(word));
    }

    /// Adds a name or value as it is written in the flow.
    pub fn code(&mut self, code: &str) {
        self.pieces.push(Piece::Code(code.to_owned()));
    }

    /// Adds the name of a run.
    pub fn name(&mut self, run: RunIdx) {
        let (key, name) = self.row(run);
        self.pieces.push(Piece::Row(key, name));
    }

    fn row(&self, run: RunIdx) -> Name {
        (run_key(self.flows, self.trace, run), run_name(self.flows, self.trace, run))
    }

    /// Adds the names of runs: `t1, t2 and t3`, or of many `t1, t2 and 7 others`.
    pub fn names(&mut self, runs: &[RunIdx]) {
        self.first_names(runs, if runs.len() > MOST_NAMES { 2 } else { runs.len() });
    }

    /// Adds the names of all these runs, or of the first of very many.
    pub fn all_names(&mut self, runs: &[RunIdx]) {
        self.first_names(runs, if runs.len() > MOST_NAMES_IN_FULL { MOST_NAMES_IN_FULL - 1 } else { runs.len() });
    }

    /// Adds the names of all these runs, or of very many only the first two.
    pub fn some_names(&mut self, runs: &[RunIdx]) {
        self.first_names(runs, if runs.len() > MOST_NAMES_IN_FULL { 2 } else { runs.len() });
    }

    /// Adds the names of all these runs, and of how many others.
    pub fn names_and(&mut self, runs: &[RunIdx], others: usize) {
        for (n, run) in runs.iter().enumerate() {
            let is_last = n + 1 == runs.len() && others == 0;
            self.text(if n == 0 {
                ""
            } else if is_last {
                " and "
            } else {
                ", "
            });
            self.name(*run);
        }
        if others > 0 {
            self.pieces.push(Piece::Others(Vec::new(), others));
        }
    }

    fn first_names(&mut self, runs: &[RunIdx], n_named: usize) {
        for (n, run) in runs[..n_named].iter().enumerate() {
            if n > 0 {
                self.text(if n + 1 == runs.len() { " and " } else { ", " });
            }
            self.name(*run);
        }
        if n_named < runs.len() {
            let others = runs[n_named..].iter().map(|run| self.row(*run)).collect();
            self.pieces.push(Piece::Others(others, 0));
        }
    }

    /// Begins a further clause, after a semicolon if there is one before it.
    pub fn clause(&mut self) {
        if !self.pieces.is_empty() {
            self.text("; ");
        }
    }
}

/// The ending of a verb: `t1 ends`, `t1 and t2 end`.
#[must_use]
pub fn s(runs: &[RunIdx]) -> &'static str {
    if runs.len() == 1 { "s" } else { "" }
}

/// What the makespan is about, and the ending of its verb: `the flow` with `s`, `all 3 executions` without. Where lengths are drawn
/// it is one run of many: `this run (seed 0)`.
#[must_use]
pub fn whole(trace: &Trace) -> (String, &'static str) {
    let seed = if trace.has_drawn { format!(" (seed {})", trace.seed) } else { String::new() };
    match trace.n_roots() {
        0 | 1 if trace.has_drawn => (format!("this run{seed}"), "s"),
        0 | 1 => ("the flow".to_owned(), "s"),
        2 => (format!("both executions{seed}"), ""),
        n => (format!("all {n} executions{seed}"), ""),
    }
}

/// ` of both executions`, ` of this run (seed 0)`; nothing for one run in which nothing is drawn.
#[must_use]
pub fn of_whole(trace: &Trace) -> String {
    if trace.n_roots() > 1 || trace.has_drawn { format!(" of {}", whole(trace).0) } else { String::new() }
}

/// With a capital first letter.
#[must_use]
pub fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
