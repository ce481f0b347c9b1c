//! A pass over a text: changes that are made at once, and the proof that the rewritten text says what was intended.

use std::collections::BTreeSet;
use std::ops::Range;

use super::pen::{Done, Left, Pen};
use super::{Change, Move};
use crate::edit::Edit;
use crate::source::{Source, Span};
use crate::syntax::{Document, Node, parse};

/// A pass over a text in which all edits are made at once.
pub struct Phase<'a> {
    /// The text.
    pub source: &'a Source,
    /// What it says.
    pub document: &'a Document,
    /// From which version to which.
    pub versions: Move,
    /// What it does.
    pub rewriter: fn(&Phase<'a>, &mut Rewriting<'a>),
}

/// What a phase came to.
pub struct Ran {
    /// What has to change, or may.
    pub changes: Vec<Change>,
    /// The edits of all changes, in order.
    pub edits: Vec<Edit>,
    /// The text after them.
    pub text: String,
}

/// A phase under way.
pub struct Rewriting<'a> {
    source: &'a Source,
    /// What is expected to be read from the rewritten text.
    pub document: Document,
    /// What was found so far.
    pub changes: Vec<Change>,
    /// The places at which nothing is rewritten.
    skipped: BTreeSet<Span>,
    /// The bytes that are replaced so far.
    taken: Vec<Range<usize>>,
    /// How many bytes of text the changes have gone through: each goes through its whole flow.
    n_bytes: usize,
}

/// So many bytes of text are gone through for the changes of a pass.
const MOST_BYTES: usize = 40 << 20;

impl<'a> Rewriting<'a> {
    /// Whether some of these bytes are replaced. The names in a text are looked for as they are written.
    pub fn has_written(&self, span: Span) -> bool {
        let range = span.range();
        self.taken.iter().any(|taken| taken.start < range.end && range.start < taken.end)
    }

    /// Makes a change in one of the flows. Where it can't be made it is left for a person.
    pub fn change(&mut self, change: Change, nth: usize, make: impl FnOnce(&mut Node, &mut Pen<'a>) -> Done) {
        self.n_bytes = self.n_bytes.saturating_add(self.document.roots[nth].span.range().len());
        if self.n_bytes > MOST_BYTES {
            let Left { why, choices } = Left::too_long();
            return self.changes.push(Change { why, choices, ..change });
        }
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
    /// Runs it. When it can't be proved as a whole, one change after another is added, but those with which it can't.
    pub fn run(&self) -> Ran {
        const MOST_TRIED: usize = 60;
        let all = self.with_skipped(BTreeSet::new());
        if let Some(ran) = self.proved(&all) {
            return ran;
        }
        let spans: BTreeSet<Span> = all.changes.iter().filter(|change| change.rewrite.is_some()).map(|change| change.span).collect();
        let none = self.with_skipped(spans.clone());
        let mut ran = Ran { changes: none.changes, edits: Vec::new(), text: self.source.text.to_string() };
        let mut skipped = spans.clone();
        let most = MOST_BYTES.checked_div(all.n_bytes).map_or(MOST_TRIED, |most| most.min(MOST_TRIED));
        for span in spans.iter().take(most) {
            skipped.remove(span);
            match self.proved(&self.with_skipped(skipped.clone())) {
                Some(proved) => ran = proved,
                None => _ = skipped.insert(*span),
            }
        }
        ran
    }

    fn with_skipped(&self, skipped: BTreeSet<Span>) -> Rewriting<'a> {
        let mut rewriting =
            Rewriting { source: self.source, document: self.document.clone(), changes: Vec::new(), skipped, taken: Vec::new(), n_bytes: 0 };
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
        (is_same && diagnostics.is_empty()).then(|| Ran { changes: rewriting.changes.clone(), edits, text: edited.text.to_string() })
    }
}

/// A text with edits, sorted by place; `None` when two of them overlap.
pub fn apply(text: &str, edits: &[Edit]) -> Option<String> {
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
pub fn back(changes: &mut [Change], edits: &[Edit], all: &Edit) {
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
