//! What the page shows, as one value, and what each message makes of it. No Yew here: tested natively.
//!
//! [`App`] holds what the person chose, and the last run that could be made. What views show is derived from it: by the
//! functions of this folder, and for [`Story`] and [`Curve`], which are dear, once for each change.

pub mod advice;
mod chart;
pub mod controls;
pub mod course;
pub mod critical;
pub mod curve;
pub mod details;
mod edits;
pub mod editor;
pub mod groups;
pub mod handout;
pub mod heat;
pub mod hints;
pub mod history;
pub mod kept;
pub mod keys;
pub mod link;
pub mod log;
pub mod menu;
mod msg;
pub mod opening;
pub mod playback;
pub mod progress;
pub mod real;
pub mod result;
pub mod run;
mod selection;
pub mod settings;
pub mod story;
pub mod study;
pub mod subject;
pub mod table;
mod text;
pub mod terms;
pub mod times;
pub mod trials;
pub mod uncertain;
mod update;
pub mod upgrade;
pub mod zoom;

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::examples::{EXAMPLES, Example};
use crate::sim::scenario::Scenario;
use crate::time::SimTime;
use crate::timeline;
use advice::Advice;
pub use chart::Chart;
use course::Course;
use critical::Critical;
use curve::Curve;
pub use edits::{LinkPreview, PreviewAt};
use heat::Heat;
use history::History;
pub use msg::Msg;
use playback::Playback;
use real::{Overlaid, Real};
use run::{Reading, Run};
use story::Story;
use trials::Trials;
use uncertain::Uncertain;

/// The whole page.
#[derive(Debug, Clone, PartialEq)]
pub struct App {
    /// The text in the editor and what it means, unless a later text is pending.
    pub reading: Rc<Reading>,
    /// A typed text that is long, or whose run is long. It is read and run in slices once typing rests, or at once when
    /// anything else is done.
    pub pending: Option<Rc<str>>,
    /// The run on show: that of the text, or the last one there was when the text can't be run.
    pub run: Option<Rc<Run>>,
    /// The settings of the run.
    pub scenario: Rc<Scenario>,
    /// What the author of the page around an embed claims of the run; empty for none.
    pub expect: Rc<str>,
    /// The keys of the rows that were folded or opened by hand. At first only what a Subflow called is folded.
    pub toggled: Rc<BTreeSet<Rc<str>>>,
    /// The run before, to compare with.
    pub ghost: Option<Rc<Run>>,
    /// The plans that were kept to compare them.
    pub trials: Rc<Trials>,
    /// The changes of text and settings, to undo them.
    pub history: Rc<History>,
    /// Where the playhead stands.
    pub playback: Playback,
    /// The key of the selected row.
    pub selected: Option<Rc<str>>,
    /// The key of the row whose menu is open.
    pub menu: Option<Rc<str>>,
    /// The key of the row in whose menu the tasks to wait for are listed.
    pub linking: Option<Rc<str>>,
    /// The link that is dragged, or pointed at in a menu, with what it would change.
    pub preview: Option<Rc<LinkPreview>>,
    /// How the run is drawn.
    pub view: View,
    /// Whether all links are drawn, not only those of the selected task.
    pub all_links: bool,
    /// Only rows with this in their names or types, or that end in the state of this name, are shown, with the groups around
    /// them. Empty shows all rows.
    pub find: Rc<str>,
    /// The keys of the rows before whose tasks playback stops.
    pub breaks: Rc<BTreeSet<Rc<str>>>,
    /// What the last action refused or lost, a sentence each.
    pub notices: Rc<Vec<String>>,
    /// The panel below the timeline.
    pub panel: Panel,
    /// Whether the panel was opened by hand. Otherwise it is a bar until a row is selected.
    pub is_panel_open: bool,
    /// Whether the row was selected by the cursor of the editor while the panel was a bar: then it stays one.
    pub is_quiet: bool,
    /// What a wide page shows.
    pub stage: Stage,
    /// Whether what comes after the playhead is hidden while the chart is presented, so that people can guess it.
    pub is_hiding: bool,
    /// What a narrow page shows.
    pub tab: Tab,
    /// The part of the run in view; `None` is the whole.
    pub zoom: Option<zoom::Range>,
    /// The place in the text that the editor was last asked to show.
    pub jump: Jump,
    /// The example the text came from, also once it was changed; `None` for a text that begins in another way.
    pub example: Option<&'static str>,
    /// What happens at the moment of the playhead; `None` without a run.
    pub story: Option<Rc<Story>>,
    /// The curve of a group; `None` unless its panel is open.
    pub curve: Option<Rc<Curve>>,
    /// The two groups whose heat map is wanted in place of the curve; `None` is the curve.
    pub heat_of: Option<[Rc<str>; 2]>,
    /// The heat map; `None` unless it is in view.
    pub heat: Option<Rc<Heat>>,
    /// How long many runs take; `None` when nothing is drawn.
    pub uncertain: Option<Rc<Uncertain>>,
    /// Whether the critical path is shown.
    pub is_critical: bool,
    /// The critical path; `None` unless it is shown.
    pub path: Option<Rc<Critical>>,
    /// The last advice there was; it may be about an older run.
    pub advice: Option<Rc<Advice>>,
    /// The lesson under way.
    pub course: Option<Rc<Course>>,
    /// Real executions that were opened.
    pub real: Option<Rc<Real>>,
    /// These over the run on show; `None` without them.
    pub overlaid: Option<Rc<Overlaid>>,
    /// The text with which the view of what changes in 2.0 was opened; `None` while that is closed.
    pub upgrading: Option<Rc<Reading>>,
}

/// A place in the text that the editor is asked to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Jump {
    /// A byte offset.
    pub offset: u32,
    /// The number of jumps so far, so that a jump to the same place is another one. 0 is no jump yet.
    pub nth: u32,
}

/// The panels below the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Panel {
    Details,
    Log,
    Curve,
    Table,
    Times,
    Compare,
}

/// What a wide page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The editor beside the chart.
    Split,
    /// The editor is folded away.
    Chart,
    /// Only chart, story and transport, in larger type, for a projector.
    Present,
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

impl App {
    /// The page as it opens: the first example, at rest.
    #[must_use]
    pub fn open() -> Self {
        let first = &EXAMPLES[0];
        Self::with_text(first.text, Some(first.id))
    }

    /// The page at rest with an example, and with the settings that show its point.
    #[must_use]
    pub fn of_example(example: &Example) -> Self {
        let app = Self::with_text(example.text, Some(example.id));
        if example.executions == 1 {
            return app;
        }
        let scenario = example.scenario();
        let run = Run::of(&app.reading, &scenario, &app.toggled, "").map(Rc::new);
        Self { playback: Playback::at_rest(end_of(run.as_ref())), run, scenario: Rc::new(scenario), ..app }.derived()
    }

    /// The page at rest with this text.
    #[must_use]
    pub fn with_text(text: &str, example: Option<&'static str>) -> Self {
        let reading = Rc::new(Reading::of(text, None));
        let run = Run::of(&reading, &Scenario::default(), &BTreeSet::new(), "").map(Rc::new);
        Self {
            playback: Playback::at_rest(end_of(run.as_ref())),
            reading,
            pending: None,
            run,
            scenario: Rc::default(),
            expect: "".into(),
            toggled: Rc::default(),
            ghost: None,
            trials: Rc::default(),
            history: Rc::default(),
            selected: None,
            menu: None,
            linking: None,
            preview: None,
            view: View::Gantt,
            all_links: false,
            find: Rc::from(""),
            breaks: Rc::default(),
            notices: Rc::default(),
            panel: Panel::Details,
            is_panel_open: false,
            is_quiet: false,
            stage: Stage::Split,
            is_hiding: false,
            tab: Tab::Time,
            zoom: None,
            jump: Jump::default(),
            example,
            story: None,
            curve: None,
            heat_of: None,
            heat: None,
            uncertain: None,
            is_critical: false,
            path: None,
            advice: None,
            course: None,
            real: None,
            overlaid: None,
            upgrading: None,
        }
        .derived()
    }

    /// Whether the run on show is not that of the text.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.reading.has_errors()
    }

    /// The moments at which anything happens in the run on show.
    pub(super) fn moments(&self) -> &[SimTime] {
        self.run.as_ref().map_or(&[], |run| &run.moments)
    }

    /// The panel on show. The problems of a text go before what was chosen; a narrow page has tabs of its own for two panels.
    #[must_use]
    pub fn shown_panel(&self, is_narrow: bool) -> Panel {
        match (self.is_stale(), self.tab) {
            (true, _) => Panel::Details,
            (false, Tab::Log) => Panel::Log,
            (false, Tab::Why) if self.panel == Panel::Log && is_narrow => Panel::Details,
            (false, Tab::Flow | Tab::Time | Tab::Why) => self.panel,
        }
    }

    /// Whether the panel shows more than its tabs: opened by hand, or with a row or a problem to tell of.
    #[must_use]
    pub fn shows_panel(&self) -> bool {
        self.is_panel_open || self.is_stale() || !self.is_quiet && self.selected_row().is_some()
    }

    /// Whether what comes after the playhead is hidden now: the total time as well, until the end is reached.
    #[must_use]
    pub fn hides(&self) -> bool {
        self.is_asking() || self.is_hiding && self.stage == Stage::Present && self.playback.now() < self.playback.end
    }

    /// The run as an SVG file: the same bytes as the command line tool's.
    #[must_use]
    pub fn svg(&self) -> Option<String> {
        self.run.as_ref().map(|run| run.svg())
    }

    /// The page with what is derived once for each change: a story and a curve that still hold are kept.
    #[must_use]
    fn derived(self) -> Self {
        let story =
            self.run.as_ref().filter(|_| !self.is_asking()).and_then(|run| Story::at(run, self.playback.now(), self.story.as_ref()));
        let shown = self.run.as_ref().filter(|_| self.shown_panel(false) == Panel::Curve);
        let (curve, heat) = match shown {
            Some(run) if self.shows_heat() => (None, Heat::of(run, &self.scenario, self.heat_of.as_ref(), self.heat.as_ref())),
            Some(run) => (Curve::of(run, &self.scenario, self.selected.as_deref(), self.curve.as_ref()), None),
            None => (None, None),
        };
        let uncertain = self.run.as_ref().and_then(|run| Uncertain::of(run, &self.scenario, self.uncertain.as_ref()));
        let path = self.run.as_ref().filter(|_| self.is_critical).map(|run| Critical::of(run, self.path.as_ref()));
        let real = self.real.as_ref().filter(|_| self.course.is_none());
        let overlaid = real.zip(self.run.as_ref()).map(|(real, run)| Overlaid::of(real, run, self.overlaid.as_ref()));
        Self { story, curve, heat, uncertain, path, overlaid, ..self }
    }

    /// The time that the whole picture spans: the run's, and the ghost's or a real one's if that is longer, or that of a guess
    /// which is near. It is round
    /// while a time is asked for.
    #[must_use]
    pub fn span(&self) -> SimTime {
        if let Some(draft) = self.draft() {
            return draft.most;
        }
        let real = self.overlaid.as_ref().map_or(SimTime::ZERO, |overlaid| overlaid.end());
        let also = self.ghost.as_ref().map_or(real, |ghost| ghost.end().max(real));
        let guess = self.course.as_ref().and_then(|course| course.marks()).map_or(SimTime::ZERO, |(guess, _)| guess);
        let end = end_of(self.run.as_ref());
        let also = if guess.0 / 4 <= end.0 { also.max(guess) } else { also };
        self.run.as_ref().map_or(SimTime(1000), |run| timeline::span(&run.trace, also))
    }

    /// The text in the editor.
    #[must_use]
    pub fn text(&self) -> &str {
        self.pending.as_deref().unwrap_or(&self.reading.source.text)
    }

    /// What the root element says of the page in `data-state`: the phase of playback, or `error`.
    #[must_use]
    pub fn state_name(&self) -> &'static str {
        if self.is_stale() { "error" } else { self.playback.phase.as_str() }
    }
}

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
