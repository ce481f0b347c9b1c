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
