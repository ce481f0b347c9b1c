//! The small layout, for a frame in somebody else's page: playback, slots, chart, story. It takes no focus, keeps nothing, and
//! speaks with the page around it by the messages of `js/embed.js`.

use std::rc::Rc;

use js_sys::JsString;
use serde::Serialize;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

use super::bridge::{self, tell};
use super::dialogs::{Dialog, Dialogs};
use super::editor::Editor;
use super::effects::{use_size, wants_stillness};
use super::groups::Groups;
use super::icon::{Glyph, icon, mark};
use super::notice::notice;
use super::open::{Opening, open};
use super::page::{PageProps, on_key, patterns, use_life, use_links};
use super::result::{facts, was};
use super::share::fragment;
use super::store::{OnMsg, Store};
use super::timeline::Timeline;
use super::transport::transport;
use crate::app::link::applied;
use crate::app::playback::{self, Phase};
use crate::app::run::Reading;
use crate::app::{App, Msg, state_name};
use crate::share::Link;
use crate::sim::state::State;
use crate::time::{SimTime, human};

/// The embed.
#[component]
pub fn Embed(PageProps { opening }: &PageProps) -> Html {
    let store = use_reducer(|| Store(opening.app.clone()));
    let app = &store.0;
    let dispatch = store.dispatcher();
    let on_app = OnMsg::from(move |msg| dispatch.dispatch(msg));
    let may_edit = opening.link.get("edit") != Some("0");
    let on_msg = if may_edit { on_app.clone() } else { without_edits(on_app.clone()) };
    let code = opening.link.get("code").unwrap_or("drawer");
    let code_open = use_state_eq(|| code == "open");
    let dialog = use_state_eq(|| None::<Dialog>);
    let on_dialog = {
        let dialog = dialog.setter();
        Callback::from(move |which| dialog.set(which))
    };
    let (broken, on_notice_close) = use_links(opening, &on_app);
    use_effect_with(broken.clone(), |broken| {
        if let Some(broken) = broken {
            tell_error("link", &broken.text);
        }
    });
    use_life(&store, on_msg.clone());
    use_host(&store, on_app);
    let on_key = on_key(app, &on_msg, &on_dialog);
    let node = use_node_ref();
    // The sliders know the width that they were drawn for.
    let width = use_size(node.clone()).map_or(0, |(width, _)| width as i32);
    let on_code = {
        let code_open = code_open.clone();
        move |_| code_open.set(!*code_open)
    };
    let on_playground = {
        let app = app.clone();
        move |_| {
            let app = app.clone();
            wasm_bindgen_futures::spawn_local(async move { bridge::open_page(&fragment(&app).await) });
        }
    };
    html! {
        <div class="pg-embed" ref={node} data-testid="app" data-state={state_name(app)}>
            { patterns() }
            <div class="pg-embed__bar">
                { transport(app, &on_msg) }
                if code != "none" {
                    <button class={classes!("pg-button", code_open.then_some("pg-button--pressed"))} data-testid="code" aria-label="Code" aria-expanded={if *code_open { "true" } else { "false" }} onclick={on_code}>
                        { icon(Glyph::Code) }<span class="pg-embed__word">{ "Code" }</span>
                    </button>
                }
            </div>
            if *code_open {
                <div class="pg-embed__code">
                    if may_edit {
                        <Editor reading={app.reading.clone()} run={app.run.clone()} selected={app.selected.clone()} place={app.place} on_msg={on_msg.clone()} />
                    } else {
                        <pre class="pg-embed__text" tabindex="0" data-testid="editor" aria-label="Flow as YAML">{ app.text().to_owned() }</pre>
                    }
                </div>
            }
            if let Some(run) = &app.run {
                <div class="pg-embed__slots">
                    <Groups key={width} run={run.clone()} selected={app.selected.clone()} disabled={app.is_stale() || !may_edit} on_msg={on_msg.clone()} />
                    <h1 class={classes!("pg-embed__result", app.is_stale().then_some("pg-embed__result--stale"))} data-testid="result" data-ms={run.numbers.makespan.0.to_string()}>{ human(run.numbers.makespan) }</h1>
                </div>
                <Timeline app={Rc::new(app.clone())} on_msg={on_msg.clone()} {on_key} />
            } else {
                <p class="pg-note">{ "Nothing to run yet: the flow has a problem." }</p>
            }
            <div class="pg-embed__foot">
                { mark() }<span class="pg-embed__name">{ "Parallelogram" }</span>
                if let Some(run) = &app.run { <span class="pg-embed__facts">
                    { facts(run) }
                    if let Some(ghost) = &app.ghost { { was(ghost.numbers.makespan, run.numbers.makespan) } }
                </span> }
                <span class="pg-spacer" />
                <button class="pg-link pg-link--quiet" data-testid="open-page" onclick={on_playground}>{ "Open in the playground" }</button>
            </div>
            <Dialogs open={*dialog} {on_dialog} />
            if let Some(broken) = &broken { { notice(broken, &on_msg, &on_notice_close) } }
        </div>
    }
}

/// Lets through all but what changes the text.
fn without_edits(on_msg: OnMsg) -> OnMsg {
    let edits = |msg: &Msg| matches!(msg, Msg::Edit(_) | Msg::SetConcurrent(..) | Msg::Change(..) | Msg::Undo | Msg::Redo);
    Callback::from(move |msg| {
        if !edits(&msg) {
            on_msg.emit(msg);
        }
    })
}

/// Listens to the page around, and tells it what happens here.
#[hook]
fn use_host(store: &UseReducerHandle<Store>, on_msg: OnMsg) {
    let latest = use_mut_ref(|| store.0.clone());
    *latest.borrow_mut() = store.0.clone();
    let app = &store.0;
    {
        let latest = Rc::clone(&latest);
        use_effect_with((), move |()| {
            let call = Closure::<dyn FnMut(String, String) -> js_sys::Promise>::new(move |what: String, argument: String| {
                let (app, on_msg) = (latest.borrow().clone(), on_msg.clone());
                wasm_bindgen_futures::future_to_promise(async move { Ok(follow(app, on_msg, &what, &argument).await) })
            });
            bridge::connect(call.as_ref());
            call.forget(); // The embed lives as long as its frame.
        });
    }
    let (now, phase) = (app.playback.now(), app.playback.phase);
    let result = app.run.as_ref().map(|run| (run.numbers.makespan, run.numbers.state));
    use_effect_with(phase, move |phase| match phase {
        Phase::Running => tell("run-start", "", &JsValue::NULL, "", &JsValue::NULL),
        Phase::Ended => {
            let (makespan, state) = result.unwrap_or((SimTime::ZERO, None));
            tell("run-end", "makespanMs", &number(makespan), "state", &JsValue::from(state.map_or("", State::as_str)));
        }
        _ => {}
    });
    use_effect_with((now, phase), |(now, phase)| {
        if *phase != Phase::Idle {
            tell("time", "ms", &number(*now), "state", &JsValue::from(phase.as_str()));
        }
    });
    use_effect_with(app.selected.clone(), |task| {
        if let Some(task) = task {
            tell("select", "task", &JsValue::from(&**task), "", &JsValue::NULL);
        }
    });
    let first = use_mut_ref(|| true);
    use_effect_with(app.reading.clone(), move |reading| {
        if !first.replace(false) {
            tell("change", "yaml", &JsValue::from(&reading.source.text), "diagnostics", &diagnostics(reading));
        }
    });
}

fn tell_error(code: &str, message: &str) {
    tell("error", "code", &JsValue::from(code), "message", &JsValue::from(message));
}

fn number(time: SimTime) -> JsValue {
    JsValue::from(time.0 as f64)
}

/// Does what the page around asks for. What it asked to get comes back, else nothing.
async fn follow(app: App, on_msg: OnMsg, what: &str, argument: &str) -> JsValue {
    let play = |msg: playback::Msg| on_msg.emit(Msg::Play(msg));
    let count = argument.parse::<f64>().unwrap_or(0.0);
    match what {
        "load" => {
            let Opening { app, notice, .. } = open(argument).await;
            match notice {
                None => on_msg.emit(Msg::Show(Box::new(app))),
                Some(notice) => tell_error("load", &notice.text),
            }
        }
        "set" => {
            let (link, _) = Link::parse(argument);
            for note in applied(app, &link).1 {
                tell_error("set", &note);
            }
            on_msg.emit(Msg::Apply(link));
        }
        "run" => play(playback::Msg::Run { still: wants_stillness() }),
        "play" if app.playback.phase != Phase::Running => play(playback::Msg::Toggle { still: wants_stillness() }),
        "pause" => play(playback::Msg::Pause),
        "step" => {
            (0..count.abs().min(1000.0) as u32).for_each(|_| play(if count < 0.0 { playback::Msg::Previous } else { playback::Msg::Next }))
        }
        "seek" => play(playback::Msg::Seek(SimTime::from_seconds(count / 1000.0))),
        "get" => {
            let answer = match (argument, &app.run) {
                ("svg", Some(run)) => crate::render::svg::svg(&run.flows, &run.trace),
                ("events", Some(run)) => crate::render::events::events(&run.flows, &run.trace),
                ("link", _) => [&*bridge::address("./"), "#", &fragment(&app).await].concat(),
                _ => return JsValue::UNDEFINED,
            };
            return JsValue::from(answer);
        }
        _ => {}
    }
    JsValue::UNDEFINED
}

#[derive(Serialize)]
struct Found<'a> {
    line: u32,
    severity: &'static str,
    message: &'a str,
}

/// What is wrong with a text: a list of `{line, severity, message}`.
fn diagnostics(reading: &Reading) -> JsValue {
    let found = reading.diagnostics.iter().map(|found| Found {
        line: reading.source.position(found.span.start).line as u32,
        severity: found.severity.as_str(),
        message: &found.message,
    });
    let json = serde_json::to_string(&found.collect::<Vec<_>>()).expect("strings and numbers can always be written");
    js_sys::JSON::parse(&json).unwrap_or_else(|_| JsString::from("").into())
}
