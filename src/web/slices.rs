//! Reads and runs a long text in slices, between which the page handles keys. The latest text wins.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::effects::clock_ms;
use super::pace::{SLICE_MS, in_slices, yield_to_page};
use super::store::OnMsg;
use crate::app::run::{FILE_NAME, Reading, Run};
use crate::app::{App, Msg};
use crate::pace::at_allocations;
use crate::sim::Simulation;
use crate::source::Source;
use crate::syntax::parse_changed;

/// How long typing rests before a text is read whose YAML took longer than [`QUICK_MS`] the last time.
const REST_MS: u32 = 150;

/// How much of a text is read in a millisecond at least, where none was read yet.
const BYTES_A_MS: f64 = 10_000.0;

/// What a key may wait for the YAML of a text that is read at each key.
const QUICK_MS: f64 = 50.0;

/// The events of a run between two looks at the clock.
const STEP_EVENTS: usize = 200;

/// Reads and runs the pending text, of a very long one once typing rests. Each key restarts the wait.
#[hook]
pub fn use_slices(latest: &Rc<RefCell<App>>, on_msg: OnMsg) {
    let pending = latest.borrow().pending.clone();
    let latest = Rc::clone(latest);
    let yaml_ms = use_memo((), |()| Cell::new(None));
    use_effect_with(pending, move |pending| {
        let guessed_ms = pending.as_ref().map_or(0.0, |text| text.len() as f64 / BYTES_A_MS);
        let rest_ms = if yaml_ms.get().unwrap_or(guessed_ms) > QUICK_MS { REST_MS } else { 0 };
        let rest = pending
            .clone()
            .map(|text| Timeout::new(rest_ms, move || wasm_bindgen_futures::spawn_local(read_and_run(text, latest, on_msg, yaml_ms))));
        move || drop(rest)
    });
}

/// Frees a long text, its run and the one before in slices, once others are on show.
#[hook]
pub fn use_freeing(app: &App) {
    let long = app.is_long().then(|| (Rc::clone(&app.reading), app.run.clone(), app.ghost.clone()));
    use_effect_with(long, |long| {
        let long = long.clone();
        move || {
            if long.is_some() {
                wasm_bindgen_futures::spawn_local(in_slices(move || at_allocations(|| drop(long))));
            }
        }
    });
}

/// Reads and runs a text while it is the pending one.
async fn read_and_run(text: Rc<str>, latest: Rc<RefCell<App>>, on_msg: OnMsg, yaml_ms: Rc<Cell<Option<f64>>>) {
    let is_latest = || latest.borrow().pending.as_ref().is_some_and(|pending| Rc::ptr_eq(pending, &text));
    let started = clock_ms();
    let (new, before) = (Rc::clone(&text), Rc::clone(&latest.borrow().reading));
    let (source, (document, found)) = in_slices(move || {
        let source = Source::new(FILE_NAME, new);
        let parsed = parse_changed(&before.source, &before.document, &source);
        (source, parsed)
    })
    .await;
    yaml_ms.set(Some(clock_ms() - started));
    if !is_latest() {
        return;
    }
    let (version, chosen) = (latest.borrow().reading.version, latest.borrow().reading.chosen.clone());
    let reading = in_slices(move || Rc::new(Reading::of_parsed(source, document, found, version).choosing(chosen))).await;
    let (scenario, toggled, find) = {
        let app = latest.borrow();
        (app.scenario.clone(), app.toggled.clone(), app.find.clone())
    };
    let flows = Run::flows_of(&reading, &scenario);
    let mut run = None;
    if !flows.is_empty() {
        let mut simulation = Simulation::new(&flows, &scenario);
        loop {
            if !is_latest() {
                return;
            }
            let end = clock_ms() + SLICE_MS;
            let mut is_over = false;
            while !is_over && clock_ms() < end {
                is_over = simulation.advance(STEP_EVENTS);
            }
            if is_over {
                break;
            }
            yield_to_page().await;
        }
        let trace = simulation.finish();
        run = Some(in_slices(move || Rc::new(Run::of_trace(flows, trace, &toggled, &find))).await);
    }
    if is_latest() {
        on_msg.emit(Msg::Ready(text, reading, run));
    }
}
