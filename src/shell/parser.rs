//! The text of a script to its tree. The commands before a syntax error are kept and run, as in a shell that reads line by
//! line.

use std::rc::Rc;

use super::tree::{Assign, Assigned, Node, Part, Redirect, Target, Word};
use crate::text::Text;

/// Deeper nesting is a mistake.
const DEEPEST: usize = 64;

/// Words that end a list of commands.
const CLOSERS: &[&str] = &["then", "elif", "else", "fi", "do", "done", "esac", "}"];

/// Commands that declare variables, lists among them.
pub const DECLARES: &[&str] = &["declare", "typeset", "local", "readonly", "export"];

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
    heredoc: Option<usize>,
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
    fn line(&self) -> u32 {
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
    fn keyword(&self) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c: char| c.is_whitespace() || ";&|<>()\"'\\$`".contains(c)).unwrap_or(rest.len());
        &rest[..end]
    }

    fn keyword_is(&mut self, word: &str) -> bool {
        self.spaces();
        let found = self.keyword() == word;
        self.at += if found { word.len() } else { 0 };
        found
    }

    fn expect(&mut self, word: &str) -> Parsed<()> {
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

    fn body(&mut self) -> Parsed<Box<Node>> {
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

    fn command(&mut self) -> Parsed<Node> {
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

    fn simple(&mut self) -> Parsed<Node> {
        let (mut assigns, mut words, mut redirects) = (Vec::new(), Vec::new(), Vec::new());
        loop {
            self.spaces();
            if let Some(redirect) = self.redirect()? {
                redirects.push(redirect);
                continue;
            }
            if self.peek().is_none_or(|c| "\n;&|()".contains(c)) {
                break;
            }
            if words.is_empty()
                && let Some(assign) = self.assign()?
            {
                assigns.push(assign);
                continue;
            }
            // `declare -A m=(...)`: the name for the command, and the list.
            let declares = matches!(words.first().map(Vec::as_slice), Some([Part::Text(name, _)]) if DECLARES.contains(&&**name));
            if declares
                && self
                    .rest()
                    .find(['(', ' ', '\n', ';'])
                    .is_some_and(|at| self.rest()[..at].ends_with('=') && self.rest()[at..].starts_with('('))
                && let Some(assign) = self.assign()?
            {
                words.push(vec![Part::known(&assign.name, true)]);
                assigns.push(assign);
                continue;
            }
            let name = self.keyword();
            if words.is_empty() && assigns.is_empty() && is_name(&name.replace(['-', ':', '.'], "_")) {
                let behind = self.rest()[name.len()..].trim_start_matches([' ', '\t']);
                if behind.starts_with('(') && behind[1..].trim_start_matches([' ', '\t']).starts_with(')') {
                    self.at = self.text.len() - behind[1..].trim_start_matches([' ', '\t']).len() + 1;
                    self.lines();
                    return Ok(Node::Function { name: name.to_owned(), body: Rc::new(self.command()?) });
                }
            }
            words.push(self.word()?);
        }
        if assigns.is_empty() && words.is_empty() && redirects.is_empty() {
            return self.unexpected();
        }
        Ok(Node::Simple { assigns, words, redirects })
    }

    fn assign(&mut self) -> Parsed<Option<Assign>> {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        if !is_name(name) || !behind.starts_with(['=', '+', '[']) {
            return Ok(None);
        }
        let start = self.at;
        self.at += end;
        let index = if self.eat("[") { Some(self.until("]")?) } else { None };
        let append = self.starts("+=");
        if !(self.eat("+=") || self.eat("=")) {
            self.at = start;
            return Ok(None);
        }
        let value = if self.eat("(") {
            let mut words = Vec::new();
            loop {
                self.lines();
                if self.eat(")") {
                    break;
                }
                if self.rest().is_empty() {
                    return self.unexpected();
                }
                words.push(self.word()?);
            }
            Assigned::List(words)
        } else if self.peek().is_none_or(|c| c.is_whitespace() || ";&|)<>".contains(c)) {
            Assigned::Word(Vec::new())
        } else {
            Assigned::Word(self.word()?)
        };
        Ok(Some(Assign { name: name.to_owned(), index, append, value }))
    }

    fn redirect(&mut self) -> Parsed<Option<Redirect>> {
        self.spaces();
        let start = self.at;
        let both = self.eat("&>");
        let digit = self.peek().filter(|c| !both && c.is_ascii_digit() && self.rest()[1..].starts_with(['<', '>']));
        self.at += usize::from(digit.is_some());
        let stream = digit.map(|c| c as u8 - b'0');
        if !both && !self.starts("<") && !self.starts(">") || self.starts("<(") || self.starts(">(") {
            self.at = start;
            return Ok(None);
        }
        if self.eat("<<<") {
            self.spaces();
            let mut word = self.word()?;
            word.push(Part::known("\n", true));
            return Ok(Some(Redirect { stream: Some(0), to: Target::Text(word) }));
        }
        if self.eat("<<") {
            let word = self.heredoc()?;
            return Ok(Some(Redirect { stream: Some(0), to: Target::Text(word) }));
        }
        let reads = self.eat("<");
        if !both && !reads {
            self.eat(">");
        }
        let append = !reads && self.eat(">");
        let copies = !both && self.eat("&");
        self.eat("|");
        self.spaces();
        let word = self.word()?;
        let to = match (copies, reads) {
            (true, _) => Target::Copy(word),
            (false, true) => Target::Read(word),
            (false, false) => Target::Write(word, append),
        };
        let stream = if both { None } else { Some(stream.unwrap_or(if reads { 0 } else { 1 })) };
        Ok(Some(Redirect { stream, to }))
    }

    /// A here-document: its text follows the line.
    fn heredoc(&mut self) -> Parsed<Word> {
        let no_tabs = self.eat("-");
        self.spaces();
        let start = self.at;
        let word = self.word()?;
        let quoted = self.text[start..self.at].contains(['\'', '"', '\\']);
        let end: String = word.iter().map(|part| if let Part::Text(text, _) = part { &**text } else { "" }).collect();
        let mut at = self.heredoc.unwrap_or_else(|| self.rest().find('\n').map_or(self.text.len(), |at| self.at + at + 1));
        let mut body = Text::new();
        while at < self.text.len() {
            let line = self.text[at..].split_inclusive('\n').next().unwrap_or("");
            let kept = if no_tabs { line.trim_start_matches('\t') } else { line };
            at += line.len();
            if kept.trim_end_matches(['\n', '\r']) == end {
                break;
            }
            body.push(&self.text.slice(at - kept.len()..at));
        }
        self.heredoc = Some(at);
        if quoted { Ok(vec![Part::Text(body, true)]) } else { Parser::new(&body, self.depth).quoted(None) }
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

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
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
