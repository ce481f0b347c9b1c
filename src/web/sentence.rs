//! Sentences whose names lead to their rows, and the story line.

use std::rc::Rc;

use yew::prelude::*;

use super::icon::{Glyph, icon};
use super::store::OnMsg;
use super::term::explained;
use crate::analysis::sentence::{Name, Piece, count_of_others};
use crate::app::Msg;
use crate::app::story::Story;
use crate::app::terms::{Term, terms_in};
use crate::language::{Part, between_names, parts};
use crate::time::human;
use crate::tr;

/// How many of the names in a row are shown, and one more; the others are counted until they are asked for. Of short names more.
fn n_shown(names: &[Name]) -> usize {
    const LEAST: usize = 3;
    const MOST_LETTERS: usize = 48;
    let mut letters = 0;
    let fits = |(_, name): &&Name| {
        letters += name.chars().count() + 2;
        letters <= MOST_LETTERS
    };
    names.iter().take_while(fits).count().max(LEAST)
}

/// A sentence. The names of rows lead to them, but for the one that is selected.
pub fn sentence(pieces: &[Piece], selected: Option<&Rc<str>>, on_msg: &OnMsg) -> Html {
    let mut shown = Vec::new();
    let mut rest = pieces;
    while let Some((piece, behind)) = rest.split_first() {
        let (names, n_more, n_pieces) = names_at(rest);
        if names.len() > n_shown(&names) + 1 {
            rest = &rest[n_pieces..];
            shown.push(first_names(&names, n_more, selected, on_msg));
            continue;
        }
        shown.push(match piece {
            Piece::Text(words) | Piece::Between(words) => html! { words.clone() },
            Piece::Code(code) => html! { <code>{ code.clone() }</code> },
            Piece::Term(word, said) => match Term::of(word) {
                Some(term) => explained(said, &term.text(), None),
                None => Html::from(said.clone()),
            },
            Piece::Row(key, name) => link(key, name, selected, on_msg),
            Piece::Others(known, n_more) => html! { count_of_others(known.len() + n_more) },
        });
        rest = behind;
    }
    shown.into_iter().collect()
}

/// The first of many names, and the count of the others.
#[inline(never)] // So that it can be fetched later.
fn first_names(names: &[Name], n_more: usize, selected: Option<&Rc<str>>, on_msg: &OnMsg) -> Html {
    let (first, others) = names.split_at(n_shown(names));
    let (key, others) = (format!("{}-{}", names[0].0, names.len()), others.to_vec());
    html! {
        <>
            { list(first, ", ", selected, on_msg) }
            <Others {key} {others} {n_more} selected={selected.cloned()} on_msg={on_msg.clone()} />
        </>
    }
}

/// The names that pieces begin with, separated by commas and `and`, how many more are only counted, and how many pieces they are.
fn names_at(pieces: &[Piece]) -> (Vec<Name>, usize, usize) {
    let mut names = Vec::new();
    let mut at = 0;
    while let Some(Piece::Row(key, name)) = pieces.get(at) {
        names.push((Rc::clone(key), Rc::clone(name)));
        match &pieces[at + 1..] {
            [Piece::Between(_), Piece::Row(..), ..] => at += 2,
            [Piece::Between(_), Piece::Others(known, n_more), ..] => {
                names.extend(known.iter().cloned());
                return (names, *n_more, at + 3);
            }
            _ => return (names, 0, at + 1),
        }
    }
    (names, 0, at)
}

/// Names with something between them.
fn list(names: &[Name], between: &str, selected: Option<&Rc<str>>, on_msg: &OnMsg) -> Html {
    let one = |(n, (key, name)): (usize, &Name)| {
        html! { <>{ if n > 0 { between } else { "" }.to_owned() }{ link(key, name, selected, on_msg) }</> }
    };
    names.iter().enumerate().map(one).collect()
}

/// The name of a row, which leads to it.
fn link(key: &Rc<str>, name: &Rc<str>, selected: Option<&Rc<str>>, on_msg: &OnMsg) -> Html {
    if selected == Some(key) {
        return html! { <b>{ name.to_string() }</b> };
    }
    let key = Rc::clone(key);
    let onclick = on_msg.reform(move |_| Msg::Select(Some(Rc::clone(&key))));
    html! { <button class="pg-link" {onclick}>{ name.to_string() }</button> }
}

#[derive(Properties, PartialEq)]
struct OthersProps {
    others: Vec<Name>,
    /// How many there are beside them whose names are not known.
    n_more: usize,
    selected: Option<Rc<str>>,
    on_msg: OnMsg,
}

/// `and 9 others`, which names them when it is pressed.
#[component]
fn Others(OthersProps { others, n_more, selected, on_msg }: &OthersProps) -> Html {
    let is_open = use_state_eq(|| false);
    if *is_open {
        let more = if *n_more > 0 { [" ", &tr!("and {n} more" | "and {n} more" % *n_more)].concat() } else { String::new() };
        return html! { <>{ ", " }{ list(others, ", ", selected.as_ref(), on_msg) }{ more }</> };
    }
    let onclick = move |_| is_open.set(true);
    html! {
        <>
            { between_names().1 }
            <button class="pg-link" data-testid="others" aria-expanded="false" {onclick}>
                { count_of_others(others.len() + n_more) }
            </button>
        </>
    }
}

/// A message with views in its holes.
pub fn filled(message: &str, holes: &[(&str, Html)]) -> Html {
    let part = |part| match part {
        Part::Words(words) => Html::from(words),
        Part::Hole(name, _) => holes.iter().find(|(known, _)| *known == name).map_or_else(Html::default, |(_, view)| view.clone()),
    };
    parts(message).map(part).collect()
}

/// A text with the names in backticks as code.
pub fn code_in(text: &str) -> Html {
    let part = |(n, part): (usize, &str)| match n % 2 {
        0 => Html::from(part),
        _ => html! { <code>{ part }</code> },
    };
    text.split('`').enumerate().map(part).collect()
}

/// A text with the names in backticks as code, and each term in it explained once.
pub fn explained_in(text: &str) -> Html {
    let part = |(part, found): (&str, Option<Term>)| match found {
        Some(term) => explained(part, &term.text(), None),
        None => code_in(part),
    };
    terms_in(text).into_iter().map(part).collect()
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
            <button class="pg-button pg-button--icon" aria-label={tr!("Close the list")} data-testid="close-notices"
                onclick={on_msg.reform(|_| Msg::CloseNotices)}>
                { icon(Glyph::Close) }
            </button>
        </div>
    }
}
