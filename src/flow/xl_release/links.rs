//! `links` of a parallel group: which of its children wait for which, in any of the forms in which links are written.
//!
//! Rule: XL Release, "Links between tasks of a parallel group".

use super::{Reader, words};
use crate::collections::Index;
use crate::diag::{Diagnostic, did_you_mean, nearest, report};
use crate::flow::TaskIdx;
use crate::graph::Graph;
use crate::syntax::{Node, Value as Yaml};
use crate::tr;

/// After this many diagnostics no similar names are searched for.
const MANY: usize = 100;

/// The indices of a group's children by the names that links may use.
#[derive(Default)]
struct Known {
    titles: Index,
    ids: Index,
    /// Titles that several children have.
    shared: Index,
}

impl<'a> Reader<'a, '_> {
    /// For each child, the indices of the children it waits for; `None` for a group without links.
    pub(super) fn links(&mut self, node: &'a Node, children: &[(&'a Node, TaskIdx)]) -> Option<Vec<Vec<u32>>> {
        let written = &node.entry("links")?.value;
        let known = self.known(children);
        let mut depends_on = vec![Vec::new(); children.len()];
        let mut any = false;
        for link in written.items() {
            let source = self.end(link, "source", &known, children);
            let target = self.end(link, "target", &known, children);
            let (Some((source, before)), Some((target, after))) = (source, target) else { continue };
            let Some(depends_on) = depends_on.get_mut(target) else { continue };
            any = true;
            let title = |idx: TaskIdx| &self.plan_of(idx).title;
            if source == target {
                let found = Diagnostic::error("self-link", link.span, tr!("`{task}` is linked to itself", task = title(before)));
                report(self.diagnostics, found.label(tr!("it would never start")).help(tr!("take this link out")));
            } else if depends_on.contains(&(source as u32)) {
                let message = tr!("`{task}` is linked to `{other}` already", task = title(before), other = title(after));
                report(self.diagnostics, Diagnostic::note("repeated-link", link.span, message).label(tr!("changes nothing")));
            } else {
                depends_on.push(source as u32);
                self.check_dates(link, before, after);
            }
        }
        let source = |target: usize, nth: usize| depends_on.get(target)?.get(nth).map(|source| *source as usize);
        if let Some(cycle) = (Graph { n_nodes: children.len(), edge: &source }).cycle() {
            // From source to target, and back to the first.
            let titles: Vec<String> = cycle
                .first()
                .into_iter()
                .chain(cycle.iter().rev())
                .filter_map(|place| children.get(*place))
                .map(|(_, idx)| format!("`{}`", self.plan_of(*idx).title))
                .collect();
            let at = node.entry("links").map_or(node.span, |entry| entry.key_span);
            let found = Diagnostic::error("cycle", at, tr!("these links form a cycle: {names}", names = titles.join(" → ")));
            report(self.diagnostics, found.label(tr!("none of them would ever start")).help(tr!("take one of these links out")));
        }
        any.then_some(depends_on)
    }

    /// Reports `links` where they have no effect.
    pub(super) fn no_links(&mut self, node: &Node) {
        let Some(entry) = node.entry("links").filter(|entry| entry.value.value != Yaml::Null) else { return };
        let found = Diagnostic::error("links-here", entry.key_span, tr!("only a parallel group has links"));
        report(self.diagnostics, found.help(tr!("write them beside the `tasks` of an `xlrelease.ParallelGroup`")));
    }

    fn known(&self, children: &[(&Node, TaskIdx)]) -> Known {
        let mut known = Known::default();
        for (place, (child, idx)) in children.iter().enumerate() {
            let written = words::title(child, "name", self.source);
            let filled_in = &self.plan_of(*idx).title;
            for title in [&**filled_in, written.as_deref().unwrap_or("")] {
                if known.titles.get_or_insert(title, place) != place {
                    known.shared.insert(title);
                }
            }
            if let Some(id) = self.text(child, "id") {
                known.ids.get_or_insert(id, place);
                known.ids.get_or_insert(last_part(id), place);
            }
        }
        known
    }

    /// A link's source or target, with its index among the children. Reports what is wrong with it.
    fn end(&mut self, link: &Node, key: &str, known: &Known, children: &[(&Node, TaskIdx)]) -> Option<(usize, TaskIdx)> {
        let id = if key == "source" { "sourceId" } else { "targetId" };
        let Some(entry) = link.entry(key).or(link.entry(id)) else {
            let found = Diagnostic::error("link-end", self.source.first_line(link.span), tr!("this link has no `{key}`", key));
            report(self.diagnostics, found.help(tr!("a link is `{link}`", link = "{source: TASK, target: TASK}")));
            return None;
        };
        let written = &entry.value;
        let name = written.scalar_text(self.source).unwrap_or("");
        let place = known.titles.get(name).or_else(|| known.ids.get(name));
        let place = place.or_else(|| known.titles.get(last_part(name))).or_else(|| known.ids.get(last_part(name)));
        let is_shared = [name, last_part(name)].iter().any(|name| known.shared.get(name).is_some());
        if is_shared && known.ids.get(name).is_none() {
            let found = Diagnostic::error("ambiguous-link", written.span, tr!("several tasks of this group are called `{name}`", name));
            report(self.diagnostics, found.label(tr!("which of them?")).help(tr!("give each task of the group a name of its own")));
            return None;
        }
        // The search for similar names is slow, so it ends after many faults.
        if place.is_none() && self.diagnostics.len() > MANY {
            report(self.diagnostics, Diagnostic::error("unknown-task", written.span, tr!("there is no task `{name}` in this group", name)));
        } else if place.is_none() {
            let found = match self.is_title(self.root, name) {
                true => Diagnostic::error("outside-link", written.span, tr!("`{name}` is not a task of this group", name))
                    .label(tr!("it is elsewhere in the template"))
                    .help(tr!("links join the tasks of one group; link the groups that hold them instead")),
                false => Diagnostic::error("unknown-task", written.span, tr!("there is no task `{name}` in this group", name))
                    .label(tr!("no task of this group has this name")),
            };
            let titles = children.iter().map(|(_, idx)| &*self.plan_of(*idx).title);
            let similar = nearest(name, titles).filter(|_| found.help.is_none()).map(did_you_mean);
            let found = Diagnostic { help: similar.or(found.help.clone()), ..found };
            report(self.diagnostics, found);
        }
        place.and_then(|place| Some((place, children.get(place)?.1)))
    }

    /// Whether an item within this one has this title.
    fn is_title(&self, node: &Node, name: &str) -> bool {
        let within = ["phases", "tasks"].iter().filter_map(|key| node.get(key)).flat_map(Node::items);
        within.into_iter().any(|item| {
            let title = words::title(item, "phase", self.source);
            title.as_deref() == Some(name) || self.is_title(item, name)
        })
    }

    /// Warns about a date that a link overrides: the target is planned to start before its source ends.
    fn check_dates(&mut self, link: &Node, source: TaskIdx, target: TaskIdx) {
        let (before, after) = (self.plan_of(source), self.plan_of(target));
        let length = before.length.or(before.usual_length()).unwrap_or_default();
        let (Some(begins), Some(wanted)) = (before.starts_at, after.starts_at) else { return };
        if length.epoch_ms(begins) > wanted {
            let message =
                tr!("`{task}` is planned to start before `{other}` ends, which it is linked to", task = after.title, other = before.title);
            let found = Diagnostic::warning("date-before-link", link.span, message);
            report(self.diagnostics, found.label(tr!("the link wins")).help(tr!("move its `scheduledStartDate`, or take the link out")));
        }
    }

    pub(super) fn plan_of(&self, idx: TaskIdx) -> &crate::flow::xl_release::plan::Plan {
        idx.of(&self.tasks).plan.as_ref().expect("every item of a template has a plan")
    }
}

/// The last part of a path such as `Applications/Release1/Phase1/Task2`.
fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
