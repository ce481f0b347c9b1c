//! The flows in pages of documentation: fences, directives, elements and comments, each with what its author claims of the run.
//!
//! ````text
//! ```yaml flow expect="makespan=2s" c="parent:4"
//! id: …
//! ```
//! ````

mod figure;
mod parameters;
mod words;
#[cfg(feature = "cli")]
mod html;
#[cfg(feature = "cli")]
mod markdown;
#[cfg(feature = "cli")]
mod page;
#[cfg(feature = "cli")]
mod rst;
#[cfg(feature = "cli")]
mod yaml;

use std::ops::Range;

use crate::share::Link;
use words::{Word, settings, words};

pub use figure::{Drawn, Fault, draw, run, run_text};
#[cfg(feature = "cli")]
pub use page::{Format, places, too_many_lines, with_figures, with_text};
pub use parameters::PARAMETER_WORDS;

/// A flow in a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The line of its fence, directive, element or comment, from 1.
    pub line: usize,
    /// The bytes of the page that it takes, when it is a fence.
    pub fence: Option<Range<usize>>,
    /// How many fences of any kind stand before it in the page; `None` for all but fences of Markdown.
    pub n_before: Option<usize>,
    /// Its text; why there is none, when the element names one that is not there.
    pub text: Result<String, String>,
    /// The line of the page that the first line of the text stands in; `None` when the text is not in the page as it is.
    pub text_line: Option<usize>,
    /// What it is called; `None` for a flow that has only its id.
    pub title: Option<String>,
    /// When its diagram is loaded, as the element takes it; `None` for when it comes into view.
    pub load: Option<String>,
    /// Its settings, by the names of a link.
    pub settings: Link,
    /// What its author claims, and where that stands in the page, in bytes.
    pub expect: Option<(String, Range<usize>)>,
}

impl Place {
    /// A flow in a fence or a directive: its text, the line of the fence and that of the text, and the values of its words or
    /// options, each with its name. Names that mean nothing are left out.
    #[must_use]
    pub fn named<'a>(text: &str, line: usize, text_line: usize, values: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> Self {
        let value = |name: &str| values.clone().find(|(known, _)| *known == name).map(|(_, value)| value.to_owned());
        Self {
            line,
            fence: None,
            n_before: None,
            text: Ok(text.to_owned()),
            text_line: Some(text_line),
            title: value("title"),
            load: value("load"),
            expect: value("expect").map(|claims| (claims, 0..0)),
            settings: settings(values),
        }
    }

    /// The flow of a fence in line 1, with all that is written behind its ticks: `yaml flow expect="makespan=2s"`. `None` for a
    /// block of another kind. `expect` has no place in the page.
    #[must_use]
    pub fn of_fence(text: &str, info: &str) -> Option<Self> {
        is_flow(&words(info)).then(|| Self::named(text, 1, 2, named_words(info).into_iter()))
    }
}

/// The words behind the ticks of a fence that have a value, each with its value.
#[must_use]
pub fn named_words(info: &str) -> Vec<(&str, &str)> {
    words(info).into_iter().filter_map(|word| Some((word.name, word.value?.0))).collect()
}

/// Whether a fence with these words is a flow: its language is YAML, and another word is `flow`.
fn is_flow(words: &[Word<'_>]) -> bool {
    let is_yaml = words.first().is_some_and(|word| ["yaml", "yml"].iter().any(|known| word.name.eq_ignore_ascii_case(known)));
    is_yaml && words.iter().any(|word| word.name == "flow" && word.value.is_none())
}

/// A code block that an element may refer to.
#[cfg(feature = "cli")]
struct Block {
    /// The first byte after it.
    end: usize,
    text: String,
    /// The line of the page that its first line stands in.
    line: Option<usize>,
}

/// A page of blanks, in which every byte and every line stays where it is.
#[cfg(feature = "cli")]
fn blanks(page: &str) -> Vec<u8> {
    page.bytes().map(|byte| if byte == b'\n' { byte } else { b' ' }).collect()
}

/// Where the lines of a page end.
#[cfg(feature = "cli")]
struct Lines(Vec<usize>);

#[cfg(feature = "cli")]
impl Lines {
    fn of(page: &str) -> Self {
        Self(page.match_indices('\n').map(|(at, _)| at).collect())
    }

    /// The line of a byte, from 1.
    fn at(&self, byte: usize) -> usize {
        self.0.partition_point(|end| *end < byte) + 1
    }
}

#[cfg(all(test, feature = "cli"))]
mod tests;
