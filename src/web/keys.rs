//! The keys: what each does, where, and the list that is shown for `?`.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, window};
use yew::prelude::*;

use super::dialogs::Dialog;
use super::effects::{focus_by_id, press_by_id, single_keys, wants_stillness};
use super::store::OnMsg;
use crate::app::playback;
use crate::app::trials::Act;
use crate::app::zoom::Zoom;
use crate::app::{App, Msg, Panel, Stage, View};

/// What a key of the timeline does.
enum Action {
    /// Sends this message.
    Msg(Msg),
    /// Shows the list of keys.
    Keys,
    /// Focuses the field that finds rows.
    Find,
    /// Focuses the buttons of playback.
    Toolbar,
    /// Presses the button with this id.
    Press(&'static str),
    /// Moves the playhead; the argument is whether the reader wants no motion.
    Playback(fn(bool) -> playback::Msg),
}

/// What a key does wherever the focus is.
enum Anywhere {
    /// Runs from the start.
    Run,
    /// Undoes the last change.
    Undo,
    /// Makes it again.
    Redo,
}

/// The keys that work anywhere. Text fields have an undo of their own.
fn anywhere(event: &KeyboardEvent) -> Option<Anywhere> {
    if !(event.ctrl_key() || event.meta_key()) || event.alt_key() {
        return None;
    }
    match event.key().as_str() {
        "Enter" => Some(Anywhere::Run),
        "z" | "Z" if !in_text_field(event) => Some(if event.shift_key() { Anywhere::Redo } else { Anywhere::Undo }),
        "y" if !in_text_field(event) => Some(Anywhere::Redo),
        _ => None,
    }
}

fn in_text_field(event: &KeyboardEvent) -> bool {
    // The editor lives in a shadow tree: seen from outside the target is its host.
    is_on(event, "input:not([type=range], [type=checkbox]), textarea, .pg-editor__host, [contenteditable]")
}

/// Whether the target of an event matches a selector.
fn is_on(event: &KeyboardEvent, selector: &str) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.matches(selector).unwrap_or(false))
}

/// The keys of the timeline, while it has the focus.
fn action(event: &KeyboardEvent, app: &App) -> Option<Action> {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return None;
    }
    let is_single = matches!(event.key().as_bytes(), [key] if *key != b' ');
    if is_single && !single_keys() {
        return None;
    }
    let on_button = is_on(event, "button");
    let on_playhead = is_on(event, "[data-testid=playhead]");
    let play = |msg| Some(Action::Msg(Msg::Play(msg)));
    let msg = |msg| Some(Action::Msg(msg));
    let nudge = app.playback.nudge().0 as i64 * if event.shift_key() { 10 } else { 1 };
    match (event.key().as_str(), event.code().as_str()) {
        ("ArrowLeft", _) if on_playhead => play(playback::Msg::Nudge(-nudge)),
        ("ArrowRight", _) if on_playhead => play(playback::Msg::Nudge(nudge)),
        (" " | "Enter", _) if on_button => None,
        (" ", _) => Some(Action::Playback(|still| playback::Msg::Toggle { still })),
        (".", _) => play(playback::Msg::Next),
        (",", _) => play(playback::Msg::Previous),
        ("ArrowLeft" | "ArrowRight", _) if event.shift_key() => msg(app.change_length(event.key() == "ArrowRight")?),
        ("ArrowLeft", _) => msg(app.fold_selected(true).or_else(|| app.seek_edge(false))?),
        ("ArrowRight", _) => msg(app.fold_selected(false).or_else(|| app.seek_edge(true))?),
        ("Home", _) => play(playback::Msg::Start),
        ("End", _) => play(playback::Msg::End),
        ("ArrowDown", _) => msg(app.select_neighbor(1)?),
        ("ArrowUp", _) => msg(app.select_neighbor(-1)?),
        ("[", _) => msg(app.change_slots(-1)?),
        ("]", _) => msg(app.change_slots(1)?),
        ("+" | "=", _) => msg(Msg::Zoom(Zoom::In)),
        ("-", _) => msg(Msg::Zoom(Zoom::Out)),
        ("0", _) => msg(Msg::Zoom(Zoom::Whole)),
        ("1", _) => msg(Msg::View(View::Gantt)),
        ("2", _) => msg(Msg::View(View::Slots)),
        ("3", _) => msg(Msg::Panel(Panel::Curve)),
        ("4", _) => msg(Msg::Panel(Panel::Table)),
        ("/", _) => Some(Action::Find),
        ("f" | "F", _) => msg(app.fit_selected()?),
        ("?", _) => Some(Action::Keys),
        ("n" | "N", _) => msg(app.switch_limit()?),
        ("x" | "X", _) => Some(Action::Press("pg-examples")),
        ("t" | "T", _) => Some(Action::Press("pg-theme")),
        ("u" | "U", _) => Some(Action::Press("pg-share")),
        ("e" | "E", _) => msg(app.fold_editor()),
        ("p" | "P", _) => msg(app.present()),
        ("Enter", _) => msg(Msg::Panel(Panel::Details)),
        ("h" | "H", _) if app.stage == Stage::Present => msg(Msg::Hide),
        // What is open closes first, from the inside.
        ("Escape", _) if app.stage == Stage::Present => msg(app.close_or_leave()),
        ("Escape", _) if app.selected.is_none() => Some(Action::Toolbar),
        ("Escape", _) => msg(Msg::Select(None)),
        // By position, so that they lie together on every keyboard.
        (_, "KeyW") => msg(Msg::Zoom(Zoom::In)),
        (_, "KeyS") => msg(Msg::Zoom(Zoom::Out)),
        (_, "KeyA") => msg(Msg::Zoom(Zoom::Earlier)),
        (_, "KeyD") => msg(Msg::Zoom(Zoom::Later)),
        ("c" | "C", _) => msg(Msg::Critical),
        ("b" | "B", _) => msg(Msg::Trials(Act::Pin)),
        ("l" | "L", _) => msg(Msg::Panel(Panel::Log)),
        ("r" | "R", _) => play(playback::Msg::Reset),
        _ => None,
    }
}

/// Whether a key that was pressed beside the timeline is one for it while the chart is presented: a character or Esc, unless it
/// belongs to what has the focus. Esc closes or leaves from every field.
fn is_for_presented(event: &KeyboardEvent) -> bool {
    if event.key() == "Escape" {
        return !event.default_prevented() && !is_on(event, "dialog *, [role=menu] *");
    }
    let is_key = matches!(event.key().as_bytes(), [key] if *key != b' ');
    is_key
        && !event.default_prevented()
        && !is_on(event, "input:not([type=checkbox]), select, textarea, .pg-timeline *, dialog *, [role=menu] *, [role=grid] *")
}

/// Ctrl or Cmd + Enter runs wherever the focus is; undo and redo work outside text fields. While the chart is presented, the keys of
/// the timeline, which `on_key` handles, work wherever the focus is.
#[hook]
pub fn use_window_keys(latest: &Rc<RefCell<App>>, on_msg: OnMsg, on_key: Callback<KeyboardEvent>) {
    let latest = Rc::clone(latest);
    use_effect_with((on_msg, on_key), move |(on_msg, on_key)| {
        let (on_msg, on_key) = (on_msg.clone(), on_key.clone());
        let listener = window().map(|window| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&window, "keydown", options, move |event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
                let is_presented = latest.borrow().stage == Stage::Present;
                if is_presented && is_for_presented(event) {
                    return on_key.emit(event.clone());
                }
                if let Some(msg) = anywhere(event) {
                    event.prevent_default();
                    on_msg.emit(match msg {
                        Anywhere::Run => Msg::Play(playback::Msg::Run { still: wants_stillness() }),
                        Anywhere::Undo => Msg::Undo,
                        Anywhere::Redo => Msg::Redo,
                    });
                }
            })
        });
        move || drop(listener)
    });
}

/// The callback for the keys of the timeline. `latest` holds the page as it is now.
#[hook]
pub fn use_timeline_keys(latest: &Rc<RefCell<App>>, on_msg: OnMsg, on_dialog: Callback<Option<Dialog>>) -> Callback<KeyboardEvent> {
    let latest = Rc::clone(latest);
    use_callback((on_msg, on_dialog), move |event: KeyboardEvent, (on_msg, on_dialog)| {
        let Some(action) = action(&event, &latest.borrow()) else { return };
        event.prevent_default();
        match action {
            Action::Msg(msg) => on_msg.emit(msg),
            Action::Keys => on_dialog.emit(Some(Dialog::Keys)),
            Action::Find => focus_by_id("pg-find"),
            Action::Toolbar => focus_by_id("pg-run"),
            Action::Press(id) => press_by_id(id),
            Action::Playback(make) => on_msg.emit(Msg::Play(make(wants_stillness()))),
        }
    })
}
