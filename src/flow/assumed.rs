//! How long a task takes when neither its text nor its simulation says so: a task of a plugin, a script without a wait, a request, a
//! call of a flow that only a server has, an item of a template without a planned length. Rule: `docs/fidelity.md`, "Tasks".

use super::plan::Doer;
use super::{ASSUMED, Flow, Kind, Task};
use crate::time::SimTime;

impl Task {
    /// What it is taken to last, if that is an assumption; `None` when the text or the simulation says it, or a `# sim:` note does.
    #[must_use]
    pub fn assumed_length(&self, flows: &[Flow]) -> Option<SimTime> {
        self.usual_length(flows).filter(|_| self.sim_note.and_then(|note| note.takes).is_none())
    }

    /// What it takes when no `# sim:` note gives it another length; `None` when the text or the simulation says it, and for a group.
    #[must_use]
    pub fn usual_length(&self, flows: &[Flow]) -> Option<SimTime> {
        if let Some(plan) = &self.plan {
            let is_known = plan.length.is_some() || matches!(plan.doer, Doer::Children | Doer::Dependencies);
            return plan.usual_length().filter(|_| !is_known);
        }
        let (is_assumed, takes_none) = if let Kind::Opaque(opaque) = &self.kind {
            (true, opaque.is_own)
        } else if let Kind::Script(script) = &self.kind {
            (!script.waits(), false)
        } else if let Kind::Subflow(call) = &self.kind {
            (!flows.iter().any(|flow| flow.namespace == call.namespace && flow.id == call.flow_id), !call.wait)
        } else {
            (matches!(self.kind, Kind::Request(_) | Kind::Download(_) | Kind::Template(_)), false)
        };
        is_assumed.then_some(if takes_none { SimTime::ZERO } else { ASSUMED })
    }
}
