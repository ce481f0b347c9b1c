//! The transport: to start and end, steps, run and pause, speed, time, zoom.

use std::rc::Rc;

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::effects::{is_narrow, wants_stillness};
use super::icon::{Glyph, icon};
use super::store::OnMsg;
use crate::app::playback::{self, Phase, Speed};
use crate::app::zoom::Zoom;
use crate::app::{App, Msg, View};
use crate::time::{SimTime, human, seconds};

/// The buttons of playback and zoom.
pub fn transport(app: &App, on_msg: &OnMsg) -> Html {
    let (playback, zoomed, disabled) = (&app.playback, app.zoom.is_some(), app.is_stale());
    let running = playback.phase == Phase::Running;
    let play = |msg: playback::Msg| on_msg.reform(move |_: MouseEvent| Msg::Play(msg));
    let zoom = |zoom: Zoom| on_msg.reform(move |_: MouseEvent| Msg::Zoom(zoom));
    let button = |testid: &'static str, label: &'static str, glyph: Glyph, onclick: Callback<MouseEvent>| {
        html! { <button class={classes!("pg-button", "pg-button--icon", format!("pg-transport__{testid}"))} data-testid={testid} aria-label={label} disabled={disabled} {onclick}>{ icon(glyph) }</button> }
    };
    let on_speed = on_msg.reform(|event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        let at = usize::try_from(select.selected_index()).unwrap_or(0);
        Msg::Play(playback::Msg::Speed(Speed::ALL.get(at).copied().unwrap_or(Speed::Normal)))
    });
    let toggle = on_msg.reform(|_: MouseEvent| Msg::Play(playback::Msg::Toggle { still: wants_stillness() }));
    html! {
        <div class="pg-transport" role="toolbar" aria-label="Playback" aria-disabled={disabled.then_some("true")}>
            { button("to-start", "To start", Glyph::ToStart, play(playback::Msg::Start)) }
            { button("step-prev", "Previous event", Glyph::Previous, play(playback::Msg::Previous)) }
            <button class="pg-button pg-button--primary" id="pg-run" data-testid={if running { "pause" } else { "run" }} disabled={disabled} onclick={toggle}>
                { icon(if running { Glyph::Pause } else { Glyph::Run }) }{ if running { "Pause" } else { "Run" } }
            </button>
            { button("step-next", "Next event", Glyph::Next, play(playback::Msg::Next)) }
            { button("to-end", "To end", Glyph::ToEnd, play(playback::Msg::End)) }
            <span class="pg-transport__gap" />
            <span class="pg-select">
                <select class="pg-button pg-select__box" data-testid="speed" aria-label="Speed" disabled={disabled} onchange={on_speed}>
                    { for Speed::ALL.iter().map(|speed| html! { <option selected={*speed == playback.speed}>{ speed.label() }</option> }) }
                </select>
                { icon(Glyph::Down) }
            </span>
            <span class={classes!("pg-transport__time", disabled.then_some("pg-transport__time--off"))}>
                <b>{ clock_text(playback.now(), playback.end).trim_end_matches(" s").to_owned() }</b><span class="pg-transport__end">{ format!(" / {}", clock_text(playback.end, playback.end)) }</span>
            </span>
            <span class="pg-spacer" />
            if !is_narrow() { { find(app, on_msg) } }
            { button("zoom-out", "Zoom out", Glyph::Minus, zoom(Zoom::Out)) }
            <button class="pg-button pg-button--icon pg-transport__zoom-fit" data-testid="zoom-fit" aria-label="Show the whole run" disabled={disabled || !zoomed} onclick={zoom(Zoom::Whole)}>{ icon(Glyph::Fit) }</button>
            { button("zoom-in", "Zoom in", Glyph::Plus, zoom(Zoom::In)) }
            if !is_narrow() { { view(app, on_msg) } }
        </div>
    }
}

/// What a narrow page, whose transport has no room for it, shows above the timeline.
pub fn viewing(app: &App, on_msg: &OnMsg) -> Html {
    html! { <div class="pg-viewing">{ find(app, on_msg) }{ view(app, on_msg) }</div> }
}

/// The field that only lets the rows through that are looked for.
fn find(app: &App, on_msg: &OnMsg) -> Html {
    let oninput = on_msg.reform(|event: InputEvent| Msg::Find(Rc::from(event.target_unchecked_into::<HtmlInputElement>().value())));
    html! {
        <input class="pg-find" id="pg-find" type="search" placeholder="Find" aria-label="Find rows by name, type or state" title="By name, type or state" data-testid="find" value={app.find.to_string()} {oninput} />
    }
}

/// How the run is drawn.
fn view(app: &App, on_msg: &OnMsg) -> Html {
    let item = |view: View, name: &'static str, label: &'static str| {
        let onclick = on_msg.reform(move |_: MouseEvent| Msg::View(view));
        html! { <button class="pg-segmented__item" role="radio" aria-checked={if app.view == view { "true" } else { "false" }} data-testid={format!("view-{name}")} {onclick}>{ label }</button> }
    };
    html! { <span class="pg-segmented" role="radiogroup" aria-label="View">{ item(View::Gantt, "gantt", "Gantt") }{ item(View::Slots, "slots", "Slots") }</span> }
}

/// A time as a clock shows it, to the hundredth of a second; in runs of more than a minute in words.
pub fn clock_text(time: SimTime, end: SimTime) -> String {
    match end.0 {
        0..60_000 => format!("{} s", seconds(SimTime(time.0 / 10 * 10), 2)),
        _ => human(SimTime(time.0 / 100 * 100)),
    }
}
