//! The curve of the page: the makespan for each number of slots of the selected group, as a picture.

use std::rc::Rc;

use super::groups::GroupControl;
use super::run::Run;
use crate::analysis::curve::{Point, curve, settled, slower, steps};
use crate::sim::scenario::Scenario;
use crate::sim::trace::Trace;
use crate::time::{SimTime, human};

/// Up to so many numbers of slots are all tried.
const MOST_SLOTS: u32 = 64;
/// At most so many taskruns are simulated for one curve.
const MOST_RUNS: usize = 200_000;

/// The least and the greatest width of the picture in pixels.
pub const WIDTH_PX: (f64, f64) = (240.0, 640.0);
/// Height of the picture in pixels.
pub const HEIGHT_PX: f64 = 100.0;
/// Where the axis begins, in pixels from the left.
pub const LEFT_PX: f64 = 40.0;
/// Where the axis stands, in pixels from the top.
pub const AXIS_PX: f64 = 76.0;
const TOP_PX: f64 = 18.0;

/// The makespans for the numbers of slots of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curve {
    /// The group.
    pub group: GroupControl,
    /// The ids of all groups whose slots could be set.
    pub groups: Vec<Rc<str>>,
    /// From one slot up; the last point is without a limit.
    pub points: Rc<Vec<Point>>,
    trace: Rc<Trace>,
}

/// The least width of a point that can be pressed.
pub const CONTROL_PX: f64 = 32.0;

/// A point as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Dot {
    /// Pixels from the left.
    pub x: f64,
    /// Pixels from the top.
    pub y: f64,
    /// The makespan.
    pub makespan: SimTime,
    /// The limit that a click sets; `None` is no limit.
    pub limit: Option<u32>,
    /// The limit in words: `3`, `no limit`.
    pub label: String,
    /// Whether this is the limit of the run on show.
    pub is_on: bool,
    /// Whether there is room for its labels.
    pub is_labeled: bool,
    /// Whether there is room to press it.
    pub is_control: bool,
}

impl Curve {
    /// The curve of the selected group, or of the one around the selected task, else of the first; `None` when no slots of
    /// the flow can be set. The points of `last` are kept while they still hold.
    #[must_use]
    pub fn of(run: &Run, scenario: &Scenario, selected: Option<&str>, last: Option<&Rc<Self>>) -> Option<Rc<Self>> {
        let group = run.control_for(selected)?;
        let holds = |last: &&Rc<Self>| last.group == group && Rc::ptr_eq(&last.trace, &run.trace);
        if let Some(last) = last.filter(holds) {
            return Some(Rc::clone(last));
        }
        let points = Rc::new(points(run, scenario, &group));
        let groups = run.group_controls().into_iter().map(|control| control.id).collect();
        Some(Rc::new(Self { group, groups, points, trace: Rc::clone(&run.trace) }))
    }

    /// Pixels from one number of slots to the next in a picture of this width.
    #[must_use]
    pub fn step_px(&self, width_px: f64) -> f64 {
        (width_px - LEFT_PX - 60.0) / (self.points.len() - 1).max(1) as f64
    }

    /// The points as they are drawn in a picture of this width. Labels have the present value, the best, both ends, and each
    /// step, as long as there is room.
    #[must_use]
    pub fn dots(&self, width_px: f64) -> Vec<Dot> {
        let step_px = self.step_px(width_px);
        let slowest = self.points.iter().map(|point| point.makespan.0).max().unwrap_or(1).max(1) as f64;
        let dot = |(n, point): (usize, &Point)| {
            let limit = Some(point.concurrent).filter(|limit| *limit > 0);
            Dot {
                x: LEFT_PX + 14.0 + step_px * n as f64,
                y: AXIS_PX - point.makespan.0 as f64 / slowest * (AXIS_PX - TOP_PX),
                makespan: point.makespan,
                limit,
                label: limit.map_or("no limit".to_owned(), |limit| limit.to_string()),
                is_on: point.concurrent == self.group.concurrent,
                is_labeled: false,
                is_control: false,
            }
        };
        let mut dots: Vec<Dot> = self.points.iter().enumerate().map(dot).collect();
        let apart = |one: usize, other: usize| (dots[one].x - dots[other].x).abs();
        let mut labeled: Vec<usize> = Vec::new();
        for n in by_interest(&dots) {
            if labeled.iter().all(|other| apart(n, *other) >= dots[n].half_px() + dots[*other].half_px() + 8.0) {
                labeled.push(n);
            }
        }
        let mut controls: Vec<usize> = Vec::new();
        for n in by_interest(&dots).into_iter().chain(0..dots.len()) {
            if controls.iter().all(|other| apart(n, *other) >= CONTROL_PX) {
                controls.push(n);
            }
        }
        labeled.into_iter().for_each(|n| dots[n].is_labeled = true);
        controls.into_iter().for_each(|n| dots[n].is_control = true);
        dots
    }

    /// From how many slots on more change nothing, what each number before that brings, and where more is slower. It speaks of
    /// the numbers that were simulated only.
    #[must_use]
    pub fn last_gain(&self) -> String {
        let numbers = &self.points[..self.points.len() - 1];
        let is_all = numbers.windows(2).all(|two| two[1].concurrent == two[0].concurrent + 1)
            && numbers.last().is_some_and(|last| last.concurrent >= self.group.most);
        let more = if is_all { "more slots change nothing" } else { "none of the numbers that were tried changes anything" };
        let mut sentences = vec![match settled(&self.points) {
            Some(0) => format!("Without a limit it takes {}.", human(self.points[numbers.len()].makespan)),
            Some(1) | None if is_all => "More slots change nothing here.".to_owned(),
            Some(n) => format!("From {n} slots on, {more}."),
            None => String::new(),
        }];
        sentences.extend(slower(&self.points).iter().take(MOST_STEPS).map(|(more, fewer)| format!("{more} is slower than {fewer}.")));
        sentences.extend(Some(steps_text(numbers)).filter(|text| !text.is_empty()));
        if !is_all {
            sentences.push(format!("Of {} numbers {} were tried.", self.group.most.max(numbers.len() as u32), numbers.len()));
        }
        sentences.join(" ")
    }
}

/// Of more steps than this the first are named.
const MOST_STEPS: usize = 8;

/// What each number brings after the one before it: `2 halves it; 3 takes 2.0 s; 4 and 5 change nothing`.
fn steps_text(numbers: &[Point]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for alike in numbers.chunk_by(|a, b| a.makespan == b.makespan) {
        let first = numbers.iter().position(|point| point.concurrent == alike[0].concurrent).unwrap_or(0);
        if let Some(before) = first.checked_sub(1).map(|before| numbers[before]) {
            let is_half = alike[0].makespan.0 * 2 == before.makespan.0;
            let brings = if is_half { "halves it".to_owned() } else { format!("takes {}", human(alike[0].makespan)) };
            parts.push(format!("{} {brings}", alike[0].concurrent));
        }
        match &alike[1..] {
            [] => {}
            [one] => parts.push(format!("{} changes nothing", one.concurrent)),
            [one, two] => parts.push(format!("{} and {} change nothing", one.concurrent, two.concurrent)),
            [one, .., last] => parts.push(format!("{} to {} change nothing", one.concurrent, last.concurrent)),
        }
    }
    let cut = if parts.len() > MOST_STEPS { "; and so on." } else { "." };
    parts.truncate(MOST_STEPS);
    if parts.is_empty() { String::new() } else { parts.join("; ") + cut }
}

/// The numbers of slots that are simulated: all; of many a sample from one to the most, with those between that are needed to know
/// each step where that takes no long time; then no limit.
fn points(run: &Run, scenario: &Scenario, group: &GroupControl) -> Vec<Point> {
    let affordable = (MOST_RUNS / run.trace.runs.len().max(1)).max(1) as u32;
    let most = group.most.max(group.concurrent).max(1);
    let simulated = |numbers: &mut dyn Iterator<Item = u32>| curve(&run.flows, scenario, &group.id, numbers);
    let mut points = if most <= MOST_SLOTS.min(affordable) {
        simulated(&mut (1..=most))
    } else if affordable >= MOST_SLOTS * 8 {
        steps(&run.flows, scenario, &group.id, most)
    } else {
        let n = MOST_SLOTS.min(affordable);
        let sample = |at: u32| 1 + (u64::from(at) * u64::from(most - 1) / u64::from((n - 1).max(1))) as u32;
        let mut numbers: Vec<u32> = (0..n).map(sample).chain(Some(group.concurrent).filter(|now| *now > 0)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        simulated(&mut numbers.into_iter())
    };
    points.extend(simulated(&mut std::iter::once(0)));
    points
}

/// The points in the order in which they get labels.
fn by_interest(dots: &[Dot]) -> Vec<usize> {
    let best = dots.iter().map(|dot| dot.makespan).min();
    let present = dots.iter().position(|dot| dot.is_on);
    let best = dots.iter().position(|dot| Some(dot.makespan) == best);
    let steps = (1..dots.len()).filter(|n| dots[*n].makespan != dots[*n - 1].makespan);
    present.into_iter().chain(best).chain(dots.len().checked_sub(1)).chain([0]).chain(steps).collect()
}

impl Dot {
    /// Half of the width of its labels.
    fn half_px(&self) -> f64 {
        3.4 * human(self.makespan).len().max(self.label.len()) as f64
    }

    /// What the dot says: `3: 2.0 s`.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}: {}", self.label, human(self.makespan))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{App, Msg, Panel};

    #[test]
    fn the_curve_is_there_while_its_panel_is_open_and_is_simulated_once() {
        assert!(App::open().curve.is_none());
        let open = App::open().update(Msg::Panel(Panel::Curve));
        let curve = open.curve.clone().expect("there is a group");
        let dots: Vec<String> = curve.dots(440.0).iter().map(Dot::text).collect();
        assert_eq!(dots, ["1: 6.0 s", "2: 3.0 s", "3: 2.0 s", "4: 2.0 s", "5: 2.0 s", "6: 1.0 s", "no limit: 1.0 s"]);
        assert_eq!(curve.dots(440.0).iter().filter(|dot| dot.is_on).count(), 1);
        let said = "From 6 slots on, more slots change nothing. 2 halves it; 3 takes 2.0 s; 4 and 5 change nothing; 6 halves it.";
        assert_eq!(curve.last_gain(), said);
        let graham = open.clone().update(Msg::Example("graham")).curve.expect("it has slots").last_gain();
        assert!(graham.contains("4 is slower than 3.") && graham.contains("From 5 slots on"), "{graham}");
        let labeled =
            |width_px| curve.dots(width_px).iter().filter(|dot| dot.is_labeled).map(|dot| dot.label.clone()).collect::<Vec<_>>().join(" ");
        assert_eq!((labeled(440.0), labeled(240.0)), ("1 2 3 6 no limit".to_owned(), "1 3 6".to_owned()));
        let moved = open.clone().update(Msg::Play(crate::app::playback::Msg::Next));
        assert!(moved.curve.as_ref().is_some_and(|moved| Rc::ptr_eq(moved, &curve)));
        let six = open.update(Msg::SetConcurrent("parent".into(), Some(6)));
        assert!(six.curve.as_ref().is_some_and(|six| six.dots(440.0)[5].is_on));
        assert!(six.update(Msg::Panel(Panel::Log)).curve.is_none());
    }
}
