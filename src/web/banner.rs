//! The banner over a stale chart: what is wrong with the text, where, and two ways on.

use std::rc::Rc;

use yew::prelude::*;

use super::icon::{Glyph, icon};
use super::sentence::code_in;
use super::store::OnMsg;
use crate::app::Msg;
use crate::app::editor::fix_label;
use crate::app::run::Reading;
use crate::diag::Fix;
use crate::tr;

/// The banner; nothing when the text can be run. Each text has a banner of its own, so that it waits until typing rests.
pub fn banner(reading: &Rc<Reading>, on_msg: &OnMsg) -> Html {
    let Some((line, message, fix)) = reading.banner() else { return html! {} };
    html! {
        <div class="pg-banner" role="status" key={Rc::as_ptr(reading) as usize} data-testid="banner">
            <span class="pg-banner__icon">{ icon(Glyph::Problem) }</span>
            <p>
                <b class="pg-strong">{ tr!("Line {line}", line) }</b>{ code_in(&message) }
                { ". " }{ tr!("Shown is the last chart that could be drawn.") }
            </p>
            <span class="pg-banner__actions">
                if let Some(fix) = fix { { fix_button(fix, on_msg) } }
                <button class="pg-button pg-button--outline" onclick={on_msg.reform(|_| Msg::GoToProblem)}>
                    { tr!("Go to line {line}", line) }
                </button>
                <button class="pg-button pg-button--outline" onclick={on_msg.reform(|_| Msg::Undo)}>
                    { icon(Glyph::Undo) }{ tr!("Undo") }
                </button>
            </span>
        </div>
    }
}

fn fix_button(fix: &Fix, on_msg: &OnMsg) -> Html {
    let label = fix_label(fix);
    let fix = fix.clone();
    let onclick = on_msg.reform(move |_: MouseEvent| Msg::Fix(fix.clone()));
    html! { <button class="pg-button pg-button--outline" data-testid="fix" {onclick}>{ label }</button> }
}
