//! The panel below the timeline: details, log, curve, table.

use std::rc::Rc;

use yew::prelude::*;

use super::curve::CurvePanel;
use super::details::{Known, details};
use super::heat::HeatMap;
use super::icon::{Glyph, icon};
use super::log::Log;
use super::splitter::Splitter;
use super::store::OnMsg;
use super::table::Table;
use super::times::times;
use super::trials::trials;
use crate::app::advice::Advice;
use crate::app::curve::Curve;
use crate::app::details::Details;
use crate::app::heat::Heat;
use crate::app::log::LogRange;
use crate::app::run::Run;
use crate::app::times::Times;
use crate::app::{App, LinkPreview, Msg, Panel};
use crate::time::SimTime;
use crate::tr;

/// What the panels show.
pub struct Content<'a> {
    pub shown: Panel,
    /// Whether it shows more than its tabs.
    pub is_open: bool,
    pub details: &'a Details,
    pub run: Option<&'a Rc<Run>>,
    pub curve: Option<&'a Rc<Curve>>,
    pub heat: Option<&'a Rc<Heat>>,
    /// The page, for the plans that were kept.
    pub app: &'a App,
    pub times: &'a Times,
    pub log: LogRange,
    pub now: SimTime,
    pub selected: Option<&'a Rc<str>>,
    /// The place of the selected row among all.
    pub place: String,
    pub preview: Option<&'a Rc<LinkPreview>>,
    /// What was found by simulating changes, and whether it is about the run on show.
    pub advice: Option<(&'a Advice, bool)>,
}

/// The tabs and the panel on show.
pub fn panels(content: &Content<'_>, on_msg: &OnMsg) -> Html {
    let Content { shown, place, is_open, .. } = content;
    let tab = |panel: Panel, testid: &'static str, label: String| {
        let onclick = on_msg.reform(move |_| Msg::Panel(panel));
        html! {
            <button class="pg-tabs__tab" role="tab" aria-selected={(*is_open && *shown == panel).to_string()}
                data-testid={testid} {onclick}>
                { label }
            </button>
        }
    };
    let is_heat = content.heat.is_some();
    html! {
        <section class={classes!("pg-panel", (!is_open).then_some("pg-panel--closed"),
            is_heat.then_some("pg-panel--heat"))} aria-label={tr!("Panel")}>
            if *is_open { <Splitter along={true} /> }
            <div class="pg-tabs">
                <div class="pg-tabs__list" role="tablist" aria-label={tr!("Panels")}>
                    { tab(Panel::Details, "panel-details", tr!("tab" => "Details")) }
                    { tab(Panel::Log, "panel-log", tr!("tab" => "Log")) }
                    { tab(Panel::Curve, "panel-curve", tr!("tab" => "Curve")) }
                    { tab(Panel::Table, "panel-table", tr!("tab" => "Table")) }
                    { tab(Panel::Compare, "panel-compare", tr!("tab" => "Compare")) }
                    if !content.times.types.is_empty() { { tab(Panel::Times, "panel-times", tr!("tab" => "Times")) } }
                </div>
                if place.is_empty() && *shown != Panel::Times && content.times.n_unknown > 0 {
                    <span class="pg-tabs__aside">
                        <button class="pg-link" data-testid="give-times"
                            onclick={on_msg.reform(|_| Msg::Panel(Panel::Times))}>
                            { content.times.text() }
                        </button>
                    </span>
                } else {
                    <span class="pg-tabs__aside">{ place.clone() }</span>
                }
                if *is_open {
                    <button class="pg-button pg-button--icon" data-testid="close-panel"
                        aria-label={tr!("Close the panel")} onclick={on_msg.reform(|_| Msg::ClosePanel)}>
                        { icon(Glyph::Down) }
                    </button>
                }
            </div>
            if *is_open {
                // Each panel begins at its top.
                <div class="pg-panel__body" key={*shown as usize} role="tabpanel" tabindex="0"
                    aria-label={tr!("Content of the panel")}>
                    { body(content, on_msg) }
                </div>
            }
        </section>
    }
}

fn body(content: &Content<'_>, on_msg: &OnMsg) -> Html {
    let Content { shown, details: content_of_details, curve, log, now, preview, .. } = content;
    let (run, selected, on_msg) = (content.run.cloned(), content.selected.cloned(), on_msg.clone());
    let tells_more = !matches!(shown, Panel::Log | Panel::Times) || *shown == Panel::Log && content.app.is_asking();
    if content.app.hides() && !content.app.is_stale() && tells_more {
        return html! { <p class="pg-muted" data-testid="hidden">{ tr!("Hidden until the end of the run.") }</p> };
    }
    let advice = content.advice.map_or_else(|| if content.app.question().is_some() { Known::Soon } else { Known::Nothing }, Known::Advice);
    match (shown, run) {
        (Panel::Details, _) => details(content_of_details, content.selected, advice, *preview, &on_msg),
        (Panel::Times, _) => times(content.times, &on_msg),
        (Panel::Log, Some(run)) => html! { <Log {run} range={*log} {selected} {on_msg} /> },
        (Panel::Curve, Some(_)) if let Some(heat) = content.heat => html! { <HeatMap heat={heat.clone()} {on_msg} /> },
        (Panel::Compare, Some(_)) => trials(content.app, &on_msg),
        (Panel::Curve, Some(_)) => html! { <CurvePanel curve={curve.cloned()} {on_msg} /> },
        (Panel::Table, Some(run)) => {
            let path = content.app.path.clone();
            html! { <Table {run} now={*now} {selected} {path} {on_msg} /> }
        }
        (Panel::Log | Panel::Curve | Panel::Table | Panel::Compare, None) => html! {},
    }
}
