//! A slider for each group's slots. It edits the text; nothing else.

use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::effects::{is_embed, page_width_px};
use super::icon::{Glyph, icon};
use super::store::OnMsg;
use crate::app::Msg;
use crate::app::run::{GroupControl, Run};
use crate::edit::Intent;
use crate::timeline::shapes::px;

/// How many groups are shown before the others are asked for.
const SHOWN: usize = 2;
/// The longest a slider gets; on a narrow page what its buttons and the edges leave.
const TRACK_PX: f64 = 220.0;
const BESIDE_PX: f64 = 2.0 * (16.0 + 44.0 + 8.0 + EDGE_PX);
const WIDEST_STEP_PX: f64 = 44.0;
const EDGE_PX: f64 = 14.0;

#[derive(Properties, PartialEq)]
pub struct GroupsProps {
    pub run: Rc<Run>,
    pub selected: Option<Rc<str>>,
    pub disabled: bool,
    pub on_msg: OnMsg,
}

#[component]
pub fn Groups(GroupsProps { run, selected, disabled, on_msg }: &GroupsProps) -> Html {
    let all = use_state_eq(|| false);
    let groups = run.group_controls();
    let modes = run.mode_controls();
    if groups.is_empty() && modes.is_empty() {
        return html! {};
    }
    let n_more = if *all { 0 } else { groups.len().saturating_sub(SHOWN) };
    let is_shown = |n: usize, group: &GroupControl| *all || n < SHOWN || selected.as_deref() == Some(&*group.id);
    let shown = groups.iter().enumerate().filter(|(n, group)| is_shown(*n, group)).map(|(_, group)| group.clone());
    let toggle = {
        let all = all.clone();
        move |_| all.set(!*all)
    };
    html! {
        <div class="pg-groups" aria-disabled={disabled.then_some("true")}>
            { for shown.map(|group| group_line(&group, *disabled, on_msg)) }
            if !modes.is_empty() {
                <div class="pg-groups__line pg-groups__line--slim">{ for modes.iter().take(if *all { modes.len() } else { 2 * SHOWN }).map(|mode| mode_switch(mode, *disabled, on_msg)) }</div>
            }
            if n_more > 0 || *all && groups.len() > SHOWN {
                <button class="pg-link pg-link--quiet pg-groups__more" onclick={toggle}>
                    { if *all { "Fewer groups".to_owned() } else { format!("{n_more} more groups") } }
                </button>
            }
        </div>
    }
}

/// Whether a group runs what it holds in parallel or in sequence.
fn mode_switch((id, is_parallel): &(Rc<str>, bool), disabled: bool, on_msg: &OnMsg) -> Html {
    let side = |label: &'static str, checked: bool| {
        let id = Rc::clone(id);
        let onclick = on_msg.reform(move |_: MouseEvent| if checked { Msg::Settle } else { Msg::Change(Rc::clone(&id), Intent::Switch) });
        html! { <button class="pg-segmented__item" role="radio" aria-checked={if checked { "true" } else { "false" }} {disabled} {onclick}>{ label }</button> }
    };
    html! {
        <span class="pg-groups__mode" key={id.to_string()}>
            <span class="pg-groups__name pg-groups__name--tight" title={id.to_string()}>{ id.to_string() }<span>{ ": mode" }</span></span>
            <span class="pg-segmented" role="radiogroup" aria-label={format!("Mode of {id}")} data-testid={format!("mode-{id}")}>{ side("Parallel", *is_parallel) }{ side("Sequential", !*is_parallel) }</span>
        </span>
    }
}

fn group_line(group: &GroupControl, disabled: bool, on_msg: &OnMsg) -> Html {
    let GroupControl { id, concurrent, most, property } = group;
    let unlimited = *concurrent == 0;
    let top = (*most).max(*concurrent).max(2);
    let value = if unlimited { top } else { *concurrent };
    let set = |limit: Option<u32>| {
        let (on_msg, id) = (on_msg.clone(), Rc::clone(id));
        Callback::from(move |()| on_msg.emit(Msg::SetConcurrent(Rc::clone(&id), limit)))
    };
    let oninput = {
        let (on_msg, id) = (on_msg.clone(), Rc::clone(id));
        move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            on_msg.emit(Msg::SetConcurrent(Rc::clone(&id), Some(input.value_as_number() as u32)));
        }
    };
    let less = set(Some(value.saturating_sub(1).max(1)));
    let more = set(Some(value + 1));
    let limit_text = if unlimited { "no limit".to_owned() } else { value.to_string() };
    let limit = set(if unlimited { Some(value) } else { None });
    let class = classes!("pg-slider", unlimited.then_some("pg-slider--off"), disabled.then_some("pg-slider--disabled"));
    html! {
        <div class="pg-groups__line" key={id.to_string()}>
            <span class="pg-groups__name" title={id.to_string()}>{ id.to_string() }<span>{ if !is_embed() { [": ", property].concat() } else if unlimited { String::new() } else { [": ", &*limit_text].concat() } }</span></span>
            <span class="pg-groups__control">
                <button class="pg-button pg-button--outline pg-button--icon" aria-label={format!("One slot less for {id}")} disabled={disabled || value <= 1} onclick={less.reform(|_| ())}>{ icon(Glyph::Minus) }</button>
                <span {class}>
                    { drawing(value, top) }
                    <input class="pg-slider__input" type="range" min="1" max={top.to_string()} step="1" value={value.to_string()} data-testid={format!("slider-{id}")}
                        aria-label={format!("Slots of {id}")} aria-valuetext={limit_text} disabled={disabled} {oninput} />
                </span>
                <button class="pg-button pg-button--outline pg-button--icon" aria-label={format!("One slot more for {id}")} disabled={disabled} onclick={more.reform(|_| ())}>{ icon(Glyph::Plus) }</button>
            </span>
            <button class="pg-toggle" role="switch" aria-checked={if unlimited { "true" } else { "false" }} aria-label={format!("No limit for {id}")} data-testid={format!("no-limit-{id}")} disabled={disabled} onclick={limit.reform(|_| ())}>
                <svg width="30" height="18" aria-hidden="true">
                    <rect class="pg-toggle__track" x=".5" y=".5" width="29" height="17" rx="3" />
                    <rect class="pg-toggle__knob" x={if unlimited { "18" } else { "4" }} y="4" width="8" height="10" rx="1.5" />
                </svg>
                { "no limit" }
            </button>
        </div>
    }
}

/// The slider as it looks; the native range lies over it, transparent.
fn drawing(value: u32, top: u32) -> Html {
    let track = (page_width_px() - BESIDE_PX).clamp(100.0, TRACK_PX);
    let step = (track / f64::from(top - 1)).min(WIDEST_STEP_PX);
    let x = |n: u32| EDGE_PX + step * f64::from(n - 1);
    let end = x(top);
    // Numbers need room: every second, fifth, tenth... when there are many.
    let every =
        [1, 2, 5, 10, 20, 50, 100, 1000, 10_000, 100_000].into_iter().find(|every| f64::from(*every) * step >= 20.0).unwrap_or(1_000_000);
    let numbers = (1..=top).filter(|n| *n == 1 || *n == top || n % every == 0 && top - n >= every.min(3));
    let tick = |n: u32| {
        let class = classes!("pg-slider__number", (n == value).then_some("pg-slider__number--on"));
        html! {
            <>
                <path class="pg-slider__tick" d={format!("M{} 10v8", px(x(n).floor() + 0.5))} shape-rendering="crispEdges" />
                <text {class} x={px(x(n) + 0.5)} y="36">{ n }</text>
            </>
        }
    };
    html! {
        <svg width={px(end + EDGE_PX)} height="40" aria-hidden="true">
            <path class="pg-slider__track" d={format!("M{} 14H{}", px(EDGE_PX), px(end))} />
            <path class="pg-slider__past" d={format!("M{} 14H{}", px(EDGE_PX), px(x(value)))} />
            { for numbers.map(tick) }
            <rect class="pg-slider__thumb" x={px(x(value) - 4.5)} y="5" width="10" height="18" rx="3" />
        </svg>
    }
}
