//! A sweep over the slots of a group, as text, JSON and CSV. The JSON is a contract: its fields keep their names and order.

use std::fmt::Write;

use serde::Serialize;

use crate::analysis::curve::{Point, knees};
use crate::time::human;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Sweep<'a> {
    group: &'a str,
    points: Vec<PointJson>,
    knees: Vec<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PointJson {
    concurrent: u32,
    makespan_ms: u64,
    speedup: f64,
    efficiency: f64,
}

/// The speedup (work divided by makespan) and the efficiency (speedup divided by slots), rounded to thousandths; 0 for a run that
/// takes no time.
fn numbers(point: &Point) -> PointJson {
    let speedup = point.work.0 as f64 / point.makespan.0.max(1) as f64;
    let thousandths = |number: f64| (number * 1000.0).round() / 1000.0;
    let efficiency = thousandths(speedup / f64::from(point.concurrent.max(1)));
    PointJson { concurrent: point.concurrent, makespan_ms: point.makespan.0, speedup: thousandths(speedup), efficiency }
}

/// `{ "group", "points": [...], "knees": [...] }`; knees are the smallest number of slots for each distinct makespan.
#[must_use]
pub fn json(group: &str, points: &[Point]) -> String {
    let whole = Sweep { group, points: points.iter().map(numbers).collect(), knees: knees(points) };
    serde_json::to_string_pretty(&whole).expect("strings and numbers can always be written") + "\n"
}

/// A header, then a line for each number of slots.
#[must_use]
pub fn csv(points: &[Point]) -> String {
    let mut out = "concurrent,makespan_ms,speedup,efficiency\n".to_owned();
    for PointJson { concurrent, makespan_ms, speedup, efficiency } in points.iter().map(numbers) {
        let _ = writeln!(out, "{concurrent},{makespan_ms},{speedup},{efficiency}");
    }
    out
}

/// A bar for each number of slots, with the knees marked.
#[must_use]
pub fn text(group: &str, points: &[Point]) -> String {
    const WIDTH: u64 = 48;
    let longest = points.iter().map(|point| point.makespan.0).max().unwrap_or(1).max(1);
    let knees = knees(points);
    let mut out = format!("{group}: total time for each number of slots\n\n");
    for point in points {
        let bar = "#".repeat((point.makespan.0 * WIDTH / longest) as usize);
        let mark = if knees.contains(&point.concurrent) { "  <" } else { "" };
        let _ = writeln!(out, "{:>5}  {:>9}  {bar}{mark}", point.concurrent, human(point.makespan));
    }
    out + "\n< is the smallest number for that time\n"
}
