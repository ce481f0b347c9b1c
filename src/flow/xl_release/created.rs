//! Releases that a template creates from another template of the same text, and the gates that wait for them.
//!
//! Rule: XL Release, "Created releases".

use std::rc::Rc;

use super::Reader;
use crate::diag::{Diagnostic, report};
use crate::flow::plan::Doer;
use crate::flow::{Flow, TaskIdx};
use crate::source::Source;
use crate::syntax::{Document, Node};
use crate::tr;

/// What a task writes about the release it creates.
pub struct Written<'a> {
    task: TaskIdx,
    /// The template, as a title or as a path whose last part is one.
    template: &'a str,
    /// The variable that holds the id of the release.
    variable: Option<&'a str>,
}

impl<'a> Reader<'a, '_> {
    /// Notes a task that creates a release and starts it.
    pub(super) fn creates(&mut self, node: &'a Node, task: TaskIdx) {
        let text = |key: &str| node.get(key).and_then(|node| node.scalar_text(self.source)).filter(|text| !text.is_empty());
        if let Some(template) = text("template").or(text("templateId")).filter(|_| self.flag(node, "startRelease", true)) {
            self.created.push(Written { task, template, variable: text("createdReleaseId").map(variable_name) });
            let title = text("newReleaseTitle").map(|title| self.variables.fill_in(title).into());
            if let Some(plan) = &mut task.of_mut(&mut self.tasks).plan {
                plan.creates_title = title;
            }
        }
    }

    /// Lets each gate wait for the releases it depends on. Reports dependencies on any other release.
    pub(super) fn gates(&mut self) {
        for (node, gate) in std::mem::take(&mut self.gates) {
            let Some(entry) = node.entry("dependencies") else { continue };
            let mut is_complete = true;
            for dependency in entry.value.items() {
                let target = ["target", "targetId"].iter().find_map(|key| dependency.get(key)?.scalar_text(self.source));
                let target = target.or(dependency.scalar_text(self.source)).map(variable_name);
                let creators = self.created.iter().filter(|written| written.variable.is_some() && written.variable == target);
                let creators: Vec<TaskIdx> = creators.map(|written| written.task).collect();
                is_complete &= !creators.is_empty();
                if let Some(plan) = &mut gate.of_mut(&mut self.tasks).plan {
                    plan.awaits.extend(creators);
                }
            }
            if !is_complete {
                let message = tr!("a dependency of this gate is on a release that is not in this text");
                let found = Diagnostic::note("not-simulated", entry.key_span, message);
                report(self.diagnostics, found.label(tr!("it takes its planned time instead")));
            }
            // Without conditions nobody has to approve it.
            let has_conditions = node.get("conditions").is_some_and(|conditions| !conditions.items().is_empty());
            if let Some(plan) = gate.of_mut(&mut self.tasks).plan.as_mut().filter(|_| is_complete && !has_conditions) {
                plan.doer = Doer::Dependencies;
            }
        }
    }
}

/// `key` of `${key}`.
fn variable_name(text: &str) -> &str {
    text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).unwrap_or(text).trim()
}

/// Finds the templates that tasks create releases of. A note reports one that is not in the text.
pub fn resolve(
    flows: &mut [Flow],
    created: Vec<(usize, Written<'_>)>,
    document: &Document,
    source: &Source,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (nth, written) in created {
        let last = written.template.rsplit('/').next().unwrap_or(written.template);
        let found = flows.iter().find(|flow| **flow.title() == *written.template).or(flows.iter().find(|flow| **flow.title() == *last));
        let name = found.map(|flow| (Rc::clone(&flow.namespace), Rc::clone(&flow.id)));
        let Some(flow) = flows.get_mut(nth) else { continue };
        let task = written.task.of_mut(&mut flow.tasks);
        if name.is_none() {
            let node = document.roots.iter().find_map(|root| root.map_at(task.span));
            let key = node.and_then(|node| node.entry("template").or(node.entry("templateId")));
            let span = key.map_or(source.first_line(task.span), |entry| entry.value.span);
            let message = tr!("there is no template `{name}` in this text", name = written.template);
            report(diagnostics, Diagnostic::note("not-simulated", span, message).label(tr!("the release it creates is not simulated")));
        }
        if let Some(plan) = &mut task.plan {
            plan.creates = name;
        }
    }
    for flow in flows {
        let is_created: Vec<bool> = flow.tasks.iter().map(|task| task.plan.as_ref().is_some_and(|plan| plan.creates.is_some())).collect();
        for plan in flow.tasks.iter_mut().filter_map(|task| task.plan.as_mut()) {
            plan.awaits.retain(|task| is_created.get(task.at()) == Some(&true));
            if plan.awaits.is_empty() && plan.doer == Doer::Dependencies {
                plan.doer = Doer::Gate;
            }
        }
    }
}
