//! What the page is showing, as one value, and what each message makes of it. No Yew here: tested natively.
//!
//! [`App`] holds what the person chose and the last run that could be made; all else is derived from these.

pub mod hints;
pub mod history;
pub mod link;
pub mod playback;
pub mod run;
pub mod settings;
pub mod zoom;

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::convert::{Converted, convert};
use crate::diag::Fix;
use crate::edit::{self, Edit, Intent, set_concurrent};
use crate::examples::{self, EXAMPLES};
use crate::flow::TaskIdx;
use crate::share::Link;
use crate::sim::scenario::Scenario;
use crate::time::SimTime;
use crate::timeline;
use crate::timeline::rows::Row;
use history::History;
use playback::Playback;
use run::{Long, Reading, Run};

/// The whole page.
#[derive(Debug, Clone, PartialEq)]
pub struct App {
    /// The text in the editor and what it says, but for what is pending.
    pub reading: Rc<Reading>,
    /// A text that was typed and is long, or runs long: it is read and run in slices once typing rests, or as soon as anything
    /// else is done.
    pub pending: Option<Rc<str>>,
    /// The run on show: that of the text, or the last one there was when the text can't be run.
    pub run: Option<Rc<Run>>,
    /// The settings of the run.
    pub scenario: Rc<Scenario>,
    /// The rows that are folded the other way round than at first, by their keys.
    pub toggled: Rc<BTreeSet<Rc<str>>>,
    /// The run before it, to compare with.
    pub ghost: Option<Rc<Run>>,
    /// What was done to the text and the settings.
    pub history: Rc<History>,
    /// Where the playhead stands.
    pub playback: Playback,
    /// The row that is selected, by its key.
    pub selected: Option<Rc<str>>,
    /// How the run is drawn.
    pub view: View,
    /// Whether all links are drawn, not only those of the selected task.
    pub all_links: bool,
    /// Only rows with this in their names or types, or that end in this state, are on show, and the groups round them; empty
    /// shows all.
    pub find: Rc<str>,
    /// Tasks before which the playhead stops, by their rows.
    pub breaks: Rc<BTreeSet<Rc<str>>>,
    /// What was refused, or lost, by the last thing that was done.
    pub told: Rc<Vec<String>>,
    /// The panel below the timeline.
    pub panel: Panel,
    /// What a narrow page shows.
    pub tab: Tab,
    /// The part of the run in view; `None` is the whole.
    pub zoom: Option<zoom::Range>,
    /// The place of the text to be shown, as a byte offset, and the how-manieth wish it is.
    pub place: (u32, u32),
    /// The example the text came from; `None` once it is the person's own.
    pub example: Option<&'static str>,
}

/// From this length on a text is not read at every key. Shorter ones are read faster than the next key can come.
const LONG_TEXT_BYTES: usize = 60_000;

/// Nor is one whose run has more events than this.
const LONG_RUN_EVENTS: usize = 50_000;

/// The panels below the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Panel {
    Details,
    Log,
    Curve,
    Table,
}

/// How a run is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// A row for each task.
    Gantt,
    /// A row for each slot of a group.
    Slots,
}

/// The tabs of a narrow page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Tab {
    Flow,
    Time,
    Why,
    Log,
}

/// What a person, or the clock, does.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// The text is now this: typed, or put there by a script.
    Edit(String),
    /// A new text with its reading and run made elsewhere; nothing of the old one stays but the history.
    Load(Rc<Reading>, Option<Rc<Run>>),
    /// Show another page, such as a link opens; the history stays.
    Show(Box<App>),
    /// Show what a link says of all but the text.
    Apply(Link),
    /// Show this example.
    Example(&'static str),
    /// Set `concurrent` of this group; `None` is no limit.
    SetConcurrent(Rc<str>, Option<u32>),
    /// Nothing but reading and running what is pending, at once.
    Settle,
    /// What is pending, the first value, was read and run elsewhere.
    Ready(Rc<str>, Rc<Reading>, Option<Rc<Run>>),
    /// Take the last edit back.
    Undo,
    /// Make it again.
    Redo,
    /// Move the playhead.
    Play(playback::Msg),
    /// Select a row, or none.
    Select(Option<Rc<str>>),
    /// Show this panel.
    Panel(Panel),
    /// Draw the run like this.
    View(View),
    /// Draw all links, or only those of the selected task.
    AllLinks(bool),
    /// Show only rows with this in their names.
    Find(Rc<str>),
    /// The cursor of the editor went to this line, from 1: select what is written there.
    At(usize),
    /// Stop before this row's task, or no longer.
    Break(Rc<str>),
    /// Stop before the task that is written on this line, from 1, or no longer.
    BreakAt(usize),
    /// Change the text as a diagnostic advises.
    Fix(Fix),
    /// Change what is written of the task of this row.
    Change(Rc<str>, Intent),
    /// Let the task of the second row wait for that of the first.
    Link(Rc<str>, Rc<str>),
    /// Let it no longer wait.
    Unlink(Rc<str>, Rc<str>),
    /// Write the flow in the other dialect.
    Convert,
    /// Show this tab.
    Tab(Tab),
    /// Show the place of the first problem in the text.
    GoToProblem,
    /// Show this line of the text, from 1.
    GoToLine(usize),
    /// Fold what is below a row away, or show it.
    Fold(Rc<str>),
    /// Run with other settings.
    Set(Box<Scenario>),
    /// Show another part of the run.
    Zoom(zoom::Zoom),
}

/// What the root element says of the page: `data-state`.
#[must_use]
pub fn state_name(app: &App) -> &'static str {
    if app.is_stale() { "error" } else { app.playback.phase.as_str() }
}

impl App {
    /// The page as it opens: the first example, at rest.
    #[must_use]
    pub fn open() -> Self {
        let first = &EXAMPLES[0];
        Self::with_text(first.text, Some(first.id))
    }

    /// The page at rest with this text.
    #[must_use]
    pub fn with_text(text: &str, example: Option<&'static str>) -> Self {
        let reading = Rc::new(Reading::of(text));
        let run = Run::of(&reading, &Scenario::default(), &BTreeSet::new(), "").map(Rc::new);
        Self {
            playback: Playback::at_rest(end_of(run.as_ref())),
            reading,
            pending: None,
            run,
            scenario: Rc::default(),
            toggled: Rc::default(),
            ghost: None,
            history: Rc::default(),
            selected: None,
            view: View::Gantt,
            all_links: false,
            find: Rc::from(""),
            breaks: Rc::default(),
            told: Rc::default(),
            panel: Panel::Details,
            tab: Tab::Time,
            zoom: None,
            place: (0, 0),
            example,
        }
    }

    /// Whether the run on show is not that of the text.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.reading.has_errors()
    }

    /// The page after `msg`.
    #[must_use]
    pub fn update(self, msg: Msg) -> Self {
        match msg {
            Msg::Edit(text) if self.pending.is_some() || text.len() >= LONG_TEXT_BYTES => Self { pending: Some(Rc::from(text)), ..self },
            Msg::Edit(text) => self.typed(&text),
            Msg::Play(playback::Msg::Tick(_)) => self.updated(msg),
            Msg::Settle => self.settled(),
            Msg::Ready(text, reading, run) if self.pending.as_ref().is_some_and(|pending| Rc::ptr_eq(pending, &text)) => {
                Self { history: self.recorded(&reading.source.text, &self.scenario), ..self }.with_run(reading, run).own()
            }
            // A later text is on its way.
            Msg::Ready(..) => self,
            msg => {
                // What was told is gone with the next thing that is done.
                let settled = self.settled();
                Self { told: if settled.told.is_empty() { settled.told } else { Rc::default() }, ..settled }.updated(msg)
            }
        }
    }

    fn settled(mut self) -> Self {
        match self.pending.take() {
            Some(text) => self.edited(&text).own(),
            None => self,
        }
    }

    /// The page with a text that was typed; one that runs long is pending.
    fn typed(self, text: &str) -> Self {
        if *text == *self.reading.source.text {
            return self;
        }
        let reading = Rc::new(Reading::of(text));
        match Run::within(&reading, &self.scenario, &self.toggled, &self.find, LONG_RUN_EVENTS) {
            Ok(run) => {
                Self { told: Rc::default(), history: self.recorded(text, &self.scenario), ..self }.with_run(reading, run.map(Rc::new)).own()
            }
            Err(Long) => Self { pending: Some(Rc::from(text)), ..self },
        }
    }

    /// The page with a text that is the person's own.
    fn own(self) -> Self {
        Self { example: None, pending: None, ..self }
    }

    fn updated(self, msg: Msg) -> Self {
        match msg {
            Msg::Edit(_) | Msg::Settle | Msg::Ready(..) => self,
            Msg::Load(reading, run) => self.loaded(reading, run, None),
            Msg::Show(app) => Self { history: self.recorded(&app.reading.source.text, &app.scenario), place: self.place, ..*app },
            Msg::Apply(link) => link::applied(self, &link).0,
            Msg::Example(id) => match examples::find(id) {
                Some(example) => {
                    let fresh = Self::with_text(example.text, None);
                    self.loaded(fresh.reading, fresh.run, Some(example.id))
                }
                None => self,
            },
            Msg::SetConcurrent(group, limit) => self.set_concurrent(&group, limit),
            Msg::Undo => self.travel(History::undo),
            Msg::Redo => self.travel(History::redo),
            Msg::Play(_) if self.is_stale() => self,
            Msg::Play(msg) => Self { playback: self.playback.update(msg, self.moments()).stopped_at(self.playback, &self.stops()), ..self },
            Msg::Select(selected) => Self { selected, ..self },
            Msg::Panel(panel) => Self { panel, ..self },
            Msg::View(view) => Self { view, ..self },
            Msg::AllLinks(all_links) => Self { all_links, ..self },
            Msg::At(line) => self.selected_at(line),
            Msg::Find(find) => Self { find, ..self }.with_rows(),
            Msg::BreakAt(line) => self.broken_at(line),
            Msg::Fix(fix) => match self.reading.source.text.get(fix.span.range()) {
                Some(_) => {
                    let mut text = self.reading.source.text.clone();
                    text.replace_range(fix.span.range(), &fix.text);
                    self.edited(&text)
                }
                None => self,
            },
            Msg::Break(key) => Self { breaks: Rc::new(with_or_without(&self.breaks, key)), ..self },
            Msg::Link(from, to) => self.linked(&from, &to, edit::link),
            Msg::Unlink(from, to) => self.linked(&from, &to, edit::unlink),
            Msg::Convert => self.converted(),
            Msg::Change(key, intent) => match self.change(&key, intent) {
                Ok(Some(edit)) => {
                    let text = edit.apply(&self.reading.source.text);
                    self.edited(&text)
                }
                _ => self,
            },
            Msg::Tab(tab) => Self { tab, ..self },
            Msg::Fold(key) => self.folded(key),
            Msg::Set(scenario) => self.set(*scenario),
            Msg::GoToProblem => {
                let first = self.reading.diagnostics.iter().min_by_key(|found| (found.severity, found.span.start));
                let offset = first.map_or(0, |found| found.span.start);
                self.go_to(offset)
            }
            Msg::GoToLine(line) => {
                let offset = self.reading.source.line_span(line).start;
                self.go_to(offset)
            }
            Msg::Zoom(zoom) => Self { zoom: zoom::zoomed(self.zoom, zoom, self.span()), ..self },
        }
    }

    fn folded(self, key: Rc<str>) -> Self {
        Self { toggled: Rc::new(with_or_without(&self.toggled, key)), ..self }.with_rows()
    }

    fn with_rows(self) -> Self {
        let run = self.run.as_ref().map(|run| Rc::new(run.with_rows(&self.toggled, &self.find)));
        Self { run, ..self }
    }

    /// What an intent for the task of a row makes of the text; `None` when it is so already.
    ///
    /// # Errors
    /// One sentence that says why the text can't be changed from the chart.
    pub fn change(&self, key: &str, intent: Intent) -> Result<Option<Edit>, String> {
        let missing = || "this row is not a task of the text".to_owned();
        let idx = self.run.as_ref().and_then(|run| run.row(key)?.task_idx()).ok_or_else(missing)?;
        let flow = self.reading.flows.first().ok_or("the text has a problem: mend it first")?;
        edit::edit(&self.reading.source, &self.reading.document, flow, idx, intent)
    }

    /// Links the tasks of two rows, or takes their link out; what can't be done is told.
    fn linked(self, from: &str, to: &str, make: LinkEdit) -> Self {
        let idx = |key: &str| self.run.as_ref().and_then(|run| run.row(key)?.task_idx());
        let (Some(flow), Some(from), Some(to)) = (self.reading.flows.first(), idx(from), idx(to)) else { return self };
        match make(&self.reading.source, &self.reading.document, flow, from, to) {
            Ok(edit) => {
                let text = edit.apply(&self.reading.source.text);
                self.edited(&text)
            }
            Err(why) => Self { told: Rc::new(vec![why]), ..self },
        }
    }

    /// What a link of two rows' tasks would change: the lines of the text that go and come.
    ///
    /// # Errors
    /// One sentence that says why there can be none.
    pub fn preview(&self, from: &str, to: &str) -> Result<Vec<String>, String> {
        let idx = |key: &str| self.run.as_ref().and_then(|run| run.row(key)?.task_idx());
        let missing = "this row is not a task of the text";
        let (flow, from, to) = (self.reading.flows.first().ok_or(missing)?, idx(from).ok_or(missing)?, idx(to).ok_or(missing)?);
        let edit = edit::link(&self.reading.source, &self.reading.document, flow, from, to)?;
        Ok(edit::changed_lines(&self.reading.source.text, &edit))
    }

    /// Why the second row's task can't wait for that of the first: there is such a link, or it would close a circle. Cheaper
    /// than [`App::preview`], which proves that the text can be changed.
    #[must_use]
    pub fn refuses(&self, from: &str, to: &str) -> Option<String> {
        let idx = |key: &str| self.run.as_ref().and_then(|run| run.row(key)?.task_idx());
        edit::refused(self.reading.flows.first()?, idx(from)?, idx(to)?)
    }

    /// The flow in the other dialect, with what was lost.
    fn converted(self) -> Self {
        let Some(flow) = self.reading.flows.first().filter(|_| !self.is_stale()) else { return self };
        let to = flow.dialect.other();
        let Converted { text, lost } = convert(&self.reading.source, &self.reading.document, &self.reading.flows, to);
        let told =
            lost.iter().map(|lost| format!("line {}: {}", self.reading.source.position(lost.span.start).line, lost.message)).collect();
        Self { told: Rc::new(told), selected: None, example: None, ..self.edited(&text) }
    }

    /// Whether there is a way to make an intent so. Cheaper than [`App::change`], which proves it.
    ///
    /// # Errors
    /// One sentence that says why not.
    pub fn can_change(&self, key: &str, intent: Intent) -> Result<(), String> {
        let idx = self.run.as_ref().and_then(|run| run.row(key)?.task_idx()).ok_or("this row is not a task of the text")?;
        let flow = self.reading.flows.first().ok_or("the text has a problem: mend it first")?;
        edit::can_edit(&self.reading.source, &self.reading.document, flow, idx, intent)
    }

    /// The step by which the length of a row's task changes, in milliseconds.
    #[must_use]
    pub fn step_ms(&self, key: &str) -> i64 {
        let idx = self.run.as_ref().and_then(|run| run.row(key)?.task_idx());
        let step =
            self.reading.flows.first().zip(idx).map(|(flow, idx)| edit::step_ms(&self.reading.source, &self.reading.document, flow, idx));
        step.and_then(Result::ok).map_or(1000, |step| step as i64)
    }

    /// The moments at which the tasks with a break begin.
    fn stops(&self) -> Vec<SimTime> {
        let Some(run) = self.run.as_ref().filter(|_| !self.breaks.is_empty()) else { return Vec::new() };
        let broken = run.rows.iter().filter(|row| self.breaks.contains(&row.key));
        broken.filter_map(|row| run.trace.began(row.run()?)).collect()
    }

    /// Selects the innermost task that is written on a line; where none is, all stays.
    fn selected_at(self, line: usize) -> Self {
        let run = self.run.as_ref();
        let row = self.row_at(line);
        // Of several runs of the task the one that is selected already, else the first.
        let task = row.and_then(|row| row.task_idx());
        let same = |row: &&Row| row.task_idx() == task;
        let first = run.and_then(|run| {
            run.rows.iter().filter(same).find(|row| Some(&row.key) == self.selected.as_ref()).or(run.rows.iter().find(same))
        });
        let selected = task.and(first).map(|row| Rc::clone(&row.key)).or(self.selected);
        Self { selected, ..self }
    }

    /// A break at each run of the task that is written on a line, or at none of them.
    fn broken_at(self, line: usize) -> Self {
        let Some((run, task)) = self.run.as_ref().zip(self.row_at(line).and_then(Row::task_idx)) else { return self };
        let mut breaks = (*self.breaks).clone();
        let keys = run.rows.iter().filter(|row| row.task_idx() == Some(task)).map(|row| &row.key);
        let is_broken = keys.clone().any(|key| breaks.contains(key));
        for key in keys {
            if is_broken {
                breaks.remove(key);
            } else {
                breaks.insert(Rc::clone(key));
            }
        }
        Self { breaks: Rc::new(breaks), ..self }
    }

    /// The last row of the innermost task that is written on a line; none while the text can't be run.
    fn row_at(&self, line: usize) -> Option<&Row> {
        let span = self.reading.source.line_span(line);
        let run = self.run.as_ref().filter(|_| !self.is_stale())?;
        let is_there = |idx: TaskIdx| {
            let task = run.flow().task(idx).span;
            task.start <= span.end && task.end > span.start
        };
        run.rows.iter().rev().find(|row| row.task_idx().is_some_and(is_there))
    }

    /// The lines, from 1, before whose tasks the playhead stops; none while the text can't be run.
    #[must_use]
    pub fn break_lines(&self) -> Vec<usize> {
        let Some(run) = self.run.as_ref().filter(|_| !self.is_stale()) else { return Vec::new() };
        let broken = run.rows.iter().filter(|row| self.breaks.contains(&row.key));
        let mut lines: Vec<usize> =
            broken.filter_map(|row| Some(self.reading.source.position(run.flow().task(row.task_idx()?).span.start).line)).collect();
        lines.dedup();
        lines
    }

    fn go_to(self, offset: u32) -> Self {
        Self { place: (offset, self.place.1 + 1), tab: Tab::Flow, ..self }
    }

    /// The moments at which anything happens in the run on show.
    fn moments(&self) -> &[SimTime] {
        self.run.as_ref().map_or(&[], |run| &run.moments)
    }

    fn set_concurrent(self, group: &str, limit: Option<u32>) -> Self {
        if self.scenario.concurrent.contains_key(group) {
            let mut scenario = (*self.scenario).clone();
            scenario.concurrent.insert(group.to_owned(), limit.unwrap_or(0));
            return self.set(scenario);
        }
        let Some(flow) = self.reading.flows.first() else { return self };
        let edit =
            flow.find(group).and_then(|idx| set_concurrent(&self.reading.source, &self.reading.document, flow, idx, limit).ok().flatten());
        match edit {
            Some(edit) => {
                let text = edit.apply(&self.reading.source.text);
                self.edited(&text)
            }
            None => self,
        }
    }

    /// The page with a changed text, and the change in the history.
    fn edited(self, text: &str) -> Self {
        if *text == *self.reading.source.text {
            return self;
        }
        Self { history: self.recorded(text, &self.scenario), ..self.with_reading(text) }
    }

    /// The page with other settings, and the change in the history.
    fn set(self, scenario: Scenario) -> Self {
        let scenario = Rc::new(scenario);
        Self { history: self.recorded(&self.reading.source.text, &scenario), scenario, ..self }.run_again()
    }

    /// The history after text and settings become these.
    fn recorded(&self, text: &str, scenario: &Rc<Scenario>) -> Rc<History> {
        Rc::new((*self.history).clone().record((&self.reading.source.text, &self.scenario), (text, scenario)))
    }

    fn travel(self, step: Travel) -> Self {
        match step((*self.history).clone(), &self.reading.source.text, &self.scenario) {
            Some((history, (text, scenario))) => {
                let example = self.example.filter(|_| *text == *self.reading.source.text);
                Self { history: Rc::new(history), scenario, example, ..self }.with_reading(&text)
            }
            None => self,
        }
    }

    /// Reads and runs a text. A text that can't be run leaves the last run on show.
    fn with_reading(self, text: &str) -> Self {
        let reading = Rc::new(Reading::of(text));
        Self { reading, ..self }.run_again()
    }

    /// Runs the text with the settings.
    fn run_again(self) -> Self {
        let reading = Rc::clone(&self.reading);
        let run = Run::of(&reading, &self.scenario, &self.toggled, &self.find);
        self.with_run(reading, run.map(Rc::new))
    }

    /// The page with a text that was read and run. One that can't be run leaves the last run on show.
    fn with_run(self, reading: Rc<Reading>, run: Option<Rc<Run>>) -> Self {
        match run {
            Some(run) => {
                let same = self.run.as_ref().is_some_and(|last| last.same_picture(&run));
                let ghost = if same { self.ghost } else { self.run };
                let next = Self { reading, playback: self.playback.with_end(run.end()), run: Some(run), ghost, ..self };
                // Another span is another picture: it is shown whole.
                let zoom = next.zoom.filter(|range| range.to_ms <= next.span().0 as f64);
                Self { zoom, ..next }
            }
            None => Self { reading, playback: self.playback.paused(), ..self },
        }
    }

    fn loaded(self, reading: Rc<Reading>, run: Option<Rc<Run>>, example: Option<&'static str>) -> Self {
        let history = self.recorded(&reading.source.text, &Rc::default());
        // A text that can't be run leaves the last run on show.
        let run = run.or(self.run);
        let playback = Playback::at_rest(end_of(run.as_ref())).with_speed(self.playback.speed);
        Self {
            reading,
            run,
            ghost: None,
            history,
            playback,
            selected: None,
            example,
            zoom: None,
            scenario: Rc::default(),
            toggled: Rc::default(),
            find: Rc::from(""),
            breaks: Rc::default(),
            ..self
        }
    }

    /// The time that the whole picture spans: the run's, and the ghost's if that is longer.
    #[must_use]
    pub fn span(&self) -> SimTime {
        let also = self.ghost.as_ref().map_or(SimTime::ZERO, |ghost| ghost.end());
        self.run.as_ref().map_or(SimTime(1000), |run| timeline::span(&run.trace, also))
    }

    /// The text in the editor.
    #[must_use]
    pub fn text(&self) -> &str {
        self.pending.as_deref().unwrap_or(&self.reading.source.text)
    }
}

type Travel = fn(History, &str, &Rc<Scenario>) -> Option<(History, history::State)>;
type LinkEdit = fn(&crate::source::Source, &crate::syntax::Document, &crate::flow::Flow, TaskIdx, TaskIdx) -> Result<Edit, String>;

fn with_or_without(keys: &BTreeSet<Rc<str>>, key: Rc<str>) -> BTreeSet<Rc<str>> {
    let mut keys = keys.clone();
    if !keys.remove(&key) {
        keys.insert(key);
    }
    keys
}

fn end_of(run: Option<&Rc<Run>>) -> SimTime {
    run.map_or(SimTime::ZERO, |run| run.end())
}

#[cfg(test)]
mod tests;
