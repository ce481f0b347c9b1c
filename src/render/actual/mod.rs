//! A real run beside its simulation: as a table, as a picture and as JSON.

mod json;
mod picture;
mod table;

pub use json::ActualJson;
pub use picture::svg;
pub use table::{columns, text};

use crate::actual::Overlay;
use crate::actual::gap::Gap;
use crate::flow::Flow;
use crate::sim::names::{execution_name, run_name};
use crate::sim::trace::Trace;
use crate::time::{SimTime, human};
use crate::tr;

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

/// How much of both is the same, and how long both took.
#[must_use]
pub fn summary(trace: &Trace, overlay: &Overlay) -> String {
    let (n, of) = (overlay.gaps.len(), overlay.real.iter().map(|one| one.runs.len()).sum::<usize>());
    let simulated = overlay.pairs.executions.iter().filter_map(|(_, one)| crate::actual::ended(trace.execution_history(*one))).max();
    let Some((real, simulated)) = overlay.makespan().zip(simulated) else {
        return tr!("{n} of {of} real task runs found in the simulation", n, of);
    };
    let gap = signed(crate::actual::gap::difference(Some(real), Some(simulated)).unwrap_or_default());
    tr!(
        "{n} of {of} real task runs found in the simulation; the real run took {real}, the simulated one {simulated} ({gap})",
        n,
        of,
        real = human(real),
        simulated = human(simulated),
        gap
    )
}

/// What the server added to a taskrun: `hand-over 20 ms, timer 0.4 s`.
#[must_use]
pub fn added(gap: &Gap) -> Vec<String> {
    let hand_overs = gap.hand_overs.iter().map(|(from, to)| tr!("hand-over {time}", time = human(*to - *from)));
    let timers = gap.timers.iter().map(|(from, to)| tr!("timer {time}", time = human(*to - *from)));
    hand_overs.chain(timers).collect()
}

/// What was only in one of both, a line each; empty when all have another.
#[must_use]
pub fn unpaired(flows: &[Flow], trace: &Trace, overlay: &Overlay) -> Vec<String> {
    let pairs = &overlay.pairs;
    let real = pairs.only_real.iter().map(|place| overlay.run(*place).name()).collect();
    let simulated = pairs.only_simulated.iter().map(|run| run_name(flows, trace, *run).to_string()).collect();
    let real_executions = pairs.only_real_executions.iter().map(|one| overlay.real[*one].name()).collect();
    let executions = pairs.only_simulated_executions.iter();
    let simulated_executions = executions.map(|one| execution_name(flows, trace, *one).to_string()).collect();
    let lines = [
        listed(real).map(|names| tr!("only in the real run: {names}", names)),
        listed(simulated).map(|names| tr!("only in the simulation: {names}", names)),
        listed(real_executions).map(|names| tr!("executions only in the real run: {names}", names)),
        listed(simulated_executions).map(|names| tr!("executions only in the simulation: {names}", names)),
    ];
    lines.into_iter().flatten().collect()
}

/// The first names, and how many more there are; `None` without any.
fn listed(names: Vec<String>) -> Option<String> {
    let n = names.len().saturating_sub(MOST_NAMES);
    let shown = names[..names.len() - n].join(", ");
    (!names.is_empty()).then(|| if n > 0 { tr!("{names}, and {n} more", names = shown, n) } else { shown })
}
