//! A word that is explained where it appears: its tooltip comes when it is pointed at, has the focus, or is pressed.

use yew::prelude::*;

use super::sentence::code_in;
use crate::app::terms::{Term, terms_in};

/// A term as a label.
pub fn term(term: Term) -> Html {
    explained(&term.word(), &term.text(), None)
}

/// A text with the names in backticks as code, and each term in it explained once.
pub fn explained_in(text: &str) -> Html {
    let part = |(part, found): (&str, Option<Term>)| match found {
        Some(term) => explained(part, &term.text(), None),
        None => code_in(part),
    };
    terms_in(text).into_iter().map(part).collect()
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
