//! The small layout, for a frame in somebody else's page: playback, slots, chart, story. It takes no focus and keeps nothing.

use yew::prelude::*;

use super::bridge;
use super::groups::Groups;
use super::icon::{Glyph, icon, mark};
use super::parts::{editor, transport};
use super::result::{announced, fact_list, was};
use super::store::OnMsg;
use crate::app::kept::link_with_plans;
use crate::app::result::{total_text, unmet};
use crate::app::run::Run;
use crate::app::{App, Msg};
use crate::share::Link;
use crate::tr;

/// Whether a link lets readers change the text.
pub fn may_edit(link: &Link) -> bool {
    link.get("edit") != Some("0")
}

/// The views of an embed, one below the other. `width_px` is what the sliders are drawn for.
pub fn views(app: &App, link: &Link, width_px: i32, is_code_open: &UseStateHandle<bool>, timeline: Html, on_msg: &OnMsg) -> Html {
    let may_edit = may_edit(link);
    html! {
        <>
            <div class="pg-embed__bar">
                { transport(app, on_msg) }
                if link.get("code") != Some("none") { { code_button(is_code_open) } }
            </div>
            if **is_code_open {
                <div class="pg-embed__code">
                    if may_edit { { editor(app, on_msg) } } else { { plain_text(app.text()) } }
                </div>
            }
            if let Some(run) = &app.run {
                <div class="pg-embed__slots">
                    <Groups run={run.clone()} selected={app.selected.clone()} {width_px}
                        disabled={app.is_stale() || !may_edit} on_msg={on_msg.clone()} />
                    <h1 class={classes!("pg-embed__result", app.is_stale().then_some("pg-embed__result--stale"))}
                        data-testid="result" data-ms={run.numbers.makespan.0.to_string()}>
                        if app.hides() { { "?" } } else { { total_text(run) } }
                    </h1>
                </div>
                if !app.hides() {
                    { for claims(app, run) }
                    { announced(run, app.ghost.as_deref()) }
                }
                { timeline }
            } else {
                <p class="pg-note" data-testid="problem">{ problem(app) }</p>
            }
            { foot(app) }
        </>
    }
}

/// Why there is nothing to run: the first error, with its line.
fn problem(app: &App) -> String {
    let reading = &app.reading;
    match reading.diagnostics.iter().find(|found| found.is_error()) {
        Some(error) => {
            let line = reading.source.position(error.span.start).line;
            tr!("Nothing to run yet: the flow has a problem in line {line}: {message}", line, message = error.message)
        }
        None => tr!("Nothing to run yet: there is no flow."),
    }
}

/// Whether what the author of the page claims holds: a tick, or what differs.
fn claims(app: &App, run: &Run) -> Option<Html> {
    let unmet = unmet(&app.expect, run).filter(|_| !app.is_stale())?;
    let said = if unmet.is_empty() { tr!("as expected") } else { unmet.join("; ") };
    let (mark, state) = if unmet.is_empty() { ("✓ ", "met") } else { ("✗ ", "unmet") };
    let class = classes!("pg-embed__claims", (!unmet.is_empty()).then_some("pg-embed__claims--unmet"));
    let mark = html! { <span aria-hidden="true">{ mark }</span> };
    Some(html! { <p {class} data-testid="expect" data-state={state}>{ mark }{ said }</p> })
}

fn code_button(is_open: &UseStateHandle<bool>) -> Html {
    let class = classes!("pg-button", (**is_open).then_some("pg-button--pressed"));
    let onclick = {
        let is_open = is_open.clone();
        move |_| is_open.set(!*is_open)
    };
    html! {
        <button {class} data-testid="code" aria-label={tr!("Code")} aria-expanded={(**is_open).to_string()} {onclick}>
            { icon(Glyph::Code) }<span class="pg-embed__word">{ tr!("Code") }</span>
        </button>
    }
}

fn plain_text(text: &str) -> Html {
    html! {
        <pre class="pg-embed__text" tabindex="0" data-testid="editor" aria-label={tr!("Flow as YAML")}>
            { text.to_owned() }
        </pre>
    }
}

fn foot(app: &App) -> Html {
    let before = app.ghost.as_ref().map(|ghost| ghost.numbers.makespan);
    let facts = app.run.as_ref().filter(|_| !app.hides()).map(|run| {
        let was = before.map(|before| was(before, run.numbers.makespan));
        html! { <span class="pg-embed__facts">{ fact_list(run) }{ for was }</span> }
    });
    let on_open = {
        let app = app.clone();
        move |_| bridge::open_page(&link_with_plans(&app).0.fragment(), app.text())
    };
    html! {
        <div class="pg-embed__foot">
            { mark() }<span class="pg-embed__name">{ "Parallelogram" }</span>
            { for facts }
            <span class="pg-spacer" />
            <button class="pg-link pg-link--quiet" data-testid="open-page" onclick={on_open}>
                { tr!("Open in the playground") }
            </button>
        </div>
    }
}

/// Lets all messages through but those that change the text.
pub fn without_edits(on_msg: OnMsg) -> OnMsg {
    let changes_text = |msg: &Msg| {
        use Msg::{AtOnce, Change, Convert, Edit, Fix, Link, Redo, RowTakes, SetConcurrent, SetTimes, Slots, SwitchLimit, Undo, Unlink};
        matches!(
            msg,
            Edit(_)
                | SetConcurrent(..)
                | SwitchLimit(_)
                | AtOnce(_)
                | Slots(..)
                | Change(..)
                | Fix(_)
                | Link(..)
                | Unlink(..)
                | Convert
                | Undo
                | Redo
                | SetTimes(..)
                | RowTakes(..)
        )
    };
    Callback::from(move |msg| {
        if !changes_text(&msg) {
            on_msg.emit(msg);
        }
    })
}
