//! The header: the mark, the menu of examples, the picture as a file, keys and theme.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node, window};
use yew::prelude::*;

use super::dialogs::Dialog;
use super::effects::{focus_by_id, focus_item, focus_item_by_letter, in_next_frame, set_theme, theme};
use super::icon::{Glyph, icon, mark};
use super::store::OnMsg;
use crate::app::{Msg, Stage, Tab};
use crate::examples::{EXAMPLES, Example};
use crate::language::plain;
use crate::time::{SimTime, human};
use crate::tr;

#[derive(Properties, PartialEq)]
pub struct HeaderProps {
    /// The example that the text came from.
    pub example: Option<&'static Example>,
    /// Whether the text differs from that of the example.
    pub is_changed: bool,
    /// Whether the page is narrow: then undo and redo are above the timeline.
    pub is_narrow: bool,
    /// Whether there is a change to undo, and one to make again.
    pub can: (bool, bool),
    pub stage: Stage,
    /// Whether the totals are hidden.
    pub hides: bool,
    /// Whether a quiz about the flow can be made.
    pub can_be_asked: bool,
    pub on_quiz: Callback<()>,
    pub on_msg: OnMsg,
    pub on_dialog: Callback<Option<Dialog>>,
    pub on_settings: Callback<()>,
    /// The link is wanted, or the lines to embed.
    pub on_share: Callback<bool>,
}

#[component]
pub fn Header(
    HeaderProps {
        example,
        is_changed,
        is_narrow,
        can,
        stage,
        hides,
        can_be_asked,
        on_quiz,
        on_msg,
        on_dialog,
        on_settings,
        on_share,
    }: &HeaderProps,
) -> Html {
    let shown_theme = use_state_eq(theme);
    let on_theme = {
        let shown_theme = shown_theme.clone();
        move |_| {
            let next = if *shown_theme == "dark" { "light" } else { "dark" };
            set_theme(next);
            shown_theme.set(next.to_owned());
        }
    };
    let on_skip = {
        let on_msg = on_msg.clone();
        move |_: MouseEvent| {
            // On a narrow page it may be in another tab.
            on_msg.emit(Msg::Tab(Tab::Time));
            in_next_frame(|| focus_by_id("pg-rows"));
        }
    };
    html! {
        <header class="pg-header">
            <button class="pg-skip" data-testid="skip" onclick={on_skip}>{ tr!("Skip to the timeline") }</button>
            <h1 class="pg-header__brand" aria-label="Parallelogram">
                { mark() }<span class="pg-header__name">{ "Parallelogram" }</span>
            </h1>
            <span class="pg-header__rule" />
            <Examples example={*example} is_changed={*is_changed} hides={*hides} on_msg={on_msg.clone()}
                can_be_asked={*can_be_asked} on_quiz={on_quiz.clone()}
                on_lessons={on_dialog.reform(|_| Some(Dialog::Lessons))} />
            <button class="pg-button" id="pg-settings-button" data-testid="open-settings"
                aria-label={tr!("Settings of the run")} onclick={on_settings.reform(|_| ())}>
                { icon(Glyph::Settings) }<span class="pg-header__word">{ tr!("Settings") }</span>
            </button>
            if !*is_narrow {
                { travel("undo", tr!("Undo"), Glyph::Undo, can.0, Msg::Undo, on_msg) }
                { travel("redo", tr!("Redo"), Glyph::Redo, can.1, Msg::Redo, on_msg) }
            }
            <span class="pg-spacer" />
            <button class="pg-button" id="pg-share" data-testid="share" aria-label={tr!("Share")}
                onclick={on_share.reform(|_| false)}>
                { icon(Glyph::Share) }
                <span class="pg-header__word">{ tr!("Share") }</span>
            </button>
            <button class="pg-button pg-header__embed" data-testid="embed" aria-label={tr!("Embed")}
                onclick={on_share.reform(|_| true)}>
                { icon(Glyph::Code) }
                <span class="pg-header__word">{ tr!("Embed") }</span>
            </button>
            <span class="pg-header__rule pg-header__rule--wide" />
            { stages(*stage, on_msg) }
            <button class="pg-button pg-button--icon pg-header__keys" data-testid="keys" aria-label={tr!("Keys")}
                onclick={on_dialog.reform(|_| Some(Dialog::Keys))}>
                { icon(Glyph::Keyboard) }
            </button>
            <button class="pg-button pg-button--icon" id="pg-theme" data-testid="theme"
                aria-label={if *shown_theme == "dark" { tr!("Light theme") } else { tr!("Dark theme") }}
                onclick={on_theme}>
                { icon(if *shown_theme == "dark" { Glyph::Sun } else { Glyph::Moon }) }
            </button>
        </header>
    }
}

/// How much of a wide page is shown: with the editor or without it, or the chart alone.
fn stages(stage: Stage, on_msg: &OnMsg) -> Html {
    let is_folded = stage == Stage::Chart;
    let label = if is_folded { tr!("Show the editor") } else { tr!("Fold the editor away") };
    let to = if is_folded { Stage::Split } else { Stage::Chart };
    html! {
        <>
            <button class="pg-button pg-button--icon pg-header__stage" data-testid="fold-editor"
                aria-label={label.clone()} title={label} onclick={on_msg.reform(move |_| Msg::Stage(to))}>
                { icon(Glyph::Sidebar) }
            </button>
            { present(stage == Stage::Present, on_msg) }
        </>
    }
}

/// Presents the chart, and at the same place leaves that again. The second half of a double click does nothing.
fn present(is_presented: bool, on_msg: &OnMsg) -> Html {
    let (testid, label, title, to) = match is_presented {
        true => ("leave", tr!("Leave the presentation"), tr!("Leave the presentation (Esc)"), Stage::Split),
        false => ("present", tr!("Present"), tr!("Present: the chart on the whole screen"), Stage::Present),
    };
    let class = classes!("pg-button", "pg-button--icon", "pg-header__stage", is_presented.then_some("pg-button--pressed"));
    let onclick = {
        let on_msg = on_msg.clone();
        move |event: MouseEvent| {
            if event.detail() < 2 {
                on_msg.emit(Msg::Stage(to));
            }
        }
    };
    html! {
        <button {class} data-testid={testid} aria-label={label} {title} {onclick}>{ icon(Glyph::Screen) }</button>
    }
}

/// A button that undoes the last change, or makes it again.
pub fn travel(testid: &'static str, label: String, glyph: Glyph, can: bool, msg: Msg, on_msg: &OnMsg) -> Html {
    let title = match testid {
        _ if can => label.clone(),
        "undo" => tr!("Nothing to undo"),
        _ => tr!("Nothing to redo"),
    };
    html! {
        <button class="pg-button pg-button--icon pg-header__undo" data-testid={testid} aria-label={label} {title}
            disabled={!can} onclick={on_msg.reform(move |_: MouseEvent| msg.clone())}>
            { icon(glyph) }
        </button>
    }
}

#[derive(Properties, PartialEq)]
struct ExamplesProps {
    example: Option<&'static Example>,
    is_changed: bool,
    /// Whether the totals are hidden.
    hides: bool,
    can_be_asked: bool,
    on_quiz: Callback<()>,
    on_msg: OnMsg,
    on_lessons: Callback<()>,
}

/// The menu of examples: a button, and a list while it is open. Arrow keys move, Esc closes.
#[component]
fn Examples(ExamplesProps { example, is_changed, hides, can_be_asked, on_quiz, on_msg, on_lessons }: &ExamplesProps) -> Html {
    let open = use_state_eq(|| false);
    let node = use_node_ref();
    let title = example.map_or_else(|| tr!("Your flow"), |example| plain(example.title));
    let title = if *is_changed { tr!("{title} (changed)", title) } else { title };
    {
        let node = node.clone();
        use_effect_with(*open, move |open| {
            if *open {
                focus_item(&node, "[role=menuitem]", 0);
            }
        });
    }
    // What had the focus before: the button, or the timeline when its key opened the menu.
    let from = use_mut_ref(|| None::<Element>);
    let close = {
        let (open, from) = (open.clone(), Rc::clone(&from));
        move || {
            open.set(false);
            let from = from.take().and_then(|from| from.dyn_into::<HtmlElement>().ok());
            let _ = from.map(|from| from.focus());
        }
    };
    let onkeydown = {
        let (node, close, open) = (node.clone(), close.clone(), open.clone());
        move |event: KeyboardEvent| {
            let step = match event.key().as_str() {
                "ArrowDown" => 1,
                "ArrowUp" => -1,
                // It closes nothing around the menu as well.
                "Escape" if *open => {
                    event.prevent_default();
                    close();
                    return;
                }
                // The next one whose title begins with this letter.
                key if key.len() == 1 => {
                    focus_item_by_letter(&node, "[role=menuitem]", key);
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            focus_item(&node, "[role=menuitem]", step);
        }
    };
    let onfocusout = {
        let (open, node) = (open.clone(), node.clone());
        move |event: FocusEvent| {
            let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
            let inside = node.cast::<Node>().is_some_and(|menu| menu.contains(to.as_ref()));
            if to.is_some() && !inside {
                open.set(false);
            }
        }
    };
    let shown = example.filter(|_| !*is_changed);
    let item = |example: &'static Example| {
        let onclick = {
            let (on_msg, close) = (on_msg.clone(), close.clone());
            move |_| {
                on_msg.emit(Msg::Example(example.id));
                close();
            }
        };
        html! {
            <button class="pg-menu__item" role="menuitem" data-testid={format!("example-{}", example.id)}
                title={plain(example.goal)} aria-current={(shown == Some(example)).then_some("true")} {onclick}>
                <span>{ plain(example.title) }</span>
                if !hides { <span class="pg-menu__meta">{ human(SimTime(example.makespan_ms)) }</span> }
            </button>
        }
    };
    // An action that the menu offers beside examples.
    let act = |action: &Callback<()>| {
        let (action, close) = (action.clone(), close.clone());
        Callback::from(move |_: MouseEvent| {
            close();
            action.emit(());
        })
    };
    let toggle = {
        let open = open.clone();
        move |_| {
            *from.borrow_mut() = window().and_then(|window| window.document()?.active_element());
            open.set(!*open);
        }
    };
    html! {
        <div class="pg-menu-anchor" ref={node} {onkeydown} {onfocusout}>
            <button class="pg-button" id="pg-examples" data-testid="examples" aria-haspopup="menu"
                title={(!*open).then(|| title.clone())}
                aria-expanded={if *open { "true" } else { "false" }} onclick={toggle}>
                <span class="pg-header__title">{ title }</span>{ icon(Glyph::Down) }
            </button>
            if *open {
                <div class="pg-menu" role="menu" aria-label={tr!("Examples")}>
                    { offers(act(on_lessons), can_be_asked.then(|| act(on_quiz))) }
                    { for EXAMPLES.iter().map(item) }
                </div>
            }
        </div>
    }
}

/// What the menu of examples offers beside them.
#[inline(never)] // So that it can be fetched later.
fn offers(on_lessons: Callback<MouseEvent>, on_quiz: Option<Callback<MouseEvent>>) -> Html {
    let title = if on_quiz.is_some() { tr!("Guess, run, and meet the difference") } else { tr!("Nothing to ask now") };
    html! {
        <>
            <button class="pg-menu__item" role="menuitem" data-testid="open-lessons" onclick={on_lessons}>
                { tr!("Lessons…") }
            </button>
            <button class="pg-menu__item pg-menu__item--apart" role="menuitem" data-testid="open-quiz" {title}
                aria-disabled={on_quiz.is_none().then_some("true")} onclick={on_quiz}>
                { tr!("Quiz me on this flow") }
            </button>
        </>
    }
}
