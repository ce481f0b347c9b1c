//! The whole run in a strip, with a frame around the part in view: a click or a drag moves the frame.

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
use crate::timeline::steps::{MINIMAP_PX, minimap};

#[derive(Properties, PartialEq)]
pub struct MinimapProps {
    pub run: Rc<Run>,
    /// The scale of the part in view.
    pub scale: Scale,
    pub track_px: f64,
    pub on_msg: OnMsg,
}

#[component]
pub fn Minimap(MinimapProps { run, scale, track_px, on_msg }: &MinimapProps) -> Html {
    let node = use_node_ref();
    let whole = Scale::whole(run.end().max(SimTime(1)), scale.left_px, scale.right_px);
    let (from, to) = (whole.x_of_ms(scale.from_ms), whole.x_of_ms(scale.to_ms));
    let go = {
        let (node, on_msg) = (node.clone(), on_msg.clone());
        move |event: &PointerEvent| {
            if let Some(map) = node.cast::<Element>() {
                let x = f64::from(event.client_x()) - map.get_bounding_client_rect().left();
                on_msg.emit(Msg::Zoom(Zoom::Center(whole.share(x))));
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
            <div class="pg-timeline__label pg-timeline__label--axis">{ "whole run" }</div>
            <svg ref={node} class="pg-timeline__track" width={px(*track_px)} height={px(MINIMAP_PX)} aria-hidden="true"
                data-testid="minimap" {onpointerdown} {onpointermove}>
                <path class="pg-timeline__busy" d={minimap(&run.busy, &whole, *track_px)} />
                <rect class="pg-timeline__frame" x={px(from)} y=".5" width={px((to - from).max(4.0))} height="13" />
            </svg>
        </div>
    }
}
