//! A real run beside its simulation: as a table, as a picture and as JSON.

mod json;
mod picture;
mod table;

pub use json::ActualJson;
pub use picture::svg;
pub use table::{columns, text};

use crate::actual::Overlay;
use crate::flow::Flow;
use crate::sim::names::{execution_name, run_name};
use crate::sim::trace::Trace;
use crate::time::{SimTime, human};

/// The most names in a line of what has no other.
const MOST_NAMES: usize = 20;

/// A difference in milliseconds: `+20 ms`, `−1.5 s`, `0 s`.
#[must_use]
pub fn signed(ms: i64) -> String {
    let sign = match ms {
        0 => "",
        1.. => "+",
        _ => "−",
    };
    sign.to_owned() + &human(SimTime(ms.unsigned_abs()))
}

/// How much of both is the same, and the total times: two sentences.
fn summary(trace: &Trace, overlay: &Overlay) -> String {
    let (n_pairs, n_real) = (overlay.gaps.len(), overlay.real.iter().map(|one| one.runs.len()).sum::<usize>());
    let simulated = overlay.pairs.executions.iter().filter_map(|(_, one)| crate::actual::ended(trace.execution_history(*one))).max();
    let totals = overlay.makespan().zip(simulated).map_or_else(String::new, |(real, simulated)| {
        let gap = signed(crate::actual::gap::difference(Some(real), Some(simulated)).unwrap_or_default());
        format!("; the real run took {}, the simulated one {} ({gap})", human(real), human(simulated))
    });
    format!("{n_pairs} of {n_real} real task runs found in the simulation{totals}")
}

/// What was only in one of both, a sentence each; empty when all have another.
fn unpaired(flows: &[Flow], trace: &Trace, overlay: &Overlay) -> Vec<String> {
    let pairs = &overlay.pairs;
    let real = pairs.only_real.iter().map(|place| overlay.run(*place).name()).collect();
    let simulated = pairs.only_simulated.iter().map(|run| run_name(flows, trace, *run).to_string()).collect();
    let real_executions = pairs.only_real_executions.iter().map(|one| overlay.real[*one].name()).collect();
    let executions = pairs.only_simulated_executions.iter();
    let simulated_executions = executions.map(|one| execution_name(flows, trace, *one).to_string()).collect();
    let all: [(&str, Vec<String>); 4] = [
        ("only in the real run", real),
        ("only in the simulation", simulated),
        ("executions only in the real run", real_executions),
        ("executions only in the simulation", simulated_executions),
    ];
    let line = |(what, names): (&str, Vec<String>)| {
        let more = names.len().saturating_sub(MOST_NAMES);
        let more = if more > 0 { format!(", and {more} more") } else { String::new() };
        (!names.is_empty()).then(|| format!("{what}: {}{more}", names[..names.len().min(MOST_NAMES)].join(", ")))
    };
    all.into_iter().filter_map(line).collect()
}
