//! The two dialogs: the list of keys, and what the simulation leaves out.

use web_sys::{HtmlDialogElement, HtmlInputElement};
use yew::prelude::*;

use super::effects::{set_single_keys, single_keys};
use super::key_list;
use super::sentence::code_in;
use crate::tr;

/// A dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialog {
    /// The list of keys.
    Keys,
    /// What the simulation leaves out.
    LeftOut,
    /// The list of lessons, which is a view of its own.
    Lessons,
}

/// What a real server has and the simulation leaves out.
fn left_out() -> Vec<(String, String)> {
    vec![
        (
            tr!("Dispatch"),
            tr!(
                "A server takes milliseconds to hand a task to a worker. Here a task begins the moment it may, unless the settings say otherwise."
            ),
        ),
        (
            tr!("Workers"),
            tr!("A server has a fixed number of worker threads. Here there are always enough, unless the settings say otherwise."),
        ),
        (
            tr!("Sharing"),
            tr!(
                "Tasks on one machine slow each other down. Here a `sleep 1` takes one second, however many run, unless the settings say how many cores they share."
            ),
        ),
        (tr!("Commands"), tr!("The shell and its usual commands are simulated; any other command takes no time and says so in the log.")),
        (tr!("Other scripts"), tr!("Python, Node and others are not run: they take the plain waits in their text, else one second.")),
        (
            tr!("Other plugins"),
            tr!(
                "A task of a type that is not simulated takes one second and succeeds, unless a `# sim:` comment at it says otherwise; what it gives out is unknown."
            ),
        ),
        (tr!("Unknown values"), tr!("What depends on values that only a server knows is assumed; the settings list each assumption.")),
    ]
}

#[derive(Properties, PartialEq)]
pub struct DialogsProps {
    pub open: Option<Dialog>,
    pub on_dialog: Callback<Option<Dialog>>,
}

#[component]
pub fn Dialogs(DialogsProps { open, on_dialog }: &DialogsProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(*open, move |open| {
            if let Some(dialog) = node.cast::<HtmlDialogElement>() {
                if open.is_some() && !dialog.open() {
                    let _ = dialog.show_modal();
                    // The focus is on a control at its end.
                    dialog.set_scroll_top(0);
                } else if open.is_none() {
                    dialog.close();
                }
            }
        });
    }
    let (title, rows) = match open {
        Some(Dialog::Keys) => (tr!("Keys of the timeline"), key_list::list()),
        _ => (tr!("What this leaves out"), left_out()),
    };
    let keys = *open == Some(Dialog::Keys);
    let row = |(what, does): &(String, String)| {
        let what = if keys {
            what.split(' ').map(|key| html! { <kbd class="pg-kbd">{ key.to_owned() }</kbd> }).collect::<Html>()
        } else {
            html! { what.clone() }
        };
        html! { <><dt>{ what }</dt><dd>{ code_in(does) }</dd></> }
    };
    let on_single = |event: Event| set_single_keys(event.target_unchecked_into::<HtmlInputElement>().checked());
    html! {
        <dialog class={classes!("pg-dialog", keys.then_some("pg-dialog--keys"))} ref={node} data-testid="dialog"
            aria-labelledby="pg-dialog-title" onclose={on_dialog.reform(|_| None)}>
            <h2 class="pg-dialog__title" id="pg-dialog-title">{ title }</h2>
            <dl class="pg-dialog__list">{ for rows.iter().map(row) }</dl>
            if keys {
                <label class="pg-dialog__choice">
                    <input type="checkbox" data-testid="single-keys" checked={single_keys()} onchange={on_single} />
                    { tr!("Single keys, without Ctrl, work in the timeline") }
                </label>
            }
            <form method="dialog"><button class="pg-button pg-button--outline">{ tr!("Close") }</button></form>
        </dialog>
    }
}
