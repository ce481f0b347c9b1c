//! Mounts the page, or the small one for a frame.

use parallelogram::web::{Embed, Page, PageProps, fragment_now, is_embed, open};
use wasm_bindgen::prelude::*;

#[cfg(debug_assertions)]
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn console_error(message: &str);
}

fn main() {
    // What a panic says, in a build with names. In a release it is a trap, and the card that the reader sees is drawn by
    // `js/start.js`, which outlives this module.
    #[cfg(debug_assertions)]
    std::panic::set_hook(Box::new(|panic| console_error(&panic.to_string())));
    let root = web_sys::window().and_then(|window| window.document()).and_then(|document| document.get_element_by_id("app"));
    wasm_bindgen_futures::spawn_local(async move {
        let opening = open(&fragment_now()).await;
        let root = root.expect("index.html has an element `app`").unchecked_into();
        let props = PageProps { opening };
        if is_embed() {
            yew::Renderer::<Embed>::with_root_and_props(root, props).render();
        } else {
            yew::Renderer::<Page>::with_root_and_props(root, props).render();
        }
    });
}
