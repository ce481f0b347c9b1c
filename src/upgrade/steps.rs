//! What the passes over a text do: first the defaults, then all else that the newer version refuses, then what keeps the run.

use std::collections::BTreeSet;

use super::pen::{Done, Left, Pen};
use super::phase::{Phase, Rewriting};
use super::{Change, as_change, defaults, http, items, keep, known, loops, tasks, triggers, values, variables, walk};
use crate::diag::{Diagnostic, Severity};
use crate::flow::Version;
use crate::flow::kestra::schema::current_name;
use crate::source::Span;
use crate::syntax::Node;
use crate::tr;

impl<'a> Phase<'a> {
    /// Defaults, written into the tasks.
    pub fn defaults(&self, rewriting: &mut Rewriting<'a>) {
        if self.versions.to != Version::V2_0 {
            return;
        }
        let comments: Vec<Span> = self.document.comments.iter().map(|comment| comment.span).collect();
        for nth in 0..self.document.roots.len() {
            let Some(entry) = defaults::places(&self.document.roots[nth]).next() else { continue };
            let change = Change {
                code: "defaults",
                span: entry.key_span,
                message: tr!("`{name}` is not known to Kestra {version}", name = entry.key, version = self.versions.to.as_str()),
                why: defaults::reason(),
                choices: Vec::new(),
                rewrite: None,
            };
            rewriting.change(change, nth, |root, pen| defaults::write_out(root, &comments, pen));
        }
    }

    /// All that the newer version refuses.
    pub fn all_else(&self, rewriting: &mut Rewriting<'a>) {
        if self.versions.to == Version::V2_0 {
            for nth in 0..self.document.roots.len() {
                self.loops(rewriting, nth);
                self.tasks(rewriting, nth);
            }
        }
        self.known(rewriting);
    }

    /// The outermost loops of a flow.
    fn loops(&self, rewriting: &mut Rewriting<'a>, nth: usize) {
        let root = &self.document.roots[nth];
        let mut nests = Vec::new();
        walk::outermost(root, &|node| walk::is_task(node) && loops::is_each(node), &mut nests);
        for nest in nests {
            let name = walk::type_name(nest).unwrap_or("");
            let change = Change {
                code: "loop",
                span: loops::type_span(nest, self.source),
                message: tr!("`{name}` is not known to Kestra {version}", name, version = self.versions.to.as_str()),
                why: loops::reason(),
                choices: Vec::new(),
                rewrite: None,
            };
            rewriting.change(change, nth, |changed, pen| {
                let task = walk::at_mut(changed, nest.span).ok_or_else(Left::unusual)?;
                let named = loops::rewrite(task, root, pen)?;
                variables::rewrite(changed, &named, pen)
            });
        }
    }

    /// Tasks, triggers and listeners that are written otherwise.
    fn tasks(&self, rewriting: &mut Rewriting<'a>, nth: usize) {
        let root = &self.document.roots[nth];
        let version = self.versions.to.as_str();
        let change = |code: &'static str, span: Span, name: &str, why: String| {
            let message = tr!("`{name}` is not known to Kestra {version}", name, version);
            Change { code, span, message, why, choices: Vec::new(), rewrite: None }
        };
        let mut found = Vec::new();
        walk::all(root, &|node| node.get("type").is_some(), &mut found);
        for node in found {
            let (place, short) = (node.span, walk::short_type(node));
            let on = |make: &dyn Fn(&mut Node, &mut Pen<'a>) -> Done, root: &mut Node, pen: &mut Pen<'a>| {
                walk::at_mut(root, place).map_or(Err(Left::unusual()), |task| make(task, pen))
            };
            let is_input = root.get("inputs").is_some_and(|inputs| inputs.span.contains(place));
            if let Some((span, name, why)) = values::found(node, is_input) {
                let change = change("value", span, &name, why);
                rewriting.change(change, nth, |root, pen| on(&values::rewrite, root, pen));
            }
            if let Some(entry) = node.entry("tasks").filter(|_| short == "Pause") {
                let change = change("pause", entry.key_span, &entry.key, tr!("what runs after a Pause stands behind it"));
                rewriting.change(change, nth, |root, pen| tasks::pause(root, place, pen));
            }
            if items::is_for_each_item(node) {
                let change = change("items", loops::type_span(node, self.source), walk::type_name(node).unwrap_or(""), loops::reason());
                rewriting.change(change, nth, |root, pen| items::rewrite(root, place, pen));
            }
            if walk::type_name(node).is_some_and(|name| current_name(name) == "io.kestra.plugin.core.debug.Echo") {
                let change = change("echo", loops::type_span(node, self.source), walk::type_name(node).unwrap_or(""), String::new());
                rewriting.change(change, nth, |root, pen| on(&tasks::echo, root, pen));
            }
            // The second one is moved by the next pass: both stand at one place.
            let moved = ["allowFailed", "sslOptions"].iter().find_map(|key| node.entry(key)).filter(|_| http::is_request(node));
            if let Some(entry) = moved {
                let change = change("options", entry.key_span, &entry.key, tr!("it is one of the `options:`"));
                rewriting.change(change, nth, |root, pen| on(&|task, pen| http::move_to_options(task, &entry.key, pen), root, pen));
            }
            if let Some(entry) = http::unknown_option(node).filter(|_| http::is_request(node)) {
                let change = change("options", entry.key_span, &entry.key, tr!("it has another place among the `options:`"));
                rewriting.change(change, nth, |root, pen| on(&http::rewrite, root, pen));
            }
        }
        triggers::rewrite_all(self, rewriting, nth);
        if let Some(entry) = root.entry("listeners") {
            let change =
                change("listeners", entry.key_span, &entry.key, tr!("what runs after an execution stands under `afterExecution:`"));
            rewriting.change(change, nth, tasks::listeners);
        }
    }

    /// What the newer version says of the flows as they are by now.
    fn known(&self, rewriting: &mut Rewriting<'a>) {
        const MOST_ROUNDS: usize = 4;
        let mut tried: BTreeSet<Span> = BTreeSet::new();
        let (_, old) = self.versions.from.check(self.document, self.source);
        // What the older version refuses as well is no matter of the move.
        let mut old: Vec<(Span, &str, Severity)> = old.iter().map(|old| (old.span, old.code, old.severity)).collect();
        old.sort_unstable();
        let is_new = |found: &Diagnostic| {
            let at = old.partition_point(|(span, code, _)| (*span, *code) < (found.span, found.code));
            old.get(at).is_none_or(|old| (old.0, old.1) != (found.span, found.code) || old.2 > found.severity)
        };
        let nests = self.left_nests(rewriting);
        let is_in_left = |found: &Diagnostic| {
            let name = self.source.slice(found.span).trim_matches(['"', '\'']);
            loops::is_each_name(name) && nests.iter().any(|nest| nest.contains(found.span))
        };
        for round in 0..MOST_ROUNDS {
            let (_, mut found) = self.versions.to.check(&rewriting.document, self.source);
            let mut changed: Vec<(Span, &str)> = rewriting.changes.iter().map(|change| (change.span, change.code)).collect();
            changed.sort_unstable();
            let has_changed = |found: &Diagnostic| {
                let at = changed.partition_point(|(span, _)| *span < found.span);
                changed[at..].iter().take_while(|(span, _)| *span == found.span).any(|(_, code)| *code != found.code)
            };
            found.retain(|found| {
                known::counts(found) && is_new(found) && !is_in_left(found) && !rewriting.has_written(found.span) && !has_changed(found)
            });
            let (with_name, without): (Vec<Diagnostic>, Vec<Diagnostic>) =
                found.into_iter().partition(|found| found.fix.is_some() && !tried.contains(&found.span));
            let is_last = with_name.is_empty() || round + 1 == MOST_ROUNDS;
            for found in with_name {
                let Some(fix) = &found.fix else { continue };
                tried.insert(found.span);
                let roots = &self.document.roots;
                let nth = roots.iter().rposition(|root| root.span.start <= found.span.start).unwrap_or(0);
                rewriting.change(as_change(&found), nth, |root, pen| match known::rename(root, fix, pen) {
                    Ok(true) => Ok(()),
                    Ok(false) => Err(known::left(&found, self.source)),
                    Err(left) => Err(left),
                });
            }
            if is_last {
                for found in without.iter().filter(|found| !tried.contains(&found.span)) {
                    let Left { why, choices } = known::left(found, self.source);
                    rewriting.changes.push(Change { why, choices, ..as_change(found) });
                }
                return;
            }
        }
    }

    /// The nests of loops that are left for a person, each as a whole.
    fn left_nests(&self, rewriting: &Rewriting<'a>) -> Vec<Span> {
        let mut nests = Vec::new();
        let is_nest = |node: &Node| walk::is_task(node) && loops::is_each(node);
        self.document.roots.iter().for_each(|root| walk::outermost(root, &is_nest, &mut nests));
        let is_left = |span: Span| rewriting.changes.iter().any(|change| change.span == span && change.rewrite.is_none());
        nests.into_iter().filter(|nest| is_left(loops::type_span(nest, self.source))).map(|nest| nest.span).collect()
    }

    /// What keeps the run as it was.
    pub fn keeps(&self, rewriting: &mut Rewriting<'a>) {
        if self.versions.to != Version::V2_0 || self.versions.from == Version::V2_0 {
            return;
        }
        for nth in 0..self.document.roots.len() {
            let mut groups = Vec::new();
            walk::all(&self.document.roots[nth], &keep::interrupts, &mut groups);
            for group in groups {
                let change = Change {
                    code: "keep",
                    span: loops::type_span(group, self.source),
                    message: keep::message(group),
                    why: keep::reason(),
                    choices: Vec::new(),
                    rewrite: None,
                };
                rewriting.change(change, nth, |root, pen| {
                    walk::at_mut(root, group.span).map_or(Err(Left::unusual()), |task| keep::keep_on(task, pen))
                });
            }
        }
    }
}
