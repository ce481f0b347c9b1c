//! Effects that follow the state, and questions to the browser: the clock of playback, sizes, what the reader prefers. Dropping a
//! hook's guard stops its effect.

use std::cell::Cell;
use std::rc::Rc;
use std::thread::LocalKey;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, MediaQueryList, ResizeObserver, window};
use yew::prelude::*;

use crate::language::LANGUAGES;
use crate::timeline::metrics::PageLayout;

/// Calls back once a frame with the milliseconds since the last one, while `running`.
#[hook]
pub fn use_frames(running: bool, on_frame: Callback<f64>) {
    use_effect_with(running, move |running| {
        let frames = running.then(|| Frames::start(on_frame));
        move || drop(frames)
    });
}

/// A loop of animation frames. It ends when this is dropped.
struct Frames {
    stopped: Rc<Cell<bool>>,
}

impl Frames {
    fn start(on_frame: Callback<f64>) -> Self {
        let stopped = Rc::new(Cell::new(false));
        next_frame(Rc::clone(&stopped), on_frame, clock_ms());
        Self { stopped }
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        self.stopped.set(true);
    }
}

/// Requests a frame, reports how long it took to come, and requests the next one, unless stopped by then.
fn next_frame(stopped: Rc<Cell<bool>>, on_frame: Callback<f64>, last_ms: f64) {
    in_next_frame(move || {
        if stopped.get() {
            return;
        }
        let now_ms = clock_ms();
        on_frame.emit(now_ms - last_ms);
        next_frame(stopped, on_frame, now_ms);
    });
}

/// Calls `act` before the next picture is drawn.
pub fn in_next_frame(act: impl FnOnce() + 'static) {
    let act = Closure::once_into_js(act);
    let _ = window().map(|window| window.request_animation_frame(act.unchecked_ref()));
}

/// Width and height of an element in pixels, kept up to date; `None` until it is measured.
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

thread_local! {
    static STILL: Option<MediaQueryList> = media("(prefers-reduced-motion: reduce)");
    static NARROW: Option<MediaQueryList> = media("(max-width: 699px)");
}

fn media(query: &str) -> Option<MediaQueryList> {
    window()?.match_media(query).ok()?
}

fn matches(media: &'static LocalKey<Option<MediaQueryList>>) -> bool {
    media.with(|media| media.as_ref().is_some_and(MediaQueryList::matches))
}

/// Whether the reader wants no motion.
pub fn wants_stillness() -> bool {
    matches(&STILL)
}

/// Whether the page is narrow: names above bars, tabs instead of columns. An embed never is: it has a layout of its own.
pub fn is_narrow() -> bool {
    matches(&NARROW) && !is_embed()
}

/// Whether this is the small page for a frame in another page.
pub fn is_embed() -> bool {
    root().is_some_and(|root| root.has_attribute("data-embed"))
}

/// How the page is laid out.
pub fn page_layout() -> PageLayout {
    if is_narrow() {
        PageLayout::Narrow
    } else if is_embed() {
        PageLayout::Embed
    } else {
        PageLayout::Wide
    }
}

/// The height of the window in pixels.
pub fn window_height_px() -> f64 {
    root().map_or(0.0, |root| f64::from(root.client_height()))
}

/// The part of an element that can be seen in the window, without the bar at its foot: how far the top of the window lies below
/// that of the element, and its height.
pub fn window_view(element: &Element) -> (f64, f64) {
    const BAR_PX: f64 = 56.0;
    (-element.get_bounding_client_rect().top(), window_height_px() - BAR_PX)
}

/// Scrolls the window down by so many pixels.
pub fn scroll_window_by(by_px: f64) {
    let _ = window().map(|window| window.scroll_by_with_x_and_y(0.0, by_px));
}

/// The theme on show: `light` or `dark`.
pub fn theme() -> String {
    root().and_then(|root| root.get_attribute("data-theme")).unwrap_or_else(|| "light".to_owned())
}

/// Shows another theme, and keeps the choice on this device if storage is allowed.
pub fn set_theme(theme: &str) {
    choose("data-theme", "parallelogram.theme", theme);
}

/// Whether keys without Ctrl do anything in the timeline.
pub fn single_keys() -> bool {
    root().and_then(|root| root.get_attribute("data-keys")).as_deref() != Some("off")
}

/// Turns single keys on or off, and keeps the choice on this device if storage is allowed.
pub fn set_single_keys(on: bool) {
    choose("data-keys", "parallelogram.keys", if on { "on" } else { "off" });
}

/// The tag of the language of the page, which `js/language.js` has found.
pub fn language() -> &'static str {
    let tag = root().and_then(|root| root.get_attribute("lang")).unwrap_or_default();
    LANGUAGES.iter().find(|(known, _)| *known == tag).map_or("en", |(known, _)| known)
}

/// What was kept under a name on this device.
pub fn remembered(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Keeps something on this device if storage is allowed.
pub fn remember(name: &str, value: &str) {
    let _ = storage().map(|storage| storage.set_item(name, value));
}

fn storage() -> Option<web_sys::Storage> {
    window()?.local_storage().ok().flatten()
}

fn choose(attribute: &str, name: &str, value: &str) {
    let _ = root().map(|root| root.set_attribute(attribute, value));
    remember(name, value);
}

fn root() -> Option<Element> {
    window()?.document()?.document_element()
}

/// The clock of the page in milliseconds. It moves the playhead and measures; no result depends on it.
pub fn clock_ms() -> f64 {
    window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}

/// Moves the focus to the element with this id.
pub fn focus_by_id(id: &str) {
    // Elements of a drawing take the focus in the same way.
    let _ = by_id(id).map(|found| found.unchecked_into::<HtmlElement>().focus());
}

/// Scrolls to the element with this id, where there is one.
pub fn scroll_to(id: &str) {
    let _ = by_id(id).map(|found| found.scroll_into_view());
}

/// Presses the button with this id, where there is one.
pub fn press_by_id(id: &str) {
    if let Some(found) = by_id(id) {
        found.unchecked_into::<HtmlElement>().click();
    }
}

fn by_id(id: &str) -> Option<Element> {
    window()?.document()?.get_element_by_id(id)
}

/// Moves the focus to the next element in a node that a selector finds and whose text begins with a letter.
pub fn focus_item_by_letter(node: &NodeRef, selector: &str, letter: &str) {
    let items = node.cast::<Element>().and_then(|node| node.query_selector_all(selector).ok());
    let all: Vec<HtmlElement> =
        items.map_or(Vec::new(), |items| (0..items.length()).filter_map(|at| items.item(at)?.dyn_into().ok()).collect());
    let from = all.iter().position(|item| item.matches(":focus").unwrap_or(false)).map_or(0, |at| at + 1);
    let begins = |item: &&HtmlElement| item.text_content().is_some_and(|text| text.to_lowercase().starts_with(&letter.to_lowercase()));
    let _ = all[from..].iter().chain(&all[..from]).find(begins).map(|item| item.focus());
}

/// Moves the focus by `step` among the elements in a node that a selector finds; 0 is the first.
pub fn focus_item(node: &NodeRef, selector: &str, step: i32) {
    let Some(menu) = node.cast::<Element>() else { return };
    let Ok(items) = menu.query_selector_all(selector) else { return };
    let focused = |at: u32| {
        items.item(at).and_then(|item| item.dyn_into::<Element>().ok()).is_some_and(|item| item.matches(":focus").unwrap_or(false))
    };
    let at = (0..items.length()).find(|at| focused(*at));
    let next = at.map_or(0, |at| (at as i32 + step).rem_euclid(items.length().max(1) as i32) as u32);
    let _ = items.item(next).and_then(|item| item.dyn_into::<HtmlElement>().ok()).map(|item| item.focus());
}
