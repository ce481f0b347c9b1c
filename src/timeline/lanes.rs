//! The rows of the picture: tasks in source order, children below their group, a row for each run of a task.

use std::rc::Rc;

use crate::flow::{Flow, Kind, Lists, TaskIdx};
use crate::sim::trace::{RunIdx, Trace};
use crate::time::{SimTime, human};

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The task id; of the k-th further run of the same task `id~k`, k from 2.
    pub key: Rc<str>,
    /// The task.
    pub task: TaskIdx,
    /// Its run; `None` for a task that was never started.
    pub run: Option<RunIdx>,
    /// How many groups stand round it.
    pub depth: usize,
    /// Whether it has rows below it.
    pub is_group: bool,
    /// From its creation to its end; `None` when it never ran.
    pub length: Option<SimTime>,
}

/// All rows of the first execution.
#[must_use]
pub fn rows(flow: &Flow, trace: &Trace) -> Vec<Row> {
    let mut children: Vec<Vec<RunIdx>> = vec![Vec::new(); trace.runs.len()];
    let mut top = Vec::new();
    for (idx, run) in trace.iter().filter(|(_, run)| run.execution == 0) {
        run.parent.map_or(&mut top, |parent| &mut children[parent.0 as usize]).push(idx);
    }
    let mut walk = Walk { flow, trace, children, rows: Vec::with_capacity(flow.tasks.len()) };
    walk.list(&flow.lists, &top, 0);
    walk.rows
}

struct Walk<'a> {
    flow: &'a Flow,
    trace: &'a Trace,
    children: Vec<Vec<RunIdx>>,
    rows: Vec<Row>,
}

impl Walk<'_> {
    fn list(&mut self, lists: &Lists, runs: &[RunIdx], depth: usize) {
        let tasks = lists.in_source_order();
        let mut of_task: Vec<Vec<RunIdx>> = vec![Vec::new(); tasks.len()];
        for run in runs {
            if let Ok(at) = tasks.binary_search(&self.trace.run(*run).task) {
                of_task[at].push(*run);
            }
        }
        for (task, runs) in tasks.into_iter().zip(of_task) {
            if runs.is_empty() {
                self.row(task, None, depth);
            }
            runs.into_iter().for_each(|run| self.row(task, Some(run), depth));
        }
    }

    fn row(&mut self, idx: TaskIdx, run: Option<RunIdx>, depth: usize) {
        let task = self.flow.task(idx);
        let nth = run.map_or(1, |run| self.trace.run(run).nth);
        let key = if nth == 1 { Rc::clone(&task.id) } else { Rc::from(format!("{}~{nth}", task.id)) };
        let length = run.map(|run| self.trace.ended(run) - self.trace.created(run));
        self.rows.push(Row { key, task: idx, run, depth, is_group: task.is_group(), length });
        if task.is_group() {
            let children = run.map(|run| std::mem::take(&mut self.children[run.0 as usize])).unwrap_or_default();
            self.list(&task.lists, &children, depth + 1);
        }
    }
}

/// What stands in the bar of a group: `Parallel, 3 slots`.
#[must_use]
pub fn group_text(flow: &Flow, trace: &Trace, row: &Row) -> String {
    let task = flow.task(row.task);
    match (&task.kind, row.run.map_or(0, |run| trace.run(run).concurrent)) {
        (Kind::Parallel { .. }, 0) => format!("{}, no limit", task.short_type()),
        (Kind::Parallel { .. }, 1) => format!("{}, 1 slot", task.short_type()),
        (Kind::Parallel { .. }, n) => format!("{}, {n} slots", task.short_type()),
        _ => task.short_type().to_owned(),
    }
}

/// What stands beside the name of a row: its length, or that it never ran.
#[must_use]
pub fn length_text(row: &Row) -> String {
    row.length.map_or_else(|| "never".to_owned(), human)
}
