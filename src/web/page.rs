//! The whole page: the store, and where the views stand.

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use yew::prelude::*;

use super::advice::use_advice;
use super::bridge;
use super::course::course_card;
use super::details::use_details;
use super::dialogs::{Dialog, Dialogs};
use super::effects::{focus_by_id, is_embed, is_narrow, use_frames, use_size};
use super::embed::{self, may_edit, without_edits};
use super::empty::empty;
use super::groups::Groups;
use super::header::Header;
use super::host::use_host;
use super::keys::{use_timeline_keys, use_window_keys};
use super::lessons::{LessonList, begin_quiz};
use super::links::{use_keeping, use_links};
use super::notice::notice;
use super::panel::{Content, panels};
use super::parts::{editor, timeline, transport, viewing};
use super::playground::use_playground;
use super::real::use_drop;
use super::result::{result_line, templates};
use super::send::{use_latest, use_send};
use super::sentence::notices;
use super::settings::settings;
use super::share::{share, speak};
use super::slices::{use_freeing, use_slices};
use super::splitter::Splitter;
use super::store::{OnMsg, Store};
use super::study::use_studies;
use super::tabs::{tab_name, tabs};
use super::upgrade::upgrade_view;
use crate::app::details::Details;
use crate::app::log::log_range;
use crate::app::menu::menu;
use crate::app::opening::Opening;
use crate::app::playback::{self, Phase};
use crate::app::settings::{assumptions, fields};
use crate::app::times::{Times, times};
use crate::app::{App, Msg, Stage};
use crate::edit::Intent;
use crate::examples;
use crate::tr;

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
    let latest = use_latest(&store);
    let (on_msg, busy) = use_send(&store, &latest);
    let dialog = use_state_eq(|| None::<Dialog>);
    let on_dialog = {
        let dialog = dialog.setter();
        use_callback((), move |which, ()| dialog.set(which))
    };
    use_playground(&latest, on_msg.clone());
    use_drop(&on_msg);
    let is_embed = is_embed();
    let on_lessons = on_dialog.reform(|()| Some(Dialog::Lessons));
    let (broken_link, on_notice) = use_links(opening, &on_msg, &on_lessons);
    // The settings of the page, or the code of an embed.
    let is_drawer_open = use_state_eq(|| is_embed && opening.link.get("code") == Some("open"));
    let on_settings = {
        let is_open = is_drawer_open.setter();
        use_callback(*is_drawer_open, move |(), was_open| {
            is_open.set(!was_open);
            focus_by_id("pg-settings-button");
        })
    };
    use_effect_with(*is_drawer_open && !is_embed, |is_open| {
        if *is_open {
            focus_by_id("pg-settings");
        }
    });
    let on_share = {
        let latest = Rc::clone(&latest);
        use_callback((), move |embed, ()| share(&latest.borrow(), embed))
    };
    let on_language = {
        let latest = Rc::clone(&latest);
        use_callback((), move |language, ()| speak(&latest.borrow(), language))
    };
    let on_quiz = {
        let (latest, on_notice) = (Rc::clone(&latest), on_notice.clone());
        use_callback((), {
            let on_msg = on_msg.clone();
            move |(), ()| begin_quiz(&latest.borrow(), on_msg.clone(), on_notice.clone())
        })
    };
    // The sliders are drawn for a width.
    let node = use_node_ref();
    let width_px = use_size(node.clone()).map_or(0, |(width, _)| width as i32);

    use_frames(app.playback.phase == Phase::Running, on_msg.reform(|ms| Msg::Play(playback::Msg::Tick(ms))));
    use_keeping(is_embed, app);
    use_whole_screen(app.stage == Stage::Present, on_msg.clone());
    use_slices(&latest, on_msg.clone());
    use_freeing(app);
    use_advice(is_embed, app, &latest, on_msg.clone());
    use_studies(is_embed, app, &latest, on_msg.clone());
    use_host(is_embed, &store, &latest, busy, on_msg.clone());
    // From here on messages come from a person.
    let on_msg = use_memo((on_msg, may_edit(&opening.link)), |(on_msg, may_edit)| from_person(on_msg.clone(), *may_edit));
    let on_msg = (*on_msg).clone();
    let on_key = use_timeline_keys(&latest, on_msg.clone(), on_dialog.clone());
    use_window_keys(&latest, on_msg.clone(), on_key.clone());
    let run = (app.reading.clone(), app.run.clone(), app.scenario.clone(), app.breaks.clone(), app.linking.clone());
    let details = use_details(is_embed, app, (run.clone(), app.selected.clone()));
    // Where no panel is in view beside the chart, the reasons stand below it.
    let tells_why = is_embed || is_narrow();
    let why = use_memo((run.clone(), app.selected.clone(), tells_why), |_| if tells_why { app.reasons() } else { Vec::new() });
    let times = use_memo((app.reading.clone(), app.run.clone()), |(reading, run)| times(reading, run.as_deref()));
    let menu = use_memo((run, app.menu.clone()), |(_, key)| key.as_ref().and_then(|key| menu(app, key)));

    let over = html! {
        <>
            if *dialog == Some(Dialog::Lessons) {
                <LessonList on_msg={on_msg.clone()} on_notice={on_notice.clone()}
                    on_close={on_dialog.reform(|()| None)} />
            } else {
                <Dialogs open={*dialog} on_dialog={on_dialog.clone()} />
            }
            { for broken_link.iter().map(|broken| notice(broken, &on_msg, &on_notice.reform(|()| None))) }
        </>
    };
    let timeline = timeline(app, (*menu).as_ref(), why, &on_msg, &on_key);
    if is_embed {
        return html! {
            <main class="pg-embed" ref={node} data-testid="app" data-state={app.state_name()}>
                { patterns() }
                { course_card(app, &on_lessons, &on_msg) }
                { embed::views(app, &opening.link, width_px, &is_drawer_open, timeline, &on_msg) }
                { over }
            </main>
        };
    }
    let example = app.example.and_then(examples::find);
    let is_changed = example.is_some_and(|example| example.text != app.text());
    html! {
        <div class={classes!("pg-app", stage_class(app.stage))} ref={node}
            data-testid="app" data-state={app.state_name()} data-tab={tab_name(app.tab)}>
            { patterns() }
            <Header example={example} {is_changed} is_narrow={is_narrow()} can={app.history.can()} stage={app.stage}
                hides={app.hides()}
                on_quiz={on_quiz.clone()} can_be_asked={app.can_be_asked()}
                on_msg={on_msg.clone()} on_dialog={on_dialog.clone()}
                on_settings={on_settings.clone()} on_share={on_share.clone()} />
            { tabs(app.tab, &on_msg) }
            <div class="pg-app__body">
                { editor(app, &on_msg) }
                <aside class="pg-app__edge" aria-label={tr!("Edge of the editor")}><Splitter along={false} /></aside>
                <main class="pg-app__main">
                    { course_card(app, &on_lessons, &on_msg) }
                    if let Some(run) = app.run.as_ref().filter(|_| !app.text().trim().is_empty()) {
                        <div class="pg-top">
                            { result_line(app, run, templates(app, &on_msg), &on_dialog, &on_quiz) }
                            { transport(app, &on_msg) }
                        </div>
                        <Groups run={run.clone()} selected={app.selected.clone()} {width_px}
                            disabled={app.is_stale()}
                            on_msg={on_msg.clone()} />
                        if is_narrow() { { viewing(app, &on_msg) } }
                        { timeline }
                    } else {
                        { empty(&on_lessons, &on_msg) }
                    }
                    if !app.notices.is_empty() {
                        <div class="pg-notices">{ notices(&app.notices, &on_msg) }</div>
                    }
                    { panel(app, &details, &times, &on_msg) }
                </main>
            </div>
            if *is_drawer_open {
                { settings(&fields(app), &assumptions(app), app.has_blackouts(), &app.scenario, &on_msg, &on_language,
                    &on_settings) }
            }
            { over }
            { upgrade_view(app, &on_share, &on_msg) }
        </div>
    }
}

/// Asks for the whole screen while the chart is presented.
#[hook]
fn use_whole_screen(is_presented: bool, on_msg: OnMsg) {
    use_effect_with(is_presented, move |is_presented| {
        let on_leave = Closure::once_into_js(move || on_msg.emit(Msg::Stage(Stage::Split)));
        bridge::fill_screen(*is_presented, &on_leave);
    });
}

fn stage_class(stage: Stage) -> Option<&'static str> {
    match stage {
        Stage::Split => None,
        Stage::Chart => Some("pg-app--chart"),
        Stage::Present => Some("pg-app--chart pg-app--present"),
    }
}

/// The messages of a person, without edits where the text may not be edited. The bars of a group that is switched move to
/// their new places.
fn from_person(on_msg: OnMsg, may_edit: bool) -> OnMsg {
    let on_msg = if may_edit { on_msg } else { without_edits(on_msg) };
    Callback::from(move |msg| {
        if matches!(msg, Msg::Change(_, Intent::Switch)) {
            bridge::animate_bars();
        }
        on_msg.emit(msg);
    })
}

fn panel(app: &App, details: &Details, times: &Times, on_msg: &OnMsg) -> Html {
    let content = Content {
        shown: app.shown_panel(is_narrow()),
        is_open: is_narrow() || app.shows_panel(),
        details,
        run: app.run.as_ref(),
        curve: app.curve.as_ref(),
        heat: app.heat.as_ref(),
        app,
        times,
        log: app.run.as_ref().map(|run| log_range(run, &app.playback)).unwrap_or_default(),
        now: app.playback.now(),
        selected: app.selected.as_ref(),
        place: app.selected_place(),
        preview: app.preview.as_ref(),
        advice: app.shown_advice(),
    };
    panels(&content, on_msg)
}

/// The patterns that bars are filled with.
fn patterns() -> Html {
    let svg = format!(r#"<svg class="pg-defs" aria-hidden="true"><defs>{}</defs></svg>"#, crate::render::svg::PATTERNS);
    Html::from_html_unchecked(AttrValue::from(svg))
}
