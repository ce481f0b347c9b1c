//! From tasks in shorthand to one line per taskrun.

mod assumptions;
mod dag;
mod each;
mod errors;
mod executions;
mod loops;
mod parallel;
mod pauses;
mod retries;
mod states;
mod text_values;

use parallelogram::diag;
use parallelogram::flow::state::State;
use parallelogram::flow::{Flow, FlowIdx, Version, read_text_for};
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::simulate;
use parallelogram::sim::trace::{ExecutionIdx, Trace};
use parallelogram::source::Source;
use parallelogram::time::SimTime;

/// `S(a,2)` sleeps 2 s, `F(a,2)` fails after 2 s, `R(a,text)` returns a text at once; further properties follow. A type
/// that begins with a dot is one of `io.kestra.plugin.core.flow`. The tasks may be followed by further properties of the flow.
fn whole(tasks: &str) -> String {
    let mut text = format!("id: f\nnamespace: n\ntasks:\n{}\n", tasks.trim()).replace("type: .", "type: io.kestra.plugin.core.flow.");
    while let Some((start, end)) = shorthand(&text) {
        let parts: Vec<&str> = text[start + 2..end].splitn(3, ',').map(str::trim).collect();
        let rest = parts.get(2).map(|rest| format!(", {rest}")).unwrap_or_default();
        let (id, what) = (parts[0], parts[1]);
        let kind = match text.as_bytes()[start] {
            b'S' => format!("type: io.kestra.plugin.core.flow.Sleep, duration: PT{what}S"),
            b'F' if what == "0" => "type: io.kestra.plugin.core.execution.Fail".to_owned(),
            b'F' => format!("type: io.kestra.plugin.core.flow.Sleep, duration: PT9H, timeout: PT{what}S"),
            _ => format!("type: io.kestra.plugin.core.debug.Return, format: {what}"),
        };
        text.replace_range(start..=end, &format!("{{id: {id}, {kind}{rest}}}"));
    }
    text
}

/// Where a shorthand begins and ends: `S(`, `F(` or `R(` at the beginning of a word, to the bracket that closes it.
fn shorthand(text: &str) -> Option<(usize, usize)> {
    let opens = |at: usize| ["S(", "F(", "R("].contains(&text.get(at..at + 2).unwrap_or(""));
    let is_first = |at: usize| at == 0 || [b' ', b'['].contains(&text.as_bytes()[at - 1]);
    let start = (0..text.len()).find(|at| opens(*at) && is_first(*at))?;
    let mut depth = 0;
    let closes = |c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ')' && depth == 0
    };
    Some((start, start + text[start..].find(closes)?))
}

fn run(tasks: &str, scenario: &Scenario) -> (Vec<Flow>, Trace) {
    let source = Source::new("flow.yaml", whole(tasks));
    let (_, flows, diagnostics) = read_text_for(&source, Some(Version::V0_21));
    let errors: Vec<String> = diagnostics.iter().filter(|found| found.is_error()).map(|found| diag::render(found, &source)).collect();
    assert!(errors.is_empty(), "{}\nin\n{}", errors.join("\n"), source.text);
    let trace = simulate(&flows, scenario);
    (flows, trace)
}

/// `id~k[value]`, with the k from the second run of a task on.
fn name(flows: &[Flow], trace: &Trace, run: usize) -> String {
    let run = &trace.runs[run];
    let flow = trace.flow_of(flows, run.execution);
    let nth = if run.nth > 1 { format!("~{}", run.nth) } else { String::new() };
    let value = run.value.as_ref().map(|value| format!("[{}]", value.print())).unwrap_or_default();
    format!("{}{nth}{value}", flow.task(run.task).id)
}

fn span(history: &[(SimTime, State)]) -> String {
    let (first, last) = (history[0], history[history.len() - 1]);
    let end = if last.1.is_terminal() { last.0.0.to_string() } else { "…".to_owned() };
    format!("{}-{end} {}", first.0.0, last.1.as_str())
}

/// The execution and its runs, a line each, in the order of the tasks in the text; then the next execution. Times
/// are from the creation to the end, in milliseconds.
fn check_with(tasks: &str, scenario: &Scenario) -> String {
    let (flows, trace) = run(tasks, scenario);
    let mut lines = Vec::new();
    for n in trace.execution_indices() {
        let called = trace.execution(n).flow;
        let of = if called == FlowIdx::FIRST { String::new() } else { format!(" of {}", called.of(&flows).id) };
        lines.push(format!("execution{of} {}", span(trace.execution_history(n))));
        let mut runs: Vec<_> = trace.iter().filter(|(_, run)| run.execution == n).collect();
        runs.sort_by_key(|(_, run)| (run.task, run.nth));
        lines.extend(runs.iter().map(|(idx, _)| format!("{} {}", name(&flows, &trace, idx.0 as usize), span(trace.history(*idx)))));
    }
    lines.join("\n")
}

fn check(tasks: &str) -> String {
    check_with(tasks, &Scenario::default())
}

/// When each of these tasks ran, in one line and in this order.
fn spans(tasks: &str, scenario: &Scenario, ids: &str) -> String {
    let all = check_with(tasks, scenario);
    let lines = |id: &str| all.lines().filter(|line| line.split([' ', '[', '~']).next() == Some(id)).map(str::to_owned).collect::<Vec<_>>();
    ids.split_whitespace().flat_map(lines).collect::<Vec<_>>().join(", ")
}

/// All states of an execution and of a task's first run, each with its time.
fn history(tasks: &str, id: &str) -> String {
    let (flows, trace) = run(tasks, &Scenario::default());
    let line = |history: &[(SimTime, State)]| {
        history.iter().map(|(at, state)| format!("{} {}", at.0, state.as_str())).collect::<Vec<_>>().join(", ")
    };
    let of_run = trace.iter().find(|(_, run)| *trace.flow_of(&flows, run.execution).task(run.task).id == *id);
    let (idx, _) = of_run.unwrap_or_else(|| panic!("`{id}` runs"));
    format!("execution: {}\n{id}: {}", line(trace.execution_history(ExecutionIdx::FIRST)), line(trace.history(idx)))
}

/// A scenario with other slots for the group `p`.
fn slots(n: u32) -> Scenario {
    Scenario { concurrent: [("p".to_owned(), n)].into(), ..Scenario::default() }
}
