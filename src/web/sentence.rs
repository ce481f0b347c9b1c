//! Sentences whose names lead to their rows, and the story line.

use std::rc::Rc;

use yew::prelude::*;

use super::store::OnMsg;
use crate::analysis::sentence::Piece;
use crate::analysis::story::story;
use crate::app::run::Run;
use crate::app::{App, Msg};
use crate::time::{SimTime, human};

/// A sentence.
pub fn sentence(pieces: &[Piece], on_msg: &OnMsg) -> Html {
    let piece = |piece: &Piece| match piece {
        Piece::Text(words) => html! { words.clone() },
        Piece::Code(code) => html! { <code>{ code.clone() }</code> },
        Piece::Row(key, name) => {
            let selected = Rc::clone(key);
            let onclick = on_msg.reform(move |_| Msg::Select(Some(Rc::clone(&selected))));
            html! { <button class="pg-link" {onclick}>{ name.to_string() }</button> }
        }
    };
    pieces.iter().map(piece).collect()
}

/// What happens at the playhead, and when something happens next.
pub fn story_line(app: &App, run: &Run, on_msg: &OnMsg) -> Html {
    let now = app.playback.now();
    let Some((at, pieces)) = story(&run.flows, &run.trace, now) else { return html! {} };
    let next = run.moments.iter().find(|moment| **moment > now);
    let next = next.map_or("end of the run".to_owned(), |next| format!("next event at {}", human(*next)));
    html! { <Story {at} {pieces} {next} on_msg={on_msg.clone()} /> }
}

#[derive(Properties, PartialEq)]
struct StoryProps {
    at: SimTime,
    pieces: Vec<Piece>,
    next: String,
    on_msg: OnMsg,
}

/// Drawn anew only when the sentence changes, so that it is said once.
#[component]
fn Story(StoryProps { at, pieces, next, on_msg }: &StoryProps) -> Html {
    html! {
        <div class="pg-story">
            <p data-testid="story" aria-live="polite" data-ms={at.0.to_string()}><b class="pg-strong">{ human(*at) }</b>{ "\u{2002}" }{ sentence(pieces, on_msg) }</p>
            <span class="pg-story__next">{ next.clone() }</span>
        </div>
    }
}

/// What was refused, or lost.
pub fn told(sentences: &[String]) -> Html {
    html! { <ul class="pg-story pg-story--told" role="alert" data-testid="told">{ for sentences.iter().map(|sentence| html! { <li>{ sentence.clone() }</li> }) }</ul> }
}
