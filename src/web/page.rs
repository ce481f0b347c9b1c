//! The whole page: the store, the clock of playback, the keys, and where the views stand.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, KeyboardEvent, window};
use yew::prelude::*;

use super::bridge;
use super::dialogs::{Dialog, Dialogs};
use super::editor::Editor;
use super::effects::{clock_ms, is_embed, is_narrow, use_frames, use_size, wants_stillness};
use super::embed::{self, may_edit, use_host, without_edits};
use super::groups::Groups;
use super::header::Header;
use super::keys;
use super::notice::notice;
use super::open::{Notice, Opening, open};
use super::panel::panels;
use super::result::result_line;
use super::settings::settings;
use super::share::share;
use super::slices::use_slices;
use super::store::{OnMsg, Store};
use super::timeline::Timeline;
use super::transport::{transport, viewing};
use crate::app::link::link_of;
use crate::app::playback::{self, Phase};
use crate::app::run::{Reading, Run};
use crate::app::{App, Msg, Tab, state_name};
use crate::edit::Intent;
use crate::sim::scenario::Scenario;

/// What the page needs.
#[derive(Properties, PartialEq)]
pub struct PageProps {
    /// What the page begins with.
    pub opening: Opening,
}

/// The page.
#[component]
pub fn Page(PageProps { opening }: &PageProps) -> Html {
    let store = use_reducer(|| Store(opening.app.clone()));
    let app = &store.0;
    let dispatch = store.dispatcher();
    // Callbacks are made once: a view whose props are the same is not drawn anew.
    let on_msg = use_callback((), move |msg, ()| dispatch.dispatch(msg));
    let dialog = use_state_eq(|| None::<Dialog>);
    let on_dialog = {
        let dialog = dialog.setter();
        use_callback((), move |which, ()| dialog.set(which))
    };
    let latest = use_hook_for_measuring(&store, on_msg.clone());

    let is_embed = is_embed();
    let (broken, on_notice_close) = use_links(opening, &on_msg);
    // The settings of the page, or the code of an embed.
    let drawer_open = use_state_eq(|| is_embed && opening.link.get("code") == Some("open"));
    let on_settings = {
        let open = drawer_open.setter();
        use_callback(*drawer_open, move |(), is_open| {
            open.set(!is_open);
            focus_by_id("pg-settings-button");
        })
    };
    let on_share = {
        let latest = Rc::clone(&latest);
        use_callback((), move |embed, ()| share(&latest.borrow(), embed))
    };
    // The sliders know the width that they were drawn for.
    let node = use_node_ref();
    let width = use_size(node.clone()).map_or(0, |(width, _)| width as i32);

    let on_person = use_memo((on_msg.clone(), may_edit(&opening.link)), |(on_msg, may_edit)| of_person(on_msg.clone(), *may_edit));
    let on_person = (*on_person).clone();
    use_frames(app.playback.phase == Phase::Running, on_msg.reform(|ms| Msg::Play(playback::Msg::Tick(ms))));
    use_keeping(is_embed, app);
    use_window_keys(on_person.clone());
    use_slices(&latest, on_msg.clone());
    use_host(is_embed, &store, &latest, on_msg.clone());
    let on_msg = on_person;

    let on_key = {
        let latest = Rc::clone(&latest);
        use_callback((on_msg.clone(), on_dialog.clone()), move |event: KeyboardEvent, (on_msg, on_dialog)| {
            let action = keys::action(&event, &latest.borrow());
            if let Some(action) = action {
                event.prevent_default();
                match action {
                    keys::Action::Msg(msg) => on_msg.emit(msg),
                    keys::Action::Keys => on_dialog.emit(Some(Dialog::Keys)),
                    keys::Action::Find => focus_by_id("pg-find"),
                    keys::Action::Toolbar => focus_by_id("pg-run"),
                    keys::Action::Playback(make) => on_msg.emit(Msg::Play(make(wants_stillness()))),
                }
            }
        })
    };
    let over = html! {
        <>
            <Dialogs open={*dialog} on_dialog={on_dialog.clone()} />
            if let Some(broken) = &broken { { notice(broken, &on_msg, &on_notice_close) } }
        </>
    };
    if is_embed {
        return html! {
            <div class="pg-embed" ref={node} data-testid="app" data-state={state_name(app)}>
                { patterns() }
                { embed::views(app, &opening.link, width, &drawer_open, &on_msg, on_key) }
                { over }
            </div>
        };
    }

    html! {
        <div class="pg-app" ref={node} data-testid="app" data-state={state_name(app)} data-tab={tab_name(app.tab)}>
            { patterns() }
            <Header example={app.example} run={app.run.clone()} on_msg={on_msg.clone()} on_dialog={on_dialog.clone()} on_settings={on_settings.clone()} {on_share} />
            { tabs(app.tab, &on_msg) }
            <div class="pg-app__body">
                <Editor reading={app.reading.clone()} run={app.run.clone()} selected={app.selected.clone()} breaks={app.break_lines()} place={app.place} on_msg={on_msg.clone()} />
                <Splitter />
                <main class="pg-app__main">
                    if let Some(run) = &app.run {
                        { result_line(run, app.ghost.as_deref(), app.is_stale(), &on_dialog) }
                        <Groups key={width} run={run.clone()} selected={app.selected.clone()} disabled={app.is_stale()} on_msg={on_msg.clone()} />
                        if is_narrow() { { viewing(app, &on_msg) } }
                        { transport(app, &on_msg) }
                        <Timeline app={Rc::new(app.clone())} on_msg={on_msg.clone()} on_key={on_key} />
                    } else {
                        { empty(&on_msg) }
                    }
                    { panels(app, &on_msg) }
                </main>
            </div>
            if *drawer_open { { settings(app, &on_msg, on_settings) } }
            { over }
        </div>
    }
}

/// What a person does, as far as it is let through. A group that is switched glides.
fn of_person(on_msg: OnMsg, may_edit: bool) -> OnMsg {
    let on_msg = if may_edit { on_msg } else { without_edits(on_msg) };
    Callback::from(move |msg| {
        if matches!(msg, Msg::Change(_, Intent::Switch)) {
            bridge::morph();
        }
        on_msg.emit(msg);
    })
}

/// Opens the links that the reader goes to while the page is open. What is wrong with the last one, until that is dealt with.
#[hook]
fn use_links(opening: &Opening, on_msg: &OnMsg) -> (Option<Notice>, Callback<()>) {
    let broken = use_state_eq(|| opening.notice.clone());
    let (setter, on_msg) = (broken.setter(), on_msg.clone());
    use_effect_with((), {
        let setter = setter.clone();
        move |()| {
            let call = Closure::<dyn FnMut(String, String, String)>::new(move |fragment: String, text: String, status: String| {
                let opening = open(&fragment, &text, &status);
                // A link that can't be read takes nothing from the page.
                if opening.notice.is_none() {
                    on_msg.emit(Msg::Show(Box::new(opening.app)));
                }
                setter.set(opening.notice);
            });
            bridge::on_fragment(call.as_ref());
            call.forget(); // The page lives as long as its window.
        }
    });
    ((*broken).clone(), Callback::from(move |()| setter.set(None)))
}

/// Keeps the page on this device whenever its text or its settings change.
#[hook]
fn use_keeping(is_embed: bool, app: &App) {
    let shown = (app.reading.clone(), app.pending.clone(), app.scenario.clone(), app.view, app.panel);
    let link = link_of(app);
    use_effect_with(shown, move |_| {
        if !is_embed {
            bridge::keep_soon(&link.fragment());
        }
    });
}

/// Puts the focus there.
fn focus_by_id(id: &str) {
    let found = window().and_then(|window| window.document()).and_then(|document| document.get_element_by_id(id));
    let _ = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()).map(|found| found.focus());
}

/// Ctrl or Cmd + Enter runs wherever the focus is; undo and redo work outside text fields.
#[hook]
fn use_window_keys(on_msg: OnMsg) {
    use_effect_with((), move |()| {
        let listener = window().map(|window| {
            let options = gloo_events::EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&window, "keydown", options, move |event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
                if let Some(msg) = keys::anywhere(event) {
                    event.prevent_default();
                    on_msg.emit(match msg {
                        keys::Anywhere::Run => Msg::Play(playback::Msg::Run { still: wants_stillness() }),
                        keys::Anywhere::Undo => Msg::Undo,
                        keys::Anywhere::Redo => Msg::Redo,
                    });
                }
            })
        });
        move || drop(listener)
    });
}

/// `window.__playground`: drives the page from outside, for benches and tests. Gives the page as it is whenever asked.
#[hook]
fn use_hook_for_measuring(store: &UseReducerHandle<Store>, on_msg: OnMsg) -> Rc<RefCell<App>> {
    let latest = use_mut_ref(|| store.0.clone());
    *latest.borrow_mut() = store.0.clone();
    let current = Rc::clone(&latest);
    let waiting = use_mut_ref(|| None::<Waiting>);
    {
        let waiting = Rc::clone(&waiting);
        use_effect(move || {
            let done: Option<Waiting> = waiting.borrow_mut().take();
            if let Some(done) = done {
                done.resolve();
            }
            || ()
        });
    }
    use_effect_with((), move |()| {
        let text_of = Rc::clone(&latest);
        let svg_of = Rc::clone(&latest);
        let load = Closure::<dyn FnMut(String) -> js_sys::Promise>::new(move |text: String| {
            let started = clock_ms();
            let reading = Rc::new(Reading::of(&text));
            let parsed = clock_ms();
            let run = Run::of(&reading, &Scenario::default(), &BTreeSet::new(), "").map(Rc::new);
            let simulated = clock_ms();
            let (waiting, on_msg) = (Rc::clone(&waiting), on_msg.clone());
            js_sys::Promise::new(&mut |resolve, _| {
                *waiting.borrow_mut() = Some(Waiting { resolve, parse_ms: parsed - started, simulate_ms: simulated - parsed, simulated });
                on_msg.emit(Msg::Load(Rc::clone(&reading), run.clone()));
            })
        });
        let text = Closure::<dyn FnMut() -> String>::new(move || text_of.borrow().text().to_owned());
        let svg = Closure::<dyn FnMut() -> String>::new(move || picture(&svg_of.borrow()).unwrap_or_default());
        bridge::expose(load.as_ref(), text.as_ref(), svg.as_ref());
        move || drop((load, text, svg))
    });
    current
}

/// The picture on show as a file: the same bytes as the command line tool's.
fn picture(app: &App) -> Option<String> {
    app.run.as_ref().map(|run| crate::render::svg::svg(&run.flows, &run.trace))
}

/// Somebody outside who waits for the next picture.
struct Waiting {
    resolve: js_sys::Function,
    parse_ms: f64,
    simulate_ms: f64,
    simulated: f64,
}

impl Waiting {
    fn resolve(&self) {
        // Asking for the size makes the browser lay the new picture out: it belongs to the drawing.
        let _ = window().and_then(|window| window.document()?.body()).map(|body: HtmlElement| body.offset_height());
        let times = js_sys::Object::new();
        let set = |name: &str, ms: f64| js_sys::Reflect::set(&times, &name.into(), &ms.into());
        let _ = (set("parseMs", self.parse_ms), set("simulateMs", self.simulate_ms), set("drawMs", clock_ms() - self.simulated));
        let _ = self.resolve.call1(&JsValue::NULL, &times);
    }
}

/// The patterns that bars are filled with.
fn patterns() -> Html {
    let svg = format!(r#"<svg class="pg-defs" aria-hidden="true"><defs>{}</defs></svg>"#, crate::render::svg::PATTERNS);
    Html::from_html_unchecked(AttrValue::from(svg))
}

fn tab_name(tab: Tab) -> &'static str {
    match tab {
        Tab::Flow => "flow",
        Tab::Time => "time",
        Tab::Why => "why",
        Tab::Log => "log",
    }
}

/// The tabs of a narrow page; a wide one shows all at once.
fn tabs(tab: Tab, on_msg: &OnMsg) -> Html {
    let one = |which: Tab, label: &'static str| {
        let onclick = on_msg.reform(move |_| Msg::Tab(which));
        let selected = if which == tab { "true" } else { "false" };
        html! { <button class="pg-tabs__tab" role="tab" aria-selected={selected} data-testid={format!("tab-{}", tab_name(which))} {onclick}>{ label }</button> }
    };
    html! {
        <div class="pg-tabs pg-app__tabs" role="tablist" aria-label="Views">
            { one(Tab::Flow, "Flow") }
            { one(Tab::Time, "Time") }
            { one(Tab::Why, "Why") }
            { one(Tab::Log, "Log") }
        </div>
    }
}

/// The bar between editor and timeline: dragged, or moved with the arrow keys.
#[component]
fn Splitter() -> Html {
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
    let place = {
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
        set(place() + step);
    };
    html! {
        <div class="pg-app__splitter" ref={node} role="separator" tabindex="0" aria-orientation="vertical" aria-label="Width of the editor, per cent" aria-valuenow="38" {onpointerdown} {onpointermove} {onpointerup} {onkeydown} />
    }
}

/// What stands in place of the timeline as long as no text could be run.
fn empty(on_msg: &OnMsg) -> Html {
    let offer = |example: &'static crate::examples::Example| {
        let onclick = on_msg.reform(move |_| Msg::Example(example.id));
        html! { <button class="pg-button pg-button--outline" {onclick}>{ example.title }</button> }
    };
    html! {
        <section class="pg-empty">
            <h1 class="pg-empty__title">{ "Nothing to run yet" }</h1>
            <p class="pg-muted">{ "Write a flow, or begin with one of these." }</p>
            <p class="pg-empty__examples">{ for crate::examples::EXAMPLES.iter().take(3).map(offer) }</p>
        </section>
    }
}
