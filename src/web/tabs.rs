//! The tabs of a narrow page; a wide one shows all views at once.

use yew::prelude::*;

use super::store::OnMsg;
use crate::app::{Msg, Tab};
use crate::tr;

/// The name of a tab in attributes.
pub fn tab_name(tab: Tab) -> &'static str {
    match tab {
        Tab::Flow => "flow",
        Tab::Time => "time",
        Tab::Why => "why",
        Tab::Log => "log",
    }
}

/// The tabs.
pub fn tabs(tab: Tab, on_msg: &OnMsg) -> Html {
    let one = |which: Tab, label: String| {
        let onclick = on_msg.reform(move |_| Msg::Tab(which));
        let testid = format!("tab-{}", tab_name(which));
        html! {
            <button class="pg-tabs__tab" role="tab" aria-selected={(which == tab).to_string()} data-testid={testid}
                {onclick}>
                { label }
            </button>
        }
    };
    html! {
        <nav class="pg-app__edge" aria-label={tr!("Parts of the page")}>
            <div class="pg-tabs pg-app__tabs" role="tablist" aria-label={tr!("Views")}>
                { one(Tab::Flow, tr!("tab" => "Flow")) }
                { one(Tab::Time, tr!("tab" => "Time")) }
                { one(Tab::Why, tr!("tab" => "Why")) }
                { one(Tab::Log, tr!("tab" => "Log")) }
            </div>
        </nav>
    }
}
