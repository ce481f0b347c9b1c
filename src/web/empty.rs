//! What is shown in place of the timeline until a text can be run.

use yew::prelude::*;

use super::store::OnMsg;
use crate::app::Msg;
use crate::examples::{EXAMPLES, Example};
use crate::language::plain;
use crate::tr;

/// An offer of some examples.
pub fn empty(on_lessons: &Callback<()>, on_msg: &OnMsg) -> Html {
    let offer = |example: &'static Example| {
        let onclick = on_msg.reform(move |_| Msg::Example(example.id));
        html! { <button class="pg-button pg-button--outline" {onclick}>{ plain(example.title) }</button> }
    };
    html! {
        <section class="pg-empty">
            <h2 class="pg-empty__title">{ tr!("Nothing to run yet") }</h2>
            <p class="pg-muted">{ tr!("Write a flow, or begin with one of these.") }</p>
            <p class="pg-empty__examples">{ for EXAMPLES.iter().take(3).map(offer) }</p>
            <button class="pg-button pg-button--primary" data-testid="take-lesson" onclick={on_lessons.reform(|_| ())}>
                { tr!("Take a lesson") }
            </button>
        </section>
    }
}
