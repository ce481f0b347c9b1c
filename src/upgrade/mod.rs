//! A flow for a newer version of Kestra: what that version refuses, each with the text that says the same there, and what changes in
//! the run.
//!
//! In: a text and two versions. Out: [`Upgrade`]. Nothing is printed anew: a rewrite replaces the bytes that have to change, and is only
//! made when reading the rewritten text gives exactly what was intended. Rules: Kestra, "Versions".

mod cause;
mod choices;
mod defaults;
mod http;
mod items;
mod keep;
mod known;
mod loops;
mod names;
mod pen;
pub mod runs;
mod tasks;
mod triggers;
mod walk;
mod wrap;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::diag::{Diagnostic, has_errors};
use crate::edit::Edit;
use crate::flow::Dialect;
use crate::flow::kestra::schema::current_name;
use crate::flow::{Version, dialect};
use crate::source::{Source, Span};
use crate::syntax::{Document, Node, parse};
use crate::tr;
pub use cause::Cause;
use pen::{Done, Left, Pen};

/// A text for a newer version.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Upgrade {
    /// What has to change, in the order of the text.
    pub changes: Vec<Change>,
    /// What may be added so that the run stays as it was.
    pub keeps: Vec<Change>,
    /// The text with all rewrites made; with those of `keeps` only when they were asked for.
    pub text: String,
}

/// Something that the newer version refuses, or that would run otherwise there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// A stable name of the kind: `loop`, `defaults`, or the code of the diagnostic.
    pub code: &'static str,
    /// Where it is, in the text that was given.
    pub span: Span,
    /// What it is, in one line.
    pub message: String,
    /// Why it changes, or why no rewrite is safe.
    pub why: String,
    /// What a person can do; empty where there is a rewrite.
    pub choices: Vec<String>,
    /// The bytes to replace in the text that was given. `None` where it is left for a person.
    pub rewrite: Option<Vec<Edit>>,
}

/// Which versions, and what to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// The version that the flows are written for.
    pub from: Version,
    /// A newer one.
    pub to: Version,
    /// Whether to write what keeps the old behavior.
    pub keep: bool,
}

impl Upgrade {
    /// Whether something is left for a person.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        self.changes.iter().any(|change| change.rewrite.is_none())
    }
}

/// What a newer version refuses of the flows of a text, and the text that it takes. A text that is no Kestra flow, or no YAML, stays as
/// it is.
#[must_use]
pub fn upgrade(source: &Source, versions: Move) -> Upgrade {
    let (document, diagnostics) = parse(source);
    if has_errors(&diagnostics) || dialect(&document, source) != Dialect::Kestra {
        return Upgrade { text: source.text.clone(), ..Upgrade::default() };
    }
    let first = Phase { source, document: &document, versions, rewriter: Phase::defaults }.run();
    let between = Source::new(source.name.clone(), first.text);
    let (document, _) = parse(&between);
    let mut second = Phase { source: &between, document: &document, versions, rewriter: Phase::all_else }.run();
    let upgraded = Source::new(source.name.clone(), second.text);
    let (document, _) = parse(&upgraded);
    let mut third = Phase { source: &upgraded, document: &document, versions, rewriter: Phase::keeps }.run();
    let [all, all_and_kept] = [&upgraded.text, &third.text].map(|text| Edit::between(&source.text, text));
    back(&mut second.changes, &first.edits, &all);
    back(&mut third.changes, &second.edits, &all_and_kept);
    back(&mut third.changes, &first.edits, &all_and_kept);
    let text = if versions.keep { third.text } else { upgraded.text };
    let mut changes = first.changes;
    changes.append(&mut second.changes);
    changes.sort_by_key(|change| change.span);
    Upgrade { changes, keeps: third.changes, text }
}

/// A pass over a text in which all edits are made at once.
struct Phase<'a> {
    source: &'a Source,
    document: &'a Document,
    versions: Move,
    rewriter: fn(&Phase<'a>, &mut Rewriting<'a>),
}

/// What a phase came to.
struct Ran {
    changes: Vec<Change>,
    edits: Vec<Edit>,
    text: String,
}

/// A phase under way.
struct Rewriting<'a> {
    source: &'a Source,
    /// What is expected to be read from the rewritten text.
    document: Document,
    changes: Vec<Change>,
    /// The places at which nothing is rewritten.
    skipped: BTreeSet<Span>,
    /// The bytes that are replaced so far.
    taken: Vec<Range<usize>>,
}

impl<'a> Rewriting<'a> {
    /// Whether some of these bytes are replaced. The names in a text are looked for as they are written.
    fn has_written(&self, span: Span) -> bool {
        let range = span.range();
        self.taken.iter().any(|taken| taken.start < range.end && range.start < taken.end)
    }

    /// Makes a change in one of the flows. Where it can't be made it is left for a person.
    fn change(&mut self, change: Change, nth: usize, make: impl FnOnce(&mut Node, &mut Pen<'a>) -> Done) {
        let mut root = self.document.roots[nth].clone();
        let mut pen = Pen { taken: std::mem::take(&mut self.taken), ..Pen::new(self.source) };
        let made = if self.skipped.contains(&change.span) { Err(Left::unusual()) } else { make(&mut root, &mut pen) };
        self.taken = pen.taken;
        match made {
            Ok(()) => {
                self.taken.extend(pen.edits.iter().map(|edit| edit.range.clone()));
                self.document.roots[nth] = root;
                self.changes.push(Change { rewrite: Some(pen.edits), ..change });
            }
            Err(Left { why, choices }) => self.changes.push(Change { why, choices, ..change }),
        }
    }
}

impl<'a> Phase<'a> {
    /// Runs it, and leaves out what can't be proved.
    fn run(&self) -> Ran {
        const MOST_TRIED_ALONE: usize = 60;
        let all = self.with_skipped(BTreeSet::new());
        if let Some(ran) = self.proved(&all) {
            return ran;
        }
        let spans: BTreeSet<Span> = all.changes.iter().filter(|change| change.rewrite.is_some()).map(|change| change.span).collect();
        let is_bad = |span: &&Span| {
            let others = spans.iter().filter(|other| other != span).copied().collect();
            self.proved(&self.with_skipped(others)).is_none()
        };
        let bad = if spans.len() > MOST_TRIED_ALONE { spans.clone() } else { spans.iter().filter(is_bad).copied().collect() };
        let without_bad = self.with_skipped(bad);
        self.proved(&without_bad).unwrap_or_else(|| {
            let none = self.with_skipped(spans);
            Ran { changes: none.changes, edits: Vec::new(), text: self.source.text.clone() }
        })
    }

    fn with_skipped(&self, skipped: BTreeSet<Span>) -> Rewriting<'a> {
        let mut rewriting =
            Rewriting { source: self.source, document: self.document.clone(), changes: Vec::new(), skipped, taken: Vec::new() };
        (self.rewriter)(self, &mut rewriting);
        rewriting
    }

    /// The text with all edits, when it reads as expected.
    fn proved(&self, rewriting: &Rewriting<'_>) -> Option<Ran> {
        let mut edits: Vec<Edit> = rewriting.changes.iter().filter_map(|change| change.rewrite.as_ref()).flatten().cloned().collect();
        edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
        let text = apply(&self.source.text, &edits)?;
        let edited = Source::new(self.source.name.clone(), text);
        let (document, diagnostics) = parse(&edited);
        let (expected, found) = (&rewriting.document.roots, &document.roots);
        let is_same = expected.len() == found.len() && expected.iter().zip(found).all(|(expected, found)| expected.same_value(found));
        (is_same && diagnostics.is_empty()).then(|| Ran { changes: rewriting.changes.clone(), edits, text: edited.text })
    }

    fn defaults(&self, rewriting: &mut Rewriting<'a>) {
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

    fn all_else(&self, rewriting: &mut Rewriting<'a>) {
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
                walk::at_mut(changed, nest.span).map_or(Err(Left::unusual()), |task| loops::rewrite(task, root, pen))
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
        walk::all(root, &|node| walk::type_name(node).is_some(), &mut found);
        for node in found {
            let (place, short) = (node.span, walk::short_type(node));
            let on = |make: &dyn Fn(&mut Node, &mut Pen<'a>) -> Done, root: &mut Node, pen: &mut Pen<'a>| {
                walk::at_mut(root, place).map_or(Err(Left::unusual()), |task| make(task, pen))
            };
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
            for key in ["allowFailed", "sslOptions"] {
                if let Some(entry) = node.entry(key).filter(|_| http::is_request(node)) {
                    let change = change("options", entry.key_span, key, tr!("it is one of the `options:`"));
                    rewriting.change(change, nth, |root, pen| on(&|task, pen| http::move_to_options(task, key, pen), root, pen));
                }
            }
            if let Some(entry) = http::unknown_option(node).filter(|_| http::is_request(node)) {
                let change = change("options", entry.key_span, &entry.key, tr!("it has another place among the `options:`"));
                rewriting.change(change, nth, |root, pen| on(&http::rewrite, root, pen));
            }
        }
        for trigger in root.get("triggers").map(Node::items).unwrap_or_default() {
            for entry in trigger.entries().iter().filter(|entry| triggers::KEYS.contains(&&*entry.key)) {
                let change = change("conditions", entry.key_span, &entry.key, triggers::reason());
                rewriting.change(change, nth, |root, pen| {
                    walk::at_mut(root, trigger.span).map_or(Err(Left::unusual()), |trigger| triggers::rewrite(trigger, &entry.key, pen))
                });
            }
        }
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
        let is_new = |found: &Diagnostic| found.is_error() || !old.iter().any(|old| (old.code, old.span) == (found.code, found.span));
        for round in 0..MOST_ROUNDS {
            let (_, mut found) = self.versions.to.check(&rewriting.document, self.source);
            found.retain(|found| {
                known::counts(found)
                    && is_new(found)
                    && !rewriting.has_written(found.span)
                    && !rewriting.changes.iter().any(|change| change.span == found.span && change.code != found.code)
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

    fn keeps(&self, rewriting: &mut Rewriting<'a>) {
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

fn as_change(found: &Diagnostic) -> Change {
    let why = found.help.clone().unwrap_or_default();
    Change { code: found.code, span: found.span, message: found.message.clone(), why, choices: Vec::new(), rewrite: None }
}

/// The text with the edits of a rewrite made; `None` when they can't be made alone.
#[must_use]
pub fn applied(text: &str, edits: &[Edit]) -> Option<String> {
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    apply(text, &edits)
}

/// A text with edits, sorted by place; `None` when two of them overlap.
fn apply(text: &str, edits: &[Edit]) -> Option<String> {
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for edit in edits {
        out.push_str(text.get(at..edit.range.start)?);
        out.push_str(&edit.text);
        at = edit.range.end;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

/// Moves the places of changes from a text with these edits to the text before. `all` stands for a rewrite that needs one of them: it
/// can't be made alone.
fn back(changes: &mut [Change], edits: &[Edit], all: &Edit) {
    for change in changes {
        let at = |at: u32| before(at as usize, edits).0;
        change.span = Span::new(at(change.span.start), at(change.span.end));
        let Some(rewrite) = &mut change.rewrite else { continue };
        let moved = rewrite.iter().map(|edit| {
            let (start, end) = (before(edit.range.start, edits), before(edit.range.end, edits));
            (start.1 && end.1 && end.0 - start.0 == edit.range.len()).then(|| Edit { range: start.0..end.0, text: edit.text.clone() })
        });
        *rewrite = moved.collect::<Option<Vec<Edit>>>().unwrap_or_else(|| vec![all.clone()]);
    }
}

/// The byte that a byte of the edited text was before, and whether it was there.
fn before(at: usize, edits: &[Edit]) -> (usize, bool) {
    let (mut n_old, mut n_new) = (0, 0);
    for edit in edits {
        let start = n_new + (edit.range.start - n_old);
        if at <= start {
            break;
        }
        if at < start + edit.text.len() {
            return (edit.range.end, false);
        }
        (n_old, n_new) = (edit.range.end, start + edit.text.len());
    }
    (n_old + (at - n_new), true)
}
