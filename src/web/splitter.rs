//! The bar between editor and timeline: dragged, or moved with the arrow keys.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

#[component]
pub fn Splitter() -> Html {
    let node = use_node_ref();
    let dragging = use_mut_ref(|| false);
    let set = {
        let node = node.clone();
        move |width_px: f64| {
            let Some(splitter) = node.cast::<HtmlElement>() else { return };
            let Some(body) = splitter.parent_element().and_then(|body| body.dyn_into::<HtmlElement>().ok()) else { return };
            let width = width_px.clamp(340.0, (f64::from(body.client_width()) - 480.0).max(340.0)).round();
            let _ = body.style().set_property("--editor-width", &format!("{width}px"));
            let percent = (width / f64::from(body.client_width().max(1)) * 100.0) as u32;
            let _ = splitter.set_attribute("aria-valuenow", &percent.to_string());
        }
    };
    let left_px = {
        let node = node.clone();
        move || node.cast::<HtmlElement>().map_or(0.0, |splitter| splitter.get_bounding_client_rect().left())
    };
    let onpointerdown = {
        let (dragging, node) = (Rc::clone(&dragging), node.clone());
        move |event: PointerEvent| {
            *dragging.borrow_mut() = true;
            let _ = node.cast::<HtmlElement>().map(|splitter| splitter.set_pointer_capture(event.pointer_id()));
            event.prevent_default();
        }
    };
    let onpointermove = {
        let (dragging, set) = (Rc::clone(&dragging), set.clone());
        move |event: PointerEvent| {
            if *dragging.borrow() {
                set(f64::from(event.client_x()));
            }
        }
    };
    let onpointerup = move |_: PointerEvent| *dragging.borrow_mut() = false;
    let onkeydown = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowLeft" => -16.0,
            "ArrowRight" => 16.0,
            _ => return,
        };
        event.prevent_default();
        set(left_px() + step);
    };
    html! {
        <div class="pg-app__splitter" ref={node} role="separator" tabindex="0" aria-orientation="vertical"
            aria-label="Width of the editor, per cent" aria-valuenow="38"
            {onpointerdown} {onpointermove} {onpointerup} {onkeydown} />
    }
}
