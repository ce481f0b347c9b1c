//! One row of the timeline: name, length, bars.

use std::rc::Rc;

use yew::prelude::*;

use super::calls::RowCalls;
use super::edge::Edge;
use super::icon::{Glyph, icon};
use super::shape;
use super::slots::indent;
use crate::analysis::segments::SegmentKind;
use crate::analysis::slots::busy_below;
use crate::app::real::Part;
use crate::app::run::Run;
use crate::flow::state::State;
use crate::render::svg::row_sentence;
use crate::time::human;
use crate::timeline::labels::{bar_text, bar_tip, length_px, length_text};
use crate::timeline::progress::RowProgress;
use crate::timeline::rows::Row;
use crate::timeline::scale::Scale;
use crate::timeline::shapes::{Progress, Shape, diamond_path, px, selection_ring, shapes};
use crate::timeline::steps::density;
use crate::timeline::{Bar, Form, due_mark};
use crate::tr;

#[derive(Properties, PartialEq)]
pub struct RowProps {
    pub run: Rc<Run>,
    /// The index of the row.
    pub n: usize,
    pub bars: Rc<Vec<Bar>>,
    pub scale: Scale,
    /// Left edge and width of what it did in the run before.
    pub ghost: Option<(f64, f64)>,
    /// What it did for real.
    pub real: Vec<Part>,
    pub progress: RowProgress,
    pub selected: bool,
    /// Whether what it did is hidden, for it is still to come.
    pub hides: bool,
    pub track_px: f64,
    /// The width of the column of names; `None` where names stand above the bars.
    pub names_px: Option<f64>,
    pub calls: RowCalls,
}

#[component]
pub fn RowView(RowProps { run, n, bars, scale, ghost, real, progress, selected, hides, track_px, names_px, calls }: &RowProps) -> Html {
    let row = &run.rows[*n];
    let onclick = {
        let (key, selected) = (row.key.clone(), *selected);
        calls.on_select.reform(move |_| (!selected).then(|| Rc::clone(&key)))
    };
    let oncontextmenu = {
        let key = row.key.clone();
        calls.on_menu.reform(move |event: MouseEvent| {
            event.prevent_default();
            Rc::clone(&key)
        })
    };
    // The length gives way before the name does.
    let has_length = names_px.is_none_or(|names_px| run.name_px(row) + length_px(row) <= names_px + 1.0);
    let length = if *hides { "?".to_owned() } else { length_text(row) };
    let class = classes!("pg-timeline__row", selected.then_some("pg-timeline__row--selected"));
    let name_class = classes!("pg-timeline__name", row.is_group.then_some("pg-timeline__name--group"));
    let is_calculated = row.is_length_calculated(&run.flows);
    let track_class = classes!("pg-timeline__track", is_calculated.then_some("pg-timeline__track--calculated"));
    let late = row.late(&run.flows, &run.trace).map(|late| tr!("late by {time}", time = human(late.by)));
    let did = if *hides {
        row.name.to_string()
    } else {
        [Some(row_sentence(&run.flows, row, bars)), late].into_iter().flatten().collect::<Vec<_>>().join(", ")
    };
    let label = tr!("{did}, row {n} of {of}", did, n = n + 1, of = run.rows.len());
    // A group without tasks has nothing to fold.
    let folds = row.is_group && (row.is_folded || run.rows.get(n + 1).is_some_and(|next| next.depth > row.depth));
    let expanded = folds.then(|| (!row.is_folded).to_string());
    let simulated = row.is_opaque(&run.flows).then_some("false");
    let is_running = |bar: &&Bar| bar.form == Form::Box && bar.segment.kind == SegmentKind::State(State::Running);
    let edge = bars.iter().rev().find(is_running).filter(|_| !row.is_group);
    let ring = bars.iter().find(|bar| bar.form != Form::Diamond).filter(|_| *selected);
    html! {
        <div {class} role="row" id={format!("pg-row-{n}")} data-testid={format!("row-{}", row.key)}
            data-simulated={simulated} aria-label={label} aria-level={(row.depth + 1).to_string()}
            aria-expanded={expanded} aria-rowindex={(n + 1).to_string()} aria-selected={selected.to_string()}
            {onclick} {oncontextmenu}>
            <div class="pg-timeline__label" role="rowheader">
                { indent(row.depth) }
                <span class="pg-timeline__gutter">if folds { { fold(row, &calls.on_fold) } }</span>
                <span class={name_class} data-tip={row.full_name(&run.flows, &run.trace).to_string()}>
                    if names_px.is_some_and(|names_px| run.name_px(row) > names_px) { { cut(&row.name) } } else {
                        { row.name.to_string() }
                    }
                </span>
                if has_length { <span class="pg-timeline__meta">{ length }</span> }
                if let Some(limit) = run.limit_in(row) {
                    { slots(row, limit, calls) }
                } else if run.has_mode(row) {
                    <span class="pg-slots">
                        <button aria-haspopup="true" aria-label={tr!("Mode of {group}", group = row.name)}
                            data-testid={format!("mode-menu-{}", row.key)} onclick={on_menu(row, calls)}>
                            { icon(Glyph::Down) }
                        </button>
                    </span>
                }
            </div>
            <svg class={track_class} role="gridcell" width={px(*track_px)} height="28">
                if let Some((x, width)) = ghost {
                    <rect class="pg-timeline__ghost" x={px(*x)} y="24" width={px(*width)} height="2" />
                }
                if row.is_group && row.is_folded { { busy_inside(run, row, bars) } }
                { for bars.iter().enumerate().map(|(at, bar)| segment(run, row, at, bar, *progress, *hides)) }
                { for due_mark(&run.flows, &run.trace, row, scale, *track_px).iter().map(shape::view) }
                if let Some(bar) = edge {
                    <Edge task={row.key.clone()} bar={*bar} track_px={*track_px} calls={calls.clone()} />
                }
                { for real.iter().map(real_part) }
                if let Some(bar) = ring { { shape::view(&selection_ring(bar)) } }
            </svg>
        </div>
    }
}

/// A part of a real bar, across the lower edge of the simulated one.
#[inline(never)] // So that it can be fetched later.
fn real_part((x, width, tone): &Part) -> Html {
    let class = if *tone == "added" { "pg-real--added".to_owned() } else { ["pg-real__bar pg-bar--", tone].concat() };
    html! { <rect {class} x={px(*x)} y="19.5" width={px(*width)} height="7" /> }
}

/// A name that has no room: it is cut in the middle, for names that begin alike differ at their ends.
#[inline(never)]
fn cut(name: &str) -> Html {
    const TAIL: usize = 12;
    let at = name.char_indices().rev().nth(TAIL - 1).map_or(0, |(at, _)| at);
    let (head, tail) = name.split_at(at);
    html! {
        <span class="pg-cut"><span>{ head.to_owned() }</span><span>{ tail.to_owned() }</span></span>
    }
}

/// The shapes of a segment, and over them the target that stands for it: exactly as wide as its time.
fn segment(run: &Run, row: &Row, at: usize, bar: &Bar, progress: RowProgress, hides: bool) -> Html {
    // What has not ended says neither its length nor its end.
    let hides = hides && progress.current.is_none_or(|current| at >= current);
    let mut drawn = shapes(bar, progress.of(at, bar), &bar_text(&run.flows, &run.trace, row, bar));
    if hides {
        drawn.retain(|shape| !matches!(shape, Shape::Text { .. }));
    }
    let dialect = run.flow().dialect;
    let id = format!("seg-{}-{at}", row.key);
    let (kind, segment) = (bar.segment.kind.name_in(dialect), bar.segment);
    let (from, to) = (segment.from.0.to_string(), segment.to.0.to_string());
    let outcome =
        bar.outcome.filter(|_| progress.of(at, bar) == Progress::Ended && !segment.kind.is_wait()).map(|state| dialect.state_name(state));
    let tip = if hides { row.name.to_string() } else { bar_tip(&run.flows, row, bar) };
    // `data-outcome` comes and goes. It stands behind the other attributes, so that the same state is the same document,
    // however it was reached.
    let target = if bar.form == Form::Diamond {
        html! {
            <path fill="transparent" d={diamond_path(bar.x)} data-testid={id} data-kind={kind} data-from-ms={from}
                data-to-ms={to} data-tip={tip} data-outcome={outcome} />
        }
    } else {
        html! {
            <rect fill="transparent" x={px(bar.x)} y="0" width={px(bar.width)} height="28" data-testid={id}
                data-kind={kind} data-from-ms={from} data-to-ms={to} data-tip={tip} data-outcome={outcome} />
        }
    };
    html! { <>{ for drawn.iter().map(shape::view) }{ target }</> }
}

/// How many of the leaves in a folded group were busy at each time.
fn busy_inside(run: &Run, row: &Row, bars: &[Bar]) -> Html {
    let bar = bars.iter().rev().find(|bar| bar.form == Form::Group);
    let Some((idx, bar)) = row.run().zip(bar) else { return html! {} };
    html! { <path class="pg-timeline__density" d={density(&busy_below(&run.flows, &run.trace, idx), bar)} /> }
}

fn on_menu(row: &Row, calls: &RowCalls) -> Callback<MouseEvent> {
    let key = Rc::clone(&row.key);
    calls.on_menu.reform(move |event: MouseEvent| {
        event.stop_propagation();
        Rc::clone(&key)
    })
}

/// The limit of a group, in its row: a slot less, the menu of the row, a slot more. The arrow keys do the same on the number.
fn slots(row: &Row, limit: u32, calls: &RowCalls) -> Html {
    let change = |key: Rc<str>, by: i32| {
        calls.on_slots.reform(move |event: MouseEvent| {
            event.stop_propagation();
            (Rc::clone(&key), by)
        })
    };
    let step = |label: String, glyph: Glyph, by: i32| {
        html! {
            <button class="pg-slots__step" tabindex="-1" aria-label={label}
                title={(limit == 1 && by < 0).then(|| tr!("1 slot is the least"))}
                disabled={limit == 1 && by < 0} onclick={change(Rc::clone(&row.key), by)}>
                { icon(glyph) }
            </button>
        }
    };
    let (shown, said) = match limit {
        0 => ("∞".to_owned(), tr!("no limit")),
        n => (n.to_string(), n.to_string()),
    };
    let onkeydown = {
        let (key, on_slots) = (Rc::clone(&row.key), calls.on_slots.clone());
        move |event: KeyboardEvent| {
            let by = match &*event.key() {
                "ArrowUp" | "ArrowRight" => 1,
                "ArrowDown" | "ArrowLeft" => -1,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            on_slots.emit((Rc::clone(&key), by));
        }
    };
    let label = tr!("Slots of {group}: {limit}", group = row.name, limit = said);
    html! {
        <span class="pg-slots">
            { step(tr!("One slot less for {group}", group = row.name), Glyph::Minus, -1) }
            <button class="pg-slots__value" aria-haspopup="true" aria-label={label}
                data-testid={format!("slots-{}", row.key)} onclick={on_menu(row, calls)}
                {onkeydown}>
                { shown }
            </button>
            { step(tr!("One slot more for {group}", group = row.name), Glyph::Plus, 1) }
        </span>
    }
}

/// The button that folds a row, or opens it.
fn fold(row: &Row, on_fold: &Callback<Rc<str>>) -> Html {
    let label = match row.is_folded {
        true => tr!("Show what is below {row}", row = row.name),
        false => tr!("Fold what is below {row}", row = row.name),
    };
    let key = row.key.clone();
    let onclick = on_fold.reform(move |event: MouseEvent| {
        event.stop_propagation();
        Rc::clone(&key)
    });
    html! {
        <button class="pg-timeline__fold" tabindex="-1" aria-label={label}
            data-testid={format!("fold-{}", row.key)} {onclick}>
            { icon(if row.is_folded { Glyph::Next } else { Glyph::Down }) }
        </button>
    }
}
