//! The links that the page opens, and the page as it is kept on this device.

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use yew::prelude::*;

use super::bridge;
use super::open::open;
use super::store::OnMsg;
use crate::app::kept::link_with_plans;
use crate::app::opening::{Notice, Opening};
use crate::app::{App, Msg};

/// Opens the links that the reader follows while the page is open. Returns what is wrong with the last link, and a callback that
/// dismisses it.
#[hook]
pub fn use_links(opening: &Opening, on_msg: &OnMsg) -> (Option<Notice>, Callback<()>) {
    let notice = use_state_eq(|| opening.notice.clone());
    let (setter, on_msg) = (notice.setter(), on_msg.clone());
    use_effect_with((), {
        let setter = setter.clone();
        move |()| {
            let call = Closure::<dyn FnMut(String, String, String)>::new(move |fragment: String, text: String, status: String| {
                let opening = open(&fragment, &text, &status);
                // A link that can't be read leaves the page as it is.
                if opening.notice.is_none() {
                    on_msg.emit(Msg::Show(Box::new(opening.app)));
                }
                setter.set(opening.notice);
            });
            bridge::on_fragment(call.as_ref());
            call.forget(); // The page lives as long as its window.
        }
    });
    ((*notice).clone(), Callback::from(move |()| setter.set(None)))
}

/// Keeps the page on this device whenever its text or its settings change.
#[hook]
pub fn use_keeping(is_embed: bool, app: &App) {
    let plans = Rc::as_ptr(&app.trials);
    let shown = (app.reading.clone(), app.pending.clone(), app.scenario.clone(), app.view, app.panel, plans);
    let app = app.clone();
    use_effect_with(shown, move |_| {
        if !is_embed {
            bridge::keep_soon(&link_with_plans(&app).0.fragment());
        }
    });
}
