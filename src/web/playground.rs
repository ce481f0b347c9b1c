//! `window.__playground`: drives the page from outside, for benchmarks and tests.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, window};
use yew::prelude::*;

use super::bridge;
use super::effects::{clock_ms, is_embed, language};
use super::pace::in_slices;
use super::store::OnMsg;
use crate::app::handout::handout_json;
use crate::app::run::{Reading, Run};
use crate::app::{App, Msg};
use crate::language::in_english;
use crate::sim::scenario::Scenario;

/// Sets `window.__playground`. `latest` holds the page as it is now.
#[hook]
pub fn use_playground(latest: &Rc<RefCell<App>>, on_msg: OnMsg) {
    let latest = Rc::clone(latest);
    let awaited = use_mut_ref(|| None::<Measured>);
    {
        let (awaited, latest) = (Rc::clone(&awaited), Rc::clone(&latest));
        use_effect(move || {
            let shown = awaited.borrow_mut().take_if(|awaited| awaited.reading == latest.borrow().reading);
            if let Some(shown) = shown {
                shown.resolve();
            }
            || ()
        });
    }
    use_effect_with((), move |()| {
        let text_of = Rc::clone(&latest);
        let svg_of = Rc::clone(&latest);
        let lesson_of = Rc::clone(&latest);
        let load = Closure::<dyn FnMut(String) -> js_sys::Promise>::new(move |text: String| {
            let (awaited, on_msg) = (Rc::clone(&awaited), on_msg.clone());
            js_sys::Promise::new(&mut move |resolve, _| {
                wasm_bindgen_futures::spawn_local(load(text.clone(), resolve, Rc::clone(&awaited), on_msg.clone()));
            })
        });
        let text = Closure::<dyn FnMut() -> String>::new(move || text_of.borrow().text().to_owned());
        let paper_of = Rc::clone(&latest);
        let svg = Closure::<dyn FnMut() -> String>::new(move || in_english(|| svg_of.borrow().svg().unwrap_or_default()));
        let paper = Closure::<dyn FnMut() -> String>::new(move || paper_of.borrow().svg().unwrap_or_default());
        let handout = Closure::<dyn FnMut() -> String>::new(move || {
            let app = lesson_of.borrow();
            app.course.as_ref().map_or(String::new(), |course| handout_json(course, language()))
        });
        bridge::expose(load.as_ref(), text.as_ref(), svg.as_ref());
        if !is_embed() {
            bridge::print_run(paper.as_ref(), text.as_ref(), handout.as_ref());
        }
        move || drop((load, text, svg, paper, handout))
    });
}

/// Reads and runs a text in slices, and shows it.
async fn load(text: String, resolve: js_sys::Function, awaited: Rc<RefCell<Option<Measured>>>, on_msg: OnMsg) {
    let started = clock_ms();
    let reading = in_slices(move || Rc::new(Reading::of(&text, None))).await;
    let parsed = clock_ms();
    let read = Rc::clone(&reading);
    let run = in_slices(move || Run::of(&read, &Scenario::default(), &BTreeSet::new(), "").map(Rc::new)).await;
    let simulated = clock_ms();
    let reading_shown = Rc::clone(&reading);
    *awaited.borrow_mut() =
        Some(Measured { resolve, reading: reading_shown, parse_ms: parsed - started, simulate_ms: simulated - parsed, simulated });
    on_msg.emit(Msg::Load(reading, run));
}

/// A call from outside that is answered once the next picture is drawn.
struct Measured {
    resolve: js_sys::Function,
    reading: Rc<Reading>,
    parse_ms: f64,
    simulate_ms: f64,
    simulated: f64,
}

impl Measured {
    fn resolve(&self) {
        // Asking for the size makes the browser lay the new picture out: it belongs to the drawing.
        let _ = window().and_then(|window| window.document()?.body()).map(|body: HtmlElement| body.offset_height());
        let times = js_sys::Object::new();
        let set = |name: &str, ms: f64| js_sys::Reflect::set(&times, &name.into(), &ms.into());
        let _ = (set("parseMs", self.parse_ms), set("simulateMs", self.simulate_ms), set("drawMs", clock_ms() - self.simulated));
        let _ = self.resolve.call1(&JsValue::NULL, &times);
    }
}
