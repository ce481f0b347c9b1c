//! The timeline: axis, rows in view, playhead. Rows outside the view are not in the document.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::advice::Asked;
use super::axis::{Axis, flag_px};
use super::banner::banner;
use super::bridge::report_ready;
use super::calls::RowCalls;
use super::effects::{is_embed, page_layout, remember, remembered, scroll_window_by, use_size, window_view};
use super::gestures::use_gestures;
use super::legend::{ADDED, BLACKOUT, BOUND, GHOST, HAND_OVER, LATE, Mark, REAL, STOPPED, legend};
use super::menu::{TaskMenu, link_preview};
use super::overlay::{Rows, ahead, blackout, end_line, ghost_line, hand_over, hand_over_lines, links, playhead};
use super::row::RowView;
use super::sentence::{StoryLine, notices, sentence};
use super::slots::Slots;
use super::store::OnMsg;
use crate::analysis::sentence::{Piece, plain};
use crate::app::advice::Advice;
use crate::app::critical::Critical;
use crate::app::menu::Menu;
use crate::app::run::Reading;
use crate::app::story::Story;
use crate::app::terms::Term;
use crate::app::{Chart, LinkPreview, Msg, Panel, PreviewAt, View};
use crate::edit::Intent;
use crate::timeline::legend::legend_items;
use crate::timeline::metrics::{ALL_ROWS, Metrics, PageLayout, presented_zoom};
use crate::timeline::progress::RowProgress;
use crate::timeline::shapes::px;
use crate::timeline::slot_rows::{SlotRow, slot_rows};
use crate::timeline::steps::MINIMAP_ROWS_PX;
use crate::timeline::ticks::Tick;
use crate::timeline::{Viewport, axis_start, layout};
use crate::tr;

/// Height of the axis, the strip of running tasks and the gap below them.
fn head_px() -> f64 {
    flag_px() + 28.0 + 32.0 + GAP_PX
}

/// The gap above the rows.
const GAP_PX: f64 = 4.0;

/// Sentences.
pub type Why = Vec<Vec<Piece>>;

#[derive(Properties, PartialEq)]
pub struct TimelineProps {
    pub chart: Chart,
    /// The text, for the banner over a stale chart.
    pub reading: Rc<Reading>,
    pub story: Option<Rc<Story>>,
    pub notices: Rc<Vec<String>>,
    /// Why the selected row is as it is, where no panel says so.
    pub why: Rc<Why>,
    /// What may be asked about the last slot of a group.
    pub asked: Option<Rc<Advice>>,
    /// The menu that is open.
    pub menu: Option<Rc<Menu>>,
    /// The link whose change is shown.
    pub preview: Option<Rc<LinkPreview>>,
    /// Whether it is drawn larger.
    pub is_presented: bool,
    /// Whether the playhead moves.
    pub is_playing: bool,
    pub on_msg: OnMsg,
    pub on_key: Callback<KeyboardEvent>,
}

#[component]
pub fn Timeline(props: &TimelineProps) -> Html {
    let TimelineProps { chart, on_msg, on_key, .. } = props;
    let run = &chart.run;
    let node = use_node_ref();
    let size = use_size(node.clone());
    let first_row = use_state_eq(|| 0usize);
    let slots = use_memo((run.clone(), chart.view), |(run, view)| match view {
        View::Slots => slot_rows(&run.flows, &run.trace),
        View::Gantt => Vec::new(),
    });
    let (width_px, height_px) = size.unwrap_or((0.0, 0.0));
    let n_rows = if chart.view == View::Slots { slots.len() } else { run.rows.len() };
    let zoom = if props.is_presented && page_layout() == PageLayout::Wide { presented_zoom(height_px, head_px(), n_rows) } else { 1.0 };
    let (width_px, height_px) = (width_px / zoom, height_px / zoom);
    let by_hand = use_state_eq(|| remembered(NAMES).and_then(|width| width.parse::<f64>().ok()));
    let metrics = Metrics { zoom, ..Metrics::of(width_px, page_layout(), by_hand.unwrap_or(run.names_px)) };
    use_label_width(node.clone(), metrics);
    let on_names = {
        let by_hand = by_hand.setter();
        use_callback((), move |width_px: Option<f64>, ()| {
            remember(NAMES, &width_px.map(|width_px| width_px.to_string()).unwrap_or_default());
            by_hand.set(width_px);
        })
    };
    let scale = chart.scale(&metrics);
    let in_view = metrics.rows_in_view(run.rows.len(), *first_row, height_px);
    let picture = use_memo((run.clone(), scale, in_view.clone()), |(run, scale, rows)| {
        layout(&run.trace, &run.rows, &Viewport { scale: *scale, rows: rows.clone(), start: axis_start(run.flow(), &run.trace) })
    });
    let bars = use_memo(picture.clone(), |picture| picture.rows.iter().cloned().map(Rc::new).collect::<Vec<_>>());
    let ticks = use_memo(picture.clone(), |picture| picture.ticks.clone());
    let ghosts = (chart.ghost.clone(), chart.draft, run.clone(), scale, in_view.clone());
    let ghosts = use_memo(ghosts, |(.., scale, rows)| chart.ghosts(scale, rows));
    let real = use_memo((chart.overlaid.clone(), scale, in_view.clone()), |(_, scale, rows)| chart.real_parts(scale, rows));
    let selection = (run.clone(), chart.selected.clone(), scale, in_view.clone(), metrics);
    let handed_over = use_memo(selection, |(.., scale, rows, metrics)| chart.hand_over(scale, rows, metrics));
    // Made once, so that a row that is the same is not drawn again.
    let calls = use_memo(on_msg.clone(), row_calls);
    use_gestures(node.clone(), metrics, on_msg.clone());
    use_effect_with(size.is_some(), |is_drawn| {
        if *is_drawn {
            report_ready();
        }
    });
    use_top_of_flow(node.clone(), &run.flow().id);
    use_marked_in_view(node.clone(), chart, slots.clone(), metrics);
    use_following(node.clone(), props, metrics);

    let onscroll = {
        let first_row = first_row.clone();
        move |event: Event| {
            let chart: Element = event.target_unchecked_into();
            move_frame(&chart);
            first_row.set(metrics.first_row(f64::from(chart.scroll_top()) / metrics.zoom));
        }
    };
    let all_px = run.rows.len() as f64 * metrics.row_px;
    let rows_share = if metrics.is_narrow { 1.0 } else { ((height_px - head_px()) / all_px.max(1.0)).min(1.0) };
    let in_slots = chart.view == View::Slots;
    let now = (!chart.at_rest).then_some(chart.now);
    let n_drawn = if in_slots { slots.len() } else { in_view.len() };
    let rows_px = n_drawn as f64 * metrics.row_px;
    let window_px = rows_px.max(if run.rows.len() <= ALL_ROWS { height_px - head_px() } else { 0.0 });
    let progress: Vec<RowProgress> = picture.rows.iter().map(|bars| RowProgress::at(bars, chart.now, chart.at_rest)).collect();
    let row = |(at, n): (usize, usize)| {
        let row = &run.rows[n];
        let (bars, progress) = (bars.get(at).cloned().unwrap_or_default(), progress.get(at).copied().unwrap_or_default());
        let selected = chart.marked() == Some(&row.key);
        html! {
            <key={Rc::clone(&row.key)}>
                <RowView run={run.clone()} {n} {bars} {scale} {progress} {selected}
                    hides={chart.hides && !progress.ended}
                    ghost={ghosts.get(at).copied().flatten()} real={real.get(at).cloned().unwrap_or_default()}
                    track_px={metrics.track_px} names_px={(!metrics.is_narrow).then_some(metrics.label_px)}
                    calls={(*calls).clone()} />
                { at_row(props, &row.key) }
            </>
        }
    };
    let blackouts = chart.blackouts(&scale);
    let rows = Rows { in_view: &in_view, bars: &picture.rows, progress: &progress, height_px: rows_px };
    let stale = chart.is_stale.then_some("true");
    let shows_all = !chart.hides || chart.draft.is_some();
    // Rows that are not drawn can't be pointed at.
    let active = chart.marked_row().filter(|n| !in_slots && in_view.contains(n)).map(|n| format!("pg-row-{n}"));
    let state = |is_so: bool, class: &'static str| is_so.then_some(class);
    let class = classes!(
        "pg-timeline",
        state(chart.is_stale, "pg-timeline--stale"),
        state(chart.hides, "pg-timeline--hides"),
        state(chart.is_asking, "pg-timeline--asks")
    );
    html! {
        <section {class} data-testid="timeline" onkeydown={on_key.clone()}>
            <div class="pg-timeline__chart" ref={node} aria-disabled={stale} data-zoomed={chart.zoom.map(|_| "")}
                {onscroll}>
                <Axis chart={chart.clone()} ticks={ticks.clone()} {scale} {metrics} on_msg={on_msg.clone()}
                    {rows_share} {on_names} />
                <div class="pg-timeline__gap" />
                <div class="pg-timeline__rows" id="pg-rows" role="treegrid" aria-label={tr!("Timeline")} tabindex="0"
                    aria-rowcount={run.rows.len().to_string()} aria-activedescendant={active}>
                    if !in_slots { { spacer(in_view.start, &metrics) } }
                    <div class="pg-timeline__window" role="rowgroup">
                        <svg class="pg-timeline__grid" width={px(metrics.track_px)} height={px(window_px)}
                            aria-hidden="true">
                            { for blackouts.iter().map(|span| blackout(*span, window_px)) }
                            { for ticks.iter().filter(|tick| shows_all || tick.x <= scale.x(chart.now))
                                .map(|tick| grid_line(tick, window_px)) }
                            { for chart.ghost_end().map(|end| ghost_line(scale.x(end), window_px, n_drawn, &metrics)) }
                            if run.numbers.makespan < run.end() {
                                { end_line(scale.x(run.numbers.makespan), window_px) }
                            }
                            if !in_slots { { for handed_over.as_ref().as_ref().map(hand_over_lines) } }
                        </svg>
                        if in_slots {
                            <Slots rows={slots.clone()} {scale} {metrics} selected={chart.selected.clone()} {now}
                                hides={chart.hides} on_msg={on_msg.clone()} />
                        } else {
                            { for in_view.clone().enumerate().map(row) }
                        }
                        <svg class="pg-timeline__over" width={px(metrics.track_px)} height={px(window_px)}
                            aria-hidden="true">
                            if let Some(path) = &chart.path {
                                <path class="pg-bar--critical" data-testid="critical-path"
                                    d={chart.critical(path, &in_view, &picture.rows, &slots, &scale, &metrics)} />
                            }
                            if !in_slots { { links(&chart.links(&in_view, &picture.rows, &metrics)) } }
                            if !chart.at_rest {
                                { playhead(chart, &rows, &scale, &metrics, window_px) }
                                { ahead(chart, &rows, &slots, &scale, &metrics) }
                            }
                            if !in_slots { { for handed_over.as_ref().as_ref().map(hand_over) } }
                        </svg>
                    </div>
                    if !in_slots { { spacer(run.rows.len() - in_view.end, &metrics) } }
                </div>
            </div>
            <div class="pg-timeline__foot">
                if chart.is_stale {
                    { banner(&props.reading, on_msg) }
                } else {
                    { legend(&legend_items(&picture.rows, &progress), &marks(chart, &ghosts, &blackouts, &slots),
                        run.flow().dialect, switches(chart, on_msg)) }
                    <div class="pg-foot">
                        { foot(props) }
                        { for props.asked.iter().filter_map(|advice| asked(advice, on_msg)) }
                    </div>
                }
            </div>
        </section>
    }
}

/// The marks on show beside bars.
fn marks(chart: &Chart, ghosts: &[Option<(f64, f64)>], blackouts: &[(f64, f64)], slots: &[SlotRow]) -> Vec<Mark> {
    let (run, has_ghost) = (&chart.run, ghosts.iter().any(Option::is_some));
    let hands_over = slots.iter().any(|row| row.stays.iter().any(|stay| stay.handed_over));
    let is_late = run.flow().plan.is_some() && run.rows.iter().any(|row| row.late(&run.flows, &run.trace).is_some());
    let has_bounds = chart.path.as_ref().is_some_and(|path| !path.bounds.is_empty());
    let is_laid_over = chart.overlaid.as_ref().is_some_and(|overlaid| overlaid.overlay.is_ok());
    let is_torn = !chart.hides && run.rows.iter().any(|row| row.stopped_by.is_some());
    let marks = [
        (is_torn, STOPPED),
        (has_ghost, GHOST),
        (is_laid_over, REAL),
        (is_laid_over, ADDED),
        (hands_over, HAND_OVER),
        (is_late, LATE),
        (!blackouts.is_empty(), BLACKOUT),
        (has_bounds, BOUND),
    ];
    marks.into_iter().filter(|(is_shown, _)| *is_shown).map(|(_, mark)| mark).collect()
}

fn row_calls(on_msg: &OnMsg) -> RowCalls {
    RowCalls {
        on_select: on_msg.reform(Msg::Select),
        on_fold: on_msg.reform(Msg::Fold),
        on_menu: on_msg.reform(|key| Msg::Menu(Some(key))),
        on_slots: on_msg.reform(|(key, by)| Msg::Slots(key, by)),
        on_longer: on_msg.reform(|(key, by)| Msg::Change(key, Intent::Longer(by))),
        on_link: on_msg.reform(|(from, to)| Msg::Link(from, to)),
        on_drag_link: on_msg.reform(|link: Option<(Rc<str>, Rc<str>)>| Msg::PreviewLink(link.map(|(from, to)| (from, to, PreviewAt::Row)))),
    }
}

/// What floats at a row: the change of a link that is dragged over it, and its menu.
fn at_row(TimelineProps { menu, preview, on_msg, .. }: &TimelineProps, key: &Rc<str>) -> Html {
    let over = preview.as_ref().filter(|preview| preview.at == PreviewAt::Row && preview.to == *key);
    let menu = menu.as_ref().filter(|menu| menu.key == *key);
    html! {
        <>
            if let Some(preview) = over {
                <div role="row"><div role="gridcell" class="pg-timeline__card">{ link_preview(preview) }</div></div>
            }
            if let Some(menu) = menu {
                <div role="row">
                    <div role="gridcell">
                        <TaskMenu menu={menu.clone()} preview={preview.clone()} on_msg={on_msg.clone()} />
                    </div>
                </div>
            }
        </>
    }
}

/// What the last action refused or lost, else the critical path while it is shown, else why the selected row is as it is, else the
/// story.
fn foot(TimelineProps { chart, story, notices: list, why, is_playing, on_msg, .. }: &TimelineProps) -> Html {
    let reason = |said: &Vec<Piece>| html! { <>{ sentence(said, chart.selected.as_ref(), on_msg) }{ " " }</> };
    match (&chart.path, story) {
        _ if !list.is_empty() && is_embed() => notices(list, on_msg),
        (None, _) if !why.is_empty() && !is_playing => html! {
            <div class="pg-story" role="status" data-testid="why">
                <p>{ for why.iter().map(reason) }</p>
            </div>
        },
        (Some(path), _) => critical_path(path, on_msg),
        (None, Some(story)) => html! { <StoryLine story={story.clone()} on_msg={on_msg.clone()} /> },
        (None, None) => html! {},
    }
}

/// What may be asked about the last slot of a group: another question is closed.
fn asked(advice: &Advice, on_msg: &OnMsg) -> Option<Html> {
    let alike = advice.alike.clone()?;
    let key = plain(&alike.1);
    Some(html! { <Asked {key} {alike} on_msg={on_msg.clone()} /> })
}

/// The place of rows that are not drawn.
fn spacer(n_rows: usize, metrics: &Metrics) -> Html {
    let height = px(n_rows as f64 * metrics.row_px);
    html! { <svg class="pg-timeline__spacer" width="1" {height} aria-hidden="true" /> }
}

pub fn grid_line(tick: &Tick, height_px: f64) -> Html {
    html! { <path class="pg-timeline__tick" d={format!("M{} 0V{}", px(tick.x.floor() + 0.5), px(height_px))} /> }
}

/// What is said of the critical path, and of the times that no schedule can beat.
#[inline(never)] // So that it can be fetched later.
fn critical_path(path: &Critical, on_msg: &OnMsg) -> Html {
    let bounds: String = path.bounds.iter().map(|(_, text)| format!(" {text}")).collect();
    html! {
        <div class="pg-story pg-story--whole" role="status" data-testid="critical">
            <p>
                { sentence(&path.sentence, None, on_msg) }
                { bounds }
            </p>
            <button class="pg-link" data-testid="critical-table" onclick={on_msg.reform(|_| Msg::Panel(Panel::Table))}>
                { tr!("The longest first") }
            </button>
        </div>
    }
}

/// The switches of the critical path and of all links.
fn switches(chart: &Chart, on_msg: &OnMsg) -> Html {
    let is_on = chart.path.is_some();
    html! {
        <>
            <button class="pg-link pg-link--quiet pg-legend__aside" data-testid="critical-switch"
                aria-pressed={is_on.to_string()} title={Term::CriticalPath.text()}
                onclick={on_msg.reform(|_| Msg::Critical)}>
                { if is_on { tr!("Hide the critical path") } else { tr!("Critical path") } }
            </button>
            { links_switch(chart, on_msg) }
        </>
    }
}

/// Whether all links are drawn; nothing where there are none.
#[inline(never)] // So that it can be fetched later.
fn links_switch(chart: &Chart, on_msg: &OnMsg) -> Html {
    let all = chart.all_links;
    if !chart.has_links() {
        return html! {};
    }
    html! {
        <button class="pg-link pg-link--quiet pg-legend__aside" data-testid="all-links" aria-pressed={all.to_string()}
            onclick={on_msg.reform(move |_| Msg::AllLinks(!all))}>
            { if all { tr!("Hide the links") } else { tr!("Show all links") } }
        </button>
    }
}

/// Where the width of the column of names is kept, when it was set by hand.
const NAMES: &str = "parallelogram.names";

/// Tells the styles how wide the column of names is, and how much larger the chart is drawn.
#[hook]
fn use_label_width(chart: NodeRef, metrics: Metrics) {
    use_effect_with(metrics, move |metrics| {
        let page = chart.cast::<Element>().and_then(|chart| chart.closest(".pg-app__main, .pg-embed").ok().flatten());
        let page = page.and_then(|page| page.dyn_into::<HtmlElement>().ok()).filter(|_| !metrics.is_narrow);
        let set = |page: &HtmlElement, name: &str, value: &str| page.style().set_property(name, value);
        let _ = page
            .map(|page| (set(&page, "--label-width", &[&px(metrics.label_px), "px"].concat()), set(&page, "--zoom", &px(metrics.zoom))));
    });
}

/// Another flow is shown from its first row on.
#[hook]
fn use_top_of_flow(chart: NodeRef, flow: &Rc<str>) {
    use_effect_with(Rc::clone(flow), move |_| {
        let _ = chart.cast::<Element>().map(|chart| chart.set_scroll_top(0));
    });
}

/// Scrolls the chart, and nothing else, so that the marked row is in view, in another view as well.
#[hook]
fn use_marked_in_view(chart: NodeRef, of: &Chart, slots: Rc<Vec<SlotRow>>, metrics: Metrics) {
    let run = Rc::clone(&of.run);
    use_effect_with((of.marked().cloned(), of.view), move |(marked, view)| {
        let at = marked.as_ref().and_then(|key| match view {
            View::Gantt => run.rows.iter().position(|row| row.key == *key),
            View::Slots => slots.iter().position(|row| row.stays.iter().any(|stay| stay.key.as_ref() == Some(key))),
        });
        if let (Some(at), Some(chart)) = (at, chart.cast::<Element>()) {
            let (top, view) = in_view(&chart, metrics.zoom);
            let row = at as f64 * metrics.row_px;
            if row < top {
                chart.set_scroll_top((row * metrics.zoom) as i32);
            } else if row + metrics.row_px + GAP_PX > top + view {
                chart.set_scroll_top(((row + metrics.row_px + GAP_PX - view) * metrics.zoom).ceil() as i32);
            }
        }
    });
}

/// The part of the rows that can be seen in a chart that scrolls: how far its top is from that of the first, and its height.
fn in_view(chart: &Element, zoom: f64) -> (f64, f64) {
    let heads = chart.query_selector(".pg-timeline__heads").ok().flatten();
    let heads_px = heads.map_or_else(head_px, |heads| f64::from(heads.client_height()));
    (f64::from(chart.scroll_top()) / zoom, f64::from(chart.client_height()) / zoom - heads_px)
}

/// While the playhead moves, the rows follow it: of the rows that begin at a moment one is in view.
#[hook]
fn use_following(chart: NodeRef, props: &TimelineProps, metrics: Metrics) {
    let moment = props.story.as_ref().filter(|_| props.is_playing).map(|story| story.at);
    let (run, moves_window) = (Rc::clone(&props.chart.run), !is_embed() && !props.chart.is_taught);
    use_effect_with(moment, move |moment| {
        let Some((moment, chart)) = moment.zip(chart.cast::<Element>()) else { return };
        let scrolls = chart.scroll_height() > chart.client_height() + 1 && !metrics.is_narrow;
        let (top, view) = if scrolls { in_view(&chart, metrics.zoom) } else { window_view(&chart) };
        if scrolls || moves_window {
            let first = (top / metrics.row_px).ceil().max(0.0) as usize;
            let last = ((top + view) / metrics.row_px).floor().max(0.0) as usize;
            if let Some(at) = run.row_to_show(moment, first..last) {
                let to = (at as f64 * metrics.row_px - view / 3.0).max(0.0);
                if scrolls { chart.set_scroll_top((to * metrics.zoom) as i32) } else { scroll_window_by(to - top) }
            }
        }
    });
}

/// Moves the frame of the minimap to the rows in view, without drawing anything again.
fn move_frame(chart: &Element) {
    let share = f64::from(chart.scroll_top()) / f64::from(chart.scroll_height().max(1));
    let frame = chart.query_selector(".pg-timeline__frame").ok().flatten();
    let _ = frame.map(|frame| frame.set_attribute("transform", &format!("translate(0 {})", px(share * MINIMAP_ROWS_PX))));
}
