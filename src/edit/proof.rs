//! The proof of an edit: the edited text is read, and has to say what was intended and nothing else.

use super::Edit;
use super::text::TOO_UNUSUAL;
use crate::diag::Diagnostic;
use crate::flow::{Flow, read_parsed};
use crate::source::Source;
use crate::syntax::{Document, Node, Value, parse};

/// A text after an edit, parsed once.
pub struct Edited {
    source: Source,
    /// What it says as YAML.
    pub document: Document,
    diagnostics: Vec<Diagnostic>,
}

/// The edit, when the edited text says what was intended.
///
/// # Errors
/// [`TOO_UNUSUAL`] when it does not.
pub fn proved(source: &Source, edit: Edit, is_intended: impl FnOnce(&Edited) -> bool) -> Result<Edit, String> {
    let edited = Source::new(source.name.clone(), edit.apply(&source.text));
    let (document, diagnostics) = parse(&edited);
    let edited = Edited { source: edited, document, diagnostics };
    if is_intended(&edited) { Ok(edit) } else { Err(TOO_UNUSUAL.to_owned()) }
}

impl Edited {
    /// The first flow, read for the version of the flow before the edit; `None` when the text has an error.
    pub fn flow(&self, before: &Flow) -> Option<Flow> {
        let (flows, _) = read_parsed(&self.document, &self.source, self.diagnostics.clone(), Some(before.version));
        flows.into_iter().next()
    }

    /// Whether it says what `before` said, but for `task`, which is as `change` makes it.
    pub fn differs_by(&self, before: &Document, task: &Node, change: &dyn Fn(&mut Node)) -> bool {
        let mut expected = before.clone();
        expected.roots.iter_mut().any(|root| change_in(root, task, change)) && self.is_same(&expected)
    }

    /// Whether it says what `expected` says, as far as a server reads it.
    pub fn is_same(&self, expected: &Document) -> bool {
        let (expected, roots) = (&expected.roots, &self.document.roots);
        self.diagnostics.is_empty()
            && expected.len() == roots.len()
            && expected.iter().zip(roots).all(|(expected, found)| expected.same_value(found))
    }
}

/// Changes the node that stands where `task` stands.
fn change_in(node: &mut Node, task: &Node, change: &dyn Fn(&mut Node)) -> bool {
    if node.span == task.span && matches!(node.value, Value::Map(_)) && !node.aliased && node.same_value(task) {
        change(node);
        return true;
    }
    match &mut node.value {
        Value::List(items) => items.iter_mut().any(|item| change_in(item, task, change)),
        Value::Map(entries) => entries.iter_mut().any(|entry| change_in(&mut entry.value, task, change)),
        _ => false,
    }
}
