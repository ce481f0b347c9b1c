//! The words in and beside the bars of rows.

use super::Bar;
use super::rows::{About, Row};
use crate::analysis::segments::SegmentKind;
use crate::flow::state::State;
use crate::flow::{Flow, Kind};
use crate::sim::trace::Trace;
use crate::time::{SimTime, human};
use crate::tr;

/// The text in the bar of a group: `Parallel, 3 slots`.
#[must_use]
pub fn group_text(flows: &[Flow], trace: &Trace, row: &Row) -> String {
    let Some(task) = row.task(flows) else {
        let About::Execution(execution) = row.about else { return String::new() };
        let flow = trace.flow_of(flows, execution);
        return if flow.plan.is_some() { tr!("Release") } else { tr!("execution of {flow}", flow = flow.id) };
    };
    let is_limited = task.limit() == 1 && row.run().is_none_or(|run| trace.run(run).concurrent <= 1);
    let is_one_by_one = matches!(task.kind, Kind::ForEach(_)) && is_limited;
    let kind = task.short_type();
    let text = match (task.has_slots(), row.run().map_or(0, |run| trace.run(run).concurrent)) {
        (false, _) => kind.to_owned(),
        (true, _) if is_one_by_one => tr!("{kind}, one after another", kind),
        (true, 0) => tr!("{kind}, no limit", kind),
        (true, n) => tr!("{kind}, {n} slot" | "{kind}, {n} slots" % n, kind),
    };
    match row.run().and_then(|run| trace.run(run).value.as_ref()) {
        Some(value) => tr!("{value}: {text}", value = value.print(), text),
        None => text,
    }
}

/// The text beside the name of a row: its length, or `never`.
#[must_use]
pub fn length_text(row: &Row) -> String {
    row.length.map_or_else(|| tr!("length" => "never"), human)
}

/// The text in a bar in place of its length; empty for most leaves.
#[must_use]
pub fn bar_text(flows: &[Flow], trace: &Trace, row: &Row, bar: &Bar) -> String {
    if bar.segment.kind.is_wait() {
        String::new()
    } else if row.waits_for_person(trace) && bar.segment.kind == SegmentKind::State(State::Paused) {
        tr!("waiting for a person")
    } else if row.is_group {
        group_text(flows, trace, row)
    } else if bar.is_stopped {
        human(bar.segment.to - bar.segment.from) + &stopped_text(row)
    } else if row.is_opaque(flows) {
        tr!("{length}, not simulated", length = human(bar.segment.to - bar.segment.from))
    } else if row.task(flows).is_some_and(|task| task.plan.is_none() && task.assumed_length(flows).is_some()) {
        tr!("{length}, assumed", length = human(bar.segment.to - bar.segment.from))
    } else {
        String::new()
    }
}

/// What stopped a row, as the end of what is said of it; empty for most.
#[must_use]
pub fn stopped_text(row: &Row) -> String {
    row.stopped_by.as_ref().map_or_else(String::new, |by| tr!(", stopped by {run}", run = by))
}

/// The space before the name of a row in so many groups, in pixels: from the fifth group on the steps are small.
#[must_use]
pub fn indent_px(depth: usize) -> f64 {
    14.0 * depth.min(4) as f64 + 4.0 * depth.saturating_sub(4) as f64
}

/// How wide the column of names has to be for a row, in pixels, without its length. `beside_px` is what else stands in it.
#[must_use]
pub fn name_px(row: &Row, name: &str, beside_px: f64) -> f64 {
    const CHARACTER_PX: (f64, f64, f64) = (7.5, 8.6, 14.0);
    const MARGINS_PX: f64 = 16.0 + 18.0 + 2.0 + 16.0;
    let narrow_px = if row.is_group { CHARACTER_PX.1 } else { CHARACTER_PX.0 };
    let name_px: f64 = name.chars().map(|character| if character < '\u{1100}' { narrow_px } else { CHARACTER_PX.2 }).sum();
    MARGINS_PX + indent_px(row.depth) + name_px + beside_px
}

/// The width of the length of a row in the column of names, with the gap before it.
#[must_use]
pub fn length_px(row: &Row) -> f64 {
    8.0 + 6.7 * length_text(row).chars().count() as f64
}

/// What the browser's tooltip says of a bar: `t4: running, 1.0 s to 2.0 s`.
#[must_use]
pub fn bar_tip(flows: &[Flow], row: &Row, bar: &Bar) -> String {
    let time = |time: SimTime| if time == SimTime::ZERO { "0 s".to_owned() } else { human(time) };
    let label = bar.segment.kind.label(flows[0].dialect);
    let ended = bar.outcome.filter(|_| bar.is_earlier_attempt);
    let ended = ended.map_or_else(String::new, |state| format!(", {}", SegmentKind::State(state).label(flows[0].dialect)));
    let stopped = if bar.is_stopped { stopped_text(row) } else { String::new() };
    let (from, to) = (time(bar.segment.from), time(bar.segment.to));
    tr!("{name}: {state}, {from} to {to}", name = row.name, state = label, from, to) + &ended + &stopped
}
