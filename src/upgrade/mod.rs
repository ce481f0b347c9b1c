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
mod phase;
mod proof;
pub mod ran;
pub mod runs;
mod steps;
mod tasks;
mod triggers;
mod walk;
mod wrap;

use crate::diag::{Diagnostic, has_errors};
use crate::edit::Edit;
use crate::flow::Dialect;
use crate::flow::{Version, dialect};
use crate::source::{Source, Span};
use crate::syntax::parse;
pub use cause::Cause;
use phase::{Phase, apply, back};

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

/// What a newer version refuses of the flows of a text, and the text that it takes. A text that is no Kestra flow stays as it
/// is, and so does one that is no YAML, which is left for a person.
#[must_use]
pub fn upgrade(source: &Source, versions: Move) -> Upgrade {
    let (document, diagnostics) = parse(source);
    if has_errors(&diagnostics) {
        let changes = diagnostics.iter().filter(|found| found.is_error()).map(as_change).collect();
        return Upgrade { changes, text: source.text.clone(), ..Upgrade::default() };
    }
    if dialect(&document, source) != Dialect::Kestra {
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

/// The text with the edits of a rewrite made; `None` when they can't be made alone.
#[must_use]
pub fn applied(text: &str, edits: &[Edit]) -> Option<String> {
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    apply(text, &edits)
}

fn as_change(found: &Diagnostic) -> Change {
    let why = found.help.clone().unwrap_or_default();
    Change { code: found.code, span: found.span, message: found.message.clone(), why, choices: Vec::new(), rewrite: None }
}
