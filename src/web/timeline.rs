//! The timeline: axis, rows in view, playhead. Rows outside the view are not in the document.

use std::cell::Cell;
use std::ops::Range;
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, WheelEvent};
use yew::prelude::*;

use super::after::preview;
use super::axis::Axis;
use super::banner::banner;
use super::bridge::tell_ready;
use super::effects::{in_next_frame, use_size};
use super::handover::hand_over;
use super::legend::{Item, legend};
use super::menu::TaskMenu;
use super::metrics::Metrics;
use super::row::{Moment, RowView, moment};
use super::sentence::{story_line, told};
use super::slots::Slots;
use super::store::OnMsg;
use crate::analysis::segments::SegmentKind;
use crate::app::run::Run;
use crate::app::zoom::Zoom;
use crate::app::{App, Msg, View};
use crate::edit::{Intent, has_links, pairs};
use crate::flow::TaskIdx;
use crate::flow::state::State;
use crate::time::SimTime;
use crate::timeline::scale::Scale;
use crate::timeline::shapes::{drawn_state, letter_room_px, px};
use crate::timeline::slot_rows::slot_rows;
use crate::timeline::{Bar, Form, Layout, Viewport, bars, layout};

/// Up to so many rows all are drawn: nothing is gained by leaving some out.
const ALL_ROWS: usize = 60;
/// Rows drawn beyond both edges of the view, so that scrolling shows no gap.
const SPARE_ROWS: usize = 12;
const HEAD_PX: f64 = 28.0 + 32.0 + 4.0;

#[derive(Properties, PartialEq)]
pub struct TimelineProps {
    pub app: Rc<App>,
    pub on_msg: OnMsg,
    pub on_key: Callback<KeyboardEvent>,
}

#[component]
pub fn Timeline(TimelineProps { app, on_msg, on_key }: &TimelineProps) -> Html {
    let chart = use_node_ref();
    let size = use_size(chart.clone());
    let first_row = use_state_eq(|| 0usize);
    let empty = Rc::new(Layout::default());
    let run = app.run.clone();
    let (width, height) = size.unwrap_or((0.0, 0.0));
    let metrics = Metrics::of(width, app.zoom.is_some());
    let scale = metrics.scale(app);
    let n_rows = run.as_ref().map_or(0, |run| run.rows.len());
    let in_view = rows_in_view(n_rows, *first_row, (height / metrics.row_px).ceil() as usize);
    let picture = use_memo((run.clone(), scale, in_view.clone()), |(run, scale, rows)| {
        run.as_ref().map(|run| layout(&run.trace, &run.rows, &Viewport { scale: *scale, rows: rows.clone() }))
    });
    let ghosts = use_memo((app.ghost.clone(), run.clone(), scale, in_view.clone()), |(ghost, run, scale, rows)| {
        ghosts(ghost.as_deref(), run.as_deref(), scale, rows)
    });
    let handed = use_memo((run.clone(), app.selected.clone(), scale, in_view.clone()), |(run, selected, scale, rows)| {
        hand_over(run.as_ref()?, selected.as_deref(), rows, scale, metrics)
    });
    use_zoom_by_wheel(chart.clone(), metrics, on_msg.clone());
    use_effect_with(size.is_some(), |drawn| {
        if *drawn {
            tell_ready();
        }
    });
    use_selected_in_view(chart.clone(), app.selected.clone(), run.clone(), metrics);

    let menu = use_state_eq(|| None::<Rc<str>>);
    let menu_for = {
        let menu = menu.setter();
        use_callback((), move |key, ()| menu.set(key))
    };
    // The link that a hand holds over a row.
    let over = use_state_eq(|| None::<(Rc<str>, Rc<str>)>);
    let on_over = {
        let over = over.setter();
        use_callback((), move |link, ()| over.set(link))
    };
    // Made once, so that a row that is the same is not drawn anew.
    let calls = use_memo((on_msg.clone(), menu_for.clone()), |(on_msg, menu_for)| {
        let on_longer = on_msg.reform(|(key, by): (Rc<str>, i64)| Msg::Change(key, Intent::Longer(by)));
        let on_link = on_msg.reform(|(from, to)| Msg::Link(from, to));
        (on_msg.reform(Msg::Select), on_msg.reform(Msg::Fold), menu_for.reform(Some), on_longer, on_link)
    });
    let slots = use_memo((run.clone(), app.view), |(run, view)| match run {
        Some(run) if *view == View::Slots => slot_rows(&run.flows, &run.trace),
        _ => Vec::new(),
    });
    let in_slots = app.view == View::Slots;

    let onscroll = {
        let first_row = first_row.clone();
        move |event: Event| {
            let chart: Element = event.target_unchecked_into();
            // In steps, so that small movements draw nothing anew.
            first_row.set((f64::from(chart.scroll_top()) / metrics.row_px) as usize / 6 * 6);
        }
    };
    let Some(run) = run else { return html! {} };
    let picture = picture.as_ref().as_ref().unwrap_or(&empty);
    let (now, at_rest) = (app.playback.now(), app.playback.is_at_rest());
    let playhead_x = scale.x(now);
    let rows_px = if in_slots { slots.len() } else { in_view.len() } as f64 * metrics.row_px;
    let window_px = rows_px.max(if n_rows <= ALL_ROWS { height - HEAD_PX } else { 0.0 });
    let moments: Vec<Moment> = picture.rows.iter().map(|bars| moment(bars, now, at_rest)).collect();
    let row = |(at, n): (usize, usize)| {
        let row = &run.rows[n];
        let selected = app.selected.as_ref() == Some(&row.key);
        let (on_select, on_fold, on_menu, on_longer, on_link) = (*calls).clone();
        let is_open = menu.as_ref() == Some(&row.key);
        let held = over.as_ref().filter(|(_, to)| *to == row.key);
        html! {
            <>
            <RowView key={row.key.to_string()} run={run.clone()} {n} bars={Rc::new(picture.rows.get(at).cloned().unwrap_or_default())} ghost={ghosts.get(at).copied().flatten()}
                moment={moments.get(at).copied().unwrap_or_default()} {selected} track_px={metrics.track_px} {on_select} {on_fold} {on_menu} {on_longer} {on_link} on_over={on_over.clone()} />
            if let Some((from, to)) = held { <div role="row"><div role="gridcell" class="pg-timeline__card">{ preview(app, from, to) }</div></div> }
            if is_open {
                <div role="row"><div role="gridcell"><TaskMenu app={app.clone()} task={row.key.clone()} on_msg={on_msg.clone()} on_close={menu_for.reform(|()| None)} /></div></div>
            }
            </>
        }
    };
    let class = classes!("pg-timeline", app.is_stale().then_some("pg-timeline--stale"));
    let spacer =
        |rows: usize| html! { <svg class="pg-timeline__spacer" width="1" height={px(rows as f64 * metrics.row_px)} aria-hidden="true" /> };
    let active = app.selected.as_ref().and_then(|key| run.rows.iter().position(|row| row.key == *key)).map(|n| format!("pg-row-{n}"));
    html! {
        <section {class} data-testid="timeline" onkeydown={on_key.clone()}>
            <div class="pg-timeline__chart" ref={chart} aria-disabled={app.is_stale().then_some("true")} {onscroll}>
                <Axis ticks={Rc::new(picture.ticks.clone())} {scale} {metrics} {now} run={run.clone()} ghost_end={ghost_end(app)} on_msg={on_msg.clone()} />
                <div class="pg-timeline__gap" />
                <div class="pg-timeline__rows" role="treegrid" aria-label="Timeline" aria-rowcount={n_rows.to_string()} aria-activedescendant={active} tabindex="0">
                    if !in_slots { { spacer(in_view.start) } }
                    <div class="pg-timeline__window" role="rowgroup">
                        <svg class="pg-timeline__grid" width={px(metrics.track_px)} height={px(window_px)} aria-hidden="true">
                            { for picture.ticks.iter().map(|tick| html! { <path class="pg-timeline__tick" d={format!("M{} 0V{}", px(tick.x.floor() + 0.5), px(window_px))} /> }) }
                            if let Some(end) = ghost_end(app) { <path class="pg-timeline__end--ghost" d={format!("M{} 0V{}", px(scale.x(end).floor() + 0.5), px(window_px))} /> }
                        </svg>
                        if in_slots {
                            <Slots rows={slots} {scale} {metrics} selected={app.selected.clone()} now={(!at_rest).then_some(now)} on_msg={on_msg.clone()} />
                        } else {
                            { for in_view.clone().enumerate().map(row) }
                        }
                        <svg class="pg-timeline__over" width={px(metrics.track_px)} height={px(window_px)} aria-hidden="true">
                            if !in_slots { { links(app, &run, &in_view, &picture.rows, metrics) } }
                            if !at_rest {
                                <g transform={format!("translate({} 0)", px(playhead_x))}>
                                    { veil(metrics, in_view.len(), rows_px) }
                                    { for picture.rows.iter().zip(&moments).enumerate().filter(|_| !in_slots).map(|(at, (bars, moment))| running_mark(&run, in_view.start + at, at, bars, *moment, now, &scale, metrics)) }
                                    <path class="pg-timeline__playhead" d={format!("M.5 0V{}", px(window_px))} />
                                </g>
                            }
                            if !in_slots { { (*handed).clone() } }
                        </svg>
                    </div>
                    if !in_slots { { spacer(n_rows - in_view.end) } }
                </div>
            </div>
            <div class="pg-timeline__foot">
                if app.is_stale() {
                    { banner(&app.reading, on_msg) }
                } else {
                    { legend(&legend_items(&picture.rows, &moments), ghosts.iter().any(Option::is_some), run.flow().dialect, links_switch(app, &run, on_msg)) }
                    if app.told.is_empty() { { story_line(app, &run, on_msg) } } else { { told(&app.told) } }
                }
            </div>
        </section>
    }
}

/// The links of the selected task, or all, as arrows: from the end of the one that is waited for to the start of the one that waits.
fn links(app: &App, run: &Run, in_view: &Range<usize>, rows: &[Vec<Bar>], metrics: Metrics) -> Html {
    let flow = run.flow();
    let selected = app.selected.as_ref().and_then(|key| run.row(key)?.task_idx());
    let tasks: Vec<TaskIdx> =
        if app.all_links { in_view.clone().filter_map(|at| run.rows[at].task_idx()).collect() } else { selected.into_iter().collect() };
    let place = |idx| in_view.clone().position(|at| run.rows[at].task_idx() == Some(idx));
    let arrow = |(from, to): (TaskIdx, TaskIdx)| {
        let (first, second) = (place(from)?, place(to)?);
        let end = rows.get(first)?.last().map(|bar| bar.x + bar.width)?;
        let start = rows.get(second)?.iter().find(|bar| !bar.segment.kind.is_wait())?.x;
        let y = |at: usize| at as f64 * metrics.row_px + metrics.bar_top_px + 14.0;
        let d = format!("M{} {}V{}H{}", px(end), px(y(first)), px(y(second)), px(start.max(end)));
        let id = format!("link-{}-{}", flow.task(from).id, flow.task(to).id);
        let x = start.max(end);
        let head = format!("M{} {}l-6 -4v8z", px(x), px(y(second)));
        Some(
            html! { <g data-testid={id}><path class="pg-timeline__handover" {d} /><path class="pg-timeline__handover-dot" d={head} /></g> },
        )
    };
    let own = |idx: TaskIdx| pairs(flow, idx).into_iter().filter(move |(from, to)| *to == idx || *from == idx && !app.all_links);
    tasks.into_iter().flat_map(own).filter_map(arrow).collect()
}

/// Whether all links are drawn; nothing where there are none.
fn links_switch(app: &App, run: &Run, on_msg: &OnMsg) -> Html {
    if app.view != View::Gantt || !has_links(run.flow()) {
        return html! {};
    }
    let all = app.all_links;
    html! { <button class="pg-link pg-link--quiet pg-legend__aside" data-testid="all-links" aria-pressed={if all { "true" } else { "false" }} onclick={on_msg.reform(move |_| Msg::AllLinks(!all))}>{ if all { "Hide the links" } else { "Show all links" } }</button> }
}

fn rows_in_view(n_rows: usize, first: usize, n_visible: usize) -> Range<usize> {
    if n_rows <= ALL_ROWS {
        return 0..n_rows;
    }
    let start = first.saturating_sub(SPARE_ROWS).min(n_rows);
    start..(first + n_visible + SPARE_ROWS).min(n_rows)
}

/// Where each row in view stood in the run before: left edge and width of what it did then. None where nothing changed
/// anywhere.
fn ghosts(ghost: Option<&Run>, run: Option<&Run>, scale: &Scale, rows: &Range<usize>) -> Vec<Option<(f64, f64)>> {
    let (Some(ghost), Some(run)) = (ghost, run) else { return Vec::new() };
    let place = |key: &str| {
        let row = ghost.row(key)?;
        let ran = bars(&ghost.trace, row, scale).into_iter().filter(|bar| !bar.segment.kind.is_wait());
        let (left, right) =
            ran.fold((f64::INFINITY, f64::NEG_INFINITY), |(left, right), bar| (left.min(bar.x), right.max(bar.x + bar.width)));
        (right > left).then_some((left, right - left))
    };
    run.rows[rows.clone()].iter().map(|row| place(&row.key)).collect()
}

/// The end of the run before, when it lies behind that of the run on show.
fn ghost_end(app: &App) -> Option<SimTime> {
    let (ghost, run) = (app.ghost.as_ref()?, app.run.as_ref()?);
    Some(ghost.end()).filter(|end| *end > run.end())
}

/// What is on show: the kinds of the bars in view, in the colours they have at the playhead.
fn legend_items(rows: &[Vec<Bar>], moments: &[Moment]) -> Vec<Item> {
    let item = |(n, bar): (usize, &Bar), moment: &Moment| match (bar.form, bar.segment.kind) {
        (Form::Diamond, _) => Item::NoTime,
        (_, SegmentKind::State(state)) => Item::Kind(SegmentKind::State(drawn_state(state, bar.outcome, moment.progress(n)))),
        (_, kind) => Item::Kind(kind),
    };
    let mut items = Vec::new();
    for (bars, moment) in rows.iter().zip(moments) {
        for found in bars.iter().enumerate().map(|bar| item(bar, moment)) {
            if let Err(at) = items.binary_search(&found) {
                items.insert(at, found);
            }
        }
    }
    items
}

/// What lies behind the playhead is veiled; on a narrow page only the bars, so that names stay readable.
fn veil(metrics: Metrics, n_rows: usize, rows_px: f64) -> Html {
    const FAR_PX: &str = "100000";
    if metrics.narrow {
        let one = |n: usize| html! { <rect class="pg-timeline__veil" y={px(n as f64 * metrics.row_px + metrics.bar_top_px)} width={FAR_PX} height="28" /> };
        (0..n_rows).map(one).collect()
    } else {
        html! { <rect class="pg-timeline__veil" width={FAR_PX} height={px(rows_px)} /> }
    }
}

/// The edge and the letter of a leaf that runs: they move with the playhead.
#[allow(clippy::too_many_arguments)]
fn running_mark(run: &Run, n: usize, at: usize, bars: &[Bar], moment: Moment, now: SimTime, scale: &Scale, metrics: Metrics) -> Html {
    let bar = moment.current.and_then(|current| bars.get(current)).filter(|bar| bar.segment.kind == SegmentKind::State(State::Running));
    let Some(bar) = bar.filter(|bar| bar.form == Form::Box && !run.rows[n].is_group) else { return html! {} };
    let top = at as f64 * metrics.row_px + metrics.bar_top_px;
    let long_enough = now - bar.segment.from >= scale.length(letter_room_px(bar));
    html! {
        <>
            <rect class="pg-bar__edge" x="-3" y={px(top + 6.0)} width="3" height="16" />
            if long_enough { <text class="pg-bar__letter pg-bar__letter--running" x="-14" y={px(top + 18.0)}>{ "r" }</text> }
        </>
    }
}

/// Ctrl or Cmd and the wheel zoom, once a frame however often the wheel speaks; the wheel alone scrolls.
#[hook]
fn use_zoom_by_wheel(chart: NodeRef, metrics: Metrics, on_msg: OnMsg) {
    use_effect_with(metrics, move |metrics| {
        let metrics = *metrics;
        let listener = chart.cast::<Element>().map(|chart| {
            let (target, steps) = (chart.clone(), Steps::new(on_msg));
            EventListener::new_with_options(&target, "wheel", EventListenerOptions::enable_prevent_default(), move |event| {
                let Some(event) = event.dyn_ref::<WheelEvent>().filter(|event| event.ctrl_key() || event.meta_key()) else { return };
                event.prevent_default();
                let left = chart.get_bounding_client_rect().left() + metrics.label_px;
                let share = ((f64::from(event.client_x()) - left) / metrics.track_px).clamp(0.0, 1.0);
                steps.zoom((-event.delta_y() / 240.0).clamp(-2.0, 2.0), share);
            })
        });
        move || drop(listener)
    });
}

/// The steps of a wheel that zooms: the first at once, those that follow within a frame together in the next one.
struct Steps {
    on_msg: OnMsg,
    /// What is due in the next frame: by how many doublings, about which share of the track. `None` as long as no frame is
    /// asked for.
    due: Cell<Option<(f64, f64)>>,
}

impl Steps {
    fn new(on_msg: OnMsg) -> Rc<Self> {
        Rc::new(Self { on_msg, due: Cell::new(None) })
    }

    fn zoom(self: &Rc<Self>, doublings: f64, share: f64) {
        match self.due.get() {
            Some((before, _)) => self.due.set(Some((before + doublings, share))),
            None => {
                self.due.set(Some((0.0, share)));
                self.on_msg.emit(Msg::Zoom(Zoom::About(js_sys::Math::pow(2.0, doublings), share)));
                let steps = Rc::clone(self);
                in_next_frame(move || {
                    if let Some((doublings, share)) = steps.due.take().filter(|(doublings, _)| *doublings != 0.0) {
                        steps.zoom(doublings, share);
                    }
                });
            }
        }
    }
}

/// Scrolls the chart, and nothing else, so that the selected row is in view.
#[hook]
fn use_selected_in_view(chart: NodeRef, selected: Option<Rc<str>>, run: Option<Rc<Run>>, metrics: Metrics) {
    use_effect_with(selected, move |selected| {
        let at = selected.as_ref().and_then(|key| run?.rows.iter().position(|row| row.key == *key));
        if let (Some(at), Some(chart)) = (at, chart.cast::<Element>()) {
            let (top, view) = (f64::from(chart.scroll_top()), f64::from(chart.client_height()) - HEAD_PX);
            let row = at as f64 * metrics.row_px;
            if row < top {
                chart.set_scroll_top(row as i32);
            } else if row + metrics.row_px > top + view {
                chart.set_scroll_top((row + metrics.row_px - view) as i32);
            }
        }
    });
}
