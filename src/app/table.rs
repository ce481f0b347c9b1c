//! The table: the numbers of the chart, and what each task is doing at the playhead.

use std::cmp::Reverse;

use super::critical::Critical;
use super::playback::clock_text;
use super::run::Run;
use crate::analysis::segments::SegmentKind;
use crate::time::{SimTime, human};
use crate::timeline::rows::Row;
use crate::tr;

/// The columns but the last, which says what a task is doing at the playhead.
pub const COLUMNS: [&str; 5] = ["task", "waited", "starts", "ends", "takes"];

/// The heads of the columns but the last.
#[must_use]
pub fn heads() -> [String; 5] {
    [tr!("column" => "task"), tr!("column" => "waited"), tr!("column" => "starts"), tr!("column" => "ends"), tr!("column" => "takes")]
}

/// The head of the last column: `at 1.50 s`.
#[must_use]
pub fn last_head(run: &Run, now: SimTime) -> String {
    tr!("at {time}", time = clock_text(now, run.end()))
}

/// The times of a row, in the order of the heads: how long it waited, its start, its end, how long it took.
fn times(run: &Run, row: &Row) -> [Option<SimTime>; 4] {
    let segments = row.segments(&run.trace);
    let ends = row.length.and_then(|_| segments.last()).map(|last| last.to);
    let waits = segments.iter().filter(|segment| segment.kind.is_wait());
    let waited = waits.fold(SimTime::ZERO, |sum, segment| sum + (segment.to - segment.from));
    let starts = segments.iter().find(|segment| !segment.kind.is_wait()).map(|segment| segment.from);
    [row.length.map(|_| waited), starts, ends, row.length]
}

/// What the table says of a row: its name, its times, and what it is doing at `now`.
#[must_use]
pub fn cells(run: &Run, row: &Row, now: SimTime) -> [String; 6] {
    let segments = row.segments(&run.trace);
    let [waited, starts, ends, takes] = times(run, row);
    let ended = ends.filter(|ends| *ends <= now).and_then(|_| row.outcome(&run.trace));
    let current = segments.iter().rev().find(|segment| segment.from <= now).map(|segment| segment.kind);
    let doing = ended.map(SegmentKind::State).or(current);
    let doing = doing.map_or_else(|| "–".to_owned(), |kind| kind.label(run.flow().dialect));
    [row.name.to_string(), time(waited), time(starts), time(ends), time(takes), doing]
}

/// The rows in the order of the table: those of the critical path first while it is shown, and of both the longest time in a column
/// first; without one as in the chart. `by` is an index of [`COLUMNS`], after the first.
#[must_use]
pub fn ordered<'a>(run: &'a Run, by: Option<usize>, path: Option<&Critical>) -> Vec<&'a Row> {
    let mut rows: Vec<&Row> = run.rows.iter().collect();
    let longest = |row: &Row| by.and_then(|by| *times(run, row).get(by.checked_sub(1)?)?);
    rows.sort_by_cached_key(|row| (path.is_some_and(|path| !path.has(row)), Reverse(longest(row))));
    rows
}

/// A time in a table.
#[must_use]
pub fn time(time: Option<SimTime>) -> String {
    match time {
        None => "–".to_owned(),
        Some(SimTime::ZERO) => "0".to_owned(),
        Some(time) => human(time),
    }
}

/// A table as texts: its rows, the heads first.
pub type Cells = Vec<Vec<String>>;

/// The whole table.
#[must_use]
pub fn all_cells(run: &Run, now: SimTime) -> Cells {
    let head = heads().into_iter().chain([last_head(run, now)]).collect();
    std::iter::once(head).chain(run.rows.iter().map(|row| cells(run, row, now).to_vec())).collect()
}

/// A table as one text.
pub type Format = fn(&Cells) -> String;

/// The ways in which a table is copied, with their names.
pub const FORMATS: [(&str, Format); 3] = [("Markdown", markdown), ("CSV", csv), ("TSV", tsv)];

/// A table in Markdown.
#[must_use]
pub fn markdown(rows: &Cells) -> String {
    let row = |cells: &Vec<String>| format!("| {} |\n", cells.iter().map(|cell| cell.replace('|', "\\|")).collect::<Vec<_>>().join(" | "));
    let under = |cells: &Vec<String>| "| --- ".repeat(cells.len()) + "|\n";
    rows.iter().enumerate().map(|(n, cells)| if n == 0 { row(cells) + &under(cells) } else { row(cells) }).collect()
}

/// A table as CSV.
#[must_use]
pub fn csv(rows: &Cells) -> String {
    let quoted = |cell: &String| {
        let needs = cell.contains([',', '"', '\n']);
        if needs { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
    };
    rows.iter().map(|cells| cells.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n").collect()
}

/// A table with tabs between its cells, as spreadsheets take it from the clipboard.
#[must_use]
pub fn tsv(rows: &Cells) -> String {
    rows.iter().map(|cells| cells.join("\t") + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{App, Msg};

    #[test]
    fn the_table_says_what_each_task_does_at_the_playhead() {
        let run = App::open().run.expect("it runs");
        insta::assert_snapshot!(tsv(&all_cells(&run, SimTime(500))).replace('\t', " | "), @"
        task | waited | starts | ends | takes | at 0.50 s
        parent | 0 | 0 | 2.0 s | 2.0 s | running
        t1 | 0 | 0 | 1.0 s | 1.0 s | running
        t2 | 0 | 0 | 1.0 s | 1.0 s | running
        t3 | 0 | 0 | 1.0 s | 1.0 s | running
        t4 | 1.0 s | 1.0 s | 2.0 s | 1.0 s | waiting for a slot
        t5 | 1.0 s | 1.0 s | 2.0 s | 1.0 s | waiting for a slot
        t6 | 1.0 s | 1.0 s | 2.0 s | 1.0 s | waiting for a slot
        last | 2.0 s | 2.0 s | 2.0 s | 0 | waiting for an earlier task
        ");
    }

    #[test]
    fn the_rows_are_ordered_by_a_time_and_those_of_the_critical_path_come_first() {
        let app = App::open().update(Msg::RowTakes("t5".into(), "3s".to_owned())).update(Msg::Critical);
        let run = app.run.as_ref().expect("it runs");
        let order = |by, path| ordered(run, by, path).iter().map(|row| &*row.name).collect::<Vec<_>>().join(" ");
        assert_eq!(order(None, None), "parent t1 t2 t3 t4 t5 t6 last");
        assert_eq!(order(Some(4), None), "parent t5 t1 t2 t3 t4 t6 last");
        assert_eq!(order(Some(4), app.path.as_deref()), "t5 t2 last parent t1 t3 t4 t6");
    }
}
