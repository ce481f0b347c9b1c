//! What follows the state: the clock of playback, sizes, wishes of the reader. Dropping a hook's guard stops it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver, window};
use yew::prelude::*;

/// Calls back once a frame with the milliseconds since the last one, while `running`.
#[hook]
pub fn use_frames(running: bool, on_frame: Callback<f64>) {
    use_effect_with(running, move |running| {
        let frames = running.then(|| Frames::start(on_frame));
        move || drop(frames)
    });
}

type FrameClosure = Closure<dyn FnMut(f64)>;

/// A loop of animation frames; it ends when this is dropped.
struct Frames {
    request: Rc<Cell<i32>>,
    /// Keeps the closure alive, which holds this cell itself: emptied on drop.
    frame: Rc<RefCell<Option<FrameClosure>>>,
}

impl Frames {
    fn start(on_frame: Callback<f64>) -> Self {
        let request = Rc::new(Cell::new(0));
        let frame: Rc<RefCell<Option<FrameClosure>>> = Rc::default();
        let (next_request, next_frame) = (Rc::clone(&request), Rc::clone(&frame));
        let mut last = None;
        *frame.borrow_mut() = Some(Closure::new(move |now: f64| {
            if let Some(last) = last.replace(now) {
                on_frame.emit(now - last);
            }
            next_request.set(next_frame.borrow().as_ref().map_or(0, request_frame));
        }));
        request.set(frame.borrow().as_ref().map_or(0, request_frame));
        Self { request, frame }
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        if let Some(window) = window() {
            let _ = window.cancel_animation_frame(self.request.get());
        }
        // The closure may be running: leave it to the next turn.
        let frame = self.frame.take();
        wasm_bindgen_futures::spawn_local(async move { drop(frame) });
    }
}

fn request_frame(frame: &FrameClosure) -> i32 {
    window().and_then(|window| window.request_animation_frame(frame.as_ref().unchecked_ref()).ok()).unwrap_or(0)
}

/// Width and height of an element in pixels, kept up to date; `None` before it was measured.
#[hook]
pub fn use_size(node: NodeRef) -> Option<(f64, f64)> {
    let size = use_state_eq(|| None);
    let setter = size.setter();
    use_effect_with((), move |()| {
        let guard = node.cast::<Element>().map(|element| {
            let measure =
                move |element: &Element| setter.set(Some((f64::from(element.client_width()), f64::from(element.client_height()))));
            measure(&element);
            let target = element.clone();
            let changed = Closure::<dyn FnMut()>::new(move || measure(&target));
            let observer = ResizeObserver::new(changed.as_ref().unchecked_ref()).ok();
            if let Some(observer) = &observer {
                observer.observe(&element);
            }
            (observer, changed)
        });
        move || {
            if let Some((Some(observer), _)) = &guard {
                observer.disconnect();
            }
            drop(guard);
        }
    });
    *size
}

/// Whether the reader wants nothing to move.
pub fn wants_stillness() -> bool {
    matches_media("(prefers-reduced-motion: reduce)")
}

/// Whether the page is narrow: names above bars, tabs instead of columns.
pub fn is_narrow() -> bool {
    matches_media("(max-width: 699px)")
}

fn matches_media(query: &str) -> bool {
    window().and_then(|window| window.match_media(query).ok().flatten()).is_some_and(|list| list.matches())
}

/// The theme on show: `light` or `dark`.
pub fn theme() -> String {
    root().and_then(|root| root.get_attribute("data-theme")).unwrap_or_else(|| "light".to_owned())
}

/// Shows another theme and keeps the choice on this device, where that is allowed.
pub fn set_theme(theme: &str) {
    if let Some(root) = root() {
        let _ = root.set_attribute("data-theme", theme);
    }
    if let Some(storage) = window().and_then(|window| window.local_storage().ok().flatten()) {
        let _ = storage.set_item("parallelogram.theme", theme);
    }
}

fn root() -> Option<Element> {
    window()?.document()?.document_element()
}

/// The clock of the page in milliseconds, for measuring alone.
pub fn clock_ms() -> f64 {
    window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}
