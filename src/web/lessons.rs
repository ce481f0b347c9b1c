//! The lessons: fetched when one is wanted, and the list of all.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::bridge::{fetch_lesson, set_address, style};
use super::effects::{language, remembered};
use super::icon::{Glyph, icon};
use super::pace::in_slices;
use super::sentence::code_in;
use super::store::OnMsg;
use crate::app::opening::Notice;
use crate::app::progress::{Come, Progress};
use crate::app::{App, Msg, course};
use crate::lesson::{Entry, Lesson, in_language, read, read_list};
use crate::quiz::quiz;
use crate::share::Link;
use crate::source::Source;
use crate::tr;

/// Where progress is kept on this device.
pub const PROGRESS: &str = "parallelogram.lessons";

fn not_loaded() -> String {
    tr!("The lessons could not be loaded. Is there a connection?")
}

/// Begins the lesson that a link names, at its step. When there is none, `on_notice` is given a sentence.
#[inline(never)] // So that it can be fetched later.
pub fn begin_linked(link: &Link, on_msg: &OnMsg, on_notice: Callback<Option<Notice>>) {
    let step = link.get("step").and_then(|step| step.parse().ok()).unwrap_or(1);
    if let Some(id) = link.get("lesson") {
        begin(Rc::from(id), step, on_msg.clone(), on_notice);
    }
}

/// Begins a quiz about the flow on the page. When there is nothing to ask, `on_notice` is given a sentence.
#[inline(never)] // So that it can be fetched later.
pub fn begin_quiz(app: &App, on_msg: OnMsg, on_notice: Callback<Option<Notice>>) {
    let scene = Rc::new(app.scene());
    wasm_bindgen_futures::spawn_local(async move {
        style("course").await;
        let asked = Rc::clone(&scene);
        match in_slices(move || quiz(&asked.flow, &asked.settings)).await {
            Some(lesson) => on_msg.emit(Msg::Course(course::Msg::Quiz(scene, Rc::new(lesson)))),
            None => on_notice.emit(Some(Notice { text: tr!("There is nothing to ask about this flow."), rest: None })),
        }
    });
}

/// Begins a lesson at a step, from 1.
fn begin(id: Rc<str>, step: usize, on_msg: OnMsg, on_notice: Callback<Option<Notice>>) {
    wasm_bindgen_futures::spawn_local(async move {
        match lesson(&id).await {
            Ok(lesson) => {
                on_notice.emit(None);
                on_msg.emit(Msg::Course(course::Msg::Begin(Rc::new(lesson), step.saturating_sub(1))));
            }
            Err(text) => on_notice.emit(Some(Notice { text, rest: None })),
        }
    });
}

/// A lesson; a sentence when there is none.
async fn lesson(id: &str) -> Result<Lesson, String> {
    let list = list().await.ok_or_else(not_loaded)?;
    let entry = list.iter().find(|entry| *entry.id == *id).ok_or_else(|| tr!("There is no lesson `{id}`.", id))?;
    let text = fetched(&entry.file).await.ok_or_else(not_loaded)?;
    read(&Source::new(&*entry.file, text)).map_err(|_| tr!("The lesson `{id}` can't be read by this version of the page.", id))
}

async fn list() -> Option<Vec<Entry>> {
    Some(read_list(&Source::new("index.yaml", fetched("index.yaml").await?)))
}

async fn fetched(file: &str) -> Option<String> {
    JsValue::as_string(&fetch_lesson(file).await)
}

#[derive(Properties, PartialEq)]
pub struct LessonListProps {
    pub on_msg: OnMsg,
    pub on_notice: Callback<Option<Notice>>,
    pub on_close: Callback<()>,
}

/// The list of all lessons, and how far someone has come. The address names it while it is open.
#[component]
pub fn LessonList(LessonListProps { on_msg, on_notice, on_close }: &LessonListProps) -> Html {
    let node = use_node_ref();
    let list = use_state_eq(|| None::<Option<Rc<Vec<Entry>>>>);
    {
        let (node, list) = (node.clone(), list.setter());
        use_effect_with((), move |()| {
            if let Some(dialog) = node.cast::<HtmlDialogElement>() {
                let _ = dialog.show_modal();
            }
            wasm_bindgen_futures::spawn_local(async move { list.set(Some(self::list().await.map(Rc::new))) });
            let before = set_address("lessons", "");
            move || {
                set_address(if before.starts_with("lessons") { "" } else { &before }, "lessons");
            }
        });
    }
    let progress = Progress::read(&remembered(PROGRESS).unwrap_or_default());
    let item = |(n, entry): (usize, &Entry)| {
        let come = progress.of(&entry.id);
        let onclick = {
            let (on_msg, on_notice, on_close, id) = (on_msg.clone(), on_notice.clone(), on_close.clone(), Rc::clone(&entry.id));
            move |_| {
                let step = if let Some(Come::To(step)) = come { step } else { 1 };
                on_close.emit(());
                begin(Rc::clone(&id), step, on_msg.clone(), on_notice.clone());
            }
        };
        html! {
            <li>
                <button class="pg-lessons__item" data-testid={["lesson-", &*entry.id].concat()} {onclick}>
                    <span class="pg-lessons__number">{ n + 1 }</span>
                    <span>
                        <b class="pg-strong">{ in_language(&entry.title, language()) }</b>
                        <span class="pg-lessons__idea">{ code_in(in_language(&entry.idea, language())) }</span>
                    </span>
                    { for come.map(mark) }
                </button>
            </li>
        }
    };
    html! {
        <dialog class="pg-dialog pg-lessons" ref={node} data-testid="lessons" aria-labelledby="pg-lessons-title"
            onclose={on_close.reform(|_| ())}>
            <h2 class="pg-dialog__title" id="pg-lessons-title" tabindex="-1" autofocus=true>{ tr!("Lessons") }</h2>
            <p class="pg-muted">{ tr!("Each takes a few minutes. How far you are stays on this device.") }</p>
            if let Some(list) = &*list {
                if let Some(list) = list {
                    <ol class="pg-lessons__list">{ for list.iter().enumerate().map(item) }</ol>
                } else {
                    <p role="alert">{ not_loaded() }</p>
                }
            }
            <form method="dialog"><button class="pg-button pg-button--outline">{ tr!("Close") }</button></form>
        </dialog>
    }
}

/// How far someone has come.
fn mark(come: Come) -> Html {
    match come {
        Come::Done => html! { <span class="pg-lessons__mark">{ icon(Glyph::Check) }{ tr!("done") }</span> },
        Come::To(step) => html! { <span class="pg-lessons__mark">{ tr!("at step {step}", step) }</span> },
    }
}
