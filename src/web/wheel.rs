//! Ctrl or Cmd and the wheel zoom the chart, once a frame however often the wheel turns. Sideways the wheel pans; alone it
//! scrolls.

use std::cell::Cell;
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, WheelEvent};
use yew::prelude::*;

use super::effects::in_next_frame;
use super::store::OnMsg;
use crate::app::Msg;
use crate::app::zoom::Zoom;
use crate::timeline::metrics::Metrics;

/// Lets the wheel zoom a chart of these sizes.
#[hook]
pub fn use_zoom_by_wheel(chart: NodeRef, metrics: Metrics, on_msg: OnMsg) {
    use_effect_with(metrics, move |metrics| {
        let metrics = *metrics;
        let listener = chart.cast::<Element>().map(|chart| {
            let (target, on_pan, zoom) = (chart.clone(), on_msg.clone(), WheelZoom::new(on_msg));
            EventListener::new_with_options(&target, "wheel", EventListenerOptions::enable_prevent_default(), move |event| {
                let Some(event) = event.dyn_ref::<WheelEvent>() else { return };
                if !event.ctrl_key() && !event.meta_key() {
                    if event.delta_x().abs() > event.delta_y().abs() {
                        event.prevent_default();
                        on_pan.emit(Msg::Zoom(Zoom::By(event.delta_x() / metrics.track_px)));
                    }
                    return;
                }
                event.prevent_default();
                let left = chart.get_bounding_client_rect().left() + metrics.label_px;
                let share = ((f64::from(event.client_x()) - left) / metrics.track_px).clamp(0.0, 1.0);
                zoom.zoom((-event.delta_y() / 240.0).clamp(-2.0, 2.0), share);
            })
        });
        move || drop(listener)
    });
}

/// The turns of a wheel that zooms: the first acts at once, those that follow within a frame act together in the next one.
struct WheelZoom {
    on_msg: OnMsg,
    /// What is due in the next frame: how many doublings, around which share of the track. `None` while no frame is
    /// requested.
    due: Cell<Option<(f64, f64)>>,
}

impl WheelZoom {
    fn new(on_msg: OnMsg) -> Rc<Self> {
        Rc::new(Self { on_msg, due: Cell::new(None) })
    }

    fn zoom(self: &Rc<Self>, doublings: f64, share: f64) {
        match self.due.get() {
            Some((before, _)) => self.due.set(Some((before + doublings, share))),
            None => {
                self.due.set(Some((0.0, share)));
                self.on_msg.emit(Msg::Zoom(Zoom::Around(js_sys::Math::pow(2.0, doublings), share)));
                let this = Rc::clone(self);
                in_next_frame(move || {
                    if let Some((doublings, share)) = this.due.take().filter(|(doublings, _)| *doublings != 0.0) {
                        this.zoom(doublings, share);
                    }
                });
            }
        }
    }
}
