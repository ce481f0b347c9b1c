//! The makespan for each number of slots of a group. Every value comes from a simulation of that very number.

use crate::flow::Flow;
use crate::sim::scenario::Scenario;
use crate::sim::{Simulation, simulate};
use crate::time::SimTime;

/// The makespan with so many slots; 0 is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// How many slots.
    pub concurrent: u32,
    /// When the execution came to its final state; the end of the run for one that never did.
    pub makespan: SimTime,
    /// The time all its leaves ran, added up.
    pub work: SimTime,
}

/// The points of these numbers of slots, in their order.
#[must_use]
pub fn curve(flows: &[Flow], scenario: &Scenario, group: &str, numbers: impl Iterator<Item = u32>) -> Vec<Point> {
    let mut scenario = scenario.clone();
    let point = |concurrent| {
        scenario.concurrent.insert(group.to_owned(), concurrent);
        let trace = simulate(flows, &scenario);
        let numbers = super::makespan::numbers(&flows[0], &trace);
        Point { concurrent, makespan: numbers.makespan, work: numbers.work }
    };
    numbers.map(point).collect()
}

/// The smallest number of slots for each distinct makespan, in order.
#[must_use]
pub fn knees(points: &[Point]) -> Vec<u32> {
    let mut seen: Vec<SimTime> = Vec::new();
    let mut is_new = |point: &&Point| {
        let new = !seen.contains(&point.makespan);
        seen.push(point.makespan);
        new
    };
    points.iter().filter(&mut is_new).map(|point| point.concurrent).collect()
}

/// The points from 1 to `most` that are needed to know every step.
#[must_use]
pub fn steps(flows: &[Flow], scenario: &Scenario, group: &str, most: u32) -> Vec<Point> {
    steps_by(most, &|n| curve(flows, scenario, group, std::iter::once(n)).pop())
}

/// Up to so many numbers of slots are all simulated.
pub const MOST_SAMPLES: u32 = 64;

/// The same with `at` for the simulation; it ends when that gives no more.
pub fn steps_by(most: u32, at: &dyn Fn(u32) -> Option<Point>) -> Vec<Point> {
    let mut points = Vec::new();
    while let Some(point) = next_number(&points, most).and_then(at) {
        insert(&mut points, point);
    }
    points
}

/// The number of slots from 1 to `most` that is to be simulated next, once these points are known, in order of their numbers: all
/// numbers, or of more than 64 a sample, completed between any two whose makespans differ. `None` when every step is known.
#[must_use]
pub fn next_number(points: &[Point], most: u32) -> Option<u32> {
    let sample = |n: u32| match most {
        ..=MOST_SAMPLES => n + 1,
        _ => 1 + (u64::from(n) * u64::from(most - 1) / u64::from(MOST_SAMPLES - 1)) as u32,
    };
    let is_known = |n: u32| points.binary_search_by_key(&n, |point| point.concurrent).is_ok();
    let between = |two: &[Point]| {
        let (low, high) = (two[0], two[1]);
        let has_step = low.makespan != high.makespan && high.concurrent - low.concurrent > 1;
        has_step.then(|| low.concurrent + (high.concurrent - low.concurrent) / 2)
    };
    (0..most.min(MOST_SAMPLES)).map(sample).find(|n| !is_known(*n)).or_else(|| points.windows(2).find_map(between))
}

/// Adds a point where its number of slots belongs.
pub fn insert(points: &mut Vec<Point>, point: Point) {
    let at = points.partition_point(|known| known.concurrent < point.concurrent);
    points.insert(at, point);
}

/// The numbers of slots that are slower than the number before them, each with that number.
#[must_use]
pub fn slower(points: &[Point]) -> Vec<(u32, u32)> {
    let limited: Vec<&Point> = points.iter().filter(|point| point.concurrent > 0).collect();
    let slower = limited.windows(2).filter(|two| two[1].makespan > two[0].makespan);
    slower.map(|two| (two[1].concurrent, two[0].concurrent)).collect()
}

/// The makespan for each pair of limits of two groups.
#[must_use]
pub fn pairs(flows: &[Flow], scenario: &Scenario, groups: [&str; 2], most: [u32; 2], from: u32) -> Vec<([u32; 2], SimTime)> {
    let mut scenario = scenario.clone();
    let pairs = (from..=most[0]).flat_map(|first| (from..=most[1]).map(move |second| [first, second]));
    let makespan = |pair: [u32; 2]| {
        groups.iter().zip(pair).for_each(|(group, limit)| _ = scenario.concurrent.insert((*group).to_owned(), limit));
        (pair, Simulation::new(flows, &scenario).makespan())
    };
    pairs.map(makespan).collect()
}
