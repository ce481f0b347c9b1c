//! The page that the fragment of the address asks for, and what is to be said when it can't be had whole.

use yew::AttrValue;

use super::bridge::unpack;
use super::effects::wants_stillness;
use crate::app::App;
use crate::app::link;
use crate::examples;
use crate::share::{LONGEST_LINK, Link};

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

/// What a fragment asks for. What it says that nobody knows goes to the console.
pub async fn open(fragment: &str) -> Opening {
    if fragment.len() > LONGEST_LINK {
        let text = "The link is longer than 64 KB, so it was not opened. Ask for the flow as a file.";
        return refused(Link::default(), text, None);
    }
    let (link, notes) = Link::parse(fragment);
    notes.iter().for_each(|note| warn(note));
    let (read, whole) = match link.get("flow").map(|packed| packed.split_at_checked(1)) {
        None => (None, true),
        Some(Some(("1", packed))) => {
            let text = unpack(packed).await.as_string().unwrap_or_default();
            (Some(text.get(1..).unwrap_or_default().to_owned()), text.starts_with('1'))
        }
        Some(Some((_, _))) => return refused(link, "The link was made by another version of this page and can't be read here.", None),
        Some(None) => (Some(String::new()), false),
    };
    let (app, notes) = link::opened(&link, read.as_deref(), wants_stillness());
    if let Some(id) = link.get("example").filter(|id| read.is_none() && link.get("yaml").is_none() && examples::find(id).is_none()) {
        let text = ["There is no example `", id, "`."].concat();
        return refused(link, &text, None);
    }
    if whole {
        notes.iter().for_each(|note| warn(note));
        return Opening { app, notice: None, link };
    }
    let n_lines = read.as_deref().map_or(0, |text| text.lines().count());
    match n_lines {
        0 => refused(link, "The link was cut or changed on its way, and its flow can't be read. Ask for the link once more.", None),
        1 => refused(link, "The link was cut or changed on its way. One line of its flow could be read.", Some(app)),
        n => refused(link, &format!("The link was cut or changed on its way. {n} lines of its flow could be read."), Some(app)),
    }
}

fn refused(link: Link, text: &str, rest: Option<App>) -> Opening {
    Opening { app: App::open(), notice: Some(Notice { text: AttrValue::from(text.to_owned()), rest }), link }
}

fn warn(note: &str) {
    super::bridge::warn(note);
}
