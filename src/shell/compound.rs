//! Commands that hold others: `if`, loops, `case`, groups, functions, and `[[ ... ]]`.

use std::rc::Rc;

use super::parser::{Parsed, Parser, is_name};
use super::tree::{Node, Part, Word};

impl Parser<'_> {
    pub fn command(&mut self) -> Parsed<Node> {
        self.spaces();
        let node = match self.keyword() {
            "if" => self.if_()?,
            "while" | "until" => {
                let (line, until) = (self.line(), self.keyword() == "until");
                self.at += 5;
                let condition = self.body()?;
                self.expect("do")?;
                let body = self.body()?;
                self.expect("done")?;
                Node::While { line, until, condition, body }
            }
            "for" => self.for_()?,
            "case" => self.case()?,
            "{" => {
                self.at += 1;
                let body = self.body()?;
                self.expect("}")?;
                Node::Group { body, redirects: Vec::new() }
            }
            "function" => {
                self.at += "function".len();
                self.spaces();
                let name = self.keyword().to_owned();
                self.at += name.len();
                self.spaces();
                if self.eat("(") {
                    self.spaces();
                    self.eat(")");
                }
                self.lines();
                return Ok(Node::Function { name, body: Rc::new(self.command()?) });
            }
            "[[" => {
                self.at += 2;
                Node::Test(self.test_words()?)
            }
            _ if self.starts("((") => {
                self.at += 2;
                let word = self.arithmetic()?;
                Node::Arithmetic(word)
            }
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
        self.at += 2;
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
        let line = self.line();
        self.at += 3;
        self.spaces();
        if self.eat("((") {
            let whole = self.arithmetic()?;
            let parts = split_at_semicolons(whole);
            self.spaces();
            self.eat(";");
            let body = self.loop_body()?;
            return Ok(Node::ForArithmetic { line, parts, body });
        }
        let name = self.keyword().to_owned();
        if !is_name(&name) {
            return self.unexpected();
        }
        self.at += name.len();
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
        self.spaces();
        self.eat(";");
        let body = self.loop_body()?;
        Ok(Node::For { line, name, words, body })
    }

    fn loop_body(&mut self) -> Parsed<Box<Node>> {
        self.expect("do")?;
        let body = self.body()?;
        self.expect("done")?;
        Ok(body)
    }

    fn case(&mut self) -> Parsed<Node> {
        self.at += 4;
        self.spaces();
        let word = self.word()?;
        self.expect("in")?;
        let mut arms = Vec::new();
        loop {
            self.lines();
            if self.keyword_is("esac") {
                return Ok(Node::Case { word, arms });
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
            let falls = self.eat(";&");
            if !falls && !self.eat(";;&") && !self.eat(";;") && self.keyword() != "esac" {
                return self.unexpected();
            }
            arms.push((patterns, body, falls));
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
            let sign = ["&&", "||", "(", ")", "<", ">"].into_iter().find(|sign| self.starts(sign));
            if let Some(sign) = sign {
                self.at += sign.len();
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
    let mut parts: [Word; 3] = Default::default();
    let mut n = 0;
    for part in whole {
        let Part::Text(text, quoted) = part else {
            parts[n].push(part);
            continue;
        };
        for (nth, piece) in text.split(&|c| c == ';').into_iter().enumerate() {
            n = if nth > 0 { (n + 1).min(2) } else { n };
            parts[n].push(Part::Text(piece, quoted));
        }
    }
    parts
}
