//! What can be done with a task from its row: a menu at the row, and the same as buttons among the details.

use std::rc::Rc;

use web_sys::HtmlElement;
use yew::prelude::*;

use super::after::After;
use super::effects::focus_item;
use super::store::OnMsg;
use crate::app::{App, Msg, playback};
use crate::edit::Intent;
use crate::flow::Kind;

/// The items for the task of a row. One that can't be done is off, and says why.
pub fn task_items(app: &App, key: &Rc<str>, on_msg: &OnMsg) -> Html {
    let Some(run) = &app.run else { return html! {} };
    let Some((row, task)) = run.row(key).and_then(|row| row.task(&run.flows).map(|task| (row, task))) else { return html! {} };
    let item = |name: &'static str, label: String, msg: Result<Msg, String>| {
        let (why_not, msg) = (msg.as_ref().err().cloned(), msg.ok());
        let onclick = on_msg.reform(move |_: MouseEvent| msg.clone().unwrap_or(Msg::Settle));
        html! { <button class="pg-menu__item" data-testid={format!("do-{name}")} disabled={why_not.is_some()} title={why_not.clone()} {onclick}>{ label }</button> }
    };
    let change = |name: &'static str, label: &str, intent: Intent| {
        let possible = app.can_change(key, intent).map(|()| Msg::Change(Rc::clone(key), intent));
        item(name, label.to_owned(), possible)
    };
    let fails = task.sim_note.is_some_and(|note| note.fails_percent == 100);
    let length = row.run().and_then(|idx| Some((run.trace.ended(idx) - run.trace.began(idx)?).0 as i64)).unwrap_or(0);
    let begins = row.run().and_then(|idx| run.trace.began(idx));
    let has_break = app.breaks.contains(key);
    html! {
        <>
            if task.is_group() {
                if matches!(task.kind, Kind::Parallel { .. } | Kind::Sequential(_)) {
                    { change("switch", if matches!(task.kind, Kind::Sequential(_)) { "Make it parallel" } else { "Make it sequential" }, Intent::Switch) }
                }
            } else {
                { change("slower", "Twice as long", Intent::Longer(length.max(1000))) }
                { change("faster", "Half as long", Intent::Longer(-length / 2)) }
                { change("fail", if fails { "Let it succeed" } else { "Let it fail" }, Intent::Fails(!fails)) }
                { change("retry", "Retry failures", Intent::Retry) }
            }
            <After key={key.to_string()} app={app.clone()} task={Rc::clone(key)} on_msg={on_msg.clone()} />
            { item("run-here", "Run up to here".to_owned(), begins.map(|at| Msg::Play(playback::Msg::Seek(at))).ok_or_else(|| "it never runs".to_owned())) }
            { item("break", if has_break { "Do not stop here" } else { "Stop here" }.to_owned(), Ok(Msg::Break(Rc::clone(key)))) }
        </>
    }
}

#[derive(Properties, PartialEq)]
pub struct MenuProps {
    pub app: Rc<App>,
    pub task: Rc<str>,
    pub on_msg: OnMsg,
    pub on_close: Callback<()>,
}

/// The menu at a row: arrow keys move, Esc and a choice close it.
#[component]
pub fn TaskMenu(MenuProps { app, task, on_msg, on_close }: &MenuProps) -> Html {
    let node = use_node_ref();
    use_effect_with((), {
        let node = node.clone();
        move |()| {
            let _ = node.cast::<HtmlElement>().map(|menu| menu.focus());
        }
    });
    let chosen = {
        let (on_msg, on_close) = (on_msg.clone(), on_close.clone());
        Callback::from(move |msg| {
            on_close.emit(());
            on_msg.emit(msg);
        })
    };
    let onkeydown = {
        let (on_close, node) = (on_close.clone(), node.clone());
        move |event: KeyboardEvent| {
            event.stop_propagation();
            match &*event.key() {
                "Escape" => on_close.emit(()),
                "ArrowDown" => focus_item(&node, "button", 1),
                "ArrowUp" => focus_item(&node, "button", -1),
                _ => return,
            }
            event.prevent_default();
        }
    };
    html! {
        <div class="pg-menu pg-timeline__menu" role="group" tabindex="-1" ref={node} aria-label={format!("What to do with {task}")} data-testid="task-menu" {onkeydown} onmouseleave={on_close.reform(|_| ())}>
            { task_items(app, task, &chosen) }
        </div>
    }
}
