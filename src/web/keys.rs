//! The keys: what each does, where, and the list that is shown for `?`.

use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::effects::single_keys;
use crate::app::playback;
use crate::app::zoom::Zoom;
use crate::app::{App, Msg, Panel, View};
use crate::edit::Intent;
use crate::flow::TaskIdx;

/// What a key of the timeline does.
pub enum Action {
    /// Changes the page.
    Msg(Msg),
    /// Shows the list of keys.
    Keys,
    /// Goes to the field that finds rows.
    Find,
    /// Leaves the timeline for the buttons of playback.
    Toolbar,
    /// Moves the playhead, with the reader's wish for stillness.
    Playback(fn(bool) -> playback::Msg),
}

/// What a key does wherever the focus is.
pub enum Anywhere {
    /// Runs from the start.
    Run,
    /// Takes the last edit back.
    Undo,
    /// Makes it again.
    Redo,
}

/// The list of keys: what to press, what it does.
pub const LIST: &[(&str, &str)] = &[
    ("Ctrl Enter", "run, from anywhere"),
    ("Space", "play or pause"),
    (". ,", "next, previous event"),
    ("Home End", "start, end"),
    ("← →", "on the playhead: 0.1 s, with Shift 1 s"),
    ("↑ ↓", "row"),
    ("→ ←", "open, close the selected group; then its next, previous segment"),
    ("[ ]", "one slot less, more for the selected group"),
    ("W S + −", "zoom in, out"),
    ("A D", "earlier, later"),
    ("0", "the whole run"),
    ("1 2 3 4", "Gantt, slots; curve, table"),
    ("Shift → ←", "the selected task longer, shorter"),
    ("/", "find a row"),
    ("F", "fit the selection"),
    ("L", "log"),
    ("Enter", "details"),
    ("R", "reset"),
    ("Esc", "clear the selection, then leave for the buttons"),
    ("Ctrl Z", "undo; with Shift redo"),
    ("?", "this list"),
];

/// The keys that work anywhere. In text fields undo is their own business.
pub fn anywhere(event: &KeyboardEvent) -> Option<Anywhere> {
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
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    // The editor lives in a shadow tree: seen from outside the target is its host.
    target.is_some_and(|target| {
        target.matches("input:not([type=range], [type=checkbox]), textarea, .pg-editor__host, [contenteditable]").unwrap_or(false)
    })
}

/// The keys of the timeline, while it has the focus.
pub fn action(event: &KeyboardEvent, app: &App) -> Option<Action> {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return None;
    }
    let is_single = matches!(event.key().as_bytes(), [key] if *key != b' ');
    if is_single && !single_keys() {
        return None;
    }
    let on_button =
        event.target().and_then(|target| target.dyn_into::<Element>().ok()).is_some_and(|target| target.matches("button").unwrap_or(false));
    let on_playhead = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|target| target.matches("[data-testid=playhead]").unwrap_or(false));
    let play = |msg| Some(Action::Msg(Msg::Play(msg)));
    let msg = |msg| Some(Action::Msg(msg));
    let nudge = if event.shift_key() { 1000 } else { 100 };
    match (event.key().as_str(), event.code().as_str()) {
        ("ArrowLeft", _) if on_playhead => play(playback::Msg::Nudge(-nudge)),
        ("ArrowRight", _) if on_playhead => play(playback::Msg::Nudge(nudge)),
        (" " | "Enter", _) if on_button => None,
        (" ", _) => Some(Action::Playback(|still| playback::Msg::Toggle { still })),
        (".", _) => play(playback::Msg::Next),
        (",", _) => play(playback::Msg::Previous),
        ("ArrowLeft" | "ArrowRight", _) if event.shift_key() => {
            let key = app.selected.clone()?;
            let step = app.step_ms(&key);
            msg(Msg::Change(key, Intent::Longer(if event.key() == "ArrowRight" { step } else { -step })))
        }
        ("ArrowLeft", _) => msg(fold(app, true).or_else(|| along(app, false))?),
        ("ArrowRight", _) => msg(fold(app, false).or_else(|| along(app, true))?),
        ("Home", _) => play(playback::Msg::Start),
        ("End", _) => play(playback::Msg::End),
        ("ArrowDown", _) => msg(neighbour(app, 1)?),
        ("ArrowUp", _) => msg(neighbour(app, -1)?),
        ("[", _) => msg(slots(app, -1)?),
        ("]", _) => msg(slots(app, 1)?),
        ("+" | "=", _) => msg(Msg::Zoom(Zoom::In)),
        ("-", _) => msg(Msg::Zoom(Zoom::Out)),
        ("0", _) => msg(Msg::Zoom(Zoom::Whole)),
        ("1", _) => msg(Msg::View(View::Gantt)),
        ("2", _) => msg(Msg::View(View::Slots)),
        ("3", _) => msg(Msg::Panel(Panel::Curve)),
        ("4", _) => msg(Msg::Panel(Panel::Table)),
        ("/", _) => Some(Action::Find),
        ("f" | "F", _) => msg(fit(app)?),
        ("?", _) => Some(Action::Keys),
        ("Enter", _) => msg(Msg::Panel(Panel::Details)),
        ("Escape", _) if app.selected.is_none() => Some(Action::Toolbar),
        ("Escape", _) => msg(Msg::Select(None)),
        // By position, so that they lie together on every keyboard.
        (_, "KeyW") => msg(Msg::Zoom(Zoom::In)),
        (_, "KeyS") => msg(Msg::Zoom(Zoom::Out)),
        (_, "KeyA") => msg(Msg::Zoom(Zoom::Earlier)),
        (_, "KeyD") => msg(Msg::Zoom(Zoom::Later)),
        ("l" | "L", _) => msg(Msg::Panel(Panel::Log)),
        ("r" | "R", _) => play(playback::Msg::Reset),
        _ => None,
    }
}

/// The row above or below the selected one.
fn neighbour(app: &App, by: isize) -> Option<Msg> {
    let rows = &app.run.as_ref()?.rows;
    let at = app.selected.as_ref().and_then(|key| rows.iter().position(|row| row.key == *key));
    let next = match at {
        Some(at) => at.saturating_add_signed(by).min(rows.len().saturating_sub(1)),
        None if by > 0 => 0,
        None => rows.len().saturating_sub(1),
    };
    rows.get(next).map(|row| Msg::Select(Some(row.key.clone())))
}

/// The selected run over the width of the track, with a tenth of its length at both sides.
fn fit(app: &App) -> Option<Msg> {
    let run = app.run.as_ref()?;
    let idx = run.row(app.selected.as_ref()?)?.run()?;
    let (from, to) = (run.trace.created(idx).0 as f64, run.trace.ended(idx).0 as f64);
    let margin = ((to - from) * 0.1).max(1.0);
    Some(Msg::Zoom(Zoom::To((from - margin).max(0.0), to + margin)))
}

/// The selected group closed or open.
fn fold(app: &App, closed: bool) -> Option<Msg> {
    let row = app.selected.as_ref().and_then(|key| app.run.as_ref()?.row(key))?;
    (row.is_group && row.is_folded != closed).then(|| Msg::Fold(row.key.clone()))
}

/// The playhead at the next or the previous edge of the selected row's segments.
fn along(app: &App, onward: bool) -> Option<Msg> {
    let run = app.run.as_ref()?;
    let parts = run.row(app.selected.as_ref()?)?.segments(&run.trace);
    let now = app.playback.now();
    let edges = parts.iter().map(|part| part.from).chain(parts.last().map(|part| part.to));
    let edge = if onward { edges.filter(|edge| *edge > now).min() } else { edges.filter(|edge| *edge < now).max() };
    edge.map(|edge| Msg::Play(playback::Msg::Seek(edge)))
}

/// One slot more or less for the selected group, or the one that holds the selected task, or the only one.
fn slots(app: &App, by: i32) -> Option<Msg> {
    let run = app.run.as_ref()?;
    let flow = run.flow();
    let selected = app.selected.as_ref().and_then(|key| run.row(key)?.task_idx());
    let has_slots = |idx: &TaskIdx| flow.task(*idx).has_slots();
    let around = selected.and_then(|idx| std::iter::successors(Some(idx), |idx| flow.task(*idx).parent).find(has_slots));
    let group = flow.task(around.or_else(|| flow.iter().map(|(idx, _)| idx).find(has_slots))?);
    let control = run.group_controls().into_iter().find(|control| control.id == group.id)?;
    let now = if control.concurrent == 0 { control.most } else { control.concurrent };
    Some(Msg::SetConcurrent(control.id, Some(now.saturating_add_signed(by).max(1))))
}
