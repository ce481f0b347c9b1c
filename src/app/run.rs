//! A text read, and a flow run: the two values that everything on the page is derived from.

use super::controls::{GroupControl, controls};
use crate::analysis::faults::{Fault, faults};
use crate::analysis::makespan::{Numbers, numbers};
use crate::analysis::segments::SegmentKind;
use crate::analysis::slots;
use crate::collections::{Index, Sorted};
use crate::diag::{Diagnostic, has_errors};
use crate::flow::{Flow, Task, Version, choose, read_parsed};
use crate::pace::give_way;
use crate::sim::Simulation;
use crate::sim::scenario::Scenario;
use crate::sim::trace::Trace;
use crate::source::Source;
use crate::syntax::{Document, parse, parse_changed};
use crate::time::SimTime;
use crate::timeline::labels::{length_px, name_px};
use crate::timeline::rows::{Row, rows};
use std::collections::BTreeSet;
use std::rc::Rc;

/// The name of the text in the editor.
pub const FILE_NAME: &str = "flow.yaml";

/// A state or a wait is found by the beginning of one of its words from so many letters on: shorter ones are in most names.
const WORD_LETTERS: usize = 4;

/// The column of names has a multiple of this width: few edits change it, and so move the bars and restyle all that is in the chart.
const NAMES_STEP_PX: f64 = 24.0;

/// A text and what it says.
#[derive(Debug)]
pub struct Reading {
    /// The text.
    pub source: Source,
    /// Its values with their places.
    pub document: Document,
    /// Its flows; empty when one of the diagnostics is an error.
    pub flows: Rc<Vec<Flow>>,
    /// The version of Kestra it is read for; `None` is the one the text is for.
    pub version: Option<Version>,
    /// The title or id of the flow that is run; `None` is the first one.
    pub chosen: Option<Rc<str>>,
    /// What is wrong with it, and what to know.
    pub diagnostics: Vec<Diagnostic>,
}

/// The first flow of a text, run.
#[derive(Debug, Clone)]
pub struct Run {
    /// The flow, and those it may call.
    pub flows: Rc<Vec<Flow>>,
    /// What happened.
    pub trace: Rc<Trace>,
    /// The rows of the timeline.
    pub rows: Vec<Row>,
    /// Its numbers.
    pub numbers: Numbers,
    /// The moments at which anything happens.
    pub moments: Vec<SimTime>,
    /// How many slots were busy from when on.
    pub busy: Vec<(SimTime, u32)>,
    /// Where a server does something else.
    pub faults: Rc<Vec<Fault>>,
    /// The groups whose slots can be set, in source order.
    pub controls: Rc<[GroupControl]>,
    /// How wide the column of names is so that every name and length fits, in pixels, also those of rows that a search hides.
    pub names_px: f64,
    /// Where each key is among the rows.
    places: Index,
}

/// The error of a run that has more events than were allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

/// Two readings are equal when they are one and the same. Comparing long texts would tell the page nothing more.
impl PartialEq for Reading {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// Two runs are equal when they are one and the same, as readings are.
impl PartialEq for Run {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Reading {
    /// Reads a text, for a version of Kestra.
    #[must_use]
    pub fn of(text: &str, version: Option<Version>) -> Self {
        let source = Source::new(FILE_NAME, text);
        let (document, diagnostics) = parse(&source);
        Self::of_parsed(source, document, diagnostics, version)
    }

    /// Reads a text that this one has become, for the same version and with the same flow as the one that is run.
    #[must_use]
    pub fn changed(&self, text: impl Into<Rc<str>>) -> Self {
        let source = Source::new(FILE_NAME, text);
        let (document, diagnostics) = parse_changed(&self.source, &self.document, &source);
        Self::of_parsed(source, document, diagnostics, self.version).choosing(self.chosen.clone())
    }

    /// Reads a text that was parsed already, with what was found wrong then.
    #[must_use]
    pub fn of_parsed(source: Source, document: Document, diagnostics: Vec<Diagnostic>, version: Option<Version>) -> Self {
        let (flows, diagnostics) = read_parsed(&document, &source, diagnostics, version);
        Self { source, document, flows: Rc::new(flows), version, chosen: None, diagnostics }
    }

    /// The same with the flow of this title or id as the one that is run. A name that no flow has changes nothing.
    #[must_use]
    pub fn choosing(mut self, name: Option<Rc<str>>) -> Self {
        if let Some(name) = &name {
            choose(Rc::<Vec<Flow>>::make_mut(&mut self.flows), name);
        }
        Self { chosen: name, ..self }
    }

    /// Id and title of each flow that could be run, in the order of the text; empty when there is no choice.
    #[must_use]
    pub fn choices(&self) -> Vec<(Rc<str>, Rc<str>)> {
        let mut flows: Vec<&Flow> = self.flows.iter().collect();
        flows.sort_by_key(|flow| flow.span.start);
        let choices = flows.into_iter().map(|flow| (Rc::clone(&flow.id), Rc::clone(flow.title())));
        if self.flows.len() > 1 { choices.collect() } else { Vec::new() }
    }

    /// Whether it can't be run.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        has_errors(&self.diagnostics)
    }
}

impl Run {
    /// Runs the first flow of a reading; `None` when it has none.
    #[must_use]
    pub fn of(reading: &Reading, scenario: &Scenario, toggled: &BTreeSet<Rc<str>>, find: &str) -> Option<Self> {
        Self::within(reading, scenario, toggled, find, usize::MAX).ok()?
    }

    /// Runs the first flow of a reading, unless the run has more than about `n_events` events.
    ///
    /// # Errors
    /// [`TooLong`] if the run has more events.
    pub fn within(
        reading: &Reading,
        scenario: &Scenario,
        toggled: &BTreeSet<Rc<str>>,
        find: &str,
        n_events: usize,
    ) -> Result<Option<Self>, TooLong> {
        let flows = Self::flows_of(reading, scenario);
        if flows.is_empty() {
            return Ok(None);
        }
        let mut simulation = Simulation::new(&flows, scenario);
        let trace = if simulation.advance(n_events) { simulation.finish() } else { return Err(TooLong) };
        Ok(Some(Self::of_trace(flows, trace, toggled, find)))
    }

    /// The flows of a reading with the limits of the settings.
    #[must_use]
    pub fn flows_of(reading: &Reading, scenario: &Scenario) -> Rc<Vec<Flow>> {
        if scenario.concurrent.is_empty() || reading.flows.is_empty() {
            Rc::clone(&reading.flows)
        } else {
            with_limits(&reading.flows, scenario)
        }
    }

    /// A run of flows, of which there is one at least, that was simulated already.
    #[must_use]
    pub fn of_trace(flows: Rc<Vec<Flow>>, trace: Trace, toggled: &BTreeSet<Rc<str>>, find: &str) -> Self {
        let run = Self {
            rows: Vec::new(),
            numbers: numbers(&flows[0], &trace),
            moments: trace.moments(),
            busy: slots::busy(&flows[0], &trace),
            faults: Rc::new(faults(&flows, &trace)),
            controls: controls(&flows[0], &trace).into(),
            flows,
            trace: Rc::new(trace),
            names_px: 0.0,
            places: Index::default(),
        };
        run.laid_out(toggled, find)
    }

    /// The same run with other rows folded, or found.
    #[must_use]
    pub fn with_rows(&self, toggled: &BTreeSet<Rc<str>>, find: &str) -> Self {
        self.clone().laid_out(toggled, find)
    }

    fn laid_out(self, toggled: &BTreeSet<Rc<str>>, find: &str) -> Self {
        let (rows, names_px) = self.shown_rows(toggled, find);
        let mut places = Index::default();
        for (at, row) in rows.iter().enumerate() {
            give_way();
            if places.get(&row.key).is_none() {
                places.set(Rc::clone(&row.key), at);
            }
        }
        Self { rows, names_px, places, ..self }
    }

    /// The rows that folds and search leave, and how wide the names are without the search.
    fn shown_rows(&self, toggled: &BTreeSet<Rc<str>>, find: &str) -> (Vec<Row>, f64) {
        let mut rows = rows(&self.flows, &self.trace, &|key| toggled.contains(key));
        let mut lengths_px = Sorted::default();
        let widest_px = rows.iter().map(|row| self.name_px(row) + known_length_px(row, &mut lengths_px)).fold(120.0, f64::max);
        let names_px = (widest_px / NAMES_STEP_PX).ceil() * NAMES_STEP_PX;
        if !find.is_empty() {
            self.retain_found(&mut rows, &find.to_lowercase());
        }
        (rows, names_px)
    }

    /// Removes the rows that do not match `find`, in lower case, but not the groups around those that do.
    fn retain_found(&self, rows: &mut Vec<Row>, find: &str) {
        // From the last row up: a group is kept for the sake of a row below it.
        let mut wanted = 0;
        let mut keep = vec![false; rows.len()];
        for (at, row) in rows.iter().enumerate().rev() {
            keep[at] = self.is_found(row, find) || row.depth < wanted;
            if keep[at] {
                wanted = row.depth;
            }
        }
        let mut keep = keep.into_iter();
        rows.retain(|_| keep.next().unwrap_or(true));
    }

    /// Whether the name or the type of a row contains `find`, in lower case, or one of its states or waits begins with it.
    fn is_found(&self, row: &Row, find: &str) -> bool {
        let dialect = self.flow().dialect;
        let of_kind = |kind: SegmentKind| {
            let label = kind.label(dialect).to_lowercase();
            label == find || find.len() >= WORD_LETTERS && label.split(' ').any(|word| word.starts_with(find))
        };
        // Of a plugin the whole path: `airbyte.connections.Sync`.
        let type_of = |task: &Task| match task.type_name.strip_prefix("io.kestra.plugin.") {
            Some(path) if !path.starts_with("core.") => path.to_lowercase(),
            _ => task.short_type().to_lowercase(),
        };
        [&row.key, &row.name].into_iter().any(|name| name.to_lowercase().contains(find))
            || row.task(&self.flows).is_some_and(|task| type_of(task).contains(find))
            || row.outcome(&self.trace).map(SegmentKind::State).is_some_and(of_kind)
            || find.len() >= WORD_LETTERS && row.segments(&self.trace).iter().any(|segment| of_kind(segment.kind))
    }

    /// Where it comes to faults of the version, in the text of the editor.
    pub fn faults_in_text(&self) -> impl Iterator<Item = Diagnostic> {
        self.faults.iter().filter(|fault| fault.file == 0).map(Fault::diagnostic)
    }

    /// The flow that is run.
    #[must_use]
    pub fn flow(&self) -> &Flow {
        &self.flows[0]
    }

    /// Whether it came to an end by itself.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.trace.truncated.is_none()
    }

    /// The end of the last run.
    #[must_use]
    pub fn end(&self) -> SimTime {
        self.trace.end
    }

    /// Whether another run looks just the same: same rows, same events.
    #[must_use]
    pub fn same_picture(&self, other: &Run) -> bool {
        let same_rows =
            self.rows.len() == other.rows.len() && self.rows.iter().zip(&other.rows).all(|(a, b)| a.key == b.key && a.depth == b.depth);
        same_rows && self.trace.events == other.trace.events && self.controls == other.controls
    }

    /// The keys of the rows that match, without the groups that are only shown around them. First those that are named so, then those whose
    /// names begin so, then the others; of each, tasks before groups.
    #[must_use]
    pub fn found(&self, find: &str) -> Vec<&Rc<str>> {
        let find = find.to_lowercase();
        let mut found: Vec<&Row> = self.rows.iter().filter(|row| self.is_found(row, &find)).collect();
        found.sort_by_cached_key(|row| {
            let name = row.name.to_lowercase();
            (name != find, !name.starts_with(&find), row.is_group)
        });
        found.into_iter().map(|row| &row.key).collect()
    }

    /// The row to scroll to when the playhead reaches a moment: the first that begins then, unless one that does is in view.
    #[must_use]
    pub fn row_to_show(&self, moment: SimTime, in_view: std::ops::Range<usize>) -> Option<usize> {
        let begins = |row: &Row| row.run().is_some_and(|run| self.trace.began(run) == Some(moment));
        let mut rows = self.rows.iter().enumerate().filter(|(_, row)| begins(row)).map(|(at, _)| at).peekable();
        let first = rows.peek().copied();
        first.filter(|_| !rows.any(|at| in_view.contains(&at)))
    }

    /// The row with this key.
    #[must_use]
    pub fn row(&self, key: &str) -> Option<&Row> {
        self.rows.get(self.places.get(key)?)
    }

    /// How wide the column of names has to be for a row without its length, in pixels.
    #[must_use]
    pub fn name_px(&self, row: &Row) -> f64 {
        const STEPPER_PX: f64 = 76.0;
        const MENU_PX: f64 = 28.0;
        let beside_px = match self.limit_in(row) {
            Some(_) => STEPPER_PX,
            None if self.has_mode(row) => MENU_PX,
            None => 0.0,
        };
        name_px(row, &row.name, beside_px)
    }

    /// The run as an SVG file.
    #[must_use]
    pub fn svg(&self) -> String {
        crate::render::svg::svg(&self.flows, &self.trace)
    }
}

/// The width of the length of a row. Writing it takes long, and most rows have a length that another has.
fn known_length_px(row: &Row, known: &mut Sorted<Option<SimTime>, f64>) -> f64 {
    const MOST_KNOWN: usize = 256;
    give_way();
    if let Some(px) = known.get(&row.length) {
        return *px;
    }
    let px = length_px(row);
    if known.size() < MOST_KNOWN {
        known.insert(row.length, px);
    }
    px
}

/// The flows with the limits of the settings in place of those in the text, so that all views show the same limits.
fn with_limits(flows: &[Flow], scenario: &Scenario) -> Rc<Vec<Flow>> {
    let mut flows = flows.to_vec();
    for task in &mut flows[0].tasks {
        if let Some(limit) = scenario.concurrent.get(&*task.id) {
            task.kind.set_limit(*limit);
        }
    }
    Rc::new(flows)
}
