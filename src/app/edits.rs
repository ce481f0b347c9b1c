//! Changes of the text that are made on the chart: lengths, outcomes, links, limits, fixes, and the other dialect.

use std::rc::Rc;

use super::App;
use super::run::{Reading, Run};
use crate::analysis::help::longest_first;
use crate::convert::{Converted, convert};
use crate::diag::Fix;
use crate::edit::{self, Edit, Edited, Intent, Proof, set_concurrent, set_queue};
use crate::flow::{Flow, TaskIdx};
use crate::source::Source;
use crate::syntax::Document;
use crate::tr;

/// Makes an edit that adds the link of two tasks, or removes it.
type LinkEdit = fn(&Source, &Document, &Flow, TaskIdx, TaskIdx) -> Result<Edit, String>;

/// What the link of two rows' tasks would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkPreview {
    /// The key of the row to wait for.
    pub from: Rc<str>,
    /// The key of the row that is to wait.
    pub to: Rc<str>,
    /// Where it is shown.
    pub at: PreviewAt,
    /// The lines of the text that go and come, or one sentence that says why the tasks can't be linked.
    pub change: Result<Vec<String>, String>,
}

/// Where the preview of a link is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PreviewAt {
    /// At the row under the pointer.
    Row,
    /// In the menu of the task that is to wait.
    Menu,
}

fn not_a_task() -> String {
    tr!("this row is not a task of the text")
}

impl App {
    /// The task of a row, when the text that is run has it.
    fn task_of_row(&self, key: &str) -> Option<TaskIdx> {
        self.run.as_ref()?.row(key)?.task_idx()
    }

    /// The page with the text that an intent for the task of a row leads to. Where it can't be done, all stays.
    pub(super) fn changed(self, key: &str, intent: Intent) -> Self {
        let edit = self.task_of_row(key).zip(self.reading.flows.first()).and_then(|(task, flow)| {
            let edit = edit::edit(&self.reading.source, &self.reading.document, flow, task, intent);
            edit.ok().flatten()
        });
        self.with_edit(edit)
    }

    /// Whether an intent for the task of a row can be carried out: the checks that need no proof by reading the text again.
    ///
    /// # Errors
    /// One sentence that says why not.
    pub fn can_change(&self, key: &str, intent: Intent) -> Result<(), String> {
        let task = self.task_of_row(key).ok_or_else(not_a_task)?;
        let flow = self.reading.flows.first().ok_or_else(|| tr!("the text has a problem: fix it first"))?;
        edit::can_edit(&self.reading.source, &self.reading.document, flow, task, intent)
    }

    /// The step by which the length of a row's task changes, in milliseconds.
    #[must_use]
    pub fn step_ms(&self, key: &str) -> i64 {
        let task = self.reading.flows.first().zip(self.task_of_row(key));
        let step = task.and_then(|(flow, task)| edit::step_ms(&self.reading.source, &self.reading.document, flow, task).ok());
        step.map_or(1000, |step| step as i64)
    }

    /// The page after the tasks of two rows were linked, or their link was removed. A refusal becomes a notice.
    pub(super) fn linked(self, from: &str, to: &str, make: LinkEdit) -> Self {
        let tasks = self.task_of_row(from).zip(self.task_of_row(to));
        let Some((flow, (from, to))) = self.reading.flows.first().zip(tasks) else { return self };
        match make(&self.reading.source, &self.reading.document, flow, from, to) {
            Ok(edit) => self.with_edit(Some(edit)),
            Err(why) => Self { notices: Rc::new(vec![why]), ..self },
        }
    }

    /// The page with the preview of a link between two rows.
    pub(super) fn with_preview(self, link: Option<(Rc<str>, Rc<str>, PreviewAt)>) -> Self {
        let is_shown = |(from, to, at): &(Rc<str>, Rc<str>, PreviewAt)| {
            self.preview.as_ref().is_some_and(|shown| (&shown.from, &shown.to, &shown.at) == (from, to, at))
        };
        if link.as_ref().is_some_and(is_shown) {
            return self;
        }
        let preview = link.map(|(from, to, at)| {
            let change = self.preview(&from, &to);
            Rc::new(LinkPreview { from, to, at, change })
        });
        Self { preview, ..self }
    }

    /// What a link from the first row's task to the second's would change: the lines of the text that go and come.
    ///
    /// # Errors
    /// One sentence that says why the tasks can't be linked.
    fn preview(&self, from: &str, to: &str) -> Result<Vec<String>, String> {
        let flow = self.reading.flows.first().ok_or_else(not_a_task)?;
        let (from, to) = (self.task_of_row(from).ok_or_else(not_a_task)?, self.task_of_row(to).ok_or_else(not_a_task)?);
        let edit = edit::link(&self.reading.source, &self.reading.document, flow, from, to)?;
        Ok(edit::changed_lines(&self.reading.source.text, &edit))
    }

    /// The page with the flow in the other dialect, and with a notice for each loss.
    pub(super) fn converted(self) -> Self {
        let Some(flow) = self.reading.flows.first().filter(|_| !self.is_stale()) else { return self };
        let source = &self.reading.source;
        let Converted { text, lost } = convert(source, &self.reading.document, &self.reading.flows, flow.dialect.other());
        let notice = |lost: &crate::diag::Diagnostic| match source.position(lost.span.start).line {
            // The text is gone, but undo brings it back.
            line if lost.label.is_empty() => tr!("{lost} (line {line} of the text before)", lost = lost.message, line),
            line => tr!("{lost} (line {line} of the text before)", lost = [&*lost.message, &*lost.label].join(": "), line),
        };
        let head = (!lost.is_empty()).then(|| tr!("The conversion has lost:"));
        let notices = Rc::new(head.into_iter().chain(lost.iter().map(notice)).collect());
        Self { notices, selected: None, example: None, ..self.edited(&text) }
    }

    /// The page with another limit of a group: in the settings where they set it, else in the text. `None` is no limit.
    pub(super) fn set_concurrent(self, group: &str, limit: Option<u32>) -> Self {
        if self.scenario.concurrent.contains_key(group) {
            let mut scenario = (*self.scenario).clone();
            scenario.concurrent.insert(group.to_owned(), limit.unwrap_or(0));
            return self.with_settings(scenario);
        }
        let group = self.reading.flows.first().and_then(|flow| Some((flow, flow.find(group)?)));
        let edit = group.and_then(|(flow, group)| {
            let edit = set_concurrent(&self.reading.source, &self.reading.document, flow, group, limit);
            edit.ok().flatten()
        });
        self.with_proof(edit)
    }

    /// The page with a group that has no limit any more, or has one again.
    pub(super) fn limit_switched(self, group: &str) -> Self {
        let control = |run: &Rc<Run>| run.controls.iter().find(|control| &*control.id == group).cloned();
        let Some(now) = self.run.as_ref().and_then(control) else { return self };
        let before = self.ghost.as_ref().and_then(control).filter(|before| !before.is_unlimited());
        let limit = now.is_unlimited().then(|| before.map_or(now.value(), |before| before.concurrent));
        self.set_concurrent(group, limit)
    }

    /// The page with so many executions of the flow at once.
    pub(super) fn at_once(self, limit: u32) -> Self {
        let flow = self.reading.flows.first();
        let edit = flow.and_then(|flow| set_queue(&self.reading.source, &self.reading.document, flow, limit).ok());
        self.with_proof(edit)
    }

    /// The page with other limits of several groups, as one change.
    pub(super) fn with_limits(self, limits: &[(String, u32)]) -> Self {
        let in_settings = |(group, _): &(String, u32)| self.scenario.concurrent.contains_key(group);
        if limits.iter().any(in_settings) {
            let mut scenario = (*self.scenario).clone();
            scenario.concurrent.extend(limits.iter().cloned());
            return self.with_settings(scenario);
        }
        let mut text = self.reading.source.text.clone();
        for (group, limit) in limits {
            let reading = self.reading.changed(Rc::clone(&text));
            let group = reading.flows.first().and_then(|flow| Some((flow, flow.find(group)?)));
            let edit = |(flow, group)| {
                set_concurrent(&reading.source, &reading.document, flow, group, Some(*limit).filter(|n| *n > 0)).ok().flatten()
            };
            if let Some(proof) = group.and_then(edit) {
                text = proof.edited.source.text;
            }
        }
        self.edited(&text)
    }

    /// The page with the longest tasks of a group first. A refusal becomes a notice.
    pub(super) fn longest_first(self, group: &str) -> Self {
        let edit = self.reading.flows.first().zip(self.run.as_ref()).and_then(|(flow, run)| {
            let group = flow.find(group)?;
            let order = longest_first(flow, &run.trace, group)?;
            Some(edit::reorder(&self.reading.source, &self.reading.document, flow, group, &order))
        });
        match edit {
            Some(Err(why)) => Self { notices: Rc::new(vec![why]), ..self },
            edit => self.with_edit(edit.and_then(Result::ok).flatten()),
        }
    }

    /// The page with the fix of a diagnostic. One for a place outside the text changes nothing.
    pub(super) fn fixed(self, fix: &Fix) -> Self {
        let is_inside = self.reading.source.text.get(fix.span.range()).is_some();
        self.with_edit(is_inside.then(|| Edit { range: fix.span.range(), text: fix.text.clone() }))
    }

    /// The page with a text that its proof has parsed already.
    fn with_proof(self, proof: Option<Proof>) -> Self {
        let Some(Proof { edited: Edited { source, document, diagnostics }, .. }) = proof else { return self };
        let reading = Reading::of_parsed(source, document, diagnostics, self.reading.version).choosing(self.reading.chosen.clone());
        Self { history: self.recorded(&reading.source.text, &self.scenario), reading: Rc::new(reading), ..self }.run_again()
    }

    pub(super) fn with_edit(self, edit: Option<Edit>) -> Self {
        match edit {
            Some(edit) => {
                let text = edit.apply(&self.reading.source.text);
                self.edited(&text)
            }
            None => self,
        }
    }
}
