//! The details: what is wrong with the text, else what the selected task did, and the notes.

use std::collections::BTreeSet;
use std::rc::Rc;

use web_sys::{Element, HtmlSelectElement};
use yew::prelude::*;

use super::advice::{changes, of_flow};
use super::field::{self, TextField, taken};
use super::menu::task_items;
use super::pace::in_slices;
use super::sentence::{code_in, sentence};
use super::store::OnMsg;
use super::term::term;
use super::times::length_field;
use crate::analysis::sentence::Piece;
use crate::app::advice::Advice;
use crate::app::details::{AndWhyThat, Details, Fact, Origin, Rendered, TaskDetails};
use crate::app::run::{Reading, Run};
use crate::app::terms::Term;
use crate::app::{self, App, LinkPreview, Msg, Panel};
use crate::edit::Intent;
use crate::sim::scenario::Scenario;
use crate::tr;

/// Of more sentences than this, and one, the others are folded away.
const MOST_REASONS: usize = 2;

/// What is known of changes that would help.
#[derive(Clone, Copy)]
pub enum Known<'a> {
    /// The sentences, and whether they are about the run on show.
    Advice((&'a Advice, bool)),
    /// It is being simulated.
    Soon,
    Nothing,
}

impl<'a> Known<'a> {
    fn advice(self) -> Option<(&'a Advice, bool)> {
        if let Self::Advice(advice) = self { Some(advice) } else { None }
    }
}

/// What the details are about: the text, its run and settings, and the row that is selected.
type Subject = ((Rc<Reading>, Option<Rc<Run>>, Rc<Scenario>, Rc<BTreeSet<Rc<str>>>, Option<Rc<str>>), Option<Rc<str>>);

/// What is known of the text and the selected row. Of a long run it is found out in slices; until then it is what was known of the same
/// row before.
#[hook]
pub fn use_details(is_embed: bool, app: &App, subject: Subject) -> Rc<Details> {
    let found = use_state(|| (None, Rc::new(Details::Nothing)));
    let is_long = app.is_long() && !is_embed;
    let at_once = use_memo((subject.clone(), is_long), |_| match is_embed || is_long {
        true => Rc::new(Details::Nothing),
        false => Rc::new(app::details::details(app)),
    });
    use_effect_with((subject.clone(), is_long), {
        let (app, found) = (is_long.then(|| app.clone()), found.setter());
        move |((_, selected), _): &(Subject, bool)| {
            let selected = selected.clone();
            if let Some(app) = app {
                wasm_bindgen_futures::spawn_local(async move {
                    let details = in_slices(move || Rc::new(app::details::details(&app))).await;
                    found.set((selected, details));
                });
            }
        }
    });
    if is_long && found.0 == subject.1 { Rc::clone(&found.1) } else { Rc::clone(&at_once) }
}

/// The content of the panel.
pub fn details(details: &Details, key: Option<&Rc<str>>, advice: Known<'_>, preview: Option<&Rc<LinkPreview>>, on_msg: &OnMsg) -> Html {
    let of_whole = || match advice {
        Known::Advice(advice) => of_flow(advice, on_msg),
        Known::Soon => html! {
            <p class="pg-muted" role="status">{ tr!("Trying other limits and orders…") }</p>
        },
        Known::Nothing => html! {},
    };
    match details {
        Details::Nothing => html! {
            <>
                { of_whole() }
                <p class="pg-muted">{ tr!("Select a row to read what its task did, and when.") }</p>
            </>
        },
        Details::Diagnostics { shown, n_more, times } => html! {
            <>
            { of_whole() }
            <div class="pg-diagnostics" id="pg-diagnostics" data-testid="diag">
                if !times.is_empty() {
                    <p class="pg-details__why">
                        { times.clone() }{ " " }
                        <button class="pg-link" onclick={on_msg.reform(|_| Msg::Panel(Panel::Times))}>
                            { tr!("Give them times") }
                        </button>
                    </p>
                }
                { for shown.iter().map(diagnostic) }
                if *n_more > 0 { <p class="pg-muted">{ tr!("and {n} more" | "and {n} more" % *n_more) }</p> }
            </div>
            </>
        },
        Details::Task(task) => key.map_or_else(Html::default, |key| task_details(task, key, advice.advice(), preview, on_msg)),
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

#[derive(Properties, PartialEq)]
struct ChainProps {
    about: AndWhyThat,
    /// The key of the row.
    row: Rc<str>,
    on_msg: OnMsg,
}

/// The way back to the start of the flow, folded away at first.
#[component]
fn Chain(ChainProps { about, row, on_msg }: &ChainProps) -> Html {
    let is_open = use_state_eq(|| false);
    let onclick = {
        let is_open = is_open.setter();
        Callback::from(move |_: MouseEvent| is_open.set(true))
    };
    let ontoggle = {
        let is_open = is_open.setter();
        Callback::from(move |event: Event| is_open.set(event.target_unchecked_into::<Element>().has_attribute("open")))
    };
    let reason = |reason: &Vec<Piece>| html! { <p class="pg-details__why">{ sentence(reason, Some(row), on_msg) }</p> };
    html! {
        <details class="pg-details__chain" data-testid="and-why-that" {ontoggle}>
            <summary {onclick}>{ tr!("And why that?") }</summary>
            if *is_open { { for about.reasons().iter().map(reason) } }
        </details>
    }
}

fn task_details(
    task: &TaskDetails,
    key: &Rc<str>,
    advice: Option<(&Advice, bool)>,
    preview: Option<&Rc<LinkPreview>>,
    on_msg: &OnMsg,
) -> Html {
    let line = task.line;
    let reason = |reason: &Vec<Piece>| html! { <p class="pg-details__why">{ sentence(reason, Some(key), on_msg) }</p> };
    // One sentence more takes no more room than what would hide it.
    let shown = if task.reasons.len() > MOST_REASONS + 1 { MOST_REASONS } else { task.reasons.len() };
    html! {
        <div class="pg-details">
            <div data-testid="why">
                <h2 class="pg-details__title">
                    <b>{ task.name.clone() }</b>
                    <span class="pg-muted">{ task.doing.clone() }</span>
                </h2>
                if task.waits_for_person {
                    <p class="pg-details__why">
                        { tr!("Waiting for a person.") }{ " " }
                        { decision(key, "resume", tr!("Resume"), Msg::Resume, on_msg) }
                    </p>
                }
                { for task.reasons.iter().take(shown).map(reason) }
                if task.reasons.len() > shown {
                    <details class="pg-details__chain" data-testid="more-reasons" key={format!("more-{key}")}>
                        <summary>{ tr!("{n} more" | "{n} more" % (task.reasons.len() - shown)) }</summary>
                        { for task.reasons.iter().skip(shown).map(reason) }
                    </details>
                }
                { for advice.map(|advice| changes(advice, Some(key), on_msg)) }
                if let Some(about) = &task.and_why_that { <Chain about={about.clone()} row={key.clone()} {on_msg} /> }
                if let Some(note) = &task.note { <p class="pg-details__why">{ code_in(note) }</p> }
                { for task.faults.iter().map(|text| html! { <p class="pg-details__why">{ code_in(text) }</p> }) }
                if task.is_gate { { decision(key, "approve", tr!("Approve now"), Msg::Approve, on_msg) } }
                if let Some(is_met) = task.precondition { { precondition(key, is_met, on_msg) } }
                { fields(task, key, on_msg) }
                if let Some(menu) = &task.menu { <div class="pg-actions">{ task_items(menu, preview, on_msg) }</div> }
            </div>
            <dl class="pg-details__facts">
                { for task.facts.iter().map(fact) }
                <dt>{ tr!("in the text") }</dt>
                <dd>
                    <button class="pg-link" onclick={on_msg.reform(move |_| Msg::GoToLine(line))}>
                        { tr!("line {line}", line) }
                    </button>
                </dd>
            </dl>
        </div>
    }
}

/// How often a task may be made to fail, in 100 runs.
const FAILS: [u32; 6] = [0, 5, 10, 20, 50, 100];

/// How long a task takes and how it ends; of a group its limit.
fn fields(task: &TaskDetails, key: &Rc<str>, on_msg: &OnMsg) -> Html {
    let takes = task.takes.as_ref().map(|takes| {
        let set = {
            let key = Rc::clone(key);
            move |text| Msg::RowTakes(Rc::clone(&key), text)
        };
        let onchange = {
            let key = Rc::clone(key);
            on_msg.reform(move |event: Event| {
                let value = event.target_unchecked_into::<HtmlSelectElement>().value();
                Msg::Change(Rc::clone(&key), Intent::Fails(value.parse().unwrap_or(0)))
            })
        };
        let option = |percent: u32| {
            let label = match percent {
                0 => tr!("as it is written"),
                100 => tr!("fails"),
                n => tr!("fails in {n} of 100 runs", n),
            };
            let shown = html! { <option value={percent.to_string()}>{ label }</option> };
            field::option(percent == takes.fails_percent, shown)
        };
        let own = Some(takes.fails_percent).filter(|percent| !FAILS.contains(percent));
        html! {
            <>
                <label class="pg-field">
                    { tr!("field" => "takes") }
                    { length_field(&takes.text, &takes.took, takes.why_not.as_ref(), set, "takes", on_msg) }
                </label>
                <label class="pg-field">
                    { tr!("field" => "ends") }
                    <select class="pg-settings__input" data-testid="ends" disabled={takes.why_not.is_some()} {onchange}>
                        { for FAILS.into_iter().chain(own).map(option) }
                    </select>
                </label>
            </>
        }
    });
    let limit = task.limit.map(|limit| {
        let on_text = {
            let key = Rc::clone(key);
            taken(&on_msg.reform(move |text: String| Msg::SetConcurrent(Rc::clone(&key), text.parse().ok().filter(|limit| *limit > 0))))
        };
        html! {
            <label class="pg-field">
                { tr!("field" => "slots") }
                <TextField kind="number" min="0" hint={tr!("no limit")} testid="limit"
                    value={if limit == 0 { String::new() } else { limit.to_string() }} {on_text} />
            </label>
        }
    });
    html! { <div class="pg-fields">{ for takes }{ for limit }</div> }
}

/// A button for what a person decides about the task of a row.
fn decision(key: &Rc<str>, name: &str, label: String, make: fn(Rc<str>) -> Msg, on_msg: &OnMsg) -> Html {
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
            { tr!("Precondition is met") }
        </button>
    }
}

/// What is set in the text stands out, what is calculated steps back.
fn fact(fact: &Fact) -> Html {
    let (class, origin) = match fact.origin {
        None => (None, String::new()),
        Some(Origin::Set) => (Some("pg-date--set"), [", ", &tr!("planned date" => "set")].concat()),
        Some(Origin::Calculated) => (Some("pg-date--calculated"), [", ", &tr!("planned date" => "calculated")].concat()),
    };
    let name = Term::of(&fact.name).map_or_else(|| Html::from(fact.name.to_string()), term);
    html! {
        <><dt>{ name }</dt><dd {class} title={fact.tip.clone()}>{ fact.text.clone() }{ origin }</dd></>
    }
}
