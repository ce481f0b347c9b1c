//! A run as a Gantt chart of Mermaid: a section for each group, a bar for each leaf. Source: Mermaid, "Gantt diagrams".

use std::fmt::Write;

use crate::analysis::makespan::numbers;
use crate::flow::Flow;
use crate::flow::state::State;
use crate::sim::names::{local_name, run_name};
use crate::sim::trace::{RunIdx, Trace};
use crate::time::{SimTime, human};

const WRITES: &str = "a string takes all that is written to it";

/// The chart, with a line break at the end. Leaves that never ran are left out, and those that took no time are milestones.
#[must_use]
pub fn mermaid(flows: &[Flow], trace: &Trace) -> String {
    let numbers = numbers(&flows[0], trace);
    let title = format!("{}: {}", flows[0].title(), human(numbers.makespan));
    let mut out = format!("gantt\n    title {}\n    dateFormat x\n    axisFormat {}\n", escaped(&title), axis(trace.end));
    let mut section = None;
    for (run, _) in trace.iter().filter(|(_, taskrun)| !taskrun.dropped) {
        let Some(began) = trace.began(run).filter(|_| !trace.task_of(flows, run).is_group()) else { continue };
        let name = section_of(flows, trace, run);
        if section.as_ref() != Some(&name) {
            writeln!(out, "    section {}", escaped(&name)).expect(WRITES);
            section = Some(name);
        }
        let ended = trace.ended(run);
        let mark = match trace.state(run) {
            State::Failed | State::Killed => "crit, ",
            state if state.is_terminal() => "done, ",
            _ => "active, ",
        };
        let milestone = if ended == began { "milestone, " } else { "" };
        let name = escaped(&run_name(flows, trace, run));
        writeln!(out, "    {name} :{mark}{milestone}r{}, {}, {}", run.0, began.0, ended.0).expect(WRITES);
    }
    out
}

/// The groups around a run, outermost first; its flow at the top level.
fn section_of(flows: &[Flow], trace: &Trace, run: RunIdx) -> String {
    let around = std::iter::successors(trace.run(run).parent, |group| trace.run(*group).parent);
    let mut names: Vec<_> = around.map(|group| local_name(flows, trace, group)).collect();
    names.push(trace.flow_of(flows, trace.run(run).execution).title().clone());
    if names.len() > 1 {
        names.pop();
    }
    names.reverse();
    names.join(" / ")
}

/// How the axis writes a moment: as fine as the length of the run asks for.
fn axis(end: SimTime) -> &'static str {
    match end.0 {
        0..10_000 => "%S.%L s",
        10_000..3_600_000 => "%M:%S",
        _ => "%H:%M",
    }
}

/// A text in which Mermaid finds no mark and no word of its own: what could be one is written by its number.
fn escaped(text: &str) -> String {
    const WORDS: [&str; 15] = [
        "gantt",
        "title",
        "section",
        "date",
        "axis",
        "tick",
        "inclusive",
        "top",
        "exclude",
        "include",
        "today",
        "week",
        "acc",
        "cl",
        "href",
    ];
    let lower = text.to_lowercase();
    let begins_a_word = WORDS.iter().any(|word| lower.starts_with(word));
    let mut out = String::new();
    for (at, c) in text.chars().enumerate() {
        let is_plain = c.is_alphanumeric() && (at > 0 || !begins_a_word) || at > 0 && " .-_/()[]~".contains(c);
        match c {
            c if is_plain => out.push(c),
            c if c.is_control() => out.push(' '),
            c => write!(out, "#{};", u32::from(c)).expect(WRITES),
        }
    }
    out
}
