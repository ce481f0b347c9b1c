//! The words of an expression, one at a time. Rules: Pebble's lexer.

use std::ops::Range;

use super::dialect::Dialect;
use super::tree::{Fault, Outcome};
use crate::cursor::Cursor;

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    /// Operators such as `==` and `and`.
    Operator,
    Number,
    /// `'…'` or `"…"`, quotes included.
    Text,
    /// The quote that opens a text with `#{…}` in it.
    Quote,
    Punctuation,
    /// `}}` or `%}`.
    Close,
    /// The end of the text.
    End,
}

/// A word and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    pub at: usize,
}

impl<'a> Token<'a> {
    /// Its bytes.
    pub fn span(&self) -> Range<usize> {
        self.at..self.at.saturating_add(self.text.len())
    }

    /// Whether it is this punctuation.
    pub fn is(&self, mark: &str) -> bool {
        self.kind == Kind::Punctuation && self.text == mark
    }
}

impl Kind {
    /// Pebble's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "NAME",
            Self::Operator => "OPERATOR",
            Self::Number => "NUMBER",
            Self::Text | Self::Quote => "STRING",
            Self::Punctuation => "PUNCTUATION",
            Self::Close => "PRINT_END",
            Self::End => "EOF",
        }
    }
}

/// Longer ones first.
const OPERATORS: [&str; 25] = [
    "isNotIn", "contains", "is not", "equals", "isIn", "and", "not", "???", "or", "is", "==", "!=", ">=", "<=", "??", "..", "+", "-", "*",
    "/", "%", "~", "|", ">", "<",
];

/// The position of reading, between `{{` and `}}` or `{%` and `%}`. It is cheap to copy, which is how the parser looks ahead.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lexer<'a> {
    pub cursor: Cursor<'a>,
    pub dialect: &'a Dialect,
    /// What ends it.
    pub close: &'static str,
    /// How many brackets are open: within them, `}}` closes two maps.
    pub brackets: usize,
}

impl<'a> Lexer<'a> {
    /// The word from `at` to the position.
    fn since(&self, at: usize, kind: Kind) -> Outcome<Token<'a>> {
        Ok(Token { kind, text: self.cursor.since(at), at })
    }

    /// The next word.
    ///
    /// # Errors
    /// A character that means nothing, or a bracket that was not opened.
    pub fn next(&mut self) -> Outcome<Token<'a>> {
        self.cursor.skip_space();
        let at = self.cursor.at();
        let rest = self.cursor.rest();
        if self.brackets == 0 && rest.strip_prefix('-').unwrap_or(rest).starts_with(self.close) {
            self.cursor.eat("-");
            self.cursor.eat(self.close);
            return self.since(at, Kind::Close);
        }
        let Some(first) = self.cursor.peek() else {
            return self.since(at, Kind::End);
        };
        if let Some(operator) = OPERATORS
            .iter()
            .find(|operator| is_operator(rest, operator))
            .filter(|operator| **operator != "isNotIn" || self.dialect.is_not_in)
        {
            self.cursor.eat(operator);
            return self.since(at, Kind::Operator);
        }
        let mut after = self.cursor;
        after.bump();
        match first {
            'a'..='z' | 'A'..='Z' | '_' => {
                self.cursor.take_while(is_word);
                self.since(at, Kind::Name)
            }
            '0'..='9' => {
                self.cursor.take_while(|c| c.is_ascii_digit());
                let mut fraction = self.cursor;
                if fraction.eat(".") && !fraction.take_while(|c| c.is_ascii_digit()).is_empty() {
                    self.cursor = fraction;
                } else {
                    self.cursor.eat("L");
                }
                self.since(at, Kind::Number)
            }
            '(' | '[' | '{' => {
                self.brackets = self.brackets.saturating_add(1);
                self.cursor = after;
                self.since(at, Kind::Punctuation)
            }
            ')' | ']' | '}' => {
                self.cursor = after;
                let Some(outer) = self.brackets.checked_sub(1) else {
                    return Err(Fault::new(format!("Unexpected \"{first}\""), at..after.at()));
                };
                self.brackets = outer;
                self.since(at, Kind::Punctuation)
            }
            '?' | ':' | '.' | ',' | '=' => {
                self.cursor = after;
                self.since(at, Kind::Punctuation)
            }
            '"' | '\'' => match after_text(self.cursor) {
                Some(end) => {
                    self.cursor = end;
                    self.since(at, Kind::Text)
                }
                None if first == '"' => {
                    self.cursor = after;
                    self.since(at, Kind::Quote)
                }
                None => Err(Fault::new("Unexpected character [']", at..self.cursor.text().len())),
            },
            other => Err(Fault::new(format!("Unexpected character [{other}]"), at..after.at())),
        }
    }
}

/// Whether a character may stand within a name.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Whether a text begins with this operator; a word such as `in` must not be the beginning of a longer word.
fn is_operator(rest: &str, operator: &str) -> bool {
    rest.strip_prefix(operator)
        .is_some_and(|after| !operator.ends_with(|last: char| last.is_ascii_alphabetic()) || !after.starts_with(is_word))
}

/// The position behind a text in quotes. `None` when it does not end, or (in double quotes) has `#{` in it.
fn after_text(mut cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    let quote = cursor.bump()?;
    loop {
        match cursor.bump()? {
            '\\' => drop(cursor.bump()),
            c if c == quote => return Some(cursor),
            '#' if quote == '"' && cursor.peek() == Some('{') => return None,
            _ => {}
        }
    }
}
