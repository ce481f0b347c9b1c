//! The curve: the makespan for each number of slots of a group. A dot sets the limit.

use std::rc::Rc;

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::effects::use_size;
use super::icon::{Glyph, icon};
use super::store::OnMsg;
use crate::app::Msg;
use crate::app::curve::{AXIS_PX, CONTROL_PX, Curve, Dot, HEIGHT_PX, LEFT_PX, WIDTH_PX};
use crate::time::human;
use crate::timeline::shapes::px;

#[derive(Properties, PartialEq)]
pub struct CurveProps {
    pub curve: Option<Rc<Curve>>,
    pub on_msg: OnMsg,
}

#[component]
pub fn CurvePanel(CurveProps { curve, on_msg }: &CurveProps) -> Html {
    let Some(curve) = curve else {
        return html! {
            <p class="pg-muted" data-testid="curve">{ "This flow has no group whose slots could be set." }</p>
        };
    };
    let group = &curve.group;
    html! {
        <div class="pg-curve" data-testid="curve">
            <Picture curve={curve.clone()} on_msg={on_msg.clone()} />
            <div>
                <p>
                    if curve.groups.len() > 1 { { picker(curve, on_msg) } } else {
                        <b class="pg-strong"><code>{ format!("{}: {}", group.id, group.property) }</code></b>
                    }
                    { " total time for each value" }
                </p>
                <p class="pg-details__why">{ curve.last_gain() }</p>
                <p class="pg-muted">{ "Select a dot to set the value." }</p>
            </div>
        </div>
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
    let width_px = use_size(node.clone()).map_or(WIDTH_PX.0, |(width_px, _)| width_px.clamp(WIDTH_PX.0, WIDTH_PX.1));
    let dots = curve.dots(width_px);
    let point = |(n, dot): (usize, &Dot)| format!("{}{} {}", if n == 0 { "M" } else { "L" }, px(dot.x), px(dot.y));
    let line: String = dots.iter().enumerate().map(point).collect();
    html! {
        <div class="pg-curve__picture" ref={node}>
            <svg width={px(width_px)} height={px(HEIGHT_PX)} role="group"
                aria-label={format!("Total time for each number of slots of {}", curve.group.id)}>
                <path class="pg-curve__axis" d={format!("M{} {AXIS_PX}H{}", px(LEFT_PX), px(width_px - 8.0))} />
                <path class="pg-curve__line" d={line} />
                { for dots.iter().map(|one| dot(one, &curve.group.id, curve.step_px(width_px), on_msg)) }
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
    let option = |id: &Rc<str>| html! { <option selected={*id == curve.group.id}>{ id.to_string() }</option> };
    html! {
        <span class="pg-select">
            <select class="pg-button pg-select__box" data-testid="curve-group"
                aria-label="Group of the curve" {onchange}>
                { for curve.groups.iter().map(option) }
            </select>
            { icon(Glyph::Down) }
        </span>
    }
}

fn dot(dot: &Dot, group: &Rc<str>, step_px: f64, on_msg: &OnMsg) -> Html {
    let set = {
        let (on_msg, group, limit) = (on_msg.clone(), Rc::clone(group), dot.limit);
        move || on_msg.emit(Msg::SetConcurrent(Rc::clone(&group), limit))
    };
    let onkeydown = {
        let set = set.clone();
        move |event: KeyboardEvent| {
            if matches!(&*event.key(), "Enter" | " ") {
                event.prevent_default();
                set();
            }
        }
    };
    let onclick = move |_: MouseEvent| set();
    let (x, y) = (px(dot.x), px(dot.y));
    let label = classes!("pg-curve__label", dot.is_on.then_some("pg-curve__label--on"));
    let circle = classes!("pg-curve__dot", dot.is_on.then_some("pg-curve__dot--on"));
    let width = step_px.clamp(CONTROL_PX, 2.0 * CONTROL_PX);
    let (left, width) = (px(dot.x - width / 2.0), px(width));
    let mark = html! {
        <>
            <circle class={circle} cx={x.clone()} cy={y} r="4.5" />
            if dot.is_labeled {
                <text class={label.clone()} x={x.clone()} y={px(dot.y - 9.0)}>{ human(dot.makespan) }</text>
                <text class={label} {x} y="94">{ dot.label.clone() }</text>
            }
        </>
    };
    if !dot.is_control {
        return mark;
    }
    html! {
        <g class="pg-curve__point" data-testid={format!("curve-dot-{}", dot.label)} data-ms={dot.makespan.0.to_string()}
            role="button" tabindex="0" aria-label={dot.text()} aria-current={dot.is_on.then_some("true")}
            {onclick} {onkeydown}>
            <rect fill="transparent" x={left} y="0" {width} height={px(HEIGHT_PX)} />
            { mark }
        </g>
    }
}
