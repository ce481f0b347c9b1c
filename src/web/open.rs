//! The page that the fragment of the address asks for, and what is to be said when it can't be had whole.

use yew::AttrValue;

use super::bridge::{kept_fragment, kept_text, warn};
use super::effects::{is_embed, wants_stillness};
use crate::app::App;
use crate::app::link::opened;
use crate::examples;
use crate::share::Link;

/// A page to begin with.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    /// The page.
    pub app: App,
    /// What is wrong with the link.
    pub notice: Option<Notice>,
    /// The link, for what it says of the place it stands in.
    pub link: Link,
}

/// What is wrong with a link.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// A sentence or two.
    pub text: AttrValue,
    /// The page with what could be read of the text.
    pub rest: Option<App>,
}

/// The page at first: what the fragment asks for, else as it was left on this device. An embed keeps nothing.
#[must_use]
pub fn open_first(fragment: &str, text: &str, status: &str) -> Opening {
    match kept_text().filter(|_| fragment.is_empty() && status == "none" && !is_embed()) {
        Some(text) => open(&kept_fragment(), &text, "whole"),
        None => open(fragment, text, status),
    }
}

/// What a fragment asks for, whose text was unpacked with this `status`: see `js/share.js`. What it says that nobody knows goes
/// to the console.
#[must_use]
pub fn open(fragment: &str, text: &str, status: &str) -> Opening {
    let (link, mut notes) = Link::parse(fragment);
    let packed = status != "none";
    let (app, more) = opened(&link, packed.then_some(text), wants_stillness());
    notes.extend(more);
    notes.iter().for_each(|note| warn(note));
    let unknown = link.get("example").filter(|id| !packed && link.get("yaml").is_none() && examples::find(id).is_none());
    let (told, rest) = match (status, text.lines().count()) {
        ("long", _) => ("The link is longer than 64 KB, so it was not opened. Ask for the flow as a file.".to_owned(), None),
        ("version", _) => ("The link was made by another version of this page and can't be read here.".to_owned(), None),
        ("cut", 0) => ("The link was cut or changed on its way, and its flow can't be read. Ask for the link once more.".to_owned(), None),
        ("cut", 1) => ("The link was cut or changed on its way. One line of its flow could be read.".to_owned(), Some(app.clone())),
        ("cut", n) => {
            (["The link was cut or changed on its way. ", &n.to_string(), " lines of its flow could be read."].concat(), Some(app.clone()))
        }
        _ => match unknown {
            Some(id) => (["There is no example `", id, "`."].concat(), None),
            None => return Opening { app, notice: None, link },
        },
    };
    Opening { app: App::open(), notice: Some(Notice { text: AttrValue::from(told), rest }), link }
}
