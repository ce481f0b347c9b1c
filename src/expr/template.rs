//! A text to its parts: what prints unchanged, `{{ … }}`, `{% … %}` and `{# … #}`. Rules: Pebble's tags and white space
//! control; Kestra's `{% raw %}`, which is kept until everything is rendered.

use super::dialect::Dialect;
use super::lexer::{Kind, Lexer};
use super::parser::{DEEPEST, Parser, literal_key};
use super::tree::{Args, Expr, Fault, First, For, Macro, Outcome, Piece, Template};
use crate::value::Value;
use std::ops::Range;

/// Parses a text.
///
/// # Errors
/// The first thing that is wrong.
pub(super) fn parse<'a>(text: &'a str, dialect: &'a Dialect) -> Outcome<Template<'a>> {
    let mut reader = Reader { text, dialect, at: 0, trim: false, depth: 0, template: Template::default() };
    let (body, end) = reader.body(&[])?;
    debug_assert!(end.is_none(), "only the end of the text ends it");
    reader.template.body = body;
    Ok(reader.template)
}

/// Where the next `{{`, `{%` or `{#` stands.
pub(super) fn opening(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    (from..bytes.len().saturating_sub(1)).find(|at| bytes[*at] == b'{' && matches!(bytes[at + 1], b'{' | b'%' | b'#'))
}

struct Reader<'a> {
    text: &'a str,
    dialect: &'a Dialect,
    at: usize,
    /// Whether white space goes up to the next word.
    trim: bool,
    depth: usize,
    template: Template<'a>,
}

impl<'a> Reader<'a> {
    fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    /// Parts up to one of these tags, whose words are still to be read; `None` at the end of the text.
    fn body(&mut self, ends: &[&str]) -> Outcome<(Vec<Piece<'a>>, Option<Parser<'a>>)> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Fault::new(format!("more than {DEEPEST} tags within each other"), self.at..self.at));
        }
        let mut pieces = Vec::new();
        loop {
            let open = opening(self.text, self.at);
            let mut plain = self.slice(self.at..open.unwrap_or(self.text.len()));
            if std::mem::take(&mut self.trim) {
                plain = plain.trim_start();
            }
            let Some(open) = open else {
                push(&mut pieces, plain);
                return Ok((pieces, None));
            };
            let rest = self.slice(open + 2..self.text.len());
            let trims = rest.strip_prefix('-').is_some_and(|rest| rest.starts_with(char::is_whitespace));
            push(&mut pieces, if trims { plain.trim_end() } else { plain });
            let inside = open + 2 + usize::from(trims);
            match self.slice(open + 1..open + 2) {
                "#" => {
                    let end = rest.find("#}").ok_or_else(|| Fault::new("Unclosed comment.", open..self.text.len()))?;
                    self.trim = rest.get(..end).is_some_and(|comment| comment.ends_with('-'));
                    self.at = open + 2 + end + 2;
                }
                "{" => {
                    let mut parser = Parser::new(self.text, self.dialect, inside, "}}", self.depth)?;
                    pieces.push(Piece::Print(parser.expression()?));
                    self.closed(&parser)?;
                }
                _ => {
                    if let Some((kept, end)) = self.kept("verbatim", open)? {
                        push(&mut pieces, kept);
                        self.at = end;
                    } else if let Some((_, end)) = self.kept("raw", open)? {
                        push(&mut pieces, self.slice(open..end));
                        self.at = end;
                    } else {
                        let mut parser = Parser::new(self.text, self.dialect, inside, "%}", self.depth)?;
                        if parser.token.kind != Kind::Name {
                            return Err(Fault::new("A block must start with a tag name.", parser.token.span()));
                        }
                        if ends.contains(&parser.token.text) {
                            self.depth -= 1;
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
        (self.at, self.trim) = parser.close()?;
        Ok(())
    }

    /// What stands between `{% name %}` at this place and `{% endname %}`, and where that ends.
    fn kept(&mut self, name: &str, open: usize) -> Outcome<Option<(&'a str, usize)>> {
        let Some((from, _, trims)) = bare_tag(self.text, open, name) else {
            return Ok(None);
        };
        let end_name = format!("end{name}");
        let mut at = from;
        while let Some(found) = opening(self.text, at) {
            if let Some((behind, trims_before, trims_behind)) = bare_tag(self.text, found, &end_name) {
                let mut inner = self.slice(from..found);
                inner = if trims { inner.trim_start() } else { inner };
                inner = if trims_before { inner.trim_end() } else { inner };
                self.trim = trims_behind;
                return Ok(Some((inner, behind)));
            }
            at = found + 1;
        }
        Err(Fault::new(format!("Unclosed {name} tag."), open..self.text.len()))
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
                let name = self.slice(span.start..self.at);
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

/// Where a tag without words ends, when this is one of that name; and whether white space before and behind it goes.
fn bare_tag(text: &str, open: usize, name: &str) -> Option<(usize, bool, bool)> {
    let inside = text.get(open..)?.strip_prefix("{%")?;
    let before = inside.strip_prefix('-');
    let word = before.unwrap_or(inside).trim_start().strip_prefix(name)?.trim_start();
    let behind = word.strip_prefix('-');
    let rest = behind.unwrap_or(word).strip_prefix("%}")?;
    Some((text.len() - rest.len(), before.is_some(), behind.is_some()))
}

/// What is left of a text without the tags of `{% raw %}`: its bytes, in order.
pub(super) fn without_raw_tags(text: &str) -> Vec<Range<usize>> {
    let mut reader = Reader { text, dialect: &Dialect::OLDEST, at: 0, trim: false, depth: 0, template: Template::default() };
    let mut ranges = Vec::new();
    let mut from = 0;
    let mut at = 0;
    while let Some(open) = opening(text, at) {
        at = open + 1;
        if let Ok(Some((inner, end))) = reader.kept("raw", open) {
            let inner_at = inner.as_ptr() as usize - text.as_ptr() as usize;
            ranges.extend([from..open, inner_at..inner_at + inner.len()]);
            (from, at) = (end, end);
        }
    }
    ranges.push(from..text.len());
    ranges
}

/// Continues behind the next `#{` (true) or `"` (false) of a text with expressions of its own.
fn skip_plain(lexer: &mut Lexer<'_>) -> bool {
    let rest = lexer.text.get(lexer.at..).unwrap_or_default();
    let end = rest.find('"').unwrap_or(rest.len());
    let inner = rest.get(..end).and_then(|plain| plain.find("#{"));
    lexer.at += inner.map_or((end + 1).min(rest.len()), |at| at + 2);
    lexer.brackets += usize::from(inner.is_some());
    inner.is_some()
}

/// Every path of names in a text, also in one that cannot be parsed: a root, then `.name` and `['key']` behind it. Names that
/// the text gives itself (`for`, `set`, `macro`), functions, filters, tests and tags do not count.
pub(super) fn paths(text: &str) -> Vec<(String, Range<usize>)> {
    let mut found: Vec<(String, Range<usize>)> = Vec::new();
    let mut own = vec!["loop"];
    let mut at = 0;
    while let Some(open) = opening(text, at) {
        let close = match &text.as_bytes()[open + 1] {
            b'{' => "}}",
            b'%' => "%}",
            _ => {
                at = text.get(open..).and_then(|rest| rest.find("#}")).map_or(text.len(), |end| open + end);
                continue;
            }
        };
        let trims =
            text.get(open + 2..).is_some_and(|rest| rest.strip_prefix('-').is_some_and(|rest| rest.starts_with(char::is_whitespace)));
        let mut lexer = Lexer { text, dialect: &Dialect::OLDEST, at: open + 2 + usize::from(trims), close, brackets: 0 };
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
                quotes.push(lexer.brackets - 1);
            }
            words.push(token);
        }
        at = lexer.at.max(open + 2);
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
