//! The drawer with the settings of a run: inputs, assumptions, the server, and how many executions.

use std::rc::Rc;

use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::store::OnMsg;
use crate::app::settings::{Field, FieldKind, fields, with_assumption, with_input};
use crate::app::{App, Msg};
use crate::sim::scenario::Scenario;
use crate::sim::trace::{Assumption, NOT_USED};
use crate::time::{iso_instant, parse_duration, parse_iso_instant, seconds};
use crate::value::Value;

/// A change of the settings by a text that a person wrote.
type Change = fn(&Scenario, &str) -> Option<Scenario>;

/// The drawer.
pub fn settings(app: &App, on_msg: &OnMsg, on_close: Callback<()>) -> Html {
    let onkeydown = {
        let on_close = on_close.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                on_close.emit(());
            }
        }
    };
    let assumptions: &[Assumption] = app.run.as_ref().map_or(&[], |run| &run.trace.assumptions);
    let assumptions = assumptions.iter().filter(|known| !known.path.starts_with("inputs.") || known.why == NOT_USED);
    let fields = fields(app);
    html! {
        <aside class="pg-settings" data-testid="settings" aria-label="Settings of the run" {onkeydown}>
            <div class="pg-settings__head"><h2>{ "Settings of the run" }</h2><button class="pg-button pg-button--outline" onclick={on_close.reform(|_| ())}>{ "Close" }</button></div>
            if !fields.is_empty() {
                <section data-testid="inputs"><h3>{ "Inputs" }</h3>{ for fields.into_iter().map(|field| input(app, field, on_msg)) }</section>
            }
            <section data-testid="assumptions">
                <h3>{ "Assumptions" }</h3>
                if assumptions.clone().count() == 0 { <p class="pg-muted">{ "Nothing had to be assumed." }</p> }
                { for assumptions.map(|known| assumption(app, known, on_msg)) }
            </section>
            <section data-testid="model">
                <h3>{ "Server" }</h3>
                { number(app, on_msg, "Dispatch delay, s", "delay", seconds(app.scenario.dispatch_delay, 0), |scenario, text| Some(Scenario { dispatch_delay: parse_duration(text)?, ..scenario.clone() })) }
                { number(app, on_msg, "Workers", "workers", app.scenario.workers.map_or(String::new(), |n| n.to_string()), |scenario, text| Some(Scenario { workers: if text.is_empty() { None } else { Some(text.parse().ok().filter(|n| *n > 0)?) }, ..scenario.clone() })) }
                { number(app, on_msg, "Seed", "seed", app.scenario.seed.to_string(), |scenario, text| Some(Scenario { seed: text.parse().ok()?, ..scenario.clone() })) }
                { line(app, on_msg, "Start", "start", "text", iso_instant(app.scenario.start_epoch_ms), |scenario, text| Some(Scenario { start_epoch_ms: parse_iso_instant(text)?, ..scenario.clone() })) }
                { number(app, on_msg, "Executions", "executions", app.scenario.executions.to_string(), |scenario, text| Some(Scenario { executions: text.parse().ok().filter(|n| (1..=1000).contains(n))?, ..scenario.clone() })) }
                { number(app, on_msg, "One each, s", "every", seconds(app.scenario.every, 0), |scenario, text| Some(Scenario { every: parse_duration(text)?, ..scenario.clone() })) }
            </section>
        </aside>
    }
}

fn set(on_msg: &OnMsg, scenario: Scenario) {
    on_msg.emit(Msg::Set(Box::new(scenario)));
}

fn number(app: &App, on_msg: &OnMsg, label: &'static str, name: &'static str, value: String, change: Change) -> Html {
    line(app, on_msg, label, name, "number", value, change)
}

fn line(app: &App, on_msg: &OnMsg, label: &'static str, name: &'static str, kind: &'static str, value: String, change: Change) -> Html {
    let onchange = {
        let (scenario, on_msg) = (Rc::clone(&app.scenario), on_msg.clone());
        move |event: Event| {
            let field: HtmlInputElement = event.target_unchecked_into();
            if let Some(next) = change(&scenario, field.value().trim()) {
                set(&on_msg, next);
            }
        }
    };
    html! {
        <label class="pg-settings__field"><span>{ label }</span><input class="pg-settings__input" type={kind} min="0" step="any" data-testid={format!("set-{name}")} {value} {onchange} /></label>
    }
}

fn input(app: &App, field: Field, on_msg: &OnMsg) -> Html {
    let field = Rc::new(field);
    let Field { id, kind, value, hint, error, .. } = &*field;
    let change = {
        let (scenario, on_msg, field) = (Rc::clone(&app.scenario), on_msg.clone(), Rc::clone(&field));
        Callback::from(move |text: String| set(&on_msg, with_input(&scenario, &field.id, &field.given(&text))))
    };
    let (test_id, told) = (format!("input-{id}"), format!("pg-input-error-{id}"));
    let (invalid, described) = (error.is_some().then_some("true"), error.is_some().then(|| told.clone()));
    let control = match kind {
        FieldKind::Choice(choices) => html! {
            <select class="pg-settings__input" data-testid={test_id} aria-invalid={invalid} aria-describedby={described} onchange={change.reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value())}>
                { for choices.iter().map(|choice| html! { <option value={choice.to_string()} selected={choice == value}>{ choice.to_string() }</option> }) }
            </select>
        },
        FieldKind::Choices(choices) => return self::choices(&field, choices, change),
        FieldKind::Line(_) | FieldKind::Proposals(_) => {
            let (kind, proposals): (&'static str, &[Rc<str>]) = match kind {
                FieldKind::Line(kind) => (kind, &[]),
                FieldKind::Proposals(proposals) => ("text", proposals),
                _ => ("text", &[]),
            };
            let list = format!("pg-proposals-{id}");
            html! { <>
                <input class="pg-settings__input" type={kind} step="any" autocomplete="off" placeholder={*hint} list={(!proposals.is_empty()).then(|| list.clone())}
                    data-testid={test_id} aria-invalid={invalid} aria-describedby={described} value={value.to_string()}
                    onchange={change.reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().value())} />
                if !proposals.is_empty() { <datalist id={list}>{ for proposals.iter().map(|proposal| html! { <option value={proposal.to_string()} /> }) }</datalist> }
            </> }
        }
        FieldKind::Text => html! {
            <textarea class="pg-settings__input" rows="3" placeholder={*hint} data-testid={test_id} aria-invalid={invalid} aria-describedby={described} value={value.to_string()}
                onchange={change.reform(|event: Event| event.target_unchecked_into::<HtmlTextAreaElement>().value())} />
        },
    };
    html! {
        <label class="pg-settings__field">
            { name(&field) }
            { control }
            if let Some(error) = error { <strong class="pg-settings__error" id={told}>{ error.clone() }</strong> }
        </label>
    }
}

fn name(field: &Field) -> Html {
    html! { <span>{ field.id.to_string() }if field.is_sample { <em class="pg-settings__sample">{ "sample" }</em> }</span> }
}

/// A box to tick for each of several choices.
fn choices(field: &Rc<Field>, choices: &[Rc<str>], change: Callback<String>) -> Html {
    let chosen = field.chosen();
    let option = |choice: &Rc<str>| {
        let onchange = {
            let (field, choice) = (Rc::clone(field), Rc::clone(choice));
            change.reform(move |event: Event| field.with_choice(&choice, event.target_unchecked_into::<HtmlInputElement>().checked()))
        };
        html! { <label><input type="checkbox" checked={chosen.contains(choice)} {onchange} />{ choice.to_string() }</label> }
    };
    html! {
        <div class="pg-settings__field" role="group" aria-label={field.id.to_string()} data-testid={format!("input-{}", field.id)}>
            { name(field) }
            <div class="pg-settings__choices">{ for choices.iter().map(option) }</div>
            if let Some(error) = &field.error { <strong class="pg-settings__error">{ error.clone() }</strong> }
        </div>
    }
}

/// An assumption: one that is true or false is a switch, another one a field with JSON.
fn assumption(app: &App, known: &Assumption, on_msg: &OnMsg) -> Html {
    let Assumption { path, value, why, span, .. } = known;
    let line = app.reading.source.position(span.start).line;
    let change = {
        let (scenario, on_msg, path) = (Rc::clone(&app.scenario), on_msg.clone(), Rc::clone(path));
        move |value: Option<Value>| set(&on_msg, with_assumption(&scenario, &path, value))
    };
    let is_given = app.scenario.assumptions.get(path).is_some();
    let back = {
        let change = change.clone();
        move |_| change(None)
    };
    let control = if let Value::Bool(truth) = *value {
        html! {
            <button class="pg-toggle" role="switch" aria-checked={if truth { "true" } else { "false" }} aria-label={format!("{path} is true")} data-testid={format!("assume-{path}")} onclick={move |_| change(Some(Value::Bool(!truth)))}>{ if truth { "true" } else { "false" } }</button>
        }
    } else {
        let onchange = move |event: Event| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            if let Some(value) = Value::from_json(&text) {
                change(Some(value));
            }
        };
        html! { <input class="pg-settings__input" data-testid={format!("assume-{path}")} aria-label={format!("{path} as JSON")} value={value.to_json()} {onchange} /> }
    };
    html! {
        <div class="pg-settings__assumption">
            <p><b>{ path.to_string() }</b>{ " " }if *why != NOT_USED { <button class="pg-link" onclick={on_msg.reform(move |_| Msg::GoToLine(line))}>{ format!("line {line}") }</button> }</p>
            <p class="pg-muted">{ *why }</p>
            { control }
            if is_given { <button class="pg-link" onclick={back}>{ "Take it back" }</button> }
        </div>
    }
}
