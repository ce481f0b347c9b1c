//! What the dialogs of `js/share.js` need to know of the page.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::bridge;
use crate::app::App;
use crate::app::kept::link_with_plans;
use crate::app::run::Run;
use crate::language::in_english;
use crate::render::{chrome_trace, csv, events, json, markdown, mermaid, play, text};
use crate::source::Source;
use crate::tr;

/// Shows the link of the page, or the lines that embed it.
pub fn share(app: &App, embed: bool) {
    let app = app.own_page();
    let Some(run) = app.run.clone() else { return };
    let (name, height_px, reading) = (Rc::clone(&run.flow().id), run.embed_height_px(), Rc::clone(&app.reading));
    // It lives as long as the dialog, which calls it for each file that is saved.
    let file = Closure::<dyn Fn(String) -> Option<String>>::new(move |kind: String| file(&run, &reading.source, &kind));
    let (link, left_out) = link_with_plans(app);
    let left_out = match &*left_out {
        [] => String::new(),
        [one] => tr!("Plan {plan} is left out: it would make the link too long.", plan = one),
        all => tr!("Plans {plans} are left out: they would make the link too long.", plans = all.join(", ")),
    };
    bridge::share(embed, &link.fragment(), app.text(), &name, &file.into_js_value(), height_px, &left_out);
}

/// Begins the page anew, as it is, in the language with this tag.
#[inline(never)] // So that it can be fetched later.
pub fn speak(app: &App, language: &str) {
    let app = app.own_page();
    bridge::speak(language, &link_with_plans(app).0.fragment(), app.text());
}

/// The run as a file of this kind: the bytes that the command line tool writes with that `--format`, in whichever language the page is.
pub fn file(run: &Run, source: &Source, kind: &str) -> Option<String> {
    let (flows, trace) = (&run.flows, &run.trace);
    in_english(|| match kind {
        "svg" => Some(run.svg()),
        "play" => Some(play::playing(flows, trace)),
        "json" => Some(json::json(flows, trace, std::slice::from_ref(source))),
        "events" => Some(events::events(flows, trace)),
        "csv" => Some(csv::csv(flows, trace)),
        "trace" => Some(chrome_trace::chrome_trace(flows, trace)),
        "mermaid" => Some(mermaid::mermaid(flows, trace)),
        "markdown" => Some(markdown::markdown(flows, trace)),
        "text" => Some(text::text(flows, trace)),
        _ => None,
    })
}
