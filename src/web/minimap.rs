//! The whole run in a strip, with a frame around the part in view: a click or a drag moves the frame. With many rows it shows
//! all of them, else how many slots were busy.

use std::rc::Rc;

use web_sys::Element;
use yew::prelude::*;

use super::store::OnMsg;
use crate::app::Msg;
use crate::app::run::Run;
use crate::app::zoom::Zoom;
use crate::time::SimTime;
use crate::timeline::scale::Scale;
use crate::timeline::shapes::px;
use crate::timeline::steps::{MINIMAP_PX, MINIMAP_ROWS_PX, minimap, row_lines};
use crate::tr;

/// From so many rows on it is shown, also when the whole run is in view.
pub const FROM_ROWS: usize = 40;

#[derive(Properties, PartialEq)]
pub struct MinimapProps {
    pub run: Rc<Run>,
    /// The time that the whole picture spans.
    pub span: SimTime,
    /// The scale of the part in view.
    pub scale: Scale,
    pub track_px: f64,
    /// The share of the rows that is in view.
    pub rows_share: f64,
    pub on_msg: OnMsg,
}

#[component]
pub fn Minimap(MinimapProps { run, span, scale, track_px, rows_share, on_msg }: &MinimapProps) -> Html {
    let node = use_node_ref();
    let has_rows = run.rows.len() >= FROM_ROWS;
    let height_px = if has_rows { MINIMAP_ROWS_PX } else { MINIMAP_PX };
    let whole = Scale::whole(*span, scale.left_px, scale.right_px);
    let (from, to) = (whole.x_of_ms(scale.from_ms), whole.x_of_ms(scale.to_ms));
    let lines = use_memo((run.clone(), whole), |(run, whole)| has_rows.then(|| row_lines(&run.trace, &run.rows, whole)));
    let go = {
        let (node, on_msg, track_px) = (node.clone(), on_msg.clone(), *track_px);
        move |event: &PointerEvent| {
            let Some(map) = node.cast::<Element>() else { return };
            let place = map.get_bounding_client_rect();
            on_msg.emit(Msg::Zoom(Zoom::Center(whole.share((f64::from(event.client_x()) - place.left()) * track_px / place.width()))));
            if let Some(chart) = map.closest(".pg-timeline__chart").ok().flatten().filter(|_| has_rows) {
                let share = (f64::from(event.client_y()) - place.top()) / place.height();
                let to = share * f64::from(chart.scroll_height()) - f64::from(chart.client_height()) / 2.0;
                chart.set_scroll_top(to as i32);
            }
        }
    };
    let onpointerdown = {
        let (node, go) = (node.clone(), go.clone());
        move |event: PointerEvent| {
            event.stop_propagation();
            let _ = node.cast::<Element>().map(|map| map.set_pointer_capture(event.pointer_id()));
            go(&event);
        }
    };
    let onpointermove = move |event: PointerEvent| {
        event.stop_propagation();
        if event.buttons() & 1 == 1 {
            go(&event);
        }
    };
    html! {
        <div class="pg-timeline__head pg-timeline__minimap">
            <div class="pg-timeline__label pg-timeline__label--axis">{ tr!("whole run") }</div>
            <svg ref={node} class="pg-timeline__track" width={px(*track_px)} height={px(height_px)} aria-hidden="true"
                data-testid="minimap" {onpointerdown} {onpointermove}>
                if let Some(lines) = &*lines {
                    <path class="pg-timeline__map-rows" d={lines.clone()} />
                } else {
                    <path class="pg-timeline__busy" d={minimap(&run.busy, &whole, *track_px)} />
                }
                <rect class="pg-timeline__frame" x={px(from)} y=".5" width={px((to - from).max(4.0))}
                    height={px((rows_share * height_px - 1.0).max(4.0))} />
            </svg>
        </div>
    }
}
