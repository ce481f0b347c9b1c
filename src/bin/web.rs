//! Mounts the page, or the small one for a frame.

use parallelogram::web::{self, Paced, Page, PageProps, first_opening, open_first};
use wasm_bindgen::prelude::*;

#[cfg(debug_assertions)]
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn console_error(message: &str);
}

/// What the stubs of the later part call: see `scripts/split.mjs`.
#[wasm_bindgen(js_name = needLater)]
pub fn need_later() {
    web::need_later();
}

/// What `js/pace.js` calls: a piece of work that may be suspended in its midst.
#[wasm_bindgen(js_name = nextWork)]
pub fn next_work() {
    web::next_work();
}

#[global_allocator]
static ALLOCATOR: Paced = Paced;

fn main() {
    // What a panic says, in a build with names. In a release it is a trap, and the card that the reader sees is drawn by
    // `js/start.js`, which outlives this module.
    #[cfg(debug_assertions)]
    std::panic::set_hook(Box::new(|panic| console_error(&panic.to_string())));
    web::link_later(&wasm_bindgen::exports());
    let root = web_sys::window().and_then(|window| window.document()).and_then(|document| document.get_element_by_id("app"));
    let root = root.expect("index.html has an element `app`");
    open_first(&Closure::once_into_js(move |catalog: String, fragment: String, text: String, status: String| {
        wasm_bindgen_futures::spawn_local(async move {
            let opening = first_opening(catalog, fragment, text, status).await;
            yew::Renderer::<Page>::with_root_and_props(root.unchecked_into(), PageProps { opening }).render();
        });
    }));
}
