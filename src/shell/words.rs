//! The words of a script: quotes, variables, substitutions, arithmetic, and patterns of `[[ =~ ]]`.

use std::rc::Rc;

use super::escape::unescape;
use super::parser::{Parsed, Parser};
use super::tree::{Change, Part, Variable, Word};
use crate::text::Text;

impl Parser<'_> {
    /// The parts of a word: those that are unknown, and those that `next` reads. It returns false at the end of the word.
    pub fn parts(&mut self, mut next: impl FnMut(&mut Self, &mut Word) -> Parsed<bool>) -> Parsed<Word> {
        let mut parts = Vec::new();
        loop {
            if let Some(unknown) = self.unknown() {
                parts.push(Part::Text(unknown, true));
            } else if !next(self, &mut parts)? {
                return Ok(parts);
            }
        }
    }

    /// A word, which has at least one part.
    pub fn word(&mut self) -> Parsed<Word> {
        let parts = self.parts(|parser, parts| {
            match parser.peek() {
                Some(c @ ('<' | '>')) if parser.eat("<(") || parser.eat(">(") => {
                    let node = parser.list()?;
                    parser.lines();
                    if !parser.eat(")") {
                        return parser.unexpected();
                    }
                    parts.push(if c == '<' { Part::File(Rc::new(node)) } else { Part::Reader(Rc::new(node)) });
                }
                Some('(') if parser.is_at_group(parts) => {
                    let mut open = 0i32;
                    let start = parser.cursor;
                    parser.cursor.take_while(|c| {
                        open = open.saturating_add(i32::from(c == '(')).saturating_sub(i32::from(c == ')'));
                        open > 0
                    });
                    if !parser.eat(")") {
                        return parser.unexpected();
                    }
                    let group = parser.since(start);
                    match parts.last_mut() {
                        Some(Part::Text(text, false)) => text.push(&group),
                        _ => parts.push(Part::Text(group, false)),
                    }
                }
                None | Some(' ' | '\t' | '\n' | '\r' | ';' | '&' | '|' | '<' | '>' | '(' | ')') => return Ok(false),
                Some('\\') => {
                    parser.cursor.bump();
                    match parser.cursor.bump() {
                        Some('\n') => {}
                        Some(escaped) => parts.push(Part::known(escaped.encode_utf8(&mut [0; 4]), true)),
                        None => parts.push(Part::known("\\", true)),
                    }
                }
                // The home of the user, before a slash or alone.
                Some('~') if parts.is_empty() && parser.cursor.peek_at(1).is_none_or(|c| "/ \t\n;&|)".contains(c)) => {
                    parser.cursor.bump();
                    let home = Variable { name: "HOME".to_owned(), index: None, change: Change::None };
                    parts.push(Part::Variable(Box::new(home), true));
                }
                Some(c) => {
                    if !parser.quotes_or_dollar(c, parts)? {
                        let text = parser.known_until(|c| " \t\n\r;&|<>()'\"\\$`".contains(c));
                        parts.push(Part::known(text, false));
                    }
                }
            }
            Ok(true)
        })?;
        if parts.is_empty() { self.unexpected() } else { Ok(parts) }
    }

    /// Whether the parenthesis that comes next is one of a pattern, as in `@(a|b)`.
    fn is_at_group(&self, parts: &Word) -> bool {
        let Some(Part::Text(text, false)) = parts.last() else { return false };
        text.ends_with(['@', '?', '*', '+', '!']) && (*text != "!" || self.text.contains("extglob"))
    }

    /// The pattern behind `=~`, up to white space. Quotes and backslashes make characters plain.
    pub fn regex(&mut self) -> Parsed<Word> {
        let parts = self.parts(|parser, parts| {
            match parser.peek() {
                None => return Ok(false),
                Some(c) if c.is_whitespace() => return Ok(false),
                Some('\\') => {
                    parser.cursor.bump();
                    let escaped = parser.cursor.bump().unwrap_or('\\');
                    // `\w` and `\b` are operators, `\.` is a plain dot.
                    let means = escaped.is_ascii_alphabetic();
                    let text = if means { format!("\\{escaped}") } else { escaped.to_string() };
                    parts.push(Part::known(&text, !means));
                }
                // The end of a line, as in `a$`.
                Some('$') if parser.cursor.peek_at(1).is_none_or(|c| c.is_whitespace() || "|)".contains(c)) => {
                    parser.cursor.bump();
                    parts.push(Part::known("$", false));
                }
                Some(c) => {
                    if !parser.quotes_or_dollar(c, parts)? {
                        let text = parser.known_until(|c| c.is_whitespace() || "'\"\\$`".contains(c));
                        parts.push(Part::known(text, false));
                    }
                }
            }
            Ok(true)
        })?;
        if parts.is_empty() { self.unexpected() } else { Ok(parts) }
    }

    /// Reads what begins with a quote, `$` or a backquote; false when it begins with something else.
    fn quotes_or_dollar(&mut self, c: char, parts: &mut Word) -> Parsed<bool> {
        match c {
            '\'' => {
                self.cursor.bump();
                parts.push(self.single_quoted()?);
            }
            '"' => {
                self.cursor.bump();
                let mut inner = self.quoted(Some('"'))?;
                if inner.is_empty() {
                    inner.push(Part::known("", true));
                }
                parts.append(&mut inner);
            }
            '$' if self.eat("$'") => parts.push(Part::Text(self.ansi()?, true)),
            '$' | '`' => parts.push(self.dollar(false)?),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Text up to a single quote, which is taken; one within an unknown part ends nothing.
    pub fn single_quoted(&mut self) -> Parsed<Part> {
        let start = self.cursor;
        self.known_until(|c| c == '\'');
        while self.unknown().is_some() {
            self.known_until(|c| c == '\'');
        }
        let text = self.since(start);
        if self.eat("'") { Ok(Part::Text(text, true)) } else { Err(unclosed('\'')) }
    }

    /// Text with expansions, up to a closing sign or the end of the text.
    pub fn quoted(&mut self, close: Option<char>) -> Parsed<Word> {
        let mut parts = Vec::new();
        let mut text = Text::new();
        loop {
            if let Some(unknown) = self.unknown() {
                text.push(&unknown);
                continue;
            }
            match self.peek() {
                None if close.is_none() => break,
                None => return Err(unclosed(close.unwrap_or('"'))),
                Some(c) if Some(c) == close => {
                    self.cursor.bump();
                    break;
                }
                Some('\\') => {
                    self.cursor.bump();
                    match self.cursor.bump() {
                        Some('\n') => {}
                        Some(c) => {
                            text.push_str(if "$`\\".contains(c) || Some(c) == close { "" } else { "\\" });
                            text.push_str(c.encode_utf8(&mut [0; 4]));
                        }
                        None => text.push_str("\\"),
                    }
                }
                Some('$' | '`') => {
                    if !text.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut text), true));
                    }
                    parts.push(self.dollar(true)?);
                }
                Some(_) => text.push_str(self.known_until(|c| matches!(c, '$' | '`' | '\\') || Some(c) == close)),
            }
        }
        if !text.is_empty() {
            parts.push(Part::Text(text, true));
        }
        Ok(parts)
    }

    /// The text up to a sign without a backslash before it; the sign is taken.
    fn until_unescaped(&mut self, sign: char) -> Parsed<Text> {
        let start = self.cursor;
        while self.cursor.take_while(|c| c != sign).ends_with('\\') && self.cursor.bump().is_some() {}
        let text = self.since(start);
        self.cursor.bump().map(|_| text).ok_or_else(|| unclosed(sign))
    }

    /// `$'...'`.
    pub fn ansi(&mut self) -> Parsed<Text> {
        Ok(unescape(&self.until_unescaped('\'')?).0)
    }

    pub fn dollar(&mut self, quoted: bool) -> Parsed<Part> {
        if self.eat("`") {
            let script = self.until_unescaped('`')?;
            let script = script.map_known(&mut |known| known.replace("\\`", "`").replace("\\$", "$").replace("\\\\", "\\"));
            let node = self.deeper(|parser| Parser::new(&script, parser.depth).list())?;
            return Ok(Part::Command(Rc::new(node), quoted));
        }
        self.eat("$");
        if self.opens_arithmetic() {
            return Ok(Part::Arithmetic(self.arithmetic()?, quoted));
        }
        // As arithmetic was written before.
        if self.eat("[") {
            return Ok(Part::Arithmetic(self.until("]")?, quoted));
        }
        if self.eat("(") {
            let node = self.list()?;
            self.lines();
            return if self.eat(")") { Ok(Part::Command(Rc::new(node), quoted)) } else { self.unexpected() };
        }
        if self.eat("{") {
            return self.braces(quoted);
        }
        let name = self.variable_name();
        if name.is_empty() {
            return Ok(Part::known("$", quoted));
        }
        Ok(Part::Variable(Box::new(Variable { name, index: None, change: Change::None }), quoted))
    }

    /// The name of a variable: a word, one digit or one sign; empty when there is none. It is taken.
    pub fn variable_name(&mut self) -> String {
        match self.cursor.eat_if(|c| c.is_ascii_digit() || "@*#?$!-".contains(c)) {
            Some(sign) => sign.to_string(),
            None => self.cursor.take_while(|c| c.is_ascii_alphanumeric() || c == '_').to_owned(),
        }
    }

    /// A word up to a closing sign, which is taken.
    pub fn until(&mut self, close: &str) -> Parsed<Word> {
        let next = |parser: &mut Self, parts: &mut Word| {
            if parser.eat(close) {
                return Ok(false);
            }
            match parser.peek() {
                None | Some('\n') => return Err("bad array subscript".to_owned()),
                Some('$' | '`') => parts.push(parser.dollar(false)?),
                Some('"') => {
                    parser.cursor.bump();
                    parts.append(&mut parser.quoted(Some('"'))?);
                }
                Some(c) => {
                    parser.cursor.bump();
                    parts.push(Part::known(c.encode_utf8(&mut [0; 4]), false));
                }
            }
            Ok(true)
        };
        self.deeper(|parser| parser.parts(next))
    }

    /// Moves over `((`, unless it opens two subshells: what it opens does not end with `))`.
    pub fn opens_arithmetic(&mut self) -> bool {
        if !self.starts("((") {
            return false;
        }
        let (mut open, mut quote, mut is_escaped) = (0_u32, None, false);
        let mut chars = self.rest().chars();
        let is_closed = chars.find(|c| {
            match c {
                _ if is_escaped => is_escaped = false,
                '\\' if quote != Some('\'') => is_escaped = true,
                '"' | '\'' if quote.is_none_or(|open| open == *c) => quote = quote.xor(Some(*c)),
                '(' if quote.is_none() => open = open.saturating_add(1),
                ')' if quote.is_none() => open = open.saturating_sub(1),
                _ => {}
            }
            *c == ')' && open <= 1 && quote.is_none()
        });
        (is_closed.is_none() || chars.next() == Some(')')) && self.eat("((")
    }

    /// An arithmetic expression up to `))`, which is taken.
    pub fn arithmetic(&mut self) -> Parsed<Word> {
        let (mut parts, mut text, mut open) = (Vec::new(), Text::new(), 0u32);
        self.deeper(|parser| {
            loop {
                if open == 0 && parser.eat("))") {
                    parts.push(Part::Text(text, true));
                    return Ok(parts);
                }
                if let Some(unknown) = parser.unknown() {
                    text.push(&unknown);
                    continue;
                }
                match parser.peek() {
                    None => return parser.unexpected(),
                    Some('$' | '`') => {
                        parts.push(Part::Text(std::mem::take(&mut text), true));
                        parts.push(parser.dollar(true)?);
                    }
                    Some(c) => {
                        open = match c {
                            '(' => open.saturating_add(1),
                            ')' => open.saturating_sub(1),
                            _ => open,
                        };
                        parser.cursor.bump();
                        if c != '"' {
                            text.push_str(c.encode_utf8(&mut [0; 4]));
                        }
                    }
                }
            }
        })
    }
}

pub fn unclosed(sign: char) -> String {
    format!("unexpected EOF while looking for matching `{sign}'")
}
