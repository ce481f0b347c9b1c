//! The heat map: the makespan for each pair of limits of two groups.

use std::rc::Rc;

use super::App;
use super::controls::{GroupControl, limit_text};
use super::run::Run;
use super::subject::{MOST_TASKRUNS, Steps, Subject, begin};
use super::table::Cells;
use crate::analysis::claims::Change;
use crate::analysis::sentence::whole_of;
use crate::sim::scenario::Scenario;
use crate::time::{SimTime, human};
use crate::tr;

/// Up to so many limits of a group are all tried.
const MOST_LIMITS: u32 = 16;
/// How many shades cells have: 0 is the shortest time.
pub const SHADES: u64 = 8;

/// The makespans for pairs of limits.
#[derive(Debug, Clone, PartialEq)]
pub struct Heat {
    pub(super) subject: Subject,
    /// The groups: the limits of the first stand below each other, those of the second beside each other.
    pub controls: [GroupControl; 2],
    /// The ids of all groups whose slots could be set.
    pub groups: Vec<Rc<str>>,
    /// The limits that are tried; 0 is no limit, and the last.
    pub limits: [Vec<u32>; 2],
    /// Row by row, as far as they are known.
    made: Vec<SimTime>,
    /// What is drawn: until all are known, those of the run before if the limits are the same.
    shown: Rc<Vec<SimTime>>,
}

/// A cell as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// The makespan: `2.0 s`.
    pub text: String,
    /// From 0 for the shortest time to the darkest.
    pub shade: u64,
    /// Whether no cell has a shorter time, and no limits before it have this one.
    pub is_best: bool,
    /// Whether these are the limits of the run on show.
    pub is_on: bool,
    /// All of it in words: `outer 2, inner 3: 4.0 s, the shortest`.
    pub label: String,
}

impl Heat {
    /// The map of these two groups, else of the first two; `None` when the flow has fewer. `last` is kept while it still holds.
    #[must_use]
    #[inline(never)] // So that it can be fetched later.
    pub fn of(run: &Run, scenario: &Rc<Scenario>, groups: Option<&[Rc<str>; 2]>, last: Option<&Rc<Self>>) -> Option<Rc<Self>> {
        let (mut all, subject) = (run.controls.to_vec(), Subject::of(run, scenario));
        let ids: Vec<Rc<str>> = all.iter().map(|control| Rc::clone(&control.id)).collect();
        // The chosen groups come first.
        let wanted = |id: &Rc<str>| groups.and_then(|groups| groups.iter().position(|group| group == id)).unwrap_or(2);
        all.sort_by_key(|control| wanted(&control.id));
        let mut all = all.into_iter();
        let controls = [all.next()?, all.next()?];
        if let Some(last) = last.filter(|last| last.controls == controls && last.subject == subject) {
            return Some(Rc::clone(last));
        }
        let most = ((MOST_TASKRUNS / subject.n_taskruns()).isqrt() as u32).clamp(4, MOST_LIMITS);
        let limits = [tried(&controls[0], most), tried(&controls[1], most)];
        let is_alike = |last: &&Rc<Self>| last.limits == limits && last.names() == [&controls[0].id, &controls[1].id];
        let shown = last.filter(is_alike).map(|last| Rc::clone(&last.shown)).unwrap_or_default();
        let mut new = Self { subject, controls, groups: ids, limits, made: Vec::new(), shown };
        begin(&mut new);
        Some(Rc::new(new))
    }

    fn names(&self) -> [&Rc<str>; 2] {
        [&self.controls[0].id, &self.controls[1].id]
    }

    fn n_cells(&self) -> usize {
        self.limits[0].len() * self.limits[1].len()
    }

    /// How many cells have been simulated, of how many; `None` once all are.
    #[must_use]
    pub fn progress(&self) -> Option<(usize, usize)> {
        (self.made.len() < self.n_cells()).then(|| (self.made.len(), self.n_cells()))
    }

    /// The limits of the nth cell.
    fn pair(&self, nth: usize) -> [u32; 2] {
        let width = self.limits[1].len();
        [self.limits[0][nth / width], self.limits[1][nth % width]]
    }

    /// The place of the present limits.
    #[must_use]
    pub fn present(&self) -> Option<usize> {
        let now = [self.controls[0].concurrent, self.controls[1].concurrent];
        (0..self.n_cells()).find(|nth| self.pair(*nth) == now)
    }

    /// The cells row by row; empty until they are known.
    #[must_use]
    pub fn cells(&self) -> Vec<Cell> {
        let (shortest, longest) = (self.shown.iter().min().copied(), self.shown.iter().max().copied());
        let (shortest, longest) = (shortest.unwrap_or_default(), longest.unwrap_or_default());
        let (best, present) = (self.shown.iter().position(|makespan| *makespan == shortest), self.present());
        let cell = |(nth, makespan): (usize, &SimTime)| {
            let [first, second] = self.pair(nth).map(limit_text);
            let [down, across] = self.names();
            let (is_best, is_on) = (best == Some(nth), present == Some(nth));
            let limits = tr!("{down} {first}, {across} {second}: {time}", down, first, across, second, time = human(*makespan));
            let marks = [Some(limits), is_best.then(|| tr!("the shortest")), is_on.then(|| tr!("as it is now"))];
            let range = longest.0 - shortest.0;
            Cell {
                text: human(*makespan),
                shade: ((makespan.0 - shortest.0) * (SHADES - 1)).checked_div(range).unwrap_or(0),
                is_best,
                is_on,
                label: marks.into_iter().flatten().collect::<Vec<_>>().join(", "),
            }
        };
        self.shown.iter().enumerate().map(cell).collect()
    }

    /// The shortest and the longest time; `None` until they are known, or when they are the same.
    #[must_use]
    pub fn ends(&self) -> Option<(SimTime, SimTime)> {
        let (shortest, longest) = self.shown.iter().min().zip(self.shown.iter().max())?;
        (shortest < longest).then_some((*shortest, *longest))
    }

    /// The map as a table: the limits of the second group are its heads.
    #[must_use]
    pub fn table(&self) -> Cells {
        let [down, across] = self.names();
        let heads = self.limits[1].iter().map(|limit| limit_text(*limit));
        let head = std::iter::once(format!("{down} ↓ {across} →")).chain(heads).collect();
        let times = self.shown.chunks(self.limits[1].len());
        let row =
            |(limit, times): (&u32, &[SimTime])| std::iter::once(limit_text(*limit)).chain(times.iter().map(|time| human(*time))).collect();
        std::iter::once(head).chain(self.limits[0].iter().zip(times).map(row)).collect()
    }

    /// What sets the limits of the nth cell, in one step.
    #[must_use]
    pub fn set(&self, nth: usize) -> Change {
        let limits = self.names().into_iter().zip(self.pair(nth));
        Change::Set(limits.map(|(group, limit)| (group.to_string(), limit)).collect())
    }

    /// The cell so many rows down and columns to the right of another; the nearest there is.
    #[must_use]
    pub fn neighbor(&self, nth: usize, down: isize, right: isize) -> usize {
        let width = self.limits[1].len();
        let row = (nth / width).saturating_add_signed(down).min(self.limits[0].len() - 1);
        row * width + (nth % width).saturating_add_signed(right).min(width - 1)
    }

    /// Which limits are best, and how many were tried.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Some(best) = self.shown.iter().min().filter(|_| self.progress().is_none()) else { return String::new() };
        let at = self.shown.iter().position(|makespan| makespan == best).unwrap_or(0);
        let [first, second] = self.pair(at).map(limit_text);
        let [down, across] = self.names();
        let is_all = self.controls.iter().zip(&self.limits).all(|(control, tried)| control.most <= tried.len() as u32);
        let time = human(*best);
        let best = match whole_of(&self.subject.trace) {
            Some(of_whole) => tr!(
                "The shortest time {of_whole} is {time}: with {first} for {down} and {second} for {across}.",
                of_whole,
                time,
                first,
                down,
                second,
                across
            ),
            None => {
                tr!("The shortest time is {time}: with {first} for {down} and {second} for {across}.", time, first, down, second, across)
            }
        };
        if is_all { best } else { [best, tr!("Not all limits were tried.")].join(" ") }
    }
}

/// The limits that are tried of a group: all up to its children, or of many a sample, with the present one.
fn tried(control: &GroupControl, most: u32) -> Vec<u32> {
    let n = control.most.min(most).max(1);
    let sample = |at: u32| 1 + (u64::from(at) * u64::from(control.most.max(1) - 1) / u64::from((n - 1).max(1))) as u32;
    let mut limits: Vec<u32> = (0..n).map(sample).chain(Some(control.concurrent).filter(|now| *now > 0)).collect();
    limits.sort_unstable();
    limits.dedup();
    limits.extend(control.is_unlimited().then_some(0));
    limits
}

impl Steps for Heat {
    fn subject(&self) -> &Subject {
        &self.subject
    }

    fn next(&self) -> Option<Scenario> {
        let limits = (self.made.len() < self.n_cells()).then(|| self.pair(self.made.len()))?;
        let [first, second] = self.names();
        Some(self.subject.with_limits(&[(first, limits[0]), (second, limits[1])]))
    }

    fn take(&mut self, makespan: SimTime) {
        self.made.push(makespan);
        if self.made.len() == self.n_cells() {
            self.shown = Rc::new(self.made.clone());
        }
    }
}

impl App {
    /// Whether the heat map stands in the place of the curve: it was asked for, and the flow has two groups.
    #[must_use]
    pub fn shows_heat(&self) -> bool {
        self.heat_of.is_some() && self.run.as_ref().is_some_and(|run| run.controls.len() > 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::curve::pairs;
    use crate::app::study::all_studied;
    use crate::app::{Msg, Panel};

    fn open() -> App {
        let open = App::open().update(Msg::Example("nested-limits")).update(Msg::Panel(Panel::Curve));
        all_studied(open.update(Msg::HeatOf(Some(["outer".into(), "inner".into()]))))
    }

    #[test]
    fn the_map_has_the_makespan_of_each_pair_of_limits() {
        let app = open();
        let (heat, run) = (app.heat.clone().expect("there are two groups"), app.run.clone().expect("it runs"));
        let most = [heat.controls[0].most, heat.controls[1].most];
        let expected = pairs(&run.flows, &app.scenario, ["outer", "inner"], most, 1);
        assert_eq!(heat.shown.iter().copied().collect::<Vec<_>>(), expected.iter().map(|(_, makespan)| *makespan).collect::<Vec<_>>());
        let cells = heat.cells();
        let on: Vec<&str> = cells.iter().filter(|cell| cell.is_on).map(|cell| &*cell.label).collect();
        let best: Vec<&str> = cells.iter().filter(|cell| cell.is_best).map(|cell| &*cell.label).collect();
        insta::assert_snapshot!(format!("{on:?} {best:?}\n{}", heat.sentence()), @r#"
        ["outer 2, inner 2: 2.0 s, as it is now"] ["outer 3, inner 4: 1.0 s, the shortest"]
        The shortest time is 1.0 s: with 3 for outer and 4 for inner.
        "#);
        assert!(cells.iter().all(|cell| cell.shade < SHADES));
        let table = heat.table();
        assert_eq!((&*table[0][0], &*table[2][0], &*table[2][2]), ("outer ↓ inner →", "2", "2.0 s"));
        assert_eq!(heat.ends().map(|(shortest, _)| shortest), Some(SimTime(1000)));
    }

    #[test]
    fn a_cell_sets_both_limits_in_one_step() {
        let app = open();
        let heat = app.heat.clone().expect("there are two groups");
        let present = heat.present().expect("it is tried");
        let next = heat.neighbor(present, 1, -1);
        let set = app.clone().update(Msg::Make(heat.set(next)));
        let limits: Vec<u32> = set.run.iter().flat_map(|run| run.controls.iter()).map(|control| control.concurrent).collect();
        assert_eq!(limits[..2], heat.pair(next));
        assert_eq!(set.update(Msg::Undo).text(), app.text());
        assert_eq!((heat.neighbor(0, -1, -1), heat.neighbor(present, 99, 99)), (0, heat.n_cells() - 1));
    }

    #[test]
    fn the_map_is_there_while_it_is_asked_for() {
        let open = open();
        assert!(open.shows_heat() && open.curve.is_none());
        let groups = open.heat.as_ref().map(|heat| heat.names().map(Rc::clone));
        let turned = open.clone().update(Msg::HeatOf(groups.map(|[first, second]| [second, first])));
        assert_eq!(turned.heat.as_ref().map(|heat| heat.names().map(|id| id.to_string())), Some(["inner".to_owned(), "outer".to_owned()]));
        let curve = open.clone().update(Msg::HeatOf(None));
        assert!(curve.heat.is_none() && curve.curve.is_some());
        let one = open.update(Msg::Example("parallel")).update(Msg::Panel(Panel::Curve));
        assert!(!one.shows_heat() && one.curve.is_some());
    }
}
