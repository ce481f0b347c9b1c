//! Commands that hold others: `if`, loops, `case`, groups, functions, and `[[ ... ]]`.

use std::rc::Rc;

use super::parser::{Parsed, Parser, is_name};
use super::tree::{Node, Part, Word};

impl Parser<'_> {
    pub fn command(&mut self) -> Parsed<Node> {
        self.spaces();
        let keyword = self.keyword();
        let node = match keyword {
            "if" => self.if_()?,
            "while" | "until" => {
                let (line, until) = (self.line(), keyword == "until");
                self.eat(keyword);
                let condition = self.body()?;
                self.expect("do")?;
                let body = self.body()?;
                self.expect("done")?;
                Node::While { line, until, condition, body }
            }
            "for" | "select" => self.for_()?,
            "case" => self.case()?,
            "{" => {
                self.eat(keyword);
                let body = self.body()?;
                self.expect("}")?;
                Node::Group { body, redirects: Vec::new() }
            }
            "function" => {
                self.eat(keyword);
                self.spaces();
                let name = self.keyword();
                self.eat(name);
                self.spaces();
                if self.eat("(") {
                    self.spaces();
                    self.eat(")");
                }
                self.lines();
                return Ok(Node::Function { name: name.to_owned(), body: Rc::new(self.command()?) });
            }
            "[[" => {
                self.eat(keyword);
                Node::Test(self.test_words()?)
            }
            _ if self.opens_arithmetic() => Node::Arithmetic(self.arithmetic()?),
            _ if self.eat("(") => {
                let body = self.body()?;
                self.lines();
                if !self.eat(")") {
                    return self.unexpected();
                }
                Node::Subshell { body, redirects: Vec::new() }
            }
            _ => return self.simple(),
        };
        let mut more = Vec::new();
        while let Some(redirect) = self.redirect()? {
            more.push(redirect);
        }
        Ok(match node {
            node if more.is_empty() => node,
            Node::Subshell { body, .. } => Node::Subshell { body, redirects: more },
            node => Node::Group { body: Box::new(node), redirects: more },
        })
    }

    fn if_(&mut self) -> Parsed<Node> {
        self.eat("if");
        let mut arms = Vec::new();
        loop {
            let condition = *self.body()?;
            self.expect("then")?;
            arms.push((condition, *self.body()?));
            self.lines();
            if self.keyword_is("elif") {
                continue;
            }
            let otherwise = if self.keyword_is("else") { Some(self.body()?) } else { None };
            self.expect("fi")?;
            return Ok(Node::If { arms, otherwise });
        }
    }

    fn for_(&mut self) -> Parsed<Node> {
        let (line, start) = (self.line(), self.cursor.at());
        let selects = self.eat("select");
        self.eat("for");
        self.spaces();
        if self.eat("((") {
            let whole = self.arithmetic()?;
            let parts = split_at_semicolons(whole);
            self.spaces();
            self.eat(";");
            let body = self.loop_body()?;
            return Ok(Node::ForArithmetic { line, parts, body });
        }
        let name = self.keyword();
        if !is_name(name) {
            return self.unexpected();
        }
        self.eat(name);
        self.lines();
        let words = if self.keyword_is("in") {
            let mut words = Vec::new();
            loop {
                self.spaces();
                if self.peek().is_none_or(|c| "\n;&|)".contains(c)) {
                    break;
                }
                words.push(self.word()?);
            }
            Some(words)
        } else {
            None
        };
        let head = self.cursor.since(start).trim_end().into();
        self.spaces();
        self.eat(";");
        let body = self.loop_body()?;
        Ok(Node::For { line, head, name: name.to_owned(), words, selects, body })
    }

    fn loop_body(&mut self) -> Parsed<Box<Node>> {
        self.expect("do")?;
        let body = self.body()?;
        self.expect("done")?;
        Ok(body)
    }

    fn case(&mut self) -> Parsed<Node> {
        let start = self.cursor.at();
        self.eat("case");
        self.spaces();
        let word = self.word()?;
        self.expect("in")?;
        let head = self.cursor.since(start).into();
        let mut arms = Vec::new();
        loop {
            self.lines();
            if self.keyword_is("esac") {
                return Ok(Node::Case { head, word, arms });
            }
            self.eat("(");
            let mut patterns = Vec::new();
            loop {
                self.spaces();
                patterns.push(self.word()?);
                self.spaces();
                if self.eat(")") {
                    break;
                }
                if !self.eat("|") {
                    return self.unexpected();
                }
            }
            let body = self.list()?;
            self.lines();
            let end = [";;&", ";&", ";;"].into_iter().find(|end| self.eat(end)).unwrap_or("");
            if end.is_empty() && self.keyword() != "esac" {
                return self.unexpected();
            }
            arms.push((patterns, body, end));
        }
    }

    /// The words of `[[ ... ]]`.
    fn test_words(&mut self) -> Parsed<Vec<Word>> {
        let mut words: Vec<Word> = Vec::new();
        loop {
            self.lines();
            if self.keyword_is("]]") {
                return Ok(words);
            }
            if matches!(words.last().map(Vec::as_slice), Some([Part::Text(sign, false)]) if *sign == "=~") {
                words.push(self.regex()?);
                continue;
            }
            let sign = ["&&", "||", "(", ")", "<", ">"].into_iter().find(|sign| self.eat(sign));
            if let Some(sign) = sign {
                words.push(vec![Part::known(sign, false)]);
            } else if self.rest().is_empty() || self.starts(";") {
                return self.unexpected();
            } else {
                words.push(self.word()?);
            }
        }
    }
}

/// The three parts of `for ((a; b; c))`.
fn split_at_semicolons(whole: Word) -> [Word; 3] {
    let mut parts = <[Word; 3]>::default();
    let [current, others @ ..] = &mut parts;
    let (mut current, mut others) = (current, others.iter_mut());
    for part in whole {
        let Part::Text(text, quoted) = part else {
            current.push(part);
            continue;
        };
        for (nth, piece) in text.split(&|c| c == ';').into_iter().enumerate() {
            if nth > 0 {
                current = others.next().unwrap_or(current);
            }
            current.push(Part::Text(piece, quoted));
        }
    }
    parts
}
