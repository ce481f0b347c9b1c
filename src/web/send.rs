//! Messages on their way to the store. Where an answer takes long it is made in slices, between which the page handles keys; messages
//! that come meanwhile wait for their turn.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use yew::prelude::*;

use super::pace::{in_slices, yield_to_page};
use super::store::{Act, OnMsg, Store};
use crate::app::{App, Msg, playback};

/// A cell that always holds the page as it is now.
#[hook]
pub fn use_latest(store: &UseReducerHandle<Store>) -> Rc<RefCell<App>> {
    let latest = use_mut_ref(|| store.0.clone());
    *latest.borrow_mut() = store.0.clone();
    latest
}

/// Whether messages wait for their answers.
#[derive(Clone, Default)]
pub struct Busy(Rc<Cell<bool>>);

impl Busy {
    /// Returns once no message waits.
    pub async fn is_over(&self) {
        while self.0.get() {
            yield_to_page().await;
        }
    }
}

/// Sends messages to the store. The callback stays the same: a view whose props are the same is not drawn again.
#[hook]
pub fn use_send(store: &UseReducerHandle<Store>, latest: &Rc<RefCell<App>>) -> (OnMsg, Busy) {
    let busy = (*use_memo((), |()| Busy::default())).clone();
    let (dispatch, latest, is_busy) = (store.dispatcher(), Rc::clone(latest), Rc::clone(&busy.0));
    let queue = Rc::new(RefCell::new(VecDeque::new()));
    let on_msg = use_callback((), move |msg: Msg, ()| {
        if !is_busy.get() && !latest.borrow().is_long_for(&msg) {
            return dispatch.dispatch(Act::Answer(msg));
        }
        push(&mut queue.borrow_mut(), msg);
        if !is_busy.replace(true) {
            let answered = answer(Rc::clone(&queue), Rc::clone(&latest), dispatch.clone());
            let is_busy = Rc::clone(&is_busy);
            wasm_bindgen_futures::spawn_local(async move {
                answered.await;
                is_busy.set(false);
            });
        }
    });
    (on_msg, busy)
}

/// Puts a message behind those that wait. The clock does not wait, and of the places of one slider only the last is wanted.
fn push(queue: &mut VecDeque<Msg>, msg: Msg) {
    match (queue.back_mut(), msg) {
        (_, Msg::Play(playback::Msg::Tick(_))) => {}
        (Some(Msg::SetConcurrent(before, waiting)), Msg::SetConcurrent(group, limit)) if *before == group => *waiting = limit,
        (Some(Msg::Edit(waiting)), Msg::Edit(text)) => *waiting = text,
        (_, msg) => queue.push_back(msg),
    }
}

/// Answers what waits, message by message, and shows each result; but not one without what was typed meanwhile.
async fn answer(queue: Rc<RefCell<VecDeque<Msg>>>, latest: Rc<RefCell<App>>, dispatch: UseReducerDispatcher<Store>) {
    // The page may have been sent something just now that it has not drawn yet.
    yield_to_page().await;
    let mut app = latest.borrow().clone();
    loop {
        let Some(msg) = queue.borrow_mut().pop_front() else { return };
        app = in_slices(move || app.update(msg)).await;
        if !queue.borrow().iter().any(|msg| matches!(msg, Msg::Edit(_))) {
            dispatch.dispatch(Act::Become(Box::new(app.clone())));
        }
    }
}
