//! The reports of `upgrade`.

use std::fmt::Write;

use parallelogram::edit::Edit;
use parallelogram::flow::Version;
use parallelogram::flow::state::State;
use parallelogram::time::human;
use parallelogram::upgrade::Change;
use parallelogram::upgrade::runs::{Row, Runs, Seen};
use serde_json::{Value, json};

use super::Found;
use crate::pages::annotation;

/// What is printed by default.
pub fn text(found: &[Found]) -> String {
    let mut out = String::new();
    for one in found {
        for change in &one.upgraded.changes {
            let _ = writeln!(out, "{}: {}", place(one, change), change.message);
            for line in one.upgraded.lines(&one.source.text, change) {
                let _ = writeln!(out, "  {line}");
            }
            match change.rewrite {
                Some(_) => {}
                None if change.why.is_empty() => out.push_str("  left for you\n"),
                None => {
                    let _ = writeln!(out, "  left for you: {}", change.why);
                }
            }
            for choice in &change.choices {
                let _ = writeln!(out, "    - {choice}");
            }
        }
        if one.is_refused && !one.upgraded.is_unfinished() {
            let _ = writeln!(out, "{}: refused before the move as well, as `parallelogram check` says", one.source.name);
        }
        let Some(runs) = one.runs.as_ref().filter(|runs| is_different(runs)) else { continue };
        let _ = writeln!(out, "{}: the run of `{}`: {}", one.source.name, runs.flow, whole(runs));
        let table: Vec<[String; 4]> = runs.rows.iter().map(cells).collect();
        let width = |column: usize| table.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let (name, before, after) = (width(0), width(1), width(2));
        for row in &table {
            let _ = writeln!(out, "  {:name$}  {:before$}  {:after$}  {}", row[0], row[1], row[2], row[3]);
        }
        for keep in keeps(one, runs) {
            let _ = writeln!(out, "  --keep: {}, {}", keep.message, keep.why);
        }
    }
    out
}

/// A report for a pull request.
pub fn markdown(from: Version, to: Version, found: &[Found]) -> String {
    let mut out = format!("# From Kestra {} to {}\n", from.as_str(), to.as_str());
    for one in found {
        let runs = one.runs.as_ref().filter(|runs| is_different(runs));
        if one.upgraded.changes.is_empty() && runs.is_none() {
            continue;
        }
        let _ = writeln!(out, "\n## {}", one.source.name);
        out.push_str(if one.upgraded.changes.is_empty() { "" } else { "\n" });
        for change in &one.upgraded.changes {
            let line = line(one, change);
            let done = if change.rewrite.is_some() { "rewritten" } else { "**left for you**" };
            let why = if change.why.is_empty() { String::new() } else { format!(": {}", change.why) };
            let _ = writeln!(out, "- Line {line}, {done}: {}{why}", change.message);
            change.choices.iter().for_each(|choice| {
                let _ = writeln!(out, "  - {choice}");
            });
        }
        let Some(runs) = runs else { continue };
        let _ =
            writeln!(out, "\nThe run of `{}`: {}\n\n| task | before | after | why |\n| --- | --- | --- | --- |", runs.flow, whole(runs));
        for row in &runs.rows {
            let [name, before, after, why] = cells(row).map(|cell| cell.replace('|', "\\|"));
            let _ = writeln!(out, "| `{name}` | {before} | {after} | {why} |");
        }
        let keeps: Vec<String> = keeps(one, runs).map(|keep| format!("\n`--keep`: {}, {}\n", keep.message, keep.why)).collect();
        out.push_str(&keeps.concat());
    }
    out
}

/// What is left, as annotations.
pub fn github(found: &[Found]) -> String {
    let of = |one: &Found| {
        let left = one.upgraded.changes.iter().filter(|change| change.rewrite.is_none());
        let message =
            |change: &Change| [&*change.message, &change.why].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ");
        left.map(|change| annotation(&one.source.name, line(one, change), &message(change))).collect::<String>()
    };
    found.iter().map(of).collect()
}

/// All of it. Bytes are those of the flow, which begins in a line of the file.
pub fn json(from: Version, to: Version, n_files: usize, found: &[Found]) -> String {
    let edit = |edit: &Edit| json!({ "start": edit.range.start, "end": edit.range.end, "text": edit.text });
    let change = |one: &Found, change: &Change| {
        json!({
            "code": change.code,
            "line": line(one, change),
            "column": one.source.position(change.span.start).column,
            "message": change.message,
            "why": change.why,
            "choices": change.choices,
            "rewrite": change.rewrite.as_ref().map(|edits| edits.iter().map(edit).collect::<Vec<Value>>()),
        })
    };
    let seen = |seen: &Option<Seen>| {
        seen.map(|seen| json!({ "runs": seen.n_runs, "start_ms": seen.start.0, "end_ms": seen.end.0, "state": seen.state.as_str() }))
    };
    let row = |row: &Row| {
        let section = format!("kestra.md#{}", anchor(row.cause.section));
        json!({ "task": row.name, "before": seen(&row.seen[0]), "after": seen(&row.seen[1]), "why": row.cause.sentence, "rule": section })
    };
    let runs = |runs: &Runs| {
        json!({
            "flow": &*runs.flow,
            "makespan_ms": runs.makespans.map(|at| at.0),
            "state": runs.states.map(|state| state.map(State::as_str)),
            "differences": runs.rows.iter().map(row).collect::<Vec<Value>>(),
        })
    };
    let flow = |one: &Found| {
        json!({
            "file": one.source.name,
            "line": one.lines_before + 1,
            "changes": one.upgraded.changes.iter().map(|found| change(one, found)).collect::<Vec<Value>>(),
            "keeps": one.upgraded.keeps.iter().map(|found| change(one, found)).collect::<Vec<Value>>(),
            "runs": one.runs.as_ref().map(runs),
        })
    };
    let flows: Vec<Value> = found.iter().map(flow).collect();
    let report = json!({ "from": from.as_str(), "to": to.as_str(), "files": n_files, "flows": flows });
    serde_json::to_string_pretty(&report).expect("strings and numbers can always be written") + "\n"
}

/// One line about all of it.
pub fn summary(n_files: usize, found: &[Found], is_written: bool) -> String {
    let counted = |n: usize, thing: &str| format!("{n} {thing}{}", if n == 1 { "" } else { "s" });
    let changes = || found.iter().flat_map(|one| &one.upgraded.changes);
    let n_left = changes().filter(|change| change.rewrite.is_none()).count();
    let n_done = changes().count() - n_left;
    let n_runs = found.iter().filter(|one| one.runs.as_ref().is_some_and(is_different)).count();
    let flows = format!("{} in {}", counted(found.len(), "flow"), counted(n_files, "file"));
    let done = if is_written { "written" } else { "to be written with --write" };
    format!(
        "{flows}: {} {done}, {n_left} left for you, {} otherwise",
        counted(n_done, "rewrite"),
        if n_runs == 1 { "1 flow runs".to_owned() } else { format!("{n_runs} flows run") }
    )
}

/// What would keep a run that differs as it was, when a rule of it is the reason.
fn keeps<'f>(one: &'f Found, runs: &Runs) -> impl Iterator<Item = &'f Change> {
    let is_reason = runs.rows.iter().any(|row| row.cause.section == "onChildFailure");
    one.upgraded.keeps.iter().filter(move |_| is_reason)
}

fn is_different(runs: &Runs) -> bool {
    !runs.rows.is_empty() || runs.makespans[0] != runs.makespans[1] || runs.states[0] != runs.states[1]
}

fn line(one: &Found, change: &Change) -> usize {
    one.lines_before + one.source.position(change.span.start).line
}

fn place(one: &Found, change: &Change) -> String {
    format!("{}:{}:{}", one.source.name, line(one, change), one.source.position(change.span.start).column)
}

/// `3.0 s SUCCESS → 2.0 s FAILED`
fn whole(runs: &Runs) -> String {
    let side = |n: usize| format!("{} {}", human(runs.makespans[n]), runs.states[n].map_or("stopped", State::as_str));
    format!("{} → {}", side(0), side(1))
}

/// The name, before, after, and why.
fn cells(row: &Row) -> [String; 4] {
    let side = |seen: Option<Seen>| {
        let Some(seen) = seen else { return "does not run".to_owned() };
        let runs = if seen.n_runs > 1 { format!(", {} runs", seen.n_runs) } else { String::new() };
        format!("{}–{} {}{runs}", human(seen.start), human(seen.end), seen.state.as_str())
    };
    let why = format!("{} ({})", row.cause.sentence, row.cause.section);
    [row.name.clone(), side(row.seen[0]), side(row.seen[1]), why]
}

/// The name of a section in a link.
fn anchor(section: &str) -> String {
    section.to_lowercase().replace(' ', "-")
}
