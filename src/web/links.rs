//! The links that the page opens, and the page as it is kept on this device.

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use yew::prelude::*;

use super::bridge;
use super::lessons::begin_linked;
use super::open::open;
use super::store::OnMsg;
use crate::app::kept::link_with_plans;
use crate::app::opening::{Notice, Opening};
use crate::app::{App, Msg};
use crate::share::Link;

/// Opens the links that the reader follows while the page is open. Returns what is wrong with the last link, and a callback that
/// replaces or dismisses it.
#[hook]
pub fn use_links(opening: &Opening, on_msg: &OnMsg, on_lessons: &Callback<()>) -> (Option<Notice>, Callback<Option<Notice>>) {
    let notice = use_state_eq(|| opening.notice.clone());
    let (setter, on_msg, on_lessons, first) = (notice.setter(), on_msg.clone(), on_lessons.clone(), opening.link.clone());
    let on_notice = use_callback((), move |notice, ()| setter.set(notice));
    use_effect_with((), {
        let on_notice = on_notice.clone();
        move |()| {
            // Whether a link leads to a lesson or to their list.
            let learns = {
                let (on_msg, on_notice, on_lessons) = (on_msg.clone(), on_notice.clone(), on_lessons.clone());
                move |link: &Link| {
                    if link.get("lessons").is_some() {
                        on_lessons.emit(());
                    }
                    if link.get("lesson").is_some() {
                        begin_linked(link, &on_msg, on_notice.clone());
                    }
                    link.get("lesson").or(link.get("lessons")).is_some()
                }
            };
            learns(&first);
            let call = Closure::<dyn FnMut(String, String, String)>::new(move |fragment: String, text: String, status: String| {
                let (learns, on_msg, on_notice) = (learns.clone(), on_msg.clone(), on_notice.clone());
                wasm_bindgen_futures::spawn_local(async move {
                    let opening = open(fragment, text, &status).await;
                    // A link that can't be read leaves the page as it is, and so does a lesson until it is there.
                    if !learns(&opening.link) && opening.notice.is_none() {
                        on_msg.emit(Msg::Show(Box::new(opening.app)));
                    }
                    on_notice.emit(opening.notice);
                });
            });
            bridge::on_fragment(call.as_ref());
            call.forget(); // The page lives as long as its window.
        }
    });
    ((*notice).clone(), on_notice)
}

/// Keeps the page on this device whenever its text or its settings change, but not the flows of a lesson.
#[hook]
pub fn use_keeping(is_embed: bool, app: &App) {
    let plans = Rc::as_ptr(&app.trials);
    let is_own = app.course.is_none();
    let shown =
        (is_own, app.reading.clone(), app.pending.clone(), app.scenario.clone(), app.view, app.panel, plans, app.upgrading.is_some());
    let app = app.clone();
    use_effect_with(shown, move |_| {
        if !is_embed && is_own {
            bridge::keep_soon(&link_with_plans(&app).0.fragment());
        }
    });
}
