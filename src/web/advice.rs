//! What was found by simulating changes, and the slices in which they are simulated.

use std::cell::RefCell;
use std::rc::Rc;

use yew::prelude::*;

use super::bridge::later_arrives;
use super::effects::clock_ms;
use super::pace::{SLICE_MS, yield_to_page};
use super::sentence::sentence;
use super::store::OnMsg;
use crate::analysis::claims::Change;
use crate::analysis::sentence::Piece;
use crate::app::advice::{Advice, Question};
use crate::app::{App, Msg};
use crate::tr;

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
    // The code for it is no part of what is fetched for the first picture.
    later_arrives().await;
    if let Some(refused) = question.refused() {
        return on_msg.emit(Msg::Advised(Rc::new(refused)));
    }
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
                { tr!("Do it") }
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

#[derive(Properties, PartialEq)]
pub struct AskedProps {
    /// The question why the last slot brought nothing, and its answer.
    pub alike: (String, Vec<Piece>),
    pub on_msg: OnMsg,
}

/// A question beside the story; its answer lies over the story until Escape or the question is pressed.
#[component]
pub fn Asked(AskedProps { alike: (asked, said), on_msg }: &AskedProps) -> Html {
    let is_open = use_state_eq(|| false);
    let onclick = {
        let is_open = is_open.clone();
        move |_| is_open.set(!*is_open)
    };
    let onkeydown = {
        let is_open = is_open.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Escape" && *is_open {
                // It closes nothing around the answer as well.
                event.prevent_default();
                is_open.set(false);
            }
        }
    };
    html! {
        <div class="pg-asked" data-testid="no-gain" {onkeydown}>
            <button class="pg-link pg-asked__question" aria-expanded={is_open.to_string()} {onclick}>
                { asked.clone() }
            </button>
            if *is_open { <p role="status">{ sentence(said, None, on_msg) }</p> }
        </div>
    }
}
