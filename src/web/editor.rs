//! The editor: a plain text area at first, CodeMirror in its place once it has loaded.

use std::rc::Rc;

use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlTextAreaElement};
use yew::prelude::*;

use super::banner::mends;
use super::bridge::{self, mount_editor, set_problems, show_versions};
use super::effects::{is_embed, wants_stillness};
use super::icon::{Glyph, icon};
use super::store::OnMsg;
use crate::app::hints::hints;
use crate::app::run::{FILE_NAME, Reading, Run};
use crate::app::{Msg, playback};
use crate::complete::{Completion, completions, hover};
use crate::diag::Severity;
use crate::flow::Dialect;
use crate::markdown::{self, Block};
use crate::source::{Source, Span};

#[derive(Properties, PartialEq)]
pub struct EditorProps {
    pub reading: Rc<Reading>,
    pub run: Option<Rc<Run>>,
    pub selected: Option<Rc<str>>,
    /// The lines before whose tasks the run stops.
    pub breaks: Vec<usize>,
    pub place: (u32, u32),
    pub on_msg: OnMsg,
}

/// The mounted editor, and the closures it calls.
struct Mounted {
    editor: bridge::Editor,
    _closures: Closures,
}

/// Dropped with the editor that calls them.
#[allow(dead_code)]
struct Closures(
    Closure<dyn FnMut(String)>,
    Closure<dyn FnMut(u32, u32, bool)>,
    Closure<dyn FnMut(u32)>,
    Closure<dyn FnMut(String, u32) -> String>,
    Closure<dyn FnMut(String, u32) -> Option<String>>,
    [Closure<dyn FnMut()>; 3],
);

impl PartialEq for Mounted {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[component]
pub fn Editor(EditorProps { reading, run, selected, breaks, place, on_msg }: &EditorProps) -> Html {
    let host = use_node_ref();
    let cursor = use_state_eq(|| (1, 1));
    let mounted = use_state(|| None::<Rc<Mounted>>);
    {
        let (host, text, on_msg) = (host.clone(), reading.source.text.clone(), on_msg.clone());
        let (mounted, cursor) = (mounted.setter(), cursor.setter());
        use_effect_with((), move |()| {
            if let Some(host) = host.cast::<Element>() {
                wasm_bindgen_futures::spawn_local(async move {
                    if let Some(editor) = mount(&host, &text, &on_msg, cursor).await {
                        mounted.set(Some(Rc::new(editor)));
                    }
                });
            }
        });
    }
    // What the editor shows follows the state; it was mounted with a text that may be old by now.
    use_effect_with((reading.clone(), mounted.is_some()), {
        let mounted = (*mounted).clone();
        move |(reading, _): &(Rc<Reading>, bool)| {
            if let Some(mounted) = mounted {
                mounted.editor.set_text(&reading.source.text);
                set_problems(&mounted.editor, &problems(reading));
            }
        }
    });
    let highlight = selected.as_ref().zip(run.as_ref()).and_then(|(key, run)| run.row(key)?.task(&run.flows).map(|task| task.span));
    use_effect_with((highlight, reading.clone(), mounted.is_some()), {
        let mounted = (*mounted).clone();
        move |(span, reading, _): &(Option<Span>, Rc<Reading>, bool)| {
            if let Some(mounted) = mounted {
                let offset = |at: u32| JsValue::from(utf16_offset(&reading.source.text, at));
                let (from, to) = span
                    .filter(|_| !reading.has_errors())
                    .map_or((JsValue::NULL, JsValue::NULL), |span| (offset(span.start), offset(span.end)));
                mounted.editor.set_highlight(&from, &to);
            }
        }
    });

    use_effect_with((reading.clone(), run.clone(), breaks.clone(), mounted.is_some()), {
        let mounted = (*mounted).clone();
        move |(reading, run, breaks, _): &(Rc<Reading>, Option<Rc<Run>>, Vec<usize>, bool)| {
            if let Some(mounted) = mounted {
                let said = run.as_ref().filter(|_| !reading.has_errors()).map_or(Vec::new(), |run| hints(&reading.source, run));
                let said = serde_json::to_string(&said).expect("strings and numbers can always be written");
                bridge::set_hints(&mounted.editor, &said);
                mounted.editor.set_breaks(breaks.iter().map(|line| *line as u32).collect());
            }
        }
    });
    use_effect_with(*place, {
        let (mounted, reading) = ((*mounted).clone(), reading.clone());
        move |(offset, nth): &(u32, u32)| {
            if let Some(mounted) = mounted.filter(|_| *nth > 0) {
                mounted.editor.go_to(utf16_offset(&reading.source.text, *offset));
            }
        }
    });

    let oninput = on_msg.reform(|event: InputEvent| {
        let area: HtmlTextAreaElement = event.target_unchecked_into();
        Msg::Edit(area.value())
    });
    let on_versions = {
        let on_msg = on_msg.clone();
        move |_| {
            let on_msg = on_msg.clone();
            show_versions(&Closure::once_into_js(move |text: String| on_msg.emit(Msg::Edit(text))));
        }
    };
    let (line, column) = *cursor;
    let dialect = reading.flows.first().map_or(Dialect::Kestra, |flow| flow.dialect);
    html! {
        <section class="pg-editor" aria-label="Flow" data-testid="editor">
            <div class="pg-editor__head">
                <span class="pg-strong">{ FILE_NAME }</span><span class="pg-muted">{ dialect.label() }</span>
                if !reading.flows.is_empty() { <button class="pg-link pg-link--quiet" data-testid="convert" onclick={on_msg.reform(|_| Msg::Convert)}>{ ["As ", dialect.other().text_label()].concat() }</button> }
                <span class="pg-spacer" />
                { status(reading, on_msg) }
            </div>
            { offer(reading, on_msg) }
            <div class="pg-editor__code">
                <div class="pg-editor__host" ref={host} hidden={mounted.is_none()} />
                if mounted.is_none() {
                    <textarea class="pg-editor__plain" aria-label="Flow as YAML" spellcheck="false" autocomplete="off" autocapitalize="off" wrap="off"
                        value={reading.source.text.clone()} {oninput} />
                }
            </div>
            <div class="pg-editor__foot">
                <span>{ format!("Ln {line}, Col {column}") }</span><span>{ lines(reading) }</span>
                if !is_embed() {
                    <button class="pg-link pg-link--quiet" data-testid="versions" onclick={on_versions}>{ "Versions" }</button>
                    <span class="pg-editor__not-kept" data-testid="not-kept">{ "Not kept here: storage is blocked" }</span>
                }
                <span class="pg-spacer" />
                <span class="pg-editor__hint">{ "Tab leaves the editor" }</span><kbd class="pg-kbd">{ "Ctrl Enter" }</kbd><span>{ "runs" }</span>
            </div>
        </section>
    }
}

/// The flows of a pasted page of docs, to choose from.
fn offer(reading: &Reading, on_msg: &OnMsg) -> Html {
    let found = if reading.has_errors() { markdown::flows(&reading.source.text) } else { Vec::new() };
    if found.is_empty() {
        return html! {};
    }
    let button = |block: Block| {
        let name = block.name.unwrap_or_else(|| "flow".to_owned());
        let label = [&*name, ", line ", &block.line.to_string()].concat();
        let onclick = on_msg.reform(move |_| Msg::Edit(block.text.clone()));
        html! { <li><button class="pg-button pg-button--outline" data-testid={["offer-", &name].concat()} {onclick}>{ label }</button></li> }
    };
    html! {
        <div class="pg-editor__offer" role="status" data-testid="offer">
            <p>{ "This text is Markdown. Open one of its flows:" }</p>
            <ul>{ for found.into_iter().map(button) }</ul>
        </div>
    }
}

fn lines(reading: &Reading) -> String {
    match reading.source.n_lines() {
        1 => "1 line".to_owned(),
        n => format!("{n} lines"),
    }
}

fn status(reading: &Reading, on_msg: &OnMsg) -> Html {
    let count = |severity| reading.diagnostics.iter().filter(|found| found.severity == severity).count();
    let (n_errors, n_warnings, n_notes) = (count(Severity::Error), count(Severity::Warning), count(Severity::Note));
    let some = |n: usize, word: &str| if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") };
    let onclick = on_msg.reform(|_: MouseEvent| Msg::GoToProblem);
    if n_errors > 0 {
        html! { <button class="pg-button pg-editor__status pg-editor__status--problem" {onclick}>{ icon(Glyph::Problem) }{ some(n_errors, "problem") }</button> }
    } else if n_warnings + n_notes > 0 {
        html! { <button class="pg-button pg-editor__status" {onclick}>{ some(n_warnings + n_notes, "note") }</button> }
    } else {
        html! { <span class="pg-editor__status">{ icon(Glyph::Check) }{ "No problems" }</span> }
    }
}

async fn mount(host: &Element, text: &str, on_msg: &OnMsg, cursor: UseStateSetter<(u32, u32)>) -> Option<Mounted> {
    let emit = |msg: fn() -> Msg| {
        let on_msg = on_msg.clone();
        Closure::<dyn FnMut()>::new(move || on_msg.emit(msg()))
    };
    let on_edit = on_msg.clone();
    let on_change = Closure::<dyn FnMut(String)>::new(move |text| on_edit.emit(Msg::Edit(text)));
    let on_line = on_msg.clone();
    let on_cursor = Closure::<dyn FnMut(u32, u32, bool)>::new(move |line, column, by_hand| {
        cursor.set((line, column));
        if by_hand {
            on_line.emit(Msg::At(line as usize));
        }
    });
    let on_break = {
        let on_msg = on_msg.clone();
        Closure::<dyn FnMut(u32)>::new(move |line: u32| on_msg.emit(Msg::BreakAt(line as usize)))
    };
    let on_complete = Closure::<dyn FnMut(String, u32) -> String>::new(offers);
    let on_hover = Closure::<dyn FnMut(String, u32) -> Option<String>>::new(|text: String, offset| {
        let at = byte_offset(&text, offset);
        hover(&Source::new(FILE_NAME, text), at)
    });
    let others = [emit(|| Msg::Play(playback::Msg::Run { still: wants_stillness() })), emit(|| Msg::Undo), emit(|| Msg::Redo)];
    let options = js_sys::Object::new();
    let set = |name: &str, value: &JsValue| _ = js_sys::Reflect::set(&options, &name.into(), value);
    set("text", &text.into());
    set("label", &"Flow as YAML".into());
    set("onChange", on_change.as_ref());
    set("onCursor", on_cursor.as_ref());
    set("onBreak", on_break.as_ref());
    set("onComplete", on_complete.as_ref());
    set("onHover", on_hover.as_ref());
    for (name, closure) in ["onRun", "onUndo", "onRedo"].into_iter().zip(&others) {
        set(name, closure.as_ref());
    }
    let editor = mount_editor(host, &options).await;
    let closures = Closures(on_change, on_cursor, on_break, on_complete, on_hover, others);
    (!editor.is_undefined()).then(|| Mounted { editor: editor.unchecked_into(), _closures: closures })
}

#[derive(Serialize)]
struct Offer<'a> {
    label: &'a str,
    insert: &'a str,
    detail: &'a str,
    from: u32,
}

/// What may be written at a place, as the editor takes it.
fn offers(text: String, offset: u32) -> String {
    let at = byte_offset(&text, offset);
    let source = Source::new(FILE_NAME, text);
    let found = completions(&source, at);
    let offer =
        |found: &'_ Completion| (utf16_offset(&source.text, found.from), found.label.clone(), found.insert.clone(), found.detail.clone());
    let found: Vec<_> = found.iter().map(offer).collect();
    let offers: Vec<Offer<'_>> = found.iter().map(|(from, label, insert, detail)| Offer { label, insert, detail, from: *from }).collect();
    serde_json::to_string(&offers).expect("strings and numbers can always be written")
}

/// An offset of the browser's, in UTF-16 code units, as bytes.
fn byte_offset(text: &str, utf16: u32) -> u32 {
    let mut units = 0;
    let before = text.char_indices().find(|(_, c)| {
        let here = units >= utf16 as usize;
        units += c.len_utf16();
        here
    });
    before.map_or(text.len(), |(at, _)| at) as u32
}

#[derive(Serialize)]
struct Problem<'a> {
    from: u32,
    to: u32,
    severity: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<Mend<'a>>,
}

#[derive(Serialize)]
struct Mend<'a> {
    from: u32,
    to: u32,
    text: &'a str,
    label: String,
}

/// The diagnostics as the editor takes them.
pub fn problems(reading: &Reading) -> String {
    let text = &reading.source.text;
    let problems = reading.diagnostics.iter().map(|found| Problem {
        from: utf16_offset(text, found.span.start),
        to: utf16_offset(text, found.span.end),
        severity: if found.severity == Severity::Note { "info" } else { found.severity.as_str() },
        message: &found.message,
        help: found.help.as_deref().or((!found.label.is_empty()).then_some(&found.label)),
        fix: found.fix.as_deref().map(|fix| Mend {
            from: utf16_offset(text, fix.span.start),
            to: utf16_offset(text, fix.span.end),
            text: &fix.text,
            label: mends(fix),
        }),
    });
    serde_json::to_string(&problems.collect::<Vec<_>>()).expect("strings and numbers can always be written")
}

/// A byte offset as the browser counts: in UTF-16 code units.
pub fn utf16_offset(text: &str, byte: u32) -> u32 {
    let before = text.get(..byte as usize).unwrap_or(text);
    before.encode_utf16().count() as u32
}
