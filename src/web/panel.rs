//! The panel below the timeline: details, log, table.

use yew::prelude::*;

use super::curve::curve_panel;
use super::details::details;
use super::effects::is_narrow;
use super::log::log;
use super::store::OnMsg;
use super::table::Table;
use crate::app::{App, Msg, Panel, Tab};

/// The tabs and the panel on show.
pub fn panels(app: &App, on_msg: &OnMsg) -> Html {
    // What is wrong with the text goes before what was chosen; a narrow page has tabs of its own for two of the panels.
    let shown = match (app.is_stale(), app.tab) {
        (true, _) => Panel::Details,
        (_, Tab::Log) => Panel::Log,
        (_, Tab::Why) if app.panel == Panel::Log && is_narrow() => Panel::Details,
        _ => app.panel,
    };
    let tab = |panel: Panel, name: &'static str, label: &'static str| {
        let onclick = on_msg.reform(move |_| Msg::Panel(panel));
        let selected = if shown == panel { "true" } else { "false" };
        html! { <button class="pg-tabs__tab" role="tab" aria-selected={selected} data-testid={format!("panel-{name}")} {onclick}>{ label }</button> }
    };
    html! {
        <section class="pg-panel" aria-label="Panel">
            <div class="pg-tabs" role="tablist" aria-label="Panels">
                { tab(Panel::Details, "details", "Details") }
                { tab(Panel::Log, "log", "Log") }
                { tab(Panel::Curve, "curve", "Curve") }
                { tab(Panel::Table, "table", "Table") }
                <span class="pg-tabs__aside">{ aside(app) }</span>
            </div>
            <div class="pg-panel__body" role="tabpanel" tabindex="0" aria-label="Content of the panel">
                if shown == Panel::Details {
                    { details(app, on_msg) }
                } else if let Some(run) = &app.run {
                    if shown == Panel::Log {
                        { log(run, app, on_msg) }
                    } else if shown == Panel::Curve {
                        { curve_panel(app, run, on_msg) }
                    } else {
                        <Table run={run.clone()} now={app.playback.now()} selected={app.selected.clone()} on_msg={on_msg.clone()} />
                    }
                }
            </div>
        </section>
    }
}

/// `row 5 of 8`.
fn aside(app: &App) -> String {
    let place = app.selected.as_ref().and_then(|key| {
        let rows = &app.run.as_ref()?.rows;
        rows.iter().position(|row| row.key == *key).map(|at| format!("row {} of {}", at + 1, rows.len()))
    });
    place.unwrap_or_default()
}
