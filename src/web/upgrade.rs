//! "What changes in 2.0": both versions' runs row by row, what there is to rewrite, and what differs.

use std::rc::Rc;

use web_sys::{HtmlDialogElement, HtmlElement};
use yew::prelude::*;

use super::axis::tick_label;
use super::bridge::style;
use super::effects::{focus_by_id, page_layout, use_size};
use super::icon::{Glyph, icon};
use super::legend::{Mark, legend};
use super::pace::in_slices;
use super::sentence::code_in;
use super::shape;
use super::slots::indent;
use super::store::OnMsg;
use super::table::{copies, more_rows};
use super::timeline::grid_line;
use crate::app::run::Reading;
use crate::app::table::Cells;
use crate::app::upgrade::{Act, Changes, Compared, Item, Pair, VERSIONS, changes};
use crate::app::{App, Msg};
use crate::flow::Dialect;
use crate::sim::scenario::Scenario;
use crate::timeline::labels::name_px;
use crate::timeline::legend::legend_items;
use crate::timeline::metrics::Metrics;
use crate::timeline::progress::RowProgress;
use crate::timeline::shapes::{Progress, px, shapes};
use crate::timeline::ticks::{ticks, unit};
use crate::timeline::{Bar, ROW_PX};
use crate::tr;

/// More rows, differences and items than these are counted, not shown.
const MOST_ROWS: usize = 200;
/// The height of the row of one of two versions, in pixels.
const LANE_PX: f64 = 24.0;
/// The width of the column with the name of the version.
const VERSION_PX: f64 = 28.0;
/// The height of a name that stands above its bars.
const NAME_PX: f64 = 20.0;
/// The id of the heading of what there is to rewrite.
const ITEMS: &str = "pg-upgrade-items";

const DIFFERS: &str = "M9 5h10M9 11h10M17 1 11 15";
const BEFORE: Mark = ("pg-timeline__end pg-timeline__end--ghost", "M14 0v18", || tr!("end in 1.3"));
const AFTER: Mark = ("pg-timeline__end", "M14 0v18", || tr!("end in 2.0"));
const OTHER: Mark = ("pg-upgrade__sign", DIFFERS, || tr!("differs"));

/// The view, while it is open.
#[inline(never)] // So that it can be fetched later.
pub fn upgrade_view(app: &App, on_share: &Callback<bool>, on_msg: &OnMsg) -> Html {
    let Some(before) = &app.upgrading else { return html! {} };
    // What was done before the view was opened is not undone in it.
    let can_undo = app.history.can().0 && *before.source.text != *app.reading.source.text;
    html! {
        <UpgradeView before={before.clone()} reading={app.reading.clone()} scenario={app.scenario.clone()} {can_undo}
            on_share={on_share.clone()} on_msg={on_msg.clone()} />
    }
}

#[derive(Properties, PartialEq)]
struct UpgradeProps {
    /// The text with which the view was opened.
    before: Rc<Reading>,
    reading: Rc<Reading>,
    scenario: Rc<Scenario>,
    can_undo: bool,
    on_share: Callback<bool>,
    on_msg: OnMsg,
}

#[component]
fn UpgradeView(UpgradeProps { before, reading, scenario, can_undo, on_share, on_msg }: &UpgradeProps) -> Html {
    let node = use_node_ref();
    use_effect_with((), {
        let node = node.clone();
        move |()| {
            if let Some(dialog) = node.cast::<HtmlDialogElement>() {
                let _ = dialog.show_modal();
            }
        }
    });
    let shown = use_changes(before, reading, scenario);
    html! {
        <dialog class="pg-dialog pg-upgrade" ref={node} data-testid="upgrade" aria-labelledby="pg-upgrade-title"
            aria-busy={shown.is_none().to_string()} onclose={on_msg.reform(|_| Msg::Upgrade(Act::Close))}>
            <header class="pg-upgrade__head">
                <h2 class="pg-dialog__title" id="pg-upgrade-title">{ tr!("What changes in 2.0") }</h2>
                <span class="pg-spacer" />
                <button class="pg-button" data-testid="upgrade-undo" disabled={!can_undo}
                    onclick={on_msg.reform(|_| Msg::Undo)}>
                    { icon(Glyph::Undo) }{ tr!("Undo") }
                </button>
                <button class="pg-button" data-testid="upgrade-share" onclick={on_share.reform(|_| false)}>
                    { icon(Glyph::Share) }{ tr!("Share") }
                </button>
                <form method="dialog">
                    <button class="pg-button pg-button--icon" data-testid="upgrade-close" aria-label={tr!("Close")}>
                        { icon(Glyph::Close) }
                    </button>
                </form>
            </header>
            if let Some(changes) = &shown { { body(changes, on_msg) } } else {
                <p class="pg-muted" role="status">{ tr!("Running it in both versions…") }</p>
            }
        </dialog>
    }
}

/// What changes, found in slices: the last that is known, and `None` at first.
#[hook]
fn use_changes(before: &Rc<Reading>, reading: &Rc<Reading>, scenario: &Rc<Scenario>) -> Option<Rc<Changes>> {
    let shown = use_state_eq(|| None::<Rc<Changes>>);
    let asked = use_mut_ref(|| 0_u32);
    let setter = shown.setter();
    use_effect_with((before.clone(), reading.clone(), scenario.clone()), move |asks| {
        let (before, reading, scenario) = asks.clone();
        *asked.borrow_mut() += 1;
        let nth = *asked.borrow();
        wasm_bindgen_futures::spawn_local(async move {
            style("upgrade").await;
            let found = in_slices(move || changes(&before, &reading, &scenario)).await;
            // What was asked for later is what is wanted.
            if *asked.borrow() == nth {
                setter.set(Some(Rc::new(found)));
            }
        });
    });
    (*shown).clone()
}

fn body(changes: &Rc<Changes>, on_msg: &OnMsg) -> Html {
    html! {
        <div class="pg-upgrade__body">
            <section class="pg-upgrade__runs" tabindex="0" aria-label={tr!("The run in both versions")}>
                { match &changes.compared {
                    Ok(_) => html! { <Runs changes={changes.clone()} /> },
                    Err(why) => html! { <p data-testid="upgrade-story">{ code_in(why) }</p> },
                } }
            </section>
            <section class="pg-upgrade__items" tabindex="0" aria-labelledby={ITEMS}>{ items(changes, on_msg) }</section>
        </div>
    }
}

/// What there is to rewrite, and what is left for a person.
fn items(changes: &Changes, on_msg: &OnMsg) -> Html {
    let Changes { items, keeps, all, all_and_kept, .. } = changes;
    let n_left = items.iter().filter(|item| item.text.is_none()).count();
    let n_done = items.len() - n_left;
    let said = match (n_done, n_left) {
        (0, 0) => tr!("Kestra 2.0 takes this text as it is."),
        (n, 0) => tr!("{n} rewrite" | "{n} rewrites" % n),
        (0, n) => tr!("{n} left for you" | "{n} left for you" % n),
        (done, left) => tr!("{done} to rewrite, {left} left for you", done, left),
    };
    let apply = |text: &Option<Rc<str>>, testid: &'static str, label: String, class: &'static str| {
        text.as_ref().map(|text| write(text, testid.to_owned(), label, class, on_msg))
    };
    let list = |items: &[Item], id: &str| {
        let one = |(n, one): (usize, &Item)| item(one, &format!("{id}-{n}"), on_msg);
        html! {
            <ul class="pg-upgrade__list">
                { for items.iter().enumerate().take(MOST_ROWS).map(one) }
                if items.len() > MOST_ROWS { <li>{ more_rows(items.len() - MOST_ROWS) }</li> }
            </ul>
        }
    };
    html! {
        <>
            <h3 class="pg-strong" id={ITEMS} tabindex="-1">{ tr!("What 2.0 refuses") }</h3>
            <p role="status" data-testid="upgrade-count">{ said }</p>
            <p class="pg-actions">
                { for apply(all, "upgrade-all", tr!("Apply all"), "pg-button--primary") }
                { for apply(all_and_kept, "upgrade-all-kept",
                    if all.is_some() { tr!("Apply all, and keep the old behavior") } else { tr!("Keep the old behavior") },
                    "pg-button--outline") }
            </p>
            { list(items, "upgrade-item") }
            if !keeps.is_empty() {
                <h3 class="pg-strong">{ tr!("What keeps the old behavior") }</h3>
                { list(keeps, "upgrade-keep") }
            }
        </>
    }
}

/// A button that writes a text. What it stands at is then gone, so the focus goes to the heading.
fn write(text: &Rc<str>, testid: String, label: String, class: &'static str, on_msg: &OnMsg) -> Html {
    let (text, on_msg) = (Rc::clone(text), on_msg.clone());
    let onclick = move |_: MouseEvent| {
        focus_by_id(ITEMS);
        on_msg.emit(Msg::Upgrade(Act::Write(Rc::clone(&text))));
    };
    html! { <button class={classes!("pg-button", class)} data-testid={testid} {onclick}>{ label }</button> }
}

fn item(Item { line, offset, message, why, choices, lines, text }: &Item, id: &str, on_msg: &OnMsg) -> Html {
    let offset = *offset;
    html! {
        <li class="pg-upgrade__item" data-testid={id.to_owned()}>
            <p>
                <button class="pg-link" data-testid={[id, "-line"].concat()}
                    onclick={on_msg.reform(move |_: MouseEvent| Msg::Upgrade(Act::GoTo(offset)))}>
                    { tr!("Line {line}", line) }
                </button>
                { ": " }{ code_in(message) }
            </p>
            if !lines.is_empty() { <pre class="pg-preview" tabindex="0">{ lines.join("\n") }</pre> }
            if !why.is_empty() { <p class="pg-muted">{ code_in(why) }</p> }
            if let Some(text) = text {
                { write(text, [id, "-write"].concat(), tr!("Rewrite"), "pg-button--outline", on_msg) }
            } else {
                <p class="pg-upgrade__left">{ icon(Glyph::Problem) }{ tr!("Left for you.") }</p>
            }
            if !choices.is_empty() {
                <ul class="pg-upgrade__choices">
                    { for choices.iter().map(|choice| html! { <li>{ code_in(choice) }</li> }) }
                </ul>
            }
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct RunsProps {
    changes: Rc<Changes>,
}

/// The story of the first difference, both timelines, and all differences.
#[component]
fn Runs(RunsProps { changes }: &RunsProps) -> Html {
    let node = use_node_ref();
    let width_px = use_size(node.clone()).map_or(0.0, |(width, _)| width);
    let only = use_state_eq(|| false);
    let all: &[Pair] = changes.compared.as_ref().map_or(&[], |compared| &compared.rows);
    let n_differ = all.iter().filter(|pair| pair.differs).count();
    let onchange = {
        let only = only.clone();
        move |_: Event| only.set(!*only)
    };
    let shown: Vec<&Pair> = all.iter().filter(|pair| pair.differs || !*only || n_differ == 0).collect();
    let n_more = shown.len().saturating_sub(MOST_ROWS);
    let drawn = &shown[..shown.len() - n_more];
    let metrics = metrics(drawn, width_px);
    use_label_width(&node, metrics);
    let Ok(compared) = &changes.compared else { return html! {} };
    html! {
        <>
            <p class="pg-upgrade__story" data-testid="upgrade-story">{ code_in(&compared.story()) }</p>
            <p class="pg-upgrade__facts">
                <b class="pg-strong" data-testid="upgrade-summary">{ compared.summary() }</b>
                <span>
                    { tr!("{n} of {all} rows differs" | "{n} of {all} rows differ" % n_differ, all = all.len()) }
                </span>
                if n_differ > 0 && n_differ < all.len() {
                    <label class="pg-upgrade__only">
                        <input type="checkbox" data-testid="upgrade-only" checked={*only} {onchange} />
                        { tr!("Only these") }
                    </label>
                }
            </p>
            <div ref={node}>if width_px > 0.0 { { chart(compared, drawn, &metrics, n_more) } }</div>
            if !compared.runs.rows.is_empty() { { differences(changes, compared) } }
        </>
    }
}

/// The sizes of a chart with these rows.
fn metrics(pairs: &[&Pair], width_px: f64) -> Metrics {
    const MARK_PX: f64 = 8.0;
    let names = pairs.iter().flat_map(|pair| pair.sides.iter().flatten()).map(|row| name_px(row, &row.name, MARK_PX));
    Metrics::of(width_px - VERSION_PX, page_layout(), names.fold(120.0, f64::max))
}

/// Tells the styles how wide the column of names is.
#[hook]
fn use_label_width(chart: &NodeRef, metrics: Metrics) {
    let chart = chart.clone();
    use_effect_with(metrics, move |metrics| {
        let width = [&px(metrics.label_px), "px"].concat();
        let _ = chart.cast::<HtmlElement>().map(|chart| chart.style().set_property("--label-width", &width));
    });
}

/// Both timelines on one axis: a row for what is alike in both, two for what is not.
fn chart(compared: &Compared, pairs: &[&Pair], metrics: &Metrics, n_more: usize) -> Html {
    let scale = metrics.whole(compared.span);
    let left_px = VERSION_PX + if metrics.is_narrow { 0.0 } else { metrics.label_px };
    let width_px = left_px + metrics.track_px;
    let above_px = if metrics.is_narrow { NAME_PX } else { 0.0 };
    let height_px = |pair: &Pair| above_px + if pair.lanes.len() == 1 { ROW_PX } else { 2.0 * LANE_PX };
    let drawn: Vec<[Vec<Bar>; 2]> = pairs.iter().map(|pair| [0, 1].map(|side| compared.bars(pair, side, &scale))).collect();
    let total_px: f64 = pairs.iter().map(|pair| height_px(pair)).sum();
    let all: Vec<Vec<Bar>> = drawn.iter().flatten().cloned().collect();
    let ended = vec![RowProgress { current: None, ended: true }; all.len()];
    let (marks, unit) = (ticks(&scale, None), unit(&scale, None));
    let end = |side: usize, class: &'static str| {
        let x = px(scale.x(compared.runs.makespans[side]).floor() + 0.5);
        html! { <path {class} d={format!("M{x} 0V{}", px(total_px))} /> }
    };
    let moved = format!("translate({} 0)", px(left_px));
    html! {
        <div class={classes!("pg-upgrade__chart", metrics.is_narrow.then_some("pg-upgrade__chart--narrow"))}
            role="table" aria-label={tr!("Timelines of both versions")} data-testid="upgrade-chart">
            <svg class="pg-upgrade__axis" width={px(width_px)} height="28" aria-hidden="true">
                <g transform={moved.clone()}>
                    { for marks.iter().map(|tick| tick_label(tick, unit, 0.0)) }
                </g>
            </svg>
            <div class="pg-upgrade__rows" role="rowgroup">
                <svg class="pg-upgrade__grid" width={px(width_px)} height={px(total_px)} aria-hidden="true">
                    <g transform={moved}>
                        { for marks.iter().map(|tick| grid_line(tick, total_px)) }
                        { end(0, BEFORE.0) }
                        { end(1, AFTER.0) }
                    </g>
                </svg>
                { for pairs.iter().zip(&drawn).map(|(pair, bars)| row(compared, pair, bars, metrics.track_px)) }
            </div>
            if n_more > 0 { <p>{ more_rows(n_more) }</p> }
            { legend(&legend_items(&all, &ended), &[OTHER, BEFORE, AFTER], Dialect::Kestra, html! {}) }
        </div>
    }
}

fn row(compared: &Compared, pair: &Pair, bars: &[Vec<Bar>; 2], track_px: f64) -> Html {
    let [old, new] = &pair.sides;
    let Some(shown) = new.as_ref().or(old.as_ref()) else { return html! {} };
    let lane = |side: usize| {
        let said = compared.sentence(pair, side, &bars[side]);
        let text = |bar: &Bar| pair.sides[side].as_ref().map(|row| compared.bar_text(row, side, bar)).unwrap_or_default();
        let (top, height) = if pair.lanes.len() == 1 { (0.0, ROW_PX) } else { (2.0, LANE_PX) };
        html! {
            <div class="pg-upgrade__lane" role="cell" aria-label={said.clone()} data-tip={said}>
                <span class="pg-upgrade__version" aria-hidden="true">
                    if !pair.is_of_both() { { VERSIONS[side] } }
                </span>
                <svg width={px(track_px)} height={px(height)} viewBox={format!("0 {top} {} {height}", px(track_px))}
                    aria-hidden="true" data-testid={format!("upgrade-{side}-{}", shown.key)}>
                    { for bars[side].iter().flat_map(|bar| shapes(bar, Progress::Ended, &text(bar)))
                        .map(|shape| shape::view(&shape)) }
                </svg>
            </div>
        }
    };
    let name = classes!("pg-timeline__name", shown.is_group.then_some("pg-timeline__name--group"));
    html! {
        <div class={classes!("pg-upgrade__row", pair.differs.then_some("pg-upgrade__row--differs"))} role="row"
            data-testid={format!("upgrade-row-{}", shown.key)}>
            <div class="pg-timeline__label" role="rowheader">
                <span class="pg-upgrade__mark">
                    if pair.differs {
                        <svg width="28" height="16" role="img" aria-label={tr!("differs")}>
                            <path class={OTHER.0} d={DIFFERS} />
                        </svg>
                    }
                </span>
                { indent(shown.depth) }
                <span class={name} data-tip={shown.name.to_string()}>{ shown.name.to_string() }</span>
            </div>
            <div class="pg-upgrade__lanes">
                { for pair.lanes.iter().map(|side| lane(*side)) }
            </div>
        </div>
    }
}

/// Each difference with its rule.
fn differences(changes: &Rc<Changes>, compared: &Compared) -> Html {
    let cells = compared.cells();
    let all: Rc<dyn Fn() -> Cells> = {
        let changes = Rc::clone(changes);
        Rc::new(move || changes.compared.as_ref().map(Compared::cells).unwrap_or_default())
    };
    let n_more = cells.len().saturating_sub(MOST_ROWS + 1);
    let line = |line: &Vec<String>| {
        let Some((name, cells)) = line.split_first() else { return html! {} };
        html! {
            <tr>
                <th scope="row">{ name.clone() }</th>
                { for cells.iter().map(|cell| html! { <td>{ code_in(cell) }</td> }) }
            </tr>
        }
    };
    html! {
        <>
            <p class="pg-trials__head">
                <b class="pg-strong">{ tr!("What differs, and why") }</b>
                <span class="pg-spacer" />
                { copies("changes", &all) }
            </p>
            <div class="pg-trials__scroll">
                <table class="pg-table pg-trials__table pg-upgrade__table" data-testid="upgrade-differences">
                    <thead><tr>
                        { for cells.iter().take(1).flatten().map(|head| html! { <th scope="col">{ head.clone() }</th> }) }
                    </tr></thead>
                    <tbody>
                        { for cells.iter().skip(1).take(MOST_ROWS).map(line) }
                        if n_more > 0 { <tr><td colspan="4">{ more_rows(n_more) }</td></tr> }
                    </tbody>
                </table>
            </div>
        </>
    }
}
