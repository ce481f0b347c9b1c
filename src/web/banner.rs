//! The banner of a text that can't be run: what is wrong, where, and two ways on.

use yew::prelude::*;

use super::icon::{Glyph, icon};
use super::store::OnMsg;
use crate::app::Msg;
use crate::app::run::Reading;
use crate::diag::Fix;

/// The banner; nothing when the text can be run.
pub fn banner(reading: &Reading, on_msg: &OnMsg) -> Html {
    let Some(found) = reading.diagnostics.iter().find(|found| found.is_error()) else { return html! {} };
    let line = reading.source.position(found.span.start).line;
    let message =
        found.message.strip_prefix(&format!("line {line} ")).map_or_else(|| format!(": {}", found.message), |rest| format!(" {rest}"));
    html! {
        <div class="pg-banner" role="status" data-testid="banner">
            <span class="pg-banner__icon">{ icon(Glyph::Problem) }</span>
            <p><b class="pg-strong">{ format!("Line {line}") }</b>{ words(&message) }{ ". Shown is the last chart that could be drawn." }</p>
            <span class="pg-banner__actions">
                if let Some(fix) = found.fix.as_deref() {
                    <button class="pg-button pg-button--outline" data-testid="fix" onclick={on_msg.reform({ let fix = fix.clone(); move |_| Msg::Fix(fix.clone()) })}>{ mends(fix) }</button>
                }
                <button class="pg-button pg-button--outline" onclick={on_msg.reform(|_| Msg::GoToProblem)}>{ format!("Go to line {line}") }</button>
                <button class="pg-button pg-button--outline" onclick={on_msg.reform(|_| Msg::Undo)}>{ icon(Glyph::Undo) }{ "Undo" }</button>
            </span>
        </div>
    }
}

/// What a button says that makes a fix.
pub fn mends(fix: &Fix) -> String {
    if fix.text.trim().is_empty() { "Mend the indent".to_owned() } else { ["Change to ", fix.text.trim()].concat() }
}

/// Words in backticks in the face of code.
pub fn words(text: &str) -> Html {
    let parts = text.split('`').enumerate();
    parts
        .map(|(n, part)| {
            if n % 2 == 1 {
                html! { <code>{ part }</code> }
            } else {
                Html::from(part)
            }
        })
        .collect()
}
