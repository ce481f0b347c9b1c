//! The page around an embed: what it asks for, and what is reported to it, by the messages of `js/embed.js`.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use yew::prelude::*;

use super::bridge;
use super::effects::wants_stillness;
use super::open::open;
use super::send::Busy;
use super::share::file;
use super::store::{OnMsg, Store};
use crate::app::link::{applied, link_of};
use crate::app::{App, Msg, playback};
use crate::flow::state::State;
use crate::share::Link;
use crate::time::SimTime;

/// Listens to the page around an embed, and reports what happens here. On the whole page it does nothing.
#[hook]
pub fn use_host(is_embed: bool, store: &UseReducerHandle<Store>, latest: &Rc<RefCell<App>>, busy: Busy, on_msg: OnMsg) {
    let app = &store.0;
    let latest = Rc::clone(latest);
    use_effect_with((), move |()| {
        if is_embed {
            let on_request = Closure::<dyn FnMut(String, String) -> js_sys::Promise>::new(move |what: String, argument: String| {
                let (latest, busy, on_msg) = (Rc::clone(&latest), busy.clone(), on_msg.clone());
                wasm_bindgen_futures::future_to_promise(async move {
                    if what == "load" {
                        load(argument, &on_msg).await;
                        busy.is_over().await;
                        return Ok(JsValue::UNDEFINED);
                    }
                    busy.is_over().await;
                    Ok(answer(&latest.borrow(), &on_msg, &what, &argument).into())
                })
            });
            bridge::connect(on_request.as_ref());
            on_request.forget(); // The embed lives as long as its frame.
        }
    });
    let reported = use_mut_ref(|| app.reading.clone());
    let app = app.clone();
    use_effect(move || {
        if is_embed {
            let (makespan, state) = app.run.as_ref().map_or((SimTime::ZERO, None), |run| (run.numbers.makespan, run.numbers.state));
            if reported.replace(app.reading.clone()) != app.reading {
                bridge::report_change(&app.reading.source.text, &app.reading.problems_json(app.run.as_deref()));
            }
            let (phase, state) = (app.playback.phase.as_str(), state.map_or("", State::as_str));
            bridge::report_state(phase, app.playback.now().0 as f64, app.selected.as_deref(), makespan.0 as f64, state);
        }
    });
}

/// Opens a fragment.
async fn load(fragment: String, on_msg: &OnMsg) {
    let opening = open(fragment, String::new(), "none").await;
    match opening.notice {
        None => on_msg.emit(Msg::Show(Box::new(opening.app))),
        Some(notice) => bridge::report_error("load", &notice.text),
    }
}

/// Does what the page around asks for, and answers what it wants to get. A link is answered as its fragment, a line feed and
/// the text.
fn answer(app: &App, on_msg: &OnMsg, what: &str, argument: &str) -> Option<String> {
    let play = |msg: playback::Msg| on_msg.emit(Msg::Play(msg));
    let count = argument.parse::<f64>().unwrap_or(0.0);
    match what {
        "set" => {
            let (link, _) = Link::parse(argument);
            applied(app.clone(), &link).1.iter().for_each(|note| bridge::report_error("set", note));
            on_msg.emit(Msg::Apply(link));
        }
        "run" => play(playback::Msg::Run { still: wants_stillness() }),
        "play" if app.playback.phase != playback::Phase::Running => play(playback::Msg::Toggle { still: wants_stillness() }),
        "pause" => play(playback::Msg::Pause),
        "step" => {
            (0..count.abs().min(1000.0) as u32).for_each(|_| play(if count < 0.0 { playback::Msg::Previous } else { playback::Msg::Next }))
        }
        "seek" => play(playback::Msg::Seek(SimTime::from_seconds(count / 1000.0))),
        "get" => {
            let run = app.run.as_ref()?;
            return match argument {
                "link" => Some([&*link_of(app).fragment(), "\n", app.text()].concat()),
                kind => file(run, &app.reading.source, kind),
            };
        }
        _ => {}
    }
    None
}
