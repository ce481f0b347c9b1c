//! What can be done with a task: a menu at its row, and the same as buttons among the details.

use std::rc::Rc;

use web_sys::HtmlElement;
use yew::prelude::*;

use super::bridge;
use super::effects::focus_item;
use super::store::OnMsg;
use crate::app::menu::{Action, Candidate, Menu};
use crate::app::{LinkPreview, Msg, PreviewAt};
use crate::tr;

/// The items for the task of a row. One that can't be done is off, and says why.
pub fn task_items(menu: &Menu, preview: Option<&Rc<LinkPreview>>, on_msg: &OnMsg) -> Html {
    let item = |action: &Action| {
        let (why_not, msg) = (action.msg.as_ref().err().cloned(), action.msg.as_ref().ok().cloned());
        let onclick = on_msg.reform(move |_: MouseEvent| msg.clone().unwrap_or(Msg::Settle));
        html! {
            <button class="pg-menu__item" data-testid={format!("do-{}", action.name)} disabled={why_not.is_some()}
                title={why_not.clone()} {onclick}>
                { action.label.clone() }
            </button>
        }
    };
    html! {
        <>
            { for menu.edits.iter().map(item) }
            { after(menu, preview, on_msg) }
            { for menu.plays.iter().map(item) }
        </>
    }
}

/// "Run after…" with the tasks it could wait for, and a button for each task it waits for.
fn after(menu: &Menu, preview: Option<&Rc<LinkPreview>>, on_msg: &OnMsg) -> Html {
    let key = &menu.key;
    let toggle = {
        let linking = (!menu.is_linking).then(|| Rc::clone(key));
        on_msg.reform(move |_: MouseEvent| Msg::Linking(linking.clone()))
    };
    let remove = |(id, title): &(Rc<str>, String)| {
        let (testid, label) = (["unlink-", id].concat(), tr!("No longer after {task}", task = title));
        let (id, key) = (Rc::clone(id), Rc::clone(key));
        let onclick = on_msg.reform(move |_: MouseEvent| Msg::Unlink(Rc::clone(&id), Rc::clone(&key)));
        html! { <button class="pg-menu__item" data-testid={testid} {onclick}>{ label }</button> }
    };
    let shown = preview.filter(|preview| preview.at == PreviewAt::Menu && preview.to == *key);
    html! {
        <>
            if menu.has_candidates {
                <button class="pg-menu__item" data-testid="do-after" aria-expanded={menu.is_linking.to_string()}
                    onclick={toggle}>
                    { tr!("Run after…") }
                </button>
            }
            if menu.is_linking {
                <div class="pg-after" role="group" aria-label={tr!("Run {task} after", task = menu.name)}>
                    // A list of its own: Yew matches children from the last one on, and the focus would move with them.
                    <>{ for menu.candidates.iter().map(|other| candidate(other, key, on_msg)) }</>
                    if let Some(preview) = shown { { link_preview(preview) } }
                </div>
            }
            { for menu.predecessors.iter().map(remove) }
        </>
    }
}

fn candidate(Candidate { id, title, refused }: &Candidate, key: &Rc<str>, on_msg: &OnMsg) -> Html {
    let testid = ["after-", id].concat();
    let link = (Rc::clone(id), Rc::clone(key));
    let onclick = {
        let (id, key) = link.clone();
        on_msg.reform(move |_: MouseEvent| Msg::Link(Rc::clone(&id), Rc::clone(&key)))
    };
    let show = move || Msg::PreviewLink(Some((Rc::clone(&link.0), Rc::clone(&link.1), PreviewAt::Menu)));
    let onfocus = on_msg.reform({
        let show = show.clone();
        move |_: FocusEvent| show()
    });
    let onmouseenter = on_msg.reform(move |_: MouseEvent| show());
    html! {
        <button class="pg-menu__item" data-testid={testid} disabled={refused.is_some()} title={refused.clone()}
            {onclick} {onfocus} {onmouseenter}>
            { title.clone() }
            if let Some(why) = refused { <span class="pg-menu__meta">{ why.clone() }</span> }
        </button>
    }
}

/// What of the text a link would change, or why the tasks can't be linked.
pub fn link_preview(preview: &LinkPreview) -> Html {
    match &preview.change {
        Ok(lines) => html! { <pre class="pg-preview" data-testid="preview">{ lines.join("\n") }</pre> },
        Err(why) => html! { <p class="pg-preview pg-preview--refused" data-testid="preview">{ why.clone() }</p> },
    }
}

#[derive(Properties, PartialEq)]
pub struct TaskMenuProps {
    pub menu: Rc<Menu>,
    pub preview: Option<Rc<LinkPreview>>,
    pub on_msg: OnMsg,
}

/// The menu at a row: arrow keys move, Esc and a choice close it.
#[component]
pub fn TaskMenu(TaskMenuProps { menu, preview, on_msg }: &TaskMenuProps) -> Html {
    let node = use_node_ref();
    use_effect_with((), {
        let node = node.clone();
        move |()| {
            if let Some(menu) = node.cast::<HtmlElement>() {
                bridge::float(&menu);
                let _ = menu.focus();
            }
        }
    });
    let close = on_msg.reform(|()| Msg::Menu(None));
    let onkeydown = {
        let (close, node) = (close.clone(), node.clone());
        move |event: KeyboardEvent| {
            event.stop_propagation();
            match &*event.key() {
                "Escape" => close.emit(()),
                "ArrowDown" => focus_item(&node, "button", 1),
                "ArrowUp" => focus_item(&node, "button", -1),
                _ => return,
            }
            event.prevent_default();
        }
    };
    html! {
        <div class="pg-menu pg-timeline__menu" role="group" popover="manual" tabindex="-1" ref={node}
            data-testid="task-menu"
            aria-label={tr!("What to do with {task}", task = menu.name)} {onkeydown}
            onmouseleave={close.reform(|_| ())}>
            { task_items(menu, preview.as_ref(), on_msg) }
        </div>
    }
}
