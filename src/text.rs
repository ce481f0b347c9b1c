//! Text of which parts may be unknown. What is unknown is data beside the text: brackets that a user writes mean nothing.

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
        self.unknown.extend(other.unknown.iter().map(|part| part.start + by..part.end + by));
    }

    /// The text between two bytes. A part that is cut through stays unknown.
    ///
    /// # Panics
    /// When a byte is within a character or behind the end.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Self {
        let mut slice = Self::from(&self.shown[range.clone()]);
        for part in &self.unknown {
            if part.start < range.end && part.end > range.start {
                slice.unknown.push(part.start.max(range.start) - range.start..part.end.min(range.end) - range.start);
            }
        }
        slice
    }

    /// The text from a byte on.
    ///
    /// # Panics
    /// As [`Text::slice`].
    #[must_use]
    pub fn slice_from(&self, start: usize) -> Self {
        self.slice(start..self.shown.len())
    }

    /// Shortens it to so many bytes.
    ///
    /// # Panics
    /// As [`Text::slice`].
    pub fn truncate(&mut self, n_bytes: usize) {
        if n_bytes < self.shown.len() {
            *self = self.slice(0..n_bytes);
        }
    }

    /// Where the unknown part ends that begins at this byte.
    #[must_use]
    pub fn unknown_end(&self, at: usize) -> Option<usize> {
        self.unknown.binary_search_by_key(&at, |part| part.start).ok().map(|found| self.unknown[found].end)
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
        let mut parts = Vec::with_capacity(self.unknown.len() * 2 + 1);
        let mut from = 0;
        for unknown in &self.unknown {
            if from < unknown.start {
                parts.push((&self.shown[from..unknown.start], false));
            }
            parts.push((&self.shown[unknown.clone()], true));
            from = unknown.end;
        }
        if from < self.shown.len() {
            parts.push((&self.shown[from..], false));
        }
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

    /// The texts between separators. Within an unknown part nothing separates.
    #[must_use]
    pub fn split(&self, is_separator: &dyn Fn(char) -> bool) -> Vec<Self> {
        let (mut fields, mut from, mut at) = (Vec::new(), 0, 0);
        for (part, is_unknown) in self.parts() {
            for (nth, c) in part.char_indices().filter(|(_, c)| !is_unknown && is_separator(*c)) {
                fields.push(self.slice(from..at + nth));
                from = at + nth + c.len_utf8();
            }
            at += part.len();
        }
        fields.push(self.slice_from(from));
        fields
    }

    /// The texts before and after the first separator, which is not within an unknown part.
    #[must_use]
    pub fn split_once(&self, is_separator: &dyn Fn(char) -> bool) -> Option<(Self, Self)> {
        let mut at = 0;
        for (part, is_unknown) in self.parts() {
            if let Some(found) = part.find(is_separator).filter(|_| !is_unknown) {
                let n = part[found..].chars().next().map_or(0, char::len_utf8);
                return Some((self.slice(0..at + found), self.slice_from(at + found + n)));
            }
            at += part.len();
        }
        None
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
