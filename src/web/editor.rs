//! The editor: a plain text area at first, CodeMirror in its place once it has loaded.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::bridge::{self, mount_editor, set_problems, show_versions};
use super::effects::{in_next_frame, is_embed, scroll_to, wants_stillness};
use super::field;
use super::icon::{Glyph, icon};
use super::store::OnMsg;
use crate::app::editor::{Change, Status, completions_json, explanation, utf16_offset};
use crate::app::hints::hints_json;
use crate::app::run::{FILE_NAME, Reading, Run};
use crate::app::upgrade::Act;
use crate::app::{Jump, Msg, playback};
use crate::flow::Version;
use crate::language::plain;
use crate::markdown::{self, Block};
use crate::source::{Source, Span};
use crate::tr;

#[derive(Properties, PartialEq)]
pub struct EditorProps {
    pub reading: Rc<Reading>,
    /// Whether a later text is in the editor.
    pub is_behind: bool,
    pub run: Option<Rc<Run>>,
    pub selected: Option<Rc<str>>,
    /// The lines before whose tasks the run stops.
    pub breaks: Vec<usize>,
    /// The place of the text to show.
    pub jump: Jump,
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
    Closure<dyn FnMut(u32, u32, String)>,
    Closure<dyn FnMut(u32, u32, bool)>,
    Closure<dyn FnMut(u32)>,
    Closure<dyn FnMut(u32) -> String>,
    Closure<dyn FnMut(u32) -> Option<String>>,
    [Closure<dyn FnMut()>; 3],
);

impl PartialEq for Mounted {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[component]
pub fn Editor(EditorProps { reading, is_behind, run, selected, breaks, jump, on_msg }: &EditorProps) -> Html {
    let host = use_node_ref();
    let cursor = use_state_eq(|| (1, 1));
    let mounted = use_state(|| None::<Rc<Mounted>>);
    // For which completions and explanations are made; a text that can't be read may yet become one for another version.
    let version = use_memo((), |()| Cell::new(None));
    // The text in the editor, which tells only what changes. Completions and explanations are made for it.
    let written = use_memo((), |()| RefCell::new(reading.source.clone()));
    version.set(if reading.flows.is_empty() { reading.version } else { reading.kestra() });
    {
        let (host, on_msg, written) = (host.clone(), on_msg.clone(), Rc::clone(&written));
        let (mounted, cursor, version) = (mounted.setter(), cursor.setter(), Rc::clone(&version));
        use_effect_with((), move |()| {
            if let Some(host) = host.cast::<Element>() {
                wasm_bindgen_futures::spawn_local(async move {
                    if let Some(editor) = mount(&host, written, &on_msg, cursor, version).await {
                        mounted.set(Some(Rc::new(editor)));
                    }
                });
            }
        });
    }
    // What the editor shows follows the state; it was mounted with a text that may be old by now.
    use_effect_with((reading.clone(), run.clone(), mounted.is_some()), {
        let mounted = (*mounted).clone().filter(|_| !is_behind);
        move |(reading, run, _): &(Rc<Reading>, Option<Rc<Run>>, bool)| {
            if let Some(mounted) = mounted {
                let change = Change::between(&written.borrow().text, &reading.source.text);
                if let Some(Change { from, to, text }) = change {
                    written.replace(reading.source.clone());
                    mounted.editor.replace(from, to, text);
                }
                set_problems(&mounted.editor, &reading.problems_json(run.as_deref()));
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
                bridge::set_hints(&mounted.editor, &hints_json(reading, run.as_deref()));
                mounted.editor.set_breaks(breaks.iter().map(|line| *line as u32).collect());
            }
        }
    });
    use_effect_with(*jump, {
        let (mounted, reading) = ((*mounted).clone(), reading.clone());
        move |jump: &Jump| {
            if let Some(mounted) = mounted.filter(|_| jump.nth > 0) {
                mounted.editor.go_to(utf16_offset(&reading.source.text, jump.offset));
            }
        }
    });

    let oninput = on_msg.reform(|event: InputEvent| {
        let area: HtmlTextAreaElement = event.target_unchecked_into();
        Msg::Edit(area.value().into())
    });
    let on_versions = {
        let on_msg = on_msg.clone();
        move |_| {
            let on_msg = on_msg.clone();
            show_versions(&Closure::once_into_js(move |text: String| on_msg.emit(Msg::Edit(text.into()))));
        }
    };
    let (line, column) = *cursor;
    html! {
        <section class="pg-editor" aria-label={tr!("Flow")} data-testid="editor">
            <div class="pg-editor__head">
                <span class="pg-strong">{ FILE_NAME }</span>
                { version_menu(reading, on_msg) }
                if !reading.flows.is_empty() { { convert_button(reading, on_msg) } }
                <span class="pg-spacer" />
                { status(reading, run.as_deref(), on_msg) }
            </div>
            { offer(reading, on_msg) }
            <div class="pg-editor__code">
                <div class="pg-editor__host" ref={host} hidden={mounted.is_none()} />
                if mounted.is_none() {
                    <textarea class="pg-editor__plain" aria-label={tr!("Flow as YAML")} spellcheck="false"
                        autocomplete="off" autocapitalize="off" wrap="off" value={reading.source.text.clone()}
                        {oninput} />
                }
            </div>
            <div class="pg-editor__foot">
                <span>{ tr!("Ln {line}, Col {column}", line, column) }</span><span>{ reading.lines_text() }</span>
                if !is_embed() {
                    <button class="pg-link pg-link--quiet" data-testid="versions" onclick={on_versions}>
                        { tr!("Versions") }
                    </button>
                    <span class="pg-editor__not-kept" data-testid="not-kept">
                        { tr!("Not kept here: storage is blocked or full") }
                    </span>
                }
                <span class="pg-spacer" />
                <span class="pg-editor__hint">{ tr!("Tab leaves the editor") }</span>
                <kbd class="pg-kbd">{ tr!("keys" => "Ctrl Enter") }</kbd>
                <span>{ tr!("after a key" => "runs") }</span>
            </div>
        </section>
    }
}

/// The version of Kestra that the text is read for. A template has none.
fn version_menu(reading: &Reading, on_msg: &OnMsg) -> Html {
    let label = reading.dialect().label();
    let Some(shown) = reading.kestra() else {
        return html! { <span class="pg-muted">{ label }</span> };
    };
    let newest_first = || Version::ALL.into_iter().rev();
    let was = reading.version.and_then(|version| newest_first().position(|one| one == version)).map_or(0, |at| at + 1);
    let onchange = on_msg.reform(move |event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        let at = usize::try_from(select.selected_index()).ok().and_then(|at| at.checked_sub(1));
        if at == Some(Version::ALL.len()) {
            // It is no version: the one that is chosen stays.
            select.set_selected_index(was as i32);
            return Msg::Upgrade(Act::Open);
        }
        Msg::Version(at.and_then(|at| newest_first().nth(at)))
    });
    let option = |version: Version| {
        let shown = html! { <option>{ format!("{label} {}", version.as_str()) }</option> };
        field::option(reading.version == Some(version), shown)
    };
    html! {
        <span class="pg-version">
            <span>{ format!("{label} {}", shown.as_str()) }</span>{ icon(Glyph::Down) }
            <select data-testid="version" aria-label={tr!("Version of Kestra")} {onchange}>
                { field::option(reading.version.is_none(), html! { <option>{ tr!("as the text says") }</option> }) }
                { for newest_first().map(option) }
                if !is_embed() { <option>{ tr!("What changes in 2.0…") }</option> }
            </select>
        </span>
    }
}

fn convert_button(reading: &Reading, on_msg: &OnMsg) -> Html {
    let label = tr!("As {text}", text = plain(reading.dialect().other().text_label()));
    html! {
        <button class="pg-link pg-link--quiet" data-testid="convert" title={label.clone()}
            onclick={on_msg.reform(|_| Msg::Convert)}>
            { label }
        </button>
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
        let label = tr!("{flow}, line {line}", flow = name, line = block.line);
        let onclick = on_msg.reform(move |_| Msg::Edit(block.text.clone().into()));
        let testid = ["offer-", &name].concat();
        html! {
            <li><button class="pg-button pg-button--outline" data-testid={testid} {onclick}>{ label }</button></li>
        }
    };
    html! {
        <div class="pg-editor__offer" role="status" data-testid="offer">
            <p>{ tr!("This text is Markdown. Open one of its flows:") }</p>
            <ul>{ for found.into_iter().map(button) }</ul>
        </div>
    }
}

fn status(reading: &Reading, run: Option<&Run>, on_msg: &OnMsg) -> Html {
    let onclick = on_msg.reform(|_: MouseEvent| {
        in_next_frame(|| scroll_to("pg-diagnostics"));
        Msg::GoToProblem
    });
    match reading.status(run) {
        Status::NoProblems => html! {
            <span class="pg-editor__status">{ icon(Glyph::Check) }{ tr!("No problems") }</span>
        },
        Status::Notes(text) => html! { <button class="pg-button pg-editor__status" {onclick}>{ text }</button> },
        Status::Problems(text) => html! {
            <button class="pg-button pg-editor__status pg-editor__status--problem" {onclick}>
                { icon(Glyph::Problem) }
                { text }
            </button>
        },
    }
}

async fn mount(
    host: &Element,
    written: Rc<RefCell<Source>>,
    on_msg: &OnMsg,
    cursor: UseStateSetter<(u32, u32)>,
    version: Rc<Cell<Option<Version>>>,
) -> Option<Mounted> {
    let emit = |msg: fn() -> Msg| {
        let on_msg = on_msg.clone();
        Closure::<dyn FnMut()>::new(move || on_msg.emit(msg()))
    };
    let (on_edit, edited) = (on_msg.clone(), Rc::clone(&written));
    let on_change = Closure::<dyn FnMut(u32, u32, String)>::new(move |from, to, text: String| {
        Change { from, to, text: &text }.apply(&mut edited.borrow_mut());
        let text = Rc::clone(&edited.borrow().text);
        on_edit.emit(Msg::Edit(text));
    });
    let on_line = on_msg.clone();
    let on_cursor = Closure::<dyn FnMut(u32, u32, bool)>::new(move |line, column, by_hand| {
        cursor.set((line, column));
        if by_hand {
            on_line.emit(Msg::CursorAt(line as usize));
        }
    });
    let on_break = {
        let on_msg = on_msg.clone();
        Closure::<dyn FnMut(u32)>::new(move |line: u32| on_msg.emit(Msg::BreakAt(line as usize)))
    };
    let (to_complete, of_completions) = (Rc::clone(&written), Rc::clone(&version));
    let on_complete = Closure::<dyn FnMut(u32) -> String>::new(move |at| completions_json(&to_complete.borrow(), at, of_completions.get()));
    let to_explain = Rc::clone(&written);
    let on_hover = Closure::<dyn FnMut(u32) -> Option<String>>::new(move |at| explanation(&to_explain.borrow(), at, version.get()));
    let others = [emit(|| Msg::Play(playback::Msg::Run { still: wants_stillness() })), emit(|| Msg::Undo), emit(|| Msg::Redo)];
    let options = js_sys::Object::new();
    let set = |name: &str, value: &JsValue| _ = js_sys::Reflect::set(&options, &name.into(), value);
    set("text", &JsValue::from(&*written.borrow().text));
    set("label", &tr!("Flow as YAML").into());
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
