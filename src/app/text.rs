//! The text and the settings of the page: each change is recorded, read and run.

use std::rc::Rc;

use super::history::{self, History};
use super::playback::Playback;
use super::run::{Reading, Run, TooLong};
use super::{App, end_of};
use crate::examples;
use crate::flow::Version;
use crate::sim::scenario::Scenario;

/// A text whose run has more events than this is not run at every key.
pub(super) const LONG_RUN_EVENTS: usize = 50_000;

/// A step through the history.
type Travel = fn(History, &str, &Rc<Scenario>) -> Option<(History, history::State)>;

impl App {
    /// The page with the pending text read and run.
    pub(super) fn settled(mut self) -> Self {
        match self.pending.take() {
            Some(text) => self.edited(&text).into_own_text(),
            None => self,
        }
    }

    /// The page with a typed text. One whose run is long becomes pending.
    pub(super) fn typed(self, text: Rc<str>) -> Self {
        if text == self.reading.source.text {
            return self;
        }
        let reading = self.read(Rc::clone(&text));
        match Run::within(&reading, &self.scenario, &self.toggled, &self.find, LONG_RUN_EVENTS) {
            Ok(run) => Self { notices: Rc::default(), history: self.recorded(&text, &self.scenario), ..self }
                .with_run(reading, run.map(Rc::new))
                .into_own_text(),
            Err(TooLong) => self.waiting_for(text),
        }
    }

    /// The page with a text that is pending. It gives up a long run before the last one, for the memory that reading takes.
    pub(super) fn waiting_for(self, text: Rc<str>) -> Self {
        let ghost = self.ghost.filter(|ghost| ghost.trace.events.len() < LONG_RUN_EVENTS);
        Self { pending: Some(text), ghost, ..self }
    }

    /// The page with a text that was changed, and none pending.
    pub(super) fn into_own_text(self) -> Self {
        let example = examples::origin(&self.reading.source.text, self.example);
        Self { example, pending: None, ..self }
    }

    /// The page with a changed text, and the change in the history.
    pub(super) fn edited(self, text: &str) -> Self {
        if *text == *self.reading.source.text {
            return self;
        }
        Self { history: self.recorded(text, &self.scenario), ..self.with_reading(text) }
    }

    /// The page with a changed text and other settings, as one change.
    pub(super) fn edited_with(self, text: &str, scenario: Scenario) -> Self {
        let (scenario, reading) = (Rc::new(scenario), self.read(text));
        Self { history: self.recorded(text, &scenario), scenario, reading, ..self }.run_again()
    }

    /// The page with other settings, and the change in the history.
    pub(super) fn with_settings(self, scenario: Scenario) -> Self {
        let scenario = Rc::new(scenario);
        Self { history: self.recorded(&self.reading.source.text, &scenario), scenario, ..self }.run_again()
    }

    /// The history after a change to this text and these settings.
    pub(super) fn recorded(&self, text: &str, scenario: &Rc<Scenario>) -> Rc<History> {
        Rc::new((*self.history).clone().record((&self.reading.source.text, &self.scenario), (text, scenario)))
    }

    /// The page after a step back or forth in the history.
    pub(super) fn travel(self, step: Travel) -> Self {
        match step((*self.history).clone(), &self.reading.source.text, &self.scenario) {
            Some((history, (text, scenario))) => {
                let example = examples::origin(&text, self.example);
                Self { history: Rc::new(history), scenario, example, ..self }.with_reading(&text)
            }
            None => self,
        }
    }

    /// The page with a text and settings that it had before, as one change.
    pub(super) fn with_plan(self, text: &str, version: Option<Version>, chosen: Option<Rc<str>>, scenario: Rc<Scenario>) -> Self {
        let history = self.recorded(text, &scenario);
        let reading = Rc::new(Reading::of(text, version).choosing(chosen));
        Self { history, scenario, reading, example: None, ..self }.run_again()
    }

    /// Reads and runs a text. A text that can't be run leaves the last run on show.
    fn with_reading(self, text: &str) -> Self {
        Self { reading: self.read(text), ..self }.run_again()
    }

    /// A text read as the one on show.
    fn read(&self, text: impl Into<Rc<str>>) -> Rc<Reading> {
        Rc::new(self.reading.changed(text))
    }

    /// The page with the text read for a version of Kestra; `None` is the one the text is for.
    pub(super) fn with_version(self, version: Option<Version>) -> Self {
        let reading = Reading::of(&self.reading.source.text, version).choosing(self.reading.chosen.clone());
        Self { reading: Rc::new(reading), ..self }.run_again()
    }

    /// The page with another flow of the text as the one that is run, by its title or id.
    pub(super) fn with_chosen(self, name: &str) -> Self {
        let is_first = self.reading.choices().first().is_some_and(|(id, title)| **id == *name || **title == *name);
        let name = (!is_first).then(|| Rc::from(name));
        let reading = Reading::of(&self.reading.source.text, self.reading.version).choosing(name);
        Self { reading: Rc::new(reading), selected: None, zoom: None, ..self }.run_again()
    }

    /// Runs the text with the settings.
    pub(super) fn run_again(self) -> Self {
        let reading = Rc::clone(&self.reading);
        let run = Run::of(&reading, &self.scenario, &self.toggled, &self.find);
        self.with_run(reading, run.map(Rc::new))
    }

    /// The page with a text that was read and run. One that can't be run leaves the last run on show.
    pub(super) fn with_run(self, reading: Rc<Reading>, run: Option<Rc<Run>>) -> Self {
        match run {
            Some(run) => {
                let same = self.run.as_ref().is_some_and(|last| last.same_picture(&run));
                let ghost = if same { self.ghost.clone() } else { self.run.clone() };
                // A plan that was kept is compared with until it is dropped.
                let ghost = self.trials.ghost().filter(|kept| kept.flow().id == run.flow().id).cloned().or(ghost);
                // Another flow is nothing to compare with.
                let ghost = ghost.filter(|ghost| ghost.flow().id == run.flow().id);
                let is_same_flow = self.is_of_this_flow(&run);
                let next = Self { reading, playback: self.playback.with_end(run.end()), run: Some(run), ghost, ..self };
                // The part in view may lie outside the new span, or be one of another flow: then the whole is shown.
                let zoom = next.zoom.filter(|range| is_same_flow && range.to_ms <= next.span().0 as f64);
                Self { zoom, ..next }
            }
            None => Self { reading, playback: self.playback.paused(), ..self },
        }
    }

    /// The page at rest with another text, with the usual settings and without a ghost.
    pub(super) fn loaded(self, reading: Rc<Reading>, run: Option<Rc<Run>>, example: Option<&'static str>) -> Self {
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

    /// The page with the rows that folds and search leave.
    pub(super) fn with_rows(self) -> Self {
        let run = self.run.as_ref().map(|run| Rc::new(run.with_rows(&self.toggled, &self.find)));
        Self { run, ..self }
    }
}
