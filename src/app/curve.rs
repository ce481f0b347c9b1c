//! The curve of the page: the makespan for each number of slots of the selected group, as a picture.

use std::rc::Rc;

use super::controls::{GroupControl, limit_text};
use super::run::Run;
use super::subject::{MOST_TASKRUNS, Steps, Subject, begin};
use super::uncertain::n_runs;
use crate::analysis::curve::{Point, insert, next_number, slower};
use crate::analysis::sentence::whole_of;
use crate::analysis::spread::{Spread, nth_run};
use crate::sim::scenario::Scenario;
use crate::time::{SimTime, human};
use crate::tr;

/// But so many points are always simulated.
const FEWEST_POINTS: usize = 9;

/// The least and the greatest width of the picture in pixels.
pub const WIDTH_PX: (f64, f64) = (240.0, 640.0);
/// The least and the greatest height of the picture in pixels.
pub const HEIGHT_PX: (f64, f64) = (100.0, 400.0);
/// Where the axis begins, in pixels from the left.
pub const LEFT_PX: f64 = 40.0;
/// Where the axis stands, in pixels from the bottom.
pub const AXIS_PX: f64 = 24.0;
const TOP_PX: f64 = 18.0;

/// The makespans for the numbers of slots of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    pub(super) subject: Subject,
    /// The group.
    pub group: GroupControl,
    /// The ids of all groups whose slots could be set.
    pub groups: Vec<Rc<str>>,
    /// The points so far, in order of their numbers, without that of no limit.
    limited: Vec<Point>,
    unlimited: Option<Point>,
    /// What is drawn: all points, from one slot up, the last one without a limit. Until all are known, those of the run before.
    points: Rc<Vec<Point>>,
    /// Whether `points` are those of this run.
    is_known: bool,
    /// How long many runs take, by number of slots; the makespans of those that are not all made yet.
    spreads: Vec<(u32, Rc<Spread>)>,
    made: Vec<SimTime>,
}

/// A point as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Dot {
    /// Pixels from the left.
    pub x: f64,
    /// Pixels from the top.
    pub y: f64,
    /// Where 8 of 10 runs end, in pixels from the top: the longest and the shortest of them; `None` unless something is drawn.
    pub band: Option<(f64, f64)>,
    /// The makespan.
    pub makespan: SimTime,
    /// The limit that a click sets; `None` is no limit.
    pub limit: Option<u32>,
    /// The limit in words: `3`, `no limit`.
    pub label: String,
    /// Whether this is the limit of the run on show.
    pub is_on: bool,
    /// The middle of its makespan and the baseline, in pixels; `None` where there is no room for it.
    pub label_at: Option<(f64, f64)>,
    /// Whether there is room for its number of slots.
    pub has_number: bool,
    /// What it says: `3: 2.0 s`, and in how much time most runs end.
    pub text: String,
}

impl Curve {
    /// The curve of the selected group, or of the one around the selected task, else of the first; `None` when no slots of
    /// the flow can be set. `last` is kept while it still holds.
    #[must_use]
    #[inline(never)] // So that it can be fetched later.
    pub fn of(run: &Run, scenario: &Rc<Scenario>, selected: Option<&str>, last: Option<&Rc<Self>>) -> Option<Rc<Self>> {
        let (group, subject) = (run.control_for(selected)?, Subject::of(run, scenario));
        if let Some(last) = last.filter(|last| last.group == group && last.subject == subject) {
            return Some(Rc::clone(last));
        }
        let groups = run.controls.iter().map(|control| Rc::clone(&control.id)).collect();
        let points = last.filter(|last| last.group.id == group.id).map(|last| Rc::clone(&last.points)).unwrap_or_default();
        let mut new = Self {
            subject,
            group,
            groups,
            limited: Vec::new(),
            unlimited: None,
            points,
            is_known: false,
            spreads: Vec::new(),
            made: Vec::new(),
        };
        begin(&mut new);
        Some(Rc::new(new))
    }

    /// What it shows, with a hole for the word `slots`.
    #[must_use]
    pub fn caption(&self) -> String {
        match whole_of(&self.subject.trace) {
            Some(whole) => tr!("total time {of_whole} for each number of {slots}", of_whole = whole, slots = "{slots}"),
            None => tr!("total time for each number of {slots}"),
        }
    }

    /// The points on show; empty until the first are known.
    #[must_use]
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// How many numbers have been simulated; `None` once all are.
    #[must_use]
    pub fn progress(&self) -> Option<usize> {
        (!self.is_known).then(|| self.limited.len() + usize::from(self.unlimited.is_some()))
    }

    /// The number of slots that is to be simulated next, 0 for no limit; `None` when every step is known, or as much as is affordable.
    fn next_number(&self) -> Option<u32> {
        let is_missing = |n: u32| n > 0 && self.limited.iter().all(|point| point.concurrent != n);
        let affordable = FEWEST_POINTS.max(MOST_TASKRUNS / self.subject.n_taskruns());
        if self.unlimited.is_none() {
            return Some(0);
        }
        if is_missing(self.group.concurrent) {
            return Some(self.group.concurrent);
        }
        let more = next_number(&self.limited, self.group.most.max(self.group.concurrent).max(1));
        more.filter(|_| self.limited.len() < affordable)
    }

    /// The number whose runs are simulated next, and how many there are; `None` when nothing is drawn, or the band is complete.
    fn next_band(&self) -> Option<(u32, u32)> {
        let n_runs = n_runs(&self.subject)?;
        let affordable = (MOST_TASKRUNS * 2 / self.subject.n_taskruns() / n_runs as usize).max(1);
        let is_missing = |n: &u32| self.spreads.iter().all(|(known, _)| known != n);
        let rest = self.points.iter().map(|point| point.concurrent);
        let numbers = by_interest(&self.points, self.group.concurrent).into_iter().map(|n| self.points[n].concurrent).chain(rest);
        let next = { numbers }.find(is_missing)?;
        (self.spreads.len() < affordable).then_some((next, n_runs))
    }

    fn spread(&self, concurrent: u32) -> Option<&Spread> {
        let of = self.spreads.iter().find(|(known, _)| *known == concurrent);
        of.map(|(_, spread)| &**spread).filter(|_| self.is_known)
    }

    /// Pixels from one number of slots to the next in a picture of this width.
    #[must_use]
    pub fn step_px(&self, width_px: f64) -> f64 {
        (width_px - LEFT_PX - 60.0) / (self.points.len() - 1).max(1) as f64
    }

    /// The points as they are drawn in a picture of this size. Labels have the present value, the best, and each step, as long as
    /// there is room beside the point: above it, to its right, or below it.
    #[must_use]
    pub fn dots(&self, (width_px, height_px): (f64, f64)) -> Vec<Dot> {
        let step_px = self.step_px(width_px);
        let slow = |point: &Point| self.spread(point.concurrent).map_or(point.makespan, |spread| spread.percentile(90).max(point.makespan));
        let slowest = self.points.iter().map(|point| slow(point).0).max().unwrap_or(1).max(1) as f64;
        let axis_px = height_px - AXIS_PX;
        let y = |time: SimTime| axis_px - time.0 as f64 / slowest * (axis_px - TOP_PX);
        let dot = |(n, point): (usize, &Point)| {
            let limit = Some(point.concurrent).filter(|limit| *limit > 0);
            let label = limit_text(point.concurrent);
            let spread = self.spread(point.concurrent);
            let time = human(point.makespan);
            Dot {
                x: LEFT_PX + 14.0 + step_px * n as f64,
                y: y(point.makespan),
                band: spread.map(|spread| (y(spread.percentile(90)), y(spread.percentile(10)))),
                makespan: point.makespan,
                limit,
                text: match spread {
                    Some(spread) => tr!("{limit}: {time}, 8 of 10 runs {band}", limit = label, time, band = spread.band()),
                    None => format!("{label}: {time}"),
                },
                label,
                is_on: point.concurrent == self.group.concurrent,
                label_at: None,
                has_number: false,
            }
        };
        let mut dots: Vec<Dot> = self.points.iter().enumerate().map(dot).collect();
        for n in by_interest(&self.points, self.group.concurrent) {
            let has_number = dots
                .iter()
                .enumerate()
                .filter(|(other, dot)| *other != n && dot.has_number)
                .all(|(_, other)| (dots[n].x - other.x).abs() >= 3.4 * (dots[n].label.len() + other.label.len()) as f64 + 8.0);
            if dots[n].label_at.is_none()
                && let Some(place) = label_place(&dots, n, (width_px, axis_px))
            {
                dots[n] = Dot { label_at: Some(place), has_number, ..dots[n].clone() };
            }
        }
        dots
    }

    /// How long most runs take with the present number of slots, when something is drawn, and with which number that is shortest.
    #[must_use]
    pub fn nine_of_ten(&self) -> Option<String> {
        let present = self.spread(self.group.concurrent).filter(|spread| !spread.is_certain())?;
        let limit = |n: u32| if n == 0 { limit_text(0) } else { format!("`{}: {n}`", self.group.property) };
        let best = self.spreads.iter().min_by_key(|(n, spread)| (spread.percentile(90), n.wrapping_sub(1)));
        let best = best.filter(|(n, spread)| *n != self.group.concurrent && spread.percentile(90) < present.percentile(90));
        let time = present.nine_of_ten();
        Some(match best {
            Some((n, spread)) => tr!("In 9 of 10 runs {time}, with {limit} {best}.", time, limit = limit(*n), best = spread.nine_of_ten()),
            None => tr!("In 9 of 10 runs {time}.", time),
        })
    }

    /// What each number of slots comes to, and where more is slower. It speaks of the numbers that were simulated only.
    #[must_use]
    pub fn steps_text(&self) -> String {
        let Some((unlimited, numbers)) = self.points.split_last().filter(|_| self.is_known) else { return String::new() };
        let is_all = numbers.windows(2).all(|two| two[1].concurrent == two[0].concurrent + 1)
            && numbers.last().is_some_and(|last| last.concurrent >= self.group.most);
        let mut sentences = Vec::new();
        if self.points.iter().all(|point| point.makespan == unlimited.makespan) {
            let time = human(unlimited.makespan);
            sentences.push(match is_all {
                true => tr!("{time} with any number of slots.", time),
                false => tr!("{time} with each number of slots that was tried.", time),
            });
        } else {
            let mut parts: Vec<String> = numbers
                .chunk_by(|a, b| a.makespan == b.makespan)
                .map(|alike| part(alike, is_all.then_some((numbers, unlimited))))
                .collect();
            if numbers.last().is_some_and(|last| last.makespan != unlimited.makespan) {
                parts.push(tr!("{time} without a limit", time = human(unlimited.makespan)));
            }
            if parts.len() > MOST_STEPS + 1 {
                let left_out = MOST_STEPS - 1..parts.len() - 1;
                parts.splice(left_out.clone(), [tr!("{n} further steps" | "{n} further steps" % left_out.len())]);
            }
            sentences.push(parts.join(", ") + ".");
        }
        sentences
            .extend(slower(&self.points).iter().take(MOST_STEPS).map(|(more, fewer)| tr!("{more} is slower than {fewer}.", more, fewer)));
        if !is_all {
            sentences.push(tr!("Of {all} numbers {n} were tried.", all = self.group.most.max(numbers.len() as u32), n = numbers.len()));
        }
        sentences.join(" ")
    }

    /// Whether a band is drawn around some of the dots.
    #[must_use]
    pub fn has_band(&self) -> bool {
        self.is_known && self.spreads.iter().any(|(_, spread)| !spread.is_certain())
    }
}

impl Steps for Curve {
    fn subject(&self) -> &Subject {
        &self.subject
    }

    fn next(&self) -> Option<Scenario> {
        let with = |concurrent: u32| self.subject.with_limits(&[(&self.group.id, concurrent)]);
        if !self.is_known {
            return self.next_number().map(with);
        }
        self.next_band().map(|(concurrent, _)| nth_run(&with(concurrent), self.made.len() as u32))
    }

    fn take(&mut self, makespan: SimTime) {
        if !self.is_known {
            let Some(concurrent) = self.next_number() else { return };
            let point = Point { concurrent, makespan, work: SimTime::ZERO };
            if concurrent == 0 {
                self.unlimited = Some(point)
            } else {
                insert(&mut self.limited, point)
            }
            if self.next_number().is_none() {
                self.points = Rc::new(self.limited.iter().chain(&self.unlimited).copied().collect());
                self.is_known = true;
            }
        } else if let Some((concurrent, n_runs)) = self.next_band() {
            self.made.push(makespan);
            if self.made.len() as u32 == n_runs {
                self.spreads.extend(Spread::of(std::mem::take(&mut self.made)).map(|spread| (concurrent, Rc::new(spread))));
            }
        }
    }
}

/// Where the label of the nth dot touches neither the line nor a dot nor another label: the middle and the baseline, in pixels.
fn label_place(dots: &[Dot], n: usize, (width_px, axis_px): (f64, f64)) -> Option<(f64, f64)> {
    let (dot, half) = (&dots[n], dots[n].half_px());
    let right = dot.x + half + 8.0;
    let places = [(dot.x, dot.y - 9.0), (right, dot.y - 7.0), (right, dot.y + 4.0), (dot.x, dot.y + 17.0), (right, dot.y + 14.0)];
    let is_free = |(x, y): &(f64, f64)| {
        let (from, to, top, bottom) = (x - half, x + half, y - 11.0, y + 2.0);
        let is_inside = from >= 0.0 && to <= width_px && top >= 0.0 && bottom <= axis_px;
        let is_crossed = dots.windows(2).filter_map(|two| line_within(two, from, to)).any(|(high, low)| low > top && high < bottom);
        let hides = |other: &Dot| (from..=to).contains(&other.x) && (top - 4.5..=bottom + 4.5).contains(&other.y);
        let touches = |other: &Dot| {
            other.label_at.is_some_and(|(middle, base)| (x - middle).abs() < half + other.half_px() + 8.0 && (y - base).abs() < 14.0)
        };
        is_inside && !is_crossed && !dots.iter().any(|other| hides(other) || touches(other))
    };
    places.into_iter().find(is_free)
}

/// The highest and the lowest point of the line between two dots from one x to another, in pixels from the top.
fn line_within(two: &[Dot], from: f64, to: f64) -> Option<(f64, f64)> {
    let [a, b] = two else { return None };
    let at = |x: f64| a.y + (x - a.x) / (b.x - a.x) * (b.y - a.y);
    (a.x <= to && b.x >= from).then(|| {
        let (left, right) = (at(a.x.max(from)), at(b.x.min(to)));
        (left.min(right), left.max(right))
    })
}

/// Of more steps than this the first and the last are named.
const MOST_STEPS: usize = 8;

/// What numbers that take equally long come to: `2.0 s with 3 to 5`; of the last of `all`, if no limit takes as long, `1.0 s with 6 or more`.
fn part(alike: &[Point], all: Option<(&[Point], &Point)>) -> String {
    let is_rest = all.is_some_and(|(numbers, unlimited)| numbers.last() == alike.last() && alike[0].makespan == unlimited.makespan);
    let (first, last) = (alike[0].concurrent, alike[alike.len() - 1].concurrent);
    // Nothing is said of numbers that were left out.
    let has_all = (last - first) as usize + 1 == alike.len();
    let numbers = match last - first {
        _ if is_rest => tr!("with" => "{first} or more", first),
        0 => first.to_string(),
        1 => tr!("with" => "{first} and {last}", first, last),
        _ if has_all => tr!("with" => "{first} to {last}", first, last),
        _ => tr!("with" => "those tried from {first} to {last}", first, last),
    };
    let time = human(alike[0].makespan);
    match (first, last) {
        (1, _) => tr!("{time} with {numbers} slot" | "{time} with {numbers} slots" % last, time, numbers),
        _ => tr!("{time} with {numbers}", time, numbers),
    }
}

/// The points that get labels, in this order: the present one, the best, each that differs from the one before it, and the first.
fn by_interest(points: &[Point], present: u32) -> Vec<usize> {
    let best = points.iter().map(|point| point.makespan).min();
    let present = points.iter().position(|point| point.concurrent == present);
    let best = points.iter().position(|point| Some(point.makespan) == best);
    let steps = (1..points.len()).filter(|n| points[*n].makespan != points[*n - 1].makespan);
    present.into_iter().chain(best).chain(steps).chain([0]).collect()
}

impl Dot {
    /// Half of the width of its labels.
    fn half_px(&self) -> f64 {
        3.4 * human(self.makespan).len().max(self.label.len()) as f64
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
        let dots: Vec<String> = curve.dots((440.0, 100.0)).iter().map(|dot| dot.text.clone()).collect();
        assert_eq!(dots, ["1: 6.0 s", "2: 3.0 s", "3: 2.0 s", "4: 2.0 s", "5: 2.0 s", "6: 1.0 s", "no limit: 1.0 s"]);
        assert_eq!(curve.dots((440.0, 100.0)).iter().filter(|dot| dot.is_on).count(), 1);
        assert_eq!(curve.steps_text(), "6.0 s with 1 slot, 3.0 s with 2, 2.0 s with 3 to 5, 1.0 s with 6 or more.");
        let graham = open.clone().update(Msg::Example("graham")).curve.expect("it has slots").steps_text();
        insta::assert_snapshot!(graham, @"34.0 s with 1 slot, 17.0 s with 2, 12.0 s with 3, 15.0 s with 4, 12.0 s with 5 or more. 4 is slower than 3.");
        let labeled = |width_px| {
            curve.dots((width_px, 100.0)).iter().filter(|dot| dot.has_number).map(|dot| dot.label.clone()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!((labeled(440.0), labeled(240.0)), ("1 2 3 6".to_owned(), "1 3 6".to_owned()));
        let four =
            open.clone().update(Msg::Example("graham")).update(Msg::SetConcurrent("graph".into(), Some(4))).curve.expect("it has slots");
        for width_px in [240.0, 440.0, 640.0] {
            let labels = four.dots((width_px, 100.0)).into_iter().filter(|dot| dot.label_at.is_some()).map(|dot| dot.text);
            let labels: Vec<String> = labels.collect();
            assert!(["3: 12.0 s", "4: 15.0 s"].iter().all(|label| labels.iter().any(|known| known == label)), "{width_px}: {labels:?}");
        }
        let moved = open.clone().update(Msg::Play(crate::app::playback::Msg::Next));
        assert!(moved.curve.as_ref().is_some_and(|moved| Rc::ptr_eq(moved, &curve)));
        let six = open.update(Msg::SetConcurrent("parent".into(), Some(6)));
        assert!(six.curve.as_ref().is_some_and(|six| six.dots((440.0, 100.0))[5].is_on));
        assert!(six.update(Msg::Panel(Panel::Log)).curve.is_none());
    }
}
