//! HTML: `<flow-playground>` elements, and the code blocks that they run. Rule: the tokenizer of the HTML standard.

use std::ops::Range;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};

use super::words::settings;
use super::{Block, Lines, Place};
use crate::collections::Index;
use crate::examples;
use crate::tr;

/// An element, as far as it says what it runs.
struct Element {
    at: usize,
    attributes: Vec<(String, String, Range<usize>)>,
}

impl Element {
    fn get(&self, name: &str) -> Option<&(String, String, Range<usize>)> {
        self.attributes.iter().find(|(known, ..)| known == name)
    }
}

/// The elements of a page, of which `html` is the part that is HTML, byte by byte; `blocks` are code blocks written otherwise.
pub fn places(html: &str, page: &str, blocks: &[Block]) -> Vec<Place> {
    // What is HTML has its lines where the page has them.
    let lines = Lines::of(page);
    let (elements, own, named) = read(html, &lines);
    let mut blocks: Vec<&Block> = blocks.iter().chain(&own).collect();
    blocks.sort_by_key(|block| block.end);
    let mut ids = Index::default();
    named.iter().enumerate().for_each(|(at, (id, _))| _ = ids.get_or_insert(id, at));
    elements.iter().map(|element| place(&lines, element, &blocks, &|id| Some(&named[ids.get(id)?].1))).collect()
}

fn place<'b>(lines: &Lines, element: &Element, blocks: &[&'b Block], named: &dyn Fn(&str) -> Option<&'b Block>) -> Place {
    let value = |name: &str| element.get(name).map(|(_, value, _)| &**value);
    let before = || blocks[..blocks.partition_point(|block| block.end <= element.at)].last();
    let (text, line) = match (value("yaml"), value("for"), value("example")) {
        (Some(text), ..) => (Ok(text.to_owned()), None),
        (None, Some("prev"), _) => match before() {
            Some(block) => (Ok(block.text.clone()), block.line),
            None => (Err(tr!("there is no code block before it")), None),
        },
        (None, Some(id), _) => match named(id) {
            Some(block) => (Ok(block.text.clone()), block.line),
            None => (Err(tr!("there is no element with the id `{id}`", id)), None),
        },
        (None, None, Some(id)) => match examples::find(id) {
            Some(example) => (Ok(example.text.to_owned()), None),
            None => (Err(tr!("there is no example `{id}`", id)), None),
        },
        (None, None, None) => (Err(tr!("it names no flow: it has none of `for`, `yaml` and `example`")), None),
    };
    Place {
        line: lines.at(element.at),
        fence: None,
        n_before: None,
        text,
        text_line: line,
        title: value("title").map(str::to_owned),
        load: value("load").map(str::to_owned),
        settings: settings(element.attributes.iter().map(|(name, value, _)| (&**name, &**value))),
        expect: element.get("expect").map(|(_, value, range)| (value.clone(), range.clone())),
    }
}

/// Where the value of an attribute stands that begins at a byte, without its quotes.
fn raw_value(html: &str, attribute: usize) -> Range<usize> {
    let name_end =
        html[attribute..].find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/')).map_or(html.len(), |end| attribute + end);
    let rest = html[name_end..].trim_start().strip_prefix('=').map(str::trim_start);
    let Some(rest) = rest else { return name_end..name_end };
    let at = html.len() - rest.len();
    match rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        Some(quote) => at + 1..rest[1..].find(quote).map_or(html.len(), |end| at + 1 + end),
        None => at..rest.find(|c: char| c.is_whitespace() || c == '>').map_or(html.len(), |end| at + end),
    }
}

/// So many elements that hold a text may be within each other: each text is added to all of them.
const DEEPEST: usize = 100;

/// The elements, the texts of `pre`, and those of all elements with an id. A code block within `pre` counts as the block.
fn read(html: &str, lines: &Lines) -> (Vec<Element>, Vec<Block>, Vec<(String, Block)>) {
    let (mut elements, mut blocks, mut named) = (Vec::new(), Vec::new(), Vec::new());
    // The elements under way that hold a text: their name, their id, whether they are a `pre`, and the text so far.
    let mut open: Vec<(Vec<u8>, Option<String>, Block)> = Vec::new();
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
        match token {
            Token::StartTag(tag) => {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                let attributes = tag.attributes.iter().map(|(name, value)| (text(name), text(value), raw_value(html, value.span.start)));
                let attributes: Vec<(String, String, Range<usize>)> = attributes.collect();
                let id = attributes.iter().find(|(name, ..)| name == "id").map(|(_, id, _)| id.clone());
                if *tag.name == *b"flow-playground" {
                    elements.push(Element { at: tag.span.start, attributes });
                } else if !tag.self_closing && open.len() < DEEPEST && (*tag.name == *b"pre" || id.is_some()) {
                    let line = lines.at(tag.span.end);
                    open.push((tag.name.to_vec(), id, Block { end: tag.span.end, text: String::new(), line: Some(line) }));
                }
            }
            Token::String(text) => {
                let text = String::from_utf8_lossy(&text);
                open.iter_mut().for_each(|(.., block)| block.text.push_str(&text));
            }
            Token::EndTag(tag) => {
                if let Some(at) = open.iter().rposition(|(name, ..)| *name == **tag.name) {
                    let (name, id, mut block) = open.remove(at);
                    block.end = tag.span.end;
                    if let Some(rest) = block.text.strip_prefix('\n').filter(|_| name == b"pre") {
                        (block.text, block.line) = (rest.to_owned(), block.line.map(|line| line + 1));
                    }
                    named.extend(id.map(|id| (id, Block { end: block.end, text: block.text.clone(), line: block.line })));
                    if name == b"pre" {
                        blocks.push(block);
                    }
                }
            }
            _ => {}
        }
    }
    (elements, blocks, named)
}
