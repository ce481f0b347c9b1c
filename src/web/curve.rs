//! The curve: the makespan for each number of slots of a group. A dot sets the limit.

use std::rc::Rc;

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::effects::{focus_by_id, use_size};
use super::field;
use super::icon::{Glyph, icon};
use super::sentence::{code_in, filled};
use super::store::OnMsg;
use super::term::term;
use crate::app::Msg;
use crate::app::curve::{AXIS_PX, Curve, Dot, HEIGHT_PX, LEFT_PX, WIDTH_PX};
use crate::app::terms::Term;
use crate::time::human;
use crate::timeline::shapes::px;
use crate::tr;

#[derive(Properties, PartialEq)]
pub struct CurveProps {
    pub curve: Option<Rc<Curve>>,
    pub on_msg: OnMsg,
}

#[component]
pub fn CurvePanel(CurveProps { curve, on_msg }: &CurveProps) -> Html {
    let Some(curve) = curve else {
        return html! {
            <p class="pg-muted" data-testid="curve">{ tr!("This flow has no group whose slots could be set.") }</p>
        };
    };
    let group = &curve.group;
    let several = curve.groups.len() > 1;
    html! {
        <div class="pg-curve" data-testid="curve">
            if curve.points().is_empty() {
                <span />
            } else {
                <Picture curve={curve.clone()} on_msg={on_msg.clone()} />
            }
            <div>
                <div class="pg-curve__head">
                    if several { { picker(curve, on_msg) } } else {
                        <b class="pg-strong"><code>{ format!("{}: {}", group.id, group.property) }</code></b>
                    }
                    <span>{ filled(&curve.caption(), &[("slots", term(Term::Slot))]) }</span>
                    if several { { heat_button(curve, on_msg) } }
                </div>
                if let Some(n) = curve.progress() {
                    <p class="pg-muted">{ tr!("{n} numbers are simulated." | "{n} numbers are simulated." % n) }</p>
                } else {
                    <p class="pg-details__why" data-testid="curve-said">{ curve.steps_text() }</p>
                    { for curve.nine_of_ten().map(|text| html! {
                        <p class="pg-details__why" data-testid="curve-band">{ code_in(&text) }</p>
                    }) }
                }
                if curve.has_band() {
                    <p class="pg-curve__key" data-testid="curve-key">{ tr!("the band: 8 of 10 runs") }</p>
                }
                <p class="pg-muted">{ tr!("Select a dot to set the value.") }</p>
            </div>
        </div>
    }
}

/// Leads to the heat map of the group with another one.
fn heat_button(curve: &Curve, on_msg: &OnMsg) -> Html {
    let group = Rc::clone(&curve.group.id);
    let Some(other) = curve.groups.iter().find(|id| **id != group).cloned() else { return html! {} };
    let onclick = on_msg.reform(move |_| Msg::HeatOf(Some([Rc::clone(&group), Rc::clone(&other)])));
    html! {
        <button class="pg-button pg-button--outline" data-testid="show-heat" {onclick}>
            { tr!("Heat map of two groups") }
        </button>
    }
}

#[derive(Properties, PartialEq)]
struct PictureProps {
    curve: Rc<Curve>,
    on_msg: OnMsg,
}

#[component]
fn Picture(PictureProps { curve, on_msg }: &PictureProps) -> Html {
    let node = use_node_ref();
    let (width_px, height_px) = use_size(node.clone()).map_or((WIDTH_PX.0, HEIGHT_PX.0), |(width_px, height_px)| {
        (width_px.clamp(WIDTH_PX.0, WIDTH_PX.1), height_px.clamp(HEIGHT_PX.0, HEIGHT_PX.1))
    });
    let dots = curve.dots((width_px, height_px));
    let edge = |y: fn((f64, f64)) -> f64| dots.iter().filter_map(move |dot| Some((dot.x, y(dot.band?))));
    let around: Vec<String> = edge(|band| band.0).chain(edge(|band| band.1).rev()).map(|(x, y)| format!("{} {}", px(x), px(y))).collect();
    let point = |(n, dot): (usize, &Dot)| format!("{}{} {}", if n == 0 { "M" } else { "L" }, px(dot.x), px(dot.y));
    let line: String = dots.iter().enumerate().map(point).collect();
    let axis = format!("M{} {}H{}", px(LEFT_PX), px(height_px - AXIS_PX), px(width_px - 8.0));
    let sizes = (curve.step_px(width_px), height_px);
    let band = if around.is_empty() { String::new() } else { format!("M{}Z", around.join("L")) };
    html! {
        <div class="pg-curve__picture" ref={node}>
            <svg width={px(width_px)} height={px(height_px)} role="radiogroup"
                aria-label={tr!("Total time for each number of slots of {group}", group = curve.group.id)}>
                <path class="pg-curve__axis" d={axis} />
                <path class="pg-curve__band" d={band} />
                <path class="pg-curve__line" d={line} />
                { for (0..dots.len()).map(|n| dot(&dots, n, &curve.group.id, sizes, on_msg)) }
            </svg>
        </div>
    }
}

/// The choice of the group.
fn picker(curve: &Curve, on_msg: &OnMsg) -> Html {
    let onchange = {
        let (groups, on_msg) = (curve.groups.clone(), on_msg.clone());
        move |event: Event| {
            let at = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
            let group = usize::try_from(at).ok().and_then(|at| groups.get(at));
            on_msg.emit(Msg::Select(group.cloned()));
        }
    };
    group_select(&curve.groups, &curve.group.id, "curve-group", onchange)
}

/// A choice among groups.
pub fn group_select(groups: &[Rc<str>], chosen: &Rc<str>, testid: &'static str, onchange: impl Fn(Event) + 'static) -> Html {
    let option = |id: &Rc<str>| field::option(id == chosen, html! { <option>{ id.to_string() }</option> });
    html! {
        <span class="pg-select">
            <select class="pg-button pg-select__box" data-testid={testid}
                aria-label={tr!("Group: {group}", group = chosen)} title={chosen.to_string()} {onchange}>
                { for groups.iter().map(option) }
            </select>
            { icon(Glyph::Down) }
        </span>
    }
}

/// The nth dot. The arrow keys set the value of its neighbors.
fn dot(dots: &[Dot], n: usize, group: &Rc<str>, (step_px, height_px): (f64, f64), on_msg: &OnMsg) -> Html {
    let dot = &dots[n];
    let set = {
        let (on_msg, group) = (on_msg.clone(), Rc::clone(group));
        move |limit| on_msg.emit(Msg::SetConcurrent(Rc::clone(&group), limit))
    };
    let onkeydown = {
        let (set, limits) = (set.clone(), dots.iter().map(|dot| dot.limit).collect::<Vec<_>>());
        move |event: KeyboardEvent| {
            let next = match &*event.key() {
                "Enter" | " " => n,
                "ArrowRight" | "ArrowDown" => n + 1,
                "ArrowLeft" | "ArrowUp" => n.saturating_sub(1),
                "Home" => 0,
                "End" => limits.len(),
                _ => return,
            };
            let next = next.min(limits.len() - 1);
            event.prevent_default();
            set(limits[next]);
            focus_by_id(&dot_id(next));
        }
    };
    let limit = dot.limit;
    // Where dots are close, what can be pressed of one reaches over others: the nearest one counts.
    let places: Vec<(f64, Option<u32>)> = dots.iter().map(|dot| (dot.x, dot.limit)).collect();
    let onclick = move |event: MouseEvent| {
        let x = f64::from(event.offset_x());
        let nearest = places.iter().min_by(|a, b| (a.0 - x).abs().total_cmp(&(b.0 - x).abs()));
        set(nearest.filter(|_| event.detail() > 0).map_or(limit, |(_, limit)| *limit));
    };
    let (x, y) = (px(dot.x), px(dot.y));
    let label = classes!("pg-curve__label", dot.is_on.then_some("pg-curve__label--on"));
    let circle = classes!("pg-curve__dot", dot.is_on.then_some("pg-curve__dot--on"));
    let width = step_px.clamp(24.0, 48.0);
    let (left, width) = (px(dot.x - width / 2.0), px(width));
    // One dot is in the order of Tab: the present one, else the first.
    let is_first = if dots.iter().any(|dot| dot.is_on) { dot.is_on } else { n == 0 };
    html! {
        <g id={dot_id(n)} class="pg-curve__point" data-testid={format!("curve-dot-{}", dot.label)}
            data-ms={dot.makespan.0.to_string()} role="radio" tabindex={if is_first { "0" } else { "-1" }}
            aria-label={dot.text.clone()} data-tip={dot.text.clone()} aria-checked={dot.is_on.to_string()}
            {onclick} {onkeydown}>
            <rect fill="transparent" x={left} y="0" {width} height={px(height_px)} />
            <circle class={circle} cx={x.clone()} cy={y} r="4.5" />
            if let Some((x, y)) = dot.label_at {
                <text class={label.clone()} x={px(x)} y={px(y)}>{ human(dot.makespan) }</text>
            }
            if dot.has_number { <text class={label} {x} y={px(height_px - 6.0)}>{ dot.label.clone() }</text> }
        </g>
    }
}

fn dot_id(n: usize) -> String {
    format!("pg-dot-{n}")
}
