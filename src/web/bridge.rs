//! The functions of `js/bridge.js`, and the editor they give.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/js/bridge.js")]
extern "C" {
    /// The text editor. Offsets are UTF-16 code units.
    pub type Editor;

    /// Loads and mounts the editor; `undefined` when it can't be had.
    #[wasm_bindgen(js_name = mountEditor)]
    #[allow(clippy::too_many_arguments)]
    pub async fn mount_editor(
        host: &web_sys::Element,
        text: &str,
        label: &str,
        on_change: &JsValue,
        on_cursor: &JsValue,
        on_run: &JsValue,
        on_undo: &JsValue,
        on_redo: &JsValue,
    ) -> JsValue;

    /// Replaces the text by the smallest change.
    #[wasm_bindgen(method, js_name = setText)]
    pub fn set_text(this: &Editor, text: &str);

    /// Washes the lines of a range; of none when `from` is `null`.
    #[wasm_bindgen(method, js_name = setHighlight)]
    pub fn set_highlight(this: &Editor, from: &JsValue, to: &JsValue);

    /// Moves the cursor there and into view.
    #[wasm_bindgen(method, js_name = goTo)]
    pub fn go_to(this: &Editor, offset: u32);

    /// Hands the diagnostics over, as JSON.
    #[wasm_bindgen(js_name = setProblems)]
    pub fn set_problems(editor: &Editor, problems: &str);

    /// Saves a text as a file.
    pub fn download(name: &str, media_type: &str, text: &str);

    /// The first timeline was drawn.
    #[wasm_bindgen(js_name = tellReady)]
    pub fn tell_ready();

    /// Sets `window.__playground`.
    pub fn expose(load: &JsValue, text: &JsValue, svg: &JsValue);
}

#[wasm_bindgen(module = "/js/share.js")]
extern "C" {
    /// Base64url of the raw deflate of a text.
    pub async fn pack(text: &str) -> JsValue;

    /// The text of such behind a `1`; what there is of it behind a `0`.
    pub async fn unpack(packed: &str) -> JsValue;

    /// Puts a text on the clipboard; whether that went well.
    pub async fn copy(text: &str) -> JsValue;

    /// Saves an SVG as a PNG file.
    #[wasm_bindgen(js_name = savePng)]
    pub fn save_png(name: &str, svg: &str);

    /// The address of a file beside the page.
    pub fn address(file: &str) -> String;

    /// The fragment of the page's address, with its `#`.
    #[wasm_bindgen(js_name = fragmentNow)]
    pub fn fragment_now() -> String;

    /// Calls back with the fragment whenever another one is gone to.
    #[wasm_bindgen(js_name = onFragment)]
    pub fn on_fragment(call: &JsValue);

    /// A word to developers.
    pub fn warn(note: &str);
}

#[wasm_bindgen(module = "/js/embed.js")]
extern "C" {
    /// Begins to speak with the page around: calls back with what it asks for, which gives a promise of the answer.
    pub fn connect(follow: &JsValue);

    /// Tells it something with up to two values; without a name there is none.
    pub fn tell(kind: &str, name: &str, value: &JsValue, other_name: &str, other_value: &JsValue);

    /// Opens the whole page with this fragment, in a tab of its own.
    #[wasm_bindgen(js_name = openPage)]
    pub fn open_page(fragment: &str);
}
