//! A word that is explained where it appears: its tooltip comes when it is pointed at, has the focus, or is pressed.

use yew::prelude::*;

use crate::app::terms::Term;

/// A term as a label.
pub fn term(term: Term) -> Html {
    explained(&term.word(), &term.text(), None)
}

/// Any text with what explains it.
pub fn explained(shown: &str, text: &str, class: Option<&'static str>) -> Html {
    let text = AttrValue::from(text.to_owned());
    html! {
        <button class={classes!("pg-term", class)} type="button" data-tip={text.clone()} aria-description={text}>
            { shown.to_owned() }
        </button>
    }
}
