//! `Sequential`, every list of `errors` and `finally`, and a flow itself. Rule: Kestra, "Sequential picking".

use crate::sim::group::Count;

/// How many tasks may start: the next one, once all before it have ended.
pub fn n_startable(count: Count) -> usize {
    usize::from(count.open == 0)
}
