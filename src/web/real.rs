//! Real executions in the panel: opening a file, and the gap of each task.

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::bridge;
use super::effects::is_embed;
use super::store::OnMsg;
use super::table::more_rows;
use crate::actual::Overlay;
use crate::app::real::{Act, GapLine, MOST_BYTES, Overlaid};
use crate::app::{App, Msg};
use crate::tr;

/// More lines than these are counted.
const MOST_LINES: usize = 200;

/// A file that is dropped on the page is a real execution when it is JSON, else it is the text.
#[hook]
pub fn use_drop(on_msg: &OnMsg) {
    let on_msg = on_msg.clone();
    use_effect_with((), move |()| {
        if !is_embed() {
            let call = Closure::<dyn FnMut(String, String)>::new(move |name: String, text: String| on_msg.emit(opened(&name, text)));
            bridge::on_drop(call.as_ref(), MOST_BYTES as f64);
            call.forget(); // The page lives as long as its window.
        }
    });
}

fn opened(name: &str, text: String) -> Msg {
    let is_json = name.to_ascii_lowercase().ends_with(".json") || text.trim_start().starts_with(['{', '[']);
    if is_json { Msg::Real(Act::Open(name.into(), text.into())) } else { Msg::Edit(text.into()) }
}

/// The part of the panel about real executions.
#[inline(never)] // So that it can be fetched later.
pub fn real(app: &App, on_msg: &OnMsg) -> Html {
    let overlaid = app.overlaid.as_ref();
    html! {
        <section class="pg-real" aria-label={tr!("Real run")} data-testid="real">
            <div class="pg-trials__head">
                { choose(on_msg) }
                if let Some(overlaid) = overlaid { { actions(overlaid, on_msg) } } else {
                    <span class="pg-muted">{ tr!("Or drop the JSON of an execution of Kestra on the page.") }</span>
                }
            </div>
            if let Some(overlaid) = overlaid {
                { match &overlaid.overlay {
                    Ok(overlay) => gaps(overlaid, overlay, app.selected.as_ref(), on_msg),
                    Err(why) => html! { <p role="status">{ overlaid.name().to_owned() }{ ": " }{ why.clone() }</p> },
                } }
            }
        </section>
    }
}

/// A field for a file, which looks like a button.
fn choose(on_msg: &OnMsg) -> Html {
    let onchange = on_msg.clone();
    let onchange = move |event: Event| {
        let on_msg = onchange.clone();
        let input: HtmlInputElement = event.target_unchecked_into();
        let call = Closure::once_into_js(move |name: String, text: String| on_msg.emit(opened(&name, text)));
        bridge::read_chosen(&input, &call, MOST_BYTES as f64);
    };
    html! {
        <label class="pg-button pg-button--outline pg-real__choose">
            { tr!("Open a real run") }
            <input type="file" accept=".json,application/json" data-testid="open-real" {onchange} />
        </label>
    }
}

fn actions(overlaid: &Overlaid, on_msg: &OnMsg) -> Html {
    let button = |act: Act, testid: &'static str, label: String| {
        let onclick = on_msg.reform(move |_: MouseEvent| Msg::Real(act.clone()));
        html! { <button class="pg-button" data-testid={testid} {onclick}>{ label }</button> }
    };
    html! {
        <>
            if overlaid.overlay.is_ok() {
                { button(Act::Learn, "learn-real", tr!("Take over its times")) }
            }
            { button(Act::Remove, "remove-real", tr!("Remove the real run")) }
        </>
    }
}

fn gaps(overlaid: &Overlaid, overlay: &Overlay, selected: Option<&Rc<str>>, on_msg: &OnMsg) -> Html {
    let (lines, (summary, unpaired)) = (overlaid.lines(overlay), overlaid.summary(overlay));
    let line = |line: &GapLine| {
        let class = (line.key.is_some() && line.key.as_ref() == selected).then_some("pg-table__row--selected");
        let key = line.key.clone();
        let onclick = on_msg.reform(move |_: MouseEvent| Msg::Select(key.clone()));
        let [numbers @ .., added] = &line.cells;
        html! {
            <tr {class} {onclick}>
                <th scope="row">{ line.name.clone() }</th>
                { for numbers.iter().map(|text| html! { <td class="pg-table__number">{ text.clone() }</td> }) }
                <td>{ added.clone() }</td>
            </tr>
        }
    };
    let heads = [tr!("real, against the simulation"), tr!("begins"), tr!("ends"), tr!("length"), tr!("added by the server")];
    html! {
        <>
            <p data-testid="real-summary">
                <b class="pg-strong">{ overlaid.name().to_owned() }</b>{ ": " }{ summary }
            </p>
            { for unpaired.into_iter().map(|said| html! { <p>{ said }</p> }) }
            <div class="pg-trials__scroll">
                <table class="pg-table" data-testid="gaps">
                    <thead>
                        <tr>{ for heads.into_iter().map(|head| html! { <th scope="col">{ head }</th> }) }</tr>
                    </thead>
                    <tbody>
                        { for lines.iter().take(MOST_LINES).map(line) }
                        if lines.len() > MOST_LINES {
                            <tr><td colspan="5">{ more_rows(lines.len() - MOST_LINES) }</td></tr>
                        }
                    </tbody>
                </table>
            </div>
        </>
    }
}
