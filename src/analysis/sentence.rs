//! A sentence in pieces, so that what it names can be a link on the page and plain text elsewhere.
//!
//! Its words are a message with holes, which [`say`] fills with pieces: each language puts them in its own order.

use std::rc::Rc;

use crate::flow::Flow;
use crate::language::{Part, between_names, parts};
use crate::sim::names::{run_key, run_name};
use crate::sim::trace::{RunIdx, Trace};
use crate::time::{SimTime, human};
use crate::tr;

/// The key of a row, and its name.
pub type Name = (Rc<str>, Rc<str>);

/// A sentence, or what fills a hole of one.
pub type Pieces = Vec<Piece>;

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Words.
    Text(String),
    /// What separates a name of a list from the next one.
    Between(String),
    /// The key of a row, and its name.
    Row(Rc<str>, Rc<str>),
    /// A name or value as it is written in the flow.
    Code(String),
    /// A word that the page explains: in English, and as it is said.
    Term(&'static str, String),
    /// Runs that are counted, not named: the keys of the rows and the names of those that are known, and how many more there are.
    Others(Vec<Name>, usize),
}

/// Sentences as plain text; code in backticks.
#[must_use]
pub fn plain(pieces: &[Piece]) -> String {
    pieces.iter().fold(String::new(), |text, piece| match piece {
        Piece::Text(words) | Piece::Between(words) | Piece::Term(_, words) => text + words,
        Piece::Row(_, name) => text + name,
        Piece::Code(code) => text + "`" + code + "`",
        Piece::Others(known, n_more) => text + &count_of_others(known.len() + n_more),
    })
}

/// `1 other`, `9 others`.
#[must_use]
pub fn count_of_others(n: usize) -> String {
    tr!("{n} other" | "{n} others" % n)
}

/// A message with pieces in its holes.
#[must_use]
pub fn say(message: &str, holes: &[(&str, Pieces)]) -> Pieces {
    let mut said = Pieces::new();
    for part in parts(message) {
        match part {
            Part::Words(words) => said.extend(text(words)),
            Part::Hole(name, written) => match holes.iter().find(|(known, _)| *known == name) {
                Some((_, pieces)) => said.extend_from_slice(pieces),
                None => said.extend(text(written)),
            },
        }
    }
    said
}

/// Words.
#[must_use]
pub fn text(words: &str) -> Pieces {
    vec![Piece::Text(words.to_owned())]
}

/// A name or value as it is written in the flow.
#[must_use]
pub fn code(code: &str) -> Pieces {
    vec![Piece::Code(code.to_owned())]
}

/// A time, or a length of time.
#[must_use]
pub fn time(time: SimTime) -> Pieces {
    vec![Piece::Text(human(time))]
}

/// Sentences, one after another.
#[must_use]
pub fn sentences(all: Vec<Pieces>) -> Pieces {
    all.join(&Piece::Text(" ".to_owned()))
}

/// A list: `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn list(items: Vec<Pieces>) -> Pieces {
    let ((comma, and), n_items) = (between_names(), items.len());
    let mut listed = Pieces::new();
    for (n, item) in items.into_iter().enumerate() {
        if n > 0 {
            listed.push(Piece::Between(if n + 1 == n_items { and.clone() } else { comma.clone() }));
        }
        listed.extend(item);
    }
    listed
}

/// Clauses, one after another: `t1 failed at 1.0 s, and t2 ended later`.
#[must_use]
pub fn clauses(all: impl Iterator<Item = Pieces>) -> Pieces {
    let and = |first, then| say(&tr!("{first}, and {then}"), &[("first", first), ("then", then)]);
    all.reduce(and).unwrap_or_default()
}

/// Names the runs of a trace.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// The flows of the trace.
    pub flows: &'a [Flow],
    /// The trace.
    pub trace: &'a Trace,
}

/// Of more names than this only the first two are written.
const MOST_NAMES: usize = 4;
/// A sentence that explains a wait names up to so many.
const MOST_NAMES_IN_FULL: usize = 12;

impl Names<'_> {
    /// The name of a run.
    #[must_use]
    pub fn run(self, run: RunIdx) -> Pieces {
        let (key, name) = self.row(run);
        vec![Piece::Row(key, name)]
    }

    fn row(self, run: RunIdx) -> Name {
        (run_key(self.flows, self.trace, run), run_name(self.flows, self.trace, run))
    }

    /// The title of the task of a run, as it is written in the flow.
    #[must_use]
    pub fn title(self, run: RunIdx) -> Pieces {
        code(self.trace.task_of(self.flows, run).title())
    }

    /// The names of runs: `t1, t2 and t3`, or of many `t1, t2 and 7 others`.
    #[must_use]
    pub fn few(self, runs: &[RunIdx]) -> Pieces {
        self.first(runs, if runs.len() > MOST_NAMES { 2 } else { runs.len() })
    }

    /// The names of all these runs, or of the first of very many.
    #[must_use]
    pub fn all(self, runs: &[RunIdx]) -> Pieces {
        self.first(runs, if runs.len() > MOST_NAMES_IN_FULL { MOST_NAMES_IN_FULL - 1 } else { runs.len() })
    }

    /// The names of all these runs, or of very many only the first two.
    #[must_use]
    pub fn some(self, runs: &[RunIdx]) -> Pieces {
        self.first(runs, if runs.len() > MOST_NAMES_IN_FULL { 2 } else { runs.len() })
    }

    /// The names of all these runs, and how many others.
    #[must_use]
    pub fn and_others(self, runs: &[RunIdx], others: usize) -> Pieces {
        let others = (others > 0).then(|| vec![Piece::Others(Vec::new(), others)]);
        list(runs.iter().map(|run| self.run(*run)).chain(others).collect())
    }

    fn first(self, runs: &[RunIdx], n_named: usize) -> Pieces {
        let (named, others) = runs.split_at(n_named);
        let others = (!others.is_empty()).then(|| vec![Piece::Others(others.iter().map(|run| self.row(*run)).collect(), 0)]);
        list(named.iter().map(|run| self.run(*run)).chain(others).collect())
    }
}

/// How many executions the makespan is about: 1 also where there is none.
#[must_use]
pub fn n_whole(trace: &Trace) -> usize {
    trace.n_roots().max(1)
}

/// What the makespan is about: `the flow`, `all 3 executions`. Where lengths are drawn it is one run of many: `this run (seed 0)`.
#[must_use]
pub fn whole(trace: &Trace) -> String {
    let seed = trace.seed;
    match (n_whole(trace), trace.has_drawn) {
        (1, true) => tr!("this run (seed {seed})", seed),
        (1, false) => tr!("the flow"),
        (2, true) => tr!("both executions (seed {seed})", seed),
        (2, false) => tr!("both executions"),
        (n, true) => tr!("all {n} executions (seed {seed})", n, seed),
        (n, false) => tr!("all {n} executions", n),
    }
}

/// `of both executions`, `of this run (seed 0)`; `None` for one run in which nothing is drawn.
#[must_use]
pub fn whole_of(trace: &Trace) -> Option<String> {
    let seed = trace.seed;
    Some(match (n_whole(trace), trace.has_drawn) {
        (1, true) => tr!("of this run (seed {seed})", seed),
        (1, false) => return None,
        (2, true) => tr!("of both executions (seed {seed})", seed),
        (2, false) => tr!("of both executions"),
        (n, true) => tr!("of all {n} executions (seed {seed})", n, seed),
        (n, false) => tr!("of all {n} executions", n),
    })
}

/// The same as what something is done to: what a change makes shorter.
#[must_use]
pub fn whole_as_object(trace: &Trace) -> String {
    let seed = trace.seed;
    match (n_whole(trace), trace.has_drawn) {
        (1, true) => tr!("object" => "this run (seed {seed})", seed),
        (1, false) => tr!("object" => "the flow"),
        (2, true) => tr!("object" => "both executions (seed {seed})", seed),
        (2, false) => tr!("object" => "both executions"),
        (n, true) => tr!("object" => "all {n} executions (seed {seed})", n, seed),
        (n, false) => tr!("object" => "all {n} executions", n),
    }
}

/// `of both executions` after a space, for what is not a message yet.
#[must_use]
pub fn of_whole(trace: &Trace) -> String {
    whole_of(trace).map_or_else(String::new, |of| [" ", &of].concat())
}

/// With a capital first letter.
#[must_use]
pub fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
