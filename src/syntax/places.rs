//! Where values stand: a position that moves through the text along with the values that `serde_yaml` reads.
//!
//! The caller says what the next value is, and the cursor finds where that value begins and ends. For that it only has to know
//! spaces, comments, quotes and the marks of lists and maps. Where the text does not match the value the cursor is *lost*: the
//! values are still right, but have the last known place.

use super::Comment;
use super::lines::indent_of;
use crate::cursor::Cursor;
use crate::source::Span;

/// A position in the text, and what was found before it.
#[derive(Debug)]
pub(super) struct Places<'a> {
    cursor: Cursor<'a>,
    /// How many brackets and braces are open.
    n_open: usize,
    lost: bool,
    /// Whether the value at the position has a tag.
    has_tag: bool,
    /// The end of the last value.
    last_end: usize,
    /// The end of the tag or anchor of the value at the position, else of what stands before it.
    lead_end: usize,
    /// Whether a mark between documents was passed since the last value, hyphen, colon or bracket.
    has_passed_mark: bool,
    /// The comments passed so far.
    pub comments: Vec<Comment>,
}

impl<'a> Places<'a> {
    pub fn new(text: &'a str) -> Self {
        Self::from(text, 0)
    }

    /// In a text from a byte on.
    pub fn from(text: &'a str, at: usize) -> Self {
        let mut cursor = Cursor::at_byte(text, at);
        cursor.take_while(|c| c == '\u{feff}');
        let at = cursor.at();
        Self { cursor, n_open: 0, lost: false, has_tag: false, last_end: at, lead_end: at, has_passed_mark: false, comments: Vec::new() }
    }

    /// Moves to the next value, after its tag and anchor, and returns its position.
    pub fn node(&mut self) -> usize {
        self.has_tag = false;
        self.lead_end = self.last_end;
        loop {
            self.skip_blanks();
            match self.peek() {
                Some(mark @ ('&' | '!')) => {
                    self.has_tag |= mark == '!';
                    self.token();
                    self.lead_end = self.here();
                }
                _ => return self.here(),
            }
        }
    }

    /// Moves over an alias when the next value is one.
    pub fn alias(&mut self) -> Option<Span> {
        let start = self.here();
        (self.peek() == Some('*')).then(|| {
            self.token();
            self.end_here();
            self.cursor.span_since(start)
        })
    }

    /// Whether the text decides the kind of the scalar at the position: it has neither a tag nor quotes.
    pub fn is_untyped(&self) -> bool {
        !self.has_tag && !self.lost && !matches!(self.peek(), Some('"' | '\'' | '|' | '>'))
    }

    /// Moves over a scalar; `text` is the value of a string, `None` for numbers and the like.
    pub fn scalar(&mut self, text: Option<&str>) {
        match self.peek() {
            Some(quote @ ('"' | '\'')) => self.quoted(quote),
            Some('|' | '>') if self.n_open == 0 => self.block(text.unwrap_or("")),
            _ => match text {
                // It is all tag: the next value may stand at the position.
                Some("") => {
                    self.last_end = self.lead_end;
                    return;
                }
                Some(text) => self.plain(text),
                None => self.cursor = self.after_word(),
            },
        }
        self.end_here();
    }

    /// Moves over a `null`, which may be an empty text. Within a document it stands before the next one.
    pub fn null(&mut self, is_root: bool) {
        if !is_root && self.has_passed_mark {
            return;
        }
        let after = self.after_word();
        if matches!(after.since(self.cursor.at()), "null" | "Null" | "NULL" | "~") && self.is_whole(after) {
            self.cursor = after;
            self.end_here();
        }
    }

    /// The span of a value that was expected at `start` and may be nothing: the word, or the end of what stands before it.
    pub fn passed(&self, start: usize) -> Span {
        Span::new(start.min(self.last_end), self.last_end)
    }

    /// Begins a list or a map; true when it is in brackets or braces.
    pub fn open(&mut self, bracket: char) -> bool {
        let flow = self.peek() == Some(bracket);
        if flow {
            self.cursor.bump();
            self.n_open = self.n_open.saturating_add(1);
        }
        flow
    }

    /// Moves to the next item of a list.
    pub fn item(&mut self, flow: bool) {
        self.skip_blanks();
        if flow {
            self.skip_comma();
        } else {
            self.expect('-');
        }
    }

    /// Moves to the next key of a map.
    pub fn key(&mut self, flow: bool) {
        self.skip_blanks();
        if flow {
            self.skip_comma();
        }
        if self.peek() == Some('?') && self.cursor.peek_at(1).is_none_or(is_blank) {
            self.cursor.bump();
        }
    }

    /// Moves after the colon of a key. In braces a key may have no colon.
    pub fn colon(&mut self, flow: bool) {
        self.skip_blanks();
        if !(flow && matches!(self.peek(), Some(',' | '}' | ']'))) {
            self.expect(':');
            self.end_here();
        }
    }

    /// Ends a list or a map, and returns its end.
    pub fn close(&mut self, flow: bool, bracket: char) -> usize {
        if flow {
            self.skip_blanks();
            self.skip_comma();
            self.expect(bracket);
            self.n_open = self.n_open.saturating_sub(1);
            self.end_here();
        }
        self.last_end
    }

    /// Collects the comments in the rest of the text.
    pub fn finish(&mut self) {
        self.skip_blanks();
    }

    /// Whether the text did not match a value.
    pub fn is_lost(&self) -> bool {
        self.lost
    }

    /// The end of the last value.
    pub fn last_end(&self) -> usize {
        self.last_end
    }

    pub fn here(&self) -> usize {
        if self.lost { self.last_end } else { self.cursor.at() }
    }

    fn end_here(&mut self) {
        self.last_end = self.here();
        self.has_passed_mark = false;
    }

    fn peek(&self) -> Option<char> {
        self.cursor.peek().filter(|_| !self.lost)
    }

    fn is_at_line_start(&self) -> bool {
        self.cursor.at() == 0 || self.cursor.before().ends_with(is_break)
    }

    fn expect(&mut self, expected: char) {
        if self.peek() == Some(expected) {
            self.cursor.bump();
            self.has_passed_mark = false;
        } else {
            self.lost = true;
        }
    }

    fn skip_comma(&mut self) {
        if self.peek() == Some(',') {
            self.cursor.bump();
            self.skip_blanks();
        }
    }

    /// Moves over white space, comments, directives and the marks between documents.
    fn skip_blanks(&mut self) {
        while let Some(c) = self.peek() {
            match c {
                c if is_blank(c) => drop(self.cursor.take_while(is_blank)),
                '#' => self.comment(),
                '%' if self.is_at_line_start() => self.cursor.skip(self.line().len()),
                '-' | '.' if self.is_at_line_start() && self.is_document_mark() => {
                    self.cursor.skip(3);
                    self.has_passed_mark = true;
                }
                _ => return,
            }
        }
    }

    fn is_document_mark(&self) -> bool {
        let rest = self.cursor.rest();
        let after = rest.strip_prefix("---").or_else(|| rest.strip_prefix("..."));
        after.is_some_and(|after| after.chars().next().is_none_or(is_blank))
    }

    fn comment(&mut self) {
        let start = self.cursor.at();
        let own_line = self.line_before().trim().is_empty();
        let line = self.line();
        self.cursor.skip(line.len());
        let text = line.strip_prefix('#').unwrap_or(line).trim().to_owned();
        self.comments.push(Comment { span: self.cursor.span_since(start), text, own_line });
    }

    /// The rest of the line, without its line break.
    fn line(&self) -> &'a str {
        self.cursor.rest().split(is_break).next().unwrap_or_default()
    }

    /// The line up to the position.
    fn line_before(&self) -> &'a str {
        self.cursor.before().rsplit(is_break).next().unwrap_or_default()
    }

    /// Whether an alias, an anchor, a tag or a word without spaces ends before this character.
    fn is_end(&self, c: char) -> bool {
        c.is_ascii_whitespace() || (self.n_open > 0 && matches!(c, ',' | '[' | ']' | '{' | '}'))
    }

    /// Moves over an alias, an anchor or a tag.
    fn token(&mut self) {
        let mut cursor = self.cursor;
        cursor.take_while(|c| !self.is_end(c));
        self.cursor = cursor;
    }

    /// The end of an unquoted word or number without spaces.
    fn after_word(&self) -> Cursor<'a> {
        let mut ahead = self.cursor;
        while let Some(c) = ahead.peek().filter(|c| !self.lost && !self.is_end(*c)) {
            if c == ':' && ahead.peek_at(1).is_none_or(|next| self.is_end(next)) {
                break;
            }
            ahead.bump();
        }
        ahead
    }

    /// Whether the word before this position is all of a value: not a key, nor the first word of one.
    fn is_whole(&self, mut after: Cursor) -> bool {
        let from = after.at();
        after.take_while(|c| matches!(c, ' ' | '\t'));
        match after.peek() {
            Some('#') => after.at() > from,
            Some(',' | ']' | '}') => self.n_open > 0,
            next => next.is_none_or(is_break),
        }
    }

    /// Moves over an unquoted text. Over several lines its characters follow each other with any white space between them.
    fn plain(&mut self, text: &str) {
        if self.lost || self.cursor.eat(text) {
            return;
        }
        for c in text.chars().filter(|c| !c.is_ascii_whitespace()) {
            self.cursor.take_while(is_blank);
            self.expect(c);
        }
    }

    fn quoted(&mut self, quote: char) {
        let mut ahead = self.cursor;
        ahead.bump();
        loop {
            ahead.take_while(|c| c != quote && c != '\\');
            match ahead.bump() {
                None => {
                    self.lost = true;
                    return;
                }
                Some('\\') if quote == '"' => drop(ahead.bump()),
                Some('\\') => {}
                Some(_) if quote == '\'' && ahead.eat("'") => {}
                Some(_) => break,
            }
        }
        self.cursor = ahead;
    }

    /// Moves over a block text: the lines indented at least as far as the first one, and the blank lines between them.
    fn block(&mut self, text: &str) {
        let header = self.line();
        let outer = indent_of(self.line_before());
        let written = header.chars().skip(1).take(2).find_map(|c| c.to_digit(10)).map(|digit| outer.saturating_add(digit as usize));
        if let Some((before, _)) = header.split_once(" #") {
            self.cursor.skip(before.len());
            self.cursor.bump();
            self.comment();
        } else {
            self.cursor.skip(header.trim_end().len());
        }
        if text.trim().is_empty() {
            return;
        }
        let mut indent = written;
        let mut ahead = self.cursor;
        ahead.take_line();
        while !ahead.is_at_end() {
            let start = ahead;
            let line = ahead.take_line();
            if line.trim().is_empty() {
                continue;
            }
            let depth = indent_of(line);
            if depth < *indent.get_or_insert(depth) {
                break;
            }
            self.cursor = start;
            self.cursor.skip(line.trim_end().len());
        }
    }
}

/// Whether a line of YAML ends with this: also with a carriage return alone, and with the separators of Unicode.
fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// White space of YAML.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t') || is_break(c)
}
