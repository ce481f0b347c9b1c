//! "What changes in 2.0": the text as 1.3 runs it, what becomes of it in 2.0, and what there is to rewrite. All of it comes from
//! [`crate::upgrade`], as in the command line tool.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::App;
use super::run::Reading;
use super::table::Cells;
use crate::analysis::segments::SegmentKind;
use crate::diag::Diagnostic;
use crate::flow::state::State;
use crate::flow::{Dialect, Version, read_text_for};
use crate::render::svg::row_sentence;
use crate::sim::scenario::Scenario;
use crate::sim::trace::{ExecutionIdx, RunIdx};
use crate::source::Source;
use crate::time::{SimTime, human};
use crate::timeline::labels::bar_text;
use crate::timeline::rows::{About, Row, rows};
use crate::timeline::scale::Scale;
use crate::timeline::{Bar, bars};
use crate::tr;
use crate::upgrade::ran::{Key, Ran, key_of, values};
use crate::upgrade::runs::{Row as Differing, Runs, Seen, differences};
use crate::upgrade::{Change, Move, Upgrade, applied, upgrade};

/// The version that the view starts from.
pub const FROM: Version = Version::V1_3;
/// The version that it leads to.
pub const TO: Version = Version::V2_0;

/// What a person does in the view.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// Open it.
    Open,
    /// Close it.
    Close,
    /// Write this text: that of some rewrites.
    Write(Rc<str>),
    /// Close it, and show the text from this byte on.
    GoTo(u32),
}

/// All that the view shows.
#[derive(Debug, PartialEq)]
pub struct Changes {
    /// What 2.0 refuses, in the order of the text.
    pub items: Vec<Item>,
    /// What may be added so that the run stays as it was.
    pub keeps: Vec<Item>,
    /// The text with all rewrites; `None` when there is none.
    pub all: Option<Rc<str>>,
    /// The text with all rewrites and all that keeps the run; `None` when nothing does.
    pub all_and_kept: Option<Rc<str>>,
    /// Both runs; a sentence where one of the versions can't run its text.
    pub compared: Result<Compared, String>,
}

/// Something that has to change, or may.
#[derive(Debug, PartialEq)]
pub struct Item {
    /// Its line, from 1.
    pub line: usize,
    /// Its first byte.
    pub offset: u32,
    /// What it is.
    pub message: String,
    /// Why it changes, or why no rewrite is safe; may be empty.
    pub why: String,
    /// What a person can do; empty where there is a rewrite.
    pub choices: Vec<String>,
    /// The lines that a rewrite removes and adds.
    pub lines: Vec<String>,
    /// The text with this rewrite alone; `None` where there is none.
    pub text: Option<Rc<str>>,
}

/// Both runs, row by row.
#[derive(Debug)]
pub struct Compared {
    /// What differs, and why.
    pub runs: Runs,
    /// The rows of both, in the order of the newer text.
    pub rows: Vec<Pair>,
    /// The time that the picture spans.
    pub span: SimTime,
    sides: [Ran; 2],
}

/// Runs are equal when they are one and the same: comparing all of them would tell the page nothing more.
impl PartialEq for Compared {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// What a task did in both versions, or an execution.
#[derive(Debug, PartialEq)]
pub struct Pair {
    /// Its row in 1.3, and in 2.0; `None` where it has none.
    pub sides: [Option<Row>; 2],
    /// Whether the versions differ in it.
    pub differs: bool,
    /// The sides that are drawn: one where both are alike, or where there is one only.
    pub lanes: &'static [usize],
}

impl Pair {
    /// Whether what is drawn is what both did.
    #[must_use]
    pub fn is_of_both(&self) -> bool {
        self.lanes.len() == 1 && self.sides.iter().all(Option::is_some)
    }
}

impl App {
    /// The page after something was done in the view.
    pub(super) fn with_upgrade(self, act: Act) -> Self {
        match act {
            Act::Open => Self { upgrading: Some(Rc::clone(&self.reading)), ..self },
            Act::Close => Self { upgrading: None, ..self },
            Act::Write(text) => {
                // Under the older version the rewritten text would only be refused.
                let is_old = self.reading.version.is_some_and(|version| version < TO);
                let free = if is_old { self.with_version(None) } else { self };
                free.edited(&text)
            }
            Act::GoTo(offset) => Self { upgrading: None, ..self }.go_to(offset),
        }
    }
}

/// What changes between the text that the view was opened with, as 1.3 runs it, and the one on the page, rewritten for 2.0.
#[must_use]
pub fn changes(before: &Reading, now: &Reading, scenario: &Scenario) -> Changes {
    let source = &now.source;
    let (done, kept) = (upgrade(source, moving(false)), upgrade(source, moving(true)));
    let item = |change: &Change| item(source, &done, change);
    let differs = |text: &str| (*text != *source.text).then(|| Rc::from(text));
    Changes {
        items: done.changes.iter().map(item).collect(),
        keeps: done.keeps.iter().map(item).collect(),
        all: differs(&done.text),
        all_and_kept: differs(&kept.text).filter(|_| kept.text != done.text),
        compared: compared(before, now, &done, scenario),
    }
}

fn moving(keep: bool) -> Move {
    Move { from: FROM, to: TO, keep }
}

fn item(source: &Source, done: &Upgrade, change: &Change) -> Item {
    let text = change.rewrite.as_ref().and_then(|edits| applied(&source.text, edits));
    Item {
        line: source.position(change.span.start).line,
        offset: change.span.start,
        message: change.message.clone(),
        why: change.why.clone(),
        choices: change.choices.clone(),
        lines: done.lines(&source.text, change),
        text: text.map(Rc::from),
    }
}

fn compared(before: &Reading, now: &Reading, done: &Upgrade, scenario: &Scenario) -> Result<Compared, String> {
    let after = Source::new(now.source.name.clone(), &*done.text);
    let old = ran(&before.source, FROM, before.chosen.as_deref(), scenario)?;
    let new = ran(&after, TO, now.chosen.as_deref(), scenario)?;
    // Another flow is on the page by now.
    let old = if old.flows[0].id == new.flows[0].id { old } else { ran(&now.source, FROM, now.chosen.as_deref(), scenario)? };
    Ok(Compared::of(old, new, scenario))
}

/// A text, run under the rules of a version; a sentence when that refuses it.
fn ran(source: &Source, version: Version, chosen: Option<&str>, scenario: &Scenario) -> Result<Ran, String> {
    Ran::of(source, version, chosen, scenario).ok_or_else(|| {
        let (_, _, found) = read_text_for(source, Some(version));
        let first = found.iter().filter(|found| found.is_error()).min_by_key(|found| found.span);
        let said = first.map(|found: &Diagnostic| found.message.clone()).unwrap_or_default();
        tr!("Kestra {version} can't run it, so there is nothing to compare: {message}", version = version.as_str(), message = said)
    })
}

/// What the rows of both versions have in common: the key of a run and which one of these it is, or the values of an execution.
type RowKey = (Key, usize);

impl Compared {
    fn of(before: Ran, after: Ran, scenario: &Scenario) -> Self {
        let runs = differences(&before, &after, scenario);
        let sides = [before, after];
        let span = sides.iter().map(|ran| ran.trace.end).max().unwrap_or_default().max(SimTime(1));
        let [old, new] = sides.each_ref().map(keyed);
        let mut at: BTreeMap<RowKey, usize> = BTreeMap::new();
        let mut rows: Vec<(RowKey, [Option<Row>; 2])> = Vec::new();
        for (key, row) in new {
            at.insert(key.clone(), rows.len());
            rows.push((key, [None, Some(row)]));
        }
        // What only 1.3 has stands behind the row that it stands behind there.
        let (mut last, mut further) = (None, Vec::new());
        for (key, row) in old {
            match at.get(&key).and_then(|at| rows.get_mut(*at).map(|(_, pair)| (at, pair))) {
                Some((at, pair)) => (last, pair[0]) = (Some(*at), Some(row)),
                None => further.push((last, (key, [Some(row), None]))),
            }
        }
        for (last, row) in further.into_iter().rev() {
            rows.insert(last.map_or(0, |last| last + 1), row);
        }
        let differing: Vec<&Key> = runs.rows.iter().map(|row| &row.key).collect();
        let pair = |(key, pair): (RowKey, [Option<Row>; 2])| {
            let did = |side: usize| pair[side].as_ref().map(|row| (row.segments(&sides[side].trace), row.outcome(&sides[side].trace)));
            let differs = differing.contains(&&key.0);
            let lanes: &[usize] = match [did(0), did(1)] {
                [Some(_), None] if !differs => &[0],
                [None, Some(_)] if !differs => &[1],
                [old, new] if old == new => &[1],
                _ => &[0, 1],
            };
            Pair { differs, lanes, sides: pair }
        };
        let rows = rows.into_iter().map(pair).collect();
        Self { runs, rows, span, sides }
    }

    /// The bars of a row on one of both sides.
    #[must_use]
    pub fn bars(&self, pair: &Pair, side: usize, scale: &Scale) -> Vec<Bar> {
        pair.sides[side].as_ref().map(|row| bars(&self.sides[side].trace, row, scale)).unwrap_or_default()
    }

    /// What a bar of a row says on one of both sides.
    #[must_use]
    pub fn bar_text(&self, pair: &Pair, side: usize, bar: &Bar) -> String {
        let Ran { flows, trace, .. } = &self.sides[side];
        pair.sides[side].as_ref().map(|row| bar_text(flows, trace, row, bar)).unwrap_or_default()
    }

    /// A row on one of both sides in words.
    #[must_use]
    pub fn sentence(&self, pair: &Pair, side: usize, bars: &[Bar]) -> String {
        let of = |row: &Row| row_sentence(&self.sides[side].flows, row, bars);
        let said = pair.sides[side].as_ref().map_or_else(|| tr!("did not run"), of);
        if pair.is_of_both() { said } else { [VERSIONS[side], ": ", &said].concat() }
    }

    /// How both runs came out, and how many rows differ.
    #[must_use]
    pub fn summary(&self) -> String {
        let runs = &self.runs;
        let [old, new] = [0, 1].map(|side| {
            let state = runs.states[side].map_or_else(|| tr!("stopped"), label);
            format!("{}, {state}", human(runs.makespans[side]))
        });
        if old == new { tr!("{run} in both versions.", run = old) } else { format!("{old} → {new}.") }
    }

    /// What differs first, in a sentence; that nothing does, where nothing does.
    #[must_use]
    pub fn story(&self) -> String {
        let Runs { makespans, states, rows, .. } = &self.runs;
        let is_same = makespans[0] == makespans[1] && states[0] == states[1];
        match rows.first() {
            Some(first) => {
                tr!("The first difference: {difference}. The rule: {why}.", difference = difference(first), why = first.cause.sentence)
            }
            None if is_same => tr!("2.0 runs it as 1.3 does: each task begins and ends at the same moment and in the same state."),
            None => tr!("Each task runs as before, and the execution ends otherwise."),
        }
    }

    /// What differs as a table, the heads first.
    #[must_use]
    pub fn cells(&self) -> Cells {
        let head = vec![tr!("column" => "task"), VERSIONS[0].to_owned(), VERSIONS[1].to_owned(), tr!("column" => "because")];
        let row = |row: &Differing| {
            let [old, new] = row.seen.map(seen);
            vec![row.name.clone(), old, new, because(row)]
        };
        std::iter::once(head).chain(self.runs.rows.iter().map(row)).collect()
    }

    /// Each rule that makes something differ, in the order of what it makes first, with those lines of the table but the rule.
    #[must_use]
    pub fn by_rule(&self) -> Vec<(String, Cells)> {
        let mut groups: Vec<(String, Cells)> = Vec::new();
        for mut line in self.cells().into_iter().skip(1) {
            let rule = line.pop().unwrap_or_default();
            match groups.iter_mut().find(|(known, _)| *known == rule) {
                Some((_, lines)) => lines.push(line),
                None => groups.push((rule, vec![line])),
            }
        }
        groups
    }
}

/// The names of the two versions.
pub const VERSIONS: [&str; 2] = ["1.3", "2.0"];

/// The rows of a run with what they are known by.
fn keyed(ran: &Ran) -> Vec<(RowKey, Row)> {
    let mut n_runs: BTreeMap<Key, usize> = BTreeMap::new();
    let with_key = |row: Row| {
        let key = match row.about {
            About::Run(_, _, run) => key_of(&ran.flows, &ran.trace, run),
            About::Task(flow, task) => (Rc::clone(&flow.of(&ran.flows).id), Vec::new(), Rc::clone(&flow.of(&ran.flows).task(task).id)),
            About::Execution(execution) => around(ran, execution),
            About::Value { first, .. } => {
                let (flow, values, _) = key_of(&ran.flows, &ran.trace, first);
                (flow, values, "".into())
            }
        };
        let nth = n_runs.entry(key.clone()).or_default();
        *nth += 1;
        ((key, *nth), row)
    };
    rows(&ran.flows, &ran.trace, &|_| false).into_iter().map(with_key).collect()
}

/// What the row of an execution is known by: an iteration of a Loop by its value, as that of a ForEach.
fn around(ran: &Ran, execution: ExecutionIdx) -> Key {
    let about = ran.trace.execution(execution);
    let mut seen = about.started_by.map(|run: RunIdx| values(&ran.trace, run)).unwrap_or_default();
    seen.extend(about.iteration.as_ref().map(|iteration| Rc::clone(&iteration.value)));
    (Rc::clone(&ran.trace.flow_of(&ran.flows, execution).id), seen, "".into())
}

fn label(state: State) -> String {
    SegmentKind::State(state).label(Dialect::Kestra)
}

/// `0 s to 3.0 s, success, 2 runs`
fn seen(seen: Option<Seen>) -> String {
    let Some(Seen { n_runs, start, end, state }) = seen else { return tr!("did not run") };
    let runs = if n_runs > 1 { [", ", &tr!("{n} run" | "{n} runs" % n_runs)].concat() } else { String::new() };
    [tr!("{from} to {to}", from = human(start), to = human(end)), ", ".to_owned(), label(state), runs].concat()
}

/// Why a row differs, with the section of the rules.
fn because(row: &Differing) -> String {
    format!("{} ({})", row.cause.sentence, row.cause.section)
}

/// What differs of a task, in words.
fn difference(Differing { name, seen, .. }: &Differing) -> String {
    let [old, new] = *seen;
    let (old, new) = match (old, new) {
        (Some(old), Some(new)) => (old, new),
        (old, new) => {
            let from_to = |seen: Option<Seen>| seen.map(|seen| [human(seen.start), human(seen.end)]).unwrap_or_default();
            let [from, to] = from_to(old.or(new));
            return match old {
                Some(_) => tr!("in 1.3 `{name}` runs from {from} to {to}, in 2.0 not at all", name, from, to),
                None => tr!("in 2.0 `{name}` runs from {from} to {to}, in 1.3 not at all", name, from, to),
            };
        }
    };
    if old.start != new.start {
        return tr!("in 1.3 `{name}` begins at {old}, in 2.0 at {new}", name, old = human(old.start), new = human(new.start));
    }
    if old.end != new.end || old.state != new.state {
        let said = |seen: Seen| tr!("at {time} as {state}", time = human(seen.end), state = label(seen.state));
        return tr!("in 1.3 `{name}` ends {old}, in 2.0 {new}", name, old = said(old), new = said(new));
    }
    if old.n_runs != new.n_runs {
        return tr!("in 1.3 `{name}` runs {old} times, in 2.0 {new} times", name, old = old.n_runs, new = new.n_runs);
    }
    tr!("between its start and its end `{name}` runs otherwise in 2.0", name)
}

#[cfg(test)]
mod tests;
