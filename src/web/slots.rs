//! The view of slots: who sat in which, and who waited.

use std::rc::Rc;

use yew::prelude::*;

use super::metrics::Metrics;
use super::shape;
use super::store::OnMsg;
use crate::app::Msg;
use crate::time::SimTime;
use crate::timeline::Form;
use crate::timeline::bar;
use crate::timeline::scale::Scale;
use crate::timeline::shapes::{Progress, diamond_path, px, selection_ring, shapes};
use crate::timeline::slot_rows::{Sat, SlotRow};

/// Of more than so many in a row those narrower than a pixel are left out.
const MANY: usize = 300;
/// More rows than this are not drawn.
const MOST_ROWS: usize = 400;

#[derive(Properties, PartialEq)]
pub struct SlotsProps {
    pub rows: Rc<Vec<SlotRow>>,
    pub scale: Scale,
    pub metrics: Metrics,
    pub selected: Option<Rc<str>>,
    /// Where the playhead stands; `None` at rest.
    pub now: Option<SimTime>,
    pub on_msg: OnMsg,
}

/// The rows of the view.
#[component]
pub fn Slots(SlotsProps { rows, scale, metrics, selected, now, on_msg }: &SlotsProps) -> Html {
    let one = |row: &SlotRow| {
        let name = classes!("pg-timeline__name", row.is_group.then_some("pg-timeline__name--group"));
        let names: Vec<&str> = row.sat.iter().filter_map(|sat| sat.key.as_deref()).take(20).collect();
        html! {
            <div class="pg-timeline__row pg-timeline__row--seats" role="row" data-testid={row.key.clone()} aria-level={(row.depth + 1).to_string()} aria-label={format!("{}: {}", row.label, names.join(", "))}>
                <div class="pg-timeline__label" role="rowheader">
                    if row.depth > 0 { <svg class="pg-timeline__indent" width={(14 * row.depth).to_string()} height="1" aria-hidden="true" /> }
                    <span class="pg-timeline__gutter" />
                    <span class={name}>{ row.label.clone() }</span>
                    <span class="pg-timeline__meta">{ row.meta.clone() }</span>
                </div>
                <svg class="pg-timeline__track" role="gridcell" width={px(metrics.track_px)} height="28">
                    { for row.sat.iter().filter(|sat| row.sat.len() <= MANY || scale.length_px(sat.segment) >= 1.0).map(|sat| seat(sat, scale, selected.as_ref(), *now, on_msg)) }
                </svg>
            </div>
        }
    };
    rows.iter().take(MOST_ROWS).map(one).collect()
}

fn seat(sat: &Sat, scale: &Scale, selected: Option<&Rc<str>>, now: Option<SimTime>, on_msg: &OnMsg) -> Html {
    let drawn = bar(sat.segment, sat.is_group, sat.outcome, scale);
    let ended = now.is_none_or(|now| now >= sat.segment.to);
    let running = now.is_some_and(|now| now >= sat.segment.from && now < sat.segment.to);
    let progress = if ended {
        Progress::Ended
    } else if running {
        Progress::Current
    } else {
        Progress::Planned
    };
    let is_selected = sat.key.is_some() && sat.key.as_ref() == selected;
    let onclick = {
        let (on_msg, key) = (on_msg.clone(), sat.key.clone());
        move |_: MouseEvent| {
            if key.is_some() {
                on_msg.emit(Msg::Select(key.clone()))
            }
        }
    };
    let testid = sat.key.as_ref().map(|key| format!("sat-{key}"));
    html! {
        <g {onclick} data-testid={testid} data-from-ms={sat.segment.from.0.to_string()} data-to-ms={sat.segment.to.0.to_string()}>
            { for shapes(&drawn, progress, &sat.text).iter().map(shape::view) }
            if sat.handed_over { <path class="pg-timeline__handover-tick" d={format!("M{} 2v24", px(drawn.x.floor() + 0.5))} /> }
            if drawn.form == Form::Diamond { <path fill="transparent" d={diamond_path(drawn.x)} /> } else { <rect fill="transparent" x={px(drawn.x)} y="0" width={px(drawn.width)} height="28" /> }
            if sat.key.is_none() { <title>{ sat.text.clone() }</title> }
            if is_selected && drawn.form != Form::Diamond { { shape::view(&selection_ring(&drawn)) } }
        </g>
    }
}
