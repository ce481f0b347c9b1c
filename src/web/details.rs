//! The details: what is wrong with the text, else what the selected task did, and the notes.

use std::rc::Rc;

use yew::prelude::*;

use super::banner::words;
use super::menu::task_items;
use super::sentence::sentence;
use super::store::OnMsg;
use crate::analysis::segments::SegmentKind;
use crate::analysis::sentence::Piece;
use crate::analysis::why::why;
use crate::app::run::{Reading, Run};
use crate::app::settings::{resumed, waits_for_person, with_assumption};
use crate::app::{App, Msg};
use crate::diag::{self, Diagnostic};
use crate::flow::plan::{Doer, Precondition};
use crate::time::{SimTime, human, iso_duration, iso_instant};
use crate::timeline::rows::Row;
use crate::value::Value;

/// Diagnostics that are shown at the most.
const MOST: usize = 50;

/// What is wrong, else what the selected task did.
pub fn details(app: &App, on_msg: &OnMsg) -> Html {
    let (reading, run) = (&*app.reading, app.run.as_deref());
    if reading.has_errors() {
        let errors: Vec<&Diagnostic> = reading.diagnostics.iter().filter(|found| found.is_error()).collect();
        return diagnostics(reading, &errors);
    }
    let notes: Vec<&Diagnostic> = reading.diagnostics.iter().collect();
    let row = run.zip(app.selected.as_deref()).and_then(|(run, key)| run.row(key).map(|row| (run, row)));
    match row {
        Some((run, row)) => facts(app, run, row, on_msg),
        None if notes.is_empty() => html! { <p class="pg-muted">{ "Select a row to read what its task did, and when." }</p> },
        None => diagnostics(reading, &notes),
    }
}

fn diagnostics(reading: &Reading, found: &[&Diagnostic]) -> Html {
    html! {
        <div class="pg-diagnostics" data-testid="diag">
            { for found.iter().take(MOST).map(|found| diagnostic(reading, found)) }
            if found.len() > MOST { <p class="pg-muted">{ format!("and {} more", found.len() - MOST) }</p> }
        </div>
    }
}

/// The diagnostic as the command line prints it: its code stands out, its margin steps back.
fn diagnostic(reading: &Reading, found: &Diagnostic) -> Html {
    let text = diag::render(found, &reading.source);
    let line = |(n, line): (usize, &str)| {
        let code = if n == 0 { line.find("]: ").map_or(0, |at| at + 1) } else { 0 };
        let margin = if n == 0 {
            0
        } else {
            line.find(" | ").map_or_else(|| if line.trim_start().starts_with("-->") { line.len() } else { 0 }, |at| at + 2)
        };
        let (first, rest) = line.split_at(code.max(margin));
        let class = if n == 0 {
            format!("pg-diagnostic__code pg-diagnostic__code--{}", found.severity.as_str())
        } else {
            "pg-diagnostic__gutter".to_owned()
        };
        html! { <><span {class}>{ first }</span>{ rest }{ "\n" }</> }
    };
    html! { <pre class="pg-diagnostic">{ for text.lines().enumerate().map(line) }</pre> }
}

fn facts(app: &App, run: &Run, row: &Row, on_msg: &OnMsg) -> Html {
    let (reading, now) = (&*app.reading, app.playback.now());
    let task = row.task(&run.flows);
    let span = task.map_or(run.flow().span, |task| task.span);
    let line = reading.source.position(span.start).line;
    let parts = row.segments(&run.trace);
    let dialect = run.flow().dialect;
    let not_ended = if row.length.is_some() { "not ended" } else { "never started" };
    let ended = row.outcome(&run.trace).map_or_else(|| not_ended.to_owned(), |state| SegmentKind::State(state).label(dialect));
    let doing: Vec<String> = parts.iter().map(|segment| segment.kind.label(dialect)).collect();
    let time = |time: SimTime| if time == SimTime::ZERO { "0".to_owned() } else { human(time) };
    let note = reading.diagnostics.iter().find(|found| span.contains(found.span) && !row.is_group);
    let go_to = on_msg.reform(move |_| Msg::GoToLine(line));
    let resume = waits_for_person(&run.trace, row).then(|| {
        let scenario = resumed(&app.scenario, &run.trace, row, now);
        let onclick = on_msg.reform(move |_| Msg::Set(Box::new(scenario.clone())));
        html! { <p class="pg-details__why">{ "Waiting for a person. " }<button class="pg-button pg-button--outline" data-testid={format!("resume-{}", row.key)} {onclick}>{ "Resume" }</button></p> }
    });
    html! {
        <div class="pg-details">
            <div data-testid="why">
                <h2 class="pg-details__title"><b>{ row.name(&run.flows).to_string() }</b><span class="pg-muted">{ doing.join(", then ") }</span></h2>
                { resume.unwrap_or_default() }
                if let Some(run) = &app.run { <Reasons run={run.clone()} task={row.key.clone()} on_msg={on_msg.clone()} /> }
                if let Some(note) = note { <p class="pg-details__why">{ words(&note.message) }{ format!(": {}", note.label) }</p> }
                { gate(app, run, row, on_msg) }
                <div class="pg-actions">{ task_items(app, &row.key, on_msg) }</div>
            </div>
            <dl class="pg-details__facts">
                { for parts.iter().map(|segment| html! { <>
                    <dt>{ if segment.kind.is_wait() { "waiting".to_owned() } else { segment.kind.label(dialect) } }</dt>
                    <dd>{ if segment.from == segment.to { format!("at {}", time(segment.to)) } else { format!("{} to {}", time(segment.from), time(segment.to)) } }</dd>
                </> }) }
                { planned(run, row) }
                <dt>{ "outcome" }</dt><dd>{ ended }</dd>
                if let Some(task) = task { <dt>{ "type" }</dt><dd title={task.type_name.to_string()}>{ task.short_type() }</dd> }
                <dt>{ "in the text" }</dt><dd><button class="pg-link" onclick={go_to}>{ format!("line {line}") }</button></dd>
            </dl>
        </div>
    }
}

/// What was planned of an item of a template: what is set in the text stands out, what is calculated steps back. What really
/// happens stands above, among the states.
fn planned(run: &Run, row: &Row) -> Html {
    let Some(plan) = row.task(&run.flows).and_then(|task| task.plan.as_ref()) else { return html! {} };
    let fact = |name: &'static str, set: Option<String>, calculated: Option<String>| {
        let (class, text, how) = match (set, calculated) {
            (Some(text), _) => ("pg-date--set", text, "set"),
            (None, Some(text)) => ("pg-date--calculated", text, "calculated"),
            (None, None) => return html! {},
        };
        html! { <><dt>{ name }</dt><dd {class}>{ text }{ ", " }{ how }</dd></> }
    };
    let began = row.run().map(|idx| run.trace.created(idx));
    let date = |at: SimTime| iso_instant(run.trace.start_epoch_ms.saturating_add_unsigned(at.0));
    let length = row.length.filter(|_| plan.doer != Doer::Children).or(plan.usual_length());
    html! {
        <>
            { fact("start", plan.starts_at.map(iso_instant), began.map(date)) }
            { fact("length", plan.length.map(human), length.map(human)) }
            { fact("due", plan.due_at.map(iso_instant), None) }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct ReasonsProps {
    run: Rc<Run>,
    task: Rc<str>,
    on_msg: OnMsg,
}

/// What held the task up. It is looked for anew only when the run or the task is another one.
#[component]
fn Reasons(ReasonsProps { run, task, on_msg }: &ReasonsProps) -> Html {
    let never = "It never started: its group had ended, or went another way, before its turn came.";
    let reasons = match run.row(task) {
        Some(row) if row.length.is_none() => vec![vec![Piece::Text(never.to_owned())]],
        row => row.and_then(Row::run).map_or(Vec::new(), |idx| why(&run.flows, &run.trace, idx)),
    };
    reasons.iter().map(|pieces| html! { <p class="pg-details__why">{ sentence(pieces, on_msg) }</p> }).collect()
}

/// What a person decides about an item of a template: to let it through now, or to skip it.
fn gate(app: &App, run: &Run, row: &Row, on_msg: &OnMsg) -> Html {
    let Some((task, plan)) = row.task(&run.flows).and_then(|task| task.plan.as_ref().map(|plan| (task, plan))) else { return html! {} };
    let set = |path: String, value: Option<Value>| {
        let scenario = with_assumption(&app.scenario, &path, value);
        on_msg.reform(move |_: MouseEvent| Msg::Set(Box::new(scenario.clone())))
    };
    let approve = (plan.doer == Doer::Gate).then(|| {
        let began = row.run().and_then(|idx| run.trace.began(idx)).unwrap_or_default();
        let now = app.playback.now();
        let after = if !app.playback.is_at_rest() && now > began { Value::text(&iso_duration(now - began)) } else { Value::Bool(true) };
        let onclick = set(format!("tasks.{}.approve", row.key), Some(after));
        html! { <button class="pg-button pg-button--outline" data-testid={format!("approve-{}", row.key)} {onclick}>{ "Approve now" }</button> }
    });
    let precondition = (plan.precondition == Precondition::Script).then(|| {
        let path = format!("tasks.{}.precondition", task.id);
        let is_met = app.scenario.assumptions.get(&path) != Some(&Value::Bool(false));
        let onclick = set(path, is_met.then_some(Value::Bool(false)));
        html! { <button class="pg-button pg-button--outline" role="switch" aria-checked={if is_met { "true" } else { "false" }} data-testid={format!("precondition-{}", row.key)} {onclick}>{ "Precondition is met" }</button> }
    });
    html! { <>{ approve.unwrap_or_default() }{ precondition.unwrap_or_default() }</> }
}
