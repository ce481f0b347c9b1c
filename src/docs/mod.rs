//! The flows in pages of documentation: fences, directives, elements and comments, each with what its author claims of the run.
//!
//! ````text
//! ```yaml flow expect="makespan=2s" c="parent:4"
//! id: …
//! ```
//! ````

mod figure;
mod html;
mod markdown;
mod rst;
mod words;
mod yaml;

use std::ops::Range;

use crate::share::Link;

pub use figure::{Fault, figure, run, with_figures};

/// A flow in a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The line of its fence, directive, element or comment, from 1.
    pub line: usize,
    /// The bytes of the page that it takes, when it is a fence.
    pub fence: Option<Range<usize>>,
    /// Its text; why there is none, when the element names one that is not there.
    pub text: Result<String, String>,
    /// The line of the page that the first line of the text stands in; `None` when the text is not in the page as it is.
    pub text_line: Option<usize>,
    /// What it is called; `None` for a flow that has only its id.
    pub title: Option<String>,
    /// Its settings, by the names of a link.
    pub settings: Link,
    /// What its author claims, and where that stands in the page, in bytes.
    pub expect: Option<(String, Range<usize>)>,
}

/// How a page is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Markdown and MDX.
    Markdown,
    /// reStructuredText.
    Rst,
    /// HTML.
    Html,
    /// A flow with a comment `# expect:`.
    Yaml,
}

impl Format {
    /// The format of a file, by how its name ends; `None` for a file that is no page.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        match &*ending.to_ascii_lowercase() {
            "md" | "mdx" | "markdown" => Some(Self::Markdown),
            "rst" => Some(Self::Rst),
            "html" | "htm" => Some(Self::Html),
            "yaml" | "yml" => Some(Self::Yaml),
            _ => None,
        }
    }
}

/// The flows of a page, in order.
#[must_use]
pub fn places(page: &str, format: Format) -> Vec<Place> {
    let mut places = match format {
        Format::Markdown => markdown::places(page),
        Format::Rst => rst::places(page),
        Format::Html => html::places(page, page, &[]),
        Format::Yaml => yaml::place(page).into_iter().collect(),
    };
    places.sort_by_key(|place| place.line);
    places
}

/// A code block that an element may refer to.
struct Block {
    /// The first byte after it.
    end: usize,
    text: String,
    /// The line of the page that its first line stands in.
    line: Option<usize>,
}

/// A page without its letters: blanks, so that every byte and every line stays where it is.
fn blanks(page: &str) -> Vec<u8> {
    page.bytes().map(|byte| if byte == b'\n' { byte } else { b' ' }).collect()
}

/// The line of a byte, from 1.
fn line_of(page: &str, at: usize) -> usize {
    page.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests;
