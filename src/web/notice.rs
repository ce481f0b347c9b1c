//! What is wrong with a link or the last start, and what can be done about it.

use yew::prelude::*;

use super::store::OnMsg;
use crate::app::Msg;
use crate::app::opening::Notice;
use crate::tr;

/// The notice, over the page until it is dealt with.
pub fn notice(notice: &Notice, on_msg: &OnMsg, on_close: &Callback<()>) -> Html {
    let show = notice.rest.clone().map(|rest| {
        let (on_msg, on_close) = (on_msg.clone(), on_close.clone());
        Callback::from(move |_: MouseEvent| {
            on_msg.emit(Msg::Show(Box::new(rest.clone())));
            on_close.emit(());
        })
    });
    html! {
        <div class="pg-notice" role="alert" data-testid="link-notice">
            <p>{ notice.text.clone() }</p>
            <span class="pg-actions">
                if let Some(onclick) = show {
                    <button class="pg-button pg-button--primary" {onclick}>{ tr!("Open it anyway") }</button>
                }
                <button class="pg-button pg-button--outline" onclick={on_close.reform(|_| ())}>{ tr!("Close") }</button>
            </span>
        </div>
    }
}
