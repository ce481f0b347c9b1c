//! The proof of an edit: the edited text is read, and has to say what was intended and nothing else.

use super::Edit;
use super::text::too_unusual;
use crate::diag::Diagnostic;
use crate::flow::{Flow, read_parsed};
use crate::pace::at_allocations;
use crate::source::Source;
use crate::syntax::{Document, Entry, Node, Value, parse_changed};

/// An edit that does what was intended, with the text after it.
#[derive(Debug)]
pub struct Proof {
    /// The edit.
    pub edit: Edit,
    /// The text after it.
    pub edited: Edited,
}

/// A text after an edit, parsed once.
#[derive(Debug)]
pub struct Edited {
    /// The text.
    pub source: Source,
    /// What it says as YAML.
    pub document: Document,
    /// What is wrong with that.
    pub diagnostics: Vec<Diagnostic>,
}

/// The edit, when the edited text says what was intended.
///
/// # Errors
/// [`too_unusual`] when it does not.
pub fn proof(source: &Source, document: &Document, edit: Edit, is_intended: impl FnOnce(&Edited) -> bool) -> Result<Proof, String> {
    let edited = Source::new(source.name.clone(), edit.apply(&source.text));
    let (document, diagnostics) = parse_changed(source, document, &edited);
    let edited = Edited { source: edited, document, diagnostics };
    if is_intended(&edited) { Ok(Proof { edit, edited }) } else { Err(too_unusual()) }
}

/// As [`proof`], the edit alone.
///
/// # Errors
/// Likewise.
pub fn proved(source: &Source, document: &Document, edit: Edit, is_intended: impl FnOnce(&Edited) -> bool) -> Result<Edit, String> {
    proof(source, document, edit, is_intended).map(|proof| proof.edit)
}

impl Edited {
    /// The first flow, read for the version of the flow before the edit; `None` when the text has an error.
    pub fn flow(&self, before: &Flow) -> Option<Flow> {
        let (flows, _) = read_parsed(&self.document, &self.source, self.diagnostics.clone(), Some(before.version));
        flows.into_iter().next()
    }

    /// Whether it says what `before` said, but for `task`, which is as `change` makes it.
    pub fn differs_by(&self, before: &Document, task: &Node, change: &dyn Fn(&mut Node)) -> bool {
        let mut changed = at_allocations(|| task.clone());
        change(&mut changed);
        self.says(before, Some((task, &changed)))
    }

    /// Whether it says what `expected` says, as far as a server reads it.
    pub fn is_same(&self, expected: &Document) -> bool {
        self.says(expected, None)
    }

    fn says(&self, expected: &Document, mut change: Option<(&Node, &Node)>) -> bool {
        let (expected, roots) = (&expected.roots, &self.document.roots);
        self.diagnostics.is_empty()
            && expected.len() == roots.len()
            && expected.iter().zip(roots).all(|(expected, found)| is_same_but(expected, found, &mut change))
            && change.is_none()
    }
}

/// Whether both say the same, but that in place of the first of a change there is the second. A change that was found is taken.
fn is_same_but(expected: &Node, found: &Node, change: &mut Option<(&Node, &Node)>) -> bool {
    let is_here = |task: &Node| {
        expected.span == task.span && !expected.aliased && matches!(expected.value, Value::Map(_)) && expected.same_value(task)
    };
    if let Some((_, changed)) = change.take_if(|(task, _)| is_here(task)) {
        return changed.same_value(found);
    }
    match (&expected.value, &found.value) {
        (Value::List(a), Value::List(b)) => {
            expected.tag == found.tag && a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same_but(a, b, change))
        }
        (Value::Map(a), Value::Map(b)) => {
            let is_same = |(a, b): (&Entry, &Entry)| a.key == b.key && is_same_but(&a.value, &b.value, change);
            expected.tag == found.tag && a.len() == b.len() && a.iter().zip(b).all(is_same)
        }
        _ => expected.same_value(found),
    }
}
