//! What is drawn over the rows: links, hand-overs, and the playhead with what moves with it.

use std::ops::Range;

use yew::prelude::*;

use super::slots::{MOST_ROWS, shapes_ahead};
use crate::app::{Chart, View};
use crate::timeline::Bar;
use crate::timeline::arrows::{Arrow, HandOver};
use crate::timeline::labels::bar_text;
use crate::timeline::metrics::Metrics;
use crate::timeline::progress::RowProgress;
use crate::timeline::scale::Scale;
use crate::timeline::shapes::{Shape, px, shapes};
use crate::timeline::slot_rows::SlotRow;

/// A width beyond every screen.
const FAR_PX: &str = "100000";

/// Arrows with their names.
pub fn links(links: &[(String, Arrow)]) -> Html {
    let link = |(name, arrow): &(String, Arrow)| {
        html! {
            <g data-testid={name.clone()}>
                <path class="pg-timeline__handover" d={arrow.line.clone()} />
                <path class="pg-timeline__handover-dot" d={arrow.head.clone()} />
            </g>
        }
    };
    links.iter().map(link).collect()
}

/// The lines from those whose end let the selected task start to its bar. They are below the bars, so that they strike through no text.
#[inline(never)]
pub fn hand_over_lines(mark: &HandOver) -> Html {
    let line = |arrow: &Arrow| {
        html! { <path class="pg-timeline__handover" d={arrow.line.clone()} shape-rendering="crispEdges" /> }
    };
    mark.arrows.iter().map(line).collect()
}

/// The ends of these lines.
#[inline(never)]
pub fn hand_over(mark: &HandOver) -> Html {
    let arrow = |arrow: &Arrow| {
        html! { <path class="pg-timeline__handover-dot" d={arrow.head.clone()} /> }
    };
    let dot = |(x, y): &(f64, f64)| {
        html! {
            <circle class="pg-timeline__handover-dot" cx={px(*x)} cy={px(*y)} r="2.5" />
        }
    };
    html! { <g data-testid="hand-over">{ for mark.arrows.iter().map(arrow) }{ for mark.dots.iter().map(dot) }</g> }
}

/// The end of the run before: a line, on a narrow page only beside the bars of so many rows, so that lengths stay readable.
#[inline(never)]
pub fn ghost_line(x: f64, height_px: f64, n_rows: usize, metrics: &Metrics) -> Html {
    let x = px(x.floor() + 0.5);
    let beside = |n: usize| format!("M{x} {}v28", px(metrics.bar_top(n)));
    let d = if metrics.is_narrow { (0..n_rows).map(beside).collect() } else { format!("M{x} 0V{}", px(height_px)) };
    html! { <path class="pg-timeline__end--ghost" {d} /> }
}

/// The end of the execution, when bars go on after it.
#[inline(never)]
pub fn end_line(x: f64, height_px: f64) -> Html {
    html! {
        <path class="pg-timeline__end" data-testid="execution-end"
            d={format!("M{} 0V{}", px(x.floor() + 0.5), px(height_px))} />
    }
}

/// A blackout period: its left edge and width.
#[inline(never)]
pub fn blackout((x, width): (f64, f64), height_px: f64) -> Html {
    html! { <rect class="pg-timeline__blackout" x={px(x)} width={px(width)} height={px(height_px)} /> }
}

/// The rows in view.
pub struct Rows<'a> {
    /// Their indices.
    pub in_view: &'a Range<usize>,
    /// Their bars.
    pub bars: &'a [Vec<Bar>],
    /// How far their bars have come.
    pub progress: &'a [RowProgress],
    /// The height of all rows that are drawn.
    pub height_px: f64,
}

/// The playhead over the rows in view, with the veil over what is to come and the marks that move.
pub fn playhead(chart: &Chart, rows: &Rows<'_>, scale: &Scale, metrics: &Metrics, window_px: f64) -> Html {
    let mark = |(at, (bars, progress)): (usize, (&Vec<Bar>, &RowProgress))| {
        let is_leaf = chart.view == View::Gantt && !chart.run.rows[rows.in_view.start + at].is_group;
        let has_room = progress.moving_letter(bars, chart.now, scale).filter(|_| is_leaf)?;
        Some(moving_mark(metrics.bar_top(at), has_room))
    };
    html! {
        <g transform={format!("translate({} 0)", px(scale.x(chart.now)))}>
            if chart.now < chart.run.end() { { veil(metrics, rows.in_view.len(), rows.height_px) } }
            { for rows.bars.iter().zip(rows.progress).enumerate().filter_map(mark) }
            <path class="pg-timeline__playhead" d={["M.5 0V", &px(window_px)].concat()} />
        </g>
    }
}

/// What bars after the playhead say, above the veil: on a bar that is veiled the text below it can't be read.
pub fn ahead(chart: &Chart, rows: &Rows<'_>, slots: &[SlotRow], scale: &Scale, metrics: &Metrics) -> Html {
    let (run, now) = (&chart.run, chart.now);
    if chart.hides || now >= run.end() {
        return Html::default();
    }
    let drawn: Vec<(usize, Vec<Shape>)> = match chart.view {
        View::Gantt => {
            let of_row = |(at, (bars, progress)): (usize, (&Vec<Bar>, &RowProgress))| {
                let row = &run.rows[rows.in_view.start + at];
                let is_ahead = |(_, bar): &(usize, &Bar)| bar.segment.to > now;
                let texts = bars.iter().enumerate().filter(is_ahead);
                (at, texts.flat_map(|(n, bar)| shapes(bar, progress.of(n, bar), &bar_text(&run.flows, &run.trace, row, bar))).collect())
            };
            rows.bars.iter().zip(rows.progress).enumerate().map(of_row).collect()
        }
        View::Slots => slots.iter().take(MOST_ROWS).enumerate().map(|(at, row)| (at, shapes_ahead(row, scale, now))).collect(),
    };
    let text = |at: usize, shape: &Shape| match shape {
        Shape::Text { class, at: [x, y], text } => html! {
            <text class={classes!(class.clone())} x={px(*x)} y={px(metrics.bar_top(at) + y)}>{ text.clone() }</text>
        },
        Shape::Rect { .. } | Shape::Path { .. } => Html::default(),
    };
    let x = scale.x(now);
    html! {
        <svg class="pg-timeline__ahead" x={px(x)} width={FAR_PX} height={FAR_PX}>
            <g transform={format!("translate({} 0)", px(-x))}>
                { for drawn.iter().flat_map(|(at, shapes)| shapes.iter().map(|shape| text(*at, shape))) }
            </g>
        </svg>
    }
}

/// What is to come is veiled; on a narrow page only its bars, so that names stay readable.
fn veil(metrics: &Metrics, n_rows: usize, rows_px: f64) -> Html {
    let rect = |y: f64, height: f64| {
        html! { <rect class="pg-timeline__veil" y={px(y)} width={FAR_PX} height={px(height)} /> }
    };
    if metrics.is_narrow { (0..n_rows).map(|n| rect(metrics.bar_top(n), 28.0)).collect() } else { rect(0.0, rows_px) }
}

/// The edge of a bar that runs, and its letter where it has room.
fn moving_mark(top: f64, has_room: bool) -> Html {
    html! {
        <>
            <rect class="pg-bar__edge" x="-3" y={px(top + 6.0)} width="3" height="16" />
            if has_room {
                <text class="pg-bar__letter pg-bar__letter--running" x="-14" y={px(top + 18.0)}>{ "r" }</text>
            }
        </>
    }
}
