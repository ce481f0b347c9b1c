//! The functions of `js/bridge.js`, and the editor they give.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/js/bridge.js")]
extern "C" {
    /// The text editor. Offsets are UTF-16 code units.
    pub type Editor;

    /// Loads and mounts the editor; `undefined` when it can't be loaded.
    #[wasm_bindgen(js_name = mountEditor)]
    pub async fn mount_editor(host: &web_sys::Element, options: &JsValue) -> JsValue;

    /// Puts a text in place of the code units from `from` to before `to`.
    #[wasm_bindgen(method)]
    pub fn replace(this: &Editor, from: u32, to: u32, text: &str);

    /// Highlights the lines of a range; no lines when `from` is `null`.
    #[wasm_bindgen(method, js_name = setHighlight)]
    pub fn set_highlight(this: &Editor, from: &JsValue, to: &JsValue);

    /// Moves the cursor there and into view.
    #[wasm_bindgen(method, js_name = goTo)]
    pub fn go_to(this: &Editor, offset: u32);

    /// Sets the diagnostics, as JSON.
    #[wasm_bindgen(js_name = setProblems)]
    pub fn set_problems(editor: &Editor, problems: &str);

    /// Sets the hints at the ends of lines, as JSON.
    #[wasm_bindgen(js_name = setHints)]
    pub fn set_hints(editor: &Editor, hints: &str);

    /// Marks these lines, from 1 and in order, as breaks.
    #[wasm_bindgen(method, js_name = setBreaks)]
    pub fn set_breaks(this: &Editor, lines: Vec<u32>);

    /// Animates the bars from where they stand now to where the next picture has them.
    #[wasm_bindgen(js_name = animateBars)]
    pub fn animate_bars();

    /// Shows an element in the top layer, where the last press was, inside the window.
    pub fn float(element: &web_sys::Element);

    /// Shows the whole screen; calls back when the reader leaves it.
    #[wasm_bindgen(js_name = fillScreen)]
    pub fn fill_screen(fill: bool, on_leave: &JsValue);

    /// Copies a text. The button then says whether that was allowed.
    pub fn copy(button: &web_sys::Element, text: &str);

    /// Saves a text as a file.
    pub fn download(name: &str, media_type: &str, text: &str);

    /// The text of a file of the lessons; `undefined` when it can't be had.
    #[wasm_bindgen(js_name = fetchLesson)]
    pub async fn fetch_lesson(file: &str) -> JsValue;

    /// Comes back once a view whose style is a file of its own has it.
    pub async fn style(view: &str);

    /// Shows another fragment in the address, if the one there begins in this way. Returns the one before.
    #[wasm_bindgen(js_name = setAddress)]
    pub fn set_address(fragment: &str, from: &str) -> String;

    /// Reports that the first timeline was drawn.
    #[wasm_bindgen(js_name = reportReady)]
    pub fn report_ready();

    /// Sets `window.__playground`.
    pub fn expose(load: &JsValue, text: &JsValue, svg: &JsValue);
}

#[wasm_bindgen(module = "/js/later.js")]
extern "C" {
    /// Hands over what the first part of the simulator exports: the later part is linked with it.
    #[wasm_bindgen(js_name = linkLater)]
    pub fn link_later(exports: &JsValue);

    /// Returns once the later part is there.
    #[wasm_bindgen(js_name = needLater)]
    pub fn need_later();

    /// Waits until the later part is there, without asking for it.
    #[wasm_bindgen(js_name = laterArrives)]
    pub async fn later_arrives();
}

#[wasm_bindgen(module = "/js/files.js")]
extern "C" {
    /// Calls back with name and text of each file that is dropped on the page, cut off behind `most` bytes.
    #[wasm_bindgen(js_name = onDrop)]
    pub fn on_drop(call: &JsValue, most: f64);

    /// Likewise for the file that was chosen in an input.
    #[wasm_bindgen(js_name = readChosen)]
    pub fn read_chosen(input: &web_sys::HtmlInputElement, call: &JsValue, most: f64);
}

#[wasm_bindgen(module = "/js/gestures.js")]
extern "C" {
    /// Calls `move_by(factor, share)` for what wheel, mouse and fingers do on a chart; the function that is returned ends it.
    #[wasm_bindgen(js_name = watchGestures)]
    pub fn watch_gestures(chart: &web_sys::Element, label_px: f64, track_px: f64, move_by: &JsValue) -> js_sys::Function;
}

#[wasm_bindgen(module = "/js/share.js")]
extern "C" {
    /// Calls back with the catalog of the language of the page, empty for English, the fragment of the address, the text that was packed in
    /// it, and how that went.
    #[wasm_bindgen(js_name = openFirst)]
    pub fn open_first(call: &JsValue);

    /// Calls back in the same way, but without the catalog, for each fragment that the reader goes to from now on.
    #[wasm_bindgen(js_name = onFragment)]
    pub fn on_fragment(call: &JsValue);

    /// Shows the dialog with the link, or with the lines that embed. `file(kind)` is the run as a file.
    /// `left_out` is a sentence about what the link does without, or empty.
    pub fn share(embed: bool, fragment: &str, text: &str, name: &str, file: &JsValue, height_px: u32, left_out: &str);

    /// Begins the page anew, as it is, in the language with this tag.
    pub fn speak(language: &str, fragment: &str, text: &str);

    /// Opens the whole page in a tab of its own.
    #[wasm_bindgen(js_name = openPage)]
    pub fn open_page(fragment: &str, text: &str);

    /// Writes a note to the console.
    pub fn warn(note: &str);
}

#[wasm_bindgen(module = "/js/keep.js")]
extern "C" {
    /// The text as it was left, on this device.
    #[wasm_bindgen(js_name = keptText)]
    pub fn kept_text() -> Option<String>;

    /// Whether the last page that began with this text was never drawn. If not, notes that this page begins with it.
    #[wasm_bindgen(js_name = keptHasFailed)]
    pub fn kept_has_failed() -> bool;

    /// The fragment of the page as it was left, without the text.
    #[wasm_bindgen(js_name = keptFragment)]
    pub fn kept_fragment() -> String;

    /// The page has changed, and is to be kept once it rests.
    #[wasm_bindgen(js_name = keepSoon)]
    pub fn keep_soon(fragment: &str);

    /// Shows the texts that were kept; the one that is chosen is handed to `open`.
    #[wasm_bindgen(js_name = showVersions)]
    pub fn show_versions(open: &JsValue);
}

#[wasm_bindgen(module = "/js/paper.js")]
extern "C" {
    /// Prints instead of the page the picture and the text that these callbacks give, or the lesson, if there is one.
    #[wasm_bindgen(js_name = printRun)]
    pub fn print_run(svg: &JsValue, text: &JsValue, handout: &JsValue);
}

#[wasm_bindgen(module = "/js/embed.js")]
extern "C" {
    /// Connects with the page around an embed: calls back with what it asks for and an argument, and takes the answer.
    pub fn connect(on_request: &JsValue);

    /// Reports what has changed of playback, selection and result.
    #[wasm_bindgen(js_name = reportState)]
    pub fn report_state(phase: &str, now_ms: f64, selected: Option<&str>, makespan_ms: f64, state: &str);

    /// Reports a changed text with its diagnostics as JSON.
    #[wasm_bindgen(js_name = reportChange)]
    pub fn report_change(yaml: &str, diagnostics: &str);

    /// Reports what is wrong with a link or a message.
    #[wasm_bindgen(js_name = reportError)]
    pub fn report_error(code: &str, message: &str);
}
