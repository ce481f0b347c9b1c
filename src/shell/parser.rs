//! The text of a script to its tree: the position in the text, lists, chains and pipes. What they are made of is in `compound.rs`,
//! `simple.rs` and `words.rs`. The commands before a syntax error are kept and run, as in a shell that reads line by line.

use std::rc::Rc;

use super::tree::{Node, Part, Redirect, Target};
use crate::text::Text;

/// Deeper nesting is a mistake.
const DEEPEST: usize = 64;

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
    pub at: usize,
    /// Where the text continues behind the here-documents of this line.
    pub heredoc: Option<usize>,
    pub depth: usize,
}

pub type Parsed<T> = Result<T, String>;

impl<'a> Parser<'a> {
    /// A parser for a text that is nested so deeply.
    pub fn new(text: &'a Text, depth: usize) -> Self {
        Self { text, at: 0, heredoc: None, depth }
    }

    pub fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The line it is on, from 0.
    pub fn line(&self) -> u32 {
        self.text[..self.at].matches('\n').count() as u32
    }

    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub fn starts(&self, sign: &str) -> bool {
        self.rest().starts_with(sign)
    }

    pub fn eat(&mut self, sign: &str) -> bool {
        let found = self.starts(sign);
        self.at += if found { sign.len() } else { 0 };
        found
    }

    /// The unknown part that begins here, taken.
    pub fn unknown(&mut self) -> Option<Text> {
        let end = self.text.unknown_end(self.at)?;
        let part = self.text.slice(self.at..end);
        self.at = end;
        Some(part)
    }

    /// The known text up to a character that stops it, taken.
    pub fn known_until(&mut self, stops: impl Fn(char) -> bool) -> &'a str {
        let known = &self.text[self.at..self.text.next_unknown(self.at)];
        let end = known.find(stops).unwrap_or(known.len());
        self.at += end;
        &known[..end]
    }

    /// Enters a nested construct, unless it is nested too deeply.
    pub fn deeper(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > DEEPEST { Err("syntax error: nested too deeply".to_owned()) } else { Ok(()) }
    }

    pub fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
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
            let rest = self.rest();
            let trimmed = rest.trim_start_matches([' ', '\t', '\r']);
            self.at += rest.len() - trimmed.len();
            if trimmed.starts_with('#') {
                self.at += trimmed.find('\n').unwrap_or(trimmed.len());
            } else if trimmed.starts_with("\\\n") {
                self.at += 2;
            } else {
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
            if let Some(at) = self.heredoc.take() {
                self.at = at;
            }
        }
    }

    /// The plain word at this position, which may be a keyword.
    pub fn keyword(&self) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c: char| c.is_whitespace() || ";&|<>()\"'\\$`".contains(c)).unwrap_or(rest.len());
        &rest[..end]
    }

    pub fn keyword_is(&mut self, word: &str) -> bool {
        self.spaces();
        let found = self.keyword() == word;
        self.at += if found { word.len() } else { 0 };
        found
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
        self.deeper()?;
        let mut nodes = Vec::new();
        loop {
            self.lines();
            let closed =
                self.rest().is_empty() || self.starts(")") || self.starts(";;") || self.starts(";&") || CLOSERS.contains(&self.keyword());
            if closed {
                self.depth -= 1;
                return Ok(Node::List(nodes));
            }
            nodes.push(self.separated()?);
        }
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
        if self.starts("&") && !self.starts("&>") {
            self.at += 1;
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
            if self.keyword() == "!" {
                self.at += 1;
                negated = !negated;
            } else if !self.keyword_is("time") {
                break;
            }
        }
        let mut stages = vec![self.command()?];
        loop {
            self.spaces();
            if self.starts("||") || !self.starts("|") {
                break;
            }
            self.at += 1;
            if self.eat("&") {
                let both = Redirect { stream: Some(2), to: Target::Copy(vec![Part::known("1", false)]) };
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
