//! The text of a script to its tree: the position in the text, lists, chains and pipes. What they are made of is in `compound.rs`,
//! `simple.rs`, `words.rs` and `parameters.rs`. The commands before a syntax error are kept and run, as in a shell that reads line by line.

use std::rc::Rc;

use super::tree::{Node, Part, Redirect, Target};
use crate::cursor::Cursor;
use crate::text::Text;

/// Deeper nesting is a mistake.
const DEEPEST: usize = 64;

/// How many bytes the tree of a script takes for each byte of its text, at most, about: `a a a`.
pub const HELD: usize = 92;

/// Words that end a list of commands.
const CLOSERS: &[&str] = &["then", "elif", "else", "fi", "do", "done", "esac", "}"];

/// The tree of a script, and what is wrong with the rest of it.
pub fn parse(text: &Text) -> (Node, Option<String>) {
    let mut parser = Parser::new(text, 0);
    let mut nodes = Vec::new();
    loop {
        match parser.next_complete() {
            Ok(None) => return (Node::List(nodes), None),
            Ok(Some(node)) => nodes.push(node),
            Err(error) => return (Node::List(nodes), Some(error)),
        }
    }
}

pub struct Parser<'a> {
    pub text: &'a Text,
    /// The position in `text`.
    pub cursor: Cursor<'a>,
    /// Where the text continues behind the here-documents of this line.
    pub heredoc: Option<Cursor<'a>>,
    pub depth: usize,
    /// How far the lines are counted, and how many there are up to there.
    counted: (usize, u32),
}

pub type Parsed<T> = Result<T, String>;

impl<'a> Parser<'a> {
    /// A parser for a text that is nested so deeply.
    pub fn new(text: &'a Text, depth: usize) -> Self {
        Self { text, cursor: Cursor::new(text), heredoc: None, depth, counted: (0, 0) }
    }

    pub fn rest(&self) -> &'a str {
        self.cursor.rest()
    }

    /// The line it is on, from 0.
    pub fn line(&mut self) -> u32 {
        let (from, line) = self.counted;
        let at = self.cursor.at();
        let between = self.text.get(from.min(at)..from.max(at)).unwrap_or_default().matches('\n').count() as u32;
        self.counted = (at, if from <= at { line.saturating_add(between) } else { line.saturating_sub(between) });
        self.counted.1
    }

    pub fn peek(&self) -> Option<char> {
        self.cursor.peek()
    }

    pub fn starts(&self, sign: &str) -> bool {
        self.rest().starts_with(sign)
    }

    pub fn eat(&mut self, sign: &str) -> bool {
        self.cursor.eat(sign)
    }

    /// The text from an earlier position up to here.
    pub fn since(&self, start: Cursor<'a>) -> Text {
        self.text.slice(start.at()..self.cursor.at())
    }

    /// The unknown part that begins here, taken.
    pub fn unknown(&mut self) -> Option<Text> {
        let start = self.cursor;
        self.cursor = Cursor::at_byte(self.text, self.text.unknown_end(start.at())?);
        Some(self.since(start))
    }

    /// The known text up to a character that stops it, taken.
    pub fn known_until(&mut self, stops: impl Fn(char) -> bool) -> &'a str {
        let known = self.text.known_from(self.cursor.at());
        let taken = known.split(stops).next().unwrap_or_default();
        self.cursor.skip(taken.len());
        taken
    }

    /// Reads a nested construct, unless it is nested too deeply.
    pub fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= DEEPEST {
            return Err("syntax error: nested too deeply".to_owned());
        }
        let inner = self.depth.saturating_add(1);
        let outer = std::mem::replace(&mut self.depth, inner);
        let node = read(self);
        self.depth = outer;
        node
    }

    pub fn unexpected<T>(&self) -> Parsed<T> {
        let word: String = self.rest().chars().take_while(|c| !c.is_whitespace()).take(20).collect();
        Err(match word.as_str() {
            "" if self.rest().is_empty() => "syntax error: unexpected end of file".to_owned(),
            "" => "syntax error near unexpected token `newline'".to_owned(),
            word => format!("syntax error near unexpected token `{word}'"),
        })
    }

    /// Skips spaces, line continuations and comments.
    pub fn spaces(&mut self) {
        loop {
            self.cursor.take_while(|c| matches!(c, ' ' | '\t' | '\r'));
            if self.starts("#") {
                self.cursor.take_while(|c| c != '\n');
            } else if !self.eat("\\\n") {
                return;
            }
        }
    }

    /// Skips spaces, ends of lines, and the here-documents behind a line.
    pub fn lines(&mut self) {
        loop {
            self.spaces();
            if !self.eat("\n") {
                return;
            }
            self.cursor = self.heredoc.take().unwrap_or(self.cursor);
        }
    }

    /// The plain word at this position, which may be a keyword.
    pub fn keyword(&self) -> &'a str {
        let mut ahead = self.cursor;
        ahead.take_while(|c| !c.is_whitespace() && !";&|<>()\"'\\$`".contains(c))
    }

    pub fn keyword_is(&mut self, word: &str) -> bool {
        self.spaces();
        self.keyword() == word && self.eat(word)
    }

    pub fn expect(&mut self, word: &str) -> Parsed<()> {
        self.lines();
        if self.keyword_is(word) { Ok(()) } else { self.unexpected() }
    }

    /// The next commands up to the end of a line; `None` at the end of the text.
    fn next_complete(&mut self) -> Parsed<Option<Node>> {
        self.lines();
        if self.rest().is_empty() {
            return Ok(None);
        }
        if self.starts(";") || self.starts("&") || self.starts(")") || CLOSERS.contains(&self.keyword()) {
            return self.unexpected();
        }
        let mut nodes = vec![self.separated()?];
        loop {
            self.spaces();
            if self.rest().is_empty() || self.starts("\n") || self.starts(";") || self.starts("&") || self.starts(")") {
                break;
            }
            if CLOSERS.contains(&self.keyword()) {
                break;
            }
            nodes.push(self.separated()?);
        }
        Ok(nodes.pop().map(|last| {
            if nodes.is_empty() {
                return last;
            }
            nodes.push(last);
            Node::List(nodes)
        }))
    }

    /// Commands up to a word or sign that closes them.
    pub fn list(&mut self) -> Parsed<Node> {
        self.deeper(|parser| {
            let mut nodes = Vec::new();
            loop {
                parser.lines();
                let closed = parser.rest().is_empty()
                    || [")", ";;", ";&"].iter().any(|sign| parser.starts(sign))
                    || CLOSERS.contains(&parser.keyword());
                if closed {
                    return Ok(Node::List(nodes));
                }
                nodes.push(parser.separated()?);
            }
        })
    }

    pub fn body(&mut self) -> Parsed<Box<Node>> {
        match self.list()? {
            Node::List(nodes) if nodes.is_empty() => self.unexpected(),
            node => Ok(Box::new(node)),
        }
    }

    /// One chain of commands with its separator.
    fn separated(&mut self) -> Parsed<Node> {
        let mut node = self.pipe()?;
        loop {
            self.spaces();
            if self.eat("&&") {
                self.lines();
                node = Node::And(Box::new(node), Box::new(self.pipe()?));
            } else if self.eat("||") {
                self.lines();
                node = Node::Or(Box::new(node), Box::new(self.pipe()?));
            } else {
                break;
            }
        }
        if !self.starts("&>") && self.eat("&") {
            return Ok(Node::Background(Rc::new(node)));
        }
        if !self.starts(";;") && !self.starts(";&") {
            self.eat(";");
        }
        Ok(node)
    }

    fn pipe(&mut self) -> Parsed<Node> {
        let mut negated = false;
        loop {
            self.spaces();
            if self.keyword_is("!") {
                negated = !negated;
            } else if !self.keyword_is("time") {
                break;
            }
        }
        let mut stages = vec![self.command()?];
        loop {
            self.spaces();
            if self.starts("||") || !self.eat("|") {
                break;
            }
            if self.eat("&") {
                let both = Redirect { stream: Some(2), to: Target::Copy(vec![Part::known("1", false)], false) };
                let last = stages.pop().map_or(Node::List(Vec::new()), |last| Node::Group { body: Box::new(last), redirects: vec![both] });
                stages.push(last);
            }
            self.lines();
            stages.push(self.command()?);
        }
        Ok(match stages.pop() {
            Some(only) if stages.is_empty() && !negated => only,
            last => {
                stages.extend(last);
                Node::Pipe { stages, negated }
            }
        })
    }
}

pub fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
