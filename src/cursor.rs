//! A position that moves through a text: what all readers of texts are built on.
//!
//! In: any UTF-8 text. The position is always on a character boundary and within the text, so nothing here can fail. A cursor is
//! small and `Copy`: to look ahead, move a copy; to come back, assign the old one.
//!
//! ```
//! use parallelogram::cursor::Cursor;
//!
//! let mut cursor = Cursor::new("wait: 5s # a comment");
//! let key = cursor.take_while(char::is_alphabetic);
//! assert!(cursor.eat(":"));
//! cursor.skip_space();
//! let start = cursor.at();
//! cursor.take_while(|c| c.is_ascii_digit());
//! cursor.eat("s");
//! assert_eq!((key, cursor.since(start), cursor.rest()), ("wait", "5s", " # a comment"));
//! ```

#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::string_slice))]

use crate::source::Span;

/// A position in a text.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'a> {
    text: &'a str,
    /// The end of `text` from the position on.
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    /// At the start of a text.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self { text, rest: text }
    }

    /// At the byte `at` of a text; at its end when that is no place between two characters.
    #[must_use]
    pub fn at_byte(text: &'a str, at: usize) -> Self {
        let mut cursor = Self::new(text);
        cursor.skip(at);
        cursor
    }

    /// The whole text, also what is before the position.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The position, in bytes from the start of the text.
    #[must_use]
    pub fn at(&self) -> usize {
        self.text.len().saturating_sub(self.rest.len())
    }

    /// The text from the position on.
    #[must_use]
    pub fn rest(&self) -> &'a str {
        self.rest
    }

    /// The text before the position.
    #[must_use]
    pub fn before(&self) -> &'a str {
        self.since(0)
    }

    /// The text from an earlier position, `at()` then, up to here; empty when that is no place before this one.
    #[must_use]
    pub fn since(&self, mark: usize) -> &'a str {
        self.text.get(mark..self.at()).unwrap_or_default()
    }

    /// The span of [`Cursor::since`].
    #[must_use]
    pub fn span_since(&self, mark: usize) -> Span {
        Span::new(mark, self.at())
    }

    /// Whether nothing follows.
    #[must_use]
    pub fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next character.
    #[must_use]
    pub fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// The character that is `n` after the next one: `peek_at(0)` is `peek()`.
    #[must_use]
    pub fn peek_at(&self, n: usize) -> Option<char> {
        self.rest.chars().nth(n)
    }

    /// Moves over a character.
    pub fn bump(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    /// Moves over `n` bytes; to the end when fewer follow, or when that is within a character.
    pub fn skip(&mut self, n: usize) {
        self.rest = self.rest.get(n..).unwrap_or_default();
    }

    /// Moves over white space.
    pub fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Moves over `expected` when that comes next.
    pub fn eat(&mut self, expected: &str) -> bool {
        let after = self.rest.strip_prefix(expected);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    /// Moves over a character of this kind when one comes next.
    pub fn eat_if(&mut self, is: impl FnOnce(char) -> bool) -> Option<char> {
        let next = self.peek().filter(|c| is(*c))?;
        self.bump();
        Some(next)
    }

    /// Moves over all characters of this kind, and returns them.
    pub fn take_while(&mut self, is: impl FnMut(char) -> bool) -> &'a str {
        let start = self.at();
        self.rest = self.rest.trim_start_matches(is);
        self.since(start)
    }

    /// Moves to the next `end`, before it, and returns what it moved over; `None`, and no move, when there is no such text.
    pub fn take_until(&mut self, end: &str) -> Option<&'a str> {
        let (taken, _) = self.rest.split_at_checked(self.rest.find(end)?)?;
        self.skip(taken.len());
        Some(taken)
    }

    /// Moves over the rest of the line and its line break, and returns both.
    pub fn take_line(&mut self) -> &'a str {
        let line = self.rest.split_inclusive('\n').next().unwrap_or_default();
        self.skip(line.len());
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_was_passed_and_what_follows_make_up_the_text() {
        let mut cursor = Cursor::new("é: x\r\ny");
        assert_eq!((cursor.peek(), cursor.peek_at(1), cursor.at()), (Some('é'), Some(':'), 0));
        assert_eq!((cursor.bump(), cursor.at()), (Some('é'), 2));
        assert!(!cursor.eat(" ") && cursor.eat(": ") && !cursor.is_at_end());
        assert_eq!((cursor.before(), cursor.rest()), ("é: ", "x\r\ny"));
        assert_eq!((cursor.since(2), cursor.span_since(2)), (": ", Span::new(2, 4)));
        assert_eq!((cursor.take_line(), cursor.take_line(), cursor.take_line()), ("x\r\n", "y", ""));
        assert_eq!((cursor.peek(), cursor.bump(), cursor.is_at_end()), (None, None, true));
    }

    #[test]
    fn characters_of_a_kind_are_taken_up_to_the_first_other_one() {
        let mut cursor = Cursor::new("  12ab");
        cursor.skip_space();
        assert_eq!((cursor.take_while(|c| c.is_ascii_digit()), cursor.take_while(|c| c.is_ascii_digit())), ("12", ""));
        assert_eq!((cursor.eat_if(char::is_alphabetic), cursor.eat_if(char::is_whitespace)), (Some('a'), None));
        assert_eq!(cursor.rest(), "b");
    }

    #[test]
    fn a_text_that_does_not_come_moves_nothing() {
        let mut cursor = Cursor::new("a}}b");
        assert_eq!((cursor.take_until("%}"), cursor.at()), (None, 0));
        assert_eq!((cursor.take_until("}}"), cursor.rest()), (Some("a"), "}}b"));
    }

    #[test]
    fn a_place_within_a_character_or_after_the_text_is_its_end() {
        assert_eq!([0, 1, 2, 9].map(|at| Cursor::at_byte("é", at).at()), [0, 2, 2, 2]);
        assert_eq!([0, 1, 9].map(|mark| Cursor::at_byte("éa", 2).since(mark)), ["é", "", ""]);
    }

    proptest! {
        #[test]
        fn wherever_a_cursor_goes_it_is_between_characters(text in "[a é\n{}]{0,9}", moves in proptest::collection::vec((0..8, 0_usize..4), 0..9)) {
            let mut cursor = Cursor::new(&text);
            for (which, n) in moves {
                match which {
                    0 => drop(cursor.bump()),
                    1 => cursor.skip(n),
                    2 => drop(cursor.eat("é")),
                    3 => drop(cursor.take_while(|c| c == 'a')),
                    4 => drop(cursor.take_until("}")),
                    5 => drop(cursor.take_line()),
                    6 => drop(cursor.eat_if(|c| c == '{')),
                    _ => cursor.skip_space(),
                }
                prop_assert_eq!(cursor.before().to_owned() + cursor.rest(), text.clone());
                prop_assert_eq!(cursor.before().len(), cursor.at());
            }
        }
    }
}
