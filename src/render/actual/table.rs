//! The table of gaps for terminals.

use super::{added, signed, summary, unpaired};
use crate::actual::Overlay;
use crate::actual::gap::Gap;
use crate::flow::Flow;
use crate::flow::state::State;
use crate::sim::names::run_name;
use crate::sim::trace::Trace;

const HEAD: [&str; 5] = ["real, against the simulation", "begins", "ends", "length", "added by the server"];

/// A line for each taskrun: how much later it began and ended for real, how much longer it was, and what of that the server added. Then
/// what has no other. With a line break at the end.
#[must_use]
pub fn text(flows: &[Flow], trace: &Trace, overlay: &Overlay) -> String {
    let rows: Vec<[String; 5]> = overlay.gaps.iter().map(|gap| row(flows, trace, overlay, gap)).collect();
    let mut lines = vec![summary(trace, overlay), String::new()];
    lines.extend(columns(&HEAD.map(str::to_owned), &rows));
    let unpaired = unpaired(flows, trace, overlay);
    if !unpaired.is_empty() {
        lines.push(String::new());
        lines.extend(unpaired);
    }
    lines.join("\n") + "\n"
}

/// A table in columns: the first and the last to the left, the others to the right.
#[must_use]
pub fn columns<const N: usize>(head: &[String; N], rows: &[[String; N]]) -> Vec<String> {
    let width = |column: usize| rows.iter().chain([head]).map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..N).map(width).collect();
    let cell = |(column, text): (usize, &String)| {
        let pad = " ".repeat(widths[column] - text.chars().count());
        if column == 0 || column + 1 == N { format!("{text}{pad}") } else { format!("{pad}{text}") }
    };
    let line = |row: &[String; N]| row.iter().enumerate().map(cell).collect::<Vec<_>>().join("  ").trim_end().to_owned();
    [head].into_iter().chain(rows).map(line).collect()
}

fn row(flows: &[Flow], trace: &Trace, overlay: &Overlay, gap: &Gap) -> [String; 5] {
    let shown = |ms: Option<i64>| ms.map_or_else(|| "-".to_owned(), signed);
    let last = overlay.run(gap.real).history.last().map_or(State::Created, |(_, state)| *state);
    let simulated = trace.state(gap.run);
    let state = (last != simulated).then(|| format!("{} for real, {} simulated", last.as_str(), simulated.as_str()));
    let added: Vec<String> = added(gap).into_iter().chain(state).collect();
    let name = run_name(flows, trace, gap.run).to_string();
    [name, shown(gap.start_ms), shown(gap.end_ms), shown(gap.length_ms), added.join(", ")]
}
