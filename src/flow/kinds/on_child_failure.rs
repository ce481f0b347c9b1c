//! `onChildFailure` of a Parallel and a Dag. Rule: Kestra, "onChildFailure".

use crate::flow::behavior::View;
use crate::flow::state::State;

/// The state in which a failed group interrupts its other children; `None` lets them go on. Whatever is not one of the known
/// words lets them go on, too.
pub(super) fn interrupts_in(written: Option<&str>, otherwise: &str, view: &dyn View<'_>) -> Option<State> {
    let rendered = view.print(written.unwrap_or(otherwise)).ok()?;
    match &*rendered.to_ascii_uppercase() {
        "FAIL" => Some(State::Failed),
        "CANCEL" => Some(State::Cancelled),
        _ => None,
    }
}
