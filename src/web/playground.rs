//! `window.__playground`: drives the page from outside, for benchmarks and tests.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, window};
use yew::prelude::*;

use super::bridge;
use super::effects::{clock_ms, is_embed, language};
use super::store::{OnMsg, Store};
use crate::app::handout::handout_json;
use crate::app::run::{Reading, Run};
use crate::app::{App, Msg};
use crate::language::in_english;
use crate::sim::scenario::Scenario;

/// Sets `window.__playground`. Returns a cell that always holds the page as it is now.
#[hook]
pub fn use_playground(store: &UseReducerHandle<Store>, on_msg: OnMsg) -> Rc<RefCell<App>> {
    let latest = use_mut_ref(|| store.0.clone());
    *latest.borrow_mut() = store.0.clone();
    let current = Rc::clone(&latest);
    let measured = use_mut_ref(|| None::<Measured>);
    {
        let measured = Rc::clone(&measured);
        use_effect(move || {
            let done: Option<Measured> = measured.borrow_mut().take();
            if let Some(done) = done {
                done.resolve();
            }
            || ()
        });
    }
    use_effect_with((), move |()| {
        let text_of = Rc::clone(&latest);
        let svg_of = Rc::clone(&latest);
        let lesson_of = Rc::clone(&latest);
        let load = Closure::<dyn FnMut(String) -> js_sys::Promise>::new(move |text: String| {
            let started = clock_ms();
            let reading = Rc::new(Reading::of(&text, None));
            let parsed = clock_ms();
            let run = Run::of(&reading, &Scenario::default(), &BTreeSet::new(), "").map(Rc::new);
            let simulated = clock_ms();
            let (measured, on_msg) = (Rc::clone(&measured), on_msg.clone());
            js_sys::Promise::new(&mut |resolve, _| {
                *measured.borrow_mut() = Some(Measured { resolve, parse_ms: parsed - started, simulate_ms: simulated - parsed, simulated });
                on_msg.emit(Msg::Load(Rc::clone(&reading), run.clone()));
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
    current
}

/// A call from outside that is answered once the next picture is drawn.
struct Measured {
    resolve: js_sys::Function,
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
