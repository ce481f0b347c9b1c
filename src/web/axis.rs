//! The head of the timeline: ticks, the strip of busy slots, and the playhead with its flag. Dragging here scrubs.

use std::rc::Rc;

use web_sys::Element;
use yew::prelude::*;

use super::metrics::Metrics;
use super::store::OnMsg;
use super::transport::clock_text;
use crate::app::run::Run;
use crate::app::zoom::Zoom;
use crate::app::{Msg, playback};
use crate::time::{SimTime, human};
use crate::timeline::scale::Scale;
use crate::timeline::shapes::px;
use crate::timeline::ticks::Tick;

/// Labels nearer than this to the playhead's flag are hidden.
const FLAG_ROOM_PX: f64 = 44.0;
/// Labels nearer than this to the end of the run before are hidden.
const GHOST_ROOM_PX: f64 = 60.0;

#[derive(Properties, PartialEq)]
pub struct AxisProps {
    pub ticks: Rc<Vec<Tick>>,
    pub scale: Scale,
    pub metrics: Metrics,
    pub now: SimTime,
    pub run: Rc<Run>,
    pub ghost_end: Option<SimTime>,
    pub on_msg: OnMsg,
}

#[component]
pub fn Axis(props: &AxisProps) -> Html {
    let AxisProps { ticks, scale, metrics, now, run, ghost_end, on_msg } = props;
    let x = scale.x(*now);
    let track = px(metrics.track_px);
    let dragging = use_mut_ref(|| false);
    let seek = {
        let (on_msg, scale, label_px) = (on_msg.clone(), *scale, metrics.label_px);
        move |event: &PointerEvent, head: &Element| {
            let x = f64::from(event.client_x()) - head.get_bounding_client_rect().left() - label_px;
            on_msg.emit(Msg::Play(playback::Msg::Seek(scale.time(x))));
        }
    };
    let head = use_node_ref();
    let onpointerdown = {
        let (dragging, seek, head) = (Rc::clone(&dragging), seek.clone(), head.clone());
        move |event: PointerEvent| {
            if let Some(head) = head.cast::<Element>().filter(|_| event.button() == 0) {
                *dragging.borrow_mut() = true;
                let _ = head.set_pointer_capture(event.pointer_id());
                seek(&event, &head);
            }
        }
    };
    let onpointermove = {
        let (dragging, head) = (Rc::clone(&dragging), head.clone());
        move |event: PointerEvent| {
            if let Some(head) = head.cast::<Element>().filter(|_| *dragging.borrow()) {
                seek(&event, &head);
            }
        }
    };
    let onpointerup = move |_: PointerEvent| *dragging.borrow_mut() = false;
    let tick = |tick: &Tick| {
        let hidden = (tick.x - x).abs() < FLAG_ROOM_PX || ghost_end.is_some_and(|end| (tick.x - scale.x(end)).abs() < GHOST_ROOM_PX);
        let line = px(tick.x.floor() + 0.5);
        html! {
            <>
                if !hidden { <text class="pg-timeline__tick-label" x={px(tick.x + 0.5)} y="18">{ tick.label.clone() }</text> }
                <path class="pg-timeline__tick pg-timeline__tick--axis" d={format!("M{line} 23v5")} />
            </>
        }
    };
    html! {
        <div class="pg-timeline__heads" ref={head} {onpointerdown} {onpointermove} {onpointerup}>
            <div class="pg-timeline__head">
                <div class="pg-timeline__label pg-timeline__label--axis">{ "time since start" }</div>
                <svg class="pg-timeline__track pg-timeline__axis" width={track.clone()} height="28">
                    { for ticks.iter().map(tick) }
                    if let Some(end) = ghost_end {
                        <path class="pg-timeline__end--ghost" d={format!("M{} 23v5", px(scale.x(*end).floor() + 0.5))} />
                        <text class="pg-timeline__note pg-timeline__note--end" x={px((scale.x(*end) + 28.0).min(metrics.track_px - 2.0))} y="18">{ format!("was {}", human(*end)) }</text>
                    }
                    { playhead(props, x) }
                </svg>
            </div>
            if metrics.zoomed { <Minimap run={run.clone()} scale={*scale} track_px={metrics.track_px} on_msg={on_msg.clone()} /> }
            <BusyStrip run={run.clone()} scale={*scale} track_px={metrics.track_px} now={*now} />
        </div>
    }
}

/// The flag is the handle of the playhead: a slider for keyboards and screen readers.
fn playhead(AxisProps { now, run, .. }: &AxisProps, x: f64) -> Html {
    let text = clock_text(*now, run.end());
    let half = (text.len() as f64 * 3.6 + 4.0).max(24.0);
    let left = px(-half);
    let flag =
        format!("M{left} 6a3 3 0 0 1 3-3H{}a3 3 0 0 1 3 3v11a3 3 0 0 1-3 3H4L0 25-4 20H{}a3 3 0 0 1-3-3z", px(half - 3.0), px(-half + 3.0));
    html! {
        <g class="pg-timeline__handle" data-testid="playhead" role="slider" tabindex="0" aria-label="Playhead" aria-valuemin="0" aria-valuemax={run.end().0.to_string()}
            aria-valuenow={now.0.to_string()} aria-valuetext={text.clone()} data-ms={now.0.to_string()} transform={format!("translate({} 0)", px(x.floor() + 0.5))}>
            <path class="pg-timeline__playhead" d="M0 22v6" />
            <path class="pg-timeline__playhead-flag" d={flag} />
            <text class="pg-timeline__playhead-time" x="0" y="16">{ text }</text>
        </g>
    }
}

#[derive(Properties, PartialEq)]
struct BusyProps {
    run: Rc<Run>,
    scale: Scale,
    track_px: f64,
    now: SimTime,
}

/// The steps in view as a path. Of those that can't be told apart only the last is drawn.
fn hills(busy: &[(SimTime, u32)], scale: &Scale, track_px: f64, y: &dyn Fn(u32) -> String) -> String {
    const NEAR_PX: f64 = 0.5;
    let mut line = String::new();
    let mut steps = busy.iter().map(|(at, n)| (scale.x(*at), *n)).peekable();
    while let Some((x, n)) = steps.next() {
        let is_last = steps.peek().is_none_or(|(next, _)| *next - x >= NEAR_PX && *next > 0.0);
        if is_last && x <= track_px {
            line += &format!("H{}V{}", px(x), y(n));
        }
    }
    line
}

/// How many slots were busy when: a step for each time the count is set anew.
#[component]
fn BusyStrip(BusyProps { run, scale, track_px, now }: &BusyProps) -> Html {
    const TOP_PX: f64 = 9.0;
    const BOTTOM_PX: f64 = 27.0;
    let busy = &run.busy;
    let most = busy.iter().map(|(_, n)| *n).max().unwrap_or(0).max(if run.numbers.limited { run.numbers.slots } else { 0 }).max(1);
    let count = busy.iter().rev().find(|(at, _)| at <= now).map_or(0, |(_, n)| *n);
    let y = |n: u32| px(BOTTOM_PX - f64::from(n) / f64::from(most) * (BOTTOM_PX - TOP_PX));
    let start = px(scale.x(SimTime::ZERO));
    let end = scale.x(run.end());
    let line = format!("M{start} {BOTTOM_PX}{}H{}V{BOTTOM_PX}", hills(busy, scale, *track_px, &y), px(end));
    let mut numbers = Vec::new();
    let mut last_number_x = f64::NEG_INFINITY;
    for (at, n) in busy {
        let x = scale.x(*at);
        if x - last_number_x >= 24.0 && x > -24.0 && x < *track_px {
            numbers.push(html! { <text class="pg-timeline__busy-number" x={px(x + 6.0)} y="22">{ n }</text> });
            last_number_x = x;
        }
    }
    let limit = if run.numbers.limited { format!("{count} of {}", run.numbers.slots) } else { count.to_string() };
    html! {
        <div class="pg-timeline__head pg-timeline__head--rule pg-timeline__head--busy">
            <div class="pg-timeline__label pg-timeline__label--axis pg-timeline__label--busy">{ "busy slots" }<span class="pg-timeline__meta">{ limit }</span></div>
            <svg class="pg-timeline__track" width={px(*track_px)} height="31" aria-hidden="true">
                <path class="pg-timeline__busy" d={format!("{line}z")} />
                <path class="pg-timeline__busy-line" d={line} />
                { for numbers }
                if *now < run.end() { <rect class="pg-timeline__veil" x={px(scale.x(*now).max(0.0))} width={px(*track_px)} height="30" /> }
            </svg>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct MinimapProps {
    run: Rc<Run>,
    scale: Scale,
    track_px: f64,
    on_msg: OnMsg,
}

/// The whole run in a strip with a frame round the part in view: a click or a drag moves the frame.
#[component]
fn Minimap(MinimapProps { run, scale, track_px, on_msg }: &MinimapProps) -> Html {
    const HEIGHT_PX: f64 = 14.0;
    let node = use_node_ref();
    let whole = Scale::whole(run.end().max(SimTime(1)), scale.left_px, scale.right_px);
    let most = run.busy.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    let y = |n: u32| px(HEIGHT_PX - f64::from(n) / f64::from(most) * (HEIGHT_PX - 2.0));
    let hills = hills(&run.busy, &whole, *track_px, &y);
    let of = |ms: f64| whole.left_px + ms / whole.to_ms * (whole.right_px - whole.left_px);
    let (from, to) = (of(scale.from_ms), of(scale.to_ms));
    let go = {
        let (node, on_msg) = (node.clone(), on_msg.clone());
        move |event: &PointerEvent| {
            if let Some(map) = node.cast::<Element>() {
                let x = f64::from(event.client_x()) - map.get_bounding_client_rect().left();
                let share = (x - whole.left_px) / (whole.right_px - whole.left_px);
                on_msg.emit(Msg::Zoom(Zoom::Centre(share.clamp(0.0, 1.0))));
            }
        }
    };
    let onpointerdown = {
        let (node, go) = (node.clone(), go.clone());
        move |event: PointerEvent| {
            event.stop_propagation();
            let _ = node.cast::<Element>().map(|map| map.set_pointer_capture(event.pointer_id()));
            go(&event);
        }
    };
    let onpointermove = move |event: PointerEvent| {
        event.stop_propagation();
        if event.buttons() & 1 == 1 {
            go(&event);
        }
    };
    html! {
        <div class="pg-timeline__head pg-timeline__minimap">
            <div class="pg-timeline__label pg-timeline__label--axis">{ "whole run" }</div>
            <svg ref={node} class="pg-timeline__track" width={px(*track_px)} height={px(HEIGHT_PX)} aria-hidden="true" data-testid="minimap" {onpointerdown} {onpointermove}>
                <path class="pg-timeline__busy" d={format!("M{} {HEIGHT_PX}{hills}V{HEIGHT_PX}z", px(whole.left_px))} />
                <rect class="pg-timeline__frame" x={px(from)} y=".5" width={px((to - from).max(4.0))} height="13" />
            </svg>
        </div>
    }
}
