//! The views that both layouts of the page have, with the parts of the app that each of them shows.

use std::rc::Rc;

use yew::prelude::*;

use super::editor::Editor;
use super::store::OnMsg;
use super::timeline::{Timeline, Why};
use super::transport::Controls;
use crate::app::menu::Menu;
use crate::app::playback::Phase;
use crate::app::{App, Stage};
use crate::tr;

/// The editor.
pub fn editor(app: &App, on_msg: &OnMsg) -> Html {
    // The times beside the lines would answer the question of a lesson.
    let run = app.run.clone().filter(|_| !app.is_asking());
    html! {
        <Editor reading={app.reading.clone()} is_behind={app.pending.is_some()} {run} selected={app.selected.clone()}
            breaks={app.break_lines()} jump={app.jump} on_msg={on_msg.clone()} />
    }
}

/// The buttons of playback and zoom.
pub fn transport(app: &App, on_msg: &OnMsg) -> Html {
    super::transport::transport(&controls(app, &app.found_text(), why_not(app).as_deref()), on_msg)
}

/// What of them a narrow page has above the timeline.
pub fn viewing(app: &App, on_msg: &OnMsg) -> Html {
    super::transport::viewing(&controls(app, &app.found_text(), why_not(app).as_deref()), app.history.can(), on_msg)
}

/// Why nothing can be played.
fn why_not(app: &App) -> Option<String> {
    match app.is_asking() {
        _ if app.is_stale() => Some(tr!("The text has a problem: fix it first")),
        true => Some(tr!("Answer the question first")),
        false => None,
    }
}

fn controls<'a>(app: &'a App, found: &'a str, why_not: Option<&'a str>) -> Controls<'a> {
    Controls {
        playback: app.playback,
        is_zoomed: app.zoom.is_some(),
        find: &app.find,
        found,
        view: app.view,
        why_not,
        hiding: (app.stage == Stage::Present).then_some(app.is_hiding),
        hides: app.hides(),
    }
}

/// The timeline; nothing without a run.
pub fn timeline(app: &App, menu: Option<&Rc<Menu>>, why: Rc<Why>, on_msg: &OnMsg, on_key: &Callback<KeyboardEvent>) -> Html {
    let Some(chart) = app.chart() else { return html! {} };
    let asked = app.advice().filter(|advice| !app.hides() && advice.alike.is_some()).cloned();
    html! {
        <Timeline {chart} reading={app.reading.clone()} story={app.story.clone()} notices={app.notices.clone()}
            menu={menu.cloned()} {why} {asked}
            preview={app.preview.clone()} is_presented={app.stage == Stage::Present}
            is_playing={app.playback.phase == Phase::Running}
            on_msg={on_msg.clone()} on_key={on_key.clone()} />
    }
}
