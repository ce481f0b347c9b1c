//! A slider for the slots of each group, and a switch for its mode. They edit the text; nothing else.

use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::effects::is_embed;
use super::icon::{Glyph, icon};
use super::store::OnMsg;
use crate::app::Msg;
use crate::app::controls::GroupControl;
use crate::app::groups::{ModeControl, SLIDER_EDGE_PX, Slider};
use crate::app::run::Run;
use crate::edit::Intent;
use crate::timeline::shapes::px;
use crate::tr;

/// Why nothing can be set.
fn off() -> String {
    tr!("The text has a problem, or may not be changed here")
}

/// How many groups an embed shows.
const IN_EMBED: usize = 2;

#[derive(Properties, PartialEq)]
pub struct GroupsProps {
    pub run: Rc<Run>,
    pub selected: Option<Rc<str>>,
    /// The width of the page; 0 until it is known.
    pub width_px: i32,
    pub disabled: bool,
    pub on_msg: OnMsg,
}

/// One line: the slider of the selected group, else of the one around the selected row, else of the first. All others are set
/// in their rows. An embed shows two.
#[component]
pub fn Groups(GroupsProps { run, selected, width_px, disabled, on_msg }: &GroupsProps) -> Html {
    let key = selected.as_deref();
    let (groups, modes) = if is_embed() {
        let is_shown = |(n, group): &(usize, GroupControl)| *n < IN_EMBED || key == Some(&*group.id);
        let groups = run.controls.iter().cloned().enumerate().filter(is_shown).map(|(_, group)| group).collect();
        (groups, run.mode_controls().into_iter().take(2 * IN_EMBED).collect())
    } else {
        (Vec::from_iter(run.control_for(key)), Vec::from_iter(run.mode_for(key)))
    };
    // The switch of the group whose slider it stands beside needs no name.
    let is_same = modes.len() == 1 && groups.len() == 1 && modes[0].id == groups[0].id && !is_embed();
    let at_once = run.at_once().filter(|_| !is_embed());
    if groups.is_empty() && modes.is_empty() && at_once.is_none() {
        return html! {};
    }
    html! {
        <div class="pg-groups" aria-disabled={disabled.then_some("true")}>
            { for groups.iter().map(|group| group_line(group, *width_px, *disabled, on_msg)) }
            if !modes.is_empty() {
                <div class={classes!("pg-groups__line", "pg-groups__line--slim",
                    is_same.then_some("pg-groups__line--same"))}>
                    { for modes.iter().map(|mode| mode_switch(mode, is_same, *disabled, on_msg)) }
                </div>
            }
            { for at_once.map(|limit| queue_line(limit, *disabled, on_msg)) }
        </div>
    }
}

/// How many executions of the flow run at once.
#[inline(never)] // So that it can be fetched later.
fn queue_line(limit: u32, disabled: bool, on_msg: &OnMsg) -> Html {
    let step = |testid: &'static str, label: String, glyph: Glyph, to: u32| {
        let why_not = if to == 0 { Some(tr!("1 execution is the least")) } else { disabled.then(off) };
        let disabled = why_not.is_some();
        let title = why_not.unwrap_or_else(|| label.clone());
        html! {
            <button class="pg-button pg-button--outline pg-button--icon" data-testid={testid} aria-label={label}
                {title} {disabled}
                onclick={on_msg.reform(move |_| Msg::AtOnce(to))}>
                { icon(glyph) }
            </button>
        }
    };
    const PROPERTY: &str = ": concurrency.limit";
    let name = tr!("executions");
    html! {
        <div class="pg-groups__line pg-groups__queue">
            <span class="pg-groups__name pg-groups__name--tight" data-tip={[&*name, PROPERTY].concat()}>
                { name }<span>{ PROPERTY }</span>
            </span>
            <span class="pg-groups__control">
                { step("queue-less", tr!("One execution less at once"), Glyph::Minus, limit - 1) }
                <b class="pg-strong" data-testid="queue-limit">{ limit }</b>
                { step("queue-more", tr!("One execution more at once"), Glyph::Plus, limit + 1) }
            </span>
        </div>
    }
}

/// Whether a group runs its tasks in parallel or in sequence.
fn mode_switch(ModeControl { id, is_parallel }: &ModeControl, is_same: bool, disabled: bool, on_msg: &OnMsg) -> Html {
    let side = |label: String, checked: bool| {
        let id = Rc::clone(id);
        let msg = move |_: MouseEvent| if checked { Msg::Settle } else { Msg::Change(Rc::clone(&id), Intent::Switch) };
        html! {
            <button class="pg-segmented__item" role="radio" aria-checked={checked.to_string()} {disabled}
                title={disabled.then(off)}
                onclick={on_msg.reform(msg)}>
                { label }
            </button>
        }
    };
    html! {
        <span class="pg-groups__mode" key={id.to_string()}>
            if !is_same {
                <span class="pg-groups__name pg-groups__name--tight" data-tip={id.to_string()}>
                    { id.to_string() }<span>{ ": " }{ tr!("mode") }</span>
                </span>
            }
            <span class="pg-segmented" role="radiogroup" aria-label={tr!("Mode of {group}", group = id)}
                data-testid={format!("mode-{id}")}>
                { side(tr!("Parallel"), *is_parallel) }{ side(tr!("Sequential"), !*is_parallel) }
            </span>
        </span>
    }
}

/// What follows the name of a group: its property, in an embed its limit.
fn name_tail(group: &GroupControl) -> String {
    match (is_embed(), group.is_unlimited()) {
        (false, _) => [": ", group.property].concat(),
        (true, true) => String::new(),
        (true, false) => [": ", &*group.limit_text()].concat(),
    }
}

fn group_line(group: &GroupControl, width_px: i32, disabled: bool, on_msg: &OnMsg) -> Html {
    let (id, value, unlimited) = (&group.id, group.value(), group.is_unlimited());
    let set = |limit: Option<u32>| {
        let id = Rc::clone(id);
        on_msg.reform(move |_: MouseEvent| Msg::SetConcurrent(Rc::clone(&id), limit))
    };
    let switch = {
        let id = Rc::clone(id);
        on_msg.reform(move |_| Msg::SwitchLimit(Rc::clone(&id)))
    };
    let step = |label: String, glyph: Glyph, to: u32, disabled: bool| {
        html! {
            <button class="pg-button pg-button--outline pg-button--icon" aria-label={label} {disabled}
                title={disabled.then(|| if to == 1 && value <= 1 { tr!("1 slot is the least") } else { off() })}
                onclick={set(Some(to))}>
                { icon(glyph) }
            </button>
        }
    };
    let (less, more) = (tr!("One slot less for {group}", group = id), tr!("One slot more for {group}", group = id));
    html! {
        <div class="pg-groups__line" key={id.to_string()}>
            <span class="pg-groups__name" data-tip={id.to_string()}>
                { id.to_string() }
                <span>{ name_tail(group) }</span>
            </span>
            <span class="pg-groups__control">
                { step(less, Glyph::Minus, value.saturating_sub(1).max(1), disabled || value <= 1) }
                { slider(group, width_px, disabled, on_msg) }
                { step(more, Glyph::Plus, value + 1, disabled) }
            </span>
            <button class="pg-toggle" role="switch" aria-checked={unlimited.to_string()}
                aria-label={tr!("No limit for {group}", group = id)}
                data-testid={format!("no-limit-{id}")} title={disabled.then(off)} {disabled}
                onclick={switch}>
                <svg width="30" height="18" aria-hidden="true">
                    <rect class="pg-toggle__track" x=".5" y=".5" width="29" height="17" rx="3" />
                    <rect class="pg-toggle__knob" x={if unlimited { "18" } else { "4" }} y="4" width="8" height="10"
                        rx="1.5" />
                </svg>
                { tr!("no limit") }
            </button>
        </div>
    }
}

/// The native range lies over the drawing, transparent.
fn slider(group: &GroupControl, width_px: i32, disabled: bool, on_msg: &OnMsg) -> Html {
    let (id, value, top) = (&group.id, group.value(), group.top());
    let oninput = {
        let id = Rc::clone(id);
        on_msg.reform(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            Msg::SetConcurrent(Rc::clone(&id), Some(input.value_as_number() as u32))
        })
    };
    let unlimited = group.is_unlimited().then_some("pg-slider--off");
    html! {
        <span class={classes!("pg-slider", unlimited, disabled.then_some("pg-slider--disabled"))}>
            { drawing(value, top, width_px) }
            <input class="pg-slider__input" type="range" min="1" max={top.to_string()} step="1"
                value={value.to_string()}
                data-testid={format!("slider-{id}")} aria-label={tr!("Slots of {group}", group = id)}
                aria-valuetext={group.limit_text()} title={disabled.then(off)} {disabled} {oninput} />
        </span>
    }
}

fn drawing(value: u32, top: u32, width_px: i32) -> Html {
    let slider = Slider::of(value, top, f64::from(width_px));
    let number = |(n, x): &(u32, f64)| {
        let class = classes!("pg-slider__number", (*n == value).then_some("pg-slider__number--on"));
        html! {
            <>
                <path class="pg-slider__tick" d={format!("M{} 10v8", px(x.floor() + 0.5))}
                    shape-rendering="crispEdges" />
                <text {class} x={px(x + 0.5)} y="36">{ *n }</text>
            </>
        }
    };
    let line = |to: f64| format!("M{} 14H{}", px(SLIDER_EDGE_PX), px(to));
    html! {
        <svg width={px(slider.end_px + SLIDER_EDGE_PX)} height="40" aria-hidden="true">
            <path class="pg-slider__track" d={line(slider.end_px)} />
            <path class="pg-slider__past" d={line(slider.value_px)} />
            { for slider.numbers.iter().map(number) }
            <rect class="pg-slider__thumb" x={px(slider.value_px - 4.5)} y="5" width="10" height="18" rx="3" />
        </svg>
    }
}
