//! The makespan for each number of slots of a group. Every value comes from a simulation of that very number.

use crate::flow::Flow;
use crate::sim::scenario::Scenario;
use crate::sim::simulate;
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

/// Up to so many numbers of slots are all simulated.
pub const MOST_SAMPLES: u32 = 64;

/// The points from 1 to `most` that are needed to know every step: all of them, or of more than 64 a sample, completed between
/// any two whose makespans differ.
#[must_use]
pub fn steps(flows: &[Flow], scenario: &Scenario, group: &str, most: u32) -> Vec<Point> {
    let at = |n: u32| curve(flows, scenario, group, std::iter::once(n)).remove(0);
    steps_by(most, &at)
}

/// The same with `at` for the simulation.
pub fn steps_by(most: u32, at: &dyn Fn(u32) -> Point) -> Vec<Point> {
    if most <= MOST_SAMPLES {
        return (1..=most).map(at).collect();
    }
    let sample = |n: u32| 1 + (u64::from(n) * u64::from(most - 1) / u64::from(MOST_SAMPLES - 1)) as u32;
    let mut points: Vec<Point> = (0..MOST_SAMPLES).map(|n| at(sample(n))).collect();
    let mut n = 0;
    while n + 1 < points.len() {
        let (low, high) = (points[n], points[n + 1]);
        if low.makespan != high.makespan && high.concurrent - low.concurrent > 1 {
            points.insert(n + 1, at(low.concurrent + (high.concurrent - low.concurrent) / 2));
        } else {
            n += 1;
        }
    }
    points
}

/// The numbers of slots that are slower than the number before them, each with that number.
#[must_use]
pub fn slower(points: &[Point]) -> Vec<(u32, u32)> {
    let limited: Vec<&Point> = points.iter().filter(|point| point.concurrent > 0).collect();
    let slower = limited.windows(2).filter(|two| two[1].makespan > two[0].makespan);
    slower.map(|two| (two[1].concurrent, two[0].concurrent)).collect()
}

/// The number of slots from which on no point differs from the last.
#[must_use]
pub fn settled(points: &[Point]) -> Option<u32> {
    let last = points.last()?;
    points.iter().rev().take_while(|point| point.makespan == last.makespan).last().map(|point| point.concurrent)
}

/// The makespan for each pair of limits of two groups.
#[must_use]
pub fn pairs(flows: &[Flow], scenario: &Scenario, groups: [&str; 2], most: [u32; 2], from: u32) -> Vec<([u32; 2], SimTime)> {
    let mut scenario = scenario.clone();
    let pairs = (from..=most[0]).flat_map(|first| (from..=most[1]).map(move |second| [first, second]));
    let makespan = |pair: [u32; 2]| {
        groups.iter().zip(pair).for_each(|(group, limit)| _ = scenario.concurrent.insert((*group).to_owned(), limit));
        (pair, super::makespan::makespan(&simulate(flows, &scenario)))
    };
    pairs.map(makespan).collect()
}
