//! Sentences whose names lead to their rows, and the story line.

use std::rc::Rc;

use yew::prelude::*;

use super::icon::{Glyph, icon};
use super::store::OnMsg;
use super::term::term;
use crate::analysis::sentence::Piece;
use crate::app::Msg;
use crate::app::story::Story;
use crate::app::terms::Term;
use crate::time::human;

/// A sentence. The names of rows lead to them, but for the one that is selected.
pub fn sentence(pieces: &[Piece], selected: Option<&Rc<str>>, on_msg: &OnMsg) -> Html {
    let piece = |piece: &Piece| match piece {
        Piece::Text(words) => html! { words.clone() },
        Piece::Code(code) => html! { <code>{ code.clone() }</code> },
        Piece::Term(word) => Term::of(word).map_or_else(|| Html::from(*word), term),
        Piece::Row(key, name) if selected == Some(key) => html! { <b>{ name.to_string() }</b> },
        Piece::Row(key, name) => {
            let selected = Rc::clone(key);
            let onclick = on_msg.reform(move |_| Msg::Select(Some(Rc::clone(&selected))));
            html! { <button class="pg-link" {onclick}>{ name.to_string() }</button> }
        }
    };
    pieces.iter().map(piece).collect()
}

/// A text with the names in backticks as code.
pub fn code_in(text: &str) -> Html {
    let part = |(n, part): (usize, &str)| match n % 2 {
        0 => Html::from(part),
        _ => html! { <code>{ part }</code> },
    };
    text.split('`').enumerate().map(part).collect()
}

#[derive(Properties, PartialEq)]
pub struct StoryLineProps {
    pub story: Rc<Story>,
    pub on_msg: OnMsg,
}

/// What happens at the playhead, and when something happens next. Drawn again only when the story changes, so that a screen
/// reader says it once.
#[component]
pub fn StoryLine(StoryLineProps { story, on_msg }: &StoryLineProps) -> Html {
    html! {
        <div class="pg-story">
            <p data-testid="story" aria-live="polite" data-ms={story.at.0.to_string()}>
                <b class="pg-strong">{ human(story.at) }</b>{ "\u{2002}" }{ sentence(&story.pieces, None, on_msg) }
            </p>
            <span class="pg-story__next">{ story.next.clone() }</span>
        </div>
    }
}

/// What the last action refused or lost.
pub fn notices(sentences: &[String], on_msg: &OnMsg) -> Html {
    html! {
        <div class="pg-story pg-story--notices" role="alert" data-testid="notices">
            <ul>{ for sentences.iter().map(|sentence| html! { <li>{ code_in(sentence) }</li> }) }</ul>
            <button class="pg-button pg-button--icon" aria-label="Close the list" data-testid="close-notices"
                onclick={on_msg.reform(|_| Msg::CloseNotices)}>
                { icon(Glyph::Close) }
            </button>
        </div>
    }
}
