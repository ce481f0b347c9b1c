//! The slices in which studies are simulated: the curve, the heat map, and many runs of an uncertain flow.

use std::cell::RefCell;
use std::rc::Rc;

use yew::prelude::*;

use super::effects::clock_ms;
use super::pace::{SLICE_MS, yield_to_page};
use super::store::OnMsg;
use crate::app::study::Study;
use crate::app::{App, Msg};
use crate::sim::Simulation;

/// After so long what is known so far is shown, in milliseconds.
const SHOWN_AFTER_MS: f64 = 250.0;
/// The events of a run between two looks at the clock.
const STEP_EVENTS: usize = 1_000;

/// Simulates what the panels on show need, whenever that is something else.
#[hook]
pub fn use_studies(is_embed: bool, app: &App, latest: &Rc<RefCell<App>>, on_msg: OnMsg) {
    let study = app.study().filter(|_| !is_embed);
    let latest = Rc::clone(latest);
    use_effect_with(study.as_ref().map(Study::id), move |_| {
        if let Some(study) = study {
            wasm_bindgen_futures::spawn_local(make(study, latest, on_msg));
        }
    });
}

async fn make(mut study: Study, latest: Rc<RefCell<App>>, on_msg: OnMsg) {
    let (id, subject) = (study.id(), study.subject().clone());
    let is_wanted = || latest.borrow().study().is_some_and(|wanted| wanted.id() == id);
    yield_to_page().await;
    let (mut slice_ends, mut shown_at) = (clock_ms() + SLICE_MS, clock_ms());
    while let Some(scenario) = study.next() {
        let mut simulation = Simulation::new(&subject.flows, &scenario);
        while !simulation.advance(STEP_EVENTS) {
            if clock_ms() >= slice_ends {
                yield_to_page().await;
                slice_ends = clock_ms() + SLICE_MS;
            }
        }
        study.take(simulation.makespan());
        if clock_ms() >= slice_ends {
            yield_to_page().await;
            if !is_wanted() {
                return;
            }
            if study.has_parts() && clock_ms() >= shown_at + SHOWN_AFTER_MS {
                on_msg.emit(Msg::Studied(study.clone()));
                yield_to_page().await;
                shown_at = clock_ms();
            }
            slice_ends = clock_ms() + SLICE_MS;
        }
    }
    if is_wanted() {
        on_msg.emit(Msg::Studied(study));
    }
}
