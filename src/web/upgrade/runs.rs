//! Both versions' runs on one axis, row by row, and each difference with its rule.

use std::rc::Rc;

use web_sys::HtmlElement;
use yew::prelude::*;

use crate::app::table::Cells;
use crate::app::terms::Term;
use crate::app::upgrade::{Changes, Compared, Pair, VERSIONS};
use crate::flow::Dialect;
use crate::timeline::labels::name_px;
use crate::timeline::legend::legend_items;
use crate::timeline::metrics::Metrics;
use crate::timeline::progress::RowProgress;
use crate::timeline::shapes::{Progress, px, shapes};
use crate::timeline::ticks::{ticks, unit};
use crate::timeline::{Bar, ROW_PX};
use crate::tr;
use crate::web::axis::tick_label;
use crate::web::effects::{page_layout, use_size};
use crate::web::legend::{Mark, legend};
use crate::web::sentence::code_in;
use crate::web::shape;
use crate::web::slots::indent;
use crate::web::table::{copies, more_rows};
use crate::web::term::term;
use crate::web::timeline::grid_line;

/// More rows, differences and items than these are counted, not shown.
pub const MOST_ROWS: usize = 200;
/// The height of the row of one of two versions, in pixels.
const LANE_PX: f64 = 24.0;
/// The width of the column with the name of the version.
const VERSION_PX: f64 = 28.0;
/// The height of a name that stands above its bars.
const NAME_PX: f64 = 20.0;
const DIFFERS: &str = "M9 5h10M9 11h10M17 1 11 15";
const BEFORE: Mark = ("pg-timeline__end pg-timeline__end--ghost", "M14 0v18", || tr!("end in 1.3"));
const AFTER: Mark = ("pg-timeline__end", "M14 0v18", || tr!("end in 2.0"));
const OTHER: Mark = ("pg-upgrade__sign", DIFFERS, || tr!("differs"));

#[derive(Properties, PartialEq)]
pub struct RunsProps {
    pub changes: Rc<Changes>,
}

/// The story of the first difference, both timelines, and all differences.
#[component]
pub fn Runs(RunsProps { changes }: &RunsProps) -> Html {
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
                <span>{ term(Term::Makespan) }{ ": " }
                    <b class="pg-strong" data-testid="upgrade-summary">{ compared.summary() }</b>
                </span>
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
    let both = |pair: &&Pair| [0, 1].map(|side| compared.bars(pair, side, &scale));
    let drawn: Vec<[Vec<Bar>; 2]> = pairs.iter().map(both).collect();
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
            data-testid="upgrade-chart">
            <svg class="pg-upgrade__axis" width={px(width_px)} height="28" aria-hidden="true">
                <g transform={moved.clone()}>
                    { for marks.iter().map(|tick| tick_label(tick, unit, 0.0)) }
                </g>
            </svg>
            <div class="pg-upgrade__rows" role="table" aria-label={tr!("Timelines of both versions")}>
                <svg class="pg-upgrade__grid" width={px(width_px)} height={px(total_px)} aria-hidden="true">
                    <g transform={moved.clone()}>
                        { for marks.iter().map(|tick| grid_line(tick, total_px)) }
                    </g>
                </svg>
                { for pairs.iter().zip(&drawn).map(|(pair, bars)| row(compared, pair, bars, metrics.track_px)) }
                <svg class="pg-upgrade__grid" width={px(width_px)} height={px(total_px)} aria-hidden="true">
                    <g transform={moved.clone()}>{ end(0, BEFORE.0) }{ end(1, AFTER.0) }</g>
                </svg>
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
        let text = |bar: &Bar| compared.bar_text(pair, side, bar);
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

/// All differences, by the rule behind them.
fn differences(changes: &Rc<Changes>, compared: &Compared) -> Html {
    let all: Rc<dyn Fn() -> Cells> = {
        let changes = Rc::clone(changes);
        Rc::new(move || changes.compared.as_ref().map(Compared::cells).unwrap_or_default())
    };
    let mut left = MOST_ROWS;
    let line = |line: &Vec<String>| {
        let Some((name, cells)) = line.split_first() else { return html! {} };
        html! {
            <tr>
                <th scope="row">{ name.clone() }</th>
                { for cells.iter().map(|cell| html! { <td>{ cell.clone() }</td> }) }
            </tr>
        }
    };
    let group = |(rule, lines): &(String, Cells)| {
        let shown = lines.get(..left).unwrap_or(lines);
        left -= shown.len();
        html! {
            if !shown.is_empty() {
                <tbody>
                    <tr><th class="pg-upgrade__rule" colspan="3" scope="rowgroup">{ code_in(rule) }</th></tr>
                    { for shown.iter().map(line) }
                </tbody>
            }
        }
    };
    let n_more = compared.runs.rows.len().saturating_sub(MOST_ROWS);
    html! {
        <>
            <p class="pg-trials__head">
                <b class="pg-strong">{ tr!("What differs, and why") }</b>
                <span class="pg-spacer" />
                { copies("changes", &all) }
            </p>
            <table class="pg-table pg-trials__table pg-upgrade__table" data-testid="upgrade-differences">
                <thead><tr>
                    <th scope="col">{ tr!("column" => "task") }</th>
                    { for VERSIONS.iter().map(|version| html! { <th scope="col">{ *version }</th> }) }
                </tr></thead>
                { for compared.by_rule().iter().map(group) }
            </table>
            if n_more > 0 { <p>{ more_rows(n_more) }</p> }
        </>
    }
}
