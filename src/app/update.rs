//! The page after a message.

use std::rc::Rc;

use super::history::History;
use super::msg::Msg;
use super::playback::Phase;
use super::run::Run;
use super::settings::{approved, resumed, with_assumption, with_input, with_precondition, with_server_field};
use super::text::LONG_RUN_EVENTS;
use super::{App, Panel, Stage, Tab, link, playback, with_or_without, zoom};
use crate::edit;
use crate::examples;
use crate::sim::scenario::Scenario;
use crate::timeline::rows::Row;

/// From this length on a text is not read at every key. Shorter ones are read before the next key can be pressed.
const LONG_TEXT_BYTES: usize = 60_000;

fn is_long(text: &str, run: Option<&Rc<Run>>) -> bool {
    text.len() >= LONG_TEXT_BYTES || run.is_some_and(|run| run.trace.events.len() >= LONG_RUN_EVENTS)
}

impl App {
    /// Whether the page after `msg` may take longer than the time between two keys: the text or the run is long. A typed text is read later,
    /// the clock only moves the playhead, and some messages only say what is drawn.
    #[must_use]
    pub fn is_long_for(&self, msg: &Msg) -> bool {
        match msg {
            Msg::Edit(_) | Msg::Play(playback::Msg::Tick(_)) => false,
            Msg::Show(app) => app.is_long() || self.is_long(),
            Msg::Load(reading, run) | Msg::Ready(_, reading, run) => is_long(&reading.source.text, run.as_ref()) || self.is_long(),
            // They only say what is drawn, once the text is read.
            Msg::Zoom(_) | Msg::Stage(_) | Msg::View(_) | Msg::AllLinks(_) | Msg::Tab(_) | Msg::Menu(_) | Msg::CloseNotices => {
                self.pending.is_some() && self.is_long()
            }
            _ => self.is_long(),
        }
    }

    /// Whether the text or the run is long: what grows with them is then done in slices.
    #[must_use]
    pub fn is_long(&self) -> bool {
        is_long(self.text(), self.run.as_ref())
    }

    /// The page after `msg`.
    #[must_use]
    pub fn update(self, msg: Msg) -> Self {
        let (before, own) = (self.run.clone(), self.course.as_ref().and_then(|course| course.own.clone()));
        let is_typed = matches!(&msg, Msg::Edit(text) if **text != *self.text());
        let mut next = match msg {
            msg if self.gives_away(&msg) => self,
            Msg::Edit(text) if self.pending.is_some() || text.len() >= LONG_TEXT_BYTES => self.waiting_for(text),
            Msg::Edit(text) => self.typed(text),
            Msg::Play(tick @ playback::Msg::Tick(_)) => self.played(tick),
            Msg::Settle => self.settled(),
            Msg::Ready(text, reading, run) if self.pending.as_ref().is_some_and(|pending| Rc::ptr_eq(pending, &text)) => {
                Self { history: self.recorded(&reading.source.text, &self.scenario), ..self }.with_run(reading, run).into_own_text()
            }
            // A later text is pending.
            Msg::Ready(..) => self,
            Msg::Menu(menu) => Self { menu, ..self },
            Msg::Advised(advice) => Self { advice: Some(advice), ..self },
            Msg::Studied(study) => self.studied(study),
            Msg::Linking(linking) => Self { linking, ..self },
            Msg::PreviewLink(link) => self.with_preview(link),
            msg => {
                let settled = self.settled();
                // The notices of an action are gone with the next one, but not with another part of the page.
                let is_kept = settled.notices.is_empty() || matches!(msg, Msg::Tab(_));
                let notices = if is_kept { Rc::clone(&settled.notices) } else { Rc::default() };
                Self { notices, menu: None, linking: None, preview: None, ..settled }.acted(msg)
            }
        };
        if let Some(own) = own {
            next.see_to_quiz(&own, is_typed);
        }
        next.hidden_again(before.as_ref()).derived()
    }

    /// While what comes is hidden, another run begins at its start, and so does one at rest.
    fn hidden_again(self, before: Option<&Rc<Run>>) -> Self {
        if !self.is_hiding || self.stage != Stage::Present {
            return self;
        }
        let is_same = self.run.as_ref().zip(before).is_some_and(|(run, before)| Rc::ptr_eq(&run.trace, &before.trace));
        if is_same && !self.playback.is_at_rest() { self } else { self.played(playback::Msg::Start) }
    }

    /// The page after the playhead was moved. The run of another text does not play.
    fn played(self, msg: playback::Msg) -> Self {
        if self.is_stale() {
            return self;
        }
        let playback = self.playback.update(msg, self.moments()).stopped_at(self.playback, &self.stops());
        // While the playhead moves, the part in view follows it.
        let left_view = self.zoom.filter(|range| playback.phase == Phase::Running && !range.has(playback.now()));
        let zoom = match left_view {
            Some(range) => zoom::zoomed(self.zoom, zoom::Zoom::By(range.share(playback.now()) - 0.1), self.span()),
            None => self.zoom,
        };
        Self { playback, zoom, ..self }
    }

    /// The page after an action, with nothing pending.
    fn acted(self, msg: Msg) -> Self {
        match msg {
            // Any action takes them away.
            Msg::CloseNotices => self,
            Msg::Edit(_)
            | Msg::Settle
            | Msg::Advised(_)
            | Msg::Studied(_)
            | Msg::Ready(..)
            | Msg::Menu(_)
            | Msg::Linking(_)
            | Msg::PreviewLink(_) => self,
            Msg::Load(reading, run) => Self { course: None, ..self }.loaded(reading, run, None),
            Msg::Show(app) => {
                let history = self.recorded(&app.reading.source.text, &app.scenario);
                Self { history, jump: self.jump, stage: self.stage, trials: self.trials, real: self.real, ..*app }
            }
            Msg::Course(msg) => self.learned(msg),
            Msg::Apply(link) => link::applied(self, &link).0,
            Msg::Example(id) => match examples::find(id) {
                Some(example) => {
                    let fresh = Self::of_example(example);
                    Self { scenario: fresh.scenario, course: None, ..self.loaded(fresh.reading, fresh.run, Some(example.id)) }
                }
                None => self,
            },
            Msg::SetConcurrent(group, limit) => self.set_concurrent(&group, limit),
            Msg::SwitchLimit(group) => self.limit_switched(&group),
            Msg::AtOnce(limit) => self.at_once(limit),
            Msg::Slots(group, by) => match self.slots_changed(&group, by) {
                Some(limit) => self.set_concurrent(&group, Some(limit)),
                None => self,
            },
            Msg::Undo => self.travel(History::undo),
            Msg::Redo => self.travel(History::redo),
            Msg::Play(msg) => self.played(msg),
            Msg::Select(selected) => self.with_selected(selected),
            Msg::Panel(panel) => Self { panel, is_panel_open: true, ..self },
            Msg::ClosePanel => Self { is_panel_open: false, selected: None, ..self },
            Msg::Version(version) => self.with_version(version),
            Msg::Choose(name) => self.with_chosen(&name),
            Msg::Trials(act) => self.with_trials(act),
            Msg::Real(act) => self.with_real(act),
            Msg::Upgrade(act) => self.with_upgrade(act),
            Msg::HeatOf(heat_of) => Self { heat_of, ..self },
            Msg::Stage(stage) => Self { stage, ..self },
            Msg::View(view) => Self { view, ..self },
            Msg::Hide if self.is_hiding => Self { is_hiding: false, ..self },
            Msg::Hide => {
                let is_over = self.playback.now() >= self.playback.end;
                let hiding = Self { is_hiding: true, is_panel_open: false, selected: None, is_critical: false, ..self };
                if is_over { hiding.played(playback::Msg::Start) } else { hiding }
            }
            Msg::AllLinks(all_links) => Self { all_links, ..self },
            Msg::CursorAt(line) => self.selected_at(line),
            Msg::Find(find) => Self { find, ..self }.with_rows(),
            Msg::FindNext => self.with_next_found(),
            Msg::BreakAt(line) => self.with_break_at(line),
            Msg::Break(key) => Self { breaks: Rc::new(with_or_without(&self.breaks, key)), ..self },
            Msg::Fix(fix) => self.fixed(&fix),
            Msg::Change(key, intent) => self.changed(&key, intent),
            Msg::SetTimes(tasks, text) => self.timed(&tasks, &text),
            Msg::RowTakes(key, text) => self.row_timed(&key, &text),
            Msg::Link(from, to) => self.linked(&from, &to, edit::link),
            Msg::Unlink(from, to) => self.linked(&from, &to, edit::unlink),
            Msg::Convert => self.converted(),
            Msg::Critical => Self { is_critical: !self.is_critical, ..self },
            Msg::Make(change) => self.advised(&change),
            Msg::Tab(tab) => Self { tab, ..self },
            Msg::Fold(key) => Self { toggled: Rc::new(with_or_without(&self.toggled, key)), ..self }.with_rows(),
            Msg::Set(scenario) => self.with_settings(*scenario),
            Msg::SetServer(name, text) => match with_server_field(&self.scenario, name, &text) {
                Some(scenario) => self.with_settings(scenario),
                None => self,
            },
            Msg::SetInput(id, text) => {
                let scenario = with_input(&self.scenario, &id, &text);
                self.with_settings(scenario)
            }
            Msg::Assume(path, value) => {
                let scenario = with_assumption(&self.scenario, &path, value);
                self.with_settings(scenario)
            }
            Msg::Resume(key) => self.with_settings_for(&key, resumed),
            Msg::Approve(key) => self.with_settings_for(&key, approved),
            Msg::SetPrecondition(key, is_met) => self.with_settings_for(&key, |app, row| with_precondition(app, row, is_met)),
            // Notes are read in the panel.
            Msg::GoToProblem if !self.is_stale() => {
                Self { panel: Panel::Details, is_panel_open: true, selected: None, tab: Tab::Why, ..self }
            }
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

    /// The page with the settings that `make` gives for a row. Without that row all stays.
    fn with_settings_for(self, key: &str, make: impl FnOnce(&Self, &Row) -> Scenario) -> Self {
        let scenario = self.run.as_ref().and_then(|run| run.row(key)).map(|row| make(&self, row));
        match scenario {
            Some(scenario) => self.with_settings(scenario),
            None => self,
        }
    }
}
