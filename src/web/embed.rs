//! The small layout, for a frame in somebody else's page: playback, slots, chart, story. It takes no focus, keeps nothing, and
//! speaks with the page around it by the messages of `js/embed.js`.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use yew::prelude::*;

use super::bridge;
use super::editor::{Editor, problems};
use super::effects::wants_stillness;
use super::groups::Groups;
use super::icon::{Glyph, icon, mark};
use super::open::open;
use super::result::{facts, was};
use super::store::{OnMsg, Store};
use super::timeline::Timeline;
use super::transport::transport;
use crate::app::link::{applied, link_of};
use crate::app::playback;
use crate::app::{App, Msg};
use crate::flow::state::State;
use crate::share::Link;
use crate::time::{SimTime, human};

/// Whether a link lets readers change the text.
pub fn may_edit(link: &Link) -> bool {
    link.get("edit") != Some("0")
}

/// The views of an embed, one below the other.
pub fn views(app: &App, link: &Link, width: i32, code: &UseStateHandle<bool>, on_msg: &OnMsg, on_key: Callback<KeyboardEvent>) -> Html {
    let may_edit = may_edit(link);
    let code_open = **code;
    let on_code = {
        let code = code.clone();
        move |_| code.set(!*code)
    };
    let on_playground = {
        let app = app.clone();
        move |_| bridge::open_page(&link_of(&app).fragment(), app.text())
    };
    html! {
        <>
            <div class="pg-embed__bar">
                { transport(app, on_msg) }
                if link.get("code") != Some("none") {
                    <button class={if code_open { "pg-button pg-button--pressed" } else { "pg-button" }} data-testid="code" aria-label="Code" aria-expanded={if code_open { "true" } else { "false" }} onclick={on_code}>
                        { icon(Glyph::Code) }<span class="pg-embed__word">{ "Code" }</span>
                    </button>
                }
            </div>
            if code_open {
                <div class="pg-embed__code">
                    if may_edit {
                        <Editor reading={app.reading.clone()} run={app.run.clone()} selected={app.selected.clone()} breaks={app.break_lines()} place={app.place} on_msg={on_msg.clone()} />
                    } else {
                        <pre class="pg-embed__text" tabindex="0" data-testid="editor" aria-label="Flow as YAML">{ app.text().to_owned() }</pre>
                    }
                </div>
            }
            if let Some(run) = &app.run {
                <div class="pg-embed__slots">
                    <Groups key={width} run={run.clone()} selected={app.selected.clone()} disabled={app.is_stale() || !may_edit} on_msg={on_msg.clone()} />
                    <h1 class={if app.is_stale() { "pg-embed__result pg-embed__result--stale" } else { "pg-embed__result" }} data-testid="result" data-ms={run.numbers.makespan.0.to_string()}>{ human(run.numbers.makespan) }</h1>
                </div>
                <Timeline app={Rc::new(app.clone())} on_msg={on_msg.clone()} {on_key} />
            } else {
                <p class="pg-note">{ "Nothing to run yet: the flow has a problem." }</p>
            }
            <div class="pg-embed__foot">
                { mark() }<span class="pg-embed__name">{ "Parallelogram" }</span>
                if let Some(run) = &app.run {
                    <span class="pg-embed__facts">{ facts(run) }if let Some(ghost) = &app.ghost { { was(ghost.numbers.makespan, run.numbers.makespan) } }</span>
                }
                <span class="pg-spacer" />
                <button class="pg-link pg-link--quiet" data-testid="open-page" onclick={on_playground}>{ "Open in the playground" }</button>
            </div>
        </>
    }
}

/// Lets through all but what changes the text.
pub fn without_edits(on_msg: OnMsg) -> OnMsg {
    let changes_text = |msg: &Msg| {
        use Msg::{Change, Convert, Edit, Fix, Link, Redo, SetConcurrent, Undo, Unlink};
        matches!(msg, Edit(_) | SetConcurrent(..) | Change(..) | Fix(_) | Link(..) | Unlink(..) | Convert | Undo | Redo)
    };
    Callback::from(move |msg| {
        if !changes_text(&msg) {
            on_msg.emit(msg);
        }
    })
}

/// Listens to the page around, and tells it what happens here; nothing of that when this is no embed.
#[hook]
pub fn use_host(is_embed: bool, store: &UseReducerHandle<Store>, latest: &Rc<RefCell<App>>, on_msg: OnMsg) {
    let app = &store.0;
    let latest = Rc::clone(latest);
    use_effect_with((), move |()| {
        if is_embed {
            let follow = move |what: String, argument: String| answer(&latest.borrow(), &on_msg, &what, &argument);
            let follow = Closure::<dyn FnMut(String, String) -> Option<String>>::new(follow);
            bridge::connect(follow.as_ref());
            follow.forget(); // The embed lives as long as its frame.
        }
    });
    let told = use_mut_ref(|| app.reading.clone());
    let app = app.clone();
    use_effect(move || {
        if is_embed {
            let (makespan, state) = app.run.as_ref().map_or((SimTime::ZERO, None), |run| (run.numbers.makespan, run.numbers.state));
            if told.replace(app.reading.clone()) != app.reading {
                bridge::tell_change(&app.reading.source.text, &problems(&app.reading));
            }
            let (phase, state) = (app.playback.phase.as_str(), state.map_or("", State::as_str));
            bridge::tell_state(phase, app.playback.now().0 as f64, app.selected.as_deref(), makespan.0 as f64, state);
        }
    });
}

/// Does what the page around asks for, and answers what it wants to get. A link is its fragment, a line feed and the text.
fn answer(app: &App, on_msg: &OnMsg, what: &str, argument: &str) -> Option<String> {
    let play = |msg: playback::Msg| on_msg.emit(Msg::Play(msg));
    let count = argument.parse::<f64>().unwrap_or(0.0);
    match what {
        "load" => {
            let opening = open(argument, "", "none");
            match opening.notice {
                None => on_msg.emit(Msg::Show(Box::new(opening.app))),
                Some(notice) => bridge::tell_error("load", &notice.text),
            }
        }
        "set" => {
            let (link, _) = Link::parse(argument);
            applied(app.clone(), &link).1.iter().for_each(|note| bridge::tell_error("set", note));
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
                "svg" => Some(crate::render::svg::svg(&run.flows, &run.trace)),
                "events" => Some(crate::render::events::events(&run.flows, &run.trace)),
                "link" => Some([&*link_of(app).fragment(), "\n", app.text()].concat()),
                _ => None,
            };
        }
        _ => {}
    }
    None
}
