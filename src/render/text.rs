//! A chart of 80 columns for terminals, with the numbers below it.

use crate::analysis::makespan::{Numbers, numbers};
use crate::analysis::segments::{Segment, SegmentKind};
use crate::flow::state::State;
use crate::flow::{Flow, Kind};
use crate::sim::trace::{Trace, Truncated};
use crate::time::{SimTime, human};
use crate::timeline::labels::length_text;
use crate::timeline::rows::{Row, rows};
use crate::timeline::{scale::Scale, shapes::tone, span, ticks::ticks};

const WIDTH: usize = 80;
const LABEL: usize = 18;
const LENGTH: usize = 9;
const TRACK: usize = WIDTH - LABEL - LENGTH - 1;

/// The chart, the numbers, and the tasks that are not simulated, with a line break at the end.
#[must_use]
pub fn text(flows: &[Flow], trace: &Trace) -> String {
    let flow = &flows[0];
    let end = span(trace, SimTime::ZERO);
    let rows = rows(flows, trace, &|_| false);
    let mut lines = vec![format!("{}.{}", flow.namespace, flow.id), String::new(), axis(end)];
    lines.extend(rows.iter().map(|row| chart_line(row, trace, end)));
    lines.push(String::new());
    lines.extend(summary(flow, trace, &numbers(flow, trace)));
    lines.join("\n") + "\n"
}

/// The column of a time in the track. The end has the last column.
fn column(at: SimTime, end: SimTime) -> usize {
    (u128::from(at.0) * TRACK as u128 / u128::from(end.0)) as usize
}

fn axis(end: SimTime) -> String {
    // A column stands for eight pixels of the page's axis.
    let scale = Scale::whole(end, 0.0, TRACK as f64 * 8.0);
    let mut line: Vec<char> = vec![' '; WIDTH];
    for tick in ticks(&scale) {
        let label: Vec<char> = tick.label.chars().collect();
        let at = (LABEL + LENGTH + (tick.x / 8.0).round() as usize).min(WIDTH - label.len());
        let free = line[at.saturating_sub(1)..at + label.len()].iter().all(|c| *c == ' ');
        if free {
            line[at..at + label.len()].copy_from_slice(&label);
        }
    }
    line.into_iter().collect::<String>().trim_end().to_owned()
}

fn chart_line(row: &Row, trace: &Trace, end: SimTime) -> String {
    let name: String = format!("{}{}", "  ".repeat(row.depth), row.key).chars().take(LABEL - 1).collect();
    let mut track = vec![' '; TRACK + 1];
    let sign = row.run().map(|run| trace.state(run)).or(row.outcome(trace)).map_or("", |state| tone(state).letter);
    for segment in row.segments(trace) {
        draw(&mut track, segment, row.is_group, sign, end);
    }
    let track: String = track.into_iter().collect();
    format!("{name:<LABEL$}{:>width$} {}", length_text(row), track.trim_end(), width = LENGTH - 1).trim_end().to_owned()
}

fn draw(track: &mut [char], segment: Segment, is_group: bool, sign: &str, end: SimTime) {
    let (from, to) = (column(segment.from, end), column(segment.to, end));
    let fill = match segment.kind {
        SegmentKind::WaitPrevious => '.',
        SegmentKind::State(State::Running) if is_group => '=',
        SegmentKind::State(State::Running) => '#',
        SegmentKind::State(_) => '-',
        _ => ':',
    };
    track[from..to].fill(fill);
    if !segment.kind.is_wait() {
        let last = if to > from { to - 1 } else { from };
        track[last] = if segment.from == segment.to { '*' } else { sign.chars().next().unwrap_or(fill) };
    }
}

fn summary(flow: &Flow, trace: &Trace, numbers: &Numbers) -> Vec<String> {
    let hundredths = numbers.speedup_hundredths();
    let mut first = format!(
        "total {}   work {}   speed-up {}.{}x",
        human(numbers.makespan),
        human(numbers.work),
        hundredths / 100,
        hundredths % 100 / 10
    );
    if numbers.limited {
        let slots = if numbers.slots == 1 { "1 slot".to_owned() } else { format!("{} slots", numbers.slots) };
        first += &format!("   efficiency {} % of {slots}", numbers.efficiency_percent());
    }
    let mut lines = vec![first];
    if let Some(state) = numbers.state.filter(|state| *state != State::Success) {
        lines.push(format!("the execution ended {}", flow.dialect.state_name(state)));
    }
    if numbers.last_end > numbers.makespan && trace.truncated.is_none() {
        lines.push(format!("the last task ended at {}", human(numbers.last_end)));
    }
    lines.extend(trace.truncated.map(|why| match why {
        Truncated::Horizon => format!("stopped at the horizon, {}", human(trace.end)),
        Truncated::Events => format!("stopped after {} events, at {}", trace.events.len(), human(trace.end)),
    }));
    let opaque: Vec<&str> =
        flow.tasks.iter().filter(|task| matches!(task.kind, Kind::Opaque(_)) && !task.disabled).map(|task| &*task.id).collect();
    if !opaque.is_empty() {
        lines.push(format!("not simulated, taken as 1 s each: {}", opaque.join(", ")));
    }
    lines
}
