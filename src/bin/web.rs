//! Mounts the page.

use parallelogram::web::Page;
use wasm_bindgen::JsCast;

fn main() {
    std::panic::set_hook(Box::new(|panic| {
        // The card that tells the reader is drawn by `js/start.js`, which outlives this module.
        wasm_bindgen::throw_str(&panic.to_string());
    }));
    let root = web_sys::window().and_then(|window| window.document()).and_then(|document| document.get_element_by_id("app"));
    yew::Renderer::<Page>::with_root(root.expect("index.html has an element `app`").unchecked_into()).render();
}
