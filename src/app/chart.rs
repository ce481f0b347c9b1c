//! What the timeline is drawn from.

use std::ops::Range;
use std::rc::Rc;

use super::course::Draft;
use super::critical::Critical;
use super::playback::clock_text;
use super::real::{Overlaid, Part};
use super::run::Run;
use super::{App, View, zoom};
use crate::analysis::segments::{held_up_by, segments};
use crate::analysis::slots::holders_of;
use crate::edit::{has_links, pairs};
use crate::flow::TaskIdx;
use crate::flow::plan::{BLACKOUTS, read_period};
use crate::sim::trace::RunIdx;
use crate::time::SimTime;
use crate::timeline::arrows::{self, Arrow, HandOver};
use crate::timeline::metrics::Metrics;
use crate::timeline::scale::Scale;
use crate::timeline::shapes::px;
use crate::timeline::slot_rows::{SlotRow, Stay};
use crate::timeline::ticks::clock;
use crate::timeline::{Bar, axis_start, bars};

/// The part of the page that the timeline is drawn from.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// The run on show.
    pub run: Rc<Run>,
    /// The run before, to compare with.
    pub ghost: Option<Rc<Run>>,
    /// Whether the run on show is not that of the text.
    pub is_stale: bool,
    /// The key of the selected row.
    pub selected: Option<Rc<str>>,
    /// How the run is drawn.
    pub view: View,
    /// Whether all links are drawn, not only those of the selected task.
    pub all_links: bool,
    /// Where the playhead stands.
    pub now: SimTime,
    /// Whether the whole plan is shown, without a playhead.
    pub at_rest: bool,
    /// The part of the run in view; `None` is the whole.
    pub zoom: Option<zoom::Range>,
    /// The time that the whole picture spans.
    pub span: SimTime,
    /// The critical path, while it is shown.
    pub path: Option<Rc<Critical>>,
    /// Whether what comes after the playhead is hidden.
    pub hides: bool,
    /// The moments of a guess and of the right answer to a question of a lesson, once that is shown.
    pub guess: Option<(SimTime, SimTime)>,
    /// The guess of a time that is being made.
    pub draft: Option<Draft>,
    /// Real executions over the run.
    pub overlaid: Option<Rc<Overlaid>>,
    /// Whether a lesson is under way: what it says stays in view.
    pub is_taught: bool,
    /// Whether a question is open: then not even what happens at the start is shown.
    pub is_asking: bool,
    /// The key of the row that it is about, if it is about one. Nothing else is selected then.
    pub asked: Option<Rc<str>>,
}

impl App {
    /// What the timeline is drawn from; `None` without a run.
    #[must_use]
    pub fn chart(&self) -> Option<Chart> {
        Some(Chart {
            run: Rc::clone(self.run.as_ref()?),
            ghost: self.ghost.clone().filter(|_| !self.hides()),
            is_stale: self.is_stale(),
            selected: self.selected.clone(),
            view: self.view,
            all_links: self.all_links,
            now: self.playback.now(),
            at_rest: self.playback.is_at_rest(),
            zoom: self.zoom,
            span: self.span(),
            path: self.path.clone().filter(|_| !self.hides()),
            hides: self.hides(),
            draft: self.draft(),
            overlaid: self.overlaid.clone().filter(|_| !self.hides()),
            is_taught: self.course.is_some(),
            is_asking: self.is_asking(),
            asked: self.asked(),
            guess: self.course.as_ref().and_then(|course| course.marks()),
        })
    }
}

impl Chart {
    /// The scale from time to the track.
    #[must_use]
    pub fn scale(&self, metrics: &Metrics) -> Scale {
        let whole = metrics.whole(self.span);
        self.zoom.map_or(whole, |range| Scale { from_ms: range.from_ms, to_ms: range.to_ms, ..whole })
    }

    /// The end of the run before, when it is later than that of the run on show.
    #[must_use]
    pub fn ghost_end(&self) -> Option<SimTime> {
        self.ghost.as_ref().map(|ghost| ghost.end()).filter(|end| *end > self.run.end())
    }

    /// The left edge and the width of each blackout period.
    #[must_use]
    pub fn blackouts(&self, scale: &Scale) -> Vec<(f64, f64)> {
        let trace = &self.run.trace;
        let known = trace.assumptions.iter().find(|known| &*known.path == BLACKOUTS);
        let periods = known.and_then(|known| known.value.as_list()).unwrap_or_default();
        let x = |epoch_ms: i64| scale.x_of_ms((epoch_ms - trace.start_epoch_ms) as f64).clamp(0.0, scale.right_px + 100.0);
        let places = periods.iter().filter_map(|period| read_period(period.as_str()?)).map(|(from, to)| (x(from), x(to) - x(from)));
        places.filter(|(_, width)| *width > 0.0).collect()
    }

    /// What the flag of the playhead says.
    #[must_use]
    pub fn flag_text(&self) -> String {
        let (run, now) = (&self.run, self.now);
        axis_start(run.flow(), &run.trace).map_or_else(|| clock_text(now, run.end()), |start| clock(start, now, run.end()))
    }

    /// The key of the row that is marked: the selected one, or what a question is about.
    #[must_use]
    pub fn marked(&self) -> Option<&Rc<str>> {
        self.selected.as_ref().or(self.asked.as_ref())
    }

    /// The index of the marked row.
    #[must_use]
    pub fn marked_row(&self) -> Option<usize> {
        self.run.rows.iter().position(|row| Some(&row.key) == self.marked())
    }

    /// The place of each row in view in the run before: left edge and width of what it did then. While the start or the end of a
    /// row is guessed, its own width where it is expected. Empty if there is neither.
    #[must_use]
    pub fn ghosts(&self, scale: &Scale, in_view: &Range<usize>) -> Vec<Option<(f64, f64)>> {
        let rows = &self.run.rows[in_view.clone()];
        if let Some((draft, asked)) = self.draft.zip(self.asked.as_ref()) {
            let width = edges(&self.run, asked, scale).map_or(0.0, |(_, width)| width);
            let place = |at| (if draft.is_end { scale.x(at) - width } else { scale.x(at) }, width.max(2.0));
            return rows.iter().map(|row| draft.at.filter(|_| row.key == *asked).map(place)).collect();
        }
        let Some(ghost) = &self.ghost else { return Vec::new() };
        rows.iter().map(|row| edges(ghost, &row.key, scale)).collect()
    }

    /// What each row in view did for real; empty without real executions.
    #[must_use]
    pub fn real_parts(&self, scale: &Scale, in_view: &Range<usize>) -> Vec<Vec<Part>> {
        let parts = |overlaid: &Rc<Overlaid>| self.run.rows[in_view.clone()].iter().map(|row| overlaid.parts(row, scale)).collect();
        self.overlaid.as_ref().map_or_else(Vec::new, parts)
    }

    /// The mark from the runs in view whose ends let the selected task start; `None` when it did not wait for them.
    #[must_use]
    pub fn hand_over(&self, scale: &Scale, in_view: &Range<usize>, metrics: &Metrics) -> Option<HandOver> {
        let run = &self.run;
        let middle = |idx: RunIdx| {
            let at = in_view.clone().position(|at| run.rows[at].run() == Some(idx))?;
            Some(metrics.bar_middle(at))
        };
        let idx = run.row(self.selected.as_deref()?)?.run()?;
        let wait = segments(&run.trace, idx).into_iter().rfind(|segment| segment.kind.is_wait())?;
        let blockers = held_up_by(&run.trace, idx, wait.kind, &holders_of(&run.trace, idx));
        let givers: Vec<f64> = blockers.into_iter().filter(|by| run.trace.ended(*by) == wait.to).filter_map(middle).collect();
        arrows::hand_over(scale.x(wait.to).round() + 0.5, &givers, middle(idx)?)
    }

    /// The critical path between the rows in view as SVG path data: a frame around what its runs did, and lines from the end of
    /// one to the start of the next. `bars` are those of the rows in view; `slots` are the rows of the view of slots.
    #[must_use]
    #[inline(never)]
    pub fn critical(
        &self,
        path: &Critical,
        in_view: &Range<usize>,
        bars: &[Vec<Bar>],
        slots: &[SlotRow],
        scale: &Scale,
        metrics: &Metrics,
    ) -> Option<String> {
        const HEIGHT_PX: f64 = 18.0;
        // The index of the row of a run, and the left and the right edge of what it did.
        let in_gantt = |idx: RunIdx| {
            let at = in_view.clone().position(|at| self.run.rows[at].run() == Some(idx))?;
            let mut ran = bars[at].iter().filter(|bar| !bar.segment.kind.is_wait());
            let first = ran.next()?;
            let end = ran.next_back().unwrap_or(first);
            Some((at, first.x, end.x + end.width))
        };
        let in_slots = |idx: RunIdx| {
            let is_its = |stay: &&Stay| stay.run == Some(idx) && !stay.segment.kind.is_wait();
            let (at, row) = slots.iter().enumerate().find(|(_, row)| row.stays.iter().any(|stay| is_its(&stay)))?;
            let mut stays = row.stays.iter().filter(is_its);
            let first = stays.next()?;
            let last = stays.next_back().unwrap_or(first);
            Some((at, scale.x(first.segment.from), scale.x(last.segment.to)))
        };
        let mut d = String::new();
        let mut last = None;
        for idx in &path.runs {
            let Some((at, left, right)) = (if self.view == View::Slots { in_slots(*idx) } else { in_gantt(*idx) }) else {
                last = None;
                continue;
            };
            let middle = metrics.bar_middle(at);
            let top = middle - HEIGHT_PX / 2.0;
            d += &format!("M{} {}H{}V{}H{}z", px(left), px(top), px(right), px(top + HEIGHT_PX), px(left));
            if let Some((x, y)) = last {
                d += &format!("M{} {}V{}H{}", px(x), px(y), px(middle), px(left));
            }
            last = Some((right, middle));
        }
        (!d.is_empty()).then_some(d)
    }

    /// The links of the selected task, or all, between rows in view: a name for each, and its arrow. `bars` are those of the
    /// rows in view.
    #[must_use]
    pub fn links(&self, in_view: &Range<usize>, bars: &[Vec<Bar>], metrics: &Metrics) -> Vec<(String, Arrow)> {
        let (run, flow) = (&self.run, self.run.flow());
        let selected = self.selected.as_deref().and_then(|key| run.row(key)?.task_idx());
        let tasks: Vec<TaskIdx> = match self.all_links {
            true => in_view.clone().filter_map(|at| run.rows[at].task_idx()).collect(),
            false => selected.into_iter().collect(),
        };
        let place = |idx| in_view.clone().position(|at| run.rows[at].task_idx() == Some(idx));
        let arrow = |(from, to): (TaskIdx, TaskIdx)| {
            let (first, second) = (place(from)?, place(to)?);
            let end = bars.get(first)?.last().map(|bar| bar.x + bar.width)?;
            let start = bars.get(second)?.iter().find(|bar| !bar.segment.kind.is_wait())?.x;
            let name = format!("link-{}-{}", flow.task(from).id, flow.task(to).id);
            Some((name, arrows::link((end, metrics.bar_middle(first)), (start, metrics.bar_middle(second)))))
        };
        // When all are drawn each is drawn once, for the task that waits.
        let is_drawn = |idx: TaskIdx| move |(from, to): &(TaskIdx, TaskIdx)| *to == idx || *from == idx && !self.all_links;
        tasks.into_iter().flat_map(|idx| pairs(flow, idx).into_iter().filter(is_drawn(idx))).filter_map(arrow).collect()
    }

    /// Whether there are links that could be drawn.
    #[must_use]
    pub fn has_links(&self) -> bool {
        self.view == View::Gantt && has_links(self.run.flow())
    }
}

/// What a row of a run did, without its waits: left edge and width, which is not 0.
fn edges(run: &Run, key: &str, scale: &Scale) -> Option<(f64, f64)> {
    let ran = bars(&run.trace, run.row(key)?, scale).into_iter().filter(|bar| !bar.segment.kind.is_wait());
    let edges = ran.map(|bar| (bar.x, bar.x + bar.width));
    let (left, right) = edges.reduce(|(left, right), (from, to)| (left.min(from), right.max(to)))?;
    (right > left).then_some((left, right - left))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Msg;
    use crate::timeline::metrics::PageLayout;

    const WIDE: fn() -> Metrics = || Metrics::of(876.0, PageLayout::Wide, 176.0);

    #[test]
    fn the_ghost_shows_where_rows_stood() {
        let six = App::open().update(Msg::SetConcurrent("parent".into(), Some(6)));
        let chart = six.chart().expect("it runs");
        let scale = chart.scale(&WIDE());
        assert_eq!((chart.span.0, chart.ghost_end()), (2000, Some(SimTime(2000))));
        let ghosts = chart.ghosts(&scale, &(0..8));
        assert_eq!(ghosts[4], Some((scale.x(SimTime(1000)), scale.x(SimTime(2000)) - scale.x(SimTime(1000)))));
        assert_eq!(ghosts[7], None, "what takes no time leaves no ghost");
    }

    #[test]
    fn a_guess_stands_in_its_row_and_the_axis_gives_no_end_away() {
        use crate::app::course::Msg::{Begin, Draft, Guess};
        let text = crate::examples::find("parallel").expect("it is an example").text;
        let lesson = crate::quiz::quiz(text, &crate::share::Link::default()).expect("there are questions");
        let app = App::open().update(Msg::Course(Begin(Rc::new(lesson), 0)));
        let chart = app.chart().expect("it runs");
        // The run takes 2 s, its work 7 s.
        assert_eq!(
            (chart.span.0, chart.asked.as_deref(), chart.ghosts(&chart.scale(&WIDE()), &(0..8))),
            (10_000, Some("t4"), vec![None; 8])
        );
        let app = app.update(Msg::Course(Draft("3,5".into())));
        let chart = app.chart().expect("it runs");
        let scale = chart.scale(&WIDE());
        let width = scale.x(SimTime(1000)) - scale.x(SimTime::ZERO);
        assert_eq!(chart.ghosts(&scale, &(0..8))[4].map(|(x, found)| (x, found.round())), Some((scale.x(SimTime(3500)), width.round())));
        let guess = app.course.as_ref().and_then(|course| course.guess_at("3.5")).expect("it is a time");
        assert_eq!(app.update(Msg::Course(Guess(guess))).chart().map(|chart| (chart.draft, chart.asked)), Some((None, None)));
    }

    #[test]
    fn a_slot_is_handed_over_to_the_selected_task() {
        let chart = App::open().update(Msg::Select(Some("t4".into()))).chart().expect("it runs");
        let (metrics, all) = (WIDE(), 0..8);
        let scale = chart.scale(&metrics);
        let mark = chart.hand_over(&scale, &all, &metrics).expect("it waited");
        assert_eq!((mark.arrows.len(), mark.dots.len()), (1, 3));
        let first = App::open().update(Msg::Select(Some("t1".into()))).chart().expect("it runs");
        assert_eq!(first.hand_over(&scale, &all, &metrics), None);
    }

    #[test]
    fn rows_beyond_the_view_are_not_drawn() {
        let metrics = WIDE();
        assert_eq!(metrics.rows_in_view(60, 30, 280.0), 0..60);
        assert_eq!(metrics.rows_in_view(1000, metrics.first_row(2800.0), 280.0), 84..118);
        assert_eq!(metrics.rows_in_view(1000, 996, 280.0), 984..1000);
    }
}
