//! A sweep over the slots of a group, as text, JSON and CSV. The JSON is a contract: its fields keep their names and order.

use std::fmt::Write;

use serde::Serialize;

use super::spread::{SpreadJson, spread_text};
use crate::analysis::curve::{Point, knees, slower};
use crate::analysis::spread::Spread;
use crate::time::{SimTime, human};

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
    #[serde(flatten)]
    spread: Option<SpreadJson>,
}

/// The speedup (work divided by makespan) and the efficiency (speedup divided by slots), rounded to thousandths; 0 for a run that
/// takes no time.
fn numbers(point: &Point, spread: Option<&Spread>) -> PointJson {
    let speedup = point.work.0 as f64 / point.makespan.0.max(1) as f64;
    let thousandths = |number: f64| (number * 1000.0).round() / 1000.0;
    let efficiency = thousandths(speedup / f64::from(point.concurrent.max(1)));
    let (makespan_ms, speedup) = (point.makespan.0, thousandths(speedup));
    PointJson { concurrent: point.concurrent, makespan_ms, speedup, efficiency, spread: spread.map(SpreadJson::of) }
}

/// The numbers of all points, each with its spread. `spreads` is empty, or has one for each point.
fn all_numbers<'a>(points: &'a [Point], spreads: &'a [Spread]) -> impl Iterator<Item = PointJson> + 'a {
    points.iter().enumerate().map(|(n, point)| numbers(point, spreads.get(n)))
}

/// `{ "group", "points": [...], "knees": [...] }`; knees are the smallest number of slots for each distinct makespan. With spreads, of
/// which there is one for each point, a point has `runs`, `minMs`, `p10Ms`, `p50Ms`, `p90Ms` and `maxMs` as well.
#[must_use]
pub fn json(group: &str, points: &[Point], spreads: &[Spread]) -> String {
    let whole = Sweep { group, points: all_numbers(points, spreads).collect(), knees: knees(points) };
    serde_json::to_string_pretty(&whole).expect("strings and numbers can always be written") + "\n"
}

/// A header, then a line for each number of slots.
#[must_use]
pub fn csv(points: &[Point], spreads: &[Spread]) -> String {
    let mut out = "concurrent,makespan_ms,speedup,efficiency".to_owned();
    out += if spreads.is_empty() { "\n" } else { ",runs,min_ms,p10_ms,p50_ms,p90_ms,max_ms\n" };
    for PointJson { concurrent, makespan_ms, speedup, efficiency, spread } in all_numbers(points, spreads) {
        let _ = write!(out, "{concurrent},{makespan_ms},{speedup},{efficiency}");
        if let Some(SpreadJson { runs, min_ms, p10_ms, p50_ms, p90_ms, max_ms }) = spread {
            let _ = write!(out, ",{runs},{min_ms},{p10_ms},{p50_ms},{p90_ms},{max_ms}");
        }
        out.push('\n');
    }
    out
}

/// A bar for each number of slots, with the knees marked. `of` is whose time it is, with a space before it, or nothing.
#[must_use]
pub fn text(group: &str, of: &str, points: &[Point], spreads: &[Spread]) -> String {
    const WIDTH: u64 = 48;
    let longest = points.iter().map(|point| point.makespan.0).max().unwrap_or(1).max(1);
    let knees = knees(points);
    let mut out = format!("{group}: total time{of} for each number of slots\n\n");
    for point in points {
        let bar = "#".repeat((point.makespan.0 * WIDTH / longest) as usize);
        let mark = if knees.contains(&point.concurrent) { "  <" } else { "" };
        let _ = writeln!(out, "{:>5}  {:>9}  {bar}{mark}", point.concurrent, human(point.makespan));
    }
    out += "\n< is the smallest number for that time\n";
    for (point, spread) in points.iter().zip(spreads) {
        let _ = writeln!(out, "{:>5}  {}", point.concurrent, spread_text(spread));
    }
    for (more, fewer) in slower(points) {
        let _ = writeln!(out, "{more} is slower than {fewer}");
    }
    out
}

#[derive(Serialize)]
struct PairsJson<'a> {
    groups: [&'a str; 2],
    points: Vec<PairJson>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PairJson {
    concurrent: [u32; 2],
    makespan_ms: u64,
}

/// `{ "groups": [a, b], "points": [{ "concurrent": [n, m], "makespanMs" }] }`.
#[must_use]
pub fn json_of_pairs(groups: [&str; 2], points: &[([u32; 2], SimTime)]) -> String {
    let points = points.iter().map(|(pair, makespan)| PairJson { concurrent: *pair, makespan_ms: makespan.0 }).collect();
    serde_json::to_string_pretty(&PairsJson { groups, points }).expect("strings and numbers can always be written") + "\n"
}

/// A header with the ids of the groups, then a line for each pair.
#[must_use]
pub fn csv_of_pairs(groups: [&str; 2], points: &[([u32; 2], SimTime)]) -> String {
    let mut out = format!("{},{},makespan_ms\n", groups[0], groups[1]);
    for ([first, second], makespan) in points {
        let _ = writeln!(out, "{first},{second},{}", makespan.0);
    }
    out
}

/// A table: a line for each number of slots of the first group, a column for each of the second. `of` is as for [`text`].
#[must_use]
pub fn text_of_pairs(of: &str, groups: [&str; 2], points: &[([u32; 2], SimTime)]) -> String {
    let mut out = format!("total time{of} for the slots of {} (down) and {} (across)\n", groups[0], groups[1]);
    let first = points.first().map_or(0, |(pair, _)| pair[0]);
    let row = |pair: u32| points.iter().filter(move |(pairs, _)| pairs[0] == pair);
    let _ = write!(out, "\n{:>5}", "");
    row(first).for_each(|(pair, _)| _ = write!(out, "  {:>9}", pair[1]));
    for line in points.iter().map(|(pair, _)| pair[0]).collect::<std::collections::BTreeSet<_>>() {
        let _ = write!(out, "\n{line:>5}");
        row(line).for_each(|(_, makespan)| _ = write!(out, "  {:>9}", human(*makespan)));
    }
    out + "\n"
}
