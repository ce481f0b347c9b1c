//! The drawer with the settings of a run: inputs, assumptions, the server, and how many executions.

use std::rc::Rc;

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::effects::language;
use super::field::{self, TextField, taken};
use super::store::OnMsg;
use crate::app::Msg;
use crate::app::settings::{
    BLACKOUT_FIELD, Field, FieldKind, MODEL_FIELD, MODELS, SERVER_FIELDS, ServerField, ShownAssumption, assumed, server_words, written,
};
use crate::language::LANGUAGES;
use crate::sim::scenario::Scenario;
use crate::sim::server::ServerModel;
use crate::tr;
use crate::value::Value;

/// The drawer.
pub fn settings(
    fields: &[Field],
    assumptions: &[ShownAssumption],
    has_blackouts: bool,
    scenario: &Rc<Scenario>,
    on_msg: &OnMsg,
    on_language: &Callback<&'static str>,
    on_close: &Callback<()>,
) -> Html {
    let onkeydown = {
        let on_close = on_close.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                // It closes nothing around the drawer as well.
                event.prevent_default();
                on_close.emit(());
            }
        }
    };
    html! {
        <aside class="pg-settings" id="pg-settings" tabindex="-1" data-testid="settings"
            aria-label={tr!("Settings of the run")} {onkeydown}>
            <div class="pg-settings__head">
                <h2>{ tr!("Settings of the run") }</h2>
                <button class="pg-button pg-button--outline" onclick={on_close.reform(|_| ())}>{ tr!("Close") }</button>
            </div>
            if !fields.is_empty() {
                <section data-testid="inputs">
                    <h3>{ tr!("Inputs") }</h3>
                    { for fields.iter().map(|field| input(field, on_msg)) }
                </section>
            }
            <section data-testid="assumptions">
                <h3>{ tr!("Assumptions") }</h3>
                if assumptions.is_empty() { <p class="pg-muted">{ tr!("Nothing had to be assumed.") }</p> }
                { for assumptions.iter().map(|known| assumption(known, on_msg, on_close)) }
            </section>
            <section data-testid="model">
                <h3>{ tr!("Server") }</h3>
                { server_model(scenario, on_msg) }
                { for SERVER_FIELDS.iter().map(|field| server_field(field, scenario, on_msg)) }
                if has_blackouts { { server_field(&BLACKOUT_FIELD, scenario, on_msg) } }
            </section>
            <section>
                <h3>{ tr!("Page") }</h3>
                { languages(on_language) }
            </section>
        </aside>
    }
}

/// The choice of a language, each by its own name. The page then begins anew, as it is.
fn languages(on_language: &Callback<&'static str>) -> Html {
    let onchange = on_language.reform(|event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        usize::try_from(select.selected_index()).ok().and_then(|at| LANGUAGES.get(at)).map_or("en", |(tag, _)| tag)
    });
    let option = |(tag, name): &(&'static str, &'static str)| {
        let shown = html! { <option lang={*tag}>{ *name }</option> };
        field::option(*tag == language(), shown)
    };
    html! {
        <label class="pg-settings__field">
            <span>{ tr!("Language") }</span>
            <select class="pg-settings__input" data-testid="language" {onchange}>
                { for LANGUAGES.iter().map(option) }
            </select>
        </label>
    }
}

/// The choice of a server model, with what was measured and what of it counts.
fn server_model(scenario: &Scenario, on_msg: &OnMsg) -> Html {
    let onchange = on_msg.reform(|event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        Msg::SetServer(MODEL_FIELD.name, select.value())
    });
    let chosen = MODEL_FIELD.value(scenario);
    let option = |(model, name): &(ServerModel, fn() -> String)| {
        field::option(model.as_str() == chosen, html! { <option value={model.as_str()}>{ name() }</option> })
    };
    html! {
        <>
            <label class="pg-settings__field">
                <span>{ (MODEL_FIELD.label)() }</span>
                <select class="pg-settings__input" data-testid="set-server" title={(MODEL_FIELD.help)()}
                    aria-describedby="pg-server-words" {onchange}>
                    { for MODELS.iter().map(option) }
                </select>
            </label>
            <div class="pg-settings__words" id="pg-server-words" data-testid="server-words">
                { for server_words(scenario).into_iter().map(|said| html! { <p class="pg-muted">{ said }</p> }) }
            </div>
        </>
    }
}

fn server_field(field: &'static ServerField, scenario: &Rc<Scenario>, on_msg: &OnMsg) -> Html {
    let on_text = {
        let (scenario, on_msg) = (Rc::clone(scenario), on_msg.clone());
        move |text: String| {
            if field.changed(&scenario, &text).is_none() {
                return Some((field.help)().into());
            }
            on_msg.emit(Msg::SetServer(field.name, text));
            None
        }
    };
    html! {
        <label class="pg-settings__field">
            <span>{ (field.label)() }</span>
            <TextField kind={field.kind} min="0" hint={(field.hint)()} title={(field.help)()}
                testid={format!("set-{}", field.name)} value={field.value(scenario)} {on_text} />
        </label>
    }
}

fn input(field: &Field, on_msg: &OnMsg) -> Html {
    let change = {
        let field = field.clone();
        on_msg.reform(move |text: String| Msg::SetInput(Rc::clone(&field.id), field.given(&text)))
    };
    let error_id = format!("pg-input-error-{}", field.id);
    let control = match &field.kind {
        FieldKind::Choice(choices) => choice(field, choices, &error_id, &change),
        FieldKind::Choices(choices) => return self::choices(field, choices, change),
        FieldKind::Line(kind) => line(field, kind, &[], &error_id, &change),
        FieldKind::Proposals(proposals) => line(field, "text", proposals, &error_id, &change),
        FieldKind::Text => text(field, &error_id, &change),
    };
    html! {
        <label class="pg-settings__field">
            { name(field) }
            { control }
            if let Some(error) = &field.error {
                <strong class="pg-settings__error" id={error_id}>{ error.clone() }</strong>
            }
        </label>
    }
}

fn name(field: &Field) -> Html {
    html! {
        <span>
            { field.id.to_string() }
            if field.is_sample { <em class="pg-settings__sample">{ tr!("sample") }</em> }
        </span>
    }
}

/// `aria-invalid` and `aria-describedby` of a field.
fn error_attributes(field: &Field, error_id: &str) -> (Option<&'static str>, Option<String>) {
    (field.error.is_some().then_some("true"), field.error.is_some().then(|| error_id.to_owned()))
}

fn choice(field: &Field, choices: &[Rc<str>], error_id: &str, change: &Callback<String>) -> Html {
    let (invalid, described) = error_attributes(field, error_id);
    let onchange = change.reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value());
    let option = |choice: &Rc<str>| {
        let shown = html! { <option value={choice.to_string()}>{ choice.to_string() }</option> };
        field::option(*choice == field.value, shown)
    };
    html! {
        <select class="pg-settings__input" data-testid={format!("input-{}", field.id)} aria-invalid={invalid}
            aria-describedby={described} {onchange}>
            { for choices.iter().map(option) }
        </select>
    }
}

fn line(field: &Field, kind: &'static str, proposals: &[Rc<str>], error_id: &str, change: &Callback<String>) -> Html {
    let (invalid, described) = error_attributes(field, error_id);
    let list = format!("pg-proposals-{}", field.id);
    let proposal = |proposal: &Rc<str>| html! { <option value={proposal.to_string()} /> };
    html! {
        <>
            <TextField {kind} hint={field.hint} list={(!proposals.is_empty()).then(|| list.clone())}
                testid={format!("input-{}", field.id)} {invalid} {described} value={field.value.to_string()}
                on_text={taken(change)} />
            if !proposals.is_empty() { <datalist id={list}>{ for proposals.iter().map(proposal) }</datalist> }
        </>
    }
}

fn text(field: &Field, error_id: &str, change: &Callback<String>) -> Html {
    let (invalid, described) = error_attributes(field, error_id);
    html! {
        <TextField rows={3} hint={field.hint} testid={format!("input-{}", field.id)} {invalid} {described}
            value={field.value.to_string()} on_text={taken(change)} />
    }
}

/// A box to tick for each of several choices.
fn choices(field: &Field, choices: &[Rc<str>], change: Callback<String>) -> Html {
    let chosen = field.chosen();
    let option = |choice: &Rc<str>| {
        let onchange = {
            let (field, choice) = (field.clone(), Rc::clone(choice));
            change.reform(move |event: Event| {
                let is_taken = event.target_unchecked_into::<HtmlInputElement>().checked();
                field.with_choice(&choice, is_taken)
            })
        };
        html! {
            <label><input type="checkbox" checked={chosen.contains(choice)} {onchange} />{ choice.to_string() }</label>
        }
    };
    html! {
        <div class="pg-settings__field" role="group" aria-label={field.id.to_string()}
            data-testid={format!("input-{}", field.id)}>
            { name(field) }
            <div class="pg-settings__choices">{ for choices.iter().map(option) }</div>
            if let Some(error) = &field.error { <strong class="pg-settings__error">{ error.clone() }</strong> }
        </div>
    }
}

/// An assumption: one that is true or false is a switch, another one a field with JSON or plain text.
fn assumption(known: &ShownAssumption, on_msg: &OnMsg, on_close: &Callback<()>) -> Html {
    let path = &known.path;
    let change = {
        let path = Rc::clone(path);
        on_msg.reform(move |value: Option<Value>| Msg::Assume(Rc::clone(&path), value))
    };
    let remove = change.reform(|_| None);
    let testid = format!("assume-{path}");
    let control = if let Value::Bool(is_true) = known.value {
        let onclick = change.reform(move |_| Some(Value::Bool(!is_true)));
        html! {
            <button class="pg-toggle" role="switch" aria-checked={is_true.to_string()}
                aria-label={tr!("{name} is true", name = known.name)}
                data-testid={testid} {onclick}>
                { is_true.to_string() }
            </button>
        }
    } else {
        html! {
            <TextField {testid} label={known.name.clone()} value={written(&known.value)}
                on_text={taken(&change.reform(|text: String| Some(assumed(&text))))} />
        }
    };
    let go_to = |line: usize| {
        // The drawer may lie over the text.
        let (on_msg, on_close) = (on_msg.clone(), on_close.clone());
        let onclick = move |_| {
            on_close.emit(());
            on_msg.emit(Msg::GoToLine(line));
        };
        html! { <button class="pg-link" {onclick}>{ tr!("line {line}", line) }</button> }
    };
    html! {
        <div class="pg-settings__assumption">
            <p><b>{ known.name.clone() }</b>{ " " }{ for known.line.map(go_to) }</p>
            <p class="pg-muted">{ known.why.clone() }</p>
            { control }
            if known.is_given { <button class="pg-link" onclick={remove}>{ tr!("Take it back") }</button> }
        </div>
    }
}
