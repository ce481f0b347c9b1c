//! One row of the timeline: name, length, bars.

use std::rc::Rc;

use web_sys::{Element, window};
use yew::prelude::*;

use super::icon::{Glyph, icon};
use super::shape;
use crate::analysis::segments::SegmentKind;
use crate::analysis::slots::busy_below;
use crate::app::run::Run;
use crate::app::settings::waits_for_person;
use crate::flow::Kind;
use crate::flow::state::State;
use crate::render::svg::row_sentence;
use crate::time::{SimTime, human};
use crate::timeline::rows::{Row, group_text, length_text};
use crate::timeline::shapes::{Progress, diamond_path, px, selection_ring, shapes};
use crate::timeline::{Bar, Form};

/// What the playhead says of a row. A row is only drawn again when this changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moment {
    /// The bar in which the playhead stands.
    pub current: Option<usize>,
    /// Whether the run has ended: its bars have the colour of the outcome.
    pub ended: bool,
}

impl Moment {
    /// How far the bar with this number has come.
    pub fn progress(self, at: usize) -> Progress {
        match self {
            Self { ended: true, .. } => Progress::Ended,
            Self { current: Some(current), .. } if current == at => Progress::Current,
            Self { .. } => Progress::Planned,
        }
    }
}

/// What the playhead at `now` says of a row with these bars. At rest all has ended.
pub fn moment(bars: &[Bar], now: SimTime, at_rest: bool) -> Moment {
    let ended = at_rest || bars.last().is_some_and(|bar| bar.outcome.is_some() && bar.segment.to <= now);
    let current = if ended { None } else { bars.iter().rposition(|bar| bar.segment.from <= now && now < bar.segment.to) };
    Moment { current, ended }
}

#[derive(Properties, PartialEq)]
pub struct RowProps {
    pub run: Rc<Run>,
    /// Which row, from 0.
    pub n: usize,
    pub bars: Rc<Vec<Bar>>,
    /// Left edge and width of what it did in the run before.
    pub ghost: Option<(f64, f64)>,
    pub moment: Moment,
    pub selected: bool,
    pub track_px: f64,
    pub on_select: Callback<Option<Rc<str>>>,
    pub on_fold: Callback<Rc<str>>,
    /// Asks for the menu of the row.
    pub on_menu: Callback<Rc<str>>,
    /// The task is to take so many milliseconds more.
    pub on_longer: Callback<(Rc<str>, i64)>,
    /// The second task is to wait for the first.
    pub on_link: Callback<(Rc<str>, Rc<str>)>,
    /// A hand with such a link in it is over the second; over none.
    pub on_over: Callback<Option<(Rc<str>, Rc<str>)>>,
}

#[component]
pub fn RowView(
    RowProps { run, n, bars, ghost, moment, selected, track_px, on_select, on_fold, on_menu, on_longer, on_link, on_over }: &RowProps,
) -> Html {
    let row = &run.rows[*n];
    let onclick = {
        let (key, selected) = (row.key.clone(), *selected);
        on_select.reform(move |_| (!selected).then(|| Rc::clone(&key)))
    };
    let oncontextmenu = {
        let key = row.key.clone();
        on_menu.reform(move |event: MouseEvent| {
            event.prevent_default();
            Rc::clone(&key)
        })
    };
    let class = classes!("pg-timeline__row", selected.then_some("pg-timeline__row--selected"));
    let name = row.name(&run.flows).to_string();
    let class_of_name = classes!("pg-timeline__name", row.is_group.then_some("pg-timeline__name--group"));
    let label = format!("{}, row {} of {}", row_sentence(&run.flows, row, bars), n + 1, run.rows.len());
    let is_opaque = is_opaque(run, row);
    html! {
        <div {class} role="row" id={format!("pg-row-{n}")} data-testid={format!("row-{}", row.key)} data-simulated={is_opaque.then_some("false")} aria-label={label}
            aria-level={(row.depth + 1).to_string()} aria-expanded={row.is_group.then_some(if row.is_folded { "false" } else { "true" })} aria-rowindex={(n + 1).to_string()} aria-selected={if *selected { "true" } else { "false" }} {onclick} {oncontextmenu}>
            <div class="pg-timeline__label" role="rowheader">
                if row.depth > 0 { <svg class="pg-timeline__indent" width={(14 * row.depth).to_string()} height="1" aria-hidden="true" /> }
                <span class="pg-timeline__gutter">if row.is_group { { fold(row, on_fold) } }</span>
                <span class={class_of_name} title={name.clone()}>{ name }</span>
                <span class="pg-timeline__meta">{ length_text(row) }</span>
            </div>
            <svg class={classes!("pg-timeline__track", is_calculated(run, row).then_some("pg-timeline__track--calculated"))} role="gridcell" width={px(*track_px)} height="28">
                if let Some((x, width)) = ghost { <rect class="pg-timeline__ghost" x={px(*x)} y="24" width={px(*width)} height="2" /> }
                { for bars.iter().enumerate().map(|(at, bar)| segment(run, row, at, bar, *moment)) }
                if row.is_group && row.is_folded { { density(run, row, bars) } }
                if let Some(bar) = bars.iter().rev().find(|bar| bar.form == Form::Box && bar.segment.kind == SegmentKind::State(State::Running)).filter(|_| !row.is_group) {
                    <Edge task={row.key.clone()} bar={*bar} on_longer={on_longer.clone()} on_link={on_link.clone()} on_over={on_over.clone()} />
                }
                if *selected { if let Some(bar) = bars.iter().find(|bar| bar.form != Form::Diamond) { { shape::view(&selection_ring(bar)) } } }
            </svg>
        </div>
    }
}

/// The shapes of a segment, and over them the target that stands for it: exactly as wide as its time.
fn segment(run: &Run, row: &Row, at: usize, bar: &Bar, moment: Moment) -> Html {
    let progress = moment.progress(at);
    let drawn = shapes(bar, progress, &bar_text(run, row, bar));
    let id = format!("seg-{}-{at}", row.key);
    let dialect = run.flow().dialect;
    let outcome = bar.outcome.filter(|_| moment.ended && !bar.segment.kind.is_wait()).map(|state| dialect.state_name(state));
    let (kind, from, to) = (bar.segment.kind.name_in(dialect), bar.segment.from.0.to_string(), bar.segment.to.0.to_string());
    let time = |time: SimTime| if time == SimTime::ZERO { "0 s".to_owned() } else { human(time) };
    let tip = [row.name(&run.flows), ": ", &bar.segment.kind.label(dialect), ", ", &time(bar.segment.from), " to ", &time(bar.segment.to)]
        .concat();
    let tip = html! { <title>{ tip }</title> };
    // Without a class: an attribute that comes and goes has its place behind all others, so that the same state is the
    // same document, however it was reached.
    let target = if bar.form == Form::Diamond {
        html! { <path fill="transparent" d={diamond_path(bar.x)} data-testid={id} data-kind={kind} data-from-ms={from} data-to-ms={to} data-outcome={outcome}>{ tip }</path> }
    } else {
        html! { <rect fill="transparent" x={px(bar.x)} y="0" width={px(bar.width)} height="28" data-testid={id} data-kind={kind} data-from-ms={from} data-to-ms={to} data-outcome={outcome}>{ tip }</rect> }
    };
    html! { <>{ for drawn.iter().map(shape::view) }{ target }</> }
}

/// How many of the leaves below a folded group were busy when, as hills at the foot of its bar.
fn density(run: &Run, row: &Row, bars: &[Bar]) -> Html {
    const TOP_PX: f64 = 8.0;
    const FOOT_PX: f64 = 22.0;
    const MOST_STEPS: usize = 1000;
    let Some((idx, bar)) = row.run().zip(bars.iter().rev().find(|bar| bar.form == Form::Group)) else { return html! {} };
    let steps = busy_below(&run.flows, &run.trace, idx);
    let most = steps.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    let px_per_ms = bar.width / (bar.segment.to - bar.segment.from).0.max(1) as f64;
    let x = |at: SimTime| bar.x + (at.0 as f64 - bar.segment.from.0 as f64) * px_per_ms;
    let mut d = format!("M{} {FOOT_PX}", px(bar.x));
    for (at, n) in steps.iter().filter(|(at, _)| *at >= bar.segment.from).take(MOST_STEPS) {
        d += &format!("H{}V{}", px(x(*at)), px(FOOT_PX - f64::from(*n) / f64::from(most) * (FOOT_PX - TOP_PX)));
    }
    html! { <path class="pg-timeline__density" d={d + &format!("V{FOOT_PX}z")} /> }
}

/// Whether its task is one that is not simulated.
fn is_opaque(run: &Run, row: &Row) -> bool {
    row.task(&run.flows).is_some_and(|task| matches!(task.kind, Kind::Opaque(_) | Kind::Script(_)))
}

/// Whether a template says nothing of how long its item takes: the length of its bar is calculated.
fn is_calculated(run: &Run, row: &Row) -> bool {
    let plan = row.task(&run.flows).filter(|_| !row.is_group).and_then(|task| task.plan.as_ref());
    plan.is_some_and(|plan| plan.length.is_none())
}

/// The button that folds what is below a row.
fn fold(row: &Row, on_fold: &Callback<Rc<str>>) -> Html {
    let (key, label) = (row.key.clone(), if row.is_folded { "Show what is below " } else { "Fold what is below " });
    let onclick = on_fold.reform(move |event: MouseEvent| {
        event.stop_propagation();
        Rc::clone(&key)
    });
    html! {
        <button class="pg-timeline__fold" tabindex="-1" aria-label={format!("{label}{}", row.key)} data-testid={format!("fold-{}", row.key)} {onclick}>
            { icon(if row.is_folded { Glyph::Next } else { Glyph::Down }) }
        </button>
    }
}

/// What a bar says: a group what it is, a task that is not simulated that it is not.
fn bar_text(run: &Run, row: &Row, bar: &Bar) -> String {
    if waits_for_person(&run.trace, row) && bar.segment.kind == SegmentKind::State(State::Paused) {
        "waiting for a person".to_owned()
    } else if row.is_group {
        group_text(&run.flows, &run.trace, row)
    } else if is_opaque(run, row) {
        format!("{}, not simulated", human(bar.segment.to - bar.segment.from))
    } else {
        String::new()
    }
}

#[derive(Properties, PartialEq)]
struct EdgeProps {
    task: Rc<str>,
    bar: Bar,
    on_longer: Callback<(Rc<str>, i64)>,
    on_link: Callback<(Rc<str>, Rc<str>)>,
    on_over: Callback<Option<(Rc<str>, Rc<str>)>>,
}

/// The right edge of a bar: dragged along its row it says how long the task is to take, dragged to another row which task
/// is to wait for it. The text changes once it is let go.
#[component]
fn Edge(EdgeProps { task, bar, on_longer, on_link, on_over }: &EdgeProps) -> Html {
    let dragged = use_state_eq(|| None::<f64>);
    let grabbed = use_mut_ref(|| 0.0);
    // Over another row: it is a link then, and no length.
    let away = use_state_eq(|| false);
    let by_ms = {
        let bar = *bar;
        move |dx: f64| steps(dx, (bar.segment.to - bar.segment.from).0, bar.width)
    };
    let onpointerdown = {
        let (dragged, grabbed) = (dragged.clone(), Rc::clone(&grabbed));
        move |event: PointerEvent| {
            event.stop_propagation();
            *grabbed.borrow_mut() = f64::from(event.client_x());
            let target: Element = event.target_unchecked_into();
            let _ = target.set_pointer_capture(event.pointer_id());
            dragged.set(Some(0.0));
        }
    };
    let onpointermove = {
        let (dragged, grabbed, task, on_over, away) =
            (dragged.clone(), Rc::clone(&grabbed), Rc::clone(task), on_over.clone(), away.setter());
        move |event: PointerEvent| {
            if dragged.is_some() {
                dragged.set(Some(f64::from(event.client_x()) - *grabbed.borrow()));
                let other = row_under(&event).filter(|other| *other != task);
                away.set(other.is_some());
                on_over.emit(other.map(|other| (Rc::clone(&task), other)));
            }
        }
    };
    let onpointerup = {
        let (dragged, grabbed, task) = (dragged.clone(), Rc::clone(&grabbed), Rc::clone(task));
        let (on_longer, on_link, on_over) = (on_longer.clone(), on_link.clone(), on_over.clone());
        move |event: PointerEvent| {
            if dragged.is_some() {
                dragged.set(None);
                on_over.emit(None);
                let by = by_ms(f64::from(event.client_x()) - *grabbed.borrow());
                if let Some(other) = row_under(&event).filter(|other| *other != task) {
                    on_link.emit((Rc::clone(&task), other));
                } else if by != 0 {
                    on_longer.emit((Rc::clone(&task), by));
                }
            }
        }
    };
    let right = bar.x + bar.width;
    let shown = dragged.filter(|_| !*away).map(|dx| {
        let ms = (bar.segment.to - bar.segment.from).0.saturating_add_signed(by_ms(dx));
        (right + dx, human(SimTime(ms)))
    });
    html! {
        <>
            <rect class="pg-bar__grip" x={px(right - 5.0)} y="0" width="8" height="28" data-testid={format!("grip-{task}")} onclick={|event: MouseEvent| event.stop_propagation()} {onpointerdown} {onpointermove} {onpointerup} />
            if let Some((x, text)) = shown {
                <path class="pg-timeline__playhead" d={format!("M{} 2v24", px(x.floor() + 0.5))} />
                <text class="pg-bar__text" x={px(x + 6.0)} y="18">{ text }</text>
            }
        </>
    }
}

/// The key of the row under a pointer.
fn row_under(event: &PointerEvent) -> Option<Rc<str>> {
    let over = window()?.document()?.element_from_point(event.client_x() as f32, event.client_y() as f32)?;
    let id = over.closest("[role=row]").ok()??.get_attribute("data-testid")?;
    id.strip_prefix("row-").map(Rc::from)
}

/// So many pixels as milliseconds, in steps that a hand can hit: 100 ms, 1 s, 10 s, 1 min...
fn steps(dx: f64, length_ms: u64, width_px: f64) -> i64 {
    let ms = dx * length_ms as f64 / width_px.max(1.0);
    let per_px = length_ms as f64 / width_px.max(1.0);
    let step = [10.0, 100.0, 1000.0, 10_000.0, 60_000.0, 600_000.0, 3_600_000.0]
        .into_iter()
        .find(|step| *step >= per_px * 4.0)
        .unwrap_or(86_400_000.0);
    ((ms / step).round() * step) as i64
}
