//! The head of the timeline: ticks, the strip of running tasks, and the playhead with its flag. Dragging here moves the playhead.

use std::rc::Rc;

use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

use super::effects::{is_embed, is_narrow};
use super::minimap::{FROM_ROWS, Minimap};
use super::store::OnMsg;
use crate::app::course::{self, Draft};
use crate::app::playback;
use crate::app::run::Run;
use crate::app::{Chart, Msg};
use crate::language::decimal_mark;
use crate::time::{SimTime, human, seconds};
use crate::timeline::axis_start;
use crate::timeline::metrics::Metrics;
use crate::timeline::scale::Scale;
use crate::timeline::shapes::{flag_half_px, flag_path, guess_mark, px};
use crate::timeline::steps::{busy_text, strip};
use crate::timeline::ticks::{Tick, caption, unit};
use crate::tr;

/// How far the labels of the axis are below its top: the flag of the playhead stands above them. An embed and a narrow page
/// have less room: there the flag hides the labels that it would cover.
pub fn flag_px() -> f64 {
    if is_embed() || is_narrow() { 0.0 } else { 14.0 }
}

#[derive(Properties, PartialEq)]
pub struct AxisProps {
    pub chart: Chart,
    pub ticks: Rc<Vec<Tick>>,
    pub scale: Scale,
    pub metrics: Metrics,
    pub on_msg: OnMsg,
    /// The share of the rows that is in view.
    pub rows_share: f64,
    /// Sets the width of the column of names; `None` fits it to the names.
    pub on_names: Callback<Option<f64>>,
}

#[component]
pub fn Axis(AxisProps { chart, ticks, scale, metrics, rows_share, on_msg, on_names }: &AxisProps) -> Html {
    let (now, run, ghost_end) = (chart.now, &chart.run, chart.ghost_end());
    // Bars that outlive the execution.
    let early_end = Some(run.numbers.makespan).filter(|end| *end < run.end());
    let x = scale.x(now);
    let (text, start) = (chart.flag_text(), axis_start(run.flow(), &run.trace));
    let flag_half_px = flag_half_px(&text);
    // The flag stays inside the track.
    let flag_x = x.clamp(flag_half_px + 1.0, (metrics.track_px - flag_half_px - 1.0).max(flag_half_px + 1.0));
    let dragging = use_mut_ref(|| false);
    let seek = {
        let (on_msg, scale, Metrics { label_px, zoom, .. }) = (on_msg.clone(), *scale, *metrics);
        move |event: &PointerEvent, head: &Element| {
            let x = (f64::from(event.client_x()) - head.get_bounding_client_rect().left()) / zoom - label_px;
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
    let was = ghost_end.map(|end| (tr!("was {time}", time = human(end)), end));
    let ended = early_end.map(|end| (tr!("ended {time}", time = human(end)), end));
    let marks: Vec<EndMark> = was.into_iter().chain(ended).filter_map(|(text, end)| EndMark::of(text, end, scale, metrics)).collect();
    // Where there is no room above the labels the flag hides those that it would cover.
    let is_under_flag = |x: f64, half_px: f64| flag_px() == 0.0 && (x - flag_x).abs() < flag_half_px + half_px + 4.0;
    let is_hidden = |tick: &Tick| {
        let half_px = tick.label.len() as f64 * 3.5;
        let is_under = |mark: &EndMark| (tick.x - mark.middle_px).abs() < mark.half_px + half_px + 4.0;
        is_under_flag(tick.x, half_px) || marks.iter().any(is_under)
    };
    let unit = unit(scale, start);
    let last = if chart.hides { now } else { run.end() };
    let shown_ticks = ticks.iter().filter(|tick| !chart.hides || chart.draft.is_some() || tick.x <= x);
    let tick = |tick: &Tick| {
        let line = px(tick.x.floor() + 0.5);
        html! {
            <>
                if !is_hidden(tick) { { tick_label(tick, unit, flag_px()) } }
                <path class="pg-timeline__tick pg-timeline__tick--axis"
                    d={format!("M{line} {}v5", px(23.0 + flag_px()))} />
            </>
        }
    };
    html! {
        <div class="pg-timeline__heads" ref={head} {onpointerdown} {onpointermove} {onpointerup}>
            <div class="pg-timeline__head">
                <div class="pg-timeline__label pg-timeline__label--axis">
                    { axis_name(unit, start) }
                    if !metrics.is_narrow {
                        <NamesEdge names_px={metrics.label_px} zoom={metrics.zoom} on_names={on_names.clone()} />
                    }
                </div>
                <svg class="pg-timeline__track pg-timeline__axis" width={px(metrics.track_px)}
                    height={px(28.0 + flag_px())}>
                    { for shown_ticks.map(tick) }
                    { for marks.iter().map(|mark| mark.view(!is_under_flag(mark.middle_px, mark.half_px))) }
                    { for chart.path.iter().filter_map(|path| path.bounds.first())
                        .map(|bound| bound_mark(bound, scale)) }
                    { playhead(now, last, &text, x, flag_x - x) }
                </svg>
            </div>
            if chart.zoom.is_some() || run.rows.len() >= FROM_ROWS && !is_embed() {
                <Minimap run={run.clone()} span={chart.span} scale={*scale} track_px={metrics.track_px}
                    rows_share={*rows_share} on_msg={on_msg.clone()} />
            }
            { for chart.draft.map(|draft| draft_strip(draft, on_msg)) }
            { for chart.guess.map(|(guess, truth)| guess_strip(guess, truth, scale, metrics)) }
            <BusyStrip run={run.clone()} scale={*scale} track_px={metrics.track_px} {now} hides={chart.hides} />
        </div>
    }
}

/// The label of a tick, so far below the top of the axis.
pub fn tick_label(tick: &Tick, unit: &str, down_px: f64) -> Html {
    html! {
        <text class="pg-timeline__tick-label" x={px(tick.x + 0.5)} y={px(18.0 + down_px)}>
            { tick.label.trim_end_matches(unit).trim_end().to_owned() }
        </text>
    }
}

/// A mark to drag to where something is expected. The field of the card says the same time.
#[inline(never)] // So that it can be fetched later.
fn draft_strip(draft: Draft, on_msg: &OnMsg) -> Html {
    let at = draft.at.unwrap_or(SimTime::ZERO).min(draft.most);
    let oninput = on_msg.reform(|event: InputEvent| {
        let ms = event.target_unchecked_into::<HtmlInputElement>().value_as_number();
        Msg::Course(course::Msg::Draft(seconds(SimTime(ms as u64), 0).replace('.', &decimal_mark())))
    });
    html! {
        <div class="pg-timeline__head pg-timeline__head--rule pg-timeline__head--guess" data-testid="draft-strip">
            <div class="pg-timeline__label pg-timeline__label--axis">{ tr!("your guess") }</div>
            <input class="pg-timeline__draft" type="range" min="0" max={draft.most.0.to_string()}
                step={draft.step().0.to_string()} value={at.0.to_string()} aria-label={tr!("your guess")}
                aria-valuetext={human(at)} data-testid="draft" {oninput}
                onpointerdown={|event: PointerEvent| event.stop_propagation()} />
        </div>
    }
}

/// A guess and what is so, each with a shape and words of its own.
#[inline(never)] // So that it can be fetched later.
fn guess_strip(guess: SimTime, truth: SimTime, scale: &Scale, metrics: &Metrics) -> Html {
    let mark = |(name, text, class, shape, at, y): (&str, String, &'static str, &'static str, SimTime, f64)| {
        let place = guess_mark(at, scale, metrics.track_px);
        let (testid, ms) = (["mark-", name].concat(), at.0.to_string());
        html! {
            <g data-testid={testid} data-ms={ms}>
                <path {class} d={shape} transform={format!("translate({} {})", px(place.x), px(y - 10.0))} />
                <text class={classes!("pg-timeline__note", place.is_left.then_some("pg-timeline__note--end"))}
                    x={px(place.text_x)} y={px(y)}>
                    { text }
                </text>
            </g>
        }
    };
    let marks = [
        ("guess", tr!("guess {time}", time = human(guess)), "pg-timeline__guess", "M0 1l5 5-5 5-5-5z", guess, 13.0),
        ("answer", tr!("answer {time}", time = human(truth)), "pg-timeline__answer", "M0 1l6 10H-6z", truth, 28.0),
    ];
    html! {
        <div class="pg-timeline__head pg-timeline__head--rule pg-timeline__head--guess" data-testid="guess-strip">
            <div class="pg-timeline__label pg-timeline__label--axis">{ tr!("your guess") }</div>
            <svg class="pg-timeline__track" width={px(metrics.track_px)} height="32">
                { for marks.into_iter().map(mark) }
            </svg>
        </div>
    }
}

/// What the axis shows, with its unit.
fn axis_name(unit: &str, start: Option<i64>) -> String {
    match start {
        Some(start) => caption(start),
        None if unit.is_empty() => tr!("since the start"),
        None => tr!("since start, {unit}", unit),
    }
}

/// A time that no schedule can beat.
#[inline(never)]
fn bound_mark((at, text): &(SimTime, String), scale: &Scale) -> Html {
    html! {
        <path class="pg-timeline__bound" data-testid="bound" data-ms={at.0.to_string()}
            d={format!("M{} {}l-5 -8h10z", px(scale.x(*at)), px(28.0 + flag_px()))}>
            <title>{ text.clone() }</title>
        </path>
    }
}

/// The end of the run before, or of an execution before its last bars, and its text. Sizes are in pixels.
struct EndMark {
    text: String,
    x: f64,
    middle_px: f64,
    half_px: f64,
}

impl EndMark {
    /// `None` where the end is out of view.
    #[inline(never)]
    fn of(text: String, end: SimTime, scale: &Scale, metrics: &Metrics) -> Option<Self> {
        let x = scale.x(end);
        let half_px = text.len() as f64 * 3.3;
        let middle_px = (x + 28.0).min(metrics.track_px - 2.0) - half_px;
        (x <= metrics.track_px).then_some(Self { text, x, middle_px, half_px })
    }

    #[inline(never)] // So that it can be fetched later.
    fn view(&self, has_text: bool) -> Html {
        html! {
            <>
                <path class="pg-timeline__end--ghost"
                    d={format!("M{} {}v5", px(self.x.floor() + 0.5), px(23.0 + flag_px()))} />
                if has_text {
                    <text class="pg-timeline__note pg-timeline__note--end" x={px(self.middle_px + self.half_px)}
                        y={px(18.0 + flag_px())}>
                        { self.text.clone() }
                    </text>
                }
            </>
        }
    }
}

/// The flag is the handle of the playhead: a slider for keyboards and screen readers.
fn playhead(now: SimTime, end: SimTime, text: &str, x: f64, flag_by: f64) -> Html {
    let (now_ms, end_ms) = (now.0.to_string(), end.0.to_string());
    // The flag is moved aside by half of its width at most.
    let in_view = flag_by.abs() < flag_half_px(text) + 9.0;
    html! {
        <g class="pg-timeline__handle" data-testid="playhead" role="slider" tabindex="0" aria-label={tr!("Playhead")}
            aria-valuemin="0" aria-valuemax={end_ms} aria-valuenow={now_ms.clone()} aria-valuetext={text.to_owned()}
            data-ms={now_ms} transform={format!("translate({} 0)", px(x.floor() + 0.5))}>
            if in_view {
                <path class="pg-timeline__playhead" d={format!("M0 {}v6", px(22.0 + flag_px()))} />
                <path class="pg-timeline__playhead-flag" d={flag_path(text, -flag_by)}
                    transform={format!("translate({} {})", px(flag_by), px(flag_px() / -7.0))} />
                <text class="pg-timeline__playhead-time" x={px(flag_by)}
                    y={px(16.0 - flag_px() / 7.0)}>{ text.to_owned() }</text>
            }
        </g>
    }
}

#[derive(Properties, PartialEq)]
struct NamesEdgeProps {
    names_px: f64,
    zoom: f64,
    on_names: Callback<Option<f64>>,
}

/// The edge of the column of names: dragged, or moved with the arrow keys. A double click fits it to the names.
#[component]
fn NamesEdge(NamesEdgeProps { names_px, zoom, on_names }: &NamesEdgeProps) -> Html {
    let node = use_node_ref();
    let from = use_mut_ref(|| None::<f64>);
    let onpointerdown = {
        let (from, node, names_px, zoom) = (Rc::clone(&from), node.clone(), *names_px, *zoom);
        move |event: PointerEvent| {
            event.stop_propagation();
            event.prevent_default();
            *from.borrow_mut() = Some(names_px - f64::from(event.client_x()) / zoom);
            let _ = node.cast::<Element>().map(|edge| edge.set_pointer_capture(event.pointer_id()));
        }
    };
    let onpointermove = {
        let (from, on_names, zoom) = (Rc::clone(&from), on_names.clone(), *zoom);
        move |event: PointerEvent| {
            if let Some(from) = *from.borrow() {
                on_names.emit(Some((from + f64::from(event.client_x()) / zoom).max(120.0)));
            }
        }
    };
    let onpointerup = move |_: PointerEvent| *from.borrow_mut() = None;
    let onkeydown = {
        let (on_names, names_px) = (on_names.clone(), *names_px);
        move |event: KeyboardEvent| {
            let by = match &*event.key() {
                "ArrowLeft" => -16.0,
                "ArrowRight" => 16.0,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            on_names.emit(Some((names_px + by).max(120.0)));
        }
    };
    html! {
        <span class="pg-timeline__names-edge" ref={node} role="separator" tabindex="0" aria-orientation="vertical"
            aria-label={tr!("Width of the names, pixels")} aria-valuenow={px(*names_px)} data-testid="names-edge"
            {onpointerdown} {onpointermove} {onpointerup} {onkeydown} ondblclick={on_names.reform(|_| None)} />
    }
}

#[derive(Properties, PartialEq)]
struct BusyStripProps {
    run: Rc<Run>,
    scale: Scale,
    track_px: f64,
    now: SimTime,
    /// Whether what comes is hidden.
    hides: bool,
}

/// How many slots were busy at each time.
#[component]
fn BusyStrip(BusyStripProps { run, scale, track_px, now, hides }: &BusyStripProps) -> Html {
    let limit = run.numbers.limited.then_some(run.numbers.slots);
    let strip = strip(&run.busy, limit, run.end(), scale, *track_px);
    let number = |(n, x, y): &(u32, f64, f64)| {
        html! { <text class="pg-timeline__busy-number" x={px(*x)} y={px(*y)}>{ *n }</text> }
    };
    let now_px = scale.x(*now).max(0.0);
    let numbers = strip.numbers.iter().filter(|(_, x, _)| !hides || *x < now_px);
    html! {
        <div class="pg-timeline__head pg-timeline__head--rule pg-timeline__head--busy">
            <div class="pg-timeline__label pg-timeline__label--axis pg-timeline__label--busy">
                { tr!("tasks running") }<span class="pg-timeline__meta">{ busy_text(&run.busy, limit, *now) }</span>
            </div>
            <svg class="pg-timeline__track" width={px(*track_px)} height="31" aria-hidden="true">
                <path class="pg-timeline__busy" d={format!("{}z", strip.line)} />
                <path class="pg-timeline__busy-line" d={strip.line.clone()} />
                if *now < run.end() {
                    <rect class="pg-timeline__veil" x={px(now_px)} width={px(*track_px)} height="30" />
                }
                { for numbers.map(number) }
            </svg>
        </div>
    }
}
