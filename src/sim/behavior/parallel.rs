//! `Parallel`. Rule: Kestra, "Parallel", picking.

use crate::sim::group::Count;

/// How many tasks may start, in source order: a sliding window of `limit`, 0 being no limit. Nothing starts while a child
/// that was made has not begun, and a nested group is one child, whatever its own children do.
pub fn n_startable(count: Count, limit: u32) -> usize {
    match limit {
        _ if count.created > 0 => 0,
        0 => usize::MAX,
        limit => limit.saturating_sub(count.running) as usize,
    }
}
