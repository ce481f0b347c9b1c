//! Markdown, MDX and MyST: fences, and elements in their HTML. Rule: CommonMark.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::words::words;
use super::{Block, Lines, Place, blanks, html, is_flow, named_words};

pub fn places(page: &str) -> Vec<Place> {
    let (mut places, mut blocks) = (Vec::new(), Vec::new());
    let mut only_html = blanks(page);
    let (read, lines) = (with_containers(page), Lines::of(page));
    let mut open: Option<(usize, Block)> = None;
    let mut n_fences = 0;
    for (event, range) in Parser::new_ext(&read, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Html(_) | Event::InlineHtml(_) => only_html[range.clone()].copy_from_slice(&page.as_bytes()[range]),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => {
                let line = lines.at(range.start) + 1;
                open = Some((range.start, Block { end: range.end, text: String::new(), line: Some(line) }));
            }
            Event::Text(text) => {
                if let Some((_, block)) = &mut open {
                    block.text.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some((start, block)) = open.take() {
                    places.extend(fence(page, start, lines.at(start) + 1, &block).map(|place| Place { n_before: Some(n_fences), ..place }));
                    n_fences += 1;
                    blocks.push(block);
                }
            }
            _ => {}
        }
    }
    let only_html = String::from_utf8(only_html).unwrap_or_default();
    places.extend(html::places(&only_html, page, &blocks));
    places
}

/// The flow of a fence; `None` when its first line does not say that it is one.
fn fence(page: &str, start: usize, line_of_text: usize, block: &Block) -> Option<Place> {
    let line = page[start..].lines().next()?;
    let info = line.trim_start_matches(['`', '~']);
    let info_at = start + line.len() - info.len();
    let words = words(info);
    let is_directive = info.trim_start().starts_with("{flow}");
    if !is_directive && !is_flow(&words) {
        return None;
    }
    if is_directive {
        return Some(directive(page, start..block.end, &block.text, line_of_text));
    }
    let claims = words.iter().find(|word| word.name == "expect").and_then(|word| word.value.as_ref());
    Some(Place {
        fence: Some(start..block.end),
        expect: claims.map(|(value, range)| ((*value).to_owned(), info_at + range.start..info_at + range.end)),
        ..Place::named(&block.text, line_of_text - 1, line_of_text, named_words(info).into_iter())
    })
}

/// A directive of MyST: the options stand in the first lines of the block, each as `:name: value`.
fn directive(page: &str, Range { start, end }: Range<usize>, text: &str, line: usize) -> Place {
    let is_option = |line: &&str| line.trim_start().starts_with(':');
    let n_options = text.lines().take_while(is_option).count();
    let n_blank = text.lines().skip(n_options).take_while(|line| line.trim().is_empty()).count();
    let options = text.lines().take(n_options).filter_map(|line| line.trim().strip_prefix(':')?.split_once(':'));
    let options: Vec<(&str, &str)> = options.map(|(name, value)| (name, value.trim())).collect();
    let expect = options.iter().find(|(name, _)| *name == "expect").and_then(|(_, value)| {
        let at = start + page[start..].find(":expect:")? + ":expect:".len();
        let at = at + page[at..].find(value)?;
        Some(((*value).to_owned(), at..at + value.len()))
    });
    let body: String = text.split_inclusive('\n').skip(n_options + n_blank).collect();
    Place { fence: Some(start..end), expect, ..Place::named(&body, line - 1, line + n_options + n_blank, options.into_iter()) }
}

/// A page in which the blocks of MkDocs (`!!! note`, `??? tip`, `=== "Tab"`) are items of lists, with as many bytes: CommonMark would
/// take what is indented in them for code.
fn with_containers(page: &str) -> String {
    let mut read = String::with_capacity(page.len());
    for line in page.split_inclusive('\n') {
        let at = line.len() - line.trim_start_matches([' ', '>']).len();
        let marker = ["!!! ", "??? ", "???+ ", "=== ", "===! ", "===+ "].iter().find(|marker| line[at..].starts_with(**marker));
        match marker {
            Some(marker) => read.extend([&line[..at], "*", &" ".repeat(marker.len() - 1), &line[at + marker.len()..]]),
            None => read.push_str(line),
        }
    }
    read
}
