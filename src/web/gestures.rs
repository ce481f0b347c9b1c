//! Wheel, mouse and fingers on the chart: see `js/gestures.js`.

use wasm_bindgen::prelude::*;
use web_sys::Element;
use yew::prelude::*;

use super::bridge::watch_gestures;
use super::store::OnMsg;
use crate::app::Msg;
use crate::app::zoom::Zoom;
use crate::timeline::metrics::Metrics;

/// Lets a chart of these sizes be zoomed and panned.
#[hook]
pub fn use_gestures(chart: NodeRef, metrics: Metrics, on_msg: OnMsg) {
    use_effect_with(metrics, move |metrics| {
        let on_move = Closure::<dyn FnMut(f64, f64)>::new(move |factor, share| {
            on_msg.emit(Msg::Zoom(if factor == 0.0 { Zoom::By(share) } else { Zoom::Around(factor, share) }));
        });
        let stop = chart
            .cast::<Element>()
            .map(|chart| watch_gestures(&chart, metrics.label_px * metrics.zoom, metrics.track_px * metrics.zoom, on_move.as_ref()));
        move || {
            if let Some(stop) = stop {
                let _ = stop.call0(&JsValue::NULL);
            }
            drop(on_move);
        }
    });
}
