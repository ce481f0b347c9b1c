//! The bars beside the editor and above the panel: dragged, or moved with the arrow keys.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::effects::window_height_px;
use crate::tr;

#[derive(Properties, PartialEq)]
pub struct SplitterProps {
    /// Whether it lies above the panel. Otherwise it stands beside the editor.
    pub along: bool,
}

#[component]
pub fn Splitter(SplitterProps { along }: &SplitterProps) -> Html {
    let along = *along;
    let node = use_node_ref();
    let dragging = use_mut_ref(|| false);
    let set = {
        let node = node.clone();
        move |place_px: f64| {
            let Some(splitter) = node.cast::<HtmlElement>() else { return };
            let ground = if along { splitter.closest("main") } else { splitter.closest(".pg-app__body") };
            let Some(ground) = ground.ok().flatten().and_then(|ground| ground.dyn_into::<HtmlElement>().ok()) else { return };
            let (name, size_px, whole_px) = if along {
                let whole_px = ground.get_bounding_client_rect().bottom().min(window_height_px());
                ("--panel-height", (whole_px - place_px).clamp(80.0, (whole_px * 0.6).max(80.0)), whole_px)
            } else {
                let whole_px = f64::from(ground.client_width());
                ("--editor-width", place_px.clamp(340.0, (whole_px - 480.0).max(340.0)), whole_px)
            };
            let _ = ground.style().set_property(name, &format!("{}px", size_px.round()));
            let _ = splitter.set_attribute("aria-valuenow", &((size_px / whole_px.max(1.0) * 100.0) as u32).to_string());
        }
    };
    let place_px = {
        let node = node.clone();
        let edge = move |edge: web_sys::DomRect| if along { edge.top() } else { edge.left() };
        move || node.cast::<HtmlElement>().map_or(0.0, |splitter| edge(splitter.get_bounding_client_rect()))
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
                set(f64::from(if along { event.client_y() } else { event.client_x() }));
            }
        }
    };
    let onpointerup = move |_: PointerEvent| *dragging.borrow_mut() = false;
    let onkeydown = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowLeft" | "ArrowUp" => -16.0,
            "ArrowRight" | "ArrowDown" => 16.0,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        set(place_px() + step);
    };
    let (class, orientation, label, now) = if along {
        ("pg-panel__splitter", "horizontal", tr!("Height of the panel, per cent"), "22")
    } else {
        ("pg-app__splitter", "vertical", tr!("Width of the editor, per cent"), "38")
    };
    html! {
        <div {class} ref={node} role="separator" tabindex="0" aria-orientation={orientation} aria-label={label}
            aria-valuenow={now} {onpointerdown} {onpointermove} {onpointerup} {onkeydown} />
    }
}
