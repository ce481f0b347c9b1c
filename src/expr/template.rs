//! A text to its parts: what prints unchanged, `{{ … }}`, `{% … %}` and `{# … #}`. Rules: Pebble's tags and white space
//! control; Kestra's `{% raw %}`, which is kept until everything is rendered.

use super::dialect::Dialect;
use super::lexer::{Kind, Lexer};
use super::parser::{DEEPEST, Parser, literal_key};
use super::tree::{Args, Expr, Fault, First, For, Macro, Outcome, Piece, Template};
use crate::cursor::Cursor;
use crate::value::Value;
use std::ops::Range;

/// Parses a text.
///
/// # Errors
/// The first thing that is wrong.
pub(super) fn parse<'a>(text: &'a str, dialect: &'a Dialect) -> Outcome<Template<'a>> {
    let mut reader = Reader { cursor: Cursor::new(text), dialect, trim: false, depth: 0, template: Template::default() };
    let (body, end) = reader.body(&[])?;
    debug_assert!(end.is_none(), "only the end of the text ends it");
    reader.template.body = body;
    Ok(reader.template)
}

/// Whether a text has `{{`, `{%` or `{#` in it.
pub(super) fn has_opening(text: &str) -> bool {
    next_opening(&mut Cursor::new(text)).is_some()
}

/// Moves to the next `{{`, `{%` or `{#`, before it, and returns what it moved over; `None`, and no move, when there is none.
fn next_opening<'a>(cursor: &mut Cursor<'a>) -> Option<&'a str> {
    let is_opening = |pair: &[u8]| matches!(pair, [b'{', b'{' | b'%' | b'#']);
    let plain = cursor.rest().get(..cursor.rest().as_bytes().windows(2).position(is_opening)?)?;
    cursor.skip(plain.len());
    Some(plain)
}

/// The place behind `{{`, `{%` or `{#`, and behind the `-` that removes the white space before it; and whether there is one.
fn inside(open: Cursor<'_>) -> (Cursor<'_>, bool) {
    let mut inside = open;
    inside.skip(2);
    let trims = inside.peek() == Some('-') && inside.peek_at(1).is_some_and(char::is_whitespace);
    inside.skip(usize::from(trims));
    (inside, trims)
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    dialect: &'a Dialect,
    /// Whether white space goes up to the next word.
    trim: bool,
    depth: usize,
    template: Template<'a>,
}

impl<'a> Reader<'a> {
    /// Parts up to one of these tags, whose words are still to be read; `None` at the end of the text.
    fn body(&mut self, ends: &[&str]) -> Outcome<(Vec<Piece<'a>>, Option<Parser<'a>>)> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > DEEPEST {
            return Err(Fault::new(format!("more than {DEEPEST} tags within each other"), self.cursor.at()..self.cursor.at()));
        }
        let mut pieces = Vec::new();
        loop {
            let rest = self.cursor.rest();
            let found = next_opening(&mut self.cursor);
            let mut plain = found.unwrap_or(rest);
            if std::mem::take(&mut self.trim) {
                plain = plain.trim_start();
            }
            if found.is_none() {
                push(&mut pieces, plain);
                return Ok((pieces, None));
            }
            let open = self.cursor;
            let (inside, trims) = inside(open);
            push(&mut pieces, if trims { plain.trim_end() } else { plain });
            match open.peek_at(1) {
                Some('#') => {
                    self.cursor.skip(2);
                    let comment = self.cursor.take_until("#}").ok_or_else(|| unclosed("Unclosed comment.", open))?;
                    self.trim = comment.ends_with('-');
                    self.cursor.skip(2);
                }
                Some('{') => {
                    let mut parser = Parser::new(inside, self.dialect, "}}", self.depth)?;
                    pieces.push(Piece::Print(parser.expression()?));
                    self.closed(&parser)?;
                }
                _ => {
                    if let Some((kept, end)) = self.kept("verbatim", open)? {
                        push(&mut pieces, open.text().get(kept).unwrap_or_default());
                        self.cursor = end;
                    } else if let Some((_, end)) = self.kept("raw", open)? {
                        push(&mut pieces, end.since(open.at()));
                        self.cursor = end;
                    } else {
                        let mut parser = Parser::new(inside, self.dialect, "%}", self.depth)?;
                        if parser.token.kind != Kind::Name {
                            return Err(Fault::new("A block must start with a tag name.", parser.token.span()));
                        }
                        if ends.contains(&parser.token.text) {
                            self.depth = self.depth.saturating_sub(1);
                            return Ok((pieces, Some(parser)));
                        }
                        let tag = parser.advance()?;
                        self.tag(tag.text, tag.span(), parser, &mut pieces)?;
                    }
                }
            }
        }
    }

    /// Continues behind the braces of this parser.
    fn closed(&mut self, parser: &Parser<'a>) -> Outcome<()> {
        (self.cursor, self.trim) = parser.close()?;
        Ok(())
    }

    /// The bytes of what stands between `{% name %}` at this place and `{% endname %}`, and the place behind that.
    fn kept(&mut self, name: &str, open: Cursor<'a>) -> Outcome<Option<(Range<usize>, Cursor<'a>)>> {
        if bare_tag(open, name).is_none() {
            return Ok(None);
        }
        let ((inner, trims), behind) = kept(name, open).ok_or_else(|| unclosed(&format!("Unclosed {name} tag."), open))?;
        self.trim = trims;
        Ok(Some((inner, behind)))
    }

    /// Parts up to the tag that must come, and a parser for its words.
    fn until(&mut self, ends: &[&str], open: &Range<usize>) -> Outcome<(Vec<Piece<'a>>, Parser<'a>)> {
        let (pieces, end) = self.body(ends)?;
        let wanted = ends.last().copied().unwrap_or_default();
        match end {
            Some(parser) => Ok((pieces, parser)),
            None => Err(Fault::new(format!("Unexpected end of template. Pebble was looking for the \"{wanted}\" tag"), open.clone())),
        }
    }

    /// Parts up to the one tag that must come, and on behind it.
    fn whole(&mut self, end: &str, open: &Range<usize>) -> Outcome<Vec<Piece<'a>>> {
        let (pieces, mut parser) = self.until(&[end], open)?;
        parser.advance()?;
        if parser.token.kind == Kind::Name && end == "endblock" {
            parser.advance()?; // its name may be repeated
        }
        self.closed(&parser)?;
        Ok(pieces)
    }

    fn tag(&mut self, tag: &str, span: Range<usize>, mut parser: Parser<'a>, pieces: &mut Vec<Piece<'a>>) -> Outcome<()> {
        match tag {
            "if" => {
                let mut arms = Vec::new();
                let otherwise = loop {
                    let condition = parser.condition()?;
                    self.closed(&parser)?;
                    let (body, end) = self.until(&["elseif", "else", "endif"], &span)?;
                    arms.push((condition, body));
                    parser = end;
                    match parser.advance()?.text {
                        "elseif" => continue,
                        "else" => {
                            self.closed(&parser)?;
                            break self.whole("endif", &span)?;
                        }
                        _ => {
                            self.closed(&parser)?;
                            break Vec::new();
                        }
                    }
                };
                pieces.push(Piece::If(arms, otherwise));
            }
            "for" => {
                let name = parser.name()?;
                if parser.token.text != "in" {
                    return parser.unexpected("NAME with value \"in\"");
                }
                parser.advance()?;
                let list = parser.condition()?;
                self.closed(&parser)?;
                let (body, mut end) = self.until(&["else", "endfor"], &span)?;
                let has_else = end.advance()?.text == "else";
                self.closed(&end)?;
                let otherwise = if has_else { self.whole("endfor", &span)? } else { Vec::new() };
                pieces.push(Piece::For(Box::new(For { name, list, body, otherwise })));
            }
            "set" => {
                let name = parser.name()?;
                if !parser.token.is("=") {
                    return parser.unexpected("PUNCTUATION with value \"=\"");
                }
                parser.advance()?;
                pieces.push(Piece::Set(name, parser.expression()?));
                self.closed(&parser)?;
            }
            "macro" => {
                let name = parser.name()?;
                let parameters = parser.parameters()?;
                self.closed(&parser)?;
                let body = self.whole("endmacro", &span)?;
                self.template.macros.push(Macro { name, parameters, body });
            }
            "block" => {
                let name = match parser.token.kind {
                    Kind::Name => parser.token.text,
                    Kind::Text => parser.token.text.trim_matches(['\'', '"']),
                    _ => return parser.unexpected("NAME"),
                };
                parser.advance()?;
                self.closed(&parser)?;
                let body = self.whole("endblock", &span)?;
                pieces.push(Piece::Block(self.template.blocks.len()));
                self.template.blocks.push((name, body));
            }
            "filter" => {
                let steps = parser.filters()?;
                self.closed(&parser)?;
                let body = self.whole("endfilter", &span)?;
                // A block of its own, under a name that no other text has.
                let name = self.cursor.since(span.start);
                self.template.blocks.push((name, body));
                let named = Expr { first: First::Literal(Value::text(name)), at: span.start, steps: Vec::new() };
                let first = First::Call("block", Args { positional: vec![named], named: Vec::new() });
                pieces.push(Piece::Print(Expr { first, at: span.start, steps }));
            }
            other => return Err(Fault::new(format!("Unexpected tag name \"{other}\""), span)),
        }
        Ok(())
    }
}

fn push<'a>(pieces: &mut Vec<Piece<'a>>, text: &'a str) {
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
}

/// Something that begins here and does not end.
fn unclosed(message: &str, open: Cursor<'_>) -> Box<Fault> {
    Fault::new(message, open.at()..open.text().len())
}

/// The place behind a tag without words, when this is one of that name; and whether white space before and behind it goes.
fn bare_tag<'a>(mut cursor: Cursor<'a>, name: &str) -> Option<(Cursor<'a>, bool, bool)> {
    cursor.eat("{%").then_some(())?;
    let before = cursor.eat("-");
    cursor.skip_space();
    cursor.eat(name).then_some(())?;
    cursor.skip_space();
    let behind = cursor.eat("-");
    cursor.eat("%}").then_some((cursor, before, behind))
}

/// The bytes of what stands between `{% name %}` at this place and `{% endname %}`, whether white space behind goes, and the place
/// behind that.
fn kept<'a>(name: &str, open: Cursor<'a>) -> Option<((Range<usize>, bool), Cursor<'a>)> {
    let (mut from, _, trims) = bare_tag(open, name)?;
    if trims {
        from.skip_space();
    }
    let end_name = format!("end{name}");
    let mut ahead = from;
    while next_opening(&mut ahead).is_some() {
        if let Some((behind, trims_before, trims_behind)) = bare_tag(ahead, &end_name) {
            let inner = ahead.since(from.at());
            let inner = if trims_before { inner.trim_end() } else { inner };
            return Some(((from.at()..from.at().saturating_add(inner.len()), trims_behind), behind));
        }
        ahead.bump();
    }
    None
}

/// What is left of a text without the tags of `{% raw %}`: its bytes, in order.
pub(super) fn without_raw_tags(text: &str) -> Vec<Range<usize>> {
    let mut cursor = Cursor::new(text);
    let mut reader = Reader { cursor, dialect: &Dialect::OLDEST, trim: false, depth: 0, template: Template::default() };
    let mut ranges = Vec::new();
    let mut from = 0;
    while next_opening(&mut cursor).is_some() {
        match reader.kept("raw", cursor) {
            Ok(Some((inner, end))) => {
                ranges.extend([from..cursor.at(), inner]);
                (from, cursor) = (end.at(), end);
            }
            Ok(None) => drop(cursor.bump()),
            // None of those behind it has an end either.
            Err(_) => break,
        }
    }
    ranges.push(from..text.len());
    ranges
}

/// Continues behind the next `#{` (true) or `"` (false) of a text with expressions of its own.
fn skip_plain(lexer: &mut Lexer<'_>) -> bool {
    let plain = lexer.cursor.take_while(|c| c != '"');
    if let Some((_, inner)) = plain.split_once("#{") {
        let n_bytes = lexer.cursor.at().saturating_sub(inner.len());
        lexer.cursor = Cursor::at_byte(lexer.cursor.text(), n_bytes);
        lexer.brackets = lexer.brackets.saturating_add(1);
        return true;
    }
    lexer.cursor.bump();
    false
}

/// Every path of names in a text, also in one that cannot be parsed: a root, then `.name` and `['key']` behind it. Names that
/// the text gives itself (`for`, `set`, `macro`), functions, filters, tests and tags do not count.
pub(super) fn paths(text: &str) -> Vec<(String, Range<usize>)> {
    let mut found: Vec<(String, Range<usize>)> = Vec::new();
    let mut own = vec!["loop"];
    let mut names = vec!["verbatim", "raw"];
    let mut cursor = Cursor::new(text);
    while next_opening(&mut cursor).is_some() {
        let close = match cursor.peek_at(1) {
            Some('{') => "}}",
            Some('%') => "%}",
            _ if cursor.take_until("#}").is_some() => continue,
            _ => break,
        };
        let tag = names.iter().position(|name| bare_tag(cursor, name).is_some());
        if let Some((name, tag)) = tag.and_then(|tag| Some((*names.get(tag)?, tag))) {
            if let Some((_, behind)) = kept(name, cursor) {
                cursor = behind;
                continue;
            }
            // None of those behind it has an end either.
            names.remove(tag);
        }
        let mut lexer = Lexer { cursor: inside(cursor).0, dialect: &Dialect::OLDEST, close, brackets: 0 };
        let mut words = Vec::new();
        let mut quotes = Vec::new(); // open brackets around each `"… #{`
        while let Ok(token) = lexer.next() {
            if matches!(token.kind, Kind::Close | Kind::End) {
                break;
            }
            let within = token.is("}") && quotes.last() == Some(&lexer.brackets);
            if within {
                quotes.pop();
            }
            if (within || token.kind == Kind::Quote) && skip_plain(&mut lexer) {
                quotes.push(lexer.brackets.saturating_sub(1));
            }
            words.push(token);
        }
        cursor = lexer.cursor;
        let mut words = words.as_slice();
        if close == "%}"
            && let [tag, rest @ ..] = words
        {
            words = rest;
            if let [name, rest @ ..] = words
                && matches!(tag.text, "for" | "set" | "macro" | "block")
            {
                own.push(name.text);
                words = rest.split_first().filter(|(word, _)| word.text == "in").map_or(rest, |(_, rest)| rest);
                if tag.text == "macro" {
                    own.extend(rest.iter().filter(|word| word.kind == Kind::Name).map(|word| word.text));
                }
            }
        }
        let mut before = "";
        while let [word, rest @ ..] = words {
            words = rest;
            let skipped = matches!(before, "." | "|" | "is" | "is not") || word.kind != Kind::Name;
            before = word.text;
            let called = |words: &[super::lexer::Token<'_>]| words.first().is_some_and(|next| next.is("(") || next.is("="));
            if skipped || called(words) || matches!(word.text.to_ascii_lowercase().as_str(), "true" | "false" | "null" | "none") {
                continue;
            }
            let (mut path, mut end) = (word.text.to_owned(), word.span().end);
            loop {
                match words {
                    [dot, name, rest @ ..] if dot.is(".") && name.kind == Kind::Name && !called(rest) => {
                        path.extend([".", name.text]);
                        (words, end) = (rest, name.span().end);
                    }
                    [open, key, close, rest @ ..] if open.is("[") && close.is("]") && literal_key(key).is_some() => {
                        path.extend([".", &literal_key(key).unwrap_or_default()]);
                        (words, end) = (rest, close.span().end);
                    }
                    _ => break,
                }
            }
            if !own.contains(&word.text) {
                found.push((path, word.at..end));
            }
        }
    }
    found
}
