//! The view of slots: which runs took which slot, and which waited for one.

use std::rc::Rc;

use yew::prelude::*;

use super::shape;
use super::store::OnMsg;
use crate::app::Msg;
use crate::time::SimTime;
use crate::timeline::Form;
use crate::timeline::labels::indent_px;
use crate::timeline::metrics::Metrics;
use crate::timeline::progress::progress;
use crate::timeline::scale::Scale;
use crate::timeline::shapes::{Shape, diamond_path, px, selection_ring, shapes};
use crate::timeline::slot_rows::{SlotRow, Stay};

/// More rows than this are not drawn.
pub const MOST_ROWS: usize = 400;

#[derive(Properties, PartialEq)]
pub struct SlotsProps {
    pub rows: Rc<Vec<SlotRow>>,
    pub scale: Scale,
    pub metrics: Metrics,
    pub selected: Option<Rc<str>>,
    /// Where the playhead stands; `None` at rest.
    pub now: Option<SimTime>,
    /// Whether what has not ended says neither its length nor its end.
    pub hides: bool,
    pub on_msg: OnMsg,
}

/// The rows of the view.
#[component]
pub fn Slots(SlotsProps { rows, scale, metrics, selected, now, hides, on_msg }: &SlotsProps) -> Html {
    let one = |row: &SlotRow| {
        let name = classes!("pg-timeline__name", row.is_group.then_some("pg-timeline__name--group"));
        let said = if *hides { row.label.clone() } else { row.sentence() };
        html! {
            <div class="pg-timeline__row pg-timeline__row--slot" role="row" data-testid={row.key.clone()}
                aria-level={(row.depth + 1).to_string()} aria-label={said}>
                <div class="pg-timeline__label" role="rowheader">
                    { indent(row.depth) }
                    <span class="pg-timeline__gutter" />
                    <span class={name} data-tip={row.label.clone()}>{ row.label.clone() }</span>
                    <span class="pg-timeline__meta">{ row.meta.clone() }</span>
                </div>
                <svg class="pg-timeline__track" role="gridcell" width={px(metrics.track_px)} height="28">
                    { for row.drawn(scale).map(|one| stay(one, scale, selected.as_ref(), *now, *hides, on_msg)) }
                </svg>
            </div>
        }
    };
    rows.iter().take(MOST_ROWS).map(one).collect()
}

/// The space before the name of a row in so many groups.
pub fn indent(depth: usize) -> Html {
    match depth {
        0 => Html::default(),
        _ => html! {
            <svg class="pg-timeline__indent" width={px(indent_px(depth))} height="1" aria-hidden="true" />
        },
    }
}

/// What is drawn of a row after `now`, or across it.
pub fn shapes_ahead(row: &SlotRow, scale: &Scale, now: SimTime) -> Vec<Shape> {
    let drawn = |stay: &Stay| {
        let bar = stay.bar(scale);
        shapes(&bar, progress(&bar, Some(now)), &stay.words(bar.width))
    };
    row.drawn(scale).filter(|stay| stay.segment.to > now).flat_map(drawn).collect()
}

fn stay(stay: &Stay, scale: &Scale, selected: Option<&Rc<str>>, now: Option<SimTime>, hides: bool, on_msg: &OnMsg) -> Html {
    let hides = hides && now.is_some_and(|now| stay.segment.to > now);
    let drawn = stay.bar(scale);
    let is_diamond = drawn.form == Form::Diamond;
    let is_selected = stay.key.is_some() && stay.key.as_ref() == selected;
    let onclick = {
        let (on_msg, key) = (on_msg.clone(), stay.key.clone());
        move |_: MouseEvent| {
            if key.is_some() {
                on_msg.emit(Msg::Select(key.clone()))
            }
        }
    };
    let testid = stay.key.as_ref().map(|key| format!("sat-{key}"));
    let (from_ms, to_ms) = (stay.segment.from.0.to_string(), stay.segment.to.0.to_string());
    html! {
        <g {onclick} data-testid={testid} data-from-ms={from_ms} data-to-ms={to_ms}>
            { for shapes(&drawn, progress(&drawn, now), &stay.words(drawn.width)).iter()
                .filter(|shape| !hides || !matches!(shape, Shape::Text { .. })).map(shape::view) }
            if stay.handed_over {
                <path class="pg-timeline__handover-tick" d={format!("M{} 2v24", px(drawn.x.floor() + 0.5))} />
            }
            if is_diamond {
                <path fill="transparent" d={diamond_path(drawn.x)} />
            } else {
                <rect fill="transparent" x={px(drawn.x)} y="0" width={px(drawn.width)} height="28"
                    data-tip={(!hides).then(|| stay.text.clone())} />
            }
            if is_selected && !is_diamond { { shape::view(&selection_ring(&drawn)) } }
        </g>
    }
}
