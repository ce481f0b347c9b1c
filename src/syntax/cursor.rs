//! Where values stand: a cursor that moves through the text along with the values that `serde_yaml` reads.
//!
//! The caller says what the next value is, and the cursor finds where that value begins and ends. For that it only has to know
//! spaces, comments, quotes and the marks of lists and maps. Where the text does not match the value the cursor is *lost*: the
//! values are still right, but have the last known place.

use super::Comment;
use crate::source::Span;

/// A position in the text, and what was found before it.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    /// How many brackets and braces are open.
    n_open: usize,
    lost: bool,
    /// Whether the value at the position has a tag.
    has_tag: bool,
    /// The end of the last value.
    last_end: usize,
    /// The comments passed so far.
    pub comments: Vec<Comment>,
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str) -> Self {
        let at = text.len() - text.trim_start_matches('\u{feff}').len();
        Self { text, at, n_open: 0, lost: false, has_tag: false, last_end: at, comments: Vec::new() }
    }

    /// Moves to the next value, after its tag and anchor, and returns its position.
    pub fn node(&mut self) -> usize {
        self.has_tag = false;
        loop {
            self.skip_blanks();
            match self.peek() {
                Some(b'&') => self.at = self.token_end(),
                Some(b'!') => {
                    self.has_tag = true;
                    self.at = self.token_end();
                }
                _ => return self.here(),
            }
        }
    }

    /// Moves over an alias when the next value is one.
    pub fn alias(&mut self) -> Option<Span> {
        let start = self.at;
        (!self.lost && self.peek() == Some(b'*')).then(|| {
            self.at = self.token_end();
            self.end_at(self.at);
            Span::new(start, self.at)
        })
    }

    /// Whether the text decides the kind of the scalar at the position: it has neither a tag nor quotes.
    pub fn is_untyped(&self) -> bool {
        !self.has_tag && !self.lost && !matches!(self.peek(), Some(b'"' | b'\'' | b'|' | b'>'))
    }

    /// Moves over a scalar; `text` is the value of a string, `None` for numbers and the like.
    pub fn scalar(&mut self, text: Option<&str>) {
        match self.peek() {
            Some(b'"') => self.quoted(b'"'),
            Some(b'\'') => self.quoted(b'\''),
            Some(b'|' | b'>') if self.n_open == 0 => self.block(text.unwrap_or("")),
            _ => match text {
                Some(text) => self.plain(text),
                None => self.at = self.plain_end(),
            },
        }
        self.end_at(self.at);
    }

    /// Moves over a `null`, which may be an empty text.
    pub fn null(&mut self) {
        let end = self.plain_end();
        if matches!(self.text.get(self.at..end), Some("null" | "Null" | "NULL" | "~")) && !self.is_key(end) {
            self.at = end;
            self.end_at(end);
        }
    }

    /// The span of a `null` that was expected at `start`: the word, or the end of what stands before it.
    pub fn passed_null(&self, start: usize) -> Span {
        if start < self.last_end { Span::new(start, self.last_end) } else { Span::new(self.last_end, self.last_end) }
    }

    /// Begins a list or a map; true when it is in brackets or braces.
    pub fn open(&mut self, bracket: u8) -> bool {
        let flow = self.peek() == Some(bracket);
        if flow {
            self.at += 1;
            self.n_open += 1;
        }
        flow
    }

    /// Moves to the next item of a list.
    pub fn item(&mut self, flow: bool) {
        self.skip_blanks();
        if flow {
            self.skip_comma();
        } else {
            self.expect(b'-');
        }
    }

    /// Moves to the next key of a map.
    pub fn key(&mut self, flow: bool) {
        self.skip_blanks();
        if flow {
            self.skip_comma();
        }
        if self.peek() == Some(b'?') && self.blank_follows() {
            self.at += 1;
        }
    }

    /// Moves after the colon of a key. In braces a key may have no colon.
    pub fn colon(&mut self, flow: bool) {
        self.skip_blanks();
        if !(flow && matches!(self.peek(), Some(b',' | b'}' | b']'))) {
            self.expect(b':');
            self.end_at(self.at);
        }
    }

    /// Ends a list or a map, and returns its end.
    pub fn close(&mut self, flow: bool, bracket: u8) -> usize {
        if flow {
            self.skip_blanks();
            self.skip_comma();
            self.expect(bracket);
            self.n_open = self.n_open.saturating_sub(1);
            self.end_at(self.at);
        }
        self.last_end
    }

    /// Collects the comments in the rest of the text.
    pub fn finish(&mut self) {
        self.skip_blanks();
    }

    /// The end of the last value.
    pub fn last_end(&self) -> usize {
        self.last_end
    }

    pub fn here(&self) -> usize {
        if self.lost { self.last_end } else { self.at }
    }

    fn end_at(&mut self, end: usize) {
        if !self.lost {
            self.last_end = end;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied().filter(|_| !self.lost)
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn is_blank(byte: Option<u8>) -> bool {
        matches!(byte, None | Some(b' ' | b'\t' | b'\n' | b'\r'))
    }

    fn blank_follows(&self) -> bool {
        Self::is_blank(self.byte(self.at + 1))
    }

    fn at_line_start(&self) -> bool {
        self.at == 0 || self.byte(self.at - 1) == Some(b'\n')
    }

    fn expect(&mut self, byte: u8) {
        if self.peek() == Some(byte) {
            self.at += 1;
        } else {
            self.lost = true;
        }
    }

    fn skip_comma(&mut self) {
        if self.peek() == Some(b',') {
            self.at += 1;
            self.skip_blanks();
        }
    }

    /// Moves over white space, comments, directives and the marks between documents.
    fn skip_blanks(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                b'#' => self.comment(),
                b'%' if self.at_line_start() => self.at = self.line_end(),
                b'-' | b'.' if self.at_line_start() && self.is_document_mark() => self.at += 3,
                _ => return,
            }
        }
    }

    fn is_document_mark(&self) -> bool {
        let rest = &self.text[self.at..];
        (rest.starts_with("---") || rest.starts_with("...")) && Self::is_blank(self.byte(self.at + 3))
    }

    fn comment(&mut self) {
        let end = self.line_end();
        let line_start = self.text[..self.at].rfind('\n').map_or(0, |at| at + 1);
        let own_line = self.text[line_start..self.at].trim().is_empty();
        let text = self.text[self.at + 1..end].trim().to_owned();
        self.comments.push(Comment { span: Span::new(self.at, end), text, own_line });
        self.at = end;
    }

    /// The end of the line, before its line break.
    fn line_end(&self) -> usize {
        let rest = &self.text[self.at..];
        let length = rest.find('\n').unwrap_or(rest.len());
        self.at + rest[..length].trim_end_matches('\r').len()
    }

    /// The end of an alias, an anchor or a tag.
    fn token_end(&self) -> usize {
        let rest = &self.text.as_bytes()[self.at..];
        let ends = |byte: &u8| byte.is_ascii_whitespace() || (self.n_open > 0 && b",[]{}".contains(byte));
        self.at + rest.iter().position(ends).unwrap_or(rest.len())
    }

    /// The end of an unquoted word or number without spaces.
    fn plain_end(&self) -> usize {
        if self.lost {
            return self.at;
        }
        let rest = &self.text.as_bytes()[self.at..];
        let ends = |(n, byte): (usize, &u8)| {
            let colon = *byte == b':'
                && (Self::is_blank(rest.get(n + 1).copied())
                    || (self.n_open > 0 && matches!(rest.get(n + 1), Some(b',' | b'[' | b']' | b'{' | b'}'))));
            colon || byte.is_ascii_whitespace() || (self.n_open > 0 && b",[]{}".contains(byte))
        };
        self.at + rest.iter().enumerate().position(|(n, byte)| ends((n, byte))).unwrap_or(rest.len())
    }

    fn is_key(&self, end: usize) -> bool {
        let rest = self.text.get(end..).unwrap_or("").trim_start_matches([' ', '\t']);
        rest.starts_with(':') && Self::is_blank(rest.as_bytes().get(1).copied())
    }

    /// Moves over an unquoted text. Over several lines its characters follow each other with any white space between them.
    fn plain(&mut self, text: &str) {
        if self.lost {
            return;
        }
        if self.text[self.at..].starts_with(text) {
            self.at += text.len();
            return;
        }
        for c in text.chars().filter(|c| !c.is_ascii_whitespace()) {
            while Self::is_blank(self.byte(self.at)) && self.at < self.text.len() {
                self.at += 1;
            }
            if self.text[self.at..].starts_with(c) {
                self.at += c.len_utf8();
            } else {
                self.lost = true;
                return;
            }
        }
    }

    fn quoted(&mut self, quote: u8) {
        let bytes = self.text.as_bytes();
        let mut at = self.at + 1;
        loop {
            match (bytes.get(at), bytes.get(at + 1)) {
                (None, _) => {
                    self.lost = true;
                    return;
                }
                (Some(b'\\'), _) if quote == b'"' => at += 2,
                (Some(b'\''), Some(b'\'')) if quote == b'\'' => at += 2,
                (Some(byte), _) if *byte == quote => break,
                _ => at += 1,
            }
        }
        self.at = at + 1;
    }

    /// Moves over a block text: the lines indented at least as far as the first one, and the blank lines between them.
    fn block(&mut self, text: &str) {
        let header = &self.text[self.at..self.line_end()];
        let line_start = self.text[..self.at].rfind('\n').map_or(0, |at| at + 1);
        let outer = self.text[line_start..].bytes().take_while(|byte| *byte == b' ').count();
        let written = header.bytes().skip(1).take(2).find(u8::is_ascii_digit).map(|digit| outer + usize::from(digit - b'0'));
        if let Some(at) = header.find(" #") {
            self.at += at + 1;
            self.comment();
        } else {
            self.at += header.trim_end().len();
        }
        if text.trim().is_empty() {
            return;
        }
        let mut indent = written;
        let mut end = self.at;
        let mut start = self.text[self.at..].find('\n').map_or(self.text.len(), |at| self.at + at + 1);
        while start < self.text.len() {
            let line = self.text[start..].split('\n').next().unwrap_or("");
            let depth = line.bytes().take_while(|byte| *byte == b' ').count();
            if !line.trim().is_empty() {
                if depth < *indent.get_or_insert(depth) {
                    break;
                }
                end = start + line.trim_end().len();
            }
            start += line.len() + 1;
        }
        self.at = end;
    }
}
