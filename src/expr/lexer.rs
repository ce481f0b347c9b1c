//! The words of an expression, one at a time. Rules: Pebble's lexer.

use std::ops::Range;

use super::dialect::Dialect;
use super::tree::{Fault, Outcome};

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
        self.at..self.at + self.text.len()
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
    pub text: &'a str,
    pub dialect: &'a Dialect,
    /// The next byte.
    pub at: usize,
    /// What ends it.
    pub close: &'static str,
    /// How many brackets are open: within them, `}}` closes two maps.
    pub brackets: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, kind: Kind, n_bytes: usize) -> Token<'a> {
        let text = self.rest().get(..n_bytes).unwrap_or_default();
        let token = Token { kind, text, at: self.at };
        self.at += text.len();
        token
    }

    /// The next word.
    ///
    /// # Errors
    /// A character that means nothing, or a bracket that was not opened.
    pub fn next(&mut self) -> Outcome<Token<'a>> {
        self.at += self.rest().len() - self.rest().trim_start().len();
        let rest = self.rest();
        if self.brackets == 0 {
            let closed = if rest.starts_with(self.close) { 2 } else { 0 };
            let trimmed = if rest.strip_prefix('-').is_some_and(|rest| rest.starts_with(self.close)) { 3 } else { 0 };
            if closed + trimmed > 0 {
                return Ok(self.take(Kind::Close, closed + trimmed));
            }
        }
        let Some(first) = rest.chars().next() else {
            return Ok(self.take(Kind::End, 0));
        };
        if let Some(operator) = OPERATORS
            .iter()
            .find(|operator| is_operator(rest, operator))
            .filter(|operator| **operator != "isNotIn" || self.dialect.is_not_in)
        {
            return Ok(self.take(Kind::Operator, operator.len()));
        }
        let run = |of: fn(u8) -> bool| rest.bytes().position(|byte| !of(byte)).unwrap_or(rest.len());
        match first {
            'a'..='z' | 'A'..='Z' | '_' => Ok(self.take(Kind::Name, run(is_word))),
            '0'..='9' => {
                let whole = run(|byte| byte.is_ascii_digit());
                let behind = rest.as_bytes().get(whole..).unwrap_or_default();
                let fraction = behind.strip_prefix(b".").map_or(0, |after| after.iter().take_while(|byte| byte.is_ascii_digit()).count());
                let long = usize::from(behind.first() == Some(&b'L'));
                Ok(self.take(Kind::Number, whole + long + if fraction > 0 { fraction + 1 } else { 0 }))
            }
            '(' | '[' | '{' => {
                self.brackets += 1;
                Ok(self.take(Kind::Punctuation, 1))
            }
            ')' | ']' | '}' => {
                let token = self.take(Kind::Punctuation, 1);
                if self.brackets == 0 {
                    return Err(Fault::new(format!("Unexpected \"{first}\""), token.span()));
                }
                self.brackets -= 1;
                Ok(token)
            }
            '?' | ':' | '.' | ',' | '=' => Ok(self.take(Kind::Punctuation, 1)),
            '"' | '\'' => match end_of_text(rest, first as u8) {
                Some(end) => Ok(self.take(Kind::Text, end)),
                None if first == '"' => Ok(self.take(Kind::Quote, 1)),
                None => Err(Fault::new("Unexpected character [']", self.at..self.text.len())),
            },
            other => Err(Fault::new(format!("Unexpected character [{other}]"), self.at..self.at + other.len_utf8())),
        }
    }
}

/// Whether a byte may stand within a name.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether a text begins with this operator; a word such as `in` must not be the beginning of a longer word.
fn is_operator(rest: &str, operator: &str) -> bool {
    rest.strip_prefix(operator)
        .is_some_and(|after| !operator.ends_with(|last: char| last.is_ascii_alphabetic()) || !after.bytes().next().is_some_and(is_word))
}

/// How long a text with its quotes is. `None` when it does not end, or (in double quotes) has `#{` in it.
fn end_of_text(rest: &str, quote: u8) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'\\' => at += 2,
            byte if *byte == quote => return Some(at + 1),
            b'#' if quote == b'"' && bytes.get(at + 1) == Some(&b'{') => return None,
            _ => at += 1,
        }
    }
}
