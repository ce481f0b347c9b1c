//! Simple commands: assignments, words, and redirections with their here-documents.

use std::rc::Rc;

use super::parser::{Parsed, Parser, is_name};
use super::tree::{Assign, Assigned, Mode, Node, Part, Redirect, Target, Word};
use crate::text::Text;

/// Commands that declare variables, lists among them.
pub const DECLARES: &[&str] = &["declare", "typeset", "local", "readonly", "export"];

/// The files of `tee`, without redirections.
fn tee(words: &[Word], redirects: &[Redirect]) -> Option<Target> {
    let text = |word: &Word| if let [Part::Text(text, _)] = word.as_slice() { text.to_string() } else { String::new() };
    let (name, files) = words.split_first()?;
    let appends = files.first().is_some_and(|flag| text(flag) == "-a");
    (text(name) == "tee" && redirects.is_empty())
        .then(|| Target::Tee(files.get(usize::from(appends)..).unwrap_or_default().to_vec(), appends))
}

impl Parser<'_> {
    pub fn simple(&mut self) -> Parsed<Node> {
        let (mut assigns, mut words, mut redirects) = (Vec::new(), Vec::new(), Vec::new());
        let line = self.line();
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
                && self.is_at_list()
                && let Some(assign) = self.assign()?
            {
                words.push(vec![Part::known(&assign.name, true)]);
                assigns.push(assign);
                continue;
            }
            let name = self.keyword();
            if words.is_empty() && assigns.is_empty() && is_name(&name.replace(['-', ':', '.'], "_")) {
                let mut ahead = self.cursor;
                let mut eat = |sign| {
                    ahead.take_while(|c| matches!(c, ' ' | '\t'));
                    ahead.eat(sign)
                };
                if eat(name) && eat("(") && eat(")") {
                    self.cursor = ahead;
                    self.lines();
                    return Ok(Node::Function { name: name.to_owned(), body: Rc::new(self.command()?) });
                }
            }
            words.push(self.word()?);
        }
        if assigns.is_empty() && words.is_empty() && redirects.is_empty() {
            return self.unexpected();
        }
        Ok(Node::Simple { line, assigns, words, redirects })
    }

    /// Whether `name=(` comes next.
    fn is_at_list(&self) -> bool {
        let mut ahead = self.cursor;
        ahead.take_while(|c| !"( \n;".contains(c)).ends_with('=') && ahead.eat("(")
    }

    fn assign(&mut self) -> Parsed<Option<Assign>> {
        let start = self.cursor;
        let name = self.cursor.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_name(name) || !self.rest().starts_with(['=', '+', '[']) {
            self.cursor = start;
            return Ok(None);
        }
        let index = if self.eat("[") { Some(self.until("]")?) } else { None };
        let append = self.starts("+=");
        if !(self.eat("+=") || self.eat("=")) {
            self.cursor = start;
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

    pub fn redirect(&mut self) -> Parsed<Option<Redirect>> {
        self.spaces();
        let start = self.cursor;
        let both = self.eat("&>");
        let is_numbered = !both && matches!(self.cursor.peek_at(1), Some('<' | '>'));
        let stream = self.cursor.eat_if(|c| is_numbered && c.is_ascii_digit()).and_then(|digit| digit.to_digit(10));
        if !both && !self.starts("<") && !self.starts(">") || self.starts("<(") || self.starts(">(") {
            self.cursor = start;
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
        // What is opened to read and write is read.
        if reads {
            self.eat(">");
        }
        let append = !reads && self.eat(">");
        let copies = !both && self.eat("&");
        let mode = if append {
            Mode::Append
        } else if self.eat("|") {
            Mode::Overwrite
        } else {
            Mode::Write
        };
        self.spaces();
        let stream = if both { None } else { Some(stream.unwrap_or(if reads { 0 } else { 1 })) };
        if !reads && self.eat(">(") {
            let node = self.list()?;
            let to = match &node {
                Node::List(nodes) => match nodes.as_slice() {
                    [Node::Simple { words, redirects, .. }] => tee(words, redirects),
                    _ => None,
                },
                _ => None,
            };
            if !self.eat(")") {
                return self.unexpected();
            }
            return Ok(Some(Redirect { stream, to: to.unwrap_or_else(|| Target::Process(Rc::new(node))) }));
        }
        let word = self.word()?;
        let to = match (copies, reads) {
            (true, _) => Target::Copy(word, reads),
            (false, true) => Target::Read(word),
            (false, false) => Target::Write(word, mode),
        };
        Ok(Some(Redirect { stream, to }))
    }

    /// A here-document: its text follows the line.
    pub fn heredoc(&mut self) -> Parsed<Word> {
        let no_tabs = self.eat("-");
        self.spaces();
        let start = self.cursor.at();
        let word = self.word()?;
        let quoted = self.cursor.since(start).contains(['\'', '"', '\\']);
        let end: String = word.iter().map(|part| if let Part::Text(text, _) = part { &**text } else { "" }).collect();
        let mut ahead = self.heredoc.unwrap_or_else(|| {
            let mut line = self.cursor;
            line.take_line();
            line
        });
        let mut body = Text::new();
        while !ahead.is_at_end() {
            ahead.take_while(|c| no_tabs && c == '\t');
            let start = ahead.at();
            if ahead.take_line().trim_end_matches(['\n', '\r']) == end {
                break;
            }
            body.push(&self.text.slice(start..ahead.at()));
        }
        self.heredoc = Some(ahead);
        if quoted { Ok(vec![Part::Text(body, true)]) } else { Parser::new(&body, self.depth).quoted(None) }
    }
}
