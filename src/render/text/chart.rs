//! The chart: an axis, and a line for each row with its name, its length and a track.

use crate::analysis::makespan::running_time;
use crate::analysis::segments::{Segment, SegmentKind, earlier_attempt};
use crate::flow::Flow;
use crate::flow::state::State;
use crate::sim::trace::Trace;
use crate::time::SimTime;
use crate::timeline::labels::length_text;
use crate::timeline::rows::Row;
use crate::timeline::ticks::{caption, ticks};
use crate::timeline::{axis_start, scale::Scale, shapes::tone};

const WIDTH: usize = 80;
/// The narrowest and the widest column of names.
const LABEL: (usize, usize) = (18, 40);
const LENGTH: usize = 9;

/// A chart of all rows, up to its end.
pub struct Chart<'a> {
    flows: &'a [Flow],
    trace: &'a Trace,
    end: SimTime,
    /// How many columns names take.
    label: usize,
}

impl<'a> Chart<'a> {
    /// A chart whose column of names fits its longest name, within limits.
    pub fn new(flows: &'a [Flow], trace: &'a Trace, rows: &[Row], end: SimTime) -> Self {
        let longest = rows.iter().map(|row| n_columns(&indented(row)) + 1).max().unwrap_or(0);
        Self { flows, trace, end, label: longest.clamp(LABEL.0, LABEL.1) }
    }

    fn track(&self) -> usize {
        WIDTH - self.label - LENGTH - 1
    }

    /// The column of a time in the track. The end has the last column.
    fn column(&self, at: SimTime) -> usize {
        (u128::from(at.0) * self.track() as u128 / u128::from(self.end.0)) as usize
    }

    pub fn axis(&self) -> String {
        // A column stands for eight pixels of the page's axis.
        let scale = Scale::whole(self.end, 0.0, self.track() as f64 * 8.0);
        let mut line: Vec<char> = vec![' '; WIDTH];
        let start = axis_start(&self.flows[0], self.trace);
        let caption = start.map_or_else(String::new, caption);
        line.iter_mut().zip(caption.chars()).for_each(|(column, character)| *column = character);
        for tick in ticks(&scale, start) {
            let label: Vec<char> = tick.label.chars().collect();
            let at = (self.label + LENGTH + (tick.x / 8.0).round() as usize).min(WIDTH - label.len());
            let free = line[at.saturating_sub(1)..at + label.len()].iter().all(|c| *c == ' ');
            if free {
                line[at..at + label.len()].copy_from_slice(&label);
            }
        }
        line.into_iter().collect::<String>().trim_end().to_owned()
    }

    pub fn line(&self, row: &Row) -> String {
        let name = shortened(&indented(row), self.label - 1);
        let pad = " ".repeat(self.label - n_columns(&name));
        let mut track = vec![' '; self.track() + 1];
        let segments = row.segments(self.trace);
        for segment in &segments {
            self.draw(&mut track, *segment, row.is_group);
        }
        // Attempts that were followed by others end with their letters, and the row with its own.
        for (segment, state) in segments.iter().filter_map(|segment| Some((segment, earlier_attempt(self.trace, row.run()?, segment)?))) {
            track[self.last_column(*segment)] = tone(state).letter.chars().next().unwrap_or(' ');
        }
        let sign =
            row.run().map(|run| self.trace.state(run)).or(row.outcome(self.trace)).and_then(|state| tone(state).letter.chars().next());
        let drawn = segments.iter().rfind(|segment| segment.to > segment.from).filter(|last| !last.kind.is_wait());
        if let Some((last, sign)) = drawn.zip(sign) {
            track[self.last_column(*last)] = sign;
        }
        if let Some(last) = segments.last().filter(|last| !last.kind.is_wait() && last.to == last.from) {
            track[self.column(last.from).saturating_sub(usize::from(drawn.is_some()))] = '*';
        }
        let track: String = track.into_iter().collect();
        let length = length_text(&self.timed(row));
        format!("{name}{pad}{length:>width$} {}", track.trim_end(), width = LENGTH - 1).trim_end().to_owned()
    }

    /// A planned task has the length for which it ran, without the time for which it was held.
    fn timed(&self, row: &Row) -> Row {
        let is_planned = !row.is_group && row.task(self.flows).is_some_and(|task| task.plan.is_some());
        let length = row.run().filter(|_| is_planned).map(|run| running_time(self.trace, run)).or(row.length);
        Row { length, ..row.clone() }
    }

    fn last_column(&self, segment: Segment) -> usize {
        let (from, to) = (self.column(segment.from), self.column(segment.to));
        if to > from { to - 1 } else { from }
    }

    fn draw(&self, track: &mut [char], segment: Segment, is_group: bool) {
        let (from, to) = (self.column(segment.from), self.column(segment.to));
        let fill = match segment.kind {
            SegmentKind::WaitPrevious => '.',
            SegmentKind::State(State::Running) if is_group => '=',
            SegmentKind::State(State::Running) => '#',
            SegmentKind::State(_) => '-',
            _ => ':',
        };
        track[from..to].fill(fill);
        if !segment.kind.is_wait() && segment.to > segment.from {
            track[self.last_column(segment)] = fill;
        }
    }
}

fn indented(row: &Row) -> String {
    format!("{}{}", "  ".repeat(row.depth), row.name)
}

/// A name in this many columns. A longer one keeps its begin and its end, which often tells it from its neighbours.
fn shortened(name: &str, columns: usize) -> String {
    if n_columns(name) <= columns {
        return name.to_owned();
    }
    let tail_columns = columns / 3;
    let head = taken(name.chars(), columns - 1 - tail_columns);
    let tail = taken(name.chars().rev(), tail_columns);
    head.into_iter().chain(['…']).chain(tail.into_iter().rev()).collect()
}

fn taken(characters: impl Iterator<Item = char>, columns: usize) -> Vec<char> {
    let fits = |used: &mut usize, c: char| {
        *used += width(c);
        (*used <= columns).then_some(c)
    };
    characters.scan(0, |used, c| fits(used, c)).collect()
}

fn n_columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// How many columns a terminal gives a character: two for those of East Asia, none for a combining accent.
fn width(c: char) -> usize {
    match u32::from(c) {
        0x300..=0x36f | 0x200b..=0x200f | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6 => 2,
        0x1f300..=0x1faff | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_keeps_its_begin_and_its_end() {
        assert_eq!(shortened("Deploy application to server 12", 20), "Deploy applic…ver 12");
        assert_eq!(shortened("Deploy", 20), "Deploy");
        assert_eq!((n_columns("部署"), n_columns("Déployer")), (4, 8));
        assert!(n_columns(&shortened(&"部署検証".repeat(8), 21)) <= 21);
    }
}
