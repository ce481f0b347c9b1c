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
mod values;
mod variables;
mod walk;
mod wrap;

use crate::diag::{Diagnostic, has_errors};
use crate::edit::{Edit, changed_lines};
use crate::flow::Dialect;
use crate::flow::{Version, dialect};
use crate::source::{Source, Span};
use crate::syntax::parse;
pub use cause::Cause;
use phase::{Phase, Ran, Rewriting, apply, back};

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

    /// The lines of `text` that a rewrite removes and adds. None for one that can only be made with all others.
    #[must_use]
    pub fn lines(&self, text: &str, change: &Change) -> Vec<String> {
        let n_rewrites = self.changes.iter().filter(|change| change.rewrite.is_some()).count();
        let after = change.rewrite.as_ref().and_then(|edits| applied(text, edits));
        let after = after.filter(|after| n_rewrites < 2 || *after != self.text);
        after.map(|after| changed_lines(text, &Edit::between(text, &after))).unwrap_or_default()
    }
}

/// How often a text is gone through for what the newer version refuses.
const MOST_PASSES: usize = 5;

/// What a newer version refuses of the flows of a text, and the text that it takes. A text that is no Kestra flow stays as it
/// is, and so does one that is no YAML, which is left for a person.
#[must_use]
pub fn upgrade(source: &Source, versions: Move) -> Upgrade {
    let (document, diagnostics) = parse(source);
    if has_errors(&diagnostics) {
        let changes = diagnostics.iter().filter(|found| found.is_error()).map(as_change).collect();
        return Upgrade { changes, text: source.text.to_string(), ..Upgrade::default() };
    }
    if dialect(&document, source) != Dialect::Kestra {
        return Upgrade { text: source.text.to_string(), ..Upgrade::default() };
    }
    let pass = |text: &str, rewriter: for<'a> fn(&Phase<'a>, &mut Rewriting<'a>)| {
        let source = Source::new(source.name.clone(), text);
        Phase { source: &source, document: &parse(&source).0, versions, rewriter }.run()
    };
    let mut passes = vec![pass(&source.text, |phase, rewriting| phase.defaults(rewriting))];
    // What one pass writes anew may hold what the next one rewrites.
    for _ in 0..MOST_PASSES {
        let next = pass(text_after(&passes), |phase, rewriting| phase.all_else(rewriting));
        let is_last = next.edits.is_empty();
        passes.push(next);
        if is_last {
            break;
        }
    }
    let mut kept = pass(text_after(&passes), |phase, rewriting| phase.keeps(rewriting));
    let upgraded = text_after(&passes).to_owned();
    let [all, all_and_kept] = [&upgraded, &kept.text].map(|text| Edit::between(&source.text, text));
    let mut changes = Vec::new();
    for (nth, ran) in passes.iter().enumerate() {
        // What one of the later passes leaves, the next one finds again.
        let counts = |change: &&Change| change.rewrite.is_some() || nth == 0 || nth + 1 == passes.len();
        let mut found: Vec<Change> = ran.changes.iter().filter(counts).cloned().collect();
        passes[..nth].iter().rev().for_each(|before| back(&mut found, &before.edits, &all));
        changes.append(&mut found);
    }
    passes.iter().rev().for_each(|before| back(&mut kept.changes, &before.edits, &all_and_kept));
    changes.sort_by_key(|change| change.span);
    Upgrade { changes, keeps: kept.changes, text: if versions.keep { kept.text } else { upgraded } }
}

/// The text after the last of these passes.
fn text_after(passes: &[Ran]) -> &str {
    passes.last().map_or("", |ran| &ran.text)
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
