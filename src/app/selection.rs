//! The selected row, the rows with a break, and the lines of the text that belong to them.

use std::rc::Rc;

use super::{App, Jump, Panel, Tab};
use crate::flow::TaskIdx;
use crate::time::SimTime;
use crate::timeline::rows::Row;
use crate::tr;

impl App {
    /// Selects a row, or none. A panel that was a bar opens with the details.
    pub(super) fn with_selected(self, selected: Option<Rc<str>>) -> Self {
        let panel = if self.shows_panel() { self.panel } else { Panel::Details };
        Self { selected, panel, is_quiet: false, ..self }
    }

    /// Selects the innermost task that is written on a line. On a line without a task all stays. A panel that is a bar stays one.
    pub(super) fn selected_at(self, line: usize) -> Self {
        let run = self.run.as_ref();
        let task = self.row_at(line).and_then(Row::task_idx);
        // Of several runs of the task the one that is selected already, else the first.
        let is_same = |row: &&Row| row.task_idx() == task;
        let row = run.and_then(|run| {
            let mut rows = run.rows.iter().filter(is_same);
            rows.clone().find(|row| Some(&row.key) == self.selected.as_ref()).or(rows.next())
        });
        let selected = task.and(row).map(|row| Rc::clone(&row.key)).or(self.selected.clone());
        let is_quiet = !self.shows_panel();
        Self { selected, is_quiet, ..self }
    }

    /// Selects the next row that matches what is searched for; after the last one the first.
    pub(super) fn with_next_found(self) -> Self {
        let found = self.run.as_ref().map_or(Vec::new(), |run| run.found(&self.find));
        let at = found.iter().position(|key| Some(*key) == self.selected.as_ref()).map_or(0, |at| at + 1);
        let selected = found.get(at).or(found.first()).map(|key| Rc::clone(key)).or(self.selected.clone());
        self.with_selected(selected)
    }

    /// How many rows match what is searched for, in words; empty when nothing is searched for.
    #[must_use]
    pub fn found_text(&self) -> String {
        let count = || self.run.as_ref().map_or(0, |run| run.found(&self.find).len());
        match &*self.find {
            "" => String::new(),
            _ => match count() {
                0 => tr!("no row"),
                n => tr!("{n} row" | "{n} rows" % n),
            },
        }
    }

    /// Sets a break at each run of the task that is written on a line. If one of them has a break, all are removed.
    pub(super) fn with_break_at(self, line: usize) -> Self {
        let Some((run, task)) = self.run.as_ref().zip(self.row_at(line).and_then(Row::task_idx)) else { return self };
        let mut breaks = (*self.breaks).clone();
        let keys = run.rows.iter().filter(|row| row.task_idx() == Some(task)).map(|row| &row.key);
        let had_break = keys.clone().any(|key| breaks.contains(key));
        for key in keys {
            if had_break {
                breaks.remove(key);
            } else {
                breaks.insert(Rc::clone(key));
            }
        }
        Self { breaks: Rc::new(breaks), ..self }
    }

    /// The last row of the innermost task that is written on a line; `None` while the text can't be run.
    fn row_at(&self, line: usize) -> Option<&Row> {
        let span = self.reading.source.line_span(line);
        let run = self.run.as_ref().filter(|_| !self.is_stale())?;
        let is_on_line = |idx: TaskIdx| {
            let task = run.flow().task(idx).span;
            task.start <= span.end && task.end > span.start
        };
        run.rows.iter().rev().find(|row| row.task_idx().is_some_and(is_on_line))
    }

    /// The lines, from 1, on which the tasks with a break begin; empty while the text can't be run.
    #[must_use]
    pub fn break_lines(&self) -> Vec<usize> {
        let Some(run) = self.run.as_ref().filter(|_| !self.is_stale()) else { return Vec::new() };
        let tasks = run.rows.iter().filter(|row| self.breaks.contains(&row.key)).filter_map(Row::task_idx);
        let mut lines: Vec<usize> = tasks.map(|task| self.reading.source.position(run.flow().task(task).span.start).line).collect();
        lines.dedup();
        lines
    }

    /// The moments at which the tasks with a break begin.
    pub(super) fn stops(&self) -> Vec<SimTime> {
        let Some(run) = self.run.as_ref().filter(|_| !self.breaks.is_empty()) else { return Vec::new() };
        let rows = run.rows.iter().filter(|row| self.breaks.contains(&row.key));
        rows.filter_map(|row| run.trace.began(row.run()?)).collect()
    }

    /// The selected row, when it is on show.
    #[must_use]
    pub fn selected_row(&self) -> Option<&Row> {
        self.run.as_ref()?.row(self.selected.as_deref()?)
    }

    /// Where the selected row stands among all: `row 5 of 8`; empty when none is selected.
    #[must_use]
    pub fn selected_place(&self) -> String {
        let place = self.run.as_ref().zip(self.selected.as_ref()).and_then(|(run, key)| {
            let at = run.rows.iter().position(|row| row.key == *key)?;
            Some(tr!("row {n} of {of}", n = at + 1, of = run.rows.len()))
        });
        place.unwrap_or_default()
    }

    pub(super) fn go_to(self, offset: u32) -> Self {
        Self { jump: Jump { offset, nth: self.jump.nth + 1 }, tab: Tab::Flow, ..self }
    }
}
