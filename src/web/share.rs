//! The dialogs for sharing: a link with all of the page in it, the lines that embed it, and its picture as a file.

use std::rc::Rc;

use web_sys::{HtmlDialogElement, HtmlInputElement};
use yew::prelude::*;

use super::bridge::{address, copy, download, pack, save_png};
use super::dialogs::Dialog;
use super::icon::{Glyph, icon};
use crate::app::App;
use crate::app::link::link_of;
use crate::render::svg::svg;
use crate::share::{LONG_LINK, LONGEST_LINK, Link};

/// The fragment with all of a page in it.
pub async fn fragment(app: &App) -> String {
    let mut link = link_of(app);
    let packed = pack(app.text()).await.as_string().unwrap_or_default();
    link.set("flow", ["1", &packed].concat());
    link.fragment()
}

#[derive(Properties, PartialEq)]
pub struct ShareProps {
    pub app: Rc<App>,
    /// Whether the lines to embed are wanted; else the link.
    pub embed: bool,
    pub on_dialog: Callback<Option<Dialog>>,
}

/// One of the two dialogs, open as long as it is here.
#[component]
pub fn Share(ShareProps { app, embed, on_dialog }: &ShareProps) -> Html {
    let node = use_node_ref();
    let shared = use_state_eq(|| None::<Rc<str>>);
    let as_frame = use_state_eq(|| false);
    {
        let (node, app, shared) = (node.clone(), Rc::clone(app), shared.setter());
        use_effect_with((), move |()| {
            let _ = node.cast::<HtmlDialogElement>().map(|dialog| dialog.show_modal());
            wasm_bindgen_futures::spawn_local(async move { shared.set(Some(Rc::from(fragment(&app).await))) });
        });
    }
    let body = match (&*shared, embed) {
        (None, _) => html! {},
        (Some(fragment), false) => link_part(app, fragment),
        (Some(fragment), true) => embed_part(app, fragment, &as_frame),
    };
    html! {
        <dialog class="pg-dialog pg-share" ref={node} data-testid="dialog" aria-labelledby="pg-share-title" onclose={on_dialog.reform(|_| None)}>
            <h2 class="pg-dialog__title" id="pg-share-title">{ if *embed { "Embed" } else { "Share" } }</h2>
            { body }
            <form method="dialog"><button class="pg-button pg-button--outline">{ "Close" }</button></form>
        </dialog>
    }
}

fn link_part(app: &App, fragment: &str) -> Html {
    let link = [&*address("./"), "#", fragment].concat();
    let file = |ending: &str| {
        let run = app.run.clone()?;
        Some((Rc::from([&*run.flow().id, ending].concat()), svg(&run.flows, &run.trace)))
    };
    let on_svg = file(".svg").map(|(name, svg): (Rc<str>, String)| move |_: MouseEvent| download(&name, "image/svg+xml", &svg));
    let on_png = file(".png").map(|(name, svg): (Rc<str>, String)| move |_: MouseEvent| save_png(&name, &svg));
    let advice = if link.len() > LONGEST_LINK {
        "This flow is too large for a link. Send it as a file."
    } else if link.len() > LONG_LINK {
        "This link is long: some chats and mail programs cut it. Try it, or send the flow as a file."
    } else {
        "Whoever opens it sees this page: the text, the settings and the moment are in the link itself, and reach no server."
    };
    html! {
        <>
            if link.len() <= LONGEST_LINK { <Copied label="Link" testid="share-link" text={link.clone()} /> }
            <p class="pg-share__note" data-testid="share-note">{ advice }{ format!(" {} characters.", link.len()) }</p>
            <h3 class="pg-strong">{ "The timeline as a picture" }</h3>
            <p class="pg-actions">
                if let Some(onclick) = on_svg { <button class="pg-button pg-button--outline" data-testid="share-svg" {onclick}>{ icon(Glyph::Download) }{ "SVG" }</button> }
                if let Some(onclick) = on_png { <button class="pg-button pg-button--outline" data-testid="share-png" {onclick}>{ icon(Glyph::Download) }{ "PNG" }</button> }
            </p>
        </>
    }
}

fn embed_part(app: &App, fragment: &str, as_frame: &UseStateHandle<bool>) -> Html {
    let on = **as_frame;
    let which = |frame: bool, label: &'static str| {
        let as_frame = as_frame.clone();
        let onclick = move |_| as_frame.set(frame);
        html! { <button class="pg-segmented__item" role="radio" aria-checked={if on == frame { "true" } else { "false" }} data-testid={if frame { "embed-iframe" } else { "embed-element" }} {onclick}>{ label }</button> }
    };
    let (code, note) = if on {
        (frame_code(app, fragment), "Works wherever HTML does, also where scripts of a page are not allowed.")
    } else {
        (
            element_code(app),
            "Shows a Run button, and loads the simulator when it comes into view. It runs the code block before it, which stays as it is.",
        )
    };
    html! {
        <>
            <span class="pg-segmented" role="radiogroup" aria-label="Form">{ which(false, "Element") }{ which(true, "Iframe") }</span>
            <Copied label="Lines to paste" testid="embed-code" text={code} />
            <p class="pg-share__note">{ note }</p>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct CopiedProps {
    label: &'static str,
    testid: &'static str,
    text: String,
}

/// A text to take away: it can be copied by a button, and by hand.
#[component]
fn Copied(CopiedProps { label, testid, text }: &CopiedProps) -> Html {
    let node = use_node_ref();
    let done = use_state_eq(|| None::<(String, bool)>);
    let onclick = {
        let (node, done, text) = (node.clone(), done.clone(), text.clone());
        move |_| {
            let (node, done, text) = (node.clone(), done.clone(), text.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let copied = copy(&text).await.is_truthy();
                if let Some(field) = node.cast::<HtmlInputElement>().filter(|_| !copied) {
                    let _ = field.focus();
                    field.select();
                }
                done.set(Some((text, copied)));
            });
        }
    };
    let done = done.as_ref().filter(|(copied, _)| copied == text).map(|(_, copied)| *copied);
    html! {
        <div class="pg-share__copy">
            if *testid == "embed-code" {
                <textarea class="pg-share__text" ref={node} data-testid={*testid} aria-label={*label} readonly=true rows="9" wrap="off" spellcheck="false" value={text.clone()} />
            } else {
                <input class="pg-share__text" ref={node} data-testid={*testid} aria-label={*label} readonly=true value={text.clone()} />
            }
            <button class="pg-button pg-button--primary" data-testid="copy" {onclick}>{ if done == Some(true) { "Copied" } else { "Copy" } }</button>
            <p class="pg-share__note" role="status">{ if done == Some(false) { "Copying is not allowed here: the text is selected, copy it by hand." } else { "" } }</p>
        </div>
    }
}

/// What a reader hears the embed called.
fn title(app: &App) -> String {
    let id = app.run.as_ref().map_or("", |run| &*run.flow().id);
    escaped(&["Timeline of ", id].concat())
}

/// The height in which an embed shows all its rows, in pixels.
fn height_px(app: &App) -> usize {
    let Some(run) = &app.run else { return 420 };
    let lines = run.group_controls().len().clamp(1, 2) + usize::from(!run.mode_controls().is_empty());
    (157 + 40 * lines + 28 * run.rows.len()).clamp(200, 1600)
}

fn frame_code(app: &App, fragment: &str) -> String {
    let source = escaped(&[&*address("embed.html"), "#", fragment].concat());
    let (title, height) = (title(app), height_px(app).to_string());
    [
        "<iframe src=\"",
        &source,
        "\" title=\"",
        &title,
        "\" width=\"700\" height=\"",
        &height,
        "\" loading=\"lazy\" sandbox=\"allow-scripts\"></iframe>",
    ]
    .concat()
}

/// The code block, the element that runs it, and the script that knows the element.
fn element_code(app: &App) -> String {
    // What the page shows goes into attributes, but for what hangs on a reader: the moment and the speed.
    let link: Link = link_of(app);
    let mut attributes = String::new();
    for name in ["c", "view", "sel", "in", "assume", "seed", "start", "delay", "workers", "executions", "fold"] {
        if let Some(value) = link.get(name) {
            attributes += &[" ", name, "=\"", &escaped(value), "\""].concat();
        }
    }
    [
        "<pre><code class=\"language-yaml\">",
        &escaped(app.text()),
        "</code></pre>\n<flow-playground for=\"prev\"",
        &attributes,
        " title=\"",
        &title(app),
        "\"></flow-playground>\n<script type=\"module\" src=\"",
        &escaped(&address("flow-playground.js")),
        "\"></script>\n",
    ]
    .concat()
}

/// A text as HTML shows it, also within quotes.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
