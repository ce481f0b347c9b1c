//! The transport: to start and end, steps, run and pause, speed, time, zoom.

use std::rc::Rc;

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::effects::{focus_by_id, is_narrow, wants_stillness};
use super::field;
use super::header::travel;
use super::icon::{Glyph, icon};
use super::store::OnMsg;
use crate::app::playback::{self, Phase, Playback, Speed, clock_number, clock_text};
use crate::app::zoom::Zoom;
use crate::app::{Msg, View};
use crate::tr;

/// What the transport shows.
pub struct Controls<'a> {
    pub playback: Playback,
    pub is_zoomed: bool,
    pub find: &'a Rc<str>,
    /// How many rows were found, in words.
    pub found: &'a str,
    pub view: View,
    /// Why nothing can be played, where that is so.
    pub why_not: Option<&'a str>,
    /// Whether what comes is to be hidden; `None` unless the chart is presented.
    pub hiding: Option<bool>,
    /// Whether it is hidden now.
    pub hides: bool,
}

/// The buttons of playback and zoom. They change with each frame, so that a component of its own would save nothing.
pub fn transport(controls: &Controls<'_>, on_msg: &OnMsg) -> Html {
    let Controls { playback, is_zoomed, find, found, view, why_not, hiding, hides } = *controls;
    let disabled = why_not.is_some();
    let play = |msg: playback::Msg| on_msg.reform(move |_: MouseEvent| Msg::Play(msg));
    let button =
        |testid: &'static str, label: String, glyph: Glyph, msg: playback::Msg| icon_button(testid, label, glyph, why_not, play(msg));
    html! {
        <div class="pg-transport" role="toolbar" aria-label={tr!("Playback")}
            aria-disabled={disabled.then_some("true")}>
            { button("to-start", tr!("To start"), Glyph::ToStart, playback::Msg::Start) }
            { button("step-prev", tr!("Previous event"), Glyph::Previous, playback::Msg::Previous) }
            { run_button(playback, why_not, on_msg) }
            { button("step-next", tr!("Next event"), Glyph::Next, playback::Msg::Next) }
            { button("to-end", tr!("To end"), Glyph::ToEnd, playback::Msg::End) }
            <span class="pg-transport__gap" />
            if !is_narrow() { { speed(playback, why_not, on_msg) } }
            <span class={classes!("pg-transport__time", disabled.then_some("pg-transport__time--off"))}>
                <b>{ clock_number(playback.now(), playback.end) }</b>
                <span class="pg-transport__end">
                    { [" / ", &if hides { "?".to_owned() } else { clock_text(playback.end, playback.end) }].concat() }
                </span>
            </span>
            <span class="pg-spacer" />
            if !is_narrow() { { find_field(find, found, on_msg) } }
            if !is_narrow() { { zooms(is_zoomed, why_not, on_msg) }{ view_switch(view, on_msg) } }
            { for hiding.map(|is_hiding| hide_switch(is_hiding, on_msg)) }
        </div>
    }
}

/// Hides what comes after the playhead, so that people can guess it.
fn hide_switch(is_hiding: bool, on_msg: &OnMsg) -> Html {
    let class = classes!("pg-button", is_hiding.then_some("pg-button--pressed"));
    html! {
        <button {class} data-testid="hide" aria-pressed={is_hiding.to_string()}
            title={tr!("Hide what comes after the playhead, and the total, until the run gets there (H)")}
            onclick={on_msg.reform(|_| Msg::Hide)}>
            { tr!("Hide what comes") }
        </button>
    }
}

/// A button with a picture, off where there is a reason why it would do nothing.
fn icon_button(testid: &'static str, label: String, glyph: Glyph, why_not: Option<&str>, onclick: Callback<MouseEvent>) -> Html {
    let title = why_not.map_or_else(|| label.clone(), str::to_owned);
    html! {
        <button class={format!("pg-button pg-button--icon pg-transport__{testid}")} data-testid={testid}
            aria-label={label} {title} disabled={why_not.is_some()} {onclick}>
            { icon(glyph) }
        </button>
    }
}

fn zooms(is_zoomed: bool, why_not: Option<&str>, on_msg: &OnMsg) -> Html {
    let button = |testid, label, glyph, zoom: Zoom| {
        let whole = (matches!(zoom, Zoom::Whole | Zoom::Out) && !is_zoomed).then(|| tr!("The whole run is in view"));
        let why_not = why_not.or(whole.as_deref());
        icon_button(testid, label, glyph, why_not, on_msg.reform(move |_: MouseEvent| Msg::Zoom(zoom)))
    };
    html! {
        <>
            { button("zoom-out", tr!("Zoom out"), Glyph::Minus, Zoom::Out) }
            { button("zoom-fit", tr!("Show the whole run"), Glyph::Fit, Zoom::Whole) }
            { button("zoom-in", tr!("Zoom in"), Glyph::Plus, Zoom::In) }
        </>
    }
}

fn run_button(playback: Playback, why_not: Option<&str>, on_msg: &OnMsg) -> Html {
    let (testid, glyph, label) = match playback.phase {
        _ if playback.goes_on() => ("run", Glyph::Run, tr!("Continue")),
        Phase::Running => ("pause", Glyph::Pause, tr!("button" => "Pause")),
        Phase::Idle | Phase::Paused | Phase::Ended => ("run", Glyph::Run, tr!("button" => "Run")),
    };
    let toggle = |_: MouseEvent| Msg::Play(playback::Msg::Toggle { still: wants_stillness() });
    html! {
        <button class="pg-button pg-button--primary" id="pg-run" data-testid={testid} disabled={why_not.is_some()}
            title={why_not.map(str::to_owned)}
            onclick={on_msg.reform(toggle)}>
            { icon(glyph) }{ label }
        </button>
    }
}

fn speed(playback: Playback, why_not: Option<&str>, on_msg: &OnMsg) -> Html {
    let onchange = on_msg.reform(|event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        let at = usize::try_from(select.selected_index()).unwrap_or(0);
        Msg::Play(playback::Msg::Speed(Speed::ALL.get(at).copied().unwrap_or(Speed::Normal)))
    });
    let option = |one: &Speed| {
        let shown = html! { <option>{ playback.speed_text(*one) }</option> };
        field::option(*one == playback.speed, shown)
    };
    let (title, disabled) = (why_not.map(str::to_owned), why_not.is_some());
    html! {
        <span class={classes!("pg-button", "pg-select", disabled.then_some("pg-select--off"))}>
            <span>{ playback.speed.label() }</span>{ icon(Glyph::Down) }
            <select data-testid="speed" aria-label={tr!("Speed")} {title} {disabled} {onchange}>
                { for Speed::ALL.iter().map(option) }
            </select>
        </span>
    }
}

/// What a narrow page, whose transport has no room for it, shows above the timeline.
pub fn viewing(controls: &Controls<'_>, can: (bool, bool), on_msg: &OnMsg) -> Html {
    let Controls { playback, is_zoomed, find, found, view, why_not, .. } = *controls;
    html! {
        <div class="pg-viewing" aria-disabled={why_not.map(|_| "true")}>
            <span class="pg-viewing__line">
                { view_switch(view, on_msg) }
                <span class="pg-spacer" />
                { travel("undo", tr!("Undo"), Glyph::Undo, can.0, Msg::Undo, on_msg) }
                { travel("redo", tr!("Redo"), Glyph::Redo, can.1, Msg::Redo, on_msg) }
            </span>
            <details>
                <summary class="pg-button" data-testid="more" aria-label={tr!("Find, speed and zoom")}>
                    { tr!("More") }
                </summary>
                <span class="pg-viewing__line">
                    { find_field(find, found, on_msg) }
                    { speed(playback, why_not, on_msg) }
                    { zooms(is_zoomed, why_not, on_msg) }
                </span>
            </details>
        </div>
    }
}

/// The field that shows only the rows that match.
fn find_field(find: &Rc<str>, found: &str, on_msg: &OnMsg) -> Html {
    let onkeydown = {
        let on_msg = on_msg.clone();
        move |event: KeyboardEvent| {
            let field: HtmlInputElement = event.target_unchecked_into();
            match &*event.key() {
                "Enter" => on_msg.emit(Msg::FindNext),
                // Back to the rows, all of them.
                "Escape" => {
                    if !field.value().is_empty() {
                        event.prevent_default();
                        on_msg.emit(Msg::Find(Rc::from("")));
                    }
                    focus_by_id("pg-rows");
                }
                _ => {}
            }
        }
    };
    let oninput = on_msg.reform(|event: InputEvent| {
        let field: HtmlInputElement = event.target_unchecked_into();
        Msg::Find(Rc::from(field.value()))
    });
    html! {
        <>
            <input class="pg-find" id="pg-find" type="search" placeholder={tr!("Find")}
                aria-label={tr!("Find rows by name, type or state; Enter goes to the next")}
                title={tr!("By name, type or state; Enter goes to the next")} data-testid="find"
                value={find.to_string()} {oninput} {onkeydown} />
            <span class="pg-find__count" role="status" data-testid="found">{ found.to_owned() }</span>
        </>
    }
}

/// How the run is drawn.
fn view_switch(view: View, on_msg: &OnMsg) -> Html {
    let item = |which: View, testid: &'static str, label: String| {
        let onclick = on_msg.reform(move |_: MouseEvent| Msg::View(which));
        html! {
            <button class="pg-segmented__item" role="radio" aria-checked={(view == which).to_string()}
                data-testid={testid} {onclick}>
                { label }
            </button>
        }
    };
    html! {
        <span class="pg-segmented" role="radiogroup" aria-label={tr!("View")}>
            { item(View::Gantt, "view-gantt", tr!("Gantt")) }{ item(View::Slots, "view-slots", tr!("Slots")) }
        </span>
    }
}
