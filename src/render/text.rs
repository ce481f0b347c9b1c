//! A chart of 80 columns for terminals, with the numbers below it.

mod chart;

use std::collections::BTreeMap;

use crate::analysis::endless::spent_by;
use crate::analysis::late::{Late, late};
use crate::analysis::makespan::{Numbers, numbers};
use crate::flow::state::State;
use crate::flow::{Flow, Kind, Level};
use crate::language::plain;
use crate::sim::names::run_name;
use crate::sim::trace::{ExecutionIdx, LogEntry, NOT_USED, RunIdx, Trace, Truncated};
use crate::time::{SimTime, human, minute};
use crate::timeline::rows::rows;
use crate::timeline::span;
use chart::Chart;

/// The most failures that are listed.
const MOST_FAILURES: usize = 5;

/// The most assumptions that are listed.
const MOST_ASSUMPTIONS: usize = 10;

/// The chart, the numbers, what failed or came late, and what was assumed, with a line break at the end.
#[must_use]
pub fn text(flows: &[Flow], trace: &Trace) -> String {
    let flow = &flows[0];
    let rows = rows(flows, trace, &|_| false);
    let chart = Chart::new(flows, trace, &rows, span(trace, SimTime::ZERO));
    let title = if flow.plan.is_some() { flow.title().to_string() } else { format!("{}.{}", flow.namespace, flow.id) };
    let mut lines = vec![title, String::new(), chart.axis()];
    lines.extend(rows.iter().map(|row| chart.line(row)));
    lines.push(String::new());
    lines.extend(summary(flows, trace, &numbers(flow, trace)));
    lines.extend(late(flow, trace).iter().map(|late| late_line(flow, trace, late)));
    lines.extend(assumed(trace));
    lines.join("\n") + "\n"
}

fn summary(flows: &[Flow], trace: &Trace, numbers: &Numbers) -> Vec<String> {
    let flow = &flows[0];
    let mut first = format!(
        "total {}{}{}   work {}   speed-up {}x",
        human(numbers.makespan),
        match trace.roots().count() {
            0 | 1 => String::new(),
            n => format!(" of {n} executions"),
        },
        if trace.has_drawn { format!(" (one run, seed {})", trace.seed) } else { String::new() },
        human(numbers.work),
        numbers.speedup_text()
    );
    if numbers.limited {
        let slots = if numbers.slots == 1 { "1 slot".to_owned() } else { format!("{} slots", numbers.slots) };
        first += &format!("   efficiency {} % of {slots}", numbers.efficiency_percent());
    }
    let mut lines = vec![first];
    if let Some(state) = numbers.state.filter(|state| *state != State::Success) {
        lines.push(format!("the execution ended {}{}", flow.dialect.state_name(state), own_error(trace, ExecutionIdx::FIRST)));
    }
    lines.extend(failures(flows, trace));
    if numbers.last_end > numbers.makespan && trace.truncated.is_none() {
        lines.push(format!("the last task ended at {}", human(numbers.last_end)));
    }
    lines.extend(trace.truncated.map(|why| match why {
        Truncated::Horizon => format!("stopped at the horizon, {}", human(trace.end)),
        Truncated::Events => format!("stopped after {} events, at {}", trace.events.len(), human(trace.end)),
        Truncated::Spent(resource, run) => format!("stopped at {}: {}", human(trace.end), spent_by(flows, trace, resource, run)),
        Truncated::Endless(run, _) => format!("stopped at {}: the script of {} never ends", human(trace.end), run_name(flows, trace, run)),
    }));
    lines.extend(assumed_lengths(flows, trace));
    let commands = trace.assumptions.iter().filter_map(|known| Some((known.path.strip_prefix("commands.")?, known)));
    let commands: Vec<String> =
        commands.filter(|(_, known)| known.why != NOT_USED).map(|(name, known)| format!("{name} ({})", known.value.print())).collect();
    if !commands.is_empty() {
        lines.push(format!("commands that are not simulated, and how they are taken: {}", commands.join(", ")));
    }
    lines
}

/// The tasks that ran and whose time is assumed, a line for each time.
fn assumed_lengths(flows: &[Flow], trace: &Trace) -> Vec<String> {
    let Some(flow) = flows.first() else { return Vec::new() };
    let mut by_length: BTreeMap<SimTime, Vec<&str>> = BTreeMap::new();
    for (task, _) in flow.tasks.iter().zip(trace.began_tasks(flow)).filter(|(_, began)| *began) {
        // An item that has a due date may have had the time until then.
        let is_until_due = task.plan.as_ref().is_some_and(|plan| plan.due_at.is_some());
        if let Some(length) = task.assumed_length(flows).filter(|_| !is_until_due) {
            by_length.entry(length).or_default().push(task.title());
        }
    }
    let line = |(length, titles): (&SimTime, &Vec<&str>)| {
        let each = if titles.len() == 1 { "" } else { " each" };
        format!("no known time, taken as {}{each}: {}", human(*length), titles.join(", "))
    };
    by_length.iter().map(line).collect()
}

/// What an execution logged itself when it ended, such as a broken SLA; empty when that was nothing.
fn own_error(trace: &Trace, execution: ExecutionIdx) -> String {
    let is_own = |entry: &&LogEntry| entry.execution == execution && entry.run.is_none() && entry.level >= Level::Warn;
    let error = trace.logs.iter().filter(is_own).max_by_key(|entry| entry.level);
    error.map(|entry| format!(": {}", first_line(&entry.message))).unwrap_or_default()
}

/// What failed: the tasks, each with the last error it logged, and executions that were called and have a reason of their own.
fn failures(flows: &[Flow], trace: &Trace) -> Vec<String> {
    let is_failed = |run: &RunIdx| trace.state(*run) == State::Failed && !trace.run(*run).dropped;
    let called = trace.execution_indices().filter(|execution| *execution != ExecutionIdx::FIRST);
    let mut lines: Vec<String> =
        trace.iter().map(|(run, _)| run).filter(is_failed).filter_map(|run| task_line(flows, trace, run)).collect();
    lines.extend(called.filter_map(|execution| {
        let state = trace.execution_history(execution).last().map(|(_, state)| *state)?;
        let error = own_error(trace, execution);
        let ended = matches!(state, State::Failed | State::Cancelled | State::Killed) && !error.is_empty();
        ended.then(|| format!("x{} of {} ended {}{error}", execution.at() + 1, trace.flow_of(flows, execution).id, state.as_str()))
    }));
    let n_more = lines.len().saturating_sub(MOST_FAILURES);
    lines.truncate(MOST_FAILURES);
    lines.extend((n_more > 0).then(|| format!("and {n_more} more failed")));
    lines
}

/// A group without a message failed because of what it holds, which has a line of its own.
fn task_line(flows: &[Flow], trace: &Trace, run: RunIdx) -> Option<String> {
    let (task, execution) = (trace.task_of(flows, run), trace.run(run).execution);
    let of_run = |entry: &&LogEntry| entry.run == Some(run) && entry.level >= Level::Warn;
    let message = trace.logs.iter().filter(of_run).max_by_key(|entry| entry.level).map(|entry| first_line(&entry.message));
    let why = match message {
        Some(message) => format!(": {message}"),
        None if !task.is_group() => String::new(),
        None if matches!(task.kind, Kind::Pause(_)) => ": its pause ran out".to_owned(),
        None => return None,
    };
    let place = if execution == ExecutionIdx::FIRST { String::new() } else { format!("x{}.", execution.at() + 1) };
    Some(format!("{place}{} failed at {}{why}", task.title(), human(trace.ended(run))))
}

fn first_line(message: &str) -> &str {
    message.lines().next().unwrap_or_default()
}

fn late_line(flow: &Flow, trace: &Trace, late: &Late) -> String {
    let name = late.item.map_or(flow.title(), |(task, _)| flow.task(task).title());
    let what = if late.has_ended { "ended at" } else { "is open at" };
    let at = minute(late.at.epoch_ms(trace.start_epoch_ms));
    format!("late: {name} {what} {at}, {} after its due date {}", human(late.by), minute(late.due_epoch_ms))
}

/// The choices that only a server could make, in a flow of planned items.
/// What was assumed, besides the commands whose time is listed with what is not simulated.
fn assumed(trace: &Trace) -> Vec<String> {
    let mut all = trace.assumptions.iter().filter(|known| !known.path.starts_with("commands."));
    let mut lines: Vec<String> = all
        .by_ref()
        .take(MOST_ASSUMPTIONS)
        .map(|known| format!("assumed: {} = {} ({})", known.path, known.value.print(), plain(known.why)))
        .collect();
    let n_more = all.count();
    lines.extend((n_more > 0).then(|| format!("assumed: {n_more} more, which `--format json` lists")));
    lines
}
