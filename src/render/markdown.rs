//! A run as a table in Markdown, for issues and pages. Rule: GitHub Flavored Markdown, "Tables".

use crate::analysis::makespan::numbers;
use crate::analysis::segments::SegmentKind;
use crate::flow::Flow;
use crate::sim::trace::Trace;
use crate::time::{SimTime, human};
use crate::timeline::rows::{Row, rows};

/// A line with the flow, its makespan and its state, and a table with a line for each row of the picture. `–` is a time that never came.
#[must_use]
pub fn markdown(flows: &[Flow], trace: &Trace) -> String {
    let (flow, numbers) = (&flows[0], numbers(&flows[0], trace));
    let state = numbers.state.map_or(String::new(), |state| [", ", flow.dialect.state_name(state)].concat());
    let mut out = ["**", &escaped(flow.title()), "**: ", &human(numbers.makespan), &state, "\n\n"].concat();
    out += "| task | waited | starts | ends | state |\n| --- | ---: | ---: | ---: | --- |\n";
    for row in rows(flows, trace, &|_| false) {
        out += &line(flow, trace, &row);
    }
    out
}

fn line(flow: &Flow, trace: &Trace, row: &Row) -> String {
    let segments = row.segments(trace);
    let waits = segments.iter().filter(|segment| segment.kind.is_wait());
    let waited = waits.fold(SimTime::ZERO, |sum, segment| sum + (segment.to - segment.from));
    let starts = segments.iter().find(|segment| !segment.kind.is_wait()).map(|segment| segment.from);
    let ends = row.length.and_then(|_| segments.last()).map(|last| last.to);
    let time = |time: Option<SimTime>| time.map_or_else(|| "–".to_owned(), human);
    let state = row.outcome(trace).map_or_else(|| "–".to_owned(), |state| SegmentKind::State(state).name_in(flow.dialect).to_owned());
    let name = ["&emsp;".repeat(row.depth), escaped(&row.name)].concat();
    let cells = [name, time(row.length.map(|_| waited)), time(starts), time(ends), state];
    ["| ", &cells.join(" | "), " |\n"].concat()
}

/// A text as Markdown shows it within a cell: nothing in it is markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '\\' | '|' | '*' | '_' | '`' | '[' | ']' | '~' | '!' | '#' => out.extend(['\\', c]),
            // A link that is no link: GitHub makes one of an address in a text.
            ':' => out += "&#58;",
            '@' => out += "&#64;",
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
