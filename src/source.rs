//! The text that a person wrote, and places in it.
//!
//! In: any UTF-8 text. Out: byte spans, and the line and column of a byte offset as people count them.

#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::string_slice))]

use std::cell::OnceCell;
use std::rc::Rc;

use crate::pace::give_way;

/// So many bytes are looked at between two rests.
const CHUNK: usize = 4096;

/// How many bytes two texts have in common at their starts, and behind these at their ends. No character is cut through.
#[must_use]
pub fn in_common(a: &str, b: &str) -> (usize, usize) {
    let (mut start, mut end) = bytes_in_common(a.as_bytes(), b.as_bytes());
    while !a.is_char_boundary(start) || !b.is_char_boundary(start) {
        start = start.saturating_sub(1);
    }
    let is_cut = |text: &str, end: usize| !text.is_char_boundary(text.len().saturating_sub(end));
    while is_cut(a, end) || is_cut(b, end) {
        end = end.saturating_sub(1);
    }
    (start, end)
}

fn bytes_in_common(a: &[u8], b: &[u8]) -> (usize, usize) {
    /// So many bytes are compared at once.
    const AT_ONCE: usize = 64;
    let is_same = |(a, b): &(&[u8], &[u8])| {
        give_way();
        a == b
    };
    let chunks = a.chunks_exact(AT_ONCE).zip(b.chunks_exact(AT_ONCE)).take_while(is_same).count().saturating_mul(AT_ONCE);
    let start = chunks.saturating_add(a.iter().zip(b).skip(chunks).take_while(|(a, b)| a == b).count());
    let chunks = a.rchunks_exact(AT_ONCE).zip(b.rchunks_exact(AT_ONCE)).take_while(is_same).count().saturating_mul(AT_ONCE);
    let ends = a.iter().rev().zip(b.iter().rev()).skip(chunks).take_while(|(a, b)| a == b);
    (start, chunks.saturating_add(ends.count()).min(a.len().min(b.len()).saturating_sub(start)))
}

/// A text with a name: `flow.yaml` in the page, the path on the command line.
#[derive(Debug, Clone)]
pub struct Source {
    /// What diagnostics call the text.
    pub name: String,
    /// The text itself, byte for byte as it was given.
    pub text: Rc<str>,
    line_starts: Vec<u32>,
    /// How many characters begin before each chunk of the text, and in all of it, once a place in a long line was asked for.
    chars_before: OnceCell<Vec<u32>>,
}

/// A byte range of a [`Source`]; `end` is the first byte after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// First byte after the span.
    pub end: u32,
}

/// A place as an editor shows it: both count from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Span {
    /// The span from `start` to before `end`, in bytes.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: narrow(start), end: narrow(end.max(start)) }
    }

    /// The span of `length` bytes from `start` on.
    #[must_use]
    pub fn sized(start: usize, length: usize) -> Self {
        Self::new(start, start.saturating_add(length))
    }

    /// The `length` bytes from the byte `at` of this span on.
    #[must_use]
    pub fn part(self, at: usize, length: usize) -> Self {
        Self::sized(self.range().start.saturating_add(at), length)
    }

    /// The bytes as a range for slicing.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether `other` lies inside this span.
    #[must_use]
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// Where lines begin follows from the text.
impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.text) == (&other.name, &other.text)
    }
}

impl Source {
    /// A source called `name`.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<Rc<str>>) -> Self {
        let text = text.into();
        let line_starts = std::iter::once(0).chain(starts_after_breaks(&text, 0)).collect();
        Self { name: name.into(), text, line_starts, chars_before: OnceCell::new() }
    }

    /// Puts a text in place of a span. Nothing happens where that is not one of this source.
    pub fn replace(&mut self, span: Span, text: &str) {
        let (before, after) = (self.text.get(..span.range().start), self.text.get(span.range().end..));
        let Some((before, after)) = before.zip(after) else { return };
        let changed = [before, text, after].concat();
        let [first, rest] = [span.start, span.end].map(|at| self.line_starts.partition_point(|start| *start <= at));
        let starts: Vec<u32> = starts_after_breaks(text, span.range().start).collect();
        let moved_to = Span::sized(span.range().start, text.len()).end;
        self.text = changed.into();
        self.chars_before.take();
        for start in self.line_starts.iter_mut().skip(rest) {
            *start = start.saturating_sub(span.end).saturating_add(moved_to);
        }
        self.line_starts.splice(first..rest, starts);
    }

    /// The text of `span`; empty when the span is not of this source.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// The first line of `span`: where to point at a whole task without covering all of its text.
    #[must_use]
    pub fn first_line(&self, span: Span) -> Span {
        let text = self.slice(span);
        let length = text.find(['\n', '\r']).unwrap_or(text.len());
        span.part(0, length)
    }

    /// The line and column of a byte offset. An offset after the end counts as the end.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let line = self.line_starts.partition_point(|start| *start <= offset).max(1);
        let end = (offset as usize).min(self.text.len());
        let before = self.text.as_bytes().get(self.line_start(line)..end).unwrap_or_default();
        let n_before = if before.len() > CHUNK {
            self.n_chars_before(end).saturating_sub(self.n_chars_before(self.line_start(line)))
        } else {
            n_begun(before)
        };
        Position { line, column: n_before.saturating_add(1) }
    }

    /// How many characters begin before a byte.
    fn n_chars_before(&self, at: usize) -> usize {
        let counted = self.chars_before.get_or_init(|| {
            let chunks = self.text.as_bytes().chunks(CHUNK).scan(0_u32, |n, bytes| {
                *n = n.saturating_add(n_begun(bytes) as u32);
                Some(*n)
            });
            std::iter::once(0).chain(chunks).collect()
        });
        let chunk = at.checked_div(CHUNK).unwrap_or_default();
        let before = counted.get(chunk).map_or(0, |n| *n as usize);
        before.saturating_add(n_begun(self.text.as_bytes().get(chunk.saturating_mul(CHUNK)..at).unwrap_or_default()))
    }

    /// The byte that a line begins at, from 1; the end of the text behind the last one.
    fn line_start(&self, line: usize) -> usize {
        self.line_starts.get(line.saturating_sub(1)).map_or(self.text.len(), |start| *start as usize)
    }

    /// The byte offset of a line and column, both from 1. Out of bounds it is the nearest offset.
    #[must_use]
    pub fn offset(&self, line: usize, column: usize) -> u32 {
        let span = self.line_span(line);
        let text = self.line(line);
        let within = text.char_indices().nth(column.saturating_sub(1)).map_or(text.len(), |(at, _)| at);
        span.part(within, 0).start
    }

    /// How many lines there are; an empty text has one.
    #[must_use]
    pub fn n_lines(&self) -> usize {
        self.line_starts.len()
    }

    /// The text of a line, from 1, without its line ending.
    #[must_use]
    pub fn line(&self, line: usize) -> &str {
        self.slice(self.line_span(line))
    }

    /// The span of a line, from 1, without its line ending.
    #[must_use]
    pub fn line_span(&self, line: usize) -> Span {
        let line = line.clamp(1, self.n_lines());
        let start = self.line_start(line);
        let text = self.text.get(start..self.line_start(line.saturating_add(1))).unwrap_or_default();
        let text = text.strip_suffix('\n').unwrap_or(text);
        Span::sized(start, text.strip_suffix('\r').unwrap_or(text).len())
    }
}

/// Where lines begin in a text that stands at a byte, but for the first.
fn starts_after_breaks(text: &str, at: usize) -> impl Iterator<Item = u32> {
    text.as_bytes().chunks(CHUNK).enumerate().flat_map(move |(n, bytes)| {
        give_way();
        let start = n.saturating_mul(CHUNK).saturating_add(at);
        let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        ends.map(move |(at, _)| Span::sized(start.saturating_add(at), 1).end)
    })
}

/// How many characters begin in some bytes.
fn n_begun(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| !is_continuation(**byte)).count()
}

fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_from_one() {
        let source = Source::new("flow.yaml", "id: ä\nöx: y\r\n");
        let at = source.text.find('x').expect("x is in the text");
        assert_eq!(source.position(Span::new(at, at).start), Position { line: 2, column: 2 });
        assert_eq!(source.offset(2, 2) as usize, at);
        assert_eq!(source.line(2), "öx: y");
        assert_eq!(source.position(u32::MAX).line, 3);
        assert_eq!(Source::new("empty", "").position(0), Position { line: 1, column: 1 });
    }

    #[test]
    fn columns_of_a_long_line_count_all_of_its_characters() {
        let source = Source::new("flow.yaml", ["a: b\n", &"ä".repeat(2 * CHUNK), "x".repeat(CHUNK - 5).as_str()].concat());
        for (byte, column) in [(5, 1), (5 + 2 * CHUNK, CHUNK + 1), (5 + 4 * CHUNK, 2 * CHUNK + 1), (5 * CHUNK, 3 * CHUNK - 4)] {
            assert_eq!(source.position(Span::new(byte, byte).start), Position { line: 2, column });
        }
    }

    #[test]
    fn a_replaced_span_moves_the_lines_below_it() {
        let whole = Source::new("flow.yaml", "a\nbä\r\n\nc");
        let ends = || (0..=whole.text.len()).filter(|at| whole.text.is_char_boundary(*at));
        for (start, end) in ends().flat_map(|start| ends().filter(move |end| *end >= start).map(move |end| (start, end))) {
            for text in ["", "x", "\n", "y\nz\n", "\n\nö"] {
                let mut source = whole.clone();
                source.replace(Span::new(start, end), text);
                let expected = [&whole.text[..start], text, &whole.text[end..]].concat();
                let expected = Source::new("flow.yaml", expected);
                assert_eq!((&source, &source.line_starts), (&expected, &expected.line_starts), "{start}..{end} {text:?}");
            }
        }
        let mut source = whole.clone();
        source.replace(Span::new(4, 5), "within a character");
        source.replace(Span::new(3, 99), "behind the end");
        assert_eq!(source, whole);
    }
}
