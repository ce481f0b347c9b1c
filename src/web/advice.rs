//! What was found by simulating changes, and the slices in which they are simulated.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, Node};
use yew::prelude::*;

use super::bridge::yield_to_page;
use super::effects::clock_ms;
use super::sentence::sentence;
use super::store::OnMsg;
use crate::analysis::claims::Change;
use crate::analysis::sentence::Piece;
use crate::app::advice::{Advice, Question};
use crate::app::{App, Msg};

/// How long changes are simulated before the page may handle keys, in milliseconds.
const SLICE_MS: f64 = 6.0;

/// What is to be asked now. Studies come first: what they show is on view, and advice takes as long as hundreds of their runs.
fn wanted(app: &App) -> Option<Question> {
    app.question().filter(|_| app.study().is_none())
}

/// Simulates changes of the run on show whenever it, or what is asked of it, is another.
#[hook]
pub fn use_advice(is_embed: bool, app: &App, latest: &Rc<RefCell<App>>, on_msg: OnMsg) {
    let question = wanted(app).filter(|_| !is_embed);
    let latest = Rc::clone(latest);
    use_effect_with(question, move |question| {
        if let Some(question) = question.clone() {
            wasm_bindgen_futures::spawn_local(ask(question, latest, on_msg));
        }
    });
}

async fn ask(question: Question, latest: Rc<RefCell<App>>, on_msg: OnMsg) {
    let (why, help) = (question.why(), question.help());
    loop {
        yield_to_page().await;
        if wanted(&latest.borrow()).as_ref() != Some(&question) {
            return;
        }
        let began_ms = clock_ms();
        while clock_ms() - began_ms < SLICE_MS {
            if let Some(advice) = help.within(1, |help| question.answer(&why, help)) {
                return on_msg.emit(Msg::Advised(Rc::new(advice)));
            }
        }
    }
}

/// The sentences about changes, each with a button where the change can be made at once. Those about an older run stay, without effect,
/// until there are new ones, so that nothing moves in between.
pub fn changes((advice, is_new): (&Advice, bool), selected: Option<&Rc<str>>, on_msg: &OnMsg) -> Html {
    let line = |(pieces, change): &(Vec<Piece>, Option<Change>)| {
        html! {
            <p class="pg-details__why">
                { sentence(pieces, selected, on_msg) }
                { for change.as_ref().map(|change| make(change, on_msg)) }
            </p>
        }
    };
    let class = (!is_new).then_some("pg-advice--old");
    html! { <div {class} inert={!is_new}>{ for advice.changes.iter().map(line) }</div> }
}

fn make(change: &Change, on_msg: &OnMsg) -> Html {
    let change = change.clone();
    let onclick = on_msg.reform(move |_| Msg::Make(change.clone()));
    html! {
        <>
            { " " }
            <button class="pg-button pg-button--outline pg-advice__make" data-testid="make" {onclick}>
                { "Do it" }
            </button>
        </>
    }
}

/// What is said of a flow as a whole.
pub fn of_flow((advice, is_new): (&Advice, bool), on_msg: &OnMsg) -> Html {
    let alike = |(_, said): &(String, Vec<Piece>)| {
        html! { <p class="pg-details__why" data-testid="alike">{ sentence(said, None, on_msg) }</p> }
    };
    html! {
        <div data-testid="advice">
            { for advice.alike.iter().map(alike) }
            { changes((advice, is_new), None, on_msg) }
        </div>
    }
}

/// The question why the last slot brought nothing; it leads to the answer.
pub fn question_of((asked, said): &(String, Vec<Piece>), on_msg: &OnMsg) -> Html {
    let close = |event: &Event| {
        let details: Option<Element> = event.current_target().and_then(|target| target.dyn_into().ok());
        details.and_then(|details| details.remove_attribute("open").ok());
    };
    let onkeydown = move |event: KeyboardEvent| {
        let details: Option<Element> = event.current_target().and_then(|target| target.dyn_into().ok());
        if event.key() == "Escape" && details.is_some_and(|details| details.has_attribute("open")) {
            // It closes nothing around the answer as well.
            event.prevent_default();
            close(&event);
        }
    };
    // A link in the answer has the focus as well.
    let onfocusout = move |event: FocusEvent| {
        let to: Option<Node> = event.related_target().and_then(|to| to.dyn_into().ok());
        let details: Option<Node> = event.current_target().and_then(|target| target.dyn_into().ok());
        if !details.is_some_and(|details| details.contains(to.as_ref())) {
            close(&event);
        }
    };
    html! {
        <details class="pg-advice" data-testid="no-gain" {onkeydown} {onfocusout}>
            <summary>{ asked.clone() }</summary>
            <p>{ sentence(said, None, on_msg) }</p>
        </details>
    }
}
