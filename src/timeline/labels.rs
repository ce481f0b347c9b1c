//! The words in and beside the bars of rows.

use super::Bar;
use super::rows::{About, Row};
use crate::analysis::segments::SegmentKind;
use crate::flow::state::State;
use crate::flow::{Flow, Kind};
use crate::sim::trace::Trace;
use crate::time::{SimTime, human};

/// The text in the bar of a group: `Parallel, 3 slots`.
#[must_use]
pub fn group_text(flows: &[Flow], trace: &Trace, row: &Row) -> String {
    let Some(task) = row.task(flows) else {
        let About::Execution(execution) = row.about else { return String::new() };
        return format!("execution of {}", trace.flow_of(flows, execution).id);
    };
    let value = row.run().and_then(|run| trace.run(run).value.as_ref()).map(|value| format!("{}: ", value.print())).unwrap_or_default();
    let is_limited = task.limit() == 1 && row.run().is_none_or(|run| trace.run(run).concurrent <= 1);
    let is_one_by_one = matches!(task.kind, Kind::ForEach(_)) && is_limited;
    let slots = match (task.has_slots(), row.run().map_or(0, |run| trace.run(run).concurrent)) {
        (false, _) => String::new(),
        (true, _) if is_one_by_one => ", one after another".to_owned(),
        (true, 0) => ", no limit".to_owned(),
        (true, 1) => ", 1 slot".to_owned(),
        (true, n) => format!(", {n} slots"),
    };
    format!("{value}{}{slots}", task.short_type())
}

/// The text beside the name of a row: its length, or `never`.
#[must_use]
pub fn length_text(row: &Row) -> String {
    row.length.map_or_else(|| "never".to_owned(), human)
}

/// The text in a bar in place of its length; empty for most leaves.
#[must_use]
pub fn bar_text(flows: &[Flow], trace: &Trace, row: &Row, bar: &Bar) -> String {
    if row.waits_for_person(trace) && bar.segment.kind == SegmentKind::State(State::Paused) {
        "waiting for a person".to_owned()
    } else if row.is_group {
        group_text(flows, trace, row)
    } else if row.is_opaque(flows) {
        format!("{}, not simulated", human(bar.segment.to - bar.segment.from))
    } else {
        String::new()
    }
}

/// What the browser's tooltip says of a bar: `t4: running, 1.0 s to 2.0 s`.
#[must_use]
pub fn bar_tip(flows: &[Flow], row: &Row, bar: &Bar) -> String {
    let time = |time: SimTime| if time == SimTime::ZERO { "0 s".to_owned() } else { human(time) };
    let label = bar.segment.kind.label(flows[0].dialect);
    format!("{}: {label}, {} to {}", row.name(flows), time(bar.segment.from), time(bar.segment.to))
}
