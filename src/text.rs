//! Text of which parts may be unknown. What is unknown is data beside the text: brackets that a user writes mean nothing.

#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::string_slice))]

use std::fmt;
use std::ops::{Deref, Range};

use crate::cursor::Cursor;

/// A text, and which of its bytes stand for something unknown. An unknown part shows as its path in brackets:
/// `⟨outputs.query.rows⟩`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    shown: String,
    /// Bytes of `shown`, in order, without overlap, none of them empty.
    unknown: Vec<Range<usize>>,
}

impl Text {
    /// An empty text.
    #[must_use]
    pub const fn new() -> Self {
        Self { shown: String::new(), unknown: Vec::new() }
    }

    /// What is unknown under this path.
    #[must_use]
    pub fn unknown(path: &str) -> Self {
        let mut text = Self::new();
        text.push_unknown(&["⟨", path, "⟩"].concat());
        text
    }

    /// Whether a part of it is unknown.
    #[must_use]
    pub fn has_unknown(&self) -> bool {
        !self.unknown.is_empty()
    }

    /// Whether it is one unknown part and nothing else.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(&self.unknown[..], [only] if *only == (0..self.shown.len()))
    }

    /// Adds known text.
    pub fn push_str(&mut self, known: &str) {
        self.shown += known;
    }

    /// Adds an unknown part that shows as this.
    pub fn push_unknown(&mut self, shown: &str) {
        let from = self.shown.len();
        self.shown += shown;
        self.unknown.extend((!shown.is_empty()).then_some(from..self.shown.len()));
    }

    /// Adds another text.
    pub fn push(&mut self, other: &Self) {
        let by = self.shown.len();
        self.shown += &other.shown;
        self.unknown.extend(other.unknown.iter().map(|part| part.start.saturating_add(by)..part.end.saturating_add(by)));
    }

    /// The text between two bytes; empty when one of them is within a character or behind the end. A part that is cut through stays
    /// unknown.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Self {
        let Some(shown) = self.shown.get(range.clone()) else { return Self::new() };
        let cut = |part: &Range<usize>| part.start.max(range.start)..part.end.min(range.end);
        let moved = |part: Range<usize>| part.start.saturating_sub(range.start)..part.end.saturating_sub(range.start);
        let unknown = self.unknown.iter().map(cut).filter(|part| !part.is_empty()).map(moved).collect();
        Self { shown: shown.to_owned(), unknown }
    }

    /// The text from a byte on, as [`Text::slice`].
    #[must_use]
    pub fn slice_from(&self, start: usize) -> Self {
        self.slice(start..self.shown.len())
    }

    /// Shortens it to so many bytes, as [`Text::slice`].
    pub fn truncate(&mut self, n_bytes: usize) {
        if self.shown.is_char_boundary(n_bytes) {
            self.shown.truncate(n_bytes);
            self.unknown.retain(|part| part.start < n_bytes);
            self.unknown.iter_mut().for_each(|part| part.end = part.end.min(n_bytes));
        } else if n_bytes < self.shown.len() {
            *self = Self::new();
        }
    }

    /// Where the unknown part ends that begins at this byte.
    #[must_use]
    pub fn unknown_end(&self, at: usize) -> Option<usize> {
        self.unknown.binary_search_by_key(&at, |part| part.start).ok().and_then(|found| self.unknown.get(found)).map(|part| part.end)
    }

    /// The text from this byte to where the next unknown part begins, or to the end; empty when that is no place in the text.
    #[must_use]
    pub fn known_from(&self, at: usize) -> &str {
        let next = self.unknown.partition_point(|part| part.start < at);
        let end = self.unknown.get(next).map_or(self.shown.len(), |part| part.start);
        self.shown.get(at..end).unwrap_or_default()
    }

    /// Its parts in order, each with whether it is unknown.
    #[must_use]
    pub fn parts(&self) -> Vec<(&str, bool)> {
        let part = |bytes: Range<usize>, is_unknown| Some((self.shown.get(bytes)?, is_unknown)).filter(|(part, _)| !part.is_empty());
        let mut parts = Vec::with_capacity(self.unknown.len().saturating_mul(2).saturating_add(1));
        let mut from = 0;
        for unknown in &self.unknown {
            parts.extend(part(from..unknown.start, false));
            parts.extend(part(unknown.clone(), true));
            from = unknown.end;
        }
        parts.extend(part(from..self.shown.len(), false));
        parts
    }

    /// The same with its known parts changed.
    #[must_use]
    pub fn map_known(&self, change: &mut dyn FnMut(&str) -> String) -> Self {
        let mut out = Self::new();
        for (part, is_unknown) in self.parts() {
            if is_unknown { out.push_unknown(part) } else { out.push_str(&change(part)) }
        }
        out
    }

    /// The texts between separators that are not within an unknown part.
    #[must_use]
    pub fn split(&self, is_separator: &dyn Fn(char) -> bool) -> Vec<Self> {
        self.pieces(is_separator).map(|(piece, _)| piece).collect()
    }

    /// The texts between separators, as [`Text::split`], each with the separator that ends it.
    pub fn pieces(&self, is_separator: &dyn Fn(char) -> bool) -> impl Iterator<Item = (Self, Option<char>)> {
        let mut rest = Some(Cursor::new(&self.shown));
        std::iter::from_fn(move || {
            let mut cursor = rest?;
            let from = cursor.at();
            let end = self.take_separator(&mut cursor, is_separator);
            rest = end.map(|_| cursor);
            Some(end.map_or_else(|| (self.slice_from(from), None), |at| (self.slice(from..at), cursor.before().chars().next_back())))
        })
    }

    /// The texts before and after the first separator, which is not within an unknown part.
    #[must_use]
    pub fn split_once(&self, is_separator: &dyn Fn(char) -> bool) -> Option<(Self, Self)> {
        let mut cursor = Cursor::new(&self.shown);
        let at = self.take_separator(&mut cursor, is_separator)?;
        Some((self.slice(0..at), self.slice_from(cursor.at())))
    }

    /// Moves over the next separator that is not within an unknown part, and returns where it begins; `None` when there is none.
    fn take_separator(&self, cursor: &mut Cursor<'_>, is_separator: &dyn Fn(char) -> bool) -> Option<usize> {
        loop {
            let known = self.known_from(cursor.at());
            let before = known.split(is_separator).next().unwrap_or_default();
            cursor.skip(before.len());
            let at = cursor.at();
            if before.len() < known.len() {
                cursor.bump();
                return Some(at);
            }
            cursor.skip(self.unknown_end(at)?.saturating_sub(at));
        }
    }

    /// The same without such characters at its ends.
    #[must_use]
    pub fn trim(&self, is_gone: &dyn Fn(char) -> bool) -> Self {
        let mut cursor = Cursor::new(&self.shown);
        cursor.take_while(is_gone);
        let start = cursor.at();
        cursor.skip(cursor.rest().trim_end_matches(is_gone).len());
        self.slice(start..cursor.at())
    }

    /// The same without such characters at its start.
    #[must_use]
    pub fn trim_start(&self, is_gone: &dyn Fn(char) -> bool) -> Self {
        let mut cursor = Cursor::new(&self.shown);
        cursor.take_while(is_gone);
        self.slice_from(cursor.at())
    }

    /// Its lines, without their ends.
    #[must_use]
    pub fn lines(&self) -> Vec<Self> {
        let mut lines = self.split(&|c| c == '\n');
        if lines.last().is_some_and(|last| last.is_empty()) {
            lines.pop();
        }
        lines
    }

    /// Several texts with one between them.
    #[must_use]
    pub fn join(texts: &[Self], between: &str) -> Self {
        let mut out = Self::new();
        for (nth, text) in texts.iter().enumerate() {
            if nth > 0 {
                out.push_str(between);
            }
            out.push(text);
        }
        out
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.shown)
    }
}

/// What it shows.
impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.shown
    }
}

impl From<String> for Text {
    fn from(known: String) -> Self {
        Self { shown: known, unknown: Vec::new() }
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.shown
    }
}

impl From<&str> for Text {
    fn from(known: &str) -> Self {
        known.to_owned().into()
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.shown == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.shown == *other
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Known parts as they are, unknown ones in braces.
    fn marked(text: &Text) -> String {
        text.parts().into_iter().map(|(part, is_unknown)| if is_unknown { format!("{{{part}}}") } else { part.to_owned() }).collect()
    }

    #[test]
    fn brackets_of_a_user_are_not_an_unknown_part() {
        let mut text = Text::from("⟨a⟩ is ");
        text.push(&Text::unknown("a"));
        assert_eq!((&*text, marked(&text)), ("⟨a⟩ is ⟨a⟩", "⟨a⟩ is {⟨a⟩}".to_owned()));
        assert!(text.has_unknown() && !text.is_unknown() && Text::unknown("a").is_unknown());
        assert!(!Text::from("⟨a⟩").has_unknown());
    }

    #[test]
    fn nothing_separates_within_an_unknown_part() {
        let text = Text::join(&["a b".into(), Text::unknown("f('x y')"), "".into(), "c".into()], " ");
        assert_eq!(text.split(&|c| c == ' ').iter().map(marked).collect::<Vec<_>>(), ["a", "b", "{⟨f('x y')⟩}", "", "c"]);
        assert_eq!(marked(&text.slice(2..8)), "b {⟨f}");
        assert_eq!(marked(&text.map_known(&mut |known| known.to_uppercase())), "A B {⟨f('x y')⟩}  C");
        assert_eq!(Text::from("a\n\nb\n").lines(), ["a", "", "b"]);
    }

    proptest! {
        #[test]
        fn a_text_is_the_sum_of_its_slices(parts in prop::collection::vec((any::<bool>(), "[a⟨⟩ ]{0,3}"), 0..6), at in any::<prop::sample::Index>()) {
            let mut text = Text::new();
            for (is_unknown, part) in &parts {
                if *is_unknown { text.push_unknown(part) } else { text.push_str(part) }
            }
            let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let at = *at.get(&ends);
            let mut sum = text.slice(0..at);
            sum.push(&text.slice_from(at));
            prop_assert_eq!(&*sum, &*text);
            prop_assert_eq!(sum.has_unknown(), text.has_unknown());
            prop_assert_eq!(text.parts().into_iter().map(|(part, _)| part).collect::<String>(), &*text);
            prop_assert_eq!(&Text::join(&text.split(&|c| c == ' '), " "), &text);
        }
    }
}
