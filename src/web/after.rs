//! Whom a task is to wait for: the list of those it may run after, and what of the text would change.

use std::rc::Rc;

use yew::prelude::*;

use super::store::OnMsg;
use crate::app::{App, Msg};
use crate::edit::{linkable, pairs};
use crate::flow::TaskIdx;

#[derive(Properties, PartialEq)]
pub struct AfterProps {
    pub app: App,
    pub task: Rc<str>,
    pub on_msg: OnMsg,
}

/// "Run after…" with the others of the group: one that would close a circle is off and says so. And those it waits for, to be
/// let go.
#[component]
pub fn After(AfterProps { app, task, on_msg }: &AfterProps) -> Html {
    let open = use_state_eq(|| false);
    let shown = use_state_eq(|| None::<Rc<str>>);
    let Some((flow, idx)) = app.run.as_ref().and_then(|run| Some((run.flow(), run.row(task)?.task_idx()?))) else { return html! {} };
    let own: Vec<TaskIdx> = pairs(flow, idx).into_iter().filter(|(_, to)| *to == idx).map(|(from, _)| from).collect();
    let others: Vec<TaskIdx> = linkable(flow, idx).into_iter().filter(|other| *other != idx && !own.contains(other)).collect();
    let toggle = {
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    };
    let other = |other: &TaskIdx| {
        let other = flow.task(*other);
        let id = Rc::clone(&other.id);
        let refused = app.refuses(&id, task);
        let onclick = {
            let (id, task) = (Rc::clone(&id), Rc::clone(task));
            on_msg.reform(move |_: MouseEvent| Msg::Link(Rc::clone(&id), Rc::clone(&task)))
        };
        let show = {
            let (shown, id) = (shown.setter(), Rc::clone(&id));
            move || shown.set(Some(Rc::clone(&id)))
        };
        let (onfocus, onmouseenter) = (
            {
                let show = show.clone();
                move |_: FocusEvent| show()
            },
            move |_: MouseEvent| show(),
        );
        html! {
            <button class="pg-menu__item" data-testid={["after-", &id].concat()} disabled={refused.is_some()} title={refused.clone()} {onclick} {onfocus} {onmouseenter}>
                { other.title().to_string() }
                if let Some(why) = refused { <span class="pg-menu__meta">{ why }</span> }
            </button>
        }
    };
    let remove = |from: &TaskIdx| {
        let from = flow.task(*from);
        let (id, task) = (Rc::clone(&from.id), Rc::clone(task));
        let onclick = on_msg.reform(move |_: MouseEvent| Msg::Unlink(Rc::clone(&id), Rc::clone(&task)));
        html! { <button class="pg-menu__item" data-testid={["unlink-", &from.id].concat()} {onclick}>{ ["No longer after ", from.title()].concat() }</button> }
    };
    html! {
        <>
            if !others.is_empty() {
                <button class="pg-menu__item" data-testid="do-after" aria-expanded={if *open { "true" } else { "false" }} onclick={toggle}>{ "Run after…" }</button>
                if *open {
                    <div class="pg-after" role="group" aria-label={["Run ", task, " after"].concat()}>
                        { for others.iter().map(other) }
                        { shown.as_ref().map(|from| preview(app, from, task)) }
                    </div>
                }
            }
            { for own.iter().map(remove) }
        </>
    }
}

/// What of the text a link would change, or why there can be none.
pub fn preview(app: &App, from: &str, to: &str) -> Html {
    match app.preview(from, to) {
        Ok(lines) => html! { <pre class="pg-preview" data-testid="preview">{ lines.join("\n") }</pre> },
        Err(why) => html! { <p class="pg-preview pg-preview--refused" data-testid="preview">{ why }</p> },
    }
}
