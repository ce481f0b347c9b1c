//! reStructuredText: `.. flow::` directives, and elements in raw HTML.

use super::{Block, Place, blanks, html};
use crate::tr;

pub fn places(page: &str) -> Vec<Place> {
    let (mut places, mut blocks) = (Vec::new(), Vec::new());
    let mut only_html = blanks(page);
    let lines = Line::all(page);
    let mut n = 0;
    while n < lines.len() {
        let Some((name, argument)) = lines[n].directive() else {
            n += 1;
            continue;
        };
        let body = lines[n + 1..].iter().take_while(|line| line.is_blank() || line.indent() > lines[n].indent()).count();
        let body = &lines[n + 1..=n + body];
        let options = body.iter().take_while(|line| line.option().is_some()).count();
        let content = &body[options..];
        match (name, argument) {
            ("flow", _) => {
                places.push(directive(&lines[n], &body[..options], content));
                blocks.extend(block(content));
            }
            ("code-block" | "code" | "sourcecode", _) => blocks.extend(block(content)),
            ("raw", "html") => content.iter().for_each(|line| {
                only_html[line.start..line.start + line.text.len()].copy_from_slice(line.text.as_bytes());
            }),
            _ => {
                // What stands in an admonition or a tab is looked at, too.
                n += 1;
                continue;
            }
        }
        n += body.len() + 1;
    }
    let only_html = String::from_utf8(only_html).unwrap_or_default();
    places.extend(html::places(&only_html, page, &blocks));
    places
}

/// A line without its end.
struct Line<'a> {
    /// Its number, from 1, and its first byte.
    number: usize,
    start: usize,
    text: &'a str,
}

impl<'a> Line<'a> {
    fn all(page: &'a str) -> Vec<Self> {
        let mut start = 0;
        let mut lines = Vec::new();
        for (n, line) in page.split_inclusive('\n').enumerate() {
            lines.push(Self { number: n + 1, start, text: line.trim_end_matches(['\n', '\r']) });
            start += line.len();
        }
        lines
    }

    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    fn indent(&self) -> usize {
        self.text.len() - self.text.trim_start().len()
    }

    /// The name and the argument of a directive that begins here.
    fn directive(&self) -> Option<(&'a str, &'a str)> {
        let (name, argument) = self.text.trim_start().strip_prefix(".. ")?.split_once("::")?;
        (!name.contains(' ')).then_some((name.trim(), argument.trim()))
    }

    /// The name and the value of an option, with where the value begins.
    fn option(&self) -> Option<(&'a str, &'a str, usize)> {
        let (name, value) = self.text.trim_start().strip_prefix(':')?.split_once(':')?;
        let at = self.start + self.text.len() - value.trim_start().len();
        Some((name, value.trim(), at))
    }
}

/// The text of a directive, without its indent.
fn block(content: &[Line<'_>]) -> Option<Block> {
    let first = content.iter().position(|line| !line.is_blank())?;
    let last = content.iter().rposition(|line| !line.is_blank())?;
    let lines = &content[first..=last];
    let indent = lines.iter().filter(|line| !line.is_blank()).map(Line::indent).min()?;
    let text = lines.iter().flat_map(|line| [line.text.get(indent..).unwrap_or(""), "\n"]).collect();
    Some(Block { end: lines.last()?.start, text, line: Some(lines[0].number) })
}

fn directive(line: &Line<'_>, options: &[Line<'_>], content: &[Line<'_>]) -> Place {
    let options: Vec<(&str, &str, usize)> = options.iter().filter_map(Line::option).collect();
    let text = block(content);
    let expect = options.iter().find(|(name, ..)| *name == "expect");
    let place = Place::named(
        text.as_ref().map_or("", |block| &block.text),
        line.number,
        text.as_ref().and_then(|block| block.line).unwrap_or(line.number),
        options.iter().map(|(name, value, _)| (*name, *value)),
    );
    Place {
        text: text.map(|block| block.text).ok_or_else(|| tr!("it has no content")),
        expect: expect.map(|(_, value, at)| ((*value).to_owned(), *at..at + value.len())),
        ..place
    }
}
