//! The page that the fragment of an address opens, and what is wrong with the fragment.

use super::App;
use super::kept::with_plans;
use super::link::opened;
use crate::examples;
use crate::share::Link;
use crate::tr;

/// A page to begin with.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    /// The page.
    pub app: App,
    /// What keeps the link, or the text that was left, from being opened.
    pub notice: Option<Notice>,
    /// The link: it also has parameters for the frame of an embed.
    pub link: Link,
    /// What the link has that can't be understood, a sentence each, for developers.
    pub notes: Vec<String>,
}

/// Why a link can't be opened as it was made, or the text that was left is not opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// A sentence or two.
    pub text: String,
    /// The page with the text, or with as much of it as could be read.
    pub rest: Option<App>,
}

/// What became of the text that is packed in a fragment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unpacked {
    /// The fragment has no packed text.
    None,
    /// All of it was read.
    Whole,
    /// Only its beginning was read.
    Cut,
    /// It was packed in a way that is not known here.
    OtherVersion,
    /// This browser can't unpack.
    OldBrowser,
    /// The fragment is too long to be looked at.
    TooLong,
}

impl Unpacked {
    /// From the words of `js/share.js`: `none`, `whole`, `cut`, `version`, `old` and `long`.
    #[must_use]
    pub fn from_js(status: &str) -> Self {
        match status {
            "whole" => Self::Whole,
            "cut" => Self::Cut,
            "version" => Self::OtherVersion,
            "old" => Self::OldBrowser,
            "long" => Self::TooLong,
            _ => Self::None,
        }
    }
}

impl Opening {
    /// The page that a fragment opens. `text` is what was unpacked from it, `still` whether the reader wants no motion.
    #[must_use]
    pub fn of(fragment: &str, text: &str, unpacked: Unpacked, still: bool) -> Self {
        let (link, mut notes) = Link::parse(fragment);
        let packed = (unpacked != Unpacked::None).then_some(text);
        let (app, more) = opened(&link, packed, still);
        let (app, of_plans) = with_plans(app, &link);
        notes.extend(more.into_iter().chain(of_plans));
        let is_unknown = |id: &&str| packed.is_none() && link.get("yaml").is_none() && examples::find(id).is_none();
        let notice = match unpacked {
            Unpacked::TooLong => {
                Some(Notice::new(tr!("The link is longer than 64 KB, so it was not opened. Ask for the flow as a file."), None))
            }
            Unpacked::OtherVersion => {
                Some(Notice::new(tr!("The link was made by another version of this page and can't be read here."), None))
            }
            Unpacked::Cut => Some(Notice::of_cut(text, &app)),
            Unpacked::OldBrowser => Some(Notice::new(
                tr!("This browser can't unpack links. Open the link in a newer one, or ask for the flow as a file."),
                None,
            )),
            Unpacked::None | Unpacked::Whole => {
                let unknown = link.get("example").filter(is_unknown);
                unknown.map(|id| Notice::new(tr!("There is no example `{id}`.", id), None))
            }
        };
        let app = if notice.is_some() { App::open() } else { app };
        Self { app, notice, link, notes }
    }

    /// The page without the text that was left, which is offered: the last page that began with it was never drawn.
    #[must_use]
    pub fn after_failure(text: String) -> Self {
        let why = tr!("The page did not start with your text, so it begins without it. Your text is still here.");
        let rest = App { pending: Some(text.into()), ..App::open() };
        Self { notice: Some(Notice::new(why, Some(rest))), ..Self::of("", "", Unpacked::None, false) }
    }
}

impl Notice {
    fn new(text: String, rest: Option<App>) -> Self {
        Self { text, rest }
    }

    fn of_cut(text: &str, app: &App) -> Self {
        match text.lines().count() {
            0 => Self::new(tr!("The link was cut or changed on its way, and its flow can't be read. Ask for the link once more."), None),
            n => {
                let read = tr!("One line of its flow could be read." | "{n} lines of its flow could be read." % n);
                Self::new([tr!("The link was cut or changed on its way."), read].join(" "), Some(app.clone()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong, with the first line of what is offered in its place; else the first line of the text.
    fn said(opening: Opening) -> String {
        let first_line = |app: &App| app.text().lines().next().unwrap_or_default().to_owned();
        let notice =
            opening.notice.map(|notice| format!("{} -> {}", notice.text, notice.rest.as_ref().map_or("nothing".to_owned(), first_line)));
        notice.unwrap_or_else(|| first_line(&opening.app))
    }

    #[test]
    fn a_link_that_can_not_be_opened_as_it_was_made_says_why() {
        let text_of = |fragment: &str, text: &str, unpacked| said(Opening::of(fragment, text, unpacked, false));
        insta::assert_snapshot!([
            text_of("", "id: f", Unpacked::Whole),
            text_of("example=none", "", Unpacked::None),
            text_of("", "", Unpacked::Cut),
            text_of("", "id: f", Unpacked::Cut),
            text_of("", "id: f\nnamespace: n", Unpacked::Cut),
            text_of("", "", Unpacked::OtherVersion),
            text_of("", "", Unpacked::OldBrowser),
            text_of("", "", Unpacked::TooLong),
            said(Opening::after_failure("id: f".to_owned())),
        ].join("\n"), @"
        id: f
        There is no example `none`. -> nothing
        The link was cut or changed on its way, and its flow can't be read. Ask for the link once more. -> nothing
        The link was cut or changed on its way. One line of its flow could be read. -> id: f
        The link was cut or changed on its way. 2 lines of its flow could be read. -> id: f
        The link was made by another version of this page and can't be read here. -> nothing
        This browser can't unpack links. Open the link in a newer one, or ask for the flow as a file. -> nothing
        The link is longer than 64 KB, so it was not opened. Ask for the flow as a file. -> nothing
        The page did not start with your text, so it begins without it. Your text is still here. -> id: f
        ");
    }
}
