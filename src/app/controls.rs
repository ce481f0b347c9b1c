//! The groups whose slots can be set.

use std::rc::Rc;

use crate::flow::behavior::{Order, Slots};
use crate::flow::{Flow, Task, TaskIdx};
use crate::pace::give_way;
use crate::sim::trace::{ExecutionIdx, Trace};
use crate::tr;

/// A group whose slots can be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupControl {
    /// Its id.
    pub id: Rc<str>,
    /// Its `concurrent`; 0 is no limit.
    pub concurrent: u32,
    /// The most slots worth offering: as many as the group has leaves, at any depth.
    pub most: u32,
    /// The property that sets it: `concurrent`, or `concurrencyLimit` of a ForEach.
    pub property: &'static str,
}

/// The groups of a flow whose slots can be set, in source order, after a run of it.
#[must_use]
pub fn controls(flow: &Flow, trace: &Trace) -> Vec<GroupControl> {
    if !flow.dialect.has_limits() {
        return Vec::new();
    }
    // Groups come before their children, so going backwards finds all children counted.
    let mut n_leaves: Vec<u32> = vec![1; flow.tasks.len()];
    for (at, task) in flow.tasks.iter().enumerate().rev().filter(|(_, task)| task.is_group()) {
        let children: u32 = task.lists.tasks.iter().map(|child| n_leaves[child.at()]).sum();
        n_leaves[at] = children.max(1);
    }
    let mut n_values: Vec<u32> = vec![1; flow.tasks.len()];
    for run in trace.runs.iter().filter(|run| run.execution == ExecutionIdx::FIRST) {
        give_way();
        if let (Some(group), Some(last)) = (flow.task(run.task).parent, run.iteration) {
            n_values[group.at()] = n_values[group.at()].max(last + 1);
        }
    }
    let control = |(idx, task): (TaskIdx, &Task)| {
        let Slots { limit, property } = task.slots()?;
        let n_values = n_values[idx.at()];
        let most = match task.order() {
            Order::Lanes(_) => n_values,
            Order::Sequential | Order::Window(_) | Order::Dag { .. } => n_values * n_leaves[idx.at()],
        };
        Some(GroupControl { id: Rc::clone(&task.id), concurrent: limit, most, property })
    };
    flow.iter().filter_map(control).collect()
}

impl GroupControl {
    /// Whether the group has no limit.
    #[must_use]
    pub fn is_unlimited(&self) -> bool {
        self.concurrent == 0
    }

    /// The highest number on the slider.
    #[must_use]
    pub fn top(&self) -> u32 {
        self.most.max(self.concurrent).max(2)
    }

    /// The number on which the slider stands; the highest one without a limit.
    #[must_use]
    pub fn value(&self) -> u32 {
        if self.is_unlimited() { self.top() } else { self.concurrent }
    }

    /// The limit in words: `3`, `no limit`.
    #[must_use]
    pub fn limit_text(&self) -> String {
        limit_text(if self.is_unlimited() { 0 } else { self.concurrent })
    }
}

/// A limit in words: `3`, and `no limit` for 0.
#[must_use]
pub fn limit_text(limit: u32) -> String {
    if limit == 0 { tr!("no limit") } else { limit.to_string() }
}
