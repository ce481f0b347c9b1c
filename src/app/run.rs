//! A text read, and a flow run: the two values that everything on the page is derived from.

use crate::analysis::makespan::{Numbers, numbers};
use crate::analysis::slots;
use crate::diag::{Diagnostic, has_errors};
use crate::flow::behavior::{Order, Slots};
use crate::flow::{Flow, Kind, Task, TaskIdx, read_parsed};
use crate::sim::Simulation;
use crate::sim::scenario::Scenario;
use crate::sim::trace::{ExecutionIdx, Trace};
use crate::source::Source;
use crate::syntax::{Document, parse};
use crate::time::SimTime;
use crate::timeline::rows::{Row, rows};
use std::collections::BTreeSet;
use std::rc::Rc;

/// The name of the text in the editor.
pub const FILE_NAME: &str = "flow.yaml";

/// A text and what it says.
#[derive(Debug)]
pub struct Reading {
    /// The text.
    pub source: Source,
    /// Its values with their places.
    pub document: Document,
    /// Its flows; none when one of the diagnostics is an error.
    pub flows: Rc<Vec<Flow>>,
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
}

/// A run that is too long to be made between two keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Long;

/// A group whose slots can be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupControl {
    /// Its id.
    pub id: Rc<str>,
    /// Its `concurrent`; 0 is no limit.
    pub concurrent: u32,
    /// The most slots worth offering: the leaves it holds at any depth, so that nested groups can be tried beyond their
    /// number.
    pub most: u32,
    /// The property that says so: `concurrent`, of a ForEach `concurrencyLimit`.
    pub property: &'static str,
}

/// Two readings are equal when they are one and the same: comparing all of a long text tells nothing more to the page.
impl PartialEq for Reading {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// Likewise.
impl PartialEq for Run {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Reading {
    /// Reads a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let source = Source::new(FILE_NAME, text);
        let (document, diagnostics) = parse(&source);
        Self::of_parsed(source, document, diagnostics)
    }

    /// Reads a text that was parsed already, with what was found wrong then.
    #[must_use]
    pub fn of_parsed(source: Source, document: Document, diagnostics: Vec<Diagnostic>) -> Self {
        let (flows, diagnostics) = read_parsed(&document, &source, diagnostics, None);
        Self { source, document, flows: Rc::new(flows), diagnostics }
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

    /// Likewise, unless the run has more than about so many events.
    ///
    /// # Errors
    /// [`Long`] when it has more.
    pub fn within(
        reading: &Reading,
        scenario: &Scenario,
        toggled: &BTreeSet<Rc<str>>,
        find: &str,
        n_events: usize,
    ) -> Result<Option<Self>, Long> {
        let flows = Self::flows_of(reading, scenario);
        if flows.is_empty() {
            return Ok(None);
        }
        let mut simulation = Simulation::new(&flows, scenario);
        let trace = if simulation.advance(n_events) { simulation.finish() } else { return Err(Long) };
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
        Self {
            rows: found(&flows, &trace, toggled, find),
            numbers: numbers(&flows[0], &trace),
            moments: trace.moments(),
            busy: slots::busy(&flows[0], &trace),
            flows,
            trace: Rc::new(trace),
        }
    }

    /// The same run with other rows folded, or found.
    #[must_use]
    pub fn with_rows(&self, toggled: &BTreeSet<Rc<str>>, find: &str) -> Self {
        Self { rows: found(&self.flows, &self.trace, toggled, find), ..self.clone() }
    }

    /// The flow that is run.
    #[must_use]
    pub fn flow(&self) -> &Flow {
        &self.flows[0]
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
        same_rows && self.trace.events == other.trace.events && self.group_controls() == other.group_controls()
    }

    /// The groups that can be switched between Parallel and Sequential, in source order, with whether they are Parallel now.
    /// A Parallel at the top has a slider, and is switched from its row.
    #[must_use]
    pub fn mode_controls(&self) -> Vec<(Rc<str>, bool)> {
        let mode = |task: &Task| match task.kind {
            Kind::Parallel { .. } if task.parent.is_some() => Some((Rc::clone(&task.id), true)),
            Kind::Sequential(_) => Some((Rc::clone(&task.id), false)),
            _ => None,
        };
        self.flow().tasks.iter().filter_map(mode).collect()
    }

    /// The row with this key.
    #[must_use]
    pub fn row(&self, key: &str) -> Option<&Row> {
        self.rows.iter().find(|row| &*row.key == key)
    }

    /// The groups whose slots can be set, in source order.
    #[must_use]
    pub fn group_controls(&self) -> Vec<GroupControl> {
        let flow = self.flow();
        // Groups stand before their children, so walking backwards finds all children counted.
        let mut n_leaves: Vec<u32> = vec![1; flow.tasks.len()];
        for (at, task) in flow.tasks.iter().enumerate().rev().filter(|(_, task)| task.is_group()) {
            let children: u32 = task.lists.tasks.iter().map(|child| n_leaves[child.0 as usize]).sum();
            n_leaves[at] = children.max(1);
        }
        let n_values = |idx: TaskIdx| {
            let runs = self.trace.runs.iter().filter(|run| run.execution == ExecutionIdx::FIRST && flow.task(run.task).parent == Some(idx));
            runs.filter_map(|run| run.iteration).max().map_or(1, |last| last + 1)
        };
        let control = |(idx, task): (TaskIdx, &Task)| {
            let Slots { limit, property } = task.slots()?;
            let most = match task.order() {
                Order::Lanes(_) => n_values(idx),
                Order::Sequential | Order::Window(_) | Order::Dag { .. } => n_values(idx) * n_leaves[idx.0 as usize],
            };
            Some(GroupControl { id: Rc::clone(&task.id), concurrent: limit, most, property })
        };
        flow.iter().filter_map(control).collect()
    }
}

/// The flows with the limits that are set in place of those that are written, so that all that is shown says the same.
fn with_limits(flows: &[Flow], scenario: &Scenario) -> Rc<Vec<Flow>> {
    let mut flows = flows.to_vec();
    for task in &mut flows[0].tasks {
        if let Some(limit) = scenario.concurrent.get(&*task.id) {
            task.kind.set_limit(*limit);
        }
    }
    Rc::new(flows)
}

/// The rows with these letters in their names or the names of their types, in whatever case, and those that end in the state
/// of this name; with the groups round them.
fn found(flows: &[Flow], trace: &Trace, toggled: &BTreeSet<Rc<str>>, find: &str) -> Vec<Row> {
    let mut rows = rows(flows, trace, &|key| toggled.contains(key));
    if find.is_empty() {
        return rows;
    }
    let find = find.to_lowercase();
    // From the last row up: a group is kept for the sake of a row below it.
    let mut wanted = 0;
    let mut keep = vec![false; rows.len()];
    for (at, row) in rows.iter().enumerate().rev() {
        let is_found = row.key.to_lowercase().contains(&find)
            || row.task(flows).is_some_and(|task| task.short_type().to_lowercase().contains(&find))
            || row.outcome(trace).is_some_and(|state| flows[0].dialect.state_name(state).eq_ignore_ascii_case(&find));
        keep[at] = is_found || row.depth < wanted;
        if keep[at] {
            wanted = row.depth;
        }
    }
    let mut keep = keep.into_iter();
    rows.retain(|_| keep.next().unwrap_or(true));
    rows
}
