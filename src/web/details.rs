//! The details: what is wrong with the text, else what the selected task did, and the notes.

use std::rc::Rc;

use yew::prelude::*;

use super::advice::{changes, of_flow};
use super::menu::task_items;
use super::sentence::{code_in, sentence};
use super::store::OnMsg;
use crate::analysis::sentence::Piece;
use crate::app::advice::Advice;
use crate::app::details::{Details, Fact, Origin, Rendered, TaskDetails};
use crate::app::{LinkPreview, Msg};

/// The content of the panel.
pub fn details(
    details: &Details,
    key: Option<&Rc<str>>,
    advice: Option<&Advice>,
    preview: Option<&Rc<LinkPreview>>,
    on_msg: &OnMsg,
) -> Html {
    match details {
        Details::Nothing => html! {
            <>
                { for advice.iter().map(|advice| of_flow(advice, on_msg)) }
                <p class="pg-muted">{ "Select a row to read what its task did, and when." }</p>
            </>
        },
        Details::Diagnostics { shown, n_more } => html! {
            <>
                { for advice.iter().map(|advice| of_flow(advice, on_msg)) }
                <div class="pg-diagnostics" data-testid="diag">
                    { for shown.iter().map(diagnostic) }
                    if *n_more > 0 { <p class="pg-muted">{ format!("and {n_more} more") }</p> }
                </div>
            </>
        },
        Details::Task(task) => key.map_or_else(Html::default, |key| task_details(task, key, advice, preview, on_msg)),
    }
}

/// The diagnostic as the command line prints it: its code stands out, its margin steps back.
fn diagnostic(found: &Rendered) -> Html {
    let line = |(n, (first, rest)): (usize, &(String, String))| {
        let class = match n {
            0 => format!("pg-diagnostic__code pg-diagnostic__code--{}", found.severity),
            _ => "pg-diagnostic__gutter".to_owned(),
        };
        html! { <><span {class}>{ first.clone() }</span>{ rest.clone() }{ "\n" }</> }
    };
    html! { <pre class="pg-diagnostic">{ for found.lines.iter().enumerate().map(line) }</pre> }
}

/// The way back to the start of the flow, folded away at first.
fn and_why_that(reasons: &[Vec<Piece>], on_msg: &OnMsg) -> Html {
    html! {
        <details class="pg-details__chain" data-testid="and-why-that">
            <summary>{ "And why that?" }</summary>
            { for reasons.iter().map(|reason| html! { <p class="pg-details__why">{ sentence(reason, on_msg) }</p> }) }
        </details>
    }
}

fn task_details(task: &TaskDetails, key: &Rc<str>, advice: Option<&Advice>, preview: Option<&Rc<LinkPreview>>, on_msg: &OnMsg) -> Html {
    let line = task.line;
    html! {
        <div class="pg-details">
            <div data-testid="why">
                <h2 class="pg-details__title">
                    <b>{ task.name.clone() }</b>
                    <span class="pg-muted">{ task.doing.clone() }</span>
                </h2>
                if task.waits_for_person {
                    <p class="pg-details__why">
                        { "Waiting for a person. " }
                        { decision(key, "resume", "Resume", Msg::Resume, on_msg) }
                    </p>
                }
                { for task.reasons.iter().map(|reason| html! {
                    <p class="pg-details__why">{ sentence(reason, on_msg) }</p>
                }) }
                { for advice.iter().map(|advice| changes(advice, on_msg)) }
                if !task.and_why_that.is_empty() { { and_why_that(&task.and_why_that, on_msg) } }
                if let Some(note) = &task.note { <p class="pg-details__why">{ code_in(note) }</p> }
                if task.is_gate { { decision(key, "approve", "Approve now", Msg::Approve, on_msg) } }
                if let Some(is_met) = task.precondition { { precondition(key, is_met, on_msg) } }
                if let Some(menu) = &task.menu { <div class="pg-actions">{ task_items(menu, preview, on_msg) }</div> }
            </div>
            <dl class="pg-details__facts">
                { for task.facts.iter().map(fact) }
                <dt>{ "in the text" }</dt>
                <dd>
                    <button class="pg-link" onclick={on_msg.reform(move |_| Msg::GoToLine(line))}>
                        { format!("line {line}") }
                    </button>
                </dd>
            </dl>
        </div>
    }
}

/// A button for what a person decides about the task of a row.
fn decision(key: &Rc<str>, name: &str, label: &'static str, make: fn(Rc<str>) -> Msg, on_msg: &OnMsg) -> Html {
    let testid = format!("{name}-{key}");
    let key = Rc::clone(key);
    let onclick = on_msg.reform(move |_: MouseEvent| make(Rc::clone(&key)));
    html! { <button class="pg-button pg-button--outline" data-testid={testid} {onclick}>{ label }</button> }
}

fn precondition(key: &Rc<str>, is_met: bool, on_msg: &OnMsg) -> Html {
    let testid = format!("precondition-{key}");
    let key = Rc::clone(key);
    let onclick = on_msg.reform(move |_: MouseEvent| Msg::SetPrecondition(Rc::clone(&key), !is_met));
    html! {
        <button class="pg-button pg-button--outline" role="switch" aria-checked={is_met.to_string()}
            data-testid={testid} {onclick}>
            { "Precondition is met" }
        </button>
    }
}

/// What is set in the text stands out, what is calculated steps back.
fn fact(fact: &Fact) -> Html {
    let (class, origin) = match fact.origin {
        None => (None, ""),
        Some(Origin::Set) => (Some("pg-date--set"), ", set"),
        Some(Origin::Calculated) => (Some("pg-date--calculated"), ", calculated"),
    };
    html! {
        <><dt>{ fact.name.clone() }</dt><dd {class} title={fact.tip.clone()}>{ fact.text.clone() }{ origin }</dd></>
    }
}
