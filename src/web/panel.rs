//! The panel below the timeline: details, log, curve, table.

use std::rc::Rc;

use yew::prelude::*;

use super::curve::CurvePanel;
use super::details::details;
use super::log::Log;
use super::store::OnMsg;
use super::table::Table;
use crate::app::curve::Curve;
use crate::app::details::Details;
use crate::app::log::LogRange;
use crate::app::run::Run;
use crate::app::{LinkPreview, Msg, Panel};
use crate::time::SimTime;

#[derive(Properties, PartialEq)]
pub struct PanelsProps {
    pub shown: Panel,
    pub details: Rc<Details>,
    pub run: Option<Rc<Run>>,
    pub curve: Option<Rc<Curve>>,
    pub log: LogRange,
    pub now: SimTime,
    pub selected: Option<Rc<str>>,
    /// Where the selected row stands among all.
    pub place: String,
    pub preview: Option<Rc<LinkPreview>>,
    pub on_msg: OnMsg,
}

/// The tabs and the panel on show.
#[component]
pub fn Panels(props: &PanelsProps) -> Html {
    let PanelsProps { shown, place, on_msg, .. } = props;
    let tab = |panel: Panel, testid: &'static str, label: &'static str| {
        let onclick = on_msg.reform(move |_| Msg::Panel(panel));
        html! {
            <button class="pg-tabs__tab" role="tab" aria-selected={(*shown == panel).to_string()} data-testid={testid}
                {onclick}>
                { label }
            </button>
        }
    };
    html! {
        <section class="pg-panel" aria-label="Panel">
            <div class="pg-tabs" role="tablist" aria-label="Panels">
                { tab(Panel::Details, "panel-details", "Details") }
                { tab(Panel::Log, "panel-log", "Log") }
                { tab(Panel::Curve, "panel-curve", "Curve") }
                { tab(Panel::Table, "panel-table", "Table") }
                <span class="pg-tabs__aside">{ place.clone() }</span>
            </div>
            <div class="pg-panel__body" role="tabpanel" tabindex="0" aria-label="Content of the panel">
                { body(props) }
            </div>
        </section>
    }
}

fn body(props: &PanelsProps) -> Html {
    let PanelsProps { shown, run, curve, log, now, selected, preview, on_msg, .. } = props;
    let (selected, on_msg) = (selected.clone(), on_msg.clone());
    match (shown, run.clone()) {
        (Panel::Details, _) => details(&props.details, selected.as_ref(), preview.as_ref(), &on_msg),
        (Panel::Log, Some(run)) => html! { <Log {run} range={*log} {selected} {on_msg} /> },
        (Panel::Curve, Some(_)) => html! { <CurvePanel curve={curve.clone()} {on_msg} /> },
        (Panel::Table, Some(run)) => html! { <Table {run} now={*now} {selected} {on_msg} /> },
        (Panel::Log | Panel::Curve | Panel::Table, None) => html! {},
    }
}
