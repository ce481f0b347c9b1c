//! Documents to flows: what is written, checked and ready to be simulated.
//!
//! A [`Flow`] that [`read`] gives without errors is valid: its ids are unique, its types and properties are known. Each
//! dialect has a room of its own, [`kestra`] and [`xl_release`]; the engine knows neither.

#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::string_slice))]
#![cfg_attr(not(test), deny(clippy::wildcard_enum_match_arm))]

mod assumed;
pub mod behavior;
mod dialect;
pub mod kestra;
pub mod kinds;
mod model;
mod sim_note;
pub mod state;
pub mod xl_release;

use std::collections::BTreeSet;

use crate::diag::{Diagnostic, MOST_FINDINGS, has_errors};
use crate::source::{Source, Span};
use crate::syntax::{Document, Node};
use crate::tr;
pub use dialect::Dialect;
pub use kestra::versions::Version;
pub use kinds::Kind;
pub use model::*;
pub use sim_note::{takes, task_of as task_of_comment};
pub use xl_release::plan;

/// Reads all flows of a document, in the dialect that its content shows and for a version of Kestra; without one, for the
/// version that the text is for. The first flow is run, the others can be called.
#[must_use]
pub fn read(document: &Document, source: &Source, version: Option<Version>) -> (Vec<Flow>, Vec<Diagnostic>) {
    if dialect(document, source) == Dialect::XlRelease {
        let mut diagnostics = Vec::new();
        return (xl_release::read(document, source, &mut diagnostics), diagnostics);
    }
    let with_checks = |version: Version| (version, version.check(document, source).1);
    let (version, mut diagnostics) = version.map_or_else(|| Version::with_checks(document, source), with_checks);
    let starts = document.roots.iter().skip(1).map(|root| root.span.start).chain([u32::MAX]);
    let flow = |(root, next): (&Node, u32)| {
        let place = |start| document.comments.partition_point(|comment| comment.span.start < start);
        let own = document.comments.get(place(root.span.start)..place(next)).unwrap_or_default();
        kestra::read(root, own, source, version, &mut diagnostics)
    };
    let flows = document.roots.iter().zip(starts).filter_map(flow).collect();
    (flows, diagnostics)
}

/// The dialect of a document, as its content shows.
#[must_use]
pub fn dialect(document: &Document, source: &Source) -> Dialect {
    let is_release = document.roots.iter().any(|root| xl_release::is_release(root, source));
    if is_release { Dialect::XlRelease } else { Dialect::Kestra }
}

/// Whether a line shows that a text should hold flows, even though the text can't be read.
#[must_use]
pub fn is_sign(line: &str) -> bool {
    line.starts_with("tasks:") || xl_release::is_sign(line)
}

/// Reads the flows of a text, for the version of Kestra that it shows. All diagnostics, in the order of their places; no flow
/// when one of them is an error.
#[must_use]
pub fn read_text(source: &Source) -> (Document, Vec<Flow>, Vec<Diagnostic>) {
    read_text_for(source, None)
}

/// As [`read_text`], for a version of Kestra.
#[must_use]
pub fn read_text_for(source: &Source, version: Option<Version>) -> (Document, Vec<Flow>, Vec<Diagnostic>) {
    let (document, diagnostics) = crate::syntax::parse(source);
    let (flows, diagnostics) = read_parsed(&document, source, diagnostics, version);
    (document, flows, diagnostics)
}

/// The second half of [`read_text_for`]. `diagnostics` is what parsing found wrong.
#[must_use]
pub fn read_parsed(
    document: &Document,
    source: &Source,
    mut diagnostics: Vec<Diagnostic>,
    version: Option<Version>,
) -> (Vec<Flow>, Vec<Diagnostic>) {
    let (mut flows, mut found) = read(document, source, version);
    diagnostics.append(&mut found);
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    if diagnostics.len() >= MOST_FINDINGS {
        let message = tr!("there is more to say about this text than is kept: {n} findings", n = MOST_FINDINGS);
        diagnostics.push(Diagnostic::note("more", Span::default(), message).help(tr!("put right what is said, and read it again")));
    }
    if has_errors(&diagnostics) {
        flows.clear();
        if let Some(found) = xl_release::other_form(source) {
            return (flows, vec![found]);
        }
    }
    (flows, diagnostics)
}

/// Puts the flow with this title, or this id, first: it is the one that is run. False when there is none.
pub fn choose(flows: &mut [Flow], name: &str) -> bool {
    let by_title = flows.iter().position(|flow| **flow.title() == *name);
    let at = by_title.or_else(|| flows.iter().position(|flow| *flow.id == *name));
    let up_to_it = at.and_then(|at| flows.get_mut(..=at));
    up_to_it.map(|flows| flows.rotate_right(1)).is_some()
}

/// The flows of one text, but the first, that no flow of it creates.
pub fn not_called(flows: &[Flow]) -> impl Iterator<Item = &Flow> {
    let created: BTreeSet<_> = flows.iter().flat_map(|flow| &flow.tasks).filter_map(|task| task.plan.as_ref()?.creates.clone()).collect();
    flows.iter().skip(1).filter(move |flow| !created.contains(&(flow.namespace.clone(), flow.id.clone())))
}

#[cfg(test)]
mod tests;
